"""The sentence that says why: counts from real sets, no adjectives, strongest fact first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data.harmony import Notation
from data.records import Evidence, Lens, Mix, Recommendation, Seed, SoundEvidence

#: Lift from which "so many times what chance would give" is worth saying.
_NOTABLE_LIFT = 2.0
_NAMED_DJS = 3
_NAMED_TAGS = 3
#: Facts in one sentence, besides the DJ's own verdict and how it mixes.
_MOST_FACTS = 3
#: Share of the score from which what a track sounds like is worth a clause.
_NOTABLE_SHARE = 0.2


def reason(
    result: Recommendation,
    *,
    seeds: Sequence[Seed],
    lens: Lens = "goes_with",
    notation: Notation = "camelot",
) -> str:
    """Say why a track was recommended.

    Parameters
    ----------
    result : Recommendation
        Whole but for its reason. Under the lens "next" its evidence is about the last seed.
    seeds : sequence of Seed
        What was asked.
    lens : {"goes_with", "next"}
        Under "next" what was played straight after comes first.
    notation : {"camelot", "open_key", "classic"}
        How keys are written.

    Examples
    --------
    >>> from data.records import Track
    >>> met = Evidence(sets_together=9, djs=tuple("abcdefg"), lift=5.0, last="2019-05-11")
    >>> result = Recommendation(1, Track("Mara", "Tide"), 0.7, evidence=met, sets=30)
    >>> reason(result, seeds=[Seed("x", None, 7, "recording")])
    'Played by 7 DJs in 9 sets with it (5x chance), last 2019-05.'
    """
    known = [seed for seed in seeds if seed.rung != "none"]
    if known:
        facts = list(_facts(result, known[-1:] if lens == "next" else known, lens))
    else:
        facts = [f"nothing is known of your seeds; this is in {_sets(result.sets)}"]
    facts = facts[:_MOST_FACTS]
    if result.verdict:
        facts.insert(0, f"you marked it: {result.verdict}")
    if relation := _mix(result.mix, notation):
        facts.append(relation)
    sentence = "; ".join(facts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def clock(seconds: float) -> str:
    """Write a place in a track as minutes and seconds.

    Examples
    --------
    >>> clock(80.4)
    '1:20'
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def _facts(result: Recommendation, seeds: Sequence[Seed], lens: Lens) -> Iterator[str]:
    """Yield what ties it to the seeds: what sets say, but for what its sound brought."""
    evidence = result.evidence
    ties = {
        "sets": _together(result, seeds, lens),
        "artist": _artist(evidence),
        "label": f"same label, {evidence.same_label}" if evidence.same_label else "",
        "sound": _sound(result, seeds),
    }
    # That DJs played both says more to a DJ than a shared credit, whatever weighed more.
    met = result.rung == "next" or (evidence.sets_together and result.rung != "sound")
    first = "sets" if met else result.rung
    yield from filter(None, (ties[name] for name in sorted(ties, key=lambda name: name != first)))
    if result.tags:
        yield f"both {', '.join(result.tags[:_NAMED_TAGS])}"
    elif not any(ties.values()):
        yield "nothing in the catalogue ties it to your seeds yet"
    if not evidence.sets_together:
        yield f"in {_sets(result.sets)} here" if result.sets else "never in a set here"


def _together(result: Recommendation, seeds: Sequence[Seed], lens: Lens) -> str:
    """Tell by whom, how often, how often straight after, and when."""
    evidence, it = result.evidence, _it([s for s in seeds if s.recording_id is not None])
    count = evidence.sets_together
    if not count:
        # The factors of both are near each other, though nobody played them together.
        alike = result.rung == "sets" and result.sets
        return f"in the same kind of sets as {it}" if alike else ""
    ahead = lens == "next" and bool(evidence.right_after)
    beside = _beside(evidence, f" {it}" if ahead else "")
    chance = _chance(evidence.lift) if count > 1 and "chance" not in beside else ""
    parts = [f"played{_by(evidence.djs)} in {_sets(count)} with {it}{chance}", beside]
    if ahead:
        parts.reverse()
    if evidence.last:
        parts.append(f"last {evidence.last[:7]}")
    return ", ".join(filter(None, parts))


def _beside(evidence: Evidence, it: str) -> str:
    """Tell how often it came straight after, else straight before."""
    after, before = evidence.right_after, evidence.right_before
    if after:
        chance = _chance(evidence.after_lift) if after > 1 else ""
        return f"{_times(after)} straight after{it}{chance}"
    return f"{_times(before)} straight before" if before else ""


def _chance(lift: float) -> str:
    """More than chance would give, where that is notable; one meeting is no ground for it."""
    return f" ({lift:.0f}x chance)" if lift >= _NOTABLE_LIFT else ""


def _by(djs: tuple[str, ...]) -> str:
    if not djs:
        return ""
    if len(djs) > _NAMED_DJS:
        return f" by {len(djs)} DJs"
    return f" by {' and '.join(filter(None, [', '.join(djs[:-1]), djs[-1]]))}"


def _artist(evidence: Evidence) -> str:
    if evidence.same_artist:
        return f"same artist, {' & '.join(evidence.same_artist)}"
    if evidence.link:
        own, other, count = evidence.link
        return f"its artist {own} was played with {other} in {_sets(count)}"
    return ""


def _sound(result: Recommendation, seeds: Sequence[Seed]) -> str:
    """Tell where it sounds like which seed, if sound is why it is here."""
    share = result.parts.get("sound", 0.0)
    if result.rung != "sound" and share <= _NOTABLE_SHARE * result.score:
        return ""
    # A file that was heard just now is itself, whatever version the catalogue holds.
    it = "it" if len(seeds) == 1 and seeds[0].vector is not None else _it(seeds)
    sound = result.sound
    if sound is None:
        return f"sounds like {it}"
    seed = sound.seed if it == "your seeds" else it
    return f"sounds like {seed} at {clock(sound.start_s)} ({_alike(sound)})"


def _alike(sound: SoundEvidence) -> str:
    return f"{max(sound.cosine, 0.0):.0%} alike"


def _mix(mix: Mix, notation: Notation) -> str:
    """Tell how key and tempo lie to the seed's: "8A to 9A, +1.2%"."""
    parts = []
    if mix.keys:
        own, other = (key.written(notation) for key in mix.keys)
        parts.append(f"both in {own}" if own == other else f"{own} to {other}")
    elif mix.key:
        parts.append(mix.key.name)
    if mix.tempo:
        percent = f"{mix.tempo.percent:+.1f}%"
        still = percent in ("+0.0%", "-0.0%")
        if mix.tempo.kind == "same":
            parts.append("same tempo" if still else percent)
        else:
            parts.append(("" if still else f"{percent} ") + f"at {mix.tempo.kind} time")
    return ", ".join(parts)


def _it(seeds: Sequence[Seed]) -> str:
    """Name the seeds: "it", "your seeds", or the other version that stands for the only one."""
    different = {seed.recording_id or seed.query: seed for seed in seeds}
    if len(different) > 1:
        return "your seeds"
    return "another version of it" if any(s.rung == "work" for s in seeds) else "it"


def _sets(count: int) -> str:
    return f"{count:,} {'set' if count == 1 else 'sets'}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
