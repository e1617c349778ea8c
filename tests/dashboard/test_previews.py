"""``/previews/<recording>``: where a track without a file can be heard, and the sound itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.components import crate, search
from dashboard.components.listen import hear_buttons, preview_button
from dashboard.components.markup import as_html
from dashboard.services import Library
from data.catalogue import Catalogue
from data.demo import demo_tracklists
from data.records import Play, Seed, Track, Tracklist
from data.settings import Settings
from tests.hybrid.previewing import keep_file, settings_for
from tests.peers.deezer import DeezerPeer
from tests.peers.itunes import ItunesPeer

TIDE = Track("Mara Vale", "Low Tide")
BUS = Track("Ania Ferro", "Night Bus")
ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def deezer() -> Iterator[DeezerPeer]:
    with DeezerPeer(seconds=2.0) as serving:
        yield serving


@pytest.fixture
def itunes() -> Iterator[ItunesPeer]:
    with ItunesPeer(seconds=2.0) as serving:
        yield serving


@pytest.fixture
def settings(deezer: DeezerPeer, itunes: ItunesPeer, own_home: Path) -> Settings:
    return settings_for(deezer, itunes, home=own_home)


@pytest.fixture
def filled(settings: Settings) -> Iterator[Catalogue]:
    """A demo set, and two tracks that are nobody's invention."""
    plays = (Play(1, "identified", TIDE), Play(2, "identified", BUS))
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists(
            [*demo_tracklists()[:1], Tracklist("csv", "1", "At the Dock", plays)]
        )
        yield catalogue


@pytest.fixture
def client(settings: Settings, filled: Catalogue) -> FlaskClient:
    return create_app(settings).server.test_client()


def id_of(catalogue: Catalogue, track: Track) -> int:
    found = catalogue.find(track)
    assert found is not None
    return found


def a_demo_track(catalogue: Catalogue) -> int:
    track = next(p.track for p in demo_tracklists()[0].identified if p.track)
    return id_of(catalogue, track)


class TestWhereItIs:
    def test_it_names_the_service_its_page_and_where_the_sound_is(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer
    ) -> None:
        there = deezer.add_track("Mara Vale", "Low Tide")
        tide = id_of(filled, TIDE)
        answer = client.get(f"/previews/{tide}")
        assert answer.status_code == 200
        assert answer.get_json() == {
            "source": "Deezer",
            "link": f"https://www.deezer.com/track/{there.id}",
            "words": "30 seconds from Deezer",
            "audio": f"/previews/{tide}/audio",
        }
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "hmac" not in answer.get_data(as_text=True)

    def test_apples_comes_with_the_link_to_the_store(
        self, client: FlaskClient, filled: Catalogue, itunes: ItunesPeer
    ) -> None:
        itunes.add_track("Mara Vale", "Low Tide")
        told = client.get(f"/previews/{id_of(filled, TIDE)}").get_json()
        assert told["source"] == "Apple Music"
        assert told["link"].startswith("https://music.apple.com/us/")

    def test_a_file_of_ones_own_goes_before_any_service(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer, tmp_path: Path
    ) -> None:
        deezer.add_track("Mara Vale", "Low Tide")
        tide = keep_file(filled, TIDE, tmp_path / "tide.wav")
        told = client.get(f"/previews/{tide}").get_json()
        assert told == {
            "source": "",
            "link": "",
            "words": "Your own file",
            "audio": f"/audio/{tide}",
        }
        assert not deezer.requests

    def test_nobody_is_asked_about_the_demo_crate(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        demo = a_demo_track(filled)
        assert client.get(f"/previews/{demo}").get_json()["audio"] == f"/audio/{demo}"
        assert client.get(f"/previews/{demo}/audio").status_code == 404
        assert not deezer.requests and not itunes.requests

    def test_what_nobody_has_is_said_to_be_so(self, client: FlaskClient, filled: Catalogue) -> None:
        answer = client.get(f"/previews/{id_of(filled, TIDE)}")
        assert answer.status_code == 404
        assert answer.get_json() == {
            "error": "Neither Deezer nor Apple has a preview of this track."
        }

    def test_services_that_rest_say_until_when(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer
    ) -> None:
        deezer.fail("quota")
        answer = client.get(f"/previews/{id_of(filled, TIDE)}")
        assert answer.status_code == 404
        assert answer.get_json()["error"].startswith("Deezer was asked too often; try again at ")

    @pytest.mark.parametrize("recording", ["99999", "0", str(2**70)])
    def test_a_track_that_is_gone_is_said_to_be(self, client: FlaskClient, recording: str) -> None:
        for path in (f"/previews/{recording}", f"/previews/{recording}/audio"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "no longer in the catalogue" in answer.get_json()["error"]

    def test_switched_off_nobody_is_asked(
        self, settings: Settings, filled: Catalogue, deezer: DeezerPeer
    ) -> None:
        client = create_app(settings.model_copy(update={"previews": False})).server.test_client()
        for path in ("", "/audio"):
            answer = client.get(f"/previews/{id_of(filled, TIDE)}{path}")
            assert answer.status_code == 404
            assert "switched off" in answer.get_json()["error"]
        assert not deezer.requests

    def test_no_page_of_another_site_makes_segue_ask(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer
    ) -> None:
        for path in ("", "/audio"):
            answer = client.get(f"/previews/{id_of(filled, TIDE)}{path}", headers=ELSEWHERE)
            assert answer.status_code == 403
        assert not deezer.requests


class TestItsSound:
    def test_it_is_sent_whole_or_in_parts_and_fetched_once(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer
    ) -> None:
        there = deezer.add_track("Mara Vale", "Low Tide")
        path = f"/previews/{id_of(filled, TIDE)}/audio"
        whole = client.get(path)
        assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/mpeg", there.sound)
        assert whole.headers["Cache-Control"] == "private, no-store"
        assert whole.headers["X-Content-Type-Options"] == "nosniff"
        samples, rate = soundfile.read(io.BytesIO(whole.data))
        assert len(samples) / rate == pytest.approx(2.0, abs=0.1)
        part = client.get(path, headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.data) == (206, there.sound[10:20])
        assert len(deezer.asked(path="preview/*")) == 1

    def test_apples_is_m4a(
        self, client: FlaskClient, filled: Catalogue, itunes: ItunesPeer
    ) -> None:
        there = itunes.add_track("Mara Vale", "Low Tide")
        answer = client.get(f"/previews/{id_of(filled, TIDE)}/audio")
        assert (answer.mimetype, answer.data) == ("audio/mp4", there.sound)

    @pytest.mark.parametrize("fault", ["not_audio", "huge", "unsized", "server", "drop"])
    def test_nothing_of_what_is_no_sound_reaches_the_page(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer, fault: str
    ) -> None:
        deezer.add_track("Mara Vale", "Low Tide")
        deezer.fail(fault, path="preview/*")
        answer = client.get(f"/previews/{id_of(filled, TIDE)}/audio")
        assert (answer.status_code, answer.mimetype) == (404, "application/json")
        assert answer.get_json()["error"].endswith(".")
        assert b"script" not in answer.data and len(answer.data) < 500

    def test_an_address_that_leads_into_this_machine_is_not_fetched(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        deezer.add_track("Mara Vale", "Low Tide", preview=f"{itunes.url}/lookup?id=1")
        answer = client.get(f"/previews/{id_of(filled, TIDE)}/audio")
        assert answer.status_code == 404
        assert "none of its hosts" in answer.get_json()["error"]
        assert not itunes.requests

    def test_it_is_never_mixed_into_a_transition(
        self, client: FlaskClient, filled: Catalogue, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Mara Vale", "Low Tide")
        demo, tide = a_demo_track(filled), id_of(filled, TIDE)
        answer = client.get(f"/audio/transition/{demo}/{tide}")
        assert answer.status_code == 404
        assert "No file of" in answer.get_data(as_text=True)
        assert not deezer.requests


class TestButtons:
    def test_a_preview_looks_and_says_otherwise_than_a_file(self) -> None:
        drawn = as_html(preview_button(5, TIDE))
        assert 'class="round-button play play-preview"' in drawn
        assert 'title="Preview: 30 seconds from Deezer or Apple"' in drawn
        assert 'aria-label="Preview Mara Vale - Low Tide"' in drawn
        assert 'data-play="preview/5"' in drawn

    def test_a_file_goes_first_and_without_either_there_is_no_button(self) -> None:
        assert "play-preview" not in as_html(hear_buttons(5, TIDE, {5}, {5}))
        assert "play-preview" in as_html(hear_buttons(5, TIDE, (), {5}))
        assert hear_buttons(5, TIDE, {6}, {7}) == []

    def test_the_library_offers_previews_of_what_has_no_file(
        self, settings: Settings, filled: Catalogue, tmp_path: Path
    ) -> None:
        tide, bus = keep_file(filled, TIDE, tmp_path / "x.wav"), id_of(filled, BUS)
        demo = a_demo_track(filled)
        tracks = filled.tracks([tide, bus, demo])
        assert Library(settings).sounds(tracks).previews == {bus}
        off = settings.model_copy(update={"previews": False})
        assert not Library(off).sounds(tracks).previews

    def test_chips_and_crate_have_them(self) -> None:
        seeds = [Seed("low tide", TIDE, 5, "recording")]
        assert "preview/5" in str(search.chips(seeds, [TIDE], (), {5}))
        assert "preview/5" in str(crate.crate_list([(5, TIDE)], (), 1, {5}))
