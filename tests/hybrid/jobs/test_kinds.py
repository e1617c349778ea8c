"""Each kind of job does what its command does, and says so."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from data.catalogue import Catalogue, Job
from data.demo import SOURCE, demo_tracklists
from data.settings import Settings
from hybrid.evaluate import kept
from hybrid.jobs import JobContext, context, run, run_job, uploads
from tests.hybrid.ears import heard
from tests.peers.invented_wiki import CATEGORY, invented_pages
from tests.peers.mediawiki import Fault, MediaWikiPeer

NIGHTS = """set_id,date,dj,set_title,position,artist,title,label
1,2019-05-04,Ann,Old Mill,1,Bob Basalt,Undertow,Kiln
1,2019-05-04,Ann,Old Mill,2,Cid Cedar,Slow Door,
,,,,1,Cid Cedar,Slow Door,
"""

Do = Callable[..., Job]
demo_sets = cache(demo_tracklists)


@pytest.fixture
def do(catalogue: Catalogue) -> Do:
    """Queue a job and run it, or run one that was queued again."""

    def do(kind: str = "", *, settings: Settings | None = None, **options: Any) -> Job:
        if kind:
            catalogue.jobs.add(kind, "A job", options)
        job = catalogue.jobs.claim("me")
        assert job is not None
        return run_job(catalogue, settings or Settings(), job, "me")

    return do


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    for number in range(3):
        (folder / f"Ann - Tune {number}.mp3").write_text("x" * (number + 1))
    (folder / "broken.mp3").write_text("bad")
    (folder / "cover.jpg").write_text("x")
    return folder


def log_of(catalogue: Catalogue, job: Job) -> list[str]:
    return [line.text for line in catalogue.jobs.lines(job.id)]


def cancel_when(catalogue: Catalogue, it: Callable[[Job], bool]) -> None:
    """Cancel the one job, which is queued after this, as soon as it is so far."""

    def watch() -> None:
        while not any(map(it, catalogue.jobs.recent())):
            time.sleep(0.005)
        catalogue.jobs.cancel(1)

    threading.Thread(target=watch, daemon=True).start()


@pytest.mark.usefixtures("light_ear")
class TestAnalyse:
    def test_it_says_how_many_were_heard_known_and_left_out_and_why(
        self, catalogue: Catalogue, do: Do, music: Path
    ) -> None:
        job = do("analyse", paths=[str(music)])
        assert (job.state, job.step, job.done, job.total) == ("done", "Listening", 4, 4)
        assert job.result == {
            "summary": "3 heard, 0 known already, 1 left out.",
            "files": 4,
            "heard": 3,
            "known": 0,
            "failed": 1,
            "skipped": {"no audio by its name": 1},
        }
        [failure] = catalogue.jobs.failures(job.id)
        assert failure.where == str(music / "broken.mp3")
        assert failure.reason.startswith("is cut off")
        assert "Passed over in folders: 1 no audio by its name." in log_of(catalogue, job)
        assert do("analyse", paths=[str(music)]).result["known"] == 3

    def test_a_cancelled_one_keeps_what_it_heard_and_goes_on_with_the_rest(
        self, catalogue: Catalogue, do: Do, tmp_path: Path
    ) -> None:
        many = tmp_path / "many"
        many.mkdir()
        for number in range(80):
            (many / f"Ann_-_Tune_{number}.mp3").write_text(f"slow {number}")
        cancel_when(catalogue, lambda job: job.done > 0)
        assert do("analyse", paths=[str(many)]).state == "cancelled"
        first = catalogue.stats().recordings
        assert 0 < first < 80
        catalogue.jobs.resume(1)
        job = do()
        assert (job.state, job.result["heard"] + job.result["known"]) == ("done", 80)
        assert job.result["known"] == first
        assert len(set(heard(many))) == 80

    def test_one_of_which_nothing_can_be_heard_fails(self, do: Do, music: Path) -> None:
        job = do("analyse", paths=[str(music / "broken.mp3"), str(music / "not there.mp3")])
        assert (job.state, job.skipped) == ("failed", 2)
        assert "list of what was left out" in job.error

    def test_a_folder_without_audio_fails_and_says_what_is_in_it(self, do: Do, music: Path) -> None:
        for file in music.glob("*.mp3"):
            file.unlink()
        job = do("analyse", paths=[str(music)])
        assert job.state == "failed"
        assert "1 no audio by its name" in job.error

    def test_nothing_chosen_is_a_sentence(self, do: Do) -> None:
        assert do("analyse").error == "Choose at least one file or folder."

    def test_it_is_kept_how_the_audio_came(self, catalogue: Catalogue, do: Do, music: Path) -> None:
        do("analyse", paths=[str(music)], origin="upload")
        assert (catalogue.clear_sound("file"), catalogue.clear_sound("upload")) == (0, 3)

    def test_uploaded_files_go_by_their_names(self, catalogue: Catalogue, do: Do) -> None:
        folder = uploads.new_folder(Settings())
        (folder / "mine.mp3").write_text("bad")
        job = do("analyse", paths=[str(folder / "mine.mp3")], uploaded=True)
        assert [entry.where for entry in catalogue.jobs.failures(job.id)] == ["mine.mp3"]


class TestTracklists:
    def test_sets_come_in_and_rows_that_cannot_are_listed(
        self, catalogue: Catalogue, do: Do, tmp_path: Path
    ) -> None:
        (tmp_path / "nights.csv").write_text(NIGHTS)
        job = do("tracklists", paths=[str(tmp_path / "nights.csv")])
        assert (job.state, job.step, job.done, job.total) == ("done", "Importing", 1, 1)
        assert job.result["summary"] == "Sets: 1 new, 0 changed, 0 known already. Left out: 1."
        assert (job.result["new_sets"], job.result["plays"], job.result["failed"]) == (1, 2, 1)
        [failure] = catalogue.jobs.failures(job.id)
        assert failure.reason.startswith("line 4: the row names no set")
        assert catalogue.stats().sets == 1

    @pytest.mark.parametrize("replace_demo", [True, False])
    def test_the_demo_crate_goes_if_that_was_asked_for(
        self, catalogue: Catalogue, do: Do, tmp_path: Path, replace_demo: bool
    ) -> None:
        catalogue.add_tracklists(demo_sets()[:5])
        (tmp_path / "nights.csv").write_text(NIGHTS)
        job = do("tracklists", paths=[str(tmp_path / "nights.csv")], replace_demo=replace_demo)
        assert job.state == "done"
        assert (SOURCE in {entry.source for entry in catalogue.sources()}) is not replace_demo
        assert ("Took the demo crate out: 5 sets." in log_of(catalogue, job)) is replace_demo

    def test_a_file_that_is_none_fails_and_the_demo_crate_stays(
        self, catalogue: Catalogue, do: Do, tmp_path: Path
    ) -> None:
        catalogue.add_tracklists(demo_sets()[:5])
        (tmp_path / "bad.txt").write_text("just prose\n")
        job = do("tracklists", paths=[str(tmp_path / "bad.txt")], replace_demo=True)
        assert job.state == "failed"
        assert "bad.txt" in job.error
        assert catalogue.stats().sets == 5

    def test_cancel_stops_between_two_batches(
        self, catalogue: Catalogue, do: Do, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Regretting(JobContext):
            def tell(self, step: str, done: int = 0, total: int = 0) -> None:
                if done == 400:
                    catalogue.jobs.cancel(1)
                super().tell(step, done, total)

        monkeypatch.setattr(context, "TOLD_EVERY_S", 0)
        head, row = NIGHTS.splitlines()[:2]
        rows = [row.replace("1,2019", f"{number},2019") for number in range(700)]
        (tmp_path / "nights.csv").write_text("\n".join([head, *rows, ""]))
        with monkeypatch.context() as patched:
            patched.setattr(run, "JobContext", Regretting)
            job = do("tracklists", paths=[str(tmp_path / "nights.csv")])
        assert (job.state, job.done, catalogue.stats().sets) == ("cancelled", 400, 400)
        catalogue.jobs.resume(1)
        job = do()
        assert (job.state, job.result["unchanged_sets"]) == ("done", 400)
        assert catalogue.stats().sets == 700


class TestPlaylist:
    def test_it_becomes_a_crate_and_what_names_no_track_is_listed(
        self, catalogue: Catalogue, do: Do, tmp_path: Path
    ) -> None:
        (tmp_path / "friday.m3u8").write_text(
            "#EXTM3U\n#EXTINF:300,Bob Basalt - Undertow\n/x/1.mp3\n#EXTINF:1,ID - ID\n/x/2.mp3\n"
        )
        job = do("playlist", path=str(tmp_path / "friday.m3u8"), crate="Friday")
        assert job.state == "done", job.error
        assert job.result["summary"]
        assert (job.result["new"], job.result["failed"], job.skipped) == (1, 1, 1)
        [crate] = catalogue.crates()
        assert (crate.name, crate.size) == ("Friday", 1)

    def test_a_file_that_is_none_fails(self, do: Do, tmp_path: Path) -> None:
        job = do("playlist", path=str(tmp_path / "none.m3u8"))
        assert job.state == "failed"
        assert "none.m3u8" in job.error


class TestMixesDb:
    def test_pages_come_in_with_the_reasons_of_those_that_do_not(
        self, catalogue: Catalogue, do: Do
    ) -> None:
        with MediaWikiPeer(invented_pages(12)) as peer:
            job = do("mixesdb", settings=reading(peer), category=CATEGORY, limit=10)
        assert (job.state, job.step, job.done, job.total) == ("done", "Reading pages", 10, 10)
        assert job.result["pages"] == 10 == job.result["sets"] + job.result["failed"]
        assert job.skipped == job.result["failed"]
        assert catalogue.stats().sets == job.result["sets"] > 0

    def test_a_site_that_refuses_fails_it_and_resuming_goes_on_where_it_was(
        self, catalogue: Catalogue, do: Do
    ) -> None:
        faults = (6, Fault("challenge"))
        with MediaWikiPeer(invented_pages(32), faults_from=faults) as peer:
            job = do("mixesdb", settings=reading(peer), category=CATEGORY)
            assert (job.state, job.done) == ("failed", 14)
            assert job.error.startswith("Blocked: 127.0.0.1 refuses automated access")
            before = len(peer.api_requests)
            peer.faults_from = None
            catalogue.jobs.resume(job.id)
            job = do(settings=reading(peer))
            assert (job.state, job.done) == ("done", 33)
            assert len(peer.api_requests) - before == 6  # of the ten that all of it takes
        assert "Went on after page 14." in log_of(catalogue, job)

    def test_cancel_does_not_wait_until_the_site_wants_to_be_asked_again(
        self, catalogue: Catalogue, do: Do, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(context, "BEAT_EVERY_S", 0.05)
        cancel_when(catalogue, lambda job: job.done > 0)
        busy = {4: Fault("503", retry_after="250")}
        with MediaWikiPeer(invented_pages(32), faults=busy) as peer:
            started = time.monotonic()
            job = do("mixesdb", settings=reading(peer), category=CATEGORY)
        assert (job.state, job.done) == ("cancelled", 7)
        assert time.monotonic() - started < 30

    def test_a_category_has_to_be_named(self, do: Do) -> None:
        assert do("mixesdb", category=" ").error.startswith("Name the MixesDB category")


def reading(peer: MediaWikiPeer, **more: Any) -> Settings:
    given = {"mixesdb_api_url": peer.api_url, "mixesdb_delay": 0, "http_delay": 0, **more}
    return Settings(**given)


class TestLearning:
    @pytest.fixture
    def sets(self, catalogue: Catalogue) -> None:
        nights = demo_sets()[:24]
        short = [replace(night, plays=night.plays[:6]) for night in nights]
        catalogue.add_tracklists(short)

    @pytest.mark.usefixtures("sets")
    def test_training_leaves_a_model_and_says_on_what(self, catalogue: Catalogue, do: Do) -> None:
        job = do("train")
        assert (job.state, job.step) == ("done", "Learning from the sets")
        assert job.done == job.total > 0
        assert job.result["sets"] == 24
        assert job.result["tuned"] is False
        assert (Settings().models_dir / "als" / job.result["version"]).is_dir()

    def test_training_on_nothing_says_what_to_do(self, do: Do) -> None:
        job = do("train")
        assert job.state == "failed"
        assert "no DJ sets to learn from" in job.error

    @pytest.mark.usefixtures("sets")
    def test_an_evaluation_is_kept_for_the_page(self, catalogue: Catalogue, do: Do) -> None:
        assert kept.load(Settings()) is None
        job = do("evaluate", draws=1)
        assert job.state == "done", job.error
        assert 0 < job.done <= job.total
        found = kept.load(Settings())
        assert found is not None
        assert found.fingerprint == catalogue.fingerprint() == job.result["fingerprint"]
        assert found.figures["sets"] == job.result["sets"] == 24
        assert {row["method"] for row in found.figures["rows"]}
        assert job.started_at[:10] <= found.date[:10] <= job.finished_at[:10]
        json.dumps(found.figures, allow_nan=False)
