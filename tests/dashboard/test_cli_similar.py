"""``segue similar`` on a small crate: what people and programs read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from data.catalogue import Catalogue, Sound
from data.records import Embedding, Track
from data.settings import get_settings
from hybrid import listen
from tests.hybrid.ears import EAR

#: One number a fragment, so that a distance can be seen: track, genre, fragments.
MUSIC = [
    ("Anna", "Moon", "Techno", (1.0, 2.0)),
    ("Bix", "Tide [Dub]", "techno", (40.0, 1.5)),
    ("Cy", "Reef", "House", (9.0, 3.0)),
]


@pytest.fixture
def crate(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with three tracks that were heard."""
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
    own_home.mkdir(parents=True, exist_ok=True)
    get_settings.cache_clear()
    with Catalogue.open(get_settings().url) as catalogue:
        for artist, title, genre, values in MUSIC:
            fragments = np.array([[value, 1.0] for value in values], np.float32)
            starts = 65.0 * np.arange(len(values))
            piece = Embedding("ear", "1", fragments.mean(axis=0), fragments, starts, 5.0)
            track = Track(artist, title, genre=genre)
            catalogue.add_sound([Sound(title, track=track, duration_s=99.0, embedding=piece)])
    return own_home


def invoke(*args: str, code: int = 0) -> Any:
    get_settings.cache_clear()
    ran = CliRunner().invoke(app, list(args))
    get_settings.cache_clear()
    assert ran.exit_code == code, ran.output
    return ran


def test_without_a_method_the_means_are_compared(crate: Path) -> None:
    said = invoke("similar", "Anna - Moon").stdout
    assert "cosine" in said
    assert "Cy - Reef" in said
    told = json.loads(invoke("similar", "Anna - Moon", "--json").stdout)
    assert told == json.loads(invoke("similar", "Anna - Moon", "--method", "mean", "--json").stdout)
    assert all(result["start_s"] is None for result in told["results"])


def test_explained_it_tells_the_liked_the_drawn_and_the_found(crate: Path) -> None:
    said = invoke("similar", "Anna - Moon", "--explain").stdout
    liked, drawn, found = (part.splitlines()[1:] for part in said.split("\n\n"))
    assert [line.split() for line in liked] == [["Anna", "-", "Moon", "Techno"]]
    assert [line.split()[-2:] for line in drawn] == [["0:00", "Techno"], ["1:05", "Techno"]]
    nearest, other = found
    assert nearest.split("  ")[0] == "Bix - Tide [Dub]"
    at, distance, tags, shared = nearest.split()[-4:]
    assert (at, tags, shared) == ("1:05", "techno", "techno")
    assert float(distance) == pytest.approx(1.0, abs=0.1)
    assert other.split()[-3:-2] == ["1:05"]
    assert other.split()[-1] == "House"


def test_explained_for_programs(crate: Path) -> None:
    told = json.loads(invoke("similar", "Anna - Moon", "--explain", "--json").stdout)
    assert told["liked"] == {"Anna - Moon": ["Techno"]}
    assert told["selected"] == [
        {"name": "Anna - Moon", "start_s": start, "tags": ["Techno"]} for start in (0.0, 65.0)
    ]
    nearest = told["results"][0]
    assert nearest["name"] == "Bix - Tide [Dub]"
    assert nearest["shared"] == ["techno"]
    assert nearest.keys() == {"recording_id", "name", "value", "start_s", "tags", "shared"}


def test_how_many_are_drawn_and_found_is_chosen(crate: Path) -> None:
    args = ("similar", "Anna - Moon", "--explain", "--size", "1", "-k", "1", "--json")
    told = json.loads(invoke(*args).stdout)
    assert (len(told["selected"]), len(told["results"])) == (1, 1)
    others = {
        json.loads(invoke(*args, "--seed", str(n)).stdout)["selected"][0]["start_s"]
        for n in range(8)
    }
    assert others == {0.0, 65.0}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["Anna - Mooon"], '"Anna - Moon"'),
        (["gone.mp3"], "There is no file gone.mp3"),
        (["12345"], "no track with the id 12345"),
        (["Anna - Moon", "--method", "magic"], "mean, fragments, votes"),
        (["Anna - Moon", "--explain", "--method", "mean"], "--method fragments"),
        ([str(n) for n in (1, 2, 3)], "segue analyse"),
        (["Anna - \udcff"], "near it"),
    ],
)
def test_what_can_be_put_right_is_said(crate: Path, args: list[str], said: str) -> None:
    ran = invoke("similar", *args, code=2)
    assert said in " ".join(ran.stderr.replace("│", " ").split())
    assert "Traceback" not in ran.output


def test_a_catalogue_that_heard_nothing_says_what_to_do(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
    assert "nothing in it is near" in invoke("similar", "Anna - Moon", code=2).stderr


def test_the_name_it_had_before_still_works(crate: Path) -> None:
    ran = invoke("alike", "Anna - Moon", "--json")
    assert json.loads(ran.stdout) == json.loads(invoke("similar", "Anna - Moon", "--json").stdout)
    assert "deprecated" in ran.stderr
    assert "alike" not in invoke("--help").stdout
