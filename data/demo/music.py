"""The invented releases of the demo crate, with what decides who plays them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

import numpy as np

from data.demo.names import SCENES, Scene
from data.demo.sound.recipes import RECIPES
from data.harmony import Key, key_compatibility
from data.records import Track

_BY_THE_ARTIST = ("VIP", "Instrumental", "Beatless Mix", "Live")  # versions with no remixer


@dataclass(frozen=True, slots=True)
class Music:
    """Every released recording, as columns of R rows.

    Parameters
    ----------
    tracks : list of Track
        R recordings.
    scene, label, work : ndarray of int, shape (R,)
        Where a recording belongs; recordings of one work are its versions.
    energy : ndarray of float, shape (R,)
        0 (calm) to 1 (peak time).
    released : ndarray of int, shape (R,)
        Day of release, counted from the first day of the crate; negative for older ones.
    fame : ndarray of float, shape (R,)
        How widely it is known, above 0.
    followers : list of list of int
        What tends to be played straight after it, the usual one first.
    styles : tuple of str
        Name of each scene.
    makers : list of str
        Whose sound a recording has: its remixer's, else its artist's.
    bpm : list of float
        Tempo of each recording.
    keys : list of Key
        Key of each recording; versions keep the key of their work.
    """

    tracks: list[Track]
    scene: np.ndarray
    label: np.ndarray
    work: np.ndarray
    energy: np.ndarray
    released: np.ndarray
    fame: np.ndarray
    followers: list[list[int]]
    styles: tuple[str, ...]
    makers: list[str]
    bpm: list[float]
    keys: list[Key]

    @property
    def scenes(self) -> int:
        """Number of scenes."""
        return len(self.styles)


@dataclass(slots=True)
class _Release:
    track: Track
    scene: int
    label: int
    work: int
    energy: float
    released: int
    fame: float
    maker: str
    bpm: float
    key: Key


def release_music(rng: random.Random, *, days: int) -> Music:
    """Invent all recordings.

    Parameters
    ----------
    rng : random.Random
        Decides everything.
    days : int
        How long the time of the crate is; the newest release is out just before its end.
    """
    originals = [
        r for index, scene in enumerate(SCENES) for r in _originals(rng, index, scene, days)
    ]
    for work, release in enumerate(originals):
        release.work = work
    releases = originals + [v for r in originals for v in _versions(rng, r, days)]
    return Music(
        tracks=[r.track for r in releases],
        scene=np.array([r.scene for r in releases]),
        label=np.array([r.label for r in releases]),
        work=np.array([r.work for r in releases]),
        energy=np.array([r.energy for r in releases]),
        released=np.array([r.released for r in releases]),
        fame=np.array([r.fame for r in releases]),
        followers=_followers(rng, releases),
        styles=tuple(scene.style for scene in SCENES),
        makers=[r.maker for r in releases],
        bpm=[r.bpm for r in releases],
        keys=[r.key for r in releases],
    )


def _originals(rng: random.Random, index: int, scene: Scene, days: int) -> list[_Release]:
    titles = [f"{a} {b}" for a in scene.first_words for b in scene.last_words]
    titles += scene.first_words
    rng.shuffle(titles)
    releases = []
    for number, artist in enumerate(scene.artists):
        home = number % len(scene.labels)
        standing = 1.0 / (1 + number // len(scene.labels))  # each label has its star
        mood = rng.uniform(0.2, 0.9)
        for _ in range(rng.randrange(8, 14)):
            # Most of an artist's work is on the home label, some travels.
            label = home if rng.random() < 0.8 else rng.randrange(len(scene.labels))
            track = Track(
                artist=artist,
                title=titles.pop(),
                label=scene.labels[label],
                catalogue_number=_catalogue_number(rng, scene.labels[label]),
                genre=scene.style,
            )
            releases.append(
                _Release(
                    track,
                    scene=index,
                    label=index * len(scene.labels) + label,
                    work=-1,
                    energy=min(1.0, max(0.0, rng.gauss(mood, 0.15))),
                    released=rng.randrange(-700, days - 30),
                    fame=standing * rng.paretovariate(2.2),
                    maker=artist,
                    bpm=_tempo(track, artist, scene),
                    key=_key(track, scene),
                )
            )
    return releases


def _tempo(track: Track, maker: str, scene: Scene) -> float:
    """Every maker has a favourite tempo within the scene's; tracks lie around it."""
    low, high = RECIPES[scene.style].tempo
    favourite = random.Random(f"tempo {scene.style} {maker}").uniform(low, high)
    bpm = round(random.Random(f"tempo {track}").gauss(favourite, (high - low) / 8))
    return float(min(max(bpm, low), high))


def _key(track: Track, scene: Scene) -> Key:
    """Every artist has a home on the Camelot wheel; tracks lie there or next door."""
    home = random.Random(f"key {scene.style} {track.artist}").randrange(12)
    chance = random.Random(f"key {track}")
    letter = "A" if chance.random() < RECIPES[scene.style].minor else "B"
    steps = chance.choices((0, 1, -1, 2, 7), weights=(8, 4, 4, 2, 1))[0]
    return Key.from_camelot((home + steps) % 12 + 1, letter)


def _catalogue_number(rng: random.Random, label: str) -> str:
    initials = "".join(word[0] for word in label.split() if word[0].isalnum())
    return f"{initials.upper()} {rng.randrange(1, 100):03d}"


def _versions(rng: random.Random, original: _Release, days: int) -> list[_Release]:
    """Give some works a remix, the well-known ones more often; it may cross scenes."""
    if rng.random() > 0.12 + 0.08 * min(original.fame, 3.0):
        return []
    crosses = rng.random() < 0.2
    place = (
        (original.scene + rng.randrange(1, len(SCENES))) % len(SCENES)
        if crosses
        else original.scene
    )
    scene = SCENES[place]
    kind = scene.versions[rng.randrange(len(scene.versions))]
    remixer = scene.artists[rng.randrange(len(scene.artists))]
    track = original.track
    own = remixer == track.artist or (kind in _BY_THE_ARTIST and not crosses)
    version = kind if own else f"{remixer} {'Remix' if kind in _BY_THE_ARTIST else kind}"
    versioned = Track(
        track.artist, track.title, version, track.label, track.catalogue_number, scene.style
    )
    maker = track.artist if own else remixer
    return [
        _Release(
            versioned,
            scene=place,
            label=original.label,
            work=original.work,
            energy=min(1.0, max(0.0, rng.gauss(original.energy, 0.2))),
            released=min(original.released + rng.randrange(0, 200), days - 10),
            fame=original.fame * rng.uniform(0.3, 1.2),
            maker=maker,
            bpm=_tempo(versioned, maker, scene),
            key=original.key,
        )
    ]


def _followers(rng: random.Random, releases: list[_Release]) -> list[list[int]]:
    """Give every recording three others that blend well out of it."""
    scenes = [[i for i, r in enumerate(releases) if r.scene == s] for s in range(len(SCENES))]
    followers = []
    for release in releases:
        near = [
            i
            for i in scenes[release.scene]
            if releases[i].track.artist != release.track.artist
            and abs(releases[i].energy - release.energy - 0.05) < 0.15
        ]
        near.sort(key=lambda i: _blend(release, releases[i]) * rng.random(), reverse=True)
        followers.append(near[:3])
    return followers


def _blend(before: _Release, after: _Release) -> float:
    close_in_time = 400.0 / (400.0 + abs(before.released - after.released))
    of_label = 2.5 if before.label == after.label else 1.0
    in_tempo = 0.04 / (0.04 + abs(after.bpm / before.bpm - 1.0))
    return after.fame * close_in_time * of_label * in_tempo * _in_key(before.key, after.key)


@cache
def _in_key(before: Key, after: Key) -> float:
    harmony = key_compatibility(before, after)
    return 0.25 + (harmony.score if harmony else 0.0)
