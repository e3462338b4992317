"""The variables of the SDTM data sets that are written, and the names of their tests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["DATA_SETS", "QUALIFIERS", "TESTS", "labels_of", "variables_of"]

DATA_SETS: Mapping[str, str] = MappingProxyType({
    "DM": "Demographics",
    "EX": "Exposure",
    "DS": "Disposition",
    "PR": "Procedures",
    "LB": "Laboratory Test Results",
    "SS": "Subject Status",
    "TU": "Tumor/Lesion Identification",
    "TR": "Tumor/Lesion Results",
    "RS": "Disease Response and Clin Classification",
    "SUPPTU": "Supplemental Qualifiers for TU",
    "SUPPTR": "Supplemental Qualifiers for TR",
})  # fmt: skip
"""Every data set that may be written, with its label."""

_FINDINGS = {
    "LNKID": "Link ID", "TESTCD": "Test Short Name", "TEST": "Test Name", "CAT": "Category",
    "ORRES": "Result or Finding in Original Units", "ORRESU": "Original Units",
    "STRESC": "Character Result in Standard Format", "STRESN": "Numeric Result in Standard Units",
    "STRESU": "Standard Units", "STAT": "Completion Status", "REASND": "Reason Not Done",
    "LOC": "Location", "EVAL": "Evaluator", "EVALID": "Evaluator Identifier",
    "BLFL": "Baseline Flag", "DRVFL": "Derived Flag", "ACPTFL": "Accepted Record Flag",
}  # fmt: skip
_OTHERS = {
    "STUDYID": "Study Identifier", "DOMAIN": "Domain Abbreviation",
    "USUBJID": "Unique Subject Identifier", "VISIT": "Visit Name",
    "RDOMAIN": "Related Domain Abbreviation", "IDVAR": "Identifying Variable",
    "IDVARVAL": "Identifying Variable Value", "QNAM": "Qualifier Variable Name",
    "QLABEL": "Qualifier Variable Label", "QVAL": "Data Value", "QORIG": "Origin",
    "RFSTDTC": "Subject Reference Start Date/Time",
    "RFXSTDTC": "Date/Time of First Study Treatment",
    "DTHDTC": "Date/Time of Death", "DTHFL": "Subject Death Flag",
}  # fmt: skip
_GENERAL = {
    "SEQ": "Sequence Number", "GRPID": "Group ID", "TRT": "Name of Treatment",
    "TERM": "Reported Term for the Disposition Event", "DECOD": "Standardized Name",
    "DTC": "Date/Time of Collection", "STDTC": "Start Date/Time", "ENDTC": "End Date/Time",
    **_FINDINGS,
}  # fmt: skip
_SUPP = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG")
_OWN: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "DM": ("RFSTDTC", "RFXSTDTC", "DTHDTC", "DTHFL"),
    "EX": ("EXSEQ", "EXGRPID", "EXTRT", "EXSTDTC", "EXENDTC"),
    "DS": ("DSSEQ", "DSGRPID", "DSTERM", "DSDECOD", "DSCAT", "DSSTDTC"),
    "PR": ("PRSEQ", "PRLNKID", "PRTRT", "PRDECOD", "PRSTDTC"),
    "LB": ("LBSEQ", "LBTESTCD", "LBTEST", "LBORRES", "LBORRESU", "LBSTRESC", "LBSTRESN",
           "LBSTRESU", "LBDTC"),
    "SS": ("SSSEQ", "SSTESTCD", "SSTEST", "SSORRES", "SSSTRESC", "SSDTC"),
    "TU": ("TUSEQ", "TULNKID", "TUTESTCD", "TUTEST", "TUORRES", "TUSTRESC", "TULOC", "TUEVAL",
           "TUEVALID", "TUACPTFL", "VISIT", "TUDTC"),
    "TR": ("TRSEQ", "TRLNKID", "TRTESTCD", "TRTEST", "TRORRES", "TRORRESU", "TRSTRESC", "TRSTRESN",
           "TRSTRESU", "TRSTAT", "TRREASND", "TREVAL", "TREVALID", "TRACPTFL", "TRBLFL", "VISIT",
           "TRDTC"),
    "RS": ("RSSEQ", "RSGRPID", "RSTESTCD", "RSTEST", "RSCAT", "RSORRES", "RSSTRESC", "RSDRVFL",
           "RSEVAL", "RSEVALID", "RSACPTFL", "VISIT", "RSDTC"),
})  # fmt: skip
_DERIVED = frozenset({"RSGRPID", "RSDRVFL"})

TESTS: Mapping[str, str] = MappingProxyType({
    "TUMIDENT": "Tumor Identification", "TUSPLIT": "Tumor Split", "TUMERGE": "Tumor Merged",
    "VDIAM": "Viable Diameter", "LDIAM": "Longest Diameter", "LPERP": "Longest Perpendicular",
    "TUMSTATE": "Tumor State", "LNSTATE": "Lymph Node State", "TRALL": "All Tumor Results",
    "OVRLRESP": "Overall Response", "LSCFADTC": "Date Last Confirmed Alive",
    "AFP": "Alpha Fetoprotein", "PIVKAII": "Prothrombin Induced by Vit K Absence II",
    "AFPL3AFP": "Alpha Fetoprotein L3/Alpha Fetoprotein",
})  # fmt: skip
"""The names of the tests that are written."""

QUALIFIERS: Mapping[str, str] = MappingProxyType({
    "TUKIND": "Kind of Lesion", "TUORGAN": "Organ of the Lesion",
    "TUHILAR": "Porta Hepatis Lymph Node", "TUENHANC": "Arterial Enhancement of the Lesion",
    "TUTREATD": "In a Locally Treated Area", "TRPATTRN": "Vascular Pattern",
    "TRCYTOL": "Cytology of an Effusion", "TRBIOPSY": "Biopsy of the Lesion",
    "TRSTATUS": "Status of the Lesion", "TREQUIV": "Equivocal Finding",
    "TUCHOICE": "Choice of Lesions for a Line", "TRBASEL": "Baseline of the Line",
    "TRARTPH": "Arterial Phase Acquired", "TRUNMENT": "Lesions That Are Not Mentioned",
    "TRVPERP": "Perpendicular of the Viable Diameter",
    "TRLPERP": "Perpendicular of the Longest Diameter",
    "TRVVOL": "Volume of the Viable Part, mL", "TRMASS": "Mass-like Enhancement",
    "TRAPHE": "Arterial Hyperenhancement", "TRWASH": "Washout",
    "TRLIKEB": "Enhancement Like Before Treatment", "TRDIFFR": "Diffusion Restriction",
    "TRT2MM": "T2 Hyperintensity, Mild to Moderate",
    "TRCHANGE": "Change of Mass-like Enhancement", "TRMARGIN": "Ablative Margin All Round",
    "TRMODAL": "Modality, CT or MRI",
})  # fmt: skip
"""The supplemental qualifiers, for what SDTM has no variable."""


def variables_of(data_set: str, *, derived: bool = True) -> tuple[str, ...]:
    """The variables of a data set in their order; `derived`: with those of derived records."""
    own = _OWN.get(data_set)
    if own is None:
        return _SUPP
    return (
        "STUDYID",
        "DOMAIN",
        "USUBJID",
        *(name for name in own if derived or name not in _DERIVED),
    )


def labels_of(data_set: str) -> dict[str, str]:
    """The label of each variable."""
    names = variables_of(data_set)
    return {name: _OTHERS.get(name) or _GENERAL[name[2:]] for name in names}
