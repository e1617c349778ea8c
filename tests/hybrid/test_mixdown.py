"""A transition that one can hear: on the beat, at one loudness, without a break."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.errors import SegueError
from hybrid.mixdown import LONGEST_S, MOST_PERCENT, Transition, match_tempos, transition
from tests.audio_files import RATE, cut, write
from tests.audio_files import music as make_music

Floats = NDArray[np.float32]

#: The same few pieces are mixed again and again.
music = cache(make_music)


def clicks(bpm: float, first_s: float, seconds: float = 50.0, *, wave: float = 1.0) -> Floats:
    """Clicks of one sample, of positive or of negative sign."""
    track = np.zeros(round(seconds * RATE), np.float32)
    track[(np.arange(first_s, seconds - 0.1, 60 / bpm) * RATE).astype(int)] = 0.8 * wave
    return track


def tone(hz: float, seconds: float = 40.0, *, level: float = 0.3, rate: int = RATE) -> Floats:
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(
        np.float32
    )


def noise(seconds: float = 40.0, *, level: float = 0.2, seed: int = 0) -> Floats:
    drawn = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return np.clip(level * drawn, -1, 1).astype(np.float32)


def heard(mix: Transition) -> Floats:
    samples, rate = soundfile.read(io.BytesIO(mix.data), dtype="float32")
    assert rate == RATE and samples.ndim == 1
    assert len(samples) / RATE == pytest.approx(mix.length_s, abs=1e-6)
    assert soundfile.info(io.BytesIO(mix.data)).subtype == "PCM_16"
    return samples


def loudness_db(samples: Floats) -> NDArray[np.float64]:
    """Level of each half second."""
    step = RATE // 2
    pieces = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    return 20 * np.log10(np.maximum(pieces.std(axis=1), 1e-9))


def test_clicks_of_120_and_126_fall_together_through_the_whole_fade(tmp_path: Path) -> None:
    one = write(tmp_path, "wav", clicks(120, 0.21), name="one.wav")
    other = write(tmp_path, "wav", clicks(126, 0.37, wave=-1), name="other.wav")
    mix = transition(one, other, first_bpm=120, second_bpm=126)
    samples = heard(mix)
    assert mix.match.rate == pytest.approx(120 / 126, abs=1e-4)
    assert mix.match.note == "The second track plays 4.8% slower, so that the beats meet."
    assert (mix.length_s, mix.fade_s) == (30, pytest.approx(16, abs=0.01))
    # Near its ends, one of the two has been faded away.
    start, end = mix.fade_start_s + 2, mix.fade_start_s + mix.fade_s - 2
    both = samples[round(start * RATE) : round(end * RATE)]
    ups, downs = np.flatnonzero(both > 0.03) / RATE, np.flatnonzero(both < -0.03) / RATE
    assert len(ups) >= 23 and len(downs) >= 23
    inner = ups[(ups > 0.25) & (ups < end - start - 0.25)]
    apart = np.abs(inner[:, None] - downs).min(axis=1)
    assert apart.max() < 0.015
    assert np.abs(np.diff(ups) - 0.5).max() < 0.002
    # After the fade the second goes on, at the tempo of the first.
    after = np.flatnonzero(samples[round((end + 2.1) * RATE) : -RATE // 2] < -0.1) / RATE
    assert len(after) >= 11
    assert np.abs(np.diff(after) - 0.5).max() < 0.012


@pytest.mark.parametrize("seconds", [48.0, 48.5, 49.0, 49.5])
def test_bars_fall_on_bars_counted_from_where_the_music_starts(
    seconds: float, tmp_path: Path
) -> None:
    """Nothing but their sign, which nobody hears, tells the first click of a bar."""
    paths = []
    for name, bpm, first_s in (("one", 120, 0.21), ("other", 126, 3.37)):
        track = clicks(bpm, first_s, seconds, wave=-1)
        at = np.flatnonzero(track)[::4]
        track[at] *= -1
        paths.append(write(tmp_path, "wav", track, name=f"{name}.wav"))
    mix = transition(*paths, first_bpm=120, second_bpm=126)
    samples = heard(mix)
    bars = np.flatnonzero(samples > 0.1) / RATE
    before = bars[bars < mix.fade_start_s]
    after = bars[bars > mix.fade_start_s + mix.fade_s]
    assert len(before) >= 3 and len(after) >= 3
    assert np.abs((after[:, None] - before + 1) % 2 - 1).max() < 0.015


@pytest.mark.parametrize(
    ("first", "second"), [((124.0, "mp3"), (130.0, "flac")), ((128.0, "m4a"), (122.0, "wav"))]
)
def test_music_keeps_its_level_and_never_clips(
    first: tuple[float, str], second: tuple[float, str], tmp_path: Path
) -> None:
    paths = [
        write(tmp_path, form, music(30, bpm=bpm), name=f"{bpm:.0f}.{form}")
        for bpm, form in (first, second)
    ]
    samples = heard(transition(*paths, first_bpm=first[0], second_bpm=second[0]))
    level = loudness_db(samples)
    assert level[:-1].min() > level.mean() - 3
    assert level.max() < level.mean() + 3
    assert np.abs(samples).max() < 0.99


def test_two_tracks_that_have_nothing_in_common_fade_with_equal_power(tmp_path: Path) -> None:
    one = write(tmp_path, "wav", noise(seed=1), name="one.wav")
    other = write(tmp_path, "wav", noise(seed=2), name="other.wav")
    mix = transition(one, other, first_bpm=120, second_bpm=121)
    level = loudness_db(heard(mix))[:-1]
    assert mix.match.rate is not None
    assert np.abs(level - np.median(level)).max() < 1


def test_only_one_bass_plays_at_a_time(tmp_path: Path) -> None:
    """Two kicks a few milliseconds apart would swallow each other."""
    one = write(tmp_path, "wav", tone(60), name="one.wav")
    other = write(tmp_path, "wav", tone(90), name="other.wav")
    mix = transition(one, other, first_bpm=120, second_bpm=120)
    samples = heard(mix)
    middle = mix.fade_start_s + mix.fade_s / 2
    for start, hz in ((middle - 2, 60), (middle + 1, 90)):
        piece = samples[round(start * RATE) : round((start + 1) * RATE)]
        power = np.abs(np.fft.rfft(piece)) ** 2
        assert power.argmax() == hz
        assert power[hz] > 100 * power[150 - hz]


def test_loud_music_that_adds_up_is_turned_down_and_not_clipped(tmp_path: Path) -> None:
    loud = write(tmp_path, "wav", tone(220, level=0.99))
    samples = heard(transition(loud, loud, first_bpm=120, second_bpm=120))
    assert 0.9 < np.abs(samples).max() < 0.98


@pytest.mark.parametrize("bpm", [112.0, 120.0, 126.0, 138.0])
def test_the_pitch_stays_whatever_the_tempo(bpm: float, tmp_path: Path) -> None:
    one = write(tmp_path, "wav", noise(), name="one.wav")
    other = write(tmp_path, "wav", tone(440), name="other.wav")
    mix = transition(one, other, first_bpm=120, second_bpm=bpm)
    assert mix.match.rate == pytest.approx(120 / bpm)
    alone = heard(mix)[round((mix.fade_start_s + mix.fade_s) * RATE) :]
    power = np.abs(np.fft.rfft(alone * np.hanning(len(alone)), 1 << 20))
    assert int(power.argmax()) * RATE / (1 << 20) == pytest.approx(440, rel=1e-3)


def test_loudness_is_evened_by_what_is_known_or_else_by_ear(tmp_path: Path) -> None:
    loud = write(tmp_path, "wav", noise(level=0.2, seed=1), name="loud.wav")
    quiet = write(tmp_path, "wav", noise(level=0.05, seed=2), name="quiet.wav")
    level = loudness_db(heard(transition(loud, quiet)))
    assert abs(level[2] - level[-3]) < 0.5
    level = loudness_db(heard(transition(quiet, loud, first_lufs=-10, second_lufs=-10)))
    assert level[-3] - level[2] == pytest.approx(12, abs=0.5)


def test_half_and_double_time_are_the_same_beat(tmp_path: Path) -> None:
    one = write(tmp_path, "wav", clicks(87, 0.1), name="one.wav")
    other = write(tmp_path, "wav", clicks(172, 0.3), name="other.wav")
    mix = transition(one, other, first_bpm=87, second_bpm=172)
    assert mix.match.rate == pytest.approx(174 / 172, abs=1e-3)
    assert "double time" in mix.match.note
    assert "half time" in transition(other, one, first_bpm=172, second_bpm=87).match.note


def test_tempos_too_far_apart_are_faded_as_they_are_and_said_so(tmp_path: Path) -> None:
    one = write(tmp_path, "wav", noise(), name="one.wav")
    other = write(tmp_path, "wav", clicks(98, 0.0), name="other.wav")
    mix = transition(one, other, first_bpm=120, second_bpm=98)
    assert mix.match.rate is None
    assert mix.match.note == "The tempos are 22% apart, so the beats are not matched."
    assert (mix.length_s, mix.fade_s) == (30, 4)
    after = heard(mix)[round((mix.fade_start_s + mix.fade_s + 0.1) * RATE) :]
    gaps = np.diff(np.flatnonzero(np.abs(after) > 0.3)) / RATE
    assert np.median(gaps[gaps > 0.1]) == pytest.approx(60 / 98, abs=0.002)


def test_a_tempo_that_nobody_knows_is_listened_for(tmp_path: Path) -> None:
    one = write(tmp_path, "flac", music(24, bpm=124), name="one.flac")
    other = write(tmp_path, "flac", music(24, bpm=128), name="other.flac")
    assert transition(one, other).match.rate == pytest.approx(124 / 128, abs=1e-3)
    pad = write(tmp_path, "wav", tone(220))
    assert "No tempo was found in the second track" in transition(one, pad).match.note
    assert "No tempo was found in either track" in transition(pad, pad).match.note


def test_silence_around_the_music_is_left_out(tmp_path: Path) -> None:
    gap = np.zeros((3 * RATE, 2), np.float32)
    one = write(tmp_path, "wav", np.concatenate([music(24), gap]), name="one.wav")
    other = write(tmp_path, "wav", np.concatenate([gap, music(24)]), name="other.wav")
    level = loudness_db(heard(transition(one, other, first_bpm=126, second_bpm=126, seconds=20)))[
        :-1
    ]
    assert level.min() > level.mean() - 3


def test_a_window_says_where_to_leave_and_where_to_come_in(tmp_path: Path) -> None:
    parts = [tone(hz, 20) for hz in (300, 500, 700)]
    path = write(tmp_path, "wav", np.concatenate(parts))
    mix = transition(path, path, first_window=(22, 16), second_window=(41, 18), seconds=20)
    samples = heard(mix)
    for piece, hz in ((samples[:RATE], 500), (samples[-2 * RATE : -RATE], 700)):
        assert np.abs(np.fft.rfft(piece)).argmax() == hz


@pytest.mark.parametrize(
    "forms",
    [("wav", 22_050, 1, "mp3", 48_000, 2), ("flac", 96_000, 2, "wav", 8_000, 1)],
)
def test_any_rates_and_channels_go_together(forms: tuple, tmp_path: Path) -> None:
    paths = []
    for form, rate, channels in (forms[:3], forms[3:]):
        samples = music(16, bpm=125, rate=rate)
        samples = samples if channels == 2 else samples[:, 0]
        paths.append(write(tmp_path, form, samples, name=f"{rate}.{form}", rate=rate))
    mix = transition(*paths, first_bpm=125, second_bpm=125, seconds=15)
    level = loudness_db(heard(mix))[:-1]
    assert mix.match.rate == 1 and level.min() > level.mean() - 4


@pytest.mark.parametrize("lengths", [(1.2, 30.0), (30.0, 1.2), (3.0, 2.0), (0.3, 0.3)])
def test_short_files_fade_for_a_shorter_time(lengths: tuple[float, float], tmp_path: Path) -> None:
    one, other = (
        write(tmp_path, "wav", music(seconds, bpm=126), name=f"{n}.wav")
        for n, seconds in enumerate(lengths)
    )
    mix = transition(one, other, first_bpm=126, second_bpm=126)
    samples = heard(mix)
    assert 0 < mix.fade_s <= 0.75 * min(lengths) + 1e-6
    assert mix.length_s <= sum(lengths) and len(samples)


@pytest.mark.parametrize("seconds", [5.0, 12.0, LONGEST_S])
def test_it_takes_the_time_it_was_given(seconds: float, tmp_path: Path) -> None:
    path = write(tmp_path, "wav", np.tile(music(20), (3, 1)))
    mix = transition(path, path, first_bpm=126, second_bpm=126, seconds=seconds)
    assert mix.length_s == pytest.approx(seconds, abs=0.03)
    assert mix.fade_s <= 0.6 * seconds
    assert mix.fade_start_s == pytest.approx(mix.length_s - mix.fade_start_s - mix.fade_s, abs=0.05)


@pytest.mark.parametrize("wrong", [{"seconds": 90.0}, {"seconds": 1.0}, {"fade_beats": 0}])
def test_a_length_that_is_none_is_refused(wrong: dict, tmp_path: Path) -> None:
    path = write(tmp_path, "flac")
    with pytest.raises(SegueError, match="5 to 45 seconds"):
        transition(path, path, **wrong)


def test_a_file_that_cannot_be_used_is_named_in_a_sentence(tmp_path: Path) -> None:
    good = write(tmp_path, "flac", music(12))
    silent = write(tmp_path, "wav", np.zeros(12 * RATE, np.float32), name="silent.wav")
    with pytest.raises(SegueError, match=r"no sound at the end of silent\.wav"):
        transition(silent, good)
    with pytest.raises(SegueError, match=r"no sound at the beginning of silent\.wav"):
        transition(good, silent)
    half = cut(write(tmp_path, "wav", noise(100), name="long.wav"))
    with pytest.raises(SegueError, match=r"cut off or damaged: its end cannot be read"):
        transition(half, good)
    half.write_text("a shopping list")
    with pytest.raises(SegueError, match="is not a sound file"):
        transition(good, half)


@given(first=st.floats(40, 250), second=st.floats(40, 250))
def test_a_matched_track_is_never_stretched_too_far(first: float, second: float) -> None:
    match = match_tempos(first, second)
    assert match.note.endswith(".")
    if match.rate is None:
        assert "apart" in match.note
    else:
        assert abs(match.rate - 1) <= MOST_PERCENT / 100 + 1e-9
        octaves = np.log2(second * match.rate / first)
        assert octaves == pytest.approx(round(octaves), abs=1e-6)


@pytest.mark.parametrize("unknown", [None, 0.0, -3.0, float("nan"), float("inf")])
def test_a_tempo_that_is_none_counts_as_unknown(unknown: float | None) -> None:
    assert "in the first track" in match_tempos(unknown, 120).note
    assert "in the second track" in match_tempos(120, unknown).note


def test_no_ffmpeg_program_is_started(tmp_path: Path) -> None:
    """With nothing on the PATH it works all the same, and pydub warns nobody."""
    write(tmp_path, "m4a", music(8), name="a.m4a")
    code = (
        "from pathlib import Path; from hybrid.mixdown import transition; "
        f"a = Path({str(tmp_path / 'a.m4a')!r}); print(len(transition(a, a).data))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", code],
        env={"PATH": "", "OPENBLAS_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert int(done.stdout) > 100_000
