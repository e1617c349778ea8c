"""The synthesiser: what it plays is in the tempo and the key that were asked for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from data.demo.sound import RECIPES, SAMPLE_RATE, Makers, Recipe, render
from data.demo.sound.chance import dice
from data.demo.sound.score import chord, hook, parts
from data.harmony import Key

A_MINOR = Key(9, "minor")
EVERY_RECIPE = pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)


def played(recipe: Recipe, bpm: float = 0, key: Key = A_MINOR, seconds: float = 16, **more):  # type: ignore[no-untyped-def]
    return render(recipe, bpm or sum(recipe.tempo) / 2, key, "one", seconds, **more)


def onsets(samples: np.ndarray, hop: int = 256) -> np.ndarray:
    """How much louder each moment is than the one before, over all frequencies."""
    _, _, bins = signal.stft(samples, nperseg=1024, noverlap=1024 - hop)
    loud = np.log1p(100 * np.abs(bins))
    return np.maximum(np.diff(loud, axis=1), 0).sum(axis=0)


def pitch_classes(samples: np.ndarray) -> np.ndarray:
    """Strength of the twelve notes, C first, between 100 and 1,200 Hz."""
    frequencies, _, bins = signal.stft(samples, SAMPLE_RATE, nperseg=16384)
    power = np.sqrt(np.abs(bins)).sum(axis=1)
    inside = (frequencies > 100) & (frequencies < 1200)
    notes = np.round(69 + 12 * np.log2(frequencies[inside] / 440)).astype(int) % 12
    return np.bincount(notes, weights=power[inside], minlength=12)


@EVERY_RECIPE
def test_it_makes_sound_of_the_length_asked_for_without_clipping(recipe: Recipe) -> None:
    samples = played(recipe, seconds=7.5)
    assert samples.shape == (round(7.5 * SAMPLE_RATE),)
    assert samples.dtype == np.float32
    assert np.isfinite(samples).all()
    assert 0.1 < np.abs(samples).max() <= 1
    assert np.abs(samples[-10:]).max() < 0.01  # it fades


@EVERY_RECIPE
def test_equal_arguments_give_equal_samples_and_another_seed_another_track(recipe: Recipe) -> None:
    first = render(recipe, 120, A_MINOR, "one", 4)
    np.testing.assert_array_equal(first, render(recipe, 120, A_MINOR, "one", 4))
    assert not np.allclose(first, render(recipe, 120, A_MINOR, "two", 4), atol=0.05)


@EVERY_RECIPE
def test_it_repeats_at_the_bar_of_the_tempo_asked_for(recipe: Recipe) -> None:
    bpm = sum(recipe.tempo) / 2 + 0.5
    strength = onsets(played(recipe, bpm, seconds=24))
    strength = strength - strength.mean()
    alike = signal.correlate(strength, strength, method="fft")[len(strength) - 1 :]
    bar = 240 / bpm * SAMPLE_RATE / 256
    lags = np.arange(int(bar * 0.9), int(bar * 1.1))
    assert abs(lags[np.argmax(alike[lags])] - bar) <= 1


@EVERY_RECIPE
@pytest.mark.parametrize("key", [Key(2, "minor"), Key(8, "major")], ids=Key.classic)
def test_its_notes_are_those_of_the_key_asked_for(recipe: Recipe, key: Key) -> None:
    scale = (0, 2, 3, 5, 7, 8, 10) if key.mode == "minor" else (0, 2, 4, 5, 7, 9, 11)
    strength = pitch_classes(played(recipe, key=key, beatless=True))
    inside = {(key.pitch_class + step) % 12 for step in scale}
    outside = max(strength[note] for note in range(12) if note not in inside)
    triad = [(key.pitch_class + scale[place]) % 12 for place in (0, 2, 4)]
    assert strength[triad].min() > outside


@EVERY_RECIPE
def test_energy_makes_it_louder_brighter_and_denser(recipe: Recipe) -> None:
    calm, peak = (played(recipe, energy=energy) for energy in (0.1, 0.9))

    def loudness(samples: np.ndarray) -> float:
        return float(np.sqrt(np.mean(samples**2)))

    def brightness(samples: np.ndarray) -> float:
        frequencies, power = signal.welch(samples, SAMPLE_RATE, nperseg=2048)
        return float(np.sum(frequencies * np.sqrt(power)) / np.sum(np.sqrt(power)))

    assert loudness(peak) > 1.5 * loudness(calm)
    assert brightness(peak) > brightness(calm)


def test_a_beatless_track_has_no_drums() -> None:
    house = RECIPES["House"]
    assert onsets(played(house, beatless=True)).max() < onsets(played(house)).max()


def test_versions_of_one_work_share_the_hook_and_another_work_has_its_own() -> None:
    first, same = (hook(A_MINOR, dice("work", "mara|night bus")) for _ in range(2))
    assert first == same
    assert first != hook(A_MINOR, dice("work", "ania|low tide"))
    assert first[-1].pitch % 12 == A_MINOR.pitch_class  # it comes home


def test_an_artist_has_a_sound_of_their_own() -> None:
    """Two tracks of one artist are more alike in spectrum than tracks of two artists."""

    def spectrum(seed: int, artist: str) -> np.ndarray:
        samples = render(
            RECIPES["House"], 124, A_MINOR, seed, 8, makers=Makers(artist, "label", str(seed))
        )
        return np.log(signal.welch(samples, SAMPLE_RATE, nperseg=512)[1] + 1e-9)

    artists = [[spectrum(seed, name) for seed in range(3)] for name in "abcdef"]
    means = [np.mean(tracks, axis=0) for tracks in artists]
    within = np.mean([np.std(tracks, axis=0).mean() for tracks in artists])
    assert np.std(means, axis=0).mean() > within


def test_every_track_goes_from_intro_to_drop() -> None:
    assert [part.name for part in parts(10)] == ["intro", "groove", "break", "drop"]
    for bars in range(1, 40):
        assert sum(part.bars for part in parts(bars)) == bars


def test_chords_stay_together() -> None:
    for degree in range(7):
        pitches = chord(A_MINOR, degree, sevenths=True, centre=62)
        assert len(pitches) == 4
        assert max(pitches) - min(pitches) < 12


@pytest.mark.parametrize(("bpm", "seconds"), [(0, 5), (-1, 5), (120, 0), (float("nan"), 5)])
def test_a_tempo_or_length_that_is_none_is_refused(bpm: float, seconds: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        render(RECIPES["House"], bpm, A_MINOR, 1, seconds)
