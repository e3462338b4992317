"""The scripts in `examples/` run and print what they promise."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))
SHOWS = {
    "afp_beside_the_images": "day 183: 439 ng/mL, -76.14 %, +70.81 % from the nadir 257",
    "cohort_with_pandas": "P-003     1 2024-03-25      53.0       PD",
    "cohort_with_polars": "must be at least 0, got -3.0",
    "best_responses_of_a_folder": "4,sorafenib,rechallenge,PR,NE,",
    "mrecist_beside_recist": "2     best        SD       SD",
    "one_patient": "in floats: False",
    "how_sure_is_this_pr": "2023-03-13  PR        69 %",
    "own_protocol": "must be above 0 and at most 1, got 13/10",
    "two_policies": "1 progression-free survival: 117 days (3.8 months), event: new therapy on",
    "rechallenge_of_a_cohort": "CR/PR   42 of  74",
    "why": "NL-HCC-10\tYES\trecalled",
}
NEEDS = {
    "cohort_with_pandas": ("pandas", "pyarrow", "narwhals"),
    "cohort_with_polars": ("polars", "pyarrow", "narwhals"),
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every example is listed here with a line that it prints."""
    for module in NEEDS.get(path.stem, ()):
        pytest.importorskip(module)
    monkeypatch.setattr("sys.argv", [str(path)])
    runpy.run_path(str(path), run_name="__main__")
    assert SHOWS[path.stem] in capsys.readouterr().out


def test_every_example_is_run() -> None:
    """No promise is left without its script."""
    assert {path.stem for path in EXAMPLES} == set(SHOWS)
