"""DJs of the demo crate play sets; the result has the regularities of real ones.

Scenes hold labels, labels hold artists, artists hold tracks. A DJ lives in one scene
and visits another, is loyal to some labels and carries favourites; new releases are
played most when they are new; some tracks ask for the same next track again and
again; a few rows nobody could identify. So the recommendations that come out of
it, and the reasons given for them, mean something.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.demo.music import Music, release_music
from data.demo.names import DJS, SHOWS, VENUES
from data.records import Cue, Play, Tracklist

SOURCE = "demo"
MARK = "demo (generated)"

SETS = 300
FIRST_DAY = dt.date(2020, 1, 3)
DAYS = 5 * 365

_FOLLOWS = 0.4  # how often the next track is one that usually follows
_CROSSES = 0.08  # how often a track comes from the DJ's other scene
_UNKNOWN, _GAP, _LAYERED = 0.035, 0.01, 0.03


@dataclass(frozen=True, slots=True)
class _Dj:
    """Taste of one DJ: weight of every recording, before date and energy."""

    name: str
    scenes: tuple[int, int]
    visits: float
    taste: np.ndarray


def demo_tracklists(seed: int = 7) -> list[Tracklist]:
    """Generate the sets of the demo crate, the same ones for the same seed.

    Parameters
    ----------
    seed : int
        Another seed gives another crate of the same kind.

    Returns
    -------
    list of Tracklist
        300 sets by date, ``source="demo"``, with some 1,200 recordings.
    """
    rng = random.Random(seed)
    music = release_music(rng, days=DAYS)
    djs = [_dj(rng, music, i) for i in range(len(DJS))]
    days = sorted(rng.randrange(DAYS) for _ in range(SETS))
    return [_set(rng, music, djs, number, day) for number, day in enumerate(days, start=1)]


def _dj(rng: random.Random, music: Music, number: int) -> _Dj:
    home = number % music.scenes
    away = (home + rng.randrange(1, music.scenes)) % music.scenes
    taste = music.fame ** rng.uniform(0.3, 0.9)  # low: a digger; high: a hit player
    for label in rng.sample(sorted(set(music.label[music.scene == home])), k=2):
        taste[music.label == label] *= 3.0
    favourites = rng.sample(list(np.flatnonzero(music.scene == home)), k=15)
    taste[favourites] *= 6.0
    return _Dj(DJS[number], (home, away), rng.uniform(0.05, 0.3), taste)


def _set(rng: random.Random, music: Music, djs: Sequence[_Dj], number: int, day: int) -> Tracklist:
    dj = djs[rng.randrange(len(djs))]
    guest = djs[rng.randrange(len(djs))] if rng.random() < 0.08 else dj
    names = tuple(f"{name} (demo)" for name in dict.fromkeys((dj.name, guest.name)))
    on_air = rng.random() < 0.5
    place = SHOWS[rng.randrange(len(SHOWS))] if on_air else VENUES[rng.randrange(len(VENUES))]
    chosen = _choose(rng, music, dj, guest, day)
    plays = _rows(rng, music, chosen)
    scenes = dict.fromkeys(music.styles[music.scene[i]] for i in chosen)
    whole = all(play.kind == "identified" for play in plays)
    return Tracklist(
        source=SOURCE,
        source_id=f"demo-{number:03d}",
        title=f"{' & '.join(names)} {'on' if on_air else '@'} {place} - {MARK}",
        plays=plays,
        date=(FIRST_DAY + dt.timedelta(days=day)).isoformat(),
        djs=names,
        show=f"{place} - {MARK}" if on_air else "",
        venue="" if on_air else f"{place} - {MARK}",
        styles=tuple(scenes),
        licence="CC0-1.0",
        completeness="complete" if whole else "incomplete",
    )


def _choose(rng: random.Random, music: Music, dj: _Dj, guest: _Dj, day: int) -> list[int]:
    """Pick the recordings of one set, in order: it opens low, peaks late and lands."""
    home, away = dj.scenes if rng.random() >= dj.visits else dj.scenes[::-1]
    age = day - music.released
    fresh = np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / 400.0) + 0.15, 0.0)
    weights = {d.name: d.taste * fresh for d in (dj, guest)}
    length = rng.randrange(14, 25)
    free = np.ones(len(fresh))
    chosen: list[int] = []
    for place in range(length):
        who = dj if place < length / 2 else guest
        following = (
            [i for i in music.followers[chosen[-1]] if free[i] and age[i] >= 0] if chosen else []
        )
        if following and rng.random() < _FOLLOWS:
            pick = following[0] if rng.random() < 0.6 else following[rng.randrange(len(following))]
        else:
            scene = away if rng.random() < _CROSSES else home
            arc = 0.25 + 0.65 * np.sin(np.pi * 0.75 * (place + 1) / length)
            match = np.exp(-(((music.energy - arc) / 0.25) ** 2))
            pick = _draw(rng, weights[who.name] * match * free * (music.scene == scene))
        chosen.append(pick)
        free[music.work == music.work[pick]] = 0.0
    return chosen


def _draw(rng: random.Random, weights: np.ndarray) -> int:
    steps = np.cumsum(weights)
    return int(np.searchsorted(steps, rng.random() * steps[-1], side="right"))


def _rows(rng: random.Random, music: Music, chosen: Sequence[int]) -> tuple[Play, ...]:
    rows: list[Play] = []
    minute = 0
    for index in chosen:
        chance = rng.random()
        place = len(rows) + 1
        cue = Cue(f"[{minute:03d}]", minute * 60, minute * 60)
        if chance < _GAP:
            rows.append(Play(place, "gap", raw="...", reason="something is missing here"))
            place += 1
        if _GAP <= chance < _GAP + _UNKNOWN:
            rows.append(Play(place, "unknown", raw="?", cue=cue, reason="unknown"))
        else:
            track = music.tracks[index]
            label = f" [{track.label} - {track.catalogue_number}]"
            layered = place > 1 and chance > 1 - _LAYERED
            rows.append(
                Play(place, "identified", track, f"{track}{label}", cue, with_previous=layered)
            )
        minute += rng.randrange(3, 7)
    return tuple(rows)
