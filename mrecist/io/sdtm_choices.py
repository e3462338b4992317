"""Which lesions and which baseline a line has, where roles and flags of single rows cannot say it.

A qualifier TUCHOICE says of a line that it has no target or non-target (LINE 1 TARGET NONE), or
leaves them to the criteria (LINE 1 NON-TARGET OPEN); TRBASEL says of which line a scan is the
baseline (LINE 2). Several are separated by semicolons.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

import attrs

from .columns import Table, texts_of
from .dates import Completion
from .sdtm_files import Domains
from .sdtm_readers import reader_column

__all__ = ["NONE", "OPEN", "Choices", "read_choices"]

NONE, OPEN = "NONE", "OPEN"
"""What is said of the lesions of a role: there are none, or the criteria choose."""

_SAID = re.compile(r"LINE ([1-9]\d{0,3})(?: ((?:NON-)?TARGET (?:NONE|OPEN)))?", re.ASCII)

Of = tuple[str, int]
"""A patient and the index of a line."""


@attrs.frozen
class Choices:
    """What is said of lines, by reader: words on the lists, and the date of the baseline."""

    lists: Mapping[Of, Mapping[str, frozenset[str]]] = attrs.field(factory=dict)
    baselines: Mapping[Of, Mapping[str, datetime.date]] = attrs.field(factory=dict)


def read_choices(domains: Domains, completed: Completion) -> Choices:
    """The choices that supplemental qualifiers say."""
    lists: dict[Of, dict[str, frozenset[str]]] = {}
    for of, reader, word, _ in _said(domains, "TU", "TUCHOICE"):
        if word is not None:
            own = lists.setdefault(of, {})
            own[reader] = own.get(reader, frozenset()) | {word}
    baselines: dict[Of, dict[str, datetime.date]] = {}
    for of, reader, _, written in _said(domains, "TR", "TRBASEL"):
        date = completed.date(written)
        if date is not None:
            baselines.setdefault(of, {})[reader] = date
    return Choices(lists, baselines)


def _said(
    domains: Domains, domain: str, name: str
) -> Iterator[tuple[Of, str, str | None, str | None]]:
    """Each line that a qualifier speaks of, the reader, what is said, the date of the row."""
    names = ("USUBJID", "QNAM", "IDVAR", "IDVARVAL", "QVAL")
    said = [
        row
        for row in domains[f"SUPP{domain}"].rows(*names)
        if row[1] == name and row[2] == f"{domain}SEQ"
    ]
    if not said:
        return
    rows = _rows(domains[domain], domain)
    for patient, _, _, number, text in said:
        if patient is None or (patient, number) not in rows:
            continue
        reader, date = rows[patient, number]
        for words in map(_SAID.fullmatch, map(str.strip, (text or "").upper().split(";"))):
            if words is not None:
                yield (patient, int(words[1]) - 1), reader, words[2], date


def _rows(table: Table, domain: str) -> dict[tuple[str | None, str | None], tuple[str, str | None]]:
    """The reader and the date of each row, by patient and sequence number."""
    readers = texts_of(reader_column(table, domain)).tolist()
    keys = table.rows("USUBJID", f"{domain}SEQ", f"{domain}DTC")
    return {
        (patient, number): (reader, date)
        for reader, (patient, number, date) in zip(readers, keys, strict=True)
    }
