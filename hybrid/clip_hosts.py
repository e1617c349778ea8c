"""Where previews may be fetched from: the hosts of the services, at public addresses.

An address comes out of somebody else's answer, so it may lead anywhere: to this machine, or into
the network it stands in.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

import httpx

from data.errors import SegueError
from data.records import Service
from data.settings import Settings

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9-]{1,63})*")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: All of IPv6 that is given out for the open internet; the rest may be any network's own.
_GLOBAL = ipaddress.IPv6Network("2000::/3")
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect to.

    Parameters
    ----------
    url : httpx.URL
    address : str
        IP address of the URL's host that was looked at; another look-up may give another.
    """

    url: httpx.URL
    address: str


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of one service.

    Parameters
    ----------
    label : str
        Name of the service, for people.
    listed : tuple of str
        Each is a host, or ``*.`` and a domain for all hosts in it, or a host with its port. The
        last is for a server of one's own: only there may be no TLS, and a private address.
    """

    label: str
    listed: tuple[str, ...]

    @classmethod
    def of(cls, service: Service, settings: Settings) -> Hosts:
        """Return the hosts of a service as the settings list them."""
        label, listed = {
            "deezer": ("Deezer", settings.deezer_preview_hosts),
            "itunes": ("Apple Music", settings.itunes_preview_hosts),
        }.get(service, (service, ""))
        entries = (entry.strip().lower() for entry in listed.split(","))
        return cls(label, tuple(entry for entry in entries if entry))

    def place(self, written: str) -> Place:
        """Return where an address leads; its host is looked up once.

        Raises
        ------
        SegueError
            If that is nowhere that the service has its previews.
        """
        url = self._parsed(written)
        port = url.port or _PORTS[url.scheme]
        own = f"{url.host}:{port}" in self.listed
        if not own and not any(_matches(url.host, entry) for entry in self.listed):
            raise self._refusal(f"leads to {url.host}, which is none of its hosts")
        if not own and (url.scheme, port) != ("https", 443):
            raise self._refusal("is not an https address")
        return Place(url, self._looked_up(url.host, port, private=own))

    def _parsed(self, written: str) -> httpx.URL:
        # What another reader of addresses would read another way is not read at all.
        if not written.isascii() or not written.isprintable() or set(written) & set(" \\"):
            raise self._refusal("is damaged")
        try:
            url = httpx.URL(written)
        except httpx.InvalidURL:
            raise self._refusal("is damaged") from None
        if url.scheme not in _PORTS:
            raise self._refusal("is not an https address")
        if url.userinfo or not _HOST.fullmatch(url.host):
            raise self._refusal("is damaged")
        return url

    def _looked_up(self, host: str, port: int, *, private: bool) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise SegueError(
                f"{self.label}'s host {host} cannot be found; check your connection and try again."
            ) from None
        addresses = [str(entry[4][0]) for entry in found]
        # One that is not public is enough: nobody who means well mixes the two.
        if not private and not all(map(is_public, addresses)):
            raise self._refusal("leads into a private network")
        return addresses[0]

    def _refusal(self, why: str) -> SegueError:
        return SegueError(
            f"{self.label}'s address of this preview {why}, so nothing was fetched; try another "
            "track."
        )


def _matches(host: str, entry: str) -> bool:
    """Whether a host is one that an entry names; a number in place of a name never is."""
    if re.fullmatch(r"[0-9.]+", host):
        return False
    return host.endswith(entry[1:]) if entry.startswith("*.") else host == entry


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also where it is wrapped in another.

    Examples
    --------
    >>> is_public("93.184.216.34"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # What IPv6 carries IPv4 in leads to that address.
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None or ip not in _GLOBAL:
            return False
    return ip.is_global and not ip.is_multicast
