"""Where the findings of an SDTM study come from: the study, the results, the completed dates."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import attrs

from .._base.arrays import Array
from ..cohort.adam_rows import Origin, Result
from ..tables.column import Coded
from .columns import Table, texts_of
from .problems import Notes
from .sdtm_results import Results

__all__ = ["origin_of"]


def origin_of(table: Table, results: Results, notes: Notes) -> Origin:
    """The origin of the findings; a result is known by its sequence number (TRSEQ)."""
    studies = table.column("STUDYID").values
    return Origin(
        study=studies[0] if len(studies) == 1 else None,
        imputed=frozenset(_imputed(results, notes) | notes.imputed),
        sequences=_Sequences(
            results.lesions,
            results.lesion,
            results.date,
            results.finding,
            table.column("TRTESTCD"),
            table.column("TRSEQ"),
        ),
    )


def _imputed(results: Results, notes: Notes) -> set[tuple[str, datetime.date]]:
    """The assessments with a date whose day was completed."""
    rows = {
        row
        for _, source, row, code, _ in notes.problems
        if code == "PARTIAL_DATE" and source == results.source
    }
    return {
        (results.lesions[results.lesion[at]][0], results.date[at])
        for row in rows
        if (at := int(results.finding[notes.row(results.source, row)])) >= 0
    }


@attrs.frozen(eq=False)
class _Sequences:
    """Columns from which the sequence numbers of results are looked up, when they are asked for."""

    lesions: Sequence[tuple[str, str, str]]
    lesion: Array
    date: Array
    finding: Array
    test: Coded
    number: Coded

    def __call__(self) -> dict[Result, int]:
        """The number of each result, by patient, lesion, date and test."""
        tests, numbers = texts_of(self.test).tolist(), texts_of(self.number).tolist()
        found: dict[Result, int] = {}
        for at, test, number in zip(self.finding.tolist(), tests, numbers, strict=True):
            if at >= 0 and number is not None and number.isdecimal():
                patient, _, lesion = self.lesions[self.lesion[at]]
                found.setdefault((patient, lesion, self.date[at], test), int(number))
        return found
