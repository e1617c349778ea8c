"""What the Dig page shows, and the address that shows it again.

The address is the only place where the view is kept: reload, back, bookmark and
a link sent to a friend all work because there is nothing else to restore.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from hybrid.recommender import Rules

PAGE = 25
ARTIST_CAP = Rules.for_length(PAGE).artist_cap
MOST = 200


@dataclass(frozen=True, slots=True)
class View:
    """One state of the Dig page.

    Parameters
    ----------
    seeds : tuple of int or str
        Recording ids, or texts still to be understood, in the order they were added.
    one_version : bool
        Whether only one version of a work is listed, and none of a seed's work.
    artist_cap : int
        Most tracks of one artist in the list; 0 for as many as there are.
    length : int
        Longest list to show.
    """

    seeds: tuple[int | str, ...] = ()
    one_version: bool = True
    artist_cap: int = ARTIST_CAP
    length: int = PAGE

    @classmethod
    def from_search(cls, search: str | None) -> View:
        """Read the query part of an address; what makes no sense is left at its default."""
        pairs = parse_qsl((search or "").lstrip("?"))
        seeds = dict.fromkeys(_read_seed(value) for key, value in pairs if key == "seed")
        options = dict(pairs)
        return cls(
            seeds=tuple(seed for seed in seeds if seed != ""),
            one_version=options.get("versions") != "all",
            artist_cap=_number(options.get("cap"), ARTIST_CAP, most=MOST),
            length=max(_number(options.get("show"), PAGE, most=MOST), 1),
        )

    def to_search(self) -> str:
        """Write the query part of an address; empty for the plain start page."""
        pairs: list[tuple[str, str]] = [("seed", _write_seed(seed)) for seed in self.seeds]
        if not self.one_version:
            pairs.append(("versions", "all"))
        if self.artist_cap != ARTIST_CAP:
            pairs.append(("cap", str(self.artist_cap)))
        if self.length != PAGE:
            pairs.append(("show", str(self.length)))
        return f"?{urlencode(pairs)}" if pairs else ""

    def after(self, control: str, key: Any, value: Any) -> View:
        """Return the view that follows when a person uses one of the page's controls.

        Parameters
        ----------
        control : str
            ``"seed-add"``, ``"seed-only"``, ``"seed-remove"``, ``"seed-clear"``,
            ``"rule"``, ``"unhide"`` or ``"more"``.
        key : Any
            What the control stands for: a seed, the place of a chip, the name of a rule.
        value : Any
            The control's new value; only switches have one that matters.

        Raises
        ------
        ValueError
            For a control that does not exist.
        """
        if control == "seed-add":
            return replace(self, seeds=tuple(dict.fromkeys((*self.seeds, key))), length=PAGE)
        if control == "seed-only":
            return replace(self, seeds=(key,), length=PAGE)
        if control == "seed-remove":
            kept = tuple(seed for i, seed in enumerate(self.seeds) if i != key)
            return replace(self, seeds=kept, length=PAGE)
        if control == "seed-clear":
            return replace(self, seeds=(), length=PAGE)
        if control == "more":
            return replace(self, length=min(self.length + PAGE, MOST))
        if control in ("rule", "unhide"):
            switched_on = control == "rule" and bool(value)
            if key == "versions":
                return replace(self, one_version=switched_on)
            if key == "artists":
                return replace(self, artist_cap=ARTIST_CAP if switched_on else 0)
        raise ValueError(f"no control {control!r} with {key!r} on this page")


def _read_seed(value: str) -> int | str:
    value = value.strip()
    if value.isdecimal() and value.isascii() and len(value) < 16:
        return int(value)
    return value.strip('"').strip()


def _write_seed(seed: int | str) -> str:
    # Quotes keep a title that is a number ("1999") apart from a recording id.
    return f'"{seed}"' if isinstance(seed, str) and seed.isdecimal() else str(seed)


def _number(text: str | None, default: int, *, most: int) -> int:
    if text is None or not (text.isascii() and text.isdecimal()):
        return default
    return min(int(text[:9]), most)
