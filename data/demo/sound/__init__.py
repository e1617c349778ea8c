"""A small synthesiser: music of an invented genre at an exact tempo, in an exact key.

It makes the sound of the demo crate, and audio with known answers for training
and testing whatever listens. It knows nothing of the crate itself.
"""

from __future__ import annotations

from data.demo.sound.recipes import RECIPES, Recipe
from data.demo.sound.render import SAMPLE_RATE, Makers, render

__all__ = ["RECIPES", "SAMPLE_RATE", "Makers", "Recipe", "render"]
