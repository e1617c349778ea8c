"""Components as HTML: what a tracklist says stays text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.markup import as_html


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(part: object) -> Reader:
    reader = Reader()
    reader.feed(as_html(part))
    reader.close()
    return reader


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r")))
def test_no_text_becomes_markup(text: str) -> None:
    found = read(html.P([text, html.B(text, title=text)]))
    assert found.tags == [("p", {}), ("b", {"title": text})]
    assert found.text == text * 2


def test_attributes_come_through() -> None:
    found = read(
        html.Button(
            [None, 3, html.Span("x")],
            className="a b",
            tabIndex=0,
            disabled=True,
            hidden=False,
            style={"--part": "0.50"},
            **{"aria-label": "Go", "data-set": "go"},
        )
    )
    button = {
        "class": "a b",
        "tabindex": "0",
        "disabled": None,
        "style": "--part:0.50",
        "aria-label": "Go",
        "data-set": "go",
    }
    assert found.tags == [("button", button), ("span", {})]
    assert found.text == "3x"


def test_what_is_no_html_is_refused() -> None:
    with pytest.raises(TypeError, match="Link"):
        as_html(html.P(dcc.Link("x", href="/")))
    with pytest.raises(TypeError, match="n_clicks"):
        as_html(html.P("x", n_clicks=1))
    with pytest.raises(TypeError, match="id"):
        as_html(html.P("x", id={"type": "a", "key": 1}))
