"""Laws of time: no look-ahead, nothing after progression, no leak between lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..criteria import Criteria
from ._answers import OF_A_VERDICT, OF_TARGETS, RESULTS, ROLES, alike, dated, lines_alike, pairs
from ._changes import Document, dates_of, day_of, like, until, with_timepoints
from ._law import Law, Trial, Wrong

__all__ = ["AFTER_PROGRESSION", "LOOK_AHEAD", "WINDOWS"]


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
        changed = False
        for then, now in pairs(shared, known, place):
            at = f"{place}, {now['date']}"
            alike(then, now, OF_TARGETS, at)
            differs = any(then.get(key) != now.get(key) for key in OF_A_VERDICT)
            if differs and not changed and now["new_lesion"] != "EQUIVOCAL":
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
                    _after(date),
                    _rewritten([*line["targets"], *line["nontargets"]], status, reported),
                ),
                check=_same_results(k, back_dated=False),
            )


def _after(date: Any) -> Callable[[Any], bool]:
    return lambda each: bool(each > date)


def _outside(dates: set[Any]) -> Callable[[Any], bool]:
    return lambda each: each not in dates


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


def _windows(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    lines = sorted(case["lines"], key=lambda line: day_of(line["start"]))
    lesions = [lesion["id"] for lesion in case["lesions"]]
    yield Trial(changed="nothing", check=_follow_ups_of(case, lines))
    for k, line in enumerate(answer["lines"]):
        window = {line["baseline"], *(row["date"] for row in line["timepoints"])}
        if window >= {*dates_of(case)}:
            continue
        for status in ("absent", "progressed", "not evaluable"):
            yield Trial(
                changed=f"outside {sorted(window - {None})}, the window of line {k + 1}, all "
                f"lesions are {status}, biopsies positive, and PD is reported",
                case=with_timepoints(case, _outside(window), _all_lesions(lesions, status)),
                check=_same_line(k, k),
            )
    for k in range(len(lines)):
        kept = lines[k : k + 2]
        if kept != lines:
            yield Trial(
                changed=f"all lines left out but line {k + 1} and the next",
                case=case | {"lines": kept},
                check=_same_line(k, 0),
            )
    days = [day_of(date) for date in dates_of(case)] + [day_of(line["start"]) for line in lines]
    more = {"agents": ["sorafenib"], "start": like(lines[0]["start"], max(days) + 7)}
    for k in range(len(lines)):
        yield Trial(
            changed=f"one more line, from {more['start']}",
            case=case | {"lines": [*case["lines"], more]},
            check=_same_line(k, k),
        )


def _all_lesions(lesions: list[str], status: str) -> Any:
    """Time points that say something else of everything; proof by cytology alone may matter."""

    def changed(timepoint: Document) -> Document:
        proofs = {each["lesion"]: each.get("cytology") for each in timepoint["findings"]}
        findings = [
            {"lesion": each, "status": status, "biopsy": "positive", "cytology": proofs.get(each)}
            for each in lesions
        ]
        return {"findings": findings, "reported": "PD"}

    return changed


def _follow_ups_of(case: Document, lines: list[Document]) -> Any:
    """Section 2: after the baseline, and up to the start of the next line."""

    def check(_: Document, answer: Document) -> None:
        for k, line in enumerate(answer["lines"]):
            ends = [day_of(following["start"]) for following in lines[k + 1 : k + 2]]
            begins = [] if line["baseline"] is None else [day_of(line["baseline"])]
            wanted = [
                date for date in dates_of(case)
                if all(day_of(date) <= end for end in ends)
                and all(day_of(date) > begin for begin in begins)
            ]  # fmt: skip
            found = [row["date"] for row in line["timepoints"]]
            if found != wanted:
                must = f"follow-ups must be at {wanted}, they are at {found}"
                raise Wrong(f"line {k + 1}", must, line, line)

    return check


def _same_line(k: int, then: int) -> Any:
    def check(before: Document, after: Document) -> None:
        lines_alike(before["lines"][k], after["lines"][then], f"line {k + 1}")

    return check


WINDOWS = Law(
    name="windows do not leak",
    sentence="A line is judged by its baseline and the follow-ups up to the start of the next "
    "line; nothing else moves it, not nadir, not new lesions, but for proof by cytology.",
    rules=("RD-WINDOW", "RD-PROOF", "RD-SHARED-SCAN", "RD-NADIR-BASELINE"),
    trials=_windows,
)
