from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import text

from data.catalogue import Catalogue, ImportCounts, SourceCount, Stats, crate_history
from data.catalogue.tables import Base
from data.records import Cue, OutsideId, Play, SetAside, Track, Tracklist

NIGHT_BUS = "Mara Vale - Night Bus [Quay Records - QUAY 012]"
REMIX = "Mara Vale - Night Bus (Otto Lindqvist Remix) [Quay Records]"
TIDE = "Velour Parade - Low Tide [Saltworks]"
LANTERN = "Ines Corrigan & Fjord - Lantern"

# Each table without its surrogate ids: rows that say the same thing are equal.
ROWS = {
    "sets": "SELECT source, source_id, title, date, show, venue, url, licence, completeness, "
    "content_hash, plays_hash FROM sets",
    "djs": "SELECT s.source_id, d.position, d.name FROM set_djs d JOIN sets s ON s.id = d.set_id",
    "styles": "SELECT s.source_id, y.position, y.name FROM set_styles y "
    "JOIN sets s ON s.id = y.set_id",
    "plays": "SELECT s.source_id, p.position, p.kind, r.recording_key, p.with_previous, "
    "p.chapter_number, p.chapter, p.cue, p.cue_earliest, p.cue_latest, p.reason, p.raw, p.artist, "
    "p.title, p.version, p.label, p.catalogue_number, p.genre FROM plays p "
    "JOIN sets s ON s.id = p.set_id LEFT JOIN recordings r ON r.id = p.recording_id",
    "recordings": "SELECT r.recording_key, w.work_key, l.label_key, r.artist, r.title, r.version, "
    "r.label, r.catalogue_number, r.genre, r.sets, r.search FROM recordings r "
    "JOIN works w ON w.id = r.work_id LEFT JOIN labels l ON l.id = r.label_id",
    "artists": "SELECT r.recording_key, x.position, a.name FROM recording_artists x "
    "JOIN artists a ON a.id = x.artist_id JOIN recordings r ON r.id = x.recording_id",
    "all artists": "SELECT name FROM artists",
    "all labels": "SELECT label_key FROM labels",
    "all works": "SELECT work_key FROM works",
    "ids": "SELECT r.recording_key, o.scheme, o.value, o.source, s.source_id FROM outside_ids o "
    "JOIN recordings r ON r.id = o.recording_id LEFT JOIN sets s ON s.id = o.set_id",
}


def rows(catalogue: Catalogue) -> dict[str, list[str]]:
    with catalogue._database.reading() as connection:
        return {
            name: sorted(_plain(row) for row in connection.execute(text(query)))
            for name, query in ROWS.items()
        }


def _plain(row: Iterable[object]) -> str:
    # SQLite has no truth values of its own: it gives back 0 and 1.
    return repr([int(value) if isinstance(value, bool) else value for value in row])


def everything(catalogue: Catalogue) -> dict[str, list[str]]:
    with catalogue._database.reading() as connection:
        return {
            table: sorted(
                repr(tuple(r)) for r in connection.execute(text(f"SELECT * FROM {table}"))
            )
            for table in Base.metadata.tables
        }


def test_a_set_and_all_it_names_come_in(catalogue, heard):
    counts = catalogue.add_tracklists([heard("1", NIGHT_BUS, "?", REMIX, "...", TIDE)])

    assert counts == ImportCounts(sets=1, plays=3, unknown=1, gaps=1, new_sets=1)
    assert catalogue.stats() == Stats(
        sets=1, recordings=3, works=2, plays=3, artists=3, labels=2, analysed=0
    )
    assert not catalogue.is_empty()


def test_an_empty_catalogue_says_so(catalogue):
    assert catalogue.is_empty()
    assert catalogue.stats() == Stats(0, 0, 0, 0, 0, 0, 0)
    assert catalogue.sources() == []


def test_importing_the_same_set_twice_changes_not_one_row(catalogue, heard):
    sets = [heard("1", NIGHT_BUS, TIDE, "?"), heard("2", NIGHT_BUS, LANTERN, djs=("Fjord",))]
    catalogue.add_tracklists(sets)
    before = everything(catalogue)

    counts = catalogue.add_tracklists(sets)

    assert counts == ImportCounts(sets=2, plays=4, unknown=1, unchanged_sets=2)
    assert everything(catalogue) == before


def test_a_changed_set_ends_in_the_rows_of_a_fresh_import(catalogue, heard):
    old = [heard("1", NIGHT_BUS, TIDE, djs=("Ana", "Bo")), heard("2", TIDE, REMIX)]
    new = [heard("1", LANTERN, NIGHT_BUS.upper(), "?", djs=("Bo",)), old[1]]
    catalogue.add_tracklists(old)
    counts = catalogue.add_tracklists(new)

    with Catalogue.open("sqlite://") as fresh:
        fresh.add_tracklists(new)
        expected = rows(fresh)

    assert (counts.changed_sets, counts.unchanged_sets) == (1, 1)
    assert rows(catalogue) == expected


def test_the_order_and_the_batches_of_an_import_do_not_show(catalogue, heard):
    spellings = [NIGHT_BUS, NIGHT_BUS.upper(), "Mara Vale - Night Bus [Quay]", REMIX, TIDE, LANTERN]
    dice = random.Random(5)
    sets = [heard(str(n), *dice.choices(spellings, k=4)) for n in range(12)]
    catalogue.add_tracklists(sets)
    expected = rows(catalogue)

    for shuffle in range(3):
        with Catalogue.open("sqlite://") as other:
            random.Random(shuffle).shuffle(sets)
            for start in range(0, len(sets), shuffle + 1):
                other.add_tracklists(sets[start : start + shuffle + 1])
            found = rows(other)
            assert other.fingerprint() == catalogue.fingerprint()
        for name in ("recordings", "artists", "all artists", "all labels", "all works"):
            assert found[name] == expected[name]


def test_a_set_that_comes_twice_in_one_batch_keeps_its_later_form(catalogue, heard):
    counts = catalogue.add_tracklists([heard("1", NIGHT_BUS), heard("1", TIDE)])

    assert counts == ImportCounts(sets=2, plays=2, new_sets=1, changed_sets=1)
    assert [str(hit.track) for hit in catalogue.search("low tide")] == ["Velour Parade - Low Tide"]
    assert catalogue.search("night bus") == []


def test_the_most_frequent_spelling_is_shown_and_ties_go_by_text(catalogue, heard):
    catalogue.add_tracklists(
        [
            heard("1", "MARA VALE - NIGHT BUS"),
            heard("2", "Mara Vale - Night Bus [Quay Records]"),
            heard("3", "Mara Vale - Night Bus [White]"),
            heard("4", "velour parade - low tide"),
            heard("5", "Velour Parade - Low Tide"),
        ]
    )

    tracks = [hit.track for hit in catalogue.search("night bus") + catalogue.search("low tide")]

    assert tracks == [
        Track("Mara Vale", "Night Bus", label="Quay Records"),
        Track("Velour Parade", "Low Tide"),
    ]


def test_one_bad_set_keeps_the_whole_batch_out(catalogue, heard):
    broken = replace(heard("2", TIDE), plays=(Play(1, "identified", None),))

    with pytest.raises(ValueError, match="identified"):
        catalogue.add_tracklists([heard("1", NIGHT_BUS), broken], checkpoint=("walk", "2"))

    assert catalogue.is_empty()
    assert catalogue.checkpoint("walk") is None


def test_outside_ids_are_kept_with_who_said_so_and_leave_with_their_set(catalogue):
    ids = (OutsideId("spotify", "4uLU6hMCjMI75M1A2tKUQC", "djmix"), OutsideId("isrc", "GBX", "x"))
    track = Track("Mara Vale", "Night Bus", ids=ids)
    played = [Play(1, "identified", track), Play(2, "identified", track)]

    def as_set(source_id: str, plays: Iterable[Play]):
        return Tracklist("djmix", source_id, "A set", tuple(plays))

    catalogue.add_tracklists([as_set("1", played), as_set("2", played)])
    ident = catalogue.find(track)
    assert ident is not None
    assert set(catalogue.track(ident).ids) == set(ids)

    bare = Play(1, "identified", replace(track, ids=()))
    catalogue.add_tracklists([as_set("1", [bare]), as_set("2", [bare])])
    assert catalogue.track(ident).ids == ()


def test_cues_chapters_and_reasons_are_kept(catalogue):
    plays = (
        Play(1, "identified", Track("A", "One"), "[07?] A - One", Cue("07?", 4200, 4740)),
        Play(2, "identified", Track("B", "Two"), "+ B - Two", with_previous=True, chapter="Bo"),
        Play(3, "unknown", raw="?", reason="unknown", chapter="Bo"),
        Play(4, "identified", Track("C", "Three"), "C - Three", chapter="Cy"),
    )
    catalogue.add_tracklists([Tracklist("notes", "1", "A set", plays)])

    with catalogue._database.reading() as connection:
        found = connection.execute(
            text(
                "SELECT raw, cue, cue_earliest, cue_latest, chapter, reason "
                "FROM plays ORDER BY position"
            )
        )
        assert [tuple(row) for row in found] == [
            ("[07?] A - One", "07?", 4200, 4740, "", ""),
            ("+ B - Two", None, None, None, "Bo", ""),
            ("?", None, None, None, "Bo", "unknown"),
            ("C - Three", None, None, None, "Cy", ""),
        ]
    assert catalogue.snapshot().play_chapter.tolist() == [0, 1, 2]
    assert catalogue.snapshot().play_with_previous.tolist() == [False, True, False]


def test_text_that_no_database_takes_is_mended(catalogue):
    odd = Track("Ma\x00ra \ud83d Vale", "Night " + "very " * 4000 + "Long Bus")
    mix = Tracklist("notes", "1", "Title\x00", (Play(1, "identified", odd, raw="\udfff"),))

    catalogue.add_tracklists([mix], set_aside=[SetAside("p" * 9000, "too\x00 long " * 900)])

    assert catalogue.add_tracklists([mix]).unchanged_sets == 1
    assert catalogue.find(odd) is not None
    assert catalogue.snapshot().set_titles.tolist() == ["Title"]


def test_clearing_a_source_leaves_the_rows_of_the_others(catalogue, heard):
    mine, demo = heard("1", NIGHT_BUS, TIDE), heard("1", NIGHT_BUS, LANTERN, source="demo")
    catalogue.add_tracklists([mine])
    expected = rows(catalogue)
    catalogue.add_tracklists([demo])
    assert catalogue.sources() == [SourceCount("demo", 1, 2), SourceCount("notes", 1, 2)]

    assert catalogue.clear_source("demo") == 1
    assert catalogue.clear_source("demo") == 0

    assert rows(catalogue) == expected


def test_a_recording_in_a_crate_outlives_its_last_set_until_it_is_taken_out_for_good(
    catalogue, heard, monkeypatch
):
    monkeypatch.setattr(crate_history, "STEPS_KEPT", 1)
    catalogue.add_tracklists([heard("1", NIGHT_BUS, TIDE, source="demo")])
    kept = catalogue.find(Track("Mara Vale", "Night Bus"))
    crate = catalogue.create_crate("Friday")
    catalogue.add_to_crate(crate, kept)

    catalogue.clear_source("demo")
    assert catalogue.crate_tracks(crate)[kept].title == "Night Bus"
    assert catalogue.stats().recordings == 1
    assert [hit.sets for hit in catalogue.search("night bus")] == [0]

    catalogue.remove_from_crate(crate, kept)
    assert catalogue.stats().recordings == 1  # undo would bring it back
    catalogue.undo_crate(crate)
    assert catalogue.crate(crate) == [kept]


def test_ids_are_never_given_out_twice(catalogue, heard):
    catalogue.add_tracklists([heard("1", NIGHT_BUS)])
    first = catalogue.find(Track("Mara Vale", "Night Bus"))
    catalogue.clear_source("notes")
    catalogue.add_tracklists([heard("1", TIDE)])

    assert catalogue.tracks([first]) == {}


def test_the_fingerprint_follows_the_plays_and_nothing_else(catalogue, heard):
    catalogue.add_tracklists([heard("1", NIGHT_BUS, TIDE), heard("2", LANTERN)])
    before = catalogue.fingerprint()

    catalogue.add_tracklists([heard("2", LANTERN, title="Renamed")])
    catalogue.create_crate("Friday")
    assert catalogue.fingerprint() == before

    catalogue.add_tracklists([heard("1", TIDE, NIGHT_BUS)])
    assert catalogue.fingerprint() != before

    catalogue.add_tracklists([heard("1", NIGHT_BUS, TIDE)])
    assert catalogue.fingerprint() == before
