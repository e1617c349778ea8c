"""The whole evaluation, on a catalogue where the truth was planted."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from data.errors import SegueError
from data.identity import recording_key
from hybrid.evaluate import Report, evaluate, run
from hybrid.evaluate.holdout import split_at_random, split_by_date
from hybrid.evaluate.methods import SEGUE, Method, all_methods
from hybrid.evaluate.report import METRICS
from hybrid.evaluate.run import SEEDS, Corpus, compare
from models.collaborative import Query
from tests.hybrid.evaluate.conftest import planted
from tests.hybrid.small import QUICK, heard
from tests.models.collaborative.invented import query


@pytest.fixture(scope="module")
def report(truth) -> Report:
    return evaluate(truth, draws=1)


def metric(report: Report, method: str, name: str, kind=("by date", "5", "warm")) -> float:
    return next(row for row in report.select(*kind) if row.method == method).metrics[name]


@pytest.mark.parametrize("split", ["by date", "random"])
@pytest.mark.parametrize("seeds", SEEDS)
def test_segue_finds_what_was_planted_and_popularity_does_not(report, split, seeds):
    kind = (split, seeds, "warm")
    # Of the targets one in seven is a hit, which nobody can foretell.
    assert metric(report, SEGUE, "recall@50", kind) > 0.6
    for name in ("recall@10", "recall@50", "ndcg@50"):
        ours, theirs = (metric(report, m, name, kind) for m in (SEGUE, "popularity"))
        assert ours > theirs, name


def test_cold_targets_compete_with_all_tracks_and_warm_ones_with_warm_tracks(truth, monkeypatch):
    corpus = Corpus.of(truth.snapshot())

    def same_artist(asked: Query) -> np.ndarray:
        artists = corpus.interactions.artists
        return artists @ asked.artist_vector(artists.shape[1])

    monkeypatch.setattr(run, "all_methods", lambda *_: [Method("same artist", same_artist)])
    split = split_by_date(corpus.years)
    unplayed = corpus.interactions.keep_sets(split.train).popularity == 0
    for row in compare(corpus, split, draws=1):
        shown = np.array(sorted(row.tally.recommended), np.intp)
        assert unplayed[shown].any() == (row.target == "cold")
        if (row.target, row.seeds) == ("cold", "5"):
            assert row.metrics["recall@50"] > 0.3


def test_item_knn_cannot_find_what_no_training_set_holds(report):
    for seeds in SEEDS:
        assert metric(report, "item-kNN (cosine)", "recall@50", ("by date", seeds, "cold")) == 0


def test_the_seeds_themselves_take_no_place_in_a_list(truth, monkeypatch):
    corpus = Corpus.of(truth.snapshot())

    def echo(asked: Query) -> np.ndarray:
        scores = np.zeros(corpus.interactions.n_recordings, np.float32)
        scores[asked.recordings] = 1
        return scores

    monkeypatch.setattr(run, "all_methods", lambda *_: [Method("echo", echo)])
    rows = compare(corpus, split_by_date(corpus.years), draws=1)
    assert len(rows) == 2 * len(SEEDS)
    assert {row.metrics["coverage"] for row in rows} == {0.0}


def test_popularity_shows_the_same_tracks_to_everybody(report):
    assert metric(report, "popularity", "coverage") < 0.4 < metric(report, SEGUE, "coverage")
    assert metric(report, "popularity", "novelty") < metric(report, SEGUE, "novelty")


def test_every_method_is_asked_the_same(report):
    for split in ("by date", "random"):
        for seeds in SEEDS:
            for target in ("warm", "cold"):
                rows = report.select(split, seeds, target)
                assert len({row.method for row in rows}) == len(rows) == 9
                assert len({row.queries for row in rows}) == 1
                assert all(row.groups.tolist() == rows[0].groups.tolist() for row in rows)


def test_the_methods_of_the_issue_are_all_there(report):
    methods = {row.method for row in report.rows}
    assert {
        "popularity",
        "item-kNN (cosine)",
        "item-kNN (BM25)",
        "artist's greatest hits",
        "ALS, item similarity",
        "ALS, fold-in",
        "played right after",
        SEGUE,
    } <= methods


def test_sets_told_twice_are_counted_and_never_held_out_from_themselves(report, truth):
    assert report.near_duplicates == 3
    assert report.sets == 140
    corpus = Corpus.of(truth.snapshot())
    plays = corpus.interactions.plays
    for split in (split_by_date(corpus.years), split_at_random(corpus.interactions.n_sets)):
        both = (plays[split.test] @ plays[split.train].T).toarray()
        size = np.diff(plays.indptr)
        union = size[split.test][:, None] + size[split.train][None, :] - both
        assert (both / union < 0.5).all()


def test_dates_of_the_corpus_are_those_of_the_sets_that_stayed(truth):
    corpus = Corpus.of(truth.snapshot())
    assert len(corpus.years) == corpus.interactions.n_sets
    assert corpus.years.max() < 2024  # the copies carried the latest date
    assert corpus.interactions.n_recordings == len(truth.snapshot().recording_ids)


def test_what_follows_what_is_learned_from_the_sets_asked_for_and_from_no_copy(catalogue):
    first, *others = planted()[:24]
    copy = replace(first, source_id="copy", source="mirror")
    catalogue.add_tracklists([first, copy, *others])  # the copy shifts all after it
    corpus = Corpus.of(catalogue.snapshot())
    assert corpus.keep.tolist() == [0, *range(2, 25)]
    keys = corpus.snapshot.recording_keys.tolist()
    sets = [first, *others]
    for chosen in ([0], [1], [5, 23], [*range(24)]):
        counts = corpus.played_next(np.array(chosen)).counts
        tracks = [[keys.index(recording_key(p.track)) for p in sets[n].plays] for n in chosen]
        steps = [step for rows in tracks for step in pairwise(rows)]
        assert counts.sum() == len(steps)
        assert all(counts[step] for step in steps)
    nothing = corpus.played_next(np.empty(0, np.intp))
    assert nothing.counts.shape == (corpus.interactions.n_recordings,) * 2
    assert nothing.counts.nnz == 0


def test_nothing_of_a_held_out_set_is_learned_but_what_training_sets_say_too(truth, monkeypatch):
    """The order of the tracks of a held-out set would give its targets away."""
    corpus = Corpus.of(truth.snapshot())
    split = split_by_date(corpus.years)
    given = []

    def note(train, years, played_next):
        given.append((train, years, played_next))
        return [Method("nothing", lambda _: np.zeros(train.n_recordings, np.float32))]

    monkeypatch.setattr(run, "all_methods", note)
    compare(corpus, split, draws=1)
    ((train, years, played_next),) = given
    assert train.n_sets == len(years) == len(split.train)
    expected = corpus.played_next(split.train).counts
    assert (played_next.counts != expected).nnz == 0
    unplayed = train.popularity == 0
    assert unplayed.any()
    assert not played_next.counts[unplayed].nnz


def test_the_report_belongs_to_this_catalogue(report, truth):
    assert report.fingerprint == truth.fingerprint()
    assert (report.draws, report.recordings) == (1, truth.stats().recordings)
    assert all(0 <= row.metrics[n] <= 1 for row in report.rows for n in METRICS[:5])
    json.dumps(report.as_dict())
    assert report.markdown().count("| " + SEGUE + " |") == 12


def test_each_step_is_told(catalogue):
    catalogue.add_tracklists(planted()[:30])
    told: list[str] = []
    report = evaluate(catalogue, draws=1, progress=told.append)
    assert "Training on 24 sets, split by date" in told
    assert any("random" in step for step in told)
    assert report.rows


def test_the_same_catalogue_gives_the_same_report(catalogue):
    catalogue.add_tracklists(planted()[:24])
    assert evaluate(catalogue, draws=1).as_dict() == evaluate(catalogue, draws=1).as_dict()


@pytest.mark.parametrize("count", [0, 19])
def test_too_few_sets_are_a_sentence_that_says_how_many_are_needed(catalogue, count):
    catalogue.add_tracklists(
        heard(str(n), f"A{n} - One {n}", f"B{n} - Two {n}") for n in range(count)
    )
    with pytest.raises(SegueError, match=rf"holds {count} distinct sets; at least 20"):
        evaluate(catalogue)


def test_copies_do_not_make_up_for_too_few_sets(catalogue):
    catalogue.add_tracklists(heard(str(n), "A - One", "B - Two", f"C - {n} x") for n in range(40))
    with pytest.raises(SegueError, match="holds 1 distinct"):
        evaluate(catalogue)


def test_sets_of_one_track_are_not_called_near_duplicates(catalogue):
    catalogue.add_tracklists(planted()[:24])
    catalogue.add_tracklists([heard("single", "Velour - Alone"), heard("empty", "?")])
    corpus = Corpus.of(catalogue.snapshot())
    assert (corpus.interactions.n_sets, corpus.near_duplicates) == (24, 0)


def test_a_catalogue_without_labels_or_dates_can_be_evaluated(catalogue):
    catalogue.add_tracklists(replace(s, date="") for s in planted(labels=False)[:30])
    report = evaluate(catalogue, draws=1)
    assert metric(report, SEGUE, "recall@50", ("random", "5", "warm")) > 0


def test_every_method_scores_from_training_sets_alone(truth):
    """Recordings that only held-out sets know have no score but through artist and label."""
    corpus = Corpus.of(truth.snapshot())
    train = corpus.interactions.keep_sets(np.arange(60))
    before = train.plays.copy()
    played_next = corpus.played_next(np.arange(60))
    methods = all_methods(train, corpus.years[:60], played_next, parameters=QUICK)
    for method in methods:
        scores = method.score(query(0, of=train))
        assert scores.shape == (train.n_recordings,)
        assert np.isfinite(scores).all()
    assert (before != train.plays).nnz == 0
    assert [m.name for m in methods if m.rules] == [SEGUE]
