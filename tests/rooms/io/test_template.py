"""The workbook to fill in: what it offers, and that it is read as it was filled in."""

from __future__ import annotations

import datetime
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from mrecist.io import IntakeError, read_worksheet, write_template
from mrecist.io.template import LAYOUTS

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")


@pytest.fixture(params=LAYOUTS)
def template(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A template of each layout."""
    path = tmp_path / f"{request.param}.xlsx"
    write_template(path, layout=request.param)
    return path


class TestTemplate:
    """`write_template` writes what `read_worksheet` reads without a flag."""

    def test_empty(self, template: Path) -> None:
        """As it is written there is nothing in it, and the examples are not read."""
        with pytest.raises(IntakeError, match="no row below the headings holds anything"):
            read_worksheet(template)
        with pytest.raises(IntakeError, match="no row below the headings holds anything"):
            read_worksheet(template, sheet="each")

    @pytest.mark.parametrize(("number", "best"), [(1, ["PR"]), (2, ["PD"])])
    def test_examples(self, template: Path, number: int, best: list[str]) -> None:
        """Each example is read when it is asked for, and nothing in it is odd."""
        study = read_worksheet(template, sheet=f"Example {number}")
        assert list(study.problems["code"]) == ["READ_AS"]
        responses = study.assess("mrecist")
        assert list(responses.timepoints["response"])[-1:] == best

    def test_refused(self, tmp_path: Path) -> None:
        """A layout that is none, another ending, and a file that is there."""
        with pytest.raises(ValueError, match=r"layout must be .long. or .wide., got 'square'"):
            write_template(tmp_path / "a.xlsx", layout="square")
        with pytest.raises(ValueError, match=r"must end in \.xlsx"):
            write_template(tmp_path / "a.csv")
        write_template(tmp_path / "a.xlsx")
        with pytest.raises(FileExistsError):
            write_template(tmp_path / "a.xlsx")

    def test_without_the_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the extra is absent the message says how to get it, and no file is made."""
        monkeypatch.setitem(sys.modules, "xlsxwriter", None)
        with pytest.raises(ImportError, match=r'pip install "mrecist\[excel\]"'):
            write_template(tmp_path / "a.xlsx")
        assert not (tmp_path / "a.xlsx").exists()


DAYS = (datetime.datetime(2024, 1, 8), datetime.datetime(2024, 3, 8))


def cells(columns: Any, *names: str) -> list[tuple[str, ...]]:
    """Some columns of a table as text, row by row."""
    return [tuple(map(str, row)) for row in zip(*(columns[name] for name in names), strict=True)]


class TestFilledIn:
    """What is typed into the template comes back."""

    def filled(self, path: Path, cells: dict[str, dict[str, Any]]) -> None:
        """Type into a workbook, as a spreadsheet would."""
        content = io.BytesIO(path.read_bytes())  # by its path, older versions leave it open
        book = pytest.importorskip("openpyxl").load_workbook(content)
        for sheet, values in cells.items():
            for address, value in values.items():
                book[sheet][address] = value
        book.save(path)

    def test_long(self, tmp_path: Path) -> None:
        """A row a lesion and scan; ids keep their zeros."""
        path = tmp_path / "lesions.xlsx"
        write_template(path)
        first = {"A2": "007", "B2": DAYS[0], "C2": "S8", "D2": "liver", "G2": 41.5, "F2": "target"}
        then = {"B3": DAYS[1], "C3": "S8", "G3": 20, "H3": 33, "P3": DAYS[0], "Q3": "lenvatinib"}
        self.filled(path, {"Lesions": {**first, **then}})
        study = read_worksheet(path)
        names = ("patient", "date", "lesion", "organ", "viable_mm", "longest_mm")
        assert cells(study.findings, *names) == [
            ("007", "2024-01-08", "S8", "liver", "41.5", "None"),
            ("007", "2024-03-08", "S8", "liver", "20", "33"),
        ]
        assert study.lines is not None
        assert [str(study.lines[name][0]) for name in ("start", "agents", "targets")] == [
            "2024-01-08",
            "lenvatinib",
            "S8",
        ]

    def test_wide(self, tmp_path: Path) -> None:
        """A sheet a patient; sheets that are left empty are not read."""
        path = tmp_path / "lesions.xlsx"
        write_template(path, layout="wide")
        typed = {
            "A6": "S8",
            "B6": "liver",
            "G5": DAYS[0],
            "H5": DAYS[1],
            "G6": "3.2 cm",
            "H6": "NE",
        }
        one = {"B1": "P1", **typed}
        two = {"B1": "P2", "B2": "whole", **typed}
        self.filled(path, {"Patient 1": one, "Patient 2": two})
        study = read_worksheet(path)
        names = ("patient", "date", "viable_mm", "longest_mm", "status")
        assert cells(study.findings, *names) == [
            ("P1", "2024-01-08", "32", "None", "None"),
            ("P1", "2024-03-08", "None", "None", "not evaluable"),
            ("P2", "2024-01-08", "None", "32", "None"),
            ("P2", "2024-03-08", "None", "None", "not evaluable"),
        ]
        assert list(study.findings["visit"][:2]) == ["Baseline", "Follow-up 1"]
