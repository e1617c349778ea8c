"""What the benchmarks measure on: every shared tracklist, in a catalogue of its own."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.ingest import import_files

#: Essential Mix and Boiler Room, the first two files: what docs/evaluation.md reports on.
EVALUATED = 2


def shared_data() -> Path:
    """The folder of real tracklists, or an end with the reason."""
    folder = Settings().shared.resolve() / "data"
    if not folder.is_dir():
        print(f"skipped: no shared data at {folder} (set SEGUE_SHARED)")
        sys.exit(0)
    return folder


def tracklist_files(folder: Path) -> list[Path]:
    """Every tracklist of the shared data."""
    return [
        folder / "mixesdb" / "essential_mix_pages.json.gz",
        folder / "boilerroom" / "tracklists.csv",
        folder / "djmix" / "djmix_90_mixes.json",
        *sorted((folder / "tracklists1001").glob("*.html")),
    ]


@contextmanager
def real_catalogue(count: int | None = None) -> Iterator[tuple[Catalogue, Settings]]:
    """A temporary home with the first `count` shared files of tracklists imported, or all."""
    folder = shared_data()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url="")
        with Catalogue.open(settings.url) as catalogue:
            import_files(catalogue, tracklist_files(folder)[:count])
            yield catalogue, settings


def write_between(page: Path, name: str, text: str) -> None:
    """Put measured text between the two marks called `name` of a page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = page.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def verdict(what: str, measured: float, most: float, unit: str) -> bool:
    """Print a figure beside its target and say whether it holds."""
    held = measured <= most
    print(f"{what}: {measured:.3g} {unit} (target {most:g} {unit}) {'held' if held else 'MISSED'}")
    return held
