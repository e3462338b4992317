"""Why a scan has its word by iRECIST: the rules that fired, with their sentences filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._base.text import mm, when
from .._base.words import NewLesion
from ..rulebook.decision_table import Rule
from ..rulebook.immune_criteria import ImmuneCriteria
from .immune import Block, Scan
from .numbers import Numbers, ids
from .reasons import Reason, reason_of, speaking, timepoint_reasons

__all__ = ["immune_reasons", "immune_steps"]

_HELD = frozenset({"IR-UPD-STAYS", "IR-CPD"})


def immune_steps(scan: Scan) -> list[tuple[str, Rule[Any]]]:
    """The rules of iRECIST that fired, each with its step."""
    found: list[tuple[str, Rule[Any]]] = []
    if scan.rule.id in _HELD and scan.further is not None and scan.new_rule is not None:
        if scan.new_lesion is NewLesion.YES:
            found.append(("new lesions", scan.new_rule))
        found.append(("confirmation", scan.further))
    found.append(("response", scan.rule))
    if scan.reported is not None:
        found.append(("reported", scan.standing))
    return found


def immune_reasons(scan: Scan, criteria: ImmuneCriteria) -> tuple[Reason, ...]:
    """The rule that fired at each step, those of the criteria beneath first."""
    numbers = _numbers(scan, criteria)
    there = iter([new.proved is None or new.lesion in scan.news for new in speaking(scan.base)])
    beneath = [
        each
        for each in timepoint_reasons(scan.base)
        if each.step in ("target", "non-target") or (each.step == "new lesion" and next(there))
    ]
    steps = immune_steps(scan)
    if scan.rule is not scan.overall:
        steps.insert(0, ("beneath", scan.overall))
    own = [
        reason_of(step, str(rule.verdict), rule, rule.sentence.format_map(numbers))
        for step, rule in steps
    ]
    return (*beneath, *own)


def _length(um: int | None) -> str:
    return "no total" if um is None else mm(um)


def _numbers(scan: Scan, criteria: ImmuneCriteria) -> Mapping[str, Any]:
    """What the sentences of a time point are filled with."""
    numbers = Numbers(scan.base)
    numbers |= {
        "target": scan.base.target,
        "nontarget": scan.base.nontarget,
        "new": scan.new_lesion,
        "further": mm(criteria.further_um),
        "confirmation_days": f"{criteria.confirmation_days} days",
        "confirmed_date": "" if scan.confirmed_on is None else when(scan.confirmed_on),
        "computed": scan.rule.verdict,
        "reported": scan.reported,
        "disease": "a target or a non-target",
    }
    return numbers | _of_block(scan, scan.block, numbers)


def _of_block(scan: Scan, block: Block | None, numbers: Mapping[str, Any]) -> dict[str, Any]:
    if block is None:
        return {"clears": "", "keeps": "", "further_words": "", "new_words": ""}
    pending = when(block.first.base.date)
    chart = scan.base.line.chart
    more = sorted((scan.news | frozenset(scan.back)) - block.there)
    found = {
        "clears": f", which clears that of {pending}",
        "keeps": f"; that of {pending} stays pending",
        "pending_date": pending,
        "target_reference": _length(block.total_um),
        "target_total": _length(scan.base.total_um),
        "new_reference": _length(block.new_um),
        "new_total": _length(scan.new_um),
        "more_new": ", ".join(ids(chart, more)),
        "further_words": "",
        "new_words": "",
    }
    every = {**numbers, **found}
    if scan.new_rule is not None and scan.further is not None:
        found["new_words"] = scan.new_rule.sentence.format_map(every)
        found["further_words"] = scan.further.sentence.format_map({**every, **found})
    return found
