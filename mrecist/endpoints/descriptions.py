"""Why a time ended, in the few words that analysis data sets take: EVNTDESC and CNSDTDSC of ADaM.

The first names the event, or the reason for censoring; the second what happened on the day that a
censored time ends.
"""

from __future__ import annotations

from types import MappingProxyType

from .._base.words import Effect, Situation
from ..rulebook.policies import Clause
from .definitions import FAILURE, OS, TO_RESPONSE, WITHOUT_NEXT

__all__ = ["described"]

_SITUATIONS = MappingProxyType({
    Situation.PROGRESSION: "Disease Progression",
    Situation.PROGRESSION_AFTER_GAP: "Disease Progression After Missed Assessments",
    Situation.DEATH: "Death",
    Situation.DEATH_UNASSESSED: "Death",
    Situation.DEATH_AFTER_GAP: "Death After Missed Assessments",
    Situation.CLINICAL_PROGRESSION: "Clinical Progression",
    Situation.NEW_THERAPY: "New Therapy",
    Situation.NO_BASELINE: "No Baseline Assessment",
    Situation.NO_ASSESSMENT: "No Adequate Assessment",
    Situation.STOPPED: "Treatment Stopped",
    Situation.ONGOING: "No Progression",
})  # fmt: skip
_GAPS = (Situation.PROGRESSION_AFTER_GAP, Situation.DEATH_AFTER_GAP)
_PLAIN = MappingProxyType({
    OS: ("Death", "Alive"),
    FAILURE: ("Disease Progression", "Treatment Stopped", "Death", "Next Line Started",
              "No Failure"),
    TO_RESPONSE: ("Response",),
    WITHOUT_NEXT: ("Death", "No Next Line"),
})  # fmt: skip
_ENDS = MappingProxyType(
    {
        Effect.LAST: "Last Adequate Assessment",
        Effect.START: "Start of Line",
        Effect.KNOWN: "Last Known Alive",
    }
)


def described(clauses: tuple[Clause, ...]) -> list[tuple[str, str | None]]:
    """For each clause why the time ended, and, if it is censored, what happened on that day.

    Clauses are those of a policy in the order of `Situation`, or of a definition, or of both.
    """
    words = _PLAIN.get(clauses) or (*_of_policy(clauses), *_PLAIN[WITHOUT_NEXT])
    return [(word, _ENDS.get(clause.effect)) for word, clause in zip(words, clauses, strict=False)]


def _of_policy(clauses: tuple[Clause, ...]) -> list[str]:
    """The words for each situation; a gap that does not end the follow-up is none."""
    words = []
    for situation, clause in zip(Situation, clauses, strict=False):
        word = _SITUATIONS[situation]
        is_event = situation in _GAPS and clause.effect is Effect.EVENT
        words.append(word.partition(" After")[0] if is_event else word)
    return words
