"""Holding an answer, a Python implementation or a program against the cases."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable
from typing import Any

from ..documents.answer import ERROR, to_assessment, to_error
from ..documents.case import InvalidCase
from ..documents.streams import checked, parse_case
from ..patient.engine import assess
from ..rulebook.criteria import CRITERIA
from ..rulebook.immune_criteria import IMMUNE_CRITERIA
from ..rulebook.lesion_criteria import LESION_CRITERIA
from ._cases import Case, cases
from ._differences import ABSENT, ANSWER, ERRORS, WRONG, Check, Difference, checks, paths_check
from ._scorecard import Result, Scorecard

__all__ = ["NOT_LOOKED_AT", "assess_document", "judge", "looked_at", "nothing", "result_of"]

NOT_LOOKED_AT = "not valid, and errors are not looked at"


def assess_document(case: Any, criteria: str) -> dict[str, Any]:
    """What this package answers to a case document, or to its JSON text: a document either way.

    Args:
        case: A case document (JSON as `json.loads` gives it), or text.
        criteria: The name of the criteria, as it stands in `CRITERIA`,
            `LESION_CRITERIA` or `IMMUNE_CRITERIA`.

    Returns:
        An assessment document, or an error document for a case that is not valid.

    Raises:
        KeyError: Criteria that are not known.
    """
    patient = parse_case(case) if isinstance(case, str) else checked(case)
    if isinstance(patient, InvalidCase):
        return to_error(patient)
    by_lesion, immune = LESION_CRITERIA.get(criteria), IMMUNE_CRITERIA.get(criteria)
    if by_lesion is not None:
        return to_assessment(assess(patient, criteria=by_lesion))
    if immune is not None:
        return to_assessment(assess(patient, criteria=immune))
    return to_assessment(assess(patient, criteria=CRITERIA[criteria]))


def judge(
    assess_like: Callable[[Any, str], Any] = assess_document,
    /,
    *,
    over: Iterable[Case] | None = None,
    parts: Collection[str] = (),
) -> Scorecard:
    """Hold a Python implementation against the suite; by default this package itself.

    An exception is a failure of that case.

    Args:
        assess_like: Takes a case document (JSON as `json.loads` gives it) and the name of the
            criteria and returns an assessment document, or a `mrecist-error/1` document for a case
            that is not valid. A mistake that only text can hold, such as a key given twice, is
            handed over as text.
        over: Only these cases, as from `cases(rules=...)`; left out, all.
        parts: Only these parts of an assessment, such as `["total_mm", "target"]`; cases that are
            not valid are judged where `"errors"` is among them. Empty: all parts.

    Returns:
        The result of every case, and tallies by part and by rule.

    Example:
        >>> judge(over=cases(rules=["OR-01"])[:3])
        <Scorecard 3 passed>
    """
    over = cases() if over is None else over
    return Scorecard(tuple(_judged(assess_like, case, parts) for case in over))


def looked_at(case: Case, parts: Collection[str]) -> bool:
    """Whether a case shows anything in some parts: one that is not valid, in `errors` only."""
    return not parts or case.valid or ERRORS in parts


def _judged(assess_like: Callable[[Any, str], Any], case: Case, parts: Collection[str]) -> Result:
    if not looked_at(case, parts):
        return Result(case, not_run=NOT_LOOKED_AT)
    document = case.text if case.only_text else copy.deepcopy(case.document)
    try:
        answer = assess_like(document, case.criteria)
    except Exception as error:  # whatever a strange implementation raises is its failure
        return nothing(case, f"{type(error).__name__}: {error}", parts)
    return result_of(case, answer, parts)


def result_of(case: Case, answer: Any, parts: Collection[str] = ()) -> Result:
    """What an answer, a parsed document, makes of a case."""
    refused = isinstance(answer, dict) and answer.get("format") == ERROR
    if case.errors is not None:
        errors = answer.get("errors") if refused else None
        if not isinstance(errors, list):
            return nothing(case, "was assessed, but is not valid", parts)
        return Result(case, (paths_check(case.errors, errors),))
    if refused:
        return nothing(case, f"was refused, but is valid: {answer.get('errors')}", parts)
    return Result(case, tuple(checks(case.expect or {}, answer, parts)))


def nothing(case: Case, why: str, parts: Collection[str] = (), *, absent: bool = False) -> Result:
    """What becomes of a case without an answer to compare: every part is wrong, or absent."""
    outcome = ABSENT if absent else WRONG
    told = Check(ANSWER, outcome, (Difference("", " ".join(why.split()), absent),))
    if case.errors is not None:
        return Result(case, (told, Check(ERRORS, outcome)))
    every = checks(case.expect or {}, None, parts)
    return Result(case, (told, *(Check(each.part, outcome) for each in every)))
