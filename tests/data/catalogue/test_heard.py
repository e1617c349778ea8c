"""The vectors of recordings, read in parts, from both databases alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.catalogue import Catalogue, Sound
from data.catalogue.heard import Hearing
from data.records import Embedding, Track

TRACKS = [Track("Ada Moor", f"Tune {number}") for number in range(5)]


def sound(number: int, *, track: int | None = None, version: str = "1", length: float = 300.0):
    vector = np.random.default_rng(number).normal(size=8).astype(np.float32)
    embedding = Embedding("segue", version, vector, np.zeros((0, 8)), np.zeros(0), 5.0)
    known = None if track is None else TRACKS[track]
    return Sound(f"hash {number}", None, known, length, embedding=embedding)


def hearings(catalogue: Catalogue) -> list[Hearing]:
    with catalogue.heard() as heard:
        return heard.hearings()


def parts(catalogue: Catalogue, version: str = "1") -> list[tuple[list[int], np.ndarray]]:
    with catalogue.heard() as heard:
        return [(ids.tolist(), matrix) for ids, matrix in heard.parts("segue", version)]


def test_the_longest_piece_of_each_recording_comes_by_ascending_id(catalogue, monkeypatch):
    monkeypatch.setattr("data.catalogue.heard._ROWS", 2)
    catalogue.add_sound([sound(i, track=t) for i, t in enumerate((3, 1, 4, 1, 0))])
    catalogue.add_sound([sound(9, track=4, length=400.0), sound(10)])
    found = parts(catalogue)
    assert [len(ids) for ids, _ in found] == [2, 2]
    speaks = {catalogue.find(TRACKS[t]): i for t, i in ((0, 4), (1, 1), (3, 0), (4, 9))}
    assert [ident for ids, _ in found for ident in ids] == sorted(speaks)
    for ids, matrix in found:
        assert matrix.dtype == np.float32
        for ident, vector in zip(ids, matrix, strict=True):
            assert vector.tolist() == sound(speaks[ident]).embedding.vector.tolist()


def test_each_version_has_its_count_and_its_own_parts(catalogue):
    assert hearings(catalogue) == []
    catalogue.add_sound([sound(0, track=0), sound(1, track=1), sound(2, track=2, version="2")])
    catalogue.add_sound([sound(3)])
    assert [(h.version, h.count) for h in hearings(catalogue)] == [("1", 2), ("2", 1)]
    assert [ids for ids, _ in parts(catalogue, "2")] == [[catalogue.find(TRACKS[2])]]
    assert parts(catalogue, "3") == []


def test_a_stamp_changes_with_its_own_version_only(catalogue):
    catalogue.add_sound([sound(0, track=0), sound(1, track=1, version="2")])
    first, second = hearings(catalogue)
    assert hearings(catalogue) == [first, second]
    changed = sound(5).embedding
    catalogue.add_sound([replace(sound(1, version="2"), embedding=replace(changed, version="2"))])
    assert hearings(catalogue)[0] == first
    assert hearings(catalogue)[1].stamp != second.stamp
