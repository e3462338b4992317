"""Charts for patterns of progression: scans as dicts of what is said of each lesion."""

from __future__ import annotations

from typing import Any

from mrecist import Finding, Lesion, Patient, Status, TherapyLine, Timepoint

S8 = Lesion("S8", "liver", "nodule")
S5 = Lesion("S5", "liver", "nodule")
S2 = Lesion("S2", "liver", "nodule")
INF = Lesion("INF", "liver", "infiltrative")
LUNG = Lesion("LUNG", "lung", "nodule")
HIL = Lesion("HIL", "liver", "node", hilar=True)
AX = Lesion("AX", "axilla", "node")
EFF = Lesion("EFF", "liver", "effusion")
PV = Lesion("PV", "liver", "thrombus")
EVERY = (S8, S5, S2, INF, LUNG, HIL, AX, EFF, PV)
NEW = {"longest_mm": 12, "viable_mm": 12, "pattern": "typical"}
"""A new liver nodule that counts at once."""

Said = dict[str, Any]


def finding(lesion: str, said: Any) -> Finding:
    """A size in mm (viable and whole, or short axis), a status, or the fields themselves."""
    if isinstance(said, str) and said in set(Status):
        return Finding(lesion, status=said)
    if isinstance(said, dict):
        return Finding(lesion, **said)
    if lesion in ("HIL", "AX"):
        return Finding(lesion, short_axis_mm=said)
    return Finding(lesion, viable_mm=said, longest_mm=said)


def chart(*scans: Said, reported: str | None = None, **line: Any) -> Patient:
    """Scans every 56 days from the baseline on; `reported` is the verdict of the last."""
    named = {name for scan in scans for name in scan}
    timepoints = [
        Timepoint(
            56 * i,
            [finding(name, said) for name, said in scan.items()],
            reported=reported if i == len(scans) - 1 else None,
        )
        for i, scan in enumerate(scans)
    ]
    lesions = [lesion for lesion in EVERY if lesion.id in named]
    return Patient("P-001", lesions, timepoints, [TherapyLine(["sorafenib"], 0, **line)])
