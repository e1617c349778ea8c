"""What the pages ask for: one `Library` a process, and beside it what single pages need of it."""

from __future__ import annotations

from dashboard.services.library import (
    SILENCE,
    Library,
    Sounds,
    attach,
    current_library,
)

__all__ = ["SILENCE", "Library", "Sounds", "attach", "current_library"]
