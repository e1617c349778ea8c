from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator

import pytest

from data.catalogue import Catalogue
from data.catalogue.search import allowed_slips
from data.identity import parse_track, search_text
from data.records import Play, Track, Tracklist

PLAYED = (
    # Row, and in how many sets.
    ("Underglow - Born Lucky [Harbour Boys]", 5),
    ("Underglow - Born Lucky (Dusk) [Harbour Boys]", 2),
    ("Underglow - Dark Trains [Harbour Boys]", 1),
    ("Kestrel - Born Lucky", 1),
    ("Bornholm Choir - Skerry", 9),
    ("Ana Vinterberg - Frühlingsnacht [Ålesund Music]", 2),
    ("Tjörn - Adagio For Ferries [Blacktide]", 4),
    ("Daffodil Pub - Around The Block [Virgo]", 6),
    ("Daffodil - Pump The Valve", 1),
    ("Joss Wren - Higher Plane Of Conscience [Manifest]", 3),
    ("Energy 47 - Café Del Rio [Looj]", 4),
    ("Energy 47 - Café Del Rio (Bart Skiller Remix) [Looj]", 1),
    ("Bart Skiller & Tove - Don't Look", 2),
    ("The Mineral Brothers - Oh Boy", 2),
    ("Warble - Ninth [Other]", 1),
    ("Fennel - Windowsill [Warble]", 9),
)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory) -> Iterator[Catalogue]:
    sets = [
        Tracklist("notes", f"{n}.{m}", "A set", (Play(1, "identified", parse_track(row)),))
        for n, (row, times) in enumerate(PLAYED)
        for m in range(times)
    ]
    path = tmp_path_factory.mktemp("search") / "catalogue.sqlite"
    with Catalogue.open(f"sqlite:///{path}") as catalogue:
        catalogue.add_tracklists(sets)
        yield catalogue


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("born lucky underglow", "Underglow - Born Lucky"),
        ("born luky underglow", "Underglow - Born Lucky"),
        ("undreglow born lucky dusk", "Underglow - Born Lucky (Dusk)"),
        ("undrglw born", "Underglow - Born Lucky"),
        ("under glow trains", "Underglow - Dark Trains"),
        ("underglow - dark trians", "Underglow - Dark Trains"),
        ("fruhlingsnacht", "Ana Vinterberg - Frühlingsnacht"),
        ("tjorn", "Tjörn - Adagio For Ferries"),
        ("TJÖRN ADAGIO", "Tjörn - Adagio For Ferries"),
        ("daffodil pu", "Daffodil Pub - Around The Block"),
        ("daffodilpub", "Daffodil Pub - Around The Block"),
        ("joss wrn higher plane", "Joss Wren - Higher Plane Of Conscience"),
        ("cafe del rio energy 47", "Energy 47 - Café Del Rio"),
        ("cafe del rio skiller", "Energy 47 - Café Del Rio (Bart Skiller Remix)"),
        ("bart skiler", "Bart Skiller & Tove - Don't Look"),
        ("bart skiller and tove", "Bart Skiller & Tove - Don't Look"),
        ("dont look", "Bart Skiller & Tove - Don't Look"),
        ("mineral bros", "The Mineral Brothers - Oh Boy"),
        ("blacktide", "Tjörn - Adagio For Ferries"),
        ("looj energy", "Energy 47 - Café Del Rio"),
    ],
)
def test_a_dj_finds_the_track_meant(stocked, typed, first):
    assert str(stocked.search(typed)[0].track) == first


def test_words_as_typed_come_before_beginnings_and_these_before_slips(stocked):
    found = [hit.track.title for hit in stocked.search("born")]
    assert found == ["Born Lucky", "Born Lucky (Dusk)", "Born Lucky", "Skerry"]
    assert stocked.search("bornh")[0].track.title == "Skerry"


def test_among_equal_matches_the_most_played_comes_first_then_the_alphabet(stocked):
    found = [(str(hit.track), hit.sets) for hit in stocked.search("born lucky")]
    assert found == [
        ("Underglow - Born Lucky", 5),
        ("Underglow - Born Lucky (Dusk)", 2),
        ("Kestrel - Born Lucky", 1),
    ]


def test_an_artist_comes_before_a_label_of_the_same_name(stocked):
    assert [hit.track.artist for hit in stocked.search("warble")] == ["Warble", "Fennel"]


def test_the_score_says_how_exact_the_match_is(stocked):
    exact, slipped = (
        stocked.search("born lucky underglow")[0],
        stocked.search("brn lcky underglo")[0],
    )
    assert exact.recording_id == slipped.recording_id
    assert exact.score == 1
    assert 0 < slipped.score < 0.95


@pytest.mark.parametrize("typed", ["", "  ", "...", "xylophone quartz", "&"])
def test_nothing_is_found_where_nothing_is_meant(stocked, typed):
    assert stocked.search(typed) == []


def test_no_more_hits_come_than_asked_for(stocked):
    assert len(stocked.search("born", limit=2)) == 2
    assert stocked.search("born", limit=0) == []


def test_search_sees_every_import_at_once(catalogue, heard):
    assert catalogue.search("night bus") == []
    catalogue.add_tracklists([heard("1", "Mara Vale - Night Bus")])
    assert len(catalogue.search("night bus")) == 1
    catalogue.clear_source("notes")
    assert catalogue.search("night bus") == []


def test_short_words_must_be_typed_right():
    assert [allowed_slips(n) for n in (1, 2, 3, 5, 6, 9, 10)] == [0, 0, 1, 1, 2, 2, 3]


@pytest.fixture(scope="module")
def real(shared, tmp_path_factory) -> Iterator[Catalogue]:
    """The numbered rows of the Essential Mix pages, taken as they stand."""
    with gzip.open(shared / "mixesdb" / "essential_mix_pages.json.gz") as stream:
        pages = json.load(stream)
    path = tmp_path_factory.mktemp("real") / "catalogue.sqlite"
    with Catalogue.open(f"sqlite:///{path}") as catalogue:
        catalogue.add_tracklists(
            Tracklist("pages", name, name, tuple(_plays(page["tracklist"])))
            for name, page in pages.items()
        )
        yield catalogue


def _plays(wikitext: str) -> Iterator[Play]:
    rows = re.findall(r"^#\s*(?:\[[\d:?]+\]\s*)?(.+)$", wikitext, re.MULTILINE)
    for position, row in enumerate(rows, start=1):
        track = parse_track(row)
        if isinstance(track, Track):
            yield Play(position, "identified", track)


@pytest.mark.parametrize(
    ("typed", "artist", "title"),
    [
        ("born slipy underworld", "Underworld", "Born Slippy"),
        ("undreworld born slippy nuxx", "Underworld", "Born Slippy NUXX"),
        ("undrwrld born", "Underworld", "Born Slippy"),
        ("cafe del mar energy 52", "Energy 52", "Cafe Del Mar"),
        ("josh wnk higher state", "Josh Wink", "Higher State Of Consciousness"),
        ("chemical bros hey boy", "Chemical Brothers", "Hey Boy, Hey Girl"),
        ("robert miles childrn", "Robert Miles", "Children"),
        ("jeff mills bells", "Jeff Mills", "The Bells"),
    ],
)
def test_known_tunes_are_found_among_all_others(real, typed, artist, title):
    first = real.search(typed)[0].track
    assert (first.artist, first.title) == (artist, title)


@pytest.mark.parametrize(
    ("typed", "part"),
    [("daft pu", "Daft Punk"), ("tiesto", "Tiësto"), ("bart skils", "Bart Skils")],
)
def test_known_names_are_suggested_while_typing(real, typed, part):
    hits = real.search(typed, limit=3)
    assert len(hits) == 3
    assert part in str(hits[0].track)
    assert all(search_text(part) in search_text(str(hit.track)) for hit in hits)
