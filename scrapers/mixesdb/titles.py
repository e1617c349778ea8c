"""Titles of MixesDB pages and what they say: date, DJs, venue and show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

_ADDRESS = re.compile(r"^(?:https?://[^/]+)?/?(?:w|db)/(?:index\.php\?title=)?")
_DATE = re.compile(r"^(\d[\dX]{3}(?:-[\dX]{1,2}){0,2})\s+-\s+(.*)$")
_ISO = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_LAST_BRACKET = re.compile(r"^(.*?)\s*\(([^()]+)\)$")
_BROADCAST = re.compile(r",?\s*\d[\dX]{3}(?:-[\dX]{1,2}){0,2}$")
_TOGETHER = re.compile(r"\s+b2b\s+", re.IGNORECASE)
_MAYBE_TOGETHER = re.compile(r"\s+(?:&|and|x|vs\.?|with|w/)\s+", re.IGNORECASE)
_SEVERAL = re.compile(r"(?:VA|Various(?: Artists)?)(?:\s+on\s.*)?$")
_YEAR = re.compile(r"\d{3}[\dX]|[A-Z]\w+ (?:19|20)\d\d")
_HOUSEKEEPING = re.compile(r"tracklist\s*:|small pages$|unknown gig", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a page's title says."""

    date: str = ""
    djs: tuple[str, ...] = ()
    venue: str = ""
    show: str = ""


def canonical_title(title: str) -> str:
    """Page title with spaces, from a title, a path ("/w/…") or a page address."""
    text = title.strip()
    path = _ADDRESS.sub("", text)
    if path != text or " " not in text:
        path = unquote(path)
    return " ".join(path.replace("_", " ").split())


def page_url(title: str, base: str) -> str:
    """Address of a page, as MediaWiki writes it."""
    # JSON can hold half characters, which have no UTF-8.
    return base + quote(title.replace(" ", "_"), safe="@,()!:;$*/~-._", errors="replace")


def certain_date(text: str) -> str:
    """As much of a date as is known: "2011-06-1X" is "2011-06", "199X" is ""."""
    match = _ISO.match(text)
    known = [part for part in match.groups() if part] if match else []
    return "-".join(known)


def read_title(title: str, categories: Sequence[tuple[str, str]]) -> Heading:
    """Read a canonical title with the help of the page's categories.

    Parameters
    ----------
    title : str
        ``YYYY-MM-DD - DJ[, DJ] - Show`` or
        ``YYYY-MM-DD - DJ @ Venue, City (Show, YYYY-MM-DD)``.
    categories : sequence of (str, str)
        Names and sort keys; they tell whether "A & B" are one act or two and
        which words are the show.
    """
    dated = _DATE.match(title)
    date, rest = (certain_date(dated.group(1)), dated.group(2)) if dated else ("", title)
    names = [name for name, _ in categories]
    rest, show = _take_show(rest, categories)
    who, _, venue = rest.partition(" @ ")
    if not dated and not venue and not show:
        return Heading()
    return Heading(date, _djs(who, names), venue, show)


def _take_show(text: str, categories: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Split the show off the end of a title."""
    known = {_plain(name) for name, _ in categories}
    dated = next((name for name, key in categories if certain_date(key)), "")
    bracket = _LAST_BRACKET.match(text)
    in_bracket = _BROADCAST.sub("", bracket.group(2)).strip() if bracket else ""
    before_dash, dash, last = text.rpartition(" - ")
    if bracket and _plain(in_bracket) in known:
        return bracket.group(1), in_bracket
    if dash and _plain(last) in known:
        return before_dash, _without_remark(last, [name for name, _ in categories])
    if dash and not (bracket and " @ " in text):
        return before_dash, last
    if bracket and " @ " in text:
        return bracket.group(1), dated or in_bracket
    before_comma, _, tail = text.rpartition(", ")
    return (before_comma, tail) if before_comma and _plain(tail) in known else (text, "")


def _djs(who: str, categories: Sequence[str]) -> tuple[str, ...]:
    known = {_plain(name) for name in categories}
    if _plain(who) in known:
        return (_without_remark(who, categories),)
    found = []
    for credit in re.split(r",\s+", who):
        for act in _TOGETHER.split(credit):
            found += _acts(act.strip(), categories)
    names = (_without_remark(name, categories) for name in found)
    return tuple(dict.fromkeys(n for n in names if n and not _SEVERAL.match(n)))


def _acts(credit: str, categories: Sequence[str]) -> list[str]:
    """Split "A & B" where the categories name A or B but not the two together."""
    parts = _MAYBE_TOGETHER.split(credit)
    whole = _plain(_without_remark(credit, ()))
    if len(parts) == 1 or whole in {_plain(name) for name in categories}:
        return [credit]
    words = [set(_plain(name).split()) for name in categories]
    known = any(
        part_words <= category or category <= part_words
        for part_words in (set(_plain(part).split()) for part in parts)
        for category in words
        if category
    )
    return parts if known else [credit]


def _without_remark(name: str, categories: Sequence[str]) -> str:
    """DJ's name without "(Live PA)" or "(Homelands)" behind it."""
    if name in categories:
        return name
    return re.sub(r"\s*\([^()]*\)$", "", name).strip()


def _plain(name: str) -> str:
    """Name for comparing: case folded, without a disambiguation in brackets."""
    return re.sub(r"\s*\([^()]*\)$", "", name).strip().casefold()


def djs_of_event(
    categories: Sequence[str], chapters: Sequence[str], venue: str, show: str
) -> tuple[str, ...]:
    """DJs of a page whose title says only "VA".

    A category that opens a chapter's heading ("Sasha, Gatecrasher, 1999-12-31")
    is a DJ; where no chapter helps, the categories before the first one that
    the title's venue names are.
    """
    people = [
        name
        for name in categories
        if not (_YEAR.fullmatch(name) or _HOUSEKEEPING.match(name) or _plain(name) == _plain(show))
    ]
    openings = [_opening(chapter) for chapter in chapters]
    in_chapters = [n for n in people if any(_names(opening, _plain(n)) for opening in openings)]
    elsewhere = [n for n in in_chapters if _plain(n) not in venue.casefold()]
    found = elsewhere or in_chapters
    if not found and show and show in categories:
        before = categories[: categories.index(show)]
        places = [_plain(n) in venue.casefold() for n in before]
        end = places.index(True) if True in places else len(before)
        found = [n for n in before[:end] if n in people]
    return tuple(re.sub(r"\s*\([^()]*\)$", "", name) for name in found)


def _opening(chapter: str) -> str:
    """Return the DJs' part of a chapter heading, case folded."""
    text = re.sub(r"^[\d:.h/ X-]+(?:\s+-\s+|,\s+)", "", chapter)
    return re.split(r"\s+@\s+|,\s+|\s+-\s+|\s+\(", text)[0].casefold()


def _names(opening: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", opening) is not None
