"""The demo crate: a generated catalogue, to have something to explore with no network.

Nothing in it is real, and every set says so in its title, its show and its DJs.
"""

from __future__ import annotations

from data.demo.generate import MARK, SOURCE, demo_tracklists

__all__ = ["MARK", "SOURCE", "demo_tracklists"]
