"""How tables look on terminals of different width."""

from __future__ import annotations

import io
import sys

import pytest

from dashboard.cli import output
from dashboard.cli.answers import print_answer
from dashboard.cli.output import print_table
from data.harmony import TempoRelation
from data.records import Answer, Mix, Recommendation, Track

COLUMNS = [">", "Track", ">Score", "Why", "Or"]
ROWS = [
    ["1", "Mara - Tide [live]", "0.512", "Played by 7 DJs in sets with it. " * 4, ""],
    ["2", "Otto - Ebb", "0.398", "Same label.", "Fjord - Low Water"],
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(monkeypatch: pytest.MonkeyPatch, width: int, **options: tuple[str, ...]) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    print_table(COLUMNS, ROWS, **options)
    plain = terminal.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")
    return [line.rstrip() for line in plain.splitlines()]


def test_on_a_narrow_terminal_sentences_go_below_their_row(monkeypatch) -> None:
    lines = printed(monkeypatch, 80, long=("Why", "Or"))
    assert lines[0] == "Track  Score"
    assert lines[1] == "1  Mara - Tide [live]  0.512"
    assert lines[2].startswith("    Played by 7 DJs in sets with it. Played")
    assert lines[-3:] == ["2  Otto - Ebb  0.398", "    Same label.", "    Or: Fjord - Low Water"]
    assert max(map(len, lines)) <= 80


def test_on_a_wide_terminal_they_stay_beside_it(monkeypatch) -> None:
    lines = printed(monkeypatch, 250, long=("Why", "Or"))
    assert len(lines) == 1 + len(ROWS)
    assert "Why" in lines[0]


def test_a_table_without_sentences_is_a_table_on_every_terminal(monkeypatch) -> None:
    assert "Why" in printed(monkeypatch, 80)[0]


@pytest.mark.parametrize(
    ("percent", "said"), [(-0.04, " 0.0%"), (0.0, " 0.0%"), (-0.06, "-0.1%"), (0.06, "+0.1%")]
)
def test_a_tempo_that_is_the_same_has_no_sign(capsys, percent: float, said: str) -> None:
    mix = Mix(tempo=TempoRelation(1.0, percent, "same"))
    print_answer(Answer((), (Recommendation(1, Track("Mara", "Tide"), 0.5, mix=mix),)), [])
    assert said in capsys.readouterr().out


def test_a_table_of_a_whole_library_looks_the_same(capsys) -> None:
    rows = [[str(n), "夜のバス" if n % 2 else "Mara [live]", "0.5"] for n in range(output._MANY)]
    print_table([">", "Track", ">Score"], rows)
    small = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    print_table([">", "Track", ">Score"], [*rows, rows[0]])
    assert capsys.readouterr().out.splitlines() == [*small, small[1]]
