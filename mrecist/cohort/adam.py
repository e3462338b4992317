"""The ADaM data sets of a cohort: ADRS (responses), ADTR (sizes) and ADTTE (times to events).

Every row is derived, by these criteria and this policy. Nothing is carried forward, and no date is
taken from the data set of subjects, whose columns are carried along.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.text import several
from ..endpoints.engine import Times, timed
from ..patient.engine import assess
from ..rulebook.criteria import Criteria
from ..rulebook.policies import Policy
from ..tables.column import Column
from ..tables.data_sets import check_kind, write_data_sets
from ..tables.intake import Read
from ..tables.plain_columns import columns_of
from .adam_responses import ResponseRows
from .adam_rows import VARIABLES, Frame, Origin, Row, columns_of_rows, numbered
from .adam_sizes import size_rows
from .adam_subjects import Subjects
from .adam_times import time_rows
from .history import history_of
from .one_patient import patient_of
from .panel import Panel

__all__ = ["Adam", "adam_of"]

DURATIONS = ("first response", "confirmed response")
"""What the duration of response may count from."""

_OF_RESPONSES = frozenset({
    "STARTDT", "BASE", "CHG", "PCHG", "NADIR", "CHGNAD", "PCHGNAD", "ABLFL", "PDFL", "CRFL",
    "LSEXP", "LSASS", "TRLNKID", "TULOC", "CNSR", "EVNTDESC", "CNSDTDSC", "CLAUSE",
})  # fmt: skip
_OF_SIZES = frozenset({"STARTDT", "AVALC", "RULES", "CNSR", "EVNTDESC", "CNSDTDSC", "CLAUSE"})
_OF_TIMES = (
    "STUDYID", "USUBJID", "ASEQ", "PARAM", "PARAMCD", "PARAMN", "PARCAT1", "PARCAT2", "PARCAT3",
    "CRITNAME", "LINE", "AGENTS", "STARTDT", "ADT", "ADY", "ADTF", "AVAL", "CNSR", "EVNTDESC",
    "CNSDTDSC", "CLAUSE", "SRCDOM", "SRCVAR", "SRCSEQ",
)  # fmt: skip
_NAMES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "adrs": (
            "Tumor Response Analysis",
            tuple(name for name in VARIABLES if name not in _OF_RESPONSES),
        ),
        "adtr": (
            "Tumor Results Analysis",
            tuple(name for name in VARIABLES if name not in _OF_SIZES),
        ),
        "adtte": ("Time-to-Event Analysis", _OF_TIMES),
    }
)
"""Label and variables of each data set."""


@attrs.frozen(eq=False, repr=False)
class Adam:
    """The data sets `adrs`, `adtr` and `adtte`, as tables of the kind that came in."""

    _columns: Mapping[str, Mapping[str, Column]]
    _labels: Mapping[str, str]
    _restore: Callable[[Mapping[str, Any]], Any]

    @cached_property
    def adrs(self) -> Any:
        """One row per time point (OVR), and one per line for everything that the line comes to."""
        return self._restore(self._columns["adrs"])

    @cached_property
    def adtr(self) -> Any:
        """One row per target and time point, and one per sum of the targets."""
        return self._restore(self._columns["adtr"])

    @cached_property
    def adtte(self) -> Any:
        """One row per line and time to an event; AVAL counts the first day and the last."""
        return self._restore(self._columns["adtte"])

    def write(self, folder: str | os.PathLike[str], kind: str = "xpt") -> list[str]:
        """Write the data sets into a folder; return the paths written.

        A transport file holds ASCII text of 200 bytes at most, names of 8 characters and labels of
        40.

        Args:
            folder: Where the files go; made where it is not there.
            kind: `"xpt"` (SAS transport, version 5), `"csv"`, `"parquet"` or `"json"` (Dataset-JSON
                1.1).

        Returns:
            One path per data set.

        Raises:
            TransportError: Everything that does not fit into transport files, before any file is
                written.
        """
        check_kind(kind)
        return write_data_sets(
            {
                str(Path(folder) / f"{name}.{kind}"): (
                    name.upper(),
                    _NAMES[name][0],
                    columns,
                    self._labels,
                )
                for name, columns in self._columns.items()
            },
            kind,
        )

    def __repr__(self) -> str:
        told = (
            f"{name.upper()} {several(len(columns['USUBJID']), 'row')}"
            for name, columns in self._columns.items()
        )
        return f"<Adam: {', '.join(told)}>"


def adam_of(
    data: Read,
    criteria: Criteria,
    panel: Panel,
    restore: Callable[[Mapping[str, Any]], Any],
    *,
    adsl: Any,
    policy: Policy,
    reader: str,
    rscat: str | None,
    duration_of: str,
    origin: Origin,
    without: Collection[int] = (),
) -> Adam:
    """The data sets of the judged lines of a cohort, but for those `without`, by index."""
    if duration_of not in DURATIONS:
        told = " or ".join(f'"{each}"' for each in DURATIONS)
        raise ValueError(f"duration_of must be {told}, got {duration_of!r}")
    patients = list(dict.fromkeys(panel.lines.patient.tolist()))
    _refuse_study_days(data, patients)
    ids = [str(data.patients.ids[place]) for place in patients]
    subjects = Subjects.read(None if adsl is None else columns_of(adsl), ids, origin.study)
    frame = Frame(
        data=data,
        criteria=criteria,
        panel=panel,
        origin=origin,
        reader=reader,
        rscat=rscat,
        first={
            place: day
            for place, each in zip(patients, ids, strict=True)
            if (day := subjects.first_day(each)) is not None
        },
    )
    times, deepest = _times(data, criteria, panel, policy, confirmed=duration_of == DURATIONS[1])
    times["pfs2"] = _before(times["pfs2"], panel, without)
    responses = ResponseRows(frame)
    rows = {
        "adrs": responses.rows,
        "adtr": _sizes(frame, patients, deepest),
        "adtte": list(time_rows(frame, times, responses)),
    }
    lines = panel.lines
    left_out = {(frame.ids[lines.patient[line]], int(lines.number[line])) for line in without}
    ordered = {
        name: numbered(row for row in each if (row["USUBJID"], row["LINE"]) not in left_out)
        for name, each in rows.items()
    }
    columns = {}
    for name, each in ordered.items():
        _tell_sources(each)
        own = columns_of_rows(each, _NAMES[name][1])
        columns[name] = subjects.beside(own, [row["USUBJID"] for row in each])
    labels = {name: label for name, (label, _) in VARIABLES.items()}
    return Adam(columns, labels, restore)


def _times(
    data: Read, criteria: Criteria, panel: Panel, policy: Policy, *, confirmed: bool
) -> tuple[dict[str, Any], list[int]]:
    """The times of all lines, and the smallest complete sum of each."""
    history = history_of(data, criteria, panel)
    found = timed(history, policy)
    times = dict(found.times)
    if policy.confirmed != confirmed:
        times["dor"] = timed(history, attrs.evolve(policy, confirmed=confirmed)).times["dor"]
    deepest: Array = found.deepest_um
    return times, deepest.tolist()


def _before(pfs2: Times, panel: Panel, without: Collection[int]) -> Times:
    """The times on the next line, of lines whose next line is not left out."""
    patient = panel.lines.patient
    lost = np.isin(np.arange(1, len(patient) + 1), list(without))
    lost[:-1] &= patient[1:] == patient[:-1]
    return attrs.evolve(pfs2, clause=np.where(lost, -1, pfs2.clause))


def _sizes(frame: Frame, patients: list[int], deepest: list[int]) -> list[Row]:
    """The rows of ADTR, patient by patient."""
    firsts = np.searchsorted(frame.panel.lines.patient, patients).tolist()
    rows: list[Row] = []
    for patient, first in zip(patients, firsts, strict=True):
        assessment = assess(patient_of(frame.data, patient), criteria=frame.criteria)
        rows += size_rows(frame, patient, first, deepest, assessment)
    return rows


def _tell_sources(rows: list[Row]) -> None:
    """The sequence numbers of the rows that others rest on."""
    for row in rows:
        of = row.get("OF")
        if of is not None:
            row["SRCSEQ"] = of["ASEQ"]


def _refuse_study_days(data: Read, patients: list[int]) -> None:
    """ADaM has calendar dates: raise for patients whose dates are study days."""
    calendar = data.patients.calendar
    some = [str(data.patients.ids[place]) for place in patients if calendar[place] != 1]
    if some:
        more = ", ..." * bool(some[3:])
        verb = "has" if len(some) == 1 else "have"
        raise ValueError(
            f"ADaM needs calendar dates, and {several(len(some), 'patient')} {verb} study days: "
            f"{', '.join(some[:3])}{more}"
        )
