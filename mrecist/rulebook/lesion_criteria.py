"""Criteria that grade lesions one by one, as values; their tables are in `treated_lesions.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from .._base import converters
from .._base.pickling import ReadOnly

__all__ = [
    "LESION_CRITERIA",
    "LR_TR",
    "LR_TR_2018",
    "LR_TR_2024",
    "RECICL",
    "LesionCriteria",
    "lesion_criteria",
]


@attrs.frozen
class LesionCriteria:
    """Criteria that grade lesions one by one, and give a patient no response."""

    name: str
    title: str

    @property
    def label(self) -> str:
        """The criteria as a heading names them."""
        return self.title


LR_TR_2018 = LesionCriteria("lr-tr-2018", "LI-RADS treatment response v2018")
LR_TR_2024 = LesionCriteria("lr-tr-2024", "LI-RADS treatment response v2024")
RECICL = LesionCriteria("recicl", "RECICL 2009 (areas, nodule by nodule)")
LR_TR: Mapping[str, LesionCriteria] = ReadOnly(
    {each.name: each for each in (LR_TR_2018, LR_TR_2024)}
)
"""The versions of LI-RADS treatment response, which stand beside any criteria."""
LESION_CRITERIA: Mapping[str, LesionCriteria] = ReadOnly({**LR_TR, RECICL.name: RECICL})
"""The criteria that grade lesions, by name."""


def lesion_criteria(criteria: Any) -> LesionCriteria | None:
    """The criteria that grade lesions, as they are or by name; `None` for anything else."""
    if isinstance(criteria, LesionCriteria):
        return criteria
    name = converters.spelt(criteria, LESION_CRITERIA)
    return LESION_CRITERIA.get(name) if isinstance(name, str) else None
