"""What services of the web answered, and when they must not be asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from data.catalogue.clock import now
from data.catalogue.database import Database
from data.catalogue.spelling import bounded, storable
from data.catalogue.tables_outside import WebAnswer, WebPause


@dataclass(frozen=True, slots=True)
class Pause:
    """A service that must not be asked for a while.

    Parameters
    ----------
    until : datetime
        When it may be asked again, in UTC.
    reason : str
        Why not before, as a sentence.
    """

    until: datetime
    reason: str


class WebBook:
    """What the web said, as ``catalogue.web``: answers to keep to, and pauses to hold.

    Several processes share it, so that what one was told the others need not ask, and a pause
    that one was given holds for all.

    Examples
    --------
    >>> from data.catalogue import Catalogue
    >>> with Catalogue.open("sqlite://") as catalogue:
    ...     catalogue.web.keep("deezer", "track/17", {"title": "Night Bus"}, seconds=3600)
    ...     catalogue.web.answer("deezer", "track/17")
    {'title': 'Night Bus'}
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def answer(self, service: str, question: str) -> Any | None:
        """Return the answer kept for a question; None if there is none or it is outdated."""
        wanted = select(WebAnswer.answer).where(
            _is(service, question), or_(WebAnswer.until == "", WebAnswer.until > now())
        )
        with self._database.reading() as connection:
            found = connection.scalar(wanted)
        return None if found is None else json.loads(found)

    def keep(
        self, service: str, question: str, answer: Any, *, seconds: float | None = None
    ) -> None:
        """Keep an answer in the place of the one before.

        Parameters
        ----------
        service : str
        question : str
            Whatever tells it from other questions to that service, of any length.
        answer : Any
            TypeError if JSON cannot say it. None is no answer: say "nothing found" with an
            empty list or mapping.
        seconds : float, optional
            How long it holds; for ever unless given.

        Raises
        ------
        ValueError
            If the answer is None.
        """
        if answer is None:
            raise ValueError("None says that no answer is kept; keep {} or [] for nothing found")
        kept = {"answer": json.dumps(answer), "until": "" if seconds is None else now(seconds)}
        outdated = (WebAnswer.until > "") & (WebAnswer.until <= now())
        with self._database.writing() as connection:
            connection.execute(delete(WebAnswer).where(outdated | _is(service, question)))
            connection.execute(
                insert(WebAnswer).values(service=service, question=_key(question), **kept)
            )

    def forget(self, service: str) -> None:
        """Remove the answers of a service; a pause stays."""
        with self._database.writing() as connection:
            connection.execute(delete(WebAnswer).where(WebAnswer.service == service))

    def pause(self, service: str, until: datetime, reason: str) -> None:
        """Keep a service from being asked until a time; a pause that ends later stays as it is.

        Parameters
        ----------
        service : str
        until : datetime
            With a time zone; ValueError without.
        reason : str
            Why, as a sentence for people.
        """
        if until.tzinfo is None:
            raise ValueError("the end of a pause needs a time zone")
        end = until.astimezone(UTC).isoformat(timespec="microseconds")
        told = {"until": end, "reason": storable(reason)}
        of_it = WebPause.service == service
        with self._database.writing() as connection:
            held = connection.scalar(select(WebPause.until).where(of_it))
            if held is None:
                connection.execute(insert(WebPause).values(service=service, **told))
            elif held < end:
                connection.execute(update(WebPause).where(of_it).values(**told))

    def paused(self, service: str) -> Pause | None:
        """Return the pause of a service; None if it may be asked."""
        running = (WebPause.service == service) & (WebPause.until > now())
        with self._database.reading() as connection:
            row = connection.execute(
                select(WebPause.until, WebPause.reason).where(running)
            ).one_or_none()
        return None if row is None else Pause(datetime.fromisoformat(row.until), row.reason)


def _is(service: str, question: str) -> ColumnElement[bool]:
    return (WebAnswer.service == service) & (WebAnswer.question == _key(question))


def _key(question: str) -> str:
    return bounded(storable(question))
