"""A playlist of another program comes in: its tracks are found or made, and a crate holds them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.catalogue import AudioFile, Catalogue, Sound
from data.catalogue.said import Said
from data.errors import SegueError
from data.harmony import parse_key
from data.playlists import FORMATS, render
from data.records import Analysis, Entry, Play, Track, Tracklist
from hybrid import playlists_in
from hybrid.playlists_in import import_playlist
from hybrid.playlists_out import entries_of

TRACKS = [
    Track("Zoë Ångström", "Nuit d'été", "Håkon's 12\" Edit", "Ærlig Musikk", "ÆM 007"),
    Track("Odd Heron & Mara Vale", "Low Tide (All I See)"),
    Track("Odd Heron feat. Otto", "High Tide", "Dub"),
]


def played(catalogue: Catalogue, tracks: list[Track] = TRACKS) -> list[int]:
    plays = tuple(Play(n, "identified", track) for n, track in enumerate(tracks, start=1))
    catalogue.add_tracklists([Tracklist("notes", "1", "At the Dock", plays)])
    return [ident for track in tracks if (ident := catalogue.find(track)) is not None]


def own_file(catalogue: Catalogue, folder: Path, track: Track) -> Path:
    """A file of the DJ's that was listened to."""
    path = folder / f"{track.title.replace('/', '_')}.mp3"
    path.write_bytes(str(track).encode())
    file = AudioFile(path, f"{abs(hash(str(track))):032x}"[:32], 1, 1)
    analysis = Analysis(
        231.0, 127.98, 0.9, (), None, None, 0.0, None, 0.5, -9.0, 9000.0, (), "test"
    )
    catalogue.add_sound([Sound(file.content_hash, file, track, 231.0, analysis=analysis)])
    return path


def text_file(folder: Path, text: str, name: str = "Friday.m3u") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("key", FORMATS)
def test_a_crate_that_was_taken_away_comes_back_as_the_same_crate(
    catalogue: Catalogue, tmp_path: Path, key: str
) -> None:
    ids = played(catalogue)
    for track in TRACKS:
        own_file(catalogue, tmp_path, track)
    path = tmp_path / f"export{FORMATS[key].extension}"
    path.write_bytes(render(key, entries_of(catalogue, ids), name="Friday"))
    came = import_playlist(catalogue, path)
    assert (came.entries, came.matched, came.new, came.skipped) == (3, 3, 0, 0)
    assert [catalogue.crate(crate) for crate in came.crates] == [ids]
    assert catalogue.crate_state(came.crates[0]).name == "Friday"


def test_unknown_tracks_are_added(catalogue: Catalogue, tmp_path: Path) -> None:
    [known] = played(catalogue, TRACKS[:1])
    path = tmp_path / "list.csv"
    path.write_bytes(render("csv", TRACKS, name="Friday"))
    came = import_playlist(catalogue, path)
    assert (came.matched, came.new, came.made) == (1, 2, 1)
    tracks = catalogue.crate_tracks(came.crates[0])
    assert list(map(str, tracks.values())) == list(map(str, TRACKS))
    assert (next(iter(tracks)), tracks[known].catalogue_number) == (known, "ÆM 007")
    assert came.summary == "Tracks: 1 known already, 2 new, in 1 crate."


def test_a_second_import_changes_nothing_and_says_so(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(render("csv", TRACKS, name="Friday"))
    first = import_playlist(catalogue, path)
    changes, crates = catalogue.changes(), catalogue.crates()
    again = import_playlist(catalogue, path)
    assert again.crates == first.crates
    assert (again.made, again.new, again.matched) == (0, 0, 3)
    assert again.summary == "Nothing changed: 1 crate held exactly this already."
    assert (catalogue.changes(), catalogue.crates()) == (changes, crates)


def test_a_djs_own_crate_of_that_name_stays_as_it_is(catalogue: Catalogue, tmp_path: Path) -> None:
    own = catalogue.create_crate("Friday")
    path = text_file(tmp_path, "#EXTM3U\n#EXTINF:9,Odd Heron - Low Tide\nx.mp3\n")
    came = import_playlist(catalogue, path)
    assert catalogue.crate(own) == []
    assert [catalogue.crate_state(crate).name for crate in came.crates] == ["Friday 2"]


TWO = """playlist,artist,title
Warm,Odd Heron,Low Tide
Late,Mara Vale,Night Bus
Warm,Mara Vale,Night Bus
"""


@pytest.mark.parametrize(
    ("crate", "names"), [("", ["Warm", "Late"]), (" Dock ", ["Dock: Warm", "Dock: Late"])]
)
def test_each_playlist_of_a_file_becomes_a_crate(
    catalogue: Catalogue, tmp_path: Path, crate: str, names: list[str]
) -> None:
    came = import_playlist(catalogue, text_file(tmp_path, TWO, "two.csv"), crate=crate)
    assert [catalogue.crate_state(ident).name for ident in came.crates] == names
    assert [len(catalogue.crate(ident)) for ident in came.crates] == [2, 1]
    assert (came.entries, came.new, came.matched) == (3, 2, 1)


def test_one_playlist_takes_the_name_it_is_given(catalogue: Catalogue, tmp_path: Path) -> None:
    path = text_file(tmp_path, "Odd Heron - Low Tide\n", "x.txt")
    came = import_playlist(catalogue, path, crate="Opening")
    assert [crate.name for crate in catalogue.crates()] == ["Opening"]
    assert came.crates == (catalogue.crates()[0].id,)


def test_what_names_no_track_is_set_aside_with_its_place_and_reason(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    rows = "artist,title\nOdd Heron,Low Tide\nOdd Heron,ID\n,Night Bus\nOdd Heron,\n"
    came = import_playlist(catalogue, text_file(tmp_path, rows, "list.csv"))
    assert (came.entries, came.new, came.skipped) == (3, 1, 2)
    assert [(aside.where, aside.reason) for aside in came.set_aside] == [
        ("list.csv, line 5", "the row names no track"),
        ("list.csv, list, track 2", "the title is missing: Odd Heron - ID"),
        ("list.csv, list, track 3", "the artist is missing: Night Bus"),
    ]


def test_a_file_without_a_track_changes_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    path = text_file(tmp_path, "artist,title\n,Night Bus\n", "list.csv")
    with pytest.raises(SegueError, match=r"list\.csv names no track .*the artist is missing"):
        import_playlist(catalogue, path)
    assert catalogue.crates() == []


REKORDBOX = """<DJ_PLAYLISTS><PRODUCT Name="{program}"/><COLLECTION><TRACK TrackID="1"
Name="Low Tide" Artist="Odd Heron" AverageBpm="127.98" Tonality="Am" Year="2019" TotalTime="231"
Location="file://localhost/gone.mp3"/></COLLECTION><PLAYLISTS><NODE Type="0" Name="ROOT">
<NODE Type="1" Name="Friday"><TRACK Key="1"/></NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>"""
TRAKTOR = """<NML VERSION="19"><COLLECTION><ENTRY TITLE="Low Tide" ARTIST="Odd Heron">
<LOCATION DIR="/:" FILE="gone.mp3" VOLUME="C:"/><INFO PLAYTIME="231" RELEASE_DATE="2019/5/1"/>
<TEMPO BPM="127.98"/><MUSICAL_KEY VALUE="21"/></ENTRY></COLLECTION></NML>"""
EXPORTIFY = """Track URI,Track Name,Artist Name(s),Duration (ms),Key,Mode,Tempo
,Low Tide,Odd Heron,231000,9,0,127.98
"""


@pytest.mark.parametrize(
    ("name", "text", "said_by"),
    [
        ("rekordbox.xml", REKORDBOX.format(program="rekordbox"), ["rekordbox"]),
        ("collection.nml", TRAKTOR, ["traktor"]),
        ("segue.xml", REKORDBOX.format(program="Segue"), []),
        ("exportify.csv", EXPORTIFY, []),
    ],
)
def test_tempo_key_length_and_year_are_the_word_of_the_djs_program_and_of_no_web_service(
    catalogue: Catalogue, tmp_path: Path, name: str, text: str, said_by: list[str]
) -> None:
    import_playlist(catalogue, text_file(tmp_path, text, name))
    recording = catalogue.find(Track("Odd Heron", "Low Tide"))
    assert recording is not None
    said = catalogue.said([recording]).get(recording, [])
    assert said == [Said(by, 127.98, parse_key("Am"), 231.0, 2019) for by in said_by]


COLLECTION = REKORDBOX.format(program="rekordbox").replace(
    "</COLLECTION>",
    """<TRACK TrackID="2" Name="High Tide" Artist="Odd Heron" Location="file://localhost/b.mp3"/>
    <TRACK TrackID="3" Name="Night Bus" Artist="Mara Vale"
    Location="file://localhostspotify:track:6habFhsOp2NvshLv26DqMb"/>
    <TRACK TrackID="4" Name="NOISE" Artist="" Location="file://localhost/n.wav"/></COLLECTION>""",
)


def test_of_a_djs_program_the_whole_collection_comes_in_without_a_crate(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    [known] = played(catalogue, [Track("Mara Vale", "Night Bus")])
    came = import_playlist(catalogue, text_file(tmp_path, COLLECTION, "library.xml"), crate="Dock")
    assert (came.entries, came.collection, came.skipped) == (4, 2, 1)
    assert (came.matched, came.new, came.made, came.told) == (1, 2, 1, 3)
    assert came.summary == (
        "Tracks: 1 known already, 2 new, in 1 crate. Your software says something new of 1 "
        "known already. In no playlist: 2. Left out: 1."
    )
    assert [crate.name for crate in catalogue.crates()] == ["Dock"]
    assert catalogue.find_outside("spotify", "6habFhsOp2NvshLv26DqMb") == [known]
    assert catalogue.holdings().said[0].recordings == 3
    [aside] = came.set_aside
    assert aside.where == "library.xml, collection, track 3"
    assert aside.reason == "the artist is missing: NOISE"


def test_a_collection_comes_in_once(catalogue: Catalogue, tmp_path: Path) -> None:
    path = text_file(tmp_path, COLLECTION, "library.xml")
    import_playlist(catalogue, path)
    before = catalogue.changes(), catalogue.stats(), catalogue.crates()
    again = import_playlist(catalogue, path)
    assert (again.made, again.new, again.told, again.matched) == (0, 0, 0, 3)
    assert again.summary == (
        "Nothing changed: 1 crate held exactly this already. In no playlist: 2. Left out: 1."
    )
    assert (catalogue.changes(), catalogue.stats(), catalogue.crates()) == before


def test_a_new_tempo_in_the_same_playlists_is_no_nothing(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    path = text_file(tmp_path, COLLECTION, "library.xml")
    import_playlist(catalogue, path)
    path.write_text(COLLECTION.replace("127.98", "128.02"), encoding="utf-8")
    again = import_playlist(catalogue, path)
    assert (again.made, again.new, again.told) == (0, 0, 1)
    assert again.summary.startswith(
        "Tracks: 3 known already, 0 new, in 1 crate. Your software says something new of 1 "
        "known already."
    )


def test_of_two_files_of_a_track_the_one_in_a_playlist_speaks_each_time(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    twice = COLLECTION.replace('Name="High Tide"', 'Name="Low Tide" AverageBpm="64.00"')
    path = text_file(tmp_path, twice, "library.xml")
    import_playlist(catalogue, path)
    before = catalogue.changes()
    again = import_playlist(catalogue, path)
    tide = catalogue.find(Track("Odd Heron", "Low Tide"))
    assert tide is not None
    assert [one.bpm for one in catalogue.said([tide])[tide]] == [127.98]
    assert (again.told, catalogue.changes()) == (0, before)


def test_a_file_that_says_something_speaks_before_one_that_does_not(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    path = text_file(
        tmp_path,
        COLLECTION.replace('<TRACK Key="1"/>', '<TRACK Key="2"/>').replace("High Tide", "Low Tide"),
        "library.xml",
    )
    import_playlist(catalogue, path)
    tide = catalogue.find(Track("Odd Heron", "Low Tide"))
    assert tide is not None
    assert [one.bpm for one in catalogue.said([tide])[tide]] == [127.98]


def test_a_collection_without_a_playlist_comes_in_too(catalogue: Catalogue, tmp_path: Path) -> None:
    path = text_file(tmp_path, TRAKTOR, "collection.nml")
    came = import_playlist(catalogue, path, crate="Dock")
    assert (came.entries, came.collection, came.new, came.crates) == (1, 1, 1, ())
    assert came.summary == "Tracks: 0 known already, 1 new. In no playlist: 1."
    again = import_playlist(catalogue, path)
    assert again.summary == (
        "Nothing changed: the library held exactly this already. In no playlist: 1."
    )
    assert catalogue.crates() == []


def test_a_long_collection_comes_in_by_parts_and_goes_on_after_a_cancel(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playlists_in, "_AT_ONCE", 1)
    path = text_file(tmp_path, COLLECTION, "library.xml")

    def tell(step: str, done: int, total: int) -> None:
        if (step, done) == ("Adding tracks", 2):
            raise Stop

    with pytest.raises(Stop):
        import_playlist(catalogue, path, progress=tell)
    assert catalogue.stats().recordings == 2
    came = import_playlist(catalogue, path)
    assert (came.matched, came.new, came.collection) == (2, 1, 2)


def test_files_that_are_here_and_unheard_are_told_of(catalogue: Catalogue, tmp_path: Path) -> None:
    heard = own_file(catalogue, tmp_path, TRACKS[0])
    music = tmp_path / "music"
    music.mkdir()
    for name in ("a.mp3", "b.flac", "notes.txt"):
        (music / name).write_bytes(b"x")
    lists = tmp_path / "lists"
    lists.mkdir()
    rows = [
        f"#EXTINF:1,Odd Heron - One\n{music / 'a.mp3'}",
        "#EXTINF:1,Odd Heron - Two\n../music/b.flac",
        "#EXTINF:1,Odd Heron - Three\n..\\music\\a.mp3",
        f"#EXTINF:1,Odd Heron - Four\n{music / 'notes.txt'}",
        f"#EXTINF:1,Odd Heron - Five\n{heard}",
        "#EXTINF:1,Odd Heron - Six\nC:\\Music\\gone.mp3",
        "#EXTINF:1,Odd Heron - Seven\n/gone/gone.mp3",
    ]
    came = import_playlist(catalogue, text_file(lists, "#EXTM3U\n" + "\n".join(rows)))
    assert came.files == (str(music / "a.mp3"), str(music / "b.flac"))
    assert str(TRACKS[0]) in map(str, catalogue.crate_tracks(came.crates[0]).values())


def test_no_share_on_a_network_is_looked_at(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    stat = os.stat
    monkeypatch.setattr(
        os, "stat", lambda path, **more: looked.append(str(path)) or stat(path, **more)
    )
    rows = "#EXTM3U\n#EXTINF:1,A - B\n//server/share/a.mp3\n#EXTINF:1,C - D\n\\\\server\\s\\b.mp3\n"
    assert import_playlist(catalogue, text_file(tmp_path, rows)).new == 2
    assert looked
    assert not [path for path in looked if "server" in path]


class Stop(BaseException):
    """What a job raises in here when it is cancelled."""


def test_a_cancel_leaves_whole_crates_and_the_next_import_goes_on(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    path = text_file(tmp_path, TWO, "two.csv")
    told: list[tuple[str, int, int]] = []

    def tell(step: str, done: int, total: int) -> None:
        told.append((step, done, total))
        if (step, done) == ("Adding tracks", 2):
            raise Stop

    with pytest.raises(Stop):
        import_playlist(catalogue, path, progress=tell)
    assert told == [
        ("Reading the playlist", 0, 0),
        ("Adding tracks", 0, 3),
        ("Adding tracks", 2, 3),
    ]
    assert [(crate.name, crate.size) for crate in catalogue.crates()] == [("Warm", 2)]
    came = import_playlist(catalogue, path)
    assert [(crate.name, crate.size) for crate in catalogue.crates()] == [("Warm", 2), ("Late", 1)]
    assert (came.made, came.matched, came.new) == (1, 3, 0)


def test_entries_carry_what_the_catalogue_knows(catalogue: Catalogue, tmp_path: Path) -> None:
    one, two, three = played(catalogue)
    path = own_file(catalogue, tmp_path, TRACKS[1])
    gone = own_file(catalogue, tmp_path, TRACKS[2])
    gone.unlink()
    found = entries_of(catalogue, [three, 999, two, one])
    assert [(entry.path, entry.duration_s, entry.bpm) for entry in found] == [
        ("", 231.0, 127.98),
        (str(path), 231.0, 127.98),
        ("", None, None),
    ]
    assert all(isinstance(entry, Entry) for entry in found)


def test_an_entry_has_the_year_that_software_says(catalogue: Catalogue, tmp_path: Path) -> None:
    import_playlist(catalogue, text_file(tmp_path, TRAKTOR, "collection.nml"))
    tide = catalogue.find(Track("Odd Heron", "Low Tide"))
    assert tide is not None
    [entry] = entries_of(catalogue, [tide])
    assert (entry.year, entry.bpm, entry.path) == (2019, 127.98, "")
