"""Options and JSON that steer a list: one form, read in one place, nothing ignored."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from dashboard.api import form as steering
from dashboard.api.form import merged, read_form
from dashboard.cli.options import LOOSENED, OPTIONS, form_of
from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import Track
from hybrid.steering import Dials, Filters, Rules, Steering
from tests.hybrid.small import heard


def test_a_form_that_says_nothing_is_what_a_dj_gets_who_touches_nothing():
    asked = read_form({})
    assert (asked.k, asked.lens, asked.balance) == (50, "goes_with", 0.5)
    assert asked.steering == Steering()
    assert asked.rules == Rules.for_length(50)


def test_the_rules_are_those_for_the_length_but_for_what_is_said():
    asked = read_form({"k": 5, "rules": {"spread_artists": False}})
    assert asked.rules.artist_cap == Rules.for_length(5).artist_cap
    assert not asked.rules.spread_artists
    assert read_form({"k": 5, "rules": {"artist_cap": 0}}).rules.artist_cap == 0


@pytest.mark.parametrize(
    ("kind", "readers"),
    [(Filters, steering._FILTERS), (Dials, steering._DIALS), (Rules, steering._RULES)],
)
def test_everything_that_steers_can_be_said_in_json_and_by_an_option(kind, readers):
    known = {field.name for field in fields(kind)}
    assert readers.keys() == known
    group = kind.__name__.lower()
    assert {path for path in OPTIONS if path.startswith(group)} == {
        f"{group}.{name}" for name in known
    }


@pytest.mark.parametrize(
    ("group", "name", "value", "read"),
    [
        ("filters", "tempo_percent", 3, 3.0),
        ("filters", "tempo_percent", "4.5", 4.5),
        ("filters", "tempo_percent", None, None),
        ("filters", "tempo_percent", "off", None),
        ("filters", "half_double", False, False),
        ("filters", "key", "strict", "strict"),
        ("filters", "energy", [0.2, 0.8], (0.2, 0.8)),
        ("filters", "energy", "0.2..0.8", (0.2, 0.8)),
        ("filters", "energy", "..0.8", (None, 0.8)),
        ("filters", "energy", [0.5, None], (0.5, None)),
        ("filters", "years", "1995 .. 2004", (1995, 2004)),
        ("filters", "years", "1995", (1995, 1995)),
        ("filters", "sets", "2..", (2, None)),
        ("filters", "labels", ["Quay"], ("Quay",)),
        ("filters", "genres", [], ()),
        ("filters", "library", "mine", "mine"),
        ("filters", "without", [3, 1], frozenset({1, 3})),
        ("filters", "max_minutes", "off", None),
        ("filters", "disliked", True, True),
        ("dials", "popularity", -0.5, -0.5),
        ("dials", "hubs", 1, 1.0),
        ("rules", "artist_cap", 3, 3),
        ("rules", "exclude_seeds", False, False),
    ],
)
def test_values_are_read(group, name, value, read):
    asked = read_form({group: {name: value}})
    groups = {
        "filters": asked.steering.filters,
        "dials": asked.steering.dials,
        "rules": asked.rules,
    }
    assert getattr(groups[group], name) == read


@pytest.mark.parametrize(("lens", "read"), [("next", "next"), ("goes-with", "goes_with")])
def test_a_lens_is_written_with_either_dash(lens, read):
    assert read_form({"lens": lens}).lens == read
    assert read_form({"lens": lens.replace("-", "_")}).lens == read


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"balence": 0.3}, '"balence"; known are k, lens, balance, filters, dials, rules'),
        ({"filters": {"tempo": 6}}, '"filters.tempo"; known are tempo_percent'),
        ({"dials": {"fame": 1}}, "known are popularity, hubs"),
        ({"rules": {"cap": 1}}, "artist_cap"),
        ({"lens": "sideways"}, '"lens" must be goes-with or next'),
        ({"balance": 1.5}, '"balance" must be a number from 0 to 1'),
        ({"balance": float("nan")}, "from 0 to 1"),
        ({"balance": True}, "from 0 to 1"),
        ({"k": 0}, "whole number from 1 to 10,000"),
        ({"k": 2.5}, "whole number"),
        ({"filters": {"tempo_percent": -1}}, "from 0 to 100"),
        ({"filters": {"key": "hard"}}, "off, soft or strict"),
        ({"filters": {"half_double": "yes"}}, "true or false"),
        ({"filters": {"energy": "0.8..0.2"}}, "0..1"),
        ({"filters": {"energy": 0.5}}, "0..1"),
        ({"filters": {"energy": [0.1, 0.2, 0.3]}}, "0..1"),
        ({"filters": {"years": "lately"}}, "LOW..HIGH"),
        ({"filters": {"labels": "Quay"}}, "list of names"),
        ({"filters": {"without": ["1"]}}, "recording ids"),
        ({"filters": {"without": [2**63]}}, "recording ids"),
        ({"k": 10**400}, "whole number"),
        ({"filters": {"max_minutes": 10**400}}, "a number from 0 up"),
        ({"dials": {"popularity": 2}}, "from -1 to 1"),
        ({"filters": {"max_minutes": -1}}, 'a number from 0 up, or "off"'),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(form, said):
    with pytest.raises(SegueError) as refused:
        read_form(form)
    assert said in str(refused.value)


def test_an_option_is_refused_by_the_name_it_was_given_under():
    with pytest.raises(SegueError, match=r'^--tempo must be .* or "off", not \'fast\'\.$'):
        read_form({"filters": {"tempo_percent": "fast"}}, OPTIONS)


def test_a_line_says_what_differs_from_the_options():
    defaults = {"k": 9, "lens": "next", "filters": {"key": "off", "years": "1999.."}}
    both = merged(defaults, {"lens": "goes_with", "filters": {"key": "strict"}})
    assert both["k"] == 9
    assert both["lens"] == "goes_with"
    assert both["filters"] == {"key": "strict", "years": "1999.."}
    assert defaults["filters"]["key"] == "off"


@pytest.mark.parametrize("group", [None, 3, [1], "key"])
def test_a_group_that_is_no_object_is_refused(group):
    with pytest.raises(SegueError, match='"filters" is no object'):
        merged({}, {"filters": group})


def given(**options: Any) -> dict[str, Any]:
    return {"file": None, "k": 50, "key": None, "sets": None, **options}


class TestOptions:
    def test_options_that_are_not_given_say_nothing(self, catalogue: Catalogue):
        assert form_of(catalogue, given()) == {"filters": {}, "dials": {}, "rules": {}}

    def test_options_become_the_form(self, catalogue: Catalogue):
        form = form_of(
            catalogue,
            given(
                lens="next", tempo="off", label=["Quay"], show_disliked=True, hubs=0.5, artist_cap=0
            ),
        )
        assert form == {
            "lens": "next",
            "filters": {"tempo_percent": "off", "labels": ["Quay"], "disliked": True},
            "dials": {"hubs": 0.5},
            "rules": {"artist_cap": 0},
        }

    @pytest.mark.parametrize(("versions", "kept"), [("one", True), ("all", False)])
    def test_versions_are_both_those_of_results_and_of_seeds(self, catalogue, versions, kept):
        assert form_of(catalogue, given(versions=versions))["rules"] == {
            "one_version_per_work": kept,
            "exclude_seed_versions": kept,
        }

    def test_versions_are_one_or_all(self, catalogue: Catalogue):
        with pytest.raises(SegueError, match="one or all"):
            form_of(catalogue, given(versions="some"))

    def test_seeds_are_let_in(self, catalogue: Catalogue):
        assert form_of(catalogue, given(show_seeds=True))["rules"] == {"exclude_seeds": False}
        assert form_of(catalogue, given(show_seeds=False))["rules"] == {}

    def test_what_is_in_a_crate_is_left_out(self, catalogue: Catalogue):
        catalogue.add_tracklists([heard("1", "Mara - One", "Otto - Two", "Fjord - Three")])
        ids = [catalogue.find(Track("Mara", "One")), catalogue.find(Track("Fjord", "Three"))]
        tonight = catalogue.create_crate("Tonight")
        catalogue.create_crate("Empty")
        for ident in ids:
            catalogue.add_to_crate(tonight, ident)
        form = form_of(catalogue, given(without_crate=["tonight", "Empty"]))
        assert form == form_of(catalogue, given(without_crate=[str(tonight)]))
        assert read_form(form).steering.filters.without == frozenset(ids)
        with pytest.raises(
            SegueError, match=r'no crate "Morning"; the crates are "Tonight", "Empty"\.'
        ):
            form_of(catalogue, given(without_crate=["Morning"]))


def test_whatever_hides_tracks_can_be_loosened():
    hiding = "tempo key energy year popularity label genre library without length disliked clashes"
    rules = ("seed", "version of a seed", "other version", "same artist")
    assert LOOSENED.keys() == {*hiding.split(), *rules}
    typed = {option.split()[0] for option in LOOSENED.values()} - {"no"}
    assert typed <= set(OPTIONS.values())
