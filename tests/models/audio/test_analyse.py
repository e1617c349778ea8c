"""A file becomes numbers and vectors; its tags win where they are sane, and nothing is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pytest
from numpy.typing import NDArray

from data.errors import SegueError
from data.harmony import Key, parse_key
from data.records import Analysis, FileTags
from models.audio.analyse import ANALYSER, analyse, apply_tags, embed
from models.audio.decode import Excerpt, Excerpts, excerpts
from models.encoders.contract import Clip, Encoder, Fragments, Progress, TrainingOptions
from tests.audio_files import RATE, music, write

A_MINOR, C_MAJOR, E_MINOR = Key(9, "minor"), Key(0, "major"), Key(4, "minor")

MEASURED = Analysis(
    duration_s=240.0,
    bpm=87.0,
    bpm_confidence=0.8,
    bpm_alternatives=(174.0, 58.0),
    beat_start_s=0.2,
    key=A_MINOR,
    key_confidence=0.6,
    key_runner_up=C_MAJOR,
    energy=0.7,
    loudness_lufs=-9.0,
    rolloff_hz=5000.0,
    windows=((0.0, 30.0),),
    analyser="1",
    measured_bpm=87.0,
    measured_key=A_MINOR,
    provenance={"bpm": "measured", "key": "measured"},
)


class SineOrNoise(Encoder):
    """The least an encoder can be: loudness and zero crossings of each second."""

    name = "sine_or_noise"
    sample_rate = 11_025
    needs_fit = False
    parameters: ClassVar[dict[str, Any]] = {}
    dimension = 2
    fragment_s = 1.0

    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions | None = None,
        progress: Progress | None = None,
    ) -> Self:
        return self

    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        seconds = samples[: len(samples) // 11_025 * 11_025].reshape(-1, 11_025)
        crossings = np.mean(np.diff(np.sign(seconds), axis=1) != 0, axis=1)
        vectors = np.stack([np.sqrt((seconds**2).mean(axis=1)), crossings], axis=1)
        return Fragments(vectors.astype(np.float32), np.arange(len(seconds), dtype=float), 1.0)

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        return self

    def summary(self) -> list[tuple[str, str, int]]:
        return []


@pytest.mark.parametrize("form", ["wav", "mp3", "m4a"])
def test_a_file_becomes_numbers(form: str, tmp_path: Path) -> None:
    heard = analyse(write(tmp_path, form, music(12, bpm=126)))
    assert heard.bpm == pytest.approx(126, rel=0.04)
    assert heard.key == A_MINOR
    assert heard.duration_s == pytest.approx(12, abs=0.05)
    assert heard.windows == ((0.0, pytest.approx(12, abs=0.05)),)
    assert 0 <= heard.energy <= 1 and 0 <= heard.bpm_confidence <= 1
    assert heard.beat_start_s is not None and 0 <= heard.beat_start_s < 60 / 126 + 0.01
    assert (heard.measured_bpm, heard.measured_key) == (heard.bpm, heard.key)
    assert heard.provenance == {"bpm": "measured", "key": "measured"}
    assert heard.analyser == ANALYSER


def test_what_has_neither_beat_nor_key_says_so(tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal(8 * RATE).astype(np.float32)
    heard = analyse(write(tmp_path, "wav", noise))
    assert (heard.bpm, heard.key, heard.beat_start_s) == (None, None, None)
    assert heard.provenance == {}


def test_the_beat_grid_of_a_long_track_starts_at_its_start(tmp_path: Path) -> None:
    track = music(70, bpm=120, rate=22_050)[:, 0]
    heard = analyse(write(tmp_path, "wav", track, rate=22_050))
    assert len(heard.windows) == 2 and heard.windows[0][0] > 0
    assert heard.bpm == pytest.approx(120, rel=0.002)
    # The first kick is at 0; a grid line just before 0.5 s is the same grid.
    assert heard.beat_start_s is not None
    assert min(heard.beat_start_s, abs(0.5 - heard.beat_start_s)) < 0.05


def test_loudness_is_that_of_all_channels(tmp_path: Path) -> None:
    mono = music(5)[:, 0]
    alone = analyse(write(tmp_path, "wav", mono, name="mono.wav")).loudness_lufs
    doubled = np.stack([mono, mono], axis=1)
    both = analyse(write(tmp_path, "wav", doubled, name="stereo.wav")).loudness_lufs
    # ITU-R BS.1770: the power of the channels is summed.
    assert both - alone == pytest.approx(3.01, abs=0.02)


def test_longer_than_asked_for_is_a_mix(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="a mix, not a track"):
        analyse(write(tmp_path, "wav", music(3)), longest_s=2)


def test_without_tags_nothing_changes() -> None:
    assert apply_tags(MEASURED, FileTags(artist="Anna")) == MEASURED


@pytest.mark.parametrize(
    ("tag", "alternatives", "confidence"),
    [
        (87.4, (174.0, 58.0), 0.95),  # The same, within 4%.
        (174.0, (87.0, 58.0), 0.7),  # Double: what was measured is the first alternative.
        (128.0, (87.0, 174.0, 58.0), 0.7),
    ],
)
def test_a_tag_wins_over_the_measured_tempo(
    tag: float, alternatives: tuple[float, ...], confidence: float
) -> None:
    tagged = apply_tags(MEASURED, FileTags(bpm=tag))
    assert (tagged.bpm, tagged.measured_bpm) == (tag, 87.0)
    assert tagged.bpm_alternatives == alternatives
    assert tagged.bpm_confidence == confidence
    assert tagged.provenance == {"bpm": "tag", "key": "measured"}
    assert tagged.key == A_MINOR


@pytest.mark.parametrize(
    ("tag", "runner_up", "confidence"), [("8A", C_MAJOR, 0.95), ("Em", A_MINOR, 0.7)]
)
def test_a_tag_wins_over_the_measured_key(tag: str, runner_up: Key, confidence: float) -> None:
    tagged = apply_tags(MEASURED, FileTags(key=parse_key(tag)))
    assert (tagged.key, tagged.measured_key) == (parse_key(tag), A_MINOR)
    assert (tagged.key_runner_up, tagged.key_confidence) == (runner_up, confidence)
    assert tagged.provenance == {"bpm": "measured", "key": "tag"}


def test_a_tag_stands_where_nothing_was_measured() -> None:
    silent = dataclasses.replace(
        MEASURED, bpm=None, measured_bpm=None, bpm_alternatives=(), key=None,
        measured_key=None, key_runner_up=None, provenance={},
    )  # fmt: skip
    tagged = apply_tags(silent, FileTags(bpm=128.0, key=E_MINOR))
    assert (tagged.bpm, tagged.key, tagged.bpm_alternatives) == (128.0, E_MINOR, ())
    assert tagged.provenance == {"bpm": "tag", "key": "tag"}


def test_applying_tags_again_changes_nothing() -> None:
    tags = FileTags(bpm=174.0, key=E_MINOR)
    once = apply_tags(MEASURED, tags)
    assert apply_tags(once, tags) == once


def test_fragments_of_all_windows_are_pooled_into_one_vector() -> None:
    rng = np.random.default_rng(0)
    tone = np.sin(np.arange(44_100) * 0.05).astype(np.float32)
    noise = rng.standard_normal(44_100).astype(np.float32)
    heard = Excerpts(100.0, (Excerpt(10.0, tone), Excerpt(80.0, noise)), 22_050)
    encoder = SineOrNoise()
    found = embed(heard, encoder, version="7")
    assert (found.encoder, found.version, found.fragment_s) == ("sine_or_noise", "7", 1.0)
    assert found.starts_s.tolist() == [10.0, 11.0, 80.0, 81.0]
    # Noise crosses zero at every other sample, a tone of 175 Hz seldom.
    assert found.fragments[:2, 1].max() < 0.05 < 0.4 < found.fragments[2:, 1].min()
    assert np.array_equal(found.vector, encoder.pool(found.fragments))


def test_an_encoder_that_breaks_is_told_from_a_broken_file() -> None:
    bad = Excerpts(2.0, (Excerpt(0.0, np.full(44_100, np.nan, np.float32)),), 22_050)
    with pytest.raises(SegueError, match="the encoder sine_or_noise"):
        embed(bad, SineOrNoise(), version="7")


def test_the_same_file_gives_the_same_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "ogg", music(5))
    assert analyse(path) == analyse(path)
    first, second = (embed(excerpts(path), SineOrNoise(), version="1") for _ in range(2))
    assert np.array_equal(first.vector, second.vector)
