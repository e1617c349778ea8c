"""The Map page without a browser: its address, its groups, its numbers, what it says and does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from dash import Dash
from dash.exceptions import PreventUpdate
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.callbacks import map as callbacks
from dashboard.charts.map import OTHER, UNKNOWN, luminance, named, ramp, wheel
from dashboard.components import map as parts
from dashboard.services import Library, crates, current_library
from dashboard.services import map as service
from dashboard.services.map_groups import SOURCES, grouped, sources
from dashboard.services.map_view import COLOURS, MapView
from data.catalogue import Catalogue, Sound
from data.errors import SegueError
from data.harmony import parse_key
from data.records import Analysis, Embedding, Track
from data.settings import Settings
from hybrid.atlas import BASES, METHODS
from hybrid.training import train
from tests.audio_files import music, write
from tests.dashboard.pressing import a_track, drawn, pressed
from tests.dashboard.sounding import keep
from tests.hybrid.scenes import SETS
from tests.hybrid.small import QUICK, heard

VIEWS = st.builds(
    MapView,
    seed=st.none() | st.integers(0, 10**15 - 1),
    near=st.none() | st.sampled_from(BASES),
    method=st.none() | st.sampled_from(METHODS),
    colour=st.sampled_from(COLOURS),
    only=st.lists(st.text(max_size=20), unique=True, max_size=5)
    .map(tuple)
    .filter(lambda names: all(name.strip() == name and name for name in names)),
)


def listen(catalogue: Catalogue, track: Track, place: int, **numbers: object) -> int:
    """Let a track have been heard: its vector is drawn from `place`."""
    vector = np.random.default_rng(place).normal(size=8).astype(np.float32)
    embedding = Embedding("segue", "1", vector, np.zeros((0, 8)), np.zeros(0), 5.0)
    analysis = Analysis(**{**NUMBERS, **numbers})
    catalogue.add_sound(
        [Sound(f"hash {track}", None, track, 300.0, None, "file", analysis, embedding)]
    )
    found = catalogue.find(track)
    assert found is not None
    return found


NUMBERS = {
    "duration_s": 300.0,
    "bpm": 124.0,
    "bpm_confidence": 0.9,
    "bpm_alternatives": (),
    "beat_start_s": 0.0,
    "key": parse_key("8A"),
    "key_confidence": 0.9,
    "key_runner_up": None,
    "energy": 0.5,
    "loudness_lufs": -9.0,
    "rolloff_hz": 4000.0,
    "windows": ((0.0, 60.0),),
    "analyser": "1",
}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Library]:
    """A library whose page is asked, empty at first."""
    app = create_app(Settings(home=tmp_path))
    with app.server.app_context():
        yield current_library()


class TestTheAddress:
    @given(VIEWS)
    def test_it_says_all_that_the_page_shows(self, view):
        assert MapView.from_search(view.to_search()) == view

    def test_the_plain_page_has_a_plain_address(self):
        assert MapView().to_search() == ""

    @given(st.text(max_size=60))
    def test_nonsense_is_left_at_its_default(self, text):
        view = MapView.from_search(f"?seed={text}&near={text}&method={text}&colour={text}")
        assert view.colour in COLOURS
        assert view.near is None or view.near in BASES

    def test_another_colour_shows_all_groups_again(self):
        view = MapView(colour="genre", only=("house",))
        assert view.after("colour", "key") == MapView(colour="key")
        assert view.after("colour", "genre") == view

    def test_a_group_that_is_chosen_twice_is_not_chosen(self):
        once = MapView().after("group", "house").after("group", "disco")
        assert once.only == ("house", "disco")
        assert once.after("group", "house").only == ("disco",)
        assert once.after("all", 1).only == ()

    def test_what_near_means_brings_its_own_arrangement(self):
        assert MapView(near="sets", method="umap").after("near", "sound").method is None


def facts(**columns: object) -> SimpleNamespace:
    return SimpleNamespace(**{name: np.asarray(values) for name, values in columns.items()})


def named_counts(colour: str, count: int, notation: str = "camelot", **columns: object) -> dict:
    rows = np.arange(count)
    found = grouped(facts(**columns), rows, colour, np.zeros(count, np.int8), notation)
    assert [int((found.codes == code).sum()) for code in range(len(found.groups))] == [
        group.count for group in found.groups
    ]
    return {group.name: group.count for group in found.groups}


class TestGroups:
    def test_nine_genres_have_a_name_and_the_rest_is_other(self):
        genres = [f"Genre {n}" for n in range(11) for _ in range(20 - n)] + [""] * 3
        counts = named_counts("genre", len(genres), genre=np.array(genres, object))
        assert list(counts)[:9] == [f"Genre {n}" for n in range(9)]
        assert list(counts.items())[9:] == [("Other genres", 21), ("Genre not known", 3)]

    def test_a_tenth_genre_is_named_rather_than_other(self):
        genres = np.array([f"Genre {n}" for n in range(10)], object)
        assert "Other genres" not in named_counts("genre", 10, genre=genres)

    def test_spellings_of_a_genre_are_one_and_the_commonest_is_shown(self):
        genres = np.array(["Deep House", "deep house", "Deep  House", "Deep House"], object)
        assert named_counts("genre", 4, genre=genres) == {"Deep House": 4}

    def test_keys_go_round_the_wheel_in_the_notation_of_the_dj(self):
        keys = np.array([parse_key(k).traktor() for k in ("9A", "8B", "8A", "8A")] + [-1], np.int8)
        assert named_counts("key", 5, key=keys) == {"8A": 2, "8B": 1, "9A": 1, "Key not known": 1}
        assert list(named_counts("key", 5, "classic", key=keys))[:3] == ["Am", "C", "Em"]
        assert list(named_counts("key", 5, "open_key", key=keys))[:3] == ["1m", "1d", "2m"]

    def test_tempos_are_even_steps_and_odd_ones_fall_into_the_ends(self):
        tempos = np.concatenate([np.linspace(118, 129.5, 200), [60, 240, np.nan]])
        counts = named_counts("bpm", 203, bpm=tempos.astype(np.float32))
        assert len(counts) <= 11
        assert sum(counts.values()) == 203
        names = list(counts)
        assert names[0].startswith("Under ")
        assert names[-2].endswith(" and over")
        assert counts["Tempo not known"] == 1

    def test_years_are_named_as_people_say_them(self):
        years = np.array([1994, 1995, 1995, 1996, np.nan], np.float32)
        assert named_counts("year", 5, year=years) == {
            "1994": 1,
            "1995": 2,
            "1996": 1,
            "Year not known": 1,
        }
        spread = np.repeat(np.arange(1970, 2025), 2).astype(np.float32)
        assert "1990s" in named_counts("year", len(spread), year=spread)

    @pytest.mark.parametrize("colour", ["bpm", "year"])
    def test_where_nothing_is_known_that_is_the_only_group(self, colour):
        counts = named_counts(colour, 3, **{colour: np.full(3, np.nan, np.float32)})
        assert list(counts.values()) == [3]

    @given(st.lists(st.none() | st.floats(40, 240, width=32), min_size=1, max_size=80))
    def test_every_track_is_in_exactly_one_group(self, tempos):
        values = np.array([np.nan if t is None else t for t in tempos], np.float32)
        counts = named_counts("bpm", len(values), bpm=values)
        assert sum(counts.values()) == len(values)
        assert counts.get("Tempo not known", 0) == int(np.isnan(values).sum())

    def test_every_colour_stands_out_on_a_light_page_and_a_dark_one(self):
        keys = [(number, major) for number in range(1, 13) for major in (True, False)]
        colours = [
            *named(10),
            *(c for n in range(1, 12) for c in ramp(n)),
            *wheel(keys),
            OTHER,
            UNKNOWN,
        ]
        for colour in colours:
            # White, and the panel of a dark page.
            assert 1.05 / (luminance(colour) + 0.05) >= 3, colour
            assert (luminance(colour) + 0.05) / (luminance("#14181d") + 0.05) >= 3, colour

    def test_no_two_groups_of_a_picture_have_one_colour(self):
        keys = [(number, major) for number in range(1, 13) for major in (True, False)]
        for colours in (named(10), ramp(10), wheel(keys)):
            assert len({*colours, OTHER, UNKNOWN}) == len(colours) + 2


class TestWhereTracksComeFrom:
    def test_dropped_before_own_before_sets(self, small):
        catalogue = small.catalogue
        catalogue.add_tracklists([heard("a", "Mara - One", "Otto - Two")])
        own = listen(catalogue, Track("Mara", "One"), 1)
        dropped = listen(catalogue, Track("Nobody", "Else"), 2)
        recommender = small.recommender()
        where = sources(recommender, np.array([dropped]))
        said = dict(zip(recommender.facts.recording_ids.tolist(), where.tolist(), strict=True))
        assert SOURCES[said[dropped]] == "Dropped files"
        assert SOURCES[said[own]] == "Your library"
        assert SOURCES[said[catalogue.find(Track("Otto", "Two"))]] == "DJ sets"

    def test_a_file_that_was_dropped_on_the_page_is_told_from_others(self, small, tmp_path):
        client = current_app.test_client()
        song = write(tmp_path, "wav", music(1))
        with song.open("rb") as stream:
            sent = {"files": [(stream, "Nobody - Else.wav")]}
            job = client.post("/uploads?purpose=seed", data=sent).get_json()["job"]
        [kept] = small.catalogue.jobs.get(job).options["paths"]
        small.catalogue.add_tracklists([heard("a", "Mara - One", "Otto - Two")])
        dropped = keep(small.catalogue, Track("Nobody", "Else"), Path(kept))
        charts = service.charts(small)
        assert charts.source(small, charts.row(dropped)) == "Dropped files"

    def test_the_demo_crate_is_nobodys_file(self, app):
        drawn_from = service.charts(current_library()).sources(current_library())
        assert {SOURCES[code] for code in drawn_from} == {"Demo crate"}


class TestTheNumbers:
    def test_points_are_three_columns_and_carry_no_text(self, app):
        charts = service.charts(current_library())
        atlas = charts.atlas("sets", "pca")
        answer = app.server.test_client().get(f"/map/points/{atlas.name}")
        count = len(atlas)
        assert len(answer.data) == count * 12
        x, y = np.frombuffer(answer.data[: count * 8], "<f4").reshape(2, count)
        ids = np.frombuffer(answer.data[count * 8 :], "<u4")
        assert np.array_equal(np.stack([x, y], axis=1), atlas.positions)
        assert np.array_equal(ids, atlas.recording_ids)
        assert "immutable" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize("colour", COLOURS)
    def test_a_colour_is_a_byte_a_point(self, app, colour):
        charts = service.charts(current_library())
        grouping = charts.grouping(current_library(), "sets", colour)
        address = f"/map/colours/sets/{colour}/{service.stamp_of(grouping)}"
        answer = app.server.test_client().get(address)
        assert np.array_equal(np.frombuffer(answer.data, np.uint8), grouping.codes)

    @pytest.mark.parametrize(
        "address",
        [
            "/map/points/../../catalogue.sqlite",
            "/map/points/sets-pca-0000000000000000",
            "/map/colours/sets/genre/0000000000000000",
            "/map/colours/smell/genre/0000000000000000",
            "/map/colours/sound/genre/0000000000000000",
            "/map/track/999999999",
            "/map/track/99999999999999999999999999",
        ],
    )
    def test_what_is_not_there_is_not_found(self, app, address):
        answer = app.server.test_client().get(address)
        assert answer.status_code == 404
        assert "Traceback" not in answer.get_data(as_text=True)

    def test_a_name_comes_with_all_that_colours_say(self, small):
        small.catalogue.add_tracklists([heard("a", "Mara - One", "Otto - Two", date="1998-05-01")])
        ident = listen(small.catalogue, Track("Mara", "One"), 1)
        listen(small.catalogue, Track("Otto", "Two"), 2)
        small.catalogue.set_preference("notation", "classic")
        assert service.about(small, ident) == "124 BPM · Am · 1998 · 1 set"

    def test_a_hundred_thousand_points_are_little_over_a_megabyte(self):
        ids = np.arange(100_000, dtype=np.int64)
        atlas = service.Atlas("x", ids, np.zeros((100_000, 2), np.float32), 1.0)
        assert len(service.points(atlas)) == 1_200_000


class TestThePage:
    def test_elsewhere_it_does_nothing(self, app):
        with pytest.raises(PreventUpdate):
            callbacks.show("?seed=1", None, "/")

    def test_with_nothing_there_it_says_what_to_do_and_looks_again(self, small):
        page = callbacks.show("", None, "/map")
        assert page.hidden and not page.well
        assert "/library" in drawn(page.empty)
        assert "/models" not in drawn(page.empty)

    def test_with_sets_alone_it_asks_to_train(self, small):
        small.catalogue.add_tracklists(SETS)
        page = callbacks.show("", None, "/map")
        assert page.hidden
        assert "/models" in drawn(page.empty)

    def test_what_there_is_is_chosen_and_the_other_cannot_be(self, app):
        page = callbacks.show("?near=sound", None, "/map")
        assert page.near == "sets"
        assert [choice["disabled"] for choice in page.choices] == [True, False]
        assert page.well and not page.hidden

    def test_what_was_heard_is_the_first_choice(self, small):
        small.catalogue.add_tracklists(SETS)
        train(small.catalogue, small.settings, parameters=QUICK)
        for place in range(3):
            listen(small.catalogue, Track("Ada Moor", f"Tune {place}"), place)
        page = callbacks.show("", None, "/map")
        assert (page.near, page.method) == ("sound", "pca")
        missing = len(small.recommender().facts) - 3
        assert f"3 tracks, placed by what they sound like. {missing} tracks are not" in _text(
            page.note
        )
        assert (callbacks.show("?near=sets", None, "/map")).method == "diffusion"

    def test_a_seed_has_its_twelve_nearest_as_text_and_on_the_map(self, app):
        library = current_library()
        seed = a_track(library)
        page = callbacks.show(f"?seed={seed}", None, "/map")
        assert len(page.spec["near"]) == 12
        listed = drawn(page.list)
        for ident in page.spec["near"]:
            assert library.catalogue.track(ident).title in _text(page.list)
            assert f'"href": "/?seed={ident}"' in listed
        assert page.spec["seed"] == seed

    def test_a_seed_without_a_place_says_why(self, small):
        small.catalogue.add_tracklists([heard("a", "Mara - One", "Otto - Two")])
        listen(small.catalogue, Track("Ada Moor", "Tune"), 1)
        seed = small.catalogue.find(Track("Mara", "One"))
        page = callbacks.show(f"?seed={seed}", None, "/map")
        assert page.spec["near"] == []
        assert "not on the map" in _text(page.list)

    def test_a_seed_that_is_gone_says_so(self, app):
        assert "no longer" in _text(callbacks.show("?seed=987654321", None, "/map").list)

    def test_groups_that_the_address_does_not_know_hide_nothing(self, app):
        page = callbacks.show("?only=Polka", None, "/map")
        assert all(group["shown"] for group in page.spec["groups"])
        first = callbacks.show("?only=disco", None, "/map").spec["groups"]
        assert [group["shown"] for group in first].count(True) == 1

    def test_the_frame_carries_no_point(self, app):
        page = app.server.test_client().get("/map").get_data(as_text=True)
        assert "map-graph" not in page


def _text(component: object) -> str:
    """All words of a component, in order."""
    if isinstance(component, list | tuple):
        return "".join(_text(part) for part in component)
    if isinstance(component, str):
        return component
    return _text(getattr(component, "children", None) or "")


class TestItsControls:
    @staticmethod
    def press(trigger: object, value: object, query: str = "") -> str:
        return pressed(trigger, value, callbacks.change_view, None, None, None, None, query)

    def test_a_point_that_is_clicked_is_the_seed(self, app):
        clicked = {"id": 7, "at": 1}
        assert self.press(parts.CLICKED_ID, clicked, "?colour=key") == "?seed=7&colour=key"
        assert self.press(parts.ASKED_ID, clicked) == "?seed=7"

    def test_a_line_of_the_legend_shows_its_group_alone(self, app):
        assert self.press({"type": "map-group", "key": "house"}, 1) == "?only=house"

    def test_showing_what_is_shown_changes_no_address(self, app):
        for name, value in ((parts.NEAR_ID, "sets"), (parts.METHOD_ID, "diffusion")):
            with pytest.raises(PreventUpdate):
                self.press(name, value)

    def test_another_colour_is_in_the_address(self, app):
        assert self.press(parts.COLOUR_ID, "bpm") == "?colour=bpm"

    def test_a_button_that_is_only_drawn_does_nothing(self, app):
        with pytest.raises(PreventUpdate):
            self.press({"type": "map-seed", "key": 5}, None)


class TestIntoTheCrate:
    def test_what_is_marked_goes_in_as_one_step_that_can_be_undone(self, app):
        library = current_library()
        ids = service.charts(library).atlas("sets", "diffusion").recording_ids[5:25].tolist()
        _, marked, [told] = callbacks.add_picked(1, {"ids": ids}, "")
        assert marked is None
        assert told["message"].startswith("Added 20 tracks to")
        crate = library.crate_in_hand()
        assert sorted(library.catalogue.crate(crate)) == ids
        assert library.catalogue.crate_state(crate).undo == "Added 20 tracks"
        assert library.catalogue.undo_crate(crate).ids == ()

    def test_it_begins_where_the_crate_ends(self, app):
        library = current_library()
        atlas = service.charts(library).atlas("sets", "diffusion")
        last = int(atlas.recording_ids[0])
        crates.add(library, library.crate_in_hand(), [last])
        ids = atlas.recording_ids[1:30]
        state = service.add_picked(library, "sets", "diffusion", ids.tolist())
        distance = np.linalg.norm(atlas.positions[1:30] - atlas.positions[0], axis=1)
        assert state.ids[:2] == (last, int(ids[distance.argmin()]))

    def test_what_is_there_already_stays_where_it_is(self, app):
        library = current_library()
        first = a_track(library)
        crates.add(library, library.crate_in_hand(), [first])
        state = service.add_picked(library, "sets", "diffusion", [first])
        assert state.ids == (first,)

    def test_more_than_two_hundred_are_refused(self, app):
        with pytest.raises(SegueError, match="200 tracks at a time"):
            service.add_picked(current_library(), "sets", "diffusion", list(range(1, 202)))

    def test_nothing_marked_does_nothing(self, app):
        with pytest.raises(PreventUpdate):
            callbacks.add_picked(1, None, "")


class TestWhatIsKept:
    def test_another_state_of_the_catalogue_is_another_map(self, small, monkeypatch):
        listen(small.catalogue, Track("Ada Moor", "One"), 1)
        listen(small.catalogue, Track("Ada Moor", "Two"), 2)
        first = service.charts(small).atlas("sound", "pca")
        assert service.charts(small).atlas("sound", "pca") is first
        listen(small.catalogue, Track("Ada Moor", "Three"), 3)
        small._recommender, small._looked = None, -100.0
        assert len(service.charts(small).atlas("sound", "pca")) == 3

    def test_a_group_drawn_behind_the_page_comes_when_it_is_done(self, small, monkeypatch):
        for place in range(4):
            listen(small.catalogue, Track("Ada Moor", f"Tune {place}"), place)
        monkeypatch.setattr(callbacks, "umap_is_installed", lambda: True)
        monkeypatch.setattr(service, "umap_is_installed", lambda: True)
        at_work: list[tuple] = []
        monkeypatch.setattr(service.Charts, "_draw", lambda *asked: at_work.append(asked))
        page = callbacks.show("?method=umap", None, "/map")
        assert page.hidden and not page.well
        charts, ground, method = at_work[0]
        done = service.chart(ground, small.settings, "pca")
        charts._atlases["sound", method] = dataclasses.replace(done, kept=float("nan"))
        page = callbacks.show("?method=umap", None, "/map")
        assert page.well and page.spec["points"] == f"/map/points/{done.name}"
        assert len(at_work) == 1


def test_the_server_takes_the_routes_once_per_app(tmp_path: Path) -> None:
    for name in ("one", "two"):
        app: Dash = create_app(Settings(home=tmp_path / name))
        assert any(str(rule) == "/map/points/<name>" for rule in app.server.url_map.iter_rules())
