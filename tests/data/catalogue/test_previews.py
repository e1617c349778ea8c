"""Clips that services of the web lend: heard where there is no file, and never learned from."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from data.catalogue import Sound
from data.records import Entry, Track
from tests.data.catalogue.test_sound import ANALYSIS, NIGHT_BUS, piece, recording, vectors

LOW_TIDE = Track("Odd Heron", "Low Tide")
CLIP = replace(ANALYSIS, bpm=99.0, duration_s=30.0)


def clip(track: Track = NIGHT_BUS, ident: str = "17", **more) -> Sound:
    given = {"duration_s": 30.0, "analysis": CLIP, "embedding": vectors(7), **more}
    return Sound(f"preview:deezer:{ident}", None, track, origin="preview", **given)


def vector_of(catalogue, track: Track = NIGHT_BUS) -> np.ndarray:
    with catalogue.heard() as heard:
        for ids, matrix in heard.parts("segue", "1"):
            return matrix[ids.tolist().index(recording(catalogue, track))]
    raise AssertionError


def lent(catalogue) -> list[int]:
    with catalogue.heard() as heard:
        return heard.previewed("segue", "1").tolist()


def test_a_clip_is_taken_without_a_file_and_can_be_found_by_its_vector(catalogue):
    catalogue.add_sound([clip()])
    ident = recording(catalogue)
    heard = catalogue.sound([ident])[ident]
    assert (heard.bpm, heard.energy, heard.windows) == (99.0, CLIP.energy, CLIP.windows)
    assert np.array_equal(vector_of(catalogue), vectors(7).vector)
    assert ident in catalogue.recording_fragments([ident], "segue", "1")
    assert lent(catalogue) == [ident]


def test_length_and_grid_of_a_clip_are_not_those_of_the_recording(catalogue):
    catalogue.add_sound([clip()])
    ident = recording(catalogue)
    heard, columns = catalogue.sound([ident])[ident], catalogue.sound_columns()
    assert math.isnan(heard.duration_s) and heard.beat_start_s is None
    assert math.isnan(columns.duration_s[0])
    assert (columns.bpm[0], columns.analysed[0], columns.owned[0]) == (99.0, True, False)
    catalogue.add_playlist("Friday", [Entry(NIGHT_BUS, duration_s=300.0)], said_by="traktor")
    assert catalogue.sound([ident])[ident].duration_s == 300.0
    assert catalogue.sound_columns().duration_s[0] == 300.0


def test_a_clip_is_nothing_to_play_from_a_file(catalogue):
    catalogue.add_sound([clip()])
    ident = recording(catalogue)
    assert catalogue.playable([ident]) == set()
    assert catalogue.audio_path(ident) is None


def test_any_file_speaks_before_a_clip_however_short(catalogue):
    short = {"analysis": replace(ANALYSIS, duration_s=20.0), "duration_s": 20.0}
    catalogue.add_sound([clip(), piece("a", NIGHT_BUS, **short)])
    ident = recording(catalogue)
    assert catalogue.sound([ident])[ident] == short["analysis"]
    columns = catalogue.sound_columns()
    assert (columns.bpm[0], columns.duration_s[0], columns.owned[0]) == (128.0, 20.0, True)
    assert np.array_equal(vector_of(catalogue), vectors().vector)
    [fragments] = catalogue.recording_fragments([ident], "segue", "1").values()
    assert np.array_equal(fragments.vector, vectors().vector)
    assert lent(catalogue) == []


def test_a_clip_speaks_where_a_file_could_not_be_analysed(catalogue):
    catalogue.add_sound([clip(), piece("a", NIGHT_BUS, analysis=None, embedding=None)])
    ident = recording(catalogue)
    assert catalogue.sound([ident])[ident].bpm == 99.0
    columns = catalogue.sound_columns()
    assert (columns.bpm[0], columns.owned[0]) == (99.0, True)
    assert lent(catalogue) == [ident]


def test_only_what_a_clip_alone_speaks_for_is_lent(catalogue):
    catalogue.add_sound([clip(), clip(LOW_TIDE, "18"), piece("a", LOW_TIDE)])
    catalogue.add_sound([piece("b", Track("Mara Vale", "Own"))])
    assert lent(catalogue) == [recording(catalogue)]
    with catalogue.heard() as heard:
        assert heard.previewed("segue", "2").tolist() == []


def test_the_same_clip_again_is_the_same_audio_and_all_clips_can_go(catalogue):
    catalogue.add_sound([clip()])
    catalogue.add_sound([clip()])
    [held] = catalogue.holdings().sound
    assert (held.origin, held.pieces, held.recordings) == ("preview", 1, 1)
    assert catalogue.clear_sound("preview") == 1
    assert catalogue.find(NIGHT_BUS) is None
