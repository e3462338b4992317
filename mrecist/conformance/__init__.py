"""The conformance suite: cases that any implementation of the documents can be held against.

`cases()` gives them, `judge` holds a Python implementation against them and returns a `Scorecard`;
`mrecist conformance --command 'other-tool {case}'` does so for any program. The files, language-
neutral JSON, are described in `README.md` beside this module.
"""

from __future__ import annotations

from ._cases import Case, cases, copy
from ._differences import Difference, differences
from ._judge import assess_document, judge
from ._scorecard import PartTally, Result, RuleTally, Scorecard

__all__ = [
    "Case",
    "Difference",
    "PartTally",
    "Result",
    "RuleTally",
    "Scorecard",
    "assess_document",
    "cases",
    "copy",
    "differences",
    "judge",
]
