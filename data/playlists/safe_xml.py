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


def elements(content: bytes, *, source: str) -> Iterator[Element]:
    """Yield every element when it is whole, and the root last of all.

    The caller clears what it has used, so that a large collection need not be in memory.

    Raises
    ------
    SegueError
        If the file is no well-formed XML, or defines entities or names other files, which
        no DJ program's does and which may fill the memory or read what is not its own.
    """
    try:
        for _, element in iterparse(io.BytesIO(content), events=("end",), forbid_dtd=True):
            yield element
    except DefusedXmlException:
        raise SegueError(
            f"{source} carries definitions of its own (a DTD), which no DJ program writes, so it "
            "was not read: export the playlist again."
        ) from None
    except (ParseError, UnicodeError, LookupError, ValueError) as error:
        raise SegueError(f"{source} is damaged ({error}): export the playlist again.") from None
