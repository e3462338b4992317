"""Why: sentences with the numbers they saw, rules with their sources, and notes on each lesion."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist import (
    MRECIST,
    MRECIST_5MM,
    RECIST_1_1,
    Assessment,
    Criteria,
    Finding,
    Lesion,
    LineAssessment,
    NotThereError,
    Patient,
    Problem,
    Reason,
    TherapyLine,
    Timepoint,
    TimepointAssessment,
    assess,
    explain,
)
from mrecist._base import text as text_
from mrecist.patient import numbers
from mrecist.rulebook.index import TABLES
from mrecist.testing.strategies import case_documents

ORGANS = {
    "nodule": "liver", "node": "mediastinum", "other": "bone", "effusion": "pleura",
    "thrombus": "portal vein",
}  # fmt: skip
ONE = {"S8": "nodule"}
TWO = {"S8": "nodule", "N": "nodule"}

criteria_values = st.sampled_from([MRECIST, MRECIST_5MM, RECIST_1_1])


def judged(
    scans: dict[int, dict[str, Any]],
    kinds: dict[str, str] | None = None,
    *,
    criteria: Criteria = MRECIST,
    reported: dict[int, str] | None = None,
    **line: Any,
) -> Assessment:
    """One line from day 0; a scan gives each lesion a size, a status or a whole finding."""
    lesions = [Lesion(name, ORGANS[kind], kind) for name, kind in (kinds or ONE).items()]
    timepoints = []
    for day, scan in scans.items():
        findings = []
        for name, said in scan.items():
            if isinstance(said, str) and not said[0].isdigit():
                said = {"status": said}
            elif not isinstance(said, dict):
                said = {"viable_mm": said}
            findings.append(Finding(name, **said))
        timepoints.append(Timepoint(day, findings, reported=(reported or {}).get(day)))
    patient = Patient("P-001", lesions, timepoints, [TherapyLine(["lenvatinib"], 0, **line)])
    return assess(patient, criteria=criteria)


def sizes(*scans: Any, **more: Any) -> Assessment:
    """The nodule S8 on day -7 and every 60 days from day 60."""
    days = [-7, *(60 * i for i in range(1, len(scans)))]
    return judged({day: {"S8": said} for day, said in zip(days, scans, strict=True)}, **more)


def last(assessment: Assessment) -> TimepointAssessment:
    return assessment.lines[0].timepoints[-1]


def reason(each: TimepointAssessment | LineAssessment, step: str) -> Reason:
    (found,) = [reason for reason in each.reasons if reason.step == step]
    return found


def flat(text: str) -> str:
    """Text as it was before it was wrapped."""
    return " ".join(text.split())


def note(each: TimepointAssessment | LineAssessment, lesion: str) -> tuple[str, bool, str]:
    """What is noted of a lesion: its role, whether it counted, and why."""
    (found,) = [note for note in each.lesions if note.lesion == lesion]
    return found.role, found.counted, found.note


class TestTargetSentences:
    """The share that was reached or missed, and by how many millimetres."""

    def test_response(self) -> None:
        told = reason(last(sizes("63.5", "42.0")), "target")
        assert told.sentence == (
            "total 42.0 mm is 21.5 mm (33.85 %) below the baseline total 63.5 mm of day -7; "
            "response needs 30 %, a total of 44.45 mm or less, reached with 2.45 mm to spare"
        )
        assert (told.verdict, told.rule) == ("PR", "TL-PR-30")

    def test_exactly_on_the_line(self) -> None:
        told = reason(last(sizes(14.0, 9.8)), "target").sentence
        assert "4.2 mm (30 %) below the baseline total 14.0 mm" in told
        assert told.endswith("a total of 9.8 mm or less, exactly on it")

    def test_limit_between_micrometres(self) -> None:
        """70 % of 10.001 mm is 7.0007 mm: the largest total that is a response is 7.000 mm."""
        told = reason(last(sizes("10.001", "7.001")), "target").sentence
        assert "0.001 mm short of response (7.0 mm or less)" in told

    def test_stable(self) -> None:
        told = reason(last(sizes(100, "70.004")), "target")
        assert told.sentence == (
            "total 70.004 mm, against baseline 100.0 mm of day -7 and nadir 100.0 mm of day -7: "
            "0.004 mm short of response (70.0 mm or less), 49.996 mm short of "
            "progression (120.0 mm or more)"
        )
        assert (told.verdict, told.rule) == ("SD", "TL-SD")

    def test_progression(self) -> None:
        told = reason(last(sizes(100, 40, 60)), "target")
        assert told.sentence == (
            "total 60.0 mm is 20.0 mm (50 %) above the nadir 40.0 mm of day 60; progression needs "
            "20 %, a total of 48.0 mm or more, reached with 12.0 mm to spare"
        )
        assert (told.verdict, told.rule) == ("PD", "TL-PD-20")

    def test_progression_with_a_floor(self) -> None:
        told = reason(last(sizes(12.5, 17.5, criteria=MRECIST_5MM)), "target").sentence
        assert told == (
            "total 17.5 mm is 5.0 mm (40 %) above the nadir 12.5 mm of day -7; progression needs "
            "20 % and 5.0 mm, a total of 17.5 mm or more, exactly on it"
        )

    @pytest.mark.parametrize("criteria", [MRECIST_5MM, RECIST_1_1], ids=lambda each: each.name)
    def test_floor_not_reached(self, criteria: Criteria) -> None:
        scans = [{"viable_mm": size, "longest_mm": size} for size in (12.5, 9, "11.5")]
        told = reason(last(sizes(*scans, criteria=criteria)), "target").sentence
        assert told.endswith(
            "2.5 mm short of progression (14.0 mm or more); risen 27.77 % over the nadir 9.0 mm, "
            "but by less than 5.0 mm"
        )

    def test_floor_beside_a_response(self) -> None:
        told = reason(last(sizes(50, 10, 12, criteria=MRECIST_5MM)), "target")
        assert told.verdict == "PR"
        assert told.sentence.endswith(
            "to spare; risen 20 % over the nadir 10.0 mm, but by less than 5.0 mm"
        )

    def test_no_floor_no_note(self) -> None:
        assert "risen" not in reason(last(sizes(50, 10, "11.9")), "target").sentence
        assert (
            "risen"
            not in reason(last(sizes(50, 10, "11.9", criteria=MRECIST_5MM)), "target").sentence
        )

    def test_complete(self) -> None:
        told = reason(last(sizes(50, 0)), "target")
        assert (told.verdict, told.rule) == ("CR", "TL-CR-0")
        assert told.sentence == (
            "every target is gone (S8: viable diameter 0.0 mm); nodes count as gone below 10.0 mm"
        )

    @pytest.mark.parametrize("criteria", [MRECIST, RECIST_1_1], ids=lambda each: each.name)
    def test_complete_one_by_one(self, criteria: Criteria) -> None:
        """Each target by its own measure, wherever it is; nothing of a liver that has none."""
        kinds = {"B": "other", "N": "node"}
        size = {"longest_mm": 20}
        scans = {-7: {"B": size, "N": {"short_axis_mm": 18}}}
        scans[60] = {"B": "absent", "N": {"short_axis_mm": "9.9"}}
        each = last(judged(scans, kinds, criteria=criteria, targets=["B", "N"]))
        assert reason(each, "target").sentence == (
            "every target is gone (B: absent; N: short axis 9.9 mm); nodes count as gone below "
            "10.0 mm"
        )

    @pytest.mark.parametrize("size", ["12.2", "12.0", "14.999"])
    def test_small_rise(self, size: str) -> None:
        """Growth that only the 2010 table calls progression says so."""
        told = reason(last(sizes(10, size)), "target")
        assert (told.verdict, told.rule) == ("PD", "TL-PD-20")
        assert told.sentence.endswith("; under 5.0 mm, so not by mrecist-5mm")
        for criteria in (MRECIST_5MM, RECIST_1_1):
            scans = [{"viable_mm": each, "longest_mm": each} for each in (10, size)]
            assert reason(last(sizes(*scans, criteria=criteria)), "target").verdict == "SD"

    def test_small_rise_in_full(self) -> None:
        assert reason(last(sizes(10, "12.2")), "target").sentence == (
            "total 12.2 mm is 2.2 mm (22 %) above the nadir 10.0 mm of day -7; progression needs "
            "20 %, a total of 12.0 mm or more, reached with 0.2 mm to spare; under 5.0 mm, so "
            "not by mrecist-5mm"
        )

    @pytest.mark.parametrize("scans", [(10, 15), (20, "25.001"), (50, 40, 30, 36)])
    def test_no_small_rise(self, scans: tuple[Any, ...]) -> None:
        """From exactly 5 mm over the nadir on there is nothing to say."""
        told = reason(last(sizes(*scans)), "target")
        assert (told.verdict, told.rule) == ("PD", "TL-PD-20")
        assert told.sentence.endswith((" mm to spare", " or more, exactly on it"))

    def test_small_rise_of_another_size(self) -> None:
        """RECIST 1.1 measures whole diameters: of those the note may say only what is true."""
        scans = [
            {"viable_mm": 10, "longest_mm": 20},
            {"viable_mm": "12.2", "longest_mm": 40},
        ]
        by_recist = reason(last(sizes(*scans, criteria=RECIST_1_1)), "target")
        assert by_recist.verdict == "PD"
        told = reason(last(sizes(*scans)), "target").sentence
        assert "RECIST 1.1" not in told

    @pytest.mark.parametrize("criteria", [MRECIST_5MM, RECIST_1_1], ids=lambda each: each.name)
    def test_small_rise_is_not_for_a_floor(self, criteria: Criteria) -> None:
        scans = [{"viable_mm": size, "longest_mm": size} for size in (10, "15.001")]
        told = reason(last(sizes(*scans, criteria=criteria)), "target")
        assert told.verdict == "PD"
        assert told.sentence.endswith("reached with 0.001 mm to spare")

    def test_from_nothing(self) -> None:
        """After a nadir of zero there is no percentage."""
        told = reason(last(sizes(50, 0, 20)), "target").sentence
        assert told == (
            "total 20.0 mm is 20.0 mm (from nothing) above the nadir 0.0 mm of day 60; progression "
            "needs 20 %, any total above zero"
        )
        floored = reason(last(sizes(50, 0, 20, criteria=MRECIST_5MM)), "target").sentence
        assert floored.endswith(
            "20 % and 5.0 mm, a total of 5.0 mm or more, reached with 15.0 mm to spare"
        )

    def test_partial_progression(self) -> None:
        scans = {-7: {"S8": 40, "N": 30}, 60: {"S8": 84}}
        told = reason(last(judged(scans, TWO)), "target")
        assert told.sentence == (
            "N not evaluable; the total of the others, 84.0 mm, alone is 14.0 mm (20 %) above the "
            "nadir 70.0 mm of day -7; progression needs 20 %, a total of 84.0 mm or more, exactly "
            "on it"
        )
        assert (told.verdict, told.rule) == ("PD", "NE-03")

    def test_partial(self) -> None:
        scans = {-7: {"S8": 40, "N": 30}, 60: {"S8": "83.999", "N": "not evaluable"}}
        told = reason(last(judged(scans, TWO)), "target")
        assert told.sentence == (
            "N not evaluable; the total of the others, 83.999 mm, proves no progression"
        )
        assert (told.verdict, told.rule) == ("NE", "NE-02")

    def test_no_targets(self) -> None:
        scans = {-7: {"B": "present"}, 60: {"B": "present"}}
        told = reason(last(judged(scans, {"B": "other"})), "target")
        assert (told.verdict, told.sentence) == ("NONE", "this line has no target")

    def test_criteria_say_their_own_numbers(self) -> None:
        own = attrs.evolve(
            MRECIST, name="own", response_share="1/2", progression_share=Fraction(1, 8)
        )
        assert "response needs 50 %" in reason(last(sizes(50, 25, criteria=own)), "target").sentence
        told = reason(last(sizes(50, "56.25", criteria=own)), "target").sentence
        assert "progression needs 12.5 %, a total of 56.25 mm or more" in told


class TestNumbers:
    """A percentage is cut, never rounded; millimetres are told in full."""

    @pytest.mark.parametrize(
        ("part", "whole", "told"),
        [
            (30, 100, "30 %"),
            (29_996, 100_000, "29.99 %"),
            (39_999, 100_000, "39.99 %"),
            (1, 3, "33.33 %"),
            (2, 3, "66.66 %"),
            (9_999_999, 10_000_000, "99.99 %"),
            (1, 100_000, "0 %"),
            (5, 0, "from nothing"),
            (19_999, 10, "199990 %"),
            (49_700, 300, "16566.66 %"),
            (499_999, 1, "49999900 %"),
        ],
    )
    def test_percent(self, part: int, whole: int, told: str) -> None:
        assert text_.percent(part, whole) == told

    @given(part=st.integers(0, 1_000_000), whole=st.integers(1, 1_000_000))
    def test_percent_never_says_more(self, part: int, whole: int) -> None:
        told = Fraction(text_.percent(part, whole).removesuffix(" %"))
        exact = Fraction(100 * part, whole)
        assert told <= exact < told + Fraction(1, 100)

    def test_cut_in_a_sentence(self) -> None:
        told = reason(last(sizes(100, "60.004")), "target").sentence
        assert "is 39.996 mm (39.99 %) below" in told

    @pytest.mark.parametrize(
        ("um", "told"),
        [
            (0, "0.0 mm"), (1, "0.001 mm"), (1_000, "1.0 mm"), (41_500, "41.5 mm"),
            (41_050, "41.05 mm"), (100_000, "100.0 mm"), (5_000_001, "5000.001 mm"), (None, "none"),
        ],
    )  # fmt: skip
    def test_millimetres(self, um: int | None, told: str) -> None:
        assert text_.mm(um) == told

    @given(total=st.integers(1, 1_000_000), criteria=criteria_values)
    def test_limits(self, total: int, criteria: Criteria) -> None:
        """The limits that a sentence names are the last total on either side."""
        low = numbers.response_limit(total, criteria)
        high = numbers.progression_limit(total, criteria)
        assert 10 * low <= 7 * total < 10 * (low + 1)

        def rose(now: int) -> bool:
            floor = criteria.progression_floor_um
            return 5 * now >= 6 * total and now > total and now - total >= floor

        assert rose(high)
        assert not rose(high - 1)

    @given(case=case_documents(), criteria=criteria_values)
    def test_margins(self, case: dict[str, Any], criteria: Criteria) -> None:
        """Short of a limit by more than nothing, or reached with nothing or more to spare."""
        for line in assess(mrecist.from_case(case), criteria=criteria).lines:
            for each in line.timepoints:
                sentence = reason(each, "target").sentence
                assert ": 0.0 mm short" not in sentence
                assert ", 0.0 mm short" not in sentence
                assert "with 0.0 mm to spare" not in sentence


class TestNonTargetSentences:
    """Which non-targets persist, progressed or were not seen."""

    KINDS = {"S8": "nodule", "B": "other", "PV": "thrombus"}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("bone", "vein", "rule", "told"),
        [
            ("absent", "absent", "NT-CR", "every non-target is gone"),
            ("present", "absent", "NT-IRSD", "B still there, none recorded as progressed"),
            ("present", "present", "NT-IRSD", "B, PV still there, none recorded as progressed"),
            ("present", "not evaluable", "NT-NE", "PV not evaluable, none recorded as progressed"),
            ("progressed", "not evaluable", "NT-PD", "B recorded as progressed"),
            ("progressed", "progressed", "NT-PD", "B, PV recorded as progressed"),
        ],
    )
    def test_each(self, bone: str, vein: str, rule: str, told: str) -> None:
        scan = {"S8": 50, "B": "present", "PV": "present"}
        found = reason(
            last(judged({-7: scan, 60: {"S8": 50, "B": bone, "PV": vein}}, self.KINDS)),
            "non-target",
        )
        assert found.rule == rule
        assert found.sentence.startswith(told)

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"longest_mm": 24}, "longest diameter 24.0 mm"),
            ({"equivocal": True}, "flagged equivocal"),
            (
                {"longest_mm": 24, "equivocal": True},
                "longest diameter 24.0 mm, flagged equivocal",
            ),
        ],
    )
    def test_progressed(self, said: dict[str, Any], told: str) -> None:
        """With its size where it is known, and with the flag that the reader set."""
        scans = {-7: {"S8": 50, "B": "present"}}
        scans[60] = {"S8": 50, "B": {"status": "progressed", **said}}
        each = last(judged(scans, {"S8": "nodule", "B": "other"}))
        assert reason(each, "non-target").sentence == f"B ({told}) recorded as progressed"
        flagged = note(each, "B")[2].endswith(", flagged equivocal")
        assert flagged is ("equivocal" in said)
        assert "unequivocal" not in each.why

    def test_persists_flagged(self) -> None:
        """The flag is told of progression, which it puts in doubt."""
        scans = {-7: {"S8": 50, "B": "present"}}
        scans[60] = {"S8": 50, "B": {"status": "present", "equivocal": True}}
        each = last(judged(scans, {"S8": "nodule", "B": "other"}))
        assert note(each, "B")[2] == "persists, not measured"

    def test_none(self) -> None:
        assert reason(last(sizes(50, 50)), "non-target").sentence == "this line has no non-target"

    def test_without_baseline(self) -> None:
        """There is no list of lesions to name, and none is named."""
        told = reason(last(judged({60: {"S8": 50}})), "non-target")
        assert told.verdict == "NE"
        assert not told.sentence.startswith("none not evaluable")


class TestNewLesionSentences:
    """Since when a new lesion counts, what proved it and when."""

    def followed(self, *seen: Any, criteria: Criteria = MRECIST) -> list[TimepointAssessment]:
        scans = {-7: {"S8": 50}}
        for i, said in enumerate(seen, 1):
            scans[60 * i] = {"S8": 50} | ({} if said is None else {"N": said})
        return list(judged(scans, TWO, criteria=criteria).lines[0].timepoints)

    def test_at_once(self) -> None:
        (each,) = self.followed({"longest_mm": "12.3", "pattern": "typical"})
        told = reason(each, "new lesion")
        assert told.sentence == (
            "N, new since day 60: 12.3 mm, 10.0 mm or more, its pattern typical"
        )
        assert (told.verdict, told.rule) == ("YES", "NL-HCC-10")

    def test_back_dated(self) -> None:
        """The same at the scan that first showed it, at the one that proved it, and after."""
        for each in self.followed({"longest_mm": 8}, {"longest_mm": 18}, None):
            told = reason(each, "new lesion")
            assert told.sentence == (
                "N, new since day 60, as the scan of day 120 showed: 18.0 mm, 10.0 mm or more "
                "above the 8.0 mm of day 60"
            )
            assert (told.verdict, told.rule) == ("YES", "NL-HCC-GROW")

    def test_grown_from_too_small(self) -> None:
        """Too small is 5 mm, as it was for the rule."""
        each = self.followed("too small", {"longest_mm": 15})[0]
        assert reason(each, "new lesion").sentence == (
            "N, new since day 60, as the scan of day 120 showed: 15.0 mm, 10.0 mm or more above "
            "the 5.0 mm of day 60"
        )

    def test_biopsy(self) -> None:
        each = self.followed({"longest_mm": 8}, {"status": "absent", "biopsy": "positive"})[0]
        assert reason(each, "new lesion").sentence == (
            "N, new since day 60, proved on day 120: positive biopsy"
        )

    def test_equivocal(self) -> None:
        (each,) = self.followed({"longest_mm": 8})
        told = reason(each, "new lesion")
        assert told.sentence == (
            "N, detected on day 60: 8.0 mm; a liver nodule under 10.0 mm, or of unknown "
            "size, is followed"
        )
        assert (told.verdict, told.rule) == ("EQUIVOCAL", "NL-HCC-LT10")

    def test_equivocal_as_it_is_now(self) -> None:
        """At each scan the rule that holds there: a nodule of 15 mm is not under 10 mm."""
        first, second = self.followed({"longest_mm": 8}, {"longest_mm": 15, "pattern": "atypical"})
        assert reason(first, "new lesion").rule == "NL-HCC-LT10"
        assert reason(second, "new lesion").rule == "NL-HCC-GREY"

    def test_not_seen_not_told(self) -> None:
        each = self.followed({"longest_mm": 8}, "absent")[1]
        assert "new lesion" not in [found.step for found in each.reasons]

    def test_recist(self) -> None:
        (each,) = self.followed({"longest_mm": 3}, criteria=RECIST_1_1)
        told = reason(each, "new lesion")
        assert (told.rule, told.sentence) == (
            "R11-NL-01",
            "N, new since day 60: longest diameter 3.0 mm, not flagged equivocal",
        )
        (each,) = self.followed({"longest_mm": 30, "equivocal": True}, criteria=RECIST_1_1)
        told = reason(each, "new lesion")
        assert (told.rule, told.sentence) == (
            "R11-NL-02",
            "N, detected on day 60: flagged equivocal",
        )

    def test_several(self) -> None:
        scans = {-7: {}, 60: {"A": "present", "B": "present"}}
        each = last(judged(scans, {"A": "other", "B": "other"}))
        told = [found.sentence for found in each.reasons if found.step == "new lesion"]
        assert told == [
            f"{name}, new since day 60: recorded as present, no longest diameter recorded, not "
            "flagged equivocal"
            for name in ("A", "B")
        ]

    def test_recurrence(self) -> None:
        each = last(sizes(50, 0, 3))
        told = reason(each, "recurrence")
        assert told.sentence == "after complete response any disease is a recurrence: S8"
        assert (told.verdict, told.rule) == ("YES", "BOR-09")
        assert "BOR-09" not in last(sizes(50, 20, 30)).rules


class TestReportedSentences:
    """What a reported verdict did beside the computed one."""

    @pytest.mark.parametrize(
        ("size", "verdict", "rule", "told"),
        [
            (20, "PR", "REP-AGREES", "the reported PR agrees"),
            (20, "CR", "REP-DIFFERS", "the reported CR differs from the computed PR, which holds"),
            (
                "not evaluable", "SD", "REP-STANDS-IN",
                "the reported SD stands in, as the rules reach no graded verdict (NE)",
            ),
            ("not evaluable", "NE", "REP-AGREES", "the reported NE agrees"),
        ],
    )  # fmt: skip
    def test_each(self, size: Any, verdict: str, rule: str, told: str) -> None:
        each = last(sizes(50, size, reported={60: verdict}))
        found = reason(each, "reported")
        assert (found.rule, found.sentence) == (rule, told)

    def test_never_stands_in(self) -> None:
        each = last(
            judged(
                {-7: {"B": "present"}, 60: {"B": "present"}}, {"B": "other"}, reported={60: "NE"}
            )
        )
        assert reason(each, "reported").sentence == (
            "the reported NE does not stand in; the computed NON-CR/NON-PD holds"
        )

    def test_not_reported(self) -> None:
        assert "reported" not in [each.step for each in last(sizes(50, 50)).reasons]


class TestLineSentences:
    """The day of the best response, of what confirmed it, and what the line is to its agents."""

    def test_best(self) -> None:
        line = sizes(50, 20, 0, 0).lines[0]
        assert reason(line, "best response").sentence == "CR on day 120"
        assert reason(line, "confirmed best response").sentence == (
            "CR on day 120, confirmed on day 180, 28 days or more later"
        )

    def test_partial(self) -> None:
        line = sizes(50, 20, 20).lines[0]
        assert reason(line, "confirmed best response").sentence == (
            "PR on day 60, confirmed on day 120, 28 days or more later"
        )

    def test_not_confirmed(self) -> None:
        line = sizes(50, 20).lines[0]
        assert reason(line, "best response").sentence == "PR on day 60"
        assert reason(line, "confirmed best response").sentence == (
            "PR on day 60 (day 42 or later); no response was confirmed"
        )

    def test_progression(self) -> None:
        line = sizes(50, 60).lines[0]
        for step in ("best response", "confirmed best response"):
            told = "progression on day 60, and no response or stable disease that counts before"
            assert reason(line, step).sentence == told

    @pytest.mark.parametrize(
        ("end", "told"),
        [
            ("progression", "Lenvima again after progression in line 1"),
            ("toxicity", "Lenvima again after toxicity in line 1"),
            ("choice", "Lenvima again, after line 1 ended without progression or toxicity"),
            (None, "Lenvima again; why line 1 ended is not recorded"),
        ],
    )
    def test_exposure(self, end: str | None, told: str) -> None:
        lines = [TherapyLine(["lenvatinib"], 0, end_reason=end), TherapyLine(["Lenvima", "x"], 90)]
        first, second = assess(Patient("P", [], [], lines)).lines
        assert reason(first, "exposure").sentence == "no earlier line had one of its agents"
        assert reason(second, "exposure").sentence == told

    def test_exposure_to_several(self) -> None:
        """The shared agents as the line names them, and none of the others."""
        lines = [
            TherapyLine(["nivolumab", "Nexavar", "lenvatinib"], 0, end_reason="toxicity"),
            TherapyLine(["LENVIMA", "ramucirumab", "sorafenib"], 90),
        ]
        told = reason(assess(Patient("P", [], [], lines)).lines[1], "exposure").sentence
        assert told == "LENVIMA + sorafenib again after toxicity in line 1"


class TestSources:
    """Every verdict answers "why": the rule, the numbers it saw, the source."""

    RULES = {rule.id: rule for tables in TABLES.values() for t in tables for rule in t.rules}  # noqa: RUF012
    SAME_ID = {  # noqa: RUF012
        id: [
            rule for tables in TABLES.values() for t in tables for rule in t.rules if rule.id == id
        ]
        for id in RULES
    }

    @given(case=case_documents(), criteria=criteria_values)
    def test_every_reason(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in assess(mrecist.from_case(case), criteria=criteria).lines:
            for each in (line, *line.timepoints):
                for found in each.reasons:
                    assert found.rule in self.RULES
                    assert found.evidence in {
                        "verified",
                        "restated",
                        "recalled",
                        "derived",
                        "reading",
                    }
                    assert found.source
                    assert "{" not in found.sentence
                    assert "None" not in found.sentence
                    assert found.sentence.strip()
            for each in line.timepoints:
                steps = [found.step for found in each.reasons]
                assert [step for step in steps if step in ("target", "non-target", "response")] == [
                    "target",
                    "non-target",
                    "response",
                ]
                verdicts = {found.step: found.verdict for found in each.reasons}
                assert verdicts["target"] == str(each.target)
                assert verdicts["non-target"] == str(each.nontarget)
                assert verdicts["response"] == str(each.computed)
                assert list(each.rules) == [found.rule for found in each.reasons]

    @pytest.mark.parametrize(
        ("assessment", "step", "source", "evidence"),
        [
            (sizes(50, 20), "target", "Lencioni & Llovet 2010, target lesion response", "restated"),
            (
                sizes(50, 20), "response", "Lencioni & Llovet 2010, overall response table",
                "restated",
            ),
            (sizes(50, 20), "non-target", "Reading RD-NO-NONTARGET", "reading"),
            (
                sizes(50, "not evaluable"), "target",
                "Eisenhauer 2009, missing assessments", "verified",
            ),
        ],
    )  # fmt: skip
    def test_examples(self, assessment: Assessment, step: str, source: str, evidence: str) -> None:
        found = reason(last(assessment), step)
        assert found.source == (source if evidence == "reading" else f"{source} [{evidence}]")
        assert found.evidence == evidence

    @given(case=case_documents(), criteria=criteria_values)
    def test_readings(self, case: dict[str, Any], criteria: Criteria) -> None:
        """A reason names the rule with its source and its readings, those of the rule itself."""
        for line in assess(mrecist.from_case(case), criteria=criteria).lines:
            for each in (line, *line.timepoints):
                for found in each.reasons:
                    of_rule = self.SAME_ID[found.rule]
                    assert found.readings in [
                        tuple(f"Reading {reading.id}" for reading in rule.readings)
                        for rule in of_rule
                    ]
                    assert found.source in [str(rule.source) for rule in of_rule]
                    assert found.reference == "; ".join([found.rule, found.source, *found.readings])
                    assert str(found).endswith(f" [{found.reference}]")

    def test_readings_of_progression(self) -> None:
        """What the nadir is, is a decision of this project that progression rests on."""
        found = reason(last(sizes(100, 40, 60)), "target")
        assert found.readings == ("Reading RD-NADIR-BASELINE", "Reading RD-ZERO-NADIR")
        assert found.reference == (
            "TL-PD-20; Lencioni & Llovet 2010, target lesion response [restated]; "
            "Reading RD-NADIR-BASELINE; Reading RD-ZERO-NADIR"
        )
        assert found.evidence == "restated"
        assert reason(last(sizes(100, 40, 60)), "response").readings == ()

    def test_as_text(self) -> None:
        told = str(reason(last(sizes(50, 20)), "response"))
        assert told == (
            "response PR: target PR, non-target NONE, new lesion NO "
            "[OR-03; Lencioni & Llovet 2010, overall response table [restated]]"
        )

    def test_why(self) -> None:
        assert last(sizes(50, 0)).why == (
            "CR. target CR: every target is gone (S8: viable diameter 0.0 mm); nodes count as "
            "gone below 10.0 mm (TL-CR-0); non-target NONE: this line has no non-target "
            "(NT-NONE); together CR (OR-01)."
        )

    @given(case=case_documents(), criteria=criteria_values)
    def test_why_names_every_rule(self, case: dict[str, Any], criteria: Criteria) -> None:
        for line in assess(mrecist.from_case(case), criteria=criteria).lines:
            for each in line.timepoints:
                assert each.why.startswith(f"{each.response}. ")
                for rule in each.rules:
                    assert f"({rule})" in each.why


class TestLesionNotes:
    """What each lesion counted for at a time point, or why it did not."""

    def test_targets(self) -> None:
        scans = {-7: {"S8": 40, "N": 30}, 60: {"S8": 0, "N": {"longest_mm": 30}}, 120: {"S8": 12}}
        first, second = judged(scans, TWO).lines[0].timepoints
        assert note(first, "S8") == ("target", True, "viable diameter 0.0 mm, gone")
        assert note(first, "N") == (
            "target",
            False,
            "recorded as measured, no viable diameter recorded",
        )
        assert note(second, "S8") == ("target", True, "viable diameter 12.0 mm")
        assert note(second, "N") == ("target", False, "not recorded")

    @pytest.mark.parametrize(
        ("said", "counted", "told"),
        [
            ("absent", True, "no enhancement left, gone"),
            ("too small", True, "too small to measure, counted as 5.0 mm"),
            ("not evaluable", False, "recorded as not evaluable"),
            ({"status": "present", "viable_mm": 20}, True, "viable diameter 20.0 mm"),
        ],
    )
    def test_statuses(self, said: Any, counted: bool, told: str) -> None:
        assert note(last(sizes(50, said)), "S8") == ("target", counted, told)

    def test_no_arterial_phase(self) -> None:
        found = [Finding("S8", viable_mm=50)]
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [Timepoint(0, found), Timepoint(60, found, arterial_phase=False)],
            [TherapyLine(["x"], 0)],
        )
        assert note(last(assess(patient)), "S8") == (
            "target",
            False,
            "viable diameter cannot be read without an arterial phase",
        )
        assert last(assess(patient)).lesions[0].size_mm is None

    @pytest.mark.parametrize(
        ("said", "counted", "told", "rule"),
        [
            ("present", True, "persists, not measured", "NTL-SAID"),
            ("progressed", True, "recorded as progressed, not measured", "NTL-SAID-PD"),
            (
                {"status": "progressed", "longest_mm": 9}, True,
                "recorded as progressed (longest diameter 9.0 mm)", "NTL-PD",
            ),
            ("absent", True, "gone (absent)", "NTL-GONE"),
            (
                "not evaluable", False, "not evaluable (recorded as not evaluable)", "NTL-NE",
            ),
            (
                {"viable_mm": 9}, False,
                "not evaluable (recorded as measured, no longest diameter recorded)",
                "NTL-NO-SIZE",
            ),
            ({"longest_mm": 9}, True, "persists (longest diameter 9.0 mm)", "NTL-PERSISTS"),
        ],
    )  # fmt: skip
    def test_nontargets(self, said: Any, counted: bool, told: str, rule: str) -> None:
        """The sentence and the id of the rule that decided on the lesion."""
        kinds = {"S8": "nodule", "B": "other"}
        scans = {-7: {"S8": 50, "B": "present"}, 60: {"S8": 50, "B": said}}
        each = last(judged(scans, kinds))
        assert note(each, "B") == ("non-target", counted, told)
        assert each.lesions[1].rule == rule

    def test_nontarget_not_recorded(self) -> None:
        scans = {-7: {"S8": 50, "B": "present"}, 60: {"S8": 50}}
        each = last(judged(scans, {"S8": "nodule", "B": "other"}))
        assert note(each, "B") == ("non-target", False, "not evaluable (not recorded)")
        assert each.lesions[1].rule == "NTL-NE"

    def test_unproven_effusion(self) -> None:
        """Larger is not progression without proof, and the rule that says so is named."""
        before = {"status": "present", "cytology": "positive"}
        scans = {-7: {"E": before}, 60: {"E": "progressed"}}
        kinds = {"E": "effusion"}
        assert last(judged(scans, kinds)).lesions[0].rule == "NTL-SAID-PD"
        scans = {-7: {"E": "present"}, 60: {"E": "progressed"}}
        each = last(judged(scans, kinds, nontargets=["E"]))
        told = "persists: larger, but without cytological proof"
        assert note(each, "E") == ("non-target", True, told)
        assert each.lesions[0].rule == "EFF-SAID-CYTO"
        by_recist = last(judged(scans, kinds, nontargets=["E"], criteria=RECIST_1_1))
        assert by_recist.lesions[0].rule == "NTL-SAID-PD"

    def test_new_and_equivocal(self) -> None:
        new = {"longest_mm": 12, "pattern": "typical"}
        scans = {-7: {"S8": 50}, 60: {"S8": 50, "N": new}}
        assert note(last(judged(scans, TWO)), "N")[:2] == ("new lesion", True)
        scans[60]["N"] = {"longest_mm": 8}
        assert note(last(judged(scans, TWO)), "N")[:2] == ("equivocal", False)

    def test_recurrence(self) -> None:
        assert note(last(sizes(50, 0, 3)), "S8") == (
            "target",
            True,
            "viable diameter 3.0 mm, a recurrence after complete response",
        )

    def test_normal_node(self) -> None:
        kinds = {"S8": "nodule", "N": "node"}
        scans = {-7: {"S8": 50}, 60: {"S8": 50, "N": {"short_axis_mm": "9.999"}}}
        each = last(judged(scans, kinds))
        told = "short axis 9.999 mm, below 10.0 mm: a normal node"
        assert note(each, "N") == ("not disease", False, told)
        assert each.lesions[1].rule == "DT-NODE-SMALL"

    def test_not_detected(self) -> None:
        """An effusion known without proof that did not grow is no new one, and it is said why."""
        scans = {-7: {"S8": 50, "E": "present"}, 60: {"S8": 50, "E": "present"}}
        each = last(judged(scans, {"S8": "nodule", "E": "effusion"}))
        unsized = "recorded as present, no longest diameter recorded"
        told = (
            f"an effusion known before without proof, {unsized} on day -7, now {unsized}: not "
            "shown to be larger by 20 % and 5.0 mm"
        )
        assert note(each, "E") == ("not disease", False, told)
        assert each.lesions[1].rule == "DT-EFFUSION-SAME"

    def test_without_baseline(self) -> None:
        """Nothing counts in a line that has nothing to compare with, not even a named target."""
        for named in ({}, {"targets": ["S8"]}):
            found = last(judged({60: {"S8": 50}}, **named)).lesions[0]
            assert not found.counted

    def test_in_the_order_of_the_case(self) -> None:
        kinds = {"Z": "nodule", "A": "nodule", "M": "other"}
        each = last(judged({-7: {"A": 50}, 60: {"A": 50}}, kinds))
        assert [found.lesion for found in each.lesions] == ["Z", "A", "M"]

    def test_as_text(self) -> None:
        assert str(last(sizes(50, 20)).lesions[0]) == "S8 (target): viable diameter 20.0 mm"

    @given(case=case_documents(), criteria=criteria_values)
    def test_every_lesion(self, case: dict[str, Any], criteria: Criteria) -> None:
        """One note for each, in step with the verdict that it explains."""
        ids = [lesion["id"] for lesion in case["lesions"]]
        for line in assess(mrecist.from_case(case), criteria=criteria).lines:
            assert [found.lesion for found in line.lesions] == (
                [] if line.baseline is None else ids
            )
            for each in line.timepoints:
                assert [found.lesion for found in each.lesions] == ids
                roles = {found.lesion: found.role for found in each.lesions}
                assert [one for one in ids if roles[one] == "target"] == list(line.targets)
                nontargets = {one for one in ids if roles[one] == "non-target"}
                assert nontargets - set(line.nontargets) <= proved(case)
                assert nontargets >= set(line.nontargets)
                if line.baseline is not None and str(each.new_lesion) == "YES":
                    late = any("new in this line" in found.note for found in each.lesions)
                    assert "new lesion" in roles.values() or each.recurrences or late
                if line.baseline is not None and str(each.new_lesion) == "EQUIVOCAL":
                    assert "equivocal" in roles.values()
                assert all(found.note for found in each.lesions)


def proved(case: dict[str, Any]) -> set[str]:
    """The lesions of which some sample was positive."""
    return {
        found["lesion"]
        for each in case["timepoints"]
        for found in each["findings"]
        if found.get("cytology") == "positive"
    }


class TestRoleNotes:
    """What each lesion is to a line, and why."""

    def line(self, scan: dict[str, Any], kinds: dict[str, str], **named: Any) -> LineAssessment:
        return judged({0: scan}, kinds, **named).lines[0]

    @pytest.mark.parametrize(
        ("kind", "said", "role", "told"),
        [
            ("nodule", 50, "target", "viable diameter 50.0 mm; measurable"),
            (
                "nodule", "9.999", "non-target",
                "viable diameter 9.999 mm; viable diameter below 10.0 mm",
            ),
            ("nodule", "absent", "no part", "no enhancement left; absent at baseline"),
            (
                "nodule", {"viable_mm": 50, "equivocal": True}, "non-target",
                "viable diameter 50.0 mm; flagged equivocal",
            ),
            (
                "node", {"short_axis_mm": 12}, "non-target",
                "short axis 12.0 mm; short axis below 15.0 mm",
            ),
            (
                "node", {"short_axis_mm": 9}, "no part",
                "short axis 9.0 mm, below 10.0 mm: a normal node",
            ),
            (
                "nodule", "not evaluable", "non-target",
                "recorded as not evaluable; known at baseline, but not evaluable there",
            ),
        ],
    )  # fmt: skip
    def test_selected(self, kind: str, said: Any, role: str, told: str) -> None:
        line = self.line({"L": said}, {"L": kind})
        assert note(line, "L") == (role, role != "no part", told)

    @pytest.mark.parametrize(
        ("kind", "why_not"),
        [("thrombus", "tumour in vein is not measurable"), ("other", "not measurable")],
    )
    def test_not_measurable(self, kind: str, why_not: str) -> None:
        role, counted, told = note(self.line({"L": "present"}, {"L": kind}), "L")
        assert (role, counted) == ("non-target", True)
        assert told.endswith(f"; {why_not}")

    def test_others_were_chosen(self) -> None:
        kinds = {"A": "nodule", "B": "nodule", "C": "nodule"}
        line = self.line({"A": 30, "B": 20, "C": 10}, kinds)
        assert note(line, "C") == (
            "non-target",
            True,
            "viable diameter 10.0 mm; measurable, but other lesions were chosen or named as "
            "targets",
        )

    def test_named(self) -> None:
        kinds = {"A": "nodule", "B": "nodule"}
        line = self.line({"A": 30, "B": 20}, kinds, targets=["B"], nontargets=["A"])
        assert note(line, "A") == (
            "non-target",
            True,
            "viable diameter 30.0 mm; named by the reader",
        )
        assert note(line, "B") == ("target", True, "viable diameter 20.0 mm; named by the reader")

    def test_unrecorded(self) -> None:
        assert note(self.line({}, ONE), "S8") == (
            "no part",
            False,
            "not recorded at baseline",
        )


class TestExplain:
    """The reasons as text: of everything, of one line, or of one date."""

    TWO_LINES = Patient(
        "P-001",
        [Lesion("S8", "liver", "nodule")],
        [
            Timepoint(day, [Finding("S8", viable_mm=size)])
            for day, size in ((-7, 50), (60, 30), (120, 45), (180, 20))
        ],
        [
            TherapyLine(["lenvatinib"], 0, end_reason="progression"),
            TherapyLine(["sorafenib"], 130),
        ],
    )

    def test_everything(self) -> None:
        told = explain(assess(self.TWO_LINES))
        assert told.startswith("P-001, by HCC mRECIST (Lencioni & Llovet 2010)\n")
        for head in (
            "Line 1: lenvatinib, from day 0\n  baseline day -7, total of the targets 50.0 mm",
            "Line 2: sorafenib, from day 130\n  baseline day 120, total of the targets 45.0 mm",
            "  day 60 (day 60 of the line): PR",
            "  day 120 (day 120 of the line): PD",
            "  day 180 (day 50 of the line): PR",
            "  progression on day 120, day 120 of the line: target",
            "    - S8 (target): viable diameter 45.0 mm",
        ):
            assert f"\n{head}\n" in told
        assert (
            "\n      [TL-PR-30; Lencioni & Llovet 2010, target lesion response [restated]; "
            "Reading\n"
            "        RD-BASELINE-VIABLE]\n"
        ) in told

    def test_calendar_dates(self) -> None:
        """A calendar date is told as it is written, with the day of the line beside it."""
        patient = Patient(
            "P-001",
            [Lesion("S8", "liver", "nodule")],
            [
                Timepoint(date, [Finding("S8", viable_mm=size)])
                for date, size in (("2024-01-01", 50), ("2024-03-01", 65))
            ],
            [TherapyLine(["lenvatinib"], "2024-01-10")],
        )
        told = explain(assess(patient))
        assert "\nLine 1: lenvatinib, from 2024-01-10\n  baseline 2024-01-01, total " in told
        assert "\n  2024-03-01 (day 51 of the line): PD\n" in told
        assert "\n  progression on 2024-03-01, day 51 of the line: target\n" in told
        assert "above the nadir 50.0 mm of 2024-01-01; " in flat(told)

    def test_sources(self) -> None:
        """At the end each paper and each reading once, in full, and the levels of evidence."""
        told = explain(sizes(100, 40, 60))
        head, _, end = told.partition("\n\nSources\n")
        assert flat(
            "[TL-PD-20; Lencioni & Llovet 2010, target lesion response [restated]; "
            "Reading RD-NADIR-BASELINE; Reading RD-ZERO-NADIR]"
        ) in flat(head)
        decision = "the nadir includes the baseline total"
        assert decision not in flat(head)
        assert f"\n  Reading RD-NADIR-BASELINE, a decision of this project: {decision}\n" in end
        assert end.count("Lencioni R, Llovet JM.") == 1
        assert end.count("Reading RD-NO-NONTARGET, a decision of this project: ") == 1
        assert "\n  [restated]: read in later works that reprint or restate the source\n" in end
        assert "Reading RD-SILENCE" not in told

    def test_narrow(self) -> None:
        """No row is longer than 100 columns, and what is wrapped is indented further."""
        rows = explain(assess(mrecist.example_case("ikeda-2021"))).splitlines()
        assert max(map(len, rows)) <= 100
        assert any(len(row) > 90 for row in rows)

    @given(case=case_documents(), criteria=criteria_values)
    def test_names_every_rule(self, case: dict[str, Any], criteria: Criteria) -> None:
        assessment = assess(mrecist.from_case(case), criteria=criteria)
        assert max(map(len, explain(assessment).splitlines())) <= 100
        told, _, sources = flat(explain(assessment)).rpartition(" Sources ")
        for line in assessment.lines:
            for each in (line, *line.timepoints):
                for found in each.reasons:
                    assert flat(found.sentence) in told
                    assert f"[{found.reference}]" in told
                    for reading in found.readings:
                        assert f"{reading}, a decision of this project: " in sources
                    if found.evidence == "reading":
                        assert f"{found.source}, a decision of this project: " in sources
                for sentence in each.problems.sentences:
                    assert f"! {sentence}" in told

    def test_one_line(self) -> None:
        told = explain(assess(self.TWO_LINES), line=2)
        assert "Line 2: " in told
        assert "Line 1: " not in told
        assert "day 180 (day 50 of the line)" in told

    def test_one_date(self) -> None:
        told = explain(assess(self.TWO_LINES), date=60)
        assert "day 60 (day 60 of the line): PR" in told
        assert "day 120 (day 120" not in told
        assert "Line 2: " not in told
        assert explain(assess(self.TWO_LINES), date="60") == told
        assert explain(assess(self.TWO_LINES), line=1, date=60) == told

    @pytest.mark.parametrize(
        ("wanted", "told"),
        [
            ({"line": 0}, "there is no line 0; there are 1, 2"),
            ({"line": 3}, "there is no line 3; there are 1, 2"),
            ({"line": -1}, "there is no line -1; there are 1, 2"),
            ({"date": -7}, "no follow-up of any line on -7; there are 60, 120, 180"),
            ({"date": 61}, "no follow-up of any line on 61; there are 60, 120, 180"),
            (
                {"date": "2024-01-03"},
                "no follow-up of any line on 2024-01-03; there are 60, 120, 180",
            ),
            ({"line": 2, "date": 60}, "no follow-up of line 2 on 60; there are 180"),
            ({"line": 3, "date": 60}, "there is no line 3; there are 1, 2"),
        ],
        ids=str,
    )
    def test_none(self, wanted: dict[str, Any], told: str) -> None:
        """What is not there is refused, and what there is is named."""
        with pytest.raises(NotThereError) as refused:
            explain(assess(self.TWO_LINES), **wanted)
        assert str(refused.value) == told
        assert isinstance(refused.value, KeyError)

    def test_not_an_assessment(self) -> None:
        """A patient is not explained before it is assessed."""
        with pytest.raises(TypeError, match=r"takes an Assessment, got Patient; call assess\(\)"):
            explain(self.TWO_LINES)  # type: ignore[arg-type]

    def test_line_without_follow_up(self) -> None:
        assessment = assess(Patient("P", [], [], [TherapyLine(["x"], 0)]))
        told = explain(assessment, line=1)
        assert "Line 1: x, from day 0\n  no baseline\n" in told
        assert "best response: ND" in told

    def test_reported(self) -> None:
        told = explain(sizes(50, "not evaluable", reported={60: "PR"}))
        assert "\n  day 60 (day 60 of the line): PR, reported\n" in told

    def test_problems(self) -> None:
        told = explain(sizes(50, {"viable_mm": 60, "longest_mm": 50}))
        sentence = "VIABLE_EXCEEDS_WHOLE: a viable diameter is larger than the whole diameter"
        assert told.count(sentence) == 1
        assert f"\n    ! {sentence}\n" in told

    def test_problems_of_the_chart(self) -> None:
        """What stands on no line is told of the chart, once."""
        odd = Timepoint(0, [Finding("LUNG", viable_mm=40, longest_mm=50)])
        told = explain(assess(Patient("P", [Lesion("LUNG", "lung", "nodule")], [odd], [])))
        (sentence,) = Problem.VIABLE_OUTSIDE_LIVER.sentences
        assert " ".join(told.split()).count(f"! {sentence} Sources") == 1

    def test_keyword_only(self) -> None:
        with pytest.raises(TypeError):
            explain(assess(self.TWO_LINES), 1)  # type: ignore[misc]


class TestUnread:
    """A best response of PD names the follow-ups before it that nobody could read."""

    SCANS: dict[int, dict[str, Any]] = {  # noqa: RUF012
        -7: {"S8": 50, "PV": "present"},
        30: {"S8": 50, "PV": "not evaluable"},
        60: {"PV": "not evaluable"},
        75: {"S8": "not evaluable", "PV": "present"},
        90: {"S8": 70, "PV": "not evaluable"},
        120: {"PV": "not evaluable"},
    }

    def judged(self, *days: int) -> Assessment:
        scans = {day: self.SCANS[day] for day in days}
        return judged(scans, {"S8": "nodule", "PV": "thrombus"})

    def test_named(self) -> None:
        """Each with its day and what was not seen: targets, then non-targets."""
        unread = self.judged(-7, 60, 75, 90, 120)
        told = "earlier follow-ups not evaluable: day 60 (S8, PV), day 75 (S8)"
        assert str(unread).splitlines()[-1] == (
            f"  best response PD, confirmed PD; {told}; progression on day 90 (target)"
        )
        at = "progression on day 90, day 90 of the line: target"
        assert f"\n  {told}\n  {at}\n" in explain(unread)

    @pytest.mark.parametrize("days", [(-7, 30, 60), (-7, 90, 120), (-7, 30, 90)])
    def test_not_named(self, days: tuple[int, ...]) -> None:
        """Not where no progression is the best response, and not where all was read."""
        other = self.judged(*days)
        assert "earlier follow-ups" not in str(other) + explain(other)

    def test_nothing_to_see(self) -> None:
        """Where the line has no baseline, and so no lesion, the day stands alone."""
        line = judged({60: {"S8": 50}, 90: {"S8": 50}}, {"S8": "nodule"}, reported={90: "PD"})
        assert "; earlier follow-ups not evaluable: day 60; progression" in str(line)


class TestProblemSentences:
    """Each problem says what it means, beside the verdict."""

    @pytest.mark.parametrize(
        ("assessment", "sentences"),
        [
            (
                judged({60: {"S8": 50}}),
                ["NO_BASELINE: no time point on or before the start of the line, and none named"],
            ),
            (
                judged({-29: {"S8": 50}}),
                ["OLD_BASELINE: the baseline is older than the criteria allow"],
            ),
            (
                judged({0: {"S8": 5}}, targets=["S8"]),
                ["UNFIT_TARGET: a target named by the reader that the criteria would not have"],
            ),
            (
                judged({0: {"S8": 0}}, targets=["S8"]),
                [
                    "BASELINE_INCOMPLETE: the targets have no total at baseline",
                    "UNFIT_TARGET: ",
                ],
            ),
            (
                judged(
                    {0: dict.fromkeys("ABC", 20)}, dict.fromkeys("ABC", "nodule"),
                    targets=list("ABC"),
                ),
                ["TOO_MANY_TARGETS: more targets named than the criteria allow, in all or in"],
            ),
            (
                judged({0: {"S8": {"longest_mm": 50}}}, targets=["S8"]),
                [
                    "BASELINE_INCOMPLETE: ",
                    "NO_SIZE: a target, or at baseline a measured nodule or node, was recorded",
                    "UNFIT_TARGET: ",
                ],
            ),
        ],
    )  # fmt: skip
    def test_of_a_line(self, assessment: Assessment, sentences: list[str]) -> None:
        told = assessment.lines[0].problems.sentences
        assert len(told) == len(sentences)
        for sentence, start in zip(told, sentences, strict=True):
            assert sentence.startswith(start)

    def test_of_a_time_point(self) -> None:
        scans = {0: {"B": "present"}, 60: {"B": "not evaluable"}, 120: {"B": "not evaluable"}}
        line = judged(scans, {"B": "other"}, reported={60: "CR", 120: "PR"}).lines[0]
        assert [each.problems.sentences for each in line.timepoints] == [
            [],
            ["RESPONSE_AFTER_CR: a reported PR or SD follows a CR without progression between"],
        ]
