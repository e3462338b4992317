"""Parameters of the ADaM data sets ADRS, ADTR and ADTTE, and the terms that their values are.

Names and texts are those of the R package admiralonco: CDISC has none for oncology. NED has no
number there, and 8 is ours; so are the viable diameters and their sum, which mixes viable and whole
diameters and short axes. Criteria are named as CDISC names them in RSCAT.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from .._base.words import Measure, Response, Target
from .criteria import MRECIST, MRECIST_5MM, RECIST_1_1, Criteria

__all__ = [
    "AVAL",
    "AVALC",
    "DIAMETERS",
    "LENCIONI",
    "RESPONSES",
    "STATES",
    "TARGET_FLAGS",
    "TESTS",
    "TIMES",
    "Parameter",
    "category",
    "sum_of",
]


@attrs.frozen
class Parameter:
    """PARAMCD, PARAM and PARAMN; the text may name the `{reader}` and the place of a target."""

    code: str
    text: str
    number: int


def _listed(rows: Mapping[str, str]) -> Mapping[str, Parameter]:
    return MappingProxyType({
        code: Parameter(code, text, number) for number, (code, text) in enumerate(rows.items(), 1)
    })  # fmt: skip


RESPONSES = _listed({
    "OVR": "Overall Response by {reader}",
    "PD": "Disease Progression by {reader}",
    "RSP": "Response by {reader} (confirmation not required)",
    "CRSP": "Confirmed Response by {reader}",
    "CB": "Clinical Benefit by {reader} (confirmation for response not required)",
    "CCB": "Confirmed Clinical Benefit by {reader}",
    "BOR": "Best Overall Response by {reader} (confirmation not required)",
    "CBOR": "Best Confirmed Overall Response by {reader}",
    "BCP": "Best Overall Response of CR/PR by {reader} (confirmation not required)",
    "CBCP": "Best Confirmed Overall Response of CR/PR by {reader}",
    "LSTA": "Last Disease Assessment by {reader}",
    "MDIS": "Measurable Disease at Baseline by {reader}",
    "DEATH": "Death",
})  # fmt: skip
"""The parameters of ADRS by their codes."""

SUMS = _listed({
    "SDIAM": "Target Lesions Sum of Diameters by {reader}",
    "SVDIAM": "Target Lesions Sum of Viable and Other Diameters by {reader}",
})  # fmt: skip
"""The sums of ADTR; that of criteria by viable tumour has a code of its own."""

DIAMETERS = MappingProxyType({
    Measure.VIABLE: Parameter("VDIAM{n}", "Target Lesion {n} Viable Diameter", 100),
    Measure.LONGEST: Parameter("LDIAM{n}", "Target Lesion {n} Analysis Diameter", 200),
    Measure.SHORT: Parameter("NLDIAM{n}", "Target Lesion {n} Analysis Perpendicular", 300),
})  # fmt: skip
"""The sizes of single targets in ADTR; their numbers count on from these.

A node counts by its short axis, which is the perpendicular here, as in the published data sets.
"""

TESTS = MappingProxyType({
    Measure.VIABLE: ("VDIAM", "LDIAM", "DIAMETER"),
    Measure.LONGEST: ("LDIAM", "DIAMETER"),
    Measure.SHORT: ("LPERP", "DIAMETER"),
})  # fmt: skip
"""The tests of TR that a size may have been read from, the likeliest first."""

STATES = ("TUMSTATE", "LNSTATE")
"""The tests of TR that a lesion may be said to be absent by."""

TIMES = MappingProxyType({
    "os": Parameter("OS", "Overall Survival", 1),
    "pfs": Parameter("PFS", "Progression Free Survival", 2),
    "dor": Parameter("RSD", "Duration of Response", 3),
    "ttp": Parameter("TTP", "Time to Progression", 4),
    "ttr": Parameter("TTR", "Time to Response", 5),
    "ttf": Parameter("TTF", "Time to Treatment Failure", 6),
    "pfs2": Parameter("PFS2", "Progression Free Survival on the Next Line", 7),
})  # fmt: skip
"""The parameters of ADTTE by the names of their times."""

AVAL = MappingProxyType({
    Response.CR: 1, Response.PR: 2, Response.SD: 3, Response.NON_CR_NON_PD: 4, Response.PD: 5,
    Response.NE: 6, Response.ND: 7, Response.NED: 8,
})  # fmt: skip
"""The number of each response; a best response without any follow-up is MISSING, 7."""

AVALC = MappingProxyType({each: str(each) for each in Response} | {Response.ND: "MISSING"})
"""The term of each response."""

TARGET_FLAGS = MappingProxyType({"PDFL": Target.PD, "CRFL": Target.CR})
"""The flags of a sum, and the response of the targets that each is of."""

LENCIONI = "MRECIST LENCIONI LIVER CANCER 2010"
"""RSCAT of HCC mRECIST (NCIt C126032)."""

_OWN = "PROTOCOL DEFINED RESPONSE CRITERIA"
_CATEGORIES = MappingProxyType({
    MRECIST.name: LENCIONI,
    MRECIST_5MM.name: LENCIONI,
    RECIST_1_1.name: "RECIST 1.1",
})  # fmt: skip


def category(criteria: Criteria) -> str:
    """RSCAT of criteria (NCIt C126032, C124415; C126042 for those of a protocol)."""
    return _CATEGORIES.get(criteria.name, _OWN)


def sum_of(criteria: Criteria) -> Parameter:
    """The parameter that the sum of the targets is."""
    return SUMS["SVDIAM" if criteria.liver_nodule_size is Measure.VIABLE else "SDIAM"]
