"""SDTM out: what was collected, as the data sets that `read_sdtm` reads.

    study.to_sdtm().write("sdtm", "xpt")

Sums and percentages are not collected, and not written; computed responses are where they are asked
for, flagged as derived. What SDTM has no
variable for stands in supplemental qualifiers; what it cannot say at all is listed in `unsaid`.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.text import several
from ..model import Patient
from ..tables.column import Coded, Column, Plain
from ..tables.data_sets import check_kind, write_data_sets
from ..tables.files import spare_inputs
from .problems import table
from .sdtm_out_others import write_subject
from .sdtm_out_results import Computed, write_results
from .sdtm_rows import Rows
from .sdtm_variables import DATA_SETS, labels_of, variables_of

__all__ = ["Sdtm", "sdtm_of"]

_UNSAID = ("patient", "what", "detail")
_Table = Mapping[str, Array]


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Sdtm:
    """The data sets of a study, each a mapping of columns.

    `unsaid` lists what they cannot say: patient, what, detail. `files` are those that the study was
    read from, which `write` spares.
    """

    dm: _Table
    ex: _Table
    ds: _Table
    pr: _Table
    lb: _Table
    ss: _Table
    tu: _Table
    tr: _Table
    rs: _Table
    supptu: _Table
    supptr: _Table
    unsaid: _Table
    files: Sequence[str] = ()

    @property
    def tables(self) -> dict[str, _Table]:
        """The data sets that have rows by their names, as `read_sdtm` takes them."""
        named = {name: getattr(self, name.lower()) for name in DATA_SETS}
        return {name: each for name, each in named.items() if len(each["STUDYID"])}

    def write(self, folder: str | os.PathLike[str], kind: str = "xpt") -> list[str]:
        """Write each data set that has rows into a folder; return the paths written.

        Args:
            folder: Where the files go; made where it is not there.
            kind: `"xpt"` (SAS transport, version 5), `"csv"`, `"parquet"` or `"json"` (Dataset-JSON
                1.1).

        Returns:
            One path per data set.

        Raises:
            TransportError: Everything that does not fit into transport files; nothing is written.
            TableFileError: A file that the study was read from would be written over; nothing is
                written.
        """
        check_kind(kind)
        paths = {name: str(Path(folder) / f"{name.lower()}.{kind}") for name in self.tables}
        spare_inputs(paths.values(), self.files)
        return write_data_sets(
            {
                paths[name]: (
                    name,
                    DATA_SETS[name],
                    {variable: _column(cells) for variable, cells in each.items()},
                    labels_of(name),
                )
                for name, each in self.tables.items()
            },
            kind,
        )

    def __repr__(self) -> str:
        told = [
            f"{name} {several(len(each['STUDYID']), 'row')}" for name, each in self.tables.items()
        ]
        told += [f"{len(self.unsaid['patient'])} unsaid"] * bool(len(self.unsaid["patient"]))
        return f"<Sdtm: {', '.join(told) or 'no rows'}>"


def _column(cells: Array) -> Column:
    """A column of numbers, or of text."""
    values = cells.tolist()
    null = np.array([value is None for value in values], np.bool_)
    kinds = {type(value) for value in values}
    if kinds == {int}:
        return Plain(np.array(values, np.int64))
    if kinds & {int, float}:
        known = [np.nan if value is None else value for value in values]
        return Plain(np.array(known, np.float64), null)
    place = {value: at for at, value in enumerate(dict.fromkeys(values)) if value is not None}
    texts = list(place)
    codes = {text: at for at, text in enumerate(texts)}
    return Coded(np.array([codes.get(value, -1) for value in values], np.int64), texts)


def sdtm_of(
    charts: Iterable[tuple[str | None, Patient]],
    study: str | None,
    files: Sequence[str] = (),
    accepted: Collection[tuple[str, str, int | str]] = (),
    computed: Mapping[str, Computed] | None = None,
) -> Sdtm:
    """The data sets of charts, each with its reader (`None`: who read it is not told).

    `accepted`: of each accepted reading the patient, the reader, and the number of the line or the
    date; its records are flagged.
    `computed`: responses by patient, which are added as derived records.
    Raises `ValueError` for patients whose dates are study days.
    """
    listed = list(charts)
    _refuse_study_days(each for _, each in listed)
    rows = Rows(study)
    seen: set[str] = set()
    for reader, chart in listed:
        if chart.id not in seen:
            write_subject(rows, chart)
            seen.add(chart.id)
        own = {
            which for patient, whose, which in accepted if patient == chart.id and whose == reader
        }
        write_results(rows, reader, chart, own, (computed or {}).get(chart.id, {}))
    made = {}
    for name, each in rows.rows.items():
        variables = variables_of(name, derived=computed is not None)
        made[name.lower()] = table(variables, (tuple(map(row.get, variables)) for row in each))
    return Sdtm(**made, unsaid=table(_UNSAID, rows.unsaid), files=files)


def _refuse_study_days(charts: Iterable[Patient]) -> None:
    some = list(
        dict.fromkeys(
            chart.id
            for chart in charts
            if any(not isinstance(each, datetime.date) for each in _dates(chart))
        )
    )
    if some:
        verb = "has" if len(some) == 1 else "have"
        names = ", ".join(some[:3]) + ", ..." * bool(some[3:])
        told = f"{several(len(some), 'patient')} {verb} study days: {names}"
        raise ValueError(f"SDTM needs calendar dates, and {told}")


def _dates(chart: Patient) -> list[Any]:
    return [each.date for each in chart.timepoints] + [each.start for each in chart.lines]
