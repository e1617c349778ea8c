"""Drums: a kit of short sounds, every one made from a swept sine, a ring or noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from data.demo.sound.chance import between, dice
from data.demo.sound.oscillators import hertz

Audio = NDArray[np.float32]

#: Every piece of a kit.
PIECES = ("kick", "snare", "clap", "hat", "open", "perc", "crash", "cowbell", "riser")


def kit(style: str, maker: str, tonic: int, sample_rate: int, *, bright: float) -> dict[str, Audio]:
    """Make the drums of one artist.

    Parameters
    ----------
    style : {"hard", "round", "break", "soft", "live", "808"}
        The family that the kit belongs to.
    maker : str
        Whose kit; another maker's sounds different.
    tonic : int
        Pitch class to which kick and toms are tuned.
    sample_rate : int
    bright : float
        Opens (above 1) or closes the filters of cymbals and snares.

    Returns
    -------
    dict of str to ndarray of float32
        One sound for each of `PIECES`, at most about 1 in size.
    """
    rng, noise = dice("kit", style, maker), dice("noise", style, maker)
    make = _Maker(rng, noise, sample_rate, bright)
    low = hertz(28 + (tonic - 4) % 12)  # 41 to 78 Hz
    long = {"hard": 0.2, "round": 0.16, "break": 0.11, "soft": 0.14, "live": 0.1, "808": 0.3}[style]
    punch = {"hard": 5.0, "round": 3.5, "break": 4.5, "soft": 2.0, "live": 3.0, "808": 2.5}[style]
    tone = {"hard": 180.0, "round": 190.0, "break": 210.0, "soft": 160.0, "live": 200.0, "808": 175}
    rattle = {"hard": 0.09, "round": 0.1, "break": 0.13, "soft": 0.08, "live": 0.16, "808": 0.07}
    return {
        "kick": make.kick(low, long * between(rng, 0.8, 1.25), punch * between(rng, 0.8, 1.2)),
        "snare": make.snare(tone[style] * between(rng, 0.9, 1.15), rattle[style]),
        "clap": make.clap(between(rng, 0.05, 0.11)),
        "hat": make.hiss(6500.0 * between(rng, 0.85, 1.15), between(rng, 0.018, 0.035)),
        "open": make.hiss(5500.0 * between(rng, 0.85, 1.15), between(rng, 0.09, 0.16)),
        "perc": make.ring(hertz(60 + tonic + 7 * int(rng.integers(2))), between(rng, 0.03, 0.07)),
        "crash": make.hiss(3500.0, 0.7),
        "cowbell": make.cowbell(between(rng, 0.95, 1.06)),
        "riser": make.riser(),
    }


class _Maker:
    def __init__(
        self, rng: np.random.Generator, noise: np.random.Generator, rate: int, bright: float
    ) -> None:
        self._rng, self._dice, self._rate, self._bright = rng, noise, rate, bright

    def _time(self, seconds: float) -> Audio:
        return np.arange(int(seconds * self._rate), dtype=np.float32) / np.float32(self._rate)

    def _noise(self, size: int, low: float, high: float) -> Audio:
        top = self._rate / 2 * 0.97
        low, high = min(low, top * 0.8), min(high * self._bright, top)
        band = [low, max(high, low * 1.2)] if max(high, low * 1.2) < top else low
        kind = "bandpass" if isinstance(band, list) else "highpass"
        sections = signal.butter(2, band, kind, fs=self._rate, output="sos")
        noise = self._dice.standard_normal(size).astype(np.float32)
        filtered = signal.sosfilt(sections.astype(np.float32), noise)
        return np.asarray(filtered / max(float(np.abs(filtered).max()), 1e-6), np.float32)

    def kick(self, low: float, decay: float, punch: float) -> Audio:
        time = self._time(decay * 3.0)
        # The phase is the integral of a pitch that falls to `low`.
        fall = np.float32(0.028)
        phase = low * time + low * (punch - 1.0) * fall * (1.0 - np.exp(-time / fall))
        body = np.sin(2.0 * np.pi * phase) * np.exp(-time / np.float32(decay))
        click = np.exp(-time / np.float32(0.0025)) * np.sin(2.0 * np.pi * 1800.0 * time)
        ends = np.minimum((time[-1] - time) / 0.01, 1.0)
        return np.asarray((np.tanh(1.6 * body) + 0.35 * click) * ends, np.float32)

    def snare(self, tone: float, rattle: float) -> Audio:
        time = self._time(rattle * 3.0)
        head = np.sin(2.0 * np.pi * tone * time * (1.0 + 0.3 * np.exp(-time / 0.01)))
        body = 0.6 * head * np.exp(-time / 0.05)
        wires = self._noise(len(time), 1500.0, 8000.0) * np.exp(-time / np.float32(rattle))
        return np.asarray(body + 0.8 * wires, np.float32)

    def clap(self, decay: float) -> Audio:
        time = self._time(decay * 3.0 + 0.03)
        hands = np.zeros_like(time)
        for start in (0.0, 0.011, 0.021):
            after = time - np.float32(start)
            length = decay if start == 0.021 else 0.006
            hands += np.where(after >= 0, np.exp(-np.abs(after) / np.float32(length)), 0.0)
        return np.asarray(0.7 * self._noise(len(time), 900.0, 5200.0) * hands, np.float32)

    def hiss(self, low: float, decay: float) -> Audio:
        time = self._time(decay * 3.0)
        metal = self._noise(len(time), low, 10_500.0)
        return np.asarray(metal * np.exp(-time / np.float32(decay)), np.float32)

    def ring(self, frequency: float, decay: float) -> Audio:
        time = self._time(decay * 4.0)
        bent = frequency * time * (1.0 + 0.06 * np.exp(-time / 0.02))
        return np.asarray(np.sin(2 * np.pi * bent) * np.exp(-time / np.float32(decay)), np.float32)

    def cowbell(self, tune: float) -> Audio:
        time = self._time(0.2)
        two = sum(np.sign(np.sin(2 * np.pi * f * tune * time)) for f in (540.0, 800.0))
        sections = signal.butter(2, [500.0, 3500.0], "bandpass", fs=self._rate, output="sos")
        struck = signal.sosfilt(sections, two * np.exp(-time / 0.06))
        return np.asarray(0.4 * struck, np.float32)

    def riser(self) -> Audio:
        """One second of noise that swells; it stands before the drop."""
        time = self._time(1.0)
        return np.asarray(self._noise(len(time), 2500.0, 9000.0) * time**2, np.float32)
