"""What stands behind one row of the list, and what a DJ can say and do about it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.controls import PART_NAMES
from dashboard.components.listen import energy_of, measured, mixed, play_from
from dashboard.components.text import (
    counted,
    hidden,
    outside_link,
    readable_date,
    title_of,
)
from data.harmony import Notation
from data.records import Analysis, Recommendation, SetRef, SoundEvidence, Track
from hybrid.explain import clock
from hybrid.fusion import PARTS

VERDICTS = {
    "works": ("Works", "It works after your last track: to the front of this list"),
    "clashes": ("Clashes", "It clashes with your last track: off this list"),
    "like": ("Like", "Lists bring it further up"),
    "dislike": ("Dislike", "Lists leave it out"),
}


def evidence(
    result: Recommendation,
    analysis: Analysis | None = None,
    said: Collection[str] | None = None,
    *,
    playable: bool = False,
    notation: Notation = "camelot",
    seed: int | None = None,
) -> list[Component]:
    """Return what real sets say about one row, what it sounds like, and what can be done.

    ``assets/dig-draw.js`` draws it, so only components of `dash.html` stand in it, without ids.

    Parameters
    ----------
    result : Recommendation
    analysis : Analysis, optional
        What was measured of its file.
    said : collection of str, optional
        The DJ's words in force on it; the one that the row tells of unless given.
    playable : bool
        Whether it can be heard.
    notation : {"camelot", "open_key", "classic"}
        How keys are written.
    seed : int, optional
        The seed that it sounds like, if that can be heard.
    """
    said = {result.verdict} if said is None else said
    return [
        _verdicts(result, said),
        *_sound(result, playable=playable, seed=seed),
        *_sets(result),
        *_facts(result, analysis, notation),
        *_versions(result),
        html.Div(
            [
                html.P(made_of(result.parts), className="quiet"),
                *(_seed_button(result.recording_id, result.track, *b) for b in _SEED_BUTTONS),
            ],
            className="evidence-foot",
        ),
    ]


def _verdicts(result: Recommendation, said: Collection[str]) -> Component:
    return html.Div(
        [
            html.Button(
                word,
                type="button",
                className="small-button verdict",
                title=f"{hint}. Press again to take it back",
                **{
                    "data-judge": verdict,
                    "data-recording": str(result.recording_id),
                    "aria-pressed": str(verdict in said).lower(),
                },
            )
            for verdict, (word, hint) in VERDICTS.items()
        ],
        role="group",
        className="verdicts",
        **{"aria-label": f"What you say of {result.track}"},
    )


def _sound(result: Recommendation, *, playable: bool, seed: int | None) -> list[Component]:
    sound = result.sound
    if sound is None:
        return []
    at, yours = clock(sound.start_s), clock(sound.seed_start_s)
    line: list[Component] = [html.P(f"Sounds like {sound.seed} from {at} (yours {yours}).")]
    if playable:
        words = f"Play it from {at}"
        line.append(play_from(result.recording_id, result.track, sound.start_s, words))
    waves = [
        _wave(name, recording_id, start, sound.fragment_s)
        for name, recording_id, start in (
            ("This", result.recording_id if playable else None, sound.start_s),
            ("Yours", seed, sound.seed_start_s),
        )
        if recording_id is not None
    ]
    return [
        html.Div(
            [
                html.Div(line, className="alike-line"),
                *([html.Div(waves, className="waves")] if waves else []),
            ],
            className="alike",
            title=fragment(sound),
        )
    ]


def _wave(name: str, recording_id: int, start_s: float, length_s: float) -> Component:
    """Return the place of a waveform; it is asked for when it comes into sight."""
    at = clock(start_s)
    return html.Div(
        [
            html.Span(f"{name} {at}", className="wave-name", **{"aria-hidden": "true"}),
            html.Div(
                className="wave",
                role="img",
                **{
                    "aria-label": f"{name} from {at}, as a waveform",
                    "data-wave": str(recording_id),
                    "data-from": f"{start_s:.2f}",
                    "data-seconds": f"{length_s:.2f}",
                },
            ),
        ],
        className="wave-row",
    )


def fragment(sound: SoundEvidence) -> str:
    """Explain a likeness as the fragment method does: where, how long, and the distance d."""
    return (
        f"Nearest fragments, {sound.fragment_s:.1f} s each: d = {sound.distance:.2f}; "
        f"cosine of the whole tracks {sound.cosine:.2f}."
    )


def _sets(result: Recommendation) -> list[Component]:
    facts = result.evidence
    if not facts.sets:
        nothing = "No set in your catalogue has it together with your tracks."
        return [html.P(nothing, className="quiet")]
    parts: list[Component] = [html.Ul([_set_line(ref) for ref in facts.sets], className="met-list")]
    if facts.sets_together > len(facts.sets):
        more = counted(facts.sets_together - len(facts.sets), "earlier set")
        parts.append(html.P(f"and {more}", className="quiet"))
    return parts


def _set_line(ref: SetRef) -> Component:
    marks: list[Component] = []
    if ref.right_after:
        marks.append(html.Span("straight after", className="mark"))
    elif ref.position == ref.seed_position - 1:
        marks.append(html.Span("straight before", className="mark mark-quiet"))
    return html.Li(
        [
            html.Span(readable_date(ref.date), className="met-date"),
            html.Span(
                [
                    html.Span(", ".join(ref.djs) or "Unknown DJ", className="met-djs"),
                    html.Span(outside_link(ref.title, ref.url), className="met-title"),
                ],
                className="met-what",
            ),
            html.Span(
                [
                    html.Span(
                        f"yours at {ref.seed_position}, this at {ref.position}",
                        className="positions",
                    ),
                    *marks,
                ],
                className="met-place",
            ),
        ]
    )


def _facts(
    result: Recommendation, analysis: Analysis | None, notation: Notation
) -> list[Component]:
    """What is known of it, and what was measured, how it mixes and what it shares with seeds."""
    energy = energy_of(analysis)
    known = [
        result.track.label,
        str(result.year or ""),
        f"in {counted(result.sets, 'set')} here" if result.sets else "",
        "" if energy is None else f"energy {energy:.0%}",
    ]
    said = [
        measured(analysis, notation) if analysis is not None else "",
        mixed(result.mix),
        f"Both {', '.join(result.tags)}." if result.tags else "",
        fragment(result.sound) if result.sound is not None else "",
    ]
    lines = [" · ".join(filter(None, known)), " ".join(filter(None, said))]
    return [html.P(line, className="quiet") for line in lines if line]


def _versions(result: Recommendation) -> list[Component]:
    if not result.versions:
        return []
    return [
        html.Div(
            [
                html.P(f"{counted(len(result.versions), 'more version')}:", className="quiet"),
                html.Ul(
                    [
                        html.Li(
                            [
                                html.Span(title_of(track)),
                                _seed_button(number, track, "seed-only", "Dig from it"),
                            ]
                        )
                        for number, track in result.versions
                    ]
                ),
            ],
            className="versions",
        )
    ]


_SEED_BUTTONS = (("seed-only", "Dig from this track"), ("seed-add", "Add as a seed"))


def _seed_button(recording_id: int, track: Track, control: str, word: str) -> Component:
    return html.Button(
        [word, hidden(f": {track}")],
        type="button",
        className=f"small-button {control}",
        **{"data-ask": control, "data-recording": str(recording_id)},
    )


def made_of(parts: dict[str, float]) -> str:
    """Say what a score is made of: "Score: 70% sets, 30% played next".

    What dials took away is told after it, as a share of what the parts gave.
    """
    total = sum(value for value in parts.values() if value > 0)
    if total <= 0:
        return ""
    shares = sorted(((v / total, k) for k, v in parts.items() if v > 0), reverse=True)
    words = [f"{share:.0%} {PART_NAMES[name]}" for share, name in shares if share >= 0.005]
    taken = -sum(value for value in parts.values() if value < 0) / total
    less = f"; key and dials take {taken:.0%} off" if taken >= 0.005 else ""
    return f"Score: {', '.join(words)}{less}"


def stripes(parts: dict[str, float], share: float) -> list[list[Any]]:
    """Return the bar of a score that is `share` full: each part that gave some, in percent.

    Examples
    --------
    >>> stripes({"sets": 0.3, "next": 0.1, "sound": 0.0}, 1.0)
    [['sets', 75.0], ['next', 25.0]]
    """
    given = {name: parts.get(name, 0.0) for name in (*PARTS, "steering")}
    total = sum(value for value in given.values() if value > 0)
    return [
        [name, round(value / total * share * 100, 1)] for name, value in given.items() if value > 0
    ]
