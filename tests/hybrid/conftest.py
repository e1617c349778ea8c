"""The demo crate, loaded and trained once for all tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.demo import demo_tracklists
from hybrid.recommender import Recommender
from tests.hybrid.small import trained


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The demo crate. Only for reading."""
    home = tmp_path_factory.mktemp("demo")
    with Catalogue.open(f"sqlite:///{home / 'catalogue.sqlite'}") as opened:
        opened.add_tracklists(demo_tracklists())
        yield opened


@pytest.fixture(scope="session")
def demo_recommender(demo: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    return trained(demo, Path(tmp_path_factory.mktemp("demo-home")))
