"""Case documents in the formats of others: who comes twice is left out, and named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mrecist.cli.parser import main

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
