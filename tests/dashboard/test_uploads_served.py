"""``POST /uploads`` on a real server: what is larger than it says, or than may be."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from dashboard import server, uploads
from dashboard.app import create_app
from data.settings import Settings


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, int]]:
    """Serve the app as `segue serve` does; yield host and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings = Settings(home=home, port=free.getsockname()[1])
    app = create_app(settings)
    listening = server.create_server(app, settings)
    thread = threading.Thread(target=listening.run, daemon=True)
    thread.start()
    try:
        yield settings.host, settings.port
    finally:
        listening.close()
        thread.join(timeout=10)


HEAD = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.mp3"\r\n\r\n'
TYPE = {"Content-Type": "multipart/form-data; boundary=edge"}


def _parts(size: int) -> Iterator[bytes]:
    yield HEAD
    block = bytes(1 << 20)
    for start in range(0, size, len(block)):
        yield block[: min(len(block), size - start)]
    yield b"\r\n--edge--\r\n"


def sent(place: tuple[str, int], body: Any, **headers: str) -> tuple[int, str]:
    """Upload `body` as it comes; return what the server answers, also in the middle of it."""
    connection = HTTPConnection(*place, timeout=60)
    given = {**TYPE, **headers}
    # It may have heard enough and close; what it said stands in the answer.
    with suppress(BrokenPipeError, ConnectionResetError):
        chunked = "Content-Length" not in headers
        connection.request("POST", "/uploads?purpose=music", body, given, encode_chunked=chunked)
    try:
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def kept(home: Path) -> list[Path]:
    folders = [home / name for name in ("uploads", "music", "dropped")]
    return [path for folder in folders if folder.exists() for path in folder.rglob("*")]


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """A limit that is reached at once; what the server takes is bound to it too."""
    limit = 3 << 20
    monkeypatch.setattr(uploads, "LIMIT", limit)
    monkeypatch.setattr(server, "LIMIT", limit)
    return limit


def test_an_upload_that_says_it_is_too_large_is_refused_before_it_comes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as place:
        for length in (uploads.LIMIT + (2 << 20), uploads.LIMIT << 8, 10**30):
            status, said = sent(place, HEAD, **{"Content-Length": str(length)})
            assert status == 413, said
    assert kept(home) == []


def test_an_upload_that_streams_beyond_the_limit_is_refused(
    tmp_path: Path, small_limit: int
) -> None:
    home = tmp_path / "home"
    with serving(home) as place:
        status, _ = sent(place, _parts(small_limit * 3), **{"Transfer-Encoding": "chunked"})
        assert status == 413
        status, said = sent(place, _parts(1000), **{"Transfer-Encoding": "chunked"})
        assert (status, '"job"' in said) == (201, True)
    assert len([path for path in kept(home) if path.is_file()]) == 1


def test_an_upload_that_says_less_than_it_sends_gives_no_more_than_it_said(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    body = b"".join(_parts(100_000))
    with serving(home) as place:
        status, _ = sent(place, body, **{"Content-Length": "500"})
        assert status == 400
    assert kept(home) == []


@pytest.mark.slow
def test_an_upload_of_more_than_two_gigabytes_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as place:
        size = uploads.LIMIT + (2 << 20)
        status, _ = sent(place, _parts(size), **{"Transfer-Encoding": "chunked"})
        assert status == 413
    assert kept(home) == []
