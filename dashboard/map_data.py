"""``/map/...``: the points of the map, their colours and their names, for ``assets/map.js``.

Points and colours are plain numbers, and the address of each says which they are: the browser
keeps them, so that another colour or another seed costs no point twice.
"""

from __future__ import annotations

from typing import cast, get_args

from flask import Blueprint, Response, jsonify

from dashboard.services import current_library
from dashboard.services import map as service
from dashboard.services.map_view import Colour
from data.errors import SegueError
from hybrid.atlas import BASES

routes = Blueprint("map", __name__)

_FOR_EVER = "private, max-age=31536000, immutable"
_LAST_ID = 2**63 - 1  # a database takes no larger number


@routes.get("/map/points/<name>")
def points(name: str) -> Response:
    """Send a picture; see `dashboard.services.map.points`."""
    atlas = service.charts(current_library()).named(name)
    return _gone() if atlas is None else _numbers(service.points(atlas))


@routes.get("/map/colours/<basis>/<colour>/<stamp>")
def colours(basis: str, colour: str, stamp: str) -> Response:
    """Send the group of each point, a byte each, in the order of the points."""
    library = current_library()
    ground = next((known for known in BASES if known == basis), None)
    if ground is None or colour not in get_args(Colour):
        return _gone()
    try:
        grouping = service.charts(library).grouping(library, ground, cast(Colour, colour))
    except SegueError:
        return _gone()
    return _numbers(grouping.codes.tobytes()) if service.stamp_of(grouping) == stamp else _gone()


@routes.get("/map/track/<int:recording_id>")
def track(recording_id: int) -> Response:
    """Send the name of a track and what is known of it, as the map says it beside a point."""
    library = current_library()
    known = library.catalogue.tracks([recording_id]) if recording_id <= _LAST_ID else {}
    if recording_id not in known:
        return _gone()
    found = known[recording_id]
    return jsonify(
        artist=found.artist,
        title=found.full_title,
        about=service.about(library, recording_id),
    )


def _numbers(content: bytes) -> Response:
    answer = Response(content, mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = _FOR_EVER
    return answer


def _gone() -> Response:
    return Response("This map is out of date: reload the page.", 404, mimetype="text/plain")
