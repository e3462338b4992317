"""The numbers behind figures of responses side by side: lines, readers, re-readings.

Tables as in `data.py`, which has these too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.converters import shown
from .._base.errors import got
from .._base.words import Response
from ..cohort.immune_responses import ImmuneResponses
from ..cohort.responses import Responses
from ..robustness.answer import Robustness
from ._cohort import cohort_of, objects

__all__ = [
    "BEST_VERDICTS",
    "WORDS",
    "Table",
    "agreement_data",
    "responses_of",
    "robustness_data",
    "sequence_data",
]

Table = dict[str, Array]
BEST_VERDICTS = ("best", "confirmed best")
WORDS = tuple(str(each) for each in Response)


def responses_of(given: Any) -> Responses:
    """What `assess_cohort` gives; by criteria of immunotherapy, in plain words."""
    if isinstance(given, ImmuneResponses):
        return given._in_plain_words
    if not isinstance(given, Responses):
        told = f"this figure takes Responses, got {got(given)}"
        raise TypeError(f"{told}; such as mrecist.assess_cohort(findings, lines)")
    return given


def sequence_data(given: Any, *, confirmed: bool = False) -> dict[str, Table]:
    """How many patients had which best response in each line, and which one in the next.

    Args:
        given: What `assess_cohort` returns, or assessments of patients.
        confirmed: Whether to count confirmed best responses.

    Returns:
        `nodes`: `line`, `response`, `patients`. `flows`: `line`, `response`, `next_response`
        (empty: there is no further line), `patients`.
    """
    cohort = cohort_of(given)
    order = np.lexsort((cohort.number, cohort.owner))
    owner, number = cohort.owner[order], cohort.number[order]
    told = (cohort.confirmed if confirmed else cohort.best)[order]
    best = np.array([WORDS.index(each) for each in told.tolist()], np.int64)
    goes_on = np.append(owner[1:] == owner[:-1], [False] * bool(len(owner)))
    following = np.where(goes_on, np.roll(best, -1), len(WORDS))
    node, patients = np.unique(np.stack([number, best]), axis=1, return_counts=True)
    flow, moved = np.unique(np.stack([number, best, following]), axis=1, return_counts=True)
    words = objects([*WORDS, ""])
    return {
        "nodes": {"line": node[0], "response": words[node[1]], "patients": patients},
        "flows": {
            "line": flow[0],
            "response": words[flow[1]],
            "next_response": words[flow[2]],
            "patients": moved,
        },
    }


def agreement_data(given: Responses, other: Responses, *, of: str = "response") -> Table:
    """One row per cell of `Responses.crosstab`: how often `given` says `row` and `other` `column`.

    Args:
        given: What `assess_cohort` returns.
        other: The second judgement of the same cohort.
        of: The verdict, as for `Responses.crosstab`.

    Returns:
        `row`, `column` and `count`.
    """
    found = responses_of(given).crosstab(responses_of(other), of)
    words = [str(word) for word in found.words]
    return {
        "row": objects(word for word in words for _ in words),
        "column": objects(words * len(words)),
        "count": found.counts.ravel(),
    }


def robustness_data(found: Robustness | Iterable[Robustness]) -> Table:
    """How often each response comes out of re-readings: one row per verdict and error model.

    Args:
        found: What `how_sure` returns for one patient, or several such answers, by other errors.

    Returns:
        `verdict` is the date of a follow-up, `best` or `confirmed best`; `response` that recorded;
        `sure` the share that gives it again (NaN where no size was read); one column per response.
    """
    several = [found] if isinstance(found, Robustness) else list(found)
    rows = [row for each in several for row in _sure_rows(each)]
    names = ("error", "patient", "line", "verdict", "response", "source", "sure", *WORDS)
    return {name: _column(row[i] for row in rows) for i, name in enumerate(names)}


def _column(values: Iterable[Any]) -> Array:
    each = list(values)
    if each and isinstance(each[0], str):
        return objects(each)
    return np.array(each)


def _sure_rows(found: Robustness) -> Iterator[tuple[Any, ...]]:
    """The verdicts of one patient, line by line, the best responses after the follow-ups."""
    if not isinstance(found, Robustness):
        told = f"robustness() takes what how_sure() gives, got {shown(found)}"
        raise TypeError(told)
    ids = found._data.patients.ids
    if len(ids) != 1:
        told = f"robustness() draws one patient, got {len(ids)}"
        raise ValueError(f"{told}; ask how_sure(responses.patient(...))")
    who, error = str(ids[0]), found.error.name
    seen, lines = found.timepoints, found.lines
    for i, line in enumerate(np.asarray(lines["line"]).tolist()):
        for j in np.flatnonzero(np.asarray(seen["line"]) == line).tolist():
            shares = [float(seen[word][j]) for word in WORDS]
            yield (error, who, line, str(seen["date"][j]), str(seen["response"][j]),
                   str(seen["source"][j]), float(seen["sure"][j]), *shares)  # fmt: skip
        for name, before in zip(BEST_VERDICTS, ("", "confirmed_"), strict=True):
            shares = [float(lines[f"{before}{word}"][i]) for word in WORDS]
            yield (error, who, line, name, str(lines[f"{before}best_response"][i]), "computed",
                   float(lines[f"{before}sure"][i]), *shares)  # fmt: skip
