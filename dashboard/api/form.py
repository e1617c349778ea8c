"""How a list is steered from outside: the options of the command line, and their form in JSON.

Both become one form, ``{"lens": ..., "balance": ..., "filters": {...}, "dials": {...},
"rules": {...}}``, with the names of `hybrid.steering`. It is read in one place, so that an
option and a line of a query file mean the same and are refused alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from data.errors import SegueError

if TYPE_CHECKING:
    from data.records import Lens
    from hybrid.steering import Rules, Steering

Form = dict[str, Any]
MOST = 10_000  # results; more is no list

_GROUPS = ("filters", "dials", "rules")
_OFF = "off"
_ANY = float("inf")


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list is asked for: the arguments of `hybrid.recommender.Recommender.recommend`."""

    k: int
    lens: Lens
    balance: float
    steering: Steering
    rules: Rules

    def arguments(self) -> dict[str, Any]:
        """Return them by name."""
        return {name: getattr(self, name) for name in ("k", "lens", "balance", "steering", "rules")}


def merged(defaults: Form, own: Form) -> Form:
    """Return the form that says what `own` says, and what `defaults` says besides.

    Raises
    ------
    SegueError
        If a group of it is no object.
    """
    both = {**defaults, **own}
    for group in _GROUPS:
        if not isinstance(own.get(group, {}), dict):
            raise SegueError(f'"{group}" is no object {{"name": value}}.')
        both[group] = {**defaults.get(group, {}), **own.get(group, {})}
    return both


def read_form(form: Form, names: Mapping[str, str] | None = None) -> Asked:
    """Read a form; what it does not say is as a DJ gets it who touches nothing.

    Parameters
    ----------
    form : dict
        See the module; it may also hold ``"k"``, the length of the list.
    names : mapping of str to str, optional
        What to call a value that makes no sense, by its path such as ``"filters.key"``.

    Raises
    ------
    SegueError
        If it holds a name that is not known, or a value that makes no sense.
    """
    from hybrid.steering import Dials, Filters, Rules, Steering

    values = _read("", {key: form[key] for key in form if key not in _GROUPS}, _TOP, names)
    groups = {
        group: _read(f"{group}.", form.get(group, {}), readers, names)
        for group, readers in (("filters", _FILTERS), ("dials", _DIALS), ("rules", _RULES))
    }
    k = values.get("k", 50)
    return Asked(
        k,
        values.get("lens", "goes_with"),
        values.get("balance", 0.5),
        Steering(Filters(**groups["filters"]), Dials(**groups["dials"])),
        replace(Rules.for_length(k), **groups["rules"]),
    )


def _read(
    place: str, values: Form, readers: Mapping[str, _Reader], names: Mapping[str, str] | None
) -> Form:
    read = {}
    for key, value in values.items():
        if key not in readers:
            known = [*readers, *(() if place else _GROUPS)]
            raise SegueError(f'There is no "{place}{key}"; known are {", ".join(known)}.')
        reader = readers[key]
        try:
            read[key] = reader.read(value)
        except (ValueError, TypeError, OverflowError) as error:
            name = (names or {}).get(f"{place}{key}", f'"{place}{key}"')
            raise SegueError(f"{name} must be {reader.expected}, not {value!r}.") from error
    return read


# -- readers of one value; ValueError or TypeError where it makes no sense


@dataclass(frozen=True, slots=True)
class _Reader:
    expected: str
    read: Callable[[Any], Any]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    return float(value)


def _between(low: float, high: float) -> _Reader:
    def read(value: Any) -> float:
        number = _number(value)
        if not low <= number <= high:  # a NaN is not, either
            raise ValueError
        return number

    upto = f" to {high:g}" if high < _ANY else " up"
    return _Reader(f"a number from {low:g}{upto}", read)


def _whole(low: int, high: int) -> _Reader:
    def read(value: Any) -> int:
        number = _number(value)
        if not low <= number <= high or number != int(number):
            raise ValueError
        return int(number)

    return _Reader(f"a whole number from {low} to {high:,}", read)


def _limit(low: float, high: float) -> _Reader:
    number = _between(low, high)
    return _Reader(
        f'{number.expected}, or "{_OFF}"',
        lambda value: None if value in (None, _OFF) else number.read(value),
    )


def _range(low: float, high: float) -> _Reader:
    def bound(value: Any) -> float | None:
        if value is None or value == "":
            return None
        return float(_between(low, high).read(value))

    def read(value: Any) -> tuple[float | None, float | None]:
        if isinstance(value, str):
            first, dots, last = value.partition("..")
            value = [first.strip(), last.strip() if dots else first.strip()]
        first, last = value
        least, most = bound(first), bound(last)
        if least is not None and most is not None and least > most:
            raise ValueError
        return least, most

    example = f"{low:g}..{high:g}" if high <= 1 else "LOW..HIGH"
    return _Reader(f'"{example}" or [low, high], with one end left open if you like', read)


def _one_of(*known: str) -> _Reader:
    def read(value: Any) -> str:
        said = value.replace("-", "_") if isinstance(value, str) else value
        if said not in known:
            raise ValueError
        return str(said)

    spoken = [name.replace("_", "-") for name in known]
    return _Reader(f"{', '.join(spoken[:-1])} or {spoken[-1]}", read)


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise TypeError
    return tuple(value)


def _ids(value: Any) -> frozenset[int]:
    if not isinstance(value, list | tuple | frozenset):
        raise TypeError
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in value):
        raise TypeError
    if not all(abs(number) < 2**63 for number in value):
        raise ValueError
    return frozenset(value)


_FLAG = _Reader("true or false", _yes_no)
_TEXTS = _Reader('a list of names ["...", ...]', _names)

_TOP = {
    "k": _whole(1, MOST),
    "lens": _one_of("goes_with", "next"),
    "balance": _between(0, 1),
}
_FILTERS = {
    "tempo_percent": _limit(0, 100),
    "half_double": _FLAG,
    "key": _one_of("off", "soft", "strict"),
    "energy": _range(0, 1),
    "years": _range(0, 9999),
    "sets": _range(0, _ANY),
    "labels": _TEXTS,
    "genres": _TEXTS,
    "library": _one_of("all", "mine", "new"),
    "without": _Reader("a list of recording ids [1, ...]", _ids),
    "max_minutes": _limit(0, _ANY),
    "disliked": _FLAG,
}
_DIALS = {"popularity": _between(-1, 1), "hubs": _between(0, 1)}
_RULES = {
    "exclude_seeds": _FLAG,
    "exclude_seed_versions": _FLAG,
    "one_version_per_work": _FLAG,
    "artist_cap": _whole(0, MOST),
    "spread_artists": _FLAG,
}
