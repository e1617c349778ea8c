"""Settings and catalogue, opened the same way for every command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings


def read_settings() -> Settings:
    """Return the settings, with the home folder in place.

    Raises
    ------
    SegueError
        If a setting in the environment makes no sense or the home folder cannot be made.
    """
    from pydantic import ValidationError

    from data.settings import get_settings

    try:
        settings = get_settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"SEGUE_{'_'.join(map(str, first['loc'])).upper()}"
        raise SegueError(
            f"The setting {name} cannot be {first['input']!r}: {first['msg']}."
        ) from error
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SegueError(
            f"The folder {settings.home} cannot be made ({error.strerror}); "
            "set SEGUE_HOME to one that can."
        ) from error
    return settings


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """Open the catalogue, made and migrated when needed, for one command."""
    from data.catalogue import Catalogue

    with Catalogue.open(settings.url) as catalogue:
        yield catalogue
