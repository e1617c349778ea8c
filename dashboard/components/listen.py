"""What can be heard: the play button of a track, and its tempo and key in words."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.harmony import Key, Notation
from data.records import Analysis, Mix, Track
from hybrid.steering import Filters

#: Pitch change at which the colour of a tempo says that it does not fit.
FAR_PERCENT = Filters().tempo_percent or 100.0
#: What a button for a preview says; ``assets/player.js`` has it too.
PREVIEW = "Preview: 30 seconds from Deezer or Apple"
_NOT_MIXED = Mix()
_SAID_BY = {
    "tag": "as the file says",
    "rekordbox": "as rekordbox says",
    "traktor": "as Traktor says",
}


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


def preview_button(recording_id: int, track: Track) -> Component:
    """Return the button that plays a preview of a recording that has no file."""
    return html.Button(
        type="button",
        className="round-button play play-preview",
        title=PREVIEW,
        **{
            "aria-label": f"Preview {track}",
            "aria-pressed": "false",
            **_of(recording_id, track),
            "data-play": f"preview/{recording_id}",
        },
    )


def hear_buttons(
    recording_id: int,
    track: Track,
    playable: Collection[int],
    previews: Collection[int] = (),
) -> list[Component]:
    """Return the button that plays a recording, from its file or else as a preview; or none.

    `playable` and `previews` are recordings as `dashboard.services.library.Sounds` has them.
    """
    if recording_id in playable:
        return [play_button(recording_id, track)]
    return [preview_button(recording_id, track)] if recording_id in previews else []


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
    analysis: Analysis | None,
    mix: Mix = _NOT_MIXED,
    far: float = FAR_PERCENT,
    notation: Notation = "camelot",
) -> dict[str, Any]:
    """Return what a row of the list says of tempo and key; empty without any.

    Parameters
    ----------
    analysis : Analysis or None
    mix : Mix
        How it lies to the seed's.
    far : float
        Pitch change in percent at which the colour of the tempo says that it does not fit.
    notation : {"camelot", "open_key", "classic"}

    Returns
    -------
    dict
        ``bpm`` and ``wheel`` are numbers to sort by, ``tempo`` and ``key`` what is written,
        ``pitch`` and ``relation`` how they lie to the seed's in words, ``tempoFit`` and
        ``keyFit`` the same from 0 to 100, ``heard`` a sentence on how all this is known.

    Examples
    --------
    >>> tempo_and_key(None)
    {}
    """
    if analysis is None or not (analysis.bpm or analysis.key):
        return {}
    said: dict[str, Any] = {}
    if analysis.bpm:
        said |= {"bpm": round(analysis.bpm, 2), "tempo": bpm(analysis.bpm), **_pitch(mix, far)}
    if key := analysis.key:
        said |= {"wheel": key.camelot_number + (key.mode == "major") / 2}
        said |= {"key": key.written(notation)}
        if mix.key is not None:
            said |= {"relation": mix.key.name, "keyFit": round(mix.key.score * 100)}
    said["heard"] = " ".join(filter(None, (measured(analysis, notation), mixed(mix))))
    return said


def _pitch(mix: Mix, far: float) -> dict[str, Any]:
    if mix.tempo is None:
        return {}
    percent = 0.0 if abs(mix.tempo.percent) < 0.05 else mix.tempo.percent
    words = f"{percent:+.1f}%" if percent else ""
    if mix.tempo.kind != "same":
        words = f"{words} {mix.tempo.kind}" if words else f"{mix.tempo.kind} time"
    fit = max(0.0, 1 - abs(percent) / max(far, 0.1))
    return {"pitch": words or "same", "tempoFit": round(fit * 100)}


def energy_of(analysis: Analysis | None) -> float | None:
    """Return the energy of a track, 0 to 1; None where none was measured."""
    if analysis is None or math.isnan(analysis.energy):
        return None
    return analysis.energy


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


def measured(analysis: Analysis, notation: Notation = "camelot") -> str:
    """Say in words how tempo and key are known, and how surely."""
    said = []
    if analysis.bpm:
        other = f", or {bpm(analysis.bpm_alternatives[0])}" if analysis.bpm_alternatives else ""
        said.append(_known("Tempo", f"{bpm(analysis.bpm)} BPM", analysis, "bpm", other))
    if analysis.key:
        runner_up = analysis.key_runner_up
        other = f", or {_named(runner_up, notation)}" if runner_up else ""
        said.append(_known("Key", _named(analysis.key, notation), analysis, "key", other))
    return " ".join(said)


def said_by(analysis: Analysis, name: str) -> str:
    """Say whose word the ``"bpm"`` or the ``"key"`` is; empty where it was measured."""
    return _SAID_BY.get(analysis.provenance.get(name, ""), "")


def _named(key: Key, notation: Notation) -> str:
    """Name a key for everybody, and as the DJ writes it: "Am (8A)"."""
    return key.classic() if notation == "classic" else f"{key.classic()} ({key.written(notation)})"


def _known(what: str, value: str, analysis: Analysis, name: str, other: str) -> str:
    if by := said_by(analysis, name):
        return f"{what} {value}, {by}."
    sure = analysis.bpm_confidence if name == "bpm" else analysis.key_confidence
    return f"{what} {value}, measured, {sure:.0%} sure{other}."
