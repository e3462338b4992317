"""`mrecist readings`: files of several readers in, files of what stands out."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from support.readers_tables import readings_of

from mrecist.cli.parser import main

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
            "false",
            "false",
            "false",
            "true",
            "false",
            "false",
        ]
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
        for name, cell in (
            ("patient", ""),
            ("reader", "R1"),
            ("date", 0),
            ("lesion", "T1"),
            ("viable_mm", 30),
            ("status", None),
        ):
            table[name].append(cell)
        path = written(tmp_path / "nobody.csv", table)
        lines = {"patient": ["A"], "start": [0], "death_date": [900]}
        decisions = {"patient": ["A", "Z", ""], "accepted": ["R9", "R1", "R1"]}
        options = [
            "--lines", written(tmp_path / "lines.csv", lines),
            "--decisions", written(tmp_path / "decisions.csv", decisions),
        ]  # fmt: skip
        assert main(["readings", path, *options, "--local", "INV", "--out", str(out), "-q"]) == 1
        errors, notes = out / "errors.csv", out / "notes.csv"
        told = [
            f"1 mistake in rows that name no patient: see {errors}",
            "1 of 2 patients without a line of therapy, so without a verdict",
            f"1 note on what is probably misread: see {notes}",
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
        self,
        options: list[str],
        message: str,
        findings: str,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
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


def cases(charts: Any = CHARTS) -> list[dict[str, Any]]:
    """A case document for each reader of each patient."""
    made = []
    table = readings_of(charts)
    rows = list(zip(*table.values(), strict=True))
    for patient, readers in charts.items():
        for reader in readers:
            visits = [
                {"date": day, "findings": [{"lesion": lesion, "viable_mm": mm}]}
                for whose, who, day, lesion, mm, _ in rows
                if (whose, who) == (patient, reader)
            ]
            made.append({
                "format": "mrecist-case/1", "patient": patient, "reader": reader,
                "lesions": [{"id": "T1", "organ": "liver", "kind": "nodule"}],
                "timepoints": visits, "lines": [{"start": 0, "agents": ["sorafenib"]}],
            })  # fmt: skip
    return made


def stream(path: Path, documents: list[Any]) -> str:
    """Documents, or texts, one a line."""
    lines = [each if isinstance(each, str) else json.dumps(each) for each in documents]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.mark.usefixtures("findings")
class TestCases:
    """Case documents of several readers are taken as the tables are that they hold."""

    @pytest.mark.parametrize("name", ["cases.jsonl", "cases.ndjson"])
    def test_as_their_tables(self, name: str, tmp_path: Path) -> None:
        """Every file is, byte by byte, what the tables of `mrecist convert` give."""
        documents = cases()
        for each in documents[:3]:
            each["procedures"] = [{"date": 300, "kind": "RFA", "lesions": ["T1"]}]
        path, tables = stream(tmp_path / name, documents), tmp_path / "tables"
        direct, through = tmp_path / "direct", tmp_path / "through"
        assert main(["convert", path, "--from", "cases", "--out", str(tables)]) == 0
        options = ["--local", "INV", "--out"]
        beside = [f"--{each}={tables / each}.csv" for each in ("lines", "procedures")]
        assert main(["readings", path, *options, str(direct)]) == 0
        findings = str(tables / "findings.csv")
        assert main(["readings", findings, *beside, *options, str(through)]) == 0
        names = sorted(each.name for each in through.iterdir())
        assert names == sorted(each.name for each in direct.iterdir())
        for each in names:
            assert (direct / each).read_bytes() == (through / each).read_bytes()

    def test_one(self, tmp_path: Path) -> None:
        """A file of one document holds one reading."""
        path, out = tmp_path / "case.json", tmp_path / "out"
        path.write_text(json.dumps(cases()[0], indent=1), encoding="utf-8")
        assert main(["readings", str(path), "--review", "single", "--out", str(out)]) == 0
        (row,) = rows(out / "discordance.csv")
        assert (row["accepted"], row["best_response_R1"]) == ("R1", "SD")

    def test_decided(self, tmp_path: Path) -> None:
        """Decisions are a table also beside documents."""
        path, out = stream(tmp_path / "cases.jsonl", cases()), tmp_path / "out"
        decisions = written(tmp_path / "decisions.csv", {"patient": ["A"], "accepted": ["R2"]})
        assert main(["readings", path, "--decisions", decisions, "--out", str(out)]) == 0
        assert [row["accepted"] for row in rows(out / "discordance.csv")] == ["R2", "R1"]

    def test_invalid(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A patient with a mistake in one document has no reading; every mistake is listed."""
        charts = dict.fromkeys(("A", "B", "C"), CHARTS["B"])
        documents: list[Any] = cases(charts)
        documents[1]["lines"][0]["agents"] = ["lenvatinib"]  # A, R2: a fact that differs
        documents[5]["timepoints"][1]["findings"][0]["viable_mm"] = -1  # B, INV
        documents.append("{")
        path, out = stream(tmp_path / "cases.jsonl", documents), tmp_path / "out"
        assert main(["readings", path, "--local", "INV", "--out", str(out)]) == 1
        errors = out / "errors.csv"
        assert capsys.readouterr().err.splitlines()[:2] == [
            f"mrecist: {path}: 2 of 3 patients invalid, so not assessed: every mistake is in "
            f"{errors}",
            f"mrecist: {path}: 1 mistake in documents that name no patient: see {errors}",
        ]
        assert [row["patient"] for row in rows(out / "discordance.csv")] == ["C"]
        told = {row["patient"]: row["error"] for row in rows(errors)}
        assert told["A"] == (
            "reader R2, lines[0].agents: must be as by R1, ['sorafenib'], got ['lenvatinib']"
        )
        assert told["B"].startswith("document 6: timepoints[1].findings[0].viable_mm: ")
        assert told[""].startswith("document 10: ")
        assert {row["row"] for row in rows(errors)} == {""}

    def test_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What cannot be read at all: no reader, no document that is sound, tables beside."""
        out = str(tmp_path / "out")
        documents = cases()
        path = stream(tmp_path / "cases.jsonl", documents)
        for options in (["--lines", path], ["--procedures", path, "--lines", path]):
            assert main(["readings", path, *options, "--out", out]) == 2
            message = capsys.readouterr().err
            assert "case documents hold their own; leave out --lines" in message
        assert "--lines and --procedures" in message
        nobody = [{k: v for k, v in each.items() if k != "reader"} for each in documents[::3]]
        path = stream(tmp_path / "cases.jsonl", nobody)
        assert main(["readings", path, "--out", out]) == 2
        assert "names no reader" in capsys.readouterr().err
        path = stream(tmp_path / "cases.jsonl", [documents[0], documents[0], nobody[1], "{"])
        assert main(["readings", path, "--out", out]) == 2
        first, *others = capsys.readouterr().err.splitlines()
        assert first.startswith(f"mrecist: {path}: document 4: not JSON: ")
        assert others == [
            f"mrecist: {path}: patient A: reader R1: must be there once, is there twice",
            f"mrecist: {path}: patient B: reader: must be given in every case where one gives it",
        ]
        path = stream(tmp_path / "cases.jsonl", [])
        assert main(["readings", path, "--out", out]) == 2
        assert capsys.readouterr().err == f"mrecist: {path}: holds no case document\n"


class TestKeep:
    """Further columns of the lines are carried on."""

    def test_kept(self, findings: str, tmp_path: Path) -> None:
        """The arm stands in the tables of lines and time points."""
        out = tmp_path / "out"
        table = {"patient": ["A", "B"], "start": [0, 0], "arm": ["TACE", "sham"]}
        lines = written(tmp_path / "lines.csv", table)
        options = ["--lines", lines, "--keep", "arm", "--out", str(out)]
        assert main(["readings", findings, *options]) == 0
        for name in ("lines", "timepoints"):
            told = {(row["patient"], row["arm"]) for row in rows(out / f"{name}.csv")}
            assert told == {("A", "TACE"), ("B", "sham")}

    def test_patients(self, findings: str, tmp_path: Path) -> None:
        """So does one of a table of patients, without lines; the others are named."""
        out = tmp_path / "out"
        table = {"patient": ["A", "B"], "arm": ["TACE", "sham"], "sex": ["F", "M"]}
        who = written(tmp_path / "who.csv", table)
        options = ["--patients", who, "--keep", "arm", "--out", str(out)]
        assert main(["readings", findings, *options]) == 0
        told = {(row["patient"], row["arm"]) for row in rows(out / "lines.csv")}
        assert told == {("A", "TACE"), ("B", "sham")}
        assert ["sex" in row["what"] for row in rows(out / "notes.csv")] == [True]

    def test_not_there(
        self, findings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A column that is not there is named."""
        lines = written(tmp_path / "lines.csv", {"patient": ["A"], "start": [0]})
        out = ["--out", str(tmp_path / "out")]
        assert main(["readings", findings, "--lines", lines, "--keep", "arm", *out]) == 2
        assert "lines.arm: this column, to be kept, is not there" in capsys.readouterr().err
        assert main(["readings", findings, "--keep", "arm", *out]) == 2
        assert "and there are no lines" in capsys.readouterr().err
