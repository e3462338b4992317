"""Case documents of several readers, as the tables that `mrecist readings` takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..documents.case import InvalidCase
from ..documents.streams import read_cases
from ..model import Patient
from ..readers.files import CaseTables
from ..tables.files import TableFileError

__all__ = ["case_tables"]

Mistake = tuple[str | None, str]


def case_tables(path: str) -> CaseTables:
    """The tables of a file of case documents, and every mistake of the documents.

    A patient with a mistake in one document is in no table. Raises `TableFileError` where no
    document names its reader, or no patient is left.
    """
    from ..io.of_charts import tables_of
    from ..io.of_readings import odd_charts

    charts: dict[str, list[Patient]] = {}
    mistakes: list[Mistake] = []
    for number, case in enumerate(read_cases(path), 1):
        if isinstance(case, InvalidCase):
            mistakes += [(case.patient, f"document {number}: {error}") for error in case.errors]
        else:
            charts.setdefault(case.id, []).append(case)
    if charts and not any(each.reader for some in charts.values() for each in some):
        cure = "a case of one of several readers has the key reader"
        raise TableFileError([f"{path}: names no reader; {cure}"])
    mistakes += [
        (chart.id, ": ".join(filter(None, (_place(chart, path), told))))
        for chart, path, told in odd_charts(each for some in charts.values() for each in some)
    ]
    wrong = {patient for patient, _ in mistakes}
    sound = [each for some in charts.values() for each in some if each.id not in wrong]
    if not sound:
        told = list(map(_told, mistakes)) or ["holds no case document"]
        raise TableFileError([f"{path}: {each}" for each in told])
    findings, lines, procedures, _ = tables_of(sound)
    tables = {"findings": findings, "lines": lines}
    if procedures is not None:
        tables["procedures"] = procedures
    return CaseTables(
        path=path,
        tables={name: _as_text(columns) for name, columns in tables.items()},
        mistakes=tuple(mistakes),
    )


def _place(chart: Patient, path: str) -> str:
    reader = None if chart.reader is None else f"reader {chart.reader}"
    return ", ".join(filter(None, (reader, path)))


def _told(mistake: Mistake) -> str:
    patient, error = mistake
    return error if patient is None else f"patient {patient}: {error}"


def _as_text(columns: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Cells as a file of tables would hold them."""
    from ..io.tables_out import cell_text

    return {name: [cell_text(each) for each in columns[name]] for name in columns}
