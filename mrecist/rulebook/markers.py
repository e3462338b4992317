"""What marker and imaging say together, and what an early rise comes to, as decision tables.

Case analysis only: the cuts are in `laboratory/marker_rules.py`. Nothing here takes part in a
verdict.
"""

from __future__ import annotations

from .._base.words import Discordance, Flare, Imaging, Met, Move, Response
from . import readings
from .decision_table import DecisionTable, Rule
from .papers import IKEDA_2021, Evidence

__all__ = ["DISCORDANCE", "DISCORDANT", "FLARE", "IMAGING"]

# ---- Marker and imaging at one time point

_NO_RESPONSE_BEFORE = {Met.NOT_MET, Met.NOT_APPLICABLE}
_SEED = IKEDA_2021.at("AFP and imaging of the lines", Evidence.DERIVED)

DISCORDANCE = DecisionTable(
    "marker-imaging",
    "Whether a marker and imaging agree at a time point",
    inputs={"imaging": Imaging, "now": Move, "before": Met},
    rules=(
        Rule(
            "AFP-NOTPD-NE", Discordance.NOT_JUDGED,
            when={"imaging": Imaging.NOT_JUDGED},
            sentence="imaging is {response}: nothing to compare with",
            source=readings.MARKER_DISCORDANCE,
        ),
        Rule(
            "AFP-NOTPD-FALLEN", Discordance.FALLEN_AT_PD,
            when={"imaging": Imaging.PROGRESSED, "now": Move.FELL},
            sentence="imaging progressed with {value}, {change} from the reference",
            source=_SEED, readings=(readings.MARKER_DISCORDANCE,),
        ),
        Rule(
            "AFP-NOTPD-BEFORE", Discordance.FELL_BEFORE_PD,
            when={
                "imaging": Imaging.PROGRESSED,
                "now": {Move.NEITHER, Move.ROSE, Move.UNKNOWN}, "before": Met.MET,
            },
            sentence="imaging progressed after a marker response ({earlier}); now {value}, "
            "{change} from the reference",
            source=_SEED, readings=(readings.MARKER_DISCORDANCE,),
        ),
        Rule(
            "AFP-NOTPD-BOTH-UP", Discordance.AGREE,
            when={
                "imaging": Imaging.PROGRESSED, "now": Move.ROSE, "before": _NO_RESPONSE_BEFORE,
            },
            sentence="imaging progressed and {value} is {change} from the reference",
            source=readings.MARKER_DISCORDANCE,
        ),
        Rule(
            "AFP-NOTPD-PD-ALONE", Discordance.NEITHER,
            when={
                "imaging": Imaging.PROGRESSED, "now": Move.NEITHER, "before": _NO_RESPONSE_BEFORE,
            },
            sentence="imaging progressed; {value} is {change} from the reference, within the cuts",
            source=readings.MARKER_DISCORDANCE,
        ),
        Rule(
            "AFP-NOTPD-PD-UNKNOWN", Discordance.UNDETERMINED,
            when={
                "imaging": Imaging.PROGRESSED, "now": Move.UNKNOWN, "before": _NO_RESPONSE_BEFORE,
            },
            sentence="imaging progressed; how the marker moved is not known ({value})",
            source=readings.MARKER_LIMIT,
        ),
        Rule(
            "AFP-NOTPD-BEFORE-UNKNOWN", Discordance.UNDETERMINED,
            when={
                "imaging": Imaging.PROGRESSED,
                "now": {Move.NEITHER, Move.ROSE, Move.UNKNOWN}, "before": Met.UNDETERMINED,
            },
            sentence="imaging progressed; whether the marker responded before is not known "
            "({value})",
            source=readings.MARKER_LIMIT,
        ),
        Rule(
            "AFP-NOTPD-ROSE", Discordance.ROSE_WITHOUT_PD,
            when={"imaging": Imaging.NOT_PROGRESSED, "now": Move.ROSE},
            sentence="imaging is {response} with {value}, {change} from the reference",
            source=readings.MARKER_DISCORDANCE,
        ),
        Rule(
            "AFP-NOTPD-BOTH-DOWN", Discordance.AGREE,
            when={"imaging": Imaging.NOT_PROGRESSED, "now": Move.FELL},
            sentence="imaging is {response} and {value} is {change} from the reference",
            source=readings.MARKER_DISCORDANCE,
        ),
        Rule(
            "AFP-NOTPD-STILL", Discordance.NEITHER,
            when={"imaging": Imaging.NOT_PROGRESSED, "now": Move.NEITHER},
            sentence="imaging is {response}; {value} is {change} from the reference, within the "
            "cuts",
            source=readings.MARKER_DISCORDANCE,
        ),
        Rule(
            "AFP-NOTPD-UNKNOWN", Discordance.UNDETERMINED,
            when={"imaging": Imaging.NOT_PROGRESSED, "now": Move.UNKNOWN},
            sentence="imaging is {response}; how the marker moved is not known ({value})",
            source=readings.MARKER_LIMIT,
        ),
    ),
)  # fmt: skip

DISCORDANT = frozenset(
    {Discordance.FALLEN_AT_PD, Discordance.FELL_BEFORE_PD, Discordance.ROSE_WITHOUT_PD}
)
"""The verdicts by which marker and imaging disagree."""

IMAGING = {
    Response.PD: Imaging.PROGRESSED,
    Response.NE: Imaging.NOT_JUDGED,
    Response.ND: Imaging.NOT_JUDGED,
}
"""What a response is to one who compares; any that is not named here did not progress."""


# ---- An early rise, and what came of it

FLARE = DecisionTable(
    "marker-flare",
    "Whether an early rise of a marker was passing",
    inputs={"rose": Met, "later": bool, "below": Met},
    rules=(
        Rule(
            "AFP-FLARE-NONE", Flare.NO_RISE,
            when={"rose": Met.NOT_MET},
            sentence="no value of the first {early} days lies above the reference {reference}",
            source=readings.MARKER_FLARE,
        ),
        Rule(
            "AFP-FLARE-WAIT", Flare.NEXT_VALUE_NEEDED,
            when={"rose": Met.MET, "later": False},
            sentence="{risen} lies above the reference {reference}; one value alone is not called "
            "marker progression",
            source=readings.MARKER_FLARE,
        ),
        Rule(
            "AFP-FLARE", Flare.FLARE,
            when={"rose": Met.MET, "later": True, "below": Met.MET},
            sentence="{risen} rose above the reference {reference}, and a later value fell below "
            "it",
            source=readings.MARKER_FLARE,
        ),
        Rule(
            "AFP-FLARE-STANDS", Flare.STANDS,
            when={"rose": Met.MET, "later": True, "below": {Met.NOT_MET, Met.NOT_APPLICABLE}},
            sentence="{risen} rose above the reference {reference}, and no later value fell below "
            "it",
            source=readings.MARKER_FLARE,
        ),
        Rule(
            "AFP-FLARE-LIMIT", Flare.UNDETERMINED,
            when={"rose": Met.MET, "later": True, "below": Met.UNDETERMINED},
            sentence="{risen} rose above the reference {reference}; whether a later value fell "
            "below it is not known",
            source=readings.MARKER_LIMIT,
        ),
        Rule(
            "AFP-FLARE-UNKNOWN", Flare.UNDETERMINED,
            when={"rose": {Met.UNDETERMINED, Met.NOT_APPLICABLE}},
            sentence="whether a value of the first {early} days lies above the reference "
            "{reference} is not known",
            source=readings.MARKER_FLARE, readings=(readings.MARKER_LIMIT,),
        ),
    ),
)  # fmt: skip
