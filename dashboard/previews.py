"""``/previews/...``: thirty seconds of a track without a file, from Deezer or Apple.

The sound comes through here, so that a visitor's browser asks nobody but Segue. Only the player
gets it: what mixes tracks reads files alone, as the services' terms want it.
"""

from __future__ import annotations

import io
from functools import wraps
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from flask import Blueprint, Response, jsonify, request, send_file

from dashboard import guard
from dashboard.services import Library, current_library
from data.errors import SegueError
from hybrid.previews import FoundPreview, Previews

routes = Blueprint("previews", __name__)

_made: WeakKeyDictionary[Library, Previews] = WeakKeyDictionary()


class _Sends(Protocol):
    __name__: str

    def __call__(self, recording_id: int) -> Response: ...


def _says_why(send: _Sends) -> Any:
    """Answer 404 with the reason where there is nothing to hear, 403 to other sites' pages.

    No other page may have Segue ask the services.
    """

    @wraps(send)
    def answer(recording_id: int) -> Response | tuple[Response, int]:
        if not guard.from_own_page(request):
            return jsonify(error="Only Segue's own pages may do that from a browser."), 403
        try:
            sent = send(recording_id)
        except SegueError as error:
            return jsonify(error=str(error)), 404
        sent.headers["Cache-Control"] = "private, no-store"
        return sent

    return answer


@routes.get("/previews/<int:recording_id>")
@_says_why
def preview(recording_id: int) -> Response:
    """Say where a track can be heard: ``source``, ``link``, ``words`` and the ``audio`` address.

    A file of one's own goes before any service; it has neither a source nor a link.
    """
    library = current_library()
    if _has_file(library, recording_id):
        return jsonify(source="", link="", words="Your own file", audio=f"/audio/{recording_id}")
    found = _found(library, recording_id)
    return jsonify(
        source=found.label,
        link=found.preview.track.link,
        words=found.words,
        audio=f"/previews/{recording_id}/audio",
    )


@routes.get("/previews/<int:recording_id>/audio")
@_says_why
def preview_audio(recording_id: int) -> Response:
    """Send the sound of a preview, or the part of it that a ``Range`` header asks for."""
    library = current_library()
    found = _found(library, recording_id)
    clip = _previews(library).fetch(found)
    return send_file(
        io.BytesIO(clip.data), mimetype=clip.media_type, conditional=True, etag=found.content
    )


def _has_file(library: Library, recording_id: int) -> bool:
    try:
        library.audio_file(recording_id)
    except SegueError:
        return False
    return True


def _found(library: Library, recording_id: int) -> FoundPreview:
    found = _previews(library).of(recording_id)
    if found is None:
        raise SegueError("Neither Deezer nor Apple has a preview of this track.")
    return found


def _previews(library: Library) -> Previews:
    if library not in _made:
        _made[library] = Previews(library.catalogue, library.settings)
    return _made[library]
