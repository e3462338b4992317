"""The columns of the tables of findings, lines and procedures: one row per column.

Each column is stated here once. Reading, writing and rebuilding a chart take their lists of columns
from `COLUMNS`. Findings may also have a column `reported:NAME` for each criteria.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from .._base.words import (
    Answer,
    Change,
    Code,
    EndReason,
    Enhancement,
    Kind,
    Margin,
    Masslike,
    Modality,
    Pattern,
    Proof,
    Said,
    Status,
    Unmentioned,
)

__all__ = [
    "BY_NAME",
    "COLUMNS",
    "DEFAULTS",
    "FACTS",
    "FAULT",
    "FINDING_COLUMNS",
    "FLAGS",
    "IN_FINDING",
    "LESION_LISTS",
    "LINES_REQUIRED",
    "LINE_COLUMNS",
    "LINE_DATES",
    "ON_DATE",
    "PROCEDURES_REQUIRED",
    "PROCEDURE_COLUMNS",
    "READER",
    "REPORTED_BY",
    "REQUIRED",
    "SCHEMA",
    "SIZES",
    "VITAL_DATES",
    "VOLUMES",
    "WORDS",
    "Field",
    "is_column",
]


@attrs.frozen
class Field:
    """One column of a table.

    `kind` is how its cells are read: `id`, `date`, `text`, `word`, `flag`, `length`, `volume`,
    `lesions` or `agents`. `about` is what a cell describes: the `row` itself, a `lesion`, a
    `finding`, the `timepoint`, the `line`, the `procedure` or the `patient`. `default` is what an
    empty cell means, `None` where it means that nothing is known. `words` is the closed list of a
    word, without those in `without`.
    """

    name: str
    table: str
    kind: str
    about: str
    default: Any = None
    words: type[Code] | None = attrs.field(default=None, kw_only=True)
    without: tuple[Code, ...] = attrs.field(default=(), kw_only=True)
    required: bool = attrs.field(default=False, kw_only=True)


COLUMNS = (
    Field("patient", "findings", "id", "row", required=True),
    Field("date", "findings", "date", "row", required=True),
    Field("lesion", "findings", "id", "row", required=True),
    Field("organ", "findings", "text", "lesion", "liver"),
    Field("kind", "findings", "word", "lesion", Kind.NODULE, words=Kind),
    Field("hilar", "findings", "flag", "lesion", default=False),
    Field("enhancement", "findings", "word", "lesion", Enhancement.ARTERIAL, words=Enhancement),
    Field("treated", "findings", "flag", "lesion", default=False),
    Field("part_of", "findings", "id", "lesion"),
    Field("status", "findings", "word", "finding", words=Status),
    Field("viable_mm", "findings", "length", "finding"),
    Field("longest_mm", "findings", "length", "finding"),
    Field("short_axis_mm", "findings", "length", "finding"),
    Field("viable_perp_mm", "findings", "length", "finding"),
    Field("longest_perp_mm", "findings", "length", "finding"),
    Field("volume_viable_ml", "findings", "volume", "finding"),
    Field("pattern", "findings", "word", "finding", Pattern.UNKNOWN, words=Pattern),
    Field("cytology", "findings", "word", "finding", Proof.NOT_DONE, words=Proof),
    Field("biopsy", "findings", "word", "finding", Proof.NOT_DONE, words=Proof),
    Field("equivocal", "findings", "flag", "finding", default=False),
    Field("into", "findings", "id", "finding"),
    Field("masslike", "findings", "word", "finding", words=Masslike),
    Field("aphe", "findings", "word", "finding", Answer.UNKNOWN, words=Answer),
    Field("washout", "findings", "word", "finding", Answer.UNKNOWN, words=Answer),
    Field("like_before", "findings", "word", "finding", Answer.UNKNOWN, words=Answer),
    Field("diffusion_restriction", "findings", "word", "finding", Answer.UNKNOWN, words=Answer),
    Field("t2_mild_moderate", "findings", "word", "finding", Answer.UNKNOWN, words=Answer),
    Field("change", "findings", "word", "finding", words=Change),
    Field("margin", "findings", "word", "finding", words=Margin),
    Field("visit", "findings", "id", "timepoint"),
    Field("arterial_phase", "findings", "flag", "timepoint", default=True),
    Field("unmentioned", "findings", "word", "timepoint", Unmentioned.NOT_EVALUABLE,
          words=Unmentioned),
    Field("reported", "findings", "word", "timepoint", words=Said, without=(Said.ND,)),
    Field("modality", "findings", "word", "timepoint", words=Modality),
    Field("patient", "lines", "id", "row", required=True),
    Field("start", "lines", "date", "row", required=True),
    Field("stop", "lines", "date", "line"),
    Field("end_reason", "lines", "word", "line", words=EndReason),
    Field("agents", "lines", "agents", "line"),
    Field("baseline", "lines", "date", "line"),
    Field("targets", "lines", "lesions", "line"),
    Field("nontargets", "lines", "lesions", "line"),
    Field("death", "lines", "date", "patient"),
    Field("last_contact", "lines", "date", "patient"),
    Field("patient", "procedures", "id", "row", required=True),
    Field("date", "procedures", "date", "row", required=True),
    Field("kind", "procedures", "text", "row", required=True),
    Field("lesions", "procedures", "lesions", "procedure"),
    Field("text", "procedures", "text", "procedure"),
)  # fmt: skip
"""Every column, in the order in which tables are documented and their mistakes listed."""

BY_NAME = {field.name: field for field in reversed(COLUMNS)}
"""A column by its name, that of findings first, then that of lines."""

REPORTED_BY = "reported:"
"""What a column of verdicts under one criteria is called, before the name of the criteria."""


def is_column(name: Any, known: Sequence[str]) -> bool:
    """Whether a name is that of a column of a table, given the names of its columns."""
    return name in known or (
        isinstance(name, str) and name.startswith(REPORTED_BY) and "reported" in known
    )


def _names(
    table: str, *, kind: str | None = None, about: str | None = None, required: bool = False
) -> tuple[str, ...]:
    """The names of the columns of a table that are of a kind, about something, or required."""
    return tuple(
        field.name
        for field in COLUMNS
        if field.table == table
        and kind in (None, field.kind)
        and about in (None, field.about)
        and (field.required or not required)
    )


FAULT = "mrecist:fault"
"""A column, beside those of a caller, that says what is wrong with a row as a whole."""

READER = "reader"
"""The column that names who recorded a row, in tables of several readers."""

FINDING_COLUMNS = _names("findings")
REQUIRED = _names("findings", required=True)
LINE_COLUMNS = _names("lines")
LINES_REQUIRED = _names("lines", required=True)
PROCEDURE_COLUMNS = _names("procedures")
PROCEDURES_REQUIRED = _names("procedures", required=True)

SCHEMA = {
    "findings": (FINDING_COLUMNS, REQUIRED, ""),
    "lines": (LINE_COLUMNS, LINES_REQUIRED, "lines."),
    "procedures": (PROCEDURE_COLUMNS, PROCEDURES_REQUIRED, "procedures."),
}
"""Of each table its columns, those that it must have, and what stands before them in mistakes."""

FACTS = _names("findings", about="lesion")
"""The columns of findings that describe the lesion: they say the same in all its rows."""

ON_DATE = _names("findings", about="timepoint")
"""The columns of findings that describe the time point: they say the same in all its rows."""

FLAGS = _names("findings", kind="flag")

WORDS: dict[str, type[Code]] = {
    field.name: field.words for field in COLUMNS if field.table == "findings" and field.words
}
"""The columns of findings that hold words, and the words that they hold."""

SIZES = {name: f"{name.removesuffix('_mm')}_um" for name in _names("findings", kind="length")}
"""The columns of findings that hold lengths, and their names in whole micrometres."""

VOLUMES = {name: f"{name.removesuffix('_ml')}_ul" for name in _names("findings", kind="volume")}
"""The columns of findings that hold volumes, and their names in whole microlitres."""

IN_FINDING = tuple(
    name for name in _names("findings", about="finding") if name not in SIZES | VOLUMES
)
"""The columns of findings that describe the finding, without its lengths and volumes."""

DEFAULTS: dict[str, int] = {
    name: BY_NAME[name].default.code
    for name in IN_FINDING
    if name in WORDS and BY_NAME[name].default is not None
}
"""The code that an empty cell of a finding means.

Defaults of lesions and time points are filled in later: another row may give the value.
"""

LINE_DATES = _names("lines", kind="date")
LESION_LISTS = _names("lines", kind="lesions")
VITAL_DATES = _names("lines", about="patient")
"""The dates of the patient, which all lines of the patient that give them give alike."""
