"""What the parts of a page say, and that text from tracklists stays text."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.components import crate, results, search, shell, states, text
from dashboard.view import PAGE, View
from data.catalogue import Hit
from data.records import Answer, Evidence, Recommendation, Seed, SetRef, Track

TIDE = Track("Ania Ferro", "Low Tide", "Kestrel Dub", label="Harbour")
BUS = Track("Mara Vale", "Night Bus")


def plain(component: Any) -> Any:
    """A component (or a list of them) as the JSON that goes to the browser."""
    return json.loads(json.dumps(component, default=lambda part: part.to_plotly_json()))


def words(component: Any) -> str:
    """All text a component holds."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict) and "props" in node:
            yield from walk(node["props"].get("children"))

    return "".join(walk(plain(component)))


def ref(seed_position: int, position: int, url: str = "https://sets.example/1") -> SetRef:
    return SetRef(
        1,
        "At the Dock",
        "2013-07-24",
        ("Otto", "Lind"),
        url,
        seed_position,
        position,
        right_after=position == seed_position + 1,
    )


def recommended(track: Track = TIDE, key: int = 5, **facts: Any) -> Recommendation:
    return Recommendation(
        key,
        track,
        0.5,
        {"sets": 0.4, "next": 0.1},
        Evidence(**{"sets_together": 2, "sets": (ref(3, 4), ref(9, 2))} | facts),
        "Together in 2 sets.",
        sets=7,
    )


def test_dates_are_written_as_far_as_they_are_known() -> None:
    assert text.readable_date("2013-07-24") == "24 Jul 2013"
    assert text.readable_date("2011-06") == "Jun 2011"
    assert text.readable_date("1995") == "1995"
    assert text.readable_date("") == "no date"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//x.example",
        "http://",
        "http://[",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert text.outside_link("A set", url) == "A set"


def test_a_link_opens_safely() -> None:
    link = plain(text.outside_link("A set", "https://sets.example/1"))["props"]
    assert (link["target"], link["rel"]) == ("_blank", "noopener noreferrer")


def test_a_row_says_what_a_dj_must_know() -> None:
    answer = Answer((), (recommended(),))
    row = words(results.rows(answer, View(seeds=(1,)), set()))
    for said in (
        "Ania Ferro – Low Tide (Kestrel Dub)",
        "Together in 2 sets.",
        "Harbour",
        "7 sets",
    ):
        assert said in row
    drawn = json.dumps(plain(results.rows(answer, View(seeds=(1,)), set())))
    assert '"data-rank": "1"' in drawn
    assert "Score: 100% of the best match" in drawn


def test_markup_in_a_tracklist_stays_text() -> None:
    evil = Track("<img src=x onerror=alert(1)>", "**Bold** [link](javascript:x)")
    drawn = plain(results.rows(Answer((), (recommended(evil),)), View(seeds=(1,)), set()))
    assert "dangerously" not in json.dumps(drawn)
    assert "<img src=x onerror=alert(1)> – **Bold** [link](javascript:x)" in words(
        results.rows(Answer((), (recommended(evil),)), View(seeds=(1,)), set())
    )
    assert "Markdown" not in json.dumps(drawn)


def test_rows_in_the_crate_are_marked() -> None:
    answer = Answer((), (recommended(key=5), recommended(BUS, key=6)))
    drawn = json.dumps(plain(results.rows(answer, View(seeds=(1,)), {6})))
    assert drawn.count('"aria-pressed": "true"') == drawn.count('"aria-pressed": "false"') == 1


def test_more_is_offered_only_while_there_may_be_more() -> None:
    full = Answer((), tuple(recommended(key=i) for i in range(PAGE)))
    assert "Show more" in words(results.rows(full, View(seeds=(1,)), set()))
    short = Answer((), full.results[:3])
    assert "Show more" not in words(results.rows(short, View(seeds=(1,)), set()))


def test_scores_of_zero_draw_an_empty_bar_and_nothing_breaks() -> None:
    nothing = Recommendation(1, BUS, 0.0)
    drawn = plain(results.rows(Answer((), (nothing,)), View(seeds=(1,)), set()))
    assert "Score: 0% of the best match" in json.dumps(drawn)
    assert results.made_of({}) == ""


def test_evidence_names_date_djs_set_and_places() -> None:
    said = words(results.evidence(recommended()))
    for part in ("24 Jul 2013", "Otto, Lind", "At the Dock", "yours at 3, this at 4"):
        assert part in said
    assert said.count("straight after") == 1
    assert "Score: 80% similar sets, 20% played next" in said


def test_evidence_says_how_many_sets_it_does_not_list() -> None:
    assert "and 10 earlier sets" in words(results.evidence(recommended(sets_together=12)))


def test_a_row_without_common_sets_says_so() -> None:
    said = words(results.evidence(recommended(sets_together=0, sets=(), lift=math.nan)))
    assert "No set in your catalogue has it together with your tracks." in said


def test_what_rules_hid_is_said_and_can_be_brought_back() -> None:
    line = results.hidden_line({"other version": 30, "same artist": 12, "seed": 1})
    assert words(line).startswith("42 hidden: 30 versions")
    assert [part["props"]["id"]["key"] for part in plain(line) if isinstance(part, dict)] == [
        "versions",
        "artists",
    ]
    assert results.hidden_line({"same artist": 0}) == []


@pytest.mark.parametrize(
    ("seed", "track", "said"),
    [
        (Seed("x", TIDE, 1, "recording"), TIDE, ""),
        (Seed("ania low tied", None, 1, "search"), TIDE, "Read “ania low tied” as Ania Ferro"),
        (Seed("Low Tide (VIP)", None, 1, "work"), TIDE, "in that version, but it has Ania Ferro"),
        (Seed("Mara Vale - New One", BUS, None, "artist"), None, "it knows Mara Vale"),
        (Seed("zzz", None, None, "none"), None, "No set in your catalogue has “zzz”."),
    ],
)
def test_the_page_says_how_a_text_was_understood(
    seed: Seed, track: Track | None, said: str
) -> None:
    assert said in search.reading(seed, track)
    assert bool(search.reading(seed, track)) == bool(said)


def test_seeds_are_chips_with_a_named_remove_button() -> None:
    seeds = [Seed("", TIDE, 1, "recording"), Seed("zzz", None, None, "none")]
    drawn = search.chips(seeds, [TIDE, None])
    assert "Remove Ania Ferro - Low Tide (Kestrel Dub)" in words(drawn)
    assert "Remove zzz" in words(drawn)
    assert "Clear all" in words(drawn)
    assert search.chips([], []) == []


def test_an_answer_to_nothing_known_says_what_the_list_is_instead() -> None:
    unknown = Answer((Seed("zzz", None, None, "none"),), (recommended(),))
    assert "played most at present" in words(results.heading(unknown, View(seeds=("zzz",))))


def test_the_switch_names_the_cap_that_the_address_asked_for() -> None:
    answer = Answer((Seed("x", BUS, 1, "recording"),), (recommended(),))
    drawn = json.dumps(plain(results.heading(answer, View(seeds=(1,), artist_cap=1))))
    assert "At most 1 per artist" in drawn


def test_suggestions_are_told_apart_by_recording_not_by_text() -> None:
    values, drawing = search.options([Hit(1, BUS, 3, 1.0), Hit(2, BUS, 1, 0.9)])
    assert len(set(values)) == 2
    assert drawing["options"]["tracks"][values[0]]["note"] == "3 sets"
    assert drawing["options"]["tracks"][values[1]]["note"] == "1 set"


def test_generated_data_is_labelled() -> None:
    assert shell.demo_badge("none") is None
    assert words(shell.demo_badge("all")) == "Demo data: invented artists"
    assert words(shell.demo_badge("some")) == "Includes demo data: invented artists"


def test_every_empty_state_says_what_to_do_next() -> None:
    assert "segue import tracklists" in words(states.empty_catalogue())
    missing = states.no_model("No model yet: run `segue train`.")
    assert "run segue train." in words(missing)
    assert "Check the spelling" in words(states.nothing_found())
    assert "300 sets" in words(states.start([(1, TIDE)], sets=300, recordings=1))


def test_the_crate_offers_every_playlist_format() -> None:
    said = words(crate.crate_list([(5, TIDE)]))
    for part in ("Low Tide (Kestrel Dub)", "Ania Ferro", "M3U8", "CSV"):
        assert part in said
    assert "M3U8" not in words(crate.crate_list([]))
