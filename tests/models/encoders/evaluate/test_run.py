"""A whole evaluation: fitted and ready encoders, side by side, on held-out clips."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import partial

import pytest

from models.encoders import registry
from models.encoders.contract import Clip, TrainingOptions
from models.encoders.evaluate import EncoderReport, evaluate
from models.encoders.evaluate.baselines import MfccStatistics
from models.encoders.evaluate.probe import svm_probe
from models.encoders.evaluate.run import Candidate
from tests.models.encoders.sounds import GENRES, clips

FOLDS = 3


@pytest.fixture(scope="module")
def music() -> list[Clip]:
    return clips(range(4))


@pytest.fixture(scope="module")
def report(music: list[Clip]) -> EncoderReport:
    ready = MfccStatistics().fit(music, [])
    ready.card = replace(ready.card, data="other music")
    small = partial(registry.create, "segment_pca", components=8)
    return evaluate(
        [
            Candidate("baseline", MfccStatistics, fit=True, prober=svm_probe),
            Candidate("ready", lambda: ready, fit=False, cuts=3),
            Candidate("fitted", small, fit=True, options=TrainingOptions(epochs=2)),
        ],
        music,
        folds=FOLDS,
    )


def test_every_encoder_has_a_row_in_the_order_asked(report: EncoderReport) -> None:
    assert [row.encoder for row in report.rows] == ["baseline", "ready", "fitted"]
    assert (report.clips, report.artists, report.genres) == (24, 12, len(GENRES))


def test_music_that_nobody_could_confuse_is_told_apart(report: EncoderReport) -> None:
    for row in report.rows:
        assert row.probe_accuracy > 0.8, row.encoder
        assert row.album_recall == row.artist_recall > 0.8  # one album each


def test_cost_and_size_are_measured(report: EncoderReport) -> None:
    row = report.row("fitted")
    assert row.cpu_s_per_minute > 0
    assert row.dimension == 8
    assert row.parameter_count > 0
    assert row.fit_s > 0
    assert report.row("ready").fit_s == 0


def test_the_probe_is_averaged_over_as_many_cuts_as_asked(report: EncoderReport) -> None:
    ready = report.row("ready")
    assert (ready.probe_cuts, report.row("fitted").probe_cuts) == (3, 1)
    clips_right = ready.probe_accuracy * report.clips * 3
    assert clips_right == pytest.approx(round(clips_right))


def test_it_says_what_an_encoder_learned_from(report: EncoderReport) -> None:
    assert report.row("ready").trained_on == "other music"
    assert report.row("fitted").trained_on == "these folds"


def test_robustness_is_named_and_its_worst_is_known(report: EncoderReport) -> None:
    row = report.row("baseline")
    assert row.lowest == min(row.gain, row.lead_in, row.late_start, row.mp3)


def test_the_table_has_a_line_for_each_and_json_holds_all(report: EncoderReport) -> None:
    lines = report.markdown().splitlines()
    assert len(lines) == 2 + len(report.rows)
    assert {line.count("|") for line in lines} == {lines[0].count("|")}
    assert json.loads(json.dumps(report.as_dict()))["rows"][0]["encoder"] == "baseline"


def test_without_genres_there_is_no_probe_and_the_table_says_so(music: list[Clip]) -> None:
    unnamed = [replace(clip, genre="") for clip in music[:12]]
    row = evaluate(
        [Candidate("b", MfccStatistics, fit=True, prober=svm_probe)], unnamed, folds=2
    ).rows[0]
    assert math.isnan(row.probe_accuracy)
    assert not math.isnan(row.album_recall)
