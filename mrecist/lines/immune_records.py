"""The times of one patient by criteria of immunotherapy, and their text."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from .._base import html
from .._base.text import DAYS_A_MONTH, grid
from .._base.words import PendingIs
from ..patient.immune_assessment import ImmuneAssessment, ImmuneLine
from ..rulebook.policies import Policy
from .records import TIMES_SHOWN, TimeToEvent

__all__ = ["ImmuneLineTimes", "ImmuneTimes"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ImmuneLineTimes:
    """The times of one line: `times` holds those that the line has, by name, as `LineCourse`."""

    assessed: ImmuneLine
    times: Mapping[str, TimeToEvent]

    @property
    def number(self) -> int:
        """The place of the line in the sequence of therapies, from 1."""
        return self.assessed.number

    @property
    def agents(self) -> str:
        """The agents of the line as one text."""
        return "+".join(self.assessed.line.agents)

    def __repr__(self) -> str:
        return f"<ImmuneLineTimes {self.number} {self.agents}>"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ImmuneTimes:
    """A patient's lines, timed by a policy; progression is what was confirmed (RD-IR-DAY).

    Patterns, exposures by agent and markers are those of the course by the criteria beneath:
    `course(assessment.base)`.
    """

    assessment: ImmuneAssessment
    policy: Policy
    pending: PendingIs
    lines: tuple[ImmuneLineTimes, ...]

    def __repr__(self) -> str:
        patient = self.assessment.patient.id
        return f"<ImmuneTimes {patient} by {self.policy.name}: {len(self.lines)} lines>"

    def __str__(self) -> str:
        why = [
            f"line {line.number}  PFS: {pfs.reason} [{pfs.clause.id}]"
            for line in self.lines
            for pfs in [line.times["pfs"]]
        ]
        return "\n".join([*self._head, "", *grid([_HEAD, *map(_row, self.lines)]), "", *why])

    @property
    def _head(self) -> list[str]:
        criteria = self.assessment.criteria
        counted = (
            "progression is one that no later scan refutes"
            if criteria.joined
            else (f"progression is what was confirmed; pending at the end: {self.pending}")
        )
        return [
            f"{self.assessment.patient.id}, {criteria.label}",
            f"times in months of {DAYS_A_MONTH} days by {self.policy.name} (+ censored); {counted}",
        ]

    def _repr_html_(self) -> str:
        return html.of_text(str(self), heads=_HEAD[:1])


_HEAD = (
    "line", "agents", "best", "confirmed", "to response", "response", "TTP", "PFS", "PFS2",
    "treated", "survival",
)  # fmt: skip


def _row(line: ImmuneLineTimes) -> tuple[str, ...]:
    """A line in the columns of `_HEAD`."""
    times = (line.times[name].short if name in line.times else "-" for name in TIMES_SHOWN)
    best, sure = line.assessed.best_response, line.assessed.confirmed_best_response
    return str(line.number), line.agents, str(best), str(sure), *times
