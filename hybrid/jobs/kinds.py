"""What a job can be: each kind calls what the commands call, and tells how far it is.

A kind returns what came of it as JSON; its ``summary`` is a line for people. Whatever it does can
be begun again after a kill: what is done already is found done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from data.errors import SegueError
from data.records import SetAside
from hybrid.jobs import preview_kinds, spotify_kinds, uploads
from hybrid.jobs.context import JobContext
from hybrid.jobs.kind import Kind


def _analyse(context: JobContext) -> dict[str, Any]:
    """Options: ``paths``; ``encoder``, ``again`` and ``origin`` as `analyse_files` has them."""
    from hybrid import listen
    from hybrid.analysis import analyse_files, say_lost
    from hybrid.audio_files import find_audio

    context.tell("Looking for audio")
    found = find_audio(_paths(context))
    if not found.files:
        raise SegueError(found.why_none())
    if found.skipped:
        context.log(f"Passed over in folders: {found.passed_over()}.")
    context.tell("Getting ready to listen", 0, len(found.files))
    ear = listen.ear(context.settings, str(context.options.get("encoder") or ""))
    came: Counter[str] = Counter()
    outcomes = analyse_files(
        context.catalogue,
        context.settings,
        found.files,
        ear,
        again=bool(context.options.get("again")),
        origin=str(context.options.get("origin") or "file"),
    )
    with closing(outcomes):
        for done, outcome in enumerate(outcomes, start=1):
            context.tell("Listening", done, len(found.files))
            if isinstance(outcome, SetAside):
                came["failed"] += 1
                _set_aside(context, [outcome])
            else:
                came["known" if outcome.known else "heard"] += 1
    context.tell("Listening", len(found.files), len(found.files))
    if lost := say_lost(context.catalogue, _paths(context)):
        context.log(lost, "warning")
    if not came["heard"] + came["known"]:
        raise SegueError("No file could be listened to; the list of what was left out says why.")
    return {
        "summary": f"{came['heard']:,} heard, {came['known']:,} known already, "
        f"{came['failed']:,} left out.",
        "files": len(found.files),
        **{name: came[name] for name in ("heard", "known", "failed")},
        "skipped": dict(found.skipped),
    }


def _tracklists(context: JobContext) -> dict[str, Any]:
    """Options: ``paths``; ``replace_demo``."""
    from hybrid.ingest import import_files

    summary = import_files(context.catalogue, _paths(context), progress=context.tell)
    _set_aside(context, map(_entry, summary.set_aside))
    if not summary.sets:
        raise SegueError(summary.why_nothing())
    _replace_demo(context)
    counts = summary.as_dict()
    del counts["set_aside"]
    return {
        "summary": f"Sets: {summary.new_sets:,} new, {summary.changed_sets:,} changed, "
        f"{summary.unchanged_sets:,} known already. Left out: {len(summary.set_aside):,}.",
        **counts,
        "failed": len(summary.set_aside),
    }


def _mixesdb(context: JobContext) -> dict[str, Any]:
    """Options: ``category``; ``since``, ``limit`` and ``replace_demo``."""
    from hybrid.scrape import ScrapeSummary, scrape_mixesdb
    from scrapers.http import Clock, PoliteSession

    category = str(context.options.get("category") or "").strip()
    if not category:
        raise SegueError("Name the MixesDB category that is to be read, as it is written there.")
    limit = int(context.options.get("limit") or 0)
    told = 0

    def progress(now: ScrapeSummary) -> None:
        nonlocal told
        _set_aside(context, map(_entry, now.set_aside[told:]))
        told = len(now.set_aside)
        context.tell("Reading pages", now.pages_before + now.pages, limit)

    context.tell("Reading pages", 0, limit)
    # The waits between two pages are most of the time: cancel ends them too.
    with PoliteSession(context.settings, clock=Clock(sleep=context.sleep)) as session:
        summary = scrape_mixesdb(
            context.catalogue,
            context.settings,
            category=category,
            limit=limit or None,
            since=str(context.options.get("since") or "") or None,
            progress=progress,
            session=session,
        )
    if summary.resumed:
        context.log(f"Went on after page {summary.pages_before:,}.")
    if summary.sets:
        _replace_demo(context)
    counts = asdict(summary)
    del counts["set_aside"]
    return {
        "summary": f"Pages read: {summary.pages_before + summary.pages:,}. "
        f"Sets found: {summary.sets:,}. Left out: {len(summary.set_aside):,}.",
        **counts,
        "failed": len(summary.set_aside),
    }


def _playlist(context: JobContext) -> dict[str, Any]:
    """Options: ``path``; ``crate``, the name of the crate that it becomes."""
    from hybrid.playlists_in import import_playlist

    path = _paths(context)[0]
    came = import_playlist(
        context.catalogue,
        path,
        crate=str(context.options.get("crate") or ""),
        progress=context.tell,
    )
    aside = [entry if isinstance(entry, SetAside) else _entry(entry) for entry in came.set_aside]
    _set_aside(context, aside)
    counts = asdict(came)
    del counts["set_aside"]
    return {**counts, "failed": len(aside)}


def _train(context: JobContext) -> dict[str, Any]:
    """Options: ``tune``, as for ``segue train``."""
    from hybrid import training
    from hybrid.tuning import own_weights

    context.tell("Reading the sets")
    weights = None
    if tune := bool(context.options.get("tune")):
        steps = _steps(context, "Learning how much sets, credits and sound count")
        weights = own_weights(context.catalogue, context.settings, progress=steps)
        context.log(
            "The weights in force do as well: they stay."
            if weights is None
            else "Weights learned from this catalogue are in force from now on."
        )
    report = training.train(
        context.catalogue,
        context.settings,
        weights=weights,
        progress=lambda done, total: context.tell("Learning from the sets", done, total),
    )
    return {
        "summary": f"Learned from {report.sets:,} sets that play {report.recordings:,} tracks.",
        **report.as_dict(),
        "tuned": tune and weights is not None,
    }


def _evaluate(context: JobContext) -> dict[str, Any]:
    """Options: ``draws``, as for ``segue evaluate``."""
    from hybrid import evaluate
    from hybrid.evaluate import kept
    from hybrid.evaluate.run import STEPS

    context.tell("Reading the sets")
    report = evaluate.evaluate(
        context.catalogue,
        context.settings,
        draws=int(context.options.get("draws") or 2),
        progress=_steps(context, "Measuring on sets held back from learning", STEPS),
    )
    kept.keep(context.settings, report)
    return {
        "summary": f"Measured on {report.sets:,} sets that play {report.recordings:,} tracks.",
        "sets": report.sets,
        "recordings": report.recordings,
        "heard": report.heard,
        "fingerprint": report.fingerprint,
    }


#: Every kind of job, by name.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("analyse", _analyse),
            Kind("tracklists", _tracklists),
            Kind("playlist", _playlist),
            Kind("mixesdb", _mixesdb),
            Kind("train", _train),
            Kind("evaluate", _evaluate),
            *preview_kinds.KINDS,
            *spotify_kinds.KINDS,
        )
    }
)


def _paths(context: JobContext) -> list[Path]:
    paths = uploads.paths_of(context.options)
    if not paths:
        raise SegueError("Choose at least one file or folder.")
    return paths


def _replace_demo(context: JobContext) -> None:
    from hybrid.demo import remove_demo

    if context.options.get("replace_demo") and (
        removed := remove_demo(context.catalogue, context.settings)
    ):
        context.log(f"Took the demo crate out: {removed:,} sets.")


def _steps(context: JobContext, step: str, total: int = 0) -> Callable[[str], None]:
    """Tell a step that goes on in sentences: they are counted, and go to the log."""
    done = 0

    def told(sentence: str) -> None:
        nonlocal done
        context.tell(step, done, total)
        context.log(sentence)
        done += 1

    return told


def _entry(entry: Mapping[str, str]) -> SetAside:
    return SetAside(entry["file"], entry["reason"])


def _set_aside(context: JobContext, entries: Any) -> None:
    context.set_aside(uploads.named(context.settings, entries))
