"""The verdicts of the domain RS: who said what, by which criteria, at which examination."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from .._base.reported import STABLE_WORDS, stable_cure
from .._base.words import Response
from ..rulebook.adam import LENCIONI
from ..rulebook.criteria import EASL, MRECIST, RECIST_1_1
from .columns import Table, texts_of
from .dates import Completion
from .errors import AskError
from .problems import Notes
from .sdtm_findings import Exam
from .sdtm_readers import reader_column
from .sdtm_results import Results, Visits

__all__ = ["Reported", "is_read", "read_reported"]

_CRITERIA = MappingProxyType(
    {
        LENCIONI: MRECIST.name,
        "RECIST 1.1": RECIST_1_1.name,
        "EASL BRUIX LIVER CANCER 2001": EASL.name,
    }
)
_OTHER_MRECIST = ("MRECIST BYRNE", "MRECIST ARMATO", "ITMIG MRECIST")
_ONCOLOGY = ("RECIST", "RECICL", "EASL", "CHOI", "PERCIST", "WOLCHOK", "WHO ", "PROTOCOL DEFINED",
             "UNSPECIFIED")  # fmt: skip
_TESTS = frozenset({"TRGRESP", "NTRGRESP", "NEWLPROG", "NEWLIND", "BESTRESP", "LIVRRESP"})
_WORDS = frozenset(str(word) for word in Response if word is not Response.ND)


class Reported:
    """Verdicts by examination: `words[exam][column]`; `visits` names the visit of an examination
    that no result shows; `rows` is the table of all that was reported."""

    def __init__(self) -> None:
        self.words: dict[Exam, dict[str, str]] = {}
        self.visits: dict[Exam, str | None] = {}
        self.rows: list[tuple[str | int | datetime.date | None, ...]] = []


def read_reported(
    table: Table,
    readers: Collection[str],
    results: Results,
    exams: Mapping[Exam, str | None],
    visits: Visits,
    completed: Completion,
    responses: Iterable[str] | Mapping[str, str],
    notes: Notes,
) -> Reported:
    """The verdicts of these readers. `exams` are the examinations with results, and their visits.

    `responses` are the RSCAT to take (`"all"`), or the criteria that each stands for.
    """
    made = Reported()
    taken = _Taken(responses)
    reader = texts_of(reader_column(table, "RS")).tolist()
    derived = _derived(table, readers, reader, notes)
    names = ("USUBJID", "RSTESTCD", "RSCAT", "RSSTRESC", "RSORRES", "RSSTAT", "RSLNKGRP",
             "VISITNUM", "VISIT", "RSDTC")  # fmt: skip
    for row, cells in enumerate(table.rows(*names)):
        patient, test, category, text, original, status, group, number, visit, written = cells
        if reader[row] not in readers or row in derived:
            continue
        if patient is None:
            notes.note("NO_IDENTIFICATION", None, table.source, row, "the row names no patient")
            continue
        if test != "OVRLRESP" and test not in _TESTS:
            told = f"{category or 'no category'}: {test}"
            code = "OTHER_TEST" if _is_oncology(category or "") else "OTHER_CRITERIA"
            notes.note(code, patient, table.source, row, told)
            continue
        word = (text or original or "").upper()
        dated = completed(written)
        criteria = taken.criteria(category, patient, table.source, row, notes)
        if criteria is None:
            continue
        if word == STABLE_WORDS.get(criteria):
            word = str(Response.SD)
        made.rows.append((patient, reader[row], dated.date, test, criteria, word or None,
                          table.source, row))  # fmt: skip
        if test != "OVRLRESP":
            continue
        if word not in _WORDS:
            if word or (status or "").upper() != "NOT DONE":
                told = f"{word}{stable_cure(word)}" if word else "no result"
                notes.note("UNREAD_RESPONSE", patient, table.source, row, told)
            if word:
                continue
        if dated.partial:
            notes.note("PARTIAL_DATE", patient, table.source, row, f"read as {dated.date}")
        name = visits.named(group, number, visit)
        date = results.nearest(
            (patient, reader[row]), (name, visits.visit(number, visit)), dated.date
        )
        if date is None:
            notes.refuse("NO_DATE", patient, table.source, row, "RSDTC", dated.told)
            continue
        exam = (patient, reader[row], date)
        if exam not in exams:
            made.visits.setdefault(exam, name)
            if dated.partial:
                notes.imputed.add((patient, date))
        if word:
            column = f"reported:{criteria}" if criteria else "reported"
            said = made.words.setdefault(exam, {})
            if said.setdefault(column, word) != word:
                told = f"{word}, and {said[column]} at the same visit"
                notes.refuse("CONFLICTING_RESULT", patient, table.source, row, "RSSTRESC", told)
    return made


def _derived(
    table: Table, readers: Collection[str], reader: Sequence[str], notes: Notes
) -> set[int]:
    """The rows of responses that were computed, and are nobody's word.

    Those of these readers, or without an evaluator, are noted.
    """
    names = ("RSDRVFL", "USUBJID", "RSTESTCD", "RSSTRESC", "RSEVAL", "RSEVALID")
    found = set()
    for row, (flag, patient, test, text, *who) in enumerate(table.rows(*names)):
        if flag == "Y" and (test == "OVRLRESP" or test in _TESTS):
            found.add(row)
            if reader[row] in readers or not any(who):
                notes.note("DERIVED_ROW", patient, table.source, row, f"{test} {text or ''}")
    return found


class _Taken:
    """Which verdicts are taken, and the name of their criteria."""

    def __init__(self, responses: Iterable[str] | Mapping[str, str]) -> None:
        self.criteria_of: dict[str, str] = {}
        self.only: set[str] | None = None
        if isinstance(responses, Mapping):
            self.criteria_of = {name.upper(): criteria for name, criteria in responses.items()}
        elif responses != "all":
            each = [responses] if isinstance(responses, str) else responses
            self.only = {name.upper() for name in each}

    def criteria(
        self, category: str | None, patient: str, source: str, row: int, notes: Notes
    ) -> str | None:
        """The criteria of a category, "" where none is named; `None`: the verdict is not taken."""
        if category is None:
            return ""
        words = " ".join(category.upper().split())
        if words in self.criteria_of:
            return self.criteria_of[words]
        if (self.only is not None and words not in self.only) or not _is_oncology(words):
            notes.note("OTHER_CRITERIA", patient, source, row, category)
            return None
        if words.startswith(_OTHER_MRECIST):
            told = f"{category} is not HCC mRECIST"
            notes.refuse("WRONG_MRECIST", patient, source, row, "RSCAT", told)
            return None
        if words == "MRECIST":
            raise AskError(
                "RSCAT says mRECIST, which may be that of the liver or of mesothelioma",
                'responses={"mRECIST": "mrecist"}',
                "--responses mRECIST=mrecist",
            )
        return _CRITERIA.get(words, words.lower())


def is_read(category: str | None, criteria: str | None) -> bool:
    """Whether verdicts of a category are read as those of these criteria, without being asked."""
    if category is None:
        return criteria is None
    words = " ".join(category.upper().split())
    if words == "MRECIST" or words.startswith(_OTHER_MRECIST) or not _is_oncology(words):
        return False
    return _CRITERIA.get(words, words.lower()) == criteria


@lru_cache(maxsize=1024)
def _is_oncology(category: str) -> bool:
    return any(word in category.upper() for word in _ONCOLOGY)
