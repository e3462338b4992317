"""Loops over the rows of findings, written so that a compiler can take them (`mrecist[fast]`).

`read_sizes` fills in what `sights.py` tells of sizes, `find_lesions` finds the lesions that lines
name. Verdicts are looked up in the grids of the rulebook, and the arithmetic is that of
`_base/exact.py`; nothing clinical is stated here. They run without a compiler too.

A column that is one value for all rows has one element. A grid is indexed with whole numbers: a
flag would select, so it is made a number first.
"""

from __future__ import annotations

from typing import NamedTuple

from .._base.arrays import BLANK, Array
from .._base.exact import below
from .._base.words import Measure, Size, Status

__all__ = [
    "SizeColumns",
    "SizeGrids",
    "find_lesions",
    "kind_of",
    "of",
    "read_sizes",
    "recorded_in",
    "um_of",
]

RECORDED, SMALL = Size.RECORDED.code, Size.SMALL.code
VIABLE, LONGEST = Measure.VIABLE.code, Measure.LONGEST.code
MEASURED = Status.MEASURED.code


class SizeColumns(NamedTuple):
    """What each row records, and what `read_sizes` fills in of `Sights`.

    `viable`, `longest` and `short` are empty where the table lacks them; `blind` and `hidden`
    where every row has its arterial phase, `odd` where one of the sizes is lacking.
    """

    place: Array
    trait: Array
    arterial: Array
    given: Array
    viable: Array
    longest: Array
    short: Array
    measure: Array
    recorded: Array
    status: Array
    size: Array
    um: Array
    known: Array
    gone: Array
    blind: Array
    hidden: Array
    odd: Array


class SizeGrids(NamedTuple):
    """The tables for one finding, and what the criteria make of each trait.

    `impossible`: no finding can have the status (the last: none) with such sizes, by whether each
    is lacking, zero or above. `last_um` holds the latest size of each lesion in each measure.
    """

    impossible: Array
    sizes: Array
    size_of: Array
    is_known: Array
    says_size: Array
    measure: Array
    measure_where_viable: Array
    smallest_left_um: Array
    last_um: Array


def read_sizes(found: SizeColumns, grids: SizeGrids, too_small_um: int) -> bool:
    """Fill in what each row says of size; false where some row cannot be."""
    lesion_of, traits, arterials, given, viables, longests, shorts, measures = found[:8]
    recordeds, statuses, sizes, ums, knowns, gones, blinds, hiddens, odds = found[8:]
    impossible, grid, size_of, is_known, says_size, measure_of, measure_where_viable = grids[:7]
    smallest_left_um, last_um = grids[7:]
    has_viable, has_longest, has_short = len(viables) > 0, len(longests) > 0, len(shorts) > 0
    has_status, sees, compares = len(given) > 0, len(blinds) > 0, len(odds) > 0
    unstated = len(impossible) - 1
    for row in range(len(lesion_of)):
        lesion = lesion_of[row]
        trait = of(traits, lesion)
        viable = viables[row] if has_viable else -1
        longest = longests[row] if has_longest else -1
        short = shorts[row] if has_short else -1
        status = given[row] if has_status else BLANK
        word = unstated if status == BLANK else status
        if impossible[word, kind_of(viable), kind_of(longest), kind_of(short)]:
            return False
        if status == BLANK:
            status = MEASURED
        measure = measure_of[trait] if viable < 0 else measure_where_viable[trait]
        recorded = recorded_in(measure, viable, longest, short)
        arterial = bool(of(arterials, row))
        size = size_of[grid[status, measure, int(arterial), int(recorded >= 0)]]
        um = um_of(size, recorded, last_um[lesion, measure], too_small_um)
        if size == RECORDED and um > 0:
            last_um[lesion, measure] = um
        known = is_known[size]
        measures[row] = measure
        recordeds[row] = recorded
        statuses[row] = status
        sizes[row] = size
        ums[row] = um
        knowns[row] = known
        gones[row] = known and below(um, smallest_left_um[trait])
        if sees:
            blind = measure == VIABLE and not arterial
            blinds[row] = blind
            hiddens[row] = blind and recorded == 0 and says_size[status]
        if compares:
            odds[row] = longest >= 0 and viable > longest
    return True


def recorded_in(measure: int, viable: int, longest: int, short: int) -> int:
    """The size that is recorded in a measure; -1: none."""
    if measure == VIABLE:
        return viable
    return longest if measure == LONGEST else short


def um_of(size: int, recorded: int, last: int, too_small_um: int) -> int:
    """The size that counts, by what a finding says of it and the last one (-1: none)."""
    if size == RECORDED:
        return recorded
    if size == SMALL:
        return too_small_um if last < 0 else min(too_small_um, last)
    return 0


def kind_of(um: int) -> int:
    """Whether a size is lacking (0), zero (1) or above (2)."""
    return int(um >= 0) + int(um > 0)


def find_lesions(
    patient: Array, code: Array, patient_lesion: Array, lesion_code: Array, seen: Array, at: Array
) -> None:
    """Fill in the lesion of each patient by its code; -1 where none is seen.

    The codes of a patient ascend.
    """
    for k in range(len(patient)):
        low, high = patient_lesion[patient[k]], patient_lesion[patient[k] + 1]
        end = high
        while low < high:
            middle = (low + high) >> 1
            if lesion_code[middle] < code[k]:
                low = middle + 1
            else:
                high = middle
        there = low < end and lesion_code[low] == code[k] and seen[low]
        at[k] = low if there else -1


def of(values: Array, place: int) -> int:
    """An element of a column, or the one that stands for all."""
    value: int = values[place] if len(values) > 1 else values[0]
    return value
