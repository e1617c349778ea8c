"""The table of all tracks: its columns, what narrows it, and the way from page to page."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import icon
from dashboard.services.tracks import PAGE_SIZE, Asked, Page, largest_first

Q_ID = "library-q"
SHOW_ID = "library-show"
GRID_ID = "library-grid"
COUNT_ID = "library-count"
NOTE_ID = "library-note"
BEFORE_ID = "library-before"
AFTER_ID = "library-after"
PLACE_ID = "library-place"
PAGER_ID = "library-pager"
ORDER_ID = "library-order"
SORT_ID = "library-sort"
SORTED_ID = "library-sorted"

_COLUMNS: tuple[dict[str, Any], ...] = (
    {"field": "track", "headerName": "Track", "flex": 4, "minWidth": 170},
    {"field": "label", "headerName": "Label", "flex": 2, "minWidth": 110},
    {"field": "sets", "headerName": "Sets", "width": 84},
    {"field": "bpm", "headerName": "BPM", "width": 84},
    {"field": "key", "headerName": "Key", "width": 84},
    {"field": "energy", "headerName": "Energy", "width": 98},
    {"field": "length", "headerName": "Length", "width": 98},
    {"field": "year", "headerName": "Year", "width": 86},
    {"field": "state", "headerName": "Music", "width": 158, "sortable": False},
    {"field": "dig", "headerName": "Dig", "width": 76, "sortable": False},
)
_AS_FOUND = "found"
_SORTS = {
    _AS_FOUND: "Most played, or best found",
    "track": "Artist and title",
    "label": "Label",
    "bpm": "BPM",
    "key": "Key",
    "-energy": "Energy, highest first",
    "-length": "Length, longest first",
    "-year": "Year, newest first",
}
_DRAWN = {"track": "LibraryTrack", "state": "LibraryState", "dig": "LibraryDig"}
_NUMBERS = ("sets", "bpm", "energy", "length", "year")


def table() -> Component:
    """Return the table without a row; the address fills it."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Tracks"),
                    html.P(id=COUNT_ID, className="quiet", role="status"),
                ],
                className="tracks-head",
            ),
            html.Div(
                [
                    dmc.TextInput(
                        id=Q_ID,
                        value="",
                        debounce=250,
                        placeholder="Artist, title or label",
                        leftSection=icon("search"),
                        inputProps={"spellCheck": False, "autoComplete": "off", "type": "search"},
                        className="grow",
                        **{"aria-label": "Search your tracks"},
                    ),
                    dmc.SegmentedControl(
                        id=SHOW_ID,
                        data=[
                            {"value": "all", "label": "All"},
                            {"value": "unanalysed", "label": "Not analysed"},
                            {"value": "files", "label": "With music"},
                        ],
                        value="all",
                        **{"aria-label": "Which tracks"},
                    ),
                    # On a phone, where the heads of the columns are not there to press.
                    dmc.Select(
                        id=SORT_ID,
                        data=[{"value": key, "label": word} for key, word in _SORTS.items()],
                        value=_AS_FOUND,
                        allowDeselect=False,
                        className="narrow-only",
                        **{"aria-label": "Sort by"},
                    ),
                ],
                className="tracks-ask",
            ),
            html.Div(id=NOTE_ID),
            dag.AgGrid(
                id=GRID_ID,
                rowData=[],
                columnDefs=_columns(),
                defaultColDef={
                    "sortable": True,
                    "resizable": False,
                    "suppressMovable": True,
                    "comparator": {"function": "library.asGiven(params)"},
                },
                dashGridOptions={
                    "theme": {"function": "library.theme(themeQuartz)"},
                    "domLayout": "autoHeight",
                    "rowHeight": 56,
                    "headerHeight": 40,
                    "ensureDomOrder": True,
                    "suppressColumnVirtualisation": True,
                    "suppressCellFocus": True,
                    "suppressDragLeaveHidesColumns": True,
                    "enableCellTextSelection": True,
                    "animateRows": False,
                    "suppressNoRowsOverlay": True,
                },
                getRowId="params.data.id",
                eventListeners={
                    "sortChanged": ["library.sorted(params)"],
                    "gridReady": ["library.fit(params)"],
                    "firstDataRendered": ["library.fit(params)"],
                },
                className="tracks-grid",
                style={"height": None},
            ),
            html.Nav(
                [
                    html.Button("Previous", id=BEFORE_ID, type="button", className="small-button"),
                    html.Span(id=PLACE_ID),
                    html.Button("Next", id=AFTER_ID, type="button", className="small-button"),
                ],
                id=PAGER_ID,
                className="pager",
                **{"aria-label": "Pages of tracks"},
            ),
            dcc.Store(id=ORDER_ID),
            dcc.Store(id=SORTED_ID),
        ],
        className="tracks",
    )


def _columns() -> list[dict[str, Any]]:
    return [
        {
            **column,
            "sortingOrder": ["desc", "asc", None]
            if largest_first(column["field"])
            else ["asc", "desc", None],
            **({"type": "rightAligned"} if column["field"] in _NUMBERS else {}),
            **({"cellRenderer": _DRAWN[column["field"]]} if column["field"] in _DRAWN else {}),
        }
        for column in _COLUMNS
    ]


def counted_line(page: Page, asked: Asked) -> str:
    """Say how many tracks there are, and of which kind."""
    what = {"all": "", "unanalysed": " not analysed", "files": " with music"}[asked.show]
    many = f"More than {page.found:,}" if page.more and asked.show == "all" else f"{page.found:,}"
    noun = "track" if page.found == 1 and not page.more else "tracks"
    found = f" found for “{asked.text}”" if asked.text else ""
    return f"{many} {noun}{what}{found}"


def place_line(page: Page) -> str:
    """Say which rows are shown: "1 to 50 of 1,204"."""
    if not page.first:
        return ""
    last = min(page.first + PAGE_SIZE - 1, page.found)
    return f"{page.first:,} to {last:,} of {page.found:,}"


def note(page: Page, asked: Asked) -> Component | None:
    """Say what to do where nothing is found, or where what is shown was never analysed."""
    if not page.found:
        if asked.text:
            said = "Nothing is found with these words. Try fewer of them, or another spelling."
        elif asked.show == "files":
            said = "None of your music is here yet. Add the folder that holds it."
        elif asked.show == "unanalysed":
            said = "Everything is analysed."
        else:
            said = "No track is here yet. Add tracklists or music above."
        return html.P(said, className="quiet tracks-none")
    if asked.show != "unanalysed":
        return None
    return html.P(
        [
            "Segue knows these from tracklists and has not heard them. ",
            dcc.Link("Add the folder that holds your music", href="?add=folder"),
            ": what it recognises gets tempo, key, energy and sound.",
        ],
        className="note",
    )


def sort_shown(asked: Asked) -> str:
    """Return what the menu of orders shows: the nearest to what the address says."""
    if not asked.sort:
        return _AS_FOUND
    name = f"{'-' if asked.down else ''}{asked.sort}"
    return next((key for key in _SORTS if key.lstrip("-") == name.lstrip("-")), _AS_FOUND)


def sort_chosen(value: str | None) -> tuple[str, bool]:
    """Return the column and whether the largest come first, as the menu of orders says."""
    if not value or value == _AS_FOUND:
        return "", False
    return value.lstrip("-"), value.startswith("-")
