"""Cohorts as tables: case documents written as columns, and the tables to be expected back.

`findings_of` and `lines_of` write valid case documents as dicts of columns, in any of the forms
that the specification of the tables allows (`Form`); `documents_of` reads such columns again,
cell by cell and without the package. `sayable` restricts a document to what tables can say.
`expected` and `expected_by_assess` give the rows of both out tables, made from the oracle's and
from the scalar engine's assessment document; `rows_of` gives those of a table that came out.

Nothing here shares code with the package but the columns' names, which stand in the specification.
"""

from __future__ import annotations

import copy
import datetime
import math
import random
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import attrs
import numpy as np
from hypothesis import strategies as st
from oracle import oracle

import mrecist
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]
Row = dict[str, Any]
Columns = dict[str, Any]

LESION_FACTS: Row = {
    "organ": "liver",
    "kind": "nodule",
    "hilar": False,
    "enhancement": "arterial",
    "treated": False,
}
"""What describes a lesion in the findings table, with its defaults."""

TIMEPOINT_FACTS: Row = {"arterial_phase": True, "reported": None}
"""What describes a time point in the findings table, with its defaults."""

SIZES = ("viable_mm", "longest_mm", "short_axis_mm")
FINDING_DEFAULTS: Row = {
    "status": None,
    **dict.fromkeys(SIZES),
    "pattern": "unknown",
    "cytology": "not done",
    "biopsy": "not done",
    "equivocal": False,
}
FINDINGS = ("patient", "date", "lesion", *LESION_FACTS, *FINDING_DEFAULTS, *TIMEPOINT_FACTS)
PATIENT_FACTS: Row = {"death": None, "last_contact": None}
"""What describes a patient in the lines table, with its defaults."""

LINES = (
    "patient", "start", "stop", "end_reason", "agents", "baseline", "targets", "nontargets",
    *PATIENT_FACTS,
)  # fmt: skip
REQUIRED = {"patient", "date", "lesion", "start"}
DATES = {"date", "start", "stop", "baseline", "progression_date", *PATIENT_FACTS}

TIMEPOINTS_OUT = (
    "patient", "line", "date", "day", "total_mm", "nadir_mm", "baseline_total_mm", "target",
    "nontarget", "new_lesion", "computed", "reported", "agrees", "response", "source", "rules",
    "problems",
)  # fmt: skip
LINES_OUT = (
    "patient", "line", "agents", "start", "baseline", "targets", "nontargets", "best_response",
    "confirmed_best_response", "progression_date", "progression_causes", "exposure",
    "rechallenge_of", "problems",
)  # fmt: skip

_UNTOLD = "an agent that the lines table does not tell, of line "


# --- what tables can say -------------------------------------------------------------------------


def sayable(document: Document, patient: str | None = None) -> Document:
    """The document, restricted to what tables can say and written in one way.

    Lesions that no time point records are dropped, also from the lists that name them; so are
    markers, events, labels, notes and doses, and death and last contact where there is no line to
    tell them. Lesions are sorted by id,
    findings by lesion, time points and lines by date; what is null or a default is left out. Ids
    are freed of `;`, agents of `+`, both of surrounding space; an organ of nothing but space is
    `liver`. `patient` is a new name for the patient.
    """
    findings = [each for timepoint in document["timepoints"] for each in timepoint["findings"]]
    recorded = {finding["lesion"] for finding in findings}
    names: dict[str, str] = {}
    for lesion in document["lesions"]:
        name = lesion["id"].replace(";", ",").strip() or "_"
        while name in names.values():
            name += "_"
        names[lesion["id"]] = name
    lesions = []
    for lesion in document["lesions"]:
        if lesion["id"] in recorded:
            told = {"id": names[lesion["id"]], "organ": lesion["organ"], "kind": lesion["kind"]}
            if not told["organ"].strip():
                told["organ"] = "liver"
            lesions.append(told | _told(lesion, LESION_FACTS, but=("organ", "kind")))
    timepoints = []
    for timepoint in document["timepoints"]:
        told = {"date": timepoint["date"], "findings": []}
        for finding in timepoint["findings"]:
            name = {"lesion": names[finding["lesion"]]}
            told["findings"].append(name | _told(finding, FINDING_DEFAULTS))
        told["findings"].sort(key=lambda finding: finding["lesion"])
        timepoints.append(told | _told(timepoint, TIMEPOINT_FACTS))
    lines = []
    for line in document["lines"]:
        told = {
            "agents": [agent.replace("+", "/").strip() or "_" for agent in line["agents"]],
            "start": line["start"],
        }
        for key in ("stop", "end_reason", "baseline"):
            if line.get(key) is not None:
                told[key] = line[key]
        for key in ("targets", "nontargets"):
            if line.get(key) is not None:
                told[key] = [names[lesion] for lesion in line[key] if lesion in recorded]
        lines.append(told)
    return {
        "format": "mrecist-case/1",
        "patient": document["patient"] if patient is None else patient,
        "lesions": sorted(lesions, key=lambda lesion: lesion["id"]),
        "timepoints": sorted(timepoints, key=lambda timepoint: day_of(timepoint["date"])),
        "lines": sorted(lines, key=lambda line: day_of(line["start"])),
        **(_told(document, PATIENT_FACTS) if lines else {}),
    }


def _told(record: Document, defaults: Row, but: Sequence[str] = ()) -> Row:
    """The optional facts of a record that are not null and not a default."""
    return {
        key: record[key]
        for key, default in defaults.items()
        if key not in but and record.get(key) is not None and record[key] != default
    }


def sayable_cohort(documents: Iterable[Document], names: Iterable[str] = ()) -> list[Document]:
    """The documents as one cohort: each `sayable`, with names of their own where they share one.

    `names` are the first patients' new names. A document with neither time points nor lines has
    no row in any table: it is left out.
    """
    told: list[Document] = []
    taken: set[str] = set()
    new = iter(names)
    for document in documents:
        if document["timepoints"] or document["lines"]:
            name = next(new, document["patient"])
            while name in taken:
                name += "'"
            taken.add(name)
            told.append(sayable(document, name))
    return told


def with_default_line(document: Document) -> Document:
    """The document as a cohort without a lines table takes it: one line, from the first date."""
    lines = [{"agents": [f"{_UNTOLD}1"], "start": each["date"]} for each in document["timepoints"]]
    told = {key: value for key, value in document.items() if key not in PATIENT_FACTS}
    return told | {"lines": lines[:1]}


def with_untold_agents(document: Document) -> Document:
    """The document with lines that share no agent with any other, which tables leave untold."""
    lines = [
        line | {"agents": [f"{_UNTOLD}{number}"]} for number, line in enumerate(document["lines"])
    ]
    return document | {"lines": lines}


def day_of(date: Any) -> int:
    """The whole day of a date, in whatever form."""
    if isinstance(date, str):
        return datetime.date.fromisoformat(date).toordinal()
    return date.toordinal() if isinstance(date, datetime.date) else int(date)


# --- documents as tables -------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Form:
    """How the tables are written, where the specification leaves it free.

    `rows`: "in order", "reversed" or "shuffled"; `facts` of lesions, time points and patients: "in
    all rows", "in one row" or "in some rows"; `defaults`: "left empty", "written" or "in some
    rows"; `empty`: what an empty cell of words holds; `sizes`: "as written", "float", "text",
    "Decimal" or "in turn"; calendar `dates`: "text", "date" or "datetime64" (where every date is
    one); `columns`: "lists" or "arrays"; `bare`: leave columns out that say nothing. `seed` decides
    the rest.
    """

    rows: str = "in order"
    facts: str = "in all rows"
    defaults: str = "left empty"
    empty: str | None = None
    sizes: str = "as written"
    dates: str = "text"
    columns: str = "lists"
    bare: bool = False
    seed: int = 0


PLAIN = Form()

FORMS = st.builds(
    Form,
    rows=st.sampled_from(["in order", "reversed", "shuffled"]),
    facts=st.sampled_from(["in all rows", "in one row", "in some rows"]),
    defaults=st.sampled_from(["left empty", "written", "in some rows"]),
    empty=st.sampled_from([None, ""]),
    sizes=st.sampled_from(["as written", "float", "text", "Decimal", "in turn"]),
    dates=st.sampled_from(["text", "date", "datetime64"]),
    columns=st.sampled_from(["lists", "arrays"]),
    bare=st.booleans(),
    seed=st.integers(0, 9),
)


def findings_of(documents: Sequence[Document], form: Form = PLAIN) -> Columns:
    """The findings table of `sayable` documents: one row a finding, or an empty time point."""
    return columns_of(finding_rows(documents, form), FINDINGS, form)


def lines_of(documents: Sequence[Document], form: Form = PLAIN) -> Columns:
    """The lines table of `sayable` documents: one row a line."""
    return columns_of(line_rows(documents, form), LINES, form)


def finding_rows(documents: Sequence[Document], form: Form = PLAIN) -> list[Row]:
    """The rows of `findings_of`, each with every column, null where it says nothing."""
    chance = random.Random(form.seed)
    return _ordered(
        [row for document in documents for row in _finding_rows(document, form, chance)],
        form,
        chance,
    )


def _finding_rows(document: Document, form: Form, chance: random.Random) -> list[Row]:
    rows = []
    of_lesion: dict[str, list[Row]] = {lesion["id"]: [] for lesion in document["lesions"]}
    for timepoint in document["timepoints"]:
        here = []
        for finding in timepoint["findings"] or [{"lesion": None}]:
            row = dict.fromkeys(FINDINGS) | finding
            row |= {"patient": document["patient"], "date": timepoint["date"]}
            if finding["lesion"] is not None:
                of_lesion[finding["lesion"]].append(row)
                _write([row], finding, FINDING_DEFAULTS, form, chance)
                if form.defaults == "written" and row["status"] is None:
                    row["status"] = "measured"
            for key in SIZES:
                row[key] = _size(row[key], form.sizes, chance)
            here.append(row)
        _write(here, timepoint, TIMEPOINT_FACTS, form, chance)
        rows += here
    for lesion in document["lesions"]:
        _write(of_lesion[lesion["id"]], lesion, LESION_FACTS, form, chance)
    for row in rows:
        row["date"] = _date(row["date"], form)
    return rows


def line_rows(documents: Sequence[Document], form: Form = PLAIN) -> list[Row]:
    """The rows of `lines_of`, each with every column, null where it says nothing."""
    chance = random.Random(form.seed + 1)
    rows = []
    for document in documents:
        here = []
        for line in document["lines"]:
            row = dict.fromkeys(LINES) | line | {"patient": document["patient"]}
            for key in ("start", "stop", "baseline"):
                row[key] = _date(row[key], form)
            untold = line["agents"][0].startswith(_UNTOLD)
            row["agents"] = None if untold else "+".join(line["agents"])
            for key in ("targets", "nontargets"):
                if row[key] is not None:
                    row[key] = ";".join(row[key]) or ";"
            here.append(row)
        _write(here, document, PATIENT_FACTS, form, chance)
        for row in here:
            for key in PATIENT_FACTS:
                row[key] = _date(row[key], form)
        rows += here
    return _ordered(rows, form, chance)


def _write(
    rows: list[Row], facts: Document, defaults: Row, form: Form, chance: random.Random
) -> None:
    """Write each fact into rows that must agree on it, as the form says."""
    for key, default in defaults.items():
        value = facts.get(key, default)
        if value is None:
            continue
        how = form.facts if value != default else form.defaults
        chosen = rows
        if how == "left empty":
            chosen = []
        elif how == "in one row":
            chosen = [chance.choice(rows)]
        elif how == "in some rows":
            chosen = [row for row in rows if chance.random() < 0.5]
            if value != default:
                chosen.append(chance.choice(rows))
        for row in rows:
            row[key] = None
        for row in chosen:
            row[key] = value


def _size(value: Any, form: str, chance: random.Random) -> Any:
    """A size in another form of the same number."""
    if form == "in turn":
        form = chance.choice(["as written", "float", "text", "Decimal"])
    if value is None or form == "as written":
        return value
    if form == "float":
        return micrometres_of(value) / 1000
    return str(_decimal(value)) if form == "text" else _decimal(value)


def _decimal(value: Any) -> Decimal:
    """The decimal number that is written."""
    return Decimal(value.strip() if isinstance(value, str) else str(value))


def micrometres_of(value: Any) -> int:
    """A size in whole micrometres, rounded once, half to even."""
    return int(_decimal(value).quantize(Decimal("0.001"), ROUND_HALF_EVEN).scaleb(3))


def _date(date: Any, form: Form) -> Any:
    """A date of a document in the form of the tables."""
    if isinstance(date, str) and form.dates != "text":
        return datetime.date.fromisoformat(date)
    return date


def _ordered(rows: list[Row], form: Form, chance: random.Random) -> list[Row]:
    if form.rows == "reversed":
        rows.reverse()
    elif form.rows == "shuffled":
        chance.shuffle(rows)
    return rows


def columns_of(rows: Sequence[Row], names: Sequence[str], form: Form = PLAIN) -> Columns:
    """Rows as a dict of columns, in the form's kind."""
    columns: Columns = {}
    for name in names:
        cells = [row[name] for row in rows]
        if form.bare and name not in REQUIRED and all(cell is None for cell in cells):
            continue
        if all(cell is None or isinstance(cell, (str, bool)) for cell in cells):
            cells = [form.empty if cell is None else cell for cell in cells]
        columns[name] = _array(cells, name, form) if form.columns == "arrays" else cells
    return columns


def _array(cells: list[Any], name: str, form: Form) -> Any:
    """A column as an array of the narrowest type that holds it, or of objects."""
    types = {type(cell) for cell in cells}
    calendar = datetime.date in types and types <= {datetime.date, type(None)}
    if calendar and form.dates == "datetime64":
        return np.array(cells, "datetime64[D]")
    if name in SIZES and types <= {float, int, type(None)}:
        return np.array([math.nan if cell is None else cell for cell in cells], float)
    if types in ({bool}, {int}) or (types == {str} and not any("\0" in cell for cell in cells)):
        return np.array(cells)
    return np.array([*cells, None], object)[:-1]


# --- tables as documents -------------------------------------------------------------------------


def documents_of(findings: Columns, lines: Columns | None) -> list[Document]:
    """The `sayable` documents that plain or array columns tell, read cell by cell."""
    rows, line_cells = rows_of(findings), [] if lines is None else rows_of(lines)
    documents = []
    for patient in dict.fromkeys(row["patient"] for row in [*rows, *line_cells]):
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
            timepoints.append(timepoint | _said(here, TIMEPOINT_FACTS))
        own = [row for row in line_cells if row["patient"] == patient]
        told = [_line(row) for row in sorted(own, key=lambda row: day_of(row["start"]))]
        for number, line in enumerate(told):
            line.setdefault("agents", [f"{_UNTOLD}{number}"])
        document = {"format": "mrecist-case/1", "patient": patient}
        document |= {"lesions": lesions, "timepoints": timepoints, "lines": told}
        for key in PATIENT_FACTS:
            said = {_written(row[key]) for row in own if not _empty(row.get(key))}
            assert len(said) < 2, f"{key}: {said}"
            if said:
                document[key] = said.pop()
        documents.append(document if lines is not None else with_default_line(document))
    return documents


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
    return out_rows(oracle(document, criteria), form)


def expected_by_assess(
    document: Document, criteria: mrecist.Criteria | str, form: Form = PLAIN
) -> tuple[list[Row], list[Row]]:
    """The rows of both out tables for a patient, by `assess`."""
    patient = mrecist.from_case(document)
    return out_rows(mrecist.to_assessment(mrecist.assess(patient, criteria=criteria)), form)


def out_rows(assessment: Document, form: Form = PLAIN) -> tuple[list[Row], list[Row]]:
    """The rows of both out tables for a patient, made of the assessment document."""
    timepoints, lines = [], []
    for line in assessment["lines"]:
        for timepoint in line["timepoints"]:
            row = {"patient": assessment["patient"], "line": line["line"], **timepoint}
            row["baseline_total_mm"] = line["baseline_total_mm"]
            for key in ("rules", "problems"):
                if key in row:
                    row[key] = ";".join(row[key])
            row["date"] = _date(row["date"], form)
            timepoints.append({key: row[key] for key in TIMEPOINTS_OUT if key in row})
        row = {"patient": assessment["patient"], **line}
        untold = line["agents"][0].startswith(_UNTOLD)
        row["agents"] = None if untold else "+".join(line["agents"])
        for key in ("start", "baseline"):
            row[key] = _date(row[key], form)
        for key in ("targets", "nontargets", "problems"):
            row[key] = ";".join(row[key])
        progression = line["progression"] or {"date": None, "causes": []}
        row["progression_date"] = _date(progression["date"], form)
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
    documents = [copy.deepcopy(document) for document in documents]
    if lines == "left out":
        documents = [with_default_line(each) for each in documents if each["timepoints"]]
        return Cohort(documents, form, findings_of(documents, form), None)
    if lines == "without agents":
        documents = [with_untold_agents(document) for document in documents]
    return Cohort(documents, form, findings_of(documents, form), lines_of(documents, form))


NAMES = ("P-001", "2", "10", "p-001", "\u00e9", "P-001 ", "nan", "None", "0", "a;b", "-1", "P 1")
"""Patients' names that a careless reader of tables would change, sort otherwise or confuse."""


@st.composite
def sayable_documents(
    draw: Callable[[st.SearchStrategy[Any]], Any],
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
        if draw(_ONE_IN_12):
            documents[-1]["lines"][0]["agents"] *= 2
        elif draw(_ONE_IN_12):
            documents[-1]["lines"] = []
        elif draw(_ONE_IN_12):
            documents[-1]["timepoints"] = []
            for line in documents[-1]["lines"]:
                line.pop("baseline", None)
    return sayable_cohort(documents, draw(st.permutations(NAMES)))


_ONE_IN_12 = st.sampled_from([False] * 11 + [True])
LINE_TABLES = st.sampled_from(["told"] * 6 + ["without agents", "left out"])


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
