"""FHIR out: what stands in the bundle, and that reading it gives the same verdicts."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from support.sdtm_rows import column, only

import mrecist
from mrecist import RECIST_1_1, Finding, Lesion, Patient, TherapyLine, Timepoint
from mrecist.io import AskError, Study, fhir_bundles, read_fhir, to_fhir
from mrecist.model import Marker, Procedure
from mrecist.testing import strategies

Json = dict[str, Any]
EPOCH = datetime.date(2020, 1, 1)
DATES = frozenset({"date", "start", "stop", "baseline", "death", "last_contact"})
CHART = Patient(
    "P 001",
    lesions=[
        Lesion("S8", "liver", "nodule", label="dome"),
        Lesion("N1", "Porta hepatis node", "node", hilar=True),
        Lesion("F", "pleura", "effusion"),
        Lesion("B", "bone", "other"),
    ],
    timepoints=[
        Timepoint("2024-01-03", [Finding("S8", viable_mm="14.0", longest_mm="20"),
                                 Finding("N1", longest_mm=30, short_axis_mm="21.5"),
                                 Finding("B", longest_mm=30)], arterial_phase=False, visit="V1"),
        Timepoint("2024-01-04", [Finding("F", status="present")], visit="V1"),
        Timepoint("2024-03-06", [Finding("S8", viable_mm="9.8", equivocal=True),
                                 Finding("F", status="absent")], reported="PD",
                  unmentioned="unchanged"),
        Timepoint("2024-05-06", [], reported={"mrecist": "NE", "our-trial": "SD"}),
    ],
    lines=[TherapyLine(["lenvatinib", "TACE"], "2024-01-10", stop="2024-04-01",
                       end_reason="toxicity", baseline="2024-01-03", targets=["S8"],
                       nontargets=[]),
           TherapyLine(["sorafenib"], "2024-06-01")],
    markers=[Marker("2024-01-03", "AFP", "400.5", "ng/mL"), Marker("2024-02-03", "AFP", "<3", "1"),
             Marker("2024-02-03", "CA 19-9", 37, "U/mL")],
    procedures=[Procedure("2024-01-20", "drainage", lesions=["F"]),
                Procedure("2024-01-21", "RFA")],
    death="2024-09-01", last_contact="2024-08-01",
)  # fmt: skip


def resources(bundle: Json, kind: str) -> list[Json]:
    """The resources of one kind."""
    each = [entry["resource"] for entry in bundle["entry"]]
    return [one for one in each if one["resourceType"] == kind]


def coded(bundle: Json, code: str) -> list[Json]:
    """The Observations whose code has that text or code."""
    return [
        each
        for each in resources(bundle, "Observation")
        if each["code"].get("text") == code
        or code in [one["code"] for one in each["code"].get("coding", [])]
    ]


def verdicts(bundle: Json) -> list[Json]:
    """The verdicts that were computed."""
    return [each for each in coded(bundle, "21976-6") if "device" in each]


def references(value: Any) -> Iterator[str]:
    """Every reference, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


class TestWritten:
    """What stands in a bundle."""

    bundle = to_fhir(mrecist.assess(CHART))

    def test_sound(self) -> None:
        """A collection in plain JSON: ids of FHIR, all references inside, the same each time."""
        bundle = self.bundle
        assert json.loads(json.dumps(bundle)) == bundle == to_fhir(mrecist.assess(CHART))
        assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
        urls = [entry["fullUrl"] for entry in bundle["entry"]]
        assert len(set(urls)) == len(urls)
        assert set(references(bundle)) <= set(urls)
        assert all(
            entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"]
        )
        assert {each["status"] for each in resources(bundle, "Observation")} == {"final"}

    def test_never(self) -> None:
        """No clinician's status, no person, no system of our own, no name."""
        text = json.dumps(self.bundle)
        for word in (
            "97509-4",
            "396432002",
            "performer",
            "Practitioner",
            "us-core",
            "ips",
            '"name": [',
            "birthDate",
        ):
            assert word not in text
        systems = {each.get("system") for each in _codings(self.bundle)}
        assert systems == {
            "http://loinc.org",
            "http://snomed.info/sct",
            "http://unitsofmeasure.org",
            "http://hl7.org/fhir/resource-types",
            "http://terminology.hl7.org/CodeSystem/observation-category",
            "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        }

    def test_lesions(self) -> None:
        """Tumours of mCODE, where they are solid, by id, place and kind."""
        first, node, fluid, _ = resources(self.bundle, "BodyStructure")
        profile = ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-tumor"]
        assert first["meta"]["profile"] == profile
        assert first["identifier"][0]["value"] == "S8"
        assert first["location"]["coding"][0]["code"] == "10200004"
        assert first["morphology"] == {"text": "nodule"}
        assert first["description"] == "dome"
        assert node["locationQualifier"] == [{"text": "porta hepatis"}]
        assert "meta" not in fluid
        assert fluid["location"] == {"text": "pleura"}

    def test_sizes(self) -> None:
        """Sizes as numbers of mm; the profile stands where the size is plain."""
        viable, node, plain, later = coded(self.bundle, "21889-1")
        assert "meta" not in viable
        assert plain["meta"]["profile"][0].endswith("mcode-tumor-size")
        assert [
            (
                part["code"]["coding"][0]["code"],
                part["code"]["text"],
                part["valueQuantity"]["value"],
            )
            for part in viable["component"]
        ] == [
            ("33728-7", "longest viable (arterially enhancing) diameter", 14),
            ("33728-7", "longest diameter of the whole lesion", 20),
        ]
        assert node["component"][1]["valueQuantity"] == {
            "value": 21.5,
            "unit": "mm",
            "system": "http://unitsofmeasure.org",
            "code": "mm",
        }
        assert later["component"][1] == {"code": {"text": "equivocal"}, "valueBoolean": True}
        states = [each["component"] for each in coded(self.bundle, "state of a tumour lesion")]
        assert [part["valueString"] for parts in states for part in parts] == ["present", "absent"]

    def test_verdicts(self) -> None:
        """A verdict has its NCIt code, method, device, reasons, and the findings it rests on."""
        assessment = mrecist.assess(CHART)
        made, judged = (
            verdicts(self.bundle),
            [each for line in assessment.lines for each in line.timepoints],
        )
        assert [each["valueCodeableConcept"]["text"] for each in made] == [
            str(each.computed) for each in judged
        ]
        first = made[0]
        assert first["code"]["text"] == "HCC mRECIST time point response"
        assert first["method"]["coding"][0]["code"] == "C126032"
        assert first["device"]["display"] == f"mrecist {mrecist.__version__}"
        assert [each["text"] for each in first["note"]] == [str(each) for each in judged[0].reasons]
        names = {entry["fullUrl"]: entry["resource"] for entry in self.bundle["entry"]}
        seen = [names[each["reference"]] for each in first["derivedFrom"]]
        assert {each["effectiveDateTime"] for each in seen} == {str(first["effectiveDateTime"])}
        assert "derivedFrom" not in made[-1]

    @pytest.mark.parametrize(
        ("word", "code"),
        [("CR", "C4870"), ("PR", "C18058"), ("SD", "C18213"), ("PD", "C35571"), ("NE", "C62222"),
         ("NED", "C40413"), ("NON-CR/NON-PD", "C96700")],
    )  # fmt: skip
    def test_codes(self, word: str, code: str) -> None:
        """Every verdict by its code of NCIt."""
        chart = Patient(
            "P", lesions=[], timepoints=[Timepoint("2024-01-03", [], reported=word)], lines=[]
        )
        (made,) = coded(to_fhir(mrecist.assess(chart)), "tumour response as reported")
        assert made["valueCodeableConcept"]["coding"][0]["code"] == code
        assert "device" not in made
        assert "method" not in made

    def test_criteria(self) -> None:
        """RECIST 1.1 by its own code, others by their name."""
        import attrs

        made = verdicts(to_fhir(mrecist.assess(CHART, criteria=RECIST_1_1)))
        assert made[0]["method"]["coding"][0]["code"] == "C124415"
        assert made[0]["code"]["text"] == "RECIST 1.1 time point response"
        ours = attrs.evolve(mrecist.MRECIST, name="our-trial")
        made = verdicts(to_fhir(mrecist.assess(CHART, criteria=ours)))
        assert made[0]["method"] == {"text": "our-trial"}
        assert made[0]["code"]["text"] == "our-trial time point response"

    def test_lines(self) -> None:
        """A line is a plan, with its agents; lists that were chosen here name the device."""
        first, second = resources(self.bundle, "CarePlan")
        assert first["period"] == {"start": "2024-01-10", "end": "2024-04-01"}
        assert (first["status"], second["status"]) == ("completed", "unknown")
        assert first["activity"][0]["outcomeCodeableConcept"] == [{"text": "toxicity"}]
        lists = resources(self.bundle, "List")
        assert ["source" in each for each in lists] == [False, False, True, True]
        assert lists[1]["emptyReason"] == {"text": "there is none"}
        drugs = resources(self.bundle, "MedicationStatement")
        assert [each["medicationCodeableConcept"]["text"] for each in drugs] == [
            "lenvatinib",
            "sorafenib",
        ]
        kinds = [each["code"]["text"] for each in resources(self.bundle, "Procedure")]
        assert kinds == ["drainage", "RFA", "TACE"]

    def test_study_days(self) -> None:
        """FHIR has calendar dates only."""
        with pytest.raises(mrecist.CaseError, match=r"must be a calendar date .*got study day 0"):
            to_fhir(mrecist.assess(mrecist.example_case("ikeda-2021")))
        days = Study.of_tables({"patient": ["A", "B", "C"], "date": [1, "2024-01-03", 2],
                                "lesion": ["S8"] * 3, "viable_mm": [14] * 3}).assess()  # fmt: skip
        with pytest.raises(mrecist.CaseError) as raised:
            to_fhir(days)
        assert [path for path, _ in raised.value.mistakes] == [
            "patient A, timepoints[0].date",
            "patient C, timepoints[0].date",
        ]
        with pytest.raises(mrecist.CaseError, match="patient A: timepoints"):
            list(fhir_bundles(days))
        chart = Patient("P", lesions=[], timepoints=[], lines=[])
        assert [
            entry["resource"]["resourceType"] for entry in to_fhir(mrecist.assess(chart))["entry"]
        ] == ["Patient"]

    def test_cohort(self) -> None:
        """One bundle a patient, or one of all; a patient with a mistake has none."""
        study = Study.of_tables({
            "patient": ["A", "A", "B", "C"], "date": ["2024-01-03", "2024-03-06"] * 2,
            "lesion": ["S8"] * 4, "viable_mm": [14, 9.8, -1, 20],
        })  # fmt: skip
        responses = study.assess(errors="collect")
        each = list(fhir_bundles(responses))
        assert [resources(one, "Patient")[0]["identifier"][0]["value"] for one in each] == [
            "A",
            "C",
        ]
        whole = to_fhir(responses)
        assert whole["entry"] == each[0]["entry"] + each[1]["entry"]
        again = read_fhir(whole).assess()
        assert list(
            zip(again.timepoints["patient"], again.timepoints["response"], strict=True)
        ) == [("A", "PR")]


def _codings(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if "system" in value:
            yield value
        for each in value.values():
            yield from _codings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _codings(each)


@pytest.mark.parametrize("value", ["<3", "<=3", "> 400.5", ">= 400.5", "400.5", "\u22643"])
def test_markers(value: str) -> None:
    """A limit goes out with its own sign and comes back the same."""
    chart = attrs.evolve(CHART, markers=[Marker("2024-01-03", "AFP", value, "ng/mL")])
    (bundle,) = fhir_bundles(mrecist.assess(chart))
    (back,) = column(read_fhir(bundle).markers, "value")
    expected = chart.markers[0].value
    assert str(back).replace(" ", "") == str(expected).replace(" ", "")


class TestReadAgain:
    """What is written is read as it was."""

    def test_all(self) -> None:
        """Every column of a rich chart."""
        study = read_fhir(to_fhir(mrecist.assess(CHART)))
        assert set(study.findings["patient"]) == {"P 001"}
        assert column(
            study.findings,
            "lesion",
            "organ",
            "kind",
            "hilar",
            "viable_mm",
            "longest_mm",
            "short_axis_mm",
            "status",
            "equivocal",
            "visit",
            "arterial_phase",
            "reported",
            "reported:mrecist",
            "reported:our-trial",
        ) == [
            (
                "S8",
                "liver",
                "nodule",
                None,
                "14",
                "20",
                None,
                None,
                None,
                "V1",
                False,
                None,
                None,
                None,
            ),
            (
                "N1",
                "Porta hepatis node",
                "node",
                True,
                None,
                "30",
                "21.5",
                None,
                None,
                "V1",
                False,
                None,
                None,
                None,
            ),
            (
                "B",
                "bone",
                "other",
                None,
                None,
                "30",
                None,
                None,
                None,
                "V1",
                False,
                None,
                None,
                None,
            ),
            (
                "F",
                "pleura",
                "effusion",
                None,
                None,
                None,
                None,
                "present",
                None,
                "V1",
                True,
                None,
                None,
                None,
            ),
            (
                "S8",
                "liver",
                "nodule",
                None,
                "9.8",
                None,
                None,
                None,
                True,
                None,
                True,
                "PD",
                None,
                None,
            ),
            (
                "F",
                "pleura",
                "effusion",
                None,
                None,
                None,
                None,
                "absent",
                None,
                None,
                True,
                "PD",
                None,
                None,
            ),
            (None, None, None, None, None, None, None, None, None, None, True, None, "NE", "SD"),
        ]
        assert column(
            study.lines,
            "agents",
            "start",
            "stop",
            "end_reason",
            "baseline",
            "targets",
            "nontargets",
            "death",
            "last_contact",
        ) == [
            (
                "lenvatinib+TACE",
                _day("2024-01-10"),
                _day("2024-04-01"),
                "toxicity",
                _day("2024-01-03"),
                "S8",
                ";",
                _day("2024-09-01"),
                _day("2024-08-01"),
            ),
            (
                "sorafenib",
                _day("2024-06-01"),
                None,
                None,
                None,
                None,
                None,
                _day("2024-09-01"),
                _day("2024-08-01"),
            ),
        ]
        assert set(column(study.findings, "unmentioned")) == {None, "unchanged"}
        assert column(study.procedures, "kind", "lesions") == [("drainage", "F"), ("RFA", None)]
        assert [(name, str(value)) for name, value in column(study.markers, "name", "value")] == [
            ("AFP", "400.5"),
            ("AFP", "<3"),
        ]
        assert set(study.problems["code"]) == {"DERIVED_ROW"}
        computed = len(verdicts(to_fhir(mrecist.assess(CHART))))
        assert len(only(study.problems, "DERIVED_ROW", "detail")) == computed

    @settings(max_examples=settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
    @given(strategies.case_documents())
    def test_verdicts(self, document: Any) -> None:
        """The verdicts of any chart are those of its bundle, also as text.

        Left out are charts that name a lesion which no examination shows: tables hold none such.
        """
        chart = mrecist.from_case(dated(document))
        seen = {finding.lesion for each in chart.timepoints for finding in each.findings}
        named = {lesion.part_of for lesion in chart.lesions} - {None}
        named |= {
            lesion
            for line in chart.lines
            for lesion in (*(line.targets or ()), *(line.nontargets or ()))
        }
        if not chart.timepoints or not named <= seen:
            return
        bundle = to_fhir(mrecist.assess(chart))
        study = read_fhir([json.loads(json.dumps(bundle))])
        for criteria in ("mrecist", "recist-1.1"):
            try:
                found = study.assess(criteria).timepoints
            except AskError:
                continue
            assessment = mrecist.assess(chart, criteria=mrecist.CRITERIA[criteria])
            names = ("line", "date", "response", "computed")
            again = zip(*(found[name] for name in names), strict=True)
            expected = [
                (line.number, each.date, each.response, each.computed)
                for line in assessment.lines
                for each in line.timepoints
            ]
            assert list(again) == expected


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def dated(value: Any, key: str | None = None) -> Any:
    """A document with calendar dates for its study days."""
    if isinstance(value, dict):
        return {name: dated(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [dated(each) for each in value]
    if key in DATES and isinstance(value, int):
        return str(EPOCH + datetime.timedelta(value))
    return value
