"""What the DJ's software says of tracks that nobody listened to, wherever it is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dash import Dash

from dashboard.app import create_app
from dashboard.audio import _side
from dashboard.components.library import source_list
from dashboard.components.set_rows import facts
from dashboard.services import Library, current_library, sources, tracks
from dashboard.services import models_overview as figures
from dashboard.services.models_track import sheet
from data.harmony import parse_key
from data.records import Entry, Track
from data.settings import Settings
from tests.dashboard.modelling import heard, text_of
from tests.dashboard.pressing import drawn

BUS = Track("Mara Vale", "Night Bus")
TIDE = Track("Odd Heron", "Low Tide")
SAID = Entry(BUS, bpm=125.0, key=parse_key("9A"))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Dash]:
    app = create_app(Settings(home=tmp_path / "home"))
    with app.server.app_context():
        yield app


@pytest.fixture
def library(app: Dash) -> Library:
    return current_library()


@pytest.fixture
def bus(library: Library) -> int:
    """A track of which nothing is known but what rekordbox says."""
    crate = library.catalogue.add_playlist("Friday", [SAID], said_by="rekordbox")
    [ident] = library.catalogue.crate(crate.crate_id)
    return ident


def test_it_has_numbers_and_cannot_be_played(library: Library, bus: int) -> None:
    sounds = library.sounds(library.catalogue.tracks([bus]))
    assert (sounds.measured[bus].bpm, bus in sounds.playable) == (125.0, False)


def test_its_sheet_says_who_says_so_and_shows_no_number_that_nobody_knows(bus: int) -> None:
    text = text_of(f"?track={bus}")
    assert text.count("as rekordbox says") == 2
    assert "125 BPM" in text
    assert "nan" not in text
    assert "LUFS" not in text


def test_a_key_that_is_not_said_was_not_looked_for_in_vain(library: Library) -> None:
    library.catalogue.add_playlist("Friday", [Entry(TIDE, bpm=99.0)], said_by="traktor")
    text = text_of(f"?track={library.catalogue.find(TIDE)}")
    assert "nobody has listened to it yet" in text
    assert "little in it that has a pitch" not in text


def test_what_was_measured_stands_beside_it(library: Library, bus: int) -> None:
    known = heard(BUS)
    library.catalogue.add_sound(
        [replace(known, analysis=replace(known.analysis, measured_bpm=62.5, bpm=62.5))]
    )
    found = sheet(library, bus)
    assert found is not None
    text = text_of(f"?track={bus}")
    assert "Measured tempo" in text and "62.5 BPM" in text
    assert "62.5 BPM, 100% sure" not in text


def test_the_set_page_leaves_open_what_nobody_knows(library: Library, bus: int) -> None:
    text = drawn(facts(library.catalogue.sound([bus])[bus], None, "camelot"))
    assert "125" in text and "9A" in text
    assert "nan" not in text.casefold()


def test_the_library_table_has_its_tempo_and_no_file(library: Library, bus: int) -> None:
    page = tracks.page_of(library, tracks.Asked())
    [row] = page.rows
    assert (row["bpm"], row["key"], row["length"]) == ("125", "9A", "")
    assert (row["analysed"], row["file"], page.unanalysed) == (False, "none", 1)


def test_the_figures_count_its_tempo_and_do_not_call_it_analysed(
    library: Library, bus: int
) -> None:
    found = figures.overview(library)
    assert (found.analysed, sum(found.keys.values())) == (0, 1)
    assert found.tempos is not None and found.tempos.usual == 125.0


def test_the_api_says_null_where_nobody_knows(app: Dash, bus: int) -> None:
    answer = app.server.test_client().get(f"/api/v1/tracks/{bus}")
    assert "NaN" not in answer.text
    told = answer.json
    assert (told["bpm"], told["energy"], told["duration_s"]) == (125.0, None, None)


def test_a_transition_measures_the_loudness_that_nobody_knows(
    library: Library, bus: int, tmp_path: Path
) -> None:
    said = library.catalogue.sound([bus])[bus]
    assert math.isnan(said.loudness_lufs)
    file = tmp_path / "bus.wav"
    file.write_bytes(b"")
    side = _side(file, said)
    assert (side.bpm, side.lufs) == (125.0, None)


def test_a_track_that_only_software_names_is_the_djs_and_no_file(
    library: Library, bus: int
) -> None:
    assert tracks.page_of(library, tracks.Asked(show="files")).rows == []
    assert library.catalogue.sound_columns().owned.tolist() == [True]


def test_the_collection_is_a_source_that_can_be_removed(library: Library) -> None:
    library.catalogue.add_collection([SAID, Entry(TIDE)], said_by="rekordbox")
    library.catalogue.add_collection([Entry(TIDE)], said_by="traktor")
    mine, other = sources.sources(library)
    assert (mine.key, mine.name, mine.what) == (
        "said:rekordbox",
        "rekordbox collection",
        "2 tracks",
    )
    assert (other.name, other.what) == ("Traktor collection", "1 track")
    assert "What rekordbox says of 2 tracks goes" in mine.goes
    assert "Tracks in your crates" in mine.stays and "Nothing changes in rekordbox" in mine.stays
    assert "rekordbox collection" in drawn(source_list([mine, other], (0, 0)))

    assert sources.remove(library, mine.key) == "Removed rekordbox collection: 2 tracks."

    assert sources.sources(library) == [other]
    assert library.catalogue.find(BUS) is None
    assert library.catalogue.find(TIDE) is not None
