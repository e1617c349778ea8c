"""Whom the server answers: browsers that ask for it by its own name, from its own pages.

It has no accounts, so what a browser sends is all there is to go by. A page of another site must
not write here (CSRF), nor read here under a name of its own that leads to this machine (DNS
rebinding).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Request, Response, jsonify, request

from dashboard.services import current_library
from data.settings import Settings

_READS = ("GET", "HEAD", "OPTIONS")


def refuse() -> tuple[Response, int] | None:
    """Answer 403 with a sentence to whom the server does not work for; before every request."""
    if not is_named(request, current_library().settings):
        return jsonify(error=_OTHER_NAME), 403
    if request.method not in _READS and not from_own_page(request):
        return jsonify(error=_OTHER_PAGE), 403
    return None


def is_named(asked: Request, settings: Settings) -> bool:
    """Whether a request names this machine, and not a name that somebody else gave it.

    An address in numbers is nobody's name. A server that others are to reach may have any name,
    unless the settings say which.
    """
    names = {name.strip().lower() for name in settings.names.split(",")} - {""}
    given = asked.headers.get("Host")
    if given is None or not (names or is_loopback(settings.host)):
        return True
    name = _name_in(f"//{given}")
    public = _name_in(settings.public_url.strip())
    return name in {"localhost", settings.host.lower(), public, *names} - {""} or _is_address(name)


def from_own_page(asked: Request) -> bool:
    """Whether a request comes from a page of Segue, or from no page at all."""
    site, origin = asked.headers.get("Sec-Fetch-Site"), asked.headers.get("Origin")
    if site is not None:  # by the browser itself; no page can write it
        return site in ("same-origin", "none")
    return origin is None or _place_in(origin) == asked.host


def is_local(asked: Request, settings: Settings) -> bool:
    """Whether the server is for this computer alone, and the browser runs on it.

    What came through a proxy may come from anywhere.
    """
    proxied = any(
        name in asked.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")
    )
    return (
        not proxied
        and is_loopback(settings.host)
        and is_loopback(asked.remote_addr or "")
        and is_loopback(_name_in(f"//{asked.host}"))
        and from_own_page(asked)
    )


def is_loopback(name: str) -> bool:
    """Whether a name or an address is that of this computer for itself."""
    return name.lower() == "localhost" or (
        _is_address(name) and ipaddress.ip_address(name).is_loopback
    )


_OTHER_NAME = (
    "Segue does not know itself by this name. Open it at http://localhost and its port, or name "
    "it in SEGUE_NAMES."
)
_OTHER_PAGE = "Only Segue's own pages may do that from a browser."


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _name_in(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _place_in(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
