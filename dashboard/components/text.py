"""How tracks, dates and links are written. All of it is untrusted text from tracklists."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from dash import html
from dash.development.base_component import Component

from data.records import Track


def icon(name: str) -> html.Span:
    """Return a decorative icon; `name` is one of those drawn in ``assets/icons.css``."""
    return html.Span(className=f"icon icon-{name}", **{"aria-hidden": "true"})


def hidden(text: str) -> html.Span:
    """Return text for screen readers alone."""
    return html.Span(text, className="visually-hidden")


def title_of(track: Track) -> list[Component | str]:
    """Return "title (version)" with each part dressed on its own."""
    name: list[Component | str] = [html.Span(track.title, className="track-title")]
    if track.version:
        name += [" ", html.Span(f"({track.version})", className="track-version")]
    return name


def track_name(track: Track) -> list[Component | str]:
    """Return "artist – title (version)" with each part dressed on its own."""
    return [f"{track.artist} – ", *title_of(track)]


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 set", "1,204 sets"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def with_commands(message: str) -> list[Component | str]:
    """Return a message whose `commands` between backticks stand out as code."""
    return [html.Code(part) if i % 2 else part for i, part in enumerate(message.split("`")) if part]


def readable_date(date: str) -> str:
    """Return an ISO date, as far as it is known, in words: "24 Jul 2013", "Jun 2011", "1995"."""
    for pattern, words in (("%Y-%m-%d", "%-d %b %Y"), ("%Y-%m", "%b %Y")):
        try:
            parsed = dt.datetime.strptime(date, pattern)
        except ValueError:
            continue
        return parsed.strftime(words.replace("%-d", str(parsed.day)))
    return date or "no date"


def web_address(url: str) -> str:
    """Return `url` if it is a plain web address, else an empty string.

    A tracklist can hold any text; ``javascript:`` and its like must not become links.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else ""


def outside_link(text: str, url: str) -> Component | str:
    """Return a link that opens in a new tab, or the bare text where there is no safe address."""
    address = web_address(url)
    if not address:
        return text
    return html.A(
        [text, hidden(" (opens in a new tab)")],
        href=address,
        target="_blank",
        rel="noopener noreferrer",
    )
