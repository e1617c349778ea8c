"""Segue's own encoder: what must not move a vector, what must, and what it learns from."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from data.errors import SegueError
from models.encoders import registry, segue_features
from models.encoders.contract import Clip, TrainingOptions
from models.encoders.segue import Segue
from tests.models.encoders.sounds import GENRES, clips, sound

RATE = Segue.sample_rate
_QUICK = TrainingOptions(epochs=1, batch_size=6)


@pytest.fixture(scope="module")
def shipped() -> Segue:
    encoder = Segue()
    folder = registry.WEIGHTS / "segue"
    assert folder.is_dir(), "the weights that come with Segue are missing"
    loaded = registry.load(folder / "no models here", "segue")
    assert isinstance(loaded, Segue)
    assert loaded.parameters == encoder.parameters
    return loaded


@pytest.fixture(scope="module")
def track() -> NDArray[np.float32]:
    """Twenty seconds in which something goes on: two genres, one after the other and together."""
    drums, drone = (sound(genre, 1, seconds=20) for genre in ("drums", "drone"))
    return 0.5 * (drums + drone)


def _mp3(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Through an MP3 file and back: at 22,050 Hz libsndfile's middle setting is near 64 kbit/s."""
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="MP3", subtype="MPEG_LAYER_III")
    file.seek(0)
    return soundfile.read(file, dtype="float32")[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda samples: samples * np.float32(10 ** (6 / 20)),
        lambda samples: samples * np.float32(10 ** (-12 / 20)),
        lambda samples: np.concatenate([np.zeros(int(1.2 * RATE), np.float32), samples]),
        lambda samples: samples[int(1.2 * RATE) :],
        _mp3,
    ],
    ids=["+6 dB", "-12 dB", "silent lead-in", "later start", "mp3"],
)
def test_another_copy_of_a_track_has_the_same_vector(shipped, track, change) -> None:
    assert shipped.embed_track(track) @ shipped.embed_track(change(track)) >= 0.98


def test_other_music_has_another_vector(shipped) -> None:
    """The space is centred: being music is nothing that two tracks have in common."""
    vectors = [shipped.embed_track(sound(genre, 1, seconds=12)) for genre in GENRES]
    between = [vectors[a] @ vectors[b] for a, b in ((0, 1), (0, 2), (1, 2))]
    assert max(between) < 0.9


def test_a_clip_finds_its_other_half(shipped, shared) -> None:
    """On real music that it never learned from."""
    folder = shared / "audio"
    names = sorted((folder / "emotify").glob("classical-0*.ogg"))[:2]
    names += sorted((folder / "emotify").glob("rock-0*.ogg"))[:2]
    if len(names) < 4:
        pytest.skip("the Emotify clips are not all here")
    halves = []
    for name in names:
        samples = Clip(name).samples(RATE)
        middle = len(samples) // 2
        halves.append([shipped.embed_track(part) for part in (samples[:middle], samples[middle:])])
    first, second = (np.stack(rows) for rows in zip(*halves, strict=True))
    assert ((first @ second.T).argmax(axis=1) == np.arange(len(names))).all()


def test_shipped_weights_are_small_and_say_where_they_come_from(shipped) -> None:
    size = sum(file.stat().st_size for file in (registry.WEIGHTS / "segue").iterdir())
    assert size <= 16 * 2**20
    assert sum(count for _, _, count in shipped.summary()) <= 8_000_000
    assert shipped.card.licences
    assert not any("non-commercial" in licence for licence in shipped.card.licences)


def test_it_learns_from_clips_without_any_label() -> None:
    bare = [Clip(clip.audio) for clip in clips(range(2), takes=1)]
    encoder = Segue(dimension=8, width=4).fit(bare, [], options=_QUICK)
    assert encoder.predict(bare[0].samples(RATE)) == {}
    assert encoder.factors(bare[0].samples(RATE)) is None
    assert np.isfinite(encoder.embed_track(bare[0].samples(RATE))).all()


def test_it_learns_genres_tags_and_factors_where_there_are_any() -> None:
    """Half of the clips have no labels; the others teach it what they have."""
    some = clips(range(3))
    mixed = [
        clip if number % 2 else Clip(clip.audio, artist=clip.artist)
        for number, clip in enumerate(some)
    ]
    options = replace(_QUICK, epochs=6)
    encoder = Segue(dimension=8, width=4).fit(mixed, [], options=options)
    heard = clips(range(5, 6), takes=1)
    right = 0
    for clip in heard:
        samples = clip.samples(RATE)
        chances = encoder.predict(samples)
        right += max(GENRES, key=chances.__getitem__) == clip.genre
        factors = encoder.factors(samples)
        assert factors is not None
        assert factors.shape == clip.factors.shape
        assert np.linalg.norm(factors) == pytest.approx(1, abs=1e-5)
    assert right >= 2


def test_factors_of_two_models_are_refused() -> None:
    made = clips(range(2), takes=1)
    mixed = [made[0], replace(made[1], factors=np.ones(7, np.float32))]
    with pytest.raises(SegueError, match="one ALS model"):
        Segue(width=4).fit(mixed, [], options=_QUICK)


def test_descriptors_say_nothing_of_level_and_little_of_key() -> None:
    samples = sound("bleeps", 1, seconds=12)
    one, louder = (
        segue_features.describe(segue_features.picture(s).cut(0)) for s in (samples, 4 * samples)
    )
    assert np.allclose(one, louder, atol=1e-2)


def test_silence_around_a_track_is_left_out() -> None:
    samples = sound("drums", 1, seconds=15)
    padded = np.concatenate([np.zeros(2 * RATE, np.float32), samples, np.zeros(RATE, np.float32)])
    picture = segue_features.picture(padded)
    assert picture.first_frame == pytest.approx(2 * RATE / segue_features.HOP, abs=1)
    assert picture.frames == pytest.approx(15 * RATE / segue_features.HOP, abs=8)


def test_every_block_of_descriptors_is_finite_on_silence_and_noise() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    for samples in (np.zeros(RATE, np.float32), noise):
        described = segue_features.describe(segue_features.picture(samples).cut(0))
        assert described.shape == (segue_features.DIMENSION,)
        assert np.isfinite(described).all()
