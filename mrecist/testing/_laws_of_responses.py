"""Laws of responses: what follows from what, at a time point and over a line."""

from __future__ import annotations

from collections.abc import Iterator

from ..criteria import Criteria
from ._answers import dated, follow_ups, must_be
from ._changes import Document, day_of
from ._law import Law, Trial, Wrong

__all__ = ["BEST_RESPONSE", "PARTS"]


def _overall(target: str, nontarget: str, new: str) -> str:
    """Section 7, the table."""
    if "PD" in (target, nontarget) or new == "YES":
        return "PD"
    if target == "CR":
        return "CR" if nontarget in ("CR", "NONE") else "PR"
    if target != "NONE":
        return target
    return "NED" if nontarget == "NONE" else nontarget


def _response(computed: str, reported: str | None) -> str:
    """Section 7: the verdict of a reader stands in where the rules reach no graded one."""
    if reported not in (None, "NE") and computed in ("NE", "NED", "NON-CR/NON-PD"):
        return str(reported)
    return computed


_BEST_FIRST = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "ND")


def _parts(case: Document, _: Document, __: Criteria) -> Iterator[Trial]:
    reported = {each["date"]: each.get("reported") for each in case["timepoints"]}

    def check(_: Document, answer: Document) -> None:
        for k, t, _ in follow_ups(answer):
            row = answer["lines"][k]["timepoints"][t]
            place = f"line {k + 1}, {row['date']}"
            computed = _overall(row["target"], row["nontarget"], row["new_lesion"])
            must_be("computed", computed, place, row, row)
            must_be("response", _response(computed, reported[row["date"]]), place, row, row)

    yield Trial(changed="nothing", check=check)


PARTS = Law(
    name="the response follows from its parts",
    sentence="Target, non-target and new lesions make the response by one table; a reported "
    "verdict stands in only where that gives NE, NED or NON-CR/NON-PD.",
    rules=("OR-01", "OR-02", "OR-03", "OR-04", "OR-05", "OR-06", "OR-07", "R11-OR-06",
           "REP-STANDS-IN", "RD-STAND-IN"),
    trials=_parts,
)  # fmt: skip


def _best(responses: list[str], late: list[str]) -> str:
    """Section 8, unconfirmed; `late` are the responses from the first day of stable disease."""
    for verdict in _BEST_FIRST[:-2]:
        if verdict in (late if verdict in ("SD", "NON-CR/NON-PD") else responses):
            return verdict
    return "NE" if responses else "ND"


def _confirmed(rows: list[Document], late: list[str], criteria: Criteria) -> str:
    """Section 8, confirmed: a late response that is not confirmed is stable disease."""
    pairs = [(t, u) for t in range(len(rows)) for u in range(t + 1, len(rows))]
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
            rows: list[Document] = line["timepoints"]
            responses = [row["response"] for row in rows]
            counted = rows[: responses.index("PD") + 1] if "PD" in responses else rows
            late = [
                row["response"] for row in counted
                if day_of(row["date"]) - day_of(line["start"]) >= criteria.stable_days
            ]  # fmt: skip
            wanted = {
                "best_response": _best([row["response"] for row in counted], late),
                "confirmed_best_response": _confirmed(counted, late, criteria),
                "progression": counted[-1]["date"] if "PD" in responses else None,
            }
            for key, value in wanted.items():
                if dated(line)[key] != value:
                    told = ", ".join(f"{row['date']} {row['response']}" for row in rows)
                    must = f"{key} must be {value}, it is {dated(line)[key]}, of {told}"
                    raise Wrong(f"line {k + 1}", must, line, line)

    yield Trial(changed="nothing", check=check)


BEST_RESPONSE = Law(
    name="best response counts to the first progression",
    sentence="The best response is the best one up to the first PD; stable disease counts from "
    "day 42, and a response is confirmed by one at least 28 days later.",
    rules=("BOR-03-CR", "BOR-03-PR", "BOR-04-SD", "BOR-04-NN", "BOR-05-CR", "BOR-05-PR",
           "BOR-05-PD", "BOR-05-ND", "BOR-T-SD", "RD-STABLE-42", "RD-NO-LATEST"),
    trials=_best_response,
)  # fmt: skip
