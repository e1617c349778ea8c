"""What the Map page shows, and the address that shows it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode

from hybrid.atlas import BASES, METHODS, Basis, Method

Colour = Literal["genre", "key", "bpm", "year", "source"]
COLOURS: tuple[Colour, ...] = get_args(Colour)
_MOST_GROUPS = 30
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class MapView:
    """One state of the Map page.

    Parameters
    ----------
    seed : int or None
        The recording whose neighbours are shown.
    near : {"sound", "sets"} or None
        What lies close together; None for whichever there is.
    method : {"pca", "diffusion", "umap"} or None
        How the points are arranged; None for what suits `near`.
    colour : {"genre", "key", "bpm", "year", "source"}
    only : tuple of str
        Names of the groups in the legend that are shown; all of them if empty.
    """

    seed: int | None = None
    near: Basis | None = None
    method: Method | None = None
    colour: Colour = "genre"
    only: tuple[str, ...] = ()

    @classmethod
    def from_search(cls, search: str | None) -> MapView:
        """Read the query part of an address; what makes no sense is left at its default.

        Examples
        --------
        >>> MapView.from_search("?seed=7&near=sets&colour=smell")
        MapView(seed=7, near='sets', method=None, colour='genre', only=())
        """
        pairs = parse_qsl((search or "").lstrip("?"))
        given = dict(reversed(pairs))
        seed = given.get("seed", "")
        near = next((basis for basis in BASES if basis == given.get("near")), None)
        method = next((known for known in METHODS if known == given.get("method")), None)
        colour = next((known for known in COLOURS if known == given.get("colour")), "genre")
        only = dict.fromkeys(value[:_LONGEST_NAME] for key, value in pairs if key == "only")
        number = seed.isascii() and seed.isdecimal() and len(seed) < 16
        return cls(int(seed) if number else None, near, method, colour, tuple(only)[:_MOST_GROUPS])

    def to_search(self) -> str:
        """Write the query part of an address; empty for the plain page."""
        pairs: list[tuple[str, Any]] = []
        if self.seed is not None:
            pairs.append(("seed", self.seed))
        if self.near is not None:
            pairs.append(("near", self.near))
        if self.method is not None:
            pairs.append(("method", self.method))
        if self.colour != "genre":
            pairs.append(("colour", self.colour))
        pairs += [("only", name) for name in self.only]
        return f"?{urlencode(pairs)}" if pairs else ""

    def after(self, control: str, value: Any) -> MapView:
        """Return the view that follows when a person uses one of the page's controls.

        Parameters
        ----------
        control : str
            ``"seed"``, ``"near"``, ``"method"``, ``"colour"``, ``"group"`` (in or out of what
            is shown), or ``"all"``.
        value : Any
            What it now says; a value that it cannot have changes nothing.
        """
        if control == "seed":
            return replace(self, seed=None if value is None else int(value))
        if control == "near" and value in BASES:
            return replace(self, near=value, method=None)
        if control == "method" and value in METHODS:
            return replace(self, method=value)
        if control == "colour" and value in COLOURS:
            # The groups of one colouring are not those of another.
            return self if value == self.colour else replace(self, colour=value, only=())
        if control == "group" and isinstance(value, str):
            rest = tuple(name for name in self.only if name != value)
            return replace(self, only=rest if len(rest) < len(self.only) else (*rest, value))
        if control == "all":
            return replace(self, only=())
        return self
