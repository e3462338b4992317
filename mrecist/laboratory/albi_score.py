"""ALBI score and grade of one patient, decided in decimals.

The cuts stand in `ALBI_CUTS` and serve cohorts (`liver_columns.py`) as well.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import attrs

from ..rulebook.papers import Citation
from .liver_values import ALBI_SOURCE, FACTORS, MALBI_SOURCE, number_above_zero, one_unit

__all__ = ["ALBI_CUTS", "LOG_BILIRUBIN", "PER_ALBUMIN", "Albi", "albi", "grade_place"]

ALBI_CUTS: tuple[tuple[str, str, Decimal | None], ...] = (
    ("1", "1", Decimal("-2.60")),
    ("2", "2a", Decimal("-2.270")),
    ("2", "2b", Decimal("-1.39")),
    ("3", "3", None),
)
"""Grade, modified grade, and the highest score that belongs to it (LF-ALBI-GRADE, LF-ALBI-M)."""

LOG_BILIRUBIN, PER_ALBUMIN = Decimal("0.66"), Decimal("0.085")

_PRECISE = Context(prec=60)


@attrs.frozen(kw_only=True)
class Albi:
    """The ALBI score to 60 digits, its grade, and the modified grade (2 split into 2a and 2b)."""

    score: Decimal
    source: Citation = ALBI_SOURCE
    modified_source: Citation = MALBI_SOURCE

    @property
    def grade(self) -> str:
        """The grade: `"1"`, `"2"` or `"3"`."""
        return ALBI_CUTS[grade_place(self.score)][0]

    @property
    def modified_grade(self) -> str:
        """The modified grade: `"1"`, `"2a"`, `"2b"` or `"3"`."""
        return ALBI_CUTS[grade_place(self.score)][1]

    def __str__(self) -> str:
        graded = f"grade {self.grade} (modified {self.modified_grade})"
        return f"ALBI {_rounded(self.score)}, {graded} [{self.source}; {self.modified_source}]"


def grade_place(score: Decimal) -> int:
    """The row of `ALBI_CUTS` that a score belongs to."""
    tops = [top for _, _, top in ALBI_CUTS]
    return next(i for i, top in enumerate(tops) if top is None or score <= top)


def _rounded(score: Decimal) -> Decimal:
    """The score as it is shown: to three decimals, or to as many as keep it in its grade."""
    for places in range(3, 60):
        shorter = score.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, _PRECISE)
        if grade_place(shorter) == grade_place(score):
            return shorter
    return score


def albi(
    *,
    bilirubin_umol_l: Any = None,
    bilirubin_mg_dl: Any = None,
    albumin_g_l: Any = None,
    albumin_g_dl: Any = None,
) -> Albi:
    """The ALBI score and grade, decided in decimals: 0.66 log10(bilirubin) - 0.085 albumin.

    Exactly one unit each is given; mg/dL x 17.1 = umol/L and g/dL x 10 = g/L (LF-UNITS). Numbers
    are above 0 and taken as they print (2.8 is 2.8); text such as `"1.2"` is a number too.

    Args:
        bilirubin_umol_l: Bilirubin in umol/L.
        bilirubin_mg_dl: Bilirubin in mg/dL.
        albumin_g_l: Albumin in g/L.
        albumin_g_dl: Albumin in g/dL.

    Returns:
        The score, with the grade (1, 2 or 3) and the modified grade (2a and 2b).

    Raises:
        ValueError: A value is missing, is given in two units, or is not possible.

    Example:
        >>> print(albi(bilirubin_mg_dl="1.2", albumin_g_l=35).grade)
        2
    """
    bilirubin = {"bilirubin_umol_l": bilirubin_umol_l, "bilirubin_mg_dl": bilirubin_mg_dl}
    albumin = {"albumin_g_l": albumin_g_l, "albumin_g_dl": albumin_g_dl}
    numbers = []
    for given in (bilirubin, albumin):
        name = one_unit(given)
        if name is None:
            raise ValueError(f"give one of {' and '.join(given)}")
        value = number_above_zero(name, given[name])
        numbers.append(_PRECISE.multiply(value, FACTORS.get(name, 1)))
    return Albi(score=_score(*numbers))


def _score(bilirubin: Decimal, albumin: Decimal) -> Decimal:
    rise = _PRECISE.multiply(LOG_BILIRUBIN, _PRECISE.log10(bilirubin))
    return _PRECISE.subtract(rise, _PRECISE.multiply(PER_ALBUMIN, albumin))
