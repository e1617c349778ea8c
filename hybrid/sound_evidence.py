"""Where two tracks sound alike: the nearest fragments of recommendations and seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from data.catalogue import Catalogue
from data.records import Embedding, Seed, SoundEvidence
from data.vectors import unit_rows


def sound_evidence(
    catalogue: Catalogue,
    encoder: str,
    version: str,
    recording_ids: Iterable[int],
    seeds: Sequence[Seed],
    *,
    heard: Mapping[str, Embedding] | None = None,
) -> dict[int, SoundEvidence]:
    """Find the moments at which recommendations sound like the seeds.

    Each is held against the seed whose vector points most where its own does, by all pairs
    of their fragments. All fragments are read from the catalogue by one query.

    Parameters
    ----------
    encoder, version : str
        Whose fragments, as the catalogue names it.
    recording_ids : iterable of int
        The recommendations, such as those a list shows.
    seeds : sequence of Seed
        Those that were never heard are passed over.
    heard : mapping of str to Embedding, optional
        What seeds that are no recordings sound like, by their ``query``: files heard just now.

    Returns
    -------
    dict of int to SoundEvidence
        By recording id; without those that were never heard. Ties go to the first seed, and
        to the fragments that start first. A seed among the recommendations is held against
        the other seeds.
    """
    wanted = list(dict.fromkeys(recording_ids))
    own = [seed.recording_id for seed in seeds if seed.recording_id is not None]
    known = catalogue.recording_fragments([*wanted, *own], encoder, version)
    heard = heard or {}
    asked = [(seed, piece) for seed in seeds if (piece := _embedding(seed, known, heard))]
    there = [ident for ident in wanted if ident in known]
    if not asked or not there:
        return {}
    own_directions = unit_rows(np.stack([known[ident].vector for ident in there]))
    cosines = own_directions @ unit_rows(np.stack([piece.vector for _, piece in asked])).T
    # A seed among the recommendations is held against the other seeds.
    seed_ids = np.array([seed.recording_id or -1 for seed, _ in asked])
    cosines[np.array(there)[:, np.newaxis] == seed_ids] = -np.inf
    nearest = np.where(np.isfinite(cosines).any(axis=1), cosines.argmax(axis=1), -1)
    found = {}
    for number, (seed, piece) in enumerate(asked):
        places = np.flatnonzero(nearest == number)
        near = [known[there[place]] for place in places]
        for place, other, (at, seed_at) in zip(places, near, _closest(near, piece), strict=True):
            apart = other.fragments[at].astype(np.float64) - piece.fragments[seed_at]
            found[there[place]] = SoundEvidence(
                cosine=float(cosines[place, number]),
                seed=_name(seed),
                start_s=float(other.starts_s[at]),
                seed_start_s=float(piece.starts_s[seed_at]),
                fragment_s=other.fragment_s,
                distance=float(np.linalg.norm(apart)),
            )
    return {ident: found[ident] for ident in there if ident in found}


def _name(seed: Seed) -> str:
    return str(seed.track) if seed.track and seed.track.title else seed.query


def _embedding(
    seed: Seed, known: Mapping[int, Embedding], heard: Mapping[str, Embedding]
) -> Embedding | None:
    """What a seed sounds like; a file that was heard just now is itself."""
    if seed.query in heard:
        return heard[seed.query]
    return None if seed.recording_id is None else known.get(seed.recording_id)


def _closest(tracks: Sequence[Embedding], seed: Embedding) -> list[tuple[int, int]]:
    """For each track the fragment of its own and of the seed that are nearest to each other."""
    if not tracks:
        return []
    rows = np.concatenate([track.fragments for track in tracks])
    # ||x - y||^2 = ||x||^2 + ||y||^2 - 2 x y: all pairs at the price of one product.
    squared = rows @ (-2 * seed.fragments.T)
    squared += np.einsum("nd,nd->n", rows, rows)[:, np.newaxis]
    squared += np.einsum("nd,nd->n", seed.fragments, seed.fragments)
    ends = np.cumsum([len(track.fragments) for track in tracks])
    parts = np.split(squared, ends[:-1])
    return [divmod(int(part.argmin()), part.shape[1]) for part in parts]
