"""What a page says about sound: play buttons where there is some, numbers where they are known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.components import crate, evidence, grid, search
from dashboard.components.listen import bpm, measured, play_button, tempo_and_key
from dashboard.services import Library, Sounds
from dashboard.view import View
from data.catalogue import AudioFile, Catalogue, Sound
from data.demo import demo_tracklists
from data.harmony import Key, TempoRelation, key_compatibility, parse_key
from data.records import (
    Analysis,
    Answer,
    Entry,
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


def rows(sounds: Sounds) -> list[dict[str, Any]]:
    answer = Answer((), (Recommendation(5, TIDE, 0.5), Recommendation(6, BUS, 0.4)))
    return grid.rows(answer, View(seeds=(1,)), sounds)


def test_a_play_button_names_the_track_and_nothing_but_its_number() -> None:
    button = drawn(play_button(5, TIDE))
    assert '"aria-label": "Play Ania Ferro - Low Tide (Kestrel Dub)"' in button
    assert '"data-play": "5"' in button


def test_only_what_can_be_heard_has_a_play_button() -> None:
    assert [row["play"] for row in rows(Sounds(frozenset({6})))] == [False, True]
    assert not any(row["play"] for row in rows(Sounds()))
    assert drawn(crate.crate_list([(5, TIDE), (6, BUS)], {5})).count('"data-play"') == 1
    seeds = [Seed("", TIDE, 5, "recording"), Seed("zzz", None, None, "none")]
    assert drawn(search.chips(seeds, [TIDE, None], {5})).count('"data-play"') == 1
    assert drawn(search.chips(seeds, [TIDE, None])).count('"data-play"') == 0


def test_a_row_shows_tempo_key_and_energy_where_they_were_measured() -> None:
    measured, unknown = rows(Sounds(frozenset({5, 6}), {5: heard()}))
    assert (measured["tempo"], measured["key"], measured["energy"]) == ("124", "8A", 60)
    assert not {"tempo", "key", "energy"} & set(unknown)


def mix(percent: float, kind: str = "same", keys: tuple[str, str] | None = None) -> Mix:
    pair = keys and tuple(parse_key(key) for key in keys)
    return Mix(TempoRelation(1.0, percent, kind), key_compatibility(*pair) if pair else None, pair)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lies", "pitch", "relation"),
    [
        (Mix(), None, None),
        (mix(1.23, keys=("7A", "8A")), "+1.2%", "one step up"),
        (mix(-0.01, keys=("8A", "8A")), "same", "same key"),
        (mix(0.0, "half", keys=("3B", "8A")), "half time", "clash"),
        (mix(-2.0, "double"), "-2.0% double", None),
    ],
)
def test_a_row_says_how_tempo_and_key_lie_to_the_seed(
    lies: Mix, pitch: str | None, relation: str | None
) -> None:
    said = tempo_and_key(heard(), lies)
    assert (said["tempo"], said["key"]) == ("124", "8A")
    assert (said.get("pitch"), said.get("relation")) == (pitch, relation)


def test_a_key_is_written_as_the_dj_reads_it() -> None:
    said = tempo_and_key(heard(), mix(1.0), notation="open_key")
    assert said["key"] == "1m"
    assert "Key Am (1m)" in said["heard"]
    assert "Key Am, measured" in tempo_and_key(heard(), notation="classic")["heard"]


def test_a_list_can_be_sorted_around_the_wheel() -> None:
    keys = [parse_key(name) for name in ("1A", "1B", "2A", "12B")]
    places = [tempo_and_key(heard(key=key))["wheel"] for key in keys]
    assert places == sorted(places)


def test_how_well_it_mixes_is_a_colour_as_well() -> None:
    def grades(relation: Mix, far: float = 6.0) -> list[int]:
        said = tempo_and_key(heard(), relation, far)
        return [said[name] for name in ("tempoFit", "keyFit") if name in said]

    assert grades(Mix()) == []
    assert grades(mix(0.0, keys=("8A", "8A"))) == [100, 100]
    assert grades(mix(-3.0)) == [50]
    assert grades(mix(-3.0), far=3.0) == [0]
    assert grades(mix(20.0, keys=("8A", "3B"))) == [0, 10]


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
    software = measured(heard(provenance={"bpm": "rekordbox", "key": "traktor"}))
    assert software == "Tempo 124 BPM, as rekordbox says. Key Am (8A), as Traktor says."


def test_what_is_unknown_is_left_out() -> None:
    assert tempo_and_key(None) == {}
    assert tempo_and_key(heard(bpm=None, key=None)) == {}
    assert "tempo" not in tempo_and_key(heard(bpm=None))
    assert measured(heard(key=None)) == "Tempo 124 BPM, measured, 93% sure, or 62."


def test_the_library_knows_what_can_be_heard(tmp_path: Any) -> None:
    settings = Settings(home=tmp_path)
    plays = (Play(1, "identified", TIDE), Play(2, "identified", BUS))
    own = Tracklist("csv", "1", "At the Dock", plays)
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists([*demo_tracklists()[:1], own])
        file = AudioFile(tmp_path / "tide.mp3", "hash", 1000, 1)
        sound = Sound("hash", file, track=TIDE, duration_s=20.0, analysis=heard())
        catalogue.add_sound([sound])
        catalogue.add_playlist("Friday", [Entry(BUS, bpm=124.0)], said_by="rekordbox")
        invented = next(p.track for p in demo_tracklists()[0].identified if p.track)
        ids = {catalogue.find(track): track for track in (TIDE, BUS, invented)}
    tide, bus, demo = ids
    sounds = Library(settings).sounds(ids)  # type: ignore[arg-type]
    assert sounds.playable == {tide, demo}
    assert set(sounds.measured) == {tide, bus}
