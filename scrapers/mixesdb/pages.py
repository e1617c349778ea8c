"""MixesDB pages saved as files: one page, a collection in JSON, a MediaWiki XML export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from data.errors import SegueError
from data.records import SetAside, Tracklist
from scrapers import content
from scrapers.mixesdb.page import read_page

_PATH_START = re.compile(r"^.*?/(?:w|db)/")


class WikitextFile:
    """One page of wikitext.

    The file's name is the page's title. An ``INDEX.json`` beside it that maps file
    names to ``{"url": …}`` says the title where the name does not.

    Parameters
    ----------
    path : Path
    """

    name = "mixesdb"

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield the page as a tracklist, or say why it holds none."""
        url = self._indexed_url()
        title = _PATH_START.sub("/w/", url) if url else _title_of(self.path)
        yield read_page(title, content.text(self.path), url=url)

    def _indexed_url(self) -> str:
        index = self.path.with_name("INDEX.json")
        entries = content.json_document(index) if index.is_file() else None
        entry = entries.get(self.path.name) if isinstance(entries, dict) else None
        url = entry.get("url") if isinstance(entry, dict) else None
        return url if isinstance(url, str) else ""


def _title_of(path: Path) -> str:
    """Title in a file's name, without the endings that name its form."""
    return re.sub(r"\.(?:gz|wikitext|wiki|mediawiki|txt)(?=\.|$)", "", path.name, flags=re.I)


class PagesJson:
    """A collection of pages: a JSON object of path to ``{"date": …, "tracklist": wikitext}``.

    Parameters
    ----------
    path : Path
        The file, compressed with gzip or not.
    """

    name = "mixesdb"

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield each page as a tracklist, or say why it holds none.

        Raises
        ------
        SegueError
            If the file is not a JSON object.
        """
        pages = content.json_document(self.path)
        if not isinstance(pages, dict):
            raise SegueError(
                f"{self.path} is JSON, but not a collection of MixesDB pages: "
                "check that it is the right file."
            )
        for title, page in pages.items():
            text = page.get("tracklist") if isinstance(page, dict) else None
            date = page.get("date") if isinstance(page, dict) else None
            if isinstance(text, str):
                yield read_page(title, text, date=date if isinstance(date, str) else "")
            else:
                yield SetAside(title, "the page has no text")


class ExportXml:
    """An XML export of MediaWiki (Special:Export, a dump), read page by page.

    See https://www.mediawiki.org/wiki/Help:Export#Export_format. Of several
    revisions of a page the last one in the file counts.

    Parameters
    ----------
    path : Path
        The file, compressed with gzip or not.
    """

    name = "mixesdb"

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield each page as a tracklist, or say why it holds none.

        Raises
        ------
        SegueError
            If the file breaks off, is not XML, declares an encoding nobody knows, or defines
            entities or names other files, which may fill the memory or read what is not its own.
        """
        with content.opened(self.path) as stream:
            for page in self._pages(stream):
                yield _read_export(page)
                page.clear()

    def _pages(self, stream: BinaryIO) -> Iterator[ElementTree.Element]:
        try:
            for _, element in iterparse(stream, forbid_dtd=True):
                if _local(element) == "page":
                    yield element
        except DefusedXmlException:
            raise SegueError(
                f"{self.path} carries definitions of its own (a DTD), which no MediaWiki export "
                "has, so it was not read: export it again."
            ) from None
        except ElementTree.ParseError as error:
            line, column = error.position
            raise SegueError(
                f"{self.path} looks like a MediaWiki export but breaks at line {line}, "
                f"column {column}: export it again."
            ) from None
        except (LookupError, ValueError) as error:
            # What expat raises for an encoding that is unknown, or that it cannot decode.
            raise SegueError(
                f"{self.path} looks like a MediaWiki export but its encoding cannot be read "
                f"({error}): export it again as UTF-8."
            ) from None


def _local(element: ElementTree.Element) -> str:
    """Element's name without the namespace, which changes with each schema version."""
    return element.tag.rpartition("}")[2]


def _read_export(page: ElementTree.Element) -> Tracklist | SetAside:
    fields = {_local(element): (element.text or "").strip() for element in page.iter()}
    title = fields.get("title", "")
    if fields.get("ns", "0") != "0":
        return SetAside(title, "not a page of a set")
    if not fields.get("text"):
        return SetAside(title, "the page is empty")
    return read_page(title, fields["text"])
