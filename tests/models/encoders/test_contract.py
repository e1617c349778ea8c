"""What every encoder must do, asked of each that the registry knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from torch import nn

from data.errors import SegueError
from models.encoders import registry
from models.encoders.contract import Card, Clip, Encoder
from tests.models.encoders.small import SMALL, Small
from tests.models.encoders.sounds import GENRES, LICENCE, clips, sound

TRAINING = clips(range(2))
VALIDATION, HELD_OUT = clips(range(2, 3), takes=1), clips(range(4, 6), takes=1)


@dataclass(frozen=True)
class Subject:
    """An encoder under test, and how another one like it is made."""

    name: str
    small: Small
    parameters: dict[str, Any]
    encoder: Encoder

    def new(self) -> Encoder:
        return registry.create(self.name, **self.parameters)

    def samples(self, seconds: float = 7.3, genre: str = "bleeps") -> NDArray[np.float32]:
        return sound(genre, 6, seconds=seconds, sample_rate=self.encoder.sample_rate)


def _for(encoder: Encoder, made: list[Clip]) -> list[Clip]:
    """Clips as they are for an encoder at Segue's rate, made anew for one at another."""
    rate = encoder.sample_rate
    if rate == 22_050:
        return made
    return [
        replace(
            clip,
            audio=sound(clip.genre, int(clip.artist[-1]), int(clip.title[-1]), sample_rate=rate),
        )
        for clip in made
    ]


@pytest.fixture(scope="module", params=registry.names())
def subject(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """The encoder, fitted once for all tests that do not change it."""
    name = request.param
    small = SMALL.get(name, Small())
    parameters = small.parameters(tmp_path_factory.mktemp(name))
    encoder = registry.create(name, **parameters)
    if encoder.needs_fit:
        encoder.fit(_for(encoder, TRAINING), _for(encoder, VALIDATION), options=small.options)
    return Subject(name, small, parameters, encoder)


@pytest.fixture
def learner(subject: Subject) -> Iterator[Subject]:
    """An encoder that is fitted here; those that are made elsewhere have a test of their own."""
    if not subject.encoder.needs_fit:
        pytest.skip("is not fitted")
    yield subject


def test_fragments_are_vectors_in_the_order_of_time(subject: Subject) -> None:
    encoder = subject.encoder
    samples = subject.samples(7.3 + 2 * encoder.fragment_s)
    fragments = encoder.embed_fragments(samples)
    assert fragments.vectors.dtype == np.float32
    assert fragments.vectors.shape == (len(fragments.starts_s), encoder.dimension)
    assert len(fragments.vectors) >= 2
    assert np.isfinite(fragments.vectors).all()
    assert fragments.starts_s.dtype == np.float64
    assert (np.diff(fragments.starts_s) > 0).all()
    assert fragments.starts_s[0] >= 0
    assert fragments.length_s == pytest.approx(encoder.fragment_s)
    end = fragments.starts_s[-1] + fragments.length_s
    assert end <= len(samples) / encoder.sample_rate + 1e-6


def test_fragments_differ(subject: Subject) -> None:
    """Two genres in one track do not give one vector again and again."""
    length_s = 3 * subject.encoder.fragment_s
    samples = np.concatenate([subject.samples(length_s, genre) for genre in ("drone", "drums")])
    vectors = subject.encoder.embed_fragments(samples).vectors
    assert np.linalg.norm(vectors[0] - vectors[-1]) > 1e-3 * np.linalg.norm(vectors[0])


def test_a_track_is_one_vector(subject: Subject) -> None:
    vector = subject.encoder.embed_track(subject.samples())
    assert vector.dtype == np.float32
    assert vector.shape == (subject.encoder.dimension,)
    assert np.isfinite(vector).all()
    if subject.encoder.metric == "cosine":
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_a_track_is_its_pooled_fragments(subject: Subject) -> None:
    samples = subject.samples()
    pooled = subject.encoder.pool(subject.encoder.embed_fragments(samples).vectors)
    assert np.allclose(pooled, subject.encoder.embed_track(samples), atol=1e-5)


def test_the_same_sound_gives_the_same_vectors(subject: Subject) -> None:
    samples = subject.samples()
    before = samples.copy()
    one, other = (subject.encoder.embed_fragments(samples) for _ in range(2))
    assert np.array_equal(one.vectors, other.vectors)
    assert np.array_equal(one.starts_s, other.starts_s)
    assert np.array_equal(samples, before), "the caller's samples were changed"


def test_metric_and_sizes_are_those_of_the_contract(subject: Subject) -> None:
    encoder = subject.encoder
    assert encoder.name == subject.name
    assert encoder.label.split(":")[0] == subject.name
    assert encoder.metric in ("cosine", "euclidean")
    assert encoder.dimension > 1
    assert encoder.fragment_s > 0
    assert encoder.sample_rate > 0


def test_short_audio_is_repeated_until_it_fills_a_fragment(subject: Subject) -> None:
    encoder = subject.encoder
    short = subject.samples(encoder.fragment_s / 3)
    fragments = encoder.embed_fragments(short)
    filled = np.resize(short, round(encoder.fragment_s * encoder.sample_rate))
    expected = encoder.embed_fragments(filled)
    assert fragments.vectors.shape == (1, encoder.dimension)
    assert fragments.starts_s.tolist() == [0.0]
    assert np.allclose(fragments.vectors, expected.vectors, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("length", [1, 2, 100, 3000])
def test_a_snippet_is_embedded(subject: Subject, length: int) -> None:
    vector = subject.encoder.embed_track(subject.samples()[:length])
    assert np.isfinite(vector).all()


def test_no_sound_at_all_is_an_error(subject: Subject) -> None:
    for embed in (subject.encoder.embed_fragments, subject.encoder.embed_track):
        with pytest.raises(SegueError):
            embed(np.zeros(0, np.float32))


@pytest.mark.parametrize("gain", [0.0, 1e-4, 8.0], ids=["silence", "whisper", "clipped"])
def test_gain_does_not_break_it(subject: Subject, gain: float) -> None:
    vector = subject.encoder.embed_track(np.float32(gain) * subject.samples())
    assert vector.shape == (subject.encoder.dimension,)
    assert np.isfinite(vector).all()


def test_parameters_recreate_it(subject: Subject) -> None:
    parameters = json.loads(json.dumps(subject.encoder.parameters))
    again = registry.create(subject.name, **parameters)
    assert again.parameters == parameters
    assert parameters | subject.parameters == parameters
    assert again.dimension == subject.encoder.dimension
    assert again.fragment_s == subject.encoder.fragment_s


def test_saved_and_loaded_it_hears_the_same(subject: Subject, tmp_path: Path) -> None:
    registry.save(tmp_path, subject.encoder)
    loaded = registry.load(tmp_path, subject.encoder.label, weights=tmp_path / "none")
    samples = subject.samples()
    one, other = (e.embed_fragments(samples) for e in (subject.encoder, loaded))
    assert np.array_equal(one.vectors, other.vectors)
    assert np.array_equal(one.starts_s, other.starts_s)
    assert loaded.parameters == subject.encoder.parameters
    assert registry.version(loaded) == registry.version(subject.encoder)
    assert loaded.card == _as_json(subject.encoder.card)


def test_arrays_of_another_shape_or_none_are_refused(subject: Subject) -> None:
    arrays = subject.encoder.arrays()
    with pytest.raises(SegueError):
        subject.new().restore({})
    widest = max(arrays, key=lambda name: arrays[name].size)
    other = np.zeros(arrays[widest].size + 1, arrays[widest].dtype)
    with pytest.raises(SegueError):
        subject.new().restore({**arrays, widest: other})


def test_the_summary_counts_every_parameter(subject: Subject) -> None:
    layers = subject.encoder.summary()
    assert all(name and shape for name, shape, _ in layers)
    counted = sum(count for _, _, count in layers)
    if modules := _modules(vars(subject.encoder)):
        assert counted == sum(p.numel() for module in modules for p in module.parameters())
    else:
        assert counted >= 0
    assert layers


def test_before_it_is_fitted_it_embeds_nothing(learner: Subject, tmp_path: Path) -> None:
    with pytest.raises(SegueError):
        learner.new().embed_track(learner.samples())
    with pytest.raises(SegueError, match=f"segue encoder train {learner.name}"):
        registry.load(tmp_path, learner.name, weights=tmp_path)


def test_the_card_says_what_it_was_trained_on(learner: Subject) -> None:
    card = learner.encoder.card
    assert card.data
    assert card.licences == {LICENCE: len(TRAINING)}
    assert card.metrics
    json.dumps(card.metrics, allow_nan=False)


def test_a_fit_that_was_killed_goes_on_and_ends_the_same(learner: Subject, tmp_path: Path) -> None:
    encoder = learner.encoder
    training, validation = _for(encoder, TRAINING), _for(encoder, VALIDATION)
    options = replace(learner.small.options, checkpoint=tmp_path / "checkpoint")
    told: list[str] = []

    def killed(step: str, done: int, total: int, note: str) -> None:
        told.append(step)
        if step.startswith("Training"):
            raise KeyboardInterrupt

    # What is fitted in one go tells of no epoch, and there is nothing to go on from.
    with pytest.raises(KeyboardInterrupt) if _modules(vars(encoder)) else nullcontext():
        learner.new().fit(training, validation, options=options, progress=killed)
    assert told, "progress was never told"

    again = learner.new().fit(training, validation, options=options)
    arrays, expected = again.arrays(), encoder.arrays()
    assert arrays.keys() == expected.keys()
    assert all(np.array_equal(arrays[name], expected[name]) for name in expected)


def test_clips_without_labels_are_learned_from_or_refused(learner: Subject) -> None:
    encoder = learner.new()
    bare = [Clip(clip.audio) for clip in _for(encoder, TRAINING)[:4]]
    options = replace(learner.small.options, epochs=1)
    try:
        encoder.fit(bare[:3], bare[3:], options=options)
    except SegueError as error:
        assert any(word in str(error) for word in ("genre", "tag")), error
    else:
        assert np.isfinite(encoder.embed_track(learner.samples())).all()


def test_an_encoder_made_elsewhere_is_not_fitted(subject: Subject) -> None:
    if subject.encoder.needs_fit:
        pytest.skip("is fitted here")
    with pytest.raises(SegueError):
        subject.new().fit(TRAINING, VALIDATION)


def test_it_tells_the_genres_apart(subject: Subject) -> None:
    """The nearest piece, by its own metric, is of the same genre though of another artist."""
    encoder = subject.encoder
    known, asked = _for(encoder, TRAINING[::2]), _for(encoder, HELD_OUT)
    near = [
        known[int(_distances(encoder, clip, known).argmin())].genre == clip.genre for clip in asked
    ]
    assert np.mean(near) > 1.5 / len(GENRES)


def _distances(encoder: Encoder, clip: Clip, others: list[Clip]) -> NDArray[np.float32]:
    def vector(of: Clip) -> NDArray[np.float32]:
        return encoder.embed_track(of.samples(encoder.sample_rate))

    own, rows = vector(clip), np.stack([vector(other) for other in others])
    if encoder.metric == "euclidean":
        return np.linalg.norm(rows - own, axis=1)
    return -(rows @ own)


def _modules(parts: Any) -> list[nn.Module]:
    """Torch modules that an object holds, in whatever it keeps them."""
    if isinstance(parts, nn.Module):
        return [parts]
    if isinstance(parts, dict):
        parts = list(parts.values())
    return [m for part in parts for m in _modules(part)] if isinstance(parts, list | tuple) else []


def _as_json(card: Card) -> Card:
    return Card(**json.loads(json.dumps(vars(card))))
