"""rekordbox XML as rekordbox writes it, and as it wants to read it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from data.errors import SegueError
from data.harmony import parse_key
from data.playlists import render
from data.playlists.rekordbox import read
from data.playlists.safe_xml import MOST_DEPTH
from data.records import Entry, Playlist, Track
from tests.data.playlists.crate import CRATE, SPOTIFY

EXPORT = f"""<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0">
  <PRODUCT Name="rekordbox" Version="6.6.2" Company="AlphaTheta"/>
  <COLLECTION Entries="9">
    <TRACK TrackID="7" Name="Low Tide" Artist="Odd Heron" Mix="Dub" Label="Dock" TotalTime="172"
      AverageBpm="128.00" DateAdded="2026-11-20" Tonality="8A" Comments="long &amp; deep"
      Location="file://localhost/Users/dj/Music/a%20b.mp3">
      <TEMPO Inizio="0.025" Bpm="128.00" Metro="4/4" Battito="1"/>
      <POSITION_MARK Name="Drop" Type="0" Start="32.100" Num="0"/>
    </TRACK>
    <TRACK TrackID="8" Name="Night Bus" Artist="Mara Vale" AverageBpm="0.00" Tonality=""
      Location="file://localhost/C:/Music/night%20bus.mp3"/>
    <TRACK TrackID="9" Name="Far" Artist="Mara Vale"
      Location="file://localhostspotify:track:{SPOTIFY}"/>
  </COLLECTION>
  <PLAYLISTS><NODE Type="0" Name="ROOT" Count="2">
    <NODE Type="0" Name="Clubs" Count="2">
      <NODE Type="1" Name="Warm" KeyType="0" Entries="2"><TRACK Key="8"/><TRACK Key="7"/></NODE>
      <NODE Type="1" Name="Late" KeyType="0" Entries="0"/>
    </NODE>
    <NODE Type="1" Name="Warm" KeyType="1" Entries="1">
      <TRACK Key="file://localhost/C:/Music/night%20bus.mp3"/><TRACK Key="gone"/></NODE>
  </NODE></PLAYLISTS>
</DJ_PLAYLISTS>"""


def playlists(text: str) -> list[Playlist]:
    return read(text.encode("utf-8"), source="rekordbox.xml")


def test_reads_playlists_in_their_folders() -> None:
    found = playlists(EXPORT)
    assert [(p.name, [e.track.title for e in p.entries]) for p in found] == [
        ("Clubs / Warm", ["Night Bus", "Low Tide"]),
        ("Late", []),
        ("Warm", ["Night Bus"]),
        ("collection", ["Far"]),
    ]


def test_reads_what_rekordbox_knows_of_a_track() -> None:
    assert playlists(EXPORT)[0].entries[1] == Entry(
        Track("Odd Heron", "Low Tide", "Dub", "Dock"),
        "/Users/dj/Music/a b.mp3",
        duration_s=172,
        bpm=128,
        key=parse_key("Am"),
        added="2026-11-20",
        comment="long & deep",
    )


def test_nothing_known_is_not_zero() -> None:
    entry = playlists(EXPORT)[0].entries[0]
    assert (entry.duration_s, entry.bpm, entry.key) == (None, None, None)
    assert entry.path == "C:\\Music\\night bus.mp3"


def test_a_track_that_is_not_in_the_collection_is_told_of() -> None:
    [aside] = playlists(EXPORT)[2].set_aside
    assert aside.where == "rekordbox.xml, Warm"
    assert "1 of its tracks" in aside.reason


def test_tracks_in_no_playlist_come_behind_them_and_are_none() -> None:
    *lists, rest = playlists(EXPORT)
    assert [playlist.collection for playlist in lists] == [False] * 3
    assert (rest.collection, rest.said_by, rest.set_aside) == (True, "rekordbox", ())


def test_where_every_track_stands_in_a_playlist_nothing_comes_behind() -> None:
    listed = EXPORT.replace('<TRACK Key="8"/>', '<TRACK Key="8"/><TRACK Key="9"/>')
    assert [playlist.collection for playlist in playlists(listed)] == [False] * 3


def test_what_segue_wrote_is_nobodys_collection() -> None:
    ours = EXPORT.replace('<PRODUCT Name="rekordbox"', '<PRODUCT Name="Segue"')
    assert [(p.collection, p.said_by) for p in playlists(ours)] == [(False, "")] * 4


def test_a_collection_without_playlists_is_no_playlist() -> None:
    text = EXPORT[: EXPORT.index("<PLAYLISTS>")] + "</DJ_PLAYLISTS>"
    [playlist] = playlists(text)
    assert playlist.collection
    assert len(playlist.entries) == 3
    assert playlist.entries[2].path == ""
    assert [i.value for i in playlist.entries[2].track.ids] == [SPOTIFY]


def test_a_track_of_a_streaming_service_has_no_file() -> None:
    location = "file://localhosttidal:tracks:145320494"
    collection = EXPORT[: EXPORT.index("<PLAYLISTS>")] + "</DJ_PLAYLISTS>"
    [playlist] = playlists(collection.replace(f"file://localhostspotify:track:{SPOTIFY}", location))
    assert (playlist.entries[2].path, playlist.entries[2].track.ids) == ("", ())


def test_what_rekordbox_says_is_told_from_what_segue_wrote() -> None:
    assert {playlist.said_by for playlist in playlists(EXPORT)} == {"rekordbox"}
    [own] = read(render("rekordbox", CRATE, name="Friday"), source="own.xml")
    assert own.said_by == ""


def test_the_year_goes_out_and_comes_back() -> None:
    entry = Entry(Track("A", "B"), "/a.mp3", year=2019)
    [back] = read(render("rekordbox", [entry], name="x"), source="x.xml")
    assert back.entries[0].year == 2019
    collection = EXPORT[: EXPORT.index("<PLAYLISTS>")] + "</DJ_PLAYLISTS>"
    [unknown] = playlists(collection.replace('TotalTime="172"', 'Year="0"'))
    assert unknown.entries[0].year is None


def test_counts_and_numbers_are_the_real_ones() -> None:
    root = ElementTree.fromstring(render("rekordbox", [*CRATE, CRATE[0]], name="Friday"))
    collection, node = root.find("COLLECTION"), root.find("PLAYLISTS/NODE/NODE")
    assert collection is not None and node is not None
    assert collection.get("Entries") == str(len(collection)) == "3"
    assert node.get("Entries") == str(len(node)) == "4"
    ids = [track.get("TrackID") for track in collection]
    assert [key.get("Key") for key in node] == [*ids, ids[0]]


def test_writes_what_rekordbox_shows() -> None:
    root = ElementTree.fromstring(render("rekordbox", CRATE[:1], name="Friday"))
    track = root.find("COLLECTION/TRACK")
    assert track is not None
    said = {name: track.get(name) for name in ("Name", "TotalTime", "AverageBpm", "Tonality")}
    assert said == {
        "Name": "Nuit d'été (Håkon's 12\" Edit)",
        "TotalTime": "231",
        "AverageBpm": "127.98",
        "Tonality": "Am",
    }
    assert track.get("Location") == (
        "file://localhost/Users/dj/Music/Nuit%20d%27%C3%A9t%C3%A9%20%26%20more/"
        "100%25%20%231%20%C3%A5ngstr%C3%B6m.mp3"
    )


BOMB = """<?xml version="1.0"?><!DOCTYPE DJ_PLAYLISTS [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><DJ_PLAYLISTS>&b;</DJ_PLAYLISTS>"""
THIEF = """<?xml version="1.0"?><!DOCTYPE DJ_PLAYLISTS [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<DJ_PLAYLISTS>&a;</DJ_PLAYLISTS>"""
POINTER = '<!DOCTYPE DJ_PLAYLISTS SYSTEM "http://127.0.0.1:9/x.dtd"><DJ_PLAYLISTS/>'


@pytest.mark.parametrize("text", [BOMB, THIEF, POINTER])
def test_entities_and_other_files_are_refused(text: str) -> None:
    with pytest.raises(SegueError, match=r"rekordbox\.xml carries definitions of its own"):
        playlists(text)


@pytest.mark.parametrize(
    "text", [EXPORT[:900], "<DJ_PLAYLISTS", "<DJ_PLAYLISTS>&x;</DJ_PLAYLISTS>"]
)
def test_a_damaged_file_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(SegueError, match="is damaged"):
        playlists(text)


def test_folders_in_folders_are_walked_as_deep_as_a_file_may_go() -> None:
    depth = MOST_DEPTH - 2
    nodes = '<NODE Type="0" Name="f">' * depth + "</NODE>" * depth
    assert playlists(f"<DJ_PLAYLISTS><PLAYLISTS>{nodes}</PLAYLISTS></DJ_PLAYLISTS>")
