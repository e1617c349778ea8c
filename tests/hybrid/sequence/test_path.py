"""A path leads from one track to another in even steps, over whatever is known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from data.catalogue import Catalogue
from data.errors import SegueError
from data.settings import Settings
from hybrid.corpus import interactions_of, played_next_of
from hybrid.facts import Facts
from hybrid.feedback import Feedback
from hybrid.resolve import Resolver
from hybrid.sequence import NoWay, Sequencer
from hybrid.sequence.gather import Ground, nearness, way_points
from hybrid.sound_space import SoundSpace
from tests.hybrid.facts import made_facts
from tests.hybrid.small import heard


def name(number: int) -> str:
    return f"Artist {number:02} - Tune {number:02}"


@pytest.fixture
def home(tmp_path: Path) -> Catalogue:
    with Catalogue.open(f"sqlite:///{tmp_path / 'paths.sqlite'}") as catalogue:
        yield catalogue  # type: ignore[misc]


def sequencer(
    catalogue: Catalogue,
    *,
    facts: Facts | None = None,
    sound: SoundSpace | None = None,
    feedback: Feedback | None = None,
) -> Sequencer:
    snapshot = catalogue.snapshot()
    interactions = interactions_of(snapshot)
    return Sequencer(
        catalogue,
        facts or Facts.of(catalogue, snapshot, interactions),
        interactions.plays,
        played_next_of(snapshot, np.arange(len(snapshot.set_ids))),
        Resolver(catalogue, snapshot, interactions),
        sound=sound,
        feedback=feedback,
    )


def singles(catalogue: Catalogue, n: int) -> None:
    """n recordings of n sets: no set ties any two."""
    catalogue.add_tracklists([heard(f"{i:02}", name(i)) for i in range(n)])


def arc(n: int) -> SoundSpace:
    """Vectors along a quarter of a circle, in the order of the recordings."""
    angle = np.linspace(0, np.pi / 2, n)
    matrix = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    return SoundSpace.of(np.arange(n), matrix, n)


def test_by_sound_alone_it_goes_evenly_round(home: Catalogue) -> None:
    singles(home, 41)
    found = sequencer(home, sound=arc(41)).path(1, 41, steps=4)
    assert found.recording_ids == (1, 11, 21, 31, 41)
    assert all("alike" in step.reason for step in found.transitions)


def test_by_sets_alone_it_follows_the_chain(home: Catalogue) -> None:
    home.add_tracklists([heard(f"{i:02}", name(i), name(i + 1)) for i in range(12)])
    found = sequencer(home).path(3, 7, steps=4)
    assert found.recording_ids == (3, 4, 5, 6, 7)
    assert all("straight after" in step.reason for step in found.transitions)


def test_by_tempo_alone_every_step_has_the_same_ratio(home: Catalogue) -> None:
    singles(home, 30)
    bpm = 100 * 1.01 ** np.arange(30)
    found = sequencer(home, facts=made_facts(30, bpm=bpm)).path(5, 25, steps=5)
    assert found.recording_ids == (5, 9, 13, 17, 21, 25)


def test_sound_leads_where_sets_end(home: Catalogue) -> None:
    home.add_tracklists([heard("a", name(0), name(1)), heard("b", name(2), name(3))])
    sound = SoundSpace.of(np.array([1, 2]), np.array([[1, 0], [0.9, 0.1]], np.float32), 4)
    assert sequencer(home, sound=sound).path(1, 4, steps=3).recording_ids == (1, 2, 3, 4)


def test_where_nothing_leads_there_it_says_so(home: Catalogue) -> None:
    home.add_tracklists([heard("a", name(0), name(1)), heard("b", name(2), name(3))])
    with pytest.raises(NoWay, match=r"Artist 00 - Tune 00 .*Artist 03 - Tune 03.* 3 steps"):
        sequencer(home).path(1, 4, steps=3)
    with pytest.raises(NoWay, match="in 1 steps"):
        sequencer(home).path(1, 4, steps=1)


def test_it_may_be_kept_to_a_pool_and_no_track_comes_twice(home: Catalogue) -> None:
    singles(home, 41)
    opened = sequencer(home, sound=arc(41))
    pool = [5, 9, 12, 20, 33, 38, 1, 41]
    found = opened.path(1, 41, steps=4, pool=pool).recording_ids
    assert set(found) <= set(pool) and len(set(found)) == 5
    with pytest.raises(NoWay, match="the pool has 2"):
        opened.path(1, 41, steps=4, pool=[5, 9])


@pytest.mark.parametrize("steps", [1, 2, 13, 39])
def test_it_has_as_many_steps_as_asked_for(home: Catalogue, steps: int) -> None:
    singles(home, 41)
    found = sequencer(home, sound=arc(41)).path(41, 1, steps=steps).recording_ids
    assert len(found) == len(set(found)) == steps + 1
    assert (found[0], found[-1]) == (41, 1)


@pytest.mark.parametrize(
    ("start", "end", "steps", "words"),
    [
        (1, 2, 0, "1 to 50 steps, not 0"),
        (1, 2, 51, "1 to 50 steps, not 51"),
        (2, 2, 3, "two different ones"),
        (1, 77, 3, "no track 77"),
        (1, 2, 9, "ask for fewer steps"),
    ],
)
def test_what_makes_no_sense_is_told(
    home: Catalogue, start: int, end: int, steps: int, words: str
) -> None:
    singles(home, 4)
    with pytest.raises(SegueError, match=words):
        sequencer(home, sound=arc(4)).path(start, end, steps=steps)


def test_versions_of_the_ends_mixes_and_disliked_tracks_are_not_on_the_way(
    home: Catalogue,
) -> None:
    singles(home, 9)
    facts = made_facts(
        9, work=[0, 0, 2, 3, 4, 4, 6, 7, 8], duration_s=[300] * 6 + [7200] + [300] * 2
    )
    feedback = Feedback.from_words(9, [("dislike", 7, 7)])
    opened = sequencer(home, facts=facts, sound=arc(9), feedback=feedback)
    found = opened.path(1, 9, steps=4).recording_ids
    assert 2 not in found and 7 not in found and 8 not in found
    assert not {5, 6} <= set(found)
    with pytest.raises(NoWay):
        opened.path(1, 9, steps=5)


def test_a_catalogue_opens_without_model_sound_or_words(home: Catalogue, own_home: Path) -> None:
    home.add_tracklists([heard("a", name(0), name(1), name(2))])
    opened = Sequencer.open(home, Settings(home=own_home))
    assert opened.order([3, 1, 2]).recording_ids == (1, 2, 3)
    assert opened.order([1, 2, 2, 1]).recording_ids == (1, 2)


def test_a_name_that_is_not_there_comes_with_near_ones(home: Catalogue) -> None:
    home.add_tracklists([heard("a", "Mara Vale - Night Bus", "Otto Lind - Dock")])
    opened = sequencer(home)
    assert [seed.recording_id for seed in opened.resolve(["mara vale - night bus", "2"])] == [1, 2]
    with pytest.raises(SegueError, match=r'"Mara Vale - Harbour" .did you mean "Mara Vale - Night'):
        opened.resolve(["Mara Vale - Harbour"])
    with pytest.raises(SegueError, match='"77"'):
        opened.resolve(["Otto Lind - Dock", "77"])


def test_way_points_lie_evenly_between_two_directions() -> None:
    start, end = np.array([1.0, 0, 0]), np.array([0, 0.6, 0.8])
    points = way_points(start, end, np.linspace(0, 1, 6))
    np.testing.assert_allclose(points[[0, -1]], [start, end], atol=1e-12)
    cosines = [a @ b for a, b in pairwise(points)]
    np.testing.assert_allclose(cosines, cosines[0])
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)
    opposite: Sequence[float] = way_points(start, -start, np.array([0.25]))[0]
    assert np.isfinite(opposite).all()


def test_nearness_by_sets_falls_with_every_link_of_the_chain(home: Catalogue) -> None:
    home.add_tracklists([heard(f"{i:02}", name(i), name(i + 1)) for i in range(6)])
    snapshot = home.snapshot()
    interactions = interactions_of(snapshot)
    facts = Facts.of(home, snapshot, interactions)
    played = played_next_of(snapshot, np.arange(6))
    near = nearness(Ground.of(facts, interactions.plays, played), 0)
    assert near[1] > near[2] > near[3] > 0
    assert not near[4:].any()
