"""Failures that any service has, and the peer that can be told to have them.

>>> fault = peer.fail("server", times=2, path="search", after=1)  # doctest: +SKIP

lets one search go well and fails the two after it.
"""

from __future__ import annotations

import threading
import time
from abc import abstractmethod
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from tests.peers.serving import Answer, Asked, Peer, Request, as_json, as_text

#: Kinds that any peer knows; those with a * do what was asked all the same.
KINDS = (
    "server",  # HTTP 502
    "done_but_502",  # *
    "timeout",  # no answer for `seconds`, then the connection is closed
    "done_but_timeout",  # *
    "drop",  # the connection is closed at once
    "done_but_drop",  # *
    "empty",  # HTTP 200 with no body
    "html",  # HTTP 200 with the page of some network's sign-in
    "cut",  # * half of the body
    "slow",  # * after `seconds`
    "redirect",  # HTTP 302 to `url`
    "huge",  # six megabytes, announced
    "unsized",  # the same with no announcement
)
SIX_MB = 6_000_000


@dataclass
class Fault:
    """How some answers go wrong.

    Parameters
    ----------
    kind : str
        One of `KINDS`, or of the peer's own.
    times : int
        How many answers.
    method, path : str or None
        Which requests: ``"POST"``, ``"playlists/*/items"``. With no path, every call of
        the API.
    after : int
        How many such requests go well before.
    retry_after : str or None
        The header where the peer sends one; None leaves it out, empty is the usual one.
    status : int
        In place of the usual one.
    seconds : float
        How long "timeout" and "slow" keep somebody waiting.
    words : str
        In place of the usual ones.
    url : str
        Where "redirect" leads.
    """

    kind: str
    times: int = 1
    method: str | None = None
    path: str | None = None
    after: int = 0
    retry_after: str | None = ""
    status: int = 0
    seconds: float = 0.0
    words: str = ""
    url: str = ""

    def meets(self, method: str, path: str, *, of_api: bool) -> bool:
        """Whether this request goes wrong; each one that it could be is counted."""
        if self.method not in (None, method):
            return False
        if not (of_api if self.path is None else fnmatch(path, self.path)):
            return False
        if self.after:
            self.after -= 1
            return False
        if not self.times:
            return False
        self.times -= 1
        return True

    @property
    def is_done(self) -> bool:
        """Whether the request does its work all the same."""
        return self.kind.startswith("done_but_") or self.kind in ("cut", "slow")

    def answer(self) -> Answer:
        """The answer of a request that did nothing."""
        if self.kind == "html":
            return as_text("<html><body>Sign in to the network</body></html>", 200, "text/html")
        if self.kind == "redirect":
            return Answer(302, headers={"Location": self.url})
        if self.kind in ("huge", "unsized"):
            kind = {"Content-Type": "audio/mpeg"}
            return Answer(200, bytes(SIX_MB), kind, sized=self.kind == "huge")
        return self.spoil(Answer(200))

    def spoil(self, answer: Answer) -> Answer:
        """The answer of a request that did its work."""
        if self.kind in ("server", "done_but_502"):
            return as_json(
                {"error": {"status": 502, "message": "Bad gateway."}}, self.status or 502
            )
        if self.kind in ("drop", "done_but_drop"):
            return Answer(0, dropped=True)
        if self.kind in ("timeout", "done_but_timeout"):
            return Answer(0, dropped=True, after=self.seconds or 30.0)
        if self.kind == "cut":
            return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
        if self.kind == "slow":
            return Answer(answer.status, answer.body, answer.headers, after=self.seconds)
        return answer


@dataclass
class FaultyPeer(Peer):
    """A peer that notes what it is asked, and fails when it was told to.

    Attributes
    ----------
    requests : list of Asked
        Every request and the status of its answer; those that failed as well.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.requests: list[Asked] = []
        self._faults: list[Fault] = []
        self._lock = threading.RLock()
        self._ahead = 0.0

    @abstractmethod
    def work(self, request: Request, path: str) -> Answer:
        """Answer a request for `path`, as `short` has it; one request at a time."""

    def short(self, path: str) -> str:
        """A path as faults and `requests` name it."""
        return path.strip("/")

    def is_api(self, path: str) -> bool:
        """Whether a request is for the API: what a fault with no path is about."""
        return True

    def fail(self, kind: str, times: int = 1, **when: Any) -> Fault:
        """Make the next `times` answers fail; `when` are values of `Fault`."""
        return self._add(Fault(kind, times, **when), KINDS)

    def _add(self, fault: Fault, kinds: tuple[str, ...]) -> Fault:
        if fault.kind not in kinds:
            raise ValueError(f"no fault is called {fault.kind}: take one of {', '.join(kinds)}")
        with self._lock:
            self._faults.append(fault)
        return fault

    def heal(self) -> None:
        """End every fault."""
        with self._lock:
            self._faults.clear()

    def now(self) -> float:
        """Seconds since 1970 by the peer's clock, which `later` moves."""
        return time.time() + self._ahead

    def later(self, seconds: float) -> None:
        """Let time pass for the peer."""
        self._ahead += seconds

    def asked(self, method: str | None = None, path: str = "*") -> list[Asked]:
        """The requests of a method for a path such as ``playlists/*/items``, in order."""
        with self._lock:
            return [
                one
                for one in self.requests
                if method in (None, one.method) and fnmatch(one.path, path)
            ]

    def answer(self, request: Request) -> Answer:
        """Answer a request, or fail it."""
        # One at a time, so that two writes at once cannot lose each other.
        with self._lock:
            path, of_api = self.short(request.path), self.is_api(request.path)
            asked = request.method, path
            fault = next((one for one in self._faults if one.meets(*asked, of_api=of_api)), None)
            if fault and not fault.is_done:
                answer = fault.answer()
            else:
                answer = self.work(request, path)
                answer = fault.spoil(answer) if fault else answer
            told = (*asked, request.query, request.form or request.body, answer.status)
            self.requests.append(Asked(*told, request.headers, time.monotonic()))
        return answer
