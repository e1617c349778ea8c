"""The `segue` command.

Kept light on purpose: what a command needs is imported when the command runs, so
that ``segue --help`` answers at once.
"""

from __future__ import annotations

import os
import sys

# Has to happen before NumPy is imported anywhere: implicit runs its own threads over BLAS.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Run the command line; the console script `segue` starts here."""
    from dashboard.cli.command import app

    for stream in (sys.stdout, sys.stderr):
        # Names come in every script: a terminal that cannot show one gets "?", not a crash,
        # and a pipe gets UTF-8 whatever the locale says.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace"
            )
    app(prog_name="segue")
