"""Markers: whatever a limit of quantitation hides, an answer that is given holds for it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from mrecist import Finding, Lesion, Marker, Patient, TherapyLine, Timepoint, assess
from mrecist._base.words import Met
from mrecist.laboratory.marker_levels import Range, level, lower
from mrecist.laboratory.marker_rules import MARKER_RULES, ROSE
from mrecist.laboratory.markers import MarkerCourse, marker_course

signs = st.sampled_from(["", "<", "<=", ">", ">="])
wholes = st.integers(1, 60)
texts = st.tuples(signs, wholes).map(lambda each: f"{each[0]}{each[1]}")
hidden = st.fractions(Fraction(1, 10), 100, max_denominator=10)
values = st.lists(
    st.tuples(st.integers(-60, 300), texts), unique_by=lambda each: each[0], max_size=12
)


def inside(number: Fraction, known: Range) -> bool:
    """Whether a number is one of those that a range leaves open."""
    above = number > known.least or (known.least_in and number == known.least)
    if known.most is None:
        return above
    return above and (number < known.most or (known.most_in and number == known.most))


def read(text: str) -> Range:
    return level(Decimal(text) if text.isdigit() else text)


def chart(values: list[tuple[int, str]], shift: int = 0) -> Patient:
    return Patient(
        "P-1",
        [Lesion("L", "lung", "nodule")],
        [
            Timepoint(shift, [Finding("L", longest_mm=30)]),
            Timepoint(60 + shift, [Finding("L", longest_mm=40)]),
            Timepoint(150 + shift, [Finding("L", longest_mm=20)]),
        ],
        [TherapyLine(["a"], shift, stop=100 + shift), TherapyLine(["b"], 120 + shift)],
        markers=[Marker(day + shift, "AFP", value, "ng/mL") for day, value in values],
    )


def courses(patient: Patient) -> list[MarkerCourse]:
    return [marker_course(line) for line in assess(patient).lines]


def said(patient: Patient) -> list[object]:
    """All that is said of a patient's AFP but dates."""
    return [
        [
            [attrs.evolve(point, value=None) for point in course.points],
            [(each.verdict, each.word) for each in course.responses()],
            course.flare().verdict,
            [(each.verdict, each.response) for each in course.beside_imaging()],
        ]
        for course in courses(patient)
    ]


class TestRanges:
    """A range stands for every number in it."""

    @given(text=texts, number=hidden, limit=hidden)
    def test_limits(self, text: str, number: Fraction, limit: Fraction) -> None:
        """A decided question is decided so for each number."""
        known = read(text)
        if inside(number, known):
            assert known.at_most(limit) in (None, number <= limit)
            assert known.at_most(limit, inclusive=False) in (None, number < limit)
            assert known.at_least(limit) in (None, number >= limit)
            assert known.at_least(limit, inclusive=False) in (None, number > limit)

    @given(first=texts, second=texts, one=hidden, other=hidden)
    def test_pairs(self, first: str, second: str, one: Fraction, other: Fraction) -> None:
        """The change between two numbers lies in the change between their ranges; so the least."""
        if inside(one, read(first)) and inside(other, read(second)):
            assert inside(other / one - 1, read(second).change_from(read(first)))
            assert inside(min(one, other), lower(read(first), read(second)))

    @given(first=wholes, second=wholes)
    def test_exact(self, first: int, second: int) -> None:
        """Two exact numbers leave nothing open."""
        change = read(str(second)).change_from(read(str(first)))
        assert change.exact == Fraction(second - first, first)
        assert ROSE.judge(change) is not Met.UNDETERMINED


class TestCourses:
    """What is said of a marker depends on the chart, not on how it is written down."""

    @given(values=values, shift=st.integers(-400, 400))
    def test_shift(self, values: list[tuple[int, str]], shift: int) -> None:
        """Moving all dates changes nothing."""
        assert said(chart(values)) == said(chart(values, shift))

    @given(values=values)
    def test_order(self, values: list[tuple[int, str]]) -> None:
        """The order of the records does not matter."""
        assert said(chart(values)) == said(chart(values[::-1]))

    @given(values=values)
    def test_no_verdict(self, values: list[tuple[int, str]]) -> None:
        """AFP-NOTPD: no marker changes a response."""
        with_markers, without = assess(chart(values)), assess(chart([]))
        for one, other in zip(with_markers.lines, without.lines, strict=True):
            found = [[t.response for t in line.timepoints] for line in (one, other)]
            assert found[0] == found[1]

    @given(values=values, least=wholes)
    def test_limits_are_no_numbers(self, values: list[tuple[int, str]], least: int) -> None:
        """A rule that decides with limits decides the same for a number that they may hide."""
        limits = [(day, "<60" if text[0] == "<" else text) for day, text in values]
        numbers = [(day, str(min(least, 59)) if t[0] == "<" else t) for day, t in limits]
        for one, other in zip(courses(chart(limits)), courses(chart(numbers)), strict=True):
            for rule in MARKER_RULES.values():
                if rule.last_day is not None and one.response(rule).verdict is not Met.UNDETERMINED:
                    assert other.response(rule).verdict is one.response(rule).verdict
