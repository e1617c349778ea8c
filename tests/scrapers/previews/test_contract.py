"""What every service of previews keeps, whatever its API is like.

A new service adds one line to `KINDS`: its class, its peer, and how the peer says that it was
asked too often.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from data.settings import Settings
from scrapers.http import Clock
from scrapers.previews import Deezer, ITunes, PreviewSource, Unavailable
from tests.peers.deezer import DeezerPeer
from tests.peers.itunes import ItunesPeer

ISRC = "ZZAAA2600001"


@dataclass(frozen=True)
class Kind:
    opens: Callable[..., PreviewSource]
    peer: Callable[..., Any]
    too_often: str
    search: str
    look_up: str


KINDS = [
    Kind(Deezer, DeezerPeer, too_often="quota", search="search", look_up="track/*"),
    Kind(ITunes, ItunesPeer, too_often="busy", search="search", look_up="lookup"),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.opens.__name__)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture
def peer(kind: Kind) -> Iterator[Any]:
    with kind.peer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def settings(peer: Any) -> Settings:
    named = {name.removeprefix("SEGUE_").lower(): value for name, value in peer.settings.items()}
    return Settings(http_timeout=0.5, **named)


@pytest.fixture
def source(kind: Kind, settings: Settings) -> PreviewSource:
    return kind.opens(settings)


def test_a_preview_says_what_it_is_of_where_it_is_and_who_has_it(
    source: PreviewSource, peer: Any
) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter (Bo Remix)", duration_s=251.0, album="Letters")
    found = source.find("Ada Sun", "Moon Letter (Bo Remix)")
    assert found is not None
    told = found.track
    assert (told.service, told.ident) == (source.name, str(track.id))
    assert (told.artist, told.title, told.album) == ("Ada Sun", "Moon Letter (Bo Remix)", "Letters")
    assert told.duration_s == pytest.approx(251.0)
    assert told.link.startswith("https://") and str(track.id) in told.link
    assert found.url == peer.preview_url(track)


def test_what_the_service_has_not_is_none(source: PreviewSource, peer: Any) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    assert source.find("Ada Sun", "Tide") is None
    assert source.find("Noel Rain", "Moon Letter") is None
    assert source.again("1") is None


def test_a_track_without_a_clip_counts_as_not_there(source: PreviewSource, peer: Any) -> None:
    peer.add_track("Ada Sun", "Moon Letter", preview="")
    assert source.find("Ada Sun", "Moon Letter") is None


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("Moon Letter", "Moon Letter (Bo Remix)"),
        ("Moon Letter (Bo Remix)", "Moon Letter"),
        ("Moon Letter (Bo Remix)", "Moon Letter (Cid Remix)"),
        ("Moon Letter (Bo Dub)", "Moon Letter (Bo Remix)"),
        ("Moon Letter", "Moon Letter (Live)"),
        ("Moon Letter", "Moon Letter (Mixed)"),
        ("Moon Letter (Bo Remix)", "Moon Letter (Bo Remix) [Mixed]"),
        ("Moon Letter", "Moon Letter - Mixed"),
        ("Moon Letter, Pt. 1", "Moon Letter, Pt. 2"),
    ],
)
def test_another_version_is_another_recording(
    source: PreviewSource, peer: Any, wanted: str, there: str
) -> None:
    peer.add_track("Ada Sun", there)
    assert source.find("Ada Sun", wanted) is None


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        (("Ada Sun", "Moon Letter (Original Mix)"), ("Ada Sun", "Moon Letter")),
        (("Ada Sun", "Moon Letter"), ("Ada Sun", "Moon Letter (Extended Mix)")),
        (("Ada Sun", "Moon Letter (Bo Rmx)"), ("Ada Sun", "Moon Letter (Bo Remix)")),
        (("ADA SUN", "MOON LETTER"), ("Ada Sun", "Moon Letter")),
        (("Ada Sun feat. Bo", "Moon Letter"), ("Ada Sun", "Moon Letter (feat. Bo)")),
        (("Noemie Vale", "Etude"), ("Noémie Vale", "Étude")),
    ],
)
def test_other_spellings_are_the_same_recording(
    source: PreviewSource, peer: Any, wanted: tuple[str, str], there: tuple[str, str]
) -> None:
    track = peer.add_track(*there)
    # Searches are as good as they are; what comes of one is what this is about.
    peer.tracks = {track.id: replace_words(track, " ".join(wanted))}
    found = source.find(*wanted)
    assert found is not None and found.track.ident == str(track.id)


def replace_words(track: Any, words: str) -> Any:
    """Let a track be found by other words too: both services search albums."""
    return replace(track, album=words)


def test_of_several_the_one_of_the_right_length_is_taken(source: PreviewSource, peer: Any) -> None:
    lengths = {peer.add_track("Ada Sun", "Moon Letter", duration_s=s).id: s for s in (180, 320)}
    found = source.find("Ada Sun", "Moon Letter", duration_s=318.0)
    assert found is not None
    assert lengths[int(found.track.ident)] == 320
    assert source.find("Ada Sun", "Moon Letter", duration_s=240.0) is None


def test_the_artist_himself_goes_before_one_of_several(source: PreviewSource, peer: Any) -> None:
    peer.add_track("Ada Sun & Bo", "Moon Letter")
    alone = peer.add_track("Ada Sun", "Moon Letter")
    found = source.find("Ada Sun", "Moon Letter")
    assert found is not None and found.track.ident == str(alone.id)


def test_a_preview_is_found_again_by_its_id_with_a_good_address(
    source: PreviewSource, peer: Any
) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter")
    first = source.find("Ada Sun", "Moon Letter")
    assert first is not None
    peer.later(1000)
    again = source.again(first.track.ident)
    assert again is not None
    assert again.track.ident == str(track.id)
    assert again.url == peer.preview_url(track)


@pytest.mark.parametrize("ident", ["", "1/2", "../me", "isrc:ZZAAA2600001", "1?x=1", "١٢"])
def test_what_is_no_id_is_asked_nobody(source: PreviewSource, peer: Any, ident: str) -> None:
    assert source.again(ident) is None
    assert not peer.requests


@pytest.mark.parametrize(("artist", "title"), [("", "Moon Letter"), ("Ada Sun", ""), ("?", "ID")])
def test_what_is_no_track_is_asked_nobody(
    source: PreviewSource, peer: Any, artist: str, title: str
) -> None:
    assert source.find(artist, title) is None
    assert not peer.requests


@pytest.mark.parametrize("fault", ["server", "drop", "timeout", "empty", "html", "cut", "huge"])
def test_a_service_that_does_not_answer_says_nothing_of_the_track(
    source: PreviewSource, peer: Any, fault: str
) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    peer.fail(fault, **({"seconds": 2.0} if fault == "timeout" else {}))
    with pytest.raises(Unavailable) as failed:
        source.find("Ada Sun", "Moon Letter")
    assert failed.value.seconds == 30
    assert str(failed.value).startswith(source.label)
    assert "http" not in str(failed.value)
    assert source.find("Ada Sun", "Moon Letter") is not None


def test_an_answer_nested_without_end_is_none(
    source: PreviewSource, peer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrapers.previews.service.bounded", lambda *_: iter([b"[" * 200_000]))
    with pytest.raises(Unavailable, match="does not answer as it should"):
        source.find("Ada Sun", "Moon Letter")


def test_a_service_that_was_asked_too_often_says_nothing_of_the_track(
    kind: Kind, source: PreviewSource, peer: Any
) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    peer.fail(kind.too_often, times=2)
    for ask in (lambda: source.find("Ada Sun", "Moon Letter"), lambda: source.again("5")):
        with pytest.raises(Unavailable, match="was asked too often") as failed:
            ask()
        assert 1 <= failed.value.seconds <= 60


def test_it_never_follows_a_redirect(source: PreviewSource, peer: Any) -> None:
    peer.fail("redirect", url=f"{peer.url}/elsewhere")
    with pytest.raises(Unavailable):
        source.find("Ada Sun", "Moon Letter")
    assert not peer.asked(path="elsewhere")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", 'https://a/"x', 5])
def test_a_link_that_could_harm_the_page_is_not_shown(
    source: PreviewSource, peer: Any, link: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    as_json = peer.as_json
    harmful = {"link": link, "trackViewUrl": link}
    monkeypatch.setattr(peer, "as_json", lambda *a, **o: as_json(*a, **o) | harmful)
    found = source.find("Ada Sun", "Moon Letter")
    assert found is None or found.track.link == ""


@pytest.mark.parametrize(
    "broken",
    [
        {"id": None, "trackId": None},
        {"id": "7", "trackId": "7"},
        {"title": None, "trackName": 5},
        {"preview": 5, "previewUrl": ["x"]},
        {"artist": None, "artistName": None},
    ],
)
def test_an_item_that_makes_no_sense_is_passed_over(
    source: PreviewSource, peer: Any, broken: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    as_json = peer.as_json
    monkeypatch.setattr(peer, "as_json", lambda *a, **o: as_json(*a, **o) | broken)
    assert source.find("Ada Sun", "Moon Letter") is None


def test_it_names_itself_and_asks_no_robots_txt(source: PreviewSource, peer: Any) -> None:
    source.find("Ada Sun", "Moon Letter")
    assert all(asked.headers["User-Agent"].startswith("Segue/") for asked in peer.requests)
    assert not peer.asked(path="robots.txt")


def test_threads_and_objects_take_turns(kind: Kind, peer: Any, settings: Settings) -> None:
    waits: list[float] = []
    delay = {"deezer_delay": 3.0, "itunes_delay": 3.0}
    slow = settings.model_copy(update=delay)
    # Nobody's clock moves: each is told how long it has to wait from now on.
    clock = Clock(wall=lambda: 1000.0, sleep=waits.append)
    sources = [kind.opens(slow, clock=clock) for _ in range(2)]
    threads = [
        threading.Thread(target=sources[number % 2].again, args=("5",)) for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [3.0, 6.0, 9.0]
    with pytest.raises(Unavailable, match=r"too many questions waiting; try again in 12 seconds"):
        sources[0].again("5")
