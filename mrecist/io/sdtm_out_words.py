"""How SDTM writes a lesion: its words, sizes and looks."""

from __future__ import annotations

import attrs

from .._base.converters import Micrometres
from .._base.words import Answer, Enhancement, Kind
from ..model import Finding, Lesion
from ..rulebook.organs import organ
from .locations import location
from .sdtm_readers import INDEPENDENT, INVESTIGATOR

__all__ = ["evaluator", "looks_of", "millimetres", "own_words", "sizes_of", "term_of"]


def evaluator(reader: str | None) -> dict[str, str | None]:
    """--EVAL and --EVALID of a reader."""
    if reader in (None, INVESTIGATOR, INDEPENDENT):
        return {"EVAL": reader, "EVALID": None}
    role, _, identifier = reader.partition(" ")
    if role == INVESTIGATOR:
        return {"EVAL": INVESTIGATOR, "EVALID": identifier}
    return {"EVAL": INDEPENDENT, "EVALID": reader}


def _written(organ_text: str) -> str:
    """The location of a lesion; capitals, where they are the same letters."""
    words = organ_text.upper()
    return words if words.isascii() else organ_text


def term_of(lesion: Lesion) -> str:
    """The term of a lesion's location: its label, where this says the same and more."""
    term = _written(lesion.organ)
    if lesion.label is None:
        return term
    label, place = _written(lesion.label), location(term)
    return label if attrs.evolve(location(label), label=place.label) == place else term


_SIZES = {"VDIAM": "viable_um", "LDIAM": "longest_um", "LPERP": "short_axis_um"}


def sizes_of(finding: Finding) -> dict[str, Micrometres | None]:
    return {test: getattr(finding, name) for test, name in _SIZES.items()}


def millimetres(um: int) -> str:
    """A length as decimal text in mm, without noughts at its end."""
    whole, part = divmod(um, 1000)
    return f"{whole}.{part:03}".rstrip("0").rstrip(".")


def own_words(lesion: Lesion, *, sized: bool) -> dict[str, str]:
    """What the location of a lesion does not tell, or tells otherwise."""
    place = location(_written(lesion.organ))
    said: dict[str, str] = {}
    if organ(place.organ) != organ(lesion.organ):
        said["TUORGAN"] = lesion.organ
    if (place.kind or (Kind.NODULE if sized else Kind.OTHER)) is not lesion.kind:
        said["TUKIND"] = str(lesion.kind).upper()
    if lesion.hilar != (place.hilar and lesion.kind is Kind.NODE):
        said["TUHILAR"] = "Y" if lesion.hilar else "N"
    if lesion.enhancement is not Enhancement.ARTERIAL:
        said["TUENHANC"] = str(lesion.enhancement).upper()
    if lesion.treated:
        said["TUTREATD"] = "Y"
    return said


_ACROSS = {"TRVPERP": "viable_perp_um", "TRLPERP": "longest_perp_um", "TRVVOL": "volume_viable_ul"}


_LOOKS = {
    "TRMASS": "masslike", "TRAPHE": "aphe", "TRWASH": "washout", "TRLIKEB": "like_before",
    "TRDIFFR": "diffusion_restriction", "TRT2MM": "t2_mild_moderate", "TRCHANGE": "change",
    "TRMARGIN": "margin",
}  # fmt: skip


def looks_of(finding: Finding) -> dict[str, str]:
    """Second diameters, volumes and looks of a treated lesion, for which SDTM has no variables."""
    across = {name: getattr(finding, field) for name, field in _ACROSS.items()}
    said = {name: millimetres(um) for name, um in across.items() if um is not None}
    looks = {name: getattr(finding, field) for name, field in _LOOKS.items()}
    return said | {
        name: str(word).upper()
        for name, word in looks.items()
        if word is not None and word is not Answer.UNKNOWN
    }
