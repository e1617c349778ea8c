"""What is known of each recording, gathered in snapshot order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest

from data.catalogue import Catalogue, Sound
from data.harmony import parse_key
from data.identity import parse_track
from data.records import Analysis, Entry, Seed
from hybrid.corpus import interactions_of
from hybrid.facts import Facts
from hybrid.filters import AskedFacts, FilterSet
from hybrid.steering import Filters
from tests.hybrid.facts import made_facts
from tests.hybrid.small import heard

ANALYSIS = Analysis(
    duration_s=361.5,
    bpm=128.0,
    bpm_confidence=0.75,
    bpm_alternatives=(64.0,),
    beat_start_s=0.1,
    key=parse_key("8A"),
    key_confidence=0.5,
    key_runner_up=None,
    energy=0.25,
    loudness_lufs=-9.0,
    rolloff_hz=4000.0,
    windows=((0.0, 30.0), (60.0, 30.0), (120.0, 30.0)),
    analyser="1",
)


def sound(row: str, **more: object) -> Sound:
    given = {"duration_s": 361.5, "analysis": ANALYSIS, **more}
    return Sound(row, track=parse_track(row), **given)


@pytest.fixture
def catalogue() -> Iterator[Catalogue]:
    with Catalogue.open("sqlite://") as opened:
        opened.add_tracklists(
            [
                heard("1", "Mara Vale - Night Bus [Quay]", "Velour Parade - Low Tide"),
                heard("2", "Velour Parade - Low Tide", date="2011-06"),
                heard("3", "Velour Parade - Low Tide", "Fjord - Lantern", date="1998-12-31"),
            ]
        )
        yield opened


def facts_of(catalogue: Catalogue) -> Facts:
    snapshot = catalogue.snapshot()
    return Facts.of(catalogue, snapshot, interactions_of(snapshot))


def test_what_was_heard_stands_beside_what_was_not(catalogue):
    catalogue.add_sound([sound("Velour Parade - Low Tide", tags={"year": "1987"})])
    facts = facts_of(catalogue)

    assert facts.owned.tolist() == [False, True, False]
    assert facts.windows.tolist() == [0.0, 3.0, 0.0]
    assert facts.key.tolist() == [-1, 21, -1]
    for name, value in (("bpm", 128.0), ("energy", 0.25), ("duration_s", 361.5)):
        np.testing.assert_equal(getattr(facts, name), np.float32([np.nan, value, np.nan]))
    assert facts.bpm_confidence.tolist() == [0.0, 0.75, 0.0]
    assert facts.key_confidence.tolist() == [0.0, 0.5, 0.0]


def test_the_year_is_the_tags_else_that_of_the_first_dated_set(catalogue):
    np.testing.assert_equal(facts_of(catalogue).year, np.float32([np.nan, 1998, 1998]))

    catalogue.add_sound([sound("Velour Parade - Low Tide", tags={"year": "1987"})])
    np.testing.assert_equal(facts_of(catalogue).year, np.float32([np.nan, 1987, 1998]))


def test_the_genre_is_the_tracklists_else_the_tags(catalogue):
    lantern = replace(parse_track("Fjord - Lantern"), genre="Dub Techno")
    mix = heard("4", "Fjord - Lantern")
    catalogue.add_tracklists([replace(mix, plays=(replace(mix.plays[0], track=lantern),))])
    catalogue.add_sound(
        [
            sound("Fjord - Lantern", tags={"genre": "Techno"}),
            sound("Mara Vale - Night Bus", tags={"genre": "House"}),
        ]
    )
    assert facts_of(catalogue).genre.tolist() == ["House", "", "Dub Techno"]


def test_sets_works_artists_and_labels_are_those_of_the_sets(catalogue):
    facts = facts_of(catalogue)
    assert facts.sets.tolist() == [1.0, 3.0, 1.0]
    assert facts.label.tolist() == [0, -1, -1]
    assert facts.label_keys[0] == "quay"
    assert facts.work.tolist() == [0, 1, 2]
    assert facts.artists.toarray().tolist() == np.eye(3).tolist()


def test_audio_that_came_in_after_the_snapshot_is_not_mixed_up(catalogue):
    snapshot = catalogue.snapshot()
    catalogue.add_sound([sound("Aa - Brand New"), sound("Fjord - Lantern")])
    facts = Facts.of(catalogue, snapshot, interactions_of(snapshot))
    assert facts.owned.tolist() == [False, False, True]
    assert facts.windows.tolist() == [0.0, 0.0, 3.0]


def test_sound_without_sets_and_nothing_at_all_have_facts():
    with Catalogue.open("sqlite://") as empty:
        assert len(facts_of(empty)) == 0
        empty.add_sound([sound("Fjord - Lantern")])
        facts = facts_of(empty)
        assert (facts.sets.tolist(), facts.owned.tolist()) == ([0.0], [True])
        assert np.isnan(facts.year).all()


def test_what_dj_software_says_counts_where_nothing_was_heard(catalogue):
    said = Entry(parse_track("Fjord - Lantern"), bpm=124.0, key=parse_key("9A"), duration_s=200.0)
    catalogue.add_playlist("Friday", [said], said_by="rekordbox")
    facts = facts_of(catalogue)
    row = facts.recording_ids.tolist().index(catalogue.find(said.track))
    assert (facts.bpm[row], facts.duration_s[row]) == (124.0, 200.0)
    assert facts.key[row] == parse_key("9A").traktor()
    assert facts.key_confidence[row] == 1.0
    assert (facts.owned[row], facts.windows[row]) == (True, 0.0)
    assert np.isnan(facts.energy[row])


def test_mine_is_what_the_djs_software_names_and_new_is_the_rest(catalogue):
    catalogue.add_sound([sound("Fjord - Lantern", origin="preview")])
    catalogue.add_collection([Entry(parse_track("Mara Vale - Night Bus"))], said_by="rekordbox")
    facts = facts_of(catalogue)
    bus = facts.recording_ids.tolist().index(catalogue.find(parse_track("Mara Vale - Night Bus")))
    filters = FilterSet(facts)
    asked = AskedFacts.of([], facts)
    mine = filters.masks(Filters(library="mine"), asked)["library"]
    new = filters.masks(Filters(library="new"), asked)["library"]
    assert np.flatnonzero(mine).tolist() == [bus]
    assert new.tolist() == (~mine).tolist()


def test_tempo_and_key_filters_work_for_a_library_that_was_never_listened_to(catalogue):
    tempos = {"Mara Vale - Night Bus": (124.0, "8A"), "Velour Parade - Low Tide": (140.0, "3B")}
    entries = [
        Entry(parse_track(row), bpm=bpm, key=parse_key(key)) for row, (bpm, key) in tempos.items()
    ]
    catalogue.add_playlist("Friday", entries, said_by="traktor")
    facts = facts_of(catalogue)
    seed = Seed("bus", entries[0].track, catalogue.find(entries[0].track), "recording")
    asked = AskedFacts.of([seed], facts)
    masks = FilterSet(facts).masks(Filters(tempo_percent=6.0, key="strict"), asked)
    tide = facts.recording_ids.tolist().index(catalogue.find(entries[1].track))
    for name in ("tempo", "key"):
        hidden = np.flatnonzero(~masks[name])
        assert hidden.tolist() == [tide]


def test_a_preview_is_nothing_that_the_dj_owns(catalogue):
    catalogue.add_sound([sound("Fjord - Lantern", origin="preview")])
    facts = facts_of(catalogue)
    row = facts.recording_ids.tolist().index(catalogue.find(parse_track("Fjord - Lantern")))
    assert (facts.owned[row], facts.bpm[row], facts.windows[row]) == (False, 128.0, 3.0)
    assert np.isnan(facts.duration_s[row])


def test_facts_made_by_hand_are_of_the_same_shapes_and_types(catalogue):
    catalogue.add_sound([sound("Fjord - Lantern")])
    real, made = facts_of(catalogue), made_facts(3, label=["quay", "", ""])
    for field in fields(Facts):
        by_hand, gathered = getattr(made, field.name), getattr(real, field.name)
        assert (by_hand.shape, by_hand.dtype) == (gathered.shape, gathered.dtype), field.name
