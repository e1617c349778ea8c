"""The last evaluation, cut down to what a DJ asks: how many of a set's hidden tracks are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.services.library import Library
from data.errors import SegueError
from hybrid.evaluate import kept
from hybrid.evaluate.holdout import HELD_OUT
from hybrid.evaluate.methods import GOES_WITH, SEGUE, WITHOUT_RULES

#: What is asked, by scenario: in words, and by which figure it is judged.
QUESTIONS: Mapping[str, tuple[str, str, str]] = {
    "mixed": ("All hidden tracks", "of 50", "recall@50"),
    "warm": ("Those that other sets play", "of 50", "recall@50"),
    "cold": ("Those that no other set plays", "of 50", "recall@50"),
    "unheard": ("Asked by sound alone", "of 50", "recall@50"),
    "next": ("The very next track", "of 10", "recall@10"),
}
#: How the evaluation's methods are called here; what has no name here is a variant of Segue.
METHODS: Mapping[str, str] = {
    SEGUE: "Segue",
    "item-kNN (cosine)": "Often in the same sets",
    "item-kNN (BM25)": "Often in the same sets, rare tracks count more",
    "ALS, fold-in": "Learned from sets alone",
    "ALS, item similarity": "Learned from sets alone, track by track",
    "played right after": "Played right after it before",
    "artist's greatest hits": "Most played of the same artists",
    "popularity": "Most played of all",
}
_VARIANTS = (WITHOUT_RULES, GOES_WITH)
#: Ways to hold sets back, as the evaluation calls them and for people.
SPLITS: Mapping[str, str] = {"by date": "The latest sets", "random": "Sets drawn at random"}


@dataclass(frozen=True, slots=True)
class Line:
    """A method, and the share that it finds of each question in `Evaluated.asked`."""

    name: str
    ours: bool
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The last evaluation, for one way to hold sets back.

    Parameters
    ----------
    date : str
        ISO 8601 in UTC.
    stale : bool
        Whether sets came or went since.
    sets, held_back, recordings, heard : int
    splits : tuple of str
        Ways to hold sets back that were measured.
    split : str
        The one that is told here.
    asked : tuple of str
        Keys of `QUESTIONS` that were asked.
    lines : tuple of Line
        Best at the first question first.
    lead : tuple of (float, float) or None
        Between what the lead over the best other method at the first question lies, when other
        sets are drawn, with five seeds.
    curves : mapping of str to mapping of float to float
        By question, how well the list fits at places of the slider, 0 to 1.
    likeness : sequence of dict
        What is made alike, how often it is among the nearest ten by sound, and by chance.
    """

    date: str
    stale: bool
    sets: int
    held_back: int
    recordings: int
    heard: int
    splits: tuple[str, ...]
    split: str
    asked: tuple[str, ...]
    lines: tuple[Line, ...]
    lead: tuple[float, float] | None
    curves: Mapping[str, Mapping[float, float]]
    likeness: Sequence[Mapping[str, Any]]


def evaluated(library: Library, split: str = "") -> Evaluated | None:
    """Return the last evaluation; None where none was made.

    Parameters
    ----------
    split : str
        One of `SPLITS`; anything else is the first that was measured.

    Raises
    ------
    SegueError
        If what was kept is damaged.
    """
    found = kept.load(library.settings)
    if found is None:
        return None
    try:
        return _told(found, library.catalogue.fingerprint(), split)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise SegueError(
            "The last evaluation was kept by another version of Segue. Measure again."
        ) from error


def _told(found: kept.Kept, fingerprint: str, split: str) -> Evaluated:
    figures = found.figures
    rows = [row for row in figures["rows"] if row["kind"] == "method"]
    splits = tuple(dict.fromkeys(row["split"] for row in rows))
    chosen = split if split in splits else splits[0]
    rows = [row for row in rows if row["split"] == chosen]
    asked = tuple(name for name in QUESTIONS if any(row["targets"] == name for row in rows))
    names = [name for name in dict.fromkeys(row["method"] for row in rows) if name not in _VARIANTS]
    lines = [
        Line(
            METHODS.get(name, name),
            name == SEGUE,
            tuple(pooled(rows, name, question) for question in asked),
        )
        for name in names
    ]
    lines.sort(key=lambda line: -(line.shares[0] or 0.0))
    return Evaluated(
        date=found.date,
        stale=found.fingerprint != fingerprint,
        sets=int(figures["sets"]),
        held_back=round(HELD_OUT * int(figures["sets"])),
        recordings=int(figures["recordings"]),
        heard=int(figures["heard"]),
        splits=splits,
        split=chosen,
        asked=asked,
        lines=tuple(lines),
        lead=_lead(figures["margins"], chosen, asked[0]),
        curves={
            one["targets"]: {float(at): float(value or 0) for at, value in one["curve"].items()}
            for one in figures["curves"]
            if one["split"] == chosen and one["targets"] in QUESTIONS
        },
        likeness=figures["likeness"],
    )


def pooled(rows: Sequence[Mapping[str, Any]], method: str, question: str) -> float | None:
    """Return what a method finds of a question, whatever the number of seeds.

    Each query counts the same, as in `hybrid.evaluate.report.Report.pooled`.
    """
    metric = QUESTIONS[question][2]
    found = [
        (row["queries"], row[metric])
        for row in rows
        if row["method"] == method and row["targets"] == question and row[metric] is not None
    ]
    queries = sum(count for count, _ in found)
    return sum(count * value for count, value in found) / queries if queries else None


def _lead(
    margins: Sequence[Mapping[str, Any]], split: str, question: str
) -> tuple[float, float] | None:
    wanted = (split, "5", question, QUESTIONS[question][2])
    for margin in margins:
        if tuple(margin[key] for key in ("split", "seeds", "targets", "metric")) == wanted:
            low, high = margin["difference_95"]
            return float(low), float(high)
    return None
