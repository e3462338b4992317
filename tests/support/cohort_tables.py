"""Cohorts as tables: the columns of `mrecist.testing`, and the tables to be expected back.

`documents_of` reads columns again, cell by cell and without the package. `expected` and
`expected_by_assess` give the rows of both out tables, made from the oracle's and from the scalar
engine's assessment document; `rows_of` gives those of a table that came out.

Nothing here shares code with the package but the columns' names, which stand in the specification.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np
from hypothesis import strategies as st

import mrecist
from mrecist.testing._choices import Document
from mrecist.testing._cohorts import LINE_TABLES, sayable_documents, told_in_tables
from mrecist.testing._document_tables import (
    FINDING_DEFAULTS,
    FINDINGS,
    LESION_FACTS,
    LINES,
    PATIENT_FACTS,
    PROCEDURES,
    REPORTED_BY,
    SIZES,
    TIMEPOINT_FACTS,
    UNTOLD,
    Columns,
    Row,
    columns_of,
    day_of,
    finding_names,
    finding_rows,
    findings_of,
    line_rows,
    lines_of,
    micrometres_of,
    procedure_rows,
    procedures_of,
    sayable,
    sayable_cohort,
    with_default_line,
    with_untold_agents,
    written_date,
)
from mrecist.testing._forms import FORMS, PLAIN, Form
from mrecist.testing.strategies import case_documents
from support.best_dates import Numbers, best_dates, numbers_of
from support.oracle import oracle

__all__ = [
    "FINDINGS", "FORMS", "LINES", "LINES_OUT", "LINE_TABLES", "PATIENT_FACTS", "PLAIN",
    "PROCEDURES", "SIZES", "TIMEPOINTS_OUT", "Cohort", "Columns", "Document", "Form", "Row",
    "cohort_of", "cohorts", "columns_of", "day_of", "documents_of", "expected",
    "expected_by_assess", "finding_names", "finding_rows", "findings_of", "line_rows",
    "lines_of", "micrometres_of", "out_rows", "procedure_rows", "procedures_of", "rows_of",
    "sayable", "sayable_cohort", "sayable_documents", "with_default_line", "with_untold_agents",
]  # fmt: skip

REQUIRED = {"patient", "date", "lesion", "start"}
BEST_DATES = ("best_response_date", "confirmed_best_response_date")
DATES = {"date", "start", "stop", "baseline", "progression_date", *BEST_DATES, *PATIENT_FACTS}


TIMEPOINTS_OUT = (
    "patient", "line", "date", "day", "total_mm", "nadir_mm", "baseline_total_mm", "target",
    "nontarget", "new_lesion", "computed", "reported", "agrees", "response", "source", "rules",
    "problems",
)  # fmt: skip
AREAS_OUT = ("total_mm2", "nadir_mm2", "baseline_total_mm2")
"""What the table of time points has besides, by criteria that sum areas."""
LINES_OUT = (
    "patient", "line", "agents", "start", "baseline", "targets", "nontargets", "best_response",
    "confirmed_best_response", "best_response_date", "confirmed_best_response_date",
    "progression_date", "progression_causes", "exposure", "rechallenge_of", "problems",
)  # fmt: skip


# --- tables as documents -------------------------------------------------------------------------


def documents_of(
    findings: Columns, lines: Columns | None, procedures: Columns | None = None
) -> list[Document]:
    """The `sayable` documents that plain or array columns tell, read cell by cell."""
    rows, line_cells = rows_of(findings), [] if lines is None else rows_of(lines)
    done = [] if procedures is None else rows_of(procedures)
    documents = []
    for patient in dict.fromkeys(row["patient"] for row in [*rows, *line_cells, *done]):
        own = [row for row in rows if row["patient"] == patient]
        lesions = []
        for lesion in sorted({row["lesion"] for row in own if not _empty(row["lesion"])}):
            said = _said([row for row in own if row["lesion"] == lesion], LESION_FACTS)
            lesions.append({"id": lesion, "organ": "liver", "kind": "nodule"} | said)
        timepoints = []
        for date in sorted({row["date"] for row in own}, key=day_of):
            here = [row for row in own if row["date"] == date]
            found = [
                {"lesion": row["lesion"]} | _said([row], FINDING_DEFAULTS)
                for row in here
                if not _empty(row["lesion"])
            ]
            found.sort(key=lambda finding: finding["lesion"])
            timepoint = {"date": _written(date), "findings": found}
            timepoint |= _said(here, TIMEPOINT_FACTS)
            names = [name for name in findings if name.startswith(REPORTED_BY)]
            said = _said(here, dict.fromkeys(names))
            if said:
                timepoint["reported"] = {
                    name.removeprefix(REPORTED_BY): word for name, word in said.items()
                }
            timepoints.append(timepoint)
        own = [row for row in line_cells if row["patient"] == patient]
        told = [_line(row) for row in sorted(own, key=lambda row: day_of(row["start"]))]
        for number, line in enumerate(told):
            line.setdefault("agents", [f"{UNTOLD}{number}"])
        document = {"format": "mrecist-case/1", "patient": patient}
        document |= {"lesions": lesions, "timepoints": timepoints, "lines": told}
        own_done = [row for row in done if row["patient"] == patient]
        if own_done:
            own_done.sort(key=lambda row: day_of(row["date"]))
            document["procedures"] = [_procedure(row) for row in own_done]
        for key in PATIENT_FACTS:
            said = {_written(row[key]) for row in own if not _empty(row.get(key))}
            assert len(said) < 2, f"{key}: {said}"
            if said:
                document[key] = said.pop()
        documents.append(document if lines is not None else with_default_line(document))
    return documents


def _procedure(row: Row) -> Document:
    procedure = {"date": _written(row["date"]), "kind": row["kind"]}
    if not _empty(row.get("lesions")):
        procedure["lesions"] = row["lesions"].split(";")
    if not _empty(row.get("text")):
        procedure["text"] = row["text"]
    return procedure


def _line(row: Row) -> Document:
    line: Document = {}
    for key in ("start", "stop", "baseline"):
        if not _empty(row.get(key)):
            line[key] = _written(row[key])
    if not _empty(row.get("end_reason")):
        line["end_reason"] = row["end_reason"]
    if not _empty(row.get("agents")):
        line["agents"] = row["agents"].split("+")
    for key in ("targets", "nontargets"):
        if not _empty(row.get(key)):
            line[key] = [lesion for lesion in row[key].split(";") if lesion]
    return line


def _said(rows: list[Row], defaults: Row) -> Row:
    """The facts that rows say and agree on, but those that are a default."""
    facts = {}
    for key, default in defaults.items():
        said = [row[key] for row in rows if not _empty(row.get(key))]
        assert all(each == said[0] for each in said), f"{key}: {said}"
        if said and said[0] != default:
            facts[key] = said[0]
    return facts


def _empty(cell: Any) -> bool:
    return cell is None or cell == ""


def _written(date: Any) -> Any:
    return date if isinstance(date, (int, str)) else date.isoformat()


# --- the tables that come out --------------------------------------------------------------------


def expected(document: Document, criteria: str, form: Form = PLAIN) -> tuple[list[Row], list[Row]]:
    """The rows of both out tables for a patient, by the oracle; `rules` is left out."""
    return out_rows(oracle(document, criteria), form, numbers=numbers_of(criteria))


def expected_by_assess(
    document: Document, criteria: mrecist.Criteria | str, form: Form = PLAIN
) -> tuple[list[Row], list[Row]]:
    """The rows of both out tables for a patient, by `assess`."""
    assessment = mrecist.assess(mrecist.from_case(document), criteria=criteria)
    own = assessment.criteria
    numbers = (own.stable_days, own.confirmation_days, own.confirmation_gaps)
    return out_rows(mrecist.to_assessment(assessment), form, numbers=numbers)


def out_rows(
    assessment: Document, form: Form = PLAIN, *, numbers: Numbers
) -> tuple[list[Row], list[Row]]:
    """The rows of both out tables for a patient, made of the assessment document.

    `numbers`: the days from which stable disease counts and after which a response is confirmed,
    and how many NE may lie between.
    """
    timepoints, lines = [], []
    for line in assessment["lines"]:
        for timepoint in line["timepoints"]:
            row = {"patient": assessment["patient"], "line": line["line"], **timepoint}
            row |= {key: line[key] for key in line if key.startswith("baseline_total_mm")}
            for key in ("rules", "problems"):
                if key in row:
                    row[key] = ";".join(row[key])
            row["date"] = written_date(row["date"], form)
            timepoints.append(
                {key: row[key] for key in (*TIMEPOINTS_OUT, *AREAS_OUT) if key in row}
            )
        row = {"patient": assessment["patient"], **line}
        # A table has no row for the case: what is odd about it stands on every line.
        row["problems"] = [*line["problems"], *assessment["problems"]]
        untold = line["agents"][0].startswith(UNTOLD)
        row["agents"] = None if untold else "+".join(line["agents"])
        for key in ("start", "baseline"):
            row[key] = written_date(row[key], form)
        for key in ("targets", "nontargets", "problems"):
            row[key] = ";".join(row[key])
        for key, date in zip(BEST_DATES, best_dates(line, *numbers), strict=True):
            row[key] = written_date(date, form)
        progression = line["progression"] or {"date": None, "causes": []}
        row["progression_date"] = written_date(progression["date"], form)
        row["progression_causes"] = ";".join(progression["causes"])
        lines.append({key: row[key] for key in LINES_OUT})
    return timepoints, lines


def rows_of(table: Columns) -> list[Row]:
    """The rows of a table, cells as plain Python values, `None` where null."""
    columns = [_cells(column) for column in table.values()]
    return [dict(zip(table, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _cells(column: Any) -> list[Any]:
    if isinstance(column, np.ndarray) and column.dtype.kind == "M":
        column = column.astype("datetime64[D]")
    return [_plain(cell) for cell in column]


def _plain(cell: Any) -> Any:
    cell = cell.item() if isinstance(cell, np.generic) else cell
    return None if isinstance(cell, float) and math.isnan(cell) else cell


# --- cohorts to draw -----------------------------------------------------------------------------


@attrs.frozen
class Cohort:
    """Documents as a cohort takes them, the tables that tell them, and the form of the tables."""

    documents: list[Document]
    form: Form
    findings: Columns
    lines: Columns | None
    procedures: Columns | None = None

    @property
    def tables(self) -> dict[str, Columns | None]:
        """The tables by name, as `assess_cohort` and `intake.read` take them."""
        return {"findings": self.findings, "lines": self.lines, "procedures": self.procedures}

    @property
    def told(self) -> list[Document]:
        """The documents that are assessed, in the order of the out tables."""
        order = [row["patient"] for row in rows_of(self.findings)]
        if self.lines is not None:
            order += [row["patient"] for row in rows_of(self.lines)]
        by_name = {document["patient"]: document for document in self.documents}
        told = [by_name[patient] for patient in dict.fromkeys(order)]
        return [document for document in told if document["lines"]]

    def out(
        self, rows: Callable[[Document], tuple[list[Row], list[Row]]]
    ) -> tuple[list[Row], list[Row]]:
        """Both out tables, made of the rows for each document."""
        each = [rows(document) for document in self.told]
        return [row for one, _ in each for row in one], [row for _, one in each for row in one]


def cohort_of(documents: Sequence[Document], form: Form = PLAIN, *, lines: str = "told") -> Cohort:
    """A cohort of `sayable` documents.

    `lines`: "told" in a lines table, told "without agents", or "left out": no lines table.
    """
    told, tables = told_in_tables(documents, form, lines=lines)
    return Cohort(told, form, *tables)


@st.composite
def cohorts(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    *,
    max_patients: int = 6,
    days: str | None = None,
    make: Callable[..., st.SearchStrategy[Document]] = case_documents,
) -> Cohort:
    """A cohort of generated documents, its tables written in any form."""
    documents = draw(sayable_documents(max_patients=max_patients, days=days, make=make))
    return cohort_of(documents, draw(FORMS), lines=draw(LINE_TABLES))
