"""The rules of tumour response, as tables that look like the papers' tables.

Case analysis only: every number is in `criteria.py`, every comparison in `_exact.py`. Read top to
bottom as a chart is read: what a finding says about size, what a lesion is at baseline, the
targets, the non-targets, new lesions, the response at a time point, a reported verdict beside it,
recurrence, the best response of a line, what a line is to its agents, and where a line begins.

HCC mRECIST (Lencioni & Llovet 2010), not the mesothelioma or the mouse criteria of that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from . import sources
from ._tables import OURS, DecisionTable, Rule
from .codes import (
    Beginning,
    EndReason,
    Exposure,
    Extent,
    Group,
    Kind,
    Measure,
    Newcomers,
    NewLesion,
    NewRule,
    NonTarget,
    Pause,
    Response,
    Rise,
    Role,
    Size,
    Standing,
    State,
    Status,
    Target,
    Targets,
    Verdict,
    Watch,
    YesNo,
)
from .marker_tables import DISCORDANCE, FLARE
from .pattern_rules import COMPARTMENT, DOMINANT, INVASION, PATTERN, UPON_PROGRESSION
from .sources import (
    ADMIRALONCO,
    EISENHAUER_2009,
    EORTC_FAQ,
    IKEDA_2021,
    LENCIONI_LLOVET_2010,
    REEXPOSURE_REVIEW_2022,
    Citation,
    Evidence,
    Paper,
)
from .time_rules import GROWTH, SITUATION

__all__ = [
    "ADEQUATE",
    "BASELINE",
    "BEGINNING",
    "BEST",
    "CONFIRMED",
    "CONTROLLED",
    "DETECTED",
    "DOUBTFUL_AFTER_CR",
    "EXPOSURE",
    "MRECIST_5MM_RULES",
    "MRECIST_RULES",
    "NONTARGET_LESION",
    "OBJECTIVE",
    "RECIST_RULES",
    "RECURRENCE",
    "REPORTED",
    "RESPONSE_GROUPS",
    "SIZE",
    "STILL_THERE",
    "TABLES",
    "TARGET_FIT",
    "Rulebook",
]

VERIFIED, RESTATED = Evidence.VERIFIED, Evidence.RESTATED
RECALLED, DERIVED = Evidence.RECALLED, Evidence.DERIVED


def _mrecist(where: str, evidence: Evidence) -> Citation:
    return LENCIONI_LLOVET_2010.at(where, evidence)


def _recist(where: str, evidence: Evidence = VERIFIED, paper: Paper = EISENHAUER_2009) -> Citation:
    return paper.at(where, evidence)


# ---- What a finding says about size

SAYS_A_SIZE = {Status.MEASURED, Status.PRESENT, Status.PROGRESSED}

SIZE = DecisionTable(
    "size",
    "What a finding says about the size of a lesion",
    inputs={
        "recorded": bool, "status": Status, "measure": Measure, "arterial": bool, "sized": bool,
    },
    rules=(
        Rule(
            "NE-01", Size.NOT_EVALUABLE,
            when={"recorded": False},
            sentence="not recorded",
            source=sources.SILENCE,
        ),
        Rule(
            "SZ-NE", Size.NOT_EVALUABLE,
            when={"recorded": True, "status": Status.NOT_EVALUABLE},
            sentence="recorded as not evaluable",
            source=_recist("time point response", VERIFIED),
        ),
        Rule(
            "MEAS-14", Size.NOT_EVALUABLE,
            when={"recorded": True, "measure": Measure.VIABLE, "arterial": False},
            sentence="viable diameter cannot be read without an arterial phase",
            source=_mrecist("image acquisition", RESTATED),
        ),
        Rule(
            "MV-14", Size.ZERO,
            when={
                "recorded": True, "status": Status.ABSENT,
                "measure": Measure.VIABLE, "arterial": True,
            },
            sentence="no enhancement left",
            source=_mrecist("target lesion response", RESTATED),
        ),
        Rule(
            "R11-TS-01-ABSENT", Size.ZERO,
            when={
                "recorded": True, "status": Status.ABSENT,
                "measure": {Measure.LONGEST, Measure.SHORT},
            },
            sentence="absent",
            source=_recist("target lesions that disappear", RECALLED),
        ),
        Rule(
            "R11-TS-01", Size.SMALL,
            when={
                "recorded": True, "status": Status.TOO_SMALL,
                "measure": {Measure.LONGEST, Measure.SHORT},
            },
            sentence="too small to measure, counted as {too_small}",
            source=_recist("target lesions too small to measure"),
        ),
        Rule(
            "MV-14-SMALL", Size.SMALL,
            when={
                "recorded": True, "status": Status.TOO_SMALL,
                "measure": Measure.VIABLE, "arterial": True,
            },
            sentence="too small to measure, counted as {too_small}",
            source=sources.FIVE_MM,
        ),
        Rule(
            "MV-10", Size.RECORDED,
            when={
                "recorded": True, "status": SAYS_A_SIZE, "measure": Measure.VIABLE,
                "arterial": True, "sized": True,
            },
            sentence="{measure} {size}",
            source=_mrecist("target lesion response", RESTATED),
            readings=(sources.SEGMENT, sources.SLICES),
        ),
        Rule(
            "R11-MEAS-01", Size.RECORDED,
            when={
                "recorded": True, "status": SAYS_A_SIZE, "measure": Measure.LONGEST,
                "sized": True,
            },
            sentence="{measure} {size}",
            source=_recist("measurable disease"),
            readings=(sources.SLICES,),
        ),
        Rule(
            "R11-TS-02", Size.RECORDED,
            when={
                "recorded": True, "status": SAYS_A_SIZE, "measure": Measure.SHORT, "sized": True,
            },
            sentence="{measure} {size}",
            source=_recist("lymph nodes"),
        ),
        Rule(
            "SZ-UNKNOWN", Size.UNKNOWN,
            when={
                "recorded": True, "status": SAYS_A_SIZE, "measure": Measure.VIABLE,
                "arterial": True, "sized": False,
            },
            sentence="{status}, no {measure} recorded",
            source=sources.NO_STAND_IN,
        ),
        Rule(
            "SZ-UNKNOWN-WHOLE", Size.UNKNOWN,
            when={
                "recorded": True, "status": SAYS_A_SIZE,
                "measure": {Measure.LONGEST, Measure.SHORT}, "sized": False,
            },
            sentence="{status}, no {measure} recorded",
            source=sources.NO_STAND_IN,
        ),
    ),
)  # fmt: skip

# ---- What a lesion is at the baseline of a line

SEEN = {Status.MEASURED, Status.TOO_SMALL, Status.PRESENT, Status.PROGRESSED}
NOT_ZERO = {Extent.UNKNOWN, Extent.BELOW, Extent.ENOUGH}

BASELINE = DecisionTable(
    "baseline",
    "What a lesion is at the baseline of a line",
    inputs={
        "recorded": bool, "status": Status, "group": Group, "extent": Extent,
        "strict_hilum": bool, "proven": bool,
    },
    rules=(
        Rule(
            "BL-UNRECORDED", Role.NOT_DISEASED,
            when={"recorded": False},
            sentence="not recorded at baseline",
            source=_recist("baseline documentation", DERIVED),
        ),
        Rule(
            "BL-NE", Role.NOT_EVALUABLE,
            when={"recorded": True, "status": Status.NOT_EVALUABLE},
            sentence="known at baseline, though not evaluable there",
            source=_recist("baseline documentation", DERIVED),
        ),
        Rule(
            "BL-ABSENT", Role.NOT_DISEASED,
            when={"recorded": True, "status": Status.ABSENT},
            sentence="absent at baseline",
            source=_recist("baseline documentation", DERIVED),
        ),
        Rule(
            "BL-ZERO", Role.NOT_DISEASED,
            when={"recorded": True, "status": SEEN, "extent": Extent.ZERO},
            sentence="nothing of it left at baseline",
            source=_mrecist("target lesions", DERIVED),
        ),
        Rule(
            "R11-MEAS-02", Role.NOT_DISEASED,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": False,
            },
            sentence="short axis {size}, below {diseased_node}: a normal node",
            source=_recist("lymph nodes"),
        ),
        Rule(
            "LN-HILUM-20", Role.NOT_DISEASED,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": True,
            },
            sentence="short axis {size}, below {diseased_node}: not taken as malignant at the "
            "porta hepatis",
            source=_mrecist("porta hepatis lymph nodes", RESTATED),
        ),
        Rule(
            "LN-OTHER-10", Role.DISEASED,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": False,
            },
            sentence="short axis {size}, {diseased_node} or more",
            source=_recist("lymph nodes"),
            readings=(sources.NODE_10,),
        ),
        Rule(
            "LN-HILUM-20-DISEASED", Role.DISEASED,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": True,
            },
            sentence="short axis {size}, {diseased_node} or more at the porta hepatis",
            source=_mrecist("porta hepatis lymph nodes", RESTATED),
        ),
        Rule(
            "LN-SAID", Role.DISEASED,
            when={
                "recorded": True, "status": {Status.PRESENT, Status.PROGRESSED},
                "group": Group.NODE, "extent": Extent.UNKNOWN, "strict_hilum": False,
            },
            sentence="a node of unknown size that is said to be there",
            source=sources.UNKNOWN_NODE,
        ),
        Rule(
            "LN-HILUM-UNKNOWN", Role.NOT_DISEASED,
            when={
                "recorded": True, "status": {Status.PRESENT, Status.PROGRESSED},
                "group": Group.NODE, "extent": Extent.UNKNOWN, "strict_hilum": True,
            },
            sentence="a porta hepatis node needs a short axis of {diseased_node}, none is known",
            source=sources.UNKNOWN_NODE,
        ),
        Rule(
            "LN-UNMEASURED", Role.NOT_DISEASED,
            when={
                "recorded": True, "status": {Status.MEASURED, Status.TOO_SMALL},
                "group": Group.NODE, "extent": Extent.UNKNOWN,
            },
            sentence="a node measured without its short axis",
            source=sources.UNKNOWN_NODE,
        ),
        Rule(
            "EFF-PROVEN", Role.DISEASED,
            when={
                "recorded": True, "status": SEEN, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "proven": True,
            },
            sentence="an effusion that counts",
            source=_recist("non-measurable disease"),
            readings=(sources.PROOF_STAYS,),
        ),
        Rule(
            "EFF-UNPROVEN", Role.NOT_DISEASED,
            when={
                "recorded": True, "status": SEEN, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "proven": False,
            },
            sentence="an effusion without cytological proof",
            source=_mrecist("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "BL-DISEASED", Role.DISEASED,
            when={"recorded": True, "status": SEEN, "group": Group.OTHER, "extent": NOT_ZERO},
            sentence="present at baseline",
            source=_recist("baseline documentation"),
        ),
    ),
)  # fmt: skip

# ---- Which lesions may be targets, where the reader does not name them

TARGET_FIT = DecisionTable(
    "target-fit",
    "Whether a lesion may be chosen as a target",
    inputs={
        "kind": Kind, "diseased": bool, "equivocal": bool, "measured": bool, "large": bool,
        "barred": bool,
    },
    rules=(
        Rule(
            "FIT-NOT-DISEASED", YesNo.NO,
            when={"diseased": False},
            sentence="not diseased at baseline",
            source=_recist("baseline documentation", DERIVED),
        ),
        Rule(
            "TS-11", YesNo.NO,
            when={"kind": Kind.INFILTRATIVE},
            sentence="infiltrative, not suited to repeat measurement",
            source=_mrecist("measurable disease", RECALLED),
        ),
        Rule(
            "PVT-NT", YesNo.NO,
            when={"kind": Kind.THROMBUS},
            sentence="tumour in vein is not measurable",
            source=_mrecist("portal vein thrombosis", RECALLED),
        ),
        Rule(
            "R11-MEAS-05", YesNo.NO,
            when={"kind": {Kind.EFFUSION, Kind.OTHER}},
            sentence="not measurable",
            source=_recist("non-measurable disease"),
        ),
        Rule(
            "TSEL-01", YesNo.NO,
            when={"equivocal": True},
            sentence="flagged equivocal",
            source=_recist("choice of targets", DERIVED),
        ),
        Rule(
            "FIT-UNMEASURED", YesNo.NO,
            when={"measured": False},
            sentence="not measured at baseline",
            source=_recist("measurable disease"),
        ),
        Rule(
            "MEAS-10", YesNo.NO,
            when={"large": False},
            sentence="{measure} below {smallest_target}",
            source=_recist("measurable disease"),
        ),
        Rule(
            "TS-13", YesNo.NO,
            when={"barred": True},
            sentence="lies in a locally treated area and has not progressed since",
            source=_recist("measurable disease"),
        ),
        Rule(
            "TS-16", YesNo.YES,
            when={
                "kind": {Kind.NODULE, Kind.NODE}, "diseased": True, "equivocal": False,
                "measured": True, "large": True, "barred": False,
            },
            sentence="measurable",
            source=_recist("choice of targets"),
            readings=(sources.SELECTION, sources.SHARED_SCAN, sources.EMPTY_LIST),
        ),
    ),
)  # fmt: skip

# ---- Target lesions

_TARGET_INPUTS = {"targets": Targets, "gone": bool, "rise": Rise, "fell": bool}

_FALL = (
    "total {total} is {fall} below the baseline total {baseline} of {baseline_date}; "
    "response needs {response_share}, a total of {response_limit} or less, "
    "reached with {response_margin} to spare{floor_note}"
)
_RISE = (
    "total {total} is {rise} above the nadir {nadir} of {nadir_date}; "
    "progression needs {progression_share}{floor}, a total of {progression_limit} or more, "
    "reached with {progression_margin} to spare"
)
_BETWEEN = (
    "total {total}, against baseline {baseline} of {baseline_date} and nadir {nadir} of "
    "{nadir_date}: {response_margin} short of response ({response_limit} or less), "
    "{progression_margin} short of progression ({progression_limit} or more){floor_note}"
)
_IN_PART = "{unseen} not evaluable; the total of the others, {total}, "

MRECIST_TARGET = DecisionTable(
    "target",
    "Response of the target lesions, HCC mRECIST",
    inputs=_TARGET_INPUTS,
    rules=(
        Rule(
            "TL-NONE", Target.NONE,
            when={"targets": Targets.NONE},
            sentence="this line has no target",
            source=_recist("measurable disease", DERIVED),
        ),
        Rule(
            "TL-NO-BASELINE", Target.NE,
            when={"targets": Targets.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=sources.NO_BASELINE,
        ),
        Rule(
            "NUM-05", Target.NE,
            when={"targets": Targets.NO_BASELINE_TOTAL},
            sentence="the targets have no total at baseline to compare with",
            source=_recist("measurable disease", DERIVED),
        ),
        Rule(
            "NE-03", Target.PD,
            when={"targets": Targets.IN_PART, "rise": Rise.YES},
            sentence=_IN_PART + "alone is {progression_share}{floor} or more above the nadir "
            "{nadir} of {nadir_date}",
            source=_recist("missing assessments", DERIVED),
            readings=(sources.PARTIAL_PD,),
        ),
        Rule(
            "NE-02", Target.NE,
            when={"targets": Targets.IN_PART, "rise": {Rise.NO, Rise.UNDER_FLOOR}},
            sentence=_IN_PART + "proves no progression",
            source=_recist("missing assessments"),
        ),
        Rule(
            "TL-CR-0", Target.CR,
            when={"targets": Targets.ALL, "gone": True},
            sentence="every target is gone: no arterial enhancement left in the liver, any node "
            "below {gone_node}",
            source=_mrecist("target lesion response", RESTATED),
            readings=(sources.NODE_CR,),
        ),
        Rule(
            "TL-PD-20", Target.PD,
            when={"targets": Targets.ALL, "gone": False, "rise": Rise.YES},
            sentence=_RISE + "{small_rise_note}",
            source=_mrecist("target lesion response", RESTATED),
            readings=(sources.NADIR_BASELINE, sources.ZERO_NADIR),
        ),
        Rule(
            "TL-PR-30", Target.PR,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": True,
            },
            sentence=_FALL,
            source=_mrecist("target lesion response", RESTATED),
            readings=(sources.BASELINE_VIABLE,),
        ),
        Rule(
            "TL-SD", Target.SD,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": False,
            },
            sentence=_BETWEEN,
            source=_mrecist("target lesion response", RESTATED),
            readings=(sources.NOT_STICKY,),
        ),
    ),
)  # fmt: skip

MRECIST_5MM_TARGET = DecisionTable(
    "target",
    "Response of the target lesions, HCC mRECIST with a floor of 5 mm",
    inputs=_TARGET_INPUTS,
    rules=tuple(
        attrs.evolve(rule, id="TL-PD-5MM", sentence=_RISE, readings=(sources.FLOOR, *rule.readings))
        if rule.id == "TL-PD-20"
        else rule
        for rule in MRECIST_TARGET.rules
    ),
)

RECIST_TARGET = DecisionTable(
    "target",
    "Response of the target lesions, RECIST 1.1",
    inputs=_TARGET_INPUTS,
    rules=(
        Rule(
            "R11-TL-NONE", Target.NONE,
            when={"targets": Targets.NONE},
            sentence="this line has no target",
            source=_recist("measurable disease", DERIVED),
        ),
        Rule(
            "R11-TL-NO-BASELINE", Target.NE,
            when={"targets": Targets.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=sources.NO_BASELINE,
        ),
        Rule(
            "R11-NUM-05", Target.NE,
            when={"targets": Targets.NO_BASELINE_TOTAL},
            sentence="the targets have no total at baseline to compare with",
            source=_recist("measurable disease", DERIVED),
        ),
        Rule(
            "R11-NE-03", Target.PD,
            when={"targets": Targets.IN_PART, "rise": Rise.YES},
            sentence=_IN_PART + "alone is {progression_share}{floor} or more above the nadir "
            "{nadir} of {nadir_date}",
            source=_recist("missing assessments", DERIVED),
            readings=(sources.PARTIAL_PD,),
        ),
        Rule(
            "R11-NE-02", Target.NE,
            when={"targets": Targets.IN_PART, "rise": {Rise.NO, Rise.UNDER_FLOOR}},
            sentence=_IN_PART + "proves no progression",
            source=_recist("missing assessments"),
        ),
        Rule(
            "R11-TL-CR", Target.CR,
            when={"targets": Targets.ALL, "gone": True},
            sentence="every target is gone, any node below {gone_node}",
            source=_recist("target lesion response"),
        ),
        Rule(
            "R11-TL-PD", Target.PD,
            when={"targets": Targets.ALL, "gone": False, "rise": Rise.YES},
            sentence=_RISE,
            source=_recist("target lesion response"),
            readings=(sources.ZERO_NADIR,),
        ),
        Rule(
            "R11-TL-PR", Target.PR,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": True,
            },
            sentence=_FALL,
            source=_recist("target lesion response"),
        ),
        Rule(
            "R11-TL-SD", Target.SD,
            when={
                "targets": Targets.ALL, "gone": False,
                "rise": {Rise.NO, Rise.UNDER_FLOOR}, "fell": False,
            },
            sentence=_BETWEEN,
            source=_recist("definition of stable disease", VERIFIED, EORTC_FAQ),
            readings=(sources.NOT_STICKY,),
        ),
    ),
)  # fmt: skip

# ---- Non-target lesions: each by itself, then all of them by the one that ranks highest

KNOWN = {Size.ZERO, Size.SMALL, Size.RECORDED}

NONTARGET_LESION = DecisionTable(
    "nontarget-lesion",
    "One non-target lesion at a time point",
    inputs={"size": Size, "status": Status, "gone": bool, "unproven": bool},
    rules=(
        Rule(
            "NTL-NE", State.NOT_EVALUABLE,
            when={"size": Size.NOT_EVALUABLE},
            sentence="not evaluable ({says})",
            source=_recist("time point response"),
        ),
        Rule(
            "NTL-NO-SIZE", State.NOT_EVALUABLE,
            when={
                "size": Size.UNKNOWN,
                "status": {
                    Status.MEASURED, Status.ABSENT, Status.TOO_SMALL, Status.NOT_EVALUABLE,
                },
            },
            sentence="not evaluable ({says})",
            source=sources.NO_STAND_IN,
        ),
        Rule(
            "NTL-GONE", State.GONE,
            when={"size": KNOWN, "gone": True},
            sentence="gone ({says})",
            source=_recist("non-target lesion response"),
        ),
        Rule(
            "NTL-PD", State.PROGRESSED,
            when={
                "size": KNOWN, "gone": False,
                "status": Status.PROGRESSED, "unproven": False,
            },
            sentence="unequivocal progression",
            source=_recist("non-target lesion response"),
        ),
        Rule(
            "NTL-SAID-PD", State.PROGRESSED,
            when={"size": Size.UNKNOWN, "status": Status.PROGRESSED, "unproven": False},
            sentence="unequivocal progression, not measured",
            source=_recist("non-target lesion response"),
        ),
        Rule(
            "EFF-CYTO", State.PERSISTS,
            when={
                "size": KNOWN, "gone": False,
                "status": Status.PROGRESSED, "unproven": True,
            },
            sentence="persists: larger, but without cytological proof",
            source=_mrecist("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "EFF-SAID-CYTO", State.PERSISTS,
            when={"size": Size.UNKNOWN, "status": Status.PROGRESSED, "unproven": True},
            sentence="persists: larger, but without cytological proof",
            source=_mrecist("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "NTL-PERSISTS", State.PERSISTS,
            when={
                "size": KNOWN, "gone": False,
                "status": {
                    Status.MEASURED, Status.ABSENT, Status.TOO_SMALL, Status.PRESENT,
                    Status.NOT_EVALUABLE,
                },
            },
            sentence="persists ({says})",
            source=_recist("non-target lesion response"),
        ),
        Rule(
            "NTL-SAID", State.PERSISTS,
            when={"size": Size.UNKNOWN, "status": Status.PRESENT},
            sentence="persists, not measured",
            source=_recist("non-target lesion response"),
        ),
    ),
)  # fmt: skip

MRECIST_NONTARGET = DecisionTable(
    "nontarget",
    "Response of the non-target lesions, HCC mRECIST",
    inputs={"worst": State},
    rules=(
        Rule(
            "NT-NONE", NonTarget.NONE,
            when={"worst": State.NONE},
            sentence="this line has no non-target",
            source=sources.NO_NONTARGET,
        ),
        Rule(
            "NT-NO-BASELINE", NonTarget.NE,
            when={"worst": State.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=sources.NO_BASELINE,
        ),
        Rule(
            "NT-CR", NonTarget.CR,
            when={"worst": State.GONE},
            sentence="every non-target is gone",
            source=_mrecist("non-target lesion response", RESTATED),
            readings=(sources.MARKERS,),
        ),
        Rule(
            "NT-IRSD", NonTarget.NON_CR_NON_PD,
            when={"worst": State.PERSISTS},
            sentence="{persisting} still there, none progressed (the paper's IR/SD)",
            source=_mrecist("non-target lesion response", RESTATED),
        ),
        Rule(
            "NT-NE", NonTarget.NE,
            when={"worst": State.NOT_EVALUABLE},
            sentence="{unseen_nontargets} not evaluable, none progressed",
            source=sources.UNSEEN_NONTARGET,
        ),
        Rule(
            "NT-PD", NonTarget.PD,
            when={"worst": State.PROGRESSED},
            sentence="unequivocal progression of {progressed}",
            source=_mrecist("non-target lesion response", RESTATED),
        ),
    ),
)  # fmt: skip

RECIST_NONTARGET = DecisionTable(
    "nontarget",
    "Response of the non-target lesions, RECIST 1.1",
    inputs={"worst": State},
    rules=(
        Rule(
            "R11-OR-15", NonTarget.NONE,
            when={"worst": State.NONE},
            sentence="this line has no non-target",
            source=sources.NO_NONTARGET,
        ),
        Rule(
            "R11-NT-NO-BASELINE", NonTarget.NE,
            when={"worst": State.NO_BASELINE},
            sentence="this line has no baseline to compare with",
            source=sources.NO_BASELINE,
        ),
        Rule(
            "R11-NT-CR", NonTarget.CR,
            when={"worst": State.GONE},
            sentence="every non-target is gone",
            source=_recist("non-target lesion response"),
            readings=(sources.MARKERS,),
        ),
        Rule(
            "R11-NT-NN", NonTarget.NON_CR_NON_PD,
            when={"worst": State.PERSISTS},
            sentence="{persisting} still there, none progressed",
            source=_recist("non-target lesion response"),
        ),
        Rule(
            "R11-NT-NE", NonTarget.NE,
            when={"worst": State.NOT_EVALUABLE},
            sentence="{unseen_nontargets} not evaluable, none progressed",
            source=sources.UNSEEN_NONTARGET,
        ),
        Rule(
            "R11-NT-PD", NonTarget.PD,
            when={"worst": State.PROGRESSED},
            sentence="unequivocal progression of {progressed}",
            source=_recist("non-target lesion response"),
        ),
    ),
)  # fmt: skip

# ---- New lesions: is it there, and is it one

DETECTED = DecisionTable(
    "detected",
    "Whether a lesion that was not known at baseline is detected at a follow-up",
    inputs={
        "recorded": bool, "status": Status, "group": Group, "extent": Extent,
        "strict_hilum": bool, "old_effusion": bool,
    },
    rules=(
        Rule(
            "DT-UNRECORDED", YesNo.NO,
            when={"recorded": False},
            sentence="not recorded",
            source=sources.SILENCE,
        ),
        Rule(
            "DT-NOT-SEEN", YesNo.NO,
            when={"recorded": True, "status": {Status.ABSENT, Status.NOT_EVALUABLE}},
            sentence="not seen",
            source=_recist("new lesions", DERIVED),
        ),
        Rule(
            "DT-ZERO", YesNo.NO,
            when={"recorded": True, "status": SEEN, "extent": Extent.ZERO},
            sentence="nothing of it to measure",
            source=_mrecist("new lesions", DERIVED),
        ),
        Rule(
            "DT-NODE-SMALL", YesNo.NO,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": False,
            },
            sentence="short axis {size}, below {diseased_node}: a normal node",
            source=_recist("abnormal lymph node", VERIFIED, EORTC_FAQ),
        ),
        Rule(
            "LN-HILUM-NEW", YesNo.NO,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.BELOW, "strict_hilum": True,
            },
            sentence="short axis {size}, below {diseased_node}: not taken as malignant at the "
            "porta hepatis",
            source=_mrecist("porta hepatis lymph nodes", DERIVED),
        ),
        Rule(
            "DT-HILUM-UNKNOWN", YesNo.NO,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.UNKNOWN, "strict_hilum": True,
            },
            sentence="a porta hepatis node needs a short axis of {diseased_node}, none is known",
            source=sources.UNKNOWN_NODE,
        ),
        Rule(
            "R11-NL-04", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": False,
            },
            sentence="short axis {size}, {diseased_node} or more",
            source=_recist("abnormal lymph node", VERIFIED, EORTC_FAQ),
            readings=(sources.NODE_CROSSED,),
        ),
        Rule(
            "DT-HILUM", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.ENOUGH, "strict_hilum": True,
            },
            sentence="short axis {size}, {diseased_node} or more at the porta hepatis",
            source=_mrecist("porta hepatis lymph nodes", RESTATED),
            readings=(sources.NODE_CROSSED,),
        ),
        Rule(
            "DT-NODE-SAID", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.NODE,
                "extent": Extent.UNKNOWN, "strict_hilum": False,
            },
            sentence="a node of unknown size that is recorded as there",
            source=sources.UNKNOWN_NODE,
        ),
        Rule(
            "DT-EFFUSION-GREW", YesNo.YES,
            when={
                "recorded": True, "status": Status.PROGRESSED, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "old_effusion": True,
            },
            sentence="an effusion known at baseline without proof that grew",
            source=sources.OLD_EFFUSION,
        ),
        Rule(
            "DT-EFFUSION-SAME", YesNo.NO,
            when={
                "recorded": True,
                "status": {Status.MEASURED, Status.TOO_SMALL, Status.PRESENT},
                "group": Group.EFFUSION, "extent": NOT_ZERO, "old_effusion": True,
            },
            sentence="an effusion known at baseline without proof that did not grow",
            source=sources.OLD_EFFUSION,
        ),
        Rule(
            "DT-EFFUSION", YesNo.YES,
            when={
                "recorded": True, "status": SEEN, "group": Group.EFFUSION,
                "extent": NOT_ZERO, "old_effusion": False,
            },
            sentence="an effusion that was not there at baseline",
            source=_recist("new lesions"),
        ),
        Rule(
            "DT-LESION", YesNo.YES,
            when={"recorded": True, "status": SEEN, "group": Group.OTHER, "extent": NOT_ZERO},
            sentence="seen for the first time",
            source=_recist("new lesions"),
        ),
    ),
)  # fmt: skip

NEW_LESION = DecisionTable(
    "new-lesion",
    "Whether what a time point says makes a candidate a new lesion, from its first detection on",
    inputs={
        "rule": NewRule, "detected": bool, "equivocal": bool, "typical": bool, "large": bool,
        "grown": bool, "proven": bool,
    },
    rules=(
        Rule(
            "NL-HCC-10", Verdict.NEW,
            when={"rule": NewRule.HCC, "large": True, "typical": True},
            sentence="{size}, {new_nodule} or more, with arterial enhancement and washout",
            source=_mrecist("new lesions", RECALLED),
        ),
        Rule(
            "NL-HCC-GROW", Verdict.NEW,
            when={"rule": NewRule.HCC, "grown": True},
            sentence="{size}, {new_nodule_growth} or more above the {first_size} of "
            "{first_date}",
            source=_mrecist("new lesions", RECALLED),
            readings=(sources.GROWTH_FROM_FIRST,),
        ),
        Rule(
            "NL-HCC-BIOPSY", Verdict.NEW,
            when={"rule": NewRule.HCC, "proven": True},
            sentence="positive biopsy",
            source=sources.BIOPSY,
        ),
        Rule(
            "NL-HCC-LT10", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "large": False, "grown": False, "proven": False},
            sentence="a liver nodule under {new_nodule}, or of unknown size, is followed",
            source=_mrecist("new lesions", DERIVED),
        ),
        Rule(
            "NL-HCC-GREY", Verdict.NOT_YET,
            when={"rule": NewRule.HCC, "typical": False, "grown": False, "proven": False},
            sentence="a liver nodule without the typical pattern is followed",
            source=_mrecist("new lesions", RESTATED),
        ),
        Rule(
            "NL-EFF-CYTO", Verdict.NEW,
            when={"rule": NewRule.CYTOLOGY, "proven": True},
            sentence="positive cytology",
            source=_mrecist("pleural effusion and ascites", RESTATED),
            readings=(sources.PROOF_STAYS,),
        ),
        Rule(
            "NL-EFF-UNPROVEN", Verdict.NOT_YET,
            when={"rule": NewRule.CYTOLOGY, "proven": False},
            sentence="an effusion counts only with positive cytology",
            source=_mrecist("pleural effusion and ascites", RESTATED),
        ),
        Rule(
            "R11-NL-01", Verdict.NEW,
            when={"rule": NewRule.UNEQUIVOCAL, "detected": True, "equivocal": False},
            sentence="not flagged equivocal",
            source=_recist("new lesions"),
            readings=(sources.WINDOW,),
        ),
        Rule(
            "R11-NL-02", Verdict.NOT_YET,
            when={"rule": NewRule.UNEQUIVOCAL, "equivocal": True},
            sentence="flagged equivocal",
            source=_recist("new lesions"),
        ),
        Rule(
            "NL-UNSEEN", Verdict.NOT_YET,
            when={"rule": NewRule.UNEQUIVOCAL, "detected": False, "equivocal": False},
            sentence="not seen",
            source=_recist("new lesions", DERIVED),
        ),
    ),
)  # fmt: skip

# ---- The response at a time point

NOT_NEW = {NewLesion.NO, NewLesion.EQUIVOCAL}
NO_PD = {NonTarget.CR, NonTarget.NON_CR_NON_PD, NonTarget.NE, NonTarget.NONE}
_OVERALL_INPUTS = {"target": Target, "nontarget": NonTarget, "new": NewLesion}
_TOGETHER = "target {target}, non-target {nontarget}, new lesion {new}"

MRECIST_OVERALL = DecisionTable(
    "overall",
    "Response at a time point, HCC mRECIST",
    inputs=_OVERALL_INPUTS,
    rules=(
        Rule(
            "OR-01", Response.CR,
            when={
                "target": Target.CR, "nontarget": {NonTarget.CR, NonTarget.NONE}, "new": NOT_NEW,
            },
            sentence=_TOGETHER,
            source=_mrecist("overall response table", RESTATED),
            readings=(sources.NO_NONTARGET,),
        ),
        Rule(
            "OR-02", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_mrecist("overall response table", RESTATED),
        ),
        Rule(
            "R11-OR-03", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("time point response"),
            readings=(sources.NE_ROWS,),
        ),
        Rule(
            "OR-03", Response.PR,
            when={"target": Target.PR, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_mrecist("overall response table", RESTATED),
        ),
        Rule(
            "OR-04", Response.SD,
            when={"target": Target.SD, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_mrecist("overall response table", RESTATED),
        ),
        Rule(
            "R11-OR-06", Response.NE,
            when={"target": Target.NE, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("time point response"),
            readings=(sources.NE_ROWS,),
        ),
        Rule(
            "OR-05", Response.PD,
            when={"target": Target.PD},
            sentence=_TOGETHER,
            source=_mrecist("overall response table", RESTATED),
        ),
        Rule(
            "OR-06", Response.PD,
            when={"nontarget": NonTarget.PD},
            sentence=_TOGETHER,
            source=_mrecist("overall response table", RESTATED),
        ),
        Rule(
            "OR-07", Response.PD,
            when={"new": NewLesion.YES},
            sentence=_TOGETHER,
            source=_mrecist("overall response table", RESTATED),
        ),
        Rule(
            "R11-OR-10", Response.CR,
            when={"target": Target.NONE, "nontarget": NonTarget.CR, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
            readings=(sources.NE_ROWS,),
        ),
        Rule(
            "R11-OR-11", Response.NON_CR_NON_PD,
            when={"target": Target.NONE, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
            readings=(sources.NE_ROWS,),
        ),
        Rule(
            "R11-OR-12", Response.NE,
            when={"target": Target.NONE, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
            readings=(sources.NE_ROWS,),
        ),
        Rule(
            "OR-NED", Response.NED,
            when={"target": Target.NONE, "nontarget": NonTarget.NONE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=sources.NED,
        ),
    ),
)  # fmt: skip

RECIST_OVERALL = DecisionTable(
    "overall",
    "Response at a time point, RECIST 1.1",
    inputs=_OVERALL_INPUTS,
    rules=(
        Rule(
            "R11-OR-01", Response.CR,
            when={
                "target": Target.CR, "nontarget": {NonTarget.CR, NonTarget.NONE}, "new": NOT_NEW,
            },
            sentence=_TOGETHER,
            source=_recist("time point response"),
            readings=(sources.NO_NONTARGET,),
        ),
        Rule(
            "R11-OR-02", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-03", Response.PR,
            when={"target": Target.CR, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-04", Response.PR,
            when={"target": Target.PR, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-05", Response.SD,
            when={"target": Target.SD, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-06", Response.NE,
            when={"target": Target.NE, "nontarget": NO_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-13", Response.PD,
            when={"target": Target.NONE, "nontarget": NonTarget.PD},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
        ),
        Rule(
            "R11-OR-14", Response.PD,
            when={"target": Target.NONE, "new": NewLesion.YES},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
        ),
        Rule(
            "R11-OR-07", Response.PD,
            when={"target": Target.PD},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-08", Response.PD,
            when={"nontarget": NonTarget.PD},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-09", Response.PD,
            when={"new": NewLesion.YES},
            sentence=_TOGETHER,
            source=_recist("time point response"),
        ),
        Rule(
            "R11-OR-10", Response.CR,
            when={"target": Target.NONE, "nontarget": NonTarget.CR, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
        ),
        Rule(
            "R11-OR-11", Response.NON_CR_NON_PD,
            when={"target": Target.NONE, "nontarget": NonTarget.NON_CR_NON_PD, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
        ),
        Rule(
            "R11-OR-12", Response.NE,
            when={"target": Target.NONE, "nontarget": NonTarget.NE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=_recist("non-target disease only"),
        ),
        Rule(
            "R11-OR-NED", Response.NED,
            when={"target": Target.NONE, "nontarget": NonTarget.NONE, "new": NOT_NEW},
            sentence=_TOGETHER,
            source=sources.NED,
        ),
    ),
)  # fmt: skip

# ---- A verdict that a reader reported, beside the computed one

UNGRADED = {Response.NE, Response.NED, Response.NON_CR_NON_PD}
GRADED = set(Response) - UNGRADED
NOT_NE = set(Response) - {Response.NE}

REPORTED = DecisionTable(
    "reported",
    "What a reported verdict does beside the computed one",
    inputs={"given": bool, "computed": Response, "reported": Response, "same": bool},
    rules=(
        Rule(
            "REP-NONE", Standing.ALONE,
            when={"given": False},
            sentence="no reported verdict",
            source=sources.STAND_IN,
        ),
        Rule(
            "REP-STANDS-IN", Standing.STANDS_IN,
            when={"given": True, "computed": UNGRADED, "reported": NOT_NE},
            sentence="the reported {reported} stands in, as the rules reach no graded verdict "
            "({computed})",
            source=sources.STAND_IN,
        ),
        Rule(
            "REP-AGREES", Standing.AGREES,
            when={"given": True, "computed": GRADED, "same": True},
            sentence="the reported {reported} agrees",
            source=sources.STAND_IN,
        ),
        Rule(
            "REP-DIFFERS", Standing.DIFFERS,
            when={"given": True, "computed": GRADED, "same": False},
            sentence="the reported {reported} differs from the computed {computed}, which holds",
            source=sources.STAND_IN,
        ),
        Rule(
            "REP-NE-AGREES", Standing.AGREES,
            when={"given": True, "computed": UNGRADED, "reported": Response.NE, "same": True},
            sentence="the reported NE agrees",
            source=sources.STAND_IN,
        ),
        Rule(
            "REP-NE-DIFFERS", Standing.DIFFERS,
            when={"given": True, "computed": UNGRADED, "reported": Response.NE, "same": False},
            sentence="the reported NE never stands in; the computed {computed} holds",
            source=sources.STAND_IN,
        ),
    ),
)  # fmt: skip

# ---- Recurrence: what a response means for the time points after it

RECURRENCE = DecisionTable(
    "recurrence",
    "Whether disease at the next time point is a recurrence",
    inputs={"response": Response},
    rules=(
        Rule(
            "BOR-09", Watch.ON,
            when={"response": Response.CR},
            sentence="after complete response any disease is a recurrence",
            source=_recist("recurrence after complete response"),
            readings=(sources.AFTER_CR,),
        ),
        Rule(
            "BOR-09-NE", Watch.UNCHANGED,
            when={"response": Response.NE},
            sentence="a time point that is not evaluable changes nothing",
            source=_recist("recurrence after complete response", DERIVED),
        ),
        Rule(
            "BOR-09-OFF", Watch.OFF,
            when={
                "response": {
                    Response.PR, Response.SD, Response.NON_CR_NON_PD, Response.PD, Response.NED,
                    Response.ND,
                },
            },
            sentence="not in complete response",
            source=_recist("recurrence after complete response", DERIVED),
        ),
    ),
)  # fmt: skip

STILL_THERE = frozenset({State.PERSISTS, State.PROGRESSED})
"""What a non-target is when it counts as a recurrence after complete response."""

DOUBTFUL_AFTER_CR = frozenset({Response.PR, Response.SD})
"""Reported verdicts that do not go with a reported CR before them (Reading RD-AFTER-CR)."""

OBJECTIVE = frozenset({Response.CR, Response.PR})
"""Best responses that are an objective response: the numerator of the objective response rate.

RECIST 1.1's response rate, from memory: of all patients in the analysis set, the others count as
non-responders, also those who cannot be evaluated (TTE-ORR).
"""

ADEQUATE = frozenset(Response) - {Response.NE, Response.ND}
"""The responses of an adequate assessment (Reading RD-ADEQUATE)."""

CONTROLLED = OBJECTIVE | {Response.SD, Response.NON_CR_NON_PD}
"""Best responses that are disease control: the numerator of the disease control rate.

Response or stable disease that lasted long enough (TTE-DCR). Without targets NON-CR/NON-PD takes
the place of SD; protocols differ in whether it counts, and it does as in admiralonco's clinical
benefit. No evidence of disease (NED) is not counted: there was none to control.
"""

RESPONSE_GROUPS: Mapping[str, frozenset[Response]] = MappingProxyType(
    {
        "CR/PR": OBJECTIVE,
        "SD": frozenset({Response.SD}),
        "PD": frozenset({Response.PD}),
        "other": frozenset(Response) - OBJECTIVE - {Response.SD, Response.PD},
    }
)
"""The best responses before, by which those to a rechallenge are told (RD-FIRST-RESPONSES)."""

# ---- The best response of a line: what occurred up to the first progression, best first

_BEST_INPUTS = {
    "cr": bool, "pr": bool, "sd": bool, "nn": bool, "ned": bool, "pd": bool, "any": bool,
}  # fmt: skip
_BOR = _recist("best overall response")
_BOR_CODE = _recist("best overall response without confirmation", VERIFIED, ADMIRALONCO)
_CBOR_CODE = _recist("confirmed best overall response", VERIFIED, ADMIRALONCO)
_NONE_BETTER = {"cr": False, "pr": False, "sd": False, "nn": False, "ned": False}

BEST = DecisionTable(
    "best",
    "Best response of a line, each time point counting by itself",
    inputs=_BEST_INPUTS,
    rules=(
        Rule(
            "BOR-05-CR", Response.CR,
            when={"cr": True},
            sentence="CR on day {cr_day}",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-PR", Response.PR,
            when={"cr": False, "pr": True},
            sentence="PR on day {pr_day}",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-04-SD", Response.SD,
            when={"cr": False, "pr": False, "sd": True},
            sentence="SD on day {sd_day} (day {stable_days} or later)",
            source=_BOR,
            readings=(sources.STABLE_42,),
        ),
        Rule(
            "BOR-04-NN", Response.NON_CR_NON_PD,
            when={"cr": False, "pr": False, "sd": False, "nn": True},
            sentence="NON-CR/NON-PD on day {nn_day} (day {stable_days} or later)",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-NED", Response.NED,
            when={"cr": False, "pr": False, "sd": False, "nn": False, "ned": True},
            sentence="no evidence of disease, on day {ned_day}",
            source=sources.NED,
        ),
        Rule(
            "BOR-05-PD", Response.PD,
            when={**_NONE_BETTER, "pd": True},
            sentence="progression on day {pd_day}, and no response or stable disease that "
            "counts before",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-NE", Response.NE,
            when={**_NONE_BETTER, "pd": False, "any": True},
            sentence="nothing that counts at any follow-up",
            source=_BOR_CODE,
        ),
        Rule(
            "BOR-05-ND", Response.ND,
            when={**_NONE_BETTER, "pd": False, "any": False},
            sentence="no follow-up",
            source=_BOR_CODE,
        ),
    ),
)  # fmt: skip

CONFIRMED = DecisionTable(
    "confirmed",
    "Best response of a line, CR and PR only when confirmed",
    inputs=_BEST_INPUTS,
    rules=(
        Rule(
            "BOR-03-CR", Response.CR,
            when={"cr": True},
            sentence="CR on day {cr_day}, confirmed on day {cr_confirmed}, "
            "{confirmation_days} or more later",
            source=_CBOR_CODE,
            readings=(sources.NO_LATEST,),
        ),
        Rule(
            "BOR-03-PR", Response.PR,
            when={"cr": False, "pr": True},
            sentence="PR on day {pr_day}, confirmed on day {pr_confirmed}, "
            "{confirmation_days} or more later",
            source=_CBOR_CODE,
            readings=(sources.NO_LATEST,),
        ),
        Rule(
            "BOR-T-SD", Response.SD,
            when={"cr": False, "pr": False, "sd": True},
            sentence="CR, PR or SD on day {sd_day} (day {stable_days} or later); no response was "
            "confirmed",
            source=_BOR,
            readings=(sources.STABLE_42,),
        ),
        Rule(
            "BOR-T-NN", Response.NON_CR_NON_PD,
            when={"cr": False, "pr": False, "sd": False, "nn": True},
            sentence="NON-CR/NON-PD on day {nn_day} (day {stable_days} or later)",
            source=_CBOR_CODE,
        ),
        Rule(
            "BOR-T-NED", Response.NED,
            when={"cr": False, "pr": False, "sd": False, "nn": False, "ned": True},
            sentence="no evidence of disease, on day {ned_day}",
            source=sources.NED,
        ),
        Rule(
            "BOR-T-PD", Response.PD,
            when={**_NONE_BETTER, "pd": True},
            sentence="progression on day {pd_day}, and no response or stable disease that "
            "counts before",
            source=_CBOR_CODE,
        ),
        Rule(
            "BOR-T-NE", Response.NE,
            when={**_NONE_BETTER, "pd": False, "any": True},
            sentence="nothing confirmed, and nothing stable on day {stable_days} or later",
            source=_CBOR_CODE,
        ),
        Rule(
            "BOR-T-ND", Response.ND,
            when={**_NONE_BETTER, "pd": False, "any": False},
            sentence="no follow-up",
            source=_CBOR_CODE,
        ),
    ),
)  # fmt: skip

# ---- What a line is to its agents

_VOCABULARY = REEXPOSURE_REVIEW_2022.at("words for re-exposure, there of immunotherapy", DERIVED)

EXPOSURE = DecisionTable(
    "exposure",
    "What a line is, given the earlier lines with one of its agents",
    inputs={"again": bool, "recorded": bool, "reason": EndReason, "progressed": bool},
    rules=(
        Rule(
            "RC-FIRST", Exposure.FIRST,
            when={"again": False},
            sentence="no earlier line had one of its agents",
            source=_VOCABULARY,
        ),
        Rule(
            "RC-RECHALLENGE", Exposure.RECHALLENGE,
            when={"again": True, "recorded": True, "reason": EndReason.PROGRESSION},
            sentence="{agents} again after progression in line {earlier}",
            source=_VOCABULARY,
        ),
        Rule(
            "RC-RECHALLENGE-PD", Exposure.RECHALLENGE,
            when={"again": True, "recorded": False, "progressed": True},
            sentence="{agents} again after computed progression in line {earlier}",
            source=sources.ENDED,
        ),
        Rule(
            "RC-RESUMPTION", Exposure.RESUMPTION,
            when={"again": True, "recorded": True, "reason": EndReason.TOXICITY},
            sentence="{agents} again after toxicity in line {earlier}",
            source=_VOCABULARY,
        ),
        Rule(
            "RC-REINTRO", Exposure.REINTRODUCTION,
            when={
                "again": True, "recorded": True,
                "reason": {EndReason.COMPLETED, EndReason.CHOICE, EndReason.OTHER},
            },
            sentence="{agents} again, after line {earlier} ended without progression or toxicity",
            source=sources.EXPOSURE_WORDS,
        ),
        Rule(
            "RC-REINTRO-UNKNOWN", Exposure.REINTRODUCTION,
            when={"again": True, "recorded": False, "progressed": False},
            sentence="{agents} again; why line {earlier} ended is not recorded",
            source=sources.EXPOSURE_WORDS,
        ),
    ),
)  # fmt: skip

# ---- Where a line of therapy begins

BEGINNING = DecisionTable(
    "beginning",
    "Whether a line of therapy begins on a day on which something is given",
    inputs={
        "first": bool, "newcomers": Newcomers, "goes_on": bool, "pause": Pause, "progressed": bool,
    },
    rules=(
        Rule(
            "LINE-10-FIRST", Beginning.FIRST,
            when={"first": True},
            sentence="nothing was given before",
            source=sources.LINE_BOUNDARY,
        ),
        Rule(
            "LINE-10-REGIMEN", Beginning.REGIMEN,
            when={"first": False, "newcomers": Newcomers.UNPLANNED, "goes_on": False},
            sentence="{newcomers}, which the line before did not have",
            source=sources.LINE_BOUNDARY,
        ),
        Rule(
            "LINE-10-ADDED", Beginning.ADDED,
            when={"first": False, "newcomers": Newcomers.UNPLANNED, "goes_on": True},
            sentence="{newcomers} added to {going_on}",
            source=sources.LINE_BOUNDARY,
            readings=(sources.JOINT_START,),
        ),
        Rule(
            "LINE-10-GAP", Beginning.GAP,
            when={
                "first": False, "newcomers": {Newcomers.NONE, Newcomers.PLANNED},
                "pause": Pause.GAP,
            },
            sentence="{again} again after {days} days without it, more than {max_gap_days}",
            source=sources.LINE_BOUNDARY,
        ),
        Rule(
            "LINE-10-PD", Beginning.PROGRESSION,
            when={
                "first": False, "newcomers": {Newcomers.NONE, Newcomers.PLANNED},
                "pause": Pause.HOLD, "progressed": True,
            },
            sentence="{again} again after documented progression",
            source=sources.LINE_BOUNDARY,
            readings=(sources.RESTART,),
        ),
        Rule(
            "LINE-10-JOINT", Beginning.SAME,
            when={"first": False, "newcomers": Newcomers.PLANNED, "pause": Pause.NONE},
            sentence="{newcomers} joins the regimen",
            source=sources.JOINT_START,
        ),
        Rule(
            "LINE-10-PLANNED", Beginning.SAME,
            when={
                "first": False, "newcomers": Newcomers.PLANNED, "pause": Pause.HOLD,
                "progressed": False,
            },
            sentence="{newcomers} joins the regimen after a hold",
            source=sources.JOINT_START,
        ),
        Rule(
            "LINE-08-DOSE", Beginning.SAME,
            when={"first": False, "newcomers": Newcomers.NONE, "pause": Pause.NONE},
            sentence="a dose of the regimen, which goes on",
            source=IKEDA_2021.at("doses of lenvatinib and sorafenib in lines 1 and 2", DERIVED),
            readings=(sources.DROPPED,),
        ),
        Rule(
            "LINE-08-HOLD", Beginning.SAME,
            when={
                "first": False, "newcomers": Newcomers.NONE, "pause": Pause.HOLD,
                "progressed": False,
            },
            sentence="the regimen again after a hold",
            source=IKEDA_2021.at("lenvatinib held for two weeks in line 1", VERIFIED),
        ),
    ),
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Rulebook:
    """The tables in which criteria may differ; all the others are common to them."""

    target: DecisionTable[Target]
    nontarget: DecisionTable[NonTarget]
    overall: DecisionTable[Response]
    new_lesion: DecisionTable[Verdict] = NEW_LESION


MRECIST_RULES = Rulebook(
    target=MRECIST_TARGET, nontarget=MRECIST_NONTARGET, overall=MRECIST_OVERALL
)
MRECIST_5MM_RULES = attrs.evolve(MRECIST_RULES, target=MRECIST_5MM_TARGET)
RECIST_RULES = Rulebook(target=RECIST_TARGET, nontarget=RECIST_NONTARGET, overall=RECIST_OVERALL)

TABLES: Mapping[str, tuple[DecisionTable[Any], ...]] = MappingProxyType(
    {
        "size": (SIZE,),
        "baseline": (BASELINE,),
        "target-fit": (TARGET_FIT,),
        "target": (MRECIST_TARGET, MRECIST_5MM_TARGET, RECIST_TARGET),
        "nontarget-lesion": (NONTARGET_LESION,),
        "nontarget": (MRECIST_NONTARGET, RECIST_NONTARGET),
        "detected": (DETECTED,),
        "new-lesion": (NEW_LESION,),
        "overall": (MRECIST_OVERALL, RECIST_OVERALL),
        "reported": (REPORTED,),
        "recurrence": (RECURRENCE,),
        "best": (BEST,),
        "confirmed": (CONFIRMED,),
        "exposure": (EXPOSURE,),
        "compartment": (COMPARTMENT,),
        "pattern": (PATTERN,),
        "pattern-dominant": (DOMINANT,),
        "pattern-vein": (INVASION,),
        "pattern-bclc": (UPON_PROGRESSION,),
        "beginning": (BEGINNING,),
        "situation": (SITUATION,),
        "growth": (GROWTH,),
        "marker-imaging": (DISCORDANCE,),
        "marker-flare": (FLARE,),
    }
)
"""Every table by name, one for each criteria that has its own."""

OURS.update((table.title, table) for tables in TABLES.values() for table in tables)
