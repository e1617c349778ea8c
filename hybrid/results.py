"""Makes of chosen rows what a person is shown: names, evidence, reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.records import (
    Analysis,
    Embedding,
    Evidence,
    Lens,
    Mix,
    Recommendation,
    ResultRung,
    Seed,
    SoundEvidence,
    Track,
)
from hybrid.evidence import EvidenceFinder
from hybrid.explain import reason
from hybrid.facts import Facts
from hybrid.feedback import Feedback
from hybrid.filters import AskedFacts
from hybrid.fusion import PARTS, Fused
from hybrid.mixing import mixes
from hybrid.rules import Chosen
from hybrid.sound_evidence import sound_evidence
from hybrid.sound_space import SoundSpace
from models.collaborative import Query

#: What dials and the DJ's own words added to a score, beside the parts.
STEERING = "steering"
#: Share of a score from which the moment that sounds alike is looked up: from here it is told.
_HEARD_SHARE = 0.2
_BETWEEN_TAGS = re.compile(r"\s*[,;/|]\s*")


@dataclass(frozen=True, eq=False)
class Asked:
    """One query, resolved.

    Parameters
    ----------
    seeds : tuple of Seed
    query : Query
        What recommendations are held against: all seeds, or the last under the lens "next".
    facts : AskedFacts
    lens : {"goes_with", "next"}
    heard : mapping of str to Embedding
        What files among the seeds sound like, by the seeds' ``query``.
    """

    seeds: tuple[Seed, ...]
    query: Query
    facts: AskedFacts
    lens: Lens
    heard: Mapping[str, Embedding]

    @property
    def rows(self) -> NDArray[np.intp]:
        """Rows of the seeds that recommendations are held against."""
        return self.query.recordings


class Results:
    """Knows everything there is to say about a row."""

    def __init__(
        self,
        catalogue: Catalogue,
        snapshot: Snapshot,
        facts: Facts,
        evidence: EvidenceFinder,
        sound: SoundSpace | None,
    ) -> None:
        self._catalogue = catalogue
        self._snapshot = snapshot
        self._facts = facts
        self._evidence = evidence
        self._sound = sound

    def of(
        self,
        chosen: Chosen,
        asked: Asked,
        fused: Fused,
        scores: NDArray[np.float32],
        feedback: Feedback,
        max_sets: int,
        others: Mapping[int, Query],
    ) -> tuple[Recommendation, ...]:
        """Describe the chosen rows, in order.

        Parameters
        ----------
        scores : ndarray of float32, shape (R,)
            After dials and feedback.
        others : mapping of int to Query
            For each seed, by recording id, the seeds it is compared with if it is a result.
        """
        rows = chosen.rows
        ids = self._snapshot.recording_ids[rows].tolist()
        given, shares = fused.contributions(rows), fused.shares(rows)
        mixed = mixes(rows, self._facts, asked.facts)
        evidence = self._evidence_of(rows, ids, asked, max_sets, others)
        analyses = self._catalogue.sound(ids)
        alike = self._alike(ids, given, scores[rows], asked)
        directed = asked.lens == "next"
        found = []
        for place, (row, ident) in enumerate(zip(rows.tolist(), ids, strict=True)):
            parts = {name: float(given[name][place]) for name in PARTS}
            moved = float(scores[row] - fused.score[row])
            result = self._described(
                row,
                score=float(scores[row]),
                parts=parts | ({STEERING: moved} if moved else {}),
                weights={name: float(shares[name][place]) for name in PARTS},
                rung=_rung(parts, evidence[place], asked.query),
                evidence=evidence[place],
                analysis=analyses.get(ident),
                mix=mixed[place],
                sound=alike.get(ident),
                tags=self._tags(row, asked),
                verdict=feedback.verdict(row, asked.rows, directed=directed),
                grouped=chosen.grouped.get(row, ()),
            )
            why = reason(result, seeds=asked.seeds, lens=asked.lens)
            found.append(replace(result, reason=why))
        return tuple(found)

    def _described(
        self,
        row: int,
        *,
        score: float,
        parts: dict[str, float],
        weights: dict[str, float],
        rung: ResultRung,
        evidence: Evidence,
        analysis: Analysis | None,
        mix: Mix,
        sound: SoundEvidence | None,
        tags: tuple[str, ...],
        verdict: str,
        grouped: tuple[int, ...],
    ) -> Recommendation:
        ids, year = self._snapshot.recording_ids, self._facts.year[row]
        return Recommendation(
            recording_id=int(ids[row]),
            track=self._track(row),
            score=round(score, 6),
            parts={name: round(value, 6) for name, value in parts.items()},
            weights={name: round(value, 4) for name, value in weights.items()},
            evidence=evidence,
            sets=int(self._facts.sets[row]),
            rung=rung,
            analysis=analysis,
            mix=mix,
            sound=sound,
            tags=tags,
            year=None if np.isnan(year) else int(year),
            verdict=verdict,
            versions=tuple((int(ids[other]), self._track(other)) for other in grouped),
        )

    def _evidence_of(
        self,
        rows: NDArray[np.intp],
        ids: list[int],
        asked: Asked,
        max_sets: int,
        others: Mapping[int, Query],
    ) -> list[Evidence]:
        evidence = self._evidence.for_query(asked.query).evidence_of(rows.tolist(), max_sets)
        for place, (row, ident) in enumerate(zip(rows.tolist(), ids, strict=True)):
            if ident in others:
                # A seed that the rules let in is compared with the other seeds only.
                plays = self._evidence.for_query(others[ident])
                evidence[place] = plays.evidence(row, max_sets)
        return evidence

    def _alike(
        self,
        ids: list[int],
        given: Mapping[str, NDArray[np.float32]],
        scores: NDArray[np.float32],
        asked: Asked,
    ) -> dict[int, SoundEvidence]:
        """The moments that sound alike, of what sound has a say in."""
        if self._sound is None:
            return {}
        heard = given["sound"] > _HEARD_SHARE * scores
        wanted = [ident for ident, there in zip(ids, heard.tolist(), strict=True) if there]
        if not wanted:
            return {}
        seeds = asked.seeds[-1:] if asked.lens == "next" else asked.seeds
        return sound_evidence(
            self._catalogue,
            self._sound.encoder,
            self._sound.version,
            wanted,
            seeds,
            heard=asked.heard,
        )

    def _tags(self, row: int, asked: Asked) -> tuple[str, ...]:
        """Genres and tags that a row shares with a seed, as the row writes them."""
        own = {tag.casefold(): tag for tag in _BETWEEN_TAGS.split(self._facts.genre[row]) if tag}
        if not own:
            return ()
        theirs = {
            tag.casefold()
            for seed in asked.rows.tolist()
            for tag in _BETWEEN_TAGS.split(self._facts.genre[seed])
        }
        return tuple(tag for key, tag in own.items() if key in theirs)

    def _track(self, row: int) -> Track:
        s = self._snapshot
        return Track(s.artists[row], s.titles[row], s.versions[row], s.labels[row])


def _rung(parts: Mapping[str, float], evidence: Evidence, query: Query) -> ResultRung:
    """What carried it: the strongest part that ties it to the seeds, if any does."""
    ties = {name: value for name, value in parts.items() if name != "prior" and value > 0}
    if not ties:
        return "popularity"
    best = max(ties, key=lambda name: ties[name])
    if best == "artist_label":
        by_label = evidence.same_label or not query.artists
        return "label" if by_label and not evidence.same_artist else "artist"
    rungs: dict[str, ResultRung] = {"sets": "sets", "next": "next", "sound": "sound"}
    return rungs[best]
