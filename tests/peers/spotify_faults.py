"""Every way in which Spotify was seen to fail, as answers that the peer can be told to give."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.peers import faults
from tests.peers.serving import Answer, as_json, as_text
from tests.peers.spotify_catalogue import entries_of

NOT_REGISTERED = (
    "Check settings on developer.spotify.com/dashboard, the user may not be registered."
)
PREMIUM = (
    "Active premium subscription required for the owner of the app. If you have recently "
    "purchased a subscription, it can take a few hours to take effect."
)
#: Seen in the wild: 13.6 hours.
QUOTA_SECONDS = "48925"

_PLAIN = {
    "expired": (401, "The access token expired"),
    "premium": (403, PREMIUM),
    "forbidden": (403, "Forbidden"),
    "scope": (403, "Insufficient client scope"),
    "not_found": (404, "Resource not found"),
    "bad_limit": (400, "Invalid limit"),
}
KINDS = (
    *faults.KINDS,
    *_PLAIN,
    "invalid_grant",  # of the token endpoint
    "not_registered",  # HTTP 403 in plain text
    "busy",  # HTTP 429 with no reason
    "quota",  # HTTP 429 with the reason QUOTA_EXCEEDED
    "string_error",  # {"error": "text"}
    "nulls",  # a null before the items of a list
)


@dataclass
class SpotifyFault(faults.Fault):
    """A `Fault` that knows Spotify's own."""

    @property
    def is_done(self) -> bool:
        return self.kind == "nulls" or super().is_done

    def spoil(self, answer: Answer) -> Answer:
        if self.kind != "nulls":
            return super().spoil(answer)
        value = json.loads(answer.body)
        for entries in entries_of(value):
            entries[:0] = [None]
        return as_json(value, answer.status)

    def answer(self) -> Answer:
        if self.kind in _PLAIN:
            status, words = _PLAIN[self.kind]
            return error(status, self.words or words)
        if self.kind == "invalid_grant":
            words = self.words or "Refresh token revoked"
            return as_json({"error": "invalid_grant", "error_description": words}, 400)
        if self.kind == "not_registered":
            return as_text(self.words or NOT_REGISTERED, 403)
        if self.kind in ("busy", "quota"):
            return self._too_many()
        if self.kind == "string_error":
            return as_json({"error": self.words or "something broke"}, self.status or 400)
        return super().answer()

    def _too_many(self) -> Answer:
        usual = "3" if self.kind == "busy" else QUOTA_SECONDS
        value: dict[str, object] = {"status": 429, "message": "API rate limit exceeded"}
        if self.kind == "quota":
            value = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
        wait = None if self.retry_after is None else self.retry_after or usual
        return as_json({"error": value}, 429, {"Retry-After": wait} if wait else {})


def error(status: int, message: str) -> Answer:
    """ErrorObject."""
    return as_json({"error": {"status": status, "message": message}}, status)
