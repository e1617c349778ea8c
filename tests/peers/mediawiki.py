"""A local server that answers like MediaWiki 1.44, for tests of the MixesDB scraper.

It holds an invented wiki of DJ sets and knows the calls that Segue makes
(``generator=categorymembers`` with ``prop=revisions``, ``prop=categoryinfo``),
with MediaWiki's own continuation: a small page size, and texts that come in
several answers. ``/robots.txt`` is there, ``/db/...`` redirects to ``/w/...``,
and any request to the API can be told to fail:

>>> with MediaWikiPeer(invented_pages(20), faults={2: Fault("503")}) as peer:
...     peer.api_url  # doctest: +SKIP
'http://127.0.0.1:40001/w/api.php'

As a program it serves until it is stopped, and prints the address first::

    python -m tests.peers.mediawiki --port 0 --pages 120 --fault 3:503 --fault 5+:challenge
    SEGUE_MIXESDB_API_URL=http://127.0.0.1:PORT/w/api.php SEGUE_MIXESDB_DELAY=0 \\
        segue scrape mixesdb --category "Night Signal"
"""

from __future__ import annotations

import argparse
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.peers.invented_wiki import CATEGORY, Page, invented_pages

CHALLENGE = """<!DOCTYPE html><html><head><title>Just a moment...</title></head>
<body><noscript>Enable JavaScript and cookies to continue</noscript>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>"""

ROBOTS = "User-agent: *\nDisallow: /w/index.php\nDisallow: /w/Special:\n"


@dataclass(frozen=True)
class Fault:
    """How one answer goes wrong.

    Parameters
    ----------
    kind : str
        ``"429"`` or ``"503"`` (with `retry_after`), ``"challenge"`` (HTTP 200),
        ``"challenge-403"``, ``"403"``, ``"short-body"`` (fewer bytes than
        announced), ``"cut-json"``, ``"drop"`` (no answer), ``"slow"`` (a good
        answer after `seconds`), ``"maxlag"``, ``"badcontinue"`` (API errors).
    """

    kind: str
    retry_after: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it."""

    path: str
    query: dict[str, str]
    user_agent: str
    connection: tuple[str, int]
    at: float


@dataclass
class Wiki:
    """The API's answers, without the HTTP around them.

    Parameters
    ----------
    page_size : int
        Most members of a category in one answer, whatever ``gcmlimit`` asks.
    texts_per_answer : int
        Most page texts in one answer; the others come with ``rvcontinue``.
    """

    pages: list[Page]
    page_size: int = 7
    texts_per_answer: int = 4

    def answer(self, query: Mapping[str, str]) -> dict[str, Any]:
        if query.get("action") != "query" or query.get("formatversion") != "2":
            return error("badvalue", "This server knows action=query with formatversion=2 only.")
        if query.get("generator") == "categorymembers":
            return self._generate(query)
        return self._about(query)

    def _about(self, query: Mapping[str, str]) -> dict[str, Any]:
        answers = []
        for title in query.get("titles", "").split("|"):
            name = title.removeprefix("Category:")
            inside = [page for page in self.pages if name in page.sort_keys]
            files = sum(page.ns == 6 for page in inside)
            about: dict[str, Any] = {"ns": 14, "title": title}
            if inside:
                about["categoryinfo"] = {
                    "size": len(inside),
                    "pages": len(inside) - files,
                    "files": files,
                    "subcats": 0,
                }
            else:
                about["missing"] = True
            answers.append(about)
        return {"batchcomplete": True, "query": {"pages": answers}}

    def _generate(self, query: Mapping[str, str]) -> dict[str, Any]:
        category, ok = re.subn(r"^Category:", "", query.get("gcmtitle", ""))
        if not ok:
            return error("invalidcategory", "The category name you entered is not valid.")
        down = query.get("gcmdir") in ("desc", "descending", "older")
        members = sorted(
            (
                (page.sort_keys[category].upper(), page.pageid, page)
                for page in self.pages
                if category in page.sort_keys and page.ns == int(query.get("gcmnamespace", page.ns))
            ),
            reverse=down,
        )
        if "gcmendsortkeyprefix" in query:
            end = query["gcmendsortkeyprefix"].upper()
            members = [m for m in members if (m[0] >= end if down else m[0] <= end)]
        if "gcmcontinue" in query:
            start = _read_continue(query["gcmcontinue"])
            if start is None:
                return error("badcontinue", "Invalid continue param.")
            members = [m for m in members if (m[:2] <= start if down else m[:2] >= start)]
        size = min(self.page_size, int(query.get("gcmlimit", "10")))
        following = _write_continue(members[size]) if len(members) > size else None
        return self._with_texts([page for *_, page in members[:size]], following, query)

    def _with_texts(
        self, members: list[Page], following: str | None, query: Mapping[str, str]
    ) -> dict[str, Any]:
        if not members:
            return {"batchcomplete": True}
        members = sorted(members, key=lambda page: page.pageid)
        start = 0
        if "rvcontinue" in query:
            ids = [page.pageid for page in members]
            first = query["rvcontinue"].split("|")[0]
            if not first.isdigit() or int(first) not in ids:
                return error("badcontinue", "Invalid continue param.")
            start = ids.index(int(first))
        end = start + self.texts_per_answer
        answer: dict[str, Any] = {
            "query": {
                "pages": [
                    _as_json(page, with_text=start <= place < end)
                    for place, page in enumerate(members)
                ]
            }
        }
        if end < len(members):
            same = {"gcmcontinue": query["gcmcontinue"]} if "gcmcontinue" in query else {}
            token = f"{members[end].pageid}|{members[end].pageid * 10}"
            answer["continue"] = {"rvcontinue": token, **same, "continue": "gcmcontinue||"}
        else:
            answer["batchcomplete"] = True
            if following:
                answer["continue"] = {"gcmcontinue": following, "continue": "gcmcontinue||"}
        return answer


def error(code: str, info: str) -> dict[str, Any]:
    return {"error": {"code": code, "info": info, "docref": "See /w/api.php for API usage."}}


def _as_json(page: Page, *, with_text: bool) -> dict[str, Any]:
    value: dict[str, Any] = {"pageid": page.pageid, "ns": page.ns, "title": page.title}
    if with_text:
        main = {
            "contentmodel": "wikitext",
            "contentformat": "text/x-wiki",
            "content": page.wikitext,
        }
        value["revisions"] = [{"slots": {"main": main}}]
    return value


def _write_continue(member: tuple[str, int, Page]) -> str:
    key, pageid, page = member
    kind = "file" if page.ns == 6 else "page"
    return f"{kind}|{key.encode().hex()}|{pageid}"


def _read_continue(value: str) -> tuple[str, int] | None:
    parts = re.fullmatch(r"(?:page|file|subcat)\|((?:[0-9a-f]{2})+)\|(\d+)", value)
    return (bytes.fromhex(parts[1]).decode(), int(parts[2])) if parts else None


@dataclass
class MediaWikiPeer:
    """The server; a context manager that serves in threads of its own.

    Parameters
    ----------
    pages : iterable of Page
    faults : mapping of int to Fault
        Which request to the API (1, 2, ...) goes wrong and how.
    faults_from : tuple of (int, Fault), optional
        Fault of this and every later request to the API.
    robots : str, int or Fault
        Text of ``/robots.txt``, a status such as 404 or 503, or a fault.
    on_request : callable, optional
        Called with the number of each request to the API before it is answered.
    """

    pages: Iterable[Page]
    page_size: int = 7
    texts_per_answer: int = 4
    faults: Mapping[int, Fault] = field(default_factory=dict)
    faults_from: tuple[int, Fault] | None = None
    robots: str | int | Fault = ROBOTS
    on_request: Callable[[int], None] | None = None
    port: int = 0

    def __post_init__(self) -> None:
        self.wiki = Wiki(list(self.pages), self.page_size, self.texts_per_answer)
        self.seen: list[Seen] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_url = f"{self.url}/w/api.php"
        self.page_url = f"{self.url}/w/"

    def __enter__(self) -> Self:
        # The default half second between looks for shutdown() would be most of a test.
        serve = lambda: self._server.serve_forever(poll_interval=0.01)  # noqa: E731
        threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def api_requests(self) -> list[Seen]:
        """The requests that reached the API, redirected ones not."""
        return [seen for seen in self.seen if seen.path == "/w/api.php"]

    def forget(self) -> None:
        """Count requests from 1 again."""
        with self._lock:
            self.seen.clear()

    def note(self, seen: Seen) -> int:
        """Keep a request and return its number among those to the API."""
        with self._lock:
            self.seen.append(seen)
            return len(self.api_requests)

    def fault(self, number: int) -> Fault | None:
        """How the answer to API request `number` goes wrong, if it does."""
        if self.faults_from and number >= self.faults_from[0]:
            return self.faults_from[1]
        return self.faults.get(number)


def _handler(peer: MediaWikiPeer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in two writes; Nagle would hold the second for 40 ms.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
            agent = self.headers.get("User-Agent", "")
            seen = Seen(parts.path, query, agent, self.client_address, time.monotonic())
            number = peer.note(seen)
            if parts.path == "/robots.txt":
                self._robots()
            elif parts.path.startswith("/db/"):
                self._send(301, b"", {"Location": "/w/" + self.path.removeprefix("/db/")})
            elif parts.path == "/w/api.php":
                if peer.on_request:
                    peer.on_request(number)
                self._api(query, peer.fault(number))
            else:
                self._send(404, b"<html>not found</html>", {"Content-Type": "text/html"})

        def _robots(self) -> None:
            if isinstance(peer.robots, Fault):
                self._api({}, peer.robots)
            elif isinstance(peer.robots, int):
                self._send(peer.robots, b"", {})
            else:
                self._send(200, peer.robots.encode(), {"Content-Type": "text/plain"})

        def _api(self, query: Mapping[str, str], fault: Fault | None) -> None:
            kind = fault.kind if fault else ""
            if fault and kind in ("429", "503", "403"):
                headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
                return self._send(int(kind), b"busy", headers)
            if kind in ("challenge", "challenge-403"):
                status = 403 if kind == "challenge-403" else 200
                return self._send(status, CHALLENGE.encode(), {"Content-Type": "text/html"})
            if kind in ("maxlag", "badcontinue"):
                body = json.dumps(error(kind, "Waiting for a database server.")).encode()
                return self._send(200, body, {"Content-Type": "application/json"})
            if kind == "drop":
                self.close_connection = True
                return None
            if fault and kind == "slow":
                time.sleep(fault.seconds)
            body = json.dumps(peer.wiki.answer(query), ensure_ascii=False).encode()
            if kind == "cut-json":
                body = body[: len(body) // 2]
            self._send(
                200,
                body[: len(body) // 2] if kind == "short-body" else body,
                {"Content-Type": "application/json; charset=utf-8"},
                announced=len(body),
            )
            if kind == "short-body":
                self.close_connection = True
            return None

        def _send(
            self, status: int, body: bytes, headers: Mapping[str, str], announced: int | None = None
        ) -> None:
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header(
                    "Content-Length", str(len(body) if announced is None else announced)
                )
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                # The reader was killed, which is what some tests are about.
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _fault_argument(text: str) -> tuple[int, bool, Fault]:
    parts = re.fullmatch(r"(\d+)(\+?):([a-z0-9-]+)(?:=([\d.]+))?", text)
    if not parts:
        raise argparse.ArgumentTypeError(f"“{text}” is not NUMBER[+]:KIND[=SECONDS]")
    value = parts[4] or ""
    return int(parts[1]), bool(parts[2]), Fault(parts[3], value, float(value or 0))


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="A local wiki of invented DJ sets.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--pages", type=int, default=60, help="number of set pages")
    parser.add_argument("--page-size", type=int, default=7, help="category members per answer")
    parser.add_argument("--texts", type=int, default=4, help="page texts per answer")
    parser.add_argument("--robots", default=ROBOTS, help="text of robots.txt")
    parser.add_argument(
        "--fault",
        type=_fault_argument,
        action="append",
        default=[],
        metavar="N[+]:KIND[=S]",
        help="make API request N (and all later ones, with +) fail: 3:503, 4:429=2 (Retry-After), "
        "5+:challenge, 6:slow=1.5; kinds are listed at Fault",
    )
    asked = parser.parse_args()
    peer = MediaWikiPeer(
        invented_pages(asked.pages),
        asked.page_size,
        asked.texts,
        faults={number: fault for number, onward, fault in asked.fault if not onward},
        faults_from=next(((n, fault) for n, onward, fault in asked.fault if onward), None),
        robots=asked.robots,
        port=asked.port,
    )
    with peer:
        print(f"{peer.api_url}\ncategory: {CATEGORY}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
