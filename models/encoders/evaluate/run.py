"""Puts the same questions to each encoder, on clips that it was not fitted on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.encoders.contract import Clip, Encoder, Progress, TrainingOptions
from models.encoders.evaluate import probe, retrieval, robustness
from models.encoders.evaluate.report import EncoderReport, EncoderRow
from models.encoders.splits import split_by_artist

#: Tracks of a fold that are put through the disturbances: each costs five embeddings.
_DISTURBED = 8
_TIMED_S, _TIMED_RUNS = 30.0, 3

Prober = Callable[
    [NDArray[np.float32], NDArray[np.str_], NDArray[np.intp], NDArray[np.float32]],
    NDArray[np.str_],
]


@dataclass(frozen=True)
class Candidate:
    """An encoder to measure.

    Parameters
    ----------
    name : str
    make : callable
        Returns the encoder: trained already, or new if `fit` is true.
    fit : bool
        Whether it is fitted on the training part of each fold.
    prober : callable
        The classifier that stands for its vectors.
    options : TrainingOptions
    cuts : int
        Ways to cut the folds over which the probe is averaged: with a few hundred clips one
        cut says little. More than one only where nothing is learned from labels here.
    """

    name: str
    make: Callable[[], Encoder]
    fit: bool
    prober: Prober = probe.linear_probe
    options: TrainingOptions = field(default_factory=TrainingOptions)
    cuts: int = 1


@dataclass
class _Held:
    """What the held-out clips of all folds gave; `right` has a row for each cut."""

    right: NDArray[np.bool_]
    retrieved: dict[str, list[dict[str, float]]]
    cosines: list[dict[str, float]]
    strangers: list[float]
    fit_s: float = 0.0


def evaluate(
    candidates: Sequence[Candidate],
    clips: Sequence[Clip],
    *,
    folds: int = 5,
    seed: int = 0,
    progress: Progress | None = None,
) -> EncoderReport:
    """Measure encoders on labelled clips.

    The clips are cut into folds, disjoint by artist. An encoder that is fitted here is
    fitted anew for each fold; whatever is asked of it is asked about the fold it has not
    seen, and retrieval looks among the clips of that fold only, for every encoder alike.

    Parameters
    ----------
    candidates : sequence of Candidate
    clips : sequence of Clip
        At least `folds` artists.
    folds, seed : int
        How the clips are cut.
    progress : callable, optional

    Returns
    -------
    EncoderReport
        A row for each candidate, in the same order.
    """
    report = EncoderReport(
        clips=len(clips),
        artists=len(np.unique(probe.artist_groups(clips))),
        genres=len({clip.genre for clip in clips if clip.genre}),
        folds=folds,
        seed=seed,
    )
    for number, candidate in enumerate(candidates):
        if progress:
            progress(f"Measuring {candidate.name}", number, len(candidates), "")
        cuts = [
            probe.artist_folds(clips, count=folds, seed=seed + n) for n in range(candidate.cuts)
        ]
        report.rows.append(_measure(candidate, clips, cuts, progress))
    return report


def _measure(
    candidate: Candidate,
    clips: Sequence[Clip],
    cuts: Sequence[Sequence[probe.Fold]],
    progress: Progress | None,
) -> EncoderRow:
    held = _Held(np.zeros((len(cuts), len(clips)), bool), {}, [], [])
    encoder = candidate.make()
    vectors = np.empty((0, 0), np.float32)
    for number, fold in enumerate(cuts[0]):
        if candidate.fit:
            encoder = candidate.make()
            held.fit_s += _fit(encoder, candidate, [clips[row] for row in fold.training], progress)
        if candidate.fit or not number:
            vectors = _embed_all(encoder, clips)
        _ask(encoder, clips, vectors, fold, held)
        _probe(candidate, clips, vectors, fold, held.right[0])
        if progress:
            progress(f"Measuring {candidate.name}", number + 1, len(cuts[0]), "folds")
    for right, folds in zip(held.right[1:], cuts[1:], strict=True):
        for fold in folds:
            _probe(candidate, clips, vectors, fold, right)
    return _row(candidate, encoder, clips, held)


def _fit(
    encoder: Encoder, candidate: Candidate, clips: list[Clip], progress: Progress | None
) -> float:
    started = time.perf_counter()
    training, validation = split_by_artist(clips, seed=candidate.options.seed)
    encoder.fit(training, validation, options=candidate.options, progress=progress)
    return time.perf_counter() - started


def _embed_all(encoder: Encoder, clips: Sequence[Clip]) -> NDArray[np.float32]:
    return np.stack([encoder.embed_track(clip.samples(encoder.sample_rate)) for clip in clips])


def _probe(
    candidate: Candidate,
    clips: Sequence[Clip],
    vectors: NDArray[np.float32],
    fold: probe.Fold,
    right: NDArray[np.bool_],
) -> None:
    """Note which held-out clips of a fold have their genre named, in `right`, shape (n,)."""
    genres = np.array([clip.genre for clip in clips])
    if len(set(genres[fold.training])) < 2:
        return
    groups = probe.artist_groups(clips)
    learned = (vectors[fold.training], genres[fold.training], groups[fold.training])
    right[fold.test] = candidate.prober(*learned, vectors[fold.test]) == genres[fold.test]


def _ask(
    encoder: Encoder,
    clips: Sequence[Clip],
    vectors: NDArray[np.float32],
    fold: probe.Fold,
    held: _Held,
) -> None:
    """Put all other questions about one fold's held-out clips."""
    held_out = [clips[row] for row in fold.test]
    own, metric = vectors[fold.test], encoder.metric
    sounds = [clip.samples(encoder.sample_rate) for clip in held_out]
    first, second = zip(*(retrieval.halves(encoder, sound) for sound in sounds), strict=True)
    answers = {
        "album": retrieval.same_label(own, [clip.album for clip in held_out], metric),
        "artist": retrieval.same_label(own, [clip.artist for clip in held_out], metric),
        "track": retrieval.same_track(np.stack(first), np.stack(second), metric),
    }
    for name, answer in answers.items():
        held.retrieved.setdefault(name, []).append(answer)
    held.cosines += [robustness.cosines(encoder, sound) for sound in sounds[:_DISTURBED]]
    between = retrieval.similarities(own, own, "cosine")
    held.strangers.extend(between[~np.eye(len(own), dtype=bool)])


def _row(candidate: Candidate, encoder: Encoder, clips: Sequence[Clip], held: _Held) -> EncoderRow:
    def found(question: str, metric: str) -> float:
        answers = [answer for answer in held.retrieved[question] if answer["queries"]]
        queries = sum(answer["queries"] for answer in answers)
        total = sum(answer["queries"] * answer[metric] for answer in answers)
        return total / queries if queries else float("nan")

    named = len({clip.genre for clip in clips if clip.genre}) > 1
    cosines = {
        name: float(np.mean([c[name] for c in held.cosines])) for name in robustness.DISTURBANCES
    }
    return EncoderRow(
        encoder=candidate.name,
        trained_on="these folds" if candidate.fit else encoder.card.data,
        probe_accuracy=float(held.right.mean()) if named else float("nan"),
        probe_error=_artist_error(held.right.mean(axis=0), probe.artist_groups(clips)),
        probe_cuts=len(held.right),
        album_map=found("album", "map"),
        album_recall=found("album", "recall"),
        artist_map=found("artist", "map"),
        artist_recall=found("artist", "recall"),
        track_recall=found("track", "recall"),
        gain=cosines["gain"],
        lead_in=cosines["lead-in"],
        late_start=cosines["late start"],
        mp3=cosines["mp3"],
        strangers=float(np.mean(held.strangers)),
        cpu_s_per_minute=_cost(encoder),
        dimension=encoder.dimension,
        parameter_count=sum(count for _, _, count in encoder.summary()),
        fit_s=held.fit_s,
    )


def _artist_error(right: NDArray[np.float64], groups: NDArray[np.intp]) -> float:
    """Return the standard error of the share of right answers, artists taken as the sample."""
    sizes = np.bincount(groups)
    off = np.bincount(groups, right) - right.mean() * sizes
    return float(np.sqrt((off**2).sum()) / len(right))


def _cost(encoder: Encoder) -> float:
    """CPU seconds to embed a minute of audio, the median of several runs after a first one."""
    noise = np.random.default_rng(0).normal(0, 0.1, int(_TIMED_S * encoder.sample_rate))
    samples = noise.astype(np.float32)
    encoder.embed_track(samples)
    seconds = []
    for _ in range(_TIMED_RUNS):
        started = time.process_time()
        encoder.embed_track(samples)
        seconds.append(time.process_time() - started)
    return float(np.median(seconds)) * 60 / _TIMED_S
