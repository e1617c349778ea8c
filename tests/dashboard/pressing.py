"""Pressing what is on a page, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from dash._callback_context import context_value
from dash._utils import AttributeDict

from dashboard.services import Library


def pressed(trigger: Any, value: Any, function: Callable, *arguments: Any) -> Any:
    """Call a callback as Dash does when the control `trigger` reports `value`."""
    name = json.dumps(trigger, separators=(",", ":")) if isinstance(trigger, dict) else trigger

    def call() -> Any:
        context_value.set(
            AttributeDict(triggered_inputs=[{"prop_id": f"{name}.n_clicks", "value": value}])
        )
        return function(*arguments)

    return copy_context().run(call)


def drawn(component: Any) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def a_track(library: Library) -> int:
    return library.starters()[0][0]
