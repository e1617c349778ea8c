"""One MixesDB page: wikitext in, `Tracklist` out."""

from __future__ import annotations

import logging
import re
from typing import Literal

from data.records import SetAside, Tracklist
from data.settings import get_settings
from scrapers.mixesdb.rows import Row, list_sections, plays_of, read_rows
from scrapers.mixesdb.styles import styles_of
from scrapers.mixesdb.titles import (
    canonical_title,
    certain_date,
    djs_of_event,
    page_url,
    read_title,
)
from scrapers.mixesdb.wikitext import (
    categories,
    plain,
    sections,
    templates,
    without_comments,
    without_templates,
)

LICENCE = "CC BY-SA 3.0 US"
"""Licence of MixesDB's tracklists, as claimed by SetTracker's source; the page is the credit."""

_log = logging.getLogger(__name__)

_REDIRECT = re.compile(r"\s*#\s*REDIRECT(?:ION)?\s*:?\s*\[\[([^\]|]+)", re.IGNORECASE)
_NOT_A_SET = re.compile(
    r"(?:(?:user|mixesdb|file|mediawiki|template|help|category|explorer)(?: talk)?|talk|special"
    r"|media|image)\s*:\s*\S",
    re.IGNORECASE,
)
_SHOW_LENGTH = re.compile(r"standardshow\s*(\d+)\s*(h|min)")
_FILE_LENGTH = re.compile(r"^\|\s*(\d{1,2}):(\d\d):(\d\d)\s*$", re.MULTILINE)
_COMPLETENESS = re.compile(r"tracklist\s*:\s*(complete|incomplete)$", re.IGNORECASE)


def read_page(title: str, wikitext: str, *, url: str = "", date: str = "") -> Tracklist | SetAside:
    """Read one page.

    Parameters
    ----------
    title : str
        Page title, path ("/w/2013-07-24_-_…") or address.
    wikitext : str
        The page's source.
    url : str
        Address of the page; by default built from the title and the setting
        ``mixesdb_page_url``.
    date : str
        Date of the set, used where the title gives none.

    Returns
    -------
    Tracklist or SetAside
        `SetAside` for repeats, fakes, redirects, and pages without a tracklist; also
        for a page that Segue stumbles over, so that it does not cost the pages after it.
    """
    try:
        return _read(title, wikitext, url=url, date=date)
    except Exception as error:
        _log.exception("the page %r could not be read", title)
        return SetAside(title, f"could not be read: {type(error).__name__}: {error}")


def _read(title: str, wikitext: str, *, url: str, date: str) -> Tracklist | SetAside:
    name = canonical_title(title)
    text = without_comments(wikitext)
    reason = _reason_against(name, text)
    if reason:
        return SetAside(name, reason)
    found = categories(text)
    rows = _rows(text)
    if all(row.gap for row in rows):
        return SetAside(name, "no tracklist on the page")
    heading = read_title(name, found)
    names = [category for category, _ in found]
    chapters = list(dict.fromkeys(row.chapter for row in rows if row.chapter))
    djs = heading.djs or djs_of_event(
        names + _repeated(text), chapters, heading.venue, heading.show
    )
    return Tracklist(
        source="mixesdb",
        source_id=name,
        title=name,
        plays=plays_of(rows, length=_length(text)),
        date=heading.date or _fallback_date(name, date, names),
        djs=djs,
        show=heading.show,
        venue=heading.venue,
        styles=styles_of(category for category in names if category not in djs),
        url=url or page_url(name, get_settings().mixesdb_page_url),
        licence=LICENCE,
        completeness=_completeness(names),
    )


def _reason_against(title: str, text: str) -> str:
    """Why a page is no set of its own; empty if it is one."""
    if _NOT_A_SET.match(title):
        return "not a page of a set"
    if not text.strip():
        return "the page is empty"
    redirect = _REDIRECT.match(text)
    if redirect:
        return f"a redirect to {plain(redirect.group(1))}"
    for name, parameters in templates(text):
        if name in ("repeat", "fake"):
            return f"a {name} of {plain(parameters.get('original', '')) or 'another set'}"
    return ""


def _rows(text: str) -> list[Row]:
    rows: list[Row] = []
    for section in list_sections(sections(without_templates(text))):
        first_part = rows[-1].part + 1 if rows else 0
        rows += read_rows(section, first_part=first_part)
    return rows


def _length(text: str) -> int | None:
    """Length of the set in seconds, from ``{{StandardShow2h}}`` or the table of files."""
    for name, parameters in templates(text):
        match = _SHOW_LENGTH.match(name.replace("?", parameters.get("1", "?")))
        if match:
            return int(match.group(1)) * (3600 if match.group(2) == "h" else 60)
    files = [[int(part) for part in row] for row in _FILE_LENGTH.findall(text)]
    return max((h * 3600 + m * 60 + s for h, m, s in files), default=None)


def _repeated(text: str) -> list[str]:
    """Names in ``{{Repeated|DJ}}``: categories of sets that were broadcast before."""
    return [parameters.get("1", "") for name, parameters in templates(text) if name == "repeated"]


def _fallback_date(title: str, date: str, categories: list[str]) -> str:
    # "199X" says that the day is not known: the broadcast's date must not stand in for it.
    if re.match(r"\d{3}X", title):
        return ""
    year = next((name for name in categories if re.fullmatch(r"(?:19|20)\d\d", name)), "")
    return certain_date(date) or year


def _completeness(names: list[str]) -> Literal["complete", "incomplete", "unknown"]:
    for name in names:
        match = _COMPLETENESS.match(name)
        if match:
            return "complete" if match.group(1).casefold() == "complete" else "incomplete"
    return "unknown"
