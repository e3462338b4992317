"""The systemic drugs of hepatocellular carcinoma: nonproprietary names, brand names, classes."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DRUGS", "Drug", "drug", "inn"]


class Drug(NamedTuple):
    """A drug by its International Nonproprietary Name, in lower case."""

    inn: str
    drug_class: str
    brands: tuple[str, ...]


DRUGS: tuple[Drug, ...] = (
    Drug("sorafenib", "multikinase inhibitor", ("Nexavar",)),
    Drug("lenvatinib", "multikinase inhibitor", ("Lenvima", "Kisplyx")),
    Drug("regorafenib", "multikinase inhibitor", ("Stivarga",)),
    Drug("cabozantinib", "multikinase inhibitor", ("Cabometyx", "Cometriq")),
    Drug("ramucirumab", "anti-VEGFR2 antibody", ("Cyramza",)),
    Drug("bevacizumab", "anti-VEGF antibody", ("Avastin",)),
    Drug("atezolizumab", "anti-PD-L1 antibody", ("Tecentriq",)),
    Drug("durvalumab", "anti-PD-L1 antibody", ("Imfinzi",)),
    Drug("nivolumab", "anti-PD-1 antibody", ("Opdivo",)),
    Drug("pembrolizumab", "anti-PD-1 antibody", ("Keytruda",)),
    Drug("tremelimumab", "anti-CTLA-4 antibody", ("Imjudo",)),
    Drug("ipilimumab", "anti-CTLA-4 antibody", ("Yervoy",)),
)

_KNOWN = {name.lower(): drug for drug in DRUGS for name in (drug.inn, *drug.brands)}


def drug(name: str) -> Drug | None:
    """The drug of that name, nonproprietary or brand, case and surrounding space ignored."""
    return _KNOWN.get(name.strip().lower())


def inn(name: str) -> str:
    """The nonproprietary name in lower case; a name that is not known is given back lowered."""
    known = drug(name)
    return known.inn if known else name.strip().lower()
