"""A DJ's word on tracks and on pairs of tracks: said, taken back, listed.

A word is on a track (``"like"``, ``"dislike"``) or on a pair (``"works"``, ``"clashes"``). A pair
has a direction, because a transition has one: ``works`` from A into B says nothing of B into A.
A clash is kept with its direction too; that it is a warning in both is for the reader to make of
it. The last word on a track or on an ordered pair is in force and holds its recordings in the
catalogue. All words before it stay, so that one after the other can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Select, delete, func, or_, select

from data.catalogue.rows import insert_rows, take_ids
from data.catalogue.tables import FeedbackRow, Recording
from data.errors import SegueError

TrackVerdict = Literal["like", "dislike"]
PairVerdict = Literal["works", "clashes"]
Verdict = TrackVerdict | PairVerdict

TRACK_VERDICTS: tuple[str, ...] = get_args(TrackVerdict)
PAIR_VERDICTS: tuple[str, ...] = get_args(PairVerdict)

_CLEARED = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One word of the DJ.

    Parameters
    ----------
    verdict : str
        ``"like"``, ``"dislike"``, ``"works"`` or ``"clashes"``; empty where an earlier word was
        cleared.
    recording_id : int
        The track, or the first of a pair.
    next_id : int or None
        What is mixed in after it; None for a word on a track.
    at : str
        When it was said, in ISO 8601 with the zone.
    """

    verdict: str
    recording_id: int
    next_id: int | None
    at: str


def in_force(connection: Connection) -> list[Judgement]:
    """Return the last word on each track and pair, oldest first, without what was cleared."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(FeedbackRow.id.in_(_last_words()), FeedbackRow.verdict != _CLEARED)
        .order_by(FeedbackRow.id)
    )
    return [Judgement(*row) for row in rows]


def stamp(connection: Connection) -> tuple[int, int]:
    """Return what differs whenever a word was said or taken back."""
    newest, number = connection.execute(select(func.max(FeedbackRow.id), func.count())).one()
    return newest or 0, number


def held(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Return those recordings that a word in force is about."""
    words = select(FeedbackRow.recording_id, FeedbackRow.next_id).where(
        FeedbackRow.id.in_(_last_words()),
        FeedbackRow.verdict != _CLEARED,
        or_(FeedbackRow.recording_id.in_(ids), FeedbackRow.next_id.in_(ids)),
    )
    return {ident for row in connection.execute(words) for ident in row if ident is not None}


def say(connection: Connection, word: Judgement) -> bool:
    """Keep a word; return False if it is in force already."""
    check(word)
    _check_known(connection, word)
    if _last(connection, word) == word.verdict:
        return False
    _keep(connection, [word])
    return True


def say_all(connection: Connection, words: Iterable[Judgement]) -> int:
    """Keep many words on known recordings, in order; return how many were not in force."""
    last = {(word.recording_id, word.next_id): word.verdict for word in in_force(connection)}
    fresh = []
    for word in words:
        about = (word.recording_id, word.next_id)
        if last.get(about) != word.verdict:
            last[about] = word.verdict
            fresh.append(word)
    _keep(connection, fresh)
    return len(fresh)


def clear(connection: Connection, recording_id: int, next_id: int | None, at: str) -> bool:
    """Put no word in the place of the one in force; return False if there is none."""
    nothing = Judgement(_CLEARED, recording_id, next_id, at)
    if _last(connection, nothing) in (None, _CLEARED):
        return False
    _keep(connection, [nothing])
    return True


def check(word: Judgement) -> None:
    """Raise SegueError if the verdict does not fit what it is about."""
    if word.verdict not in (*TRACK_VERDICTS, *PAIR_VERDICTS):
        raise SegueError(
            f"{word.verdict!r} is no verdict; like or dislike a track, or say of a pair that it "
            "works or clashes."
        )
    if (word.verdict in PAIR_VERDICTS) != (word.next_id is not None):
        raise SegueError(
            f"{word.verdict!r} is a verdict on {_about(word.verdict)}; name that many tracks."
        )
    if word.recording_id == word.next_id:
        raise SegueError("A track makes no pair with itself; name two different ones.")


def undo(connection: Connection) -> Judgement | None:
    """Take back what was said last, of whatever track; return it."""
    last = select(FeedbackRow.id, *_COLUMNS).order_by(FeedbackRow.id.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    if row is None:
        return None
    connection.execute(delete(FeedbackRow).where(FeedbackRow.id == row[0]))
    return Judgement(*row[1:])


_COLUMNS = (
    FeedbackRow.verdict,
    FeedbackRow.recording_id,
    FeedbackRow.next_id,
    FeedbackRow.said_at,
)


def _last_words() -> Select[Any]:
    return select(func.max(FeedbackRow.id)).group_by(FeedbackRow.recording_id, FeedbackRow.next_id)


def _last(connection: Connection, word: Judgement) -> str | None:
    """The last word on the same track or pair; None if there never was one."""
    return connection.scalar(
        select(FeedbackRow.verdict)
        .where(
            FeedbackRow.recording_id == word.recording_id,
            FeedbackRow.next_id.is_not_distinct_from(word.next_id),
        )
        .order_by(FeedbackRow.id.desc())
        .limit(1)
    )


def _keep(connection: Connection, words: Sequence[Judgement]) -> None:
    ids = take_ids(connection, FeedbackRow, len(words))
    insert_rows(
        connection,
        FeedbackRow,
        (
            {
                "id": ident,
                "recording_id": word.recording_id,
                "next_id": word.next_id,
                "verdict": word.verdict,
                "said_at": word.at,
            }
            for ident, word in zip(ids, words, strict=True)
        ),
    )


def _check_known(connection: Connection, word: Judgement) -> None:
    asked = [ident for ident in (word.recording_id, word.next_id) if ident is not None]
    known = connection.scalars(select(Recording.id).where(Recording.id.in_(asked))).all()
    for ident in asked:
        if ident not in known:
            raise SegueError(f"The catalogue holds no track {ident}; search for it again.")


def _about(verdict: str) -> str:
    return "a pair of tracks" if verdict in PAIR_VERDICTS else "one track"
