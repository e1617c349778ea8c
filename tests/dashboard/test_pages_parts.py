"""What the parts of a page say, and that text from tracklists stays text."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dashboard.components import (
    controls,
    crate,
    evidence,
    grid,
    results,
    search,
    shell,
    states,
    text,
)
from dashboard.view import MOST, PAGE, View
from data.catalogue import Hit
from data.harmony import Key, key_compatibility
from data.records import (
    Answer,
    Evidence,
    Hidden,
    Mix,
    Recommendation,
    Seed,
    SetRef,
    SoundEvidence,
    Track,
)
from hybrid.fusion import PARTS

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


def listed(*found: Recommendation, **options: Any) -> list[dict[str, Any]]:
    """The rows of a list, as they go to the browser."""
    return plain(grid.rows(Answer((), found), View(seeds=(1,)), **options))


def test_a_row_says_what_a_dj_must_know() -> None:
    (row,) = listed(replace(recommended(), year=2013))
    name = (row["artist"], row["title"], row["version"])
    assert name == ("Ania Ferro", "Low Tide", "Kestrel Dub")
    assert row["reason"] == "Together in 2 sets."
    assert (row["label"], row["sets"], row["year"]) == ("Harbour", 7, 2013)
    assert (row["id"], row["rank"], row["score"]) == ("5", 1, 100)
    assert row["made"] == "Score: 80% sets, 20% played next"


def test_what_is_not_known_of_a_track_is_not_sent() -> None:
    (row,) = listed(Recommendation(6, BUS, 0.5))
    assert not {"version", "label", "year", "energy", "bpm", "key", "badge", "verdict"} & set(row)


def test_every_column_has_something_to_show() -> None:
    shown = {column["field"] for column in plain(grid.grid())["props"]["children"][0]["props"][
        "columnDefs"
    ]}  # fmt: skip
    assert shown == {
        "rank", "play", "artist", "bpm", "wheel", "energy", "year", "label", "score", "actions",
    }  # fmt: skip


def test_a_bar_has_a_stripe_for_each_part_that_gave_some() -> None:
    parts = {"sets": 0.3, "next": 0.1, "sound": 0.0, "steering": 0.1}
    assert evidence.stripes(parts, 0.5) == [["sets", 30.0], ["next", 10.0], ["steering", 10.0]]


def test_what_dials_took_away_is_told_beside_what_the_parts_gave() -> None:
    said = evidence.made_of({"sets": 0.3, "sound": 0.2, "steering": -0.05})
    assert said == "Score: 60% sets, 40% sound; key and dials take 10% off"
    assert set(controls.PART_NAMES) == {*PARTS, "steering"}


def test_the_page_says_how_much_each_part_counts_in_the_list() -> None:
    found = [
        replace(recommended(), weights={"sets": 0.75, "sound": 0.25, "prior": 0.0}),
        replace(recommended(), weights={"sets": 0.25, "sound": 0.751, "prior": 0.001}),
    ]
    said = words(controls.weighed(Answer((), tuple(found))))
    assert said == "This list: 50% sound, 50% sets"
    assert controls.weighed(Answer((), ())) == []


def test_filters_in_force_are_named() -> None:
    assert controls.in_force(View()) == [
        "tempo ±6%", "up to 15 min", "one version of each", "5 per artist",
    ]  # fmt: skip
    view = View(
        tempo=None, key="strict", energy=(None, 40), years=(1995, 2004), genres=("House", "Dub"),
        library="new", max_minutes=None, one_version=False, artist_cap=0, without=7,
    )  # fmt: skip
    assert controls.in_force(view) == [
        "keys that mix", "energy up to 40%", "years 1995–2004", "genre House, Dub", "new to me",
        "without a crate",
    ]  # fmt: skip
    assert words(controls.kept(view)).startswith("6 in force: keys")


def test_the_crates_are_offered_to_leave_out() -> None:
    choices = controls.crate_choices([(3, "Tonight", 12), (4, "Warm up", 1)])
    assert [choice["label"] for choice in choices] == [
        "Leave nothing out", "Tonight (12 tracks)", "Warm up (1 track)",
    ]  # fmt: skip
    values = {choice["value"] for choice in choices}
    assert controls.values(View())["without"] in values
    assert controls.values(View(without=4))["without"] in values


def test_a_row_that_sets_did_not_bring_says_what_did() -> None:
    def badge(rung: str, met: Evidence) -> str:
        (row,) = listed(replace(recommended(), rung=rung, evidence=met))
        return row.get("badge", "")

    never, once = Evidence(), Evidence(sets_together=1)
    assert badge("artist", never) == "by its artist"
    assert badge("label", never) == "by its label"
    assert badge("sets", once) == badge("next", once) == badge("artist", once) == ""
    assert badge("sound", once) == "by its sound"


def test_grouped_versions_are_counted_on_the_row_and_listed_behind_it() -> None:
    versions = ((8, replace(TIDE, version="VIP")), (9, replace(TIDE, version="Edit")))
    result = replace(recommended(), versions=versions)
    assert listed(result)[0]["versions"] == 2
    behind = evidence.evidence(result)
    assert "Low Tide (VIP)" in words(behind)
    assert '"data-ask": "seed-only", "data-recording": "9"' in json.dumps(
        plain(behind), sort_keys=True
    )


def test_what_is_behind_a_row_can_be_drawn_without_dash() -> None:
    """``assets/dig-draw.js`` knows components of dash.html alone, and no callbacks."""

    def walk(node: Any) -> Iterator[dict[str, Any]]:
        for part in node if isinstance(node, list) else [node]:
            if isinstance(part, dict):
                yield part
                yield from walk(part["props"].get("children"))

    versions = ((8, replace(TIDE, version="VIP")),)
    alike = SoundEvidence(0.81, "Mara Vale - Night Bus", 80.0, 40.2, 7.6, 0.62)
    result = replace(recommended(), versions=versions, sound=alike)
    parts = list(walk(plain(evidence.evidence(result, playable=True, seed=1))))
    assert {part["namespace"] for part in parts} == {"dash_html_components"}
    assert not any("id" in part["props"] for part in parts)
    assert {part["props"]["data-wave"] for part in parts if "data-wave" in part["props"]} == {
        "1", "5",
    }  # fmt: skip


def test_what_a_dj_said_is_pressed() -> None:
    group = plain(evidence.evidence(recommended(), None, {"like", "works"}))[0]
    buttons = [button["props"] for button in group["props"]["children"]]
    assert {button["data-judge"]: button["aria-pressed"] for button in buttons} == {
        "like": "true",
        "dislike": "false",
        "works": "true",
        "clashes": "false",
    }


def test_a_row_drawn_open_has_what_is_behind_it() -> None:
    behind = evidence.evidence(recommended(BUS, key=6))
    found = listed(recommended(key=5), recommended(BUS, key=6), unfolded={6: behind})
    assert [row["id"] for row in found] == ["5", "6", "why-6"]
    assert found[2]["of"] == "6"
    assert "At the Dock" in words(found[2]["why"])


def test_markup_in_a_tracklist_stays_text() -> None:
    evil = Track("<img src=x onerror=alert(1)>", "**Bold** [link](javascript:x)")
    (row,) = listed(recommended(evil))
    assert (row["artist"], row["title"]) == (evil.artist, evil.title)
    behind = json.dumps(plain(evidence.evidence(recommended(evil))))
    assert "dangerously" not in behind
    assert "Markdown" not in behind


def test_keys_are_written_as_the_dj_reads_them() -> None:
    keys = (Key(9, "minor"), Key(4, "minor"))
    result = replace(recommended(), mix=Mix(key=key_compatibility(*keys), keys=keys))
    asked = Answer((Seed("x", BUS, 1, "id"),), (result,))
    for notation, said in (("open_key", "1m to 2m"), ("classic", "to E")):
        (row,) = plain(grid.rows(asked, View(seeds=(1,)), notation=notation))
        assert said in row["reason"]


def test_more_is_offered_only_while_there_may_be_more() -> None:
    full = Answer((), tuple(recommended(key=i) for i in range(PAGE)))
    assert results.may_have_more(full, View(seeds=(1,)))
    assert not results.may_have_more(Answer((), full.results[:3]), View(seeds=(1,)))
    assert not results.may_have_more(full, View(seeds=(1,), length=MOST))


def test_scores_of_zero_draw_an_empty_bar_and_nothing_breaks() -> None:
    (row,) = listed(Recommendation(1, BUS, 0.0))
    assert row["score"] == 0
    assert not {"parts", "made"} & set(row)
    assert evidence.made_of({}) == ""


def test_evidence_names_date_djs_set_and_places() -> None:
    said = words(evidence.evidence(recommended()))
    for part in ("24 Jul 2013", "Otto, Lind", "At the Dock", "yours at 3, this at 4"):
        assert part in said
    assert said.count("straight after") == 1
    assert "Score: 80% sets, 20% played next" in said


def test_evidence_says_how_many_sets_it_does_not_list() -> None:
    assert "and 10 earlier sets" in words(evidence.evidence(recommended(sets_together=12)))


def test_a_row_without_common_sets_says_so() -> None:
    said = words(evidence.evidence(recommended(sets_together=0, sets=(), lift=math.nan)))
    assert "No set in your catalogue has it together with your tracks." in said


def test_what_is_hidden_is_said_with_what_loosening_brings_back() -> None:
    left_out = (
        Hidden("tempo", 30, 12),
        Hidden("clashes", 1, 0),
        Hidden("seed", 2, 0),
        Hidden("other version", 1, 1),
    )
    line = results.hidden_line(left_out)
    assert words(line).startswith("32 hidden: 30 tempo. Show them: brings 12 back")
    buttons = [part["props"] for part in plain(line) if isinstance(part, dict)]
    assert [button["id"]["key"] for button in buttons] == ["tempo", "clashes", "other version"]
    assert buttons[0]["title"] == "Show them: brings 12 back into the list"
    assert words(buttons[2]["children"]).startswith("1 version")
    assert results.hidden_line((Hidden("same artist", 0, 0), Hidden("seed", 1, 1))) == []


@pytest.mark.parametrize(
    ("seed", "track", "said"),
    [
        (Seed("x", TIDE, 1, "recording"), TIDE, ""),
        (Seed("ania low tied", None, 1, "search"), TIDE, "Read “ania low tied” as Ania Ferro"),
        (Seed("Low Tide (VIP)", None, 1, "work"), TIDE, "in that version, but it has Ania Ferro"),
        (Seed("Mara Vale - New One", BUS, None, "artist"), None, "it knows Mara Vale"),
        (Seed("Nobody - X", Track("", "", label="Dock"), None, "label"), None, "label, Dock"),
        (Seed("/a/b.wav", None, None, "sound"), None, "by its sound alone"),
        (Seed("zzz", None, None, "none"), None, ""),
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
    near = ((4, TIDE), (9, BUS))
    unknown = Answer(
        (Seed("x", BUS, 1, "id"), Seed("zzz", None, None, "none", near)),
        (recommended(),),
        note="Nothing is known of “zzz”; run `segue train`.",
    )
    head = results.heading(unknown, View(seeds=(1, "zzz")))
    assert "Nothing is known of “zzz”; run segue train." in words(head)
    assert "Ania Ferro – Low Tide (Kestrel Dub)" in words(head)
    assert '{"type": "seed-swap", "key": "1:4"}' in json.dumps(plain(head))
    assert "1 track" in words(head)
    nothing = replace(unknown, seeds=unknown.seeds[1:])
    assert "played most at present" in words(results.heading(nothing, View(seeds=("zzz",))))


def test_suggestions_are_told_apart_by_recording_not_by_text() -> None:
    values, drawing = search.options([Hit(1, BUS, 3, 1.0), Hit(2, BUS, 1, 0.9)])
    assert len(set(values)) == 2
    assert drawing["options"]["tracks"][values[0]]["note"] == "3 sets"
    assert drawing["options"]["tracks"][values[1]]["note"] == "1 set"


def test_generated_data_is_labelled() -> None:
    assert shell.demo_badge("none") is None
    # The whole words, and the one that a small screen has room for.
    assert words(shell.demo_badge("all")) == "Demo data: invented artists" + "Demo"
    assert words(shell.demo_badge("some")) == "Includes demo data: invented artists" + "Demo"


def test_every_empty_state_says_what_to_do_next() -> None:
    assert "segue import tracklists" in words(states.empty_catalogue())
    start = states.start([(1, TIDE)], sets=300, recordings=1, note="Run `segue train`.")
    assert "Run segue train." in words(start)
    assert "300 sets" in words(start)
    assert "start from one of yours" in words(states.start([(1, TIDE)], sets=0, recordings=1))
    near = (Seed("zzz", None, None, "none", ((4, TIDE),)),)
    nothing = words(states.nothing_found(Answer(near, (), note="Check the spelling.")))
    assert "Check the spelling." in nothing
    assert "Low Tide" in nothing
    line = results.hidden_line((Hidden("tempo", 3, 3),))
    emptied = words(states.everything_hidden(Answer((), (), note="Loosen a filter."), line))
    assert "Loosen a filter." in emptied
    assert "3 tempo" in emptied


def test_the_crate_offers_every_playlist_format() -> None:
    said = words(crate.crate_list([(5, TIDE)]))
    for part in ("Low Tide (Kestrel Dub)", "Ania Ferro", "M3U8", "CSV"):
        assert part in said
    assert "M3U8" not in words(crate.crate_list([]))
