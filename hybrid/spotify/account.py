"""The DJ's Spotify account and app: what is known of them, signing in and out, and clients.

Tokens and the app's secret lie sealed in the catalogue, and leave this room only on their way
to Spotify.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from filelock import FileLock, Timeout

from data.catalogue import Catalogue
from data.errors import SegueError
from data.settings import Settings
from data.vault import Vault
from scrapers.spotify import AppKeys, SpotifyClient, SpotifyProblem, sign_in
from scrapers.spotify.client import SERVICE

Stage = Literal["no_app", "signed_out", "signed_in"]

SIGN_IN_S = 600
"""How long a sign-in that was begun can be finished."""

_APP, _TOKEN, _NAME = "spotify/app", "spotify/token", "spotify/account"
_SIGN_IN, _APP_TOKEN = "spotify/sign-in/", "spotify/app-token"
_JOBS = ("spotify_match", "spotify_push")
_STALE_S = 60
"""A token that ends sooner is renewed: the request has to get there."""
_LOCKED_S = 60
_CODE = re.compile(r"[0-9A-Za-z]{32}")
# Problems that say nothing against a token that was given out just now.
_PASSING = frozenset({"busy", "quota", "unreachable", "damaged"})


@dataclass(frozen=True, slots=True)
class AccountState:
    """How things stand with Spotify.

    Parameters
    ----------
    stage : {"no_app", "signed_out", "signed_in"}
        What there is to do next: name an app, sign in, or nothing.
    name : str
        Of the account, for people: also of one whose sign-in has ended by itself. Empty where it
        is not known.
    paused_until : datetime or None
        When Spotify may be asked again (UTC); None if it may be asked now.
    paused_reason : str
        Why not before.
    """

    stage: Stage
    name: str = ""
    paused_until: datetime | None = None
    paused_reason: str = ""


class Account:
    """The one Spotify account of a catalogue.

    Several processes may use it at once: whoever renews the token does it alone, and the
    others take what came of it.

    Parameters
    ----------
    catalogue : Catalogue
    settings : Settings
        The app's keys stand here, or else in the catalogue.
    """

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._vault = Vault(catalogue, settings.vault_key)

    # -- the app

    def keys(self) -> AppKeys | None:
        """Return the keys of the DJ's app; None while there is none."""
        if self._settings.spotify_client_id:
            return AppKeys(self._settings.spotify_client_id, self._settings.spotify_client_secret)
        kept = self._vault.get(_APP)
        return AppKeys(kept["client_id"], kept["client_secret"]) if kept else None

    def set_keys(self, client_id: str, client_secret: str = "") -> None:
        """Keep the keys of the DJ's app; other keys than before need another sign-in.

        Raises
        ------
        SegueError
            If they cannot be an app's, or the settings name one.
        """
        if self._settings.spotify_client_id:
            raise SegueError(
                "The app is named by the setting SEGUE_SPOTIFY_CLIENT_ID: change it there."
            )
        client_id, client_secret = client_id.strip(), client_secret.strip()
        if not _CODE.fullmatch(client_id):
            raise SegueError(
                "A client ID has 32 letters and digits: copy it from your app's page at "
                "developer.spotify.com/dashboard."
            )
        if client_secret and not _CODE.fullmatch(client_secret):
            raise SegueError(
                "A client secret has 32 letters and digits: copy it from your app's page, "
                "or leave it empty."
            )
        before = self.keys()
        if before and before != AppKeys(client_id, client_secret):
            self.sign_out()
        self._vault.keep(_APP, {"client_id": client_id, "client_secret": client_secret})

    def forget_app(self) -> None:
        """Forget the app and everything that hangs on it."""
        self.sign_out()
        self._vault.forget(_APP)

    # -- signing in and out

    def begin(self, redirect_uri: str, session: str, *, again: bool = False) -> str:
        """Begin a sign-in.

        Parameters
        ----------
        redirect_uri : str
            Where Spotify sends the browser back to, as the app has it registered.
        session : str
            What the browser is known by: only the same one can finish.
        again : bool
            Ask for consent even where it was given before.

        Returns
        -------
        str
            The address to send the browser to.

        Raises
        ------
        SegueError
            If there is no app.
        """
        started = sign_in.start(self._settings, self._app(), redirect_uri, again=again)
        begun = {"state": started.state, "verifier": started.verifier}
        self._vault.keep(_begun(session), begun, seconds=SIGN_IN_S)
        return started.address

    def finish(self, session: str, *, state: str, code: str, error: str, redirect_uri: str) -> None:
        """Finish a sign-in with what Spotify sent back; one that was begun is finished once.

        Parameters
        ----------
        session : str
        state, code, error : str
            From the address that Spotify sent the browser to; empty where it holds none.
        redirect_uri : str
            The same as at the beginning.

        Raises
        ------
        SegueError
            If it was not begun in this browser, is too old, or the DJ did not agree.
        SpotifyProblem
            If Spotify does not let the account in.
        """
        # What answers another sign-in, of another tab or a forger, does not use this one up.
        begun = self._vault.get(_begun(session))
        given = state.encode(errors="replace")
        if begun and not hmac.compare_digest(begun["state"].encode(), given):
            raise SegueError(
                "This answer is not for the sign-in that was begun here: sign in again."
            )
        if self._vault.take(_begun(session)) is None or begun is None:
            raise SegueError("This sign-in is too old or was used already: sign in again.")
        if error == "access_denied":
            raise SegueError(
                "Segue was not let into the account: sign in again, and agree on Spotify's page."
            )
        if error or not code:
            raise SegueError("Spotify did not finish the sign-in: sign in again.")
        keys = self._app()
        token = sign_in.exchange(self._settings, keys, redirect_uri, code, begun["verifier"])
        name = self._name_of(token)
        with self._alone():
            self._keep_token(keys, token)
            self._vault.keep(_NAME, {"name": name})

    def _name_of(self, token: dict[str, Any]) -> str:
        """Ask whose token it is, which is when Spotify says that an account may not in."""
        client = SpotifyClient(
            self._settings, lambda _: str(token["access_token"]), self._catalogue.web
        )
        try:
            return client.me().name
        except SpotifyProblem as problem:
            if problem.kind not in _PASSING:
                raise
            return ""

    def sign_out(self) -> None:
        """Forget the account: tokens, name, playlists written, and what Spotify answered.

        Matches and pushes go too, because their results name what Spotify has; one that runs is
        asked to stop.
        """
        with self._alone():
            for name in (_TOKEN, _NAME, _APP_TOKEN):
                self._vault.forget(name)
            self._vault.forget_all(_SIGN_IN)
        self._catalogue.web.forget(SERVICE)
        self._catalogue.pushes.forget_all()
        self._catalogue.jobs.forget(_JOBS)

    def state(self) -> AccountState:
        """Say how things stand; Spotify is not asked."""
        keys = self.keys()
        pause = self._catalogue.web.paused(SERVICE)
        paused = (pause.until, pause.reason) if pause else (None, "")
        if keys is None:
            return AccountState("no_app", "", *paused)
        name = (self._vault.get(_NAME) or {}).get("name", "")
        if self._token(keys) is not None:
            return AccountState("signed_in", name, *paused)
        if self._vault.get(_TOKEN) is not None:
            name = ""  # of a sign-in with another app
        return AccountState("signed_out", name, *paused)

    # -- clients

    def client(self) -> SpotifyClient:
        """Return a client that acts for the account.

        Raises
        ------
        SpotifyProblem
            ``"signed_out"`` while nobody is signed in.
        """
        if self.state().stage != "signed_in":
            raise SpotifyProblem("signed_out", "Sign in on the Spotify page first.")
        return SpotifyClient(self._settings, _UserToken(self), self._catalogue.web)

    def lookup_client(self) -> SpotifyClient:
        """Return a client that can look up and search: for the account, else for the app.

        Raises
        ------
        SpotifyProblem
            ``"signed_out"`` while nobody is signed in and the app has no secret.
        """
        keys = self.keys()
        if self.state().stage == "signed_in" or keys is None or not keys.client_secret:
            return self.client()
        return SpotifyClient(self._settings, self._app_token, self._catalogue.web)

    def _app(self) -> AppKeys:
        keys = self.keys()
        if keys is None:
            raise SegueError("Enter the client ID of your Spotify app on the Spotify page first.")
        return keys

    # -- tokens

    def _token(self, keys: AppKeys | None) -> dict[str, Any] | None:
        """Return what the account's sign-in gave; None if there is none with this app."""
        kept = self._vault.get(_TOKEN)
        if kept is None or keys is None or kept["app"] != _mark(keys):
            return None
        token: dict[str, Any] = kept["token"]
        return token

    def _keep_token(self, keys: AppKeys, token: dict[str, Any]) -> None:
        self._vault.keep(_TOKEN, {"app": _mark(keys), "token": token})

    def access_token(self, refused: str) -> str:
        """Return an access token that is good by its time, and not the one refused.

        Raises
        ------
        SpotifyProblem
            ``"signed_out"`` if there is none and none can be had.
        """
        keys = self._app()
        token = self._token(keys)
        if token is None or not _good(token, refused):
            token = self._renewed(keys, refused)
        return str(token["access_token"])

    def _renewed(self, keys: AppKeys, refused: str) -> dict[str, Any]:
        """Renew the token, one process at a time: a refresh token may work only once."""
        with self._alone():
            token = self._token(keys)
            if token is None:
                raise SpotifyProblem("signed_out")
            if _good(token, refused):
                return token
            try:
                fresh = sign_in.renew(self._settings, keys, token)
            except SpotifyProblem as problem:
                if problem.kind == "signed_out":
                    # The name stays, to say whose sign-in has ended.
                    self._vault.forget(_TOKEN)
                raise
            self._keep_token(keys, fresh)
            return fresh

    def _app_token(self, renew: bool) -> str:
        kept = None if renew else self._vault.get(_APP_TOKEN)
        if kept is None:
            kept = sign_in.app_token(self._settings, self._app())
            left = max(0.0, kept["expires_at"] - time.time() - _STALE_S)
            self._vault.keep(_APP_TOKEN, kept, seconds=left)
        return str(kept["access_token"])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep every other process of this machine from changing the token."""
        home = self._settings.home
        home.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(home / "spotify.lock", timeout=_LOCKED_S):
                yield
        except Timeout:
            raise SegueError(
                "Another part of Segue is signing in to Spotify; try again in a minute."
            ) from None


class _UserToken:
    """Gives one client its access tokens; see `SpotifyClient`."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._given = ""

    def __call__(self, renew: bool) -> str:
        self._given = self._account.access_token(self._given if renew else "")
        return self._given


def _begun(session: str) -> str:
    # What a browser is known by is a secret too, and names are not sealed.
    return _SIGN_IN + hashlib.blake2b(session.encode(), digest_size=16).hexdigest()


def _mark(keys: AppKeys) -> str:
    """Return what a sign-in holds for: an app, and whether its secret was shown."""
    return f"{keys.client_id} {'with' if keys.client_secret else 'without'} secret"


def _good(token: dict[str, Any], refused: str) -> bool:
    lasts = float(token.get("expires_at") or 0) > time.time() + _STALE_S
    return lasts and token["access_token"] != refused
