"""The papers that the rules come from, and how well each citation is known."""

from __future__ import annotations

from enum import Enum

import attrs

__all__ = [
    "ADMIRALONCO",
    "BONETTI_2001",
    "EASL_2001",
    "EISENHAUER_2009",
    "EMA_PFS",
    "ENDPOINT_TABLE",
    "EORTC_FAQ",
    "FDA_ENDPOINTS",
    "IKEDA_2021",
    "IMRECIST_2018",
    "IRECIST_2017",
    "LEAP_012",
    "LENCIONI_LLOVET_2010",
    "LI_RADS_2018",
    "LI_RADS_2024",
    "LLOVET_LENCIONI_2020",
    "RECICL_2009",
    "REEXPOSURE_REVIEW_2022",
    "REFLECT",
    "REIG_2013",
    "SORAMIC",
    "WHO_1979",
    "Citation",
    "Evidence",
    "Paper",
]


class Evidence(Enum):
    """How a rule is known to this project."""

    VERIFIED = "read in the source, or in a manual that restates it section by section"
    RESTATED = "read in later works that reprint or restate the source"
    RECALLED = "from memory; to be checked against the source before it is relied on"
    DERIVED = "follows from the cited rules; no source states it in this form"


@attrs.frozen
class Paper:
    """A published source."""

    key: str
    reference: str
    doi: str = ""

    def at(self, where: str, evidence: Evidence) -> Citation:
        """A place in this paper, and how it is known."""
        return Citation(self, where, evidence)

    def table(self, number: int, evidence: Evidence) -> Citation:
        """A numbered table of this paper."""
        return self.at(f"table {number}", evidence)

    def __str__(self) -> str:
        return self.reference + (f" doi:{self.doi}" if self.doi else "")


@attrs.frozen
class Citation:
    """A place in a paper, with the level of evidence at which this project knows it."""

    paper: Paper
    where: str
    evidence: Evidence

    def __str__(self) -> str:
        return f"{self.paper.key}, {self.where} [{self.evidence.name.lower()}]"


LENCIONI_LLOVET_2010 = Paper(
    "Lencioni & Llovet 2010",
    "Lencioni R, Llovet JM. Modified RECIST (mRECIST) assessment for hepatocellular carcinoma. "
    "Semin Liver Dis 2010;30:52-60.",
    "10.1055/s-0030-1247132",
)
LLOVET_LENCIONI_2020 = Paper(
    "Llovet & Lencioni 2020",
    "Llovet JM, Lencioni R. mRECIST for HCC: performance and novel refinements. "
    "J Hepatol 2020;72:288-306.",
    "10.1016/j.jhep.2019.09.026",
)
EISENHAUER_2009 = Paper(
    "Eisenhauer 2009",
    "Eisenhauer EA, et al. New response evaluation criteria in solid tumours: revised RECIST "
    "guideline (version 1.1). Eur J Cancer 2009;45:228-247.",
    "10.1016/j.ejca.2008.10.026",
)
EORTC_FAQ = Paper(
    "EORTC RECIST FAQ",
    "EORTC RECIST working group. Frequently asked questions. recist.eortc.org/faq",
)
ADMIRALONCO = Paper(
    "admiralonco",
    "Pharmaverse. admiralonco, best overall response with and without confirmation, "
    "at commit 83370b1.",
)
REEXPOSURE_REVIEW_2022 = Paper(
    "Rechallenge review 2022",
    "Review of rechallenge and resumption of immune checkpoint inhibitors. Curr Oncol Rep 2022.",
    "10.1007/s11912-022-01241-z",
)
REIG_2013 = Paper(
    "Reig 2013",
    "Reig M, et al. Postprogression survival of patients with advanced hepatocellular carcinoma: "
    "rationale for second-line trial design. Hepatology 2013;58:2023-2031.",
    "10.1002/hep.26586",
)
IKEDA_2021 = Paper(
    "Ikeda 2021", "Ikeda et al. Intern Med 2021;60:403-407.", "10.2169/internalmedicine.5552-20"
)

FDA_ENDPOINTS = Paper(
    "FDA endpoints guidance",
    "US Food and Drug Administration. Clinical trial endpoints for the approval of cancer drugs "
    "and biologics. Guidance for industry, appendix on progression-free survival.",
)
EMA_PFS = Paper(
    "EMA appendix 1",
    "European Medicines Agency. Appendix 1 to the guideline on the evaluation of anticancer "
    "medicinal products in man: progression-free and disease-free survival in confirmatory "
    "trials. EMA/CHMP/27994/2008.",
)
ENDPOINT_TABLE = Paper(
    "Endpoint definitions 2015", "Definitions of endpoints in oncology trials, PMC4611069, table 2."
)
BONETTI_2001 = Paper(
    "Bonetti 2001",
    "Bonetti A, et al. Growth modulation index of the second against the first time to "
    "progression. PMID 11300322.",
)
SORAMIC = Paper("SORAMIC", "Early tumour shrinkage in the SORAMIC trial, PMC8725442.")

LEAP_012 = Paper(
    "LEAP-012",
    "LEAP-012: lenvatinib and pembrolizumab with TACE in intermediate-stage hepatocellular "
    "carcinoma. ClinicalTrials.gov NCT04246177.",
)
REFLECT = Paper(
    "REFLECT",
    "Kudo M, et al. Lenvatinib versus sorafenib in first-line treatment of patients with "
    "unresectable hepatocellular carcinoma. Lancet 2018;391:1163-1173.",
    "10.1016/S0140-6736(18)30207-1",
)

LI_RADS_2018 = Paper(
    "LI-RADS v2018",
    "American College of Radiology. CT/MRI LI-RADS v2018, treatment response.",
)
LI_RADS_2024 = Paper(
    "LI-RADS v2024",
    "American College of Radiology. CT/MRI LI-RADS treatment response assessment v2024; "
    "Radiology 2024;313:e232408.",
)

IMRECIST_2018 = Paper(
    "Hodi 2018",
    "Hodi FS, et al. Immune-modified Response Evaluation Criteria In Solid Tumors (imRECIST). "
    "J Clin Oncol 2018;36:850-858.",
    "10.1200/JCO.2017.75.1644",
)

IRECIST_2017 = Paper(
    "Seymour 2017",
    "Seymour L, et al. iRECIST: guidelines for response criteria for use in trials testing "
    "immunotherapeutics. Lancet Oncol 2017;18:e143-e152.",
    "10.1016/S1470-2045(17)30074-8",
)
WHO_1979 = Paper(
    "WHO 1979",
    "World Health Organization. WHO handbook for reporting results of cancer treatment. Geneva: "
    "WHO, 1979.",
)
EASL_2001 = Paper(
    "EASL 2001",
    "Bruix J, et al. Clinical management of hepatocellular carcinoma. Conclusions of the "
    "Barcelona-2000 EASL conference. J Hepatol 2001;35:421-430.",
    "10.1016/S0168-8278(01)00130-1",
)
RECICL_2009 = Paper(
    "RECICL 2009",
    "Kudo M, et al. Response Evaluation Criteria in Cancer of the Liver (RECICL), 2009 revised "
    "version. Hepatol Res 2010;40:686-692.",
    "10.1111/j.1872-034X.2010.00674.x",
)

VERIFIED, RESTATED = Evidence.VERIFIED, Evidence.RESTATED
RECALLED, DERIVED = Evidence.RECALLED, Evidence.DERIVED


def mrecist_at(where: str, evidence: Evidence) -> Citation:
    return LENCIONI_LLOVET_2010.at(where, evidence)


def recist_at(
    where: str, evidence: Evidence = VERIFIED, paper: Paper = EISENHAUER_2009
) -> Citation:
    return paper.at(where, evidence)
