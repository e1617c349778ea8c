"""The 26 hand-picked pages and the 1,400 Essential Mix pages, read as a person reads them.

Every expectation was written down from the page itself, not from what the reader gave.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from data.records import Play, SetAside, Tracklist
from scrapers.mixesdb import PagesJson, WikitextFile
from tests.scrapers.mixesdb.expectation import Page, Row
from tests.scrapers.mixesdb.expected_first_pages import FIRST_PAGES
from tests.scrapers.mixesdb.expected_other_pages import OTHER_PAGES

PAGES = (*FIRST_PAGES, *OTHER_PAGES)

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
