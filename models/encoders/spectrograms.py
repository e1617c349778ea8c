"""Spectrograms of whole clips, made once, and the fragments that are cut from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from models.encoders.contract import Clip, Progress
from models.encoders.mel import LogMel

#: Decibels below the loudest band that still count, as in librosa's `power_to_db`.
_RANGE_DB = 80.0
#: Holds a product of times at a whole number where it is one.
_SLACK = 1e-6


@dataclass(frozen=True)
class Cutter:
    """Makes the spectrogram of a track and says where its fragments lie.

    Parameters
    ----------
    mel : LogMel
    frames : int
        Length of a fragment in frames of the spectrogram.
    fragment_s, step_s : float
        Length of a fragment, and distance between the starts of two, in seconds.
    """

    mel: LogMel
    frames: int
    fragment_s: float
    step_s: float

    @classmethod
    def of_seconds(cls, mel: LogMel, *, fragment_s: float, step_s: float) -> Cutter:
        """Cut fragments that are so many seconds long."""
        return cls(mel, mel.frames(round(fragment_s * mel.sample_rate)), fragment_s, step_s)

    @classmethod
    def of_frames(cls, mel: LogMel, *, frames: int) -> Cutter:
        """Cut fragments that are so many frames long, one after the other."""
        seconds = frames * mel.hop / mel.sample_rate
        return cls(mel, frames, seconds, seconds)

    def filled(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Repeat samples too short for one fragment until they fill it.

        Raises
        ------
        SegueError
            If there are no samples.
        """
        if not len(samples):
            raise SegueError("There is no sound to embed: the audio has no samples.")
        least = round(self.fragment_s * self.mel.sample_rate)
        return samples if len(samples) >= least else np.resize(samples, least)

    def spectrogram(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mel spectrogram, shape (n_mels, frames), from 0 (80 dB down) to 1 (loudest).

        Raises
        ------
        SegueError
            If there are no samples.
        """
        decibels = self.mel(self.filled(samples))
        # Relative to the loudest, so that turning a track down leaves the picture as it was.
        return np.clip(1 + (decibels - decibels.max()) / _RANGE_DB, 0, 1)

    def first_frames(self, samples: int) -> NDArray[np.intp]:
        """Return the frame at which each fragment of so many samples starts."""
        spare_s = max(samples / self.mel.sample_rate - self.fragment_s, 0.0)
        starts_s = self.starts_s(int(spare_s / self.step_s + _SLACK) + 1)
        return np.floor(starts_s * self.mel.sample_rate / self.mel.hop + _SLACK).astype(np.intp)

    def starts_s(self, count: int) -> NDArray[np.float64]:
        """Return where the first `count` fragments start, in seconds."""
        return np.arange(count, dtype=np.float64) * self.step_s


@dataclass(frozen=True, eq=False)
class FragmentSet:
    """Fragments of many clips, cut only when they are asked for.

    Parameters
    ----------
    spectrograms : sequence of ndarray of float16, shape (bands, frames)
        One for each clip.
    clips, first_frames : ndarray of int, shape (n,)
        Clip and first frame of each fragment.
    frames : int
        Length of a fragment.
    """

    spectrograms: Sequence[NDArray[np.float16]]
    clips: NDArray[np.intp]
    first_frames: NDArray[np.intp]
    frames: int

    def __len__(self) -> int:
        return len(self.clips)

    def take(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Cut fragments, shape (rows, bands, frames)."""
        return np.stack(
            [
                self.spectrograms[clip][:, first : first + self.frames]
                for clip, first in zip(self.clips[rows], self.first_frames[rows], strict=True)
            ]
        ).astype(np.float32)

    def only(self, rows: NDArray[np.intp]) -> FragmentSet:
        """Return the set of some of its fragments."""
        return FragmentSet(
            self.spectrograms, self.clips[rows], self.first_frames[rows], self.frames
        )


def fragment_set(
    clips: Sequence[Clip],
    cutter: Cutter,
    spectrogram: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    *,
    progress: Progress | None = None,
    step: str = "Listening",
) -> FragmentSet:
    """Make the spectrogram of each clip once and list all fragments.

    They are kept in half precision: 330 kB for 30 s at 128 bands and a hop of 512.

    Parameters
    ----------
    clips : sequence of Clip
    cutter : Cutter
    spectrogram : callable
        ``samples -> (bands, frames)``, with the frames of `cutter`.
    progress : callable, optional
        Told after each clip, named `step`.
    """
    pictures, owners, firsts = [], [], []
    for number, clip in enumerate(clips):
        samples = clip.samples(cutter.mel.sample_rate)
        first = cutter.first_frames(len(samples))
        pictures.append(spectrogram(samples).astype(np.float16))
        owners.append(np.full(len(first), number, np.intp))
        firsts.append(first)
        if progress:
            progress(step, number + 1, len(clips), clip.title)
    empty = [np.zeros(0, np.intp)]
    return FragmentSet(
        pictures, np.concatenate(owners or empty), np.concatenate(firsts or empty), cutter.frames
    )
