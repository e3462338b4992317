"""The size and state of a lesion at a visit: merges, fragments, silence, local treatment."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .oracle_chart import MM, Chart, Finding, Visit
from .oracle_line import Line

TOO_SMALL = 5 * MM
WITH_A_SIZE = ("measured", "present", "progressed")


@dataclass(frozen=True)
class State:
    """What a visit says of a lesion, or of a part of one."""

    evaluable: bool = True
    size: int | None = None
    """None: unknown."""
    gone: bool = False
    status: str | None = None
    measures: frozenset[str] = frozenset()
    """What the size was measured by; empty: it counts in each measure."""
    area: int | None = None
    """Of criteria that sum areas: the product, in square micrometres; None: unknown."""
    said_present: bool = True
    """Whether the status alone says that it is there, where the size is unknown."""
    merged: bool = False
    """Whether what is there of it lies in other lesions only."""


UNSEEN = State(evaluable=False, status="not evaluable")
LOST_IN_ANOTHER = State(evaluable=False, status="into")


class View:
    """How lesions are read: as targets or non-targets of a line, or plainly.

    A plain view is that of baselines, prior records and candidates.
    """

    def __init__(self, chart: Chart, role: str = "plain", line: Line | None = None) -> None:
        self.chart, self.role, self.line = chart, role, line

    # --- one part, without its fragments ---

    def part(self, name: str, visit: Visit, seen: tuple[str, ...] = ()) -> State | None:
        """The state of a part; None where the visit has no record of it."""
        other = self.chart.merged_into(name, visit)
        if other is not None:
            return self.merged(name, other, visit, seen)
        finding = visit.findings.get(name)
        if finding is None:
            return None
        if finding.says_nothing:
            return UNSEEN
        measure = self.measure(name, finding)
        if measure == "viable" and not finding.arterial:
            return State(evaluable=False, status=finding.status)
        if finding.status == "absent":
            return State(size=0, gone=True, status="absent", area=0)
        return self.sized(name, visit, finding, measure)

    def sized(self, name: str, visit: Visit, finding: Finding, measure: str) -> State:
        """The state of a part that is there, by its size."""
        size = finding.sizes[measure]
        if finding.status == "too small":
            size = self.too_small(name, visit, measure)
        area = None
        if self.chart.criteria.area is not None and self.chart.has_area(name):
            area = finding.area(self.chart.criteria.area)
        return State(
            size=size,
            gone=size is not None and (self.chart.is_gone_at(name, size) or area == 0),
            status=finding.status,
            area=area,
            measures=frozenset([measure]),
            said_present=finding.status in ("present", "progressed"),
        )

    def measure(self, name: str, finding: Finding) -> str:
        """The measure of a finding; other liver tumour keeps that of its baseline as a target."""
        if self.keeps_measure(name):
            root = self.chart.root(name)
            baseline = self.line.base_record.get(root)
            records = [] if baseline is None else self.chart.records(root, baseline)
            by_viable = any(each.sizes["viable"] is not None for each in records)
            return "viable" if by_viable else "longest"
        return self.chart.measure(name, finding)

    def keeps_measure(self, name: str) -> bool:
        """Whether the measure is that of the baseline's record."""
        return (
            self.role == "target"
            and self.chart.criteria.area is None
            and self.line is not None
            and self.chart.criteria.mrecist
            and self.chart.is_other_liver_tumour(name)
            and self.chart.lesions[self.chart.root(name)].enhances
        )

    def too_small(self, name: str, visit: Visit, measure: str) -> int:
        """5 mm, or the last size above 0 where that is smaller."""
        for before in self.chart.earlier(visit):
            finding = before.findings.get(name)
            if finding is None or finding.status not in WITH_A_SIZE:
                continue
            if not self.keeps_measure(name) and self.chart.measure(name, finding) != measure:
                continue
            if measure == "viable" and not finding.arterial:
                continue
            if finding.sizes[measure]:
                return min(TOO_SMALL, finding.sizes[measure])
        return TOO_SMALL

    # --- merged into another ---

    def merged(
        self, name: str | None, other: str, visit: Visit, seen: tuple[str, ...] = ()
    ) -> State:
        """The state of a part that has merged into another lesion (no name: a non-target)."""
        root = self.chart.root(other)
        into_target = self.line is not None and root in self.line.targets
        if self.role == "target" and not into_target:
            return LOST_IN_ANOTHER
        state: State | None = State(size=0, gone=True, area=0)
        if other not in seen:
            view = View(self.chart, "target" if into_target else self.role, self.line)
            state = view.whole(other, visit, (*seen, name) if name else seen)
        if state is None or not state.evaluable:
            return LOST_IN_ANOTHER
        own_parent = name is not None and root == self.chart.root(name)
        if not own_parent and self.lost_to_treatment(root, visit):
            return LOST_IN_ANOTHER
        if state.size is None and self.role == "target":
            return LOST_IN_ANOTHER
        return State(
            size=0, gone=state.size is not None and state.gone, status="into", area=0, merged=True
        )

    def lost_to_treatment(self, root: str, visit: Visit) -> bool:
        """Whether what a part merged into can no longer show response."""
        if self.line is None or self.role == "plain":
            return False
        if not is_treated(self.chart, self.line, root, visit):
            return False
        records = self.chart.records(root, visit)
        progressed = any(each.status == "progressed" for each in records)
        return root in self.line.targets or not progressed

    # --- a lesion with its fragments ---

    def whole(self, name: str, visit: Visit, seen: tuple[str, ...] = ()) -> State | None:
        """The state of a lesion, fragments added; None where the visit has no record of it."""
        own = self.part(name, visit, seen)
        fragments = self.chart.known_fragments(name, visit)
        if not fragments:
            return own
        if not self.chart.is_told(name, visit):
            return None
        seen = (*seen, name)
        found = [self.part(each, visit, seen) for each in fragments]
        parts = [own or State(size=0, gone=True, status="absent", area=0)]
        for fragment, state in zip(fragments, found, strict=True):
            parts.append(state or self.silent_fragment(fragment, visit, seen))
        return together(parts)

    def silent_fragment(self, name: str, visit: Visit, seen: tuple[str, ...]) -> State:
        """A fragment recorded earlier and not at this visit."""
        if visit.unchanged and self.role == "nontarget":
            return self.unchanged_fragment(name, visit, seen)
        return UNSEEN

    def unchanged_fragment(self, name: str, visit: Visit, seen: tuple[str, ...]) -> State:
        """A fragment of a non-target as at its last record, progressed being present."""
        before = next(each for each in self.chart.earlier(visit) if name in each.findings)
        other = before.findings[name].into
        if other is not None:
            word = Judge(self.chart, self.line).as_another(other, visit, (*seen, name))
            if word == "NE":
                return LOST_IN_ANOTHER
            return State(size=0, gone=word == "GONE", status="into", area=0, merged=True)
        state = self.part(name, before, seen)
        return replace(state, status="present") if state.status == "progressed" else state


def together(parts: list[State]) -> State:
    """The state of a lesion in parts."""
    sizes = [each.size for each in parts if each.evaluable]
    sized = len(sizes) == len(parts) and None not in sizes
    status = "measured" if sized else "present"
    if any(each.status == "progressed" for each in parts):
        status = "progressed"
    measures = frozenset().union(*(each.measures for each in parts))
    if len(sizes) < len(parts):
        return State(evaluable=False, status=status)
    if not sized:
        present = all(each.said_present for each in parts if each.size is None)
        return State(status=status, measures=measures, said_present=present)
    gone = all(each.gone for each in parts)
    areas = [each.area for each in parts]
    area = None if None in areas else sum(areas)
    merged = all(each.gone or each.merged for each in parts)
    return State(
        size=sum(sizes), gone=gone, status=status, measures=measures, area=area, merged=merged
    )


# --- local treatment on study --------------------------------------------------------------------


def is_treated(
    chart: Chart, line: Line, name: str, visit: Visit, seen: tuple[str, ...] = ()
) -> bool:
    """Whether a lesion, or one that it has merged into, was treated on study before a visit."""
    name = chart.root(name)
    if name in seen:
        return False
    if is_treated_itself(chart, line, name, visit):
        return True
    others = [chart.merged_into(part, visit) for part in chart.parts(name)]
    return any(
        is_treated(chart, line, other, visit, (*seen, name))
        for other in others
        if other is not None
    )


def is_treated_itself(chart: Chart, line: Line, name: str, visit: Visit) -> bool:
    """Whether a procedure that is not the line's own treatment named it before a visit."""
    if visit.day <= line.baseline.day:
        return False
    days = [each.day for each in chart.records(name, visit)] or [visit.day]
    return any(
        line.baseline.day <= procedure.day < max(days)
        and not procedure.kinds & line.names
        and procedure.lesions.intersection(chart.parts(name))
        for procedure in chart.procedures
    )


# --- targets and non-targets ---------------------------------------------------------------------


class Judge:
    """The targets and non-targets of a line at its visits."""

    def __init__(self, chart: Chart, line: Line) -> None:
        self.chart, self.line = chart, line
        self.targets = View(chart, "target", line)
        self.nontargets = View(chart, "nontarget", line)

    def target(self, name: str, visit: Visit) -> State | None:
        """The state of a target, None where it is not evaluable."""
        state = self.targets.whole(name, visit)
        if state is None or not state.evaluable or state.size is None:
            return None
        if self.chart.criteria.area is not None and state.area is None:
            return None
        return None if is_treated_itself(self.chart, self.line, name, visit) else state

    def is_unsized(self, name: str, visit: Visit) -> bool:
        """Whether a target is seen, without a size."""
        state = self.targets.whole(name, visit)
        return state is not None and state.evaluable and state.size is None

    def lacks_perpendicular(self, name: str, visit: Visit) -> bool:
        """Whether the diameter of a target is known, and its area is not."""
        if self.chart.criteria.area is None:
            return False
        state = self.targets.whole(name, visit)
        if state is None or not state.evaluable or state.size is None:
            return False
        return state.area is None

    def nontarget(self, name: str, visit: Visit, seen: tuple[str, ...] = ()) -> str:
        """`NE`, `GONE`, `PROGRESSED` or `PERSISTS`, the first that holds."""
        state = self.nontargets.whole(name, visit)
        treated = is_treated_itself(self.chart, self.line, name, visit)
        if state is None:
            return "NE" if treated or not visit.unchanged else self.unchanged(name, visit, seen)
        if treated and state.status != "progressed":
            return "NE"
        if not state.evaluable or (state.size is None and not state.said_present):
            return "NE"
        if state.gone:
            return "GONE"
        unproven = self.chart.needs_cytology(name) and not self.chart.is_proven(name, visit.day)
        return "PROGRESSED" if state.status == "progressed" and not unproven else "PERSISTS"

    def unchanged(self, name: str, visit: Visit, seen: tuple[str, ...]) -> str:
        """A non-target without a finding where the rest is unchanged: as at its last record."""
        places = [each for each in reversed(self.line.followups) if each.day < visit.day]
        if self.line.base_record.get(name) is not None:
            places.append(self.line.base_record[name])
        last = next((each for each in places if self.chart.says_something(name, each)), None)
        if last is None:
            return "PERSISTS"
        other = self.chart.wholly_into(name, last)
        if other is not None:
            return self.as_another(other, visit, (*seen, name))
        return "GONE" if self.nontarget(name, last) == "GONE" else "PERSISTS"

    def as_another(self, other: str, visit: Visit, seen: tuple[str, ...]) -> str:
        """`NE`, `GONE` or `PERSISTS`: what has merged into another, as that one is."""
        if other in seen:
            return "NE"
        recorded = self.chart.is_recorded(other, visit)
        if recorded or self.chart.merged_into(other, visit) is not None:
            return in_one_word(self.nontargets.merged(None, other, visit, seen))
        root = self.chart.root(other)
        if root in self.line.targets or root not in self.line.nontargets_at(visit):
            return "NE"
        if root != other and self.chart.is_told(root, visit):
            return in_one_word(self.nontargets.unchanged_fragment(other, visit, seen))
        word = self.nontarget(root, visit, seen)
        return word if word in ("NE", "GONE") else "PERSISTS"


def in_one_word(state: State) -> str:
    """`NE`, `GONE` or `PERSISTS`."""
    if not state.evaluable:
        return "NE"
    return "GONE" if state.gone else "PERSISTS"
