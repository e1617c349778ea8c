"""Retrieval: hand-made neighbours, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.encoders.evaluate import retrieval


def on_circle(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_precision_and_recall_by_hand() -> None:
    # From 0 degrees the order is 10 (b), 20 (a), 90 (c): the other "a" stands second.
    # From 20 degrees it is 10 (b), 0 (a), 90 (c): second again.
    found = retrieval.same_label(on_circle(0, 10, 20, 90), ["a", "b", "a", "c"], "cosine", k=1)
    assert found == {"queries": 2.0, "map": 0.5, "recall": 0.0}
    found = retrieval.same_label(on_circle(0, 10, 20, 90), ["a", "b", "a", "c"], "cosine", k=2)
    assert found["recall"] == 1.0


def test_a_long_label_is_not_asked_for_more_than_fits() -> None:
    found = retrieval.same_label(on_circle(0, 1, 2, 3), ["a"] * 4, "cosine", k=2)
    assert found["recall"] == 1.0
    assert found["map"] == 1.0


def test_empty_and_single_labels_ask_nothing() -> None:
    found = retrieval.same_label(on_circle(0, 1, 2), ["", "", "x"], "cosine")
    assert found["queries"] == 0
    assert math.isnan(found["map"])
    assert math.isnan(found["recall"])


def test_cosine_forgets_length_and_euclidean_does_not() -> None:
    vectors = np.array([[1, 0], [9, 0.5], [1, 1]], np.float32)
    labels = ["a", "a", "b"]
    assert retrieval.same_label(vectors, labels, "cosine", k=1)["map"] == 1.0
    assert retrieval.same_label(vectors, labels, "euclidean", k=1)["map"] == pytest.approx(0.75)


def test_the_other_half_of_a_track() -> None:
    first, second = on_circle(0, 90, 180), on_circle(5, 95, 20)
    found = retrieval.same_track(first, second, "cosine")
    # The third one's other half is only the second nearest.
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["map"] == pytest.approx((1 + 1 + 1 / 2) / 3)
