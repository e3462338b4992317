"""Converters of the fields of `Criteria`: exact shares, counts, days, and words of closed lists."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeVar

from .._base import converters
from .._base.converters import shown
from .._base.errors import CriteriaError
from .._base.words import Measure, NewRule
from .rulebooks import Rulebook

__all__ = []

NO_LIMIT = 1 << 30
"""Stands for no maximum of targets."""

T = TypeVar("T")


def share(value: converters.Exact) -> Fraction:
    share = converters.exact(value)
    if not 0 < share <= 1:
        raise ValueError(f"must be above 0 and at most 1, got {share}")
    return share


def count(value: converters.Whole) -> int:
    return converters.whole(value, 1)


def optional_count(value: converters.Whole | None) -> int | None:
    return None if value is None else count(value)


def days(value: converters.Whole) -> int:
    return converters.whole(value, 0)


def of_kind(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise ValueError(f"must be a {kind.__name__}, got {shown(value)}")
    return value


def rulebook(value: Rulebook) -> Rulebook:
    return of_kind(Rulebook, value)


def measure(value: Measure) -> Measure:
    return of_kind(Measure, value)


def optional_measure(value: Measure | None) -> Measure | None:
    return None if value is None else measure(value)


def operator(value: str) -> str:
    if value not in (">=", ">"):
        raise ValueError(f'must be ">=" or ">", got {shown(value)}')
    return value


def new_rule(value: NewRule) -> NewRule:
    return of_kind(NewRule, value)


def flag(value: bool) -> bool:
    return of_kind(bool, value)


def refused(criteria: Any, alias: str, error: ValueError) -> CriteriaError:
    owner = "" if alias == "name" else f"criteria {criteria.name}: "
    return CriteriaError(f"{owner}{alias} {error}")


named = converters.named(refused)
