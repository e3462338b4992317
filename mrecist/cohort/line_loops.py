"""A loop over the lines of a block, written so that a compiler can take it (`mrecist[fast]`).

`judge_lines` gives what `records.py`, `baseline.py`, `line_problems.py`, `follow_ups.py`,
`new_lesions.py` and `partial.py` give of the charts that `read_charts` has read; patients of whom
something rare is known are set apart for the arrays. See `row_loops.py`.
"""

from __future__ import annotations

from .._base.arrays import BLANK, NO_DAY, Array
from .._base.errors import Problem
from .._base.exact import at_least, extent
from .._base.words import Extent, NewLesion, Size, State, Status
from .baseline import CANDIDATE, NO_PART, NONTARGET, TARGET
from .chart_loops import (
    BLIND,
    GONE,
    HIDDEN,
    KNOWN,
    ODD,
    UNSIZED,
    LesionColumns,
    SightColumns,
    VisitColumns,
)
from .follow_up_loops import FollowUpColumns, grew_over
from .line_records import (
    AskedLines,
    Extras,
    JudgedLines,
    LineGrids,
    LineNumbers,
    LineScratch,
    Noted,
    SaidColumns,
    TraitColumns,
)
from .target_loops import choose, find, last_by, shows

__all__ = ["judge_lines"]

NO_SIZE, UNSIZED_NODE = Problem.NO_SIZE.value, Problem.UNSIZED_NODE.value
VIABLE_EXCEEDS_WHOLE = Problem.VIABLE_EXCEEDS_WHOLE.value
VIABLE_OUTSIDE_LIVER = Problem.VIABLE_OUTSIDE_LIVER.value
NO_ARTERIAL_BASELINE = Problem.NO_ARTERIAL_BASELINE.value
NO_LINE_BASELINE, OLD_BASELINE = Problem.NO_BASELINE.value, Problem.OLD_BASELINE.value
BASELINE_INCOMPLETE = Problem.BASELINE_INCOMPLETE.value
NO_DISEASE = Problem.NO_DISEASE_AT_BASELINE.value
UNFIT_TARGET, TOO_MANY_TARGETS = Problem.UNFIT_TARGET.value, Problem.TOO_MANY_TARGETS.value
NONTARGET_GREW = Problem.NONTARGET_GREW.value
PARTIAL_EXAMINATION = Problem.PARTIAL_EXAMINATION.value
UNKNOWN = Size.UNKNOWN.code
MEASURED, UNSEEN = Status.MEASURED.code, Status.NOT_EVALUABLE.code
NOT_EVALUABLE, NO_BASELINE = State.NOT_EVALUABLE.code, State.NO_BASELINE.code
PROGRESSED, ZERO = State.PROGRESSED.code, Extent.ZERO.code
EQUIVOCAL, YES = NewLesion.EQUIVOCAL.code, NewLesion.YES.code


def judge_lines(
    asked: AskedLines,
    said: SaidColumns,
    visits: VisitColumns,
    lesions: LesionColumns,
    sights: SightColumns,
    patient_visit: Array,
    patient_lesion: Array,
    traits: TraitColumns,
    grids: LineGrids,
    numbers: LineNumbers,
    scratch: LineScratch,
    judged: JudgedLines,
    found: FollowUpColumns,
    extras: Extras,
    noted: Noted,
    apart: Array,
) -> tuple[int, int, int, int]:
    """Judge every line but its responses; count the lines, follow-ups, parts and candidates.

    Patients of whom something is rare are set apart.
    """
    first_line, starts, named_days, named_targets, named_nontargets, list_begin, list_code = asked
    viable, equivocal, pattern, biopsy = said
    visit_row, visit_day, arterial, visit_reported, visit_odd = visits
    code_of, trait_of, first_visit = lesions[:3]
    sight_row, sight_lesion, statuses, sizes, ums, saids = sights
    group, kind, organ, most_targets, smallest_diseased, smallest_target, strict = traits[:7]
    barred, treated, outside, is_node, new_rule_of, by_size = traits[7:]
    is_shown, base_grid, role_of, part_of, is_diseased, is_unsized, is_measurable = grids[:7]
    fit_grid, is_fit, is_atypical, state_grid, state_of, recurs_in, is_still_there = grids[7:14]
    detected_grid, is_detected, needs_arterial, is_doubted, is_proof = grids[14:19]
    new_grid, is_new, partial_grid, is_partial = grids[19:]
    roles, fits, shown, baseline_row, firsts, proofs, ranks, order, kept, smallests = scratch[:10]
    held_lesion, held_at, held_rule = scratch[10:]
    sources, patients, line_starts, begins, counts, based, baseline_days = judged[:7]
    line_targets, line_nontargets, baseline_ums, line_problems = judged[7:]
    listed, totals, seens, lefts, ours_at, completes, worsts, besides, recurs = found[:9]
    problems = found.problems
    days, since_start, reported, new_lesions, partials = extras
    part_line, part_code, parts, new_at, new_code, new_rules = noted
    most_days, most_in_all, fewest, most_looked, growth_share, growth_um = numbers
    has_lines, has_ranks = len(first_line) > 0, len(ranks) > 0
    has_viable, has_equivocal, has_pattern = len(viable) > 0, len(equivocal) > 0, len(pattern) > 0
    has_biopsy = len(biopsy) > 0
    line = at = part = new = 0
    for patient in range(len(patient_visit) - 1):
        if apart[patient]:
            continue
        visit0, visit1 = patient_visit[patient], patient_visit[patient + 1]
        lesion0, lesion1 = patient_lesion[patient], patient_lesion[patient + 1]
        own, own1 = 0, int(visit1 > visit0)
        if has_lines:
            own, own1 = first_line[patient], first_line[patient + 1]
        line0, at0, part0, new0 = line, at, part, new
        is_rare = lesion1 - lesion0 > most_looked
        beyond = False
        if own1 > own:
            for sight in range(visit_row[visit0], visit_row[visit1]):
                if outside[trait_of[sight_lesion[sight]]]:
                    beyond = beyond or (has_viable and viable[sight_row[sight]] >= 0)
        for asked_line in range(own, own1):
            # ---- the baseline and the window
            start = starts[asked_line] if has_lines else visit_day[visit0]
            targets_named = named_targets[asked_line] if has_lines else -1
            nontargets_named = named_nontargets[asked_line] if has_lines else -1
            named_day = named_days[asked_line] if has_lines else NO_DAY
            base = last_by(visit_day, visit0, visit1, start)
            if named_day != NO_DAY:
                base = last_by(visit_day, visit0, visit1, named_day)
                is_rare = is_rare or base < visit0 or visit_day[base] != named_day
            elif base > visit0:
                back = base
                while back >= visit0 and not shows(visit_row, statuses, is_shown, back):
                    back -= 1
                base = base if back < visit0 else back
            end = visit1
            if asked_line + 1 < own1:
                end = last_by(visit_day, visit0, visit1, starts[asked_line + 1]) + 1
            window = base + 1
            count = max(end - window, 0)
            if is_rare or at + count > len(totals) or line >= len(sources):
                is_rare = True
                break
            has_base = base >= visit0
            problem = 0
            # ---- what each lesion is at the baseline
            default = CANDIDATE if has_base else NO_PART
            for lesion in range(lesion0, lesion1):
                roles[lesion], fits[lesion], shown[lesion] = default, False, False
                baseline_row[lesion] = firsts[lesion] = proofs[lesion] = -1
            begin_row, end_row = 0, 0
            if has_base:
                begin_row, end_row = visit_row[base], visit_row[base + 1]
            for row in range(begin_row, end_row):
                lesion = sight_lesion[row]
                trait, status, says = trait_of[lesion], statuses[row], saids[row]
                known = says & KNOWN
                shown[lesion] = status != UNSEEN
                baseline_row[lesion] = row
                reach = extent(ums[row], known, smallest_diseased[trait])
                if says & HIDDEN:
                    reach = ZERO
                blind = int(says & BLIND > 0)
                rule = base_grid[status, group[trait], reach, blind, int(strict[trait])]
                role = role_of[rule]
                role_part = part_of[role]
                if role_part == NONTARGET and nontargets_named >= 0:
                    role_part = NO_PART
                roles[lesion] = role_part
                large = at_least(ums[row], smallest_target[trait])
                unsuited = False
                if treated[trait] and has_pattern and is_atypical[pattern[sight_row[row]]]:
                    unsuited = arterial[base]
                doubtful = equivocal[sight_row[row]] if has_equivocal else 0
                fits[lesion] = is_fit[fit_grid[
                    kind[trait], int(is_diseased[role]), doubtful,
                    int(known > 0 and status == MEASURED), int(large), int(barred[trait]),
                    int(unsuited),
                ]]  # fmt: skip
                if is_unsized[rule]:
                    problem |= UNSIZED_NODE
                if says & ODD:
                    problem |= VIABLE_EXCEEDS_WHOLE
                if blind:
                    problem |= NO_ARTERIAL_BASELINE
                if says & UNSIZED and is_measurable[kind[trait]]:
                    problem |= NO_SIZE
            for lesion in range(lesion0, lesion1):
                is_rare = is_rare or (first_visit[lesion] < base and not shown[lesion])
            # ---- targets and non-targets
            if nontargets_named >= 0:
                for k in range(list_begin[nontargets_named], list_begin[nontargets_named + 1]):
                    lesion = find(code_of, lesion0, lesion1, list_code[k])
                    if lesion < 0:
                        is_rare = True
                    else:
                        roles[lesion] = NONTARGET
            if targets_named < 0:
                some = 0
                for row in range(begin_row, end_row):
                    lesion = sight_lesion[row]
                    named = nontargets_named >= 0 and roles[lesion] == NONTARGET
                    if fits[lesion] and not named:
                        order[some] = row
                        some += 1
                if some > fewest:
                    is_rare = is_rare or not has_ranks
                    if not is_rare:
                        choose(
                            order,
                            kept,
                            some,
                            ums,
                            sight_lesion,
                            code_of,
                            trait_of,
                            organ,
                            most_targets,
                            ranks,
                            most_in_all,
                        )
                for k in range(some):
                    if some <= fewest or (has_ranks and kept[k]):
                        roles[sight_lesion[order[k]]] = TARGET
            else:
                begin_list, end_list = list_begin[targets_named], list_begin[targets_named + 1]
                crowded = end_list - begin_list > most_in_all
                for k in range(begin_list, end_list):
                    lesion = find(code_of, lesion0, lesion1, list_code[k])
                    if lesion < 0:
                        is_rare = True
                        continue
                    roles[lesion] = TARGET
                    if has_base and not fits[lesion]:
                        problem |= UNFIT_TARGET
                    together = 0
                    trait = trait_of[lesion]
                    for other in range(begin_list, end_list):
                        beside = find(code_of, lesion0, lesion1, list_code[other])
                        if beside >= 0 and organ[trait_of[beside]] == organ[trait]:
                            together += 1
                    crowded = crowded or together > most_targets[trait]
                if crowded and has_base:
                    problem |= TOO_MANY_TARGETS
            if is_rare:
                break
            targets = nontargets = 0
            for lesion in range(lesion0, lesion1):
                targets += int(roles[lesion] == TARGET)
                nontargets += int(roles[lesion] == NONTARGET)
            # ---- the total at the baseline, and what is odd there
            total = seen = 0
            for row in range(begin_row, end_row):
                lesion = sight_lesion[row]
                if roles[lesion] == TARGET:
                    total += ums[row]
                    seen += saids[row] & KNOWN
                    if sizes[row] == UNKNOWN:
                        problem |= NO_SIZE
            for lesion in range(lesion0, lesion1):
                row = baseline_row[lesion]
                smallests[lesion] = -1
                if row >= 0 and roles[lesion] == NONTARGET and saids[row] & KNOWN:
                    smallests[lesion] = ums[row]
            baseline_um = -1
            if has_base and targets > 0:
                if seen == targets and total > 0:
                    baseline_um = total
                else:
                    problem |= BASELINE_INCOMPLETE
            if not has_base:
                problem |= NO_LINE_BASELINE
            else:
                if not at_least(most_days, start - visit_day[base]):
                    problem |= OLD_BASELINE
                if targets + nontargets == 0 and visit_row[visit1] > visit_row[visit0]:
                    problem |= NO_DISEASE
            if beyond:
                problem |= VIABLE_OUTSIDE_LIVER
            # ---- the parts of lesions, in the order of their codes
            if part + lesion1 - lesion0 > len(parts):
                is_rare = True
                break
            first_part = part
            for lesion in range(lesion0, lesion1):
                if roles[lesion] == TARGET or roles[lesion] == NONTARGET:
                    slot = part
                    while slot > first_part and part_code[slot - 1] > code_of[lesion]:
                        part_code[slot], parts[slot] = part_code[slot - 1], parts[slot - 1]
                        slot -= 1
                    part_line[part] = line
                    part_code[slot], parts[slot] = code_of[lesion], roles[lesion]
                    part += 1
            sources[line], patients[line], line_starts[line] = asked_line, patient, start
            begins[line], counts[line], based[line] = at, count, has_base
            baseline_days[line] = visit_day[base] if has_base else NO_DAY
            line_targets[line], line_nontargets[line] = targets, nontargets
            baseline_ums[line], line_problems[line] = baseline_um, problem
            line += 1
            # ---- the follow-ups
            begin_at, held, news = at, 0, 0
            for visit in range(window, window + count):
                total = seen = recorded = worst = problem = 0
                ours = left = beside_left = back_again = is_found = False
                given = visit_reported[visit]
                for row in range(visit_row[visit], visit_row[visit + 1]):
                    lesion = sight_lesion[row]
                    role = roles[lesion]
                    if role == TARGET:
                        if has_base:
                            ours = True
                            total += ums[row]
                            says = saids[row]
                            seen += says & KNOWN
                            left = left or says & (KNOWN | GONE) == KNOWN
                            if sizes[row] == UNKNOWN:
                                problem |= NO_SIZE
                        continue
                    if role == NO_PART:
                        continue
                    trait, status, says = trait_of[lesion], statuses[row], saids[row]
                    known = says & KNOWN
                    if role == NONTARGET:
                        rule = state_grid[sizes[row], status, int(says & GONE > 0), 0]
                        state = state_of[rule]
                        recorded += 1
                        worst = max(worst, state)
                        if has_base and known:
                            um, before = ums[row], smallests[lesion]
                            grew = grew_over(um, before, growth_share, growth_um)
                            smallests[lesion] = um if before < 0 else min(before, um)
                            if grew and state != PROGRESSED:
                                problem |= NONTARGET_GREW
                        beside_left = beside_left or is_still_there[state]
                        back_again = back_again or recurs_in[state, int(is_node[trait])]
                        continue
                    # A candidate: what is not seen says nothing, and what is rare is left alone.
                    source = sight_row[row]
                    if has_pattern and needs_arterial[pattern[source]]:
                        is_rare = is_rare or not arterial[visit]
                    is_rare = is_rare or (sizes[row] == UNKNOWN and status == MEASURED)
                    reach = extent(ums[row], known, smallest_diseased[trait])
                    if says & HIDDEN:
                        reach = ZERO
                    is_seen = is_detected[
                        detected_grid[status, group[trait], reach, int(strict[trait])]
                    ]
                    is_found = is_found or is_seen
                    if not is_seen and firsts[lesion] < 0:
                        continue
                    again = firsts[lesion] >= 0
                    if not again:
                        firsts[lesion] = at
                        order[news] = lesion
                        news += 1
                    was_normal = is_node[trait] and baseline_row[lesion] >= 0
                    biopsied = biopsy[source] if has_biopsy else BLANK
                    doubted = is_doubted[biopsied]
                    is_rare = is_rare or by_size[trait] or was_normal or doubted
                    by = new_rule_of[trait]
                    proven = is_proof[biopsied]
                    doubtful = equivocal[source] if has_equivocal else 0
                    rule = new_grid[by, int(is_seen), doubtful, int(proven), int(again)]
                    if is_new[rule] and proofs[lesion] < 0:
                        proofs[lesion] = rule
                    if is_seen:
                        held_lesion[held], held_at[held], held_rule[held] = lesion, at, rule
                        held += 1
                lefts[at] = left
                seens[at] = seen if ours else 0
                totals[at] = total if seen > 0 else -1
                if recorded < nontargets:
                    worst = max(worst, NOT_EVALUABLE)
                worsts[at] = worst if has_base else NO_BASELINE
                ours = ours or recorded > 0
                ours_at[at], completes[at] = ours, seen == targets
                besides[at], recurs[at] = beside_left, back_again
                listed[at], new_lesions[at] = nontargets, 0
                partials[at] = False
                if visit_row[visit + 1] > visit_row[visit] and not ours:
                    known_of = has_base and targets + nontargets > 0
                    rule = partial_grid[int(known_of), int(given != BLANK), int(is_found)]
                    if is_partial[rule]:
                        partials[at] = True
                        problem |= PARTIAL_EXAMINATION
                if visit_odd[visit]:
                    problem |= VIABLE_EXCEEDS_WHOLE
                problems[at] = problem
                days[at], since_start[at] = visit_day[visit], visit_day[visit] - start
                reported[at] = given
                at += 1
            # ---- new lesions: what is never proved, then the others from their first look on
            for k in range(held):
                if proofs[held_lesion[k]] < 0 and new < len(new_at):
                    new_lesions[held_at[k]] = EQUIVOCAL
                    new_at[new], new_rules[new] = held_at[k], held_rule[k]
                    new_code[new] = code_of[held_lesion[k]]
                    new += 1
            for k in range(news):
                lesion = order[k]
                if proofs[lesion] >= 0:
                    for later in range(firsts[lesion], begin_at + count):
                        new_lesions[later] = YES
                        if new < len(new_at):
                            new_at[new], new_code[new] = later, code_of[lesion]
                            new_rules[new] = proofs[lesion]
                            new += 1
            if is_rare or new >= len(new_at):
                is_rare = True
                break
        if is_rare:
            apart[patient] = True
            line, at, part, new = line0, at0, part0, new0
    return line, at, part, new
