"""A bundle of FHIR judged, and the verdicts written as FHIR again.

The bundle is invented: sizes as mCODE has them, a drug, and a clinician's judgement, which is no
verdict. What the sizes measure is asked; what is not read is named.
"""

from mrecist import assess
from mrecist.io import AskError, read_fhir, to_fhir

PATIENT = {"reference": "Patient/P-001"}


def size(name: str, date: str, mm: float) -> dict[str, object]:
    """The longest diameter of the lesion, as mCODE's Tumor Size."""
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "21889-1"}]},
        "subject": PATIENT,
        "focus": [{"reference": "BodyStructure/s8"}],
        "effectiveDateTime": date,
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": "33728-7"}]},
                "valueQuantity": {"value": mm, "unit": "mm", "code": "mm"},
            }
        ],
    }


RESOURCES = [
    {
        "resourceType": "BodyStructure",
        "id": "s8",
        "identifier": [{"value": "S8"}],
        "location": {"coding": [{"system": "http://snomed.info/sct", "code": "245309003"}]},
        "patient": PATIENT,
    },
    size("before", "2024-01-03", 41),
    size("after", "2024-03-06", 24.5),
    {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": "Lenvima 4 MG Oral Capsule"},
        "subject": PATIENT,
        "effectivePeriod": {"start": "2024-01-10"},
    },
    {
        "resourceType": "Observation",
        "id": "impression",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "97509-4"}]},
        "subject": PATIENT,
        "effectiveDateTime": "2024-03-08",
        "valueCodeableConcept": {"coding": [{"code": "268910001", "display": "improved"}]},
    },
]

# A diameter of mCODE may be of the enhancing part or of the whole: that is asked, never guessed.
try:
    read_fhir(RESOURCES)
except AskError as question:
    print(question)

study = read_fhir(RESOURCES, measures="viable")
print(study)
for code, detail in zip(study.problems["code"], study.problems["detail"], strict=True):
    print(f"  {code}: {detail}")

(chart,) = study.patients()
bundle = to_fhir(assess(chart))
for entry in bundle["entry"]:
    resource = entry["resource"]
    if "device" in resource:
        print(resource["code"]["text"], resource["valueCodeableConcept"], resource["device"])
        for note in resource["note"]:
            print(f"  {note['text']}")

# Read again, what was computed is no reader's verdict: the sizes are judged anew.
print(read_fhir(bundle).assess().lines["best_response"])
