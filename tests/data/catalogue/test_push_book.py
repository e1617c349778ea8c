from __future__ import annotations

import pytest

from data.catalogue import Push
from data.errors import SegueError


def opened(catalogue, digest="d1", crate_id=1, name="Friday") -> Push:
    return catalogue.pushes.open(digest, crate_id=crate_id, mode="new", name=name)


def test_a_push_starts_with_nothing_written(catalogue):
    push = opened(catalogue)
    assert push == Push("d1", 1, "new", "Friday", "", "", "", 0, False, push.started_at, "")
    assert push.started_at


def test_the_same_push_opened_again_is_where_it_was(catalogue):
    opened(catalogue)
    kept = catalogue.pushes.keep("d1", playlist_id="p1", link="https://there/p1")
    again = opened(catalogue, crate_id=9, name="Other")
    assert again == kept
    assert (again.crate_id, again.name, again.playlist_id) == (1, "Friday", "p1")


def test_only_what_is_given_changes(catalogue):
    opened(catalogue)
    catalogue.pushes.keep("d1", playlist_id="p1", total=3)
    push = catalogue.pushes.keep("d1", snapshot_id="s2")
    assert (push.playlist_id, push.snapshot_id, push.total, push.done) == ("p1", "s2", 3, False)
    assert catalogue.pushes.keep("d1", total=0).total == 0
    assert catalogue.pushes.keep("d1").snapshot_id == "s2"


def test_a_push_says_when_it_was_done_and_can_be_undone(catalogue):
    opened(catalogue)
    done = catalogue.pushes.keep("d1", done=True)
    assert done.done and done.finished_at >= done.started_at
    undone = catalogue.pushes.keep("d1", done=False)
    assert (undone.done, undone.finished_at) == (False, "")


def test_the_pushes_of_a_crate_come_last_first(catalogue):
    opened(catalogue, "d1")
    opened(catalogue, "d2", crate_id=2)
    opened(catalogue, "d3")
    opened(catalogue, "d1")
    assert [push.digest for push in catalogue.pushes.of_crate(1)] == ["d3", "d1"]
    assert catalogue.pushes.of_crate(7) == []


def test_a_push_forgotten_while_it_runs_is_reported(catalogue):
    opened(catalogue)
    catalogue.pushes.forget_all()
    assert catalogue.pushes.of_crate(1) == []
    with pytest.raises(SegueError, match="push it again"):
        catalogue.pushes.keep("d1", total=1)


def test_a_name_that_no_database_holds_is_kept_as_far_as_it_can_be(catalogue):
    assert opened(catalogue, name="Fri\x00day \ud800").name == "Friday ?"
    assert opened(catalogue).name == "Friday ?"
