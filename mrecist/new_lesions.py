"""New lesions: which candidates a line detects, and which of them a time point proves.

A candidate that is proved counts from the scan that first showed it, whenever it was proved.
"""

from __future__ import annotations

import attrs

from ._exact import at_least
from ._tables import Rule
from .baseline import Roles
from .chart import Chart
from .codes import NewRule, Pattern, Proof, Status, Verdict, YesNo
from .criteria import Criteria
from .model import Finding
from .rules import DETECTED

__all__ = ["NewLesionRecord", "adjudication", "detection", "new_lesions"]


@attrs.frozen(eq=False, repr=False)
class NewLesionRecord:
    """A candidate that was detected in a line: since when, and whether it is a new lesion.

    `first` and `confirmed` are places in the chart's time points. A new lesion counts from `first`
    on, whenever it was `confirmed`; `None` says that it never was. `detected` lists the places at
    which it was detected.
    """

    lesion: int
    first: int
    confirmed: int | None
    detected: tuple[int, ...]
    rule: Rule[Verdict]


def new_lesions(
    chart: Chart, baseline: int | None, window: range, roles: Roles
) -> list[NewLesionRecord]:
    """Every candidate that is detected in the line, with the rule that made it new, or did not."""
    found = []
    for lesion in roles.candidates:
        detected = [t for t in window if _is_detected(chart, baseline, t, lesion)]
        if not detected:
            continue
        first, rule, confirmed = detected[0], None, None
        for place in window[window.index(first) :]:
            fired = adjudication(chart, first, place, lesion, place in detected)
            if rule is None or fired.verdict is Verdict.NEW:
                rule = fired
            if fired.verdict is Verdict.NEW:
                confirmed = place
                break
        if rule is not None:
            found.append(NewLesionRecord(lesion, first, confirmed, tuple(detected), rule))
    return found


def _is_detected(chart: Chart, baseline: int | None, place: int, lesion: int) -> bool:
    recorded = chart.sights[place][lesion].recorded
    return recorded and detection(chart, baseline, place, lesion).verdict is YesNo.YES


def detection(chart: Chart, baseline: int | None, place: int, lesion: int) -> Rule[YesNo]:
    """Whether a candidate is detected at a follow-up, and by which rule."""
    sight, trait = chart.sights[place][lesion], chart.traits[lesion]
    old_effusion = False
    if trait.needs_cytology and baseline is not None:
        before = chart.sights[baseline][lesion]
        old_effusion = before.recorded and before.status is not Status.ABSENT
    extent, credible = chart.extent(lesion, place), trait.credible_unmeasured
    return DETECTED.decide(
        sight.recorded, sight.status, trait.group, extent, credible, old_effusion
    )


def adjudication(
    chart: Chart, first: int, place: int, lesion: int, detected: bool
) -> Rule[Verdict]:
    """What a time point says of a candidate first seen at `first`, whatever its status there."""
    criteria, trait = chart.criteria, chart.traits[lesion]
    finding = chart.sights[place][lesion].finding
    equivocal = typical = large = grown = proven = False
    if finding is not None:
        size = _whole_size(criteria, finding)
        first_size = _whole_size(criteria, chart.sights[first][lesion].finding)
        equivocal = finding.equivocal
        typical = finding.pattern is Pattern.TYPICAL
        large = size is not None and at_least(size, criteria.new_nodule_um)
        if size is not None and first_size is not None:
            grown = at_least(size - first_size, criteria.new_nodule_growth_um)
        proof = finding.cytology if trait.new_rule is NewRule.CYTOLOGY else finding.biopsy
        proven = proof is Proof.POSITIVE
    return criteria.rules.new_lesion.decide(
        trait.new_rule, detected, equivocal, typical, large, grown, proven
    )


def _whole_size(criteria: Criteria, finding: Finding | None) -> int | None:
    """The size of a new liver nodule: the longest diameter, else the viable one."""
    if finding is None:
        return None
    if finding.status is Status.TOO_SMALL:
        return criteria.too_small_um
    return finding.viable_um if finding.longest_um is None else finding.longest_um
