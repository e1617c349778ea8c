"""Renders composed pieces: soundfont, sung lines, synthesisers, and the room they are in."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from benchmarks.segue_compose import GAP_S, PIECE_S, Part, Piece, write_midi
from benchmarks.segue_styles import STYLES

SAMPLE_RATE = 22_050
#: Fluid (R3) GM, MIT licence: package `fluid-soundfont-gm`.
SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
_LENGTH = int(PIECE_S * SAMPLE_RATE)
#: Formants (Hz) of sung vowels: a, e, i, o, u, schwa.
_VOWELS = np.array(
    [
        [730, 1090, 2440, 3400],
        [530, 1840, 2480, 3500],
        [290, 2250, 3010, 3600],
        [570, 840, 2410, 3300],
        [320, 870, 2240, 3200],
        [500, 1500, 2500, 3400],
    ]
)


def render(pieces: list[Piece]) -> list[NDArray[np.float32]]:
    """Render pieces to mono samples, each `PIECE_S` long."""
    with tempfile.TemporaryDirectory() as folder:
        song, wave = Path(folder, "song.mid"), Path(folder, "song.wav")
        song.write_bytes(write_midi(pieces))
        subprocess.run(
            [
                "fluidsynth",
                "-ni",
                "-q",
                "-r",
                str(SAMPLE_RATE),
                "-g",
                "0.4",
                "-C",
                "0",
                "-o",
                "synth.cpu-cores=1",
                "-F",
                str(wave),
                str(SOUNDFONT),
                str(song),
            ],
            check=True,
            capture_output=True,
        )
        played, _ = soundfile.read(wave, dtype="float32")
    mono = played.mean(axis=1)
    out = []
    for number, piece in enumerate(pieces):
        first = int(number * (PIECE_S + GAP_S) * SAMPLE_RATE)
        out.append(_mix(piece, np.resize(np.append(mono[first : first + _LENGTH], 0), _LENGTH)))
    return out


def _mix(piece: Piece, band: NDArray[np.float32]) -> NDArray[np.float32]:
    rng = np.random.default_rng([piece.seed, 77])
    kind = STYLES[piece.style]
    sound = band / _rms(band)
    if kind == "electronic" and rng.random() < 0.75:
        sound = sound * rng.uniform(0.3, 1) + _synths(piece, rng) * rng.uniform(0.4, 1.2)
    for part in (p for p in piece.parts if p.family == "voice"):
        voice = _room(sing(part, piece.bpm, rng), rng, rng.uniform(0.05, 0.4))
        sound = sound + voice / _rms(voice) * rng.uniform(0.5, 1.3)
    wet = {"classical": (0.15, 0.6), "electronic": (0, 0.35)}.get(kind, (0, 0.25))
    sound = _room(sound, rng, rng.uniform(*wet))
    if kind != "classical":
        drive = rng.uniform(0.5, 2.5 if kind in ("rock", "electronic") else 1.5)
        sound = np.tanh(sound / _rms(sound) * 0.35 * drive)
    sound = sound / _rms(sound) * 0.1
    if rng.random() < 0.5:
        sound = sound + rng.normal(0, 10 ** rng.uniform(-5, -3.2), len(sound))
    return (sound / max(1.0, float(np.abs(sound).max()))).astype(np.float32)


def sing(part: Part, bpm: float, rng: Generator) -> NDArray[np.float64]:
    """Sing a melody: a glottal pulse train with vibrato, through the formants of a vowel a note.

    After Klatt, "Software for a cascade/parallel formant synthesizer", JASA 1980, much reduced.
    """
    out = np.zeros(_LENGTH + SAMPLE_RATE)
    high = rng.random() < 0.5
    size = rng.uniform(1.08, 1.22) if high else rng.uniform(0.92, 1.05)
    shift = 0 if high else -12
    breath, depth, tilt = (
        rng.uniform(0.002, 0.05),
        rng.uniform(0.003, 0.015),
        rng.uniform(0.85, 0.97),
    )
    last = 0.0
    for note in part.notes:
        start = int(note.start * 60 / bpm * SAMPLE_RATE)
        count = int(min(4.0, max(0.09, note.length * 60 / bpm)) * SAMPLE_RATE)
        if start + count >= len(out):
            continue
        target = 440 * 2 ** ((note.pitch + shift - 69) / 12)
        time = np.arange(count) / SAMPLE_RATE
        glide = 1 + ((last or target) / target - 1) * np.exp(-time / 0.035)
        vibrato = 1 + depth * np.sin(2 * np.pi * rng.uniform(4.8, 6.2) * time) * np.clip(
            time / 0.3, 0, 1
        )
        jitter = 1 + np.cumsum(rng.normal(0, 1e-5, count))
        phase = np.cumsum(target * glide * vibrato * jitter) / SAMPLE_RATE
        source = lfilter(
            [1 - tilt], [1, -tilt], np.diff(phase % 1, prepend=0) + rng.normal(0, breath, count)
        )
        first, second = _VOWELS[rng.integers(6)], _VOWELS[rng.integers(6)]
        sound = np.zeros(count)
        for k in range(4):
            mixed = (first[k] * 0.75 + second[k] * 0.25) * size
            width = 60 + 0.06 * mixed
            pole = np.exp(-np.pi * width / SAMPLE_RATE)
            a = [1, -2 * pole * np.cos(2 * np.pi * mixed / SAMPLE_RATE), pole**2]
            sound += lfilter([1 - pole, 0, -(1 - pole)], a, source) * (1.0, 0.7, 0.35, 0.2)[k]
        envelope = np.clip(time / 0.03, 0, 1) * np.clip((time[-1] - time) / 0.05, 0, 1)
        out[start : start + count] += sound / _rms(sound) * envelope * note.velocity / 100
        if rng.random() < 0.55:  # a consonant
            hiss = rng.normal(0, 1, int(rng.uniform(0.03, 0.11) * SAMPLE_RATE))
            low = rng.uniform(1500, 6000)
            sos = butter(2, [low, min(10_500, low * 2)], "bandpass", fs=SAMPLE_RATE, output="sos")
            hiss = sosfilt(sos, hiss * np.hanning(len(hiss))) * rng.uniform(0.15, 0.7)
            out[start : start + len(hiss)] += hiss
        last = target
    return out[:_LENGTH]


def _synths(piece: Piece, rng: Generator) -> NDArray[np.float64]:
    """Play melodic parts over again on saw and square waves, filter sweeps, ducking, an echo."""
    out = np.zeros(_LENGTH + SAMPLE_RATE)
    beat = 60 / piece.bpm
    melodic = [p for p in piece.parts if p.family.startswith("synth")]
    for part in melodic:
        line = np.zeros_like(out)
        detune, square = rng.uniform(0.001, 0.012), rng.random() < 0.4
        attack = 0.2 if part.family in ("synth_pad", "synth_strings") else 0.005
        for note in part.notes:
            start, count = (
                int(note.start * beat * SAMPLE_RATE),
                int(note.length * beat * SAMPLE_RATE),
            )
            if start + count >= len(out) or count < 200:
                continue
            time = np.arange(count) / SAMPLE_RATE
            pitch = 440 * 2 ** ((note.pitch - 69) / 12)
            wave = sum(
                (time * pitch * (1 + detune * k) + rng.random()) % 1 - 0.5 for k in (-1, 0, 1)
            )
            wave = np.sign(wave) * 0.6 if square else wave
            line[start : start + count] += (
                wave * np.clip(time / attack, 0, 1) * np.clip((time[-1] - time) / 0.01, 0, 1)
            )
        line = _sweep(line, rng, beat)
        out += line / _rms(line) * rng.uniform(0.4, 1.0)
    if any(p.family == "electronic_drums" for p in piece.parts) and rng.random() < 0.7:
        time = np.arange(len(out)) / SAMPLE_RATE / beat % 1
        out *= 1 - rng.uniform(0.3, 0.95) * np.exp(-time / 0.25)
        kick = np.sin(
            2 * np.pi * (50 * time * beat + 6 * (1 - np.exp(-time * beat / 0.02)))
        ) * np.exp(-time * beat / 0.12)
        out += kick * rng.uniform(1, 4) * _rms(out)
    if rng.random() < 0.6:
        lag = int(beat * float(rng.choice([0.5, 0.75, 1.0])) * SAMPLE_RATE)
        wet, level = out.copy(), rng.uniform(0.2, 0.5)
        for k in range(1, 4):
            wet[lag * k :] += out[: -lag * k] * level**k
        out = wet
    return out[:_LENGTH] / _rms(out)


def _sweep(line: NDArray[np.float64], rng: Generator, beat: float) -> NDArray[np.float64]:
    """A resonant low-pass whose cutoff moves slowly, filtered in blocks of 2,048 samples."""
    low, high = np.sort(np.exp(rng.uniform(np.log(250), np.log(8000), 2)))
    period = beat * float(rng.choice([1, 4, 16, 32]))
    resonance, state, out = rng.uniform(0.7, 6), np.zeros(2), np.empty_like(line)
    for first in range(0, len(line), 2048):
        swing = 0.5 + 0.5 * np.sin(2 * np.pi * first / SAMPLE_RATE / period)
        omega = 2 * np.pi * min(9500, low * (high / low) ** swing) / SAMPLE_RATE
        alpha = np.sin(omega) / (2 * resonance)
        c = np.cos(omega)
        b = np.array([(1 - c) / 2, 1 - c, (1 - c) / 2]) / (1 + alpha)
        a = np.array([1 + alpha, -2 * c, 1 - alpha]) / (1 + alpha)
        out[first : first + 2048], state = lfilter(b, a, line[first : first + 2048], zi=state)
    return out


def _room(sound: NDArray[np.float64], rng: Generator, wet: float) -> NDArray[np.float64]:
    """Reverberation by noise that decays, brighter or darker."""
    if wet < 0.03:
        return sound
    seconds = rng.uniform(0.3, 2.8)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tail = rng.normal(0, 1, len(time)) * np.exp(-6.9 * time / seconds)
    tail = lfilter([1 - 0.7], [1, -0.7], tail) if rng.random() < 0.7 else tail
    echo = fftconvolve(sound, tail)[: len(sound)]
    return sound * (1 - wet) + echo / _rms(echo) * _rms(sound) * wet


def _rms(sound: NDArray[np.floating]) -> float:
    return max(float(np.sqrt(np.mean(np.square(sound)))), 1e-6)
