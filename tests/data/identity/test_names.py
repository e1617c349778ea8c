"""Artists, labels and text for searching."""

from __future__ import annotations

import pytest

from data.identity import artist_names, label_key, search_text


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("Ana & Bo Feat. Cy", ("ana", "bo", "cy")),
        ("Ana and Bo vs. Cy pres. Di", ("ana", "bo", "cy", "di")),
        ("Ana, Bo / Cy + Di", ("ana", "bo", "cy", "di")),
        ("Ana X Bo", ("ana", "bo")),
        ("Ana (UK) & Bo (2)", ("ana", "bo")),
        ("The Bells", ("bells",)),
        ("Ana & ANA", ("ana",)),
        ("AC/DC", ("acdc",)),
        ("Jamie xx", ("jamiexx",)),
        ("3 Phase", ("3phase",)),
        ("!!!", ("!!!",)),
        ("", ()),
    ],
)
def test_a_credit_holds_these_names(credit, names):
    assert artist_names(credit) == names


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("C.I.X", "CIX"),
        ("RAM", "Ram"),
        ("Cellar Records", "Cellar"),
        ("The Cellar", "cellar recordings"),
        ("Cellar - CEL 001", "Cellar"),
        ("Cellar / Upstairs", "Cellar"),
    ],
)
def test_one_label_written_differently_has_one_key(a, b):
    assert label_key(a) == label_key(b) != ""


@pytest.mark.parametrize(
    "text", ["", "White", "white label", "Unreleased", "Not On Label", "?", "Promo", "CD-R", "2011"]
)
def test_what_is_no_label_has_no_key(text):
    assert label_key(text) == ""


def test_a_label_may_consist_of_its_kind_word():
    assert label_key("Records") == "records"


def test_search_text_has_no_accents_case_or_punctuation():
    assert search_text("Röyksopp – Poor Leno (Ø Mix)") == "royksopp poor leno o mix"
    assert search_text("夜 - ガ") == "夜 ガ"
