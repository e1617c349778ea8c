"""JSPF, the playlist of ListenBrainz and other open services.

Written without file paths, which are nobody's business on the web.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from data.errors import SegueError
from data.harmony import parse_key
from data.playlists import paths
from data.playlists.decoding import decoded
from data.playlists.format import amount, date, id_value, one_line, outside_id
from data.records import Entry, OutsideId, Playlist, SetAside, Track

_OURS = "urn:segue:track"
"""Under this name stands what JSPF has no word for."""


def write(entries: Sequence[Entry], stream: TextIO, *, name: str) -> None:
    """Write the entries as JSPF.

    Parameters
    ----------
    entries : sequence of Entry
        In playing order.
    stream : text stream
        Where to; to be encoded as UTF-8.
    name : str
        Title of the playlist.
    """
    tracks = [_track(number, entry) for number, entry in enumerate(entries, start=1)]
    document = {"playlist": {"title": one_line(name), "track": tracks}}
    json.dump(document, stream, ensure_ascii=False, indent=1)
    stream.write("\n")


def _track(number: int, entry: Entry) -> dict[str, Any]:
    track = entry.track
    spotify = id_value(track, "spotify")
    said = {
        "creator": one_line(track.artist),
        "title": one_line(track.full_title),
        "trackNum": number,
        "duration": None if entry.duration_s is None else round(entry.duration_s * 1000),
        "identifier": [f"https://open.spotify.com/track/{spotify}"] if spotify else None,
        "annotation": one_line(entry.comment) or None,
    }
    ours = {
        "label": one_line(track.label),
        "catalogue_number": one_line(track.catalogue_number),
        "genre": one_line(track.genre),
        "isrc": id_value(track, "isrc"),
        "bpm": None if entry.bpm is None else round(entry.bpm, 2),
        "key": None if entry.key is None else entry.key.classic(),
        "added": entry.added,
    }
    said["extension"] = {_OURS: [known]} if (known := _filled(ours)) else None
    return _filled(said)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def read(content: bytes, *, source: str) -> list[Playlist]:
    """Read one playlist; SegueError if the file is no JSPF."""
    try:
        document = json.loads(decoded(content))
    except (RecursionError, ValueError):
        raise SegueError(f"{source} is damaged JSON: export the playlist again.") from None
    playlist = _object(_object(document).get("playlist"))
    tracks = playlist.get("track")
    if not isinstance(tracks, list):
        raise SegueError(f"{source} holds no playlist: it has no list of tracks.")
    entries, aside = [], []
    for number, track in enumerate(tracks, start=1):
        entry = _entry(_object(track))
        if entry.track.title or entry.path:
            entries.append(entry)
        else:
            aside.append(SetAside(f"{source}, track {number}", "it names no track"))
    return [Playlist(_text(playlist.get("title")), tuple(entries), tuple(aside))]


def _entry(said: dict[str, Any]) -> Entry:
    extensions = _list(_object(said.get("extension")).get(_OURS))
    ours = _object(extensions[0]) if extensions else {}
    ids = [outside_id(_text(text)) for text in _list(said.get("identifier"))]
    ids.append(outside_id(_text(ours.get("isrc")), "isrc"))
    places = (paths.from_location(_text(place)) for place in _list(said.get("location")))
    duration = amount(said.get("duration"))
    return Entry(
        Track(
            _text(said.get("creator")),
            _text(said.get("title")),
            label=_text(ours.get("label")),
            catalogue_number=_text(ours.get("catalogue_number")),
            genre=_text(ours.get("genre")),
            ids=tuple(dict.fromkeys(ident for ident in ids if isinstance(ident, OutsideId))),
        ),
        path=next(filter(None, places), ""),
        duration_s=None if duration is None else duration / 1000,
        bpm=amount(ours.get("bpm")),
        key=parse_key(_text(ours.get("key"))),
        added=date(_text(ours.get("added"))),
        comment=_text(said.get("annotation")),
    )


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    """Return a list; JSPF's drafts allow one text where a list may stand."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
