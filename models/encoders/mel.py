"""Log-mel spectrograms, fast on one core and without numba."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import librosa
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

#: Power below which everything is silence; keeps the logarithm finite.
FLOOR = 1e-10


@dataclass(frozen=True)
class LogMel:
    """Turns samples into a mel spectrogram in decibels.

    The mel bands are librosa's (Slaney's, of equal area); frames are centred, and zeros stand
    before the first and after the last sample.

    Parameters
    ----------
    sample_rate : int
    n_fft, hop : int
        Length of the (Hann) window and distance between frames, in samples.
    n_mels : int
    fmin, fmax : float
        Lowest and highest frequency in Hz; `fmax` None is half the sample rate.

    Examples
    --------
    >>> LogMel(n_mels=80, hop=1024)(np.zeros(22_050, np.float32)).shape
    (80, 22)
    """

    sample_rate: int = 22_050
    n_fft: int = 2048
    hop: int = 512
    n_mels: int = 128
    fmin: float = 0.0
    fmax: float | None = None

    def frames(self, samples: int) -> int:
        """Count the frames that so many samples make."""
        return 1 + samples // self.hop

    def __call__(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return decibels, float32, shape (n_mels, frames), of `samples`, shape (n,), n >= 1."""
        window, bands = _tables(self)
        spectrum = torch.stft(
            torch.from_numpy(np.ascontiguousarray(samples, np.float32)),
            self.n_fft,
            self.hop,
            window=window,
            pad_mode="constant",
            return_complex=True,
        )
        power = bands @ (spectrum.real**2 + spectrum.imag**2)
        decibels: NDArray[np.float32] = power.clamp_(min=FLOOR).log10_().mul_(10).numpy()
        return decibels


@lru_cache(maxsize=8)
def _tables(mel: LogMel) -> tuple[Tensor, Tensor]:
    bands = librosa.filters.mel(
        sr=mel.sample_rate, n_fft=mel.n_fft, n_mels=mel.n_mels, fmin=mel.fmin, fmax=mel.fmax
    )
    return torch.hann_window(mel.n_fft), torch.from_numpy(bands.astype(np.float32))
