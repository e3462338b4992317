"""Case documents of several readers: a study of them, and what they must agree in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import (
    ALL_READERS,
    CaseError,
    Event,
    Finding,
    Lesion,
    Marker,
    Patient,
    Procedure,
    Timepoint,
    assess,
    assess_readings,
    from_case,
    to_assessment,
    to_case,
)
from mrecist import TherapyLine as Line
from mrecist.io import Study
from mrecist.testing.strategies import patients


def chart(reader: str | None, *sizes: float, patient: str = "P-1", **facts: Any) -> Patient:
    """One line; lesion T1 at time points 56 days apart."""
    scans = [Timepoint(56 * i, [Finding("T1", viable_mm=mm)]) for i, mm in enumerate(sizes)]
    given = {"lines": [Line(["sorafenib"], 0)]} | facts
    lines = given.pop("lines")
    lesions = [Lesion("T1", "liver", "nodule")]
    return Patient(patient, lesions, scans, lines, reader=reader, **given)


class TestDocuments:
    """A case may say who read it, and its assessment says so too."""

    def test_round_trip(self) -> None:
        """The reader is a key of the case, left out where there is none."""
        document = to_case(chart(" R1 ", 30, 20))
        assert document["reader"] == "R1"
        assert from_case(document) == chart("R1", 30, 20)
        assert "reader" not in to_case(chart(None, 30))

    @pytest.mark.parametrize("reader", ["R1", None])
    def test_assessment(self, reader: str | None) -> None:
        """The reader stands beside the patient; null where there is none. No verdict depends."""
        found = to_assessment(assess(chart(reader, 30, 20)))
        assert list(found)[1:3] == ["patient", "reader"]
        assert found.pop("reader") == reader
        other = to_assessment(assess(chart("R9", 30, 20)))
        assert found == {key: value for key, value in other.items() if key != "reader"}

    def test_text(self) -> None:
        """What is printed names the reader."""
        found = assess(chart("R1", 30, 20))
        assert str(found).startswith("P-1 read by R1: HCC mRECIST")
        assert str(mrecist.explain(found)).startswith("P-1 read by R1, by HCC mRECIST")
        assert found._repr_html_().count("P-1 read by R1") == 1

    @pytest.mark.parametrize("name", ["case", "assessment"])
    def test_schema(self, name: str) -> None:
        """The schemas know the key."""
        jsonschema = pytest.importorskip("jsonschema")
        for reader in ("R1", None):
            case = to_case(chart(reader, 30)) | {"reader": reader}
            document = case if name == "case" else to_assessment(assess(from_case(case)))
            jsonschema.validate(document, mrecist.schema(name))
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document | {"reader": ""}, mrecist.schema(name))

    @pytest.mark.parametrize("reader", ["", " ", 7])
    def test_refused(self, reader: Any) -> None:
        """A reader has a name."""
        with pytest.raises(CaseError, match=r"reader: must be text, not empty, got"):
            from_case(to_case(chart(None, 30)) | {"reader": reader})

    def test_stream(self, tmp_path: Path) -> None:
        """A file holds the readings of a patient one after the other."""
        path = tmp_path / "cases.jsonl"
        both = [chart("R1", 30, 20), chart("R2", 30, 30)]
        mrecist.write_documents(map(to_case, both), path)
        assert list(mrecist.read_cases(path)) == both
        assert [json.loads(row)["reader"] for row in path.read_text().splitlines()] == ["R1", "R2"]


def wholes_of(patient: Patient, lesions: set[str]) -> set[str]:
    """The lesions of which some lesions are fragments."""
    return {each.part_of for each in patient.lesions if each.part_of and each.id in lesions}


class TestStudy:
    """Cases of several readers become tables for `assess_readings`, and back."""

    def test_tables(self) -> None:
        """Facts are there once; what a reader says of a line, by reader."""
        facts: dict[str, Any] = {"death": 300, "markers": [Marker(0, "AFP", 400, "ng/mL")]}
        named = [Line(["sorafenib"], 0, targets=["T1"])]
        study = Study.of_cases(
            [chart("R1", 30, 20, lines=named, **facts), chart("R2", 30, 30, **facts)]
        )
        assert study.readers == ("R1", "R2")
        assert study.findings["reader"].tolist() == ["R1", "R1", "R2", "R2"]
        assert study.lines is not None
        rows = zip(
            *(study.lines[name].tolist() for name in ("reader", "agents", "targets", "death")),
            strict=True,
        )
        assert list(rows) == [(None, "sorafenib", None, 300), ("R1", None, "T1", None)]
        assert study.markers["value"].tolist() == [400]
        readings = assess_readings(study.findings, study.lines)
        assert readings.discordance["triggers"].tolist() == ["best response"]

    def test_treated(self) -> None:
        """Each reader names by the own ids which lesions were treated."""
        one = chart("R1", 30, 20, procedures=[Procedure(20, "RFA", lesions=["T1"])])
        two = chart("R2", 30, 20, procedures=[Procedure(20, "RFA")])
        study = Study.of_cases([one, two])
        found = assess_readings(study.findings, study.lines, procedures=study.procedures)
        best = [found.discordance[f"best_response_{r}"][0] for r in ("R1", "R2")]
        assert best == [assess(each).lines[0].best_response for each in (one, two)]
        assert [from_case(case) for case in study.cases()] == [one, two]

    @given(st.data())
    @settings(max_examples=settings().max_examples // 3)
    def test_judged(self, data: st.DataObject) -> None:
        """Each reading is judged as its case is, and written as it came."""
        drawn = data.draw(patients(max_lines=2, max_timepoints=4))
        recorded = {each.lesion for scan in drawn.timepoints for each in scan.findings}
        named = {
            each for line in drawn.lines for each in (line.targets or ()) + (line.nontargets or ())
        }
        assume(named | wholes_of(drawn, recorded) <= recorded)  # tables know of no other lesions
        first = attrs.evolve(drawn, reader="R1", events=[], procedures=[])
        free = [
            attrs.evolve(line, baseline=None, targets=None, nontargets=None, doses=[])
            for line in first.lines
        ]
        first = attrs.evolve(first, lines=[attrs.evolve(each, doses=[]) for each in first.lines])
        visits = {each.visit or each.date: data.draw(st.booleans()) for each in first.timepoints}
        kept = [each for each in first.timepoints if visits[each.visit or each.date]]
        seen = {each.lesion for scan in kept for each in scan.findings}
        assume(wholes_of(drawn, seen) <= seen)
        second = attrs.evolve(first, reader="R2", lines=free, timepoints=kept)
        study = Study.of_cases([to_case(first), second])
        readings = assess_readings(
            study.findings, study.lines, review=ALL_READERS, errors="collect"
        )
        assert len(readings.errors["patient"]) == 0
        for one in (first, second):
            if not one.timepoints:
                continue
            found = readings.of(one.reader or "").lines
            lines = assess(one).lines
            assert found["best_response"].tolist() == [each.best_response for each in lines]
            targets = [sorted(each.split(";")) for each in found["targets"].tolist()]
            assert targets == [sorted(each.targets) or [""] for each in lines]

    def test_cases(self) -> None:
        """The cases of a study of several readers name them."""
        both = [chart("R1", 30, 20), chart("R1", 30, 20, patient="P-2"), chart("R2", 30, 30)]
        assert [from_case(case) for case in Study.of_cases(both).cases()] == both


class TestRefused:
    """What readers must agree in: every difference is told, with its path in the later case."""

    def test_every_difference(self) -> None:
        """Facts of the patient are those of the first case."""
        first = chart("R1", 30, death=300, events=[Event(3, "bleeding")],
                      procedures=[Procedure(20, "RFA")],
                      lines=[Line(["sorafenib"], 0), Line(["regorafenib"], 90)])  # fmt: skip
        lines = [Line(["lenvatinib"], 0, stop=50), Line(["cabozantinib"], 95)]
        second = chart("R2", 30, death=299, lines=lines)
        with pytest.raises(CaseError) as error:
            Study.of_cases([first, second])
        assert error.value.lines == [
            "patient P-1, reader R2, death: must be as by R1, 300, got 299",
            "patient P-1, reader R2, events: must be as by R1, [{'date': 3, 'text': 'bleeding'}], "
            "got []",
            "patient P-1, reader R2, procedures: must be as by R1, [('20', 'RFA')], got []",
            "patient P-1, reader R2, lines[0].agents: must be as by R1, ['sorafenib'], got "
            "['lenvatinib']",
            "patient P-1, reader R2, lines[0].stop: must be as by R1, None, got 50",
            "patient P-1, reader R2, lines[1].start: must be that of a line of R1, got 95",
            "patient P-1, reader R2, lines: must have the line of 90, as by R1",
        ]

    def test_twice(self) -> None:
        """One patient and reader, whatever the case of the reader, are there once."""
        with pytest.raises(CaseError) as error:
            Study.of_cases([chart("R1", 30), chart("r1", 30), chart("R1", 30, patient="Q")])
        assert error.value.lines == ["patient P-1, reader r1: must be there once, is there twice"]

    def test_twice_without_readers(self) -> None:
        """One patient is there once, where no case names a reader."""
        with pytest.raises(CaseError) as error:
            Study.of_cases([chart(None, 30), chart(None, 30, patient="Q"), chart(None, 20)])
        assert error.value.lines == ["patient P-1: must be there once, is there twice"]

    def test_as_first_written(self) -> None:
        """The case of a reader's name matters not; it is shown as first written."""
        study = Study.of_cases([chart("Inv", 30), chart("INV ", 30, patient="Q")])
        assert study.readers == ("Inv",)

    def test_without_reader(self) -> None:
        """Where one case names its reader, all do."""
        with pytest.raises(CaseError, match="patient Q: reader: must be given in every case where"):
            Study.of_cases([chart("R1", 30), chart(None, 30, patient="Q")])
