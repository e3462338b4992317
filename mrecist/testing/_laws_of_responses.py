"""Laws of responses: what follows from what, at a time point and over a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from ..rulebook.criteria import Criteria
from ._answers import dated, follow_ups, must_be
from ._changes import Document, day_of, on, with_timepoints
from ._law import Law, Trial, Wrong, small_charts

__all__ = ["BEST_RESPONSE", "PARTS"]


# --- at a time point -----------------------------------------------------------------------------

# What becomes of targets, of non-targets (none: not recorded), and what a reader reports.
_SCANS: tuple[tuple[str | None, str | None, str | None], ...] = (
    ("absent", "absent", "PD"), ("absent", "present", "CR"), ("absent", None, "CR"),
    ("absent", "progressed", "CR"), ("absent", "not evaluable", None), (None, "present", "NE"),
    (None, None, "PR"), (None, None, "NE"), (None, "absent", "SD"), (None, "progressed", "CR"),
)  # fmt: skip


def _overall(target: str, nontarget: str, new: str) -> str:
    """Section 7 of the specification, the table."""
    if "PD" in (target, nontarget) or new == "YES":
        return "PD"
    if target == "CR":
        return "CR" if nontarget in ("CR", "NONE") else "PR"
    if target != "NONE":
        return target
    return "NED" if nontarget == "NONE" else nontarget


def _responses(
    row: Document, computed: str, reported: str | None, *, has_baseline: bool
) -> tuple[str, ...]:
    """Section 7: the verdict of a reader stands in where the rules reach no graded one.

    Two are possible where the parts do not tell whether some disease was seen.
    """
    if reported is None or computed not in ("NE", "NED", "NON-CR/NON-PD"):
        return (computed,)
    if reported == "NE":
        return ("NE" if computed == "NED" else computed,)
    if reported not in ("CR", "NED") or not has_baseline:
        return (reported,)
    if row["nontarget"] == "NON-CR/NON-PD":
        return (computed,)
    unseen = row["nontarget"] == "NE" or row["total_mm"] is not None
    return (reported, computed) if unseen else (reported,)


def _word_for(reported: Any, criteria: Criteria) -> str | None:
    """The word that counts for criteria, of one verdict or of one for each named criteria."""
    if not isinstance(reported, dict):
        return None if reported is None else str(reported)
    words = (str(reported[name]) for name in criteria.reported_as if name in reported)
    return next(words, None)


def _parts(case: Document, answer: Document, criteria: Criteria) -> Iterator[Trial]:
    yield Trial(changed="nothing", check=_follows(case, criteria))
    for k, t, _ in follow_ups(answer):
        line = answer["lines"][k]
        date = line["timepoints"][t]["date"]
        for targets, nontargets, reported in _SCANS:
            said = [*_all(line["targets"], targets), *_all(line["nontargets"], nontargets)]
            changed = with_timepoints(case, on(date), _becomes(said, reported))
            words = (word or "not recorded" for word in (targets, nontargets))
            told = ", non-targets ".join(words)
            yield Trial(
                changed=f"{date}: targets {told}; reported {reported or 'nothing'}",
                case=changed,
                check=_follows(changed, criteria),
            )


def _all(lesions: list[str], status: str | None) -> Iterator[Document]:
    """The same status of some lesions, or silence."""
    return ({"lesion": lesion, "status": status} for lesion in lesions if status is not None)


def _becomes(findings: list[Document], reported: str | None) -> Callable[[Document], Document]:
    return lambda _: {"findings": findings, "reported": reported}


def _follows(case: Document, criteria: Criteria) -> Callable[[Document, Document], None]:
    reported = {
        each["date"]: _word_for(each.get("reported"), criteria) for each in case["timepoints"]
    }

    def check(_: Document, answer: Document) -> None:
        for k, line in enumerate(answer["lines"]):
            for row in line["timepoints"]:
                place = f"line {k + 1}, {row['date']}"
                computed = _overall(row["target"], row["nontarget"], row["new_lesion"])
                must_be("computed", computed, place, row, row)
                has_baseline = line["baseline"] is not None
                word = reported[row["date"]]
                allowed = _responses(row, computed, word, has_baseline=has_baseline)
                must_be("response", allowed, place, row, row)

    return check


PARTS = Law(
    name="the response follows from its parts",
    sentence="Target, non-target and new lesions make the response by one table; a reported "
    "verdict stands in only where that gives NE, NED or NON-CR/NON-PD.",
    rules=("OR-01", "OR-02", "OR-03", "OR-04", "OR-05", "OR-06", "OR-07", "R11-OR-03",
           "R11-OR-06", "R11-OR-10", "R11-OR-11", "R11-OR-12", "OR-NED", "REP-STANDS-IN",
           "RD-STAND-IN"),
    trials=_parts,
)  # fmt: skip


# --- over a line ---------------------------------------------------------------------------------

_BEST_FIRST = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND")


def _best(responses: list[str], late: list[str]) -> str:
    """Section 8, unconfirmed; `late` are the responses from the first day of stable disease."""
    for verdict in _BEST_FIRST[:-2]:
        if verdict in (late if verdict in ("SD", "NON-CR/NON-PD") else responses):
            return verdict
    return "NE" if responses else "ND"


def _confirmed(rows: list[Document], late: list[str], criteria: Criteria) -> str:
    """Section 8, confirmed: a late response that is not confirmed is stable disease."""
    apart = 1 if criteria.confirmation_days else 0  # a response that needs none confirms itself
    pairs = [(t, u) for t in range(len(rows)) for u in range(t + apart, len(rows))]
    for verdict in ("CR", "PR"):
        if any(_confirms(verdict, rows[t : u + 1], criteria) for t, u in pairs):
            return verdict
    if {"CR", "PR"} & {*late}:
        return "SD"
    responses: list[str] = [row["response"] for row in rows]
    return _best([each if each not in ("CR", "PR") else "NE" for each in responses], late)


def _confirms(verdict: str, rows: list[Document], criteria: Criteria) -> bool:
    """Whether the last of some time points confirms the first, and none between is against it."""
    responses = [row["response"] for row in rows]
    as_good = _BEST_FIRST[: _BEST_FIRST.index(verdict) + 1]
    days = day_of(rows[-1]["date"]) - day_of(rows[0]["date"])
    return (
        responses[0] == verdict
        and responses[-1] in as_good
        and {*responses} <= {*as_good, "NE"}
        and responses.count("NE") <= criteria.confirmation_gaps
        and days >= criteria.confirmation_days
        and not ("CR" in responses and "PR" in responses[responses.index("CR") :])
    )


def _best_response(_: Document, __: Document, criteria: Criteria) -> Iterator[Trial]:
    def check(_: Document, answer: Document) -> None:
        for k, line in enumerate(answer["lines"]):
            rows = [row for row in line["timepoints"] if not _is_partial(row)]
            responses = [row["response"] for row in rows]
            counted = rows[: responses.index("PD") + 1] if "PD" in responses else rows
            late = [
                row["response"]
                for row in counted
                if day_of(row["date"]) - day_of(line["start"]) >= criteria.stable_days
            ]
            wanted = {
                "best_response": _best([row["response"] for row in counted], late),
                "confirmed_best_response": _confirmed(counted, late, criteria),
                "progression": counted[-1]["date"] if "PD" in responses else None,
            }
            for key, value in wanted.items():
                if dated(line)[key] != value:
                    told = ", ".join(f"{row['date']} {row['response']}" for row in rows)
                    must = f"{key} must be {value}, it is {dated(line)[key]}, of {told or 'none'}"
                    raise Wrong(f"line {k + 1}", must, line, line)

    yield Trial(changed="nothing", check=check)


def _is_partial(row: Document) -> bool:
    """Whether a follow-up is told to be a partial examination, which is passed over."""
    return "PARTIAL_EXAMINATION" in row.get("problems", ())


@st.composite
def _reported_charts(draw: st.DrawFn) -> Document:
    """No lesions, so that readers' verdicts make the responses, on days that matter."""
    # Visits closer than a confirmation are as many as others: a later one then confirms.
    steps = st.sampled_from([28, 14, 14, 14, 27, 29, 42, 41, 43])
    verdicts = st.sampled_from(
        ["PR", "PR", "PR", "CR", "CR", "NE", "NE", "SD", "PD", "NON-CR/NON-PD"]
    )
    day = 0
    timepoints: list[Document] = [{"date": 0, "findings": []}]
    for _ in range(draw(st.integers(1, 6))):
        day += draw(steps)
        timepoints.append({"date": day, "findings": [], "reported": draw(verdicts)})
    return {
        "format": "mrecist-case/1",
        "patient": "P-001",
        "lesions": [],
        "timepoints": timepoints,
        "lines": [{"agents": ["lenvatinib"], "start": 0}],
    }


def _reported_and_any() -> st.SearchStrategy[Document]:
    return _reported_charts() | _reported_charts() | small_charts()


BEST_RESPONSE = Law(
    name="best response counts to the first progression",
    sentence="The best response is the best one up to the first PD; stable disease counts from "
    "day 42, and a response is confirmed by one at least 28 days later.",
    rules=("BOR-03-CR", "BOR-03-PR", "BOR-04-SD", "BOR-04-NN", "BOR-05-CR", "BOR-05-PR",
           "BOR-05-NED", "BOR-05-PD", "BOR-05-NE", "BOR-05-ND", "BOR-T-SD", "BOR-T-NN",
           "BOR-T-NED", "BOR-T-PD", "BOR-T-NE", "BOR-T-ND", "RD-STABLE-42", "RD-NO-LATEST"),
    trials=_best_response,
    charts=_reported_and_any,
)  # fmt: skip
