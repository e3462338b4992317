"""Laws of examinations: visits, partial ones, silence, fragments, and whose verdicts count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .._base.words import Response
from ..rulebook.criteria import Criteria
from ._answers import follow_ups, lines_alike
from ._changes import Document, dates_of, day_of, finding_at, like, on, unused_id, with_timepoints
from ._law import Law, Trial

__all__ = ["OTHER_CRITERIA", "PARTIAL", "PARTS_OF_LESIONS", "UNCHANGED", "UNDER_TEST", "VISITS"]


def _same_lines(before: Document, after: Document) -> None:
    for k, (then, now) in enumerate(zip(before["lines"], after["lines"], strict=True)):
        lines_alike(then, now, f"line {k + 1}")


def _timepoint(case: Document, date: Any) -> Document:
    (found,) = (each for each in case["timepoints"] if each["date"] == date)
    return dict(found)


def _next_day(case: Document, date: Any) -> Any | None:
    """The day after a date, where the chart has no time point then."""
    after = like(date, day_of(date) + 1)
    return None if after in dates_of(case) else after


# --- visits --------------------------------------------------------------------------------------


def _visits(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    for date in dates_of(case):
        whole, after = _timepoint(case, date), _next_day(case, date)
        if after is None or whole.get("visit") is not None:
            continue
        cut = len(whole["findings"]) // 2
        halves = whole["findings"][:cut], whole["findings"][cut:]
        others = [each for each in case["timepoints"] if each["date"] != date]
        for told, (first, second) in (("", halves), (", the last first", halves[::-1])):
            visit = whole | {"visit": "one visit"}
            both = [visit | {"findings": first}, visit | {"date": after, "findings": second}]
            yield Trial(
                changed=f"what {date} records is recorded on {date} and {after}, one visit{told}",
                case=case | {"timepoints": [*both[::-1], *others]},
                check=_same_lines,
            )


VISITS = Law(
    name="a visit is one time point",
    sentence="The examinations of one visit are one time point of the earliest date: what they "
    "record may stand in any of them, and their order does not matter.",
    rules=("RD-VISIT-DATE",),
    trials=_visits,
)


# --- partial examinations ------------------------------------------------------------------------


def _partial(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    for k, t, _ in follow_ups(answer):
        line = answer["lines"][k]
        after = _next_day(case, line["timepoints"][t]["date"])
        if line["baseline"] is None or not line["targets"] + line["nontargets"] or after is None:
            continue
        lesion = {"id": unused_id(case), "organ": "brain", "kind": "other"}
        scan = {"date": after, "findings": [{"lesion": lesion["id"], "status": "absent"}]}
        yield Trial(
            changed=f"{after}: a scan of the brain, which shows nothing",
            case=case
            | {
                "lesions": [*case["lesions"], lesion],
                "timepoints": [*case["timepoints"], scan],
            },
            check=_passed_over(k, after),
        )


def _passed_over(k: int, date: Any) -> Callable[[Document, Document], None]:
    """A line is the same but for one follow-up."""

    def check(before: Document, after: Document) -> None:
        old, line = before["lines"][k], after["lines"][k]
        others = [row for row in line["timepoints"] if row["date"] != date]
        lines_alike(old, line | {"timepoints": others}, f"line {k + 1}")

    return check


PARTIAL = Law(
    name="a partial examination is passed over",
    sentence="A follow-up that records something, but no target and no non-target, and shows "
    "nothing new, changes no other follow-up and no result of the line.",
    rules=("RD-PARTIAL-EXAMINATION",),
    trials=_partial,
)


# --- silence -------------------------------------------------------------------------------------


def _unchanged(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    effusions = {each["id"] for each in case["lesions"] if each["kind"] == "effusion"}
    for k, t, lesion in follow_ups(answer, "nontargets"):
        line = answer["lines"][k]
        date = line["timepoints"][t]["date"]
        whole = _timepoint(case, date)
        recorded = {each["lesion"] for each in whole["findings"]}
        if line["baseline"] is None or not recorded >= {*line["nontargets"], *effusions}:
            continue
        earlier = [line["baseline"], *(row["date"] for row in line["timepoints"][:t])]
        if any(_timepoint(case, each).get("arterial_phase") is False for each in [*earlier, date]):
            continue
        if _said(case, date, lesion) != (_last_said(case, earlier, lesion) or "nothing"):
            continue
        kept = [each for each in whole["findings"] if each["lesion"] != lesion]
        yield Trial(
            changed=f"{date}: {lesion} is not mentioned, and what is not is unchanged",
            case=with_timepoints(case, on(date), _becomes(kept)),
            check=_same_line(k),
        )


def _becomes(findings: list[Document]) -> Callable[[Document], Document]:
    return lambda _: {"findings": findings, "unmentioned": "unchanged"}


def _said(case: Document, date: Any, lesion: str) -> str | None:
    """Whether a date records a lesion as there, or as absent, and says no more of it."""
    finding = finding_at(case, date, lesion) or {}
    if any(finding[key] is not None for key in finding.keys() - {"lesion", "status"}):
        return None
    status = finding.get("status")
    return status if status in ("present", "absent") else None


def _last_said(case: Document, dates: list[Any], lesion: str) -> str | None:
    """What the last of some dates that records a lesion as evaluable says."""
    for date in reversed(dates):
        finding = finding_at(case, date, lesion)
        if finding is not None and finding.get("status") != "not evaluable":
            return _said(case, date, lesion)
    return None


def _same_line(k: int) -> Callable[[Document, Document], None]:
    def check(before: Document, after: Document) -> None:
        lines_alike(before["lines"][k], after["lines"][k], f"line {k + 1}")

    return check


UNCHANGED = Law(
    name="unchanged is said again",
    sentence="A non-target that a follow-up does not mention, where it calls what it does not "
    "mention unchanged, is as if it were recorded again as it was last: there or gone.",
    rules=("UM-GONE", "UM-THERE", "RD-UNMENTIONED"),
    trials=_unchanged,
)


# --- fragments -----------------------------------------------------------------------------------


def _parts_of_lesions(case: Document, answer: Document, _: Criteria) -> Iterator[Trial]:
    """From a follow-up of the last line on, a lesion is recorded as its only fragment."""
    if not answer["lines"]:
        return
    k = len(answer["lines"]) - 1
    line = answer["lines"][k]
    if line["baseline"] is None:
        return
    said = [each for timepoint in case["timepoints"] for each in timepoint["findings"]]
    small = {each["lesion"] for each in said if each.get("status") == "too small"}
    for lesion in case["lesions"]:
        name = lesion["id"]
        if name not in line["targets"] + line["nontargets"] or name in small:
            continue
        if lesion["kind"] == "effusion":
            continue
        for row in line["timepoints"]:
            if row["date"] > line["start"]:
                part = lesion | {"id": unused_id(case), "part_of": name}
                yield Trial(
                    changed=f"from {row['date']} on, {name} is recorded as its fragment "
                    f"{part['id']} alone",
                    case=_renamed(case, row["date"], name, part),
                    check=_same_line(k),
                )


def _renamed(case: Document, since: Any, name: str, part: Document) -> Document:
    def changed(timepoint: Document) -> Document:
        return {
            "findings": [
                each | {"lesion": part["id"]} if each["lesion"] == name else each
                for each in timepoint["findings"]
            ]
        }

    split = with_timepoints(case, lambda date: bool(date >= since), changed)
    return split | {"lesions": [*case["lesions"], part]}


PARTS_OF_LESIONS = Law(
    name="a fragment alone is the whole",
    sentence="A target or non-target of which one fragment is recorded, and nothing else, is of "
    "the size of that fragment.",
    rules=("R11-TS-03", "R11-TS-03-NE"),
    trials=_parts_of_lesions,
)


# --- procedures, and whose verdicts count --------------------------------------------------------


def _under_test(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    lesions = [each["id"] for each in case["lesions"]]
    tested = case | {
        "lines": [line | {"agents": [*line["agents"], "TACE"]} for line in case["lines"]]
    }
    for date in dates_of(case):
        yield Trial(
            changed=f"all lines have TACE, and it is done on {date} on every lesion",
            case=tested | {"procedures": [{"date": date, "kind": "cTACE", "lesions": lesions}]},
            check=_same_lines,
        )


UNDER_TEST = Law(
    name="a procedure under test is judged by what it does",
    sentence="A procedure that is an agent of the line takes no lesion out of the verdict.",
    rules=("LINE-06", "RD-TREATED"),
    trials=_under_test,
)


def _other_criteria(case: Document, _: Document, criteria: Criteria) -> Iterator[Trial]:
    words = [word for word in Response if word is not Response.ND]
    for word in words:
        yield Trial(
            changed=f"every time point has the verdict {word} by criteria of another name",
            case=with_timepoints(case, lambda _: True, _also_by_others(str(word), criteria)),
            check=_same_lines,
        )


def _also_by_others(word: str, criteria: Criteria) -> Callable[[Document], Document]:
    def changed(timepoint: Document) -> Document:
        said = timepoint.get("reported")
        ours = {} if said is None else {criteria.reported_as[0]: said}
        words = said if isinstance(said, dict) else ours
        return {"reported": words | {"criteria of others": word}}

    return changed


OTHER_CRITERIA = Law(
    name="verdicts by other criteria do not count",
    sentence="Of verdicts by the names of criteria only the one for the criteria counts.",
    rules=("RD-REPORTED-BY",),
    trials=_other_criteria,
)
