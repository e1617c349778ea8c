"""Tracks are found on Spotify, and what is not certain is said to be doubtful."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import OutsideId, OutsideTrack, Track
from hybrid.spotify.match import Match, match
from tests.hybrid.spotify.cases import CASES as FIRST
from tests.hybrid.spotify.cases import Case
from tests.hybrid.spotify.cases_second import SECOND

CASES = FIRST + SECOND


class Shelf:
    """A Spotify that finds everything it has."""

    def __init__(self, tracks: list[OutsideTrack]) -> None:
        self.tracks = tracks
        self.asked: list[tuple[str, ...]] = []

    def track(self, ident: str) -> OutsideTrack | None:
        self.asked.append(("track", ident))
        return next((track for track in self.tracks if track.ident == ident), None)

    def by_isrc(self, isrc: str) -> list[OutsideTrack]:
        self.asked.append(("isrc", isrc))
        return [track for track in self.tracks if track.isrc == isrc]

    def search(self, artist: str, title: str, limit: int = 10) -> list[OutsideTrack]:
        self.asked.append(("search", artist, title))
        return self.tracks[:limit]


def found(case: Case) -> tuple[Match, int | None]:
    came = match(Shelf(case.on_spotify()), case.track(), case.duration_s)
    return came, None if came.chosen is None else int(came.chosen.track.ident)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about.replace(" ", "-"))
def test_the_table_of_cases_holds(case: Case) -> None:
    came, chosen = found(case)
    assert came.state == case.state, came
    assert came.why
    assert (came.chosen is None) == (came.state == "missing")
    if case.right is not None:
        assert chosen == case.right


def test_nothing_in_the_table_is_matched_wrongly_and_little_is_left_to_the_dj() -> None:
    right = wrong = 0
    for case in CASES:
        came, chosen = found(case)
        if came.state == "matched":
            right += case.state == "matched" and chosen == case.right
            wrong += case.state != "matched" or chosen != case.right
    assert wrong == 0
    assert right == sum(case.state == "matched" for case in CASES)


_NAMES = st.sampled_from(["Orla Kest", "Bram Tully", "The Gulls", "Ольга Кест", "灯台守"])
_TITLES = st.sampled_from(["Lantern", "Night Ferry", "Study 11", "Don't Go Home", "夜の海"])
_VERSIONS = st.sampled_from(
    ["", "Otto Falk Remix", "Vocal Mix", "Otto Falk Dub", "Live", "Instrumental", "VIP Mix"]
)
_TRACKS = st.builds(Track, _NAMES, _TITLES, _VERSIONS)


def there(track: Track, ident: str = "x", guest: str = "") -> OutsideTrack:
    """The track as Spotify writes it."""
    artists = (track.artist, *([guest] if guest else []))
    title = f"{track.title} (feat. {guest})" if guest else track.title
    title = f"{title} - {track.version}" if track.version else title
    return OutsideTrack("spotify", ident, artists, title, duration_s=300.0)


@given(_TRACKS, _TRACKS, st.sampled_from(["", "Zoe Wick"]))
def test_a_track_as_spotify_writes_it_is_itself_and_nothing_else(
    track: Track, other: Track, guest: str
) -> None:
    came = match(Shelf([there(other, "other"), there(track, "it", guest)]), track)
    assert came.state == "matched"
    assert came.chosen is not None
    assert came.chosen.track.ident == "it" or other == track
    alone = match(Shelf([there(other, "other")]), track)
    assert (alone.state == "matched") == (other == track)


class TestKnownIds:
    MOON = Track("Orla Kest", "Lantern")

    def test_what_the_dj_chose_is_it_and_what_else_it_may_be_can_be_chosen_still(self) -> None:
        shelf = Shelf([there(Track("Nobody", "Else"), "chosen"), there(self.MOON, "it")])
        ids = (OutsideId("spotify", "it", "csv"), OutsideId("spotify", "chosen", "choice"))
        came = match(shelf, Track("Orla Kest", "Lantern", ids=ids), 999.0)
        assert (came.state, came.how) == ("matched", "id")
        assert came.chosen is not None
        assert came.chosen.track.ident == "chosen"
        assert came.why == "You chose it before."
        assert [other.track.ident for other in came.alternatives] == ["it"]

    def test_a_choice_that_the_search_finds_too_stands_there_once_and_does_not_end_it(self) -> None:
        copy = there(self.MOON, "copy")
        shelf = Shelf([there(self.MOON, "chosen"), copy])
        ids = (OutsideId("spotify", "chosen", "choice"), OutsideId("spotify", "chosen", "csv"))
        came = match(shelf, Track("Orla Kest", "Lantern", ids=ids))
        assert came.chosen is not None
        assert came.chosen.track.ident == "chosen"
        assert [other.track.ident for other in came.alternatives] == ["copy"]

    def test_a_choice_that_is_gone_counts_no_more(self) -> None:
        ids = (OutsideId("spotify", "gone", "choice"),)
        came = match(Shelf([there(self.MOON, "it")]), Track("Orla Kest", "Lantern", ids=ids))
        assert (came.state, came.how) == ("matched", "search")

    def test_an_id_of_a_source_has_to_agree_with_the_name(self) -> None:
        shelf = Shelf([there(Track("Bram Tully", "Harbour"), "wrong"), there(self.MOON, "it")])
        ids = (OutsideId("spotify", "wrong", "csv"),)
        came = match(shelf, Track("Orla Kest", "Lantern", ids=ids))
        assert (came.state, came.how) == ("matched", "search")
        assert came.chosen is not None
        assert came.chosen.track.ident == "it"

    def test_an_id_of_a_source_that_agrees_ends_the_search(self) -> None:
        shelf = Shelf([there(self.MOON, "it")])
        ids = (OutsideId("spotify", "it", "csv"), OutsideId("isrc", "QZXXX2400001"))
        came = match(shelf, Track("Orla Kest", "Lantern", ids=ids))
        assert (came.state, came.how, came.alternatives) == ("matched", "id", ())
        assert len(shelf.asked) == 1


class TestRequests:
    """Spotify's quota is small: nothing is asked that does not help."""

    def test_an_isrc_that_leads_to_it_is_one_request(self) -> None:
        track = Track("Orla Kest", "Lantern", ids=(OutsideId("isrc", "QZXXX2400001"),) * 2)
        found = OutsideTrack("spotify", "x", ("Orla Kest",), "Lantern", "QZXXX2400001")
        shelf = Shelf([found])
        assert match(shelf, track).how == "isrc"
        assert shelf.asked == [("isrc", "QZXXX2400001")]

    def test_the_version_is_searched_for_first_then_the_title_alone(self) -> None:
        shelf = Shelf([])
        came = match(shelf, Track("Orla Kest & Bram Tully feat. Mina", "Lantern", "Otto Falk Mix"))
        assert came.state == "missing"
        assert shelf.asked == [
            ("search", "Orla Kest", "Lantern Otto Falk Mix"),
            ("search", "Orla Kest", "Lantern"),
        ]

    def test_a_track_with_many_ids_costs_few_requests(self) -> None:
        ids = [OutsideId("isrc", f"QZXXX24000{n:02}") for n in range(30)]
        ids += [OutsideId("spotify", str(n), "csv") for n in range(30)]
        shelf = Shelf([])
        match(shelf, Track("Orla Kest", "Lantern", "Dub", ids=tuple(ids)))
        assert len(shelf.asked) <= 8


def test_other_versions_are_offered_where_the_one_asked_for_is_missing() -> None:
    shelf = Shelf([there(Track("Orla Kest", "Lantern", "Otto Falk Remix"))])
    came = match(shelf, Track("Orla Kest", "Lantern"))
    assert (came.state, came.chosen) == ("missing", None)
    assert came.why == "Spotify has other versions of it only."
    assert [one.why for one in came.alternatives] == ["It is the Otto Falk Remix."]


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({"title": "Lantern - Mixed"}, "It is a cut from a DJ mix."),
        ({"title": "Lantern - Radio Edit"}, "It is the Radio Edit."),
        ({"duration_s": 200.0}, "It lasts 3:20, yours 6:40."),
        ({"artists": ("Orla Kest", "Bram Tully")}, "It also names Bram Tully."),
        ({"title": "Lantern (All I See)"}, "Its title is Lantern (All I See)."),
        ({"album": "Live at the Docks"}, "It is on Live at the Docks."),
    ],
)
def test_a_doubt_is_said_in_words(found: dict[str, object], why: str) -> None:
    told: dict[str, Any] = {"artists": ("Orla Kest",), "title": "Lantern", **found}
    shelf = Shelf([OutsideTrack("spotify", "x", **told)])
    came = match(shelf, Track("Orla Kest", "Lantern"), 400.0 if "yours" in why else None)
    assert (came.state, came.why) == ("doubtful", why)
