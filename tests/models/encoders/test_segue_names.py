"""What is named in kept vectors is what the network names when it hears the music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.errors import SegueError
from models.artefacts import pack_strings
from models.encoders import registry
from models.encoders.segue import Segue
from models.encoders.segue_names import Names
from tests.models.encoders.sounds import sound


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Segue:
    encoder = registry.load(Path(tmp_path_factory.mktemp("models")), "segue")
    assert isinstance(encoder, Segue)
    return encoder


@pytest.mark.parametrize("genre", ["drone", "drums", "bleeps"])
def test_vectors_name_what_the_network_names(shipped: Segue, genre: str) -> None:
    samples = sound(genre, 1, seconds=16.0)
    named = Names.of(shipped.arrays())
    kept = named.in_fragments(shipped.embed_fragments(samples).vectors)
    told = shipped.predict(samples)
    genres, tags = kept.genres.mean(axis=0), kept.tags.mean(axis=0)
    apart = [abs(told[name] - genres[i]) for i, name in enumerate(named.genres)]
    apart += [abs(told[name] - tags[i]) for i, name in enumerate(named.tags)]
    assert np.mean(apart) < 0.03
    assert max(apart) < 0.25
    assert (
        max(told, key=lambda name: told[name] * (name in named.genres))
        == (named.genres[int(genres.argmax())])
    )


def test_genres_share_the_whole_and_tags_do_not(shipped: Segue) -> None:
    vectors = np.random.default_rng(0).standard_normal((5, shipped.dimension)).astype(np.float32)
    named = Names.of(shipped.arrays()).in_fragments(vectors)
    assert named.genres.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert (named.tags >= 0).all()
    assert (named.tags <= 1).all()


def test_an_encoder_that_learned_no_labels_names_nothing(shipped: Segue) -> None:
    arrays = shipped.arrays() | {"genres": pack_strings([]), "tags": pack_strings([])}
    named = Names.of(arrays).in_fragments(np.ones((2, shipped.dimension), np.float32))
    assert named.genres.shape == named.tags.shape == (2, 0)


@pytest.mark.parametrize("gone", ["genres", "axes", "network.embed.weight", "network.tags.bias"])
def test_a_damaged_encoder_says_what_to_do(shipped: Segue, gone: str) -> None:
    arrays = {name: array for name, array in shipped.arrays().items() if name != gone}
    with pytest.raises(SegueError, match="segue encoder train"):
        Names.of(arrays)


def test_names_and_weights_must_be_as_many(shipped: Segue) -> None:
    arrays = shipped.arrays() | {"genres": pack_strings(["house"])}
    with pytest.raises(SegueError, match="cannot be read"):
        Names.of(arrays)
