"""Dash's HTML components as text, for long lists.

A component costs the browser about a third of a millisecond each time it is drawn: a crate of 200
tracks took five seconds. As HTML the same list is there at once. All text is escaped here; what
draws it (``assets/set.js``) sets it as it comes.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from dash.development.base_component import Component

_ATTRIBUTES = {"className": "class", "tabIndex": "tabindex", "htmlFor": "for"}
_PLAIN = re.compile(r"[a-z]+|(data|aria)-[a-z-]+")
_STYLE = re.compile(r"-{0,2}[a-z][a-z-]*")


def as_html(part: Any) -> str:
    """Return a component with all that is in it as HTML.

    Parameters
    ----------
    part : Component, str, number, None, or a list of these
        Components of `dash.html` without callbacks: nothing reports what is done with them.

    Raises
    ------
    TypeError
        For another component, or an attribute that is not plain HTML.

    Examples
    --------
    >>> from dash import html
    >>> as_html(html.P(["A <b> & ", html.B("C", title='say "C"')], className="note", hidden=True))
    '<p class="note" hidden>A &lt;b&gt; &amp; <b title="say &quot;C&quot;">C</b></p>'
    """
    if part is None:
        return ""
    if isinstance(part, (list, tuple)):
        return "".join(map(as_html, part))
    if not isinstance(part, Component):
        return escape(str(part), quote=False)
    described = part.to_plotly_json()
    if described["namespace"] != "dash_html_components":
        raise TypeError(f"{described['type']} is not a component of dash.html")
    props = dict(described["props"])
    inside, tag = as_html(props.pop("children", None)), described["type"].lower()
    return f"<{tag}{''.join(map(_attribute, props.items()))}>{inside}</{tag}>"


def _attribute(pair: tuple[str, Any]) -> str:
    name, value = _ATTRIBUTES.get(pair[0], pair[0]), pair[1]
    pattern = name == "id" and isinstance(value, dict)
    if not _PLAIN.fullmatch(name) or name.startswith("on") or pattern:
        raise TypeError(f"{name} is not a plain attribute")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    if name == "style":
        value = ";".join(f"{key}:{text}" for key, text in value.items() if _STYLE.fullmatch(key))
    return f' {name}="{escape(str(value))}"'
