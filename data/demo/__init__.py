"""The demo crate: a generated catalogue, to have something to explore with no network.

Nothing in it is real, and every set says so in its title, its show and its DJs. Its music
can be heard: `demo_audio` synthesises it, in a tempo and a key that are known exactly.
"""

from __future__ import annotations

from data.demo.audio import DemoSound, demo_audio, demo_file, demo_path, demo_tracks, is_demo
from data.demo.generate import MARK, SOURCE, demo_tracklists

__all__ = [
    "MARK",
    "SOURCE",
    "DemoSound",
    "demo_audio",
    "demo_file",
    "demo_path",
    "demo_tracklists",
    "demo_tracks",
    "is_demo",
]
