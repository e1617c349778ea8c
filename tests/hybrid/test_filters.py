"""Which tracks each filter keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.errors import SegueError
from data.harmony import Key, key_compatibility, tempo_relation
from data.records import Analysis, Seed
from hybrid.filters import AskedFacts, FilterSet, checked
from hybrid.steering import Filters
from tests.hybrid.asked import camelot, made_asked
from tests.hybrid.facts import made_facts

NONE = Filters(tempo_percent=None, key="off", max_minutes=None)


def kept(filters, asked=None, *, said=None, **columns):
    """Rows that the filters keep, and the names of the masks they make."""
    n = len(next(iter(columns.values())))
    facts = made_facts(n, **columns)
    masks = FilterSet(facts).masks(filters, asked or made_asked(), **(said or {}))
    together = np.logical_and.reduce([np.ones(n, bool), *masks.values()])
    return np.flatnonzero(together).tolist(), list(masks)


def test_what_is_not_set_makes_no_mask():
    assert kept(NONE, made_asked([128], ["8A"]), bpm=[60, None])[1] == []


def test_by_default_tempo_and_length_are_looked_at_and_what_was_disliked():
    no = np.zeros(1, bool)
    said = {"disliked": no, "clashing": no}
    names = kept(Filters(), made_asked([128], ["8A"]), said=said, bpm=[128])[1]
    assert names == ["disliked", "clashes", "length", "tempo"]


class TestTempo:
    def window(self, filters, seeds, tempos, **asked):
        return kept(replace(NONE, tempo_percent=6.0) if filters is None else filters,
                    made_asked(seeds, **asked), bpm=tempos)[0]  # fmt: skip

    def test_a_track_within_the_percent_stays_and_the_edge_is_within(self):
        # 125 * 1.06 = 132.5 and 141 * .94 = 132.54
        assert self.window(None, [132.5], [132.5, 125, 124.9, 140.9, 141]) == [0, 1, 3]

    def test_half_and_double_time_count(self):
        tempos = [87, 174, 43.5, 130]
        assert self.window(None, [87], tempos) == [0, 1, 2]
        assert self.window(None, [174], tempos) == [0, 1]

    def test_half_and_double_time_can_be_left_out(self):
        filters = replace(NONE, tempo_percent=6.0, half_double=False)
        assert self.window(filters, [87], [87, 174, 43.5]) == [0]

    def test_any_seed_will_do_but_under_next_it_is_the_last(self):
        assert self.window(None, [128, 90], [128, 90, 110]) == [0, 1]
        assert self.window(None, [128, 90], [128, 90, 110], lens="next") == [1]

    def test_an_unknown_tempo_is_never_hidden(self):
        assert self.window(None, [128], [None, 100]) == [0]

    def test_a_seed_without_a_tempo_compares_with_nothing(self):
        asked = made_asked([128, None], lens="next")
        assert kept(replace(NONE, tempo_percent=6.0), asked, bpm=[60])[1] == []
        assert self.window(None, [128, None], [128, 60]) == [0]

    def test_a_window_of_0_percent_keeps_the_same_tempo(self):
        filters = replace(NONE, tempo_percent=0.0)
        assert self.window(filters, [127.3], [127.3, 127.31, 254.6]) == [0, 2]

    def test_in_a_wide_window_a_track_is_judged_by_the_nearest_of_the_three(self):
        """145 is nearer to double time, 38% away, though it is 31% away from the same."""
        assert self.window(replace(NONE, tempo_percent=35.0), [100], [145, 155]) == [1]

    @settings(deadline=None)
    @given(
        seeds=st.lists(st.floats(60, 200), min_size=1, max_size=4),
        tempos=st.lists(st.floats(50, 220, width=32), min_size=1, max_size=8),
        percent=st.floats(0, 150),
        half_double=st.booleans(),
    )
    def test_it_keeps_what_the_relation_of_tempos_says(self, seeds, tempos, percent, half_double):
        filters = replace(NONE, tempo_percent=percent, half_double=half_double)
        rows = self.window(filters, seeds, tempos)
        for row, tempo in enumerate(tempos):
            changes = [
                abs(tempo_relation(seed, tempo, octaves=half_double).percent) for seed in seeds
            ]
            ratios = [tempo / seed for seed in seeds]
            at_the_edge = any(abs(change - percent) < 1e-3 for change in changes) or (
                half_double and any(abs(r * r - e) < 1e-5 for r in ratios for e in (0.5, 2))
            )
            assert at_the_edge or (row in rows) == (min(changes) <= percent)


class TestKey:
    STRICT = replace(NONE, key="strict")

    def test_only_the_strict_filter_hides(self):
        keys = [camelot("8A"), camelot("3A")]
        assert kept(replace(NONE, key="soft"), made_asked(key=["8A"]), key=keys)[1] == []
        assert kept(self.STRICT, made_asked(key=["8A"]), key=keys) == ([0], ["key"])

    def test_every_key_is_judged_as_its_grade_says(self):
        for seed in range(24):
            asked = made_asked(key=[Key.from_traktor(seed).camelot()])
            rows, _ = kept(self.STRICT, asked, key=list(range(24)))
            assert rows == [
                row
                for row in range(24)
                if key_compatibility(Key.from_traktor(seed), Key.from_traktor(row)).score >= 0.5
            ]

    def test_any_seed_will_do_but_under_next_it_is_the_last(self):
        keys = [camelot("8A"), camelot("2A"), camelot("5B")]
        assert kept(self.STRICT, made_asked(key=["8A", "2A"]), key=keys)[0] == [0, 1]
        assert kept(self.STRICT, made_asked(key=["8A", "2A"], lens="next"), key=keys)[0] == [1]

    def test_an_unknown_key_is_never_hidden_nor_hides(self):
        assert kept(self.STRICT, made_asked(key=["8A"]), key=[None, camelot("2A")])[0] == [0]
        assert kept(self.STRICT, made_asked(key=[None]), key=[1])[1] == []


@pytest.mark.parametrize(
    ("name", "setting", "column"),
    [("energy", "energy", "energy"), ("year", "years", "year"), ("popularity", "sets", "sets")],
)
@pytest.mark.parametrize(
    ("bounds", "rows"), [((2, 3), [1, 2]), ((None, 2), [0, 1]), ((3, None), [2, 3])]
)
def test_a_range_keeps_what_is_in_it_with_both_ends(name, setting, column, bounds, rows):
    filters = replace(NONE, **{setting: bounds})
    assert kept(filters, **{column: [1, 2, 3, 4]}) == (rows, [name])


@pytest.mark.parametrize(("setting", "column"), [("energy", "energy"), ("years", "year")])
@pytest.mark.parametrize("bounds", [(2, 3), (None, 3), (2, None)])
def test_what_has_no_number_is_in_no_range(setting, column, bounds):
    assert kept(replace(NONE, **{setting: bounds}), **{column: [None, 2.5]})[0] == [1]


def test_a_long_mix_is_hidden_and_what_has_no_length_is_not():
    filters = replace(NONE, max_minutes=15)
    assert kept(filters, duration_s=[900, 901, None]) == ([0, 2], ["length"])


def test_a_label_is_found_by_any_spelling():
    filters = replace(NONE, labels=("QUAY Records",))
    assert kept(filters, label=["quay", "other", ""]) == ([0], ["label"])
    assert kept(replace(filters, labels=("", " ")), label=["quay"])[1] == []
    assert kept(replace(filters, labels=("nobody knows it",)), label=["quay", ""])[0] == []


def test_a_genre_is_found_by_its_words():
    genres = ["Deep House", "house / deep", "Tech-House", "Techno", ""]
    assert kept(replace(NONE, genres=("HOUSE",)), genre=genres) == ([0, 1, 2], ["genre"])
    assert kept(replace(NONE, genres=("deep house",)), genre=genres)[0] == [0, 1]
    assert kept(replace(NONE, genres=("techno", "tech house")), genre=genres)[0] == [2, 3]
    assert kept(replace(NONE, genres=("",)), genre=genres)[1] == []


def test_only_mine_and_only_new_part_the_tracks():
    owned = [True, False, True]
    assert kept(replace(NONE, library="mine"), owned=owned) == ([0, 2], ["library"])
    assert kept(replace(NONE, library="new"), owned=owned) == ([1], ["library"])
    assert kept(NONE, owned=owned)[1] == []


def test_what_was_played_tonight_is_named_by_its_id():
    """The made facts number their recordings from 1; an id that nobody has changes nothing."""
    filters = replace(NONE, without=frozenset({1, 3, 99, -5}))
    assert kept(filters, bpm=[1, 1, 1, 1]) == ([1, 3], ["without"])


def test_what_the_dj_dislikes_or_what_clashes_stays_away_unless_asked_for():
    said = {"disliked": np.array([True, False, False]), "clashing": np.array([False, True, False])}
    assert kept(NONE, said=said, bpm=[1, 1, 1]) == ([2], ["disliked", "clashes"])
    assert kept(replace(NONE, disliked=True), said=said, bpm=[1, 1, 1]) == ([0, 1, 2], [])


class TestSense:
    @pytest.mark.parametrize(
        ("setting", "says"),
        [
            ({"tempo_percent": -1}, "0 percent or more, not -1"),
            ({"tempo_percent": float("nan")}, "0 percent or more"),
            ({"max_minutes": 0}, "more than 0 minutes"),
            ({"energy": (0.8, 0.2)}, "energy from 0.8 to 0.2 holds nothing"),
            ({"years": (2020, 2010)}, "years from 2020 to 2010 holds nothing"),
            ({"sets": (5, 2)}, "number of sets from 5 to 2 holds nothing"),
            ({"years": (float("nan"), None)}, "leave out an open end"),
            ({"key": "harsh"}, "off, soft, strict, not harsh"),
            ({"library": "hers"}, "all, mine, new, not hers"),
        ],
    )
    def test_what_makes_no_sense_is_refused_in_a_sentence(self, setting, says):
        with pytest.raises(SegueError, match=says):
            checked(replace(NONE, **setting))
        with pytest.raises(SegueError, match=says):
            kept(replace(NONE, **setting), bpm=[1])

    def test_the_defaults_make_sense(self):
        assert checked(Filters()) == Filters()


class TestWhatIsKnownOfSeeds:
    FACTS = made_facts(
        3,
        bpm=[120, None, 100],
        key=[camelot("8A"), None, None],
        key_confidence=[0.75, 0, 0],
        recording_ids=[10, 20, 30],
    )
    HEARD = Analysis(
        duration_s=300,
        bpm=126.0,
        bpm_confidence=0.9,
        bpm_alternatives=(),
        beat_start_s=0.0,
        key=Key(0, "major"),
        key_confidence=0.5,
        key_runner_up=None,
        energy=0.5,
        loudness_lufs=-9.0,
        rolloff_hz=8000.0,
        windows=((0.0, 30.0),),
        analyser="1",
    )

    def of(self, *seeds, lens="goes_with"):
        return AskedFacts.of(seeds, self.FACTS, lens)

    def seed(self, recording_id, analysis=None):
        return Seed("asked", None, recording_id, "id", analysis=analysis)

    def test_the_catalogue_says_what_it_knows(self):
        asked = self.of(self.seed(10), self.seed(30))
        assert asked.rows.tolist() == [0, 2]
        assert asked.bpm.tolist() == [120, 100]
        assert asked.key.tolist() == [camelot("8A"), -1]
        assert asked.key_confidence.tolist() == [0.75, 0]

    def test_a_file_that_the_catalogue_does_not_hold_speaks_for_itself(self):
        asked = self.of(self.seed(None, self.HEARD))
        assert asked.rows.tolist() == []
        assert (asked.bpm[0], asked.key[0], asked.key_confidence[0]) == (126, 0, 0.5)

    def test_the_file_fills_in_what_the_catalogue_does_not_know(self):
        asked = self.of(self.seed(30, self.HEARD))
        assert (asked.bpm[0], asked.key[0]) == (100, 0)

    def test_a_seed_that_nothing_is_known_of_keeps_its_place(self):
        asked = self.of(self.seed(10), self.seed(None), self.seed(99))
        assert asked.rows.tolist() == [0]
        assert np.isnan(asked.bpm[1:]).all()
        assert asked.key[1:].tolist() == [-1, -1]

    def test_without_seeds_there_is_nothing_to_compare_with(self):
        asked = self.of(lens="next")
        assert len(asked.bpm) == len(asked.bpm[asked.mixed]) == 0


# --- a stricter filter never adds -----------------------------------------------------------

SIZE = 12
LABELS = ("quay", "north", "")
GENRES = ("deep house", "house", "techno", "")


def unknown_or(values):
    return st.lists(st.none() | values, min_size=SIZE, max_size=SIZE)


CRATES = st.fixed_dictionaries(
    {
        "bpm": unknown_or(st.floats(60, 180, width=32)),
        "key": unknown_or(st.integers(0, 23)),
        "energy": unknown_or(st.floats(0, 1, width=32)),
        "year": unknown_or(st.integers(1990, 2024)),
        "sets": st.lists(st.integers(0, 9), min_size=SIZE, max_size=SIZE),
        "duration_s": unknown_or(st.floats(60, 7200, width=32)),
        "owned": st.lists(st.booleans(), min_size=SIZE, max_size=SIZE),
        "label": st.lists(st.sampled_from(LABELS), min_size=SIZE, max_size=SIZE),
        "genre": st.lists(st.sampled_from(GENRES), min_size=SIZE, max_size=SIZE),
    }
)
ASKED = st.builds(
    made_asked,
    st.lists(st.floats(60, 180), max_size=3),
    st.lists(st.sampled_from(["8A", "9A", "3B", None]), max_size=3),
    lens=st.sampled_from(["goes_with", "next"]),
)
OPEN = {"energy": (0, 1), "years": (1990, 2024), "sets": (0, 9)}


@st.composite
def pairs(draw):
    """Filters, and others of which one or more is stricter."""
    loose, strict = {}, {}
    percents = sorted(draw(st.tuples(st.floats(0, 60), st.floats(0, 60))))
    strict["tempo_percent"], loose["tempo_percent"] = (
        percents[0],
        draw(st.sampled_from([percents[1], None])),
    )
    loose["half_double"] = draw(st.booleans())
    strict["half_double"] = loose["half_double"]
    for name, (least, most) in OPEN.items():
        a, b, c, d = sorted(draw(st.tuples(*[st.integers(least, most)] * 4)))
        strict[name], loose[name] = (b, c), (draw(st.sampled_from([a, None])), d)
    minutes = sorted(draw(st.tuples(st.floats(1, 120), st.floats(1, 120))))
    strict["max_minutes"], loose["max_minutes"] = (
        minutes[0],
        draw(st.sampled_from([minutes[1], None])),
    )
    strict["key"], loose["key"] = "strict", draw(st.sampled_from(["off", "soft", "strict"]))
    for name, values in (("labels", LABELS), ("genres", GENRES)):
        strict[name] = (draw(st.sampled_from(values[:-1])),)
        loose[name] = draw(st.sampled_from([(), (*strict[name], values[0])]))
    strict["library"] = draw(st.sampled_from(["mine", "new"]))
    loose["library"] = draw(st.sampled_from(["all", strict["library"]]))
    gone = draw(st.frozensets(st.integers(1, SIZE), max_size=3))
    strict["without"], loose["without"] = gone | draw(st.frozensets(st.integers(1, 9))), gone
    chosen = draw(st.sets(st.sampled_from(sorted(loose)), min_size=1))
    return Filters(**loose), Filters(**{n: strict[n] if n in chosen else loose[n] for n in loose})


@settings(deadline=None)
@given(CRATES, ASKED, pairs())
def test_a_stricter_filter_never_keeps_more(crate, asked, filters):
    filter_set = FilterSet(made_facts(SIZE, **crate))
    loose, strict = (filter_set.masks(each, asked) for each in filters)
    for name, mask in loose.items():
        assert not (strict[name] & ~mask).any()


@settings(deadline=None)
@given(CRATES, ASKED, pairs())
def test_leaving_half_and_double_time_out_never_keeps_more_in_a_window_a_dj_pitches(
    crate, asked, filters
):
    """In wider ones it may: half time is nearer to a track than what is further from the seed."""
    assume((filters[0].tempo_percent or 0) <= 29)
    filter_set = FilterSet(made_facts(SIZE, **crate))
    with_octaves, without = (
        filter_set.masks(replace(filters[0], half_double=counted), asked).get("tempo")
        for counted in (True, False)
    )
    assert with_octaves is None or not (without & ~with_octaves).any()


@settings(deadline=None)
@given(ASKED, pairs())
def test_what_nothing_is_known_of_is_hidden_by_what_is_asked_for_and_by_nothing_else(
    asked, filters
):
    filters = replace(filters[1], library="all", sets=(None, None), without=frozenset())
    for name, mask in FilterSet(made_facts(3)).masks(filters, asked).items():
        assert mask.all() if name in ("tempo", "key", "length") else not mask.any()
