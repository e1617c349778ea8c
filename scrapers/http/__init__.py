"""The one polite way out of the house: every source is read through it."""

from scrapers.http.answers import Blocked
from scrapers.http.session import Clock, PoliteSession

__all__ = ["Blocked", "Clock", "PoliteSession"]
