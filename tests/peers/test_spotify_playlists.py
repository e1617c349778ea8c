"""Playlists of the Spotify peer have what real ones have and clients forget."""

from __future__ import annotations

from typing import Any

import pytest
import spotipy

from tests.peers.conftest import Ask
from tests.peers.spotify import STRANGER, SpotifyPeer

MISSING = "a" * 22


def test_a_playlist_is_made_filled_and_read_back(
    client: spotipy.Spotify, peer: SpotifyPeer
) -> None:
    tracks = [peer.add_track("Ada Sun", f"Moon {number}") for number in range(3)]
    made = client.current_user_playlist_create("Late", public=False, description="Mira & friends")
    address = f"playlists/{made['id']}/items"
    first = client._post(address, payload={"uris": [tracks[0].uri, tracks[2].uri]})
    second = client._post(address, payload={"uris": [tracks[1].uri], "position": 1})
    assert first["snapshot_id"] != second["snapshot_id"] != made["snapshot_id"]
    read = client.playlist_items(made["id"], fields="total,items(item(uri)),snapshot_id")
    assert read == {"total": 3, "items": [{"item": {"uri": track.uri}} for track in tracks]}
    client.playlist_replace_items(made["id"], [tracks[1].uri])
    assert peer.playlists[made["id"]].uris == [tracks[1].uri]
    assert peer.playlists[made["id"]].description == "Mira & friends"


def test_what_is_written_reads_back_otherwise(client: spotipy.Spotify) -> None:
    """Seen live: `public: false` came back true, and descriptions come back escaped."""
    made = client.current_user_playlist_create("Late", public=False, description="Mira & <co>")
    assert (made["public"], made["description"]) == (True, "Mira &amp; &lt;co&gt;")


def test_a_hundred_uris_are_the_most(ask: Ask, peer: SpotifyPeer) -> None:
    track, made = peer.add_track("Ada Sun", "Moon Letter"), peer.add_playlist("Late")
    for method in ("POST", "PUT"):
        refused = ask(method, f"playlists/{made.id}/items", json={"uris": [track.uri] * 101})
        assert (refused.status_code, made.uris) == (400, [])


@pytest.mark.parametrize(
    "body",
    [
        {"uris": ["spotify:album:" + MISSING]},
        {"uris": ["spotify:track:" + MISSING]},
        {"uris": []},
        {},
        {"uris": "spotify:track:" + MISSING},
        {"uris": [None]},
    ],
)
def test_what_is_no_track_does_not_go_into_a_playlist(
    ask: Ask, peer: SpotifyPeer, body: dict[str, Any]
) -> None:
    made = peer.add_playlist("Late")
    assert ask("POST", f"playlists/{made.id}/items", json=body).status_code == 400
    assert made.entries == []


def test_the_playlist_of_somebody_else_is_closed(ask: Ask, peer: SpotifyPeer) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter")
    hers = peer.add_playlist("Hers", [track], owner=STRANGER)
    items, body = f"playlists/{hers.id}/items", {"uris": [track.uri]}
    assert ask("GET", items).status_code == 403
    assert ask("POST", items, json=body).status_code == 403
    assert ask("PUT", items, json=body).status_code == 403
    assert "items" not in ask("GET", f"playlists/{hers.id}").json()
    assert ask("GET", "me/playlists").json()["total"] == 0


def test_the_list_has_playlists_of_others_and_only_helpers_see_into_them(
    ask: Ask, peer: SpotifyPeer
) -> None:
    me, track = peer.user.id, peer.add_track("Ada Sun", "Moon Letter")
    seen = peer.add_playlist("Hers", [track], owner=STRANGER, followers={me})
    ours = peer.add_playlist("Ours", [track], owner=STRANGER, collaborators={me})
    listed = ask("GET", "me/playlists").json()["items"]
    assert {one["name"]: one["owner"]["id"] for one in listed} == {
        "Hers": STRANGER.id,
        "Ours": STRANGER.id,
    }
    assert ask("GET", f"playlists/{seen.id}/items").status_code == 403
    assert ask("GET", f"playlists/{ours.id}/items").json()["total"] == 1


def test_a_playlist_holds_what_is_no_track(client: spotipy.Spotify, peer: SpotifyPeer) -> None:
    made = peer.add_playlist("Odd", [peer.add_track("Ada Sun", "Moon Letter")])
    made.add_local("Attic Tape", "Nobody")
    made.add_episode("Two Turntables")
    made.add_gone()
    made.add_null()
    track, local, episode, gone, null = client.playlist_items(made.id)["items"]
    assert (track["item"]["type"], track["is_local"]) == ("track", False)
    assert (local["item"]["id"], local["is_local"]) == (None, True)
    assert episode["item"]["type"] == "episode"
    assert (gone["item"], null) == (None, None)


def test_items_come_in_pages_of_fifty(client: spotipy.Spotify, peer: SpotifyPeer) -> None:
    made = peer.add_playlist("Long", [peer.add_track("Ada Sun", f"Moon {n}") for n in range(120)])
    fields, seen = "next,items(item(uri))", []
    answer = client.playlist_items(made.id, fields=fields, limit=50)
    while answer:
        seen += [one["item"]["uri"] for one in answer["items"]]
        answer = client.next(answer)
    assert seen == made.uris
    assert len(peer.asked("GET", "playlists/*/items")) == 3
    with pytest.raises(spotipy.SpotifyException, match="Invalid limit"):
        client.playlist_items(made.id, limit=100)


def test_a_playlist_that_was_unfollowed_is_no_longer_in_the_library(
    client: spotipy.Spotify, peer: SpotifyPeer
) -> None:
    made = peer.add_playlist("Late")
    address = f"me/library/contains?uris=spotify:playlist:{made.id}"
    assert client._get(address) == [True]
    made.followed = False
    assert client._get(address) == [False]
