"""Looking up, searching and reading and writing playlists, at a server that knows the rules."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from data.catalogue import Catalogue
from data.settings import Settings
from scrapers.http import Clock
from scrapers.spotify import SpotifyClient, SpotifyProblem
from scrapers.spotify.line import Pace, pace_of
from tests.peers.serving import Answer, Request, as_json
from tests.peers.spotify import STRANGER, SpotifyPeer
from tests.peers.spotify_catalogue import SpotifyTrack

NewClient = Callable[..., SpotifyClient]
Rewritten = Callable[[dict[str, object]], None]


@pytest.fixture
def moon(peer: SpotifyPeer) -> SpotifyTrack:
    return peer.add_track(
        ["Ada Sun", "Bo Lark"], "Moon Letter - Bo Lark Remix", isrc="QZAAA2600001", duration_s=301.5
    )


def many(peer: SpotifyPeer, number: int) -> list[SpotifyTrack]:
    return [peer.add_track("Ada Sun", f"Letter {place}") for place in range(number)]


def test_who_is_signed_in_is_named_by_what_never_changes(
    client: SpotifyClient, peer: SpotifyPeer
) -> None:
    me = client.me()
    assert (me.account_id, me.name) == (peer.user.account_id, peer.user.name)
    client.me()
    assert len(peer.asked("GET", "me")) == 1


class TestLookUp:
    def test_a_track_is_looked_up_by_its_id(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        track = client.track(moon.id)
        assert track is not None
        assert (track.artists, track.title) == (("Ada Sun", "Bo Lark"), moon.title)
        assert (track.isrc, track.duration_s) == (moon.isrc, 301.5)
        assert peer.asked("GET", "tracks/*")[0].query == {"market": "US"}

    def test_a_track_is_asked_for_once(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        first = new_client().track(moon.id)
        assert new_client().track(moon.id) == first
        assert len(peer.requests) == 1

    def test_a_track_is_kept_for_thirty_days_however_it_was_found(
        self,
        client: SpotifyClient,
        catalogue: Catalogue,
        moon: SpotifyTrack,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        kept: list[tuple[str, float | None]] = []
        keep = catalogue.web.keep

        def noted(
            service: str, question: str, answer: Any, *, seconds: float | None = None
        ) -> None:
            kept.append((question, seconds))
            keep(service, question, answer, seconds=seconds)

        monkeypatch.setattr(catalogue.web, "keep", noted)
        client.track(moon.id)
        client.by_isrc(moon.isrc)
        tracks = [seconds for question, seconds in kept if question.startswith("track ")]
        assert tracks == [30 * 24 * 3600] * 2

    def test_a_track_of_a_search_need_not_be_looked_up(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        (found,) = client.by_isrc(moon.isrc)
        assert client.track(moon.id) == found
        assert len(peer.requests) == 1

    def test_a_track_that_is_not_there_is_asked_for_again_another_day(
        self, client: SpotifyClient, peer: SpotifyPeer, catalogue: Catalogue
    ) -> None:
        ident = "0" * 22
        assert client.track(ident) is None
        assert client.track(ident) is None
        assert len(peer.requests) == 1
        catalogue.web.forget("spotify")
        assert client.track(ident) is None
        assert len(peer.requests) == 2

    @pytest.mark.parametrize("text", ["", "../me", "a/b", "a?b=c", "spotify:track:x", "é" * 22])
    def test_what_is_no_id_is_not_asked_for(
        self, client: SpotifyClient, peer: SpotifyPeer, text: str
    ) -> None:
        assert client.track(text) is None
        with pytest.raises(SpotifyProblem, match="check the link"):
            client.add_items(text, ["spotify:track:x"])
        with pytest.raises(SpotifyProblem, match="check the link"):
            next(client.items(text))
        assert peer.requests == []

    def test_an_answer_of_another_country_does_not_count(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        new_client().track(moon.id)
        new_client(spotify_market="DE").track(moon.id)
        new_client(spotify_market="").track(moon.id)
        assert [one.query for one in peer.requests] == [{"market": "US"}, {"market": "DE"}, {}]

    def test_the_app_itself_can_look_up_with_a_country(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        token = peer.app_token()
        client = new_client(lambda renew: token)
        assert client.track(moon.id) is not None
        assert client.search("Ada Sun", "Moon Letter")

    def test_what_another_version_kept_is_asked_for_again(
        self, client: SpotifyClient, catalogue: Catalogue, moon: SpotifyTrack
    ) -> None:
        catalogue.web.keep("spotify", f"track US {moon.id}", {"name": "of another shape"})
        track = client.track(moon.id)
        assert track is not None
        assert track.title == moon.title


class TestSearch:
    def test_an_isrc_finds_its_track_however_it_is_written(
        self, client: SpotifyClient, moon: SpotifyTrack
    ) -> None:
        for written in ("QZAAA2600001", "qz-aaa-26-00001"):
            assert [track.ident for track in client.by_isrc(written)] == [moon.id]

    def test_a_track_that_says_another_isrc_was_not_asked_for(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack, rewritten: Rewritten
    ) -> None:
        silent = peer.add_track("Ada Sun", "Silent")
        other = peer.add_track("Ada Sun", "Other", isrc="QZAAA2600099")
        found = [peer.shelf.as_json(one) for one in (other, silent, moon)]
        rewritten({"tracks": {"items": found}})
        assert [track.ident for track in client.by_isrc(moon.isrc)] == [silent.id, moon.id]

    def test_what_is_no_isrc_is_not_asked_for(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        assert client.by_isrc("artist:Ada") == []
        assert peer.requests == []

    def test_words_find_a_version_as_a_dj_writes_it(
        self, client: SpotifyClient, moon: SpotifyTrack
    ) -> None:
        found = client.search("Ada Sun", "Moon Letter (Bo Lark Remix)")
        assert [track.ident for track in found] == [moon.id]

    def test_words_that_no_title_has_all_of_are_looked_for_anywhere(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        found = client.search("Ada Sun", "Moon Letter Bo Lark Remix Extended")
        assert [track.ident for track in found] == [moon.id]
        assert len(peer.asked("GET", "search")) == 2

    def test_at_most_ten_are_asked_for_and_fewer_handed_out(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        many(peer, 14)
        assert len(client.search("Ada Sun", "Letter", limit=50)) == 10
        assert len(client.search("Ada Sun", "Letter", limit=3)) == 3
        assert [one.query["limit"] for one in peer.requests] == ["10"]

    def test_a_search_is_asked_once_a_day_even_if_nothing_is_found(
        self, new_client: NewClient, peer: SpotifyPeer
    ) -> None:
        assert new_client().search("Nobody", "Nothing") == []
        asked = len(peer.requests)
        assert new_client().search("Nobody", "Nothing") == []
        assert len(peer.requests) == asked

    @pytest.mark.parametrize(
        ("artist", "title"),
        [
            ("Ada: Sun", 'Moon "Letter"'),
            ("OR", "NOT - the - AND"),
            ("", "Moon Letter"),
            ("A" * 400, "word " * 200),
            ("???", "*"),
            ("", ""),
        ],
    )
    def test_no_name_can_break_the_question(
        self, client: SpotifyClient, peer: SpotifyPeer, artist: str, title: str
    ) -> None:
        client.search(artist, title)
        assert {one.status for one in peer.requests} <= {200}

    def test_signs_of_the_query_language_are_no_signs_in_a_name(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        client.search("Ada: Sun", "isrc:X NOT -Moon")
        assert peer.requests[0].query["q"] == "track:isrc x not moon artist:ada sun"


class TestPlaylists:
    def test_all_are_listed_and_own_ones_are_told_apart(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        for place in range(120):
            peer.add_playlist(f"Night {place}")
        peer.add_playlist("Theirs", owner=STRANGER)
        listed = list(client.playlists())
        assert len({one.ident for one in listed}) == 120
        assert all(one.owned for one in listed)
        assert [one.status for one in peer.asked("GET", "me/playlists")] == [200] * 3

    def test_one_says_its_name_length_and_owner(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        mine = peer.add_playlist("Warm & up", many(peer, 3), description="Tom & Ada's <b>")
        theirs = peer.add_playlist("Theirs", many(peer, 2), owner=STRANGER)
        info = client.playlist(mine.id)
        assert (info.name, info.total, info.owned) == ("Warm & up", 3, True)
        assert info.description == "Tom & Ada's <b>"
        assert info.link == f"https://open.spotify.com/playlist/{mine.id}"
        assert not client.playlist(theirs.id).owned
        assert all("fields" in one.query for one in peer.asked("GET", "playlists/*"))

    def test_items_come_in_order_with_a_reason_where_there_is_no_track(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        tracks = many(peer, 60)
        playlist = peer.add_playlist("Mixed", tracks[:55])
        playlist.add_local("Home Dub", "Ada Sun")
        playlist.add_episode("On letters")
        playlist.add_gone()
        playlist.add_null()
        playlist.entries += [track.uri for track in tracks[55:]]
        items = list(client.items(playlist.id))
        assert [one.track.ident for one in items if one.track] == [one.id for one in tracks]
        assert [one.uri for one in items if one.track] == [one.uri for one in tracks]
        whys = [(one.name, one.why) for one in items if not one.track]
        assert whys == [
            ("Ada Sun - Home Dub", "a file on somebody's computer, not on Spotify"),
            ("On letters", "an episode of a podcast"),
            ("", "no longer on Spotify"),
            ("", "no longer on Spotify"),
        ]

    def test_the_address_of_the_next_page_is_not_followed(
        self, client: SpotifyClient, peer: SpotifyPeer, rewritten: Rewritten
    ) -> None:
        playlist = peer.add_playlist("Long", many(peer, 70))
        with SpotifyPeer() as other:
            rewritten({"next": f"{other.api_url}playlists/x/items?offset=50"})
            assert len(list(client.items(playlist.id))) == 70
            assert other.requests == []

    def test_a_page_that_is_shorter_than_it_should_be_doubles_nothing(
        self, client: SpotifyClient, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        playlist = peer.add_playlist("Long", many(peer, 120))
        answer = peer.answer

        def shorter(request: Request) -> Answer:
            page = json.loads(answer(request).body)
            return as_json({**page, "items": page["items"][3:]})

        monkeypatch.setattr(peer, "answer", shorter)
        uris = [one.uri for one in client.items(playlist.id)]
        assert uris == [uri for place, uri in enumerate(playlist.uris) if place % 50 >= 3]

    def test_a_listing_that_ends_too_early_is_not_taken_for_whole(
        self, client: SpotifyClient, peer: SpotifyPeer, rewritten: Rewritten
    ) -> None:
        playlist = peer.add_playlist("Long", many(peer, 60))
        rewritten({"total": 200})
        with pytest.raises(SpotifyProblem) as raised:
            list(client.items(playlist.id))
        assert raised.value.kind == "damaged"

    def test_one_is_made_unlisted_and_filled_in_order(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        tracks = many(peer, 130)
        made = client.create_playlist("Segue: Ünïcode 夜", "Made by Segue")
        assert (made.total, made.owned, made.name) == (0, True, "Segue: Ünïcode 夜")
        first = client.add_items(made.ident, [one.uri for one in tracks[:100]])
        second = client.add_items(made.ident, [one.uri for one in tracks[100:]])
        there = peer.playlists[made.ident]
        assert there.uris == [one.uri for one in tracks]
        assert first != second == there.snapshot_id
        assert peer.asked("POST", "me/playlists")[0].body["public"] is False
        assert peer.asked("POST", "playlists/*/items")[1].body == {
            "uris": [one.uri for one in tracks[100:]]
        }

    def test_what_one_holds_is_replaced(self, client: SpotifyClient, peer: SpotifyPeer) -> None:
        tracks = many(peer, 5)
        playlist = peer.add_playlist("Old", tracks[:3])
        snapshot = client.replace_items(playlist.id, [one.uri for one in tracks[3:]])
        assert playlist.uris == [one.uri for one in tracks[3:]]
        assert snapshot == playlist.snapshot_id
        client.replace_items(playlist.id, [])
        assert playlist.uris == []

    def test_more_than_a_hundred_at_once_are_a_mistake_of_ours(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        for uris in ([], ["spotify:track:x"] * 101):
            with pytest.raises(ValueError, match="items can be added"):
                client.add_items("x", uris)
        with pytest.raises(ValueError, match="items can be put"):
            client.replace_items("x", ["spotify:track:x"] * 101)
        assert peer.requests == []

    def test_whether_the_account_still_has_one_is_asked_in_parts(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        playlists = [peer.add_playlist(f"Night {place}") for place in range(45)]
        playlists[44].followed = False
        has = client.in_library([f"spotify:playlist:{one.id}" for one in playlists])
        assert has == [True] * 44 + [False]
        assert client.in_library([]) == []
        assert len(peer.requests) == 2


class TestPace:
    def test_a_gap_is_kept_by_all_threads_and_clients(
        self, peer: SpotifyPeer, settings: Settings, catalogue: Catalogue
    ) -> None:
        token = peer.access_token()
        paced = settings.model_copy(update={"spotify_delay": 0.1})
        clients = [SpotifyClient(paced, lambda renew: token, catalogue.web) for _ in range(2)]
        tracks = many(peer, 6)
        threads = [
            threading.Thread(target=clients[place % 2].track, args=(one.id,))
            for place, one in enumerate(tracks)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        came = sorted(one.at for one in peer.requests)
        assert len(came) == 6
        assert all(at - began >= 0.1 * place for place, at in enumerate(came))

    def test_each_host_has_one_pace(self) -> None:
        assert pace_of("https://api.example/v1/") is pace_of("https://api.example/v1")
        assert pace_of("https://api.example/v1/") is not pace_of("https://other.example/v1/")

    def test_turns_are_a_gap_apart_and_the_first_is_at_once(self) -> None:
        turns: list[float] = []
        now = [100.0]
        clock = Clock(
            monotonic=lambda: now[0], sleep=lambda left: now.__setitem__(0, now[0] + left)
        )
        pace = Pace()
        for _ in range(4):
            pace.wait(0.5, clock)
            turns.append(now[0])
        assert turns[0] == 100.0
        assert [later - sooner for sooner, later in pairwise(turns)] == [0.5] * 3
        pace.hold(now[0] + 3)
        pace.wait(0.5, clock)
        assert now[0] == turns[-1] + 3

    def test_threads_that_share_a_client_ask_one_after_another_and_get_their_own_answers(
        self, client: SpotifyClient, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tracks = many(peer, 12)
        answers: dict[str, str] = {}
        at_once: set[int] = set()
        most: list[int] = []
        answer = peer.answer

        def watched(request: Request) -> Answer:
            at_once.add(threading.get_ident())
            most.append(len(at_once))
            time.sleep(0.005)
            at_once.discard(threading.get_ident())
            return answer(request)

        def look_up(one: SpotifyTrack) -> None:
            track = client.track(one.id)
            answers[one.id] = track.title if track else ""

        monkeypatch.setattr(peer, "answer", watched)
        threads = [threading.Thread(target=look_up, args=(one,)) for one in tracks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == {one.id: one.title for one in tracks}
        assert max(most) == 1
