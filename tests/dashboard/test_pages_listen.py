"""What a page says about sound: play buttons where there is some, numbers where they are known."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from dashboard.components import crate, evidence, results, search
from dashboard.components.listen import bpm, measured, play_button, tempo_and_key
from dashboard.services import Library, Sounds
from dashboard.view import View
from data.catalogue import Catalogue, Sound
from data.demo import demo_tracklists
from data.harmony import Key, TempoRelation, key_compatibility, parse_key
from data.records import (
    Analysis,
    Answer,
    Mix,
    Play,
    Recommendation,
    Seed,
    SoundEvidence,
    Track,
    Tracklist,
)
from data.settings import Settings

TIDE = Track("Ania Ferro", "Low Tide", "Kestrel Dub", label="Harbour")
BUS = Track("Mara Vale", "Night Bus")


def heard(**changes: Any) -> Analysis:
    values: dict[str, Any] = {
        "duration_s": 20.0,
        "bpm": 124.02,
        "bpm_confidence": 0.93,
        "bpm_alternatives": (62.01, 186.0),
        "beat_start_s": 0.1,
        "key": Key(9, "minor"),
        "key_confidence": 0.81,
        "key_runner_up": Key(0, "major"),
        "energy": 0.6,
        "loudness_lufs": -9.5,
        "rolloff_hz": 4000.0,
        "windows": ((0.0, 20.0),),
        "analyser": "1",
        "provenance": {"bpm": "measured", "key": "measured"},
    }
    return Analysis(**values | changes)


def drawn(component: Any) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def rows(sounds: Sounds) -> str:
    answer = Answer((), (Recommendation(5, TIDE, 0.5), Recommendation(6, BUS, 0.4)))
    return drawn(results.rows(answer, View(seeds=(1,)), set(), sounds))


def test_a_play_button_names_the_track_and_nothing_but_its_number() -> None:
    button = drawn(play_button(5, TIDE))
    assert '"aria-label": "Play Ania Ferro - Low Tide (Kestrel Dub)"' in button
    assert '"data-play": "5"' in button


def test_only_what_can_be_heard_has_a_play_button() -> None:
    assert rows(Sounds(frozenset({6}))).count('"data-play"') == 1
    assert rows(Sounds()).count('"data-play"') == 0
    assert drawn(crate.crate_list([(5, TIDE), (6, BUS)], {5})).count('"data-play"') == 1
    seeds = [Seed("", TIDE, 5, "recording"), Seed("zzz", None, None, "none")]
    assert drawn(search.chips(seeds, [TIDE, None], {5})).count('"data-play"') == 1
    assert drawn(search.chips(seeds, [TIDE, None])).count('"data-play"') == 0


def test_a_row_shows_tempo_and_key_where_they_were_measured() -> None:
    row = rows(Sounds(frozenset({5, 6}), {5: heard()}))
    assert row.count('"124 BPM"') == row.count('"8A"') == 1


def mix(percent: float, kind: str = "same", keys: tuple[str, str] | None = None) -> Mix:
    pair = keys and tuple(parse_key(key) for key in keys)
    return Mix(TempoRelation(1.0, percent, kind), key_compatibility(*pair) if pair else None, pair)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("relation", "tempo", "key"),
    [
        (Mix(), "124 BPM", "8A"),
        (mix(1.23, keys=("7A", "8A")), "124 BPM · +1.2%", "7A to 8A"),
        (mix(-0.01, keys=("8A", "8A")), "124 BPM · same", "8A · same"),
        (mix(0.0, "half"), "124 BPM · half time", "8A"),
        (mix(-2.0, "double"), "124 BPM · -2.0% · double time", "8A"),
    ],
)
def test_a_row_says_how_tempo_and_key_lie_to_the_seed(relation: Mix, tempo: str, key: str) -> None:
    row = drawn(tempo_and_key(heard(), relation))
    assert f'"children": "{tempo}"' in row
    assert f'"children": "{key}"' in row


def test_how_well_it_mixes_is_a_colour_as_well() -> None:
    def grades(relation: Mix, far: float = 6.0) -> list[str]:
        return re.findall(r'"--fit": "(\d+%)"', drawn(tempo_and_key(heard(), relation, far)))

    assert grades(Mix()) == []
    assert grades(mix(0.0, keys=("8A", "8A"))) == ["100%", "100%"]
    assert grades(mix(-3.0)) == ["50%"]
    assert grades(mix(-3.0), far=3.0) == ["0%"]
    assert grades(mix(20.0, keys=("8A", "3B"))) == ["0%", "10%"]


def test_a_fragment_that_sounds_alike_can_be_played() -> None:
    alike = SoundEvidence(0.81, "Mara Vale - Night Bus", 80.0, 40.2, 7.6, 0.62)
    result = Recommendation(5, TIDE, 0.5, sound=alike)
    behind = drawn(evidence.evidence(result, playable=True))
    assert "Sounds like Mara Vale - Night Bus from 1:20 (yours 0:40)." in behind
    assert '"data-from": "80.0"' in behind
    assert "d = 0.62" in behind
    assert "data-from" not in drawn(evidence.evidence(result, playable=False))


def test_tempos_are_written_as_djs_write_them() -> None:
    assert [bpm(value) for value in (124.02, 87.46, 174.96)] == ["124", "87.5", "175"]


def test_the_numbers_say_how_sure_they_are_and_what_else_may_be() -> None:
    assert measured(heard()) == (
        "Tempo 124 BPM, measured, 93% sure, or 62. Key Am (8A), measured, 81% sure, or C (8B)."
    )
    tagged = measured(heard(provenance={"bpm": "tag", "key": "measured"}))
    assert tagged.startswith("Tempo 124 BPM, as the file says. Key Am (8A), measured")


def test_what_is_unknown_is_left_out() -> None:
    assert tempo_and_key(None) == []
    assert tempo_and_key(heard(bpm=None, key=None)) == []
    assert "BPM" not in drawn(tempo_and_key(heard(bpm=None)))
    assert measured(heard(key=None)) == "Tempo 124 BPM, measured, 93% sure, or 62."


def test_the_library_knows_what_can_be_heard(tmp_path: Any) -> None:
    settings = Settings(home=tmp_path)
    plays = (Play(1, "identified", TIDE), Play(2, "identified", BUS))
    own = Tracklist("csv", "1", "At the Dock", plays)
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists([*demo_tracklists()[:1], own])
        sound = Sound("hash", track=TIDE, duration_s=20.0, analysis=heard())
        catalogue.add_sound([sound])
        invented = next(p.track for p in demo_tracklists()[0].identified if p.track)
        ids = {catalogue.find(track): track for track in (TIDE, BUS, invented)}
    tide, _, demo = ids
    sounds = Library(settings).sounds(ids)  # type: ignore[arg-type]
    assert sounds.playable == {tide, demo}
    assert set(sounds.measured) == {tide}
