"""Writes hybrid/tuned.json: what ships is chosen on sets the evaluation never reports on.

Sets and credits are weighed on the Essential Mix and Boiler Room tracklists, as
docs/evaluation.md does, sound on a generated crate that is not the one shown there. With
``--als`` the parameters of the factorisation are chosen anew first, which takes a few minutes
more; without, they stay with the grid that chose them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from corpus import EVALUATED, real_catalogue
from crate import crate_sound

OUT = Path(__file__).resolve().parent.parent / "hybrid" / "tuned.json"
#: The generated crate that sound is weighed on; the evaluation reports on another.
CRATE = 11


def main() -> None:
    """Import, tune, write."""
    from hybrid.evaluate.corpus import Corpus
    from hybrid.evaluate.tune import Ground, choose_als, tune
    from hybrid.tuned import als_parameters

    kept = json.loads(OUT.read_text(encoding="utf-8"))
    result: dict[str, Any] = {key: kept[key] for key in ("als", "grid")}
    with real_catalogue(EVALUATED) as (catalogue, _):
        real = Ground.unheard(Corpus.of(catalogue.snapshot()))
        result["fingerprint"] = catalogue.fingerprint()
    parameters = als_parameters()
    if "--als" in sys.argv:
        parameters, result["grid"] = choose_als(real.corpus)
        result["als"] = parameters.as_dict()
    tuned = tune(real, parameters, crate=crate_ground(CRATE))
    about = {**tuned.about, "crate": {"seed": CRATE, **tuned.about["crate"]}}
    result["fusion"] = {**tuned.as_dict(), "about": about}
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def crate_ground(seed: int) -> Any:
    """A generated crate with its sound, as `hybrid.evaluate.tune.Ground`."""
    from data.catalogue import Catalogue
    from data.demo import demo_tracklists
    from hybrid.evaluate.corpus import Corpus
    from hybrid.evaluate.scenarios import Heard
    from hybrid.evaluate.tune import Ground
    from hybrid.sound_space import SoundSpace

    with (
        tempfile.TemporaryDirectory() as home,
        Catalogue.open(f"sqlite:///{Path(home) / 'crate.sqlite'}") as catalogue,
    ):
        catalogue.add_tracklists(demo_tracklists(seed))
        snapshot = catalogue.snapshot()
    sound = crate_sound(seed)
    place = {key: row for row, key in enumerate(snapshot.recording_keys)}
    known = np.array([key in place for key in sound.keys])
    rows = np.array([place[key] for key in sound.keys[known]])
    order = np.argsort(rows)
    n_recordings = len(snapshot.recording_ids)
    space = SoundSpace.of(
        rows[order],
        sound.vectors[known][order],
        n_recordings,
        encoder=sound.encoder,
        version=sound.version,
    )
    windows = np.zeros(n_recordings, np.float32)
    windows[rows[order]] = sound.windows[known][order]
    return Ground(Corpus.of(snapshot), Heard(space, windows))


if __name__ == "__main__":
    main()
