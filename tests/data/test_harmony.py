"""Keys in every notation a DJ meets, and how keys and tempos go together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.harmony import (
    NOTATIONS,
    Key,
    key_compatibility,
    key_grades,
    parse_key,
    tempo_changes,
    tempo_relation,
)

# Camelot, Open Key, classic names, Traktor's number: the published wheel, written out.
WHEEL = """
8B 1d C 0      | 3B 8d Db,C# 1    | 10B 3d D 2      | 5B 10d Eb,D# 3
12B 5d E 4     | 7B 12d F 5       | 2B 7d F#,Gb 6   | 9B 2d G 7
4B 9d Ab,G# 8  | 11B 4d A 9       | 6B 11d Bb,A# 10 | 1B 6d B 11
5A 10m Cm 12   | 12A 5m C#m,Dbm 13 | 7A 12m Dm 14   | 2A 7m Ebm,D#m 15
9A 2m Em 16    | 4A 9m Fm 17      | 11A 4m F#m,Gbm 18 | 6A 11m Gm 19
1A 6m G#m,Abm 20 | 8A 1m Am 21    | 3A 8m Bbm,A#m 22 | 10A 3m Bm 23
"""
ROWS = [cell.split() for cell in WHEEL.replace("\n", "|").split("|") if cell.strip()]
KEYS = [Key(pitch, mode) for mode in ("major", "minor") for pitch in range(12)]


def test_the_wheel_has_all_24_keys():
    assert len({Key.from_traktor(int(row[3])) for row in ROWS}) == 24


@pytest.mark.parametrize(("camelot", "open_key", "classic", "traktor"), ROWS)
def test_every_key_has_its_published_name_in_every_notation(camelot, open_key, classic, traktor):
    names = classic.split(",")
    key = Key.from_traktor(int(traktor))
    assert (key.camelot(), key.open_key(), key.traktor()) == (camelot, open_key, int(traktor))
    assert key.classic() == names[0]
    assert {parse_key(name) for name in (camelot, open_key, *names)} == {key}


def test_a_key_is_written_in_the_notation_that_the_dj_chose():
    keys = (Key(9, "minor"), Key(6, "major"), Key(1, "minor"))
    assert [[key.written(notation) for key in keys] for notation in NOTATIONS] == [
        ["8A", "2B", "12A"],
        ["1m", "7d", "5m"],
        ["Am", "F#", "C#m"],
    ]
    with pytest.raises(ValueError, match="camelot, open_key, classic"):
        keys[0].written("latin")


@pytest.mark.parametrize("key", KEYS, ids=Key.classic)
def test_what_is_written_is_read_back(key):
    assert [parse_key(key.written(notation)) for notation in NOTATIONS] == [key] * 3
    assert parse_key(key.classic()) == key
    assert parse_key(key.camelot()) == key
    assert parse_key(key.open_key()) == key
    assert Key.from_traktor(key.traktor()) == key


@pytest.mark.parametrize(
    ("text", "classic"),
    [
        ("A minor", "Am"),
        ("a min", "Am"),
        ("AM", "A"),
        ("Am", "Am"),
        ("A", "A"),
        ("A major", "A"),
        ("Gb maj", "F#"),
        ("F♯", "F#"),
        ("B♭m", "Bbm"),
        ("B b", "Bb"),
        ("Bb minor", "Bbm"),
        ("bb", "Bb"),
        ("b", "B"),
        ("Abmin", "G#m"),
        ("A-flat minor", "G#m"),
        ("C sharp", "Db"),
        ("Cb", "B"),
        ("E#", "F"),
        ("G#m/Abm", "G#m"),
        ("08A", "Am"),
        (" 8a ", "Am"),
        ("1M", "Am"),
        ("01d", "C"),
        ("12D", "F"),
    ],
)
def test_other_spellings_are_understood(text, classic):
    parsed = parse_key(text)
    assert parsed is not None
    assert parsed.classic() == classic


@pytest.mark.parametrize(
    "text", ["", "H", "0A", "13A", "8C", "A8", "Amm", "C#m/Dm", "A/", "1", "minor", "off", "8A 9A"]
)
def test_what_is_no_key_is_none(text):
    assert parse_key(text) is None


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_can_be_asked(text):
    assert parse_key(text) is None or parse_key(text) in KEYS


def test_a_key_out_of_range_says_which_argument():
    with pytest.raises(ValueError, match="pitch_class must be 0 to 11"):
        Key(12, "major")
    with pytest.raises(ValueError, match="mode must be"):
        Key(0, "dorian")
    with pytest.raises(ValueError, match="0 to 23"):
        Key.from_traktor(24)


@pytest.mark.parametrize(
    ("a", "b", "score", "name"),
    [
        ("8A", "8A", 1.0, "same key"),
        ("8A", "8B", 0.9, "relative major"),
        ("8B", "8A", 0.9, "relative minor"),
        ("8A", "9A", 0.9, "one step up"),
        ("1A", "12A", 0.9, "one step down"),
        ("12B", "1B", 0.9, "one step up"),
        ("8A", "9B", 0.55, "diagonal up"),
        ("8A", "7B", 0.55, "diagonal down"),
        ("8A", "10A", 0.45, "two steps up"),
        ("1B", "11B", 0.45, "two steps down"),
        ("8A", "3A", 0.3, "semitone up"),
        ("8A", "1A", 0.3, "semitone down"),
        ("8A", "2A", 0.1, "clash"),
        ("8A", "11B", 0.1, "clash"),
    ],
)
def test_keys_are_graded_by_their_way_round_the_wheel(a, b, score, name):
    relation = key_compatibility(parse_key(a), parse_key(b))
    assert (relation.score, relation.name) == (score, name)


def test_a_semitone_up_is_one_pitch_class_up():
    up = key_compatibility(Key(9, "minor"), Key(10, "minor"))
    assert up.name == "semitone up"


@pytest.mark.parametrize("a", KEYS, ids=Key.classic)
def test_grades_are_the_same_both_ways_and_never_zero(a):
    for b in KEYS:
        there, back = key_compatibility(a, b), key_compatibility(b, a)
        assert there.score == back.score
        assert 0 < there.score <= 1
        assert (there.score == 1) == (a == b)


def test_an_unknown_key_is_neutral():
    assert key_compatibility(None, Key(0, "major")) is None
    assert key_compatibility(Key(0, "major"), None) is None


@pytest.mark.parametrize(
    ("a", "b", "kind", "percent"),
    [
        (128, 128, "same", 0.0),
        (128, 125, "same", 2.4),
        (120, 125, "same", -4.0),
        (87, 174, "double", 0.0),
        (174, 87, "half", 0.0),
        (140, 72, "half", -2.777778),
        (70, 138, "double", 1.449275),
    ],
)
def test_tempo_counts_half_and_double_time(a, b, kind, percent):
    relation = tempo_relation(a, b)
    assert (relation.kind, relation.percent) == (kind, percent)
    assert relation.ratio == b / a


def test_octaves_can_be_left_out():
    assert tempo_relation(87, 174, octaves=False).kind == "same"
    assert tempo_relation(87, 174, octaves=False).percent == -50


@settings(deadline=None)
@given(st.floats(40, 250), st.floats(40, 250))
def test_pitching_by_the_percent_makes_the_tempos_meet(a, b):
    relation = tempo_relation(a, b)
    factor = {"same": 1, "half": 0.5, "double": 2}[relation.kind]
    assert b * (1 + relation.percent / 100) == pytest.approx(a * factor, rel=1e-6)


@pytest.mark.parametrize("tempo", [0, -1, float("nan"), float("inf")])
def test_a_tempo_that_is_none_is_refused(tempo):
    with pytest.raises(ValueError, match="tempo above 0"):
        tempo_relation(128, tempo)


def test_the_table_of_keys_holds_the_grades_of_every_two_keys():
    grades = key_grades()
    assert grades.shape == (24, 24)
    for a in KEYS:
        for b in KEYS:
            assert grades[a.traktor(), b.traktor()] == np.float32(key_compatibility(a, b).score)


def test_the_table_of_keys_cannot_be_spoiled_by_who_reads_it():
    key_grades()[:] = 0
    assert key_grades().min() > 0


TEMPO = st.floats(20, 400)


@settings(deadline=None)
@given(TEMPO, st.lists(TEMPO, min_size=1, max_size=8), st.booleans())
def test_many_tempos_change_by_what_each_of_them_does(a, tempos, octaves):
    alone = [tempo_relation(a, b, octaves=octaves).percent for b in tempos]
    assert tempo_changes(a, tempos, octaves=octaves).tolist() == alone


def test_tempos_are_compared_each_with_each():
    changes = tempo_changes(np.array([[128.0], [100.0]]), np.array([128.0, 64.0, 125.0]))
    assert changes.tolist() == [[0, 0, 2.4], [-21.875, -21.875, -20]]


def test_an_unknown_tempo_changes_by_nobody_knows_what():
    assert np.isnan(tempo_changes(float("nan"), [128])).all()
    assert np.isnan(tempo_changes(128, [float("nan")])).all()


def test_half_time_begins_where_it_is_nearer_than_the_same_time():
    assert tempo_relation(100, 141).kind == "same"
    assert tempo_relation(100, 142).kind == "double"
    assert tempo_relation(100, 71).kind == "same"
    assert tempo_relation(100, 70).kind == "half"
