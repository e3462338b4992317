"""What visits say of lesions: sizes, parts, merging, silence, treatment on study."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from support.compare import found as differing
from support.lines import judged, line, noted, problems, responses

from mrecist import (
    MRECIST,
    RECIST_1_1,
    Criteria,
    LineAssessment,
    Procedure,
    TherapyLine,
    to_case,
)
from mrecist._base.words import Size, Status
from mrecist.patient.chart import Chart
from mrecist.patient.sights import Plan, Sight, Sights

ANCHOR = "A:brain"
"""A second lesion, so that a line has another target."""


def first_sight(lesion: str, said: str, criteria: Criteria = MRECIST) -> Sight:
    """What a single visit says of lesion `L`, whatever the line."""
    return Sights(Chart(judged(f"L:{lesion}", {0: said}).patient, criteria))(0, 0)


class TestOneRecord:
    """A finding says a size in the measure that counts, or that there is none."""

    @pytest.mark.parametrize(
        ("lesion", "said", "criteria", "size", "um", "gone"),
        [
            ("liver", "L=30,w50", MRECIST, Size.RECORDED, 30_000, False),
            ("liver", "L=30,w50", RECIST_1_1, Size.RECORDED, 50_000, False),
            ("liver", "L=w50", MRECIST, Size.UNKNOWN, 0, False),
            ("liver", "L=30 !blind", MRECIST, Size.NOT_EVALUABLE, 0, False),
            ("liver", "L=absent !blind", MRECIST, Size.NOT_EVALUABLE, 0, False),
            ("liver", "L=w30 !blind", RECIST_1_1, Size.RECORDED, 30_000, False),
            ("liver", "L=absent", MRECIST, Size.ZERO, 0, True),
            ("liver", "L=0,w50", MRECIST, Size.RECORDED, 0, True),
            ("liver", "L=0.001", MRECIST, Size.RECORDED, 1, False),
            ("liver", "L=too_small,4", MRECIST, Size.SMALL, 5_000, False),
            ("liver", "L=not_evaluable", MRECIST, Size.NOT_EVALUABLE, 0, False),
            ("node", "L=9.999", MRECIST, Size.RECORDED, 9_999, True),
            ("node", "L=10", MRECIST, Size.RECORDED, 10_000, False),
            ("hilar", "L=19", MRECIST, Size.RECORDED, 19_000, False),
            ("node", "L=too_small", MRECIST, Size.SMALL, 5_000, True),
            ("node", "L=w30", MRECIST, Size.UNKNOWN, 0, False),
            ("vein", "L=present", MRECIST, Size.UNKNOWN, 0, False),
            ("vein", "L=v8,w20", MRECIST, Size.RECORDED, 8_000, False),
            ("vein", "L=w20", MRECIST, Size.RECORDED, 20_000, False),
            ("vein", "L=v8,w20 !blind", MRECIST, Size.NOT_EVALUABLE, 0, False),
            ("vein", "L=v0,w20", RECIST_1_1, Size.RECORDED, 20_000, False),
        ],
    )
    def test_facts(
        self, lesion: str, said: str, criteria: Criteria, size: Size, um: int, gone: bool
    ) -> None:
        """The size by section 3, and whether the lesion is gone."""
        found = first_sight(lesion, said, criteria)
        assert (found.rule.verdict, found.size, found.um, found.gone) == (size, size, um, gone)
        assert found.known is (size in (Size.ZERO, Size.SMALL, Size.RECORDED))
        assert found.lacks_size is (size is Size.UNKNOWN)
        assert found.recorded
        assert found.finding is not None

    def test_unrecorded(self) -> None:
        silent = first_sight("liver", "")
        assert (silent.recorded, silent.known, silent.gone, silent.lacks_size) == (False,) * 4
        assert (silent.status, silent.finding) == (Status.NOT_EVALUABLE, None)
        assert silent.rule.id == "NE-01"

    def test_once(self) -> None:
        """What was read is not read again."""
        sights = Sights(Chart(judged("L:liver", {0: "L=9"}).patient, MRECIST), Plan())
        assert sights(0, 0) is sights(0, 0)

    def test_criteria_of_ones_own(self) -> None:
        """Limits come from the criteria, not from the code."""
        own = attrs.evolve(MRECIST, too_small_mm=3, gone_node_mm=8)
        assert first_sight("liver", "L=too_small", own).um == 3_000
        assert first_sight("node", "L=8", own).gone is False
        assert first_sight("node", "L=7.999", own).gone is True


class TestTooSmall:
    """5 mm, or the last size above 0 by the same measure where that is smaller."""

    @pytest.mark.parametrize(
        ("visits", "um"),
        [
            (["L=30", "L=4"], 4_000),
            (["L=4", "L=30"], 5_000),
            (["L=4", "L=0"], 4_000),
            (["L=4", "L=absent"], 4_000),
            (["L=4", "L=not_evaluable", ""], 4_000),
            (["L=4", "L=too_small,3"], 4_000),
            (["L=4", "L=2 !blind"], 4_000),
            (["L=4", "L=w2"], 4_000),
            (["L=present,3"], 3_000),
            (["L=6"], 5_000),
            ([], 5_000),
        ],
    )
    def test_last_size(self, visits: list[str], um: int) -> None:
        said = dict(enumerate([*visits, "L=too_small"]))
        chart = Chart(judged("L:liver", said).patient, MRECIST)
        assert Sights(chart)(len(visits), 0).um == um

    @pytest.mark.parametrize(
        ("visits", "um"), [(["L=v3,w9", "L=w4"], 4_000), (["L=w4", "L=v3,w9"], 4_000)]
    )
    def test_same_measure(self, visits: list[str], um: int) -> None:
        """A viable size is none of a record that is measured whole."""
        said = dict(enumerate([*visits, "L=too_small"]))
        chart = Chart(judged("L:vein", said).patient, MRECIST)
        assert Sights(chart)(2, 0).um == um

    def test_kept_measure(self) -> None:
        """A target of another kind keeps the measure of its baseline."""
        found = line("V:vein", {0: "V=v3,w20", 60: "V=w2", 90: "V=too_small"}, targets=["V"])
        assert [each.total_um for each in found.timepoints] == [None, 3_000]
        found = line("V:vein", {0: "V=20", 60: "V=v3,w9", 90: "V=too_small"}, targets=["V"])
        assert [each.total_um for each in found.timepoints] == [9_000, 5_000]


class TestKeptMeasure:
    """Other tumour of the liver that a line names as a target is measured as at its baseline."""

    @pytest.mark.parametrize(
        ("visits", "totals", "told"),
        [
            (["V=v20,w20", "V=v0,w20"], [0], "CR"),
            (["V=v20,w20", "V=w20"], [None], "NE"),
            (["V=w20", "V=v0,w20"], [20], "SD"),
        ],
    )
    def test_target(self, visits: list[str], totals: list[Any], told: str) -> None:
        found = line("V:vein", {60 * i: said for i, said in enumerate(visits)}, targets=["V"])
        assert [each.total_mm for each in found.timepoints] == totals
        assert responses(found) == told

    def test_by_a_fragment(self) -> None:
        """A viable size of a fragment is one of the lesion."""
        visits = {0: "V=w20 Va=v5,w9", 60: "V=v8,w9 Va=v5,w9"}
        found = line("V:vein Va:vein/V", visits, targets=["V"])
        assert found.baseline_total_um is None
        assert found.timepoints[0].total_mm == 13

    def test_nontarget(self) -> None:
        """A non-target is measured as each visit records it."""
        assert responses(line("V:vein", {0: "V=w20", 60: "V=v0,w20"})) == "CR"


class TestParts:
    """A lesion in parts is the sum of what is recorded of it, from the first fragment on."""

    TWO = "T:lung Ta:lung/T Tb:lung/T A:brain"

    @pytest.mark.parametrize(
        ("said", "total", "told"),
        [
            ("Ta=20 Tb=12", 32, "in parts, together 32.0 mm"),
            ("T=5 Ta=20 Tb=12", 37, "in parts, together 37.0 mm"),
            ("T=40", 40, "longest diameter 40.0 mm"),
            ("Ta=20", 20, "in parts, together 20.0 mm"),
            ("Ta=20 Tb=absent", 20, "in parts, together 20.0 mm"),
            ("Ta=20 Tb=too_small", 25, "in parts, together 25.0 mm"),
            ("Ta=20 Tb=not_evaluable", None, "in parts, of which Tb not evaluable"),
            ("T=not_evaluable Ta=20", None, "in parts, of which T not evaluable"),
            ("Ta=20 Tb=present", None, "in parts, of which Tb without the size that counts"),
            ("T=present Ta=20", None, "in parts, of which T without the size that counts"),
            ("Ta=absent Tb=0", 0, "in parts, together 0.0 mm, gone"),
            ("Ta=20 Tb=>A", None, "in parts, of which Tb not evaluable"),
        ],
    )
    def test_target(self, said: str, total: float | None, told: str) -> None:
        visits = {0: "T=50 A=10", 60: f"{said} A=10"}
        found = line(self.TWO, visits, targets=["T"], nontargets=[])
        assert found.timepoints[0].total_mm == total
        assert noted(found, "T") == f"target: {told}"
        assert noted(found, "Ta").startswith("part of T: ")

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("Ta=20 Tb=12", "persists (in parts, together 32.0 mm)"),
            ("Ta=progressed Tb=12", "recorded as progressed, not measured"),
            ("Ta=progressed,20 Tb=12", "recorded as progressed (in parts, together 32.0 mm)"),
            ("Ta=present Tb=12", "persists, not measured"),
            ("Ta=v9 Tb=12", "not evaluable (in parts, of which Ta without the size that counts)"),
            (
                "Ta=v9 Tb=progressed",
                "not evaluable (in parts, of which Ta, Tb without the size that counts)",
            ),
            ("Ta=absent Tb=absent", "gone (in parts, together 0.0 mm)"),
            ("Ta=not_evaluable Tb=absent", "not evaluable (in parts, of which Ta not evaluable)"),
            ("", "not evaluable (not recorded)"),
        ],
    )
    def test_nontarget(self, said: str, told: str) -> None:
        visits = {0: "T=50 A=10", 60: f"{said} A=10"}
        found = line(self.TWO, visits, targets=["A"], nontargets=["T"])
        assert noted(found, "T") == f"non-target: {told}"

    def test_recorded_by_then(self) -> None:
        """A fragment that an earlier visit records is a part; silence on it is not evaluable."""
        visits = {0: "T=50", 60: "Ta=20", 90: "T=20", 120: "Ta=20 Tb=5", 150: "Ta=20"}
        found = line(self.TWO, visits)
        assert [each.total_mm for each in found.timepoints] == [20, None, 25, None]
        assert noted(found, "T").endswith("in parts, of which Tb not evaluable")

    def test_only_not_evaluable(self) -> None:
        """A lesion in parts is recorded only as not evaluable where every part is so."""
        found = line("T:liver Ta:liver/T A:brain", {0: "T=not_evaluable Ta=not_evaluable A=9"})
        assert found.nontargets == ("T", "A")
        assert found.lesions[0].rule == "BL-NE"

    def test_nodes(self) -> None:
        """Gone where all parts are gone, even if together they are larger."""
        visits = {0: "T=30", 60: "T=9 Ta=9"}
        assert responses(line("T:node Ta:node/T", visits)) == "CR"


class TestMerging:
    """A lesion that merged into another is held by the size of the other."""

    TWO = "T:lung M:brain"

    @pytest.mark.parametrize(
        ("said", "told", "response"),
        [
            ("T=>M M=60", "merged into M, whose size holds it", "SD"),
            ("T=>M M=0", "merged into M, which is gone", "CR"),
            ("T=>M M=absent", "merged into M, which is gone", "CR"),
            ("T=>M M=not_evaluable", "merged into M, which is not evaluable", "NE"),
            ("T=>M M=present", "merged into M, which is of unknown size", "NE"),
        ],
    )
    def test_targets(self, said: str, told: str, response: str) -> None:
        found = line(self.TWO, {0: "T=30 M=30", 60: said})
        assert noted(found, "T") == f"target: {told}"
        assert responses(found) == response

    @pytest.mark.parametrize("other", ["M=30", "M=absent", "M=not_evaluable"])
    def test_out_of_the_sum(self, other: str) -> None:
        """The tissue of a target that merged into no target has left the sum."""
        found = line(self.TWO, {0: "T=30 M=30", 60: f"T=>M {other}"}, targets=["T"])
        told = "target: merged into M, which is no target: its tissue has left the total"
        assert noted(found, "T") == told
        assert responses(found) == "NE"

    @pytest.mark.parametrize(
        ("other", "told"),
        [
            ("M=30", "persists (merged into M, which persists)"),
            ("M=present", "persists (merged into M, which persists)"),
            ("M=v9", "persists (merged into M, which persists)"),
            ("M=absent", "gone (merged into M, which is gone)"),
            ("M=not_evaluable", "not evaluable (merged into M, which is not evaluable)"),
        ],
    )
    @pytest.mark.parametrize("target", ["M", "A"])
    def test_nontarget(self, other: str, told: str, target: str) -> None:
        """Whether the other one is a target or not."""
        visits = {0: "T=30 M=30 A=9", 60: f"T=>M {other} A=9"}
        found = line("T:lung M:brain A:bone", visits, targets=[target])
        assert noted(found, "T") == f"non-target: {told}"

    def test_holds(self) -> None:
        """At later visits that record the other one and not this one."""
        visits = {0: "T=30 M=30", 60: "T=>M M=60", 90: "M=50", 120: "", 150: "T=20 M=30"}
        found = line(self.TWO, visits)
        assert [each.total_mm for each in found.timepoints] == [60, 50, None, 50]
        assert noted(found, "T", 1) == "target: merged into M, whose size holds it"

    def test_two_steps(self) -> None:
        """M merged on into N: what it holds is where N is."""
        visits = {0: "T=30 M=30 N=30", 60: "T=>M M=60 N=30", 90: "T=>N M=>N N=90"}
        found = line("T:lung M:brain N:bone", visits, targets=["T", "M", "N"])
        assert [each.total_mm for each in found.timepoints] == [90, 90]

    def test_through_another(self) -> None:
        """T is as M is, which merged into N."""
        visits = {0: "T=30 M=30 N=30", 60: "T=>M M=60 N=30", 90: "M=>N N=absent"}
        found = line("T:lung M:brain N:bone", visits, targets=["T", "M", "N"])
        assert responses(found) == "SD CR"
        assert noted(found, "T") == "target: merged into M, which is gone"

    def test_into_a_fragment(self) -> None:
        """A fragment is what it is a part of: M is no target but T is."""
        visits = {0: "T=30 M=10", 60: "T=10 Ta=9 M=>Ta"}
        found = line("T:lung Ta:lung/T M:brain", visits, targets=["T", "M"])
        assert [each.total_mm for each in found.timepoints] == [19]
        assert noted(found, "M") == "target: merged into Ta, whose size holds it"

    def test_fragments_into_each_other(self) -> None:
        """A fragment of T that merged into another fragment of T adds nothing."""
        visits = {0: "T=30", 60: "Ta=9 Tb=9", 90: "Ta=12 Tb=>Ta"}
        found = line("T:lung Ta:lung/T Tb:lung/T", visits)
        assert [each.total_mm for each in found.timepoints] == [18, 12]

    def test_treated(self) -> None:
        """A lesion that merged into a treated one follows it."""
        visits = {0: "T=30 M=30", 60: "T=>M M=20"}
        cut = Procedure(30, "resection", lesions=["M"])
        found = line(self.TWO, visits, procedures=(cut,))
        assert noted(found, "T") == "target: merged into M, which is not evaluable"
        assert responses(found) == "NE"
        assert problems(found) == "TREATED_ON_STUDY"

    @pytest.mark.parametrize(
        ("other", "told"),
        [
            ("M=progressed Ma=present", "persists (merged into Ma, which persists)"),
            ("M=present Ma=present", "not evaluable (merged into Ma, which is not evaluable)"),
        ],
    )
    def test_fragment_of_a_treated_one(self, other: str, told: str) -> None:
        """A treated lesion has progressed where one of its parts has."""
        visits = {0: "T=30 M=30 A=9", 60: f"T=>Ma {other} A=9"}
        cut = Procedure(30, "RFA", lesions=["M"])
        lesions = "T:lung M:brain Ma:brain/M A:bone"
        found = line(lesions, visits, targets=["A"], procedures=(cut,))
        assert noted(found, "T") == f"non-target: {told}"


class TestSilence:
    """Silence is not evaluable, unless the visit says that what it passes over is unchanged."""

    NT = "A:brain V:bone W:bone"

    @pytest.mark.parametrize(
        ("before", "told"),
        [
            ([], "persists, not measured"),
            (["V=absent"], "gone (unchanged, gone before)"),
            (["V=progressed"], "persists, not measured"),
            (["V=absent", "V=not_evaluable"], "gone (unchanged, gone before)"),
            (["V=absent", "W=present"], "gone (unchanged, gone before)"),
            (["V=absent", "V=present"], "persists, not measured"),
            (["V=>W W=present"], "persists (merged into W, which persists)"),
            (["V=>W W=absent"], "gone (merged into W, which is gone)"),
        ],
    )
    def test_nontarget(self, before: list[str], told: str) -> None:
        """As at the latest earlier visit of the line that records it."""
        visits = {0: "A=9 V=20 W=20"} | {20 * i: f"A=9 {said}" for i, said in enumerate(before, 1)}
        found = line(self.NT, visits | {90: "A=9 !unchanged"}, targets=["A"])
        assert noted(found, "V") == f"non-target: {told}"
        found = line(self.NT, visits | {90: "A=9"}, targets=["A"])
        assert noted(found, "V") == "non-target: not evaluable (not recorded)"

    def test_later(self) -> None:
        """What a later visit says is not known yet."""
        visits = {0: "A=9 V=20", 60: "A=9 !unchanged", 90: "A=9 V=absent"}
        found = line(self.NT, visits, targets=["A"])
        assert noted(found, "V", 0) == "non-target: persists, not measured"

    def test_merged_into_a_treated_one(self) -> None:
        """It follows the treatment of what it merged into, where that is passed over too."""
        visits = {0: "A=9 V=20 W=20", 30: "A=9 V=>W W=9", 90: "A=9 !unchanged"}
        for day, told in (
            (60, "not evaluable (merged into W, which is not evaluable)"),
            (91, "persists (merged into W, which persists)"),
        ):
            cut = Procedure(day, "RFA", lesions=["W"])
            found = line(self.NT, visits, targets=["A"], procedures=(cut,))
            assert noted(found, "V") == f"non-target: {told}"

    def test_work_up(self) -> None:
        """What the baseline says of it counts, wherever its work-up says it."""
        visits = {-40: "V=20", -10: "V=absent", -5: "A=9", 60: "A=9 !unchanged"}
        found = line(self.NT, visits, nontargets=["V"])
        assert noted(found, "V") == "non-target: gone (unchanged, gone before)"
        del visits[-10]
        found = line(self.NT, visits, nontargets=["V"])
        assert noted(found, "V") == "non-target: persists, not measured"

    def test_target(self) -> None:
        found = line(self.NT, {0: "A=9 V=20", 60: "V=20 !unchanged"}, targets=["A"])
        assert noted(found, "A") == "target: not recorded; unchanged gives a target no size"
        assert responses(found) == "NE"

    @pytest.mark.parametrize(
        ("before", "told"),
        [
            ("Va=5 Vb=absent", "persists (in parts, together 5.0 mm)"),
            ("Va=5 Vb=7", "persists (in parts, together 12.0 mm)"),
            ("Va=5 Vb=progressed", "persists, not measured"),
            ("Va=5 Vb=>W W=present", "persists (in parts, together 5.0 mm)"),
            (
                "Va=5 Vb=v9",
                "not evaluable (in parts, of which Vb without the size that counts)",
            ),
            ("Va=5 Vb=not_evaluable", "not evaluable (in parts, of which Vb not evaluable)"),
        ],
    )
    def test_silent_part(self, before: str, told: str) -> None:
        """A part of a non-target that is passed over is as at its last record."""
        text = f"{self.NT} Va:bone/V Vb:bone/V"
        visits = {0: "A=9 V=20 W=20", 30: f"A=9 {before}", 90: "A=9 Va=5 !unchanged"}
        found = line(text, visits, targets=["A"])
        assert noted(found, "V") == f"non-target: {told}"
        silent = line(text, {**visits, 90: "A=9 Va=5"}, targets=["A"])
        assert noted(silent, "V") == (
            "non-target: not evaluable (in parts, of which Vb not evaluable)"
        )

    def test_silent_part_of_a_target(self) -> None:
        """Unchanged gives a part of a target no size."""
        text = "V:bone Va:bone/V Vb:bone/V W:bone"
        visits = {0: "V=20 W=9", 30: "Va=5 Vb=9 W=9", 90: "Va=5 W=9 !unchanged"}
        found = line(text, visits, targets=["V"])
        assert [each.total_mm for each in found.timepoints] == [14, None]
        visits[90] = "Va=5 W=>V V=1 !unchanged"
        found = line(text, visits, targets=["V"])
        assert noted(found, "W") == (
            "non-target: not evaluable (merged into V, which is not evaluable)"
        )

    def test_beside_a_merged_part(self) -> None:
        """A part that merged long ago says nothing of a lesion that was measured beside it."""
        text = "T:liver Ta:liver/T Tb:liver/T M:liver"
        visits = {0: "T=20 M=10", 30: "T=20 Ta=>M M=12", 60: "T=20 M=12", 90: "M=12"}
        found = line(text, visits, targets=["T", "M"])
        assert [each.total_mm for each in found.timepoints] == [32, 32, 12]
        assert noted(found, "T") == "target: not recorded"
        assert responses(found) == "SD SD NE"
        found = line(text, visits, targets=["M"])
        assert noted(found, "T") == "non-target: not evaluable (not recorded)"

    @pytest.mark.parametrize("own", ["", "T=absent", "T=>M"])
    def test_merged_in_all_its_parts(self, own: str) -> None:
        """A lesion of which nothing was left but what merged stays merged, without a record."""
        text = "T:liver Ta:liver/T Tb:liver/T M:liver"
        visits = {0: "T=20 M=10", 30: "Ta=8 Tb=7 M=10", 60: f"{own} Ta=>M Tb=>M M=20", 90: "M=20"}
        found = line(text, visits, targets=["T", "M"])
        assert [each.total_mm for each in found.timepoints] == [25, 20, 20]

    def test_merged_into_one_without_a_part(self) -> None:
        """What merged into a lesion that plays no part, and is passed over, is not known."""
        visits = {0: "A=9 V=20 W=20", 30: "A=9 V=>W W=9", 90: "A=9 !unchanged"}
        found = line(self.NT, visits, targets=["A"], nontargets=["V"])
        assert noted(found, "V") == "non-target: not evaluable (not recorded)"

    def test_merged_into_a_target(self) -> None:
        """A silent non-target that merged into a silent target is not known."""
        visits = {0: "A=9 V=20 W=20", 30: "A=9 V=>A", 90: "W=20 !unchanged"}
        found = line(self.NT, visits, targets=["A"])
        assert noted(found, "V") == "non-target: not evaluable (not recorded)"

    def test_merged_in_a_circle(self) -> None:
        """Two that merged into each other at different visits say nothing of each other."""
        visits = {0: "A=9 V=20 W=20", 30: "A=9 V=>W W=9", 60: "A=9 W=>V V=9", 70: "A=9 V=>W W=9"}
        found = line(self.NT, visits | {90: "A=9 !unchanged"}, targets=["A"])
        assert noted(found, "V").startswith("non-target: ")

    @pytest.mark.parametrize("text", [f"{NT} Wa:bone/W Wb:bone/W", f"Wa:bone/W Wb:bone/W {NT}"])
    def test_merged_into_a_part(self, text: str) -> None:
        """Merged into a fragment of another non-target that is passed over, in whole or in part."""
        visits = {0: "A=9 V=20 W=20", 30: "A=9 Wa=5 Wb=3 V=>Wa"}
        for said in ("", "Wb=3"):
            found = line(text, visits | {90: f"A=9 {said} !unchanged"}, targets=["A"])
            assert noted(found, "V") == "non-target: persists (merged into Wa, which persists)"
        visits[30] = "A=9 Wa=absent Wb=3 V=>Wa"
        found = line(text, visits | {90: "A=9 Wb=3 !unchanged"}, targets=["A"])
        assert noted(found, "V") == "non-target: gone (merged into Wa, which is gone)"


class TestTreatedOnStudy:
    """After local treatment on study a lesion can no longer show response."""

    TWO = "T:liver M:bone"

    def treated(self, said: str, *more: Any, **line_: Any) -> LineAssessment:
        visits = {0: "T=40 M=present", 60: said}
        procedures = tuple(Procedure(day, kind, lesions=names.split()) for day, kind, names in more)
        return line(self.TWO, visits, procedures=procedures, **line_)

    @pytest.mark.parametrize("said", ["T=absent M=present", "T=60 M=present", "M=present"])
    def test_target(self, said: str) -> None:
        found = self.treated(said, (30, "RFA", "T"))
        assert noted(found, "T") == "target: treated on day 30 (RFA): can no longer show response"
        assert (responses(found), problems(found)) == ("NE", "TREATED_ON_STUDY")

    def test_no_missing_size(self) -> None:
        """A size that counts no longer is not missing."""
        assert problems(self.treated("T=w9 M=present", (30, "RFA", "T"))) == "TREATED_ON_STUDY"
        assert problems(self.treated("T=w9 M=present")) == "NO_SIZE"

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("M=absent", "not evaluable (treated on day 30 (SBRT): can no longer show response)"),
            ("M=present", "not evaluable (treated on day 30 (SBRT): can no longer show response)"),
            ("", "not evaluable (treated on day 30 (SBRT): can no longer show response)"),
            ("!unchanged", "not evaluable (treated on day 30 (SBRT): can no longer show response)"),
            ("M=progressed", "recorded as progressed, not measured"),
        ],
    )
    def test_nontarget(self, said: str, told: str) -> None:
        found = self.treated(f"T=40 {said}", (30, "SBRT", "M"))
        assert noted(found, "M") == f"non-target: {told}"
        assert problems(found) == "TREATED_ON_STUDY"

    @pytest.mark.parametrize(
        ("day", "kind", "response"),
        [
            (-1, "RFA", "CR"),
            (0, "RFA", "NE"),
            (59, "RFA", "NE"),
            (60, "RFA", "CR"),
            (30, "cTACE", "CR"),
            (30, "drainage", "NE"),
        ],
    )
    def test_which(self, day: int, kind: str, response: str) -> None:
        """From the baseline on, before the examination, and not the treatment under test."""
        found = line(
            "T:liver",
            {0: "T=40", 60: "T=absent"},
            TherapyLine(["DEB-TACE"], 0),
            procedures=(Procedure(day, kind, lesions=["T"]),),
        )
        assert responses(found) == response
        assert problems(found) == ("TREATED_ON_STUDY" if response == "NE" else "")

    def test_by_the_examination(self) -> None:
        """Of a visit the examination that records the lesion is asked, else the visit."""
        cut = (Procedure(61, "RFA", lesions=["T"]),)
        for days, told in (((60, 62), "NE"), ((62, 60), "PR")):
            visits = {days[0]: "M=present !visit=V", days[1]: "T=20 !visit=V"}
            found = line(self.TWO, {0: "T=40 M=present", **visits}, procedures=cut)
            assert responses(found) == told

    def test_fragment(self) -> None:
        """A procedure on a fragment is one on its parent."""
        found = line(
            "T:lung Ta:lung/T",
            {0: "T=40", 60: "T=10 Ta=10"},
            procedures=(Procedure(30, "RFA", lesions=["Ta"]),),
        )
        assert responses(found) == "NE"

    def test_twice(self) -> None:
        """The first procedure that holds is told."""
        found = self.treated("T=absent M=present", (40, "RFA", "T M"), (20, "SBRT", "T"))
        assert noted(found, "T").startswith("target: treated on day 40 (RFA)")

    def test_before_the_next_line(self) -> None:
        """A procedure after the baseline of one line is history to a line that starts later."""
        lines = TherapyLine(["sorafenib"], 0), TherapyLine(["lenvatinib"], 61)
        visits = {0: "T=40", 60: "T=30", 120: "T=10"}
        both = judged("T:liver", visits, *lines, procedures=(Procedure(30, "RFA", lesions=["T"]),))
        assert [responses(each) for each in both.lines] == ["NE", "PR"]

    def test_prior_to_line_without_baseline(self) -> None:
        """A line without a baseline asks of no procedure."""
        found = line(
            "T:liver",
            {60: "T=10"},
            procedures=(Procedure(30, "RFA", lesions=["T"]),),
            targets=["T"],
        )
        assert problems(found) == ""


class TestMergedAndSilent:
    """What merged into what is passed over itself: as that one is, as far as it is known."""

    NT = "A:brain V:bone W:bone X:bone Va:bone/V Wa:bone/W"
    FIRST = "A=9 V=20 W=20 X=20"

    @pytest.mark.parametrize(
        ("before", "said", "told"),
        [
            (
                ["V=>W W=9 X=9", "W=>X X=9"], "X=9",
                "persists (merged into W, which persists)",
            ),
            (
                ["V=>W W=9 X=9", "W=>X X=9"], "X=absent",
                "gone (merged into W, which is gone)",
            ),
            (
                ["V=>W W=9", "W=>V V=not_evaluable"], "X=9",
                "not evaluable (merged into W, which is not evaluable)",
            ),
            (
                ["V=>W W=9 Va=1 Wa=1", "W=>V V=not_evaluable"], "Va=1 Wa=2",
                "persists (in parts, together 1.0 mm)",
            ),
        ],
    )  # fmt: skip
    def test_as_the_other(self, before: list[str], said: str, told: str) -> None:
        visits = {0: self.FIRST} | {20 * i: f"A=9 {each}" for i, each in enumerate(before, 1)}
        visits[90] = f"A=9 {said} !unchanged"
        found = line(self.NT, visits, targets=["A"], nontargets=["V", "W", "X"])
        assert noted(found, "V") == f"non-target: {told}"
        document = to_case(found.facts.chart.patient)
        assert not differing(document, "mrecist")
