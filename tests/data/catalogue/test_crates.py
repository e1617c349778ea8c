from __future__ import annotations

import pytest

from data.catalogue import Crate
from data.errors import SegueError


@pytest.fixture
def ids(catalogue, heard):
    catalogue.add_tracklists([heard("1", "Ana - One", "Bo - Two", "Cy - Three")])
    return catalogue.snapshot().recording_ids.tolist()


def test_a_crate_keeps_its_recordings_in_order(catalogue, ids):
    crate = catalogue.create_crate("  Friday  night ")
    added = [catalogue.add_to_crate(crate, i) for i in (ids[1], ids[0], ids[1])]

    assert added == [True, True, False]
    assert catalogue.crate(crate) == [ids[1], ids[0]]
    assert [t.artist for t in catalogue.crate_tracks(crate).values()] == ["Bo", "Ana"]
    assert catalogue.crates() == [Crate(crate, "Friday night", 2)]


def test_a_crate_is_put_into_another_order(catalogue, ids):
    crate = catalogue.create_crate("Friday")
    for ident in ids:
        catalogue.add_to_crate(crate, ident)

    catalogue.reorder_crate(crate, [ids[2], ids[0], ids[1]])
    assert catalogue.crate(crate) == [ids[2], ids[0], ids[1]]
    for wrong in ([ids[0]], [*ids, ids[0]], [ids[0], ids[0], ids[1]]):
        with pytest.raises(SegueError, match="same tracks"):
            catalogue.reorder_crate(crate, wrong)
    assert catalogue.crate(crate) == [ids[2], ids[0], ids[1]]


def test_recordings_are_taken_out_and_added_at_the_end(catalogue, ids):
    crate = catalogue.create_crate("Friday")
    for ident in ids:
        catalogue.add_to_crate(crate, ident)
    catalogue.remove_from_crate(crate, ids[0])
    catalogue.remove_from_crate(crate, ids[0])
    catalogue.add_to_crate(crate, ids[0])

    assert catalogue.crate(crate) == [ids[1], ids[2], ids[0]]
    assert catalogue.stats().recordings == 3


def test_crates_are_renamed_and_deleted_without_touching_the_sets(catalogue, ids):
    friday, saturday = catalogue.create_crate("Friday"), catalogue.create_crate("Saturday")
    catalogue.add_to_crate(friday, ids[0])
    catalogue.rename_crate(friday, "Friday")
    catalogue.rename_crate(friday, "Warm-up")
    assert [c.name for c in catalogue.crates()] == ["Warm-up", "Saturday"]

    catalogue.delete_crate(friday)
    assert catalogue.crates() == [Crate(saturday, "Saturday", 0)]
    assert catalogue.stats().recordings == 3


def test_what_cannot_be_done_is_said_clearly(catalogue, ids):
    crate = catalogue.create_crate("Friday")
    catalogue.create_crate("Saturday")
    for attempt, said in (
        (lambda: catalogue.create_crate("Friday"), "choose another name"),
        (lambda: catalogue.create_crate(" "), "needs a name"),
        (lambda: catalogue.rename_crate(crate, "Saturday"), "choose another name"),
        (lambda: catalogue.rename_crate(99, "Sunday"), "no crate 99"),
        (lambda: catalogue.crate(99), "no crate 99"),
        (lambda: catalogue.delete_crate(99), "no crate 99"),
        (lambda: catalogue.add_to_crate(99, ids[0]), "no crate 99"),
        (lambda: catalogue.add_to_crate(crate, 999), "no track 999"),
    ):
        with pytest.raises(SegueError, match=said):
            attempt()
