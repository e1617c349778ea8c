"""Identifiers of others, read strictly."""

from __future__ import annotations

import pytest

from data.identity import parse_outside_id

SPOTIFY = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    "text",
    [
        f"spotify:track:{SPOTIFY}",
        f"  spotify:track:{SPOTIFY}\n",
        f"https://open.spotify.com/track/{SPOTIFY}",
        f"http://open.spotify.com/track/{SPOTIFY}/",
        f"https://open.spotify.com/track/{SPOTIFY}?si=0123abc&utm_source=copy",
        f"https://open.spotify.com/intl-de/track/{SPOTIFY}",
        f"https://open.spotify.com/intl-pt-br/track/{SPOTIFY}?si=1",
        f"https://open.spotify.com/embed/track/{SPOTIFY}?theme=0",
        f" HTTPS://OPEN.SPOTIFY.COM/track/{SPOTIFY} ",
    ],
)
def test_a_spotify_track_is_found_in_every_form_people_paste(text):
    found = parse_outside_id(text)
    assert (found.scheme, found.value) == ("spotify", SPOTIFY)


@pytest.mark.parametrize("kind", ["album", "playlist", "artist"])
def test_other_spotify_things_say_what_they_are(kind):
    for text in (f"spotify:{kind}:{SPOTIFY}", f"https://open.spotify.com/{kind}/{SPOTIFY}?si=1"):
        found = parse_outside_id(text)
        assert (found.scheme, found.value) == (f"spotify:{kind}", SPOTIFY)


@pytest.mark.parametrize(
    "text",
    [
        SPOTIFY,
        f"spotify:track:{SPOTIFY[:-1]}",
        f"spotify:track:{SPOTIFY}X",
        f"spotify:track:{SPOTIFY[:-1]}-",
        f"spotify:user:{SPOTIFY}",
        f"https://open.spotify.com.evil.example/track/{SPOTIFY}",
        f"https://evil.example/open.spotify.com/track/{SPOTIFY}",
        f"https://open.spotify.com@evil.example/track/{SPOTIFY}",
        f"https://evil@open.spotify.com/track/{SPOTIFY}",
        f"https://open.spotify.com:8443/track/{SPOTIFY}",
        f"https://notopen.spotify.com/track/{SPOTIFY}",
        f"ftp://open.spotify.com/track/{SPOTIFY}",
        f"javascript:open.spotify.com/track/{SPOTIFY}",
        f"https://open.spotify.com/track/{SPOTIFY}/more",
        f"https://open.spotify.com/track/{SPOTIFY} and more",
        f"https://open.spotify.com/?track={SPOTIFY}",
        "https://[::1",
        "",
    ],
)
def test_what_only_looks_like_spotify_is_refused(text):
    assert parse_outside_id(text) is None


@pytest.mark.parametrize("text", ["GBAYD1300049", "gb-ayd-13-00049", " GB-AYD-13-00049 "])
def test_an_isrc_is_written_in_capitals_without_dashes(text):
    found = parse_outside_id(text)
    assert (found.scheme, found.value) == ("isrc", "GBAYD1300049")


@pytest.mark.parametrize(
    "text", ["GBAYD130004", "GBAYD13000499", "G1AYD1300049", "GBAYD13X0049", "GB AYD 13 00049"]
)
def test_a_wrong_isrc_is_refused(text):
    assert parse_outside_id(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://www.youtube.com/watch?v=NB82U9pLhAY",
        "https://www.youtube.com/watch?t=10&v=NB82U9pLhAY&list=x",
        "https://m.youtube.com/watch?v=NB82U9pLhAY",
        "https://music.youtube.com/watch?v=NB82U9pLhAY",
        "https://youtu.be/NB82U9pLhAY?t=1",
        "https://www.youtube.com/embed/NB82U9pLhAY",
    ],
)
def test_a_youtube_link_gives_its_video(text):
    found = parse_outside_id(text)
    assert (found.scheme, found.value) == ("youtube", "NB82U9pLhAY")


@pytest.mark.parametrize(
    "text",
    [
        "NB82U9pLhAY",
        "https://youtu.be/NB82U9pLhA",
        "https://www.youtube.com/watch?v=NB82U9pLhAYY",
        "https://www.youtube.com/playlist?list=NB82U9pLhAY",
        "https://youtube.com.evil.example/watch?v=NB82U9pLhAY",
    ],
)
def test_what_only_looks_like_youtube_is_refused(text):
    assert parse_outside_id(text) is None
