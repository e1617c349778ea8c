"""Traktor's NML as Traktor writes it, and as it wants to read it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from data.errors import SegueError
from data.harmony import parse_key
from data.playlists import missing, render
from data.playlists.traktor import read
from data.records import Entry, Playlist, Track
from tests.data.playlists.crate import CRATE

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


def test_a_collection_without_playlists_is_one() -> None:
    text = EXPORT[: EXPORT.index("<PLAYLISTS>")] + "</NML>"
    [playlist] = playlists(text)
    assert len(playlist.entries) == 2


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


def test_a_file_name_that_xml_cannot_hold_is_missing() -> None:
    bytes_only = b"/Music/\xff.mp3".decode("utf-8", "surrogateescape")
    entries = [Entry(Track("A", "B"), path) for path in (bytes_only, "/Music/a\nb.mp3")]
    assert missing("traktor", entries) == [Track("A", "B")] * 2
    assert missing("rekordbox", entries) == []


def test_entities_are_refused() -> None:
    with pytest.raises(SegueError, match=r"collection\.nml carries definitions of its own"):
        playlists('<!DOCTYPE NML [<!ENTITY a "b">]><NML>&a;</NML>')
