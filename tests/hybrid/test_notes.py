"""The sentence about seeds that an answer could not take up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.records import Seed, Track
from hybrid.notes import note_for


def unknown(query, *near):
    return Seed(query, None, None, "none", tuple((n, Track("Mara", name)) for n, name in near))


def note(*seeds, recordings=9, heard=True):
    return note_for(seeds, recordings=recordings, heard=heard)


def test_where_something_is_known_of_every_seed_nothing_is_said():
    rungs = ("id", "recording", "work", "search", "artist", "label")
    assert note(*(Seed("x", None, None, rung) for rung in rungs)) == ""
    assert note() == ""


def test_near_matches_are_offered_three_at_most():
    assert note(unknown("Mara - Tied", (1, "Tide"))).endswith("did you mean “Mara - Tide”?")
    four = unknown("Mara - Tied", (1, "Tide"), (2, "Time"), (3, "Tie"), (4, "Tin"))
    assert note(four).endswith("did you mean “Mara - Tide”, “Mara - Time” or “Mara - Tie”?")


def test_where_nothing_is_near_there_is_another_way_on():
    said = note(unknown("zzzz"))
    assert "“zzzz”" in said
    assert "give a file" in said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
            "Segue does not know this Spotify link yet; type artist and title.",
        ),
        ("GBAYD1300049", "Segue does not know this ISRC yet; type artist and title."),
        (
            "https://youtu.be/dQw4w9WgXcQ",
            "Segue does not know this YouTube link yet; type artist and title.",
        ),
        (
            "spotify:playlist:4uLU6hMCjMI75M1A2tKUQC",
            "This Spotify link is of a playlist, not of a track; "
            "paste a track's link, or type artist and title.",
        ),
        (
            "spotify:album:4uLU6hMCjMI75M1A2tKUQC",
            "This Spotify link is of an album, not of a track; "
            "paste a track's link, or type artist and title.",
        ),
    ],
)
def test_an_unknown_link_is_called_what_it_is(query, said):
    assert note(unknown(query)) == said


def test_an_empty_catalogue_says_how_to_fill_it_and_nothing_else():
    said = note(unknown("zzzz"), recordings=0)
    assert said.startswith("The catalogue is empty: ")
    assert "segue demo" in said
    assert "zzzz" not in said


def test_a_sound_with_nothing_to_compare_it_with_asks_for_music():
    file = Seed("x.wav", None, None, "sound", vector=np.ones(3, np.float32))
    assert note(file) == ""
    assert "segue analyse" in note(file, heard=False)
    assert "segue analyse" in note(replace(file, vector=None))


def test_many_unknown_seeds_are_counted():
    said = note(*(unknown(f"track {n}") for n in range(9)))
    assert "“track 1”" in said
    assert "“track 2”" not in said
    assert said.endswith("Nothing is known of 7 more of your seeds.")
    assert "more" not in note(*(unknown(f"track {n}") for n in range(3)))


def test_a_name_without_end_is_cut():
    assert len(note(unknown("x" * 5000))) < 300
