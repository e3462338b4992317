"""One patient timed by criteria of immunotherapy: progression is what was confirmed.

What each word counts as is that of a cohort (`endpoints/immune.py`); one patient is a few rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.converters import day_number
from .._base.words import PendingIs
from ..endpoints.engine import timed
from ..endpoints.history import History
from ..endpoints.immune import AsPlain, ImmuneCourse, as_plain
from ..patient.immune_assessment import ImmuneAssessment, ImmuneLine, ImmuneTimepoint
from ..rulebook.best_response import ADEQUATE, BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.decision_table import verdicts
from ..rulebook.immune import IMMUNE_BEST
from ..rulebook.policies import Policy
from .immune_records import ImmuneLineTimes, ImmuneTimes
from .telling import history_columns, teller_of

__all__ = ["immune_times"]

_RULE = {rule.verdict.code: place for place, rule in enumerate(IMMUNE_BEST.rules)}
_ADEQUATE = np.array([each.code for each in ADEQUATE])


def immune_times(
    assessment: ImmuneAssessment, policy: Policy, pending: PendingIs = PendingIs.BY_COURSE
) -> ImmuneTimes:
    """The times of every line by a policy; `pending` is what was never confirmed."""
    found = as_plain(_course(assessment), pending)
    times = timed(_history(assessment, found), policy)
    teller = teller_of(assessment.base, policy)
    said = _said(assessment, found)
    compared = tuple(a or b for a, b in zip(teller.compared, said, strict=True))
    teller = attrs.evolve(teller, compared=compared)
    return ImmuneTimes(
        assessment=assessment,
        policy=policy,
        pending=pending,
        lines=tuple(
            ImmuneLineTimes(
                assessed=line,
                times={
                    name: teller.time(name, each, i)
                    for name, each in times.times.items()
                    if each.there[i]
                },
            )
            for i, line in enumerate(assessment.lines)
        ),
    )


def _said(assessment: ImmuneAssessment, found: AsPlain) -> list[bool]:
    """Which lines have a reported verdict that stands for a baseline (K3)."""
    line = _whole(i for i, _ in _scans(assessment))
    some = set(line[np.isin(found.reported, _ADEQUATE)].tolist())
    return [i in some for i in range(len(assessment.lines))]


def _history(assessment: ImmuneAssessment, found: AsPlain) -> History:
    """The lines and follow-ups of the criteria beneath, with the words that count."""
    scans = [each for _, each in _scans(assessment)]
    columns = history_columns(assessment.base)
    totals = (each.scan.base.total_um for each in scans)
    return History.of(
        **columns
        | {
            "partial": found.partial,
            "response": _codes(found.response),
            "reported": _codes(found.reported),
            "best": _codes(verdicts(BEST, found.best_rule)),
            "confirmed": _codes(verdicts(CONFIRMED, found.confirmed_rule)),
            "total_um": _whole(-1 if total is None else total for total in totals),
            "complete": np.array([_is_complete(assessment, each) for each in scans], np.bool_),
        }
    )


def _is_complete(assessment: ImmuneAssessment, timepoint: ImmuneTimepoint) -> bool:
    """Whether the total is that of all that is in it; by imRECIST new lesions are."""
    scan = timepoint.scan
    return scan.base.complete and (scan.new_complete or not assessment.criteria.joined)


def _course(assessment: ImmuneAssessment) -> ImmuneCourse:
    """The words of one patient as arrays."""
    scans, lines = list(_scans(assessment)), assessment.lines
    begin = {(i, t.day): place for place, (i, t) in enumerate(scans)}

    def place(i: int, found: Any) -> int:
        return -1 if found is None else begin[i, found.day]

    def rules(words: Iterable[Any]) -> Array:
        return np.array([_RULE[word.code] for word in words], np.uint8)

    death = assessment.patient.death
    return ImmuneCourse(
        line=_whole(i for i, _ in scans),
        response=np.array([t.response.code for _, t in scans], np.uint8),
        reported=np.array(
            [BLANK if t.reported is None else t.reported.code for _, t in scans], np.uint8
        ),
        partial=np.array([t.is_partial for _, t in scans], np.bool_),
        best_rule=rules(line.best_response for line in lines),
        confirmed_rule=rules(line.confirmed_best_response for line in lines),
        progression=_whole(place(i, line.progression) for i, line in enumerate(lines)),
        pending=_whole(place(i, line.pending) for i, line in enumerate(lines)),
        stop=_whole(_stop(line) for line in lines),
        death=_whole([NO_DAY if death is None else day_number(death)] * len(lines)),
    )


def _stop(line: ImmuneLine) -> int:
    return NO_DAY if line.line.stop is None else day_number(line.line.stop)


def _scans(assessment: ImmuneAssessment) -> Iterator[tuple[int, ImmuneTimepoint]]:
    """Every follow-up with the place of its line."""
    for i, line in enumerate(assessment.lines):
        yield from ((i, timepoint) for timepoint in line.timepoints)


def _whole(values: Iterable[int]) -> Array:
    return np.array(list(values), np.int64)


def _codes(codes: Array) -> Array:
    return codes.astype(np.int64)
