"""A second, independent answer to what the specification says, for tests to compare with.

The promise: `oracle(case, criteria)` follows the page sentence by sentence, with exact fractions
and plain if-ladders, and shares no code with the library. It is written to be checked by eye, not
to be fast. The case must be valid; nothing is validated here. Numbers in comments are sections of
the specification; `Reading:` marks a place where the page leaves room and the most literal sense
was taken.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

Document = dict[str, Any]
Day = int
Millimetres = Fraction

PLURALS = {
    "lungs": "lung",
    "kidneys": "kidney",
    "ovaries": "ovary",
    "breasts": "breast",
    "adrenals": "adrenal",
}

DRUG_NAMES = {
    "sorafenib": ["nexavar", "sor", "bay 43-9006"],
    "lenvatinib": ["lenvima", "kisplyx", "len", "lenv", "e7080"],
    "regorafenib": ["stivarga", "reg", "bay 73-4506"],
    "cabozantinib": ["cabometyx", "cometriq", "cab", "cabo", "xl184"],
    "ramucirumab": ["cyramza", "ram", "imc-1121b"],
    "atezolizumab": ["tecentriq", "ate", "atezo", "mpdl3280a"],
    "bevacizumab": ["avastin", "bev", "beva"],
    "durvalumab": ["imfinzi", "dur", "durva", "medi4736"],
    "tremelimumab": ["imjudo", "tre", "treme"],
    "nivolumab": ["opdivo", "niv", "nivo"],
    "ipilimumab": ["yervoy", "ipi"],
    "pembrolizumab": ["keytruda", "pem", "pembro"],
    "tislelizumab": ["tevimbra"],
    "sintilimab": ["tyvyt"],
    "donafenib": ["zepsun"],
    "camrelizumab": [],
    "rivoceranib": [],
    "apatinib": [],
    "doxorubicin": [],
}
PROCEDURE_NAMES = {
    "tace": "TACE", "ctace": "TACE", "debtace": "TACE", "tae": "TAE",
    "tare": "TARE", "sirt": "TARE", "y90": "TARE", "radioembolisation": "TARE",
    "rfa": "RFA", "mwa": "MWA", "ablation": "ablation", "cryoablation": "cryoablation",
    "pei": "PEI", "sbrt": "SBRT", "radiotherapy": "radiotherapy", "resection": "resection",
    "transplantation": "transplantation",
}  # fmt: skip


def oracle(case: Document, criteria: str = "mrecist") -> Document:
    """The assessment document of a valid case, without `why` and `rules`.

    `criteria` is `mrecist`, `mrecist-5mm` or `recist-1.1`.
    """
    if criteria not in ("mrecist", "mrecist-5mm", "recist-1.1"):
        raise ValueError(f"unknown criteria {criteria!r}")
    timepoints = sorted(case["timepoints"], key=lambda timepoint: day_of(timepoint["date"]))
    # 2: lines are ordered by start.
    # Reading: they are also numbered and put out in that order, whatever the document's order.
    lines = sorted(case["lines"], key=lambda line: day_of(line["start"]))
    assessed: list[Document] = []
    for index in range(len(lines)):
        assessed.append(assess_line(case, criteria, timepoints, lines, index))
    for index in range(len(lines)):
        assessed[index].update(exposure_of(lines, assessed, index))
    problems = []
    for timepoint in timepoints:
        if viable_exceeds_whole(timepoint):
            problems = ["VIABLE_EXCEEDS_WHOLE"]
    return {
        "format": "mrecist-assessment/1",
        "patient": case["patient"],
        "criteria": criteria,
        "lines": assessed,
        "problems": problems,
    }


# --- what is written in the document -------------------------------------------------------------


def day_of(date: str | int) -> Day:
    """The whole day of a date, ISO text or study day."""
    if isinstance(date, str):
        return datetime.date.fromisoformat(date).toordinal()
    return int(date)


def millimetres(value: Any) -> Millimetres:
    """A size as written, rounded once, half to even, to 0.001 mm (top of the page)."""
    if isinstance(value, float):
        # 3: a JSON number is the decimal number that is written.
        written = Fraction(Decimal(repr(value)))
    elif isinstance(value, str):
        written = Fraction(Decimal(value.strip()))
    else:
        written = Fraction(value)
    micrometres = round(written * 1000)  # of a Fraction: exact, half to even
    return Fraction(micrometres, 1000)


def finding_of(timepoint: Document, lesion: Document) -> Document | None:
    """What the time point records of the lesion, or None."""
    findings: list[Document] = timepoint["findings"]
    for finding in findings:
        if finding["lesion"] == lesion["id"]:
            return finding
    return None


def status_of(finding: Document) -> str:
    """The status; a finding without one is `measured` (document format)."""
    if finding.get("status") is None:
        return "measured"
    return str(finding["status"])


def recorded_size(finding: Document, key: str) -> Millimetres | None:
    """The size under `key`, or None where it is not recorded."""
    if finding.get(key) is None:
        return None
    return millimetres(finding[key])


def has_arterial_phase(timepoint: Document) -> bool:
    """Whether the time point has an arterial phase (document format: true unless denied)."""
    if timepoint.get("arterial_phase") is None:
        return True
    return bool(timepoint["arterial_phase"])


def organ_of(lesion: Document) -> str:
    """The organ as section 3 reads it."""
    text = lesion["organ"].lower()
    for sign in ".,;:()-/_":
        text = text.replace(sign, " ")
    # Reading: "surrounding space ignored" extends to runs of space between words.
    said = [word for word in text.split() if word not in ("left", "right", "both", "bilateral")]
    if is_liver(said):
        return "liver"
    words: list[str] = []
    for written in said:
        # Reading: a plural counts wherever it stands in the text, not only as the whole text.
        word = PLURALS.get(written, written)
        if word in ("gland", "glands") and words and words[-1] == "adrenal":
            continue
        words.append(word)
    return " ".join(words)


def is_liver(words: list[str]) -> bool:
    """3: every word is one of the liver's, and one says so."""
    numbers = [
        "1", "2", "3", "4", "5", "6", "7", "8", "4a", "4b",
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "iva", "ivb",
    ]  # fmt: skip
    lettered = ["s" + number for number in numbers]
    parts = [
        "liver", "hepatic", "hepar", "lobe", "lobes", "segment", "segments", "seg", "sgt", "sector",
        "caudate", "quadrate", "dome", "parenchyma", "medial", "lateral", "anterior", "posterior",
        "superior", "inferior", "upper", "lower", "the", "of", "in", "and",
    ]  # fmt: skip
    named = numbered = segment = certain = high_or_low = False
    for word in words:
        if word not in parts and word not in numbers and word not in lettered:
            return False
        named = named or word in ("liver", "hepatic", "hepar")
        certain = certain or word == "caudate" or word in lettered
        numbered = numbered or word in numbers
        segment = segment or word in ("segment", "segments", "seg", "sgt")
        high_or_low = high_or_low or word in ("upper", "lower")
    if high_or_low and not named:
        return False
    return named or certain or (segment and numbered)


def is_liver_nodule(lesion: Document) -> bool:
    """3: kind `nodule` in the organ `liver`."""
    return bool(lesion["kind"] == "nodule" and organ_of(lesion) == "liver")


def is_node(lesion: Document) -> bool:
    """Whether the lesion is a lymph node."""
    return bool(lesion["kind"] == "node")


def viable_exceeds_whole(timepoint: Document) -> bool:
    """Whether some finding has a viable diameter above the whole one (document format)."""
    for finding in timepoint["findings"]:
        viable = recorded_size(finding, "viable_mm")
        longest = recorded_size(finding, "longest_mm")
        # Reading: compared after the rounding, as "no comparison is ever made on a float".
        if viable is not None and longest is not None and viable > longest:
            return True
    return False


# --- 1: the criteria, as values ------------------------------------------------------------------


def is_mrecist(criteria: str) -> bool:
    """`mrecist-5mm` is `mrecist` in all but the floor."""
    return criteria in ("mrecist", "mrecist-5mm")


def size_key(lesion: Document, criteria: str) -> str:
    """Which size of a finding the criteria use for the lesion."""
    if is_node(lesion):
        return "short_axis_mm"
    if is_mrecist(criteria) and is_liver_nodule(lesion):
        if lesion.get("enhancement") == "none":
            return "longest_mm"
        return "viable_mm"
    return "longest_mm"


def progression_floor(criteria: str) -> Millimetres:
    """By how much the total must rise from nadir at least."""
    if criteria == "mrecist":
        return Fraction(0)
    return Fraction(5)


def is_hilar_under_mrecist(lesion: Document, criteria: str) -> bool:
    """A porta hepatis node for which the criteria have their own, larger limits."""
    return is_mrecist(criteria) and is_node(lesion) and lesion.get("hilar") is True


def smallest_target(lesion: Document, criteria: str) -> Millimetres:
    """The smallest size of a target of this kind."""
    if not is_node(lesion):
        return Fraction(10)
    if is_hilar_under_mrecist(lesion, criteria):
        return Fraction(20)
    return Fraction(15)


def smallest_diseased_node(lesion: Document, criteria: str) -> Millimetres:
    """The smallest short axis of a diseased node."""
    if is_hilar_under_mrecist(lesion, criteria):
        return Fraction(20)
    return Fraction(10)


def needs_cytology(lesion: Document, criteria: str) -> bool:
    """Whether the lesion is an effusion that needs positive cytology."""
    return lesion["kind"] == "effusion" and is_mrecist(criteria)


# --- 3: what a finding says about size -----------------------------------------------------------


def size_at(lesion: Document, timepoint: Document, criteria: str) -> tuple[str, Any]:
    """("not evaluable", None), ("unknown", None) or ("known", millimetres), by section 3."""
    finding = finding_of(timepoint, lesion)
    # 3.1
    if finding is None or status_of(finding) == "not evaluable":
        return "not evaluable", None
    # 3.2
    if size_key(lesion, criteria) == "viable_mm" and not has_arterial_phase(timepoint):
        return "not evaluable", None
    # 3.3
    if status_of(finding) == "absent":
        return "known", Fraction(0)
    # 3.4
    # Reading: `too small` is 5 mm even where the finding carries a size as well.
    if status_of(finding) == "too small":
        return "known", Fraction(5)
    # 3.5
    size = recorded_size(finding, size_key(lesion, criteria))
    if size is None:
        return "unknown", None
    return "known", size


def is_gone(lesion: Document, size: Millimetres) -> bool:
    """3, last sentence."""
    if size == 0:
        return True
    # Reading: a node's "short axis" is its size by section 3, so 5 mm where `too small`.
    return is_node(lesion) and size < 10


def positive_cytology_by(lesion: Document, timepoints: list[Document], last_day: Day) -> bool:
    """Whether any time point of the case up to and including that day has positive cytology."""
    for timepoint in timepoints:
        if day_of(timepoint["date"]) <= last_day:
            finding = finding_of(timepoint, lesion)
            # Reading: whatever the finding's status.
            if finding is not None and finding.get("cytology") == "positive":
                return True
    return False


# --- 2: which time points belong to a line -------------------------------------------------------


def baseline_of(line: Document, timepoints: list[Document]) -> Document | None:
    """The named baseline, else the latest time point on or before the line's start."""
    baseline = None
    for timepoint in timepoints:
        if line.get("baseline") is not None:
            if day_of(timepoint["date"]) == day_of(line["baseline"]):
                baseline = timepoint
        elif day_of(timepoint["date"]) <= day_of(line["start"]):
            baseline = timepoint
    return baseline


def followups_of(
    lines: list[Document], index: int, baseline: Document | None, timepoints: list[Document]
) -> list[Document]:
    """The time points after the baseline and up to the start of the next line."""
    followups = []
    for timepoint in timepoints:
        # A line without baseline has no time point on or before its start: all are after it.
        if baseline is not None and day_of(timepoint["date"]) <= day_of(baseline["date"]):
            continue
        last = index + 1 == len(lines)
        if not last and day_of(timepoint["date"]) > day_of(lines[index + 1]["start"]):
            continue
        followups.append(timepoint)
    return followups


# --- 4: roles at baseline ------------------------------------------------------------------------


def is_diseased(
    lesion: Document, baseline: Document, timepoints: list[Document], criteria: str
) -> bool:
    """4: diseased at baseline."""
    finding = finding_of(baseline, lesion)
    if finding is None or status_of(finding) == "absent":
        return False
    # Reading: a size that section 3 calls not evaluable (no arterial phase) is not known, so that
    # such a lesion, recorded and not `absent`, is diseased.
    word, size = size_at(lesion, baseline, criteria)
    if word == "known" and size == 0:
        return False
    if is_node(lesion):
        if word == "known":
            return bool(size >= smallest_diseased_node(lesion, criteria))
        if is_hilar_under_mrecist(lesion, criteria):
            return False
        return status_of(finding) in ("present", "progressed")
    if needs_cytology(lesion, criteria):
        return positive_cytology_by(lesion, timepoints, day_of(baseline["date"]))
    return True


def is_recorded_not_evaluable(lesion: Document, baseline: Document) -> bool:
    """4: recorded `not evaluable` at baseline."""
    # Reading: by its status. A node `measured` without a short axis, or a nodule `absent` on a scan
    # without arterial phase, is not evaluable by section 3 but is not "recorded `not evaluable`".
    finding = finding_of(baseline, lesion)
    return finding is not None and status_of(finding) == "not evaluable"


def is_known(
    lesion: Document, baseline: Document, timepoints: list[Document], criteria: str
) -> bool:
    """6: known at baseline is diseased or not evaluable there."""
    if is_diseased(lesion, baseline, timepoints, criteria):
        return True
    return is_recorded_not_evaluable(lesion, baseline)


def is_fit_target(
    lesion: Document, baseline: Document, timepoints: list[Document], criteria: str
) -> bool:
    """4: whether the lesion may be a target of its own merit."""
    if lesion["kind"] not in ("nodule", "node"):
        return False
    if not is_diseased(lesion, baseline, timepoints, criteria):
        return False
    finding = finding_of(baseline, lesion)
    if finding is None or finding.get("equivocal") is True:
        return False
    if status_of(finding) != "measured":
        return False
    word, size = size_at(lesion, baseline, criteria)
    if word != "known" or size < smallest_target(lesion, criteria):
        return False
    # Reading: under mRECIST `treated` bars nothing; a treated lesion that is not measured by its
    # viable diameter (lung, node, `enhancement: none`) is judged by the size of section 1.
    return is_mrecist(criteria) or lesion.get("treated") is not True


def target_organ(lesion: Document) -> tuple[str, str]:
    """4: all nodes together are one organ; otherwise the recorded text."""
    if is_node(lesion):
        return "nodes", ""
    return "organ", organ_of(lesion)


def choose_targets(
    among: list[Document], baseline: Document, timepoints: list[Document], criteria: str
) -> list[str]:
    """4: the ids of the targets that a line has where it does not name them."""
    fit = []
    for lesion in among:
        if is_fit_target(lesion, baseline, timepoints, criteria):
            fit.append(lesion)
    # Larger first, ties by lesion id.
    fit.sort(key=lambda lesion: (-size_at(lesion, baseline, criteria)[1], lesion["id"]))
    leaders: list[Document] = []
    for lesion in fit:
        if target_organ(lesion) not in [target_organ(leader) for leader in leaders]:
            leaders.append(lesion)
    leaders = leaders[:5]
    seconds: list[Document] = []
    for lesion in fit:
        if lesion in leaders:
            continue
        if target_organ(lesion) not in [target_organ(leader) for leader in leaders]:
            continue
        if target_organ(lesion) in [target_organ(second) for second in seconds]:
            continue
        seconds.append(lesion)
    return [lesion["id"] for lesion in (leaders + seconds)[:5]]


def roles_of(
    case: Document,
    line: Document,
    baseline: Document | None,
    timepoints: list[Document],
    criteria: str,
) -> tuple[list[Document], list[Document]]:
    """The line's targets and non-targets, both in the order of the case's lesions."""
    named_targets = line.get("targets")
    named_nontargets = line.get("nontargets")
    if baseline is None:
        # 2: none but those it names.
        target_ids = named_targets or []
        nontarget_ids = named_nontargets or []
    else:
        if named_targets is not None:
            target_ids = named_targets
        else:
            others = []
            for lesion in case["lesions"]:
                if lesion["id"] not in (named_nontargets or []):
                    others.append(lesion)
            target_ids = choose_targets(others, baseline, timepoints, criteria)
        if named_nontargets is not None:
            # Reading: where only non-targets are named, a lesion known at baseline that is neither
            # named nor chosen as target plays no part, as where both are named.
            nontarget_ids = named_nontargets
        else:
            nontarget_ids = []
            for lesion in case["lesions"]:
                if lesion["id"] in target_ids:
                    continue
                if is_known(lesion, baseline, timepoints, criteria):
                    nontarget_ids.append(lesion["id"])
    targets = [lesion for lesion in case["lesions"] if lesion["id"] in target_ids]
    nontargets = [lesion for lesion in case["lesions"] if lesion["id"] in nontarget_ids]
    return targets, nontargets


def too_many(targets: list[Document]) -> bool:
    """1: more than two in an organ or five in all."""
    if len(targets) > 5:
        return True
    for target in targets:
        same = [other for other in targets if target_organ(other) == target_organ(target)]
        if len(same) > 2:
            return True
    return False


# --- 5: target and non-target response -----------------------------------------------------------


def total_of(
    targets: list[Document], timepoint: Document, criteria: str
) -> tuple[Millimetres | None, bool]:
    """The total over the evaluable targets (None: none evaluable), and whether all were."""
    sizes = []
    for lesion in targets:
        word, size = size_at(lesion, timepoint, criteria)
        if word == "known":
            sizes.append(size)
    if not sizes:
        return None, False
    return sum(sizes, Fraction(0)), len(sizes) == len(targets)


def target_response(
    targets: list[Document],
    timepoint: Document,
    baseline_total: Millimetres | None,
    nadir: Millimetres | None,
    criteria: str,
) -> str:
    """5: the table of target responses."""
    if not targets:
        return "NONE"
    # 4: without a baseline total every target response of the line is NE.
    if baseline_total is None or nadir is None:
        return "NE"
    total, complete = total_of(targets, timepoint, criteria)
    if total is None:
        return "NE"
    rose = 5 * total >= 6 * nadir and total > nadir and total - nadir >= progression_floor(criteria)
    fell = 10 * total <= 7 * baseline_total
    if not complete:
        if rose:
            return "PD"
        return "NE"
    all_gone = True
    for lesion in targets:
        if not is_gone(lesion, size_at(lesion, timepoint, criteria)[1]):
            all_gone = False
    if all_gone:
        return "CR"
    if rose:
        return "PD"
    if fell:
        return "PR"
    return "SD"


def nontarget_state(
    lesion: Document, timepoint: Document, timepoints: list[Document], criteria: str
) -> str:
    """5: the first that holds of not evaluable, gone, progressed, persisting."""
    finding = finding_of(timepoint, lesion)
    word, size = size_at(lesion, timepoint, criteria)
    if finding is None or word == "not evaluable":
        return "not evaluable"
    # 3.5: without the size, `present` and `progressed` still tell; `measured` does not.
    if word == "unknown" and status_of(finding) == "measured":
        return "not evaluable"
    if word == "known" and is_gone(lesion, size):
        return "gone"
    if status_of(finding) == "progressed":
        if not needs_cytology(lesion, criteria):
            return "progressed"
        # 2: proof stays, so any earlier time point of the case counts, outside the line too.
        if positive_cytology_by(lesion, timepoints, day_of(timepoint["date"])):
            return "progressed"
    return "persisting"


def nontarget_response(
    nontargets: list[Document], timepoint: Document, timepoints: list[Document], criteria: str
) -> str:
    """5: the non-targets together."""
    states = []
    for lesion in nontargets:
        states.append(nontarget_state(lesion, timepoint, timepoints, criteria))
    if not states:
        return "NONE"
    if "progressed" in states:
        return "PD"
    if "not evaluable" in states:
        return "NE"
    if "persisting" in states:
        return "NON-CR/NON-PD"
    return "CR"


# --- 6: new lesions ------------------------------------------------------------------------------


def needs_progressed_status(
    lesion: Document, baseline: Document, timepoints: list[Document], criteria: str
) -> bool:
    """6, table: an unproven effusion of the baseline is detected only where `progressed`."""
    if not needs_cytology(lesion, criteria):
        return False
    finding = finding_of(baseline, lesion)
    if finding is None or status_of(finding) == "absent":
        return False
    # Reading: "(no proof)" is the reason, not a further condition; an effusion recorded with size 0
    # at the baseline is "recorded, not as `absent`, but not diseased" too.
    return not is_diseased(lesion, baseline, timepoints, criteria)


def is_detected(
    lesion: Document,
    timepoint: Document,
    baseline: Document,
    timepoints: list[Document],
    criteria: str,
) -> bool:
    """6, first paragraph, and the second row of the table."""
    finding = finding_of(timepoint, lesion)
    if finding is None:
        return False
    if status_of(finding) not in ("measured", "too small", "present", "progressed"):
        return False
    # Reading: a nodule measured by its viable diameter on a scan without arterial phase has no
    # known size (3.2), so that it is detected.
    word, size = size_at(lesion, timepoint, criteria)
    if word == "known" and size == 0:
        return False
    if is_node(lesion):
        if word == "known":
            return bool(size >= smallest_diseased_node(lesion, criteria))
        # Reading: of unknown size whatever its status, `measured` included (unlike section 4).
        return not is_hilar_under_mrecist(lesion, criteria)
    if needs_progressed_status(lesion, baseline, timepoints, criteria):
        return status_of(finding) == "progressed"
    return True


def hcc_size(finding: Document) -> Millimetres | None:
    """6, first row: `longest_mm`, else `viable_mm`; `too small` is 5 mm."""
    if status_of(finding) == "too small":
        return Fraction(5)
    longest = recorded_size(finding, "longest_mm")
    if longest is not None:
        return longest
    return recorded_size(finding, "viable_mm")


def first_detection(
    lesion: Document,
    followups: list[Document],
    baseline: Document,
    timepoints: list[Document],
    criteria: str,
) -> Document | None:
    """6: *t0*."""
    for timepoint in followups:
        if is_detected(lesion, timepoint, baseline, timepoints, criteria):
            return timepoint
    return None


def becomes_new(
    lesion: Document,
    first: Document,
    followups: list[Document],
    baseline: Document,
    timepoints: list[Document],
    criteria: str,
) -> bool:
    """6, table: whether a candidate first detected at `first` becomes a new lesion."""
    at_first = finding_of(first, lesion)
    for timepoint in followups:
        if day_of(timepoint["date"]) < day_of(first["date"]):
            continue
        finding = finding_of(timepoint, lesion)
        if finding is None or at_first is None:
            continue
        if is_mrecist(criteria) and is_liver_nodule(lesion):
            size = hcc_size(finding)
            size_at_first = hcc_size(at_first)
            if size is not None and size >= 10 and finding.get("pattern") == "typical":
                return True
            # Reading: no growth can be told where either size is not recorded.
            if size is not None and size_at_first is not None and size - size_at_first >= 10:
                return True
            if finding.get("biopsy") == "positive":
                return True
        elif needs_cytology(lesion, criteria):
            if finding.get("cytology") == "positive":
                return True
        elif is_detected(lesion, timepoint, baseline, timepoints, criteria):
            if finding.get("equivocal") is True:
                continue
            return True
    return False


# --- 7: response at a time point -----------------------------------------------------------------


def combined_response(target: str, nontarget: str, new_lesion: str) -> str:
    """7: the table, row by row."""
    if new_lesion == "YES":
        return "PD"
    if target == "PD":
        return "PD"
    if nontarget == "PD":
        return "PD"
    if target == "CR" and nontarget in ("CR", "NONE"):
        return "CR"
    if target == "CR":
        return "PR"
    if target == "PR":
        return "PR"
    if target == "SD":
        return "SD"
    if target == "NE":
        return "NE"
    if nontarget == "CR":
        return "CR"
    if nontarget == "NON-CR/NON-PD":
        return "NON-CR/NON-PD"
    if nontarget == "NE":
        return "NE"
    # Reading: also at a follow-up without any finding, of a line with neither sort of lesion.
    return "NED"


def assess_line(
    case: Document,
    criteria: str,
    timepoints: list[Document],
    lines: list[Document],
    index: int,
) -> Document:
    """One line of the assessment, without its exposure."""
    line = lines[index]
    start = day_of(line["start"])
    baseline = baseline_of(line, timepoints)
    followups = followups_of(lines, index, baseline, timepoints)
    targets, nontargets = roles_of(case, line, baseline, timepoints, criteria)
    problems = []

    # 4, 5: B, and N so far.
    baseline_total = None
    if baseline is None:
        problems.append("NO_BASELINE")
    else:
        if start - day_of(baseline["date"]) > 28:
            problems.append("OLD_BASELINE")
        if viable_exceeds_whole(baseline):
            problems.append("VIABLE_EXCEEDS_WHOLE")
        if line.get("targets") is not None:
            for lesion in targets:
                if not is_fit_target(lesion, baseline, timepoints, criteria):
                    problems.append("UNFIT_TARGET")
                if size_at(lesion, baseline, criteria)[0] == "unknown":
                    problems.append("NO_SIZE")
            # Reading: too many in one organ is too many, as more than five in all.
            if too_many(targets):
                problems.append("TOO_MANY_TARGETS")
        if targets:
            total, complete = total_of(targets, baseline, criteria)
            if total is None or not complete or total == 0:
                problems.append("BASELINE_INCOMPLETE")
            else:
                baseline_total = total
    nadir = baseline_total

    # 6: the candidates that become new lesions, each with its t0, and those that do not.
    new_since: list[Day] = []
    never_new: list[Document] = []
    if baseline is not None:
        for lesion in case["lesions"]:
            if lesion in targets or lesion in nontargets:
                continue
            if is_known(lesion, baseline, timepoints, criteria):
                continue
            first = first_detection(lesion, followups, baseline, timepoints, criteria)
            if first is None:
                continue
            if becomes_new(lesion, first, followups, baseline, timepoints, criteria):
                new_since.append(day_of(first["date"]))
            else:
                never_new.append(lesion)

    rows: list[Document] = []
    first_pd: Document | None = None
    for timepoint in followups:
        today = day_of(timepoint["date"])
        row_problems = []
        if viable_exceeds_whole(timepoint):
            row_problems.append("VIABLE_EXCEEDS_WHOLE")
        new_counts = False
        recurred = False
        total = None
        if baseline is None:
            # 2, last paragraph.
            # Reading: nothing is measured here, so that NO_SIZE does not arise either.
            target, nontarget, new_lesion, computed = "NE", "NE", "NO", "NE"
        else:
            total, complete = total_of(targets, timepoint, criteria)
            target = target_response(targets, timepoint, baseline_total, nadir, criteria)
            nontarget = nontarget_response(nontargets, timepoint, timepoints, criteria)
            for lesion in targets:
                if size_at(lesion, timepoint, criteria)[0] == "unknown":
                    row_problems.append("NO_SIZE")
            # 6
            for since in new_since:
                if since <= today:
                    new_counts = True
            if latest_graded(rows) == "CR":
                for lesion in targets:
                    word, size = size_at(lesion, timepoint, criteria)
                    if word == "known" and not is_gone(lesion, size):
                        recurred = True
                for lesion in nontargets:
                    # Reading: "evaluable" as for a non-target, so that `present` of unknown size,
                    # and an effusion without proof, recur.
                    state = nontarget_state(lesion, timepoint, timepoints, criteria)
                    if state in ("progressed", "persisting"):
                        recurred = True
            new_lesion = "NO"
            for lesion in never_new:
                if is_detected(lesion, timepoint, baseline, timepoints, criteria):
                    new_lesion = "EQUIVOCAL"
            if new_counts or recurred:
                new_lesion = "YES"
            computed = combined_response(target, nontarget, new_lesion)

        # 7, reported verdicts.
        reported = timepoint.get("reported")
        response = computed
        source = "computed"
        agrees = None
        if reported is not None:
            if reported != "NE" and computed in ("NE", "NED", "NON-CR/NON-PD"):
                response = reported
                source = "reported"
                # Reading: an earlier follow-up of this line whose reader said CR, whether or not
                # that verdict stood in; and a PR or SD that stands in here.
                if reported in ("PR", "SD"):
                    for earlier in rows:
                        if earlier["reported"] == "CR":
                            row_problems.append("RESPONSE_AFTER_CR")
            else:
                # Reading: a reported NE never stands in, so that it is compared.
                agrees = reported == computed

        row = {
            "date": timepoint["date"],
            "day": today - start,
            "total_mm": as_number(total),
            "nadir_mm": as_number(nadir),
            "target": target,
            "nontarget": nontarget,
            "new_lesion": new_lesion,
            "computed": computed,
            "reported": reported,
            "agrees": agrees,
            "response": response,
            "source": source,
            "problems": sorted(set(row_problems)),
        }
        rows.append(row)
        if response == "PD" and first_pd is None:
            causes = []
            if target == "PD":
                causes.append("target")
            if nontarget == "PD":
                causes.append("nontarget")
            if new_counts:
                causes.append("new lesion")
            if recurred:
                causes.append("recurrence")
            if source == "reported":
                causes.append("reported")
            first_pd = {"date": timepoint["date"], "causes": causes}
        # 5: only now may this time point set the nadir, for later ones.
        if nadir is not None and total is not None and complete:
            nadir = min(nadir, total)

    counted = up_to_first_pd(rows)
    return {
        "line": index + 1,
        "agents": line["agents"],
        "start": line["start"],
        "baseline": None if baseline is None else baseline["date"],
        "targets": [lesion["id"] for lesion in targets],
        "nontargets": [lesion["id"] for lesion in nontargets],
        "baseline_total_mm": as_number(baseline_total),
        "timepoints": rows,
        "best_response": best_response(counted),
        "confirmed_best_response": confirmed_best_response(counted),
        "progression": first_pd,
        "problems": sorted(set(problems)),
    }


def as_number(size: Millimetres | None) -> float | None:
    """A size as the document shows it."""
    if size is None:
        return None
    return float(size)


def latest_graded(rows: list[Document]) -> str | None:
    """6: the latest response that is not NE."""
    for row in reversed(rows):
        if row["response"] != "NE":
            return str(row["response"])
    return None


# --- 8: best response of a line ------------------------------------------------------------------


def up_to_first_pd(rows: list[Document]) -> list[Document]:
    """8: follow-ups up to and including the first PD."""
    counted = []
    for row in rows:
        counted.append(row)
        if row["response"] == "PD":
            break
    return counted


def best_response(rows: list[Document]) -> str:
    """8, unconfirmed: the first that holds."""
    responses = [row["response"] for row in rows]
    late = [row["response"] for row in rows if row["day"] >= 42]
    if "CR" in responses:
        return "CR"
    if "PR" in responses:
        return "PR"
    if "SD" in late:
        return "SD"
    if "NON-CR/NON-PD" in late:
        return "NON-CR/NON-PD"
    if "NED" in responses:
        return "NED"
    if "PD" in responses:
        return "PD"
    if responses:
        return "NE"
    return "ND"


def confirmed_best_response(rows: list[Document]) -> str:
    """8, confirmed: the first that holds."""
    responses = [row["response"] for row in rows]
    late = [row["response"] for row in rows if row["day"] >= 42]
    for t in range(len(rows)):
        for u in range(t + 1, len(rows)):
            if confirms_cr(rows, t, u):
                return "CR"
    for t in range(len(rows)):
        for u in range(t + 1, len(rows)):
            if confirms_pr(rows, t, u):
                return "PR"
    if "CR" in late or "PR" in late or "SD" in late:
        return "SD"
    if "NON-CR/NON-PD" in late:
        return "NON-CR/NON-PD"
    if "NED" in responses:
        return "NED"
    if "PD" in responses:
        return "PD"
    if responses:
        return "NE"
    return "ND"


def confirms_cr(rows: list[Document], t: int, u: int) -> bool:
    """A CR at *t* and a CR 28 days later or more, only CR or NE between, at most one NE."""
    if rows[t]["response"] != "CR" or rows[u]["response"] != "CR":
        return False
    if rows[u]["day"] < rows[t]["day"] + 28:
        return False
    between = [row["response"] for row in rows[t + 1 : u]]
    for response in between:
        if response not in ("CR", "NE"):
            return False
    return between.count("NE") <= 1


def confirms_pr(rows: list[Document], t: int, u: int) -> bool:
    """A PR at *t* and a PR or CR 28 days later or more, as section 8 has it."""
    if rows[t]["response"] != "PR" or rows[u]["response"] not in ("PR", "CR"):
        return False
    if rows[u]["day"] < rows[t]["day"] + 28:
        return False
    between = [row["response"] for row in rows[t + 1 : u]]
    for response in between:
        if response not in ("CR", "PR", "NE"):
            return False
    if between.count("NE") > 1:
        return False
    window = [row["response"] for row in rows[t : u + 1]]
    for earlier in range(len(window)):
        for later in range(earlier + 1, len(window)):
            if window[earlier] == "CR" and window[later] == "PR":
                return False
    return True


# --- 9: exposure ---------------------------------------------------------------------------------


def agent_names(agent: str) -> list[str]:
    """The agents that a text names: split where every part is known, else the whole."""
    text = " ".join(agent.lower().split())
    if text.replace(" ", "") in ("t+a", "a+b"):
        return ["atezolizumab", "bevacizumab"]
    for unit in ("kg", "m2", "day"):
        text = text.replace(f"mg/{unit}", f"mg per {unit}")
    for joint in ("+", "/", "&", " and "):
        text = text.replace(joint, ",")
    found: list[str] = []
    for part in text.split(","):
        names = known_names(part)
        if not names:
            found = known_names(text)
            break
        found = found + names
    return found or [" ".join(agent.lower().split())]


def known_names(text: str) -> list[str]:
    """One drug or procedure, a dose dropped; nothing where it is not known."""
    name = re.split(r"\d[\d.]* ?(?:mg|g|ug|mcg|\u00b5g)\b", text)[0].strip()
    if name == "stride":
        return ["durvalumab", "tremelimumab"]
    for drug, others in DRUG_NAMES.items():
        if name == drug or name in others:
            return [drug]
    squeezed = name.replace(" ", "").replace("-", "").replace("z", "s")
    return [PROCEDURE_NAMES[squeezed]] if squeezed in PROCEDURE_NAMES else []


def line_agents(line: Document) -> list[str]:
    """The agents of a line by canonical name."""
    return [name for agent in line["agents"] for name in agent_names(agent)]


def exposure_of(lines: list[Document], assessed: list[Document], index: int) -> Document:
    """What the line is, given the lines before it."""
    latest = latest_drug = None
    for agent in line_agents(lines[index]):
        for earlier in range(index):
            if agent in line_agents(lines[earlier]):
                if latest is None or earlier > latest:
                    latest = earlier
                procedure = agent in PROCEDURE_NAMES.values()
                if not procedure and (latest_drug is None or earlier > latest_drug):
                    latest_drug = earlier
    if latest is None:
        return {
            "exposure": "first exposure",
            "rechallenge_of": None,
            "drug_free_days": None,
            "lines_between": None,
        }
    only_procedures = latest_drug is None
    if latest_drug is not None:
        latest = latest_drug
    ended = lines[latest].get("end_reason")
    if ended is None and assessed[latest]["progression"] is not None:
        ended = "progression"
    if only_procedures:
        exposure = "repeat"
    elif ended == "progression":
        exposure = "rechallenge"
    elif ended == "toxicity":
        exposure = "resumption"
    else:
        exposure = "reintroduction"
    drug_free_days = None
    if lines[latest].get("stop") is not None:
        # Reading: negative where the earlier line stopped only after this one had started.
        drug_free_days = day_of(lines[index]["start"]) - day_of(lines[latest]["stop"])
    return {
        "exposure": exposure,
        "rechallenge_of": latest + 1,
        "drug_free_days": drug_free_days,
        "lines_between": index - latest - 1,
    }
