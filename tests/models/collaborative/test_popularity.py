from __future__ import annotations

import numpy as np

from models.collaborative import ArtistsGreatestHits, Popularity, Query
from tests.models.collaborative.invented import interactions, query

SETS = [[0, 1, 2], [0, 1], [0, 3], [4]]
ARTISTS = [[0], [1], [0, 1], [2], []]


def test_popularity_is_the_count_of_sets_whatever_was_asked():
    scorer = Popularity().fit(interactions(SETS))
    for asked in (query(), query(0), query(3, 4)):
        assert scorer.score(asked).tolist() == [3, 2, 1, 1, 1]


def test_artists_greatest_hits_are_the_counts_of_the_seeds_artists():
    world = interactions(SETS, artists=ARTISTS)
    scorer = ArtistsGreatestHits().fit(world)
    assert scorer.score(query(0, of=world)).tolist() == [3, 0, 1, 0, 0]
    assert scorer.score(query(2, of=world)).tolist() == [3, 2, 1, 0, 0]
    assert scorer.score(query(4, of=world)).tolist() == [0, 0, 0, 0, 0]


def test_an_artist_is_enough_where_the_recording_is_unknown():
    scorer = ArtistsGreatestHits().fit(interactions(SETS, artists=ARTISTS))
    unknown = Query(np.empty(0, np.intp), {1: 1.0}, {})
    assert scorer.score(unknown).tolist() == [0, 2, 1, 0, 0]


def test_two_seeds_of_one_artist_do_not_count_its_hits_twice():
    scorer = ArtistsGreatestHits().fit(interactions(SETS, artists=ARTISTS))
    twice = Query(np.empty(0, np.intp), {0: 2.0}, {})
    assert scorer.score(twice).tolist() == [3, 0, 1, 0, 0]
