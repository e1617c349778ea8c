"""Jobs that ask Spotify: match a crate, write it, bring a playlist, add a track."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from data.errors import SegueError
from data.records import Track
from hybrid.jobs.context import JobContext
from hybrid.jobs.kind import Kind

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from hybrid.spotify.likeness import Candidate
    from hybrid.spotify.match import Match
    from hybrid.spotify.push import Pushed

_SHORTEST_S = 45.0
"""Audio that lasts less is a preview or a clip: its length says nothing of the recording's."""

_LOOK_S = 0.5
"""How often a push looks whether the one before it is over."""


def _match(context: JobContext) -> dict[str, Any]:
    """Options: ``crate_id``."""
    from hybrid.spotify.account import Account
    from hybrid.spotify.match import match

    crate = context.catalogue.crate_state(_number(context, "crate_id"))
    tracks = context.catalogue.tracks(crate.ids)
    if not tracks:
        raise SegueError("This crate is empty: add tracks to it, then match it.")
    client = Account(context.catalogue, context.settings).lookup_client()
    lengths = _lengths(context.catalogue, tracks)
    matches: list[dict[str, Any]] = []
    for ident, track in tracks.items():
        context.tell("Looking on Spotify", len(matches), len(tracks))
        matches.append(_row(ident, track, match(client, track, lengths.get(ident))))
    context.tell("Looking on Spotify", len(matches), len(tracks))
    came = Counter(row["state"] for row in matches)
    return {
        "summary": f"{came['matched']:,} matched, {came['doubtful']:,} doubtful, "
        f"{came['missing']:,} not on Spotify.",
        "crate_id": crate.id,
        "stamp": crate.stamp,
        "matches": matches,
        **{state: came[state] for state in ("matched", "doubtful", "missing")},
    }


def _lengths(catalogue: Catalogue, ids: Iterable[int]) -> dict[int, float]:
    """Return how long recordings last, as their files or else the DJ's software say."""
    ids = list(ids)
    lengths = {
        ident: said.duration_s
        for ident, told in catalogue.said(ids).items()
        for said in reversed(told)
        if said.duration_s
    }
    for ident, analysis in catalogue.sound(ids).items():
        if analysis.duration_s >= _SHORTEST_S:
            lengths[ident] = analysis.duration_s
    return lengths


def _row(ident: int, track: Track, found: Match) -> dict[str, Any]:
    return {
        "recording_id": ident,
        "artist": track.artist,
        "title": track.full_title,
        "state": found.state,
        "how": found.how,
        "why": found.why,
        "chosen": found.chosen and _there(found.chosen),
        "alternatives": [_there(candidate) for candidate in found.alternatives],
    }


def _there(candidate: Candidate) -> dict[str, Any]:
    there = candidate.track
    return {
        "id": there.ident,
        "artist": there.artist,
        "title": there.title,
        "album": there.album,
        "duration_s": there.duration_s,
        "link": there.link,
        "score": candidate.score,
        "why": candidate.why,
    }


def _push(context: JobContext) -> dict[str, Any]:
    """Options: ``crate_id``, ``mode``, ``playlist_id``, ``name``, ``items``, ``left_out``.

    Also ``chosen`` and ``dropped``: recordings whose track the DJ picked, or left out, by hand.
    """
    from hybrid.spotify.account import Account
    from hybrid.spotify.plan import Plan
    from hybrid.spotify.push import push

    options = context.options
    items = [(int(ident), str(spotify_id)) for ident, spotify_id in options.get("items") or ()]
    plan = Plan.of(
        [spotify_id for _, spotify_id in items],
        crate_id=_number(context, "crate_id"),
        mode=str(options.get("mode") or ""),
        name=str(options.get("name") or ""),
        playlist_id=str(options.get("playlist_id") or ""),
    )
    client = Account(context.catalogue, context.settings).client()
    # Whatever becomes of the playlist, the DJ has said which tracks these are. What the match
    # took by itself is not kept: nobody said so, and another match may know better.
    by_hand = {int(ident) for ident in options.get("chosen") or ()}
    picked = {ident: there for ident, there in items if ident in by_hand}
    context.catalogue.outside.choose("spotify", picked)
    dropped = [int(ident) for ident in options.get("dropped") or ()]
    context.catalogue.outside.unchoose("spotify", dropped)
    with _alone(context):
        came = push(client, context.catalogue.pushes, plan, tell=context.tell, sleep=context.sleep)
    context.tell("Writing to Spotify", len(plan.uris), len(plan.uris))
    left_out = list(options.get("left_out") or ())
    if came.gone:
        context.log(f"Entries that are out of the playlist now: {came.gone:,}.")
    return {
        "summary": _pushed(came, len(plan.uris), len(left_out)),
        "playlist_id": came.playlist_id,
        "name": came.name,
        "link": came.link,
        "total": came.total,
        "added": came.added,
        "there": came.there,
        "verified": came.verified,
        "repeated": plan.repeated,
        "left_out": left_out,
    }


@contextmanager
def _alone(context: JobContext) -> Iterator[None]:
    """Keep every other push of this machine waiting: two at once would both add what is missing."""
    home = context.settings.home
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "spotify-push.lock", timeout=0)
    while True:
        try:
            lock.acquire()
            break
        except Timeout:
            context.tell("Waiting for another push")
            context.sleep(_LOOK_S)
    try:
        yield
    finally:
        lock.release()


def _pushed(came: Pushed, wanted: int, left_out: int) -> str:
    here = f"“{came.name}”"
    found = came.added + came.there
    if not came.verified:
        said = (
            f"{found:,} of {wanted:,} tracks are in {here} as Spotify shows it: look at it there, "
            "and push again."
        )
    elif not came.wrote:
        said = f"Nothing to do: all {wanted:,} tracks are in {here}."
    else:
        said = f"{came.added:,} added to {here}, {came.there:,} there already."
    return f"{said} Left out: {left_out:,}." if left_out else said


def _playlist(context: JobContext) -> dict[str, Any]:
    """Options: ``playlist_id``; ``crate``, the name of the crate that it becomes."""
    from hybrid.spotify.account import Account
    from hybrid.spotify.bring import bring

    ident = str(context.options.get("playlist_id") or "")
    if not ident:
        raise SegueError("Choose a playlist, or paste its link.")
    came = bring(
        Account(context.catalogue, context.settings).client(),
        context.catalogue,
        ident,
        crate=str(context.options.get("crate") or ""),
        tell=context.tell,
    )
    context.set_aside(came.set_aside)
    counts = asdict(came)
    del counts["set_aside"]
    return {**counts, "failed": len(came.set_aside)}


def _track(context: JobContext) -> dict[str, Any]:
    """Options: ``spotify_id``."""
    from hybrid.spotify.account import Account
    from hybrid.spotify.find import look_up
    from hybrid.spotify.names import as_track

    ident = str(context.options.get("spotify_id") or "")
    if not ident:
        raise SegueError("Paste the link of a track.")
    context.tell("Looking the track up")
    found = look_up(Account(context.catalogue, context.settings), ident)
    named = as_track(found)
    if not isinstance(named, Track):
        raise SegueError(
            f"Spotify calls this “{found.title}”, which names no track: add it by its file."
        )
    recording_id, new = context.catalogue.outside.add(named)
    heard, why = _heard(context, recording_id, found.duration_s)
    track = context.catalogue.track(recording_id)
    said = f"{track}: {'added' if new else 'known already'}, {'heard' if heard else 'not heard'}."
    return {
        "summary": f"{said} {why}".strip(),
        "recording_id": recording_id,
        "artist": track.artist,
        "title": track.full_title,
        "heard": heard,
    }


def _heard(context: JobContext, recording_id: int, duration_s: float | None) -> tuple[bool, str]:
    """Listen to a preview of a recording that was never heard; return if it is, or why not."""
    from hybrid import previews

    known = context.catalogue.sound([recording_id]).get(recording_id)
    if known is not None and known.analyser:
        return True, ""
    if not context.settings.previews:
        return False, "Previews are switched off."
    context.tell("Listening to its preview")
    try:
        heard = previews.listen(
            context.catalogue, context.settings, recording_id, duration_s=duration_s
        )
    except SegueError as error:
        # The track is in, which is what was asked for first.
        context.log(str(error), "warning")
        return False, str(error)
    return heard, "" if heard else "Neither Deezer nor Apple has a preview."


def _number(context: JobContext, name: str) -> int:
    value = context.options.get(name)
    if value is None:
        raise SegueError("Choose a crate.")
    return int(value)


#: The kinds that ask Spotify.
KINDS = (
    Kind("spotify_match", _match),
    Kind("spotify_push", _push),
    Kind("spotify_playlist", _playlist),
    Kind("spotify_track", _track),
)
