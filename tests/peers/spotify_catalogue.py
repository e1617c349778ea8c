"""The tracks of the Spotify peer: their JSON of 2026, and a search that behaves plausibly."""

from __future__ import annotations

import hashlib
import itertools
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.peers.words import words

BASE62 = string.digits + string.ascii_letters
_FIELDS = re.compile(
    r"\b(track|artist|album|year|isrc|genre|upc|tag):"
    r'(?:"([^"]*)"|((?:(?!\b(?:track|artist|album|year|isrc|genre|upc|tag):).)*))'
)
#: Free words of a question that a track may lack and still be found, of every three.
_FORGIVEN = 3


@dataclass(frozen=True)
class SpotifyTrack:
    """A track of the peer's.

    Parameters
    ----------
    title : str
        As Spotify writes versions: ``"Moon Letter - Otto Lindqvist Remix"``.
    missing_in : frozenset of str
        Countries in which it cannot be played.
    popularity : int
        Orders what fits a question equally well; no answer shows it.
    """

    id: str
    artists: tuple[str, ...]
    title: str
    isrc: str = ""
    duration_s: float = 240.0
    album: str = ""
    released: str = "2019-05-17"
    missing_in: frozenset[str] = frozenset()
    popularity: int = 50

    @property
    def uri(self) -> str:
        return f"spotify:track:{self.id}"


def invented_id(*parts: object) -> str:
    """An id of 22 letters and digits, the same one for the same parts."""
    number = int.from_bytes(hashlib.sha256("\n".join(map(str, parts)).encode()).digest(), "big")
    letters = []
    for _ in range(22):
        number, place = divmod(number, 62)
        letters.append(BASE62[place])
    return "".join(letters)


def is_id(text: str) -> bool:
    """Whether a text has the form of Spotify's ids."""
    return bool(re.fullmatch(r"[0-9A-Za-z]{22}", text))


@dataclass
class TrackShelf:
    """The tracks that the peer knows, by id.

    Parameters
    ----------
    url : str
        Where the API stands.
    isrc_search : bool
        Without it the ``isrc:`` filter finds nothing, as it did at times in real life.
    """

    url: str
    tracks: dict[str, SpotifyTrack] = field(default_factory=dict)
    isrc_search: bool = True

    def __post_init__(self) -> None:
        self._words: dict[str, _Words] = {}
        self._number = itertools.count(1)

    def add(self, artists: str | Iterable[str], title: str, **told: Any) -> SpotifyTrack:
        """Put a track in; `told` are values of `SpotifyTrack`."""
        names = (artists,) if isinstance(artists, str) else tuple(artists)
        ident = told.pop("id", "") or invented_id(next(self._number), names, title)
        album = told.pop("album", "") or title.partition(" - ")[0]
        track = SpotifyTrack(ident, names, title, album=album, **told)
        self._words[ident] = _Words.of(track)
        self.tracks[ident] = track
        return track

    def remove(self, ident: str) -> None:
        """Take a track off."""
        del self.tracks[ident], self._words[ident]

    def search(self, question: str, market: str) -> list[SpotifyTrack]:
        """Every track that fits, best first."""
        asked = _Question.of(question)
        scored = (
            (score, track.popularity, track)
            for track in list(self.tracks.values())
            if market not in track.missing_in and (score := self._score(asked, track)) > 0
        )
        best = sorted(scored, key=lambda row: (-row[0], -row[1], row[2].id))
        return [track for *_, track in best]

    def _score(self, asked: _Question, track: SpotifyTrack) -> float:
        """How well a track fits, 0 to 1; 0 if it does not."""
        told = self._words[track.id]
        for name, value in asked.fields:
            if name == "isrc":
                if not self.isrc_search or value.upper().replace("-", "") != track.isrc:
                    return 0.0
            elif not words(value) <= told.of_field(name):
                return 0.0
        lacking = len(asked.words - told.all)
        if lacking > len(asked.words) // _FORGIVEN or (asked.words and lacking == len(asked.words)):
            return 0.0
        wanted = asked.words.union(*(words(value) for _, value in asked.fields))
        # What has fewer words besides is the closer one: the original before its remix.
        besides = len(told.named - wanted) / max(1, len(told.named))
        return 1.0 - 0.5 * besides - 0.4 * lacking / max(1, len(asked.words))

    # ---- JSON

    def as_json(self, track: SpotifyTrack, market: str = "") -> dict[str, Any]:
        """TrackObject, with the fields that an app of 2026 is given."""
        artists = [_named(self.url, "artist", name) for name in track.artists]
        value: dict[str, Any] = {
            "album": {
                "album_type": "single",
                "artists": artists,
                "images": [
                    {"url": f"https://i.scdn.co/image/{track.id}", "height": 640, "width": 640}
                ],
                "release_date": track.released,
                "release_date_precision": ("year", "month", "day")[track.released.count("-")],
                "total_tracks": 1,
                **_named(self.url, "album", track.album),
            },
            "artists": artists,
            "disc_number": 1,
            "duration_ms": round(track.duration_s * 1000),
            "explicit": False,
            "external_ids": {"isrc": track.isrc} if track.isrc else {},
            "is_local": False,
            "preview_url": None,
            "track_number": 1,
            **_named(self.url, "track", track.title, track.id),
        }
        if market:
            value["is_playable"] = market not in track.missing_in
            if not value["is_playable"]:
                value["restrictions"] = {"reason": "market"}
        return value


def _named(url: str, kind: str, name: str, ident: str = "") -> dict[str, Any]:
    ident = ident or invented_id(kind, name)
    return {
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{ident}"},
        "href": f"{url}/{kind}s/{ident}",
        "id": ident,
        "name": name,
        "type": kind,
        "uri": f"spotify:{kind}:{ident}",
    }


@dataclass(frozen=True)
class _Words:
    """The words of a track's fields."""

    track: frozenset[str]
    artist: frozenset[str]
    album: frozenset[str]
    year: frozenset[str]

    @classmethod
    def of(cls, track: SpotifyTrack) -> _Words:
        year = frozenset({track.released[:4]})
        return cls(words(track.title), words(" ".join(track.artists)), words(track.album), year)

    def of_field(self, name: str) -> frozenset[str]:
        """The words of a field; none of one that tracks do not have."""
        return getattr(self, name, frozenset())

    @property
    def named(self) -> frozenset[str]:
        return self.track | self.artist

    @property
    def all(self) -> frozenset[str]:
        return self.named | self.album


@dataclass(frozen=True)
class _Question:
    """A search text: its field filters, and the words outside them."""

    fields: tuple[tuple[str, str], ...]
    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Question:
        fields = tuple((found[1], found[2] or found[3] or "") for found in _FIELDS.finditer(text))
        return cls(fields, words(_FIELDS.sub(" ", text)))


def page(items: list[Any], address: str, offset: int, limit: int) -> dict[str, Any]:
    """PagingObject around `items`, all of them, with the addresses of its neighbours."""

    def at(start: int) -> str:
        return f"{address}{'&' if '?' in address else '?'}offset={start}&limit={limit}"

    return {
        "href": at(offset),
        "items": items[offset : offset + limit],
        "limit": limit,
        "next": at(offset + limit) if offset + limit < len(items) else None,
        "offset": offset,
        "previous": at(max(0, offset - limit)) if offset else None,
        "total": len(items),
    }


def entries_of(value: Any) -> Iterator[list[Any]]:
    """Every list named ``items`` inside an answer."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if name == "items" and isinstance(inside, list):
                yield inside
            else:
                yield from entries_of(inside)
