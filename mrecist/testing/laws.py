"""The laws of tumour response, ready to try on an implementation of one's own, in any language.

`assess_like` is a callable from a case document (`mrecist-case/1`, a dict) to its assessment
document (`mrecist-assessment/1`); a tool in another language fits behind a few lines that run it.
With pytest the laws read as one test::

    @pytest.mark.parametrize("law", laws.LAWS, ids=str)
    def test_law(law):
        law(my_assess)

Each law changes charts in a way whose effect the specification fixes, whatever the chart says,
so that no expected answers are needed. Needs the extra `testing`.

`READER_LAWS` are those of several readers. They are tried on a `read_like`, a callable from a
request to an answer. The request has `findings` (columns of a table with a `reader`), `review`
(`readers`, of whom the first two are compared in statistics, `local`, `triggers`, `window_days`,
`one_reader`) and `words` (the scale of agreement, in order). The answer has `lines`, a list of
`{"patient", "line", "state", "accepted", "triggers": [...], "best_response": {reader: word},
"progression": {reader: date or null}}` with the readers who read the line; `agreement` on best
response (`agreement, kappa, kappa_linear, kappa_quadratic, ac1, fleiss`, null where there is none)
and `discrepancy`, the first reader as the local one (`a1, a2, a3, b, c, d, n`), of the first two
readers. With fewer than two `agreement` is empty and the counts are 0.
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
from ._laws_of_readers import (
    ACCEPTED_READ,
    CELLS,
    IDENTICAL_READINGS,
    LOCAL_READERS,
    MORE_TRIGGERS,
    ONE_STATE,
    READER_ORDER,
    READING_ALONE,
    WORD_ORDER,
)
from ._laws_of_responses import BEST_RESPONSE, PARTS
from ._laws_of_time import AFTER_PROGRESSION, LOOK_AHEAD
from ._laws_of_totals import LARGER, MISSING, NADIR, THRESHOLDS
from ._reader_law import ReaderLaw, ReadLike

__all__ = [
    "ACCEPTED_READ",
    "AFTER_PROGRESSION",
    "BACK_DATING",
    "BEST_RESPONSE",
    "CELLS",
    "IDENTICAL_READINGS",
    "LARGER",
    "LAWS",
    "LINES",
    "LOCAL_READERS",
    "LOOK_AHEAD",
    "MISSING",
    "MORE_TRIGGERS",
    "NADIR",
    "NEW_LESION",
    "ONE_STATE",
    "ORDER",
    "OTHER_CRITERIA",
    "OUTSIDE",
    "PARTIAL",
    "PARTS",
    "PARTS_OF_LESIONS",
    "READER_LAWS",
    "READER_ORDER",
    "READING_ALONE",
    "THRESHOLDS",
    "UNCHANGED",
    "UNDER_TEST",
    "VISITS",
    "WINDOWS",
    "WORD_ORDER",
    "AssessLike",
    "BrokenLaw",
    "Law",
    "ReadLike",
    "ReaderLaw",
]

LAWS: tuple[Law, ...] = (
    THRESHOLDS, PARTS, NADIR, BEST_RESPONSE, LARGER, MISSING, NEW_LESION, BACK_DATING, LOOK_AHEAD,
    AFTER_PROGRESSION, LINES, WINDOWS, ORDER, OUTSIDE, VISITS, PARTIAL, UNCHANGED,
    PARTS_OF_LESIONS, UNDER_TEST, OTHER_CRITERIA,
)  # fmt: skip
"""Every law, to parametrise a test with."""

READER_LAWS: tuple[ReaderLaw, ...] = (
    READING_ALONE, READER_ORDER, IDENTICAL_READINGS, MORE_TRIGGERS, ONE_STATE, ACCEPTED_READ,
    LOCAL_READERS, WORD_ORDER, CELLS,
)  # fmt: skip
"""Every law of several readers, RL-1 to RL-9."""
