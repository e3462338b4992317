"""The sentences about growth, prior records, new nodules and what nobody saw."""

from __future__ import annotations

import pytest
from support.lines import line
from support.rows import chart_of
from support.second_edition_rows import ROWS

import mrecist
from mrecist import LineAssessment, Procedure, TimepointAssessment, assess, explain
from mrecist.patient.assessment import timepoint_rows
from mrecist.patient.reasons import new_lesions

Assessed = LineAssessment | TimepointAssessment


def sentence(each: TimepointAssessment, step: str) -> str:
    """What a time point says of one step."""
    (found,) = [reason for reason in each.reasons if reason.step == step]
    return found.sentence


def note(each: Assessed, lesion: str) -> str:
    (found,) = [note for note in each.lesions if note.lesion == lesion]
    return found.note


def explained(found: LineAssessment) -> str:
    """The explanation of the patient whose line this is, as it was before it was wrapped."""
    return " ".join(explain(assess(found.facts.chart.patient)).split())


class TestSizesAndDates:
    """What is said of a chart names the sizes and the dates that it rests on."""

    def test_grown(self) -> None:
        """A non-target that grew but is not called progressed: from where, and to where."""
        visits = {0: "A=30 V=20 W=9", 60: "A=30 V=18 W=9", 120: "A=30 V=45 W=9"}
        found = line("A:brain V:bone W:bone", visits)
        told = "grown from 18.0 mm on day 60 to 45.0 mm"
        each = found.timepoints[-1]
        assert each.problems.words == ["NONTARGET_GREW"]
        assert sentence(each, "non-target") == (
            f"V ({told}), W still there, none recorded as progressed (the paper's IR/SD)"
        )
        assert note(each, "V") == f"persists (longest diameter 45.0 mm), {told}"
        assert note(each, "W") == "persists (longest diameter 9.0 mm)"
        assert note(found.timepoints[0], "V") == "persists (longest diameter 18.0 mm)"

    @pytest.mark.parametrize(
        ("visits", "grew"),
        [
            (["V=20", "V=25"], True),
            (["V=20", "V=24.999"], False),
            (["V=30", "V=35"], False),
            (["V=present", "V=60"], False),
            (["V=absent", "V=60"], True),
            (["V=20", "V=absent", "V=5"], True),
            (["V=20", "V=absent", "V=4"], False),
            (["V=20", "V=not_evaluable", "V=25"], True),
            (["V=20", "", "V=25"], True),
            (["V=20", "V=progressed,60"], False),
            (["V=20", "V=0"], False),
            (["V=20", "V=10 Va=9", "V=10 Va=20"], True),
        ],
    )
    def test_growth(self, visits: list[str], grew: bool) -> None:
        """By a fifth and 5 mm, above the smallest size of the line."""
        said = {60 * i: f"A=30 {each}" for i, each in enumerate(visits)}
        found = line("A:brain V:bone Va:bone/V", said, targets=["A"], nontargets=["V"])
        assert ("NONTARGET_GREW" in found.timepoints[-1].problems.words) is grew

    def test_growth_like_with_like(self) -> None:
        """A viable size is not compared with a whole one."""
        for said, grew in (("V=w60", False), ("V=v30,w60", True), ("V=v24,w60", False)):
            visits = {0: "A=30 V=v20,w20", 60: f"A=30 {said}"}
            found = line("A:brain V:vein", visits)
            assert ("NONTARGET_GREW" in found.timepoints[0].problems.words) is grew
        visits = {0: "A=30 V=v20,w20", 60: "A=30 V=v20 Va=w40"}
        found = line("A:brain V:vein Va:vein/V", visits)
        assert "NONTARGET_GREW" not in found.timepoints[0].problems.words

    def test_work_up(self) -> None:
        """A record of the work-up says which date it is of."""
        found = line("A:brain X:lung", {-9: "X=15", -1: "A=30"})
        assert note(found, "X") == "longest diameter 15.0 mm on day -9; measurable"
        assert note(found, "A") == "longest diameter 30.0 mm; measurable"

    @pytest.mark.parametrize(
        ("lesion", "before", "told"),
        [
            ("lung", "X=15", "but known from before (longest diameter 15.0 mm on day -60)"),
            ("lung", "X=absent", "and no disease as recorded last (absent on day -60)"),
            ("node", "X=9", "and no disease as recorded last (short axis 9.0 mm on day -60)"),
            (
                "effusion", "X=9",
                "known from before without proof (longest diameter 9.0 mm on day -60)",
            ),
        ],
    )  # fmt: skip
    def test_prior_record(self, lesion: str, before: str, told: str) -> None:
        found = line(f"A:brain X:{lesion}", {-60: before, -1: "A=30"})
        assert note(found, "X") == f"not mentioned at baseline, {told}"
        shown = f"not mentioned at baseline, {told}" in explained(found)
        assert shown is (before != "X=absent")

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("X=9", "longest diameter 9.0 mm; not among the non-targets that the reader named"),
            (
                "X=not_evaluable",
                "recorded as not evaluable; not among the non-targets that the reader named",
            ),
            ("X=absent", "absent at baseline"),
            ("X=9 Xa=5", "in parts, together 14.0 mm; not among the non-targets that the reader "
             "named"),
        ],
    )  # fmt: skip
    def test_left_out(self, said: str, told: str) -> None:
        """A known lesion that neither list of the reader names plays no part."""
        text = "A:brain X:lung Xa:lung/X"
        found = line(text, {0: f"A=30 {said}"}, targets=["A"], nontargets=[])
        assert note(found, "X") == told
        size = "longest diameter 5.0 mm; part of X" if "Xa" in said else "part of X"
        assert note(found, "Xa") == size

    def test_removed(self) -> None:
        cut = Procedure(-30, "resection", lesions=["X"])
        found = line("A:brain X:lung", {-60: "X=9", -1: "A=30"}, procedures=(cut,))
        assert note(found, "X") == (
            "not mentioned at baseline, and removed since it was recorded last (longest diameter "
            "9.0 mm on day -60): resection on day -30"
        )

    def test_never_recorded(self) -> None:
        """A lesion that comes later is not told of at baseline, unless the line names it."""
        visits = {0: "A=30", 60: "A=30 X=9"}
        assert (
            " X ("
            not in explained(line("A:brain X:lung", {0: "A=30", 60: "A=30 X=absent"})).split(
                "day 60"
            )[0]
        )
        named = line("A:brain X:lung", visits, targets=["A", "X"])
        assert " X (target): named by the reader, though " in explained(named)

    def test_new_by_its_whole(self) -> None:
        """The whole diameter of a new nodule is told where it decides."""
        visits = {0: "A=30", 60: "A=30 X=w8", 120: "A=30 X=w18 N=w40", 180: "A=30 X=present"}
        found = line("A:brain X:liver N:node", visits)
        told = "; to tell whether it is new, its longest diameter 18.0 mm counts"
        assert note(found.timepoints[1], "X").endswith(told)
        assert note(found.timepoints[2], "X").endswith("no viable diameter recorded")
        lung = line("A:brain X:lung", {0: "A=30", 60: "A=30 X=v8"})
        assert note(lung.timepoints[0], "X").endswith("no longest diameter recorded")
        cavity = line("A:brain X:liver+treated", {0: "A=30", 60: "A=30 X=w8"})
        assert note(cavity.timepoints[0], "X").endswith("no viable diameter recorded")
        parts = line("A:brain X:liver Xa:liver/X", {0: "A=30", 60: "A=30 Xa=present"})
        assert note(parts.timepoints[0], "X") == (
            "in parts, of which Xa without the size that counts"
        )

    def test_node_before(self) -> None:
        """Of a node that was normal, the size before and its date."""
        visits = {-9: "X=9", -1: "A=30", 60: "A=30 X=14.5", 120: "A=30 X=15"}
        found = line("A:brain X:node", visits)
        assert sentence(found.timepoints[0], "new lesion") == (
            "X (short axis 14.5 mm, 10.0 mm or more), new since day 60, as the scan of day 120 "
            "showed: 15.0 mm, 5.0 mm or more above the 9.0 mm of day -9, and 15.0 mm or more"
        )

    def test_new_lesions(self) -> None:
        """By what made them new, for whoever shows them so."""
        visits = {0: "A=30", 60: "A=30 X=w12,typical Y=9 Z=9 N=w8", 120: "A=30"}
        found = line("A:brain X:liver Y:lung Z:lung N:liver", visits)
        told = {"12.0 mm, 10.0 mm or more, its pattern typical": ["X"]}
        told["longest diameter 9.0 mm, not flagged equivocal"] = ["Y", "Z"]
        assert [new_lesions(each) for each in found.timepoints] == [told, told]
        assert new_lesions(line("A:brain", {0: "A=30", 60: "A=30"}).timepoints[0]) == {}

    def test_without_baseline(self) -> None:
        """Nothing is said of a baseline that is not there."""
        assert line("A:brain", {60: "A=30"}, targets=["A"]).lesions == ()

    def test_node_of_unknown_size(self) -> None:
        """Its size before is known."""
        visits = {-9: "X=9", -1: "A=30", 60: "A=30 X=present"}
        assert sentence(line("A:brain X:node", visits).timepoints[0], "new lesion") == (
            "X (a node of unknown size that is said to be there), detected on day 60: unknown "
            "size, less than 5.0 mm above the 9.0 mm of day -9: looked at again"
        )

    @pytest.mark.parametrize(
        ("visits", "told"),
        [
            (
                {0: "A=30 E=20", 60: "A=30 E=26", 120: "A=30 E=26,cytology"},
                "E (an effusion known before without proof, longest diameter 20.0 mm on day 0, now "
                "longest diameter 26.0 mm: larger by 20 % and 5.0 mm or more), new since day 60, "
                "proved on day 120: positive cytology",
            ),
            (
                {0: "A=30 E=20", 60: "A=30 E=progressed !visit=V", 62: "E=9,cytology !visit=W"},
                "E (an effusion known before without proof, longest diameter 20.0 mm on day 0, "
                "that is said to have grown), new since day 60, proved on day 62: positive "
                "cytology",
            ),
            (
                {0: "A=30", 60: "A=30 !visit=V", 63: "E=26,cytology !visit=V"},
                "E (an effusion that was not there before), new since day 60, proved on day 63: "
                "positive cytology",
            ),
        ],
    )
    def test_effusion(self, visits: dict[int, str], told: str) -> None:
        """What detected an effusion, with what was known of it, and when a sample proved it."""
        found = line("A:brain E:effusion", visits)
        assert sentence(found.timepoints[0], "new lesion") == told

    def test_nothing_seen(self) -> None:
        found = line("A:brain B:lung", {0: "A=30 B=30", 60: "", 120: "A=20"})
        assert [sentence(each, "target") for each in found.timepoints] == [
            "A, B not evaluable; no target is seen, which proves no progression",
            "B not evaluable; the total of the others, 20.0 mm, proves no progression",
        ]

    def test_second_day_of_a_visit(self) -> None:
        """What an examination on another day than that of its visit says is told with its day."""
        visits = {
            -9: "A=30 !visit=V0", -6: "B=20 Ba=5 !visit=V0",
            60: "B=20 !visit=V1", 63: "A=15 Ba=3 !visit=V1",
        }  # fmt: skip
        found = line("A:brain B:lung Ba:lung/B", visits)
        assert note(found, "A") == "longest diameter 30.0 mm; measurable"
        assert note(found, "B") == "in parts, together 25.0 mm on day -6; measurable"
        first = found.timepoints[0]
        assert note(first, "A") == "longest diameter 15.0 mm, examined on day 63"
        assert note(first, "B") == "in parts, together 23.0 mm, examined on day 60 and day 63"
        assert note(first, "Ba") == "longest diameter 3.0 mm, examined on day 63"

    def test_second_day_of_a_work_up(self) -> None:
        """So it is where an earlier visit says what a lesion is at baseline."""
        visits = {-15: "A=30 !visit=V0", -12: "B=20 !visit=V0", -3: "A=30", 60: "A=15"}
        found = line("A:brain B:lung", visits)
        assert note(found, "B") == "longest diameter 20.0 mm on day -12; measurable"

    def test_second_date_of_a_visit(self) -> None:
        """Dates are told as dates."""
        lesions = [mrecist.Lesion("A", "brain", "nodule")]
        visits = [
            mrecist.Timepoint("2024-01-03", [mrecist.Finding("A", longest_mm=30)]),
            mrecist.Timepoint("2024-03-05", [], visit="V"),
            mrecist.Timepoint("2024-03-08", [mrecist.Finding("A", longest_mm=15)], visit="V"),
        ]
        lines = [mrecist.TherapyLine(["x"], "2024-01-10")]
        (found,) = assess(mrecist.Patient("P", lesions, visits, lines)).lines
        told = "longest diameter 15.0 mm, examined on 2024-03-08"
        assert note(found.timepoints[0], "A") == told

    @pytest.mark.parametrize(
        ("visit", "told"),
        [("A=15", "A"), ("B=9", "B"), ("A=0 V=present", "V"), ("A=15 V=present", "A, V")],
    )
    def test_reported_over_disease(self, visit: str, told: str) -> None:
        """The disease that a reported complete response does not go with is named."""
        visits = {0: "A=40 B=20 V=present W=present", 60: f"{visit} !reported=CR"}
        found = line("A:brain B:lung V:bone W:bone", visits, targets=["A", "B"])
        assert sentence(found.timepoints[0], "reported") == (
            f"the reported CR does not go with disease that is recorded ({told}); the computed NE "
            "holds"
        )

    def test_part_of_a_total(self) -> None:
        """The total of some targets says of which, and is no change from that of all."""
        visits = {0: "A=40 B=20 C=20", 60: "A=10 C=5", 120: "A=10 B=10 C=10"}
        found = line("A:brain B:lung C:lung", visits)
        _, part, whole = timepoint_rows(found)
        assert part[2:6] == ("15.0 of A, C", "-", "80.0", "-")
        assert whole[2:6] == ("30.0", "-62.5%", "80.0", "-62.5%")
        none = line("A:brain B:lung", {0: "A=40 B=20", 60: ""})
        assert timepoint_rows(none)[1][2:6] == ("-", "-", "60.0", "-")

    def test_nothing_is_told_twice(self) -> None:
        """Each problem stands once where it is, in every chart of the second edition."""
        for row in ROWS:
            for criteria in row.expect:
                assessment = assess(mrecist.from_case(chart_of(row)), criteria=criteria)
                for block in explain(assessment).split("\n\n"):
                    odd = [text for text in block.splitlines() if text.lstrip().startswith("!")]
                    assert len(odd) == len(set(odd)), row.id
