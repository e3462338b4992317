"""The data set of subjects (ADSL) from a file, its numbers and dates as such."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

from .._base.extras import extra
from .columns import texts_of
from .errors import IntakeError
from .table_files import read_table, stem_of

__all__ = ["read_subjects"]


def read_subjects(path: str | os.PathLike[str]) -> Any:
    """The columns of a file, by its ending.

    Parquet and SAS files know numbers and dates. In CSV and Dataset-JSON everything is text, but
    for variables whose names end in DT, which are dates. Raises `IntakeError` where the file is no
    such table.
    """
    name = Path(path).name
    kind = name.lower().removeprefix(stem_of(path) or "")
    table = read_table(path)
    if table.faults:
        faults = ((each.patient, name, each.row, "", each.told) for each in table.faults)
        raise IntakeError([(*each[:4], f"NOT_A_ROW: {each[4]}") for each in faults])
    if kind == ".parquet":
        return extra("pyarrow.parquet", of="tables", purpose="Parquet files need").read_table(path)
    if kind in (".xpt", ".sas7bdat"):
        sas = extra("pyreadstat", of="sas", purpose="SAS files need")
        read = sas.read_xport if kind == ".xpt" else sas.read_sas7bdat
        return read(path, output_format="dict")[0]
    columns = {each: texts_of(table.column(each)).tolist() for each in table.names}
    return {
        each: [_date(name, each, row, cell) for row, cell in enumerate(cells)]
        if each.endswith("DT")
        else cells
        for each, cells in columns.items()
    }


def _date(source: str, column: str, row: int, text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        told = f"must be a date such as 2024-03-06, got {text!r}"
        raise IntakeError([(None, source, row, column, f"NO_DATE: {told}")]) from None
