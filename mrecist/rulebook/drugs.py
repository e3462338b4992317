"""The systemic drugs of hepatocellular carcinoma: nonproprietary names, brand names, classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["DRUGS", "Drug", "abbreviations", "drug", "inn"]

LETTERS = 3
"""How many letters an abbreviation has at least."""


class Drug(NamedTuple):
    """A drug by its International Nonproprietary Name, in lower case."""

    inn: str
    drug_class: str
    brands: tuple[str, ...]

    @property
    def short(self) -> str:
        """The usual abbreviation: the first three letters, in capitals (SOR)."""
        return self.inn[:LETTERS].upper()


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


def abbreviations(names: Iterable[str]) -> dict[str, str]:
    """A short form in capitals for each agent, by nonproprietary name; no two share one.

    A drug of the table has its own (`SOR`), whichever others there are. Any other has the first
    letters and digits of its name, three or as many as tell it from the rest; its whole name where
    they cannot (Reading RD-ABBREVIATIONS).
    """
    agents = dict.fromkeys(map(inn, names))
    letters = {name: "".join(filter(str.isalnum, name)).upper() for name in agents}
    unknown = {name: letters[name] for name in agents if name not in _KNOWN}
    taken = {known.short for known in DRUGS}
    return {name: _KNOWN[name].short if name in _KNOWN else _told_apart(name, unknown, taken)
            for name in agents}  # fmt: skip


def _told_apart(name: str, unknown: dict[str, str], taken: set[str]) -> str:
    """The shortest beginning of a name that is neither taken nor that of another name."""
    own = unknown[name]
    others = [letters for other, letters in unknown.items() if other != name]
    for count in range(LETTERS, max(len(own), LETTERS) + 1):
        short = own[:count]
        whole = count >= len(own)
        clash = any((each if whole else each[:count]) == short for each in others)
        if short and short not in taken and not clash:
            return short
    return name or "?"
