"""The list itself: an AG Grid that stands on the page once, and what each of its rows says.

Rows are plain data: ``assets/dig-grid.js`` draws them, so that a new list costs the server and
Dash no component at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.components.evidence import made_of, stripes
from dashboard.components.listen import FAR_PERCENT, energy_of, tempo_and_key
from dashboard.services import SILENCE, Sounds
from dashboard.view import View
from data.harmony import Notation
from data.records import Answer, Recommendation
from hybrid.explain import reason

GRID_ID = "dig-grid"
LIST_ID = "dig-list"
MORE_ID = "dig-more"

#: What to say of a row that sets did not bring.
RUNGS = {
    "artist": "by its artist",
    "label": "by its label",
    "sound": "by its sound",
    "popularity": "played a lot",
}


def grid() -> Component:
    """Return the grid without a row, out of sight until there is one, and the way to more."""
    return html.Div(
        [
            dag.AgGrid(
                id=GRID_ID,
                className="list",
                columnDefs=_columns(),
                defaultColDef={
                    "resizable": False,
                    "suppressMovable": True,
                    "sortable": False,
                    "cellDataType": False,
                    "equals": {"function": "dig.never(params)"},
                    "suppressKeyboardEvent": {"function": "dig.always(params)"},
                },
                rowData=[],
                getRowId="params.data.id",
                columnSize=None,
                dashGridOptions={
                    "theme": {"function": "dig.theme(themeQuartz)"},
                    "domLayout": "autoHeight",
                    "rowHeight": 88,
                    "headerHeight": 36,
                    "animateRows": False,
                    "ensureDomOrder": True,
                    "suppressCellFocus": True,
                    "suppressColumnVirtualisation": True,
                    "suppressNoRowsOverlay": True,
                    "suppressScrollOnNewData": True,
                    "enableCellTextSelection": True,
                    "rowClassRules": {"row": "!params.data.of", "behind": "params.data.of"},
                    "isFullWidthRow": {"function": "dig.isBehind(params)"},
                    # Where they are in the order of the rows for the keyboard, too.
                    "embedFullWidthRows": True,
                    "fullWidthCellRenderer": "DigBehind",
                    "postSortRows": {"function": "dig.keepBehind(params)"},
                },
                style={"height": None, "width": "100%"},
            ),
            html.Div(
                dmc.Button("Show more", id={"type": "more", "key": 0}, variant="default"),
                id=MORE_ID,
                className="more",
                hidden=True,
            ),
        ],
        id=LIST_ID,
        className="results",
        hidden=True,
    )


def _columns() -> list[dict[str, Any]]:
    """Name, width and renderer of each column; the names of the fields are those of `_row`."""
    return [
        {
            "field": "rank",
            "headerName": "#",
            "headerTooltip": "Best first",
            "width": 38,
            "sortable": True,
            "cellClass": "cell-rank",
        },
        _drawn("play", "", 48, name="Play"),
        {
            **_drawn("artist", "Track", None, sortable=True, colId="track"),
            "flex": 1,
            "minWidth": 160,
            "autoHeight": True,
        },
        _drawn("bpm", "BPM", 104, sortable=True),
        _drawn("wheel", "Key", 116, sortable=True, colId="key"),
        _drawn("energy", "Energy", 68, sortable=True, first="desc"),
        _drawn("year", "Year", 66, sortable=True, first="desc"),
        _drawn("label", "Label", 104, sortable=True),
        _drawn("score", "Score", 124, sortable=True, first="desc"),
        _drawn("actions", "", 92, name="Crate and evidence"),
    ]


def _drawn(
    field: str,
    header: str,
    width: int | None,
    *,
    name: str = "",
    sortable: bool = False,
    first: str = "asc",
    **more: Any,
) -> dict[str, Any]:
    column: dict[str, Any] = {
        "field": field,
        "headerName": header or name,
        "cellRenderer": "DigCell",
        "cellClass": f"cell-{more.get('colId', field)}",
        "headerClass": "" if header else "header-unseen",
        "sortable": sortable,
        **more,
    }
    if width is not None:
        column["width"] = width
    if sortable:
        # The third press brings back the order of the answer.
        column["sortingOrder"] = [first, "asc" if first == "desc" else "desc", None]
        column["comparator"] = {"function": "dig.byValue"}
    return column


def rows(
    answer: Answer,
    view: View,
    sounds: Sounds = SILENCE,
    *,
    notation: Notation = "camelot",
    unfolded: Mapping[int, Collection[Component]] | None = None,
) -> list[dict[str, Any]]:
    """Return the list as the grid takes it.

    `unfolded` holds what is behind the rows that are drawn open; it comes as a row of its own.
    """
    best = max((result.score for result in answer.results), default=0.0)
    listed: list[dict[str, Any]] = []
    for rank, result in enumerate(answer.results, start=1):
        listed.append(_row(rank, result, answer, view, sounds, best, notation))
        if unfolded and result.recording_id in unfolded:
            listed.append(behind(result.recording_id, unfolded[result.recording_id]))
    return listed


def behind(recording_id: int, parts: Collection[Component]) -> dict[str, Any]:
    """Return the row under a row: what is behind it."""
    return {"id": f"why-{recording_id}", "of": str(recording_id), "why": list(parts)}


def _row(
    rank: int,
    result: Recommendation,
    answer: Answer,
    view: View,
    sounds: Sounds,
    best: float,
    notation: Notation,
) -> dict[str, Any]:
    track, key = result.track, result.recording_id
    analysis = sounds.measured.get(key, result.analysis)
    share = max(result.score / best, 0.0) if best > 0 else 0.0
    energy = energy_of(analysis)
    row = {
        "id": str(key),
        "rank": rank,
        "artist": track.artist,
        "title": track.title,
        "version": track.version,
        "badge": _badge(result),
        "reason": _why(result, answer, notation),
        "label": track.label,
        "sets": result.sets,
        "year": result.year,
        "energy": None if energy is None else round(energy * 100),
        "score": round(share * 100),
        "parts": stripes(result.parts, share),
        "made": made_of(result.parts),
        "play": key in sounds.playable,
        "preview": key in sounds.previews or None,
        "verdict": result.verdict,
        "versions": len(result.versions),
        **tempo_and_key(analysis, result.mix, view.tempo or FAR_PERCENT, notation),
    }
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}


def _badge(result: Recommendation) -> str:
    # Where DJs played both, a shared credit is not what brought it.
    met = result.evidence.sets_together and result.rung != "sound"
    return "" if met else RUNGS.get(result.rung, "")


def _why(result: Recommendation, answer: Answer, notation: Notation) -> str:
    if notation == "camelot":
        return result.reason
    return reason(result, seeds=answer.seeds, lens=answer.lens, notation=notation)
