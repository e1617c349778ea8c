"""The 26 hand-picked pages and the 1,400 Essential Mix pages, read as a person reads them.

Every expectation was written down from the page itself, not from what the reader gave.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from data.records import Play, SetAside, Tracklist
from scrapers.mixesdb import PagesJson, WikitextFile


@dataclass(frozen=True)
class Row:
    """What one row must say; cue in seconds, or as its two ends where digits are unknown."""

    position: int
    artist: str
    title: str
    version: str = ""
    label: str = ""
    number: str = ""
    cue: int | tuple[int, int] | None = None
    joined: bool = False


@dataclass(frozen=True)
class Page:
    """What one page must give: counts of identified, unknown and gap rows, and some rows."""

    name: str
    counts: tuple[int, int, int]
    rows: tuple[Row, ...]
    date: str
    djs: tuple[str, ...]
    venue: str = ""
    styles: tuple[str, ...] = ()
    complete: bool = True
    chapters: dict[str, int] = field(default_factory=dict)
    joined: int = 0
    gaps_at: tuple[int, ...] = ()
    unknown_at: tuple[int, ...] = ()


PAGES = (
    Page(
        "chapters_mixed_list_and_hash",
        (22, 6, 2),
        (
            Row(1, "The Todd Terry Project", "Back To The Beat", label="Sleeping Bag", cue=0),
            Row(2, "De'Effect", "Come On", "Dub", cue=300),
            Row(4, "INC S.", "If It's Good To You", label="In House"),
            Row(10, "Todd Terry", "Groove EP", "Tee's Groove Mix", "InHouse", "INHR 280", 3120),
            Row(15, "Todd Terry", "My Style", label="InHouse", number="INHR 020", cue=0),
            Row(19, "Dillinja", "Hard Noize", label="Valve", number="VLV 03 CD", cue=1020),
        ),
        "1999-04-18",
        ("Todd Terry",),
        styles=("House", "Drum & Bass"),
        complete=False,
        chapters={"House Set": 14, "Drum & Bass Set": 16},
        gaps_at=(18, 30),
        unknown_at=(17, 20, 22, 24, 26, 28),
    ),
    Page(
        "chapters_two_djs",
        (35, 0, 0),
        (
            Row(4, "The Police", "Voices Inside My Head", label="A&M"),
            Row(8, "Majik Village", "Hot"),
            Row(22, "Smooth Touch", "Come On Take A Trip", label="Strictly Rythmn"),
            Row(32, "Mory Kante", "Yeke Yeke", "Hardfloor Dub", "Going Global"),
        ),
        "1995-03-26",
        ("Pete Tong", "Paul Bleasdale"),
        styles=("Trance",),
        chapters={"Pete Tong": 21, "Paul Bleasdale": 14},
    ),
    Page(
        "cue_h_mm_ss_0",
        (66, 1, 0),
        (
            Row(1, "JPEGMAFIA", "Baby I'm Bleeding", cue=73),
            Row(5, "EPROM", "Oksana", "Ivy Lab Remix", cue=491),
            Row(10, "Ivy Lab", "A & E", cue=1050),
            Row(28, "HØST", "Qu-Wozzy Moe Doh", cue=2789),
            Row(37, "Ivy Lab", "Spooky Dub", "VIP", cue=3872),
            Row(65, "Deadcrow", "#VERYRARE", cue=6850),
        ),
        "2018-05-05",
        ("Ivy Lab",),
        styles=("Hip Hop", "Bassline"),
        unknown_at=(18,),
    ),
    Page(
        "cue_h_mm_ss_1",
        (20, 0, 0),
        (
            Row(1, "Lake People", "Distance", label="Permanent Vacation", cue=91),
            Row(6, "Locked Groove", "Eleven", cue=1806),
            Row(12, "Slam", "Convolute", "Etapp Kyle Gamma Mix", "Soma", cue=3895),
            Row(15, "Joey Anderson", "1974", label="Dekmantel", cue=4900),
        ),
        "2015-01-24",
        ("Tale Of Us",),
        styles=("House",),
    ),
    Page(
        "cue_mmm_ss_0",
        (33, 2, 0),
        (
            Row(2, "Aleksi Perälä", "NLL561606938", "", "Clone Basement Series", "CBS024LP", 90),
            Row(6, "2 Pisceans", "Didn't Take Long", "", "INTERGRADED", "INTGRD004", 1050),
            Row(26, "Rian Treanor", "Good News", "", "The Death Of Rave", "RAVEDIT", 5265),
            Row(35, "The Jaffa Kid", "Do The Job", "", "La Beauté Du Négatif", "LNEG009", 6980),
        ),
        "2018-12-08",
        ("Shanti Celeste",),
        styles=("Tech House", "Electro"),
        complete=False,
        unknown_at=(1, 4),
    ),
    Page(
        "cue_mmm_ss_1",
        (60, 7, 0),
        (
            Row(6, "Raumakustik", "Panther", "Format:B Remix", "Formatik", cue=981),
            Row(8, "Jerome Hill", "It's Time For The...", label="Super Rhythm Trax", cue=1504),
            Row(17, "Rebound X", "Rhythm & Gash Pt.1", label="Land Of X", cue=3640),
            Row(20, "Jamie xx + Four Tet Feat. Romy", "SeeSaw", "Club Version", "Needwant", "",
                4397),
            Row(35, "Florian Kupfer", "This Society", label="L.I.E.S.", cue=7953),
            Row(67, "Julio Bashmore", "She Ain't", label="Broadwalk", cue=14209),
        ),
        "2016-06",
        ("Julio Bashmore", "Annie Mac", "Four Tet", "Kowton"),
        "Glastonbury",
        styles=("House",),
        complete=False,
        chapters={"Annie Mac": 16, "Four Tet": 14, "Kowton": 19, "Julio Bashmore": 18},
        unknown_at=(1, 32, 36, 45, 50, 54, 55),
    ),
    Page(
        "cues_min3_with_unknown_digits",
        (36, 4, 0),
        (
            Row(3, "Kobosil", "Asle", label="MDR", cue=(0, 540)),
            Row(7, "DJ Assault", "U Can't See Me", label="Electrofunk", cue=(600, 1140)),
            Row(8, "Orlando Voorn", "In Da Jungle", "Chocolate Puma Mix", "Big & Dirty", "",
                (600, 1140)),
            Row(13, "Setaoc Mass", "Man Ray", label="Work Them", cue=(0, 5940)),
            Row(16, "KT-19941", "Face Your Fate", label="Puzzlebox", cue=(0, 5940)),
            Row(28, "Jonas Kopp", "Telergia", "", "Indigo Aera", "AERA 007.3", 4920),
            Row(40, "Extrawelt", "Zu Fuss", "Mutter Mix", "Border Community"),
        ),
        "2018-02-17",
        ("Len Faki",),
        styles=("Techno",),
        unknown_at=(1, 5, 23, 36),
    ),
    Page(
        "file_details_table_0",
        (36, 0, 0),
        (
            Row(1, "Daft Punk", "Essential Info", label="Daft Trax"),
            Row(3, "Armand Van Helden", "The Funk Phenomena", "JOHNICkennydopeMastermix",
                "Henry Street"),
            Row(13, "Thomas Bangalter", "Spinal Beats + Spinal Scratch", label="Roule"),
            Row(18, "I:Cube", "Disco Cubizm", "Daft Punk Mix", "Versatile"),
            Row(28, "Gusto", "Disco's Revenge", label="Bumble Beats"),
            Row(35, "Daft Punk", "Around The World", "Motorbass Miami Mix"),
        ),
        "1997-03-02",
        ("Daft Punk",),
        styles=("House",),
    ),
    Page(
        "file_details_table_1",
        (56, 16, 7),
        (
            Row(2, "Adrian Hour, Miguel Aguero", "Hear What They Hear", cue=180),
            Row(4, "Noir & Olivier Giacomotto", "Reste", "Raxon Remix", "Tronic", "TR 212", 840),
            Row(32, "Alan Fitzpatrick", "Turn Down The Lights", "", "Drumcode", "DC 134", 360),
            Row(40, "Pig&Dan", "Growler", "", "Diynamic", "DIYFTTF 06", 1800),
            Row(53, "Adrian Hour, Miguel Aguero", "Hear What They Hear", cue=(0, 5940)),
            Row(79, "Len Faki", "Wide Open", cue=6900),
        ),
        "2016-08-02",
        ("Carl Cox",),
        "The Revolution - The Final Chapter, Space, Ibiza",
        styles=("Tech House",),
        complete=False,
        chapters={"b@TV Set 1": 29, "b@TV Set 2": 22, "Essential Mix, 2016-08-05": 28},
        gaps_at=(16, 25, 31, 46, 49, 66, 76),
        unknown_at=(1, 5, 10, 19, 30, 33, 35, 37, 39, 48, 52, 56, 61, 65, 69, 70),
    ),
    Page(
        "html_comment_mirrors",
        (30, 0, 0),
        (
            Row(1, "Femme En Fourrure & South London Ordnance", "Stretching Skin", cue=0),
            Row(15, "Scuba", "Family Entertainment", "Ø [Phase] Remix", "Hotflush", cue=(0, 5940)),
            Row(17, "Atom™", "Riding The Void", label="Raster-Noton", cue=3960),
            Row(26, "Scuba", "Transcience", "Tuff City Kids Remix", "Hotflush", "", (6000, 11940)),
        ),
        "2015-05-09",
        ("Scuba",),
        styles=("House", "Tech House"),
    ),
    Page(
        "incomplete_question_marks",
        (34, 4, 0),
        (
            Row(1, "Visnadi", "The Good Place", label="UMM"),
            Row(3, "Prototype 909", "Dharma"),
            Row(10, "H & M", "Sleep Chamber", label="Axis"),
            Row(38, "2 Degrees Of Separation", "Brickhouse EP", label="Music Station"),
        ),
        "1995-02-19",
        ("Evil Eddie Richards",),
        styles=("Tech House",),
        complete=False,
        unknown_at=(4, 14, 22, 25),
    ),
    Page(
        "label_inside_title",
        (27, 1, 0),
        (
            Row(1, "Acapella Anon #1", "Don't Make Me Wait", label="DJ Essentials Inc", cue=0),
            Row(3, "Kruze", "Please Be Kind (To This Heart Of Mine)", "Base Twelve Mix",
                "Boo Records Inc", "", 300),
            Row(4, "3 Fierce Divaz", "Sweet Love", cue=(0, 5940)),
            Row(12, "Dayeene", "And It Hurts", "Olav Basoski Remix", "Pukka", cue=2820),
            Row(14, "Mutiny UK Feat. D Empress", "Secrets", "Original D Empress Version",
                "Sunflower", "SUNI 018", 3420),
            Row(24, "Ralph Rosaro Feat. Xavier Gold", "You Used To Hold Me", "Acapella",
                "Hotmix 5"),
        ),
        "1999-11-21",
        ("Norman Jay",),
        styles=("House",),
        unknown_at=(20,),
    ),
    Page(
        "layered_plus_in_one_line",
        (23, 1, 0),
        (
            Row(2, "The Limit", "Get Stoned", label="Emotif"),
            Row(3, "Q Project", "Champion Sound", "Doc Scott Remix", "Legend", joined=True),
            Row(4, "Doc Scott", "Machines", label="Emotif"),
            Row(13, "Doc Scott", "Drumz '95", label="Metalheadz"),
            Row(17, "Photek", "The Rain", "Remix", "Razor's Edge"),
        ),
        "1996-04-28",
        ("Goldie",),
        styles=("Drum & Bass",),
        complete=False,
        joined=2,
        unknown_at=(14,),
    ),
    Page(
        "list_tag_gaps_unknown",
        (7, 2, 3),
        (
            Row(1, "Joy Orbison & Boddika", "Dun Dun", cue=0),
            Row(2, "Head High", "Keep On Talking", "Dirt Mix", "Power House", "PH 404", 240),
            Row(5, "tINI", "Hat Baxx", cue=900),
            Row(10, "Jerome.c", "Unlimited", cue=2640),
            Row(12, "Boo Williams", "Evil Ways", "", "Another Day", "0001 AD", 3300),
        ),
        "2013-07-24",
        ("tINI",),
        "Paradise, DC10, Ibiza",
        styles=("Minimal", "House"),
        complete=False,
        gaps_at=(4, 6, 11),
        unknown_at=(3, 9),
    ),
    Page(
        "multi_set_with_external_sources",
        (69, 2, 0),
        (
            Row(1, "Afrojack", "Bangduck", "Afrojack Intro Version", cue=0),
            Row(3, "Afrojack Feat. Eva Simons", "Take Over Control", "Acappella", joined=True),
            Row(27, "Sidney Samson", "Riverside", joined=True),
            Row(46, "Delerium Feat. Sarah Mclachlan", "Silence", "W&W vs Jonas Stenberg Remix",
                cue=3180),
            Row(47, "Sander van Doorn", "Koko", cue=0),
            Row(49, "Marcus Schössow", "Acid, Festival, Champagne, Bitches", cue=300),
            Row(71, "Sander van Doorn", "Track 12", cue=5220),
        ),
        "2011-10",
        ("Ferry Corsten", "Afrojack", "Sidney Samson", "R3hab", "Sander van Doorn"),
        "ADE",
        styles=("Progressive House", "Trance"),
        complete=False,
        chapters={
            "2011-10-22 - Afrojack @ Kings of Ace, The Sand, ADE": 15,
            "2011-10-22 - R3hab @ Kings of Ace, The Sand, ADE": 8,
            "2011-10-22 - Sidney Samson @ Kings of Ace, The Sand, ADE": 12,
            "2011-10-19 - Ferry Corsten @ Opening, Escape, ADE": 11,
            "Sander van Doorn": 18,
            "2011-10-19 - Sander van Doorn B2b Ferry Corsten @ Escape, ADE": 7,
        },
        joined=7,
        unknown_at=(26, 65),
    ),
    Page(
        "no_artist_separator",
        (18, 3, 0),
        (
            Row(2, "DJ Sense", "Hypnotic House Heroes", "Ty Tek's Hypnotic Remix",
                "Casa Del Soul", "", 360),
            Row(7, "Los Vangadores", "The Music", "", "Whoop!", "WH 074", 2220),
            Row(13, "Chus, Ceballos & Tedd Paterson", "In Stereo", label="Stereo Productions",
                cue=4560),
            Row(17, "Cold Fusion Feat. Joe Cortes", "In The Jungle Part 1", label="Royal Drums",
                cue=(0, 5940)),
        ),
        "2004-01-18",
        ("Aldrin",),
        styles=("House",),
        complete=False,
        unknown_at=(8, 20, 21),
    ),
    Page(
        "plain_numbered_complete",
        (31, 1, 0),
        (
            Row(1, "Shed", "Stp2", label="Ostgut Ton"),
            Row(8, "2000 and One", "Peking Dub", label="Intacto"),
            Row(11, "Jungle Brothers", "I'll House You", "Paul Woolford Re-Edit"),
            Row(14, "Mutiny", "Virus", "Mutiny Jazz-Techno Remix"),
            Row(31, "Model 500", "Ofi", label="R&S"),
        ),
        "2010-09-25",
        ("Paul Woolford",),
        styles=("House", "Tech House"),
        unknown_at=(20,),
    ),
    Page(
        "plus_continuation_lines_0",
        (61, 0, 0),
        (
            Row(6, "Friction & K-Tee", "Overtime"),
            Row(7, "Jonny L", "Back To Your Roots Acapella", joined=True),
            Row(20, "Ed Rush & Optical", "Medicine", "Matrix Remix", joined=True),
            Row(30, "Chase & Status Feat. Jenna G", "In Love"),
            Row(61, "Mampi Swift", "Zion", "S.M.O.K.E. Remix"),
        ),
        "2006-04-16",
        ("Friction",),
        styles=("Drum & Bass",),
        joined=10,
    ),
    Page(
        "plus_continuation_lines_1",
        (48, 0, 0),
        (
            Row(11, "Tiefschwarz", "Ghosttrack", label="Four / Fine"),
            Row(12, "Polekat", "Dancing Queen", "Acapella", "Renaissance", joined=True),
            Row(13, "Dub Pistols", "Soul Shaking", "DJ Touché Mix", "Distinctive"),
            Row(36, "ZZ Top", "Sharp Dressed Man", "DJ Touché Re-Edit", "WB"),
            Row(45, "Swayzak", "I Dance Alone", "Conneticut Ron's Mix", "!K7"),
        ),
        "2004-02-01",
        ("DJ Touche",),
        styles=("Hip Hop", "Various"),
        joined=5,
    ),
    Page(
        "unicode_0",
        (52, 5, 0),
        (
            Row(7, "Yahel", "Butterfly", "Remix"),
            Row(14, "Tiësto", "Traffic"),
            Row(22, "Poloroid", "So Damn Beautiful", label="Decode"),
            Row(25, "Harry Diamond + The Lost Boys", "I Need You Now"),
            Row(29, "Freeloader", "Pure Devotion"),
            Row(35, "G + VCT", "Optimised EP", label="La Romeo Already"),
            Row(57, "Igor S", "Boomerang", "Igor S Remix", "ID&T"),
        ),
        "2003-08-10",
        ("Paul Oakenfold", "Tiësto", "Judge Jules", "Fergie", "Eddie Halliwell"),
        "Club Eden & Amnesia, Ibiza",
        styles=("Progressive", "Trance"),
        complete=False,
        chapters={
            "Paul Oakenfold": 11, "Tiësto": 10, "Judge Jules": 11, "Fergie": 14,
            "Eddie Halliwell": 11,
        },
        unknown_at=(23, 30, 31, 45, 48),
    ),
    Page(
        "unicode_1",
        (36, 1, 0),
        (
            Row(2, "Four Tet", "Lush", "", "Text", "046D", 120),
            Row(7, "Ursula K. Le Guin & Todd Barton", "Heron Dance", label="RVNG", cue=(1200,
                1740)),
            Row(9, "Tuff Jam", "Key Beats", label="I!", cue=1620),
            Row(29, "Emmanuel Top", "Radio", "", "Attack", "ATT-V-95 002", 5160),
            Row(36, "Four Tet", "Planet", "Kaitlyn Aurelia Smith Remix", "Text", "", (6000, 11940)),
            Row(37, "Visible Cloaks", "Wheel", "", "RVNG Int'l", "RVNGNL 044LP", 6960),
        ),
        "2018-03-17",
        ("Four Tet",),
        styles=("Tech House", "Various"),
        unknown_at=(1,),
    ),
    Page(
        "va_multi_set_event",
        (161, 3, 0),
        (
            Row(1, "DJ Funk", "Run", label="Pro-Jex"),
            Row(6, "Emerson, Lake & Palmer", "Fanfare For The Common Man",
                label="Castle Communications"),
            Row(9, "Circulation", "Limited #4", label="Circulation"),
            Row(29, "Mind Trap Inc.", "Much Betta Man"),
            Row(31, "The Collaboration", "Do It Properly", "Victor & Peter NY Club Mix", "Cr2",
                "ITC2LD 006", 600),
            Row(42, "Romain & Danny Krivit", "Philly Groove", label="Vision", cue=3960),
            Row(58, "Des Mitchell", "(Welcome) To The Dance", "Airscape Remix", "Code Blue"),
            Row(86, "Armand Van Helden Feat. Duane Harden", "U Don't Know Me", label="FFRR",
                joined=True),
            Row(111, "The Clergy", "Saints & Sinners", "Saints Mix", "M-->Bargo"),
            Row(136, "B.T. Feat. Vincent Covello", "Loving You More",
                "B.T.'s Garden Of Ima Dub Mix", "Perfecto", "", 591),
            Row(145, "Olive", "You're Not Alone", "Oakenfold & Osborne Remix", cue=4325),
            Row(155, "Carl Cox", "Phuture 2000", "Hybrid Remix", "Moonshine Music"),
        ),
        "1999-12-31",
        (
            "Carl Cox", "Sasha", "Danny Rampling", "Colin Hamilton", "Dave Pearce", "Pete Tong",
            "Fatboy Slim", "Judge Jules", "Junior Vasquez", "Paul Oakenfold",
        ),
        "The Essential Millennium",
        styles=("Progressive", "Progressive House", "Trance"),
        complete=False,
        chapters={
            "1999-12-31 - Carl Cox @ Bondi Beach, Sydney": 20,
            "Sasha, Gatecrasher, UK, 1999-12-31": 9,
            "Danny Rampling, South Africa, 1999-12-31": 15,
            "Colin Hamilton, Kelly's, Port Rush, Northern Ireland, 1999-12-31": 11,
            "Dave Pearce, Glasgow, Scotland, 1999-12-31 / 2000-01-01": 14,
            "Pete Tong, Cream, Liverpool, 2000-01-01": 13,
            "Fatboy Slim, Cream, Cardiff, Wales, UK, 2000-01-01": 23,
            "Judge Jules - Gatecrasher, London, UK, 2000-01-01": 16,
            "Junior Vasquez, Twilo, New York, USA": 13,
            "Paul Oakenfold, Home, London, UK, 2000-01-01": 11,
            "2000-01-01 - Carl Cox @ Phuture 2000, Kaka'ako Waterfront Park, Hawaii": 19,
        },
        joined=4,
        unknown_at=(5, 122, 134),
    ),
)  # fmt: skip

SET_ASIDE = {
    "fake_template_no_tracklist": "a fake of 2003-12-31 - VA @ Shine, Belfast (BBC Radio 1)",
    "repeat_template": "a repeat of 1995-01-08 - Tony De Vit - Essential Mix",
    "tracklist_none_0": "no tracklist on the page",
    "tracklist_none_1": "no tracklist on the page",
}


def _read(shared: Path, name: str) -> Tracklist | SetAside:
    (found,) = WikitextFile(shared / "mixesdb" / "pages" / f"{name}.wikitext").read()
    return found


def _row(play: Play) -> Row:
    track, cue = play.track, play.cue
    assert track is not None, play
    when: int | tuple[int, int] | None = None
    if cue is not None and cue.earliest is not None and cue.latest is not None:
        when = cue.earliest if cue.earliest == cue.latest else (cue.earliest, cue.latest)
    return Row(
        play.position, track.artist, track.title, track.version, track.label,
        track.catalogue_number, when, play.with_previous,
    )  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_hand_picked_page_reads_as_its_editors_meant_it(shared: Path, page: Page) -> None:
    found = _read(shared, page.name)
    assert isinstance(found, Tracklist)
    kinds = Counter(play.kind for play in found.plays)
    assert (kinds["identified"], kinds["unknown"], kinds["gap"]) == page.counts
    assert [play.position for play in found.plays] == list(range(1, sum(page.counts) + 1))
    assert dict(Counter(p.chapter for p in found.plays)) == (
        page.chapters or {"": sum(page.counts)}
    )
    assert sum(play.with_previous for play in found.plays) == page.joined
    assert tuple(p.position for p in found.plays if p.kind == "gap") == page.gaps_at
    assert tuple(p.position for p in found.plays if p.kind == "unknown") == page.unknown_at
    assert (found.date, found.djs, found.venue) == (page.date, page.djs, page.venue)
    assert (found.show, found.styles) == ("Essential Mix", page.styles)
    assert found.completeness == ("complete" if page.complete else "incomplete")
    assert tuple(_row(found.plays[row.position - 1]) for row in page.rows) == page.rows


@pytest.mark.parametrize("name", SET_ASIDE)
def test_a_hand_picked_page_without_a_list_is_set_aside(shared: Path, name: str) -> None:
    found = _read(shared, name)
    assert isinstance(found, SetAside)
    assert found.reason == SET_ASIDE[name]


def test_every_hand_picked_page_has_its_expectations(shared: Path) -> None:
    files = {path.stem for path in (shared / "mixesdb" / "pages").glob("*.wikitext")}
    assert files == {page.name for page in PAGES} | set(SET_ASIDE)


def test_the_collection_of_1400_pages_is_read_whole(shared: Path) -> None:
    found = list(PagesJson(shared / "mixesdb" / "essential_mix_pages.json.gz").read())
    lists = [item for item in found if isinstance(item, Tracklist)]
    aside = Counter(item.reason.split(" of ")[0] for item in found if isinstance(item, SetAside))
    assert len(lists) == 1340
    assert aside == {"a repeat": 48, "a fake": 6, "no tracklist on the page": 6}
    assert len({item.source_id for item in lists}) == len(lists)
    kinds = Counter(play.kind for item in lists for play in item.plays)
    assert kinds["identified"] >= 41_500
    assert kinds["gap"] >= 104
    # The researcher counted 44,014 rows without taking layered ones apart.
    assert 44_000 <= sum(kinds.values()) <= 44_300
