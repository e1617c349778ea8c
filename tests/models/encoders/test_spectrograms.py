import librosa
import numpy as np
import pytest

from data.errors import SegueError
from models.encoders.contract import Clip
from models.encoders.mel import LogMel
from models.encoders.spectrograms import Cutter, fragment_set
from tests.models.encoders.sounds import SAMPLE_RATE, sound


@pytest.mark.parametrize("samples", [1, 700, 30_000])
def test_log_mel_is_that_of_librosa(samples: int) -> None:
    music = sound("drums", 0)[:samples]
    power = librosa.feature.melspectrogram(
        y=np.pad(music, 1024), sr=SAMPLE_RATE, n_mels=80, center=False, fmin=20, fmax=8000
    )
    ours = LogMel(n_mels=80, fmin=20, fmax=8000)(music)
    assert ours.dtype == np.float32
    assert ours.shape == (80, LogMel().frames(samples)) == power.shape
    assert np.allclose(ours, librosa.power_to_db(power, top_db=None), atol=0.02)


def test_turned_down_a_track_looks_the_same() -> None:
    cutter = Cutter.of_seconds(LogMel(), fragment_s=3.0, step_s=3.0)
    music = sound("bleeps", 1)
    assert np.allclose(cutter.spectrogram(music), cutter.spectrogram(music / 8), atol=1e-3)


def test_loudest_is_one_and_silence_is_flat() -> None:
    cutter = Cutter.of_seconds(LogMel(), fragment_s=3.0, step_s=3.0)
    picture = cutter.spectrogram(sound("drums", 1))
    assert picture.max() == 1
    assert picture.min() >= 0
    assert np.unique(cutter.spectrogram(np.zeros(SAMPLE_RATE, np.float32))).tolist() == [1]


@pytest.mark.parametrize(
    ("cutter", "seconds", "count"),
    [
        (Cutter.of_seconds(LogMel(hop=1024), fragment_s=5.0, step_s=1.0), 30.0, 26),
        (Cutter.of_seconds(LogMel(hop=1024), fragment_s=5.0, step_s=1.0), 5.9, 1),
        (Cutter.of_seconds(LogMel(), fragment_s=3.0, step_s=3.0), 30.0, 10),
        (Cutter.of_seconds(LogMel(), fragment_s=3.0, step_s=3.0), 0.2, 1),
        (Cutter.of_frames(LogMel(), frames=128), 30.0, 10),
    ],
)
def test_every_fragment_lies_within_the_track(cutter: Cutter, seconds: float, count: int) -> None:
    music = sound("drone", 0, seconds=seconds)
    first = cutter.first_frames(len(music))
    assert len(first) == count
    assert (first + cutter.frames <= cutter.spectrogram(music).shape[1]).all()
    starts_s = cutter.starts_s(count)
    assert np.allclose(starts_s, first * cutter.mel.hop / SAMPLE_RATE, atol=0.05)
    assert starts_s[-1] + cutter.fragment_s <= max(seconds, cutter.fragment_s) + 1e-6


def test_a_set_cuts_what_its_cutter_says() -> None:
    cutter = Cutter.of_seconds(LogMel(n_mels=16), fragment_s=2.0, step_s=1.0)
    clips = [Clip(sound("drums", 0)), Clip(sound("bleeps", 0, seconds=3.0))]
    told: list[tuple[int, int]] = []
    made = fragment_set(
        clips, cutter, cutter.spectrogram, progress=lambda _, *at: told.append(at[:2])
    )
    assert made.clips.tolist() == [0] * 5 + [1] * 2
    cut = made.take(np.array([6, 0]))
    assert cut.dtype == np.float32
    first = cutter.first_frames(len(clips[1].samples(SAMPLE_RATE)))[1]
    picture = cutter.spectrogram(clips[1].samples(SAMPLE_RATE))
    assert np.allclose(cut[0], picture[:, first : first + cutter.frames], atol=1e-3)
    assert len(made.only(np.array([1, 6])).take(np.array([1]))) == 1
    assert told == [(1, 2), (2, 2)]


def test_no_samples_are_an_error() -> None:
    cutter = Cutter.of_frames(LogMel(), frames=128)
    with pytest.raises(SegueError, match="no samples"):
        cutter.spectrogram(np.zeros(0, np.float32))
