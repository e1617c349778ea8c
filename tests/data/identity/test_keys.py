"""What is one recording, what is one work, and what only looks alike."""

from __future__ import annotations

import json

import pytest

from data.identity import parse_track, recording_key, track_artists, work_key
from data.records import Track


def read(row: str) -> Track:
    track = parse_track(row)
    assert isinstance(track, Track), track
    return track


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # label, catalogue number and what is said of the copy
        ("Ana Bell - Low Tide", "Ana Bell - Low Tide [Cellar]"),
        ("Ana Bell - Low Tide [Cellar - CEL 001]", "Ana Bell - Low Tide [Cellar - CEL001LP, 2017]"),
        ("Ana Bell - Low Tide [White Label]", "Ana Bell - Low Tide [31]"),
        ("Ana Bell - Low Tide (Unreleased)", "Ana Bell - Low Tide [Unreleased]"),
        # writing
        ("ANA BELL - LOW TIDE", "ana bell - low tide"),
        ("Ana Bëll - Lów Tide", "Ana Bell - Low Tide"),
        ("O'Hara's - McDonald's", "Oharas - Mcdonalds"),
        ("Ana Bell - I Ran To Sea", "Ana Bell - Iran To Sea"),
        ("A.B.C. - D.A.N.C.E.", "ABC - DANCE"),
        ("Dark-Star - 10,000 Days", "Dark Star - 10000 Days"),
        ("Ana Bell - Rock 'n' Roll & Sea", "Ana Bell - Rock N Roll And Sea"),
        ("Ana Bell - Movin' On", "Ana Bell - Moving On"),
        ("Too $hort Bell - Ca$h", "Too Short Bell - Cash"),
        ("Ana Bell \u2013 Low Tide", "Ana\u00a0Bell -\u00ad Low\u2009Tide"),
        ("Ana &amp; Bo - Low Tide", "Ana & Bo - Low Tide"),
        ("Ana Bell - Low Tide Pt. II", "Ana Bell - Low Tide (Part Two)"),
        ("Ana Bell - Low Tide Vol. 02", "Ana Bell - Low Tide Volume 2"),
        ("Ana Bell - Low Tide Pt2", "Ana Bell - Low Tide Part 2"),
        ("Ana Bell - Low 01", "Ana Bell - Low 1"),
        ("Ana Bell - Rock'n'Roll", "Ana Bell - Rock & Roll"),
        ("Ana Bell - Rock'n Roll", "Ana Bell - Rock N Roll"),
        ("Ana Bell - Can U See", "Ana Bell - Can You See"),
        ("Ana Bell - Luv Tide", "Ana Bell - Love Tide"),
        ("Ana Bell - No U.F.O.'s", "Ana Bell - No UFOs"),
        ("The Bells - The Tide", "Bells - Tide"),
        # credits
        ("Ana & Bo - Low Tide", "Bo and Ana - Low Tide"),
        ("Ana vs. Bo - Low Tide", "Ana x Bo - Low Tide"),
        ("Ana, Bo & Cy - Low Tide", "Cy, Bo & Ana - Low Tide"),
        ("Ana Feat. Bo - Low Tide", "Ana - Low Tide (ft. Bo)"),
        ("Ana featuring Bo - Low Tide", "Ana - Low Tide"),
        ("Ana Bell (UK) - Low Tide", "Ana Bell (2) - Low Tide"),
        ("AC / DC - Low Tide", "AC/DC - Low Tide"),
        ("DJ Ana - Low Tide", "Ana - Low Tide"),
        ("Mister Bell - Low Tide", "Mr. Bell - Low Tide"),
        ("Saint Bell - Low Tide", "St. Bell - Low Tide"),
        ("Three Bells - Low Tide", "3 Bells - Low Tide"),
        ("A Man Called Bell - Low Tide", "Man Called Bell - Low Tide"),
        ("Ana v Bo - Low Tide", "Ana vs. Bo - Low Tide"),
        ("Ana pres. The Bells - Low Tide", "Bells - Low Tide"),
        ("Ana presents The Bells - Low Tide", "The Bells - Low Tide"),
        ("Ana aka Bell - Low Tide", "Ana (a.k.a. Bell) - Low Tide"),
        ("Ana aka Bell - Low Tide", "Ana - Low Tide"),
        # what stands around a row
        ("+ Ana Bell - Low Tide", "Ana Bell - Low Tide"),
        ("Record Of The Week: Ana Bell - Low Tide", "Ana Bell - Low Tide"),
        ("Cy: Ana Bell - Low Tide", "Ana Bell - Low Tide"),
        # the original under its other names
        ("Ana Bell - Low Tide (Original Mix)", "Ana Bell - Low Tide"),
        ("Ana Bell - Low Tide (Extended Mix)", "Ana Bell - Low Tide (Radio Edit)"),
        ("Ana Bell - Low Tide (Mixed)", "Ana Bell - Low Tide - Remastered 2011"),
        ('Ana Bell - Low Tide (12" Version)', "Ana Bell - Low Tide"),
        # one version under its other names
        ("Ana Bell - Low Tide (Bo Mix)", "Ana Bell - Low Tide (Bo Remix)"),
        ("Ana Bell - Low Tide - Bo Remix", "Ana Bell - Low Tide [Bo RMX]"),
        ("Ana Bell - Low Tide (Remixed by Bo)", "Ana Bell - Low Tide (Bo's Remix)"),
        ("Ana Bell - Low Tide (Bo Extended Remix)", "Ana Bell - Low Tide (Bo Remix)"),
        ("Ana Bell - Low Tide (Bo VIP Mix)", "Ana Bell - Low Tide (Bo VIP Remix)"),
        ("Ana Bell - Low Tide VIP", "Ana Bell - Low Tide (VIP Mix)"),
        ("Ana Bell - Low Tide (Bo Rework)", "Ana Bell - Low Tide (Bo Re-Edit)"),
        (
            "Ana Bell - Low Tide (Bo Remix Instrumental)",
            "Ana Bell - Low Tide (Bo Instrumental Mix)",
        ),
        ("Ana Bell - Low Tide (Bo & Cy Remix)", "Ana Bell - Low Tide (Cy and Bo Mix)"),
        ("Ana Bell - Low Tide (The Cellar Remix)", "Ana Bell - Low Tide (Cellar Mix)"),
        ("Ana Bell - Low Tide (Acappella)", "Ana Bell - Low Tide (A Capella)"),
        ("Ana Bell - Low Tide (Bo Remix 2)", "Ana Bell - Low Tide (Bo Remix II)"),
    ],
)
def test_one_recording_written_differently_has_one_key(a, b):
    assert recording_key(read(a)) == recording_key(read(b))
    assert work_key(read(a)) == work_key(read(b))


@pytest.mark.parametrize(
    "version",
    [
        "Bo Remix",
        "Bo Dub",
        "Bo VIP",
        "Club Mix",
        "Dub",
        "VIP",
        "Instrumental",
        "Acapella",
        "Vocal Mix",
        "Remix",
        "Bootleg",
        "Live At The Pier",
        "Bo Re-Edit",
        "Unreleased Mix",
    ],
)
def test_a_version_is_another_recording_of_the_same_work(version):
    original, other = read("Ana Bell - Low Tide"), read(f"Ana Bell - Low Tide ({version})")
    assert recording_key(original) != recording_key(other)
    assert work_key(original) == work_key(other)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Bo Remix", "Cy Remix"),
        ("Bo Remix 1", "Bo Remix II"),
        ("Bo Remix", "Bo Dub"),
        ("Bo Remix", "Bo VIP"),
        ("Bo Remix", "Bo & Cy Remix"),
        ("Instrumental", "Acapella"),
        ("Vocal Dub", "Dub"),
    ],
)
def test_two_versions_are_two_recordings_of_one_work(a, b):
    a, b = read(f"Ana Bell - Low Tide ({a})"), read(f"Ana Bell - Low Tide ({b})")
    assert recording_key(a) != recording_key(b)
    assert work_key(a) == work_key(b)


def test_a_subtitle_is_kept_apart_as_a_recording_and_grouped_as_a_work():
    short, full = read("Ana Bell - Low Tide"), read("Ana Bell - Low Tide (All I See)")
    assert recording_key(short) != recording_key(full)
    assert work_key(short) == work_key(full)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # artists that look alike
        ("Simon - Hands Up", "Simion - Hands Up"),
        ("Simon - Hands Up", "Shimon - Hands Up"),
        ("Trevor & Simon - Hands Up", "Simion - Hands Up"),
        ("3 Phase - Low Tide", "Phase - Low Tide"),
        ("Ana & Bo - Low Tide", "Ana - Low Tide"),
        ("Ana & Bo - Low Tide", "Ana & Cy - Low Tide"),
        ("DJ X & Bo - Low Tide", "DJ & Bo - Low Tide"),
        ("Ana pres. Bo - Low Tide", "Ana pres. Cy - Low Tide"),
        ("Mr. Bell - Low Tide", "Dr. Bell - Low Tide"),
        ("Ten Bells - Low Tide", "Teen Bells - Low Tide"),
        ("A. Bell - Low Tide", "B. Bell - Low Tide"),
        ("Ana Bell - Low Tide", "Bo Bell - Low Tide"),
        ("Model 500 - Low Tide", "Model 600 - Low Tide"),
        ("!!! - Low Tide", "??? Band - Low Tide"),
        # titles that look alike
        ("Ana Bell - Track 1", "Ana Bell - Track 2"),
        ("Ana Bell - Red 1", "Ana Bell - Red 2"),
        ("Ana Bell - Red", "Ana Bell - Red 2"),
        ("Ana Bell - Red 1.1", "Ana Bell - Red 11"),
        ("Ana Bell - Red 1-2", "Ana Bell - Red 12"),
        ("Ana Bell - Red 1 2", "Ana Bell - Red 12"),
        ("Ana Bell - 1 + 1", "Ana Bell - 11"),
        ("Ana Bell - Red 10", "Ana Bell - Red 1"),
        ("Ana Bell - Red 1.01", "Ana Bell - Red 1.1"),
        ("Ana Bell - 2000", "Ana Bell - 2001"),
        ("Ana Bell - U", "Ana Bell - You"),
        ("Ana Bell - Evening", "Ana Bell - Even"),
        ("Ana Bell - Concept 1", "Ana Bell - Concept 2"),
        ("Ana Bell - Low Tide Pt. 1", "Ana Bell - Low Tide Pt. 2"),
        ("Ana Bell - Low Tide (Part I)", "Ana Bell - Low Tide (Part II)"),
        ("Ana Bell - Low Tide", "Ana Bell - Low Tide (Part 2)"),
        ("Ana Bell - Low Tide [Part 1]", "Ana Bell - Low Tide [Part 2]"),
        ("Ana Bell - Low Tide (Side A)", "Ana Bell - Low Tide (Side B)"),
        ("Ana Bell - Low Tide EP (A1)", "Ana Bell - Low Tide EP (B1)"),
        ("Ana Bell - Low Tide (Two)", "Ana Bell - Low Tide (Three)"),
        ("Ana Bell - Low Tide (3am)", "Ana Bell - Low Tide (5am)"),
        ("Ana Bell - Untitled 1", "Ana Bell - Untitled 2"),
        ("Ana Bell - Untitled (Blue)", "Ana Bell - Untitled (Green)"),
        ("Ana Bell - Interlude (Dawn)", "Ana Bell - Interlude (Dusk)"),
        ("Ana Bell - Lose You", "Ana Bell - Loose You"),
        ("Ana Bell - The Number Song", "Ana Bell - No Song"),
        ("Ana Bell - Dub Be Good", "Ana Bell - Be Good (Dub)"),
        ("Ana Bell - ガ", "Ana Bell - カ"),
        ("Ana Bell - Мой", "Ana Bell - Мои"),
        ("Ana Bell - 夜", "Ana Bell - 朝"),
        ("Ana Bell - !", "Ana Bell - #"),
        # one cut of the row must not become another
        ("Ana - Bell Low Tide", "Ana Bell - Low Tide"),
    ],
)
def test_different_songs_never_share_a_key(a, b):
    assert recording_key(read(a)) != recording_key(read(b))
    assert work_key(read(a)) != work_key(read(b))


def test_keys_can_be_read_by_people():
    track = read("The Bells & DJ Ana feat. Cy - Moon (Pt. II) (Bo VIP Mix) [Cellar]")
    assert recording_key(track) == "ana&bells|moonpart2|bo+vip"
    assert work_key(track) == "ana&bells|moonpart2"


def test_everybody_in_a_track_is_named_once():
    track = read("Ana & Bo feat. Cy - Low Tide (Bo & Di Remix)")
    assert track_artists(track) == ("ana", "bo", "cy", "di")


def test_alias_groups_of_real_lists_meet_on_a_key(shared):
    groups = json.loads((shared / "aliases" / "alias_groups.json").read_text("utf-8"))
    apart = []
    for group in groups:
        tracks = [read(title) for title in group["titles"]]
        if len({work_key(track) for track in tracks}) > 1:
            apart.append(list(group["titles"]))
    # The one left lost the number of its artist's name, and numbers are names.
    assert len(apart) <= 1, apart
    works = {work_key(read(title)) for group in groups for title in group["titles"]}
    assert len(works) == len(groups) + len(apart), "two groups fell on one key"
