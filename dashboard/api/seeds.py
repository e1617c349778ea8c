"""Seeds as JSON writes them: a track by artist and title, by an outside id, or by a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.api.text import well_formed
from data.errors import SegueError

if TYPE_CHECKING:
    from data.records import Seed
    from hybrid.heard import Listener
    from hybrid.recommender import Recommender

_LARGEST_ID = 2**63 - 1


def entries_of(query: dict[str, Any]) -> Sequence[Any]:
    """Return the seeds of a query as they were written; SegueError if there are none."""
    entries = query.get("seeds")
    if not isinstance(entries, list) or not entries:
        raise SegueError('"seeds" is not a list with at least one track.')
    return entries


def seed_of(
    recommender: Recommender, place: int, entry: Any, listener: Listener | None = None
) -> Seed | int:
    """Read one seed of a query; a track may be given in any of `_KINDS`.

    Artist and title go before other texts, which then say more of the same track.

    Parameters
    ----------
    place : int
        Which seed it is, from 1.
    listener : Listener, optional
        Hears a seed that is a file; without one, files are refused.

    Raises
    ------
    SegueError
        If it says no track in any of these ways.
    """
    given = entry if isinstance(entry, dict) else {}
    match given:
        case {"file": str(path)} if listener is not None:
            return listener.hear(Path(path))
        case {"id": int(ident)} if not isinstance(ident, bool) and abs(ident) <= _LARGEST_ID:
            return ident
        case {"artist": str(artist), "title": str(title)}:
            return _track(recommender, well_formed(artist), well_formed(title), given)
        case {"spotify": str(_)} | {"isrc": str(_)}:
            return recommender.resolve(_outside_ids(given)[0])
        case {"text": str(text)}:
            return recommender.resolve(well_formed(text))
    kinds = _KINDS if listener is not None else _KINDS[1:]
    raise SegueError(
        f'Seed {place} has no "artist" and "title" as text; '
        f"it may also be one of {', '.join(kinds)}."
    )


_KINDS = (
    '{"file": "PATH"}',
    '{"spotify": "LINK"}',
    '{"isrc": "..."}',
    '{"id": 1}',
    '{"text": "..."}',
)


def _outside_ids(given: dict[str, Any]) -> list[str]:
    """Return the Spotify URI or link and the ISRC that a seed gives, as far as they are such.

    Raises
    ------
    SegueError
        If one is given that is none.
    """
    from data.identity import parse_outside_id

    found = []
    forms: dict[str, tuple[Callable[[str], list[str]], str]] = {
        "spotify": (lambda value: [value, f"spotify:track:{value}"], "link, URI or id of Spotify"),
        "isrc": (lambda value: [value], "ISRC"),
    }
    for scheme, (spellings, what) in forms.items():
        value = given.get(scheme)
        if not isinstance(value, str):
            continue
        parsed = [(text, parse_outside_id(text)) for text in spellings(well_formed(value).strip())]
        fits = [text for text, one in parsed if one and one.scheme.partition(":")[0] == scheme]
        if not fits:
            raise SegueError(f"{value!r} is no {what}.")
        found.append(fits[0])
    return found


def _track(recommender: Recommender, artist: str, title: str, given: dict[str, Any]) -> Seed:
    from data.identity import make_track, parse_outside_id
    from data.records import Seed, Unidentified

    label = given.get("label")
    ids = [outside for text in _outside_ids(given) if (outside := parse_outside_id(text))]
    track = make_track(artist, title, well_formed(label) if isinstance(label, str) else "", ids=ids)
    if isinstance(track, Unidentified):
        return Seed(f"{artist} - {title}", None, None, "none")
    return recommender.resolve_track(track)
