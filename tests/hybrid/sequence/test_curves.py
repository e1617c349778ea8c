"""Energy curves: what is wanted when, and what it costs to be elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from hybrid.sequence.curves import CURVE_WEIGHT, CURVES, position_costs, targets, within_pool


@pytest.mark.parametrize("curve", [curve for curve in CURVES if curve != "none"])
@pytest.mark.parametrize("slots", [1, 2, 7, 100])
def test_every_curve_stays_within_the_pool(curve: str, slots: int) -> None:
    wanted = targets(curve, slots)
    assert wanted.shape == (slots,)
    assert (wanted >= 0).all() and (wanted <= 1).all()


def test_the_curves_have_the_shapes_their_names_say() -> None:
    warm_up, build = targets("warm-up", 21), targets("build", 21)
    assert (np.diff(warm_up) > 0).all() and warm_up[-1] < 1
    assert (np.diff(build) > 0).all() and build[0] == 0 and build[-1] == 1
    peak = targets("peak", 21)
    assert peak.argmax() == 14 and peak[14] == pytest.approx(1) and 0.4 < peak[-1] < 0.6
    wave = targets("wave", 21)
    crests = (wave[1:-1] > wave[:-2]) & (wave[1:-1] > wave[2:])
    assert crests.sum() == 2


def test_energies_are_scaled_to_the_pools_own_range_and_an_outlier_presses_nobody() -> None:
    crowd = np.linspace(0.4, 0.5, 99)
    scaled = within_pool(np.append(crowd, 1.0))
    assert scaled[0] == 0 and scaled[-1] == 1
    assert np.ptp(scaled[:99]) > 0.9
    np.testing.assert_array_equal(within_pool(np.array([0.3, np.nan, 0.3])), [0.5, np.nan, 0.5])


def test_no_curve_wants_nothing() -> None:
    assert not position_costs(np.array([0.1, 0.9]), "none", 2).any()


def test_the_calmest_belongs_at_the_start_of_a_build_and_an_unknown_one_anywhere() -> None:
    cost = position_costs(np.array([0.2, 0.8, np.nan]), "build", 3)
    assert cost[0, 0] == cost[1, 2] == 0
    assert cost[0, 2] == cost[1, 0] == CURVE_WEIGHT
    np.testing.assert_allclose(cost[2], cost[:2].mean(axis=0))
