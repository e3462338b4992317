"""What a chart cannot say of lesions that have merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._base.converters import shown
from .._base.words import Status
from .fragment_mistakes import by_id, is_id
from .record_mistakes import MISSING, Mistakes, read
from .visit_mistakes import Visit

__all__ = ["mistakes_in_merging"]


def mistakes_in_merging(lesions: Any, visits: Sequence[Visit]) -> Mistakes:
    """Lesions merged into what cannot hold them. The visits are in the order of their dates."""
    if not any(is_id(finding.into) for visit in visits for finding in visit.found):
        return
    known = by_id(read(lesions))
    parents = {name: lesion.part_of for name, lesion in known.items() if is_id(lesion.part_of)}
    perhaps = {finding.lesion for visit in visits if visit.is_unsure for finding in visit.found}
    held: dict[str, str] = {}
    for visit in visits:
        found = {finding.lesion: finding for finding in visit.found}
        places: dict[str, str] = {}
        sound: dict[str, str] = {}
        for i, j, finding in visit.findings():
            lesion, into = finding.lesion, finding.into
            if is_id(into) and (into in known or lesions is MISSING):
                places[lesion] = f"timepoints[{i}].findings[{j}].into"
                told = _odd_merging(finding, found, parents)
                if told is None:
                    sound[lesion] = into
                elif into in found or not (visit.is_unsure or (visit.is_named and into in perhaps)):
                    yield places[lesion], told
        now = {a: b for a, b in held.items() if a not in found and b in found} | sound
        leads = _leads(now, parents) if sound else {}
        for lesion, into in sound.items():
            if _leads_back(parents.get(lesion, lesion), parents.get(into, into), leads):
                told = f"must not lead back to {shown(lesion)} through fragments"
                yield places[lesion], told
        apart = {name for name, each in found.items() if each.status is not Status.NOT_EVALUABLE}
        held = {a: b for a, b in held.items() if a not in apart} | sound


def _odd_merging(finding: Any, found: Mapping[str, Any], parents: Mapping[str, str]) -> str | None:
    lesion, into = finding.lesion, finding.into
    if into == lesion:
        return f"must be the id of another lesion, got {shown(into)}"
    if into not in found:
        return f"must be recorded at the same time point, got {shown(into)}"
    if is_id(found[into].into):
        return f"must not have merged itself at the same time point, got {shown(into)}"
    if parents.get(lesion) == into:
        return f"must not be the lesion of which {shown(lesion)} is a fragment, got {shown(into)}"
    if parents.get(into) == lesion:
        return f"must not be a fragment of {shown(lesion)}, got {shown(into)}"
    return None


def _leads(now: Mapping[str, str], parents: Mapping[str, str]) -> dict[str, list[str]]:
    """For each whole lesion those that it has merged into, in whole or in part."""
    leads: dict[str, list[str]] = {}
    for lesion, into in now.items():
        leads.setdefault(parents.get(lesion, lesion), []).append(parents.get(into, into))
    return leads


def _leads_back(home: str, into: str, leads: Mapping[str, list[str]]) -> bool:
    """Whether what a whole lesion merged into has merged, in whole or in part, into the lesion."""
    ahead, met = [into], set()
    while ahead:
        here = ahead.pop()
        if here == home:
            return into != home
        if here not in met:
            met.add(here)
            ahead += leads.get(here, ())
    return False
