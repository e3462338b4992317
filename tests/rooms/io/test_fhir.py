"""FHIR in: what each resource becomes, and what is asked, left out or refused."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fhir_rows import (
    bundle,
    concept,
    dose,
    kenya,
    lesion,
    observation,
    read,
    response,
    size,
)
from support.sdtm_rows import column, only

from mrecist import LineBoundaries
from mrecist.io import AskError, IntakeError, read_fhir

DAY = datetime.date.fromisoformat
NODE = concept("59441001", "Lymph node structure")
AXILLA = concept("68171009", "Axillary lymph node structure (body structure)")
RANO = {"method": concept("RANO", "RANO", "x/beurteilungsmethode")}


def sizes(study: Any, *names: str) -> list[Any]:
    return column(study.findings, "lesion", *names)


def codes(study: Any) -> list[str]:
    return column(study.problems, "code")


class TestSizes:
    """Observations of the size of a tumour."""

    def test_liver(self) -> None:
        """The lesion is the identifier of its structure; sizes are mm as text, cm times ten."""
        study = read(lesion("S8"), size("S8", 14), size("S8", 0.98, "2024-03-06", "cm"))
        assert sizes(study, "date", "organ", "kind", "viable_mm") == [
            ("S8", DAY("2024-01-03"), "liver", "nodule", "14"),
            ("S8", DAY("2024-03-06"), "liver", "nodule", "9.8"),
        ]
        assert column(study.findings, "source")[0] == "Observation/S8-2024-01-03"
        assert study.assess().lines["best_response"].tolist() == ["PR"]
        assert repr(study) == "<Study from FHIR: 1 patient, 1 line, 2 time points>"

    @pytest.mark.parametrize(
        ("site", "organ", "kind"),
        [
            (concept("245309003"), "liver", "nodule"),
            ({"text": "Structure of Couinaud hepatic segment VIII"}, "liver", "nodule"),
            ({"text": "Segment VIII of liver"}, "liver", "nodule"),
            (concept("32764006", "Portal vein structure"), "portal vein", "thrombus"),
            (concept("39607008", "Lung structure (body structure)"), "lung", "nodule"),
            (AXILLA, "axillary lymph node", "node"),
            (NODE, "lymph node", "node"),
            ({"text": "structure"}, "structure", "nodule"),
        ],
    )
    def test_places(self, site: Any, organ: str, kind: str) -> None:
        """Places by code, else by their words."""
        study = read(lesion("A", site), size("A", 20), measures="viable")
        assert sizes(study, "organ", "kind") == [("A", organ, kind)]

    def test_r5(self) -> None:
        """R5: the place is an included structure, the lesion is in `bodyStructure`."""
        body = lesion("A", includedStructure=[{"structure": concept("39607008", "Lung")}])
        del body["location"]
        seen = size("A", 20, bodyStructure={"reference": "BodyStructure/b-A"}, focus=[])
        assert sizes(read(body, seen), "organ", "longest_mm") == [("A", "lung", "20")]

    def test_place_of_the_size(self) -> None:
        """Where the structure is not there, the place stands with the size, or nowhere."""
        study = read(size("A", 20, bodySite=AXILLA), size("B", 20), size("B", 30, "2024-03-06"))
        assert sizes(study, "organ", "kind") == [
            ("b-A", "axillary lymph node", "node"),
            ("b-B", "unknown", "nodule"),
            ("b-B", "unknown", "nodule"),
        ]
        assert only(study.problems, "NO_LOCATION", "detail") == [
            "Observation/B-2024-01-03: lesion b-B"
        ]

    def test_no_place(self) -> None:
        """A structure that says no place, or only codes without a name; ids of other kinds."""
        nowhere = lesion("A", {"coding": [{"display": ""}, {"code": "1"}]})
        other = [{"type": {"text": "MRN"}, "value": "7"}, {"value": "8"}]
        who = {"resourceType": "Patient", "id": "P1", "identifier": other}
        study = read(nowhere, size("A", 20), who)
        assert column(study.findings, "patient", "organ") == [("P1", "unknown")]
        assert codes(study) == ["NO_LOCATION"]

    def test_morphology(self) -> None:
        """What a lesion is by its morphology; nodes near the porta hepatis are unsure."""
        lung = concept("39607008", "Lung")
        near = {"text": "Hepatic lymph node"}
        study = read(
            lesion("A", lung, morphology=concept("4147007", "Mass")),
            size("A", 20),
            lesion("B", near),
            size("B", 20),
        )
        assert sizes(study, "kind") == [("A", "nodule"), ("B", "node")]
        assert codes(study) == ["NODE_HILUM_UNSURE"]

    def test_second_diameter(self) -> None:
        """The largest other size of a node is its short axis; of a nodule it has no place."""
        study = read(
            lesion("N", NODE),
            size("N", 20, "2024-01-03", "mm", 9, 12.5),
            lesion("A"),
            size("A", 20, "2024-01-03", "mm", 9),
        )
        assert sizes(study, "longest_mm", "short_axis_mm", "viable_mm") == [
            ("N", "20", "12.5", None),
            ("A", None, None, "20"),
        ]
        assert codes(study) == ["SECOND_DIAMETER"]

    def test_pathology(self) -> None:
        """Sizes of tissue are left out, by method or specimen."""
        study = read(
            lesion("A"),
            size("A", 20, method=concept("787377000")),
            size("A", 20, specimen={"reference": "Specimen/1"}),
        )
        assert len(study.findings["patient"]) == 0
        assert codes(study) == ["PATHOLOGY_SIZE", "PATHOLOGY_SIZE"]
        assert list(study.cases()) == []

    def test_asked(self) -> None:
        """What a plain diameter in the liver measures is asked; elsewhere it is of all."""
        with pytest.raises(AskError, match="2 liver nodules of 1 patient have plain diameters"):
            read(lesion("A"), size("A", 20), lesion("B"), size("B", 20), measures=None)
        with pytest.raises(AskError, match="1 liver nodule of 1 patient has a plain diameter"):
            read(lesion("A"), size("A", 20), measures=None)
        study = read(lesion("A", {"text": "lung"}), size("A", 20), measures=None)
        assert sizes(study, "longest_mm") == [("A", "20")]
        study = read(lesion("A"), size("A", 20), measures="whole")
        assert sizes(study, "longest_mm") == [("A", "20")]
        with pytest.raises(ValueError, match='measures must be "viable" or "whole", got \'all\''):
            read(measures="all")

    def test_not_viable(self) -> None:
        """A patient whose nodules have whole sizes only, where another one has viable ones."""
        viable = {
            "code": {"text": "longest viable (arterially enhancing) diameter"},
            "valueQuantity": {"value": 18, "unit": "mm"},
        }
        other = {"subject": {"reference": "Patient/P2"}}
        study = read(
            lesion("A"),
            size("A", 20, component=[viable]),
            lesion("B"),
            size("B", 20, **other),
            measures="whole",
        )
        assert only(study.problems, "NO_VIABLE_SIZE", "patient") == ["P2"]

    @pytest.mark.parametrize(
        ("quantity", "told"),
        [
            ({"value": 20, "unit": "1"}, "must be in mm or cm, got 1"),
            ({"value": 20}, "must be in mm or cm, got no unit"),
            ({"value": "20", "unit": "mm"}, "must be a number, got '20'"),
            ({"value": True, "unit": "mm"}, "must be a number, got 'True'"),
            ({"value": -1, "unit": "mm"}, "must be a length, got -1"),
            ({"value": float("nan"), "unit": "mm"}, "must be a length, got nan"),
            ({"value": 1e300, "unit": "cm"}, "must be a length"),
            ({"value": Decimal("9E+999999"), "unit": "cm"}, "must be a length"),
            ({"value": Decimal("9E+999999999999999999"), "unit": "cm"}, "must be a length"),
            ({"value": 5, "comparator": "<", "unit": "mm"}, "must be a size, got one < 5"),
            (None, "must be a quantity in mm or cm"),
        ],
    )
    def test_not_a_length(self, quantity: Any, told: str) -> None:
        """What is no length is refused, with its resource; the other patient is judged."""
        part = {"code": concept("33728-7"), "valueQuantity": quantity}
        study = read(
            lesion("A"),
            size("A", 20, component=[part]),
            size("A", 20, subject={"reference": "Patient/P2"}),
            errors="collect",
        )
        ((patient, where, message),) = column(study.errors, "patient", "column", "error")
        assert (patient, where) == ("P1", "Observation/A-2024-01-03 valueQuantity")
        assert message.startswith(f"NOT_A_LENGTH: A: {told}")
        responses = study.assess(errors="collect")
        assert set(responses.errors["patient"]) == {"P1"}
        with pytest.raises(IntakeError, match="NOT_A_LENGTH"):
            read(lesion("A"), size("A", 20, component=[part]))

    @pytest.mark.parametrize(
        ("more", "code", "told"),
        [
            ({"focus": []}, "LESION_NOT_TRACKED", "got none"),
            ({"focus": [{"reference": "Condition/c"}]}, "LESION_NOT_TRACKED", "got none"),
            ({"focus": [{"reference": "BodyStructure/x"}, {"reference": "BodyStructure/y"}]},
             "LESION_NOT_TRACKED", "got x, y"),
            ({"effectiveDateTime": None}, "NO_DATE", "must be given"),
            ({"effectiveDateTime": "2024"}, "NO_DATE", "at least a year and a month"),
            ({"subject": None}, "NO_PATIENT", "must refer to a Patient"),
            ({"subject": {"reference": "Group/g"}}, "NO_PATIENT", "got a Group"),
        ],
    )  # fmt: skip
    def test_refused(self, more: Any, code: str, told: str) -> None:
        """A size without lesion, date or patient."""
        study = read(lesion("A"), size("A", 20, **more), errors="collect")
        ((said, message),) = column(study.errors, "code", "error")
        assert said == code
        assert told in message

    def test_twice(self) -> None:
        """The same again is a problem, another value a mistake, also of facts of the lesion."""
        again = size("A", 20, id="again")
        assert codes(read(lesion("A"), size("A", 20), again)) == ["DUPLICATE_RESULT"]
        study = read(lesion("A"), size("A", 20), size("A", 21, id="again"), errors="collect")
        assert column(study.errors, "error") == [
            "CONFLICTING_RESULT: A on 2024-01-03: 21, and 20 in Observation/A-2024-01-03"
        ]
        treated = [size("A", 20, date) for date in ("2024-01-03", "2024-03-06")]
        for each, flag in zip(treated, (True, False), strict=True):
            said = {"code": {"text": "locally treated"}, "valueBoolean": flag}
            each["component"].append(said)
        study = read(lesion("A"), *treated, errors="collect")
        assert column(study.errors, "error") == [
            "CONFLICTING_RESULT: treated of A is True, and False here"
        ]

    def test_value(self) -> None:
        """A size may stand in the value itself; one absent for a reason is not evaluable."""
        plain = {"component": [], "valueQuantity": {"value": 2, "unit": "cm"}}
        reason = {"dataAbsentReason": {"text": "not performed"}}
        part = {"code": concept("33728-7")} | reason
        study = read(
            lesion("A"),
            size("A", 0, **plain),
            size("A", 0, "2024-02-01", component=[part]),
            size("A", 0, "2024-03-01", component=[], **reason),
            size(
                "A",
                20,
                "2024-04-01",
                component=[
                    part,
                    {"code": concept("33728-7"), "valueQuantity": {"value": 20, "unit": "mm"}},
                ],
            ),
        )
        assert sizes(study, "viable_mm", "status") == [
            ("A", "20", None),
            ("A", None, "not evaluable"),
            ("A", None, "not evaluable"),
            ("A", "20", None),
        ]
        study = read(
            lesion("A"), size("A", 0, component=[{"code": {"text": "x"}}]), errors="collect"
        )
        assert "A: must have a size, or a reason" in column(study.errors, "error")[0]

    def test_contained(self) -> None:
        """What is contained has no id for others: a lesion or a patient needs an identifier."""
        inside = [{"resourceType": "BodyStructure", "id": "b", "location": {"text": "lung"}},
                  {"resourceType": "Patient", "id": "p"}]  # fmt: skip
        ours = {"focus": [{"reference": "#b"}], "subject": {"reference": "#p"}}
        study = read(size("A", 20, contained=inside, **ours), errors="collect")
        assert column(study.errors, "code") == ["NO_PATIENT"]
        named = [each | {"identifier": [{}, {"value": "X"}]} for each in inside]
        study = read(size("A", 20, contained=[inside[0], named[1]], **ours), errors="collect")
        assert column(study.errors, "code") == ["LESION_NOT_TRACKED"]
        study = read(size("A", 20, contained=[{"id": "z"}, *named], **ours))
        assert column(study.findings, "patient", "lesion", "organ") == [("X", "X", "lung")]

    def test_same_again(self) -> None:
        """Resources that come again add nothing: sizes are named, treatment and markers are one."""
        done = {"resourceType": "Procedure", "status": "completed", "code": {"text": "TACE"},
                "performedDateTime": "2024-02-01",
                "subject": {"reference": "Patient/P1"}}  # fmt: skip
        marker = observation("m", concept("1834-1"), valueQuantity={"value": 4, "unit": "ug/L"})
        given = dose("MedicationAdministration", "sorafenib", "2024-01-10", "2024-02-10")
        made = [lesion("A"), size("A", 20), done, marker, given]
        study = read(*made, *made)
        assert codes(study) == ["DUPLICATE_RESULT"]
        assert (len(study.procedures["date"]), len(study.markers["date"])) == (1, 1)
        assert column(study.lines, "agents") == ["sorafenib"]

    def test_given(self) -> None:
        """Places and kinds that the caller gives."""
        study = read(
            size("A", 20),
            lesion("B", {"text": "upper part"}),
            size("B", 20),
            size("C", 20),
            locations={"b-A": ("liver", "nodule"), "upper part": ("liver", "infiltrative")},
            kinds={"b-C": "infiltrative"},
        )
        assert sizes(study, "organ", "kind") == [
            ("b-A", "liver", "nodule"),
            ("B", "liver", "infiltrative"),
            ("b-C", "unknown", "infiltrative"),
        ]

    def test_dates(self) -> None:
        """A date without a day is completed; a time of day is dropped; periods and instants."""
        study = read(
            lesion("A"),
            size("A", 20, "2024-02"),
            size("A", 21, "2024-03-06T23:30:00+03:00"),
            size("A", 22, None, effectivePeriod={"start": "2024-04-01"}),
            size("A", 23, None, effectiveInstant="2024-05-01T00:00:00Z"),
        )
        assert [str(date) for date in study.findings["date"]] == [
            "2024-02-29",
            "2024-03-06",
            "2024-04-01",
            "2024-05-01",
        ]
        assert only(study.problems, "PARTIAL_DATE", "detail") == [
            "Observation/A-2024-02: read as 2024-02-29"
        ]


class TestPhases:
    """Whether an examination has an arterial phase."""

    @pytest.mark.parametrize(
        ("methods", "knob", "phase", "assumed"),
        [
            (["TRIPLE-PHASE MRI SCAN"], "method", True, []),
            (["Triple-phase MRI scan", "CT scan"], "method", True, []),
            (["CT scan without contrast"], "method", False, []),
            (["CT scan without contrast", "CT scan"], "method", None, ["1 examination: CT scan, "
                "CT scan without contrast"]),
            ([None], "method", None, ["1 examination: no method"]),
            ([None], False, False, []),
            ([None], {("P1", "2024-01-03"): False}, False, []),
            ([None], {("P1", DAY("2024-01-03")): True}, True, []),
            ([None], {("P2", "2024-01-03"): True}, None, ["1 examination: no method"]),
            (["CT scan without contrast"], {("P2", "2024-01-03"): True}, False, []),
        ],
    )  # fmt: skip
    def test_methods(self, methods: Any, knob: Any, phase: Any, assumed: Any) -> None:
        """The method tells it, or the caller; else it is taken as there, and noted."""
        made = [lesion("A"), lesion("B")]
        for of, method in zip("AB", methods, strict=False):
            made.append(size(of, 20, method={"text": method}))
        study = read(*made, arterial_phase=knob)
        phases = study.findings.get("arterial_phase", [None])
        assert next(iter(phases)) is phase
        assert only(study.problems, "PHASE_ASSUMED", "detail") == assumed

    def test_elsewhere(self) -> None:
        """Without a lesion in the liver nobody asks for the phase."""
        assert codes(read(lesion("A", AXILLA), size("A", 20), arterial_phase="method")) == []


class TestNational:
    """The Kenyan RECIST profiles."""

    def test_target(self) -> None:
        """The id is an extension; the site is that of the primary, and not read."""
        url = "https://anywhere/StructureDefinition/nccp-recist-target-lesion-id-extension"
        seen = kenya(
            "target-lesion", "t", "2026-03-15", valueQuantity={"value": 18, "unit": "mm"},
            extension=[{"url": "x"}, {}, {"url": url, "valueString": "TL-001"}],
            bodySite=concept("BREAST", "Breast"),
        )  # fmt: skip
        study = read(seen)
        assert sizes(study, "organ", "longest_mm") == [("TL-001", "unknown", "18")]
        assert column(study.lines, "targets", "nontargets") == [("TL-001", ";")]
        assert codes(study) == ["NO_LOCATION"]
        unnamed = seen | {"extension": [{"url": url}]}
        study = read(unnamed, errors="collect")
        assert column(study.errors, "code") == ["LESION_NOT_TRACKED"]
        study = read(seen | {"valueQuantity": {"value": 18, "unit": "kg"}}, errors="collect")
        assert column(study.errors, "code") == ["NOT_A_LENGTH"]
        study = read(seen, locations={"TL-001": ("liver", "nodule")})
        assert sizes(study, "organ", "viable_mm") == [("TL-001", "liver", "18")]

    def test_nontargets(self) -> None:
        """Their response is a state; those of one site are one lesion."""
        words = ["COMPLETE-RESPONSE", "STABLE-DISEASE", "PROGRESSIVE-DISEASE", "NOT-EVALUABLE", "?"]
        seen = [
            kenya(
                "non-target-lesion",
                f"n{at}",
                f"2024-0{at + 1}-01",
                valueCodeableConcept=concept(word, None, "x/recist-response-cs"),
                bodySite=concept("LIVER", "Liver"),
            )
            for at, word in enumerate(words)
        ]
        study = read(*seen)
        assert sizes(study, "status") == [
            ("NON-TARGET LIVER", word)
            for word in ("absent", "present", "progressed", "not evaluable")
        ]
        assert set(study.findings["kind"]) == {"other"}
        assert only(study.problems, "UNREAD_RESPONSE", "detail") == ["Observation/n4: ?"]
        assert column(study.lines, "targets", "nontargets") == [(";", "NON-TARGET LIVER")]
        assert not column(study.reported, "response")

    def test_new_and_sum(self) -> None:
        """A new lesion is one of its day; the sum at baseline is computed anew."""
        study = read(
            kenya("new-lesion", "a", valueBoolean=False),
            kenya("new-lesion", "b", "2024-03-06", valueBoolean=True),
            kenya("new-lesion", "c", "2024-04-06"),
            kenya("baseline", "d", valueQuantity={"value": 58, "unit": "mm"}),
            kenya("new-lesion", "e", "2024", valueBoolean=True),
            errors="collect",
        )
        assert sizes(study, "status") == [(None, None), ("NEW@2024-03-06", "present"), (None, None)]
        assert codes(study) == ["UNREAD_RESPONSE", "DERIVED_ROW", "NO_LOCATION"]
        assert column(study.errors, "code") == ["NO_DATE"]

    def test_assessments(self) -> None:
        """The days of one assessment are one visit, unless a lesion stands on two of them."""

        def target(name: str, date: str, *weeks: str) -> Any:
            made = [{"url": "x/recist-target-lesion-id-extension", "valueString": name}]
            made += [
                {"url": "x/nccp-recist-timepoint-extension", "valueCode": week} for week in weeks
            ]
            return kenya(
                "target-lesion",
                f"{name}{date}",
                date,
                extension=made,
                valueQuantity={"value": 18, "unit": "mm"},
            )

        study = read(
            target("A", "2024-03-06", "WEEK-8"),
            target("B", "2024-03-07", "WEEK-8"),
            target("A", "2024-05-06", "OTHER"),
            target("A", "2024-07-06", "OTHER"),
            target("A", "2024-09-06", "WEEK-16"),
            target("B", "2024-09-06", "PROGRESSION"),
            target("B", "2024-11-06"),
        )
        assert column(study.findings, "visit") == ["WEEK-8", "WEEK-8", *[None] * 5]
        assert only(study.problems, "VISIT_SPLIT", "detail") == [
            "OTHER: A on 2024-05-06 and 2024-07-06"
        ]

    def test_roles_of_several_lines(self) -> None:
        """Which of several lines a role is of nobody says."""
        url = "x/recist-target-lesion-id-extension"
        seen = kenya(
            "target-lesion",
            "t",
            valueQuantity={"value": 18, "unit": "mm"},
            extension={"url": url, "valueString": "TL-1"},
        )
        given = [dose("MedicationStatement", agent, start, start) for agent, start in
                 (("sorafenib", "2024-01-10"), ("regorafenib", "2024-06-10"))]  # fmt: skip
        study = read(seen, *given)
        assert sorted(codes(study)) == ["NO_LOCATION", "ROLES_NOT_READ"]
        assert column(study.lines, "targets") == [None, None]


class TestVerdicts:
    """Verdicts are of criteria; a trend is no verdict."""

    @pytest.mark.parametrize(
        ("made", "criteria", "word"),
        [
            (response("PARTIAL-RESPONSE"), "recist-1.1", "PR"),
            (response("COMPLETE-RESPONSE", method={"text": "mrecist"}), "mrecist", "CR"),
            (response("C96700", system="x", method=concept("C126032")), "mrecist", "NON-CR/NON-PD"),
            (response("C40413", system="x", method=concept("C124415")), "recist-1.1", "NED"),
            (response("x", system="y", valueCodeableConcept={"text": "pd"},
                      method={"text": "recist-1.1"}), "recist-1.1", "PD"),
            (observation("m", concept("396432002"), "2024-03-06",
                         valueCodeableConcept=concept("SD", None,
                             "x/CodeSystem/mii-cs-mtb-response-befund-beurteilung"),
                         method=concept("RECIST", "RECIST", "x")), "recist-1.1", "SD"),
            (observation("m", concept("396432002"), "2024-03-06",
                         valueCodeableConcept=concept("SD", None,
                             "x/CodeSystem/mii-cs-mtb-response-befund-beurteilung"),
                         method={"text": "Recist"}), "recist-1.1", "SD"),
            (observation("m", concept("21976-6"), "2024-03-06", method={"text": "RECIST 1.1"},
                         valueCodeableConcept={"text": "PR"}), "recist-1.1", "PR"),
        ],
    )  # fmt: skip
    def test_reported(self, made: Any, criteria: str, word: str) -> None:
        """The verdict and its criteria, in the findings and in the table of what was reported."""
        study = read(made)
        assert column(study.reported, "patient", "date", "criteria", "response") == [
            ("P1", DAY("2024-03-06"), criteria, word)
        ]
        assert column(study.findings, f"reported:{criteria}") == [word]
        assert codes(study) == []

    def test_not_named(self) -> None:
        """A verdict that names no criteria is a question, which the caller answers."""
        made = response("C4870", system="x")
        with pytest.raises(AskError, match=r'by which criteria.*responses="mrecist"'):
            read(made)
        assert column(read(made, responses="mrecist").findings, "reported:mrecist") == ["CR"]
        study = read(made, responses=None)
        assert codes(study) == ["OTHER_CRITERIA"]
        assert not column(study.reported, "response")

    def test_left_out(self) -> None:
        """Other criteria, words that are none, what a program computed."""
        system = "x/mii-cs-mtb-response-befund-beurteilung"
        device = {"resourceType": "Device", "id": "d", "deviceName": [{"name": "mrecist"}, 1]}
        other = {"resourceType": "Device", "id": "e", "deviceName": [{"name": "mrecistic"}]}
        study = read(
            response("PR", system=system, **RANO),
            response("MR", system=system),
            response("x", valueCodeableConcept={"text": "well"}),
            response("y", valueCodeableConcept=None),
            device,
            other,
            response("PARTIAL-RESPONSE", device={"reference": "Device/d"}),
            response("STABLE-DISEASE", device={"display": "mrecist 0.1"}),
            response("PROGRESSIVE-DISEASE", device={"reference": "Device/e"}),
        )
        assert codes(study) == [
            "OTHER_CRITERIA",
            "UNREAD_RESPONSE",
            "UNREAD_RESPONSE",
            "UNREAD_RESPONSE",
            "DERIVED_ROW",
            "DERIVED_ROW",
        ]
        assert column(study.reported, "response") == ["PD"]

    def test_wrong(self) -> None:
        """The mRECIST of mesothelioma is a mistake, and so are two verdicts on one day."""
        study = read(response("PR", method=concept("C126031")), errors="collect")
        assert column(study.errors, "code") == ["WRONG_MRECIST"]
        study = read(
            response("PARTIAL-RESPONSE"),
            response("STABLE-DISEASE"),
            response("PR", "2024"),
            response("PR", subject=None),
            errors="collect",
        )
        assert column(study.errors, "code") == ["CONFLICTING_RESULT", "NO_DATE", "NO_PATIENT"]

    def test_trend(self) -> None:
        """A clinician's trend stands apart; a verdict it is only where the caller says so."""
        made = [
            observation("a", concept("97509-4"), "2024-03-06",
                        valueCodeableConcept=concept("268910001", "improved")),
            observation("b", concept("396432002"), "2024-04-06",
                        valueCodeableConcept=concept("V", "Vollremission", "x/onko-verlauf")),
            observation("c", concept("97509-4"), "2024-05-06"),
            observation("d", concept("97509-4"), None),
            observation("e", concept("97509-4"), subject={}),
        ]  # fmt: skip
        study = read(*made, errors="collect")
        assert column(study.status, "date", "code", "display", "source") == [
            (DAY("2024-03-06"), "268910001", "improved", "Observation/a"),
            (DAY("2024-04-06"), "V", "Vollremission", "Observation/b"),
            (DAY("2024-05-06"), None, None, "Observation/c"),
        ]
        assert codes(study) == ["STATUS_NOT_A_VERDICT"] * 3
        assert len(study.findings["patient"]) == 0
        study = read(*made, trend="reported", errors="collect")
        assert column(study.findings, "date", "reported") == [(DAY("2024-04-06"), "CR")]
        assert codes(study) == ["UNREAD_RESPONSE", "UNREAD_RESPONSE"]
        with pytest.raises(ValueError, match="trend must be \"reported\" or None, got 'yes'"):
            read(trend="yes")

    @pytest.mark.parametrize("dates", ["last", "first", "refuse"])
    def test_no_date_in_silence(self, dates: str) -> None:
        """Ends of doses and days of markers that are not whole are told, each with its resource."""
        stated = "MedicationStatement"
        marker = observation(
            "a", concept("1834-1"), "2024-03", valueQuantity={"value": 400, "unit": "ng/mL"}
        )
        given = [dose(stated, "sorafenib", "2024-01-10", end) for end in ("2024-02", "2024")]
        for made in (marker, *given):
            whole = read(lesion("A"), size("A", 20), made, dates=dates)
            codes_told = [
                each
                for each in codes(whole)
                if each in ("PARTIAL_DATE", "UNREAD_DATE", "UNREAD_MARKER")
            ]
            assert len(codes_told) == 1
        day = dose(stated, "sorafenib", "2024-01-10", "2024-01-10")
        assert "UNREAD_DATE" not in codes(read(lesion("A"), size("A", 20), day, dates=dates))

    def test_name_without_a_code(self) -> None:
        """A medication may be named by a display alone, in R4 and R5."""
        for named in (
            {"medicationCodeableConcept": {"coding": [{"display": "Nexavar"}]}},
            {"medication": {"concept": {"coding": {"display": "Nexavar"}}}},
        ):
            made = dose("MedicationStatement", "x", "2024-01-10", "2024-02-10")
            made.pop("medicationCodeableConcept", None)
            study = read(lesion("A"), size("A", 20), made | named)
            assert column(study.lines, "agents") == ["sorafenib"]

    def test_markers_and_death(self) -> None:
        """Markers of patients with examinations; the death of a patient."""
        marker = {"valueQuantity": {"value": 400, "unit": "ng/mL"}}
        study = read(
            lesion("A"),
            size("A", 20),
            observation("a", concept("1834-1"), **marker),
            observation(
                "b",
                concept("34444-0"),
                "2024-02-01",
                valueQuantity={"value": 3, "comparator": "<", "code": "mAU/mL"},
            ),
            observation("c", concept("1834-1"), "2024-02-01", valueQuantity={"value": -4}),
            observation("d", concept("1834-1"), None, **marker),
            observation("e", concept("1834-1"), "2024-02-01"),
            observation("f", concept("1834-1"), subject={}, **marker),
            observation("g", concept("8480-6"), **marker),
            {"resourceType": "Patient", "id": "P1", "deceasedDateTime": "2024-05-20"},
            {"resourceType": "Patient", "id": "P2", "deceasedBoolean": True},
            {"resourceType": "Patient", "id": "P3", "deceasedBoolean": False},
            {"resourceType": "Patient"},
            {"resourceType": "Patient", "id": "P4", "deceasedDateTime": "soon"},
            errors="collect",
        )
        assert column(study.markers, "name", "value", "unit") == [
            ("AFP", 400, "ng/mL"),
            ("PIVKA-II", "<3", "mAU/mL"),
        ]
        assert codes(study) == ["UNREAD_MARKER"] * 3 + ["OTHER_TEST"]
        assert column(study.errors, "code") == ["NO_PATIENT", "NO_DATE"]
        assert column(study.lines, "death", "last_contact") == [(DAY("2024-05-20"),) * 2]
        assert [marker["name"] for marker in next(study.cases())["markers"]] == ["AFP", "PIVKA-II"]

    @pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "ad"])
    def test_comparators(self, sign: str) -> None:
        """A limit keeps its sign; one that is none of ours is not read as the number alone."""
        quantity = {"value": 400, "comparator": sign, "unit": "ng/mL"}
        made = observation("a", concept("1834-1"), "2024-02-01", valueQuantity=quantity)
        study = read(lesion("A"), size("A", 20), made)
        assert column(study.markers, "value") == [f"{sign}400"] * (sign != "ad")
        assert codes(study) == ["UNREAD_MARKER"] * (sign == "ad")


class TestLines:
    """Doses become lines; orders are no doses."""

    def lines(self, *made: Any, **knobs: Any) -> Any:
        study = read(lesion("A"), size("A", 20), *made, **knobs)
        return study, column(study.lines, "agents", "start", "stop")

    def test_doses(self) -> None:
        """Administrations, else statements; several of a day are one."""
        admin, stated = "MedicationAdministration", "MedicationStatement"
        study, lines = self.lines(
            dose(admin, "Lenvima 4 MG Oral Capsule", "2024-01-10", "2024-02-10"),
            dose(admin, "lenvatinib mesylate 4 MG", "2024-01-10", "2024-03-10"),
            dose(admin, "lenvatinib", "2024-01-10", "2024-02-10"),
            dose(stated, "lenvatinib", "2024-01-12", None),
            dose(stated, "sorafenib", "2024-06-10", None),
            dose(stated, "sorafenib", "2024-06-10", "2024-07-01"),
            dose("MedicationRequest", "regorafenib", "2025-01-01"),
        )
        assert lines == [
            ("lenvatinib", DAY("2024-01-10"), DAY("2024-03-10")),
            ("sorafenib", DAY("2024-06-10"), None),
        ]
        assert codes(study) == ["ORDER_LEFT_OUT", "ORDER_LEFT_OUT"]
        assert only(study.problems, "ORDER_LEFT_OUT", "detail")[1].endswith(
            "regorafenib: doses are recorded"
        )

    def test_orders(self) -> None:
        """Only where there is nothing else; they hold from their period on."""
        bounds = [{}, {"timing": {"repeat": {"boundsPeriod": {"start": "2024-01-10",
                                                             "end": "2024-02-10"}}}}]  # fmt: skip
        _, lines = self.lines(
            dose("MedicationRequest", "sorafenib", "2024-01-01", dosageInstruction=bounds),
            dose("MedicationRequest", "regorafenib", "2024-06-01"),
            dose("MedicationRequest", "lenvatinib", "2024-09-01", doNotPerform=True),
            dose("MedicationRequest", "lenvatinib", "2024-09-01", status="draft"),
        )
        assert lines == [
            ("sorafenib", DAY("2024-01-10"), DAY("2024-02-10")),
            ("regorafenib", DAY("2024-06-01"), None),
        ]

    def test_agents(self) -> None:
        """Agents by their names; others are left out, unless they are said to be of the cancer."""
        stated = "MedicationStatement"
        profile = {"profile": ["x/mcode-cancer-related-medication-request"]}
        contained = {"resourceType": "Medication", "id": "m", "code": {"text": "Nexavar"}}
        study, lines = self.lines(
            dose(stated, "aspirin 100 MG", "2024-01-05"),
            dose(stated, {}, "2024-01-05"),
            dose(stated, "examplinib", "2024-01-10", "2024-01-20", meta=profile),
            dose(stated, "our combination", "2024-05-10", "2024-05-20"),
            dose(
                stated,
                {},
                "2024-09-10",
                "2024-09-20",
                contained=[contained],
                medicationReference={"reference": "#m"},
            ),
            dose(
                stated,
                {},
                "2024-12-10",
                "2024-12-20",
                medicationReference={"reference": "Medication/9", "display": "regorafenib"},
            ),
            dose(stated, {}, "2025-04-10", "2025-04-20", medication={"concept": {"text": "RAM"}}),
            dose(
                stated,
                {},
                "2025-07-10",
                "2025-07-20",
                medication={
                    "concept": concept("L01EX07", "cabozantinib", "http://www.whocc.no/atc")
                },
            ),
            dose(stated, {}, "2025-10-10", medicationReference={"reference": "#q"}),
            dose(stated, "sorafenib", "2025-10-10", subject={}),
            drugs={"Our Combination": "durvalumab"},
            errors="collect",
        )
        assert [line[0] for line in lines] == [
            "examplinib",
            "durvalumab",
            "sorafenib",
            "regorafenib",
            "ramucirumab",
            "cabozantinib",
        ]
        assert [
            detail.rpartition(": ")[2] for detail in only(study.problems, "AGENT_UNKNOWN", "detail")
        ] == [
            "aspirin 100 MG is left out",
            "no name is left out",
            "examplinib is taken as it is",
            "no name is left out",
        ]

    def test_wrong(self) -> None:
        """Doses without a date, that end before they begin, or that overlap."""
        admin = "MedicationAdministration"
        study, lines = self.lines(
            dose(admin, "sorafenib", None),
            dose(admin, "sorafenib", "2024-03-01", "2024-02-01"),
            dose(admin, "sorafenib", "2024-03-01", "2024-05-01"),
            dose(admin, "sorafenib", "2024-04-01", "2024-06-01"),
            errors="collect",
        )
        assert column(study.errors, "code") == ["NO_DATE", "OVERLAPPING_DOSES", "OVERLAPPING_DOSES"]
        assert lines == [(None, DAY("2024-01-03"), None)]

    def test_boundaries(self) -> None:
        """Where a line ends is the caller's."""
        given = [
            dose("MedicationStatement", "sorafenib", start, start)
            for start in ("2024-01-10", "2024-04-10")
        ]
        assert len(self.lines(*given)[1]) == 2
        assert len(self.lines(*given, boundaries=LineBoundaries(max_gap_days=200))[1]) == 1

    def test_no_examination(self) -> None:
        """Treatment of a patient without examinations is named."""
        study = read(
            lesion("A"), size("A", 20), dose("MedicationStatement", "sorafenib", "2024-01-10",
                subject={"reference": "Patient/P2"}),
            {"resourceType": "Procedure", "status": "completed", "code": {"text": "TACE"},
             "performedDateTime": "2024-02-01", "subject": {"reference": "Patient/P2"}},
        )  # fmt: skip
        assert only(study.problems, "NO_EXAMINATION", "patient", "detail") == [
            ("P2", "1 record of treatment")
        ]
        assert study.procedures is None

    def test_procedures(self) -> None:
        """Local treatment by its names or as the caller says, with the lesions it was of."""
        url = "http://hl7.org/fhir/StructureDefinition/procedure-targetBodyStructure"
        done = {
            "resourceType": "Procedure", "status": "completed",
            "performedDateTime": "2024-02-01", "subject": {"reference": "Patient/P1"},
        }  # fmt: skip
        study, _ = self.lines(
            done | {"code": concept("1", "TACE (procedure)"),
                    "extension": [{"url": url, "valueReference": {"reference":
                        f"BodyStructure/{name}"}} for name in ("b-A", "b-Z")] + [{"url": "x"}]},
            done | {"code": concept("2", "Liver thing")}, done | {"code": concept("3", "RFA"),
                "status": "not-done"},
            done | {"code": concept("4", "Biopsy")}, done | {"code": {}},
            done | {"code": {"text": "SIRT"}, "performedDateTime": None},
            done | {"code": {"text": "RFA"}, "subject": {}},
            done | {"code": {"text": "MWA"}, "extension": [{"url": url, "valueReference": {}},
                {"url": url, "valueReference": {"reference": "BodyStructure/b-Z"}}]},
            procedures={"2": "ablation"}, errors="collect",
        )  # fmt: skip
        assert column(study.procedures, "kind", "lesions", "text") == [
            ("TACE", "A", "TACE (procedure)"),
            ("ablation", None, "Liver thing"),
        ]
        assert sorted(codes(study)) == [
            "NO_IDENTIFICATION",
            "NO_IDENTIFICATION",
            "OTHER_PROCEDURE",
            "OTHER_PROCEDURE",
            "WITHDRAWN",
        ]
        assert column(study.errors, "code") == ["NO_DATE", "NO_PATIENT"]


class TestPlans:
    """A plan of the category "line of therapy" is a line as it stands."""

    def plan(self, **more: Any) -> Any:
        return {
            "resourceType": "CarePlan",
            "status": "unknown",
            "category": [{"text": "line of therapy"}],
            "subject": {"reference": "Patient/P1"},
            "period": {"start": "2024-01-10"},
            **more,
        }

    def listed(self, name: str, *lesions: str, **more: Any) -> Any:
        items = [{"item": {"reference": f"BodyStructure/b-{each}"}} for each in lesions]
        return {
            "resourceType": "List",
            "id": name,
            "status": "current",
            "code": {"text": name},
            "entry": [*items, {"item": {}}],
            **more,
        }

    def test_plan(self) -> None:
        """Its agents in their order, its baseline and its lists; other activities say nothing."""
        given = dose("MedicationStatement", "our drug", "2020-01-01", id="m")
        plan = self.plan(
            activity=[{"outcomeReference": [{"reference": "MedicationStatement/m"},
                                            {"reference": "MedicationStatement/lost"},
                                            {"reference": "Procedure/p"}],
                       "outcomeCodeableConcept": {"text": "progression"}}],
            supportingInfo=[{"reference": f"List/{name}"} for name in ("targets", "nontargets",
                            "lost")] + [{"reference": "BodyStructure/b-A"}],
        )  # fmt: skip
        nameless = {"resourceType": "Procedure", "id": "p", "status": "completed",
                    "subject": {"reference": "Patient/P1"}}  # fmt: skip
        study = read(
            lesion("A"),
            size("A", 20),
            lesion("B"),
            plan,
            given,
            nameless,
            self.listed("targets", "A", "B", "A"),
            self.listed("nontargets", "Z"),
        )
        assert column(study.lines, "agents", "start", "end_reason", "targets", "nontargets") == [
            ("our drug", DAY("2024-01-10"), "progression", "A;B", "b-Z")
        ]
        assert sizes(study, "organ", "status") == [
            ("A", "liver", None),
            ("B", "liver", "not evaluable"),
            ("b-Z", "unknown", "not evaluable"),
        ]
        assert sorted(codes(study)) == [
            "NO_LOCATION",
            "TARGET_WITHOUT_RESULT",
            "TARGET_WITHOUT_RESULT",
        ]

    def test_chosen(self) -> None:
        """Lists that a program chose are not read; a plan of another category is none."""
        info = [{"reference": "List/targets"}]
        listed = self.listed("targets", "B", source={"reference": "Device/d"})
        other = self.plan(category=[{"text": "nutrition"}])
        study = read(lesion("A"), size("A", 20), self.plan(supportingInfo=info), listed, other)
        assert column(study.lines, "start", "agents", "targets") == [
            (DAY("2024-01-10"), None, None)
        ]

    def test_unsound(self) -> None:
        """A plan, or an examination, without a date or a patient."""
        exam = observation("e", {"text": "tumour imaging examination"})
        last = observation("l", {"text": "last contact"})
        study = read(
            self.plan(period=3),
            self.plan(subject=None),
            exam | {"effectiveDateTime": None},
            exam | {"subject": None},
            last | {"subject": None},
            last | {"effectiveDateTime": "x"},
            exam | {"component": [{"code": {"text": "colour"}, "valueString": "red"}]},
            errors="collect",
        )
        assert sorted(column(study.errors, "code")) == ["NO_DATE"] * 3 + ["NO_PATIENT"] * 3
        assert sizes(study, "date") == [(None, DAY("2024-01-03"))]


class TestSources:
    """Where resources come from."""

    def test_patients(self) -> None:
        """Patients by their ids, however they are referred to; ids of two servers are two."""
        ways: list[Any] = [
            {"reference": "Patient/P1"}, {"reference": "https://a.example/fhir/Patient/P1"},
            {"reference": "Patient/P1/_history/2"}, {"identifier": {"value": "P1"}},
            {"reference": "P1"}, {"reference": "#p"},
        ]  # fmt: skip
        contained = [3, {"resourceType": "Patient", "id": "p", "identifier": [{"value": "P1"}]}]
        made = [
            size("A", 20, f"2024-0{at}-01", subject=way, contained=contained)
            for at, way in enumerate(ways, 1)
        ]
        assert set(read(lesion("A"), *made).findings["patient"]) == {"P1"}
        other = size("A", 20, subject={"reference": "https://b.example/fhir/Patient/P1"})
        study = read(lesion("A"), *made, other, errors="collect")
        assert column(study.errors, "patient", "code") == [("P1", "NO_PATIENT")]
        assert "read them apart" in column(study.errors, "error")[0]
        body = {"patient": {"reference": "Patient/P7"}, "subject": None}
        assert set(read(lesion("A"), size("A", 20, **body)).findings["patient"]) == {"P7"}

    def test_files(self, tmp_path: Path) -> None:
        """A bundle, one resource, lines of resources, a folder, several files."""
        made = [lesion("A"), size("A", 14), size("A", 9.8, "2024-03-06")]
        (tmp_path / "bundle.json").write_text(json.dumps(bundle(*made)), "utf-8-sig")
        (tmp_path / "bulk").mkdir()
        (tmp_path / "bulk" / "BodyStructure.ndjson").write_text(f"\n{json.dumps(made[0])}\n")
        lines = "\n".join(map(json.dumps, made[1:]))
        (tmp_path / "bulk" / "Observation.ndjson").write_text(f"\ufeff{lines}", "utf-8")
        (tmp_path / "bulk" / "notes.txt").write_text("no resource")
        sources: list[Any] = [
            tmp_path / "bundle.json", str(tmp_path / "bulk"), made, iter([bundle(*made)]),
            [tmp_path / "bulk" / "BodyStructure.ndjson", tmp_path / "bulk" / "Observation.ndjson"],
            bundle(bundle(*made)),
        ]  # fmt: skip
        for source in sources:
            study = read_fhir(source, measures="viable")
            assert study.assess().lines["best_response"].tolist() == ["PR"]
        bundled = read_fhir(sources[0], measures="viable", arterial_phase=True)
        assert column(bundled.findings, "viable_mm") == ["14", "9.8"]
        assert codes(bundled) == []

    def test_objects(self) -> None:
        """Objects of `fhir.resources`, whose dates and numbers are Python's own."""

        class Model:
            def __init__(self, body: Any) -> None:
                self.body = body

            def model_dump(self) -> Any:
                return self.body

        moment = datetime.datetime(2024, 1, 3, 12, tzinfo=datetime.UTC)
        seen = size("A", Decimal("14.50"), effectiveDateTime=moment)
        study = read_fhir([Model(lesion("A")), Model(seen)], measures="viable")
        assert sizes(study, "date", "viable_mm") == [("A", DAY("2024-01-03"), "14.5")]

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("a.json", b"", "not JSON: nothing in it"),
            ("a.json", b"{", "not JSON"),
            ("a.json", "{\"a\": \"\u00e9\"}".encode("latin-1"), "not UTF-8"),
            ("a.json", "{}".encode("utf-16"), "UTF-16; save it as UTF-8"),
            ("a.json", b"[" * 100_000, "nested too deeply"),
            ("a.json", b"3", "must be a resource of FHIR, got 3"),
            ("a.json", b"{}", "it has no resourceType"),
            ("a.json", b"[[[1]]]", "must be a resource of FHIR"),
            ("a.json", b'{"resourceType": "Bundle", "entry": [3]}', "must be an entry, got 3"),
            ("a.json", b'{"resourceType": "Bundle", "entry": [{"resource": 3}]}',
             "must be an entry"),
            ("a.json", b'{"resourceType": "Bundle", "entry": [{}]}',
             "there is no resource of FHIR"),
            ("a.json", b'{"resourceType": "Bundle"}', "there is no resource of FHIR"),
            ("a.ndjson", b"\n", "there is no resource of FHIR"),
            ("a.ndjson", b'{"resourceType": "Patient"}\n{', "row 1: NOT_A_TABLE: not JSON"),
            ("a.fsh", b"Instance: a\nInstanceOf: b\n", "FHIR in XML or in Shorthand is not read"),
            ("a.txt", b'\n{"resourceType": "Patient"}\n{', "row 1: NOT_A_TABLE: not JSON"),
        ],
    )  # fmt: skip
    def test_unsound(self, tmp_path: Path, name: str, content: bytes, told: str) -> None:
        """Files that are no FHIR say why."""
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(IntakeError) as raised:
            read_fhir(path)
        assert told in str(raised.value).replace(",", "") or told in str(raised.value)

    @pytest.mark.parametrize(
        ("knobs", "told"),
        [({"kinds": {"A": "blob"}}, "kinds.A: must be one of"), ({"kinds": 3}, "kinds: must be a"),
         ({"locations": {"A": "liver"}}, "locations.A: must be a pair"),
         ({"drugs": ["x"]}, "drugs: must be a mapping"),
         ({"procedures": {"x": 3}}, "procedures: must be a text by a text, got 3 by 'x'"),
         ({"responses": 3}, "responses must be the name of criteria or None, got 3"),
         ({"dates": "any"}, "dates must be"), ({"errors": "no"}, "errors must be")],
    )  # fmt: skip
    def test_settings(self, knobs: Any, told: str) -> None:
        """Settings of the wrong shape are refused by name."""
        with pytest.raises(ValueError, match=told):
            read(lesion("A"), size("A", 20), **knobs)

    def test_long(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A document that is too long says what to do."""
        monkeypatch.setattr("mrecist.io.fhir_files.LONGEST_DOCUMENT", 10)
        (tmp_path / "a.json").write_text(json.dumps(lesion("A")))
        with pytest.raises(IntakeError, match=r"longer than 10 bytes: give it as .ndjson"):
            read_fhir(tmp_path / "a.json")

    def test_nothing(self, tmp_path: Path) -> None:
        """An empty folder, an empty list, no file."""
        with pytest.raises(IntakeError, match="no file in it ends in"):
            read_fhir(tmp_path)
        with pytest.raises(IntakeError, match="there is no resource"):
            read_fhir([])
        with pytest.raises(FileNotFoundError):
            read_fhir(tmp_path / "none.json")
        with pytest.raises(IntakeError, match="must be a resource of FHIR, got 3"):
            read_fhir(3)


SIZED = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2"]),
        st.sampled_from(["A", "B", "C"]),
        st.integers(1, 9),
        st.integers(0, 2000),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[:3],
)


@given(SIZED, st.randoms(use_true_random=False))
def test_any_order(rows: list[Any], order: Any) -> None:
    """Whatever the order of resources, each size is that of its patient, lesion and day."""
    made: list[Any] = []
    expected = set()
    for patient, name, month, tenths, in_cm in rows:
        value = tenths / 100 if in_cm else tenths / 10
        subject = {"reference": f"Patient/{patient}"}
        made.append(
            size(
                name,
                value,
                f"2024-0{month}-15",
                "cm" if in_cm else "mm",
                subject=subject,
                id=f"{patient}{name}{month}",
            )
        )
        expected.add((patient, name, f"2024-0{month}-15", Decimal(tenths) / 10))
    made += [lesion(name) for name in "ABC"]
    order.shuffle(made)
    study = read(*made)
    found = zip(
        *(study.findings[name] for name in ("patient", "lesion", "date", "viable_mm")), strict=True
    )
    assert {(who, of, str(date), Decimal(mm)) for who, of, date, mm in found} == expected
    assert codes(study) == []
