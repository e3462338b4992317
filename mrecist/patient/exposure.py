"""What a line of therapy is, given the lines before it: first exposure, rechallenge and kin."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from .._base.converters import day_number
from .._base.words import Exposure
from ..model import TherapyLine
from ..rulebook.best_response import is_progression
from ..rulebook.decision_table import Rule
from ..rulebook.drugs import inn
from ..rulebook.therapy import EXPOSURE, UNRECORDED
from .facts import JudgedLine

__all__ = ["ExposureFacts", "exposure"]


@attrs.frozen(eq=False, repr=False)
class ExposureFacts:
    """The rule, the agents that were given before, and the latest line that had one (from 1)."""

    rule: Rule[Exposure]
    agents: tuple[str, ...]
    earlier: int | None
    drug_free_days: int | None
    lines_between: int | None


def exposure(
    line: TherapyLine, earlier: Sequence[JudgedLine], agent: str | None = None
) -> ExposureFacts:
    """Judge a line by the latest earlier line that shares an agent, and by how that one ended.

    Agents are compared by nonproprietary name; two drugs of one class are not one agent. `agent`:
    one of the line's, to be judged alone.
    """
    asked = line.agents if agent is None else (agent,)
    agents = {inn(each) for each in asked}
    shared = [known for known in earlier if agents & {inn(each) for each in known.line.agents}]
    if not shared:
        rule = EXPOSURE.decide(False, False, UNRECORDED, False)
        return ExposureFacts(rule, (), None, None, None)
    last = shared[-1]
    had = {inn(each) for each in last.line.agents}
    reason = last.line.end_reason
    progressed = any(is_progression(timepoint.computed.code) for timepoint in last.timepoints)
    rule = EXPOSURE.decide(True, reason is not None, reason or UNRECORDED, progressed)
    stop = last.line.stop
    return ExposureFacts(
        rule=rule,
        agents=tuple(each for each in asked if inn(each) in had),
        earlier=last.number,
        drug_free_days=None if stop is None else day_number(line.start) - day_number(stop),
        lines_between=len(earlier) - last.number,
    )
