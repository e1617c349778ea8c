"""The evaluation over the slider, as the page and the docs draw it."""

from __future__ import annotations

from dashboard.charts.evaluation import over_slider

CURVE = {0.0: 0.2, 0.5: 0.4, 1.0: 0.3}


def test_every_curve_has_a_mark_and_a_stroke_of_its_own() -> None:
    drawn = over_slider({"": {"warm": CURVE, "cold": CURVE, "next": CURVE}})
    looks = [(line.line.dash, line.marker.symbol, line.line.color) for line in drawn.data]
    assert all(len(set(look)) == 3 for look in zip(*looks, strict=True))
    assert list(drawn.data[0].x) == [0, 0.5, 1]
    assert drawn.layout.showlegend


def test_a_question_looks_the_same_in_every_panel_and_is_named_once() -> None:
    drawn = over_slider({"by date": {"warm": CURVE}, "random": {"cold": CURVE, "warm": CURVE}})
    warm = [line for line in drawn.data if line.name == "warm"]
    assert len(warm) == 2
    assert warm[0].line.color == warm[1].line.color
    assert [line.showlegend for line in warm] == [True, False]
    assert [title.text for title in drawn.layout.annotations] == ["by date", "random"]


def test_nothing_measured_is_an_empty_figure() -> None:
    assert not over_slider({}).data
