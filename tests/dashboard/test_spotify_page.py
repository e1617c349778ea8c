"""The Spotify page's tools: what may be chosen, what goes to Spotify, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, no_update
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import spotify as page
from dashboard.components import spotify_match as rows
from dashboard.components import spotify_outcome as came
from dashboard.components import spotify_tools as tools
from dashboard.components.jobs import progress
from dashboard.components.markup import as_html
from dashboard.services import Library, attach, current_library
from dashboard.services import spotify as service
from data.catalogue import Job
from data.errors import SegueError
from data.records import Entry, Track
from data.settings import Settings
from scrapers.spotify import PlaylistInfo, SpotifyProblem
from tests.dashboard.pressing import drawn, pressed

WORKER = "a worker of this test"
ONE, OTHER, THIRD = "1" * 22, "2" * 22, "3" * 22


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def app(any_app: Dash, tmp_path: Path) -> Iterator[Dash]:
    """The app over an empty catalogue of this test's own."""
    attach(any_app.server.config, Library(Settings(home=tmp_path / "home")))
    with any_app.server.app_context():
        yield any_app


@pytest.fixture
def library(app: Dash) -> Library:
    return current_library()


def a_crate(library: Library, *titles: str) -> int:
    entries = [Entry(Track("Orla Kest", title)) for title in titles]
    return library.catalogue.add_playlist("Friday", entries).crate_id


def there(ident: str, title: str, **more: Any) -> dict[str, Any]:
    """A track of Spotify, as a match names it."""
    link = f"https://open.spotify.com/track/{ident}"
    told = {"id": ident, "artist": "Orla Kest", "title": title, "album": "", "link": link}
    return {**told, "duration_s": 240.0, "score": 0.9, **more}


def found(ident: int, state: str, *tracks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A row of a match."""
    said = {"recording_id": ident, "artist": "Orla Kest", "title": f"Tune {ident}", "why": ""}
    chosen = tracks[0] if tracks and state != "missing" else None
    others = list(tracks if chosen is None else tracks[1:])
    return {**said, "state": state, "how": "isrc", "chosen": chosen, "alternatives": others, **more}


def ended(library: Library, kind: str, state: str = "done", **how: Any) -> Job:
    """A job of a kind that a worker has ended."""
    job_id = library.catalogue.jobs.add(kind, "A job", how.pop("options", {}))
    library.catalogue.jobs.claim(WORKER)
    library.catalogue.jobs.finish(job_id, WORKER, state, **how)
    return library.catalogue.jobs.get(job_id)


def a_match(library: Library, *matches: dict[str, Any]) -> int:
    crate_id = a_crate(library, "Tune 1")
    stamp = library.catalogue.crate_state(crate_id).stamp
    result = {"crate_id": crate_id, "stamp": stamp, "matches": list(matches)}
    counts = {s: sum(m["state"] == s for m in matches) for s in ("matched", "doubtful", "missing")}
    return ended(library, service.MATCH, result=result | counts).id


# -- the match list


def test_the_list_shows_what_needs_an_answer_first() -> None:
    matches = [
        found(1, "matched", there(ONE, "Tune 1", album="Harbour Lights")),
        found(2, "missing", why="Spotify has nothing by this name."),
        found(3, "doubtful", there(OTHER, "Tune 3 - Mixed"), why="It may be a cut of a mix."),
    ]
    listed = as_html(rows.match_list(matches, {}))
    places = [listed.index(f"match-group-{name}") for name in ("doubtful", "missing", "matched")]
    assert places == sorted(places)
    for words in ("Harbour Lights", "4:00", "by ISRC", "nothing by this name", "a cut of a mix"):
        assert words in listed
    assert listed.count("https://open.spotify.com/track/") >= 3


def test_a_matched_track_is_chosen_and_a_doubtful_one_is_left_out_until_somebody_says() -> None:
    listed = as_html(
        rows.match_list(
            [
                found(1, "matched", there(ONE, "Tune 1"), there(THIRD, "Tune 1 - Live")),
                found(3, "doubtful", there(OTHER, "Tune 3 - Mixed")),
            ],
            {},
        )
    )
    checked = [part.split(">")[0] for part in listed.split("<input ")[1:] if " checked" in part]
    assert sorted(checked) == [
        f'type="radio" name="match-1" value="{ONE}" checked',
        'type="radio" name="match-3" value="" checked',
    ]


def test_the_difference_in_length_is_told() -> None:
    matches = [found(1, "doubtful", there(ONE, "A"), there(OTHER, "B", duration_s=372.0))]
    listed = as_html(rows.match_list(matches, {1: 358.2}))
    assert "4:00 (118 s shorter)" in listed and "6:12 (14 s longer)" in listed
    assert "longer" not in as_html(rows.match_list(matches, {}))


def test_each_alternative_says_what_speaks_against_it_but_for_what_the_row_says() -> None:
    why = "It is the Radio Edit."
    tracks = [there(ONE, "A", why=why), there(OTHER, "B", why="It is 2 s longer.")]
    listed = as_html(rows.match_list([found(1, "doubtful", *tracks, why=why)], {}))
    assert listed.count("It is the Radio Edit") == 1 and "It is 2 s longer" in listed


def test_names_and_links_of_spotify_are_text_and_nothing_else() -> None:
    rough = "<img src=x onerror=alert(1)>"
    track = there(ONE, rough, artist=rough, album=rough, link="javascript:alert(1)")
    more = {"artist": rough, "title": rough, "why": rough}
    listed = as_html(
        rows.match_list([found(1, state, track, **more) for state in ("doubtful", "missing")], {})
    )
    assert "<img" not in listed and "javascript:" not in listed
    assert "&lt;img" in listed


def test_hundreds_of_tracks_are_drawn_as_one_text(library: Library) -> None:
    job_id = a_match(library, *(found(n, "matched", there(ONE, "Tune")) for n in range(1, 301)))
    shown = page.show_match(f"?match={job_id}", None, None)
    assert shown[2]["html"].count("match-row") >= 300
    assert drawn(shown[1]).count("namespace") < 20


def test_a_match_is_drawn_once_so_that_choices_stay(library: Library) -> None:
    job_id = a_match(library, found(1, "matched", there(ONE, "Tune 1")))
    now, head, sent, hidden, name, crate_id = page.show_match(f"?match={job_id}", None, None)
    assert not hidden and name == "Friday" and sent["job"] == job_id
    with pytest.raises(PreventUpdate):
        page.show_match(f"?match={job_id}", "another look", now)
    library.catalogue.set_crate(crate_id, [], said="Emptied")
    assert "was changed after this match" in drawn(page.show_match(f"?match={job_id}", 0, now)[1])
    assert "was changed" not in drawn(head)


def test_where_nothing_matched_the_page_says_what_that_means(library: Library) -> None:
    nothing = a_match(library, found(1, "missing"))
    assert "nothing goes there" in drawn(page.show_match(f"?match={nothing}", None, None)[1])
    doubtful = a_match(library, found(1, "doubtful", there(ONE, "Tune 1")))
    assert "nothing goes" not in drawn(page.show_match(f"?match={doubtful}", None, None)[1])


def test_an_address_without_a_match_or_with_a_strange_one_shows_no_list(library: Library) -> None:
    other = ended(library, service.PUSH, result={}).id
    assert page.show_match("", None, None)[1:4] == ([], "", True)
    for search in ("?match=999", f"?match={other}", "?match=9999999999999999999999"):
        shown = page.show_match(search, None, None)
        assert shown[3] is True and shown[4] is no_update
    assert "match the crate again" in drawn(page.show_match("?match=999", None, None)[1])


def test_a_match_that_failed_says_why(library: Library) -> None:
    job = ended(library, service.MATCH, "failed", error="Connect Spotify first.")
    assert "Connect Spotify first." in drawn(page.show_match(f"?match={job.id}", None, None))


def test_matching_starts_one_job_however_often_it_is_pressed(library: Library) -> None:
    crate_id = a_crate(library, "Tune 1")
    first = pressed(tools.MATCH_ID, 1, page.match, 1, str(crate_id), "?push=3&note=x")
    again = pressed(tools.MATCH_ID, 2, page.match, 2, str(crate_id), "")
    assert first[1] == again[1] == f"?crate={crate_id}&match=1"
    empty = library.catalogue.create_crate("Empty")
    with pytest.raises(SegueError, match="add tracks"):
        service.start_match(library, empty)


# -- what goes to Spotify

MATCHES = (
    found(1, "matched", there(ONE, "Tune 1"), there(THIRD, "Tune 1 - Live")),
    found(2, "missing", why="Spotify has nothing by this name."),
    found(3, "doubtful", there(OTHER, "Tune 3 - Mixed"), why="It may be a cut."),
)


def test_without_a_word_the_matched_go_and_everything_else_is_left_out_with_its_reason() -> None:
    what = service.wanted(MATCHES, {})
    assert what.items == [[1, ONE]]
    assert [(entry["recording_id"], entry["reason"]) for entry in what.left_out] == [
        (2, "Spotify has nothing by this name."),
        (3, "Doubtful, and none was chosen. It may be a cut."),
    ]


def test_what_the_dj_chooses_goes_and_what_they_leave_out_does_not() -> None:
    what = service.wanted(MATCHES, {"1": THIRD, "3": OTHER})
    assert what.items == [[1, THIRD], [3, OTHER]]
    left = service.wanted(MATCHES, {"1": ""}).left_out
    assert left[0]["reason"] == "You left it out."


def test_by_hand_is_what_the_match_did_not_say_itself() -> None:
    quiet = service.wanted(MATCHES, {"1": ONE, "3": ""})
    assert (quiet.items, quiet.chosen, quiet.dropped) == ([[1, ONE]], [], [])
    missing = found(4, "missing", there("4" * 22, "Tune 4 - Live"))
    picks = {"1": THIRD, "3": OTHER, "4": "4" * 22}
    assert service.wanted([*MATCHES, missing], picks).chosen == [1, 3, 4]
    assert service.wanted(MATCHES, {"1": ""}).dropped == [1]
    assert service.wanted(MATCHES, {"1": "forged"}).dropped == []


def test_a_browser_can_choose_only_what_the_match_found() -> None:
    for forged in (THIRD[:-1] + "x", OTHER, "../me", {"a": 1}, None, 7):
        assert service.wanted(MATCHES[:1], {"1": forged}).items == []


def test_a_push_carries_what_was_chosen_and_where_to(library: Library) -> None:
    match_id = a_match(library, *MATCHES)
    sent = {"job": match_id, "choices": {"3": OTHER}, "mode": "new", "name": " Friday  night "}
    _, address = page.push(sent, f"?match={match_id}")
    job = library.catalogue.jobs.get(int(address.rsplit("=")[-1]))
    assert (job.kind, job.title) == (service.PUSH, "Push 2 tracks to Spotify")
    assert job.options["items"] == [[1, ONE], [3, OTHER]]
    assert (job.options["chosen"], job.options["dropped"]) == ([3], [])
    assert (job.options["mode"], job.options["name"]) == ("new", "Friday night")
    assert [entry["title"] for entry in job.options["left_out"]] == ["Tune 2"]
    assert page.push(sent, "")[1] == f"?push={job.id}"  # pressed twice


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mode": "erase"}, "Choose a new playlist"),
        ({"name": "  "}, "a name"),
        ({"mode": "replace"}, "Choose the playlist"),
        ({"mode": "append", "playlist": "../../me"}, "Choose the playlist"),
        ({"choices": {"1": ""}}, "at least one track"),
        ({"job": 999}, "match the crate again"),
    ],
)
def test_what_cannot_be_pushed_is_refused(
    library: Library, changes: dict[str, Any], said: str
) -> None:
    sent = {"job": a_match(library, *MATCHES), "choices": {}, "mode": "new", "name": "Friday"}
    with pytest.raises(SegueError, match=said):
        page.push(sent | changes, "")


def test_what_came_of_a_push_names_link_proof_and_what_was_left_out(library: Library) -> None:
    result = {
        "summary": "2 added to “Friday”, 0 there already.",
        "name": "Friday",
        "link": "https://open.spotify.com/playlist/x",
        "total": 2,
        "added": 2,
        "verified": True,
        "repeated": 1,
        "left_out": [{"recording_id": 2, "artist": "=Orla", "title": "Tune 2", "reason": "Gone."}],
    }
    job = ended(library, service.PUSH, result=result)
    said = drawn(page.show_outcome(f"?push={job.id}", None, False, False)[0])
    for words in (result["link"], "Read back from Spotify: 2 tracks in it", "Tune 2", "1 track"):
        assert words in said
    assert "private" not in said
    content = pressed({"key": job.id, "type": "spotify-left-out"}, 1, page.download, [1])
    assert content["filename"] == "segue-not-on-spotify.csv"
    assert service.left_out_csv(job).decode("utf-8-sig") == (
        "artist,title,reason\r\n'=Orla,Tune 2,Gone.\r\n"
    )
    unsure = ended(library, service.PUSH, result=result | {"verified": False})
    assert "does not hold everything" in drawn(came.pushed(unsure, blocked=False))


@pytest.mark.parametrize(("tracks", "opened"), [(2, True), (40, False)])
def test_a_long_list_of_what_was_left_out_does_not_hide_the_rest(
    library: Library, tracks: int, opened: bool
) -> None:
    left = [{"artist": "Orla Kest", "title": f"Tune {n}", "reason": "Gone."} for n in range(tracks)]
    result = {"name": "Friday", "total": 1, "verified": True, "left_out": left}
    said = drawn(came.pushed(ended(library, service.PUSH, result=result), blocked=False))
    assert f"{tracks} tracks left out" in said and f'"open": {str(opened).lower()}' in said


def test_a_push_that_stopped_goes_on(library: Library) -> None:
    job = ended(library, service.PUSH, "failed", error="Spotify asks for a pause until 14:00.")
    said = drawn(page.show_outcome(f"?push={job.id}", None, True, False)[0])
    assert "until 14:00" in said and '"disabled": true' in said
    pressed({"key": job.id, "type": "spotify-again"}, 1, page.go_on, [1])
    assert library.catalogue.jobs.get(job.id).state == "queued"
    assert page.show_outcome(f"?push={job.id}", None, False, False)[0] == []


def test_signed_out_nothing_can_be_pushed(library: Library) -> None:
    assert page.show_outcome("?match=1", None, False, True)[1] is True
    assert page.show_outcome("?match=1", None, False, False)[1] is False


def test_a_new_playlist_is_called_unlisted_never_private() -> None:
    assert "unlisted" in tools.MODE_WORDS["new"]
    assert "private" not in drawn(tools.review()) + " ".join(tools.MODE_WORDS.values())


# -- the DJ's playlists


class Shop:
    """An account whose playlists are known; it counts how often they are asked for."""

    def __init__(self, *playlists: PlaylistInfo, problem: SpotifyProblem | None = None) -> None:
        self.held, self.problem, self.times = playlists, problem, 0

    def client(self) -> Shop:
        if self.problem:
            raise self.problem
        return self

    def playlists(self) -> Iterator[PlaylistInfo]:
        self.times += 1
        yield from self.held


def a_playlist(ident: str, name: str, *, owned: bool = True) -> PlaylistInfo:
    link = f"https://open.spotify.com/playlist/{ident}"
    return PlaylistInfo(ident=ident, name=name, total=3, owned=owned, link=link, description="")


@pytest.fixture
def shop(library: Library, monkeypatch: pytest.MonkeyPatch) -> Shop:
    shop = Shop(a_playlist(ONE, "Mine"), a_playlist(OTHER, "Hers", owned=False))
    monkeypatch.setattr(service, "account", lambda _: shop)
    return shop


def test_only_playlists_that_the_dj_owns_are_offered_and_asked_for_once(
    library: Library, shop: Shop
) -> None:
    shown = page.show_mode("append", 1, None)
    page.show_mode("replace", 1, None)
    assert shown[3] == [{"value": ONE, "label": "Mine (3 tracks)"}]
    assert shown[:3] == (True, False, tools.MODE_WORDS["append"])
    assert shop.times == 1


def test_after_a_push_they_are_asked_for_again(library: Library, shop: Shop) -> None:
    page.show_mode("append", 1, None)
    service.start_push(library, a_match(library, *MATCHES), {}, mode="new", name="Friday")
    page.show_mode("append", 1, None)
    assert shop.times == 2


def test_a_new_playlist_needs_nothing_of_spotify(library: Library, shop: Shop) -> None:
    assert page.show_mode("new", 1, None)[:2] == (False, True)
    assert shop.times == 0


def test_the_playlist_that_the_crate_went_to_last_is_chosen(library: Library, shop: Shop) -> None:
    library.catalogue.pushes.open("d1", crate_id=4, mode="new", name="Mine")
    library.catalogue.pushes.keep("d1", playlist_id=ONE)
    assert page.show_mode("replace", 4, None)[4] == ONE
    assert page.show_mode("replace", 5, None)[4] is None


def test_where_spotify_does_not_answer_the_field_says_why(library: Library, shop: Shop) -> None:
    shop.problem = SpotifyProblem("signed_out", "Sign in again.")
    assert page.show_mode("append", 1, None)[3:] == ([], None, "Sign in again.")
    assert page.show_own("?tool=bring", json.dumps(["signed_in"]), False) == ([], "Sign in again.")


def test_playlists_to_bring_are_asked_for_only_where_they_are_shown(
    library: Library, shop: Shop
) -> None:
    signed_in = json.dumps(["signed_in"])
    for search, shown, blocked in (
        ("", signed_in, False),
        ("?tool=bring", json.dumps(["signed_out"]), False),
        ("?tool=bring", None, False),
        ("?tool=bring", signed_in, True),
    ):
        with pytest.raises(PreventUpdate):
            page.show_own(search, shown, blocked)
    assert page.show_own("?tool=bring", signed_in, False)[0][0]["value"] == ONE


@pytest.mark.parametrize(
    "said",
    [
        ONE,
        f"https://open.spotify.com/playlist/{ONE}",
        f" https://open.spotify.com/playlist/{ONE}?si=abc ",
        f"https://open.spotify.com/intl-de/playlist/{ONE}/",
        f"https://open.spotify.com/user/mara/playlist/{ONE}",
        f"open.spotify.com/playlist/{ONE}",
        f"spotify:playlist:{ONE}",
    ],
)
def test_a_playlist_is_known_by_every_link_that_spotify_gives_out(said: str) -> None:
    assert service.playlist_ident(said) == ONE


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "Paste the link"),
        (None, "Paste the link"),
        ("my playlist", "no link of a playlist"),
        (f"https://open.spotify.com/track/{ONE}", "a track"),
        (f"spotify:album:{ONE}", "an album"),
        (f"https://evil.example/playlist/{ONE}", "no link"),
        ("https://open.spotify.com/playlist/../me", "no link"),
        ("https://[bad/playlist/x", "no link"),
        ("spotify:playlist:" + "x" * 5000, "no link"),
    ],
)
def test_what_is_no_playlist_is_refused_with_a_sentence(said: str | None, words: str) -> None:
    with pytest.raises(SegueError, match=words):
        service.playlist_ident(said)


def test_what_is_no_link_is_told_beside_the_field(library: Library) -> None:
    *kept, said = pressed(tools.BRING_GO_ID, 1, page.bring, 1, "my playlist", None, "", "")
    assert kept == [no_update] * 3 and "no link" in said


def test_bringing_a_playlist_starts_a_job_and_its_end_leads_to_the_crate(library: Library) -> None:
    button = tools.BRING_GO_ID
    link = f"https://open.spotify.com/playlist/{ONE}"
    _, address, *_ = pressed(button, 1, page.bring, 1, link, None, " Kitchen ", "?tool=bring")
    job = library.catalogue.jobs.get(1)
    assert address == "?tool=bring&bring=1"
    assert job.options == {"playlist_id": ONE, "crate": "Kitchen"}
    assert page.show_outcome(address, None, False, False) == ([], True)
    library.catalogue.jobs.claim(WORKER)
    crate_id = library.catalogue.create_crate("Kitchen")
    told = {"summary": "3 tracks.", "crates": [crate_id]}
    library.catalogue.jobs.finish(1, WORKER, "done", result=told)
    said = drawn(page.show_outcome(address, None, False, False)[0])
    assert f"/set?crate={crate_id}" in said and "“Kitchen” is here" in said
    assert "Open the crate" in drawn(progress(library.catalogue.jobs.get(1)))


# -- the address


def test_the_address_names_the_tool_and_keeps_what_others_wrote() -> None:
    tabs, push_hidden, bring_hidden = page.show_tools("?crate=3&tool=bring&note=x")
    assert (push_hidden, bring_hidden) == (True, False)
    said = drawn(tabs)
    assert '"/spotify?crate=3"' in said and '"/spotify?crate=3&tool=bring"' in said


def test_another_crate_leaves_the_old_match_behind(library: Library) -> None:
    first, second = a_crate(library, "One"), library.catalogue.create_crate("Second")
    shown = page.show_crates(f"?crate={second}", "/spotify", False)
    assert shown[1:] == (str(second), False, False)
    address = page.choose_crate(str(first), f"?crate={second}&match=3&push=4")
    assert address == f"?crate={first}"
    with pytest.raises(PreventUpdate):
        page.choose_crate(str(first), f"?crate={first}&match=3")
    assert page.show_crates("?crate=999", "/spotify", True)[1:] == (str(first), True, True)
