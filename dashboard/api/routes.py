"""``/api/v1``: the JSON API, for other DJ tools on this machine.

Every answer is JSON; what a person can put right is ``{"error": "a sentence"}``. The
document that describes it, `dashboard.api.openapi`, is held against these routes by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from dashboard.api import openapi
from dashboard.api.answers import answer_json, meant
from dashboard.api.form import Form, read_form
from dashboard.api.seeds import entries_of, seed_of
from dashboard.api.text import to_json, well_formed
from dashboard.api.tracks import crate_json, track_in_full, track_json
from dashboard.services import current_library
from data.catalogue import CrateChanged
from data.errors import SegueError

routes = Blueprint("api", __name__, url_prefix="/api/v1")

MOST = 200  # results or suggestions of one answer
MOST_SEEDS = 100
LARGEST_BODY = 1_000_000  # bytes
_LARGEST_ID = 2**63 - 1


class NotHere(SegueError):
    """What was asked for by its number is not there."""


def answered(value: Any, status: int = 200) -> Response:
    """Return a value as a JSON response."""
    return Response(f"{to_json(value)}\n", status, mimetype="application/json")


@routes.before_request
def _guard() -> Response | None:
    """Refuse bodies that are too large or not JSON, which no page of another site can send."""
    request.max_content_length = LARGEST_BODY
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if not reads and request.content_length and not request.is_json:
        return answered({"error": "The body must be JSON (Content-Type: application/json)."}, 415)
    return None


@routes.errorhandler(SegueError)
def _told(error: SegueError) -> Response:
    status = 404 if isinstance(error, NotHere) else 409 if isinstance(error, CrateChanged) else 400
    return answered({"error": str(error)}, status)


@routes.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    return answered({"error": str(error.description)}, error.code or 500)


@routes.route("/<path:_rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nowhere(_rest: str) -> Response:
    """Answer what no route has; Dash would send its page."""
    return answered({"error": "There is no such address; see /api/v1/openapi.json."}, 404)


@routes.get("/openapi.json")
def document() -> Response:
    """Send the description of this API."""
    return answered(openapi.document())


@routes.get("/search")
def search() -> Response:
    """Find tracks by what somebody has typed so far."""
    text = well_formed(request.args.get("q", "")).strip()
    if not text:
        raise SegueError('Say what to search for: "q" is empty.')
    hits = current_library().suggest(text, limit=_limit("limit", 10))
    return answered(
        {"tracks": [{**track_json(hit.recording_id, hit.track), "sets": hit.sets} for hit in hits]}
    )


@routes.get("/recommend")
def recommend_by_address() -> Response:
    """Recommend for seeds given as text or ids in the address."""
    seeds = [well_formed(text).strip() for text in request.args.getlist("seed")]
    entries = [{"id": int(s)} if _is_id(s) else {"text": s} for s in seeds if s]
    form: Form = {
        name: request.args[name] for name in ("k", "lens", "balance") if name in request.args
    }
    return _recommended({"seeds": entries, **form})


@routes.post("/recommend")
def recommend() -> Response:
    """Recommend for seeds and steering given as JSON."""
    return _recommended(_body())


def _recommended(query: Mapping[str, Any]) -> Response:
    library = current_library()
    query = {"k": 25, **query}
    recommender = library.recommender()
    asked = read_form({name: value for name, value in query.items() if name not in ("id", "seeds")})
    if asked.k > MOST:
        raise SegueError(f'"k" is at most {MOST}.')
    entries = entries_of(dict(query))
    if len(entries) > MOST_SEEDS:
        raise SegueError(f"Give at most {MOST_SEEDS} seeds.")
    seeds = [seed_of(recommender, place, entry) for place, entry in enumerate(entries, start=1)]
    answer = recommender.recommend(seeds, **asked.arguments())
    return answered(answer_json(answer, meant(library.catalogue, answer.seeds)))


@routes.get("/tracks/<int:recording_id>")
def track(recording_id: int) -> Response:
    """Tell all that is known of one track."""
    catalogue = current_library().catalogue
    known = catalogue.tracks([recording_id]) if recording_id <= _LARGEST_ID else {}
    if recording_id not in known:
        raise NotHere(f"The catalogue holds no track {recording_id}.")
    analysis = catalogue.sound([recording_id]).get(recording_id)
    return answered(track_in_full(recording_id, known[recording_id], analysis))


@routes.get("/crates")
def crates() -> Response:
    """List the crates."""
    library = current_library()
    in_hand = library.crate_in_hand()
    listed = library.catalogue.crates()
    return answered(
        {
            "crates": [
                {"id": c.id, "name": c.name, "size": c.size, "in_hand": c.id == in_hand}
                for c in listed
            ]
        }
    )


@routes.post("/crates")
def make_crate() -> Response:
    """Make a crate, with tracks in it if some are given."""
    body = _body()
    name, ids = body.get("name"), _ids(body)
    if not isinstance(name, str):
        raise SegueError('"name" is the name of the new crate, a text.')
    catalogue = current_library().catalogue
    crate_id = catalogue.create_crate(well_formed(name))
    if ids:
        catalogue.set_crate(crate_id, ids, said=f"Made with {len(ids)} tracks")
    return answered(crate_json(catalogue, crate_id), 201)


@routes.get("/crates/<int:crate_id>")
def crate(crate_id: int) -> Response:
    """Tell what is in a crate, in order."""
    return answered(crate_json(current_library().catalogue, _crate(crate_id)))


@routes.patch("/crates/<int:crate_id>")
def change_crate(crate_id: int) -> Response:
    """Give a crate other tracks or another name; with ``stamp`` only if nobody else changed it."""
    body, catalogue = _body(), current_library().catalogue
    _crate(crate_id)
    stamp, name = body.get("stamp"), body.get("name", "")
    if not isinstance(stamp, int | None) or isinstance(stamp, bool):
        raise SegueError('"stamp" is the number that the crate came with.')
    if not isinstance(name, str):
        raise SegueError('"name" is a text.')
    ids = _ids(body)
    # The name first, as it may be refused: then nothing is changed.
    if "name" in body:
        renamed = catalogue.rename_crate(crate_id, well_formed(name), expected=stamp)
        stamp = stamp if stamp is None else renamed.stamp
    if "tracks" in body:
        catalogue.set_crate(crate_id, ids, said="Changed by another program", expected=stamp)
    return answered(crate_json(catalogue, crate_id))


@routes.delete("/crates/<int:crate_id>")
def delete_crate(crate_id: int) -> Response:
    """Delete a crate; the Set page can bring it back."""
    current_library().catalogue.delete_crate(_crate(crate_id))
    return Response(status=204)


# -- reading what was asked


def _body() -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # lists within lists within lists
        body = None
    if not isinstance(body, dict):
        raise SegueError("The body is not a JSON object.")
    return body


def _ids(body: Mapping[str, Any]) -> list[int]:
    ids = body.get("tracks", [])
    if not isinstance(ids, list) or not all(
        isinstance(i, int) and not isinstance(i, bool) for i in ids
    ):
        raise SegueError('"tracks" is a list of track ids [1, ...].')
    known = current_library().catalogue.tracks(i for i in ids if 0 <= i <= _LARGEST_ID)
    if missing := [i for i in ids if i not in known]:
        raise SegueError(f"The catalogue holds no track {missing[0]}.")
    return list(dict.fromkeys(ids))


def _crate(crate_id: int) -> int:
    if crate_id not in {crate.id for crate in current_library().catalogue.crates()}:
        raise NotHere(f"There is no crate {crate_id}.")
    return crate_id


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _limit(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not _is_id(text) or not 1 <= int(text) <= MOST:
        raise SegueError(f'"{name}" is a whole number from 1 to {MOST}.')
    return int(text)
