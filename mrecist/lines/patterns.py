"""The pattern of a progression: where the tumour progressed, and by growth or by spread.

Read from the first PD of a line, after its verdict; no verdict rests on it. The case analysis is
in `rulebook/patterns.py`, where every definition carries its evidence: all are known from memory.
"""

from __future__ import annotations

from typing import Any

import attrs

from .._base.converters import Date
from .._base.text import when
from .._base.words import (
    BclcProgression,
    Compartment,
    Invasion,
    ProgressionCode,
    Response,
    Sign,
    StageBefore,
)
from ..patient.assessment import LineAssessment, TimepointAssessment
from ..patient.facts import LineFacts
from ..patient.numbers import listed
from ..patient.reasons import Reason, reason_of
from ..patient.signs import lesions_beyond, signs_of
from ..rulebook.decision_table import Rule
from ..rulebook.patterns import (
    CODES,
    CONTRADICTED,
    DOMINANT,
    INVASION,
    PATTERN,
    UPON_PROGRESSION,
    stage_given,
)

__all__ = ["ProgressionPattern", "progression_pattern"]


@attrs.frozen(kw_only=True, repr=False)
class ProgressionPattern:
    """How one line progressed: the codes that hold at its first PD, and why.

    `codes` are those of IHG, NIH, EHG and NEH that hold, in this order: one, several, or none
    where a PD was reported and no lesion tells where. `dominant` ranks NEH > EHG > NIH > IHG.
    `invasion` tells of tumour in vein, `bclc` the stage upon progression; both may be unknown or
    none, and `reasons` say why, each with its rule and the evidence for it.
    """

    line: int
    date: Date
    day: int
    codes: tuple[ProgressionCode, ...]
    dominant: ProgressionCode
    invasion: Invasion
    stage_before: StageBefore
    bclc: BclcProgression
    reasons: tuple[Reason, ...]

    @property
    def vascular(self) -> bool:
        """Whether tumour in vein is new or grew."""
        return self.invasion is not Invasion.NONE

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that fired."""
        return tuple(reason.rule for reason in self.reasons)

    @property
    def why(self) -> str:
        """Every reason with its rule and source, one per line."""
        return "\n".join(str(reason) for reason in self.reasons)

    def __str__(self) -> str:
        codes = " + ".join(self.codes) or "pattern unknown"
        dominant = f" ({self.dominant} dominant)" if len(self.codes) > 1 else ""
        vein = f", tumour in vein {self.invasion}" if self.vascular else ""
        return f"{when(self.date)}: {codes}{dominant}{vein}; BCLC upon progression: {self.bclc}"

    def __repr__(self) -> str:
        codes = "+".join(self.codes) or "unknown"
        return f"<ProgressionPattern line {self.line}, {self.date}: {codes}, {self.bclc}>"


def progression_pattern(
    line: LineAssessment, *, stage_before: str | None = None
) -> ProgressionPattern | None:
    """Where a line progressed at its first PD, by growth or by spread; `None` without a PD.

    After Reig 2013, from memory: every reason shows its evidence.

    Args:
        line: A line of an assessment.
        stage_before: The BCLC stage at the baseline of the line, `"B"` or `"C"`; left out, it is C
            where the baseline shows extrahepatic disease or tumour in vein, and unknown elsewhere.

    Returns:
        The codes of growth and spread, the invasion of veins and the BCLC stage upon progression.

    Raises:
        ValueError: Another stage, or a B that the baseline contradicts.
        TypeError: Anything but a line of an assessment.

    Example:
        >>> from mrecist import Finding, Lesion, Patient, TherapyLine, Timepoint, assess
        >>> patient = Patient(
        ...     "P-001",
        ...     [Lesion("S8", "liver", "nodule"), Lesion("LUNG", "lung", "nodule")],
        ...     [
        ...         Timepoint("2024-01-03", [Finding("S8", viable_mm=30)]),
        ...         Timepoint(
        ...             "2024-03-06", [Finding("S8", viable_mm=41), Finding("LUNG", longest_mm=12)]
        ...         ),
        ...     ],
        ...     [TherapyLine(["lenvatinib"], "2024-01-10")],
        ... )
        >>> print(progression_pattern(assess(patient).lines[0]))
        2024-03-06: IHG + NEH (NEH dominant); BCLC upon progression: BCLCp-C2
    """
    if not isinstance(line, LineAssessment):
        raise TypeError(
            f"progression_pattern() takes a LineAssessment, got {type(line).__name__}; "
            "take one of assess(patient).lines"
        )
    given = stage_given(stage_before)
    for timepoint in line.timepoints:
        if timepoint.response is Response.PD and not timepoint.is_partial:
            return _pattern(line, timepoint, given)
    return None


def _pattern(
    line: LineAssessment, timepoint: TimepointAssessment, given: StageBefore
) -> ProgressionPattern:
    """What the time point of a progression shows, by the tables."""
    signs = list(signs_of(timepoint, [each.place for each in line.timepoints]))
    fired = [PATTERN.decide(where, sign) for where, sign, _ in signs]
    codes = tuple(code for code in CODES if any(rule.verdict is code for rule in fired))
    dominant = DOMINANT.decide(*(code in codes for code in CODES))
    in_vein = {sign for where, sign, _ in signs if where is Compartment.VASCULAR}
    invasion = INVASION.decide(bool(in_vein - {Sign.NEW}), Sign.NEW in in_vein)
    before, known_from = _stage_before(timepoint.line, given)
    bclc = UPON_PROGRESSION.decide(dominant.verdict, invasion.verdict, before)
    steps: list[tuple[str, Rule[Any], dict[str, Any]]] = [
        *(("pattern", rule, each[2]) for rule, each in zip(fired, signs, strict=True)),
        ("dominant", dominant, {"codes": ", ".join(codes)}),
        ("tumour in vein", invasion, {}),
        ("BCLC upon progression", bclc, {"stage_known_from": known_from}),
    ]
    return ProgressionPattern(
        line=line.number,
        date=timepoint.date,
        day=timepoint.day,
        codes=codes,
        dominant=dominant.verdict,
        invasion=invasion.verdict,
        stage_before=before,
        bclc=bclc.verdict,
        reasons=tuple(
            reason_of(step, str(rule.verdict), rule, rule.sentence.format_map(numbers))
            for step, rule, numbers in steps
        ),
    )


def _stage_before(facts: LineFacts, given: StageBefore) -> tuple[StageBefore, str]:
    """The stage at baseline, and where it is known from."""
    found = lesions_beyond(facts)
    if not found:
        return given, "as given"
    names = listed(facts.chart, found)
    if given is StageBefore.B:
        raise ValueError(f'{CONTRADICTED} ({names}), got "B"')
    return StageBefore.C, f"at baseline: {names}"
