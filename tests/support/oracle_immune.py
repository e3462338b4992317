"""iRECIST of a case document, written from the specification alone.

Unlike the package, which carries a state from scan to scan, each scan is asked anew what happened
before it: which block of unconfirmed progression it stands in is found by walking back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .oracle import assessed_lines, is_partial, line_document, problems_of_case
from .oracle_chart import MM, Chart, Document, Visit, visits_of
from .oracle_line import Line
from .oracle_new import is_detected
from .oracle_responses import overall, recurring
from .oracle_sizes import Judge, State, View

BASES = {"irecist": "recist-1.1", "imrecist-hcc": "mrecist", "imrecist": "recist-1.1"}
WITH_I = {
    "CR": "iCR", "PR": "iPR", "SD": "iSD", "NON-CR/NON-PD": "non-iCR/non-iUPD",
    "PD": "iUPD", "NE": "NE", "NED": "NED",
}  # fmt: skip
UNGRADED = ("NE", "NED", "non-iCR/non-iUPD")
ORDER = ("target", "nontarget", "new lesion", "recurrence", "reported")


@dataclass
class Scan:
    """What one follow-up shows, before any earlier one is looked at."""

    date: str | int
    day: int
    since_start: int
    total: int | None
    complete: bool
    target: str
    nontarget: str
    new: set[str]
    news_total: int
    news_complete: bool
    unmeasured_progressed: bool
    equivocal: bool
    partial: bool
    disease: bool
    reported: str | None
    states: dict[str, State]
    words: dict[str, str]
    visit: Visit | None
    problems: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)
    computed: str = ""
    response: str = ""
    source: str = "computed"
    agrees: bool | None = None

    @property
    def kinds(self) -> set[str]:
        found = {"T"} if self.target == "PD" else set()
        found |= {"NT"} if self.nontarget == "PD" else set()
        return found | ({"NL"} if self.new | self.back else set())

    @property
    def word_of_new(self) -> str:
        if self.new | self.back:
            return "YES"
        return "EQUIVOCAL" if self.equivocal else "NO"

    @property
    def causes(self) -> list[str]:
        held = {
            "target": self.target == "PD", "nontarget": self.nontarget == "PD",
            "new lesion": bool(self.new), "recurrence": bool(self.back),
            "reported": self.source == "reported",
        }  # fmt: skip
        return [name for name in ORDER if held[name]]


# --- new lesions of a scan -----------------------------------------------------------------------


def look(chart: Chart, line: Line, name: str, visit: Visit) -> State | None:
    return View(chart, "plain", line).whole(name, visit)


def is_still_there(chart: Chart, line: Line, name: str, at: Visit) -> bool:
    """Whether the last look at a new lesion, from its first sight up to now, shows it."""
    for visit in reversed(line.followups):
        if not line.new_from[name] <= visit.day <= at.day:
            continue
        if is_detected(chart, line, name, visit):
            return True
        state = look(chart, line, name, visit)
        if state is not None and state.evaluable:
            return not state.gone
    return True


def is_measurable(chart: Chart, line: Line, name: str, visit: Visit) -> bool:
    if not chart.is_bulky(name):
        return False
    state = look(chart, line, name, visit)
    if state is None or not state.evaluable or state.status != "measured" or state.size is None:
        return False
    return state.size >= chart.smallest_target(name)


def measured_news(chart: Chart, line: Line) -> list[str]:
    """The new-lesion targets, in the order in which they were taken."""
    taken: list[str] = []
    for visit in line.followups:
        first = [name for name, day in line.new_from.items() if day == visit.day]
        first = [name for name in first if is_measurable(chart, line, name, visit)]
        first.sort(key=lambda name: (-look(chart, line, name, visit).size, name))
        for name in first:
            organs = [organ_of(chart, each) for each in taken]
            if len(taken) < 5 and organs.count(organ_of(chart, name)) < 2:
                taken.append(name)
    return taken


def organ_of(chart: Chart, name: str) -> str:
    return "nodes" if chart.is_node(name) else chart.lesions[name].organ


def news_at(chart: Chart, line: Line, names: list[str], at: Visit) -> tuple[int, bool]:
    """The total of new lesions that have been seen by now, and whether every one has a size."""
    total, complete = 0, True
    for name in names:
        if line.new_from[name] > at.day:
            continue
        state = look(chart, line, name, at)
        if state is None or not state.evaluable or state.size is None:
            complete = False
        else:
            total += state.size
    return total, complete


# --- scans of a line -----------------------------------------------------------------------------


def reported_word(visit: Visit, criteria: str) -> str | None:
    """The reader's word with its i: a plain one answers for any criteria."""
    if visit.word is not None:
        return WITH_I.get(visit.word, visit.word)
    word = visit.words.get(criteria)
    if word is None and criteria == "imrecist-hcc":
        word = visit.words.get("irecist")
    return WITH_I.get(word, word) if word is not None else None


def scans_of(chart: Chart, line: Line, criteria: str) -> list[Scan]:
    measured = [] if line.baseline is None else measured_news(chart, line)
    scans = []
    for visit, row in zip(line.followups, line.timepoints, strict=True):
        states: dict[str, State] = {}
        words: dict[str, str] = {}
        news = set()
        total, known, progressed = 0, True, False
        equivocal = partial = disease = False
        if line.baseline is not None:
            judge = Judge(chart, line)
            found = {name: judge.target(name, visit) for name in line.targets}
            states = {name: state for name, state in found.items() if state is not None}
            words = {name: judge.nontarget(name, visit) for name in line.nontargets_at(visit)}
            for name, day in line.new_from.items():
                if day <= visit.day and is_still_there(chart, line, name, visit):
                    news.add(name)
                    state = look(chart, line, name, visit)
                    if name not in measured and state is not None:
                        progressed = progressed or state.status == "progressed"
            total, known = news_at(chart, line, measured, visit)
            equivocal = any(
                visit in seen for name, seen in line.detections.items() if name not in line.new_from
            )
            partial = is_partial(chart, line, visit)
            disease = any(not each.gone for each in states.values()) or any(
                each in ("PROGRESSED", "PERSISTS") for each in words.values()
            )
        scans.append(
            Scan(
                date=row["date"],
                day=visit.day,
                since_start=row["day"],
                total=sum(each.size for each in states.values()) if states else None,
                complete=line.baseline is not None
                and bool(line.targets)
                and len(states) == len(line.targets),
                target=row["target"],
                nontarget=row["nontarget"],
                new=news,
                news_total=total,
                news_complete=known,
                unmeasured_progressed=progressed,
                equivocal=equivocal,
                partial=partial,
                disease=disease,
                reported=reported_word(visit, criteria),
                states=states,
                words=words,
                visit=visit,
            )
        )
    return scans


# --- iRECIST -------------------------------------------------------------------------------------


def block_before(scans: list[Scan]) -> list[Scan]:
    """The unconfirmed progression that is pending after these scans: its scans, the first first."""
    block: list[Scan] = []
    for scan in reversed(scans):
        if scan.partial or scan.response == "NE":
            continue
        if scan.response != "iUPD":
            break
        block.insert(0, scan)
    return block


def confirms(block: list[Scan], now: Scan) -> bool:
    """Whether a scan with a signal confirms the block."""
    first = block[0]
    if now.day - first.day < 28:
        return False
    compared = [each for each in block if each is first or each.day - first.day >= 28]
    compared = [each for each in compared if each is first or each.source == "computed"]
    pending = first.kinds if first.source == "computed" else set()
    if now.kinds - pending:
        return True
    if "T" in pending and "T" in now.kinds:
        known = [each.total for each in compared if each.complete]
        if known and now.total - known[-1] >= 5 * MM:
            return True
    if "NT" in pending and "NT" in now.kinds:
        return True
    if "NL" in pending:
        before = compared[-1]
        if (now.new | now.back) - (before.new | before.back):
            return True
        sums = [each.news_total for each in compared if each.news_complete]
        if sums and now.news_total - sums[-1] >= 5 * MM:
            return True
        if now.unmeasured_progressed:
            return True
    return False


def follow(chart: Chart, line: Line, scans: list[Scan]) -> None:
    for place, now in enumerate(scans):
        before = scans[:place]
        past = [
            (each.day, {"iCR": "CR", "iCPD": "PD"}.get(each.response, "-"))
            for each in before
            if not each.partial
        ]
        if line.baseline is not None and not now.partial:
            now.back = set(recurring(chart, line, now.states, now.words, past))
        word = overall(now.target, now.nontarget, now.word_of_new)
        if line.baseline is None:
            word = "NE"
        if any(each.response == "iCPD" and not each.partial for each in before):
            now.computed = "iCPD"
        elif word == "PD":
            block = block_before(before)
            now.computed = "iCPD" if block and confirms(block, now) else "iUPD"
        else:
            now.computed = WITH_I[word]
        report(now)
        block = block_before(before)
        first_confirmed = now.response == "iCPD" and not any(
            each.response == "iCPD" for each in before if not each.partial
        )
        if first_confirmed and block and not now.partial and now.day - block[0].day > 56:
            now.problems.add("LATE_CONFIRMATION")


def report(now: Scan) -> None:
    said, computed = now.reported, now.computed
    now.response = computed
    if said is None:
        return
    stands = said != computed and computed in UNGRADED and (said != "NE" or computed == "NED")
    if stands and said in ("iCR", "NED") and now.disease:
        stands = False
        now.problems.add("CR_OVER_DISEASE")
    if stands:
        now.response, now.source = said, "reported"
    else:
        now.agrees = said == computed


def best_of(scans: list[Scan], stable: int = 42) -> str:
    counted = counted_scans(scans)
    words = [each.response for each in counted]
    for word in ("iCR", "iPR"):
        if word in words:
            return word
    if any(each.response == "iSD" and each.since_start >= stable for each in counted):
        return "iSD"
    return rest_of(counted, stable)


def counted_scans(scans: list[Scan]) -> list[Scan]:
    counted = []
    for scan in scans:
        if not scan.partial:
            counted.append(scan)
            if scan.response == "iCPD":
                break
    return counted


def rest_of(counted: list[Scan], stable: int) -> str:
    words = [each.response for each in counted]
    late = [each.response for each in counted if each.since_start >= stable]
    if "non-iCR/non-iUPD" in late:
        return "non-iCR/non-iUPD"
    for word in ("NED", "iCPD", "iUPD"):
        if word in words:
            return word
    return "NE" if words else "ND"


def confirmed_best_of(scans: list[Scan], stable: int = 42) -> str:
    counted = counted_scans(scans)
    spans = [
        counted[first : last + 1]
        for last in range(len(counted))
        for first in range(last)
        if counted[last].day - counted[first].day >= 28
    ]
    if any(is_held(span, {"iCR"}, {"iCR"}) for span in spans):
        return "iCR"
    if any(is_held(span, {"iPR"}, {"iPR", "iCR"}) for span in spans):
        return "iPR"
    if any(
        each.response in ("iCR", "iPR", "iSD") and each.since_start >= stable for each in counted
    ):
        return "iSD"
    return rest_of(counted, stable)


def is_held(span: list[Scan], first: set[str], last: set[str]) -> bool:
    words = [each.response for each in span]
    if words[0] not in first or words[-1] not in last or words.count("NE") > 1:
        return False
    if not set(words) <= last | {"NE"}:
        return False
    return "iCR" not in words or "iPR" not in words[words.index("iCR") :]


def ends(scans: list[Scan]) -> tuple[Document | None, Document | None]:
    """The progression and what is pending at the end."""
    read = [each for each in scans if not each.partial]
    for place, scan in enumerate(read):
        if scan.response == "iCPD":
            block = block_before(read[:place])
            first = block[0] if block else scan
            return {"date": first.date, "causes": first.causes, "confirmed": scan.date}, None
    block = block_before(read)
    return None, ({"date": block[0].date, "causes": block[0].causes} if block else None)


def immune_oracle(case: Document, criteria: str) -> Document:
    """The assessment document by criteria of immunotherapy, without `why`, `rules`, `notes`."""
    if criteria == "imrecist":
        from .oracle_joined import joined_oracle

        return joined_oracle(case)
    chart, lines = assessed_lines(without_reported(case), BASES[criteria])
    spoken, found = visits_of(case), []
    for line in lines:
        scans = scans_of(chart, line, criteria)
        for scan in scans:
            scan.reported = spoken_word(spoken, scan.day, criteria)
            scan.partial = scan.partial and scan.reported is None
        follow(chart, line, scans)
        line.progression, pending = ends(scans)
        beneath = line_document(chart, line, lines)
        found.append({
            **beneath,
            "timepoints": [
                as_told(scan, row, problems["problems"])
                for scan, row, problems in zip(
                    scans, beneath["timepoints"], line.timepoints, strict=True
                )
            ],
            "best_response": best_of(scans),
            "confirmed_best_response": confirmed_best_of(scans),
            "progression": line.progression,
            "pending": pending,
        })  # fmt: skip
    return {
        "format": "mrecist-assessment/1",
        "patient": case["patient"],
        "reader": case.get("reader"),
        "criteria": criteria,
        "lines": found,
        "problems": problems_of_case(chart),
    }


def as_told(scan: Scan, row: Document, problems: set[str]) -> Document:
    problems = set(problems) | scan.problems
    if not scan.partial:
        problems -= {"PARTIAL_EXAMINATION"}
    return {
        **row,
        "new_total_mm": scan.news_total / MM if scan.news_total else None,
        "new_lesion": scan.word_of_new,
        "computed": scan.computed,
        "reported": scan.reported,
        "agrees": scan.agrees,
        "response": scan.response,
        "source": scan.source,
        "problems": sorted(problems),
    }


def without_reported(case: Document) -> Document:
    """The case without any reported verdict: the rows beneath then rest on lesions alone."""
    timepoints = [
        {key: value for key, value in each.items() if key != "reported"}
        for each in case["timepoints"]
    ]
    return {**case, "timepoints": timepoints}


def spoken_word(visits: list[Visit], day: int, criteria: str) -> str | None:
    return next(reported_word(each, criteria) for each in visits if each.day == day)
