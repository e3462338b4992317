"""The criteria as values: every number of the rules, and which tables apply. No case analysis.

A protocol of one's own is `attrs.evolve(MRECIST, name="my protocol", stable_days=49)`; without a
name it is called `mrecist-amended`, so that no answer is taken for the published criteria's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from .._base import converters, html
from .._base.converters import Micrometres
from .._base.errors import CriteriaError
from .._base.pickling import ReadOnly
from .._base.reported import call_stable
from .._base.words import Measure, NewRule, Response
from . import criteria_fields as fields
from .immune_criteria import IMMUNE_CRITERIA, ImmuneCriteria, immune_criteria
from .lesion_criteria import LESION_CRITERIA, LesionCriteria, lesion_criteria
from .organs import LIVER
from .rulebooks import (
    EASL_RULES,
    LEAP_012_RULES,
    MRECIST_5MM_RULES,
    MRECIST_RULES,
    RECIST_RULES,
    WHO_RULES,
    Rulebook,
)

__all__ = [
    "CRITERIA",
    "EASL",
    "EASL_RULES",
    "LEAP_012_RULES",
    "MRECIST",
    "MRECIST_5MM",
    "MRECIST_5MM_RULES",
    "MRECIST_Q6W",
    "MRECIST_REFLECT",
    "MRECIST_RULES",
    "RECIST_1_1",
    "RECIST_1_1_LEAP_012",
    "RECIST_RULES",
    "WHO",
    "WHO_RULES",
    "Criteria",
    "Rulebook",
    "criteria_named",
    "register",
]


@attrs.frozen(kw_only=True, field_transformer=fields.named, repr=False, cache_hash=True)
class Criteria:
    """One set of response criteria: exact shares, whole micrometres, whole days.

    Lengths are given in millimetres (`target_nodule_mm=10`) and kept in micrometres
    (`target_nodule_um`). Shares are exact: `Fraction`, `Decimal`, or text such as `"3/10"` or
    `"0.3"`; floats are refused.
    Criteria that differ from the published ones of their name are called `...-amended`. Raises
    `CriteriaError` for a protocol that cannot be.
    """

    name: str = attrs.field(converter=converters.name)
    title: str = attrs.field(converter=converters.name)
    rules: Rulebook = attrs.field(converter=fields.rulebook)

    # what is measured
    liver_nodule_size: Measure = attrs.field(converter=fields.measure)
    too_small_um: int = attrs.field(converter=converters.micrometres, alias="too_small_mm")
    gone_node_um: int = attrs.field(converter=converters.micrometres, alias="gone_node_mm")

    # what is disease, and what may be a target
    diseased_node_um: int = attrs.field(converter=converters.micrometres, alias="diseased_node_mm")
    diseased_hilar_node_um: int = attrs.field(
        converter=converters.micrometres, alias="diseased_hilar_node_mm"
    )
    target_nodule_um: int = attrs.field(converter=converters.micrometres, alias="target_nodule_mm")
    target_node_um: int = attrs.field(converter=converters.micrometres, alias="target_node_mm")
    target_hilar_node_um: int = attrs.field(
        converter=converters.micrometres, alias="target_hilar_node_mm"
    )
    treated_targets: bool = attrs.field(converter=fields.flag)
    effusions_need_cytology: bool = attrs.field(converter=fields.flag)
    targets_per_organ: int | None = attrs.field(converter=fields.optional_count)
    targets_in_all: int | None = attrs.field(converter=fields.optional_count)
    """At most so many targets; `None`: every lesion that may be one."""
    targets_in_liver: int | None = attrs.field(default=None, converter=fields.optional_count)
    """At most so many targets in the liver; `None`: as in any organ."""

    # response and progression
    response_share: Fraction = attrs.field(converter=fields.share)
    progression_share: Fraction = attrs.field(converter=fields.share)
    progression_floor_um: int = attrs.field(
        converter=converters.micrometres, alias="progression_floor_mm"
    )

    pd_operator: str = attrs.field(default=">=", converter=fields.operator)
    """`">"`: a rise of exactly `progression_share` is none; a protocol's choice."""
    area: Measure | None = attrs.field(default=None, converter=fields.optional_measure)
    """Totals are of products: of this diameter and the one perpendicular to it."""
    progression_by_lesion: bool = attrs.field(default=False, converter=fields.flag)
    """Any single target that rose over its own smallest size is progression."""
    stable_word: str = attrs.field(default="SD", converter=converters.name)
    """What stable disease is called at a time point."""

    # new lesions
    new_liver_nodule: NewRule = attrs.field(converter=fields.new_rule)
    new_nodule_um: int = attrs.field(converter=converters.micrometres, alias="new_nodule_mm")
    new_nodule_growth_um: int = attrs.field(
        converter=converters.micrometres, alias="new_nodule_growth_mm"
    )

    new_node_growth_um: int = attrs.field(
        converter=converters.micrometres, alias="new_node_growth_mm"
    )

    # lesions outside the total that grew: an old effusion, a non-target that nobody called PD
    growth_share: Fraction = attrs.field(converter=fields.share)
    growth_um: int = attrs.field(converter=converters.micrometres, alias="growth_mm")

    # time
    baseline_days: int = attrs.field(converter=fields.days)
    stable_days: int = attrs.field(converter=fields.days)
    confirmation_days: int = attrs.field(converter=fields.days)
    """A confirmation comes no sooner; 0: a response needs none."""
    confirmation_gaps: int = attrs.field(converter=fields.days)

    def __attrs_post_init__(self) -> None:
        wrong = []
        if self.liver_nodule_size is Measure.SHORT:
            wrong.append("liver_nodule_size must be a diameter, not the short axis")
        if self.new_liver_nodule not in (NewRule.HCC, NewRule.UNEQUIVOCAL):
            wrong.append("new_liver_nodule must be HCC or UNEQUIVOCAL")
        if self.gone_node_um > min(self.diseased_node_um, self.diseased_hilar_node_um):
            wrong.append("gone_node_mm must not exceed diseased_node_mm: a node cannot be both")
        if self.target_node_um < self.diseased_node_um:
            wrong.append("target_node_mm must be at least diseased_node_mm")
        if self.target_hilar_node_um < self.diseased_hilar_node_um:
            wrong.append("target_hilar_node_mm must be at least diseased_hilar_node_mm")
        if self.area is Measure.SHORT:
            wrong.append("area must be of a diameter, not of the short axis")
        in_all, per_organ = self.targets_in_all, self.targets_per_organ
        if in_all is not None and per_organ is not None and in_all < per_organ:
            wrong.append("targets_in_all must be at least targets_per_organ")
        if self.targets_in_liver is not None and self.most_in_all < self.targets_in_liver:
            wrong.append("targets_in_all must be at least targets_in_liver")
        if wrong:
            raise CriteriaError("; ".join(f"criteria {self.name}: {text}" for text in wrong))
        if _KNOWN.get(self.name, self) != self:
            object.__setattr__(self, "name", f"{self.name}-amended")

    def __repr__(self) -> str:
        return f"<Criteria {self.name}>"

    def __str__(self) -> str:
        """Every number of the criteria, one per line."""
        return "\n".join([self.label, *(f"  {name} = {value}" for name, value in self._numbers())])

    def _repr_html_(self) -> str:
        return html.table(self.label, (), self._numbers())

    def _numbers(self) -> Iterator[tuple[str, str]]:
        """Every number of the criteria by its name."""
        for field in attrs.fields(type(self)):
            value = getattr(self, field.name)
            if isinstance(value, Micrometres):
                yield str(field.alias), f"{value.mm:g}"
            elif field.name not in {"name", "title", "rules"} and value not in (
                None,
                field.default,
            ):
                yield field.name, str(value)

    @property
    def label(self) -> str:
        """The criteria as a heading names them: a protocol of one's own by its own name first."""
        return self.title if self.name in _NAMED else f"{self.name}, after {self.title}"

    @property
    def reported_as(self) -> tuple[str, ...]:
        """The names under which a reader may have reported by these criteria, the nearest first.

        Their own; then the published criteria whose rules they use; then, for those with an
        absolute floor, plain HCC mRECIST, and for those of LEAP-012 RECIST 1.1 (Reading
        RD-REPORTED-BY).
        """
        papers = (MRECIST, MRECIST_5MM, RECIST_1_1)
        published = [each.name for each in papers if each.rules == self.rules]
        plain = [base.name for rules, base in _MODIFIED if rules == self.rules]
        return tuple(dict.fromkeys([self.name, *published, *plain]))

    def most_targets(self, organ: str) -> int:
        """How many targets an organ may have at most, by the text of the organ."""
        if self.targets_in_liver is None or organ != LIVER:
            return fields.NO_LIMIT if self.targets_per_organ is None else self.targets_per_organ
        return self.targets_in_liver

    @property
    def most_in_all(self) -> int:
        """How many targets there may be at most."""
        return fields.NO_LIMIT if self.targets_in_all is None else self.targets_in_all

    @property
    def above(self) -> int:
        """1 where a rise of exactly the share is no progression (`exact.rise`)."""
        return int(self.pd_operator == ">")

    @property
    def new_enhancement(self) -> bool:
        """Whether viable tissue in a lesion that had none before is progression, by the rules."""
        return self.rules.looks_back

    def word(self, response: Response) -> str:
        """What a response at a time point is called: stable disease by `stable_word`."""
        return self.stable_word if response is Response.SD else str(response)

    @property
    def hilar_nodes_differ(self) -> bool:
        """Whether a porta hepatis node must be larger than others to be disease."""
        return self.diseased_hilar_node_um > self.diseased_node_um


_KNOWN: dict[str, Criteria] = {}
_NAMED: set[str] = set()

MRECIST = Criteria(
    name="mrecist",
    title="HCC mRECIST (Lencioni & Llovet 2010)",
    rules=MRECIST_RULES,
    liver_nodule_size=Measure.VIABLE,  # MV-10
    too_small_mm=5,  # R11-TS-01
    gone_node_mm=10,  # TL-LN-CR
    diseased_node_mm=10,  # LN-OTHER-10
    diseased_hilar_node_mm=20,  # LN-HILUM-20
    target_nodule_mm=10,  # MEAS-10
    target_node_mm=15,  # LN-OTHER-15
    target_hilar_node_mm=20,  # LN-HILUM-20
    treated_targets=True,  # TS-12
    effusions_need_cytology=True,  # EFF-CYTO
    targets_per_organ=2,  # TS-10
    targets_in_all=5,  # TS-10
    response_share=Fraction(3, 10),  # TL-PR-30
    progression_share=Fraction(1, 5),  # TL-PD-20
    progression_floor_mm=0,  # TL-PD-5MM: off, the 2010 table has none
    new_liver_nodule=NewRule.HCC,  # NL-HCC-10
    new_nodule_mm=10,  # NL-HCC-10
    new_nodule_growth_mm=10,  # NL-HCC-GROW
    new_node_growth_mm=5,  # NL-NODE-5
    growth_share=Fraction(1, 5),  # EFF-GREW
    growth_mm=5,  # EFF-GREW
    baseline_days=28,  # MEAS-15
    stable_days=42,  # BOR-04
    confirmation_days=28,  # BOR-03
    confirmation_gaps=1,  # BOR-08
)
"""CDISC's controlled terminology names it `MRECIST LENCIONI LIVER CANCER 2010` (NCIt C126032)."""

MRECIST_5MM = attrs.evolve(
    MRECIST,
    name="mrecist-5mm",
    title="HCC mRECIST with an absolute floor of 5 mm for progression",
    rules=MRECIST_5MM_RULES,
    progression_floor_mm=5,  # TL-PD-5MM
)

RECIST_1_1 = Criteria(
    name="recist-1.1",
    title="RECIST 1.1 (Eisenhauer 2009)",
    rules=RECIST_RULES,
    liver_nodule_size=Measure.LONGEST,  # R11-MEAS-01
    too_small_mm=5,  # R11-TS-01
    gone_node_mm=10,  # R11-TL-CR
    diseased_node_mm=10,  # R11-MEAS-02
    diseased_hilar_node_mm=10,  # R11-MEAS-02
    target_nodule_mm=10,  # R11-MEAS-01
    target_node_mm=15,  # R11-MEAS-02
    target_hilar_node_mm=15,  # R11-MEAS-02
    treated_targets=False,  # R11-MEAS-04
    effusions_need_cytology=False,  # EFF-RECIST
    targets_per_organ=2,  # R11-TS-00
    targets_in_all=5,  # R11-TS-00
    response_share=Fraction(3, 10),  # R11-TL-PR
    progression_share=Fraction(1, 5),  # R11-TL-PD
    progression_floor_mm=5,  # R11-TL-PD
    new_liver_nodule=NewRule.UNEQUIVOCAL,  # R11-NL-01
    new_nodule_mm=10,  # not used: new liver nodules are judged as any other lesion
    new_nodule_growth_mm=10,  # not used
    new_node_growth_mm=5,  # NL-NODE-5
    growth_share=Fraction(1, 5),  # EFF-GREW
    growth_mm=5,  # EFF-GREW
    baseline_days=28,  # R11-TS-00
    stable_days=42,  # BOR-04
    confirmation_days=28,  # BOR-03
    confirmation_gaps=1,  # BOR-08
)

_MODIFIED = ((MRECIST_5MM_RULES, MRECIST), (LEAP_012_RULES, RECIST_1_1))
"""Rules that change those of a paper, and the criteria of that paper."""

RECIST_1_1_LEAP_012 = attrs.evolve(
    RECIST_1_1,
    name="recist-1.1-leap012",
    title="RECIST 1.1 as modified for LEAP-012",
    rules=LEAP_012_RULES,
    new_liver_nodule=NewRule.HCC,  # LEAP-NL-TYPICAL
    targets_in_liver=5,  # LEAP-TARGETS
)

MRECIST_REFLECT = attrs.evolve(
    MRECIST,
    name="mrecist-reflect",
    title="HCC mRECIST as REFLECT counted it",
    stable_days=49,  # REFLECT-SD
    confirmation_days=0,  # REFLECT-UNCONFIRMED
)

MRECIST_Q6W = attrs.evolve(
    MRECIST,
    name="mrecist-q6w",
    title="HCC mRECIST with scans every six weeks, a week early or late",
    stable_days=35,  # RD-STABLE-Q6W
)

EASL = attrs.evolve(
    MRECIST,
    name="easl",
    title="EASL 2001 (viable areas)",
    rules=EASL_RULES,
    area=Measure.VIABLE,  # EASL-AREA
    response_share=Fraction(1, 2),  # EASL-PR
    progression_share=Fraction(1, 4),  # EASL-PD
)

WHO = attrs.evolve(
    RECIST_1_1,
    name="who",
    title="WHO 1979 (areas)",
    rules=WHO_RULES,
    area=Measure.LONGEST,  # WHO-AREA
    targets_per_organ=None,  # WHO-ALL
    targets_in_all=None,  # WHO-ALL
    response_share=Fraction(1, 2),  # WHO-PR
    progression_share=Fraction(1, 4),  # WHO-PD
    progression_floor_mm=0,  # a length
    progression_by_lesion=True,  # WHO-PD
    stable_word="NC",  # RD-WHO-NC
)

_PRESETS = (RECIST_1_1_LEAP_012, MRECIST_REFLECT, MRECIST_Q6W, EASL, WHO)
_KNOWN |= {each.name: each for each in (MRECIST, MRECIST_5MM, RECIST_1_1, *_PRESETS)}
_NAMED |= _KNOWN.keys()
CRITERIA: Mapping[str, Criteria] = ReadOnly(_KNOWN)
"""The criteria by name: the published ones, presets of trials, and those that were registered."""


def register(criteria: Criteria) -> Criteria:
    """Make a custom protocol known by its name, wherever criteria are named; return it.

    Nothing else is registered on the way, and nothing is replaced. Processes that are started later
    do not know the name; pass the criteria there.

    Args:
        criteria: The protocol, with a name that is not taken.

    Returns:
        The same criteria.

    Raises:
        CriteriaError: The name is taken, by a published one too (case, `_` and `-` ignored).
        TypeError: Anything but criteria.

    Example:
        ours = mrecist.register(attrs.evolve(mrecist.MRECIST, name="our-trial", stable_days=56))
        mrecist.assess(patient, criteria="our-trial")
    """
    if not isinstance(criteria, Criteria):
        raise TypeError(f"register() takes Criteria, got {type(criteria).__name__}")
    names = {*_KNOWN, *LESION_CRITERIA, *IMMUNE_CRITERIA}
    if criteria.name in names or converters.spelt(criteria.name, names) != criteria.name:
        told = f"criteria {criteria.name}: the name is taken; give the protocol another"
        raise CriteriaError(f'{told} (attrs.evolve(criteria, name="our-trial"))')
    _KNOWN[criteria.name] = criteria
    call_stable(criteria.name, criteria.stable_word)
    return criteria


def criteria_named(criteria: Criteria | LesionCriteria | ImmuneCriteria | str) -> Criteria:
    """The published criteria of that name; criteria are given back as they are."""
    if isinstance(criteria, Criteria):
        return criteria
    by_lesion = lesion_criteria(criteria)
    if by_lesion is not None:
        told = by_lesion.name
        raise CriteriaError(
            f"criteria {told} grade treated lesions and give no response; take assess() or "
            "assess_cohort() for them, and other criteria here"
        )
    immune = immune_criteria(criteria)
    if immune is not None:
        told = "totals with new lesions in them" if immune.joined else "words with an i"
        raise CriteriaError(
            f"criteria {immune.name} give {told}, beside {immune.base}; take assess(), "
            f"assess_cohort() or compare() for them, and {immune.base} here"
        )
    return converters.look_up("criteria", criteria, CRITERIA, "Criteria")
