"""The laws of tumour response, ready to try on an implementation of one's own, in any language.

`assess_like` is a callable from a case document (`mrecist-case/1`, a dict) to its assessment
document (`mrecist-assessment/1`); a tool in another language fits behind a few lines that run it.
With pytest the laws read as one test::

    @pytest.mark.parametrize("law", laws.LAWS, ids=str)
    def test_law(law):
        law(my_assess)

Each law changes charts in a way whose effect the specification fixes, whatever the chart says,
so that no expected answers are needed. Needs the extra `testing`.
"""

from __future__ import annotations

from ._law import AssessLike, BrokenLaw, Law
from ._laws_of_examinations import (
    OTHER_CRITERIA,
    PARTIAL,
    PARTS_OF_LESIONS,
    UNCHANGED,
    UNDER_TEST,
    VISITS,
)
from ._laws_of_lines import LINES, WINDOWS
from ._laws_of_new_lesions import BACK_DATING, NEW_LESION
from ._laws_of_order import ORDER, OUTSIDE
from ._laws_of_responses import BEST_RESPONSE, PARTS
from ._laws_of_time import AFTER_PROGRESSION, LOOK_AHEAD
from ._laws_of_totals import LARGER, MISSING, NADIR, THRESHOLDS

__all__ = [
    "AFTER_PROGRESSION",
    "BACK_DATING",
    "BEST_RESPONSE",
    "LARGER",
    "LAWS",
    "LINES",
    "LOOK_AHEAD",
    "MISSING",
    "NADIR",
    "NEW_LESION",
    "ORDER",
    "OTHER_CRITERIA",
    "OUTSIDE",
    "PARTIAL",
    "PARTS",
    "PARTS_OF_LESIONS",
    "THRESHOLDS",
    "UNCHANGED",
    "UNDER_TEST",
    "VISITS",
    "WINDOWS",
    "AssessLike",
    "BrokenLaw",
    "Law",
]

LAWS: tuple[Law, ...] = (
    THRESHOLDS, PARTS, NADIR, BEST_RESPONSE, LARGER, MISSING, NEW_LESION, BACK_DATING, LOOK_AHEAD,
    AFTER_PROGRESSION, LINES, WINDOWS, ORDER, OUTSIDE, VISITS, PARTIAL, UNCHANGED,
    PARTS_OF_LESIONS, UNDER_TEST, OTHER_CRITERIA,
)  # fmt: skip
"""Every law, to parametrise a test with."""
