"""NoCopyrightSounds: about 1,700 released electronic songs with genres and moods.

The site's music search is read page by page and each song's MP3 fetched once, one polite
request at a time. It asks to be credited where a song is used; whether models may be
trained on the songs it does not say, so weights trained on them are for yourself.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from data.errors import SegueError
from data.records import LabelledAudio, SetAside
from data.settings import Settings
from scrapers.datasets.dataset import OnlineDataset, Progress
from scrapers.datasets.folder import INDEX, TAG_SEPARATOR, Folder
from scrapers.http import PoliteSession

LICENCE = "NoCopyrightSounds: credit required; says nothing of training"
MOST_PAGES = 1000  # of 20 songs, where the site had 86 pages in 2026
MOST_FAILING = 5  # songs in a row; then it is not the songs
_TRACK_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Song:
    """A row of the music search, with the columns of the folder's index."""

    source_id: str
    file: str
    artist: str
    title: str
    genre: str
    tags: str
    url: str
    licence: str = LICENCE


class Ncs(OnlineDataset):
    """Songs of ncs.io in a folder with an ``index.csv``.

    Parameters
    ----------
    folder : Path
        Where the index and the songs are kept.
    """

    name: ClassVar[str] = "ncs"

    def read(self) -> Iterator[LabelledAudio | SetAside]:
        """See `Dataset.read`."""
        if not (self.folder / INDEX).is_file():
            raise SegueError(
                f"{self.folder} holds no NoCopyrightSounds songs yet: fetch them first."
            )
        return Folder(self.folder).read()

    def fetch(
        self, session: PoliteSession, settings: Settings, *, progress: Progress | None = None
    ) -> list[SetAside]:
        """See `OnlineDataset.fetch`.

        The list of songs is read from the newest on until a page brings none that is not
        known; a first reading that broke off goes on at its page.
        """
        (self.folder / "audio").mkdir(parents=True, exist_ok=True)
        songs = self._listed(session, settings.ncs_url, progress)
        failed: list[SetAside] = []
        in_a_row = 0
        for done, song in enumerate(songs.values(), 1):
            target = self.folder / song.file
            try:
                if not target.is_file():
                    session.download(song.url, target)
                in_a_row = 0
            except SegueError as error:
                # The store of the songs answers 403, too, for a song that is gone.
                in_a_row += 1
                if in_a_row == MOST_FAILING:
                    raise
                failed.append(SetAside(f"{song.artist} - {song.title}", str(error)))
            if progress:
                progress("songs", done, len(songs))
        return failed

    def _listed(
        self, session: PoliteSession, url: str, progress: Progress | None
    ) -> dict[str, Song]:
        known = self._known()
        state = self.folder / "listing.json"
        unfinished = json.loads(state.read_text())["next_page"] if state.exists() else None
        # A finished list is read again from the newest songs to the first known page. Where
        # reading broke off, songs that came out since have moved known ones to later pages.
        first, seen = (unfinished, set()) if unfinished else (1, set(known))
        for page in range(first, first + MOST_PAGES):
            if progress:
                progress("pages of the music search", page - 1, 0)
            query = {"q": "", "genre": "", "mood": "", "version": "regular", "page": str(page)}
            found = {song.source_id: song for song in songs_of(session.get_page(url, query))}
            if found.keys() <= seen:
                break
            seen |= found.keys()
            known |= found
            self._keep(known)
            _write(state, json.dumps({"next_page": page + 1}))
        if not known:
            raise SegueError(
                f"{url} shows no songs in a form that Segue knows: the site may have changed. "
                "Look for a newer version of Segue."
            )
        _write(state, json.dumps({"next_page": None}))
        return known

    def _known(self) -> dict[str, Song]:
        index = self.folder / INDEX
        if not index.is_file():
            return {}
        names = [field.name for field in fields(Song)]
        with index.open(encoding="utf-8", newline="") as table:
            songs = [Song(**{name: row[name] for name in names}) for row in csv.DictReader(table)]
        return {song.source_id: song for song in songs}

    def _keep(self, songs: dict[str, Song]) -> None:
        index = self.folder / INDEX
        part = index.with_suffix(".part")
        with part.open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(table, [field.name for field in fields(Song)])
            writer.writeheader()
            writer.writerows(asdict(song) for song in songs.values())
        os.replace(part, index)


def songs_of(page: str) -> list[Song]:
    """Read the songs of a page of the music search; rows without a file are left out."""
    rows = LexborHTMLParser(page).css("table.tablesorter tbody tr")
    return [song for row in rows if (song := _song(row)) is not None]


def _song(row: LexborNode) -> Song | None:
    player = row.css_first("a.player-play")
    if player is None:
        return None
    said = player.attributes
    track, url = said.get("data-tid") or "", said.get("data-url") or ""
    # The id becomes a file name.
    if not _TRACK_ID.fullmatch(track) or not url.startswith(("http://", "https://")):
        return None
    tags = dict.fromkeys(tag.text(strip=True) for tag in row.css("td a.tag"))
    return Song(
        source_id=track,
        file=f"audio/{track}.mp3",
        artist=" ".join((said.get("data-artistraw") or "").split()),
        title=" ".join((said.get("data-track") or "").split()),
        genre=(said.get("data-genre") or "").strip(),
        tags=TAG_SEPARATOR.join(tag.replace(TAG_SEPARATOR, ",") for tag in tags if tag),
        url=url,
    )


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
