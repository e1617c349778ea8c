"""What the peers of JSON services share: requests, answers, and the server around them.

A peer says what it answers in `Peer.answer`; here are the socket, the threads and the
ways in which an answer can go wrong on its way.
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """One request; a query or form that names a value twice keeps the last one."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    raw: bytes = b""

    @cached_property
    def form(self) -> dict[str, str]:
        """Values of a posted form; empty if it is none."""
        if "x-www-form-urlencoded" not in self.headers.get("Content-Type", ""):
            return {}
        return _last(self.raw.decode("utf-8", "replace"))

    @cached_property
    def body(self) -> Any:
        """The JSON that was sent; None where there is none or it is broken."""
        try:
            return json.loads(self.raw) if self.raw else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Answer:
    """One answer.

    Parameters
    ----------
    dropped : bool
        The connection is closed in place of an answer.
    after : float
        Seconds before the answer, cut short when the peer stops.
    sized : bool
        Whether the length is announced; the connection ends where it is not.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    dropped: bool = False
    after: float = 0.0
    sized: bool = True


def as_json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer that carries JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(status, body, {**kind, **(headers or {})})


def as_text(text: str, status: int = 200, kind: str = "text/plain") -> Answer:
    """An answer that carries text."""
    return Answer(status, text.encode(), {"Content-Type": f"{kind}; charset=utf-8"})


def as_shell(settings: Mapping[str, str]) -> str:
    """Settings as lines that a shell can read."""
    return "\n".join(f"export {name}={value}" for name, value in settings.items())


@dataclass(frozen=True)
class Asked:
    """One request as a peer saw it, and what it answered (0: nothing)."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    headers: Mapping[str, str]
    at: float


@dataclass
class Peer(ABC):
    """A local server; a context manager that serves in threads of its own.

    Parameters
    ----------
    port : int
        0 takes a free one.
    """

    port: int = field(default=0, kw_only=True)

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """What a request is answered; many threads ask at once."""

    def __post_init__(self) -> None:
        self.stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        # Leaving must not wait for the threads of answers that never come.
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        # The default half second between looks for shutdown() would be most of a test.
        serve = lambda: self._server.serve_forever(poll_interval=0.01)  # noqa: E731
        threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()


def _last(text: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _handler(peer: Peer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in two writes; Nagle would hold the second for 40 ms.
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Request(self.command, parts.path, _last(parts.query), self.headers, raw)
            self._send(peer.answer(asked))

        do_GET = do_POST = do_PUT = do_DELETE = _serve

        def _send(self, answer: Answer) -> None:
            if answer.after:
                peer.stopped.wait(answer.after)
            if answer.dropped:
                self.close_connection = True
                return
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.sized:
                    self.send_header("Content-Length", str(len(answer.body)))
                else:
                    self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(answer.body)
            except ConnectionError:
                # Whoever asked has given up, which is what some tests are about.
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    return Handler
