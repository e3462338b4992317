"""The answer as values: what can be asked of an assessment, its lines and its time points."""

from __future__ import annotations

import copy
import datetime
import pickle
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import (
    MRECIST_5MM,
    RECIST_1_1,
    Assessment,
    Finding,
    Lesion,
    NotThereError,
    Patient,
    Problem,
    TherapyLine,
    Timepoint,
    assess,
)
from mrecist._base.words import Cause, Response
from mrecist.testing.strategies import case_documents


def course(*sizes: Any, patient: str = "P-001", **line: Any) -> Patient:
    """One nodule, S8, on the first of each month from January 2024, in a line from 10 January."""
    return Patient(
        patient,
        [Lesion("S8", "liver", "nodule")],
        [
            Timepoint(f"2024-{month:02}-01", [Finding("S8", viable_mm=size, longest_mm=size)])
            for month, size in enumerate(sizes, 1)
        ],
        [TherapyLine(["lenvatinib"], "2024-01-10", **line)],
    )


def reported(computed: str, verdict: str | None) -> mrecist.TimepointAssessment:
    """A follow-up that computes to a verdict, with one reported beside it."""
    finding = {
        "CR": Finding("S8", viable_mm=0),
        "PR": Finding("S8", viable_mm=10),
        "SD": Finding("S8", viable_mm=50),
        "PD": Finding("S8", viable_mm=90),
        "NE": Finding("S8", status="not evaluable"),
    }[computed]
    patient = Patient(
        "P",
        [Lesion("S8", "liver", "nodule")],
        [Timepoint(0, [Finding("S8", viable_mm=50)]), Timepoint(60, [finding], reported=verdict)],
        [TherapyLine(["x"], 0)],
    )
    return assess(patient).lines[0].timepoints[0]


class TestAt:
    """`at` finds the verdict of one line at one date."""

    TWO = Patient(
        "P",
        [],
        [Timepoint(0, []), Timepoint(60, []), Timepoint(90, [])],
        [TherapyLine(["x"], 0), TherapyLine(["y"], 60)],
    )

    def test_by_date_or_text(self) -> None:
        assessment = assess(course(50, 45, 20))
        found = assessment.at(1, "2024-03-01")
        assert found is assessment.lines[0].timepoints[1]
        assert assessment.at(1, datetime.date(2024, 3, 1)) is found
        assert (found.date, found.day) == (datetime.date(2024, 3, 1), 51)

    def test_by_study_day(self) -> None:
        assessment = assess(self.TWO)
        assert assessment.at(1, 60) is assessment.lines[0].timepoints[0]
        assert assessment.at(2, 90) is assessment.lines[1].timepoints[0]

    @pytest.mark.parametrize(
        ("line", "date", "told"),
        [
            (0, 60, "there is no line 0; there are 1, 2"),
            (3, 60, "there is no line 3; there are 1, 2"),
            (-1, 90, "there is no line -1; there are 1, 2"),
            (1, 61, "no follow-up of line 1 on 61; there are 60"),
            (1, 0, "no follow-up of line 1 on 0; there are 60"),
            (1, 90, "no follow-up of line 1 on 90; there are 60"),
            (2, 60, "no follow-up of line 2 on 60; there are 90"),
        ],
    )
    def test_none(self, line: int, date: int, told: str) -> None:
        """Neither the baseline nor a scan outside the line's window is a follow-up of it."""
        with pytest.raises(NotThereError) as refused:
            assess(self.TWO).at(line, date)
        assert str(refused.value) == told
        assert isinstance(refused.value, KeyError)

    def test_nothing_there(self) -> None:
        """Without a line, and without a follow-up, there is none to name."""
        with pytest.raises(NotThereError, match=r"^there is no line 1; there are none$"):
            assess(Patient("P", [], [], [])).at(1, 60)
        alone = assess(Patient("P", [], [], [TherapyLine(["x"], 0)]))
        with pytest.raises(NotThereError, match=r"^no follow-up of line 1 on 60; there are none$"):
            alone.at(1, 60)

    def test_as_any_door_takes_it(self) -> None:
        """A date in every spelling: a date, ISO text, and a study day as a number or as text."""
        calendar = assess(course(50, 45, 20))
        for date in (datetime.date(2024, 2, 1), datetime.datetime(2024, 2, 1), "2024-02-01"):
            assert calendar.at(1, date) is calendar.lines[0].timepoints[0]
        days = assess(self.TWO)
        for day in (60, 60.0, np.int64(60), "60"):
            assert days.at(1, day) is days.lines[0].timepoints[0]

    @pytest.mark.parametrize("date", ["2024-2-1", "1 February", "20240201", 22, None, ""])
    def test_not_a_date_of_it(self, date: Any) -> None:
        """What is no date, or no date of this calendar, is not there."""
        with pytest.raises(NotThereError, match=f"^no follow-up of line 1 on {date}; there are "):
            assess(course(50, 45)).at(1, date)

    def test_every_follow_up(self) -> None:
        assessment = assess(course(50, 45, 20, 60))
        for each in assessment.lines[0].timepoints:
            assert assessment.at(1, each.date) is each
            assert assessment.at(1, str(each.date)) is each


class TestReported:
    """A reported verdict stands in for NE, NED and NON-CR/NON-PD, and is compared elsewhere."""

    @pytest.mark.parametrize(
        ("computed", "verdict", "response", "source", "agrees"),
        [
            ("PR", None, "PR", "computed", None),
            ("PR", "PR", "PR", "computed", True),
            ("PR", "CR", "PR", "computed", False),
            ("PR", "NE", "PR", "computed", False),
            ("PD", "SD", "PD", "computed", False),
            ("NE", None, "NE", "computed", None),
            ("NE", "PR", "PR", "reported", None),
            ("NE", "PD", "PD", "reported", None),
            ("NE", "NON-CR/NON-PD", "NON-CR/NON-PD", "reported", None),
            ("NE", "NE", "NE", "computed", True),
        ],
    )
    def test_verdict(
        self, computed: str, verdict: str | None, response: str, source: str, agrees: bool | None
    ) -> None:
        each = reported(computed, verdict)
        assert str(each.computed) == computed
        assert (None if each.reported is None else str(each.reported)) == verdict
        assert (str(each.response), each.source, each.agrees) == (response, source, agrees)

    def test_causes(self) -> None:
        assert reported("NE", "PD").causes == (Cause.REPORTED,)
        assert reported("PD", "PD").causes == (Cause.TARGET,)
        assert reported("PD", "PR").causes == (Cause.TARGET,)
        assert reported("SD", "PD").causes == ()


class TestValues:
    """Totals in whole micrometres, with millimetres beside them; words for everything else."""

    def test_totals(self) -> None:
        line = assess(course("50.001", "45.5", 20)).lines[0]
        assert (line.baseline_total_um, line.baseline_total_mm) == (50_001, 50.001)
        first, second = line.timepoints
        assert (first.total_um, first.total_mm) == (45_500, 45.5)
        assert (first.nadir_um, first.nadir_mm) == (50_001, 50.001)
        assert (second.nadir_um, second.nadir_mm) == (45_500, 45.5)

    def test_no_totals(self) -> None:
        patient = Patient("P", [], [Timepoint(0, []), Timepoint(60, [])], [TherapyLine(["x"], 0)])
        line = assess(patient).lines[0]
        assert line.baseline_total_mm is None
        assert (line.timepoints[0].total_mm, line.timepoints[0].nadir_mm) == (None, None)
        assert line.timepoints[0].response is Response.NED

    def test_progression(self) -> None:
        progression = assess(course(50, 45, 20, 60, 90)).lines[0].progression
        assert progression is not None
        assert progression.date == datetime.date(2024, 4, 1)
        assert progression.day == 82
        assert progression.causes == (Cause.TARGET,)
        assert assess(course(50, 45)).lines[0].progression is None

    def test_all_causes_at_once(self) -> None:
        lesions = [
            Lesion("S8", "liver", "nodule"), Lesion("B", "bone", "other"),
            Lesion("N", "brain", "other"),
        ]  # fmt: skip
        seen = [Finding("S8", viable_mm=50), Finding("B", status="present")]
        gone = [Finding(name, status="absent") for name in ("S8", "B")]
        back = [
            Finding("S8", viable_mm=50), Finding("B", status="progressed"),
            Finding("N", status="present"),
        ]  # fmt: skip
        patient = Patient(
            "P",
            lesions,
            [Timepoint(0, seen), Timepoint(60, gone), Timepoint(120, back)],
            [TherapyLine(["x"], 0)],
        )
        last = assess(patient).lines[0].timepoints[-1]
        assert last.causes == (Cause.TARGET, Cause.NONTARGET, Cause.NEW_LESION, Cause.RECURRENCE)
        assert [str(cause) for cause in last.causes] == [
            "target",
            "nontarget",
            "new lesion",
            "recurrence",
        ]

    def test_line(self) -> None:
        line = assess(course(50, 45, targets=["S8"])).lines[0]
        assert line.number == 1
        assert line.line.agents == ("lenvatinib",)
        assert (line.baseline, line.targets, line.nontargets) == (
            datetime.date(2024, 1, 1),
            ("S8",),
            (),
        )
        assert (line.rechallenge_of, line.drug_free_days, line.lines_between) == (None,) * 3

    def test_rechallenge(self) -> None:
        patient = Patient(
            "P",
            [],
            [],
            [
                TherapyLine(["Lenvima"], 0, stop=50, end_reason="progression"),
                TherapyLine(["sorafenib"], 60),
                TherapyLine(["regorafenib"], 120),
                TherapyLine(["lenvatinib"], 200),
            ],
        )
        line = assess(patient).lines[3]
        assert str(line.exposure) == "rechallenge"
        assert (line.rechallenge_of, line.drug_free_days, line.lines_between) == (1, 150, 2)

    def test_lines_in_order_of_start(self) -> None:
        patient = Patient("P", [], [], [TherapyLine(["b"], 50), TherapyLine(["a"], 0)])
        lines = assess(patient).lines
        assert [(each.number, each.line.agents) for each in lines] == [(1, ("a",)), (2, ("b",))]

    @given(case=case_documents(), criteria=st.sampled_from(sorted(mrecist.CRITERIA)))
    def test_as_the_document_says(self, case: dict[str, Any], criteria: str) -> None:
        """The document and the values are two spellings of one answer."""
        assessment = assess(mrecist.from_case(case), criteria=mrecist.CRITERIA[criteria])
        document = mrecist.to_assessment(assessment)
        for line, written in zip(assessment.lines, document["lines"], strict=True):
            for each, told in zip(line.timepoints, written["timepoints"], strict=True):
                assert list(each.rules) == told["rules"] == [one.rule for one in each.reasons]
                assert [(each.day, each.source, each.agrees)] == [
                    (told["day"], told["source"], told["agrees"])
                ]
                assert (each.response is Response.PD) == bool(each.causes)
            assert [each.response_word for each in line.timepoints] == [
                told["response"] for told in written["timepoints"]
            ]

    def test_frozen(self) -> None:
        assessment = assess(course(50, 45))
        for record in (assessment, assessment.lines[0], assessment.lines[0].timepoints[0]):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                record.problem_bits = 0  # type: ignore[misc, union-attr]


class TestProblems:
    """What is odd but possible is noted where it is; a verdict is given all the same."""

    def odd(self, baseline: Finding, later: Finding, **line: Any) -> Assessment:
        patient = Patient(
            "P",
            [Lesion("S8", "liver", "nodule")],
            [Timepoint(0, [baseline]), Timepoint(90, [later])],
            [TherapyLine(["x"], 0, **line)],
        )
        return assess(patient)

    def words(self, assessment: Assessment) -> list[list[str]]:
        line = assessment.lines[0]
        return [each.problems.words for each in (assessment, line, line.timepoints[0])]

    def test_none(self) -> None:
        sound = Finding("S8", viable_mm=20, longest_mm=20)
        assert self.words(self.odd(sound, sound)) == [[], [], []]

    def test_viable_exceeds_whole(self) -> None:
        sound = Finding("S8", viable_mm=20, longest_mm=20)
        odd = Finding("S8", viable_mm="20.001", longest_mm=20)
        word = ["VIABLE_EXCEEDS_WHOLE"]
        assert self.words(self.odd(odd, sound)) == [[], word, []]
        assert self.words(self.odd(sound, odd)) == [[], [], word]
        for told in (self.odd(odd, odd), self.odd(sound, odd)):
            assert str(told).count("VIABLE_EXCEEDS_WHOLE") == 1

    def test_of_the_chart_alone(self) -> None:
        """A viable size outside the liver is odd of the chart, whatever its lines."""
        lesions = [Lesion("S8", "liver", "nodule"), Lesion("LUNG", "lung", "nodule")]
        for id, odd in (("S8", Problem(0)), ("LUNG", Problem.VIABLE_OUTSIDE_LIVER)):
            timepoints = [Timepoint(0, [Finding(id, viable_mm=20, longest_mm=20)])]
            told = assess(Patient("P", lesions, timepoints, []))
            assert told.problems is odd
            assert str(told).endswith("".join(f"\n! {each}" for each in odd.sentences))
        whole = [Timepoint(0, [Finding("LUNG", longest_mm=20)])]
        assert assess(Patient("P", lesions, whole, [])).problems is Problem(0)
        vein = Lesion("S8", "portal vein", "thrombus")
        assert assess(
            Patient("P", [vein], [Timepoint(0, [Finding("S8", viable_mm=9)])], [])
        ).problems is Problem(0)

    def test_no_size(self) -> None:
        sound = Finding("S8", viable_mm=20)
        whole = Finding("S8", longest_mm=20)
        assert self.words(self.odd(sound, whole)) == [[], [], ["NO_SIZE"]]
        named = self.odd(whole, sound, targets=["S8"])
        assert self.words(named)[1] == ["BASELINE_INCOMPLETE", "NO_SIZE", "UNFIT_TARGET"]

    def test_are_flags(self) -> None:
        odd = Finding("S8", viable_mm=30, longest_mm=20)
        assert self.odd(odd, odd).lines[0].problems is Problem.VIABLE_EXCEEDS_WHOLE
        assert Problem.NO_SIZE not in self.odd(odd, odd).lines[0].problems


class TestText:
    """A repr fits on one line; `str` of an assessment is a table that a person reads."""

    def test_repr(self) -> None:
        assessment = assess(course(50, 45, 20, 60))
        assert repr(assessment) == "<Assessment P-001 by mrecist: lenvatinib PR>"
        assert repr(assessment.lines[0]) == "<LineAssessment 1 lenvatinib PR>"
        assert [repr(each) for each in assessment.lines[0].timepoints] == [
            "<TimepointAssessment 2024-02-01 SD>",
            "<TimepointAssessment 2024-03-01 PR>",
            "<TimepointAssessment 2024-04-01 PD>",
        ]

    def test_repr_of_several_lines(self) -> None:
        patient = Patient(
            "P", [], [], [TherapyLine(["atezolizumab", "bevacizumab"], 0), TherapyLine(["x"], 9)]
        )
        assert repr(assess(patient, criteria=RECIST_1_1)) == (
            "<Assessment P by recist-1.1: atezolizumab+bevacizumab ND, x ND>"
        )

    @pytest.mark.parametrize("criteria", [MRECIST_5MM, RECIST_1_1], ids=lambda each: each.name)
    def test_str(self, criteria: mrecist.Criteria) -> None:
        assessment = assess(course(50, 45, 20), criteria=criteria)
        told = str(assessment).splitlines()
        assert told[0] == f"P-001: {criteria.title}"
        rows = [line.split() for line in told if line.strip().startswith("2024-")]
        assert [(row[0], row[1], row[-1]) for row in rows] == [
            ("2024-02-01", "22", "SD"),
            ("2024-03-01", "51", "PR"),
        ]
        assert told[-1].strip() == "best response PR, confirmed SD"

    def test_str_of_nothing(self) -> None:
        told = str(assess(Patient("P", [], [], [])))
        assert told.startswith("P: HCC mRECIST")
        assert "no line of therapy" in told

    @given(case=case_documents(), criteria=st.sampled_from(sorted(mrecist.CRITERIA)))
    def test_str_of_anything(self, case: dict[str, Any], criteria: str) -> None:
        """Every follow-up has its row, and every problem of a line its sentence."""
        assessment = assess(mrecist.from_case(case), criteria=mrecist.CRITERIA[criteria])
        told = str(assessment)
        for line in assessment.lines:
            assert f"Line {line.number}: " in told
            for each in line.timepoints:
                assert any(row.split()[:1] == [str(each.date)] for row in told.splitlines())
            for sentence in line.problems.sentences:
                assert sentence in told


class TestCopies:
    """An assessment is a value: copied or pickled it is equal and says the same."""

    @pytest.mark.parametrize("criteria", sorted(mrecist.CRITERIA))
    @pytest.mark.parametrize("name", ["synthetic", "ikeda-2021"])
    def test_examples(self, name: str, criteria: str) -> None:
        patient = mrecist.example_case(name)
        assessment = assess(patient, criteria=criteria)
        for same in (pickle.loads(pickle.dumps(assessment)), copy.deepcopy(assessment)):
            assert same == assessment
            assert hash(same) == hash(assessment)
            assert same.patient == patient
            assert (str(same), repr(same)) == (str(assessment), repr(assessment))
            assert mrecist.explain(same) == mrecist.explain(assessment)
            assert mrecist.to_assessment(same) == mrecist.to_assessment(assessment)
        assert pickle.loads(pickle.dumps(patient)) == copy.deepcopy(patient) == patient

    @settings(max_examples=settings().max_examples // 4)
    @given(case=case_documents(), criteria=st.sampled_from(sorted(mrecist.CRITERIA)))
    def test_any(self, case: dict[str, Any], criteria: str) -> None:
        assessment = assess(mrecist.from_case(case), criteria=criteria)
        same = pickle.loads(pickle.dumps(assessment))
        assert same == assessment
        assert mrecist.to_assessment(same) == mrecist.to_assessment(assessment)

    def test_equal_by_patient_and_criteria(self) -> None:
        """They determine all the rest, so nothing else is looked at."""
        assessment = assess(course(50, 45))
        assert assess(course(50, 45)) == assessment
        assert assess(course(50, 45), criteria=MRECIST_5MM) != assessment
        assert assess(course(50, 46)) != assessment
        assert attrs.evolve(assessment, lines=()) == assessment
        assert len({assessment, assess(course(50, 45)), assess(course(50, 46))}) == 2

    def test_lines_and_time_points_are_themselves(self) -> None:
        """Two lines, or two time points, are the same only where they are one object."""
        one, other = (assess(course(50, 45)).lines[0] for _ in range(2))
        assert one == one
        assert one != other
        assert one.timepoints[0] != other.timepoints[0]
        assert len({one, other, one.timepoints[0], other.timepoints[0]}) == 4


class TestExampleCase:
    """Two cases come with the package."""

    def test_names(self) -> None:
        assert mrecist.example_case() == mrecist.example_case("synthetic")
        assert mrecist.example_case().id.startswith("Synthetic patient 1")
        assert mrecist.example_case("ikeda-2021").id.startswith("Ikeda 2021")

    @pytest.mark.parametrize("name", ["ikeda", "", "Synthetic", "../data/synthetic", None, ["a"]])
    def test_no_such(self, name: Any) -> None:
        with pytest.raises(ValueError, match="example must be") as refused:
            mrecist.example_case(name)
        assert str(refused.value) == (f'example must be "synthetic" or "ikeda-2021", got {name!r}')
