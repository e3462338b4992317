"""Loops that `line_loops.py` calls: where a line begins, and which lesions are its targets."""

from __future__ import annotations

from .._base.arrays import Array
from .._base.exact import at_least

__all__ = ["choose", "find", "last_by", "shows"]


def last_by(days: Array, begin: int, end: int, day: int) -> int:
    """The last time point by a day, of those from `begin` up to `end`; the one before: none."""
    low, high = begin, end
    while low < high:
        middle = (low + high) >> 1
        if at_least(day, days[middle]):
            low = middle + 1
        else:
            high = middle
    return low - 1


def shows(visit_row: Array, statuses: Array, is_shown: Array, visit: int) -> bool:
    """Whether a time point records some lesion as more than absent or not evaluable."""
    shown = False
    for row in range(visit_row[visit], visit_row[visit + 1]):
        shown = shown or is_shown[statuses[row]]
    return shown


def find(code_of: Array, begin: int, end: int, code: int) -> int:
    """The lesion of a patient by its code; -1 where no row records it."""
    for lesion in range(begin, end):
        if code_of[lesion] == code:
            return lesion
    return -1


def choose(
    order: Array,
    kept: Array,
    some: int,
    ums: Array,
    lesion_of: Array,
    code_of: Array,
    trait_of: Array,
    organ: Array,
    most_targets: Array,
    ranks: Array,
    most_in_all: int,
) -> None:
    """Choose targets among rows: the largest of each organ first, then the next; ties by id."""
    remaining = some
    for k in range(some):
        kept[k] = False
    # The rows by size, then the place of each within its organ.
    for k in range(1, some):
        row, slot = order[k], k
        rank = ranks[code_of[lesion_of[row]]]
        while slot > 0:
            other = order[slot - 1]
            if ums[other] > ums[row]:
                break
            if ums[other] == ums[row] and ranks[code_of[lesion_of[other]]] < rank:
                break
            order[slot] = other
            slot -= 1
        order[slot] = row
    among = 0
    left = most_in_all
    while remaining > 0:
        for k in range(some):
            trait = trait_of[lesion_of[order[k]]]
            before = 0
            for other in range(k):
                before += int(organ[trait_of[lesion_of[order[other]]]] == organ[trait])
            if before == among:
                remaining -= 1
                if before < most_targets[trait] and left > 0:
                    kept[k] = True
                    left -= 1
        among += 1
