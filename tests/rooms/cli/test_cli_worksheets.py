"""Worksheets on the command line: every command takes them as it takes documents."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from mrecist.cli.parser import main

ONE = "Patient,Lesion,Organ,Role,2024-01-03,2024-03-06\nP1,T1,S8,target,41,20\n"
SHEET = ONE + ",T2,liver,target,30,15\nP2,A,liver,target,25,5?\nP3,A,liver,target,25,\n"
CONFLICT = (
    "patient;date;lesion;organ;role;viable_mm;part_of\nP1;2024-01-03;a;liver;T;30;\n"
    "P2;2024-01-03;a;liver;T;30;b\nP3;2024-01-03;a;liver;T;30?;\nP3;2024-03-03;a;liver;T;30;\n"
)
VIABLE = ("--measures", "viable")


@pytest.fixture
def sheet(tmp_path: Path) -> Any:
    """Write a text as a worksheet; the path."""

    def write(text: str, name: str = "lesions.csv") -> str:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return str(path)

    return write


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestCases:
    """`assess`, `explain`, `course` and `check`."""

    def test_assess(self, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Patients with a mistake are told with its cell, all others are judged."""
        assert main(["assess", sheet(SHEET), *VIABLE]) == 1
        printed = capsys.readouterr()
        assert "2024-03-06  63   35.0   -50.7%" in printed.out
        assert "patient P2: lesions!F4: NOT_A_LENGTH" in printed.err
        assert "lesions.csv: 1 problem in reading it, which mrecist check names" in printed.err

    def test_json(self, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """One patient is one document, several are one a line."""
        assert main(["assess", sheet(ONE), "--json", *VIABLE]) == 0
        assert json.loads(capsys.readouterr().out)["lines"][0]["best_response"] == "PR"
        main(["assess", sheet(SHEET), "--json", *VIABLE])
        lines = capsys.readouterr().out.splitlines()
        assert [json.loads(line)["patient"] for line in lines] == ["P1", "P3", "P2"]

    @pytest.mark.parametrize("command", ["explain", "course"])
    def test_others(self, command: str, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Reasons and times alike."""
        assert main([command, sheet(ONE, "a.tsv.txt"), *VIABLE]) == 0
        assert "P1" in capsys.readouterr().out

    def test_check(self, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """`check` names what was not read as it stands."""
        text = SHEET.replace("25,5?", "25,5")
        assert main(["check", sheet(text), *VIABLE]) == 1
        out = capsys.readouterr().out
        assert "patient P3: NOTHING_RECORDED: no cell of 2024-03-06 is filled" in out
        assert main(["check", sheet(ONE), *VIABLE]) == 0

    def test_question(self, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """A question ends in the flag that answers it."""
        assert main(["assess", sheet(ONE)]) == 2
        err = capsys.readouterr().err
        assert err.endswith("say --measures viable or --measures whole\n")
        assert err.count("\n") == 1

    def test_question_of_the_criteria(self, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Whole diameters are judged by RECIST 1.1."""
        assert main(["assess", sheet(ONE), "--measures", "whole"]) == 2
        assert "mrecist measures viable tumour" in capsys.readouterr().err
        options = ["--measures", "whole", "--criteria", "recist-1.1"]
        assert main(["assess", sheet(ONE), *options]) == 0

    def test_mistakes_of_tables(self, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """What only the tables can tell is told of the patient."""
        assert main(["assess", sheet(CONFLICT)]) == 1
        err = capsys.readouterr().err
        assert "patient P2: row 1, part_of: must be the id of a lesion" in err
        assert "patient P3: lesions!F4: NOT_A_LENGTH" in err

    @pytest.mark.parametrize(
        ("text", "name", "told"),
        [
            ("a,b\n1,2\n", "a.csv", "no row of headings"),
            ("", "a.csv", "not JSON"),
            ("patient,lesion,organ\nP,a,lung\n", "a.csv", "NOT_A_TABLE: no column holds sizes"),
            ('{"a": 1}', "a.csv", "patient"),
        ],
    )
    def test_no_worksheet(
        self, text: str, name: str, told: str, sheet: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What cannot be read is told in a line; JSON by another name is JSON."""
        assert main(["assess", sheet(text, name)]) in (0, 1, 2)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        assert told in printed.err or not text

    def test_no_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that is not there is told as such."""
        assert main(["assess", str(tmp_path / "none.xlsx")]) == 2
        assert "No such file" in capsys.readouterr().err

    def test_columns(self, sheet: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Headings are given one by one."""
        path = sheet("Nr,What,2024-01-03,2024-03-06\nP,a,30,20\n")
        given = ("patient=Nr", "lesion=What", "organ==lung")
        flags = [part for each in given for part in ("--column", each)]
        assert main(["assess", path, *flags]) == 0
        assert main(["assess", path, "--column", "lesoin=What"]) == 2
        assert "columns must be named" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            main(["assess", path, "--column", "lesion"])
        assert "must be NAME=HEADING, got 'lesion'" in capsys.readouterr().err

    def test_without_the_extra(
        self, sheet: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the extra is absent the message says how to get it."""
        monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
        assert main(["assess", sheet("x", "a.xlsx")]) == 2
        assert 'pip install "mrecist[excel]"' in capsys.readouterr().err


class TestCohort:
    """`cohort` and `convert`."""

    def test_cohort(self, sheet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The tables of verdicts, and errors with their cells."""
        out = tmp_path / "out"
        assert main(["cohort", sheet(SHEET), *VIABLE, "--out", str(out)]) == 1
        assert [row["response"] for row in table(out / "timepoints.csv")] == ["PR"]
        (error,) = table(out / "errors.csv")
        assert (error["patient"], error["row"], error["column"]) == ("P2", "3", "lesions!F4")
        assert {row["code"] for row in table(out / "problems.csv")} == {
            "NOTHING_RECORDED",
            "READ_AS",
        }

    def test_lines(self, sheet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Lines of therapy may stand in a table of their own, procedures may not."""
        out = tmp_path / "out"
        lines = sheet("patient,start,agents\nP1,2024-01-10,lenvatinib\nP1\n", "lines.csv")
        run = ["cohort", sheet(ONE), *VIABLE, "--out", str(out)]
        assert main([*run, "--lines", lines]) == 1
        assert "lines.start" in (out / "errors.csv").read_text("utf-8")
        lines = sheet("patient,start,agents\nP1,2024-01-10,lenvatinib\n", "lines.csv")
        assert main([*run, "--lines", lines]) == 0
        assert table(out / "lines.csv")[0]["agents"] == "lenvatinib"
        assert main([*run, "--lines", sheet("", "empty.csv")]) == 2
        assert main([*run, "--procedures", lines]) == 2
        assert "a study has its own" in capsys.readouterr().err

    def test_errors_of_both(self, sheet: Any, tmp_path: Path) -> None:
        """Mistakes of the sheet, and of the tables made of it, once each."""
        out = tmp_path / "out"
        assert main(["cohort", sheet(CONFLICT), "--out", str(out)]) == 1
        errors = [(row["patient"], row["column"]) for row in table(out / "errors.csv")]
        assert errors == [("P3", "lesions!F4"), ("P2", "part_of")]

    def test_tables_stay(self, sheet: Any, tmp_path: Path) -> None:
        """A table of findings is read as it was."""
        pytest.importorskip("pyarrow")
        path = sheet("patient,date,lesion,viable_mm\nP,2024-01-03,a,30\nP,2024-03-03,a,20\n")
        assert main(["cohort", path, "--out", str(tmp_path / "out")]) == 0
        assert not (tmp_path / "out" / "problems.csv").exists()

    def test_a_flag_decides(self, sheet: Any, tmp_path: Path) -> None:
        """With a flag of worksheets the same columns are those of a worksheet."""
        path = sheet("patient,date,lesion,site,size\nP,2024-01-03,a,liver,30\n")
        assert main(["cohort", path, *VIABLE, "--out", str(tmp_path / "out")]) == 0
        assert (tmp_path / "out" / "problems.csv").exists()

    def test_broken_table(self, sheet: Any, tmp_path: Path) -> None:
        """So is one that cannot be read at all."""
        pytest.importorskip("pyarrow")
        assert main(["cohort", sheet("x" * 200_000), "--out", str(tmp_path / "out")]) == 2

    def test_convert(self, sheet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """As tables, as cases, or counted only."""
        out = tmp_path / "out"
        assert main(["convert", sheet(ONE), *VIABLE, "--out", str(out)]) == 0
        assert [row["viable_mm"] for row in table(out / "findings.csv")] == ["41", "20"]
        assert table(out / "lines.csv")[0]["targets"] == "T1"
        assert main(["convert", sheet(ONE), *VIABLE, "--out", str(out), "--as", "cases"]) == 0
        assert main(["assess", str(out / "cases.jsonl")]) == 0
        capsys.readouterr()
        assert main(["convert", sheet(ONE), *VIABLE, "--check", "--from", "worksheet"]) == 0
        assert "problems: READ_AS 1" in capsys.readouterr().out
        assert main(["convert", sheet(SHEET), *VIABLE, "--check"]) == 1


class TestReport:
    """`report` and `template`."""

    def test_report(self, sheet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """One patient is one page, several are a folder."""
        pytest.importorskip("jinja2")
        pytest.importorskip("matplotlib")
        page = tmp_path / "report.html"
        assert main(["report", sheet(ONE), *VIABLE, "-o", str(page)]) == 0
        assert "P1" in page.read_text("utf-8")
        folder = tmp_path / "report"
        assert main(["report", sheet(SHEET), *VIABLE, "-o", str(folder)]) == 1
        assert (folder / "index.html").exists()
        assert "1 problem in reading it" in capsys.readouterr().err

    def test_template(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A workbook whose examples are judged without a flag; it is never overwritten."""
        pytest.importorskip("xlsxwriter")
        pytest.importorskip("python_calamine")
        path = str(tmp_path / "lesions.xlsx")
        assert main(["template", path]) == 0
        assert main(["assess", path, "--sheet", "Example 1"]) == 0
        assert "PR" in capsys.readouterr().out
        assert main(["template", path]) == 2
        assert "File exists" in capsys.readouterr().err
        assert main(["template", str(tmp_path / "a.csv"), "--layout", "wide"]) == 2
        assert "must end in .xlsx" in capsys.readouterr().err
