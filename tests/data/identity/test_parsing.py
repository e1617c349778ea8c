"""Reading rows: what they name, and why some name nothing."""

from __future__ import annotations

import pytest

from data.identity import make_track, parse_track
from data.records import OutsideId, Track, Unidentified


@pytest.mark.parametrize(
    ("row", "artist", "title", "version"),
    [
        ("Ana Bell - Low Tide", "Ana Bell", "Low Tide", ""),
        ("Ana Bell – Low Tide", "Ana Bell", "Low Tide", ""),
        ("Ana Bell—Low Tide", "Ana Bell", "Low Tide", ""),
        ("Ana Bell- Low Tide", "Ana Bell", "Low Tide", ""),
        ("Ana Bell -Low Tide", "Ana Bell", "Low Tide", ""),
        ("Ana Bell -\u00ad Low Tide", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low Tide (Bo Remix)", "Ana Bell", "Low Tide", "Bo Remix"),
        ("Ana Bell - Low Tide [Bo Remix]", "Ana Bell", "Low Tide", "Bo Remix"),
        ("Ana Bell - Low Tide - Bo Remix", "Ana Bell", "Low Tide", "Bo Remix"),
        ("Ana Bell - Low Tide (Bo Remix", "Ana Bell", "Low Tide", "Bo Remix"),
        ("Ana Bell - Low Tide (Bo Remix?)", "Ana Bell", "Low Tide", "Bo Remix"),
        ("Ana Bell - Low Tide (?)", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low Tide ?", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - What Tide?", "Ana Bell", "What Tide?", ""),
        ("Ana Bell - Low Tide (2:33)", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low Tide (Bo Mix) (Cy Edit)", "Ana Bell", "Low Tide", "Bo Mix, Cy Edit"),
        ("Ana Bell - Low Tide (Bo Mix) - Radio Edit", "Ana Bell", "Low Tide", "Bo Mix, Radio Edit"),
        ("Ana Bell - Low Tide (Bo (UK) Mix)", "Ana Bell", "Low Tide", "Bo (UK) Mix"),
        (
            "Ana Bell - Low Tide [Part 2 Of 2] (Bo Dub)",
            "Ana Bell",
            "Low Tide [Part 2 Of 2]",
            "Bo Dub",
        ),
        ("Ana Bell - (I See) Low Tide", "Ana Bell", "(I See) Low Tide", ""),
        ("Ana Bell - Low Tide (Part 2)", "Ana Bell", "Low Tide (Part 2)", ""),
        ("Ana Bell - Low Tide [Part 2]", "Ana Bell", "Low Tide [Part 2]", ""),
        ("Ana Bell - Low Tide [Cellar] (Bo Edit)", "Ana Bell", "Low Tide", "Bo Edit"),
        ("Ana Bell - Low Tide [Cellar] *", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low Tide [Cellar", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low Tide]", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low Tide [Cellar]]", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low Tide (Bo Mix [Cellar]", "Ana Bell", "Low Tide", "Bo Mix"),
        ("Ana Bell - Low Tide [Bo Mix) [Cellar]", "Ana Bell", "Low Tide", "Bo Mix"),
        ("Ana Bell - Low Tide (Bo Mix]", "Ana Bell", "Low Tide", "Bo Mix"),
        ("Ana Bell - Low Tide [Cellar]?", "Ana Bell", "Low Tide", ""),
        ("Ana Bell - Low [Bo Rub Pt 1] [Cellar]", "Ana Bell", "Low [Bo Rub Pt 1]", ""),
        ("Ana Bell - Low Tide VIP [Cellar]", "Ana Bell", "Low Tide", "VIP"),
        ("Ana Bell - In The VIP", "Ana Bell", "In The VIP", ""),
        ("(Mix Intro) Ana Bell - Low Tide", "Ana Bell", "Low Tide", ""),
        ("Ana Bell (Intro) - Low Tide", "Ana Bell", "Low Tide", ""),
        ("[Ana] - Low Tide", "[Ana]", "Low Tide", ""),
        ("Intro: Bell - Low Tide", "Bell", "Low Tide", ""),
        ("Ana Bell - Low - Tide", "Ana Bell", "Low - Tide", ""),
        ("Ana Bell - LOW - 499 -", "Ana Bell", "LOW - 499", ""),
        ("Ana Bell 'Low Tide (Bo Dub)' (Cellar)", "Ana Bell", "Low Tide", "Bo Dub"),
        ("Ana Bell - Low Tide feat. Cy (Bo Dub)", "Ana Bell feat. Cy", "Low Tide", "Bo Dub"),
        ("Ana Bell - Low Tide (with Cy)", "Ana Bell feat. Cy", "Low Tide", ""),
        ("3 Phase - Low Tide", "3 Phase", "Low Tide", ""),
        ("A:Cube - Low Tide", "A:Cube", "Low Tide", ""),
        ("Re: Tide - Low", "Re: Tide", "Low", ""),
        ("Nu: Bell - Low", "Nu: Bell", "Low", ""),
        ("Push The Bell: Ana Bell - Low", "Ana Bell", "Low", ""),
        ("+ Ana Bell - Low Tide", "Ana Bell", "Low Tide", ""),
        ("Break - Low Tide", "Break", "Low Tide", ""),
        ("Ana Bell - Intro", "Ana Bell", "Intro", ""),
        ("Ana Bell - Untitled 4", "Ana Bell", "Untitled 4", ""),
        ("Artist - Title", "Artist", "Title", ""),
    ],
)
def test_a_row_is_artist_title_and_version(row, artist, title, version):
    track = parse_track(row)
    assert isinstance(track, Track), track
    assert (track.artist, track.title, track.version) == (artist, title, version)


@pytest.mark.parametrize(
    ("bracket", "label", "number"),
    [
        ("[Cellar]", "Cellar", ""),
        ("[Cellar - CEL 001]", "Cellar", "CEL 001"),
        ("[Cellar Series - CEL001LP, 2017]", "Cellar Series", "CEL001LP"),
        ("[Upstairs / Cellar]", "Upstairs / Cellar", ""),
        ("[Upstairs] / [Cellar]", "Upstairs / Cellar", ""),
        ("[White] [Cellar]", "Cellar", ""),
        ("[Cellar - EBB, 2017]", "Cellar", "EBB"),
        ("[Cellar - Upstairs]", "Cellar - Upstairs", ""),
        ("[Cellar - CEL-1, 31 Upstairs - 4U-2, 1998]", "Cellar", "CEL-1"),
        ("[Steps - PT 021]", "Steps", "PT 021"),
        ("[Other Side]", "Other Side", ""),
        ("[31]", "31", ""),
        ("[Exit - 055]", "Exit", "055"),
        ("[Club Vision]", "Club Vision", ""),
        ("[Live @ Cellar]", "Live @ Cellar", ""),
        ("(Cellar Recordings)", "Cellar Recordings", ""),
        ("[White - 2011]", "", ""),
        ("[White Label]", "", ""),
        ("[Unreleased]", "", ""),
        ("[Not On Label]", "", ""),
        ("[Label Unknown]", "", ""),
        ("[Promo CDR]", "", ""),
        ("[Bootleg]", "", ""),
        ("[Dub Plate]", "", ""),
        ("[?]", "", ""),
    ],
)
def test_the_last_bracket_is_the_label_unless_it_names_none(bracket, label, number):
    track = parse_track(f"Ana Bell - Low Tide {bracket}")
    assert isinstance(track, Track)
    assert (track.title, track.version) == ("Low Tide", "")
    assert (track.label, track.catalogue_number) == (label, number)


@pytest.mark.parametrize(
    ("row", "reason", "artist", "title"),
    [
        ("?", "unknown", "", ""),
        ("??", "unknown", "", ""),
        ("? [Cellar]", "unknown", "", ""),
        ("? (Acapella)", "unknown", "", ""),
        ("ID", "unknown", "", ""),
        ("ID - ID", "unknown", "", ""),
        ("ID (Bo Remix)", "unknown", "", ""),
        ("Unknown", "unknown", "", ""),
        ("Unknown - Unknown", "unknown", "", ""),
        ("Unknown Artist - Unknown Title", "unknown", "", ""),
        ("? - Low Tide", "no artist", "", "Low Tide"),
        ("N/A - Low Tide", "no artist", "", "Low Tide"),
        ("[no artist] - Low Tide", "no artist", "", "Low Tide"),
        ("Low Tide", "no artist", "", "Low Tide"),
        ("Ana Bell - ?", "no title", "Ana Bell", ""),
        ("Ana Bell - ID (Bo Remix)", "no title", "Ana Bell", ""),
        ("Ana Bell - Untitled [Cellar - 102]", "no title", "Ana Bell", ""),
        ("Ana Bell - Untitled (Bo Remix)", "no title", "Ana Bell", ""),
        ("Ana Bell - [Cellar]", "no title", "Ana Bell", ""),
        ("Ana Bell -", "no artist", "", "Ana Bell"),
        ("Intro", "not music", "", ""),
        ("Outro (2:30)", "not music", "", ""),
        ("Radio Jingle", "not music", "", ""),
        ("Interview", "not music", "", ""),
        ("(Midnight 2000)", "not music", "", ""),
        ("Hosted by Cy - Cellar Radio", "not music", "Hosted by Cy", "Cellar Radio"),
        ("", "unreadable", "", ""),
        (" \u200b ", "unreadable", "", ""),
    ],
)
def test_a_row_without_a_recording_says_why_and_keeps_what_is_known(row, reason, artist, title):
    found = parse_track(row)
    assert isinstance(found, Unidentified), found
    assert (found.reason, found.artist, found.title) == (reason, artist, title)
    assert found.raw == row


def test_the_label_of_a_half_known_row_is_kept():
    found = parse_track("? - Low Tide [Cellar - 1]")
    assert isinstance(found, Unidentified)
    assert found.label == "Cellar"


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        ("Ana Bell", "Low Tide (Bo Remix)", "Ana Bell - Low Tide (Bo Remix)"),
        ("Ana Bell (NL)", "Ana Bell - Low Tide", "Ana Bell (NL) - Low Tide"),
        ("Bo & Ana", "Ana & Bo - Low Tide", "Bo & Ana - Low Tide"),
        ("Ana", "Ana ft. Cy - Low Tide", "Ana - Low Tide"),
        ("Ana Bell", "Low - Tide", "Ana Bell - Low - Tide"),
        ("", "Ana Bell - Low Tide", "Ana Bell - Low Tide"),
        ("Ana Bell", "Low Tide [Bo Remix]", "Ana Bell - Low Tide (Bo Remix)"),
    ],
)
def test_columns_become_a_track_even_if_the_title_repeats_the_artist(artist, title, expected):
    assert str(make_track(artist, title)) == expected


def test_columns_carry_label_genre_and_ids():
    ids = (OutsideId("isrc", "GBAYD1300049", "csv"),)
    track = make_track("Ana", "Low Tide [Other]", "Cellar - CEL 1", genre="House", ids=ids)
    assert track == Track("Ana", "Low Tide", "", "Cellar", "CEL 1", "House", ids)


@pytest.mark.parametrize(
    ("artist", "title", "reason"),
    [
        ("Ana", "ID", "no title"),
        ("ID", "ID - ID", "unknown"),
        ("", "Low Tide", "no artist"),
        ("Ana", "", "no title"),
        ("", "", "unreadable"),
    ],
)
def test_columns_without_a_recording_say_why(artist, title, reason):
    found = make_track(artist, title)
    assert isinstance(found, Unidentified)
    assert found.reason == reason
