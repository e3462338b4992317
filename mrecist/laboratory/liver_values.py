"""Values of liver function: their units, how they are read, and the sources of the scores.

One patient and cohorts (`liver_columns.py`) read them alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from types import MappingProxyType
from typing import Any

from .._base.converters import shown
from ..rulebook.papers import Citation, Evidence, Paper

__all__ = ["FACTORS", "SOURCES", "number_above_zero", "one_unit"]

PUGH_1973 = Paper(
    "Pugh 1973",
    "Pugh RN, et al. Transection of the oesophagus for bleeding oesophageal varices. "
    "Br J Surg 1973;60:646-649.",
    "10.1002/bjs.1800600817",
)
JOHNSON_2015 = Paper(
    "Johnson 2015",
    "Johnson PJ, et al. Assessment of liver function in patients with hepatocellular carcinoma: "
    "the ALBI grade. J Clin Oncol 2015;33:550-558.",
    "10.1200/JCO.2014.57.9151",
)
HIRAOKA_2017 = Paper("Hiraoka 2017", "Hiraoka A, et al. Modified ALBI grade.")

CHILD_PUGH_SOURCE = PUGH_1973.at("Child-Pugh table", Evidence.RESTATED)
ALBI_SOURCE = JOHNSON_2015.at("ALBI", Evidence.RESTATED)
MALBI_SOURCE = HIRAOKA_2017.at("grades 2a and 2b", Evidence.RECALLED)

SOURCES: Mapping[str, tuple[str, Citation]] = MappingProxyType(
    {
        "LF-CP-CLASS": ("class A to 6 points, B to 9, C to 15", CHILD_PUGH_SOURCE),
        "LF-ALBI": ("0.66 log10(bilirubin in umol/L) - 0.085 albumin in g/L", ALBI_SOURCE),
        "LF-ALBI-GRADE": ("grade 1 to -2.60, 2 to -1.39, 3 above", ALBI_SOURCE),
        "LF-ALBI-M": ("grade 2a to -2.270, 2b above", MALBI_SOURCE),
    }
)
"""What the points and the score come to, beside the items that bear their ids themselves."""

UMOL_L_IN_MG_DL, G_L_IN_G_DL = Decimal("17.1"), Decimal(10)
FACTORS: Mapping[str, Decimal] = {"bilirubin_mg_dl": UMOL_L_IN_MG_DL, "albumin_g_dl": G_L_IN_G_DL}
"""What a value of a unit is multiplied with, to umol/L and g/L (LF-UNITS)."""

MOST_ALBUMIN_G_DL = 10
"""No albumin reaches this in g/dL: a number above it is one in g/L."""


def number_above_zero(name: str, value: Any) -> Decimal:
    """A number above zero, exact: an int, a `Decimal`, text, or a float as it prints."""
    real = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
    if not real and not isinstance(value, str):
        raise ValueError(f"{name} must be a number above 0, got {shown(value)}")
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        raise ValueError(f"{name} must be a number above 0, got {shown(value)}") from None
    if not number.is_finite() or number <= 0:
        raise ValueError(f"{name} must be a number above 0, got {shown(value)}")
    if name == "albumin_g_dl" and number > MOST_ALBUMIN_G_DL:
        told = f"must be at most {MOST_ALBUMIN_G_DL}, got {shown(value)}; g/L go into albumin_g_l"
        raise ValueError(f"{name} {told}")
    return number


def one_unit(given: Mapping[str, Any]) -> str | None:
    """The one name that has a value; `None` where none has."""
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise ValueError(f"give only one of {' and '.join(named)}")
    return named[0] if named else None
