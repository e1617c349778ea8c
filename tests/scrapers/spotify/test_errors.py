"""What an answer that is a refusal is read as, with no server around."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.spotify.errors import Kind, SpotifyProblem, problem_of

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
WORDS = {
    "not registered, 2026": "The user is not registered for this application. Please check "
    "your settings on https://developer.spotify.com/dashboard",
    "not registered, before": "User not registered in the Developer Dashboard",
    "not registered, plain": "Check settings on developer.spotify.com/dashboard, the user may "
    "not be registered.",
    "premium": "Active premium subscription required for the owner of the app. It can take a "
    "few hours",
}


def read(
    status: int, error: object = None, headers: dict[str, str] | None = None, **more: object
) -> SpotifyProblem:
    return problem_of(status, json.dumps({"error": error, **more}), headers or {}, NOON)


def api(status: int, message: str, **headers: str) -> SpotifyProblem:
    return read(status, {"status": status, "message": message}, headers)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (401, "The access token expired", "signed_out"),
        (401, "Invalid access token", "signed_out"),
        (403, WORDS["not registered, 2026"], "not_allowed"),
        (403, WORDS["not registered, before"], "not_allowed"),
        (403, WORDS["premium"], "premium"),
        (403, "Forbidden", "forbidden"),
        (403, "Insufficient client scope", "scope"),
        (404, "Resource not found", "not_found"),
        (400, "Invalid limit", "bad_request"),
        (405, "Method not allowed", "bad_request"),
        (500, "Server error", "unreachable"),
        (502, "Bad gateway.", "unreachable"),
        (503, "Service unavailable", "unreachable"),
    ],
)
def test_each_refusal_is_told_from_the_others(status: int, message: str, kind: Kind) -> None:
    assert api(status, message).kind == kind


def test_a_refusal_in_plain_text_is_read_like_one_in_json() -> None:
    problem = problem_of(403, WORDS["not registered, plain"], {}, NOON)
    assert problem.kind == "not_allowed"
    assert "User Management" in str(problem)


def test_a_revoked_consent_is_a_sign_in_that_has_ended() -> None:
    problem = read(400, "invalid_grant", error_description="Refresh token revoked")
    assert problem.kind == "signed_out"
    assert "sign in again" in str(problem)


def test_a_wrong_secret_is_said_to_be_one() -> None:
    problem = read(400, "invalid_client", error_description="Invalid client secret")
    assert problem.kind == "bad_request"
    assert "client ID" in str(problem)


def test_an_error_that_is_only_a_string_is_read_by_its_status() -> None:
    assert read(403, "Insufficient client scope").kind == "scope"
    assert read(502, "gateway").kind == "unreachable"


def test_a_429_with_no_reason_ends_when_it_says() -> None:
    problem = api(429, "API rate limit exceeded", **{"Retry-After": "90"})
    assert (problem.kind, problem.until) == ("busy", NOON + timedelta(seconds=90))


def test_a_429_that_says_nothing_ends_with_spotifys_window() -> None:
    assert api(429, "API rate limit exceeded").until == NOON + timedelta(seconds=30)


def test_a_used_up_quota_ends_when_it_says_or_after_a_day() -> None:
    said = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    told = read(429, said, {"Retry-After": "48925"})
    assert (told.kind, told.until) == ("quota", NOON + timedelta(seconds=48925))
    assert read(429, said).until == NOON + timedelta(hours=24)
    assert read(429, said, {"Retry-After": "0"}).until == NOON + timedelta(hours=24)


@pytest.mark.parametrize("name", ["busy", "quota"])
def test_a_wait_of_years_is_not_believed(name: str) -> None:
    error = {"message": "", "reason": "QUOTA_EXCEEDED" if name == "quota" else ""}
    for seconds in ("999999999", "9" * 5000):
        until = read(429, error, {"Retry-After": seconds}).until
        assert until == NOON + timedelta(hours=48)


def test_a_wait_can_be_a_date() -> None:
    asked = {"Retry-After": "Sat, 21 Nov 2026 12:02:00 GMT"}
    assert read(429, {}, asked).until == NOON + timedelta(minutes=2)
    past = {"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT"}
    assert read(429, {}, past).until == NOON + timedelta(seconds=1)


@pytest.mark.parametrize("text", ["soon", "-5", "1e3", "٣", "", "Sat, 99 Nov 2026 99:00:00 GMT"])
def test_a_wait_that_cannot_be_read_is_the_usual_one(text: str) -> None:
    assert read(429, {}, {"Retry-After": text}).until == NOON + timedelta(seconds=30)


def test_the_time_is_that_of_the_place_and_never_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        assert "until 17:32:" in str(api(429, "", **{"Retry-After": "61"}))
        assert "until 17:31:" in str(api(429, "", **{"Retry-After": "60"}))
        tomorrow = str(api(429, "", **{"Retry-After": "48925"}))
        assert "until 07:06 on 22 November:" in tomorrow
    finally:
        monkeypatch.undo()
        time.tzset()


def test_every_sentence_says_what_to_do_and_nothing_that_spotify_wrote() -> None:
    secret = "BQD-token-that-was-echoed"
    for status in (400, 401, 403, 404, 418, 429, 500, 503):
        for words in ("", "premium ", "registered ", "scope ", "invalid_client "):
            for problem in (api(status, words + secret), read(status, words + secret)):
                assert secret not in str(problem)
                assert re.search(r": [a-z].*\.", str(problem)), str(problem)
                assert "{" not in str(problem)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inside: (
        st.lists(inside) | st.dictionaries(st.sampled_from(["error", "message"]), inside)
    ),
)


@given(
    st.integers(400, 599), json_values.map(json.dumps) | st.text(), st.text(max_size=30) | st.none()
)
def test_whatever_a_server_sends_becomes_one_of_our_problems(
    status: int, body: str, wait: str | None
) -> None:
    headers = {} if wait is None else {"Retry-After": wait}
    problem = problem_of(status, body, headers, NOON)
    assert isinstance(problem, SpotifyProblem)
    assert (problem.until is not None) == (status == 429)


def test_an_answer_nested_without_end_is_read_as_text() -> None:
    assert problem_of(403, "[" * 100_000, {}, NOON).kind == "forbidden"
