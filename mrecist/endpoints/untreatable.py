"""Time to untreatable progression: a composite whose ingredients are named.

Definitions differ between centres (TTE-TTUP). Most combine a progression that further local
therapy cannot answer (spread, tumour in vein) with decline of the liver or of performance, which a
chart of findings does not hold: give its dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import attrs
import numpy as np

from .._base.arrays import BLANK, Array
from .._base.converters import shown, word
from .._base.errors import CriteriaError
from .._base.words import Code, Effect, EndReason, Invasion, ProgressionCode, repr_sorted
from ..rulebook import readings
from ..rulebook.confirmation import NEVER
from ..rulebook.decision_table import members
from ..rulebook.patterns import CODES
from ..rulebook.policies import Clause
from .engine import Times, until
from .history import History
from .scans import Scans, given_days

C = TypeVar("C", bound=Code)


__all__ = [
    "PARTS",
    "UNTREATABLE",
    "UNTREATABLE_TIME",
    "Untreatable",
    "code_bits",
    "until_untreatable",
]


def _words(kind: type[C], values: Any, without: tuple[C, ...] = ()) -> frozenset[C]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise CriteriaError(f"untreatable: must be a set of words, got {shown(values)}")
    try:
        return frozenset(word(kind, without=without)(value) for value in values)
    except ValueError as error:
        raise CriteriaError(f"untreatable: {error}") from None


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise CriteriaError(f"untreatable: death must be True or False, got {shown(value)}")
    return value


def _codes(values: Any) -> frozenset[ProgressionCode]:
    return _words(ProgressionCode, values, (ProgressionCode.UNKNOWN,))


def _invasion(values: Any) -> frozenset[Invasion]:
    return _words(Invasion, values, (Invasion.NONE,))


def _reasons(values: Any) -> frozenset[EndReason]:
    return _words(EndReason, values)


@attrs.frozen(kw_only=True)
class Untreatable:
    """What makes a progression untreatable: any of these, in the line or in a later one.

    `codes` of the pattern of its first progression (IHG, NIH, EHG, NEH), tumour in vein
    (`invasion`), stops for one of these `reasons`, and `death`. Dates of decline count wherever
    they are given. A definition of one's own is `attrs.evolve(UNTREATABLE, codes={"NEH"})`.
    """

    codes: frozenset[ProgressionCode] = attrs.field(converter=_codes, repr=repr_sorted)
    invasion: frozenset[Invasion] = attrs.field(converter=_invasion, repr=repr_sorted)
    reasons: frozenset[EndReason] = attrs.field(
        default=frozenset(), converter=_reasons, repr=repr_sorted
    )
    death: bool = attrs.field(default=True, converter=_flag)


UNTREATABLE = Untreatable(
    codes={ProgressionCode.EHG, ProgressionCode.NEH},
    invasion={Invasion.NEW, Invasion.GROWN},
)
"""Extrahepatic spread or growth, tumour in vein, death (Reading RD-TTUP)."""

CLAUSES = (
    Clause("TTE-TTUP", Effect.EVENT, "untreatable progression on {first}", readings.TTUP),
    Clause("TTE-TTUP", Effect.EVENT, "stopped on {first} for a reason that counts", readings.TTUP),
    Clause("TTE-TTUP", Effect.EVENT, "decline of liver or performance on {first}", readings.TTUP),
    Clause("TTE-TTUP", Effect.EVENT, "death on {first}", readings.TTUP),
    Clause("TTE-TTUP", Effect.KNOWN, "none recorded: censored on the last day known, {end}",
           readings.TTUP),
)  # fmt: skip


def code_bits(codes: Iterable[ProgressionCode]) -> int:
    """The codes of a pattern as bits of `CODES`."""
    return sum(1 << CODES.index(code) for code in set(codes))


UNTREATABLE_TIME = {"ttup": "time to untreatable progression"}
"""The name of this time, as `TIMES` has the others."""

PARTS = ("progression", "stop", "decline", "death", "censored")
"""What the clauses stand for, in a table."""


def until_untreatable(
    history: History,
    progression: Array,
    codes: Array,
    invasion: Array,
    definition: Untreatable,
    declined: Array,
) -> Times:
    """The time from the start of every line to the first ingredient, in it or in a later line.

    `progression` is the day of the first progression of each line, `codes` its pattern as bits of
    `CODES` and `invasion` a code; `declined` the first decline on or after its start. `NO_DAY`
    where there is none.
    """
    counts = (codes & code_bits(definition.codes) != 0) | _among(Invasion, definition.invasion)[
        invasion
    ]
    stops = _among(EndReason, definition.reasons)[history.end_reason]
    death = given_days(history.death)
    ingredients = [
        _in_any_later(history, np.where(counts, given_days(progression), NEVER)),
        _in_any_later(history, np.where(stops, given_days(history.stop), NEVER)),
        given_days(declined),
    ]
    # What is dated after the death, by mistake, is no event, also where the death is none.
    candidates = [np.where(day <= death, day, NEVER) for day in ingredients]
    candidates.append(death if definition.death else np.full(history.count, NEVER))
    return until(history.start, candidates, Scans(history).known, CLAUSES)


def _among(kind: type[Code], some: Iterable[Code]) -> Array:
    """Whether each code is one of some words; `BLANK` is not."""
    return np.append(members(kind, some), np.zeros(BLANK, np.bool_))


def _in_any_later(history: History, day: Array) -> Array:
    """The earliest of the days of each line and of the patient's later ones."""
    found = day.copy()
    for step in range(1, history.count):
        same = history.patient[step:] == history.patient[:-step]
        if not same.any():
            break
        found[:-step] = np.where(same, np.minimum(found[:-step], day[step:]), found[:-step])
    return found
