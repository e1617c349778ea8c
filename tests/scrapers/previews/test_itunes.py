"""Apple: by name only, previews beside a link to the store, 403 for who asks too often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.settings import Settings
from scrapers.previews import ITunes, Unavailable
from tests.peers.itunes import ItunesPeer


@pytest.fixture
def peer() -> Iterator[ItunesPeer]:
    with ItunesPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def settings(peer: ItunesPeer) -> Settings:
    return Settings(itunes_api_url=peer.api_url, itunes_delay=0, itunes_country="SE")


@pytest.fixture
def itunes(settings: Settings) -> ITunes:
    return ITunes(settings)


def test_it_asks_the_store_of_the_country_for_songs(itunes: ITunes, peer: ItunesPeer) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter (Bo Remix)")
    found = itunes.find("Ada Sun", "Moon Letter (Bo Remix)")
    itunes.again(str(track.id))
    assert found is not None and "/se/" in found.track.link
    search, look_up = (asked.query for asked in peer.requests)
    assert search == {
        "term": "Ada Sun Moon Letter Bo Remix",
        "media": "music",
        "entity": "song",
        "country": "SE",
        "limit": "10",
    }
    assert look_up == {"id": str(track.id), "country": "SE"}


def test_a_piece_of_a_mix_is_passed_over_for_the_track(itunes: ITunes, peer: ItunesPeer) -> None:
    peer.add_track("Ada Sun", "Moon Letter (Mixed)", duration_s=96)
    track = peer.add_track("Ada Sun", "Moon Letter", duration_s=240)
    found = itunes.find("Ada Sun", "Moon Letter")
    assert found is not None and found.track.ident == str(track.id)


def test_a_preview_without_a_link_to_the_store_may_not_be_played(
    itunes: ITunes, peer: ItunesPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    as_json = peer.as_json
    monkeypatch.setattr(peer, "as_json", lambda *a, **o: as_json(*a, **o) | {"trackViewUrl": ""})
    assert itunes.find("Ada Sun", "Moon Letter") is None


def test_http_403_means_too_often_and_says_for_how_long(itunes: ITunes, peer: ItunesPeer) -> None:
    peer.fail("busy")
    with pytest.raises(Unavailable, match=r"Apple Music was asked too often; try again in 60 s"):
        itunes.find("Ada Sun", "Moon Letter")


def test_the_peers_own_limit_is_met_and_told(peer: ItunesPeer, settings: Settings) -> None:
    peer.per_minute = 2
    itunes = ITunes(settings)
    itunes.again("5")
    itunes.again("5")
    with pytest.raises(Unavailable, match="too often"):
        itunes.again("5")
