"""Whose reading was accepted (--ACPTFL), as decisions by line of therapy."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import numpy as np

from ..tables.column import Coded
from .columns import joint
from .dates import Completion
from .problems import Notes
from .sdtm_files import Domains
from .sdtm_lines import Line
from .sdtm_readers import reader_column

__all__ = ["read_accepted"]


def read_accepted(
    domains: Domains, lines: Mapping[str, Sequence[Line]], completed: Completion, notes: Notes
) -> list[tuple[str, int, str]]:
    """The reader of each line all of whose accepted results are of one reader.

    Lines count from 1. A line whose accepted results are of several readers is decided by nobody,
    and is named.
    """
    found: dict[tuple[str, int], dict[str, None]] = {}
    for domain in ("TR", "RS"):
        table = domains[domain]
        flag = table.column(f"{domain}ACPTFL")
        rows = np.flatnonzero(np.array([*(each == "Y" for each in flag.values), False])[flag.codes])
        columns = (table.column("USUBJID"), reader_column(table, domain),
                   table.column(f"{domain}DTC"))  # fmt: skip
        accepted = joint(*(Coded(column.codes[rows], column.values) for column in columns))
        for code in np.unique(accepted.codes).tolist():
            patient, reader, written = accepted.values[code]
            date = completed.date(written)
            if patient in lines and date is not None:
                line = _line_at(lines[patient], date)
                found.setdefault((patient, line), {})[reader] = None
    decided = []
    for (patient, line), readers in sorted(found.items()):
        if len(readers) > 1:
            told = f"line {line}: {', '.join(sorted(readers))}"
            notes.note("ACCEPTED_MIXED", patient, "tr and rs", None, told)
        else:
            decided.append((patient, line, next(iter(readers))))
    return decided


def _line_at(lines: Sequence[Line], date: datetime.date) -> int:
    """The number of the line that goes on at a date; before all lines, the first."""
    return max(sum(line.start <= date for line in lines), 1)
