"""What a case document may say of second diameters, and of what treated lesions look like.

Each addition takes a valid document and leaves it valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._choices import EVENLY, ONE_IN_12, Document, Draw, pick

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["add_areas", "add_looks"]

_PAIRS = (("viable_mm", "viable_perp_mm"), ("longest_mm", "longest_perp_mm"))
_ACROSS: SearchStrategy[str | int | float | None] = pick(
    (4, 20), (2, 25), (2, "12.5"), (2, 10), (1, 9.999), (1, 40), (1, 16), (1, 0), (1, None)
)
_VOLUMES: SearchStrategy[str | int | float] = pick((2, 33), (1, "0.5"), (1, 0), (1, 2000.125))
_KINDS = pick((2, "RFA"), (2, "cTACE"), (2, "TARE"), (2, "SBRT"), (1, "resection margin"))
_MASSLIKE: SearchStrategy[str | None] = pick(
    (4, "present"), (2, "absent"), (2, "uncertain"), (1, "not evaluable"), (1, None)
)
_MARGINS = pick((2, "enough"), (1, "not enough"))
_ANSWERS: SearchStrategy[str | None] = pick((2, "yes"), (2, "no"), (1, "unknown"), (1, None))
_CHANGES: SearchStrategy[str | None] = pick(
    (3, None), (1, "new"), (1, "increased"), (1, "stable"), (1, "decreased"), (1, "uncertain")
)
_MODALITIES: SearchStrategy[str | None] = pick((2, "MRI"), (1, "CT"), (1, None))
_SIGNS = ("aphe", "washout", "like_before", "diffusion_restriction", "t2_mild_moderate")


def add_areas(draw: Draw, case: Document) -> None:
    """Second diameters beside those that are recorded: one of each lesion mostly, at times none."""
    usual: dict[tuple[str, str], str | int | float | None] = {}
    for timepoint in case["timepoints"]:
        for finding in timepoint["findings"]:
            if "into" in finding or finding.get("status") in ("absent", "not evaluable"):
                continue
            for long, across in _PAIRS:
                if finding.get(long) is None:
                    continue
                key = finding["lesion"], across
                if key not in usual or draw(ONE_IN_12):
                    usual[key] = draw(_ACROSS)
                if usual[key] is not None:
                    finding[across] = usual[key]
            if draw(ONE_IN_12):
                finding["volume_viable_ml"] = draw(_VOLUMES)
            if draw(ONE_IN_12):
                finding["margin"] = draw(_MARGINS)


def add_looks(draw: Draw, case: Document) -> None:
    """Lesions that a procedure treated, and what LI-RADS asks of them afterwards."""
    timepoints = case["timepoints"]
    names = [each["id"] for each in case["lesions"] if "part_of" not in each]
    if not timepoints or not names:
        return
    treated = [{"date": timepoints[0]["date"], "kind": draw(_KINDS), "lesions": names[:2]}]
    case["procedures"] = [*(case.get("procedures") or ()), *treated]
    for timepoint in timepoints:
        modality = draw(_MODALITIES)
        if modality is not None and "visit" not in timepoint:
            timepoint["modality"] = modality
        for finding in timepoint["findings"]:
            if "into" not in finding and draw(EVENLY):
                _look(draw, finding)


def _look(draw: Draw, finding: Document) -> None:
    said = {"masslike": draw(_MASSLIKE), "change": draw(_CHANGES)}
    said |= {sign: draw(_ANSWERS) for sign in _SIGNS}
    finding.update({name: word for name, word in said.items() if word is not None})
