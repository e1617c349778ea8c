"""An invented wiki of DJ sets in the shapes that MixesDB's pages have."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cached_property

CATEGORY = "Night Signal"
"""The category that all invented pages are in."""

SYLLABLES = ("ba", "do", "ka", "lu", "mi", "no", "ra", "té", "vo", "zan", "quel", "bri", "øst")
STYLES = ("House", "Techno", "Drum & Bass", "Electro")
LABELS = ("Harbour Lights", "Ninth Floor", "Saltwater", "Kiln", "White")


@dataclass(frozen=True)
class Page:
    """One page of the wiki; categories and sort keys are read from its text."""

    pageid: int
    title: str
    wikitext: str
    ns: int = 0

    @cached_property
    def sort_keys(self) -> dict[str, str]:
        found = re.findall(r"\[\[Category:([^\]|]+)(?:\|([^\]]*))?\]\]", self.wikitext)
        # MediaWiki puts the title behind a sort key of the page's own.
        return {name: f"{key}\n{self.title}" if key else self.title for name, key in found}


def invented_pages(number: int = 60, seed: int = 7) -> list[Page]:
    """Make a wiki of `number` set pages, a picture for each, and a redirect.

    The pages take turns through the shapes that MixesDB has: numbered lists with
    and without cues, lists with gaps, chapters, tracks played together, pages
    without a list, repeats; titles with partial dates and odd characters.
    """
    rng = random.Random(seed)
    tracks = [_track(rng) for _ in range(number * 6)]
    pages: list[Page] = []
    for index in range(number):
        date = f"{1995 + index % 25}-{1 + index % 12:02}-{1 + index % 28:02}"
        title = _title(rng, index, date)
        text = f"{_body(rng, index, tracks)}\n{_categories(rng, index, date, title)}"
        # Page ids are in the order of saving, which is not the order of dates.
        pages.append(Page(1000 + (index * 37) % 9973, title, text))
        picture = f"[[Category:{CATEGORY}]]"
        pages.append(Page(20000 + index, f"File:{title}.jpg", picture, ns=6))
    moved = f"#REDIRECT [[{pages[0].title}]]\n[[Category:{CATEGORY}]]"
    return [*pages, Page(30000, "2001-01-01 - Moved - Night Signal", moved)]


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 3))).capitalize()


def _track(rng: random.Random) -> str:
    artist = _word(rng) + (f" & {_word(rng)}" if rng.random() < 0.2 else "")
    version = f" ({_word(rng)} Remix)" if rng.random() < 0.3 else ""
    label = f" [{rng.choice(LABELS)} - {rng.randint(1, 99):03}]" if rng.random() < 0.6 else ""
    return f"{artist} - {_word(rng)} {_word(rng)}{version}{label}"


def _title(rng: random.Random, index: int, date: str) -> str:
    dj = _word(rng)
    # The number keeps titles apart, as two sets of one DJ on one day would be.
    show = f"{CATEGORY} {index}"
    if index % 10 == 3:
        return f"{date[:3]}X - {dj} - {show}"
    if index % 10 == 6:
        return f"{date[:4]} - {dj}, {_word(rng)} - {show}"
    if index % 10 == 8:
        return f"{date} - {dj} @ Who's There? & Co., Østby ({show}, {date[:8]}28)"
    return f"{date} - {dj} - {show}"


def _categories(rng: random.Random, index: int, date: str, title: str) -> str:
    sort_key = {4: f"|{date[:8]}28", 7: f"|{_word(rng)}"}.get(index % 10, "")
    complete = ("complete", "incomplete", "none")[index % 3]
    names = [date[:4], f"{CATEGORY}{sort_key}", rng.choice(STYLES), f"Tracklist: {complete}"]
    return "\n".join(f"[[Category:{name}]]" for name in names)


def _body(rng: random.Random, index: int, tracks: list[str]) -> str:
    # Squares make some tracks common and most of them rare, as they really are.
    played = [tracks[int(len(tracks) * rng.random() ** 2)] for _ in range(rng.randint(5, 12))]
    head = "== File details ==\n\n{{StandardShow2h}}\n\n== Tracklist ==\n"
    if index % 10 == 1:
        rows = [f"[{place * 4:03}] {track}" for place, track in enumerate(played)]
        rows[2:2] = ["...", "[0??] ?"]
        return head + "\n<list>\n" + "\n".join(rows) + "\n</list>\n"
    if index % 10 == 2:
        return head + "\n<list>\n\n</list>\n"
    if index % 10 == 5:
        return "{{Repeat\n |Original  =1996-02-02 - Somebody - Night Signal 1\n}}\n"
    rows = [f"# {track}" for track in played]
    if index % 2:
        rows = [f"# [{place * 5:03}] {track}" for place, track in enumerate(played)]
    rows[3] = rows[3].replace("# ", "# + ", 1)
    rows.insert(2, "# ID - ID")
    if index % 10 == 9:
        rows.insert(4, f"\n;{_word(rng)}\n")
    return head + "\n" + "\n".join(rows) + "\n"
