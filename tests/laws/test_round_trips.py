"""What is written can be read again, and is what it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import Event, Finding, Lesion, Marker, Patient, TherapyLine, Timepoint
from mrecist._base.json_text import dumps
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]

criteria_values = st.sampled_from([mrecist.CRITERIA[name] for name in sorted(mrecist.CRITERIA)])
validators = {
    name: jsonschema.Draft202012Validator(mrecist.schema(name))
    for name in ("case", "assessment", "error")
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples: each writes its file over the last."""
    return tmp_path_factory.mktemp("documents")


def valid(name: str, document: Any) -> bool:
    return bool(validators[name].is_valid(json.loads(dumps(document))))


class TestCases:
    """A chart written as a case document and read again is equal to itself."""

    @given(case=case_documents())
    def test_document(self, case: Document) -> None:
        patient = mrecist.from_case(case)
        written = mrecist.to_case(patient)
        assert mrecist.from_case(written) == patient
        assert mrecist.to_case(mrecist.from_case(written)) == written
        assert valid("case", written)

    @given(case=case_documents())
    def test_text(self, case: Document) -> None:
        patient = mrecist.from_case(case)
        text = dumps(mrecist.to_case(patient))
        assert mrecist.parse_case(text) == patient
        assert mrecist.parse_case(text.encode("utf-8", "backslashreplace")) == patient
        assert mrecist.from_case(json.loads(text)) == patient

    @given(case=case_documents())
    def test_source_text(self, case: Document) -> None:
        """Read as text or as parsed values, a document is the same chart."""
        assert mrecist.parse_case(json.dumps(case)) == mrecist.from_case(case)

    @given(case=case_documents())
    def test_repr(self, case: Document) -> None:
        """A repr is an expression that builds the value again."""
        patient = mrecist.from_case(case)
        assert eval(repr(patient), {**vars(mrecist), "Procedure": mrecist.Procedure}) == patient

    @given(text=st.text(st.characters(codec=None), min_size=1))
    def test_any_text(self, text: str) -> None:
        """Also lone surrogates, which UTF-8 cannot write but JSON can escape."""
        patient = Patient(text, [Lesion(text, text, "nodule", label=text)], [], [])
        written = dumps(mrecist.to_case(patient)).encode("utf-8", "backslashreplace")
        assert mrecist.parse_case(written) == patient

    @pytest.mark.parametrize(
        "value",
        [
            "1", "0.1", "1e3", "1e15", "1e-15", "1e-7", "12345678.9", "999999999999999.1",
            "1.00050000000000000001",
        ],
    )  # fmt: skip
    def test_marker_numbers(self, value: str) -> None:
        """A marker keeps its exact number, as a number."""
        marker = f'{{"date": 0, "name": "AFP", "value": {value}, "unit": "ng/mL"}}'
        text = '{"format": "mrecist-case/1", "patient": "P", "lesions": [], "timepoints": [], '
        patient = mrecist.parse_case(f'{text} "lines": [], "markers": [{marker}]}}')
        assert isinstance(patient, Patient)
        written = mrecist.to_case(patient)
        assert valid("case", written)
        assert mrecist.from_case(written) == patient


class TestFullRecord:
    """Every field of every record comes back, also where it holds its default."""

    PATIENT = Patient(
        "P-001",
        [
            Lesion("A", "liver", "nodule", enhancement="none", treated=True, label="VIII"),
            Lesion("B", "porta hepatis", "node", hilar=True),
            Lesion("E", "pleura", "effusion"),
        ],
        [
            Timepoint(
                "2024-01-03",
                [
                    Finding(
                        "A", viable_mm="0.001", longest_mm=1000, pattern="atypical",
                        biopsy="negative", equivocal=True,
                    ),
                    Finding("B", short_axis_mm="12.345", status="present"),
                    Finding("E", status="present", cytology="positive"),
                ],
                arterial_phase=False,
                reported="NON-CR/NON-PD",
                note="Übersicht",
            ),
        ],
        [
            TherapyLine(
                ["atezolizumab", "bevacizumab"], "2024-01-10", stop="2024-02-01",
                end_reason="toxicity", baseline="2024-01-03", targets=["A"], nontargets=[],
                doses=[Event("2024-01-10", "full")],
            )
        ],
        markers=[
            Marker("2024-01-03", "AFP", "400.5", "ng/mL"),
            Marker("2024-01-04", "AFP", "<3", "ng/mL"),
            Marker("2024-01-05", "AFP", 7, "ng/mL"),
        ],
        events=[Event("2024-01-05", "")],
        death="2025-01-01",
        last_contact="2024-12-31",
    )  # fmt: skip

    def test_round_trip(self) -> None:
        written = mrecist.to_case(self.PATIENT)
        assert valid("case", written)
        assert mrecist.from_case(written) == self.PATIENT
        assert eval(repr(self.PATIENT), vars(mrecist)) == self.PATIENT

    def test_defaults_are_left_out(self) -> None:
        patient = Patient("P", [Lesion("A", "liver", "nodule")], [Timepoint(0, [])], [])
        assert mrecist.to_case(patient) == {
            "format": "mrecist-case/1",
            "patient": "P",
            "lesions": [{"id": "A", "organ": "liver", "kind": "nodule"}],
            "timepoints": [{"date": 0, "findings": []}],
            "lines": [],
        }


class TestFiles:
    """One document a file, or one a line, in order."""

    @given(case=case_documents(max_lesions=3, max_timepoints=3))
    def test_json(self, folder: Path, case: Document) -> None:
        patient = mrecist.from_case(case)
        path = folder / "case.json"
        mrecist.write_documents([mrecist.to_case(patient)], path)
        assert mrecist.read_case(path) == patient
        assert list(mrecist.read_cases(path)) == [patient]

    @settings(max_examples=settings().max_examples // 2)
    @given(cases=st.lists(case_documents(max_lesions=3, max_timepoints=3), max_size=4))
    def test_jsonl(self, folder: Path, cases: list[Document]) -> None:
        patients = [mrecist.from_case(case) for case in cases]
        for name in ("cases.jsonl", "cases.ndjson", "CASES.JSONL"):
            path = folder / name
            mrecist.write_documents(map(mrecist.to_case, patients), path)
            assert list(mrecist.read_cases(path)) == patients


class TestAssessments:
    """An assessment document validates against its schema, and is plain JSON."""

    @given(case=case_documents(), criteria=criteria_values)
    def test_schema(self, case: Document, criteria: mrecist.Criteria) -> None:
        assessment = mrecist.assess(mrecist.from_case(case), criteria=criteria)
        document = mrecist.to_assessment(assessment)
        validators["assessment"].validate(document)
        assert json.loads(dumps(document)) == document

    def test_schema_can_refuse(self) -> None:
        patient = Patient("P", [], [], [TherapyLine(["x"], 0)])
        document = mrecist.to_assessment(mrecist.assess(patient))
        assert valid("assessment", document)
        document["lines"][0]["best_response"] = "MR"
        assert not valid("assessment", document)

    def test_errors(self) -> None:
        invalid = mrecist.parse_case('{"format": "mrecist-case/1", "patient": "P"}')
        assert isinstance(invalid, mrecist.InvalidCase)
        document = mrecist.to_error(invalid)
        assert valid("error", document)
        assert document == {
            "format": "mrecist-error/1",
            "patient": "P",
            "errors": [f"{key}: must be given" for key in ("lesions", "timepoints", "lines")],
        }
        assert valid("error", mrecist.to_error(mrecist.parse_case("[")))  # type: ignore[arg-type]
