"""What each lesion is at the baseline of a line, and which of them are targets and non-targets.

Every line is judged anew: a lesion that was new in one line may be a target of the next.
"""

from __future__ import annotations

from collections import Counter

import attrs

from .._base.converters import day_number
from .._base.errors import Problem
from .._base.exact import at_least
from .._base.words import Role, Status, YesNo
from ..model import TherapyLine
from ..rulebook.baseline import BASELINE, TARGET_FIT
from ..rulebook.decision_table import Rule
from .chart import Chart

__all__ = ["Roles"]


@attrs.frozen(eq=False, repr=False)
class Roles:
    """The lesions of a line by what they are to it, as indices in the order of the case.

    `candidates` are those that may become new lesions. `at_baseline` and `fitness` hold the rule
    that decided for each lesion (empty without a baseline). `baseline_um` is the total of the
    targets, `None` where there is none to compare with.
    """

    targets: tuple[int, ...]
    nontargets: tuple[int, ...]
    candidates: tuple[int, ...]
    at_baseline: tuple[Rule[Role], ...]
    fitness: tuple[Rule[YesNo], ...]
    baseline_um: int | None
    problem_bits: int

    @classmethod
    def without_baseline(cls, chart: Chart, line: TherapyLine) -> Roles:
        """A line that nothing can be compared in: only the lesions that it names."""
        targets = sorted(chart.index[lesion] for lesion in line.targets or ())
        nontargets = sorted(chart.index[lesion] for lesion in line.nontargets or ())
        problems = int(Problem.NO_BASELINE)
        return cls(tuple(targets), tuple(nontargets), (), (), (), None, problems)

    @classmethod
    def at(cls, chart: Chart, line: TherapyLine, baseline: int) -> Roles:
        """Read the baseline time point; select what the line does not name."""
        at_baseline = tuple(_at_baseline(chart, baseline, i) for i in range(len(chart.traits)))
        fitness = tuple(_fitness(chart, baseline, i, rule) for i, rule in enumerate(at_baseline))
        named_targets = _indices(chart, line.targets)
        named_nontargets = _indices(chart, line.nontargets)
        fit = [i for i, rule in enumerate(fitness) if rule.verdict is YesNo.YES]
        if named_targets is None:
            taken = set(named_nontargets or ())
            others = [i for i in fit if i not in taken]
            targets = _select(chart, baseline, others)
        else:
            targets = named_targets
        known = [i for i, rule in enumerate(at_baseline) if rule.verdict is not Role.NOT_DISEASED]
        if named_nontargets is None:
            nontargets = sorted(set(known) - set(targets))
        else:
            nontargets = named_nontargets
        part_of_it = {*known, *targets, *nontargets}
        total, problems = _baseline_total(chart, baseline, targets)
        if named_targets is not None:
            problems |= _named_problems(chart, named_targets, fit)
        age = day_number(line.start) - chart.days[baseline]
        if age > chart.criteria.baseline_days:
            problems |= Problem.OLD_BASELINE
        if chart.odd_sizes[baseline]:
            problems |= Problem.VIABLE_EXCEEDS_WHOLE
        return cls(
            targets=tuple(sorted(targets)),
            nontargets=tuple(sorted(nontargets)),
            candidates=tuple(i for i in range(len(fitness)) if i not in part_of_it),
            at_baseline=at_baseline,
            fitness=fitness,
            baseline_um=total,
            problem_bits=int(problems),
        )


def _indices(chart: Chart, lesions: tuple[str, ...] | None) -> list[int] | None:
    return None if lesions is None else [chart.index[lesion] for lesion in lesions]


def _at_baseline(chart: Chart, baseline: int, lesion: int) -> Rule[Role]:
    sight, trait = chart.sights[baseline][lesion], chart.traits[lesion]
    proven = not trait.needs_cytology or chart.proven(lesion, baseline)
    extent = chart.extent(lesion, baseline)
    return BASELINE.decide(
        sight.recorded, sight.status, trait.group, extent, trait.strict_hilum, proven
    )


def _fitness(chart: Chart, baseline: int, lesion: int, at_baseline: Rule[Role]) -> Rule[YesNo]:
    sight, trait = chart.sights[baseline][lesion], chart.traits[lesion]
    diseased = at_baseline.verdict is Role.DISEASED
    equivocal = sight.finding is not None and sight.finding.equivocal
    measured = sight.known and sight.status is Status.MEASURED
    large = at_least(sight.um, trait.smallest_target_um)
    kind = trait.lesion.kind
    return TARGET_FIT.decide(kind, diseased, equivocal, measured, large, trait.barred)


def _select(chart: Chart, baseline: int, lesions: list[int]) -> list[int]:
    """The largest of each organ first, then each organ's next, larger first, ties by id."""

    def larger_first(lesion: int) -> tuple[int, str]:
        return -chart.sights[baseline][lesion].um, chart.traits[lesion].lesion.id

    organs: dict[str, list[int]] = {}
    for lesion in sorted(lesions, key=larger_first):
        organs.setdefault(chart.traits[lesion].organ, []).append(lesion)
    chosen: list[int] = []
    for place in range(chart.criteria.targets_per_organ):
        at_place = [members[place] for members in organs.values() if len(members) > place]
        chosen += sorted(at_place, key=larger_first)
    return chosen[: chart.criteria.targets_in_all]


def _baseline_total(chart: Chart, baseline: int, targets: list[int]) -> tuple[int | None, Problem]:
    """The total that the line starts from; none where a target has no size, or all are zero."""
    sights = [chart.sights[baseline][i] for i in targets]
    total = sum(sight.um for sight in sights)
    problems = Problem(0)
    for sight in sights:
        if sight.lacks_size:
            problems |= Problem.NO_SIZE
    if not targets:
        return None, problems
    if total == 0 or not all(sight.known for sight in sights):
        return None, problems | Problem.BASELINE_INCOMPLETE
    return total, problems


def _named_problems(chart: Chart, targets: list[int], fit: list[int]) -> Problem:
    """What is odd about targets that the reader named: they are honoured all the same."""
    problems = Problem(0)
    if not set(targets) <= set(fit):
        problems |= Problem.UNFIT_TARGET
    organs = Counter(chart.traits[i].organ for i in targets)
    crowded = any(count > chart.criteria.targets_per_organ for count in organs.values())
    if crowded or len(targets) > chart.criteria.targets_in_all:
        problems |= Problem.TOO_MANY_TARGETS
    return problems
