import numpy as np
import pytest

from models.encoders.reports import genre_report, tag_report


def test_tags_are_counted_as_the_seed_counts_them() -> None:
    """Rows with 0, 1, 6, 7, 10, 14 and 15 wrong tags out of twenty fall into the seed's groups."""
    truth = np.zeros((7, 20), bool)
    probabilities = np.full((7, 20), 0.1, np.float32)
    for row, wrong in enumerate((0, 1, 6, 7, 10, 14, 15)):
        probabilities[row, :wrong] = 0.9
    report = tag_report(truth, probabilities)
    assert [(r["wrong"], r["samples"]) for r in report["wrong_tags_grouped"]] == [
        ("0", 1),
        ("1 to 6", 2),
        ("7 to 10", 2),
        ("11 to 14", 1),
        ("15 or more", 1),
    ]
    assert [r["wrong"] for r in report["wrong_tags"]] == ["0", "1", "6", "7", "10", "14", "15"]
    for table in ("wrong_tags", "wrong_tags_grouped"):
        assert sum(r["share"] for r in report[table]) == pytest.approx(1)
    assert report["exact_match"] == pytest.approx(1 / 7)
    assert report["hamming_accuracy"] == pytest.approx(1 - 53 / 140)


def test_binary_cross_entropy_is_the_mean_over_rows_and_tags() -> None:
    truth = np.array([[True, False], [False, False]])
    probabilities = np.array([[0.8, 0.4], [0.1, 0.5]], np.float32)
    expected = -np.log([0.8, 0.6, 0.9, 0.5]).mean()
    assert tag_report(truth, probabilities)["bce"] == pytest.approx(expected, rel=1e-5)


def test_a_certain_mistake_is_a_number_all_the_same() -> None:
    report = tag_report(np.array([[True, False]]), np.array([[0.0, 1.0]], np.float32))
    assert np.isfinite(report["bce"]) and report["bce"] > 10


def test_a_genre_that_does_not_occur_counts_for_nothing() -> None:
    probabilities = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1]], np.float32)
    report = genre_report(np.array([0, 1, 1]), probabilities, ["a", "b", "c"])
    assert report["accuracy"] == pytest.approx(2 / 3)
    assert report["precision"] == pytest.approx((0.5 + 1) / 2)
    assert report["recall"] == pytest.approx((1 + 0.5) / 2)
    assert report["f1"] == pytest.approx(2 / 3)
    assert report["log_loss"] == pytest.approx(-np.log([0.7, 0.3, 0.7]).mean(), rel=1e-5)
    assert report["genres"]["c"]["samples"] == 0
