"""A study of tables and of charts: judged, taken apart, written and read again."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from support.sdtm_rows import column, read, tr, tu

import mrecist
from mrecist.io import AskError, Study, read_fhir, to_fhir
from mrecist.testing import strategies

FINDINGS = {
    "patient": ["P1", "P1", "P2"], "date": ["2024-01-03", "2024-03-06", "2024-01-03"],
    "lesion": ["S8", "S8", "S4"], "viable_mm": [14.0, 9.8, None],
}  # fmt: skip


def sizes(**columns: Any) -> Study:
    """Two lesions at one date."""
    count = len(next(iter(columns.values())))
    ids = [f"L{at}" for at in range(count)]
    return Study.of_tables(
        {"patient": ["P1"] * count, "date": [1] * count, "lesion": ids} | columns
    )


class TestTables:
    """Studies of tables."""

    def test_of_tables(self) -> None:
        """Tables and markers as they are."""
        markers = {
            "patient": ["P1"],
            "date": ["2024-01-03"],
            "name": ["AFP"],
            "value": [40],
            "unit": ["ug/L"],
        }
        lines = {"patient": ["P1"], "start": ["2024-01-10"], "agents": ["sorafenib"]}
        study = Study.of_tables(FINDINGS, lines, markers=markers)
        assert repr(study) == "<Study from tables: 2 patients, 1 line, 3 time points>"
        responses = study.assess(errors="collect")
        assert responses.lines["best_response"].tolist() == ["PR"]
        assert len(responses.errors["patient"]) == 1
        (case,) = study.cases()
        assert case["markers"][0]["name"] == "AFP"

    def test_labels(self) -> None:
        """The term of a part of the liver is the label of the lesion, here, there and back."""
        study = read(tu=[tu("A", "Liver, right lobe"), tu("B", "LUNG"), tu("C")],
                     tr=[tr(each, "VDIAM", 20) for each in "ABC"])  # fmt: skip
        assert column(study.findings, "label") == ["Liver, right lobe", None, None]
        (case,) = study.cases()
        labels = {lesion["id"]: lesion.get("label") for lesion in case["lesions"]}
        assert labels == {"A": "Liver, right lobe", "B": None, "C": None}
        assert column(study.to_sdtm().tu, "TULOC") == ["LIVER, RIGHT LOBE", "LUNG", "LIVER"]
        assert [*Study.of_cases([case]).cases()] == [case]
        dome = case | {"lesions": [each | {"label": "dome"} for each in case["lesions"]]}
        again = Study.of_cases([dome])
        assert [*again.cases()] == [dome]
        assert column(again.to_sdtm().tu, "TULOC") == ["LIVER", "LUNG", "LIVER"]
        (chart,) = again.charts()
        bundle = read_fhir(to_fhir(mrecist.assess(chart)))
        assert set(bundle.findings["label"]) == {"dome"}

    def test_kept(self) -> None:
        """Columns of the lines, and of patients by `patient` or USUBJID, are carried on."""
        lines = {"patient": ["P1"], "start": ["2024-01-10"], "site": ["A"]}
        study = Study.of_tables(FINDINGS, lines)
        for name in ("patient", "USUBJID"):
            who = {name: ["P1", "P2"], "ARM": ["TACE", "sham"], "AGE": [61, 50]}
            found = study.assess(errors="collect", keep=["ARM", "site"], patients=who).lines
            assert (found["ARM"].tolist(), found["site"].tolist()) == (["TACE"], ["A"])
        assert "site" not in study.assess(errors="collect").lines
        with pytest.raises(ValueError, match="columns of the lines, got 'arm'; there are patient"):
            study.assess(errors="collect", keep=["arm"])
        with pytest.raises(ValueError, match="name them, like keep"):
            study.assess(errors="collect", patients=who)

    def test_kept_without_lines(self) -> None:
        """Where there are no lines, the patients' columns stand by themselves."""
        who = {"patient": ["P1"], "arm": ["TACE"]}
        found = Study.of_tables(FINDINGS).assess(errors="collect", keep="arm", patients=who)
        assert found.rates("arm", level=None)["arm"].tolist() == ["TACE"]

    def test_of_readers(self) -> None:
        """The readers of tables are those of their column."""
        study = Study.of_tables(FINDINGS | {"reader": ["X", "X", "Y"]})
        assert study.readers == ("X", "Y")
        with pytest.raises(AskError, match=r'say study.reading\("X"\)'):
            study.assess()

    def test_of_frames(self) -> None:
        """Frames become columns."""
        pl = pytest.importorskip("polars")
        pytest.importorskip("narwhals")
        pytest.importorskip("pandas")
        frame = pl.DataFrame(FINDINGS).head(2)
        dated = frame.with_columns(pl.col("date").str.to_datetime())
        for each in (frame, frame.lazy(), dated, dated.to_pandas()):
            study = Study.of_tables(each)
            assert repr(study) == "<Study from tables: 1 patient, 2 time points>"
            assert study.assess().lines["best_response"].tolist() == ["PR"]
        timed = frame.with_columns(pl.col("date").str.to_datetime() + pl.duration(hours=1))
        with pytest.raises(mrecist.CohortError, match="must be a date"):
            Study.of_tables(timed).assess()
        study = Study.of_tables(frame, pl.DataFrame({"patient": ["P1"], "start": ["2024-01-03"]}))
        assert study.assess().lines["best_response"].tolist() == ["PR"]

    @pytest.mark.parametrize(
        ("columns", "asked"),
        [
            ({"longest_mm": [20, 30]}, "2 liver nodules of 1 patient have plain diameters only"),
            ({"longest_mm": [20, None], "viable_mm": [None, None], "status": [None, "present"]},
             "1 liver nodule of 1 patient has a plain diameter only"),
            ({"longest_mm": [20, 30], "viable_mm": [None, 20]}, None),
            ({"longest_mm": [20, 30], "organ": ["lung", "bone"]}, None),
            ({"longest_mm": [20, 30], "organ": ["lung", None]}, "1 liver nodule"),
            ({"longest_mm": [20, 30], "kind": ["infiltrative", "thrombus"]}, None),
            ({"longest_mm": [20, 30], "enhancement": ["none", "none"]}, None),
            ({"status": ["present", "present"]}, None),
        ],
    )  # fmt: skip
    def test_guard(self, columns: Any, asked: str | None) -> None:
        """Whole diameters of liver nodules are not judged as viable ones in silence."""
        study = sizes(**columns)
        study.assess("recist-1.1")
        if asked is None:
            study.assess("mrecist")
        else:
            with pytest.raises(AskError) as raised:
                study.assess("mrecist")
            assert str(raised.value).startswith(asked)
            assert str(raised.value).endswith('say measures="viable"')

    def test_guard_other_rows(self) -> None:
        """What another row says of a lesion holds for all its rows."""
        study = Study.of_tables({
            "patient": [1, 1], "date": [1, 60], "lesion": ["A", "A"], "organ": ["lung", None],
            "longest_mm": [20, 30],
        })  # fmt: skip
        assert study.assess().lines["best_response"].tolist() == ["PD"]

    def test_write(self, tmp_path: Path) -> None:
        """Tables as text; read again they are judged alike."""
        study = read(
            tu=[tu("A")], tr=[tr("A", "VDIAM", 40, TRMETHOD="CT SCAN WITHOUT CONTRAST"),
                              tr("A", "VDIAM", "20.10", "2024-03-06")],
        )  # fmt: skip
        paths = study.write(tmp_path / "out")
        assert [Path(path).name for path in paths] == ["findings.csv", "lines.csv", "problems.csv"]
        text = (tmp_path / "out" / "findings.csv").read_text()
        assert "2024-01-03,A,liver,nodule,40,V 2024-01-03,false,tr:0" in text
        with (tmp_path / "out" / "problems.csv").open() as file:
            assert list(csv.reader(file)) == [["patient", "source", "row", "code", "detail"]]
        with pytest.raises(ValueError, match='kind must be "csv" or "parquet", got \'xls\''):
            study.write(tmp_path, "xls")
        pq = pytest.importorskip("pyarrow.parquet")
        study.write(tmp_path, "parquet")
        table = pq.read_table(tmp_path / "findings.parquet")
        assert table["viable_mm"].to_pylist() == ["40", "20.10"]

    def test_write_numbers(self, tmp_path: Path) -> None:
        """Missing numbers are empty cells."""
        findings = {name: np.array(cells) for name, cells in FINDINGS.items()}
        findings["viable_mm"] = np.array([14.0, 9.8, np.nan])
        Study.of_tables(findings).write(tmp_path)
        assert "P2,2024-01-03,S4,\n" in (tmp_path / "findings.csv").read_text()

    def test_reading_without_lines(self) -> None:
        """A study without lines, and one whose lines name no reader."""
        findings = FINDINGS | {"reader": ["X", "X", "Y"], "status": [None, None, "present"]}
        study = Study("tables", findings, readers=["X", "Y"])
        assert study.reading("X").assess().lines["best_response"].tolist() == ["PR"]
        lines = {"patient": ["P1"], "start": ["2024-01-03"]}
        assert Study("tables", findings, lines, readers=["X"]).reading("X").lines == lines


class TestCharts:
    """Studies of charts say what the charts say."""

    def test_one(self) -> None:
        """Documents and charts alike, with procedures and verdicts."""
        case = {
            "format": "mrecist-case/1", "patient": "P1",
            "lesions": [{"id": "S8", "organ": "liver", "kind": "nodule"}],
            "timepoints": [
                {"date": 0, "findings": [{"lesion": "S8", "viable_mm": "40.25"}], "reported": "NE"},
                {"date": 60, "findings": [], "reported": {"mrecist": "SD"}},
            ],
            "lines": [{"agents": ["a", "b"], "start": 1, "stop": 9, "end_reason": "choice",
                       "targets": ["S8"], "nontargets": []}],
            "procedures": [{"date": 3, "kind": "TACE", "lesions": ["S8"]}, {"date": 4,
                "kind": "RFA"}],
            "markers": [{"date": 0, "name": "AFP", "value": 40, "unit": "ug/L"}],
        }  # fmt: skip
        for given_as in (case, mrecist.from_case(case)):
            study = Study.of_cases([given_as])
            assert column(
                study.findings, "lesion", "viable_mm", "reported", "reported:mrecist"
            ) == [("S8", "40.250", "NE", None), (None, None, None, "SD")]
            assert column(study.lines, "agents", "targets", "nontargets") == [("a+b", "S8", ";")]
            assert column(study.procedures, "lesions") == ["S8", None]
            (again,) = study.cases()
            assert mrecist.from_case(again) == mrecist.from_case(case)

    @given(strategies.case_documents())
    def test_same(self, document: Any) -> None:
        """The verdicts of a chart and of its tables are the same."""
        chart = mrecist.from_case(document)
        study = Study.of_cases([chart])
        seen = {
            lesion
            for timepoint in chart.timepoints
            for lesion in [finding.lesion for finding in timepoint.findings]
        }
        named = {
            lesion
            for line in chart.lines
            for lesion in (*(line.targets or ()), *(line.nontargets or ()))
        }
        if not named <= seen or not chart.timepoints or not chart.lines:
            return
        try:
            responses = study.assess()
        except (AskError, mrecist.CohortError):
            return
        expected = [line.best_response for line in mrecist.assess(chart).lines]
        assert responses.lines["best_response"].tolist() == expected

    def test_dates(self) -> None:
        """Dates stay dates."""
        study = read(tu=[tu("A")], tr=[tr("A", "VDIAM", 40)])
        assert next(study.patients()).timepoints[0].date == datetime.date(2024, 1, 3)
