"""The codes and words of FHIR that are read and written: LOINC, SNOMED CT, NCIt, national ones.

Codes of other terminologies are facts of theirs. Where none says what a chart holds, plain text
stands in `code.text`: there is no code system of our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .._base.words import Kind, Response
from ..rulebook.criteria import MRECIST, MRECIST_5MM, RECIST_1_1

__all__ = [
    "AFP",
    "BODY_STRUCTURE",
    "FACT_WORDS",
    "FINDING_WORDS",
    "KINDS",
    "KIND_WORDS",
    "LIVER_CODES",
    "LOINC",
    "MARKERS",
    "METHODS",
    "NCIT",
    "NCIT_RESPONSES",
    "PATHOLOGY",
    "RESPONSE_CODES",
    "SNOMED",
    "TREND_CODES",
    "UCUM",
]

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
BODY_STRUCTURE = "http://hl7.org/fhir/resource-types"

TUMOR_SIZE, LONGEST, OTHER = "21889-1", "33728-7", "33729-5"
RESPONSE = "21976-6"
DISEASE_STATUS, REGRESSION = "97509-4", "396432002"
PATHOLOGY = ("787377000", "24419-4")
"""Methods of pathology: a size of tissue that was taken out is no size on an image."""

LIVER = "10200004"
LIVER_CODES = frozenset({
    LIVER,
    "245302009", "245303004", "245304005", "245305006", "245306007", "245307003", "245308008",
    "245309003", "871688003", "871689006",
})  # fmt: skip
"""SNOMED CT: the liver and its Couinaud segments I to VIII, IVa and IVb."""

KINDS = MappingProxyType({
    "27925004": Kind.NODULE, "4147007": Kind.NODULE, "108369006": Kind.NODULE,
    "59441001": Kind.NODE,
})  # fmt: skip
"""SNOMED CT: what a lesion is, by its morphology or, for a lymph node, by its place."""

# ---- words of our own, written in the text of codes and read again

VIABLE = "longest viable (arterially enhancing) diameter"
WHOLE = "longest diameter of the whole lesion"
SHORT_AXIS = "short axis"
STATE = "state of a tumour lesion"
EXAMINATION = "tumour imaging examination"
HILAR = "porta hepatis"
REPORTED = "tumour response as reported"
LAST_CONTACT = "last contact"
LINE = "line of therapy"
LOCAL = "local treatment"
PATIENT_ID = "patient id"

FINDING_WORDS: Mapping[str, str] = MappingProxyType({
    "status": "status",
    "pattern": "pattern of enhancement",
    "cytology": "cytology",
    "biopsy": "biopsy",
    "equivocal": "equivocal",
    "into": "merged into",
})  # fmt: skip
"""What a finding says beside its sizes, by our columns."""

FACT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "enhancement": "arterial enhancement",
        "treated": "locally treated",
        "part_of": "part of",
    }
)
"""What a lesion is beside its place and kind, by our columns."""

EXAM_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "visit": "visit",
        "arterial_phase": "arterial phase",
        "unmentioned": "lesions not mentioned",
    }
)
"""What an examination says, by our columns."""

KIND_WORDS: Mapping[str, Kind] = MappingProxyType({str(kind): kind for kind in Kind})

# ---- verdicts

NCIT_RESPONSES: Mapping[str, tuple[Response, str]] = MappingProxyType({
    "C4870": (Response.CR, "Complete Remission"),
    "C18058": (Response.PR, "Partial Remission"),
    "C18213": (Response.SD, "Stable Disease"),
    "C35571": (Response.PD, "Progressive Disease"),
    "C62222": (Response.NE, "Unevaluable"),
    "C40413": (Response.NED, "No Evidence of Disease"),
    "C96700": (Response.NON_CR_NON_PD, "Non Complete Response/Non Progressive Disease"),
})  # fmt: skip
"""NCIt: the verdicts, each with its preferred term."""

METHODS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        MRECIST.name: (
            "C126032",
            "Modified RECIST Lencioni Liver Cancer 2010 Oncology Response Criteria",
        ),
        MRECIST_5MM.name: (
            "C126032",
            "Modified RECIST Lencioni Liver Cancer 2010 Oncology Response Criteria",
        ),
        RECIST_1_1.name: ("C124415", "Response Evaluation Criteria in Solid Tumors Version 1.1"),
    }
)
"""NCIt: the criteria, each with its preferred term."""

CRITERIA_CODES: Mapping[str, str] = MappingProxyType(
    {"C126032": MRECIST.name, "C124415": RECIST_1_1.name, "RECIST": RECIST_1_1.name}
)
"""The criteria that a method names, by its code."""

CRITERIA_TEXTS: Mapping[str, str] = MappingProxyType(
    {"RECIST": RECIST_1_1.name, "RECIST 1.1": RECIST_1_1.name, "RECIST V1.1": RECIST_1_1.name}
)
"""The criteria that a method names in words, in capitals."""

RESPONSE_SYSTEMS: Mapping[str, str] = MappingProxyType(
    {"recist-response-cs": RECIST_1_1.name, "mii-cs-mtb-response-befund-beurteilung": ""}
)
"""Code systems of verdicts, by the end of their URL, with the criteria that they are of."""

RESPONSE_CODES: Mapping[str, str] = MappingProxyType({
    "COMPLETE-RESPONSE": "CR", "PARTIAL-RESPONSE": "PR", "STABLE-DISEASE": "SD",
    "PROGRESSIVE-DISEASE": "PD", "NOT-EVALUABLE": "NE",
    **{code: str(word) for code, (word, _) in NCIT_RESPONSES.items()},
    **{str(word): str(word) for word in Response if word is not Response.ND},
})  # fmt: skip
"""Verdicts by their codes. `MR` of the German tumour board is mixed response, and not read."""

NONTARGET_STATES: Mapping[str, str] = MappingProxyType({
    "COMPLETE-RESPONSE": "absent", "PARTIAL-RESPONSE": "present", "STABLE-DISEASE": "present",
    "PROGRESSIVE-DISEASE": "progressed", "NOT-EVALUABLE": "not evaluable",
})  # fmt: skip
"""What a non-target is, where a response is recorded of it (Kenyan profiles)."""

TREND_CODES: Mapping[str, str] = MappingProxyType({
    "103338009": "CR", "V": "CR", "103337004": "PR", "T": "PR", "359746009": "SD", "K": "SD",
    "271299001": "PD", "P": "PD", "709137006": "NE", "U": "NE",
})  # fmt: skip
"""A clinician's trend as a verdict, where the caller wants it so. Improvement is none."""

# ---- markers

AFP = "1834-1"
MARKERS: Mapping[str, str] = MappingProxyType(
    {AFP: "AFP", "34444-0": "PIVKA-II", "93768-0": "PIVKA-II"}
)
"""LOINC: the tumour markers that are read."""
