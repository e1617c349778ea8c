"""``POST /uploads``: what comes in, under which name, for which job, and what is refused."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from dashboard import uploads
from dashboard.app import create_app
from dashboard.services import Library, attach, current_library
from data.catalogue import Job
from data.settings import Settings

HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
AUDIO = b"a tune, as far as the upload is concerned"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def client(any_app: Dash, settings: Settings) -> Iterator[FlaskClient]:
    attach(any_app.server.config, Library(settings))
    with any_app.server.app_context():
        yield any_app.server.test_client()


def sent(
    client: FlaskClient,
    purpose: str,
    *files: tuple[str, bytes],
    headers: dict[str, str] = HERE,
    **fields: str,
) -> Any:
    data = {"files": [(io.BytesIO(content), name) for name, content in files], **fields}
    return client.post(f"/uploads?purpose={purpose}", data=data, headers=headers)


def the_job(answer: Any) -> Job:
    assert answer.status_code == 201, answer.get_json()
    return current_library().catalogue.jobs.get(answer.get_json()["job"])


def left(settings: Settings) -> list[Path]:
    """What lies below the folders that uploads write into."""
    folders = [settings.home / name for name in ("uploads", "music", "dropped")]
    return [path for folder in folders if folder.exists() for path in folder.rglob("*")]


# -- what comes in


def test_music_is_kept_under_its_own_names_and_heard_by_a_job(
    client: FlaskClient, settings: Settings
) -> None:
    job = the_job(sent(client, "music", ("Zoë – Größe.mp3", AUDIO), ("b.flac", b"other")))
    assert job.kind == "analyse"
    assert job.options["origin"] == "upload"
    kept = [Path(path) for path in job.options["paths"]]
    assert [path.name for path in kept] == ["Zoë – Größe.mp3", "b.flac"]
    assert kept[0].read_bytes() == AUDIO
    assert kept[0].is_relative_to(settings.home / "music")
    assert job.title == "Listen to 2 files"
    assert not list((settings.home / "uploads").iterdir())


def test_a_seed_dropped_twice_lies_there_once_and_keeps_its_name(
    client: FlaskClient, settings: Settings
) -> None:
    jobs = [the_job(sent(client, "seed", ("Mara Vale - Low Tide.mp3", AUDIO))) for _ in "ab"]
    assert jobs[0].options == jobs[1].options
    assert jobs[0].options["origin"] == "dropped"
    [kept] = map(Path, jobs[0].options["paths"])
    assert kept.name == "Mara Vale - Low Tide.mp3"
    assert [path for path in left(settings) if path.is_file()] == [kept]


def test_tracklists_and_playlists_go_when_their_job_is_done(client: FlaskClient) -> None:
    job = the_job(sent(client, "tracklists", ("a.txt", b"A - B"), ("b.csv", b"x")))
    assert (job.kind, job.options["uploaded"], len(job.options["paths"])) == ("tracklists", True, 2)
    job = the_job(sent(client, "playlist", ("Friday.m3u8", b"#EXTM3U"), crate=" Late "))
    assert (job.kind, job.options["crate"], job.options["uploaded"]) == ("playlist", "Late", True)
    job = the_job(sent(client, "playlist", ("Friday.m3u8", b"#EXTM3U")))
    assert job.options["crate"] == ""  # then the playlist's own name counts
    assert Path(job.options["path"]).name == "Friday.m3u8"


def test_the_worker_is_woken(client: FlaskClient) -> None:
    woken: list[int] = []
    current_library().wake = lambda: woken.append(1)
    sent(client, "music", ("a.mp3", AUDIO))
    assert woken


# -- names


@pytest.mark.parametrize(
    ("given_name", "kept_name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\music\\a.mp3", "a.mp3"),
        (".hidden.mp3", "hidden.mp3"),
        ("a\x00b\n.mp3", "ab.mp3"),
        ("con.mp3", "_con.mp3"),
        ("  spaced .mp3 ", "spaced.mp3"),
        ("\u202egnp.mp3", "gnp.mp3"),
        ("..", "file"),
        ("", "file"),
        ("x" * 400 + ".flac", "x" * 175 + ".flac"),
    ],
)
def test_names_are_made_safe(given_name: str, kept_name: str) -> None:
    assert uploads.safe_name(given_name) == kept_name


@given(st.text(max_size=300))
def test_any_name_is_one_plain_name(name: str) -> None:
    safe = uploads.safe_name(name)
    assert safe and safe not in (".", "..")
    assert Path(safe).name == safe
    assert "\\" not in safe and not safe.startswith(".")
    assert len(safe.encode()) <= 255
    assert uploads.safe_name(safe) == safe


def test_two_files_of_one_name_are_both_kept(client: FlaskClient) -> None:
    job = the_job(sent(client, "music", ("a.mp3", b"1"), ("A.mp3", b"2"), ("a.mp3", b"3")))
    kept = [Path(path) for path in job.options["paths"]]
    assert [path.name for path in kept] == ["a.mp3", "A (2).mp3", "a (3).mp3"]
    assert [path.read_bytes() for path in kept] == [b"1", b"2", b"3"]


# -- what is refused leaves nothing


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_pages_of_other_sites_are_refused(
    client: FlaskClient, settings: Settings, headers: dict[str, str]
) -> None:
    answer = sent(client, "music", ("a.mp3", AUDIO), headers=headers)
    assert answer.status_code == 403
    assert "Segue's own pages" in answer.get_json()["error"]
    assert left(settings) == []


def test_a_program_without_a_browser_may_send(client: FlaskClient) -> None:
    assert sent(client, "music", ("a.mp3", AUDIO), headers={}).status_code == 201


@pytest.mark.parametrize("purpose", ["", "other"])
def test_a_purpose_must_be_known(client: FlaskClient, settings: Settings, purpose: str) -> None:
    assert sent(client, purpose, ("a.mp3", AUDIO)).status_code == 400
    assert left(settings) == []


@pytest.mark.parametrize("purpose", ["seed", "playlist"])
def test_one_file_only_where_one_is_meant(
    client: FlaskClient, settings: Settings, purpose: str
) -> None:
    answer = sent(client, purpose, ("a.mp3", AUDIO), ("b.mp3", AUDIO))
    assert answer.status_code == 400
    assert "at a time" in answer.get_json()["error"]
    assert left(settings) == []
    assert current_library().catalogue.jobs.recent() == []


def test_too_much_is_refused_before_it_is_read(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LIMIT", 20)
    answer = sent(client, "music", ("a.mp3", AUDIO))
    assert answer.status_code == 413
    assert left(settings) == []


def test_too_much_is_noticed_while_it_is_read(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request need not say how long it is."""
    monkeypatch.setattr(uploads, "LIMIT", 1000)
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.mp3"\r\n\r\n'
        + b"x" * 100_000
        + b"\r\n--edge--\r\n"
    )
    answer = client.post(
        "/uploads?purpose=music",
        input_stream=io.BytesIO(body),
        headers=HERE,
        content_type="multipart/form-data; boundary=edge",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert "at once" in answer.get_json()["error"]
    assert left(settings) == []


class _GoesAway(io.RawIOBase):
    """A browser that is gone in the middle of a file."""

    def __init__(self) -> None:
        self._asked = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return 0

    def seek(self, *_to: int) -> int:
        return 0

    def readinto(self, buffer: Any) -> int:
        self._asked += 1
        if self._asked > 1:
            raise ConnectionResetError
        start = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nhalf'
        buffer[: len(start)] = start
        return len(start)


def test_what_breaks_off_leaves_nothing(client: FlaskClient, settings: Settings) -> None:
    answer = client.post(
        "/uploads?purpose=music",
        input_stream=_GoesAway(),
        headers=HERE,
        content_type="multipart/form-data; boundary=edge",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 400
    assert "cut short" in answer.get_json()["error"]
    assert left(settings) == []
    assert current_library().catalogue.jobs.recent() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_disk_that_fills_up_on_the_way_leaves_nothing(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_full_disk(settings: Settings) -> Path:
        folder = settings.home / "uploads" / "full"
        folder.mkdir(parents=True)
        (folder / ".0").symlink_to("/dev/full")
        return folder

    monkeypatch.setattr(uploads.uploads, "new_folder", on_a_full_disk)
    answer = sent(client, "music", ("a.mp3", AUDIO))
    assert answer.status_code == 507
    assert "make room" in answer.get_json()["error"]
    assert left(settings) == []


def test_an_upload_that_ends_early_is_refused(client: FlaskClient, settings: Settings) -> None:
    body = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.mp3"\r\n\r\nhalf'
    answer = client.post(
        "/uploads?purpose=music",
        data=body,
        headers=HERE,
        content_type="multipart/form-data; boundary=edge",
    )
    assert answer.status_code == 400
    assert left(settings) == []


def test_a_disk_that_would_be_full_is_told_at_once(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    answer = sent(client, "music", ("a.mp3", AUDIO))
    assert answer.status_code == 507
    assert "make room" in answer.get_json()["error"]
    assert left(settings) == []


def test_an_upload_without_a_file_is_refused(client: FlaskClient, settings: Settings) -> None:
    assert sent(client, "music").status_code == 400
    answer = client.post("/uploads?purpose=music", data="no form", headers=HERE)
    assert answer.status_code == 400
    assert left(settings) == []
