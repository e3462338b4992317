"""The words of the field, each with a small integer.

Each word is spelt as the case document (and CDISC, where it has the term) spells it, and is equal
to its text: `line.best_response == "PR"`. Its integer, `code`, is its index in the decision grids,
for a cohort that looks up with arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

__all__ = [
    "Answer",
    "Ascites",
    "BclcProgression",
    "Beginning",
    "Category",
    "Cause",
    "Change",
    "Code",
    "Compartment",
    "Discordance",
    "Effect",
    "EndReason",
    "Enhancement",
    "Exposure",
    "Extent",
    "First",
    "Flare",
    "Further",
    "Group",
    "Growth",
    "Imaging",
    "ImmuneResponse",
    "Invasion",
    "Kind",
    "Last",
    "Margin",
    "Masslike",
    "Measure",
    "Met",
    "Modality",
    "Move",
    "NewLesion",
    "NewRule",
    "Newcomers",
    "NonTarget",
    "Pattern",
    "Pause",
    "PendingIs",
    "ProgressionCode",
    "Proof",
    "Response",
    "Rise",
    "Role",
    "Said",
    "Shared",
    "Sign",
    "Signal",
    "Situation",
    "Size",
    "StageBefore",
    "Standing",
    "State",
    "Status",
    "Stopped",
    "Target",
    "Targets",
    "TherapeuticEffect",
    "Treatment",
    "Trend",
    "Unmentioned",
    "Verdict",
    "Watch",
    "YesNo",
    "in_field_words",
    "repr_sorted",
]


class Code(StrEnum):
    """A word with an integer. Codes rank by `code`, never by the order of letters."""

    code: int

    def __new__(cls, code: int, word: str) -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.code = code
        return member


# ---- what a chart says


class Kind(Code):
    """What a lesion is."""

    NODULE = 0, "nodule"
    NODE = 1, "node"
    INFILTRATIVE = 2, "infiltrative"
    THROMBUS = 3, "thrombus"
    EFFUSION = 4, "effusion"
    OTHER = 5, "other"


class Enhancement(Code):
    """Whether a lesion shows arterial enhancement at all."""

    ARTERIAL = 0, "arterial"
    NONE = 1, "none"


class Status(Code):
    """What a reader says of a lesion at a time point."""

    MEASURED = 0, "measured"
    ABSENT = 1, "absent"
    TOO_SMALL = 2, "too small"
    PRESENT = 3, "present"
    PROGRESSED = 4, "progressed"
    NOT_EVALUABLE = 5, "not evaluable"


class Pattern(Code):
    """The vascular pattern of a liver nodule: typical is arterial uptake with washout.

    `MALIGNANT` is an unequivocal tumour without the typical look.
    """

    TYPICAL = 0, "typical"
    ATYPICAL = 1, "atypical"
    UNKNOWN = 2, "unknown"
    MALIGNANT = 3, "malignant"


class Proof(Code):
    """The result of cytology or biopsy."""

    POSITIVE = 0, "positive"
    NEGATIVE = 1, "negative"
    NOT_DONE = 2, "not done"


class EndReason(Code):
    """Why a line of therapy ended."""

    PROGRESSION = 0, "progression"
    TOXICITY = 1, "toxicity"
    COMPLETED = 2, "completed"
    CHOICE = 3, "choice"
    OTHER = 4, "other"
    DETERIORATION = 5, "deterioration"
    DEATH = 6, "death"


class Unmentioned(Code):
    """What the silence of an examination says of a non-target lesion."""

    NOT_EVALUABLE = 0, "not evaluable"
    UNCHANGED = 1, "unchanged"


class Modality(Code):
    """What an examination was made with."""

    CT = 0, "CT"
    MRI = 1, "MRI"


class Masslike(Code):
    """Whether a treated lesion shows enhancement that takes up space: nodular, thick, irregular."""

    PRESENT = 0, "present"
    ABSENT = 1, "absent"
    UNCERTAIN = 2, "uncertain"
    NOT_EVALUABLE = 3, "not evaluable"


class Margin(Code):
    """Whether an ablative margin lies all round a treated nodule."""

    ENOUGH = 0, "enough"
    NOT_ENOUGH = 1, "not enough"


class TherapeuticEffect(Code):
    """The direct effect of treatment on one nodule by RECICL; the higher the better."""

    TE1 = 0, "TE1"
    TE2 = 1, "TE2"
    TE3 = 2, "TE3"
    TE4A = 3, "TE4a"
    TE4B = 4, "TE4b"
    NE = 5, "NE"


class Answer(Code):
    """Whether a sign was seen."""

    YES = 0, "yes"
    NO = 1, "no"
    UNKNOWN = 2, "unknown"


class Change(Code):
    """How enhancement compares with the examination before, in the reader's word."""

    NEW = 0, "new"
    INCREASED = 1, "increased"
    STABLE = 2, "stable"
    DECREASED = 3, "decreased"
    UNCERTAIN = 4, "uncertain"
    NEW_OR_INCREASED = 5, "new or increased"
    STABLE_OR_DECREASED = 6, "stable or decreased"


# ---- what is judged


class Response(Code):
    """A verdict at a time point, or the best of a line."""

    CR = 0, "CR"
    PR = 1, "PR"
    SD = 2, "SD"
    NON_CR_NON_PD = 3, "NON-CR/NON-PD"
    PD = 4, "PD"
    NE = 5, "NE"
    NED = 6, "NED"
    ND = 7, "ND"


class ImmuneResponse(Code):
    """A verdict by criteria of immunotherapy: that of `Response` with the same code, with an i.

    `iUPD` is unconfirmed progression, in the place of PD; `iCPD` has no counterpart.
    """

    CR = 0, "iCR"
    PR = 1, "iPR"
    SD = 2, "iSD"
    NON_CR_NON_UPD = 3, "non-iCR/non-iUPD"
    UPD = 4, "iUPD"
    NE = 5, "NE"
    NED = 6, "NED"
    ND = 7, "ND"
    CPD = 8, "iCPD"


class Said(Code):
    """A verdict that a table holds as a reader's: those of `Response`, and those with an i."""

    CR = 0, "CR"
    PR = 1, "PR"
    SD = 2, "SD"
    NON_CR_NON_PD = 3, "NON-CR/NON-PD"
    PD = 4, "PD"
    NE = 5, "NE"
    NED = 6, "NED"
    ND = 7, "ND"
    ICR = 8, "iCR"
    IPR = 9, "iPR"
    ISD = 10, "iSD"
    NON_ICR_NON_IUPD = 11, "non-iCR/non-iUPD"
    IUPD = 12, "iUPD"
    ICPD = 13, "iCPD"


class PendingIs(Code):
    """What a progression is to times to events that was never confirmed."""

    BY_COURSE = 0, "by course"
    EVENT = 1, "event"
    CENSORED = 2, "censored"


class Signal(Code):
    """What a kind of progression is beside an unconfirmed one that is pending."""

    NO = 0, "no"
    SAME = 1, "same"
    FURTHER = 2, "further"
    OTHER = 3, "not pending"


class Further(Code):
    """What confirms a pending progression."""

    NO = 0, "no"
    TARGET = 1, "target"
    NONTARGET = 2, "nontarget"
    NEW_LESION = 3, "new lesion"
    OTHER = 4, "another kind"


class Target(Code):
    """Response of the target lesions."""

    CR = 0, "CR"
    PR = 1, "PR"
    SD = 2, "SD"
    PD = 3, "PD"
    NE = 4, "NE"
    NONE = 5, "NONE"


class NonTarget(Code):
    """Response of the non-target lesions."""

    CR = 0, "CR"
    NON_CR_NON_PD = 1, "NON-CR/NON-PD"
    PD = 2, "PD"
    NE = 3, "NE"
    NONE = 4, "NONE"


class NewLesion(Code):
    """Whether a new lesion counts at a time point."""

    NO = 0, "NO"
    EQUIVOCAL = 1, "EQUIVOCAL"
    YES = 2, "YES"


class Category(Code):
    """What LI-RADS treatment response says of a treated lesion."""

    VIABLE = 0, "Viable"
    EQUIVOCAL = 1, "Equivocal"
    NONPROGRESSING = 2, "Nonprogressing"
    NONVIABLE = 3, "Nonviable"
    NONEVALUABLE = 4, "Nonevaluable"


class Treatment(Code):
    """The kinds of local treatment that LI-RADS tells apart."""

    NONE = 0, "none that it reads"
    NON_RADIATION = 1, "not radiation"
    RADIATION = 2, "radiation"
    MARGIN = 3, "resection margin"


class Trend(Code):
    """How mass-like enhancement changed, as the tables read it."""

    UP = 0, "new or increased"
    DOWN = 1, "stable or decreased"
    UNCERTAIN = 2, "uncertain"
    NOT_SAID = 3, "not said"


class Standing(Code):
    """What a reported verdict does beside the computed one."""

    ALONE = 0, "no reported verdict"
    STANDS_IN = 1, "stands in"
    AGREES = 2, "agrees"
    DIFFERS = 3, "differs"
    OVER_DISEASE = 4, "differs, over disease"


class Cause(Code):
    """What a progression rests on."""

    TARGET = 0, "target"
    NONTARGET = 1, "nontarget"
    NEW_LESION = 2, "new lesion"
    RECURRENCE = 3, "recurrence"
    REPORTED = 4, "reported"


def repr_sorted(value: Any) -> str:
    """`repr` of words, of mappings and of tuples of them, with every set in a settled order.

    A word hashes by its name, so the order of a set of words is another one in each process.
    """
    if isinstance(value, Mapping):
        each = (f"{name!r}: {repr_sorted(one)}" for name, one in value.items())
        return f"{{{', '.join(each)}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(repr_sorted, value))}{',' * (len(value) == 1)})"
    if not value or not isinstance(value, set | frozenset):
        return repr(value)
    shown = f"{{{', '.join(map(repr, sorted(value)))}}}"
    return shown if isinstance(value, set) else f"frozenset({shown})"


def in_field_words(causes: str) -> str:
    """Causes of a progression as people write them; documents and tables keep their words."""
    return causes.replace(str(Cause.NONTARGET), "non-target")


class Exposure(Code):
    """What a line is to its agents, given the lines before it."""

    FIRST = 0, "first exposure"
    RECHALLENGE = 1, "rechallenge"
    RESUMPTION = 2, "resumption"
    REINTRODUCTION = 3, "reintroduction"
    REPEAT = 4, "repeat"


class Shared(Code):
    """What a line has in common with earlier ones: the greater, the more it says."""

    NOTHING = 0, "nothing"
    PROCEDURES = 1, "local procedures only"
    DRUGS = 2, "a drug"


class ProgressionCode(Code):
    """How a line progressed: growth (G) or new (N), within the liver (IH) or outside it (EH)."""

    UNKNOWN = 0, "unknown"
    IHG = 1, "IHG"
    NIH = 2, "NIH"
    EHG = 3, "EHG"
    NEH = 4, "NEH"


class Invasion(Code):
    """What a progression shows of tumour in vein."""

    NONE = 0, "none"
    GROWN = 1, "grown"
    NEW = 2, "new"


class BclcProgression(Code):
    """The stage of the Barcelona Clinic Liver Cancer system upon progression."""

    UNKNOWN = 0, "unknown"
    B = 1, "BCLCp-B"
    C1 = 2, "BCLCp-C1"
    C2 = 3, "BCLCp-C2"


class Beginning(Code):
    """Why a line of therapy began; `SAME` where what was given belongs to the line before it."""

    FIRST = 0, "first line"
    REGIMEN = 1, "new regimen"
    ADDED = 2, "drug added"
    PROGRESSION = 3, "restart after progression"
    GAP = 4, "restart after a gap"
    SAME = 5, "same line"


# ---- the steps between


class YesNo(Code):
    """A plain answer."""

    NO = 0, "no"
    YES = 1, "yes"


class Measure(Code):
    """Which size of a lesion is measured."""

    VIABLE = 0, "longest viable diameter"
    LONGEST = 1, "longest diameter"
    SHORT = 2, "short axis"


class Group(Code):
    """The kinds of lesion that differ in what makes them disease."""

    NODE = 0, "node"
    EFFUSION = 1, "effusion"
    OTHER = 2, "other lesion"


class Size(Code):
    """What a finding says about size; `ZERO` and above are known sizes."""

    NOT_EVALUABLE = 0, "not evaluable"
    UNKNOWN = 1, "unknown size"
    ZERO = 2, "zero"
    SMALL = 3, "too small to measure"
    RECORDED = 4, "as recorded"
    MERGED = 5, "in the size of another"


class Extent(Code):
    """A size against the smallest that counts as disease; coded as `_exact.extent` gives it."""

    UNKNOWN = 0, "unknown"
    ZERO = 1, "zero"
    BELOW = 2, "below the limit"
    ENOUGH = 3, "enough"


class Role(Code):
    """What a lesion is at the baseline of a line."""

    NOT_DISEASED = 0, "not diseased"
    NOT_EVALUABLE = 1, "not evaluable"
    DISEASED = 2, "diseased"
    NO_PART = 3, "known, no part"
    UNPROVEN = 4, "unproven"
    MERGED = 5, "merged, no part"


class Targets(Code):
    """How much of the targets can be judged at a time point."""

    NONE = 0, "none in this line"
    NO_BASELINE_TOTAL = 1, "no baseline total"
    IN_PART = 2, "evaluable in part"
    ALL = 3, "all evaluable"
    NO_BASELINE = 4, "no baseline"


class Rise(Code):
    """Growth over the nadir; coded as `_exact.rise` gives it."""

    NO = 0, "no"
    UNDER_FLOOR = 1, "under the floor"
    YES = 2, "yes"


class State(Code):
    """A non-target lesion at a time point, in the order in which one outranks another."""

    NONE = 0, "none in this line"
    GONE = 1, "gone"
    PERSISTS = 2, "persists"
    NOT_EVALUABLE = 3, "not evaluable"
    PROGRESSED = 4, "progressed"
    NO_BASELINE = 5, "no baseline"


class NewRule(Code):
    """Which rule makes a candidate a new lesion."""

    HCC = 0, "new liver nodule"
    CYTOLOGY = 1, "effusion that needs proof"
    UNEQUIVOCAL = 2, "any other lesion"
    NODE = 3, "node that was normal"


class Last(Code):
    """What the latest record of a lesion that a time point passes over said of it."""

    NEVER = 0, "none"
    GONE = 1, "gone"
    THERE = 2, "there"
    MERGED = 3, "merged into another"


class Verdict(Code):
    """Whether what a time point says makes a candidate a new lesion."""

    NOT_YET = 0, "not yet"
    NEW = 1, "new lesion"


class Watch(Code):
    """What a response means for recurrence at the next time point."""

    UNCHANGED = 0, "as before"
    OFF = 1, "off"
    ON = 2, "on"


class Newcomers(Code):
    """Agents started on a day that the regimen of the line does not have."""

    NONE = 0, "none"
    PLANNED = 1, "planned, or joining at the start"
    UNPLANNED = 2, "any other"


class Pause(Code):
    """How long nothing of the regimen was given before a day."""

    NONE = 0, "none"
    HOLD = 1, "a hold"
    GAP = 2, "a gap"


# ---- time to event


class First(Code):
    """What came first after the start of a line, of all that a policy lets count."""

    NOTHING = 0, "nothing"
    PROGRESSION = 1, "progression"
    DEATH = 2, "death"
    CLINICAL = 3, "clinical progression"
    NEW_THERAPY = 4, "new therapy"


class Stopped(Code):
    """How a line of therapy was stopped."""

    NO = 0, "not stopped"
    CLINICAL = 1, "for progression that no image shows"
    OTHERWISE = 2, "for another reason"


class Situation(Code):
    """What a policy has to decide on: each has one clause of its own."""

    PROGRESSION = 0, "progression"
    PROGRESSION_AFTER_GAP = 1, "progression after a gap"
    DEATH = 2, "death"
    DEATH_UNASSESSED = 3, "death before any assessment"
    DEATH_AFTER_GAP = 4, "death after a gap"
    CLINICAL_PROGRESSION = 5, "clinical progression"
    NEW_THERAPY = 6, "new therapy"
    NO_BASELINE = 7, "no baseline"
    NO_ASSESSMENT = 8, "no assessment"
    STOPPED = 9, "stopped"
    ONGOING = 10, "ongoing"


class Effect(Code):
    """What a clause does: what ends the time, and where."""

    EVENT = 0, "event on its day"
    LAST = 1, "censored at the last adequate assessment"
    START = 2, "censored at the start"
    PASSED_OVER = 3, "passed over"
    KNOWN = 4, "censored on the last day known"


class Growth(Code):
    """How a growth modulation index compares with its threshold."""

    MET = 0, "met"
    NOT_MET = 1, "not met"
    UNDETERMINED = 2, "undetermined"


class Compartment(Code):
    """Where a lesion is, as patterns of progression tell it."""

    INTRAHEPATIC = 0, "intrahepatic"
    EXTRAHEPATIC = 1, "extrahepatic"
    VASCULAR = 2, "tumour in vein"


class Sign(Code):
    """What shows progression in a compartment."""

    TOTAL = 0, "its targets"
    TOGETHER = 1, "its targets, only with the others"
    NONTARGET = 2, "a non-target"
    AGAIN = 3, "a recurrence"
    NEW = 4, "a new lesion"


class StageBefore(Code):
    """The stage of the Barcelona Clinic Liver Cancer system at the baseline of a line."""

    UNKNOWN = 0, "unknown"
    B = 1, "B"
    C = 2, "C"


# ---- markers, liver function, gates


class Met(Code):
    """Whether a condition on known and unknown numbers holds."""

    MET = 0, "met"
    NOT_MET = 1, "not met"
    UNDETERMINED = 2, "undetermined"
    NOT_APPLICABLE = 3, "not applicable"


class Move(Code):
    """How a marker moved against its reference, by the cuts of a rule."""

    FELL = 0, "fell"
    NEITHER = 1, "neither fell nor rose"
    ROSE = 2, "rose"
    UNKNOWN = 3, "unknown"


class Imaging(Code):
    """What a response says to one who compares it with a marker."""

    PROGRESSED = 0, "progressed"
    NOT_PROGRESSED = 1, "did not progress"
    NOT_JUDGED = 2, "not judged"


class Discordance(Code):
    """Whether marker and imaging agree at a time point, and how they do not."""

    AGREE = 0, "agree"
    NEITHER = 1, "marker moved neither way"
    FALLEN_AT_PD = 2, "marker below its cut while imaging progressed"
    FELL_BEFORE_PD = 3, "marker had fallen before imaging progressed"
    ROSE_WITHOUT_PD = 4, "marker rose while imaging did not progress"
    UNDETERMINED = 5, "undetermined"
    NOT_JUDGED = 6, "imaging not judged"


class Flare(Code):
    """Whether an early rise of a marker was passing."""

    NO_RISE = 0, "no early rise"
    FLARE = 1, "flare"
    STANDS = 2, "the rise stands"
    NEXT_VALUE_NEEDED = 3, "next value needed"
    UNDETERMINED = 4, "undetermined"


class Ascites(Code):
    """Ascites, in the words of the Child-Pugh table."""

    NONE = 0, "none"
    MILD = 1, "mild"
    CONTROLLED = 2, "controlled"
    MODERATE = 3, "moderate"
    SEVERE = 4, "severe"
    REFRACTORY = 5, "refractory"
