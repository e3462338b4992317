"""What each lesion is at the baseline of a line, and which of them are targets and non-targets.

Every line is judged anew: a lesion that was new in one line may be a target of the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from .._base.converters import day_number
from .._base.errors import Problem
from .._base.exact import at_least, extent
from .._base.words import Extent, Kind, Pattern, Proof, Role, Status, YesNo
from ..model import Procedure, TherapyLine
from ..rulebook.areas import ENTERS
from ..rulebook.baseline import BASELINE, KNOWN, TARGET_FIT, UNMENTIONED_BUT_KNOWN, UNSIZED
from ..rulebook.decision_table import Rule
from ..rulebook.drugs import procedure_kinds
from ..rulebook.parts import REMOVES
from .chart import RECORDED_UM, Chart
from .sights import Sight, Sights

__all__ = ["Roles", "removal"]

EXTENTS = tuple(Extent)
SET_APART = {Role.NO_PART, Role.MERGED}
KNOWN_ROLES = {Role.DISEASED, Role.NOT_EVALUABLE}


@attrs.frozen(eq=False, repr=False)
class Records:
    """Where the chart says what each lesion is at a baseline.

    `baseline[i]` is the visit that says it of lesion `i`, `None` where none of the work-up does;
    `prior[i]` is that visit, or else the latest earlier one that records the lesion.
    """

    baseline: tuple[int | None, ...]
    prior: tuple[int | None, ...]
    spread: bool


def records_of(chart: Chart, line: TherapyLine, baseline: int) -> Records:
    """The records of a baseline, of its work-up, and of earlier visits."""
    oldest = day_number(line.start) - chart.criteria.baseline_days
    at_baseline: list[int | None] = []
    prior: list[int | None] = []
    spread = False
    for lesion in range(len(chart.traits)):
        recorded = bool(chart.records(baseline, lesion))
        found = baseline if recorded else None
        if chart.root[lesion] == lesion and chart.not_seen(baseline, lesion):
            for place in _earlier(chart, baseline, oldest):
                if not chart.not_seen(place, lesion):
                    found, spread = place, True
                    break
        at_baseline.append(found)
        prior.append(_latest_before(chart, baseline, lesion) if found is None else found)
    return Records(tuple(at_baseline), tuple(prior), spread)


def _latest_before(chart: Chart, baseline: int, lesion: int) -> int | None:
    """The latest visit before a baseline that records a lesion."""
    before = (p for p in range(baseline - 1, -1, -1) if chart.records(p, lesion))
    return next(before, None)


def _earlier(chart: Chart, baseline: int, oldest: int) -> Iterable[int]:
    return (place for place in range(baseline - 1, -1, -1) if chart.days[place] >= oldest)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Roles:
    """The lesions of a line by what they are to it, as places in the order of the case.

    `candidates` are those that may become new lesions; `proved` gives the visit from which on an
    effusion that was proved late is a non-target. `at_baseline` and `fitness` hold the rule that
    decided for each lesion (empty without a baseline). `baseline_um` is the total of the targets,
    `None` where there is none to compare with.
    """

    targets: tuple[int, ...]
    nontargets: tuple[int, ...]
    candidates: tuple[int, ...] = ()
    proved: dict[int, int] = attrs.field(factory=dict)
    records: Records = Records((), (), spread=False)
    at_baseline: tuple[Rule[Role], ...] = ()
    fitness: tuple[Rule[YesNo], ...] = ()
    baseline_um: int | None = None
    problem_bits: int

    @classmethod
    def without_baseline(cls, chart: Chart, line: TherapyLine) -> Roles:
        """A line that nothing can be compared in: only the lesions that it names."""
        targets = sorted(chart.index[lesion] for lesion in line.targets or ())
        nontargets = sorted(chart.index[lesion] for lesion in line.nontargets or ())
        problems = int(Problem.NO_BASELINE)
        return cls(targets=tuple(targets), nontargets=tuple(nontargets), problem_bits=problems)

    @classmethod
    def at(
        cls, chart: Chart, line: TherapyLine, baseline: int, window: Sequence[int], plain: Sights
    ) -> Roles:
        """Read the baseline; select what the line does not name."""
        records = records_of(chart, line, baseline)
        reader = _Reader(chart, baseline, records, plain)
        every = range(len(chart.traits))
        at_baseline = tuple(reader.role(i) for i in every)
        fitness = tuple(reader.fitness(i, at_baseline[i]) for i in every)
        named_targets = _indices(chart, line.targets)
        named_nontargets = _indices(chart, line.nontargets)
        listed = {*(named_targets or ()), *(named_nontargets or ())}
        fit = [i for i in chart.whole if fitness[i].verdict is YesNo.YES]
        if named_targets is None:
            targets = _select(reader, [i for i in fit if i not in listed])
        else:
            targets = named_targets
        beside = {i for i in targets if not chart.traits[i].enters_total}
        targets = [i for i in targets if i not in beside]
        known = [i for i in chart.whole if at_baseline[i].verdict in KNOWN_ROLES]
        if named_nontargets is None:
            nontargets = sorted({*known, *beside} - set(targets))
        else:
            nontargets = sorted({*named_nontargets, *beside})
        no_part = [i for i in chart.whole if at_baseline[i].verdict in SET_APART]
        taken = {*known, *no_part, *targets, *nontargets, *listed}
        late = [i for i in chart.whole if at_baseline[i].verdict is Role.UNPROVEN]
        proved = {
            i: place
            for i in late
            if i not in listed and named_nontargets is None
            for place in [_first_proof(chart, i, window)]
            if place is not None
        }
        problems = reader.problems(at_baseline, line)
        if named_targets is not None:
            problems |= _named_problems(chart, named_targets, fit)
        if every and not targets and not nontargets:
            problems |= Problem.NO_DISEASE_AT_BASELINE
        return cls(
            targets=tuple(sorted(targets)),
            nontargets=tuple(sorted(nontargets)),
            candidates=tuple(i for i in chart.whole if i not in taken),
            proved=proved,
            records=records,
            at_baseline=at_baseline,
            fitness=fitness,
            problem_bits=int(problems),
        )

    def with_total(self, sights: Sights) -> Roles:
        """With the total of the targets that the line starts from, as the line reads them.

        There is none where a target has no size, or all are zero.
        """
        if not self.targets:
            return self
        places = [(i, self.records.baseline[i]) for i in self.targets]
        seen = [sights(place, i) for i, place in places if place is not None]
        problems = self.problem_bits
        for sight in seen:
            problems |= sight.problem_bits
        total = sum(sight.summand for sight in seen)
        whole = len(seen) == len(places) and all(sight.summed for sight in seen)
        sound = whole and total > 0
        if not sound:
            problems |= Problem.BASELINE_INCOMPLETE
        return attrs.evolve(self, baseline_um=total if sound else None, problem_bits=int(problems))

    def nontargets_at(self, place: int) -> tuple[int, ...]:
        """The non-targets at a visit: also the effusions that were proved by then."""
        late = [i for i, since in self.proved.items() if since <= place]
        return (*self.nontargets, *late)

    def is_candidate(self, lesion: int, place: int) -> bool:
        """Whether a candidate is one still at a visit: an effusion up to its proof."""
        return self.proved.get(lesion, place) >= place


def _indices(chart: Chart, lesions: tuple[str, ...] | None) -> list[int] | None:
    return None if lesions is None else [chart.index[lesion] for lesion in lesions]


def _first_proof(chart: Chart, lesion: int, window: Sequence[int]) -> int | None:
    """The first follow-up with positive cytology."""
    for place in window:
        record = chart.record(place, lesion)
        if record is not None and record.finding.cytology is Proof.POSITIVE:
            return place
    return None


def removal(chart: Chart, baseline: int, prior: int, lesion: int) -> Procedure | None:
    """What removed a lesion between its prior record and a baseline."""
    last = max(record.day for record in chart.records(prior, lesion))
    until = chart.days[baseline]
    found = (
        each
        for each in chart.patient.procedures
        if chart.traits[lesion].lesion.id in each.lesions
        and last < day_number(each.date) <= until
        and procedure_kinds(each.kind) & REMOVES
    )
    return next(found, None)


@attrs.frozen(eq=False, repr=False)
class _Reader:
    """The lesions of a chart as the baseline of one line reads them."""

    chart: Chart
    baseline: int
    records: Records
    plain: Sights

    def sight(self, lesion: int) -> Sight | None:
        """What the baseline says of a lesion."""
        place = self.records.baseline[lesion]
        return None if place is None else self.plain(place, lesion)

    def role(self, lesion: int) -> Rule[Role]:
        """What a lesion is at baseline, by the baseline or by its prior record."""
        place = self.records.prior[lesion]
        if place is None:
            return self._read(self.baseline, lesion)
        read = self._read(place, lesion)
        if self.records.baseline[lesion] is not None:
            return read
        removed = removal(self.chart, self.baseline, place, lesion) is not None
        return KNOWN.decide(read.verdict, removed)

    def _read(self, place: int, lesion: int) -> Rule[Role]:
        chart, trait = self.chart, self.chart.traits[lesion]
        sight = self.plain(place, lesion)
        blind = sight.recorded and chart.is_blind(place, lesion)
        size = EXTENTS[extent(sight.um, sight.known, trait.smallest_diseased_um)]
        proven = not trait.needs_cytology or chart.proven(lesion, self.baseline)
        return BASELINE.decide(
            bool(chart.records(place, lesion)),
            chart.merged(place, lesion) is not None,
            sight.status,
            trait.group,
            Extent.ZERO if blind else size,
            blind,
            trait.strict_hilum,
            proven,
        )

    def fitness(self, lesion: int, role: Rule[Role]) -> Rule[YesNo]:
        """Whether a lesion may be chosen as a target."""
        chart, trait, sight = self.chart, self.chart.traits[lesion], self.sight(lesion)
        record = None if sight is None else sight.record
        equivocal = record is not None and record.finding.equivocal
        atypical = (
            record is not None and record.arterial and record.finding.pattern is Pattern.ATYPICAL
        )
        measured = sight is not None and sight.known and sight.status is Status.MEASURED
        rule = TARGET_FIT.decide(
            trait.lesion.kind,
            role.verdict is Role.DISEASED,
            equivocal,
            measured,
            sight is not None and at_least(sight.um, trait.smallest_target_um),
            trait.barred,
            trait.lesion.treated and atypical,
        )
        if chart.criteria.area is None or rule.verdict is YesNo.NO:
            return rule
        return ENTERS.decide(trait.enters_total)

    def problems(self, at_baseline: Sequence[Rule[Role]], line: TherapyLine) -> int:
        """What is odd about the baseline, whether or not the line names its lesions."""
        chart, problems = self.chart, 0
        if day_number(line.start) - chart.days[self.baseline] > chart.criteria.baseline_days:
            problems |= Problem.OLD_BASELINE
        if self.records.spread:
            problems |= Problem.BASELINE_SPREAD
        for lesion in chart.whole:
            place, role = self.records.baseline[lesion], at_baseline[lesion]
            if place is not None:
                problems |= self._problems_of(place, lesion, role)
            elif role.id in UNMENTIONED_BUT_KNOWN:
                problems |= Problem.UNMENTIONED_AT_BASELINE
        return problems

    def _problems_of(self, place: int, lesion: int, role: Rule[Role]) -> int:
        chart, problems = self.chart, 0
        for record in chart.records(place, lesion):
            if chart.lacks_arterial(lesion, record):
                problems |= Problem.NO_ARTERIAL_BASELINE
            problems |= record.problem_bits
        if role.id in UNSIZED:
            problems |= Problem.UNSIZED_NODE
        if self._lacks_size(place, lesion):
            problems |= Problem.NO_SIZE
        return problems

    def _lacks_size(self, place: int, lesion: int) -> bool:
        """Whether a nodule or node is recorded as measured, without the size that counts."""
        record, trait = self.chart.record(place, lesion), self.chart.traits[lesion]
        if trait.lesion.kind not in (Kind.NODULE, Kind.NODE) or record is None:
            return False
        if record.finding.status is not Status.MEASURED or self.chart.parts(place, lesion):
            return False
        return RECORDED_UM[trait.measure_of(record.finding)](record.finding) is None


def _select(reader: _Reader, lesions: list[int]) -> list[int]:
    """The largest of each organ first, then each organ's next, larger first, ties by id."""
    chart = reader.chart
    sizes = {i: sight.um for i in lesions for sight in [reader.sight(i)] if sight is not None}

    def larger_first(lesion: int) -> tuple[int, str]:
        return -sizes[lesion], chart.traits[lesion].lesion.id

    organs: dict[str, list[int]] = {}
    for lesion in sorted(lesions, key=larger_first):
        organs.setdefault(chart.traits[lesion].organ, []).append(lesion)
    allowed = [members[: chart.traits[members[0]].most_targets] for members in organs.values()]
    chosen: list[int] = []
    for place in range(max(map(len, allowed), default=0)):
        at_place = [members[place] for members in allowed if len(members) > place]
        chosen += sorted(at_place, key=larger_first)
    return chosen[: chart.criteria.most_in_all]


def _named_problems(chart: Chart, targets: list[int], fit: list[int]) -> int:
    """What is odd about targets that the reader named: they are honoured all the same."""
    problems = 0
    if not set(targets) <= set(fit):
        problems |= Problem.UNFIT_TARGET
    organs = Counter((chart.traits[i].organ, chart.traits[i].most_targets) for i in targets)
    crowded = any(count > most for (_, most), count in organs.items())
    if crowded or len(targets) > chart.criteria.most_in_all:
        problems |= Problem.TOO_MANY_TARGETS
    return problems
