"""Charts of immunotherapy for Hypothesis, as case documents: progressions that pend.

Few lesions, sizes within and at 5 mm of each other, scans at and about the days that confirm, and
words that readers reported: what charts of any kind seldom show twice in a row.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]

LESIONS = (
    {"id": "T", "organ": "liver", "kind": "nodule"},
    {"id": "O", "organ": "bone", "kind": "other"},
    {"id": "M", "organ": "lung", "kind": "nodule"},
    {"id": "N", "organ": "adrenal", "kind": "nodule"},
    {"id": "P", "organ": "peritoneum", "kind": "other"},
)
TARGET = (28, 30, 36, 40, 40, 45, 50, "54.999", 55, 60, 0)
NEW = (12, 15, "16.999", 17, 20, "21.999", 22)
STATUSES = {
    "T": ("present", "not evaluable", "absent", "too small"),
    "O": ("present", "present", "progressed", "absent", "not evaluable"),
    "P": ("present", "present", "progressed", "absent", "not evaluable"),
    "M": ("present", "absent", "not evaluable", "progressed"),
    "N": ("present", "absent", "not evaluable", "progressed"),
}
GAPS = (14, 27, 28, 28, 29, 42, 56, 57)
WORDS = ("iUPD", "iUPD", "iCPD", "iCR", "iCR", "iPR", "iSD", "NE", "NED", "PD", "SD")


@st.composite
def findings(draw: st.DrawFn, lesion: str) -> Document:
    """What a scan says of a lesion: mostly a size, where it can have one."""
    sizes = {"T": TARGET, "M": NEW, "N": NEW}.get(lesion)
    if sizes is None or draw(st.integers(0, 4)) == 0:
        return {"lesion": lesion, "status": draw(st.sampled_from(STATUSES[lesion]))}
    size = draw(st.sampled_from(sizes))
    found: Document = {"lesion": lesion, "longest_mm": size}
    return found | ({"viable_mm": size} if lesion == "T" else {})


@st.composite
def charts(draw: st.DrawFn) -> Document:
    """A target and another lesion at baseline, new lesions later, over one line or two."""
    size = draw(st.sampled_from((40, 40, 50)))
    at_first = [{"lesion": "T", "longest_mm": size, "viable_mm": size}]
    if draw(st.booleans()):
        at_first.append({"lesion": "O", "status": "present"})
    day, scans = 0, [{"date": -2, "findings": at_first}]
    later = ["T", *(each["lesion"] for each in at_first[1:])]
    later += [each for each in "MNP" if draw(st.integers(0, 3)) == 0]
    for _ in range(draw(st.integers(2, 6))):
        day += draw(st.sampled_from(GAPS))
        seen = [each for each in later if draw(st.integers(0, 1 if each in "MNP" else 5))]
        scan = {"date": day, "findings": [draw(findings(each)) for each in seen]}
        if draw(st.integers(0, 3)) == 0:
            scan["reported"] = draw(st.sampled_from(WORDS))
        scans.append(scan)
    lines = [{"agents": ["nivolumab"], "start": 0}]
    if draw(st.integers(0, 4)) == 0:
        lines.append({"agents": ["sorafenib"], "start": draw(st.integers(28, 90))})
    recorded = {each["lesion"] for scan in scans for each in scan["findings"]}
    return {
        "format": "mrecist-case/1",
        "patient": draw(st.sampled_from(("P1", "P2"))),
        "lesions": [each for each in LESIONS if each["id"] in recorded],
        "timepoints": scans,
        "lines": lines,
    }
