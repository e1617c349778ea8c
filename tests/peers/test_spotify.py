"""The Spotify peer is a stand-in for the real thing: it has to be as strict."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import spotipy

from tests.peers.conftest import Ask
from tests.peers.spotify import STRANGER, SpotifyPeer
from tests.peers.spotify_spec import load

MISSING = "a" * 22


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda sp: sp.user_playlist_create("mira.okafor", "Mine"), 403),
        (lambda sp: sp.tracks([MISSING]), 403),
        (lambda sp: sp.artists([MISSING]), 403),
        (lambda sp: sp.audio_features([MISSING]), 403),
        (lambda sp: sp.audio_analysis(MISSING), 403),
        (lambda sp: sp.recommendations(seed_tracks=[MISSING]), 403),
        (lambda sp: sp.artist_related_artists(MISSING), 403),
        (lambda sp: sp.artist_top_tracks(MISSING), 403),
        (lambda sp: sp.new_releases(), 403),
        (lambda sp: sp.user_playlists("mira.okafor"), 403),
        (lambda sp: sp.current_user_unfollow_playlist(MISSING), 403),
        (lambda sp: sp._get(f"playlists/{MISSING}/tracks"), 403),
        (lambda sp: sp._post(f"playlists/{MISSING}/tracks", payload={"uris": []}), 403),
        (lambda sp: sp.search("moon", limit=50), 400),
        (lambda sp: sp.search("moon", limit=0), 400),
        (lambda sp: sp.search("moon", offset=1001), 400),
        (lambda sp: sp.search("moon", type="song"), 400),
        (lambda sp: sp._get("search", q="moon"), 400),
        (lambda sp: sp._get("search", q="moon", type="track", limit="ten"), 400),
        (lambda sp: sp._get("search", q="moon", type="track", colour="red"), 400),
        (lambda sp: sp.artist_albums(MISSING), 400),
        (lambda sp: sp.playlist_add_items(MISSING, [f"spotify:track:{MISSING}"]), 400),
        (lambda sp: sp._post("me/playlists", payload={"name": 7}), 400),
        (lambda sp: sp._post("me/playlists", payload={"public": False}), 400),
        (lambda sp: sp._get("me/nothing"), 404),
        (lambda sp: sp._post("me"), 405),
        (lambda sp: sp.current_user_top_tracks(), 403),
    ],
)
def test_what_the_document_does_not_allow_is_refused(
    client: spotipy.Spotify, call: Any, status: int
) -> None:
    with pytest.raises(spotipy.SpotifyException) as refused:
        call(client)
    assert refused.value.http_status == status


def test_every_answer_has_the_published_shape(ask: Ask, peer: SpotifyPeer) -> None:
    track = peer.add_track(["Ada Sun", "Bo Reed"], "Moon Letter - Live", isrc="ZZAAA2600001")
    made = peer.add_playlist("Late", [track])
    theirs = peer.add_playlist("Hers", [track], owner=STRANGER)
    calls = [
        ("GET", "me", {}),
        ("GET", f"tracks/{track.id}", {"params": {"market": "US"}}),
        ("GET", "search", {"params": {"q": "moon", "type": "track", "market": "US"}}),
        ("GET", "me/playlists", {}),
        ("POST", "me/playlists", {"json": {"name": "New", "public": False}}),
        ("GET", f"playlists/{made.id}", {}),
        ("GET", f"playlists/{theirs.id}", {}),
        ("GET", f"playlists/{made.id}/items", {}),
        ("POST", f"playlists/{made.id}/items", {"json": {"uris": [track.uri]}}),
        ("PUT", f"playlists/{made.id}/items", {"json": {"uris": [track.uri]}}),
        ("GET", "me/library/contains", {"params": {"uris": f"spotify:playlist:{made.id}"}}),
        ("GET", f"playlists/{MISSING}", {}),
    ]
    for method, path, told in calls:
        answer = ask(method, path, **told)
        operation = load().find(method, f"/{path}")[0]
        assert operation is not None
        shape = operation.answers[str(answer.status_code) if answer.ok else "403"]
        assert not list(shape.iter_errors(answer.json())), path


def test_nothing_that_an_app_of_2026_is_not_given_is_in_an_answer(
    ask: Ask, peer: SpotifyPeer
) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter")
    made = peer.add_playlist("Late", [track])
    gone = {"available_markets", "popularity", "linked_from", "tracks", "track", "email"}
    gone |= {"country", "product", "followers", "genres", "label"}
    for path in ("me", f"tracks/{track.id}", "me/playlists", f"playlists/{made.id}/items"):
        assert gone.isdisjoint(names(ask("GET", path).json())), path
    assert ask("GET", "me").json()["account_id"] == peer.user.account_id


def names(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*(names(one) for one in value))
    if isinstance(value, dict):
        return set(value).union(*(names(one) for one in value.values()))
    return set()


# ---- tokens and scopes


def test_a_call_needs_a_token_that_is_known_and_young(ask: Ask, peer: SpotifyPeer) -> None:
    young = peer.access_token()
    assert ask("GET", "me", token="").status_code == 401
    assert ask("GET", "me", token="made-up").status_code == 401
    assert ask("GET", "me", token=young).status_code == 200
    peer.later(3601)
    late = ask("GET", "me", token=young)
    assert (late.status_code, late.json()["error"]["message"]) == (401, "The access token expired")


@pytest.mark.parametrize(
    ("method", "path", "told", "scopes"),
    [
        ("GET", "me/playlists", {}, {"playlist-modify-public"}),
        ("POST", "me/playlists", {"json": {"name": "Late"}}, {"playlist-modify-private"}),
        (
            "POST",
            "me/playlists",
            {"json": {"name": "Late", "public": False}},
            {"playlist-modify-public"},
        ),
        (
            "GET",
            "me/library/contains",
            {"params": {"uris": f"spotify:track:{MISSING}"}},
            {"playlist-read-private"},
        ),
    ],
)
def test_a_call_needs_its_scope(
    ask: Ask, peer: SpotifyPeer, method: str, path: str, told: dict[str, Any], scopes: set[str]
) -> None:
    refused = ask(method, path, token=peer.access_token(scopes), **told)
    assert refused.status_code == 403
    assert refused.json()["error"]["message"] == "Insufficient client scope"


def test_a_token_of_the_app_alone_reads_tracks_where_it_names_a_country(
    ask: Ask, peer: SpotifyPeer
) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter")
    app, path = peer.app_token(), f"tracks/{track.id}"
    assert ask("GET", path, token=app, params={"market": "US"}).status_code == 200
    assert ask("GET", path, token=app).status_code == 404
    assert ask("GET", "me", token=app).status_code == 401


# ---- tracks and search


def test_a_search_gives_five_and_ten_at_most(ask: Ask, peer: SpotifyPeer) -> None:
    for number in range(12):
        peer.add_track("Ada Sun", f"Moon Letter {number}")
    params = {"q": "moon letter", "type": "track"}
    assert len(ask("GET", "search", params=params).json()["tracks"]["items"]) == 5
    first = ask("GET", "search", params={**params, "limit": 10}).json()["tracks"]
    assert (len(first["items"]), first["total"]) == (10, 12)
    token = {"Authorization": f"Bearer {peer.access_token()}"}
    rest = requests.get(first["next"], headers=token, timeout=5).json()["tracks"]
    seen = {one["name"] for one in first["items"] + rest["items"]}
    assert (len(seen), rest["next"]) == (12, None)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("track:Moon Letter artist:Ada Sun", ["Moon Letter", "Moon Letter - Bo Remix"]),
        ('artist:"Ada Sun" track:"moon letter - bo remix"', ["Moon Letter - Bo Remix"]),
        ("isrc:ZZAAA2600002", ["Moon Letter - Bo Remix"]),
        ("ada sun moon letter bo remix", ["Moon Letter - Bo Remix", "Moon Letter"]),
        ("track:Cafe artist:Noemie Vale", ["Café Étude"]),
        ("artist:Ada Sun track:Café", []),
        ("moon artist:Somebody Else", []),
        ("track:Moon year:1999", []),
        ("something else entirely", []),
    ],
)
def test_a_search_finds_what_fits_best_first(
    client: spotipy.Spotify, peer: SpotifyPeer, question: str, found: list[str]
) -> None:
    peer.add_track("Ada Sun", "Moon Letter - Bo Remix", isrc="ZZAAA2600002")
    peer.add_track("Ada Sun", "Moon Letter", isrc="ZZAAA2600001")
    peer.add_track("Noémie Vale", "Café Étude")
    items = client.search(question, market="US")["tracks"]["items"]
    assert [one["name"] for one in items] == found


def test_the_search_by_isrc_can_fail_to_find(client: spotipy.Spotify, peer: SpotifyPeer) -> None:
    peer.add_track("Ada Sun", "Moon Letter", isrc="ZZAAA2600001")
    peer.shelf.isrc_search = False
    assert client.search("isrc:ZZAAA2600001")["tracks"]["items"] == []


def test_a_track_is_missing_in_a_country(client: spotipy.Spotify, peer: SpotifyPeer) -> None:
    track = peer.add_track("Ada Sun", "Moon Letter", missing_in=frozenset({"DE"}))
    assert client.search("moon", market="DE")["tracks"]["total"] == 0
    assert client.track(track.id, market="DE")["is_playable"] is False
    assert client.track(track.id, market="US")["is_playable"] is True


@pytest.mark.parametrize(("ident", "status"), [("abc", 400), (MISSING, 404)])
def test_an_id_that_is_none_is_refused(ask: Ask, ident: str, status: int) -> None:
    assert ask("GET", f"tracks/{ident}").status_code == status


def test_a_search_text_has_an_end(ask: Ask) -> None:
    assert ask("GET", "search", params={"q": "m" * 251, "type": "track"}).status_code == 400
