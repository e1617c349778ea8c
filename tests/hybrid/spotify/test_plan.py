"""Whatever state a playlist is in, the next write brings it nearer to its plan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SegueError
from hybrid.spotify import plan as planning
from hybrid.spotify.plan import Mode, Plan, Step, next_step

WANTED = [f"t{number}" for number in range(250)]
modes = st.sampled_from(["new", "replace", "append"])


def finished(mode: Mode, present: list[str], **more: bool) -> tuple[list[str], list[Step]]:
    """Do what is said until nothing is."""
    steps: list[Step] = []
    while (step := next_step(mode, WANTED, present, **more)) is not None:
        present = step.done(present)
        steps.append(step)
        assert len(steps) < 9
    return present, steps


@given(modes, st.lists(st.sampled_from([*WANTED[:120], "x", "y", ""]), max_size=130))
def test_every_state_comes_to_an_end_in_which_the_plan_is_there(
    mode: Mode, present: list[str]
) -> None:
    after, steps = finished(mode, present)
    assert set(WANTED) - set(after) == set() or "" in present
    assert all(1 <= len(step.uris) <= 100 for step in steps)
    if mode == "append":
        assert after[: len(present)] == present
    if mode == "replace" and "" not in present:
        assert after == WANTED
    if {"x", "y"} & set(present) and mode != "replace":
        assert all(step.kind == "add" for step in steps)  # the DJ's own tracks stay


@given(modes, st.integers(0, 250))
def test_a_part_that_is_there_is_not_written_again(mode: Mode, number: int) -> None:
    after, steps = finished(mode, WANTED[:number])
    assert after == WANTED
    assert sum(len(step.uris) for step in steps) == 250 - number


class Lagging:
    """A playlist at a Spotify that answers when it likes, and does things when it likes."""

    def __init__(self, present: list[str]) -> None:
        self.present = present
        self.late: list[Step] = []

    def write(self, step: Step, how: str) -> bool:
        """Return whether an answer came."""
        if how in ("fine", "done, no answer"):
            self.present = step.done(self.present)
        if how == "later, no answer":
            self.late.append(step)
        return how == "fine"

    def time_passes(self) -> None:
        for step in self.late:
            self.present = step.done(self.present)
        self.late = []


@given(
    modes,
    st.integers(1, 7),
    st.lists(
        st.sampled_from(["fine", "not done, no answer", "done, no answer", "later, no answer"]),
        max_size=12,
    ),
)
def test_a_playlist_of_segues_own_ends_as_planned_even_if_writes_come_late(
    mode: Mode, number: int, fates: list[str]
) -> None:
    wanted = WANTED[:number]
    there = Lagging(["x"] if mode == "replace" else [])
    known = list(there.present)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planning, "CHUNK", 2)
        for fate in [*fates, *["fine"] * 12]:
            step = next_step(mode, wanted, known)
            if step is None:
                there.time_passes()
                known = list(there.present)
                if next_step(mode, wanted, known) is None:
                    break
                continue
            known = step.done(known) if there.write(step, fate) else list(there.present)
    if mode == "append":  # it cannot take out what came twice, but leaves nothing out
        assert set(there.present) == set(wanted)
    else:
        assert there.present == wanted


def test_a_settled_playlist_is_the_djs() -> None:
    mixed = [WANTED[3], *WANTED[:3], *WANTED[4:]]
    assert next_step("new", WANTED, mixed, settled=True) is None
    assert finished("new", mixed[1:], settled=True)[0] == [*mixed[1:], WANTED[3]]


class TestPlan:
    def test_a_track_that_is_named_twice_goes_once(self) -> None:
        plan = Plan.of(["a", "b", "a"], crate_id=1, mode="new", name=" Friday  night ")
        assert plan.uris == ("spotify:track:a", "spotify:track:b")
        assert (plan.repeated, plan.name) == (1, "Friday night")

    def test_the_same_push_is_known_by_account_place_name_and_tracks(self) -> None:
        def digest(*idents: str, account: str = "me", **more: str) -> str:
            told = {"mode": "new", "name": "Friday", **more}
            return Plan.of(idents or ("a", "b"), crate_id=1, **told).digest(account)  # type: ignore[arg-type]

        assert digest() == digest()
        others = [
            digest("b", "a"),
            digest("a"),
            digest(account="you"),
            digest(name="Saturday"),
            digest(mode="append", playlist_id="p"),
            digest(mode="append", playlist_id="q"),
            digest(mode="replace", playlist_id="q"),
        ]
        assert len({digest(), *others}) == 8
        # The name of a playlist that is there already is nothing of the plan's.
        assert digest(mode="append", playlist_id="p", name="x") == others[4]

    @pytest.mark.parametrize(
        ("idents", "told", "sentence"),
        [
            ([], {"mode": "new", "name": "F"}, "None of these tracks is on Spotify"),
            (["a"], {"mode": "new", "name": " "}, "Give the playlist a name"),
            (["a"], {"mode": "append", "name": "F"}, "Choose the playlist"),
            (["a"], {"mode": "burn", "name": "F"}, "Choose a new playlist"),
        ],
    )
    def test_what_cannot_be_written_is_refused_in_a_sentence(
        self, idents: list[str], told: dict[str, str], sentence: str
    ) -> None:
        with pytest.raises(SegueError, match=sentence):
            Plan.of(idents, crate_id=1, **told)
