"""`mrecist columns`, and the page "Columns and words" that it makes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from mrecist.cli.columns import FORMATS, TABLES, page
from mrecist.cli.parser import main
from mrecist.endpoints.definitions import TIMES

PAGE = Path(__file__).parents[3] / "docs" / "columns.md"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["columns", *arguments]) == 0
    return capsys.readouterr().out


class TestPage:
    """The page in `docs`."""

    def test_same(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It is what the command prints; `MRECIST_WRITE_DOCS=1` writes it anew."""
        made = printed(capsys, "--format", "markdown")
        if os.environ.get("MRECIST_WRITE_DOCS"):
            PAGE.write_text(made, "utf-8")
        assert PAGE.read_text("utf-8") == made

    def test_tables_are_whole(self) -> None:
        """Each row of a table has as many cells as its head, whatever stands in them."""
        counts = [line.count(" | ") for line in page(form="markdown").splitlines() if "|" in line]
        assert set(counts) <= {0, 1, 4}
        assert "<3" in page(form="markdown")

    def test_every_column(self) -> None:
        """Every column of every table is a row of it."""
        cells = re.findall(
            r"^\| `([^`]+)`(?: \(required\))? \|", page(form="markdown"), re.MULTILINE
        )
        told = page(form="markdown")
        assert told.count("(required)") == sum(
            bool(column.required) for table in TABLES for column in table.columns
        )
        assert cells == [column.name for table in TABLES for column in table.columns]


class TestCommand:
    """What is printed."""

    def test_all(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every table, each with its columns, and no line too long."""
        text = printed(capsys)
        assert [line for line in text.splitlines() if len(line) > 100] == []
        heads = re.findall(r"^([a-z_.]+), (in|out): ", text, re.MULTILINE)
        assert heads == [(table.name, table.direction) for table in TABLES]

    def test_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        """One table, and the words of its columns only."""
        text = printed(capsys, "procedures")
        assert text.startswith("procedures, in: one row per local treatment\n  patient\n")
        assert text.count("\n  patient\n") == 1
        assert "What a lesion is" not in text
        assert "TIME" not in text

    def test_in_and_out(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Two tables are called lines; a flag tells which."""
        both = printed(capsys, "lines")
        one, other = printed(capsys, "lines", "--in"), printed(capsys, "lines", "--out")
        assert "lines, in" in both
        assert "lines, out" in both
        assert "lines, out" not in one
        assert "lines, in" not in other

    def test_column(self, capsys: pytest.CaptureFixture[str]) -> None:
        """One column, with its unit, its values and what an empty cell means."""
        assert printed(capsys, "viable_mm") == (
            "findings, in: one row per finding: what one examination says of one lesion\n"
            "  viable_mm\n"
            "      longest diameter of the part that enhances in the arterial phase\n"
            "      number, 0 to 1000, kept to the micrometre; mm; empty: not measured\n\n"
        )

    def test_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A column of words comes with the meaning of each."""
        text = printed(capsys, "end_reason")
        assert "\n  death: the patient died\n" in text

    def test_document(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The same as JSON, with a column for each time."""
        found = json.loads(printed(capsys, "--format", "json"))
        assert [each["name"] for each in found["tables"]] == [table.name for table in TABLES]
        (endpoints,) = (each for each in found["tables"] if each["name"] == "endpoints")
        names = {column["name"] for column in endpoints["columns"]}
        assert names >= {f"{time}_{kind}" for time in TIMES for kind in ("days", "rule")}
        lists = {column["vocabulary"] for each in found["tables"] for column in each["columns"]}
        assert lists - {None} == set(found["words"])
        (kind,) = (
            column
            for each in found["tables"]
            if each["name"] == "findings"
            for column in each["columns"]
            if column["name"] == "kind"
        )
        assert (kind["default"], kind["required"]) == ("nodule", False)
        assert kind["words"] == list(found["words"]["Kind"])

    @pytest.mark.parametrize("form", FORMATS)
    def test_times(self, form: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A column of all times says which there are."""
        text = " ".join(printed(capsys, "TIME_days", "--format", form).split())
        assert all(title in text for title in TIMES.values())

    def test_unknown(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A name that is neither table nor column, and one that goes the other way."""
        for arguments in (["nothing"], ["viable_mm", "--out"]):
            assert main(["columns", *arguments]) == 2
            assert "the tables are findings, lines" in capsys.readouterr().err
