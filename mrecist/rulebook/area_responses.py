"""Response of targets by their areas: EASL and WHO, each with tables of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from .._base.words import Code, Rise, Target, Targets
from . import readings
from .decision_table import DecisionTable, Rule
from .nontargets import MRECIST_NONTARGET, RECIST_NONTARGET
from .overall import MRECIST_OVERALL, RECIST_OVERALL
from .papers import DERIVED, EASL_2001, RESTATED, WHO_1979, recist_at
from .readings import Reading

__all__ = []

V = TypeVar("V", bound=Code)

_FALL = (
    "total area {total} is {fall} below the baseline total {baseline} of {baseline_date}; "
    "response needs {response_share}, a total of {response_limit} or less, {response_reached}"
)
_RISE = (
    "total area {total} is {rise} above the nadir {nadir} of {nadir_date}; "
    "progression needs {progression_share}, {progression_reached}"
)
_BETWEEN = (
    "total area {total}, against baseline {baseline} of {baseline_date} and nadir {nadir} of "
    "{nadir_date}: {response_margin} short of response ({response_limit} or less), "
    "{progression_margin} short of progression ({progression_limit} or more)"
)
_GROWN = "{grown_targets}; progression of a single lesion needs {progression_share}"
_NONE_GREW = (
    "total area {total}, against baseline {baseline} of {baseline_date}: {response_margin} short "
    "of response ({response_limit} or less); no single lesion grew by {progression_share}"
)
_GONE = "every target is gone ({gone_targets})"
_IN_PART = "{unseen} not evaluable; {others} "
_NO_RISE = {Rise.NO, Rise.UNDER_FLOOR}


def _common(prefix: str, back: Mapping[str, Any]) -> tuple[Rule[Target], ...]:
    """What both say of targets that cannot be compared, or not all."""
    return (
        Rule(
            f"{prefix}-NONE", Target.NONE,
            when={"targets": Targets.NONE},
            sentence="this line has no target",
            source=recist_at("measurable disease", DERIVED),
        ),
        Rule(
            f"{prefix}-NO-BASELINE", Target.NE,
            when={"targets": Targets.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=readings.NO_BASELINE,
        ),
        Rule(
            f"{prefix}-NO-TOTAL", Target.NE,
            when={"targets": Targets.NO_BASELINE_TOTAL},
            sentence="the targets have no total area at baseline to compare with",
            source=readings.AREA,
        ),
        Rule(
            f"{prefix}-NE", Target.NE,
            when={"targets": Targets.IN_PART, "gone": False, "rise": _NO_RISE, **back},
            sentence=_IN_PART + "proves no progression",
            source=recist_at("missing assessments"),
        ),
        Rule(
            f"{prefix}-NE-GONE", Target.NE,
            when={"targets": Targets.IN_PART, "gone": True, **back},
            sentence="{unseen} not evaluable; {gone_others} proves no progression",
            source=recist_at("missing assessments", DERIVED),
            readings=(readings.PARTIAL_PD,),
        ),
    )  # fmt: skip


EASL_TARGET = DecisionTable(
    "target-easl",
    "Response of the target lesions, EASL",
    inputs={"targets": Targets, "gone": bool, "rise": Rise, "fell": bool, "back": bool},
    rules=(
        *_common("EASL", {"back": False}),
        Rule(
            "EASL-AGAIN", Target.PD,
            when={"targets": {Targets.ALL, Targets.IN_PART}, "back": True},
            sentence="{back_targets} enhances again, without viable tissue before",
            source=EASL_2001.at("progression", RESTATED),
            readings=(readings.ENHANCES_AGAIN,),
        ),
        Rule(
            "EASL-PART-PD", Target.PD,
            when={"targets": Targets.IN_PART, "gone": False, "rise": Rise.YES, "back": False},
            sentence=_IN_PART + "alone is {rise} above the nadir {nadir} of {nadir_date}; "
            "progression needs {progression_share}, {progression_reached}",
            source=recist_at("missing assessments", DERIVED),
            readings=(readings.PARTIAL_PD, readings.AREA_NADIR),
        ),
        Rule(
            "EASL-CR", Target.CR,
            when={"targets": Targets.ALL, "gone": True, "back": False},
            sentence=_GONE,
            source=EASL_2001.at("complete response", RESTATED),
        ),
        Rule(
            "EASL-PD", Target.PD,
            when={"targets": Targets.ALL, "gone": False, "rise": Rise.YES, "back": False},
            sentence=_RISE,
            source=EASL_2001.at("progression", RESTATED),
            readings=(readings.AREA_NADIR,),
        ),
        Rule(
            "EASL-PR", Target.PR,
            when={
                "targets": Targets.ALL, "gone": False, "rise": _NO_RISE, "fell": True,
                "back": False,
            },
            sentence=_FALL,
            source=EASL_2001.at("partial response", RESTATED),
            readings=(readings.EASL_TARGETS,),
        ),
        Rule(
            "EASL-SD", Target.SD,
            when={
                "targets": Targets.ALL, "gone": False, "rise": _NO_RISE, "fell": False,
                "back": False,
            },
            sentence=_BETWEEN,
            source=EASL_2001.at("stable disease", RESTATED),
        ),
    ),
)  # fmt: skip
"""`back`: a target without viable tissue at an earlier look of the line shows some now."""

WHO_TARGET = DecisionTable(
    "target-who",
    "Response of the target lesions, WHO",
    inputs={"targets": Targets, "gone": bool, "rise": Rise, "fell": bool},
    rules=(
        *_common("WHO", {}),
        Rule(
            "WHO-PART-PD", Target.PD,
            when={"targets": Targets.IN_PART, "gone": False, "rise": Rise.YES},
            sentence="{unseen} not evaluable; " + _GROWN,
            source=WHO_1979.at("progressive disease", RESTATED),
            readings=(readings.WHO_OWN_NADIR, readings.AREA_NADIR),
        ),
        Rule(
            "WHO-CR", Target.CR,
            when={"targets": Targets.ALL, "gone": True},
            sentence=_GONE,
            source=WHO_1979.at("complete response", RESTATED),
            readings=(readings.AREA_ROLES,),
        ),
        Rule(
            "WHO-PD", Target.PD,
            when={"targets": Targets.ALL, "gone": False, "rise": Rise.YES},
            sentence=_GROWN,
            source=WHO_1979.at("progressive disease", RESTATED),
            readings=(readings.WHO_OWN_NADIR, readings.AREA_NADIR),
        ),
        Rule(
            "WHO-PR", Target.PR,
            when={"targets": Targets.ALL, "gone": False, "rise": _NO_RISE, "fell": True},
            sentence=_FALL,
            source=WHO_1979.at("partial response", RESTATED),
        ),
        Rule(
            "WHO-NC", Target.SD,
            when={"targets": Targets.ALL, "gone": False, "rise": _NO_RISE, "fell": False},
            sentence=_NONE_GREW,
            source=WHO_1979.at("no change", RESTATED),
            readings=(readings.WHO_NC,),
        ),
    ),
)  # fmt: skip
"""`rise`: of the single lesion that rose most over its own smallest area."""


OWN = "{own}"
"""Where the id of a rule stands in that of its copy."""


def _taken_over(
    table: DecisionTable[V], title: str, *, id: str, reading: Reading,
    sentences: Mapping[str, str] = MappingProxyType({}),
) -> DecisionTable[V]:  # fmt: skip
    """A table that other criteria take over by a decision of this project.

    `sentences` are those, by the ids of the rules, that say something else here.
    """
    rules = tuple(
        attrs.evolve(
            rule,
            id=id.format(own=rule.id),
            sentence=sentences.get(rule.id, rule.sentence),
            source=reading,
            readings=rule.readings
            if rule.source == reading or not isinstance(rule.source, Reading)
            else (rule.source, *rule.readings),
        )
        for rule in table.rules
    )
    name = f"{table.name}-{id.partition('-')[0].lower()}"
    return DecisionTable(name, title, inputs=table.inputs, rules=rules)


EASL_NONTARGET = _taken_over(
    MRECIST_NONTARGET,
    "Response of the non-target lesions, EASL",
    id=f"EASL-{OWN}",
    reading=readings.AREA_REST,
    sentences={"NT-PD": "{worse}"},
)
EASL_OVERALL = _taken_over(
    MRECIST_OVERALL, "Response at a time point, EASL", id=f"EASL-{OWN}", reading=readings.AREA_REST
)
WHO_NONTARGET = _taken_over(
    RECIST_NONTARGET,
    "Response of the non-target lesions, WHO",
    id=f"WHO-{OWN}",
    reading=readings.AREA_ROLES,
)
WHO_OVERALL = _taken_over(
    RECIST_OVERALL, "Response at a time point, WHO", id=f"WHO-{OWN}", reading=readings.AREA_ROLES
)
