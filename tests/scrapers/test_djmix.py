"""The djmix-dataset: MixesDB's titles and rows, with YouTube ids."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from data.errors import SegueError
from data.records import OutsideId, SetAside, Tracklist
from scrapers.djmix import DjMix


def mix(*rows: str | dict[str, Any], **fields: Any) -> dict[str, Any]:
    tracklist = [row if isinstance(row, dict) else {"id": None, "title": row} for row in rows]
    return {"id": "mix0001", "title": "2019-05-04 - Ann Arbour - Kiln Radio"} | {
        "tracklist": tracklist,
        **fields,
    }


def records(tmp_path: Path, document: object) -> list[Tracklist | SetAside]:
    path = tmp_path / "mixes.json"
    path.write_text(json.dumps(document))
    return list(DjMix(path).read())


def only(tmp_path: Path, document: object) -> Tracklist:
    (record,) = records(tmp_path, document)
    assert isinstance(record, Tracklist)
    return record


def test_a_title_gives_date_djs_and_show_and_the_tags_tell_styles_apart(tmp_path: Path) -> None:
    tags = [{"key": f"Category:{name}"} for name in ("Ann Arbour", "Kiln Radio", "Techno")]
    read = only(tmp_path, [mix("A - B", tags=tags, url="https://www.mixesdb.com/w/x")])
    assert (read.date, read.djs, read.show) == ("2019-05-04", ("Ann Arbour",), "Kiln Radio")
    assert read.styles == ("Techno",)
    assert (read.source, read.source_id) == ("djmix", "mix0001")
    assert read.url == "https://www.mixesdb.com/w/x"


def test_one_mix_alone_is_a_file_too(tmp_path: Path) -> None:
    assert len(only(tmp_path, mix("A - B")).plays) == 1


def test_a_youtube_id_is_a_fact_beside_the_track(tmp_path: Path) -> None:
    play = only(tmp_path, [mix({"id": "AAAAAAAAAA-", "title": "A - B [Kiln]"})]).plays[0]
    assert play.track and play.track.ids == (OutsideId("youtube", "AAAAAAAAAA-", "djmix"),)
    assert play.track.label == "Kiln"


def test_a_youtube_id_of_the_wrong_form_is_not_kept(tmp_path: Path) -> None:
    play = only(tmp_path, [mix({"id": "not an id", "title": "A - B"})]).plays[0]
    assert play.track and not play.track.ids


def test_rows_keep_cues_and_what_was_played_together(tmp_path: Path) -> None:
    plays = only(tmp_path, [mix("[000] A - B", "[031] + C - D [Kiln]", "[1??] E - F")]).plays
    assert [play.cue and play.cue.seconds for play in plays] == [0, 31 * 60, None]
    assert plays[2].cue and plays[2].cue.earliest == 6000
    assert [play.with_previous for play in plays] == [False, True, False]


def test_a_row_of_two_layers_is_two_plays_and_the_id_belongs_to_neither(tmp_path: Path) -> None:
    row = {"id": "AAAAAAAAAAA", "title": "A - B [Kiln] + C - D [Loom]"}
    plays = only(tmp_path, [mix(row)]).plays
    assert [str(play.track) for play in plays] == ["A - B", "C - D"]
    assert [play.with_previous for play in plays] == [False, True]
    assert all(play.track and not play.track.ids for play in plays)


def test_a_row_without_a_title_is_an_unknown_play(tmp_path: Path) -> None:
    plays = only(tmp_path, [mix("A - B", {"id": None, "title": None}, {"title": 7})]).plays
    assert [play.kind for play in plays] == ["identified", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"id": "m2", "title": "x"}, "no tracklist"),
        ({"id": None, "tracklist": [{}]}, "no id"),
        ({"id": "m2", "tracklist": []}, "tracklist is empty"),
        ("text", "no tracklist"),
        (mix("A - B"), "has the id mix0001"),
    ],
)
def test_a_mix_that_cannot_be_read_is_set_aside_with_its_place(
    tmp_path: Path, broken: object, reason: str
) -> None:
    first, second = records(tmp_path, [mix("A - B"), broken])
    assert isinstance(first, Tracklist) and isinstance(second, SetAside)
    assert second.where == "mixes.json, mix 2"
    assert reason in second.reason


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="holds no mixes"):
        records(tmp_path, [])


def test_the_real_mixes_come_out_row_by_row(shared: Path) -> None:
    read = list(DjMix(shared / "djmix" / "djmix_90_mixes.json").read())
    sets = [record for record in read if isinstance(record, Tracklist)]
    plays = [play for tracklist in sets for play in tracklist.plays]
    assert (len(read), len(sets), len(plays)) == (90, 90, 3125)
    assert sum(play.kind == "identified" for play in plays) >= 3110
    assert sum(bool(play.track and play.track.ids) for play in plays) >= 2760
    assert all(tracklist.date and tracklist.djs for tracklist in sets)
    # "[ Wex 10 ]" is an artist; a cue left standing in front would start with digits.
    artists = [play.track.artist for play in plays if play.track]
    assert not any(re.match(r"\[[\d?]", artist) for artist in artists)
    assert "[ Wex 10 ]" in artists
