"""Where Spotify sends people back to after they signed in."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from dashboard import guard
from data.settings import Settings

PATH = "/spotify/callback"
_EVERYWHERE = ("0.0.0.0", "*", "")


def callback_address(settings: Settings, environ: Mapping[str, Any]) -> str:
    """Return the redirect URI, as it must stand in the Spotify app letter by letter.

    Spotify takes ``https`` addresses, and plain ones only of this computer, written in numbers.

    Parameters
    ----------
    settings : Settings
    environ : mapping
        Of a WSGI request; its port is the one that the server really listens on.

    Returns
    -------
    str
        Empty where Segue listens on no address that Spotify takes.
    """
    if settings.public_url:
        place = settings.public_url.strip().rstrip("/")
        return f"{place}{PATH}" if _is_taken(place) else ""
    host = _loopback(settings.host.strip().lower())
    return f"http://{host}:{environ['SERVER_PORT']}{PATH}" if host else ""


def origin(address: str) -> str:
    """Return scheme and host of an address: the sign-in must begin where it ends.

    Examples
    --------
    >>> origin("http://127.0.0.1:8050/spotify/callback")
    'http://127.0.0.1:8050'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if address else ""


def _loopback(host: str) -> str:
    """Return this computer's address in numbers, if a server at `host` listens there."""
    if host in _EVERYWHERE or host == "localhost":
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    if not guard.is_loopback(host):
        return ""
    return f"[{host}]" if ":" in host else host


def _is_taken(place: str) -> bool:
    """Whether Spotify sends people back to a place."""
    try:
        parts = urlsplit(place)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    # Segue stands at the root of its address, and so do its pages and its cookie.
    if not host or parts.path or parts.query or parts.fragment or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback_number(host))


def _is_loopback_number(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
