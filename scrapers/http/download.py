"""Bring one file from the web to the disk, and go on where it broke off."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from data.errors import SegueError
from scrapers.http.answers import PassingFailure, require_found, status

#: Told ``(bytes there, bytes in all)``; 0 in all while unknown.
Told = Callable[[int, int], None]
#: Opens an answer to be read piece by piece, given the extra headers of its request.
Opener = Callable[[Mapping[str, str]], AbstractContextManager[httpx.Response]]

_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


class Download:
    """One file on its way: what has come so far stands beside it, ending in ``.part``.

    A second file beside that, ending in ``.etag``, names the state of the server's file
    that it belongs to, so that a changed file is begun anew and never mixed.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self.etag = target.with_name(f"{target.name}.part.etag")

    def so_far(self) -> int:
        """Bytes that have come."""
        return self.part.stat().st_size if self.part.exists() else 0

    def headers(self) -> dict[str, str]:
        """What asks for the rest only, if it is still the same file."""
        headers = {"Accept-Encoding": "identity"}
        if self.so_far() and self.etag.exists():
            headers |= {"Range": f"bytes={self.so_far()}-", "If-Range": self.etag.read_text()}
        return headers

    def receive(self, open_answer: Opener, told: Told) -> None:
        """Write what one request brings.

        Raises
        ------
        PassingFailure
            If it broke off; what came is kept.
        Blocked, SegueError
            If the site refuses, or has no such file.
        """
        with open_answer(self.headers()) as answer:
            if answer.status_code == 416:  # the part is not a beginning of the file there
                self.forget()
                raise PassingFailure(status(answer))
            _require_file(answer)
            start, total = _range(answer)
            if start not in (0, self.so_far()):
                self.forget()
                raise PassingFailure("it sent another part of the file than was asked for")
            if not start:
                self.etag.unlink(missing_ok=True)
            if validator := _validator(answer):
                self.etag.write_text(validator)
            with self.part.open("ab" if start else "wb") as file:
                # As it comes: a piece put together first would be lost with the connection.
                for piece in answer.iter_raw():
                    file.write(piece)
                    told(file.tell(), total)
            if total and self.so_far() < total:
                raise PassingFailure(f"{self.so_far():,} of {total:,} bytes came")

    def finish(self, sha1: str) -> Path:
        """Check what came and give it its name."""
        if sha1 and sha1_of(self.part) != sha1:
            self.forget()
            raise SegueError(
                f"{self.target.name} arrived damaged (its SHA-1 is not {sha1}) and was thrown "
                "away: run the same command again to fetch it anew."
            )
        self.part.replace(self.target)
        self.etag.unlink(missing_ok=True)
        return self.target

    def forget(self) -> None:
        """Throw away what came."""
        self.part.unlink(missing_ok=True)
        self.etag.unlink(missing_ok=True)


def sha1_of(path: Path) -> str:
    """SHA-1 of a file, in hexadecimal."""
    with path.open("rb") as file:
        # It guards against damage on the way, not against an attacker.
        return hashlib.file_digest(file, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()


def _validator(answer: httpx.Response) -> str:
    """What ``If-Range`` takes (RFC 9110, 13.1.5): a strong ETag, or else the file's date."""
    etag = answer.headers.get("etag", "")
    strong = etag if etag and not etag.startswith("W/") else ""
    return strong or answer.headers.get("last-modified", "")


def _require_file(answer: httpx.Response) -> None:
    require_found(answer)
    if "html" in answer.headers.get("content-type", "").casefold():
        raise SegueError(
            f"{answer.url.host} answered with a web page where a file was asked for: check the "
            f"address {answer.url.copy_with(query=None)}."
        )


def _range(answer: httpx.Response) -> tuple[int, int]:
    """First byte that an answer holds, and the length of the whole file, 0 if unknown."""
    length = answer.headers.get("content-length", "")
    if answer.status_code != 206:
        return 0, int(length) if length.isdigit() else 0
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
    if found is None or found[1] is None:
        raise PassingFailure("it sent a part of the file and did not say which")
    return int(found[1]), int(found[2]) if found[2] != "*" else 0
