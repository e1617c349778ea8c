"""Writes what the benchmarks of tempo and key print into docs/analysis.md."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from corpus import write_between

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "analysis.md"


def main() -> None:
    """Run each benchmark and put its report between its marks; fails if one of them does."""
    failed = False
    for name in ("tempo", "key"):
        script = HERE / f"bench_{name}.py"
        ran = subprocess.run(
            [sys.executable, script], stdout=subprocess.PIPE, text=True, check=False
        )
        write_between(PAGE, name, f"```text\n{ran.stdout.strip()}\n```")
        failed |= ran.returncode != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
