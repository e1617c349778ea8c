"""Folders of this computer: who may see them, what is shown, and what is found there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash

from dashboard.app import create_app
from dashboard.callbacks import library as page
from dashboard.components import ways
from dashboard.services import Library, attach, current_library, folders
from data.catalogue import AudioFile, Sound
from data.errors import SegueError
from data.settings import Settings
from tests.dashboard.pressing import drawn, pressed

LOCAL = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8050"}


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def app(any_app: Dash, tmp_path: Path) -> Iterator[Dash]:
    """The app over an empty catalogue of this test's own."""
    attach(any_app.server.config, Library(Settings(home=tmp_path / "home")))
    with any_app.server.app_context():
        yield any_app


def remote(app: Dash) -> Any:
    return app.server.test_request_context("/", environ_overrides={"REMOTE_ADDR": "192.168.1.7"})


def local(app: Dash) -> Any:
    return app.server.test_request_context("/", environ_overrides=LOCAL)


def test_another_machine_reaches_no_folder_by_any_callback(app: Dash, tmp_path: Path) -> None:
    start = {"type": "folder-start", "key": str(tmp_path)}
    go = {"type": "folder-go", "key": "/"}
    with remote(app):
        assert "Folders can be chosen only" in drawn(page.show_folder_panel(None))
        for call in (
            lambda: pressed(ways.BROWSE_ID, 1, page.browse, 1, [], "/"),
            lambda: pressed(go, 1, page.browse, 1, [], ""),
            lambda: pressed(ways.LOOK_ID, 1, page.look, 1, None, [], str(tmp_path)),
            lambda: pressed(start, 1, page.start_folder, [1]),
        ):
            with pytest.raises(SegueError, match="only on the computer that runs Segue"):
                call()
    assert current_library().catalogue.jobs.recent() == []


@pytest.fixture
def music(tmp_path: Path) -> Path:
    music = tmp_path / "My music"
    for name in ("House/a.mp3", "House/b.FLAC", "House/notes.txt", "Dub/c.ogg", ".hidden/d.mp3"):
        (music / name).parent.mkdir(parents=True, exist_ok=True)
        (music / name).write_text("sound")
    return music


def test_the_browser_names_folders_and_no_file(app: Dash, music: Path) -> None:
    with local(app):
        shown = drawn(pressed(ways.BROWSE_ID, 1, page.browse, 1, [], str(music)))
        assert '"Dub"' in shown and '"House"' in shown and ".hidden" not in shown
        go = {"type": "folder-go", "key": str(music / "House")}
        shown = drawn(pressed(go, 1, page.browse, 1, [1], ""))
    assert "2 audio files right here" in shown
    assert "a.mp3" not in shown and "notes" not in shown


def test_what_was_found_is_shown_before_anything_starts(app: Dash, music: Path) -> None:
    with local(app):
        found, path, _ = pressed(ways.LOOK_ID, 1, page.look, 1, None, [], f' "{music}" ')
        assert "3 audio files in 2 folders" in drawn(found)
        assert "All of them are new." in drawn(found)
        assert path == str(music)
        assert current_library().catalogue.jobs.recent() == []
        start = {"type": "folder-start", "key": str(music)}
        pressed(start, 1, page.start_folder, [1])
    [job] = current_library().catalogue.jobs.recent()
    assert (job.kind, job.options) == ("analyse", {"paths": [str(music)]})


def test_known_files_are_not_called_new(app: Dash, music: Path) -> None:
    known = music / "House" / "a.mp3"
    file = AudioFile(known, "hash", known.stat().st_size, known.stat().st_mtime_ns)
    catalogue = current_library().catalogue
    catalogue.add_sound([Sound("hash", file, duration_s=240.0)])
    found = folders.look(catalogue, music)
    assert (found.files, found.new, found.whole) == (3, 2, True)
    assert "2 of them are new" in drawn(ways.found(found))


def test_a_folder_that_contains_itself_is_counted_once(app: Dash, music: Path) -> None:
    (music / "House" / "again").symlink_to(music)
    assert folders.look(current_library().catalogue, music).files == 3


def test_looking_ends_when_patience_does(app: Dash, music: Path) -> None:
    found = folders.look(current_library().catalogue, music, patience_s=-1.0)
    assert (found.files, found.whole) == (1, False)
    assert "More than 1 audio file" in drawn(ways.found(found))


@pytest.mark.parametrize(
    "typed", ["", "  ", "relative/path", "/no such folder", "/a\0b", "~nobody"]
)
def test_what_is_no_path_is_told(typed: str) -> None:
    with pytest.raises(SegueError):
        folders.named(typed)


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Music").mkdir()
    assert folders.named("~/Music") == tmp_path / "Music"


def test_a_file_is_looked_at_and_not_opened_as_a_folder(app: Dash, music: Path) -> None:
    assert folders.look(current_library().catalogue, music / "House" / "a.mp3").files == 1
    with pytest.raises(SegueError, match="is a file"):
        folders.listing(music / "House" / "a.mp3")
