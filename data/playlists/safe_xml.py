"""XML in and out: what a stranger's file may not do, and what a writer must not write."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TextIO
from xml.etree.ElementTree import Element, ParseError, indent, tostring

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from data.errors import SegueError
from data.playlists.format import one_line

MOST_ELEMENTS = 2_000_000
"""Elements that are in memory at once: 100,000 tracks of a DJ who uses all of it have fewer."""
MOST_DEPTH = 500
"""Elements in one another: each folder of a DJ is two, and the names of all are put together."""
_DROPPED_AT_ONCE = 1000

_NOT_XML = re.compile("[\ufffe\uffff]")


def attribute(text: str) -> str:
    """Return the text as an attribute may hold it."""
    return _NOT_XML.sub("\ufffd", one_line(text))


def is_attribute(text: str) -> bool:
    """Whether an attribute can hold `text` letter for letter."""
    return attribute(text) == text


def write_tree(root: Element, stream: TextIO) -> None:
    """Write a document, indented, with its declaration."""
    indent(root, " ")
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(tostring(root, encoding="unicode"))
    stream.write("\n")


class _Begun:
    """An element that has begun, how many were held before it, and which of its own to drop."""

    def __init__(self, element: Element, before: int) -> None:
        self.element = element
        self.before = before
        self._dropped: list[Element] = []

    def drop(self, child: Element) -> None:
        # The parser is ahead of its events: the child need not be the last. And to look for each
        # among all would take for ever.
        self._dropped.append(child)
        if len(self._dropped) >= max(_DROPPED_AT_ONCE, len(self.element) // 2):
            gone = set(map(id, self._dropped))
            self.element[:] = [kept for kept in self.element if id(kept) not in gone]
            self._dropped = []


def elements(content: bytes, *, source: str) -> Iterator[Element]:
    """Yield every element when it is whole, and the root last of all.

    What the caller has cleared is dropped, so that a large collection need not be in memory.

    Raises
    ------
    SegueError
        If the file is no well-formed XML, holds more than `MOST_ELEMENTS` or goes deeper than
        `MOST_DEPTH`, or defines entities or names other files, which no DJ program's does and
        which may fill the memory or read what is not its own.
    """
    begun: list[_Begun] = []
    held = 0
    try:
        for event, element in iterparse(
            io.BytesIO(content), events=("start", "end"), forbid_dtd=True
        ):
            if event == "start":
                begun.append(_Begun(element, held))
                held += 1
                if held > MOST_ELEMENTS or len(begun) > MOST_DEPTH:
                    raise too_many(source)
                continue
            before = begun.pop().before
            yield element
            if begun and not (len(element) or element.attrib):
                begun[-1].drop(element)
                held = before
    except DefusedXmlException:
        raise SegueError(
            f"{source} carries definitions of its own (a DTD), which no DJ program writes, so it "
            "was not read: export the playlist again."
        ) from None
    except (ParseError, UnicodeError, LookupError, ValueError) as error:
        raise SegueError(f"{source} is damaged ({error}): export the playlist again.") from None


def too_many(source: str) -> SegueError:
    """Return the error that says that a file holds more than a library does."""
    return SegueError(
        f"{source} holds more than any DJ's library: export the playlists you want on their own."
    )
