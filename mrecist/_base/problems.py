"""Every problem that a chart can have: where it stands, what it means, what to do about it.

One entry per code. Documents and tables give the code, people read the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from .pickling import ReadOnly

__all__ = ["PLACES", "PROBLEMS", "ProblemEntry"]

LINE, TIMEPOINT, CASE = "line", "time point", "case"
PLACES = (CASE, LINE, TIMEPOINT)
"""Where a problem can stand."""


@attrs.frozen
class ProblemEntry:
    """A problem by its code: where it stands, a sentence, what to do, and the ids behind it.

    `source` names the rules and readings that it comes from.
    """

    code: str
    where: tuple[str, ...]
    sentence: str
    cure: str
    source: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.code} ({' or '.join(self.where)})\n  {self.sentence}\n"
            f"  do: {self.cure}\n  from {', '.join(self.source)}"
        )


# fmt: off
_ENTRIES = (
    ProblemEntry(
        "NO_BASELINE", (LINE,),
        "no time point on or before the start of the line, and none named; nothing can be "
        "computed for it",
        "record the last examination before the start, or name the line's baseline",
        ("RD-NO-BASELINE",),
    ),
    ProblemEntry(
        "OLD_BASELINE", (LINE,),
        "the baseline is older than the criteria allow; it is used all the same",
        "record a later examination before the start, or report the line with this limitation",
        ("MEAS-15", "RD-SHARED-SCAN"),
    ),
    ProblemEntry(
        "UNFIT_TARGET", (LINE,),
        "a target named by the reader that the criteria would not have chosen",
        "check its size, kind and treatment at baseline, or name another",
        ("MEAS-10", "TS-12"),
    ),
    ProblemEntry(
        "TOO_MANY_TARGETS", (LINE,),
        "more targets named than the criteria allow, in all or in one organ",
        "name fewer targets; the others can be non-targets",
        ("TS-10",),
    ),
    ProblemEntry(
        "BASELINE_INCOMPLETE", (LINE,),
        "the targets have no total at baseline (one without a size, or all zero), so target "
        "response is not evaluable throughout",
        "record the missing size at baseline, or name targets that have one",
        ("NUM-05",),
    ),
    ProblemEntry(
        "NO_SIZE", (LINE, TIMEPOINT),
        "a target, or at baseline a measured nodule or node, was recorded without the size that "
        "the criteria measure",
        "record that size: the viable diameter of a liver nodule under mRECIST, the short axis "
        "of a node, the longest diameter of other lesions",
        ("RD-NO-STAND-IN",),
    ),
    ProblemEntry(
        "RESPONSE_AFTER_CR", (TIMEPOINT,),
        "a reported PR or SD follows a CR without progression between",
        "ask the reader whether the tumour came back: then it is progression",
        ("RD-AFTER-CR",),
    ),
    ProblemEntry(
        "VIABLE_EXCEEDS_WHOLE", (LINE, TIMEPOINT),
        "a viable diameter is larger than the whole diameter",
        "check both diameters, which may have been swapped",
        ("MV-10",),
    ),
    ProblemEntry(
        "BASELINE_SPREAD", (LINE,),
        "the baseline is read from examinations of several dates, as one work-up",
        "nothing, if they are one work-up; otherwise name the baseline and record what it shows",
        ("RD-WORKUP",),
    ),
    ProblemEntry(
        "UNMENTIONED_AT_BASELINE", (LINE,),
        "a lesion known from before is not mentioned at baseline; it counts as known, so never "
        "as new",
        "record what the baseline shows of it: a size, absent, or not evaluable",
        ("RD-KNOWN",),
    ),
    ProblemEntry(
        "UNSIZED_NODE", (LINE, TIMEPOINT),
        "a node is recorded without its short axis, which alone tells disease from a normal node",
        "record its short axis, or that it is present or progressed",
        ("RD-UNKNOWN-NODE",),
    ),
    ProblemEntry(
        "NO_ARTERIAL_BASELINE", (LINE,),
        "a lesion that is measured by its viable diameter has a baseline without arterial phase, "
        "so its size there is not evaluable",
        "use an examination with arterial phase as baseline",
        ("MEAS-14",),
    ),
    ProblemEntry(
        "NO_DISEASE_AT_BASELINE", (LINE,),
        "the line has neither target nor non-target at baseline; rates of response leave it out",
        "record the lesions at baseline, unless the line is adjuvant",
        ("RD-NED",),
    ),
    ProblemEntry(
        "RISE_UNDER_5MM", (TIMEPOINT,),
        "the targets progressed by a rise smaller than the 5 mm that RECIST 1.1 needs beside the "
        "share",
        "measure again, or confirm at the next examination; mrecist-5mm does not call it "
        "progression",
        ("TL-PD-5MM", "RD-FLOOR"),
    ),
    ProblemEntry(
        "NONTARGET_GREW", (TIMEPOINT,),
        "a non-target that is not recorded as progressed has grown by as much as a target that "
        "progresses",
        "ask the reader whether it progressed; if so, record `progressed`",
        ("RD-GREW",),
    ),
    ProblemEntry(
        "PATTERN_WITHOUT_ARTERIAL", (TIMEPOINT,),
        "a pattern of enhancement is recorded for an examination without arterial phase; it "
        "counts as unknown",
        "check the phase of the examination, or leave the pattern out",
        ("MEAS-14",),
    ),
    ProblemEntry(
        "BIOPSY_NEGATIVE", (TIMEPOINT,),
        "a new nodule counts by its growth in spite of a negative biopsy, which can miss a tumour",
        "repeat the biopsy or the imaging before relying on this progression",
        ("RD-BIOPSY",),
    ),
    ProblemEntry(
        "CR_OVER_DISEASE", (TIMEPOINT,),
        "a CR or NED is reported while a target or non-target is recorded as still there; the "
        "computed response holds",
        "record the lesion as absent if it is gone, or correct the reported verdict",
        ("RD-CR-OVER-DISEASE",),
    ),
    ProblemEntry(
        "TREATED_ON_STUDY", (TIMEPOINT,),
        "a lesion of the line was treated locally during it and can no longer show its response",
        "if the procedure is the treatment under test, list it among the line's agents; "
        "otherwise begin a new line with its own baseline",
        ("R11-TS-05", "RD-TREATED"),
    ),
    ProblemEntry(
        "PARTIAL_EXAMINATION", (TIMEPOINT,),
        "no target or non-target was examined; best response and times pass over this time point",
        "give it the `visit` of the examination it belongs to, or say that what is unmentioned "
        "is unchanged",
        ("RD-PARTIAL-EXAMINATION",),
    ),
    ProblemEntry(
        "VIABLE_OUTSIDE_LIVER", (CASE,),
        "a viable diameter is recorded for a nodule outside the liver, where the longest is used",
        "name the liver in `organ` if the nodule lies there; otherwise record its longest diameter",
        ("EH-SUM", "RD-LIVER-WORDS"),
    ),
    ProblemEntry(
        "LR_TR_WITH_SYSTEMIC", (TIMEPOINT,),
        "a lesion is graded after local treatment while the line has systemic therapy too, which "
        "may change its enhancement by itself",
        "read the category with that in mind; it is given all the same",
        ("LR24-PRESENT",),
    ),
    ProblemEntry(
        "ONE_SCAN_AFTER_RADIATION", (TIMEPOINT,),
        "a lesion is viable for the first time after radiation, of which one examination is "
        "seldom proof",
        "look again at the next examination before relying on it",
        ("LR24R-GREW",),
    ),
    ProblemEntry(
        "NO_MASSLIKE", (TIMEPOINT,),
        "a treated lesion is recorded without a word on mass-like enhancement, so it has no "
        "category",
        "record `masslike`: present, absent, uncertain or not evaluable",
        ("RD-LRTR-SILENT",),
    ),
    ProblemEntry(
        "NO_PERP", (LINE, TIMEPOINT),
        "a target, or a nodule to be graded, has a diameter without the one across it, so no area; "
        "nothing is taken to be round",
        "record the perpendicular of that diameter: `viable_perp_mm` under EASL, "
        "`longest_perp_mm` under WHO, both under RECICL",
        ("RD-AREA",),
    ),
    ProblemEntry(
        "PERP_EXCEEDS_LONGEST", (LINE, TIMEPOINT),
        "a perpendicular diameter is larger than the longest one that it stands across",
        "check both diameters, which may have been swapped",
        ("RD-AREA",),
    ),
    ProblemEntry(
        "LATE_CONFIRMATION", (TIMEPOINT,),
        "progression is confirmed more than eight weeks after it was first seen; it counts all the "
        "same",
        "look whether a scan in between is missing",
        ("RD-IR-SOON",),
    ),
)
# fmt: on

PROBLEMS: Mapping[str, ProblemEntry] = ReadOnly({each.code: each for each in _ENTRIES})
"""Every problem by its code, in the order of the bits of `Problem`."""
