"""Best responses: the single pass agrees with the definition over all pairs of time points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, product
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrecist import MRECIST, Criteria
from mrecist._base.words import Response
from mrecist.patient.best_response import Course, best, confirmed, course
from mrecist.rulebook.best_response import COUNTS_AS, counts_as
from mrecist.rulebook.confirmation import NEVER, confirmations

CR, PR, SD, NN = Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD
PD, NE, NED, ND = Response.PD, Response.NE, Response.NED, Response.ND

BY_GAPS = [attrs.evolve(MRECIST, confirmation_gaps=gaps) for gaps in range(4)]
FOLLOW_UPS = [response for response in Response if response is not ND]

Line = list[tuple[Response, int]]
"""The follow-ups of a line in date order: response and day."""


@st.composite
def lines(draw: st.DrawFn, *, max_size: int = 8) -> Line:
    """Follow-ups whose days like to lie 27, 28 and 29 apart and on day 41, 42 and 43."""
    count = draw(st.integers(0, max_size))
    kinds = st.one_of(
        st.sampled_from([CR, PR, NE]),
        st.sampled_from([CR, PR, NE, SD]),
        st.sampled_from(FOLLOW_UPS),
    )
    if draw(st.booleans()):
        kinds = kinds.filter(lambda response: response is not PD)
    first = draw(st.sampled_from([13, 14, 15, 41, 42, 43, 0, 1, -7]))
    gaps = st.sampled_from([28, 27, 29, 14, 1, 13, 15, 60, 9, 10])
    days = accumulate([first, *(draw(gaps) for _ in range(count - 1))]) if count else []
    return [(draw(kinds), day) for day in days]


def up_to_progression(line: Line) -> Line:
    """Follow-ups up to and including the first PD; nothing after it."""
    kept: Line = []
    for response, day in line:
        kept.append((response, day))
        if response is PD:
            break
    return kept


def confirms_cr(line: Line, t: int, u: int, criteria: Criteria) -> bool:
    """A CR at t and a CR at u >= t + 28 with only CR or NE between, at most one NE."""
    between = [response for response, _ in line[t + 1 : u]]
    return (
        line[t][0] is CR
        and line[u][0] is CR
        and line[u][1] >= line[t][1] + criteria.confirmation_days
        and all(response in (CR, NE) for response in between)
        and between.count(NE) <= criteria.confirmation_gaps
    )


def confirms_pr(line: Line, t: int, u: int, criteria: Criteria) -> bool:
    """A PR at t and a PR or CR at u, only CR, PR or NE between; no PR after a CR in t..u."""
    within = [response for response, _ in line[t : u + 1]]
    between = within[1:-1]
    return (
        line[t][0] is PR
        and line[u][0] in (PR, CR)
        and line[u][1] >= line[t][1] + criteria.confirmation_days
        and all(response in (CR, PR, NE) for response in between)
        and between.count(NE) <= criteria.confirmation_gaps
        and not any(
            within[i] is CR and within[j] is PR for j in range(len(within)) for i in range(j)
        )
    )


def earliest(days: Sequence[int]) -> int:
    return min(days, default=NEVER)


def first_pair(line: Line, confirms: Any, criteria: Criteria) -> tuple[int, int]:
    """The earliest day that confirms, and the earliest response that it confirms."""
    pairs = [
        (line[u][1], line[t][1])
        for u in range(len(line))
        for t in range(u)
        if confirms(line, t, u, criteria)
    ]
    return min(pairs, default=(NEVER, NEVER))


def definition(line: Line, criteria: Criteria) -> Course:
    """Section 8, word by word, over all pairs of time points."""
    line = up_to_progression(line)

    def days(*responses: Response, late: bool = False) -> list[int]:
        least = criteria.stable_days if late else -NEVER
        return [day for response, day in line if response in responses and day >= least]

    confirmed_cr, from_cr = first_pair(line, confirms_cr, criteria)
    confirmed_pr, from_pr = first_pair(line, confirms_pr, criteria)
    return Course(
        cr=earliest(days(CR)),
        pr=earliest(days(PR)),
        sd=earliest(days(SD, late=True)),
        nn=earliest(days(NN, late=True)),
        ned=earliest(days(NED)),
        pd=earliest(days(PD)),
        seen=earliest(days(*Response)),
        lasting=earliest(days(CR, PR, SD, late=True)),
        confirmed_cr=confirmed_cr,
        from_cr=from_cr,
        confirmed_pr=confirmed_pr,
        from_pr=from_pr,
    )


def best_of(line: Line, criteria: Criteria) -> Response:
    """Section 8, unconfirmed: the first that holds."""
    line = up_to_progression(line)
    told = {response for response, _ in line}
    late = {response for response, day in line if day >= criteria.stable_days}
    for response, among in (
        (CR, told),
        (PR, told),
        (SD, late),
        (NN, late),
        (NED, told),
        (PD, told),
    ):
        if response in among:
            return response
    return NE if line else ND


def confirmed_of(line: Line, criteria: Criteria) -> Response:
    """Section 8, confirmed: the first that holds."""
    line = up_to_progression(line)
    told = {response for response, _ in line}
    late = {response for response, day in line if day >= criteria.stable_days}
    pairs = [(t, u) for u in range(len(line)) for t in range(u)]
    if any(confirms_cr(line, t, u, criteria) for t, u in pairs):
        return CR
    if any(confirms_pr(line, t, u, criteria) for t, u in pairs):
        return PR
    if late & {CR, PR, SD}:
        return SD
    if NN in late:
        return NN
    for response in (NED, PD):
        if response in told:
            return response
    return NE if line else ND


def registers(found: Course) -> dict[str, Any]:
    """Every register of a course by its name."""
    return attrs.asdict(found)


def of_ints(line: Line, criteria: Criteria) -> Course:
    return course([response.code for response, _ in line], [day for _, day in line], criteria)


def of_columns(responses: Any, days: Any, criteria: Criteria) -> dict[str, Any]:
    """What confirms in arrays of lines, one column a line."""
    return confirmations(
        zip(responses, days, strict=True),
        criteria,
        never_unless=lambda condition: np.where(condition, -NEVER, NEVER),
        minimum=np.minimum,
        maximum=np.maximum,
    )


class TestCourse:
    """One pass with registers finds what the definition finds over all pairs."""

    @given(lines(), st.sampled_from(BY_GAPS))
    def test_registers(self, line: Line, criteria: Criteria) -> None:
        """Every first day agrees, and so do the pairs that confirm."""
        assert registers(of_ints(line, criteria)) == registers(definition(line, criteria))

    @given(lines(), st.sampled_from(BY_GAPS))
    def test_verdicts(self, line: Line, criteria: Criteria) -> None:
        """The best responses, unconfirmed and confirmed, are those of section 8."""
        found = of_ints(line, criteria)
        assert best(found).verdict is best_of(line, criteria)
        assert confirmed(found).verdict is confirmed_of(line, criteria)

    @given(lines(), st.sampled_from([1, 14, 29]), st.sampled_from([0, 14, 43]))
    def test_other_days(self, line: Line, confirmation: int, stable: int) -> None:
        """The days come from the criteria."""
        own = attrs.evolve(MRECIST, confirmation_days=confirmation, stable_days=stable)
        assert registers(of_ints(line, own)) == registers(definition(line, own))

    @given(lines(), lines())
    def test_nothing_after_progression(self, line: Line, after: Line) -> None:
        """What follows the first PD changes nothing."""
        ended = [*line, (PD, 1000)]
        later = [(response, day + 2000) for response, day in after]
        assert registers(of_ints(ended + later, MRECIST)) == registers(of_ints(ended, MRECIST))


STEPS = (7, 10, 14, 28)
EVERY_ORDER = [
    [(response, step * (at + 1)) for at, response in enumerate(responses)]
    for responses in product((CR, PR, NE, SD), repeat=5)
    for step in STEPS
]
"""Every order of five follow-ups at even intervals that meet 28 and 42 days in many ways."""


class TestEveryOrder:
    """Whatever the order of responses, the pass finds the pairs that confirm."""

    @pytest.mark.parametrize("criteria", BY_GAPS[:3], ids=["no gap", "one gap", "two gaps"])
    def test_registers(self, criteria: Criteria) -> None:
        """Exhaustive, one line at a time and all of them as one array."""
        responses = np.array([[response.code for response, _ in line] for line in EVERY_ORDER])
        days = np.array([[day for _, day in line] for line in EVERY_ORDER])
        found = of_columns(responses.T, days.T, criteria)
        for column, line in enumerate(EVERY_ORDER):
            expected = definition(line, criteria)
            assert registers(of_ints(line, criteria)) == registers(expected), line
            assert found["confirmed_cr"][column] == expected.confirmed_cr, line
            assert found["confirmed_pr"][column] == expected.confirmed_pr, line


@st.composite
def cohorts(draw: st.DrawFn) -> list[Line]:
    return draw(st.lists(lines(), min_size=1, max_size=5))


class TestArrays:
    """The same body follows many lines at once: column by column it finds the same."""

    @settings(max_examples=60)
    @given(cohorts(), st.sampled_from(BY_GAPS))
    def test_columns(self, cohort: list[Line], criteria: Criteria) -> None:
        """NumPy's functions over columns padded with -1 give what integers give."""
        most = max(len(line) for line in cohort)
        responses = np.full((most, len(cohort)), -1, np.int64)
        days = np.full((most, len(cohort)), 9999, np.int64)
        for column, line in enumerate(cohort):
            for row, (response, day) in enumerate(line):
                responses[row, column] = response.code
                days[row, column] = day
        found = of_columns(responses, days, criteria)
        for column, line in enumerate(cohort):
            alone = registers(of_ints(line, criteria))
            for name, register in found.items():
                value = np.broadcast_to(register, len(cohort))[column]
                assert value == alone[name], name


class TestCountsAs:
    """What a response counts as by itself, early and late."""

    EARLY: ClassVar = {
        CR: {"cr"}, PR: {"pr"}, SD: set(), NN: set(), PD: {"pd"}, NE: set(), NED: {"ned"},
        ND: set(),
    }  # fmt: skip
    LATE: ClassVar = {CR: {"lasting"}, PR: {"lasting"}, SD: {"sd", "lasting"}, NN: {"nn"}}

    @pytest.mark.parametrize("response", Response)
    def test_each(self, response: Response) -> None:
        early = self.EARLY[response] | {"seen"}
        late = early | self.LATE.get(response, set())
        assert set(COUNTS_AS[False][response.code]) == early
        assert set(COUNTS_AS[True][response.code]) == late

    @pytest.mark.parametrize("late", [False, True])
    def test_columns(self, late: bool) -> None:
        """An array counts as each of its responses does; -1, after the last, as nothing."""
        found = counts_as(np.arange(-1, len(Response)), np.full(len(Response) + 1, late))
        for name, counts in found.items():
            each = [name in COUNTS_AS[late][response.code] for response in Response]
            assert counts.tolist() == [False, *each]


class TestExamples:
    """What the section says, case by case; each is beside its neighbour that differs."""

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            pytest.param([], ("ND", "ND"), id="no follow-up"),
            pytest.param([(NE, 50)], ("NE", "NE"), id="nothing evaluable"),
            pytest.param([(SD, 41)], ("NE", "NE"), id="stable too early"),
            pytest.param([(SD, 42)], ("SD", "SD"), id="stable on day 42"),
            pytest.param([(NN, 41), (NN, 42)], ("NON-CR/NON-PD", "NON-CR/NON-PD"), id="non-target"),
            pytest.param([(NED, 10)], ("NED", "NED"), id="no disease"),
            pytest.param([(SD, 41), (PD, 70)], ("PD", "PD"), id="progressed before it counts"),
            pytest.param([(PR, 41), (PD, 70)], ("PR", "PD"), id="early, unconfirmed response"),
            pytest.param([(PR, 42), (PD, 70)], ("PR", "SD"), id="unconfirmed response lasts"),
            pytest.param([(CR, 14), (CR, 42)], ("CR", "CR"), id="confirmed after 28 days"),
            pytest.param([(CR, 15), (CR, 42)], ("CR", "SD"), id="27 days are too few"),
            pytest.param([(CR, 14), (NE, 28), (CR, 42)], ("CR", "CR"), id="one gap"),
            pytest.param(
                [(CR, 14), (NE, 20), (NE, 28), (CR, 42)], ("CR", "SD"), id="two gaps are too many"
            ),
            pytest.param([(CR, 14), (PR, 28), (CR, 42)], ("CR", "SD"), id="PR between breaks CR"),
            pytest.param([(PR, 14), (SD, 28), (PR, 42)], ("PR", "SD"), id="SD between breaks PR"),
            pytest.param([(PR, 14), (CR, 42)], ("CR", "PR"), id="CR confirms PR"),
            pytest.param([(PR, 14), (CR, 28), (PR, 42)], ("CR", "SD"), id="PR after CR does not"),
            pytest.param([(CR, 14), (PR, 42)], ("CR", "SD"), id="PR does not confirm CR"),
            pytest.param(
                [(PR, 10), (CR, 20), (PR, 30), (PR, 60)], ("CR", "PR"), id="PR anew after CR"
            ),
            pytest.param(
                [(PR, 10), (PR, 20), (PR, 38)], ("PR", "PR"), id="confirmed over another PR"
            ),
            pytest.param([(PD, 20), (CR, 50), (CR, 80)], ("PD", "PD"), id="nothing after PD"),
        ],
    )
    def test_best(self, line: Line, expected: tuple[str, str]) -> None:
        """Unconfirmed and confirmed best response."""
        found = of_ints(line, MRECIST)
        assert (str(best(found).verdict), str(confirmed(found).verdict)) == expected

    @pytest.mark.parametrize("gaps", range(6))
    @pytest.mark.parametrize("between", range(7))
    def test_gaps(self, between: int, gaps: int) -> None:
        """As many NE may lie between as the criteria allow, and not one more."""
        criteria = attrs.evolve(MRECIST, confirmation_gaps=gaps)
        nothing = [(NE, 20 + at) for at in range(between)]
        within = between <= gaps
        found = of_ints([(CR, 10), *nothing, (CR, 60)], criteria)
        assert (found.confirmed_cr, found.from_cr) == ((60, 10) if within else (NEVER, NEVER))
        found = of_ints([(PR, 10), *nothing, (PR, 60)], criteria)
        assert (found.confirmed_pr, found.from_pr) == ((60, 10) if within else (NEVER, NEVER))
        found = of_ints([(PR, 10), (CR, 15), *nothing, (CR, 40)], criteria)
        assert (found.confirmed_pr, found.from_pr) == ((40, 10) if within else (NEVER, NEVER))
        assert found.confirmed_cr == NEVER

    @pytest.mark.parametrize("between", [each for each in FOLLOW_UPS if each is not NE], ids=str)
    def test_no_gap(self, between: Response) -> None:
        """Only NE is a gap: of the others CR keeps a CR open, and CR or PR keeps a PR open."""
        found = of_ints([(CR, 10), (between, 20), (CR, 60)], MRECIST)
        assert (found.confirmed_cr == 60) is (between is CR)
        found = of_ints([(PR, 10), (between, 20), (CR, 60)], MRECIST)
        assert (found.confirmed_pr == 60) is (between in (CR, PR))

    def test_no_gap_in_columns(self) -> None:
        """The same of an array of lines, one for each response between; a PD ends its line."""
        between = [each.code for each in FOLLOW_UPS]
        count = len(between)
        responses = np.array([[CR.code] * count, between, [CR.code] * count, [CR.code] * count])
        days = np.repeat(np.array([[10], [20], [60], [100]]), count, axis=1)
        found = of_columns(responses, days, MRECIST)["confirmed_cr"]
        assert dict(zip(FOLLOW_UPS, found.tolist(), strict=True)) == {
            each: 60 if each in (CR, NE) else NEVER if each is PD else 100 for each in FOLLOW_UPS
        }

    def test_by_position(self) -> None:
        """A dozen days in a row say nothing: each is given by its name."""
        days = [getattr(of_ints([], MRECIST), field.name) for field in attrs.fields(Course)]
        with pytest.raises(TypeError, match="positional"):
            Course(*days)
        with pytest.raises(TypeError, match="positional"):
            confirmations([], MRECIST, min, min, max)  # type: ignore[misc]

    def test_value(self) -> None:
        """A course may hold arrays, which have no one answer to `==`: it equals itself only."""
        found = of_ints([], MRECIST)
        assert found != of_ints([], MRECIST)
        assert found == found

    def test_lengths(self) -> None:
        """Responses and days belong together one by one."""
        with pytest.raises(ValueError, match="shorter"):
            course([CR.code, CR.code], [14], MRECIST)
