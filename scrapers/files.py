"""Recognise a file of tracklists by its content and open the source that reads it."""

from __future__ import annotations

import re
from pathlib import Path

from data.errors import SegueError
from scrapers import content, table
from scrapers.boilerroom import BoilerRoom
from scrapers.csv_sets import CsvSets
from scrapers.djmix import DjMix
from scrapers.mixesdb.pages import ExportXml, PagesJson, WikitextFile
from scrapers.source import Source
from scrapers.text import TextFile
from scrapers.tracklists1001 import Tracklists1001

_JSON = re.compile(r"\s*(?:\{(?![{|])|\[\s*(?:[{\]\"]|\[\s*[\[{\]\"\d-]|$))")
"""A brace or bracket as JSON opens, and not ``{{Template``, ``{| table`` or ``[[File:``."""
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|meta)\b", re.I | re.S
)
_XML_EXPORT = re.compile(r"<mediawiki\b", re.I)
_WIKITEXT = re.compile(
    r"^==\s*Tracklist|^\[\[Category:|^\{\{(?:Player|Standard|Repeat|Fake)", re.I | re.M
)

KNOWN = (
    "Segue reads MixesDB wikitext, XML exports and page collections, saved 1001Tracklists pages, "
    "djmix-dataset JSON, CSV tracklists and plain text"
)


def open_file(path: Path) -> Source:
    """Return the source that reads `path`, whatever the file is called.

    Reads no more than the first 64 KB to decide, except for JSON, which is parsed
    (up to 64 MB), and for CSV and text, which are searched for endless lines.

    Parameters
    ----------
    path : Path
        A file, compressed with gzip or not.

    Raises
    ------
    SegueError
        In one sentence, if the file is missing, unreadable, empty, binary, damaged,
        too large, or of no known form.
    """
    start = content.head(path)
    if what := content.foreign(start):
        raise SegueError(f"{path} is {what}, not a tracklist: {KNOWN}.")
    opening = content.decode(start).lstrip("\ufeff")
    if not opening.strip():
        raise SegueError(f"{path} holds only blank space: there is no tracklist in it.")
    if _JSON.match(opening):
        return _open_json(path)
    if _XML_EXPORT.search(opening[:4096]):
        return ExportXml(path)
    if _HTML.match(opening):
        return _open_html(path)
    if _WIKITEXT.search(opening):
        content.text(path)
        return WikitextFile(path)
    return _open_lines(path, opening)


def _open_json(path: Path) -> Source:
    document = content.json_document(path)
    if isinstance(document, dict) and isinstance(document.get("tracklist"), list):
        return DjMix(path)
    if isinstance(document, list) and any(
        isinstance(mix, dict) and isinstance(mix.get("tracklist"), list) for mix in document
    ):
        return DjMix(path)
    if isinstance(document, dict) and any(
        isinstance(page, dict) and isinstance(page.get("tracklist"), str)
        for page in document.values()
    ):
        return PagesJson(path)
    raise SegueError(
        f"{path} is JSON, but neither a djmix-dataset list of mixes nor a collection of "
        "MixesDB pages: check that it is the right file."
    )


def _open_html(path: Path) -> Source:
    page = content.decode(content.whole(path, content.MAX_PAGE))
    if not Tracklists1001.recognises(page):
        raise SegueError(
            f"{path} is a web page, but not a saved 1001Tracklists page with a tracklist: "
            "copy the tracklist into a text file and import that."
        )
    return Tracklists1001(path)


def _open_lines(path: Path, opening: str) -> Source:
    whole = content.text(path)
    header = table.header(opening)
    for source in (CsvSets, BoilerRoom):
        # With most of the columns there it is this table; `read` names what is missing.
        if sum(name in header for name in source.columns) > len(source.columns) / 2:
            return source(path)
    if path.suffix.lower() in {".csv", ".tsv"} or table.looks_tabular(whole):
        raise SegueError(
            f"{path} is a table with the header {','.join(header)[:80]}, which Segue does not "
            f"know: the header is {','.join(CsvSets.columns)}."
        )
    return TextFile(path)
