"""Learns the weights of `hybrid.fusion` by conditional logit: which candidates came.

McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974. The score that the
fusion gives, in nats, is a candidate's log odds; the likelihood is that of the targets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from hybrid.evaluate.examples import COLUMNS, Example
from hybrid.signals import PARTS, PRIOR, SIGNALS, TIES
from hybrid.tuned import PartWeight

Weights = Mapping[str, PartWeight]

#: Candidates of one question that speak for those of their kind: the others are drawn.
_DRAWN = 120
#: Best candidates of each signal that are always among them.
_SURE = 4
#: Keeps parameters where they start as long as the examples do not say otherwise.
RIDGE = 1e-4
_TINY = np.float32(1e-9)
#: A signal whose factor is at its lower bound is silent.
_LEAST, _MOST = 1e-3, 20.0
#: Base weights, at least and at most; the prior's is 1.
_LIGHT, _HEAVY = 0.001, 100.0
#: Evidence under which half of the weight is left, at least and at most.
_SOON, _LATE = 0.05, 200.0
_PART_OF = np.array([PARTS.index(part) for part, _ in COLUMNS])
_PRIOR = PARTS.index(PRIOR)
_TIES = [PARTS.index(part) for part in TIES]


@dataclass(frozen=True, eq=False)
class _Flat:
    """All examples under one another: N candidates of Q questions.

    `sampled` and `share` have a row per scenario: the log of how many a candidate stands for
    (-inf where it does not compete), and its share of the question's targets.
    """

    signals: NDArray[np.float32]
    known: NDArray[np.float32]
    asked: NDArray[np.float32]
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]
    sampled: NDArray[np.float32]
    share: NDArray[np.float32]
    importance: NDArray[np.float32]


def learn(
    examples: Sequence[Example],
    start: Weights,
    importance: Mapping[str, float],
    *,
    free: Collection[str] = PARTS,
    ridge: float = RIDGE,
    rounds: int = 150,
) -> dict[str, PartWeight]:
    """Find the weights under which the targets are most likely.

    Parameters
    ----------
    examples : sequence of Example
        Of one lens.
    start : mapping of str to PartWeight
        By part. What the examples say nothing about stays as it is here.
    importance : mapping of str to float
        How much each scenario counts; others do not.
    free : collection of str
        Parts whose weights may change. The base weight of the prior never does: only
        proportions matter.
    ridge : float
        What a parameter costs that moves away from `start`, by the square of the logarithm.
    """
    flat = _flatten(examples, importance)
    at = _parameters(start)
    low, high = _bounds()
    may = _free(free)
    at[may] = np.clip(at, low, high)[may]
    if flat is None or not may.any():
        return dict(start)

    def loss(moving: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        now = at.copy()
        now[may] = moving
        value, slope = _loss(flat, now)
        away = moving - at[may]
        return value + ridge * float(away @ away), slope[may] + 2 * ridge * away

    found = minimize(
        loss,
        at[may],
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(low[may], high[may], strict=True)),
        options={"maxiter": rounds},
    )
    at[may] = found.x
    return _weights(at, start, free)


def calibrate(
    examples: Sequence[Example], start: Weights, importance: Mapping[str, float]
) -> dict[str, PartWeight]:
    """Bring each part to nats by itself: the factors under which it alone explains most."""
    calibrated = dict(start)
    for part in PARTS:
        alone = [_only(example, part) for example in examples]
        known = [example for example in alone if example.signals.any()]
        if known:
            calibrated[part] = learn(known, start, importance, free=(part,), rounds=60)[part]
            calibrated[part] = replace(start[part], signals=calibrated[part].signals)
    return calibrated


def nats(example: Example, weights: Weights) -> NDArray[np.float32]:
    """Score of each candidate as `hybrid.fusion` makes it, shape (C,)."""
    parameters = _parameters(weights)
    with np.errstate(divide="ignore"):
        _, _, _, _, score = _forward(
            example.signals,
            example.known,
            example.asked[np.newaxis],
            np.array([len(example.known)]),
            parameters,
        )
    return score


def alone(example: Example, weights: Weights, part: str) -> NDArray[np.float32]:
    """Nats that one part gives each candidate; 0 where it is missing. Shape (C,)."""
    own, place = PARTS.index(part) == _PART_OF, PARTS.index(part)
    factors = np.array([weights[p].signals[name] for p, name in COLUMNS], np.float32) * own
    missing = (example.known[:, place] == 0) | (example.asked[place] == 0)
    return np.where(missing, np.float32(0), example.signals @ factors)


def _only(example: Example, part: str) -> Example:
    """The example as it were if nothing but one part were known."""
    column, signal = np.array(PARTS) == part, PARTS.index(part) == _PART_OF
    return replace(
        example,
        signals=np.where(signal, example.signals, np.float32(0)),
        known=np.where(column, np.float32(1), np.float32(0)) * np.ones_like(example.known),
        asked=np.where(column, np.float32(1), np.float32(0)),
    )


def _flatten(examples: Sequence[Example], importance: Mapping[str, float]) -> _Flat | None:
    """Draw the candidates to learn from; what is drawn is the same every time."""
    rng = np.random.default_rng(0)
    names = list(importance)
    kept: list[tuple[Example, NDArray[np.intp], NDArray[np.float32]]] = []
    for example in examples:
        asked = [n for n in names if n in example.hits and example.hits[n].any()]
        if not asked:
            continue
        sure = np.any([example.hits[n] for n in asked], axis=0)
        best = min(_SURE, len(sure))
        sure[np.argpartition(-example.signals, best - 1, axis=0)[:best].ravel()] = True
        others = np.flatnonzero(~sure)
        drawn = rng.permutation(others)[:_DRAWN]
        rows = np.concatenate([np.flatnonzero(sure), drawn])
        stand_for = np.zeros(len(rows), np.float32)
        if len(drawn):
            stand_for[-len(drawn) :] = np.log(len(others) / len(drawn))
        kept.append((example, rows, stand_for))
    if not kept:
        return None
    sizes = np.array([len(rows) for _, rows, _ in kept])
    sampled = np.full((len(names), sizes.sum()), -np.inf, np.float32)
    share = np.zeros_like(sampled)
    count = np.zeros(len(names))
    end = np.cumsum(sizes)
    for (example, rows, stand_for), stop, size in zip(kept, end, sizes, strict=True):
        here = slice(stop - size, stop)
        for i, name in enumerate(names):
            hit = example.hits.get(name, np.zeros(len(example.warm), bool))[rows]
            if hit.any():
                sampled[i, here] = np.where(example.competes(name)[rows], stand_for, -np.inf)
                share[i, here] = hit / hit.sum()
                count[i] += 1
    return _Flat(
        np.concatenate([example.signals[rows] for example, rows, _ in kept]),
        np.concatenate([example.known[rows] for example, rows, _ in kept]),
        np.stack([example.asked for example, _, _ in kept]),
        end - sizes,
        sizes,
        sampled,
        share,
        np.array([importance[n] for n in names] / np.maximum(count, 1), np.float32),
    )


def _loss(flat: _Flat, at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Negative log likelihood of the targets, and its slope."""
    value, gate, seen, seeds, score = _forward(flat.signals, flat.known, flat.asked, flat.sizes, at)
    ties, half = gate[:, _TIES].sum(axis=1), np.exp(_split(at)[2][_PRIOR])
    left = (half / (ties + half)).astype(np.float32) * np.repeat(_tied(flat.asked), flat.sizes)
    total = 0.0
    slope = np.zeros(len(score), np.float32)
    for sampled, share, importance in zip(flat.sampled, flat.share, flat.importance, strict=True):
        z = score + sampled
        top = np.maximum.reduceat(z, flat.starts)
        asked = np.isfinite(top)
        top = np.where(asked, top, 0)
        chance = np.exp(z - np.repeat(top, flat.sizes))
        mass = np.add.reduceat(chance, flat.starts)
        total += importance * float(
            (np.log(np.where(asked, mass, 1)) + top)[asked].sum() - score @ share
        )
        chance /= np.repeat(np.where(asked, mass, 1), flat.sizes)
        slope += importance * (chance - share)
    weight = gate.sum(axis=1) + _TINY
    by_value = gate * (slope / weight)[:, np.newaxis]
    by_gate = by_value * (value - score[:, np.newaxis])
    # What ties a track to the seeds also lets the prior count.
    drawn_in = by_gate[:, _PRIOR] * left / (ties + _TINY)
    by_gate[:, _TIES] += gate[:, _TIES] * drawn_in[:, np.newaxis]
    b = _split(at)[0]
    signals = (by_value.T @ flat.signals)[_PART_OF, np.arange(len(COLUMNS))] * np.exp(b)
    base = by_gate.sum(axis=0)
    by_question = np.add.reduceat(by_gate, flat.starts, axis=0)
    seed = -(by_question * (1 - seeds)).sum(axis=0)
    seed[_PRIOR] = -float(by_gate[:, _PRIOR] @ left)
    candidate = -(by_gate * (1 - seen)).sum(axis=0)
    return total, np.concatenate([signals, base, seed, candidate]).astype(np.float64)


def _forward(
    signals: NDArray[np.float32],
    known: NDArray[np.float32],
    asked: NDArray[np.float32],
    sizes: NDArray[np.intp],
    at: NDArray[np.float64],
) -> tuple[NDArray[np.float32], ...]:
    """Value, gate, and what evidence leaves of it, of each part; the score."""
    b, a, k, m = (np.exp(p).astype(np.float32) for p in _split(at))
    spread = np.zeros((len(COLUMNS), len(PARTS)), np.float32)
    spread[np.arange(len(COLUMNS)), _PART_OF] = b
    value = signals @ spread
    seen = known / (known + m)
    seeds = asked / (asked + k)
    seeds[:, _PRIOR] = 1
    gate = seen * np.repeat(a * seeds, sizes, axis=0)
    ties = gate[:, _TIES].sum(axis=1)
    untied = np.repeat(~_tied(asked), sizes)
    gate[:, _PRIOR] *= np.where(untied, np.float32(1), ties / (ties + k[_PRIOR]))
    score = (gate * value).sum(axis=1) / (gate.sum(axis=1) + _TINY)
    return value, gate, seen, seeds, score


def _tied(asked: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Of which questions a part other than the prior knows the seeds, shape (Q,)."""
    return np.asarray((asked[:, _TIES] > 0).any(axis=1))


def _split(at: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Logarithms of the factors of the signals, the bases, the seeds' and candidates' halves."""
    n = len(COLUMNS)
    return np.split(at, [n, n + len(PARTS), n + 2 * len(PARTS)])


def _parameters(weights: Weights) -> NDArray[np.float64]:
    rows = [weights[part] for part in PARTS]
    numbers = [
        *(weights[part].signals[name] for part, name in COLUMNS),
        *(row.base for row in rows),
        *(row.seed for row in rows),
        *(row.candidate for row in rows),
    ]
    return np.log(np.maximum(numbers, 1e-12))


def _weights(
    at: NDArray[np.float64], start: Weights, free: Collection[str]
) -> dict[str, PartWeight]:
    b, a, k, m = (np.exp(p) for p in _split(at))
    found = dict(start)
    for i, part in enumerate(PARTS):
        if part in free:
            own = {name: float(b[COLUMNS.index((part, name))]) for name in SIGNALS[part]}
            found[part] = PartWeight(
                {name: round(f, 4) if f > 2 * _LEAST else 0.0 for name, f in own.items()},
                round(float(a[i]), 4),
                round(float(k[i]), 4),
                round(float(m[i]), 4),
            )
    return found


def _bounds() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n, p = len(COLUMNS), len(PARTS)
    low = np.log(np.repeat([_LEAST, _LIGHT, _SOON, _SOON], [n, p, p, p]))
    high = np.log(np.repeat([_MOST, _HEAVY, _LATE, _LATE], [n, p, p, p]))
    return low, high


def _free(parts: Collection[str]) -> NDArray[np.bool_]:
    of_part = np.array([part in parts for part in PARTS])
    scale = np.arange(len(PARTS)) == _PRIOR
    return np.concatenate([of_part[_PART_OF], of_part & ~scale, of_part, of_part])
