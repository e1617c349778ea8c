"""Where the catalogue's sets and music came from, and taking one such source out again."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass

from dashboard.components.text import counted, readable_date
from dashboard.services.library import Library
from data.catalogue.holdings import SaidHolding, SetHolding, SoundHolding
from data.demo import SOURCE as DEMO
from data.errors import SegueError
from hybrid.demo import remove_demo
from models import artefacts

KIND = "als"
"""The kind of model that learns from sets."""
DROPPED, UPLOADED = "dropped", "upload"
"""How audio came that was dropped on Dig, and that was added on the Library page."""
PREVIEW = "preview"
"""The origin of clips of the web; only what was measured in them is kept."""

_SETS = {
    "1001tracklists": "1001Tracklists pages",
    "boilerroom": "Boiler Room",
    "csv": "Tracklists in CSV files",
    "djmix": "djmix data set",
    "mixesdb": "MixesDB",
    "text": "Tracklists in text files",
    DEMO: "Demo crate",
}
_SOUND = {
    "file": "Music on this computer",
    DROPPED: "Files dropped on Dig",
    UPLOADED: "Files added in a browser",
    "demo": "Sound of the demo crate",
    PREVIEW: "Previews from Deezer and Apple",
}

_SAID = {"rekordbox": "rekordbox", "traktor": "Traktor"}


@dataclass(frozen=True, slots=True)
class Source:
    """One line of "where it came from".

    Parameters
    ----------
    key : str
        ``"sets:..."``, ``"sound:..."`` or ``"said:..."``.
    name, what, when : str
        For people: name, counts, and the time that the sets span (empty for the others).
    goes, stays : str
        What goes with it and what stays, for whoever is about to remove it.
    """

    key: str
    name: str
    what: str
    when: str
    goes: str
    stays: str


def sources(library: Library) -> list[Source]:
    """Return where everything came from: sets, music, DJ software; the largest of each first."""
    held = library.catalogue.holdings()
    sets = sorted(held.sets, key=lambda entry: -entry.sets)
    sound = sorted(held.sound, key=lambda entry: -entry.pieces)
    said = sorted(held.said, key=lambda entry: -entry.recordings)
    return [*map(_of_sets, sets), *map(_of_sound, sound), *map(_of_said, said)]


def _of_sets(entry: SetHolding) -> Source:
    sets = counted(entry.sets, "set")
    sound = " Their generated music goes too." if entry.source == DEMO else ""
    return Source(
        key=f"sets:{entry.source}",
        name=_SETS.get(entry.source, entry.source),
        what=f"{sets}, {counted(entry.plays, 'play')}",
        when=_span(entry.first, entry.last),
        goes=f"{sets} and {counted(entry.plays, 'play')} go, and tracks that nothing else holds."
        + sound,
        stays="Tracks in your crates and in the library of your DJ software, tracks with music of "
        "yours, and your likes stay.",
    )


def _of_sound(entry: SoundHolding) -> Source:
    heard = "preview" if entry.origin == PREVIEW else "file"
    pieces = counted(entry.pieces, heard)
    if entry.origin == PREVIEW:
        stays = "No sound of them is kept. They can be heard again at any time."
    elif entry.origin in (DROPPED, UPLOADED):
        stays = "The copies that Segue keeps are deleted; your own files stay."
    else:
        stays = "No file on your disk is touched."
    return Source(
        key=f"sound:{entry.origin}",
        name=_SOUND.get(entry.origin, entry.origin),
        what=f"{pieces}, {_hours(entry.seconds)}",
        when="",
        goes=f"What Segue measured in {pieces} goes, and tracks that nothing else holds.",
        stays=stays,
    )


def _of_said(entry: SaidHolding) -> Source:
    tracks, program = counted(entry.recordings, "track"), _SAID.get(entry.source, entry.source)
    return Source(
        key=f"said:{entry.source}",
        name=f"{program} collection",
        what=tracks,
        when="",
        goes=f"What {program} says of {tracks} goes, and tracks that nothing else holds.",
        stays="Tracks in your crates, tracks that sets play, tracks with music of yours, and your "
        f"likes stay. Nothing changes in {program}.",
    )


def remove(library: Library, key: str) -> str:
    """Take a source out of the catalogue and say what went.

    Raises
    ------
    SegueError
        If there is no such source.
    """
    known = {source.key: source for source in sources(library)}
    if key not in known:
        raise SegueError("This source is not in the catalogue any more.")
    kind, _, name = key.partition(":")
    if name == DEMO and kind == "sets":
        gone = counted(remove_demo(library.catalogue, library.settings), "set")
    elif kind == "sets":
        gone = counted(library.catalogue.clear_source(name), "set")
    elif kind == "said":
        gone = counted(library.catalogue.clear_said(name), "track")
    else:
        heard = "preview" if name == PREVIEW else "file"
        gone = counted(library.catalogue.clear_sound(name), heard)
        # Sound of the demo crate is made again when somebody listens.
        folder = {DROPPED: "dropped", UPLOADED: "music", "demo": "demo-audio"}.get(name)
        if folder:
            shutil.rmtree(library.settings.home / folder, ignore_errors=True)
    return f"Removed {known[key].name}: {gone}."


def needs_training(library: Library) -> str:
    """Say that sets came in or went since the model was trained; empty where none did."""
    stats = library.catalogue.stats()
    if not stats.sets:
        return ""
    learned_from = _fingerprint_of_model(library)
    if not learned_from:
        return (
            f"Segue has not learned from your {counted(stats.sets, 'set')} yet. "
            "Train it: recommendations get much better."
        )
    if learned_from == library.catalogue.fingerprint():
        return ""
    return "Sets came in or went since the last training. Train again so that they count."


def _fingerprint_of_model(library: Library) -> str:
    """Return the fingerprint of what the model in use was trained on; empty without a model."""
    home = library.settings.models_dir
    try:
        version = artefacts.current_version(home, KIND)
        if version is None:
            return ""
        card = json.loads((home / KIND / version / "card.json").read_text(encoding="utf-8"))
        return str(card["fingerprint"])
    except (SegueError, OSError, ValueError, KeyError, TypeError):
        return ""  # a damaged model: training makes a new one


def _span(first: str, last: str) -> str:
    if not first:
        return "no dates"
    first, last = readable_date(first[:7]), readable_date(last[:7])
    return first if first == last else f"{first} to {last}"


def _hours(seconds: float) -> str:
    if seconds < 90 * 60:
        return counted(max(1, round(seconds / 60)), "minute")
    return counted(round(seconds / 3600), "hour")
