"""Volumes as whole microlitres, given in millilitres: exact, as lengths are."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

from .converters import LONGEST_NUMBER, shown

__all__ = ["Microlitres", "microlitres"]

_LARGEST_ML = 10_000
_MICROLITRE = Decimal("0.001")
_ROUNDING = Context(prec=40, rounding=ROUND_HALF_EVEN)
_DECIMAL_TEXT = re.compile(r"\s*+(?:[0-9]++\.?[0-9]*+|\.[0-9]++)\s*+")


class Microlitres(int):
    """A volume in whole microlitres. `ml` gives it back in millilitres."""

    __slots__ = ()

    @property
    def ml(self) -> float:
        """The volume in millilitres, for display: the float nearest to the exact decimal."""
        return self / 1000

    def __repr__(self) -> str:
        return f"Microlitres({int(self)})"


def microlitres(value: Any) -> Microlitres:
    """A volume given in millilitres, rounded once, half to even, to a whole microlitre.

    Takes int, float, `Decimal`, `Fraction`, or decimal text such as `"41.5"`: digits with at most
    one point. From 0 to 10000 ml.
    """
    exact = Fraction(value, 1000) if isinstance(value, Microlitres) else _number(value)
    if isinstance(exact, Decimal) and exact.is_nan():
        raise ValueError(f"must be a number, got {shown(value)}")
    if exact < 0:
        raise ValueError(f"must be at least 0, got {shown(value)}")
    if exact > _LARGEST_ML:
        raise ValueError(f"must be at most {_LARGEST_ML} ml, got {shown(value)}")
    if isinstance(exact, Decimal):
        exact = Fraction(exact.quantize(_MICROLITRE, context=_ROUNDING))
    return Microlitres(round(exact * 1000))


def _number(value: Any) -> Decimal | Fraction:
    """The number that was meant: of a float the shortest decimal that it is the nearest to.

    A decimal is no fraction until it is known to be small: its exponent may be anything.
    """
    if isinstance(value, str) and len(value) <= LONGEST_NUMBER and _DECIMAL_TEXT.fullmatch(value):
        return Decimal(value.strip())
    if isinstance(value, Decimal):
        return value
    if isinstance(value, (str, bool)) or not isinstance(value, Real):
        raise ValueError(f'must be ml as a number or as text like "41.5", got {shown(value)}')
    if isinstance(value, Integral):
        return Fraction(int(value))
    return value if isinstance(value, Fraction) else Decimal(str(value))
