"""Unpack an archive that somebody else made, inside one folder and nowhere else."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from data.errors import SegueError


def unzip(
    archive: Path, folder: Path, *, wanted: str = "", told: Callable[[int, int], None]
) -> None:
    """Unpack the members of `archive` whose names start with `wanted`.

    A member that is there already in its full length is left alone, so that unpacking that
    broke off goes on. Each appears under its name only when it is whole.

    Parameters
    ----------
    archive, folder : Path
        What to unpack, and where.
    wanted : str
        Start of the names; empty for all.
    told : callable
        Told ``(members done, members in all)``.

    Raises
    ------
    SegueError
        If it is no archive, damaged, too large for the disk, holds nothing wanted, or
        has a member that points out of the folder; nothing is unpacked in the last case.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [m for m in opened.infolist() if m.filename.startswith(wanted)]
            members = [member for member in members if not member.is_dir()]
            if not members:
                raise SegueError(f"{archive} holds nothing called {wanted}: fetch it again.")
            targets = [_target(archive, folder, member) for member in members]
            missing = [
                (member, target)
                for member, target in zip(members, targets, strict=True)
                if not (target.is_file() and target.stat().st_size == member.file_size)
            ]
            _require_space(archive, folder, sum(member.file_size for member, _ in missing))
            for done, (member, target) in enumerate(missing, len(members) - len(missing) + 1):
                _unpack(opened, member, target)
                told(done, len(members))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SegueError(
            f"{archive} is damaged or no zip archive ({error}): remove it and fetch it again."
        ) from error


def _target(archive: Path, folder: Path, member: zipfile.ZipInfo) -> Path:
    name = PurePosixPath(member.filename)
    odd = name.is_absolute() or ".." in name.parts or ":" in member.filename
    # Links are kept as files whose mode, in the upper half, says so.
    link = stat.S_ISLNK(member.external_attr >> 16)
    target = folder / name
    if odd or link or not target.resolve().is_relative_to(folder.resolve()):
        raise SegueError(
            f"{archive} is not to be trusted: its member {member.filename} points out of the "
            "folder. Nothing was unpacked; remove it."
        )
    return target


def _require_space(archive: Path, folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if size > free:
        raise SegueError(
            f"{archive} needs {size / 1e9:.1f} GB and {folder} has {free / 1e9:.1f} GB free: "
            "make room and run the same command again."
        )


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        with opened.open(member) as source, part.open("wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(target)
