from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import data.catalogue.migrations as migrations
from data.catalogue import Catalogue
from data.catalogue.tables import Base
from data.errors import SegueError

ROOT = Path(__file__).parents[3]


def test_a_new_catalogue_has_the_schema_of_the_models(url):
    with Catalogue.open(url) as catalogue, catalogue._database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"version_table": migrations.VERSION_TABLE, "compare_server_default": True},
        )
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_heads() == (migrations.REVISION,)


def test_the_revision_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.REVISION]


def test_opening_again_finds_what_was_kept(url, heard):
    with Catalogue.open(url) as catalogue:
        catalogue.add_tracklists([heard("1", "Mara Vale - Night Bus")])
    with Catalogue.open(url, create=False) as catalogue:
        assert catalogue.stats().plays == 1


def test_a_catalogue_opens_from_any_working_folder(tmp_path):
    code = "from data.catalogue import Catalogue; Catalogue.open('sqlite:///new.sqlite').close()"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert (tmp_path / "new.sqlite").exists()


def test_sqlite_is_set_up_for_readers_beside_a_writer(tmp_path):
    with (
        Catalogue.open(f"sqlite:///{tmp_path / 'c.sqlite'}") as catalogue,
        catalogue._database.reading() as connection,
    ):
        pragmas = ("busy_timeout", "journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in pragmas]
    assert found == [60_000, "wal", 1, 1]


def test_a_folder_that_is_not_there_is_made(tmp_path):
    Catalogue.open(f"sqlite:///{tmp_path / 'a' / 'b' / 'c.sqlite'}").close()
    assert (tmp_path / "a" / "b" / "c.sqlite").exists()


def test_a_missing_catalogue_is_not_made_when_only_asked_for(tmp_path):
    path = tmp_path / "none.sqlite"
    with pytest.raises(SegueError, match=r"no catalogue at .*none.sqlite.*segue demo"):
        Catalogue.open(f"sqlite:///{path}", create=False)
    assert not path.exists()


def test_a_catalogue_from_a_newer_segue_is_left_alone(url):
    Catalogue.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(SegueError, match="newer Segue"):
        Catalogue.open(url)


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Tracks for Friday\n" * 200)
    with pytest.raises(SegueError, match=r"notes.txt is not a Segue catalogue"):
        Catalogue.open(f"sqlite:///{path}")
    assert path.read_text() == "Tracks for Friday\n" * 200


def test_another_programs_database_is_left_alone(url):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE songs (id INTEGER)"))
    engine.dispose()
    with pytest.raises(SegueError, match="another program's tables"):
        Catalogue.open(url)


def test_a_folder_in_the_place_of_the_file_is_reported(tmp_path):
    with pytest.raises(SegueError, match="Could not open the catalogue"):
        Catalogue.open(f"sqlite:///{tmp_path}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_reported(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(SegueError):
        Catalogue.open(f"sqlite:///{tmp_path / 'c.sqlite'}")


@pytest.mark.parametrize("wrong", ["catalogue.sqlite", "mysql://me@host/segue", ""])
def test_a_url_that_names_no_database_of_ours_is_refused(wrong):
    with pytest.raises(SegueError, match=r"(?i)sqlite"):
        Catalogue.open(wrong)


def test_a_server_that_does_not_answer_is_reported_without_the_password():
    pytest.importorskip("psycopg")
    with pytest.raises(SegueError, match="did not answer") as caught:
        Catalogue.open("postgresql://me:secret@127.0.0.1:1/segue")
    assert "secret" not in str(caught.value)


def test_a_missing_driver_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SegueError, match="pip install"):
        Catalogue.open("postgresql://me@127.0.0.1/segue")


def test_two_processes_may_make_the_same_catalogue_at_once(url):
    code = f"from data.catalogue import Catalogue; print(Catalogue.open({url!r}).stats().sets)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [(p.communicate()[1].decode(), p.returncode) for p in running] == [("", 0)] * 2


WRITER = """
import sys
from data.catalogue import Catalogue
from data.records import Play, Track, Tracklist

url, name = sys.argv[1:]
with Catalogue.open(url) as catalogue:
    for n in range(15):
        tracks = [Track(f"Artist {k}", f"Title {k}") for k in (n, n + 1, name)]
        plays = tuple(Play(i, "identified", t) for i, t in enumerate(tracks, start=1))
        catalogue.add_tracklists([Tracklist(name, str(n), "A set", plays)])
"""


def test_two_processes_write_at_once_without_harm(url):
    Catalogue.open(url).close()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, name], env=environment)
        for name in ("left", "right")
    ]
    assert [process.wait(120) for process in running] == [0, 0]

    with Catalogue.open(url) as catalogue:
        stats = catalogue.stats()
        assert (stats.sets, stats.plays, stats.recordings) == (30, 90, 18)
        snapshot = catalogue.snapshot()
        played = snapshot.recording_keys[snapshot.play_recording]
        with catalogue._database.reading() as connection:
            counted = connection.execute(text("SELECT recording_key, sets FROM recordings"))
            assert all((played == key).sum() == sets for key, sets in counted)


def test_a_reader_is_not_held_up_by_a_writer(url, heard):
    with Catalogue.open(url) as writer, Catalogue.open(url) as reader:
        writer.add_tracklists([heard("1", "Mara Vale - Night Bus")])
        inside, go_on = threading.Event(), threading.Event()

        def write():
            with writer._database.writing() as connection:
                connection.execute(text("DELETE FROM plays"))
                inside.set()
                go_on.wait(30)

        thread = threading.Thread(target=write)
        thread.start()
        assert inside.wait(30)
        try:
            assert reader.stats().plays == 1
            assert len(reader.snapshot().play_set) == 1
        finally:
            go_on.set()
            thread.join()
        assert reader.stats().plays == 0


def test_a_killed_writer_leaves_all_of_a_batch_or_nothing(tmp_path, heard):
    url = f"sqlite:///{tmp_path / 'c.sqlite'}"
    code = """
import os, signal, sys
from data.catalogue import Catalogue
from data.records import Play, Track, Tracklist
catalogue = Catalogue.open(sys.argv[1])
play = Play(1, "identified", Track("Mara Vale", "Night Bus"))
catalogue.add_tracklists([Tracklist("notes", "1", "Whole", (play,))], checkpoint=("walk", "1"))
with catalogue._database.writing() as connection:
    from data.catalogue import importing
    importing.add(connection, [Tracklist("notes", "2", "Half", (play,))])
    os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", code, url], env=environment, check=False)
    assert killed.returncode == -9

    with Catalogue.open(url) as catalogue:
        assert catalogue.snapshot().set_titles.tolist() == ["Whole"]
        assert catalogue.checkpoint("walk") == "1"
        with sqlite3.connect(tmp_path / "c.sqlite") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
