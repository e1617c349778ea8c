"""Playlists that Segue writes to a service: how far each is, so that none is written twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from data.catalogue.clock import now
from data.catalogue.database import Database
from data.catalogue.rows import take_ids
from data.catalogue.spelling import storable
from data.catalogue.tables_outside import PushRow
from data.errors import SegueError


@dataclass(frozen=True, slots=True)
class Push:
    """A playlist that is being written to a service, or was.

    Parameters
    ----------
    digest : str
        Hash of all that is to be written and where: the same push has the same.
    crate_id : int
        The crate it came from, which may be gone.
    mode : str
        What is done to the playlist: ``"new"``, ``"replace"`` or ``"append"``.
    name : str
        Of the playlist.
    playlist_id, link, snapshot_id : str
        The playlist at the service and its state; empty until known.
    total : int
        Tracks in it, as last read back.
    done : bool
        Whether all was written and read back.
    started_at, finished_at : str
        ISO 8601 in UTC, empty for what has not happened.
    """

    digest: str
    crate_id: int
    mode: str
    name: str
    playlist_id: str
    link: str
    snapshot_id: str
    total: int
    done: bool
    started_at: str
    finished_at: str


class PushBook:
    """The pushes of one catalogue, as ``catalogue.pushes``.

    Examples
    --------
    >>> from data.catalogue import Catalogue
    >>> with Catalogue.open("sqlite://") as catalogue:
    ...     push = catalogue.pushes.open("d1", crate_id=1, mode="new", name="Friday")
    ...     push = catalogue.pushes.keep("d1", playlist_id="p1", total=12, done=True)
    ...     again = catalogue.pushes.open("d1", crate_id=1, mode="new", name="Friday")
    ...     again == push, push.playlist_id, push.done
    (True, 'p1', True)
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, digest: str, *, crate_id: int, mode: str, name: str) -> Push:
        """Return the push of that digest as it stands; it is started if there is none.

        Parameters
        ----------
        digest : str
        crate_id : int
        mode : str
        name : str
            These three stay as they were if the push is there already.
        """
        with self._database.writing() as connection:
            found = _found(connection, digest)
            if found is not None:
                return found
            [ident] = take_ids(connection, PushRow, 1)
            push = Push(digest, crate_id, mode, storable(name), "", "", "", 0, False, now(), "")
            shown = {column.key: getattr(push, column.key) for column in _PUSH}
            connection.execute(insert(PushRow).values(id=ident, **shown))
            return push

    def keep(
        self,
        digest: str,
        *,
        playlist_id: str | None = None,
        link: str | None = None,
        snapshot_id: str | None = None,
        total: int | None = None,
        done: bool | None = None,
    ) -> Push:
        """Keep how far a push is; what is None stays as it was.

        Raises
        ------
        SegueError
            If there is no such push: it was forgotten meanwhile.
        """
        given: dict[str, Any] = {
            "playlist_id": playlist_id,
            "link": link,
            "snapshot_id": snapshot_id,
            "total": total,
            "done": done,
            "finished_at": None if done is None else now() if done else "",
        }
        changed = {name: value for name, value in given.items() if value is not None}
        with self._database.writing() as connection:
            if changed:
                of_it = PushRow.digest == digest
                connection.execute(update(PushRow).where(of_it).values(**changed))
            found = _found(connection, digest)
        if found is None:
            raise SegueError("This playlist was forgotten while it was written; push it again.")
        return found

    def of_crate(self, crate_id: int) -> list[Push]:
        """Return the pushes of a crate, last started first."""
        query = select(*_PUSH).where(PushRow.crate_id == crate_id).order_by(PushRow.id.desc())
        with self._database.reading() as connection:
            return [Push(*row) for row in connection.execute(query)]

    def forget_all(self) -> None:
        """Forget all pushes; the playlists stay where they are."""
        with self._database.writing() as connection:
            connection.execute(delete(PushRow))


_PUSH = (
    PushRow.digest,
    PushRow.crate_id,
    PushRow.mode,
    PushRow.name,
    PushRow.playlist_id,
    PushRow.link,
    PushRow.snapshot_id,
    PushRow.total,
    PushRow.done,
    PushRow.started_at,
    PushRow.finished_at,
)


def _found(connection: Connection, digest: str) -> Push | None:
    row = connection.execute(select(*_PUSH).where(PushRow.digest == digest)).one_or_none()
    return None if row is None else Push(*row)
