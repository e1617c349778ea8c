"""The catalogue: sets, plays and recordings in one database."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from data.catalogue import (
    holdings,
    importing,
    lookup,
    marks,
    named,
    preferences,
    snapshot,
    upkeep,
)
from data.catalogue.crate_book import CrateBook
from data.catalogue.database import Database
from data.catalogue.feedback_book import FeedbackBook
from data.catalogue.holdings import Holdings
from data.catalogue.importing import ImportCounts
from data.catalogue.job_book import JobBook
from data.catalogue.lookup import SourceCount, Stats
from data.catalogue.named import NamedCrate, NamedTracks
from data.catalogue.outside_book import OutsideBook
from data.catalogue.push_book import PushBook
from data.catalogue.rows import CHANGES, HEARD
from data.catalogue.sealed_book import SealedBook
from data.catalogue.search import Hit, SearchIndex
from data.catalogue.snapshot import Snapshot
from data.catalogue.sound_book import SoundBook
from data.catalogue.tables import Counter, DjSet, Recording
from data.catalogue.web_book import WebBook
from data.records import Entry, SetAside, Track, Tracklist


class Catalogue(CrateBook, SoundBook):
    """Everything Segue knows about sets and recordings.

    Open it with `Catalogue.open` and close it, best with ``with``. One object
    may be used by several threads; several processes may share one database.

    Examples
    --------
    >>> from data.records import Play, Track, Tracklist
    >>> tune = Track("Mara Vale", "Night Bus", "Otto Lindqvist Remix")
    >>> heard = Tracklist("csv", "1", "At the Dock", (Play(1, "identified", tune),))
    >>> with Catalogue.open("sqlite://") as catalogue:
    ...     counts = catalogue.add_tracklists([heard])
    ...     [str(hit.track) for hit in catalogue.search("mara nigth")]
    ['Mara Vale - Night Bus (Otto Lindqvist Remix)']
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._index: tuple[int, SearchIndex] | None = None
        self._index_lock = threading.Lock()
        #: What the DJ said of tracks and pairs.
        self.feedback = FeedbackBook(database)
        #: Long work: what waits, what runs, what came of it.
        self.jobs = JobBook(database)
        #: What services of the web answered, and when they must not be asked.
        self.web = WebBook(database)
        #: Secrets that `data.vault` seals and opens.
        self.sealed = SealedBook(database)
        #: Playlists that are written to a service, and how far they are.
        self.pushes = PushBook(database)
        #: Tracks named by services of the web, and the ids that the DJ chose.
        self.outside = OutsideBook(database)

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Catalogue:
        """Open the catalogue at a SQLAlchemy URL and bring its schema up to date.

        Parameters
        ----------
        url : str
            ``sqlite:///path`` or ``postgresql://user@host/name``.
        create : bool
            Whether a missing SQLite file is made.

        Raises
        ------
        SegueError
            If the database cannot be reached, is not a catalogue, or is newer than this Segue.
        """
        return cls(Database(url, create=create))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add_tracklists(
        self,
        batch: Iterable[Tracklist],
        *,
        set_aside: Iterable[SetAside] = (),
        checkpoint: tuple[str, str | None] | None = None,
    ) -> ImportCounts:
        """Take sets in, all or none of them; a set that is there already is replaced.

        Parameters
        ----------
        batch : iterable of Tracklist
        set_aside : iterable of SetAside
            What could not be read on the way; kept once, however often it comes.
        checkpoint : (name, token), optional
            Kept together with the sets, so that a killed import resumes where
            its rows end. A token of None forgets the checkpoint.

        Returns
        -------
        ImportCounts
        """
        batch = list(batch)
        with self._database.writing() as connection:
            counts = importing.add(connection, batch)
            marks.keep_aside(connection, set_aside)
            if checkpoint is not None:
                marks.keep_checkpoint(connection, *checkpoint)
        return counts

    def add_playlist(
        self,
        name: str,
        entries: Sequence[Entry],
        *,
        written: Sequence[Track] = (),
        said_by: str = "",
        spoken_of: set[int] | None = None,
    ) -> NamedCrate:
        """Take a playlist in, all or nothing: its recordings, and a new crate of them in order.

        No crate is changed: where one of that name holds something else, the new one gets a
        number; where one holds exactly the same, it is the playlist's and nothing is made.

        Parameters
        ----------
        name : str
        entries : sequence of Entry
            Their tracks as `data.identity` reads names; each is the recording of that name, of
            that file or of one of its outside ids, and made where there is none.
        written : sequence of Track
            The same tracks as the playlist writes them, which count where only they are known.
        said_by : str
            The DJ's program that measured or was told tempo, key, length and year of the
            entries, ``"rekordbox"`` or ``"traktor"``: they are kept as its word, in the place of
            what it said before. Empty if nobody stands for them.
        spoken_of : set of int, optional
            Recordings of which the same file told in a playlist before: that counts. Those that
            this one tells of are added.
        """
        spoken_of = set() if spoken_of is None else spoken_of
        with self._database.writing() as connection:
            return named.add(connection, name, entries, written, said_by, spoken_of)

    def add_collection(
        self,
        entries: Sequence[Entry],
        *,
        written: Sequence[Track] = (),
        said_by: str,
        spoken_of: set[int] | None = None,
    ) -> NamedTracks:
        """Take in tracks of a DJ's library, all or nothing, and make no crate of them.

        They stay in the catalogue until `clear_said`.

        Parameters
        ----------
        entries, written, spoken_of
            As for `add_playlist`.
        said_by : str
            The DJ's program, ``"rekordbox"`` or ``"traktor"``.
        """
        spoken_of = set() if spoken_of is None else spoken_of
        with self._database.writing() as connection:
            return named.add_collection(connection, entries, written, said_by, spoken_of)

    def checkpoint(self, name: str) -> str | None:
        """Return the token last kept under `name`."""
        with self._database.reading() as connection:
            return marks.checkpoint(connection, name)

    def set_aside(self, limit: int | None = None) -> list[SetAside]:
        """Return what could not be taken in, oldest first."""
        with self._database.reading() as connection:
            return marks.set_aside(connection, limit)

    def stats(self) -> Stats:
        """Count what is there."""
        with self._database.reading() as connection:
            return lookup.stats(connection)

    def is_empty(self) -> bool:
        """Whether there is no set at all."""
        with self._database.reading() as connection:
            return connection.scalar(select(DjSet.id).limit(1)) is None

    def sources(self) -> list[SourceCount]:
        """Return the sources the sets came from, by name."""
        with self._database.reading() as connection:
            return lookup.sources(connection)

    def holdings(self) -> Holdings:
        """Count what is there by where it came from."""
        with self._database.reading() as connection:
            return holdings.holdings(connection)

    def clear_source(self, source: str) -> int:
        """Remove the sets of one source, and recordings that nothing else holds.

        Returns
        -------
        int
            How many sets were removed.
        """
        with self._database.writing() as connection:
            return upkeep.clear_source(connection, source)

    def find(self, track: Track) -> int | None:
        """Return the recording that `track` is, if the catalogue holds it."""
        with self._database.reading() as connection:
            return lookup.recording(connection, track)

    def find_work(self, track: Track) -> list[int]:
        """Return the recordings of the same work, most played first."""
        with self._database.reading() as connection:
            return lookup.versions(connection, track)

    def find_outside(self, scheme: str, value: str) -> list[int]:
        """Return the recordings with an outside id, those that most said so first.

        Parameters
        ----------
        scheme : str
            As in `OutsideId`: ``"isrc"``, ``"spotify"``, ``"youtube"``, ...
        value : str
            The id as somebody wrote it, or a link that holds it.
        """
        with self._database.reading() as connection:
            return lookup.with_outside_id(connection, scheme, value)

    def track(self, recording_id: int) -> Track:
        """Return one recording; KeyError if the catalogue does not hold it."""
        return self.tracks([recording_id])[recording_id]

    def tracks(self, ids: Iterable[int]) -> dict[int, Track]:
        """Return recordings by id, in the order asked for; unknown ids are left out."""
        wanted = [int(ident) for ident in ids]
        with self._database.reading() as connection:
            return lookup.tracks(connection, wanted)

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Find recordings by words of artist, title, version and label.

        Words may be unfinished or misspelt. The recordings that hold most of
        them come first, then those that hold them most exactly, then the most played.
        """
        with self._database.reading() as connection:
            index = self._search_index(connection)
            found = index.search(text, limit)
            ids = [int(index.ids[place]) for place, _ in found]
            tracks = lookup.tracks(connection, ids)
        return [
            Hit(ident, tracks[ident], int(index.sets[place]), score)
            for ident, (place, score) in zip(ids, found, strict=True)
        ]

    def changes(self) -> int:
        """Return how often sets, recordings or audio have changed so far; cheap to ask."""
        with self._database.reading() as connection:
            return _counted(connection, CHANGES) + _counted(connection, HEARD)

    def _search_index(self, connection: Connection) -> SearchIndex:
        changes = _counted(connection, CHANGES)
        with self._index_lock:
            if self._index is None or self._index[0] != changes:
                query = select(Recording.id, Recording.sets, Recording.search)
                rows = connection.execute(query.order_by(Recording.id)).all()
                columns = list(zip(*rows, strict=True)) or [(), (), ()]
                self._index = (changes, SearchIndex(*columns))
            return self._index[1]

    def snapshot(self, *, names: bool = True) -> Snapshot:
        """Return the whole catalogue as arrays; see `Snapshot`.

        Parameters
        ----------
        names : bool
            False leaves out what only a reader of names needs, and is several times faster.
        """
        with self._database.reading() as connection:
            return snapshot.take(connection, names=names)

    def fingerprint(self) -> str:
        """Return a text that is equal for two catalogues exactly if their plays are equal.

        Ids, spellings and the order in which sets came in do not show in it.
        """
        with self._database.reading() as connection:
            hashes = connection.scalars(select(DjSet.plays_hash))
            return hashlib.blake2b("".join(sorted(hashes)).encode(), digest_size=16).hexdigest()

    def preference(self, name: str, default: str = "") -> str:
        """Return what the DJ chose under `name`, or `default`."""
        with self._database.reading() as connection:
            chosen = preferences.get(connection, name)
        return default if chosen is None else chosen

    def set_preference(self, name: str, value: str) -> None:
        """Keep what the DJ chose under `name`."""
        with self._database.writing() as connection:
            preferences.choose(connection, name, value)


def _counted(connection: Connection, name: str) -> int:
    return connection.scalar(select(Counter.value).where(Counter.name == name)) or 0
