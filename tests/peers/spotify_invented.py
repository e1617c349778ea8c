"""What the Spotify peer holds when it is tried by hand: most of the demo crate's tracks.

Some are missing, some are there twice, some have no ISRC, and some are there only in
another version, so that every part of a match list has something in it.
"""

from __future__ import annotations

from tests.peers.invented_crate import Release, releases
from tests.peers.spotify import STRANGER, SpotifyPeer


def fill(peer: SpotifyPeer) -> None:
    """Put tracks and three playlists in, the same ones each time."""
    for release in releases():
        _put_in(peer, release)
    shelf = list(peer.shelf.tracks.values())
    peer.add_playlist("Kitchen party", shelf[:30], description="Made by hand & loud")
    odd = peer.add_playlist("Odds and ends", shelf[40:44])
    odd.add_local("Attic Tape", "Nobody at All")
    odd.add_episode("Two Turntables")
    odd.add_gone()
    from_tove = {"owner": STRANGER, "followers": {peer.user.id}}
    peer.add_playlist("Somebody else's night", shelf[60:80], **from_tove)


def spotify_title(release: Release) -> str:
    """The title as Spotify writes it: ``"Moon Letter - Otto Lindqvist Remix"``."""
    version = release.track.version
    return f"{release.track.title} - {version}" if version else release.track.title


def _put_in(peer: SpotifyPeer, release: Release) -> None:
    number, artist, title = release.number, release.track.artist, spotify_title(release)
    if number % 11 == 10:
        return
    if number % 13 == 12:
        # Only another version: close enough to be offered, not to be taken.
        peer.add_track(artist, f"{release.track.title} - Radio Edit", duration_s=190.0)
        return
    isrc = "" if number % 5 == 4 else release.isrc
    told = {"duration_s": release.duration_s, "released": release.released}
    peer.add_track(artist, title, isrc=isrc, popularity=60, **told)
    if number % 7 == 6:
        album = "Three Hundred Nights"
        peer.add_track(artist, title, isrc=isrc, album=album, popularity=20, **told)
    if number % 9 == 8:
        mixed = {**told, "duration_s": release.duration_s * 0.4}
        peer.add_track(artist, f"{title} - Mixed", popularity=30, **mixed)
