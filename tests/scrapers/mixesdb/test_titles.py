"""What a page's title says about the set."""

from __future__ import annotations

import pytest

from scrapers.mixesdb.titles import (
    Heading,
    canonical_title,
    certain_date,
    djs_of_event,
    page_url,
    read_title,
)


def cats(*names: str) -> list[tuple[str, str]]:
    return [(name, "") for name in names]


@pytest.mark.parametrize(
    "given",
    [
        "2011-05-07 - Ânna & Co @ 100% Club (Night Shift)",
        "/w/2011-05-07_-_%C3%82nna_%26_Co_@_100%25_Club_(Night_Shift)",
        "/db/2011-05-07_-_%C3%82nna_%26_Co_@_100%25_Club_(Night_Shift)",
        "https://www.mixesdb.com/w/2011-05-07_-_%C3%82nna_%26_Co_@_100%25_Club_(Night_Shift)",
        "2011-05-07_-_Ânna_&_Co_@_100%_Club_(Night_Shift)",
    ],
)
def test_titles_paths_and_addresses_name_the_same_page(given: str) -> None:
    assert canonical_title(given) == "2011-05-07 - Ânna & Co @ 100% Club (Night Shift)"


def test_an_address_is_written_as_mediawiki_does() -> None:
    url = page_url("2011-05-07 - A & B's Night @ C, D (E)", "https://example.org/w/")
    assert url == "https://example.org/w/2011-05-07_-_A_%26_B%27s_Night_@_C,_D_(E)"


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2013-07-24", "2013-07-24"),
        ("2000-03", "2000-03"),
        ("1995", "1995"),
        ("2011-06-1X", "2011-06"),
        ("2011-0X", "2011"),
        ("2011-XX-XX", "2011"),
        ("199X", ""),
        ("2011-13-40", "2011"),
    ],
)
def test_only_what_is_certain_of_a_date_is_kept(written: str, date: str) -> None:
    assert certain_date(written) == date


def test_dj_and_show() -> None:
    found = read_title("2010-01-02 - Ada Lux, Bo Tern - Night Shift", cats("Night Shift"))
    assert found == Heading("2010-01-02", ("Ada Lux", "Bo Tern"), "", "Night Shift")


def test_venue_city_and_a_show_with_its_broadcast() -> None:
    title = "2010-01-2X - Ada Lux @ Club - The Last Night, Ghent (Night Shift, 2010-02-06)"
    found = read_title(title, cats("Ada Lux"))
    assert found == Heading("2010-01", ("Ada Lux",), "Club - The Last Night, Ghent", "Night Shift")


def test_venue_before_a_dashed_show() -> None:
    found = read_title("2010-01-02 - Ada Lux @ Barn, Ghent - Night Shift", cats("Night Shift"))
    assert (found.venue, found.show) == ("Barn, Ghent", "Night Shift")


def test_a_show_named_by_a_category_needs_no_dash() -> None:
    found = read_title("2010-01-02 - Ada Lux @ Big Field, Night Shift", cats("Night Shift"))
    assert (found.venue, found.show) == ("Big Field", "Night Shift")


def test_a_special_of_a_show_is_that_show() -> None:
    title = "2010-01-02 - Ada Lux - Night Shift (Winter Special)"
    assert read_title(title, cats("Night Shift")).show == "Night Shift"


def test_the_year_alone_is_a_date() -> None:
    assert read_title("1995 - Ada Lux - Night Shift", []).date == "1995"


def test_a_title_that_says_nothing_is_not_taken_for_a_dj() -> None:
    assert read_title("some file name", []) == Heading()


@pytest.mark.parametrize(
    ("who", "categories", "djs"),
    [
        ("Lark & Stone", ("Lark & Stone",), ("Lark & Stone",)),
        ("Lark & Stone", ("Lark", "Stone"), ("Lark", "Stone")),
        ("Lark & Stone", ("John Lark", "Mia Stone"), ("Lark", "Stone")),
        ("Lark & Stone", (), ("Lark & Stone",)),
        ("Lark b2b Stone", (), ("Lark", "Stone")),
        ("Lark B2B Stone", (), ("Lark", "Stone")),
        ("Lark x Stone", ("Lark", "Stone"), ("Lark", "Stone")),
        (
            "Lark, Moss & Fen, Stone",
            ("Lark", "Moss & Fen", "Stone"),
            ("Lark", "Moss & Fen", "Stone"),
        ),
        ("Lark (Live PA), Stone (Big Barn)", ("Lark", "Stone"), ("Lark", "Stone")),
        ("Stone", ("Stone (Mia Stone)",), ("Stone",)),
        ("2000 and None", ("2000 and None",), ("2000 and None",)),
        ("VA", ("Lark",), ()),
        ("VA on Tour", ("Lark",), ()),
    ],
)
def test_categories_decide_who_is_one_act(
    who: str, categories: tuple[str, ...], djs: tuple[str, ...]
) -> None:
    title = f"2010-01-02 - {who} - Night Shift"
    assert read_title(title, cats(*categories, "Night Shift")).djs == djs


def test_djs_of_an_event_are_the_categories_that_open_its_chapters() -> None:
    categories = ["1999", "Ada Lux", "Bo Tern", "Big Barn", "Night Shift", "House"]
    chapters = ["1999-12-31 - Bo Tern @ Big Barn, Ghent", "Ada Lux, Elsewhere, 2000-01-01"]
    assert djs_of_event(categories, chapters, "NYE", "Night Shift") == ("Ada Lux", "Bo Tern")


def test_without_chapters_they_are_the_categories_before_the_venue() -> None:
    categories = ["1999", "Ada Lux", "Bo (DJ)", "Big Barn (Ghent)", "Night Shift", "House"]
    assert djs_of_event(categories, [], "Big Barn, Ghent", "Night Shift") == ("Ada Lux", "Bo")
