"""One page of wikitext: every form of row, chapter and cue, with invented names."""

from __future__ import annotations

import time

import pytest

from data.records import Play, SetAside, Tracklist
from scrapers.mixesdb import read_page

TITLE = "2012-03-04 - Ada Lux - Night Shift"


def page(rows: str, *, before: str = "", after: str = "") -> Tracklist:
    found = read_page(TITLE, f"{before}\n== Tracklist ==\n{rows}\n{after}")
    assert isinstance(found, Tracklist), found
    return found


def plays(rows: str, **around: str) -> tuple[Play, ...]:
    return page(rows, **around).plays


def names(found: tuple[Play, ...]) -> list[str]:
    return [str(p.track) if p.track else p.kind for p in found]


def test_a_page_becomes_a_tracklist_with_its_credit() -> None:
    found = page(
        "# Vex - Amber (Holm Remix) [Quay - QY 01]",
        after="[[Category:2012]]\n[[Category:Ada Lux]]\n[[Category:Night Shift|2012-03-04]]\n"
        "[[Category:Deep House]]\n[[Category:Tracklist: complete]]",
    )
    assert (found.source, found.source_id, found.title) == ("mixesdb", TITLE, TITLE)
    assert (found.date, found.djs, found.show) == ("2012-03-04", ("Ada Lux",), "Night Shift")
    assert (found.styles, found.completeness) == (("Deep House",), "complete")
    assert found.url == "https://www.mixesdb.com/w/2012-03-04_-_Ada_Lux_-_Night_Shift"
    assert found.licence == "CC BY-SA 3.0 US"
    track = found.plays[0].track
    assert track is not None
    assert (track.artist, track.title, track.version) == ("Vex", "Amber", "Holm Remix")
    assert (track.label, track.catalogue_number) == ("Quay", "QY 01")


def test_an_act_named_like_a_style_is_no_style() -> None:
    text = "# A - B\n[[Category:Leftfield]]\n[[Category:Night Shift]]\n[[Category:Techno]]"
    found = read_page("2012-03-04 - Leftfield - Night Shift", "== Tracklist ==\n" + text)
    assert isinstance(found, Tracklist)
    assert found.styles == ("Techno",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{Repeat\n |Original  =2001-02-03 - Bo\n |Link =\n}}", "a repeat of 2001-02-03 - Bo"),
        ("{{Repeat|Original=X|Notes={{BadSound}}}}\n== Tracklist ==\n# A - B", "a repeat of X"),
        ("{{Repeat|Original=[[X - Y|the first]]}}", "a repeat of the first"),
        ("{{Fake\n|Original = Z\n}}", "a fake of Z"),
        ("{{Fake}}", "a fake of another set"),
        ("#REDIRECT [[2001-02-03 - Bo - Show]]", "a redirect to 2001-02-03 - Bo - Show"),
        ("== Tracklist ==\n<list>\n\n</list>\n[[Category:2004]]", "no tracklist on the page"),
        ("== Tracklist ==\n;Ada\n--\n\n;Bo\n<list>\n...\n</list>", "no tracklist on the page"),
        ("== File details ==\n;Version 1\n{|\n! dur\n|}\n", "no tracklist on the page"),
        ("== Notes ==\n# read - this\n# and - that", "no tracklist on the page"),
        (" \n", "the page is empty"),
        ("<!-- nothing -->", "the page is empty"),
    ],
)  # fmt: skip
def test_what_is_no_set_of_its_own_is_set_aside_with_the_reason(text: str, reason: str) -> None:
    assert read_page(TITLE, text) == SetAside(TITLE, reason)


@pytest.mark.parametrize(
    "title", ["Category:Ada Lux", "File:2012.jpg", "User talk:Bo", "Template:X"]
)
def test_pages_of_other_namespaces_are_set_aside(title: str) -> None:
    assert read_page(title, "# A - B") == SetAside(title, "not a page of a set")


def test_a_repeated_dj_is_harmless() -> None:
    assert names(plays("# A - B", after="{{Repeated|Ada Lux}}")) == ["A - B"]


def test_numbered_lines_need_no_space() -> None:
    assert names(plays("#Vex - Amber\n# Lio - Moss\n#  Kai - Fen ")) == [
        "Vex - Amber", "Lio - Moss", "Kai - Fen",
    ]  # fmt: skip


def test_list_blocks_have_gaps_and_unknown_rows() -> None:
    found = plays("<list>\n[00] Vex - Amber\n[07] ?\n...\n[15] Lio - Moss\n…\n</list>")
    assert names(found) == ["Vex - Amber", "unknown", "gap", "Lio - Moss", "gap"]
    assert [p.position for p in found] == [1, 2, 3, 4, 5]
    assert found[1].reason == "unknown"


def test_numbers_may_stand_inside_a_list_block() -> None:
    assert names(plays("<list>\n# Vex - Amber\n# ...\n# Lio - Moss\n</list>")) == [
        "Vex - Amber", "gap", "Lio - Moss",
    ]  # fmt: skip


def test_a_list_block_and_numbered_lines_stand_side_by_side() -> None:
    found = plays(";One\n# [00] A - B\n;Two\n<list>\n[00] C - D\n...\n</list>\n;Three\n# E - F")
    assert [(p.chapter, p.kind) for p in found] == [
        ("One", "identified"), ("Two", "identified"), ("Two", "gap"), ("Three", "identified"),
    ]  # fmt: skip


def test_a_chapter_without_its_list_is_a_gap() -> None:
    found = plays(";Ada\n# A - B\n;Bo\n--\n\n;Cy\n# C - D")
    assert [(p.chapter, p.kind) for p in found] == [
        ("Ada", "identified"), ("Bo", "gap"), ("Cy", "identified"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "chapter"),
    [
        (";Ada Lux", "Ada Lux"),
        (";'''12:30-01:30h - Ada Lux'''", "12:30-01:30h - Ada Lux"),
        ("'''2000-01-01 - Ada @ Barn, Ghent''' (63:31)", "2000-01-01 - Ada @ Barn, Ghent"),
        ("'''Ada''' @ The Red Barn, Ghent", "Ada @ The Red Barn, Ghent"),
        ("'''Ada''' [1:41:00-2:56:40]", "Ada"),
        (";Ada = [[2011-10-19 - Ada @ Barn, Ghent]]", "Ada"),
        ("'''Ada''' = [[2011-10-19 - Ada @ Barn|elsewhere]]", "Ada"),
        ("'''Ada''' - See also the [[2011 - Ada|complete Set]]", "Ada"),
        ("'''Ada''' (See also [[2011 - Ada]])", "Ada"),
        ("'''Ada''' - [http://example.org/x Tracklist source]", "Ada"),
        (";[[2011-03-19 - Ada - Show|Ada]]", "Ada"),
        ("; [2008-05-10 - Ada @ Barn]", "2008-05-10 - Ada @ Barn"),
        (";Ada [Live PA]", "Ada [Live PA]"),
        (";Ada &amp; Bo:", "Ada & Bo"),
        ("=== Ada Lux ===", "Ada Lux"),
        ("<b>Ada</b>", "Ada"),
        ("Ada Lux", "Ada Lux"),
    ],
)
def test_headings_open_chapters(heading: str, chapter: str) -> None:
    found = plays(f"# First - Row\n\n{heading}\n# A - B")
    assert [p.chapter for p in found] == ["", chapter]


def test_prose_and_source_links_are_no_rows_and_no_chapters() -> None:
    found = plays(
        "The order may be wrong.\n;Ada\n# A - B\n[http://example.org/t Tracklist source]\n\n"
        ";Bo\n# C - D\nhttp://example.org/u\n----\n[http://example.org/v Tracklist source]"
    )
    assert [(p.chapter, str(p.track)) for p in found] == [("Ada", "A - B"), ("Bo", "C - D")]


@pytest.mark.parametrize(
    "row",
    ["+ Lio - Moss", "[??] + Lio - Moss", "+ [05] Lio - Moss", "w/ Lio - Moss", "W/ Lio - Moss",
     "'''+''' Lio - Moss", "[05] '''+''' Lio - Moss", "''+ Lio - Moss''"],
)  # fmt: skip
def test_a_plus_or_w_means_played_with_the_row_before(row: str) -> None:
    found = plays(f"# Vex - Amber\n# {row}")
    assert names(found) == ["Vex - Amber", "Lio - Moss"]
    assert [p.with_previous for p in found] == [False, True]


def test_an_unknown_row_can_be_played_with_the_row_before() -> None:
    found = plays("# Vex - Amber\n# + ?")
    assert (found[1].kind, found[1].with_previous) == ("unknown", True)


def test_nothing_is_played_with_the_row_before_the_first() -> None:
    assert not plays("# + Vex - Amber")[0].with_previous


def test_indented_rows_belong_to_the_row_above() -> None:
    found = plays("# Vex - Amber\n#* Lio - Moss\n#: Kai - Fen\n# Wren - Reed")
    assert [p.with_previous for p in found] == [False, True, True, False]


def test_layers_of_one_line_are_plays_on_top_of_each_other() -> None:
    found = plays("# [12] Vex - Amber [Quay] '''+''' ''? - Moss (Dub) [Fen]?''\n# Kai - Reed")
    assert [p.kind for p in found] == ["identified", "unknown", "identified"]
    assert [p.with_previous for p in found] == [False, True, False]
    assert [p.position for p in found] == [1, 2, 3]
    assert [p.cue and p.cue.seconds for p in found] == [720, 720, None]


def test_a_layer_may_bring_its_own_cue() -> None:
    found = plays("# [042:10] Vex - Amber [Quay] + ''[044:16] Lio - Moss (Acapella)''")
    assert names(found) == ["Vex - Amber", "Lio - Moss (Acapella)"]
    assert [p.cue and p.cue.seconds for p in found] == [2530, 2656]


def test_a_plus_between_artists_is_no_layer() -> None:
    assert names(plays("# Vex + Lio - Amber [Quay + Fen]")) == ["Vex + Lio - Amber"]


def test_italics_bold_notes_and_comments_are_not_part_of_the_names() -> None:
    found = plays(
        "# ''Vex - Amber''\n# '''Classic of the week:''' Lio - Moss\n"
        "# [05] '''Record of the week''': Kai - Fen\n# Wren - Reed<!-- not sure --> [Quay]\n"
        "# Ash - Elm <-- AKA \"Oak\" -->"
    )  # fmt: skip
    assert names(found) == [
        "Vex - Amber", "Lio - Moss", "Kai - Fen", "Wren - Reed", "Ash - Elm",
    ]  # fmt: skip


def test_commented_rows_are_not_read_even_over_several_lines() -> None:
    assert names(plays("# A - B\n<!--\n# C - D\n-->\n# E - F")) == ["A - B", "E - F"]


def test_links_show_their_text() -> None:
    found = plays(
        "# Vex - [http://example.org/1 Amber (Holm Remix)] [Quay]\n"
        "# [[Lio (DJ)|Lio]] - [[Moss]]\n# [https://example.org/2 Kai - Fen [Dune]]"
    )
    assert names(found) == ["Vex - Amber (Holm Remix)", "Lio - Moss", "Kai - Fen"]
    assert [p.track.label for p in found if p.track] == ["Quay", "", "Dune"]


def test_html_entities_and_invisible_characters_are_resolved() -> None:
    found = plays(
        "# Vex &amp; Lio -&nbsp;Amber\n# Kai \u00ad- Fen\n# Wren -\u00ad Reed\n"
        "# <nowiki>11:11</nowiki> - Lifted<br />\n# Ash - Elm<ref>a - book</ref>\n"
        "# T&gt;I - I <3 U [M-->B]\n# <small>Oak</small> - <s>Pine</s> Yew"
    )
    assert names(found) == [
        "Vex & Lio - Amber", "Kai - Fen", "Wren - Reed", "11:11 - Lifted", "Ash - Elm",
        "T>I - I <3 U", "Oak - Yew",
    ]  # fmt: skip


def test_the_sign_for_inches_is_not_taken_for_italics() -> None:
    assert plays("# Vex - Amber (Original 12'' Mix)")[0].raw.endswith("(Original 12'' Mix)")
    assert 'Original 12" Mix' in names(plays("# Vex - Amber (Original 12'' Mix)"))[0]


def test_a_template_in_a_row_shows_its_text() -> None:
    found = plays("# {{Sample|x - ID.mp3|Vex - Amber [Quay]}}\n# Lio - Moss {{Sic}}")
    assert names(found) == ["Vex - Amber", "Lio - Moss"]


def test_a_leading_bracket_is_a_cue_and_a_trailing_one_a_label() -> None:
    found = plays("# [31] Vex - Amber [31]\n# [KRTM] - Soleil [Quay]\n# [a]pex - Fen")
    assert [p.cue and p.cue.text for p in found] == ["31", None, None]
    assert [p.track.label for p in found if p.track] == ["31", "Quay", ""]
    assert [p.track.artist for p in found if p.track] == ["Vex", "[KRTM]", "[a]pex"]


def test_the_surer_of_two_cues_counts_and_a_slipped_bracket_is_read() -> None:
    found = plays("# [0??] + [009] Vex - Amber\n# [076| ?")
    assert [p.cue and p.cue.seconds for p in found] == [540, 4560]
    assert [p.kind for p in found] == ["identified", "unknown"]


def test_cues_start_again_in_each_chapter_with_its_own_length() -> None:
    found = plays(
        "'''Ada''' (76:22)\n# [00:00] A - B\n# [72:05] C - D\n'''Bo''' (60:00)\n# [03:30] E - F\n"
        "# [58:10] G - H"
    )  # fmt: skip
    assert [p.cue and p.cue.seconds for p in found] == [0, 4325, 210, 3490]


def test_the_length_of_the_show_settles_ambiguous_cues() -> None:
    rows = "# [00:00] A - B\n# [00:06] C - D\n# [00:11] E - F\n# [00:40] ?\n# [01:50] G - H"
    for show, last in [("{{StandardShow2h}}", 6600), ("{{StandardShow?h|1}}", 110)]:
        cue = plays(rows, before=show)[-1].cue
        assert cue is not None
        assert cue.seconds == last


def test_a_cue_alone_is_an_unknown_row() -> None:
    found = plays("# [05] A - B\n# [09]\n# [?]")
    assert [(p.kind, p.cue and p.cue.seconds) for p in found] == [
        ("identified", 300), ("unknown", 540), ("unknown", None),
    ]  # fmt: skip


def test_numbers_typed_before_each_row_go_only_if_they_count_up() -> None:
    assert names(plays("# 1. Vex - Amber\n# 2. Lio - Moss\n# 3. Kai - Fen")) == [
        "Vex - Amber", "Lio - Moss", "Kai - Fen",
    ]  # fmt: skip
    assert names(plays("# 3 Phase - Amber\n# 16. Ave - Moss\n# 2 Bad - Fen")) == [
        "3 Phase - Amber", "16. Ave - Moss", "2 Bad - Fen",
    ]  # fmt: skip


def test_an_artist_may_start_with_a_list_mark() -> None:
    assert names(plays("# *NSING - Amber\n# #VERYRARE - Moss")) == [
        "*NSING - Amber", "#VERYRARE - Moss",
    ]  # fmt: skip


def test_file_details_are_neither_chapters_nor_rows() -> None:
    details = "== File details ==\n;Version 1\n{|\n| 1:57:36\n|}\n# tracks 1 - 36\n"
    found = plays("# A - B", before=details, after="== Notes ==\n# see - also")
    assert [(p.chapter, str(p.track)) for p in found] == [("", "A - B")]


@pytest.mark.parametrize("heading", ["== Tracklist 1 ==", "==Tracklists==", "== Track list =="])
def test_variants_of_the_heading_are_known(heading: str) -> None:
    found = read_page(
        TITLE, f"{heading}\n# A - B\n=== Part 2 ===\n# C - D\n== Comments ==\n# E - F"
    )
    assert isinstance(found, Tracklist)
    assert names(found.plays) == ["A - B", "C - D"]
    assert found.plays[1].chapter == "Part 2"


def test_a_page_without_the_heading_may_still_hold_a_list() -> None:
    found = read_page(TITLE, "{{Player|http://example.org}}\n# A - B\n# ?\n[[Category:2012]]")
    assert isinstance(found, Tracklist)
    assert names(found.plays) == ["A - B", "unknown"]


def test_plain_lines_are_rows_where_nothing_is_numbered() -> None:
    found = plays("Ripped by me\nA - B [Quay]\n* C - D\n[12] ?\n?\n")
    assert names(found) == ["A - B", "C - D", "unknown", "unknown"]


def test_a_list_in_columns_is_read() -> None:
    assert names(plays('{| class="x"\n|\n# A - B\n|\n# C - D\n|}')) == ["A - B", "C - D"]


def test_the_given_date_and_the_years_category_stand_in_for_a_missing_one() -> None:
    text = "== Tracklist ==\n# A - B\n[[Category:1999]]"
    for title, date, expected in [
        ("a file", "2004-05-06", "2004-05-06"),
        ("a file", "", "1999"),
        ("199X - Ada @ Barn (Show, 1995-09-10)", "1995-09-10", ""),
    ]:
        found = read_page(title, text, date=date)
        assert isinstance(found, Tracklist)
        assert found.date == expected


def test_what_was_written_is_kept() -> None:
    assert plays("# [05] ''Vex - Amber''")[0].raw == "[05] ''Vex - Amber''"


@pytest.mark.parametrize(
    "text",
    [
        "== Tracklist ==\n{{Player|\0[[a|b]]\0}}\n# Vex - Amber",
        "== Tracklist ==\n# Vex - Amb\ud800er [\udfffQuay]",
        "== Tracklist ==\n# [²:³] Vex - Amber\n# [٣٠] Vex - Quay\n# &#xD800; - &#99999999999;",
        "{{" * 500 + "== Tracklist ==\n# Vex - Amber" + "}}" * 500,
        "== Tracklist ==\n# " + "[" * 500 + "Vex - Amber" + "](" * 500,
    ],
)
def test_a_page_of_any_characters_is_read_or_set_aside_for_what_it_is(text: str) -> None:
    found = read_page("2012-03-04 - Ada \ud800 - Night Shift", text)
    assert isinstance(found, Tracklist) or "could not be read" not in found.reason


@pytest.mark.parametrize(
    "unit", ["[]", " [a] ", "[", "(", "''", " + ", "{{a|", "[[a|", "<ref>", "\n#"]
)
def test_the_time_a_page_takes_grows_with_its_length_and_no_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        text = f"== Tracklist ==\n# Vex - Amber {unit * (size // len(unit))}"
        began = time.process_time()
        read_page("2012-03-04 - Ada - Night Shift", text)
        return time.process_time() - began

    # Sixteen times the text: linear is 16, quadratic 256; a second covers a busy machine.
    assert seconds(64_000) < 64 * seconds(4_000) + 1
