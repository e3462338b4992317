"""FHIR of anything: a study, a question or mistakes, and nothing else."""

from __future__ import annotations

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.fhir_rows import bundle, concept, dose, kenya, lesion, observation, response, size

import mrecist
from mrecist import CohortError
from mrecist.io import AskError, IntakeError, read_fhir, to_fhir

WHOLE = [
    lesion("A"), lesion("N", concept("59441001")), size("A", 20), size("A", 14, "2024-03"),
    size("N", 20, "2024-01-03", "cm", 9), response("PARTIAL-RESPONSE"),
    observation("t", concept("97509-4"), valueCodeableConcept=concept("V")),
    observation("m", concept("1834-1"), valueQuantity={"value": 4, "unit": "1"}),
    kenya("target-lesion", "k", valueQuantity={"value": 18, "unit": "mm"},
          extension=[{"url": "x/recist-target-lesion-id-extension", "valueString": "T1"}]),
    kenya("non-target-lesion", "l", valueCodeableConcept=concept("STABLE-DISEASE")),
    kenya("new-lesion", "n", valueBoolean=True),
    dose("MedicationAdministration", "sorafenib", "2024-01-10", "2024-05-01"),
    dose("MedicationRequest", "regorafenib", "2024-06-10",
         dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"start": "2024-06-01"}}}}]),
    {"resourceType": "Procedure", "status": "completed", "code": {"text": "TACE"},
     "performedDateTime": "2024-02-01", "subject": {"reference": "Patient/P1"},
     "extension": [{"url": "x/procedure-targetBodyStructure",
                    "valueReference": {"reference": "BodyStructure/b-A"}}]},
    {"resourceType": "Patient", "id": "P1", "deceasedDateTime": "2024-09-01",
     "identifier": [{"type": {"text": "patient id"}, "value": "P1"}]},
]  # fmt: skip
OWN = [entry["resource"] for entry in to_fhir(mrecist.assess(mrecist.example_case()))["entry"]][:60]
CELLS = st.one_of(
    st.sampled_from([
        None, "", "A", "2024-02-30", "2024", "2024-01", "mm", "-3", True, 0, -1, 1e308, 10**30,
        float("nan"), [], {}, [1], [[]], {"reference": "#x"}, {"reference": "Patient/P9"},
        {"coding": 3}, {"coding": [{"code": 5}]}, {"text": []}, "entered-in-error", b"x", "\ud800",
        {"reference": 5}, "Observation", "Bundle", "CarePlan", object(),
    ]),
    st.text(max_size=5), st.floats(), st.integers(),
)  # fmt: skip
SPOTS = st.tuples(st.integers(0, 99), st.lists(st.integers(0, 9), min_size=1, max_size=5), CELLS)


def spoiled(resource: Any, path: list[int], cell: Any) -> None:
    """Put a value somewhere into a resource."""
    for step in path[:-1]:
        inside = list(resource.values()) if isinstance(resource, dict) else resource
        deeper = inside[step % len(inside)] if inside else None
        if not isinstance(deeper, (dict, list)) or not deeper:
            break
        resource = deeper
    keys = list(resource) if isinstance(resource, dict) else range(len(resource))
    resource[keys[path[-1] % len(keys)]] = copy.deepcopy(cell)


def judged(study: Any) -> None:
    """Judge and convert what was read; mistakes that only charts show are fine."""
    with suppress(AskError):
        responses = study.assess(errors="collect")
        assert set(responses.errors["patient"].tolist()) >= {
            who for who in study.errors["patient"] if who in set(study.findings["patient"])
        }
    list(study.cases())


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.booleans(), st.lists(SPOTS, max_size=6), st.lists(st.integers(0, 99), max_size=2))
def test_elements(own: bool, spots: list[Any], lacking: list[int]) -> None:
    """Anything anywhere, any resources missing; another patient is judged all the same."""
    made = copy.deepcopy(OWN if own else WHOLE)
    for at, path, cell in spots:
        spoiled(made[at % len(made)], list(path), cell)
    for at in lacking:
        made.pop(at % len(made))
    whose = {"subject": {"reference": "Patient/sound"}}
    sound = [lesion("Z", id="z"), *(
        size("Z", value, date, focus=[{"reference": "BodyStructure/z"}], **whose)
        for value, date in ((14, "2024-01-03"), (9.8, "2024-03-06"))
    )]  # fmt: skip
    with suppress(AskError, IntakeError):
        study = read_fhir(
            [*sound, bundle(*made)], measures="viable", errors="collect", responses="mrecist"
        )
        judged(study)
        with suppress(CohortError):
            found = study.assess(errors="collect").lines
            assert ("sound", "PR") in zip(found["patient"], found["best_response"], strict=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([".json", ".ndjson"]),
    st.binary(max_size=60) | st.text(alphabet='{}[]",:\n1a', max_size=60).map(str.encode),
)
def test_bytes(tmp_path: Path, ending: str, content: bytes) -> None:
    """Any bytes are resources or a mistake."""
    path = tmp_path / f"a{ending}"
    path.write_bytes(content)
    with suppress(IntakeError):
        read_fhir(path)


def test_wide() -> None:
    """Ten thousand elements of other names, and as many resources of another kind."""
    other = {f"element{at}": at for at in range(10_000)}
    made = [lesion("A", **other), size("A", 20, **other)]
    made += [{"resourceType": "Practitioner"}] * 10_000
    study = read_fhir(made, measures="viable")
    assert len(study.findings["patient"]) == 1


def test_nested() -> None:
    """Bundles in bundles, without end."""
    inner: Any = bundle(lesion("A"))
    for _ in range(100):
        inner = bundle(inner)
    with pytest.raises(IntakeError):
        read_fhir(inner["entry"][0])
    assert len(read_fhir(inner).findings["patient"]) == 0
