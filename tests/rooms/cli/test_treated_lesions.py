"""`mrecist assess`, `explain`, `check` and `rules` for treated lesions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mrecist.cli.parser import main

CASE: dict[str, Any] = {
    "format": "mrecist-case/1",
    "patient": "P-001",
    "lesions": [{"id": "S8", "organ": "liver", "kind": "nodule"}],
    "timepoints": [
        {"date": -7, "findings": [{"lesion": "S8", "viable_mm": 23}]},
        {"date": 90, "findings": [{"lesion": "S8", "viable_mm": 24, "masslike": "present"}]},
    ],
    "lines": [{"agents": ["SBRT"], "start": 0}],
    "procedures": [{"date": 0, "kind": "SBRT", "lesions": ["S8"]}],
}


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE), "utf-8")
    return str(path)


def test_document(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", case, "--criteria", "lr-tr-2024", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["criteria"] == "lr-tr-2024"
    (row,) = document["lines"][0]["timepoints"]
    assert row["response"] is None
    (lesion,) = row["lesions"]
    assert (lesion["lesion"], lesion["category"], lesion["flags"]) == ("S8", "Viable", [])
    assert (lesion["size_mm"], lesion["treatment"], lesion["treated_on"]) == (24.0, "SBRT", 0)
    assert lesion["rules"] == ["LR24R-GREW", "LRTR-CHANGE-GREW"]
    assert lesion["problems"] == row["problems"] == ["ONE_SCAN_AFTER_RADIATION"]


def test_beside(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", case, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["lines"][0]["timepoints"]
    assert (row["response"], row["problems"]) == ("SD", [])
    assert row["lesions"] == [
        {
            "lesion": "S8",
            "lr_tr_2018": "Viable",
            "lr_tr_2024": "Viable",
            "flags": [],
            "problems": ["ONE_SCAN_AFTER_RADIATION"],
        }
    ]


@pytest.mark.parametrize("command", ["assess", "explain"])
def test_text(case: str, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, case, "--criteria", "LR_TR_2018"]) == 0
    told = capsys.readouterr().out
    assert "P-001: LI-RADS treatment response v2018" in told
    assert "mass-like tissue with arterial hyperenhancement" in told
    assert "LR18-APHE" in told


def test_one_date(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", case, "--criteria", "lr-tr-2024", "--date", "91"]) == 1
    assert "no follow-up of any line on 91; there are 90" in capsys.readouterr().err
    assert main(["explain", case, "--criteria", "lr-tr-2024", "--line", "1"]) == 0


def test_check(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` names the lesion, and says what to be careful about."""
    assert main(["check", case, "--criteria", "lr-tr-2024"]) == 1
    assert "patient P-001, line 1, 90, lesion S8: ONE_SCAN_AFTER_RADIATION: " in (
        capsys.readouterr().out
    )
    assert main(["check", case, "--criteria", "lr-tr-2018"]) == 0


def test_no_course(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A course needs responses."""
    with pytest.raises(SystemExit):
        main(["course", case, "--criteria", "lr-tr-2024"])
    assert "lr-tr-2024 grades lesions one by one" in capsys.readouterr().err


def test_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "lr-tr-2024-radiation"]) == 0
    assert "LR24R-STABLE" in capsys.readouterr().out
