"""What is given in hepatocellular carcinoma: drugs by all their names, and local procedures.

An agent is free text: `Lenvima 12mg qd`, `BAY 43-9006`, `STRIDE`, `DEB-TACE + lenvatinib`. It is
read into canonical names, by which agents compare (Reading RD-DRUG-NAMES): a drug by its
International Nonproprietary Name in lower case, a procedure by one name for all its spellings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

__all__ = [
    "DRUGS", "PROCEDURES", "Drug", "abbreviations", "agents_of", "drug", "inn", "is_known", "named",
    "procedure_kinds",
]  # fmt: skip

LETTERS = 3
"""How many letters an abbreviation has at least."""


class Drug(NamedTuple):
    """A drug by its International Nonproprietary Name, in lower case, and its other names."""

    inn: str
    drug_class: str
    brands: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    shorts: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The usual abbreviation: the first three letters, in capitals (SOR)."""
        return self.inn[:LETTERS].upper()


_KINASE = "multikinase inhibitor"
_PD_1, _PD_L1, _CTLA_4 = "anti-PD-1 antibody", "anti-PD-L1 antibody", "anti-CTLA-4 antibody"
_VEGF, _CHEMO, _MTOR = "anti-VEGF antibody", "chemotherapy", "mTOR inhibitor"

DRUGS: tuple[Drug, ...] = (
    Drug("sorafenib", _KINASE, ("Nexavar",), ("BAY 43-9006",), ("SOR",)),
    Drug("lenvatinib", _KINASE, ("Lenvima",), ("E7080",), ("LEN", "LENV")),
    Drug("regorafenib", _KINASE, ("Stivarga",), ("BAY 73-4506",), ("REG",)),
    Drug("cabozantinib", _KINASE, ("Cabometyx", "Cometriq"), ("XL184",), ("CAB", "CABO")),
    Drug("ramucirumab", "anti-VEGFR2 antibody", ("Cyramza",), ("IMC-1121B",), ("RAM",)),
    Drug("bevacizumab", _VEGF, ("Avastin",), (), ("BEV", "BEVA")),
    Drug("atezolizumab", _PD_L1, ("Tecentriq",), ("MPDL3280A",), ("ATE", "ATEZO")),
    Drug("durvalumab", _PD_L1, ("Imfinzi",), ("MEDI4736",), ("DUR", "DURVA")),
    Drug("nivolumab", _PD_1, ("Opdivo",), (), ("NIV", "NIVO")),
    Drug("pembrolizumab", _PD_1, ("Keytruda",), (), ("PEM", "PEMBRO")),
    Drug("tremelimumab", _CTLA_4, ("Imjudo",), (), ("TRE", "TREME")),
    Drug("ipilimumab", _CTLA_4, ("Yervoy",), (), ("IPI",)),
    Drug("tislelizumab", _PD_1, ("Tevimbra",)),
    Drug("sintilimab", _PD_1, ("Tyvyt",)),
    Drug("donafenib", _KINASE, ("Zepsun",)),
    *(Drug(name, _PD_1) for name in ("camrelizumab", "penpulimab", "toripalimab")),
    *(Drug(name, _PD_L1) for name in ("adebrelimab", "avelumab")),
    *(Drug(name, _KINASE) for name in (
        "anlotinib", "apatinib", "axitinib", "brivanib", "dovitinib", "linifanib", "nintedanib",
        "orantinib", "pazopanib", "rivoceranib", "sunitinib",
    )),
    *(Drug(name, _CHEMO) for name in (
        "capecitabine", "cisplatin", "doxorubicin", "epirubicin", "fluorouracil", "gemcitabine",
        "mitomycin", "oxaliplatin", "tegafur",
    )),
    *(Drug(name, _MTOR) for name in ("everolimus", "sirolimus", "temsirolimus")),
    Drug("erlotinib", "EGFR inhibitor"),
    Drug("tepotinib", "MET inhibitor"),
    Drug("tivantinib", "MET inhibitor"),
)  # fmt: skip
"""The drugs that are known by name; any other is kept as written."""

_TOGETHER: dict[str, tuple[str, ...]] = {
    "stride": ("durvalumab", "tremelimumab"),
    "t+a": ("atezolizumab", "bevacizumab"),
    "a+b": ("atezolizumab", "bevacizumab"),
}
"""Combinations with a short form of their own."""

PROCEDURES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "TACE": ("TACE", "cTACE", "DEB-TACE"),
    "TAE": ("TAE",),
    "TARE": ("TARE", "SIRT", "Y90", "radioembolisation"),
    "RFA": ("RFA",),
    "MWA": ("MWA",),
    "ablation": ("ablation",),
    "cryoablation": ("cryoablation",),
    "PEI": ("PEI",),
    "SBRT": ("SBRT",),
    "radiotherapy": ("radiotherapy",),
    "resection": ("resection",),
    "transplantation": ("transplantation",),
})  # fmt: skip
"""Local procedures by their canonical names, with the names that mean the same."""

_JOINTS = re.compile(r"[\s\-\u2010-\u2013]")


def _squeezed(name: str) -> str:
    """A name without case, space and hyphens."""
    return _JOINTS.sub("", name.lower())


_BY_NAME = {name.lower(): each for each in DRUGS for name in (each.inn, *each.brands, *each.shorts)}
_BY_CODE = {_squeezed(code): each for each in DRUGS for code in each.codes}
_BY_PROCEDURE = {
    _squeezed(name).replace("z", "s"): kind for kind, names in PROCEDURES.items() for name in names
}
_KNOWN = {each.inn: each for each in DRUGS}

# A number with a comma or a range, its unit, and what it is given by: 1,200 mg; 8-12 mg; 8 mg/kg.
_NUMBER = r"(?<![\d.,])[.,]?\d[\d.,]*(?:\s*[-\u2013x\u00d7]\s*\d[\d.,]*)?"
_UNIT = r"\s*(?:mg|g|ug|mcg|\u00b5g|\u03bcg)(?!\w)"
_PER = r"(?:\s*/\s*(?:kg|m2|m\u00b2|day|d|week|wk|h)(?!\w))*"
_DOSE = re.compile(_NUMBER + _UNIT + _PER)
_PAIR = "|".join(r"\s*\+\s*".join(short.split("+")) for short in _TOGETHER if "+" in short)
_TOKEN = re.compile(rf"{_DOSE.pattern}|\b(?:{_PAIR})\b|(?P<joint>[+/&,]|\band\b)")


def drug(name: str) -> Drug | None:
    """The drug of that nonproprietary name, in lower case."""
    return _KNOWN.get(name)


@lru_cache(maxsize=4096)
def agents_of(text: str) -> tuple[str, ...]:
    """The canonical names of the drugs and procedures that a text names (RD-DRUG-NAMES).

    A text that is not known as a whole is one agent: itself, with case and space folded.
    """
    folded = " ".join(text.lower().split())
    parts = [_read(part) for part in _split(folded)]
    if all(parts):
        return tuple(dict.fromkeys(name for part in parts for name in part))
    return _read(folded) or (folded,)


def _split(text: str) -> Iterator[str]:
    """The parts between the signs that join agents, but for those in a dose or a short form."""
    start = 0
    for token in _TOKEN.finditer(text):
        if token["joint"]:
            yield text[start : token.start()]
            start = token.end()
    yield text[start:]


def _read(part: str) -> tuple[str, ...]:
    """What one part is known as, its dose and what follows dropped; empty where it is not."""
    dose = _DOSE.search(part)
    name = (part if dose is None else part[: dose.start()].rstrip(" ([")).strip()
    squeezed = _squeezed(name)
    known = _BY_NAME.get(name) or _BY_CODE.get(squeezed)
    if known is not None:
        return (known.inn,)
    kind = _BY_PROCEDURE.get(squeezed.replace("z", "s"))
    return _TOGETHER.get(squeezed, ()) if kind is None else (kind,)


def is_known(text: str) -> bool:
    """Whether a text names known drugs and procedures only."""
    return all(name in _KNOWN or name in PROCEDURES for name in agents_of(text))


def procedure_kinds(text: str) -> frozenset[str]:
    """The kinds of local procedure that a text names, by which kinds and agents compare."""
    return frozenset(agents_of(text))


def inn(text: str) -> str:
    """The canonical name of an agent; of a combination the names, joined by `+`."""
    return "+".join(agents_of(text))


def named(agents: Iterable[str]) -> dict[str, str]:
    """The agents of a line by canonical name, each as the line first names it.

    A table splits `T+A` at its sign: two such agents in a row are that combination.
    """
    written: list[str] = []
    for text in agents:
        if written and _squeezed(f"{written[-1]}+{text}") in _TOGETHER:
            written[-1] += f"+{text}"
        else:
            written.append(text)
    names: dict[str, str] = {}
    for text in written:
        for name in agents_of(text):
            names.setdefault(name, text)
    return names


def abbreviations(names: Iterable[str]) -> dict[str, str]:
    """A short form in capitals for each agent, by canonical name; no two share one.

    A drug of the table has its own (`SOR`), whichever others there are, and so has a procedure
    (`TACE`). Any other has the first letters and digits of its name, three or as many as tell it
    from the rest; its whole name where they cannot (Reading RD-ABBREVIATIONS).
    """
    agents = dict.fromkeys(each for name in names for each in agents_of(name))
    letters = {name: "".join(filter(str.isalnum, name)).upper() for name in agents}
    unknown = {name: letters[name] for name in agents if name not in _SHORT}
    taken = set(_SHORT.values())
    return {name: _SHORT[name] if name in _SHORT else _told_apart(name, unknown, taken)
            for name in agents}  # fmt: skip


_SHORT = {each.inn: each.short for each in DRUGS} | {
    kind: kind if kind.isupper() else kind[: LETTERS + 1].upper() for kind in PROCEDURES
}


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
