"""What the loop over the lines of a block takes and fills in (`line_loops.py`)."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._base.arrays import Array

__all__ = [
    "AskedLines",
    "Extras",
    "JudgedLines",
    "LineGrids",
    "LineNumbers",
    "LineScratch",
    "Noted",
    "SaidColumns",
    "TraitColumns",
]


class AskedLines(NamedTuple):
    """The lines of a block: those of patient `p` from `first` on; empty where a table names none.

    `targets` and `nontargets` are lists of lesions: those of list `i` are the codes from
    `list_begin[i]` on. -1: the line names none.
    """

    first: Array
    start: Array
    baseline: Array
    targets: Array
    nontargets: Array
    list_begin: Array
    list_code: Array


class SaidColumns(NamedTuple):
    """What rows say of possible targets and new lesions; empty where the table lacks it."""

    viable: Array
    equivocal: Array
    pattern: Array
    biopsy: Array


class TraitColumns(NamedTuple):
    """What the criteria make of each trait. `by_size`: a new one is proved by pattern or growth."""

    group: Array
    kind: Array
    organ: Array
    most_targets: Array
    smallest_diseased_um: Array
    smallest_target_um: Array
    strict_hilum: Array
    barred: Array
    treated: Array
    outside: Array
    is_node: Array
    new_rule: Array
    by_size: Array


class LineGrids(NamedTuple):
    """The tables for a lesion at a baseline and after, and what follows from their words.

    Inputs that are the same for all that is judged here are left out of the grids.
    """

    is_shown: Array
    baseline: Array
    role_of: Array
    part_of: Array
    is_diseased: Array
    is_unsized: Array
    is_measurable: Array
    fit: Array
    is_fit: Array
    is_atypical: Array
    nontarget: Array
    state_of: Array
    recurs: Array
    still_there: Array
    detected: Array
    is_detected: Array
    needs_arterial: Array
    is_doubted: Array
    is_proof: Array
    new: Array
    is_new: Array
    partial: Array
    is_partial: Array


class LineNumbers(NamedTuple):
    """Numbers of the criteria; arrays look at patients with more than `most_looked` lesions.

    A line may have `fewest` targets whatever their organs. `growth_share` is a `Share`.
    """

    baseline_days: int
    most_in_all: int
    fewest: int
    most_looked: int
    growth_share: Any
    growth_um: int


class JudgedLines(NamedTuple):
    """One element per line that is judged; `source` is its place in the block."""

    source: Array
    patient: Array
    start: Array
    begin: Array
    follow_ups: Array
    has_baseline: Array
    baseline_day: Array
    targets: Array
    nontargets: Array
    baseline_um: Array
    problems: Array


class Extras(NamedTuple):
    """What each follow-up is besides `FollowUpColumns`."""

    day: Array
    since_start: Array
    reported: Array
    new_lesion: Array
    partial: Array


class Noted(NamedTuple):
    """Lists that grow: the parts of lesions, and what candidates say at follow-ups."""

    part_line: Array
    part_code: Array
    part: Array
    new_at: Array
    new_code: Array
    new_rule: Array


class LineScratch(NamedTuple):
    """What is known of each lesion of a line while it is judged; `order` lists rows or lesions."""

    role: Array
    fits: Array
    shown: Array
    baseline_row: Array
    first: Array
    proof: Array
    rank: Array
    order: Array
    kept: Array
    smallest_um: Array
    held_lesion: Array
    held_at: Array
    held_rule: Array
