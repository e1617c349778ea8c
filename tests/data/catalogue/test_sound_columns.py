"""The numbers of all recordings as arrays."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from data.harmony import parse_key
from data.records import Track
from tests.data.catalogue.test_sound import ANALYSIS, NIGHT_BUS, piece, recording

LOW_TIDE = Track("Velour Parade", "Low Tide")


def test_columns_say_what_sound_says(catalogue):
    other = replace(ANALYSIS, bpm=87.25, key=parse_key("4B"), energy=0.1, windows=((1.0, 30.0),))
    catalogue.add_sound([piece("b", LOW_TIDE, analysis=other), piece("a", NIGHT_BUS)])

    found = catalogue.sound_columns()
    assert found.recording_ids.tolist() == sorted(found.recording_ids.tolist())
    alone = catalogue.sound(found.recording_ids.tolist())
    for place, ident in enumerate(found.recording_ids.tolist()):
        said = alone[ident]
        assert found.bpm[place] == np.float32(said.bpm)
        assert found.bpm_confidence[place] == np.float32(said.bpm_confidence)
        assert found.key[place] == said.key.traktor()
        assert found.key_confidence[place] == np.float32(said.key_confidence)
        assert found.energy[place] == np.float32(said.energy)
        assert found.windows[place] == len(said.windows)
        assert found.duration_s[place] == 361.5
        assert found.analysed[place]


def test_of_several_files_the_longest_that_was_analysed_speaks(catalogue):
    short = replace(ANALYSIS, bpm=100.0, duration_s=60.0)
    catalogue.add_sound(
        [
            piece("a", NIGHT_BUS, analysis=short, duration_s=60.0),
            piece("b", NIGHT_BUS, tags={"year": "1999", "genre": "House"}),
            piece("c", NIGHT_BUS, analysis=None, duration_s=900.0),
        ]
    )
    found = catalogue.sound_columns()
    assert found.recording_ids.tolist() == [recording(catalogue)]
    assert (found.bpm[0], found.duration_s[0]) == (128.0, 361.5)
    assert (found.year[0], found.genre[0]) == (1999.0, "House")


def test_what_is_not_known_is_marked(catalogue):
    silent = replace(ANALYSIS, bpm=None, key=None, windows=())
    catalogue.add_sound(
        [
            piece("a", NIGHT_BUS, analysis=silent, tags={"title": "year", "year": "soon"}),
            piece("b", LOW_TIDE, analysis=None),
            piece("c"),
        ]
    )
    found = catalogue.sound_columns()
    assert found.analysed.tolist() == [True, False]
    assert np.isnan(found.bpm).all()
    assert found.key.tolist() == [-1, -1]
    assert found.windows.tolist() == [0.0, 0.0]
    assert np.isnan(found.year).all()
    assert found.genre.tolist() == ["", ""]
    assert (math.isnan(found.energy[1]), found.key_confidence[1]) == (True, 0.0)


def test_tags_that_no_database_takes_harm_nothing(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS, tags={"year": "2001", "genre": "Düb\x00 \ud800"})])
    found = catalogue.sound_columns()
    assert (found.year.tolist(), found.genre.tolist()) == ([2001.0], ["Düb\x00 \ud800"])


def test_without_audio_there_are_none(catalogue):
    found = catalogue.sound_columns()
    assert (len(found.recording_ids), found.key.dtype, found.bpm.dtype) == (0, np.int8, np.float32)
