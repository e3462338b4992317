"""Text that fits the terminal, summaries, and the line that counts."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist.cli import meter, screen
from mrecist.cli.parser import main
from mrecist.cli.screen import close_table, flowed, folded
from mrecist.cli.summaries import Counts, tell
from mrecist.patient.assessment import timepoint_rows

SYNTHETIC = str(Path(mrecist.__file__).parent / "data" / "synthetic.json")
WORDS = st.text("abcdefgh", min_size=1, max_size=12)
ROWS = st.lists(st.lists(WORDS, max_size=12).map("  ".join), max_size=4)


def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((80, 24)))
    monkeypatch.setenv("NO_COLOR", "1")


class TestFolded:
    """Rows no wider than the terminal, with every word in its order."""

    @given(ROWS, st.integers(40, 100))
    def test_words_stay(self, rows: list[str], width: int) -> None:
        found = list(folded(rows, width))
        assert " ".join(found).split() == " ".join(rows).split()
        assert all(len(row) <= width for row in found)

    def test_hangs_below_the_last_column(self) -> None:
        """The rest of a long last cell stands below its beginning."""
        row = f"  OR-01  PR  {'word ' * 20}".rstrip()
        first, *others = folded([row], 60)
        assert first.startswith("  OR-01  PR  word")
        assert others
        assert all(each.startswith(" " * 13 + "word") for each in others)

    def test_others_hang_by_two(self) -> None:
        """A row of prose goes on two columns behind its beginning."""
        _, second = folded(["  " + "word " * 15], 60)
        assert second.startswith("    word")

    def test_rules_are_cut(self) -> None:
        """A row of dashes is cut, a long word is left whole."""
        assert list(folded(["---  " + "-" * 90], 50)) == ["---  " + "-" * 45]
        assert max(map(len, folded(["a " + "x" * 90], 50))) >= 90

    def test_flowed(self) -> None:
        """Prose is filled, a list keeps its rows, paragraphs stay apart."""
        text = "one\ntwo\n\nthree\n  a   b\n  c   d\nfour\n"
        assert flowed(text, 60) == "one two\n\nthree\n  a   b\n  c   d\nfour\n"


class TestNarrow:
    """Everything can be read in 80 columns."""

    @pytest.mark.parametrize(
        "words",
        [
            ["assess", SYNTHETIC], ["explain", SYNTHETIC], ["course", SYNTHETIC],
            ["check", SYNTHETIC.replace("synthetic", "ikeda-2021")], ["rules"],
            ["rules", "--readings"], ["rules", "--problems"], ["rules", "--criteria"],
            ["rules", "--to-check"], ["rules", "fda-a"], ["rules", "OR-07"], ["columns"], ["demo"],
            ["demo", "--why"], ["assess", SYNTHETIC, "--criteria", "lr-tr-2024"],
            ["explain", SYNTHETIC, "--criteria", "lr-tr-2024"],
        ],
        ids=" ".join,
    )  # fmt: skip
    def test_fits(
        self, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        narrow(monkeypatch)
        assert main(words) in (0, 1)
        out = capsys.readouterr().out
        wide = [row for row in out.splitlines() if len(row) > 80]
        assert wide == []

    def test_same_verdicts(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The closer table says what the wide one says, but for the day."""
        narrow(monkeypatch)
        assert main(["assess", SYNTHETIC]) == 0
        out = capsys.readouterr().out
        assert "  2023-03-13 52.7  -43.69% 93.6  -43.69% PR     NON-CR/NON-PD -   PR\n" in out
        assert "YES PD\n              reported PR\n" in out


def test_wide_tables_stay() -> None:
    """A table that fits, or that goes to a file, is as it was."""
    line = mrecist.assess(mrecist.example_case()).lines[0]
    cells = timepoint_rows(line)
    assert close_table(cells, None) == close_table(cells, 200)
    assert "from nadir" in close_table(cells, None)[0]
    assert "from nadir" not in close_table(cells, 90)[0]


def test_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """What goes to a file is not folded."""
    assert screen.columns() is None
    screen.show("x " * 100, end="")
    assert capsys.readouterr().out == "x " * 100


class TestSummaries:
    """How much was done, in one line."""

    def test_words(self) -> None:
        one = Counts(patients=1, lines=1, timepoints=0, errors=2)
        assert str(one) == "1 patient, 1 line, no time points; 2 errors"
        both = one + Counts(patients=2, lines=3, errors=1, notes=1)
        assert str(both) == "3 patients, 4 lines, no time points; 3 errors, 1 note"

    def test_quiet(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`--quiet` says nothing; a name that a terminal would obey is written out."""
        options = argparse.Namespace(file="a\x1b", quiet=False)
        tell(options, written="out\x1b")
        assert capsys.readouterr().err == "mrecist: a\\x1b: written to out\\x1b\n"
        options.quiet = True
        tell(options, Counts(patients=1))
        assert capsys.readouterr().err == ""


class TestMeter:
    """One line on stderr that counts, on a terminal only, and gone at the end."""

    @staticmethod
    def slow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
        """A terminal, and three seconds between two looks at the clock."""
        ticks = iter(range(0, 1000, 3))
        monkeypatch.setattr(meter.time, "monotonic", lambda: float(next(ticks)))
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    def test_counts(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.slow_terminal(monkeypatch)
        with meter.Meter("cases") as told:
            told(30)
            told(6, 12)
            told(0, 0)
        rows = [row.strip() for row in capsys.readouterr().err.split("\r")]
        assert rows == [
            "",
            "30 cases, 10 a second",
            "#" * 15 + "." * 15 + " 6 of 12 cases",
            "." * 30 + " 0 of 0 cases",
            "",
            "",
        ]

    def test_quiet(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.slow_terminal(monkeypatch)
        options = argparse.Namespace(quiet=True)
        assert list(meter.metered("ab", "cases", options)) == ["a", "b"]
        options.quiet = False
        assert list(meter.metered("ab", "cases", options)) == ["a", "b"]
        assert "2 cases, " in capsys.readouterr().err
