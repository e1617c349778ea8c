"""The playlists of the Spotify peer, with what real ones have and clients forget.

Local files, episodes and entries that are null; a description that comes back escaped;
``public: false`` that reads back true; contents that only the owner may see.
"""

from __future__ import annotations

import base64
import html
import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from tests.peers.spotify_accounts import User
from tests.peers.spotify_catalogue import TrackShelf, invented_id, page

MOST_URIS = 100


class Refused(Exception):
    """The API says no: (status, message)."""


@dataclass(eq=False)
class SpotifyPlaylist:
    """A playlist.

    Parameters
    ----------
    entries : list
        URIs, JSON of what is no track, or None.
    followed : bool
        Whether the owner has it in their library; out of it, it lives on.
    followers, collaborators : set of str
        Ids of others who have it in theirs; collaborators see and change its contents.
    """

    id: str
    owner: User
    name: str
    description: str = ""
    public: bool = True
    collaborative: bool = False
    entries: list[str | dict[str, Any] | None] = field(default_factory=list)
    version: int = 1
    followed: bool = True
    followers: set[str] = field(default_factory=set)
    collaborators: set[str] = field(default_factory=set)

    @property
    def uris(self) -> list[str]:
        """URIs of its tracks, in order."""
        return [entry for entry in self.entries if isinstance(entry, str)]

    @property
    def snapshot_id(self) -> str:
        return base64.b64encode(f"{self.version},{self.id}".encode()).decode()

    def is_of(self, user: str) -> bool:
        """Whether somebody may see and change what is in it."""
        return user == self.owner.id or user in self.collaborators

    def has_in_library(self, user: str) -> bool:
        """Whether it is in somebody's list."""
        if user == self.owner.id:
            return self.followed
        return user in self.followers | self.collaborators

    def add_local(self, title: str, artist: str) -> None:
        """Put in a file from somebody's own disk, which Spotify knows nothing of."""
        uri = f"spotify:local:{artist.replace(' ', '+')}::{title.replace(' ', '+')}:213"
        item = {
            "album": {"name": "", "artists": [], "images": [], "type": "album"},
            "artists": [{"name": artist, "type": "artist"}],
            "duration_ms": 213000,
            "external_ids": {},
            "external_urls": {},
            "id": None,
            "is_local": True,
            "name": title,
            "type": "track",
            "uri": uri,
        }
        self.entries.append({"is_local": True, "item": item})

    def add_episode(self, name: str) -> None:
        """Put in an episode of a show."""
        ident = invented_id("episode", name)
        item = {
            "duration_ms": 1800000,
            "external_urls": {"spotify": f"https://open.spotify.com/episode/{ident}"},
            "id": ident,
            "name": name,
            "show": {"name": f"The {name} show", "type": "show"},
            "type": "episode",
            "uri": f"spotify:episode:{ident}",
        }
        self.entries.append({"is_local": False, "item": item})

    def add_gone(self) -> None:
        """Put in a track that Spotify took away: an entry with no item."""
        self.entries.append({"is_local": False, "item": None})

    def add_null(self) -> None:
        """Put in an entry that is nothing at all."""
        self.entries.append(None)


@dataclass
class Playlists:
    """Every playlist, by id, and what can be done with them.

    Parameters
    ----------
    keeps_unlisted : bool
        Whether ``public: false`` reads back false.
    """

    shelf: TrackShelf
    keeps_unlisted: bool = False
    all: dict[str, SpotifyPlaylist] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._number = itertools.count(1)

    def make(self, owner: User, name: str, **told: Any) -> SpotifyPlaylist:
        """Add a playlist; `told` are values of `SpotifyPlaylist`."""
        ident = invented_id("playlist", next(self._number), name)
        made = SpotifyPlaylist(ident, owner, name, **told)
        # What is new stands first in somebody's list.
        self.all = {made.id: made, **self.all}
        return made

    def of(self, user: str) -> list[SpotifyPlaylist]:
        """What somebody has in their library, newest first."""
        return [one for one in self.all.values() if one.has_in_library(user)]

    def get(self, ident: str) -> SpotifyPlaylist:
        """A playlist by its id."""
        if ident not in self.all:
            raise Refused(404, "Resource not found")
        return self.all[ident]

    def open(self, ident: str, user: str) -> SpotifyPlaylist:
        """A playlist that somebody owns or helps with."""
        found = self.get(ident)
        if not found.is_of(user):
            raise Refused(403, "Forbidden")
        return found

    def change(
        self, found: SpotifyPlaylist, entries: list[str | dict[str, Any] | None]
    ) -> dict[str, str]:
        """Give a playlist other contents."""
        found.entries = entries
        found.version += 1
        return {"snapshot_id": found.snapshot_id}

    def checked(self, uris: list[str]) -> list[str]:
        """URIs that may go in, or a refusal."""
        if len(uris) > MOST_URIS:
            raise Refused(400, f"You can add a maximum of {MOST_URIS} tracks per request.")
        for uri in uris:
            kind = re.fullmatch(r"spotify:(track|episode):([0-9A-Za-z]{22})", uri)
            if not kind:
                raise Refused(400, f"Invalid track uri: {uri}")
            if kind[1] == "track" and kind[2] not in self.shelf.tracks:
                raise Refused(400, "Payload contains a non-existing ID")
        return uris

    # ---- JSON

    def simple(self, one: SpotifyPlaylist) -> dict[str, Any]:
        """SimplifiedPlaylistObject."""
        href = f"{self.shelf.url}/playlists/{one.id}"
        return {
            "collaborative": one.collaborative,
            "description": html.escape(one.description),
            "external_urls": {"spotify": f"https://open.spotify.com/playlist/{one.id}"},
            "href": href,
            "id": one.id,
            "images": [],
            "items": {"href": f"{href}/items", "total": len(one.entries)},
            "name": one.name,
            "owner": user_json(self.shelf.url, one.owner),
            "public": one.public if self.keeps_unlisted else True,
            "snapshot_id": one.snapshot_id,
            "type": "playlist",
            "uri": f"spotify:playlist:{one.id}",
        }

    def full(self, one: SpotifyPlaylist, user: str, market: str) -> dict[str, Any]:
        """PlaylistObject; another's has no contents."""
        value = self.simple(one)
        if one.is_of(user):
            value["items"] = self.items(one, market, 0, 100)
        else:
            del value["items"]
        return value

    def items(
        self, one: SpotifyPlaylist, market: str, offset: int, limit: int, *, address: str = ""
    ) -> dict[str, Any]:
        """PagingPlaylistTrackObject."""
        address = address or f"{self.shelf.url}/playlists/{one.id}/items"
        value = page(one.entries, address, offset, limit)
        value["items"] = [self._entry(one, entry, market) for entry in value["items"]]
        return value

    def _entry(
        self, one: SpotifyPlaylist, entry: str | dict[str, Any] | None, market: str
    ) -> dict[str, Any] | None:
        if entry is None:
            return None
        added = {
            "added_at": "2026-11-20T21:04:05Z",
            "added_by": user_json(self.shelf.url, one.owner, named=False),
        }
        if isinstance(entry, dict):
            return {**added, **entry}
        track = self.shelf.tracks.get(entry.rpartition(":")[2])
        item = self.shelf.as_json(track, market) if track else None
        return {**added, "is_local": False, "item": item}


def user_json(url: str, user: User, *, named: bool = True) -> dict[str, Any]:
    """PlaylistOwnerObject; PlaylistUserObject where it is not named."""
    return {
        **({"display_name": user.name} if named else {}),
        "external_urls": {"spotify": f"https://open.spotify.com/user/{user.id}"},
        "href": f"{url}/users/{user.id}",
        "id": user.id,
        "type": "user",
        "uri": f"spotify:user:{user.id}",
    }


def chosen(value: Any, fields: str) -> Any:
    """Keep of an answer what ``fields`` asks for: ``total,items(item(uri,name))``."""
    tree, rest = _tree(fields)
    if rest or "!" in fields:
        raise Refused(400, "Invalid fields")
    return _pruned(value, tree)


def _tree(text: str) -> tuple[dict[str, Any], str]:
    """Names asked for, each with those inside it, and what is left of the text."""
    tree: dict[str, Any] = {}
    while text:
        name, text = re.match(r"([\w.]*)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
        place = tree
        *outer, last = name.split(".")
        for step in outer:
            place = place.setdefault(step, {})
        inner = place.setdefault(last, {})
        if text.startswith("("):
            inside, text = _tree(text[1:])
            inner.update(inside)
            if not text.startswith(")"):
                raise Refused(400, "Invalid fields")
            text = text[1:]
        if not text.startswith(","):
            break
        text = text[1:]
    return tree, text


def _pruned(value: Any, tree: dict[str, Any]) -> Any:
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [_pruned(one, tree) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _pruned(value[name], inside) for name, inside in tree.items() if name in value}
