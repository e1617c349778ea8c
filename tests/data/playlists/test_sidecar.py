"""The list of tracks without a file, beside a playlist file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.playlists import FORMATS, missing, read_file, sidecar
from data.records import Entry, OutsideId, Track
from tests.data.playlists.crate import CRATE, ENTRIES, NASTY, SPOTIFY, shown

GONE = Entry(
    Track(
        "Zoë Ångström",
        "Nuit d'été",
        "Dub",
        "Kestrel",
        ids=(OutsideId("isrc", "ZZZ012600001"), OutsideId("spotify", SPOTIFY)),
    )
)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("key", FORMATS)
def test_only_formats_that_name_files_miss_some(key: str) -> None:
    found = sidecar.without_file(key, [CRATE[0], GONE, CRATE[1], CRATE[3]])
    wanted = [(2, GONE.track), (4, CRATE[3].track)] if key in sidecar.FILE_FORMATS else []
    assert found == wanted


def test_what_a_format_leaves_out_is_always_among_the_missing() -> None:
    odd = [
        Entry(Track("A", "Relative"), "beside.mp3"),
        Entry(Track("A", "Two lines"), "/Music/a\nb.mp3"),
        Entry(Track("A", "No text"), "/Music/\udcff.mp3"),
        *CRATE,
    ]
    for key in FORMATS:
        listed = [track for _, track in sidecar.without_file(key, odd)]
        assert [track for track in missing(key, odd) if track not in listed] == []
    assert (2, odd[1].track) in sidecar.without_file("m3u8", odd)  # it would break the line


def test_the_list_says_all_that_helps_to_get_a_track() -> None:
    [row] = rows(sidecar.render_missing([(7, GONE.track)]))
    assert row == {
        "position": "7",
        "artist": "Zoë Ångström",
        "title": "Nuit d'été",
        "version": "Dub",
        "label": "Kestrel",
        "isrc": "ZZZ012600001",
        "spotify": f"https://open.spotify.com/track/{SPOTIFY}",
    }


def test_no_cell_runs_as_a_formula() -> None:
    content = sidecar.render_missing([(1, Track("=1+1", "@SUM(A1)", "-x", "+label"))])
    [row] = rows(content)
    cells = (row["artist"], row["title"], row["version"], row["label"])
    assert cells == ("'=1+1", "'@SUM(A1)", "'-x", "'+label")


@given(st.lists(st.builds(Track, NASTY.filter(str.strip), NASTY.filter(str.strip)), max_size=5))
def test_any_name_stays_in_its_own_row(tracks: list[Track]) -> None:
    found = rows(sidecar.render_missing(list(enumerate(tracks, 1))))
    assert [row["position"] for row in found] == [str(n) for n in range(1, len(tracks) + 1)]


@given(st.lists(ENTRIES, min_size=1, max_size=5))
def test_a_list_is_a_playlist_that_segue_reads_back(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]
) -> None:
    path = tmp_path_factory.mktemp("list") / sidecar.name_beside("Friday.xml")
    path.write_bytes(sidecar.render_missing([(n, e.track) for n, e in enumerate(entries, 1)]))
    [playlist] = read_file(path)
    assert [shown(e.track) for e in playlist.entries] == [shown(e.track) for e in entries]


def test_ids_survive_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "x.missing.csv"
    path.write_bytes(sidecar.render_missing([(1, GONE.track)]))
    [[entry]] = [playlist.entries for playlist in read_file(path)]
    assert {(i.scheme, i.value) for i in entry.track.ids} == {
        ("isrc", "ZZZ012600001"),
        ("spotify", SPOTIFY),
    }
    assert entry.track.label == "Kestrel"
