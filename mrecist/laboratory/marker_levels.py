"""Levels of a tumour marker: exact numbers, limits of quantitation, units, shares of change.

A level is a `Range`: one exact number, or what a text such as `"<3"` leaves open. Changes are
ranges too, as shares of the reference. Only `doubling_days` is a float, for display.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from types import MappingProxyType
from typing import Any

import attrs

from .._base import converters
from .._base.converters import Date, day_number, shown
from .._base.errors import CaseError, NotThereError, check_type
from .._base.text import percent, when
from .._base.words import Met, repr_sorted
from ..model import Marker, Patient

__all__ = [
    "AFP",
    "ANALYTES",
    "PIVKA_II",
    "Analyte",
    "MarkerSeries",
    "MarkerValue",
    "Range",
    "analyte_named",
    "doubling_days",
    "level",
    "lower",
    "marker_series",
    "met",
    "number",
    "signed",
]


def met(answer: bool | None) -> Met:
    """An answer as a word: yes, no, not known."""
    return Met.UNDETERMINED if answer is None else Met.MET if answer else Met.NOT_MET


@attrs.frozen
class Range:
    """All the numbers that a statement leaves open: from `least` to `most`, exact `Fraction`s.

    `most` is `None` where there is no upper end; `least_in` and `most_in` tell whether the ends
    belong. An exact number has both ends at one place.
    """

    least: Fraction
    most: Fraction | None
    least_in: bool = True
    most_in: bool = True

    @property
    def exact(self) -> Fraction | None:
        """The one number there is, or `None`."""
        return self.least if self.least == self.most else None

    def at_most(self, limit: Fraction, *, inclusive: bool = True) -> bool | None:
        """Whether the number is at most (not inclusive: below) `limit`; `None`: not decided."""
        top = self.most
        if top is not None and (top < limit or (top == limit and (inclusive or not self.most_in))):
            return True
        if self.least >= limit and (self.least > limit or not inclusive or not self.least_in):
            return False
        return None

    def at_least(self, limit: Fraction, *, inclusive: bool = True) -> bool | None:
        """Whether the number is at least (not inclusive: above) `limit`; `None`: not decided."""
        below = self.at_most(limit, inclusive=not inclusive)
        return None if below is None else not below

    def change_from(self, reference: Range) -> Range:
        """How far this lies from a reference above zero, as a share of it: -1/2 is half of it."""
        low, low_in = Fraction(-1), False
        if reference.most is not None:
            low = self.least / reference.most - 1
            low_in = self.least_in and reference.most_in
        if self.most is None or reference.least == 0:
            return Range(low, None, low_in, False)
        high_in = self.most_in and reference.least_in
        return Range(low, self.most / reference.least - 1, low_in, high_in)

    def __str__(self) -> str:
        """The number, or the limit it keeps: `<3`, `>=1000`, `2 to 3`."""
        if self.most is None:
            return f"{'>=' if self.least_in else '>'}{number(self.least)}"
        if self.exact is not None:
            return number(self.least)
        if self.least == 0:
            return f"{'<=' if self.most_in else '<'}{number(self.most)}"
        return f"{number(self.least)} to {number(self.most)}"


def lower(one: Range, other: Range) -> Range:
    """The range of the smaller of two numbers."""
    least, out = min((one.least, not one.least_in), (other.least, not other.least_in))
    if one.most is None or other.most is None:
        bounded = one if other.most is None else other
        return Range(least, bounded.most, not out, bounded.most_in)
    most, most_in = min((one.most, one.most_in), (other.most, other.most_in))
    return Range(least, most, not out, most_in)


def number(value: Fraction) -> str:
    """An exact number as a person writes it, cut (not rounded) at six decimals."""
    millionths = abs(value.numerator) * 10**6 // value.denominator
    text = f"{millionths // 10**6}.{millionths % 10**6:06}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and millionths else text


def signed(change: Range | None) -> str:
    """A change as a sentence says it: `-69.12 %`, `a fall of more than 99.2 %`, `unknown`."""
    if change is None:
        return "unknown"
    if change.exact is not None:
        return _percent(change.exact)
    if change.most is None:
        if change.least == -1:
            return "unknown"
        than = "at least" if change.least_in else "more than"
        return (
            f"a rise of {than} {_unsigned(change.least)}"
            if change.least >= 0
            else (f"{than} {_percent(change.least)}")
        )
    if change.least == -1:
        if change.most < 0:
            than = "at least" if change.most_in else "more than"
            return f"a fall of {than} {_unsigned(change.most)}"
        return f"{'at most' if change.most_in else 'less than'} {_percent(change.most)}"
    return f"from {_percent(change.least)} to {_percent(change.most)}"


def _percent(share: Fraction) -> str:
    sign = "-" if share < 0 else "+" if share > 0 else ""
    return f"{sign}{_unsigned(share)}"


def _unsigned(share: Fraction) -> str:
    """A share in per cent, cut (not rounded) at two decimals; a share is never shown as none."""
    shown = percent(abs(share.numerator), share.denominator)
    return "0.00... %" if share and shown == "0 %" else shown


_LIMIT = re.compile(r"\s*+([<>]=?)?\s*+([0-9]++\.?[0-9]*+|\.[0-9]++)\s*+")


def level(value: Decimal | str, factor: Fraction = Fraction(1)) -> Range:
    """The range that a marker value leaves open, times a factor (Reading RD-MARKER-LIMIT).

    `value` is a `Decimal`, or text such as `"<3"` or `">=1000"`, as `Marker.value` holds it.
    """
    if isinstance(value, Decimal):
        exact = Fraction(value) * factor
        return Range(exact, exact)
    matched = _LIMIT.fullmatch(value)
    if matched is None:
        raise ValueError(f'must be a number above 0 or text like "<3", got {shown(value)}')
    sign, limit = matched[1] or "", Fraction(Decimal(matched[2])) * factor
    if "<" in sign:
        return Range(Fraction(0), limit, True, "=" in sign)
    return Range(limit, None if sign else limit, sign != ">", not sign)


def doubling_days(first: Any, second: Any, days: Any) -> float:
    """The days in which a level doubles at the rate between two values (AFP-DT), for display.

    Args:
        first: The earlier level.
        second: The later level, in the same unit.
        days: The days between the two, whole or not (a month is 30.4375 days).

    Returns:
        The days; negative: in which the level halves; infinite where the two are equal.

    Raises:
        ValueError: A level or the days are not a finite number above 0.

    Example:
        >>> round(doubling_days(100, 400, 60), 1), round(doubling_days(400, 100, 60), 1)
        (30.0, -30.0)
    """
    given = {"first": first, "second": second, "days": days}
    for name, value in given.items():
        is_number = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
        if not is_number or not 0 < value < math.inf:
            raise ValueError(f"{name} must be a finite number above 0, got {shown(value)}")
    if first == second:
        return math.inf
    # The logarithm of each, not of the quotient, which may leave the floats.
    return float(days) * math.log(2) / (_log(second) - _log(first))


def _log(value: Any) -> float:
    exact = Fraction(value)
    return math.log(exact.numerator) - math.log(exact.denominator)


# ---- markers, their names and units


def _plain_name(name: str) -> str:
    """A marker's name as it is compared: letters and digits only, case ignored, Greek spelt out."""
    spelt = name.casefold().replace("α", "alpha").replace("γ", "gamma")
    return "".join(character for character in spelt if character.isalnum())


def _plain_unit(unit: str) -> str:
    """A unit as it is compared: case and space ignored, both signs for micro and mcg read as u."""
    text = "".join(unit.casefold().split()).replace("μ", "u")
    return f"ug{text[3:]}" if text.startswith("mcg") else text


def _plain_units(units: Mapping[str, Any]) -> tuple[tuple[str, Fraction], ...]:
    return tuple((_plain_unit(unit), Fraction(each)) for unit, each in dict(units).items())


def _plain_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_plain_name, names))


@attrs.frozen(kw_only=True, repr=False)
class Analyte:
    """A tumour marker: its name, the names it goes by, and the units that convert exactly.

    `units` pairs each unit with the factor that turns it into `unit`; `why_not` tells of units that
    do not convert. One more unit, with the source of its factor: `AFP.with_unit(...)`.
    """

    name: str
    names: frozenset[str] = attrs.field(converter=_plain_names, repr=repr_sorted)
    unit: str
    units: tuple[tuple[str, Fraction], ...] = attrs.field(converter=_plain_units)
    spelt: str
    why_not: str = ""
    sources: tuple[str, ...] = ()

    def is_called(self, name: str) -> bool:
        """Whether the marker goes by that name, case and punctuation ignored."""
        return _plain_name(name) in self.names

    def factor(self, unit: str) -> Fraction | None:
        """What turns a number in `unit` into one in the marker's own unit; `None`: nothing does."""
        return dict(self.units).get(_plain_unit(unit))

    def with_unit(self, unit: str, factor: Any, *, source: str) -> Analyte:
        """The marker with one more unit: `AFP.with_unit("IU/mL", "1.21", source="our assay")`.

        `factor` is exact (`Fraction`, int, `Decimal` or text), above zero, and cited.
        """
        exact = converters.argument(
            "factor", lambda value: converters.exact(value, like="1.21"), factor
        )
        if exact <= 0:
            raise ValueError(f"factor must be above 0, got {shown(factor)}")
        converters.argument("unit", converters.name, unit)
        converters.argument("source", converters.name, source)
        told = f"1 {unit} = {number(exact)} {self.unit} ({source})"
        return attrs.evolve(
            self,
            units={**dict(self.units), unit: exact},
            spelt=f"{self.spelt} or {unit}",
            sources=(*self.sources, told),
        )

    def __repr__(self) -> str:
        return f"<Analyte {self.name} in {self.unit}>"


AFP = Analyte(
    name="AFP",
    names=("AFP", "alpha-fetoprotein", "alpha-1-fetoprotein", "alpha-foetoprotein"),
    unit="ng/mL",
    units={"ng/mL": 1, "ug/L": 1},
    spelt="ng/mL or ug/L",
    why_not="; international units convert by a factor that differs between assays: name yours "
    'with AFP.with_unit("IU/mL", factor, source=...)',
)
PIVKA_II = Analyte(
    name="PIVKA-II",
    names=(
        "PIVKA-II",
        "PIVKA",
        "PIVKA2",
        "DCP",
        "des-gamma-carboxyprothrombin",
        "des-gamma-carboxy-prothrombin",
    ),
    unit="mAU/mL",
    units={"mAU/mL": 1, "AU/L": 1},
    spelt="mAU/mL or AU/L",
    why_not="; other units convert by a factor that differs between assays: name yours with "
    "PIVKA_II.with_unit(unit, factor, source=...)",
)
ANALYTES: Mapping[str, Analyte] = MappingProxyType({each.name: each for each in (AFP, PIVKA_II)})
"""The tumour markers of hepatocellular carcinoma by name."""


def analyte_named(name: Analyte | str) -> Analyte:
    """The marker of that name or synonym; an `Analyte` is given back as it is."""
    if isinstance(name, Analyte):
        return name
    for analyte in ANALYTES.values():
        if isinstance(name, str) and analyte.is_called(name):
            return analyte
    return converters.look_up("marker", name, ANALYTES, "an Analyte", NotThereError)


@attrs.frozen
class MarkerValue:
    """One dated level of a marker, in the marker's own unit."""

    date: Date
    level: Range
    unit: str

    @property
    def day(self) -> int:
        """The date as a whole day, for differences."""
        return day_number(self.date)

    def __str__(self) -> str:
        return f"{self.level} {self.unit} on {when(self.date)}"


@attrs.frozen(repr=False)
class MarkerSeries:
    """All values of one marker of a patient, ascending in date, in one unit.

    `others` names the markers of the chart that are not this one.
    """

    patient: str
    analyte: Analyte
    values: tuple[MarkerValue, ...]
    others: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<MarkerSeries {self.patient} {self.analyte.name}, {len(self.values)} values>"

    def __str__(self) -> str:
        """One row a value, with its change from the one before and the doubling time."""
        if not self.values:
            beside = f" (markers: {', '.join(self.others)})" if self.others else ""
            return f"{self.patient}: no {self.analyte.name}{beside}"
        rows = [f"{self.patient}: {self.analyte.name} in {self.analyte.unit}"]
        before = None
        for value in self.values:
            told = "" if before is None else f"  {signed(value.level.change_from(before.level))}"
            rows.append(f"  {value.date!s:10}  {value.level!s:>10}{told}{_pace(before, value)}")
            before = value
        return "\n".join(rows)


def doubling_between(before: MarkerValue | None, after: MarkerValue) -> float | None:
    """The doubling time between two exact values of different days; `None` where there is none."""
    if before is None or before.level.exact is None or after.level.exact is None:
        return None
    return doubling_days(before.level.exact, after.level.exact, after.day - before.day)


def _pace(before: MarkerValue | None, after: MarkerValue) -> str:
    days = doubling_between(before, after)
    if days is None or math.isinf(days):
        return ""
    return f", {'doubling' if days > 0 else 'halving'} in {abs(days):.0f} days"


def marker_series(patient: Patient, name: Analyte | str = AFP) -> MarkerSeries:
    """The values of one marker of a patient, in order and in one unit.

    Args:
        patient: The chart whose markers are read.
        name: The marker; names match without regard to case and punctuation, and synonyms match too
            (DCP is PIVKA-II).

    Returns:
        The values by date, and the names of the other markers of the chart.

    Raises:
        CaseError: Values in units that do not convert, or that differ on one day; each mistake with
            its record and cure.
        NotThereError: A name that is no marker's; the message lists those that are known.

    Example:
        >>> from mrecist import example_case
        >>> series = marker_series(example_case())
        >>> print(series.values[0])
        148.2 ng/mL on 2023-01-09
    """
    check_type(patient, Patient, "marker_series() takes a Patient")
    analyte = analyte_named(name)
    ours = [marker for marker in patient.markers if analyte.is_called(marker.name)]
    others = {marker.name for marker in patient.markers if not analyte.is_called(marker.name)}
    values: dict[int, MarkerValue] = {}
    mistakes: list[tuple[str, str]] = []
    for marker in sorted(ours, key=lambda each: day_number(each.date)):
        factor = analyte.factor(marker.unit)
        if factor is None:
            told = f"unit must be {analyte.spelt}, got {shown(marker.unit)}{analyte.why_not}"
            mistakes.append((_told(marker), told))
            continue
        value = MarkerValue(marker.date, level(marker.value, factor), analyte.unit)
        first = values.setdefault(value.day, value)
        if first.level != value.level:
            told = f"must be the only value of its day, got {value.level} beside {first.level}"
            mistakes.append((_told(marker), f"{told} {analyte.unit}; leave one of them out"))
    if mistakes:
        raise CaseError(f"patient {patient.id}", mistakes)
    return MarkerSeries(patient.id, analyte, tuple(values.values()), tuple(sorted(others)))


def _told(marker: Marker) -> str:
    return f"marker {marker.name} {marker.date}"
