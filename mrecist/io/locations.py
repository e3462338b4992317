"""Where a lesion is and what it is, by the words of SDTM for locations.

    location("LIVER, RIGHT LOBE")          # liver, a nodule
    location("PORTA HEPATIS LYMPH NODE")   # a node at the hilum of the liver

A word inside a term decides nothing alone: the hepatic flexure is colon, hilar nodes are in the
lung, pleura is solid tissue and pleural fluid is none.
"""

from __future__ import annotations

import re
from functools import lru_cache

import attrs

from .._base.words import Kind
from ..rulebook.organs import LIVER, organ

__all__ = ["UNKNOWN", "Location", "is_nodal", "location"]

UNKNOWN = "unknown"
"""The organ of a lesion whose location nobody says: an empty organ would be the liver."""

_HILAR = frozenset({"PORTA HEPATIS LYMPH NODE", "PORTAL LYMPH NODE", "PERIPORTAL LYMPH NODE"})
_NEAR_THE_HILUM = frozenset(
    {"HEPATIC LYMPH NODE", "PORTACAVAL LYMPH NODE", "PORTOCAVAL LYMPH NODE"}
)
_NODES = re.compile(r"\bLYMPH ?NODES?\b")
_NODES_FIRST = re.compile(r"(LYMPH ?NODES?)(?:,| -) (.+)")
_VEINS = re.compile(
    r"(?:(?:LEFT|RIGHT|MIDDLE|MAIN|INTRAHEPATIC|EXTRAHEPATIC) )*"
    r"(?:PORTAL VEIN|HEPATIC VEIN|INFERIOR VENA CAVA)"
)
_FLUIDS = frozenset({"PLEURAL FLUID", "PERITONEAL FLUID"})
_FLUID_WORDS = ("EFFUSION", "ASCITES")
_LIVER_TERMS = frozenset({"LIVER", "LIVER LOBE"})
_NOT_LIVER = frozenset({"COLON, HEPATIC FLEXURE", "HEPATIC ARTERY", "LIVER FISSURE"})


@attrs.frozen
class Location:
    """An organ; the kind of lesion where the place tells it, else `None`.

    `hilar`: a node of the porta hepatis. `unsure`: a node that may be one. `label`: the term, where
    it says more than the organ.
    """

    organ: str
    kind: Kind | None = None
    hilar: bool = attrs.field(default=False, kw_only=True)
    unsure: bool = attrs.field(default=False, kw_only=True)
    label: str | None = attrs.field(default=None, kw_only=True)


@lru_cache(maxsize=4096)
def location(term: str | None) -> Location:
    """The location that a term of TULOC names."""
    if term is None:
        return Location(UNKNOWN)
    words = " ".join(term.upper().split())
    own = words.lower()
    if is_nodal(words):
        node = _node_term(words)
        return Location(own, Kind.NODE, hilar=node in _HILAR, unsure=node in _NEAR_THE_HILUM)
    if _VEINS.match(words):
        return Location(own, Kind.THROMBUS)
    if words in _FLUIDS or any(fluid in words for fluid in _FLUID_WORDS):
        return Location(own, Kind.EFFUSION)
    if _is_liver(words):
        return Location(LIVER, Kind.NODULE, label=None if own == LIVER else term.strip())
    return Location(own)


def is_nodal(words: str) -> bool:
    """Whether a term, in capitals, names lymph nodes."""
    return _NODES.search(words) is not None


def _node_term(words: str) -> str:
    """A term for nodes as it is listed: `LYMPH NODES, PERIPORTAL` is `PERIPORTAL LYMPH NODE`."""
    turned = _NODES_FIRST.fullmatch(words)
    words = words if turned is None else f"{turned[2]} {turned[1]}"
    return _NODES.sub("LYMPH NODE", words)


def _is_liver(words: str) -> bool:
    """Whether a term is the liver or a part of it, and not what is only named after it."""
    if words in _NOT_LIVER:
        return False
    return words in _LIVER_TERMS or words.startswith("LIVER, ") or organ(words) == LIVER
