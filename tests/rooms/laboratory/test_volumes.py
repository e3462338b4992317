"""Viable volumes: every door keeps them, they are summed and compared, and judge nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import (
    CaseError,
    Finding,
    Lesion,
    Patient,
    Procedure,
    TherapyLine,
    Timepoint,
    assess,
    assess_cohort,
    viable_volumes,
)
from mrecist._base.volumes import Microlitres, microlitres
from mrecist.rulebook.criteria import CRITERIA, MRECIST
from mrecist.rulebook.volumes import fall_of_sphere, rise_of_sphere
from mrecist.testing.strategies import case_documents

LINES = [TherapyLine(["TACE"], 1)]


def chart(*scans: tuple[int, dict[str, Any]], **more: Any) -> Patient:
    """A patient whose lesions have a viable diameter of 20 mm and the volumes given, by day."""
    ids = sorted({lesion for _, said in scans for lesion in said})
    lesions = [Lesion(each, "liver", "nodule") for each in ids]
    timepoints = [
        Timepoint(
            day,
            [
                each
                if isinstance(each, Finding)
                else Finding(lesion, viable_mm=20, volume_viable_ml=each)
                for lesion, each in said.items()
            ],
        )
        for day, said in scans
    ]
    return Patient("P", lesions, timepoints, LINES, **more)


def totals(patient: Patient) -> list[float | None]:
    (line,) = viable_volumes(assess(patient)).lines
    return [line.baseline_ml, *(each.total_ml for each in line.points)]


class TestTotals:
    """A total is that of all targets, each by its own record (RD-VIABLE-VOLUME)."""

    def test_summed(self) -> None:
        patient = chart(
            (0, {"A": 30, "B": "2.5"}), (60, {"A": 10, "B": 3}), (120, {"A": 4, "B": 0})
        )
        (line,) = viable_volumes(assess(patient)).lines
        assert totals(patient) == [32.5, 13.0, 4.0]
        first, last = line.points
        assert (first.change, first.from_nadir) == (Fraction(-39, 65), Fraction(-39, 65))
        assert (last.change, last.from_nadir) == (
            Fraction(4 - Decimal("32.5")) / Fraction("32.5"),
            Fraction(-9, 13),
        )
        assert (first.date, first.day, last.nadir_ul) == (60, 59, 13000)
        assert (line.number, repr(line)) == (1, "<LineVolumes 1: 2 time points>")

    def test_not_all(self) -> None:
        """One target without a volume, and there is no total; nothing is made of its diameter."""
        patient = chart((0, {"A": 30, "B": None}), (60, {"A": 10, "B": 3}), (120, {"A": 4}))
        (line,) = viable_volumes(assess(patient)).lines
        assert totals(patient) == [None, 13.0, None]
        assert [each.change for each in line.points] == [None, None]
        assert [each.nadir_ul for each in line.points] == [None, 13000]

    def test_absent(self) -> None:
        """What is absent has none, if an arterial phase was there to see it."""
        gone = Finding("A", status="absent")
        seen = chart((0, {"A": 30}), (60, {"A": gone}))
        assert totals(seen) == [30.0, 0.0]
        blind = attrs.evolve(seen.timepoints[1], arterial_phase=False)
        assert totals(attrs.evolve(seen, timepoints=[seen.timepoints[0], blind])) == [30.0, None]

    def test_parts(self) -> None:
        """A target in parts, and one that merged, has no volume of its own."""
        patient = chart((0, {"A": 30, "B": 20}), (60, {"A": 30, "B": Finding("B", into="A")}))
        assert totals(patient) == [50.0, None]
        part = Lesion("C", "liver", "nodule", part_of="A")
        parted = chart((0, {"A": 30}), (60, {"A": 20}))
        assert totals(attrs.evolve(parted, lesions=[*parted.lesions, part])) == [None, None]

    def test_treated(self) -> None:
        """Volumes of a target that was treated on study are told as recorded."""
        ablated = [Procedure(30, "RFA", lesions=["A"])]
        assert totals(chart((0, {"A": 30}), (60, {"A": 5}), procedures=ablated)) == [30.0, 5.0]

    def test_no_target(self) -> None:
        said = {"A": Finding("A", status="absent")}
        assert totals(chart((0, said), (60, said))) == [None, None]

    def test_from_nothing(self) -> None:
        """A change from nothing is no share."""
        (line,) = viable_volumes(assess(chart((0, {"A": 0}), (60, {"A": 5})))).lines
        assert (line.points[0].change, line.points[0].from_nadir) == (None, None)

    def test_text(self) -> None:
        found = viable_volumes(
            assess(chart((0, {"A": 32}), (60, {"A": "12.25"}), (90, {"A": None})))
        )
        assert repr(found) == "<ViableVolumes P: 1 lines>"
        assert str(found).splitlines() == [
            "P: viable volumes, for research; no verdict reads them [RD-VIABLE-VOLUME]",
            "of a sphere -30 % in diameter is -65.7 % in volume, +20 % is +72.8 %",
            "",
            "line 1: TACE from day 1; baseline 32 ml, of which -65.7 % is 10.976 ml",
            "  date    volume, ml  change    from nadir",
            "  day 60  12.25       -61.71 %  -61.71 %",
            "  day 90  -           -         -",
        ]
        assert "research" in found._repr_html_()
        assert "no total at the baseline" in str(viable_volumes(assess(chart((0, {"A": None})))))

    def test_refused(self) -> None:
        with pytest.raises(TypeError, match=r"viable_volumes\(\) takes what assess\(\) gives"):
            viable_volumes(chart((0, {"A": 1})))  # type: ignore[arg-type]


class TestSphere:
    """The thresholds are those of a sphere whose diameter changes as the criteria ask."""

    def test_page(self) -> None:
        assert (fall_of_sphere(MRECIST), rise_of_sphere(MRECIST)) == (
            Fraction("0.657"),
            Fraction("0.728"),
        )

    @given(st.sampled_from(sorted(CRITERIA)), st.integers(1, 10**6))
    def test_cubes(self, name: str, diameter: int) -> None:
        criteria = CRITERIA[name]
        smaller = Fraction(diameter) - diameter * criteria.response_share
        larger = Fraction(diameter) + diameter * criteria.progression_share
        whole = diameter * diameter * diameter
        assert whole - smaller * smaller * smaller == fall_of_sphere(criteria) * whole
        assert larger * larger * larger - whole == rise_of_sphere(criteria) * whole


class TestNumber:
    """Millilitres at the door, whole microlitres inside, rounded once, half to even."""

    @given(st.integers(0, 10**7))
    def test_ways(self, ul: int) -> None:
        told = Decimal(ul).scaleb(-3)
        for value in (
            told,
            str(told),
            f" {told} ",
            Fraction(ul, 1000),
            float(told),
            np.float64(told),
            Microlitres(ul),
        ):
            found = microlitres(value)
            assert (found, type(found), found.ml) == (ul, Microlitres, ul / 1000)

    def test_rounded(self) -> None:
        ways = ("0.0005", "0.0015", "0.00250001", Decimal("1E-999999"), np.int64(7), 3)
        assert [int(microlitres(each)) for each in ways] == [0, 2, 3, 0, 7000, 3000]
        assert repr(microlitres("1.5")) == "Microlitres(1500)"

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            (-1, "at least 0"), (10001, "at most 10000 ml"), (Decimal("1E+999999"), "at most"),
            (float("inf"), "at most"), (float("-inf"), "at least 0"), (float("nan"), "be a number"),
            (True, "ml as a number"), ("1,5", "ml as a number"), ([], "ml as a number"),
            (np.True_, "ml as a number"), ("9" * 10_001, "ml as a number"),
        ],
    )  # fmt: skip
    def test_refused(self, value: Any, told: str) -> None:
        with pytest.raises(CaseError, match=f"volume_viable_ml: must .*{told}"):
            Finding("A", viable_mm=3, volume_viable_ml=value)

    @pytest.mark.parametrize(
        "more", [{"status": "absent"}, {"status": "not evaluable"}, {"into": "B"}, {}]
    )
    def test_beside(self, more: dict[str, Any]) -> None:
        """A volume is no size that a finding could do with alone, and none of what is not there."""
        with pytest.raises(CaseError, match="must"):
            Finding("A", volume_viable_ml=3, **more)


class TestDoors:
    """Every door keeps the number."""

    PATIENT = chart((0, {"A": "33.125", "B": 2000}), (60, {"A": 0, "B": None}))

    def test_documents(self) -> None:
        document = mrecist.to_case(self.PATIENT)
        first = document["timepoints"][0]["findings"]
        assert [each["volume_viable_ml"] for each in first] == [33.125, 2000]
        assert mrecist.from_case(document) == self.PATIENT
        assert eval(repr(self.PATIENT), vars(mrecist)) == self.PATIENT

    @pytest.mark.parametrize("values", [["33.125", "2000", "0", ""], [33.125, 2000, 0, None]])
    def test_tables(self, values: list[Any]) -> None:
        table = {
            "patient": ["P"] * 4, "date": [0, 0, 60, 60], "lesion": ["A", "B"] * 2,
            "viable_mm": [20] * 4, "volume_viable_ml": values,
        }  # fmt: skip
        lines = {"patient": ["P"], "start": [1], "agents": ["TACE"]}
        assert assess_cohort(table, lines).patient("P") == self.PATIENT

    def test_wrong_cells(self) -> None:
        """Mistakes of tables name row and column, with the words of the document."""
        table = {
            "patient": ["P"] * 4, "date": [0, 0, 60, 90], "lesion": ["A", "B", "A", None],
            "viable_mm": [20, None, None, None], "status": [None, "absent", None, None],
            "volume_viable_ml": ["1,5", "3", "4", "5"],
        }  # fmt: skip
        found = assess_cohort(table, errors="collect").errors
        rows = zip(found["row"], found["column"], found["error"], strict=True)
        assert {(int(row), str(column)): str(error) for row, column, error in rows} == {
            (0, "volume_viable_ml"): "must be ml as a number or as text like \"41.5\", got '1,5'",
            (1, "volume_viable_ml"): 'must be 0 or left out where status is "absent", got 3',
            (2, "status"): "must have a status or a size",
            (3, "lesion"): "must be given where the row has a finding",
        }

    def test_worksheet(self, tmp_path: Any) -> None:
        sheet = tmp_path / "sheet.csv"
        sheet.write_text(
            "patient,lesion,organ,date,viable_mm,volume_viable_ml\n"
            "P,A,liver,2024-01-03,20,33.125\nP,A,liver,2024-03-03,10,\nP,A,liver,2024-04-03,9,x\n",
            "utf-8",
        )
        study = mrecist.io.read_worksheet(str(sheet), errors="collect")
        assert list(study.findings["volume_viable_ml"])[:2] == ["33.125", None]
        assert list(study.errors["error"]) == [
            "NOT_A_WORD: must be ml as a number or as text like \"41.5\", got 'x'"
        ]

    def test_sdtm(self, tmp_path: Any) -> None:
        study = mrecist.io.Study.of_cases(
            [
                attrs.evolve(
                    self.PATIENT,
                    lines=[TherapyLine(["TACE"], "2024-01-04")],
                    timepoints=[
                        attrs.evolve(each, date=date)
                        for each, date in zip(
                            self.PATIENT.timepoints, ["2024-01-03", "2024-03-03"], strict=True
                        )
                    ],
                )
            ]
        )
        made = study.to_sdtm()
        made.write(str(tmp_path), "csv")
        assert len(made.unsaid["patient"]) == 0
        (back,) = mrecist.io.read_sdtm(str(tmp_path)).charts()
        volumes = [
            [each.volume_viable_ul for each in timepoint.findings] for timepoint in back.timepoints
        ]
        assert volumes == [[33125, 2_000_000], [0, None]]


class TestNeverJudged:
    """The same chart without its volumes has the same answers, whatever the criteria."""

    @given(st.data())
    @settings(deadline=None)
    def test_without(self, data: st.DataObject) -> None:
        document = data.draw(case_documents())
        patient = mrecist.from_case(document)
        bare = attrs.evolve(
            patient,
            timepoints=[
                attrs.evolve(
                    each,
                    findings=[
                        attrs.evolve(finding, volume_viable_ml=None) for finding in each.findings
                    ],
                )
                for each in patient.timepoints
            ],
        )
        name = data.draw(st.sampled_from([*CRITERIA, "irecist", "recicl", "lr-tr-2024"]))
        one, other = (
            mrecist.to_assessment(assess(each, criteria=name)) for each in (patient, bare)
        )
        assert one == other
