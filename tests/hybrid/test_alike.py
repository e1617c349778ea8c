"""What sounds alike, as it is named to the one who asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid import listen
from hybrid.alike import alike
from hybrid.analysis import analyse_files
from tests.hybrid.ears import EAR


def test_what_is_no_known_recording_goes_by_its_path(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
    asked, plain, named = (tmp_path / f"{name}.mp3" for name in ("a", "track02", "Anna - Moon"))
    for file in (asked, plain, named):
        file.write_text(file.stem)
    with ThreadPoolExecutor(1) as pool:
        list(analyse_files(catalogue, Settings(), [asked, plain, named], EAR, executor=pool))

    results = alike(catalogue, Settings(), [asked]).results
    assert {found.name for found in results} == {str(plain), "Anna - Moon"}
