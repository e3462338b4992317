"""The arithmetic: exact at every boundary, one body for numbers and arrays, and no branch."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mrecist._base import exact as _exact
from mrecist._base.exact import at_least, below, extent, fell_by, reaches, rise

FORBIDDEN_CALLS = {"min", "max", "round", "abs", "int", "float"}
FORBIDDEN_NODES = (
    ast.BoolOp,
    ast.Not,
    ast.If,
    ast.IfExp,
    ast.While,
    ast.For,
    ast.comprehension,
    ast.Div,
    ast.FloorDiv,
    ast.Invert,
)


def faults(source: str) -> Iterator[str]:
    """What the grammar of the arithmetic forbids in a source text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FORBIDDEN_NODES):
            yield type(node).__name__
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            yield "chained comparison"
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in FORBIDDEN_CALLS:
                yield f"call of {name}"
        if isinstance(node, ast.FunctionDef):
            returns = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
            if len(returns) != 1:
                yield f"{len(returns)} returns in {node.name}"


class TestGrammar:
    """The arithmetic has no branch, no division and no rounding."""

    def test_module(self) -> None:
        """The module holds none of the forbidden forms."""
        assert list(faults(inspect.getsource(_exact))) == []

    @pytest.mark.parametrize(
        ("source", "fault"),
        [
            ("a and b", "BoolOp"),
            ("a or b", "BoolOp"),
            ("not a", "Not"),
            ("if a: pass", "If"),
            ("a if b else c", "IfExp"),
            ("while a: pass", "While"),
            ("for a in b: pass", "For"),
            ("[a for a in b]", "comprehension"),
            ("a / b", "Div"),
            ("a /= b", "Div"),
            ("a // b", "FloorDiv"),
            ("~a", "Invert"),
            ("a < b < c", "chained comparison"),
            ("min(a, b)", "call of min"),
            ("max(a, b)", "call of max"),
            ("round(a)", "call of round"),
            ("np.round(a)", "call of round"),
            ("abs(a)", "call of abs"),
            ("int(a)", "call of int"),
            ("float(a)", "call of float"),
            ("def f(): pass", "0 returns in f"),
            ("def f():\n return 1\n return 2", "2 returns in f"),
        ],
    )
    def test_checker(self, source: str, fault: str) -> None:
        """The checker finds each forbidden form."""
        assert fault in list(faults(source))

    def test_every_function_is_public(self) -> None:
        """Every function of the module is in `__all__`, which is what these tests cover."""
        functions = {name for name, _ in inspect.getmembers(_exact, inspect.isfunction)}
        assert functions == set(_exact.__all__)


LENGTHS = st.integers(0, 10**7)
SHARES = st.one_of(
    st.sampled_from([Fraction(3, 10), Fraction(1, 5), Fraction(1, 3), Fraction(1)]),
    st.fractions(min_value=Fraction(1, 1000), max_value=1, max_denominator=1000),
)
FLOORS = st.one_of(st.sampled_from([0, 5000]), st.integers(0, 20_000))
BESIDE = st.sampled_from([-1, 0, 1])


@st.composite
def references(draw: st.DrawFn, share: Fraction) -> int:
    """A length of which the share is a whole number of micrometres, so that a tie can occur."""
    return draw(st.integers(0, 10**7 // share.denominator)) * share.denominator


@st.composite
def falls(draw: st.DrawFn) -> tuple[int, int, Fraction]:
    """Now, a reference and a share: anywhere, or within a micrometre of the boundary."""
    share = draw(SHARES)
    if draw(st.booleans()):
        return draw(LENGTHS), draw(LENGTHS), share
    reference = draw(references(share))
    boundary = reference * (1 - share)
    assert boundary.denominator == 1
    return max(0, int(boundary) + draw(BESIDE)), reference, share


@st.composite
def rises(draw: st.DrawFn) -> tuple[int, int, Fraction, int]:
    """Now, a reference, a share and a floor: anywhere, or beside either boundary."""
    share, floor = draw(SHARES), draw(FLOORS)
    where = draw(st.sampled_from(["anywhere", "share", "floor", "same"]))
    if where == "anywhere":
        return draw(LENGTHS), draw(LENGTHS), share, floor
    reference = draw(references(share))
    up = {"share": int(reference * share), "floor": floor, "same": 0}[where]
    return max(0, reference + up + draw(BESIDE)), reference, share, floor


def fell(now: int, reference: int, share: Fraction) -> bool:
    """The sentence of the criteria: at most the reference less its share."""
    return now <= reference * (1 - share)


def rose(now: int, reference: int, share: Fraction, floor: int) -> int:
    """The sentence of the criteria: higher, by the share or more, and by the floor or more."""
    if now <= reference or now < reference * (1 + share):
        return 0
    return 2 if now >= reference + floor else 1


class TestFellBy:
    """A total fell by a share when it lies that share of the reference or more below it."""

    @given(falls())
    def test_definition(self, fall: tuple[int, int, Fraction]) -> None:
        """The product agrees with the fraction everywhere, also beside the boundary."""
        assert fell_by(*fall) is fell(*fall)

    @given(st.data(), SHARES)
    def test_boundary(self, data: st.DataObject, share: Fraction) -> None:
        """The boundary itself counts; one micrometre above it does not."""
        reference = data.draw(references(share))
        assume(reference > 0)
        boundary = int(reference * (1 - share))
        assert fell_by(boundary, reference, share)
        assert not fell_by(boundary + 1, reference, share)

    @pytest.mark.parametrize(
        ("now", "reference", "expected"),
        [(9_800, 14_000, True), (9_801, 14_000, False), (0, 0, True), (14_000, 14_000, False)],
        ids=["exactly 30 %", "one micrometre short", "zero of zero", "unchanged"],
    )
    def test_examples(self, now: int, reference: int, expected: bool) -> None:
        """14.0 to 9.8 mm is exactly thirty per cent, which floats deny."""
        assert fell_by(now, reference, Fraction(3, 10)) is expected


class TestRise:
    """A total rose when it is higher by the share or more, and by the floor or more."""

    @given(rises())
    def test_definition(self, up: tuple[int, int, Fraction, int]) -> None:
        """The code agrees with the fractions everywhere, also beside both boundaries."""
        assert rise(*up) == rose(*up)

    @pytest.mark.parametrize(
        ("now", "reference", "floor", "expected"),
        [
            (21_300, 17_750, 0, 2),
            (21_299, 17_750, 0, 0),
            (24_000, 20_000, 5_000, 1),
            (24_999, 20_000, 5_000, 1),
            (25_000, 20_000, 5_000, 2),
            (30_000, 25_000, 5_000, 2),
            (34_999, 30_000, 5_000, 0),
            (0, 0, 0, 0),
            (1, 0, 0, 2),
            (1, 0, 5_000, 1),
            (5_000, 0, 5_000, 2),
            (19_999, 20_000, 0, 0),
        ],
    )
    def test_examples(self, now: int, reference: int, floor: int, expected: int) -> None:
        """Exactly a fifth counts, from zero anything above it does, and the floor holds beside."""
        assert rise(now, reference, Fraction(1, 5), floor) == expected


class TestExtent:
    """A size is unknown, zero, below the smallest that counts, or enough."""

    @given(LENGTHS, st.booleans(), st.sampled_from([0, 10_000, 20_000]), BESIDE, st.booleans())
    def test_definition(
        self, size: int, known: bool, smallest: int, beside: int, near: bool
    ) -> None:
        """The code agrees with four plain questions."""
        size = max(0, smallest + beside) if near else size
        if not known:
            expected = 0
        elif size == 0:
            expected = 1
        else:
            expected = 3 if size >= smallest else 2
        assert extent(size, known, smallest) == expected


class TestLimits:
    """A limit is reached by the limit itself, and a value is below it only when it is less."""

    @given(LENGTHS, st.integers(-2, 2))
    def test_at_least_and_below(self, limit: int, beside: int) -> None:
        """The two are opposites, and the limit belongs to `at_least`."""
        assert at_least(limit + beside, limit) is (beside >= 0)
        assert below(limit + beside, limit) is (beside < 0)


class TestReaches:
    """A time reaches a ratio when it is that many times the time before, or more."""

    @given(st.integers(0, 5_000), st.integers(1, 5_000), st.fractions(0, 4, max_denominator=100))
    def test_definition(self, time: int, before: int, ratio: Fraction) -> None:
        """The product agrees with the quotient of the two."""
        assert reaches(time, before, ratio) is (Fraction(time, before) >= ratio)

    @given(st.integers(1, 50), st.fractions(Fraction(1, 2), 4, max_denominator=100), BESIDE)
    def test_boundary(self, times: int, ratio: Fraction, beside: int) -> None:
        """The ratio itself counts; one day short of it does not."""
        before, time = times * ratio.denominator, times * ratio.numerator
        assert reaches(time + beside, before, ratio) is (beside >= 0)

    @pytest.mark.parametrize(
        ("time", "expected"), [(132, False), (133, True), (134, True)], ids=str
    )
    def test_examples(self, time: int, expected: bool) -> None:
        """133 days after 100 are 1.33 times as long."""
        assert reaches(time, 100, Fraction(133, 100)) is expected


def column(values: list[Any]) -> Any:
    return np.array(values, np.int64)


class TestArrays:
    """One body serves a patient and a cohort: an array gives what each of its numbers gives."""

    @given(st.lists(st.tuples(LENGTHS, LENGTHS), min_size=1, max_size=8), SHARES, FLOORS)
    def test_shares(self, pairs: list[tuple[int, int]], share: Fraction, floor: int) -> None:
        """`fell_by` and `rise`, also where the pairs are drawn onto the boundary."""
        pairs = [*pairs, *((int(ref * (1 - share)), ref) for _, ref in pairs)]
        pairs += [(int(ref * (1 + share)), ref) for _, ref in pairs]
        now, reference = column([a for a, _ in pairs]), column([b for _, b in pairs])
        fallen = fell_by(now, reference, share)
        risen = rise(now, reference, share, floor)
        assert (fallen.dtype, risen.dtype) == (np.bool_, np.int64)
        assert fallen.tolist() == [fell_by(a, b, share) for a, b in pairs]
        assert risen.tolist() == [rise(a, b, share, floor) for a, b in pairs]

    @given(st.lists(st.integers(0, 5_000), min_size=1, max_size=8), st.integers(1, 5_000))
    def test_ratios(self, times: list[int], before: int) -> None:
        """`reaches`, of several times."""
        ratio = Fraction(133, 100)
        found = reaches(column(times), before, ratio)
        assert found.tolist() == [reaches(time, before, ratio) for time in times]

    @given(st.lists(st.tuples(LENGTHS, st.booleans(), LENGTHS), min_size=1, max_size=8))
    def test_extent(self, rows: list[tuple[int, bool, int]]) -> None:
        """`extent`, with its smallest differing by lesion."""
        size, known, smallest = zip(*rows, strict=True)
        found = extent(column(list(size)), np.array(known), column(list(smallest)))
        assert found.tolist() == [extent(*row) for row in rows]

    @pytest.mark.parametrize("compare", [at_least, below])
    @given(limit=LENGTHS)
    def test_limits(self, compare: Callable[[Any, Any], Any], limit: int) -> None:
        """`at_least` and `below`, one either side of the limit."""
        values = [limit - 1, limit, limit + 1]
        assert compare(column(values), limit).tolist() == [compare(v, limit) for v in values]
