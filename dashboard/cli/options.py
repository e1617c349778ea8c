"""The options that steer a list, as ``segue recommend`` and its like take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.api.form import Form
from dashboard.cli.crates import crate_ids
from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue

LensOption = Annotated[
    str | None,
    typer.Option(
        "--lens",
        metavar="goes-with|next",
        help="goes-with (default): what is played in the same sets. "
        "next: what is played straight after the last track.",
    ),
]
BalanceOption = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="0: only what sets say. 1: only sound. 0.5 (default): as learned."
    ),
]
TempoOption = Annotated[
    str | None,
    typer.Option(metavar="PERCENT|off", help="Pitch change at most, in percent (default 6)."),
]
HalfDoubleOption = Annotated[
    bool | None,
    typer.Option("--half-double/--no-half-double", help="Half and double time count (default)."),
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        metavar="off|soft|strict",
        help="strict hides keys that clash, soft (default) ranks them lower, off looks at none.",
    ),
]
EnergyOption = Annotated[
    str | None, typer.Option(metavar="LO..HI", help="0 (calm) to 1 (peak time); one end may lack.")
]
YearsOption = Annotated[str | None, typer.Option(metavar="FROM..TO", help="Years, as 1995..2004.")]
SetsOption = Annotated[
    str | None, typer.Option(metavar="LO..HI", help="How many sets hold it, as 2..40.")
]
LabelOption = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Of this label; may be repeated.")
]
GenreOption = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Of this genre; may be repeated.")
]
LibraryOption = Annotated[
    str | None,
    typer.Option(
        metavar="all|mine|new",
        help="mine: only what you have a file of, or rekordbox or Traktor lists. new: the rest.",
    ),
]
WithoutCrateOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Leave out what is in this crate; may be repeated."),
]
MaxMinutesOption = Annotated[
    str | None, typer.Option(metavar="MINUTES|off", help="Longest track (default 15).")
]
ShowDislikedOption = Annotated[
    bool | None,
    typer.Option("--show-disliked", help="Also what you dislike or what clashes with the seed."),
]
PopularityOption = Annotated[
    float | None,
    typer.Option(min=-1, max=1, help="-1: deep cuts first. 1: the well-known first."),
]
HubsOption = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="0 to 1: hold back tracks that come up in every list."),
]
ArtistCapOption = Annotated[
    int | None,
    typer.Option(min=0, help="Most tracks of one artist; 0 for any. Default: a fifth of the list."),
]
VersionsOption = Annotated[
    str | None,
    typer.Option(
        metavar="one|all", help="one (default): the best version of each track. all: every one."
    ),
]
SpreadOption = Annotated[
    bool | None,
    typer.Option("--spread/--no-spread", help="No artist twice in a row (default)."),
]
ShowSeedsOption = Annotated[
    bool | None, typer.Option("--show-seeds", help="Let the given tracks into the list.")
]

#: What a person calls a value of the form.
OPTIONS = {
    "lens": "--lens",
    "balance": "--balance",
    "filters.tempo_percent": "--tempo",
    "filters.half_double": "--half-double",
    "filters.key": "--key",
    "filters.energy": "--energy",
    "filters.years": "--years",
    "filters.sets": "--sets",
    "filters.labels": "--label",
    "filters.genres": "--genre",
    "filters.library": "--library",
    "filters.without": "--without-crate",
    "filters.max_minutes": "--max-minutes",
    "filters.disliked": "--show-disliked",
    "dials.popularity": "--popularity",
    "dials.hubs": "--hubs",
    "rules.artist_cap": "--artist-cap",
    "rules.one_version_per_work": "--versions",
    "rules.exclude_seed_versions": "--versions",
    "rules.spread_artists": "--spread",
    "rules.exclude_seeds": "--show-seeds",
}
#: What to type to loosen a filter or rule, by the name that `Hidden` has for it.
LOOSENED = {
    "tempo": "--tempo off",
    "key": "--key soft",
    "energy": "no --energy",
    "year": "no --years",
    "popularity": "no --sets",
    "label": "no --label",
    "genre": "no --genre",
    "library": "--library all",
    "without": "no --without-crate",
    "length": "--max-minutes off",
    "disliked": "--show-disliked",
    "clashes": "--show-disliked",
    "seed": "--show-seeds",
    "version of a seed": "--versions all",
    "other version": "--versions all",
    "same artist": "--artist-cap 0",
}


def form_of(catalogue: Catalogue, given: dict[str, Any]) -> Form:
    """Return the options that were given as a form; see `dashboard.api.form`.

    Parameters
    ----------
    catalogue : Catalogue
        Knows the crates that are named.
    given : dict
        The values of the options by their names with underscores; None for those not given.

    Raises
    ------
    SegueError
        If there is no such crate, or ``versions`` is neither "one" nor "all".
    """
    said = {name: value for name, value in given.items() if value is not None}
    form: Form = {"filters": {}, "dials": {}, "rules": {}}
    if crates := said.pop("without_crate", None):
        held = [ident for name in crates for ident in crate_ids(catalogue, name)]
        form["filters"]["without"] = held
    if versions := said.pop("versions", None):
        if versions not in ("one", "all"):
            raise SegueError(f"--versions must be one or all, not {versions!r}.")
        for rule in ("one_version_per_work", "exclude_seed_versions"):
            form["rules"][rule] = versions == "one"
    if said.pop("show_seeds", False):
        form["rules"]["exclude_seeds"] = False
    for path, option in OPTIONS.items():
        name = option.removeprefix("--").replace("-", "_")
        if name in said:
            group, _, key = path.rpartition(".")
            (form[group] if group else form)[key] = said[name]
    return form
