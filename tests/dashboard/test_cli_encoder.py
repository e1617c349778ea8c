"""``segue encoder`` and ``segue similar`` on a small folder of labelled clips."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import soundfile
from typer.testing import CliRunner

from dashboard.cli.command import app
from data.settings import get_settings
from tests.models.encoders.sounds import GENRES, SAMPLE_RATE, sound
from tests.models.encoders.tiny_onnx import log_mel_model

ENCODER = "segment_pca"  # trained in a second
ARTISTS = range(4)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve clips with an index, one line of which names a file that is not there."""
    folder = tmp_path_factory.mktemp("clips")
    rows = []
    for genre in GENRES:
        for artist in ARTISTS:
            name = f"{genre.title()} {artist} - Take.wav"
            soundfile.write(folder / name, sound(genre, artist, seconds=5), SAMPLE_RATE)
            rows.append([name, f"{genre.title()} {artist}", genre, "CC0-1.0"])
    with (folder / "index.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerows([["file", "artist", "genre", "licence"], *rows, ["gone.wav", "X", "", ""]])
    return folder


@pytest.fixture(scope="module")
def trained(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A home in which the encoder was trained, and what the command said of it."""
    home = tmp_path_factory.mktemp("home")
    ran = invoke("encoder", "train", ENCODER, "--data", str(clips), "--json", home=home)
    return home, json.loads(ran.stdout)


@pytest.fixture
def home(trained: tuple[Path, dict[str, Any]], own_home: Path) -> Path:
    """The trained home, to be changed by one test."""
    shutil.copytree(trained[0], own_home)
    return own_home


def invoke(*args: str, home: Path | None = None, code: int = 0) -> Any:
    """Run the command in this process."""
    get_settings.cache_clear()
    ran = CliRunner(env={"SEGUE_HOME": str(home)} if home else None).invoke(app, list(args))
    get_settings.cache_clear()
    assert ran.exit_code == code, ran.output
    return ran


def test_training_says_what_it_learned_and_where_it_is(trained) -> None:
    home, said = trained
    assert said["encoder"] == ENCODER
    assert Path(said["folder"]).is_relative_to(home / "models")
    assert said["metrics"]
    card = json.loads((Path(said["folder"]) / "card.json").read_text())
    assert card["licences"] == {"CC0-1.0": pytest.approx(12, abs=4)}
    assert not (home / "models" / "checkpoints" / ENCODER).exists()


def test_a_clip_that_is_not_there_is_told_and_costs_only_itself(clips: Path) -> None:
    ran = invoke("encoder", "train", ENCODER, "--data", str(clips))
    assert "Trained segment_pca on 12 clips" in ran.stdout
    assert "gone.wav" in ran.stderr


def test_list_tells_the_trained_from_the_others(home: Path) -> None:
    lines = invoke("encoder", "list").stdout.splitlines()
    (own,) = [line for line in lines if line.startswith(ENCODER)]
    assert "12 clips" in own
    (other,) = [line for line in lines if line.startswith("genre_resnet")]
    assert "segue encoder train genre_resnet" in other


@pytest.mark.parametrize("name", ["genre_resnet", ENCODER])
def test_summary_counts_what_the_layers_hold(home: Path, name: str) -> None:
    said = json.loads(invoke("encoder", "summary", name, "--json").stdout)
    assert said["parameters"] == sum(layer["parameters"] for layer in said["layers"]) > 0
    assert f"{said['parameters']:,}" in invoke("encoder", "summary", name).stdout


@pytest.mark.slow
def test_evaluate_puts_encoders_beside_the_baselines(clips: Path, own_home: Path) -> None:
    args = ("encoder", "evaluate", ENCODER, "--data", str(clips), "--folds", "2", "--epochs", "1")
    report = json.loads(invoke(*args, "--json").stdout)
    assert [row["encoder"] for row in report["rows"]] == ["mfcc+svm", "untrained", ENCODER]
    assert report["rows"][2]["trained_on"] == "these folds"
    assert json.loads((own_home / "encoders.json").read_text())["clips"] == 12


def test_an_encoder_of_ones_own_is_added_and_used(tmp_path: Path, clips: Path) -> None:
    said = invoke("encoder", "add", str(log_mel_model(tmp_path))).stdout
    label = said.split()[1].rstrip(":")
    assert label.startswith("onnx:")
    file = next(clips.glob("*.wav"))
    ran = invoke("analyse", str(file), "--encoder", label, "--workers", "1", "--json")
    assert json.loads(ran.stdout)["encoder"] == label


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["train", "genre_resnet"], "--data FOLDER"),
        (["train", "genre_resnet", "--dataset", "gtzan"], "fma, ncs"),
        (["train", "genre_resnett", "--data", "."], "Did you mean `genre_resnet`"),
        (["train", ENCODER, "--data", "/nowhere"], "There is no folder /nowhere"),
        (["evaluate", "nothing", "--data", "."], "nothing"),
        (["summary", "nothing"], "There is no encoder 'nothing'"),
        (["add", "/nowhere.onnx"], "/nowhere"),
    ],
)
def test_what_can_be_put_right_is_said_in_one_sentence(
    args: list[str], said: str, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clips)
    ran = invoke("encoder", *args, code=2)
    assert said in ran.stderr
    assert "Traceback" not in ran.output


@pytest.mark.parametrize(
    "method",
    [
        "mean",
        pytest.param("fragments", marks=pytest.mark.slow),
        pytest.param("votes", marks=pytest.mark.slow),
    ],
)
def test_similar_finds_music_of_the_same_kind(home: Path, clips: Path, method: str) -> None:
    invoke("analyse", str(clips), "--encoder", ENCODER, "--workers", "1")
    asked = clips / "Drums 0 - Take.wav"
    args = ("similar", str(asked), "--method", method, "--encoder", ENCODER, "-k", "3")
    answer = json.loads(invoke(*args, "--json").stdout)
    names = [result["name"] for result in answer["results"]]
    assert len(names) == 3
    assert "Drums 0 - Take" not in names
    assert all(name.startswith("Drums") for name in names)
    assert names[0] in invoke(*args).stdout
    if method == "fragments":
        assert {drawn["name"] for drawn in answer["selected"]} == {str(asked)}
        assert all(result["start_s"] is not None for result in answer["results"])


def test_similar_without_other_music_says_what_to_do(home: Path, clips: Path) -> None:
    file = next(clips.glob("*.wav"))
    ran = invoke("similar", str(file), "--encoder", ENCODER, code=2)
    assert "segue analyse" in ran.stderr
