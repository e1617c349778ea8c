"""The picture of a ground, worked out once and kept as a file."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from data.settings import Settings
from hybrid.atlas.ground import Basis, Ground
from hybrid.atlas.projections import (
    diffusion,
    fanned_out,
    neighbourhoods,
    principal_axes,
    within_sight,
)

Method = Literal["pca", "diffusion", "umap"]
METHODS: tuple[Method, ...] = get_args(Method)
#: How each ground is drawn unless asked otherwise. The factors of the sets differ a little along
#: all of their directions: the two best show a twentieth of it, which looks like noise.
USUAL: dict[Basis, Method] = {"sound": "pca", "sets": "diffusion"}

#: One more when positions are worked out in another way: pictures kept before are drawn anew.
_EDITION = 1


@dataclass(frozen=True, eq=False)
class Atlas:
    """Where each recording of a `Ground` lies in the picture.

    Parameters
    ----------
    name : str
        ``<basis>-<method>-<stamp>``; another picture has another name.
    recording_ids : ndarray of int64, shape (n,)
        Ascending.
    positions : ndarray of float32, shape (n, 2)
        The bulk lies within -1 and 1; what is far off is drawn closer, and keeps its order.
    kept : float
        Share of what tells the vectors apart that the picture still shows, 0 to 1; NaN where
        the method does not say.
    """

    name: str
    recording_ids: NDArray[np.int64]
    positions: NDArray[np.float32]
    kept: float

    def __len__(self) -> int:
        return len(self.recording_ids)


def chart(ground: Ground, settings: Settings, method: Method = "pca") -> Atlas:
    """Return the picture of a ground, from its file if it was drawn before.

    The file stands in ``SEGUE_HOME/maps``; older pictures of the same kind are removed.

    Parameters
    ----------
    ground : Ground
    settings : Settings
    method : {"pca", "diffusion", "umap"}
        PCA turns the ground until most can be seen: instant, and true over long distances. A
        diffusion map lays out who is reached from whom over close neighbours: seconds, groups
        stand apart. UMAP keeps neighbours together: clearest groups, minutes.

    Raises
    ------
    SegueError
        If UMAP is asked for and not installed.
    """
    folder = settings.home / "maps"
    name = f"{ground.basis}-{method}-{_EDITION}{ground.stamp()}"
    path = folder / f"{name}.npz"
    known = _read(path, name)
    if known is not None and np.array_equal(known.recording_ids, ground.recording_ids):
        return known
    flat, kept = _METHODS[method](ground.vectors)
    positions = fanned_out(within_sight(flat))
    atlas = Atlas(name, ground.recording_ids, positions, kept)
    # Without room on the disk the picture is drawn anew each time, which is no reason to fail.
    with suppress(OSError):
        _write(path, atlas)
        for old in folder.glob(f"{ground.basis}-{method}-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    return atlas


def walk(positions: NDArray[np.floating], start: NDArray[np.floating]) -> NDArray[np.int64]:
    """Put points in an order that goes from each to the nearest that is left.

    Parameters
    ----------
    positions : ndarray, shape (n, 2)
    start : ndarray, shape (2,)
        Where the walk comes from.

    Examples
    --------
    >>> walk(np.array([[5.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), np.zeros(2)).tolist()
    [1, 2, 0]
    """
    left = np.ones(len(positions), bool)
    order, here = np.empty(len(positions), np.int64), np.asarray(start)
    for step in range(len(positions)):
        distance = np.where(left, ((positions - here) ** 2).sum(axis=1), np.inf)
        order[step] = nearest = int(distance.argmin())
        left[nearest], here = False, positions[nearest]
    return order


_NOT_SAID = float("nan")
_METHODS: dict[Method, Callable[[NDArray[np.float32]], tuple[NDArray[np.float64], float]]] = {
    "pca": principal_axes,
    "diffusion": lambda vectors: (diffusion(vectors), _NOT_SAID),
    "umap": lambda vectors: (neighbourhoods(vectors), _NOT_SAID),
}


def _read(path: Path, name: str) -> Atlas | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            atlas = Atlas(name, kept["recording_ids"], kept["positions"], float(kept["kept"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None  # not drawn yet, or cut off
    shape = (len(atlas.recording_ids), 2)
    fits = atlas.positions.shape == shape and atlas.positions.dtype == np.float32
    return atlas if fits else None


def _write(path: Path, atlas: Atlas) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, making = tempfile.mkstemp(prefix=".new-", suffix=".npz", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                recording_ids=atlas.recording_ids,
                positions=atlas.positions,
                kept=np.float64(atlas.kept),
            )
        Path(making).replace(path)
    finally:
        Path(making).unlink(missing_ok=True)
