"""``segue feedback``: say what you think of tracks and transitions, and take it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.api.text import well_formed
from dashboard.cli.files import lines_of, writing
from dashboard.cli.output import REASONS_SHOWN, counted, print_json, print_table, say
from dashboard.cli.state import open_catalogue, read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.catalogue import Catalogue, Judgement
    from data.records import Track

feedback_app = typer.Typer(
    help="Say what you think of tracks and transitions: it moves every list at once.",
    no_args_is_help=True,
)

OneTrack = Annotated[str, typer.Argument(metavar="TRACK", help='The track: "Artist - Title".')]
Into = Annotated[str, typer.Argument(metavar="INTO", help="The track that is mixed in after it.")]

_SAID = {
    "like": "You like {0}.",
    "dislike": "You dislike {0}.",
    "works": "{0} works into {1}.",
    "clashes": "{0} clashes with {1}.",
}


@feedback_app.command()
def like(track: OneTrack) -> None:
    """Like a track: it moves up in every list."""
    _say("like", track)


@feedback_app.command()
def dislike(track: OneTrack) -> None:
    """Dislike a track: lists leave it out. What is learned from the sets stays as it is."""
    _say("dislike", track)


@feedback_app.command()
def works(track: OneTrack, into: Into) -> None:
    """Say that a transition works: INTO comes first after TRACK."""
    _say("works", track, into)


@feedback_app.command()
def clashes(track: OneTrack, into: Into) -> None:
    """Say that a transition clashes: neither of the two is shown for the other."""
    _say("clashes", track, into)


@feedback_app.command()
def clear(
    track: OneTrack,
    into: Annotated[
        str | None,
        typer.Argument(metavar="[INTO]", help="With it, the word on the pair is cleared."),
    ] = None,
) -> None:
    """Forget what was said of a track, or of a pair in this order."""
    with open_catalogue(read_settings()) as catalogue:
        ids = _understood(catalogue, [track] if into is None else [track, into])
        named = catalogue.tracks(ids)
        about = " into ".join(str(named[ident]) for ident in ids)
        if catalogue.feedback.clear(*ids):
            typer.echo(f"Cleared: {about}.")
        else:
            say(f"Nothing was said of {about}.")


@feedback_app.command()
def undo() -> None:
    """Take back what was said or cleared last; again for the one before."""
    with open_catalogue(read_settings()) as catalogue:
        book = catalogue.feedback
        # The tracks are named first: one that only this word held is gone with it.
        everything = catalogue.tracks(_mentioned(book.words()))
        word = book.undo()
        if word is None:
            say("Nothing was said, so there is nothing to take back.")
            return
        named = everything | catalogue.tracks(_mentioned([word]))
        typer.echo(f"Taken back: {_sentence(word, named)}")


@feedback_app.command("list")
def listed(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """List all that was said and is not taken back, oldest first."""
    with open_catalogue(read_settings()) as catalogue:
        words = catalogue.feedback.words()
        named = catalogue.tracks(_mentioned(words))
    if as_json:
        print_json([_as_json(word, named) for word in words])
    elif words:
        print_table(
            ["When", "Verdict", "Track", "Into"],
            [
                (
                    word.at[:16].replace("T", " "),
                    word.verdict,
                    str(named[word.recording_id]),
                    "" if word.next_id is None else str(named[word.next_id]),
                )
                for word in words
            ],
        )
    else:
        say('Nothing was said yet; try `segue feedback like "Artist - Title"`.')


@feedback_app.command("export")
def write(
    file: Annotated[Path, typer.Argument(help="File of JSON lines to write; - is stdout.")],
) -> None:
    """Write all that was said as JSON lines, for a backup or another machine."""
    with open_catalogue(read_settings()) as catalogue, writing(file) as out:
        lines = list(catalogue.feedback.lines())
        out.writelines(f"{line}\n" for line in lines)
    say(f"Wrote {counted(len(lines), 'word')}.")


@feedback_app.command("import")
def read(
    file: Annotated[Path, typer.Argument(help="File of JSON lines to read; - is stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Take in what `export` wrote. A word in the file replaces the one that is here."""
    with open_catalogue(read_settings()) as catalogue:
        counts = catalogue.feedback.take_in(lines_of(file))
    aside = [{"line": entry.where, "reason": entry.reason} for entry in counts.set_aside]
    if as_json:
        print_json({"taken": counts.taken, "unchanged": counts.unchanged, "set_aside": aside})
        return
    known = f"; {counts.unchanged:,} known already" if counts.unchanged else ""
    typer.echo(f"Took in {counted(counts.taken, 'word')}{known}.")
    if aside:
        say(f"Set aside, with the reason ({len(aside):,}):")
    for entry in aside[:REASONS_SHOWN]:
        say(f"  {entry['line']}: {entry['reason']}")
    if len(aside) > REASONS_SHOWN:
        say(f"  and {len(aside) - REASONS_SHOWN:,} more; --json lists them all.")


def _say(verdict: str, *texts: str) -> None:
    with open_catalogue(read_settings()) as catalogue:
        ids = _understood(catalogue, texts)
        changed = catalogue.feedback.say(verdict, *ids)
        named = catalogue.tracks(ids)
    told = _SAID[verdict].format(*(named[ident] for ident in ids))
    typer.echo(told if changed else f"Known already: {told}")


def _understood(catalogue: Catalogue, texts: Sequence[str]) -> list[int]:
    """Find the tracks, and say what each was taken for where it is not just that."""
    from hybrid.feedback import understood

    seeds = understood(catalogue, [well_formed(text) for text in texts])
    ids = [seed.recording_id for seed in seeds if seed.recording_id is not None]
    named = catalogue.tracks(ids)
    for seed, ident in zip(seeds, ids, strict=True):
        if seed.rung == "work":
            say(f'"{seed.query}" is not in the catalogue; taking its version {named[ident]}.')
        elif seed.rung not in ("recording", "id"):
            say(f'Taking "{seed.query}" for {named[ident]}.')
    return ids


def _mentioned(words: Sequence[Judgement]) -> list[int]:
    ids = (ident for word in words for ident in (word.recording_id, word.next_id))
    return [ident for ident in ids if ident is not None]


def _sentence(word: Judgement, named: dict[int, Track]) -> str:
    tracks = [str(named.get(ident, "a track that is gone")) for ident in _mentioned([word])]
    if not word.verdict:
        return f"clearing {' into '.join(tracks)}."
    return _SAID[word.verdict].format(*tracks)


def _as_json(word: Judgement, named: dict[int, Track]) -> dict[str, Any]:
    def about(ident: int) -> dict[str, Any]:
        return {
            "recording_id": ident,
            "artist": named[ident].artist,
            "title": named[ident].full_title,
        }

    told: dict[str, Any] = {"verdict": word.verdict, "at": word.at}
    told["track"] = about(word.recording_id)
    if word.next_id is not None:
        told["next"] = about(word.next_id)
    return told
