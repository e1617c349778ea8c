"""Crates, as a person names them on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue, Crate


def crate_ids(catalogue: Catalogue, crate: str) -> list[int]:
    """Return the recordings of a crate; see `find_crate`."""
    return catalogue.crate(find_crate(catalogue, crate).id)


def find_crate(catalogue: Catalogue, crate: str) -> Crate:
    """Return a crate, by its name in any case or by its id.

    Raises
    ------
    SegueError
        If there is no such crate; the sentence names those that there are.
    """
    crates = catalogue.crates()
    for meant in (
        lambda entry: entry.name == crate,
        lambda entry: entry.name.casefold() == crate.casefold(),
        lambda entry: crate == str(entry.id),
    ):
        if found := next(filter(meant, crates), None):
            return found
    names = ", ".join(f'"{entry.name}"' for entry in crates)
    there = f"the crates are {names}" if names else "there is no crate yet"
    raise SegueError(f'There is no crate "{crate}"; {there}.')
