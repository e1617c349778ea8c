"""Evidence on random catalogues, against a plain count over their tracklists."""

from __future__ import annotations

import math
import random

import pytest

from data.identity import parse_track, recording_key
from data.records import Tracklist
from tests.hybrid.met import Met
from tests.hybrid.small import heard

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


def key_of(name: str) -> str:
    return recording_key(parse_track(name))


def changes_of(told: list[Tracklist]) -> list[tuple[list[str], str]]:
    return [change for t in told for change in changes(t) if change[0]]


@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_the_one_that_counting_by_hand_gives(catalogue, seed):
    sets = random_sets(seed)
    catalogue.add_tracklists(sets)
    met = Met(catalogue)
    told = distinct(sets)
    assert len(told) < len(sets)
    pairs = [pair for t in told for pair in followers(t)]
    moves = changes_of(told)
    checked = 0
    for asked_for in met.names[:5]:
        a = key_of(asked_for)
        of_seed = [t for t in told if a in keys(t)]
        others = [name for name in met.names if name != asked_for]
        for name, found in zip(others, met.evidence(others, asked_for), strict=True):
            b = key_of(name)
            both = [t for t in of_seed if b in keys(t)]
            of_b = [t for t in told if b in keys(t)]
            assert found.sets_together == len(both)
            assert {ref.title for ref in found.sets} == {t.title for t in both}
            assert set(found.djs) == {dj for t in both for dj in t.djs}
            dates = [t.date for t in both if t.date]
            assert (found.first, found.last) == (min(dates, default=""), max(dates, default=""))
            assert found.right_after == pairs.count((a, b))
            assert found.right_before == pairs.count((b, a))
            assert found.lift == pytest.approx(
                len(both) * len(told) / (len(of_seed) * len(of_b)) if both else math.nan,
                nan_ok=True,
            )
            left = sum(a in running for running, _ in moves)
            came = sum(key == b for _, key in moves)
            by_hand = found.right_after * len(moves) / (left * came) if left * came else math.nan
            assert found.after_lift == pytest.approx(by_hand or math.nan, nan_ok=True)
            checked += len(both)
    assert checked > 20


@pytest.mark.parametrize("seed", range(4))
def test_every_listed_meeting_stands_where_it_says(catalogue, seed):
    sets = random_sets(seed)
    catalogue.add_tracklists(sets)
    met = Met(catalogue)
    by_title = {t.title: t for t in sets}
    seeds, others = met.names[:3], met.names[3:]
    asked = {key_of(name) for name in seeds}
    told = distinct(sets)
    moves = changes_of(told)
    for name, found in zip(others, met.evidence(others, *seeds), strict=True):
        b = key_of(name)
        both = [t for t in told if b in keys(t) and asked & keys(t)]
        assert found.sets_together == len(both)
        after = sum(key == b and bool(asked & set(running)) for running, key in moves)
        before = sum(running.count(b) for running, key in moves if key in asked)
        assert (found.right_after, found.right_before) == (after, before)
        shown = [(ref.date, ref.set_id) for ref in found.sets]
        assert shown == sorted(shown, reverse=True)
        (fewer,) = met.evidence([name], *seeds, max_sets=2)
        assert fewer.sets == found.sets[:2]
        for ref in found.sets:
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


@pytest.mark.parametrize("seed", range(4))
def test_the_link_is_the_pair_of_artists_that_most_sets_played(catalogue, seed):
    sets = random_sets(seed)
    lone = [heard("lone", "Artist A & Zed - Other", "Yan - Other")]
    catalogue.add_tracklists([*sets, *lone])
    met = Met(catalogue)
    told = [{play.track.artist for play in t.identified} for t in distinct([*sets, *lone])]
    seeds = met.names[1:3]
    theirs = [name.split(" - ")[0] for name in seeds]
    (found,) = met.evidence(["Artist A & Zed - Other"], *seeds)
    # The sets of an artist are those of all that they had a hand in.
    mine = {"Artist A": {"Artist A", "Artist A & Zed"}, "Zed": {"Artist A & Zed"}}
    counts = {
        (own, other): sum(bool(names & played) and other in played for played in told)
        for own, names in mine.items()
        for other in theirs
        if other != own
    }
    most = max(counts.values())
    assert most > 0
    assert found.link is not None
    assert found.link[2] == most == counts[found.link[:2]]
