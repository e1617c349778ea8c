"""The Library page without a browser: the table, the sources, the folders of this computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dash import Dash
from dash.exceptions import PreventUpdate

from dashboard import query
from dashboard.app import create_app
from dashboard.callbacks import library as page
from dashboard.components import library as parts
from dashboard.components import tracks as grid
from dashboard.components import ways, ways_web
from dashboard.services import Library, attach, current_library, sources, tracks
from data.catalogue import AudioFile, Catalogue, Sound
from data.demo import demo_tracklists
from data.errors import SegueError
from data.harmony import Key, parse_key
from data.records import Analysis, Play, Track, Tracklist
from data.settings import Settings
from hybrid.training import train
from tests.dashboard.pressing import drawn, pressed

BUS = Track("Mara Vale", "Night Bus", label="Kestrel")
TIDE = Track("Ania Ferro", "Low Tide", "Dub", label="Harbour")
LAMP = Track("Otto Lind", "Lamp")


def a_set(number: int, *played: Track, date: str = "2019-05-04", source: str = "csv") -> Tracklist:
    plays = tuple(Play(n, "identified", track) for n, track in enumerate(played, 1))
    return Tracklist(source, str(number), f"Night {number}", plays, date=date)


def heard(bpm: float | None, key: str, energy: float = 0.5) -> Analysis:
    return Analysis(
        240.0, bpm, 0.9, (), 0.0, parse_key(key), 0.9, None, energy, -9.0, 4000.0, ((0.0, 20.0),),
        "1",
    )  # fmt: skip


def keep(
    catalogue: Catalogue, track: Track, path: Path, analysis: Analysis, origin: str = "file"
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(track))
    file = AudioFile(path, path.name, path.stat().st_size, path.stat().st_mtime_ns)
    catalogue.add_sound([Sound(path.name, file, track, 240.0, origin=origin, analysis=analysis)])


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def app(any_app: Dash, tmp_path: Path) -> Iterator[Dash]:
    """The app over an empty catalogue of this test's own."""
    attach(any_app.server.config, Library(Settings(home=tmp_path / "home")))
    with any_app.server.app_context():
        yield any_app


@pytest.fixture
def library(app: Dash, tmp_path: Path) -> Library:
    """Three tracks: one analysed and there, one analysed and gone, one never heard."""
    library = current_library()
    library.catalogue.add_tracklists([a_set(1, BUS, TIDE), a_set(2, BUS, LAMP, date="2021")])
    keep(library.catalogue, BUS, tmp_path / "music" / "bus.flac", heard(124.0, "8A"))
    keep(library.catalogue, TIDE, tmp_path / "music" / "tide.flac", heard(None, "1B", 0.7))
    (tmp_path / "music" / "tide.flac").unlink()
    return library


def titles(library: Library, search: str) -> list[str]:
    shown = tracks.page_of(library, tracks.Asked.of(search))
    return [row["title"] for row in shown.rows]


# -- the address


@pytest.mark.parametrize(
    ("search", "asked"),
    [
        ("", tracks.Asked()),
        ("?q=bus&show=unanalysed&page=3", tracks.Asked("bus", "unanalysed", page=3)),
        ("?sort=-energy", tracks.Asked(sort="energy", down=True)),
        ("?sort=loudness&show=x&page=-1&q=++", tracks.Asked()),
    ],
)
def test_the_table_stands_in_the_address(search: str, asked: tracks.Asked) -> None:
    assert tracks.Asked.of(search) == asked
    assert tracks.Asked.of(asked.into("")) == asked
    assert query.read(asked.into("?job=3"))["job"] == "3"


# -- the table


def test_the_most_played_come_first_and_search_narrows(library: Library) -> None:
    assert titles(library, "") == ["Night Bus", "Low Tide", "Lamp"]
    assert titles(library, "?q=ania") == ["Low Tide"]
    assert titles(library, "?q=nigth+bus") == ["Night Bus"]
    assert titles(library, "?q=nothing+like+it") == []


def test_what_was_not_analysed_can_be_shown_alone(library: Library) -> None:
    assert titles(library, "?show=unanalysed") == ["Lamp"]
    assert titles(library, "?show=files") == ["Night Bus", "Low Tide"]
    assert titles(library, "?show=unanalysed&q=bus") == []


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("track", ["Low Tide", "Night Bus", "Lamp"]),
        ("-track", ["Lamp", "Night Bus", "Low Tide"]),
        ("label", ["Low Tide", "Night Bus", "Lamp"]),
        ("-label", ["Night Bus", "Low Tide", "Lamp"]),
        ("bpm", ["Night Bus", "Low Tide", "Lamp"]),
        ("-bpm", ["Night Bus", "Low Tide", "Lamp"]),
        ("key", ["Low Tide", "Night Bus", "Lamp"]),
        ("-energy", ["Low Tide", "Night Bus", "Lamp"]),
        ("-sets", ["Night Bus", "Low Tide", "Lamp"]),
        ("-year", ["Lamp", "Night Bus", "Low Tide"]),
        ("length", ["Night Bus", "Low Tide", "Lamp"]),
    ],
)
def test_what_is_unknown_sorts_last_either_way(
    library: Library, sort: str, order: list[str]
) -> None:
    assert titles(library, f"?sort={sort}") == order


def test_keys_sort_around_the_wheel() -> None:
    keys = [Key.from_traktor(value) for value in range(24)]
    order = sorted(keys, key=lambda key: tracks._CAMELOT[key.traktor()])
    wheel = [f"{number}{letter}" for number in range(1, 13) for letter in "AB"]
    assert [key.camelot() for key in order] == wheel
    assert np.isnan(tracks._CAMELOT[-1])


def test_a_row_says_what_is_known_and_whether_the_file_is_there(library: Library) -> None:
    bus, tide, lamp = tracks.page_of(library, tracks.Asked()).rows
    assert (bus["bpm"], bus["key"], bus["energy"], bus["length"]) == ("124", "8A", "50%", "4:00")
    assert (bus["file"], bus["analysed"], bus["sets"], bus["year"]) == ("here", True, 2, "2019")
    assert (tide["file"], tide["bpm"], tide["version"]) == ("gone", "", "Dub")
    assert (lamp["file"], lamp["analysed"], lamp["key"], lamp["length"]) == ("none", False, "", "")


def test_keys_are_written_as_the_dj_wants(library: Library) -> None:
    library.catalogue.set_preference("notation", "open_key")
    assert tracks.page_of(library, tracks.Asked()).rows[0]["key"] == "1m"


def test_pages_are_cut_and_a_page_too_far_is_the_last(app: Dash) -> None:
    library = current_library()
    many = [Track(f"Artist {n:03}", "Tune") for n in range(tracks.PAGE_SIZE + 7)]
    library.catalogue.add_tracklists([a_set(1, *many)])
    first = tracks.page_of(library, tracks.Asked(sort="track"))
    assert (len(first.rows), first.found, first.pages) == (tracks.PAGE_SIZE, len(many), 2)
    assert grid.place_line(first) == f"1 to {tracks.PAGE_SIZE} of {len(many)}"
    last = tracks.page_of(library, tracks.Asked(sort="track", page=99))
    assert (last.page, last.first, len(last.rows)) == (2, tracks.PAGE_SIZE + 1, 7)
    assert {row["id"] for row in first.rows}.isdisjoint(row["id"] for row in last.rows)


def test_the_table_follows_the_catalogue(library: Library) -> None:
    assert len(titles(library, "")) == 3
    library.catalogue.add_tracklists([a_set(3, Track("New", "One"))])
    assert len(titles(library, "")) == 4
    library.catalogue.clear_source("csv")
    assert titles(library, "") == ["Night Bus", "Low Tide"]  # their music holds them


def test_an_empty_catalogue_has_an_empty_table_and_says_what_to_do(app: Dash) -> None:
    shown = page.show_tracks("?q=bus", None, None, "")
    assert shown[0] == [] and shown[3] == ""
    head, listed, polite = page.show_head(None, None, None)
    assert "Nothing is here yet" in drawn(head)
    assert "Nothing has come in yet" in drawn(listed)
    assert "every 4 seconds" in polite


# -- what changes the address


def changed(trigger: str, search: str, *values: Any) -> str:
    typed, show, by, chosen = values
    return pressed(trigger, 1, page.change_tracks, typed, show, by, chosen, 1, 1, search)


def test_controls_write_the_address_and_begin_at_the_first_page() -> None:
    same = ("bus", "all", None, "found")
    assert changed(grid.Q_ID, "?page=3", *same) == "?q=bus"
    assert changed(grid.SHOW_ID, "?q=bus&page=3", "bus", "unanalysed", None, "found") == (
        "?q=bus&show=unanalysed"
    )
    assert changed(grid.AFTER_ID, "?q=bus", *same) == "?q=bus&page=2"
    assert changed(grid.BEFORE_ID, "?q=bus&page=2", *same) == "?q=bus"
    by = {"sort": "year", "down": True}
    assert changed(grid.SORTED_ID, "?page=2", "", "all", by, "found") == "?sort=-year"
    assert changed(grid.SORTED_ID, "?sort=-year", "", "all", {"sort": ""}, "found") == ""
    assert changed(grid.SORT_ID, "", "", "all", None, "-energy") == "?sort=-energy"


def test_controls_that_show_what_is_asked_already_change_nothing() -> None:
    with pytest.raises(PreventUpdate):
        changed(grid.Q_ID, "?q=bus&page=2", "bus ", "all", None, "found")
    with pytest.raises(PreventUpdate):
        changed(grid.SORT_ID, "?sort=energy", "", "all", None, "-energy")


def test_a_word_that_is_being_typed_is_not_written_over(library: Library) -> None:
    value = page.show_tracks("?q=bus", None, None, "bus ")[7]
    assert not isinstance(value, str)
    assert page.show_tracks("?q=bus", None, None, "")[7] == "bus"


# -- where it came from, and taking it out


def test_every_source_says_what_it_holds_and_of_when(library: Library) -> None:
    sets, sound = sources.sources(library)
    assert (sets.name, sets.what) == ("Tracklists in CSV files", "2 sets, 4 plays")
    assert sets.when == "May 2019 to 2021"
    assert (sound.name, sound.what) == ("Music on this computer", "2 files, 8 minutes")


def test_nothing_is_removed_before_it_was_said_what_goes(library: Library) -> None:
    button = {"type": "source-remove", "key": "sets:csv"}
    opened, said, key = pressed(button, 1, page.ask_to_remove, None)
    assert opened and key == "sets:csv"
    assert "2 sets and 4 plays go" in drawn(said)
    assert "Tracks in your crates" in drawn(said)

    closed, *_ = pressed(parts.KEEP_ID, 1, page.remove, 1, 1, key)
    assert not closed
    assert library.catalogue.stats().sets == 2

    closed, _, [toast] = pressed(parts.REMOVE_ID, 1, page.remove, 1, 1, key)
    assert not closed
    assert toast["message"] == "Removed Tracklists in CSV files: 2 sets."
    assert library.catalogue.stats().sets == 0


def test_removing_own_music_touches_no_file(library: Library, tmp_path: Path) -> None:
    assert sources.remove(library, "sound:file") == "Removed Music on this computer: 2 files."
    assert (tmp_path / "music" / "bus.flac").exists()


def test_removing_dropped_files_deletes_the_copies(library: Library) -> None:
    copy = library.settings.home / "dropped" / "hash" / "Lamp.mp3"
    keep(library.catalogue, LAMP, copy, heard(120.0, "5A"), origin="dropped")
    assert "Files dropped on Dig" in [source.name for source in sources.sources(library)]
    sources.remove(library, "sound:dropped")
    assert not copy.exists()


def test_previews_are_a_source_that_can_be_removed(library: Library) -> None:
    clip = Sound(
        "preview:deezer:1", track=LAMP, duration_s=30.0, origin="preview", analysis=heard(120, "5A")
    )
    library.catalogue.add_sound([clip])
    [preview] = [s for s in sources.sources(library) if s.key == "sound:preview"]
    assert preview.name == "Previews from Deezer and Apple"
    assert preview.what.startswith("1 preview, ")
    assert "No sound of them is kept" in preview.stays
    said = sources.remove(library, "sound:preview")
    assert said == "Removed Previews from Deezer and Apple: 1 preview."
    assert "sound:preview" not in [source.key for source in sources.sources(library)]
    assert "Lamp" in titles(library, "")  # a set holds it


def test_the_demo_crate_goes_with_its_sound(app: Dash) -> None:
    library = current_library()
    library.catalogue.add_tracklists(demo_tracklists()[:2])
    invented = next(play.track for play in demo_tracklists()[0].identified if play.track)
    library.catalogue.add_sound(
        [Sound("demo", track=invented, duration_s=20.0, origin="demo", analysis=heard(120.0, "1A"))]
    )
    assert "generated music goes too" in sources.sources(library)[0].goes
    assert sources.remove(library, "sets:demo") == "Removed Demo crate: 2 sets."
    assert sources.sources(library) == []
    assert library.is_empty()


@pytest.mark.parametrize("key", ["sets:no such", "sound:", "", "../..", "other:csv"])
def test_only_what_is_there_can_be_removed(library: Library, key: str) -> None:
    with pytest.raises(SegueError, match="not in the catalogue"):
        sources.remove(library, key)
    assert library.catalogue.stats().sets == 2


def test_training_is_advised_when_sets_came_in_after_it(app: Dash) -> None:
    library = current_library()
    assert sources.needs_training(library) == ""
    library.catalogue.add_tracklists(demo_tracklists()[:30])
    assert "has not learned from your 30 sets" in sources.needs_training(library)
    train(library.catalogue, library.settings)
    assert sources.needs_training(library) == ""
    library.catalogue.add_tracklists(demo_tracklists()[30:31])
    assert "Train again" in sources.needs_training(library)
    pressed({"type": "library-train", "key": 0}, 1, page.train, None)
    assert library.catalogue.jobs.recent()[0].kind == "train"


# -- other ways to add


def test_a_pasted_tracklist_becomes_a_file_that_goes_with_its_job(app: Dash) -> None:
    _, left = pressed(ways.PASTE_ID, 1, page.paste, 1, "Ania Ferro - Low Tide")
    [job] = current_library().catalogue.jobs.recent()
    [path] = map(Path, job.options["paths"])
    assert (job.kind, job.options["uploaded"], left) == ("tracklists", True, "")
    assert path.read_text() == "Ania Ferro - Low Tide"
    with pytest.raises(SegueError, match="Paste a tracklist first"):
        pressed(ways.PASTE_ID, 1, page.paste, 2, " \n")


def test_a_mixesdb_category_is_fetched_with_what_was_asked(app: Dash) -> None:
    def scrape(*asked: Any) -> dict[str, Any]:
        pressed(ways_web.SCRAPE_ID, 1, page.scrape, 1, *asked)
        return current_library().catalogue.jobs.recent()[0].options

    assert scrape(" Essential Mix ", "2020-06", 200) == {
        "category": "Essential Mix", "since": "2020-06", "limit": 200,
    }  # fmt: skip
    assert scrape("House", "", "") == {"category": "House"}
    with pytest.raises(SegueError, match="Name the category"):
        scrape("", "", 10)
    with pytest.raises(SegueError, match="Write the date"):
        scrape("House", "June", 10)


def test_one_way_is_open_at_a_time_and_stands_in_the_address() -> None:
    def after(search: str) -> str:
        return pressed({"type": "add-open", "key": "files"}, 1, page.open_way, None, search)

    assert after("?q=bus&add=folder") == "?q=bus&add=files"
    assert after("?q=bus&add=files") == "?q=bus"
