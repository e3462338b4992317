"""A cohort as the figures see it: lines, follow-ups and times as plain arrays.

It comes from `Responses`, or from assessments of single patients; both give the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from .._base.arrays import NO_DAY, Array
from .._base.converters import day_number, shown
from .._base.errors import got
from .._base.words import Exposure, Response
from ..cohort import tables_out
from ..cohort.immune_responses import ImmuneResponses
from ..cohort.responses import Responses
from ..lines.records import LineCourse
from ..lines.timing import course
from ..patient.assessment import Assessment
from ..rulebook.criteria import MRECIST, Criteria
from ..rulebook.policies import FDA_A, Policy

__all__ = ["Cohort", "Spans", "cohort_of", "objects"]

TIMES = ("dor", "tot", "os")
"""The times that figures show: of response, on treatment, and survival."""


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Spans:
    """One kind of time of every line; `there` tells whether a line has it."""

    there: Array
    start: Array
    end: Array
    event: Array


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Cohort:
    """Lines and their follow-ups; micrometres are -1 where there are none, days `NO_DAY`.

    `owner` numbers the patients in the order of their first lines. `line`, `day` and the columns
    after them have one element per follow-up.
    """

    criteria: Criteria
    patient: Array
    owner: Array
    number: Array
    agents: Array
    start: Array
    baseline: Array
    baseline_um: Array
    deepest_um: Array
    best: Array
    confirmed: Array
    exposure: Array
    times: Mapping[str, Spans]
    line: Array
    day: Array
    total_um: Array
    complete: Array
    response: Array
    source: Array

    @property
    def again(self) -> Array:
        """Whether a line has an agent of an earlier one."""
        return np.array([each != Exposure.FIRST for each in self.exposure.tolist()], np.bool_)

    @property
    def patients(self) -> int:
        """How many patients have a line."""
        return int(self.owner.max(initial=-1)) + 1


def cohort_of(given: Any, policy: Policy | str = FDA_A) -> Cohort:
    """What `assess_cohort` gives, or one or several answers of `assess`, for figures."""
    if isinstance(given, ImmuneResponses):
        given = given._in_plain_words
    if isinstance(given, Responses):
        return _of_responses(given, policy)
    several = [given] if isinstance(given, Assessment) else list(_several(given))
    for each in several:
        if not isinstance(each, Assessment):
            raise TypeError(_TAKES.format(got(each)))
    return _of_assessments(several, policy)


_TAKES = "the figure of a cohort takes Responses, or Assessments, got {}"


def _several(given: Any) -> Iterable[Any]:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise TypeError(_TAKES.format(got(given)))
    return given


def objects(values: Iterable[Any]) -> Array:
    """Texts as a column."""
    each = list(values)
    column = np.empty(len(each), object)
    column[:] = each
    return column


def _of_responses(responses: Responses, policy: Policy | str) -> Cohort:
    data, panel, criteria = responses._data, responses.panel, responses.criteria
    lines, found = panel.lines, panel.timepoints
    told = tables_out.as_arrays(tables_out.line_columns(data, criteria, panel))
    seen = tables_out.as_arrays(tables_out.timepoint_columns(data, criteria, panel))
    timed = responses.endpoints(policy).timed
    _, owner = np.unique(lines.patient, return_inverse=True)
    return Cohort(
        criteria=criteria,
        patient=told["patient"],
        owner=owner,
        number=lines.number,
        agents=objects(each or "" for each in told["agents"].tolist()),
        start=lines.start,
        baseline=lines.baseline,
        baseline_um=lines.baseline_um,
        deepest_um=timed.deepest_um,
        best=told["best_response"],
        confirmed=told["confirmed_best_response"],
        exposure=told["exposure"],
        times={
            name: Spans(there=each.there, start=each.start, end=each.end, event=each.event)
            for name, each in timed.times.items()
            if name in TIMES
        },
        line=found.line,
        day=found.day,
        total_um=found.total_um,
        complete=found.complete,
        response=objects([str(each) for each in Response])[found.response],
        source=seen["source"],
    )


def _of_assessments(several: Sequence[Assessment], policy: Policy | str) -> Cohort:
    criteria = {each.criteria: None for each in several}
    if len(criteria) > 1:
        names = ", ".join(shown(each.name) for each in criteria)
        raise ValueError(f"assessments must be by the same criteria, got {names}")
    counts = Counter(each.patient.id for each in several)
    twice = ", ".join(shown(name) for name, count in counts.items() if count > 1)
    if twice:
        raise ValueError(f"patients must have names of their own, got twice: {twice}")
    lines = [(i, line) for i, each in enumerate(several) for line in course(each, policy).lines]
    owners = {i: place for place, i in enumerate(dict.fromkeys(i for i, _ in lines))}
    assessed = [line.assessed for _, line in lines]
    scans = [(i, t) for i, line in enumerate(assessed) for t in line.timepoints]
    return Cohort(
        criteria=next(iter(criteria), MRECIST),
        patient=objects(several[i].patient.id for i, _ in lines),
        owner=_whole(owners[i] for i, _ in lines),
        number=_whole(line.number for line in assessed),
        agents=objects("+".join(line.line.agents) for line in assessed),
        start=_whole(day_number(line.line.start) for line in assessed),
        baseline=_whole(_day(line.baseline) for line in assessed),
        baseline_um=_whole(_um(line.baseline_total_um) for line in assessed),
        deepest_um=_whole(_deepest(line) for _, line in lines),
        best=objects(str(line.best_response) for line in assessed),
        confirmed=objects(str(line.confirmed_best_response) for line in assessed),
        exposure=objects(str(line.exposure) for line in assessed),
        times={name: _spans([line for _, line in lines], name) for name in TIMES},
        line=_whole(i for i, _ in scans),
        day=_whole(day_number(t.date) for _, t in scans),
        total_um=_whole(_um(t.total_um) for _, t in scans),
        complete=np.array([t.complete for _, t in scans], np.bool_),
        response=objects(str(t.response) for _, t in scans),
        source=objects(t.source for _, t in scans),
    )


def _whole(values: Iterable[int]) -> Array:
    return np.array(list(values), np.int64)


def _day(date: Any) -> int:
    return NO_DAY if date is None else day_number(date)


def _um(um: int | None) -> int:
    return -1 if um is None else um


def _deepest(line: LineCourse) -> int:
    baseline = line.assessed.baseline_total_um
    if line.depth is None or baseline is None:
        return -1
    return int(baseline - line.depth * baseline)


def _spans(lines: Sequence[LineCourse], name: str) -> Spans:
    times = [line.times.get(name) for line in lines]
    return Spans(
        there=np.array([each is not None for each in times], np.bool_),
        start=_whole(NO_DAY if each is None else day_number(each.start) for each in times),
        end=_whole(NO_DAY if each is None else day_number(each.end) for each in times),
        event=np.array([each is not None and each.event for each in times], np.bool_),
    )
