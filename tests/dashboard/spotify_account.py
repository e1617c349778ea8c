"""A Spotify account that stands as a test wants it, for what only asks how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from hybrid.spotify.account import AccountState
from scrapers.spotify import AppKeys


@dataclass
class Standing:
    """As `hybrid.spotify.account.Account`, as far as nothing is asked of Spotify."""

    stage: Any = "no_app"
    secret: str = ""
    paused_until: datetime | None = None
    paused_reason: str = ""

    def state(self) -> AccountState:
        return AccountState(self.stage, "Mara", self.paused_until, self.paused_reason)

    def keys(self) -> AppKeys | None:
        return None if self.stage == "no_app" else AppKeys("a" * 32, self.secret)


def stand(patch: pytest.MonkeyPatch, stage: str, **how: Any) -> Standing:
    """Let the account stand so, for page and terminal."""
    standing = Standing(stage, **how)
    patch.setattr("dashboard.links.account", lambda *_: standing)
    return standing
