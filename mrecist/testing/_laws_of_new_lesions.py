"""Laws of new lesions: never better, and dated back once proven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._base.words import NewRule
from ..rulebook.criteria import LEAP_012_RULES, Criteria
from ._answers import (
    OF_A_VERDICT,
    RESULTS,
    alike,
    dated,
    follow_ups,
    must_be,
    pair,
    pairs,
    rows_alike,
)
from ._changes import Document, mm, unused_id, with_lesion
from ._law import Law, Trial, Wrong

__all__ = ["BACK_DATING", "NEW_LESION", "equivocal_at", "looks_at"]


_RESPONDED = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED")  # best first
_UNEQUIVOCAL: tuple[Document, ...] = (
    {"organ": "bone", "kind": "other"},
    {"organ": "portal vein", "kind": "thrombus"},
    {"organ": "liver", "kind": "infiltrative"},
    {"organ": "mediastinum", "kind": "node"},
    {"organ": "lung", "kind": "nodule"},
)


def _new_lesion(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    for k, t, _ in follow_ups(answer):
        if answer["lines"][k]["baseline"] is None:
            continue
        date = answer["lines"][k]["timepoints"][t]["date"]
        for kind in _UNEQUIVOCAL:
            lesion = {"id": unused_id(case)} | kind
            yield Trial(
                changed=f"{date}: {lesion['id']} ({kind['kind']}, {kind['organ']}) is present",
                case=with_lesion(case, lesion, [(date, {"status": "present"})]),
                check=_new_from(k, t),
            )


def _new_from(k: int, t: int) -> Any:
    """A new lesion counts from a follow-up on, and changes nothing before it."""

    def check(before: Document, after: Document) -> None:
        old, line = before["lines"][k], after["lines"][k]
        place = f"line {k + 1}"
        rows_alike(old, line, place, up_to=t)
        for then, now in pairs(old, line, place)[t:]:
            for key, verdict in {"new_lesion": "YES", "computed": "PD", "response": "PD"}.items():
                must_be(key, verdict, f"{place}, {now['date']}", then, now)
        dates = [row["date"] for row in old["timepoints"]]
        was = dated(old)["progression"]
        must_be(
            "progression", dates[t] if was is None else min(was, dates[t]), place, old, dated(line)
        )
        for key in RESULTS[:2]:
            if _rank(line[key]) < _rank(old[key]):
                raise Wrong(place, f"{key} must not turn to {line[key]}", old, line)

    return check


def _rank(response: Any) -> int:
    return _RESPONDED.index(response) if response in _RESPONDED else len(_RESPONDED)


NEW_LESION = Law(
    name="a new lesion is never better",
    sentence="An unequivocal new lesion is progression at the follow-up that shows it and at all "
    "later ones of the line, and changes none before it.",
    rules=("OR-07", "R11-OR-07", "R11-NL-01"),
    trials=_new_lesion,
)


def _by_look_only(
    liver: Document,
) -> Iterator[tuple[str, Document, Document, Document, bool]]:
    """New liver nodules where nothing but the typical look proves them."""
    small, typical = _sized(6_000), {"pattern": "typical"}
    yield "small, then typical", liver, small, small | typical, True
    yield (
        "grown, with a positive biopsy",
        liver,
        small,
        _sized(60_000) | {"biopsy": "positive"},
        False,
    )
    yield "of another malignant look", liver, small, small | {"pattern": "malignant"}, False
    yield "typical, then gone", liver, small, {"status": "absent"} | typical, False


def _sightings(criteria: Criteria) -> Iterator[tuple[str, Document, Document, Document, bool]]:
    """What is seen, at first and later, of a candidate, and whether the later one proves it."""
    doubtful = {"status": "present", "equivocal": True}
    bone = {"organ": "bone", "kind": "other"}
    yield "equivocal, then not", bone, doubtful, {"status": "present"}, True
    yield "equivocal both times", bone, doubtful, doubtful, False
    yield "equivocal, then absent", bone, doubtful, {"status": "absent"}, False
    if criteria.new_liver_nodule is not NewRule.HCC:
        return
    liver = {"organ": "liver", "kind": "nodule"}
    if criteria.rules == LEAP_012_RULES:
        yield from _by_look_only(liver)
        return
    limit, growth = criteria.new_nodule_um, criteria.new_nodule_growth_um
    small = _sized(6_000)
    for beside in (0, -1):
        grown, typical = _sized(6_000 + growth + beside), _sized(limit + beside)
        proven = beside == 0
        yield f"grown by {(growth + beside) / 1000} mm", liver, small, grown, proven
        typical = typical | {"pattern": "typical"}
        first = _sized(limit + beside)
        told = f"{(limit + beside) / 1000} mm, then typical"
        yield told, liver, first, typical, proven
    biopsy = {"status": "absent", "biopsy": "positive"}
    yield "then gone, with a positive biopsy", liver, small, biopsy, True
    yield "then not evaluable", liver, small, {"status": "not evaluable"}, False


def _sized(micrometres: int) -> Document:
    return {"viable_mm": mm(micrometres), "longest_mm": mm(micrometres)}


def _back_dating(case: Document, answer: Document, criteria: Criteria) -> Iterator[Trial]:
    for k, t, _ in follow_ups(answer):
        line = answer["lines"][k]
        if line["baseline"] is None:
            continue
        dates = [row["date"] for row in line["timepoints"]]
        if not looks_at(case, line, dates[t]):
            continue
        for u in sorted({t + 1, len(dates) - 1} & {*range(t + 1, len(dates))}):
            if not looks_at(case, line, dates[u]):
                continue
            for told, kind, first, later, proves in _sightings(criteria):
                lesion = {"id": unused_id(case)} | kind
                yield Trial(
                    changed=f"{lesion['id']} ({kind['kind']}, {kind['organ']}) seen on {dates[t]} "
                    f"and {dates[u]}: {told}",
                    case=with_lesion(case, lesion, [(dates[t], first), (dates[u], later)]),
                    check=_new_from(k, t) if proves else equivocal_at(k, t),
                )


def looks_at(case: Document, line: Document, date: Any) -> bool:
    """Whether a follow-up has an arterial phase, and records a target or non-target of a line.

    Others are partial examinations, or become some, once they record something else.
    """
    listed = {*line["targets"], *line["nontargets"]}
    return any(
        timepoint.get("arterial_phase") is not False
        and not listed.isdisjoint(each["lesion"] for each in timepoint["findings"])
        for timepoint in case["timepoints"]
        if timepoint["date"] == date
    )


def equivocal_at(k: int, t: int) -> Any:
    """A candidate that was never proven changes no response."""

    def check(before: Document, after: Document) -> None:
        old, line = before["lines"][k], after["lines"][k]
        keys = tuple(key for key in OF_A_VERDICT if key != "new_lesion")
        for then, now in pairs(old, line, f"line {k + 1}"):
            alike(then, now, keys, f"line {k + 1}, {now['date']}")
        place, then, now = pair(before, after, k, t)
        wanted = "EQUIVOCAL" if then["new_lesion"] == "NO" else then["new_lesion"]
        must_be("new_lesion", wanted, place, then, now)
        alike(dated(old), dated(line), RESULTS, f"line {k + 1}")

    return check


BACK_DATING = Law(
    name="proof is dated back to the first sight",
    sentence="A candidate that is proven later is a new lesion from the follow-up that first "
    "showed it; one that never is stays equivocal and changes no response.",
    rules=("NL-HCC-10", "NL-HCC-GROW", "NL-HCC-BIOPSY", "NL-HCC-LT10", "NL-HCC-GREY", "R11-NL-02",
           "RD-GROWTH", "RD-BIOPSY"),
    trials=_back_dating,
)  # fmt: skip
