"""Traktor's NML: a collection and playlists that refer to it by the place of the file.

A DJ reads it in with "Import Another Collection" or as a playlist. Traktor knows tracks
by their files alone, so tracks without a known file cannot stand in one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TextIO
from xml.etree.ElementTree import Comment, Element, SubElement

from data.harmony import Key, parse_key
from data.playlists import paths
from data.playlists.format import amount, date, distinct_names, with_rest, year
from data.playlists.paths import TraktorPlace
from data.playlists.safe_xml import attribute, elements, is_attribute, write_tree
from data.records import Entry, Playlist, SetAside, Track

# Traktor's own lists, of loops and recordings and not of tracks to play.
_OWN_LISTS = {"_LOOPS", "_RECORDINGS"}
_OURS = " Written by Segue "
_KEYS = {str(value): Key.from_traktor(value) for value in range(24)}


def holds(entry: Entry) -> bool:
    """Whether the entry has a file whose place can be written in XML."""
    return paths.is_absolute(entry.path) and is_attribute(entry.path)


def write(entries: Sequence[Entry], stream: TextIO, *, name: str) -> None:
    """Write the entries that have a file as one playlist and the collection it needs.

    Parameters
    ----------
    entries : sequence of Entry
        In playing order; those that `holds` refuses are left out.
    stream : text stream
        Where to; to be encoded as UTF-8.
    name : str
        Name of the playlist in Traktor.
    """
    placed = [(paths.to_traktor(entry.path), entry) for entry in entries if holds(entry)]
    distinct: dict[str, tuple[TraktorPlace, Entry]] = {}
    for place, entry in placed:
        distinct.setdefault(place.key, (place, entry))
    root = Element("NML", VERSION="19")
    # The head has to be Traktor's.
    root.append(Comment(_OURS))
    SubElement(root, "HEAD", COMPANY="www.native-instruments.com", PROGRAM="Traktor")
    SubElement(root, "MUSICFOLDERS")
    collection = SubElement(root, "COLLECTION", ENTRIES=str(len(distinct)))
    for place, entry in distinct.values():
        _add(collection, place, entry)
    keys = [place.key for place, _ in placed]
    folder = SubElement(SubElement(root, "PLAYLISTS"), "NODE", TYPE="FOLDER", NAME="$ROOT")
    inside = SubElement(folder, "SUBNODES", COUNT="1")
    title = attribute(name) or "Segue"
    node = SubElement(inside, "NODE", TYPE="PLAYLIST", NAME=title)
    # The same list has the same id, so that Traktor does not take it in twice.
    uuid = hashlib.blake2b(ascii((title, keys)).encode(), digest_size=16).hexdigest()
    listed = SubElement(node, "PLAYLIST", ENTRIES=str(len(keys)), TYPE="LIST", UUID=uuid)
    for key in keys:
        SubElement(SubElement(listed, "ENTRY"), "PRIMARYKEY", TYPE="TRACK", KEY=key)
    write_tree(root, stream)


def _add(collection: Element, place: TraktorPlace, entry: Entry) -> None:
    track = entry.track
    node = SubElement(
        collection, "ENTRY", TITLE=attribute(track.full_title), ARTIST=attribute(track.artist)
    )
    SubElement(
        node,
        "LOCATION",
        DIR=place.folder,
        FILE=place.file,
        VOLUME=place.volume,
        VOLUMEID=place.volume,
    )
    said = {
        "GENRE": attribute(track.genre),
        "LABEL": attribute(track.label),
        "COMMENT": attribute(entry.comment),
        "KEY": "" if entry.key is None else entry.key.open_key(),
        "PLAYTIME": "" if entry.duration_s is None else f"{entry.duration_s:.0f}",
        "PLAYTIME_FLOAT": "" if entry.duration_s is None else f"{entry.duration_s:.6f}",
        "RELEASE_DATE": "" if entry.year is None else f"{entry.year}/1/1",
        "IMPORT_DATE": attribute(entry.added).replace("-", "/"),
    }
    SubElement(node, "INFO", {key: text for key, text in said.items() if text})
    if entry.bpm is not None:
        SubElement(node, "TEMPO", BPM=f"{entry.bpm:.6f}", BPM_QUALITY="100.000000")
    if entry.key is not None:
        SubElement(node, "MUSICAL_KEY", VALUE=str(entry.key.traktor()))


def read(content: bytes, *, source: str) -> list[Playlist]:
    """Read the playlists, and behind them the tracks of the collection that stand in none."""
    tracks: dict[str, Entry] = {}
    # Segue's own numbers that come back are nobody else's word.
    said_by = "" if _OURS.encode() in content[:1000] else "traktor"
    root = None
    for element in elements(content, source=source):
        if element.tag == "ENTRY" and (location := element.find("LOCATION")) is not None:
            place = TraktorPlace(*(location.get(name, "") for name in ("VOLUME", "DIR", "FILE")))
            tracks[place.key] = _entry(element, place)
            element.clear()
        root = element
    lists = list(_lists(root))
    names = distinct_names([path for path, _ in lists])
    playlists = []
    for name, (_, node) in zip(names, lists, strict=True):
        keys = [key.get("KEY", "") for key in node.iterfind("PLAYLIST/ENTRY/PRIMARYKEY")]
        missing = sum(key not in tracks for key in keys)
        reason = f"{missing} of its tracks are not in the file's collection"
        aside = (SetAside(f"{source}, {name}", reason),) if missing else ()
        listed = tuple(tracks[key] for key in keys if key in tracks)
        playlists.append(Playlist(name, listed, aside, said_by))
    listed_once = {id(entry) for playlist in playlists for entry in playlist.entries}
    own = {key for key in _own(root) if key in tracks and id(tracks[key]) not in listed_once}
    reason = f"{len(own):,} loops and recordings of Traktor are no tracks to play"
    left = (SetAside(source, reason),) if own else ()
    rest = [entry for key, entry in tracks.items() if key not in own]
    return with_rest(playlists, rest, said_by, left)


def _own(root: Element | None) -> Iterator[str]:
    """Yield the keys of what stands in Traktor's own lists."""
    for node in () if root is None else root.iterfind("PLAYLISTS//NODE[@TYPE='PLAYLIST']"):
        if node.get("NAME") in _OWN_LISTS:
            yield from (key.get("KEY", "") for key in node.iterfind("PLAYLIST/ENTRY/PRIMARYKEY"))


def _lists(root: Element | None) -> Iterator[tuple[tuple[str, ...], Element]]:
    """Yield the playlists in the order of the tree, each with the names of its folders."""
    top = None if root is None else root.find("PLAYLISTS")
    walk: list[tuple[tuple[str, ...], Element]] = []
    walk += [] if top is None else [((), node) for node in reversed(top.findall("NODE"))]
    while walk:
        folders, node = walk.pop()
        name = attribute(node.get("NAME", ""))
        path = (*folders, name)
        if node.get("TYPE") != "PLAYLIST":
            # The outermost folder is Traktor's own.
            inside = () if path == ("$ROOT",) else path
            walk += [(inside, child) for child in reversed(node.findall("SUBNODES/NODE"))]
        elif name not in _OWN_LISTS:
            yield path, node


def _entry(element: Element, place: TraktorPlace) -> Entry:
    def said(child: str, name: str) -> str:
        found = element.find(child)
        return "" if found is None else attribute(found.get(name, ""))

    title, mix = attribute(element.get("TITLE", "")), said("INFO", "MIX")
    track = Track(
        attribute(element.get("ARTIST", "")),
        title,
        mix if mix.casefold() not in title.casefold() else "",
        said("INFO", "LABEL"),
        said("INFO", "CATALOG_NO"),
        said("INFO", "GENRE"),
    )
    return Entry(
        track,
        paths.from_traktor(place),
        duration_s=amount(said("INFO", "PLAYTIME_FLOAT")) or amount(said("INFO", "PLAYTIME")),
        bpm=amount(said("TEMPO", "BPM")),
        key=_KEYS.get(said("MUSICAL_KEY", "VALUE")) or parse_key(said("INFO", "KEY")),
        added=date(said("INFO", "IMPORT_DATE")),
        comment=said("INFO", "COMMENT"),
        year=year(said("INFO", "RELEASE_DATE")),
    )
