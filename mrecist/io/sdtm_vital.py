"""When patients of an SDTM study died, and when they were last known to be alive."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import attrs

from .columns import Table
from .dates import Completion, Dated
from .problems import Notes
from .sdtm_files import Domains

__all__ = ["read_vital"]


@attrs.frozen
class _Told:
    """A date that a row tells."""

    read: Dated
    table: Table
    row: int

    @property
    def date(self) -> datetime.date:
        """The date, of a row that has one."""
        assert self.read.date is not None
        return self.read.date


def read_vital(
    domains: Domains,
    known: Iterable[str],
    seen: Mapping[str, datetime.date],
    completed: Completion,
    notes: Notes,
) -> dict[str, tuple[datetime.date | None, datetime.date | None]]:
    """The death and the last contact of known patients; `seen`: the last date of the findings."""
    vital = _Vital(dict.fromkeys(known), seen, completed, notes)
    vital.read(domains)
    return {patient: (vital.died(patient), vital.last(patient)) for patient in vital.patients}


class _Vital:
    """What the data sets say of death and contact, the first source of a death before the next."""

    def __init__(
        self,
        patients: dict[str, None],
        seen: Mapping[str, datetime.date],
        completed: Completion,
        notes: Notes,
    ) -> None:
        self.patients, self.seen, self.completed, self.notes = patients, seen, completed, notes
        self.deaths: dict[str, _Told] = {}
        self.contacts: dict[str, _Told] = {}
        self.dead: dict[str, tuple[Table, int]] = {}

    def read(self, domains: Domains) -> None:
        """Read every data set that tells of it."""
        table = domains["DM"]
        for row, (patient, died, flag) in enumerate(table.rows("USUBJID", "DTHDTC", "DTHFL")):
            if died is not None or (flag or "").upper() == "Y":
                self._death(patient, died, table, row)
        table = domains["SS"]
        names = ("USUBJID", "SSTESTCD", "SSSTRESC", "SSDTC")
        for row, (patient, test, result, written) in enumerate(table.rows(*names)):
            if test == "SURVSTAT" and (result or "").upper() == "DEAD":
                self._death(patient, written, table, row)
            else:
                self._contact(patient, result if test == "LSCFADTC" else written, table, row)
        table = domains["DS"]
        names = ("USUBJID", "DSDECOD", "DSSTDTC", "DSDTC")
        for row, (patient, decoded, begun, written) in enumerate(table.rows(*names)):
            own = begun if self.completed.date(begun) is not None else written or begun
            if (decoded or "").upper() == "DEATH":
                self._death(patient, own, table, row)
            else:
                self._contact(patient, own, table, row)
        for domain in ("RS", "LB"):
            table = domains[domain]
            for row, (patient, written) in enumerate(table.rows("USUBJID", f"{domain}DTC")):
                self._contact(patient, written, table, row)
        table = domains["TR"]  # its dates that cannot be read are told elsewhere
        for row, (patient, written) in enumerate(table.rows("USUBJID", "TRDTC")):
            if self.completed.date(written) is not None:
                self._contact(patient, written, table, row)

    def _death(self, patient: str | None, written: str | None, table: Table, row: int) -> None:
        if patient not in self.patients:
            return
        read = self.completed(written)
        self.dead.setdefault(patient, (table, row))
        if read.date is not None:
            self.deaths.setdefault(patient, _Told(read, table, row))
        else:
            self.notes.dated(read, patient, table.source, row, "death")

    def _contact(self, patient: str | None, written: str | None, table: Table, row: int) -> None:
        if patient not in self.patients:
            return
        read = self.completed(written)
        if read.date is None:
            self.notes.dated(read, patient, table.source, row, "contact")
            return
        known = self.contacts.get(patient)
        if known is None or known.date < read.date:
            self.contacts[patient] = _Told(read, table, row)

    def died(self, patient: str) -> datetime.date | None:
        """The date of death; a death that no row dates is noted."""
        told = self.deaths.get(patient)
        if told is not None:
            return self._told(told, patient, "death")
        if patient in self.dead:
            table, row = self.dead[patient]
            what = "dead, but nobody says since when"
            self.notes.note("OTHER_TEST", patient, table.source, row, what)
        return None

    def last(self, patient: str) -> datetime.date | None:
        """The last contact, noted where it rests on a date that was completed."""
        seen, told = self.seen.get(patient), self.contacts.get(patient)
        if told is None or (seen is not None and told.date <= seen):
            return seen
        return self._told(told, patient, "last contact")

    def _told(self, told: _Told, patient: str, what: str) -> datetime.date | None:
        """The date of a row, noted where its day was completed."""
        if told.read.partial:
            self.notes.imputed.add((patient, told.date))
        return self.notes.dated(told.read, patient, told.table.source, told.row, what)
