"""Figures of a cohort by criteria of immunotherapy, in plain words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrecist import assess_cohort, plots

SIZES = st.lists(st.sampled_from([0, 10, 14, 18, 20, 23, 25, 30, 36]), min_size=1, max_size=5)
PLAIN = {"iCR": {"CR"}, "iPR": {"PR"}, "iSD": {"SD"}, "iCPD": {"PD"}, "NE": {"NE"},
         "iUPD": {"PD", "NE", "SD"}}  # fmt: skip


def judged(courses: list[list[int]], criteria: str = "irecist") -> Any:
    """A target of 20 mm, seen every 56 days."""
    rows = [
        (f"P{number}", 56 * step, "T", size)
        for number, sizes in enumerate(courses)
        for step, size in enumerate([20, *sizes])
    ]
    names = ("patient", "date", "lesion", "longest_mm")
    findings: dict[str, Any] = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return assess_cohort(findings | {"organ": ["lung"] * len(rows)}, criteria=criteria)


class TestPlainWords:
    """What the figures show of each line."""

    @given(st.lists(SIZES, min_size=1, max_size=5))
    @settings(deadline=None)
    def test_best_response(self, courses: list[list[int]]) -> None:
        """The best response is that of the table of lines, without its i."""
        responses = judged(courses)
        table = plots.waterfall_data(responses)
        best = dict(zip(table["patient"].tolist(), table["best_response"].tolist(), strict=True))
        for patient, word in zip(
            *map(list, (responses.lines["patient"], responses.lines["best_response"])), strict=True
        ):
            assert best[patient] in PLAIN[str(word)]

    @given(st.lists(SIZES, min_size=1, max_size=5))
    @settings(deadline=None)
    def test_progression(self, courses: list[list[int]]) -> None:
        """PD is what was confirmed: a figure of who responded later still counts the response."""
        responses = judged(courses)
        plain = responses._in_plain_words
        assert plain.criteria.name == "irecist"
        assert plain.timepoints["date"].tolist() == responses.timepoints["date"].tolist()
        confirmed = responses.lines["progression_date"].tolist()
        told = plain.lines["progression_date"].tolist()
        pending = np.array(responses.lines["pending_date"].tolist(), object)
        for one, other, waits in zip(confirmed, told, pending.tolist(), strict=True):
            assert other in (one, waits)

    def test_pseudoprogression(self) -> None:
        """A response after an unconfirmed progression is one, and the depth is what came after."""
        courses = [[25, 14, 12], [25, 31, 10]]
        assert judged(courses).lines["best_response"].tolist() == ["iPR", "iCPD"]
        table = plots.waterfall_data(judged(courses))
        assert dict(zip(table["patient"], table["best_response"], strict=True)) == {
            "P0": "PR",
            "P1": "PD",
        }
        assert table["change_percent"][table["patient"] == "P0"].tolist() == [-40]
        beneath = plots.waterfall_data(judged(courses, "recist-1.1"))
        assert beneath["best_response"].tolist() == ["PD", "PD"]


@pytest.mark.parametrize("name", ["forest", "sequence", "spider", "swimmer", "waterfall"])
def test_drawn(name: str) -> None:
    """Each figure of a cohort is drawn of it."""
    pytest.importorskip("matplotlib")
    if name == "forest":
        pytest.importorskip("scipy")
    responses = judged([[25, 14, 12], [25, 31, 10], [20, 20], [0, 0]])
    assert getattr(plots, name)(responses) is not None


@pytest.mark.parametrize("name", ["spider", "waterfall", "swimmer", "sequence"])
def test_nothing_to_draw(name: str) -> None:
    """Criteria that grade lesions have no figure of a cohort, and say so."""
    responses = judged([[25]], "lr-tr-2024")
    with pytest.raises(TypeError, match="the figure of a cohort takes Responses"):
        getattr(plots, f"{name}_data")(responses)


def test_agreement() -> None:
    """Beside the criteria beneath, under the name of its own."""
    courses = [[25, 14, 12], [25, 31, 10]]
    data = plots.agreement_data(judged(courses), judged(courses, "recist-1.1"), of="best_response")
    cells = zip(data["row"], data["column"], data["count"], strict=True)
    assert {(str(a), str(b)): int(n) for a, b, n in cells if n} == {
        ("PR", "PD"): 1,
        ("PD", "PD"): 1,
    }
