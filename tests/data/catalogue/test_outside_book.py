from __future__ import annotations

import pytest

from data.catalogue import Catalogue
from data.records import OutsideId, Play, Track, Tracklist

ID, OTHER = "4uLU6hMCjMI75M1A2tKUQC", "7uLU6hMCjMI75M1A2tKUQD"


def test_a_track_comes_in_with_its_ids_once(catalogue: Catalogue) -> None:
    ids = (OutsideId("isrc", "QZXXX2400001", "spotify"), OutsideId("spotify", ID, "spotify"))
    track = Track("Orla Kest", "Lantern", "Dub", ids=ids)
    ident, new = catalogue.outside.add(track)
    assert new
    assert catalogue.track(ident).ids == ids
    assert catalogue.outside.add(track) == (ident, False)
    assert [hit.recording_id for hit in catalogue.search("lantern")] == [ident]


def test_it_is_the_recording_of_that_name_or_of_its_id_in_that_version(
    catalogue: Catalogue,
) -> None:
    known = Track("Orla Kest", "Lantern", ids=(OutsideId("spotify", ID, "csv"),))
    catalogue.add_tracklists([Tracklist("csv", "1", "Set", (Play(1, "identified", known),))])
    found = catalogue.find(known)
    written = Track("Kest, Orla", "The Lantern Song", ids=(OutsideId("spotify", ID, "spotify"),))
    assert catalogue.outside.add(Track("Orla Kest", "Lantern", "Extended Mix")) == (found, False)
    assert catalogue.outside.add(written) == (found, False)
    remix = Track("Orla Kest", "Lantern", "Otto Falk Remix", ids=written.ids)
    assert catalogue.outside.add(remix)[1]


@pytest.mark.parametrize("title", ["Lantern", "夜の海", "nul \x00 here", "x" * 900])
def test_any_name_can_be_kept(catalogue: Catalogue, title: str) -> None:
    ident, _ = catalogue.outside.add(Track("Orla Kest", title))
    assert catalogue.outside.add(Track("Orla Kest", title)) == (ident, False)


def test_the_last_choice_counts_and_what_others_said_stays(catalogue: Catalogue) -> None:
    said = OutsideId("spotify", OTHER, "csv")
    first, _ = catalogue.outside.add(Track("Orla Kest", "Lantern", ids=(said,)))
    second, _ = catalogue.outside.add(Track("Orla Kest", "Harbour"))
    catalogue.outside.choose("spotify", {first: ID, second: ID})
    catalogue.outside.choose("spotify", {first: OTHER})
    assert catalogue.track(first).ids == (OutsideId("spotify", OTHER, "choice"), said)
    assert catalogue.track(second).ids == (OutsideId("spotify", ID, "choice"),)


def test_a_choice_can_be_taken_back_and_what_others_said_stays(catalogue: Catalogue) -> None:
    said = OutsideId("spotify", OTHER, "csv")
    first, _ = catalogue.outside.add(Track("Orla Kest", "Lantern", ids=(said,)))
    second, _ = catalogue.outside.add(Track("Orla Kest", "Harbour"))
    catalogue.outside.choose("spotify", {first: ID, second: ID})
    catalogue.outside.unchoose("spotify", [first, 4711])
    assert catalogue.track(first).ids == (said,)
    assert catalogue.track(second).ids == (OutsideId("spotify", ID, "choice"),)


def test_a_choice_goes_before_what_others_said(catalogue: Catalogue) -> None:
    low, high = OutsideId("spotify", "0" * 22, "csv"), OutsideId("spotify", "z" * 22, "csv")
    ident, _ = catalogue.outside.add(Track("Orla Kest", "Lantern", ids=(low, high)))
    catalogue.outside.choose("spotify", {ident: "m" * 22})
    assert [i.value[0] for i in catalogue.track(ident).ids] == ["m", "0", "z"]


def test_a_choice_for_what_is_gone_is_passed_over(catalogue: Catalogue) -> None:
    catalogue.outside.choose("spotify", {4711: ID})
    catalogue.outside.choose("spotify", {})
    assert catalogue.find_outside("spotify", ID) == []
