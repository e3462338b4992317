"""The lesions of a study out of the domain TU: what each is called, where it is, and its roles."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from functools import lru_cache

import attrs

from .columns import Table, texts_of
from .dates import Completion, Dated
from .problems import Notes
from .sdtm_readers import reader_column

__all__ = ["NEW", "NONTARGET", "TARGET", "Key", "Merging", "Record", "read_lesions", "role_of"]

Key = tuple[str, str, str]
"""A lesion: the patient, the reader, the id. T01 of two readers are two lesions."""

Aside = tuple[int, Key, str, str | None, Dated]
"""A row beside the identification: its place, the lesion, the test, what it says, the date."""

TARGET, NONTARGET, NEW, BENIGN = "target", "non-target", "new", "benign"

_INDICATORS = {"TIND": TARGET, "NTIND": NONTARGET, "MEASIND": TARGET}
_NODAL = re.compile(r"(?<!EXTRA )(?<!EXTRA-)(?<!NON )(?<!NON-)\bNODAL$")
_PART = re.compile(r"[.\-_/ ]?[0-9A-Z]", re.IGNORECASE)


@attrs.define
class Record:
    """What TU says of one lesion. `said`: organ, kind and hilum by the words of qualifiers.

    `months`: the dates of roles of which only the month is known.
    """

    row: int
    term: str | None = None
    nodal: bool = False
    roles: list[tuple[datetime.date | None, str]] = attrs.field(factory=list)
    method: str | None = None
    part_of: str | None = None
    benign: bool = False
    said: dict[str, str] = attrs.field(factory=dict)
    months: set[datetime.date] = attrs.field(factory=set)

    def add_role(self, read: Dated, role: str) -> None:
        """Note a role on a date."""
        self.roles.append((read.date, role))
        if read.partial and read.date is not None:
            self.months.add(read.date)

    @property
    def is_new(self) -> bool:
        """Whether the lesion came as a new one."""
        return bool(self.roles) and self.roles[0][1] == NEW


@attrs.frozen
class Merging:
    """A lesion that has merged into another one, on a date, by a row of TU.

    `in_month`: of the date the month alone is known.
    """

    key: Key
    date: datetime.date | None
    survivor: str
    row: int
    in_month: bool


@lru_cache(maxsize=1024)
def role_of(word: str | None) -> tuple[str | None, bool]:
    """The role that a term of TUSTRESC or TRGRPID gives, and whether it says that it is a node."""
    words = (word or "").upper().strip()
    nodal = _NODAL.search(words) is not None
    for start, role in (
        ("NON-TARGET", NONTARGET),
        ("NON TARGET", NONTARGET),
        ("NONTARGET", NONTARGET),
        ("TARGET", TARGET),
        ("NEW", NEW),
        ("BENIGN", BENIGN),
    ):
        if words.startswith(start):
            return role, nodal
    return None, nodal


def read_lesions(
    table: Table, readers: Collection[str], completed: Completion, notes: Notes
) -> tuple[dict[Key, Record], list[Merging]]:
    """Every lesion that is identified, and every merging."""
    reader = texts_of(reader_column(table, "TU")).tolist()
    names = ("USUBJID", "TULNKID", "TUTESTCD", "TUSTRESC", "TUORRES", "TULOC", "TUMETHOD", "TUDTC")
    found: dict[Key, Record] = {}
    asides: list[Aside] = []
    for row, cells in enumerate(table.rows(*names)):
        patient, name, test, result, original, term, method, written = cells
        if reader[row] not in readers:
            continue
        if patient is None or name is None:
            code = "NO_IDENTIFICATION"
            notes.note(code, patient, table.source, row, "the row names no patient or no lesion")
            continue
        key = (patient, reader[row], name)
        read = completed(written)
        if not read.partial:
            notes.dated(read, patient, table.source, row)
        test = "TUMIDENT" if test is None else test.upper()
        if test not in ("TUMIDENT", "LESIDENT"):
            asides.append((row, key, test, result or original, read))
            continue
        record = found.get(key)
        if record is None:
            record = found[key] = Record(row)
        elif term is not None and record.term is not None and term != record.term:
            told = f"lesion {name}: {record.term}, then {term}"
            notes.note("LOCATION_CHANGES", patient, table.source, row, told)
        record.term = record.term or term
        record.method = record.method or method
        _add_role(record, key, result or original, read, row, table, notes)
    mergings = _read_asides(asides, found, table, notes)
    return found, mergings


def _add_role(
    record: Record, key: Key, word: str | None, read: Dated, row: int, table: Table, notes: Notes
) -> None:
    role, nodal = role_of(word)
    record.nodal = record.nodal or nodal
    if role == BENIGN:
        record.benign = True
        notes.note("NOT_A_LESION", key[0], table.source, row, f"lesion {key[2]} is benign")
    elif role is not None:
        record.add_role(read, role)
    else:
        told = f"lesion {key[2]}: its role {word} is not read"
        notes.note("OTHER_TEST", key[0], table.source, row, told)


def _read_asides(
    asides: list[Aside],
    found: Mapping[Key, Record],
    table: Table,
    notes: Notes,
) -> list[Merging]:
    """What rows beside the identification say: indicators of roles, splitting, merging."""
    mergings = []
    roles = {key for key, record in found.items() if record.roles}
    for row, key, test, result, read in asides:
        record = found.get(key)
        parent = _parent(key, result, found) if test == "TUSPLIT" else None
        survivor = (*key[:2], result or "")
        if record is None:
            told = f"lesion {key[2]} has {test} but is not identified"
            notes.note("NO_IDENTIFICATION", key[0], table.source, row, told)
        elif test in _INDICATORS:
            if result is not None and result.upper() == "Y" and key not in roles:
                record.add_role(read, _INDICATORS[test])
        elif parent is not None:
            record.part_of = parent
        elif test == "TUMERGE" and survivor in found and survivor != key:
            mergings.append(Merging(key, read.date, survivor[2], row, read.partial))
        else:
            notes.note("OTHER_TEST", key[0], table.source, row, f"lesion {key[2]}: {test} {result}")
    return mergings


def _parent(key: Key, result: str | None, found: Collection[Key]) -> str | None:
    """The lesion that a fragment is of: the one named, else by its id: T04.1, T04a are of T04."""
    patient, reader, name = key
    if result is not None and result != name and (patient, reader, result) in found:
        return result
    for end in range(len(name) - 1, 0, -1):
        if (patient, reader, name[:end]) in found and _PART.fullmatch(name[end:]):
            return name[:end]
    return None
