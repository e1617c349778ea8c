"""What can be heard: the play button of a track, and its tempo and key in words."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from data.records import Analysis, Mix, Track
from hybrid.steering import Filters

#: Pitch change at which the colour of a tempo says that it does not fit.
FAR_PERCENT = Filters().tempo_percent or 100.0
_NOT_MIXED = Mix()


def play_button(recording_id: int, track: Track) -> Component:
    """Return the button that plays a recording; ``assets/player.js`` does the rest."""
    return html.Button(
        type="button",
        className="round-button play",
        title="Play",
        **{
            "aria-label": f"Play {track}",
            "aria-pressed": "false",
            **_of(recording_id, track),
        },
    )


def play_from(recording_id: int, track: Track, start_s: float, words: str) -> Component:
    """Return the button that plays a recording from a place in it, in seconds."""
    return html.Button(
        words,
        type="button",
        className="small-button play-from",
        **{"data-from": f"{start_s:.1f}", **_of(recording_id, track)},
    )


def _of(recording_id: int, track: Track) -> dict[str, str]:
    return {"data-play": str(recording_id), "data-name": f"{track.artist} – {track.full_title}"}


def tempo_and_key(
    analysis: Analysis | None, mix: Mix = _NOT_MIXED, far: float = FAR_PERCENT
) -> list[Component]:
    """Return "124 BPM · +1.2%" and "8A to 9A"; empty without any.

    What is behind the numbers is a tooltip. How well they go with the seed's is also a colour:
    `far` is the pitch change in percent at which the tempo's says that it does not.
    """
    if analysis is None or not (analysis.bpm or analysis.key):
        return []
    parts: list[Component] = []
    if analysis.bpm:
        parts.append(_tempo(analysis.bpm, mix, far))
    if analysis.key:
        key = analysis.key.camelot()
        parts.append(_graded(_key(key, mix), "camelot", mix.key.score if mix.key else None))
    title = " ".join(filter(None, (measured(analysis), mixed(mix))))
    return [html.Span(parts, className="heard", title=title)]


def _tempo(own: float, mix: Mix, far: float) -> Component:
    words = f"{bpm(own)} BPM"
    if mix.tempo is None:
        return html.Span(words, className="bpm")
    percent = 0.0 if abs(mix.tempo.percent) < 0.05 else mix.tempo.percent
    words += f" · {percent:+.1f}%" if percent else " · same"
    if mix.tempo.kind != "same":
        words = words.removesuffix(" · same") + f" · {mix.tempo.kind} time"
    return _graded(words, "bpm", max(0.0, 1 - abs(percent) / max(far, 0.1)))


def _key(own: str, mix: Mix) -> str:
    if mix.keys is None:
        return own
    seeds = mix.keys[0].camelot()
    return f"{own} · same" if seeds == own else f"{seeds} to {own}"


def _graded(words: str, name: str, grade: float | None) -> Component:
    if grade is None:
        return html.Span(words, className=name)
    return html.Span(words, className=f"{name} graded", style={"--fit": f"{grade:.0%}"})


def mixed(mix: Mix) -> str:
    """Say in words how a track mixes with the seed; empty where neither is known.

    Examples
    --------
    >>> from data.harmony import KeyRelation, TempoRelation
    >>> mixed(Mix(TempoRelation(0.5, 0.0, "half"), KeyRelation(0.9, "one step up")))
    'It runs at half the tempo of yours; key: one step up.'
    """
    said = []
    if mix.tempo is not None:
        at = {"same": "with yours", "half": "at half the tempo of yours"}
        where = at.get(mix.tempo.kind, "at twice the tempo of yours")
        by = f" pitched by {mix.tempo.percent:+.1f}%" if abs(mix.tempo.percent) >= 0.05 else ""
        said.append(f"it runs {where}{by}")
    if mix.key is not None:
        said.append(f"key: {mix.key.name}")
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


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
