"""Two passages of one tempo are laid so that their beats fall together."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.audio.beatmatch import Beat, Grid, meeting_place, passage_beat
from tests.audio_files import RATE, music

BEAT = RATE // 2  # at 120


def clicks(first_s: float, bpm: float = 120, seconds: float = 20) -> NDArray[np.float32]:
    track = np.zeros(round(seconds * RATE), np.float32)
    track[(np.arange(first_s, seconds - 0.1, 60 / bpm) * RATE).astype(int)] = 0.9
    return track


def off_the_beat_ms(place: int, playing_s: float, coming_s: float) -> float:
    off = (place / RATE + coming_s - playing_s + 0.25) % 0.5 - 0.25
    return abs(off) * 1000


def test_the_tempo_of_a_passage_is_sharper_than_its_tag() -> None:
    beat = passage_beat(music(20, bpm=126)[:, 0], 127.0, sample_rate=RATE)
    assert beat is not None and beat.start_s is not None
    assert beat.bpm == pytest.approx(126, abs=0.05)
    assert min(beat.start_s, 60 / 126 - beat.start_s) < 0.02


def test_the_known_tempo_says_which_reading_of_the_beat_is_meant() -> None:
    track = music(20, bpm=87)[:, 0]
    for known in (87.0, 174.0):
        beat = passage_beat(track, known, sample_rate=RATE)
        assert beat is not None and beat.bpm == pytest.approx(known, rel=2e-3)


def test_a_passage_without_its_beat_has_the_tempo_of_its_track() -> None:
    pad = np.sin(np.arange(10 * RATE) / 30).astype(np.float32)
    assert passage_beat(pad, 124.0, sample_rate=RATE) == Beat(124.0)
    assert passage_beat(pad, None, sample_rate=RATE) is None
    # 126 is not 97, whatever was heard.
    assert passage_beat(music(20, bpm=126)[:, 0], 97.0, sample_rate=RATE) == Beat(97.0)


@pytest.mark.parametrize(("one", "other"), [(0.1, 0.1), (0.2, 0.45), (0.43, 0.05), (0.0, 0.31)])
def test_clicks_fall_on_clicks(one: float, other: float) -> None:
    place = meeting_place(
        clicks(one),
        clicks(other, seconds=8),
        sample_rate=RATE,
        earliest=8 * RATE,
        latest=10 * RATE,
    )
    assert 8 * RATE <= place <= 10 * RATE
    assert off_the_beat_ms(place, one, other) < 3


def test_within_a_bar_claps_fall_on_claps() -> None:
    bar = np.zeros(4 * BEAT, np.float32)
    t = np.arange(2000)
    noise = np.random.default_rng(0).standard_normal(2000) * np.exp(-t / 400) * 0.5
    for beat in range(4):
        kick = np.sin(2 * np.pi * 60 * t / RATE) * np.exp(-t / 700)
        bar[beat * BEAT : beat * BEAT + 2000] += kick
    bar[3 * BEAT : 3 * BEAT + 2000] += noise
    playing, coming = np.tile(bar, 8), np.tile(np.roll(bar, 2 * BEAT), 4)
    place = meeting_place(
        playing, coming, sample_rate=RATE, earliest=2 * 4 * BEAT, latest=3 * 4 * BEAT - BEAT // 2
    )
    assert place == pytest.approx(10 * BEAT, abs=RATE // 300)


def test_what_is_known_of_the_beats_goes_before_hats_that_fall_on_kicks() -> None:
    """Two trains of clicks, every second one louder: the loud ones are said to be no beats."""
    playing = clicks(0, 240)
    coming = clicks(0, 120, seconds=8)
    where = {"sample_rate": RATE, "earliest": 4 * RATE, "latest": 6 * RATE}
    place = meeting_place(playing, coming, **where, grid=Grid(0.5, 0.25))
    assert off_the_beat_ms(place, 0.25, 0) < 3
    # A grid that the sounds do not confirm is still the better guess.
    odd = meeting_place(clicks(0), coming, **where, grid=Grid(0.5, 0.12))
    assert off_the_beat_ms(odd, 0.12, 0) < 8


def test_bars_that_are_only_counted_give_way_to_bars_that_are_heard() -> None:
    where = {"sample_rate": RATE, "earliest": 5 * RATE, "latest": 7 * RATE - 1}
    counted = Grid(0.5, 0.5, 4)  # at 0.5, 2.5, 4.5, 6.5 s
    plain, coming = clicks(0), clicks(0, seconds=8)
    assert meeting_place(plain, coming, **where, grid=counted) == pytest.approx(
        6.5 * RATE, abs=RATE // 300
    )
    broken, broken_coming = clicks(0), clicks(0, seconds=8)
    for track in (broken, broken_coming):
        track.reshape(-1, 4 * BEAT)[:, BEAT : 3 * BEAT] = 0  # Beats 1 and 4 of each bar.
    assert meeting_place(broken, broken_coming, **where, grid=counted) == pytest.approx(
        6 * RATE, abs=RATE // 300
    )


def test_where_nothing_begins_the_latest_place_is_as_good_as_any() -> None:
    silence = np.zeros(10 * RATE, np.float32)
    assert meeting_place(silence, silence, sample_rate=RATE, earliest=5, latest=900) == 900
    short = np.zeros(10, np.float32)
    assert meeting_place(short, short, sample_rate=RATE, earliest=0, latest=0) == 0
