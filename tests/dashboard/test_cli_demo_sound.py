"""``segue demo``: its music is made, analysed by the real pipeline, and taken out again."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dashboard.cli import demo_sound
from dashboard.cli.command import app
from data.catalogue import Catalogue
from data.demo import demo_audio
from data.settings import get_settings

FEW = 4


@pytest.fixture(autouse=True)
def only_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is true of four tracks is true of hundreds, and sooner."""
    monkeypatch.setattr(demo_sound, "HEARD", FEW)


def run(*args: str) -> Result:
    return CliRunner().invoke(app, args)


def files() -> list[str]:
    return sorted(path.name for path in get_settings().demo_audio_dir.rglob("*.flac"))


@pytest.mark.slow
def test_the_most_played_tracks_are_heard_once_and_forgotten_with_the_crate() -> None:
    first = run("demo")
    assert first.exit_code == 0
    assert f"Listened to {FEW} demo tracks" in first.stderr
    assert len(files()) == FEW
    with Catalogue.open(get_settings().url) as catalogue:
        ids = [int(ident) for ident in catalogue.snapshot(names=False).recording_ids]
        heard = catalogue.sound(ids)
        tracks = catalogue.tracks(list(heard))
        assert len(heard) == FEW
        for recording_id, analysis in heard.items():
            truth = demo_audio(tracks[recording_id], seconds=1)
            assert analysis.bpm == pytest.approx(truth.bpm, rel=0.04)
        before = catalogue.fingerprint()

    again = run("demo")
    assert f"Listened to {FEW} demo tracks" in again.stderr
    with Catalogue.open(get_settings().url) as catalogue:
        assert catalogue.fingerprint() == before

    assert run("demo", "--remove").exit_code == 0
    assert files() == []
    with Catalogue.open(get_settings().url) as catalogue:
        assert catalogue.is_empty()
        assert catalogue.stats().recordings == 0


def test_without_sound_nothing_is_made() -> None:
    assert run("demo", "--no-sound").exit_code == 0
    assert files() == []


def test_ctrl_c_while_it_listens_leaves_a_crate_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo_sound, "_analyse", pressed)
        stopped = run("demo")
    assert stopped.exit_code == 0
    assert re.search("Stopped listening; `segue demo` goes on", stopped.stderr)
    assert run("recommend", "Fennec Unit - Hollow Horizon", "-k", "1").exit_code == 0
