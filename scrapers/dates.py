"""Dates as people write them, to ISO dates as far as they are known."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-./](\d\d?)(?:[-./](\d\d?))?)?(?!\d)")
_DAY_LAST_YEAR = re.compile(r"(?<!\d)(\d\d?)([./-])(\d\d?)\2((?:19|20)\d\d)(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_MONTH = re.compile(rf"\b(\d\d?)(?:st|nd|rd|th)?\.?\s+{_NAMED},?\s+((?:19|20)\d\d)\b", re.I)
_MONTH_DAY = re.compile(rf"\b{_NAMED}\s+(?:(\d\d?)(?:st|nd|rd|th)?,?\s+)?((?:19|20)\d\d)\b", re.I)


def find_date(text: str) -> tuple[str, str]:
    """Find the date in `text`.

    Returns
    -------
    iso : str
        ``"2013-07-24"``, ``"2013-07"``, ``"2013"`` or ``""``.
    reason : str
        Why `iso` says less than was written; empty if it says all.

    Examples
    --------
    >>> find_date("24 July 2013")
    ('2013-07-24', '')
    >>> find_date("03/04/2019")
    ('2019', 'day and month of "03/04/2019" could be either way round')
    """
    if found := _DAY_LAST_YEAR.search(text):
        return _day_first(found)
    if found := _DAY_MONTH.search(text):
        return _iso(found[0], found[3], _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.search(text):
        return _iso(found[0], found[3], _month(found[1]), int(found[2] or 0))
    if found := _ISO.search(text):
        return _iso(found[0], found[1], int(found[2] or 0), int(found[3] or 0))
    return "", f'"{text[:40]}" holds no date' if text.strip() else ""


def without_date(text: str) -> str:
    """Return `text` without its full date and what held it ("2013-07-24 - ", "(…)")."""
    for pattern in (_DAY_LAST_YEAR, _DAY_MONTH, _MONTH_DAY, _ISO):
        if found := pattern.search(text):
            if pattern is _ISO and not found[2]:
                break
            text = text[: found.start()] + text[found.end() :]
            break
    return re.sub(r"\(\s*\)|\[\s*\]", "", text).strip(" -–—,|@")


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _day_first(found: re.Match[str]) -> tuple[str, str]:
    first, mark, second, year = int(found[1]), found[2], int(found[3]), found[4]
    if mark == "." or first > 12 or first == second:
        return _iso(found[0], year, second, first)
    if second > 12:
        return _iso(found[0], year, first, second)
    return year, f'day and month of "{found[0]}" could be either way round'


def _iso(written: str, year: str, month: int, day: int) -> tuple[str, str]:
    try:
        date(int(year), month or 1, day or 1)
    except ValueError:
        return year, f'"{written}" is no day of the calendar'
    if not month:
        return year, ""
    return (f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"), ""
