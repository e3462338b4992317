"""LI-RADS treatment response over arrays: the same as for each patient, and its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lesion_charts import charts

import mrecist
from mrecist import assess, assess_cohort, from_case
from mrecist.io.of_charts import tables_of
from mrecist.rulebook.lesion_criteria import LR_TR

Document = dict[str, Any]
FEW = settings().max_examples // 2


def rows_of(table: dict[str, Any]) -> list[dict[str, Any]]:
    columns = [column.tolist() for column in table.values()]
    return [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]


def sayable(case: Document) -> Document:
    """The chart without what tables cannot say: that of lesions which no row records."""
    recorded = {each["lesion"] for scan in case["timepoints"] for each in scan["findings"]}
    recorded -= {"B1"} - ({"B1"} if "B" in recorded else set())
    scans = [
        scan | {"findings": [each for each in scan["findings"] if each["lesion"] in recorded]}
        for scan in case["timepoints"]
    ]
    done = [
        each | {"lesions": [name for name in each["lesions"] if name in recorded]}
        for each in case["procedures"]
    ]
    return case | {"timepoints": scans, "procedures": done}


def tables(cases: list[Document]) -> dict[str, Any]:
    """The tables of several patients, told apart by their places."""
    named = [sayable(case) | {"patient": f"P{i}"} for i, case in enumerate(cases)]
    findings, lines, procedures, _ = tables_of(named)
    return {"findings": findings, "lines": lines, "procedures": procedures}


def treated(*scans: Document) -> Document:
    """One nodule that was irradiated on day 10, and scans 60 days apart, on MRI."""
    return {
        "format": "mrecist-case/1",
        "patient": "P",
        "lesions": [{"id": "S8", "organ": "liver", "kind": "nodule"}],
        "procedures": [{"date": 10, "kind": "SBRT", "lesions": ["S8"]}],
        "timepoints": [
            {"date": 60 * at, "modality": "MRI", "findings": [{"lesion": "S8", **scan}]}
            for at, scan in enumerate(scans)
        ],
        "lines": [{"agents": ["SBRT"], "start": 10}],
    }


FIRST = {"viable_mm": 23}
SMALL, LARGER = (
    {"masslike": "present", "viable_mm": 10},
    {"masslike": "present", "viable_mm": 15},
)
BRIGHT, DARK = LARGER | {"t2_mild_moderate": "yes"}, SMALL | {"t2_mild_moderate": "no"}
COMPARED = {
    "past a scan without size or word": [FIRST, SMALL, {"status": "present"}, LARGER],
    "with a size alone": [FIRST, SMALL, {"viable_mm": 20}, LARGER],
    "with nothing viable, without a word": [FIRST, SMALL, {"viable_mm": 0}, LARGER],
    "a sign of which nothing was said before": [BRIGHT, DARK],
    "a sign that is new": [FIRST, DARK, BRIGHT],
    "a sign that stays": [FIRST, BRIGHT, BRIGHT],
    "a sign at the only look": [{"status": "not evaluable"}, BRIGHT | {"change": "decreased"}],
    "no sign, last": [FIRST, SMALL, DARK],
}


class TestCompared:
    """What a scan is compared with, many patients beside each other."""

    @pytest.mark.parametrize("criteria", LR_TR)
    @pytest.mark.parametrize("turned", [False, True])
    def test_like_one(self, criteria: str, turned: bool) -> None:
        """Rows of a patient never meet those of another, whichever comes last."""
        cases = [treated(*scans) for scans in COMPARED.values()]
        cases = cases[::-1] if turned else cases
        found = rows_of(assess_cohort(**tables(cases), criteria=criteria).lesions)
        alone = [
            str(each.category)
            for case in cases
            for line in assess(from_case(case), criteria=criteria).lines
            for timepoint in line.timepoints
            for each in timepoint.lesions
        ]
        assert [str(row["category"]) for row in found] == alone
        assert len({*alone}) > 1


class TestAgreement:
    """One patient and many are two ways to one answer."""

    @pytest.mark.parametrize("criteria", LR_TR)
    @settings(max_examples=FEW)
    @given(cases=st.lists(charts(), min_size=1, max_size=4))
    def test_each(self, criteria: str, cases: list[Document]) -> None:
        responses = assess_cohort(**tables(cases), criteria=criteria)
        wanted = []
        for place, case in enumerate(cases):
            for line in assess(from_case(sayable(case)), criteria=criteria).lines:
                for timepoint in line.timepoints:
                    wanted += [
                        {
                            "patient": f"P{place}",
                            "line": line.number,
                            "date": timepoint.date,
                            "lesion": each.lesion,
                            "category": None if each.category is None else str(each.category),
                            "treatment": each.treatment,
                            "treated_on": each.treated_on,
                            "size_mm": each.size_mm,
                            "flags": ";".join(each.flags),
                            "problems": ";".join(each.problems.words),
                        }
                        for each in sorted(timepoint.lesions, key=lambda each: each.lesion)
                    ]
        found = rows_of(responses.lesions)
        for row in found:
            row["size_mm"] = None if np.isnan(row["size_mm"]) else row["size_mm"]
        assert found == wanted
        looked = [
            (row["patient"], row["line"], row["date"], row["response"])
            for row in rows_of(responses.timepoints)
        ]
        assert looked == [
            (f"P{place}", line.number, timepoint.date, None)
            for place, case in enumerate(cases)
            for line in assess(from_case(sayable(case)), criteria=criteria).lines
            for timepoint in line.timepoints
        ]

    @settings(max_examples=FEW)
    @given(cases=st.lists(charts(), min_size=1, max_size=3))
    def test_beside(self, cases: list[Document]) -> None:
        """`Responses.lesions` has a row where a lesion has a category by some version."""
        responses = assess_cohort(**tables(cases))
        wanted = [
            (
                f"P{place}",
                line.number,
                timepoint.date,
                note.lesion,
                note.lr_tr_2018,
                note.lr_tr_2024,
            )
            for place, case in enumerate(cases)
            for line in assess(from_case(sayable(case))).lines
            for timepoint in line.timepoints
            for note in sorted(timepoint.lesions, key=lambda each: each.lesion)
            if note.lr_tr_2018 is not None or note.lr_tr_2024 is not None
        ]
        found = [tuple(row.values())[:6] for row in rows_of(responses.lesions)]
        assert found == wanted

    @settings(max_examples=FEW)
    @given(cases=st.lists(charts(), min_size=2, max_size=3), seed=st.integers(0, 9))
    def test_order(self, cases: list[Document], seed: int) -> None:
        """Rows may come in any order."""
        each = tables(cases)
        order = np.random.default_rng(seed).permutation(len(each["findings"]["patient"]))
        shuffled = {name: column[order] for name, column in each["findings"].items()}
        one = assess_cohort(**each, criteria="lr-tr-2024").lesions
        other = assess_cohort(**each | {"findings": shuffled}, criteria="lr-tr-2024").lesions

        def sorted_rows(table: dict[str, Any]) -> list[str]:
            return sorted(map(repr, rows_of(table)))

        assert sorted_rows(one) == sorted_rows(other)


FINDINGS = {
    "patient": ["A", "A", "A", "B", "B"], "date": [-7, 90, 180, -7, 60],
    "lesion": ["T"] * 5, "viable_mm": [23, 23, 24, 30, 30],
    "masslike": ["", "present", "Present", "", "uncertain"],
    "modality": ["", "MRI", "mri", "", ""],
}  # fmt: skip
LINES = {"patient": ["A", "B"], "start": [0, 0], "agents": ["SBRT", "lenvatinib+TACE"]}
PROCEDURES = {"patient": ["A", "B"], "date": [0, 0], "kind": ["SBRT", "TACE"],
              "lesions": ["T", "T"]}  # fmt: skip


class TestTable:
    """The columns, and what there is around them."""

    def test_columns(self) -> None:
        table = assess_cohort(FINDINGS, LINES, procedures=PROCEDURES).lesions
        assert {name: column.tolist() for name, column in table.items()} == {
            "patient": ["A", "A", "B"],
            "line": [1, 1, 1],
            "date": [90, 180, 60],
            "lesion": ["T", "T", "T"],
            "lr_tr_2018": ["Viable", "Viable", "Equivocal"],
            "lr_tr_2024": ["Nonprogressing", "Viable", "Equivocal"],
            "treatment": ["SBRT", "SBRT", "TACE"],
            "treated_on": [0, 0, 0],
            "size_mm": [23.0, 24.0, 30.0],
            "flags": ["", "", ""],
            "problems": ["", "ONE_SCAN_AFTER_RADIATION", "LR_TR_WITH_SYSTEMIC"],
        }

    def test_responses(self) -> None:
        found = assess_cohort(FINDINGS, LINES, procedures=PROCEDURES, criteria="lr-tr-2024")
        assert repr(found) == "<LesionResponses by lr-tr-2024: 2 patients>"
        assert found.lesions["category"].tolist() == ["Nonprogressing", "Viable", "Equivocal"]
        assert found.lines["baseline"].tolist() == [-7, -7]
        assert list(found.lines) == ["patient", "line", "agents", "start", "baseline"]
        assert found.patients.tolist() == ["A", "B"]
        assert len(found.errors["error"]) == 0
        assert "Nonprogressing" in found.why("A", 1, 90)
        assert found.why("A").count("Viable") == 1
        assert found.patient("B").id == "B"

    def test_without_procedures(self) -> None:
        """Without a treatment nothing is graded, and the columns are there all the same."""
        table = assess_cohort(FINDINGS, LINES).lesions
        assert {len(column) for column in table.values()} == {0}
        bare = {name: FINDINGS[name] for name in ("patient", "date", "lesion", "viable_mm")}
        found = assess_cohort(bare, LINES, procedures=PROCEDURES, criteria="lr-tr-2018")
        assert found.lesions["category"].tolist() == [None] * 3
        assert found.lesions["problems"][0] == "NO_MASSLIKE"

    def test_merged_only(self) -> None:
        """A treated lesion that is recorded only as merged into another is not graded."""
        table = {"patient": ["A"] * 3, "date": [0, 60, 60], "lesion": ["U", "U", "T"],
                 "viable_mm": [9, 9, None], "into": ["", "", "U"]}  # fmt: skip
        done = {"patient": ["A"], "date": [1], "kind": ["RFA"], "lesions": ["T"]}
        found = assess_cohort(table, procedures=done, criteria="lr-tr-2024")
        assert len(found.lesions["lesion"]) == 0

    def test_refused(self) -> None:
        """A patient with a mistake is not graded; a word that is none is a mistake."""
        odd = FINDINGS | {"masslike": ["", "perhaps", "present", "", "uncertain"]}
        found = assess_cohort(odd, LINES, procedures=PROCEDURES, errors="collect")
        assert found.lesions["patient"].tolist() == ["B"]
        assert found.errors["error"].tolist() == [
            'must be one of "present", "absent", "uncertain", "not evaluable", got \'perhaps\''
        ]

    def test_modality_must_agree(self) -> None:
        odd = {name: [*column, column[-1]] for name, column in FINDINGS.items()}
        odd["lesion"][-1], odd["modality"][-2:] = "U", ["CT", "MRI"]
        with pytest.raises(mrecist.CohortError, match="must agree in all rows of a date"):
            assess_cohort(odd, LINES, procedures=PROCEDURES)

    def test_frames(self) -> None:
        pandas = pytest.importorskip("pandas")
        pytest.importorskip("narwhals")
        found = assess_cohort(
            pandas.DataFrame(FINDINGS),
            pandas.DataFrame(LINES),
            procedures=pandas.DataFrame(PROCEDURES),
        )
        assert found.lesions["lr_tr_2024"].tolist() == ["Nonprogressing", "Viable", "Equivocal"]

    def test_files(self, tmp_path: Path) -> None:
        """`mrecist cohort --procedures` writes the table too."""
        pytest.importorskip("pyarrow")
        pytest.importorskip("narwhals")
        from mrecist.cli.parser import main

        for name, table in (("f", FINDINGS), ("l", LINES), ("p", PROCEDURES)):
            text = "\n".join(",".join(map(str, row)) for row in zip(*table.values(), strict=True))
            (tmp_path / f"{name}.csv").write_text(f"{','.join(table)}\n{text}\n", "utf-8")
        paths = {name: str(tmp_path / f"{name}.csv") for name in "flp"}
        assert (
            main(
                [
                    "cohort",
                    paths["f"],
                    "--lines",
                    paths["l"],
                    "--procedures",
                    paths["p"],
                    "--out",
                    str(tmp_path / "out"),
                ]
            )
            == 0
        )
        head, *rows = (tmp_path / "out" / "lesions.csv").read_text("utf-8").splitlines()
        assert head.replace('"', "").split(",")[:6] == [
            "patient",
            "line",
            "date",
            "lesion",
            "lr_tr_2018",
            "lr_tr_2024",
        ]
        assert len(rows) == 3
