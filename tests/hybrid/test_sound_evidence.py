"""Where tracks sound alike, held against all pairs of their fragments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.catalogue import Catalogue, Sound
from data.records import Embedding, Seed, Track
from hybrid.sound_evidence import sound_evidence

EAR = ("ear", "1")
D = 6


def embedding(fragments: np.ndarray, *, version: str = "1", step: float = 5.0) -> Embedding:
    """What an encoder might say; halves and quarters survive the catalogue's half precision."""
    fragments = fragments.astype(np.float32)
    starts = np.arange(len(fragments)) * step
    return Embedding("ear", version, fragments.mean(axis=0), fragments, starts, 10.0)


def keep(catalogue: Catalogue, pieces: Sequence[Embedding]) -> list[int]:
    """Put tracks called "Artist 0 - Song" and so on into the catalogue and return their ids."""
    tracks = [Track(f"Artist {number}", "Song") for number in range(len(pieces))]
    catalogue.add_sound(
        Sound(f"hash {n}", track=track, duration_s=60.0, embedding=piece)
        for n, (track, piece) in enumerate(zip(tracks, pieces, strict=True))
    )
    return [catalogue.find(track) for track in tracks]


def music(rng: np.random.Generator, count: int) -> list[Embedding]:
    return [
        embedding(rng.integers(-8, 9, (rng.integers(1, 7), D)) / 4 + rng.integers(1, 3))
        for _ in range(count)
    ]


def seed(ident: int | None, name: str) -> Seed:
    return Seed(name, Track(name, "Song"), ident, "recording" if ident else "sound")


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


@pytest.mark.parametrize("chance", range(5))
def test_the_nearest_pair_is_the_one_that_trying_all_finds(catalogue, chance):
    pieces = music(np.random.default_rng(chance), 14)
    ids = keep(catalogue, pieces)
    kept = [catalogue.recording_fragments([ident], *EAR)[ident] for ident in ids]
    seeds = [seed(ids[n], f"Artist {n}") for n in range(3)]
    found = sound_evidence(catalogue, *EAR, ids[3:], seeds)
    assert list(found) == ids[3:]
    for place, ident in enumerate(ids[3:], start=3):
        own, told = kept[place], found[ident]
        cosines = [cosine(own.vector, kept[n].vector) for n in range(3)]
        assert told.cosine == pytest.approx(max(cosines), abs=1e-5)
        assert told.seed == str(seeds[int(np.argmax(cosines))].track)
        theirs = kept[int(np.argmax(cosines))]
        apart = np.linalg.norm(own.fragments[:, None] - theirs.fragments[None], axis=2)
        at, seed_at = (int(start / 5) for start in (told.start_s, told.seed_start_s))
        assert told.distance == pytest.approx(apart.min(), abs=1e-3)
        assert told.distance == pytest.approx(apart[at, seed_at], abs=1e-5)
        assert told.fragment_s == 10.0


def test_a_moment_that_both_have_is_found_where_it_is(catalogue):
    rng = np.random.default_rng(0)
    first, second = (rng.standard_normal((40, D)) for _ in range(2))
    second[31] = first[7]
    ids = keep(catalogue, [embedding(first), embedding(second, step=2.0)])
    (told,) = sound_evidence(catalogue, *EAR, ids[1:], [seed(ids[0], "Artist 0")]).values()
    assert (told.seed_start_s, told.start_s) == (35.0, 62.0)
    assert told.distance == pytest.approx(0.0, abs=5e-3)  # each file has its own half precision


def test_a_file_that_was_heard_just_now_is_compared_by_what_was_heard(catalogue):
    rng = np.random.default_rng(1)
    piece, other = (embedding(rng.standard_normal((9, D))) for _ in range(2))
    ids = keep(catalogue, [piece, other])
    asked = Seed("/music/promo.mp3", None, None, "sound")
    told = sound_evidence(catalogue, *EAR, ids, [asked], heard={asked.query: piece})
    assert told[ids[0]].seed == "/music/promo.mp3"
    assert told[ids[0]].cosine == pytest.approx(1.0)
    assert told[ids[0]].distance < 5e-3 < told[ids[1]].distance
    # It may be another take of a recording that the catalogue holds, too.
    known = replace(asked, recording_id=ids[1])
    again = sound_evidence(catalogue, *EAR, ids, [known], heard={asked.query: piece})
    assert again == {ids[0]: told[ids[0]]}


def test_what_was_never_heard_is_left_out(catalogue):
    pieces = music(np.random.default_rng(2), 3)
    pieces[1] = replace(pieces[1], version="0")
    ids = keep(catalogue, pieces)
    heard = seed(ids[0], "Artist 0")
    assert list(sound_evidence(catalogue, *EAR, [*ids[1:], 999], [heard])) == [ids[2]]
    assert list(sound_evidence(catalogue, *EAR, [ids[2]], [seed(ids[1], "x"), heard])) == [ids[2]]
    for silent in ([], [seed(ids[1], "x")], [seed(None, "y")]):
        assert sound_evidence(catalogue, *EAR, ids, silent) == {}
    assert sound_evidence(catalogue, *EAR, [], [heard]) == {}


def test_a_seed_among_the_results_is_held_against_the_other_seeds(catalogue):
    ids = keep(catalogue, music(np.random.default_rng(4), 3))
    seeds = [seed(ids[0], "Artist 0"), seed(ids[1], "Artist 1")]
    told = sound_evidence(catalogue, *EAR, ids, seeds)
    assert (told[ids[0]].seed, told[ids[1]].seed) == ("Artist 1 - Song", "Artist 0 - Song")
    assert list(sound_evidence(catalogue, *EAR, ids, seeds[:1])) == ids[1:]


def test_of_equal_seeds_and_equal_fragments_the_first_is_told(catalogue):
    ones = embedding(np.ones((3, D)))
    ids = keep(catalogue, [ones, ones, ones])
    (told,) = sound_evidence(
        catalogue, *EAR, ids[2:], [seed(ids[1], "Artist 1"), seed(ids[0], "Artist 0")]
    ).values()
    assert (told.seed, told.start_s, told.seed_start_s) == ("Artist 1 - Song", 0.0, 0.0)


def test_of_two_files_of_a_recording_the_longer_speaks(catalogue):
    rng = np.random.default_rng(3)
    short, long, other = (embedding(rng.standard_normal((5, D))) for _ in range(3))
    track = Track("Mara", "Tide")
    catalogue.add_sound(
        [
            Sound("a", track=track, duration_s=30.0, embedding=short),
            Sound("b", track=track, duration_s=300.0, embedding=long),
            Sound("c", track=Track("Otto", "Reef"), duration_s=60.0, embedding=other),
        ]
    )
    mara, otto = catalogue.find(track), catalogue.find(Track("Otto", "Reef"))
    (told,) = sound_evidence(catalogue, *EAR, [mara], [seed(otto, "Otto")]).values()
    assert told.cosine == pytest.approx(cosine(long.vector, other.vector), abs=1e-5)


@given(st.integers(0, 2**32 - 1))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_more_results_change_nothing_about_one(catalogue, chance):
    rng = np.random.default_rng(chance)
    pieces = music(rng, 6)
    ids = keep(catalogue, pieces)
    seeds = [seed(ids[0], "Artist 0"), seed(ids[1], "Artist 1")]
    together = sound_evidence(catalogue, *EAR, ids[2:], seeds)
    for ident in ids[2:]:
        alone = sound_evidence(catalogue, *EAR, [ident], seeds)[ident]
        assert together[ident].seed == alone.seed
        assert together[ident].distance == pytest.approx(alone.distance, abs=1e-5)
