from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import data.catalogue.migrations as migrations
from data.catalogue import Catalogue, CrateState
from data.records import Track

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


@pytest.fixture
def first_url(url: str) -> str:
    """A catalogue that the first Segue wrote."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in FIRST.split(";")[:-1]:
            connection.execute(text(statement))
    engine.dispose()
    return url


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
