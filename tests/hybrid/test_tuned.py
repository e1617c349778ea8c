from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hybrid.signals import PARTS, SIGNALS
from hybrid.tuned import LENSES, Tuned, als_parameters, shipped
from models.collaborative import AlsParameters


def changed(change) -> dict:
    given = json.loads(json.dumps(shipped().as_dict()))
    change(given)
    return given


def test_the_shipped_parameters_are_whole():
    assert isinstance(als_parameters(), AlsParameters)
    tuned = shipped()
    assert tuned.source == "shipped"
    for lens in LENSES:
        assert tuple(tuned.lenses[lens]) == PARTS
        assert tuned.half[lens] > 0
        for part, weight in tuned.lenses[lens].items():
            assert set(weight.signals) == set(SIGNALS[part])
            assert weight.base > 0


def test_the_shipped_parameters_say_what_they_were_learned_on():
    about = shipped().about
    assert about["sets"] > 2000
    assert about["crate"]["seed"] != 7, "that is the one the evaluation reports on"


def test_the_shipped_fusion_is_better_than_each_part_alone_on_sets_it_was_not_learned_on():
    """NDCG@50 on each window, with weights learned on the others."""
    figures = shipped().about["ndcg@50"]
    for lens in LENSES:
        for scenario, row in figures[lens].items():
            best = max(row[part] for part in PARTS)
            assert row["fused"] >= best, (lens, scenario)
    mixed = figures["goes_with"]["mixed"]
    assert mixed["fused"] >= 1.1 * max(mixed[part] for part in PARTS)


def test_weights_travel_through_json():
    tuned = shipped().scaled(sound=2.0)
    assert Tuned.from_dict(json.loads(json.dumps(tuned.as_dict()))) == tuned


def test_a_part_can_be_given_more_weight_and_the_others_stay():
    before, after = shipped(), shipped().scaled(sound=3.0)
    for lens in LENSES:
        assert after.lenses[lens]["sound"].base == 3 * before.lenses[lens]["sound"].base
        assert after.lenses[lens]["sets"] == before.lenses[lens]["sets"]
    assert replace(after, lenses=before.lenses) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["lenses"].pop("next"),
        lambda d: d["lenses"]["next"].pop("sound"),
        lambda d: d["lenses"]["next"]["sets"]["signals"].pop("together"),
        lambda d: d["lenses"]["next"]["sets"]["signals"].update(moon=1.0),
        lambda d: d["lenses"]["next"]["sets"].update(base=0.0),
        lambda d: d["lenses"]["next"]["sets"].update(base=-1.0),
        lambda d: d["lenses"]["next"]["sets"].update(seed=float("nan")),
        lambda d: d["lenses"]["next"]["sets"].update(seed="much"),
        lambda d: d["lenses"]["next"]["sets"].update(of_the_future=1),
        lambda d: d["half"].update(next=0),
        lambda d: d.update(lenses=None),
    ],
)
def test_numbers_that_are_no_weights_are_refused(change):
    with pytest.raises(ValueError, match=r"weights|signals|half|could not convert"):
        Tuned.from_dict(changed(change))
