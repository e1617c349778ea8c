"""The vectors of what was heard, as they are kept on disk and looked up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from data.catalogue import Catalogue, Sound
from data.catalogue.heard import HeardVectors
from data.errors import SegueError
from data.records import Embedding, Track
from data.settings import Settings
from data.vectors_faiss import Effort, IvfIndex
from hybrid.sound_space import SoundSpace

TRACKS = [Track("Ada Moor", f"Tune {number}") for number in range(6)]
NOTHING = np.zeros((0, 4))


def vector(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=4).astype(np.float32)


def sound(
    name: str,
    track: Track | None,
    numbers: np.ndarray,
    *,
    encoder: str = "segue",
    version: str = "1",
    duration_s: float = 300.0,
) -> Sound:
    embedding = Embedding(encoder, version, numbers, NOTHING, np.zeros(0), 5.0)
    return Sound(name, None, track, duration_s, embedding=embedding)


@pytest.fixture
def catalogue() -> Iterator[Catalogue]:
    with Catalogue.open("sqlite://") as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def opened(catalogue: Catalogue, settings: Settings) -> SoundSpace | None:
    return SoundSpace.open(catalogue, settings, catalogue.snapshot())


def row_of(catalogue: Catalogue, track: Track) -> int:
    return catalogue.snapshot().recording_ids.tolist().index(catalogue.find(track))


def kept(settings: Settings) -> list[str]:
    return sorted(entry.name for entry in (settings.home / "cache" / "vectors").iterdir())


class TestWhatWasHeard:
    def test_each_recording_has_its_vector_at_length_1(self, catalogue, settings):
        catalogue.add_sound([sound(f"a{i}", TRACKS[i], vector(i)) for i in (4, 0, 2)])
        catalogue.add_sound([Sound("unheard", None, TRACKS[1], 200.0)])
        space = opened(catalogue, settings)
        assert (space.encoder, space.version, len(space.rows)) == ("segue", "1", 3)
        assert np.all(np.diff(space.rows) > 0)
        for i in (0, 2, 4):
            row = row_of(catalogue, TRACKS[i])
            unit = vector(i) / np.linalg.norm(vector(i))
            assert space.vector(row) == pytest.approx(unit, abs=1e-6)
            assert space.rows[space.place[row]] == row
        unheard = row_of(catalogue, TRACKS[1])
        assert space.vector(unheard) is None
        assert space.place[unheard] == -1

    def test_of_several_files_the_longest_speaks_and_of_two_as_long_the_first(
        self, catalogue, settings
    ):
        catalogue.add_sound(
            [
                sound("edit", TRACKS[0], vector(1), duration_s=200.0),
                sound("full", TRACKS[0], vector(2), duration_s=400.0),
                sound("copy", TRACKS[0], vector(3), duration_s=400.0),
            ]
        )
        space = opened(catalogue, settings)
        assert len(space.rows) == 1
        unit = vector(2) / np.linalg.norm(vector(2))
        assert space.vector(0) == pytest.approx(unit, abs=1e-6)

    def test_audio_that_is_no_recording_has_no_place(self, catalogue, settings):
        catalogue.add_sound([sound("a", None, vector(1))])
        assert opened(catalogue, settings) is None
        catalogue.add_sound([sound("b", TRACKS[0], vector(2))])
        assert opened(catalogue, settings).rows.tolist() == [0]

    def test_silence_is_near_to_nothing_and_left_out(self, catalogue, settings):
        catalogue.add_sound([sound("a", TRACKS[0], np.zeros(4, np.float32))])
        assert opened(catalogue, settings) is None
        catalogue.add_sound([sound("b", TRACKS[1], vector(2))])
        assert opened(catalogue, settings).rows.tolist() == [row_of(catalogue, TRACKS[1])]

    def test_nothing_heard_is_no_space(self, catalogue, settings):
        assert opened(catalogue, settings) is None

    def test_more_than_one_part_is_read_whole_and_in_order(self, catalogue, settings, monkeypatch):
        monkeypatch.setattr("data.catalogue.heard._ROWS", 2)
        catalogue.add_sound([sound(f"a{i}", TRACKS[i], vector(i)) for i in (5, 3, 1, 0, 2)])
        space = opened(catalogue, settings)
        for i in (0, 1, 2, 3, 5):
            unit = vector(i) / np.linalg.norm(vector(i))
            assert space.vector(row_of(catalogue, TRACKS[i])) == pytest.approx(unit, abs=1e-6)


class TestPreviews:
    @pytest.fixture(autouse=True)
    def some(self, catalogue):
        clips = [sound(f"preview:deezer:{i}", TRACKS[i], vector(i)) for i in (0, 1)]
        catalogue.add_sound(replace(clip, origin="preview", duration_s=900.0) for clip in clips)
        catalogue.add_sound([sound("a1", TRACKS[1], vector(7)), sound("a2", TRACKS[2], vector(2))])

    def test_what_was_heard_of_a_preview_can_be_found_by_its_sound(self, catalogue, settings):
        space, row = opened(catalogue, settings), row_of(catalogue, TRACKS[0])
        assert space.nearest(vector(0), 1).rows.tolist() == [row]

    def test_a_file_speaks_before_a_preview(self, catalogue, settings):
        space, row = opened(catalogue, settings), row_of(catalogue, TRACKS[1])
        unit = vector(7) / np.linalg.norm(vector(7))
        assert space.vector(row) == pytest.approx(unit, abs=1e-6)

    def test_whoever_learns_leaves_out_what_only_previews_were_heard_of(self, catalogue, settings):
        space = SoundSpace.open(catalogue, settings, catalogue.snapshot(), previews=False)
        assert space.rows.tolist() == sorted(row_of(catalogue, TRACKS[i]) for i in (1, 2))
        unit = vector(7) / np.linalg.norm(vector(7))
        assert space.vector(row_of(catalogue, TRACKS[1])) == pytest.approx(unit, abs=1e-6)
        assert space.vector(row_of(catalogue, TRACKS[0])) is None
        catalogue.clear_sound("file")
        assert SoundSpace.open(catalogue, settings, catalogue.snapshot(), previews=False) is None


class TestWhichEncoder:
    def test_the_default_one_speaks_however_little_it_has_heard(self, catalogue, settings):
        other = [sound(f"a{i}", TRACKS[i], vector(i), encoder="pca") for i in range(3)]
        catalogue.add_sound(other)
        assert opened(catalogue, settings).encoder == "pca"
        catalogue.add_sound([sound("a0", TRACKS[0], vector(9))])
        space = opened(catalogue, settings)
        assert (space.encoder, len(space.rows)) == ("segue", 1)

    def test_the_version_that_has_heard_most_speaks(self, catalogue, settings):
        catalogue.add_sound([sound(f"a{i}", TRACKS[i], vector(i)) for i in range(3)])
        catalogue.add_sound([sound("a0", TRACKS[0], vector(7), version="2")])
        assert opened(catalogue, settings).version == "1"
        catalogue.add_sound([sound("a1", TRACKS[1], vector(8), version="2")])
        space = opened(catalogue, settings)
        assert (space.version, len(space.rows)) == ("2", 2)

    def test_finding_it_out_loads_no_torch(self):
        code = "import sys, hybrid.sound_space; sys.exit('torch' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code]).returncode == 0


class TestTheFile:
    @pytest.fixture(autouse=True)
    def some(self, catalogue, settings):
        catalogue.add_sound([sound(f"a{i}", TRACKS[i], vector(i)) for i in range(3)])
        opened(catalogue, settings)

    def test_a_second_opening_maps_it_and_reads_no_vector(self, catalogue, settings, monkeypatch):
        before = kept(settings)
        monkeypatch.delattr(HeardVectors, "parts")
        space = opened(catalogue, settings)
        assert isinstance(space.index._unit.base, np.memmap)
        assert len(space.rows) == 3
        assert kept(settings) == before

    @pytest.mark.parametrize(
        "change",
        [
            lambda: sound("new", TRACKS[4], vector(9)),
            lambda: sound("a2", TRACKS[2], vector(9)),
            lambda: sound("a2", TRACKS[4], vector(2)),
            lambda: sound("longer", TRACKS[2], vector(9), duration_s=999.0),
        ],
        ids=["another file", "another vector", "another recording", "a longer file"],
    )
    def test_a_change_makes_it_anew_and_removes_the_old(self, catalogue, settings, change):
        before = kept(settings)
        catalogue.add_sound([change()])
        space = opened(catalogue, settings)
        assert len(kept(settings)) == 1
        assert kept(settings) != before
        expected = change()
        row = row_of(catalogue, expected.track)
        unit = expected.embedding.vector / np.linalg.norm(expected.embedding.vector)
        assert space.vector(row) == pytest.approx(unit, abs=1e-6)

    def test_what_has_no_part_in_it_leaves_it(self, catalogue, settings):
        before = kept(settings)
        catalogue.add_sound([Sound("b", None, TRACKS[4], 200.0)])
        space = opened(catalogue, settings)
        assert kept(settings) == before
        assert len(space.place) == len(catalogue.snapshot().recording_ids)

    def test_a_failure_leaves_nothing_half_written(self, catalogue, settings, monkeypatch):
        before = kept(settings)
        catalogue.add_sound([sound("new", TRACKS[4], vector(9))])

        def broken(*_):
            yield np.array([1]), np.ones((1, 4), np.float32)
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(HeardVectors, "parts", broken)
        with pytest.raises(SegueError, match=r"No space left on device.*SEGUE_HOME"):
            opened(catalogue, settings)
        assert kept(settings) == before

    def test_an_older_snapshot_leaves_out_what_came_since(self, catalogue, settings):
        older = catalogue.snapshot()
        catalogue.add_sound([sound("new", TRACKS[4], vector(9))])
        space = SoundSpace.open(catalogue, settings, older)
        assert len(space.rows) == len(space.index) == 3
        for i in range(3):
            unit = vector(i) / np.linalg.norm(vector(i))
            assert space.vector(row_of(catalogue, TRACKS[i])) == pytest.approx(unit, abs=1e-6)


class TestTheIndexThatIsSet:
    def test_lists_lie_beside_the_vectors_and_go_with_them(self, catalogue, settings, monkeypatch):
        pytest.importorskip("faiss", reason="FAISS is not installed (requirements-faiss.txt)")
        monkeypatch.setattr("data.vectors_faiss.Effort", partial(Effort, gather=1))
        ivf = settings.model_copy(update={"vector_index": "ivf"})
        catalogue.add_sound([sound(f"a{i}", TRACKS[i], vector(i)) for i in range(3)])
        space = opened(catalogue, ivf)
        assert isinstance(space.index, IvfIndex)
        (folder,) = (settings.home / "cache" / "vectors").iterdir()
        assert (folder / "lists.faiss").is_file()
        found = space.nearest(vector(1), 2)
        exact = opened(catalogue, settings)
        assert found.rows.tolist() == exact.nearest(vector(1), 2).rows.tolist()
        queries = np.stack([vector(8), vector(9)])
        assert np.array_equal(space.scores(queries), exact.scores(queries))
        catalogue.add_sound([sound("new", TRACKS[4], vector(9))])
        assert len(opened(catalogue, ivf).nearest(vector(1), 10).rows) == 4

    def test_without_faiss_a_sentence_says_what_to_do(self, catalogue, settings, monkeypatch):
        monkeypatch.setitem(sys.modules, "faiss", None)
        catalogue.add_sound([sound("a", TRACKS[0], vector(0))])
        with pytest.raises(SegueError, match="requirements-faiss"):
            opened(catalogue, settings.model_copy(update={"vector_index": "ivf"}))

    def test_no_other_index_can_be_set(self):
        with pytest.raises(ValueError, match="vector_index"):
            Settings(vector_index="hnsw")


class TestScores:
    MATRIX = np.random.default_rng(3).normal(size=(40, 6)).astype(np.float32)
    ROWS = np.arange(0, 80, 2)

    def test_they_are_the_products_with_unit_vectors(self):
        space = SoundSpace.of(self.ROWS, self.MATRIX, 100)
        queries = np.random.default_rng(4).normal(size=(3, 6)).astype(np.float32) * 5
        unit = self.MATRIX / np.linalg.norm(self.MATRIX, axis=1, keepdims=True)
        scores = space.scores(queries)
        assert scores.shape == (40, 3)
        assert scores.dtype == np.float32
        assert scores == pytest.approx(unit @ queries.T, abs=1e-5)

    def test_the_nearest_are_recordings_and_a_filter_is_over_recordings(self):
        space = SoundSpace.of(self.ROWS, self.MATRIX, 100)
        keep = np.arange(100) >= 20
        found = space.nearest(self.MATRIX[3], 5, keep=keep)
        scores = space.scores(self.MATRIX[3:4] / np.linalg.norm(self.MATRIX[3]))[:, 0]
        expected = [row for row in self.ROWS[np.argsort(-scores)] if row >= 20][:5]
        assert found.rows.tolist() == expected
        assert space.nearest(self.MATRIX[3], 1).rows.tolist() == [6]

    def test_several_vectors_come_at_once_of_what_was_heard(self):
        space = SoundSpace.of(self.ROWS, self.MATRIX, 100)
        both = space.vectors(np.array([4, 0]))
        assert both.tolist() == [space.vector(4).tolist(), space.vector(0).tolist()]
        with pytest.raises(ValueError, match="not heard"):
            space.vectors(np.array([0, 1]))

    @pytest.mark.parametrize(
        ("rows", "count"), [([0, 1], 5), ([1, 1, 2], 5), ([2, 1, 0], 5), ([0, 1, 5], 5)]
    )
    def test_rows_that_do_not_fit_are_refused(self, rows, count):
        with pytest.raises(ValueError, match="rows"):
            SoundSpace.of(np.array(rows), self.MATRIX[:3], count)
