"""Cues of a MixesDB tracklist: ``[07]``, ``[0??]``, ``[010:15]``, ``[1:02:30]``.

One number is minutes; ``mmm:ss`` and ``h:mm:ss`` say what they are. ``n:nn`` and
``nn:nn`` are ambiguous: MixesDB's own cue switcher reads ``[0:07]`` as h:mm, yet
many lists use mm:ss. `read_cues` decides for a whole list.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from data.records import Cue

# "[076|" is a slip of the next key seen in real pages.
CUE = re.compile(r"\[\s*([\d?]{1,3}(?:[:.][\d?]{1,3}){0,2}|[.…-]{0,3})\s*(?:\]|\|(?=\s))\s*")

_AMBIGUOUS = re.compile(r"[\d?]{1,2}:[\d?]{2}")
_TYPICAL_GAP = 240.0
"""Seconds between two plays of an ordinary set, to tell h:mm from mm:ss."""
_LONGEST_SHOW = 12 * 3600

_Reading = Callable[[str], int]


def _seconds(text: str) -> int:
    """Seconds of a cue whose digits are all known; two parts are mm:ss."""
    parts = [int(part) for part in text.split(":")]
    if len(parts) == 1:
        return parts[0] * 60
    hours, minutes, seconds = [0, *parts][-3:]
    return hours * 3600 + minutes * 60 + seconds


def _seconds_of_hours(text: str) -> int:
    """Seconds of a cue written h:mm."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _normal(text: str) -> str:
    return text.replace(".", ":")


def read_cues(texts: Sequence[str], length: int | None = None) -> list[Cue | None]:
    """Read the cues of one list, in order.

    Parameters
    ----------
    texts : sequence of str
        What stands between the brackets; empty where a row has no cue.
    length : int or None
        Length of the set in seconds, if known.

    Returns
    -------
    list of (Cue or None)
        One for each text; None where it was empty.
    """
    normal = [_normal(text) for text in texts]
    hours = _is_hours_and_minutes(normal, length)
    return [
        _cue(text, norm, hours) if text else None for text, norm in zip(texts, normal, strict=True)
    ]


def _cue(text: str, normal: str, hours: bool) -> Cue:
    if not any(c.isdigit() for c in normal):
        return Cue(text)
    reading = _seconds_of_hours if hours and _AMBIGUOUS.fullmatch(normal) else _seconds
    first, *rest = normal.split(":")
    lowest = ":".join([first, *rest]).replace("?", "0")
    # Unknown minutes or seconds after a colon end at 59, not at 99.
    tails = [re.sub(r"^\?", "5", part).replace("?", "9")[:2] for part in rest]
    highest = ":".join([first.replace("?", "9"), *tails])
    return Cue(text, reading(lowest), reading(highest))


def _is_hours_and_minutes(texts: Sequence[str], length: int | None) -> bool:
    """Whether a list's ambiguous cues are h:mm (else mm:ss)."""
    ambiguous = [t for t in texts if _AMBIGUOUS.fullmatch(t) and "?" not in t]
    if not ambiguous:
        return False
    faults = {hours: _steps_back(texts, hours) for hours in (True, False)}
    if faults[True] != faults[False]:
        return faults[True] < faults[False]
    # 10 % grace: recordings run over, and a list may be of the longer version.
    longest = length * 1.1 if length else _LONGEST_SHOW
    if max(map(_seconds_of_hours, ambiguous)) > longest:
        return False
    if all(t[1] == ":" for t in ambiguous):
        return True
    span = max(map(_seconds, ambiguous)) - min(map(_seconds, ambiguous))
    gap = span / max(len(texts) - 1, 1)
    if gap <= 0:
        return False
    return abs(math.log(gap * 60 / _TYPICAL_GAP)) < abs(math.log(gap / _TYPICAL_GAP))


def _steps_back(texts: Sequence[str], hours: bool) -> int:
    """How often the list runs backwards if its ambiguous cues are h:mm (or mm:ss)."""
    known = [t for t in texts if t and t.replace(":", "").isdigit()]
    times = [
        _seconds_of_hours(t) if hours and _AMBIGUOUS.fullmatch(t) else _seconds(t) for t in known
    ]
    return sum(later < earlier for earlier, later in pairwise(times))
