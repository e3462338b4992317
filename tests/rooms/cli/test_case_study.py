"""Case documents in the formats of others: what no table can hold is left out, and named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import mrecist
from mrecist.cli.case_study import study_of_cases
from mrecist.cli.parser import main
from mrecist.testing.strategies import case_documents

WAYS = [("--to", "sdtm"), ("--as", "tables"), ("--as", "cases")]


def document(patient: str, mm: int, **more: Any) -> dict[str, Any]:
    found = [{"lesion": "T1", "viable_mm": str(mm)}]
    return {
        "format": "mrecist-case/1",
        "patient": patient,
        "lesions": [{"id": "T1", "organ": "liver", "kind": "nodule"}],
        "timepoints": [{"date": "2024-01-03", "findings": found}],
        "lines": [{"agents": ["sorafenib"], "start": "2024-01-10"}],
    } | more


@pytest.fixture
def converted(tmp_path: Path) -> Any:
    def convert(cases: list[dict[str, Any]], *written: str) -> tuple[int, Path]:
        path, out = tmp_path / "cases.jsonl", tmp_path / "new" / "out"
        path.write_text("\n".join(map(json.dumps, cases)), "utf-8")
        return main(["convert", str(path), *written, "--out", str(out)]), out

    return convert


def told(out: Path) -> list[str]:
    return (out / "errors.csv").read_text("utf-8").splitlines()[1:]


@pytest.mark.parametrize("written", WAYS)
@pytest.mark.parametrize("more", [{}, {"lesions": []}])
def test_twice(converted: Any, written: tuple[str, str], more: dict[str, Any]) -> None:
    """A patient who is there twice, valid or not, is left out whole; the others stay."""
    cases = [document("P-1", 30), document("P-1", 20, **more), document("Q", 30)]
    status, out = converted(cases, *written)
    assert status == 1
    assert told(out)
    assert all(each.startswith("P-1,") for each in told(out))
    assert any("must be there once, is there twice" in each for each in told(out)) != bool(more)
    written_files = [file.read_bytes() for file in out.iterdir() if file.name != "errors.csv"]
    assert not any(b"P-1" in each for each in written_files)
    assert any(b"Q" in each for each in written_files)


@pytest.mark.parametrize("written", WAYS)
def test_nobody_left(converted: Any, written: tuple[str, str]) -> None:
    """The list of mistakes is written where nothing else is."""
    status, out = converted([document("P-1", 30)] * 2, *written)
    assert status == 1
    assert [each.startswith("P-1,") for each in told(out)] == [True]


LOST = [{"id": name, "organ": "liver", "kind": "nodule"} for name in ("T1", "T2")]
PART = [LOST[0] | {"part_of": "T2"}, LOST[1]]


@pytest.mark.parametrize("written", WAYS)
@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("lines[0].targets[1]", {"targets": ["T1", "T2"]}),
        ("lines[0].nontargets[0]", {"nontargets": ["T2"]}),
        ("procedures[0].lesions[0]", {"procedures": {"lesions": ["T2"]}}),
        ("lesions[0].part_of", {"lesions": PART}),
    ],
)
def test_never_recorded(
    converted: Any, written: tuple[str, str], path: str, more: dict[str, Any]
) -> None:
    """A table knows a lesion by its rows: a case that names one without a row is named."""
    case = document("P-1", 30, lesions=more.get("lesions", LOST))
    case["lines"][0] |= {name: more[name] for name in ("targets", "nontargets") if name in more}
    if "procedures" in more:
        case["procedures"] = [{"date": "2024-02-01", "kind": "RFA"} | more["procedures"]]
    assert mrecist.from_case(case)
    status, out = converted([case, document("Q", 30)], *written)
    assert status == 1
    (line,) = told(out)
    assert line.startswith("P-1,")
    assert path in line
    assert "must be a lesion with a finding, to stand in a table, got 'T2'" in line
    assert any(b"Q" in file.read_bytes() for file in out.iterdir() if file.name != "errors.csv")


@given(case_documents())
@settings(max_examples=2 * settings().max_examples)
def test_read_again(tmp_path_factory: pytest.TempPathFactory, case: dict[str, Any]) -> None:
    """Every case is named or stands in tables that are read without a mistake."""
    path = tmp_path_factory.getbasetemp() / "drawn.json"
    path.write_text(json.dumps(case, default=str), "utf-8")
    study = study_of_cases(str(path))
    if not len(study.errors["patient"]) and len(study.findings["patient"]):
        found = mrecist.assess_cohort(study.findings, study.lines, procedures=study.procedures)
        assert found.errors["error"].tolist() == []


@pytest.mark.parametrize("patient", [" ", "\u200b", "\n", "\ud800", "\ufeff"])
def test_blank_names(tmp_path: Path, patient: str) -> None:
    """An id that shows nothing, and half a character as the name of a marker, cost no answer."""
    pytest.importorskip("matplotlib")
    marker = {"date": "2024-01-03", "name": "\ud800", "value": "3", "unit": "x"}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(document(patient, 30, markers=[marker])), "utf-8")
    assert main(["report", str(path), "-o", str(tmp_path / "page.html"), "--quiet"]) == 0
    assert main(["convert", str(path), "--out", str(tmp_path / "tables")]) == 0
    assert r"\ud800" in (tmp_path / "tables" / "markers.csv").read_text("utf-8")
