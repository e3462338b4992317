"""`mrecist readings`: files of several readers in, files of what stands out."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from mrecist.cli.parser import main

from .readers_tables import readings_of

CHARTS = {
    "A": {"R1": "SD PD -", "R2": "SD SD PD", "INV": "SD PD -"},
    "B": {"R1": "PR PR PR", "R2": "PR PR PR", "INV": "SD SD SD"},
}


def written(path: Path, table: dict[str, list[Any]]) -> str:
    """A table as a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(table)
        out.writerows(zip(*table.values(), strict=True))
    return str(path)


def rows(path: Path) -> list[dict[str, str]]:
    """A file as rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def findings(tmp_path: Path) -> str:
    """A file of three readers."""
    for module in ("pyarrow", "narwhals"):
        pytest.importorskip(module)
    return written(tmp_path / "findings.csv", readings_of(CHARTS))


class TestReadings:
    """The command writes the tables of a review."""

    def test_pending(
        self, findings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A line that awaits a decision is told, and accepted of nobody."""
        out = tmp_path / "out"
        assert main(["readings", findings, "--local", "INV", "--out", str(out)]) == 0
        told = f"mrecist: {findings}: 1 of 2 lines pending, without an accepted reading"
        assert capsys.readouterr().err.startswith(told)
        first, second = rows(out / "discordance.csv")
        assert (first["state"], first["accepted"]) == ("pending", "")
        assert (second["state"], second["accepted"]) == ("agreed", "R1")
        assert [row["accepted"] for row in rows(out / "lines.csv")] == [
            "false", "false", "false", "true", "false", "false",
        ]  # fmt: skip
        agreement = rows(out / "agreement.csv")
        assert [(row["of"], row["readers"]) for row in agreement] == [
            (of, readers)
            for of in ("best_response", "confirmed_best_response", "response")
            for readers in ("R1,R2", "all")
        ]
        assert len(rows(out / "timepoints.csv")) == 16
        assert rows(out / "errors.csv") == []

    def test_decided(self, findings: str, tmp_path: Path) -> None:
        """Every setting of the review; decisions and lines are files of their own."""
        out = tmp_path / "out"
        decisions = {"patient": ["A"], "accepted": ["INV"], "reason": ["seen at once"]}
        lines = {"patient": ["A", "B"], "start": [0, 0]}
        done = {"patient": ["A"], "date": [300], "kind": ["RFA"]}
        options = [
            "--decisions", written(tmp_path / "decisions.csv", decisions),
            "--lines", written(tmp_path / "lines.csv", lines),
            "--procedures", written(tmp_path / "procedures.csv", done),
            "--readers", "R2,R1", "--adjudicator", "INV", "--decides", "choice", "--confirmed",
            "--triggers", "progression date,time point", "--one-reader", "pending",
            "--window", "7",
        ]  # fmt: skip
        assert main(["readings", findings, *options, "--out", str(out)]) == 0
        first, second = rows(out / "discordance.csv")
        assert (first["state"], first["accepted"], first["by"]) == ("adjudicated", "INV", "INV")
        assert (first["triggers"], first["reason"]) == (
            "progression date;time point",
            "seen at once",
        )
        assert second["accepted"] == "R2"

    def test_single(self, findings: str, tmp_path: Path) -> None:
        """One reader alone has no agreement."""
        table = readings_of({"A": {"R1": "SD SD SD"}})
        out = tmp_path / "out"
        path = written(tmp_path / "one.csv", table)
        assert main(["readings", path, "--review", "single", "--out", str(out)]) == 0
        assert not (out / "agreement.csv").exists()

    def test_parquet(self, findings: str, tmp_path: Path) -> None:
        """Parquet in, Parquet out."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path, out = str(tmp_path / "findings.parquet"), tmp_path / "out"
        pq.write_table(pa.table(readings_of(CHARTS)), path)
        assert main(["readings", path, "--review", "all", "--out", str(out)]) == 0
        assert pq.read_table(out / "discordance.parquet")["state"].to_pylist() == ["none"] * 2

    def test_invalid(
        self, findings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A mistake is told by its row; the others are judged."""
        table = readings_of(CHARTS)
        table["viable_mm"][2] = -1
        path, out = written(tmp_path / "wrong.csv", table), tmp_path / "out"
        assert main(["readings", path, "--out", str(out)]) == 1
        told = "1 of 2 patients invalid, so not assessed: every mistake is in"
        assert told in capsys.readouterr().err
        assert [row["row"] for row in rows(out / "errors.csv")] == ["2"]
        assert [row["patient"] for row in rows(out / "discordance.csv")] == ["B"]

    def test_told_as_of_a_cohort(
        self, findings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Patients without a line, rows of nobody, and decisions that are not taken: each apart."""
        out = tmp_path / "out"
        table = readings_of(CHARTS)
        for name, cell in (("patient", ""), ("reader", "R1"), ("date", 0), ("lesion", "T1"),
                           ("viable_mm", 30), ("status", None)):  # fmt: skip
            table[name].append(cell)
        path = written(tmp_path / "nobody.csv", table)
        lines = {"patient": ["A"], "start": [0], "death_date": [900]}
        decisions = {"patient": ["A", "Z", ""], "accepted": ["R9", "R1", "R1"]}
        options = [
            "--lines", written(tmp_path / "lines.csv", lines),
            "--decisions", written(tmp_path / "decisions.csv", decisions),
        ]  # fmt: skip
        assert main(["readings", path, *options, "--local", "INV", "--out", str(out)]) == 1
        errors, notes = out / "errors.csv", out / "notes.csv"
        told = [
            f"1 mistake in rows that name no patient: see {errors}",
            "1 of 2 patients without a line of therapy, so without a verdict",
            f"1 note on what is probably meant otherwise than it is read: see {notes}",
            f"3 mistakes in decisions, which are not taken: see {errors}",
            "1 of 1 line pending, without an accepted reading: see discordance",
        ]
        assert capsys.readouterr().err.splitlines() == [f"mrecist: {path}: {each}" for each in told]
        assert len(rows(errors)) == 4
        (note,) = rows(notes)
        assert (note["patient"], note["reader"], note["code"]) == ("", "", "LIKE_A_COLUMN")
        assert '"death_date"' in note["what"]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--review", "triple"], "--review must be"),
            (["--readers", "R1,R7"], "the review names R7"),
            (["--window", "-1"], "window_days must be"),
        ],
    )
    def test_refused(
        self, options: list[str], message: str, findings: str, tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        """A review that cannot be could not run."""
        assert main(["readings", findings, *options, "--out", str(tmp_path / "out")]) == 2
        assert message in capsys.readouterr().err

    def test_no_reader(
        self, findings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A table without readers, or a row without one, is none; `cohort` names this command."""
        table = readings_of(CHARTS)
        table["reader"][1] = ""
        path, out = written(tmp_path / "wrong.csv", table), str(tmp_path / "out")
        assert main(["readings", path, "--out", out]) == 2
        assert "reader: must be given for every row, row 1 is empty" in capsys.readouterr().err
        del table["reader"]
        path = written(tmp_path / "none.csv", table)
        assert main(["readings", path, "--out", out]) == 2
        assert "reader: this column is required" in capsys.readouterr().err
        assert main(["cohort", findings, "--out", out]) == 2
        assert "holds readings by reader: `mrecist readings` takes them" in capsys.readouterr().err
