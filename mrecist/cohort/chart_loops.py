"""A loop over the charts of a block, written so that a compiler can take it (`mrecist[fast]`).

`read_charts` gives what `visits.py` and `sights.py` give of patients whose rows hold nothing rare;
the others are set apart for the arrays. See `row_loops.py`.
"""

from __future__ import annotations

from typing import NamedTuple

from .._base.arrays import BLANK, Array
from .._base.exact import below
from .._base.words import Measure, Size, Status
from .row_loops import kind_of, recorded_in, um_of

__all__ = [
    "ASKED",
    "BLIND",
    "GONE",
    "HIDDEN",
    "KNOWN",
    "ODD",
    "UNSIZED",
    "BlockColumns",
    "ChartGrids",
    "LesionColumns",
    "SightColumns",
    "VisitColumns",
    "or_default",
    "read_charts",
]

VIABLE, RECORDED = Measure.VIABLE.code, Size.RECORDED.code
MEASURED = Status.MEASURED.code

ASKED = -2
"""Stands for a trait that a lesion has and nobody knows yet."""

_BITS = ("known", "gone", "blind", "hidden", "odd", "unsized")
KNOWN, GONE, BLIND, HIDDEN, ODD, UNSIZED = (1 << bit for bit in range(len(_BITS)))
"""What a row says, each as a bit; `KNOWN` is 1, so that it counts.

`UNSIZED`: measured, and the size that counts is lacking.
"""


class BlockColumns(NamedTuple):
    """The columns of the rows of a block, by patient and date; empty where the table lacks one.

    `bounds` are those of the rows of each patient; `beside` the codes of what a date says besides.
    """

    bounds: Array
    day: Array
    lesion: Array
    organ: Array
    kind: Array
    hilar: Array
    enhancement: Array
    treated: Array
    status: Array
    viable: Array
    longest: Array
    short: Array
    arterial: Array
    reported: Array
    unmentioned: Array
    modality: Array


class ChartGrids(NamedTuple):
    """The tables for one finding, and what the criteria make of each trait.

    `trait_of` gives the trait of a lesion by its facts; -1 where it is not known yet, and
    `ASKED` from then on. `rare` marks the traits that are left to the arrays. `impossible` is that
    of `SizeGrids`; `as_plain` gives the verdict that a reader's word stands for.
    """

    as_plain: Array
    trait_of: Array
    defaults: tuple[int, ...]
    rare: Array
    impossible: Array
    sizes: Array
    size_of: Array
    is_known: Array
    says_size: Array
    measure: Array
    measure_where_viable: Array
    smallest_left_um: Array


class VisitColumns(NamedTuple):
    """One element per time point. Its rows begin at `row`; `odd`: it records what is odd."""

    row: Array
    day: Array
    arterial: Array
    reported: Array
    odd: Array


class LesionColumns(NamedTuple):
    """One element per lesion of a patient, in the order of their first rows.

    `seen` and `visit` are its first time point and its latest one so far; `organ` up to `treated`
    are as its rows give them. `place_of` may hold the lesion of a code: it is one only if
    `code` says so, whatever was left there before.
    """

    code: Array
    trait: Array
    seen: Array
    visit: Array
    last_um: Array
    place_of: Array
    organ: Array
    kind: Array
    hilar: Array
    enhancement: Array
    treated: Array


class SightColumns(NamedTuple):
    """What each row that records a lesion says: its lesion, and what `Sights` tells of it.

    `said` holds bits: `KNOWN`, `GONE` and so on.
    """

    row: Array
    lesion: Array
    status: Array
    size: Array
    um: Array
    said: Array


def read_charts(
    columns: BlockColumns,
    grids: ChartGrids,
    visits: VisitColumns,
    lesions: LesionColumns,
    sights: SightColumns,
    patient_visit: Array,
    patient_lesion: Array,
    apart: Array,
    too_small_um: int,
) -> bool:
    """Read the charts of a block, and set those apart that hold what is rare.

    Of patient `p` the time points are those from `patient_visit[p]` on, the lesions those from
    `patient_lesion[p]` on. False where the trait of some lesion is not known yet.
    """
    bounds, day, lesion, organ, kind, hilar, enhancement, treated = columns[:8]
    status, viable, longest, short, arterial, reported, unmentioned, modality = columns[8:]
    as_plain, trait_of, defaults, rare, impossible, grid, size_of, is_known, says_size = grids[:9]
    measure_of, measure_where_viable, smallest_left_um = grids[9:]
    default_organ, default_kind, default_hilar, default_enhancement, default_treated = defaults
    visit_row, visit_day, visit_arterial, visit_reported, visit_odd = visits
    code_of, traits, first_visit, last_visit, last_um, place_of, organs = lesions[:7]
    kinds, hilars, enhancements, treateds = lesions[7:]
    sight_row, sight_lesion, statuses, sizes, ums, saids = sights
    has_status, has_viable, has_longest = len(status) > 0, len(viable) > 0, len(longest) > 0
    has_short, unstated = len(short) > 0, len(impossible) - 1
    has_organ, has_kind, has_hilar = len(organ) > 0, len(kind) > 0, len(hilar) > 0
    has_enhancement, has_treated = len(enhancement) > 0, len(treated) > 0
    has_arterial, has_reported = len(arterial) > 0, len(reported) > 0
    has_unmentioned, has_modality = len(unmentioned) > 0, len(modality) > 0
    has_beside = has_arterial or has_reported or has_unmentioned or has_modality
    has_other = has_hilar or has_enhancement or has_treated
    visit = place = sight = 0
    complete = True
    for patient in range(len(bounds) - 1):
        begin_visit, begin_lesion, begin_sight = visit, place, sight
        patient_visit[patient], patient_lesion[patient] = visit, place
        begin, end = bounds[patient], bounds[patient + 1]
        is_rare = apart[patient]
        if is_rare:
            end = begin
        for row in range(begin, end):
            if row == begin or day[row] != day[row - 1]:
                visit_row[visit], visit_day[visit], visit_odd[visit] = sight, day[row], False
                visit_arterial[visit] = not has_arterial or arterial[row] != 0
                visit_reported[visit] = as_plain[reported[row]] if has_reported else BLANK
                visit += 1
            elif has_beside:
                if has_arterial:
                    is_rare |= arterial[row] != arterial[row - 1]
                if has_reported:
                    is_rare |= reported[row] != reported[row - 1]
                if has_unmentioned:
                    is_rare |= unmentioned[row] != unmentioned[row - 1]
                if has_modality:
                    is_rare |= modality[row] != modality[row - 1]
            um_viable = viable[row] if has_viable else -1
            um_longest = longest[row] if has_longest else -1
            um_short = short[row] if has_short else -1
            given = status[row] if has_status else BLANK
            code = lesion[row]
            sized = kind_of(um_viable), kind_of(um_longest), kind_of(um_short)
            if code < 0:
                is_rare |= given != BLANK or sized != (0, 0, 0)
                continue
            word = unstated if given == BLANK else given
            is_rare |= impossible[word, sized[0], sized[1], sized[2]]
            # ---- the lesion: all its rows must say the same of it
            in_organ, of_kind, at_hilum, enhances, is_treated = -1, BLANK, BLANK, BLANK, BLANK
            if has_organ:
                in_organ = organ[row]
            if has_kind:
                of_kind = kind[row]
            if has_other:
                at_hilum = hilar[row] if has_hilar else BLANK
                enhances = enhancement[row] if has_enhancement else BLANK
                is_treated = treated[row] if has_treated else BLANK
            at = place_of[code]
            if at < begin_lesion or at >= place or code_of[at] != code:
                at = place
                place_of[code], code_of[at] = at, code
                first_visit[at] = visit - 1
                for measure in range(last_um.shape[1]):
                    last_um[at, measure] = -1
                organs[at], kinds[at], hilars[at] = in_organ, of_kind, at_hilum
                enhancements[at], treateds[at] = enhances, is_treated
                facts = (
                    or_default(in_organ, -1, default_organ),
                    or_default(of_kind, BLANK, default_kind),
                    or_default(at_hilum, BLANK, default_hilar),
                    or_default(enhances, BLANK, default_enhancement),
                    or_default(is_treated, BLANK, default_treated),
                )  # fmt: skip
                trait = trait_of[facts]
                if trait < 0:
                    trait_of[facts] = ASKED
                    complete = False
                    trait = 0
                traits[at] = trait
                is_rare |= rare[trait]
                place += 1
            else:
                is_rare |= last_visit[at] == visit - 1
                if has_organ:
                    is_rare |= organs[at] != in_organ
                if has_kind:
                    is_rare |= kinds[at] != of_kind
                if has_other:
                    is_rare |= hilars[at] != at_hilum
                    is_rare |= enhancements[at] != enhances
                    is_rare |= treateds[at] != is_treated
            last_visit[at] = visit - 1
            # ---- its size
            trait = traits[at]
            stated = MEASURED if given == BLANK else given
            measure = measure_of[trait] if um_viable < 0 else measure_where_viable[trait]
            recorded = recorded_in(measure, um_viable, um_longest, um_short)
            sees = visit_arterial[visit - 1]
            size = size_of[grid[stated, measure, int(sees), int(recorded >= 0)]]
            um = um_of(size, recorded, last_um[at, measure], too_small_um)
            if size == RECORDED and um > 0:
                last_um[at, measure] = um
            said = 0
            if is_known[size]:
                said = KNOWN
                if below(um, smallest_left_um[trait]):
                    said = KNOWN | GONE
            if measure == VIABLE and not sees:
                said |= BLIND
                if recorded == 0 and says_size[stated]:
                    said |= HIDDEN
            if um_longest >= 0 and um_viable > um_longest:
                said |= ODD
                visit_odd[visit - 1] = True
            if recorded < 0 and stated == MEASURED:
                said |= UNSIZED
            sight_row[sight], sight_lesion[sight] = row, at
            statuses[sight], sizes[sight], ums[sight], saids[sight] = stated, size, um, said
            sight += 1
        if is_rare:
            apart[patient] = True
            visit, place, sight = begin_visit, begin_lesion, begin_sight
    last = len(bounds) - 1
    patient_visit[last], patient_lesion[last], visit_row[visit] = visit, place, sight
    return complete


def or_default(said: int, blank: int, default: int) -> int:
    """What a cell says; the default where it says nothing."""
    return default if said == blank else said
