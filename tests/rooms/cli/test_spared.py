"""No command writes over what it reads: it is refused, exit 2, and the input is as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from support.sdtm_rows import tables, tr, tu

from mrecist import io
from mrecist._base.json_text import dumps
from mrecist.cli.parser import main
from mrecist.documents.case import to_case
from mrecist.documents.packaged import example_case
from mrecist.tables.files import TableFileError, spare_inputs

FINDINGS = "patient,date,lesion,viable_mm\nP,0,S8,40\nP,60,S8,20\n"
READINGS = "patient,reader,date,lesion,viable_mm\nP,R1,0,S8,40\nP,R1,60,S8,20\n"
LINES = "patient,start\nP,1\n"
DONE = "patient,date,kind\nP,1,RFA\n"
DECISIONS = "patient,accepted\nP,R1\n"
SHEET = "Patient,Lesion,Organ,2024-01-03,2024-03-06\nP1,T1,S8,41,20\n"
VIABLE = "--measures viable --out ."

MATRIX = [
    ("cohort lines.csv --out .", {"lines.csv": FINDINGS}),
    ("cohort in.csv --lines lines.csv --out .", {"in.csv": FINDINGS, "lines.csv": LINES}),
    ("cohort in.csv --procedures notes.csv --out .", {"in.csv": FINDINGS, "notes.csv": DONE}),
    ("endpoints endpoints.csv --out .", {"endpoints.csv": FINDINGS}),
    ("endpoints in.csv --lines errors.csv --out .", {"in.csv": FINDINGS, "errors.csv": LINES}),
    (f"cohort timepoints.csv {VIABLE}", {"timepoints.csv": SHEET}),
    (f"cohort in.csv --lines lines.csv {VIABLE}", {"in.csv": SHEET, "lines.csv": LINES}),
    (f"cohort . --sdtm --names TR=lines {VIABLE}", {"tu.csv": "TU", "lines.csv": "TR"}),
    (f"cohort . --sdtm --map notes.csv {VIABLE}",
     {"tu.csv": "TU", "tr.csv": "TR", "notes.csv": "{}"}),
    ("readings discordance.csv --review single --out .", {"discordance.csv": READINGS}),
    ("readings in.csv --review single --lines lines.csv --out .",
     {"in.csv": READINGS, "lines.csv": LINES}),
    ("readings in.csv --review single --procedures agreement.csv --out .",
     {"in.csv": READINGS, "agreement.csv": DONE}),
    ("readings in.csv --review single --decisions errors.csv --out .",
     {"in.csv": READINGS, "errors.csv": DECISIONS}),
    (f"convert findings.csv {VIABLE}", {"findings.csv": SHEET}),
    (f"convert problems.csv --as cases {VIABLE}", {"problems.csv": SHEET}),
    (f"convert . --names TR=findings {VIABLE}", {"tu.csv": "TU", "findings.csv": "TR"}),
    (f"convert . --map problems.csv {VIABLE}",
     {"tu.csv": "TU", "tr.csv": "TR", "problems.csv": "{}"}),
    (f"convert . --map cases.jsonl --as cases {VIABLE}",
     {"tu.csv": "TU", "tr.csv": "TR", "cases.jsonl": "{}"}),
    ("report case.json -o case.json", {"case.json": "CASE"}),
    ("report in.csv --measures viable -o in.csv", {"in.csv": SHEET}),
    ("report index.html -o .", {"index.html": "CASES"}),
    ("report patients/0001.html -o .", {"patients/0001.html": "CASES"}),
    ("template in.xlsx", {"in.xlsx": "what was filled in"}),
]  # fmt: skip
"""Each command that writes files, and what it reads: the last is what it would write over."""


def put(path: Path, content: str) -> None:
    """A file of a text, or of a data set or a case."""
    path.parent.mkdir(exist_ok=True)
    if content.startswith("CASE"):
        case = dumps(to_case(example_case("synthetic"))) + "\n"
        path.write_text(case * (1 + (content == "CASES")), "utf-8")
    elif content in ("TU", "TR"):
        rows = {"tu": [tu("T1")]} if content == "TU" else {"tr": [tr("T1", "LDIAM", 40)]}
        table = tables(**rows)[content]
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))
    else:
        path.write_text(content, "utf-8")


@pytest.mark.parametrize(("command", "files"), MATRIX, ids=[command for command, _ in MATRIX])
def test_refused(
    command: str,
    files: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The message names the input; nothing is written at all."""
    for module in ("pyarrow", "narwhals", "xlsxwriter", "matplotlib", "jinja2"):
        pytest.importorskip(module)
    monkeypatch.chdir(tmp_path)
    for name, content in files.items():
        put(tmp_path / name, content)
    before = {path: path.is_dir() or path.read_bytes() for path in tmp_path.rglob("*")}
    assert main(command.split()) == 2
    after = {path: path.is_dir() or path.read_bytes() for path in tmp_path.rglob("*")}
    assert after == before
    told = capsys.readouterr().err
    assert list(files)[-1] in told
    assert "is read" in told or command.startswith("template")
    assert "report it" not in told


def test_study(tmp_path: Path) -> None:
    """A study knows its files, also where they are given by domain."""
    put(tmp_path / "findings.csv", "TR")
    put(tmp_path / "tu.csv", "TU")
    given = {"TR": str(tmp_path / "findings.csv"), "TU": tables(tu=[tu("T1")])["TU"]}
    study = io.read_sdtm(given, measures="viable")
    assert study.files == (str(tmp_path / "findings.csv"),)
    with pytest.raises(TableFileError, match=r"findings\.csv: would be written over, but is read"):
        study.write(tmp_path)
    assert not (tmp_path / "problems.csv").exists()
    assert len(study.write(tmp_path / "out")) == 3


def test_all_at_once(tmp_path: Path) -> None:
    """Folders, links and inputs are told together; what is not there is free."""
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "b.csv").mkdir()
    (tmp_path / "c.csv").hardlink_to(tmp_path / "a.csv")
    (tmp_path / "d.csv").write_text("d")
    names = ("a.csv", "b.csv", "c.csv", "d.csv", "e.csv")
    with pytest.raises(TableFileError) as error:
        spare_inputs([tmp_path / name for name in names], [tmp_path / "a.csv"])
    assert [Path(line.partition(": ")[0]).name for line in error.value.lines] == [*names[:3]]
