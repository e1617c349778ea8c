"""Jobs hear by an ear that needs no encoder."""

from __future__ import annotations

import pytest

from hybrid import listen
from tests.hybrid.ears import EAR


@pytest.fixture
def light_ear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are heard by `tests.hybrid.ears`."""
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
