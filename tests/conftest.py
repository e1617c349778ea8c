"""Fixtures that every room's tests share."""

from __future__ import annotations

import os

# Before NumPy is imported anywhere: implicit runs its own threads over BLAS.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from data.catalogue import Catalogue


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


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue in SQLite."""
    from data.catalogue import Catalogue

    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        yield opened
