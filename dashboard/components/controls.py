"""What steers the list: the lens, the slider between sets and sound, and the filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.components.text import counted, hidden
from dashboard.view import ARTIST_CAP, MINUTES, OPEN, View
from data.records import Answer
from hybrid.fusion import PARTS

CONTROLS_ID = "dig-controls"
WEIGHED_ID = "dig-weighed"
KEPT_ID = "dig-kept"
FILTERS_ID = "dig-filters"


def _named(name: str) -> dict[str, str]:
    return {"type": "steer", "key": name}


#: The fields that suggest names of the catalogue, and the choice of a crate to leave out.
GENRES, LABELS, WITHOUT = _named("genres"), _named("labels"), _named("without")
NO_CRATE = "off"
#: What the parts of a score are called.
PART_NAMES = {
    "sets": "sets",
    "next": "played next",
    "artist_label": "artist and label",
    "sound": "sound",
    "prior": "popularity",
    "steering": "your marks and dials",
}
_SHOWN_SHARE = 0.005  # less is 0% when it is written down
_LENSES = {"goes_with": "Goes with", "next": "Played next"}
_TEMPOS = (3, 6, 10)
_MINUTES = (10, MINUTES, 30)
_CAPS = (1, 2, ARTIST_CAP)


def controls() -> Component:
    """Return everything that steers a list, out of sight until there is one.

    It stands on the page once and for all: what is drawn anew loses the keyboard. What it
    shows is `values`, written into it by ``assets/segue.js``.
    """
    return html.Div(
        [
            html.Div([_lens(), _balance()], className="steer"),
            html.Details(
                [
                    html.Summary(
                        [
                            html.Span("Filters", className="filters-word"),
                            html.Span(id=KEPT_ID, className="filters-kept"),
                        ],
                        id=FILTERS_ID,
                        className="filters-head",
                    ),
                    _filters(),
                ],
                className="filters",
            ),
        ],
        id=CONTROLS_ID,
        hidden=True,
    )


def values(view: View) -> dict[str, Any]:
    """Return what each control shows of a view, by its key."""
    low, high = view.energy
    first, last = view.years
    return {
        "lens": view.lens,
        "balance": view.balance,
        "tempo": "off" if view.tempo is None else str(view.tempo),
        "half_double": view.half_double,
        "key": view.key,
        "energy": [low or 0, 100 if high is None else high],
        "years-from": "" if first is None else first,
        "years-to": "" if last is None else last,
        "genres": list(view.genres),
        "labels": list(view.labels),
        "library": view.library,
        "popularity": view.popularity,
        "hubs": view.hubs,
        "artist_cap": str(view.artist_cap),
        "max_minutes": "off" if view.max_minutes is None else str(view.max_minutes),
        "one_version": view.one_version,
        "spread": view.spread,
        "disliked": view.disliked,
        "without": NO_CRATE if view.without is None else str(view.without),
    }


def crate_choices(crates: Sequence[tuple[int, str, int]]) -> list[dict[str, str]]:
    """Return what "Played tonight" offers of crates, given as ids, names and sizes."""
    named = [
        {"value": str(number), "label": f"{name} ({counted(size, 'track')})"}
        for number, name, size in crates
    ]
    return [{"value": NO_CRATE, "label": "Leave nothing out"}, *named]


def _lens() -> Component:
    return dmc.SegmentedControl(
        id=_named("lens"),
        data=[{"value": value, "label": label} for value, label in _LENSES.items()],
        value="goes_with",
        className="lens",
        **{"aria-label": "Tracks that go with it, or that are played straight after it"},
    )


def _balance() -> Component:
    return html.Div(
        [
            html.Div(
                [html.Span("What DJs played"), html.Span("What it sounds like")],
                className="slider-ends",
            ),
            dmc.Slider(
                id=_named("balance"),
                value=50,
                step=5,
                label=None,
                marks=[{"value": 50}],
                thumbLabel="0: what DJs played alone. 100: what it sounds like alone.",
            ),
            html.P(id=WEIGHED_ID, className="weighed"),
        ],
        className="balance",
    )


def weighed(answer: Answer) -> list[Component | str]:
    """Say how much each part counts in this list: "This list: 55% sets, 20% played next"."""
    count = len(answer.results)
    shares = [
        (sum(found.weights.get(part, 0.0) for found in answer.results) / count, part)
        for part in (PARTS if count else ())
    ]
    shown = [(share, part) for share, part in shares if share >= _SHOWN_SHARE]
    if not shown:
        return []
    said: list[Component | str] = ["This list: "]
    for i, (share, part) in enumerate(sorted(shown, key=lambda pair: -pair[0])):
        said += [
            ", " if i else "",
            html.Span(f"{share:.0%} {PART_NAMES[part]}", className=f"part part-{part}"),
        ]
    return said


# -- the filters


def in_force(view: View) -> list[str]:
    """Name the filters and rules that may hide a track, each in a few words."""
    filters = {
        f"tempo ±{view.tempo}%": view.tempo is not None,
        "keys that mix": view.key == "strict",
        f"energy {_range(view.energy, '%')}": view.energy != OPEN,
        f"years {_range(view.years)}": view.years != OPEN,
        f"genre {', '.join(view.genres)}": bool(view.genres),
        f"label {', '.join(view.labels)}": bool(view.labels),
        "my library": view.library == "mine",
        "new to me": view.library == "new",
        f"up to {view.max_minutes} min": view.max_minutes is not None,
        "one version of each": view.one_version,
        f"{view.artist_cap} per artist": view.artist_cap > 0,
        "without a crate": view.without is not None,
    }
    return [words for words, on in filters.items() if on]


def _range(bounds: tuple[int | None, int | None], unit: str = "") -> str:
    low, high = bounds
    if low is None:
        return f"up to {high}{unit}"
    return f"from {low}{unit}" if high is None else f"{low}–{high}{unit}"


def kept(view: View) -> list[Component]:
    """Return how many filters are in force, and which."""
    words = in_force(view)
    return [
        html.Span([str(len(words)), hidden(" in force: ")], className="filters-count"),
        html.Span(", ".join(words), className="filters-list"),
    ]


def _filters() -> Component:
    return html.Div(
        [
            _group("How it mixes", *_mixing()),
            _group("What it is", _energy(), _years(), *_names()),
            _group("How known it is", *_known()),
            _group("How the list is made", *_rules()),
            html.Button(
                "Reset all filters",
                id={"type": "reset", "key": 0},
                type="button",
                className="small-button",
            ),
        ],
        className="filters-body",
    )


def _group(title: str, *fields: Component) -> Component:
    return html.Section([html.H3(title), *fields], className="filters-group")


def _field(label: str, control: Component, hint: str = "") -> Component:
    """Return a control under its label; the control carries the label for screen readers too."""
    return html.Div(
        [
            html.Span(label, className="field-label", **{"aria-hidden": "true"}),
            control,
            *([html.Span(hint, className="field-hint")] if hint else []),
        ],
        className="field",
    )


def _choice(name: str, label: str, choices: dict[str, str], hint: str = "") -> Component:
    control = dmc.SegmentedControl(
        id=_named(name),
        data=[{"value": key, "label": words} for key, words in choices.items()],
        value=next(iter(choices)),
        size="sm",
        fullWidth=True,
        **{"aria-label": label},
    )
    return _field(label, control, hint)


def _numbers(known: tuple[int, ...], words: str, off: str) -> dict[str, str]:
    return {off: "Any"} | {str(number): words.format(number) for number in sorted(set(known))}


def _mixing() -> tuple[Component, ...]:
    return (
        _choice("tempo", "Tempo", _numbers(_TEMPOS, "±{}%", "off")),
        _switch("half_double", "Half and double time count"),
        _choice(
            "key",
            "Key",
            {"off": "Any", "soft": "Better first", "strict": "Only those that mix"},
            "A track of unknown tempo or key is never hidden by these.",
        ),
    )


def _energy() -> Component:
    slider = dmc.RangeSlider(
        id=_named("energy"),
        value=[0, 100],
        step=5,
        minRange=0,
        thumbFromLabel="Least energy, in percent",
        thumbToLabel="Most energy, in percent",
    )
    return _field("Energy, calm to peak time", slider)


def _years() -> Component:
    return html.Div(
        [
            dmc.NumberInput(
                id=_named(f"years-{end}"),
                label=label,
                value="",
                debounce=True,
                hideControls=True,
                allowNegative=False,
                allowDecimal=False,
                size="sm",
            )
            for end, label in (("from", "From year"), ("to", "To year"))
        ],
        className="field field-years",
    )


def _names() -> tuple[Component, ...]:
    fields = [
        dmc.TagsInput(
            id=_named(name),
            label=label,
            value=[],
            placeholder="Type one, then Enter",
            size="sm",
            acceptValueOnBlur=True,
            data=[],
            filter={"function": "segue.byWords"},
            comboboxProps={"shadow": "md"},
        )
        for name, label in (("genres", "Genre"), ("labels", "Label"))
    ]
    hint = "Each of these also hides the tracks of which it is not known."
    return *fields, html.Span(hint, className="field-hint")


def _known() -> tuple[Component, ...]:
    popularity = dmc.Slider(
        id=_named("popularity"),
        value=0,
        min=-100,
        max=100,
        step=10,
        label=None,
        marks=[{"value": 0}],
        thumbLabel="-100: deep cuts first. 100: the well known first.",
    )
    hubs = dmc.Slider(
        id=_named("hubs"),
        value=0,
        step=10,
        label=None,
        thumbLabel="How far tracks that come up in every list are held back, 0 to 100",
    )
    return (
        _choice(
            "library",
            "Library",
            {"all": "All", "mine": "Mine", "new": "New to me"},
            "Mine: you have a file of it, or rekordbox or Traktor lists it.",
        ),
        _played(),
        _between("Deep cuts", "Well known", popularity),
        _between("Tracks on every list: as they come", "held back", hubs),
    )


def _played() -> Component:
    return html.Div(
        [
            dmc.Select(
                id=WITHOUT,
                label="Played tonight",
                data=crate_choices(()),
                value=NO_CRATE,
                allowDeselect=False,
                size="sm",
                comboboxProps={"shadow": "md"},
            ),
            html.Span("What is in this crate stays off the list.", className="field-hint"),
        ],
        className="field",
    )


def _between(low: str, high: str, slider: Component) -> Component:
    return html.Div(
        [html.Div([html.Span(low), html.Span(high)], className="slider-ends"), slider],
        className="field",
    )


def _rules() -> tuple[Component, ...]:
    return (
        _choice("artist_cap", "Most of one artist", _numbers(_CAPS, "{}", "0")),
        _choice("max_minutes", "Longest track", _numbers(_MINUTES, "{} min", "off")),
        _switch("one_version", "One version of each work"),
        _switch("spread", "No artist twice in a row"),
        _switch("disliked", "Also what you dislike or what clashes"),
    )


def _switch(name: str, label: str) -> Component:
    return dmc.Switch(
        id={"type": "rule", "key": name},
        label=label,
        checked=False,
        size="sm",
        withThumbIndicator=False,
    )
