"""``segue order``: tracks in an order that mixes, every transition explained."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.api.text import well_formed
from dashboard.cli.crates import crate_ids
from dashboard.cli.export import FORMAT_HELP, format_of, write_playlist
from dashboard.cli.files import STANDARD, lines_of
from dashboard.cli.output import counted, print_json, print_table, say, working
from dashboard.cli.state import open_catalogue, read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings
    from hybrid.sequence import Alternative, RunningOrder, Sequencer, Slot, Transition

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object with all there is to tell.")]
Save = Annotated[str, typer.Option(metavar="CRATE", help="Keep the order as a new crate.")]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", help="Write the order to a new playlist file, - for stdout."),
]
Format = Annotated[
    str,
    typer.Option("--format", help=FORMAT_HELP),
]
Alternatives = Annotated[
    int, typer.Option(min=0, max=10, help="Other tracks to offer for each slot.")
]
RandomSeed = Annotated[int, typer.Option("--seed", help="Another number may give another order.")]


def order(
    tracks: Annotated[
        list[str] | None, typer.Argument(help='Tracks, as "Artist - Title" or ids.')
    ] = None,
    crate: Annotated[str, typer.Option(help="A crate by its name or id.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="A file with one track a line, - for stdin.")
    ] = None,
    like: Annotated[
        list[str] | None,
        typer.Option(help="Choose from what `segue recommend` finds for this; may be repeated."),
    ] = None,
    pool: Annotated[int, typer.Option(min=1, max=1000, help="How many --like finds.")] = 50,
    curve: Annotated[
        str, typer.Option(help="How energy goes: none, warm-up, build, peak or wave.")
    ] = "none",
    lock: Annotated[
        list[str] | None,
        typer.Option(metavar='"SLOT=TRACK"', help='Fix a track: "3=Artist - Title".'),
    ] = None,
    first: Annotated[str, typer.Option(help="The track that opens.")] = "",
    last: Annotated[str, typer.Option(help="The track that closes.")] = "",
    minutes: Annotated[
        float | None, typer.Option(min=0.1, help="Choose what fits into this time.")
    ] = None,
    seed: RandomSeed = 0,
    alternatives: Alternatives = 2,
    save: Save = "",
    out: Out = None,
    form: Format = "",
    as_json: AsJson = False,
) -> None:
    """Put tracks in an order that mixes, and say why each follows the other.

    They come from a crate, from the command line, from a file, or are chosen from
    what goes with other tracks. What DJs played straight after what, key, tempo,
    energy and sound decide.
    """
    from hybrid.sequence import Sequencer, Wishes

    given = [bool(tracks), bool(crate), file is not None, bool(like)]
    if sum(given) != 1:
        raise typer.BadParameter("Give tracks, --crate, --file or --like, one of these.")
    curve_ = _curve(curve)
    settings = read_settings()
    with open_catalogue(settings) as catalogue:
        check_free(catalogue, save, out, form)
        with working("Loading..."):
            sequencer = Sequencer.open(catalogue, settings)
        if crate:
            ids = filled_crate(catalogue, crate)
        elif like:
            ids = _pool(catalogue, settings, like, pool)
        else:
            ids = found(sequencer, tracks or _lines(file or STANDARD))
        wishes = Wishes(
            curve=curve_,
            locks=_locks(sequencer, lock or []),
            first=found(sequencer, [first])[0] if first else None,
            last=found(sequencer, [last])[0] if last else None,
            minutes=minutes,
        )
        with working("Ordering..."):
            ordered = sequencer.order(ids, wishes, seed=seed, alternatives=alternatives)
        keep(catalogue, ordered, save, out, form)
    show(ordered, as_json=as_json, on_stdout=out != STANDARD)


def _curve(name: str) -> Any:
    from hybrid.sequence import CURVES

    if name not in CURVES:
        raise typer.BadParameter(f"--curve is one of {', '.join(CURVES)}, not {name!r}.")
    return name


def _lines(path: Path) -> list[str]:
    """Return the tracks a file names; blank lines and those that start with # are none."""
    lines = (line.decode("utf-8", "replace").strip() for line in lines_of(path))
    return [line for line in lines if line and not line.startswith("#")]


def found(sequencer: Sequencer, texts: list[str]) -> list[int]:
    """Return the recordings that texts name, and say where one was not taken by its letter."""
    ids = []
    for seed in sequencer.resolve([well_formed(text) for text in texts]):
        if seed.rung in ("work", "search"):
            say(f'Taking "{seed.query}" for recording {seed.recording_id}.')
        if seed.recording_id is not None:
            ids.append(seed.recording_id)
    return ids


def filled_crate(catalogue: Catalogue, crate: str) -> list[int]:
    """Return the recordings of a crate; SegueError if there is none such, or nothing in it."""
    ids = crate_ids(catalogue, crate)
    if not ids:
        raise SegueError(f'The crate "{crate}" is empty; put tracks into it first.')
    return ids


def _pool(catalogue: Catalogue, settings: Settings, like: list[str], count: int) -> list[int]:
    from hybrid.recommender import Recommender

    with working("Recommending..."):
        recommender = Recommender.open(catalogue, settings)
        answer = recommender.recommend([well_formed(text) for text in like], k=count)
    if all(seed.rung == "none" for seed in answer.seeds):
        raise SegueError(answer.note)
    if answer.note:
        say(answer.note)
    seeds = [seed.recording_id for seed in answer.seeds if seed.recording_id is not None]
    return [*seeds, *(result.recording_id for result in answer.results)]


def _locks(sequencer: Sequencer, texts: list[str]) -> dict[int, int]:
    locks: dict[int, int] = {}
    for text in texts:
        slot, equals, track = text.partition("=")
        if not (equals and slot.strip().isdecimal() and track.strip()):
            raise typer.BadParameter(f'--lock takes "SLOT=TRACK", such as "3=17", not {text!r}.')
        [ident] = found(sequencer, [track])
        if locks.setdefault(int(slot), ident) != ident:
            raise SegueError(f"Slot {int(slot)} is locked twice; keep one of the two.")
    return locks


def check_free(catalogue: Catalogue, crate: str, out: Path | None, form: str) -> None:
    """Refuse what could not be kept in the end, before any work is done."""
    if crate and any(" ".join(crate.split()) == entry.name for entry in catalogue.crates()):
        raise SegueError(f'There is a crate called "{crate}" already; choose another name.')
    if out is None:
        if form:
            raise typer.BadParameter("--format belongs to --out.")
        return
    format_of(out, form)
    if out != STANDARD and out.exists():
        raise SegueError(f"{out} is there already and is not replaced; give another name.")


def keep(
    catalogue: Catalogue, ordered: RunningOrder, crate: str, out: Path | None, form: str
) -> None:
    """Keep an order as a crate, as a file, or neither."""
    if crate:
        ident = catalogue.create_crate(crate)
        for recording_id in ordered.recording_ids:
            catalogue.add_to_crate(ident, recording_id)
        say(f'Kept as the crate "{crate}".')
    if out is not None:
        name = crate or (out.stem if out != STANDARD else "Segue")
        write_playlist(catalogue, ordered.recording_ids, out, format_of(out, form), name=name)


def show(ordered: RunningOrder, *, as_json: bool, on_stdout: bool = True) -> None:
    """Print an order, as a table or as JSON; nothing where stdout holds a playlist."""
    for note in ordered.notes:
        say(note)
    if not on_stdout:
        return
    if as_json:
        print_json(_order_json(ordered))
        return
    offered = any(slot.alternatives for slot in ordered.slots)
    print_table(
        [">", "Track", ">BPM", "Key", ">Energy", "Why", *(["Or"] if offered else [])],
        [
            (*_row(slot, into), *([_offers(slot.alternatives)] if offered else []))
            for slot, into in zip(ordered.slots, (None, *ordered.transitions), strict=True)
        ],
        long=("Why", "Or"),
    )
    say(_summary(ordered))


def _row(slot: Slot, into: Transition | None) -> tuple[str, ...]:
    why = "" if into is None else " ".join([into.reason, *(f"Warning: {w}" for w in into.warnings)])
    return (
        f"{slot.number}{'*' if slot.locked else ''}",
        str(slot.track),
        "" if slot.bpm is None else f"{slot.bpm:.1f}",
        "" if slot.key is None else slot.key.camelot(),
        "" if slot.energy is None else f"{slot.energy:.2f}",
        why,
    )


def _offers(alternatives: tuple[Alternative, ...]) -> str:
    return " or ".join(
        f"{offer.track}{'' if offer.slot is None else f', now {offer.slot}'} ({offer.change:+.2f})"
        for offer in alternatives
    )


def _summary(ordered: RunningOrder) -> str:
    parts = [f"Score {ordered.score:.2f}"]
    if ordered.curve_fit is not None:
        parts.append(f"energy follows the curve by {ordered.curve_fit:.2f}")
    if ordered.length_s is not None:
        parts.append(f"plays {int(ordered.length_s) // 60}:{int(ordered.length_s) % 60:02}")
    if ordered.left_out and ordered.length_s is not None:
        parts.append(f"{counted(len(ordered.left_out), 'track')} left out")
    warned = sum(bool(step.warnings) for step in ordered.transitions)
    if warned:
        parts.append(f"{counted(warned, 'transition')} with a warning")
    return f"{', '.join(parts)}."


def _order_json(ordered: RunningOrder) -> dict[str, Any]:
    return {
        "score": ordered.score,
        "curve": ordered.curve,
        "curve_fit": ordered.curve_fit,
        "length_s": ordered.length_s,
        "tracks": [_slot_json(slot) for slot in ordered.slots],
        "transitions": [asdict(step) for step in ordered.transitions],
        "left_out": ordered.left_out,
        "notes": ordered.notes,
    }


def _slot_json(slot: Slot) -> dict[str, Any]:
    return {
        "slot": slot.number,
        "recording_id": slot.recording_id,
        "artist": slot.track.artist,
        "title": slot.track.full_title,
        "start_s": slot.start_s,
        "bpm": slot.bpm,
        "key": None if slot.key is None else slot.key.camelot(),
        "energy": slot.energy,
        "wanted_energy": slot.wanted,
        "locked": slot.locked,
        "alternatives": [
            {
                "recording_id": offer.recording_id,
                "artist": offer.track.artist,
                "title": offer.track.full_title,
                "change": offer.change,
                "slot": offer.slot,
            }
            for offer in slot.alternatives
        ],
    }
