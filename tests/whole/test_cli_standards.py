"""ADaM and SDTM on the command line: `mrecist cohort --adam`, `mrecist convert --to sdtm`."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from support.sdtm_rows import ex, tables, tr, tu

import mrecist
from mrecist.cli import standards
from mrecist.cli.parser import main
from mrecist.tables import data_sets

CASE: dict[str, Any] = {
    "format": "mrecist-case/1", "patient": "P-1",
    "lesions": [{"id": "S8", "organ": "liver", "kind": "nodule"}],
    "timepoints": [
        {"date": "2024-01-03", "findings": [{"lesion": "S8", "viable_mm": 40}]},
        {"date": "2024-03-06", "findings": [{"lesion": "S8", "viable_mm": 20}],
         "reported": {"mine": "PR"}},
    ],
    "lines": [{"agents": ["lenvatinib"], "start": "2024-01-05"}],
}  # fmt: skip
ADSL = "STUDYID,USUBJID,AGE,TRTSDT\nHCC-1,P1,61,2024-01-05\n"


@pytest.fixture
def study(tmp_path: Path) -> str:
    """A folder with data sets as CSV."""
    folder = tmp_path / "study"
    folder.mkdir()
    rows = [tr("T1", "VDIAM", 40), tr("T1", "VDIAM", 20, "2024-03-06")]
    made = tables(tu=[tu("T1")], tr=rows, ex=[ex("LENVATINIB", "2024-01-05")])
    for name, table in made.items():
        with (folder / f"{name.lower()}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))
    return str(folder)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_flags() -> None:
    """The flags take the kinds of files that there are."""
    assert standards.KINDS == data_sets.KINDS


class TestAdam:
    """`mrecist cohort --adam`."""

    def run(self, study: str, out: Path, *flags: str) -> int:
        return main(["cohort", study, "--sdtm", "--out", str(out), *flags])

    @pytest.mark.parametrize("kind", ["xpt", "csv", "parquet", "json"])
    def test_kinds(self, study: str, tmp_path: Path, kind: str) -> None:
        """Three data sets beside the verdicts."""
        if kind == "parquet":
            pytest.importorskip("pyarrow")
        out = tmp_path / "out"
        assert self.run(study, out, "--adam", kind) == 0
        names = {path.name for path in out.iterdir()}
        assert {f"adrs.{kind}", f"adtr.{kind}", f"adtte.{kind}", "lines.csv"} <= names

    def test_subjects(self, study: str, tmp_path: Path) -> None:
        """The columns of the subjects, the reader, a policy."""
        adsl, out = tmp_path / "adsl.csv", tmp_path / "out"
        adsl.write_text(ADSL)
        flags = ("--adam", "csv", "--adsl", str(adsl), "--censoring", "ema-itt")
        assert self.run(study, out, *flags) == 0
        (response,) = [row for row in rows_of(out / "adrs.csv") if row["PARAMCD"] == "OVR"]
        told = [response[name] for name in ("STUDYID", "AGE", "TRTSDT", "AVALC", "ADY", "PARCAT2")]
        assert told == ["HCC-1", "61", "2024-01-05", "PR", "62", "Investigator"]
        (pfs,) = [row for row in rows_of(out / "adtte.csv") if row["PARAMCD"] == "PFS"]
        assert pfs["CLAUSE"] == "TTE-EMA-03"

    @pytest.mark.parametrize("kind", ["parquet", "xpt", "sas7bdat"])
    def test_typed_subjects(self, study: str, tmp_path: Path, kind: str) -> None:
        """Files that know numbers and dates."""
        pd = pytest.importorskip("pandas")
        pytest.importorskip("pyarrow")
        sas = pytest.importorskip("pyreadstat")
        import datetime

        frame = pd.DataFrame(
            {"USUBJID": ["P1"], "AGE": [61.0], "TRTSDT": [datetime.date(2024, 1, 5)]}
        )
        adsl, out = tmp_path / f"adsl.{kind}", tmp_path / "out"
        if kind == "parquet":
            frame.to_parquet(adsl)
        else:
            sas.write_xport(frame, str(tmp_path / "adsl.xpt"), file_format_version=5)
        if kind == "sas7bdat":
            assert self.run(study, out, "--adam", "csv", "--adsl", str(adsl)) == 2
            return
        assert self.run(study, out, "--adam", "csv", "--adsl", str(adsl)) == 0
        row = rows_of(out / "adrs.csv")[0]
        assert (row["AGE"], row["TRTSDT"]) == ("61", "2024-01-05")

    @pytest.mark.parametrize(
        ("flags", "told"),
        [
            (("--adsl", "{adsl}"), "--adsl and --censoring are of --adam"),
            (
                ("--adam", "csv", "--adsl", "{adsl}"),
                "adsl.csv, row 0, TRTSDT: NO_DATE: must be a date such as 2024-03-06, got '5JAN24'",
            ),
            (("--adam", "csv", "--adsl", "{none}"), "No such file or directory"),
            (("--adam", "csv", "--adsl", "{empty}"), "adsl: 1 judged patient must have a row: P1"),
        ],
    )
    def test_refused(
        self, study: str, tmp_path: Path, capsys: Any, flags: tuple[str, ...], told: str
    ) -> None:
        """One line, and status 2."""
        adsl, empty = tmp_path / "adsl.csv", tmp_path / "empty.csv"
        adsl.write_text(ADSL.replace("2024-01-05", "5JAN24"))
        empty.write_text("USUBJID,TRTSDT\nP9,\n")
        paths = {"adsl": str(adsl), "none": str(tmp_path / "none.csv"), "empty": str(empty)}
        given = [flag.format(**paths) for flag in flags]
        assert self.run(study, tmp_path / "out", *given) == 2
        assert told in capsys.readouterr().err

    def test_too_long(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """What a transport file cannot hold is told at once."""
        adsl = tmp_path / "adsl.csv"
        adsl.write_text(f"USUBJID,REASONOFEND,RACE\nP1,x,{'é' * 101}\n", "utf-8")
        assert self.run(study, tmp_path / "out", "--adam", "xpt", "--adsl", str(adsl)) == 2
        told = capsys.readouterr().err
        assert "ADRS.REASONOFEND: a name must have at most 8 letters" in told
        assert "ADTTE.RACE, row 0: must be ASCII" in told
        assert not (tmp_path / "out" / "adrs.xpt").exists()

    def test_own_subjects(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """The file of the subjects is not written over."""
        adsl = tmp_path / "adtr.csv"
        adsl.write_text(ADSL)
        assert self.run(study, tmp_path, "--adam", "csv", "--adsl", str(adsl)) == 2
        assert "adtr.csv: would be written over" in capsys.readouterr().err

    def test_tables(self, tmp_path: Path, capsys: Any) -> None:
        """Tables have no ADaM on the command line."""
        findings = tmp_path / "findings.csv"
        findings.write_text("patient,date,lesion,viable_mm\nA,2024-01-03,T,30\n")
        command = ["cohort", str(findings), "--out", str(tmp_path / "out"), "--adam", "csv"]
        assert main(command) == 2
        assert (
            "--adam is of a study (--sdtm), a worksheet, FHIR or REDCap" in capsys.readouterr().err
        )

    def test_worksheet(self, tmp_path: Path) -> None:
        """A worksheet has it too."""
        sheet, out = tmp_path / "lesions.csv", tmp_path / "out"
        sheet.write_text("Patient,Lesion,Organ,Role,2024-01-03,2024-03-06\nP1,T1,S8,target,41,20\n")
        command = ["cohort", str(sheet), "--out", str(out), "--adam", "csv"]
        assert main([*command, "--measures", "viable"]) == 0
        assert {row["PARCAT2"] for row in rows_of(out / "adrs.csv")} == {"Investigator", ""}


class TestSdtm:
    """`mrecist convert --to sdtm`."""

    def test_cases(self, tmp_path: Path, capsys: Any) -> None:
        """Documents as data sets, which are judged alike; what they cannot say is listed."""
        cases, out = tmp_path / "cases.jsonl", tmp_path / "sdtm"
        cases.write_text(json.dumps(CASE) + "\n")
        command = ["convert", str(cases), "--to", "sdtm", "--files", "csv", "--out", str(out)]
        assert main(command) == 0
        assert "SDTM cannot say 1 thing: see " in capsys.readouterr().err
        names = sorted(path.name for path in out.iterdir())
        assert names == [
            "dm.csv",
            "errors.csv",
            "ex.csv",
            "problems.csv",
            "tr.csv",
            "tu.csv",
            "unsaid.csv",
        ]
        responses = mrecist.io.read_sdtm(out).assess()
        assert responses.lines["best_response"].tolist() == ["PR"]

    def test_transport(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """A study as transport files; nothing is unsaid."""
        out = tmp_path / "sdtm"
        assert main(["convert", study, "--to", "sdtm", "--out", str(out), "--quiet"]) == 0
        assert (out / "tr.xpt").exists()
        assert not (out / "unsaid.csv").exists()
        assert capsys.readouterr().err == ""

    def test_dataset_json(self, study: str, tmp_path: Path) -> None:
        """A study as Dataset-JSON, which is read as a study again."""
        out, again = tmp_path / "sdtm", tmp_path / "again"
        command = ["convert", study, "--to", "sdtm", "--files", "json", "--out", str(out)]
        assert main(command) == 0
        assert json.loads((out / "tr.json").read_text("utf-8"))["datasetJSONVersion"] == "1.1.0"
        assert main(["convert", str(out), "--out", str(again)]) == 0
        assert (again / "findings.csv").exists()

    def test_computed(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """Computed responses as derived rows of RS, by the criteria that are asked for."""
        out = tmp_path / "sdtm"
        command = ["convert", study, "--to", "sdtm", "--files", "csv", "--out", str(out)]
        assert main([*command, "--computed-rs", "--criteria", "mrecist-5mm", "--quiet"]) == 0
        (row,) = [each for each in rows_of(out / "rs.csv") if each["RSDRVFL"] == "Y"]
        assert (row["RSSTRESC"], row["RSEVAL"]) == ("PR", "")
        assert mrecist.io.read_sdtm(out).assess().lines["best_response"].tolist() == ["PR"]
        assert main(["convert", study, "--computed-rs", "--out", str(out)]) == 2
        assert capsys.readouterr().err == "mrecist: --computed-rs is of --to sdtm\n"

    def test_computed_question(self, tmp_path: Path, capsys: Any) -> None:
        """What is measured is asked, with the flag that answers it, and nothing is written."""
        cases, out = tmp_path / "cases.jsonl", tmp_path / "sdtm"
        cases.write_text(json.dumps(CASE).replace("viable_mm", "longest_mm") + "\n")
        command = ["convert", str(cases), "--to", "sdtm", "--files", "csv", "--out", str(out)]
        assert main([*command, "--computed-rs"]) == 2
        assert capsys.readouterr().err.endswith("part: say --measures viable\n")
        assert not out.exists()
        assert main([*command, "--computed-rs", "--criteria", "recist-1.1"]) == 0

    def test_computed_readers(self, tmp_path: Path, capsys: Any) -> None:
        """Of several readers one is chosen: by a flag where the source has it, else by the file."""
        both = [{**CASE, "reader": reader} for reader in ("R1", "R2")]
        cases, out = tmp_path / "cases.jsonl", tmp_path / "sdtm"
        cases.write_text("".join(f"{json.dumps(each)}\n" for each in both))
        command = ["--to", "sdtm", "--files", "csv", "--out"]
        assert main(["convert", str(cases), *command, str(out), "--computed-rs"]) == 2
        assert capsys.readouterr().err.endswith(
            "cases.jsonl: --computed-rs is of one reader: "
            "convert the documents of one reader at a time\n"
        )
        assert main(["convert", str(cases), *command, str(out)]) == 0
        capsys.readouterr()
        again = ["convert", str(out), *command, str(tmp_path / "again"), "--computed-rs"]
        assert main([*again, "--reader", "each"]) == 2
        assert capsys.readouterr().err.endswith("or one of them: say --reader 'R1'\n")
        assert main([*again, "--reader", "R1"]) == 0
        derived = [each["RSDRVFL"] for each in rows_of(tmp_path / "again" / "rs.csv")]
        assert derived.count("Y") == 1

    def test_own_folder(self, study: str, capsys: Any) -> None:
        """The data sets that are read are not written over; in Python neither."""
        before = (Path(study) / "tr.csv").read_bytes()
        assert main(["convert", study, "--to", "sdtm", "--files", "csv", "--out", study]) == 2
        assert "tr.csv: would be written over, but is read" in capsys.readouterr().err
        with pytest.raises(ValueError, match="would be written over"):
            mrecist.io.read_sdtm(study).to_sdtm().write(study, "csv")
        assert (Path(study) / "tr.csv").read_bytes() == before
        assert main(["convert", study, "--to", "sdtm", "--out", study]) == 0

    def test_beside(self, tmp_path: Path, capsys: Any) -> None:
        """Nor is a file of cases that is named like a table beside them."""
        cases = tmp_path / "problems.csv"
        cases.write_text(json.dumps(CASE) + "\n")
        command = ["convert", str(cases), "--from", "cases", "--out", str(tmp_path)]
        assert main([*command, "--to", "sdtm"]) == 2
        assert "problems.csv: would be written over" in capsys.readouterr().err
        assert main([*command, "--reader", "A"]) == 2
        assert "read as case documents, which has no --reader" in capsys.readouterr().err

    def test_invalid(self, tmp_path: Path, capsys: Any) -> None:
        """A case that is not valid is an error, all others are written."""
        cases, out = tmp_path / "cases.json", tmp_path / "out"
        wrong = CASE | {"patient": "P-2", "lines": []}
        wrong["timepoints"] = [{"date": "soon", "findings": []}]
        cases.write_text(f"{json.dumps(CASE)}\n{json.dumps(wrong)}\n")
        cases = cases.rename(tmp_path / "cases.ndjson")
        command = ["convert", str(cases), "--from", "cases", "--out", str(out)]
        assert main([*command, "--as", "tables"]) == 1
        (error,) = rows_of(out / "errors.csv")
        assert (error["patient"], "date" in error["error"]) == ("P-2", True)
        assert {row["patient"] for row in rows_of(out / "findings.csv")} == {"P-1"}
        assert main([*command[:-2], "--check"]) == 1
        assert "errors: NOT_A_CASE 1" in capsys.readouterr().out

    def test_study_days(self, tmp_path: Path, capsys: Any) -> None:
        """Study days are no dates."""
        cases = tmp_path / "cases.jsonl"
        days = CASE | {"timepoints": [{"date": 0, "findings": []}], "lines": []}
        cases.write_text(json.dumps(days) + "\n")
        assert main(["convert", str(cases), "--to", "sdtm", "--out", str(tmp_path / "out")]) == 2
        assert "SDTM needs calendar dates, and 1 patient has study days" in capsys.readouterr().err
