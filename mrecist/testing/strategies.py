"""Hypothesis strategies for charts of patients with hepatocellular carcinoma.

What each yields is valid unless its name says otherwise, and reaches the corners of the rules:
thresholds on the line and one micrometre off, a nadir of zero, targets seen in part, every kind of
lesion, proof that comes later, recurrence, shared scans, re-exposure. Everything shrinks to plain
numbers and few records. No rule of the package is used to make them.

    from hypothesis import given
    from mrecist.testing.strategies import patients

    @given(patient=patients(max_lines=1))
    def test_my_tool(patient):
        assert my_tool(patient) == str(mrecist.assess(patient).lines[0].best_response)

Takes Hypothesis: `pip install "mrecist[testing]"`.
"""

from __future__ import annotations

from .._base.extras import extra

extra("hypothesis", of="testing", purpose="the strategies of mrecist.testing need")

from ._case_documents import case_documents  # noqa: E402
from ._cohorts import Tables, cohorts  # noqa: E402
from ._invalid_documents import InvalidDocument, invalid_case_documents  # noqa: E402
from ._protocols import criteria  # noqa: E402
from ._records import findings, lesions, patients, therapy_lines, timepoints  # noqa: E402
from ._sums import SumCourse, sum_courses  # noqa: E402
from ._timed_documents import timed_documents  # noqa: E402

__all__ = [
    "InvalidDocument",
    "SumCourse",
    "Tables",
    "case_documents",
    "cohorts",
    "criteria",
    "findings",
    "invalid_case_documents",
    "lesions",
    "patients",
    "sum_courses",
    "therapy_lines",
    "timed_documents",
    "timepoints",
]
