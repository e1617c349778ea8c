"""The formats by their keys."""

from __future__ import annotations

from data.playlists import csv, jspf, m3u8, rekordbox, text, traktor
from data.playlists.format import Format

FORMATS: dict[str, Format] = {
    "m3u8": Format("M3U8", ".m3u8", "application/vnd.apple.mpegurl", m3u8.write, m3u8.read),
    "rekordbox": Format(
        "rekordbox", ".xml", "application/xml", rekordbox.write, rekordbox.read, rekordbox.holds
    ),
    "traktor": Format(
        "Traktor", ".nml", "application/xml", traktor.write, traktor.read, traktor.holds
    ),
    "csv": Format("CSV", ".csv", "text/csv", csv.write, csv.read),
    "jspf": Format("JSPF", ".jspf", "application/json", jspf.write, jspf.read),
    "text": Format("Text", ".txt", "text/plain", text.write, text.read),
}
