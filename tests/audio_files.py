"""Real sound files for tests: every format a DJ has, and every way in which one is broken.

Nothing is stored: the music is synthesised and encoded when a test asks for it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 44_100

#: Name of a form -> (suffix, libsndfile's format and subtype).
_SOUNDFILE = {
    "wav": ("wav", "WAV", "PCM_16"),
    "wav24": ("wav", "WAV", "PCM_24"),
    "wavfloat": ("wav", "WAV", "FLOAT"),
    "rf64": ("wav", "RF64", "PCM_16"),
    "aiff": ("aiff", "AIFF", "PCM_16"),
    "flac": ("flac", "FLAC", "PCM_16"),
    "ogg": ("ogg", "OGG", "VORBIS"),
}
#: Name of a form -> (suffix, FFmpeg's container, codec and options of the container).
_FFMPEG = {
    "mp3": ("mp3", "mp3", "libmp3lame", {}),
    "mp3-headerless": ("mp3", "mp3", "libmp3lame", {"write_xing": "0", "id3v2_version": "0"}),
    "opus": ("opus", "opus", "libopus", {}),
    "m4a": ("m4a", "ipod", "aac", {"movflags": "faststart"}),
    "alac": ("m4a", "ipod", "alac", {}),
    "wma": ("wma", "asf", "wmav2", {}),
}
FORMS = (*_SOUNDFILE, *_FFMPEG, "mp3-vbr")
_SUFFIXES = {form: how[0] for form, how in {**_SOUNDFILE, **_FFMPEG}.items()} | {"mp3-vbr": "mp3"}


def music(seconds: float = 4.0, *, bpm: float = 126.0, rate: int = RATE) -> NDArray[np.float32]:
    """Kick, hat and an A minor chord, in stereo: shape (samples, 2), peak below 1."""
    n = round(seconds * rate)
    t = np.arange(n) / rate
    beat = t % (60 / bpm)
    kick = np.sin(2 * np.pi * (50 * beat - 4 * np.exp(-beat * 30))) * np.exp(-beat * 12)
    off = (t + 30 / bpm) % (60 / bpm)
    hat = np.random.default_rng(0).standard_normal(n) * np.exp(-off * 60)
    chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 261.63, 329.63))
    left = 0.5 * kick + 0.06 * hat + 0.08 * chord
    right = 0.5 * kick + 0.03 * hat + 0.08 * chord
    return np.stack([left, right], axis=1).astype(np.float32)


def write(
    folder: Path,
    form: str,
    samples: NDArray[np.float32] | None = None,
    *,
    name: str = "",
    rate: int = RATE,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """Write `samples`, shape (n,) or (n, channels), as a file of `form` (one of `FORMS`).

    Tags are FFmpeg's ("artist", "TBPM" in MP3, "BPM" in FLAC and Ogg); with them the
    file is always written by FFmpeg.
    """
    samples = music() if samples is None else samples
    path = folder / (name or f"{form}.{_SUFFIXES[form]}")
    if form == "mp3-vbr":
        kind = {"bitrate_mode": "VARIABLE", "compression_level": 0.5}
        soundfile.write(path, samples, rate, format="MP3", **kind)
    elif form == "ogg" and tags:
        # PyAV brings no encoder of Vorbis along.
        with av.open(str(write(folder, form, samples, name="untagged.ogg", rate=rate))) as bare:
            _copy(bare, path, tags)
    elif form in _SOUNDFILE and not tags:
        _, container, subtype = _SOUNDFILE[form]
        channels = 1 if samples.ndim == 1 else samples.shape[1]
        with soundfile.SoundFile(path, "w", rate, channels, subtype, format=container) as file:
            # libsndfile crashes on long Vorbis files that are written at once.
            for start in range(0, len(samples), RATE):
                file.write(samples[start : start + RATE])
    else:
        _, container, codec, options = _FFMPEG.get(form) or _TAGGED[form]
        _encode(path, samples, rate, container, codec, options, tags or {})
    return path


_TAGGED = {
    "flac": ("flac", "flac", "flac", {}),
    "wav": ("wav", "wav", "pcm_s16le", {}),
    "aiff": ("aiff", "aiff", "pcm_s16be", {"write_id3v2": "1"}),
}


def _encode(
    path: Path,
    samples: NDArray[np.float32],
    rate: int,
    container: str,
    codec: str,
    options: Mapping[str, str],
    tags: Mapping[str, str],
) -> None:
    channels = np.ascontiguousarray(np.atleast_2d(samples.T), np.float32)
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(channels)]
    out_rate = 48_000 if codec == "libopus" else rate
    with av.open(str(path), "w", format=container, options=dict(options)) as file:
        file.metadata.update(tags)
        stream = file.add_stream(codec, rate=out_rate, layout=layout)
        if codec == "wmav2":
            stream.bit_rate = 128_000  # It has no default that it accepts.
        frame = av.AudioFrame.from_ndarray(channels, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        fit = av.AudioResampler(
            stream.codec_context.format, layout, out_rate, stream.codec_context.frame_size or 4096
        )
        for part in (*fit.resample(frame), *fit.resample(None)):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))


def _copy(source: av.container.InputContainer, path: Path, tags: Mapping[str, str]) -> None:
    """Write the packets of `source` into `path` as they are, with tags."""
    with av.open(str(path), "w") as file:
        file.metadata.update(tags)
        stream = file.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                file.mux(packet)


def video(path: Path, samples: NDArray[np.float32] | None = None) -> Path:
    """Write a video of one black second, with `samples` (mono, 44,100 Hz) as sound or without."""
    with av.open(str(path), "w", format="mp4") as file:
        pictures = file.add_stream("mpeg4", rate=10, width=32, height=32, pix_fmt="yuv420p")
        sound = file.add_stream("aac", rate=RATE, layout="mono") if samples is not None else None
        for _ in range(10):
            picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            file.mux(pictures.encode(picture))
        file.mux(pictures.encode(None))
        if sound is not None:
            frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            fit = av.AudioResampler("fltp", "mono", RATE, 1024)
            for part in (*fit.resample(frame), *fit.resample(None), None):
                file.mux(sound.encode(part))
    return path


def id3(frames: Mapping[str, str], *, cover: bytes = b"") -> bytes:
    """Build an ID3v2.3 header to put before an MP3: ``{"TBPM": "128"}``, ``{"TXXX:KEY": "8A"}``."""
    body = b""
    for name, text in frames.items():
        frame, _, described = name.partition(":")
        value = b"\x01" + ((described + "\0").encode("utf-16") if described else b"")
        value += text.encode("utf-16")
        if frame == "COMM":
            value = b"\x01eng" + "\0".encode("utf-16") + text.encode("utf-16")
        body += frame.encode() + struct.pack(">IH", len(value), 0) + value
    if cover:
        value = b"\x00image/jpeg\x00\x03\x00" + cover
        body += b"APIC" + struct.pack(">IH", len(value), 0) + value
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def cut(path: Path, share: float = 0.4) -> Path:
    """Cut a file off after a share of its bytes; returns a new file beside it."""
    data = path.read_bytes()
    short = path.with_name(f"cut-{path.stem}{path.suffix}")
    short.write_bytes(data[: int(len(data) * share)])
    return short


def broken(folder: Path) -> dict[str, Path]:
    """Write 25 things that are no usable track into `folder`: what is wrong -> path."""
    folder.mkdir(parents=True, exist_ok=True)
    # Nothing says how long a WMA or an MP3 without header was before it was cut.
    silent_on_it = {"wma", "mp3-headerless"}
    good = {form: write(folder, form) for form in FORMS if form not in silent_on_it}
    files = {f"cut off {form}": cut(path) for form, path in good.items()}
    for path in good.values():
        path.unlink()
    made: dict[str, bytes] = {
        "empty": b"",
        "text": b"This is a shopping list, not a song.\n" * 99,
        "a picture": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 40,
        "noise": np.random.default_rng(0).bytes(50_000),
        "a playlist": b"#EXTM3U\n#EXTINF:10,x\nwav.wav\n",
        "only a header": b"RIFF\x24\x00\x00\x00WAVEfmt ",
        "no samples": wav_header(0),
    }
    for what, data in made.items():
        files[what] = folder / f"{what.replace(' ', '-')}.mp3"
        files[what].write_bytes(data)
    nan = music(2)
    nan[5000] = np.nan
    for what, samples in {
        "silence": np.zeros((4 * RATE, 2), np.float32),
        "not a number": nan,
        "too short": music(0.2),
    }.items():
        files[what] = write(folder, "wavfloat", samples, name=f"{what.replace(' ', '-')}.wav")
    files["a video without sound"] = video(folder / "mute.mp4")
    files["a folder"] = folder / "folder.wav"
    files["a folder"].mkdir(exist_ok=True)
    locked = write(folder, "m4a", name="locked.m4a")
    files["copy protection"] = locked
    locked.write_bytes(locked.read_bytes().replace(b"mp4a", b"drms", 1))
    return files


def wav_header(frames: int, *, channels: int = 2, rate: int = RATE) -> bytes:
    """Start of a 16-bit WAV that claims `frames` frames, without any of them."""
    size = min(frames * channels * 2, 0xFFFFFF00)
    return (
        b"RIFF" + struct.pack("<I", size + 36) + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
        + b"data" + struct.pack("<I", size)
    )  # fmt: skip
