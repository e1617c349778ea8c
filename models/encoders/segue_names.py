"""What the encoder `segue` names in what it has heard, read from the vectors that were kept.

Its network names genres, instruments and styles from its embedding, which is a part of what a
vector was made of: turned back, a vector gives that embedding again, but for what its principal
components left out. Names then need no audio, and no torch. Chances that are read so are those
of `Segue.predict` to a few percent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit, softmax

from data.errors import SegueError
from models.artefacts import unpack_strings

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Chances, 0 to 1, of every name in each of n fragments.

    Parameters
    ----------
    genres : ndarray of float32, shape (n, g)
        They sum to 1: a fragment has one genre.
    tags : ndarray of float32, shape (n, t)
        Each on its own: a fragment has any number of them.
    """

    genres: Floats
    tags: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The names that a trained `segue` knows, and what finds them in its vectors.

    Parameters
    ----------
    genres, tags : tuple of str
    back : ndarray of float32, shape (d, e)
        Turns vectors of length d back into the network's embedding.
    offset : ndarray of float32, shape (e,)
    heads : tuple of (ndarray of float32, ndarray of float32)
        Weights (g + t, e) and biases (g + t,) of the names, genres first.
    """

    genres: tuple[str, ...]
    tags: tuple[str, ...]
    back: Floats
    offset: Floats
    heads: tuple[Floats, Floats]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take them from what `Segue.arrays` returned.

        Raises
        ------
        SegueError
            If a tensor is missing or does not fit the others.
        """
        try:
            genres, tags = (tuple(unpack_strings(arrays[name])) for name in ("genres", "tags"))
            size = len(arrays["network.embed.weight"])
            # A vector is made of descriptors, the embedding, and the hidden layer beside it.
            last = len(arrays["mean"]) - len(arrays["network.descriptors.1.weight"])
            part = slice(last - size, last)
            scale = arrays["weights"][part]
            back = np.linalg.pinv(arrays["axes"].astype(np.float64))[:, part] / scale
            heads = [
                [arrays[f"network.{name}.{kind}"] for name, known in _heads(genres, tags) if known]
                for kind in ("weight", "bias")
            ]
            weight = np.concatenate([np.zeros((0, size), np.float32), *heads[0]])
            bias = np.concatenate([np.zeros(0, np.float32), *heads[1]])
            if weight.shape != (len(genres) + len(tags), size) or back.shape[1] != size:
                raise ValueError("the names and their weights are not as many")
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise SegueError(
                f"The names that the encoder `segue` has learned cannot be read ({error}). "
                "Run `segue encoder train segue` to make a new one."
            ) from error
        return cls(
            genres,
            tags,
            back.astype(np.float32),
            (arrays["mean"][part] / scale).astype(np.float32),
            (weight, bias),
        )

    def in_fragments(self, vectors: Floats) -> Named:
        """Return what is named in fragments.

        Parameters
        ----------
        vectors : ndarray of float32, shape (n, d)
            Of fragments, as `Segue.embed_fragments` gives them: the vector of a whole track is
            brought to length 1 and has lost what this needs.
        """
        embedding = vectors @ self.back + self.offset
        active = 0.5 * embedding * (1 + erf(embedding / np.sqrt(2)))  # GELU, as torch has it
        weight, bias = self.heads
        scores = active @ weight.T + bias
        split = len(self.genres)
        genres = softmax(scores[:, :split], axis=1) if split else scores[:, :0]
        return Named(genres.astype(np.float32), expit(scores[:, split:]).astype(np.float32))


def _heads(genres: tuple[str, ...], tags: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    return ("genre", bool(genres)), ("tags", bool(tags))
