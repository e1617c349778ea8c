"""One track looked into: what was measured, what is named in it, and its picture."""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from dashboard.services.library import Library
from dashboard.services.models import in_use
from data.errors import SegueError
from data.records import Analysis, Track
from hybrid import hears
from hybrid.pictures import Spectrogram, spectrogram

_KEPT = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a track.

    Parameters
    ----------
    track : Track
    analysis : Analysis or None
        None where it was not analysed.
    playable : bool
        Whether there is a file, or one can be made.
    hears : Heard or None
        What the encoder names in it; None where it was not heard or the encoder knows no names.
    has_preview : bool
        Whether a service may have a preview of it.
    """

    recording_id: int
    track: Track
    analysis: Analysis | None
    playable: bool
    hears: hears.Heard | None
    has_preview: bool = False


def sheet(library: Library, recording_id: int) -> Sheet | None:
    """Return what is known of a track; None where the catalogue has no such track."""
    known = library.catalogue.tracks([recording_id])
    if recording_id not in known:
        return None
    sounds = library.sounds(known)
    named, encoder = None, in_use(library)
    if encoder is not None:
        named = hears.in_track(library.catalogue, library.settings, recording_id, *encoder)
    return Sheet(
        recording_id,
        known[recording_id],
        sounds.measured.get(recording_id),
        recording_id in sounds.playable or library.catalogue.audio_path(recording_id) is not None,
        named,
        recording_id in sounds.previews,
    )


class Pictures:
    """Spectrograms that were looked at last; each is measured once, whoever asks meanwhile."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._most = kept
        self._kept: OrderedDict[tuple[Path, int], Spectrogram] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def of(self, path: Path) -> Spectrogram:
        """Return the spectrogram of a file as it is now.

        Raises
        ------
        SegueError
            If the file cannot be read.
        """
        try:
            asked = (path, path.stat().st_mtime_ns)
        except OSError as error:
            raise SegueError(
                "The file of this track is not there any more: add its folder on the Library page."
            ) from error
        # One at a time: two together would take twice as long, and four times the memory.
        return self._found(asked) or self._measured(asked)

    def _found(self, asked: tuple[Path, int]) -> Spectrogram | None:
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
            return self._kept.get(asked)

    def _measured(self, asked: tuple[Path, int]) -> Spectrogram:
        with self._turn:
            if (found := self._found(asked)) is not None:
                return found
            drawn = spectrogram(asked[0])
            with self._lock:
                self._kept[asked] = drawn
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return drawn


_pictures = Pictures()
_warm = threading.Event()


def get_ready() -> None:
    """Import what draws spectrograms, behind the page: that takes longer than drawing one."""
    if not _warm.is_set():
        _warm.set()
        threading.Thread(target=importlib.import_module, args=("models.encoders.mel",)).start()


def picture(library: Library, recording_id: int) -> Spectrogram:
    """Return the spectrogram of a track; that of a demo track is made with its file.

    Raises
    ------
    SegueError
        If there is no such track, or no file of it.
    """
    return _pictures.of(library.audio_file(recording_id))
