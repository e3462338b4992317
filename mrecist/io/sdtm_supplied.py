"""What SDTM has no variable for, and what stands outside TU and TR: qualifiers, a table, visits."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._base.arrays import Array
from .._base.words import Kind
from .columns import Table, texts_of
from .dates import Completion
from .errors import not_a_table
from .problems import Notes
from .sdtm_files import Domains
from .sdtm_lesions import Key, Record
from .sdtm_readers import reader_column
from .sdtm_results import Results, Visits
from .table_files import table_of

__all__ = ["extras", "not_done", "own_words", "qualifiers", "words_of_undone"]

Supplied = tuple[str, Array, str]
"""A column of findings, the findings, and the word that they say in it."""

_SUPPLIED = {
    "TR": {"TRPATTRN": "pattern", "TRCYTOL": "cytology", "TRBIOPSY": "biopsy",
           "TRSTATUS": "status", "TREQUIV": "equivocal", "TRARTPH": "arterial_phase",
           "TRUNMENT": "unmentioned", "TRMASS": "masslike", "TRAPHE": "aphe",
           "TRWASH": "washout", "TRLIKEB": "like_before", "TRDIFFR": "diffusion_restriction",
           "TRT2MM": "t2_mild_moderate", "TRCHANGE": "change", "TRMARGIN": "margin",
           "TRMODAL": "modality", "TRVPERP": "viable_perp_mm",
           "TRLPERP": "longest_perp_mm", "TRVVOL": "volume_viable_ml"},
    "TU": {"TUENHANC": "enhancement", "TUTREATD": "treated"},
}  # fmt: skip
_OWN = {"TUKIND": "kind", "TUORGAN": "organ", "TUHILAR": "hilar"}
"""What a lesion is said to be in our words, which hold against what its location tells."""

_EXTRA = ("pattern", "cytology", "biopsy", "enhancement", "treated")


def own_words(domains: Domains, records: Mapping[Key, Record], notes: Notes) -> None:
    """Write into the records of lesions what supplemental qualifiers say that they are."""
    kinds = {str(kind) for kind in Kind}
    names = ("USUBJID", "QNAM", "IDVAR", "IDVARVAL", "QVAL")
    table = domains["SUPPTU"]
    lesions = _lesions_of_rows(domains) if len(table) else {}
    for row, (patient, name, variable, value, word) in enumerate(table.rows(*names)):
        record = records.get(lesions.get((patient, value), ("", "", "")))
        if name not in _OWN or variable != "TUSEQ" or word is None or record is None:
            continue
        if name == "TUKIND" and word.lower() not in kinds:
            told = f"must be one of {', '.join(sorted(kinds)).upper()}, got {word!r}"
            notes.refuse("NOT_A_WORD", patient, table.source, row, "QVAL", told)
        else:
            record.said[_OWN[name]] = word.lower() if name == "TUKIND" else word


def _lesions_of_rows(domains: Domains) -> dict[tuple[str | None, str | None], Key]:
    """The lesion that each record of TU is of, by patient and sequence number."""
    table = domains["TU"]
    readers = texts_of(reader_column(table, "TU")).tolist()
    rows = table.rows("USUBJID", "TUSEQ", "TULNKID")
    return {
        (patient, seq): (patient or "", reader, name or "")
        for reader, (patient, seq, name) in zip(readers, rows, strict=True)
    }


def words_of_undone(domains: Domains) -> dict[tuple[str, str, str], dict[str, str]]:
    """What qualifiers say of examinations without any finding, by patient, reader and date."""
    columns = _SUPPLIED["TR"]
    said: dict[tuple[str | None, str | None], dict[str, str]] = {}
    names = ("USUBJID", "QNAM", "IDVAR", "IDVARVAL", "QVAL")
    for patient, name, variable, value, word in domains["SUPPTR"].rows(*names):
        if name in columns and variable == "TRSEQ" and word is not None:
            said.setdefault((patient, value), {})[columns[name]] = word.lower()
    found = {}
    if said:
        table = domains["TR"]
        reader = texts_of(reader_column(table, "TR")).tolist()
        rows = table.rows("USUBJID", "TRSEQ", "TRLNKID", "TRDTC")
        for whose, (patient, seq, lesion, date) in zip(reader, rows, strict=True):
            if lesion is None and (patient, seq) in said:
                found[patient or "", whose, date or ""] = said[patient, seq]
    return found


def qualifiers(domains: Domains, results: Results, notes: Notes) -> list[Supplied]:
    """The words of supplemental qualifiers: the column, the findings, the word.

    One that speaks of no record of its domain is noted.
    """
    found: list[Supplied] = []
    for domain, columns in _SUPPLIED.items():
        table = domains[f"SUPP{domain}"]
        names = ("USUBJID", "QNAM", "IDVAR", "IDVARVAL", "QVAL")
        known = {*columns, *(_OWN if domain == "TU" else ())}
        said = [
            (row, cells)
            for row, cells in enumerate(table.rows(*names))
            if cells[1] in known and cells[4] is not None
        ]
        if not said:
            continue
        place = _places(domains, domain, results)
        for row, (patient, name, variable, value, word) in said:
            assert name is not None  # as it is known
            assert word is not None
            if variable != f"{domain}SEQ" or (patient, value) not in place:
                told = f"{name} {word}: there is no record with {variable} {value}"
                notes.note("NO_IDENTIFICATION", patient, table.source, row, told)
            elif name in columns:
                found.append((columns[name], place[patient, value], word.lower()))
    return found


def _places(
    domains: Domains, domain: str, results: Results
) -> dict[tuple[str | None, str | None], Array]:
    """The findings that each record of TR is in, or that are of the lesion of a record of TU."""
    if domain == "TU":
        index = {key: at for at, key in enumerate(results.lesions)}
        return {
            which: np.flatnonzero(results.lesion == index.get(key, -1))
            for which, key in _lesions_of_rows(domains).items()
        }
    found = results.finding
    return {
        (patient, seq): found[row : row + 1][found[row : row + 1] >= 0]
        for row, (patient, seq) in enumerate(domains["TR"].rows("USUBJID", "TRSEQ"))
    }


def extras(given: Any, results: Results, notes: Notes) -> list[Supplied]:
    """The words of a table by patient, lesion, date and reader; a row that is of no finding is a
    mistake."""
    if given is None:
        return []
    table = table_of(given, "extra")
    notes.of_file(table)
    known = ("PATIENT", "LESION", "READER", "DATE", *map(str.upper, _EXTRA))
    for name in table.names:
        if name not in known:
            told = f"extra has columns {', '.join(map(str.lower, known))}, and no {name.lower()}"
            raise not_a_table(table.source, told)
    dates = [str(date) for *_, date in results.exams]
    rows: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for at, (lesion, exam) in enumerate(zip(results.lesion, results.exam, strict=True)):
        patient, reader, name = results.lesions[lesion]
        rows.setdefault((patient, name), []).append((reader, dates[exam], at))
    found = []
    for row, cells in enumerate(
        table.rows("PATIENT", "LESION", "READER", "DATE", *map(str.upper, _EXTRA))
    ):
        patient, lesion, reader, date, *words = cells
        own = np.array(
            [
                at
                for whose, day, at in rows.get((patient or "", lesion or ""), [])
                if reader in (None, whose) and date in (None, day)
            ],
            np.int64,
        )
        if not len(own):
            told = f"no finding of lesion {lesion} on {date or 'any date'}"
            notes.refuse("UNMATCHED_ROW", patient, table.source, row, "lesion", told)
        found += [
            (name, own, word.lower())
            for name, word in zip(_EXTRA, words, strict=True)
            if word is not None
        ]
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
