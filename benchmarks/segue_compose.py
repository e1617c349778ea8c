"""Composes short pieces in many styles as MIDI, to be played by a soundfont.

Nothing here is quoted from anybody's music: harmony, rhythm and melody are drawn by chance
within what is usual for a style. What comes out is no pleasure to hear for long, but it has
the instruments, textures and rhythms of a style, and all of its labels are exact.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

#: Length of a piece and the silence after it, in seconds.
PIECE_S, GAP_S = 21.0, 1.5

#: General MIDI programs by family; the families are the labels of a piece.
FAMILIES: dict[str, tuple[int, ...]] = {
    "piano": (0, 1, 2),
    "electric_piano": (4, 5),
    "harpsichord": (6,),
    "mallets": (8, 9, 11, 12, 13),
    "organ": (16, 17, 18),
    "church_organ": (19, 20),
    "accordion": (21, 22, 23),
    "nylon_guitar": (24,),
    "steel_guitar": (25,),
    "clean_guitar": (26, 27, 28),
    "distorted_guitar": (29, 30),
    "acoustic_bass": (32,),
    "electric_bass": (33, 34, 35, 36),
    "synth_bass": (38, 39, 87),
    "solo_strings": (40, 41, 42),
    "harp": (46,),
    "string_ensemble": (48, 49),
    "synth_strings": (50, 51),
    "choir": (52, 53),
    "voice": (-1,),
    "brass": (56, 57, 60, 61),
    "reeds": (64, 65, 66, 68, 70, 71),
    "flutes": (72, 73, 74, 75),
    "synth_lead": (80, 81, 84, 62, 63),
    "synth_pad": (88, 89, 90, 91, 94, 95),
    "synth_effect": (96, 98, 99, 101, 102, 103),
    "ethnic": (104, 105, 106, 107, 108, 110, 114, 15),
    "acoustic_drums": (0,),
    "electronic_drums": (24, 25),
    "timpani": (47,),
}
FAMILY_NAMES = tuple(FAMILIES)
MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic": (0, 2, 3, 5, 7, 8, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
PROGRESSIONS = (
    (0, 4, 5, 3), (0, 5, 3, 4), (5, 3, 0, 4), (0, 3, 4, 4), (0, 3, 0, 4), (0, 0, 3, 4),
    (0, 6, 5, 6), (0, 5, 1, 4), (1, 4, 0, 0), (0, 0, 0, 0), (0, 6, 0, 6), (0, 2, 3, 4),
    (0, 4, 1, 5), (0, 3, 6, 2, 5, 1, 4, 0), (3, 4, 2, 5), (0, 0, 5, 5),
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    """A note: start and length in beats, MIDI pitch, velocity."""

    start: float
    length: float
    pitch: int
    velocity: int


@dataclass
class Part:
    """One instrument's notes. `kind` "drums" stands on MIDI channel 10, "voice" is sung."""

    family: str
    program: int
    notes: list[Note] = field(default_factory=list)
    volume: int = 100
    pan: int = 64
    reverb: int = 40
    swell: bool = False


@dataclass
class Piece:
    """A composed piece with its labels."""

    style: str
    bpm: float
    minor: bool
    parts: list[Part]
    seed: int


@dataclass
class Frame:
    """What all the parts of a piece share: harmony, metre, swing, and the source of chance."""

    rng: Generator
    bpm: float
    tonic: int
    scale: tuple[int, ...]
    chords: tuple[int, ...]
    bar: int
    bars: int
    swing: float
    human: float
    sevenths: bool

    def degree(self, degree: int, octave: int) -> int:
        """MIDI pitch of a scale degree, counted from the tonic of an octave (4 holds middle C)."""
        high, step = divmod(degree, 7)
        return 12 * (octave + 1 + high) + self.tonic + self.scale[step]

    def chord(self, bar: int, octave: int, size: int = 3) -> list[int]:
        """MIDI pitches of the chord of a bar, `size` thirds high."""
        root = self.chords[bar % len(self.chords)]
        return [self.degree(root + 2 * k, octave) for k in range(size)]

    def at(self, beat: float) -> float:
        """Swing and human unevenness of a beat."""
        part = beat % 1
        if self.swing and 0.4 < part < 0.6:
            beat += self.swing
        return max(0.0, beat + self.rng.normal(0, self.human))

    def velocity(self, mean: float, spread: float = 8) -> int:
        """Draw a velocity about `mean`."""
        return int(np.clip(self.rng.normal(mean, spread), 15, 127))


def hold(f: Frame, part: Part, *, octave: int = 4, size: int = 3, each: int = 1) -> None:
    """Chords held for whole bars, with voices inverted to lie near one another."""
    for bar in range(0, f.bars, each):
        pitches = f.chord(bar, octave, size + f.sevenths)
        pitches = [p - 12 if p > 12 * (octave + 2) else p for p in pitches]
        for pitch in pitches:
            part.notes.append(Note(f.at(bar * f.bar), f.bar * each * 0.98, pitch, f.velocity(72)))


def comp(f: Frame, part: Part, *, octave: int = 4, density: float = 0.5, short: float = 0.8,
         strum: float = 0.0, size: int = 3) -> None:  # fmt: skip
    """Chords on a rhythm that repeats every bar."""
    grid = np.arange(0, f.bar, 0.5)
    hits = grid[(f.rng.random(len(grid)) < density) | (grid == 0)]
    for bar in range(f.bars):
        pitches = f.chord(bar, octave, size + f.sevenths)
        if strum:
            pitches = [pitches[0] - 12, pitches[2] - 12, *pitches, pitches[0] + 12]
        for hit in hits:
            following = hits[hits > hit]
            length = ((following[0] if len(following) else f.bar) - hit) * short
            down = 1 if hit % 1 == 0 else -1
            loud = f.velocity(88 if down > 0 else 72)
            for k, pitch in enumerate(pitches[::down]):
                start = f.at(bar * f.bar + hit) + k * strum
                part.notes.append(Note(start, max(0.1, length), pitch, loud))


def arpeggio(f: Frame, part: Part, *, octave: int = 4, rate: float = 0.5, short: float = 0.9,
             size: int = 4) -> None:  # fmt: skip
    """Broken chords."""
    order = f.rng.permutation(size) if f.rng.random() < 0.4 else np.arange(size)
    if f.rng.random() < 0.4:
        order = np.concatenate([order, order[-2:0:-1]])
    for bar in range(f.bars):
        pitches = f.chord(bar, octave, size)
        for step in range(int(f.bar / rate)):
            pitch = pitches[order[step % len(order)]]
            part.notes.append(
                Note(f.at(bar * f.bar + step * rate), rate * short, pitch, f.velocity(80))
            )


def power(
    f: Frame, part: Part, *, octave: int = 2, rate: float = 0.5, gallop: bool = False
) -> None:
    """Fifths and octaves, palm-muted or held, as a rock guitar plays them."""
    muted = f.rng.random() < 0.5
    pattern = f.rng.random(int(f.bar / rate)) < f.rng.uniform(0.4, 1.0)
    pattern[0] = True
    for bar in range(f.bars):
        root = f.chord(bar, octave)[0]
        starts = np.flatnonzero(pattern) * rate
        for k, start in enumerate(starts):
            end = starts[k + 1] if k + 1 < len(starts) else f.bar
            length = rate * 0.6 if muted and k else end - start
            for pitch in (root, root + 7, root + 12):
                part.notes.append(
                    Note(f.at(bar * f.bar + start), length * 0.97, pitch, f.velocity(105))
                )
            if gallop and rate >= 0.5:
                part.notes.append(
                    Note(f.at(bar * f.bar + start + rate / 2), rate * 0.4, root, f.velocity(95))
                )


def bass(f: Frame, part: Part, *, octave: int = 2, style: str = "roots") -> None:
    """A bass line: "roots", "eighths", "walking", "octaves", "offbeat", "sixteenths", "dub"."""
    riff = f.rng.choice([0, 0, 0, 4, 6, 2, 7], size=16)
    mask = f.rng.random(16) < 0.6
    mask[0] = True
    for bar in range(f.bars):
        root = f.chords[bar % len(f.chords)]
        steps: list[tuple[float, float, int]] = []
        if style == "roots":
            steps = [(0, f.bar / 2, root), (f.bar / 2, f.bar / 2, root)]
        elif style == "eighths":
            steps = [(k / 2, 0.48, root) for k in range(2 * f.bar)]
        elif style == "walking":
            steps = [(k, 0.95, root + int(f.rng.choice([0, 2, 4, 1, 3]) * (k > 0)))
                     for k in range(f.bar)]  # fmt: skip
        elif style == "octaves":
            steps = [(k / 2, 0.4, root + 7 * (k % 2)) for k in range(2 * f.bar)]
        elif style == "offbeat":
            steps = [(k + 0.5, 0.4, root) for k in range(f.bar)]
        else:
            fine = 0.25 if style == "sixteenths" else 0.5
            steps = [
                (k * fine, fine * (0.9 if style == "sixteenths" else 1.4), root + int(riff[k % 16]))
                for k in range(int(f.bar / fine))
                if mask[k % 16]
            ]
        for start, length, degree in steps:
            part.notes.append(
                Note(f.at(bar * f.bar + start), length, f.degree(degree, octave), f.velocity(98))
            )


def melody(f: Frame, part: Part, *, octave: int = 5, rate: float = 0.5, rest: float = 0.15,
           short: float = 0.95, leap: float = 1.6, ornament: float = 0.0) -> None:  # fmt: skip
    """A walk on the scale with phrases that come back, resting on chord tones on the bar."""
    phrase_bars = int(f.rng.choice([1, 2, 2, 4]))
    lengths: list[float] = []
    while sum(lengths) < f.bar * phrase_bars:
        lengths.append(float(f.rng.choice([rate, rate, 2 * rate, 3 * rate, 4 * rate, rate / 2],
                                          p=[0.35, 0.2, 0.22, 0.08, 0.1, 0.05])))  # fmt: skip
    moves = np.round(f.rng.normal(0, leap, len(lengths))).astype(int)
    silent = f.rng.random(len(lengths)) < rest
    for first in range(0, f.bars, phrase_bars):
        place = f.chords[first % len(f.chords)] + int(f.rng.choice([0, 2, 4]))
        beat = first * f.bar
        end = (first + phrase_bars) * f.bar
        for k, length in enumerate(lengths):
            place += int(moves[k] if f.rng.random() < 0.8 else np.round(f.rng.normal(0, leap)))
            place = int(np.clip(place, -4, 11))
            if not silent[k] and beat < end:
                pitch = f.degree(place, octave)
                if f.rng.random() < ornament:
                    part.notes.append(
                        Note(f.at(beat), 0.12, f.degree(place + 1, octave), f.velocity(80))
                    )
                    beat += 0.12
                    length = max(0.1, length - 0.12)
                part.notes.append(
                    Note(f.at(beat), min(length, end - beat) * short, pitch, f.velocity(92, 11))
                )
            beat += length


def drums(f: Frame, part: Part, *, style: str) -> None:
    """A drum pattern with a fill now and then, in General MIDI's drum map."""
    rng, sixteen = f.rng, np.arange(4 * f.bar)
    kick, snare, hat = 36, int(rng.choice([38, 40, 39])), int(rng.choice([42, 42, 46, 51, 70]))
    rows: dict[int, np.ndarray] = {}
    beat, back = sixteen % 4 == 0, sixteen % 8 == 4
    if style == "rock":
        rows = {
            kick: (sixteen % 8 == 0) | (rng.random(len(sixteen)) < 0.12) & (sixteen % 2 == 0),
            snare: back,
            int(rng.choice([42, 46, 49, 51])): sixteen % int(rng.choice([2, 4])) == 0,
        }
    elif style == "metal":
        rows = {
            kick: sixteen % int(rng.choice([1, 2])) == 0,
            snare: back if rng.random() < 0.6 else sixteen % 4 == 2,
            int(rng.choice([49, 51, 46, 57])): beat,
        }
    elif style == "four":
        rows = {
            kick: beat,
            snare: back & (rng.random() < 0.7),
            46: sixteen % 4 == 2,
            42: rng.random(len(sixteen)) < rng.uniform(0, 0.8),
            39: back & (rng.random() < 0.5),
        }
    elif style == "break":
        rows = {
            kick: np.isin(sixteen, [0, 10, *rng.choice(16, 2)]),
            snare: np.isin(sixteen, [4, 12, *rng.choice([7, 9, 14, 15], 1)]),
            42: sixteen % int(rng.choice([1, 2])) == 0,
        }
    elif style == "light":
        rows = {kick: sixteen % 8 == 0, int(rng.choice([37, 38, 39])): back, hat: sixteen % 2 == 0}
    elif style == "brush":
        rows = {
            51: (sixteen % 4 == 0) | (sixteen % 8 == 6),
            44: back,
            kick: rng.random(len(sixteen)) < 0.08,
            38: rng.random(len(sixteen)) < 0.1,
        }
    elif style == "latin":
        rows = {
            int(rng.choice([60, 61, 62, 63, 64, 76, 77, 67])): rng.random(len(sixteen)) < 0.35
            for _ in range(3)
        } | {70: sixteen % 2 == 0, kick: sixteen % 8 == 0}
    elif style == "funk":
        rows = {
            kick: np.isin(sixteen, [0, *rng.choice(16, 3)]),
            snare: back | (rng.random(len(sixteen)) < 0.08),
            42: sixteen % int(rng.choice([1, 2])) == 0,
        }
    elif style == "reggae":
        rows = {kick: back, 37: back, 42: sixteen % 2 == 0}
    else:  # hands: frame drums and rattles, sparse
        rows = {
            int(rng.choice([60, 61, 64, 54, 69, 75, 41, 45])): rng.random(len(sixteen)) < 0.25
            for _ in range(2)
        }
    for bar in range(f.bars):
        fill = bar % 4 == 3 and rng.random() < 0.4
        for key, row in rows.items():
            for step in np.flatnonzero(row):
                if fill and step >= len(sixteen) - 4:
                    continue
                accent = 100 if step % 4 == 0 else 78
                part.notes.append(Note(f.at(bar * f.bar + step / 4), 0.2, key, f.velocity(accent)))
        if fill:
            for k, key in enumerate(rng.choice([38, 41, 43, 45, 47, 50], 4)):
                start = (bar + 1) * f.bar - 1 + k / 4
                part.notes.append(Note(f.at(start), 0.2, int(key), f.velocity(105)))


def write_midi(pieces: Iterable[Piece], seconds: float = PIECE_S + GAP_S) -> bytes:
    """One MIDI file of pieces that follow each other every `seconds`, at 1 ms per tick."""
    events: list[tuple[int, int, bytes]] = []
    for number, piece in enumerate(pieces):
        origin = int(number * seconds * 1000)
        end = origin + int(PIECE_S * 1000)
        for k, part in enumerate(p for p in piece.parts if p.family != "voice"):
            drum = part.family.endswith("_drums")
            channel = 9 if drum else k + (k >= 9)
            if channel > 15:
                continue
            setup = [(0xB0, 121, 0), (0xB0, 7, part.volume), (0xB0, 10, part.pan),
                     (0xB0, 91, part.reverb), (0xB0, 11, 127)]  # fmt: skip
            events += [(origin, 0, bytes([c | channel, a, b])) for c, a, b in setup]
            events.append((origin, 1, bytes([0xC0 | channel, part.program])))
            if part.swell:
                for ms in range(0, int(PIECE_S * 1000), 100):
                    level = int(90 + 36 * np.sin(ms / 1000 * 0.9 + k))
                    events.append((origin + ms, 1, bytes([0xB0 | channel, 11, level])))
            for note in part.notes:
                on = origin + int(note.start * 60_000 / piece.bpm)
                off = min(end, on + max(30, int(note.length * 60_000 / piece.bpm)))
                if on >= end - 50 or not 0 <= note.pitch <= 127:
                    continue
                events.append((on, 3, bytes([0x90 | channel, note.pitch, note.velocity])))
                events.append((off, 2, bytes([0x80 | channel, note.pitch, 0])))
        for channel in range(16):
            events.append((end + 700, 4, bytes([0xB0 | channel, 120, 0])))
    body, now = bytearray(b"\x00\xff\x51\x03\x0f\x42\x40"), 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        body += _length(tick - now) + message
        now = tick
    body += b"\x00\xff\x2f\x00"
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 1000)
    return head + b"MTrk" + struct.pack(">I", len(body)) + bytes(body)


def _length(value: int) -> bytes:
    """A MIDI variable-length number."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(0x80 | value & 0x7F)
    return bytes(out[::-1])
