"""What the two services of previews have in common: tracks with a clip, and its address."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from data.demo import demo_audio
from tests.peers.clips import SECONDS, encoded
from tests.peers.faults import Fault
from tests.peers.invented_crate import Release
from tests.peers.serving import Answer, as_shell, as_text

KINDS = ("gone", "not_audio")
"""Failures of a preview: HTTP 403, and a page that calls itself audio."""

DENIED = as_text("<html><title>Access Denied</title></html>", 403, "text/html")
"""What a host of clips says to an address that died."""


@dataclass
class PreviewFault(Fault):
    """A `Fault` that knows those of previews."""

    def answer(self) -> Answer:
        if self.kind == "gone":
            return DENIED
        if self.kind == "not_audio":
            page = b"<!doctype html><script>alert(1)</script>"
            return Answer(200, page, {"Content-Type": "audio/mpeg"})
        return super().answer()


@dataclass(eq=False)
class PreviewTrack:
    """A track of a service.

    Parameters
    ----------
    title : str
        With the version in brackets: ``"Moon Letter (Bo Remix)"``.
    make : callable
        Makes the clip; called once, when somebody first asks for it.
    preview : str or None
        Address of the clip in place of the real one; empty where there is none.
    """

    id: int
    artist: str
    title: str
    make: Callable[[], bytes]
    isrc: str = ""
    duration_s: float = 240.0
    album: str = ""
    released: str = "2019-05-17"
    bpm: float = 0.0
    preview: str | None = None

    @cached_property
    def sound(self) -> bytes:
        """The clip."""
        return self.make()


def demo_clip(release: Release, form: str) -> Callable[[], bytes]:
    """What makes the clip of a demo recording: the sound that the demo crate gives it."""

    def make() -> bytes:
        sound = demo_audio(release.track, seconds=SECONDS)
        return encoded("mp3" if form == "mp3" else "m4a", sound.samples, sound.sample_rate)

    return make


def serve(settings: dict[str, str]) -> None:
    """Print settings as lines that a shell can read, and wait until stopped."""
    print(as_shell(settings), flush=True)
    threading.Event().wait()
