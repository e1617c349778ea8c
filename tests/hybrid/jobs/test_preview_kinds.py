"""The jobs that hear previews do their work, say what came of it, and can be begun again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from data.catalogue import Catalogue, Job
from data.records import Play, Track, Tracklist
from data.settings import Settings
from hybrid import preview_listening
from hybrid.executors import GivenHands
from hybrid.jobs import run, run_job, uploads
from hybrid.jobs.preview_kinds import KINDS
from tests.hybrid.previewing import EAR, settings_for
from tests.peers.deezer import DeezerPeer
from tests.peers.itunes import ItunesPeer

TIDE = Track("Noel Rain", "Low Tide")
DOOR = Track("Cid Cedar", "Slow Door")
Do = Callable[..., Job]


@pytest.fixture
def deezer() -> Iterator[DeezerPeer]:
    with DeezerPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def settings(deezer: DeezerPeer, own_home: Path) -> Iterator[Settings]:
    with ItunesPeer() as itunes:
        yield settings_for(deezer, itunes, home=own_home)


@pytest.fixture
def do(catalogue: Catalogue, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Do]:
    """Queue a job and run it, with an ear that needs no encoder, in threads."""
    from concurrent.futures import ThreadPoolExecutor
    from contextlib import nullcontext

    monkeypatch.setattr("hybrid.listen.ear", lambda *_: EAR)
    monkeypatch.setattr(run, "KINDS", MappingProxyType({kind.name: kind for kind in KINDS}))
    with ThreadPoolExecutor(2) as threads:
        hands = GivenHands(threads, 2)
        monkeypatch.setattr(preview_listening, "hands_for", lambda *_: nullcontext(hands))

        def do(kind: str, **options: Any) -> Job:
            catalogue.jobs.add(kind, "A job", options)
            job = catalogue.jobs.claim("me")
            assert job is not None
            return run_job(catalogue, settings, job, "me")

        yield do


@pytest.fixture
def ids(catalogue: Catalogue) -> list[int]:
    plays = (Play(1, "identified", TIDE), Play(2, "identified", DOOR))
    catalogue.add_tracklists([Tracklist("csv", "1", "At the Dock", plays)])
    found = [catalogue.find(TIDE), catalogue.find(DOOR)]
    return [ident for ident in found if ident is not None]


class TestPreview:
    def test_it_says_what_was_heard_and_what_nobody_has(
        self, catalogue: Catalogue, do: Do, ids: list[int], deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        job = do("preview", recording_ids=[*ids, 999])
        assert job.state == "done", job.error
        assert job.result == {
            "summary": "Previews: 1 heard, 0 known already, 1 left out.",
            "heard": 1,
            "known": 0,
            "none": 1,
            "failed": 1,
        }
        [left] = catalogue.jobs.failures(job.id)
        assert (left.where, left.reason) == (str(DOOR), "No service has a preview of it")
        assert set(catalogue.sound(ids)) == {ids[0]}

    def test_begun_again_it_finds_done_what_is_done(
        self, do: Do, ids: list[int], deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        do("preview", recording_ids=ids)
        asked = len(deezer.requests)
        assert do("preview", recording_ids=ids).result["known"] == 1
        assert len(deezer.requests) == asked

    @pytest.mark.parametrize("recording_ids", [[], [999], None])
    def test_it_needs_a_track(self, do: Do, recording_ids: list[int] | None) -> None:
        job = do("preview", recording_ids=recording_ids)
        assert (job.state, job.error) == ("failed", "Choose at least one track of the catalogue.")


class TestTracksCsv:
    @pytest.fixture
    def upload(self, settings: Settings) -> Path:
        path = uploads.new_folder(settings) / "tracks.csv"
        path.write_text("artists,track_name,track_genre\nNoel Rain,Low Tide,house\n,,house\n")
        return path

    def test_it_adds_tracks_and_deletes_what_came_through_the_page(
        self, catalogue: Catalogue, do: Do, deezer: DeezerPeer, upload: Path
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        job = do("tracks_csv", paths=[str(upload)], per_genre=5, seed=1, uploaded=True)
        assert job.state == "done", job.error
        assert job.result["summary"] == (
            "Tracks: 1 heard of 1 chosen from 1 genres, 0 known already, 0 left out."
        )
        assert catalogue.find(TIDE) is not None
        assert not upload.exists()

    def test_it_fails_with_a_sentence_and_keeps_the_file_for_another_try(
        self, do: Do, deezer: DeezerPeer, upload: Path
    ) -> None:
        upload.write_text("name\nx\n")
        job = do("tracks_csv", paths=[str(upload)], uploaded=True)
        assert job.state == "failed"
        assert job.error.startswith("tracks.csv lacks the column artists and track_name")
        assert upload.exists()

    def test_it_needs_a_file(self, do: Do) -> None:
        assert do("tracks_csv").error == "Choose at least one CSV file."
