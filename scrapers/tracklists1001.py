"""Pages of 1001Tracklists that a person saved from the browser.

The site is never fetched: it asks not to be automated. Pages of two generations are
read (2023 on): a row is a ``.tlpItem``; its schema.org metadata name the track, its
``data-isided`` says whether the site counts it as identified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from data.errors import SegueError
from data.identity import make_track, parse_track
from data.records import Cue, OutsideId, Play, SetAside, Track, Tracklist, Unidentified
from scrapers import content
from scrapers.dates import find_date
from scrapers.source import as_play

_ID = re.compile(r"/tracklist/([^/?#]+)")
_TRACK_ID = re.compile(r"/track/([^/?#]+)")
_TRAILING_DATE = re.compile(r"\s+\d{4}-\d\d-\d\d$")
_CHALLENGE = re.compile(
    r"you will be for+warded to the|just a moment\.\.\.|cf-browser-verification"
    r"|cf-turnstile|name=\"captcha\"|unusual traffic",
    re.I,
)
_OWN_PAGE = re.compile(r"1001tracklists\.com", re.I)


class Tracklists1001:
    """The set of one saved page.

    A row numbered ``w/`` was played with the row before it. A mashup stands there as
    a row of its own, followed by the tracks it is made of as ``w/`` rows: all of them
    are kept as plays, for all of them were heard, and the parts are marked
    `with_previous`, so that no part passes for the next track a DJ chose. Tracks that
    visitors suggest for a position, without the site taking them, are not rows.
    """

    name = "1001tracklists"

    def __init__(self, path: Path) -> None:
        self.path = path

    @staticmethod
    def recognises(page: str) -> bool:
        """Say whether `page` is a tracklist page or the challenge shown in its place."""
        return 'id="tlTab"' in page or bool(_CHALLENGE.search(page))

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield the page's set, or set the page aside if it is a challenge."""
        page = content.decode(content.whole(self.path, content.MAX_PAGE))
        tree = LexborHTMLParser(page)
        rows = tree.css("#tlTab .tlpItem")
        if not rows and _CHALLENGE.search(page):
            yield SetAside(
                self.path.name,
                "blocked page: the site asked for a check instead of showing the tracklist; "
                "open it in the browser, wait for the tracklist and save it again",
            )
            return
        if not rows:
            raise SegueError(f"{self.path} holds no tracklist: save the page again.")
        yield _tracklist(tree, rows, self.path)


def _tracklist(tree: LexborHTMLParser, rows: list[LexborNode], path: Path) -> Tracklist:
    url = _attribute(tree, "link[rel=canonical]", "href") or _attribute(
        tree, 'meta[property="og:url"]', "content"
    )
    found = _ID.search(url)
    meta = _metas(tree.css("#tlTab > meta"))
    heading = tree.css_first("#pageTitle h1")
    name = (meta.get("name") or [_text(heading) or _text(tree.css_first("title"))])[0]
    title = _TRAILING_DATE.sub("", name) or path.stem
    date, _ = find_date((meta.get("datePublished") or [name])[0])
    dj, _, venue = title.partition(" @ ")
    djs = meta.get("author") or [_text(a) for a in tree.css('#pageTitle h1 a[href^="/dj/"]')]
    # Older pages leave the attribute out everywhere; then it says nothing.
    marked = any("data-isided" in row.attributes for row in rows)
    return Tracklist(
        source=Tracklists1001.name,
        source_id=found[1] if found else _attribute(tree, "#tlTab", "data-id") or path.stem,
        title=title,
        plays=tuple(_play(n, row, marked) for n, row in enumerate(rows, start=1)),
        date=date,
        djs=tuple(djs) or ((dj.partition(" - ")[0],) if dj else ()),
        show=_text(tree.css_first('#pageTitle h1 a[href^="/source/"]')),
        venue=venue,
        styles=tuple(meta.get("genre", ())),
        url=url,
    )


def _play(position: int, row: LexborNode, marked: bool) -> Play:
    block = row.css_first("[itemprop=tracks]")
    meta = _metas(block.css("meta")) if block else {}
    name = meta.get("name", [""])[0] or _text(row.css_first(".trackValue"))
    # "(Live Edit)" and "(ID Remix)" stand beside the name, not in it.
    extra = " ".join(_text(node) for node in row.css(".trackEditData, .trackStatus"))
    raw = f"{name} {extra}".strip()
    reading = _reading(name, extra, meta, row)
    if isinstance(reading, Track) and marked and row.attributes.get("data-isided") != "true":
        reading = Unidentified(raw, "unknown", reading.artist, reading.title, reading.label)
    return as_play(
        position,
        reading,
        raw=raw,
        cue=_cue(row),
        with_previous=_text(row.css_first("[id$=_tracknumber_value]")) == "w/",
    )


def _reading(
    name: str, extra: str, meta: dict[str, list[str]], row: LexborNode
) -> Track | Unidentified:
    if " - " not in name:
        return parse_track(f"{name} {extra}".strip())
    artist, title = name.split(" - ", 1)
    written = meta.get("byArtist", [""])[0]
    if written and name.startswith(f"{written} - "):
        artist, title = written, name.removeprefix(f"{written} - ")
    label = _label(meta.get("publisher", [""])[0]) or _text(row.css_first(".trackLabel"))
    found = _TRACK_ID.search(meta.get("url", [""])[0])
    track_id = row.attributes.get("data-trackid") or (found[1] if found else "")
    ids = (OutsideId("1001tracklists", track_id, Tracklists1001.name),) if track_id else ()
    genre = meta.get("genre", [""])[0]
    return make_track(artist, f"{title} {extra}".strip(), label, genre=genre, ids=ids)


def _label(publisher: str) -> str:
    """Return the label's name; pages of 2025 hold it as escaped HTML."""
    if "<" not in publisher:
        return publisher
    return _text(LexborHTMLParser(publisher).body)


def _cue(row: LexborNode) -> Cue | None:
    text = _text(row.css_first(".cue"))
    written = _attribute(row, "input[id$=_cue_seconds]", "value")
    seconds = int(written) if written.isdecimal() else 0
    # A row without a cue holds 0 seconds; the first track's cue has its text as well.
    return Cue(text or written, seconds, seconds) if seconds or text else None


def _metas(nodes: list[LexborNode]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in nodes:
        value = " ".join((node.attributes.get("content") or "").split())
        if value:
            found.setdefault(node.attributes.get("itemprop") or "", []).append(value)
    return found


def _attribute(node: LexborHTMLParser | LexborNode, selector: str, name: str) -> str:
    found = node.css_first(selector)
    return (found.attributes.get(name) or "").strip() if found else ""


def _text(node: LexborNode | None) -> str:
    return " ".join(node.text().split()) if node else ""
