"""Services that let people hear 30 seconds of a track: one file each, all of one shape.

Their APIs need no key and are meant for programs, so no robots.txt is asked for; how often one
may be asked is kept to across threads and processes. What they give is for hearing only: no model
learns from it, and nothing of it is kept but numbers.
"""

from scrapers.previews.deezer import Deezer
from scrapers.previews.itunes import ITunes
from scrapers.previews.source import PreviewSource, Unavailable

__all__ = ["Deezer", "ITunes", "PreviewSource", "Unavailable"]
