"""What SDTM has no variable for, and what stands outside TU and TR: qualifiers, a table, visits."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array
from .columns import Table
from .dates import Completion
from .problems import Notes
from .sdtm_files import Domains
from .sdtm_lesions import Key, Record
from .sdtm_results import Results, Visits
from .table_files import table_of

__all__ = ["extras", "not_done", "qualifiers"]

Supplied = tuple[str, Array, str]
"""A column of findings, the findings, and the word that they say in it."""

_SUPPLIED = {
    "TR": {"TRPATTRN": "pattern", "TRCYTOL": "cytology", "TRBIOPSY": "biopsy"},
    "TU": {"TUENHANC": "enhancement", "TUTREATD": "treated"},
}
_EXTRA = tuple(column for columns in _SUPPLIED.values() for column in columns.values())


def qualifiers(domains: Domains, results: Results, records: Mapping[Key, Record]
              ) -> list[Supplied]:  # fmt: skip
    """The words of supplemental qualifiers: the column, the findings, the word."""
    found: list[Supplied] = []
    for domain, columns in _SUPPLIED.items():
        table_of = domains[f"SUPP{domain}"]
        names = ("USUBJID", "QNAM", "IDVAR", "IDVARVAL", "QVAL")
        said = [row for row in table_of.rows(*names) if row[1] in columns
                and row[2] == f"{domain}SEQ"]  # fmt: skip
        if not said:
            continue
        place = _places(domains, domain, results, records)
        found += [
            (columns[name], place[patient, value], word.lower())
            for patient, name, _, value, word in said
            if name is not None and word is not None and (patient, value) in place
        ]
    return found


def _places(domains: Domains, domain: str, results: Results, records: Mapping[Key, Record]
            ) -> dict[tuple[str | None, str | None], Array]:  # fmt: skip
    """The findings that a record of TR is in, or that are of the lesion of a record of TU."""
    if domain == "TU":
        index = {key: at for at, key in enumerate(results.lesions)}
        return {
            (key[0], record.seq): np.flatnonzero(results.lesion == index[key])
            for key, record in records.items()
            if key in index
        }
    rows = enumerate(domains["TR"].rows("USUBJID", "TRSEQ"))
    return {
        (patient, seq): results.finding[row : row + 1]
        for row, (patient, seq) in rows
        if results.finding[row] >= 0
    }


def extras(given: Any, results: Results, notes: Notes) -> list[Supplied]:
    """The words of a table by patient, lesion, date and reader; a row that is of no finding is a
    mistake."""
    if given is None:
        return []
    table = table_of(given, "extra")
    dates = [str(date) for *_, date in results.exams]
    rows: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for at, (lesion, exam) in enumerate(zip(results.lesion, results.exam, strict=True)):
        patient, reader, name = results.lesions[lesion]
        rows.setdefault((patient, name), []).append((reader, dates[exam], at))
    found = []
    for row, cells in enumerate(table.rows("PATIENT", "LESION", "READER", "DATE",
                                           *map(str.upper, _EXTRA))):  # fmt: skip
        patient, lesion, reader, date, *words = cells
        own = np.array([
            at for whose, day, at in rows.get((patient or "", lesion or ""), [])
            if reader in (None, whose) and date in (None, day)
        ], np.int64)  # fmt: skip
        if not len(own):
            told = f"no finding of lesion {lesion} on {date or 'any date'}"
            notes.refuse("UNMATCHED_ROW", patient, table.source, row, "lesion", told)
        found += [(name, own, word.lower()) for name, word in zip(_EXTRA, words, strict=True)
                  if word is not None]  # fmt: skip
    return found


def not_done(
    table: Table, results: Results, readers: Sequence[str], visits: Visits, completed: Completion
) -> Iterator[tuple[str, str, datetime.date, str | None]]:
    """The visits of SV that did not take place, of patients with results, on their dates."""
    patients = {patient for patient, *_ in results.exams}
    names = ("USUBJID", "SVOCCUR", "SVSTDTC", "VISITNUM", "VISIT")
    for patient, occurred, written, number, visit in table.rows(*names):
        date, name = completed.date(written), visits.visit(number, visit)
        if patient is None or patient not in patients or occurred != "N" or date is None:
            continue
        for reader in readers:
            if (patient, reader, name or "") not in results.visit_dates:
                yield patient, reader, date, name
