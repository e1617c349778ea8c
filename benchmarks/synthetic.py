"""An invented catalogue of any size, to measure speed and memory on, never the answers.

Sets are drawn from communities of artists, a few tracks are played much and most once or
never, and tracks of a community sound alike: that is what decides how much a query must look
at. The rows are written by the database's own driver, in the form that `data.catalogue` writes.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import corpus  # noqa: F401 - finds the project from here
import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue
from data.harmony import Key
from data.identity import artist_names, label_key, recording_key, search_text, work_key
from data.records import Track
from data.settings import Settings
from hybrid.training import Progress, train
from models.collaborative import Interactions, JointALS
from models.encoders import registry

DIMENSION = 256
ENCODER, VERSION = registry.DEFAULT, "synthetic"
#: Share of the tracks that were heard.
HEARD = 0.6
SET_LENGTH = 20
_PART = 65536


@dataclass(frozen=True, eq=False)
class Shape:
    """Who made what and where it belongs; R tracks, A artists, C communities.

    `artist`, `label` and `community` are of shape (R,), `heard` is a mask of shape (R,).
    """

    artist: NDArray[np.int64]
    label: NDArray[np.int64]
    community: NDArray[np.int64]
    heard: NDArray[np.bool_]


def communities(tracks: int) -> int:
    """How many there are among so many tracks."""
    return max(8, int(np.sqrt(tracks)))


def vectors(community: NDArray[np.int64], n_communities: int, seed: int) -> Iterator[NDArray[Any]]:
    """Yield unit vectors, shape (m, 256), for tracks of the given communities, part by part.

    Around the middle of a community they differ in 24 directions that all share, and a little
    in all others.
    """
    rng = np.random.default_rng(seed)
    middle = rng.standard_normal((n_communities, DIMENSION), dtype=np.float32)
    shared = rng.standard_normal((24, DIMENSION), dtype=np.float32) / np.float32(np.sqrt(24))
    for start in range(0, len(community), _PART):
        part = community[start : start + _PART]
        rows = middle[part] + rng.standard_normal((len(part), 24), dtype=np.float32) @ shared
        rows += 0.5 * rng.standard_normal((len(part), DIMENSION), dtype=np.float32)
        yield rows / np.linalg.norm(rows, axis=1, keepdims=True)


@contextmanager
def synthetic_catalogue(home: Path, tracks: int) -> Iterator[tuple[Catalogue, Settings]]:
    """Open a catalogue of so many invented tracks under `home`, made there if it is not yet."""
    settings = Settings(home=home, database_url="")
    made = home / f"made-{tracks}"
    if not made.exists():
        with Catalogue.open(settings.url):
            pass
        write(home / "catalogue.sqlite", tracks)
        made.touch()
    with Catalogue.open(settings.url) as catalogue:
        yield catalogue, settings


def write(path: Path, tracks: int, *, seed: int = 0) -> None:
    """Fill an empty catalogue at `path`."""
    rng = np.random.default_rng(seed)
    shape = _shape(tracks, rng)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("BEGIN")
    play_set, played = _plays(shape, rng)
    sets = np.bincount(played, minlength=tracks)
    _write_recordings(database, shape, sets, rng)
    _write_sets(database, play_set, played, rng)
    _write_sound(database, shape, rng)
    for table in ("sets", "works", "labels", "artists", "recordings", "audio"):
        last = database.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
        database.execute(
            "INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)", (table, last)
        )
    database.execute("INSERT OR REPLACE INTO counters (name, value) VALUES ('changes', 1)")
    database.execute("COMMIT")
    database.execute("ANALYZE")
    database.close()


def save_model(settings: Settings, catalogue: Catalogue) -> None:
    """Train, but draw the factors: to find them for a million tracks takes too long here."""
    with patch.object(JointALS, "fit", _drawn):
        train(catalogue, settings)


def _shape(tracks: int, rng: np.random.Generator) -> Shape:
    n_artists, n_labels = max(4, tracks // 6), max(2, tracks // 50)
    # A few artists and labels made much, most made one or two.
    artist = (n_artists * rng.random(tracks) ** 1.5).astype(np.int64)
    community_of = rng.integers(0, communities(tracks), n_artists)
    community = community_of[artist]
    # A label releases one kind of music.
    near = (community * n_labels) // communities(tracks)
    label = (near + rng.integers(0, 3, tracks)) % n_labels
    label[rng.random(tracks) < 0.3] = -1
    return Shape(artist, label, community, rng.random(tracks) < HEARD)


def _plays(shape: Shape, rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    """Draw (set, track) of every play, by set and position, no track twice in a set."""
    tracks = len(shape.artist)
    n_sets = max(2, tracks // SET_LENGTH)
    by_community = np.argsort(shape.community, kind="stable")
    starts = np.searchsorted(shape.community[by_community], np.arange(communities(tracks) + 1))
    home = rng.integers(0, communities(tracks), n_sets)
    sizes = np.diff(starts)[home]
    chance = rng.random((n_sets, SET_LENGTH)) ** 3
    own = by_community[
        np.minimum(starts[home][:, None] + (chance * sizes[:, None]).astype(np.int64), tracks - 1)
    ]
    everywhere = rng.permutation(tracks)[(rng.random(own.shape) ** 3 * tracks).astype(np.int64)]
    stays = (rng.random(own.shape) < 0.8) & (sizes[:, None] > 0)
    track = np.where(stays, own, everywhere).ravel()
    play_set = np.repeat(np.arange(n_sets), SET_LENGTH)
    first = np.unique(play_set * tracks + track, return_index=True)[1]
    first.sort()
    return play_set[first], track[first]


def _write_recordings(
    database: sqlite3.Connection, shape: Shape, sets: NDArray[Any], rng: np.random.Generator
) -> None:
    tracks = len(shape.artist)
    artists = _names(int(shape.artist.max()) + 1, "artists")
    labels = [f"{name} Discs" for name in _names(int(shape.label.max()) + 1, "labels")]
    titles = _names(tracks, "titles")
    artist_keys = [artist_names(name)[0] for name in artists]
    label_keys = [label_key(name) for name in labels]
    artist, label = shape.artist.tolist(), shape.label.tolist()
    # One track in eight is somebody's remix of the one before it.
    remixer = np.where(np.arange(tracks) % 8 == 7, rng.integers(0, len(artists), tracks), -1)
    remixer = remixer.tolist()

    def works() -> Iterator[tuple[int, str]]:
        for i in range(tracks):
            if remixer[i] < 0:
                yield i + 1, f"{artist_keys[artist[i]]}|{_key(titles[i])}"

    def recordings() -> Iterator[tuple[Any, ...]]:
        for i in range(tracks):
            of = i if remixer[i] < 0 else i - 1
            names = artists[artist[of]], titles[of], "", labels[label[i]] if label[i] >= 0 else ""
            key = f"{artist_keys[artist[of]]}|{_key(titles[of])}|"
            if of != i:
                names = *names[:2], f"{artists[remixer[i]]} Remix", names[3]
                key += artist_keys[remixer[i]]
            if i % 5000 in (0, 7):
                _check(key, names)
            label_id = label[i] + 1 if label[i] >= 0 else None
            search = "\n".join(names).lower()
            yield i + 1, key, of + 1, label_id, *names, "", "", sets_of[i], search

    def credits() -> Iterator[tuple[int, int, int]]:
        for i in range(tracks):
            of = i if remixer[i] < 0 else i - 1
            people = dict.fromkeys((artist[of], remixer[i]) if of != i else (artist[of],))
            yield from ((i + 1, place, who + 1) for place, who in enumerate(people))

    sets_of = sets.tolist()
    _insert(database, "labels", ("id", "label_key"), enumerate(label_keys, 1))
    _insert(database, "artists", ("id", "name"), enumerate(artist_keys, 1))
    _insert(database, "works", ("id", "work_key"), works())
    _insert(
        database,
        "recordings",
        (
            *("id", "recording_key", "work_id", "label_id", "artist", "title", "version"),
            *("label", "catalogue_number", "genre", "sets", "search"),
        ),
        recordings(),
    )
    _insert(database, "recording_artists", ("recording_id", "position", "artist_id"), credits())


def _write_sets(
    database: sqlite3.Connection,
    play_set: NDArray[Any],
    played: NDArray[Any],
    rng: np.random.Generator,
) -> None:
    starts = np.flatnonzero(np.diff(play_set, prepend=-1))
    ends = np.append(starts[1:], len(play_set))
    years = rng.integers(1995, 2025, len(starts)).tolist()
    dj = rng.integers(0, max(2, len(starts) // 30), len(starts)).tolist()
    names = _names(max(dj) + 1, "DJs")
    held = [played[a:b] for a, b in zip(starts, ends, strict=True)]
    digests = [hashlib.blake2b(rows.tobytes(), digest_size=16).hexdigest() for rows in held]
    columns = "id source source_id title date show venue url licence completeness content_hash"
    _insert(
        database,
        "sets",
        (*columns.split(), "plays_hash"),
        (
            (
                *(i + 1, "synthetic", str(i), f"{names[who]} at the Dock"),
                *(f"{year}-{i % 12 + 1:02}-{i % 28 + 1:02}", "", "", f"https://sets.test/{i}"),
                *("", "complete", digest, digest),
            )
            for i, (year, who, digest) in enumerate(zip(years, dj, digests, strict=True))
        ),
    )
    _insert(
        database,
        "set_djs",
        ("set_id", "position", "name"),
        ((i + 1, 0, names[who]) for i, who in enumerate(dj)),
    )
    texts = ("reason", "raw", "artist", "title", "version", "label", "catalogue_number", "genre")
    _insert(
        database,
        "plays",
        (
            *("set_id", "position", "kind", "recording_id", "with_previous", "chapter_number"),
            *("chapter", *texts),
        ),
        (
            (i + 1, place, "identified", track + 1, 0, 0, "", *("",) * len(texts))
            for i, rows in enumerate(held)
            for place, track in enumerate(rows.tolist(), 1)
        ),
    )


def _write_sound(database: sqlite3.Connection, shape: Shape, rng: np.random.Generator) -> None:
    heard = np.flatnonzero(shape.heard)
    count = len(heard)
    audio = range(1, count + 1)
    length = rng.uniform(240, 480, count).round(1).tolist()
    recordings = (heard + 1).tolist()
    year = rng.integers(1995, 2025, count).tolist()
    _insert(
        database,
        "audio",
        ("id", "content_hash", "recording_id", "duration_s", "origin", "tags"),
        (
            (i, f"{i:032x}", recording, seconds, "file", f'{{"year": "{made}"}}')
            for i, recording, seconds, made in zip(audio, recordings, length, year, strict=True)
        ),
    )
    _insert(
        database,
        "audio_paths",
        ("path_key", "path", "audio_id", "size", "mtime_ns"),
        ((f"{i:032x}", f"/music/{i}.flac".encode(), i, 30_000_000, 1) for i in audio),
    )
    tempo_of = rng.uniform(85, 175, communities(len(shape.heard)))[shape.community[heard]]
    bpm = (tempo_of + rng.normal(0, 3, count)).round(2).tolist()
    keys = [Key.from_traktor(value).classic() for value in range(24)]
    key = rng.integers(0, 24, count).tolist()
    energy = rng.beta(3, 2, count).round(3).tolist()
    columns = (
        *("audio_id", "analyser", "bpm", "bpm_confidence", "bpm_alternatives", "beat_start_s"),
        *("key", "key_confidence", "key_runner_up", "energy", "loudness_lufs", "rolloff_hz"),
        *("windows", "measured_bpm", "measured_key", "provenance"),
    )
    windows = "[[0.0, 30.0], [120.0, 30.0], [200.0, 30.0]]"
    _insert(
        database,
        "analyses",
        columns,
        (
            (
                *(i, "1", tempo, 0.9, "[]", 0.1, keys[k], 0.8, None, e, -9.0, 9000.0),
                *(windows, tempo, keys[k], "{}"),
            )
            for i, tempo, k, e in zip(audio, bpm, key, energy, strict=True)
        ),
    )
    _insert(
        database,
        "embeddings",
        (
            *("audio_id", "encoder", "version", "d", "n", "fragment_s", "scale", "vector"),
            *("starts", "fragments"),
        ),
        _embeddings(shape.community[heard], communities(len(shape.heard))),
    )


def _embeddings(community: NDArray[np.int64], count: int) -> Iterator[tuple[Any, ...]]:
    starts = np.array([10.0, 130.0]).tobytes()
    about = ENCODER, VERSION, DIMENSION, 2, 5.0, 1.0
    number = itertools.count(1)
    for part in vectors(community, count, seed=1):
        halves = part.astype("<f2")
        for row, half in zip(part, halves, strict=True):
            fragment = half.tobytes()
            yield next(number), *about, row.tobytes(), starts, fragment + fragment


def _drawn(als: JointALS, interactions: Interactions, _progress: Progress | None) -> JointALS:
    """Give factors in which tracks that share sets point in about one direction."""
    rng = np.random.default_rng(2)
    shape = interactions.n_sets, als.parameters.factors
    # A track's factors are the mean of directions that its sets have; one in no set has none.
    factors = interactions.tokens().T @ rng.standard_normal(shape, dtype=np.float32)
    length = np.linalg.norm(factors, axis=1, keepdims=True)
    factors = np.divide(factors, length, out=np.zeros_like(factors), where=length > 0)
    return als.restore(
        factors,
        rng.uniform(1, 3, len(factors)).astype(np.float32),
        (interactions.n_recordings, interactions.artists.shape[1]),
        interactions.artist_share,
        interactions.labels,
    )


def _names(count: int, kind: str) -> list[str]:
    """Return so many different names of two invented words each."""
    syllables = [c + v for c in "bdgklmnprstvz" for v in "aeiou"]
    rng = np.random.default_rng(sum(kind.encode()))
    first = ["".join(rng.choice(syllables, 3)).title() for _ in range(3_001)]
    second = ["".join(rng.choice(syllables, 4)).title() for _ in range(20_011)]
    first, second = sorted(set(first)), sorted(set(second))
    # A step that shares no factor with the number of pairs visits each of them once.
    pairs = len(first) * len(second)
    step = next(n for n in itertools.count(pairs // 3) if math.gcd(n, pairs) == 1)
    places = (np.arange(count, dtype=np.int64) * step % pairs).tolist()
    return [f"{first[p % len(first)]} {second[p // len(first)]}" for p in places]


def _key(name: str) -> str:
    return name.replace(" ", "").lower()


def _check(key: str, names: Sequence[str]) -> None:
    """Hold what is written here to what the catalogue itself would write."""
    track = Track(*names[:3])
    assert key == recording_key(track), (key, recording_key(track))
    assert key.rpartition("|")[0] == work_key(track), (key, work_key(track))
    assert names[3].lower() == search_text(names[3]), names


def _insert(
    database: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    places = ", ".join("?" * len(columns))
    database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def main() -> None:
    """Make a catalogue and its model in a folder, ``synthetic.py FOLDER TRACKS``, and time it."""
    home, tracks = Path(sys.argv[1]), int(sys.argv[2])
    home.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with synthetic_catalogue(home, tracks) as (catalogue, settings):
        print(f"catalogue: {time.perf_counter() - started:.1f} s")
        started = time.perf_counter()
        save_model(settings, catalogue)
        print(f"model: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
