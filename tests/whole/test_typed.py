"""The package is typed for users: a checker knows what comes out and refuses what would be refused.

Snippets are checked as the code of a user, by mypy, and by pyright where that is installed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

CONSTRUCTORS = """
from decimal import Decimal
from mrecist import Finding, Lesion, Patient, Procedure, TherapyLine, Timepoint
lesion = Lesion("S8", "liver", "nodule", hilar=False)
found = [Finding("S8", viable_mm=size) for size in (41, 41.5)]
more = [Finding("S8", viable_mm="41.5"), Finding("S8", longest_mm=Decimal("41.5"))]
line = TherapyLine(["sorafenib"], "2024-01-10", stop=None)
ablation = Procedure("2024-01-10", "RFA", lesions=["S8"])
scans = [Timepoint("2024-01-03", found[:1]), Timepoint(3, more[:1])]
Patient("P", [lesion], scans, [line], procedures=[ablation])
"""
RESULTS = """
from datetime import date
from typing import assert_type
import mrecist
patient = mrecist.example_case()
assessment = mrecist.assess(patient)
assert_type(assessment, mrecist.Assessment)
assert_type(mrecist.assess(patient, criteria="recist-1.1"), mrecist.Assessment)
assert_type(mrecist.assess(patient, criteria="lr-tr-2024"), mrecist.LesionAssessment)
assert_type(mrecist.assess(patient, criteria=mrecist.LR_TR_2018), mrecist.LesionAssessment)
line = assessment.lines[0]
assert_type(line, mrecist.LineAssessment)
assert_type(line.best_response, mrecist.Response)
assert_type(line.timepoints[0].response, mrecist.Response)
assert_type(line.timepoints[0].reasons[0], mrecist.Reason)
if line.progression is not None:
    day: date | int = line.progression.date
course = mrecist.course(assessment, "fda-a")
assert_type(course, mrecist.Course)
assert_type(course.lines[0].pfs, mrecist.TimeToEvent | None)
text: str = mrecist.explain(assessment)
for case in mrecist.read_cases("cases.jsonl"):
    if isinstance(case, mrecist.InvalidCase):
        print(mrecist.to_error(case))
    else:
        assert_type(case, mrecist.Patient)
"""
TABLES = """
from typing import Any, assert_type
import mrecist
findings = {"patient": ["P-1"], "date": [0], "lesion": ["S8"], "viable_mm": [41]}
responses = mrecist.assess_cohort(findings)
print(responses.timepoints["response"].tolist(), responses.lines["best_response"].shape)
by_lesion = mrecist.assess_cohort(findings, criteria="lr-tr-2024")
print(by_lesion.lesions["patient"].tolist())
assert_type(responses.endpoints("fda-a"), mrecist.Endpoints)
assert_type(responses.patient("P-1"), mrecist.Patient)
assert_type(responses.why("P-1"), str)
def bare(responses: mrecist.Responses, graded: mrecist.LesionResponses) -> Any:
    return responses.lines, graded.lesions
bare(responses, by_lesion)
"""
FRAMES = """
from typing import assert_type
import polars as pl
import mrecist
frame = pl.DataFrame({"patient": ["P-1"], "date": [0], "lesion": ["S8"], "viable_mm": [41]})
responses = mrecist.assess_cohort(frame)
assert_type(responses, mrecist.Responses[pl.DataFrame])
assert_type(responses.timepoints, pl.DataFrame)
assert_type(responses.rates(line=1, level=None), pl.DataFrame)
graded = mrecist.assess_cohort(frame, criteria=mrecist.LR_TR_2024)
assert_type(graded, mrecist.LesionResponses[pl.DataFrame])
assert_type(mrecist.assess_cohort(frame.lazy()).lines, pl.LazyFrame)
"""
RIGHT = {"constructors": CONSTRUCTORS, "results": RESULTS, "tables": TABLES, "frames": FRAMES}
NEEDS = {"frames": "polars"}

# Each line that names an error of mypy is one mistake of a user.
WRONG = """
import mrecist
mrecist.Lesion(1.5, "liver", "nodule")  # arg-type
mrecist.Lesion("S8", [], "nodule")  # arg-type
mrecist.Lesion("S8", "liver", 4)  # arg-type
mrecist.Finding("S8", viable_mm=[41])  # arg-type
mrecist.TherapyLine(["sorafenib"])  # call-arg
mrecist.assess("P-001")  # call-overload
patient = mrecist.example_case()
mrecist.assess(patient).best_response  # attr-defined
mrecist.assess(patient, criteria="lr-tr-2024").progression  # attr-defined
mrecist.assess_cohort({}, criterion="mrecist")  # call-overload
mrecist.assess_cohort({}, criteria="lr-tr-2024").rates()  # attr-defined
mrecist.course(mrecist.assess(patient)).lines[0].pfs.dayz  # union-attr
"""


MISTAKES = {
    (number, line.partition("  # ")[2])
    for number, line in enumerate(WRONG.splitlines(), 1)
    if "  # " in line
}
"""The line and mypy's name of each mistake."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All snippets as files: a checker reads the package once for all of them."""
    made = tmp_path_factory.mktemp("typed")
    for name, text in RIGHT.items():
        if find_spec(NEEDS.get(name, "mrecist")):
            (made / f"{name}.py").write_text(text)
    (made / "wrong.py").write_text(WRONG)
    return made


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    """What `mypy --strict` says of all of them."""
    api = pytest.importorskip("mypy.api")
    options = ["--strict", "--no-pretty", "--cache-dir", str(folder / "cache")]
    said: str = api.run([*options, *map(str, sorted(folder.glob("*.py")))])[0]
    return said


class TestMypy:
    """`mypy --strict`."""

    def test_right(self, told: str) -> None:
        """Nothing is said of what is right."""
        assert [line for line in told.splitlines() if "wrong.py" not in line][:-1] == []

    def test_wrong(self, told: str) -> None:
        """Each mistake is named where it stands, and nothing else."""
        found = re.findall(r"wrong\.py:(\d+): error: .*\[([a-z-]+)\]$", told, re.MULTILINE)
        assert {(int(line), name) for line, name in found} == MISTAKES


@pytest.mark.skipif(not shutil.which("pyright"), reason="pyright is not installed")
def test_pyright(folder: Path) -> None:
    """pyright agrees: nothing of what is right, each mistake where it stands."""
    command = ["pyright", "--outputjson", "--pythonpath", sys.executable, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each.get("rule"))
        for each in json.loads(done.stdout)["generalDiagnostics"]
        if each["severity"] == "error"
    ]
    assert [each for each in found if each[0] != "wrong.py"] == []
    assert {line for _, line, _ in found} == {line for line, _ in MISTAKES}
