"""What every source of tracklists keeps, whatever its format.

A new source adds one line to `EXAMPLES`: its class, a file name, and a small example of its
format with invented names in which `rows` rows stand.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import SetAside, Track, Tracklist
from scrapers.boilerroom import BoilerRoom
from scrapers.csv_sets import CsvSets
from scrapers.djmix import DjMix
from scrapers.files import open_file
from scrapers.mixesdb.pages import ExportXml, PagesJson, WikitextFile
from scrapers.source import Source
from scrapers.text import TextFile
from scrapers.tracklists1001 import Tracklists1001

WIKITEXT = """== Tracklist ==

# [00] Ann Arbour - First Light (Night Mix) [Kiln - KLN 001]
# + Bob Basalt - Undertow
# ?
# Cid Cedar - Slow Door

[[Category:2019]] [[Category:Ann Arbour]] [[Category:Techno]]
"""

EXPORT = f"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><page>
<title>2019-05-04 - Ann Arbour - Kiln Radio</title><ns>0</ns>
<revision><text>{WIKITEXT}</text></revision></page></mediawiki>"""

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ann Arbour @ Old Mill</title>
<link rel="canonical" href="https://www.1001tracklists.com/tracklist/1abc2de/x.html"></head><body>
<div id="tlTab" itemscope itemtype="http://schema.org/MusicPlaylist" data-id="1abc2de">
<meta itemprop="name" content="Ann Arbour @ Old Mill 2019-05-04">
<div class="tlpItem" data-isided="true"><span id="tlp0_tracknumber_value">01</span>
<div itemprop="tracks"><meta itemprop="name" content="Bob Basalt - Undertow">
<span class="trackValue">Bob Basalt - Undertow</span></div></div>
<div class="tlpItem"><span id="tlp1_tracknumber_value">w/</span>
<div><span class="trackValue">ID - ID</span></div></div>
</div></body></html>"""

MIXES = [
    {
        "id": "mix0001",
        "title": "2019-05-04 - Ann Arbour @ Old Mill, Leeds",
        "tracklist": [
            {"id": "AAAAAAAAAAA", "title": "[000] Bob Basalt - Undertow"},
            {"id": None, "title": "+ Cid Cedar - Slow Door [Kiln]"},
            {"id": None, "title": "Intro"},
        ],
    },
    {"id": "mix0002", "title": "broken", "tracklist": []},
]

CSV = """set_id,date,dj,set_title,position,artist,title,label
1,2019-05-04,Ann Arbour,Old Mill,1,Bob Basalt,Undertow,Kiln
1,2019-05-04,Ann Arbour,Old Mill,2,,?,
,,,,3,Cid Cedar,Slow Door,
2,2019-05-05,Bob Basalt,Old Mill,1,Cid Cedar,Slow Door (Night Mix),
"""

NIGHTS = """TrackName,Artist,Genre,Number,DJ,Date
Bob Basalt - Undertow,Bob Basalt (UK),Techno,1.0,Ann Arbour,2019-05-04
Cid Cedar - ID,Cid Cedar,,2.0,Ann Arbour,2019-05-04
Cid Cedar - Slow Door,Cid Cedar,,second,Ann Arbour,2019-05-04
"""

TEXT = """Ann Arbour @ Old Mill, 2019-05-04

01. [00:00] Bob Basalt – Undertow [Kiln]
02. [04:10] ID - ID
w/ Cid Cedar - Slow Door
"""


@dataclass(frozen=True)
class Example:
    """A file of one format; `rows` counts everything in it that must come out again."""

    opens: Callable[[Path], Source]
    file: str
    content: str
    rows: int


EXAMPLES = [
    Example(WikitextFile, "2019-05-04 - Ann Arbour - Kiln Radio.wikitext", WIKITEXT, 4),
    Example(
        PagesJson,
        "pages.json",
        json.dumps({"/w/2019-05-04_-_Ann_Arbour_-_Kiln": {"date": "", "tracklist": WIKITEXT}}),
        4,
    ),
    Example(ExportXml, "export.xml", EXPORT, 4),
    Example(Tracklists1001, "page.html", PAGE, 2),
    Example(DjMix, "mixes.json", json.dumps(MIXES), 4),
    Example(CsvSets, "sets.csv", CSV, 4),
    Example(BoilerRoom, "nights.csv", NIGHTS, 3),
    Example(TextFile, "pasted.txt", TEXT, 3),
]


@pytest.fixture(params=EXAMPLES, ids=lambda example: example.opens.__name__)
def example(request: pytest.FixtureRequest) -> Example:
    return request.param


@pytest.fixture
def path(example: Example, tmp_path: Path) -> Path:
    file = tmp_path / example.file
    file.write_text(example.content, encoding="utf-8")
    return file


def test_it_is_recognised_by_content_whatever_the_file_is_called(
    example: Example, path: Path, tmp_path: Path
) -> None:
    nameless = tmp_path / "download"
    nameless.write_bytes(gzip.compress(path.read_bytes()))
    assert type(open_file(path)) is example.opens
    assert type(open_file(nameless)) is example.opens


def test_it_yields_nothing_but_sets_and_what_it_set_aside(example: Example, path: Path) -> None:
    records = list(example.opens(path).read())
    assert records
    assert {type(record) for record in records} <= {Tracklist, SetAside}


def test_it_names_each_set_once(example: Example, path: Path) -> None:
    source = example.opens(path)
    sets = [record for record in source.read() if isinstance(record, Tracklist)]
    assert all(t.source == source.name and t.source_id and t.title for t in sets)
    assert len({t.source_id for t in sets}) == len(sets)


def test_plays_stand_at_positions_one_to_n(example: Example, path: Path) -> None:
    for record in example.opens(path).read():
        if isinstance(record, Tracklist):
            assert [p.position for p in record.plays] == list(range(1, len(record.plays) + 1))
            assert not record.plays[0].with_previous


def test_a_play_has_a_track_or_a_reason(example: Example, path: Path) -> None:
    for record in example.opens(path).read():
        for play in record.plays if isinstance(record, Tracklist) else ():
            assert isinstance(play.track, Track) == (play.kind == "identified")
            assert bool(play.reason) == (play.kind == "unknown")


def test_what_is_set_aside_says_where_and_why(example: Example, path: Path) -> None:
    for record in example.opens(path).read():
        if isinstance(record, SetAside):
            assert record.where and record.reason


def test_every_row_comes_out_as_a_play_or_set_aside(example: Example, path: Path) -> None:
    records = list(example.opens(path).read())
    out = sum(len(r.plays) if isinstance(r, Tracklist) else 1 for r in records)
    assert out == example.rows


def test_reading_twice_gives_equal_records(example: Example, path: Path) -> None:
    source = example.opens(path)
    assert list(source.read()) == list(source.read())


@pytest.mark.parametrize("share", [0.0, 0.1, 0.37, 0.5, 0.83, 0.99])
def test_a_truncated_file_raises_nothing_but_a_segue_error(
    example: Example, path: Path, share: float
) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    _read_or_refuse(lambda: open_file(path))
    _read_or_refuse(lambda: example.opens(path))


@pytest.mark.parametrize("seed", range(8))
def test_garbage_raises_nothing_but_a_segue_error(example: Example, path: Path, seed: int) -> None:
    dice = random.Random(seed)
    content = bytearray(path.read_bytes())
    if seed % 2:
        content = bytearray(dice.randbytes(2000))
    for _ in range(30):
        content[dice.randrange(len(content))] = dice.randrange(256)
    path.write_bytes(content)
    _read_or_refuse(lambda: open_file(path))
    _read_or_refuse(lambda: example.opens(path))


def _read_or_refuse(opens: Callable[[], Source]) -> None:
    try:
        records = list(opens().read())
    except SegueError as error:
        assert "\n" not in str(error)
    else:
        assert {type(record) for record in records} <= {Tracklist, SetAside}
