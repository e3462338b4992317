"""Case documents as tables: what tables can say, and the columns that say it."""

from __future__ import annotations

import datetime
import math
import random
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np

from ._choices import NOTHING, Document, tellable
from ._forms import PLAIN, Form

__all__ = [
    "FINDINGS", "FINDING_DEFAULTS", "LESION_FACTS", "LINES", "PATIENT_FACTS",
    "PROCEDURES", "REPORTED_BY", "SIZES", "TIMEPOINT_FACTS", "UNTOLD", "Columns", "Row",
    "columns_of", "day_of", "finding_names", "finding_rows", "findings_of", "line_rows", "lines_of",
    "micrometres_of", "procedure_rows", "procedures_of", "sayable", "sayable_cohort",
    "with_default_line", "with_untold_agents", "written_date",
]  # fmt: skip

Row = dict[str, Any]
Columns = dict[str, Any]

LESION_FACTS: Row = {
    "organ": "liver",
    "kind": "nodule",
    "hilar": False,
    "enhancement": "arterial",
    "treated": False,
    "part_of": None,
}
"""What describes a lesion in the findings table, with its defaults."""

TIMEPOINT_FACTS: Row = {
    "visit": None,
    "arterial_phase": True,
    "unmentioned": "not evaluable",
    "reported": None,
    "modality": None,
}
"""What describes a time point in the findings table, with its defaults."""

REPORTED_BY = "reported:"
"""What a column of verdicts by one criteria begins with."""

SIZES = (
    "viable_mm",
    "longest_mm",
    "short_axis_mm",
    "viable_perp_mm",
    "longest_perp_mm",
    "volume_viable_ml",
)
FINDING_DEFAULTS: Row = {
    "status": None, **dict.fromkeys(SIZES), "pattern": "unknown",
    "cytology": "not done", "biopsy": "not done", "equivocal": False, "into": None,
    **dict.fromkeys(("masslike", "change", "margin")),
    **dict.fromkeys(["aphe", "washout", "like_before", "diffusion_restriction", "t2_mild_moderate"],
                    "unknown"),
}  # fmt: skip
FINDINGS = ("patient", "date", "lesion", *LESION_FACTS, *FINDING_DEFAULTS, *TIMEPOINT_FACTS)
PATIENT_FACTS: Row = {"death": None, "last_contact": None}
"""What describes a patient in the lines table, with its defaults."""

LINES = (
    "patient", "start", "stop", "end_reason", "agents", "baseline", "targets", "nontargets",
    *PATIENT_FACTS,
)  # fmt: skip
PROCEDURES = ("patient", "date", "kind", "lesions", "text")
_REQUIRED = {"patient", "date", "lesion", "start", "kind"}

UNTOLD = "an agent that the lines table does not tell, of line "


# --- what tables can say -------------------------------------------------------------------------


def sayable(document: Document, patient: str | None = None) -> Document:
    """The document, restricted to what tables can say and written in one way.

    Lesions that no time point records are dropped, also from the lists that name them and where
    they are what another is part of; so are markers, events, labels, notes and doses, and death and
    last contact where there is no line to tell them. Lesions are sorted by id, findings by lesion,
    all else by date; what is null or a default is left out. Ids are freed of `;`, agents of `+`,
    both of surrounding space and spellings of an empty cell, as are patients, visits and kinds of
    procedures; an organ of such is `liver`. `patient` is a new name for the patient.
    """
    findings = [each for timepoint in document["timepoints"] for each in timepoint["findings"]]
    recorded = {finding["lesion"] for finding in findings}
    names: dict[str, str] = {}
    for lesion in document["lesions"]:
        name = tellable(lesion["id"].replace(";", ","))
        while name in names.values():
            name += "_"
        names[lesion["id"]] = name
    lesions = []
    for lesion in document["lesions"]:
        if lesion["id"] in recorded:
            told = {"id": names[lesion["id"]], "organ": lesion["organ"], "kind": lesion["kind"]}
            if told["organ"].strip() in NOTHING:
                told["organ"] = "liver"
            told |= _told(lesion, LESION_FACTS, but=("organ", "kind", "part_of"))
            if lesion.get("part_of") in recorded:
                told["part_of"] = names[lesion["part_of"]]
            lesions.append(told)
    timepoints = []
    for timepoint in document["timepoints"]:
        told = {"date": timepoint["date"], "findings": []}
        for finding in timepoint["findings"]:
            seen = {"lesion": names[finding["lesion"]], **_told(finding, FINDING_DEFAULTS)}
            if "into" in seen:
                seen["into"] = names[seen["into"]]
            told["findings"].append(seen)
        told["findings"].sort(key=lambda finding: finding["lesion"])
        timepoints.append(told | _said_of_timepoint(timepoint))
    lines = []
    for line in document["lines"]:
        told = {
            "agents": [tellable(agent.replace("+", "/")) for agent in line["agents"]],
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
        "patient": tellable(document["patient"] if patient is None else patient),
        "lesions": sorted(lesions, key=lambda lesion: lesion["id"]),
        "timepoints": sorted(timepoints, key=lambda timepoint: day_of(timepoint["date"])),
        "lines": sorted(lines, key=lambda line: day_of(line["start"])),
        **_procedures(document, {lesion: names[lesion] for lesion in recorded}),
        **(_told(document, PATIENT_FACTS) if lines else {}),
    }


def _said_of_timepoint(timepoint: Document) -> Row:
    """What describes a time point, its visit without surrounding space, verdicts without nulls."""
    told = _told(timepoint, TIMEPOINT_FACTS)
    if "visit" in told:
        told["visit"] = tellable(told["visit"])
    if isinstance(told.get("reported"), dict):
        told["reported"] = {
            name: word for name, word in told["reported"].items() if word is not None
        }
        if not told["reported"]:
            del told["reported"]
    return told


def _procedures(document: Document, names: dict[str, str]) -> Row:
    """The procedures by date, on lesions that some time point records."""
    procedures = []
    for each in document.get("procedures") or ():
        told = {"date": each["date"], "kind": tellable(each["kind"])}
        lesions = [names[lesion] for lesion in each.get("lesions") or () if lesion in names]
        if lesions:
            told["lesions"] = lesions
        if (each.get("text") or "").strip() not in NOTHING:
            told["text"] = each["text"]
        procedures.append(told)
    procedures.sort(key=lambda each: day_of(each["date"]))
    return {"procedures": procedures} if procedures else {}


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
            name = tellable(next(new, document["patient"]))
            while name in taken:
                name += "'"
            taken.add(name)
            told.append(sayable(document, name))
    return told


def with_default_line(document: Document) -> Document:
    """The document as a cohort without a lines table takes it: one line, from the first date."""
    lines = [{"agents": [f"{UNTOLD}1"], "start": each["date"]} for each in document["timepoints"]]
    told = {key: value for key, value in document.items() if key not in PATIENT_FACTS}
    return told | {"lines": lines[:1]}


def with_untold_agents(document: Document) -> Document:
    """The document with lines that share no agent with any other, which tables leave untold."""
    lines = [
        line | {"agents": [f"{UNTOLD}{number}"]} for number, line in enumerate(document["lines"])
    ]
    return document | {"lines": lines}


def day_of(date: Any) -> int:
    """The whole day of a date, in whatever form."""
    if isinstance(date, str):
        return datetime.date.fromisoformat(date).toordinal()
    return date.toordinal() if isinstance(date, datetime.date) else int(date)


# --- documents as tables -------------------------------------------------------------------------


def findings_of(documents: Sequence[Document], form: Form = PLAIN) -> Columns:
    """The findings table of `sayable` documents: one row per finding, or an empty time point."""
    rows = finding_rows(documents, form)
    return columns_of(rows, finding_names(rows), form)


def finding_names(rows: Sequence[Row]) -> tuple[str, ...]:
    """The columns of findings, with those of verdicts by criteria that some row has."""
    named = (name for row in rows for name in row if name.startswith(REPORTED_BY))
    return (*FINDINGS, *dict.fromkeys(named))


def lines_of(documents: Sequence[Document], form: Form = PLAIN) -> Columns:
    """The lines table of `sayable` documents: one row per line."""
    return columns_of(line_rows(documents, form), LINES, form)


def procedures_of(documents: Sequence[Document], form: Form = PLAIN) -> Columns | None:
    """The procedures table of `sayable` documents, or `None` where none has any."""
    rows = procedure_rows(documents, form)
    return columns_of(rows, PROCEDURES, form) if rows else None


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
                silent = row["status"] is None and row["into"] is None
                if form.defaults == "written" and silent:
                    row["status"] = "measured"
            for key in SIZES:
                row[key] = _size(row[key], form.sizes, chance)
            here.append(row)
        reported = timepoint.get("reported")
        if isinstance(reported, dict):
            timepoint = timepoint | {"reported": None}
            facts = {REPORTED_BY + name: word for name, word in reported.items()}
            _write(here, facts, dict.fromkeys(facts), form, chance)
        _write(here, timepoint, TIMEPOINT_FACTS, form, chance)
        rows += here
    for lesion in document["lesions"]:
        _write(of_lesion[lesion["id"]], lesion, LESION_FACTS, form, chance)
    for row in rows:
        row["date"] = written_date(row["date"], form)
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
                row[key] = written_date(row[key], form)
            untold = line["agents"][0].startswith(UNTOLD)
            row["agents"] = None if untold else "+".join(line["agents"])
            for key in ("targets", "nontargets"):
                if row[key] is not None:
                    row[key] = ";".join(row[key]) or ";"
            here.append(row)
        _write(here, document, PATIENT_FACTS, form, chance)
        for row in here:
            for key in PATIENT_FACTS:
                row[key] = written_date(row[key], form)
        rows += here
    return _ordered(rows, form, chance)


def procedure_rows(documents: Sequence[Document], form: Form = PLAIN) -> list[Row]:
    """The rows of `procedures_of`, each with every column, null where it says nothing.

    Those of one patient keep their order: it tells those of one date apart.
    """
    rows = []
    for document in documents:
        for each in document.get("procedures", ()):
            row = dict.fromkeys(PROCEDURES) | each | {"patient": document["patient"]}
            row["date"] = written_date(row["date"], form)
            row["lesions"] = ";".join(each.get("lesions", ())) or None
            rows.append(row)
    if form.rows != "in order":
        rows.sort(key=lambda row: row["patient"], reverse=True)
    return rows


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


def written_date(date: Any, form: Form) -> Any:
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
        cells = [row.get(name) for row in rows]
        if form.bare and name not in _REQUIRED and all(cell is None for cell in cells):
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
