"""What a case document may say besides: visits, silence, fragments, merging, procedures.

Each addition takes a valid document and leaves it valid. What it needs and the document lacks, such
as a second lesion of one kind, makes it add nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from ._choices import EVENLY, INDICES, Document, Draw, pick
from ._draft_sights import add_areas, add_looks

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["ADDITIONS", "Addition", "later"]

T = TypeVar("T")
Addition = Callable[[Draw, Document], None]

_AFTER = pick((3, 1), (2, 2), (1, 7), (1, 20))
_WHO_REPORTS = pick((3, "first"), (1, "second"), (1, "both"))
_HOW_MANY = pick((3, 1), (2, 2), (1, 3))
_KINDS = pick(
    (3, "TACE"),
    (3, "RFA"),
    (2, "resection"),
    (1, "transplantation"),
    (1, "drainage"),
    (1, "DEB-TACE"),
    (1, "Radiofrequency of our own"),
    (1, "sorafenib"),
)
_BESIDE = pick((3, 0), (3, -1), (2, 1), (1, -10), (1, 10))
_BY_CRITERIA: SearchStrategy[tuple[str, ...]] = pick(
    (3, ("mrecist", "recist-1.1")),
    (2, ("mrecist",)),
    (1, ("recist-1.1",)),
    (1, ("own",)),
    (1, ("mrecist-5mm", "mrecist")),
)
_WORDS: SearchStrategy[str | None] = pick(
    (2, "PR"), (2, "CR"), (1, "SD"), (1, "PD"), (1, "NE"), (1, "NED"), (1, None)
)


def later(date: int | str, days: int) -> int | str:
    """A date of a document, so many days later."""
    if isinstance(date, int):
        return date + days
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days)).isoformat()


def _one(draw: Draw, items: Sequence[T]) -> T:
    """One of some items, of the first where they are many."""
    return items[draw(INDICES[min(len(items), len(INDICES)) - 1])]


def add_visit(draw: Draw, case: Document) -> None:
    """Two examinations that are one visit: what one time point said, said on two days."""
    timepoints = case["timepoints"]
    if not timepoints:
        return
    place = _one(draw, range(len(timepoints)))
    first = timepoints[place]
    date = later(first["date"], draw(_AFTER))
    between = [each for each in timepoints if first["date"] < each["date"] <= date]
    if between or "visit" in first:
        return
    findings = first["findings"]
    cut = _one(draw, range(len(findings) + 1))
    first["visit"] = f"visit {place}"
    second: Document = {"date": date, "findings": findings[cut:], "visit": f" visit {place}"}
    first["findings"] = findings[:cut]
    if draw(EVENLY):
        second["arterial_phase"] = False
    if "reported" in first:
        who = draw(_WHO_REPORTS)
        if who != "first":
            second["reported"] = first["reported"]
        if who == "second":
            del first["reported"]
    timepoints.insert(place + 1, second)


def add_silence(draw: Draw, case: Document) -> None:
    """Examinations in which what is not mentioned has not changed."""
    for timepoint in case["timepoints"]:
        if draw(EVENLY):
            timepoint["unmentioned"] = "unchanged"


def add_fragments(draw: Draw, case: Document) -> None:
    """Lesions that are fragments of others, and so no longer named by a line."""
    lesions = case["lesions"]
    for _ in range(draw(_HOW_MANY)):
        parents = {each["part_of"] for each in lesions if "part_of" in each}
        pairs = [
            (child, parent)
            for parent in lesions
            for child in lesions
            if child is not parent
            and child["kind"] == parent["kind"]
            and child["id"] not in parents
            and "part_of" not in child
            and "part_of" not in parent
        ]
        if not pairs:
            return
        child, parent = _one(draw, pairs)
        child["part_of"] = parent["id"]
        for line in case["lines"]:
            for key in ("targets", "nontargets"):
                if line.get(key):
                    line[key] = [name for name in line[key] if name != child["id"]]


def add_merging(draw: Draw, case: Document) -> None:
    """Lesions that have merged into others, and are not mentioned again for a while."""
    parents = {each["id"]: each.get("part_of") for each in case["lesions"]}
    ranks = {name: index for index, name in enumerate(parents)}
    for _ in range(draw(_HOW_MANY)):
        pairs = [
            (finding, other, timepoint["date"])
            for timepoint in case["timepoints"]
            for finding in timepoint["findings"]
            for other in _of_one_visit(case, timepoint)
            if "into" not in finding
            and "into" not in other
            # Always towards the lesion that comes first: so no circle arises.
            and ranks[other["lesion"]] < ranks[finding["lesion"]]
            and (parents[finding["lesion"]] or finding["lesion"]) != other["lesion"]
            and ranks[parents[finding["lesion"]] or finding["lesion"]]
            >= ranks[parents[other["lesion"]] or other["lesion"]]
            and parents[other["lesion"]] != finding["lesion"]
            and not any(
                each.get("into") == finding["lesion"] for each in _of_one_visit(case, timepoint)
            )
        ]
        if not pairs:
            return
        finding, other, date = _one(draw, pairs)
        name = finding["lesion"]
        finding.clear()
        finding.update({"lesion": name, "into": other["lesion"]})
        if draw(EVENLY):
            _silence(case, name, date, unchanged=draw(EVENLY))


def _of_one_visit(case: Document, timepoint: Document) -> list[Document]:
    """The findings of all examinations of a visit."""
    visit = timepoint.get("visit", "").strip()
    return [
        finding
        for each in case["timepoints"]
        if each is timepoint or (visit and each.get("visit", "").strip() == visit)
        for finding in each["findings"]
    ]


def _silence(case: Document, lesion: str, date: int | str, *, unchanged: bool) -> None:
    """Leave out what later time points say of a lesion, unless another has merged into it there.

    `unchanged`: they say that what they do not mention is so.
    """
    for timepoint in case["timepoints"]:
        known = [each.get("into") for each in _of_one_visit(case, timepoint)]
        if timepoint["date"] > date and lesion not in known:
            timepoint["findings"] = [
                each for each in timepoint["findings"] if each["lesion"] != lesion
            ]
            if unchanged:
                timepoint["unmentioned"] = "unchanged"


def add_procedures(draw: Draw, case: Document) -> None:
    """Local treatment beside the lines of therapy, about the days of scans."""
    dates = [each["date"] for each in case["timepoints"]]
    dates += [line["start"] for line in case["lines"]]
    procedures = []
    for _ in range(draw(_HOW_MANY)):
        date = later(_one(draw, dates), draw(_BESIDE))
        procedure: Document = {"date": date, "kind": draw(_KINDS)}
        names = [lesion["id"] for lesion in case["lesions"] if draw(EVENLY)]
        if draw(EVENLY) or names:
            procedure["lesions"] = names
        procedures.append(procedure)
    case.setdefault("procedures", []).extend(procedures)


def add_criteria(draw: Draw, case: Document) -> None:
    """Reported verdicts, each by the names of the criteria that it was given by."""
    words: dict[str, Document] = {}
    for timepoint in case["timepoints"]:
        if "reported" in timepoint:
            visit = timepoint.get("visit", str(timepoint["date"])).strip()
            if visit not in words:
                first, *others = draw(_BY_CRITERIA)
                words[visit] = {name: draw(_WORDS) for name in others}
                words[visit][first] = timepoint["reported"]
            timepoint["reported"] = dict(words[visit])


def add_small_nodes(draw: Draw, case: Document) -> None:
    """At the end nothing is left but a normal node, which grows while another lesion is unseen."""
    nodes = [each["id"] for each in case["lesions"] if each["kind"] == "node"]
    others = [each["id"] for each in case["lesions"] if each["kind"] != "node"]
    timepoints = sorted(case["timepoints"], key=lambda each: each["date"])
    if not nodes or not others or len(timepoints) < 3:
        return
    for timepoint, size, unseen in zip(
        timepoints[-2:], (3, 9), ("absent", "not evaluable"), strict=True
    ):
        timepoint["findings"] = [
            {"lesion": nodes[0], "short_axis_mm": size},
            *({"lesion": each, "status": "absent"} for each in nodes[1:]),
            *({"lesion": each, "status": unseen} for each in others),
        ]


def add_atypical(draw: Draw, case: Document) -> None:
    """A treated nodule that enhances atypically wherever it is seen."""
    nodules = [each for each in case["lesions"] if each["kind"] == "nodule"]
    if not nodules:
        return
    lesion = _one(draw, nodules)
    lesion["treated"] = True
    for timepoint in case["timepoints"]:
        for finding in timepoint["findings"]:
            if finding["lesion"] == lesion["id"]:
                finding["pattern"] = "atypical"


def add_old_effusion(draw: Draw, case: Document) -> None:
    """An effusion that is there from the first scan on without proof, and grows."""
    effusions = [each["id"] for each in case["lesions"] if each["kind"] == "effusion"]
    if effusions:
        _say_in_turn(case, effusions[0], [{"longest_mm": size} for size in (10, 14, 30)])


def add_growing_node(draw: Draw, case: Document) -> None:
    """A normal node that crosses the limit, and grows on."""
    nodes = [each["id"] for each in case["lesions"] if each["kind"] == "node"]
    if nodes:
        _say_in_turn(case, _one(draw, nodes), [{"short_axis_mm": size} for size in (7, 12, 13, 16)])


def add_treated_progress(draw: Draw, case: Document) -> None:
    """A lesion that is treated after the first scan, and progresses all the same."""
    lesion = _one(draw, case["lesions"])["id"] if case["lesions"] else None
    if lesion is None or not case["timepoints"]:
        return
    first = min(each["date"] for each in case["timepoints"])
    _say_in_turn(case, lesion, [{"status": "present"}, {"status": "progressed"}])
    procedures = case.setdefault("procedures", [])
    procedures.append({"date": later(first, 1), "kind": "RFA", "lesions": [lesion]})


def add_late_proof(draw: Draw, case: Document) -> None:
    """An effusion that is proved when all else is gone."""
    effusions = [each["id"] for each in case["lesions"] if each["kind"] == "effusion"]
    timepoints = sorted(case["timepoints"], key=lambda each: each["date"])
    if not effusions:
        return
    for timepoint in timepoints[1:]:
        timepoint["findings"] = [
            {"lesion": each["id"], "status": "absent"} for each in case["lesions"]
        ]
    there = {"status": "present"}
    proved = there | {"cytology": "positive"}
    _say_in_turn(case, effusions[0], [there, there, proved])


def add_left_out(draw: Draw, case: Document) -> None:
    """A lesion of the first scan that nobody mentions again, resected or not."""
    if not case["lesions"] or not case["timepoints"]:
        return
    hilar = [each for each in case["lesions"] if each.get("hilar")]
    lesion = _one(draw, hilar or case["lesions"])["id"]
    first, *others = sorted(case["timepoints"], key=lambda each: each["date"])
    _say_in_turn({"timepoints": [first]}, lesion, [{"status": "present"}])
    for timepoint in others:
        timepoint["findings"] = [each for each in timepoint["findings"] if each["lesion"] != lesion]
    if draw(EVENLY):
        date = later(first["date"], 1)
        procedures = case.setdefault("procedures", [])
        procedures.append({"date": date, "kind": "resection", "lesions": [lesion]})


def add_doubtful_nodule(draw: Draw, case: Document) -> None:
    """A nodule of the liver that is new by its growth alone, in spite of a negative biopsy."""
    nodules = [each for each in case["lesions"] if each["kind"] == "nodule"]
    if nodules:
        lesion = _one(draw, nodules)
        lesion["organ"] = "liver"
        lesion.pop("treated", None)
        seen = [{"longest_mm": size, "biopsy": "negative"} for size in (8, 20)]
        _say_in_turn(case, lesion["id"], [{"status": "absent"}, *seen])


def _say_in_turn(case: Document, lesion: str, findings: Sequence[Document]) -> None:
    """Say of a lesion one finding after the other, of the first scan on, the last of all others."""
    timepoints = sorted(case["timepoints"], key=lambda each: each["date"])
    for place, timepoint in enumerate(timepoints):
        said = {"lesion": lesion} | findings[min(place, len(findings) - 1)]
        others = [each for each in timepoint["findings"] if each["lesion"] != lesion]
        timepoint["findings"] = [*others, said]


ADDITIONS: dict[str, Addition] = {
    "old effusion": add_old_effusion,
    "doubtful nodule": add_doubtful_nodule,
    "growing node": add_growing_node,
    "treated progress": add_treated_progress,
    "left out": add_left_out,
    "late proof": add_late_proof,
    "small nodes": add_small_nodes,
    "atypical": add_atypical,
    "visit": add_visit,
    "silence": add_silence,
    "fragments": add_fragments,
    "merging": add_merging,
    "procedures": add_procedures,
    "criteria": add_criteria,
    "areas": add_areas,
    "looks": add_looks,
}
"""Every addition by its name, in the order in which they are made."""
