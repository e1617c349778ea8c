"""Identifiers that others gave to recordings, parsed strictly.

A wrong identifier is worse than none, so nothing is guessed: a bare word of the
right length is no id unless it is an ISRC.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from data.records import OutsideId

_SPOTIFY_KINDS = "track|album|playlist|artist|episode|show"
_SPOTIFY_URI = re.compile(rf"spotify:({_SPOTIFY_KINDS}):([0-9A-Za-z]{{22}})")
_SPOTIFY_PATH = re.compile(
    rf"/(?:intl-[a-z]{{2}}(?:-[a-z]{{2}})?/)?(?:embed/)?({_SPOTIFY_KINDS})/([0-9A-Za-z]{{22}})/?",
    re.IGNORECASE,
)
_ISRC = re.compile(r"(?:ISRC:?\s*)?([A-Z]{2})-?([A-Z0-9]{3})-?(\d{2})-?(\d{5})", re.IGNORECASE)
_YOUTUBE_ID = re.compile(r"[0-9A-Za-z_-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([0-9A-Za-z_-]{11})/?")
_YOUTUBE_HOSTS = frozenset(("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"))


def parse_outside_id(text: str) -> OutsideId | None:
    """Read a Spotify URI or link, an ISRC or a YouTube link.

    Parameters
    ----------
    text : str
        What somebody typed or pasted; spaces around it do not count.

    Returns
    -------
    OutsideId or None
        Scheme ``"spotify"`` is a track; other things of Spotify have their own
        scheme (``"spotify:playlist"``). None for anything else.

    Examples
    --------
    >>> parse_outside_id("https://open.spotify.com/intl-de/track/4uLU6hMCjMI75M1A2tKUQC?si=1")
    OutsideId(scheme='spotify', value='4uLU6hMCjMI75M1A2tKUQC', source='')
    >>> parse_outside_id("gb-ayd-13-00049").value
    'GBAYD1300049'
    """
    text = text.strip()
    if match := _SPOTIFY_URI.fullmatch(text):
        return _spotify(match[1], match[2])
    if match := _ISRC.fullmatch(text):
        return OutsideId("isrc", "".join(match.groups()).upper())
    return _from_url(text)


def _spotify(kind: str, value: str) -> OutsideId:
    kind = kind.lower()
    return OutsideId("spotify" if kind == "track" else f"spotify:{kind}", value)


def _from_url(text: str) -> OutsideId | None:
    if not text.lower().startswith(("http://", "https://")) or re.search(r"[\s\\]", text):
        return None
    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        return None
    if "@" in url.netloc or port not in (None, 80, 443):
        return None
    if host == "open.spotify.com":
        match = _SPOTIFY_PATH.fullmatch(url.path)
        return _spotify(match[1], match[2]) if match else None
    value = ""
    if host == "youtu.be":
        value = url.path.strip("/")
    elif host in _YOUTUBE_HOSTS:
        watched = parse_qs(url.query).get("v", [""])[0] if url.path == "/watch" else ""
        embedded = _YOUTUBE_PATH.fullmatch(url.path)
        value = embedded[1] if embedded else watched
    return OutsideId("youtube", value) if _YOUTUBE_ID.fullmatch(value) else None
