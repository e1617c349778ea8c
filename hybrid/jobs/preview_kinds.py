"""The kinds of jobs that hear previews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from data.errors import SegueError
from data.records import SetAside
from hybrid.jobs import uploads
from hybrid.jobs.context import JobContext
from hybrid.jobs.kind import Kind

_PATIENCE_S = 900.0
"""How long a job waits, in a row, for services that do not answer."""
_MOST_WORKERS = 4
"""More would wait for the services, which are asked a few times a second."""


def _preview(context: JobContext) -> dict[str, Any]:
    """Options: ``recording_ids``, of tracks that have no file."""
    from hybrid.preview_listening import PreviewListener

    ids = [int(ident) for ident in context.options.get("recording_ids") or ()]
    tracks = context.catalogue.tracks(ids)
    if not tracks:
        raise SegueError("Choose at least one track of the catalogue.")
    came: Counter[str] = Counter()
    context.tell("Listening to previews", 0, len(tracks))
    with PreviewListener(
        context.catalogue, context.settings, patience_s=_PATIENCE_S, sleep=context.sleep
    ) as listener:
        for done, heard in enumerate(listener.hear(tracks.values()), start=1):
            came[heard.state] += 1
            if heard.reason:
                reason = heard.reason.removesuffix(".")
                context.set_aside([SetAside(str(heard.track), reason)])
            context.tell("Listening to previews", done, len(tracks))
    left_out = came["none"] + came["failed"]
    return {
        "summary": f"Previews: {came['heard']:,} heard, {came['known']:,} known already, "
        f"{left_out:,} left out.",
        **{state: came[state] for state in ("heard", "known", "none")},
        "failed": left_out,
    }


def _tracks_csv(context: JobContext) -> dict[str, Any]:
    """Options: ``paths``; ``per_genre`` and ``seed`` as `hybrid.many.add_tracks` has them."""
    from hybrid import many
    from hybrid.executors import cores
    from hybrid.preview_listening import PreviewListener
    from hybrid.previews import Previews

    paths = uploads.paths_of(context.options)
    if not paths:
        raise SegueError("Choose at least one CSV file.")
    previews = Previews(context.catalogue, context.settings)

    def set_aside(entries: Iterable[SetAside]) -> None:
        context.set_aside(uploads.named(context.settings, entries))

    with PreviewListener(
        context.catalogue,
        context.settings,
        previews=previews,
        workers=min(_MOST_WORKERS, cores()),
        patience_s=_PATIENCE_S,
        sleep=context.sleep,
    ) as listener:
        came = many.add_tracks(
            context.catalogue,
            paths,
            listener,
            previews,
            per_genre=int(context.options.get("per_genre") or many.PER_GENRE),
            seed=int(context.options.get("seed") or 0),
            progress=context.tell,
            set_aside=set_aside,
        )
    if came.resumed:
        context.log("Went on with the tracks that were chosen before.")
    left_out = came.none + came.failed
    return {
        "summary": f"Tracks: {came.heard:,} heard of {came.sampled:,} chosen from "
        f"{came.genres:,} genres, {came.known:,} known already, {left_out:,} left out.",
        **asdict(came),
        "failed": left_out,
    }


#: Kinds of jobs that hear previews.
KINDS = (Kind("preview", _preview), Kind("tracks_csv", _tracks_csv))
