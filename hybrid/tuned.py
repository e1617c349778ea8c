"""The parameters and weights that ship: written by ``make tune``, never by hand."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from hybrid.fusion import Weights
from models.collaborative import AlsParameters


def als_parameters() -> AlsParameters:
    """Parameters of the factorisation that did best on sets held out for tuning."""
    return AlsParameters(**_tuned()["als"])


def weights() -> Weights:
    """Weights of the signals, learned on sets held out for tuning."""
    return Weights(**_tuned()["weights"])


@cache
def _tuned() -> dict[str, Any]:
    text = (files("hybrid") / "tuned.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
