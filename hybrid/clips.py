"""The sound of a preview: fetched from the listed hosts only, within bounds, and checked.

Whatever a host does, the page waits no longer than `LONGEST_S`, takes no more than `MOST_BYTES`,
and gets nothing that is not sound.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore
import httpx

from data.errors import SegueError
from data.records import Preview
from data.settings import Settings
from hybrid.clip_hosts import Hosts, Place

MOST_BYTES = 4_000_000
"""Thirty seconds are half a megabyte."""
LONGEST_S = 20.0
_SILENCE_S = 8.0
"""Seconds without a byte after which a host counts as gone."""
_MOST_REDIRECTS = 3


class ClipGone(SegueError):
    """The address of a preview is valid no more; a new one may be."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """The sound of a preview.

    Parameters
    ----------
    data : bytes
    media_type : str
        What it is, by its bytes: ``"audio/mpeg"``, ``"audio/mp4"`` or ``"audio/aac"``.
    """

    data: bytes
    media_type: str


def fetch(preview: Preview, settings: Settings, *, longest_s: float = LONGEST_S) -> Clip:
    """Return the sound of a preview.

    A proxy of the environment is not used: it would look hosts up itself.

    Parameters
    ----------
    preview : Preview
    settings : Settings
        The hosts that it may come from.
    longest_s : float
        Seconds that all of it may take.

    Raises
    ------
    ClipGone
        If the host has it no more.
    SegueError
        If the address is not one of the service's, or what lies there is no preview. The
        sentence holds nothing of what came, and not the address, which is signed.
    """
    hosts = Hosts.of(preview.track.service, settings)
    ends = time.monotonic() + longest_s
    url = preview.url
    for _ in range(_MOST_REDIRECTS + 1):
        place = hosts.place(url)
        try:
            answer = _ask(place, settings, hosts.label, ends)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise SegueError(
                f"{hosts.label} did not send the preview ({type(error).__name__}); try again in a "
                "minute."
            ) from None
        if isinstance(answer, Clip):
            return answer
        url = answer
    raise SegueError(
        f"{hosts.label} sends Segue round in circles for this preview; try another track."
    )


def _ask(place: Place, settings: Settings, label: str, ends: float) -> Clip | str:
    """Return the clip that lies at a place, or the address that it sends on to."""
    headers = [
        ("User-Agent", settings.user_agent),
        ("Accept", "audio/*"),
        ("Accept-Encoding", "identity"),
    ]
    with (
        httpcore.ConnectionPool(
            ssl_context=_certificates(), network_backend=_Line(place.address, ends)
        ) as pool,
        pool.stream("GET", str(place.url), headers=headers) as answer,
    ):
        said = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
        if answer.status in (301, 302, 303, 307, 308):
            return _joined(place.url, said.get(b"location", ""))
        if answer.status in (401, 403, 404, 410):
            raise ClipGone(f"{label} has this preview no more; try again, or try another track.")
        if answer.status != 200:
            raise SegueError(
                f"{label} did not send the preview (HTTP {answer.status}); try again in a minute."
            )
        declared = said.get(b"content-length", "")
        if declared.isdecimal() and int(declared) > MOST_BYTES:
            raise _too_large(label)
        data = _read(answer.iter_stream(), label)
    media_type = media_type_of(data)
    if media_type is None:
        raise SegueError(
            f"What {label} sent is no sound, so it was thrown away; try another track."
        )
    return Clip(data, media_type)


def _read(chunks: Iterable[bytes], label: str) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > MOST_BYTES:
            raise _too_large(label)
    return bytes(data)


def _too_large(label: str) -> SegueError:
    return SegueError(
        f"{label} sent more than {MOST_BYTES // 1_000_000} MB for a preview, so it was thrown "
        "away; try another track."
    )


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except httpx.InvalidURL:
        return location  # it is refused where all addresses are looked at


def media_type_of(data: bytes) -> str | None:
    """Return what kind of sound bytes are, by what they begin with; None if they are none.

    What the server calls them does not count.

    Examples
    --------
    >>> media_type_of(b"<html>") is None
    True
    """
    if data[4:8] == b"ftyp" and len(data) > 64:
        return "audio/mp4"
    start = 0
    if data[:3] == b"ID3" and len(data) > 10:
        for byte in data[6:10]:
            start = start << 7 | byte & 0x7F
        start += 10
    head = data[start : start + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0:  # ADTS has no layer
        return "audio/aac" if version & 2 else None
    bit_rate, sample_rate = head[2] >> 4, head[2] >> 2 & 3
    sane = version != 1 and bit_rate != 15 and sample_rate != 3
    return "audio/mpeg" if layer == 1 and sane else None


# -- the connection


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class _Line(httpcore.NetworkBackend):
    """Connects to one address, whatever the host is called, and holds all to one end in time."""

    def __init__(self, address: str, ends: float) -> None:
        self._address = address
        self._ends = ends
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._ends, httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(self._address, port, left, local_address, socket_options)
        return _Timed(stream, self._ends)


class _Timed(httpcore.NetworkStream):
    """A connection on which each step has what is left of the time."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._ends, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float, late: type[httpcore.TimeoutException]) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise late
    return min(left, _SILENCE_S)
