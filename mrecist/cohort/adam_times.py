"""ADTTE: the times of every line by a policy, with what each rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._base.arrays import NO_DAY
from .._base.words import Effect
from ..endpoints.descriptions import described
from ..endpoints.engine import Times
from ..rulebook.adam import TIMES
from .adam_responses import ResponseRows
from .adam_rows import Frame, Row

__all__ = ["time_rows"]


def time_rows(frame: Frame, times: Mapping[str, Times], responses: ResponseRows) -> Iterator[Row]:
    """One row for each time that a line has. AVAL counts the first day and the last."""
    for name, parameter in TIMES.items():
        own = times[name]
        words = described(own.clauses)
        for line in own.there.nonzero()[0].tolist():
            patient = int(frame.panel.lines.patient[line])
            clause = int(own.clause[line])
            why, censored = words[clause]
            event = bool(own.event[line])
            if own.clauses[clause].effect is Effect.LAST and own.last[line] == NO_DAY:
                censored = "Start of Line"
            end = int(own.end[line])
            row = frame.row(parameter, patient, line) | frame.dated(patient, end)
            row |= {
                "PARCAT1": "Time to Event",
                "STARTDT": int(own.start[line]),
                "AVAL": int(own.days[line]) + 1,
                "CNSR": int(not event),
                "EVNTDESC": why,
                "CNSDTDSC": None if event else censored,
                "CLAUSE": own.clauses[clause].id,
            }
            yield row | _source(responses, name, patient, line, end, event=event)


def _source(
    responses: ResponseRows, name: str, patient: int, line: int, end: int, *, event: bool
) -> Row:
    """The row of ADRS that says what is on the day of the end, if one does."""
    seen = [responses.at.get((line, end)), responses.seen.get((patient, end))]
    progression, death = responses.progression[line], responses.death[patient]
    happened = [death] if name == "os" else [progression, death]
    rows = [*happened, *seen] if event else [*seen, death]
    of = next((row for row in rows if row is not None and row.get("ADT") == end), None)
    return {} if of is None else {"SRCDOM": "ADRS", "SRCVAR": "ADT", "OF": of}
