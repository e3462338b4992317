"""FHIR and REDCap on the command line: every command takes them, and `convert` writes bundles."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from support.fhir_rows import bundle, lesion, response, size

import mrecist
from mrecist.cli.parser import main

VIABLE = ("--measures", "viable")
REDCAP = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,day,les,mm\n"
    "1,a,,,2024-01-03,,\n1,a,lesion,1,,S8,14\n1,b,,,2024-03-06,,\n1,b,lesion,1,,S8,9.8\n"
)
COLUMNS = ("--column", "lesion=les", "--column", "viable_mm=mm", "--column", "date=day",
           "--column", "organ==liver")  # fmt: skip


@pytest.fixture
def fhir(tmp_path: Path) -> Any:
    """Write resources as a bundle; the path."""

    def write(*resources: Any, name: str = "bundle.json") -> str:
        path = tmp_path / name
        path.write_text(json.dumps(bundle(*resources)), "utf-8")
        return str(path)

    return write


def patient(name: str, *values: float) -> list[Any]:
    """The sizes of a patient at baseline and after."""
    subject = {"reference": f"Patient/{name}"}
    dates = ("2024-01-03", "2024-03-06")
    return [
        size("S8", value, date, subject=subject, id=f"{name}{date}")
        for value, date in zip(values, dates, strict=False)
    ]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestFhir:
    """A bundle where a case is taken."""

    @pytest.mark.parametrize("command", ["assess", "explain", "course"])
    def test_commands(self, command: str, fhir: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Verdicts, reasons and times."""
        path = fhir(lesion("S8"), *patient("P1", 14, 9.8))
        assert main([command, path, *VIABLE]) == 0
        printed = capsys.readouterr()
        assert "P1" in printed.out
        assert "1 problem in reading it, which mrecist check names" in printed.err

    def test_question(self, fhir: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Questions end in the flag that answers them."""
        sized = [lesion("S8"), *patient("P1", 14, 9.8)]
        assert main(["assess", fhir(*sized)]) == 2
        assert capsys.readouterr().err.endswith("--measures viable or --measures whole\n")
        path = fhir(*sized, response("C4870", system="x"))
        assert main(["assess", path, *VIABLE]) == 2
        assert "--responses FHIR=mrecist" in capsys.readouterr().err
        assert main(["assess", path, *VIABLE, "--responses", "FHIR=mrecist"]) == 0
        assert main(["check", path, *VIABLE, "--responses", "fhir=none"]) == 1
        assert "OTHER_CRITERIA" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            main(["assess", path, "--responses", "mrecist"])
        assert "must be FHIR=CRITERIA, got 'mrecist'" in capsys.readouterr().err

    def test_mistakes(self, fhir: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """A patient with a mistake is told, the other is judged."""
        path = fhir(lesion("S8"), *patient("P1", 14, -1), *patient("P2", 14, 9.8))
        assert main(["assess", path, "--json", *VIABLE]) == 1
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["patient"] for line in lines] == ["P2", "P1"]
        assert "NOT_A_LENGTH" in lines[1]["errors"][0]

    @pytest.mark.parametrize(
        ("content", "told"),
        [('{"resourceType": "Bundle"', "not JSON"), ('{"resourceType": "Bundle"}', "no resource")],
    )
    def test_unsound(
        self, tmp_path: Path, content: str, told: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What is no bundle could not be read."""
        path = tmp_path / "a.json"
        path.write_text(content)
        assert main(["assess", str(path)]) == 2
        assert told in capsys.readouterr().err

    def test_others(self, fhir: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """One file of a folder that cannot be read does not cost the others; no file at all."""
        path = Path(fhir(lesion("S8"), *patient("P1", 14, 9.8)))
        (path.parent / "z.ndjson").write_text("{")
        assert main(["assess", str(tmp_path), *VIABLE]) == 1
        printed = capsys.readouterr()
        assert "PR" in printed.out
        assert "z.ndjson: NOT_A_TABLE: not JSON" in printed.err
        assert main(["assess", str(tmp_path / "none.json")]) == 2
        assert main(["cohort", str(tmp_path / "none.csv"), "--out", str(tmp_path)]) == 2

    def test_flags(self, fhir: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Flags of other kinds are refused by name."""
        path = fhir(lesion("S8"), *patient("P1", 14))
        assert main(["assess", path, "--sheet", "A", "--dictionary", "d.csv"]) == 2
        told = "this is read as FHIR, which has no --sheet, --dictionary"
        assert told in capsys.readouterr().err
        sheet = Path(path).parent / "a.csv"
        sheet.write_text("Patient,Lesion,Organ,2024-01-03\nP1,A,liver,20\n")
        assert main(["assess", str(sheet), "--instrument", "x"]) == 2
        assert "read as a worksheet, which has no --instrument" in capsys.readouterr().err
        assert main(["convert", str(sheet), "--check", "--instrument", "x"]) == 2
        assert "--instrument" in capsys.readouterr().err

    def test_tables(self, fhir: Any, tmp_path: Path) -> None:
        """`cohort` and `convert` of a folder of bundles."""
        fhir(lesion("S8"), *patient("P1", 14, 9.8))
        fhir(lesion("S8"), *patient("P2", 14, 20), name="other.json")
        out = tmp_path / "verdicts"
        assert main(["cohort", str(tmp_path), "--out", str(out), *VIABLE]) == 0
        assert {row["patient"]: row["response"] for row in rows(out / "timepoints.csv")} == {
            "P1": "PR",
            "P2": "PD",
        }
        assert main(["convert", str(tmp_path), "--from", "fhir", "--out", str(out), *VIABLE]) == 0
        assert [row["viable_mm"] for row in rows(out / "findings.csv")] == ["14", "9.8", "14", "20"]

    def test_map(self, fhir: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """More settings stand in a file."""
        path = fhir(*patient("P1", 14, 9.8))
        setting = tmp_path / "map.json"
        for text, told in (
            ("{", "not JSON"),
            ("[]", "must be an object with some of drugs"),
            ('{"cm": {}}', "must be an object with some of drugs"),
            ('{"kinds": []}', "kinds must be an object"),
            ('{"kinds": {"b-S8": "blob"}}', "kinds.b-S8: must be one of"),
        ):
            setting.write_text(text)
            assert main(["convert", path, "--check", "--map", str(setting)]) == 2
            assert told in capsys.readouterr().err
        setting.write_text('{"locations": {"b-S8": ["liver", "nodule"]}}')
        out = tmp_path / "out"
        assert main(["convert", path, "--map", str(setting), "--out", str(out), *VIABLE]) == 0
        assert {row["organ"] for row in rows(out / "findings.csv")} == {"liver"}

    def test_report(self, fhir: Any, tmp_path: Path) -> None:
        """A page."""
        pytest.importorskip("matplotlib")
        pytest.importorskip("jinja2")
        path, page = fhir(lesion("S8"), *patient("P1", 14, 9.8)), tmp_path / "r.html"
        assert main(["report", path, "-o", str(page), *VIABLE]) == 0
        assert "P1" in page.read_text("utf-8")


class TestBundles:
    """`convert --to fhir`."""

    def test_cases(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Case documents: one bundle a patient; a case that cannot be written is told."""
        cases = tmp_path / "cases.jsonl"
        documents = [
            mrecist.to_case(mrecist.example_case()), {"format": "mrecist-case/1"},
            mrecist.to_case(mrecist.example_case("ikeda-2021")),
        ]  # fmt: skip
        cases.write_text("\n".join(map(json.dumps, documents)))
        out = tmp_path / "out"
        command = ["convert", str(cases), "--to", "fhir", "--out", str(out)]
        assert main([*command, "--criteria", "recist-1.1"]) == 1
        assert sorted(path.name for path in out.iterdir()) == ["bundle-1.json", "errors.csv"]
        made = json.loads((out / "bundle-1.json").read_text("utf-8"))
        assert "RECIST 1.1 time point response" in json.dumps(made)
        errors = [row["error"] for row in rows(out / "errors.csv")]
        told = "timepoints[0].date: must be a calendar date to be written as FHIR, got study day 0"
        assert errors[-1] == told
        assert "must be a calendar date" in capsys.readouterr().err

    def test_study(self, fhir: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A study of any kind; what is read is not written over."""
        path = fhir(lesion("S8"), *patient("P1", 14, 9.8), name="bundle-1.json")
        out = tmp_path / "out"
        assert main(["convert", path, "--to", "fhir", "--out", str(out), *VIABLE]) == 0
        study = mrecist.io.read_fhir(out / "bundle-1.json")
        assert study.assess().lines["best_response"].tolist() == ["PR"]
        here = str(tmp_path)
        assert main(["convert", path, "--to", "fhir", "--out", here, *VIABLE]) == 2
        assert main(["convert", here, "--from", "sdtm", "--to", "fhir", "--out", str(out)]) == 2
        capsys.readouterr()
        assert main(["convert", path, "--to", "fhir", "--check", *VIABLE]) == 1
        assert "Study from FHIR" in capsys.readouterr().out


class TestRedcap:
    """A raw export where a case is taken."""

    @pytest.fixture
    def export(self, tmp_path: Path) -> str:
        path = tmp_path / "export.csv"
        path.write_text(REDCAP)
        return str(path)

    def test_commands(self, export: str, capsys: pytest.CaptureFixture[str]) -> None:
        """It is known by its columns; its fields are named by `--column`."""
        assert main(["assess", export, *COLUMNS]) == 0
        assert "PR" in capsys.readouterr().out
        assert main(["check", export, *COLUMNS, "--instrument", "lesion"]) == 0
        assert main(["assess", export, *COLUMNS, "--instrument", "x"]) == 2
        assert "say --instrument NAME" in capsys.readouterr().err
        assert main(["assess", export, *COLUMNS, "--column", "colour=les"]) == 2
        assert "fields must be named" in capsys.readouterr().err

    def test_map(self, export: str, tmp_path: Path) -> None:
        """Fields, codes of missing data and the dictionary from files."""
        setting, known, out = (tmp_path / name for name in ("m.json", "d.csv", "out"))
        setting.write_text(
            json.dumps(
                {"fields": {"lesion": "les", "viable_mm": "mm", "date": "day"}, "missing": ["-99"]}
            )
        )
        known.write_text("field_name,field_type,field_label\nmm,text,Diameter (cm)\n")
        command = ["convert", export, "--map", str(setting), "--dictionary", str(known)]
        assert main([*command, "--column", "organ==liver", "--out", str(out)]) == 0
        assert [row["viable_mm"] for row in rows(out / "findings.csv")] == ["140", "98"]
        judged = tmp_path / "judged"
        assert main(["cohort", export, *COLUMNS, "--out", str(judged)]) == 0
        assert rows(judged / "timepoints.csv")[0]["response"] == "PR"
