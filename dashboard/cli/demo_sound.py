"""The demo crate's music: made, and analysed like anybody's."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from dashboard.cli.output import counted, progress_bar, say
from data.errors import SegueError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from data.catalogue import Catalogue
    from data.records import Track
    from data.settings import Settings

#: How many recordings are analysed, those played most: as many as two cores take in a
#: minute. All the others can be heard too; the page makes their sound when it is asked for.
HEARD = 400


def hear_demo(catalogue: Catalogue, settings: Settings) -> bool:
    """Make the music of the most played demo recordings and analyse it.

    What was analysed before is not analysed again. Ctrl-C ends it and keeps what is done.

    Returns
    -------
    bool
        Whether all of it was heard.
    """
    started = time.monotonic()
    tracks = _most_played(catalogue, HEARD)
    if not tracks:
        return False
    try:
        files = _make(tracks, settings)
        heard = _analyse(catalogue, settings, files)
    except KeyboardInterrupt:
        say("Stopped listening; `segue demo` goes on where it was. Everything else is ready.")
        return False
    except (SegueError, OSError) as error:
        # Sets and model are there: the page works without tempo and key.
        say(f"The demo crate's music was not analysed. {error}")
        return False
    seconds = time.monotonic() - started
    say(f"Listened to {counted(heard, 'demo track')} in {seconds:.1f} s.")
    return heard > 0


def _most_played(catalogue: Catalogue, count: int) -> list[Track]:
    """Return the demo recordings that sets play most, in that order."""
    import numpy as np

    from data.demo import is_demo

    snapshot = catalogue.snapshot(names=False)
    plays = np.bincount(snapshot.play_recording, minlength=len(snapshot.recording_ids))
    ids = [int(ident) for ident in snapshot.recording_ids[np.argsort(-plays, kind="stable")]]
    tracks = catalogue.tracks(ids)
    return [tracks[ident] for ident in ids if is_demo(tracks[ident])][:count]


def _make(tracks: Sequence[Track], settings: Settings) -> list[Path]:
    """Make the files that are not there yet; return all."""
    from concurrent.futures import as_completed

    from data.demo import demo_file, demo_path
    from hybrid.executors import cores, hands_for

    folder = settings.demo_audio_dir
    missing = [track for track in tracks if not demo_path(folder, track).exists()]
    with hands_for("", cores()) as hands, progress_bar("Making music", len(missing)) as advance:
        for made in as_completed([hands.submit(demo_file, folder, track) for track in missing]):
            made.result()
            advance()
    return [demo_path(folder, track) for track in tracks]


def _analyse(catalogue: Catalogue, settings: Settings, files: Sequence[Path]) -> int:
    """Analyse the files and return how many gave something."""
    from data.demo import SOURCE
    from data.records import SetAside
    from hybrid import listen
    from hybrid.analysis import analyse_files

    heard = 0
    outcomes = analyse_files(catalogue, settings, files, listen.ear(settings), origin=SOURCE)
    with closing(outcomes), progress_bar("Analysing", len(files)) as advance:
        for outcome in outcomes:
            if isinstance(outcome, SetAside):
                say(f"{outcome.where}: {outcome.reason}")
            else:
                heard += 1
            advance()
    return heard
