"""DICOM reports and exports of OHIF on the command line."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import pytest

from mrecist.cli.exchange import kind_of
from mrecist.cli.parser import main

HEAD = "Patient ID,Patient Name,StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,Label"
ROWS = ["P1,N,1.1,1.9,1.8,S8,Length,40,mm", "P1,N,1.2,1.9,1.8,S8,Length,20,mm"]
DATES = ["--study-date", "1.1=2024-01-03", "--study-date", "1.2=2024-03-06"]


@pytest.fixture
def export(tmp_path: Path) -> str:
    """An export of two studies."""
    path = tmp_path / "MeasurementReport.csv"
    path.write_text("\n".join([f"{HEAD},AnnotationType,Length,Unit", *ROWS]))
    return str(path)


@pytest.fixture
def reports(tmp_path: Path) -> str:
    """A folder with two reports, beside a text."""
    pytest.importorskip("pydicom")
    from support.dicom_reports import LONG, group, num, report, save

    folder = tmp_path / "reports" / "inner"
    folder.mkdir(parents=True)
    (folder.parent / "readme.txt").write_text("two")
    for date, size in (("20240103", "40"), ("20240306", "20")):
        made = report(group("S8", num(LONG, size)), date=date)
        save(folder / f"{date}.dcm", made)
    return str(folder.parent)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The status of a command, and what it says."""
    status = main(list(arguments))
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def cells(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestOhif:
    """Exports of OHIF."""

    def test_questions(self, export: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Each ends in the flag that answers it; with all of them there is an answer."""
        status, _, error = answer(capsys, "assess", export)
        assert (
            status,
            error.strip().endswith("say --study-date 1.1=YYYY-MM-DD --study-date 1.2=YYYY-MM-DD"),
        ) == (2, True)
        status, _, error = answer(capsys, "assess", export, *DATES, "--place", "liver")
        assert (status, "--measures viable or --measures whole" in error) == (2, True)
        status, out, error = answer(
            capsys, "assess", export, *DATES, "--place", "liver", "--measures", "viable", "-q"
        )
        assert (status, error) == (0, "")
        assert "2024-03-06  63   20.0   -50%" in out

    @pytest.mark.parametrize("command", ["explain", "course", "check"])
    def test_other_commands(
        self, export: str, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """They take it as they take a document."""
        status, out, _ = answer(
            capsys, command, export, *DATES, "--place", "S8=liver", "--measures", "viable"
        )
        assert (status, "P1" in out or command == "check") == (0, True)

    def test_convert(self, export: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Tables, or cases; the column of the lesion may be another."""
        out = tmp_path / "out"
        status, _, error = answer(
            capsys,
            "convert",
            export,
            *DATES,
            "--column",
            "lesion=AnnotationType",
            "--out",
            str(out),
        )
        assert (status, "1 problem: see" in error) == (0, True)
        assert [row["lesion"] for row in cells(out, "findings.csv")] == ["Length"] * 2
        assert [row["code"] for row in cells(out, "problems.csv")] == ["NO_LOCATION"]
        status, printed, _ = answer(capsys, "convert", export, *DATES, "--check")
        assert (status, printed.splitlines()[1]) == (1, "problems: NO_LOCATION 1")

    def test_cohort(self, export: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Judged, with lines of therapy."""
        lines, out = tmp_path / "lines.csv", tmp_path / "out"
        lines.write_text("patient,start,agents\nP1,2024-01-10,sorafenib\n")
        status, _, _ = answer(
            capsys,
            "cohort",
            export,
            *DATES,
            "--place",
            "liver",
            "--measures",
            "viable",
            "--lines",
            str(lines),
            "--out",
            str(out),
        )
        assert status == 0
        assert [row["response"] for row in cells(out, "timepoints.csv")] == ["PR"]
        assert [row["agents"] for row in cells(out, "lines.csv")] == ["sorafenib"]

    def test_mistake(self, export: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A date that is none, a flag of others, a pair that is none."""
        status, _, error = answer(capsys, "assess", export, "--study-date", "1.1=soon")
        assert (status, "dates['1.1'] must be a date" in error) == (2, True)
        status, _, error = answer(capsys, "assess", export, *DATES, "--unit", "mm")
        assert (status, "an export of OHIF, which has no --unit" in error) == (2, True)
        for wrong in (["--study-date", "1.1"], ["--place", "=liver"], ["--place", "S8="]):
            with pytest.raises(SystemExit):
                main(["assess", export, *wrong])
            assert "must be" in capsys.readouterr().err

    def test_out_is_in(
        self, export: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What is read is never written over."""
        findings = Path(export).rename(tmp_path / "findings.csv")
        status, _, error = answer(capsys, "convert", str(findings), *DATES, "--out", str(tmp_path))
        assert (status, "would be written over" in error) == (2, True)


class TestReports:
    """Reports of DICOM."""

    def test_assess(self, reports: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder, or one file."""
        status, out, error = answer(capsys, "assess", reports, "--measures", "viable")
        assert (status, "-50%" in out) == (0, True)
        assert "1 problem in reading it" in error
        one = str(next(Path(reports).rglob("*.dcm")))
        status, out, error = answer(capsys, "check", one, "--measures", "viable", "-q")
        assert (status, out, error) == (0, "", "")

    def test_flags(self, reports: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What names the lesion, and whose measurements."""
        out = tmp_path / "out"
        convert = ["convert", reports, "--measures", "whole", "--out", str(out)]
        assert answer(capsys, *convert, "--lesion-key", "finding")[0] == 0
        assert {row["lesion"] for row in cells(out, "findings.csv")} == {"Nodule"}
        status, _, error = answer(capsys, *convert, "--reader", "Ada")
        assert (status, "reader must be one of nobody" in error) == (2, True)

    def test_no_flags_of_theirs(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Other sources have no such flags."""
        sheet = tmp_path / "a.csv"
        sheet.write_text("Patient,Lesion,Organ,2024-01-03\nP1,S8,liver,40\n")
        status, _, error = answer(capsys, "assess", str(sheet), "--place", "liver")
        assert (status, "a worksheet, which has no --place" in error) == (2, True)

    def test_extra(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Without pydicom one line says what to install."""
        monkeypatch.setitem(sys.modules, "pydicom", None)
        path = tmp_path / "a.dcm"
        path.write_bytes(b"\0" * 128 + b"DICM")
        status, _, error = answer(capsys, "assess", str(path))
        assert (status, 'pip install "mrecist[dicom]"' in error) == (2, True)


class TestKinds:
    """How they are known."""

    @pytest.mark.parametrize(("name", "content", "kind"), [
        ("a", b"\0" * 128 + b"DICM", "dicom-sr"),
        ("a.dcm", b"x" * 128 + b"DICM\2", "dicom-sr"),
        ("a.dcm", b"DICM", "dicom-sr"),
        ("a.csv", b"\xef\xbb\xbf" + HEAD.encode(), "ohif-csv"),
        ("a.csv", b"Patient ID,Lesion", "worksheet"),
        ("a.txt", HEAD.encode(), "worksheet"),
    ])  # fmt: skip
    def test_file(self, tmp_path: Path, name: str, content: bytes, kind: Any) -> None:
        """By the first bytes, or by the name that only DICOM gives."""
        (tmp_path / name).write_bytes(content)
        assert kind_of(str(tmp_path / name)) == kind

    def test_folder(self, tmp_path: Path) -> None:
        """By a file of DICOM anywhere inside; nothing where there is none."""
        assert kind_of(str(tmp_path)) is None
        assert kind_of(str(tmp_path / "nothing")) is None
        (tmp_path / "inner").mkdir()
        (tmp_path / "inner" / "x").write_bytes(b"\0" * 128 + b"DICM")
        assert kind_of(str(tmp_path)) == "dicom-sr"
