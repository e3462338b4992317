"""What the rows of a sheet say of each lesion: where it lies, what it is, and its role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from .._base.converters import shown
from .._base.reported import STABLE_WORDS, stable_cure
from .._base.volumes import microlitres
from .._base.words import Kind, Response
from ..rulebook.organs import LIVER
from ..tables.column_schema import BY_NAME, REPORTED_BY
from .locations import UNKNOWN
from .problems import Notes
from .sheet_words import KINDS, ROLES, STATUSES, folded, organ_named

__all__ = ["Address", "Facts", "Lesions", "read_field"]

_FACTS = ("enhancement", "treated", "part_of", "hilar")
_FLAGS = {
    **dict.fromkeys(("yes", "y", "true", "1", "ja", "oui", "si", "x"), True),
    **dict.fromkeys(("no", "n", "false", "0", "nein", "non"), False),
}
_SLOTS = ("organ", "kind", "hilar", "role", "kind_there", "hilar_there")
_AS_TEXT = "\0"
"""Marks an organ that no table knows, until all is read."""
Address = Callable[[int, str], str]
"""The name of a cell, by its row and its field."""


@attrs.define
class Facts:
    """What the rows of a lesion say of it, whatever the day.

    `kind_there` and `hilar_there` are what its place tells.
    """

    row: int
    organ: str | None = None
    kind: Kind | None = None
    hilar: bool | None = None
    role: str | None = None
    kind_there: Kind | None = None
    hilar_there: bool | None = None
    others: dict[str, Any] = attrs.field(factory=dict)

    @property
    def what(self) -> Kind:
        """The kind of lesion: as a cell says, else as its place tells, else a nodule."""
        return self.kind or self.kind_there or Kind.NODULE

    @property
    def is_hilar(self) -> bool:
        """Whether it is a node of the porta hepatis: as a cell says, else as its place tells."""
        if self.hilar is not None:
            return self.hilar
        return self.what is Kind.NODE and bool(self.hilar_there)

    @property
    def is_liver_nodule(self) -> bool:
        return self.organ == LIVER and self.what is Kind.NODULE


class Lesions:
    """The lesions of a file, by patient and lesion, in the order of their first rows."""

    def __init__(self, source: str, notes: Notes) -> None:
        self.source, self.notes = source, notes
        self.facts: dict[tuple[str, str], Facts] = {}

    def add(
        self,
        rows: Mapping[tuple[str, str], Sequence[tuple[int, Mapping[str, Any]]]],
        has_segment: bool,
        address: Address,
    ) -> None:
        """Read what all rows of each lesion say of it. `address` names the cell of a field."""
        for (patient, lesion), said in rows.items():
            key = (patient, lesion)
            facts = self.facts.setdefault(key, Facts(said[0][0]))
            for row, texts in said:
                self._fact(key, facts, row, texts, address)
            if facts.organ is None and has_segment and any(t.get("segment") for _, t in said):
                facts.organ = LIVER

    def _fact(
        self,
        key: tuple[str, str],
        facts: Facts,
        row: int,
        texts: Mapping[str, Any],
        address: Address,
    ) -> None:
        for name, value in texts.items():
            if value is None:
                continue
            try:
                said = self._said(name, value)
            except ValueError as error:
                self.notes.refuse(
                    "NOT_A_WORD", key[0], self.source, row, address(row, name), str(error)
                )
                continue
            for field, read in said.items():
                before = getattr(facts, field, None) if field in _SLOTS else facts.others.get(field)
                if before is None:
                    self._keep(facts, field, read)
                elif before != read:
                    self._contradicted(key, field, row, address(row, name), before, read)
                    break

    def _keep(self, facts: Facts, field: str, read: Any) -> None:
        if field in _SLOTS:
            setattr(facts, field, read)
        else:
            facts.others[field] = read

    def _contradicted(
        self, key: tuple[str, str], field: str, row: int, where: str, before: Any, read: Any
    ) -> None:
        """One lesion, two facts: a place or a role is noted, anything else is a mistake."""
        patient, lesion = key
        code = {"organ": "LOCATION_CHANGES", "role": "ROLE_CHANGES"}.get(field)
        told = f"{field} of {lesion} is {before}, and {read} in {where}".replace(_AS_TEXT, "")
        if code is not None:
            self.notes.note(code, patient, self.source, row, told)
        else:
            self.notes.refuse("CONFLICTING_RESULT", patient, self.source, row, where, told)

    def _said(self, name: str, value: Any) -> dict[str, Any]:
        """What a cell says of a lesion, by field; `ValueError` where it is not one of the words."""
        text = folded(str(value))
        if name == "organ":
            place = organ_named(str(value))
            if place is None:
                return {"organ": f"{_AS_TEXT}{' '.join(str(value).split()).lower()}"}
            organ, kind, hilar = place
            return {"organ": organ, "kind_there": kind, "hilar_there": hilar}
        if name == "role":
            return {"role": _word(text, ROLES, value, "target, non-target or new")}
        if name == "kind":
            return {"kind": _word(text, KINDS, value, ", ".join(map(str, Kind)))}
        if name == "type":
            if text in ROLES:
                return {"role": ROLES[text]}
            words = f"target, non-target or new, or {', '.join(map(str, Kind))}"
            return {"kind": _word(text, KINDS, value, words)}
        if name in _FACTS:
            return {name: read_field(name, value)}
        return {}

    def complete(self) -> None:
        """Give an organ and a kind to every lesion, and note where no cell says the place."""
        for key, facts in self.facts.items():
            self._complete(key, facts)

    def _complete(self, key: tuple[str, str], facts: Facts) -> None:
        patient, lesion = key
        if facts.organ is None or facts.organ.startswith(_AS_TEXT):
            text = (facts.organ or "").removeprefix(_AS_TEXT)
            told = (
                f"{lesion}: {text!r} is taken as it is"
                if text
                else f"{lesion}: no cell says where it lies"
            )
            self.notes.note("NO_LOCATION", patient, self.source, facts.row, told)
            facts.organ = text or UNKNOWN


def _word(text: str, words: Mapping[str, Any], value: Any, known: str) -> Any:
    if text not in words:
        raise ValueError(f"must be {known}, got {shown(value)}")
    return words[text]


def read_field(name: str, value: Any) -> Any:
    """A cell of one of our columns: a word of its list, a flag, a volume, or a name."""
    field = BY_NAME["reported" if name.startswith(REPORTED_BY) else name]
    text = folded(str(value))
    if field.kind == "flag":
        if text not in _FLAGS:
            raise ValueError(f"must be yes or no, got {shown(value)}")
        return _FLAGS[text]
    if field.kind == "volume":
        microlitres(value)
        return value
    if field.words is None:
        return str(value).strip()
    known = {folded(str(word)): str(word) for word in field.words if word not in field.without}
    if name == "status":
        known = {**STATUSES, **known}
    words = ", ".join(str(word) for word in field.words if word not in field.without)
    if field.name != "reported":
        return _word(text, known, value, words)
    stable = STABLE_WORDS.get(name.removeprefix(REPORTED_BY)) if name != "reported" else None
    if stable is not None:
        known[folded(stable)] = str(Response.SD)
    try:
        return _word(text, known, value, words)
    except ValueError as error:
        raise ValueError(f"{error}{stable_cure(text)}") from None
