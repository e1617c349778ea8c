"""Every sentence that tells a DJ why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.harmony import key_compatibility, parse_key, tempo_relation
from data.records import Evidence, Mix, Recommendation, Seed, SoundEvidence, Track
from hybrid.explain import clock, reason

MET = Evidence(sets_together=3, lift=1.4, djs=("Ana", "Bo"), first="2019-01-02", last="2021-06-05")
OFTEN = Evidence(
    sets_together=9,
    right_after=3,
    lift=5.2,
    after_lift=12.4,
    djs=("Ana", "Bo", "Cy", "Di", "Ed", "Fay", "Gus"),
    last="2019-05-11",
)
HEARD = SoundEvidence(0.834, "Otto - Reef", 80.4, 31.0, 10.0, 0.61)

SEED = Seed("Otto - Reef", Track("Otto", "Reef"), 7, "recording")
OTHER = Seed("Fjord - Sill", Track("Fjord", "Sill"), 8, "recording")
UNKNOWN = Seed("nobody", None, None, "none")


def why(*seeds: Seed, lens: str = "goes_with", **known: object) -> str:
    """The reason for a track of which only `known` is known."""
    result = replace(Recommendation(1, Track("Mara", "Tide"), 0.5, sets=5), **known)
    return reason(result, seeds=seeds or (SEED,), lens=lens)


def told(evidence: Evidence, *seeds: Seed, lens: str = "goes_with", sets: int = 5) -> str:
    return why(*seeds, lens=lens, evidence=evidence, sets=sets)


def mix(keys: str = "", tempos: tuple[float, float] | None = None) -> Mix:
    pair = tuple(parse_key(text) for text in keys.split()) if keys else None
    return Mix(
        tempo_relation(*tempos) if tempos else None,
        key_compatibility(*pair) if pair else None,
        pair,
    )


class TestSets:
    """What DJs played together."""

    @pytest.mark.parametrize(
        ("evidence", "sentence"),
        [
            (MET, "Played by Ana and Bo in 3 sets with it, last 2021-06."),
            (
                OFTEN,
                "Played by 7 DJs in 9 sets with it, 3 times straight after (12x chance), "
                "last 2019-05.",
            ),
            (
                replace(MET, sets_together=1, djs=("Ana",)),
                "Played by Ana in 1 set with it, last 2021-06.",
            ),
            (
                replace(MET, djs=("Ana", "Bo", "Cy")),
                "Played by Ana, Bo and Cy in 3 sets with it, last 2021-06.",
            ),
            (replace(MET, last="2021"), "Played by Ana and Bo in 3 sets with it, last 2021."),
            (Evidence(sets_together=1240, lift=1.0), "Played in 1,240 sets with it."),
        ],
    )
    def test_who_how_often_and_when(self, evidence, sentence):
        assert told(evidence) == sentence

    def test_several_seeds_are_your_seeds(self):
        assert "in 3 sets with your seeds" in told(MET, SEED, OTHER)

    def test_one_seed_asked_twice_is_one(self):
        assert "with it" in told(MET, SEED, SEED)

    def test_a_seed_that_no_set_knows_is_not_claimed_to_be_in_one(self):
        by_artist = replace(OTHER, recording_id=None, rung="artist")
        assert "with it" in told(MET, SEED, by_artist)

    def test_sets_of_another_version_are_not_sets_of_the_seed(self):
        version = replace(SEED, rung="work")
        assert "in 3 sets with another version of it" in told(MET, version)

    @pytest.mark.parametrize(
        ("count", "words"), [(1, "once"), (2, "twice"), (3, "3 times"), (11, "11 times")]
    )
    def test_straight_after_and_straight_before_are_counted(self, count, words):
        assert f", {words} straight after" in told(replace(MET, right_after=count))
        assert f", {words} straight before" in told(replace(MET, right_before=count))

    def test_straight_after_is_the_stronger_fact(self):
        both = told(replace(MET, right_after=1, right_before=4))
        assert "once straight after" in both
        assert "before" not in both

    def test_chance_stands_beside_what_it_is_the_chance_of(self):
        assert "in 3 sets with it (7x chance)," in told(replace(MET, lift=7.2))
        after = replace(MET, right_after=2, lift=7.2, after_lift=30.0)
        assert "with it, twice straight after (30x chance)" in told(after)
        assert "with it (7x chance), twice straight after," in told(replace(after, after_lift=1.0))

    def test_chance_is_told_only_where_it_is_notable(self):
        assert "chance" not in told(replace(MET, lift=1.9))

    def test_one_meeting_is_no_ground_for_a_multiple_of_chance(self):
        assert "chance" not in told(replace(MET, sets_together=1, lift=300.0))
        assert "300x" not in told(replace(MET, right_after=1, after_lift=300.0))

    def test_what_is_played_in_the_same_kind_of_sets_only_is_said_to_be_so(self):
        assert told(Evidence(), sets=4) == "In the same kind of sets as it; in 4 sets here."


class TestNext:
    """Under the lens "next" the change of track is the fact."""

    def test_straight_after_comes_first(self):
        assert told(OFTEN, lens="next") == (
            "3 times straight after it (12x chance), played by 7 DJs in 9 sets with it, "
            "last 2019-05."
        )

    def test_it_is_the_last_seed(self):
        assert told(OFTEN, OTHER, SEED, lens="next") == told(OFTEN, SEED, lens="next")

    def test_an_unknown_last_seed_leaves_the_one_before(self):
        assert told(OFTEN, SEED, UNKNOWN, lens="next") == told(OFTEN, SEED, lens="next")

    def test_what_never_came_straight_after_is_told_as_under_the_other_lens(self):
        assert told(MET, lens="next") == told(MET)

    def test_the_rung_next_is_told_by_the_sets(self):
        label = replace(OFTEN, same_label="Quay")
        assert why(evidence=label, rung="next", lens="next").startswith("3 times straight after")


class TestCold:
    """A track that never met the seeds says by what it came."""

    @pytest.mark.parametrize(
        ("rung", "evidence", "sets", "sentence"),
        [
            ("artist", Evidence(same_artist=("Mara",)), 1, "Same artist, Mara; in 1 set here."),
            (
                "artist",
                Evidence(same_artist=("Mara", "Bix")),
                0,
                "Same artist, Mara & Bix; never in a set here.",
            ),
            ("label", Evidence(same_label="Quay"), 4, "Same label, Quay; in 4 sets here."),
            (
                "artist",
                Evidence(link=("Mara", "Otto", 6)),
                0,
                "Its artist Mara was played with Otto in 6 sets; never in a set here.",
            ),
            (
                "label",
                Evidence(link=("Mara", "Otto", 1), same_label="Quay"),
                2,
                "Same label, Quay; its artist Mara was played with Otto in 1 set; in 2 sets here.",
            ),
        ],
    )
    def test_artist_and_label(self, rung, evidence, sets, sentence):
        assert why(rung=rung, evidence=evidence, sets=sets) == sentence

    def test_a_shared_artist_is_the_better_reason_than_linked_ones(self):
        both = Evidence(same_artist=("Mara",), link=("Fjord", "Otto", 6))
        assert "Otto" not in why(rung="artist", evidence=both)

    def test_artist_and_label_come_after_common_sets(self):
        met = replace(MET, same_artist=("Mara",), same_label="Quay")
        assert told(met).endswith("last 2021-06; same artist, Mara; same label, Quay.")

    def test_that_djs_played_both_comes_before_a_shared_credit(self):
        met = replace(MET, same_label="Quay")
        assert why(rung="label", evidence=met).startswith("Played by Ana and Bo in 3 sets with it")

    def test_popularity_alone_is_no_tie(self):
        assert why(rung="popularity") == (
            "Nothing in the catalogue ties it to your seeds yet; in 5 sets here."
        )

    @pytest.mark.parametrize(("sets", "words"), [(9, "9 sets"), (1, "1 set")])
    def test_where_nothing_is_known_of_the_seeds_that_is_said(self, sets, words):
        assert why(UNKNOWN, sets=sets, rung="popularity") == (
            f"Nothing is known of your seeds; this is in {words}."
        )


class TestSound:
    """What a track sounds like."""

    def test_where_and_how_much(self):
        assert why(rung="sound", sound=HEARD, sets=0) == (
            "Sounds like it at 1:20 (83% alike); never in a set here."
        )

    def test_of_several_seeds_it_is_said_which(self):
        said = why(SEED, OTHER, rung="sound", sound=HEARD)
        assert said.startswith("Sounds like Otto - Reef at 1:20")

    def test_without_fragments_only_the_likeness_is_said(self):
        assert why(rung="sound", sets=0) == "Sounds like it; never in a set here."
        assert why(SEED, OTHER, rung="sound").startswith("Sounds like your seeds;")

    def test_a_file_is_itself_whatever_version_the_catalogue_holds(self):
        version = replace(SEED, rung="work", vector=np.ones(2, np.float32))
        assert "sounds like it at" in why(version, evidence=MET, parts={"sound": 0.4}, sound=HEARD)

    @pytest.mark.parametrize(("part", "is_said"), [(0.05, False), (0.2, True)])
    def test_beside_sets_it_is_said_where_it_counts(self, part, is_said):
        said = why(evidence=MET, parts={"sets": 0.5 - part, "sound": part}, sound=HEARD)
        assert ("sounds like it at 1:20" in said) is is_said
        assert said.startswith("Played by")

    @pytest.mark.parametrize(("cosine", "text"), [(1.0, "100%"), (-0.12, "0%"), (0.5, "50%")])
    def test_likeness_is_told_in_percent(self, cosine, text):
        assert f"({text} alike)" in why(rung="sound", sound=replace(HEARD, cosine=cosine))


class TestMix:
    """How it mixes stands last; what is unknown is left out."""

    @pytest.mark.parametrize(
        ("known", "said"),
        [
            (mix("8A 9A", (124.0, 122.53)), "8A to 9A, +1.2%"),
            (mix("8A 8A", (124.0, 124.0)), "both in 8A, same tempo"),
            (mix("8A 3B"), "8A to 3B"),
            (mix(tempos=(120.0, 123.0)), "-2.4%"),
            (mix(tempos=(174.0, 87.0)), "at half time"),
            (mix(tempos=(87.0, 172.0)), "+1.2% at double time"),
            (replace(mix("8A 9A"), keys=None), "one step up"),
        ],
    )
    def test_key_and_tempo(self, known, said):
        assert why(evidence=MET, mix=known).endswith(f"last 2021-06; {said}.")

    def test_unknown_is_left_out(self):
        assert why(evidence=MET, mix=Mix()).endswith("last 2021-06.")


def test_shared_tags_are_named():
    assert why(evidence=MET, tags=("Techno", "Acid")).endswith("; both Techno, Acid.")
    many = ("Techno", "Acid", "Dub", "Deep")
    assert why(evidence=MET, tags=many).endswith("; both Techno, Acid, Dub.")


@pytest.mark.parametrize("verdict", ["like", "dislike", "works", "clashes"])
def test_the_djs_own_word_comes_first(verdict):
    assert why(evidence=MET, verdict=verdict).startswith(f"You marked it: {verdict}; played by")


def test_of_many_facts_the_strongest_are_told():
    """A verdict, three ties and the mix are one sentence; a fourth tie is one too many."""
    evidence = replace(MET, same_artist=("Mara",), same_label="Quay")
    said = why(evidence=evidence, verdict="works", tags=("Techno",), mix=mix("8A 9A"), rung="sets")
    assert said == (
        "You marked it: works; played by Ana and Bo in 3 sets with it, last 2021-06; "
        "same artist, Mara; same label, Quay; 8A to 9A."
    )


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (600, "10:00")])
def test_a_place_in_a_track_is_minutes_and_seconds(seconds, text):
    assert clock(seconds) == text
