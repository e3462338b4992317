"""Baseline, follow-ups, and which lesions are the targets, non-targets and candidates of a line."""

from __future__ import annotations

from .oracle_chart import Chart, Visit, day_of
from .oracle_line import Line
from .oracle_sizes import Judge, State, View

REMOVES = {"resection", "transplantation"}
KNOWN = ("diseased", "unseen", "unsized", "set apart")
"""Records that make a lesion known: it cannot be new."""


def fill_in_visits(chart: Chart, line: Line) -> None:
    """Find the baseline and the follow-ups."""
    line.baseline = baseline_of(chart, line)
    after = line.start if line.baseline is None else line.baseline.day
    line.followups = [
        visit
        for visit in chart.visits
        if visit.day > after and (line.next_start is None or visit.day <= line.next_start)
    ]


def baseline_of(chart: Chart, line: Line) -> Visit | None:
    """The named time point, else the latest that shows something, else the latest."""
    named = line.written.get("baseline")
    if named is not None:
        days = day_of(named)
        return next(v for v in chart.visits if any(day == days for day, _ in v.examinations))
    upto = [visit for visit in chart.visits if visit.day <= line.start]
    showing = [
        visit
        for visit in upto
        if any(each.status not in ("absent", "not evaluable") for each in visit.findings.values())
    ]
    return (showing or upto or [None])[-1]


def fill_in_records(chart: Chart, line: Line) -> None:
    """Find what the baseline says of each lesion, and its prior record."""
    for name in chart.whole:
        found = line.baseline if chart.is_recorded(name, line.baseline) else None
        if not chart.says_something(name, line.baseline):
            spread = spread_record(chart, line, name)
            if spread is not None:
                line.problems.add("BASELINE_SPREAD")
                found = spread
        line.base_record[name] = line.prior[name] = found
        if found is None:
            before = (v for v in chart.earlier(line.baseline) if chart.is_recorded(name, v))
            line.prior[name] = next(before, None)


def spread_record(chart: Chart, line: Line, name: str) -> Visit | None:
    """The latest earlier examination of the work-up that says something of a lesion."""
    for visit in chart.earlier(line.baseline):
        if line.start - visit.day <= 28 and chart.says_something(name, visit):
            return visit
    return None


# --- what a record makes of a lesion -------------------------------------------------------------


def meaning(chart: Chart, name: str, visit: Visit, baseline_day: int) -> str:
    """How a baseline reads a record.

    `diseased`, `unseen` (known but unseen), `unsized` (such a node), `set apart` (a porta hepatis
    node of unknown size), `unproven` (an effusion), `into`, or `nothing`. What an examination
    without arterial phase hides counts as diseased: it is a non-target, as if known but unseen.
    """
    if not chart.says_something(name, visit):
        return "unseen"
    if chart.wholly_into(name, visit) is not None:
        return "into"
    state = View(chart).whole(name, visit)
    if state.evaluable and state.size == 0:
        return "nothing"
    if chart.is_node(name):
        return meaning_of_node(chart, name, state)
    if chart.needs_cytology(name) and not chart.is_proven(name, baseline_day):
        return "unproven"
    return "diseased"


def meaning_of_node(chart: Chart, name: str, state: State) -> str:
    if state.evaluable and state.size is not None:
        return "diseased" if state.size >= chart.smallest_diseased_node(name) else "nothing"
    if chart.is_set_apart(name):
        return "set apart"
    return "diseased" if state.status in ("present", "progressed") else "unsized"


# --- roles ---------------------------------------------------------------------------------------


def fill_in_roles(chart: Chart, line: Line) -> None:
    """Find targets, non-targets, candidates and effusions proven late, with the problems."""
    meanings = {
        name: meaning(chart, name, visit, line.baseline.day)
        for name, visit in line.prior.items()
        if visit is not None
    }
    for name, word in meanings.items():
        if word in KNOWN and was_removed(chart, line, name, line.prior[name]):
            meanings[name] = "nothing"
    line.meanings = meanings
    add_problems_of_meanings(line, meanings)
    diseased = {name for name, word in meanings.items() if word == "diseased"}
    unseen = {name for name, word in meanings.items() if word in ("unseen", "unsized")}
    targets = targets_of(chart, line, diseased)
    nontargets = (diseased | unseen) - targets
    if line.names_nontargets:
        nontargets = set(line.written["nontargets"])
    beside = {name for name in targets if not chart.has_area(name)}
    targets, nontargets = targets - beside, nontargets | beside
    line.targets = [name for name in chart.whole if name in targets]
    line.nontargets = [name for name in chart.whole if name in nontargets]
    free = ("nothing", "unproven", None)
    line.candidates = [
        name
        for name in chart.whole
        if meanings.get(name) in free and name not in line.named | nontargets
    ]
    for name in line.candidates:
        if meanings.get(name) == "unproven":
            add_proof(line, name)


def was_removed(chart: Chart, line: Line, name: str, visit: Visit) -> bool:
    """Whether it was taken out after a prior record that the baseline does not repeat."""
    if line.base_record[name] is not None:
        return False
    last = max(each.day for each in chart.records(name, visit))
    return any(
        procedure.kinds & REMOVES
        and name in procedure.lesions
        and last < procedure.day <= line.baseline.day
        for procedure in chart.procedures
    )


def add_problems_of_meanings(line: Line, meanings: dict[str, str]) -> None:
    for name, word in meanings.items():
        if word in KNOWN and line.base_record[name] is None:
            line.problems.add("UNMENTIONED_AT_BASELINE")
        elif word in ("unsized", "set apart"):
            line.problems.add("UNSIZED_NODE")


def add_proof(line: Line, name: str) -> None:
    for visit in line.followups:
        if name in visit.findings and visit.findings[name].cytology == "positive":
            line.proof[name] = visit.day
            return


def targets_of(chart: Chart, line: Line, diseased: set[str]) -> set[str]:
    """The named targets, else the chosen ones."""
    fit = {name for name in diseased if is_fit(chart, line, name)}
    named = line.written.get("targets")
    if named is None:
        return set(chosen(chart, line, fit - line.named))
    if any(name not in fit for name in named):
        line.problems.add("UNFIT_TARGET")
    groups = [group_of(chart, name) for name in named]
    most = chart.criteria.in_all or len(named)
    if len(named) > most or any(groups.count(each) > room(chart, each) for each in groups):
        line.problems.add("TOO_MANY_TARGETS")
    return set(named)


def is_fit(chart: Chart, line: Line, name: str) -> bool:
    """Whether a diseased lesion may be a target."""
    visit, lesion = line.base_record[name], chart.lesions[name]
    if visit is None or not chart.is_bulky(name) or not chart.has_area(name):
        return False
    own = visit.findings.get(name)
    if own is not None and own.equivocal:
        return False
    atypical = own is not None and own.arterial and own.pattern == "atypical"
    if lesion.treated and (atypical or not chart.criteria.mrecist):
        return False
    state = View(chart).whole(name, visit)
    if not state.evaluable or state.size is None or state.status != "measured":
        return False
    return state.size >= chart.smallest_target(name)


def group_of(chart: Chart, name: str) -> str:
    """What counts as one organ: all nodes together."""
    return "all nodes" if chart.is_node(name) else "organ " + chart.lesions[name].organ


def room(chart: Chart, group: str) -> int:
    """How many targets may lie in what counts as one organ."""
    if chart.criteria.in_organ is None:
        return len(chart.lesions)
    return chart.criteria.in_liver if group == "organ liver" else chart.criteria.in_organ


def chosen(chart: Chart, line: Line, fit: set[str]) -> list[str]:
    """The largest of each organ, then each such organ's second and so on, five in all."""

    def larger_first(name: str) -> tuple[int, str]:
        return -View(chart).whole(name, line.base_record[name]).size, name

    organs: dict[str, list[str]] = {}
    for name in sorted(fit, key=larger_first):
        organs.setdefault(group_of(chart, name), []).append(name)
    found: list[str] = []
    for rank in range(chart.criteria.in_all or len(fit)):
        found += sorted(
            (
                names[rank]
                for group, names in organs.items()
                if rank < min(len(names), room(chart, group))
            ),
            key=larger_first,
        )
    return found[: chart.criteria.in_all]


# --- the baseline's sizes ------------------------------------------------------------------------


def baseline_total(chart: Chart, line: Line) -> int | None:
    """The total of the targets at baseline; None where there is none that counts."""
    view = View(chart, "target", line)
    total = 0
    for name in line.targets:
        visit = line.base_record[name]
        state = None if visit is None else view.whole(name, visit)
        if state is None or not state.evaluable or state.size is None:
            return None
        if chart.criteria.area is not None and state.area is None:
            return None
        total += state.size if chart.criteria.area is None else state.area
    return total or None


def add_problems_of_baseline(chart: Chart, line: Line) -> None:
    """The problems that the records of the baseline raise."""
    judge = Judge(chart, line)
    for name, visit in line.base_record.items():
        if visit is None:
            continue
        records = chart.records(name, visit)
        if any(chart.measure(name, each) == "viable" and not each.arterial for each in records):
            line.problems.add("NO_ARTERIAL_BASELINE")
        if any(each.exceeds_whole for each in records):
            line.problems.add("VIABLE_EXCEEDS_WHOLE")
        if any(each.wider_than_long for each in records):
            line.problems.add("PERP_EXCEEDS_LONGEST")
        if lacks_its_size(chart, name, visit):
            line.problems.add("NO_SIZE")
        if name in line.targets and judge.is_unsized(name, visit):
            line.problems.add("NO_SIZE")
        if name in line.targets and judge.lacks_perpendicular(name, visit):
            line.problems.add("NO_PERP")
    if line.start - line.baseline.day > 28:
        line.problems.add("OLD_BASELINE")
    if line.targets and baseline_total(chart, line) is None:
        line.problems.add("BASELINE_INCOMPLETE")
    if chart.lesions and not line.targets and not line.nontargets:
        line.problems.add("NO_DISEASE_AT_BASELINE")


def lacks_its_size(chart: Chart, name: str, visit: Visit) -> bool:
    """Whether a nodule or node, not in parts, is recorded as measured without its size."""
    if not chart.is_bulky(name) or chart.known_fragments(name, visit):
        return False
    finding = visit.findings[name]
    return finding.status == "measured" and finding.sizes[chart.measure(name, finding)] is None
