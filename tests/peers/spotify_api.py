"""The calls of Spotify's Web API that the peer answers, each after the document allowed it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.peers.serving import Answer, Request, as_json
from tests.peers.spotify_accounts import Accounts, Token, User
from tests.peers.spotify_catalogue import TrackShelf, is_id, page
from tests.peers.spotify_faults import error
from tests.peers.spotify_playlists import Playlists, Refused, SpotifyPlaylist, chosen, user_json
from tests.peers.spotify_spec import Spec, lacks_scope, refusal

#: A longer search text is refused.
MOST_LETTERS = 250
MOST_LIBRARY_URIS = 40

_CONTAINS = {
    "track": "user-library-read",
    "artist": "user-follow-read",
    "user": "user-follow-read",
    "playlist": "playlist-read-private",
}


@dataclass(frozen=True)
class _Call:
    """A request that the document allows, with who asks and the ids in its path."""

    request: Request
    token: Token
    ids: dict[str, str]

    @property
    def query(self) -> dict[str, str]:
        return self.request.query

    @property
    def body(self) -> dict[str, Any]:
        return self.request.body or {}

    def number(self, name: str, default: int) -> int:
        return int(self.query.get(name, default))


@dataclass
class Api:
    """What answers under ``/v1/``."""

    spec: Spec
    accounts: Accounts
    shelf: TrackShelf
    playlists: Playlists
    users: dict[str, User]

    def __post_init__(self) -> None:
        self._calls: dict[tuple[str, str], Callable[[_Call], Any]] = {
            ("get", "/me"): self._me,
            ("get", "/tracks/{id}"): self._track,
            ("get", "/search"): self._search,
            ("get", "/me/playlists"): self._my_playlists,
            ("post", "/me/playlists"): self._create,
            ("get", "/playlists/{playlist_id}"): self._playlist,
            ("put", "/playlists/{playlist_id}"): self._rename,
            ("get", "/playlists/{playlist_id}/items"): self._items,
            ("post", "/playlists/{playlist_id}/items"): self._add,
            ("put", "/playlists/{playlist_id}/items"): self._replace,
            ("delete", "/playlists/{playlist_id}/items"): self._take_out,
            ("get", "/me/library/contains"): self._contains,
            ("delete", "/me/library"): self._unfollow,
        }

    def answer(self, request: Request, path: str) -> Answer:
        """Answer a request for `path`, which begins after ``/v1``."""
        header = request.headers.get("Authorization", "")
        if problem := self.accounts.problem(header):
            return error(401, problem)
        token = self.accounts.tokens[header.partition(" ")[2]]
        operation, ids, known = self.spec.find(request.method, path)
        if operation is None:
            return error(405, "Method not allowed") if known else error(404, "Service not found")
        if wrong := refusal(operation, request):
            return error(wrong.status, wrong.message)
        if not token.user and path.startswith("/me"):
            return error(401, "Valid user authentication required")
        if lacks_scope(operation, token.scopes):
            return error(403, "Insufficient client scope")
        call = self._calls.get((operation.method, operation.path))
        if call is None:
            return error(501, "The document has this call, but the peer does not know it")
        try:
            value = call(_Call(request, token, ids))
        except Refused as refused:
            return error(*refused.args)
        return as_json(value, 201 if operation.method == "post" else 200)

    def _me(self, call: _Call) -> dict[str, Any]:
        user = self.users[call.token.user]
        value = {**user_json(self.shelf.url, user), "account_id": user.account_id, "images": []}
        return {**value, "href": f"{self.shelf.url}/me"}

    def _market(self, call: _Call) -> str:
        """Country of a call; with neither a market nor a person, nothing can be played."""
        market = call.query.get("market", "")
        if market and not re.fullmatch(r"[A-Z]{2}|from_token", market):
            raise Refused(400, "Invalid market code")
        return market if market or call.token.user else "nowhere"

    def _address(self, call: _Call, instead: dict[str, str] | None = None) -> str:
        """Where the pages of an answer are, but for their place."""
        kept = {k: v for k, v in call.query.items() if k not in ("offset", "limit")}
        path = call.request.path.removeprefix("/v1")
        return f"{self.shelf.url}{path}?{urlencode({**kept, **(instead or {})})}".rstrip("?")

    def _track(self, call: _Call) -> dict[str, Any]:
        if not is_id(call.ids["id"]):
            raise Refused(400, "Invalid base62 id")
        track, market = self.shelf.tracks.get(call.ids["id"]), self._market(call)
        if track is None or market == "nowhere":
            raise Refused(404, "Resource not found")
        return self.shelf.as_json(track, market)

    def _search(self, call: _Call) -> dict[str, Any]:
        question, market = call.query["q"], self._market(call)
        if not question.strip():
            raise Refused(400, "No search query")
        if len(question) > MOST_LETTERS:
            raise Refused(400, f"Query exceeds maximum length of {MOST_LETTERS} characters")
        answer = {}
        for kind in call.query["type"].split(","):
            found = []
            if kind == "track" and market != "nowhere":
                tracks = self.shelf.search(question, market)
                found = [self.shelf.as_json(track, market) for track in tracks]
            number = call.number("offset", 0), call.number("limit", 5)
            answer[f"{kind}s"] = page(found, self._address(call, {"type": kind}), *number)
        return answer

    # ---- playlists

    def _my_playlists(self, call: _Call) -> dict[str, Any]:
        mine = [self.playlists.simple(one) for one in self.playlists.of(call.token.user)]
        number = call.number("offset", 0), call.number("limit", 20)
        return page(mine, self._address(call), *number)

    def _create(self, call: _Call) -> dict[str, Any]:
        body, user = call.body, call.token.user
        public = body.get("public", True)
        needed = "playlist-modify-public" if public else "playlist-modify-private"
        if needed not in call.token.scopes:
            raise Refused(403, "Insufficient client scope")
        if not body.get("name"):
            raise Refused(400, "Missing required field: name")
        if body.get("collaborative") and public:
            raise Refused(400, "Collaborative playlists can only be private.")
        told = {name: body[name] for name in ("description", "collaborative") if name in body}
        made = self.playlists.make(self.users[user], body["name"], public=public, **told)
        return self.playlists.full(made, user, "")

    def _playlist(self, call: _Call) -> Any:
        one = self._found(call)
        market = self._market(call)
        value = self.playlists.full(one, call.token.user, market)
        return chosen(value, call.query["fields"]) if "fields" in call.query else value

    def _rename(self, call: _Call) -> dict[str, Any]:
        one = self._own(call)
        for name in ("name", "description", "public", "collaborative"):
            setattr(one, name, call.body.get(name, getattr(one, name)))
        return {}

    def _items(self, call: _Call) -> Any:
        one, market = self._own(call), self._market(call)
        number = call.number("offset", 0), call.number("limit", 20)
        value = self.playlists.items(one, market, *number, address=self._address(call))
        return chosen(value, call.query["fields"]) if "fields" in call.query else value

    def _add(self, call: _Call) -> dict[str, str]:
        one, uris = self._own(call), self._uris(call)
        if not uris:
            raise Refused(400, "No uris provided")
        place = int(call.query.get("position", call.body.get("position", len(one.entries))))
        if not 0 <= place <= len(one.entries):
            raise Refused(400, "Index out of bounds")
        return self.playlists.change(one, [*one.entries[:place], *uris, *one.entries[place:]])

    def _replace(self, call: _Call) -> dict[str, str]:
        one, body = self._own(call), call.body
        orders = "range_start" in body or "insert_before" in body
        if orders and ("uris" in body or "uris" in call.query):
            raise Refused(400, "Reordering and replacing cannot be done together")
        if not orders:
            if "uris" not in body and "uris" not in call.query:
                raise Refused(400, "No uris provided")
            return self.playlists.change(one, [*self._uris(call)])
        start, length = body.get("range_start", 0), body.get("range_length", 1)
        moved, place = one.entries[start : start + length], body.get("insert_before", 0)
        rest = one.entries[:start] + one.entries[start + length :]
        place -= length if place > start else 0
        return self.playlists.change(one, rest[:place] + moved + rest[place:])

    def _take_out(self, call: _Call) -> dict[str, str]:
        one = self._own(call)
        gone = {item.get("uri") for item in call.body.get("items", ())}
        return self.playlists.change(one, [entry for entry in one.entries if entry not in gone])

    def _uris(self, call: _Call) -> list[str]:
        # Where both are given, those in the address count.
        named = call.query.get("uris")
        uris = named.split(",") if named else call.body.get("uris", [])
        return self.playlists.checked(uris)

    def _found(self, call: _Call) -> SpotifyPlaylist:
        return self.playlists.get(call.ids["playlist_id"])

    def _own(self, call: _Call) -> SpotifyPlaylist:
        return self.playlists.open(call.ids["playlist_id"], call.token.user)

    # ---- library

    def _contains(self, call: _Call) -> list[bool]:
        return [self._has(call, kind, ident) for kind, ident in self._library(call)]

    def _has(self, call: _Call, kind: str, ident: str) -> bool:
        if _CONTAINS.get(kind, "user-library-read") not in call.token.scopes:
            raise Refused(403, "Insufficient client scope")
        mine = self.playlists.of(call.token.user)
        return kind == "playlist" and any(one.id == ident for one in mine)

    def _unfollow(self, call: _Call) -> dict[str, Any]:
        user = call.token.user
        for kind, ident in self._library(call):
            if kind == "playlist":
                one = self.playlists.get(ident)
                one.followed = one.followed and one.owner.id != user
                one.followers.discard(user)
                one.collaborators.discard(user)
        return {}

    def _library(self, call: _Call) -> list[tuple[str, str]]:
        uris = call.query["uris"].split(",")
        if len(uris) > MOST_LIBRARY_URIS:
            raise Refused(400, f"Too many uris: {MOST_LIBRARY_URIS} at most")
        parts = [re.fullmatch(r"spotify:(\w+):([0-9A-Za-z]+)", uri) for uri in uris]
        if not all(parts):
            raise Refused(400, "Invalid uri")
        return [(part[1], part[2]) for part in parts if part]
