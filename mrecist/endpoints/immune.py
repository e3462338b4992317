"""Times to events by iRECIST: what each word counts as, and when a progression is one.

A confirmed progression counts from the first scan of the unconfirmed one on; what is unconfirmed
and cleared later counts as stable disease (Reading RD-IR-DAY).
"""

from __future__ import annotations

import attrs
import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.words import ImmuneResponse, PendingIs, Response
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.decision_table import DecisionTable, verdicts
from ..rulebook.immune import COUNTS_FOR_TIMES, IMMUNE_BEST, IMMUNE_REPORTED

__all__ = ["AsPlain", "ImmuneCourse", "as_plain"]

_COUNTS = np.array([COUNTS_FOR_TIMES[word].code for word in ImmuneResponse], np.uint8)
_REPORTED = np.full(BLANK + 1, BLANK, np.uint8)
_REPORTED[: len(ImmuneResponse)] = [IMMUNE_REPORTED[word].code for word in ImmuneResponse]


@attrs.frozen(eq=False, kw_only=True)
class ImmuneCourse:
    """Lines and their follow-ups by iRECIST, as arrays; places are of follow-ups, -1: none.

    `line` gives the line of each follow-up; `stop` and `death` are days, one per line.
    """

    line: Array
    response: Array
    reported: Array
    partial: Array
    best_rule: Array
    confirmed_rule: Array
    progression: Array
    pending: Array
    stop: Array
    death: Array


@attrs.frozen(eq=False, kw_only=True)
class AsPlain:
    """The same course in the words of RECIST, for times to events."""

    response: Array
    reported: Array
    partial: Array
    best_rule: Array
    confirmed_rule: Array
    progression: Array


def as_plain(course: ImmuneCourse, pending: PendingIs) -> AsPlain:
    """A course by iRECIST in the words of RECIST, progression being what counts as one."""
    response, partial = _COUNTS[course.response], course.partial.copy()
    counts = (course.pending >= 0) & _is_event(course, pending)
    progression: Array = np.where(counts, course.pending, course.progression)
    response[progression[progression >= 0]] = Response.PD.code
    ends = np.full(len(course.pending), len(course.line))
    left = np.flatnonzero((course.pending >= 0) & ~counts)
    ends[left] = course.pending[left]
    partial |= np.arange(len(course.line)) > ends[course.line]
    return AsPlain(
        response=response,
        reported=_REPORTED[course.reported],
        partial=partial,
        best_rule=_plain_rule(BEST, course.best_rule),
        confirmed_rule=_plain_rule(CONFIRMED, course.confirmed_rule),
        progression=progression,
    )


def _is_event(course: ImmuneCourse, pending: PendingIs) -> Array:
    """Whether a progression that is pending at the end of each line is an event."""
    if pending is not PendingIs.BY_COURSE:
        return np.full(len(course.pending), pending is PendingIs.EVENT)
    last = np.full(len(course.pending), -1)
    some = np.flatnonzero(~course.partial)
    last[course.line[some]] = some  # ascending, so the last one stays
    found: Array = (course.stop != NO_DAY) | (course.death != NO_DAY) | (last <= course.pending)
    return found


def _plain_rule(table: DecisionTable[Response], rule: Array) -> Array:
    """The rule of a table of RECIST with the verdict that a best response by iRECIST stands for."""
    place = {each.verdict: at for at, each in enumerate(table.rules)}
    of = np.array([place[IMMUNE_REPORTED[word]] for word in ImmuneResponse], np.uint8)
    found: Array = of[verdicts(IMMUNE_BEST, rule)]
    return found
