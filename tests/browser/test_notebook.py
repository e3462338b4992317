"""A notebook that is run: everything of a session shows itself as a quiet table."""

from __future__ import annotations

from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat", reason="notebooks need nbclient")
nbclient = pytest.importorskip("nbclient", reason="notebooks need nbclient")
pytest.importorskip("ipykernel", reason="notebooks need ipykernel")
pytestmark = pytest.mark.filterwarnings("default")

CELLS = {
    "assessment": (
        "import mrecist\npatient = mrecist.example_case()\nmrecist.assess(patient)",
        "best response PR, confirmed PR",
    ),
    "time point": ("mrecist.assess(patient).at(1, '2023-03-13')", "TL-PR-30"),
    "criteria": ("mrecist.MRECIST", "stable_days"),
    "comparison": ("mrecist.compare(patient)", "recist-1.1"),
    "table": ("from mrecist.rulebook.index import TABLES\nTABLES['overall'][0]", "OR-07"),
    "responses": (
        "r = mrecist.assess_cohort({'patient': ['A', 'A'], 'date': [0, 60],"
        " 'lesion': ['<b>', '<b>'], 'viable_mm': [50, 20]})\nr",
        "best, lines",
    ),
    "crosstab": ("r.crosstab(r)", "agreement 1 of 1"),
    "patient": ("patient", "62.4 mm viable"),
    "course": ("mrecist.course(mrecist.assess(patient))", ">PR</span>"),
    "policy": ("mrecist.FDA_A", "TTE-FDA-02"),
    "endpoints": ("e = r.endpoints('fda-a')\ne", "progression-free survival"),
    "survival": ("e.kaplan_meier('pfs')", "surviving 6 months"),
}
TEXTS = {
    "explain": ("mrecist.explain(mrecist.assess(patient))", "by HCC mRECIST"),
    "policies": ("mrecist.compare_policies(mrecist.assess(patient))", "policies agree"),
}


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[Any]]:
    """What each cell put out."""
    cells = [nbformat.v4.new_code_cell(source) for source, _ in (CELLS | TEXTS).values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    return {name: cell.outputs for name, cell in zip(CELLS | TEXTS, notebook.cells, strict=True)}


@pytest.mark.parametrize("name", CELLS)
def test_shown(outputs: dict[str, list[Any]], name: str) -> None:
    """A cell gives one result and nothing beside it: a table, and the text beside it."""
    (output,) = outputs[name]
    assert output.output_type == "execute_result"
    assert "<table>" in output.data["text/html"]
    assert CELLS[name][1] in output.data["text/html"]
    assert "<b>" not in output.data["text/html"]
    assert "text/plain" in output.data


@pytest.mark.parametrize("name", TEXTS)
def test_text(outputs: dict[str, list[Any]], name: str) -> None:
    """Text stands in its rows, without quotes."""
    (output,) = outputs[name]
    assert TEXTS[name][1] in output.data["text/plain"]
    assert output.data["text/plain"][0] != "'"
    assert output.data["text/html"].startswith("<pre>")
