"""How a result mixes with the seed that it mixes with best."""

from __future__ import annotations

import pytest

from data.harmony import KeyRelation, parse_key, tempo_relation
from data.records import Mix
from hybrid.mixing import mixes
from tests.hybrid.asked import camelot, made_asked
from tests.hybrid.facts import made_facts


def mix(bpm, key, *asked, **options):
    facts = made_facts(2, bpm=[99, bpm], key=[0, camelot(key)])
    (found,) = mixes([1], facts, made_asked(*asked, **options))
    return found


def test_tempo_and_key_are_told_as_from_the_seed_to_the_track():
    found = mix(125, "9A", [128], ["8A"])
    assert found.tempo == tempo_relation(128, 125)
    assert found.tempo.percent == pytest.approx(2.4)
    assert found.key == KeyRelation(0.9, "one step up")
    assert found.keys == (parse_key("8A"), parse_key("9A"))


def test_half_time_is_labelled():
    assert mix(64, None, [128]).tempo.kind == "half"


@pytest.mark.parametrize(
    ("bpm", "key", "tempo", "keys"),
    [(None, "8A", False, True), (128, None, True, False), (None, None, False, False)],
)
def test_what_is_unknown_is_left_out(bpm, key, tempo, keys):
    for found in (mix(bpm, key, [128], ["8A"]), mix(128, "8A", [bpm], [key])):
        assert (found.tempo is not None) == tempo
        assert (found.key is not None) == (found.keys is not None) == keys


def test_without_seeds_there_is_nothing_to_tell():
    assert mix(128, "8A") == Mix()


def test_of_several_seeds_it_is_the_one_it_mixes_with_best():
    assert mix(128, "8A", [100, 126], ["8A", "9A"]).keys[0] == parse_key("9A")
    assert mix(128, "8A", [128, 127], ["2A", "8A"]).keys[0] == parse_key("8A")


def test_tempo_and_key_are_those_of_one_seed():
    found = mix(128, "8A", [128, 140], ["3B", "8A"])
    assert found.tempo == tempo_relation(128, 128)
    assert found.keys[0] == parse_key("3B")


def test_a_seed_of_which_something_is_known_comes_before_one_of_which_nothing_is():
    found = mix(128, "8A", [None, 150], [None, "3B"])
    assert found.keys[0] == parse_key("3B")


def test_of_equal_seeds_it_is_the_first():
    found = mix(128, None, [128, 64])
    assert found.tempo.kind == "same"
    assert mix(128, None, [64, 128]).tempo.kind == "double"


def test_under_next_it_is_the_last_seed():
    found = mix(128, "8A", [128, 140], ["8A", "3B"], lens="next")
    assert found.tempo == tempo_relation(140, 128)
    assert found.keys[0] == parse_key("3B")


def test_every_row_has_its_own():
    facts = made_facts(3, bpm=[128, 64, None])
    found = mixes([2, 0, 1], facts, made_asked([128]))
    assert [m.tempo and m.tempo.kind for m in found] == [None, "same", "half"]
    assert mixes([], facts, made_asked([128])) == []
