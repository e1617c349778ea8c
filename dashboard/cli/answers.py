"""An answer as the commands write it: as JSON for programs, as a table and sentences for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.cli.options import LOOSENED
from dashboard.cli.output import print_table, say

if TYPE_CHECKING:
    from data.records import Answer, Recommendation, Seed, Track

#: What the parts of a score are called.
_PARTS = {
    "sets": "sets",
    "next": "played next",
    "artist_label": "artist and label",
    "sound": "sound",
    "prior": "popularity",
}
_SHARE = 0.005  # of the weight; less is shown as 0% and not worth a word


def print_answer(answer: Answer, meant: Sequence[Track | None]) -> None:
    """Print the list for people, and beside it how it came about.

    Parameters
    ----------
    meant : sequence of Track or None
        For each seed the track of the catalogue that stands for it.
    """
    for seed, track in zip(answer.seeds, meant, strict=True):
        if sentence := _understood(seed, track):
            say(sentence)
    if answer.note:
        say(answer.note)
    if answer.results:
        print_table(*_table(answer.results), long=("Why",))
        if shares := _shares(answer.results):
            say(f"Weighed: {shares}.")
    elif not answer.note:
        say("There is nothing to recommend; load more sets and run `segue train`.")
    if answer.hidden:
        say(hidden_line(answer))


def hidden_line(answer: Answer) -> str:
    """Say what was kept off the list by what, and what loosening each would bring back.

    Examples
    --------
    >>> from data.records import Answer, Hidden
    >>> hidden = (Hidden("tempo", 30, 4), Hidden("same artist", 9, 0))
    >>> hidden_line(Answer((), (), hidden))
    '39 hidden: 30 tempo, 9 same artist. To loosen: --tempo off brings back 4.'
    """
    counts = ", ".join(f"{entry.count:,} {entry.name}" for entry in answer.hidden)
    line = f"{sum(entry.count for entry in answer.hidden):,} hidden: {counts}."
    back = [
        f"{LOOSENED[entry.name]} brings back {entry.back:,}"
        for entry in answer.hidden
        if entry.back and entry.name in LOOSENED
    ]
    return f"{line} To loosen: {', '.join(back)}." if back else line


def _table(results: Sequence[Recommendation]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and rows; tempo and key only where they are known of any track."""
    columns: dict[str, list[str]] = {
        ">": [str(rank) for rank in range(1, len(results) + 1)],
        "Track": [str(found.track) for found in results],
        ">Score": [f"{found.score:.3f}" for found in results],
        "By": [found.rung for found in results],
        ">Tempo": [_tempo(found) for found in results],
        "Key": [_key(found) for found in results],
        "Why": [found.reason for found in results],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    return list(shown), [list(row) for row in zip(*shown.values(), strict=True)]


def _tempo(found: Recommendation) -> str:
    bpm = found.analysis.bpm if found.analysis else None
    said = [f"{bpm:.0f}"] if bpm else []
    if relation := found.mix.tempo:
        percent = f"{relation.percent:+.1f}%"
        said.append("0.0%" if percent in ("+0.0%", "-0.0%") else percent)
        said += [] if relation.kind == "same" else [relation.kind]
    return " ".join(said)


def _key(found: Recommendation) -> str:
    key = found.analysis.key if found.analysis else None
    relation = found.mix.key
    said = [key.camelot()] if key else []
    return " ".join([*said, relation.name] if relation else said)


def _shares(results: Sequence[Recommendation]) -> str:
    """Return the parts' weights in words, on average over the list."""
    shares = {
        said: sum(found.weights.get(part, 0.0) for found in results) / len(results)
        for part, said in _PARTS.items()
    }
    heavy = sorted((item for item in shares.items() if item[1] >= _SHARE), key=lambda i: -i[1])
    return ", ".join(f"{said} {share:.0%}" for said, share in heavy)


def _understood(seed: Seed, meant: Track | None) -> str:
    """Say how a seed was read; of those that nothing is known of the answer's note tells."""
    match seed.rung:
        case "id" if seed.vector is not None or seed.query != str(meant):
            return f'"{seed.query}" is {meant}.'
        case "id" | "recording":
            return f"Going with {meant}."
        case "work":
            return f'"{seed.query}" is not in the catalogue; going with its version {meant}.'
        case "search":
            return f'Taking "{seed.query}" for {meant}.'
        case "artist" | "label" if seed.track and not seed.track.title and seed.vector is None:
            return f"Going by the {seed.rung} {seed.track.artist or seed.track.label}."
        case "artist" | "label":
            also = " and its sound" if seed.vector is not None else ""
            return f'"{seed.query}" is not in the catalogue; going by its {seed.rung}{also}.'
        case "sound":
            return f'No track is known as "{seed.query}"; going by its sound.'
        case _:
            return ""
