"""What makes two rows the same recording, and the same work.

A *recording* is artist, title and version, what a DJ plays; a *work* groups its
versions. Both have a key that is equal however the row was written. The rules
are exact: names are normalised, never matched by likeness, because likeness
merges different people ("Simon", "Simion").
"""

from data.identity.artists import artist_names, written_names
from data.identity.keys import recording_key, track_artists, work_key
from data.identity.labels import label_key
from data.identity.layers import split_layers
from data.identity.outside_ids import parse_outside_id
from data.identity.parsing import make_track, parse_track
from data.identity.text import search_text

__all__ = [
    "artist_names",
    "label_key",
    "make_track",
    "parse_outside_id",
    "parse_track",
    "recording_key",
    "search_text",
    "split_layers",
    "track_artists",
    "work_key",
    "written_names",
]
