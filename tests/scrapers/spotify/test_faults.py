"""Each row of the table of errors that were seen, and what Segue does then.

The rows stand in ``external-apis.md``, section 2, "Error table for the client".
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from data.catalogue import Catalogue
from data.settings import Settings
from scrapers.spotify import SpotifyClient, SpotifyProblem
from tests.peers.serving import Answer
from tests.peers.spotify import STRANGER, SpotifyPeer
from tests.peers.spotify_catalogue import SpotifyTrack

NewClient = Callable[..., SpotifyClient]
Rewritten = Callable[[dict[str, object]], None]


class Skipped(Protocol):
    """What the clock of the tests says of the time that nobody waited."""

    slept: list[float]


@pytest.fixture
def moon(peer: SpotifyPeer) -> SpotifyTrack:
    return peer.add_track("Ada Sun", "Moon Letter", isrc="QZAAA2600001")


def refused(call: Callable[[], object]) -> SpotifyProblem:
    with pytest.raises(SpotifyProblem) as raised:
        call()
    return raised.value


class Tokens:
    """Gives tokens as an account does; every renewal gives another one."""

    def __init__(self, *tokens: str | None) -> None:
        self.tokens = list(tokens)
        self.renewed = 0

    def __call__(self, renew: bool) -> str | None:
        if renew:
            self.renewed += 1
            self.tokens = self.tokens[1:]
        return self.tokens[0]


class TestExpiredToken:
    def test_it_is_renewed_once_and_the_question_asked_again(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        tokens = Tokens(peer.access_token(seconds=-1), peer.access_token())
        assert new_client(tokens).track(moon.id) is not None
        assert tokens.renewed == 1
        assert [one.status for one in peer.requests] == [401, 200]

    def test_a_write_is_sent_again_for_it_was_refused_before_it_was_done(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        playlist = peer.add_playlist("Night")
        tokens = Tokens(peer.access_token(seconds=-1), peer.access_token())
        new_client(tokens).add_items(playlist.id, [moon.uri])
        assert playlist.uris == [moon.uri]

    def test_a_second_refusal_means_that_nobody_is_signed_in(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        tokens = Tokens("BQnobody", "BQnobodyeither", "BQnorthis")
        assert refused(lambda: new_client(tokens).track(moon.id)).kind == "signed_out"
        assert tokens.renewed == 1
        assert len(peer.requests) == 2

    @pytest.mark.parametrize("nothing", [None, "", " ", "BQ\nX-Other: 1", "BQé", "BQ ", 7])
    def test_no_usable_token_means_that_nobody_is_signed_in(
        self, new_client: NewClient, peer: SpotifyPeer, nothing: str | None
    ) -> None:
        assert refused(new_client(Tokens(nothing)).me).kind == "signed_out"
        assert peer.requests == []
        tokens = Tokens(peer.access_token(seconds=-1), nothing)
        assert refused(new_client(tokens).me).kind == "signed_out"

    def test_a_renewal_that_fails_says_why(self, new_client: NewClient, peer: SpotifyPeer) -> None:
        old = peer.access_token(seconds=-1)

        def token(renew: bool) -> str:
            if renew:
                raise SpotifyProblem("unreachable")
            return old

        assert refused(new_client(token).me).kind == "unreachable"

    def test_what_another_thread_renewed_is_not_renewed_again(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        old, new = peer.access_token(seconds=-1), peer.access_token()
        given = iter([old, new])

        def token(renew: bool) -> str:
            assert not renew
            return next(given)

        assert new_client(token).track(moon.id) is not None


def test_an_account_that_is_not_allow_listed_is_told_of_user_management(
    client: SpotifyClient, peer: SpotifyPeer
) -> None:
    peer.fail("not_registered")
    problem = refused(client.me)
    assert problem.kind == "not_allowed"
    assert "User Management" in str(problem)


def test_an_owner_without_premium_is_told_to_subscribe(
    client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
) -> None:
    peer.fail("premium")
    problem = refused(lambda: client.track(moon.id))
    assert problem.kind == "premium"
    assert "few hours" in str(problem)


def test_the_playlist_of_somebody_else_is_forbidden(
    client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
) -> None:
    theirs = peer.add_playlist("Theirs", [moon], owner=STRANGER)
    problem = refused(lambda: list(client.items(theirs.id)))
    assert problem.kind == "forbidden"
    assert "of your own" in str(problem)
    assert refused(lambda: client.add_items(theirs.id, [moon.uri])).kind == "forbidden"


def test_a_scope_that_was_not_granted_asks_for_consent_again(
    new_client: NewClient, peer: SpotifyPeer
) -> None:
    token = peer.access_token(["playlist-read-private"])
    problem = refused(lambda: new_client(lambda renew: token).create_playlist("Night", ""))
    assert problem.kind == "scope"
    assert "Sign in again" in str(problem)


def test_a_playlist_that_spotify_made_itself_is_not_found(
    client: SpotifyClient, peer: SpotifyPeer
) -> None:
    problem = refused(lambda: client.playlist("37i9dQZF1DX000000000Zz"))
    assert problem.kind == "not_found"
    assert "not shown to apps" in str(problem)


def test_a_limit_that_is_refused_is_our_mistake(client: SpotifyClient, peer: SpotifyPeer) -> None:
    peer.fail("bad_limit")
    assert refused(lambda: client.search("Ada Sun", "Moon")).kind == "bad_request"


class TestTooManyRequests:
    def test_a_short_pause_is_waited_out(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack, time_skips: Skipped
    ) -> None:
        peer.fail("busy", retry_after="4")
        assert client.track(moon.id) is not None
        assert [one.status for one in peer.requests] == [429, 200]
        assert sum(time_skips.slept) == pytest.approx(4, abs=0.2)

    def test_a_second_short_pause_is_not(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        peer.fail("busy", times=2, retry_after="4")
        assert refused(lambda: client.track(moon.id)).kind == "busy"
        assert len(peer.requests) == 2

    def test_a_longer_pause_ends_the_asking_at_once_and_says_when_it_is_over(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack, time_skips: Skipped
    ) -> None:
        peer.fail("busy", retry_after="90")
        problem = refused(lambda: client.track(moon.id))
        over = datetime.now(UTC) + timedelta(seconds=90)
        assert problem.kind == "busy"
        assert problem.until is not None
        assert abs(problem.until - over) < timedelta(seconds=5)
        assert time_skips.slept == []

    def test_a_write_is_not_sent_twice_and_the_next_one_waits(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack, time_skips: Skipped
    ) -> None:
        playlist = peer.add_playlist("Night")
        peer.fail("busy", retry_after="3")
        assert refused(lambda: client.add_items(playlist.id, [moon.uri])).kind == "busy"
        assert [one.status for one in peer.requests] == [429]
        client.add_items(playlist.id, [moon.uri])
        assert sum(time_skips.slept) == pytest.approx(3, abs=0.2)
        assert playlist.uris == [moon.uri]

    def test_nothing_is_asked_in_a_pause_even_by_another_process(
        self, client: SpotifyClient, peer: SpotifyPeer, settings: Settings, tmp_path: Path
    ) -> None:
        peer.fail("busy", retry_after=None)
        refused(client.me)
        with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as own:
            token = peer.access_token()
            other = SpotifyClient(settings, lambda renew: token, own.web)
            assert refused(other.me).kind == "busy"
            assert refused(lambda: other.create_playlist("Night", "")).kind == "busy"
        assert len(peer.requests) == 1

    def test_what_is_known_is_answered_in_a_pause(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        known = client.track(moon.id)
        peer.fail("quota")
        refused(client.me)
        assert client.track(moon.id) == known

    def test_it_goes_on_when_the_pause_is_over(
        self, client: SpotifyClient, peer: SpotifyPeer, catalogue: Catalogue, moon: SpotifyTrack
    ) -> None:
        catalogue.web.pause("spotify", datetime.now(UTC) + timedelta(seconds=0.2), "a pause")
        refused(client.me)
        deadline = time.monotonic() + 5
        while catalogue.web.paused("spotify") and time.monotonic() < deadline:
            time.sleep(0.02)
        assert client.me()

    def test_the_token_is_not_renewed_in_a_pause(
        self, new_client: NewClient, catalogue: Catalogue
    ) -> None:
        catalogue.web.pause("spotify", datetime.now(UTC) + timedelta(minutes=1), "a pause")

        def token(renew: bool) -> str:
            raise AssertionError("a token may cost a request")

        assert refused(new_client(token).me).kind == "busy"

    def test_a_used_up_quota_switches_spotify_off_until_it_ends(
        self, new_client: NewClient, peer: SpotifyPeer, catalogue: Catalogue, moon: SpotifyTrack
    ) -> None:
        peer.fail("quota")
        problem = refused(lambda: new_client().track(moon.id))
        over = datetime.now(UTC) + timedelta(seconds=48925)
        assert problem.kind == "quota"
        assert problem.until is not None
        assert abs(problem.until - over) < timedelta(seconds=5)
        pause = catalogue.web.paused("spotify")
        assert pause is not None
        assert pause.until == problem.until
        later = refused(lambda: new_client().track(moon.id))
        assert (later.kind, later.until, str(later)) == ("quota", problem.until, str(problem))
        assert len(peer.requests) == 1

    def test_a_quota_that_does_not_say_when_it_ends_is_there_again_a_day_later(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        peer.fail("quota", retry_after=None)
        until = refused(client.me).until
        assert until is not None
        assert abs(until - datetime.now(UTC) - timedelta(days=1)) < timedelta(seconds=5)


class TestNoAnswer:
    def test_a_question_is_asked_once_more_after_a_timeout(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        peer.fail("timeout")
        assert new_client(http_timeout=0.3).track(moon.id) is not None
        peer.fail("timeout", times=2)
        assert refused(new_client(http_timeout=0.3).me).kind == "unreachable"

    @pytest.mark.parametrize("kind", ["server", "drop"])
    def test_a_question_is_asked_again_after_a_failure_that_may_pass(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack, kind: str
    ) -> None:
        peer.fail(kind)
        assert client.track(moon.id) is not None
        assert len(peer.requests) == 2

    def test_a_failure_that_does_not_pass_is_one_sentence(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        peer.fail("server", times=9)
        problem = refused(client.me)
        assert problem.kind == "unreachable"
        assert "HTTP 502" in str(problem)
        assert len(peer.requests) == 3

    @pytest.mark.parametrize(
        "kind", ["server", "done_but_502", "drop", "done_but_drop", "timeout", "done_but_timeout"]
    )
    @pytest.mark.parametrize("write", ["create", "add", "replace"])
    def test_a_write_is_sent_once_whatever_becomes_of_it(
        self, new_client: NewClient, peer: SpotifyPeer, moon: SpotifyTrack, kind: str, write: str
    ) -> None:
        client = new_client(http_timeout=0.3 if "timeout" in kind else 2)
        playlist = peer.add_playlist("Night")
        client.me()
        peer.fail(kind, times=5)
        writes = {
            "create": lambda: client.create_playlist("New", ""),
            "add": lambda: client.add_items(playlist.id, [moon.uri]),
            "replace": lambda: client.replace_items(playlist.id, [moon.uri]),
        }
        assert refused(writes[write]).kind == "unreachable"
        peer.heal()
        done = kind.startswith("done")
        assert len(peer.asked("POST") + peer.asked("PUT")) == 1
        assert len(peer.playlists) == (2 if done and write == "create" else 1)
        assert playlist.uris == ([moon.uri] if done and write != "create" else [])

    def test_a_server_that_is_not_there_is_one_sentence(
        self, new_client: NewClient, peer: SpotifyPeer
    ) -> None:
        client = new_client(spotify_api_url="http://127.0.0.1:9/v1/")
        problem = refused(client.me)
        assert problem.kind == "unreachable"
        assert "check your connection" in str(problem)


class TestStrangeAnswers:
    def test_an_error_that_is_only_a_string_is_read(
        self, client: SpotifyClient, peer: SpotifyPeer
    ) -> None:
        peer.fail("string_error", status=403, words="Insufficient client scope")
        assert refused(client.me).kind == "scope"
        peer.fail("string_error")
        assert refused(client.me).kind == "bad_request"

    @pytest.mark.parametrize("kind", ["empty", "html", "cut"])
    def test_an_answer_that_is_no_json_is_damaged(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack, kind: str
    ) -> None:
        playlist = peer.add_playlist("Night")
        peer.fail(kind, times=4)
        for call in (
            client.me,
            lambda: client.track(moon.id),
            lambda: list(client.items(playlist.id)),
            lambda: client.add_items(playlist.id, [moon.uri]),
        ):
            assert refused(call).kind == "damaged"

    def test_nulls_in_lists_are_passed_over(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack
    ) -> None:
        playlist = peer.add_playlist("Night", [moon])
        peer.fail("nulls", times=9)
        assert [one.ident for one in client.by_isrc(moon.isrc)] == [moon.id]
        assert [one.ident for one in client.playlists()] == [playlist.id]
        items = list(client.items(playlist.id))
        assert [one.uri for one in items] == ["", moon.uri]

    def test_an_answer_of_another_shape_is_damaged(
        self, client: SpotifyClient, peer: SpotifyPeer, moon: SpotifyTrack, rewritten: Rewritten
    ) -> None:
        playlist = peer.add_playlist("Night", [moon])
        rewritten({"id": None, "account_id": [], "tracks": 3, "items": {}, "snapshot_id": 0})
        for call in (
            client.me,
            lambda: client.track(moon.id),
            lambda: client.by_isrc(moon.isrc),
            lambda: list(client.items(playlist.id)),
            lambda: client.add_items(playlist.id, [moon.uri]),
        ):
            assert refused(call).kind == "damaged"

    def test_a_redirect_is_not_followed_with_the_token(
        self, client: SpotifyClient, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with SpotifyPeer() as other:
            away = Answer(307, b"", {"Location": f"{other.api_url}me"})
            monkeypatch.setattr(peer, "answer", lambda request: away)
            assert refused(client.me).kind == "unreachable"
            assert other.requests == []
