"""What it sounds like to mix one track into another: the end of the first, the second over it.

The second is brought to the tempo of the first at its own pitch, laid so that the beats of both
fall together, evened in loudness and faded in with equal power. Nothing but files is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from data.errors import SegueError
from data.harmony import tempo_relation
from models.audio.beatmatch import Beat, Grid, meeting_place, passage_beat
from models.audio.decode import decode, probe
from models.audio.level import loudness_lufs
from models.audio.segments import SAMPLE_RATE, AudioSegment, cut, encode, join
from models.audio.stretch import stretch

__all__ = ["LONGEST_S", "MOST_PERCENT", "Match", "Transition", "match_tempos", "transition"]

Floats = NDArray[np.float32]
Window = tuple[float, float]

#: Pitch change in percent beyond which a track is no longer itself, and is not stretched.
MOST_PERCENT = 16.0
#: Seconds of the shortest and the longest transition.
SHORTEST_S, LONGEST_S = 5.0, 45.0
#: Fewest beats of a fade, and how much of a transition a fade may take.
_FEWEST_BEATS, _MOST_OF_IT = 4, 0.6
#: Seconds of a fade in which the beats do not meet: the shorter, the less they fight.
_PLAIN_FADE_S = 4.0
#: Seconds of silence that are looked past at the end of the first and before the second.
_SILENCE_S = 15.0
#: So far below the loudest moment of a passage everything is silence, in decibels.
_SILENT_DB = -50.0
_MOST_GAIN_DB = 12.0
_LOUDEST, _SILENT = 0.97, 1e-4  # of full scale
_BAR = 4  # beats
#: What of a track is bass, and seconds in which the bass of one gives way to the other's.
_BASS_HZ, _SWAP_S = 180.0, 0.25
#: Samples of 10 ms, the shortest time that is whole in samples and in milliseconds.
_TICK = SAMPLE_RATE // 100
#: So that it neither starts nor ends with a click.
_FADE_IN_MS, _FADE_OUT_MS = 10, 300


class Match(NamedTuple):
    """How the second track is brought to the tempo of the first.

    Parameters
    ----------
    rate : float or None
        How many times as fast the second plays; None where the beats are not matched.
    note : str
        The same in a sentence for people.
    """

    rate: float | None
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Transition:
    """One track mixed into another.

    Parameters
    ----------
    data : bytes
        A WAV file, mono, 16 bits, 44,100 Hz.
    length_s : float
        Its length in seconds.
    fade_start_s, fade_s : float
        When the second track comes in, and for how long both play, in seconds.
    match : Match
    """

    data: bytes
    length_s: float
    fade_start_s: float
    fade_s: float
    match: Match


class _Lengths(NamedTuple):
    """Samples of the first alone, of both, and of the second alone; where the fade starts."""

    lead: int
    fade: int
    rest: int
    place: int


class _Passage(NamedTuple):
    """Where a passage starts in its file, in seconds, and its samples."""

    start_s: float
    samples: Floats


class _Beats(NamedTuple):
    """Beats of the fade, seconds of each, and where the beats of both meet."""

    number: int
    length_s: float
    grid: Grid | None


def match_tempos(first_bpm: float | None, second_bpm: float | None) -> Match:
    """Say how a track at `second_bpm` can be brought to the beat of one at `first_bpm`.

    Half and double time count as the same tempo.

    Examples
    --------
    >>> match_tempos(120, 126).note
    'The second track plays 4.8% slower, so that the beats meet.'
    >>> match_tempos(120, 98).rate is None
    True
    """
    tempos = {"first": _tempo(first_bpm), "second": _tempo(second_bpm)}
    missing = [name for name, bpm in tempos.items() if bpm is None]
    if first_bpm is None or second_bpm is None or missing:
        which = "either track" if len(missing) == 2 else f"the {missing[0]} track"
        return Match(None, f"No tempo was found in {which}, so the beats are not matched.")
    relation = tempo_relation(first_bpm, second_bpm)
    percent = relation.percent
    if abs(percent) > MOST_PERCENT:
        return Match(
            None, f"The tempos are {abs(percent):.0f}% apart, so the beats are not matched."
        )
    time = {"same": "", "half": " in half time", "double": " in double time"}[relation.kind]
    if abs(percent) < 0.05:
        note = f"The second track plays{time or ' as it is'}, and the beats meet."
    else:
        how = "faster" if percent > 0 else "slower"
        note = f"The second track plays {abs(percent):.1f}% {how}{time}, so that the beats meet."
    return Match(1 + percent / 100, note)


def transition(
    first: Path,
    second: Path,
    *,
    first_bpm: float | None = None,
    second_bpm: float | None = None,
    first_lufs: float | None = None,
    second_lufs: float | None = None,
    first_window: Window | None = None,
    second_window: Window | None = None,
    seconds: float = 30.0,
    fade_beats: int = 32,
) -> Transition:
    """Mix the end of one track into the beginning of another.

    Parameters
    ----------
    first, second : Path
        Sound files.
    first_bpm, second_bpm : float, optional
        Their tempos as the catalogue has them; what is missing is listened for.
    first_lufs, second_lufs : float, optional
        Their loudness; measured on the passages unless both are given.
    first_window, second_window : tuple of (float, float), optional
        Start and length in seconds of the passages to take from; by default the end of the
        first and the beginning of the second, without the silence there.
    seconds : float
        Length of the result, 5 to 45; less where the files are too short.
    fade_beats : int
        Beats of the first during which both play; fewer (half, a quarter) where the files or
        `seconds` have no room for them.

    Raises
    ------
    SegueError
        If a file cannot be read or has no sound there.
    """
    if not (SHORTEST_S <= seconds <= LONGEST_S and fade_beats >= 1):
        raise SegueError(f"A transition takes {SHORTEST_S:g} to {LONGEST_S:g} seconds.")
    end = _passage(first, first_window or _end(first, seconds), "end")
    longest = seconds * (1 + MOST_PERCENT / 100) + _SILENCE_S
    beginning = _passage(second, second_window or (0.0, longest), "beginning")
    playing, coming = end.samples, beginning.samples
    one = passage_beat(playing, _tempo(first_bpm), sample_rate=SAMPLE_RATE)
    other = passage_beat(coming, _tempo(second_bpm), sample_rate=SAMPLE_RATE)
    match = match_tempos(one and one.bpm, other and other.bpm)
    coming = coming * _evening(playing, coming, first_lufs, second_lufs)
    beats = None
    if one and other and match.rate is not None:
        coming = stretch(coming, match.rate, sample_rate=SAMPLE_RATE)
        bars = _first_bar(first, end, one), _first_bar(second, beginning, other)
        beats = _Beats(fade_beats, 60 / one.bpm, _grid(one, other, match.rate, bars))
    lengths = _lengths(playing, coming, seconds, beats)
    return Transition(
        data=_mixed(playing, coming, lengths),
        length_s=sum(lengths[:3]) / SAMPLE_RATE,
        fade_start_s=lengths.lead / SAMPLE_RATE,
        fade_s=lengths.fade / SAMPLE_RATE,
        match=match,
    )


def _tempo(bpm: float | None) -> float | None:
    return bpm if bpm is not None and math.isfinite(bpm) and bpm > 0 else None


def _end(path: Path, seconds: float) -> Window:
    duration = probe(path).duration_s
    length = seconds + _SILENCE_S
    return max(0.0, duration - length), length


def _passage(path: Path, window: Window, part: str) -> _Passage:
    """Part of a file, without the silence before and after."""
    samples = decode(path, sample_rate=SAMPLE_RATE, start_s=window[0], length_s=window[1])
    if not len(samples):
        raise SegueError(f"{path.name} is cut off or damaged: its {part} cannot be read.")
    ticks = len(samples) // _TICK
    levels = np.abs(samples[: ticks * _TICK]).reshape(ticks, _TICK).max(axis=1)
    least = max(_SILENT, float(levels.max(initial=0)) * 10 ** (_SILENT_DB / 20))
    heard = np.flatnonzero(levels > least)
    if len(heard) < 2:
        raise SegueError(f"There is no sound at the {part} of {path.name}: choose another track.")
    begin, end = int(heard[0]), int(heard[-1]) + 1
    return _Passage(window[0] + begin * _TICK / SAMPLE_RATE, samples[begin * _TICK : end * _TICK])


def _first_bar(path: Path, passage: _Passage, beat: Beat) -> float | None:
    """Seconds from the start of a passage to a bar, counted from where the file's music starts."""
    if beat.start_s is None:
        return None
    begins_s = passage.start_s
    if begins_s > 0:
        try:
            begins_s = _passage(path, (0.0, _SILENCE_S), "beginning").start_s
        except SegueError:  # It begins later than anybody counts.
            return None
    beats = round((passage.start_s + beat.start_s - begins_s) * beat.bpm / 60)
    return beat.start_s + -beats % _BAR * 60 / beat.bpm


def _evening(playing: Floats, coming: Floats, first: float | None, second: float | None) -> float:
    """Gain that makes the second as loud as the first."""
    if first is None or second is None:
        first, second = (loudness_lufs(samples, SAMPLE_RATE) for samples in (playing, coming))
    gain_db = float(np.clip(first - second, -_MOST_GAIN_DB, _MOST_GAIN_DB))
    return 10 ** (gain_db / 20)


def _grid(
    one: Beat, other: Beat, rate: float, bars: tuple[float | None, float | None]
) -> Grid | None:
    """Places in the first where a beat of the second falls on a beat, and a bar on a bar."""
    if one.start_s is None or other.start_s is None:
        return None
    lengths = 60 / one.bpm, 60 / (other.bpm * rate)
    period = min(lengths)
    if bars[0] is None or bars[1] is None:
        return Grid(period, one.start_s - other.start_s / rate)
    return Grid(period, bars[0] - bars[1] / rate, _BAR * round(max(lengths) / period))


def _lengths(playing: Floats, coming: Floats, seconds: float, beats: _Beats | None) -> _Lengths:
    """Find how long the fade is, where in the first it starts, and what plays around it."""
    room = min(len(playing), len(coming))
    if beats is None:
        fade = _whole(min(_PLAIN_FADE_S * SAMPLE_RATE, room / 2))
        place = len(playing) - fade
    else:
        beat = beats.length_s * SAMPLE_RATE
        most = min(_MOST_OF_IT * seconds * SAMPLE_RATE, 0.75 * room)
        number = beats.number
        while number > _FEWEST_BEATS and number * beat > most:
            number //= 2
        fade = _whole(min(number * beat, 0.75 * room))
        latest = len(playing) - fade
        place = meeting_place(
            playing,
            coming[:fade],
            sample_rate=SAMPLE_RATE,
            earliest=max(0, latest - round(_BAR * beat)),
            latest=latest,
            grid=beats.grid,
        )
    alone = seconds * SAMPLE_RATE - fade
    lead = _whole(min(place, alone / 2))
    return _Lengths(lead, fade, _whole(min(len(coming) - fade, alone - lead)), place)


def _whole(samples: float) -> int:
    """As many samples in whole ticks: pydub cuts at milliseconds only."""
    return int(samples) // _TICK * _TICK


def _mixed(playing: Floats, coming: Floats, lengths: _Lengths) -> bytes:
    lead, fade, rest, place = lengths
    before = playing[place - lead : place]
    out = _faded(playing[place : place + fade], np.cos)
    into = _faded(coming[:fade], np.sin)
    after = coming[fade : fade + rest]
    peak = max(float(np.abs(part).max(initial=0)) for part in (before, out + into, after))
    gain = min(1.0, _LOUDEST / peak)
    both = _segment(out * gain).overlay(_segment(into * gain))
    parts = [_segment(part * gain) if len(part) else None for part in (before, after)]
    whole = join([part for part in (parts[0], both, parts[1]) if part is not None])
    return encode(whole.fade_in(_FADE_IN_MS).fade_out(min(_FADE_OUT_MS, len(whole) // 2)))


def _faded(samples: Floats, curve: Callable[[Floats], Floats]) -> Floats:
    """Fade a track out (cosine) or in (sine): its bass at once in the middle, the rest slowly.

    The curves are of equal power, since two tracks are not in phase: their powers add up, not
    their waves. Two kicks that meet within milliseconds are nearly in phase or in antiphase and
    would add up or swallow each other, so that only one bass plays at a time, as DJs have it.
    """
    slowly = np.linspace(0, 1, len(samples), dtype=np.float32)
    swap = max(1.0, min(_SWAP_S * SAMPLE_RATE, len(samples) / 2))
    at_once = (np.arange(len(samples), dtype=np.float32) - len(samples) / 2) / swap + 0.5
    bass = scipy.signal.sosfiltfilt(_below_bass(), samples).astype(np.float32)
    rest: Floats = (samples - bass) * curve(slowly * np.float32(np.pi / 2))
    return rest + bass * curve(np.clip(at_once, 0, 1) * np.float32(np.pi / 2))


@cache
def _below_bass() -> NDArray[np.float64]:
    return np.asarray(scipy.signal.butter(2, _BASS_HZ, fs=SAMPLE_RATE, output="sos"))


def _segment(samples: Floats) -> AudioSegment:
    return cut(samples, 0.0, len(samples) / SAMPLE_RATE)
