"""What a chart cannot say of fragments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .._base.converters import shown
from .record_mistakes import MISSING, Mistakes

__all__ = ["by_id", "is_id", "mistakes_in_parts"]


def mistakes_in_parts(lesions: Sequence[Any], lines: Sequence[Any]) -> Mistakes:
    """Fragments of what cannot have fragments, and fragments that a line names."""
    known = by_id(lesions)
    for i, lesion in enumerate(lesions):
        if lesion.part_of in known:
            for told in _odd_parent(lesion, known[lesion.part_of]):
                yield f"lesions[{i}].part_of", told
    fragments = {name: each.part_of for name, each in known.items() if is_id(each.part_of)}
    if not fragments:
        return
    for i, line in enumerate(lines):
        for name in ("targets", "nontargets"):
            for j, lesion in enumerate(getattr(line, name) or ()):
                if lesion in fragments:
                    parent = shown(fragments[lesion])
                    told = f"must not be a fragment: {shown(lesion)} is part of {parent}"
                    yield f"lines[{i}].{name}[{j}]", told


def _odd_parent(lesion: Any, parent: Any) -> Iterator[str]:
    if parent.id == lesion.id:
        yield f"must be the id of another lesion, got {shown(parent.id)}"
        return
    if MISSING not in (lesion.kind, parent.kind) and lesion.kind is not parent.kind:
        told = f"{shown(parent.id)} is of kind {parent.kind}"
        yield f"must be a lesion of the same kind, {lesion.kind}: {told}"
    if is_id(parent.part_of):
        told = f"{shown(parent.id)} is part of {shown(parent.part_of)}"
        yield f"must not be a fragment itself: {told}"


def by_id(lesions: Sequence[Any]) -> dict[str, Any]:
    """The first lesion of each id."""
    return {lesion.id: lesion for lesion in reversed(lesions) if lesion.id is not MISSING}


def is_id(value: Any) -> bool:
    """Whether an id stands in a field where one may be left out."""
    return value is not None and value is not MISSING
