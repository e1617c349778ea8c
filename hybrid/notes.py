"""What an answer says about seeds that it could not take up: one sentence each, with a way on."""

from __future__ import annotations

from collections.abc import Sequence

from data.identity import parse_outside_id
from data.records import Seed

#: Seeds that are told of one by one, and near matches that a sentence names.
_TOLD, _NAMED = 3, 3
_LONGEST = 80
_THINGS = {"spotify": "Spotify link", "isrc": "ISRC", "youtube": "YouTube link"}


def note_for(seeds: Sequence[Seed], *, recordings: int, heard: bool) -> str:
    """Say what is missing for these seeds, and what to do next.

    Parameters
    ----------
    seeds : sequence of Seed
    recordings : int
        How many recordings the catalogue holds.
    heard : bool
        Whether the catalogue holds a vector of any of them.

    Returns
    -------
    str
        Empty where something is known of every seed.

    Examples
    --------
    >>> from data.records import Track
    >>> near = ((4, Track("Mara", "Tide")), (9, Track("Mara", "Time")))
    >>> note_for([Seed("Nobody - Tied", None, None, "none", near)], recordings=9, heard=True)
    'Nothing is known of “Nobody - Tied”; did you mean “Mara - Tide” or “Mara - Time”?'
    """
    if not recordings:
        return (
            "The catalogue is empty: load DJ sets (`segue demo`, `segue import tracklists`, "
            "`segue scrape mixesdb`) or music (`segue analyse`), then ask again."
        )
    sentences = [_unknown(seed) for seed in seeds if seed.rung == "none"]
    sentences += [
        _unheard(seed)
        for seed in seeds
        if seed.rung == "sound" and (seed.vector is None or not heard)
    ]
    if len(sentences) > _TOLD:
        rest = len(sentences) - _TOLD + 1
        sentences[_TOLD - 1 :] = [f"Nothing is known of {rest} more of your seeds."]
    return " ".join(sentences)


def _unknown(seed: Seed) -> str:
    outside = parse_outside_id(seed.query)
    if outside is not None and seed.track is None:
        thing = _THINGS.get(outside.scheme)
        if thing is None:
            kind = outside.scheme.partition(":")[2]
            article = "an" if kind[0] in "ae" else "a"
            return (
                f"This Spotify link is of {article} {kind}, not of a track; "
                "paste a track's link, or type artist and title."
            )
        return f"Segue does not know this {thing} yet; type artist and title."
    name = _quoted(seed.query)
    if seed.near:
        near = [_quoted(str(track)) for _, track in seed.near[:_NAMED]]
        return f"Nothing is known of {name}; did you mean {_either(near)}?"
    return (
        f"Nothing is known of {name} and no name in the catalogue is near it; check the "
        "spelling, or give a file of it to hear."
    )


def _unheard(seed: Seed) -> str:
    return (
        f"Only the sound of {_quoted(seed.query)} is known, and nothing was heard to compare it "
        "with; run `segue analyse` on a folder of music."
    )


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
