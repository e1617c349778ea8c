"""JSPF, also as ListenBrainz writes it, and files that only look like it."""

from __future__ import annotations

import json

import pytest

from data.errors import SegueError
from data.playlists import render
from data.playlists.jspf import read
from tests.data.playlists.crate import CRATE, SPOTIFY


def test_is_json_with_lengths_in_milliseconds_and_ids_as_links() -> None:
    playlist = json.loads(render("jspf", CRATE, name="Friday"))["playlist"]
    assert playlist["title"] == "Friday"
    assert playlist["track"][0]["duration"] == 231_400
    assert playlist["track"][2]["identifier"] == [f"https://open.spotify.com/track/{SPOTIFY}"]
    assert playlist["track"][3] == {
        "creator": 'Comma, Quote & "Daughters"',
        "title": "Semi;colon",
        "trackNum": 4,
    }


def test_reads_what_listenbrainz_writes() -> None:
    document = {
        "playlist": {
            "title": "Weekly",
            "track": [
                {
                    "creator": "Odd Heron",
                    "title": "Low Tide",
                    "identifier": f"spotify:track:{SPOTIFY}",
                    "location": ["https://example.org/a", "file:///Music/a%20b.mp3"],
                    "duration": 1000,
                    "extension": {"https://musicbrainz.org/doc/jspf#track": {"x": 1}},
                },
                {"album": "nothing"},
                "nothing",
            ],
        }
    }
    [playlist] = read(json.dumps(document).encode(), source="weekly.jspf")
    [entry] = playlist.entries
    assert (playlist.name, str(entry.track), entry.path, entry.duration_s) == (
        "Weekly",
        "Odd Heron - Low Tide",
        "/Music/a b.mp3",
        1.0,
    )
    assert [i.value for i in entry.track.ids] == [SPOTIFY]
    assert [aside.where for aside in playlist.set_aside] == [
        "weekly.jspf, track 2",
        "weekly.jspf, track 3",
    ]


@pytest.mark.parametrize(
    "text", ['{"playlist"', '{"playlist": 1}', '{"playlist": {"track": 3}}', "[" * 100_000]
)
def test_what_is_no_playlist_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(SegueError, match=r"^x\.jspf (?:is damaged|holds no playlist)"):
        read(text.encode(), source="x.jspf")


def test_values_of_the_wrong_kind_are_not_known() -> None:
    text = (
        '{"playlist": {"title": 7, "track": [{"title": "B", "creator": ["A"], '
        '"duration": NaN, "identifier": {"a": 1}, "extension": []}]}}'
    )
    [playlist] = read(text.encode(), source="x.jspf")
    [entry] = playlist.entries
    assert (entry.track.artist, entry.track.title, entry.duration_s) == ("", "B", None)
