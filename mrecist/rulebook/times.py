"""The tables of times to events: which situation a policy decides on, and the growth of a line.

What a policy says of each situation stands in `policies.py`.
"""

from __future__ import annotations

from .._base.words import EndReason, First, Growth, Situation, Stopped
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import BONETTI_2001, Evidence

__all__ = ["CLINICAL_STOPS", "GROWTH", "SITUATION"]

# ---- which situation it is

SITUATION: DecisionTable[Situation] = DecisionTable(
    "situation",
    "Which situation a policy has to decide on",
    inputs={
        "first": First, "gap": bool, "assessed": bool, "baseline": bool, "switched": bool,
        "stopped": Stopped,
    },
    rules=(
        Rule(
            "SIT-PD", Situation.PROGRESSION,
            when={"first": First.PROGRESSION, "gap": False},
            sentence="progression was the first to come",
            source=readings.MISSED,
        ),
        Rule(
            "SIT-PD-GAP", Situation.PROGRESSION_AFTER_GAP,
            when={"first": First.PROGRESSION, "gap": True},
            sentence="progression came after assessments were missed",
            source=readings.MISSED,
        ),
        Rule(
            "SIT-DEATH", Situation.DEATH,
            when={"first": First.DEATH, "gap": False, "assessed": True},
            sentence="death was the first to come",
            source=readings.MISSED,
        ),
        Rule(
            "SIT-DEATH-EARLY", Situation.DEATH_UNASSESSED,
            when={"first": First.DEATH, "gap": False, "assessed": False},
            sentence="death came before any adequate assessment",
            source=readings.ADEQUATE,
        ),
        Rule(
            "SIT-DEATH-GAP", Situation.DEATH_AFTER_GAP,
            when={"first": First.DEATH, "gap": True},
            sentence="death came after assessments were missed",
            source=readings.MISSED,
        ),
        Rule(
            "SIT-CLINICAL", Situation.CLINICAL_PROGRESSION,
            when={"first": First.CLINICAL},
            sentence="the line was stopped for progression that no image shows",
            source=readings.OFF_TREATMENT,
            readings=(readings.DETERIORATION,),
        ),
        Rule(
            "SIT-NEW", Situation.NEW_THERAPY,
            when={"first": First.NEW_THERAPY},
            sentence="new therapy was the first to come",
            source=readings.SWITCH_DAY,
        ),
        Rule(
            "SIT-NO-BASELINE", Situation.NO_BASELINE,
            when={"first": First.NOTHING, "baseline": False},
            sentence="the line has no baseline, and no reported verdict stands for one",
            source=readings.NO_BASELINE,
        ),
        Rule(
            "SIT-UNASSESSED", Situation.NO_ASSESSMENT,
            when={"first": First.NOTHING, "baseline": True, "assessed": False},
            sentence="no adequate assessment follows the baseline",
            source=readings.ADEQUATE,
        ),
        Rule(
            "SIT-SWITCHED", Situation.NEW_THERAPY,
            when={"first": First.NOTHING, "baseline": True, "assessed": True, "switched": True},
            sentence="new therapy ended the follow-up",
            source=readings.SWITCH_DAY,
        ),
        Rule(
            "SIT-STOPPED-PD", Situation.CLINICAL_PROGRESSION,
            when={
                "first": First.NOTHING, "baseline": True, "assessed": True, "switched": False,
                "stopped": Stopped.CLINICAL,
            },
            sentence="the line was stopped for progression that no image shows",
            source=readings.OFF_TREATMENT,
            readings=(readings.DETERIORATION,),
        ),
        Rule(
            "SIT-STOPPED", Situation.STOPPED,
            when={
                "first": First.NOTHING, "baseline": True, "assessed": True, "switched": False,
                "stopped": Stopped.OTHERWISE,
            },
            sentence="the line was stopped, and nothing has happened since",
            source=readings.OFF_TREATMENT,
        ),
        Rule(
            "SIT-ONGOING", Situation.ONGOING,
            when={
                "first": First.NOTHING, "baseline": True, "assessed": True, "switched": False,
                "stopped": Stopped.NO,
            },
            sentence="nothing has happened yet",
            source=readings.ADEQUATE,
        ),
    ),
)  # fmt: skip

CLINICAL_STOPS = frozenset({EndReason.PROGRESSION, EndReason.DETERIORATION})
"""End reasons that are clinical progression where no image shows one (Reading RD-DETERIORATION)."""

# ---- whether a line held longer than the one before

GROWTH: DecisionTable[Growth] = DecisionTable(
    "growth",
    "Growth modulation index: time to progression over that of the line before",
    inputs={"event": bool, "event_before": bool, "reached": bool},
    rules=(
        Rule(
            "TTE-GMI", Growth.MET,
            when={"event": True, "event_before": True, "reached": True},
            sentence="{ratio} reaches {threshold}",
            source=BONETTI_2001.at("growth modulation index", Evidence.RESTATED),
        ),
        Rule(
            "TTE-GMI-BELOW", Growth.NOT_MET,
            when={"event": True, "event_before": True, "reached": False},
            sentence="{ratio} is below {threshold}",
            source=BONETTI_2001.at("growth modulation index", Evidence.RESTATED),
        ),
        Rule(
            "TTE-GMI-LOWER", Growth.MET,
            when={"event": False, "event_before": True, "reached": True},
            sentence="the later time is censored: {ratio}, which reaches {threshold}",
            source=readings.GROWTH_BOUND,
        ),
        Rule(
            "TTE-GMI-OPEN", Growth.UNDETERMINED,
            when={"event": False, "event_before": True, "reached": False},
            sentence="the later time is censored: {ratio}, and {threshold} is not reached yet",
            source=readings.GROWTH_BOUND,
        ),
        Rule(
            "TTE-GMI-BEFORE", Growth.UNDETERMINED,
            when={"event": True, "event_before": False},
            sentence="the earlier time is censored: {ratio}",
            source=readings.GROWTH_BOUND,
        ),
        Rule(
            "TTE-GMI-BOTH", Growth.UNDETERMINED,
            when={"event": False, "event_before": False},
            sentence="both times are censored",
            source=readings.GROWTH_BOUND,
        ),
    ),
)  # fmt: skip
