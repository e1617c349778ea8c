"""What the pages ask for: one catalogue and one recommender for the whole process.

Both are opened when they are first needed, because a page must come up (and say
what is missing) on a machine that has neither. The recommender is read again
when the catalogue or the trained model has changed under the running server: at once
where that is quick, else in the background, while the one before goes on answering.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from flask import current_app

from dashboard.view import View
from data.catalogue import Catalogue, Hit
from data.demo import SOURCE as DEMO
from data.demo import demo_file, is_demo
from data.errors import SegueError
from data.harmony import NOTATIONS, Notation
from data.records import Analysis, Answer, Recommendation, Seed, Track
from data.settings import Settings
from hybrid.recommender import Recommender
from hybrid.sequence import Sequencer
from hybrid.sound_space import SoundSpace

log = logging.getLogger(__name__)

CRATE_NAME = "My crate"
LOOK_AGAIN = 2.0  # seconds between two looks at whether catalogue or model changed
LISTEN_AGAIN = 60.0  # least seconds between two readings because more music was analysed
PATIENCE = 0.5  # seconds of reading for which a request waits; what takes longer is done behind it
REST = 5.0  # times as long as a reading took that the next behind the pages waits: it slows them
KEPT_ANSWERS = 32
SETS_SHOWN = 6
_LAST_ID = 2**63 - 1  # a database takes no larger number

_CONFIG_KEY = "SEGUE_LIBRARY"


@dataclass(frozen=True, slots=True)
class Sounds:
    """What there is to hear of some recordings, and what was measured of it.

    Parameters
    ----------
    playable : set of int
        Recordings with a file, and those of the demo crate, which can be made to sound.
    measured : mapping of int to Analysis
        What is known of tempo, key and the rest: heard in a file or a preview, or said by the
        DJ's software.
    previews : set of int
        Recordings without a file, of which a service may have a preview.
    """

    playable: frozenset[int] = frozenset()
    measured: Mapping[int, Analysis] = field(default_factory=dict)
    previews: frozenset[int] = frozenset()


SILENCE = Sounds()


class Library:
    """The catalogue, the recommender and the crate behind the pages.

    Safe to use from the server's threads.

    Parameters
    ----------
    settings : Settings
        Where the catalogue and the models live.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        #: Called after a job was added, so that somebody takes it; see `dashboard.worker`.
        self.wake: Callable[[], None] = lambda: None
        #: Held while the recommender is read: nothing that needs the catalogue alone waits for it.
        self._lock = threading.RLock()
        self._small_lock = threading.RLock()
        self._catalogue: Catalogue | None = None
        self._recommender: Recommender | None = None
        self._sequencer: tuple[Recommender, object, Sequencer] | None = None
        self._stamp: object = None
        self._heard: object = None
        self._looked = -LOOK_AGAIN
        self._loaded = 0.0
        self._took = 0.0
        self._reading = False
        self._answers: OrderedDict[tuple[View, object], Answer] = OrderedDict()
        self._starters: list[tuple[int, Track]] | None = None
        self._demo: tuple[int, str] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, opened (and migrated) at first use."""
        with self._small_lock:
            if self._catalogue is None:
                self._catalogue = Catalogue.open(self.settings.url)
            return self._catalogue

    def is_empty(self) -> bool:
        """Whether there is neither a set nor a track."""
        return self.catalogue.is_empty() and not self.catalogue.stats().recordings

    def recommender(self) -> Recommender:
        """Return the recommender for the catalogue and the model as they are now.

        Where reading them takes long, the one before answers until the new one is there.
        """
        with self._lock:
            self._refresh()
            if self._recommender is None:
                self._take(*self._read())
            assert self._recommender is not None
            return self._recommender

    def warm_up(self) -> None:
        """Read ahead what the first visitor would wait for."""
        try:
            if not self.is_empty():
                self.recommender()
                self.catalogue.search("a", limit=1)
        except SegueError as error:
            log.info("nothing was read ahead: %s", error)

    def look_again(self) -> None:
        """Read what changed at the next request, without the usual wait."""
        with self._lock:
            self._looked = self._loaded = -math.inf

    def sequencer(self) -> Sequencer:
        """Return what puts tracks in order; it shares what the recommender has loaded."""
        recommender, words = self.recommender(), self.catalogue.feedback.stamp()
        with self._lock:
            kept = self._sequencer
            if kept is None or kept[0] is not recommender or kept[1] != words:
                made = Sequencer.beside(recommender, self.catalogue)
                self._sequencer = kept = (recommender, words, made)
            return kept[2]

    def sound_space(self) -> SoundSpace | None:
        """Return the vectors of what was heard; None where nothing was."""
        return self.recommender().sound

    def start_job(self, kind: str, title: str, options: Mapping[str, object]) -> int:
        """Queue work for the worker and return the job's id; see `hybrid.jobs`."""
        job_id = self.catalogue.jobs.add(kind, title, dict(options))
        self.wake()
        return job_id

    def notation(self) -> Notation:
        """Return how the DJ wants keys to be written."""
        kept = self.catalogue.preference("notation")
        return next((notation for notation in NOTATIONS if notation == kept), "camelot")

    def suggest(self, text: str, *, limit: int = 7) -> list[Hit]:
        """Return tracks that a person may mean by what they have typed so far."""
        return self.catalogue.search(text, limit=limit) if text.strip() else []

    def answer(self, view: View) -> Answer:
        """Return the recommendations that `view` asks for, each with its evidence."""
        with self._lock:
            recommender = self.recommender()
            asked = (view, self.catalogue.feedback.stamp())
            if asked in self._answers:
                self._answers.move_to_end(asked)
                return self._answers[asked]
        answer = recommender.recommend(
            view.seeds,
            k=view.length,
            lens=view.lens,
            balance=view.balance / 100,
            steering=view.steering(),
            rules=view.rules(),
            max_sets=SETS_SHOWN,
        )
        with self._lock:
            if recommender is self._recommender:
                self._answers[asked] = answer
                while len(self._answers) > KEPT_ANSWERS:
                    self._answers.popitem(last=False)
        return answer

    def judge(self, view: View, recording_id: int, verdict: str) -> None:
        """Keep the DJ's word on a row of the answer to `view`; the same word again takes it back.

        "works" and "clashes" are about the change from the last seed into the row.

        Parameters
        ----------
        verdict : {"like", "dislike", "works", "clashes"}

        Raises
        ------
        SegueError
            If the row is gone, or no seed that the catalogue holds could be mixed out of.
        """
        first, then = recording_id, None
        if verdict in ("works", "clashes"):
            first, then = self._mixed_out_of(view), recording_id
        words = self.catalogue.feedback.words()
        if any(
            (word.verdict, word.recording_id, word.next_id) == (verdict, first, then)
            for word in words
        ):
            self.catalogue.feedback.clear(first, then)
        else:
            self.catalogue.feedback.say(verdict, first, then)

    def _mixed_out_of(self, view: View) -> int:
        for seed in reversed(self.answer(view).seeds):
            if seed.recording_id is not None:
                return seed.recording_id
        raise SegueError("Nothing is known of your seeds, so there is no pair to speak of.")

    def seed_tracks(self, seeds: Sequence[Seed]) -> list[Track | None]:
        """Return, for each seed, the recording it was resolved to, as the catalogue names it."""
        ids = [seed.recording_id for seed in seeds if seed.recording_id is not None]
        known = self.catalogue.tracks(ids)
        return [
            None if seed.recording_id is None else known.get(seed.recording_id) for seed in seeds
        ]

    def recommendation(self, view: View, recording_id: int) -> Recommendation:
        """Return one row of the answer to `view`.

        Raises
        ------
        SegueError
            If the row is no longer in the answer, because the model changed meanwhile.
        """
        for result in self.answer(view).results:
            if result.recording_id == recording_id:
                return result
        raise SegueError("This list is out of date: reload the page to see the new one.")

    def starters(self, count: int = 6) -> list[tuple[int, Track]]:
        """Return the most played tracks, one per artist: places to begin."""
        with self._lock:
            self._refresh()
            if self._starters is None:
                self._starters = _most_played(self.catalogue, count)
            return self._starters

    def demo_share(self) -> str:
        """Say how much of the catalogue is generated: ``"all"``, ``"some"`` or ``"none"``."""
        changes = self.catalogue.changes()
        # Every page asks, and counting all plays takes long in a large catalogue.
        if self._demo is None or self._demo[0] != changes:
            sources = {entry.source for entry in self.catalogue.sources()}
            share = "none" if DEMO not in sources else "all" if len(sources) == 1 else "some"
            self._demo = (changes, share)
        return self._demo[1]

    # -- sound

    def sounds(self, tracks: Mapping[int, Track]) -> Sounds:
        """Return what there is to hear of recordings, given by id."""
        measured = self.catalogue.sound(tracks)
        generated: set[int] = set()
        if self.demo_share() != "none":
            generated = {recording_id for recording_id, t in tracks.items() if is_demo(t)}
        playable = frozenset(generated | self.catalogue.playable(tracks))
        previews = frozenset(tracks.keys() - playable if self.settings.previews else ())
        return Sounds(playable, measured, previews)

    def audio_file(self, recording_id: int) -> Path:
        """Return a file with the sound of a recording; that of a demo recording is made.

        Raises
        ------
        SegueError
            If the catalogue has no such recording, or none of its audio is there any more.
        """
        known = self.catalogue.tracks([recording_id]) if recording_id <= _LAST_ID else {}
        track = known.get(recording_id)
        if track is None:
            raise SegueError("This track is no longer in the catalogue: reload the page.")
        path = self.catalogue.audio_path(recording_id)
        if path is not None:
            return path
        if not is_demo(track):
            raise SegueError(
                f"No file of “{track}” is there any more: "
                "run `segue analyse` on the folder that holds it now."
            )
        return demo_file(self.settings.demo_audio_dir, track)

    # -- the crate in hand

    def crate_in_hand(self) -> int:
        """Return the crate that tracks are added to; made if there is none."""
        with self._small_lock:
            crates = [crate.id for crate in self.catalogue.crates()]
            kept = self.catalogue.preference("crate")
            if kept.isdecimal() and int(kept) in crates:
                return int(kept)
            return crates[0] if crates else self.catalogue.create_crate(CRATE_NAME)

    def take_in_hand(self, crate_id: int) -> None:
        """Make a crate the one that tracks are added to."""
        self.catalogue.crate(crate_id)  # SegueError if there is none such
        self.catalogue.set_preference("crate", str(crate_id))

    # -- inside

    def _read(self) -> tuple[Recommender, float]:
        started = time.monotonic()
        recommender = Recommender.open(self.catalogue, self.settings)
        return recommender, time.monotonic() - started

    def _take(self, recommender: Recommender, took: float) -> None:
        self._recommender, self._took = recommender, took
        self._loaded = time.monotonic()
        self._starters = None
        self._answers.clear()

    def _refresh(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_AGAIN or self._reading:
            return
        self._looked = now
        stamp = (self.catalogue.fingerprint(), _model_stamp(self.settings))
        heard = self.catalogue.changes()
        # While a folder is analysed something changes every second: that may wait a little.
        listened = heard != self._heard and now - self._loaded >= LISTEN_AGAIN
        if stamp == self._stamp and not listened:
            return
        at_once = self._recommender is None or self._took < PATIENCE
        if not at_once and now - self._loaded < REST * self._took:
            return
        self._stamp, self._heard = stamp, heard
        if at_once:
            self._recommender = None
            self._starters = None
            self._answers.clear()
        else:
            self._reading = True
            threading.Thread(target=self._read_behind, daemon=True).start()

    def _read_behind(self) -> None:
        try:
            read = self._read()
        except Exception as error:
            log.error("the catalogue could not be read again", exc_info=error)
            with self._lock:
                self._reading, self._stamp = False, None
            return
        with self._lock:
            self._reading = False
            self._take(*read)


def current_library() -> Library:
    """Return the library of the app that answers the present request."""
    library: Library = current_app.config[_CONFIG_KEY]
    return library


def attach(config: dict, library: Library) -> None:
    """Give a server's configuration the library its pages will ask."""
    config[_CONFIG_KEY] = library


def _model_stamp(settings: Settings) -> tuple[tuple[str, int], ...]:
    """When each kind of model was last switched; see DESIGN, "Model files"."""
    pointers = sorted(settings.models_dir.glob("*/current"))
    return tuple((str(path), path.lstat().st_mtime_ns) for path in pointers)


def _most_played(catalogue: Catalogue, count: int) -> list[tuple[int, Track]]:
    snapshot = catalogue.snapshot(names=False)
    plays = np.bincount(snapshot.play_recording, minlength=len(snapshot.recording_ids))
    # More than needed, because an artist is listed once.
    best = np.argsort(-plays, kind="stable")[: count * 10]
    ids = [int(snapshot.recording_ids[row]) for row in best]
    tracks = catalogue.tracks(ids)
    by_artist: dict[str, tuple[int, Track]] = {}
    for recording_id in ids:
        track = tracks[recording_id]
        by_artist.setdefault(track.artist, (recording_id, track))
    return list(by_artist.values())[:count]
