"""Spotify's JSON as it may come: what is missing, of another type, or nothing at all."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.spotify import reading
from scrapers.spotify.errors import SpotifyProblem
from scrapers.spotify.reading import Me, item_of, playlist_of, track_of

IDENT = "4aBcDeFgHiJkLmNoPqRsTu"
TRACK: dict[str, Any] = {
    "type": "track",
    "id": IDENT,
    "uri": f"spotify:track:{IDENT}",
    "name": "Glass Tide - Otto Lind Remix",
    "artists": [{"id": "x", "name": "Nova Reyes"}, {"id": "y", "name": "Otto Lind"}],
    "album": {"name": "Glass Tide", "release_date": "2021-04", "images": []},
    "duration_ms": 251500,
    "external_ids": {"isrc": "qz-aaa-26-00001"},
    "external_urls": {"spotify": "javascript:alert(1)"},
    "is_local": False,
}
ME = Me("account-1", "Mira", "mira")
PLAYLIST: dict[str, Any] = {
    "id": "37aBcDeFgHiJkLmNoPqRsT",
    "name": "Warm up",
    "description": "Tom &amp; Ada&#x27;s",
    "owner": {"id": "mira", "display_name": "Mira"},
    "items": {"total": 12},
}


def without(value: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**copy.deepcopy(value), **changed}


def test_a_track_is_read_with_all_that_spotify_says() -> None:
    track = track_of(TRACK)
    assert track is not None
    assert (track.service, track.ident) == ("spotify", IDENT)
    assert track.artists == ("Nova Reyes", "Otto Lind")
    assert track.title == "Glass Tide - Otto Lind Remix"
    assert (track.isrc, track.duration_s) == ("QZAAA2600001", 251.5)
    assert (track.album, track.released) == ("Glass Tide", "2021-04")


def test_a_link_is_made_from_the_id_and_not_taken_over() -> None:
    track = track_of(TRACK)
    assert track is not None
    assert track.link == f"https://open.spotify.com/track/{IDENT}"


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"id": 17},
        {"id": "../me"},
        {"name": None},
        {"name": "  "},
        {"artists": None},
        {"artists": []},
        {"artists": [None, {"name": None}, "Nova"]},
        {"type": "episode"},
    ],
)
def test_without_id_title_or_artist_there_is_no_track(changed: dict[str, Any]) -> None:
    assert track_of(without(TRACK, **changed)) is None


def test_what_is_of_another_type_counts_as_not_said() -> None:
    odd = without(
        TRACK,
        album=["Glass Tide"],
        duration_ms="251500",
        external_ids={"isrc": 7},
        artists=[None, {"name": "Nova Reyes"}],
    )
    track = track_of(odd)
    assert track is not None
    assert (track.album, track.released, track.duration_s, track.isrc) == ("", "", None, "")
    assert track.artists == ("Nova Reyes",)


@pytest.mark.parametrize("length", [0, -1, True, float("nan"), float("inf"), 10**400])
def test_a_length_that_no_track_has_is_not_taken(length: Any) -> None:
    track = track_of(without(TRACK, duration_ms=length))
    assert track is not None
    assert track.duration_s is None


@pytest.mark.parametrize("day", ["0000", "20210401", "2021-4", "soon", "２０２１"])
def test_a_day_that_is_none_is_not_taken(day: str) -> None:
    track = track_of(without(TRACK, album={"name": "Glass Tide", "release_date": day}))
    assert track is not None
    assert track.released == ""


def test_a_name_is_one_line_that_every_database_takes() -> None:
    track = track_of(without(TRACK, name="Glass\n\x00 Tide \ud800!", artists=[{"name": "\tNova "}]))
    assert track is not None
    assert (track.title, track.artists) == ("Glass Tide !", ("Nova",))


def test_a_playlist_is_owned_by_whom_it_names() -> None:
    mine = playlist_of(PLAYLIST, ME)
    theirs = playlist_of(without(PLAYLIST, owner={"id": "tove"}), ME)
    nobodys = playlist_of(without(PLAYLIST, owner=None), Me("account-1", "Mira", ""))
    assert mine and theirs and nobodys
    assert (mine.owned, theirs.owned, nobodys.owned) == (True, False, False)
    assert mine.description == "Tom & Ada's"


def test_a_playlist_says_its_length_under_the_new_or_the_old_name() -> None:
    older = without(PLAYLIST, items=None, tracks={"total": 7})
    odd = without(PLAYLIST, items={"total": "7"})
    totals = [info.total for one in (PLAYLIST, older, odd) if (info := playlist_of(one, ME))]
    assert totals == [12, 7, 0]


def test_an_entry_holds_its_track_under_the_new_or_the_old_name() -> None:
    for entry in ({"item": TRACK}, {"track": TRACK}, {"item": None, "track": TRACK}):
        item = item_of(entry)
        assert item.track == track_of(TRACK)
        assert (item.uri, item.why) == (f"spotify:track:{IDENT}", "")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (None, reading.NO_LONGER_THERE),
        ({"item": None}, reading.NO_LONGER_THERE),
        ({"track": True}, reading.NO_LONGER_THERE),
        ("text", reading.NO_LONGER_THERE),
        ({"is_local": True, "item": without(TRACK, id=None)}, reading.LOCAL_FILE),
        ({"item": without(TRACK, is_local=True)}, reading.LOCAL_FILE),
        ({"item": without(TRACK, type="episode")}, reading.EPISODE),
        ({"item": without(TRACK, artists=[])}, reading.UNREADABLE),
    ],
)
def test_a_place_without_a_track_says_why(entry: Any, why: str) -> None:
    item = item_of(entry)
    assert (item.track, item.why) == (None, why)


def test_a_local_file_is_named() -> None:
    item = item_of({"is_local": True, "item": without(TRACK, id=None, uri="spotify:local:::x")})
    assert item.name == "Nova Reyes, Otto Lind - Glass Tide - Otto Lind Remix"
    assert item.uri == "spotify:local:::x"


def read_all(value: Any) -> None:
    """Every reading of an answer; only a damaged one may raise."""
    for read in (
        track_of,
        item_of,
        reading.found_of,
        reading.me_of,
        reading.snapshot_of,
        lambda one: playlist_of(one, ME),
        lambda one: reading.page_of(one, 50),
        lambda one: reading.flags_of(one, 2),
    ):
        try:
            json.dumps(repr(read(value))).encode()
        except SpotifyProblem as problem:
            assert problem.kind == "damaged"


NAMES = sorted({*TRACK, *PLAYLIST, "tracks", "item", "track", "total", "isrc", "snapshot_id"})
strange = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(), inside, max_size=6)
    ),
    max_leaves=12,
)


@given(strange)
def test_no_json_at_all_is_too_strange(value: Any) -> None:
    read_all(value)


@given(st.sampled_from([TRACK, PLAYLIST]), st.sampled_from(NAMES), strange)
def test_no_field_can_hold_what_breaks_the_reading(
    whole: dict[str, Any], name: str, value: Any
) -> None:
    broken = without(whole, **{name: value})
    for wrapped in (
        broken,
        {"item": broken},
        {"tracks": {"items": [broken]}},
        {"items": [broken], "total": value},
    ):
        read_all(wrapped)


@pytest.mark.parametrize("total", [None, "3", -1, True, 1.0, 10**9])
def test_a_page_that_does_not_say_how_long_the_listing_is_is_damaged(total: Any) -> None:
    with pytest.raises(SpotifyProblem, match="cannot be read"):
        reading.page_of({"items": [], "total": total}, 50)


def test_a_page_that_is_longer_than_it_was_asked_to_be_is_damaged() -> None:
    assert reading.page_of({"items": [None] * 50, "total": 90}, 50) == ([None] * 50, 90)
    with pytest.raises(SpotifyProblem, match="cannot be read"):
        reading.page_of({"items": [None] * 51, "total": 90}, 50)
