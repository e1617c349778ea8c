"""Recordings that somebody named by a service's id, and the ids a DJ chose for recordings."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select

from data.catalogue import named
from data.catalogue.database import Database
from data.catalogue.lookup import CHOICE
from data.catalogue.rows import in_parts, take_ids
from data.catalogue.spelling import bounded, storable
from data.catalogue.tables import OutsideIdRow, Recording
from data.records import Track


class OutsideBook:
    """What is kept of services of the web about recordings, as ``catalogue.outside``.

    Examples
    --------
    >>> from data.catalogue import Catalogue
    >>> with Catalogue.open("sqlite://") as catalogue:
    ...     ident, new = catalogue.outside.add(Track("Anna", "Moon"))
    ...     catalogue.outside.choose("spotify", {ident: "4uLU6hMCjMI75M1A2tKUQC"})
    ...     new, catalogue.track(ident).ids[0].source
    (True, 'choice')
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, track: Track) -> tuple[int, bool]:
        """Take in one track that is in no set, crate or file, with its outside ids.

        Parameters
        ----------
        track : Track
            As `data.identity` reads names; it is the recording of that name, or of one of its
            ids in the same version, and made where there is none.

        Returns
        -------
        tuple of (int, bool)
            The recording, and whether it is new.
        """
        with self._database.writing() as connection:
            return named.add_track(connection, track)

    def choose(self, scheme: str, chosen: Mapping[int, str]) -> None:
        """Keep which id of a service the DJ chose for recordings; the last choice counts.

        Parameters
        ----------
        scheme : str
            As in `OutsideId`: ``"spotify"``.
        chosen : mapping of int to str
            Ids by recording; recordings that have gone are passed over.
        """
        with self._database.writing() as connection:
            for part in in_parts(chosen):
                there = connection.scalars(select(Recording.id).where(Recording.id.in_(part)))
                kept = sorted(there)
                connection.execute(
                    delete(OutsideIdRow).where(
                        OutsideIdRow.recording_id.in_(kept),
                        OutsideIdRow.scheme == storable(scheme),
                        OutsideIdRow.source == CHOICE,
                    )
                )
                rows = [
                    {
                        "id": ident,
                        "recording_id": recording_id,
                        "scheme": storable(scheme),
                        "value": bounded(storable(chosen[recording_id])),
                        "source": CHOICE,
                        "set_id": None,
                    }
                    for ident, recording_id in zip(
                        take_ids(connection, OutsideIdRow, len(kept)), kept, strict=True
                    )
                ]
                if rows:
                    connection.execute(insert(OutsideIdRow), rows)

    def unchoose(self, scheme: str, recording_ids: Collection[int]) -> None:
        """Forget what the DJ chose for recordings; ids that others name stay."""
        with self._database.writing() as connection:
            for part in in_parts(recording_ids):
                connection.execute(
                    delete(OutsideIdRow).where(
                        OutsideIdRow.recording_id.in_(part),
                        OutsideIdRow.scheme == storable(scheme),
                        OutsideIdRow.source == CHOICE,
                    )
                )
