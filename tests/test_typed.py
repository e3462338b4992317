"""Constructors are typed for users: mypy refuses in their code what the library would refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

api = pytest.importorskip("mypy.api")

RIGHT = """
from decimal import Decimal
from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint
lesion = Lesion("S8", "liver", "nodule", hilar=False)
found = [Finding("S8", viable_mm=size) for size in (41, 41.5)]
more = [Finding("S8", viable_mm="41.5"), Finding("S8", longest_mm=Decimal("41.5"))]
line = TherapyLine(["sorafenib"], "2024-01-10", stop=None)
Patient("P", [lesion], [Timepoint("2024-01-03", found[:1]), Timepoint(3, more[:1])], [line])
"""


def test_right_and_wrong(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(RIGHT)
    wrong.write_text("from mrecist import Lesion\nLesion(1.5, [], 4)\n")
    options = ["--strict", "--cache-dir", str(tmp_path / "cache")]
    told, _, status = api.run([*options, str(right)])
    assert status == 0, told
    told, _, status = api.run([*options, str(wrong)])
    assert status == 1, told
    assert told.count("[arg-type]") == 3, told
