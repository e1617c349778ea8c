"""How a track is put to Spotify's search, whose query language knows more than words."""

from __future__ import annotations

import re

# Spotify refuses a query of more than 250 characters.
LONGEST_ARTIST = 70
LONGEST_TITLE = 140

# Signs of the query language: fields, phrases, groups, wildcards.
_SIGNS = re.compile(r'[":()\[\]{}*?~^|\\/]+')
_ONLY_DASHES = re.compile(r"[-–—+!]+")


def query(artist: str, title: str) -> str:
    """A query for tracks with these words in their title and artist, or ``""`` without any.

    Examples
    --------
    >>> query("Nova Reyes", 'Tidal: "Glass" (Bo Remix)')
    'track:tidal glass bo remix artist:nova reyes'
    """
    named, called = _words(artist, LONGEST_ARTIST), _words(title, LONGEST_TITLE)
    if not called:
        return ""
    return f"track:{called} artist:{named}" if named else f"track:{called}"


def looser_query(artist: str, title: str) -> str:
    """A query for the same words wherever they stand; for where `query` finds nothing."""
    return f"{_words(artist, LONGEST_ARTIST)} {_words(title, LONGEST_TITLE)}".strip()


def _words(text: str, longest: int) -> str:
    # In capitals, NOT and OR are signs too; a dash before a word means NOT.
    words = _SIGNS.sub(" ", text).lower().split()
    kept = [word.lstrip("-") for word in words if not _ONLY_DASHES.fullmatch(word)]
    joined = " ".join(kept)
    if len(joined) <= longest:
        return joined
    whole, _, _ = joined[: longest + 1].rpartition(" ")
    return whole or joined[:longest]
