"""The ways to add something to the Library: music, tracklists, playlists, MixesDB, Spotify."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import counted, icon
from dashboard.components.ways_web import mixesdb_form, spotify_form
from dashboard.links import MOST_PER_GENRE, PER_GENRE, Asking
from dashboard.services.folders import Found, Listing

PATH_ID = "library-path"
LOOK_ID = "library-look"
FOUND_ID = "library-found"
BROWSE_ID = "library-browse"
BROWSER_ID = "library-browser"
PASTED_ID = "library-pasted"
PASTE_ID = "library-paste"
CRATE_NAME_ID = "library-crate-name"
PER_GENRE_ID = "library-per-genre"
DRAW_ID = "library-draw"

#: Every way to add something: its name in the address, its word, and what it is for.
WAYS = (
    ("folder", "A folder of music", "From this computer"),
    ("files", "Audio files", "From this device, by hand"),
    ("tracklists", "Tracklists", "Files, or pasted text"),
    ("playlist", "A playlist", "rekordbox, Traktor, M3U, CSV"),
    ("tracks", "A list of tracks", "CSV, some of each genre"),
    ("spotify", "Spotify", "A track, or your playlist"),
    ("mixesdb", "MixesDB", "Sets from the web"),
)
_AUDIO = "audio/*,.aif,.aiff,.alac,.ape,.flac,.m4a,.mp3,.ogg,.opus,.wav,.wma,.wv"


def add() -> Component:
    """Return the ways to add something; which one is open stands in the address."""
    panels = (
        folder_panel(),
        _files(),
        _tracklists(),
        _playlist(),
        _tracks(),
        spotify_form(Asking()),
        mixesdb_form(),
    )
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
        html.P(
            "Of rekordbox and Traktor the whole collection comes in: your library. Each playlist "
            "in it becomes a crate.",
            className="quiet",
        ),
    ]


def _tracks() -> list[Component]:
    return [
        html.Div(
            [
                dmc.NumberInput(
                    id=PER_GENRE_ID,
                    label="Tracks of each genre",
                    value=PER_GENRE,
                    min=1,
                    max=MOST_PER_GENRE,
                    step=10,
                    allowDecimal=False,
                    allowNegative=False,
                ),
                dmc.NumberInput(
                    id=DRAW_ID,
                    label="Draw: another number takes other tracks",
                    value=0,
                    min=0,
                    allowDecimal=False,
                    allowNegative=False,
                ),
            ],
            className="form-line",
        ),
        _drop(
            "tracks",
            "Choose a list of tracks",
            "Drop a CSV here with the columns artists, track_name, track_genre and track_id.",
            accept=".csv,text/csv",
            many=False,
        ),
        html.P(
            "Segue adds the tracks by name and listens to a preview of each where Deezer or Apple "
            "has one. Tracks it knows are skipped. It can be cancelled and goes on where it "
            "stopped.",
            className="quiet",
        ),
    ]
