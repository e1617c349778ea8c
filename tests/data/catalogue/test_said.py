"""What a DJ's software says of recordings, and how it stands beside what was measured."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from data.catalogue.said import Said
from data.harmony import parse_key
from data.records import Analysis, Entry, Track
from tests.data.catalogue.test_sound import ANALYSIS, NIGHT_BUS, piece, recording

LOW_TIDE = Track("Odd Heron", "Low Tide")
SAID = Entry(NIGHT_BUS, bpm=125.0, key=parse_key("9A"), duration_s=300.0, year=2019, comment="peak")


def say(catalogue, *entries: Entry, by: str = "rekordbox") -> list[int]:
    crate = catalogue.add_playlist("Friday", entries, said_by=by)
    return catalogue.crate(crate.crate_id)


def spoken(catalogue, *entries: Entry, by: str = "rekordbox") -> Analysis:
    [ident] = say(catalogue, *entries, by=by)
    return catalogue.sound([ident])[ident]


def same(one: Analysis, other: Analysis) -> bool:
    """NaN is not equal to itself, but both were left unknown."""
    return repr(one) == repr(other)


def test_what_a_program_says_is_kept_by_program(catalogue):
    [ident] = say(catalogue, SAID)
    say(catalogue, replace(SAID, bpm=126.0, key=None), by="traktor")
    assert catalogue.said([ident, 99]) == {
        ident: [
            Said("rekordbox", 125.0, parse_key("9A"), 300.0, 2019),
            Said("traktor", 126.0, None, 300.0, 2019),
        ]
    }


def test_nothing_is_kept_where_nobody_stands_for_it(catalogue):
    [ident] = say(catalogue, SAID, by="")
    assert catalogue.said([ident]) == {}
    assert catalogue.sound([ident]) == {}


def test_a_second_import_of_the_same_changes_nothing(catalogue):
    [ident] = say(catalogue, SAID)
    before = catalogue.changes(), catalogue.said([ident])
    assert say(catalogue, SAID) == [ident]
    assert (catalogue.changes(), catalogue.said([ident])) == before


def test_a_later_import_replaces_what_the_same_program_said(catalogue):
    [ident] = say(catalogue, SAID)
    before = catalogue.changes()
    say(catalogue, Entry(NIGHT_BUS, bpm=124.0))
    assert catalogue.said([ident]) == {ident: [Said("rekordbox", 124.0)]}
    assert catalogue.changes() > before


def test_an_entry_that_says_nothing_leaves_what_was_said(catalogue):
    [ident] = say(catalogue, SAID)
    say(catalogue, Entry(NIGHT_BUS, comment="again"))
    assert catalogue.said([ident])[ident][0].bpm == 125.0


def test_of_two_entries_of_a_recording_the_first_that_says_something_counts(catalogue):
    rows = (Entry(NIGHT_BUS), SAID, replace(SAID, bpm=99.0))
    assert spoken(catalogue, *rows).bpm == 125.0


@pytest.mark.parametrize("bpm", [0.0, 39.9, 250.1, math.nan, math.inf, -125.0])
def test_a_tempo_that_no_track_has_is_not_taken(catalogue, bpm):
    heard = spoken(catalogue, replace(SAID, bpm=bpm))
    assert (heard.bpm, heard.bpm_confidence) == (None, 0.0)
    assert heard.key == parse_key("9A")


@pytest.mark.parametrize(("duration", "year"), [(0.0, 0), (-3.0, 99), (math.inf, 20190)])
def test_a_length_or_year_that_no_track_has_is_not_taken(catalogue, duration, year):
    [ident] = say(catalogue, replace(SAID, duration_s=duration, year=year))
    assert catalogue.said([ident])[ident] == [Said("rekordbox", 125.0, parse_key("9A"))]


def test_of_a_recording_without_audio_only_that_is_known(catalogue):
    heard = spoken(catalogue, SAID)
    assert (heard.bpm, heard.key, heard.duration_s) == (125.0, parse_key("9A"), 300.0)
    assert (heard.bpm_confidence, heard.key_confidence) == (1.0, 1.0)
    assert heard.provenance == {"bpm": "rekordbox", "key": "rekordbox"}
    assert (heard.measured_bpm, heard.measured_key) == (None, None)
    assert (heard.bpm_alternatives, heard.windows, heard.analyser) == ((), (), "")
    assert math.isnan(heard.energy) and math.isnan(heard.loudness_lufs)
    assert catalogue.stats().analysed == 0


def test_a_recording_of_which_only_the_year_is_said_has_no_sound(catalogue):
    [ident] = say(catalogue, Entry(NIGHT_BUS, year=2001))
    assert catalogue.sound([ident]) == {}
    assert catalogue.sound_columns().year.tolist() == [2001.0]


def test_the_word_of_dj_software_stands_before_the_measure_which_is_kept(catalogue):
    measured = replace(
        ANALYSIS,
        bpm=62.0,
        measured_bpm=62.0,
        measured_key=parse_key("8A"),
        bpm_alternatives=(125.1,),
    )
    catalogue.add_sound([piece("a", NIGHT_BUS, analysis=measured)])
    heard = spoken(catalogue, SAID)
    assert same(
        heard,
        replace(
            measured,
            bpm=125.0,
            bpm_confidence=1.0,
            bpm_alternatives=(62.0,),
            key=parse_key("9A"),
            key_confidence=1.0,
            key_runner_up=parse_key("8A"),
            provenance={"bpm": "rekordbox", "key": "rekordbox"},
        ),
    )


def test_a_measure_that_agrees_is_no_alternative(catalogue):
    agreeing = replace(ANALYSIS, measured_bpm=125.4, measured_key=parse_key("9A"))
    catalogue.add_sound([piece("a", NIGHT_BUS, analysis=agreeing)])
    heard = spoken(catalogue, SAID)
    assert heard.bpm_alternatives == (64.0, 256.0)
    assert heard.key_runner_up == ANALYSIS.key_runner_up


def test_what_a_program_does_not_say_stays_as_measured(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS)])
    heard = spoken(catalogue, Entry(NIGHT_BUS, key=parse_key("9A")))
    assert (heard.bpm, heard.bpm_confidence) == (ANALYSIS.bpm, ANALYSIS.bpm_confidence)
    assert heard.provenance == {"bpm": "tag", "key": "rekordbox"}
    assert heard.duration_s == ANALYSIS.duration_s


def test_rekordbox_comes_before_traktor_value_by_value(catalogue):
    say(catalogue, Entry(NIGHT_BUS, bpm=126.0, key=parse_key("1A"), duration_s=9.0), by="traktor")
    heard = spoken(catalogue, Entry(NIGHT_BUS, bpm=125.0))
    assert (heard.bpm, heard.key, heard.duration_s) == (125.0, parse_key("1A"), 9.0)
    assert heard.provenance == {"bpm": "rekordbox", "key": "traktor"}


def test_what_is_said_goes_with_its_recording(catalogue):
    [ident] = say(catalogue, SAID)
    [crate] = catalogue.crates()
    with catalogue._database.writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM crate_items WHERE crate_id = {crate.id}")
        connection.exec_driver_sql(f"DELETE FROM recording_artists WHERE recording_id = {ident}")
        connection.exec_driver_sql(f"DELETE FROM recordings WHERE id = {ident}")
    assert catalogue.said([ident]) == {}


def test_columns_say_the_same_as_sound(catalogue):
    catalogue.add_sound(
        [
            piece("a", NIGHT_BUS, tags={"year": "1999", "genre": "House"}),
            piece("b", Track("Mara Vale", "Only Heard")),
            piece("c", Track("Mara Vale", "Not Analysed"), analysis=None),
        ]
    )
    say(catalogue, SAID, Entry(LOW_TIDE, bpm=99.5, year=2003), Entry(Track("X Y", "Z"), year=1950))
    say(catalogue, Entry(LOW_TIDE, bpm=100.0, key=parse_key("2B")), by="traktor")

    found = catalogue.sound_columns()
    ids = found.recording_ids.tolist()
    alone = catalogue.sound(ids)
    assert len(ids) == 5 and ids == sorted(ids)
    for place, ident in enumerate(ids):
        if ident not in alone:
            assert math.isnan(found.bpm[place]) and found.key[place] == -1
            continue
        heard = alone[ident]
        assert found.bpm[place] == np.float32(heard.bpm)
        assert found.bpm_confidence[place] == np.float32(heard.bpm_confidence)
        assert found.key[place] == (-1 if heard.key is None else heard.key.traktor())
        assert found.key_confidence[place] == np.float32(heard.key_confidence)
        assert np.array_equal(found.energy[place], np.float32(heard.energy), equal_nan=True)
        assert np.array_equal(found.duration_s[place], np.float32(heard.duration_s), equal_nan=True)
        assert found.windows[place] == len(heard.windows)
        assert found.analysed[place] == bool(heard.analyser)
    at = {ident: place for place, ident in enumerate(ids)}
    bus, tide = at[recording(catalogue)], at[catalogue.find(LOW_TIDE)]
    assert (found.year[bus], found.genre[bus]) == (1999.0, "House")
    assert (found.year[tide], found.genre[tide]) == (2003.0, "")
    assert sorted(found.heard.tolist()) == [False, False, True, True, True]
    assert found.owned.all()
    assert (found.bpm.dtype, found.key.dtype, found.owned.dtype) == (np.float32, np.int8, bool)


def test_only_files_are_playable(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS)])
    ids = say(catalogue, Entry(NIGHT_BUS, bpm=120.0), Entry(LOW_TIDE, bpm=121.0))
    assert set(catalogue.sound(ids)) == set(ids)
    assert catalogue.playable([*ids, 99]) == {recording(catalogue)}
