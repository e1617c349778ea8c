"""The vectors of the encoder in use, one for each recording that was heard.

They are read from the catalogue once and kept as a file that is mapped into memory: opening
it again costs nothing, and several processes share it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.catalogue.heard import HeardVectors, Hearing
from data.errors import SegueError
from data.settings import Settings
from data.vectors import ExactIndex, Neighbours, VectorIndex, unit_rows
from models.encoders import registry

_MATRIX, _RECORDINGS, _LISTS = "vectors.npy", "recordings.npy", "lists.faiss"
_MAKING = ".new-"
#: Seconds after which a half-written folder is taken for what a killed run left behind.
_ABANDONED = 24 * 3600

Parts = Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]]


class SoundSpace:
    """Where each recording that was heard lies among the others.

    R recordings in snapshot order, n of them heard, vectors of d numbers and length 1.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        Snapshot row of each vector, ascending.
    index : VectorIndex
        Its row i belongs to ``rows[i]``.
    n_recordings : int
        R.
    encoder, version : str
        Whose vectors they are, as the catalogue names it.
    """

    def __init__(
        self,
        rows: NDArray[np.int64],
        index: VectorIndex,
        n_recordings: int,
        *,
        encoder: str = "",
        version: str = "",
    ) -> None:
        self.rows = rows
        self.index = index
        self.encoder = encoder
        self.version = version
        #: Row of `index` for each recording, -1 where it was not heard.
        self.place = np.full(n_recordings, -1, np.int64)
        self.place[rows] = np.arange(len(rows))

    @classmethod
    def open(
        cls,
        catalogue: Catalogue,
        settings: Settings,
        snapshot: Snapshot,
        *,
        previews: bool = True,
    ) -> SoundSpace | None:
        """Open the vectors of the catalogue; None where nothing was heard.

        They are those of the default encoder, or of the one that has heard most where that
        one has heard nothing; of its versions that which has heard most.

        Parameters
        ----------
        catalogue : Catalogue
        settings : Settings
        snapshot : Snapshot
        previews : bool
            False leaves out what only previews were heard of. Whoever learns or measures must
            do so: the services that lend them allow to hear them and nothing else.

        Raises
        ------
        SegueError
            If their file cannot be written, or the index that is set is not installed.
        """
        with catalogue.heard() as heard:
            hearing = max(heard.hearings(), key=_preference, default=None)
            if hearing is None:
                return None
            folder = settings.home / "cache" / "vectors" / _name(hearing)
            if not folder.is_dir():
                _keep(folder, heard, hearing)
            lent = None if previews else heard.previewed(hearing.encoder, hearing.version)
        recordings = np.load(folder / _RECORDINGS)
        rows = np.searchsorted(snapshot.recording_ids, recordings)
        known = rows < len(snapshot.recording_ids)
        known[known] = snapshot.recording_ids[rows[known]] == recordings[known]
        if lent is not None:
            known &= ~np.isin(recordings, lent)
        if not known.any():
            return None
        matrix = np.load(folder / _MATRIX, mmap_mode="r")
        lists: Path | None = folder / _LISTS
        if not known.all():
            # The catalogue has changed since the snapshot was taken, or previews are left out.
            rows, matrix, lists = rows[known], matrix[known], None
        return cls(
            rows,
            _index(settings, matrix, lists),
            len(snapshot.recording_ids),
            encoder=hearing.encoder,
            version=hearing.version,
        )

    @classmethod
    def of(
        cls,
        rows: NDArray[np.int64],
        matrix: NDArray[np.float32],
        n_recordings: int,
        *,
        encoder: str = "",
        version: str = "",
    ) -> SoundSpace:
        """Make one from arrays.

        Parameters
        ----------
        rows : ndarray of int, shape (n,)
            Ascending, each once.
        matrix : ndarray, shape (n, d)
            Vectors of any length but 0.
        n_recordings : int

        Raises
        ------
        ValueError
            If the rows do not ascend, are no recordings or are not as many as the vectors.

        Examples
        --------
        >>> space = SoundSpace.of(np.array([1, 2]), np.array([[3, 4], [0, 2]], np.float32), 3)
        >>> space.place.tolist(), space.vector(0), space.vector(2).tolist()
        ([-1, 0, 1], None, [0.0, 1.0])
        """
        rows = np.asarray(rows, np.int64)
        if rows.shape != matrix.shape[:1]:
            raise ValueError(f"{rows.shape} rows do not fit vectors of shape {matrix.shape}")
        if np.any(np.diff(rows) <= 0) or np.any((rows < 0) | (rows >= n_recordings)):
            raise ValueError(f"rows must ascend from 0 to below {n_recordings}")
        return cls(rows, ExactIndex(matrix), n_recordings, encoder=encoder, version=version)

    def vector(self, row: int) -> NDArray[np.float32] | None:
        """Return the vector of a recording, shape (d,); None if it was not heard."""
        place = self.place[row : row + 1]
        return None if place[0] < 0 else self.index.vectors(place)[0]

    def vectors(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the vectors of recordings, shape (m, d), in the order asked for.

        Raises
        ------
        ValueError
            If one of them was not heard.
        """
        places = self.place[rows]
        if np.any(places < 0):
            raise ValueError("a recording that was not heard has no vector")
        return self.index.vectors(places)

    def nearest(
        self,
        query: NDArray[np.float32],
        k: int,
        *,
        keep: NDArray[np.bool_] | None = None,
    ) -> Neighbours:
        """Return the recordings that sound most like a query, by the index that was set.

        Parameters
        ----------
        query : ndarray, shape (d,)
            Of any length.
        k : int
        keep : ndarray of bool, shape (R,), optional
            False leaves a recording out.

        Returns
        -------
        Neighbours
            Its rows are snapshot rows. Best first, ties by row.
        """
        heard = None if keep is None else keep[self.rows]
        found = self.index.nearest(query, k, keep=heard)
        return Neighbours(self.rows[found.rows], found.scores)

    def scores(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the dot product of every vector with every query, in one walk over them.

        Exact with every index: a vector that an index passes over is not known to be far.

        Parameters
        ----------
        queries : ndarray, shape (q, d)
            Need not have length 1; one that has gives the cosine.

        Returns
        -------
        ndarray of float32, shape (n, q)
            In the order of `rows`.
        """
        return self.index.products(queries)


def _index(settings: Settings, matrix: NDArray[np.float32], lists: Path | None) -> VectorIndex:
    """Return the index that is set; `lists` is where lists may be kept, None if nowhere."""
    if settings.vector_index == "exact" or lists is None:
        return ExactIndex(matrix, unit=True)
    # FAISS is an optional package.
    from data.vectors_faiss import IvfIndex

    return IvfIndex(matrix, unit=True, path=lists)


def _preference(hearing: Hearing) -> tuple[bool, int, str, str]:
    return (
        hearing.encoder == registry.DEFAULT,
        hearing.count,
        hearing.encoder,
        hearing.version,
    )


def _name(hearing: Hearing) -> str:
    # An encoder's name may hold what no file name may, and two names must not become one.
    who = hashlib.blake2b(f"{hearing.encoder}\n{hearing.version}".encode(), digest_size=4)
    plain = "".join(c if c.isalnum() else "-" for c in f"{hearing.encoder}-{hearing.version}")
    return f"{plain[:80]}-{who.hexdigest()}-{hearing.stamp}"


def _keep(folder: Path, heard: HeardVectors, hearing: Hearing) -> None:
    """Write the vectors into `folder`, whole or not at all, and remove those before."""
    home = folder.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=home))
        try:
            recordings = _write(making / _MATRIX, heard.parts(hearing.encoder, hearing.version))
            np.save(making / _RECORDINGS, recordings)
            _publish(making, folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError as error:
        raise SegueError(
            f"The vectors cannot be kept in {home} ({error.strerror}); "
            "make room there, or set SEGUE_HOME to a folder you may write to."
        ) from error
    _remove_others(home, folder)


def _publish(making: Path, folder: Path) -> None:
    for part in making.iterdir():
        with part.open("rb") as written:
            os.fsync(written.fileno())
    try:
        making.rename(folder)
    except OSError:
        # Another process was faster; its folder holds the same.
        if not folder.is_dir():
            raise


def _write(path: Path, parts: Parts) -> NDArray[np.int64]:
    """Write the vectors that have a direction as unit rows; return their recording ids.

    A vector of zeros is that of silence. It is near to nothing, so nothing is said of it.
    """
    recordings = [np.empty(0, np.int64)]
    count = dimension = 0
    with path.open("wb") as file:
        for ids, vectors in parts:
            if not dimension:
                dimension = vectors.shape[1]
                _write_header(file, count, dimension)
            heard = np.isfinite(vectors).all(axis=1) & vectors.any(axis=1)
            unit_rows(vectors[heard]).tofile(file)
            recordings.append(ids[heard])
            count += len(recordings[-1])
        file.seek(0)
        _write_header(file, count, dimension)
    return np.concatenate(recordings)


def _write_header(file: IO[bytes], count: int, dimension: int) -> None:
    """Write the start of an .npy file, as long for one count as for another.

    NumPy leaves room in it for the first axis to grow.
    """
    about = {"descr": "<f4", "fortran_order": False, "shape": (count, dimension)}
    np.lib.format.write_array_header_1_0(file, about)


def _remove_others(home: Path, keep: Path) -> None:
    for entry in home.iterdir():
        half_written = entry.name.startswith(_MAKING)
        with suppress(OSError):
            if half_written and time.time() - entry.stat().st_mtime < _ABANDONED:
                continue
            if entry != keep:
                shutil.rmtree(entry)
