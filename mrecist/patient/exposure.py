"""What a line of therapy is, given the lines before it: first exposure, rechallenge and kin."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from .._base.converters import day_number
from .._base.words import Exposure, Shared
from ..model import TherapyLine
from ..rulebook.decision_table import Rule
from ..rulebook.drugs import named
from ..rulebook.therapy import EXPOSURE, UNRECORDED, shared_kind
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

    Agents are compared by canonical name; two drugs of one class are not one agent. Where a drug
    is shared, procedures that are shared too say nothing. `agent`: the canonical name of one of the
    line's, to be judged alone.
    """
    asked = named(line.agents)
    if agent is not None:
        asked = {agent: asked[agent]}
    given = [asked.keys() & named(known.line.agents).keys() for known in earlier]
    shared = shared_kind(frozenset[str]().union(*given))
    counting = [place for place, names in enumerate(given) if shared_kind(names) is shared]
    if shared is Shared.NOTHING:
        rule = EXPOSURE.decide(shared, False, UNRECORDED, False)
        return ExposureFacts(rule, (), None, None, None)
    last = earlier[counting[-1]]
    reason = last.line.end_reason
    rule = EXPOSURE.decide(shared, reason is not None, reason or UNRECORDED, last.progressed)
    stop = last.line.stop
    again = [text for name, text in asked.items() if name in given[counting[-1]]]
    return ExposureFacts(
        rule=rule,
        agents=tuple(dict.fromkeys(again)),
        earlier=last.number,
        drug_free_days=None if stop is None else day_number(line.start) - day_number(stop),
        lines_between=len(earlier) - last.number,
    )
