"""What must be read in the two papers of mRECIST before their recalled rules can be relied on.

The text of neither paper could be read in full. Each entry says what to look for; the rules and
numbers that hang on it are found in the tables, and lose their mark once it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from .._base.pickling import ReadOnly
from .decision_table import Rule
from .index import TABLES
from .numbers_of_criteria import NUMBERS, Number
from .papers import LENCIONI_LLOVET_2010, LLOVET_LENCIONI_2020, Citation, Evidence, Paper

__all__ = ["TO_CHECK", "ToCheck", "recalled"]


@attrs.frozen
class ToCheck:
    """One sentence to read: its paper, what it must say, and the ids that are recalled from it."""

    id: str
    paper: Paper
    sentence: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        rows = [f"{self.id}: {self.paper.key}", f"  read: {self.sentence}"]
        known = recalled()
        return "\n".join(
            [*rows, *(f"  hangs on it: {id}, {known[id].sentence}" for id in self.ids)]
        )


def recalled() -> dict[str, Rule[Any] | Number]:
    """Every rule and number that is cited from memory of one of the two papers, by its id."""
    return {each.id: each for each in _sourced() if _is_recalled(each)}


def _sourced() -> Iterator[Rule[Any] | Number]:
    for tables in TABLES.values():
        for table in tables:
            yield from table.rules
    yield from NUMBERS


def _is_recalled(each: Rule[Any] | Number) -> bool:
    source = each.source
    return (
        isinstance(source, Citation)
        and source.paper in (LENCIONI_LLOVET_2010, LLOVET_LENCIONI_2020)
        and source.evidence is Evidence.RECALLED
    )


# fmt: off
_ENTRIES = (
    ToCheck(
        "CHECK-VEIN", LENCIONI_LLOVET_2010,
        "whether malignant thrombosis of the portal vein (tumour in vein) is called not "
        "measurable, and so a non-target, however well it enhances",
        ("PVT-NT",),
    ),
    ToCheck(
        "CHECK-INFILTRATIVE", LENCIONI_LLOVET_2010,
        "whether infiltrative HCC with ill-defined margins is always a non-target, or may be a "
        "target where it can be measured again",
        ("TS-11",),
    ),
    ToCheck(
        "CHECK-TREATED", LENCIONI_LLOVET_2010,
        "whether a lesion treated before may be a target by a well-delineated viable area of 10 mm "
        "or more, and whether one that is poorly demarcated or enhances atypically is barred",
        ("TS-12", "TS-12-ATYPICAL"),
    ),
    ToCheck(
        "CHECK-NEW-NODULE", LENCIONI_LLOVET_2010,
        "from which longest diameter on, and with which enhancement in which phases, a new nodule "
        "of the liver is HCC and so progression",
        ("NL-HCC-10",),
    ),
    ToCheck(
        "CHECK-GROWTH", LENCIONI_LLOVET_2010,
        "by how many mm a new nodule without the typical pattern must grow to be HCC, in which "
        "size (whole or viable), from which scan on (its first sight or its smallest size), and "
        "whether progression is then dated to its first sight",
        ("NL-HCC-GROW",),
    ),
    ToCheck(
        "CHECK-EFFUSION", LENCIONI_LLOVET_2010,
        "whether cytology is needed for an effusion that appears, for one that worsens, or for "
        "both, and from which day such progression counts",
        ("EFF-WORSENS",),
    ),
    ToCheck(
        "CHECK-SUM", LENCIONI_LLOVET_2010,
        "whether viable diameters in the liver and whole diameters (short axes of nodes) outside "
        "it are added to one total",
        ("EH-SUM",),
    ),
    ToCheck(
        "CHECK-5MM", LLOVET_LENCIONI_2020,
        "whether progression of the targets also needs a rise of 5 mm or more, as in RECIST 1.1",
        ("V20-02",),
    ),
)
# fmt: on

TO_CHECK: Mapping[str, ToCheck] = ReadOnly({each.id: each for each in _ENTRIES})
"""The sentences to read, by their ids."""
