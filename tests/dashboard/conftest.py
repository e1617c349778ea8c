"""The demo crate as the real command leaves it, made once, and an ear for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dash import Dash

from dashboard.app import create_app
from dashboard.services import crates, current_library
from data.settings import Settings
from hybrid.heard import Listener
from tests.hybrid.ears import EAR

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo crate, made once by the real command."""
    home = tmp_path_factory.mktemp("trained")
    environment = {**os.environ, "SEGUE_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "demo", "--no-sound"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return home


@pytest.fixture
def demo_home(trained: Path, own_home: Path) -> Path:
    """The demo crate, of this test's own."""
    shutil.copytree(trained, own_home)
    return own_home


@pytest.fixture(scope="session")
def app_settings(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo crate with a model, for tests of pages."""
    home = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(trained, home)
    return Settings(home=home)


@pytest.fixture
def app(app_settings: Settings) -> Iterator[Dash]:
    """The app over it, with an empty crate."""
    app = create_app(app_settings)
    with app.server.app_context():
        crates.clear(current_library(), current_library().crate_in_hand())
        yield app


@pytest.fixture
def quick_ear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are heard by `tests.hybrid.ears`, which needs no encoder."""
    monkeypatch.setattr(Listener, "_ear", EAR)
