"""Small resources of FHIR, written one by one, and what a study of them says."""

from __future__ import annotations

from typing import Any

from mrecist.io import Study, read_fhir

__all__ = [
    "bundle", "concept", "dose", "kenya", "lesion", "observation", "read", "response", "size",
]  # fmt: skip

Json = dict[str, Any]
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
KENYA = "https://example.org/anywhere/StructureDefinition/"


def concept(code: str, display: str | None = None, system: str = SNOMED) -> Json:
    """A concept of one code."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


def observation(name: str, code: Json, date: str | None = "2024-01-03", **more: Any) -> Json:
    """An Observation of the patient P1."""
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "code": code,
        "subject": {"reference": "Patient/P1"},
        "effectiveDateTime": date,
        **more,
    }


def lesion(name: str, site: Json | None = None, **more: Any) -> Json:
    """A tumour: its id is its identifier, its place the liver."""
    return {
        "resourceType": "BodyStructure",
        "id": f"b-{name}",
        "identifier": [{"value": name}],
        "location": site or concept("10200004", "Liver structure"),
        "patient": {"reference": "Patient/P1"},
        **more,
    }


def size(
    of: str,
    value: Any,
    date: str | None = "2024-01-03",
    unit: str = "mm",
    *others: Any,
    **more: Any,
) -> Json:
    """A size as mCODE has it."""
    parts = [
        {"code": concept(code, None, LOINC), "valueQuantity": {"value": each, "code": unit}}
        for code, each in (("33728-7", value), *(("33729-5", each) for each in others))
    ]
    body = {"focus": [{"reference": f"BodyStructure/b-{of}"}], "component": parts} | more
    code = concept("21889-1", "Size Tumor", LOINC)
    return observation(f"{of}-{date}", code, date, **body)


def kenya(profile: str, name: str, date: str = "2024-01-03", **more: Any) -> Json:
    """An Observation of a Kenyan profile."""
    meta = {"profile": [f"{KENYA}ke-nccp-recist-{profile}-observation|0.1.0"]}
    return observation(name, concept("SHA-IMAGING"), date, meta=meta, **more)


def response(
    code: str, date: str = "2024-03-06", system: str = "x/recist-response-cs", **more: Any
) -> Json:
    """A verdict."""
    value = concept(code, None, system)
    return observation(
        f"r-{code}-{date}",
        concept("21976-6", None, LOINC),
        date,
        **({"valueCodeableConcept": value} | more),
    )


def dose(kind: str, agent: Any, start: str | None, stop: str | None = None, **more: Any) -> Json:
    """A medication that is given, stated or ordered."""
    body: Json = {
        "resourceType": kind,
        "status": "completed",
        "subject": {"reference": "Patient/P1"},
    }
    body["medicationCodeableConcept"] = {"text": agent} if isinstance(agent, str) else agent
    if kind == "MedicationRequest":
        body["authoredOn"] = start
    else:
        body["effectivePeriod"] = {"start": start, "end": stop}
    return body | more


def bundle(*resources: Any) -> Json:
    """A collection."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": each} for each in resources],
    }


def read(*resources: Any, **knobs: Any) -> Study:
    """The study of these resources; a plain diameter in the liver is of the enhancing part."""
    return read_fhir(bundle(*resources), **({"measures": "viable", "arterial_phase": True} | knobs))
