"""One patient across the lines: how long each line held, by a policy or by several.

The arrays of `endpoints` hold the answer; one patient is a few rows of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import overload

import numpy as np

from .._base.arrays import BLANK, NO_DAY
from .._base.converters import Date, date, day_number
from .._base.errors import check_type
from .._base.text import Text, grid
from ..endpoints.definitions import TIMES
from ..endpoints.engine import timed
from ..endpoints.history import History
from ..endpoints.untreatable import UNTREATABLE, Untreatable, code_bits, until_untreatable
from ..patient.assessment import Assessment
from ..patient.immune_assessment import ImmuneAssessment
from ..rulebook.policies import FDA_A, Policy, policy_named
from .immune_records import ImmuneTimes
from .immune_timing import immune_times
from .patterns import progression_pattern
from .records import Course, TimeToEvent
from .telling import has_dates, history_columns, teller_of

__all__ = ["compare_policies", "course", "time_to_untreatable"]


@overload
def course(assessment: Assessment, policy: Policy | str = FDA_A) -> Course: ...


@overload
def course(assessment: ImmuneAssessment, policy: Policy | str = FDA_A) -> ImmuneTimes: ...


def course(
    assessment: Assessment | ImmuneAssessment, policy: Policy | str = FDA_A
) -> Course | ImmuneTimes:
    """The course of one patient: for each line its times, responses and growth modulation index.

    By criteria of immunotherapy progression is what was confirmed, dated to the first scan of the
    unconfirmed one; what is pending at the end counts by its course, as for
    `ImmuneResponses.endpoints`.

    Args:
        assessment: What `assess` returns, by criteria that give a patient a response.
        policy: `FDA_A`, `EMA_ITT`, the name of one of them or a custom `Policy`: when a time ends,
            and whether by an event or censored.

    Returns:
        The lines with their times in days, and exposures by agent; printed, one page. By criteria
        of immunotherapy `ImmuneTimes`: the lines with their times.

    Raises:
        CriteriaError: A policy that is not known.
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import assess, example_case
        >>> course(assess(example_case())).lines[0].times["pfs"].days
        182
    """
    policy = policy_named(policy)
    if isinstance(assessment, ImmuneAssessment):
        return immune_times(assessment, policy)
    check_type(assessment, Assessment, "course() takes what assess() gives")
    found = timed(_history(assessment), policy)
    teller = teller_of(assessment, policy)
    return Course(
        assessment=assessment,
        policy=policy,
        lines=tuple(teller.line(found, policy, i) for i in range(len(assessment.lines))),
    )


def _history(assessment: Assessment) -> History:
    """The lines and follow-ups of one patient as arrays."""
    return History.of(**history_columns(assessment))


def time_to_untreatable(
    assessment: Assessment,
    *,
    definition: Untreatable = UNTREATABLE,
    declined: Iterable[Date | str] = (),
) -> tuple[TimeToEvent, ...]:
    """For each line the time to untreatable progression, by a definition that names its parts.

    What counts is looked for in the line and in all later ones.

    Args:
        assessment: What `assess` returns.
        definition: The patterns of progression, tumour in vein, reasons and death that count.
        declined: Dates on which decline of the liver or of performance was noted; for each line the
            first on or after its start counts.

    Returns:
        One time per line, in days; censored on the last day known where nothing counts.

    Raises:
        TypeError: Anything but an assessment and a definition.
        ValueError: A date that is not possible, or is not of the kind of those of the lines.

    Example:
        >>> from mrecist import assess, example_case
        >>> [time.days for time in time_to_untreatable(assess(example_case("ikeda-2021")))]
        [91, 152, 183, 122, 61]
    """
    check_type(assessment, Assessment, "time_to_untreatable() takes what assess() gives")
    check_type(definition, Untreatable, "definition must be an Untreatable")
    history, lines = _history(assessment), assessment.lines
    dates = [date(each) for each in declined]
    for each in dates:
        if isinstance(each, int) == has_dates(assessment):
            kind = "calendar dates" if has_dates(assessment) else "study days"
            raise ValueError(f"declined must be {kind} as those of the lines are, got {each}")
    patterns = [progression_pattern(line) for line in lines]
    noted = sorted(map(day_number, dates))
    starts = history.start.tolist()
    times = until_untreatable(
        history,
        np.array([NO_DAY if each is None else day_number(each.date) for each in patterns]),
        np.array([0 if each is None else code_bits(each.codes) for each in patterns]),
        np.array([BLANK if each is None else each.invasion.code for each in patterns]),
        definition,
        np.array([min((day for day in noted if day >= start), default=NO_DAY) for start in starts]),
    )
    teller = teller_of(assessment)
    return tuple(teller.time("ttup", times, i) for i in range(len(lines)))


def compare_policies(
    assessment: Assessment,
    policies: Policy | str | Iterable[Policy | str] = ("fda-a", "ema-itt"),
) -> str:
    """What each policy makes of a patient's lines: every time on which they differ, and why.

    Args:
        assessment: What `assess` returns.
        policies: Policies or their names, in the order of the rows.

    Returns:
        A table as text, one row per policy of each time that differs, or one sentence if none does.

    Raises:
        CriteriaError: A policy that is not known.
        TypeError: Anything but an assessment.

    Example:
        >>> from mrecist import assess, example_case
        >>> print(compare_policies(assess(example_case())))
        the policies agree on every time of every line
    """
    several = [policies] if isinstance(policies, (str, Policy)) else policies
    courses = [course(assessment, policy) for policy in several]
    rows = []
    for lines in zip(*(each.lines for each in courses), strict=True):
        for name in TIMES:
            times = [line.times.get(name) for line in lines]
            if len({(time.start, time.end, time.event) if time else None for time in times}) > 1:
                rows += [
                    (
                        str(lines[0].number),
                        lines[0].agents,
                        name.upper(),
                        each.policy.name,
                        *_told(time),
                    )
                    for each, time in zip(courses, times, strict=True)
                ]
    if not rows:
        return Text("the policies agree on every time of every line")
    return Text("\n".join(grid([("line", "agents", "time", "policy", "months", "why"), *rows])))


def _told(time: TimeToEvent | None) -> tuple[str, str]:
    return (time.short, f"{time.reason} [{time.clause.id}]") if time else ("none", "")
