"""Which service has 30 seconds of a track, what is remembered of it, and what is heard of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.demo import demo_tracks
from data.errors import SegueError
from data.records import Entry, OutsideId, Play, Track, Tracklist
from data.settings import Settings
from hybrid import preview_listening
from hybrid.preview_listening import HeardPreview, PreviewListener
from hybrid.previews import FoundPreview, Previews, ServicesBusy, listen
from tests.hybrid.previewing import EAR, keep_file, listened, settings_for
from tests.peers.deezer import DeezerPeer
from tests.peers.itunes import ItunesPeer

ISRC = "ZZAAA2600001"
MOON = Track("Ada Sun", "Moon Letter", "Bo Remix")
TIDE = Track("Noel Rain", "Low Tide")


@pytest.fixture
def deezer() -> Iterator[DeezerPeer]:
    with DeezerPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def itunes() -> Iterator[ItunesPeer]:
    with ItunesPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def settings(deezer: DeezerPeer, itunes: ItunesPeer, own_home: Path) -> Settings:
    return settings_for(deezer, itunes, home=own_home)


@pytest.fixture
def previews(catalogue: Catalogue, settings: Settings) -> Previews:
    return Previews(catalogue, settings)


def put_in(catalogue: Catalogue, *tracks: Track) -> list[int]:
    """Put tracks into the catalogue as a set of plays; return their ids."""
    plays = tuple(Play(n, "identified", track) for n, track in enumerate(tracks, start=1))
    catalogue.add_tracklists([Tracklist("csv", "1", "At the Dock", plays)])
    found = [catalogue.find(track) for track in tracks]
    return [ident for ident in found if ident is not None]


def label_of(found: FoundPreview | None) -> str:
    return found.label if found else ""


class TestFinding:
    def test_deezer_by_isrc_then_deezer_by_name_then_apple(
        self, previews: Previews, catalogue: Catalogue, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        known = replace(MOON, ids=(OutsideId("isrc", ISRC, "csv"),))
        moon, tide, other = put_in(catalogue, known, TIDE, Track("Cid Cedar", "Slow Door"))
        deezer.add_track("Ada Sun", "Moon Letter (Bo Remix)", isrc=ISRC)
        deezer.add_track("Noel Rain", "Low Tide")
        itunes.add_track("Cid Cedar", "Slow Door")
        assert [label_of(previews.of(ident)) for ident in (moon, tide, other)] == [
            "Deezer",
            "Deezer",
            "Apple Music",
        ]
        assert [asked.path for asked in deezer.requests] == [
            f"track/isrc:{ISRC}", "search", "search"
        ]  # fmt: skip
        assert len(itunes.requests) == 1

    def test_what_nobody_has_is_none(self, previews: Previews) -> None:
        assert previews.find(TIDE) is None

    def test_which_track_it_is_is_remembered_and_its_address_is_not(
        self, catalogue: Catalogue, settings: Settings, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        first = Previews(catalogue, settings).find(TIDE)
        assert first is not None
        Previews(catalogue, settings).find(TIDE)  # as another process would
        number = first.preview.track.ident
        assert [asked.path for asked in deezer.requests] == ["search", f"track/{number}"]
        assert not any("hmac" in row for row in everything_kept(catalogue))

    def test_an_address_is_used_again_until_shortly_before_it_dies(
        self, previews: Previews, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        previews.find(TIDE)
        previews.find(TIDE)
        assert len(deezer.requests) == 1
        deezer.signed_for = 59.0  # less than a minute is not enough to get to it
        again = Previews(previews._catalogue, previews._settings)
        again.find(TIDE)
        again.find(TIDE)
        assert len(deezer.requests) == 3

    def test_that_nobody_has_it_is_believed_for_a_day(
        self,
        previews: Previews,
        catalogue: Catalogue,
        deezer: DeezerPeer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        kept: list[float | None] = []
        keep = catalogue.web.keep

        def noted(*args: object, seconds: float | None = None) -> None:
            kept.append(seconds)
            keep(*args, seconds=seconds)  # type: ignore[arg-type]

        monkeypatch.setattr(catalogue.web, "keep", noted)
        assert not previews.has_none(TIDE)
        assert previews.find(TIDE) is None
        deezer.add_track("Noel Rain", "Low Tide")
        assert previews.find(TIDE) is None
        assert previews.has_none(TIDE)
        assert len(deezer.requests) == 1
        assert kept == [86_400.0, 86_400.0]

    def test_a_track_that_the_service_has_no_more_is_looked_for_anew(
        self, catalogue: Catalogue, settings: Settings, deezer: DeezerPeer
    ) -> None:
        gone = deezer.add_track("Noel Rain", "Low Tide")
        Previews(catalogue, settings).find(TIDE)
        del deezer.tracks[gone.id]
        there = deezer.add_track("Noel Rain", "Low Tide")
        found = Previews(catalogue, settings).find(TIDE)
        assert found is not None and found.preview.track.ident == str(there.id)

    def test_a_recording_that_is_not_there_is_said_so(self, previews: Previews) -> None:
        for ident in (0, 99, -1, 2**80):
            with pytest.raises(SegueError, match="no longer in the catalogue"):
                previews.of(ident)

    def test_nobody_is_asked_about_the_demo_crate(
        self, previews: Previews, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        track = demo_tracks()[0]
        deezer.add_track(track.artist, track.full_title)
        assert previews.find(track) is None
        assert not deezer.requests and not itunes.requests

    def test_switched_off_nobody_is_asked(
        self, catalogue: Catalogue, settings: Settings, deezer: DeezerPeer
    ) -> None:
        off = Previews(catalogue, settings.model_copy(update={"previews": False}))
        with pytest.raises(SegueError, match="switched off; set SEGUE_PREVIEWS to true"):
            off.find(TIDE)
        assert not deezer.requests


class TestServicesThatDoNotAnswer:
    def test_the_other_goes_on_and_the_one_is_left_alone(
        self, previews: Previews, catalogue: Catalogue, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        itunes.add_track("Noel Rain", "Low Tide")
        deezer.fail("quota")
        assert label_of(previews.find(TIDE)) == "Apple Music"
        assert label_of(previews.find(TIDE)) == "Apple Music"
        assert len(deezer.requests) == 1
        pause = catalogue.web.paused("deezer")
        assert pause is not None and pause.reason == "Deezer was asked too often."
        assert pause.until < datetime.now(UTC) + timedelta(seconds=6)
        assert catalogue.web.paused("itunes") is None

    def test_a_pause_holds_for_another_process_and_is_over_in_time(
        self, catalogue: Catalogue, settings: Settings, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        until = datetime.now(UTC) + timedelta(hours=1)
        catalogue.web.pause("deezer", until, "It rests.")
        with pytest.raises(ServicesBusy, match=r"^It rests; try again at \d\d:\d\d\b") as busy:
            Previews(catalogue, settings).find(TIDE)
        assert abs(busy.value.until - until) < timedelta(seconds=30)
        assert not deezer.requests
        end_pauses(catalogue)
        assert label_of(Previews(catalogue, settings).find(TIDE)) == "Deezer"

    def test_none_found_is_told_from_not_answered(
        self, previews: Previews, catalogue: Catalogue, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        itunes.fail("busy")
        with pytest.raises(ServicesBusy, match=r"^Apple Music was asked too often; try again at"):
            previews.find(TIDE)
        assert not previews.has_none(TIDE)

    def test_the_sentence_names_both_and_the_earlier_time(
        self, previews: Previews, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        deezer.fail("quota")
        itunes.fail("server")
        with pytest.raises(ServicesBusy) as busy:
            previews.find(TIDE)
        assert str(busy.value).startswith(
            "Deezer was asked too often and Apple Music does not answer as it should; try again at "
        )
        assert busy.value.until < datetime.now(UTC) + timedelta(seconds=6)

    @pytest.mark.parametrize(
        ("until", "said"),
        [("22:00:00", "22:00"), ("22:00:00.000001", "22:01"), ("22:59:52", "23:00")],
    )
    def test_the_time_is_a_minute_in_which_it_is_over(self, until: str, said: str) -> None:
        local = datetime.combine(datetime.now().date(), time.fromisoformat(until)).astimezone()
        busy = ServicesBusy(["It rests"], local.astimezone(UTC))
        assert str(busy) == f"It rests; try again at {said}."
        tomorrow = datetime.combine(local.date(), time(23, 59, 30)).astimezone()
        day = f"{local.date() + timedelta(days=1):%d %B}"
        assert str(ServicesBusy(["It rests"], tomorrow)).endswith(f"at 00:00 on {day}.")


class TestItsSound:
    def test_deezers_is_mp3_and_apples_is_m4a(
        self, previews: Previews, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        one = deezer.add_track("Noel Rain", "Low Tide")
        other = itunes.add_track("Ada Sun", "Moon Letter (Bo Remix)")
        clips = [previews.fetch(a_found(previews, track)) for track in (TIDE, MOON)]
        assert [clip.media_type for clip in clips] == ["audio/mpeg", "audio/mp4"]
        assert [clip.data for clip in clips] == [one.sound, other.sound]

    def test_the_last_few_are_not_fetched_again(
        self, previews: Previews, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        found = a_found(previews, TIDE)
        assert previews.fetch(found) is previews.fetch(found)
        assert len(deezer.asked(path="preview/*")) == 1

    def test_an_address_that_died_early_is_asked_for_anew(
        self, previews: Previews, deezer: DeezerPeer
    ) -> None:
        track = deezer.add_track("Noel Rain", "Low Tide")
        found = a_found(previews, TIDE)
        deezer.later(1000)
        assert previews.fetch(found).data == track.sound
        assert [asked.status for asked in deezer.asked(path="preview/*")] == [403, 200]

    def test_one_that_stays_dead_is_said_to_be_gone(
        self, previews: Previews, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        found = a_found(previews, TIDE)
        deezer.fail("gone", times=2, path="preview/*")
        with pytest.raises(SegueError, match="has this preview no more"):
            previews.fetch(found)

    def test_one_whose_service_rests_is_said_to_be_so(
        self, previews: Previews, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        found = a_found(previews, TIDE)
        deezer.fail("gone", path="preview/*")
        deezer.fail("quota")
        with pytest.raises(ServicesBusy):
            previews.fetch(found)

    @pytest.mark.parametrize("fault", ["not_audio", "huge", "unsized", "empty", "drop", "server"])
    def test_what_is_no_preview_is_refused_with_a_sentence(
        self, previews: Previews, deezer: DeezerPeer, fault: str
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        found = a_found(previews, TIDE)
        deezer.fail(fault, path="preview/*")
        with pytest.raises(SegueError) as refused:
            previews.fetch(found)
        assert str(refused.value).startswith(("Deezer ", "What Deezer "))
        assert "hmac" not in str(refused.value)

    def test_a_service_may_not_send_segue_elsewhere(
        self, previews: Previews, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        found = a_found(previews, TIDE)
        deezer.fail("redirect", path="preview/*", url=f"{itunes.url}/lookup?id=1")
        with pytest.raises(SegueError, match="so nothing was fetched"):
            previews.fetch(found)
        assert not itunes.requests


def a_found(previews: Previews, track: Track) -> FoundPreview:
    found = previews.find(track)
    assert found is not None
    return found


def end_pauses(catalogue: Catalogue) -> None:
    """Let no service rest any more, as if the time had passed."""
    with sqlite3.connect(str(catalogue._database.engine.url.database)) as connection:
        connection.execute("DELETE FROM web_pauses")


def everything_kept(catalogue: Catalogue) -> list[str]:
    """Every row of the catalogue's file, as text."""
    path = catalogue._database.engine.url.database
    with sqlite3.connect(str(path)) as connection:
        return list(connection.iterdump())


class TestListening:
    @pytest.fixture
    def hands(self) -> Iterator[Executor]:
        with ThreadPoolExecutor(2) as executor:
            yield executor

    @pytest.fixture
    def listener(
        self, catalogue: Catalogue, settings: Settings, previews: Previews, hands: Executor
    ) -> Iterator[PreviewListener]:
        with PreviewListener(
            catalogue, settings, previews=previews, ear=EAR, executor=hands, workers=2
        ) as made:
            yield made

    def test_numbers_and_vector_stay_and_the_sound_does_not(
        self,
        listener: PreviewListener,
        catalogue: Catalogue,
        settings: Settings,
        deezer: DeezerPeer,
    ) -> None:
        [tide] = put_in(catalogue, TIDE)
        deezer.add_track("Noel Rain", "Low Tide", duration_s=321.0)
        assert list(listener.hear([TIDE])) == [HeardPreview(TIDE, "heard")]
        analysis = catalogue.sound([tide])[tide]
        assert analysis.bpm and analysis.beat_start_s is None
        assert catalogue.recording_fragments([tide], "ear", "1")
        assert catalogue.audio_path(tide) is None
        assert tide not in catalogue.playable([tide])
        [clip] = listened(settings)
        assert clip.suffix == ".mp3" and not clip.exists()
        assert not list((settings.home / "previews").iterdir())

    def test_nothing_learns_from_it(
        self, listener: PreviewListener, catalogue: Catalogue, deezer: DeezerPeer
    ) -> None:
        [tide] = put_in(catalogue, TIDE)
        deezer.add_track("Noel Rain", "Low Tide")
        list(listener.hear([TIDE]))
        with catalogue.heard() as heard:
            assert heard.previewed("ear", "1").tolist() == [tide]

    def test_what_was_heard_is_known_and_asks_nobody(
        self, listener: PreviewListener, catalogue: Catalogue, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        list(listener.hear([TIDE]))
        asked = len(deezer.requests)
        assert [heard.state for heard in listener.hear([TIDE])] == ["known"]
        assert len(deezer.requests) == asked

    def test_a_track_with_a_file_is_never_looked_for(
        self,
        listener: PreviewListener,
        catalogue: Catalogue,
        deezer: DeezerPeer,
        tmp_path: Path,
    ) -> None:
        keep_file(catalogue, TIDE, tmp_path / "tide.wav")
        assert [heard.state for heard in listener.hear([TIDE])] == ["known"]
        assert not deezer.requests

    def test_a_new_track_comes_into_the_catalogue_with_its_ids(
        self, listener: PreviewListener, catalogue: Catalogue, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        spotify = OutsideId("spotify", "0123456789abcdefABCDEF", "csv")
        list(listener.hear([replace(TIDE, ids=(spotify,))]))
        assert catalogue.find_outside("spotify", spotify.value) == [catalogue.find(TIDE)]

    def test_ids_that_sets_gave_are_not_kept_twice(
        self, listener: PreviewListener, catalogue: Catalogue, deezer: DeezerPeer
    ) -> None:
        [tide] = put_in(catalogue, replace(TIDE, ids=(OutsideId("isrc", ISRC, "csv"),)))
        deezer.add_track("Noel Rain", "Low Tide")
        list(listener.hear([catalogue.track(tide)]))
        catalogue.clear_source("csv")
        assert catalogue.track(tide).ids == ()  # they went with the set that said so

    def test_each_track_gets_one_outcome_and_a_reason_where_it_is_needed(
        self, listener: PreviewListener, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        itunes.add_track("Ada Sun", "Moon Letter (Bo Remix)")
        broken = deezer.add_track("Cid Cedar", "Slow Door")
        deezer.fail("not_audio", path=f"preview/{broken.id}")
        tracks = [TIDE, Track("Bob Basalt", "Undertow"), MOON, Track("Cid Cedar", "Slow Door")]
        came = {str(heard.track): heard for heard in listener.hear(tracks)}
        assert {name: heard.state for name, heard in came.items()} == {
            str(TIDE): "heard",
            "Bob Basalt - Undertow": "none",
            str(MOON): "heard",
            "Cid Cedar - Slow Door": "failed",
        }
        assert "is no sound" in came["Cid Cedar - Slow Door"].reason

    def test_another_edit_of_the_same_name_is_not_heard(
        self,
        listener: PreviewListener,
        catalogue: Catalogue,
        deezer: DeezerPeer,
        itunes: ItunesPeer,
    ) -> None:
        said = [Entry(TIDE, duration_s=402.0), Entry(MOON, duration_s=402.0)]
        catalogue.add_playlist("Friday", said, said_by="rekordbox")
        deezer.add_track("Noel Rain", "Low Tide", duration_s=150.0)
        itunes.add_track("Noel Rain", "Low Tide", duration_s=150.0)
        deezer.add_track("Ada Sun", "Moon Letter (Bo Remix)", duration_s=401.0)
        # What the catalogue knows counts more than what others say.
        came = {heard.track: heard for heard in listener.hear([TIDE, MOON], lengths={TIDE: 150.0})}
        assert (came[TIDE].state, came[MOON].state) == ("none", "heard")

    def test_the_length_of_a_preview_is_not_taken_for_the_recordings(
        self,
        listener: PreviewListener,
        previews: Previews,
        catalogue: Catalogue,
        deezer: DeezerPeer,
    ) -> None:
        [tide] = put_in(catalogue, TIDE)
        there = deezer.add_track("Noel Rain", "Low Tide", duration_s=402.0)
        assert [heard.state for heard in listener.hear([TIDE])] == ["heard"]
        assert previews.length(tide) is None
        del deezer.tracks[there.id]
        again = deezer.add_track("Noel Rain", "Low Tide", duration_s=402.0)
        found = Previews(catalogue, previews._settings).of(tide)
        assert found is not None and found.preview.track.ident == str(again.id)

    def test_a_track_that_is_there_by_its_id_is_known_under_another_name(
        self, listener: PreviewListener, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        ids = (OutsideId("spotify", "0123456789abcdefABCDEF", "csv"),)
        list(listener.hear([replace(TIDE, ids=ids)]))
        asked = len(deezer.requests)
        other = Track("N. Rain", "Low-Tide Song", ids=ids)
        assert [heard.state for heard in listener.hear([other])] == ["known"]
        assert len(deezer.requests) == asked

    def test_a_preview_never_moves_from_one_recording_to_another(
        self, listener: PreviewListener, catalogue: Catalogue, deezer: DeezerPeer
    ) -> None:
        # Deezer names one artist of two, so both of these find its track.
        deezer.add_track("Ada Sun", "Moon Letter")
        both = [Track("Ada Sun", "Moon Letter"), Track("Ada Sun & Cid", "Moon Letter")]
        came = list(listener.hear(both)) + list(listener.hear(both))
        assert sorted(heard.state for heard in came) == ["failed", "failed", "heard", "known"]
        first = catalogue.find(both[0])
        assert first is not None and catalogue.sound([first])

    def test_what_was_fetched_before_services_fell_silent_is_kept(
        self, listener: PreviewListener, catalogue: Catalogue, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        deezer.fail("quota", path="search", after=1)
        came = []
        with pytest.raises(ServicesBusy):
            came.extend(listener.hear([TIDE, MOON]))
        assert catalogue.find(TIDE) is not None

    def test_it_waits_for_services_as_long_as_it_has_patience(
        self, catalogue: Catalogue, settings: Settings, hands: Executor, deezer: DeezerPeer
    ) -> None:
        deezer.add_track("Noel Rain", "Low Tide")
        deezer.fail("quota", times=3)
        waits: list[float] = []

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            end_pauses(catalogue)

        for patience, states in ((100.0, ["heard"]), (0.0, None)):
            with PreviewListener(
                catalogue, settings, ear=EAR, executor=hands, patience_s=patience, sleep=sleep
            ) as listener:
                if states is None:
                    deezer.fail("quota", times=3)
                    with pytest.raises(ServicesBusy):
                        list(listener.hear([replace(TIDE, version="Dub")]))
                else:
                    assert [heard.state for heard in listener.hear([TIDE])] == states
        assert waits == pytest.approx([5.0] * 3, abs=0.5)

    def test_who_breaks_off_leaves_no_sound_behind(
        self, catalogue: Catalogue, settings: Settings, deezer: DeezerPeer, hands: Executor
    ) -> None:
        dub = replace(TIDE, version="Dub")
        for title in ("Low Tide", "Low Tide (Dub)"):
            deezer.add_track("Noel Rain", title)
        with PreviewListener(catalogue, settings, ear=EAR, executor=hands, workers=2) as listener:
            hearing = listener.hear(iter([TIDE, dub]))
            next(hearing)
            hearing.close()
            assert list((settings.home / "previews").iterdir())
        assert not list((settings.home / "previews").iterdir())

    def test_what_a_killed_listener_left_is_deleted_after_an_hour(
        self, catalogue: Catalogue, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = settings.home / "previews"
        folder.mkdir(parents=True)
        (folder / "left.mp3").write_bytes(b"x")
        with PreviewListener(catalogue, settings):
            assert (folder / "left.mp3").exists()
        monkeypatch.setattr(preview_listening, "_LEFT_OVER_S", -1.0)
        with PreviewListener(catalogue, settings):
            assert not (folder / "left.mp3").exists()

    @pytest.mark.slow
    def test_segues_own_ear_hears_both_services_sound(
        self, catalogue: Catalogue, settings: Settings, deezer: DeezerPeer, itunes: ItunesPeer
    ) -> None:
        deezer.seconds = itunes.seconds = 30.0
        tide = deezer.add_track("Noel Rain", "Low Tide", bpm=126.0)
        moon = itunes.add_track("Ada Sun", "Moon Letter (Bo Remix)", bpm=132.0)
        assert tide.sound and moon.sound  # made now, so that nobody waits for them
        with PreviewListener(catalogue, settings) as listener:
            came = list(listener.hear([TIDE, MOON]))
        assert [heard.state for heard in came] == ["heard", "heard"], came
        ids = [catalogue.find(track) for track in (TIDE, MOON)]
        heard = catalogue.sound([ident for ident in ids if ident is not None])
        assert [heard[ident].bpm for ident in ids if ident] == pytest.approx([126, 132], rel=0.02)

    def test_one_recording_can_be_listened_to_by_its_id(
        self,
        catalogue: Catalogue,
        settings: Settings,
        deezer: DeezerPeer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("hybrid.listen.ear", lambda *_: EAR)
        tide, moon = put_in(catalogue, TIDE, MOON)
        deezer.add_track("Noel Rain", "Low Tide")
        assert listen(catalogue, settings, tide)
        assert listen(catalogue, settings, tide)
        assert not listen(catalogue, settings, moon)
        [edit] = put_in(catalogue, Track("Bob Basalt", "Undertow"))
        deezer.add_track("Bob Basalt", "Undertow", duration_s=150.0)
        assert not listen(catalogue, settings, edit, duration_s=402.0)
        deezer.add_track("Cid Cedar", "Slow Door")
        deezer.fail("not_audio", path="preview/*")
        [door] = put_in(catalogue, Track("Cid Cedar", "Slow Door"))
        with pytest.raises(SegueError, match="is no sound"):
            listen(catalogue, settings, door)
