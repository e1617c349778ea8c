"""Invents rhythm tracks whose tempo is known exactly, to teach the tempo estimator levels.

A style is a bar of steps per drum, written as it would be in a drum machine, with the range of
tempi at which musicians write that style. Sounds, swing, accents, fills and accompaniment are
drawn from a seed, so that a clip is the same on every machine.

The styles were written with the names and tempi of the shared loops in sight, and some after a
first cross-validation had shown which loops were missed, though without hearing them: figures
on these loops may be a little better than on others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 22_050


@dataclass(frozen=True)
class Style:
    """A bar: `x` loud, `o` soft, `?` now and then, `.` silent."""

    slowest: float
    fastest: float
    beats: int
    kick: str
    snare: str
    hat: str
    swing: float = 0.0


STYLES = {
    "house": Style(116, 134, 4, "x...x...x...x..?", "....x.......x...", "..x...x...x...x."),
    "techno": Style(122, 150, 4, "x...x...x...x...", "....?.......?..o", "x.xox.xox.xox.xo"),
    "trance": Style(130, 146, 4, "x...x...x...x...", "....x.......x...", "o.x.o.x.o.x.o.xo"),
    "hard dance": Style(148, 200, 4, "x...x...x...x...", "....?.......?...", "..x...x...x...x."),
    "disco": Style(108, 132, 4, "x...x...x...x...", "....x.......x...", "x.xox.xox.xox.xo"),
    "eight beat": Style(75, 140, 4, "x.......x.?.....", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "rock": Style(80, 165, 4, "x.....?.x.x...?.", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "punk": Style(150, 205, 4, "x.....x...x.....", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "surf": Style(150, 190, 4, "x.......x.......", "....x.x.....x...", "x...x...x...x..."),
    "pop": Style(85, 130, 4, "x......x..x...?.", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "sixteen beat": Style(60, 105, 4, "x..x......x...?.", "....x..o.o..x...", "xoxoxoxoxoxoxoxo"),
    "ballad": Style(55, 92, 4, "x......?x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "rimshot": Style(64, 118, 4, "x......xx.......", "....x.......x...", "xoxoxoxoxoxoxoxo"),
    "funk": Style(88, 126, 4, "x.x....?..x..x..", "....x..o.o.ox..o", "xoxoxoxoxoxoxoxo"),
    "soul": Style(72, 118, 4, "x..x....x.x.....", "....x.......x.?.", "x.x.x.x.x.x.x.x."),
    "motown": Style(96, 132, 4, "x.....x.x.....x.", "x...x...x...x...", "x.x.x.x.x.x.x.x."),
    "boom bap": Style(78, 104, 4, "x..?...x..x....?", "....x.......x...", "x.x.x.x.x.x.x.x.", 0.4),
    "slow hip-hop": Style(62, 82, 4, "x..x...?..x..?..", "....x.......x...", "xoxox.xoxoxox.xo"),
    "trap": Style(124, 160, 4, "x.....?....?.x..", "........x.......", "x.x.x.x.x.xxx.x."),
    "dubstep": Style(134, 146, 4, "x.....?.......x.", "........x.......", "x...x..x..x.x.?."),
    "drum and bass": Style(162, 182, 4, "x.........x.....", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "jungle": Style(156, 176, 4, "x.x.......x...?.", "....x..o.o..x..o", "x.x.x.x.x.x.x.x."),
    "breakbeat": Style(118, 142, 4, "x.....?...x...?.", "....x.......x...", "x.x.x.xox.x.x.xo"),
    "synthpop": Style(104, 146, 4, "x.....x.x.......", "....x.......x...", "xoxoxoxoxoxoxoxo"),
    "dembow": Style(84, 106, 4, "x...x...x...x...", "...x..x....x..x.", "x.x.x.x.x.x.x.x."),
    "one drop": Style(126, 184, 4, "........x.......", "........x.......", "x.x.x.x.x.x.x.x.", 0.2),
    "samba": Style(96, 138, 4, "x..xx..xx..xx..x", "x.x..x.x..x.x.x.", "xooxxooxxooxxoox"),
    "bossa": Style(100, 150, 4, "x.....x.x.....x.", "x.....x.....x...", "x.x.x.x.x.x.x.x."),
    "afro": Style(98, 130, 4, "x...x...x...x...", "...x..x.......x.", "xoxxoxoxxoxxoxox"),
    "highlife": Style(104, 132, 4, "x.......x..x....", "..x.......x....o", "x.xxx.xxx.xxx.xx"),
    "train": Style(88, 128, 4, "x...x...x...x...", "ooxoooxoooxoooxo", "..x...x...x...x."),
    "country": Style(84, 128, 4, "x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "march": Style(90, 126, 4, "x.......x.......", "....x.oo....xoxo", "................"),
    "half-time": Style(118, 160, 4, "x.....?.......?.", "........x.......", "x...x...x...x..."),
    "shuffle": Style(88, 144, 4, "x....?x....?", "...x.....x..", "x.xx.xx.xx.x"),
    "swing": Style(90, 190, 4, "o..o..o..o..", "..?o....?o..", "x..x.xx..x.x"),
    "twelve-eight": Style(46, 84, 4, "x....?x.x...", "...x.....x..", "xxxxxxxxxxxx"),
    "six-eight": Style(44, 76, 2, "x....?", "...x..", "xxxxxx"),
    "six-eight strum": Style(44, 80, 2, "x.?...", "...x.?", "xoxxxx"),
    "triplet hop": Style(74, 100, 4, "x.x..?..x...", "...x.....x..", "xxxx.xxxxx.x"),
    "waltz": Style(84, 180, 3, "x...........", "....o...o...", "x.?.x.?.x.?."),
}  # fmt: skip

LEVEL = {"x": 1.0, "o": 0.35, "?": 0.7}


def invent(seed: int, *, seconds: float = 30.0) -> tuple[NDArray[np.float32], float, str]:
    """One clip.

    Parameters
    ----------
    seed : int
        Clips with the same seed are the same.
    seconds : float
        How long.

    Returns
    -------
    samples : numpy.ndarray
        Mono float32 at 22,050 Hz, peak .9.
    bpm : float
        Quarter notes per minute; dotted quarters in 6/8 and 12/8.
    style : str
        The name in `STYLES`.
    """
    rng = np.random.default_rng([20_261, seed])
    name = list(STYLES)[seed % len(STYLES)]
    style = STYLES[name]
    bpm = float(np.exp(rng.uniform(np.log(style.slowest), np.log(style.fastest))))
    beat = 60 / bpm
    bars = int(seconds / (beat * style.beats)) + 1
    samples = np.zeros(int((bars * style.beats + 4) * beat * SAMPLE_RATE), np.float32)
    onset = rng.uniform(0, 2 * beat)  # a clip seldom starts on the first beat
    _play_drums(samples, style, beat, bars, rng)
    if rng.random() < 0.55:
        _play_band(samples, style, beat, bars, rng)
    samples = samples[int(onset * SAMPLE_RATE) :][: int(seconds * SAMPLE_RATE)]
    samples += np.float32(10 ** rng.uniform(-5, -2.5)) * rng.standard_normal(
        len(samples), dtype=np.float32
    )
    if rng.random() < 0.5:  # a bus limiter, as on most released music
        samples = np.tanh(samples * rng.uniform(1, 4))
    return (0.9 * samples / np.abs(samples).max()).astype(np.float32), bpm, name


def _play_drums(
    samples: NDArray[np.float32], style: Style, beat: float, bars: int, rng: np.random.Generator
) -> None:
    lines = {"kick": style.kick, "snare": style.snare, "hat": style.hat}
    steps = len(lines["kick"])
    kit = {name: _drum(name, rng) for name in lines} | {"crash": _drum("crash", rng)}
    gain = {
        "kick": rng.uniform(0.6, 1),
        "snare": rng.uniform(0.3, 0.9),
        "hat": rng.uniform(0.08, 0.5),
    }
    if rng.random() < 0.12:
        gain[str(rng.choice(["kick", "snare", "hat"]))] = 0.0
    if rng.random() < 0.25:  # hats at another rate, as in a verse or a break
        lines["hat"] = _other_hat(lines["hat"], steps // style.beats, rng)
    if rng.random() < 0.25:  # shaker or conga of its own
        lines["shaker"] = "".join(rng.choice(list("xo.."), steps))
        kit["shaker"], gain["shaker"] = _drum("shaker", rng), rng.uniform(0.1, 0.4)
    period = int(rng.choice([1, 2, 4]))
    takes = [{name: _decide(line, rng) for name, line in lines.items()} for _ in range(period)]
    swing = style.swing if style.swing else float(rng.choice([0, 0, 0, 0.3]) * rng.random())
    loose = rng.choice([0, 0.004, 0.01]) * rng.random()
    fills = int(rng.choice([0, 4, 8]))
    for bar in range(bars):
        for name, levels in takes[bar % period].items():
            for step, level in enumerate(levels):
                if level == 0 or gain[name] == 0:
                    continue
                late = swing * 0.5 if step % 2 and steps % 4 == 0 else 0.0
                at = (bar + (step + late) / steps) * style.beats * beat
                level *= gain[name] * rng.uniform(0.85, 1)
                _add(samples, kit[name], at + rng.normal(0, loose), level)
        if fills and (bar + 1) % fills == 0:
            for step in range(steps * 3 // 4, steps):
                if rng.random() < 0.7:
                    at = (bar + step / steps) * style.beats * beat
                    _add(samples, kit["snare"], at, gain["snare"] * rng.uniform(0.3, 1))
            _add(samples, kit["crash"], (bar + 1) * style.beats * beat, 0.3)


def _other_hat(line: str, steps_per_beat: int, rng: np.random.Generator) -> str:
    if steps_per_beat == 3:
        cell = rng.choice(["x..", "xoo", "x.x"])
    else:
        cell = rng.choice(["x...", "..x.", "x.x.", "xoxo", "x.xo"])
    return str(cell) * (len(line) // steps_per_beat)


def _decide(line: str, rng: np.random.Generator) -> list[float]:
    return [0.0 if s == "?" and rng.random() < 0.5 else LEVEL.get(s, 0.0) for s in line]


def _add(samples: NDArray[np.float32], sound: NDArray[np.float32], at: float, level: float) -> None:
    start = max(0, round(at * SAMPLE_RATE))
    room = samples[start : start + len(sound)]
    room += np.float32(level) * sound[: len(room)]


def _drum(name: str, rng: np.random.Generator) -> NDArray[np.float32]:
    length = {"kick": 0.3, "snare": 0.25, "hat": 0.12, "shaker": 0.1, "crash": 1.2}[name]
    t = np.arange(int(length * SAMPLE_RATE)) / SAMPLE_RATE
    noise = rng.standard_normal(len(t))
    if name == "kick":
        low, drop = rng.uniform(40, 65), rng.uniform(60, 250)
        phase = low * t + drop * 0.03 * (1 - np.exp(-t / 0.03))
        sound = np.sin(2 * np.pi * phase) * np.exp(-t / rng.uniform(0.05, 0.15))
        sound += rng.uniform(0, 0.3) * noise * np.exp(-t / 0.004)
    elif name == "snare":
        body = np.sin(2 * np.pi * rng.uniform(160, 260) * t) * np.exp(-t / 0.05)
        tone = rng.uniform(0.1, 0.8)
        sound = tone * body + (1 - tone) * noise * np.exp(-t / rng.uniform(0.03, 0.12))
    elif name == "shaker":
        pitch = rng.uniform(180, 900)
        tone = rng.choice([0.0, 1.0])  # a shaker or a conga
        sound = tone * np.sin(2 * np.pi * pitch * t) + (1 - tone) * np.diff(noise, prepend=0)
        sound = sound * np.exp(-t / 0.03)
    else:
        decay = rng.uniform(0.01, 0.06) if name == "hat" else 0.3
        sound = np.diff(np.diff(noise, prepend=0), prepend=0) * 0.3 * np.exp(-t / decay)
    return np.asarray(sound, np.float32)


BASS_CELLS = ("x...", "x.x.", "..x.", "xoxo", "x..x", ".xxx", "x.......", "x..x..x.")
CHORD_CELLS = ("..x.", "x.......", "x..x..x.", "x.x.", "x...............", "...x..x.")
ARP_CELLS = ("xxxx", "x.x.", "xx.x", "x.xx.xx.")
TRIPLE_CELLS = ("x..", "x.x", "xxx", "..x", "x.....")


def _play_band(
    samples: NDArray[np.float32], style: Style, beat: float, bars: int, rng: np.random.Generator
) -> None:
    root = 40 + int(rng.integers(12))
    chords = [root + int(step) for step in rng.choice([0, 3, 5, 7, 8, 10], 4)]
    triple = len(style.kick) == 3 * style.beats
    per_beat = 3 if triple else 4
    for part, cells, low, voices, chance in (
        ("bass", BASS_CELLS, 0, (0,), 0.9),
        ("chord", CHORD_CELLS, 24, (0, 4, 7), 0.7),
        ("arp", ARP_CELLS, 36, (0,), 0.5),
    ):
        if rng.random() > chance:
            continue
        cell = str(rng.choice(TRIPLE_CELLS if triple else cells))
        loud = rng.uniform(0.1, 0.45)
        hold = rng.uniform(0.4, 1.5) * beat / (1 if part != "arp" else 3)
        bright = rng.uniform(0.1, 1)
        notes: dict[int, NDArray[np.float32]] = {}
        for step in range(bars * style.beats * per_beat):
            level = LEVEL.get(cell[step % len(cell)], 0.0)
            if not level:
                continue
            chord = chords[step // (style.beats * per_beat) % 4]
            lift = int(rng.choice([0, 3, 7, 12])) if part == "arp" else 0
            for voice in voices:
                pitch = chord + low + voice + lift
                if pitch not in notes:
                    notes[pitch] = _note(pitch, hold, bright)
                _add(samples, notes[pitch], step * beat / per_beat, level * loud / len(voices))


def _note(pitch: int, hold: float, bright: float) -> NDArray[np.float32]:
    t = np.arange(int(hold * SAMPLE_RATE)) / SAMPLE_RATE
    base = 440 * 2 ** ((pitch - 69) / 12)
    sound = np.zeros(len(t))
    for harmonic in range(1, 1 + int(min(12, 9_000 / base))):
        sound += np.sin(2 * np.pi * base * harmonic * t) * bright ** (harmonic - 1) / harmonic
    fade = np.minimum(1, np.minimum(t / 0.004, (hold - t) / 0.02))
    return np.asarray(sound * fade * np.exp(-t / hold), np.float32)
