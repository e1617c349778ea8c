"""The time as the catalogue keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now(later_s: float = 0.0) -> str:
    """Return the time in ISO 8601 in UTC, as text that sorts as time does.

    Parameters
    ----------
    later_s : float
        Seconds from now; below 0 is the past.
    """
    at = datetime.now(UTC) + timedelta(seconds=later_s)
    return at.isoformat(timespec="microseconds")
