"""Rows of a REDCap export: whose they are, of which event, and what their fields say.

A row of a repeating instrument holds the fields of that instrument alone. What holds of the whole
event stands in the row of the same record and event without an instrument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from .errors import AskError
from .problems import Notes
from .redcap_dictionary import Dictionary, Field
from .redcap_files import EVENT, INSTANCE, INSTRUMENT, Export

__all__ = ["Rows"]

_TICKED = "1"


@attrs.define
class Rows:
    """The rows of an export, read through its dictionary."""

    export: Export
    dictionary: Dictionary
    fields: Mapping[str, str]
    """Our names by the fields of theirs; `=text` holds for all rows."""
    missing: frozenset[str]
    notes: Notes
    _places: dict[str, int] = attrs.field(init=False)
    _base: dict[tuple[str | None, str | None], list[int]] = attrs.field(init=False, factory=dict)
    _record: dict[str | None, list[int]] = attrs.field(init=False, factory=dict)
    _sound: list[int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._places = {name: at for at, name in enumerate(self.export.names)}
        lost = {each.row for each in self.export.faults}
        self._sound = [row for row in range(len(self.export.rows)) if row not in lost]
        for row in self:
            record = self.record(row)
            self._record.setdefault(record, []).append(row)
            if self.cell(row, INSTRUMENT) is None:
                self._base.setdefault((record, self.cell(row, EVENT)), []).append(row)

    # ---- which

    def check(self, required: Sequence[str]) -> None:
        """Raise `AskError` where a field is not there, or one of ours has none."""
        for name in required:
            if name not in self.fields:
                raise AskError(
                    f"no field of {self.export.source} is named as our {name}",
                    f'fields={{"{name}": "..."}}',
                    f"--column {name}=FIELD",
                )
        for name, field in self.fields.items():
            if field[:1] != "=" and field not in self._places and not self._boxes(field):
                there = ", ".join(self.export.names)[:300]
                raise AskError(
                    f"{self.export.source} has no field {field!r} for our {name}, but {there}",
                    f'fields={{"{name}": "..."}}',
                    f"--column {name}=FIELD",
                )

    def record(self, row: int) -> str | None:
        """The record of a row: the first column."""
        return self.export.rows[row][0] if self.export.names else None

    def patient(self, row: int) -> str | None:
        """The patient of a row: the record, or what a field says anywhere in it."""
        if "patient" not in self.fields:
            return self.record(row)
        return self.of_record(row, "patient")[1]

    def refuse_faults(self) -> None:
        """Make each row that is none a mistake of its patient: the record, or whom it names."""
        for each in self.export.faults:
            others = self._record.get(each.patient, ())
            patient = self.patient(others[0]) if others else each.patient
            told = f"{each.told}: quote a cell that holds the separator"
            self.notes.refuse("NOT_A_ROW", patient, self.export.source, each.row, "", told)

    def event(self, row: int) -> str | None:
        """The event of a row; one that repeats has a number, too."""
        event, again = self.cell(row, EVENT), self.cell(row, INSTANCE)
        if event is None or again is None or self.cell(row, INSTRUMENT) is not None:
            return event
        return f"{event} {again}"

    def name(self, row: int, field: str) -> str:
        """The name of a cell, as one finds it in REDCap."""
        parts = [f"record {self.record(row)}"]
        parts += [each for each in (self.cell(row, EVENT),) if each is not None]
        again = [self.cell(row, INSTRUMENT), self.cell(row, INSTANCE)]
        parts += [" ".join(filter(None, again))] * any(again)
        return ", ".join([*parts, self.fields.get(field, field)])

    def __iter__(self) -> Iterator[int]:
        return iter(self._sound)

    # ---- what they say

    def cell(self, row: int, field: str) -> str | None:
        """A cell as it stands."""
        at = self._places.get(field)
        return None if at is None else self.export.rows[row][at]

    def field(self, name: str) -> Field:
        """The field that one of our columns is read from."""
        return self.dictionary.field(self.fields.get(name, name))

    def said(self, row: int, name: str) -> str | None:
        """What a row says of one of our columns, its codes decoded; `None`: nothing."""
        theirs = self.fields.get(name)
        if theirs is None or theirs[:1] == "=":
            return None if theirs is None else theirs[1:]
        if theirs not in self._places:
            return self._ticked(row, name, theirs)
        text = self.cell(row, theirs)
        if text is None or text in self.missing:
            return None
        return self.dictionary.field(theirs).decoded(text)

    def of_event(self, row: int, name: str) -> tuple[int, str | None]:
        """What a row says, else the row of its event; and which row that is."""
        own = self.said(row, name)
        if own is not None:
            return row, own
        found: dict[str, int] = {}
        for base in self._base.get((self.record(row), self.cell(row, EVENT)), ()):
            text = self.said(base, name)
            if text is not None:
                found.setdefault(text, base)
        if len(found) > 1:
            both = " and ".join(list(found)[:2])
            raise ValueError(f"must be one for the event, got {both}")
        return next(((base, text) for text, base in found.items()), (row, None))

    def of_record(self, row: int, name: str) -> tuple[int, str | None]:
        """What the first row of the record says that says anything."""
        for each in self._record.get(self.record(row), ()):
            text = self.said(each, name)
            if text is not None:
                return each, text
        return row, None

    def _boxes(self, field: str) -> dict[str, int]:
        """The columns of a field of boxes, by code."""
        start = f"{field}___"
        return {
            name.removeprefix(start): at
            for name, at in self._places.items()
            if name.startswith(start)
        }

    def _ticked(self, row: int, name: str, field: str) -> str | None:
        """What is ticked: of one box yes or no, of several the one that is."""
        boxes = self._boxes(field)
        ticked = [code for code, at in boxes.items() if self.export.rows[row][at] == _TICKED]
        if len(boxes) == 1:
            filled = self.export.rows[row][next(iter(boxes.values()))] is not None
            return ("yes" if ticked else "no") if filled else None
        if len(ticked) > 1:
            told = f"must be one choice, got {', '.join(ticked)}"
            where = self.name(row, name)
            self.notes.refuse(
                "NOT_A_WORD",
                self.patient_or_record(row, name),
                self.export.source,
                row,
                where,
                told,
            )
        known = self.dictionary.field(field)
        return known.decoded(ticked[0]) if ticked else None

    def patient_or_record(self, row: int, name: str) -> str | None:
        """Whose a row is, while the patient itself may be what is read."""
        return self.record(row) if name == "patient" else self.patient(row)
