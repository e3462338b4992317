"""Cohorts as tables: the columns that `mrecist.assess_cohort` takes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from ._case_documents import case_documents
from ._choices import ONE_IN_12, Document, Draw
from ._document_tables import (
    Columns,
    findings_of,
    lines_of,
    procedures_of,
    sayable_cohort,
    with_default_line,
    with_untold_agents,
)
from ._forms import FORMS, PLAIN, Form

__all__ = ["LINE_TABLES", "Tables", "cohorts", "sayable_documents", "told_in_tables"]


class Tables(NamedTuple):
    """Tables as dicts of columns; `None` where there is no table of lines or of procedures."""

    findings: Columns
    lines: Columns | None
    procedures: Columns | None


NAMES = ("P-001", "2", "10", "p-001", "\u00e9", "P-001_", "nan", "None", "0", "a;b", "-1", "P 1")
"""Patients' names that a careless reader of tables would change, sort otherwise or confuse."""


@st.composite
def sayable_documents(
    draw: Draw,
    *,
    max_patients: int = 6,
    days: str | None = None,
    make: Callable[..., st.SearchStrategy[Document]] = case_documents,
) -> list[Document]:
    """The `sayable` documents of a cohort of 1 to `max_patients` patients, drawn by `make`.

    `days`: the kinds of their dates, "calendar", "study" or "mixed"; left out, any. Some patients
    have no line, some no time point.
    """
    days = days or draw(st.sampled_from(["study", "calendar", "mixed"][: max_patients + 1]))
    kinds = {"study": [False], "calendar": [True], "mixed": [True, False]}[days]
    documents = []
    for number in range(draw(st.integers(len(kinds), max_patients))):
        iso_dates = kinds[number % len(kinds)]
        small = draw(st.booleans())
        limits = {"max_lesions": 3, "max_timepoints": 5, "max_lines": 2} if small else {}
        documents.append(draw(make(iso_dates=iso_dates, **limits)))
        if draw(ONE_IN_12):
            documents[-1]["lines"][0]["agents"] *= 2
        elif draw(ONE_IN_12):
            documents[-1]["lines"] = []
        elif draw(ONE_IN_12):
            documents[-1]["timepoints"] = []
            for line in documents[-1]["lines"]:
                line.pop("baseline", None)
    return sayable_cohort(documents, draw(st.permutations(NAMES)))


LINE_TABLES = st.sampled_from(["told"] * 6 + ["without agents", "left out"])


def told_in_tables(
    documents: Sequence[Document], form: Form = PLAIN, *, lines: str = "told"
) -> tuple[list[Document], Tables]:
    """The tables of `sayable` documents, and the documents that they tell.

    `lines`: "told" in a lines table, told "without agents", or "left out": no lines table.
    """
    documents = [copy.deepcopy(document) for document in documents]
    if lines == "left out":
        documents = [with_default_line(each) for each in documents if each["timepoints"]]
        return documents, Tables(findings_of(documents, form), None, procedures_of(documents, form))
    if lines == "without agents":
        documents = [with_untold_agents(document) for document in documents]
    return documents, Tables(
        findings_of(documents, form), lines_of(documents, form), procedures_of(documents, form)
    )


@st.composite
def cohorts(
    draw: Draw,
    *,
    max_patients: int = 6,
    days: str | None = None,
    make: Callable[..., st.SearchStrategy[Document]] = case_documents,
) -> Tables:
    """Cohorts as `findings`, `lines` and `procedures`, the tables of `mrecist.assess_cohort`.

    The tables are dicts of columns, lists or NumPy arrays, of 1 to `max_patients` patients from
    `case_documents`, written in every way that is allowed: rows in any order, facts of a lesion in
    one of its rows or in all, sizes as numbers or text, defaults written or left out, columns that
    say nothing left out; now and then there is no lines table, no agents, a patient without lines
    or without time points; there is a table of procedures where there are procedures. `days`: the
    kinds of their dates, `"calendar"`, `"study"` or `"mixed"`; left out, any. `make`: a strategy
    for documents, called with limits and `iso_dates`.

        >>> import mrecist
        >>> from hypothesis import given
        >>> @given(cohorts(max_patients=2))
        ... def test_my_pipeline(tables):
        ...     judged = mrecist.assess_cohort(**tables._asdict())
        ...     assert len(set(judged.lines["patient"])) <= 2
        >>> test_my_pipeline()
    """
    documents = draw(sayable_documents(max_patients=max_patients, days=days, make=make))
    told, tables = told_in_tables(documents, draw(FORMS), lines=draw(LINE_TABLES))
    assume(told)  # who has no time point is in no table where there is none of lines
    return tables
