"""Colours and type, one place for all pages.

Contrast is chosen for WCAG AA: shade 7 carries white text on light pages, shade 4
dark text on dark ones.
"""

from __future__ import annotations

from typing import Any

_FONT = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"

THEME: dict[str, Any] = {
    "primaryColor": "teal",
    "primaryShade": {"light": 7, "dark": 4},
    "autoContrast": True,
    "luminanceThreshold": 0.36,
    "defaultRadius": "md",
    "cursorType": "pointer",
    "fontFamily": _FONT,
    "headings": {"fontFamily": _FONT, "fontWeight": "650"},
    "colors": {
        "teal": [
            "#effaf8",
            "#d3f3ee",
            "#a6e6dd",
            "#74d4c8",
            "#4fc4b6",
            "#2aa899",
            "#17897d",
            "#0f6f66",
            "#0e5953",
            "#0d4844",
        ],
        "dark": [
            "#e4e7eb",
            "#b8bfc9",
            "#97a0ad",
            "#6b7482",
            "#343b46",
            "#272d36",
            "#1c2129",
            "#13171d",
            "#0e1115",
            "#090b0e",
        ],
    },
}
