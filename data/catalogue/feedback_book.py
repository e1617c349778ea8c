"""What a DJ said of tracks and pairs, as one thing to write in, read, undo, and take along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from data.catalogue import feedback, upkeep
from data.catalogue.database import Database
from data.catalogue.feedback import PAIR_VERDICTS, TRACK_VERDICTS, Judgement
from data.catalogue.rows import ids_by_key, in_parts
from data.catalogue.spelling import bounded, storable, stored_recording_key
from data.catalogue.tables import Recording
from data.errors import SegueError
from data.identity import make_track
from data.records import SetAside, Track


@dataclass(frozen=True, slots=True)
class FeedbackCounts:
    """What a file of feedback brought.

    Parameters
    ----------
    taken : int
        Words that are in force now and were not before.
    unchanged : int
        Words that were in force already.
    set_aside : tuple of SetAside
        Lines that could not be taken, each with its number and the reason.
    """

    taken: int
    unchanged: int
    set_aside: tuple[SetAside, ...]


class FeedbackBook:
    """The feedback of one catalogue, as ``catalogue.feedback``; see `data.catalogue.feedback`.

    Examples
    --------
    >>> from data.catalogue import Catalogue
    >>> from data.records import Play, Track, Tracklist
    >>> heard = Tracklist("csv", "1", "At the Dock", (Play(1, "identified", Track("A", "One")),))
    >>> with Catalogue.open("sqlite://") as catalogue:
    ...     counts = catalogue.add_tracklists([heard])
    ...     catalogue.feedback.say("like", catalogue.find(Track("A", "One")))
    ...     [word.verdict for word in catalogue.feedback.words()]
    True
    ['like']
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def say(
        self, verdict: str, recording_id: int, next_id: int | None = None, *, at: str = ""
    ) -> bool:
        """Keep a word on a track or a pair, in the place of the one in force.

        Parameters
        ----------
        verdict : {"like", "dislike", "works", "clashes"}
        recording_id : int
            The track, or the first of a pair.
        next_id : int, optional
            What is mixed in after it: given for ``"works"`` and ``"clashes"``, and only for them.
        at : str, optional
            When it was said, in ISO 8601; now unless given.

        Returns
        -------
        bool
            Whether it changed anything.

        Raises
        ------
        SegueError
            If the catalogue does not hold the track, or the verdict does not fit.
        """
        with self._database.writing() as connection:
            return feedback.say(connection, Judgement(verdict, recording_id, next_id, at or _now()))

    def clear(self, recording_id: int, next_id: int | None = None) -> bool:
        """Let no word on a track or an ordered pair be in force; return whether one was.

        Recordings that only the word held leave the catalogue.
        """
        with self._database.writing() as connection:
            cleared = feedback.clear(connection, recording_id, next_id, _now())
            _let_go(connection, recording_id, next_id)
            return cleared

    def undo(self) -> Judgement | None:
        """Take back what was said or cleared last, of whatever track; None if nothing was.

        The word before it on the same track or pair is in force again. Called again it takes
        back the one before, down to the first.
        """
        with self._database.writing() as connection:
            word = feedback.undo(connection)
            if word is not None:
                _let_go(connection, word.recording_id, word.next_id)
            return word

    def words(self) -> list[Judgement]:
        """Return all words in force, oldest first."""
        with self._database.reading() as connection:
            return feedback.in_force(connection)

    def stamp(self) -> tuple[int, int]:
        """Return what differs from before whenever `words` does: cheap to ask for each query."""
        with self._database.reading() as connection:
            return feedback.stamp(connection)

    def lines(self) -> Iterator[str]:
        """Yield the words in force as lines of JSON that another catalogue can take in.

        Tracks go by recording key and by name, because ids differ from catalogue to catalogue.
        """
        with self._database.reading() as connection:
            words = feedback.in_force(connection)
            names = _names(connection, words)
        for word in words:
            said: dict[str, Any] = {"verdict": word.verdict, "at": word.at}
            said["track"] = names[word.recording_id]
            if word.next_id is not None:
                said["next"] = names[word.next_id]
            yield json.dumps(said, ensure_ascii=False)

    def take_in(self, lines: Iterable[str | bytes]) -> FeedbackCounts:
        """Take in words that `lines` gave, all in one step; blank lines are skipped.

        A word replaces the one in force on the same track or pair. Those of tracks that this
        catalogue does not hold are set aside, each with its line and the reason.
        """
        read = _read(lines)  # before others are kept from writing: it may be typed by hand
        words: list[Judgement] = []
        aside: list[SetAside] = []
        with self._database.writing() as connection:
            for number, entry in _found(connection, read):
                if isinstance(entry, Judgement):
                    words.append(entry)
                else:
                    aside.append(SetAside(f"line {number}", str(entry)))
            taken = feedback.say_all(connection, words)
        return FeedbackCounts(taken, len(words) - taken, tuple(aside))


@dataclass(frozen=True, slots=True)
class _Line:
    """A word as a file gives it: each track by the keys that it may have."""

    verdict: str
    tracks: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    at: str


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _let_go(connection: Connection, *ids: int | None) -> None:
    upkeep.refresh(connection, {ident for ident in ids if ident is not None})


def _names(connection: Connection, words: Sequence[Judgement]) -> dict[int, dict[str, str]]:
    ids = {i for word in words for i in (word.recording_id, word.next_id) if i is not None}
    columns = (Recording.recording_key, Recording.artist, Recording.title, Recording.version)
    named: dict[int, dict[str, str]] = {}
    for part in in_parts(sorted(ids)):
        rows = connection.execute(select(Recording.id, *columns).where(Recording.id.in_(part)))
        for ident, *texts in rows:
            named[ident] = dict(zip(("key", "artist", "title", "version"), texts, strict=True))
    return named


def _read(lines: Iterable[str | bytes]) -> list[tuple[int, _Line | SegueError]]:
    read: list[tuple[int, _Line | SegueError]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read.append((number, _line(line)))
        except SegueError as error:
            read.append((number, error))
    return read


def _line(line: str | bytes) -> _Line:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SegueError(f"It is not JSON: {error}.") from error
    verdict = said.get("verdict") if isinstance(said, dict) else None
    if verdict not in (*TRACK_VERDICTS, *PAIR_VERDICTS):
        known = ", ".join(f'"{name}"' for name in (*TRACK_VERDICTS, *PAIR_VERDICTS))
        raise SegueError(f'It is no object with a "verdict" among {known}.')
    places = ("track", "next") if verdict in PAIR_VERDICTS else ("track",)
    tracks = [_track(said, place) for place in places]
    keys, names = zip(*tracks, strict=True)
    return _Line(verdict, keys, names, _time(said.get("at")))


def _track(said: dict[str, Any], place: str) -> tuple[tuple[str, ...], str]:
    """Return the keys that a track may have, surest first, and its name."""
    given = said.get(place)
    texts = {name: given.get(name, "") for name in _NAMED} if isinstance(given, dict) else {}
    if not texts or not all(isinstance(text, str) for text in texts.values()):
        raise SegueError(f'It has no "{place}" with "artist" and "title" as text.')
    key, artist, title, version = (texts[name] for name in _NAMED)
    track = Track(artist, title, version) if version else make_track(artist, title)
    keys = [bounded(storable(key))] if key else []
    if isinstance(track, Track):
        keys.append(stored_recording_key(track))
    return tuple(keys), " - ".join(filter(None, (artist, title))) or key or "a track without a name"


_NAMED = ("key", "artist", "title", "version")


def _time(at: Any) -> str:
    try:
        return datetime.fromisoformat(at).isoformat() if at else ""
    except (TypeError, ValueError):
        raise SegueError(f'"at" is {at!r}, not a time such as "{_now()}".') from None


def _found(
    connection: Connection, read: Sequence[tuple[int, _Line | SegueError]]
) -> Iterator[tuple[int, Judgement | SegueError]]:
    """Give each word the recordings that it is about."""
    lines = [line for _, line in read if isinstance(line, _Line)]
    keys = (key for line in lines for track in line.tracks for key in track)
    ids = ids_by_key(connection, Recording.id, Recording.recording_key, keys)
    for number, line in read:
        if isinstance(line, SegueError):
            yield number, line
            continue
        try:
            yield number, _resolved(line, ids)
        except SegueError as error:
            yield number, error


def _resolved(line: _Line, ids: dict[str, int]) -> Judgement:
    found: list[int] = []
    for keys, name in zip(line.tracks, line.names, strict=True):
        ident = next((ids[key] for key in keys if key in ids), None)
        if ident is None:
            raise SegueError(
                f"The catalogue does not hold {name}; import a set or analyse a file with it first."
            )
        found.append(ident)
    word = Judgement(line.verdict, found[0], found[1] if found[1:] else None, line.at or _now())
    feedback.check(word)
    return word
