"""Secrets kept sealed: in the catalogue, but readable only with a key that lies apart from it.

Whoever gets hold of the database alone, or of a copy of it, learns nothing from it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from data.catalogue import Catalogue
from data.errors import SegueError


class Vault:
    """Keeps mappings that nobody else may read, such as tokens, by name.

    What was sealed with another key, was damaged, or lies under another name than it was kept
    under reads as if it were not there: the DJ then signs in again.

    Parameters
    ----------
    catalogue : Catalogue
        Where the sealed values lie.
    key_file : Path
        Where the key lies; made at the first use, readable by its owner only.
    """

    def __init__(self, catalogue: Catalogue, key_file: Path) -> None:
        self._sealed = catalogue.sealed
        self._key_file = key_file

    def keep(self, name: str, value: Mapping[str, Any], *, seconds: float | None = None) -> None:
        """Seal a mapping and keep it, in the place of the one before.

        Parameters
        ----------
        name : str
        value : mapping
            TypeError if JSON cannot say it.
        seconds : float, optional
            After which it is as if never kept; for ever unless given.

        Raises
        ------
        SegueError
            If the key file cannot be made or read, or is damaged.
        """
        said = json.dumps({"name": name, "value": dict(value)}).encode()
        self._sealed.put(name, self._lock().encrypt(said), seconds=seconds)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return the mapping kept under a name; None if there is none that can be read."""
        return self._opened(name, self._sealed.get(name))

    def take(self, name: str) -> dict[str, Any] | None:
        """Return the same and forget it: of several who ask at once, one gets it."""
        return self._opened(name, self._sealed.take(name))

    def forget(self, name: str) -> None:
        """Forget what is kept under a name, if anything is."""
        self._sealed.delete(name)

    def forget_all(self, prefix: str) -> None:
        """Forget everything whose name starts with `prefix`."""
        self._sealed.delete_all(prefix)

    def _opened(self, name: str, blob: bytes | None) -> dict[str, Any] | None:
        if blob is None:
            return None
        try:
            said = json.loads(self._lock().decrypt(blob))
        except (InvalidToken, SegueError):
            return None
        # A value put under another name must not be taken for what belongs there.
        return said["value"] if said["name"] == name else None

    def _lock(self) -> Fernet:
        try:
            key = _key(self._key_file)
        except OSError as error:
            raise SegueError(
                f"The key {self._key_file} cannot be read or made ({error.strerror}); "
                "set SEGUE_HOME to a folder you may write to."
            ) from error
        try:
            return Fernet(key)
        except ValueError:
            # The cause is left out: it may hold what is left of the key.
            raise SegueError(
                f"The key {self._key_file} is damaged; put its copy back, "
                "or remove it and sign in again."
            ) from None


def _key(path: Path) -> bytes:
    """Return the key in a file, which is made if it is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        _make_key(path)
        return path.read_bytes()


def _make_key(path: Path) -> None:
    """Make a key file, whole or not at all; one that another process made meanwhile stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes files that only their owner can read.
    handle, made = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(made, path)  # Unlike a rename, it takes nobody's place.
    finally:
        os.unlink(made)
