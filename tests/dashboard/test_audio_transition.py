"""``/audio/transition/<first>/<second>``: one track mixed into the next, for the player."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile
from flask.testing import FlaskClient

from dashboard import audio
from data.catalogue import Catalogue
from data.demo import demo_tracklists
from data.records import Play, Track, Tracklist
from data.settings import Settings
from tests.audio_files import RATE, music, write
from tests.dashboard.sounding import analysed, keep, server

TIDE, BUS = Track("Mara Vale", "Low Tide"), Track("Ania Ferro", "Night Bus")


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
def pair(catalogue: Catalogue, tmp_path: Path) -> tuple[int, int]:
    """Two analysed files, of 124 and 128 beats per minute."""
    return tuple(
        keep(
            catalogue,
            track,
            write(tmp_path, "wav", music(16, bpm=bpm), name=f"{bpm}.wav"),
            analysed(bpm),
        )
        for track, bpm in ((TIDE, 124), (BUS, 128))
    )


def test_it_is_a_wav_that_says_what_was_done(client: FlaskClient, pair: tuple[int, int]) -> None:
    answer = client.get(f"/audio/transition/{pair[0]}/{pair[1]}")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    note = answer.headers["X-Segue-Note"]
    assert note == "The second track plays 3.1% slower, so that the beats meet."
    samples, rate = soundfile.read(io.BytesIO(answer.data))
    assert rate == RATE and 15 < len(samples) / rate <= 30
    back = client.get(f"/audio/transition/{pair[1]}/{pair[0]}")
    assert "faster" in back.headers["X-Segue-Note"]


def test_a_player_may_ask_for_it_in_parts(client: FlaskClient, pair: tuple[int, int]) -> None:
    address = f"/audio/transition/{pair[0]}/{pair[1]}"
    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=1000-1999"})
    assert part.status_code == 206
    assert part.data == whole.data[1000:2000]
    assert part.headers["ETag"] == whole.headers["ETag"]
    unchanged = client.get(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert unchanged.status_code == 304


def test_who_asks_for_the_same_meanwhile_gets_what_the_first_one_made(
    client: FlaskClient, pair: tuple[int, int]
) -> None:
    address = f"/audio/transition/{pair[0]}/{pair[1]}"
    before = audio._transition.cache_info().misses
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: client.application.test_client().get(address), "1234"))
    assert {answer.data for answer in answers} == {client.get(address).data}
    assert audio._transition.cache_info().misses == before + 1


def test_a_file_that_changes_is_mixed_anew(
    client: FlaskClient, pair: tuple[int, int], tmp_path: Path
) -> None:
    address = f"/audio/transition/{pair[0]}/{pair[1]}"
    before = client.get(address)
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 12 * RATE).astype(np.float32)
    write(tmp_path, "wav", noise, name="128.wav")
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.data != before.data


def test_demo_tracks_are_made_when_they_are_asked_for(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    lists = list(demo_tracklists()[:1])
    catalogue.add_tracklists(lists)
    tracks = [play.track for play in lists[0].identified if play.track][:2]
    first, second = (catalogue.find(track) for track in tracks)
    answer = client.get(f"/audio/transition/{first}/{second}")
    assert answer.status_code == 200
    assert soundfile.info(io.BytesIO(answer.data)).duration > 10


def test_where_a_file_is_missing_the_answer_says_whose(
    client: FlaskClient, pair: tuple[int, int], catalogue: Catalogue, tmp_path: Path
) -> None:
    unheard = Track("Jo Lindqvist", "Far Pier")
    play = Play(1, "identified", unheard)
    catalogue.add_tracklists([Tracklist("csv", "1", "At the Dock", (play,))])
    for pair_asked in (
        (pair[0], catalogue.find(unheard)),
        (catalogue.find(unheard), pair[0]),
    ):
        answer = client.get("/audio/transition/{}/{}".format(*pair_asked))
        assert (answer.status_code, answer.mimetype) == (404, "text/plain")
        assert answer.text == (
            "No file of “Jo Lindqvist - Far Pier” is here, so the transition cannot be played."
        )
    (tmp_path / "128.wav").unlink()
    answer = client.get(f"/audio/transition/{pair[0]}/{pair[1]}")
    assert answer.status_code == 404 and "Night Bus" in answer.text
    for nobody in (999_999, 10**20):
        gone = client.get(f"/audio/transition/{pair[0]}/{nobody}")
        assert gone.status_code == 404
        assert "no longer in the catalogue" in gone.text


def test_a_file_without_sound_is_404_with_a_sentence(
    client: FlaskClient, pair: tuple[int, int], tmp_path: Path
) -> None:
    write(tmp_path, "wav", np.zeros(5 * RATE, np.float32), name="128.wav")
    answer = client.get(f"/audio/transition/{pair[0]}/{pair[1]}")
    assert answer.status_code == 404
    assert answer.text == ("There is no sound at the beginning of 128.wav: choose another track.")
