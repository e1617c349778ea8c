"""Signing in, staying signed in, and signing out so that nothing is left."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from data.catalogue import Catalogue
from data.errors import SegueError
from data.settings import Settings
from data.vault import Vault
from hybrid.spotify import account as accounts
from hybrid.spotify.account import Account
from scrapers.spotify import SpotifyProblem
from tests.hybrid.spotify.signing import REDIRECT, answer_of, settings_of, sign_in
from tests.peers.spotify import SpotifyPeer


@pytest.fixture
def fresh(catalogue: Catalogue, settings: Settings, peer: SpotifyPeer) -> Account:
    """An app without a secret, and nobody signed in."""
    account = Account(catalogue, settings)
    account.set_keys(peer.app.client_id)
    return account


def renewals(peer: SpotifyPeer) -> int:
    asked = peer.asked("POST", "api/token")
    return sum(one.body.get("grant_type") == "refresh_token" for one in asked)


class TestStages:
    def test_without_an_app_there_is_one_to_be_named(
        self, catalogue: Catalogue, settings: Settings
    ) -> None:
        account = Account(catalogue, settings)
        assert account.state().stage == "no_app"
        assert account.keys() is None
        with pytest.raises(SegueError, match="client ID of your Spotify app"):
            account.begin(REDIRECT, "browser")

    def test_with_an_app_there_is_a_sign_in_to_be_done(self, fresh: Account) -> None:
        assert fresh.state().stage == "signed_out"
        with pytest.raises(SpotifyProblem) as refused:
            fresh.client()
        assert refused.value.kind == "signed_out"

    @pytest.mark.parametrize("secret", [True, False])
    def test_after_it_the_account_is_named(
        self, catalogue: Catalogue, settings: Settings, peer: SpotifyPeer, secret: bool
    ) -> None:
        account = Account(catalogue, settings)
        account.set_keys(peer.app.client_id, peer.app.client_secret if secret else "")
        sign_in(account, peer)
        state = account.state()
        assert (state.stage, state.name) == ("signed_in", peer.user.name)
        assert account.client().me().name == peer.user.name

    def test_a_pause_is_told_with_its_end(self, account: Account, catalogue: Catalogue) -> None:
        until = datetime.now(UTC) + timedelta(hours=3)
        catalogue.web.pause("spotify", until, "Spotify asks for a pause")
        state = account.state()
        assert (state.stage, state.paused_until) == ("signed_in", until)
        assert state.paused_reason == "Spotify asks for a pause"


class TestKeys:
    def test_those_of_the_settings_count(self, catalogue: Catalogue, peer: SpotifyPeer) -> None:
        settings = settings_of(peer, spotify_client_id="a" * 32, spotify_client_secret="b" * 32)
        account = Account(catalogue, settings)
        keys = account.keys()
        assert keys is not None
        assert (keys.client_id, keys.client_secret) == ("a" * 32, "b" * 32)
        with pytest.raises(SegueError, match="SEGUE_SPOTIFY_CLIENT_ID"):
            account.set_keys("c" * 32)

    @pytest.mark.parametrize("given", ["", "short", "x" * 33, "ü" * 32, "a b" * 11])
    def test_what_can_be_none_is_refused(self, fresh: Account, given: str) -> None:
        before = fresh.keys()
        with pytest.raises(SegueError, match="client ID has 32"):
            fresh.set_keys(given)
        if given:
            with pytest.raises(SegueError, match="client secret has 32"):
                fresh.set_keys("a" * 32, given)
        assert fresh.keys() == before

    def test_spaces_from_copying_do_not_count(self, fresh: Account) -> None:
        fresh.set_keys(f" {'a' * 32}\n", f"\t{'b' * 32} ")
        keys = fresh.keys()
        assert keys is not None
        assert keys.client_id == "a" * 32

    def test_other_keys_need_another_sign_in_and_the_same_do_not(
        self, account: Account, peer: SpotifyPeer
    ) -> None:
        account.set_keys(peer.app.client_id)
        assert account.state().stage == "signed_in"
        account.set_keys(peer.app.client_id, peer.app.client_secret)
        assert account.state().stage == "signed_out"

    def test_an_app_that_the_settings_name_does_not_take_over_anothers_tokens(
        self, account: Account, catalogue: Catalogue, peer: SpotifyPeer
    ) -> None:
        other = Account(catalogue, settings_of(peer, spotify_client_id="a" * 32))
        assert other.state().stage == "signed_out"

    def test_forgetting_the_app_forgets_all(self, account: Account) -> None:
        account.forget_app()
        assert account.keys() is None
        assert account.state().stage == "no_app"


class TestFinish:
    def test_a_sign_in_is_finished_once(self, fresh: Account, peer: SpotifyPeer) -> None:
        answer = answer_of(peer.agree(fresh.begin(REDIRECT, "browser")))
        fresh.finish("browser", **answer, redirect_uri=REDIRECT)
        with pytest.raises(SegueError, match="too old or was used already"):
            fresh.finish("browser", **answer, redirect_uri=REDIRECT)

    def test_another_browser_cannot_finish_it(self, fresh: Account, peer: SpotifyPeer) -> None:
        answer = answer_of(peer.agree(fresh.begin(REDIRECT, "browser")))
        with pytest.raises(SegueError, match="too old or was used already"):
            fresh.finish("another", **answer, redirect_uri=REDIRECT)
        assert fresh.state().stage == "signed_out"
        fresh.finish("browser", **answer, redirect_uri=REDIRECT)
        assert fresh.state().stage == "signed_in"

    @pytest.mark.parametrize("state", ["", "forged", "\udcff", "é"])
    def test_a_state_that_is_not_ours_is_refused(
        self, fresh: Account, peer: SpotifyPeer, state: str
    ) -> None:
        answer = answer_of(peer.agree(fresh.begin(REDIRECT, "browser")))
        asked = len(peer.requests)
        with pytest.raises(SegueError, match="not for the sign-in that was begun here"):
            fresh.finish("browser", **{**answer, "state": state}, redirect_uri=REDIRECT)
        assert len(peer.requests) == asked
        assert fresh.state().stage == "signed_out"
        fresh.finish("browser", **answer, redirect_uri=REDIRECT)  # it used nothing up
        assert fresh.state().stage == "signed_in"

    def test_it_has_to_be_done_in_ten_minutes(
        self, fresh: Account, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(accounts, "SIGN_IN_S", -1)
        answer = answer_of(peer.agree(fresh.begin(REDIRECT, "browser")))
        with pytest.raises(SegueError, match="too old"):
            fresh.finish("browser", **answer, redirect_uri=REDIRECT)

    def test_who_does_not_agree_is_told_so(self, fresh: Account, peer: SpotifyPeer) -> None:
        answer = answer_of(peer.cancel(fresh.begin(REDIRECT, "browser")))
        assert answer["error"] == "access_denied"
        with pytest.raises(SegueError, match="was not let into the account"):
            fresh.finish("browser", **answer, redirect_uri=REDIRECT)

    def test_what_spotify_calls_an_error_is_not_repeated(
        self, fresh: Account, peer: SpotifyPeer
    ) -> None:
        answer = answer_of(peer.cancel(fresh.begin(REDIRECT, "browser")))
        with pytest.raises(SegueError) as refused:
            fresh.finish("browser", **{**answer, "error": "<b>oops"}, redirect_uri=REDIRECT)
        assert str(refused.value) == "Spotify did not finish the sign-in: sign in again."

    @pytest.mark.parametrize("kind", ["not_registered", "premium"])
    def test_an_account_that_may_not_in_is_told_why_and_is_not_signed_in(
        self, fresh: Account, peer: SpotifyPeer, kind: str
    ) -> None:
        peer.fail(kind, 9, path="me")  # type: ignore[arg-type]
        with pytest.raises(SpotifyProblem) as refused:
            sign_in(fresh, peer)
        assert refused.value.kind == {"not_registered": "not_allowed"}.get(kind, kind)
        assert fresh.state().stage == "signed_out"

    @pytest.mark.parametrize("kind", ["quota", "empty"])
    def test_a_spotify_that_is_busy_does_not_undo_a_sign_in(
        self, fresh: Account, peer: SpotifyPeer, kind: str
    ) -> None:
        peer.fail(kind, 9, path="me")  # type: ignore[arg-type]
        sign_in(fresh, peer)
        assert (fresh.state().stage, fresh.state().name) == ("signed_in", "")

    def test_a_failed_one_leaves_who_was_signed_in(
        self, account: Account, peer: SpotifyPeer
    ) -> None:
        answer = answer_of(peer.cancel(account.begin(REDIRECT, "browser", again=True)))
        with pytest.raises(SegueError):
            account.finish("browser", **answer, redirect_uri=REDIRECT)
        assert account.state().stage == "signed_in"


class TestTokens:
    def test_one_that_spotify_refuses_is_renewed(self, account: Account, peer: SpotifyPeer) -> None:
        client = account.client()
        client.me()
        peer.later(4000)
        assert list(client.playlists()) == []
        assert renewals(peer) == 1

    def test_one_that_is_over_by_its_time_is_renewed_before_it_is_used(
        self, account: Account, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = time.time
        monkeypatch.setattr(accounts.time, "time", lambda: real() + 3590)
        list(account.client().playlists())
        assert renewals(peer) == 1
        assert [one.status for one in peer.requests if one.status == 401] == []

    def test_the_new_one_is_there_for_others_at_once(
        self, account: Account, catalogue: Catalogue, settings: Settings, peer: SpotifyPeer
    ) -> None:
        peer.later(4000)
        account.client().me()
        Account(catalogue, settings).client().me()
        assert renewals(peer) == 1

    def test_consent_that_was_taken_back_signs_out_and_says_so(
        self, account: Account, peer: SpotifyPeer
    ) -> None:
        peer.accounts.revoke()
        with pytest.raises(SpotifyProblem) as refused:
            account.client().me()
        assert refused.value.kind == "signed_out"
        assert account.state().stage == "signed_out"

    def test_a_sign_in_that_has_ended_says_whose_it_was_until_somebody_signs_out(
        self, account: Account, peer: SpotifyPeer
    ) -> None:
        peer.accounts.revoke()
        with pytest.raises(SpotifyProblem):
            account.client().me()
        assert (account.state().stage, account.state().name) == ("signed_out", peer.user.name)
        account.sign_out()
        assert (account.state().stage, account.state().name) == ("signed_out", "")

    def test_a_sign_in_with_another_app_names_nobody(
        self, account: Account, catalogue: Catalogue, peer: SpotifyPeer
    ) -> None:
        other = Account(catalogue, settings_of(peer, spotify_client_id="b" * 32))
        assert (other.state().stage, other.state().name) == ("signed_out", "")

    def test_an_unreachable_spotify_does_not_sign_out(
        self, account: Account, peer: SpotifyPeer
    ) -> None:
        peer.later(4000)
        peer.fail("server", 9, path="api/token")
        with pytest.raises(SpotifyProblem):
            account.client().me()
        assert account.state().stage == "signed_in"
        peer.heal()
        assert account.client().me().name

    def test_of_many_who_renew_at_once_one_does(
        self, account: Account, catalogue: Catalogue, settings: Settings, peer: SpotifyPeer
    ) -> None:
        """Spotify may take a refresh token back as soon as it was used."""
        peer.later(4000)
        together = threading.Barrier(6)

        def ask(_: int) -> str:
            client = Account(catalogue, settings).client()
            together.wait()
            return client.me().name

        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(ask, range(6))) == {peer.user.name}
        assert renewals(peer) == 1

    def test_a_renewal_that_comes_after_signing_out_does_not_sign_in_again(
        self, account: Account, peer: SpotifyPeer
    ) -> None:
        client = account.client()
        account.sign_out()
        with pytest.raises(SpotifyProblem) as refused:
            client.me()
        assert refused.value.kind == "signed_out"
        assert account.state().stage == "signed_out"

    def test_who_waits_too_long_for_another_is_told(
        self,
        account: Account,
        settings: Settings,
        peer: SpotifyPeer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(accounts, "_LOCKED_S", 0.01)
        with (
            FileLock(settings.home / "spotify.lock"),
            pytest.raises(SegueError, match="Another part of Segue"),
        ):
            account.sign_out()


class TestLookingUpWithoutSigningIn:
    @pytest.fixture
    def with_secret(self, fresh: Account, peer: SpotifyPeer) -> Account:
        fresh.set_keys(peer.app.client_id, peer.app.client_secret)
        return fresh

    def test_an_app_with_a_secret_can(self, with_secret: Account, peer: SpotifyPeer) -> None:
        moon = peer.add_track("Orla Kest", "Lantern")
        other = peer.add_track("Orla Kest", "Harbour")
        found = with_secret.lookup_client().track(moon.id)
        assert found is not None
        assert found.title == "Lantern"
        with_secret.lookup_client().track(other.id)
        assert len(peer.asked("POST", "api/token")) == 1  # the app's token is kept
        peer.accounts.revoke()
        third = peer.add_track("Orla Kest", "Ferry")
        assert with_secret.lookup_client().track(third.id)

    def test_one_without_cannot(self, fresh: Account) -> None:
        with pytest.raises(SpotifyProblem) as refused:
            fresh.lookup_client()
        assert refused.value.kind == "signed_out"

    def test_who_is_signed_in_asks_as_themselves(
        self, with_secret: Account, peer: SpotifyPeer
    ) -> None:
        sign_in(with_secret, peer)
        assert with_secret.lookup_client().me().name == peer.user.name


class TestSecrets:
    def test_nothing_secret_is_in_the_catalogue_a_log_or_an_error(
        self,
        catalogue: Catalogue,
        settings: Settings,
        peer: SpotifyPeer,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        account = Account(catalogue, settings)
        account.set_keys(peer.app.client_id, peer.app.client_secret)
        address = account.begin(REDIRECT, "the-browser's-secret")
        sign_in(account, peer, "the-browser's-secret")
        peer.later(4000)
        account.client().me()
        peer.accounts.revoke()
        with pytest.raises(SpotifyProblem) as refused:
            account.client().me()
        secrets = {*peer.secrets, *peer.accounts.refreshes, "the-browser's-secret"}
        place = catalogue._database.place
        kept = b"".join(file.read_bytes() for file in _files(place))
        for secret in secrets:
            assert secret not in caplog.text
            assert secret.encode() not in kept
            assert secret not in address
            assert secret not in str(refused.value)
            assert secret not in repr(account.keys())

    def test_signing_out_forgets_everything(
        self, account: Account, catalogue: Catalogue, settings: Settings, peer: SpotifyPeer
    ) -> None:
        moon = peer.add_track("Orla Kest", "Lantern")
        account.client().track(moon.id)
        account.begin(REDIRECT, "another")
        catalogue.pushes.open("d", crate_id=1, mode="new", name="Friday")
        account.sign_out()
        vault = Vault(catalogue, settings.vault_key)
        assert vault.get("spotify/token") is None
        assert vault.get("spotify/account") is None
        assert catalogue.pushes.of_crate(1) == []
        assert catalogue.web.answer("spotify", f"track US {moon.id}") is None
        assert account.keys() is not None  # the app stays
        with pytest.raises(SegueError, match="too old"):
            account.finish("another", state="", code="", error="", redirect_uri=REDIRECT)

    def test_signing_out_forgets_what_was_matched_and_pushed(
        self, account: Account, catalogue: Catalogue
    ) -> None:
        """Their results hold titles and links of Spotify."""
        jobs = catalogue.jobs
        for kind, state in (("spotify_match", "done"), ("spotify_push", "failed")):
            job_id = jobs.add(kind, "A job")
            jobs.claim("me")
            jobs.finish(job_id, "me", state, result={"link": "https://open.spotify.com/x"})
        running = jobs.add("spotify_push", "Runs")
        jobs.claim("me")
        other = jobs.add("analyse", "Listen")
        account.sign_out()
        assert [job.id for job in jobs.recent()] == [other, running]
        assert jobs.get(running).cancelling

    def test_a_lost_key_is_a_sign_in_more(
        self, account: Account, catalogue: Catalogue, settings: Settings, peer: SpotifyPeer
    ) -> None:
        settings.vault_key.unlink()
        again = Account(catalogue, settings)
        assert again.state().stage == "no_app"
        again.set_keys(peer.app.client_id)
        sign_in(again, peer)
        assert again.state().stage == "signed_in"


def _files(place: str) -> Iterator[Path]:
    yield from Path(place).parent.glob(f"{Path(place).name}*")
