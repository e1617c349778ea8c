"""``/audio/<recording>``: sound for the player, from the catalogue's files or made."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from flask.testing import FlaskClient

from dashboard.app import create_app
from data.catalogue import AudioFile, Catalogue, Sound
from data.demo import demo_audio, demo_tracklists
from data.records import Play, Track, Tracklist
from data.settings import Settings

TIDE = Track("Mara Vale", "Low Tide")
UNHEARD = Track("Ania Ferro", "Night Bus")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def filled(settings: Settings) -> Iterator[Catalogue]:
    """Two demo sets, and two tracks that are nobody's invention."""
    plays = (Play(1, "identified", TIDE), Play(2, "identified", UNHEARD))
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists(
            [*demo_tracklists()[:2], Tracklist("csv", "1", "At the Dock", plays)]
        )
        yield catalogue


@pytest.fixture
def client(settings: Settings, filled: Catalogue) -> FlaskClient:
    return create_app(settings).server.test_client()


def a_demo_track(catalogue: Catalogue) -> tuple[int, Track]:
    track = next(p.track for p in demo_tracklists()[0].identified if p.track)
    recording_id = catalogue.find(track)
    assert recording_id is not None
    return recording_id, track


def keep(catalogue: Catalogue, track: Track, path: Path) -> int:
    """Note in the catalogue that a file holds a track."""
    file = AudioFile(path, path.name, path.stat().st_size, path.stat().st_mtime_ns)
    catalogue.add_sound([Sound(path.name, file, track, 1.0)])
    recording_id = catalogue.find(track)
    assert recording_id is not None
    return recording_id


def a_tone(path: Path) -> np.ndarray:
    tone = (0.5 * np.sin(np.arange(22_050) * 0.1)).astype(np.float32)
    soundfile.write(path, tone, 22_050)
    return tone


def test_a_demo_track_is_made_when_it_is_asked_for(client: FlaskClient, filled: Catalogue) -> None:
    recording_id, track = a_demo_track(filled)
    answer = client.get(f"/audio/{recording_id}")
    assert answer.status_code == 200
    assert answer.mimetype == "audio/flac"
    samples, rate = soundfile.read(io.BytesIO(answer.data), dtype="float32")
    expected = demo_audio(track)
    assert rate == expected.sample_rate
    np.testing.assert_allclose(samples, expected.samples, atol=3e-4)


def test_a_file_is_sent_as_it_is_or_in_parts(
    client: FlaskClient, filled: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "low tide.wav"
    a_tone(path)
    recording_id = keep(filled, TIDE, path)
    whole = client.get(f"/audio/{recording_id}")
    assert whole.data == path.read_bytes()
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(f"/audio/{recording_id}", headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.data == path.read_bytes()[100:200]
    beyond = client.get(f"/audio/{recording_id}", headers={"Range": "bytes=9999999-"})
    assert beyond.status_code == 416


def test_a_file_that_browsers_cannot_play_is_sent_as_wav(
    client: FlaskClient, filled: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "low tide.aiff"
    tone = a_tone(path)
    recording_id = keep(filled, TIDE, path)
    whole = client.get(f"/audio/{recording_id}")
    assert whole.mimetype == "audio/wav"
    samples, rate = soundfile.read(io.BytesIO(whole.data), dtype="float32")
    assert len(samples) / rate == pytest.approx(len(tone) / 22_050, abs=0.01)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.02)
    part = client.get(f"/audio/{recording_id}", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole.data[100:200])


def test_what_cannot_be_heard_is_404_with_the_reason(
    client: FlaskClient, filled: Catalogue, tmp_path: Path
) -> None:
    nowhere = client.get("/audio/999999")
    assert (nowhere.status_code, nowhere.mimetype) == (404, "text/plain")
    assert "no longer in the catalogue" in nowhere.text
    assert client.get(f"/audio/{10**20}").text == nowhere.text  # more than a database can count

    unheard = client.get(f"/audio/{filled.find(UNHEARD)}")
    assert unheard.status_code == 404
    assert "segue analyse" in unheard.text

    path = tmp_path / "gone.wav"
    a_tone(path)
    recording_id = keep(filled, TIDE, path)
    path.unlink()
    assert client.get(f"/audio/{recording_id}").status_code == 404


@pytest.mark.parametrize(
    "asked", ["../catalogue.sqlite", "%2e%2e%2fcatalogue.sqlite", "1.5", "-1", "x"]
)
def test_nothing_of_the_address_becomes_a_path(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/audio/{asked}")
    assert b"SQLite" not in answer.data
    assert not answer.mimetype.startswith("audio/")


def test_it_takes_sound_only_from_the_catalogue(
    client: FlaskClient, filled: Catalogue, tmp_path: Path
) -> None:
    """A file that holds no sound, although the catalogue names it, is not handed out as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not for anybody")
    answer = client.get(f"/audio/{keep(filled, TIDE, path)}")
    assert answer.status_code == 404
    assert "not for anybody" not in answer.text
