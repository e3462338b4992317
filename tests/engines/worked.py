"""A cohort of the worked cases for engines whose columns have one type each, and its answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from support.cohort_tables import DATES, SIZES, Columns, cohort_of, sayable_cohort

import mrecist
from mrecist import conformance

FIRST = datetime.date(2024, 1, 1)
KINDS: dict[str, Callable[[int], Any]] = {
    "day": int,
    "date": lambda day: FIRST + datetime.timedelta(day),
    "text": lambda day: (FIRST + datetime.timedelta(day)).isoformat(),
}
"""How dates are written, from a whole day."""

BAD: Columns = {
    "patient": ["bad size", "bad size", "bad line", "bad both", None],
    "date": [0, 60, 0, 0, 0],
    "lesion": ["S8"] * 5,
    "viable_mm": [14.0, -3.0, 20.0, 2000.0, 5.0],
}
BAD_LINES: Columns = {"patient": ["bad size", "bad line", "bad both"], "start": [0, None, None]}


def tables(dates: str = "date", *, bad: bool = True) -> tuple[Columns, Columns]:
    """Findings and lines, rows of the patients in turn, with some patients full of mistakes."""
    cases = [case.document for case in conformance.cases() if case.valid]
    cases = [
        each for each in cases if not any(isinstance(t["date"], str) for t in each["timepoints"])
    ]
    cohort = cohort_of(sayable_cohort(cases))
    write = KINDS[dates]
    told = []
    for columns, more in ((cohort.findings, BAD), (cohort.lines or {}, BAD_LINES)):
        count = len(more["patient"]) if bad else 0
        joined = {
            name: [*cells, *more.get(name, [None] * count)[:count]]
            for name, cells in columns.items()
        }
        for name in joined.keys() & DATES:
            joined[name] = [None if day is None else write(day) for day in joined[name]]
        for name in joined.keys() & set(SIZES):
            joined[name] = [None if size is None else float(size) for size in joined[name]]
        told.append({name: [*cells[::2], *cells[1::2]] for name, cells in joined.items()})
    return told[0], told[1]


RARE: tuple[Columns, Columns] = (
    {
        "patient": ["P", "P", "Q ", "Q", "Q"],
        "date": [FIRST, FIRST + datetime.timedelta(60)] * 2 + [FIRST + datetime.timedelta(61)],
        "lesion": ["S8", "S8", "S8", "S8", "S4"],
        "viable_mm": [20.0, 10.0, 20.0, 0.0, 8.0],
        "longest_mm": [20.0] * 5,
        "visit": [None, None, None, "2", "2"],
        "reported:recist-1.1": [None, "CR", None, None, "PR"],
    },
    {
        "patient": ["P", "R", "Q"],
        "date": [FIRST] * 3,
        "kind": ["TACE", "RFA", "drainage"],
        "lesions": ["S8", "S8", None],
    },
)
"""Findings and procedures with what is rare: visits, verdicts by criteria, ids with space."""


KEPT = ("arm", "age", "score", "ill", "born", "site")
"""Columns to keep: all but the last are of the patients, and that is of the lines."""


def with_kept(findings: Columns, lines: Columns) -> tuple[Columns, Columns]:
    """Lines with a site, and patients with columns of every type; some are not in it."""
    ids = [each for each in dict.fromkeys(findings["patient"]) if each is not None]
    some = [*ids[:-7], "nobody"]
    patients: Columns = {
        "patient": some,
        "arm": [("TACE", "sham", None)[i % 3] for i in range(len(some))],
        "age": [40 + i % 50 for i in range(len(some))],
        "score": [None if i % 5 == 0 else i / 4 for i in range(len(some))],
        "ill": [i % 2 == 0 for i in range(len(some))],
        "born": [FIRST - datetime.timedelta(i) for i in range(len(some))],
        "unread": [1] * len(some),
    }
    sites = [f"S{i % 4}" if i % 9 else None for i in range(len(lines["patient"]))]
    return lines | {"site": sites}, patients


Answers = tuple[list[Any], list[Any], list[Any]]


def answers(findings: Columns, lines: Columns | None = None, **options: Any) -> Answers:
    """The rows of time points and lines, and the mistakes without their rows, in one order."""
    told = mrecist.assess_cohort(findings, lines, errors="collect", **options)
    errors = {name: cells for name, cells in told.errors.items() if name != "row"}
    return ordered(
        *(
            list(zip(*(cells.tolist() for cells in table.values()), strict=True))
            for table in (told.timepoints, told.lines, errors)
        )
    )


def ordered(*each: Iterable[Any]) -> Answers:
    """Rows of the three tables with plain cells, in an order of their own."""
    one, two, three = (sorted((tuple(map(_plain, row)) for row in rows), key=str) for rows in each)
    return one, two, three


def _plain(cell: Any) -> Any:
    if type(cell).__name__ in ("NAType", "NaTType") or cell != cell:
        return None
    return cell.date() if isinstance(cell, datetime.datetime) else cell
