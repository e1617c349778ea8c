"""Adds the tracks of a large CSV at once: so many of each genre, heard by their previews.

The table is one of tracks with genres, such as data sets of streaming services come as. What the
catalogue has heard is passed over, so that each run adds others. The sample is kept while a run
lasts: one that was killed goes on with the same tracks.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from data.catalogue import Catalogue
from data.errors import SegueError
from data.identity import parse_outside_id, recording_key
from data.records import OutsideId, OutsideTrack, SetAside, Track
from hybrid.preview_listening import PreviewListener
from hybrid.previews import Previews
from hybrid.spotify.names import as_track
from scrapers import content, table

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and of how much; may raise to stop."""

PER_GENRE = 70
_MOST_PER_GENRE = 10_000
_REQUIRED = ("artists", "track_name")
_COLUMNS = (*_REQUIRED, "track_genre", "track_id")
_SOURCE = "csv"
_MOST_TOLD = 200
"""Rows of one file that are set aside one by one; of more, the rest is counted."""


@dataclass(frozen=True, slots=True)
class ManySummary:
    """What one run added.

    Parameters
    ----------
    rows, genres : int
        Rows that name a track, and genres among them.
    sampled : int
        Tracks that this run was about.
    heard : int
        Tracks that were heard, and are in the catalogue now.
    known, repeated, silent : int
        Rows passed over on the way: the catalogue had heard them, they stand there once more,
        or no service had a preview of them less than a day ago.
    none, failed : int
        Tracks that no service has a preview of, and whose preview could not be heard.
    resumed : bool
        Whether this run went on where one was broken off.
    """

    rows: int = 0
    genres: int = 0
    sampled: int = 0
    heard: int = 0
    known: int = 0
    repeated: int = 0
    silent: int = 0
    none: int = 0
    failed: int = 0
    resumed: bool = False


def add_tracks(
    catalogue: Catalogue,
    paths: Sequence[Path],
    listener: PreviewListener,
    previews: Previews,
    *,
    per_genre: int = PER_GENRE,
    seed: int = 0,
    progress: Progress = lambda step, done, total: None,
    set_aside: Callable[[Iterable[SetAside]], None] = lambda entries: None,
) -> ManySummary:
    """Hear so many tracks of each genre into the catalogue.

    Parameters
    ----------
    catalogue : Catalogue
    paths : sequence of Path
        CSV files with columns ``artists`` (with semicolons between them), ``track_name``,
        ``track_genre`` and ``track_id`` (Spotify's); the last two may be missing.
    listener : PreviewListener
        Ready to hear.
    previews : Previews
        Knows which tracks no service had lately.
    per_genre : int
        How many tracks of each genre; fewer where there are no more.
    seed : int
        The same seed takes the same tracks, as long as the catalogue is the same.
    progress : callable
    set_aside : callable
        Given what could not be taken in, and why.

    Raises
    ------
    SegueError
        If a file cannot be read or names no track, or services did not answer for too long.
        What was heard stays, and the next run goes on.
    """
    if not 1 <= per_genre <= _MOST_PER_GENRE:
        raise SegueError(f"Choose 1 to {_MOST_PER_GENRE:,} tracks of each genre.")
    progress("Reading the tracks", 0, 0)
    frame = pd.concat([_read(path, set_aside) for path in paths], ignore_index=True)
    name = _checkpoint_name(paths, per_genre, seed)
    kept = catalogue.checkpoint(name)
    if kept is None:
        progress("Choosing tracks", 0, 0)
        held = set(catalogue.snapshot(names=False).recording_keys)
        chosen, passed = _sample(
            frame.sample(frac=1, random_state=seed % 2**32),
            per_genre,
            # To ask for thousands of tracks one by one takes a while; most are not there at all.
            is_known=lambda key, track: (
                (key in held and listener.knows(track)) or listener.knows_id(track)
            ),
            is_out_of_reach=previews.has_none,
            set_aside=set_aside,
        )
        catalogue.add_tracklists([], checkpoint=(name, json.dumps([chosen, passed])))
    else:
        chosen, passed = json.loads(kept)
    came: Counter[str] = Counter()
    tracks = (_track(row) for row in frame.loc[chosen].to_dict("records"))
    for done, heard in enumerate(listener.hear(track for track in tracks if track), start=1):
        # What was heard before the run was broken off is part of it.
        came["heard" if heard.state == "known" else heard.state] += 1
        if heard.reason:
            set_aside([SetAside(str(heard.track), heard.reason.removesuffix("."))])
        progress("Listening to previews", done, len(chosen))
    catalogue.add_tracklists([], checkpoint=(name, None))
    return ManySummary(
        rows=len(frame),
        genres=frame["track_genre"].nunique(),
        sampled=len(chosen),
        heard=came["heard"],
        **passed,
        none=came["none"],
        failed=came["failed"],
        resumed=kept is not None,
    )


def _read(path: Path, set_aside: Callable[[Iterable[SetAside]], None]) -> pd.DataFrame:
    """Return the rows of a file that name a track, each of `_COLUMNS` as text."""
    columns = table.header(content.text(path))
    if missing := [column for column in _REQUIRED if column not in columns]:
        raise SegueError(
            f"{path.name} lacks the column {' and '.join(missing)}; Segue reads tables with the "
            f"columns {', '.join(_COLUMNS)}."
        )
    aside: list[SetAside] = []
    frame = pd.DataFrame(_rows(path, aside), columns=list(_COLUMNS), dtype=str)
    set_aside(aside[:_MOST_TOLD])
    if more := len(aside[_MOST_TOLD:]):
        set_aside([SetAside(path.name, f"{more:,} more rows name no track")])
    if frame.empty:
        raise SegueError(f"{path.name} names no track: check its artists and track_name columns.")
    return frame


def _rows(path: Path, aside: list[SetAside]) -> Iterator[tuple[str, ...]]:
    for row in table.read(path, _REQUIRED):
        where = f"{path.name}, line {row.line}"
        if row.error:
            aside.append(SetAside(where, row.error))
        elif not (row.fields["artists"] and row.fields["track_name"]):
            aside.append(SetAside(where, "it has no artist or no title"))
        else:
            yield tuple(row.fields.get(column, "") for column in _COLUMNS)


def _checkpoint_name(paths: Sequence[Path], per_genre: int, seed: int) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "blake2b").digest())
    return f"tracks csv {digest.hexdigest()} {per_genre} {seed}"


def _sample(
    shuffled: pd.DataFrame,
    per_genre: int,
    *,
    is_known: Callable[[str, Track], bool],
    is_out_of_reach: Callable[[Track], bool],
    set_aside: Callable[[Iterable[SetAside]], None],
) -> tuple[list[int], dict[str, int]]:
    """Return the rows to hear, and how many were passed over for which reason.

    The seed alone has decided in which order all rows stand; of each genre the first are taken
    that are new. So a run with the same seed goes on where the one before has ended.
    """
    chosen: list[int] = []
    passed: Counter[str] = Counter()
    met: set[str] = set()
    for _, of_genre in shuffled.groupby("track_genre", sort=True):
        taken = 0
        for place, row in of_genre.to_dict("index").items():
            if taken == per_genre:
                break
            track = _track(row)
            if track is None:
                where = f"{row['artists']} - {row['track_name']}"
                set_aside([SetAside(where, "its artist or title says that it is not known")])
            elif (key := recording_key(track)) in met:
                passed["repeated"] += 1
            else:
                met.add(key)
                if is_known(key, track):
                    passed["known"] += 1
                elif is_out_of_reach(track):
                    passed["silent"] += 1
                else:
                    chosen.append(int(place))
                    taken += 1
    return chosen, dict(passed)


def _track(row: Mapping[str, str]) -> Track | None:
    """Return the track that a row names; None if it says that it does not know.

    Names are spelled as Spotify does, so they are read as those of its links are: the same
    recording comes of both.
    """
    artists = tuple(filter(None, (name.strip() for name in row["artists"].split(";"))))
    # Read as the address that it stands for: a bare word is no id.
    spotify = parse_outside_id(f"spotify:track:{row['track_id']}")
    ident = spotify.value if spotify else ""
    made = as_track(OutsideTrack("spotify", ident, artists or ("",), row["track_name"]))
    if not isinstance(made, Track):
        return None
    ids = (OutsideId("spotify", ident, _SOURCE),) if ident else ()
    return replace(made, genre=row["track_genre"], ids=ids)
