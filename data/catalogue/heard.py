"""The vectors of recordings, read in parts: a million of them need not fit into memory twice."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from data.catalogue.sound import PREVIEW
from data.catalogue.tables_sound import Audio, EmbeddingRow

_ROWS = 8192
# Eight bytes, the first two numbers of a vector, stand for it.
_FACTS = """
SELECT e.encoder, e.version, e.audio_id, a.recording_id, a.duration_s, substr(e.vector, 1, 8)
FROM embeddings e JOIN audio a ON a.id = e.audio_id
WHERE a.recording_id IS NOT NULL
ORDER BY e.audio_id, e.encoder
"""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one version of an encoder has heard.

    Parameters
    ----------
    encoder, version : str
    count : int
        How many pieces of audio that are recordings it has a vector of.
    stamp : str
        Changes when a vector, its audio or the audio's recording does.
    """

    encoder: str
    version: str
    count: int
    stamp: str


class HeardVectors:
    """Reads the vectors of recordings from a connection on which all queries see one state."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hearings(self) -> list[Hearing]:
        """Return what each version of each encoder has heard, by name and version."""
        counts: defaultdict[tuple[str, str], int] = defaultdict(int)
        digests: defaultdict[tuple[str, str], Any] = defaultdict(hashlib.blake2b)
        # The driver's own tuples, hashed many at once: this is done whenever Segue opens.
        cursor = self._connection.exec_driver_sql(_FACTS).cursor
        while rows := cursor.fetchmany(_ROWS):
            for key in {row[:2] for row in rows}:
                facts = [row[2:] for row in rows if row[:2] == key]
                counts[key] += len(facts)
                digests[key].update(repr(facts).encode())
        return [
            Hearing(*key, counts[key], digests[key].hexdigest()[:16]) for key in sorted(digests)
        ]

    def parts(
        self, encoder: str, version: str
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Yield recording ids (m,), ascending over all parts, and their vectors (m, d).

        Of several pieces of audio of a recording the longest speaks, as in `Catalogue.sound`,
        and a preview only where it is all there is.
        """
        heard = (EmbeddingRow.encoder == encoder) & (EmbeddingRow.version == version)
        # The choice is made without the vectors, which would have to be sorted with it.
        spoken = (
            select(
                Audio.recording_id,
                Audio.id,
                func.row_number()
                .over(
                    partition_by=Audio.recording_id,
                    order_by=(Audio.origin == PREVIEW, Audio.duration_s.desc(), Audio.id),
                )
                .label("place"),
            )
            .join(EmbeddingRow, EmbeddingRow.audio_id == Audio.id)
            .where(heard, Audio.recording_id.is_not(None))
            .subquery()
        )
        rows = self._stream(
            select(spoken.c.recording_id, EmbeddingRow.vector)
            .join(EmbeddingRow, EmbeddingRow.audio_id == spoken.c.id)
            .where(heard, spoken.c.place == 1)
            .order_by(spoken.c.recording_id)
        )
        for part in rows:
            ids = np.array([row[0] for row in part], np.int64)
            flat = np.frombuffer(b"".join(row[1] for row in part), "<f4").astype(np.float32)
            yield ids, flat.reshape(len(ids), -1)

    def previewed(self, encoder: str, version: str) -> NDArray[np.int64]:
        """Return the recordings whose vector is that of a preview, ascending, shape (p,).

        Nothing may learn from these: the services that lend the previews forbid it.
        """
        heard = (EmbeddingRow.encoder == encoder) & (EmbeddingRow.version == version)
        spoken = (
            select(Audio.recording_id)
            .join(EmbeddingRow, EmbeddingRow.audio_id == Audio.id)
            .where(heard, Audio.recording_id.is_not(None))
        )
        lent = set(self._connection.scalars(spoken.where(Audio.origin == PREVIEW)))
        if lent:
            lent -= set(self._connection.scalars(spoken.where(Audio.origin != PREVIEW)))
        return np.array(sorted(ident for ident in lent if ident is not None), np.int64)

    def _stream(self, query: Select[Any]) -> Iterator[Sequence[Any]]:
        # Without the option a PostgreSQL driver fetches everything before it gives a row.
        asked = query.execution_options(yield_per=_ROWS)
        return self._connection.execute(asked).partitions()
