"""Moves tracks up or down a list without hiding any: how known, how common, how well in key.

Every dial is a factor of the score, above 0 and at most 1, so what had a score keeps one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from data.harmony import key_grades
from hybrid.facts import Facts
from hybrid.filters import AskedFacts
from hybrid.ranking import Ranking
from hybrid.steering import Dials, Strictness

Scores = NDArray[np.float32]
Asked = TypeVar("Asked")

#: At an end of the popularity dial the least and the best known track differ by this power of
#: e: more than the scores of tracks that fit do, less than those of tracks that do not.
POPULARITY_REACH = 4.0
#: The same for hub dampening, between a track that is on every list and one that is on none.
HUB_REACH = 2.0
#: What a key that surely does not go together at all would take off a score.
KEY_REACH = 0.15
#: Length of the lists in which hubs are looked for.
HUB_DEPTH = 50


@dataclass(frozen=True, eq=False)
class Steered:
    """Scores after all dials, and what these changed.

    Parameters
    ----------
    scores : ndarray of float32, shape (R,)
    before : ndarray of float32, shape (R,)
    """

    scores: Scores
    before: Scores

    def change(self, rows: Sequence[int] | NDArray[np.intp]) -> Scores:
        """What the dials added to each row's score; below 0 where they took something away."""
        moved: Scores = self.scores[rows] - self.before[rows]
        return moved


class DialSet:
    """Turns the dials of a query; prepared once for the facts of all recordings.

    Parameters
    ----------
    facts : Facts
        Of R recordings.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        sets = np.log1p(facts.sets)
        self._known: Scores = (sets / max(float(sets.max(initial=0)), 1e-9)).astype(np.float32)

    def turn(
        self,
        scores: Scores,
        dials: Dials,
        asked: AskedFacts,
        *,
        key: Strictness = "soft",
        hubs: Scores | None = None,
    ) -> Steered:
        """Move the scores.

        Parameters
        ----------
        scores : ndarray of float32, shape (R,)
        dials : Dials
        asked : AskedFacts
            The seeds.
        key : {"off", "soft", "strict"}
            Unless ``"off"``, keys that go less well with the seeds' rank lower.
        hubs : ndarray of float32, shape (R,), optional
            See `hubness`; only looked at where the dial is not at 0.

        Returns
        -------
        Steered
            Its scores are the given array itself where no dial does anything.

        Raises
        ------
        SegueError
            If a dial is turned beyond its ends.
        """
        factors = [
            popularity_factor(self._known, dials.popularity),
            hub_factor(hubs, dials.hubs),
            None if key == "off" else key_factor(self._facts, asked),
        ]
        moved = scores
        for factor in factors:
            if factor is not None:
                moved = moved * factor
        return Steered(moved, scores)


def popularity_factor(known: Scores, dial: float) -> Scores | None:
    """Factor that favours what is known, or what is not.

    Parameters
    ----------
    known : ndarray of float32, shape (R,)
        How known each track is, 0 to 1.
    dial : float
        -1 for deep cuts to 1 for the well-known.

    Returns
    -------
    ndarray of float32, shape (R,), or None
        exp(-reach * |dial| * distance from the wanted end); None at 0. The ratio of any two
        tracks' factors is exp(reach * dial * (known a - known b)): turning the dial up never
        lowers the one that is better known.
    """
    if not -1 <= dial <= 1:
        raise SegueError(f"The popularity dial goes from -1 to 1, not to {dial:g}.")
    if not dial:
        return None
    distance = 1 - known if dial > 0 else known
    return np.exp(np.float32(-POPULARITY_REACH * abs(dial)) * distance)


def hub_factor(hubs: Scores | None, dial: float) -> Scores | None:
    """Factor that holds back the tracks that come up in every list.

    Parameters
    ----------
    hubs : ndarray of float32, shape (R,), or None
        See `hubness`.
    dial : float
        0 to 1.

    Returns
    -------
    ndarray of float32, shape (R,), or None
        1 for what is on no list; None at 0 and where no hubs are known.
    """
    if not 0 <= dial <= 1:
        raise SegueError(f"Hub dampening goes from 0 to 1, not to {dial:g}.")
    if not dial or hubs is None:
        return None
    return np.exp(np.float32(-HUB_REACH * dial) * hubs)


def key_factor(facts: Facts, asked: AskedFacts) -> Scores | None:
    """Factor that ranks a track lower the less its key goes with a seed's.

    Parameters
    ----------
    facts : Facts
    asked : AskedFacts
        Of several seeds the one counts that the track goes with best.

    Returns
    -------
    ndarray of float32, shape (R,), or None
        1 less what the grade falls short of 1, as far as both keys are sure; 1 where the key is
        unknown, None where no seed's is known.
    """
    keys = asked.key[asked.mixed]
    sure = asked.key_confidence[asked.mixed][keys >= 0]
    keys = keys[keys >= 0]
    if not len(keys):
        return None
    short = ((1 - key_grades()[keys]) * sure[:, np.newaxis]).min(axis=0)
    # -1, the unknown key, is the last place.
    taken = np.append(short * np.float32(KEY_REACH), 0).astype(np.float32)
    factor: Scores = 1 - taken[facts.key] * facts.key_confidence
    return factor


def hubness(score: Callable[[Asked], Scores], probes: Iterable[Asked]) -> Scores:
    """Share of lists that a track is on, whatever is asked.

    Parameters
    ----------
    score : callable
        Gives the scores, shape (R,), of a question.
    probes : iterable
        Questions about many kinds of tracks.

    Returns
    -------
    ndarray of float32, shape (R,)
        0 to 1: the k-occurrence of Radovanović, Nanopoulos & Ivanović, JMLR 2010, with k =
        `HUB_DEPTH`, over the number of probes. Without a probe it has no row.
    """
    times = np.empty(0, np.float32)
    asked = 0
    for probe in probes:
        scores = score(probe)
        times = times if asked else np.zeros(len(scores), np.float32)
        times[Ranking(scores, np.flatnonzero(scores > 0)).top(HUB_DEPTH)] += 1
        asked += 1
    return times / np.float32(max(asked, 1))
