"""A pasted track is looked up."""

from __future__ import annotations

import pytest

from data.errors import SegueError
from hybrid.spotify.account import Account
from hybrid.spotify.find import look_up
from tests.peers.spotify import SpotifyPeer


def test_a_track_comes_with_what_spotify_says_of_it(account: Account, peer: SpotifyPeer) -> None:
    moon = peer.add_track("Orla Kest", "Lantern", isrc="QZXXX2400001", duration_s=312.5)
    found = look_up(account, moon.id)
    assert (found.artist, found.title, found.isrc) == ("Orla Kest", "Lantern", "QZXXX2400001")
    assert found.duration_s == 312.5
    assert look_up(account, moon.id) == found
    assert len(peer.asked("GET", "tracks/*")) == 1  # what is known is not asked again


def test_one_that_spotify_does_not_have_is_a_sentence(account: Account) -> None:
    with pytest.raises(SegueError, match="does not have this track"):
        look_up(account, "4uLU6hMCjMI75M1A2tKUQC")
