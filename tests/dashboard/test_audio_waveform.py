"""``/audio/<recording>/waveform``: what a page needs to draw a sound."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from flask.testing import FlaskClient

from data.catalogue import Catalogue
from data.demo import demo_tracklists
from data.records import Track
from data.settings import Settings
from tests.audio_files import RATE, music, write
from tests.dashboard.sounding import keep, server

TIDE = Track("Mara Vale", "Low Tide")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def catalogue(settings: Settings) -> Iterator[Catalogue]:
    with Catalogue.open(settings.url) as opened:
        yield opened


@pytest.fixture
def client(settings: Settings, catalogue: Catalogue) -> FlaskClient:
    return server(settings).test_client()


@pytest.fixture
def tide(catalogue: Catalogue, tmp_path: Path) -> int:
    return keep(catalogue, TIDE, write(tmp_path, "flac", music(6)))


def test_it_holds_peaks_bands_and_a_path_to_draw(client: FlaskClient, tide: int) -> None:
    answer = client.get(f"/audio/{tide}/waveform?from=1&seconds=3&bins=120")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    wave = answer.json
    assert (wave["from"], wave["seconds"]) == (1, 3)
    assert {len(wave[name]) for name in ("lowest", "highest", "low", "middle", "high")} == {120}
    assert -1000 <= min(wave["lowest"]) < 0 < max(wave["highest"]) <= 1000
    # A kick is low, and louder than the hat.
    assert max(wave["low"]) > max(wave["high"]) > 0
    assert wave["path"].startswith("M0 ") and wave["path"].endswith("z")
    assert (wave["width"], wave["height"]) == (119, 64)
    assert len(answer.data) < 8000


def test_without_a_word_it_is_the_whole_file(client: FlaskClient, tide: int) -> None:
    wave = client.get(f"/audio/{tide}/waveform").json
    assert (wave["from"], wave["seconds"], len(wave["low"])) == (0, 6, 600)


def test_the_picture_takes_the_colour_of_the_page(client: FlaskClient, tide: int) -> None:
    answer = client.get(f"/audio/{tide}/waveform.svg?from=1&seconds=3&bins=100")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    (path,) = ElementTree.fromstring(answer.text)
    assert path.get("fill") == "currentColor"


def test_a_browser_keeps_it_until_the_file_changes(
    client: FlaskClient, tide: int, tmp_path: Path
) -> None:
    address = f"/audio/{tide}/waveform?bins=50"
    first = client.get(address)
    assert (first.cache_control.private, first.cache_control.max_age) == (True, 300)
    asked = {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=asked)
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"/audio/{tide}/waveform?bins=51", headers=asked).status_code == 200
    path = write(tmp_path, "flac", np.zeros(6 * RATE, np.float32))
    os.utime(path, (1, 1))
    changed = client.get(address, headers=asked)
    assert changed.status_code == 200
    assert set(changed.json["highest"]) == {0}


def test_the_sound_of_a_demo_track_is_made(client: FlaskClient, catalogue: Catalogue) -> None:
    lists = list(demo_tracklists()[:1])
    catalogue.add_tracklists(lists)
    track = next(play.track for play in lists[0].identified if play.track)
    wave = client.get(f"/audio/{catalogue.find(track)}/waveform?bins=40").json
    assert wave["seconds"] == 20 and max(wave["highest"]) > 100


def test_a_part_that_is_none_is_400_with_the_reason(client: FlaskClient, tide: int) -> None:
    starts = ("from=-1", "from=nan", "from=inf", "from=x")
    lengths = ("seconds=0", "seconds=-2", "seconds=1e9", "seconds=nan")
    pieces = ("bins=7", "bins=2001", "bins=99999999999", "bins=1.5")
    for asked in (*starts, *lengths, *pieces):
        answer = client.get(f"/audio/{tide}/waveform?{asked}")
        assert (answer.status_code, answer.mimetype) == (400, "text/plain"), asked
        assert answer.text.startswith("A waveform starts at 0 seconds or later")


def test_what_has_no_sound_is_404_with_the_reason(
    client: FlaskClient, tide: int, catalogue: Catalogue, tmp_path: Path
) -> None:
    for nowhere in (999_999, 10**20):
        answer = client.get(f"/audio/{nowhere}/waveform")
        assert (answer.status_code, answer.mimetype) == (404, "text/plain")
        assert "no longer in the catalogue" in answer.text
    assert "ends after 6 s" in client.get(f"/audio/{tide}/waveform?from=60").text
    notes = tmp_path / "notes.txt"
    notes.write_text("not for anybody")
    answer = client.get(f"/audio/{keep(catalogue, Track('Ania Ferro', 'Dock'), notes)}/waveform")
    assert answer.status_code == 404 and "is not a sound file" in answer.text
    (tmp_path / "flac.flac").unlink()
    assert client.get(f"/audio/{tide}/waveform").status_code == 404
