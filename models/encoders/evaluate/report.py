"""The result of an evaluation of encoders, as a table for people and as JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

_COLUMNS = (
    ("probe", "probe_accuracy", "{:.1%}"),
    ("album mAP", "album_map", "{:.3f}"),
    ("album recall@10", "album_recall", "{:.3f}"),
    ("artist mAP", "artist_map", "{:.3f}"),
    ("artist recall@10", "artist_recall", "{:.3f}"),
    ("other half, first", "track_recall", "{:.3f}"),
    ("gain", "gain", "{:.3f}"),
    ("lead-in", "lead_in", "{:.3f}"),
    ("late start", "late_start", "{:.3f}"),
    ("MP3", "mp3", "{:.3f}"),
    ("strangers", "strangers", "{:.2f}"),
    ("CPU s/min", "cpu_s_per_minute", "{:.2f}"),
    ("numbers", "dimension", "{:d}"),
    ("parameters", "parameter_count", "{:,d}"),
)


@dataclass(frozen=True)
class EncoderRow:
    """What one encoder is worth.

    Parameters
    ----------
    encoder : str
    trained_on : str
        Where it learned: ``"these folds"`` or what its card says.
    probe_accuracy : float
        Share of clips whose genre the probe names, artists kept apart; NaN without genres.
    probe_error : float
        Standard error of that share over artists.
    probe_cuts : int
        Ways to cut the folds that the share is the mean of.
    album_map, album_recall, artist_map, artist_recall : float
        Retrieval among the clips of the held-out folds.
    track_recall : float
        How often the other half of a track is the nearest of all other halves.
    gain, lead_in, late_start, mp3 : float
        Mean cosine between the vectors of a track and of the track disturbed.
    lowest : float
        Lowest of the means above.
    strangers : float
        Mean cosine between different tracks: what the figures above are to be held against.
    cpu_s_per_minute : float
        CPU seconds to embed a minute of audio on one thread, warm.
    dimension, parameter_count : int
    fit_s : float
        Seconds of training, over all folds.
    """

    encoder: str
    trained_on: str
    probe_accuracy: float
    probe_error: float
    album_map: float
    album_recall: float
    artist_map: float
    artist_recall: float
    track_recall: float
    gain: float
    lead_in: float
    late_start: float
    mp3: float
    strangers: float
    cpu_s_per_minute: float
    dimension: int
    parameter_count: int
    fit_s: float
    probe_cuts: int = 1

    @property
    def lowest(self) -> float:
        """The least robust of the four disturbances."""
        return min(self.gain, self.lead_in, self.late_start, self.mp3)


@dataclass
class EncoderReport:
    """Everything an evaluation measured on one folder of clips."""

    clips: int
    artists: int
    genres: int
    folds: int
    seed: int
    rows: list[EncoderRow] = field(default_factory=list)

    def row(self, encoder: str) -> EncoderRow:
        """Return the row of one encoder; KeyError if it was not measured."""
        found = {row.encoder: row for row in self.rows}
        return found[encoder]

    def as_dict(self) -> dict[str, Any]:
        """The whole report for ``--json``."""
        return asdict(self)

    def markdown(self) -> str:
        """One table in Markdown, a row for each encoder."""
        heads = ["encoder", *(head for head, _, _ in _COLUMNS)]
        lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * len(_COLUMNS)]
        for row in self.rows:
            cells = [_cell(getattr(row, name), form) for _, name, form in _COLUMNS]
            lines.append(f"| {row.encoder} | {' | '.join(cells)} |")
        return "\n".join(lines)


def _cell(value: float, form: str) -> str:
    if isinstance(value, float) and math.isnan(value):
        return "-"
    return form.format(value)
