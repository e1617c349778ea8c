"""The styles in which `segue_compose` writes: who plays, and what."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from benchmarks.segue_compose import (
    FAMILIES,
    MODES,
    PIECE_S,
    PROGRESSIONS,
    Frame,
    Part,
    Piece,
    arpeggio,
    bass,
    comp,
    drums,
    hold,
    melody,
    power,
)

#: Style -> the broad kind it belongs to, which is a label as well.
STYLES = {
    "keyboard": "classical",
    "guitar_solo": "classical",
    "chamber": "classical",
    "baroque": "classical",
    "orchestra": "classical",
    "choral": "classical",
    "rock": "rock",
    "hard_rock": "rock",
    "metal": "rock",
    "punk": "rock",
    "indie": "rock",
    "ballad": "pop",
    "pop": "pop",
    "folk": "pop",
    "singer": "pop",
    "funk": "pop",
    "world": "world",
    "celtic": "world",
    "latin": "world",
    "reggae": "world",
    "jazz": "jazz",
    "ambient": "electronic",
    "house": "electronic",
    "techno": "electronic",
    "trance": "electronic",
    "breakbeat": "electronic",
    "downtempo": "electronic",
    "synthpop": "electronic",
}
KINDS = tuple(sorted(set(STYLES.values())))
STYLE_NAMES = tuple(STYLES)


def compose(style: str, seed: int) -> Piece:
    """Compose a piece; the same style and seed give the same piece."""
    rng = np.random.default_rng([seed, STYLE_NAMES.index(style)])
    tempo, modes = _FRAMES[style]
    mode = str(rng.choice(modes))
    bar = int(rng.choice([4, 4, 3])) if STYLES[style] in ("classical", "world") else 4
    bpm = float(rng.uniform(*tempo))
    chords = PROGRESSIONS[rng.integers(len(PROGRESSIONS))]
    classical = STYLES[style] == "classical"
    f = Frame(
        rng,
        bpm,
        int(rng.integers(12)) - 6,
        MODES[mode],
        chords,
        bar,
        int(np.ceil(PIECE_S * bpm / 60 / bar)) + 1,
        swing=0.16 if style == "jazz" or rng.random() < 0.1 else 0.0,
        human=0.002 if STYLES[style] == "electronic" else 0.035 if classical else 0.015,
        sevenths=style in ("jazz", "funk", "downtempo") or rng.random() < 0.12,
    )
    parts: list[Part] = []

    def add(family: str, play: Callable[..., None], chance: float = 1.0, **how: object) -> None:
        if rng.random() >= chance:
            return
        program = int(rng.choice(FAMILIES[family]))
        part = Part(
            family,
            program,
            volume=int(rng.uniform(60, 118)),
            pan=int(rng.uniform(30, 98)),
            reverb=int(rng.uniform(10, 110 if classical else 70)),
            swell=classical,
        )
        play(f, part, **how)
        parts.append(part)

    _WRITERS[style](rng, add)
    return Piece(style, bpm, mode not in ("major", "mixolydian"), parts, seed)


Add = Callable[..., None]


def _rate(rng: Generator) -> float:
    return float(rng.choice([0.25, 0.5, 0.5, 1.0]))


def _keyboard(rng: Generator, add: Add) -> None:
    who = str(rng.choice(["piano", "piano", "harpsichord", "church_organ", "harp"]))
    if rng.random() < 0.5:
        add(who, melody, octave=5, rate=_rate(rng), ornament=0.1)
        add(who, arpeggio, octave=3, rate=float(rng.choice([0.25, 0.5])))
    else:
        for octave in (3, 4, 5)[: int(rng.integers(2, 4))]:
            add(who, melody, octave=octave, rate=_rate(rng), rest=0.05)
    add(who, hold, 0.3, octave=3)


def _guitar_solo(rng: Generator, add: Add) -> None:
    who = str(rng.choice(["nylon_guitar", "nylon_guitar", "harp", "steel_guitar"]))
    add(who, arpeggio, octave=3, rate=float(rng.choice([0.25, 0.5])))
    add(who, melody, 0.7, octave=4, rate=_rate(rng), ornament=0.1)
    add("solo_strings", melody, 0.2, octave=5, rate=1.0)


def _chamber(rng: Generator, add: Add) -> None:
    octaves = (5, 4, 4, 3)[: int(rng.integers(1, 5))]
    mixed = rng.random() < 0.4
    for octave in octaves:
        who = str(rng.choice(["reeds", "flutes", "solo_strings"])) if mixed else "solo_strings"
        if rng.random() < 0.7:
            add(who, melody, octave=octave, rate=_rate(rng), rest=0.08, leap=1.3, ornament=0.08)
        else:
            add(who, arpeggio, octave=octave, rate=_rate(rng))
    add("piano", arpeggio, 0.3, octave=3)


def _baroque(rng: Generator, add: Add) -> None:
    add(
        str(rng.choice(["harpsichord", "church_organ", "nylon_guitar"])),
        comp,
        octave=4,
        density=0.4,
    )
    add("solo_strings", bass, octave=2, style="walking")
    for who in rng.choice(["flutes", "reeds", "solo_strings", "string_ensemble", "brass"], 2):
        add(
            str(who),
            melody,
            0.85,
            octave=5,
            rate=float(rng.choice([0.25, 0.5])),
            rest=0.06,
            ornament=0.12,
        )


def _orchestra(rng: Generator, add: Add) -> None:
    add("string_ensemble", hold, octave=3)
    add("string_ensemble", melody, 0.7, octave=5, rate=1.0)
    add("string_ensemble", comp, 0.3, octave=4, density=0.7, short=0.4)
    add("brass", melody, 0.5, octave=4, rate=1.0)
    add("brass", hold, 0.3, octave=3)
    add(str(rng.choice(["flutes", "reeds"])), melody, 0.6, octave=5, rate=0.5)
    add("timpani", bass, 0.4, octave=2, style="roots")
    add("harp", arpeggio, 0.3, octave=4, rate=0.25)
    add("acoustic_bass", bass, 0.5, octave=1, style="roots")


def _choral(rng: Generator, add: Add) -> None:
    add("choir", hold, octave=4)
    add("choir", melody, 0.7, octave=5, rate=1.0)
    add("voice", melody, 0.5, octave=4, rate=1.0)
    add(str(rng.choice(["church_organ", "string_ensemble", "piano"])), hold, 0.6, octave=3)


def _rock(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style="rock")
    add("electric_bass", bass, style=str(rng.choice(["eighths", "roots", "sixteenths"])))
    add("distorted_guitar", power, rate=0.5)
    add("clean_guitar", comp, 0.5, octave=4, density=0.6, strum=0.02)
    add("voice", melody, 0.75, octave=4, rate=0.5, rest=0.25)
    add("distorted_guitar", melody, 0.3, octave=4, rate=0.5)
    add("organ", hold, 0.2, octave=4)


def _hard_rock(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style=str(rng.choice(["rock", "funk"])))
    add("electric_bass", bass, style="dub")
    add("distorted_guitar", power, rate=float(rng.choice([0.25, 0.5])))
    add("distorted_guitar", power, 0.6, octave=3, rate=0.5)
    add("voice", melody, 0.6, octave=4, rate=0.5, rest=0.3)
    add("distorted_guitar", melody, 0.4, octave=5, rate=0.25)


def _metal(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style="metal")
    add("electric_bass", bass, style="eighths")
    for _ in range(2):
        add("distorted_guitar", power, octave=2, rate=float(rng.choice([0.25, 0.5])), gallop=True)
    add("distorted_guitar", melody, 0.4, octave=5, rate=0.25)
    add("voice", melody, 0.5, octave=4, rate=0.5, rest=0.3)
    add("choir", hold, 0.2)


def _punk(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style="rock")
    add("electric_bass", bass, style="eighths")
    add("distorted_guitar", power, rate=0.5)
    add("voice", melody, 0.8, octave=4, rate=0.5)


def _indie(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style=str(rng.choice(["rock", "light"])))
    add("electric_bass", bass, style=str(rng.choice(["eighths", "dub"])))
    add("clean_guitar", arpeggio, octave=4, rate=0.5)
    add("clean_guitar", comp, 0.6, octave=4, density=0.6, strum=0.02)
    add("distorted_guitar", power, 0.35)
    add("voice", melody, 0.75, octave=4, rate=0.5, rest=0.25)


def _ballad(rng: Generator, add: Add) -> None:
    add(str(rng.choice(["piano", "electric_piano"])), comp, octave=4, density=0.4)
    add("acoustic_drums", drums, 0.6, style="light")
    add("electric_bass", bass, 0.8, style="roots")
    add("synth_strings", hold, 0.5)
    add("voice", melody, 0.85, octave=4, rate=0.5, rest=0.2)
    add("steel_guitar", arpeggio, 0.4, octave=4)


def _pop(rng: Generator, add: Add) -> None:
    add(
        str(rng.choice(["acoustic_drums", "electronic_drums"])),
        drums,
        style=str(rng.choice(["light", "rock", "four"])),
    )
    add(
        str(rng.choice(["electric_bass", "synth_bass"])),
        bass,
        style=str(rng.choice(["eighths", "dub"])),
    )
    add(str(rng.choice(["piano", "clean_guitar", "electric_piano"])), comp, octave=4, density=0.5)
    add("synth_pad", hold, 0.4)
    add("voice", melody, 0.85, octave=4, rate=0.5, rest=0.2)
    add("brass", comp, 0.15, octave=4, density=0.3, short=0.4)


def _folk(rng: Generator, add: Add) -> None:
    add("steel_guitar", comp, octave=4, density=0.7, strum=0.03)
    add("steel_guitar", arpeggio, 0.4, octave=4)
    add("voice", melody, 0.8, octave=4, rate=0.5, rest=0.2)
    add("acoustic_bass", bass, 0.5, style="roots")
    add("acoustic_drums", drums, 0.25, style="light")
    add(str(rng.choice(["solo_strings", "flutes", "accordion"])), melody, 0.35)


def _singer(rng: Generator, add: Add) -> None:
    who = str(rng.choice(["steel_guitar", "piano", "nylon_guitar", "clean_guitar"]))
    add(who, arpeggio, octave=4, rate=0.5) if rng.random() < 0.5 else add(who, comp, strum=0.03)
    add("voice", melody, octave=4, rate=0.5, rest=0.2)
    add("voice", melody, 0.2, octave=5, rate=1.0)
    add("solo_strings", melody, 0.2, octave=4, rate=1.0)


def _funk(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style="funk")
    add("electric_bass", bass, style="sixteenths")
    add("clean_guitar", comp, octave=4, density=0.8, short=0.3)
    add("brass", comp, 0.5, octave=4, density=0.3, short=0.4)
    add("electric_piano", comp, 0.5, octave=4)
    add("voice", melody, 0.5, octave=4, rate=0.5, rest=0.3)


def _world(rng: Generator, add: Add) -> None:
    add("ethnic", melody, octave=4, rate=float(rng.choice([0.25, 0.5])), ornament=0.25)
    add("ethnic", arpeggio, 0.5, octave=3)
    add("acoustic_drums", drums, 0.8, style="hands")
    add("voice", melody, 0.4, octave=4, ornament=0.3)
    add("flutes", melody, 0.4, octave=5, ornament=0.3)
    add("synth_pad", hold, 0.3, octave=3, each=4)


def _celtic(rng: Generator, add: Add) -> None:
    for who in rng.choice(["solo_strings", "flutes", "accordion", "harp", "ethnic"], 2, False):
        add(str(who), melody, octave=5, rate=0.25, rest=0.03, ornament=0.15)
    add("steel_guitar", comp, 0.7, density=0.7, strum=0.02)
    add("acoustic_drums", drums, 0.5, style="hands")
    add("voice", melody, 0.3, octave=4)


def _latin(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style="latin")
    add("acoustic_bass", bass, style="dub")
    add(str(rng.choice(["piano", "nylon_guitar"])), comp, octave=4, density=0.7, short=0.6)
    add("brass", melody, 0.4, octave=4)
    add("voice", melody, 0.6, octave=4)
    add("mallets", arpeggio, 0.3)


def _reggae(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, style="reggae")
    add("electric_bass", bass, style="dub")
    add("clean_guitar", comp, density=0.5, short=0.3)
    add("organ", comp, 0.7, density=0.6, short=0.3)
    add("voice", melody, 0.7, octave=4)


def _jazz(rng: Generator, add: Add) -> None:
    add("acoustic_drums", drums, 0.8, style="brush")
    add("acoustic_bass", bass, style="walking")
    add(
        str(rng.choice(["piano", "clean_guitar", "electric_piano", "mallets"])),
        comp,
        density=0.3,
        short=0.5,
    )
    add(
        str(rng.choice(["reeds", "brass", "piano", "mallets", "voice"])),
        melody,
        octave=4,
        rate=0.5,
        leap=2.2,
    )


def _ambient(rng: Generator, add: Add) -> None:
    add("synth_pad", hold, octave=3, each=int(rng.choice([1, 2, 4])))
    add(str(rng.choice(["synth_pad", "synth_effect", "choir"])), hold, 0.7, octave=4, each=2)
    add("synth_effect", arpeggio, 0.6, octave=5, rate=float(rng.choice([0.5, 1.0, 2.0])))
    add(
        str(rng.choice(["mallets", "electric_piano", "piano"])),
        melody,
        0.4,
        octave=5,
        rate=1.0,
        rest=0.5,
    )
    add("synth_bass", bass, 0.3, octave=1, style="roots")


def _house(rng: Generator, add: Add) -> None:
    add("electronic_drums", drums, style="four")
    add("synth_bass", bass, style=str(rng.choice(["offbeat", "sixteenths", "octaves"])))
    add(
        str(rng.choice(["piano", "organ", "electric_piano", "synth_lead"])),
        comp,
        density=0.5,
        short=0.4,
    )
    add("synth_pad", hold, 0.6)
    add("voice", melody, 0.2, octave=4, rest=0.5)


def _techno(rng: Generator, add: Add) -> None:
    add("electronic_drums", drums, style="four")
    add("electronic_drums", drums, 0.3, style="latin")
    add("synth_bass", bass, octave=1, style=str(rng.choice(["sixteenths", "offbeat"])))
    add("synth_lead", arpeggio, 0.6, octave=4, rate=0.25, short=0.4)
    add("synth_effect", hold, 0.5, each=4)


def _trance(rng: Generator, add: Add) -> None:
    add("electronic_drums", drums, 0.85, style="four")
    add("synth_bass", bass, style=str(rng.choice(["offbeat", "octaves"])))
    add("synth_lead", arpeggio, octave=4, rate=0.25, short=0.6)
    add("synth_strings", hold, 0.7)
    add("synth_lead", melody, 0.5, octave=5)


def _breakbeat(rng: Generator, add: Add) -> None:
    add(str(rng.choice(["electronic_drums", "acoustic_drums"])), drums, style="break")
    add("synth_bass", bass, octave=1, style=str(rng.choice(["dub", "sixteenths"])))
    add("synth_pad", hold, 0.7)
    add(str(rng.choice(["synth_lead", "synth_effect"])), melody, 0.5, octave=5)


def _downtempo(rng: Generator, add: Add) -> None:
    add(
        str(rng.choice(["electronic_drums", "acoustic_drums"])),
        drums,
        style=str(rng.choice(["break", "light"])),
    )
    add(str(rng.choice(["synth_bass", "electric_bass"])), bass, style="dub")
    add("electric_piano", comp, 0.6, density=0.3)
    add("synth_pad", hold, 0.7)
    add(str(rng.choice(["voice", "reeds", "flutes", "synth_effect"])), melody, 0.6, rest=0.4)


def _synthpop(rng: Generator, add: Add) -> None:
    add("electronic_drums", drums, style=str(rng.choice(["four", "light", "rock"])))
    add("synth_bass", bass, style=str(rng.choice(["octaves", "eighths", "sixteenths"])))
    add("synth_lead", arpeggio, 0.6, rate=0.25)
    add("synth_strings", hold, 0.6)
    add("synth_lead", melody, 0.6, octave=5)
    add("voice", melody, 0.4, octave=4)


_MAJOR, _MINOR, _BOTH = ("major",), ("minor",), ("major", "minor")
_FRAMES: dict[str, tuple[tuple[float, float], tuple[str, ...]]] = {
    "keyboard": ((50, 130), ("major", "harmonic")),
    "guitar_solo": ((55, 120), ("major", "harmonic")),
    "chamber": ((50, 130), ("major", "harmonic")),
    "baroque": ((50, 120), ("major", "harmonic")),
    "orchestra": ((55, 130), ("major", "minor", "harmonic")),
    "choral": ((45, 90), ("major", "harmonic", "dorian")),
    "rock": ((90, 165), ("major", "minor", "mixolydian")),
    "hard_rock": ((80, 160), ("minor", "mixolydian")),
    "metal": ((90, 190), ("minor", "phrygian")),
    "punk": ((150, 200), _BOTH),
    "indie": ((90, 160), _BOTH),
    "ballad": ((60, 95), _BOTH),
    "pop": ((85, 130), _BOTH),
    "folk": ((70, 140), ("major", "dorian")),
    "singer": ((60, 120), _BOTH),
    "funk": ((90, 120), ("dorian", "mixolydian")),
    "world": ((60, 130), ("phrygian", "dorian", "harmonic", "mixolydian")),
    "celtic": ((90, 140), ("major", "dorian")),
    "latin": ((80, 130), _BOTH),
    "reggae": ((65, 95), _BOTH),
    "jazz": ((80, 200), ("major", "dorian")),
    "ambient": ((50, 110), ("major", "minor", "dorian")),
    "house": ((118, 130), ("minor", "dorian")),
    "techno": ((125, 142), ("minor", "phrygian")),
    "trance": ((132, 145), _MINOR),
    "breakbeat": ((120, 175), ("minor", "dorian")),
    "downtempo": ((70, 105), ("minor", "dorian")),
    "synthpop": ((100, 135), _BOTH),
}
_WRITERS: dict[str, Callable[[Generator, Add], None]] = {
    style: globals()[f"_{style}"] for style in STYLES
}
