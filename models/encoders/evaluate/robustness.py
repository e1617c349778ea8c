"""Robustness: what must not change a vector, and how far it does."""

from __future__ import annotations

import io
from collections.abc import Callable

import av
import numpy as np
from numpy.typing import NDArray

from models.encoders.contract import Encoder

Samples = NDArray[np.float32]

LEAD_IN_S = 1.2


def gain(samples: Samples, sample_rate: int, *, decibels: float = -6.0) -> Samples:
    """Play it softer or louder; nothing is clipped."""
    return np.asarray(samples * 10 ** (decibels / 20), np.float32)


def lead_in(samples: Samples, sample_rate: int) -> Samples:
    """Put 1.2 s of silence before it, as another pressing would."""
    return np.concatenate([np.zeros(int(LEAD_IN_S * sample_rate), np.float32), samples])


def late_start(samples: Samples, sample_rate: int) -> Samples:
    """Leave out the first 1.2 s, as another cut would."""
    return samples[int(LEAD_IN_S * sample_rate) :]


def mp3(samples: Samples, sample_rate: int, *, bit_rate: int = 128_000) -> Samples:
    """Encode it as MP3 and decode it again."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as output:
        stream = output.add_stream("libmp3lame", rate=sample_rate, layout="mono")
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[None], np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = sample_rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            output.mux(packet)
    buffer.seek(0)
    with av.open(buffer, "r") as coded:
        parts = [frame.to_ndarray()[0] for frame in coded.decode(audio=0)]
    return np.concatenate(parts).astype(np.float32)


#: What each track is put through.
DISTURBANCES: dict[str, Callable[[Samples, int], Samples]] = {
    "gain": gain,
    "lead-in": lead_in,
    "late start": late_start,
    "mp3": mp3,
}


def cosines(encoder: Encoder, samples: Samples) -> dict[str, float]:
    """Cosine between the vector of a track and that of the track disturbed, for each way."""
    plain = encoder.embed_track(samples)
    return {
        name: cosine(plain, encoder.embed_track(disturb(samples, encoder.sample_rate)))
        for name, disturb in DISTURBANCES.items()
    }


def cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Cosine of the angle between two vectors."""
    norms = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    return float(np.dot(a, b)) / max(norms, 1e-12)
