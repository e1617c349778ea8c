"""What the commands print: results on stdout, everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from dashboard.api.text import to_json

if TYPE_CHECKING:
    from rich.console import Console

#: Reasons a person reads before the rest is only counted.
REASONS_SHOWN = 10
_WIDE = 130  # columns of a terminal beside which a sentence stands readably in a table
_MANY = 500  # rows above which rich is too slow: it takes a second for each thousand


def say(text: str) -> None:
    """Tell the person something that is not the result."""
    typer.echo(text, err=True)


def print_json(value: Any) -> None:
    """Print one JSON object on one line."""
    typer.echo(to_json(value))


def counted(count: int, thing: str) -> str:
    """Return "1 set" or "1,340 sets"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, long: Sequence[str] = ()
) -> None:
    """Print a table for people; a column whose name starts with ``>`` is set right.

    Parameters
    ----------
    long : sequence of str
        Columns of sentences: on a narrow terminal they go below each row, not beside it.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Into a file or a pipe each row goes on one line, however long.
    console = Console(width=None if sys.stdout.isatty() else 10_000)
    if long and console.width < _WIDE:
        _print_stacked(console, columns, rows, long)
        return
    if len(rows) > _MANY:
        _print_plain(columns, rows)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.lstrip(">"), justify="right" if column[:1] == ">" else "left")
    for row in rows:
        table.add_row(*map(Text, row))  # Text: a "[" in a title is no markup
    console.print(table)


def _print_plain(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the same table, each row on one line however long."""
    from rich.cells import cell_len

    lines = [[column.lstrip(">") for column in columns], *rows]
    widths = [max(map(cell_len, cells)) for cells in zip(*lines, strict=True)]
    right = [column[:1] == ">" for column in columns]
    for line in lines:
        padded = []
        for cell, width, to_the_right in zip(line, widths, right, strict=True):
            space = " " * (width - cell_len(cell))
            padded.append(space + cell if to_the_right else cell + space)
        typer.echo("  ".join(padded).rstrip())


def _print_stacked(
    console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], long: Sequence[str]
) -> None:
    from rich.padding import Padding
    from rich.text import Text

    heads = (name.lstrip(">") for name in columns if name not in long)
    console.print(Text("  ".join(filter(None, heads)), style="bold"))
    for row in rows:
        cells = [(name, cell) for name, cell in zip(columns, row, strict=True) if cell]
        console.print(Text("  ".join(cell for name, cell in cells if name not in long)))
        for name, cell in cells:
            if name in long:
                said = cell if name == long[0] else f"{name}: {cell}"
                console.print(Padding(Text(said), (0, 0, 0, 4), expand=False))


@contextmanager
def progress_bar(text: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar with the time that is left, on a terminal only; yields what moves it by one."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich import progress
    from rich.console import Console

    with progress.Progress(
        progress.TextColumn(text),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        # What is printed meanwhile belongs where stdout goes, be it a file or a pipe.
        redirect_stdout=sys.stdout.isatty(),
    ) as bars:
        task = bars.add_task(text, total=total)
        yield lambda: bars.advance(task)


@contextmanager
def working(text: str) -> Iterator[Callable[[str], None]]:
    """Show that something goes on, on a terminal only; yields a function that updates it."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(text)) as status:
        yield lambda text: status.update(escape(text))
