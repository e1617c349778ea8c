"""rekordbox XML: a collection and playlists that refer to it.

A DJ reads it in with "rekordbox xml" in the tree view. rekordbox shows a track only if
its file is there, so tracks without a known file cannot stand in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO
from xml.etree.ElementTree import Element, SubElement

from data.harmony import parse_key
from data.playlists import paths
from data.playlists.format import amount, date, distinct_names, outside_id, with_rest, year
from data.playlists.safe_xml import attribute, elements, write_tree
from data.records import Entry, Playlist, SetAside, Track

_PRODUCT = "Segue"
_KINDS = {
    ".mp3": "MP3 File",
    ".wav": "WAV File",
    ".aif": "AIFF File",
    ".aiff": "AIFF File",
    ".m4a": "M4A File",
    ".flac": "FLAC File",
}


def holds(entry: Entry) -> bool:
    """Whether the entry has a file, which rekordbox asks for."""
    return paths.is_absolute(entry.path) and paths.to_bytes(entry.path) is not None


def write(entries: Sequence[Entry], stream: TextIO, *, name: str) -> None:
    """Write the entries that have a file as one playlist and the collection it needs.

    Parameters
    ----------
    entries : sequence of Entry
        In playing order; those that `holds` refuses are left out.
    stream : text stream
        Where to; to be encoded as UTF-8.
    name : str
        Name of the playlist in rekordbox.
    """
    entries = [entry for entry in entries if holds(entry)]
    distinct: dict[str, Entry] = {}
    for entry in entries:
        distinct.setdefault(entry.path, entry)
    numbers = {path: str(number) for number, path in enumerate(distinct, start=1)}
    root = Element("DJ_PLAYLISTS", Version="1.0.0")
    SubElement(root, "PRODUCT", Name=_PRODUCT, Version="1", Company=_PRODUCT)
    collection = SubElement(root, "COLLECTION", Entries=str(len(numbers)))
    for path, entry in distinct.items():
        SubElement(collection, "TRACK", {"TrackID": numbers[path], **_attributes(entry)})
    top = SubElement(SubElement(root, "PLAYLISTS"), "NODE", Type="0", Name="ROOT", Count="1")
    node = SubElement(
        top,
        "NODE",
        Type="1",
        Name=attribute(name) or "Segue",
        KeyType="0",
        Entries=str(len(entries)),
    )
    for entry in entries:
        SubElement(node, "TRACK", Key=numbers[entry.path])
    write_tree(root, stream)


def _attributes(entry: Entry) -> dict[str, str]:
    track = entry.track
    ending = paths.file_name(entry.path).rpartition(".")[2].lower()
    said = {
        "Name": attribute(track.full_title),
        "Artist": attribute(track.artist),
        "Genre": attribute(track.genre),
        "Label": attribute(track.label),
        "Kind": _KINDS.get(f".{ending}", ""),
        "Year": "" if entry.year is None else str(entry.year),
        "TotalTime": "" if entry.duration_s is None else f"{entry.duration_s:.0f}",
        "AverageBpm": "" if entry.bpm is None else f"{entry.bpm:.2f}",
        "Tonality": "" if entry.key is None else entry.key.classic(),
        "DateAdded": attribute(entry.added),
        "Comments": attribute(entry.comment),
    }
    known = {key: text for key, text in said.items() if text or key in ("Name", "Artist")}
    return {**known, "Location": paths.to_location(entry.path)}


def read(content: bytes, *, source: str) -> list[Playlist]:
    """Read the playlists, and behind them the tracks of the collection that stand in none."""
    by_id: dict[str, Entry] = {}
    by_location: dict[str, Entry] = {}
    said_by = "rekordbox"
    root = None
    for element in elements(content, source=source):
        if element.tag == "TRACK" and "TrackID" in element.attrib:
            entry = _entry(element)
            by_id[element.attrib["TrackID"]] = entry
            by_location[element.get("Location", "")] = entry
            element.clear()
        elif element.tag == "PRODUCT" and element.get("Name") == _PRODUCT:
            said_by = ""  # Segue's own numbers that come back are nobody else's word.
        root = element
    lists = list(_lists(root))
    names = distinct_names([path for path, _ in lists])
    playlists = []
    for name, (_, node) in zip(names, lists, strict=True):
        tracks = by_location if node.get("KeyType") == "1" else by_id
        keys = [track.get("Key", "") for track in node.findall("TRACK")]
        missing = sum(key not in tracks for key in keys)
        reason = f"{missing} of its tracks are not in the file's collection"
        aside = (SetAside(f"{source}, {name}", reason),) if missing else ()
        listed = tuple(tracks[key] for key in keys if key in tracks)
        playlists.append(Playlist(name, listed, aside, said_by))
    return with_rest(playlists, by_id.values(), said_by)


def _lists(root: Element | None) -> Iterator[tuple[tuple[str, ...], Element]]:
    """Yield the playlists in the order of the tree, each with the names of its folders."""
    top = None if root is None else root.find("PLAYLISTS")
    walk: list[tuple[tuple[str, ...], Element]] = [] if top is None else [((), top)]
    while walk:
        folders, parent = walk.pop()
        if parent.get("Type") == "1":
            yield folders, parent
            continue
        for node in reversed(parent.findall("NODE")):
            name = attribute(node.get("Name", ""))
            # The outermost folder is rekordbox's own.
            own = parent is top and node.get("Type") != "1" and name == "ROOT"
            walk.append((folders if own else (*folders, name), node))


def _entry(element: Element) -> Entry:
    def said(name: str) -> str:
        return attribute(element.get(name, ""))

    title, mix, location = said("Name"), said("Mix"), element.get("Location", "")
    # Tracks that stream have "file://localhostspotify:track:…" where a file would stand.
    streamed = outside_id(location.removeprefix("file://localhost"))
    track = Track(
        said("Artist"),
        title,
        mix if mix.casefold() not in title.casefold() else "",
        said("Label"),
        genre=said("Genre"),
        ids=(streamed,) if streamed else (),
    )
    return Entry(
        track,
        paths.from_location(location),
        duration_s=amount(said("TotalTime")),
        bpm=amount(said("AverageBpm")),
        key=parse_key(said("Tonality")),
        added=date(said("DateAdded")),
        comment=said("Comments"),
        year=year(said("Year")),
    )
