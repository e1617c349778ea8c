"""``/audio/...``: the sound of recordings, its waveform, and one mixed into another."""

from __future__ import annotations

import io
import json
import math
import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flask import Blueprint, Response, request, send_file

from dashboard.services import current_library
from data.errors import SegueError
from data.records import Analysis

if TYPE_CHECKING:
    from hybrid.mixdown import Transition
    from models.audio.waveform import Waveform

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
#: Bounds of a waveform: seconds of the longest, bins of the coarsest and the finest.
_WAVEFORM_S, _FEWEST_BINS, _MOST_BINS = 1800.0, 8, 2000
#: Seconds that a browser shows a waveform again without asking.
_KEPT_S = 300
_LAST_ID = 2**63 - 1  # a database takes no larger number
#: Held for what takes seconds and a hundred megabytes: whoever asks for the same meanwhile gets
#: what the first one made.
_turn = threading.Lock()


def _says_why(send: Callable[..., Response]) -> Callable[..., Response]:
    """Answer 404 with the reason as plain text where there is no sound."""

    @wraps(send)
    def answer(**asked: int) -> Response:
        try:
            return send(**asked)
        except SegueError as error:
            return Response(str(error), 404, mimetype="text/plain")
        except OSError as error:
            reason = f"The file cannot be read ({error.strerror})."
            return Response(reason, 404, mimetype="text/plain")

    return answer


@routes.get("/audio/<int:recording_id>")
@_says_why
def audio(recording_id: int) -> Response:
    """Send the sound of a recording, or the part of it that a ``Range`` header asks for.

    The file is the one that the catalogue names; nothing of the request becomes a path.
    """
    path = current_library().audio_file(recording_id)
    if media_type := _PLAYABLE.get(path.suffix.lower()):
        return send_file(path, mimetype=media_type, conditional=True, max_age=0)
    changed = path.stat().st_mtime_ns
    # Parts of it are asked for one by one; the tag says that they are of one whole.
    with _turn:
        data = _as_wav(path, changed)
    return _wav(data, etag=f"{recording_id}-{changed}")


@routes.get("/audio/<int:recording_id>/waveform")
@_says_why
def waveform(recording_id: int) -> Response:
    """Send the waveform of a recording as JSON, or the part of it that the address asks for.

    ``from`` and ``seconds`` name the part, ``bins`` into how many pieces it is cut. Peaks and
    levels are in thousandths of full scale; ``path`` is the outline in a box of ``width`` by
    ``height``, for the ``d`` of an SVG path.
    """
    return _picture(recording_id, _as_json, "application/json")


@routes.get("/audio/<int:recording_id>/waveform.svg")
@_says_why
def waveform_svg(recording_id: int) -> Response:
    """Send the same outline as a file, for the ``mask-image`` of a box in the theme's colour."""
    return _picture(recording_id, _as_svg, "image/svg+xml")


@routes.get("/audio/transition/<int:first>/<int:second>")
@_says_why
def transition(first: int, second: int) -> Response:
    """Send the end of one recording mixed into the beginning of another, as WAV.

    The header ``X-Segue-Note`` says what was done to the tempo of the second.
    """
    paths = {recording_id: _file_to_mix(recording_id) for recording_id in (first, second)}
    heard = current_library().catalogue.sound(paths)
    one, other = (_side(paths[ident], heard.get(ident)) for ident in (first, second))
    with _turn:
        mixed = _transition(one, other)
    answer = _wav(mixed.data, etag=f"{first}-{second}-{'-'.join(map(str, one[1:] + other[1:]))}")
    answer.headers["X-Segue-Note"] = mixed.match.note
    return answer


class _Side(NamedTuple):
    """A file of a transition, when it was changed, and what is known of its sound."""

    path: Path
    changed: int
    bpm: float | None
    lufs: float | None


def _side(path: Path, heard: Analysis | None) -> _Side:
    bpm = heard.bpm if heard else None
    # Nobody has listened to what only the DJ's software speaks of.
    lufs = heard.loudness_lufs if heard and not math.isnan(heard.loudness_lufs) else None
    return _Side(path, path.stat().st_mtime_ns, bpm, lufs)


def _file_to_mix(recording_id: int) -> Path:
    library = current_library()
    try:
        return library.audio_file(recording_id)
    except SegueError as error:
        known = library.catalogue.tracks([recording_id]) if recording_id <= _LAST_ID else {}
        if recording_id not in known:
            raise
        why = f"No file of “{known[recording_id]}” is here, so the transition cannot be played."
        raise SegueError(why) from error


# 30 seconds are 2.6 MB.
@lru_cache(maxsize=6)
def _transition(first: _Side, second: _Side) -> Transition:
    from hybrid.mixdown import transition as mix

    return mix(
        first.path,
        second.path,
        first_bpm=first.bpm,
        second_bpm=second.bpm,
        first_lufs=first.lufs,
        second_lufs=second.lufs,
    )


def _wav(data: bytes, *, etag: str) -> Response:
    wav = io.BytesIO(data)
    return send_file(wav, mimetype="audio/wav", conditional=True, etag=etag, max_age=0)


@lru_cache(maxsize=2)
def _as_wav(path: Path, _changed: int) -> bytes:
    """Return a file that browsers cannot play (AAC, ALAC, AIFF) as one that they can."""
    from models.audio.segments import excerpt_bytes

    return excerpt_bytes(path, 0.0, _LONGEST_S)


class _Part(NamedTuple):
    """Which part of a recording a waveform shows, and in how many pieces."""

    start_s: float
    length_s: float
    bins: int


def _picture(recording_id: int, draw: Callable[[Waveform], str], media_type: str) -> Response:
    """Send a waveform as `draw` writes it; 400 where the address asks for none that there is."""
    part = _asked_part()
    if part is None:
        reason = (
            f"A waveform starts at 0 seconds or later, shows up to {_WAVEFORM_S:g} seconds "
            f"and has {_FEWEST_BINS} to {_MOST_BINS} bins."
        )
        return Response(reason, 400, mimetype="text/plain")
    path = current_library().audio_file(recording_id)
    changed = path.stat().st_mtime_ns
    answer = Response(_drawn(path, changed, part, draw), mimetype=media_type)
    answer.set_etag(f"{recording_id}-{changed}-{'-'.join(f'{value:g}' for value in part)}")
    answer.cache_control.private = True
    answer.cache_control.max_age = _KEPT_S
    return answer.make_conditional(request)


def _asked_part() -> _Part | None:
    asked = request.args
    try:
        part = _Part(
            float(asked.get("from", 0)),
            float(asked.get("seconds", _WAVEFORM_S)),
            int(asked.get("bins", 600)),
        )
    except ValueError:
        return None
    start, length, bins = part
    fits = math.isfinite(start) and start >= 0 and 0 < length <= _WAVEFORM_S
    return part if fits and _FEWEST_BINS <= bins <= _MOST_BINS else None


@lru_cache(maxsize=256)
def _drawn(path: Path, _changed: int, part: _Part, draw: Callable[[Waveform], str]) -> str:
    from models.audio.waveform import waveform as measure

    return draw(measure(path, start_s=part.start_s, length_s=part.length_s, bins=part.bins))


def _as_svg(wave: Waveform) -> str:
    from hybrid.pictures import svg

    return svg(wave)


def _as_json(wave: Waveform) -> str:
    from hybrid.pictures import HEIGHT, outline

    lowest, highest = (wave.peaks * 1000).round().astype(int).T.tolist()
    low, middle, high = (wave.bands * 1000).round().astype(int).T.tolist()
    whole = {
        "from": wave.start_s,
        "seconds": wave.length_s,
        "lowest": lowest,
        "highest": highest,
        "low": low,
        "middle": middle,
        "high": high,
        "path": outline(wave),
        "width": max(1, len(lowest) - 1),
        "height": HEIGHT,
    }
    return json.dumps(whole, separators=(",", ":"))
