from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import data.catalogue.migrations as migrations
from data.catalogue import Catalogue, CrateState
from data.records import Entry, Track

# One set with one play, as the first schema kept it.
FIRST = """
INSERT INTO works VALUES (1, 'maravale|nightbus');
INSERT INTO labels VALUES (1, 'dock');
INSERT INTO artists VALUES (1, 'maravale');
INSERT INTO recordings VALUES
    (1, 'maravale|nightbus|', 1, 1, 'Mara Vale', 'Night Bus', '', 'Dock', 'D1', 'House', 1,
     'mara vale night bus');
INSERT INTO recording_artists VALUES (1, 0, 1);
INSERT INTO sets VALUES (1, 'notes', '1', 'Set 1', '2020', '', '', '', '', 'unknown', 'c', 'p');
INSERT INTO plays VALUES
    (1, 1, 'identified', 1, false, 0, '', NULL, NULL, NULL, '', '', 'Mara Vale', 'Night Bus', '',
     'Dock', 'D1', 'House');
INSERT INTO crates VALUES (1, 'Friday');
INSERT INTO crate_items VALUES (1, 1, 1);
INSERT INTO counters VALUES ('recordings', 1), ('changes', 1);
"""

# What the fourth schema kept besides: sound, a word of the DJ, a job, a step, a choice.
FOURTH = """
INSERT INTO audio VALUES (1, 'hash', 1, 200.0, 'file', '{"year": "2019"}');
INSERT INTO analyses VALUES
    (1, 'segue 1', 124.0, 0.9, '[62.0]', 0.1, 'Am', 0.8, NULL, 0.5, -9.0, 4000.0, '[[0.0, 30.0]]',
     124.0, 'Am', '{"bpm": "measured", "key": "measured"}');
INSERT INTO feedback VALUES (1, 1, NULL, 'like', '2026-01-01T00:00:00.000000+00:00');
INSERT INTO jobs VALUES
    (1, 'analyse', 'Listen', '{}', 'done', false, '', 0, 0, '{"heard": 1}', '', 0, 0, 1, '',
     '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01');
INSERT INTO crate_steps VALUES (1, 0, '', '[]'), (1, 1, 'Added one', '[1]');
UPDATE crates SET stamp = 1, step = 1;
INSERT INTO preferences VALUES ('theme', 'dark');
INSERT INTO counters VALUES ('crates', 1), ('audio', 1), ('feedback', 1), ('jobs', 1), ('heard', 1);
"""


def written(url: str, *steps: tuple[str, str]) -> str:
    """Make a catalogue of older schemas, each with the rows that only it could write."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        for revision, rows in steps:
            command.upgrade(config, revision)
            for statement in rows.split(";\n")[:-1]:
                connection.exec_driver_sql(statement)
    engine.dispose()
    return url


@pytest.fixture
def first_url(url: str) -> str:
    """A catalogue that the first Segue wrote."""
    return written(url, ("0001", FIRST))


@pytest.fixture
def fourth_url(url: str) -> str:
    """The same after the fourth Segue had worked on it."""
    return written(url, ("0001", FIRST), ("0004", FOURTH))


def test_a_catalogue_without_sound_keeps_everything_and_can_hear(first_url):
    with Catalogue.open(first_url) as catalogue:
        track = Track("Mara Vale", "Night Bus", "", "Dock", "D1", "House")
        assert catalogue.tracks([1]) == {1: track}
        assert catalogue.crate(1) == [1]
        assert catalogue.crate_state(1) == CrateState(1, "Friday", 0, (1,), "", "")
        catalogue.remove_from_crate(1, 1)
        assert catalogue.undo_crate(1).ids == (1,)
        stats = catalogue.stats()
        assert (stats.sets, stats.plays, stats.analysed) == (1, 1, 0)
        assert catalogue.vectors("segue", "1").matrix.shape == (0, 0)


def test_a_catalogue_with_sound_and_jobs_keeps_everything_and_can_reach_outside(fourth_url):
    with Catalogue.open(fourth_url) as catalogue:
        assert catalogue.sound([1])[1].bpm == 124.0
        assert catalogue.sound_columns().year.tolist() == [2019.0]
        assert catalogue.jobs.get(1).result == {"heard": 1}
        assert catalogue.crate_state(1) == CrateState(1, "Friday", 1, (1,), "Added one", "")
        assert [word.verdict for word in catalogue.feedback.words()] == ["like"]
        assert catalogue.preference("theme") == "dark"

        catalogue.web.keep("deezer", "q", 1)
        catalogue.sealed.put("a", b"1")
        assert catalogue.web.answer("deezer", "q") == 1
        assert catalogue.sealed.get("a") == b"1"
        assert catalogue.pushes.open("d", crate_id=1, mode="new", name="Friday").total == 0
        said = Entry(Track("Mara Vale", "Night Bus"), bpm=125.0)
        catalogue.add_playlist("Sunday", [said], said_by="rekordbox")
        assert catalogue.sound([1])[1].bpm == 125.0
