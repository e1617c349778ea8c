"""Answers a query: resolve -> fuse -> steer -> choose -> explain."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.records import Answer, Embedding, Hidden, Lens, Recommendation, Seed, Track
from data.settings import Settings
from hybrid.corpus import decimal_years, interactions_of, played_next_of
from hybrid.dials import DialSet, hubness
from hybrid.evidence import EvidenceFinder
from hybrid.facts import Facts
from hybrid.feedback import Feedback
from hybrid.filters import AskedFacts, FilterSet
from hybrid.fusion import Fused, Fusion
from hybrid.notes import note_for
from hybrid.question import Question
from hybrid.resolve import Resolver
from hybrid.results import Asked, Results
from hybrid.rules import choose
from hybrid.sound_space import SoundSpace
from hybrid.steering import Rules, Steering
from hybrid.training import Model, load
from hybrid.tuned import Tuned
from models.collaborative import Query

__all__ = ["Recommender"]

SeedLike = Seed | Track | int | str

#: Questions that hubs are looked for with; a hub is on far more of their lists than chance.
_PROBES = 64


class Recommender:
    """Everything needed to answer, loaded once and read only.

    It answers with whatever there is: without a trained model by what was really played
    together, without sets by sound, without sound by sets. Safe to use from several threads:
    a query changes nothing.

    Parameters
    ----------
    catalogue : Catalogue
    snapshot : Snapshot
        With names.
    model : Model
    sound : SoundSpace or None
        None where nothing was heard.
    """

    def __init__(
        self, catalogue: Catalogue, snapshot: Snapshot, model: Model, sound: SoundSpace | None
    ) -> None:
        everything = interactions_of(snapshot)
        keep = everything.distinct_sets()
        interactions = everything.keep_sets(keep)
        self.snapshot = snapshot
        self.sound = sound
        self.model = model
        self.facts = Facts.of(catalogue, snapshot, interactions)
        #: Distinct sets, shape (S, R).
        self.plays = interactions.plays
        self.played_next = played_next_of(snapshot, keep)
        self._catalogue = catalogue
        self._fusion = Fusion(
            interactions,
            decimal_years(snapshot.set_dates)[keep],
            model.als,
            self.played_next,
            sound,
            model.tuned,
            model.sound_map,
            self.facts.windows,
        )
        self.resolver = Resolver(
            catalogue, snapshot, interactions, sound=sound, windows=self.facts.windows
        )
        self._filters = FilterSet(self.facts)
        self._dials = DialSet(self.facts)
        self._results = Results(
            catalogue, snapshot, self.facts, EvidenceFinder(snapshot, interactions, keep), sound
        )
        self._feedback: tuple[object, Feedback] | None = None
        self._hubs: dict[Lens, NDArray[np.float32]] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls, catalogue: Catalogue, settings: Settings, weights: Tuned | None = None
    ) -> Recommender:
        """Load the catalogue, and of the current model and the vectors what there is.

        Parameters
        ----------
        weights : Tuned, optional
            Other weights than those in force.
        """
        snapshot = catalogue.snapshot()
        sound = SoundSpace.open(catalogue, settings, snapshot)
        model = load(settings, snapshot, interactions_of(snapshot), sound)
        if weights is not None:
            model = Model(model.als, model.sound_map, weights, model.version)
        return cls(catalogue, snapshot, model, sound)

    def resolve(self, text: str) -> Seed:
        """Find the recording that a person means by `text`."""
        return self.resolver.text(text)

    def resolve_track(self, track: Track) -> Seed:
        """Find the recording of a track whose artist and title are known."""
        return self.resolver.track(track)

    def feedback(self) -> Feedback:
        """What the DJ said so far, read again when it has changed."""
        stamp = self._catalogue.feedback.stamp()
        known = self._feedback
        if known is None or known[0] != stamp:
            known = self._feedback = (stamp, Feedback.of(self._catalogue, self.snapshot))
        return known[1]

    def recommend(
        self,
        seeds: Sequence[SeedLike],
        *,
        k: int = 50,
        lens: Lens = "goes_with",
        balance: float = 0.5,
        steering: Steering | None = None,
        rules: Rules | None = None,
        max_sets: int = 5,
        heard: Mapping[str, Embedding] | None = None,
    ) -> Answer:
        """Find the tracks that go with the seeds.

        Parameters
        ----------
        seeds : sequence of Seed, Track, int or str
            Seeds already resolved, tracks, recording ids, or text.
        k : int
            Most recommendations to return.
        lens : {"goes_with", "next"}
            What goes with the seeds, or what is played straight after the last of them.
        balance : float
            0 is what was played with them alone, 1 what sounds like them alone, .5 as learned.
        steering : Steering, optional
            Filters and dials; the defaults unless given.
        rules : Rules, optional
            How the list is shaped; ``Rules.for_length(k)`` unless given.
        max_sets : int
            Most sets to list as evidence of one recommendation.
        heard : mapping of str to Embedding, optional
            What files among the seeds sound like, by the seeds' ``query``.

        Returns
        -------
        Answer
            Best first. Seeds that nothing is known of are in ``answer.seeds`` with rung
            ``"none"``; if that is all of them, the results are what is played most at
            present, and their reasons say so.

        Raises
        ------
        SegueError
            If a filter, a dial or a rule makes no sense.
        """
        resolved = tuple(self._seed(seed) for seed in seeds)
        if not resolved:
            return Answer((), (), lens=lens, balance=balance)
        steering = steering or Steering()
        question = self.resolver.question(resolved)
        fused = self.fused(question, lens, balance)
        asked = Asked(
            resolved,
            question.last if lens == "next" else question.query,
            AskedFacts.of(resolved, self.facts, lens),
            lens,
            heard or {},
        )
        feedback, directed = self.feedback(), lens == "next"
        turned = self._dials.turn(
            fused.score,
            steering.dials,
            asked.facts,
            key=steering.filters.key,
            hubs=self._hubs_of(lens) if steering.dials.hubs else None,
        )
        scores = feedback.adjusted(turned.scores, asked.rows, directed=directed)
        masks = self._filters.masks(
            steering.filters,
            asked.facts,
            disliked=feedback.disliked if feedback.disliked.any() else None,
            clashing=feedback.clashing(asked.rows) if len(feedback.clashes) else None,
        )
        # All seeds stay out of the list, also under the lens that looks at the last alone.
        chosen = choose(
            scores,
            self.facts,
            question.query.recordings,
            k,
            rules or Rules.for_length(k),
            masks,
        )
        results = self._results.of(
            chosen, asked, fused, scores, feedback, max_sets, self._without_seed(resolved)
        )
        return Answer(
            resolved,
            results,
            chosen.hidden,
            lens,
            balance,
            self._note(resolved, question, results, lens, balance, chosen.hidden),
        )

    def fused(self, question: Question, lens: Lens = "goes_with", balance: float = 0.5) -> Fused:
        """One score of every recording for a question, before anything is steered."""
        return self._fusion.fuse(self._fusion.parts(question, lens), lens, balance=balance)

    def _seed(self, seed: SeedLike) -> Seed:
        if isinstance(seed, Seed):
            return seed
        if isinstance(seed, Track):
            return self.resolve_track(seed)
        if isinstance(seed, str):
            return self.resolve(seed)
        return self.resolver.recording(seed)

    def _without_seed(self, seeds: tuple[Seed, ...]) -> Mapping[int, Query]:
        """What to compare a seed with that the rules let into the list: the other seeds."""
        ids = {seed.recording_id for seed in seeds if seed.recording_id is not None}
        return {
            ident: self.resolver.query([s for s in seeds if s.recording_id != ident])
            for ident in ids
        }

    def _hubs_of(self, lens: Lens) -> NDArray[np.float32]:
        with self._lock:
            if lens not in self._hubs:
                self._hubs[lens] = hubness(
                    lambda question: self.fused(question, lens).score, self._probes()
                )
            return self._hubs[lens]

    def _probes(self) -> list[Question]:
        ids = self.snapshot.recording_ids
        drawn = np.random.default_rng(0).permutation(len(ids))[:_PROBES]
        return [self.resolver.question([self.resolver.recording(int(ids[i]))]) for i in drawn]

    def _note(
        self,
        seeds: tuple[Seed, ...],
        question: Question,
        results: tuple[Recommendation, ...],
        lens: Lens,
        balance: float,
        hidden: tuple[Hidden, ...],
    ) -> str:
        heard = bool(len(question.vectors))
        sentences = [note_for(seeds, recordings=len(self.facts), heard=heard)]
        if self.model.als is None and len(self.snapshot.set_ids):
            sentences.append(
                "No model has been trained yet, so only what was really played together counts; "
                "run `segue train`."
            )
        if not results and len(self.facts) and any(seed.rung != "none" for seed in seeds):
            sentences.append(self._why_empty(heard, lens, balance, hidden))
        return " ".join(filter(None, sentences))

    def _why_empty(
        self, heard: bool, lens: Lens, balance: float, hidden: tuple[Hidden, ...]
    ) -> str:
        if any(entry.name != "seed" for entry in hidden):
            return "Everything that would be on the list is hidden; loosen a filter or a rule."
        if balance == 1:
            return (
                "Nothing else was heard to compare with; move the slider towards the sets."
                if heard
                else "Nobody has heard these seeds: run `segue analyse` on a file of them, or "
                "move the slider towards the sets."
            )
        if balance == 0:
            met = "straight after it" if lens == "next" else "in sets with it"
            return f"Nothing here was played {met}; move the slider towards the sound."
        return (
            "The catalogue holds nothing that goes with it yet: load more sets "
            "(`segue import tracklists`) or let Segue hear more music (`segue analyse`)."
        )
