"""Figures: pure functions from data to a plotly figure, which know no page."""
