"""``segue train``, ``segue recommend`` and ``segue evaluate``, on the demo crate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.recommender import Recommender
from hybrid.steering import Dials, Filters, Rules, Steering
from tests.dashboard.recommending import SEED, STRANGER, answers, query, run


def test_an_empty_catalogue_says_what_to_do_first() -> None:
    result = run("recommend", SEED)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.count("\n") == 1
    assert "segue demo" in result.stderr
    answer = json.loads(run("recommend", SEED, "--json").stdout)
    assert (answer["results"], answer["note"]) == ([], result.stderr.strip())


def test_train_without_sets_says_what_to_do_first() -> None:
    result = run("train")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_train_tells_sets_recordings_seconds_and_where_the_model_went(demo_home: Path) -> None:
    result = run("train")
    assert result.exit_code == 0
    assert "300 sets" in result.stdout
    assert str(demo_home) in result.stdout
    report = json.loads(run("train", "--json").stdout)
    assert report["sets"] == 300
    assert report["recordings"] > 1000
    assert report["seconds"] > 0
    assert Path(report["folder"]).is_relative_to(demo_home)


def test_json_holds_every_result_with_its_evidence(demo_home: Path) -> None:
    answer = json.loads(run("recommend", SEED, "-k", "10", "--no-spread", "--json").stdout)
    assert answer.keys() >= {"seeds", "results", "unknown", "removed", "hidden", "note"}
    (seed,) = answer["seeds"]
    assert (seed["artist"], seed["title"]) == ("Fennec Unit", "Hollow Horizon")
    assert seed["rung"] == "recording"
    assert answer["unknown"] == []
    assert len(answer["results"]) == 10
    for result in answer["results"]:
        assert {"artist", "title", "score", "version", "label", "sets", "reason"} <= result.keys()
        assert result["title"].endswith(f"({result['version']})") or not result["version"]
        assert result["reason"]
        assert "sets_together" in result["evidence"]
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert any(result["evidence"]["sets_together"] for result in answer["results"])


def test_people_see_rank_track_and_reason(demo_home: Path) -> None:
    result = run("recommend", SEED, "-k", "3")
    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if line.strip()]
    assert len(rows) >= 4
    assert " - " in rows[1]
    assert "Fennec Unit - Hollow Horizon" in result.stderr  # how the seed was understood


def test_a_track_typed_with_mistakes_is_answered_as_the_one_that_was_meant(
    demo_home: Path,
) -> None:
    answer = json.loads(run("recommend", "fenec unit hollow horizn", "--json").stdout)
    (seed,) = answer["seeds"]
    assert seed["query"] == "fenec unit hollow horizn"
    assert (seed["artist"], seed["title"]) == ("Fennec Unit", "Hollow Horizon")
    assert seed["rung"] == "search"


def test_a_number_is_the_id_of_a_recording(demo_home: Path) -> None:
    known = json.loads(run("recommend", SEED, "--json").stdout)
    ident = str(known["seeds"][0]["recording_id"])
    answer = json.loads(run("recommend", ident, "--json").stdout)
    assert (answer["seeds"][0]["query"], answer["seeds"][0]["rung"]) == (ident, "id")
    assert answer["results"] == known["results"]
    assert "Nothing is known" in run("recommend", "999999999").stderr


def test_a_version_the_catalogue_lacks_is_answered_by_one_it_has(demo_home: Path) -> None:
    result = run("recommend", f"{SEED} (Odd Heron Remix)", "-k", "1")
    assert f"going with its version {SEED}." in result.stderr


def test_a_track_nobody_knows_is_named_and_is_not_fatal(demo_home: Path) -> None:
    result = run("recommend", STRANGER, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["unknown"] == [STRANGER]
    spoken = run("recommend", STRANGER)
    assert spoken.exit_code == 0
    assert STRANGER in spoken.stderr


def test_an_audio_file_is_heard_whether_it_stands_among_the_tracks_or_as_an_option(
    demo_home: Path, tmp_path: Path, quick_ear: None
) -> None:
    named, unnamed = tmp_path / "Fennec Unit - Hollow Horizon.mp3", tmp_path / "no ending"
    named.write_text("some text")
    unnamed.write_text("other")
    result = run("recommend", str(named), "--file", str(unnamed), STRANGER, "-k", "1", "--json")
    assert result.exit_code == 0, result.output
    seeds = json.loads(result.stdout)["seeds"]
    assert [(seed["query"], seed["rung"]) for seed in seeds] == [
        (str(named), "recording"),
        (STRANGER, "none"),
        (str(unnamed), "sound"),
    ]
    # A path that is not there is a text like any other; as an option it is a mistake.
    named.unlink()
    assert run("recommend", str(named), "-k", "1").exit_code == 0
    refused = run("recommend", "--file", str(named))
    assert refused.exit_code == 2
    assert refused.stderr == f"{named} does not exist.\n"


def test_every_option_reaches_the_recommender(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    answering = Recommender.recommend

    def recommend(self: Recommender, seeds: Any, **arguments: Any) -> Any:
        asked.append(arguments)
        return answering(self, seeds, **arguments)

    monkeypatch.setattr(Recommender, "recommend", recommend)
    with Catalogue.open(Settings().url) as catalogue:
        catalogue.add_to_crate(catalogue.create_crate("Tonight"), 7)
    line = (
        "-k 9 --lens next --balance 0.3 --tempo 3 --no-half-double --key strict --energy 0.2.. "
        "--years 1990..2024 --sets 2.. --label Quay --label Brink --genre Techno --library new "
        "--without-crate tonight --max-minutes off --show-disliked --popularity -0.5 --hubs 1 "
        "--artist-cap 3 --versions all --no-spread --show-seeds"
    )
    assert run("recommend", SEED, *line.split()).exit_code == 0
    file = tmp_path / "q.jsonl"
    plain, own = json.loads(query(1, ("Fennec Unit", "Hollow Horizon"))), {"lens": "goes_with"}
    file.write_text(f"{json.dumps(plain)}\n{json.dumps({**plain, **own, 'k': 2})}")
    answers(file, *line.split())
    first, batch, changed = asked
    assert (first["k"], first["lens"], first["balance"]) == (9, "next", 0.3)
    assert first["steering"] == Steering(
        Filters(
            tempo_percent=3.0,
            half_double=False,
            key="strict",
            energy=(0.2, None),
            years=(1990, 2024),
            sets=(2, None),
            labels=("Quay", "Brink"),
            genres=("Techno",),
            library="new",
            without=frozenset([7]),
            max_minutes=None,
            disliked=True,
        ),
        Dials(popularity=-0.5, hubs=1.0),
    )
    assert first["rules"] == Rules(
        exclude_seeds=False,
        exclude_seed_versions=False,
        one_version_per_work=False,
        artist_cap=3,
        spread_artists=False,
    )
    same = ("k", "lens", "balance", "steering", "rules")
    assert [batch[name] for name in same] == [first[name] for name in same]
    assert (changed["k"], changed["lens"], changed["steering"]) == (
        2,
        "goes_with",
        first["steering"],
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--tempo", "fast"], "--tempo must be"),
        (["--lens", "up"], "--lens must be goes-with or next"),
        (["--energy", "9..1"], "--energy must be"),
        (["--versions", "some"], "--versions must be one or all"),
        (["--without-crate", "Nowhere"], 'no crate "Nowhere"'),
        ([" "], "empty text"),
        (["nowhere/at-all.mp3"], "There is no file nowhere/at-all.mp3"),
    ],
)
def test_an_option_that_makes_no_sense_is_one_sentence(args: list[str], said: str) -> None:
    result = run("recommend", SEED, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


def test_people_read_what_was_hidden_and_what_decided(demo_home: Path) -> None:
    result = run("recommend", SEED, "-k", "20", "--artist-cap", "1")
    assert result.exit_code == 0
    assert " hidden: " in result.stderr
    assert "--artist-cap 0 brings back" in result.stderr
    weighed = next(line for line in result.stderr.splitlines() if line.startswith("Weighed: "))
    assert "sets" in weighed
    assert "%" in weighed


@pytest.mark.parametrize(
    "args",
    [[], [SEED, "--queries", "q"], [SEED, "--out", "r"], [SEED, "-k", "0"], [SEED, "-k", "many"]],
)
def test_asking_for_what_makes_no_sense_explains_the_usage(args: list[str]) -> None:
    result = run("recommend", *args)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


def test_evaluate_prints_its_figures_and_writes_them(demo_home: Path) -> None:
    result = run("evaluate", "--draws", "1", "--json")
    assert result.exit_code == 0
    assert str(demo_home / "evaluation.json") in result.stderr
    figures = json.loads(result.stdout)
    assert {"recall@10", "recall@50", "ndcg@50", "mrr"} <= figures["rows"][0].keys()
    assert json.loads((demo_home / "evaluation.json").read_text()) == figures


@pytest.mark.slow
def test_evaluate_prints_a_table_for_people(demo_home: Path) -> None:
    result = run("evaluate", "--draws", "1")
    assert result.exit_code == 0
    assert "| method |" in result.stdout


def test_evaluate_without_sets_says_what_to_do_first() -> None:
    result = run("evaluate")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
