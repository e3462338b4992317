"""The doors: what enters is kept exactly, or refused in words that name the cure."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrecist._base import converters
from mrecist._base.converters import Micrometres, Nonsense, RefusedError, micrometres
from mrecist._base.words import Kind, Status
from mrecist.model import Event

NUMBER = 'must be mm as a number or as text like "41.5", got '
DATE = 'must be a date like "2024-01-31" or a study day, got '
SPAN = 3_652_058


def refusal(door: Callable[[Any], Any], value: Any) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        door(value)
    assert type(refused.value) in (ValueError, RefusedError)
    return str(refused.value)


class TestMicrometres:
    """A length in millimetres becomes whole micrometres, rounded once, half to even."""

    @pytest.mark.parametrize(
        ("value", "um"),
        [
            (41, 41_000),
            (0, 0),
            (1000, 1_000_000),
            (41.5, 41_500),
            (9.8, 9_800),
            (-0.0, 0),
            ("41.5", 41_500),
            (" 41.5\n", 41_500),
            ("41.", 41_000),
            (".5", 500),
            ("007", 7_000),
            ("1000.000", 1_000_000),
            (Decimal("41.5"), 41_500),
            (Decimal("4.15E+1"), 41_500),
            (Decimal("1E-400"), 0),
            (Decimal("-0"), 0),
            (Fraction(83, 2), 41_500),
            (Fraction(1, 3), 333),
            (np.float64(41.5), 41_500),
            (np.float32(41.5), 41_500),
            (np.int64(41), 41_000),
            (np.int32(41), 41_000),
            (np.str_("41.5"), 41_500),
            (Micrometres(41_500), 41_500),
        ],
        ids=repr,
    )
    def test_takes(self, value: Any, um: int) -> None:
        """What a script or a document may hold is taken, always as the same type."""
        kept = micrometres(value)
        assert type(kept) is Micrometres
        assert kept == um

    @pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16])
    def test_narrow_integers(self, kind: Any) -> None:
        """A narrow integer of NumPy is a number like any other."""
        assert micrometres(kind(41)) == 41_000

    @pytest.mark.parametrize("kind", [str, Decimal], ids=["text", "Decimal"])
    @pytest.mark.parametrize(
        ("digits", "um"),
        [
            ("0.0005", 0),
            ("0.0015", 2),
            ("0.0025", 2),
            ("0.0035", 4),
            ("9.9995", 10_000),
            ("9.9985", 9_998),
            ("9.99949999999999999999999999999999999999999999999999", 9_999),
            ("9.99850000000000000000000000000000000000000000000001", 9_999),
            ("999.9995", 1_000_000),
        ],
    )
    def test_half_to_even(self, kind: type, digits: str, um: int) -> None:
        """A half micrometre goes to the even side, however long the decimal is."""
        assert micrometres(kind(digits)) == um

    @given(st.integers(0, 2_000_000), st.integers(0, 12))
    def test_against_fractions(self, halves: int, zeros: int) -> None:
        """Text, `Decimal` and `Fraction` round as the exact fraction does, halves above all."""
        digits = f"{halves // 2000}.{halves % 2000 * 5:04d}" + "0" * zeros
        expected = round(Fraction(digits) * 1000)
        assert micrometres(digits) == expected
        assert micrometres(Decimal(digits)) == expected
        assert micrometres(Fraction(digits)) == expected

    @given(st.fractions(min_value=0, max_value=1000, max_denominator=10**9))
    def test_any_fraction(self, length: Fraction) -> None:
        """Any fraction goes to the nearest micrometre, and none is half a micrometre beside."""
        assert micrometres(length) == round(length * 1000)

    @given(st.integers(0, 1_000_000))
    def test_floats_of_decimals(self, um: int) -> None:
        """A float that was written with up to three decimals is that decimal, and back."""
        kept = micrometres(um / 1000)
        assert kept == um
        assert micrometres(kept.mm) == um
        assert micrometres(f"{um / 1000:.3f}") == um

    @given(st.floats(0, 1000))
    def test_any_float(self, length: float) -> None:
        """Any float goes to a nearest micrometre, but for halves within its own precision."""
        error = abs(micrometres(length) - Fraction(length) * 1000)
        assert error <= Fraction(1, 2) + Fraction(1, 10**9)

    def test_decimal_context(self) -> None:
        """The decimal context of the caller changes no length."""
        with decimal.localcontext(prec=4):
            assert micrometres("123.456") == 123_456

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (True, NUMBER + "True"),
            (np.True_, NUMBER + repr(np.True_)),
            (None, NUMBER + "None"),
            ([41], NUMBER + "[41]"),
            (41j, NUMBER + "41j"),
            (b"41", NUMBER + "b'41'"),
            ("", NUMBER + "''"),
            (".", NUMBER + "'.'"),
            ("41,5", NUMBER + "'41,5'"),
            ("41.5 mm", NUMBER + "'41.5 mm'"),
            ("1e1", NUMBER + "'1e1'"),
            ("-1", NUMBER + "'-1'"),
            ("+1", NUMBER + "'+1'"),
            ("1_0", NUMBER + "'1_0'"),
            ("nan", NUMBER + "'nan'"),
            ("٤١", NUMBER + "'٤١'"),
            (float("nan"), "must be a number, got nan"),
            (Decimal("NaN"), "must be a number, got NaN"),
            (Nonsense("NaN"), NUMBER + "NaN"),
            (-3, "must be at least 0, got -3"),
            (-1e-9, "must be at least 0, got -1e-09"),
            (Decimal("-0.001"), "must be at least 0, got -0.001"),
            (float("-inf"), "must be at least 0, got -inf"),
            (float("inf"), "must be at most 1000 mm, got inf"),
            (Decimal("1E+400"), "must be at most 1000 mm, got 1E+400"),
            (1001, "must be at most 1000 mm, got 1001"),
            ("1000.0001", "must be at most 1000 mm, got 1000.0001"),
            ("x" * 99, NUMBER + "'" + "x" * 39 + "... (101 characters)"),
        ],
        ids=lambda value: repr(value)[:40],
    )
    def test_refuses(self, value: Any, message: str) -> None:
        """Anything else is refused in these words."""
        assert refusal(micrometres, value) == message

    def test_signalling_nan(self) -> None:
        """A signalling NaN is no number either."""
        assert refusal(micrometres, Decimal("sNaN")) == "must be a number, got sNaN"

    def test_value(self) -> None:
        """A length is an integer that shows what it is and tells its millimetres."""
        length = Micrometres(41_500)
        assert repr(length) == "Micrometres(41500)"
        assert length == 41_500
        assert length.mm == 41.5


class TestDates:
    """A date is a day of the calendar or a whole study day."""

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ("2024-01-31", datetime.date(2024, 1, 31)),
            ("2024-02-29", datetime.date(2024, 2, 29)),
            ("0001-01-01", datetime.date.min),
            (datetime.date(2024, 1, 31), datetime.date(2024, 1, 31)),
            (datetime.datetime(2024, 1, 31), datetime.date(2024, 1, 31)),
            (56, 56),
            (-7, -7),
            (SPAN, SPAN),
            (-SPAN, -SPAN),
            (Decimal("56"), 56),
            (Decimal("56.0"), 56),
            (56.0, 56),
            (Decimal("-7"), -7),
            (np.int64(56), 56),
            (np.int8(56), 56),
            (np.uint16(56), 56),
        ],
        ids=repr,
    )
    def test_takes(self, value: Any, kept: Any) -> None:
        """What is a date is kept as a plain date or a plain integer."""
        found = converters.date(value)
        assert found == kept
        assert type(found) is type(kept)

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (True, DATE + "True"),
            (np.True_, DATE + repr(np.True_)),
            (None, DATE + "None"),
            (56.5, DATE + "56.5"),
            (Decimal("56.5"), DATE + "56.5"),
            (Decimal("NaN"), DATE + "NaN"),
            (Decimal("sNaN"), DATE + "sNaN"),
            (Decimal("Infinity"), DATE + "Infinity"),
            ("56", DATE + "'56'"),
            ("20240103", DATE + "'20240103'"),
            ("2024-1-3", DATE + "'2024-1-3'"),
            ("2024-01-03T00:00", DATE + "'2024-01-03T00:00'"),
            (" 2024-01-03", DATE + "' 2024-01-03'"),
            ("2024-01-03\n", DATE + "'2024-01-03\\n'"),
            ("2024-W01-1", DATE + "'2024-W01-1'"),
            ("٢٠٢٤-٠١-٠٣", DATE + "'٢٠٢٤-٠١-٠٣'"),
            ("2024-02-30", "must be a date of the calendar, got '2024-02-30'"),
            ("2023-02-29", "must be a date of the calendar, got '2023-02-29'"),
            ("0000-01-01", "must be a date of the calendar, got '0000-01-01'"),
            (
                datetime.datetime(2024, 1, 3, 9, 30),
                "must be a date without a time of day, got datetime.datetime(2024, 1, 3, 9, 30)",
            ),
            (SPAN + 1, f"must be a study day from -{SPAN} to {SPAN}, got {SPAN + 1}"),
            (-SPAN - 1, f"must be a study day from -{SPAN} to {SPAN}, got {-SPAN - 1}"),
            (
                Decimal("1E+30"),
                f"must be a study day from -{SPAN} to {SPAN}, got 1E+30",
            ),
        ],
        ids=repr,
    )
    def test_refuses(self, value: Any, message: str) -> None:
        """Anything else is refused in these words."""
        assert refusal(converters.date, value) == message

    def test_span(self) -> None:
        """RD-STUDY-DAYS: they span what the calendar spans; no difference is out of bounds."""
        days = converters.day_number(datetime.date.max) - converters.day_number(datetime.date.min)
        assert days == SPAN

    @given(st.dates(), st.dates())
    def test_day_number(self, one: datetime.date, other: datetime.date) -> None:
        """Day numbers differ by the days between, and a study day is its own number."""
        difference = converters.day_number(other) - converters.day_number(one)
        assert difference == (other - one).days
        assert converters.day_number(difference) == difference


class TestFlags:
    """A flag is a plain true or false."""

    @pytest.mark.parametrize("value", [True, False, np.True_, np.False_], ids=repr)
    def test_takes(self, value: Any) -> None:
        """Python's and NumPy's booleans are kept as Python's."""
        assert converters.flag(value) is bool(value)

    @pytest.mark.parametrize("value", [1, 0, "true", "no", None, 1.0, [], np.int8(1)], ids=repr)
    def test_refuses(self, value: Any) -> None:
        """Nothing else is a flag, however true it may seem."""
        assert refusal(converters.flag, value) == f"must be true or false, got {value!r}"


class TestTexts:
    """A text may be empty; a name may not."""

    def test_takes(self) -> None:
        """Texts are kept as they are, surrounding space and all."""
        assert converters.text("") == ""
        assert converters.text(" left lobe ") == " left lobe "
        assert converters.name("S8") == "S8"

    @pytest.mark.parametrize("value", [None, 7, b"S8", ["S8"], True], ids=repr)
    def test_refuses(self, value: Any) -> None:
        """Nothing else is turned into text."""
        assert refusal(converters.text, value) == f"must be text, got {value!r}"
        assert refusal(converters.name, value) == f"must be text, not empty, got {value!r}"

    def test_empty_name(self) -> None:
        """An empty name names nothing."""
        assert refusal(converters.name, "") == "must be text, not empty, got ''"


class TestWords:
    """A word is one of its code, spelt exactly so."""

    @pytest.mark.parametrize("status", Status, ids=str)
    def test_takes(self, status: Status) -> None:
        """Every word is taken, and a member is given back as it is."""
        door = converters.word(Status)
        assert door(str(status)) is status
        assert door(status) is status

    @pytest.mark.parametrize(
        "value", ["Measured", " measured", "too_small", "", 0, None, True, Kind.NODULE], ids=repr
    )
    def test_refuses(self, value: Any) -> None:
        """Anything else is refused with the words that there are."""
        words = '"measured", "absent", "too small", "present", "progressed", "not evaluable"'
        assert refusal(converters.word(Status), value) == f"must be one of {words}, got {value!r}"


class TestLists:
    """A list holds what it should, and every item that it should not hold is named."""

    def test_names(self) -> None:
        """Any iterable of names is a list; an empty one is one too."""
        assert converters.names(["S8", "S2"]) == ("S8", "S2")
        assert converters.names(iter(["S8"])) == ("S8",)
        assert converters.names(()) == ()

    def test_wrong_names(self) -> None:
        """Each item that is no name, or named before, is told with its place."""
        with pytest.raises(RefusedError) as refused:
            converters.names(["S8", 7, "", "S8", ["S8"]])
        assert refused.value.mistakes == (
            ("[1]", "must be text, not empty, got 7"),
            ("[2]", "must be text, not empty, got ''"),
            ("[3]", "must not be named twice, got 'S8'"),
            ("[4]", "must be text, not empty, got ['S8']"),
        )
        assert str(refused.value).startswith("[1] must be text, not empty, got 7; [2] must")

    def test_names_twice(self) -> None:
        """Where it does not matter, a name may come twice."""
        assert converters.names(["a", "a"], unique=False) == ("a", "a")

    @pytest.mark.parametrize("value", ["S8", b"S8", {"S8": 1}, None, 7], ids=repr)
    def test_no_list(self, value: Any) -> None:
        """Text, bytes and mappings are no lists, though Python iterates over them."""
        assert refusal(converters.names, value) == f"must be a list, got {value!r}"
        assert refusal(converters.several(Event), value) == f"must be a list, got {value!r}"

    def test_records(self) -> None:
        """A list of records holds records of its kind only."""
        event = Event(1, "scan")
        assert converters.several(Event)([event, event]) == (event, event)
        with pytest.raises(RefusedError) as refused:
            converters.several(Event)([event, "scan", None])
        assert refused.value.mistakes == (
            ("[1]", "must be of type Event, got 'scan'"),
            ("[2]", "must be of type Event, got None"),
        )

    def test_paths(self) -> None:
        """Mistakes come with the path of the list, or of the value."""
        one = RefusedError([("[1]", "must be text"), ("[3]", "must be a word")])
        assert converters.mistakes("targets", one) == [
            ("targets[1]", "must be text"),
            ("targets[3]", "must be a word"),
        ]
        assert converters.mistakes("start", ValueError("must be")) == [("start", "must be")]


class TestShown:
    """A message quotes a value on one line, cut when it is long."""

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ("a\nb", "'a\\nb'"),
            (Decimal("1.50"), "1.50"),
            (Nonsense("-Infinity"), "-Infinity"),
            ("x" * 58, "'" + "x" * 58 + "'"),
            ("x" * 59, "'" + "x" * 39 + "... (61 characters)"),
        ],
        ids=lambda value: repr(value)[:20],
    )
    def test_shown(self, value: object, told: str) -> None:
        """Text is quoted, decimals are as written."""
        assert converters.shown(value) == told

    def test_deeply_nested(self) -> None:
        """A value that Python cannot print is told by its type."""
        nested: list[Any] = []
        for _ in range(100_000):
            nested = [nested]
        assert converters.shown(nested) == "a deeply nested list"


@pytest.mark.parametrize(("um", "told"), [(-5, "at least 0"), (1_000_001, "at most 1000 mm")])
def test_micrometres_out_of_range(um: int, told: str) -> None:
    """A length that is kept already is not believed for that."""
    assert told in refusal(micrometres, Micrometres(um))
