"""Laws of time: no look-ahead, and nothing after progression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..rulebook.criteria import Criteria
from ._answers import OF_A_VERDICT, OF_TARGETS, RESULTS, ROLES, alike, dated, pairs
from ._changes import Document, dates_of, until, with_timepoints
from ._law import Law, Trial, Wrong

__all__ = ["AFTER_PROGRESSION", "LOOK_AHEAD"]


def _look_ahead(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    for date in dates_of(case)[:-1]:
        shorter = until(case, date)
        if shorter is not None:
            yield Trial(
                changed=f"all time points after {date} left out",
                case=shorter,
                check=_known_then,
            )


def _known_then(before: Document, after: Document) -> None:
    """Earlier verdicts are the same but for a candidate that was proven later."""
    for k, (full, known) in enumerate(zip(before["lines"], after["lines"], strict=True)):
        if full["baseline"] != known["baseline"]:
            continue  # a later scan became its baseline
        place = f"line {k + 1}"
        alike(full, known, ROLES, place)
        shared = full | {"timepoints": full["timepoints"][: len(known["timepoints"])]}
        changed = doubted = False
        for then, now in pairs(shared, known, place):
            at = f"{place}, {now['date']}"
            alike(then, now, OF_TARGETS, at)
            differs = any(then.get(key) != now.get(key) for key in OF_A_VERDICT)
            # What is equivocal may be hidden by a recurrence of the same day, which is YES.
            doubted = doubted or now["new_lesion"] != "NO"
            if differs and not changed and not doubted:
                must = "only what was equivocal may be judged anew, once it is proven later"
                raise Wrong(at, must, then, now)
            changed = changed or differs
            if changed and (then["new_lesion"], then["response"]) != ("YES", "PD"):
                raise Wrong(at, "what is judged anew must be a new lesion, and PD", then, now)


LOOK_AHEAD = Law(
    name="no look-ahead",
    sentence="A later time point changes no earlier verdict, except that a candidate which it "
    "proves to be a new lesion counts from the follow-up that first showed it.",
    rules=("RD-NADIR-BASELINE", "NL-HCC-10", "NL-HCC-GROW", "R11-NL-02", "RD-WINDOW"),
    trials=_look_ahead,
)


def _after_progression(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    for k, line in enumerate(answer["lines"]):
        date = dated(line)["progression"]
        if date is None or date == dates_of(case)[-1]:
            continue
        shorter = until(case, date)
        if shorter is not None:
            yield Trial(
                changed=f"all time points after the progression of {date} left out",
                case=shorter,
                check=_same_results(k, back_dated=True),
            )
        for reported, status in (("CR", "absent"), ("PD", "present")):
            yield Trial(
                changed=f"after the progression of {date} all known lesions are {status}, "
                f"and {reported} is reported",
                case=with_timepoints(
                    case,
                    _after(max(date, line["start"])),  # up to the start may be a baseline
                    _rewritten([*line["targets"], *line["nontargets"]], status, reported),
                ),
                check=_same_results(k, back_dated=False),
            )


def _after(date: Any) -> Callable[[Any], bool]:
    return lambda each: bool(each > date)


def _rewritten(lesions: list[str], status: str, reported: str) -> Any:
    """Time points at which some lesions have a status, and a reader gives a verdict."""

    def changed(timepoint: Document) -> Document:
        kept = [each for each in timepoint["findings"] if each["lesion"] not in lesions]
        findings = [*kept, *({"lesion": lesion, "status": status} for lesion in lesions)]
        return {"findings": findings, "reported": reported}

    return changed


def _same_results(k: int, *, back_dated: bool) -> Any:
    """The results of a line are the same, unless its progression was proven later."""

    def check(before: Document, after: Document) -> None:
        old, line = dated(before["lines"][k]), dated(after["lines"][k])
        causes = before["lines"][k]["progression"].get("causes", ["new lesion"])
        if back_dated and old["progression"] != line["progression"] and "new lesion" in causes:
            return
        alike(old, line, RESULTS, f"line {k + 1}")

    return check


AFTER_PROGRESSION = Law(
    name="nothing after progression counts",
    sentence="What follows the first PD of a line moves neither its best response nor the date of "
    "its progression.",
    rules=("BOR-05-PD", "BOR-T-PD"),
    trials=_after_progression,
)
