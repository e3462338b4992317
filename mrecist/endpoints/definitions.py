"""What each time to event runs from and to, with its source."""

from __future__ import annotations

from collections.abc import Mapping

from .._base.words import Effect
from ..rulebook import readings
from ..rulebook.papers import ENDPOINT_TABLE, Evidence
from ..rulebook.policies import Clause

__all__ = ["DEFINITIONS", "OF_EVERY_LINE", "TIMES"]


def _defined(id: str, effect: Effect, sentence: str, evidence: Evidence) -> Clause:
    return Clause(id, effect, sentence, ENDPOINT_TABLE.at("definition of the endpoint", evidence))


_KNOWN = "censored on the last day known, {end}"

OS = (
    Clause("TTE-OS", Effect.EVENT, "death on {first}", readings.LINE_START),
    Clause("TTE-OS", Effect.KNOWN, f"alive: {_KNOWN}", readings.LINE_START),
)
SINCE_PROGRESSION = (
    Clause("TTE-PPS", Effect.EVENT, "death on {first}", readings.SINCE_PROGRESSION),
    Clause("TTE-PPS", Effect.KNOWN, f"alive: {_KNOWN}", readings.SINCE_PROGRESSION),
)
TREATED = (
    Clause("TTE-TOT", Effect.EVENT, "stopped on {first}", readings.LINE_START),
    Clause("TTE-TOT", Effect.EVENT, "treated until death on {first}", readings.UNSTOPPED),
    Clause("TTE-TOT", Effect.EVENT, "no stop recorded; the next line began on {first}",
           readings.UNSTOPPED),
    Clause("TTE-TOT", Effect.KNOWN, f"no stop recorded: {_KNOWN}", readings.UNSTOPPED),
)  # fmt: skip
NEXT_TREATMENT = (
    Clause("TTE-TTNT", Effect.EVENT, "the next line began on {first}", readings.LINE_START),
    Clause("TTE-TTNT", Effect.EVENT, "death on {first} before any next line", readings.TTNT_DEATH),
    Clause("TTE-TTNT", Effect.KNOWN, f"no next line: {_KNOWN}", readings.LINE_START),
)
FAILURE = (
    Clause("TTE-TTF", Effect.EVENT, "progression on {first}", readings.FAILURE_PD),
    _defined("TTE-TTF", Effect.EVENT, "stopped on {first}", Evidence.VERIFIED),
    _defined("TTE-TTF", Effect.EVENT, "death on {first}", Evidence.VERIFIED),
    Clause("TTE-TTF", Effect.EVENT, "no stop recorded; the next line began on {first}",
           readings.UNSTOPPED),
    _defined("TTE-TTF", Effect.KNOWN, f"not failed: {_KNOWN}", Evidence.VERIFIED),
)  # fmt: skip
TO_RESPONSE = (
    Clause("TTE-TTR", Effect.EVENT, "response first met on {end}", readings.TO_RESPONSE),
)
WITHOUT_NEXT = (
    Clause("TTE-PFS2", Effect.EVENT, "death on {first} without a next line", readings.PFS2_NEXT),
    Clause("TTE-PFS2", Effect.KNOWN, f"no next line: {_KNOWN}", readings.PFS2_NEXT),
)

DEFINITIONS = (
    *OS,
    *SINCE_PROGRESSION,
    *TREATED,
    *NEXT_TREATMENT,
    *FAILURE,
    *TO_RESPONSE,
    *WITHOUT_NEXT,
)
"""The clauses by which the times that no policy decides on end."""

TIMES: Mapping[str, str] = {
    "pfs": "progression-free survival",
    "ttp": "time to progression",
    "ttr": "time to response",
    "dor": "duration of response",
    "docr": "duration of complete response",
    "dosd": "duration of stable disease",
    "tot": "time on treatment",
    "ttnt": "time to next treatment",
    "ttf": "time to treatment failure",
    "pfs2": "progression-free survival on the next line (PFS2)",
    "pps": "post-progression survival",
    "os": "survival from the start of the line",
}
"""The times, by the names of their columns."""

OF_EVERY_LINE = frozenset({"pfs", "ttp", "tot", "ttnt", "ttf", "pfs2", "os"})
"""The times that every line has; the others begin with a response, or with a progression."""
