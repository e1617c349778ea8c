from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from data.catalogue import Catalogue, Pause


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_an_answer_is_kept_until_it_is_outdated(catalogue, monkeypatch):
    catalogue.web.keep("deezer", "isrc/NLA001", {"id": 17, "title": "Näch\u0000t"}, seconds=60)
    assert catalogue.web.answer("deezer", "isrc/NLA001") == {"id": 17, "title": "Näch\u0000t"}
    monkeypatch.setattr("data.catalogue.web_book.now", lambda: soon(61).isoformat())
    assert catalogue.web.answer("deezer", "isrc/NLA001") is None


def test_an_answer_kept_for_ever_never_outdates(catalogue, monkeypatch):
    catalogue.web.keep("spotify", "track/1", [])
    monkeypatch.setattr("data.catalogue.web_book.now", lambda *_: "9999-12-31T00:00:00+00:00")
    catalogue.web.keep("spotify", "track/2", {})
    assert catalogue.web.answer("spotify", "track/1") == []


def test_a_question_has_one_answer_per_service_the_last(catalogue):
    catalogue.web.keep("spotify", "q", 1, seconds=60)
    catalogue.web.keep("spotify", "q", {"two": 2})
    catalogue.web.keep("deezer", "q", "other")
    assert catalogue.web.answer("spotify", "q") == {"two": 2}
    assert catalogue.web.answer("deezer", "q") == "other"
    assert catalogue.web.answer("itunes", "q") is None


def test_no_answer_cannot_be_kept_as_an_answer(catalogue):
    with pytest.raises(ValueError, match="nothing found"):
        catalogue.web.keep("deezer", "q", None)


def test_long_and_odd_questions_are_told_apart(catalogue):
    long = "q" * 5000
    catalogue.web.keep("deezer", long + "a", 1)
    catalogue.web.keep("deezer", long + "b", 2)
    catalogue.web.keep("deezer", "\ud800\u0000", 3)
    assert catalogue.web.answer("deezer", long + "a") == 1
    assert catalogue.web.answer("deezer", long + "b") == 2
    assert catalogue.web.answer("deezer", "\ud800\u0000") == 3


def test_outdated_answers_do_not_pile_up(catalogue):
    for n in range(5):
        catalogue.web.keep("deezer", f"old {n}", n, seconds=-1)
    catalogue.web.keep("deezer", "new", 1)
    with catalogue._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT question FROM web_answers").all()
    assert [row[0] for row in rows] == ["new"]


def test_a_paused_service_says_until_when_and_why(catalogue):
    until = soon(60)
    assert catalogue.web.paused("spotify") is None
    catalogue.web.pause("spotify", until, "Spotify asks to wait.")
    assert catalogue.web.paused("spotify") == Pause(until, "Spotify asks to wait.")
    assert catalogue.web.paused("deezer") is None


def test_a_pause_that_is_over_is_none(catalogue):
    catalogue.web.pause("spotify", soon(-1), "Over.")
    assert catalogue.web.paused("spotify") is None


def test_a_short_pause_does_not_cut_a_long_one(catalogue):
    catalogue.web.pause("spotify", soon(3600), "The quota is used up.")
    catalogue.web.pause("spotify", soon(5), "Too fast.")
    assert catalogue.web.paused("spotify").reason == "The quota is used up."
    catalogue.web.pause("spotify", soon(7200), "Still used up.")
    assert catalogue.web.paused("spotify").reason == "Still used up."


def test_a_pause_may_be_told_in_any_time_zone_but_not_in_none(catalogue):
    there = timezone(timedelta(hours=-7))
    catalogue.web.pause("spotify", soon(60).astimezone(there), "Wait.")
    assert catalogue.web.paused("spotify").until.utcoffset() == timedelta(0)
    with pytest.raises(ValueError, match="time zone"):
        catalogue.web.pause("spotify", datetime(2030, 1, 1), "Wait.")


def test_forgetting_a_service_keeps_its_pause_and_the_others(catalogue):
    catalogue.web.keep("spotify", "q", 1)
    catalogue.web.keep("deezer", "q", 2)
    catalogue.web.pause("spotify", soon(60), "Wait.")
    catalogue.web.forget("spotify")
    assert catalogue.web.answer("spotify", "q") is None
    assert catalogue.web.answer("deezer", "q") == 2
    assert catalogue.web.paused("spotify") is not None


def test_another_process_sees_answers_and_pauses(catalogue, url):
    catalogue.web.keep("spotify", "q", 1)
    catalogue.web.pause("spotify", soon(60), "Wait.")
    with Catalogue.open(url) as other:
        assert other.web.answer("spotify", "q") == 1
        assert other.web.paused("spotify").reason == "Wait."
