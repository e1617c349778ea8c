"""Writes the table and the figure of docs/encoders.md, measured on the shared clips.

The published encoders are trained anew on every fold, which takes more than an hour of one core.
Each row is kept in ``build/encoders`` when it is measured: a run that was broken off goes on, and
names as arguments measure just those rows anew. ``make clean`` forgets all of them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import shared_data, write_between

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from models.encoders.contract import Clip
    from models.encoders.evaluate import EncoderReport

ROOT = Path(__file__).resolve().parent.parent
DOCS, ROWS = ROOT / "docs", ROOT / "build" / "encoders"
FIGURE = DOCS / "images" / "encoders.svg"
BASELINE, UNTRAINED, OURS = "mfcc+svm", "untrained", "segue"
PUBLISHED = ("tag_crnn", "genre_cnn", "segment_pca", "fusion_autoencoder", "genre_resnet")
#: What must hold of the default encoder; see the issue "Hear the music".
LEAST_PROBE, LEAST_LEAD, LEAST_COSINE = 0.72, 0.06, 0.98


def emotify() -> list[Clip]:
    """Clips with genre, artist and album, on which no shipped weight was trained."""
    from data.records import LabelledAudio
    from hybrid import encoders
    from scrapers.datasets import Folder

    rows = Folder(shared_data() / "audio").read()
    kept = (row for row in rows if isinstance(row, LabelledAudio))
    return encoders.clips_of(row for row in kept if row.path.parent.name == "emotify")


def verdicts(report: EncoderReport) -> list[tuple[str, bool]]:
    """Each target in words, and whether it is met."""
    ours, baseline = report.row(OURS), report.row(BASELINE)
    lead = ours.probe_accuracy - baseline.probe_accuracy
    best = max((report.row(name) for name in PUBLISHED), key=lambda row: row.album_recall)
    return [
        (
            f"probe of `segue`, mean of {ours.probe_cuts} ways to cut the folds: "
            f"{ours.probe_accuracy:.1%} (at least {LEAST_PROBE:.0%})",
            ours.probe_accuracy >= LEAST_PROBE,
        ),
        (
            f"ahead of MFCC + SVM ({baseline.probe_accuracy:.1%}) by {lead * 100:.1f} points "
            f"(at least {LEAST_LEAD * 100:.0f})",
            lead >= LEAST_LEAD,
        ),
        (
            f"album recall@10: {ours.album_recall:.3f}, best published `{best.encoder}` "
            f"{best.album_recall:.3f}",
            ours.album_recall > best.album_recall,
        ),
        (
            f"least cosine of the disturbances: {ours.lowest:.4f} (at least {LEAST_COSINE})",
            ours.lowest >= LEAST_COSINE,
        ),
    ]


def figure(report: EncoderReport) -> go.Figure:
    """Draw probe accuracy and album recall of every row, the best on top."""
    import plotly.graph_objects as go

    rows = sorted(report.rows, key=lambda row: row.probe_accuracy)
    bars = [
        go.Bar(
            name=name,
            y=[row.encoder for row in rows],
            x=[getattr(row, field) for row in rows],
            error_x={"array": [row.probe_error for row in rows]} if errors else None,
            orientation="h",
            marker_color=colour,
        )
        for name, field, errors, colour in (
            ("same album among the ten nearest", "album_recall", False, "#b9a5d6"),
            ("genre named by a linear probe", "probe_accuracy", True, "#5b3a9b"),
        )
    ]
    drawn = go.Figure(bars)
    drawn.update_layout(
        width=860,
        height=460,
        template="plotly_white",
        font={"family": "Inter, sans-serif", "size": 14},
        legend={"orientation": "h", "y": -0.12, "traceorder": "reversed"},
        margin={"l": 10, "r": 20, "t": 20, "b": 10},
        xaxis={"tickformat": ".0%", "range": [0, 1]},
        yaxis={"automargin": True},
    )
    return drawn


def measured(names: list[str], clips: list[Clip]) -> None:
    """Measure each of `names` and keep its row."""
    from data.settings import get_settings
    from hybrid import encoders
    from models.encoders.evaluate import evaluate

    ROWS.mkdir(parents=True, exist_ok=True)
    for name in names:
        report = evaluate([encoders.candidate(get_settings(), name)], clips, progress=_tell)
        (ROWS / f"{name}.json").write_text(json.dumps(report.as_dict()), encoding="utf-8")


def kept(names: tuple[str, ...]) -> EncoderReport:
    """Put the rows that were kept together."""
    from models.encoders.evaluate import EncoderReport, EncoderRow

    reports = [json.loads((ROWS / f"{name}.json").read_text()) for name in names]
    rows = [EncoderRow(**report["rows"][0]) for report in reports]
    return EncoderReport(**reports[0] | {"rows": rows})


def main() -> None:
    """Train and measure on Emotify's clips, artists kept apart."""
    clips = emotify()
    if sys.argv[1:]:
        measured(sys.argv[1:], clips)
        return
    every = (BASELINE, UNTRAINED, *PUBLISHED, OURS)
    measured([name for name in every if not (ROWS / f"{name}.json").is_file()], clips)
    report = kept(every)
    held = verdicts(report)
    lines = [f"- {'held' if good else '**missed**'}: {text}" for text, good in held]
    about = (
        f"{report.clips} clips, {report.artists} artists, {report.genres} genres, "
        f"{report.folds} folds."
    )
    table = "\n\n".join([about, report.markdown(), "\n".join(lines)])
    write_between(DOCS / "encoders.md", "table", table)
    figure(report).write_image(FIGURE)
    print(table)
    sys.exit(not all(good for _, good in held))


def _tell(step: str, done: int, total: int, note: str) -> None:
    if "folds" in note or step.startswith("Training"):
        print(step, done, total, note, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
