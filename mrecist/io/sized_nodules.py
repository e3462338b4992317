"""How many liver nodules of a study are measured, and how many of them viable."""

from __future__ import annotations

import numpy as np

from .._base.arrays import BLANK, Array
from .._base.words import Code, Enhancement, Kind
from ..rulebook.organs import LIVER, organ
from ..tables.intake import Read

__all__ = ["sized_nodules"]


def sized_nodules(data: Read) -> tuple[int, int, int]:
    """The liver nodules with a size, those with a viable one, and the patients of the former.

    Nodules without arterial enhancement are measured whole, and are left out.
    """
    found = data.findings
    count = len(found.day)
    sized = np.zeros(count, np.bool_)
    viable = np.zeros(count, np.bool_) if found.viable_um is None else found.viable_um >= 0
    for column in (found.viable_um, found.longest_um):
        if column is not None:
            sized |= column >= 0
    lesion = np.where(found.lesion >= 0, found.lesion, 0).astype(np.int64)
    owner = data.owner("lesion", np.arange(count)).astype(np.int64)
    key = owner * max(len(found.lesion_ids), 1) + lesion
    other = _says_other(found.kind, Kind.NODULE)
    other = other | _says_other(found.enhancement, Enhancement.ARTERIAL)
    if found.organ is not None:
        liver = np.array([*(organ(each) == LIVER for each in found.organs), True])
        other = other | ~liver[found.organ]
    counted = sized & (owner >= 0) & ~np.isin(key, key[np.broadcast_to(other, count)])
    return (
        len(np.unique(key[counted])),
        len(np.unique(key[counted & viable])),
        len(np.unique(owner[counted])),
    )


def _says_other(column: Array, word: Code) -> Array:
    """The rows that say another word; an empty cell says nothing."""
    return np.False_ if column is None else (column != word.code) & (column != BLANK)
