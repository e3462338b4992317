"""What a finding says about the size of a lesion."""

from __future__ import annotations

from .._base.words import (
    Extent,
    Measure,
    Size,
    Status,
)
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import (
    RESTATED,
    VERIFIED,
    mrecist_at,
    recist_at,
)

__all__ = ["SIZE"]


# ---- What a finding says about size

SAYS_A_SIZE = {Status.MEASURED, Status.PRESENT, Status.PROGRESSED}

SIZE = DecisionTable(
    "size",
    "What a finding says about the size of a lesion",
    inputs={
        "status": Status, "measure": Measure, "arterial": bool, "sized": bool,
    },
    rules=(
        Rule(
            "SZ-NE", Size.NOT_EVALUABLE,
            when={"status": Status.NOT_EVALUABLE},
            sentence="recorded as not evaluable",
            source=recist_at("time point response", VERIFIED),
        ),
        Rule(
            "MEAS-14", Size.NOT_EVALUABLE,
            when={"measure": Measure.VIABLE, "arterial": False},
            sentence="viable diameter cannot be read without an arterial phase",
            source=mrecist_at("image acquisition", RESTATED),
        ),
        Rule(
            "MV-14", Size.ZERO,
            when={
                "status": Status.ABSENT,
                "measure": Measure.VIABLE, "arterial": True,
            },
            sentence="no enhancement left",
            source=mrecist_at("target lesion response", RESTATED),
        ),
        Rule(
            "R11-TS-01-ABSENT", Size.ZERO,
            when={
                "status": Status.ABSENT,
                "measure": {Measure.LONGEST, Measure.SHORT},
            },
            sentence="absent",
            source=recist_at("target lesions that disappear", RESTATED),
        ),
        Rule(
            "R11-TS-01", Size.SMALL,
            when={
                "status": Status.TOO_SMALL,
                "measure": {Measure.LONGEST, Measure.SHORT},
            },
            sentence="too small to measure, counted as {size}",
            source=recist_at("target lesions too small to measure"),
            readings=(readings.TOO_SMALL,),
        ),
        Rule(
            "MV-14-SMALL", Size.SMALL,
            when={
                "status": Status.TOO_SMALL,
                "measure": Measure.VIABLE, "arterial": True,
            },
            sentence="too small to measure, counted as {size}",
            source=readings.FIVE_MM,
            readings=(readings.TOO_SMALL,),
        ),
        Rule(
            "MV-10", Size.RECORDED,
            when={
                "status": SAYS_A_SIZE, "measure": Measure.VIABLE,
                "arterial": True, "sized": True,
            },
            sentence="{measure} {size}",
            source=mrecist_at("target lesion response", RESTATED),
            readings=(readings.SEGMENT, readings.SLICES),
        ),
        Rule(
            "R11-MEAS-01", Size.RECORDED,
            when={
                "status": SAYS_A_SIZE, "measure": Measure.LONGEST,
                "sized": True,
            },
            sentence="{measure} {size}",
            source=recist_at("measurable disease"),
            readings=(readings.SLICES,),
        ),
        Rule(
            "R11-TS-02", Size.RECORDED,
            when={
                "status": SAYS_A_SIZE, "measure": Measure.SHORT, "sized": True,
            },
            sentence="{measure} {size}",
            source=recist_at("lymph nodes"),
        ),
        Rule(
            "SZ-UNKNOWN", Size.UNKNOWN,
            when={
                "status": SAYS_A_SIZE, "measure": Measure.VIABLE,
                "arterial": True, "sized": False,
            },
            sentence="{status}, no {measure} recorded",
            source=readings.NO_STAND_IN,
        ),
        Rule(
            "SZ-UNKNOWN-WHOLE", Size.UNKNOWN,
            when={
                "status": SAYS_A_SIZE,
                "measure": {Measure.LONGEST, Measure.SHORT}, "sized": False,
            },
            sentence="{status}, no {measure} recorded",
            source=readings.NO_STAND_IN,
        ),
    ),
)  # fmt: skip

# ---- What a lesion is at the baseline of a line

SHOWN = frozenset(Status) - {Status.ABSENT, Status.NOT_EVALUABLE}
"""What a lesion is recorded as at a time point that may be a baseline (Reading RD-BASELINE)."""

SEEN = {Status.MEASURED, Status.TOO_SMALL, Status.PRESENT, Status.PROGRESSED}
NOT_ZERO = {Extent.UNKNOWN, Extent.BELOW, Extent.ENOUGH}

# ---- Non-target lesions: each by itself, then all of them by the one that ranks highest

KNOWN = {Size.ZERO, Size.SMALL, Size.RECORDED, Size.MERGED}
