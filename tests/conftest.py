"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# Before NumPy is imported anywhere: implicit runs its own threads over BLAS.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Two processes that fill one cache of numba's at the same time can break it for good
# (numba#10128), so each of pytest-xdist's has a cache of its own.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    caches = Path(__file__).resolve().parents[1] / ".pytest_cache"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(caches / f"numba-{worker}"))

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from data.catalogue import Catalogue

# The examples of a test are always the same ones, so that what fails is what was changed;
# `make test-all` draws new ones, to find what nobody thought of.
settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data, which is not part of the project."""
    folder = Path(os.environ.get("SEGUE_SHARED", "../shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip(f"no shared data at {folder} (set SEGUE_SHARED)")
    return folder / "data"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a SEGUE_HOME of its own, so none touches a user's."""
    from data.settings import get_settings

    for name in [n for n in os.environ if n.startswith("SEGUE_") and n != "SEGUE_SHARED"]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("SEGUE_HOME", str(home))
    get_settings.cache_clear()
    return home


@pytest.fixture(scope="session")
def new_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty catalogue. A copy takes a twentieth of the time of making one."""
    from data.catalogue import Catalogue

    path = tmp_path_factory.mktemp("new") / "catalogue.sqlite"
    Catalogue.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def catalogue(tmp_path: Path, new_catalogue: Path) -> Iterator[Catalogue]:
    """An empty catalogue in SQLite."""
    from data.catalogue import Catalogue

    path = shutil.copy(new_catalogue, tmp_path)
    with Catalogue.open(f"sqlite:///{path}") as opened:
        yield opened
