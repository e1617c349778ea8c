"""The picture of a catalogue: what it is drawn of, where things lie in it, and its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from data.catalogue import Catalogue, Sound
from data.errors import SegueError
from data.records import Embedding, Track
from data.settings import Settings
from hybrid.atlas import Ground, chart, picture, projections, walk
from hybrid.atlas.projections import diffusion, fanned_out, principal_axes, within_sight
from hybrid.recommender import Recommender
from tests.hybrid.scenes import SETS
from tests.hybrid.small import trained

COORDINATES = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 60), st.just(2)),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def ground_of(vectors: np.ndarray, basis: str = "sound") -> Ground:
    ids = np.arange(len(vectors), dtype=np.int64) * 3 + 1
    return Ground(basis, np.arange(len(vectors)), unit(vectors), ids)


def drawn(count: int = 40, seed: int = 0, size: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, size))


def two_groups(each: int = 20) -> np.ndarray:
    return np.concatenate([drawn(each, 1) * 0.1 + np.eye(8)[place] for place in (0, 1)])


def heard(catalogue: Catalogue, count: int, seed: int = 0) -> list[Track]:
    tracks = [Track("Ada Moor", f"Tune {number}") for number in range(count)]
    nothing, starts = np.zeros((0, 8)), np.zeros(0)
    catalogue.add_sound(
        Sound(
            f"hash {number}",
            None,
            track,
            300.0,
            embedding=Embedding("segue", "1", vector.astype(np.float32), nothing, starts, 5.0),
        )
        for number, (track, vector) in enumerate(zip(tracks, drawn(count, seed), strict=True))
    )
    return tracks


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def kept(settings: Settings) -> list[str]:
    return sorted(entry.name for entry in (settings.home / "maps").iterdir())


class TestWhatNearMeans:
    def test_before_anything_was_heard_or_trained_there_is_none(self, catalogue, settings):
        catalogue.add_tracklists(SETS)
        recommender = Recommender.open(catalogue, settings)
        assert Ground.of(recommender, "sound") is None
        assert Ground.of(recommender, "sets") is None

    def test_those_that_were_not_heard_are_left_out_and_counted(self, catalogue, settings):
        catalogue.add_tracklists(SETS)
        tracks = heard(catalogue, 5)
        ground = Ground.of(Recommender.open(catalogue, settings), "sound")
        assert ground.recording_ids.tolist() == sorted(catalogue.find(t) for t in tracks)
        assert ground.missing == catalogue.stats().recordings - 5

    def test_those_in_no_set_have_no_place_among_what_is_played(self, catalogue, tmp_path):
        catalogue.add_tracklists(SETS)
        tracks = heard(catalogue, 5)
        ground = Ground.of(trained(catalogue, tmp_path), "sets")
        assert ground.missing == 5
        assert not {catalogue.find(t) for t in tracks} & set(ground.recording_ids.tolist())
        assert np.linalg.norm(ground.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)

    def test_nearest_in_the_sets_are_those_of_the_same_scene(self, catalogue, tmp_path):
        catalogue.add_tracklists(SETS)
        ground = Ground.of(trained(catalogue, tmp_path), "sets")
        one = catalogue.find(Track("Mara", "One", label="Quay"))
        names = {t.artist for t in catalogue.tracks(ground.nearest(one, 4).rows.tolist()).values()}
        assert names <= {"Mara", "Otto", "Fjord", "Hexa"} | {f"Night {n}" for n in range(8)}

    def test_nearest_is_exact_and_leaves_the_track_itself_out(self):
        ground = ground_of(drawn(200))
        cosine = ground.vectors @ ground.vectors[17]
        cosine[17] = -2
        wanted = ground.recording_ids[np.argsort(-cosine)[:12]]
        found = ground.nearest(int(ground.recording_ids[17]), 12)
        assert found.rows.tolist() == wanted.tolist()
        assert found.scores == pytest.approx(np.sort(cosine)[::-1][:12], abs=1e-6)

    def test_a_track_without_a_place_has_no_neighbours(self):
        assert len(ground_of(drawn()).nearest(2, 12).rows) == 0

    def test_fewer_than_asked_for_come_where_there_are_fewer(self):
        assert len(ground_of(drawn(3)).nearest(1, 12).rows) == 2


class TestTheFile:
    @pytest.mark.parametrize("method", ["pca", "diffusion"])
    def test_the_same_picture_comes_again_without_being_drawn(self, settings, monkeypatch, method):
        ground = ground_of(drawn())
        first = chart(ground, settings, method)
        monkeypatch.setattr(picture, "_METHODS", {})
        again = chart(ground, settings, method)
        assert (first.name, first.positions.tobytes()) == (again.name, again.positions.tobytes())
        assert first.kept == again.kept or (np.isnan(first.kept) and np.isnan(again.kept))
        assert kept(settings) == [f"{first.name}.npz"]

    @pytest.mark.parametrize("method", ["pca", "diffusion"])
    def test_drawn_twice_it_is_the_same(self, tmp_path, method):
        one, two = (
            chart(ground_of(drawn()), Settings(home=tmp_path / name), method) for name in "ab"
        )
        assert one.positions.tobytes() == two.positions.tobytes()

    def test_another_vector_is_another_picture_and_the_old_one_goes(self, settings):
        first = chart(ground_of(drawn()), settings)
        other = chart(ground_of(drawn(), "sets"), settings)
        second = chart(ground_of(drawn(seed=1)), settings)
        assert first.name != second.name
        assert kept(settings) == sorted([f"{other.name}.npz", f"{second.name}.npz"])

    def test_the_same_vectors_of_other_recordings_are_another_picture(self, settings):
        ground = ground_of(drawn())
        others = Ground("sound", ground.rows, ground.vectors, np.arange(40) + 500)
        assert ground.stamp() != others.stamp()

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"not a map at all"])
    def test_one_that_was_cut_off_is_drawn_anew(self, settings, content):
        first = chart(ground_of(drawn()), settings)
        (settings.home / "maps" / f"{first.name}.npz").write_bytes(content)
        again = chart(ground_of(drawn()), settings)
        assert again.positions.tobytes() == first.positions.tobytes()
        assert (settings.home / "maps" / f"{first.name}.npz").stat().st_size > 100

    def test_where_it_cannot_be_kept_it_is_drawn_all_the_same(self, settings):
        (settings.home / "maps").write_text("a file where a folder should be")
        assert len(chart(ground_of(drawn()), settings)) == 40

    def test_nothing_half_written_stays(self, settings, monkeypatch):
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(np, "savez", full)
        assert len(chart(ground_of(drawn()), settings)) == 40
        assert kept(settings) == []


class TestWhereThingsLie:
    def test_pca_keeps_the_two_directions_that_differ_most(self):
        rows = np.zeros((50, 5), np.float32)
        rng = np.random.default_rng(3)
        rows[:, 2], rows[:, 4] = rng.normal(size=50) * 9, rng.normal(size=50) * 3
        positions, share = principal_axes(rows)
        assert share == pytest.approx(1.0)
        assert abs(np.corrcoef(positions[:, 0], rows[:, 2])[0, 1]) > 0.9
        assert abs(np.corrcoef(positions[:, 1], rows[:, 4])[0, 1]) > 0.9

    def test_pca_agrees_with_a_singular_value_decomposition(self):
        rows = drawn(300, size=12).astype(np.float32)
        centred = rows - rows.mean(axis=0)
        left, strength, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
        positions, share = principal_axes(rows)
        assert np.abs(positions) == pytest.approx(np.abs(left[:, :2] * strength[:2]), abs=1e-3)
        assert share == pytest.approx((strength[:2] ** 2).sum() / (strength**2).sum())

    @pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
    @pytest.mark.parametrize("method", ["pca", "diffusion"])
    def test_a_handful_of_tracks_has_a_picture_too(self, settings, count, method):
        positions = chart(ground_of(drawn(count)), settings, method).positions
        assert positions.shape == (count, 2)
        assert np.isfinite(positions).all()

    @pytest.mark.parametrize("method", ["pca", "diffusion"])
    def test_tracks_that_are_all_alike_are_fanned_out(self, settings, method):
        same = np.repeat(drawn(1), 30, axis=0)
        positions = chart(ground_of(same), settings, method).positions
        assert len(np.unique(positions, axis=0)) == 30
        assert np.abs(positions).max() < 0.1

    def test_a_diffusion_map_draws_groups_apart(self):
        positions = within_sight(diffusion(unit(two_groups())))
        first, second = positions[:20, 0], positions[20:, 0]
        assert first.max() < second.min() or second.max() < first.min()

    def test_what_is_close_to_nothing_does_not_fly_off(self):
        lonely = np.vstack([two_groups(300), np.eye(8)[5] * 1.0])
        lonely[:600, 5] = 0
        lonely[:600] = np.abs(lonely[:600])
        # The landmarks are every other row from the first: the last is none of them.
        assert np.abs(within_sight(diffusion(unit(lonely)))).max() < 12

    @given(COORDINATES)
    def test_within_sight_keeps_the_order_along_each_axis(self, flat):
        seen = within_sight(flat)
        assert np.isfinite(seen).all()
        for axis in (0, 1):
            order = np.argsort(flat[:, axis], kind="stable")
            assert (np.diff(seen[order, axis]) >= -1e-9).all()

    def test_one_odd_track_does_not_press_the_others_into_a_dot(self):
        flat = np.concatenate([drawn(500, size=2), [[1e6, 1e6]]])
        seen = within_sight(flat)
        assert np.ptp(seen[:500, 0]) > 1.8
        assert seen[500, 0] == seen[:, 0].max() < 20

    @given(COORDINATES, st.integers(1, 5))
    def test_fanned_out_no_two_share_a_place_and_none_goes_far(self, flat, copies):
        positions = np.repeat(within_sight(flat), copies, axis=0)
        fanned = fanned_out(positions)
        assert np.abs(fanned - positions).max() <= 0.007 * np.sqrt(len(positions)) + 1e-6
        cells = np.rint(positions / 1e-4)
        for cell in np.unique(cells, axis=0):
            shared = fanned[(cells == cell).all(axis=1)]
            assert len(np.unique(shared, axis=0)) == len(shared)

    @given(COORDINATES)
    def test_a_walk_visits_each_point_once_and_goes_to_the_nearest_first(self, positions):
        order = walk(positions, positions[0])
        assert sorted(order.tolist()) == list(range(len(positions)))
        assert (positions[order[0]] == positions[0]).all()


class TestUmap:
    def test_without_the_package_it_says_how_to_get_it(self, settings, monkeypatch):
        monkeypatch.setattr(projections, "umap_is_installed", lambda: False)
        with pytest.raises(SegueError, match=r"requirements-umap\.txt"):
            chart(ground_of(drawn()), settings, "umap")

    def test_groups_stay_together(self, settings):
        pytest.importorskip("umap", reason="umap-learn is not installed (requirements-umap.txt)")
        found = chart(ground_of(two_groups()), settings, "umap")
        middle = np.stack([found.positions[:20].mean(axis=0), found.positions[20:].mean(axis=0)])
        nearer = np.linalg.norm(found.positions[:, None] - middle, axis=2).argmin(axis=1)
        assert nearer.tolist() == [0] * 20 + [1] * 20
        assert np.isnan(found.kept)
