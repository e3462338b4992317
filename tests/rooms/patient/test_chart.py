"""The chart as the criteria see it: lesions, visits, baselines, windows, and what is recorded."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from mrecist import (
    MRECIST,
    MRECIST_5MM,
    RECIST_1_1,
    Criteria,
    Finding,
    Lesion,
    Patient,
    TherapyLine,
    Timepoint,
)
from mrecist._base.errors import Problem
from mrecist._base.words import Group, Measure, NewRule
from mrecist.patient.chart import Chart, Trait
from mrecist.rulebook.organs import organ

BOTH = (MRECIST, RECIST_1_1)


def trait(criteria: Criteria, kind: str, where: str = "liver", **more: Any) -> Trait:
    lesion = Lesion("L", where, kind, **more)
    return Trait.of(lesion, lesion, criteria)


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
        """Only a liver nodule with arterial enhancement is always measured by viable diameter."""
        kind, where, more = lesion
        assert tuple(trait(c, kind, where, **more).measure for c in BOTH) == measures

    @pytest.mark.parametrize(
        ("lesion", "by_viable"),
        [
            (("nodule", "liver", {}), True),
            (("nodule", "lung", {}), False),
            (("nodule", "liver", {"enhancement": "none"}), False),
            (("infiltrative", "liver", {}), True),
            (("other", "liver", {}), True),
            (("infiltrative", "lung", {}), False),
            (("thrombus", "portal vein", {}), True),
            (("thrombus", "portal vein", {"enhancement": "none"}), False),
            (("node", "liver", {}), False),
        ],
    )
    def test_measure_where_viable(self, lesion: Any, by_viable: bool) -> None:
        """Other tumour of the liver is measured by a viable diameter where one is recorded."""
        kind, where, more = lesion
        made = [trait(c, kind, where, **more) for c in BOTH]
        sized = Finding("L", viable_mm=1, longest_mm=2, short_axis_mm=3)
        assert (made[0].measure_of(sized) is Measure.VIABLE) is by_viable
        assert made[1].measure_of(sized) is made[1].measure
        whole = Finding("L", longest_mm=2)
        assert [each.measure_of(whole) for each in made] == [each.measure for each in made]
        keeps = by_viable and kind != "nodule"
        assert [each.keeps_measure for each in made] == [keeps, False]

    def test_fragment(self) -> None:
        """A fragment has the traits of its parent, but its own flags stay readable."""
        whole = Lesion("T", "liver", "nodule", treated=True, hilar=True)
        part = Lesion("Ta", "lung", "nodule", enhancement="none", part_of="T")
        for criteria in BOTH:
            own, of = Trait.of(part, whole, criteria), Trait.of(whole, whole, criteria)
            assert attrs.asdict(own, recurse=False) == {
                **attrs.asdict(of, recurse=False),
                "lesion": part,
            }

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

    def test_liver_nodule(self) -> None:
        for kind, where, told in (
            ("nodule", "liver", True),
            ("nodule", "lung", False),
            ("other", "liver", False),
        ):
            assert trait(MRECIST, kind, where).is_liver_nodule is told

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


SCANS = [84, -7, 28, 0, 56]
"""Days of the time points, in the order of the case: out of order."""


def scanned(*lines: TherapyLine) -> Chart:
    return Chart(Patient("P", [], [Timepoint(day, []) for day in SCANS], lines), MRECIST)


def days(chart: Chart, number: int) -> tuple[int | None, list[int]]:
    """Baseline and follow-ups of a line, as days."""
    baseline = chart.baseline(chart.lines[number])
    window = [chart.days[place] for place in chart.window(number, baseline)]
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


def of(timepoints: list[Timepoint], lesions: str = "T Ta Tb M", criteria: Any = MRECIST) -> Chart:
    """A chart of liver nodules; `Xa` and `Xb` are fragments of `X`."""
    made = [
        Lesion(id, "liver", "nodule", part_of=id[0] if len(id) > 1 else None)
        for id in lesions.split()
    ]
    return Chart(Patient("P", made, timepoints, []), criteria)


def at(day: int, *findings: Any, **more: Any) -> Timepoint:
    """A time point of findings, each by id, size or word, separated by `=`."""
    read = [_finding(*each.split("=")) if isinstance(each, str) else each for each in findings]
    return Timepoint(day, read, **more)


def _finding(id: str, said: str) -> Finding:
    if said.startswith(">"):
        return Finding(id, into=said[1:])
    if said[0].isdigit():
        return Finding(id, viable_mm=said)
    return Finding(id, status=said)


class TestVisits:
    """The examinations of one visit are read as one time point."""

    def test_one_visit(self) -> None:
        """Its date is the earliest (RD-VISIT-DATE); each finding keeps its own examination."""
        chart = of(
            [
                at(30, "M=9", visit="V1"),
                at(9, "T=40", visit="V1", arterial_phase=False),
                at(20, "T=50"),
            ]
        )
        assert [visit.date for visit in chart.visits] == [9, 20]
        assert chart.visits[0].days == {9, 30}
        first, other = (chart.record(0, i) for i in (0, 3))
        assert first is not None
        assert other is not None
        assert (first.arterial, first.day, other.arterial, other.day) == (False, 9, True, 30)
        assert (first.size_um(Measure.VIABLE), other.size_um(Measure.VIABLE)) == (None, 9_000)
        assert chart.record(1, 3) is None

    def test_unchanged(self) -> None:
        """One examination that says so is enough."""
        one = at(0, visit="V", unmentioned="unchanged")
        assert [each.unchanged for each in of([one, at(1, visit="V"), at(2)]).visits] == [
            True,
            False,
        ]

    def test_notes(self) -> None:
        chart = of([at(1, visit="V", note="b"), at(0, visit="V", note="a"), at(2)])
        assert [visit.note for visit in chart.visits] == ["a\nb", None]

    @pytest.mark.parametrize(
        ("reported", "words"),
        [
            ([None], (None, None, None)),
            (["CR"], ("CR", "CR", "CR")),
            ([{"mrecist": "CR"}], ("CR", "CR", None)),
            ([{"mrecist": "CR", "mrecist-5mm": "PR"}], ("CR", "PR", None)),
            ([{"recist-1.1": "SD"}], (None, None, "SD")),
            ([{"recist-1.1": "SD"}, {"mrecist": "PR"}], ("PR", "PR", "SD")),
            ([None, "PD"], ("PD", "PD", "PD")),
        ],
    )
    def test_reported(self, reported: list[Any], words: tuple[Any, ...]) -> None:
        """The word for the criteria; the 5 mm floor falls back on mRECIST."""
        timepoints = [at(i, visit="V", reported=word) for i, word in enumerate(reported)]
        for criteria, word in zip((MRECIST, MRECIST_5MM, RECIST_1_1), words, strict=True):
            said = of(timepoints, criteria=criteria).visits[0].reported
            assert (None if said is None else str(said)) == word


class TestParts:
    """A lesion and its fragments, from the first time point on that records them."""

    CHART = of(
        [at(0, "T=40"), at(1, "Ta=10", "T=not evaluable"), at(2, "Tb=>M", "M=9"), at(3, "M=9")]
    )

    def test_roots(self) -> None:
        assert (self.CHART.root, self.CHART.fragments[0]) == ([0, 0, 0, 3], (1, 2))
        assert list(self.CHART.whole) == [0, 3]
        assert self.CHART.fragments[3] == ()

    def test_parts(self) -> None:
        assert [self.CHART.parts(place, 0) for place in range(4)] == [(), (1,), (1, 2), (1, 2)]

    def test_records(self) -> None:
        """Of the lesion itself and of its fragments."""
        assert [len(self.CHART.records(place, 0)) for place in range(4)] == [1, 2, 1, 0]
        assert len(self.CHART.records(1, 1)) == 1

    def test_not_seen(self) -> None:
        """Only as not evaluable, in every part, or not at all."""
        assert [self.CHART.not_seen(place, 0) for place in range(4)] == [False, False, False, True]
        assert self.CHART.not_seen(0, 3)
        assert of([at(0, "T=not evaluable", "Ta=not evaluable")]).not_seen(0, 0)

    def test_reads_by_role(self) -> None:
        """Only fragments, merging and silence are read by the lines."""
        assert self.CHART.reads_by_role
        assert of([], "Ta T").reads_by_role
        assert not of([at(0, "T=40"), at(1)], "T M").reads_by_role
        assert of([at(0, "T=>M", "M=9")], "T M").reads_by_role
        assert of([at(0, unmentioned="unchanged")], "T").reads_by_role


class TestMerging:
    """A lesion may merge into another; that holds while the other one is recorded."""

    def test_merged(self) -> None:
        """Only where every part is recorded so."""
        chart = of([at(0, "T=>M", "M=9", "Ta=5"), at(1, "T=>M", "Ta=>M", "M=9"), at(2, "M=9")])
        assert [chart.merged(place, 0) for place in range(3)] == [None, 3, None]
        assert chart.merged(0, 3) is None

    def test_holds(self) -> None:
        chart = of(
            [at(0, "M=9"), at(1, "T=>M", "M=9"), at(2, "M=9"), at(3, "T=not evaluable"),
             at(4, "M=9"), at(5), at(6, "T=8", "M=9"), at(7, "M=9")]
        )  # fmt: skip
        assert [chart.merged_into(place, 0) for place in range(8)] == [
            None,
            3,
            3,
            None,
            3,
            None,
            None,
            None,
        ]
        assert chart.merged_into(4, 3) is None

    def test_holds_on(self) -> None:
        """Over any number of visits."""
        chart = of([at(0, "T=>M", "M=9"), *(at(day, "M=9") for day in (1, 2, 3))])
        assert [chart.merged_into(place, 0) for place in range(4)] == [3] * 4

    def test_later(self) -> None:
        """What merges later has not merged yet."""
        assert of([at(0, "M=9"), at(1, "T=>M", "M=9")]).merged_into(0, 0) is None

    def test_fragment_of_the_other(self) -> None:
        """A fragment of the other one is a record of it."""
        chart = of([at(0, "M=>T", "T=9"), at(1, "Ta=9")])
        assert chart.merged_into(1, 3) == 0


class TestSeen:
    """What a time point shows, and what it cannot tell without an arterial phase."""

    @pytest.mark.parametrize(
        ("said", "shows"),
        [("T=9", True), ("T=0", False), ("T=absent", False), ("T=not evaluable", False),
         ("T=present", True), ("T=too small", True), ("Ta=9", True), ("M=9", False)],
    )  # fmt: skip
    def test_shows(self, said: str, shows: bool) -> None:
        assert of([at(0, said)]).shows(0, 0) is shows

    def test_too_small_beside_zero(self) -> None:
        """A size beside the word is not read."""
        assert of([at(0, Finding("T", status="too small", viable_mm=0))]).shows(0, 0)
        assert not of([at(0, "T=>M", "M=9")]).shows(0, 0)

    @pytest.mark.parametrize(
        ("said", "blind"),
        [
            (["T=0"], True),
            (["T=absent"], True),
            (["T=9"], False),
            (["T=not evaluable"], False),
            (["T=0", "Ta=absent"], True),
            (["T=0", "Ta=9"], False),
            (["T=>M", "M=0"], False),
        ],
    )
    def test_blind(self, said: list[str], blind: bool) -> None:
        """Nothing that is recorded without an arterial phase is no proof that nothing is there."""
        assert of([at(0, *said, arterial_phase=False)]).is_blind(0, 0) is blind
        assert not of([at(0, *said)]).is_blind(0, 0)

    def test_blind_in_parts(self) -> None:
        """Every part must be recorded as nothing; one without an arterial phase is enough."""
        parts = [at(0, "T=9", "Ta=9"), at(1, "T=0", arterial_phase=False)]
        assert not of(parts).is_blind(1, 0)
        parts = [
            at(0, "T=9", "Ta=9"),
            at(1, "T=0", arterial_phase=False, visit="V"),
            at(2, "Ta=0", visit="V"),
        ]
        assert of(parts).is_blind(1, 0)

    @pytest.mark.parametrize(
        ("viable", "odd"), [(29, False), (30, False), ("30.001", True)], ids=str
    )
    def test_odd_sizes(self, viable: Any, odd: bool) -> None:
        """A viable diameter above the whole one is noted with its record."""
        record = of([at(0, Finding("T", viable_mm=viable, longest_mm=30))]).record(0, 0)
        assert record is not None
        assert record.problem_bits == (Problem.VIABLE_EXCEEDS_WHOLE if odd else 0)
        for finding in (Finding("T", viable_mm=30), Finding("T", longest_mm=30)):
            alone = of([at(0, finding)]).record(0, 0)
            assert alone is not None
            assert not alone.problem_bits

    @pytest.mark.parametrize("name", ["viable", "longest"])
    @pytest.mark.parametrize(("across", "odd"), [(30, False), ("30.001", True)], ids=str)
    def test_odd_widths(self, name: str, across: Any, odd: bool) -> None:
        """A diameter above the one that it stands across is noted with its record."""
        sizes = {f"{name}_mm": 30, f"{name}_perp_mm": across}
        record = of([at(0, Finding("T", **sizes))]).record(0, 0)
        assert record is not None
        assert record.problem_bits == (Problem.PERP_EXCEEDS_LONGEST if odd else 0)


class TestOpening:
    """The baseline is the latest time point that shows something, else the latest (RD-BASELINE)."""

    @pytest.mark.parametrize(
        ("timepoints", "day"),
        [
            ([at(-9, "T=9"), at(-2, "T=absent")], -9),
            ([at(-9, "T=9"), at(-2, "T=not evaluable")], -9),
            ([at(-9, "T=9"), at(-2)], -9),
            ([at(-9, "T=9"), at(-2, "T=0")], -2),
            ([at(-9, "T=9"), at(-2, "T=>M", "M=absent")], -2),
            ([at(-9), at(-2, "T=absent")], -2),
            ([at(-9, "T=9", visit="V"), at(2, "M=9", visit="V")], -9),
            ([at(2, "T=9")], None),
        ],
    )
    def test_shown(self, timepoints: list[Timepoint], day: int | None) -> None:
        chart = of(timepoints)
        found = chart.baseline(TherapyLine(["a"], 0))
        assert (None if found is None else chart.date(found)) == day

    def test_named_by_any_of_its_days(self) -> None:
        chart = of([at(-9), at(-2, visit="V"), at(-4, visit="V")])
        for day in (-2, -4):
            assert chart.baseline(TherapyLine(["a"], 0, baseline=day)) == 1
