"""Criteria of immunotherapy as values; their tables are in `immune.py`.

They stand beside the criteria whose sizes, targets and baseline they use, never in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from .._base import converters
from .._base.pickling import ReadOnly

__all__ = [
    "IMMUNE_CRITERIA",
    "IMRECIST",
    "IMRECIST_HCC",
    "IRECIST",
    "ImmuneCriteria",
    "immune_criteria",
]


@attrs.frozen
class ImmuneCriteria:
    """Criteria by which a first progression must be confirmed before it counts.

    `base` names the criteria of baseline, sizes, targets, nadir and response. Lengths
    are whole micrometres, days whole days; at most so many new lesions are measured as targets.
    `joined` criteria (imRECIST) add every measurable new lesion to the total; their words have no
    i, and of the numbers only `confirmation_days` counts.
    """

    name: str
    title: str
    base: str
    confirmation_days: int = 28
    late_days: int = 56
    further_um: int = 5000
    new_targets_per_organ: int = 2
    new_targets_in_all: int = 5
    reported_as: tuple[str, ...] = ()
    joined: bool = False

    @property
    def label(self) -> str:
        """The criteria as a heading names them."""
        return self.title


IRECIST = ImmuneCriteria(
    "irecist", "iRECIST (Seymour 2017)", "recist-1.1", reported_as=("irecist",)
)
IMRECIST_HCC = ImmuneCriteria(
    "imrecist-hcc",
    "iRECIST over HCC mRECIST, an option of this project",
    "mrecist",
    reported_as=("imrecist-hcc", "irecist"),
)
IMRECIST = ImmuneCriteria(
    "imrecist", "imRECIST (Hodi 2018)", "recist-1.1", reported_as=("imrecist",), joined=True
)
IMMUNE_CRITERIA: Mapping[str, ImmuneCriteria] = ReadOnly(
    {each.name: each for each in (IRECIST, IMRECIST_HCC, IMRECIST)}
)
"""The criteria of immunotherapy, by name."""


def immune_criteria(criteria: Any) -> ImmuneCriteria | None:
    """The criteria of immunotherapy, as they are or by name; `None` for anything else."""
    if isinstance(criteria, ImmuneCriteria):
        return criteria
    name = converters.spelt(criteria, IMMUNE_CRITERIA)
    return IMMUNE_CRITERIA.get(name) if isinstance(name, str) else None
