"""Changes of a crate: kept in words, undone, done again, refused if another window was first."""

from __future__ import annotations

import threading

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from data.catalogue import Catalogue, CrateChanged, crate_history
from data.records import Play, Track, Tracklist

ROWS = ("Ana - One", "Bo - Two", "Cy - Three (Dub)", "Di - Four")


@pytest.fixture
def ids(catalogue, heard) -> list[int]:
    catalogue.add_tracklists([heard("1", *ROWS)])
    return catalogue.snapshot().recording_ids.tolist()


@pytest.fixture
def friday(catalogue, ids) -> int:
    return catalogue.create_crate("Friday")


def test_every_change_is_kept_in_words_and_can_be_undone_and_done_again(catalogue, friday, ids):
    one, two, three, _ = ids
    for ident in (one, two, three):
        catalogue.add_to_crate(friday, ident)
    catalogue.reorder_crate(friday, [three, one, two])
    catalogue.remove_from_crate(friday, one)
    catalogue.set_crate(friday, [], said="Removed 2 tracks")

    undone = []
    while (state := catalogue.crate_state(friday)).undo:
        undone.append((state.undo, state.ids))
        catalogue.undo_crate(friday)
    assert undone == [
        ("Removed 2 tracks", ()),
        ("Removed Ana - One", (three, two)),
        ("Moved Cy - Three (Dub)", (three, one, two)),
        ("Added Cy - Three (Dub)", (one, two, three)),
        ("Added Bo - Two", (one, two)),
        ("Added Ana - One", (one,)),
    ]
    assert state.ids == ()
    assert catalogue.undo_crate(friday) == state  # There is nothing left.

    redone = []
    while (state := catalogue.crate_state(friday)).redo:
        redone.append((state.redo, catalogue.redo_crate(friday).ids))
    assert redone == undone[::-1]
    assert catalogue.redo_crate(friday) == state


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ((0, 2, 3, 1), "Moved Bo - Two"),
        ((3, 0, 1, 2), "Moved Di - Four"),
        ((0, 2, 1, 3), "Moved Bo - Two"),
        ((3, 2, 1, 0), "Changed the order"),
        ((0, 1, 2, 3), "Added 4 tracks"),
    ],
)
def test_a_new_order_is_named_by_the_one_track_that_moved(tmp_path, heard, order, said):
    with Catalogue.open(f"sqlite:///{tmp_path / 'one.sqlite'}") as catalogue:
        catalogue.add_tracklists([heard("1", *ROWS)])
        ids = catalogue.snapshot().recording_ids.tolist()
        crate = catalogue.create_crate("Friday")
        catalogue.set_crate(crate, ids, said="Added 4 tracks")
        catalogue.reorder_crate(crate, [ids[place] for place in order])
        assert catalogue.crate_state(crate).undo == said


def test_steps_and_choices_survive_a_restart(url, heard):
    with Catalogue.open(url) as catalogue:
        catalogue.add_tracklists([heard("1", *ROWS)])
        one, two, *_ = catalogue.snapshot().recording_ids.tolist()
        friday = catalogue.create_crate("Friday")
        catalogue.set_crate(friday, [one, two], said="Added 2 tracks")
        catalogue.remove_from_crate(friday, one)
        before = catalogue.undo_crate(friday)
        assert catalogue.preference("notation", "camelot") == "camelot"
        catalogue.set_preference("notation", "open_key")
        catalogue.set_preference("notation", "cl\x00assic ♫")
        catalogue.set_preference("crate", "")
    with Catalogue.open(url) as catalogue:
        assert catalogue.crate_state(friday) == before
        assert (before.undo, before.redo) == ("Added 2 tracks", "Removed Ana - One")
        assert catalogue.redo_crate(friday).ids == (two,)
        assert catalogue.preference("notation", "camelot") == "classic ♫"
        assert catalogue.preference("crate", "7") == ""
        assert catalogue.preference("nothing") == ""


def test_a_new_change_takes_the_place_of_what_was_undone(catalogue, friday, ids):
    for ident in ids[:3]:
        catalogue.add_to_crate(friday, ident)
    catalogue.undo_crate(friday)
    catalogue.undo_crate(friday)
    catalogue.add_to_crate(friday, ids[3])

    state = catalogue.crate_state(friday)
    assert (state.undo, state.redo) == ("Added Di - Four", "")
    assert catalogue.redo_crate(friday).ids == (ids[0], ids[3])
    assert catalogue.undo_crate(friday).ids == (ids[0],)


def test_what_changes_nothing_is_no_step(catalogue, friday, ids):
    state = catalogue.set_crate(friday, [ids[1], ids[0], ids[1]], said=" Added \x00 2\ntracks ")
    assert state.ids == (ids[1], ids[0])
    assert state.undo == "Added 2 tracks"

    assert catalogue.set_crate(friday, state.ids, said="Nothing") == state
    catalogue.add_to_crate(friday, ids[0])
    catalogue.remove_from_crate(friday, ids[2])
    catalogue.reorder_crate(friday, list(state.ids))
    catalogue.rename_crate(friday, "Friday")
    assert catalogue.crate_state(friday) == state
    assert catalogue.set_crate(friday, [], said="").undo == "Changed the crate"
    assert len(catalogue.set_crate(friday, ids, said="x" * 10_000).undo) <= 300


def test_the_stamp_tells_a_window_that_another_one_was_first(catalogue, friday, ids):
    seen = catalogue.crate_state(friday).stamp
    now = catalogue.set_crate(friday, ids, said="Added 4 tracks", expected=seen)
    for attempt in (
        lambda: catalogue.set_crate(friday, [], said="Removed 4 tracks", expected=seen),
        lambda: catalogue.undo_crate(friday, expected=seen),
        lambda: catalogue.redo_crate(friday, expected=seen),
        lambda: catalogue.rename_crate(friday, "Saturday", expected=seen),
    ):
        with pytest.raises(CrateChanged, match="another window"):
            attempt()
    assert catalogue.crate_state(friday) == now

    stamps = [now.stamp]
    stamps.append(catalogue.undo_crate(friday, expected=stamps[-1]).stamp)
    stamps.append(catalogue.redo_crate(friday, expected=stamps[-1]).stamp)
    catalogue.rename_crate(friday, "Saturday")
    stamps.append(catalogue.crate_state(friday).stamp)
    assert stamps == sorted(set(stamps))
    assert catalogue.crate_state(friday).undo == "Added 4 tracks"


def test_undo_brings_back_what_nothing_else_held(catalogue, friday, ids):
    catalogue.set_crate(friday, ids, said="Added 4 tracks")
    catalogue.clear_source("notes")
    catalogue.remove_from_crate(friday, ids[1])
    catalogue.set_crate(friday, [ids[2], ids[0]], said="Removed Di - Four")
    assert sorted(catalogue.tracks(ids)) == sorted(ids)

    assert catalogue.undo_crate(friday).ids == (ids[0], ids[2], ids[3])
    assert catalogue.undo_crate(friday).ids == tuple(ids)
    assert catalogue.redo_crate(friday).redo == "Removed Di - Four"
    assert catalogue.redo_crate(friday).ids == (ids[2], ids[0])


def test_the_last_hundred_changes_can_be_undone(catalogue, friday, ids, monkeypatch):
    assert crate_history.STEPS_KEPT == 100
    monkeypatch.setattr(crate_history, "STEPS_KEPT", 5)
    for number in range(12):
        catalogue.set_crate(friday, ids[: 1 + number % 3], said=f"Change {number}")
    undone = []
    while said := catalogue.crate_state(friday).undo:
        undone.append(said)
        catalogue.undo_crate(friday)
    assert undone == [f"Change {number}" for number in range(11, 6, -1)]
    assert len(catalogue.crate(friday)) == 1 + 6 % 3


def test_two_threads_add_to_one_crate_at_once(catalogue, heard, friday):
    rows = [f"Artist {n} - Title {n}" for n in range(12)]
    catalogue.add_tracklists([heard("2", *rows)])
    ids = [hit.recording_id for hit in catalogue.search("artist", limit=12)]
    together = threading.Barrier(2)

    def add(some: list[int]) -> None:
        together.wait(30)
        for ident in some:
            catalogue.add_to_crate(friday, ident)

    threads = [threading.Thread(target=add, args=(part,)) for part in (ids[:8], ids[4:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    state = catalogue.crate_state(friday)
    assert sorted(state.ids) == sorted(ids)
    assert state.stamp == len(ids)
    for place in range(len(ids), 0, -1):
        assert catalogue.undo_crate(friday).ids == state.ids[: place - 1]


class Edits(RuleBasedStateMachine):
    """Any edits, undone and done again, against two stacks of lists."""

    def __init__(self) -> None:
        super().__init__()
        self.catalogue = Catalogue.open("sqlite://")
        tracks = [Track(f"Artist {n}", f"Title {n}") for n in range(4)]
        plays = tuple(Play(place, "identified", t) for place, t in enumerate(tracks, start=1))
        self.catalogue.add_tracklists([Tracklist("notes", "1", "A set", plays)])
        self.ids = self.catalogue.snapshot().recording_ids.tolist()
        self.crate = self.catalogue.create_crate("Friday")
        self.now: list[int] = []
        self.undone: list[list[int]] = []
        self.done: list[list[int]] = []

    def teardown(self) -> None:
        self.catalogue.close()

    def expect(self, after: list[int]) -> None:
        if after != self.now:
            self.done.append(self.now)
            self.now, self.undone = after, []

    @rule(place=st.integers(0, 3))
    def add(self, place: int) -> None:
        ident = self.ids[place]
        self.catalogue.add_to_crate(self.crate, ident)
        self.expect([*self.now, ident] if ident not in self.now else self.now)

    @rule(place=st.integers(0, 3))
    def remove(self, place: int) -> None:
        self.catalogue.remove_from_crate(self.crate, self.ids[place])
        self.expect([ident for ident in self.now if ident != self.ids[place]])

    @rule(data=st.data())
    def replace(self, data: st.DataObject) -> None:
        after = data.draw(st.lists(st.sampled_from(self.ids), unique=True))
        self.catalogue.set_crate(self.crate, after, said="Changed")
        self.expect(after)

    @rule()
    def undo(self) -> None:
        self.catalogue.undo_crate(self.crate)
        if self.done:
            self.undone.append(self.now)
            self.now = self.done.pop()

    @rule()
    def redo(self) -> None:
        self.catalogue.redo_crate(self.crate)
        if self.undone:
            self.done.append(self.now)
            self.now = self.undone.pop()

    @rule()
    def delete_and_restore(self) -> None:
        self.catalogue.delete_crate(self.crate)
        self.catalogue.restore_crate(self.crate)

    @invariant()
    def is_as_expected(self) -> None:
        state = self.catalogue.crate_state(self.crate)
        assert list(state.ids) == self.now
        assert (bool(state.undo), bool(state.redo)) == (bool(self.done), bool(self.undone))


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
