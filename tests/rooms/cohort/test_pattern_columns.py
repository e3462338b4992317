"""Patterns of progression of a cohort: their table, stages that are given, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.cohort_tables import rows_of
from support.pattern_charts import EVERY, NEW, chart

import mrecist
from mrecist import MRECIST, Patient, progression_pattern
from mrecist._base.arrays import BLANK
from mrecist._base.words import BclcProgression
from mrecist.cohort.engine import assess_read
from mrecist.cohort.one_patient import read_of
from mrecist.cohort.patterns import SIGNS, PatternColumns, pattern_columns, pattern_table
from mrecist.cohort.tables_out import as_arrays
from mrecist.rulebook.patterns import PATTERN
from mrecist.tables import intake

KINDS = {lesion.id: lesion for lesion in EVERY}


def tables_of(patients: dict[str, Patient]) -> dict[str, list[Any]]:
    """The findings table of charts made by `chart`."""
    rows = []
    for name, patient in patients.items():
        for timepoint in patient.timepoints:
            for finding in timepoint.findings:
                lesion = KINDS[finding.lesion]
                row = {
                    "patient": name, "date": timepoint.date, "lesion": finding.lesion,
                    "organ": lesion.organ, "kind": str(lesion.kind), "hilar": lesion.hilar,
                    "status": str(finding.status), "pattern": str(finding.pattern),
                    "cytology": str(finding.cytology), "reported": timepoint.reported,
                }  # fmt: skip
                for size in ("viable", "longest", "short_axis", "viable_perp", "longest_perp"):
                    um = getattr(finding, f"{size}_um")
                    row[f"{size}_mm"] = None if um is None else um.mm
                rows.append(row)
    return {name: [row[name] for row in rows] for name in rows[0]}


PATIENTS = {
    "grows": chart({"S8": 30}, {"S8": 40}),
    "stable": chart({"S8": 30}, {"S8": 31}),
    "spreads": chart({"S8": 30}, {"S8": 40, "PV": "present", "S2": NEW}),
    "lung": chart({"LUNG": 20, "S8": 20}, {"LUNG": 40, "S8": 20}),
    "said": chart({"INF": "present"}, {"INF": "present"}, reported="PD"),
}


def judged(patients: dict[str, Patient], **options: Any) -> tuple[PatternColumns, Any]:
    """The columns, and the table as rows."""
    data = intake.read(tables_of(patients), None)
    panel = assess_read(data, MRECIST)
    found = pattern_columns(data, MRECIST, panel, **options)
    return found, rows_of(as_arrays(pattern_table(data, MRECIST, panel, **options)))


class TestTable:
    """One row a line of therapy, in words; nothing where there is no progression."""

    def test_rows(self) -> None:
        _, rows = judged(PATIENTS)
        assert [tuple(row.values()) for row in rows] == [
            ("grows", 1, 56, "IHG", "IHG", "none", "unknown"),
            ("stable", 1, None, None, None, None, None),
            ("spreads", 1, 56, "IHG;NIH;NEH", "NEH", "new", "BCLCp-C2"),
            ("lung", 1, 56, "EHG", "EHG", "none", "BCLCp-C1"),
            ("said", 1, 56, "", "unknown", "none", "unknown"),
        ]
        assert list(rows[0]) == [
            "patient",
            "line",
            "progression_date",
            "codes",
            "dominant",
            "tumour_in_vein",
            "bclc",
        ]

    def test_columns(self) -> None:
        """Codes and bits, `BLANK` and none where there is no progression."""
        found, _ = judged(PATIENTS)
        assert found.progressed.tolist() == [True, False, True, True, True]
        assert found.codes.tolist() == [0b0001, 0, 0b1011, 0b0100, 0]
        assert found.dominant.tolist() == [1, BLANK, 4, 3, 0]
        assert found.invasion.tolist() == [0, BLANK, 2, 0, 0]
        for name in ("codes", "dominant", "invasion", "bclc"):
            assert getattr(found, name).dtype == np.uint8

    def test_single(self) -> None:
        """What `progression_pattern` says of each chart."""
        _, rows = judged(PATIENTS)
        for row, patient in zip(rows, PATIENTS.values(), strict=True):
            found = progression_pattern(mrecist.assess(patient).lines[0])
            told = None if found is None else (";".join(found.codes), str(found.bclc))
            assert told == (None if row["codes"] is None else (row["codes"], row["bclc"]))

    def test_unseen(self) -> None:
        """Targets of a compartment that no follow-up records are no growth."""
        _, rows = judged({"P": chart({"S8": 30, "LUNG": 20}, {"S8": 30, "AX": 20})})
        assert rows[0]["codes"] == "NEH"

    def test_no_progression(self) -> None:
        """A cohort without any progression is not read again."""
        found, rows = judged({"stable": PATIENTS["stable"]})
        assert not found.progressed.any()
        assert rows[0]["codes"] is None

    def test_no_rows(self) -> None:
        nothing: dict[str, list[Any]] = {"patient": [], "date": [], "lesion": []}
        data = intake.read(nothing, None)
        found = pattern_columns(data, MRECIST, assess_read(data, MRECIST))
        assert len(found.codes) == 0

    def test_patients_with_mistakes(self) -> None:
        """A patient who is not judged has no row, and the others are as without."""
        table = tables_of(PATIENTS)
        table["viable_mm"][0] = -1
        data = intake.read(table, None)
        panel = assess_read(data, MRECIST)
        rows = rows_of(as_arrays(pattern_table(data, MRECIST, panel)))
        assert rows == judged(PATIENTS)[1][1:]

    def test_published_case(self) -> None:
        """SEED-D in columns, from the chart itself."""
        data = read_of(mrecist.example_case("ikeda-2021"))
        panel = assess_read(data, MRECIST)
        rows = rows_of(as_arrays(pattern_table(data, MRECIST, panel)))
        assert [row["codes"] for row in rows] == ["EHG;NEH", "EHG", "EHG;NEH", None, None]
        assert [row["bclc"] for row in rows] == ["BCLCp-C2", "BCLCp-C1", "BCLCp-C2", None, None]


def sized(long: float, across: float | None) -> dict[str, Any]:
    """The diameters of a lesion, all of it viable."""
    return {
        "viable_mm": long,
        "viable_perp_mm": across,
        "longest_mm": long,
        "longest_perp_mm": across,
    }


AREAS = {
    "one grew": chart(
        {"S8": sized(40, 40), "S5": sized(10, 20), "LUNG": sized(20, 20)},
        {"S8": sized(20, 30), "S5": sized(10, 25), "LUNG": sized(20, 10)},
    ),
    "enhances again": chart(
        {"S8": sized(40, 40), "S5": sized(10, 20), "LUNG": sized(20, 20)},
        {"S8": sized(40, 40), "S5": sized(0, None), "LUNG": sized(20, 20)},
        {"S8": sized(30, 30), "S5": sized(4, 3), "LUNG": "progressed"},
    ),
    "in part": chart(
        {"S8": sized(40, 40), "S5": sized(10, 20)}, {"S8": sized(50, 40), "S5": sized(5, None)}
    ),
    "back": chart(
        {"S8": sized(40, 40), "INF": "present"},
        {"S8": sized(0, None), "INF": "absent"},
        {"S8": sized(40, None), "INF": "present"},
    ),
}


@pytest.mark.parametrize(
    ("criteria", "codes"),
    [
        (mrecist.EASL, [None, "IHG;EHG", None, "IHG"]),
        (mrecist.WHO, ["IHG", "IHG", "IHG", "IHG"]),
    ],
)
def test_areas(criteria: mrecist.Criteria, codes: list[str | None]) -> None:
    """Lesions that grew alone, or enhance again, tell where; one without an area does not."""
    data = intake.read(tables_of(AREAS), None)
    panel = assess_read(data, criteria)
    found = pattern_columns(data, criteria, panel)
    rows = rows_of(as_arrays(pattern_table(data, criteria, panel)))
    assert [row["codes"] for row in rows] == codes
    for place, patient in enumerate(AREAS.values()):
        pattern = progression_pattern(mrecist.assess(patient, criteria=criteria).lines[0])
        rules = {
            PATTERN.decide(*shown).id
            for bit, shown in enumerate(SIGNS)
            if int(found.signs[place]) >> bit & 1
        }
        steps = () if pattern is None else pattern.reasons
        assert rules == {each.rule for each in steps if each.step == "pattern"}


class TestStage:
    """A stage before for all lines, or one for each; C where the baseline shows it."""

    @pytest.mark.parametrize("stages", [["B", "B", None, "C", "B"], ("B", "B", None, None, "C")])
    def test_each(self, stages: Any) -> None:
        for given in (stages, np.array(stages, object)):
            found, _ = judged(PATIENTS, stage_before=given)
            words = [
                None if code == BLANK else str(tuple(BclcProgression)[code]) for code in found.bclc
            ]
            assert words == ["BCLCp-B", None, "BCLCp-C2", "BCLCp-C1", "unknown"]

    def test_all(self) -> None:
        found, _ = judged(PATIENTS, stage_before="C")
        assert found.bclc.tolist() == [2, BLANK, 3, 2, 0]

    def test_contradicted(self) -> None:
        """A B where the baseline shows the lung is refused, by patient and line."""
        with pytest.raises(ValueError, match=r"1 such lines, the first of them line 1 of .* lung$"):
            judged(PATIENTS, stage_before="B")

    def test_number(self) -> None:
        with pytest.raises(ValueError, match="one stage for each of 5 lines, got 2"):
            judged(PATIENTS, stage_before=["B", "C"])

    def test_word(self) -> None:
        with pytest.raises(ValueError, match='must be "B" or "C"'):
            judged(PATIENTS, stage_before=["B", "C", "D", None, None])
