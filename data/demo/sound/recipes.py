"""What the invented genres are made of, as data: one recipe each.

Rhythms are written in sixteenths, 16 to a bar: ``X`` is an accent, ``x`` a stroke, ``o`` a ghost
and ``.`` a rest. Where several are given, they stand from the sparsest to the densest.
A bass line names the note on a step: ``r`` root, ``o`` its octave, ``5`` fifth, ``-`` held.
Chords are degrees of the scale, one a bar, 0 for the tonic.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from data.demo.sound.oscillators import Patch


@dataclass(frozen=True, slots=True)
class Recipe:
    """A genre.

    Parameters
    ----------
    name : str
    tempo : (float, float)
        Beats per minute, lowest and highest.
    minor : float
        Share of its tracks in minor.
    kit : str
        Family of its drums, see `drums.kit`.
    drums : dict of str to tuple of str
        Rhythms of each piece of the kit.
    bass : tuple of str
        Bass lines.
    bass_patches, chord_patches, pad_patches, lead_patches : tuple of Patch
        Instruments to choose from; an artist keeps to one of each.
    chords : tuple of str
        Rhythms of the chords.
    minor_loops, major_loops : tuple of tuple of int
        Progressions of four bars.
    sevenths : bool
        Whether chords have a seventh.
    arpeggio : int
        Sixteenths from note to note of the arpeggio; 0 for none.
    mix : dict of str to float
        Loudness of each layer.
    swing : (float, float)
        How late every second sixteenth comes, in parts of a sixteenth.
    pump : float
        How far the kick pushes the rest down, 0 to 1.
    space : float
        Seconds of reverb.
    wet : float
        Share of reverb.
    drive : float
        How hard the mix is driven; 1 leaves it clean.
    """

    name: str
    tempo: tuple[float, float]
    minor: float
    kit: str
    drums: dict[str, tuple[str, ...]]
    bass: tuple[str, ...]
    bass_patches: tuple[Patch, ...]
    chord_patches: tuple[Patch, ...]
    pad_patches: tuple[Patch, ...]
    lead_patches: tuple[Patch, ...]
    chords: tuple[str, ...]
    minor_loops: tuple[tuple[int, ...], ...]
    major_loops: tuple[tuple[int, ...], ...]
    mix: dict[str, float] = field(default_factory=dict)
    sevenths: bool = False
    arpeggio: int = 0
    swing: tuple[float, float] = (0.0, 0.04)
    pump: float = 0.4
    space: float = 1.2
    wet: float = 0.25
    drive: float = 1.4


_PAD = Patch("saw", 900, attack=0.25, decay=1.0, sustain=0.8, release=0.3, voices=2, detune=18)
_CHOIR = Patch("choir", 3000, attack=0.3, decay=1.0, sustain=0.8, release=0.4, voices=2)
_GLASS = Patch("triangle", 2500, attack=0.4, decay=1.5, sustain=0.8, release=0.5, voices=2)
_STRINGS = Patch("saw", 2600, attack=0.09, decay=0.8, sustain=0.8, release=0.2, voices=2, detune=22)
_KEYS = Patch("keys", 5000, decay=0.5, sustain=0.2, release=0.12)
_ORGAN = Patch("organ", 3200, decay=0.15, sustain=0.5, release=0.05)
_STAB = Patch("saw", 800, sweep=4, resonance=0.8, decay=0.14, sustain=0.1, voices=2, detune=16)
_PLUCK = Patch("pulse", 900, sweep=5, decay=0.12, sustain=0.05, release=0.08)
_BELL = Patch("bell", 6000, decay=0.45, sustain=0.05, release=0.4)
_SUB = Patch("sine", 400, decay=0.5, sustain=0.8, release=0.04)
_FAT = Patch("saw", 320, sweep=3, resonance=0.5, decay=0.12, sustain=0.5, release=0.03)
_ROUND = Patch("triangle", 600, decay=0.2, sustain=0.6, release=0.04)

TECHNO = Recipe(
    "Techno",
    tempo=(128, 138),
    minor=0.95,
    kit="hard",
    drums={
        "kick": ("X...X...X...X...",),
        "clap": ("............x...", "....x.......x...", "....x.......x..o"),
        "hat": ("..x...x...x...x.", "o.x.o.x.o.x.o.x.", "xoXoxoXoxoXoxoXo"),
        "open": ("................", "..x...x...x...x.", "..X...X...X...X."),
        "perc": ("................", "...x..x....x....", "x..x..x...x..x.."),
    },
    bass=("..r...r...r...r.", "..rr..rr..rr..rr", ".rrr.rrr.rrr.rro"),
    bass_patches=(_FAT, _ROUND, Patch("square", 260, sweep=3, decay=0.09, sustain=0.4)),
    chord_patches=(_STAB, Patch("square", 700, sweep=5, resonance=1, decay=0.1, sustain=0.05)),
    pad_patches=(_PAD, _CHOIR),
    lead_patches=(
        Patch("saw", 500, sweep=6, resonance=2.5, decay=0.1, sustain=0.2, release=0.03),
        _PLUCK,
    ),
    chords=("x...............", "...x......x.....", "..x..x....x..x.."),
    minor_loops=((0, 0, 0, 0), (0, 0, 0, 5), (0, 0, 6, 0), (0, 0, 3, 0)),
    major_loops=((0, 0, 0, 0), (0, 0, 3, 0)),
    mix={"bass": 0.5, "chords": 0.5, "lead": 0.32, "pad": 0.22, "kick": 0.95},
    pump=0.6,
    space=1.6,
    drive=2.0,
)

HOUSE = Recipe(
    "House",
    tempo=(118, 127),
    minor=0.7,
    kit="round",
    drums={
        "kick": ("X...X...X...X...",),
        "clap": ("....x.......x...",),
        "hat": ("................", "o.o.o.o.o.o.o.o.", "ooxoooxoooxoooxo"),
        "open": ("..x...x...x...x.", "..X...X...X...X."),
        "perc": ("................", "......x..x......", "x..x..x...x..xo."),
    },
    bass=("r-....r-....r-..", "r-.r..r-..r..5..", "r-.r..o.r-.r.5o."),
    bass_patches=(_ROUND, _FAT, Patch("organ", 500, decay=0.2, sustain=0.4)),
    chord_patches=(_KEYS, _ORGAN, _STAB),
    pad_patches=(_PAD, _STRINGS),
    lead_patches=(_PLUCK, _CHOIR, _KEYS),
    chords=("x.....x.........", "x..x..x.........", "x..x..x...x..x.."),
    minor_loops=((0, 0, 0, 3), (0, 5, 6, 0), (0, 6, 0, 4), (0, 0, 5, 6)),
    major_loops=((0, 3, 4, 0), (0, 5, 4, 0), (0, 0, 3, 4)),
    mix={"bass": 0.5, "chords": 0.45, "lead": 0.28, "pad": 0.16},
    sevenths=True,
    swing=(0.08, 0.3),
    pump=0.5,
    drive=1.5,
)

DRUM_AND_BASS = Recipe(
    "Drum & Bass",
    tempo=(170, 176),
    minor=0.9,
    kit="break",
    drums={
        "kick": ("X.........x.....", "X.........X..o..", "X..o......X....o"),
        "snare": ("....X.......X...", "....X..o....X...", "....X..o.o..X..o"),
        "hat": ("x.x.x.x.x.x.x.x.", "XoxoXoxoXoxoXoxo"),
        "open": ("................", "..............x."),
        "perc": ("................", "......x........x"),
    },
    bass=("r-----------5---", "r-----r---o-5---", "r---r-o-r---5-r-"),
    bass_patches=(
        Patch("saw", 420, sweep=2.5, resonance=0.6, decay=0.5, sustain=0.7, voices=2, detune=40),
        Patch("square", 300, decay=0.4, sustain=0.8, voices=2, detune=30),
        _SUB,
    ),
    chord_patches=(_STAB, _KEYS, _CHOIR),
    pad_patches=(_PAD, _CHOIR, _STRINGS),
    lead_patches=(_PLUCK, _BELL, Patch("saw", 1500, decay=0.3, voices=2, detune=20)),
    chords=("x...............", "x.....x.........", "x..x..x....x...."),
    minor_loops=((0, 0, 5, 6), (0, 5, 6, 0), (0, 0, 3, 4), (0, 6, 0, 4)),
    major_loops=((0, 5, 4, 0), (0, 3, 4, 0)),
    mix={"bass": 0.55, "chords": 0.38, "lead": 0.3, "pad": 0.26, "snare": 0.8, "hat": 0.3},
    pump=0.25,
    space=1.4,
    drive=1.8,
)

AMBIENT = Recipe(
    "Ambient",
    tempo=(80, 98),
    minor=0.5,
    kit="soft",
    drums={
        "kick": ("X.......x.......", "X.......X.......", "X...o...X...o..."),
        "perc": ("....x.......x...", "....x..o....x..o"),
        "hat": ("................", "o...o...o...o...", "o.x.o.x.o.x.o.x."),
    },
    bass=("r---------------", "r-------r-------", "r-------r---5---"),
    bass_patches=(_SUB, _ROUND),
    chord_patches=(_KEYS, _BELL),
    pad_patches=(_GLASS, _CHOIR, _PAD),
    lead_patches=(_BELL, _KEYS, _GLASS),
    chords=("x.......x.......", "x...x...x...x..."),
    minor_loops=((0, 5, 0, 6), (0, 0, 5, 4), (0, 3, 0, 4)),
    major_loops=((0, 3, 0, 4), (0, 0, 3, 4), (0, 5, 4, 0)),
    mix={"bass": 0.45, "chords": 0.35, "lead": 0.2, "pad": 0.34, "kick": 0.5, "arp": 0.3},
    arpeggio=2,
    pump=0.15,
    space=2.6,
    wet=0.5,
    drive=1.1,
)

DISCO = Recipe(
    "Disco",
    tempo=(112, 121),
    minor=0.5,
    kit="live",
    drums={
        "kick": ("X...X...X...X...",),
        "snare": ("....x.......x...", "....X.......X..o"),
        "hat": ("o.o.o.o.o.o.o.o.", "xoooxoooxoooxooo"),
        "open": ("..x...x...x...x.", "..X...X...X...X."),
        "perc": ("................", "x..x..x...x.x..."),
    },
    bass=("r...r...r...r.5.", "r.o.r.o.r.o.r.o.", "r.ro.ro.r.ro.5o."),
    bass_patches=(
        Patch("saw", 700, sweep=2.5, decay=0.15, sustain=0.4, release=0.03),
        Patch("pulse", 900, sweep=2, decay=0.2, sustain=0.3, release=0.03),
    ),
    chord_patches=(_KEYS, Patch("pulse", 2200, sweep=2, decay=0.06, sustain=0.05), _ORGAN),
    pad_patches=(_STRINGS,),
    lead_patches=(_STRINGS, _PLUCK, Patch("saw", 2400, attack=0.03, decay=0.3, sustain=0.6)),
    chords=("x.......x.......", "..x..xx...x..xx.", "x.xx.xx.x.xx.xx."),
    minor_loops=((0, 0, 3, 4), (0, 5, 6, 0), (0, 0, 6, 4)),
    major_loops=((0, 5, 4, 0), (0, 3, 0, 4), (0, 0, 3, 4)),
    mix={"bass": 0.52, "chords": 0.36, "lead": 0.25, "pad": 0.22, "kick": 0.78, "snare": 0.5},
    swing=(0.0, 0.12),
    pump=0.15,
    space=1.0,
    wet=0.22,
    drive=1.3,
)

ELECTRO = Recipe(
    "Electro",
    tempo=(124, 132),
    minor=0.85,
    kit="808",
    drums={
        "kick": ("X.....x...x.....", "X.....X...X..x..", "X..x..X...X..x.."),
        "snare": ("....X.......X...",),
        "clap": ("................", "....x.......x..."),
        "hat": ("x.x.x.x.x.x.x.x.", "XoxoXoxoXoxoXoxo"),
        "cowbell": ("................", "..x...x..x......", "x..x..x...x.x..."),
    },
    bass=("r..r..r...r.....", "r..r..o...r..5..", "r.rr.ro.r.rr.5o."),
    bass_patches=(
        Patch("square", 500, sweep=3, resonance=1, decay=0.1, sustain=0.3, release=0.02),
        Patch("saw", 400, sweep=4, resonance=1.5, decay=0.12, sustain=0.3, release=0.02),
    ),
    chord_patches=(_STAB, Patch("square", 1500, sweep=2, decay=0.1, sustain=0.2)),
    pad_patches=(_PAD, _CHOIR),
    lead_patches=(_CHOIR, Patch("square", 1800, decay=0.2, sustain=0.4), _PLUCK),
    chords=("x...............", "x.....x.........", "x..x..x...x....."),
    minor_loops=((0, 0, 5, 6), (0, 0, 0, 6), (0, 5, 0, 6), (0, 0, 3, 0)),
    major_loops=((0, 3, 0, 4), (0, 0, 3, 4)),
    mix={"bass": 0.5, "chords": 0.34, "lead": 0.3, "pad": 0.2, "kick": 0.85, "arp": 0.26},
    arpeggio=1,
    pump=0.3,
    space=1.1,
    wet=0.2,
    drive=1.6,
)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe for recipe in (TECHNO, HOUSE, DRUM_AND_BASS, AMBIENT, DISCO, ELECTRO)
}
