"""What the catalogue holds by where it came from, in both databases."""

from __future__ import annotations

from collections.abc import Callable

from data.catalogue import Catalogue, Sound
from data.catalogue.holdings import Holdings, SaidHolding, SetHolding, SoundHolding
from data.records import Entry, Track, Tracklist

TIDE = Track("Ania Ferro", "Low Tide")


def test_an_empty_catalogue_holds_nothing(catalogue: Catalogue) -> None:
    assert catalogue.holdings() == Holdings((), (), ())


def test_sets_are_counted_by_source_with_the_time_they_span(
    catalogue: Catalogue, heard: Callable[..., Tracklist]
) -> None:
    catalogue.add_tracklists(
        [
            heard("1", "A - One", "?", "A - Two", date="2019-05-04"),
            heard("2", "A - One", date="2021"),
            heard("3", date=""),
            heard("1", "A - One", "...", source="other"),
        ]
    )
    assert catalogue.holdings().sets == (
        SetHolding("notes", 3, 3, "2019-05-04", "2021"),
        SetHolding("other", 1, 1, "", ""),
    )


def test_audio_is_counted_by_origin(catalogue: Catalogue) -> None:
    catalogue.add_sound(
        [
            Sound("a", track=TIDE, duration_s=60.0),
            Sound("b", track=TIDE, duration_s=30.5),
            Sound("c", duration_s=10.0, origin="dropped"),
        ]
    )
    assert catalogue.holdings().sound == (
        SoundHolding("dropped", 1, 0, 10.0),
        SoundHolding("file", 2, 1, 90.5),
    )


def test_libraries_of_dj_software_are_counted_by_program(catalogue: Catalogue) -> None:
    catalogue.add_collection([Entry(TIDE), Entry(Track("A", "One"))], said_by="rekordbox")
    catalogue.add_playlist("Friday", [Entry(TIDE)], said_by="traktor")
    assert catalogue.holdings().said == (SaidHolding("rekordbox", 2), SaidHolding("traktor", 1))
