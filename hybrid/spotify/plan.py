"""What is to stand in a playlist, and the next write that brings it nearer to that.

Pure: a playlist as it is and as it should be give one step. Whatever went wrong before, a
crash, an answer that never came, or the DJ's own hand in between, only shows in how the
playlist is now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from data.errors import SegueError

Mode = Literal["new", "replace", "append"]

CHUNK = 100
"""Most tracks in one write."""

_LONGEST_NAME = 100
_REFERENCE = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """A playlist that is to be written.

    Parameters
    ----------
    crate_id : int
        The crate it comes from.
    mode : {"new", "replace", "append"}
    name : str
        Of a new playlist.
    playlist_id : str
        Of the one to change; empty for a new one.
    uris : tuple of str
        Its tracks in order, each once.
    repeated : int
        How many more times they were named.
    """

    crate_id: int
    mode: Mode
    name: str
    playlist_id: str
    uris: tuple[str, ...]
    repeated: int = 0

    @classmethod
    def of(
        cls, idents: Iterable[str], *, crate_id: int, mode: str, name: str, playlist_id: str = ""
    ) -> Plan:
        """Make a plan of Spotify's track ids.

        Raises
        ------
        SegueError
            If there is no track, no name for a new playlist, or no playlist to change.
        """
        named = [f"spotify:track:{ident}" for ident in idents]
        uris = tuple(dict.fromkeys(named))
        if not uris:
            raise SegueError("None of these tracks is on Spotify; choose at least one.")
        for known in get_args(Mode):
            if known == mode:
                break
        else:
            raise SegueError("Choose a new playlist, or one of yours to replace or add to.")
        name = " ".join(name.split())[:_LONGEST_NAME].rstrip()
        if known == "new" and not name:
            raise SegueError("Give the playlist a name.")
        if known != "new" and not playlist_id:
            raise SegueError("Choose the playlist that is to be changed.")
        target = "" if known == "new" else playlist_id
        return cls(crate_id, known, name, target, uris, len(named) - len(uris))

    def digest(self, account_id: str) -> str:
        """Return what this push is known by: the same for the same account, place and tracks."""
        name = self.name if self.mode == "new" else ""
        said = json.dumps([account_id, self.mode, self.playlist_id, name, self.uris])
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def reference(digest: str) -> str:
    """Return the mark by which a new playlist of this push is found again."""
    return f"Ref {digest[:_REFERENCE]}"


@dataclass(frozen=True, slots=True)
class Step:
    """One write: `uris` are put at the end, or ("put") in the place of everything."""

    kind: Literal["add", "put"]
    uris: tuple[str, ...]

    def done(self, present: Sequence[str]) -> list[str]:
        """Return what a playlist that held `present` holds after it."""
        return [*(present if self.kind == "add" else ()), *self.uris]


def next_step(
    mode: Mode, wanted: Sequence[str], present: Sequence[str], *, settled: bool = False
) -> Step | None:
    """Return the next write; None if the playlist is as it should be.

    Parameters
    ----------
    mode : {"new", "replace", "append"}
    wanted : sequence of str
        URIs, each once.
    present : sequence of str
        What the playlist holds; empty for what Spotify no longer has.
    settled : bool
        Whether a new playlist was whole once: what is other now, the DJ made so.

    Examples
    --------
    >>> next_step("new", ["a", "b", "c"], ["a"])
    Step(kind='add', uris=('b', 'c'))
    >>> next_step("append", ["a", "b", "c"], ["x", "b"])
    Step(kind='add', uris=('a', 'c'))
    >>> next_step("replace", ["a", "b", "c"], ["x", "b"])
    Step(kind='put', uris=('a', 'b', 'c'))
    """
    held = set(present)
    strange = held - set(wanted) - {""}
    if mode == "append" or (mode == "new" and (settled or strange)):
        missing = [uri for uri in wanted if uri not in held]
        return Step("add", tuple(missing[:CHUNK])) if missing else None
    if not _begins(present, wanted):
        # A write that came late stands there twice: nothing but ours is lost.
        return Step("put", tuple(wanted[:CHUNK]))
    rest = tuple(wanted[len(present) : len(present) + CHUNK])
    if not rest:
        return None
    return Step("put" if mode == "replace" and not present else "add", rest)


def _begins(present: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether `wanted` begins with `present`, in which what is gone may have been anything."""
    if len(present) > len(wanted):
        return False
    pairs = list(zip(present, wanted, strict=False))
    return all(a in ("", b) for a, b in pairs) and (not pairs or any(a == b for a, b in pairs))
