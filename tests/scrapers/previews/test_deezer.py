"""Deezer: by ISRC first, then by name; errors with HTTP 200, addresses that die."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from data.settings import Settings
from scrapers.http import Clock
from scrapers.previews import Deezer, Unavailable
from tests.peers.deezer import DeezerPeer

ISRC = "ZZAAA2600001"


@pytest.fixture
def peer() -> Iterator[DeezerPeer]:
    with DeezerPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def deezer(peer: DeezerPeer) -> Deezer:
    return Deezer(Settings(deezer_api_url=peer.api_url, deezer_delay=0))


def paths(peer: DeezerPeer) -> list[str]:
    return [asked.path for asked in peer.requests]


def test_an_isrc_is_asked_first_and_is_enough(deezer: Deezer, peer: DeezerPeer) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter", isrc=ISRC, duration_s=240)
    # The length that others counted does not matter where the id says that it is the one.
    found = deezer.find("Ada Sun", "Moon Letter", isrc=ISRC, duration_s=300.0)
    assert found is not None and found.track.ident == str(track.id)
    assert found.track.isrc == ISRC
    assert paths(peer) == [f"track/isrc:{ISRC}"]


def test_an_isrc_that_deezer_has_not_leads_to_a_search(deezer: Deezer, peer: DeezerPeer) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter")
    found = deezer.find("Ada Sun", "Moon Letter", isrc=ISRC)
    assert found is not None and found.track.ident == str(track.id)
    assert paths(peer) == [f"track/isrc:{ISRC}", "search"]


def test_a_remix_that_carries_the_isrc_of_the_original_is_searched_for(
    deezer: Deezer, peer: DeezerPeer
) -> None:
    peer.add_track("Ada Sun", "Moon Letter", isrc=ISRC)
    remix = peer.add_track("Ada Sun", "Moon Letter (Bo Remix)")
    found = deezer.find("Ada Sun", "Moon Letter (Bo Remix)", isrc=ISRC)
    assert found is not None and found.track.ident == str(remix.id)


def test_what_is_no_isrc_becomes_no_part_of_an_address(deezer: Deezer, peer: DeezerPeer) -> None:
    deezer.find("Ada Sun", "Moon Letter", isrc="../user/me")
    assert paths(peer) == ["search"]


def test_guests_and_quotes_stay_out_of_the_search(deezer: Deezer, peer: DeezerPeer) -> None:
    deezer.find("Ada Sun feat. Bo", 'Moon "Tide" Letter (feat. Cid)')
    assert [asked.query["q"] for asked in peer.requests] == [
        'artist:"Ada Sun" track:"Moon Tide Letter"'
    ]


def test_a_version_is_searched_for_with_its_name_and_then_without(
    deezer: Deezer, peer: DeezerPeer
) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter (Bo Rmx)")
    found = deezer.find("Ada Sun", "Moon Letter (Bo Remix)")
    assert found is not None and found.track.ident == str(track.id)
    assert [asked.query["q"] for asked in peer.requests] == [
        'artist:"Ada Sun" track:"Moon Letter Bo Remix"',
        'artist:"Ada Sun" track:"Moon Letter"',
    ]


def test_one_of_several_artists_is_enough_to_find_it(deezer: Deezer, peer: DeezerPeer) -> None:
    # Deezer names the first artist only.
    track = peer.add_track("Ada Sun", "Moon Letter")
    found = deezer.find("Ada Sun & Noel Rain", "Moon Letter")
    assert found is not None and found.track.ident == str(track.id)


def test_the_time_at_which_an_address_dies_is_read_from_it(
    deezer: Deezer, peer: DeezerPeer
) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    found = deezer.find("Ada Sun", "Moon Letter")
    assert found is not None and found.expires is not None
    in_15_minutes = datetime.now(UTC) + timedelta(minutes=15)
    assert abs(found.expires - in_15_minutes) < timedelta(seconds=10)


def test_an_address_that_says_nothing_of_its_end_has_none(deezer: Deezer, peer: DeezerPeer) -> None:
    peer.add_track("Ada Sun", "Moon Letter", preview="https://cdns-preview-d.dzcdn.net/c-1.mp3")
    found = deezer.find("Ada Sun", "Moon Letter")
    assert found is not None and found.expires is None


@pytest.mark.parametrize(("fault", "seconds"), [("quota", 5), ("busy", 5), ("parameter", 30)])
def test_an_error_with_http_200_is_not_taken_for_not_found(
    deezer: Deezer, peer: DeezerPeer, fault: str, seconds: float
) -> None:
    peer.add_track("Ada Sun", "Moon Letter", isrc=ISRC)
    peer.fail(fault)
    with pytest.raises(Unavailable) as failed:
        deezer.find("Ada Sun", "Moon Letter", isrc=ISRC)
    assert failed.value.seconds == seconds


def test_fifty_requests_in_five_seconds_are_never_exceeded() -> None:
    waits: list[float] = []
    now = 1000.0

    def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    with DeezerPeer(quota=None) as peer:
        # Also where the setting would allow it: this is what Deezer itself allows.
        hasty = Settings(deezer_api_url=f"{peer.api_url}?at=deezer.com/", deezer_delay=0)
        deezer = Deezer(hasty, clock=Clock(wall=lambda: now, sleep=sleep))
        for _ in range(9):
            with pytest.raises(Unavailable):
                deezer.again("5")
    assert waits == pytest.approx([0.125] * 8)
