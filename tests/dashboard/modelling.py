"""A demo crate for tests of the Models page, and what was heard in it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from dashboard.callbacks import models as page
from data.catalogue import Sound
from data.harmony import Key
from data.records import Analysis, Embedding, Track
from models.encoders import registry
from tests.dashboard.pressing import drawn

SHIPPED = str(json.loads((registry.WEIGHTS / "segue" / "card.json").read_text())["fingerprint"])
STRANGER = Track("Ania Ferro", "Low Tide", label="Harbour", genre="House; Dub")


def heard(track: Track, *, bpm: float = 124.0, seed: int = 0, version: str = SHIPPED) -> Sound:
    analysis = Analysis(
        61.0, bpm, 0.93, (bpm / 2,), 0.0, Key(9, "minor"), 0.81, Key(0, "major"),
        0.62, -9.5, 4000.0, ((0.0, 20.0),), "test",
        provenance={"bpm": "measured", "key": "tag"}, measured_key=Key(4, "minor"),
    )  # fmt: skip
    fragments = np.random.default_rng(seed).standard_normal((3, 256)).astype(np.float32)
    embedding = Embedding(
        "segue", version, fragments.mean(axis=0), fragments, np.arange(3) * 5.0, 10.0
    )
    return Sound(str(track), track=track, duration_s=61.0, analysis=analysis, embedding=embedding)


def shown(search: str = "") -> tuple[Any, ...]:
    return page.show(search, None, "/models")


def text_of(search: str = "") -> str:
    return drawn(shown(search))
