"""Rows that hold several tracks played on top of each other."""

from __future__ import annotations

import re

from data.identity.brackets import outermost
from data.identity.parsing import LONGEST_ROW, names_track

# More pluses than this are an ornament, not tracks played together.
_MOST_MARKS = 20
_MARK = re.compile(r"\s*'''\+'''\s*|\s+(?:\+|w/)\s+", re.IGNORECASE)


def split_layers(text: str) -> list[str]:
    """Split a layered row into its tracks.

    It is split at `` + `` and `` w/ `` only where both sides look like tracks.

    Examples
    --------
    >>> split_layers("A - B [L] + C - D [M]")
    ['A - B [L]', 'C - D [M]']
    >>> split_layers("Harry Diamond + The Lost Boys - I Need You Now")
    ['Harry Diamond + The Lost Boys - I Need You Now']
    """
    if len(text) > LONGEST_ROW:
        return [text.strip()]
    marks = list(_MARK.finditer(text))
    if len(marks) > _MOST_MARKS:
        return [text.strip()]
    inside = [(b.start, b.end) for b in outermost(text)]
    layers: list[str] = []
    start = 0
    for mark in marks:
        if any(low <= mark.start() < high for low, high in inside):
            continue
        if names_track(text[start : mark.start()]) and names_track(text[mark.end() :]):
            layers.append(text[start : mark.start()].strip())
            start = mark.end()
    return [*layers, text[start:].strip()]
