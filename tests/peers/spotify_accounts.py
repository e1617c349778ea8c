"""The half of the Spotify peer where people sign in: ``/authorize`` and ``/api/token``.

It knows one app, its users, and what OAuth 2 asks of both: redirect URIs registered
exactly, codes that work once, PKCE verifiers, refresh tokens that end.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from tests.peers.serving import Answer, Request, as_json, as_text

#: The scopes that Segue asks for.
SCOPES = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "playlist-modify-private",
    "playlist-modify-public",
)

ACCESS_SECONDS = 3600
CODE_SECONDS = 600
#: Six months after somebody agreed; a renewal does not make it longer.
REFRESH_SECONDS = 182 * 86400

_LETTERS = string.ascii_letters + string.digits

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Log in</title>
<link rel="icon" href="data:,"></head>
<body><h1>{app} wants to use your account</h1><p>Signed in as <b>{user}</b>.</p>
<ul>{scopes}</ul><form method="post" action="{action}">
<button id="agree" name="answer" value="agree">Agree</button>
<button id="cancel" name="answer" value="cancel">Cancel</button></form></body></html>"""


@dataclass(frozen=True)
class User:
    """Somebody with an account; the app's owner has to list them."""

    id: str
    name: str
    account_id: str


@dataclass(frozen=True)
class App:
    """The app as it is registered. A redirect URI with no port may be used with any."""

    client_id: str = "5e90e5e90e5e90e5e90e5e90e5e90e50"
    client_secret: str = "0c0ffee00c0ffee00c0ffee00c0ffee0"
    redirect_uris: tuple[str, ...] = ("http://127.0.0.1/spotify/callback",)
    name: str = "Segue on this machine"


@dataclass(frozen=True)
class Token:
    """What an access token opens: for nobody in particular where `user` is empty."""

    user: str
    scopes: frozenset[str]
    ends: float


@dataclass(frozen=True)
class _Code:
    user: str
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str
    ends: float


@dataclass(frozen=True)
class _Refresh:
    user: str
    scopes: frozenset[str]
    with_secret: bool
    ends: float


class _Refused(Exception):
    """The token endpoint says no: (error, what it says of it)."""


@dataclass
class Accounts:
    """Users, what they agreed to, and every token that was given out.

    Parameters
    ----------
    user : User
        Who sits at the browser.
    now : callable
        Seconds since 1970.
    withheld : set of str
        Scopes that are not granted, whatever is asked for.
    """

    app: App
    user: User
    now: Callable[[], float]
    withheld: set[str] = field(default_factory=set)
    agreed: dict[str, frozenset[str]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    refreshes: dict[str, _Refresh] = field(default_factory=dict)
    #: Tokens, verifiers and the app's secret: what may be in no log and on no page.
    secrets: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._codes: dict[str, _Code] = {}
        self.secrets.add(self.app.client_secret)

    def give(
        self, user: str, scopes: frozenset[str], seconds: float = ACCESS_SECONDS
    ) -> dict[str, object]:
        """Give out an access token, in the shape of the token endpoint."""
        access = self._secret("BQ", 60)
        self.tokens[access] = Token(user, scopes, self.now() + seconds)
        given = {"access_token": access, "token_type": "Bearer", "expires_in": int(seconds)}
        return {**given, "scope": " ".join(sorted(scopes))} if user else given

    def give_refresh(
        self, user: str, scopes: frozenset[str], *, with_secret: bool, ends: float | None = None
    ) -> str:
        """Give out a refresh token."""
        refresh = self._secret("AQ", 90)
        ends = self.now() + REFRESH_SECONDS if ends is None else ends
        self.refreshes[refresh] = _Refresh(user, scopes, with_secret, ends)
        return refresh

    def revoke(self) -> None:
        """Everybody takes back what they agreed to."""
        self.refreshes.clear()
        self.tokens.clear()
        self.agreed.clear()

    def problem(self, header: str) -> str:
        """What is wrong with an Authorization header of the API; empty if nothing is."""
        kind, _, access = header.partition(" ")
        if kind != "Bearer" or not access:
            return "No token provided"
        token = self.tokens.get(access)
        if token is None:
            return "Invalid access token"
        return "The access token expired" if token.ends <= self.now() else ""

    # ---- /authorize

    def authorize(self, request: Request) -> Answer:
        """The page that asks, or the way back where it was answered before."""
        query = request.query
        if words := self._wrong_address(query):
            return as_text(words, 400)
        if query.get("response_type") != "code":
            return self._back(query, error="unsupported_response_type")
        if query.get("code_challenge_method", "S256") != "S256":
            return self._back(query, error="invalid_request")
        scopes = frozenset(query.get("scope", "").split())
        if request.method == "POST":
            if request.form.get("answer") != "agree":
                return self._back(query, error="access_denied")
            self.agreed[self.user.id] = scopes
            return self._agree(query, scopes)
        known = self.agreed.get(self.user.id)
        if known is not None and scopes <= known and query.get("show_dialog", "") != "True":
            return self._agree(query, scopes)
        lines = "".join(f"<li>{escape(scope)}</li>" for scope in sorted(scopes))
        action = escape(f"?{urlencode(query)}")
        page = _PAGE.format(
            app=escape(self.app.name), user=escape(self.user.name), scopes=lines, action=action
        )
        return as_text(page, kind="text/html")

    def _wrong_address(self, query: Mapping[str, str]) -> str:
        uri = query.get("redirect_uri", "")
        if query.get("client_id") != self.app.client_id:
            return "INVALID_CLIENT: Invalid client"
        if not _is_safe(uri):
            return "INVALID_CLIENT: Insecure redirect URI"
        if uri in self.app.redirect_uris or _without_port(uri) in self.app.redirect_uris:
            return ""
        return "INVALID_CLIENT: Invalid redirect URI"

    def _agree(self, query: Mapping[str, str], scopes: frozenset[str]) -> Answer:
        code = _invented("AQ", 120)
        self._codes[code] = _Code(
            self.user.id,
            scopes - self.withheld,
            query["redirect_uri"],
            query.get("code_challenge", ""),
            self.now() + CODE_SECONDS,
        )
        return self._back(query, code=code)

    def _back(self, query: Mapping[str, str], **answer: str) -> Answer:
        state = {"state": query["state"]} if "state" in query else {}
        location = f"{query['redirect_uri']}?{urlencode({**answer, **state})}"
        return Answer(303, headers={"Location": location})

    # ---- /api/token

    def token(self, request: Request) -> Answer:
        """The token endpoint."""
        kinds = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "client_credentials": self._by_secret,
        }
        try:
            grant = kinds.get(request.form.get("grant_type", ""))
            if request.method != "POST" or grant is None:
                raise _Refused("unsupported_grant_type", "grant_type parameter is missing")
            given = grant(request.form, self._has_secret(request))
        except _Refused as refused:
            error, words = refused.args
            return as_json({"error": error, "error_description": words}, 400)
        return as_json(given, headers={"Cache-Control": "no-store"})

    def _has_secret(self, request: Request) -> bool:
        """Whether the app shows its secret; a wrong one is refused at once."""
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        form = request.form
        if kind == "Basic":
            try:
                client_id, _, secret = base64.b64decode(value).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise _Refused("invalid_request", "Invalid Authorization header") from None
        else:
            client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if client_id != self.app.client_id:
            raise _Refused("invalid_client", "Invalid client")
        if secret and secret != self.app.client_secret:
            raise _Refused("invalid_client", "Invalid client secret")
        return bool(secret)

    def _by_code(self, form: Mapping[str, str], with_secret: bool) -> dict[str, object]:
        # A code works once, even where the rest of the request is wrong.
        code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise _Refused("invalid_grant", "Invalid authorization code")
        if code.ends <= self.now():
            raise _Refused("invalid_grant", "Authorization code expired")
        if form.get("redirect_uri") != code.redirect_uri:
            raise _Refused("invalid_grant", "Invalid redirect URI")
        if code.challenge and _s256(form.get("code_verifier", "")) != code.challenge:
            raise _Refused("invalid_grant", "code_verifier was incorrect")
        if not code.challenge and not with_secret:
            raise _Refused("invalid_client", "Invalid client secret")
        if verifier := form.get("code_verifier"):
            self.secrets.add(verifier)
        refresh = self.give_refresh(code.user, code.scopes, with_secret=with_secret)
        return {**self.give(code.user, code.scopes), "refresh_token": refresh}

    def _by_refresh(self, form: Mapping[str, str], with_secret: bool) -> dict[str, object]:
        asked = form.get("refresh_token", "")
        known = self.refreshes.get(asked)
        if known is None:
            raise _Refused("invalid_grant", "Refresh token revoked")
        if known.ends <= self.now():
            raise _Refused("invalid_grant", "Refresh token expired")
        if known.with_secret:
            if not with_secret:
                raise _Refused("invalid_client", "Invalid client secret")
            return self.give(known.user, known.scopes)
        # Of an app with no secret, each refresh token works once and brings the next.
        del self.refreshes[asked]
        following = self.give_refresh(known.user, known.scopes, with_secret=False, ends=known.ends)
        return {**self.give(known.user, known.scopes), "refresh_token": following}

    def _by_secret(self, _: Mapping[str, str], with_secret: bool) -> dict[str, object]:
        if not with_secret:
            raise _Refused("invalid_client", "Invalid client secret")
        return self.give("", frozenset())

    def _secret(self, start: str, length: int) -> str:
        made = _invented(start, length)
        self.secrets.add(made)
        return made


def _invented(start: str, length: int) -> str:
    return start + "".join(secrets.choice(_LETTERS) for _ in range(length))


def _s256(verifier: str) -> str:
    if not 43 <= len(verifier) <= 128:
        return "the verifier has 43 to 128 characters"
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_safe(uri: str) -> bool:
    """Whether Spotify takes an address back: https, or a loopback address in numbers."""
    parts = urlsplit(uri)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _without_port(uri: str) -> str:
    """A loopback address with no port; any other one as it is."""
    parts = urlsplit(uri)
    if parts.scheme != "http" or parts.port is None:
        return uri
    return parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
