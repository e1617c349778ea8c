from __future__ import annotations

import pytest

from data.catalogue import Catalogue, Crate
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
    assert catalogue.crates() == [Crate(crate, "Friday night", 2, stamp=2)]


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
    assert catalogue.crates() == [Crate(saturday, "Saturday", 0, stamp=0)]
    assert catalogue.stats().recordings == 3


def test_what_cannot_be_done_is_said_clearly(catalogue, ids):
    crate = catalogue.create_crate("Friday")
    catalogue.create_crate("Saturday")
    for attempt, said in (
        (lambda: catalogue.create_crate("Friday"), "choose another name"),
        (lambda: catalogue.create_crate(" \x00"), "needs a name"),
        (lambda: catalogue.create_crate("x" * 201), "at most 200 characters"),
        (lambda: catalogue.rename_crate(crate, "Saturday"), "choose another name"),
        (lambda: catalogue.rename_crate(99, "Sunday"), "no crate 99"),
        (lambda: catalogue.crate(99), "no crate 99"),
        (lambda: catalogue.delete_crate(99), "no crate 99"),
        (lambda: catalogue.restore_crate(99), "no crate 99"),
        (lambda: catalogue.duplicate_crate(99), "no crate 99"),
        (lambda: catalogue.duplicate_crate(crate, "Saturday"), "choose another name"),
        (lambda: catalogue.crate_state(99), "no crate 99"),
        (lambda: catalogue.undo_crate(99), "no crate 99"),
        (lambda: catalogue.set_crate(99, [], said="Removed all"), "no crate 99"),
        (lambda: catalogue.set_crate(crate, [999], said="Added one"), "not in the catalogue"),
        (lambda: catalogue.add_to_crate(99, ids[0]), "no crate 99"),
        (lambda: catalogue.add_to_crate(crate, 999), "no track 999"),
    ):
        with pytest.raises(SegueError, match=said):
            attempt()
    assert catalogue.crates() == [Crate(crate, "Friday", 0, 0), Crate(crate + 1, "Saturday", 0, 0)]


def test_a_crate_is_duplicated_with_its_order_and_a_name_of_its_own(catalogue, ids):
    friday = catalogue.create_crate("Friday")
    catalogue.set_crate(friday, [ids[2], ids[0]], said="Added 2 tracks")
    copies = [catalogue.duplicate_crate(friday) for _ in range(3)]
    copies.append(catalogue.duplicate_crate(friday, "  Late   night "))

    names = [crate.name for crate in catalogue.crates()]
    assert names == ["Friday", "Friday copy", "Friday copy 2", "Friday copy 3", "Late night"]
    assert [catalogue.crate(copy) for copy in copies] == [[ids[2], ids[0]]] * 4
    assert catalogue.crate_state(copies[0]).undo == ""
    catalogue.remove_from_crate(copies[0], ids[0])
    assert catalogue.crate(friday) == [ids[2], ids[0]]

    long = catalogue.create_crate("x" * 200)
    for _ in range(2):
        catalogue.duplicate_crate(long)
    assert [crate.name for crate in catalogue.crates()][-2:] == [
        "x" * 195 + " copy",
        "x" * 195 + " co 2",
    ]


def test_a_deleted_crate_is_put_back_with_name_order_and_steps(url, catalogue, ids):
    friday, saturday = catalogue.create_crate("Friday"), catalogue.create_crate("Saturday")
    catalogue.set_crate(friday, [ids[2], ids[0]], said="Added 2 tracks")
    catalogue.reorder_crate(friday, [ids[0], ids[2]])
    stamp = catalogue.crate_state(friday).stamp
    catalogue.delete_crate(saturday)
    catalogue.delete_crate(friday)
    assert catalogue.crates() == []
    assert catalogue.deleted_crates() == [
        Crate(friday, "Friday", 2, stamp),
        Crate(saturday, "Saturday", 0, 0),
    ]

    namesakes = [catalogue.create_crate(name) for name in ("Friday", "Friday 2")]
    catalogue.delete_crate(namesakes[0])
    namesakes[0] = catalogue.create_crate("Friday")
    with Catalogue.open(url) as later:
        later.restore_crate(friday)
        later.restore_crate(friday)  # Pressed twice.
        state = later.crate_state(friday)
    assert (state.name, state.ids) == ("Friday 3", (ids[0], ids[2]))
    assert state.undo.startswith("Moved ")
    assert state.stamp > stamp
    assert catalogue.undo_crate(friday).ids == (ids[2], ids[0])
    assert [c.name for c in catalogue.deleted_crates()] == ["Friday", "Saturday"]


def test_a_deleted_crate_comes_back_whole_though_nothing_else_held_its_recordings(catalogue, ids):
    friday = catalogue.create_crate("Friday")
    catalogue.set_crate(friday, [ids[2], ids[0], ids[1]], said="Added 3 tracks")
    catalogue.feedback.say("like", ids[1])
    catalogue.clear_source("notes")
    assert catalogue.stats().recordings == 3
    catalogue.delete_crate(friday)
    assert list(catalogue.tracks(ids)) == ids

    assert catalogue.deleted_crates()[0].size == 3
    catalogue.restore_crate(friday)
    assert catalogue.crate(friday) == [ids[2], ids[0], ids[1]]
