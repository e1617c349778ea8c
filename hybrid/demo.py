"""Takes the generated crate out again: its sets, its music and what was heard in it."""

from __future__ import annotations

import shutil

from data.catalogue import Catalogue
from data.demo import SOURCE
from data.settings import Settings


def remove_demo(catalogue: Catalogue, settings: Settings) -> int:
    """Remove the demo crate, and leave everything else as it is.

    Returns
    -------
    int
        How many sets were removed.
    """
    # Sound first: recordings stay as long as there is any of them.
    catalogue.clear_sound(SOURCE)
    shutil.rmtree(settings.demo_audio_dir, ignore_errors=True)
    return catalogue.clear_source(SOURCE)
