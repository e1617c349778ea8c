"""The sound of the demo crate: every track has its own, always the same."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from data.demo import (
    demo_audio,
    demo_file,
    demo_tracklists,
    demo_tracks,
    is_demo,
)
from data.demo.generate import DAYS
from data.demo.music import release_music
from data.demo.sound import RECIPES
from data.errors import SegueError
from data.harmony import Key, key_compatibility, tempo_relation
from data.identity import parse_track, recording_key, work_key
from data.records import Track

#: Mean size of the samples in each fifth of some tracks, as they were made when this was
#: written: a change of the synthesiser, of NumPy's random streams or of the crate shows here.
KNOWN: dict[int, list[float]] = {
    0: [0.14764, 0.15542, 0.12437, 0.1174, 0.15588],
    300: [0.14315, 0.14445, 0.13564, 0.1474, 0.14194],
    600: [0.16331, 0.15793, 0.16818, 0.17376, 0.16884],
    900: [0.16295, 0.16111, 0.15347, 0.16777, 0.16614],
    1200: [0.18597, 0.18295, 0.15466, 0.18842, 0.18391],
}


@pytest.fixture(scope="module")
def facts() -> dict[str, tuple[float, Key]]:
    """Tempo and key of every recording."""
    music = release_music(random.Random(7), days=DAYS)
    rows = zip(music.tracks, music.bpm, music.keys, strict=True)
    return {recording_key(track): (bpm, key) for track, bpm, key in rows}


def test_every_track_of_every_set_can_be_heard() -> None:
    played = {play.track for s in demo_tracklists() for play in s.identified if play.track}
    assert len(played) > 1000
    assert all(is_demo(track) for track in played)


@pytest.mark.parametrize("number", KNOWN)
def test_a_track_sounds_the_same_everywhere(number: int) -> None:
    fifths = np.abs(demo_audio(number).samples).reshape(5, -1).mean(axis=1)
    assert fifths == pytest.approx(KNOWN[number], rel=1e-3)


def test_a_track_and_its_number_sound_the_same(facts: dict[str, tuple[float, Key]]) -> None:
    track = demo_tracks()[700]
    by_track, by_number = demo_audio(track, seconds=2), demo_audio(700, seconds=2)
    np.testing.assert_array_equal(by_track.samples, by_number.samples)
    assert (by_track.bpm, by_track.key) == facts[recording_key(track)]
    assert len(by_track.samples) == 2 * by_track.sample_rate


def test_what_is_not_of_the_crate_is_refused() -> None:
    stranger = Track("Mara Vale", "Night Bus")
    assert not is_demo(stranger)
    for asked in (stranger, -1, 10**6):
        with pytest.raises(SegueError, match="not in the demo crate"):
            demo_audio(asked)


def test_tempos_are_those_of_the_scenes(facts: dict[str, tuple[float, Key]]) -> None:
    for track in demo_tracks():
        low, high = RECIPES[track.genre].tempo
        assert low <= facts[recording_key(track)][0] <= high


def test_all_versions_of_a_work_are_in_its_key(facts: dict[str, tuple[float, Key]]) -> None:
    works = defaultdict(set)
    for track in demo_tracks():
        works[work_key(track)].add(facts[recording_key(track)][1])
    assert {len(keys) for keys in works.values()} == {1}


def test_an_artist_has_favourite_keys(facts: dict[str, tuple[float, Key]]) -> None:
    shares = []
    for artist in {track.artist for track in demo_tracks()}:
        keys = [facts[recording_key(t)][1] for t in demo_tracks() if t.artist == artist]
        shares.append(Counter(keys).most_common(1)[0][1] / len(keys))
    assert np.mean(shares) > 0.3  # of 24 keys


def test_djs_mix_in_key_and_in_tempo_more_often_than_by_chance(
    facts: dict[str, tuple[float, Key]],
) -> None:
    def blends(pairs: list[tuple[Track, Track]]) -> tuple[float, float]:
        heard = [(facts[recording_key(a)], facts[recording_key(b)]) for a, b in pairs]
        in_key = [key_compatibility(a[1], b[1]) for a, b in heard]
        pitched = [abs(tempo_relation(a[0], b[0]).percent) for a, b in heard]
        return float(np.mean([r.score for r in in_key if r])), float(np.median(pitched))

    next_pairs, far_pairs = [], []
    for tracklist in demo_tracklists():
        tracks = [play.track for play in tracklist.identified if play.track]
        next_pairs += list(pairwise(tracks))
        far_pairs += list(zip(tracks, tracks[7:], strict=False))
    (key_next, pitch_next), (key_far, pitch_far) = blends(next_pairs), blends(far_pairs)
    assert key_next > key_far + 0.05
    assert pitch_next < pitch_far


def test_a_file_is_made_once_and_holds_the_sound(tmp_path: Path) -> None:
    track = demo_tracks()[3]
    path = demo_file(tmp_path / "audio", track)
    samples, rate = soundfile.read(path, dtype="float32")
    expected = demo_audio(track)
    assert rate == expected.sample_rate
    np.testing.assert_allclose(samples, expected.samples, atol=3e-4)
    made = path.stat().st_mtime_ns
    assert demo_file(tmp_path / "audio", track) == path
    assert path.stat().st_mtime_ns == made
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_bears_the_name_of_its_recording(tmp_path: Path) -> None:
    odd = [t for t in demo_tracks() if '"' in t.version or not str(t).isascii()]
    for track in odd[:4]:
        read = parse_track(demo_file(tmp_path, track).stem.replace("_", " "))
        assert isinstance(read, Track)
        assert recording_key(read) == recording_key(track)


def test_two_tracks_have_two_files(tmp_path: Path) -> None:
    assert len({demo_file(tmp_path, track) for track in demo_tracks()[:3]}) == 3
