"""New lesions: which candidates are detected where, and which of them count from when on."""

from __future__ import annotations

from .oracle_chart import MM, Chart, Finding, Visit
from .oracle_line import Line
from .oracle_sizes import State, View

SEEN = ("measured", "too small", "present", "progressed")


def fill_in_new_lesions(chart: Chart, line: Line) -> None:
    """Find the detections of all candidates, and from when each new lesion counts."""
    for name in line.candidates:
        found = [visit for visit in line.followups if is_detected(chart, line, name, visit)]
        line.detections[name] = found
        if found and becomes_new(chart, line, name):
            line.new_from[name] = found[0].day


def is_detected(chart: Chart, line: Line, name: str, visit: Visit) -> bool:
    """Whether a candidate is detected at a follow-up."""
    records = chart.records(name, visit)
    if not line.is_candidate(name, visit) or not any(is_sight(chart, name, f) for f in records):
        return False
    state = View(chart, "plain", line).whole(name, visit)
    if chart.is_node(name):
        if state.size is not None:
            return state.size >= chart.smallest_diseased_node(name)
        return state.status in ("present", "progressed") and not chart.is_set_apart(name)
    if chart.needs_cytology(name):
        return is_more_effusion(chart, line, name, state)
    return True


def is_sight(chart: Chart, name: str, finding: Finding) -> bool:
    """Whether a finding shows something: a viable size of 0 hides it without arterial phase too."""
    if finding.status == "too small":
        return True
    return finding.status in SEEN and finding.sizes[chart.measure(name, finding)] != 0


def is_more_effusion(chart: Chart, line: Line, name: str, state: State) -> bool:
    """Whether an effusion, where its prior record shows one, progressed or grew since."""
    if line.prior[name] is None:
        return True
    before = View(chart).whole(name, line.prior[name])
    if before.evaluable and before.size == 0:
        return True
    if state.status == "progressed":
        return True
    if state.size is None or before.size is None:
        return False
    return 5 * state.size >= 6 * before.size and state.size - before.size >= 5 * MM


def becomes_new(chart: Chart, line: Line, name: str) -> bool:
    """Whether a candidate that is detected becomes a new lesion of the line."""
    first = line.detections[name][0]
    later = [visit for visit in line.followups if visit.day >= first.day]
    own = [visit.findings[name] for visit in later if name in visit.findings]
    if chart.under_hcc_rule(name):
        ways = ways_of_nodule(chart, line, name, later)
        if ways == {"growth"} and any(each.biopsy == "negative" for each in own):
            line.by_growth_only[name] = first.day
        return bool(ways)
    if chart.criteria.by_look and chart.is_liver_nodule(name):
        return has_the_look(line, name, later)
    if chart.needs_cytology(name):
        return any(
            line.is_candidate(name, visit) and visit.findings[name].cytology == "positive"
            for visit in later
            if name in visit.findings
        )
    before = normal_before(chart, line, name)
    return any(
        not is_equivocal(name, visit)
        and (before is None or node_is_new(chart, line, name, visit, before))
        for visit in line.detections[name]
    )


def is_equivocal(name: str, visit: Visit) -> bool:
    return name in visit.findings and visit.findings[name].equivocal


# --- a node that was normal ----------------------------------------------------------------------


def normal_before(chart: Chart, line: Line, name: str) -> int | None:
    """The short axis of a node whose prior record shows it normal."""
    visit = line.prior[name]
    finding = None if visit is None else visit.findings.get(name)
    if not chart.is_node(name) or finding is None or finding.into is not None:
        return None
    state = View(chart).part(name, visit)
    if finding.status == "absent" or state.size is None:
        return None
    return state.size if state.size < chart.smallest_diseased_node(name) else None


def node_is_new(chart: Chart, line: Line, name: str, visit: Visit, before: int) -> bool:
    """Whether such a node rose enough, and is large or was detected earlier too."""
    finding = visit.findings.get(name)
    if finding is None or finding.into is not None:
        return False
    size = View(chart, "plain", line).part(name, visit).size
    if size is None or size - before < 5 * MM:
        return False
    return size >= chart.smallest_target(name) or visit.day > line.detections[name][0].day


# --- a liver nodule under the HCC rule -----------------------------------------------------------


def ways_of_nodule(chart: Chart, line: Line, name: str, later: list[Visit]) -> set[str]:
    """In which ways a nodule is HCC: `pattern`, `growth`, `biopsy`, `cavity`."""
    cavity = is_cavity(chart, line, name)
    ways, pattern = set(), None
    for visit in later:
        finding = visit.findings.get(name)
        if finding is None:
            continue
        if finding.pattern == "malignant":
            pattern = "malignant"
        if finding.pattern in ("typical", "atypical") and finding.arterial:
            pattern = finding.pattern
        if finding.biopsy == "positive":
            ways.add("biopsy")
        if finding.into is not None:
            continue
        if (size_of_nodule(finding, cavity) or 0) >= 10 * MM:
            ways |= {"cavity"} if cavity else set()
            ways |= {"pattern"} if pattern in ("typical", "malignant") else set()
        if grew(line, name, visit, cavity):
            ways.add("growth")
    return ways


def has_the_look(line: Line, name: str, later: list[Visit]) -> bool:
    """Whether it is seen, without a flag, while its last look that counts is typical."""
    look = None
    for visit in later:
        finding = visit.findings.get(name)
        if finding is not None and (
            finding.pattern == "malignant"
            or (finding.arterial and finding.pattern in ("typical", "atypical"))
        ):
            look = finding.pattern
        if visit in line.detections[name] and look == "typical" and not is_equivocal(name, visit):
            return True
    return False


def is_cavity(chart: Chart, line: Line, name: str) -> bool:
    """Whether it is treated, or was without viable tissue in its prior record."""
    if chart.lesions[name].treated:
        return True
    visit = line.prior[name]
    finding = None if visit is None else visit.findings.get(name)
    return finding is not None and finding.status != "absent" and seen_viable(finding) == 0


def seen_viable(finding: Finding) -> int | None:
    return finding.sizes["viable"] if finding.arterial else None


def size_of_nodule(finding: Finding, cavity: bool) -> int | None:
    """The size that must reach 10 mm."""
    if finding.status == "absent":
        return 0
    longest = size_by(finding, "longest")
    return size_by(finding, "viable") if cavity or longest is None else longest


def size_by(finding: Finding, measure: str) -> int | None:
    if finding.status == "too small":
        return 5 * MM
    return finding.sizes["longest"] if measure == "longest" else seen_viable(finding)


def grew(line: Line, name: str, visit: Visit, cavity: bool) -> bool:
    """Whether it has grown by 10 mm since the first detection with the same measure."""
    earlier = [
        before.findings[name]
        for before in line.detections[name]
        if before.day < visit.day and name in before.findings and before.findings[name].into is None
    ]
    for measure in ("viable",) if cavity else ("longest", "viable"):
        now = size_by(visit.findings[name], measure)
        sizes = [size_by(each, measure) for each in earlier]
        first = next((size for size in sizes if size is not None), None)
        if now is not None and first is not None:
            return now - first >= 10 * MM
    return False
