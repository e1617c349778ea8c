"""Analysing many files: what comes out, what is kept, and what is not done twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.catalogue import Catalogue, Sound
from data.records import SetAside, Track
from data.settings import Settings
from hybrid import analysis
from hybrid.analysis import HeardFile, analyse_files, say_lost
from hybrid.audio_files import identify
from hybrid.listen import Job, analyse_file
from tests.audio_files import id3, write
from tests.audio_files import music as audio
from tests.hybrid.ears import EAR, LOG, hear, heard

ROOT = Path(__file__).parents[2]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    """An executor that starts at once; what must survive a crash runs in processes."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def put(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.mp3").write_text(text)
    return [folder / f"{name}.mp3" for name in texts]


def result(outcome: HeardFile | SetAside) -> tuple[str, HeardFile | str]:
    if isinstance(outcome, SetAside):
        return Path(outcome.where).name, outcome.reason
    return outcome.path.name, outcome


@pytest.fixture
def run(catalogue: Catalogue, threads: Executor) -> Callable[..., dict[str, HeardFile | str]]:
    """Analyse files; return what came of each, a reason where nothing did, by its name."""

    def analyse(files, ear=EAR, *, executor=threads, **options):
        outcomes = analyse_files(
            catalogue, Settings(), files, ear, executor=executor, workers=2, **options
        )
        return dict(map(result, outcomes))

    return analyse


def test_what_is_heard_comes_back_and_is_kept(run, catalogue, music):
    [file] = put(music, song="twelve chars")
    found = run([file])["song.mp3"]

    assert found.path == file
    assert (found.analysis.bpm, found.vector.tolist()) == (12.0, [12.0] * 4)
    assert (found.encoder, found.known) == ("ear", False)
    assert catalogue.stats().analysed == 1
    assert catalogue.vectors("ear", "1").matrix.tolist() == [[12.0] * 4]


def test_a_named_file_belongs_to_the_recording_that_sets_play(run, catalogue, music):
    file = music / "07 - Mara Vale - Night Bus.mp3"
    file.write_text("x")
    run([file])
    assert catalogue.find(Track("Mara Vale", "Night Bus")) is not None
    assert catalogue.audio_path(catalogue.find(Track("Mara Vale", "Night Bus"))) == file


def test_each_failure_has_its_reason_and_costs_no_other_file(run, catalogue, music):
    files = put(music, a="good", b="bad", c="bug", d="nan", e="fine")
    found = run([*files, music / "gone.mp3", music])

    assert {name for name, o in found.items() if isinstance(o, HeardFile)} == {"a.mp3", "e.mp3"}
    assert found["b.mp3"] == "is cut off: 3 s of 4 s can be read"
    assert "ZeroDivisionError: by zero" in found["c.mp3"]
    assert "report it" in found["c.mp3"]
    assert found["d.mp3"] == "gives no number for energy"
    assert found["gone.mp3"] == "does not exist"
    assert found["music"] == "is no file"
    aside = {Path(entry.where).name: entry.reason for entry in catalogue.set_aside()}
    assert aside == {name: o for name, o in found.items() if isinstance(o, str)}


def test_a_file_that_was_mended_is_no_longer_set_aside(run, catalogue, music):
    [file] = put(music, a="bad")
    run([file])
    put(music, a="good now")
    assert isinstance(run([file])["a.mp3"], HeardFile)
    assert catalogue.set_aside() == []


class TestNotTwice:
    """What is known is not heard again."""

    def test_a_second_run_only_tells(self, run, music):
        files = put(music, a="1", b="22")
        first = run(files)
        second = run(files)
        assert sorted(heard(music)) == ["a.mp3", "b.mp3"]
        assert [second[n].known for n in sorted(second)] == [True, True]
        assert [second[n].analysis for n in sorted(second)] == [
            first[n].analysis for n in sorted(first)
        ]
        assert second["b.mp3"].vector.tolist() == first["b.mp3"].vector.tolist()

    def test_a_file_that_was_moved_is_known_where_it_is(self, run, catalogue, music):
        [file] = put(music, a="same")
        run([file])
        moved = file.rename(music / "Mara Vale - Night Bus.mp3")
        assert run([moved])[moved.name].known
        assert heard(music) == ["a.mp3"]
        assert catalogue.audio_path(catalogue.find(Track("Mara Vale", "Night Bus"))) == moved

    def test_copies_are_heard_once(self, run, catalogue, music):
        files = put(music, a="same", b="same", c="same", d="other")
        found = run(files)
        assert len(heard(music)) == 2
        assert all(isinstance(o, HeardFile) for o in found.values())
        assert len(found) == 4
        assert len(catalogue.known_files(files)) == 4

    def test_copies_of_a_bad_file_fail_each(self, run, music):
        found = run(put(music, a="bad", b="bad"))
        assert set(found.values()) == {"is cut off: 3 s of 4 s can be read"}

    def test_a_file_that_was_only_touched_is_known(self, run, music):
        [file] = put(music, a="same")
        run([file])
        os.utime(file, (1, 1))
        assert run([file])["a.mp3"].known

    def test_a_file_that_changed_is_heard_anew(self, run, catalogue, music):
        [file] = put(music, a="old")
        run([file])
        put(music, a="new one")
        assert run([file])["a.mp3"].analysis.bpm == 7.0
        assert catalogue.stats().analysed == 1

    def test_only_what_has_a_new_version_is_done(self, run, music):
        files = put(music, a="a song")
        run(files)
        found = run(files, replace(EAR, version="2"))["a.mp3"]
        assert (found.analysis.bpm, found.vector.tolist()) == (6.0, [6.0] * 4)
        run(files, replace(EAR, analyser="2", version="2"))
        wanted = [line.split()[1] for line in (music / LOG).read_text().splitlines()]
        assert wanted == ["11", "01", "10"]

    def test_all_is_done_again_when_asked_for(self, run, music):
        files = put(music, a="same", b="same")
        run(files)
        found = run(files, again=True)
        assert len(heard(music)) == 2
        assert not found["a.mp3"].known


class TestProcesses:
    """Crashes, hangs and ends, in processes of this machine."""

    def test_crashes_and_hangs_cost_one_file_each(self, run, music):
        files = put(
            music, **{f"s{n}": f"song {n}" for n in range(8)}, c1="crash", h="hang", c2="crash 2"
        )
        files = [files[-3], *files[:4], files[-2], files[-1], *files[4:8]]
        found = run(files, executor=None, timeout_s=6.0)

        assert found.pop("c1.mp3") == found.pop("c2.mp3") == "crashes the decoder or the analysis"
        assert found.pop("h.mp3") == "gave no result within 6 s"
        assert sorted(found) == [f"s{n}.mp3" for n in range(8)]
        assert all(isinstance(o, HeardFile) for o in found.values())

    def test_of_500_files_with_25_broken_ones_475_are_analysed_and_25_have_reasons(
        self, catalogue, music
    ):
        wrong = {7: "bad", 150: "crash", 300: "bug"}
        texts = {f"s{n}": f"song {n}" for n in range(500)}
        texts |= {f"s{n}": f"{wrong.get(n, 'nan')} {n}" for n in (150, 300, *range(7, 467, 20))}
        files = put(music, **texts)
        outcomes = list(analyse_files(catalogue, Settings(), files, EAR, workers=2))
        assert sum(isinstance(o, HeardFile) for o in outcomes) == 475
        assert sum(isinstance(o, SetAside) for o in outcomes) == 25
        assert len(catalogue.set_aside()) == 25
        assert catalogue.stats().analysed == 475

    def test_one_worker_is_a_process_of_its_own_too(self, catalogue, music):
        files = put(music, a="crash", b="song")
        outcomes = list(analyse_files(catalogue, Settings(), files, EAR, workers=1))
        assert [type(o) for o in outcomes] == [SetAside, HeardFile]

    def test_breaking_off_keeps_what_is_done_and_leaves_no_process(self, catalogue, music):
        files = put(music, **{f"s{n}": f"slow {n}" for n in range(40)})
        outcomes = analyse_files(catalogue, Settings(), files, EAR, workers=2)
        with closing(outcomes):
            first = next(outcomes)
        assert isinstance(first, HeardFile)
        done = catalogue.stats().analysed
        assert 0 < done < 40
        pids = {int(line.split()[2]) for line in (music / LOG).read_text().splitlines()}
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)

        before = len(heard(music))
        rest = list(analyse_files(catalogue, Settings(), files, EAR, workers=2))
        assert len(rest) == 40
        assert len(heard(music)) - before == 40 - done


KILLED = """
import os, signal, sys
from pathlib import Path
from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.analysis import analyse_files
from tests.hybrid.ears import EAR

if __name__ == "__main__":
    with Catalogue.open(sys.argv[1]) as catalogue:
        files = sorted(Path(sys.argv[2]).glob("*.mp3"))
        outcomes = analyse_files(catalogue, Settings(), files, EAR, workers=2)
        for _ in range(20):
            next(outcomes)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_goes_on_where_it_was_and_leaves_no_worker(tmp_path, music):
    put(music, **{f"s{n:03}": f"slow {n}" for n in range(100)})
    put(music, bad1="bad", bad2="bad 2")
    url = f"sqlite:///{tmp_path / 'c.sqlite'}"
    killed = subprocess.run([sys.executable, "-c", KILLED, url, str(music)], cwd=ROOT, check=False)
    assert killed.returncode == -9
    pids = {int(line.split()[2]) for line in (music / LOG).read_text().splitlines()}
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)

    with Catalogue.open(url) as catalogue, ThreadPoolExecutor(2) as pool:
        done = catalogue.stats().analysed
        assert 0 < done < 100
        (music / LOG).unlink()
        files = sorted(music.glob("*.mp3"))
        outcomes = list(analyse_files(catalogue, Settings(), files, EAR, executor=pool, workers=2))
        assert sum(isinstance(o, HeardFile) for o in outcomes) == 100
        assert sum(isinstance(o, SetAside) for o in outcomes) == 2
        assert len(heard(music)) == 100 - done + 2
        assert catalogue.stats().analysed == 100


def changing(job):
    """Hear a file that somebody writes to meanwhile."""
    sound = hear(job)
    job.path.write_text("other")
    return sound


def test_a_file_that_changes_meanwhile_is_set_aside(run, catalogue, music):
    found = run(put(music, a="a song"), replace(EAR, analyse=changing))
    assert "changed while it was read" in found["a.mp3"]
    assert catalogue.stats().analysed == 0


def test_a_dask_cluster_does_the_work(catalogue, music):
    distributed = pytest.importorskip("distributed")
    files = put(music, **{f"s{n}": f"song {n}" for n in range(20)}, b="bad")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, protocol="tcp"
    ) as cluster:
        settings = Settings(dask_scheduler=cluster.scheduler_address)
        outcomes = list(analyse_files(catalogue, settings, files, EAR))
    assert sum(isinstance(o, HeardFile) for o in outcomes) == 20
    assert [o.reason for o in outcomes if isinstance(o, SetAside)] == [
        "is cut off: 3 s of 4 s can be read"
    ]


class TestScannedAgain:
    """What a second scan of a folder makes of what happened there meanwhile."""

    def test_nothing_new_opens_no_file(self, run, music, monkeypatch):
        files = put(music, **{f"s{n}": f"song {n}" for n in range(450)})
        run(files)
        monkeypatch.setattr(analysis, "identify", None)
        assert all(found.known for found in run(files).values())

    def test_what_was_moved_or_copied_is_not_lost_and_what_was_deleted_is_told(
        self, run, catalogue, music
    ):
        moved, copied, deleted = put(music, a="one", b="two", c="three")
        (music / "new").mkdir()
        (music / "new" / "b.mp3").write_text("two")
        run([moved, copied, deleted, music / "new" / "b.mp3"])
        run([moved.rename(music / "new" / "a.mp3")])
        copied.unlink()
        assert say_lost(catalogue, [music]) == ""
        deleted.unlink()
        said = say_lost(catalogue, [music])
        assert said.startswith(f"Files that are gone from these folders: {deleted}. Their tracks")
        assert say_lost(catalogue, [music / "new", music / "nowhere"]) == ""
        assert catalogue.stats().analysed == 3

    def test_a_library_that_is_gone_is_told_in_one_sentence(self, run, catalogue, music):
        files = put(music, **{f"s{n}": f"song {n}" for n in range(30)})
        run(files)
        for file in files:
            file.unlink()
        assert " and 25 more. " in say_lost(catalogue, [music])
        assert catalogue.stats().analysed == 30

    def test_a_disk_that_is_not_plugged_in_has_lost_nothing(self, run, catalogue, music):
        run(put(music, a="one"))
        music.rename(music.with_name("elsewhere"))
        assert say_lost(catalogue, [music]) == ""

    def test_files_that_swap_their_names_are_known_by_their_content(self, run, catalogue, music):
        one, two = put(
            music, **{"Mara Vale - Night Bus": "bus", "Odd Heron - Low Tide": "the tide"}
        )
        run([one, two])
        between = one.rename(music / "between")
        two.rename(one)
        between.rename(two)
        found = run([one, two])
        assert all(outcome.known for outcome in found.values())
        assert found[one.name].analysis.bpm == len("the tide")
        # A name tells no more than the tags did, and what the recording is was known before.
        assert catalogue.audio_path(catalogue.find(Track("Mara Vale", "Night Bus"))) == two


def test_new_tags_in_a_real_file_keep_the_recording_its_crates_and_what_was_said(
    catalogue, tmp_path
):
    def scan(**frames):
        file.write_bytes(id3({"TPE1": "Mara Vale", **frames}) + sound)
        job = Job(file, "", models=tmp_path, encoder="", version="", longest_s=60.0, vectors=False)
        heard = analyse_file(job)
        known = identify(file)
        catalogue.add_sound(
            [
                Sound(
                    known.content_hash,
                    known,
                    heard.track,
                    heard.duration_s,
                    heard.tags,
                    analysis=heard.analysis,
                )
            ]
        )
        return catalogue.find(heard.track)

    file = write(tmp_path, "mp3", audio(6.0))
    sound = file.read_bytes()
    first = scan(TIT2="Nigth Bus")
    crate = catalogue.create_crate("Friday")
    catalogue.add_to_crate(crate, first)
    catalogue.feedback.say("like", first)

    assert scan(TIT2="Nigth Bus", TBPM="126", TCON="House") == first
    assert catalogue.sound([first])[first].provenance["bpm"] == "tag"
    assert catalogue.stats().analysed == 1

    mended = scan(TIT2="Night Bus")
    assert catalogue.crate(crate) == [mended]
    assert [word.recording_id for word in catalogue.feedback.words()] == [mended]
    assert catalogue.audio_path(mended) == file
    assert catalogue.stats().recordings == 1
