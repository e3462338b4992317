"""Values and types that nobody expects: judged, or refused by record, value and cure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mrecist
from mrecist._base.threads import shared, threads

BEYOND = "must be text, or a whole number that a float tells apart from the next, got "


def findings(**columns: Any) -> dict[str, Any]:
    return {
        "patient": ["P", "Q"],
        "date": [0, 1],
        "lesion": ["A", "B"],
        "viable_mm": [20, 10],
        **columns,
    }


def told(table: Any) -> list[tuple[int, str, str]]:
    """Every mistake; all results are made as well."""
    found = mrecist.assess_cohort(table, errors="collect")
    for name in ("timepoints", "lines", "notes"):
        getattr(found, name)
    rows = found.errors
    if hasattr(rows, "to_pylist"):
        return [(row["row"], row["column"], row["error"]) for row in rows.to_pylist()]
    return [
        (int(rows["row"][at]), str(rows["column"][at]), str(rows["error"][at]))
        for at in range(len(rows["row"]))
    ]


class TestIds:
    """Numbers as ids, however large."""

    @pytest.mark.parametrize("name", ["patient", "lesion"])
    @pytest.mark.parametrize("value", [2**63, 2**64, 10**30, -(2**63), 2**53])
    def test_whole(self, name: str, value: int) -> None:
        """Whole numbers are ids, in mappings and in frames."""
        table = findings(**{name: [value, 7]})
        assert told(table) == []
        pd = pytest.importorskip("pandas")
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        found = mrecist.assess_cohort(pd.DataFrame(table))
        assert str(value) in "".join(map(str, [*found.patients, *found.lines["targets"]]))

    @pytest.mark.parametrize("name", ["patient", "lesion"])
    @pytest.mark.parametrize("value", [1e300, 2.0**53, -1e17])
    def test_floats(self, name: str, value: float) -> None:
        """A float so large may stand for several numbers: it is refused."""
        wrong = (0, name, f"{BEYOND}{value!r}; give it as text")
        assert told(findings(**{name: [value, 7.0]})) == [wrong]
        assert told(findings(**{name: np.array([value, 7.0])})) == [wrong]

    def test_unsigned(self) -> None:
        """Ids of 64 bits without a sign, beside mistakes and notes."""
        table = findings(patient=np.array([2**63, 2**63 + 1], np.uint64), viable_mm=[-1, 10])
        found = mrecist.assess_cohort(table, errors="collect")
        assert found.errors["patient"].tolist() == [2**63]
        assert found.notes["patient"].tolist() == []

    def test_halves(self) -> None:
        """Half of a character is no id, in any column of text."""
        for name in ("patient", "lesion", "organ", "visit"):
            ((row, column, error),) = told(findings(**{name: ["\ud800", "x"]}))
            assert (row, column) == (0, name)
            assert error == "must be text that is valid UTF-8, got '\\ud800'"


class TestArrow:
    """Types of Arrow that few libraries make."""

    @pytest.mark.parametrize("name", ["decimal32", "decimal64", "decimal128", "decimal256"])
    def test_decimals(self, name: str) -> None:
        """Decimals of every width are sizes."""
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        if not hasattr(pa, name):
            pytest.skip("an older version")
        sizes = pa.array([20, 10]).cast(pa.decimal128(21, 2)).cast(getattr(pa, name)(5, 2))
        table = pa.table(findings(viable_mm=sizes))
        assert told(table) == []
        assert (
            mrecist.assess_cohort(table).patient("P").timepoints[0].findings[0].viable_um == 20000
        )

    def test_views(self) -> None:
        """Texts as views."""
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        views = {
            name: pa.array(cells, pa.string_view())
            for name, cells in findings().items()
            if name in ("patient", "lesion")
        }
        assert told(pa.table(findings(**views))) == []


CALLS: dict[str, Callable[[], object]] = {
    "to_case() takes a Patient, got int": lambda: mrecist.to_case(3),  # type: ignore[arg-type]
    "to_assessment() takes an Assessment, got int; call assess() first":
        lambda: mrecist.to_assessment(3),  # type: ignore[arg-type]
    "crosstab() takes other Responses, got int":
        lambda: mrecist.assess_cohort(findings()).crosstab(3),  # type: ignore[arg-type]
    "cases are read from the path of a file, or from a binary stream, got int":
        lambda: list(mrecist.read_cases(3)),  # type: ignore[arg-type]
    "cases are read from the path of a file, or from a binary stream, got list":
        lambda: list(mrecist.read_cases(["a.json"])),  # type: ignore[arg-type]
}  # fmt: skip


@pytest.mark.parametrize("message", CALLS)
def test_wrong_types(message: str) -> None:
    """A function says what it takes, and what it got."""
    with pytest.raises(TypeError) as error:
        CALLS[message]()
    assert str(error.value) == message


def test_no_thread_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system gives no thread, the work is done in one."""

    def start(self: object) -> None:
        raise RuntimeError("can't start new thread")

    with threads(2):
        with monkeypatch.context() as patch:
            patch.setattr("threading.Thread.start", start)
            assert shared(abs, [-1, 2, -3]) == [1, 2, 3]

        def fail(part: int) -> int:
            raise RuntimeError(part)

        with pytest.raises(RuntimeError, match="1"):
            shared(fail, [1, 1])


@pytest.mark.parametrize(
    ("variables", "settings"),
    [({"MPLBACKEND": "bogus"}, ""), ({}, "text.usetex: True\nfont.size: 40\n")],
    ids=["backend", "settings"],
)
def test_pages(tmp_path: Path, variables: dict[str, str], settings: str) -> None:
    """A page is drawn the same whatever matplotlib was told."""
    pytest.importorskip("matplotlib")
    pytest.importorskip("jinja2")
    (tmp_path / "matplotlibrc").write_text(settings, "utf-8")
    script = (
        "import mrecist.report, hashlib; print(hashlib.sha256(mrecist.report.page("
        "mrecist.example_case()).encode()).hexdigest())"
    )
    home = str(Path(mrecist.__file__).parents[1])
    given = [{}, {**variables, "MATPLOTLIBRC": str(tmp_path)}]
    digests = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": home, **each},
            capture_output=True,
            check=True,
        ).stdout
        for each in given
    ]
    assert digests[0] == digests[1]
