"""The chart as the criteria see it: organs, baselines, windows, and what a finding says."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from mrecist import MRECIST, RECIST_1_1, Criteria, Finding, Lesion, Patient, TherapyLine, Timepoint
from mrecist._base.words import Extent, Group, Measure, NewRule, Size, Status
from mrecist.patient.chart import Chart, Sight, Trait
from mrecist.rulebook.organs import organ

BOTH = (MRECIST, RECIST_1_1)


def trait(criteria: Criteria, kind: str, where: str = "liver", **more: Any) -> Trait:
    return Trait.of(Lesion("L", where, kind, **more), criteria)


class TestTrait:
    """A lesion is measured, and counts, as its kind and organ say under the criteria."""

    @pytest.mark.parametrize(
        ("lesion", "measures"),
        [
            (("nodule", "liver", {}), (Measure.VIABLE, Measure.LONGEST)),
            (("nodule", "Left Liver", {}), (Measure.VIABLE, Measure.LONGEST)),
            (("nodule", "liver", {"enhancement": "none"}), (Measure.LONGEST, Measure.LONGEST)),
            (("nodule", "lung", {}), (Measure.LONGEST, Measure.LONGEST)),
            (("node", "liver", {}), (Measure.SHORT, Measure.SHORT)),
            (("infiltrative", "liver", {}), (Measure.LONGEST, Measure.LONGEST)),
            (("thrombus", "portal vein", {}), (Measure.LONGEST, Measure.LONGEST)),
        ],
    )
    def test_measure(self, lesion: Any, measures: Any) -> None:
        """Only a liver nodule with arterial enhancement is measured by viable diameter."""
        kind, where, more = lesion
        assert tuple(trait(c, kind, where, **more).measure for c in BOTH) == measures

    @pytest.mark.parametrize(
        ("lesion", "limits"),
        [
            (("nodule", {}), ((0, 10_000), (0, 10_000))),
            (("node", {}), ((10_000, 15_000), (10_000, 15_000))),
            (("node", {"hilar": True}), ((20_000, 20_000), (10_000, 15_000))),
            (("nodule", {"hilar": True}), ((0, 10_000), (0, 10_000))),
            (("other", {}), ((0, 10_000), (0, 10_000))),
        ],
    )
    def test_limits(self, lesion: Any, limits: Any) -> None:
        """The smallest that is disease and the smallest that may be a target, in micrometres."""
        kind, more = lesion
        traits = [trait(c, kind, **more) for c in BOTH]
        assert tuple((t.smallest_diseased_um, t.smallest_target_um) for t in traits) == limits

    @pytest.mark.parametrize(
        ("lesion", "rules"),
        [
            (("nodule", "liver"), (NewRule.HCC, NewRule.UNEQUIVOCAL)),
            (("nodule", "lung"), (NewRule.UNEQUIVOCAL, NewRule.UNEQUIVOCAL)),
            (("effusion", "pleura"), (NewRule.CYTOLOGY, NewRule.UNEQUIVOCAL)),
            (("effusion", "liver"), (NewRule.CYTOLOGY, NewRule.UNEQUIVOCAL)),
            (("infiltrative", "liver"), (NewRule.UNEQUIVOCAL, NewRule.UNEQUIVOCAL)),
        ],
    )
    def test_new_rule(self, lesion: Any, rules: Any) -> None:
        """Liver nodules and effusions have rules of their own under HCC mRECIST."""
        assert tuple(trait(c, *lesion).new_rule for c in BOTH) == rules

    def test_nodes_are_one_organ(self) -> None:
        """All nodes together are one organ, unlike any organ that a text can name."""
        axilla, hilum = trait(MRECIST, "node", "axilla"), trait(MRECIST, "node", "porta hepatis")
        assert axilla.organ == hilum.organ != organ("axilla")
        assert (axilla.group, trait(MRECIST, "effusion").group) == (Group.NODE, Group.EFFUSION)
        assert trait(MRECIST, "thrombus").group is Group.OTHER

    def test_strict_hilum(self) -> None:
        """A porta hepatis node is held to more where the criteria ask for a larger one there."""
        assert [trait(c, "node", hilar=True).strict_hilum for c in BOTH] == [True, False]
        assert not trait(MRECIST, "node").strict_hilum
        assert not trait(MRECIST, "nodule", hilar=True).strict_hilum

    def test_barred(self) -> None:
        """A locally treated lesion is barred where the criteria say so."""
        assert [trait(c, "nodule", treated=True).barred for c in BOTH] == [False, True]
        assert [trait(c, "nodule").barred for c in BOTH] == [False, False]

    def test_needs_cytology(self) -> None:
        """Effusions, and nothing else, need cytology, and only under HCC mRECIST."""
        assert [trait(c, "effusion").needs_cytology for c in BOTH] == [True, False]
        assert not trait(MRECIST, "nodule").needs_cytology


def seen(*findings: Finding, criteria: Criteria = MRECIST, **more: Any) -> Chart:
    """A chart of one lesion `L` at one time point; `more` describes them."""
    arterial = more.pop("arterial_phase", True)
    lesion = Lesion("L", "liver", more.pop("kind", "nodule"), **more)
    timepoint = Timepoint(0, findings, arterial_phase=arterial)
    return Chart(Patient("P", [lesion], [timepoint], []), criteria)


def sight(*findings: Finding, criteria: Criteria = MRECIST, **more: Any) -> Sight:
    return seen(*findings, criteria=criteria, **more).sights[0][0]


class TestSight:
    """A finding says a size in the measure that counts, or that there is none."""

    @pytest.mark.parametrize(
        ("chart", "size", "um", "gone", "extent"),
        [
            (
                seen(Finding("L", viable_mm=30, longest_mm=50)),
                Size.RECORDED, 30_000, False, Extent.ENOUGH,
            ),
            (
                seen(Finding("L", viable_mm=30, longest_mm=50), criteria=RECIST_1_1),
                Size.RECORDED, 50_000, False, Extent.ENOUGH,
            ),
            (
                seen(Finding("L", longest_mm=50)),
                Size.UNKNOWN, 0, False, Extent.UNKNOWN,
            ),
            (
                seen(Finding("L", longest_mm=50), enhancement="none", arterial_phase=False),
                Size.RECORDED, 50_000, False, Extent.ENOUGH,
            ),
            (
                seen(Finding("L", viable_mm=30), arterial_phase=False),
                Size.NOT_EVALUABLE, 0, False, Extent.UNKNOWN,
            ),
            (
                seen(Finding("L", status="absent"), arterial_phase=False),
                Size.NOT_EVALUABLE, 0, False, Extent.UNKNOWN,
            ),
            (
                seen(Finding("L", longest_mm=30), criteria=RECIST_1_1, arterial_phase=False),
                Size.RECORDED, 30_000, False, Extent.ENOUGH,
            ),
            (
                seen(Finding("L", status="absent")),
                Size.ZERO, 0, True, Extent.ZERO,
            ),
            (
                seen(Finding("L", viable_mm=0, longest_mm=50)),
                Size.RECORDED, 0, True, Extent.ZERO,
            ),
            (
                seen(Finding("L", viable_mm="0.001")),
                Size.RECORDED, 1, False, Extent.ENOUGH,
            ),
            (
                seen(Finding("L", status="too small", viable_mm=4)),
                Size.SMALL, 5_000, False, Extent.ENOUGH,
            ),
            (
                seen(Finding("L", status="not evaluable")),
                Size.NOT_EVALUABLE, 0, False, Extent.UNKNOWN,
            ),
            (
                seen(Finding("L", short_axis_mm="9.999"), kind="node"),
                Size.RECORDED, 9_999, True, Extent.BELOW,
            ),
            (
                seen(Finding("L", short_axis_mm=10), kind="node"),
                Size.RECORDED, 10_000, False, Extent.ENOUGH,
            ),
            (
                seen(Finding("L", short_axis_mm=19), kind="node", hilar=True),
                Size.RECORDED, 19_000, False, Extent.BELOW,
            ),
            (
                seen(Finding("L", status="too small"), kind="node"),
                Size.SMALL, 5_000, True, Extent.BELOW,
            ),
            (
                seen(Finding("L", longest_mm=30), kind="node"),
                Size.UNKNOWN, 0, False, Extent.UNKNOWN,
            ),
            (
                seen(Finding("L", status="present"), kind="thrombus"),
                Size.UNKNOWN, 0, False, Extent.UNKNOWN,
            ),
        ],
    )  # fmt: skip
    def test_facts(self, chart: Chart, size: Size, um: int, gone: bool, extent: Extent) -> None:
        """The size by section 3, whether the lesion is gone, and how large it is as disease."""
        sight = chart.sights[0][0]
        assert (sight.rule.verdict, sight.um, sight.gone) == (size, um, gone)
        assert chart.extent(0, 0) == extent
        assert sight.known is (size in (Size.ZERO, Size.SMALL, Size.RECORDED))
        assert sight.lacks_size is (size is Size.UNKNOWN)
        assert sight.recorded

    def test_unrecorded(self) -> None:
        """A lesion that a time point does not record is not evaluable there."""
        chart = seen()
        silent = chart.sights[0][0]
        assert (silent.recorded, silent.known, silent.gone, silent.lacks_size) == (False,) * 4
        assert silent.status is Status.NOT_EVALUABLE
        assert silent.rule.id == "NE-01"
        assert chart.extent(0, 0) == Extent.UNKNOWN

    @pytest.mark.parametrize(
        ("viable", "odd"), [(29, False), (30, False), ("30.001", True)], ids=str
    )
    def test_odd_sizes(self, viable: Any, odd: bool) -> None:
        """A viable diameter above the whole one is noted with its time point."""
        assert seen(Finding("L", viable_mm=viable, longest_mm=30)).odd_sizes == [odd]


SCANS = [84, -7, 28, 0, 56]
"""Days of the time points, in the order of the case: out of order."""


def scanned(*lines: TherapyLine) -> Chart:
    return Chart(Patient("P", [], [Timepoint(day, []) for day in SCANS], lines), MRECIST)


def days(chart: Chart, number: int) -> tuple[int | None, list[int]]:
    """Baseline and follow-ups of a line, as days."""
    baseline = chart.baseline(chart.lines[number])
    window = [chart.days[place] for place in chart.window(number)]
    return None if baseline is None else chart.days[baseline], window


class TestWindow:
    """A line starts from its baseline and ends with the scan made by the next line's start."""

    @pytest.mark.parametrize(
        ("start", "baseline", "expected"),
        [
            (10, None, (0, [28, 56, 84])),
            (0, None, (0, [28, 56, 84])),
            (-1, None, (-7, [0, 28, 56, 84])),
            (-8, None, (None, [-7, 0, 28, 56, 84])),
            (500, None, (84, [])),
            (10, -7, (-7, [0, 28, 56, 84])),
            (10, 56, (56, [84])),
        ],
        ids=["between", "same day", "before", "none", "after all", "named early", "named late"],
    )
    def test_last_line(self, start: int, baseline: int | None, expected: Any) -> None:
        """The latest time point by the start, unless named; then everything after it."""
        assert days(scanned(TherapyLine(["a"], start, baseline=baseline)), 0) == expected

    def test_next_line(self) -> None:
        """The scan on or before the next start closes one line and opens the next."""
        lines = scanned(TherapyLine(["b"], 28), TherapyLine(["a"], 0), TherapyLine(["c"], 83))
        assert [line.agents for line in lines.lines] == [("a",), ("b",), ("c",)]
        assert days(lines, 0) == (0, [28])
        assert days(lines, 1) == (28, [56])
        assert days(lines, 2) == (56, [84])

    def test_named_beyond_the_next_line(self) -> None:
        """A baseline named after the next line's start leaves no follow-up."""
        lines = scanned(TherapyLine(["a"], 0, baseline=56), TherapyLine(["b"], 28))
        assert days(lines, 0) == (56, [])

    def test_dates(self) -> None:
        """A time point's date is given back as the case gives it."""
        patient = Patient("P", [], [Timepoint("2024-03-06", []), Timepoint("2024-01-03", [])], [])
        dated = Chart(patient, MRECIST)
        assert [str(dated.date(place)) for place in (0, 1)] == ["2024-01-03", "2024-03-06"]


class TestProof:
    """Proof by cytology, once obtained, stays, in any line."""

    def test_proven(self) -> None:
        """An effusion is proven from the first positive cytology on, whatever follows."""
        results = {0: "negative", 28: "positive", 56: "negative", 84: "positive"}
        timepoints = [
            Timepoint(day, [Finding("E", status="present", cytology=result)])
            for day, result in results.items()
        ]
        lesions = [Lesion("E", "pleura", "effusion"), Lesion("A", "peritoneum", "effusion")]
        chart = Chart(Patient("P", lesions, timepoints, []), MRECIST)
        assert [chart.proven(0, place) for place in range(4)] == [False, True, True, True]
        assert [chart.proven(1, place) for place in range(4)] == [False] * 4


def test_criteria_of_ones_own() -> None:
    """Limits come from the criteria, not from the code."""
    own = attrs.evolve(MRECIST, too_small_mm=3, gone_node_mm=8)
    assert sight(Finding("L", status="too small"), criteria=own).um == 3_000
    assert sight(Finding("L", short_axis_mm=8), criteria=own, kind="node").gone is False
    assert sight(Finding("L", short_axis_mm=7.999), criteria=own, kind="node").gone is True
