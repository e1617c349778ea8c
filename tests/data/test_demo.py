"""The demo crate: plainly generated, always the same, and shaped like real sets."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest

from data.demo import MARK, demo_tracklists
from data.identity import parse_track, recording_key, search_text, work_key
from data.records import Tracklist


@pytest.fixture(scope="module")
def sets() -> list[Tracklist]:
    return demo_tracklists()


def test_the_same_seed_gives_the_same_crate_and_another_seed_another(
    sets: list[Tracklist],
) -> None:
    assert demo_tracklists(7) == sets
    assert demo_tracklists(8) != sets


def test_every_set_says_that_it_is_generated(sets: list[Tracklist]) -> None:
    for tracklist in sets:
        assert tracklist.source == "demo"
        assert MARK in tracklist.title
        assert MARK in tracklist.show + tracklist.venue
        assert all("(demo)" in dj for dj in tracklist.djs)
        assert tracklist.url == ""


def test_it_has_the_size_of_a_small_real_crate(sets: list[Tracklist]) -> None:
    keys = Counter(recording_key(p.track) for s in sets for p in s.identified if p.track)
    assert len(sets) == 300
    assert len({s.source_id for s in sets}) == 300
    assert 1000 <= len(keys) <= 1400
    assert sum(n >= 2 for n in keys.values()) > 600  # enough company to learn from


def test_sets_are_in_order_of_date_and_their_rows_in_order_of_position(
    sets: list[Tracklist],
) -> None:
    assert [s.date for s in sets] == sorted(s.date for s in sets)
    for tracklist in sets:
        assert [p.position for p in tracklist.plays] == list(range(1, len(tracklist.plays) + 1))


def test_no_set_plays_two_versions_of_one_work(sets: list[Tracklist]) -> None:
    for tracklist in sets:
        works = [work_key(p.track) for p in tracklist.identified if p.track]
        assert len(works) == len(set(works))


def test_rows_read_back_as_the_tracks_they_are(sets: list[Tracklist]) -> None:
    for play in (p for s in sets for p in s.identified):
        track = parse_track(play.raw)
        assert play.track is not None
        assert recording_key(track) == recording_key(play.track)  # type: ignore[arg-type]


def test_some_rows_are_unknown_or_missing_as_in_real_lists(sets: list[Tracklist]) -> None:
    kinds = Counter(p.kind for s in sets for p in s.plays)
    assert kinds["unknown"] > 50
    assert kinds["gap"] > 10
    assert {s.completeness for s in sets} == {"complete", "incomplete"}
    for play in (p for s in sets for p in s.plays if p.kind != "identified"):
        assert play.track is None
        assert play.reason


def test_some_transitions_come_back_again_and_again(sets: list[Tracklist]) -> None:
    pairs = Counter(
        (a.track, b.track)
        for s in sets
        for a, b in zip(s.plays, s.plays[1:], strict=False)
        if a.track and b.track
    )
    assert sum(n >= 4 for n in pairs.values()) >= 30


def test_sets_stay_close_to_one_scene(sets: list[Tracklist]) -> None:
    shares = []
    for tracklist in sets:
        genres = Counter(p.track.genre for p in tracklist.identified if p.track)
        shares.append(genres.most_common(1)[0][1] / sum(genres.values()))
    assert sum(shares) / len(shares) > 0.7


def test_no_artist_of_it_occurs_in_the_real_tracklists(sets: list[Tracklist], shared: Path) -> None:
    with gzip.open(shared / "mixesdb" / "essential_mix_pages.json.gz", "rt") as pages:
        text = pages.read()
    text += (shared / "boilerroom" / "tracklists.csv").read_text(errors="replace")
    real = f" {plain(text)} "
    for artist in {p.track.artist for s in sets for p in s.identified if p.track}:
        assert f" {plain(artist)} " not in real


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", search_text(text)).strip()
