"""What the encoder names in tracks of the catalogue, read from their vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.catalogue import Catalogue, Sound
from data.records import Embedding, Track
from data.settings import Settings
from hybrid import hears
from models import artefacts
from models.encoders import registry

MOON, TIDE = Track("Ania Ferro", "Moon"), Track("Mara Vale", "Tide")


@pytest.fixture(scope="module")
def version() -> str:
    return str(artefacts.read(registry.WEIGHTS / "segue").card["fingerprint"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def heard(track: Track, seed: int, version: str, *, encoder: str = "segue") -> Sound:
    fragments = np.random.default_rng(seed).standard_normal((3, 256)).astype(np.float32)
    vector = fragments.mean(axis=0)
    embedding = Embedding(encoder, version, vector, fragments, np.arange(3) * 5.0, 10.0)
    return Sound(str(track), track=track, duration_s=20.0, embedding=embedding)


def id_of(catalogue: Catalogue, track: Track) -> int:
    found = catalogue.find(track)
    assert found is not None
    return found


def test_a_track_is_named_as_a_whole_and_over_time(
    catalogue: Catalogue, settings: Settings, version: str
) -> None:
    catalogue.add_sound([heard(MOON, 1, version)])
    found = hears.in_track(catalogue, settings, id_of(catalogue, MOON), "segue", version)
    assert found is not None
    assert sum(found.whole.genres.values()) == pytest.approx(1, abs=1e-4)
    assert list(found.whole.styles.values()) == sorted(found.whole.styles.values(), reverse=True)
    assert "House" in found.whole.styles
    assert "Synth bass" in found.whole.instruments
    assert found.over_time.shape == (len(found.names), 3)
    assert found.starts_s.tolist() == [0, 5, 10]
    sure = found.whole.styles | found.whole.instruments
    for name, over_time in zip(found.names, found.over_time, strict=True):
        assert sure[name] == pytest.approx(float(over_time.mean()), abs=1e-5)
    assert "Minor" not in found.names


def test_a_sample_counts_each_track_the_same(
    catalogue: Catalogue, settings: Settings, version: str
) -> None:
    catalogue.add_sound([heard(MOON, 1, version), heard(TIDE, 2, version)])
    ids = [id_of(catalogue, MOON), id_of(catalogue, TIDE)]
    both = hears.in_sample(catalogue, settings, ids, "segue", version)
    each = [hears.in_track(catalogue, settings, ident, "segue", version) for ident in ids]
    assert both is not None
    for name, value in both.genres.items():
        assert value == pytest.approx(
            np.mean([one.whole.genres[name] for one in each if one]), abs=1e-5
        )


def test_nothing_is_named_where_the_vectors_are_not_of_these_weights(
    catalogue: Catalogue, settings: Settings, version: str
) -> None:
    catalogue.add_sound([heard(MOON, 1, "1-another"), heard(TIDE, 1, version, encoder="genre_cnn")])
    moon, tide = id_of(catalogue, MOON), id_of(catalogue, TIDE)
    assert hears.in_track(catalogue, settings, moon, "segue", "1-another") is None
    assert hears.in_track(catalogue, settings, tide, "genre_cnn", version) is None
    assert hears.in_track(catalogue, settings, tide, "segue", version) is None
    assert hears.in_sample(catalogue, settings, [], "segue", version) is None


def test_a_new_revision_of_the_code_still_reads_the_same_weights(
    catalogue: Catalogue, settings: Settings, version: str
) -> None:
    later = "9-" + version.partition("-")[2]
    catalogue.add_sound([heard(MOON, 1, later)])
    assert hears.in_track(catalogue, settings, id_of(catalogue, MOON), "segue", later) is not None
