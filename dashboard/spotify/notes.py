"""What is to be told on the page that a browser is sent on to.

An address must not be able to put words into Segue's mouth: it carries only the name of a
sentence that stays here.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from flask import current_app

_KEY = "SEGUE_SPOTIFY_NOTES"
_MOST = 50


class Notes:
    """The last sentences that were left for a page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, str] = OrderedDict()

    def keep(self, sentence: str) -> str:
        """Keep a sentence and return the name to ask for it by."""
        name = secrets.token_urlsafe(9)
        with self._lock:
            self._kept[name] = sentence
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> str:
        """Return a sentence; empty if nothing is kept by that name."""
        with self._lock:
            return self._kept.get(name, "")


def current_notes() -> Notes:
    """Return the notes of the app that answers the present request."""
    notes: Notes = current_app.extensions.setdefault(_KEY, Notes())
    return notes
