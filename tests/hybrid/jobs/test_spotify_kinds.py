"""Jobs that ask Spotify do what they say, tell how far they are, and go on after a fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest

from data.catalogue import Catalogue, Job, Sound
from data.harmony import parse_key
from data.records import Analysis, Entry, OutsideId, Track
from data.settings import Settings
from hybrid import preview_listening, previews
from hybrid.executors import GivenHands
from hybrid.jobs import run_job, spotify_kinds
from hybrid.spotify import plan as planning
from hybrid.spotify import push as pushing
from hybrid.spotify.account import Account
from tests.hybrid import previewing
from tests.hybrid.spotify.signing import settings_of, sign_in
from tests.peers.deezer import DeezerPeer
from tests.peers.itunes import ItunesPeer
from tests.peers.spotify import SpotifyPeer

Do = Callable[..., Job]


@pytest.fixture
def peer() -> Iterator[SpotifyPeer]:
    with SpotifyPeer() as serving:
        yield serving


@pytest.fixture
def settings(peer: SpotifyPeer) -> Settings:
    return settings_of(peer)


@pytest.fixture
def signed_in(catalogue: Catalogue, settings: Settings, peer: SpotifyPeer) -> Account:
    account = Account(catalogue, settings)
    account.set_keys(peer.app.client_id)
    sign_in(account, peer)
    peer.requests.clear()
    return account


@pytest.fixture
def do(catalogue: Catalogue, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Do:
    """Queue a job and run it, or run one that was queued again."""
    monkeypatch.setattr(pushing, "_LATE_S", 0)

    def do(kind: str = "", *, told: Settings | None = None, **options: Any) -> Job:
        if kind:
            catalogue.jobs.add(kind, "A job", options)
        job = catalogue.jobs.claim("me")
        assert job is not None
        return run_job(catalogue, told or settings, job, "me")

    return do


def crate_of(catalogue: Catalogue, *tracks: Track) -> int:
    return catalogue.add_playlist("Friday", [Entry(track) for track in tracks]).crate_id


def log_of(catalogue: Catalogue, job: Job) -> str:
    return "\n".join(line.text for line in catalogue.jobs.lines(job.id))


@pytest.mark.usefixtures("signed_in")
class TestMatch:
    def test_every_track_comes_back_matched_doubtful_or_missing_with_what_the_page_needs(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer
    ) -> None:
        lantern = peer.add_track("Orla Kest", "Lantern", isrc="QZXXX2400001", duration_s=300)
        edit = peer.add_track("Orla Kest", "Harbour - Radio Edit", duration_s=190)
        other = peer.add_track("Bram Tully", "Ferry - Otto Falk Remix")
        crate = crate_of(
            catalogue,
            Track("Orla Kest", "Lantern", ids=(OutsideId("isrc", "QZXXX2400001", "file"),)),
            Track("Orla Kest", "Harbour"),
            Track("Bram Tully", "Ferry"),
            Track("Nobody", "Nothing"),
        )
        job = do("spotify_match", crate_id=crate)
        assert (job.state, job.step, job.done, job.total) == ("done", "Looking on Spotify", 4, 4)
        result = job.result
        assert result["summary"] == "1 matched, 1 doubtful, 2 not on Spotify."
        assert (result["matched"], result["doubtful"], result["missing"]) == (1, 1, 2)
        assert (result["crate_id"], result["stamp"]) == (
            crate,
            catalogue.crate_state(crate).stamp,
        )
        rows = result["matches"]
        assert [row["recording_id"] for row in rows] == list(catalogue.crate(crate))
        assert rows[0] == {
            "recording_id": rows[0]["recording_id"],
            "artist": "Orla Kest",
            "title": "Lantern",
            "state": "matched",
            "how": "isrc",
            "why": "It has the same ISRC and name.",
            "chosen": {
                "id": lantern.id,
                "artist": "Orla Kest",
                "title": "Lantern",
                "album": "Lantern",
                "duration_s": 300.0,
                "link": f"https://open.spotify.com/track/{lantern.id}",
                "score": rows[0]["chosen"]["score"],
                "why": "",
            },
            "alternatives": [],
        }
        assert (rows[1]["state"], rows[1]["chosen"]["id"]) == ("doubtful", edit.id)
        assert rows[1]["why"] == "It is the Radio Edit."
        assert (rows[2]["state"], rows[2]["chosen"]) == ("missing", None)
        assert [there["id"] for there in rows[2]["alternatives"]] == [other.id]
        assert (rows[3]["state"], rows[3]["alternatives"]) == ("missing", [])

    def test_a_second_one_asks_spotify_nothing(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer
    ) -> None:
        peer.add_track("Orla Kest", "Lantern")
        crate = crate_of(catalogue, Track("Orla Kest", "Lantern"), Track("No", "Thing", "Dub"))
        first = do("spotify_match", crate_id=crate)
        asked = len(peer.requests)
        assert do("spotify_match", crate_id=crate).result == first.result
        assert len(peer.requests) == asked > 0

    def test_a_quota_fails_it_with_the_time_it_ends_and_later_it_goes_on(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer
    ) -> None:
        tracks = [Track("Orla Kest", f"Lantern {number}") for number in range(4)]
        for track in tracks:
            peer.add_track(track.artist, track.title)
        crate = crate_of(catalogue, *tracks)
        peer.fail("quota", after=2, path="search")
        job = do("spotify_match", crate_id=crate)
        assert (job.state, job.done) == ("failed", 2)
        assert "used up its requests for a day until" in job.error

    def test_the_length_is_that_of_the_file_or_else_what_the_djs_software_says(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, tmp_path: Any
    ) -> None:
        for name in ("Heard", "Said", "Previewed", "Clipped"):
            peer.add_track("Orla Kest", name, duration_s=400)
        filed, said, previewed, clipped = (
            Track("Orla Kest", name) for name in ("Heard", "Said", "Previewed", "Clipped")
        )
        crate = catalogue.add_playlist(
            "Friday",
            [
                Entry(filed, duration_s=400.0),
                Entry(said, duration_s=200.0),
                Entry(previewed),
                Entry(clipped),
            ],
            said_by="rekordbox",
        ).crate_id
        catalogue.add_sound(
            [
                heard(filed, 250.0, tmp_path / "heard.mp3"),
                heard(previewed, 30.0, None),
                heard(clipped, 30.0, tmp_path / "clip.mp3"),
            ]
        )
        rows = do("spotify_match", crate_id=crate).result["matches"]
        assert [row["state"] for row in rows] == ["doubtful", "doubtful", "matched", "matched"]
        assert rows[0]["why"] == "It lasts 6:40, yours 4:10."
        assert rows[1]["why"] == "It lasts 6:40, yours 3:20."

    def test_an_empty_crate_is_a_sentence(self, catalogue: Catalogue, do: Do) -> None:
        assert "empty" in do("spotify_match", crate_id=catalogue.create_crate("None")).error
        assert do("spotify_match").error == "Choose a crate."


def heard(track: Track, duration_s: float, path: Any) -> Sound:
    from data.catalogue import AudioFile

    analysis = Analysis(
        duration_s, 120.0, 0.9, (), 0.0, parse_key("8A"), 0.9, None, 0.5, -9.0, 4000.0,
        ((0.0, 10.0),), "test",
    )  # fmt: skip
    name = f"{track.title}-hash"
    if path is None:
        return Sound(
            f"preview:deezer:{track.title}",
            track=track, duration_s=duration_s, origin="preview", analysis=analysis,
        )  # fmt: skip
    path.write_bytes(b"x")
    file = AudioFile(path, name, 1, 1)
    return Sound(name, file, track, duration_s, analysis=analysis)


@pytest.mark.usefixtures("signed_in")
class TestPush:
    @pytest.fixture
    def told(self, catalogue: Catalogue, peer: SpotifyPeer) -> dict[str, Any]:
        tracks = [Track("Orla Kest", f"Lantern {number}") for number in range(5)]
        crate = crate_of(catalogue, *tracks)
        there = [peer.add_track(track.artist, track.title) for track in tracks]
        ids = catalogue.crate(crate)
        return {
            "crate_id": crate,
            "mode": "new",
            "playlist_id": "",
            "name": "Friday night",
            "items": [[ident, track.id] for ident, track in zip(ids, there, strict=True)],
            "left_out": [
                {"recording_id": 99, "artist": "No", "title": "Thing", "reason": "Not there."}
            ],
        }

    def test_a_new_playlist_holds_the_plan_and_the_link_and_the_rest_are_told(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, told: dict[str, Any]
    ) -> None:
        job = do("spotify_push", **told)
        assert (job.state, job.done, job.total) == ("done", 5, 5)
        [made] = peer.playlists.values()
        assert made.uris == [f"spotify:track:{ident}" for _, ident in told["items"]]
        assert job.result == {
            "summary": "5 added to “Friday night”, 0 there already. Left out: 1.",
            "playlist_id": made.id,
            "name": "Friday night",
            "link": f"https://open.spotify.com/playlist/{made.id}",
            "total": 5,
            "added": 5,
            "there": 0,
            "verified": True,
            "repeated": 0,
            "left_out": told["left_out"],
        }
        again = do("spotify_push", **told)
        assert again.result["summary"] == (
            "Nothing to do: all 5 tracks are in “Friday night”. Left out: 1."
        )
        assert len(peer.playlists) == 1

    def test_one_that_fails_half_way_is_resumed_without_duplicates(
        self,
        catalogue: Catalogue,
        do: Do,
        peer: SpotifyPeer,
        told: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(planning, "CHUNK", 2)
        peer.fail("drop", 9, method="POST", path="playlists/*/items", after=1)
        job = do("spotify_push", **told)
        assert job.state == "failed"
        assert "try again" in job.error
        [made] = peer.playlists.values()
        assert len(made.uris) == 2
        peer.heal()
        catalogue.jobs.resume(job.id)
        job = do()
        assert (job.state, job.result["added"], job.result["there"]) == ("done", 3, 2)
        assert len(peer.playlists) == 1
        assert made.uris == [f"spotify:track:{ident}" for _, ident in told["items"]]

    def test_two_workers_with_the_same_push_write_one_playlist(
        self,
        catalogue: Catalogue,
        settings: Settings,
        peer: SpotifyPeer,
        told: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(pushing, "_LATE_S", 0)
        monkeypatch.setattr(spotify_kinds, "_LOOK_S", 0.01)
        for _ in range(2):
            catalogue.jobs.add("spotify_push", "A job", told)
        claimed = [(catalogue.jobs.claim(worker), worker) for worker in ("one", "other")]
        with ThreadPoolExecutor(2) as both:
            running = [
                both.submit(run_job, catalogue, settings, job, worker)
                for job, worker in claimed
                if job is not None
            ]
            came = [done.result() for done in running]
        assert [job.state for job in came] == ["done", "done"]
        assert sorted(job.result["added"] for job in came) == [0, 5]
        assert len(peer.playlists) == 1

    def test_what_the_dj_chose_is_known_from_then_on_and_the_last_choice_counts(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, told: dict[str, Any]
    ) -> None:
        ident, first = told["items"][0]
        other = peer.add_track("Orla Kest", "Lantern - Otto Falk Remix")
        do("spotify_push", **told, chosen=[ident])
        told["items"][0][1] = other.id
        do("spotify_push", **told, chosen=[ident])
        ids = catalogue.track(ident).ids
        assert [i for i in ids if i.scheme == "spotify"] == [
            OutsideId("spotify", other.id, "choice")
        ]
        [row, *_] = do("spotify_match", crate_id=told["crate_id"]).result["matches"]
        assert (row["state"], row["how"], row["chosen"]["id"]) == ("matched", "id", other.id)
        assert row["why"] == "You chose it before."
        assert first in [there["id"] for there in row["alternatives"]]

    def test_what_the_match_took_by_itself_is_not_kept_as_the_djs_choice(
        self, catalogue: Catalogue, do: Do, told: dict[str, Any]
    ) -> None:
        do("spotify_push", **told)
        assert [catalogue.track(ident).ids for ident, _ in told["items"]] == [()] * 5
        rows = do("spotify_match", crate_id=told["crate_id"]).result["matches"]
        assert {row["why"] for row in rows} == {"It has the same artist, title and version."}

    def test_a_choice_that_is_left_out_by_hand_is_forgotten(
        self, catalogue: Catalogue, do: Do, told: dict[str, Any]
    ) -> None:
        ident, _ = told["items"][0]
        do("spotify_push", **told, chosen=[ident])
        assert catalogue.track(ident).ids
        do("spotify_push", **{**told, "items": told["items"][1:]}, dropped=[ident])
        assert catalogue.track(ident).ids == ()

    def test_replacing_says_what_is_out(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, told: dict[str, Any]
    ) -> None:
        mine = peer.add_playlist("Mine", [peer.add_track("Bram Tully", "Ferry")])
        job = do("spotify_push", **{**told, "mode": "replace", "playlist_id": mine.id})
        assert job.state == "done", job.error
        assert job.result["name"] == "Mine"
        assert len(mine.uris) == 5
        assert "Entries that are out of the playlist now: 1." in log_of(catalogue, job)

    def test_two_recordings_of_one_track_go_once_and_are_counted(
        self, do: Do, peer: SpotifyPeer, told: dict[str, Any]
    ) -> None:
        told["items"][1][1] = told["items"][0][1]
        result = do("spotify_push", **told).result
        assert (result["added"], result["repeated"], result["total"]) == (4, 1, 4)

    def test_what_spotify_does_not_keep_is_not_called_verified(
        self, do: Do, peer: SpotifyPeer, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        change = peer.books.change

        def forgetful(one: Any, entries: list[Any]) -> dict[str, str]:
            return change(one, entries[:-1])

        monkeypatch.setattr(peer.books, "change", forgetful)
        result = do("spotify_push", **told).result
        assert result["verified"] is False
        assert result["summary"].startswith("4 of 5 tracks are in “Friday night” as Spotify shows")

    def test_nothing_chosen_is_a_sentence(self, do: Do, told: dict[str, Any]) -> None:
        assert "at least one" in do("spotify_push", **{**told, "items": []}).error

    def test_nothing_secret_is_in_what_is_kept_of_it(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, told: dict[str, Any]
    ) -> None:
        peer.fail("expired", 1)
        job = do("spotify_push", **told)
        kept = json.dumps([job.options, job.result, job.error]) + log_of(catalogue, job)
        assert not [secret for secret in peer.secrets if secret in kept]


@pytest.mark.usefixtures("signed_in")
class TestPlaylist:
    def test_it_becomes_a_crate_like_a_file_does(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer
    ) -> None:
        mine = peer.add_playlist("Friday", [peer.add_track("Orla Kest", "Lantern")])
        mine.add_local("Attic Tape", "Nobody at All")
        job = do("spotify_playlist", playlist_id=mine.id, crate="")
        assert (job.state, job.skipped) == ("done", 1)
        [crate] = catalogue.crates()
        assert job.result["crates"] == [crate.id] or job.result["crates"] == (crate.id,)
        assert (job.result["new"], job.result["failed"], job.result["made"]) == (1, 1, 1)
        assert job.result["summary"].endswith("Left out: 1.")
        [failure] = catalogue.jobs.failures(job.id)
        assert failure.where == "Friday, track 2"

    def test_one_has_to_be_named(self, do: Do) -> None:
        assert do("spotify_playlist").error == "Choose a playlist, or paste its link."


@pytest.mark.usefixtures("signed_in")
class TestTrack:
    @pytest.fixture
    def listened(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The recordings whose preview was listened to; the preview itself is V's."""
        asked: list[int] = []

        def listen(
            catalogue: Catalogue,
            settings: Settings,
            recording_id: int,
            *,
            duration_s: float | None = None,
        ) -> bool:
            asked.append(recording_id)
            catalogue.add_sound([heard(catalogue.track(recording_id), 30.0, None)])
            return True

        monkeypatch.setattr(previews, "listen", listen)
        return asked

    def test_a_new_one_is_added_with_its_ids_and_its_preview_is_heard(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, listened: list[int]
    ) -> None:
        there = peer.add_track("Orla Kest", "Lantern - Otto Falk Remix", isrc="QZXXX2400001")
        job = do("spotify_track", told=settings_of(peer, previews=True), spotify_id=there.id)
        ident = job.result["recording_id"]
        assert job.result == {
            "summary": "Orla Kest - Lantern (Otto Falk Remix): added, heard.",
            "recording_id": ident,
            "artist": "Orla Kest",
            "title": "Lantern (Otto Falk Remix)",
            "heard": True,
        }
        assert listened == [ident]
        assert catalogue.find_outside("spotify", there.id) == [ident]
        assert catalogue.find_outside("isrc", "QZXXX2400001") == [ident]
        again = do("spotify_track", told=settings_of(peer, previews=True), spotify_id=there.id)
        assert again.result["summary"].endswith("known already, heard.")
        assert listened == [ident]

    def test_the_length_goes_along_so_that_another_edit_is_not_heard(
        self, do: Do, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lengths: list[float | None] = []

        def listen(*_: object, duration_s: float | None = None) -> bool:
            lengths.append(duration_s)
            return False

        monkeypatch.setattr(previews, "listen", listen)
        there = peer.add_track("Orla Kest", "Lantern", duration_s=402)
        do("spotify_track", told=settings_of(peer, previews=True), spotify_id=there.id)
        assert lengths == [402.0]

    def test_the_whole_way_from_a_link_to_numbers_and_a_vector(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Spotify's ISRC leads to Deezer's preview, which is heard and not kept."""
        there = peer.add_track("Orla Kest", "Lantern", isrc="QZXXX2400001", duration_s=240)
        monkeypatch.setattr("hybrid.listen.ear", lambda *_: previewing.EAR)
        with (
            DeezerPeer(seconds=1.0) as deezer,
            ItunesPeer() as itunes,
            ThreadPoolExecutor(1) as pool,
        ):
            hands = GivenHands(pool, 1)
            monkeypatch.setattr(preview_listening, "hands_for", lambda *_: nullcontext(hands))
            deezer.add_track("Orla Kest", "Lantern", isrc="QZXXX2400001")
            previewed = previewing.settings_for(deezer, itunes, home=Settings().home)
            names = [
                name for name in Settings.model_fields if name.startswith(("deezer", "itunes"))
            ]
            more = {name: getattr(previewed, name) for name in names}
            told = settings_of(peer, previews=True, **more)
            job = do("spotify_track", told=told, spotify_id=there.id)
        assert job.result["heard"] is True, (job.error, job.result)
        ident = job.result["recording_id"]
        assert catalogue.sound([ident])[ident].analyser == "1"
        assert catalogue.playable([ident]) == set()

    def test_one_that_the_catalogue_knows_is_it(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer
    ) -> None:
        known, _ = catalogue.outside.add(Track("Orla Kest", "Lantern"))
        there = peer.add_track("Orla Kest", "Lantern - Extended Mix")
        assert do("spotify_track", spotify_id=there.id).result["recording_id"] == known

    def test_what_a_djs_software_says_is_not_taken_for_having_heard_it(
        self, catalogue: Catalogue, do: Do, peer: SpotifyPeer, listened: list[int]
    ) -> None:
        entry = Entry(Track("Orla Kest", "Lantern"), bpm=124.0)
        catalogue.add_playlist("Friday", [entry], said_by="rekordbox")
        there = peer.add_track("Orla Kest", "Lantern")
        job = do("spotify_track", told=settings_of(peer, previews=True), spotify_id=there.id)
        assert listened == [job.result["recording_id"]]

    def test_without_a_preview_the_track_is_in_all_the_same(
        self, do: Do, peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from data.errors import SegueError

        there = peer.add_track("Orla Kest", "Lantern")

        def fails(*_: object, **__: object) -> bool:
            raise SegueError("Deezer gives no answer; try again later.")

        for listen, said in (
            (lambda *_, **__: False, "not heard. Neither Deezer nor Apple has a preview."),
            (fails, "not heard. Deezer gives no answer; try again later."),
        ):
            monkeypatch.setattr(previews, "listen", listen)
            job = do("spotify_track", told=settings_of(peer, previews=True), spotify_id=there.id)
            assert (job.state, job.result["heard"]) == ("done", False)
            assert job.result["summary"].endswith(said)
        off = do("spotify_track", spotify_id=there.id)
        assert off.result["summary"].endswith("Previews are switched off.")

    def test_one_that_names_no_track_or_is_not_there_is_a_sentence(
        self, do: Do, peer: SpotifyPeer
    ) -> None:
        there = peer.add_track("Orla Kest", "Untitled")
        assert "names no track" in do("spotify_track", spotify_id=there.id).error
        gone = do("spotify_track", spotify_id="4uLU6hMCjMI75M1A2tKUQC")
        assert "does not have this track" in gone.error
        assert do("spotify_track").error == "Paste the link of a track."


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("spotify_match", {}),
        ("spotify_push", {"mode": "new", "name": "F", "items": [[1, "x"]]}),
        ("spotify_playlist", {"playlist_id": "p" * 22}),
        ("spotify_track", {"spotify_id": "t" * 22}),
    ],
)
def test_without_a_sign_in_each_says_what_to_do(
    catalogue: Catalogue, do: Do, kind: str, options: dict[str, Any]
) -> None:
    crate = crate_of(catalogue, Track("Orla Kest", "Lantern"))
    job = do(kind, **{"crate_id": crate, **options})
    assert (job.state, job.error) == ("failed", "Sign in on the Spotify page first.")
