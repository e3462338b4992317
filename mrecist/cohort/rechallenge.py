"""Rechallenges of a cohort: a row for each line that has an agent of an earlier one, and rates.

Days on treatment are those of `endpoints/on_treatment.py`, for one patient too. Each line is
compared with the latest earlier line that shares an agent with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .._base.arrays import BLANK, NO_DAY, Array, distinct
from .._base.converters import shown, word
from .._base.errors import check_type
from .._base.words import EndReason, Exposure, Response
from ..endpoints.on_treatment import UNLIMITED, days_on_treatment
from ..rulebook.best_response import BEST, CONTROLLED, OBJECTIVE, RESPONSE_GROUPS
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import members, verdicts
from ..rulebook.drugs import named
from ..rulebook.therapy import EXPOSURE
from ..tables.by_reading import taken_rows
from ..tables.clean import Lines
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from . import tables_out
from .groups import line_groups, of_line
from .panel import LineColumns, Panel
from .rates import shares, tail_of, without_disease

__all__ = ["rechallenge_columns", "rechallenge_rates"]


class Pairs(NamedTuple):
    """Lines that share an agent with an earlier one, and the latest such earlier line of each."""

    again: Array
    before: Array


def _pairs(lines: LineColumns) -> Pairs:
    """The lines of a patient lie together, numbered from 1."""
    again = np.flatnonzero(lines.rechallenge_of >= 0)
    return Pairs(again, again - lines.number[again] + lines.rechallenge_of[again])


def rechallenge_columns(data: Read, criteria: Criteria, panel: Panel) -> dict[str, Any]:
    """One row per line that shares an agent with an earlier one, in the order of the lines.

    `agents` are those shared, as the line names them; `..._before` is the latest earlier line with
    one of them, `..._again` the line itself. `earlier_end_reason` is as recorded
    (`end_reason_recorded`), else progression where that decided, else nothing. Days on
    treatment and their ratio (again by before) lie from `..._low` to `..._high`, equal where they
    are known exactly; nothing where there is no such bound (Reading RD-ON-TREATMENT).
    """
    lines = panel.lines
    pairs = again, before = _pairs(lines)
    told = data.judged_lines(lines.patient, lines.start)
    reason, stop = told.end_reason, told.stop
    rule = lines.exposure_rule[again]
    recorded = reason[before] != BLANK
    inferred = np.where(
        verdicts(EXPOSURE, rule) == Exposure.RECHALLENGE.code, EndReason.PROGRESSION.code, -1
    )
    ended = np.where(recorded, reason[before].astype(np.int64), inferred)
    off = lines.start[again].astype(np.int64) - stop[before]
    return {
        "patient": tables_out.patients(data, lines.patient[again]),
        "line": Plain(lines.number[again]),
        "agents": _shared(data, lines, pairs),
        "exposure": _words(Exposure, verdicts(EXPOSURE, rule)),
        "rule": Coded(rule, [each.id for each in EXPOSURE.rules]),
        "earlier_line": Plain(lines.number[before]),
        "earlier_end_reason": _words(EndReason, ended),
        "end_reason_recorded": Coded(np.where(ended < 0, -1, recorded), [False, True]),
        "drug_free_days": Plain(off, stop[before] == NO_DAY),
        "lines_between": Plain(again - before - 1),
        **_responses(lines, pairs),
        **_exposed(_bounds(panel, told), pairs),
    }


def _words(words: Iterable[Any], codes: Array) -> Coded:
    return Coded(codes, [str(each) for each in words])


def _shared(data: Read, lines: LineColumns, pairs: Pairs) -> Coded:
    """The agents that both lines have, as the later one names them."""
    lists = () if data.lines is None else data.lines.agents_named
    count = max(len(lists), 1)
    keys = lines.agents[pairs.again].astype(np.int64) * count + lines.agents[pairs.before]
    used, codes = distinct(keys)
    texts = []
    for key in used.tolist():
        own, had = (lists[place] for place in divmod(key, count))
        agents, before = named(own), named(had)
        texts.append("+".join(dict.fromkeys(agents[name] for name in agents if name in before)))
    return Coded(codes, texts)


def _responses(lines: LineColumns, pairs: Pairs) -> dict[str, Coded]:
    """Best responses before and again, unconfirmed and confirmed."""
    best, confirmed = verdicts(BEST, lines.best_rule), verdicts(CONFIRMED, lines.confirmed_rule)
    return {
        "best_response_before": _words(Response, best[pairs.before]),
        "best_response_again": _words(Response, best[pairs.again]),
        "confirmed_best_response_before": _words(Response, confirmed[pairs.before]),
        "confirmed_best_response_again": _words(Response, confirmed[pairs.again]),
    }


# ---- days on treatment


def _bounds(panel: Panel, told: Lines) -> tuple[Array, Array]:
    """The least and the most days on treatment of each line."""
    lines = panel.lines
    seen = told.last_contact.copy()
    there = np.flatnonzero(lines.timepoints > 0)
    latest = np.cumsum(lines.timepoints)[there] - 1
    seen[there] = np.maximum(seen[there], panel.timepoints.day[latest])
    return days_on_treatment(
        patient=lines.patient,
        start=lines.start.astype(np.int64),
        stop=told.stop,
        end_reason=told.end_reason,
        death=told.death,
        seen=seen,
    )


def _exposed(bounds: tuple[Array, Array], pairs: Pairs) -> dict[str, Plain]:
    """Days on treatment before and again, and their ratio, each from low to high."""
    low, high = bounds
    before, again = (low[pairs.before], high[pairs.before]), (low[pairs.again], high[pairs.again])
    least = np.where(before[1] > 0, again[0] / np.maximum(before[1], 1), np.nan)
    unlimited = (again[1] == UNLIMITED) | (before[0] == 0)
    most = np.where(unlimited, np.nan, again[1] / np.maximum(before[0], 1))
    least = np.where(unlimited & (least == 0), np.nan, least)
    return {
        "days_before_low": Plain(before[0]),
        "days_before_high": Plain(before[1]),
        "days_again_low": Plain(again[0]),
        "days_again_high": Plain(again[1], again[1] == UNLIMITED),
        "ratio_low": Plain(least, np.isnan(least)),
        "ratio_high": Plain(most, np.isnan(most)),
    }


# ---- rates by the response before


def rechallenge_rates(
    data: Read,
    criteria: Criteria,
    panel: Panel,
    *,
    exposures: Iterable[Exposure | str] = (Exposure.RECHALLENGE,),
    by: str | Iterable[str] | None = None,
    line: int | None = None,
    confirmed: bool = False,
    level: str | Fraction | float | None = "0.95",
) -> dict[str, Any]:
    """Response to the same agent again by the response before: does the first one foretell it?

    One row per group of later lines, and per earlier response: CR/PR, SD, PD, other and all
    (Reading RD-FIRST-RESPONSES).
    `exposures` are the words of `rechallenge_columns` that count; both responses are confirmed
    ones if `confirmed`. `patients` are fewer than `lines` where one patient has several: then the
    lines are not independent, as the interval takes them to be. Rechallenges without disease at
    baseline are told apart, and count in no rate. The intervals are those of
    `Responses.rates`: exact (Clopper-Pearson), with SciPy, none with `level=None`.
    """
    tail = None if level is None else tail_of(level)
    counted = members(Exposure, _asked(exposures))
    lines = panel.lines
    pairs = _pairs(lines)
    asked = of_line(panel, line)
    some = counted[verdicts(EXPOSURE, lines.exposure_rule[pairs.again])] & asked[pairs.again]
    is_counted = np.zeros(len(lines.patient), np.bool_)
    is_counted[pairs.again[some]] = True
    split = line_groups(data, panel, by, is_counted)
    without = without_disease(panel)[pairs.again[some]]
    again, before = pairs.again[some][~without], pairs.before[some][~without]
    nothing, nothing_again = pairs.before[some][without], pairs.again[some][without]
    best = verdicts(
        CONFIRMED if confirmed else BEST, lines.confirmed_rule if confirmed else lines.best_rule
    )
    words = [members(Response, each) for each in RESPONSE_GROUPS.values()]
    words.append(np.ones(len(Response), np.bool_))
    rows = [(group, each) for group in range(split.number) for each in words]
    inside = [each[best[before]] & (split.group[again] == group) for group, each in rows]
    idle = [each[best[nothing]] & (split.group[nothing_again] == group) for group, each in rows]
    totals = np.array([each.sum() for each in inside], np.int64)
    place = np.repeat(np.arange(split.number), len(words))
    columns: dict[str, Any] = {
        "criteria": Coded(np.zeros(len(rows), np.int8), [criteria.name]),
        **{name: taken_rows(column, place) for name, column in split.columns.items()},
        "response_before": Coded(
            np.tile(np.arange(len(words)), split.number), [*RESPONSE_GROUPS, "all"]
        ),
        "lines": Plain(totals),
        "patients": Plain(
            np.array([len(np.unique(lines.patient[again[i]])) for i in inside], np.int64)
        ),
        "without_disease": Plain(np.array([each.sum() for each in idle], np.int64)),
    }
    for name, rate, counts in (
        ("responders", "response", OBJECTIVE),
        ("controlled", "control", CONTROLLED),
    ):
        hit = members(Response, counts)[best[again]]
        hits = np.array([(each & hit).sum() for each in inside], np.int64)
        columns[name] = Plain(hits)
        columns |= shares(rate, hits, totals, tail)
    return columns


def _asked(exposures: Iterable[Exposure | str]) -> list[Exposure]:
    """The requested words of exposure; `first` is refused, as it has no line before."""
    check_type(exposures, Iterable, "exposures must be words")
    if isinstance(exposures, str):
        exposures = (exposures,)
    try:
        words = [word(Exposure, without=(Exposure.FIRST,))(each) for each in exposures]
    except ValueError as error:
        raise ValueError(f"exposures {error}") from None
    if not words:
        raise ValueError(f"exposures must name at least one word, got {shown(exposures)}")
    return words
