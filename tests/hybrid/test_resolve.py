"""From what a DJ types to a track that sets hold, rung by rung."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.identity import label_key
from data.records import OutsideId, Play, Seed, Track, Tracklist
from hybrid.corpus import interactions_of
from hybrid.resolve import Resolver
from hybrid.sound_space import SoundSpace
from tests.hybrid.measured import measured
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
    assert (seed.rung, seed.recording_id) == ("id", ident)
    assert str(seed.track) == "Otto Lindqvist - Copper Wire"
    for number in (10**9, 10**30, 0, -1):
        gone = resolver.recording(number)
        assert (gone.rung, gone.recording_id, gone.track) == ("none", None, None)


def test_in_an_empty_catalogue_nothing_is_found(catalogue):
    snapshot = catalogue.snapshot()
    resolver = Resolver(catalogue, snapshot, interactions_of(snapshot))
    assert resolver.text("Mara Vale - Night Bus").rung == "none"
    assert resolver.text("night bus").rung == "none"
    assert resolver.recording(1).rung == "none"


ORIGINAL = Track("Aster Brim", "Lantern", label="Quay Records")
REMIX = Track("Aster Brim", "Lantern", "Cove Remix")
LINK = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?si=x"
URI, SPOTIFY = "spotify:track:4uLU6hMCjMI75M1A2tKUQC", "4uLU6hMCjMI75M1A2tKUQC"
ISRC = "GBAYD1300049"


class TestIds:
    """What others call a recording: facts that sets brought, sometimes wrong ones."""

    @pytest.fixture
    def resolver(self, crate):
        ids = (OutsideId("isrc", ISRC, "notes"), OutsideId("spotify", SPOTIFY, "notes"))
        said = [
            ("a", replace(ORIGINAL, ids=ids)),
            ("b", replace(ORIGINAL, ids=ids)),
            ("c", replace(REMIX, ids=ids[:1])),  # as it happens: the original's ISRC
        ]
        crate.add_tracklists(
            Tracklist("notes", name, name, (Play(1, "identified", track),)) for name, track in said
        )
        snapshot = crate.snapshot()
        return Resolver(crate, snapshot, interactions_of(snapshot))

    @pytest.mark.parametrize("text", [LINK, URI, SPOTIFY, f" {LINK}\n", ISRC, "gb-ayd-13-00049"])
    def test_an_id_leads_to_the_recording_that_most_sets_give_it_to(self, crate, resolver, text):
        seed = resolver.text(text)
        assert (seed.rung, found(crate, seed), seed.query) == ("id", str(ORIGINAL), text)
        assert (seed.track.artist, seed.track.title) == ("Aster Brim", "Lantern")

    @pytest.mark.parametrize(
        "text",
        [
            URI.replace("4uLU", "5uLU"),
            "GBAYD1300050",
            "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC",
            "https://youtu.be/dQw4w9WgXcQ",
        ],
    )
    def test_an_id_that_no_set_brought_is_nothing(self, resolver, text):
        seed = resolver.text(text)
        assert (seed.rung, seed.recording_id, seed.track, seed.near) == ("none", None, None, ())

    def test_a_word_as_long_as_an_id_is_a_word(self, crate, resolver):
        crate.add_tracklists([heard("long", "Dune - Abcdefghijklmnopqrstuv")])
        snapshot = crate.snapshot()
        resolver = Resolver(crate, snapshot, interactions_of(snapshot))
        seed = resolver.text("Abcdefghijklmnopqrstuv")
        assert (seed.rung, seed.track.artist) == ("search", "Dune")

    def test_a_track_is_known_by_its_id_also_under_a_name_nobody_wrote(self, crate, resolver):
        asked = Track("A. Brim", "Lantern Light", ids=(OutsideId("isrc", ISRC, "file"),))
        seed = resolver.track(asked)
        assert (seed.rung, found(crate, seed), seed.track) == ("id", str(ORIGINAL), asked)

    def test_an_exact_name_is_believed_before_an_id_of_another_track(self, crate, resolver):
        ids = (OutsideId("spotify", SPOTIFY, "file"),)
        seed = resolver.track(replace(REMIX, ids=ids))
        assert (seed.rung, found(crate, seed)) == ("recording", str(REMIX))

    def test_of_several_recordings_with_an_id_the_one_of_that_name_is_meant(self, crate, resolver):
        seed = resolver.track(replace(REMIX, ids=(OutsideId("isrc", ISRC, "file"),)))
        assert (seed.rung, found(crate, seed)) == ("id", str(REMIX))


class TestCredits:
    """Seeds of which no recording is known, only who made it or whose label it is on."""

    @pytest.mark.parametrize("text", ["Fjord", "fjord", "Fjord - ID", "Velour Parade & Fjord"])
    def test_an_artists_name_alone_is_the_artist(self, resolver, text):
        seed = resolver.text(text)
        assert (seed.rung, seed.recording_id) == ("artist", None)
        assert len(resolver.query([seed]).artists) == 1 + ("&" in text)

    def test_a_title_that_is_also_an_artist_is_the_track_if_search_finds_that_first(self, crate):
        crate.add_tracklists(
            [heard(str(n), "Cove - Brim", "Dune - Other") for n in range(9)]
            + [heard("last", "Brim - Elsewhere")]
        )
        snapshot = crate.snapshot()
        seed = Resolver(crate, snapshot, interactions_of(snapshot)).text("Brim")
        assert (seed.rung, found(crate, seed)) == ("search", "Cove - Brim")

    @pytest.mark.parametrize(
        "text", ["Nobody - Hailstones [Saltworks]", "Hailstones [Saltworks]", "? [Saltworks]"]
    )
    def test_of_an_unknown_artist_the_label_is_left(self, resolver, snapshot, text):
        seed = resolver.text(text)
        assert (seed.rung, seed.recording_id) == ("label", None)
        query = resolver.query([seed])
        assert [snapshot.label_keys[k] for k in query.labels] == [label_key("Saltworks")]
        assert query.artists == {}

    def test_a_known_artist_goes_before_a_known_label(self, resolver):
        assert resolver.text("Fjord - Hailstones [Saltworks]").rung == "artist"

    def test_credits_can_be_given_without_a_title(self, resolver):
        assert resolver.credits("Otto Lindqvist").rung == "artist"
        assert resolver.credits(label="Saltworks").rung == "label"
        assert resolver.credits("Nobody", "Nowhere").rung == "none"


class TestNear:
    """Who asks for what nobody knows is told what there is that has a name like it."""

    @pytest.mark.parametrize(
        "text",
        [
            "Nobody - Underwater Cathedral",  # its title
            "Nobody - Copper Hailstones",  # a word of its title
            "Zzzz Qqqq Copper",
            "Noboddy - Copper Wires And Many Other Words Of Them",
        ],
    )
    def test_search_by_ever_smaller_parts_finds_something(self, crate, resolver, text):
        seed = resolver.text(text)
        assert seed.rung == "none"
        assert {str(track) for _, track in seed.near} & {CATHEDRAL, "Otto Lindqvist - Copper Wire"}
        assert all(str(crate.track(ident)) == str(track) for ident, track in seed.near)
        assert len(seed.near) <= 5

    @pytest.mark.parametrize("text", ["zzzz qqqq", "", "?", "x" * 5000, "x" * 900])
    def test_where_search_finds_nothing_there_is_nothing_near(self, resolver, text):
        assert resolver.text(text).near == ()

    def test_who_is_known_needs_no_near_matches(self, resolver):
        assert resolver.text("Fjord - Hailstones").near == ()


VECTOR = np.array([3.0, 0.0, 4.0], np.float32)


class TestQuestion:
    """What the seeds say to all signals: sets, credits and sound."""

    @pytest.fixture
    def space(self, snapshot):
        """The first three recordings were heard; each lies on an axis of its own."""
        return SoundSpace.of(np.arange(3), 2 * np.eye(3, dtype=np.float32), len(snapshot.titles))

    @pytest.fixture
    def resolver(self, crate, snapshot, space):
        windows = np.arange(1, len(snapshot.titles) + 1, dtype=np.float32)
        inter = interactions_of(snapshot)
        return Resolver(crate, snapshot, inter, sound=space, windows=windows)

    def at(self, resolver, snapshot, row):
        return resolver.recording(int(snapshot.recording_ids[row]))

    def test_heard_seeds_bring_unit_vectors_and_their_windows(self, resolver, snapshot):
        question = resolver.question([self.at(resolver, snapshot, row) for row in (2, 0, 4)])
        assert question.vectors.tolist() == [[0, 0, 1], [1, 0, 0]]
        assert question.vectors.dtype == np.float32
        assert question.windows == 3 + 1
        assert question.last_vector == -1  # the last was never heard
        assert question.query.recordings.tolist() == [2, 0, 4]
        assert question.last.recordings.tolist() == [4]

    def test_the_last_seed_is_pointed_at_also_if_it_came_before(self, resolver, snapshot):
        seeds = [self.at(resolver, snapshot, row) for row in (2, 0, 2)]
        question = resolver.question(seeds)
        assert len(question.vectors) == 2
        assert question.vectors[question.last_vector].tolist() == [0, 0, 1]
        assert question.windows == 4

    def test_a_file_speaks_for_itself_wherever_it_stands(self, resolver, snapshot):
        known = self.at(resolver, snapshot, 1)
        file = replace(known, vector=VECTOR, analysis=measured(3))
        for seeds in ([known, file], [file, known], [file]):
            question = resolver.question(seeds)
            np.testing.assert_allclose(question.vectors, [[0.6, 0, 0.8]], rtol=1e-6)
            assert (question.windows, question.last_vector) == (3, 0)

    def test_files_that_are_no_recording_count_each(self, resolver):
        one = Seed("one.wav", None, None, "sound", vector=VECTOR, analysis=measured(3))
        two = replace(one, query="two.wav", vector=-VECTOR)
        question = resolver.question([one, two, one])
        assert len(question.vectors) == 2
        assert question.windows == 6
        np.testing.assert_allclose(question.vectors[question.last_vector], [0.6, 0, 0.8], rtol=1e-6)
        assert question.query.recordings.tolist() == []

    @pytest.mark.parametrize("vector", [np.zeros(3, np.float32), np.ones(2, np.float32)])
    def test_silence_and_vectors_of_another_encoder_say_nothing(self, resolver, vector):
        question = resolver.question([Seed("one.wav", None, None, "sound", vector=vector)])
        assert (question.vectors.shape, question.last_vector, question.windows) == ((0, 0), -1, 0)

    def test_where_nothing_was_heard_there_is_nothing_to_compare(self, crate, snapshot):
        resolver = Resolver(crate, snapshot, interactions_of(snapshot))
        file = Seed("one.wav", None, None, "sound", vector=VECTOR)
        question = resolver.question([file, resolver.text(NIGHT_BUS)])
        assert (question.vectors.shape, question.last_vector) == ((0, 0), -1)
        assert len(question.last.recordings) == 1

    def test_without_seeds_nothing_is_asked(self, resolver):
        question = resolver.question([])
        assert (question.vectors.shape, question.last_vector) == ((0, 0), -1)
        assert len(question.query.recordings) == len(question.last.recordings) == 0


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
