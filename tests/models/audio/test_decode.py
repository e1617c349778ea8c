"""Any sound file becomes mono float32, whole or in parts; any other gets one clear reason."""

from __future__ import annotations

import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soxr
from scipy.signal import lfilter

from data.errors import SegueError
from models.audio.decode import SAMPLE_RATE, Excerpts, decode, excerpts, probe
from tests.audio_files import FORMS, RATE, broken, cut, id3, music, video, wav_header, write

#: What the message says about each thing that `broken` writes.
REASONS = {
    "cut off wav": "is cut off or damaged: 1.6 s of 4 s can be read",
    "cut off wav24": "is cut off or damaged: 1.6 s of 4 s can be read",
    "cut off wavfloat": "is cut off or damaged: 1.6 s of 4 s can be read",
    "cut off rf64": "is cut off or damaged: 1.6 s of 4 s can be read",
    "cut off aiff": "is cut off or damaged: 1.6 s of 4 s can be read",
    "cut off flac": r"is cut off or damaged: 1\.\d+ s of 4 s can be read",
    "cut off ogg": r"is only 0\.\d+ s long|is cut off after 1",
    "cut off mp3": r"is cut off or damaged: 1\.\d+ s of 4 s can be read",
    "cut off mp3-vbr": r"is cut off or damaged: 1\.\d+ s of 4 s can be read",
    "cut off opus": r"is only 0\.\d+ s long|is cut off after 1",
    "cut off m4a": r"is cut off or damaged: 1\.\d+ s of 4 s can be read",
    "cut off alac": "its index is missing, so it is cut off or damaged",
    "empty": "is empty",
    "text": "is not a sound file: it is text",
    "a picture": "is not a sound file: it is a JPEG picture",
    "noise": "is not a sound file: it is damaged or of a kind that Segue does not know",
    "a playlist": "is not a sound file: it is a playlist",
    "only a header": "is not a sound file",
    "no samples": "holds no sound",
    "silence": "is silent from beginning to end",
    "not a number": "is damaged: it holds samples that are not numbers",
    "too short": "is only 0.20 s long: too short to analyse",
    "a video without sound": "holds no sound: it is a video without an audio track",
    "a folder": "is a folder",
    "copy protection": "is copy-protected",
}


@pytest.fixture(scope="module")
def unusable(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return broken(tmp_path_factory.mktemp("broken"))


def _likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two signals at the best shift of at most 0.1 s."""
    n = min(len(a), len(b))
    spectrum = np.fft.rfft(a[:n], 2 * n) * np.conj(np.fft.rfft(b[:n], 2 * n))
    shifted = np.fft.irfft(spectrum)
    near = np.concatenate([shifted[: SAMPLE_RATE // 10], shifted[-SAMPLE_RATE // 10 :]])
    return float(near.max() / np.linalg.norm(a[:n]) / np.linalg.norm(b[:n]))


@pytest.mark.parametrize("form", FORMS)
def test_every_format_of_a_dj_is_decoded(form: str, tmp_path: Path) -> None:
    stereo = music(3)
    samples = decode(write(tmp_path, form, stereo))
    assert samples.dtype == np.float32 and samples.ndim == 1
    assert len(samples) / SAMPLE_RATE == pytest.approx(3, abs=0.06)
    assert _likeness(samples, soxr.resample(stereo.mean(axis=1), RATE, SAMPLE_RATE)) > 0.95


def test_a_file_tells_its_length_and_kind_without_being_decoded(tmp_path: Path) -> None:
    info = probe(write(tmp_path, "m4a"))
    assert (info.sample_rate, info.channels, info.codec) == (RATE, 2, "aac")
    assert info.duration_s == pytest.approx(4, abs=0.01)


@pytest.mark.parametrize(
    ("form", "name"),
    [("mp3", "x.wav"), ("m4a", "x.mp3"), ("flac", "x.ogg"), ("wav", "x.raw"), ("opus", "x")],
)
def test_content_decides_and_not_the_name(form: str, name: str, tmp_path: Path) -> None:
    assert len(decode(write(tmp_path, form, name=name))) > 3.9 * SAMPLE_RATE


def test_a_cover_picture_and_tags_do_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path, "mp3")
    path.write_bytes(id3({"TIT2": "Moon"}, cover=bytes(300_000)) + path.read_bytes())
    assert len(decode(path)) == 4 * SAMPLE_RATE


def test_the_sound_of_a_video_is_heard(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mp4", music(2)[:, 0].copy())
    assert len(decode(path)) / SAMPLE_RATE == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("form", ["wav", "mp3", "mp3-headerless", "ogg", "m4a", "opus"])
def test_windows_of_a_long_file_lie_where_they_say(form: str, tmp_path: Path) -> None:
    # Noise that no part of repeats, dark enough for every codec to keep its shape.
    noise = np.random.default_rng(0).standard_normal(65 * SAMPLE_RATE)
    track = (0.03 * lfilter([1], [1, -0.95], noise)).astype(np.float32)
    path = write(tmp_path, form, track, rate=SAMPLE_RATE)
    heard, whole = excerpts(path, count=3, length_s=10.0), decode(path)
    assert [round(w.start_s, 1) for w in heard.windows] == pytest.approx([5.8, 27.5, 49.2], abs=0.1)
    for window in heard.windows:
        assert len(window.samples) == 10 * SAMPLE_RATE
        start = round(window.start_s * SAMPLE_RATE)
        # Within half a millisecond.
        likeness = [
            np.corrcoef(window.samples[20_000:30_000], whole[start + shift :][20_000:30_000])[0, 1]
            for shift in range(-11, 12)
        ]
        assert max(likeness) > 0.98


def test_a_short_file_is_one_window(tmp_path: Path) -> None:
    heard = excerpts(write(tmp_path, "wav"))
    assert [(w.start_s, len(w.samples)) for w in heard.windows] == [(0.0, 4 * SAMPLE_RATE)]
    assert heard.duration_s == 4


def test_windows_never_overlap(tmp_path: Path) -> None:
    path = write(tmp_path, "wav", music(70)[:, 0], rate=RATE)
    starts = [w.start_s for w in excerpts(path).windows]
    assert len(starts) == 2 and starts[1] - starts[0] >= 30


def test_a_part_is_cut_out(tmp_path: Path) -> None:
    path = write(tmp_path, "wav")
    whole = decode(path, sample_rate=RATE)
    assert np.array_equal(decode(path, sample_rate=RATE, start_s=1, length_s=2), whole[RATE:-RATE])
    assert len(decode(path, start_s=3.5, length_s=9)) == SAMPLE_RATE // 2
    with pytest.raises(SegueError, match="ends after 4 s"):
        decode(path, start_s=4.5)


@pytest.mark.parametrize(
    ("channels", "decibels"),
    [((1,), 0.0), ((1, 1), 3.01), ((1, 0), 6.02), ((1, 1, 1, 1, 1, 1), 7.78)],
)
def test_what_mixing_to_mono_takes_away_is_known(
    channels: tuple[int, ...], decibels: float, tmp_path: Path
) -> None:
    tone = music(2)[:, :1] * np.array(channels, np.float32)
    assert excerpts(write(tmp_path, "wav", tone)).mixdown_db == pytest.approx(decibels, abs=0.01)


def test_channels_that_cancel_each_other_out_are_not_silence(tmp_path: Path) -> None:
    tone = music(2)[:, :1]
    path = write(tmp_path, "wavfloat", np.hstack([tone, -tone]))
    assert np.abs(excerpts(path).windows[0].samples).max() > 0.3


@pytest.mark.parametrize("what", REASONS)
def test_what_cannot_be_used_gets_one_reason(what: str, unusable: dict[str, Path]) -> None:
    with pytest.raises(SegueError, match=REASONS[what]) as reason:
        excerpts(unusable[what])
    assert str(reason.value).startswith(unusable[what].name)


def test_every_broken_thing_has_a_reason(unusable: dict[str, Path]) -> None:
    assert set(unusable) == set(REASONS)


def test_an_ogg_file_without_its_last_page_is_cut_off(tmp_path: Path) -> None:
    path = cut(write(tmp_path, "ogg", music(8)), 0.7)
    for reading in (decode, excerpts):
        with pytest.raises(SegueError, match=r"is cut off after \d"):
            reading(path)


def test_a_long_file_whose_end_is_missing_is_cut_off(tmp_path: Path) -> None:
    # Every window but the last few seconds of the track can be read.
    path = cut(write(tmp_path, "flac", music(70)[:, :1]), 0.96)
    with pytest.raises(SegueError, match=r"is cut off or damaged: 6\d\.\d s of 70 s can be read"):
        excerpts(path)


def test_a_flac_that_is_damaged_in_the_middle_says_how_far_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path, "flac")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(SegueError, match=r"damaged: [12]\.?\d* s of 4 s can be read"):
        excerpts(path)


def test_missing_a_moment_at_the_end_does_no_harm(tmp_path: Path) -> None:
    assert excerpts(cut(write(tmp_path, "wav"), 0.96)).windows


def test_a_missing_file_and_a_pipe_do_not_hang(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="there is no file"):
        decode(tmp_path / "nowhere.mp3")
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(SegueError, match="is no ordinary file"):
        decode(tmp_path / "pipe.wav")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_locked_file_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "wav")
    path.chmod(0)
    with pytest.raises(SegueError, match="may not be read"):
        decode(path)


def test_hours_are_a_mix_and_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "mix.wav"
    frames = 3 * 3600 * RATE
    path.write_bytes(wav_header(frames))
    os.truncate(path, 44 + 4 * frames)  # Sparse: takes no room on disk.
    tracemalloc.start()
    try:
        for reading in (excerpts, decode):
            with pytest.raises(SegueError, match="180 minutes long: that is a mix"):
                reading(path)
        assert len(decode(path, start_s=7200, length_s=5)) == 5 * SAMPLE_RATE
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()
    with pytest.raises(SegueError, match="is silent"):
        excerpts(path, longest_s=4 * 3600)


@pytest.mark.parametrize("form", ["flac", "wav"])
def test_a_header_that_lies_is_not_believed(form: str, tmp_path: Path) -> None:
    path = write(tmp_path, form)
    data = bytearray(path.read_bytes())
    if form == "flac":
        # STREAMINFO: 36 bits of length after rate, channels and bits.
        data[21] |= 0x0F
        data[22:26] = b"\xff\xff\xff\xff"
    else:
        data[40:44] = struct.pack("<I", 0xF0000000)
    path.write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(SegueError, match=r"claims \d+ minutes|is cut off"):
            decode(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_decoders_do_not_write_to_the_terminal(
    unusable: dict[str, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    for path in unusable.values():
        with pytest.raises(SegueError):
            excerpts(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("form", ["wav", "flac", "mp3", "ogg", "m4a", "mp3-headerless"])
def test_damage_anywhere_ends_in_samples_or_in_a_reason(form: str, tmp_path: Path) -> None:
    good = write(tmp_path, form, music(1.5, rate=SAMPLE_RATE), rate=SAMPLE_RATE).read_bytes()
    rng = np.random.default_rng(0)
    for round_ in range(12):
        data = np.frombuffer(good, np.uint8).copy()
        reach = len(data) if round_ % 2 else 300
        places = rng.integers(0, reach, size=rng.integers(1, 200))
        data[places] = rng.integers(0, 256, size=len(places))
        path = tmp_path / "damaged"
        path.write_bytes(data.tobytes())
        try:
            heard = excerpts(path)
        except SegueError:
            continue
        assert isinstance(heard, Excerpts)
        assert all(np.isfinite(w.samples).all() for w in heard.windows)
