"""A playlist of the DJ's becomes a crate, and what of it cannot is listed."""

from __future__ import annotations

import pytest

from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import OutsideId, Track
from hybrid.spotify.account import Account
from hybrid.spotify.bring import bring
from scrapers.spotify import SpotifyProblem
from tests.peers.spotify import STRANGER, SpotifyPeer

ISRC = "QZXXX2400001"


def test_it_becomes_a_crate_in_order_with_its_ids(
    account: Account, catalogue: Catalogue, peer: SpotifyPeer
) -> None:
    tracks = [
        peer.add_track(
            ("Orla Kest", "Otto Falk"), "Lantern - Otto Falk Remix", isrc="QZXXX2400001"
        ),
        peer.add_track(("Orla Kest", "Mina Rau"), "Harbour (feat. Mina Rau)"),
    ]
    mine = peer.add_playlist("Friday", tracks)
    came = bring(account.client(), catalogue, mine.id)
    assert came.summary == "Tracks: 0 known already, 2 new, in 1 crate."
    [crate] = catalogue.crates()
    assert (crate.name, crate.id) == ("Friday", came.crates[0])
    found = list(catalogue.crate_tracks(crate.id).values())
    assert [str(track) for track in found] == [
        "Orla Kest - Lantern (Otto Falk Remix)",
        "Orla Kest feat. Mina Rau - Harbour",
    ]
    assert found[0].ids == (
        OutsideId("isrc", ISRC, "spotify"),
        OutsideId("spotify", tracks[0].id, "spotify"),
    )


def test_what_is_known_is_recognised_and_a_second_time_changes_nothing(
    account: Account, catalogue: Catalogue, peer: SpotifyPeer
) -> None:
    known, _ = catalogue.outside.add(Track("Orla Kest", "Lantern", "Original Mix"))
    mine = peer.add_playlist("Friday", [peer.add_track("Orla Kest", "Lantern - Extended Mix")] * 2)
    came = bring(account.client(), catalogue, mine.id, crate="  My  crate ")
    assert (came.matched, came.new, came.repeated, came.made) == (2, 0, 1, 1)
    assert came.summary.endswith("in 1 crate. Named more than once: 1.")
    assert catalogue.crate(came.crates[0]) == [known]
    assert catalogue.crates()[0].name == "My crate"
    again = bring(account.client(), catalogue, mine.id, crate="My crate")
    assert again.summary == "Nothing changed: 1 crate held exactly this already."
    assert (len(catalogue.crates()), again.crates) == (1, came.crates)


def test_what_is_no_track_is_listed_with_its_place_and_reason(
    account: Account, catalogue: Catalogue, peer: SpotifyPeer
) -> None:
    mine = peer.add_playlist("Odds", [peer.add_track("Orla Kest", "Lantern")])
    mine.add_local("Attic Tape", "Nobody at All")
    mine.add_episode("Two Turntables")
    mine.add_gone()
    mine.add_null()
    mine.entries.append(peer.add_track("Orla Kest", "Untitled").uri)
    came = bring(account.client(), catalogue, mine.id)
    assert (came.entries, came.new, came.skipped) == (6, 1, 5)
    assert came.summary == "Tracks: 0 known already, 1 new, in 1 crate. Left out: 5."
    assert [entry.where for entry in came.set_aside] == [f"Odds, track {n}" for n in range(2, 7)]
    reasons = [entry.reason for entry in came.set_aside]
    assert "Attic Tape" in reasons[0]
    assert "Two Turntables" in reasons[1]
    assert all(reasons)


def test_one_without_any_track_is_a_sentence_and_no_crate(
    account: Account, catalogue: Catalogue, peer: SpotifyPeer
) -> None:
    empty = peer.add_playlist("Empty")
    podcasts = peer.add_playlist("Talk")
    podcasts.add_episode("Two Turntables")
    for playlist, reason in ((empty, ""), (podcasts, "episode of a podcast")):
        with pytest.raises(SegueError, match=f"“{playlist.name}” holds no track.*{reason}"):
            bring(account.client(), catalogue, playlist.id)
    assert catalogue.crates() == []


def test_a_long_one_is_read_whole_and_told(
    account: Account, catalogue: Catalogue, peer: SpotifyPeer
) -> None:
    tracks = [peer.add_track("Orla Kest", f"Lantern {number}") for number in range(120)]
    mine = peer.add_playlist("Long", tracks)
    told: list[tuple[str, int, int]] = []
    came = bring(account.client(), catalogue, mine.id, tell=lambda *place: told.append(place))
    assert came.new == 120
    assert ("Reading the playlist", 60, 120) in told
    assert told[-1] == ("Adding tracks", 120, 120)


def test_a_strangers_one_is_refused_in_a_sentence(
    account: Account, catalogue: Catalogue, peer: SpotifyPeer
) -> None:
    theirs = peer.add_playlist("Theirs", owner=STRANGER)
    with pytest.raises(SpotifyProblem) as refused:
        bring(account.client(), catalogue, theirs.id)
    assert refused.value.kind == "forbidden"
    assert "playlist of your own" in str(refused.value)
