"""From what a DJ types to a track that sets hold, rung by rung."""

from __future__ import annotations

import numpy as np
import pytest

from data.identity import label_key
from data.records import Seed, Track
from hybrid.corpus import interactions_of
from hybrid.resolve import Resolver
from tests.hybrid.small import heard

ROWS = [
    "Mara Vale - Night Bus [Quay Records]",
    "Mara Vale - Night Bus (Otto Lindqvist Remix) [Quay Records]",
    "Velour Parade & Fjord - Underwater Cathedral [Saltworks]",
    "Fjord - Chapter Part 1",
    "Otto Lindqvist - Copper Wire",
    "Fjord - Salt Water Taffy",
]


@pytest.fixture
def crate(catalogue):
    catalogue.add_tracklists(
        [
            heard("1", *ROWS),
            heard("2", ROWS[1], ROWS[4]),
            heard("3", ROWS[1], ROWS[2]),
        ]
    )
    return catalogue


@pytest.fixture
def snapshot(crate):
    return crate.snapshot()


@pytest.fixture
def resolver(crate, snapshot) -> Resolver:
    return Resolver(crate, snapshot, interactions_of(snapshot))


def found(crate, seed) -> str:
    return str(crate.track(seed.recording_id))


NIGHT_BUS, NIGHT_BUS_REMIX = "Mara Vale - Night Bus", "Mara Vale - Night Bus (Otto Lindqvist Remix)"
CATHEDRAL = "Velour Parade & Fjord - Underwater Cathedral"


@pytest.mark.parametrize(
    "text",
    [
        "Mara Vale - Night Bus",
        "mara vale - night bus",
        "MARA VALE – Night Bus",
        "Mara Vale - Night Bus [Other Label]",
    ],
)
def test_the_exact_recording_is_found_however_it_is_spelled(crate, resolver, text):
    seed = resolver.text(text)
    assert (seed.rung, found(crate, seed), seed.query) == ("recording", NIGHT_BUS, text)


def test_a_version_is_not_the_original(crate, resolver):
    seed = resolver.text("Mara Vale - Night Bus (Otto Lindqvist Remix)")
    assert (seed.rung, found(crate, seed)) == ("recording", NIGHT_BUS_REMIX)


def test_for_an_unknown_version_the_most_played_one_of_the_work_stands_in(crate, resolver):
    seed = resolver.text("Mara Vale - Night Bus (Fjord Dub)")
    assert (seed.rung, found(crate, seed)) == ("work", NIGHT_BUS_REMIX)
    assert seed.track.version == "Fjord Dub"  # it says what was asked


@pytest.mark.parametrize(
    "text",
    [
        "Velour Parade & Fjord - Underwater Cathedrl",
        "Velor Parade & Fjord - Underwater Cathedral",
        "underwater cathedral velour parade",
    ],
)
def test_slips_of_the_finger_and_loose_words_are_found_by_search(crate, resolver, text):
    seed = resolver.text(text)
    assert (seed.rung, found(crate, seed), seed.query) == ("search", CATHEDRAL, text)


def test_another_number_is_another_track(resolver):
    seed = resolver.text("Fjord - Chapter Part 2")
    assert (seed.rung, seed.recording_id) == ("artist", None)


def test_another_track_of_a_known_artist_is_not_passed_off_as_one_of_theirs(resolver):
    seed = resolver.text("Mara Vale - Glasshouse Morning")
    assert (seed.rung, seed.recording_id) == ("artist", None)
    assert str(seed.track) == "Mara Vale - Glasshouse Morning"


def test_a_title_that_only_begins_alike_is_another_track(resolver):
    seed = resolver.text("Fjord - Salt")
    assert (seed.rung, seed.recording_id) == ("artist", None)


def test_one_known_artist_of_a_credit_or_a_remixer_is_enough(resolver):
    assert resolver.text("Nobody & Fjord - Hailstones").rung == "artist"
    assert resolver.text("Nobody - Hailstones (Otto Lindqvist Remix)").rung == "artist"


@pytest.mark.parametrize("text", ["Nobody - Hailstones", "zzzz qqqq", "", " ", "?", "- -", "m"])
def test_what_says_nothing_resolves_to_nothing(resolver, text):
    seed = resolver.text(text)
    assert (seed.rung, seed.recording_id, seed.query) == ("none", None, text)


def test_a_track_whose_parts_are_known_is_not_parsed_again(crate, resolver):
    seed = resolver.track(Track("Mara Vale", "Night Bus", "Otto Lindqvist Remix"))
    assert (seed.rung, found(crate, seed)) == ("recording", NIGHT_BUS_REMIX)
    assert seed.query == NIGHT_BUS_REMIX


def test_an_id_is_a_recording_of_the_catalogue_or_nothing(crate, resolver):
    ident = crate.find(Track("Otto Lindqvist", "Copper Wire"))
    seed = resolver.recording(ident)
    assert (seed.rung, seed.recording_id) == ("recording", ident)
    assert str(seed.track) == "Otto Lindqvist - Copper Wire"
    gone = resolver.recording(10**9)
    assert (gone.rung, gone.recording_id, gone.track) == ("none", None, None)


def test_in_an_empty_catalogue_nothing_is_found(catalogue):
    snapshot = catalogue.snapshot()
    resolver = Resolver(catalogue, snapshot, interactions_of(snapshot))
    assert resolver.text("Mara Vale - Night Bus").rung == "none"
    assert resolver.text("night bus").rung == "none"
    assert resolver.recording(1).rung == "none"


class TestQuery:
    """What the seeds say to the models."""

    def artists(self, snapshot, query) -> dict[str, float]:
        return {snapshot.artist_names[a]: n for a, n in query.artists.items()}

    def test_known_seeds_are_recordings_with_their_artists_and_labels(self, resolver, snapshot):
        seeds = [resolver.text(NIGHT_BUS), resolver.text(NIGHT_BUS_REMIX)]
        query = resolver.query(seeds)
        assert snapshot.recording_ids[query.recordings].tolist() == [
            seed.recording_id for seed in seeds
        ]
        assert sorted(self.artists(snapshot, query).values()) == [1, 2]  # Otto once, Mara twice
        assert {snapshot.label_keys[k]: n for k, n in query.labels.items()} == {
            label_key("Quay Records"): 2
        }

    def test_an_unknown_seed_still_says_its_artists_and_its_label(self, resolver, snapshot):
        seed = resolver.track(Track("Mara Vale & Nobody", "Hailstones", label="Saltworks"))
        query = resolver.query([seed])
        assert query.recordings.tolist() == []
        assert len(query.artists) == 1
        assert [snapshot.label_keys[k] for k in query.labels] == [label_key("Saltworks")]

    def test_a_seed_given_twice_is_one_recording(self, resolver):
        seed = resolver.text(NIGHT_BUS)
        assert len(resolver.query([seed, seed]).recordings) == 1

    def test_seeds_keep_their_order(self, resolver, snapshot):
        seeds = [resolver.text(text) for text in (CATHEDRAL, NIGHT_BUS)]
        rows = resolver.query(seeds).recordings
        assert snapshot.recording_ids[rows].tolist() == [s.recording_id for s in seeds]

    def test_seeds_that_say_nothing_make_an_empty_query(self, resolver):
        query = resolver.query([resolver.text("zzzz"), resolver.recording(10**9)])
        assert (len(query.recordings), query.artists, query.labels) == (0, {}, {})
        assert query.recordings.dtype == np.intp

    def test_a_recording_that_is_gone_from_the_catalogue_still_says_its_artist(self, resolver):
        stale = Seed("x", Track("Mara Vale", "Night Bus"), 10**9, "recording")
        query = resolver.query([stale])
        assert len(query.recordings) == 0
        assert len(query.artists) == 1
