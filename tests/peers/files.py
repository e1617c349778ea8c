"""A local server of files that knows Range and If-Range, and can be told to fail.

>>> with FilePeer({"/a.zip": b"..."}, cut={"/a.zip": [100]}) as peer:
...     peer.url("/a.zip")  # doctest: +SKIP
'http://127.0.0.1:40001/a.zip'
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

#: A file, or what makes a web page of a request's query.
Content = bytes | Callable[[dict[str, str]], str]


@dataclass
class FilePeer:
    """The server; a context manager that serves in threads of its own.

    Parameters
    ----------
    files : dict
        Path -> content. Anything else is 404.
    cut : dict of str to list of int
        Path -> after how many bytes each of the next answers breaks off.
    status : dict of str to list of int
        Path -> status of each of the next answers that carry nothing.
    ranges : bool
        Whether a part of a file can be asked for.
    modified : str
        Date that files carry as their mark, in place of an ETag.
    """

    files: dict[str, Content]
    cut: dict[str, list[int]] = field(default_factory=dict)
    status: dict[str, list[int]] = field(default_factory=dict)
    ranges: bool = True
    modified: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Address of a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def asked(self, path: str) -> list[str]:
        """The Range of each request for `path`, empty where it asked for the whole."""
        return [wanted for seen, wanted in self.seen if urlsplit(seen).path == path]

    def __enter__(self) -> Self:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                peer.answer(self)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a file, a part of it, a page or a failure."""
        path, wanted = urlsplit(handler.path).path, handler.headers.get("Range", "")
        self.seen.append((handler.path, wanted))
        content = self.files.get(path)
        if failing := self.status.get(path):
            send(handler, failing.pop(0), b"")
        elif content is None:
            send(handler, 404, b"no such file")
        elif callable(content):
            query = dict(parse_qsl(urlsplit(handler.path).query))
            send(handler, 200, content(query).encode(), {"Content-Type": "text/html"})
        else:
            self._send_file(handler, path, content, wanted)

    def _send_file(
        self, handler: BaseHTTPRequestHandler, path: str, content: bytes, wanted: str
    ) -> None:
        mark = self.modified or f'"{hashlib.md5(content).hexdigest()}"'
        headers = {"Content-Type": "application/octet-stream"}
        headers["Last-Modified" if self.modified else "ETag"] = mark
        cut = self.cut[path].pop(0) if self.cut.get(path) else None
        start = re.fullmatch(r"bytes=(\d+)-", wanted)
        same = handler.headers.get("If-Range", mark) == mark
        if not (start and same and self.ranges):
            send(handler, 200, content, headers, cut)
        elif int(start[1]) >= len(content):
            send(handler, 416, b"", {"Content-Range": f"bytes */{len(content)}"})
        else:
            first = int(start[1])
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
            send(handler, 206, content[first:], headers, cut)


def send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
    cut: int | None = None,
) -> None:
    """Answer, and break off after `cut` bytes of the body."""
    handler.send_response(status)
    for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body[:cut])
    if cut is not None:
        handler.close_connection = True
