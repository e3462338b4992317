"""`mrecist convert`, and `mrecist cohort --sdtm`."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from support.sdtm_rows import rs, tables, tr, tu

from mrecist.cli.parser import main
from mrecist.io import read_sdtm

ROWS = (
    tr("T1", "LDIAM", 40), tr("T1", "LDIAM", 20, "2024-03-06"), tr(None, "SUMDIAM", 20,
        "2024-03-06"),
)  # fmt: skip


def written(folder: Path, **domains: Any) -> str:
    """A folder with data sets as CSV."""
    folder.mkdir(exist_ok=True)
    for name, table in tables(**domains).items():
        with (folder / f"{name.lower()}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))
    return str(folder)


@pytest.fixture
def study(tmp_path: Path) -> str:
    return written(tmp_path / "study", tu=[tu("T1")], tr=ROWS)


class TestConvert:
    """A study as tables or documents."""

    def test_tables(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """Tables that the other commands read."""
        out = tmp_path / "out"
        command = ["convert", study, "--measures", "viable", "--out", str(out)]
        assert main([*command, "--quiet"]) == 0
        assert sorted(path.name for path in out.iterdir()) == [
            "findings.csv",
            "lines.csv",
            "problems.csv",
        ]
        assert (
            capsys.readouterr().err == f"mrecist: {study}: 1 problem: see {out / 'problems'}.csv\n"
        )
        assert main(command) == 0
        done = "1 patient, 1 line, 2 time points; no errors, 1 problem"
        assert capsys.readouterr().err.splitlines()[1:] == [
            f"mrecist: {study}: {done}; written to {out}"
        ]
        verdicts = tmp_path / "verdicts"
        pytest.importorskip("pyarrow")
        command = ["cohort", str(out / "findings.csv"), "--lines", str(out / "lines.csv")]
        assert main([*command, "--out", str(verdicts)]) == 0
        assert '"PR"' in (verdicts / "lines.csv").read_text()

    def test_cases(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """Case documents that `assess` reads."""
        out = tmp_path / "out"
        command = ["convert", study, "--from", "sdtm", "--measures", "viable", "--as", "cases"]
        assert main([*command, "--out", str(out)]) == 0
        assert main(["assess", str(out / "cases.jsonl"), "--json"]) == 0
        assert '"best_response": "PR"' in capsys.readouterr().out
        assert main([*command, "--reader", "each", "--out", str(out)]) == 2
        assert "a case is of one reader: say --reader 'INVESTIGATOR'" in capsys.readouterr().err

    @pytest.mark.parametrize("form", [[], ["--from", "tables"]])
    def test_own_tables(self, tmp_path: Path, form: list[str], capsys: Any) -> None:
        """What was written as tables is read again: as cases, as SDTM, as FHIR, with verdicts."""
        full = written(
            tmp_path / "full", tu=[tu("T1", "LIVER, RIGHT LOBE"), tu("N", "LUNG", "NEW")],
            tr=[*ROWS, tr("N", "TUMSTATE", "EQUIVOCAL", "2024-03-06")],
            rs=[rs("PD", "2024-03-06", "RECIST 1.1")],
            pr=[{"USUBJID": "P1", "PRTRT": "TACE", "PRSTDTC": "2024-02-01", "PRLNKID": "T1"}],
            lb=[{"USUBJID": "P1", "LBTESTCD": "AFP", "LBSTRESC": value, "LBSTRESU": "ug/L",
                 "LBDTC": "2024-01-03"} for value in ("410.5", "<3")],
            dm=[{"USUBJID": "P1", "RFXSTDTC": "2024-01-10", "DTHDTC": "2024-11-11"}],
        )  # fmt: skip
        whole, own = tmp_path / "whole", tmp_path / "own"
        read = ["--measures", "viable", "--quiet", "--out"]
        assert main(["convert", full, "--as", "cases", *read, str(whole)]) == 0
        assert main(["convert", full, *read, str(own)]) == 0
        for name, more in (
            ("cases", ["--as", "cases"]),
            ("fhir", ["--to", "fhir"]),
            ("sdtm", ["--to", "sdtm", "--files", "csv"]),
        ):
            out = str(tmp_path / name)
            assert main(["convert", str(own), *form, *more, "--quiet", "--out", out]) == 0
        cases = [
            json.loads((folder / "cases.jsonl").read_text())
            for folder in (whole, tmp_path / "cases")
        ]
        assert cases[0] == cases[1]
        assert "LIVER, RIGHT LOBE" in (tmp_path / "sdtm" / "tu.csv").read_text()
        assert (tmp_path / "fhir" / "bundle-1.json").exists()
        capsys.readouterr()
        assert main(["convert", str(own), "--reader", "X", "--check"]) == 2
        assert "this is read as tables, which has no --reader" in capsys.readouterr().err
        (own / "findings.csv").write_text("")
        assert main(["convert", str(own), "--from", "tables", "--check"]) == 2
        assert capsys.readouterr().err.endswith("NOT_A_TABLE: the file is empty\n")

    def test_findings_of_others(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """A file that is only called findings is no table of ours; Parquet is one as CSV is."""
        (Path(study) / "tr.csv").rename(Path(study) / "findings.csv")
        command = ["convert", study, "--names", "TR=findings", "--measures", "viable"]
        assert main([*command, "--check"]) == 1
        assert "Study from SDTM: 1 patient" in capsys.readouterr().out
        pytest.importorskip("pyarrow")
        read_sdtm(study, names={"TR": "findings"}, measures="viable").write(tmp_path, "parquet")
        assert main(["convert", str(tmp_path), "--check"]) == 0
        assert "Study from tables: 1 patient, 1 line, 2 time points" in capsys.readouterr().out

    def test_check(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """Nothing is written; problems and mistakes are counted."""
        assert main(["convert", study, "--measures", "whole", "--check"]) == 1
        told = [
            "Study from SDTM: 1 patient, 1 line, 2 time points, 1 problem",
            "problems: DERIVED_ROW 1",
        ]
        assert capsys.readouterr().out.splitlines() == told
        clean = written(tmp_path / "clean", tu=[tu("T1")], tr=ROWS[:2])
        assert main(["convert", clean, "--measures", "whole", "--check"]) == 0
        wrong = written(tmp_path / "wrong", tu=[tu("T1")], tr=[tr("T1", "LDIAM", "x")])
        assert main(["convert", wrong, "--measures", "whole", "--check"]) == 1
        assert "errors: NOT_A_LENGTH 1\n" in capsys.readouterr().out
        assert main(["convert", wrong, "--out", str(tmp_path / "out")]) == 1
        assert "1 mistake: see" in capsys.readouterr().err

    def test_questions(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """A question ends in the flag that answers it."""
        assert main(["convert", study, "--check"]) == 2
        assert capsys.readouterr().err.endswith("say --measures viable or --measures whole\n")
        assert main(["convert", str(tmp_path), "--check"]) == 2
        assert capsys.readouterr().err.startswith("mrecist: study: NOT_A_TABLE: no data set TR")
        assert main(["convert", str(tmp_path / "none.csv"), "--check"]) == 2

    def test_settings(self, tmp_path: Path, capsys: Any) -> None:
        """Names, categories and a file of settings."""
        rows = [rs("PR", "2024-03-06", "mRECIST")]
        study = written(tmp_path / "study", tu=[tu("T1", "S 8")], tr=ROWS[:2], rs=rows)
        Path(study, "tr.csv").rename(Path(study, "results.csv"))
        settings = tmp_path / "map.json"
        settings.write_text(json.dumps({"locations": {"S 8": ["liver", "nodule"]}}))
        command = [
            "convert",
            study,
            "--map",
            str(settings),
            "--names",
            "TR=results",
            "--measures",
            "viable",
        ]
        assert main([*command, "--check"]) == 2
        assert capsys.readouterr().err.endswith("say --responses mRECIST=mrecist\n")
        out = tmp_path / "out"
        asked = ["--responses", "mRECIST=mrecist", "--out", str(out), "--quiet"]
        assert main([*command, *asked]) == 0
        assert "reported:mrecist" in (out / "findings.csv").read_text()
        for text, told in (
            ("{", "not JSON"),
            ("[" * 100_000, "not JSON"),
            ('{"reader": "A"}', "must be an object with some of"),
            ("[]", "must be an object with some of"),
            ('{"kinds": {"T1": 5}}', "kinds.T1: must be"),
            ('{"cm": 5}', "cm: must be a mapping, got 5"),
        ):
            settings.write_text(text)
            assert main([*command, "--check"]) == 2
            assert capsys.readouterr().err.startswith(f"mrecist: {settings}: {told}")
        assert main(["convert", study, "--names", "XX=tr", "--check"]) == 2
        assert capsys.readouterr().err.startswith("mrecist: names.XX: must be named by one of TU")
        with pytest.raises(SystemExit):
            main([*command, "--names", "TR"])
        assert "must be NAME=VALUE, got 'TR'" in capsys.readouterr().err


class TestFlags:
    """Flags that a source does not have are refused by name."""

    SHEET = "Patient,Lesion,Organ,2024-01-03\nP1,T1,S8,41\n"
    SDTM = ("--reader A", "--dates last", "--names TR=tr", "--responses A=mrecist", "--map m.json")

    @pytest.mark.parametrize("command", ["convert", "cohort"])
    @pytest.mark.parametrize("flag", SDTM)
    def test_of_sdtm(self, flag: str, command: str, tmp_path: Path, capsys: Any) -> None:
        """A worksheet has no domains, no readers and no partial dates."""
        path = tmp_path / "lesions.csv"
        path.write_text(self.SHEET)
        given = [command, str(path), "--measures", "viable", *flag.split()]
        assert main([*given, "--out", str(tmp_path / "out")]) == 2
        told = f"this is read as a worksheet, which has no {flag.split()[0]}"
        assert capsys.readouterr().err == f"mrecist: {path}: {told}\n"
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        "flag", ["--sheet A", "--unit cm", "--decimal .", "--date-format %d", "--column lesion=A"]
    )
    def test_of_sheets(self, flag: str, study: str, tmp_path: Path, capsys: Any) -> None:
        """A study has no sheets."""
        out = ["--out", str(tmp_path / "out")]
        for command in (["convert", study], ["cohort", study, "--sdtm"]):
            assert main([*command, "--measures", "viable", *flag.split(), *out]) == 2
            told = f"this is read as an SDTM study, which has no {flag.split()[0]}"
            assert capsys.readouterr().err == f"mrecist: {study}: {told}\n"

    @pytest.mark.parametrize("flag", [*SDTM, "--measures viable", "--unit cm"])
    def test_of_tables(self, flag: str, tmp_path: Path, capsys: Any) -> None:
        """Tables of ours have neither."""
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        path = tmp_path / "findings.parquet"
        out = ["--out", str(tmp_path / "out")]
        assert main(["cohort", str(path), *flag.split(), *out]) == 2
        assert "No such file or directory" in capsys.readouterr().err
        path.touch()
        assert main(["cohort", str(path), *flag.split(), *out]) == 2
        told = f"this is read as a table of findings, which has no {flag.split()[0]}"
        assert capsys.readouterr().err == f"mrecist: {path}: {told}\n"

    def test_not_there(self, tmp_path: Path, capsys: Any) -> None:
        """A file that is not there has no flags to be wrong about."""
        for name in ("nofile", "lesions.xlsx"):
            path = tmp_path / name
            assert main(["convert", str(path), "--unit", "cm", "--check"]) == 2
            assert capsys.readouterr().err == f"mrecist: {path}: No such file or directory\n"

    def test_date_format(self, tmp_path: Path, capsys: Any) -> None:
        """A format that no date is read by."""
        path = tmp_path / "lesions.csv"
        path.write_text(self.SHEET)
        assert main(["convert", str(path), "--date-format", "%Q", "--check"]) == 2
        assert capsys.readouterr().err.startswith(f"mrecist: {path}: date_format must write day")


class TestCohort:
    """A study judged."""

    def test_judged(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """The tables of verdicts, and the problems of the study."""
        out = tmp_path / "out"
        assert main(["cohort", study, "--sdtm", "--measures", "viable", "--out", str(out)]) == 0
        assert sorted(path.stem for path in out.iterdir()) == [
            "errors",
            "lines",
            "notes",
            "problems",
            "timepoints",
        ]
        assert ",PR," in (out / "lines.csv").read_text()
        assert "1 problem: see" in capsys.readouterr().err

    def test_kept(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """Columns of a table of patients, by USUBJID; one that is not there is named."""
        out, who = tmp_path / "out", tmp_path / "dm.csv"
        who.write_text("USUBJID,ARM\nP1,TACE\n")
        command = ["cohort", study, "--sdtm", "--measures", "viable", "--out", str(out)]
        assert main([*command, "--patients", str(who), "--keep", "ARM"]) == 0
        assert (out / "lines.csv").read_text().splitlines()[1].endswith(",TACE")
        assert main([*command, "--patients", str(who), "--keep", "ARMS"]) == 2
        assert "got 'ARMS'; there are patient, start" in capsys.readouterr().err

    def test_kept_of_a_worksheet(self, tmp_path: Path, capsys: Any) -> None:
        """Beside a worksheet: columns of the lines, and of patients in the spelling asked for."""
        sheet, lines, who = (tmp_path / f"{name}.csv" for name in ("sheet", "lines", "who"))
        sheet.write_text("patient;date;lesion;organ;viable_mm\nP1;2024-01-03;T1;liver;30\n")
        lines.write_text("patient,start,site\nP1,2024-01-10,A\n")
        who.write_text("Patient,Arm\nP1,TACE\n")
        command = ["cohort", str(sheet), "--unit", "mm", "--out", str(tmp_path / "out")]
        options = ["--lines", str(lines), "--patients", str(who), "--keep", "site,arm"]
        assert main([*command, *options]) == 0
        written = (tmp_path / "out" / "lines.csv").read_text().splitlines()
        assert written[0].endswith(",site,arm")
        assert written[1].endswith(",A,TACE")
        assert main([*command, "--keep", "site"]) == 2
        assert "name a file of --patients" in capsys.readouterr().err

    def test_refused(self, study: str, tmp_path: Path, capsys: Any) -> None:
        """Mistakes, questions, and tables beside a study."""
        command = ["--sdtm", "--out", str(tmp_path / "out")]
        assert main(["cohort", study, *command]) == 2
        assert main(["cohort", study, *command, "--measures", "whole"]) == 2
        assert capsys.readouterr().err.endswith("say --measures viable\n")
        assert main(["cohort", study, *command, "--lines", "x.csv"]) == 2
        assert "a study has its own" in capsys.readouterr().err
        wrong = written(tmp_path / "wrong", tu=[tu("T1")], tr=[tr("T1", "LDIAM", "x"), ROWS[1]])
        assert main(["cohort", wrong, *command, "--measures", "viable"]) == 1
        assert "NOT_A_LENGTH" in (tmp_path / "out" / "errors.csv").read_text()
