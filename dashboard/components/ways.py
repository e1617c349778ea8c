"""The ways to add something to the Library: folders, files, tracklists, playlists, MixesDB."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import counted, icon
from dashboard.services.folders import Found, Listing

PATH_ID = "library-path"
LOOK_ID = "library-look"
FOUND_ID = "library-found"
BROWSE_ID = "library-browse"
BROWSER_ID = "library-browser"
PASTED_ID = "library-pasted"
PASTE_ID = "library-paste"
CRATE_NAME_ID = "library-crate-name"
CATEGORY_ID = "library-category"
SINCE_ID = "library-since"
LIMIT_ID = "library-limit"
SCRAPE_ID = "library-scrape"
POLITE_ID = "library-polite"

#: Every way to add something: its name in the address, its word, and what it is for.
WAYS = (
    ("folder", "A folder of music", "From this computer"),
    ("files", "Audio files", "From this device, by hand"),
    ("tracklists", "Tracklists", "Files, or pasted text"),
    ("playlist", "A playlist", "rekordbox, Traktor, M3U, CSV"),
    ("mixesdb", "MixesDB", "Sets from the web"),
)
_AUDIO = "audio/*,.aif,.aiff,.alac,.ape,.flac,.m4a,.mp3,.ogg,.opus,.wav,.wma,.wv"


def add() -> Component:
    """Return the ways to add something; which one is open stands in the address."""
    panels = (folder_panel(), _files(), _tracklists(), _playlist(), _mixesdb())
    return html.Section(
        [
            html.H2("Add to it"),
            html.Div(
                [
                    part
                    for way, panel in zip(WAYS, panels, strict=True)
                    for part in _way(*way, panel)
                ],
                className="ways",
            ),
        ],
        className="add",
    )


def _way(name: str, word: str, what: str, panel: list[Component]) -> list[Component]:
    return [
        html.Button(
            [
                icon(f"add-{name}"),
                html.Span(word, className="way-name"),
                html.Span(what, className="way-what"),
            ],
            id={"type": "add-open", "key": name},
            type="button",
            className="way",
            **{"aria-expanded": "false"},
        ),
        # A style sheet puts it below all ways where they stand side by side.
        html.Div(
            panel,
            id={"type": "add-panel", "key": name},
            className="add-panel",
            hidden=True,
        ),
    ]


def folder_panel() -> list[Component]:
    """Return the place of the folder form; only this computer gets what is in it."""
    return [
        html.Div(
            [
                dmc.TextInput(
                    id=PATH_ID,
                    label="Where the music is",
                    placeholder="/home/me/Music",
                    value="",
                    debounce=True,  # Enter brings the whole text with it
                    inputProps={"spellCheck": False, "autoComplete": "off"},
                    className="grow",
                ),
                html.Button("Browse", id=BROWSE_ID, type="button", className="small-button"),
                html.Button("Find music", id=LOOK_ID, type="button", className="main-button"),
            ],
            className="form-line",
        ),
        html.Div(id=BROWSER_ID),
        dcc.Loading(html.Div(id=FOUND_ID, role="status"), delay_show=300),
        html.P(
            "Segue only reads: nothing in the folder is changed, moved or sent anywhere.",
            className="quiet",
        ),
    ]


def not_local() -> Component:
    """Return what stands in the place of the folder form on another machine."""
    return html.P(
        "Folders can be chosen only on the computer that runs Segue, while it listens to that "
        "computer alone. From here you can add audio files instead.",
        className="quiet",
    )


def browser(listing: Listing) -> Component:
    """Return the folders in a folder, each a button."""
    path = listing.path
    buttons = [
        html.Li(
            html.Button(
                [icon("folder"), name],
                id={"type": "folder-go", "key": str(path / name)},
                type="button",
                className="folder",
            )
        )
        for name in listing.folders
    ]
    if path.parent != path:
        up = html.Button(
            [icon("up"), "Up"],
            id={"type": "folder-go", "key": str(path.parent)},
            type="button",
            className="folder",
        )
        buttons.insert(0, html.Li(up))
    said = counted(listing.audio, "audio file") + " right here" if listing.audio else ""
    return html.Div(
        [
            html.P([html.Strong(str(path)), html.Span(said)], className="browser-path"),
            html.Ul(buttons, className="folders", **{"aria-label": f"Folders in {path}"}),
            *(
                [html.P("There are more folders; type the path.", className="quiet")]
                if listing.cut
                else []
            ),
            html.Button(
                "Look into this folder",
                id={"type": "folder-take", "key": str(path)},
                type="button",
                className="small-button",
            ),
        ],
        className="browser",
    )


def found(what: Found) -> Component:
    """Return what lies in a folder, and the button that starts listening to it."""
    if not what.files:
        return html.P(f"There is no audio in {what.path} or the folders in it.")
    number = counted(what.files, "audio file")
    many = f"More than {number}" if not what.whole else number
    places = f" in {counted(what.folders, 'folder')}" if what.folders > 1 else ""
    if not what.new and what.whole:
        known = "Segue knows all of them; it looks only for changes."
    elif what.new == what.files:
        known = "All of them are new."
    else:
        known = f"{what.new:,} of them are new."
    return html.Div(
        [
            html.P([html.Strong(f"{many}{places}. "), known]),
            html.Button(
                "Start listening",
                id={"type": "folder-start", "key": str(what.path)},
                type="button",
                className="main-button",
            ),
        ],
        className="found",
    )


def _drop(
    purpose: str, choose: str, what: str, *, accept: str = "", many: bool = True
) -> Component:
    """Return a place where files can be dropped or chosen; ``assets/upload.js`` does the rest."""
    return html.Div(
        [
            html.P(what),
            html.Button(
                choose,
                type="button",
                className="main-button",
                **{
                    "data-upload": purpose,
                    "data-accept": accept,
                    "data-many": "yes" if many else "",
                },
            ),
            html.Div(className="upload-state", role="status"),
        ],
        className="drop",
        **{"data-drop": purpose, "data-many": "yes" if many else ""},
    )


def _files() -> list[Component]:
    return [
        _drop(
            "music",
            "Choose audio files",
            "Drop audio files here. Segue keeps a copy and listens to it.",
            accept=_AUDIO,
        ),
        html.P(
            "Up to 2 GB at once. For a whole collection, name its folder instead: "
            "nothing is copied then.",
            className="quiet",
        ),
    ]


def _tracklists() -> list[Component]:
    return [
        _drop(
            "tracklists",
            "Choose tracklist files",
            "Drop tracklists here: MixesDB wikitext, saved 1001Tracklists pages, CSV, plain text.",
        ),
        dmc.Textarea(
            id=PASTED_ID,
            label="Or paste one",
            placeholder="DJ Name - Night at the Dock - 2024-05-31\n\n01. Artist - Title\n02. ...",
            autosize=True,
            minRows=5,
            maxRows=16,
            value="",
            debounce=True,
            inputProps={"spellCheck": False},
        ),
        html.Button("Add this tracklist", id=PASTE_ID, type="button", className="main-button"),
    ]


def _playlist() -> list[Component]:
    return [
        dmc.TextInput(
            id=CRATE_NAME_ID,
            label="Name of the crate it becomes",
            description="Empty: the playlist's own name.",
            value="",
            inputProps={"autoComplete": "off"},
        ),
        _drop(
            "playlist",
            "Choose a playlist",
            "Drop a playlist here: rekordbox XML, Traktor NML, M3U, CSV, JSPF or plain text.",
            many=False,
        ),
    ]


def _mixesdb() -> list[Component]:
    return [
        html.Div(
            [
                dmc.TextInput(
                    id=CATEGORY_ID,
                    label="Category, as MixesDB writes it",
                    placeholder="Essential Mix",
                    value="",
                    debounce=True,
                    inputProps={"autoComplete": "off", "spellCheck": False},
                    className="grow",
                ),
                dmc.TextInput(
                    id=SINCE_ID,
                    label="Not older than",
                    placeholder="2020 or 2020-06",
                    value="",
                    debounce=True,
                    inputProps={"autoComplete": "off"},
                ),
                dmc.NumberInput(
                    id=LIMIT_ID,
                    label="How many sets at most",
                    value=200,
                    min=1,
                    step=50,
                    allowDecimal=False,
                    allowNegative=False,
                ),
                html.Button("Fetch sets", id=SCRAPE_ID, type="button", className="main-button"),
            ],
            className="form-line",
        ),
        html.P(id=POLITE_ID, className="quiet"),
    ]


def polite(delay_s: float) -> str:
    """Say that the network is used, and how gently."""
    pause = counted(round(delay_s), "second")
    return (
        f"This goes to mixesdb.com over the network: one request every {pause}, with up to 50 "
        "sets in each, newest first. It can be cancelled and goes on where it stopped."
    )
