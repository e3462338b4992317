"""What each word means that a column of a table may hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .._base.words import (
    Answer,
    BclcProgression,
    Category,
    Cause,
    Change,
    Code,
    EndReason,
    Enhancement,
    Exposure,
    Growth,
    Invasion,
    Kind,
    Margin,
    Masslike,
    Modality,
    NewLesion,
    NonTarget,
    Pattern,
    ProgressionCode,
    Proof,
    Response,
    Status,
    Target,
    Unmentioned,
)

__all__ = ["WORD_MEANINGS"]

WORD_MEANINGS: Mapping[type[Code], Mapping[Code, str]] = MappingProxyType({
    Kind: {
        Kind.NODULE: "a lesion with an outline, in the liver or elsewhere",
        Kind.NODE: "a lymph node",
        Kind.INFILTRATIVE: "growth without an outline",
        Kind.THROMBUS: "tumour in a vein",
        Kind.EFFUSION: "ascites, pleural or pericardial effusion",
        Kind.OTHER: "anything else",
    },
    Enhancement: {
        Enhancement.ARTERIAL: "takes up contrast in the arterial phase",
        Enhancement.NONE: "takes up none: measured whole",
    },
    Status: {
        Status.MEASURED: "has a size",
        Status.ABSENT: "was looked for and is not there",
        Status.TOO_SMALL: "is there, too small to measure",
        Status.PRESENT: "is there, without a size",
        Status.PROGRESSED: "is there, and unequivocally worse",
        Status.NOT_EVALUABLE: "nobody can say",
    },
    Pattern: {
        Pattern.TYPICAL: "arterial uptake with washout",
        Pattern.ATYPICAL: "some other pattern",
        Pattern.UNKNOWN: "nobody says",
        Pattern.MALIGNANT: "unequivocal tumour without the typical pattern",
    },
    Proof: {
        Proof.POSITIVE: "tumour cells were found",
        Proof.NEGATIVE: "none were found",
        Proof.NOT_DONE: "nobody looked",
    },
    Unmentioned: {
        Unmentioned.NOT_EVALUABLE: "silence says nothing",
        Unmentioned.UNCHANGED: "silence says that it is as before",
    },
    EndReason: {
        EndReason.PROGRESSION: "the tumour progressed",
        EndReason.TOXICITY: "it was not tolerated",
        EndReason.COMPLETED: "it was given as planned",
        EndReason.CHOICE: "the patient or the physician chose so",
        EndReason.OTHER: "another reason",
        EndReason.DETERIORATION: "the patient got worse, without a progression on images",
        EndReason.DEATH: "the patient died",
    },
    Response: {
        Response.CR: "complete response",
        Response.PR: "partial response",
        Response.SD: "stable disease",
        Response.NON_CR_NON_PD: "neither CR nor PD, where there are non-targets only",
        Response.PD: "progressive disease",
        Response.NE: "not evaluable",
        Response.NED: "no evidence of disease, where there was none at the baseline",
        Response.ND: "no data: no follow-up; never at a time point",
    },
    Target: {
        Target.CR: "complete response",
        Target.PR: "partial response",
        Target.SD: "stable disease",
        Target.PD: "progressive disease",
        Target.NE: "not evaluable",
        Target.NONE: "the line has no targets",
    },
    NonTarget: {
        NonTarget.CR: "all are gone",
        NonTarget.NON_CR_NON_PD: "some are still there, none has progressed",
        NonTarget.PD: "unequivocal progression",
        NonTarget.NE: "not evaluable",
        NonTarget.NONE: "the line has no non-targets",
    },
    NewLesion: {
        NewLesion.NO: "there is none",
        NewLesion.EQUIVOCAL: "there may be one; a later examination decides",
        NewLesion.YES: "there is one",
    },
    Cause: {
        Cause.TARGET: "the sum of the targets",
        Cause.NONTARGET: "a non-target",
        Cause.NEW_LESION: "a new lesion",
        Cause.RECURRENCE: "disease again after a complete response",
        Cause.REPORTED: "a reported verdict that stands in for the computed one",
    },
    Exposure: {
        Exposure.FIRST: "none of its agents was given before",
        Exposure.RECHALLENGE: "an agent again, after progression on it",
        Exposure.RESUMPTION: "an agent again, after toxicity",
        Exposure.REINTRODUCTION: "an agent again, after a line that ended in another way",
        Exposure.REPEAT: "a local procedure again",
    },
    Growth: {
        Growth.MET: "the line held longer than the one before, by the threshold",
        Growth.NOT_MET: "it did not",
        Growth.UNDETERMINED: "a time is censored, so that nobody can say",
    },
    ProgressionCode: {
        ProgressionCode.UNKNOWN: "nobody can say",
        ProgressionCode.IHG: "growth within the liver",
        ProgressionCode.NIH: "new within the liver",
        ProgressionCode.EHG: "growth outside the liver",
        ProgressionCode.NEH: "new outside the liver",
    },
    Invasion: {
        Invasion.NONE: "no tumour in vein",
        Invasion.GROWN: "known tumour in vein has grown",
        Invasion.NEW: "there is new tumour in vein",
    },
    BclcProgression: {
        BclcProgression.UNKNOWN: "nobody can say",
        BclcProgression.B: "stage B upon progression",
        BclcProgression.C1: "stage C upon progression, without a new site",
        BclcProgression.C2: "stage C upon progression, by a new site beyond the liver or in a vein",
    },
    Modality: {
        Modality.CT: "computed tomography",
        Modality.MRI: "magnetic resonance imaging",
    },
    Margin: {
        Margin.ENOUGH: "an ablative margin lies all round",
        Margin.NOT_ENOUGH: "it does not, or not all round",
    },
    Masslike: {
        Masslike.PRESENT: "is there: nodular, mass-like, or thick and irregular",
        Masslike.ABSENT: "was looked for and is not there",
        Masslike.UNCERTAIN: "the reader is not sure",
        Masslike.NOT_EVALUABLE: "nobody can say",
    },
    Answer: {
        Answer.YES: "it was seen",
        Answer.NO: "it was looked for and not seen",
        Answer.UNKNOWN: "nobody says",
    },
    Change: {
        Change.NEW: "there was none before",
        Change.INCREASED: "more than before",
        Change.STABLE: "as before",
        Change.DECREASED: "less than before",
        Change.UNCERTAIN: "the reader is not sure",
        Change.NEW_OR_INCREASED: "one of the two",
        Change.STABLE_OR_DECREASED: "one of the two",
    },
    Category: {
        Category.VIABLE: "tumour that lives",
        Category.EQUIVOCAL: "nobody can be sure",
        Category.NONPROGRESSING: "enhancement after radiation that does not grow",
        Category.NONVIABLE: "no tumour that lives",
        Category.NONEVALUABLE: "the images do not allow an answer",
    },
})  # fmt: skip
"""By list of words: every word with its meaning."""
