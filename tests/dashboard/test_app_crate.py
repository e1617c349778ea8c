"""The crate beside the list, by its callbacks."""

from __future__ import annotations

import pytest
from dash import Dash

from dashboard.callbacks import crate
from dashboard.services import current_library
from data.catalogue import Catalogue
from data.errors import SegueError
from data.settings import Settings
from tests.dashboard.pressing import a_track, drawn, pressed


def press_crate(kind: str, key: int, undo: list[int] | None = None) -> tuple:
    return pressed({"key": key, "type": kind}, 1, crate.change_crate, [], undo)


def test_the_crate_is_kept_in_the_catalogue(app: Dash, app_settings: Settings) -> None:
    first, second = (key for key, _ in current_library().starters()[:2])
    press_crate("crate-toggle", first)
    press_crate("crate-toggle", second)
    with Catalogue.open(app_settings.url) as catalogue:
        assert catalogue.crate(catalogue.crates()[0].id) == [first, second]
    assert crate.load_crate("/")[1:3] == ("2", [first, second])


def test_what_is_removed_can_be_put_back_where_it_was(app: Dash) -> None:
    ids = [key for key, _ in current_library().starters()[:4]]
    for key in ids[:3]:
        press_crate("crate-toggle", key)
    *_, undo, line = press_crate("crate-remove", ids[1])
    assert current_library().crate_ids() == [ids[0], ids[2]]
    assert "Undo" in drawn(line)
    current_library().add_to_crate(ids[3])
    press_crate("crate-undo", 0, undo)
    assert current_library().crate_ids() == ids


def test_a_cleared_crate_can_be_brought_back(app: Dash) -> None:
    ids = [key for key, _ in current_library().starters()[:3]]
    for key in ids:
        press_crate("crate-toggle", key)
    *_, undo, line = press_crate("crate-clear", 0)
    assert current_library().crate_ids() == []
    assert "Removed 3 tracks." in drawn(line)
    press_crate("crate-undo", 0, undo)
    assert current_library().crate_ids() == ids


def test_the_crate_button_of_a_row_takes_out_again(app: Dash) -> None:
    key = a_track(current_library())
    press_crate("crate-toggle", key)
    press_crate("crate-toggle", key)
    assert current_library().crate_ids() == []


@pytest.mark.parametrize("format_key", ["m3u8", "csv"])
def test_the_crate_is_handed_over_as_a_playlist(app: Dash, format_key: str) -> None:
    key, track = current_library().starters()[0]
    press_crate("crate-toggle", key)
    name, _, content = current_library().export_crate(format_key)
    assert name.endswith(f".{format_key}")
    assert track.title in content.decode("utf-8")
    download = pressed({"key": format_key, "type": "crate-export"}, 1, crate.export, [])
    assert download["filename"] == name


def test_an_empty_crate_is_not_a_playlist(app: Dash) -> None:
    with pytest.raises(SegueError, match="empty"):
        current_library().export_crate("m3u8")
