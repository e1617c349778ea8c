"""The library and single tracks as figures; each says the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.style import PALETTE, SCALE, figure
from dashboard.services.models_overview import ENERGY_BINS, TEMPO_BIN, Tempos
from data.harmony import Key, Notation
from hybrid.hears import Heard
from hybrid.pictures import Spectrogram

_MINOR, _MAJOR, _PLAIN = PALETTE[0], PALETTE[1], PALETTE[2]
_GRID = "rgba(128,128,128,0.18)"
_MARGIN = {"l": 4, "r": 8, "t": 8, "b": 4}
#: Left of pictures over time, so that they and the waveform stand under one another.
LEFT = 56
_HZ = (100, 500, 1_000, 2_000, 5_000, 10_000)
TOLD_OVER_TIME = 8

Drawn = tuple[go.Figure, str]


def tempo(tempos: Tempos) -> Drawn:
    """Draw tracks by tempo, and above them those that come there at half or double time."""
    drawn = _bars()
    middles = [low + TEMPO_BIN / 2 for low in tempos.lows]
    spans = [f"{low} to {low + TEMPO_BIN} BPM" for low in tempos.lows]
    drawn.add_bar(
        name="At its own tempo",
        x=middles,
        y=tempos.counts,
        width=TEMPO_BIN * 0.86,
        marker=_solid(_PLAIN),
        text=spans,
        textposition="none",
        hovertemplate="%{text}: %{y:,}<extra></extra>",
    )
    drawn.add_bar(
        name="At half or double time",
        x=middles,
        y=tempos.mates,
        width=TEMPO_BIN * 0.86,
        marker=_hatched(_PLAIN),
        text=spans,
        textposition="none",
        hovertemplate="%{text}, at half or double time: %{y:,}<extra></extra>",
    )
    drawn.update_layout(barmode="stack", showlegend=True, legend=_legend())
    drawn.update_xaxes(nticks=10)
    words = (
        f"The middle of your tempos is {tempos.usual:.0f} BPM: {tempos.near:,} of "
        f"{tempos.total:,} tracks are within 4% of it"
    )
    also = f", {tempos.far:,} more at half or double time." if tempos.far else "."
    return drawn, words + also


def key_wheel(keys: Mapping[Key, int], notation: Notation) -> Drawn:
    """Draw tracks by key in the order of the wheel; major is hatched, minor is not."""
    drawn = _bars()
    names = [key.written(notation) for key in keys]
    for mode, colour in (("minor", _MINOR), ("major", _MAJOR)):
        drawn.add_bar(
            name=mode.capitalize(),
            x=[key.written(notation) for key in keys if key.mode == mode],
            y=[count for key, count in keys.items() if key.mode == mode],
            marker=_solid(colour) if mode == "minor" else _hatched(colour),
            text=[f"{key.classic()} {mode}" for key in keys if key.mode == mode],
            textposition="none",
            hovertemplate="%{x}: %{y:,}<extra></extra>",
        )
    drawn.update_layout(showlegend=True, legend=_legend(), bargap=0.22)
    drawn.update_xaxes(
        categoryorder="array", categoryarray=names, type="category", dtick=1, tickfont={"size": 12}
    )
    total = sum(keys.values())
    most = sorted(keys.items(), key=lambda item: -item[1])[:3]
    minor = sum(count for key, count in keys.items() if key.mode == "minor")
    told = ", ".join(f"{key.written(notation)} ({count:,})" for key, count in most if count)
    return drawn, f"Most tracks are in {told}. {minor:,} of {total:,} are in minor."


def energy(counts: Sequence[int]) -> Drawn:
    """Draw tracks by energy."""
    drawn = _bars()
    step = 100 // ENERGY_BINS
    drawn.add_bar(
        x=[step * place + step / 2 for place in range(len(counts))],
        y=list(counts),
        width=step * 0.86,
        marker=_solid(_PLAIN),
        text=[energy_span(place) for place in range(len(counts))],
        textposition="none",
        hovertemplate="%{text}: %{y:,}<extra></extra>",
    )
    drawn.update_xaxes(range=[0, 100.5], tickvals=list(range(0, 101, 20)), ticksuffix="%")
    most = max(range(len(counts)), key=lambda place: counts[place])
    low, high = sum(counts[: len(counts) // 2]), sum(counts[len(counts) // 2 :])
    return drawn, (
        f"Most tracks are at {energy_span(most)} energy ({counts[most]:,}); "
        f"{high:,} are above half and {low:,} below."
    )


def energy_span(place: int) -> str:
    """Return the name of a step of energy: "20% to 30%"."""
    step = 100 // ENERGY_BINS
    return f"{step * place}% to {step * (place + 1)}%"


def years(counts: Sequence[tuple[int, int]]) -> Drawn:
    """Draw tracks by year."""
    drawn = _bars()
    drawn.add_bar(
        x=[year for year, _ in counts],
        y=[count for _, count in counts],
        marker=_solid(_PLAIN),
        hovertemplate="%{x}: %{y:,}<extra></extra>",
    )
    few = len(counts) <= 8
    drawn.update_xaxes(tickformat="d", **({"dtick": 1} if few else {"nticks": 8}))
    year, most = max(counts, key=lambda pair: pair[1])
    return drawn, f"{counts[0][0]} to {counts[-1][0]}, most tracks from {year} ({most:,})."


def spectrogram(picture: Spectrogram) -> Drawn:
    """Draw which frequencies sound when: light is loud."""
    rows = np.arange(len(picture.frequencies_hz))
    shown = [hz for hz in _HZ if picture.frequencies_hz[0] <= hz <= picture.frequencies_hz[-1]]
    drawn = figure(margin={"l": LEFT, "r": 8, "t": 4, "b": 4}, hovermode="closest")
    drawn.add_heatmap(
        z=picture.decibels,
        x=picture.times_s,
        # Bands stand evenly, as the ear hears them; the axis says which frequency each is.
        y=rows,
        colorscale="Cividis",
        zmin=-80,
        zmax=0,
        showscale=False,
        zsmooth="fast",
        hovertemplate="%{x:.1f} s<br>%{z} dB<extra></extra>",
    )
    drawn.update_yaxes(
        tickvals=np.interp(shown, picture.frequencies_hz, rows),
        ticktext=[f"{hz / 1000:g} kHz" if hz >= 1000 else f"{hz} Hz" for hz in shown],
        showgrid=False,
        automargin=False,
        fixedrange=True,
        ticklabelstandoff=6,
    )
    drawn.update_xaxes(**_time_axis(float(picture.times_s[-1])), showgrid=False)
    low, high = (float(picture.frequencies_hz[end]) for end in (0, -1))
    return drawn, (
        f"{clock(float(picture.times_s[-1]))} long, from {frequency(low)} at the foot to "
        f"{frequency(high)} at the top. Light is loud, dark is quiet."
    )


def over_time(heard: Heard) -> Drawn:
    """Draw how sure the encoder is of styles and instruments from fragment to fragment."""
    names = heard.names[:TOLD_OVER_TIME]
    values = np.rint(100 * heard.over_time[: len(names)][::-1])
    middles = heard.starts_s + heard.length_s / 2
    drawn = figure(margin={"l": 4, "r": 8, "t": 4, "b": 4}, hovermode="closest")
    few = len(middles) <= 12
    drawn.add_heatmap(
        z=values,
        x=[clock(second) for second in heard.starts_s] if few else middles,
        y=list(names)[::-1],
        colorscale=SCALE,
        zmin=0,
        zmax=100,
        showscale=False,
        xgap=1 if few else 0,
        ygap=2,
        texttemplate="%{z:.0f}" if few else None,
        hovertemplate="%{y}, %{x}" + ("" if few else " s") + ": %{z:.0f}%<extra></extra>",
    )
    if few:
        drawn.update_xaxes(type="category", showgrid=False, fixedrange=True)
    else:
        drawn.update_xaxes(**_time_axis(float(middles[-1])), showgrid=False)
    drawn.update_yaxes(showgrid=False, fixedrange=True, ticklabelstandoff=6)
    drawn.update_xaxes(ticklabelstandoff=4)
    if not names:
        return drawn, "The encoder is sure of no style and no instrument."
    swings = np.ptp(heard.over_time[: len(names)], axis=1)
    most = int(swings.argmax())
    low, high = heard.over_time[most].min(), heard.over_time[most].max()
    return drawn, (
        f"What changes most is {names[most].lower()}: from {low:.0%} to {high:.0%} sure "
        f"over {len(middles)} fragments of {heard.length_s:.0f} seconds."
    )


def clock(seconds: float) -> str:
    """Return a time as a clock shows it: "1:05"."""
    minutes, rest = divmod(round(float(seconds)), 60)
    return f"{minutes}:{rest:02}"


def frequency(hz: float) -> str:
    """Return a frequency as people write it: "80 Hz", "2.4 kHz"."""
    return f"{hz / 1000:.1f} kHz" if hz >= 1000 else f"{round(hz, -1):.0f} Hz"


# -- inside


def _bars() -> go.Figure:
    drawn = figure(margin=_MARGIN, hovermode="closest", bargap=0.14)
    drawn.update_xaxes(showgrid=False, fixedrange=True, ticklabelstandoff=5)
    drawn.update_yaxes(
        ticklabelstandoff=6,
        gridcolor=_GRID,
        nticks=5,
        fixedrange=True,
        rangemode="tozero",
        tickformat=",d",
    )
    return drawn


def _solid(colour: str) -> dict:
    return {"color": colour, "line": {"width": 0}}


def _hatched(colour: str) -> dict:
    return {
        "color": "rgba(0,0,0,0)",
        "line": {"color": colour, "width": 1.2},
        "pattern": {"shape": "/", "fgcolor": colour, "size": 5, "solidity": 0.35},
    }


def _legend() -> dict:
    return {
        "orientation": "h",
        "y": 1.02,
        "yanchor": "bottom",
        "x": 0,
        "itemclick": False,
        "traceorder": "normal",
    }


def _time_axis(end_s: float) -> dict:
    step = next((s for s in (2, 5, 10, 15, 30, 60, 120, 300) if end_s / s <= 8), 600)
    marks = np.arange(0, end_s + 1e-6, step)
    return {
        "tickvals": marks,
        "ticktext": [clock(mark) for mark in marks],
        "range": [0, end_s],
        "fixedrange": True,
        "ticklabelstandoff": 4,
    }
