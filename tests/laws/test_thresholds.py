"""Every line of the criteria, tried on it and one micrometre (or one day) either side of it.

Lengths are whole micrometres here, as in the library; `mm` makes the number that a chart holds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrecist import (
    MRECIST,
    MRECIST_5MM,
    RECIST_1_1,
    Assessment,
    Criteria,
    Finding,
    Lesion,
    Patient,
    Problem,
    TherapyLine,
    Timepoint,
    TimepointAssessment,
    assess,
)

CRITERIA = [MRECIST, MRECIST_5MM, RECIST_1_1]
BESIDE = [-1, 0, 1]

every_criteria = pytest.mark.parametrize("criteria", CRITERIA, ids=lambda each: each.name)
one_micrometre_beside = pytest.mark.parametrize("beside", BESIDE)


def mm(micrometres: int) -> Decimal:
    return Decimal(micrometres).scaleb(-3)


def nodule(size: Any, **more: Any) -> Finding:
    """A finding of the liver nodule S8, the same by viable and by whole diameter."""
    return Finding("S8", viable_mm=size, longest_mm=size, **more)


def followed(
    *findings: Finding | None,
    kind: str = "nodule",
    days: list[int] | None = None,
    criteria: Criteria = MRECIST,
    hilar: bool = False,
    named: bool = True,
) -> Assessment:
    """One lesion, S8, on day 0 (baseline) and every 60 days after it, in one line from day 0."""
    days = days or [60 * i for i in range(len(findings))]
    patient = Patient(
        "P",
        [Lesion("S8", "liver" if kind == "nodule" else "abdomen", kind, hilar=hilar)],
        [Timepoint(d, [] if f is None else [f]) for d, f in zip(days, findings, strict=True)],
        [TherapyLine(["lenvatinib"], 0, targets=["S8"] if named else None)],
    )
    return assess(patient, criteria=criteria)


def last(assessment: Assessment) -> TimepointAssessment:
    return assessment.lines[0].timepoints[-1]


def target(*sizes: Any, criteria: Criteria = MRECIST) -> str:
    """The target response at the last of some sizes in mm."""
    return str(last(followed(*map(nodule, sizes), criteria=criteria)).target)


def grid(first: int, final: int, part: int) -> list[tuple[int, int]]:
    """Pairs (reference, `part` tenths of it), both whole tenths of a millimetre."""
    return [(r, r * part // 10) for r in range(first, final + 1) if r * part % 10 == 0]


class TestResponse:
    """Response: the total fell from baseline by at least 3/10."""

    @every_criteria
    def test_every_baseline_on_the_grid(self, criteria: Criteria) -> None:
        pairs = grid(1, 600, 7)
        assert len(pairs) == 60
        for before, now in pairs:
            for size in (now / 10, f"{now / 10:.1f}", Decimal(now) / 10):
                assert target(before / 10, size, criteria=criteria) == "PR", (before, now)
            for beside, verdict in zip(BESIDE, ("PR", "PR", "SD"), strict=True):
                size = mm(now * 100 + beside)
                assert target(before / 10, size, criteria=criteria) == verdict, (before, size)

    @every_criteria
    @given(baseline=st.integers(3, 1_000_000))
    def test_any_baseline(self, criteria: Criteria, baseline: int) -> None:
        on_or_below = baseline * 7 // 10
        assert target(mm(baseline), mm(on_or_below), criteria=criteria) == "PR"
        assert target(mm(baseline), mm(on_or_below + 1), criteria=criteria) == "SD"

    @given(
        sizes=st.lists(st.integers(10_000, 300_000), min_size=2, max_size=2),
        spread=st.integers(0, 10_000),
    )
    def test_a_total_of_two(self, sizes: list[int], spread: int) -> None:
        def together(now: list[int]) -> str:
            patient = Patient(
                "P",
                [Lesion("A", "liver", "nodule"), Lesion("B", "lung", "nodule")],
                [
                    Timepoint(d, [Finding("A", viable_mm=mm(a)), Finding("B", longest_mm=mm(b))])
                    for d, (a, b) in enumerate([sizes, now])
                ],
                [TherapyLine(["x"], 0)],
            )
            return str(last(assess(patient)).target)

        share = sum(sizes) * 7 // 10
        first = min(spread, share)
        assert together([first, share - first]) == "PR"
        assert together([first, share - first + 1]) == "SD"


class TestProgression:
    """Progression: the total rose from nadir by at least 1/5 and at least the floor."""

    def test_every_nadir_on_the_grid(self) -> None:
        pairs = grid(1, 600, 12)
        assert len(pairs) == 120
        for nadir, now in pairs:
            for size in (now / 10, f"{now / 10:.1f}", Decimal(now) / 10):
                assert target(nadir / 10, size) == "PD", (nadir, now)
            for beside, verdict in zip(BESIDE, ("SD", "PD", "PD"), strict=True):
                size = mm(now * 100 + beside)
                assert target(nadir / 10, size) == verdict, (nadir, size)

    @every_criteria
    def test_every_nadir_on_the_grid_with_the_floor(self, criteria: Criteria) -> None:
        floor = 0 if criteria is MRECIST else 5_000
        for nadir, share in grid(1, 600, 12):
            line = max(share * 100, nadir * 100 + floor)
            for beside, verdict in zip(BESIDE, ("SD", "PD", "PD"), strict=True):
                size = mm(line + beside)
                assert target(nadir / 10, size, criteria=criteria) == verdict, (nadir, size)

    @every_criteria
    @given(nadir=st.integers(1, 800_000))
    def test_any_nadir(self, criteria: Criteria, nadir: int) -> None:
        floor = 0 if criteria is MRECIST else 5_000
        line = max(-(-nadir * 6 // 5), nadir + floor, nadir + 1)
        assert target(mm(nadir), mm(line), criteria=criteria) == "PD"
        assert target(mm(nadir), mm(line - 1), criteria=criteria) == "SD"

    @every_criteria
    @given(nadir=st.integers(0, 30_000))
    def test_any_nadir_after_response(self, criteria: Criteria, nadir: int) -> None:
        """Against the nadir, not the baseline, which lies far above."""
        floor = 0 if criteria is MRECIST else 5_000
        line = max(-(-nadir * 6 // 5), nadir + floor, nadir + 1)
        at, under = (
            target(500, mm(nadir), mm(size), criteria=criteria) for size in (line, line - 1)
        )
        assert at == "PD"
        assert under == ("PR" if line > 1 else "CR")

    @pytest.mark.parametrize("criteria", [MRECIST_5MM, RECIST_1_1], ids=lambda each: each.name)
    @one_micrometre_beside
    def test_floor(self, criteria: Criteria, beside: int) -> None:
        """From a nadir under 25 mm the 5 mm decide, from above the fifth."""
        verdict = "SD" if beside < 0 else "PD"
        assert target(12, mm(17_000 + beside), criteria=criteria) == verdict
        assert target(25, mm(30_000 + beside), criteria=criteria) == verdict
        assert target(26, mm(31_200 + beside), criteria=criteria) == verdict
        assert target(12, mm(17_000 + beside)) == "PD"

    def test_nothing_is_not_a_rise(self) -> None:
        """`C > N`: zero after zero has risen by a fifth of nothing, and is no progression."""
        assert target(20, 0, 0) == "CR"


class TestFloatingPoint:
    """The reason for whole micrometres: the formulas that others use miss pairs on the line."""

    def test_response(self) -> None:
        pairs = grid(50, 3000, 7)
        assert len(pairs) == 296
        by_percent = [p for p in pairs if not (p[1] / 10 - p[0] / 10) / (p[0] / 10) * 100 <= -30]
        by_product = [p for p in pairs if not p[1] / 10 <= p[0] / 10 * 0.7]
        assert (len(by_percent), len(by_product)) == (44, 127)
        for before, now in {*by_percent, *by_product}:
            assert target(before / 10, now / 10) == "PR", (before, now)

    def test_progression(self) -> None:
        pairs = grid(50, 3000, 12)
        assert len(pairs) == 591
        missed = [p for p in pairs if not (p[1] / 10 - p[0] / 10) / (p[0] / 10) * 100 >= 20]
        assert len(missed) == 213
        for nadir, now in missed:
            assert target(nadir / 10, now / 10) == "PD", (nadir, now)

    def test_rounding_first(self) -> None:
        """-29.96 % rounded to one decimal would be a response, 19.96 % a progression."""
        assert target(100, 70.04) == "SD"
        assert target(100, 119.96) == "SD"


class TestMicrometres:
    """A value in mm is rounded once, half to even, to 0.001 mm."""

    @pytest.mark.parametrize(
        ("size", "micrometres"),
        [
            ("9.8", 9_800),
            ("9.8005", 9_800),
            ("9.8015", 9_802),
            ("9.80050000000000000000000000000000000000000001", 9_801),
            ("9.8004999999999999999999999999999999999999999", 9_800),
            (Decimal("9.8005"), 9_800),
            (Decimal("9.8015"), 9_802),
            ("0.0005", 0),
            ("0.00051", 1),
            (".5", 500),
            ("1000", 1_000_000),
        ],
    )
    def test_rounding(self, size: Any, micrometres: int) -> None:
        assert nodule(size).viable_um == micrometres

    def test_a_tenth_of_a_micrometre_cannot_decide(self) -> None:
        assert target(14, "9.8004") == "PR"
        assert target(14, "9.8006") == "SD"


class TestNodeSizes:
    """Nodes: target from 15 mm (porta hepatis 20), diseased from 10 (20), gone below 10."""

    def role(self, size: int, criteria: Criteria, *, hilar: bool) -> str:
        found = Finding("S8", short_axis_mm=mm(size))
        line = followed(found, kind="node", criteria=criteria, hilar=hilar, named=False).lines[0]
        return "target" if line.targets else "nontarget" if line.nontargets else "none"

    @every_criteria
    def test_role_at_baseline(self, criteria: Criteria) -> None:
        for size, role in {
            9_999: "none",
            10_000: "nontarget",
            14_999: "nontarget",
            15_000: "target",
            19_999: "target",
        }.items():
            assert self.role(size, criteria, hilar=False) == role, size

    @pytest.mark.parametrize("criteria", [MRECIST, MRECIST_5MM], ids=lambda each: each.name)
    def test_porta_hepatis(self, criteria: Criteria) -> None:
        assert self.role(19_999, criteria, hilar=True) == "none"
        assert self.role(20_000, criteria, hilar=True) == "target"

    @pytest.mark.parametrize("size", [9_999, 10_000, 14_999, 15_000, 19_999, 20_000])
    def test_porta_hepatis_is_no_matter_to_recist(self, size: int) -> None:
        assert self.role(size, RECIST_1_1, hilar=True) == self.role(size, RECIST_1_1, hilar=False)

    @every_criteria
    @one_micrometre_beside
    def test_gone(self, criteria: Criteria, beside: int) -> None:
        findings = [Finding("S8", short_axis_mm=mm(size)) for size in (20_000, 10_000 + beside)]
        judged = last(followed(*findings, kind="node", criteria=criteria))
        assert str(judged.response) == ("CR" if beside < 0 else "PR")

    @every_criteria
    @pytest.mark.parametrize("hilar", [False, True])
    @one_micrometre_beside
    def test_new_node(self, criteria: Criteria, hilar: bool, beside: int) -> None:
        limit = 20_000 if hilar and criteria is not RECIST_1_1 else 10_000
        later = Finding("S8", short_axis_mm=mm(limit + beside))
        judged = last(
            followed(None, later, kind="node", criteria=criteria, hilar=hilar, named=False)
        )
        assert str(judged.new_lesion) == ("NO" if beside < 0 else "YES")


class TestNoduleSizes:
    """Nodules: a target from 10 mm; too small to measure counts as 5 mm."""

    @every_criteria
    @one_micrometre_beside
    def test_smallest_target(self, criteria: Criteria, beside: int) -> None:
        line = followed(nodule(mm(10_000 + beside)), criteria=criteria, named=False).lines[0]
        assert (line.targets, line.nontargets) == (((), ("S8",)) if beside < 0 else (("S8",), ()))

    @every_criteria
    def test_too_small_is_five(self, criteria: Criteria) -> None:
        judged = last(followed(nodule(50), Finding("S8", status="too small"), criteria=criteria))
        assert judged.total_um == 5_000
        assert str(judged.target) == "PR"


class TestNewNodules:
    """A new liver nodule: 10 mm with the typical pattern, or 10 mm larger than first seen."""

    def new(self, *findings: Finding) -> list[str]:
        later = followed(None, *findings, named=False).lines[0].timepoints
        return [str(each.new_lesion) for each in later]

    @one_micrometre_beside
    def test_ten_and_typical(self, beside: int) -> None:
        found = nodule(mm(10_000 + beside), pattern="typical")
        assert self.new(found) == (["EQUIVOCAL"] if beside < 0 else ["YES"])

    @one_micrometre_beside
    def test_grown_by_ten(self, beside: int) -> None:
        news = self.new(nodule(8), nodule(mm(18_000 + beside)))
        assert news == ["EQUIVOCAL" if beside < 0 else "YES"] * 2

    @one_micrometre_beside
    def test_grown_from_too_small(self, beside: int) -> None:
        news = self.new(Finding("S8", status="too small"), nodule(mm(15_000 + beside)))
        assert news == ["EQUIVOCAL" if beside < 0 else "YES"] * 2

    @one_micrometre_beside
    def test_growth_counts_from_first_detection(self, beside: int) -> None:
        """Not from the smallest, nor from the scan before."""
        news = self.new(nodule(8), nodule(12), nodule(6), nodule(mm(18_000 + beside)))
        assert news == ["EQUIVOCAL" if beside < 0 else "YES"] * 4

    @pytest.mark.parametrize("pattern", ["atypical", "unknown"])
    def test_large_but_not_typical(self, pattern: str) -> None:
        assert self.new(nodule(80, pattern=pattern)) == ["EQUIVOCAL"]


class TestDays:
    """Confirmation from 28 days, stable disease from day 42, a baseline of up to 28 days."""

    SMALL, SAME, GONE = 10, 20, 0

    def best(self, *course: tuple[int, int | None], start: int = 0) -> tuple[str, str]:
        """Unconfirmed and confirmed best response of sizes (None: not recorded) on days."""
        findings = [nodule(20), *(None if size is None else nodule(size) for _, size in course)]
        days = [start, *(start + day for day, _ in course)]
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [Timepoint(d, [] if f is None else [f]) for d, f in zip(days, findings, strict=True)],
            [TherapyLine(["x"], start)],
        )
        line = assess(patient).lines[0]
        return str(line.best_response), str(line.confirmed_best_response)

    @pytest.mark.parametrize("size", [SMALL, GONE])
    @pytest.mark.parametrize("start", [0, -400, 73])
    def test_confirmation(self, size: int, start: int) -> None:
        verdict = "CR" if size == self.GONE else "PR"
        assert self.best((50, size), (77, size), start=start) == (verdict, "SD")
        assert self.best((50, size), (78, size), start=start) == (verdict, verdict)
        assert self.best((50, size), (79, size), start=start) == (verdict, verdict)
        assert self.best((50, size), (5000, size), start=start) == (verdict, verdict)

    def test_confirmation_across_scans(self) -> None:
        """A PR at *t* is confirmed at any *u*, not only at the next time point."""
        small = self.SMALL
        assert self.best((50, small), (64, small), (77, small)) == ("PR", "SD")
        assert self.best((50, small), (64, small), (78, small)) == ("PR", "PR")

    @pytest.mark.parametrize("day", [41, 42, 43])
    def test_stable(self, day: int) -> None:
        verdict = "NE" if day < 42 else "SD"
        assert self.best((day, self.SAME)) == (verdict, verdict)
        confirmed = "NE" if day < 42 else "SD"
        assert self.best((day, self.SMALL)) == ("PR", confirmed)

    @pytest.mark.parametrize("age", [27, 28, 29])
    def test_old_baseline(self, age: int) -> None:
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [Timepoint(0, [nodule(20)])],
            [TherapyLine(["x"], age)],
        )
        problems = assess(patient).lines[0].problems
        assert (Problem.OLD_BASELINE in problems) == (age > 28)

    @pytest.mark.parametrize("size", [SMALL, GONE])
    def test_one_not_evaluable_is_allowed(self, size: int) -> None:
        verdict = "CR" if size == self.GONE else "PR"
        one = ((50, size), (80, None), (110, size))
        two = ((50, size), (80, None), (95, None), (110, size))
        assert self.best(*one) == (verdict, verdict)
        assert self.best(*two) == (verdict, "SD")
        assert self.best(*two, (140, size)) == (verdict, verdict)
