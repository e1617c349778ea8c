"""Where files of audio lay, and which of them lie nowhere now."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, select

from data.catalogue.rows import in_parts
from data.catalogue.tables_sound import AudioPath


def lost(connection: Connection, folders: Iterable[Path]) -> list[Path]:
    """Return the files below absolute folders that are gone, with what is in them nowhere else.

    A file that was moved or has a copy is not lost; nor is one whose folder is not there, because
    then a disk is not plugged in.
    """
    below = tuple(os.fsencode(folder) + os.sep.encode() for folder in folders if folder.is_dir())
    if not below:
        return []
    gone: dict[int, list[bytes]] = defaultdict(list)
    for audio_id, path in connection.execute(select(AudioPath.audio_id, AudioPath.path)):
        if path.startswith(below) and not os.path.isfile(path):
            gone[audio_id].append(path)
    for part in in_parts(sorted(gone)):
        places = select(AudioPath.audio_id, AudioPath.path).where(AudioPath.audio_id.in_(part))
        for audio_id, path in connection.execute(places).all():
            if audio_id in gone and os.path.isfile(path):
                del gone[audio_id]
    return sorted(Path(os.fsdecode(path)) for paths in gone.values() for path in paths)
