"""The data dictionary of a REDCap project: what its fields are, and what their codes mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from .errors import IntakeError
from .redcap_files import Export
from .sheet_words import folded, unit_said

__all__ = ["Dictionary", "Field"]

_NAMES = MappingProxyType({
    "variable field name": "name", "field name": "name", "form name": "form",
    "field type": "type", "field label": "label", "field note": "note",
    "choices calculations or slider labels": "choices",
    "select choices or calculations": "choices",
    "text validation type or show slider number": "validation",
})  # fmt: skip
"""What the columns of a dictionary are called, as a file or by the API."""

_FIXED = MappingProxyType(
    {"yesno": {"1": "yes", "0": "no"}, "truefalse": {"1": "true", "0": "false"}}
)
_CHOICE = re.compile(r"\s*([^,|]+?)\s*,\s*(.*?)\s*")
_COMMA = re.compile(r"[\s,/]+")


@attrs.frozen
class Field:
    """One field: its form, what its codes mean, its decimal mark and its unit."""

    name: str
    form: str | None = None
    choices: Mapping[str, str] = attrs.field(factory=dict)
    decimal: str = "."
    unit: str | None = None

    def decoded(self, code: str) -> str:
        """What a code means. A label, or a code that no choice has, is taken as it is."""
        return self.choices.get(code, code)


class Dictionary:
    """The fields of a project by name; without a dictionary every field is plain text."""

    def __init__(self, fields: Iterable[Field] = ()) -> None:
        self.fields = {field.name: field for field in fields}

    @classmethod
    def read(cls, given: Any) -> Dictionary:
        """The dictionary of a file or a table. Raises `IntakeError` where it is none."""
        export = Export.read(given, "dictionary")
        places: dict[str, int] = {}
        for at, name in enumerate(export.names):
            known = _NAMES.get(folded(_COMMA.sub(" ", name)))
            if known is not None:
                places.setdefault(known, at)
        if not {"name", "type"} <= places.keys():
            told = "NOT_A_TABLE: no data dictionary: it has no columns of field names and types"
            raise IntakeError([(None, export.source, None, "", told)])
        if export.faults:
            raise IntakeError(
                [
                    (None, export.source, each.row, "", f"NOT_A_ROW: {each.told}")
                    for each in export.faults
                ]
            )
        rows = ({name: row[at] for name, at in places.items()} for row in export.rows)
        return cls(_field(row) for row in rows if row["name"] is not None)

    def field(self, name: str) -> Field:
        """What is known of a field."""
        if name not in self.fields:
            self.fields[name] = Field(name)
        return self.fields[name]


def _field(row: Mapping[str, str | None]) -> Field:
    kind = (row.get("type") or "").lower()
    choices = dict(_FIXED.get(kind, {}))
    if kind in ("radio", "dropdown", "checkbox"):
        choices = dict(_choices(row.get("choices") or ""))
    comma = "comma_decimal" in (row.get("validation") or "").lower()
    unit = unit_said(row.get("label") or "") or unit_said(row.get("note") or "")
    return Field(str(row["name"]), row.get("form"), choices, "," if comma else ".", unit)


def _choices(text: str) -> Iterable[tuple[str, str]]:
    """The codes and labels of `1, Target | 2, Non-target`."""
    for part in text.split("|"):
        found = _CHOICE.fullmatch(part)
        if found is not None:
            yield found[1], found[2]
