"""The key of chords, songs, loops and of what has none."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from data.harmony import Key, parse_key
from models.audio.key import estimate_key, tonal_features

RATE = 22_050
MAJOR, MINOR = (0, 4, 7), (0, 3, 7)
SCALE_CHORDS = {  # I IV I V and i iv i v, as semitones above the tonic
    "major": [(0, MAJOR), (5, MAJOR), (0, MAJOR), (7, MAJOR)],
    "minor": [(0, MINOR), (5, MINOR), (0, MINOR), (7, MINOR)],
}


def tone(midi: float, seconds: float, rate: int = RATE) -> NDArray[np.float64]:
    """A note like a bright string: eight partials, dying away."""
    time = np.arange(int(seconds * rate)) / rate
    hz = 440 * 2 ** ((midi - 69) / 12)
    partials = sum(np.sin(2 * np.pi * hz * n * time) / n for n in range(1, 9))
    return np.asarray(partials * np.exp(-time / 1.5))


def song(key: Key, *, cents: float = 0, rate: int = RATE) -> NDArray[np.float32]:
    """Two rounds of a four-chord song, the bass on the root; 16 s."""
    bars = []
    for root, chord in SCALE_CHORDS[key.mode] * 2:
        note = (key.pitch_class + root) % 12 + cents / 100
        bar = 2 * tone(36 + note, 2, rate)
        bar += sum(tone(48 + (note + step) % 12, 2, rate) for step in chord)
        bars.append(bar)
    return (0.1 * np.concatenate(bars)).astype(np.float32)


def drums(seconds: float) -> NDArray[np.float32]:
    """A kick that falls, and noise for snare and hat; 120 beats a minute."""
    rng = np.random.default_rng(0)
    time = np.arange(RATE // 2) / RATE
    kick = np.sin(2 * np.pi * (50 * time + 5 * (1 - np.exp(-30 * time)))) * np.exp(-time / 0.1)
    beats = [
        kick + rng.standard_normal(len(time)) * np.exp(-time / (0.05 if beat % 2 else 0.02))
        for beat in range(int(seconds * 2))
    ]
    return (0.3 * np.concatenate(beats)).astype(np.float32)


@pytest.mark.parametrize("key", [Key.from_traktor(number) for number in range(24)], ids=str)
def test_a_song_in_each_key_is_recognised(key: Key) -> None:
    estimate = estimate_key([song(key)])
    assert estimate.key == key
    assert estimate.confidence > 0.5


@pytest.mark.parametrize("cents", [-45, -30, 30, 45])
def test_an_instrument_tuned_off_keeps_its_key(cents: float) -> None:
    assert estimate_key([song(Key(9, "minor"), cents=cents)]).key == Key(9, "minor")


def test_drums_over_a_song_do_not_hide_its_key() -> None:
    loud_drums = 2 * drums(16)
    assert estimate_key([song(Key(6, "minor")) + loud_drums]).key == Key(6, "minor")


@pytest.mark.parametrize("rate", [11_025, 44_100, 48_000])
def test_other_sample_rates_are_understood(rate: int) -> None:
    assert estimate_key([song(Key(2, "major"), rate=rate)], sample_rate=rate).key == Key(2, "major")


def test_the_volume_does_not_matter() -> None:
    quiet, loud = (estimate_key([volume * song(Key(7, "major"))]) for volume in (0.003, 1.0))
    assert quiet.key == loud.key == Key(7, "major")
    assert quiet.scores == pytest.approx(loud.scores, abs=1e-3)


def test_the_windows_of_a_track_are_heard_together() -> None:
    # Alone the first window, a V chord, would be another key.
    whole = song(Key(0, "major"))
    dominant = whole[6 * RATE : 8 * RATE]
    assert estimate_key([dominant]).key == Key(7, "major")
    windows = [dominant, *np.array_split(whole, 3)]
    assert estimate_key(windows).key == Key(0, "major")
    backwards = estimate_key(windows[::-1])
    assert backwards.scores == pytest.approx(estimate_key(windows).scores, abs=1e-6)


def test_scores_are_chances_in_traktors_order_and_the_confidence_is_the_best_of_them() -> None:
    estimate = estimate_key([song(Key(4, "minor"))])
    assert estimate.scores.shape == (24,)
    assert estimate.scores.dtype == np.float32
    assert estimate.scores.sum() == pytest.approx(1, abs=1e-5)
    assert int(estimate.scores.argmax()) == Key(4, "minor").traktor()
    assert estimate.confidence == pytest.approx(float(estimate.scores.max()))
    assert estimate.runner_up is not None
    assert estimate.runner_up.traktor() == int(np.argsort(estimate.scores)[-2])


def test_an_open_fifth_is_less_certain_than_a_chord() -> None:
    fifth, chord = (
        estimate_key([np.sum([tone(48 + step, 6) for step in steps], axis=0)])
        for steps in ((0, 7), MAJOR)
    )
    assert fifth.key is not None
    assert chord.key == Key(0, "major")
    assert fifth.key.pitch_class == 0
    assert fifth.confidence < chord.confidence


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(5 * RATE, np.float32),
        np.zeros(0, np.float32),
        0.2 * np.random.default_rng(1).standard_normal(10 * RATE).astype(np.float32),
        drums(10),
    ],
    ids=["silence", "nothing", "noise", "drums"],
)
def test_what_has_no_pitch_has_no_key(samples: NDArray[np.float32]) -> None:
    estimate = estimate_key([samples])
    assert estimate.key is None
    assert estimate.runner_up is None
    assert estimate.confidence == 0
    assert not estimate.scores.any()


def test_no_window_has_no_key() -> None:
    assert estimate_key([]).key is None


def test_a_window_shorter_than_a_frame_is_heard() -> None:
    assert estimate_key([song(Key(5, "major"))[: RATE // 5]]).key == Key(5, "major")


def test_evidence_turns_with_the_music() -> None:
    """A song a fourth higher gives the same evidence, five keys further."""
    low, high = (tonal_features([song(Key(pitch, "major"))]) for pitch in (1, 6))
    assert low is not None
    assert high is not None
    assert int(np.argmax(low[:12, 0])) == 1
    assert int(np.argmax(high[:12, 0])) == 6


def test_real_chord_loops(shared: Path) -> None:
    """A loop of every style in two keys: nearly all right; the whole set is a benchmark."""
    import soundfile

    with (shared / "audio" / "index.csv").open() as table:
        rows = [row for row in csv.DictReader(table) if row["set"] == "loops-chords"]
    # The minor loops of this style sound the same, sample by sample, as its major ones.
    rows = [row for row in rows if (row["style"], row["key"][-5:]) != ("pop-dancer", "minor")]
    rows = [row for row in rows if row["key"] in ("D major", "G# minor")]
    right = 0
    for row in rows:
        samples, rate = soundfile.read(shared / "audio" / row["file"], dtype="float32")
        loop = np.tile(samples, 20 * rate // len(samples) + 1)
        right += estimate_key([loop], sample_rate=rate).key == parse_key(row["key"])
    assert len(rows) == 17
    assert right >= 16
