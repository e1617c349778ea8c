"""A push leaves exactly its plan in the playlist, whatever happened on the way."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from data.catalogue import Catalogue
from hybrid.spotify import plan as planning
from hybrid.spotify.account import Account
from hybrid.spotify.plan import Mode, Plan
from hybrid.spotify.push import Pushed, push
from scrapers.spotify import PlaylistItem, SpotifyClient, SpotifyProblem
from tests.hybrid.spotify.signing import settings_of, sign_in
from tests.peers.spotify import STRANGER, SpotifyPeer

Shelf = Callable[[int], list[str]]
MODES: tuple[Mode, ...] = ("new", "replace", "append")


def uris(idents: list[str]) -> list[str]:
    return [f"spotify:track:{ident}" for ident in idents]


def writes(peer: SpotifyPeer) -> list[tuple[str, int]]:
    """Method and number of tracks of every write."""
    return [
        (asked.method, len((asked.body or {}).get("uris", ())))
        for asked in peer.requests
        if asked.method not in ("GET",) and asked.path != "api/token"
    ]


class Scene:
    """A DJ with one playlist, and a plan in one of the three modes."""

    def __init__(self, mode: Mode, catalogue: Catalogue, account: Account, peer: SpotifyPeer):
        self.mode, self.catalogue, self.account, self.peer = mode, catalogue, account, peer
        self.tracks = [peer.add_track("Orla Kest", f"Lantern {n}") for n in range(1, 5)]
        self.stranger = peer.add_track("Bram Tully", "Harbour")
        # Something else, and one that is planned too.
        self.mine = peer.add_playlist("Mine", [self.stranger, self.tracks[2]])
        self.plan = Plan.of(
            [track.id for track in self.tracks],
            crate_id=1,
            mode=mode,
            name="Friday" if mode == "new" else "",
            playlist_id="" if mode == "new" else self.mine.id,
        )
        peer.requests.clear()

    def push(self, **more: Any) -> Pushed:
        return push(self.account.client(), self.catalogue.pushes, self.plan, **more)

    def check(self) -> None:
        """The playlist holds the plan and nothing else was touched; pressing again is nothing."""
        ours = [track.uri for track in self.tracks]
        if self.mode == "append":
            rest = [uri for uri in ours if uri != self.tracks[2].uri]
            expected = [self.stranger.uri, self.tracks[2].uri, *rest]
        else:
            expected = ours
        changed = [one for one in self.peer.playlists.values() if one is not self.mine]
        if self.mode == "new":
            [made] = changed
            assert self.mine.uris == [self.stranger.uri, self.tracks[2].uri]
            assert made.uris == expected
        else:
            assert not changed
            assert self.mine.uris == expected
        self.peer.requests.clear()
        again = self.push()
        assert (again.verified, again.wrote, again.added, again.there) == (True, False, 0, 4)
        assert writes(self.peer) == []


@pytest.fixture(params=MODES)
def scene(
    request: pytest.FixtureRequest,
    catalogue: Catalogue,
    account: Account,
    peer: SpotifyPeer,
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    monkeypatch.setattr(planning, "CHUNK", 2)
    return Scene(request.param, catalogue, account, peer)


def test_it_writes_the_plan_reads_it_back_and_a_second_time_nothing(scene: Scene) -> None:
    came = scene.push()
    assert (came.verified, came.wrote) == (True, True)
    assert came.link.endswith(came.playlist_id)
    there = {"new": 0, "replace": 1, "append": 1}[scene.mode]
    assert (came.added, came.there) == (4 - there, there)
    assert came.gone == (1 if scene.mode == "replace" else 0)
    assert came.total == (5 if scene.mode == "append" else 4)
    [kept] = scene.catalogue.pushes.of_crate(1)
    assert (kept.done, kept.playlist_id, kept.total) == (True, came.playlist_id, came.total)
    assert kept.snapshot_id
    scene.check()


@pytest.mark.parametrize("kind", ["drop", "done_but_drop", "server", "done_but_502", "cut"])
def test_a_push_whose_writes_get_no_answer_goes_on_without_duplicates(
    scene: Scene, kind: Any
) -> None:
    """At each write in turn, once or until it gives up."""
    came: list[Pushed | None] = []
    for times, after in itertools.product((1, 9), range(4)):
        faults = [
            scene.peer.fail(kind, times, method=method, path=path, after=after)
            for method, path in (("POST", "*playlists*"), ("PUT", "playlists/*/items"))
        ]
        try:
            came.append(scene.push())
        except SpotifyProblem as problem:
            assert problem.kind in ("unreachable", "damaged")
            came.append(None)
        met = any(fault.times < times for fault in faults)
        scene.peer.heal()
        assert scene.push().verified
        scene.check()
        assert met or after
        reset(scene)
    assert all(one is None or one.verified for one in came)
    assert came[0] is not None  # one bad answer is lived through
    assert (None in came) == (kind in ("drop", "server"))


@pytest.mark.parametrize("kind", ["timeout", "done_but_timeout"])
def test_a_write_that_is_never_answered_is_looked_at_before_it_is_done_again(
    catalogue: Catalogue, peer: SpotifyPeer, shelf: Shelf, kind: Any
) -> None:
    account = Account(catalogue, settings_of(peer, http_timeout=0.3))
    account.set_keys(peer.app.client_id)
    sign_in(account, peer)
    plan = Plan.of(shelf(3), crate_id=1, mode="new", name="Friday")
    for path in ("me/playlists", "playlists/*/items"):
        peer.fail(kind, method="POST", path=path)
    assert push(account.client(), catalogue.pushes, plan).verified
    [made] = peer.playlists.values()
    assert made.uris == list(plan.uris)


def test_writes_that_are_all_done_and_never_confirmed_come_to_an_end(
    catalogue: Catalogue,
    account: Account,
    peer: SpotifyPeer,
    shelf: Shelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 1)
    peer.fail("done_but_502", 99, method="POST")
    plan = Plan.of(shelf(6), crate_id=1, mode="new", name="Friday")
    assert push(account.client(), catalogue.pushes, plan).verified
    [made] = peer.playlists.values()
    assert made.uris == list(plan.uris)


class Late:
    """A client whose first write of tracks gets no answer and is done after the second."""

    def __init__(self, client: SpotifyClient) -> None:
        self._client = client
        self._writes: list[tuple[str, tuple[str, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def add_items(self, ident: str, uris: tuple[str, ...]) -> str:
        self._writes.append((ident, uris))
        if len(self._writes) == 1:
            raise SpotifyProblem("unreachable")
        snapshot = self._client.add_items(ident, uris)
        if len(self._writes) == 2:
            self._client.add_items(*self._writes[0])
        return snapshot


def test_a_write_that_comes_late_and_twice_is_put_right_in_a_playlist_of_segues_own(
    catalogue: Catalogue, account: Account, peer: SpotifyPeer, shelf: Shelf
) -> None:
    plan = Plan.of(shelf(3), crate_id=1, mode="new", name="Friday")
    came = push(Late(account.client()), catalogue.pushes, plan)
    assert (came.verified, came.total) == (True, 3)
    [made] = peer.playlists.values()
    assert made.uris == list(plan.uris)
    assert [one.method for one in peer.asked(path="playlists/*/items")][-2:] == ["PUT", "GET"]


class Stale:
    """A client that shows a playlist as it was before the last write, so many times."""

    def __init__(self, client: SpotifyClient, times: int) -> None:
        self._client, self._times = client, times
        self._shown: list[PlaylistItem] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def add_items(self, ident: str, uris: tuple[str, ...]) -> str:
        self._shown = list(self._client.items(ident))
        return self._client.add_items(ident, uris)

    def items(self, ident: str) -> Iterator[PlaylistItem]:
        if self._times:
            self._times -= 1
            yield from self._shown
        else:
            yield from self._client.items(ident)


@pytest.mark.parametrize("times", [2, 99])
@pytest.mark.parametrize("mode", ["new", "append"])
def test_what_is_shown_late_is_not_written_again(
    catalogue: Catalogue,
    account: Account,
    peer: SpotifyPeer,
    shelf: Shelf,
    mode: Mode,
    times: int,
) -> None:
    mine = peer.add_playlist("Mine")
    target = "" if mode == "new" else mine.id
    plan = Plan.of(shelf(3), crate_id=1, mode=mode, name="Friday", playlist_id=target)
    waited: list[float] = []
    stale = Stale(account.client(), times)
    came = push(stale, catalogue.pushes, plan, sleep=waited.append)
    assert came.verified is (times == 2)
    assert peer.playlists[came.playlist_id].uris == list(plan.uris)
    assert len(waited) >= 1
    assert push(account.client(), catalogue.pushes, plan).verified
    assert peer.playlists[came.playlist_id].uris == list(plan.uris)


def test_a_push_that_cannot_read_goes_on_later(scene: Scene) -> None:
    for after in range(2):
        scene.peer.fail("forbidden", method="GET", path="*playlists*", after=after)
        with pytest.raises(SpotifyProblem):
            scene.push()
        scene.peer.heal()
        assert scene.push().verified
        scene.check()
        reset(scene)


def reset(scene: Scene) -> None:
    """Everything as it was before any push."""
    for ident in [one.id for one in scene.peer.playlists.values() if one is not scene.mine]:
        del scene.peer.playlists[ident]
    scene.mine.entries = [scene.stranger.uri, scene.tracks[2].uri]
    scene.catalogue.pushes.forget_all()
    scene.peer.requests.clear()


class Killed(BaseException):
    """The process dies."""


class Mortal:
    """Anything whose methods end the process, at the last call of its life and after its work."""

    def __init__(self, it: Any, life: list[int]) -> None:
        self._it, self._life = it, life

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._it, name)

        def called(*args: Any, **more: Any) -> Any:
            made = method(*args, **more)
            made = list(made) if name in ("items", "playlists") else made
            self._life[0] -= 1
            if not self._life[0]:
                raise Killed
            return made

        return called


def test_a_push_that_died_half_way_goes_on_without_duplicates(scene: Scene) -> None:
    """Killed after each call of Spotify and of the catalogue in turn.

    After one call is before the next, so that no moment is left out.
    """
    deaths = 0
    for lives in itertools.count(1):
        life = [lives]
        client, book = Mortal(scene.account.client(), life), Mortal(scene.catalogue.pushes, life)
        try:
            push(client, book, scene.plan)  # type: ignore[arg-type]
        except Killed:
            deaths += 1
        else:
            break
        assert scene.push().verified
        scene.check()
        reset(scene)
    assert deaths >= 8


def test_one_that_is_cancelled_goes_on(scene: Scene) -> None:
    def tell(step: str, done: int, total: int) -> None:
        if step == "Writing to Spotify" and done >= 2:
            raise Killed

    with pytest.raises(Killed):
        scene.push(tell=tell)
    before = len(writes(scene.peer))
    assert before > 0
    assert scene.push().verified
    scene.check()


@pytest.mark.parametrize("mode", MODES)
def test_two_hundred_and_fifty_tracks_go_in_chunks_of_100_and_come_back_in_pages_of_50(
    mode: Mode, catalogue: Catalogue, account: Account, peer: SpotifyPeer, shelf: Shelf
) -> None:
    idents = shelf(250)
    mine = peer.add_playlist("Mine")
    target = "" if mode == "new" else mine.id
    plan = Plan.of(idents, crate_id=1, mode=mode, name="Big", playlist_id=target)
    told: list[tuple[str, int, int]] = []
    came = push(account.client(), catalogue.pushes, plan, tell=lambda *place: told.append(place))
    first = {"new": [("POST", 0), ("POST", 100)], "replace": [("PUT", 100)]}
    assert writes(peer) == [*first.get(mode, [("POST", 100)]), ("POST", 100), ("POST", 50)]
    assert peer.playlists[came.playlist_id].uris == uris(idents)
    pages = [
        (asked.query.get("limit"), asked.query.get("offset", "0"))
        for asked in peer.asked("GET", "playlists/*/items")
    ][-5:]
    assert pages == [("50", str(offset)) for offset in range(0, 250, 50)]
    assert (came.verified, came.total, came.added) == (True, 250, 250)
    assert [done for step, done, _ in told if step == "Writing to Spotify"] == [0, 100, 200]
    assert told[-1] == ("Reading the playlist", 250, 0)


class TestWhatTheDjDoesInBetween:
    """Nothing that the DJ did with a playlist at Spotify is undone."""

    @pytest.fixture
    def made(self, catalogue: Catalogue, account: Account, peer: SpotifyPeer) -> Scene:
        scene = Scene("new", catalogue, account, peer)
        scene.push()
        peer.requests.clear()
        return scene

    @staticmethod
    def playlist(scene: Scene) -> Any:
        [one] = [one for one in scene.peer.playlists.values() if one is not scene.mine]
        return one

    def test_another_order_and_more_tracks_stay(self, made: Scene, peer: SpotifyPeer) -> None:
        playlist = self.playlist(made)
        playlist.entries = [made.stranger.uri, *reversed(playlist.entries)]
        kept = list(playlist.entries)
        assert not made.push().wrote
        assert playlist.entries == kept
        assert writes(peer) == []

    def test_a_track_that_was_taken_out_comes_back_at_the_end(self, made: Scene) -> None:
        playlist = self.playlist(made)
        del playlist.entries[0]
        came = made.push()
        assert (came.added, came.there, came.verified) == (1, 3, True)
        assert playlist.uris == [track.uri for track in (*made.tracks[1:], made.tracks[0])]

    def test_a_playlist_that_was_deleted_is_made_anew(self, made: Scene, peer: SpotifyPeer) -> None:
        gone = self.playlist(made)
        gone.followed = False
        came = made.push()
        assert came.playlist_id != gone.id
        assert peer.playlists[came.playlist_id].uris == gone.uris

    def test_after_signing_out_and_in_the_playlist_is_found_by_its_description(
        self, made: Scene, account: Account
    ) -> None:
        playlist = self.playlist(made)
        playlist.name, playlist.entries = "Renamed", list(reversed(playlist.entries))
        made.catalogue.pushes.forget_all()
        came = made.push()
        assert (came.playlist_id, came.wrote, came.verified) == (playlist.id, False, True)

    def test_one_that_is_found_after_signing_out_stays_the_djs_if_the_push_dies(
        self, made: Scene
    ) -> None:
        playlist = self.playlist(made)
        playlist.entries = list(reversed(playlist.entries))
        kept = list(playlist.entries)
        for lives in range(1, 7):
            made.catalogue.pushes.forget_all()
            life = [lives]
            book = Mortal(made.catalogue.pushes, life)
            with contextlib.suppress(Killed):
                push(Mortal(made.account.client(), life), book, made.plan)  # type: ignore[arg-type]
            assert not made.push().wrote
            assert playlist.entries == kept

    def test_one_that_is_found_half_written_after_signing_out_is_finished_in_order(
        self, made: Scene
    ) -> None:
        """Also where a write came late and stands there twice."""
        a, b, c, d = (track.uri for track in made.tracks)
        for there in ([], [a, b], [a, b, a, b], [a, b, c, d, c, d], [c, d]):
            playlist = self.playlist(made)
            playlist.entries = list(there)
            made.catalogue.pushes.forget_all()
            assert made.push().verified
            assert playlist.uris == [a, b, c, d]

    def test_nothing_that_is_the_djs_own_goes_from_one_that_is_found_after_signing_out(
        self, made: Scene
    ) -> None:
        a, b, c, d = (track.uri for track in made.tracks)
        own, gone = made.stranger.uri, {"is_local": False, "item": None}
        for there, then in (
            ([gone, a, b], [gone, a, b, c, d]),
            ([d, own, b, a], [d, own, b, a, c]),
            ([own, a, b, a, b], [own, a, b, a, b, c, d]),
            ([own], [own, a, b, c, d]),
        ):
            playlist = self.playlist(made)
            playlist.entries = list(there)
            made.catalogue.pushes.forget_all()
            assert made.push().verified
            assert playlist.entries == then

    def test_another_crate_or_name_is_another_playlist(self, made: Scene) -> None:
        other = Plan.of([made.tracks[0].id], crate_id=1, mode="new", name="Friday")
        renamed = Plan.of(
            [track.id for track in made.tracks], crate_id=1, mode="new", name="Saturday"
        )
        pushes = made.catalogue.pushes
        came = [push(made.account.client(), pushes, plan) for plan in (other, renamed)]
        assert len({one.playlist_id for one in came}) == 2
        assert len(made.peer.playlists) == 4


class TestOddPlaylists:
    def test_what_was_not_spotifys_stays_when_appending(
        self, catalogue: Catalogue, account: Account, peer: SpotifyPeer, shelf: Shelf
    ) -> None:
        idents = shelf(3)
        mine = peer.add_playlist("Mine")
        mine.add_local("Attic Tape", "Nobody at All")
        mine.add_episode("Two Turntables")
        mine.add_gone()
        mine.add_null()
        plan = Plan.of(idents, crate_id=1, mode="append", name="", playlist_id=mine.id)
        came = push(account.client(), catalogue.pushes, plan)
        assert (came.verified, came.total, came.added) == (True, 7, 3)
        assert len(mine.entries) == 7
        assert not push(account.client(), catalogue.pushes, plan).wrote

    @pytest.mark.parametrize("mode", ["new", "replace"])
    def test_a_track_that_spotify_took_away_since_is_not_put_in_again_and_again(
        self, mode: Mode, catalogue: Catalogue, account: Account, peer: SpotifyPeer, shelf: Shelf
    ) -> None:
        mine = peer.add_playlist("Mine")
        target = "" if mode == "new" else mine.id
        plan = Plan.of(shelf(4), crate_id=1, mode=mode, name="F", playlist_id=target)
        made = push(account.client(), catalogue.pushes, plan).playlist_id
        playlist = peer.playlists[made]
        playlist.entries[1] = {"is_local": False, "item": None}
        for _ in range(2):
            push(account.client(), catalogue.pushes, plan)
        # What a new one lacks, the DJ may have taken out: it is put in once.
        assert len(playlist.entries) == (5 if mode == "new" else 4)

    def test_a_strangers_playlist_is_refused_in_a_sentence(
        self, catalogue: Catalogue, account: Account, peer: SpotifyPeer, shelf: Shelf
    ) -> None:
        theirs = peer.add_playlist("Theirs", owner=STRANGER)
        plan = Plan.of(shelf(1), crate_id=1, mode="append", name="", playlist_id=theirs.id)
        with pytest.raises(SpotifyProblem) as refused:
            push(account.client(), catalogue.pushes, plan)
        assert refused.value.kind == "forbidden"
        assert theirs.uris == []

    def test_a_quota_that_runs_out_half_way_is_told_with_its_end_and_the_rest_comes_later(
        self,
        catalogue: Catalogue,
        account: Account,
        peer: SpotifyPeer,
        shelf: Shelf,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(planning, "CHUNK", 2)
        idents = shelf(5)
        plan = Plan.of(idents, crate_id=1, mode="new", name="Friday")
        peer.fail("quota", method="POST", path="playlists/*/items", after=1)
        with pytest.raises(SpotifyProblem) as refused:
            push(account.client(), catalogue.pushes, plan)
        assert refused.value.kind == "quota"
        assert refused.value.until is not None
        asked = len(peer.requests)
        with pytest.raises(SpotifyProblem):
            push(account.client(), catalogue.pushes, plan)
        assert len(peer.requests) == asked  # nothing is asked until then

    def test_a_short_pause_is_waited_out(
        self, catalogue: Catalogue, account: Account, peer: SpotifyPeer, shelf: Shelf
    ) -> None:
        peer.fail("busy", method="POST", path="playlists/*/items", retry_after="1")
        plan = Plan.of(shelf(2), crate_id=1, mode="new", name="Friday")
        assert push(account.client(), catalogue.pushes, plan).verified
