"""Facts of a line and of its time points: what reasons, numbers and exposure read.

They do not know the answer that is made of them (`assessment.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs

from .._base.converters import Date
from .._base.words import NewLesion, NonTarget, Response, Standing, State, Target, Watch, YesNo
from ..model import TherapyLine
from ..rulebook.decision_table import Rule
from ..rulebook.new_lesions import IS_RECURRENCE
from .baseline import Roles
from .chart import Chart
from .new_lesions import NewLesionRecord
from .sights import UNRECORDED, Sight, Sights

__all__ = ["JudgedLine", "LineFacts", "TimepointFacts"]


@attrs.frozen(eq=False, repr=False)
class LineFacts:
    """What the time points of one line share: the chart, the line, its baseline and roles.

    `sights(place, lesion)` is what a visit says of a lesion to this line, `plain` what it says
    whatever the line. `words` keeps what is told of a new lesion at a visit, once it is made.
    """

    chart: Chart
    number: int
    line: TherapyLine
    baseline: int | None
    roles: Roles
    news: tuple[NewLesionRecord, ...]
    window: range
    sights: Sights
    plain: Sights
    words: dict[tuple[int, int], str] = attrs.field(factory=dict)

    @property
    def places(self) -> range:
        """The places of the lesions of the case."""
        return range(len(self.chart.traits))

    def at_baseline(self, lesion: int) -> Sight:
        """What the baseline of the line says of a lesion, its work-up included."""
        at_baseline = self.roles.records.baseline
        place = at_baseline[lesion] if at_baseline else None
        return UNRECORDED if place is None else self.sights(place, lesion)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TimepointFacts:
    """One follow-up of a line: the numbers that its verdict saw, and the rule of each table.

    Totals are whole micrometres, `None` where there is none; `place` and `nadir_place` are indices
    of the chart's visits, `nontargets` and `recurrences` of its lesions. `grown` are the
    non-targets that have grown though nobody calls them progressed: the smallest size before, and
    where. `partial` is the rule that says whether it is a partial examination. `grown_targets` are
    those that rose over their own smallest size, where each lesion is judged alone, and `back` the
    targets and non-targets that enhance again, where that is progression. `joined` are the new
    lesions that the total has beside the targets (imRECIST).
    """

    date: Date
    day: int
    place: int
    total_um: int | None
    nadir_um: int | None
    nadir_place: int | None
    partial: Rule[YesNo]
    nontargets: tuple[int, ...]
    nontarget_lesion_rules: tuple[Rule[State], ...]
    grown: Mapping[int, tuple[int, int]]
    recurrences: tuple[int, ...]
    new_lesion: NewLesion
    target_rule: Rule[Target]
    nontarget_rule: Rule[NonTarget]
    overall_rule: Rule[Response]
    reported: Response | None
    standing: Rule[Standing]
    response: Response
    problem_bits: int
    line: LineFacts
    joined: tuple[int, ...] = ()
    grown_targets: Mapping[int, tuple[int, int]] = attrs.field(factory=dict)
    back: tuple[int, ...] = ()

    @property
    def states(self) -> tuple[State, ...]:
        """Each of `nontargets`."""
        return tuple(rule.verdict for rule in self.nontarget_lesion_rules)

    @property
    def is_partial(self) -> bool:
        """Whether it is a partial examination, which everything that looks back passes over."""
        return self.partial.verdict is YesNo.YES

    @property
    def target(self) -> Target:
        """The response of the target lesions."""
        return self.target_rule.verdict

    @property
    def nontarget(self) -> NonTarget:
        """The response of the non-target lesions."""
        return self.nontarget_rule.verdict

    @property
    def computed(self) -> Response:
        """The response by the rules alone."""
        return self.overall_rule.verdict

    @property
    def recurrence_rule(self) -> Rule[Watch]:
        """The rule by which disease after complete response is a recurrence."""
        return IS_RECURRENCE


class JudgedLine(Protocol):
    """What a later line needs to know of an earlier one."""

    @property
    def number(self) -> int:
        """The index of the line in the sequence of therapies, from 1."""

    @property
    def line(self) -> TherapyLine:
        """The line as the chart gives it."""

    @property
    def progressed(self) -> bool:
        """Whether some follow-up is a progression."""
