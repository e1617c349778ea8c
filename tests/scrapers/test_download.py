"""A file is fetched once, goes on where it broke off, and is never half there."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from data.errors import SegueError
from data.settings import Settings
from scrapers.http import Blocked, Clock, PoliteSession
from tests.peers.files import FilePeer

CONTENT = random.Random(0).randbytes(300_000)
OTHER = random.Random(1).randbytes(300_000)
SHA1 = hashlib.sha1(CONTENT).hexdigest()


def session(retries: int = 2) -> PoliteSession:
    settings = Settings(http_delay=0, http_retries=retries)
    return PoliteSession(settings, clock=Clock(sleep=lambda seconds: None))


def fetch(peer: FilePeer, target: Path, *, sha1: str = SHA1, retries: int = 2) -> Path:
    with session(retries) as polite:
        return polite.download(peer.url("/a.zip"), target, sha1=sha1)


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "home")


def test_a_file_arrives_whole_and_alone(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": CONTENT}) as peer:
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT
    assert left_over(tmp_path) == ["a.zip"]


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    with FilePeer({"/a.zip": CONTENT}) as peer, session() as polite:
        polite.download(
            peer.url("/a.zip"), tmp_path / "a", told=lambda *numbers: heard.append(numbers)
        )
    assert heard[-1] == (len(CONTENT), len(CONTENT))


def test_a_broken_connection_goes_on_with_the_rest(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": CONTENT}, cut={"/a.zip": [100_000, 50_000]}) as peer:
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT
        assert peer.asked("/a.zip") == ["", "bytes=100000-", "bytes=150000-"]


def test_as_long_as_bytes_come_it_may_break_off_more_often_than_is_tried(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": CONTENT}, cut={"/a.zip": [40_000] * 7}) as peer:
        assert fetch(peer, tmp_path / "a.zip", retries=1).read_bytes() == CONTENT


def test_a_later_run_goes_on_where_the_first_gave_up(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": CONTENT}, cut={"/a.zip": [100_000, 0]}) as peer:
        with pytest.raises(SegueError, match="Start it again later"):
            fetch(peer, tmp_path / "a.zip", retries=0)
        assert not (tmp_path / "a.zip").exists()
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT
        assert peer.asked("/a.zip")[-1] == "bytes=100000-"


def test_the_date_of_a_file_serves_where_it_has_no_etag(tmp_path: Path) -> None:
    cut = {"/a.zip": [100_000]}
    with FilePeer({"/a.zip": CONTENT}, cut=cut, modified="Sun, 01 Nov 2026 12:00:00 GMT") as peer:
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT
        assert peer.asked("/a.zip") == ["", "bytes=100000-"]


def test_a_server_that_knows_no_parts_sends_all_again(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": CONTENT}, cut={"/a.zip": [100_000]}, ranges=False) as peer:
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_is_begun_anew(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": OTHER}, cut={"/a.zip": [100_000, 0]}) as peer:
        with pytest.raises(SegueError):
            fetch(peer, tmp_path / "a.zip", retries=0)
        peer.files["/a.zip"] = CONTENT
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": CONTENT}) as peer:
        (tmp_path / "a.zip.part").write_bytes(CONTENT + b"more")
        (tmp_path / "a.zip.part.etag").write_text(f'"{hashlib.md5(CONTENT).hexdigest()}"')
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": OTHER}) as peer:
        with pytest.raises(SegueError, match="arrived damaged"):
            fetch(peer, tmp_path / "a.zip")
        assert len(peer.asked("/a.zip")) == 1
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("status", "kind", "says"), [(404, SegueError, "HTTP 404"), (403, Blocked, "HTTP 403")]
)
def test_a_refusal_is_said_once(
    tmp_path: Path, status: int, kind: type[Exception], says: str
) -> None:
    with FilePeer({"/a.zip": CONTENT}, status={"/a.zip": [status]}) as peer:
        with pytest.raises(kind, match=says):
            fetch(peer, tmp_path / "a.zip")
        assert len(peer.asked("/a.zip")) == 1
    assert left_over(tmp_path) == []


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    with FilePeer({"/a.zip": CONTENT}, status={"/a.zip": [503, 429]}) as peer:
        assert fetch(peer, tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_web_page_is_not_taken_for_a_file(tmp_path: Path) -> None:
    sign_in = FilePeer({"/a.zip": lambda query: "<html>Sign in</html>"})
    with sign_in as peer, pytest.raises(SegueError, match="a web page where a file was asked for"):
        fetch(peer, tmp_path / "a.zip")
    assert left_over(tmp_path) == []


def test_robots_txt_is_obeyed(tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /a.zip\n"
    with FilePeer({"/a.zip": CONTENT, "/robots.txt": rules}) as peer:
        with pytest.raises(SegueError, match=r"robots\.txt"):
            fetch(peer, tmp_path / "a.zip")
        assert peer.asked("/a.zip") == []
