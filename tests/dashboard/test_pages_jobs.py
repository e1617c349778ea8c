"""Jobs on a page: what a card says, when it is drawn anew, and what its buttons do."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, no_update
from dash._callback_context import context_value
from dash._utils import AttributeDict
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import jobs
from dashboard.components import job_details
from dashboard.components import jobs as parts
from dashboard.services import Library, attach, current_library
from data.catalogue import Job
from data.errors import SegueError
from data.records import SetAside
from data.settings import Settings
from hybrid.jobs import uploads
from tests.dashboard.pressing import drawn, pressed

WORKER = "a worker of this test"


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def app(any_app: Dash, tmp_path: Path) -> Iterator[Dash]:
    """The app over an empty catalogue of this test's own."""
    attach(any_app.server.config, Library(Settings(home=tmp_path / "home")))
    with any_app.server.app_context():
        yield any_app


@pytest.fixture
def library(app: Dash) -> Library:
    return current_library()


def a_job(**changes: Any) -> Job:
    job = Job(
        id=3, kind="analyse", title="Listen to /music", options={}, state="running",
        cancelling=False, step="Listening", done=0, total=0, result={}, error="", skipped=0,
        created_at="", started_at="", finished_at="", attempts=1,
    )  # fmt: skip
    return replace(job, **changes)


def ago(seconds: float) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)).isoformat()


def outcome(library: Library, job_id: int, state: str, **result: Any) -> None:
    """Let a worker claim the job and end it."""
    job = library.catalogue.jobs.claim(WORKER)
    assert job is not None and job.id == job_id
    library.catalogue.jobs.finish(job_id, WORKER, state, **result)


# -- what a card says


def test_progress_is_a_named_progressbar_with_a_value() -> None:
    bar = drawn(parts.progress(a_job(done=45, total=120)))
    assert '"role": "progressbar"' in bar
    assert '"aria-valuenow": "45"' in bar and '"aria-valuemax": "120"' in bar
    assert '"aria-label": "Progress: Listen to /music"' in bar
    assert "Listening: 45 of 120" in bar


def test_progress_of_an_unknown_total_claims_no_value() -> None:
    bar = drawn(parts.progress(a_job(done=45)))
    assert "aria-valuenow" not in bar
    assert '"aria-valuetext": "Listening: 45"' in bar


def test_it_says_how_long_it_runs_and_about_how_long_still() -> None:
    bar = drawn(parts.progress(a_job(done=30, total=120, started_at=ago(60))))
    assert "1:00 so far, about 3 minutes left" in bar
    early = drawn(parts.progress(a_job(done=1, total=120, started_at=ago(60))))
    assert "1:00 so far" in early and "left" not in early


@pytest.mark.parametrize(
    ("done", "total", "gone", "left"),
    [(0, 10, 60, None), (5, 0, 60, None), (1, 100, 60, None), (5, 10, 1, None), (5, 10, 60, 60.0)],
)
def test_nothing_is_claimed_of_the_rest_too_early(
    done: int, total: int, gone: float, left: float | None
) -> None:
    assert parts.remaining(a_job(done=done, total=total), gone) == left


def test_a_job_that_waits_or_stops_says_so() -> None:
    assert "Waiting for its turn" in drawn(parts.card(a_job(state="queued", step="")))
    stopping = drawn(parts.card(a_job(cancelling=True)))
    assert "Stopping" in stopping and '"disabled": true' in stopping


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "done", "result": {"summary": "3 heard."}}, "3 heard."),
        ({"state": "done", "result": {}}, "Done."),
        ({"state": "failed", "error": "The disk is full."}, "The disk is full."),
        ({"state": "cancelled"}, "Resume goes on from there"),
    ],
)
def test_what_came_of_it_is_a_sentence(changes: dict[str, Any], said: str) -> None:
    assert said in parts.outcome(a_job(**changes))


def test_each_state_offers_what_can_be_done() -> None:
    def offered(**changes: Any) -> set[str]:
        text = drawn(parts.card(a_job(**changes)))
        return {act for act in ("cancel", "resume", "remove") if f'"act": "{act}"' in text}

    assert offered(state="queued") == offered(state="running") == {"cancel"}
    assert offered(state="done") == {"remove"}
    assert offered(state="failed") == offered(state="cancelled") == {"resume", "remove"}


def test_names_of_files_are_text_and_nothing_else() -> None:
    rough = "<img src=x onerror=alert(1)>"
    listed = job_details.details(a_job(skipped=1), [], [SetAside(rough, rough)])
    assert drawn(listed).count(rough) == 2  # as children of cells, which React escapes
    assert "dangerously" not in drawn(listed)


# -- when it is drawn anew


def followed(search: str = "", seen: str | None = None, kinds: list[str] | None = None) -> Any:
    """Call `follow` as Dash does, with the cards that are on the page."""
    on_page = [entry[0] for entry in json.loads(seen)[0]] if seen else []
    opened = json.loads(seen)[1] if seen else 0
    context_value.set(
        AttributeDict(
            outputs_list=[
                *({"id": name, "property": "x"} for name in "abcd"),
                [{"id": {"type": "job-progress", "key": key}} for key in on_page],
                [{"id": {"type": "job-log", "key": opened}}] if opened else [],
            ],
            triggered_inputs=[],
        )
    )
    return jobs.follow(None, None, search, None, kinds, seen)


def test_without_jobs_there_is_nothing_and_nothing_is_polled(library: Library) -> None:
    listed, seen, said, still, bars, logs = followed()
    assert (listed, said, still, bars, logs) == (None, "", True, [], [])
    assert followed(seen=seen)[0] is no_update


def test_a_live_job_is_followed_without_drawing_the_list_again(library: Library) -> None:
    job_id = library.start_job("analyse", "Listen to /music", {"paths": []})
    listed, seen, _, still, _, _ = followed()
    assert "Waiting for its turn" in drawn(listed)
    assert not still

    library.catalogue.jobs.claim(WORKER)
    listed, seen, said, still, _, _ = followed(seen=seen)
    assert "Running" in drawn(listed)
    assert said == "Listen to /music: Running."

    library.catalogue.jobs.beat(job_id, WORKER, step="Listening", done=2, total=4)
    listed, unchanged, _, still, [bar], _ = followed(seen=seen)
    assert listed is no_update and unchanged is no_update and not still
    assert "Listening: 2 of 4" in drawn(bar)

    library.catalogue.jobs.finish(job_id, WORKER, "done", result={"summary": "4 heard."})
    listed, seen, said, still, _, _ = followed(seen=seen)
    assert "4 heard." in drawn(listed)
    assert still
    assert said == "Listen to /music: Done."


def test_the_address_opens_a_job_and_its_log_is_followed(library: Library) -> None:
    job_id = library.start_job("analyse", "Listen to /music", {})
    library.catalogue.jobs.claim(WORKER)
    library.catalogue.jobs.log(job_id, "Passed over: 2 hidden.")
    listed, seen, *_ = followed(f"?job={job_id}")
    assert "Passed over: 2 hidden." in drawn(listed)
    library.catalogue.jobs.log(job_id, "One more line.", "warning")
    *_, [log] = followed(f"?job={job_id}", seen)
    assert "One more line." in drawn(log) and "warning: " in drawn(log)
    # The list of failures grows in the open job: that draws it anew.
    library.catalogue.jobs.set_aside(job_id, [SetAside("/music/a.mp3", "cut off")])
    listed, *_ = followed(f"?job={job_id}", seen)
    assert "cut off" in drawn(listed)


@pytest.mark.parametrize("search", ["?job=99", "?job=x", "?job=-1", f"?job={10**30}", "?job="])
def test_an_address_of_no_job_opens_nothing(library: Library, search: str) -> None:
    library.start_job("train", "Train", {})
    listed, *_ = followed(search)
    assert '"aria-expanded": "true"' not in drawn(listed)


def test_an_old_job_is_shown_if_it_is_asked_for(library: Library) -> None:
    for number in range(jobs.SHOWN + 1):
        job_id = library.start_job("train", f"Training {number}", {})
        outcome(library, job_id, "done")
    listed, *_ = followed()
    assert "Training 0" not in drawn(listed)
    assert "Show older jobs" in drawn(listed)
    everything, *_ = followed(pressed({"type": "jobs-all", "key": 0}, 1, jobs.show_all, None, ""))
    assert "Training 0" in drawn(everything) and "Show older" not in drawn(everything)
    listed, *_ = followed("?job=1")
    assert "Training 0" in drawn(listed)


def test_a_page_about_something_else_shows_jobs_that_ended_just_now(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome(library, library.start_job("train", "Train on your sets", {}), "done")
    listed, seen, *_ = followed(kinds=["train"])
    assert "Train on your sets" in drawn(listed)
    monkeypatch.setattr(jobs, "FRESH_S", -1.0)  # later
    assert followed(seen=seen, kinds=["train"])[0] is no_update  # it stays for who has seen it
    listed, *_ = followed(kinds=["train"])
    assert "Train on your sets" not in drawn(listed) and "Show finished jobs" in drawn(listed)
    listed, *_ = followed("?jobs=all", kinds=["train"])
    assert "Train on your sets" in drawn(listed)


def test_a_page_shows_the_kinds_it_asks_for(library: Library) -> None:
    library.start_job("analyse", "Listen to /music", {})
    library.start_job("train", "Train on your sets", {})
    listed, *_ = followed(kinds=["train", "evaluate"])
    assert "Train on your sets" in drawn(listed) and "/music" not in drawn(listed)


# -- what its buttons do


def act(name: str, job_id: int) -> int:
    return pressed({"type": "job-act", "act": name, "key": job_id}, 1, jobs.act, None)


def test_cancel_resume_and_remove(library: Library) -> None:
    woken: list[int] = []
    library.wake = lambda: woken.append(1)
    job_id = library.catalogue.jobs.add("train", "Train")
    act("cancel", job_id)
    assert library.catalogue.jobs.get(job_id).state == "cancelled"
    act("resume", job_id)
    assert library.catalogue.jobs.get(job_id).state == "queued"
    assert woken
    with pytest.raises(SegueError, match="cancel it before"):
        act("remove", job_id)
    act("cancel", job_id)
    act("remove", job_id)
    assert library.catalogue.jobs.recent() == []
    with pytest.raises(SegueError, match="not in the list any more"):
        act("cancel", job_id)


def test_removing_a_job_removes_what_was_uploaded_for_it(library: Library, tmp_path: Path) -> None:
    uploaded = uploads.new_folder(library.settings) / "a.txt"
    uploaded.write_text("A - B")
    own = tmp_path / "own.txt"
    own.write_text("mine")
    for path in (uploaded, own):
        options = {"paths": [str(path)], "uploaded": True}
        job_id = library.start_job("tracklists", "Read", options)
        act("cancel", job_id)
        act("remove", job_id)
    assert not uploaded.exists()
    assert own.exists()


def test_after_a_playlist_its_crate_and_its_music_are_offered(
    app: Dash, library: Library, tmp_path: Path
) -> None:
    crate = library.catalogue.create_crate("Friday")
    job_id = library.start_job("playlist", "Read the playlist Friday.m3u8", {})
    new = [str(tmp_path / "a.mp3"), str(tmp_path / "b.mp3")]
    outcome(library, job_id, "done", result={"crates": [crate], "files": new})
    listed, *_ = followed()
    assert "Listen to 2 new files that it names" in drawn(listed)

    def go_on(name: str, address: str) -> Any:
        with app.server.test_request_context("/", environ_overrides={"REMOTE_ADDR": address}):
            return pressed({"type": "job-next", "act": name, "key": job_id}, 1, jobs.go_on, None)

    assert go_on("crate", "192.168.1.7")[1] == "/set"
    assert library.crate_in_hand() == crate
    with pytest.raises(SegueError, match="that computer alone"):
        go_on("listen", "192.168.1.7")
    go_on("listen", "127.0.0.1")
    assert library.catalogue.jobs.recent()[0].options == {"paths": new}


def test_buttons_that_were_only_drawn_do_nothing(library: Library) -> None:
    job_id = library.start_job("train", "Train", {})
    with pytest.raises(PreventUpdate):
        pressed({"type": "job-act", "act": "cancel", "key": job_id}, None, jobs.act, None)
    assert library.catalogue.jobs.get(job_id).state == "queued"


def test_details_stand_in_the_address_beside_the_rest() -> None:
    def after(search: str) -> str:
        return pressed({"type": "job-open", "key": 3}, 1, jobs.unfold, None, search)

    assert after("?q=bus") == "?q=bus&job=3"
    assert after("?q=bus&job=3") == "?q=bus"
    assert after("?job=2") == "?job=3"


def test_what_was_left_out_comes_as_csv_that_calculates_nothing() -> None:
    rough = ["=cmd|calc", "+1", "-1", "@sum", "\t=1", " =1", "plain, with “comma”", "two\nlines"]
    content = jobs.as_csv([SetAside(cell, f"why {cell}") for cell in rough])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["what", "why"]
    for cell, (what, why) in zip(rough, rows[1:], strict=True):
        assert what.removeprefix("'") == cell
        assert what[0] not in "=+-@\t" and not what.lstrip().startswith("=")
        assert why == f"why {cell}"


def test_the_csv_is_handed_over_for_one_job(library: Library) -> None:
    job_id = library.start_job("analyse", "Listen", {})
    library.catalogue.jobs.set_aside(job_id, [SetAside("/music/\udce9.mp3", "cut off")])
    sent = pressed({"type": "job-failures", "key": job_id}, 1, jobs.download, None)
    assert sent["filename"] == "segue-left-out.csv"
