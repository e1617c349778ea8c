"""Evidence on random catalogues, against a plain count over their tracklists."""

from __future__ import annotations

import math
import random

import pytest

from data.identity import recording_key
from data.records import Tracklist
from hybrid.recommender import Rules
from tests.hybrid.small import heard, trained

EVERYTHING = Rules(
    exclude_seeds=True, exclude_seed_versions=False, one_version_per_work=False, artist_cap=0
)

NAMES = [f"Artist {chr(65 + n)} - Song {chr(65 + n)}" for n in range(14)]


def random_sets(seed: int) -> list[Tracklist]:
    rng = random.Random(seed)
    sets = []
    for number in range(25):
        rows: list[str] = []
        last = ""
        for _ in range(rng.randrange(1, 9)):
            chance = rng.random()
            if chance < 0.1:
                rows.append(rng.choice(["?", "...", "# Somebody"]))
                last = ""
                continue
            last = rng.choice([n for n in NAMES if n not in rows[-3:] and n != last])
            layered = chance > 0.85 and bool(rows) and not rows[-1].startswith("# ")
            rows.append(f"+ {last}" if layered else last)
        date = rng.choice(["", "2019", f"2020-{rng.randrange(1, 13):02d}", "2021-03-04"])
        djs = tuple(rng.sample(["Ana", "Bo", "Cy", "Di"], rng.randrange(0, 3)))
        sets.append(heard(str(number), *rows, date=date, djs=djs))
        if rng.random() < 0.15:
            sets.append(heard(f"{number} again", *rows, date=date, djs=djs))
    return sets


def keys(tracklist: Tracklist) -> set[str]:
    return {recording_key(play.track) for play in tracklist.identified}


def distinct(sets: list[Tracklist]) -> list[Tracklist]:
    kept: list[Tracklist] = []
    for one in sets:
        mine = keys(one)
        copies = [o for o in kept if len(keys(o) & mine) / len(keys(o) | mine) >= 0.5]
        if len(mine) >= 2 and not copies:
            kept.append(one)
    return kept


def changes(tracklist: Tracklist) -> list[tuple[list[str], str]]:
    """(what ran, what came next) for every change of track that somebody could have heard."""
    found: list[tuple[list[str], str]] = []
    running: list[str] = []
    chapter = ""
    for play in tracklist.plays:
        if play.chapter != chapter:
            running, chapter = [], play.chapter
        if play.kind != "identified":
            running = []
            continue
        key = recording_key(play.track)
        if play.with_previous and running:
            running.append(key)
        else:
            found.append((running, key))
            running = [key]
    return found


def followers(tracklist: Tracklist) -> list[tuple[str, str]]:
    """(before, after), every track that ran apart."""
    return [(old, key) for running, key in changes(tracklist) for old in running if old != key]


@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_the_one_that_counting_by_hand_gives(catalogue, tmp_path, seed):
    sets = random_sets(seed)
    catalogue.add_tracklists(sets)
    recommender = trained(catalogue, tmp_path / "home")
    told = distinct(sets)
    assert len(told) < len(sets)
    played = [name for name in NAMES if recommender.resolve(name).rung == "recording"]
    checked = 0
    for asked_for in played[:5]:
        answer = recommender.recommend([asked_for], k=99, rules=EVERYTHING, max_sets=99)
        a = recording_key(recommender.resolve(asked_for).track)
        of_seed = [t for t in told if a in keys(t)]
        assert len(answer.results) == len(played) - 1
        for result in answer.results:
            b = recording_key(result.track)
            both = [t for t in of_seed if b in keys(t)]
            of_b = [t for t in told if b in keys(t)]
            found = result.evidence
            assert result.sets == len(of_b)
            assert found.sets_together == len(both)
            assert {ref.title for ref in found.sets} == {t.title for t in both}
            assert set(found.djs) == {dj for t in both for dj in t.djs}
            dates = [t.date for t in both if t.date]
            assert (found.first, found.last) == (min(dates, default=""), max(dates, default=""))
            pairs = [pair for t in told for pair in followers(t)]
            assert found.right_after == pairs.count((a, b))
            assert found.right_before == pairs.count((b, a))
            if both:
                expected = len(both) * len(told) / (len(of_seed) * len(of_b))
                assert found.lift == pytest.approx(expected)
            else:
                assert math.isnan(found.lift)
            checked += len(both)
    assert checked > 20


@pytest.mark.parametrize("seed", range(4))
def test_every_listed_meeting_stands_where_it_says(catalogue, tmp_path, seed):
    sets = random_sets(seed)
    catalogue.add_tracklists(sets)
    recommender = trained(catalogue, tmp_path / "home")
    by_title = {t.title: t for t in sets}
    seeds = [name for name in NAMES if recommender.resolve(name).rung == "recording"][:3]
    asked = {recording_key(recommender.resolve(s).track) for s in seeds}
    answer = recommender.recommend(seeds, k=99, rules=EVERYTHING, max_sets=99)
    told = distinct(sets)
    for result in answer.results:
        b = recording_key(result.track)
        both = [t for t in told if b in keys(t) and asked & keys(t)]
        assert result.evidence.sets_together == len(both)
        met = [change for t in told for change in changes(t)]
        after = sum(key == b and bool(asked & set(running)) for running, key in met)
        before = sum(running.count(b) for running, key in met if key in asked)
        assert (result.evidence.right_after, result.evidence.right_before) == (after, before)
        shown = [(ref.date, ref.set_id) for ref in result.evidence.sets]
        assert shown == sorted(shown, reverse=True)
        for ref in result.evidence.sets:
            plays = {p.position: p for p in by_title[ref.title].identified}
            mine = [p for p, play in plays.items() if recording_key(play.track) == b]
            theirs = [p for p, play in plays.items() if recording_key(play.track) in asked]
            assert ref.position in mine
            assert ref.seed_position in theirs
            if ref.right_after:
                assert ref.position > ref.seed_position
            else:
                nearest = min(abs(m - t) for m in mine for t in theirs)
                assert abs(ref.position - ref.seed_position) == nearest
            pairs = followers(by_title[ref.title])
            assert ref.right_after == any((a, b) in pairs for a in asked)
