"""The peers of Deezer and iTunes answer as the real ones were seen to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import av
import pytest
import requests
import soundfile

from tests.peers.deezer import DeezerPeer
from tests.peers.deezer import fill as fill_deezer
from tests.peers.itunes import ItunesPeer
from tests.peers.itunes import fill as fill_itunes


@pytest.fixture
def deezer() -> Iterator[DeezerPeer]:
    with DeezerPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def itunes() -> Iterator[ItunesPeer]:
    with ItunesPeer(seconds=1.0) as serving:
        yield serving


def ask(peer: DeezerPeer | ItunesPeer, path: str, **query: Any) -> Any:
    """What the API answers, which is always HTTP 200 where it works."""
    answer = requests.get(f"{peer.api_url}{path}", params=query, timeout=5)
    assert answer.status_code == 200
    return answer.json()


# ---- Deezer


def test_deezer_knows_a_track_by_its_isrc_and_by_its_id(deezer: DeezerPeer) -> None:
    track = deezer.add_track("Ada Sun", "Moon Letter (Bo Remix)", isrc="ZZAAA2600001", bpm=124.0)
    known = ask(deezer, "track/isrc:ZZAAA2600001")
    again = ask(deezer, f"track/{track.id}")
    assert known["id"] == again["id"] == track.id
    assert (known["title_short"], known["title_version"]) == ("Moon Letter", "(Bo Remix)")
    assert (known["isrc"], known["bpm"], known["duration"]) == ("ZZAAA2600001", 124.0, 240)


def test_a_search_of_deezer_says_less_of_a_track(deezer: DeezerPeer) -> None:
    for number in range(3):
        deezer.add_track("Ada Sun", f"Moon Letter {number}", isrc=f"ZZAAA260000{number}")
    answer = ask(deezer, "search", q='artist:"ada sun" track:"moon letter"', limit=2)
    assert (len(answer["data"]), answer["total"], "next" in answer) == (2, 3, True)
    assert {"isrc", "bpm"}.isdisjoint(answer["data"][0])
    assert answer["data"][0]["preview"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("moon letter ada", 1),
        ('artist:"Ada Sun"', 1),
        ('artist:"Moon Letter"', 0),
        ('track:"Moon Letter (feat. Bo)"', 0),
        ('artist:"Noemie" track:"etude"', 1),
    ],
)
def test_a_search_of_deezer_wants_every_word(deezer: DeezerPeer, question: str, found: int) -> None:
    deezer.add_track("Ada Sun", "Moon Letter")
    deezer.add_track("Noémie Vale", "Café Étude")
    assert ask(deezer, "search", q=question)["total"] == found


def test_errors_of_deezer_come_as_http_200(deezer: DeezerPeer) -> None:
    deezer.fail("quota")
    deezer.fail("busy")
    codes = [
        ask(deezer, "track/1")["error"]["code"],
        ask(deezer, "track/1")["error"]["code"],
        ask(deezer, "track/1")["error"]["code"],
        ask(deezer, "track/isrc:ZZAAA2600009")["error"]["code"],
        ask(deezer, "search")["error"]["code"],
        ask(deezer, "search", q="moon", limit="many")["error"]["code"],
        ask(deezer, "nothing")["error"]["code"],
    ]
    assert codes == [4, 700, 800, 800, 501, 500, 600]


def test_the_quota_of_deezer_is_for_five_seconds() -> None:
    with DeezerPeer(quota=3) as deezer:
        answers = [ask(deezer, "track/1")["error"]["code"] for _ in range(4)]
        deezer.later(5)
        assert [*answers, ask(deezer, "track/1")["error"]["code"]] == [800, 800, 800, 4, 800]


def test_a_preview_of_deezer_is_an_mp3_whose_address_dies(deezer: DeezerPeer) -> None:
    deezer.add_track("Ada Sun", "Moon Letter", isrc="ZZAAA2600001")
    address = ask(deezer, "track/isrc:ZZAAA2600001")["preview"]
    heard = requests.get(address, timeout=5)
    assert heard.headers["Content-Type"] == "audio/mpeg"
    assert soundfile.info(io.BytesIO(heard.content)).format == "MP3"
    assert requests.get(address.replace("hmac=", "hmac=0"), timeout=5).status_code == 403
    deezer.later(deezer.signed_for)
    assert requests.get(address, timeout=5).status_code == 403
    fresh = ask(deezer, "track/isrc:ZZAAA2600001")["preview"]
    assert (fresh != address, requests.get(fresh, timeout=5).status_code) == (True, 200)


def test_a_track_may_have_no_preview_or_one_that_leads_elsewhere(deezer: DeezerPeer) -> None:
    silent = deezer.add_track("Ada Sun", "Moon Letter", preview="")
    hostile = deezer.add_track("Ada Sun", "Moon Trap", preview="http://169.254.169.254/latest")
    assert ask(deezer, f"track/{silent.id}")["preview"] == ""
    assert ask(deezer, f"track/{hostile.id}")["preview"] == "http://169.254.169.254/latest"


@pytest.mark.parametrize(
    ("kind", "status", "kind_of_body"),
    [("gone", 403, "text/html"), ("not_audio", 200, "audio/mpeg"), ("server", 502, "json")],
)
def test_a_preview_can_fail(deezer: DeezerPeer, kind: str, status: int, kind_of_body: str) -> None:
    track = deezer.add_track("Ada Sun", "Moon Letter")
    deezer.fail(kind, path=f"preview/{track.id}")
    assert ask(deezer, f"track/{track.id}")["id"] == track.id
    failed = requests.get(deezer.preview_url(track), timeout=5)
    assert (failed.status_code, kind_of_body in failed.headers["Content-Type"]) == (status, True)
    assert requests.get(deezer.preview_url(track), timeout=5).status_code == 200


@pytest.mark.parametrize("kind", ["huge", "unsized"])
def test_a_preview_can_be_far_too_long(deezer: DeezerPeer, kind: str) -> None:
    track = deezer.add_track("Ada Sun", "Moon Letter")
    deezer.fail(kind, path="preview/*")
    long = requests.get(deezer.preview_url(track), timeout=5)
    assert len(long.content) == 6_000_000
    assert ("Content-Length" in long.headers) is (kind == "huge")


def test_a_preview_can_lead_away(deezer: DeezerPeer) -> None:
    track = deezer.add_track("Ada Sun", "Moon Letter")
    deezer.fail("redirect", path="preview/*", url="http://127.0.0.1:1/secret")
    led = requests.get(deezer.preview_url(track), timeout=5, allow_redirects=False)
    assert (led.status_code, led.headers["Location"]) == (302, "http://127.0.0.1:1/secret")


# ---- iTunes


def test_itunes_finds_a_song_by_its_words(itunes: ItunesPeer) -> None:
    track = itunes.add_track("Ada Sun", "Moon Letter (Bo Remix)", duration_s=201.5)
    itunes.add_track("Ada Sun", "Other")
    told = {"media": "music", "entity": "song", "country": "DE", "limit": 5}
    answer = ask(itunes, "search", term="ada sun moon letter", **told)
    assert answer["resultCount"] == 1
    (song,) = answer["results"]
    assert (song["trackId"], song["trackTimeMillis"], song["country"]) == (track.id, 201500, "DE")
    assert song["trackViewUrl"].startswith("https://music.apple.com/de/album/")
    assert {"isrc", "bpm"}.isdisjoint(song)
    assert ask(itunes, "lookup", id=track.id)["results"][0]["trackId"] == track.id


def test_itunes_knows_no_isrc(itunes: ItunesPeer) -> None:
    itunes.add_track("Ada Sun", "Moon Letter", isrc="ZZAAA2600001")
    assert ask(itunes, "lookup", isrc="ZZAAA2600001")["resultCount"] == 0
    assert ask(itunes, "search", term="ZZAAA2600001")["resultCount"] == 0


def test_itunes_sends_who_asks_too_often_away_with_403() -> None:
    with ItunesPeer(per_minute=2) as itunes:
        address = f"{itunes.api_url}search?term=moon"
        statuses = [requests.get(address, timeout=5).status_code for _ in range(3)]
        itunes.later(60)
        assert [*statuses, requests.get(address, timeout=5).status_code] == [200, 200, 403, 200]


def test_a_country_that_is_none_is_refused(itunes: ItunesPeer) -> None:
    address = f"{itunes.api_url}search?term=moon&country=Mars"
    assert requests.get(address, timeout=5).status_code == 400


def test_a_preview_of_itunes_is_aac(itunes: ItunesPeer) -> None:
    track = itunes.add_track("Ada Sun", "Moon Letter")
    heard = requests.get(itunes.preview_url(track), timeout=5)
    assert heard.headers["Content-Type"] == "audio/x-m4a"
    with av.open(io.BytesIO(heard.content)) as file:
        assert file.streams.audio[0].codec_context.name == "aac"
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.info(io.BytesIO(heard.content))
    nothing = itunes.preview_url(track).replace(str(track.id), "1")
    assert requests.get(nothing, timeout=5).status_code == 404


def test_itunes_leaves_the_address_out_where_there_is_no_preview(itunes: ItunesPeer) -> None:
    track = itunes.add_track("Ada Sun", "Moon Letter", preview="")
    assert "previewUrl" not in ask(itunes, "lookup", id=track.id)["results"][0]


# ---- by hand


def test_the_demo_crate_is_at_both_in_part(deezer: DeezerPeer, itunes: ItunesPeer) -> None:
    fill_deezer(deezer)
    fill_itunes(itunes)
    at_deezer = {(one.artist, one.title) for one in deezer.tracks.values()}
    at_itunes = {(one.artist, one.title) for one in itunes.tracks.values()}
    assert len(at_deezer & at_itunes) > 200
    assert len(at_itunes - at_deezer) > 150
    assert any(title.endswith("(Mixed)") for _, title in at_itunes)


def test_a_fault_that_nobody_knows_is_not_taken(deezer: DeezerPeer) -> None:
    with pytest.raises(ValueError, match="no fault is called typo"):
        deezer.fail("typo")
