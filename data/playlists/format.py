"""What every playlist format has, and the one rule of text they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TextIO

from data.records import Track

# Everything that some reader takes for the end of a line, and the other control characters:
# C0, DEL, C1 (with NEL), the line and the paragraph separator.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")


class Write(Protocol):
    """Write tracks, in order, to a text stream that is opened with ``newline=""``."""

    def __call__(self, tracks: Sequence[Track], stream: TextIO, *, name: str) -> None:
        """Write the playlist called `name`."""


@dataclass(frozen=True, slots=True)
class Format:
    """A playlist format: its name for people, its file extension and how to write it."""

    name: str
    extension: str
    media_type: str
    write: Write


def one_line(text: str) -> str:
    """Return the text on one line, otherwise letter for letter as it is.

    Line breaks and control characters become a space, so that a title can never
    add a line to a file. Nothing else is normalised: DJ software compares names
    as they are written. Half characters that no encoding can hold become U+FFFD.
    """
    return _LONE_SURROGATES.sub("\ufffd", _BREAKS.sub(" ", text)).strip(" ")
