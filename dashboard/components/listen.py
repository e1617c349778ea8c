"""What can be heard: the play button of a track, and its tempo and key in words."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from data.records import Analysis, Track


def play_button(recording_id: int, track: Track) -> Component:
    """Return the button that plays a recording; ``assets/player.js`` does the rest."""
    return html.Button(
        type="button",
        className="round-button play",
        title="Play",
        **{
            "aria-label": f"Play {track}",
            "aria-pressed": "false",
            "data-play": str(recording_id),
            "data-name": f"{track.artist} – {track.full_title}",
        },
    )


def tempo_and_key(analysis: Analysis | None) -> list[Component]:
    """Return "124 BPM 8A" with what is behind the numbers as a tooltip; empty without any."""
    if analysis is None or not (analysis.bpm or analysis.key):
        return []
    parts: list[Component] = []
    if analysis.bpm:
        parts.append(html.Span(f"{bpm(analysis.bpm)} BPM", className="bpm"))
    if analysis.key:
        parts.append(html.Span(analysis.key.camelot(), className="camelot"))
    return [html.Span(parts, className="heard", title=measured(analysis))]


def bpm(value: float) -> str:
    """Return a tempo as DJs write it: "124", "87.5".

    Examples
    --------
    >>> bpm(124.02), bpm(87.46)
    ('124', '87.5')
    """
    return f"{value:.1f}".removesuffix(".0")


def measured(analysis: Analysis) -> str:
    """Say in words how tempo and key are known, and how surely."""
    said = []
    if analysis.bpm:
        other = f", or {bpm(analysis.bpm_alternatives[0])}" if analysis.bpm_alternatives else ""
        said.append(_known("Tempo", f"{bpm(analysis.bpm)} BPM", analysis, "bpm", other))
    if analysis.key:
        name = f"{analysis.key.classic()} ({analysis.key.camelot()})"
        runner_up = analysis.key_runner_up
        other = f", or {runner_up.classic()} ({runner_up.camelot()})" if runner_up else ""
        said.append(_known("Key", name, analysis, "key", other))
    return " ".join(said)


def _known(what: str, value: str, analysis: Analysis, name: str, other: str) -> str:
    if analysis.provenance.get(name) == "tag":
        return f"{what} {value}, as the file says."
    sure = analysis.bpm_confidence if name == "bpm" else analysis.key_confidence
    return f"{what} {value}, measured, {sure:.0%} sure{other}."
