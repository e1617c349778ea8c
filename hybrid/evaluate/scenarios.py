"""What is asked: the ways in which a held-out set becomes a question with known answers.

============  =================================================================================
warm          tracks that a training set holds; they compete with one another
cold          tracks that no training set holds; every track of the catalogue competes
cold alone    the same tracks, competing with one another
mixed         warm and cold ones together; every track competes
hidden        tracks that were taken out of all training sets, among a share of all tracks that
              was; every track that was in a training set competes
hidden mixed  warm and hidden ones together; every track that was in a training set competes
unheard       the same, asked by seeds that no training set holds and that come as sound alone,
              without a name
next          the one track that was played straight after the last seed; every track competes
next warm     the same, where a training set holds it, among tracks of which that is true
============  =================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.records import Lens
from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.holdout import SEEDS, queries, query_of
from hybrid.question import Question
from hybrid.sound_space import SoundSpace
from models.collaborative import Interactions, Query
from models.collaborative.played_next import adjacent

#: In the order in which they are reported.
SCENARIOS = (
    *("warm", "cold", "cold alone", "mixed", "hidden", "hidden mixed", "unheard"),
    *("next", "next warm"),
)
#: Those in which one track is asked for.
FOLLOWING = ("next", "next warm")
#: Who competes: tracks that a training set holds, those that none holds, or all.
Field = Literal["warm", "cold", "all"]


@dataclass(frozen=True)
class Heard:
    """The sound that a catalogue has.

    Parameters
    ----------
    space : SoundSpace or None
        None where nothing was heard.
    windows : ndarray of float32, shape (R,)
        Windows of audio that were heard of each recording.
    """

    space: SoundSpace | None
    windows: NDArray[np.float32]

    @classmethod
    def of(cls, space: SoundSpace | None, n_recordings: int) -> Heard:
        """Count one window for every recording that was heard."""
        windows = np.zeros(n_recordings, np.float32)
        if space is not None:
            windows[space.rows] = 1
        return cls(space, windows)

    def question(self, query: Query, last: Query, seeds: NDArray[np.intp]) -> Question:
        """Ask with seeds, the last one last, and with the sound of those that were heard."""
        if self.space is None:
            return Question(query, last, np.empty((0, 0), np.float32))
        places = self.space.place[seeds]
        heard = seeds[places >= 0]
        vectors = [v for seed in heard.tolist() if (v := self.space.vector(seed)) is not None]
        return Question(
            query,
            last,
            np.stack(vectors) if vectors else np.empty((0, 0), np.float32),
            len(vectors) - 1 if places[-1] >= 0 else -1,
            float(self.windows[heard].sum()),
        )


@dataclass(frozen=True)
class Asked:
    """One question that every method is asked.

    Parameters
    ----------
    set_index : int
        The held-out set it was cut from.
    question : Question
    seeds : ndarray of intp
        Tracks that were given, known or not; they may not come back.
    targets : dict of str to ndarray of intp
        What should come, by scenario; none of them is empty.
    lens : {"goes_with", "next"}
    """

    set_index: int
    question: Question
    seeds: NDArray[np.intp]
    targets: dict[str, NDArray[np.intp]]
    lens: Lens = "goes_with"


def field_of(scenario: str) -> Field:
    """Who competes in a scenario."""
    if scenario in ("warm", "next warm"):
        return "warm"
    return "cold" if scenario == "cold alone" else "all"


def scenarios(
    corpus: Corpus, training: Training, heard: Heard, draws: int
) -> Iterator[tuple[str, list[Asked]]]:
    """Yield how many seeds are given, as in `SEEDS`, and the questions."""
    for label, seeds in SEEDS.items():
        yield label, list(_company(corpus, training, heard, seeds, draws))
    for label in ("1", "5"):
        if len(training.hidden):
            if heard.space is not None:
                yield label, list(_unheard(corpus, training, heard, int(label), draws))
        else:
            yield label, list(_next(corpus, training, heard, int(label), draws))


def _company(
    corpus: Corpus, training: Training, heard: Heard, seeds: float, draws: int
) -> Iterator[Asked]:
    """Ask for the other tracks of a set: for those that were hidden, or by warm and cold."""
    popularity = training.interactions.popularity
    for cut in queries(
        corpus.interactions, training.split, seeds=seeds, draws=draws, hidden=training.hidden
    ):
        if len(training.hidden):
            hidden = cut.cold[training.competing[cut.cold]]
            targets = {"hidden": hidden, "hidden mixed": np.concatenate([cut.warm, hidden])}
        else:
            mixed = np.concatenate([cut.warm, cut.cold])
            targets = {"warm": cut.warm, "cold": cut.cold, "cold alone": cut.cold, "mixed": mixed}
        targets = {name: wanted for name, wanted in targets.items() if len(wanted)}
        if targets:
            last = query_of(corpus.interactions, popularity, cut.seeds[-1:])
            question = heard.question(cut.query, last, cut.seeds)
            yield Asked(cut.set_index, question, cut.seeds, targets)


def _unheard(
    corpus: Corpus, training: Training, heard: Heard, seeds: int, draws: int
) -> Iterator[Asked]:
    """Ask with files that nobody named and no training set holds, for the rest of the set."""
    assert heard.space is not None
    nothing = Query(np.empty(0, np.intp), {}, {})
    useful = (training.interactions.popularity == 0) & (heard.space.place >= 0)
    rng = np.random.default_rng(0)
    for set_index in training.split.test.tolist():
        tracks = _tracks(corpus.interactions, set_index)
        unheard = tracks[useful[tracks]]
        for _ in range(draws if len(unheard) else 0):
            chosen = rng.permutation(unheard)[:seeds]
            rest = np.setdiff1d(tracks[training.competing[tracks]], chosen)
            question = heard.question(nothing, nothing, chosen)
            if len(rest):
                yield Asked(set_index, question, chosen, {"unheard": rest})


def _next(
    corpus: Corpus, training: Training, heard: Heard, seeds: int, draws: int
) -> Iterator[Asked]:
    """Ask what was played straight after a track, given it and those before it."""
    snapshot, popularity = corpus.snapshot, training.interactions.popularity
    before, after = adjacent(
        snapshot.play_set,
        snapshot.play_position,
        snapshot.play_with_previous,
        snapshot.play_chapter,
    )
    rng = np.random.default_rng(0)
    for set_index in training.split.test.tolist():
        first, end = np.searchsorted(
            snapshot.play_set, [corpus.keep[set_index], corpus.keep[set_index] + 1]
        )
        changes = np.flatnonzero((before >= first) & (before < end))
        for change in rng.permutation(changes)[:draws].tolist():
            played = snapshot.play_recording[first : before[change] + 1][::-1]
            # The latest plays; a track that came twice counts once.
            _, latest = np.unique(played, return_index=True)
            chosen = played[np.sort(latest)[:seeds]][::-1].astype(np.intp)
            target = np.array([snapshot.play_recording[after[change]]], np.intp)
            if not np.isin(target, chosen).any():
                query, last = (
                    query_of(corpus.interactions, popularity, given)
                    for given in (chosen, chosen[-1:])
                )
                question = heard.question(query, last, chosen)
                names = FOLLOWING if popularity[target[0]] else FOLLOWING[:1]
                yield Asked(set_index, question, chosen, dict.fromkeys(names, target), "next")


def _tracks(interactions: Interactions, set_index: int) -> NDArray[np.intp]:
    plays = interactions.plays
    row = slice(plays.indptr[set_index], plays.indptr[set_index + 1])
    return np.sort(plays.indices[row]).astype(np.intp)
