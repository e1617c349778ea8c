"""Signing in to Spotify: the address to go to, and the exchange of codes for tokens.

spotipy writes and reads what goes over the line; everything around it is Segue's,
because spotipy's own sign-in opens browsers, asks at the terminal and writes token
files. Nothing here does, keeps anything, or logs anything.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOAuth, SpotifyPKCE

from data.settings import Settings
from scrapers.http import Clock
from scrapers.spotify.errors import SpotifyProblem
from scrapers.spotify.line import Line, base_url

SCOPES = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "playlist-modify-private",
    "playlist-modify-public",
)
LONGEST_KEY = 200
_NEVER = 1e11  # seconds since the epoch, in the year 5138

_UNUSABLE_KEYS = (
    "This is not a client ID of Spotify's, or not its client secret: both hold only letters and "
    "digits. Copy them from the app's page at developer.spotify.com/dashboard."
)

_T = TypeVar("_T")
_Helper = TypeVar("_Helper", SpotifyOAuth, SpotifyPKCE, SpotifyClientCredentials)


@dataclass(frozen=True, slots=True)
class AppKeys:
    """What names a Spotify app.

    Parameters
    ----------
    client_id : str
        Public: it stands in the address people are sent to.
    client_secret : str
        Only the app's owner has it; empty where they do not give it away.
    """

    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that has begun.

    Parameters
    ----------
    address : str
        Where to send the browser.
    state : str
        Comes back with the browser, which proves that the answer is to this question.
    verifier : str
        For `exchange`; empty where the app has a secret. It never leaves the server.
    """

    address: str
    state: str = field(repr=False)
    verifier: str = field(default="", repr=False)


def start(settings: Settings, keys: AppKeys, redirect_uri: str, *, again: bool = False) -> Started:
    """Begin a sign-in: Authorization Code with a secret, PKCE without one.

    Parameters
    ----------
    settings : Settings
        Address of Spotify's accounts service.
    keys : AppKeys
    redirect_uri : str
        Where Spotify sends the browser back; exactly as it is registered for the app.
    again : bool
        Whether people are asked even if they agreed before, to grant more or to
        sign in as somebody else.

    Raises
    ------
    SpotifyProblem
        ``"bad_request"`` if the keys cannot be any app's.
    """
    helper = _helper(settings, keys, redirect_uri, Line(settings, Clock()))
    state, verifier = secrets.token_urlsafe(32), ""
    if isinstance(helper, SpotifyPKCE):
        helper.get_pkce_handshake_parameters()
        verifier = helper.code_verifier
    address = helper.get_authorize_url(state)
    # spotipy has this for an app with a secret only; this is how it spells it there.
    return Started(f"{address}&show_dialog=True" if again else address, state, verifier)


def exchange(
    settings: Settings, keys: AppKeys, redirect_uri: str, code: str, verifier: str
) -> dict[str, Any]:
    """Turn the code that the browser brought back into tokens. A code works once.

    Parameters
    ----------
    settings, keys, redirect_uri
        The same as for `start`.
    code : str
        As it came back.
    verifier : str
        From `start`.

    Returns
    -------
    dict
        ``access_token``, ``refresh_token``, ``expires_at`` (seconds since the epoch)
        and ``scope`` (what was granted, with spaces between).

    Raises
    ------
    SpotifyProblem
        ``"signed_out"`` if Spotify does not take the code.
    """
    line = Line(settings, Clock())
    helper = _helper(settings, keys, redirect_uri, line)
    # Without a code, spotipy would open a browser and wait for somebody to type one in.
    if not code or (isinstance(helper, SpotifyPKCE) and not verifier):
        raise SpotifyProblem("signed_out")
    if isinstance(helper, SpotifyPKCE):
        helper.code_verifier = verifier
        # spotipy makes a new pair if either is missing; this one is not sent again.
        helper.code_challenge = "sent before"
        _ask(line, lambda: helper.get_access_token(code, check_cache=False))
    else:
        _ask(line, lambda: helper.get_access_token(code, as_dict=False, check_cache=False))
    return _tokens(line, helper.cache_handler.get_cached_token(), {"scope": " ".join(SCOPES)})


def renew(settings: Settings, keys: AppKeys, token_info: Mapping[str, Any]) -> dict[str, Any]:
    """Get a new access token; the refresh token stays where Spotify sends no new one.

    Parameters
    ----------
    settings, keys
        The same as for `start`.
    token_info : mapping
        As `exchange` or this function returned it.

    Raises
    ------
    SpotifyProblem
        ``"signed_out"`` if the consent was taken back, or is more than 6 months old.
    """
    refresh_token = token_info.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token:
        raise SpotifyProblem("signed_out")
    line = Line(settings, Clock())
    # Nothing is sent back in this exchange, but spotipy takes no helper without an address.
    helper = _helper(settings, keys, "http://127.0.0.1", line)
    told = _ask(line, lambda: helper.refresh_access_token(refresh_token))
    return _tokens(line, told, token_info)


def app_token(settings: Settings, keys: AppKeys) -> dict[str, Any]:
    """Get a token of the app alone: it opens look-ups and searches, but no playlists.

    Returns
    -------
    dict
        ``access_token`` and ``expires_at``; nothing renews it, a new one is asked for.

    Raises
    ------
    SpotifyProblem
        ``"bad_request"`` if there is no secret, or Spotify does not know it.
    """
    line = Line(settings, Clock())
    _require_usable(keys)
    if not keys.client_secret:
        raise SpotifyProblem("bad_request", "This needs the client secret of your Spotify app.")
    helper = SpotifyClientCredentials(
        client_id=keys.client_id,
        client_secret=keys.client_secret,
        requests_session=line.session,
        requests_timeout=line.timeout,
        cache_handler=MemoryCacheHandler(),
    )
    helper = _addressed(settings, helper)
    _ask(line, lambda: helper.get_access_token(as_dict=False, check_cache=False))
    return _tokens(line, helper.cache_handler.get_cached_token(), {})


def _helper(
    settings: Settings, keys: AppKeys, redirect_uri: str, line: Line
) -> SpotifyOAuth | SpotifyPKCE:
    _require_usable(keys)
    if keys.client_secret:
        with_secret = SpotifyOAuth(
            client_id=keys.client_id,
            client_secret=keys.client_secret,
            redirect_uri=redirect_uri,
            scope=SCOPES,
            requests_session=line.session,
            requests_timeout=line.timeout,
            open_browser=False,
            cache_handler=MemoryCacheHandler(),
        )
        return _addressed(settings, with_secret)
    without = SpotifyPKCE(
        client_id=keys.client_id,
        redirect_uri=redirect_uri,
        scope=SCOPES,
        requests_session=line.session,
        requests_timeout=line.timeout,
        open_browser=False,
        cache_handler=MemoryCacheHandler(),
    )
    return _addressed(settings, without)


def _addressed(settings: Settings, helper: _Helper) -> _Helper:
    base = base_url(settings.spotify_accounts_url)
    helper.OAUTH_AUTHORIZE_URL = f"{base}authorize"
    helper.OAUTH_TOKEN_URL = f"{base}api/token"
    return helper


def _require_usable(keys: AppKeys) -> None:
    """Refuse what spotipy would look up in the environment, or name in an error."""
    for key, needed in ((keys.client_id, True), (keys.client_secret, False)):
        plain = key.isascii() and key.isalnum() and len(key) <= LONGEST_KEY
        if not (plain or (not key and not needed)):
            raise SpotifyProblem("bad_request", _UNUSABLE_KEYS)


def _ask(line: Line, call: Callable[[], _T]) -> _T:
    """Make one request of the accounts service, which has its own word for a refused sign-in."""
    try:
        return line.ask(call)
    except SpotifyProblem as problem:
        said = line.said()
        theirs = isinstance(said, Mapping) and said.get("error") == "invalid_grant"
        if problem.kind == "signed_out" and not theirs:
            # The page of some network in between: it must not cost anybody their sign-in.
            raise SpotifyProblem("unreachable") from None
        raise


def _tokens(line: Line, info: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    """What is worth keeping of an answer of the token endpoint, and of what was there before."""
    # spotipy writes what was asked for over what was granted.
    said = line.said()
    if not isinstance(info, Mapping) or not isinstance(said, Mapping):
        raise SpotifyProblem("damaged")
    access, expires = info.get("access_token"), info.get("expires_at")
    if not isinstance(access, str) or not access:
        raise SpotifyProblem("damaged")
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        raise SpotifyProblem("damaged")
    # No NaN and no infinity either; and no more digits than a number with a point can hold.
    if not 0 < expires < _NEVER:
        raise SpotifyProblem("damaged")
    tokens: dict[str, Any] = {"access_token": access, "expires_at": int(expires)}
    for name in ("refresh_token", "scope"):
        kept = next((one for one in (said.get(name), before.get(name)) if _is_text(one)), "")
        if kept:
            tokens[name] = kept
    return tokens


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)
