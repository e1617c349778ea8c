"""What ships is read from the file that `make tune` writes."""

from __future__ import annotations

import math

from hybrid import tuned
from hybrid.fusion import Weights
from hybrid.recommender import Recommender
from models.collaborative import AlsParameters


def test_the_shipped_parameters_can_be_trained_with():
    parameters = tuned.als_parameters()
    assert isinstance(parameters, AlsParameters)
    assert parameters.factors > 0
    assert parameters.iterations > 0


def test_every_shipped_weight_is_a_number_and_none_counts_against_a_track():
    weights = tuned.weights().as_dict()
    assert tuple(weights) == Weights.names()
    assert all(math.isfinite(w) and w >= 0 for w in weights.values())
    assert any(weights.values())


def test_a_recommender_uses_them_unless_told_otherwise(demo, demo_recommender):
    result = demo_recommender.recommend([1], k=1).results[0]
    used = {name for name, part in result.parts.items() if part}
    assert used <= {name for name, weight in tuned.weights().as_dict().items() if weight}
    assert isinstance(demo_recommender, Recommender)
