"""Invented songs in known keys, to fit and to measure the key estimate on.

Chord progressions with bass, leads, arpeggios and drums in six modes, mostly electronic,
some like a band, some on one chord; detuned up to 30 cents, filtered, noisy, overdriven.
`song(seed)` is the same audio every time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from data.harmony import Key

RATE = 22_050
MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}
MODE_SHARES = (0.34, 0.42, 0.07, 0.07, 0.05, 0.05)
# Degrees of the scale that the chords stand on, a digit for each.
PROGRESSIONS = {
    "major": "0 04 0354 0453 0345 0530 0313 03 01 0344 0534",
    "minor": "0 05 0526 0236 0634 0324 06 0565 5600 0035 0406 0356 03",
    "dorian": "0 03 0363 0306",
    "mixolydian": "0 06 0630 0363",
    "phrygian": "0 01 0100 0615",
    "harmonic minor": "0 04 0354 0514 0304",
}
#: Events: start and length in beats, MIDI note.
Note = tuple[float, float, float]
Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Song:
    """Audio and the key that it was written in; `kind` is electronic, band or vamp."""

    samples: Samples
    key: Key
    kind: str
    mode: str


@dataclass(frozen=True)
class Voice:
    """A timbre: strength of each partial, attack and decay in s, sustain, detune in cents."""

    partials: NDArray[np.float64]
    attack: float
    decay: float
    sustain: float
    detune: float = 0.0


def song(seed: int, *, kind: str | None = None, length_s: float = 20.0) -> Song:
    """Invent one."""
    rng = np.random.default_rng([99, seed])
    kind = kind or str(rng.choice(["electronic", "band", "vamp"], p=[0.6, 0.2, 0.2]))
    mode = str(rng.choice(list(MODES), p=MODE_SHARES))
    tonic = int(rng.integers(12))
    beat = 60 / rng.uniform(80, 175)
    cents = rng.uniform(-30, 30)
    score = _score(rng, kind, mode, tonic, bars=int(length_s / (4 * beat)) + 1)
    size = int(length_s * RATE)
    mix = np.zeros(size)
    for name, (level, notes) in score.items():
        voice = _voice(rng, name)
        sound = _render(rng, voice, ((s * beat, n * beat, p + cents / 100) for s, n, p in notes))
        if rng.random() < 0.12:
            sound = np.tanh(_levelled(sound) * rng.uniform(1, 6))  # an overdriven amplifier
        sound = sound[:size]
        mix[: len(sound)] += level * _levelled(sound)
    if rng.random() < (0.3 if kind == "vamp" else 0.85):
        drums = _drums(rng, beat, size, four_to_the_floor=kind == "electronic")
        mix += rng.uniform(0.5, 2.2) * _levelled(drums)
    minor = mode not in ("major", "mixolydian")
    return Song(_mastered(rng, mix), Key(tonic, "minor" if minor else "major"), kind, mode)


def _score(
    rng: np.random.Generator, kind: str, mode: str, tonic: int, bars: int
) -> dict[str, tuple[float, list[Note]]]:
    progression = "0" if kind == "vamp" else str(rng.choice(PROGRESSIONS[mode].split()))
    bars_per_chord = int(rng.choice([1, 1, 2]))
    extension = int(rng.choice([0, 1, 2], p=[0.6, 0.3, 0.1]))
    present = {"bass": 0.85, "chords": 0.8, "arpeggio": 0.4, "lead": 0.6, "pad": 0.3}
    if kind == "vamp":
        present["lead"] = 0.2
    chosen = {name for name, chance in present.items() if rng.random() < chance}
    if not chosen & {"chords", "arpeggio", "pad"}:
        chosen.add("chords")
    parts: dict[str, list[Note]] = {name: [] for name in present if name in chosen}
    styles = [int(style) for style in rng.integers(0, 5, size=2)]
    lowest, inversion = 48 + int(rng.integers(-5, 8)), int(rng.integers(0, 3))
    bass_octave, power = int(rng.choice([24, 36, 36])), rng.random() < 0.1
    melody = _motif(rng)
    for bar in range(bars):
        degree = int(progression[(bar // bars_per_chord) % len(progression)])
        chord = _chord(mode, degree, extension)
        voicing = [lowest + (tonic + tone - lowest) % 12 for tone in chord]
        voicing = [note + 12 * (place < inversion) for place, note in enumerate(voicing)]
        if power and kind == "band":
            voicing = [voicing[0], voicing[2], voicing[0] + 12]
        root = bass_octave + (tonic + chord[0]) % 12
        steps = [tone - chord[0] for tone in chord]
        played = {
            "bass": _bass(styles[0], root, steps),
            "chords": [(s, n, p) for s, n in _rhythm(styles[1]) for p in voicing],
            "pad": [(0.0, 4.0, p) for p in voicing],
            "arpeggio": [(k / 2, 0.5, voicing[k % len(voicing)] + 12) for k in range(8)],
            "lead": _lead(melody, mode, tonic, chord),
        }
        for name, notes in parts.items():
            notes.extend((4 * bar + s, n, p) for s, n, p in played[name])
    return {name: (rng.uniform(0.35, 1.1), notes) for name, notes in parts.items()}


def _chord(mode: str, degree: int, extension: int) -> list[int]:
    if mode == "harmonic minor" and degree not in (1, 4, 6):
        mode = "minor"  # the raised seventh belongs to the dominant
    scale = MODES[mode]
    steps = [degree + step for step in (0, 2, 4, 6, 8)[: 3 + extension]]
    return [scale[step % 7] + 12 * (step // 7) for step in steps]


def _bass(style: int, root: int, steps: list[int]) -> list[Note]:
    third, fifth = root + steps[1], root + steps[2]
    return [
        [(0.0, 4.0, root)],
        [(k + 0.5, 0.45, root) for k in range(4)],
        [(k / 2, 0.45, root + 12 * (k % 2)) for k in range(8)],
        [(0.0, 1.8, root), (2.0, 1.8, fifth)],
        [(0.0, 1.0, root), (1.0, 1.0, third), (2.0, 1.0, fifth), (3.0, 1.0, root + 12)],
    ][style]


def _rhythm(style: int) -> list[tuple[float, float]]:
    return [
        [(0.0, 4.0)],
        [(0.0, 0.4), (1.5, 0.4), (3.0, 0.4)],
        [(k / 2, 0.5) for k in range(8)],
        [(k + 0.5, 0.4) for k in range(4)],
        [(0.0, 2.0), (2.0, 2.0)],
    ][style]


def _motif(rng: np.random.Generator) -> list[tuple[float, float, float, int]]:
    motif, at = [], 0.0
    while at < 4:
        length = float(rng.choice([0.5, 0.5, 1, 1, 1.5, 2]))
        motif.append((at, length, rng.random(), int(rng.integers(7))))
        at += length
    return motif


def _lead(
    motif: list[tuple[float, float, float, int]], mode: str, tonic: int, chord: list[int]
) -> list[Note]:
    scale = MODES[mode]
    pentatonic = (0, 2, 4, 7, 9) if scale[2] == 4 else (0, 3, 5, 7, 10)
    notes = []
    for at, length, dice, pick in motif:
        tones = chord if dice < 0.45 else pentatonic if dice < 0.75 else scale
        notes.append((at, length, 67.0 + (tonic + tones[pick % len(tones)] - 67) % 12))
    return notes


def _voice(rng: np.random.Generator, name: str) -> Voice:
    number = np.arange(1, 25)
    partials = [
        1 / number,
        (number % 2) / number,
        (number == 1) + 0.1 * (number == 2),
        np.abs(np.sin(np.pi * number * rng.uniform(0.1, 0.4))) / number**1.3,
        np.isin(number, (1, 2, 3, 4, 6, 8)) * rng.uniform(0.2, 1, 24),
        rng.uniform(0.3, 1, 24) / number ** rng.uniform(0.7, 2),
    ][int(rng.integers(6))]
    partials = partials / number ** rng.uniform(0, 0.8)
    attack, decay, sustain = {
        "bass": (0.005, 0.4, 0.2),
        "chords": (0.005, 1.0, 0.3),
        "arpeggio": (0.003, 0.2, 0.1),
        "lead": (0.01, 1.0, 0.5),
        "pad": (0.1, 5.0, 1.0),
    }[name]
    detune = float(rng.choice([0, 0, 8, 15])) if name in ("chords", "pad") else 0.0
    return Voice(partials, attack, decay, sustain, detune)


def _render(rng: np.random.Generator, voice: Voice, notes: Iterable[Note]) -> NDArray[np.float64]:
    placed = [(int(start * RATE), _tone(rng, voice, n, p)) for start, n, p in notes]
    out = np.zeros(max(start + len(tone) for start, tone in placed))
    for start, tone in placed:
        out[start : start + len(tone)] += tone
    return out


def _tone(
    rng: np.random.Generator, voice: Voice, length_s: float, pitch: float
) -> NDArray[np.float64]:
    time = np.arange(int(length_s * RATE)) / RATE
    sound = np.zeros(len(time))
    for cents in {-voice.detune, voice.detune}:
        hz = 440 * 2 ** ((pitch - 69) / 12 + cents / 1200)
        turn = np.exp(1j * (2 * np.pi * hz * time + rng.uniform(0, 6)))
        partial = np.ones_like(turn)
        for strength in voice.partials[: max(1, int(9000 / hz))]:
            partial = partial * turn
            sound += strength * partial.imag
    envelope = voice.sustain + (1 - voice.sustain) * np.exp(-time / voice.decay)
    return sound * envelope * np.minimum(1, time / voice.attack) * np.minimum(1, time[::-1] / 0.01)


def _drums(
    rng: np.random.Generator, beat: float, size: int, *, four_to_the_floor: bool
) -> NDArray[np.float64]:
    time = np.arange(int(0.3 * RATE)) / RATE
    low = rng.uniform(40, 90)
    kick = np.sin(2 * np.pi * (low * time + 5 * (1 - np.exp(-30 * time)))) * np.exp(-time / 0.12)
    noise = rng.standard_normal(len(time))
    snare = noise * np.exp(-time / 0.06) + np.sin(2 * np.pi * 190 * time) * np.exp(-time / 0.08)
    hat = np.diff(noise, prepend=0.0) * np.exp(-time / 0.03)
    out = np.zeros(size + len(time))
    for half in range(int(size / RATE / beat * 2) + 1):
        at = min(int(half * beat / 2 * RATE), size)
        out[at : at + len(time)] += 0.35 * hat
        if half % 2 == 0 and (four_to_the_floor or half % 4 == 0):
            out[at : at + len(time)] += 1.2 * kick
        if half % 4 == 2:
            out[at : at + len(time)] += 0.5 * snare
    return out[:size]


def _mastered(rng: np.random.Generator, mix: NDArray[np.float64]) -> Samples:
    if rng.random() < 0.4:
        b, a = scipy.signal.butter(1, rng.uniform(400, 4000), fs=RATE)
        mix = scipy.signal.lfilter(b, a, mix)
    mix = _levelled(mix) + float(rng.choice([0, 0.01, 0.05])) * rng.standard_normal(len(mix))
    mix = np.tanh(mix * float(rng.choice([0.3, 0.7, 1.5])))
    return (0.5 * mix / np.abs(mix).max()).astype(np.float32)


def _levelled(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    return sound / (np.sqrt(np.mean(sound**2)) + 1e-9)
