"""What sort of lesion the criteria take a lesion for, and what they make of each sort."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from .._base.words import Code, Enhancement, Group, Kind, Measure, NewRule
from . import readings
from .criteria import Criteria
from .decision_table import DecisionTable, Rule
from .papers import RESTATED, mrecist_at, recist_at

__all__ = ["PROPERTIES", "SORT", "Properties", "Sort"]


class Sort(Code):
    """The sorts of lesion that the criteria treat differently."""

    ENHANCING_NODULE = 0, "liver nodule with arterial enhancement"
    LIVER_NODULE = 1, "liver nodule without arterial enhancement"
    NODE = 2, "node"
    HILAR_NODE = 3, "node at the porta hepatis"
    EFFUSION = 4, "effusion"
    EFFUSION_TO_PROVE = 5, "effusion that needs proof"
    OTHER = 6, "any other lesion"
    LIVER_TUMOUR = 7, "other tumour of the liver with arterial enhancement"


SORT = DecisionTable(
    "sort",
    "What sort of lesion the criteria take a lesion for",
    inputs={
        "kind": Kind, "liver": bool, "hilar": bool, "enhancement": Enhancement, "cytology": bool,
    },
    rules=(
        Rule(
            "SORT-ENHANCING", Sort.ENHANCING_NODULE,
            when={"kind": Kind.NODULE, "liver": True, "enhancement": Enhancement.ARTERIAL},
            sentence="a liver nodule with arterial enhancement",
            source=mrecist_at("target lesion response", RESTATED),
            readings=(readings.LIVER_WORDS,),
        ),
        Rule(
            "SORT-LIVER", Sort.LIVER_NODULE,
            when={"kind": Kind.NODULE, "liver": True, "enhancement": Enhancement.NONE},
            sentence="a liver nodule without arterial enhancement",
            source=mrecist_at("measurable disease", RESTATED),
            readings=(readings.LIVER_WORDS,),
        ),
        Rule(
            "SORT-NODE", Sort.NODE,
            when={"kind": Kind.NODE, "hilar": False},
            sentence="a node",
            source=recist_at("lymph nodes"),
        ),
        Rule(
            "SORT-HILUM", Sort.HILAR_NODE,
            when={"kind": Kind.NODE, "hilar": True},
            sentence="a node at the porta hepatis",
            source=mrecist_at("porta hepatis lymph nodes", RESTATED),
        ),
        Rule(
            "SORT-EFFUSION", Sort.EFFUSION,
            when={"kind": Kind.EFFUSION, "cytology": False},
            sentence="an effusion",
            source=recist_at("cytology of effusions"),
        ),
        Rule(
            "SORT-EFFUSION-CYTO", Sort.EFFUSION_TO_PROVE,
            when={"kind": Kind.EFFUSION, "cytology": True},
            sentence="an effusion, which needs cytological proof",
            source=mrecist_at("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "SORT-NODULE", Sort.OTHER,
            when={"kind": Kind.NODULE, "liver": False},
            sentence="a nodule outside the liver",
            source=recist_at("measurable disease"),
        ),
        Rule(
            "SORT-THROMBUS", Sort.LIVER_TUMOUR,
            when={"kind": Kind.THROMBUS, "enhancement": Enhancement.ARTERIAL},
            sentence="tumour in vein",
            source=mrecist_at("non-target lesion response", RESTATED),
            readings=(readings.VIABLE_WHERE_RECORDED,),
        ),
        Rule(
            "SORT-LIVER-TUMOUR", Sort.LIVER_TUMOUR,
            when={
                "kind": {Kind.INFILTRATIVE, Kind.OTHER}, "liver": True,
                "enhancement": Enhancement.ARTERIAL,
            },
            sentence="other tumour of the liver",
            source=mrecist_at("non-target lesion response", RESTATED),
            readings=(readings.VIABLE_WHERE_RECORDED,),
        ),
        Rule(
            "SORT-OTHER", Sort.OTHER,
            when={
                "kind": {Kind.INFILTRATIVE, Kind.THROMBUS, Kind.OTHER},
                "enhancement": Enhancement.NONE,
            },
            sentence="any other lesion",
            source=recist_at("measurable disease"),
        ),
        Rule(
            "SORT-ELSEWHERE", Sort.OTHER,
            when={"kind": {Kind.INFILTRATIVE, Kind.OTHER}, "liver": False},
            sentence="any other lesion",
            source=recist_at("measurable disease"),
        ),
    ),
)  # fmt: skip
"""`cytology`: whether the criteria require cytological proof of effusions."""


@attrs.frozen(kw_only=True)
class Properties:
    """What the criteria make of one sort of lesion. Limits are names of fields of `Criteria`.

    `diseased`: the smallest size that is disease; `None`: any. `target`: the smallest target.
    `left`: the smallest size that is not gone; `None`: anything above zero.
    `has_measure_where_viable`: measured as the criteria measure a liver nodule where a viable size
    is recorded.
    """

    group: Group = Group.OTHER
    diseased: str | None = None
    target: str = "target_nodule_um"
    left: str | None = None
    has_measure_of_criteria: bool = False
    has_measure_where_viable: bool = False
    measure: Measure = Measure.LONGEST
    has_new_rule_of_criteria: bool = False
    new_rule: NewRule = NewRule.UNEQUIVOCAL
    is_one_organ: bool = False
    is_hilar: bool = False
    needs_cytology: bool = False

    def measured_by(self, criteria: Criteria, *, viable_recorded: bool = False) -> Measure:
        """Which size is measured, by whether a viable one is recorded."""
        where_viable = viable_recorded and self.has_measure_where_viable and criteria.area is None
        if self.has_measure_of_criteria or where_viable:
            return criteria.liver_nodule_size
        return self.measure

    def enters_total(self, criteria: Criteria) -> bool:
        """Whether the criteria take its size into the total: of viable areas nodules alone."""
        return criteria.area is not Measure.VIABLE or self.has_measure_of_criteria

    def new_by(self, criteria: Criteria) -> NewRule:
        """Which rule makes a candidate of this sort a new lesion."""
        return criteria.new_liver_nodule if self.has_new_rule_of_criteria else self.new_rule

    def smallest_diseased_um(self, criteria: Criteria) -> int:
        """The smallest size that is disease, in micrometres."""
        return 0 if self.diseased is None else int(getattr(criteria, self.diseased))

    def smallest_target_um(self, criteria: Criteria) -> int:
        """The smallest size of a target, in micrometres."""
        return int(getattr(criteria, self.target))

    def smallest_left_um(self, criteria: Criteria) -> int:
        """The smallest size of a lesion that is not gone, in micrometres."""
        return 1 if self.left is None else int(getattr(criteria, self.left))


_NODE = Properties(
    group=Group.NODE,
    measure=Measure.SHORT,
    diseased="diseased_node_um",
    target="target_node_um",
    left="gone_node_um",
    is_one_organ=True,
)

PROPERTIES: Mapping[Sort, Properties] = MappingProxyType(
    {
        Sort.ENHANCING_NODULE: Properties(
            has_measure_of_criteria=True, has_new_rule_of_criteria=True
        ),
        Sort.LIVER_NODULE: Properties(has_new_rule_of_criteria=True),
        Sort.NODE: _NODE,
        Sort.HILAR_NODE: attrs.evolve(
            _NODE,
            diseased="diseased_hilar_node_um",
            target="target_hilar_node_um",
            is_hilar=True,
        ),
        Sort.EFFUSION: Properties(group=Group.EFFUSION),
        Sort.EFFUSION_TO_PROVE: Properties(
            group=Group.EFFUSION, needs_cytology=True, new_rule=NewRule.CYTOLOGY
        ),
        Sort.OTHER: Properties(),
        Sort.LIVER_TUMOUR: Properties(has_measure_where_viable=True),
    }
)
"""What the criteria make of each sort of lesion."""
