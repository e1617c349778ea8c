"""The sentence that says why: counts from real sets, no adjectives."""

from __future__ import annotations

from data.records import Evidence

#: Lift from which "so many times what chance would give" is worth saying.
_NOTABLE_LIFT = 2.0
_NAMED_DJS = 3


def reason(evidence: Evidence, *, sets: int, n_seeds: int, known: bool) -> str:
    """Say why a track was recommended, strongest fact first.

    Parameters
    ----------
    evidence : Evidence
        What the sets say about it and the seeds.
    sets : int
        Number of sets that hold it.
    n_seeds : int
        Number of seeds that the catalogue holds: one is "it", several are "your seeds".
    known : bool
        Whether anything is known of the seeds, be it only an artist.
    """
    if not known:
        return f"Nothing is known of your seeds; this is in {sets} {_plural(sets, 'set')}."
    it = "it" if n_seeds == 1 else "your seeds"
    facts = []
    if evidence.sets_together:
        facts.append(_together(evidence, it))
    if evidence.same_artist:
        facts.append("same artist")
    if evidence.same_label:
        facts.append(f"same label, {evidence.same_label}")
    if evidence.link and not evidence.same_artist:
        own, other, count = evidence.link
        facts.append(f"{count} {_plural(count, 'set')} played {own} together with {other}")
    if not evidence.sets_together and sets:
        facts.append(f"in {sets} {_plural(sets, 'set')} of the catalogue")
    if not facts:
        return "Nothing in the catalogue ties it to your seeds yet."
    sentence = "; ".join(facts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _together(evidence: Evidence, it: str) -> str:
    """Tell how often, how often straight after, by whom, and when."""
    count = evidence.sets_together
    text = f"played with {it} in {count} {_plural(count, 'set')}"
    if evidence.right_after:
        text += f", {_times(evidence.right_after)} straight after"
    elif evidence.right_before:
        text += f", {_times(evidence.right_before)} straight before"
    if count > 1 and evidence.lift >= _NOTABLE_LIFT:
        text += f" ({evidence.lift:.0f}x chance)"
    if evidence.djs:
        named = ", ".join(evidence.djs[:_NAMED_DJS])
        more = len(evidence.djs) - _NAMED_DJS
        text += f", by {named}" + (f" and {more} more" if more > 0 else "")
    if evidence.last:
        text += f", last {evidence.last[:7]}"
    return text


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
