"""Traktor's NML as Traktor writes it, and as it wants to read it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SegueError
from data.harmony import parse_key
from data.playlists import missing, render
from data.playlists.traktor import read
from data.records import Entry, Playlist, Track
from tests.data.playlists.crate import CRATE, ENTRIES, NASTY

EXPORT = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<NML VERSION="19"><HEAD COMPANY="www.native-instruments.com" PROGRAM="Traktor"/><MUSICFOLDERS/>
 <COLLECTION ENTRIES="212"><ENTRY TITLE="Low Tide" ARTIST="Odd Heron">
   <LOCATION DIR="/:Users/:dj/:Music/:" FILE="f.mp3" VOLUME="My Mac" VOLUMEID="My Mac"/>
   <ALBUM TITLE="Tides"/><INFO BITRATE="320000" GENRE="House" COMMENT="deep" KEY="10m" MIX="Dub"
     LABEL="Dock" CATALOG_NO="D 7" PLAYTIME="193" PLAYTIME_FLOAT="192.078369"
     IMPORT_DATE="2026/1/9"/>
   <TEMPO BPM="139.999924" BPM_QUALITY="100.000000"/><MUSICAL_KEY VALUE="12"/>
   <CUE_V2 NAME="AutoGrid" TYPE="4" START="52.315876"/></ENTRY>
  <ENTRY TITLE="Night Bus" ARTIST="Mara Vale">
   <LOCATION DIR="/:Music/:" FILE="n.mp3" VOLUME="C:"/><INFO KEY="8A"/></ENTRY></COLLECTION>
 <PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="3">
  <NODE TYPE="PLAYLIST" NAME="_LOOPS"><PLAYLIST ENTRIES="1" TYPE="LIST">
   <ENTRY><PRIMARYKEY TYPE="TRACK" KEY="C:/:Music/:n.mp3"/></ENTRY></PLAYLIST></NODE>
  <NODE TYPE="PLAYLIST" NAME="My set">
   <PLAYLIST ENTRIES="1" TYPE="LIST" UUID="f80b2bde">
    <ENTRY><PRIMARYKEY TYPE="TRACK" KEY="C:/:Music/:n.mp3"/></ENTRY>
    <ENTRY><PRIMARYKEY TYPE="TRACK" KEY="My Mac/:Users/:dj/:Music/:f.mp3"/></ENTRY>
    <ENTRY><PRIMARYKEY TYPE="TRACK" KEY="My Mac/:gone.mp3"/></ENTRY>
  </PLAYLIST></NODE>
 </SUBNODES></NODE></PLAYLISTS></NML>"""


def playlists(text: str) -> list[Playlist]:
    return read(text.encode("utf-8"), source="collection.nml")


def test_reads_the_djs_playlists_and_not_traktors_own() -> None:
    [playlist] = playlists(EXPORT)
    assert playlist.name == "My set"
    assert [entry.track.title for entry in playlist.entries] == ["Night Bus", "Low Tide"]
    assert "1 of its tracks" in playlist.set_aside[0].reason


def test_reads_what_traktor_knows_of_a_track() -> None:
    assert playlists(EXPORT)[0].entries[1] == Entry(
        Track("Odd Heron", "Low Tide", "Dub", "Dock", "D 7", "House"),
        "/Users/dj/Music/f.mp3",
        duration_s=192.078369,
        bpm=139.999924,
        key=parse_key("Cm"),
        added="2026-01-09",
        comment="deep",
    )


def test_the_key_a_dj_sees_counts_where_traktor_measured_none() -> None:
    entry = playlists(EXPORT)[0].entries[0]
    assert entry.key == parse_key("Am")
    assert entry.path == "C:\\Music\\n.mp3"


def test_a_key_that_is_none_is_not_known() -> None:
    value = EXPORT.partition('<MUSICAL_KEY VALUE="')[2].partition('"')[0]
    for nonsense in ("24", "-1", "9" * 5000):
        text = EXPORT.replace(f'<MUSICAL_KEY VALUE="{value}"', f'<MUSICAL_KEY VALUE="{nonsense}"')
        assert len(playlists(text)[0].entries) == 2


def test_a_collection_without_playlists_is_no_playlist() -> None:
    text = EXPORT[: EXPORT.index("<PLAYLISTS>")] + "</NML>"
    [playlist] = playlists(text)
    assert (playlist.collection, playlist.said_by) == (True, "traktor")
    assert len(playlist.entries) == 2


def test_tracks_in_no_playlist_come_behind_them() -> None:
    alone = EXPORT.replace(
        '<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="My Mac/:Users/:dj/:Music/:f.mp3"/></ENTRY>', ""
    )
    listed, rest = playlists(alone)
    assert (listed.name, listed.collection, rest.collection) == ("My set", False, True)
    assert [entry.track.title for entry in rest.entries] == ["Low Tide"]


def test_loops_and_recordings_are_no_tracks_unless_a_playlist_of_the_djs_has_them() -> None:
    alone = EXPORT.replace('NAME="My set"', 'NAME="_RECORDINGS"')
    [rest] = playlists(alone)
    assert rest.entries == ()
    assert [(aside.where, aside.reason) for aside in rest.set_aside] == [
        ("collection.nml", "2 loops and recordings of Traktor are no tracks to play")
    ]
    assert [playlist.collection for playlist in playlists(EXPORT)] == [False]


def test_a_playlist_names_each_file_as_the_collection_does() -> None:
    root = ElementTree.fromstring(render("traktor", [*CRATE, CRATE[0]], name="Friday"))
    places = [node.attrib for node in root.iterfind("COLLECTION/ENTRY/LOCATION")]
    collection = [f"{place['VOLUME']}{place['DIR']}{place['FILE']}" for place in places]
    keys = [node.get("KEY") for node in root.iterfind(".//PRIMARYKEY")]
    assert keys == [*collection, collection[0]]
    assert places[1] == {
        "DIR": "/:Music/:",
        "FILE": "夜のバス.flac",
        "VOLUME": "C:",
        "VOLUMEID": "C:",
    }
    assert [node.get("ENTRIES") for node in root.iter() if "ENTRIES" in node.attrib] == ["3", "4"]


def test_the_key_is_written_as_traktor_counts_keys() -> None:
    root = ElementTree.fromstring(render("traktor", CRATE, name="Friday"))
    assert [node.get("VALUE") for node in root.iter("MUSICAL_KEY")] == ["21", "6"]
    assert [node.get("KEY") for node in root.iter("INFO")] == ["1m", "7d", None]


@settings(max_examples=40, deadline=None)
@given(
    entries=st.lists(ENTRIES, min_size=1, max_size=4, unique_by=lambda entry: entry.path),
    name=NASTY,
)
def test_whatever_names_and_paths_hold_the_structure_is_traktors(
    entries: list[Entry], name: str
) -> None:
    # A file that is named twice stands once in the collection, and twice in the playlist.
    root = ElementTree.fromstring(render("traktor", [*entries, entries[0]], name=name))
    assert (root.tag, root.get("VERSION")) == ("NML", "19")
    assert [child.tag for child in root] == ["HEAD", "MUSICFOLDERS", "COLLECTION", "PLAYLISTS"]
    collection, folder = root[2], root[3][0]
    assert collection.get("ENTRIES") == str(len(collection)) == str(len(entries))
    places = {}
    for node, entry in zip(collection, entries, strict=True):
        place = node.find("LOCATION")
        assert place is not None
        parts = place.get("DIR", "").split("/:")
        assert (parts[0], parts[-1]) == ("", "") and place.get("VOLUME") == place.get("VOLUMEID")
        assert not [part for part in parts[1:-1] if not part or "/" in part]
        places[entry.path] = f"{place.get('VOLUME')}{place.get('DIR')}{place.get('FILE')}"
        key = node.find("MUSICAL_KEY")
        assert (None if key is None else key.get("VALUE")) == (
            None if entry.key is None else str(entry.key.traktor())
        )
        tempo = node.find("TEMPO")
        assert (None if tempo is None else float(tempo.get("BPM", ""))) == entry.bpm
    assert dict(folder.attrib) == {"TYPE": "FOLDER", "NAME": "$ROOT"}
    assert folder[0].get("COUNT") == str(len(folder[0])) == "1"
    playlist = folder[0][0][0]
    assert playlist.get("ENTRIES") == str(len(playlist)) == str(len(entries) + 1)
    assert (playlist.get("TYPE"), len(playlist.get("UUID", ""))) == ("LIST", 32)
    keys = [node.get("KEY") for node in playlist.iterfind("ENTRY/PRIMARYKEY")]
    assert keys == [places[entry.path] for entry in (*entries, entries[0])]


def test_what_traktor_says_is_told_from_what_segue_wrote() -> None:
    assert {playlist.said_by for playlist in playlists(EXPORT)} == {"traktor"}
    [own] = read(render("traktor", CRATE, name="Friday"), source="own.nml")
    assert own.said_by == ""


def test_the_year_goes_out_and_comes_back() -> None:
    entry = Entry(Track("A", "B"), "/a.mp3", year=2019)
    [back] = read(render("traktor", [entry], name="x"), source="x.nml")
    assert back.entries[0].year == 2019
    [unknown] = playlists(EXPORT.replace("IMPORT_DATE", 'RELEASE_DATE="0" IMPORT_DATE'))
    assert unknown.entries[0].year is None


def test_a_file_name_that_xml_cannot_hold_is_missing() -> None:
    bytes_only = b"/Music/\xff.mp3".decode("utf-8", "surrogateescape")
    entries = [Entry(Track("A", "B"), path) for path in (bytes_only, "/Music/a\nb.mp3")]
    assert missing("traktor", entries) == [Track("A", "B")] * 2
    assert missing("rekordbox", entries) == []


def test_entities_are_refused() -> None:
    with pytest.raises(SegueError, match=r"collection\.nml carries definitions of its own"):
        playlists('<!DOCTYPE NML [<!ENTITY a "b">]><NML>&a;</NML>')
