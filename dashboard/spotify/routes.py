"""``/spotify/...``: to Spotify's sign-in page, back from it, and signing out.

Whoever comes back must be who left: a cookie that no script can read names the sign-in, and the
`state` that Spotify hands back must be the one that went with it. What Spotify writes into the
address is never shown, and leaves the address bar at once.
"""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, redirect, request

from dashboard import query
from dashboard.services import current_library
from dashboard.services import spotify as service
from dashboard.spotify.address import callback_address
from dashboard.spotify.notes import current_notes
from data.errors import SegueError

routes = Blueprint("spotify", __name__)

COOKIE = "segue_sign_in"
_LASTS_S = 600
_RANDOM_BYTES = 32
_LONGEST = 4096  # characters of what Spotify hands back
#: What Spotify may say instead of a code (RFC 6749, 4.1.2.1); anything else is not its word.
_ERRORS = (
    "access_denied",
    "invalid_request",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
)
_NO_ADDRESS = (
    "Spotify sends people back only to https addresses, or to this computer: set "
    "SEGUE_PUBLIC_URL to the https address of Segue, or let it listen on 127.0.0.1."
)
_LOST = (
    "The way back from Spotify has to end in the browser and at the address where it began, "
    "within ten minutes: press Sign in again."
)


@routes.post("/spotify/sign-in")
def sign_in() -> Response:
    """Send the browser to Spotify's sign-in page; ``again`` lets it ask for consent anew."""
    crate = _crate(request.args.get("crate", ""))
    address = callback_address(current_library().settings, request.environ)
    if not address:
        return _back(crate, _NO_ADDRESS)
    session = secrets.token_urlsafe(_RANDOM_BYTES)
    account = service.account(current_library())
    try:
        there = account.begin(address, session, again=bool(request.args.get("again")))
    except SegueError as error:
        return _back(crate, str(error))
    answer = _sent_on(there)
    answer.set_cookie(
        COOKIE,
        # Which crate was open comes back with it.
        f"{session}.{crate or ''}",
        max_age=_LASTS_S,
        path="/spotify",
        secure=address.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
    return answer


@routes.get("/spotify/callback")
def callback() -> Response:
    """Take what Spotify hands back, and send the browser on to an address without it."""
    session, _, kept = request.cookies.get(COOKIE, "").partition(".")
    crate = _crate(kept)
    asked = {name: request.args.get(name, "") for name in ("state", "code", "error")}
    if not session or any(len(value) > _LONGEST for value in asked.values()):
        return _forgotten(_back(crate, _LOST))
    error = asked["error"]
    try:
        service.account(current_library()).finish(
            session,
            state=asked["state"],
            code=asked["code"],
            error=error if error in _ERRORS or not error else "unknown",
            redirect_uri=callback_address(current_library().settings, request.environ),
        )
    except SegueError as refused:
        # The cookie stays: what was refused may be the answer to another tab's sign-in.
        return _back(crate, str(refused))
    service.look_anew(current_library())
    return _forgotten(_back(crate))


@routes.post("/spotify/sign-out")
def sign_out() -> Response:
    """Forget the sign-in and everything that was asked of Spotify."""
    try:
        service.sign_out(current_library())
    except SegueError as error:
        return _back(None, str(error))
    return _back(None)


def _crate(text: str) -> int | None:
    return query.number(f"?crate={text}", "crate")


def _back(crate: int | None, note: str = "") -> Response:
    """Send the browser to the page; what is to be told there stays here until it asks."""
    name = current_notes().keep(note) if note else None
    return _sent_on("/spotify" + query.written("", crate=crate, note=name))


def _sent_on(address: str) -> Response:
    answer = redirect(address, 303)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    # The usual page that names the address would keep it in the browser's memory.
    answer.set_data(b"")
    return answer


def _forgotten(answer: Response) -> Response:
    answer.delete_cookie(COOKIE, path="/spotify", httponly=True, samesite="Lax")
    return answer
