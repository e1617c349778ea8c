"""The crate beside the list, by its callbacks."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from dash import Dash, no_update

from dashboard.app import create_app
from dashboard.callbacks import crate
from dashboard.services import crates, current_library
from data.catalogue import Catalogue, CrateChanged
from data.errors import SegueError
from data.playlists import FORMATS
from data.records import Track
from data.settings import Settings
from hybrid.playlists_out import PlaylistFile
from tests.dashboard.pressing import a_track, drawn, pressed


@pytest.fixture(scope="module")
def served(app_settings: Settings) -> Dash:
    """One app for all tests here: to read the demo crate takes longest."""
    return create_app(app_settings)


@pytest.fixture
def app(served: Dash) -> Iterator[Dash]:
    """The app, with an empty crate in hand."""
    with served.server.app_context():
        crates.clear(current_library(), current_library().crate_in_hand())
        yield served


def press_crate(kind: str, key: int = 0, stamp: list[int] | None = None) -> tuple:
    return pressed({"key": key, "type": kind}, 1, crate.change_crate, [], stamp)


def held() -> list[int]:
    return crates.ids_in_hand(current_library())


def some(count: int) -> list[int]:
    return [key for key, _ in current_library().starters(6)[:count]]


def test_the_crate_is_kept_in_the_catalogue(app: Dash, app_settings: Settings) -> None:
    first, second = some(2)
    press_crate("crate-toggle", first)
    press_crate("crate-toggle", second)
    with Catalogue.open(app_settings.url) as catalogue:
        assert catalogue.crate(current_library().crate_in_hand()) == [first, second]
    assert crate.load_crate("/", None)[2:4] == ("2", [first, second])


def test_every_change_can_be_undone_and_redone_after_a_restart(app: Dash) -> None:
    ids = some(3)
    for key in ids:
        press_crate("crate-toggle", key)
    press_crate("crate-remove", ids[1])
    *_, stamp, line = press_crate("crate-clear", 0)
    assert held() == []
    assert "Removed 2 tracks" in drawn(line)
    press_crate("crate-undo", stamp=stamp)
    assert held() == [ids[0], ids[2]]
    press_crate("crate-undo")
    assert held() == ids
    press_crate("crate-redo")
    assert held() == [ids[0], ids[2]]


def test_what_was_seen_otherwise_is_not_cleared(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(crate, "tell_of_change", lambda: told.append(1))
    first, second = some(2)
    *_, stamp, _ = press_crate("crate-toggle", first)
    crates.add(current_library(), current_library().crate_in_hand(), [second])
    for action in ("crate-clear", "crate-undo"):
        shown = press_crate(action, stamp=stamp)
        assert shown[3] == [first, second] == held()
    assert len(told) == 2
    press_crate("crate-remove", first, stamp)  # means the same in any case
    assert held() == [second]


def test_the_crate_button_of_a_row_takes_out_again(app: Dash) -> None:
    key = a_track(current_library())
    press_crate("crate-toggle", key)
    press_crate("crate-toggle", key)
    assert held() == []


def test_another_crate_can_be_taken_in_hand(app: Dash) -> None:
    library = current_library()
    before, other = library.crate_in_hand(), crates.create(library, "Late", some(2))
    shown = press_crate("crate-choose", other)
    assert "Late" in drawn(shown[0])
    assert shown[3] == some(2)
    library.take_in_hand(before)
    library.catalogue.delete_crate(other)


def test_a_new_crate_is_named_and_taken_in_hand(app: Dash) -> None:
    library = current_library()
    before = library.crate_in_hand()
    stays, error, *_ = crate.save_name({"name": " "}, "/")
    assert (stays, error) == (True, "A crate needs a name; type one.")
    assert crate.save_name({"name": "Later"}, "/")[0] is False
    assert crates.in_hand(library).name == "Later"
    address = crate.save_name({"name": "Latest"}, "/set")[3]
    made = int(address.removeprefix("?crate="))
    crate.save_name({"name": "The last", "crate": made}, "/set")
    assert library.catalogue.crate_state(made).name == "The last"
    for gone in (made, library.crate_in_hand()):
        library.catalogue.delete_crate(gone)
    library.take_in_hand(before)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What is told beside the page."""
    notes: list[dict] = []
    monkeypatch.setattr(crate, "set_props", lambda _id, props: notes.append(props))
    return notes


@pytest.mark.parametrize("format_key", ["m3u8", "csv", "text", "jspf"])
def test_the_crate_is_handed_over_as_a_playlist(
    app: Dash, told: list[dict], format_key: str
) -> None:
    key, track = current_library().starters()[0]
    press_crate("crate-toggle", key)
    crate_id = current_library().crate_in_hand()
    sent = crate.export({"crate": crate_id, "format": format_key})
    assert sent["filename"] == f"My crate{FORMATS[format_key].extension}"
    made = crates.export(current_library(), crate_id, format_key)
    assert track.title in made.content.decode("utf-8")
    said = drawn(told)
    assert ("1 track has no file on this computer" in said) == (format_key == "m3u8")
    assert ('"data-missing": "true"' in said) == (format_key == "m3u8")


def test_tracks_without_a_file_are_handed_over_as_a_list(app: Dash, told: list[dict]) -> None:
    tracks = current_library().starters(6)[:2]
    for key, _ in tracks:
        press_crate("crate-toggle", key)
    crate_id = current_library().crate_in_hand()
    sent = crate.export({"crate": crate_id, "format": "traktor", "missing": True})
    assert sent["filename"] == "My crate.missing.csv"
    content = base64.b64decode(sent["content"]).decode("utf-8-sig")
    assert [line.split(",")[0] for line in content.splitlines()] == ["position", "1", "2"]
    assert all(track.title in content for _, track in tracks)
    assert told == []
    with pytest.raises(SegueError, match="missing any more"):
        crate.export({"crate": crate_id, "format": "csv", "missing": True})


def test_a_format_that_needs_files_says_so_and_offers_the_list(app: Dash, told: list[dict]) -> None:
    press_crate("crate-toggle", a_track(current_library()))
    sent = crate.export({"crate": current_library().crate_in_hand(), "format": "rekordbox"})
    assert sent is no_update
    assert "rekordbox needs the tracks' own files" in drawn(told)
    assert "Download the list of 1 missing track" in drawn(told)


def test_an_empty_crate_is_not_a_playlist(app: Dash) -> None:
    with pytest.raises(SegueError, match="empty"):
        crates.export(current_library(), current_library().crate_in_hand(), "m3u8")


def test_what_is_missing_is_told_by_name() -> None:
    gone = tuple(Track("A", f"T{number}") for number in range(7))

    def note(missing: tuple[Track, ...], left_out: tuple[Track, ...], key: str) -> str:
        made = PlaylistFile("x", "", b"", 1, missing, left_out, b"")
        return crate.parts.missing_note(made, key)

    assert note(gone, gone, "traktor") == (
        "7 tracks have no file on this computer, so are not in the Traktor file: "
        "A - T0, A - T1, A - T2, A - T3, A - T4 and 2 more."
    )
    assert note(gone[:1], (), "m3u8") == (
        "1 track has no file on this computer, so a player may not find it: A - T0."
    )
    assert note((), (), "m3u8") == ""


def test_an_edit_of_another_stamp_is_refused(app: Dash) -> None:
    library = current_library()
    state = crates.add(library, library.crate_in_hand(), some(3))
    crates.move(library, state.id, state.ids[0], 3, expected=state.stamp)
    with pytest.raises(CrateChanged):
        crates.move(library, state.id, state.ids[0], 1, expected=state.stamp)
    assert held() == [*state.ids[1:], state.ids[0]]


def test_two_windows_that_add_at_once_both_add(app: Dash) -> None:
    library, (other, *ids) = current_library(), some(6)
    crate_id = library.crate_in_hand()
    with ThreadPoolExecutor(len(ids)) as threads:
        list(threads.map(lambda ident: crates.add(library, crate_id, [ident]), ids))
    assert sorted(held()) == sorted(ids)
    with pytest.raises(CrateChanged):
        crates.add(library, crate_id, [other], expected=0)
