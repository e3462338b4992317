"""The concepts of DICOM structured reports that are read, and the older codes of the same.

A concept is written `SCT:10200004`. Codes as in the dictionaries of pydicom 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableSequence
from types import MappingProxyType
from typing import Any

import attrs

from .._base.words import Status
from .measured import DIAMETER, LONG, SHORT

__all__ = [
    "ANATOMY",
    "CATEGORIES",
    "CRITERIA",
    "FINDING",
    "GROUP",
    "IMAGE_LIBRARY",
    "LENGTHS",
    "LESIONS",
    "LYMPH_NODE",
    "MEASUREMENTS",
    "NOT_A_LESION",
    "OBSERVER",
    "REPORT_CLASSES",
    "RESPONSES",
    "ROLES",
    "SITE",
    "STATES",
    "STUDY_DATE",
    "TRACKING_ID",
    "TRACKING_UID",
    "Concept",
    "concept_of",
    "items_of",
    "text_of",
]

REPORT_CLASSES = frozenset(f"1.2.840.10008.5.1.4.1.1.88.{end}" for end in (11, 22, 33, 34, 35))
"""Storage classes of structured reports that may hold measurements."""

MEASUREMENTS, GROUP, IMAGE_LIBRARY = "DCM:126010", "DCM:125007", "DCM:111028"
TRACKING_ID, TRACKING_UID = "DCM:112039", "DCM:112040"
FINDING, SITE = "DCM:121071", "SCT:363698007"
STUDY_DATE, OBSERVER = "DCM:111060", "DCM:121008"
CRITERIA = frozenset({"DCM:112020", "DCM:112021"})

LENGTHS: Mapping[str, str] = MappingProxyType({
    "SCT:103339001": LONG, "SCT:103340004": SHORT,
    "SCT:410668003": DIAMETER, "SCT:81827009": DIAMETER,
})  # fmt: skip
"""Long axis, short axis, length, diameter."""

LYMPH_NODE = "SCT:59441001"
ANATOMY = "SCT:91723000"
_ABNORMAL = "SCT:49755003"
CATEGORIES = frozenset({_ABNORMAL})
"""The category of what is morphologically abnormal."""

LESIONS = frozenset(
    {"SCT:27925004", "SCT:4147007", "SCT:52988006", "SCT:108369006", LYMPH_NODE, _ABNORMAL}
)
"""Nodule, mass, lesion, neoplasm, lymph node; the category of what is abnormal."""

NOT_A_LESION = "DCM:112076"
ROLES: Mapping[str, str] = MappingProxyType({"DCM:112074": "targets", "DCM:112075": "nontargets"})

RESPONSES: Mapping[str, str] = MappingProxyType({
    "DCM:112041": "CR", "DCM:112042": "PR", "DCM:112043": "PD", "DCM:112044": "SD",
    "DCM:112045": "CR", "DCM:112046": "IR/SD", "DCM:112047": "PD",
})  # fmt: skip
"""What is reported of targets, then of non-targets."""

STATES: Mapping[str, Status] = MappingProxyType(
    {"DCM:112045": Status.ABSENT, "DCM:112046": Status.PRESENT, "DCM:112047": Status.PROGRESSED}
)
"""What a response of a non-target lesion says of it."""

SITES: Mapping[str, str] = MappingProxyType({
    "SCT:10200004": "LIVER",
    "SCT:71133005": "LIVER, SEGMENT 1", "SCT:277956007": "LIVER, SEGMENT 2",
    "SCT:277957003": "LIVER, SEGMENT 3", "SCT:277958008": "LIVER, SEGMENT 4",
    "SCT:277959000": "LIVER, SEGMENT 5", "SCT:277960005": "LIVER, SEGMENT 6",
    "SCT:277961009": "LIVER, SEGMENT 7", "SCT:277962002": "LIVER, SEGMENT 8",
    LYMPH_NODE: "LYMPH NODE", "SCT:61492009": "HEPATIC LYMPH NODE",
    "SCT:32764006": "PORTAL VEIN", "SCT:70253006": "PORTAL VEIN, LEFT BRANCH",
    "SCT:73931004": "PORTAL VEIN, RIGHT BRANCH", "SCT:284639000": "PORTAL VEIN, UMBILICAL PART",
    "SCT:8993003": "HEPATIC VEIN", "SCT:272998002": "HEPATIC VEIN, RIGHT",
    "SCT:273099000": "HEPATIC VEIN, MIDDLE", "SCT:273202007": "HEPATIC VEIN, LEFT",
    "SCT:397425002": "HEPATIC VEIN, INFERIOR RIGHT",
})  # fmt: skip
"""Places by their codes, in the words of `locations`; others are read by their meaning."""

_OLDER = MappingProxyType({
    "G-A185": "103339001", "G-A186": "103340004", "G-D7FE": "410668003", "M-02550": "81827009",
    "G-C0E3": "363698007", "M-03010": "27925004", "M-03000": "4147007",
    "M-01100": "52988006", "M-8FFFF": "108369006", "T-C4000": "59441001", "M-01000": "49755003",
    "T-D0005": "91723000", "T-62000": "10200004",
})  # fmt: skip
_OLDER_SCHEMES = frozenset({"SRT", "SNM3", "99SDM"})
_FREE = re.compile(r":|99|cornerstone|cst|[^:]*:.*(?:freetext|cs3dtext)", re.IGNORECASE)
"""A private scheme, one of a viewer, or a code that stands for free text."""
_AROUND = (" (body structure)", "structure of ", " structure")


@attrs.frozen
class Concept:
    """A coded concept: its scheme and value, and its meaning in words."""

    code: str
    meaning: str

    @property
    def is_coded(self) -> bool:
        """Whether the code means something to others, and is not a viewer's way to write text."""
        return not _FREE.match(self.code)

    @property
    def place(self) -> str:
        """The words for a place, in those of `locations`."""
        words = " ".join(self.meaning.lower().split())
        for each in _AROUND:
            words = words.removeprefix(each).removesuffix(each)
        return SITES.get(self.code) or words


def items_of(data: Any, name: str) -> list[Any]:
    """The items of a sequence; none where it is absent, or something else."""
    value = data.get(name)
    items = value if isinstance(value, MutableSequence) else ()
    return [item for item in items if hasattr(item, "walk")]


def text_of(data: Any, name: str) -> str | None:
    """A value as text without surrounding space; `None` where it is empty."""
    value = data.get(name)
    text = "" if value is None else str(value).replace("\0", "").strip()
    return text or None


def concept_of(data: Any, name: str) -> Concept | None:
    """The first concept of a sequence of codes."""
    for item in items_of(data, name):
        values = (text_of(item, each) for each in ("CodeValue", "LongCodeValue", "URNCodeValue"))
        value = next(filter(None, values), "")
        scheme = text_of(item, "CodingSchemeDesignator") or ""
        if scheme in _OLDER_SCHEMES:
            scheme, value = ("SCT", _OLDER[value]) if value in _OLDER else ("SRT", value)
        return Concept(f"{scheme}:{value}", text_of(item, "CodeMeaning") or value)
    return None
