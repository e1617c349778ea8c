"""What each term of a transition is worth, on a generated crate whose truth is known.

Conditional logit (McFadden, 1974): in real sets nobody knows tempo, key and sound, in generated
ones everything is known. The track that really came next is compared with the others of the same
set. Weights are fitted on some sets and reported on later ones; counts of what was played come
from the sets before those that are asked about. Writes the table in docs/sets.md.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from corpus import write_between
from crate import SHOWN, crate_sound
from numpy.typing import NDArray
from scipy.optimize import minimize

from data.catalogue import Catalogue, Snapshot
from data.demo import demo_tracklists
from data.demo.generate import DAYS
from data.demo.music import release_music
from data.identity import recording_key
from hybrid.corpus import interactions_of, played_next_of
from hybrid.facts import Facts
from hybrid.sequence.deck import Deck
from hybrid.sequence.transitions import (
    SHIPPED,
    TERMS,
    TransitionWeights,
    term_gates,
    term_values,
    weighed,
)
from hybrid.sound_space import SoundSpace
from models.collaborative.played_next import adjacent

#: Shares of the sets, by date, up to which plays are counted and from which on is asked: the
#: weights are fitted on the sets between the two and reported on those after the second.
FIT, REPORT = 0.6, 0.8
#: Nobody gives a verdict in a generated crate.
FITTABLE = tuple(name for name in TERMS if name != "verdict")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "sets.md"


@dataclass(frozen=True, eq=False)
class Choice:
    """The tracks that could have come next, and which one did."""

    values: dict[str, NDArray[np.float64]]
    gates: dict[str, NDArray[np.float64]]
    next: int


def choices(catalogue: Catalogue, start: float, end: float) -> list[Choice]:
    """Every transition of the sets from one share of them to another, by date."""
    snapshot = catalogue.snapshot()
    interactions = interactions_of(snapshot)
    facts = _truth(Facts.of(catalogue, snapshot, interactions), snapshot)
    by_date = np.argsort(snapshot.set_dates, kind="stable")
    cuts = [round(start * len(by_date)), round(end * len(by_date))]
    counted, asked, _ = np.split(by_date, cuts)
    counts = played_next_of(snapshot, counted)
    held = interactions.plays[counted].T.tocsr()
    sound = _sound(snapshot)
    before, after = adjacent(
        snapshot.play_set,
        snapshot.play_position,
        snapshot.play_with_previous,
        snapshot.play_chapter,
    )
    found = []
    for number in asked.tolist():
        rows = np.unique(interactions.plays[number].indices)
        deck = Deck.of(rows, facts, counts, held, sound)
        values = term_values(deck)
        gates = term_gates(deck, values)
        here = snapshot.play_set[before] == number
        pairs = snapshot.play_recording[np.stack([before[here], after[here]])]
        for start, end in np.searchsorted(rows, pairs).T.tolist():
            others = np.delete(np.arange(len(rows)), start)
            found.append(
                Choice(
                    {name: value[start, others] for name, value in values.items()},
                    {name: gate[start, others] for name, gate in gates.items()},
                    int(np.flatnonzero(others == end)[0]),
                )
            )
    return found


def _truth(facts: Facts, snapshot: Snapshot) -> Facts:
    """Put in the tempo, key and energy that the crate was made with."""
    music = release_music(random.Random(SHOWN), days=DAYS)
    place = {recording_key(track): row for row, track in enumerate(music.tracks)}
    rows = [place[key] for key in snapshot.recording_keys]
    facts.bpm[:] = [music.bpm[row] for row in rows]
    facts.key[:] = [music.keys[row].traktor() for row in rows]
    facts.energy[:] = music.energy[rows]
    return facts


def _sound(snapshot: Snapshot) -> SoundSpace:
    heard = crate_sound(SHOWN)
    place = {key: row for row, key in enumerate(heard.keys.tolist())}
    rows = [place[key] for key in snapshot.recording_keys]
    return SoundSpace.of(np.arange(len(rows)), heard.vectors[rows], len(rows))


def fitted(examples: list[Choice]) -> TransitionWeights:
    """Weights under which what really came next is likeliest."""

    def surprise(logs: NDArray[np.float64]) -> float:
        weights = _weights(np.exp(logs[:-1]))
        total = 0.0
        for example in examples:
            utility = -np.exp(logs[-1]) * _costs(example, weights)
            total -= utility[example.next] - np.logaddexp.reduce(utility)
        # A little pull to the start keeps what the examples say nothing of where it is.
        return total / len(examples) + 1e-3 * float(((logs - start) ** 2).sum())

    start = np.log([*(asdict(SHIPPED)[name] for name in FITTABLE), 8.0])
    return _weights(np.exp(minimize(surprise, start, method="L-BFGS-B").x[:-1]))


def _weights(values: NDArray[np.float64]) -> TransitionWeights:
    return TransitionWeights(**dict(zip(FITTABLE, map(float, values), strict=True)))


def _costs(example: Choice, weights: TransitionWeights) -> NDArray[np.float64]:
    return weighed(example.values, example.gates, weights)[0]


def row(name: str, examples: list[Choice], weights: TransitionWeights) -> str:
    """One line of the table: how high the real next track stands among the others."""
    ranks = []
    for example in examples:
        costs = _costs(example, weights)
        real = costs[example.next]
        ties = np.isclose(costs, real, rtol=0, atol=1e-12)
        ranks.append(1 + np.sum((costs < real) & ~ties) + (ties.sum() - 1) / 2)
    places = np.array(ranks)
    first, mrr = np.mean(places == 1), np.mean(1 / places)
    return f"| {name} | {first:.3f} | {mrr:.3f} | {places.mean():.2f} |"


def main() -> None:
    """Fit, report and write the table."""
    with Catalogue.open("sqlite://") as catalogue:
        catalogue.add_tracklists(demo_tracklists(SHOWN))
        asked = choices(catalogue, REPORT, 1.0)
        learned = fitted(choices(catalogue, FIT, REPORT))
    nothing = dict.fromkeys(TERMS, 0.0)
    others = np.mean([len(choice.values["tempo"]) for choice in asked])
    lines = [
        f"{len(asked):,} transitions of the latest fifth of the sets, "
        f"each against {others:.1f} tracks (mean).",
        "",
        "| cost | real next track first | MRR | mean place |",
        "|---|--:|--:|--:|",
        row("chance (all alike)", asked, TransitionWeights(**nothing)),
        *(
            row(f"{name} alone", asked, TransitionWeights(**{**nothing, name: 1.0}))
            for name in FITTABLE
        ),
        row("fitted on the fifth before", asked, learned),
        row("shipped", asked, SHIPPED),
        "",
        "| weight | " + " | ".join(FITTABLE) + " |",
        "|---|" + "--:|" * len(FITTABLE),
        *(
            f"| {name} | " + " | ".join(f"{asdict(w)[term]:.2f}" for term in FITTABLE) + " |"
            for name, w in (("fitted", learned), ("shipped", SHIPPED))
        ),
    ]
    text = "\n".join(lines)
    print(text)
    write_between(PAGE, "transitions", text)


if __name__ == "__main__":
    main()
