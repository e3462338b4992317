"""Volumes as whole microlitres, given in millilitres: exact, as lengths are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import Any

from .converters import quantity, thousandths

__all__ = ["Microlitres", "microlitres"]

_LARGEST_ML = 10_000


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
    given = Fraction(value, 1000) if isinstance(value, Microlitres) else value
    ml = quantity(given, "ml", _LARGEST_ML)
    if isinstance(ml, Fraction):
        return Microlitres(round(ml * 1000))
    if isinstance(ml, Integral):
        return Microlitres(int(ml) * 1000)
    # Of a float the shortest decimal that it is the nearest to.
    return Microlitres(thousandths(ml if isinstance(ml, Decimal) else Decimal(str(ml))))
