"""What each of the criteria was used for, and how well this project knows it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from . import readings
from .criteria import (
    EASL,
    MRECIST,
    MRECIST_5MM,
    MRECIST_Q6W,
    MRECIST_REFLECT,
    RECIST_1_1,
    RECIST_1_1_LEAP_012,
    WHO,
)
from .immune_criteria import IMRECIST, IMRECIST_HCC, IRECIST
from .lesion_criteria import LR_TR_2018, LR_TR_2024, RECICL
from .papers import (
    EASL_2001,
    EISENHAUER_2009,
    IMRECIST_2018,
    IRECIST_2017,
    LEAP_012,
    LENCIONI_LLOVET_2010,
    LI_RADS_2018,
    LI_RADS_2024,
    LLOVET_LENCIONI_2020,
    RECALLED,
    RECICL_2009,
    REFLECT,
    RESTATED,
    VERIFIED,
    WHO_1979,
    Citation,
)
from .readings import Reading

__all__ = ["USES", "Use"]


@attrs.frozen
class Use:
    """What criteria were used for; `source` tells where they come from and how that is known."""

    name: str
    title: str
    used_for: str
    source: Citation | Reading

    @property
    def known(self) -> str:
        """How well the criteria are known: a level of evidence, or `reading`."""
        told = self.source
        return "reading" if isinstance(told, Reading) else told.evidence.name.lower()

    def __str__(self) -> str:
        return f"{self.name}: {self.title}\n  use: {self.used_for}\n  known: {self._meaning}"

    @property
    def _meaning(self) -> str:
        told = self.source
        if isinstance(told, Reading):
            return f"a decision of this project, {told.id}: {told.decision}"
        return f"{self.known}, {told.evidence.value} ({told.paper.key}, {told.where})"


_EVERY = (
    Use(
        MRECIST.name, MRECIST.title,
        "most trials and clinics of hepatocellular carcinoma, beside RECIST 1.1 in trials",
        LENCIONI_LLOVET_2010.at("the criteria", RESTATED),
    ),
    Use(
        MRECIST_5MM.name, MRECIST_5MM.title,
        "protocols that require 5 mm of growth under mRECIST too",
        LLOVET_LENCIONI_2020.at("target lesion response", RECALLED),
    ),
    Use(
        RECIST_1_1.name, RECIST_1_1.title,
        "the primary endpoints of most trials of systemic therapy",
        EISENHAUER_2009.at("the criteria", VERIFIED),
    ),
    Use(
        RECIST_1_1_LEAP_012.name, RECIST_1_1_LEAP_012.title,
        "LEAP-012 (TACE with lenvatinib and pembrolizumab): five targets in the liver, a new "
        "liver lesion only as LR-5",
        LEAP_012.at("RECIST 1.1 as modified for the trial", VERIFIED),
    ),
    Use(
        MRECIST_REFLECT.name, MRECIST_REFLECT.title,
        "REFLECT (lenvatinib against sorafenib): stable disease from day 49, responses not "
        "confirmed",
        REFLECT.at("secondary outcomes", RECALLED),
    ),
    Use(
        MRECIST_Q6W.name, MRECIST_Q6W.title,
        "trials that scan every six weeks: stable disease from day 35, six weeks less a window "
        "of a week",
        readings.STABLE_Q6W,
    ),
    Use(
        EASL.name, EASL.title,
        "cohorts of TACE and Y-90 up to about 2018, and still a secondary endpoint",
        EASL_2001.at("evaluation of response", RESTATED),
    ),
    Use(
        WHO.name, WHO.title,
        "old cohorts, and comparisons with them",
        WHO_1979.at("objective response", RESTATED),
    ),
    Use(
        IRECIST.name, IRECIST.title,
        "beside RECIST 1.1 in trials of immunotherapy: a progression counts once it is confirmed",
        IRECIST_2017.at("the criteria", VERIFIED),
    ),
    Use(
        IMRECIST_HCC.name, IMRECIST_HCC.title,
        "the same rules over the sizes and new lesions of HCC mRECIST; no paper was found that "
        "has them",
        readings.IR_OVER_MRECIST,
    ),
    Use(
        IMRECIST.name, IMRECIST.title,
        "trials of atezolizumab: new lesions join the total, a progression may be refuted later",
        IMRECIST_2018.at("the criteria", RESTATED),
    ),
    Use(
        LR_TR_2018.name, LR_TR_2018.title,
        "treated lesions, one by one, never a patient: clinics after ablation, TACE, TARE, SBRT",
        LI_RADS_2018.at("treatment response", RESTATED),
    ),
    Use(
        LR_TR_2024.name, LR_TR_2024.title,
        "the same since 2024: any mass-like enhancement counts, after radiation only what grows",
        LI_RADS_2024.at("treatment response", RESTATED),
    ),
    Use(
        RECICL.name, RECICL.title,
        "Japan, nodule by nodule after local treatment, never a patient but for TE4 of all",
        RECICL_2009.at("therapeutic effect", RESTATED),
    ),
)  # fmt: skip

USES: Mapping[str, Use] = MappingProxyType({each.name: each for each in _EVERY})
"""What each of the criteria was used for, by name."""
