"""What the Dig page shows, and the address that shows it again.

The address is the only place where the view is kept: reload, back, bookmark and
a link sent to a friend all work because there is nothing else to restore.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from data.records import Lens
from hybrid.steering import Dials, Filters, Rules, Steering, Strictness

PAGE = 25
ARTIST_CAP = Rules.for_length(PAGE).artist_cap
MOST = 200
TEMPO = int(Filters().tempo_percent or 0)
MINUTES = int(Filters().max_minutes or 0)
_MOST_CRATES = 999_999_999
#: Columns that a list can be sorted by, either way.
SORTS = tuple(
    way + column
    for column in ("rank", "track", "bpm", "key", "energy", "year", "label", "score")
    for way in ("", "-")
)
MOST_NAMES = 20  # labels or genres that an address may ask for

#: Lowest and highest, both included; None is an open end.
Bounds = tuple[int | None, int | None]
OPEN: Bounds = (None, None)


@dataclass(frozen=True, slots=True)
class View:
    """One state of the Dig page.

    Parameters
    ----------
    seeds : tuple of int or str
        Recording ids, or texts still to be understood, in the order they were added.
    lens : {"goes_with", "next"}
        What is in the same sets, or what is played straight after the last seed.
    balance : int
        0 for what DJs played alone, 100 for what it sounds like alone.
    tempo : int or None
        Pitch change at most, in percent; None for any tempo.
    half_double : bool
        Whether half and double time count as the same tempo.
    key : {"off", "soft", "strict"}
    energy : bounds
        In percent.
    years : bounds
    labels, genres : tuple of str
    library : {"all", "mine", "new"}
    max_minutes : int or None
    disliked : bool
        Whether tracks the DJ dislikes, or that clash, are listed.
    popularity : int
        -100 for deep cuts to 100 for the well known.
    hubs : int
        0 to 100: how far tracks that come up in every list are held back.
    one_version : bool
        Whether only one version of a work is listed, and none of a seed's work.
    artist_cap : int
        Most tracks of one artist in the list; 0 for as many as there are.
    spread : bool
        Whether no artist comes twice in a row.
    length : int
        Longest list to show.
    sort : str
        Column that the list is sorted by, behind a "-" the other way round; empty for best first.
    without : int or None
        Id of a crate whose tracks are left out, such as what was played tonight.
    left_out : frozenset of int
        The recordings in that crate. No part of the address: `dashboard.services.dig` fills it in.
    """

    seeds: tuple[int | str, ...] = ()
    lens: Lens = "goes_with"
    balance: int = 50
    tempo: int | None = TEMPO
    half_double: bool = True
    key: Strictness = "soft"
    energy: Bounds = OPEN
    years: Bounds = OPEN
    labels: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    library: Literal["all", "mine", "new"] = "all"
    max_minutes: int | None = MINUTES
    disliked: bool = False
    popularity: int = 0
    hubs: int = 0
    one_version: bool = True
    artist_cap: int = ARTIST_CAP
    spread: bool = True
    length: int = PAGE
    sort: str = ""
    without: int | None = None
    left_out: frozenset[int] = frozenset()

    @classmethod
    def from_search(cls, search: str | None) -> View:
        """Read the query part of an address; what makes no sense is left at its default."""
        pairs = parse_qsl((search or "").lstrip("?"))
        seeds = dict.fromkeys(_read_seed(value) for key, value in pairs if key == "seed")
        values: dict[str, Any] = {
            name: _names(value for key, value in pairs if key == option)
            for name, option in _NAMES.items()
        }
        given = dict(pairs)
        for name, option in _OPTIONS.items():
            try:
                values[name] = option.read(given[option.key])
            except (KeyError, ValueError):
                continue
        return cls(seeds=tuple(seed for seed in seeds if seed != ""), **values)

    def to_search(self) -> str:
        """Write the query part of an address; empty for the plain start page."""
        pairs = [("seed", _write_seed(seed)) for seed in self.seeds]
        for name, option in _OPTIONS.items():
            if (value := getattr(self, name)) != _DEFAULTS[name]:
                pairs.append((option.key, option.write(value)))
        for name, key in _NAMES.items():
            pairs += [(key, said) for said in getattr(self, name)]
        return f"?{urlencode(pairs)}" if pairs else ""

    def steering(self) -> Steering:
        """Return the filters and dials, as the recommender takes them."""
        low, high = (None if end is None else end / 100 for end in self.energy)
        filters = Filters(
            tempo_percent=self.tempo,
            half_double=self.half_double,
            key=self.key,
            energy=(low, high),
            years=self.years,
            labels=self.labels,
            genres=self.genres,
            library=self.library,
            without=self.left_out,
            max_minutes=self.max_minutes,
            disliked=self.disliked,
        )
        return Steering(filters, Dials(self.popularity / 100, self.hubs / 100))

    def rules(self) -> Rules:
        """Return the shape of the list, as the recommender takes it."""
        return Rules(
            exclude_seed_versions=self.one_version,
            one_version_per_work=self.one_version,
            artist_cap=self.artist_cap,
            spread_artists=self.spread,
        )

    def reset(self) -> View:
        """Return the view with every filter, dial and rule as it is at first."""
        return View(self.seeds, self.lens, self.balance)

    def after(self, control: str, key: Any, value: Any) -> View:
        """Return the view that follows when a person uses one of the page's controls.

        Parameters
        ----------
        control : str
            ``"seed-add"``, ``"seed-only"``, ``"seed-remove"``, ``"seed-swap"``,
            ``"seed-clear"``, ``"rule"``, ``"steer"``, ``"unhide"``, ``"sort"``, ``"reset"`` or
            ``"more"``.
        key : Any
            What the control stands for: a seed, the place of a chip, the name of a setting.
        value : Any
            The control's new value; only switches, sliders and fields have one that matters.

        Raises
        ------
        ValueError
            For a control that does not exist, or a value that it cannot have.
        """
        if control == "seed-add":
            return replace(self, seeds=tuple(dict.fromkeys((*self.seeds, key))), length=PAGE)
        if control == "seed-only":
            return replace(self, seeds=(key,), length=PAGE)
        if control == "seed-remove":
            kept = tuple(seed for i, seed in enumerate(self.seeds) if i != key)
            return replace(self, seeds=kept, length=PAGE)
        if control == "seed-swap":
            place, _, other = str(key).partition(":")
            swapped = [int(other) if str(i) == place else s for i, s in enumerate(self.seeds)]
            return replace(self, seeds=tuple(dict.fromkeys(swapped)), length=PAGE)
        if control == "seed-clear":
            return replace(self, seeds=(), length=PAGE)
        if control == "more":
            return replace(self, length=min(self.length + PAGE, MOST))
        if control == "sort":
            return replace(self, sort=key if key in SORTS else "")
        if control == "reset":
            return self.reset()
        if control == "unhide" and key in LOOSENED:
            return replace(self, **LOOSENED[key])
        if control == "rule" and key in _SWITCHES:
            switched: dict[str, Any] = {key: bool(value)}
            return replace(self, **switched)
        if control == "steer" and key in _STEERED:
            return replace(self, **_STEERED[key](self, value))
        raise ValueError(f"no control {control!r} with {key!r} on this page")


#: What loosens each filter and rule, by the name that `data.records.Hidden` has for it.
LOOSENED: Mapping[str, dict[str, Any]] = {
    "without": {"without": None},
    "tempo": {"tempo": None},
    "key": {"key": "soft"},
    "energy": {"energy": OPEN},
    "year": {"years": OPEN},
    "label": {"labels": ()},
    "genre": {"genres": ()},
    "library": {"library": "all"},
    "length": {"max_minutes": None},
    "disliked": {"disliked": True},
    "clashes": {"disliked": True},
    "version of a seed": {"one_version": False},
    "other version": {"one_version": False},
    "same artist": {"artist_cap": 0},
}

_DEFAULTS = {field.name: field.default for field in fields(View)}
_SWITCHES = ("half_double", "disliked", "one_version", "spread")

# -- how each part of a view is written in the address


@dataclass(frozen=True, slots=True)
class _Option:
    """One part of the address; `read` raises ValueError where a text makes no sense."""

    key: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal()):
            raise ValueError(text)
        # An end too far is the end; int() itself refuses a text of thousands of digits.
        number = int(digits[:9])
        return min(max(-number if text.startswith("-") else number, low), high)

    return read


def _positive(low: int, high: int) -> Callable[[str], int]:
    read = _whole(low, high)

    def positive(text: str) -> int:
        if text.startswith("-"):
            raise ValueError(text)
        return read(text)

    return positive


def _limit(low: int, high: int) -> Callable[[str], int | None]:
    read = _positive(low, high)
    return lambda text: None if text == "off" else read(text)


def _one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def _yes_no(yes: str, no: str) -> tuple[Callable[[str], bool], Callable[[bool], str]]:
    """Read and write a switch that the address has two words for."""
    return lambda text: _one_of(yes, no)(text) == yes, lambda on: yes if on else no


def _bounds(low: int, high: int) -> Callable[[str], Bounds]:
    end = _positive(low, high)

    def read(text: str) -> Bounds:
        first, dots, last = text.partition("..")
        if not dots:
            raise ValueError(text)
        least, most = (end(first) if first else None), (end(last) if last else None)
        if least is not None and most is not None and least > most:
            raise ValueError(text)
        return least, most

    return read


def _write_bounds(bounds: Bounds) -> str:
    return "..".join("" if end is None else str(end) for end in bounds)


def _write_limit(limit: int | None) -> str:
    return "off" if limit is None else str(limit)


_OPTIONS: Mapping[str, _Option] = {
    "lens": _Option("lens", _one_of("goes_with", "next")),
    "balance": _Option("balance", _positive(0, 100)),
    "tempo": _Option("tempo", _limit(0, 100), _write_limit),
    "half_double": _Option("double", *_yes_no("on", "off")),
    "key": _Option("key", _one_of("off", "soft", "strict")),
    "energy": _Option("energy", _bounds(0, 100), _write_bounds),
    "years": _Option("years", _bounds(0, 9999), _write_bounds),
    "library": _Option("library", _one_of("all", "mine", "new")),
    "max_minutes": _Option("minutes", _limit(1, 999), _write_limit),
    "disliked": _Option("disliked", *_yes_no("show", "hide")),
    "popularity": _Option("popularity", _whole(-100, 100)),
    "hubs": _Option("hubs", _positive(0, 100)),
    "one_version": _Option("versions", *_yes_no("one", "all")),
    "artist_cap": _Option("cap", _positive(0, MOST)),
    "spread": _Option("spread", *_yes_no("on", "off")),
    "length": _Option("show", _positive(1, MOST)),
    "sort": _Option("sort", _one_of(*SORTS)),
    "without": _Option("without", _positive(1, _MOST_CRATES)),
}
#: Parts that may stand in an address several times.
_NAMES: Mapping[str, str] = {"labels": "label", "genres": "genre"}


def _names(texts: Any) -> tuple[str, ...]:
    said = dict.fromkeys(" ".join(str(text).split()) for text in texts)
    return tuple(name for name in said if name)[:MOST_NAMES]


def _read_seed(value: str) -> int | str:
    value = value.strip()
    if value.isdecimal() and value.isascii() and len(value) < 16:
        return int(value)
    return value.strip('"').strip()


def _write_seed(seed: int | str) -> str:
    # Quotes keep a title that is a number ("1999") apart from a recording id.
    return f'"{seed}"' if isinstance(seed, str) and seed.isdecimal() else str(seed)


# -- how the value of a control becomes part of a view


def _as_written(name: str) -> Callable[[View, Any], dict[str, Any]]:
    """Controls whose value is what the address says."""
    return lambda _view, value: {name: _OPTIONS[name].read(str(value))}


def _energy(_view: View, value: Any) -> dict[str, Any]:
    low, high = sorted(int(end) for end in value)
    return {"energy": (low if low > 0 else None, high if high < 100 else None)}


def _without(_view: View, value: Any) -> dict[str, Any]:
    return {"without": None if value in (None, "", "off") else int(value)}


def _year(place: int) -> Callable[[View, Any], dict[str, Any]]:
    def turned(view: View, value: Any) -> dict[str, Any]:
        ends = list(view.years)
        ends[place] = None if value in (None, "") else min(max(int(value), 0), 9999)
        if None not in ends:
            ends.sort()
        return {"years": tuple(ends)}

    return turned


_STEERED: Mapping[str, Callable[[View, Any], dict[str, Any]]] = {
    **{
        name: _as_written(name)
        for name in (
            "lens",
            "balance",
            "tempo",
            "key",
            "library",
            "max_minutes",
            "popularity",
            "hubs",
            "artist_cap",
        )
    },
    "energy": _energy,
    "years-from": _year(0),
    "years-to": _year(1),
    "without": _without,
    "labels": lambda _view, value: {"labels": _names(value or ())},
    "genres": lambda _view, value: {"genres": _names(value or ())},
}
