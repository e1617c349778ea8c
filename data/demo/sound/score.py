"""Notes: scales, chords, hooks, and the order of the parts of a track."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.demo.sound.chance import pick
from data.harmony import Key

BAR = 16  # sixteenths

_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_SINGABLE = {"major": (-3, 0, 1, 2, 4, 5, 7), "minor": (-3, 0, 2, 3, 4, 6, 7)}  # pentatonic degrees
_STROKES = {"X": 1.0, "x": 0.75, "o": 0.4}
_CELLS = ("x..x..x.", "x.x...x.", "x...x.x.", "x..x....", "x.x.x...", "..x..x..")


@dataclass(frozen=True, slots=True)
class Tone:
    """A note: where it starts and how long it is in sixteenths, its MIDI pitch, its strength."""

    step: int
    length: float
    pitch: int
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """Some bars of a track: what plays in them, and how open its filters are."""

    name: str
    start: int
    bars: int
    layers: frozenset[str]
    bright: float


_DRUMS = ("kick", "snare", "clap", "hat", "open", "perc", "cowbell")
_LAYERS = {
    "intro": ("kick", "hat", "perc", "bass", "chords"),
    "groove": (*_DRUMS, "bass", "chords", "arp"),
    "break": ("hat", "chords", "pad", "lead", "arp", "bass"),
    "drop": (*_DRUMS, "bass", "chords", "pad", "lead", "arp"),
}
_BRIGHT = {"intro": 0.55, "groove": 0.85, "break": 0.75, "drop": 1.1}


def parts(bars: int) -> list[Part]:
    """Divide a track of `bars` bars into intro, groove, break and drop.

    Examples
    --------
    >>> [(part.name, part.bars) for part in parts(12)]
    [('intro', 2), ('groove', 4), ('break', 2), ('drop', 4)]
    """
    edge = max(bars // 6, 1) if bars > 3 else 0  # too short to build up: all of it is the drop
    groove = (bars - 2 * edge) // 2 if edge else 0
    lengths = {"intro": edge, "groove": groove, "break": edge, "drop": bars - 2 * edge - groove}
    found, start = [], 0
    for name, length in lengths.items():
        if length:
            found.append(Part(name, start, length, frozenset(_LAYERS[name]), _BRIGHT[name]))
        start += length
    return found


def strokes(rhythm: str) -> Iterator[tuple[int, float]]:
    """Yield step and strength of every stroke of a rhythm.

    Examples
    --------
    >>> list(strokes("X..o"))
    [(0, 1.0), (3, 0.4)]
    """
    return ((step, _STROKES[sign]) for step, sign in enumerate(rhythm) if sign in _STROKES)


def degree_pitch(key: Key, degree: int, octave: int) -> int:
    """MIDI pitch of a degree of the scale (0 is the tonic) above the C of an octave.

    Examples
    --------
    >>> degree_pitch(Key(9, "minor"), 0, 3), degree_pitch(Key(9, "minor"), 2, 3)
    (57, 60)
    """
    scale = _SCALES[key.mode]
    return 12 * (octave + 1) + key.pitch_class + scale[degree % 7] + 12 * (degree // 7)


def near(pitch: int, centre: int) -> int:
    """Return the note of the same name that lies closest to `centre`."""
    return centre + (pitch - centre + 6) % 12 - 6


def chord(key: Key, degree: int, *, sevenths: bool, centre: int) -> tuple[int, ...]:
    """Pitches of the chord on a degree, gathered around `centre` so that chords move little.

    Examples
    --------
    >>> chord(Key(0, "major"), 0, sevenths=False, centre=62)
    (60, 64, 67)
    """
    thirds = (0, 2, 4, 6) if sevenths else (0, 2, 4)
    return tuple(sorted({near(degree_pitch(key, degree + third, 4), centre) for third in thirds}))


def bass_line(line: str, key: Key, degree: int, bar: int) -> list[Tone]:
    """Play a bass line of the recipe on the chord of one bar."""
    root = near(degree_pitch(key, degree, 1), 35)
    steps = {"r": root, "o": root + 12, "5": near(degree_pitch(key, degree + 4, 1), root + 4)}
    tones = []
    for step, sign in enumerate(line):
        if sign in steps:
            held = len(line[step + 1 :]) - len(line[step + 1 :].lstrip("-"))
            strength = 1.0 if sign == "r" else 0.85
            tones.append(Tone(bar * BAR + step, held + 0.9, steps[sign], strength))
    return tones


def hook(key: Key, rng: np.random.Generator) -> list[Tone]:
    """Invent a melody of two bars; all versions of a work share it.

    It keeps to the five notes of the key that fit any of its chords, begins on
    tonic or fifth and comes home to the tonic.
    """
    cells = [pick(rng, _CELLS) for _ in range(2)]
    rhythm = cells[0] + cells[1] + cells[0] + "x..x...."
    degrees = _SINGABLE[key.mode]
    place = degrees.index(pick(rng, (0, 4)))
    starts = [step for step, _ in strokes(rhythm)]
    tones = []
    for number, step in enumerate(starts):
        last = number == len(starts) - 1
        degree = 0 if last else degrees[place]
        length = (starts[number + 1] if not last else 2 * BAR) - step
        octave = 4 if key.pitch_class > 7 else 5
        tones.append(Tone(step, min(length, 4) * 0.9, degree_pitch(key, degree, octave)))
        place = int(np.clip(place + pick(rng, (-2, -1, -1, 1, 1, 2)), 0, len(degrees) - 1))
    return tones


def arpeggio(pitches: Sequence[int], every: int, bar: int, rng: np.random.Generator) -> list[Tone]:
    """Play the notes of a chord one after another, up and down, for one bar."""
    turn = [*pitches, *(pitch + 12 for pitch in pitches[:2])]
    turn = turn + turn[-2:0:-1]
    shift = int(rng.integers(2))
    return [
        Tone(bar * BAR + step, every * 0.9, turn[(step // every + shift) % len(turn)],
             1.0 if step % 4 == 0 else 0.7)
        for step in range(0, BAR, every)
    ]  # fmt: skip
