"""``/audio/<recording>``: the sound of a recording, for the player of the page."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, send_file

from dashboard.services import current_library
from data.errors import SegueError

routes = Blueprint("audio", __name__)

#: What every current browser plays, by the ending of the file.
_PLAYABLE = {
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
_LONGEST_S = 600.0  # of other files that is sent: it is held in memory, 5 MB a minute


@routes.get("/audio/<int:recording_id>")
def audio(recording_id: int) -> Response:
    """Send the sound of a recording, or the part of it that a ``Range`` header asks for.

    The file is the one that the catalogue names; nothing of the request becomes a path.
    Where there is no sound, the answer is 404 with the reason as plain text.
    """
    try:
        path = current_library().audio_file(recording_id)
        if media_type := _PLAYABLE.get(path.suffix.lower()):
            return send_file(path, mimetype=media_type, conditional=True, max_age=0)
        changed = path.stat().st_mtime_ns
        # Parts of it are asked for one by one; the tag says that they are of one whole.
        return send_file(
            io.BytesIO(_as_wav(path, changed)),
            mimetype="audio/wav",
            conditional=True,
            etag=f"{recording_id}-{changed}",
            max_age=0,
        )
    except SegueError as error:
        return Response(str(error), 404, mimetype="text/plain")
    except OSError as error:
        return Response(f"The file cannot be read ({error.strerror}).", 404, mimetype="text/plain")


@lru_cache(maxsize=2)
def _as_wav(path: Path, _changed: int) -> bytes:
    """Return a file that browsers cannot play (AAC, ALAC, AIFF) as one that they can."""
    from models.audio.segments import excerpt_bytes

    return excerpt_bytes(path, 0.0, _LONGEST_S)
