"""JSON and text as they leave and enter Segue."""

from __future__ import annotations

import json
import math
from typing import Any


def to_json(value: Any) -> str:
    """Return the value as JSON on one line; numbers that are not numbers become null."""
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def well_formed(text: str) -> str:
    """Return the text with U+FFFD for half characters, which no database can store.

    They come from bytes in the arguments that are not UTF-8, and from JSON escapes.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
