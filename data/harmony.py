"""Musical keys in the notations DJs use, and how well two keys or two tempos go together.

Key numbers follow the circle of fifths: with pitch class ``p`` (C = 0), Camelot
is ``(7 p + 7) mod 12 + 1`` with "B" for major and ``(7 p + 4) mod 12 + 1`` with
"A" for minor; Open Key is Camelot plus five steps, with "d" and "m". Traktor
stores 0-11 for C to B major and 12-23 for C to B minor.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Mode = Literal["major", "minor"]
Notation = Literal["camelot", "open_key", "classic"]

NOTATIONS: tuple[Notation, ...] = get_args(Notation)
"""The ways to write a key that a person can choose between."""

_MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
_NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTAL = {"": 0, "#": 1, "b": -1, "sharp": 1, "flat": -1}
_CLASSIC = re.compile(
    r"(?P<note>[A-Ga-g])[\s-]*(?P<accidental>#|b|sharp|flat)?[\s-]*"
    r"(?P<mode>M|m|(?i:maj(?:or)?|min(?:or)?))?\.?"
)
_WHEEL = re.compile(r"0?(?P<number>[1-9]|1[0-2])\s*(?P<letter>[ABDM])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Key:
    """A musical key.

    Parameters
    ----------
    pitch_class : int
        0 (C) to 11 (B).
    mode : {"major", "minor"}

    Raises
    ------
    ValueError
        If `pitch_class` is not 0 to 11 or `mode` is neither.

    Examples
    --------
    >>> key = Key(9, "minor")
    >>> key.classic(), key.camelot(), key.open_key(), key.traktor()
    ('Am', '8A', '1m', 21)
    """

    pitch_class: int
    mode: Mode

    def __post_init__(self) -> None:
        if self.pitch_class not in range(12):
            raise ValueError(f"pitch_class must be 0 to 11, not {self.pitch_class!r}")
        if self.mode not in ("major", "minor"):
            raise ValueError(f"mode must be 'major' or 'minor', not {self.mode!r}")

    @classmethod
    def from_camelot(cls, number: int, letter: str) -> Key:
        """Key of a Camelot number, 1 to 12, and letter, "A" or "B"."""
        mode: Mode = "major" if letter.upper() == "B" else "minor"
        # 7 is its own inverse modulo 12.
        return cls(7 * (number - 1 - (7 if mode == "major" else 4)) % 12, mode)

    @classmethod
    def from_traktor(cls, value: int) -> Key:
        """Key of Traktor's ``MUSICAL_KEY VALUE``, 0 to 23; ValueError otherwise."""
        if value not in range(24):
            raise ValueError(f"Traktor's key value must be 0 to 23, not {value!r}")
        return cls(value % 12, "major" if value < 12 else "minor")

    @property
    def camelot_number(self) -> int:
        """Place on the Camelot wheel, 1 to 12."""
        return (7 * self.pitch_class + (7 if self.mode == "major" else 4)) % 12 + 1

    def classic(self) -> str:
        """Name as rekordbox writes it: ``"Am"``, ``"F#"``, ``"Bb"``."""
        if self.mode == "major":
            return _MAJOR_NAMES[self.pitch_class]
        return f"{_MINOR_NAMES[self.pitch_class]}m"

    def camelot(self) -> str:
        """Name on the Camelot wheel: ``"8A"``."""
        return f"{self.camelot_number}{'B' if self.mode == 'major' else 'A'}"

    def open_key(self) -> str:
        """Open Key name, which is also what Traktor shows: ``"1m"``."""
        return f"{(self.camelot_number + 4) % 12 + 1}{'d' if self.mode == 'major' else 'm'}"

    def written(self, notation: Notation = "camelot") -> str:
        """Name in the notation that a person chose.

        Parameters
        ----------
        notation : {"camelot", "open_key", "classic"}

        Raises
        ------
        ValueError
            If there is no such notation.

        Examples
        --------
        >>> [Key(9, "minor").written(notation) for notation in NOTATIONS]
        ['8A', '1m', 'Am']
        """
        if notation not in NOTATIONS:
            raise ValueError(f"notation must be one of {', '.join(NOTATIONS)}, not {notation!r}")
        name: str = getattr(self, notation)()
        return name

    def traktor(self) -> int:
        """Return the number that Traktor stores, 0 to 23."""
        return self.pitch_class + (0 if self.mode == "major" else 12)


def parse_key(text: str) -> Key | None:
    """Read a key in classic, Camelot or Open Key notation.

    Parameters
    ----------
    text : str
        ``"A minor"``, ``"Am"``, ``"Gb maj"``, ``"B♭m"``, ``"8A"``, ``"08A"``, ``"1m"``,
        ``"12d"``; two names of one key may be given ("G#m/Abm"). After a number "A" and
        "B" are Camelot, "d" and "m" Open Key. After a note "m" is minor, "M" and
        nothing are major.

    Returns
    -------
    Key or None
        None for anything else.

    Examples
    --------
    >>> parse_key("F♯ minor").camelot(), parse_key("08a").classic(), parse_key("1d").classic()
    ('11A', 'Am', 'C')
    >>> parse_key("13A") is None
    True
    """
    text = text.strip().replace("♯", "#").replace("♭", "b")
    if "/" in text:
        keys = {_parse_one(part.strip()) for part in text.split("/")}
        return keys.pop() if len(keys) == 1 else None
    return _parse_one(text)


def _parse_one(text: str) -> Key | None:
    if match := _WHEEL.fullmatch(text):
        number, letter = int(match["number"]), match["letter"].upper()
        if letter in "AB":
            return Key.from_camelot(number, letter)
        return Key.from_camelot((number + 6) % 12 + 1, "B" if letter == "D" else "A")
    match = _CLASSIC.fullmatch(text)
    if not match:
        return None
    pitch = _NATURAL[match["note"].upper()] + _ACCIDENTAL[match["accidental"] or ""]
    mode = match["mode"] or ""
    minor = mode == "m" or mode.lower().startswith("min")
    return Key(pitch % 12, "minor" if minor else "major")


@dataclass(frozen=True, slots=True)
class KeyRelation:
    """How well one key follows another.

    Parameters
    ----------
    score : float
        0 to 1; 1 is the same key.
    name : str
        The relation in words for people.
    """

    score: float
    name: str


def key_compatibility(a: Key | None, b: Key | None) -> KeyRelation | None:
    """Grade how well key `b` follows key `a`.

    Returns
    -------
    KeyRelation or None
        None if either key is unknown: that is neutral, neither good nor bad. A
        clash scores low and never zero, because detected keys are wrong one
        time in three or four.

    Notes
    -----
    Grades 1, .9, .55, .45 and .1 are those of music-assistant/server PR 6144.
    The diagonal stands above two steps, which is Mixxx's judgement: its search
    for compatible keys takes the diagonal in and two steps not. A semitone (seven
    steps on the wheel) is the usual lift and a little better than a clash.

    Examples
    --------
    >>> key_compatibility(parse_key("8A"), parse_key("9A"))
    KeyRelation(score=0.9, name='one step up')
    >>> key_compatibility(parse_key("8A"), parse_key("3B")).name
    'clash'
    """
    if a is None or b is None:
        return None
    steps = (b.camelot_number - a.camelot_number + 6) % 12 - 6
    direction = "up" if steps > 0 else "down"
    if a.mode == b.mode:
        same_mode = {
            0: KeyRelation(1.0, "same key"),
            1: KeyRelation(0.9, f"one step {direction}"),
            2: KeyRelation(0.45, f"two steps {direction}"),
            # Seven steps up the wheel are a semitone up, and five steps down.
            5: KeyRelation(0.3, f"semitone {'down' if steps > 0 else 'up'}"),
        }
        return same_mode.get(abs(steps), KeyRelation(0.1, "clash"))
    if steps == 0:
        return KeyRelation(0.9, f"relative {b.mode}")
    if abs(steps) == 1:
        return KeyRelation(0.55, f"diagonal {direction}")
    return KeyRelation(0.1, "clash")


_KEYS = tuple(Key.from_traktor(value) for value in range(24))
_GRADES = np.array(
    [[relation.score for b in _KEYS if (relation := key_compatibility(a, b))] for a in _KEYS],
    np.float32,
)


def key_grades() -> NDArray[np.float32]:
    """Score of every two keys as `key_compatibility` grades them, shape (24, 24).

    Rows and columns are Traktor's values, see `Key.traktor`.

    Examples
    --------
    >>> am, em = parse_key("8A"), parse_key("9A")
    >>> round(float(key_grades()[am.traktor(), em.traktor()]), 3)
    0.9
    """
    return _GRADES.copy()


@dataclass(frozen=True, slots=True)
class TempoRelation:
    """How the tempo of one track lies to another's.

    Parameters
    ----------
    ratio : float
        Second tempo over first, as they are.
    percent : float
        Pitch change that the second track needs to run with the first, in percent.
    kind : {"same", "half", "double"}
        Whether the second runs at the first's tempo, at half or at twice of it.
    """

    ratio: float
    percent: float
    kind: Literal["same", "half", "double"]


def tempo_relation(a: float, b: float, *, octaves: bool = True) -> TempoRelation:
    """Say how far tempo `b` must be pitched to run with tempo `a`.

    Parameters
    ----------
    a, b : float
        Tempos in beats per minute, above 0.
    octaves : bool
        Whether half and double time count; the nearest is taken.

    Raises
    ------
    ValueError
        If a tempo is not a finite number above 0.

    Examples
    --------
    >>> tempo_relation(128, 125).percent
    2.4
    >>> tempo_relation(87, 174)
    TempoRelation(ratio=2.0, percent=0.0, kind='double')
    """
    for name, tempo in (("a", a), ("b", b)):
        if not (math.isfinite(tempo) and tempo > 0):
            raise ValueError(f"{name} must be a tempo above 0, not {tempo!r}")
    ratio = b / a
    kind: Literal["same", "half", "double"] = "same"
    if octaves and ratio > math.sqrt(2):
        kind = "double"
    elif octaves and ratio < math.sqrt(0.5):
        kind = "half"
    percent = (a * _FACTOR[kind] / b - 1) * 100
    return TempoRelation(ratio, round(percent * 1e6) / 1e6, kind)


_FACTOR = {"same": 1.0, "half": 0.5, "double": 2.0}


def tempo_changes(a: ArrayLike, b: ArrayLike, *, octaves: bool = True) -> NDArray[np.float64]:
    """Pitch change that each tempo `b` needs to run with tempo `a`, in percent.

    The array form of `TempoRelation.percent`: the same numbers to the last digit.

    Parameters
    ----------
    a, b : array_like of float
        Tempos in beats per minute, above 0 or NaN for unknown; broadcast against each other.
    octaves : bool
        Whether half and double time count; the nearest is taken.

    Returns
    -------
    ndarray of float64
        NaN where a tempo is unknown.

    Examples
    --------
    >>> tempo_changes(128, [125, 64, float("nan")]).tolist()
    [2.4, 0.0, nan]
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    factor: NDArray[np.float64] | float = 1.0
    if octaves:
        ratio = b / a
        factor = np.where(ratio > math.sqrt(2), 2.0, np.where(ratio < math.sqrt(0.5), 0.5, 1.0))
    return np.rint((a * factor / b - 1) * 100 * 1e6) / 1e6
