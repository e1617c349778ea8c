"""Model files that can be trusted: written whole or not at all, read without running code.

``<folder>/<kind>/<version>/`` holds ``card.json`` (what it is, from which data, with which
parameters) and ``arrays.safetensors``. ``<folder>/<kind>/current`` names the version in use
and is switched last; the version before stays for rollback.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from data.errors import SegueError

FORMAT = 1
_CARD, _ARRAYS, _CURRENT = "card.json", "arrays.safetensors", "current"
_MAKING, _POINTING = ".new-", ".current-"
#: Seconds after which a half-written version is taken for what a killed run left behind.
_ABANDONED = 24 * 3600


@dataclass(frozen=True)
class Artefact:
    """A model as it lies on disk.

    `card` holds at least ``kind``, ``version``, ``created``, ``parameters``,
    ``fingerprint`` and ``metrics``; `arrays` its tensors by name.
    """

    card: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    folder: Path


def save(
    models: Path,
    kind: str,
    arrays: Mapping[str, NDArray[Any]],
    *,
    parameters: Mapping[str, Any],
    fingerprint: str,
    metrics: Mapping[str, Any],
    about: Mapping[str, Any] | None = None,
) -> Path:
    """Write a new version of `kind` under `models` and make it the current one.

    A failure or a kill at any point leaves the version in use as it was. `about` is
    added to the card: whatever else is to be known of this kind of model.

    Returns
    -------
    Path
        The folder of the new version.
    """
    home = models / kind
    home.mkdir(parents=True, exist_ok=True)
    created = datetime.now(UTC)
    making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=home))
    try:
        save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, making / _ARRAYS)
        # One writer at a time from here: each prunes what the others do not need.
        with FileLock(models / f".{kind}.lock"):
            version = _free_name(home, created.strftime("%Y%m%dT%H%M%S%fZ"))
            card = {
                **(about or {}),
                "format": FORMAT,
                "kind": kind,
                "version": version,
                "created": created.isoformat(timespec="seconds"),
                "fingerprint": fingerprint,
                "parameters": dict(parameters),
                "metrics": dict(metrics),
            }
            (making / _CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
            for part in making.iterdir():
                _sync(part)
            return _publish(home, making, version)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _publish(home: Path, making: Path, version: str) -> Path:
    """Move a finished version to its place, make it current, prune older ones."""
    before = _current(home)
    final = home / version
    pointer = home / f"{_POINTING}{version}"
    try:
        pointer.write_text(version, encoding="utf-8")
        _sync(pointer)
        os.replace(making, final)
        os.replace(pointer, home / _CURRENT)
    except BaseException:
        pointer.unlink(missing_ok=True)
        # An interrupt may come after the switch: then the new version is in use and stays.
        if _current(home) != version:
            shutil.rmtree(final, ignore_errors=True)
        raise
    _prune(home, keep={version, before})
    return final


def load(models: Path, kind: str, *, command: str = "segue train") -> Artefact | None:
    """Read the current version of `kind`, or None where none was ever trained.

    `command` is what an error tells the user to run.

    Raises
    ------
    SegueError
        If the files are damaged or of a format this Segue does not know.
    """
    version = _current(models / kind, command)
    return None if version is None else read(models / kind / version, command=command)


def read(folder: Path, *, command: str = "segue train") -> Artefact:
    """Read the model whose card and arrays lie in `folder`; errors are those of `load`."""
    try:
        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        if card["format"] != FORMAT:
            raise SegueError(
                f"The model in {folder} was made by another version of Segue. "
                f"Run `{command}` to make a new one."
            )
        return Artefact(card, load_file(folder / _ARRAYS), folder)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise SegueError(
            f"The model in {folder} cannot be read ({error}). Run `{command}` to make a new one."
        ) from error


def current_version(models: Path, kind: str) -> str | None:
    """Name of the version in use, cheap enough to ask on every request."""
    return _current(models / kind)


def pack_strings(strings: Sequence[str]) -> NDArray[np.uint8]:
    """Encode strings as one UTF-8 array, so that they travel as a tensor.

    Examples
    --------
    >>> unpack_strings(pack_strings(["ä", "", "b"]))
    ['ä', '', 'b']
    """
    return np.frombuffer(json.dumps(list(strings), ensure_ascii=False).encode(), np.uint8)


def unpack_strings(packed: NDArray[np.uint8]) -> list[str]:
    """Decode what `pack_strings` made."""
    return list(json.loads(packed.tobytes().decode()))


def _current(home: Path, command: str = "segue train") -> str | None:
    try:
        return (home / _CURRENT).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SegueError(
            f"{home / _CURRENT} cannot be read ({error}). Remove it and run `{command}`."
        ) from error


def _free_name(home: Path, wish: str) -> str:
    name, number = wish, 1
    while (home / name).exists():
        number += 1
        name = f"{wish}-{number}"
    return name


def _prune(home: Path, keep: set[str | None]) -> None:
    for entry in home.iterdir():
        if entry.name.startswith((_MAKING, _POINTING)):
            # Younger ones may belong to a training that runs at this moment.
            with suppress(FileNotFoundError):
                if time.time() - entry.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        elif entry.is_dir() and entry.name not in keep:
            shutil.rmtree(entry, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
