"""The whole evaluation, on a catalogue where the truth was planted."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from data.catalogue import Sound
from data.errors import SegueError
from data.identity import recording_key
from data.records import Embedding, Entry
from data.settings import Settings
from hybrid.evaluate import Report, evaluate, measure, run
from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.holdout import SEEDS, split_at_random, split_by_date
from hybrid.evaluate.methods import SEGUE, WITHOUT_RULES, Asking, Method, fit_fusion
from hybrid.evaluate.run import compare
from hybrid.evaluate.scenarios import FOLLOWING, Heard
from hybrid.evaluate.tables import METRICS
from hybrid.fusion import PARTS
from hybrid.training import Model
from hybrid.tuned import shipped
from tests.hybrid.evaluate.conftest import circles, planted, planted_sound
from tests.hybrid.small import QUICK, heard


@pytest.fixture(scope="module")
def report(truth) -> Report:
    return measure(truth.snapshot(), fingerprint=truth.fingerprint(), draws=1)


@pytest.fixture(scope="module")
def heard_report(truth) -> Report:
    """The same catalogue where the tracks of a circle sound alike."""
    snapshot = truth.snapshot()
    made = {"circle": circles(snapshot)}
    with pytest.MonkeyPatch.context() as patch:
        for seeds in set(SEEDS) - {"5"}:
            patch.delitem(SEEDS, seeds)
        return measure(snapshot, planted_sound(snapshot), made=made, draws=1)


def metric(report: Report, method: str, name: str, kind=("by date", "5", "warm")) -> float:
    return next(row for row in report.select(*kind) if row.method.name == method).metrics[name]


def part(report: Report, name: str, kind) -> float:
    row = next(r for r in report.select(*kind, kind="part") if r.method.name == name)
    return row.metrics["ndcg@50"]


@pytest.fixture
def five(monkeypatch):
    """Ask with five seeds only."""
    for seeds in set(SEEDS) - {"5"}:
        monkeypatch.delitem(SEEDS, seeds)


def silence(corpus: Corpus) -> Heard:
    return Heard.of(None, corpus.interactions.n_recordings)


@pytest.mark.parametrize("split", ["by date", "random"])
@pytest.mark.parametrize("seeds", SEEDS)
def test_segue_finds_what_was_planted_and_popularity_does_not(report, split, seeds):
    kind = (split, seeds, "warm")
    # Of the targets one in seven is a hit, which nobody can foretell.
    assert metric(report, SEGUE, "recall@50", kind) > 0.6
    for name in ("recall@10", "recall@50", "ndcg@50"):
        ours, theirs = (metric(report, m, name, kind) for m in (SEGUE, "popularity"))
        assert ours > theirs, name


def test_who_competes_in_each_scenario(truth, monkeypatch):
    corpus = Corpus.of(truth.snapshot())

    def same_artist(asking: Asking) -> np.ndarray:
        artists = corpus.interactions.artists
        return artists @ asking.question.query.artist_vector(artists.shape[1])

    monkeypatch.setattr(run, "all_methods", lambda *_: [Method("same artist", same_artist)])
    split = split_by_date(corpus.years)
    unplayed = corpus.interactions.keep_sets(split.train).popularity == 0
    for row in compare(corpus, split, silence(corpus), draws=1):
        shown = np.array(sorted(row.tally.recommended), np.intp)
        if row.target in ("warm", "next warm"):
            assert not unplayed[shown].any()
            assert row.candidates == (~unplayed).sum()
        if row.target == "cold alone":
            assert unplayed[shown].all()
            assert row.candidates == unplayed.sum()
        if row.target in ("cold", "mixed"):
            assert row.candidates == len(unplayed)
        if row.target in ("hidden", "hidden mixed"):
            assert not unplayed[shown].any()
            assert row.candidates == (~unplayed).sum()
        if (row.target, row.seeds) == ("mixed", "5"):
            assert unplayed[shown].any()
            assert not unplayed[shown].all()
        if (row.target, row.seeds) == ("cold", "5"):
            assert row.metrics["recall@50"] > 0.3


def test_item_knn_cannot_find_what_no_training_set_holds(report):
    for seeds in SEEDS:
        assert metric(report, "item-kNN (cosine)", "recall@50", ("by date", seeds, "cold")) == 0


def test_the_seeds_themselves_take_no_place_in_a_list(truth, monkeypatch):
    corpus = Corpus.of(truth.snapshot())

    def echo(asking: Asking) -> np.ndarray:
        scores = np.zeros(corpus.interactions.n_recordings, np.float32)
        scores[asking.question.query.recordings] = 1
        return scores

    monkeypatch.setattr(run, "all_methods", lambda *_: [Method("echo", echo)])
    rows = compare(corpus, split_by_date(corpus.years), silence(corpus), draws=1)
    assert {row.seeds for row in rows} == set(SEEDS)
    assert {row.metrics["coverage"] for row in rows} == {0.0}


def test_a_seed_that_no_set_holds_takes_no_place_either(truth, monkeypatch):
    """Nor is one lost to a method that hands out its own array."""
    corpus = Corpus.of(truth.snapshot())
    everything = np.ones(corpus.interactions.n_recordings, np.float32)
    everything.setflags(write=False)
    listed = []

    def note(self, top, targets):
        listed.append(top)

    monkeypatch.setattr(run.Tally, "add", note)
    monkeypatch.setattr(run, "CUTOFF", len(everything))
    monkeypatch.setattr(run, "all_methods", lambda *_: [Method("all", lambda _: everything)])
    asked = []
    real = run.scenarios

    def watched(*args):
        for seeds, several in real(*args):
            asked.extend(one for one in several for name in one.targets if name == "mixed")
            yield (
                seeds,
                [
                    replace(o, targets={"mixed": o.targets["mixed"]})
                    for o in several
                    if "mixed" in o.targets
                ],
            )

    monkeypatch.setattr(run, "scenarios", watched)
    compare(corpus, split_by_date(corpus.years), silence(corpus), draws=1)
    assert len(listed) == len(asked) > 0
    for top, one in zip(listed, asked, strict=True):
        assert len(top) == len(everything) - len(one.seeds)
        assert not np.isin(one.seeds, top).any()


def test_popularity_shows_the_same_tracks_to_everybody(report):
    assert metric(report, "popularity", "coverage") < 0.4 < metric(report, SEGUE, "coverage")
    assert metric(report, "popularity", "novelty") < metric(report, SEGUE, "novelty")


def test_every_method_is_asked_the_same(report):
    for split in ("by date", "random"):
        for seeds in SEEDS:
            for target in ("warm", "cold", "cold alone", "mixed", "hidden mixed"):
                rows = report.select(split, seeds, target, kind=None)
                assert len({row.method.name for row in rows}) == len(rows)
                assert len(rows) == 2 * (len(PARTS) - 1) + 9
                assert len({row.queries for row in rows}) == 1
                assert all(row.groups.tolist() == rows[0].groups.tolist() for row in rows)


def test_the_methods_of_the_issue_are_all_there(report):
    methods = {row.method.name for row in report.rows}
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
    given: list[Training] = []

    def note(training, _heard):
        given.append(training)
        n_recordings = training.interactions.n_recordings
        return [Method("nothing", lambda _: np.zeros(n_recordings, np.float32))]

    monkeypatch.setattr(run, "all_methods", note)
    compare(corpus, split, silence(corpus), draws=1)
    plain, less = given
    assert not len(plain.hidden)
    assert len(less.hidden)
    for training in given:
        assert training.interactions.n_sets == len(training.years) == len(split.train)
        unplayed = training.interactions.popularity == 0
        assert unplayed.any()
        assert not training.played_next.counts[unplayed].nnz
        assert not training.played_next.counts[:, unplayed].nnz
    expected = corpus.played_next(split.train).counts
    assert (plain.played_next.counts != expected).nnz == 0


def test_the_report_belongs_to_this_catalogue(report, truth):
    assert report.fingerprint == truth.fingerprint()
    assert (report.draws, report.recordings) == (1, truth.stats().recordings)
    assert all(0 <= row.metrics[n] <= 1 for row in report.rows for n in METRICS[:5])
    json.dumps(report.as_dict())


class TestParts:
    """What each part finds, where the truth was planted."""

    def test_sound_finds_the_circle_of_tracks_that_no_training_set_holds(self, heard_report):
        for split in ("by date", "random"):
            kind = (split, "5", "hidden")
            assert part(heard_report, "only sound", kind) > 0.1
            assert part(heard_report, "only sets", kind) == 0
            assert part(heard_report, "only prior", kind) == 0

    def test_a_file_without_a_name_is_answered_by_its_sound(self, heard_report):
        kind = ("random", "5", "unheard")
        assert part(heard_report, "only sound", kind) > 0.3
        assert part(heard_report, "without sound", kind) == part(heard_report, "only prior", kind)
        assert metric(heard_report, WITHOUT_RULES, "ndcg@50", kind) > part(
            heard_report, "only prior", kind
        )

    def test_leaving_out_what_alone_knows_a_track_loses_it(self, heard_report):
        kind = ("by date", "5", "hidden")
        fused = metric(heard_report, WITHOUT_RULES, "ndcg@50", kind)
        assert fused > 0
        assert part(heard_report, "without sound", kind) < fused

    def test_the_slider_goes_from_sets_alone_to_sound_alone(self, heard_report):
        curves = heard_report.curves()
        assert {target for _, target in curves} == {
            "warm",
            "cold",
            "cold alone",
            "mixed",
            "hidden",
            "hidden mixed",
            "unheard",
            "next",
            "next warm",
        }
        for (split, target), curve in curves.items():
            parts = heard_report.pooled(split, target, "part")
            ends = ("next" if target in FOLLOWING else "sets", "sound")
            for balance, name in zip((0.0, 1.0), ends, strict=True):
                assert curve[balance] == pytest.approx(parts[f"only {name}"].decisive)
            ours = heard_report.pooled(split, target, "method")[WITHOUT_RULES]
            assert curve[0.5] == pytest.approx(ours.decisive)

    def test_sound_finds_what_was_made_alike(self, heard_report):
        (found,) = heard_report.likeness
        assert (found.made, heard_report.heard) == ("circle", 200)
        assert found.found > 0.9 > 0.2 > found.chance

    def test_a_catalogue_that_was_not_heard_is_measured_without_sound(self, report):
        assert report.heard == 0
        assert report.likeness == []
        assert report.curves() == {}
        assert not {row.target for row in report.rows} & {"unheard"}
        assert not {row.method.part for row in report.rows} & {"sound"}


def test_rules_keep_to_one_version_of_a_work_and_to_a_few_tracks_of_an_artist(truth, monkeypatch):
    corpus = Corpus.of(truth.snapshot())
    n_recordings = corpus.interactions.n_recordings
    credits = run.Credits(np.arange(n_recordings, dtype=np.int32) // 2, corpus.interactions.artists)
    monkeypatch.setattr(run, "Credits", lambda *_: credits)
    even = np.ones(n_recordings, np.float32)
    ways = [Method("plain", lambda _: even), Method("ruled", lambda _: even, rules=True)]
    monkeypatch.setattr(run, "all_methods", lambda *_: ways)
    listed: dict[int, list[np.ndarray]] = {}
    monkeypatch.setattr(
        run.Tally, "add", lambda self, top, _: listed.setdefault(id(self), []).append(top)
    )
    rows = compare(corpus, split_by_date(corpus.years), silence(corpus), draws=1)
    for row in rows:
        for top in listed[id(row.tally)]:
            works = np.unique(top // 2)
            assert len(top) <= 50
            assert (len(works) == len(top)) == (row.method.name == "ruled")


def test_a_catalogue_that_nothing_was_trained_on_is_measured_with_what_ships(
    catalogue, tmp_path, five
):
    catalogue.add_tracklists(planted()[:24])
    report = evaluate(catalogue, Settings(home=tmp_path), draws=1)
    other = measure(catalogue.snapshot(), fingerprint=catalogue.fingerprint(), draws=1)
    assert report.as_dict() == other.as_dict()


def test_what_only_previews_and_dj_software_know_of_is_not_heard(catalogue, tmp_path, five):
    catalogue.add_tracklists(planted()[:24])
    one, other = list(catalogue.tracks(catalogue.snapshot().recording_ids).values())[:2]
    numbers = np.ones((1, 4), np.float32)
    vectors = Embedding("ear", "1", numbers[0], numbers, np.zeros(1), 5.0)
    clip = Sound("preview:deezer:1", None, one, 30.0, origin="preview", embedding=vectors)
    catalogue.add_sound([clip])
    catalogue.add_playlist("Friday", [Entry(other, bpm=124.0)], said_by="rekordbox")
    assert evaluate(catalogue, Settings(home=tmp_path), draws=1).heard == 0


def test_the_weights_that_are_in_force_are_measured(catalogue, tmp_path, monkeypatch):
    catalogue.add_tracklists(planted()[:30])
    own = shipped().scaled(prior=0.1)
    monkeypatch.setattr(run, "load", lambda *_: Model(None, None, own))
    used = []

    def fit(training, heard, *, tuned):
        used.append(tuned)
        return fit_fusion(training, heard, parameters=QUICK, tuned=tuned)

    monkeypatch.setattr(run, "fit_fusion", fit)
    monkeypatch.setattr(run, "scenarios", lambda *_: [])
    evaluate(catalogue, Settings(home=tmp_path))
    assert len(used) == 4  # two splits, each with hidden tracks and without
    assert all(weights is own for weights in used)


def test_each_step_is_told(catalogue, five):
    catalogue.add_tracklists(planted()[:30])
    told: list[str] = []
    report = measure(catalogue.snapshot(), draws=1, progress=told.append)
    assert "Training on 24 sets, split by date" in told
    assert any("tracks hidden" in step for step in told)
    assert any("random" in step for step in told)
    assert report.rows


def test_the_same_catalogue_gives_the_same_report(catalogue, five):
    catalogue.add_tracklists(planted()[:24])
    snapshot = catalogue.snapshot()
    one, other = (measure(snapshot, planted_sound(snapshot), draws=1) for _ in range(2))
    assert one.as_dict() == other.as_dict()


@pytest.mark.parametrize("count", [0, 19])
def test_too_few_sets_are_a_sentence_that_says_how_many_are_needed(catalogue, count):
    catalogue.add_tracklists(
        heard(str(n), f"A{n} - One {n}", f"B{n} - Two {n}") for n in range(count)
    )
    with pytest.raises(SegueError, match=rf"holds {count} distinct sets; at least 20"):
        measure(catalogue.snapshot())


def test_copies_do_not_make_up_for_too_few_sets(catalogue):
    catalogue.add_tracklists(heard(str(n), "A - One", "B - Two", f"C - {n} x") for n in range(40))
    with pytest.raises(SegueError, match="holds 1 distinct"):
        measure(catalogue.snapshot())


def test_sets_of_one_track_are_not_called_near_duplicates(catalogue):
    catalogue.add_tracklists(planted()[:24])
    catalogue.add_tracklists([heard("single", "Velour - Alone"), heard("empty", "?")])
    corpus = Corpus.of(catalogue.snapshot())
    assert (corpus.interactions.n_sets, corpus.near_duplicates) == (24, 0)


def test_a_catalogue_without_labels_or_dates_can_be_evaluated(catalogue, five):
    catalogue.add_tracklists(replace(s, date="") for s in planted(labels=False)[:30])
    report = measure(catalogue.snapshot(), draws=1)
    assert metric(report, SEGUE, "recall@50", ("random", "5", "warm")) > 0
