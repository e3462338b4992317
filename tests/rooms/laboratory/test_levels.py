"""Levels of a marker: limits kept as limits, units made one, changes exact."""

from __future__ import annotations

import math
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from mrecist import CaseError, Marker, NotThereError, Patient, example_case
from mrecist._base.words import Met
from mrecist.laboratory.marker_levels import (
    AFP,
    ANALYTES,
    PIVKA_II,
    MarkerValue,
    Range,
    analyte_named,
    doubling_between,
    doubling_days,
    level,
    lower,
    marker_series,
    met,
    number,
    signed,
)


def chart(*markers: tuple[Any, ...], name: str = "AFP", unit: str = "ng/mL") -> Patient:
    """A chart with nothing but markers: dates and values, perhaps names and units."""
    records = [
        Marker(*each, *(name, unit)[len(each) - 2 :])
        if len(each) == 4
        else Marker(each[0], name, each[1], unit)
        for each in markers
    ]
    return Patient("P-1", [], [], [], markers=records)


def change(first: Decimal | str, second: Decimal | str) -> Range:
    return level(second).change_from(level(first))


class TestRange:
    """A range answers only what all its numbers answer alike."""

    @pytest.mark.parametrize(
        ("text", "limit", "at_most", "below", "at_least", "above"),
        [
            ("5", 4, False, False, True, True),
            ("5", 5, True, False, True, False),
            ("5", 6, True, True, False, False),
            ("<3", 2, None, None, None, None),
            ("<3", 3, True, True, False, False),
            ("<=3", 3, True, None, None, False),
            ("<3", 4, True, True, False, False),
            (">3", 2, False, False, True, True),
            (">3", 3, False, False, True, True),
            (">=3", 3, None, False, True, None),
            (">3", 4, None, None, None, None),
        ],
    )
    def test_limits(
        self,
        text: str,
        limit: int,
        at_most: bool | None,
        below: bool | None,
        at_least: bool | None,
        above: bool | None,
    ) -> None:
        """Each question on either side of the limit and on it, ends included or not."""
        one = level(text if text[0] in "<>" else Decimal(text))
        assert one.at_most(Fraction(limit)) is at_most
        assert one.at_most(Fraction(limit), inclusive=False) is below
        assert one.at_least(Fraction(limit)) is at_least
        assert one.at_least(Fraction(limit), inclusive=False) is above

    @pytest.mark.parametrize(
        ("one", "other", "least"),
        [
            ("5", "4", "4"),
            ("<3", "5", "<3"),
            ("<3", "<=3", "<3"),
            ("<3", "2", "<=2"),
            (">5", "7", "5 to 7"),
            (">5", ">9", ">5"),
            (">=5", ">5", ">=5"),
            (">9", "5", "5"),
            ("<=3", "3", "<=3"),
        ],
    )
    def test_lower(self, one: str, other: str, least: str) -> None:
        """The smaller of two numbers is as open as both are."""
        levels = [level(each if each[0] in "<>" else Decimal(each)) for each in (one, other)]
        assert str(lower(*levels)) == str(lower(*reversed(levels))) == least

    def test_text(self) -> None:
        """A range reads as the limit it came from."""
        texts = ["<3", "<=3", ">1000", ">=1000", "0.5"]
        assert [str(level(t if t[0] in "<>" else Decimal(t))) for t in texts] == texts
        assert str(level("< 3")) == "<3"
        assert level("3") == level(Decimal(3))

    def test_refused(self) -> None:
        """Text that is no level is refused."""
        with pytest.raises(ValueError, match=r'text like "<3", got \'about 3\''):
            level("about 3")

    def test_met(self) -> None:
        """Answers as words."""
        assert [met(True), met(False), met(None)] == [Met.MET, Met.NOT_MET, Met.UNDETERMINED]


class TestChange:
    """A change is an exact share; a limit of quantitation leaves a bound."""

    def test_exact(self) -> None:
        """379 to 117 is a fall by 262/379, and nothing rounded."""
        assert change(Decimal(379), Decimal(117)).exact == Fraction(-262, 379)
        assert change(Decimal("0.1"), Decimal("0.3")).exact == 2
        assert change("<3", Decimal(10)).exact is None

    @pytest.mark.parametrize(
        ("first", "second", "told"),
        [
            ("379", "117", "-69.12 %"),
            ("10", "10", "0 %"),
            ("10", "12.5", "+25 %"),
            ("1000000", "1000001", "+0.00... %"),
            ("379", "<3", "a fall of more than 99.2 %"),
            ("379", "<=3", "a fall of at least 99.2 %"),
            ("2", "<3", "less than +50 %"),
            ("2", "<=3", "at most +50 %"),
            ("<3", "10", "a rise of more than 233.33 %"),
            ("<=3", "10", "a rise of at least 233.33 %"),
            ("<30", "10", "more than -66.66 %"),
            ("<=30", "10", "at least -66.66 %"),
            ("<3", "<3", "unknown"),
            (">1000", "500", "a fall of more than 50 %"),
            (">=1000", "500", "a fall of at least 50 %"),
            ("500", ">1000", "a rise of more than 100 %"),
            ("500", ">=1000", "a rise of at least 100 %"),
            (">1000", ">1000", "unknown"),
        ],
    )
    def test_told(self, first: str, second: str, told: str) -> None:
        """Falls and rises, known or bounded, each with its words."""
        levels = [each if each[0] in "<>" else Decimal(each) for each in (first, second)]
        assert signed(change(*levels)) == told

    def test_between(self) -> None:
        """A range with both ends is told with both."""
        assert signed(Range(Fraction(-1, 2), Fraction(1, 4))) == "from -50 % to +25 %"
        assert signed(None) == "unknown"

    def test_ends(self) -> None:
        """An end of a change belongs where both numbers it is made of do."""
        fallen = level("<=3").change_from(level(">=30"))
        assert (fallen.most, fallen.most_in, fallen.least_in) == (Fraction(-9, 10), True, False)
        assert not level("<3").change_from(level(">=30")).most_in
        assert not level("<=3").change_from(level(">30")).most_in
        risen = level(">=30").change_from(level("<=3"))
        assert (risen.least, risen.least_in, risen.most) == (9, True, None)
        assert not level(">30").change_from(level("<=3")).least_in
        assert not level(">=30").change_from(level("<3")).least_in

    def test_number(self) -> None:
        """Numbers are cut at six decimals, never shown in exponents."""
        assert [number(Fraction(1891)), number(Fraction(1, 3)), number(Fraction(-5, 2))] == [
            "1891",
            "0.333333",
            "-2.5",
        ]
        assert number(Fraction(-1, 10**9)) == "0"


class TestDoubling:
    """AFP-DT: days by ln 2 over the logarithm of the quotient."""

    @pytest.mark.parametrize(
        ("first", "second", "days", "printed"),
        [
            (117, 1089, 33, 10),
            (1089, 1891, 30, 38),
            (1891, 5505, 21, 14),
            (165, 1840, 60, 17),
            (439, 2991, 28, 10),
            (691, 1048, 30.4375, 51),
        ],
    )
    def test_seed(self, first: int, second: int, days: float, printed: int) -> None:
        """Section 10.9: 10, 38, 14, 17, 10 and 51 days; the last one over a month of 30.4375."""
        assert round(doubling_days(first, second, days)) == printed

    def test_signs(self) -> None:
        """Twice as much takes the days there are; half is negative; no change never doubles."""
        assert doubling_days(1, 2, 30) == pytest.approx(30)
        assert doubling_days(2, 1, 30) == pytest.approx(-30)
        assert doubling_days(Decimal("1e-15"), Fraction(10**15), 30) == pytest.approx(
            0.301, rel=1e-2
        )
        assert doubling_days(5, 5, 30) == math.inf

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("first", (0, 1, 30)),
            ("second", (1, -1, 30)),
            ("days", (1, 2, 0)),
            ("days", (1, 2, math.inf)),
            ("first", (math.nan, 2, 30)),
            ("first", (True, 2, 30)),
            ("second", (1, "<3", 30)),
        ],
    )
    def test_refused(self, name: str, values: tuple[Any, ...]) -> None:
        """What is not above zero has no logarithm."""
        with pytest.raises(ValueError, match=f"{name} must be a finite number above 0, got"):
            doubling_days(*values)

    def test_between(self) -> None:
        """Limits of quantitation and first values have no pace."""
        exact = MarkerValue(0, level(Decimal(2)), "ng/mL")
        limit = MarkerValue(10, level("<1"), "ng/mL")
        assert doubling_between(None, exact) is None
        assert doubling_between(exact, limit) is None
        assert doubling_between(limit, exact) is None
        twice = attrs.evolve(limit, level=level(Decimal(4)))
        assert doubling_between(exact, twice) == pytest.approx(10)


class TestNames:
    """Names match whatever the case, and by the usual synonyms."""

    @pytest.mark.parametrize(
        "name",
        [
            "AFP",
            "afp",
            "Alpha-fetoprotein",
            "ALPHA FETOPROTEIN",
            "α-Fetoprotein",
            "alpha-1-fetoprotein",
            "alpha-foetoprotein",
        ],
    )
    def test_afp(self, name: str) -> None:
        """The names of alpha-fetoprotein."""
        assert analyte_named(name) is AFP

    @pytest.mark.parametrize(
        "name", ["PIVKA-II", "pivka ii", "PIVKA", "PIVKA2", "DCP", "des-gamma-carboxyprothrombin",
                 "des-γ-carboxyprothrombin", "Des-gamma-carboxy prothrombin"],
    )  # fmt: skip
    def test_pivka(self, name: str) -> None:
        """DCP is PIVKA-II."""
        assert analyte_named(name) is PIVKA_II

    @pytest.mark.parametrize("name", ["AFP-L3", "CEA", "", 3])
    def test_unknown(self, name: Any) -> None:
        """Any other name is refused with those there are; the L3 fraction is not AFP."""
        with pytest.raises(NotThereError, match='must be one of "AFP", "PIVKA-II" or an Analyte'):
            analyte_named(name)

    def test_given(self) -> None:
        """A marker is given back as it is, and travels."""
        assert analyte_named(PIVKA_II) is PIVKA_II
        assert pickle.loads(pickle.dumps(AFP)) == AFP
        assert ANALYTES == {"AFP": AFP, "PIVKA-II": PIVKA_II}
        assert repr(AFP) == "<Analyte AFP in ng/mL>"


class TestUnits:
    """Units that are one count as one; any other is refused."""

    @pytest.mark.parametrize(
        ("analyte", "unit"),
        [
            (AFP, "ng/mL"), (AFP, "NG/ML"), (AFP, "ug/L"), (AFP, "µg/L"), (AFP, "μg/L"),
            (AFP, "mcg/L"), (AFP, " ng / mL "), (PIVKA_II, "mAU/mL"), (PIVKA_II, "AU/L"),
        ],
    )  # fmt: skip
    def test_same(self, analyte: Any, unit: str) -> None:
        """ng/mL is ug/L in each spelling; mAU/mL is AU/L."""
        assert analyte.factor(unit) == 1

    @pytest.mark.parametrize(
        ("analyte", "unit"),
        [(AFP, "IU/mL"), (AFP, "kIU/L"), (AFP, "mAU/mL"), (AFP, "g/L"), (AFP, "mg/mL"),
         (AFP, " "), (PIVKA_II, "ng/mL"), (PIVKA_II, "AU/mL")],
    )  # fmt: skip
    def test_others(self, analyte: Any, unit: str) -> None:
        """International units, mass of DCP, no unit, any other: nothing converts."""
        assert analyte.factor(unit) is None

    def test_own_factor(self) -> None:
        """A cited factor makes a unit known, exactly."""
        ours = AFP.with_unit("IU/mL", "1.21", source="insert of our assay")
        assert ours.factor("iu/ml") == Fraction(121, 100)
        assert ours.factor("ng/mL") == 1
        assert ours.sources == ("1 IU/mL = 1.21 ng/mL (insert of our assay)",)
        again = ours.with_unit("kIU/L", Fraction(121, 100), source="the same")
        assert len(again.sources) == 2
        series = marker_series(chart((0, 100), unit="IU/mL"), ours)
        assert [str(value) for value in series.values] == ["121 ng/mL on day 0"]
        told = r"unit must be ng/mL or ug/L or IU/mL, got 'mg/L'"
        with pytest.raises(CaseError, match=told):
            marker_series(chart((0, 100), unit="mg/L"), ours)

    @pytest.mark.parametrize(
        ("factor", "source", "told"),
        [(1.21, "assay", "exact"), (True, "assay", "exact"), ("0", "assay", "above 0"),
         (-1, "assay", "above 0"), ("1.21", "", "not empty")],
    )  # fmt: skip
    def test_own_factor_refused(self, factor: Any, source: str, told: str) -> None:
        """A float, nothing, and a factor that nobody vouches for are refused."""
        with pytest.raises(ValueError, match=told):
            AFP.with_unit("IU/mL", factor, source=source)


class TestSeries:
    """All values of one marker, in order, in one unit, or an error that names the record."""

    def test_order_and_others(self) -> None:
        """Values ascend; other markers are named, not mixed in."""
        patient = chart(
            (20, "afp", 5, "ug/L"), (10, "AFP", "<3", "ng/mL"), (10, "DCP", 40, "mAU/mL")
        )
        series = marker_series(patient)
        assert [str(value) for value in series.values] == [
            "<3 ng/mL on day 10",
            "5 ng/mL on day 20",
        ]
        assert series.others == ("DCP",)
        assert [str(v) for v in marker_series(patient, "PIVKA-II").values] == [
            "40 mAU/mL on day 10"
        ]
        assert repr(series) == "<MarkerSeries P-1 AFP, 2 values>"

    def test_empty(self) -> None:
        """A chart without the marker gives no values, and says which markers it has."""
        assert str(marker_series(chart())) == "P-1: no AFP"
        other = marker_series(chart((0, 1), name="CEA"))
        assert other.values == ()
        assert str(other) == "P-1: no AFP (markers: CEA)"

    def test_text(self) -> None:
        """One row a value, with change and pace where there are such."""
        patient = chart((0, 10), (10, 20), (20, 20), (30, 10), (40, "<3"))
        rows = str(marker_series(patient)).splitlines()
        assert rows[0] == "P-1: AFP in ng/mL"
        assert [" ".join(row.split()) for row in rows[1:]] == [
            "0 10",
            "10 20 +100 %, doubling in 10 days",
            "20 20 0 %",
            "30 10 -50 %, halving in 10 days",
            "40 <3 a fall of more than 70 %",
        ]

    def test_mistakes(self) -> None:
        """Every value that cannot be used is named with its record and the cure."""
        patient = chart(
            ("2024-03-06", "AFP", 100, "kIU/L"),
            ("2024-04-06", "AFP", 100, "ng/mL"),
            ("2024-04-06", "AFP", "120", "ug/L"),
            ("2024-05-06", "AFP", 100, " "),
        )
        with pytest.raises(CaseError) as caught:
            marker_series(patient)
        assert str(caught.value).splitlines() == [
            "patient P-1: marker AFP 2024-03-06: unit must be ng/mL or ug/L, got 'kIU/L'; "
            "international units convert by a factor that differs between assays: name yours with "
            'AFP.with_unit("IU/mL", factor, source=...)',
            "patient P-1: marker AFP 2024-04-06: must be the only value of its day, got 120 beside "
            "100 ng/mL; leave one of them out",
            "patient P-1: marker AFP 2024-05-06: unit must be ng/mL or ug/L, got ' '; "
            "international units convert by a factor that differs between assays: name yours with "
            'AFP.with_unit("IU/mL", factor, source=...)',
        ]

    def test_repeated(self) -> None:
        """The same value twice on one day is one value, whatever the unit's spelling."""
        patient = chart((0, "AFP", 100, "ng/mL"), (0, "AFP", "100.0", "ug/L"))
        assert len(marker_series(patient).values) == 1

    def test_seed(self) -> None:
        """The published case: +191 % in the 3 weeks between lines 1 and 2."""
        text = str(marker_series(example_case("ikeda-2021")))
        assert "+191.11 %, doubling in 14 days" in text
        values = {v.day: v.level for v in marker_series(example_case("ikeda-2021")).values}
        between = values[112].change_from(values[91]).exact
        assert between is not None
        assert round(100 * between) == 191
