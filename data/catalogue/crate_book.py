"""The crates of a catalogue, as the part of `Catalogue` that works on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.catalogue import crates, crates_deleted, lookup
from data.catalogue.crates import Crate, CrateState
from data.catalogue.database import Database
from data.records import Track


class CrateBook:
    """What `Catalogue` can do with crates; see `data.catalogue.crates`.

    A crate holds a recording once. Every change of its content is kept as a step and can be
    undone, after a restart too. Methods raise SegueError for a crate that is not there, and those
    that take `expected` raise CrateChanged if the crate's stamp is another one by now.

    Examples
    --------
    >>> from data.catalogue import Catalogue
    >>> from data.records import Play, Track, Tracklist
    >>> heard = Tracklist("csv", "1", "At the Dock", (Play(1, "identified", Track("A", "One")),))
    >>> with Catalogue.open("sqlite://") as catalogue:
    ...     counts = catalogue.add_tracklists([heard])
    ...     crate = catalogue.create_crate("Friday")
    ...     added = catalogue.add_to_crate(crate, catalogue.find(Track("A", "One")))
    ...     catalogue.crate_state(crate).undo
    ...     catalogue.undo_crate(crate).ids
    'Added A - One'
    ()
    """

    _database: Database

    def crates(self) -> list[Crate]:
        """Return all crates, oldest first."""
        with self._database.reading() as connection:
            return crates.listed(connection)

    def crate(self, crate_id: int) -> list[int]:
        """Return the recording ids of a crate in order."""
        with self._database.reading() as connection:
            return crates.items(connection, crate_id)

    def crate_tracks(self, crate_id: int) -> dict[int, Track]:
        """Return the recordings of a crate by id, in order."""
        with self._database.reading() as connection:
            return lookup.tracks(connection, crates.items(connection, crate_id))

    def crate_state(self, crate_id: int) -> CrateState:
        """Return a crate as it stands, with what can be undone and redone."""
        with self._database.reading() as connection:
            return crates.state(connection, crate_id)

    def create_crate(self, name: str) -> int:
        """Make an empty crate and return its id; SegueError if the name is taken or empty."""
        with self._database.writing() as connection:
            return crates.create(connection, name)

    def rename_crate(self, crate_id: int, name: str, *, expected: int | None = None) -> CrateState:
        """Give a crate another name; SegueError if it is taken, empty or too long."""
        with self._database.writing() as connection:
            crates.rename(connection, crate_id, name, expected)
            return crates.state(connection, crate_id)

    def duplicate_crate(self, crate_id: int, name: str = "") -> int:
        """Make another crate that holds the same, and return its id.

        Parameters
        ----------
        crate_id : int
        name : str
            SegueError if it is taken; ``"NAME copy"`` unless given, numbered where needed.
        """
        with self._database.writing() as connection:
            return crates.duplicate(connection, crate_id, name)

    def delete_crate(self, crate_id: int) -> None:
        """Delete a crate, not the sets that play its recordings; it can be put back."""
        with self._database.writing() as connection:
            crates_deleted.remove(connection, crate_id)

    def deleted_crates(self) -> list[Crate]:
        """Return the crates that can be put back, last deleted first.

        Their size counts the recordings that the catalogue still holds.
        """
        with self._database.reading() as connection:
            return crates_deleted.listed(connection)

    def restore_crate(self, crate_id: int) -> None:
        """Put a deleted crate back, with its name, order and steps; one that is back stays.

        A name that was taken meanwhile gets a number; recordings that have gone are left out.
        """
        with self._database.writing() as connection:
            crates_deleted.restore(connection, crate_id)

    def add_to_crate(self, crate_id: int, recording_id: int) -> bool:
        """Append a recording; return False if it is in the crate already."""
        with self._database.writing() as connection:
            return crates.put(connection, crate_id, recording_id)

    def remove_from_crate(self, crate_id: int, recording_id: int) -> None:
        """Take a recording out of a crate."""
        with self._database.writing() as connection:
            crates.take_out(connection, crate_id, recording_id)

    def reorder_crate(self, crate_id: int, ids: Sequence[int]) -> None:
        """Put a crate into the order of `ids`, which must name exactly its recordings."""
        with self._database.writing() as connection:
            crates.reorder(connection, crate_id, ids)

    def set_crate(
        self, crate_id: int, ids: Iterable[int], *, said: str, expected: int | None = None
    ) -> CrateState:
        """Give a crate its whole new content at once: one step, however much it changes.

        Parameters
        ----------
        crate_id : int
        ids : iterable of int
            Recordings in order; one that is named twice stands at its first place.
        said : str
            The change in words, as it is shown where it can be undone: ``"Removed 3 tracks"``.
        expected : int, optional
            The stamp that the crate had when the change was thought of.

        Returns
        -------
        CrateState

        Raises
        ------
        CrateChanged
            If the crate has another stamp by now; nothing is changed then.
        SegueError
            If there is no such crate, or a recording is not in the catalogue.
        """
        ids = list(ids)
        with self._database.writing() as connection:
            crates.change(connection, crate_id, ids, said, expected)
            return crates.state(connection, crate_id)

    def undo_crate(self, crate_id: int, *, expected: int | None = None) -> CrateState:
        """Undo the last change of a crate; nothing happens if there is none.

        Recordings that have left the catalogue meanwhile do not come back. The last
        `crate_history.STEPS_KEPT` changes can be undone, one after the other.
        """
        return self._move(crate_id, -1, expected)

    def redo_crate(self, crate_id: int, *, expected: int | None = None) -> CrateState:
        """Do again what was undone last; nothing happens after a new change."""
        return self._move(crate_id, 1, expected)

    def _move(self, crate_id: int, steps: int, expected: int | None) -> CrateState:
        with self._database.writing() as connection:
            crates.move(connection, crate_id, steps, expected)
            return crates.state(connection, crate_id)
