"""Round and square brackets in a row, nested and unclosed ones included."""

from __future__ import annotations

from typing import NamedTuple

_CLOSES = {"(": ")", "[": "]"}


class Bracket(NamedTuple):
    """An outermost bracket: where it is, what it holds, and ``"("`` or ``"["``."""

    start: int
    end: int
    text: str
    mark: str


def outermost(text: str) -> list[Bracket]:
    """Find the brackets that stand in no other one; those never closed are left out."""
    found: list[Bracket] = []
    open_at: list[int] = []
    for place, char in enumerate(text):
        if char in _CLOSES:
            open_at.append(place)
        elif char in ")]" and any(_CLOSES[text[i]] == char for i in open_at):
            while _CLOSES[text[open_at[-1]]] != char:
                open_at.pop()
            start = open_at.pop()
            while found and found[-1].start > start:
                found.pop()
            found.append(Bracket(start, place + 1, text[start + 1 : place], text[start]))
    return found


def last_bracket(text: str) -> Bracket | None:
    """Outermost bracket that ends a text, if one does."""
    found = outermost(text)[-1:]
    return found[0] if found and found[0].end == len(text) else None


def balanced(text: str) -> str:
    """Close what was left open at the end, and drop an end that was never opened.

    Examples
    --------
    >>> balanced("Moon (Bo Remix"), balanced("Moon]"), balanced("Moon (Bo Remix [Cellar]")
    ('Moon (Bo Remix)', 'Moon', 'Moon (Bo Remix) [Cellar]')
    """
    closing: list[str] = []
    for char in text:
        if char in _CLOSES:
            closing.append(_CLOSES[char])
        elif closing and char == closing[-1]:
            closing.pop()
    if not closing and text.endswith(("]", ")")) and not last_bracket(text):
        return text[:-1].rstrip()
    missing = "".join(reversed(closing))
    last = text.rfind("[")
    if not missing or not text.endswith("]"):
        return text + missing
    if last < 0:
        # "(Bo Remix]": opened one way and closed the other.
        return text[:-1] + missing
    if last > 0 and "(" not in text[last:]:
        # What stands in whole square brackets at the end is a label of its own.
        return f"{text[:last].rstrip()}{missing} {text[last:]}"
    return text + missing
