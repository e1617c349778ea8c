"""Bring the sets of a website into the catalogue, so that a kill costs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from data.catalogue import Catalogue
from data.records import SetAside, Tracklist
from data.settings import Settings
from scrapers.http import PoliteSession
from scrapers.mixesdb.api import (
    Batch,
    ContinuationExpired,
    category_name,
    pages_done,
    walk_category,
)
from scrapers.mixesdb.page import read_page
from scrapers.mixesdb.titles import page_url


@dataclass(frozen=True, slots=True)
class ScrapeSummary:
    """What one run of a scrape brought in.

    Parameters
    ----------
    pages : int
        Pages this run received; every one is a set or set aside.
    sets, plays, unknown : int
        Sets among them, their identified plays and their unknown rows.
    set_aside : list of dict
        One ``{"file": title, "reason": reason}`` for each page that gave no set.
    resumed : bool
        Whether the run went on where an earlier one was cut off.
    pages_before : int
        Pages that the earlier run had brought in.
    """

    pages: int = 0
    sets: int = 0
    plays: int = 0
    unknown: int = 0
    set_aside: list[dict[str, str]] = field(default_factory=list)
    resumed: bool = False
    pages_before: int = 0


def scrape_mixesdb(
    catalogue: Catalogue,
    settings: Settings,
    *,
    category: str,
    limit: int | None = None,
    since: str | None = None,
    progress: Callable[[ScrapeSummary], None] | None = None,
    session: PoliteSession | None = None,
) -> ScrapeSummary:
    """Read the sets of a MixesDB category into the catalogue, newest first.

    Each batch of pages is committed in one transaction with the place it ended
    at. A run that was killed, at whatever moment, therefore goes on after the
    last batch that is whole, and ends with the rows of an undisturbed run.

    Parameters
    ----------
    catalogue : Catalogue
    settings : Settings
        API address, page address, delays and user agent.
    category : str
        Category name, case-sensitive ("Essential Mix").
    limit : int, optional
        Read at most so many pages; those of a run that was cut off count too.
    since : str, optional
        Only pages dated ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` or later.
    progress : callable, optional
        Called with the summary so far after each batch is safely stored.
    session : PoliteSession, optional
        Session to read with; by default one is made and closed again.

    Returns
    -------
    ScrapeSummary

    Raises
    ------
    scrapers.http.Blocked
        If the site refuses automated access; nothing of that answer is stored.
    data.errors.SegueError
        If the category does not exist or the site gives no usable answer.
    """
    name = _checkpoint_name(settings.mixesdb_api_url, category, limit, since)
    token = catalogue.checkpoint(name)

    with ExitStack() as stack:
        polite = session or stack.enter_context(PoliteSession(settings))

        def run(token: str | None) -> ScrapeSummary:
            summary = ScrapeSummary(resumed=token is not None, pages_before=pages_done(token))
            for batch in walk_category(
                polite,
                settings.mixesdb_api_url,
                category,
                limit=limit,
                since=since,
                token=token,
            ):
                summary = _store(catalogue, batch, name, settings.mixesdb_page_url, summary)
                if progress:
                    progress(summary)
            return summary

        if token is None:
            return run(None)
        try:
            return run(token)
        except ContinuationExpired:
            # What is stored already stays and is met again unchanged.
            return run(None)


def _checkpoint_name(api_url: str, category: str, limit: int | None, since: str | None) -> str:
    asked = {"api": api_url, "category": category_name(category), "limit": limit, "since": since}
    return f"scrape mixesdb {json.dumps(asked, sort_keys=True, ensure_ascii=False)}"


def _store(
    catalogue: Catalogue, batch: Batch, name: str, base_url: str, summary: ScrapeSummary
) -> ScrapeSummary:
    read = [read_page(p.title, p.wikitext, url=page_url(p.title, base_url)) for p in batch.pages]
    tracklists = [entry for entry in read if isinstance(entry, Tracklist)]
    set_aside = [entry for entry in read if isinstance(entry, SetAside)]
    set_aside += batch.set_aside
    counts = catalogue.add_tracklists(
        tracklists, set_aside=set_aside, checkpoint=(name, batch.token)
    )
    return replace(
        summary,
        pages=summary.pages + len(read) + len(batch.set_aside),
        sets=summary.sets + counts.sets,
        plays=summary.plays + counts.plays,
        unknown=summary.unknown + counts.unknown,
        set_aside=[
            *summary.set_aside,
            *({"file": entry.where, "reason": entry.reason} for entry in set_aside),
        ],
    )
