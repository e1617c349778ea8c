"""Thirty seconds of a recording to hear: which service has them, and their sound.

The services are asked one after the other; one that is down or asked too often is left alone for
a while, and the others go on. Which track of which service a recording is, is remembered; the
address of the sound is not, because it is signed and dies.
"""

from __future__ import annotations

import math
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from data.catalogue import Catalogue
from data.demo import is_demo
from data.errors import SegueError
from data.identity import recording_key
from data.records import Preview, Track
from data.settings import Settings
from hybrid import clips
from hybrid.clips import Clip, ClipGone
from scrapers.http import Clock
from scrapers.previews import Deezer, ITunes, PreviewSource, Unavailable

_NOTHING_S = 24 * 3600.0
"""How long a service is believed that it has nothing; a track may come out tomorrow."""
_SPARE_S = 60.0
"""An address that dies sooner is asked for anew: the player has to get to it yet."""
_UNSIGNED_S = 3600.0
_MOST_FRESH, _MOST_CLIPS = 500, 8
_LAST_ID = 2**63 - 1  # a database takes no larger number
_ALMOST_A_MINUTE = timedelta(minutes=1) - timedelta.resolution


class ServicesBusy(SegueError):
    """No service had a preview, and at least one did not answer.

    Parameters
    ----------
    reasons : sequence of str
        What is the matter, one for each service that did not answer.
    until : datetime
        When it makes sense to ask again.
    """

    def __init__(self, reasons: Sequence[str], until: datetime) -> None:
        # The minute in which it is over for sure.
        local = (until.astimezone() + _ALMOST_A_MINUTE).replace(second=0, microsecond=0)
        day = "" if local.date() == datetime.now().date() else f" on {local:%d %B}"
        super().__init__(f"{' and '.join(reasons)}; try again at {local:%H:%M}{day}.")
        self.until = until


@dataclass(frozen=True, slots=True)
class FoundPreview:
    """A preview and who has it.

    Parameters
    ----------
    preview : Preview
    label : str
        The service as it calls itself.
    """

    preview: Preview
    label: str

    @property
    def content(self) -> str:
        """What its sound is known by in the catalogue."""
        return f"preview:{self.preview.track.service}:{self.preview.track.ident}"

    @property
    def words(self) -> str:
        """What it is, for people: "30 seconds from Deezer"."""
        return f"30 seconds from {self.label}"


class Previews:
    """Finds previews and fetches their sound; safe to use from several threads.

    Parameters
    ----------
    catalogue : Catalogue
        Remembers what the services said, for all processes.
    settings : Settings
    sources : sequence of PreviewSource, optional
        In the order in which they are asked: Deezer, then Apple, unless given.
    clock : Clock, optional
        Source of time and sleep for the sources.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        *,
        sources: Sequence[PreviewSource] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._sources = sources or (Deezer(settings, clock=clock), ITunes(settings, clock=clock))
        self._lock = threading.Lock()
        #: Until when (UTC) each preview's address is good.
        self._fresh: OrderedDict[str, tuple[FoundPreview, datetime]] = OrderedDict()
        self._clips: OrderedDict[str, Clip] = OrderedDict()

    def of(self, recording_id: int) -> FoundPreview | None:
        """Return the preview of a recording of the catalogue; None where no service has one.

        Raises
        ------
        ServicesBusy
            If none was found and a service did not answer.
        SegueError
            If the catalogue has no such recording, or previews are switched off.
        """
        known = self._catalogue.tracks([recording_id]) if 0 < recording_id <= _LAST_ID else {}
        if recording_id not in known:
            raise SegueError("This track is no longer in the catalogue: reload the page.")
        return self.find(known[recording_id], duration_s=self.length(recording_id))

    def find(self, track: Track, *, duration_s: float | None = None) -> FoundPreview | None:
        """Return the preview of a track, in the catalogue or not; None where there is none.

        Nobody is asked about a track of the demo crate: it is invented.

        Parameters
        ----------
        track : Track
        duration_s : float, optional
            Its length in seconds.

        Raises
        ------
        ServicesBusy, SegueError
            As by `of`.
        """
        if not self._settings.previews:
            raise SegueError(
                "Previews are switched off; set SEGUE_PREVIEWS to true and start Segue again."
            )
        if is_demo(track):
            return None
        silent: list[Unavailable] = []
        for source in self._sources:
            try:
                found = self._at(source, track, duration_s)
            except Unavailable as error:
                silent.append(error)
                continue
            if found is not None:
                return found
        if silent:
            wait = min(error.seconds for error in silent)
            until = datetime.now(UTC) + timedelta(seconds=wait)
            raise ServicesBusy([error.reason for error in silent], until)
        return None

    def length(self, recording_id: int) -> float | None:
        """Return how many seconds a recording lasts, as a file of it or the DJ's software says.

        None where neither is known: the length of a preview says nothing of it.
        """
        heard = self._catalogue.sound([recording_id]).get(recording_id)
        return heard.duration_s if heard and math.isfinite(heard.duration_s) else None

    def has_none(self, track: Track) -> bool:
        """Whether every service has said lately that it has nothing of a track; asks nobody."""
        question, web = _question(track), self._catalogue.web
        return all(web.answer(source.name, question) == {} for source in self._sources)

    def fetch(self, found: FoundPreview) -> Clip:
        """Return the sound of a preview.

        The last few are held in memory, so that winding and playing again ask nobody.

        Raises
        ------
        SegueError
            If it cannot be had; see `hybrid.clips.fetch`.
        """
        with self._lock:
            kept = self._clips.get(found.content)
        if kept is not None:
            return kept
        try:
            clip = clips.fetch(found.preview, self._settings)
        except ClipGone:
            # An address may die before its time.
            clip = clips.fetch(self._renewed(found).preview, self._settings)
        with self._lock:
            self._clips[found.content] = clip
            while len(self._clips) > _MOST_CLIPS:
                self._clips.popitem(last=False)
        return clip

    def _at(
        self, source: PreviewSource, track: Track, duration_s: float | None
    ) -> FoundPreview | None:
        """Return the preview that one service has."""
        question, web = _question(track), self._catalogue.web
        kept = web.answer(source.name, question)
        if isinstance(kept, dict):
            ident = str(kept.get("id") or "")
            if not ident:
                return None
            if found := self._again(source, ident):
                return found
        preview = self._asked(
            source,
            lambda: source.find(
                track.artist, track.full_title, isrc=_isrc(track), duration_s=duration_s
            ),
        )
        if preview is None:
            web.keep(source.name, question, {}, seconds=_NOTHING_S)
            return None
        web.keep(source.name, question, {"id": preview.track.ident})
        return self._remembered(FoundPreview(preview, source.label))

    def _again(self, source: PreviewSource, ident: str) -> FoundPreview | None:
        """Return a preview that was found before, with an address that is good."""
        with self._lock:
            found, until = self._fresh.get(f"preview:{source.name}:{ident}", (None, None))
        if found and until and until > datetime.now(UTC):
            return found
        preview = self._asked(source, lambda: source.again(ident))
        return None if preview is None else self._remembered(FoundPreview(preview, source.label))

    def _renewed(self, found: FoundPreview) -> FoundPreview:
        with self._lock:
            self._fresh.pop(found.content, None)
        track = found.preview.track
        source = next(source for source in self._sources if source.name == track.service)
        try:
            renewed = self._again(source, track.ident)
        except Unavailable as error:
            until = datetime.now(UTC) + timedelta(seconds=error.seconds)
            raise ServicesBusy([error.reason], until) from error
        if renewed is None:
            raise SegueError(f"{found.label} has this preview no more; try another track.")
        return renewed

    def _asked(
        self, source: PreviewSource, question: Callable[[], Preview | None]
    ) -> Preview | None:
        """Ask a service, unless it is left alone for now; and leave it alone if it fails."""
        web, now = self._catalogue.web, datetime.now(UTC)
        if pause := web.paused(source.name):
            left = max(1.0, (pause.until - now).total_seconds())
            raise Unavailable(pause.reason.removesuffix("."), left)
        try:
            return question()
        except Unavailable as error:
            until = datetime.now(UTC) + timedelta(seconds=error.seconds)
            web.pause(source.name, until, f"{error.reason}.")
            raise

    def _remembered(self, found: FoundPreview) -> FoundPreview:
        spare = timedelta(seconds=_SPARE_S)
        unsigned = datetime.now(UTC) + timedelta(seconds=_UNSIGNED_S)
        expires = found.preview.expires
        with self._lock:
            self._fresh[found.content] = (found, expires - spare if expires else unsigned)
            while len(self._fresh) > _MOST_FRESH:
                self._fresh.popitem(last=False)
        return found


def listen(
    catalogue: Catalogue,
    settings: Settings,
    recording_id: int,
    *,
    duration_s: float | None = None,
) -> bool:
    """Hear the preview of a recording into the catalogue: as numbers and vector, not as sound.

    Parameters
    ----------
    catalogue : Catalogue
    settings : Settings
    recording_id : int
    duration_s : float, optional
        Its length in seconds, as a service says; what the catalogue knows counts more.

    Returns
    -------
    bool
        Whether the recording was heard, now or before; False where no service has a preview.

    Raises
    ------
    ServicesBusy
        If none was found and a service did not answer.
    SegueError
        If the preview cannot be had or heard, or there is no encoder.
    """
    from hybrid.preview_listening import PreviewListener

    track = catalogue.track(recording_id)
    lengths = {track: duration_s} if duration_s else {}
    with PreviewListener(catalogue, settings) as listener:
        [heard] = listener.hear([track], lengths=lengths)
    if heard.state == "failed":
        raise SegueError(heard.reason)
    return heard.state != "none"


def _question(track: Track) -> str:
    return f"preview {recording_key(track)} {_isrc(track)}".strip()


def _isrc(track: Track) -> str:
    """Return the ISRC that most say is the track's; empty without any."""
    said = Counter(outside.value for outside in track.ids if outside.scheme == "isrc")
    return said.most_common(1)[0][0] if said else ""
