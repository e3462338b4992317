"""Kinds of notes: what of a chart or a table is probably misread.

A problem says that something is odd by the rules; a note says how a word, a size or a date was
read that may have meant another. No verdict depends on a note.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import attrs

from .._base.converters import shown
from .._base.nearest import nearest
from .drugs import DRUGS, PROCEDURES

__all__ = [
    "FIRST_YEAR",
    "NOTES",
    "SMALL_UM",
    "Note",
    "NoteKind",
    "about_tenfold",
    "agent_meant",
    "is_by_words",
    "is_early",
    "is_future",
    "is_like_hilar",
    "is_like_liver",
    "is_scaled_down",
    "is_small",
    "is_spreadsheet_day",
    "listed",
    "similar",
    "spreadsheet_date",
]


@attrs.frozen
class Note:
    """One note: its code, what was read, and what was probably meant."""

    code: str
    what: str
    meant: str

    def __str__(self) -> str:
        return f"{self.what}; probably meant: {self.meant}"


@attrs.frozen
class NoteKind:
    """A kind of note. `what` and `meant` are filled with what was found.

    `of_tables`: it shows only beside other patients, or in the columns of a table.
    """

    code: str
    what: str
    meant: str
    of_tables: bool = False

    def note(self, **found: object) -> Note:
        """The note on what was found."""
        return Note(self.code, self.what.format(**found), self.meant.format(**found))

    def __str__(self) -> str:
        where = "a table" if self.of_tables else "a chart"
        return f"{self.code}, of {where}\n  {self.what}\n  probably meant: {self.meant}"


NOTES: dict[str, NoteKind] = {
    kind.code: kind
    for kind in (
        NoteKind(
            "SIMILAR_IDS",
            "lesions {ids} differ only by case, space or encoding",
            "one lesion, under one id",
        ),
        NoteKind(
            "NOT_THE_LIVER",
            "lesion {lesion}: organ {organ} is not read as the liver",
            'the organ "liver", and the rest as label',
        ),
        NoteKind(
            "LIVER_BY_WORDS",
            "lesion {lesion}: organ {organ} is read as the liver by its words",
            "the liver",
        ),
        NoteKind(
            "HILAR_NODE",
            "lesion {lesion}: organ {organ} is taken as any other node",
            "a porta hepatis node, hilar: true",
        ),
        NoteKind(
            "SIZE_NOT_USED",
            "lesion {lesion}: {given} is not used at {times} ({size} on {date}){but}, "
            "as {needed} counts and is not recorded",
            "{needed}",
        ),
        NoteKind(
            "TEN_FOLD_JUMP",
            "lesion {lesion}: {given} is {size} on {date} and {later_size} on {later}, "
            "about ten times apart",
            "{meant_size} on {meant_date}, if it was given in centimetres",
        ),
        NoteKind(
            "SPREADSHEET_DAY",
            "{record} {date}{others}: hardly a study day, but the number of a date in spreadsheets",
            "{meant_date}",
        ),
        NoteKind(
            "ODD_YEAR",
            "{record} {date}{others}: before {first_year}",
            "a later year",
        ),
        NoteKind(
            "FUTURE_DATE",
            "{record} {date}{others}: in the future",
            "an earlier date",
        ),
        NoteKind(
            "UNKNOWN_AGENT",
            "line of {start}: agent {agent} is no known drug or procedure",
            "{meant_agent}",
        ),
        NoteKind(
            "REPORTED_ON_BASELINE",
            "time point {date}: the reported {response} is not used, "
            "as the time point is the baseline of line {line}",
            "a verdict on a later time point",
        ),
        NoteKind(
            "SIMILAR_PATIENTS",
            "patients {ids} differ only by case, space, encoding or leading zeros",
            "one patient, under one id",
            of_tables=True,
        ),
        NoteKind(
            "LOOKS_LIKE_CM",
            "the largest size is {size}, where it is {usual} in the median of the patients",
            "{meant_size}, if it was given in centimetres",
            of_tables=True,
        ),
        NoteKind(
            "ALL_LIKE_CM",
            "no patient has a size of {small} or more, the largest is {size}",
            "{meant_size}, if it was given in centimetres",
            of_tables=True,
        ),
        NoteKind(
            "LIKE_A_COLUMN",
            "column {column} of the {table} is not read",
            "the column {meant_column}",
            of_tables=True,
        ),
        NoteKind(
            "UNREAD_COLUMN",
            "column {column} of the {table} is not read",
            "{meant_column}",
            of_tables=True,
        ),
    )
}  # fmt: skip
"""Every kind of note by its code, in the order in which they are told."""

SMALL_UM = 10_000
"""The smallest target of the criteria: patients have some size of that or more."""

_NEAR_TEN = (8, 12)
_SCALED = 5  # sizes of patients differ: half of ten
_SPREADSHEET = (40_000, 60_000)  # the years 2009 to 2064
_DAY_0 = datetime.date(1899, 12, 30).toordinal()
FIRST_YEAR = 1990
_FIRST_DAY = datetime.date(FIRST_YEAR, 1, 1).toordinal()


_PLAIN = frozenset({"liver", "left", "right", "both", "bilateral"})
_LIKE_LIVER = re.compile(r"\b(liver|hepatic|hepar)\b")
_LIKE_HILAR = re.compile(r"porta hepatis|hepatic hil|hepatoduodenal|periportal")


def is_by_words(organ: str) -> bool:
    """Whether an organ that is read as the liver says so in other words than `liver` and a side."""
    return not _PLAIN.issuperset(organ.lower().split())


def is_like_liver(organ: str) -> bool:
    """Whether an organ mentions the liver."""
    return _LIKE_LIVER.search(organ.lower()) is not None


def is_like_hilar(organ: str) -> bool:
    """Whether an organ mentions the porta hepatis."""
    return _LIKE_HILAR.search(organ.lower()) is not None


def about_tenfold(one: Any, other: Any) -> Any:
    """Whether two sizes above 0 differ by a factor near ten, for numbers or arrays of them."""
    low, high = _NEAR_TEN
    rose = (one * low <= other) & (other <= one * high)
    return rose | ((other * low <= one) & (one <= other * high))


def is_small(um: Any) -> Any:
    """Whether a size is below the smallest target."""
    return um < SMALL_UM


def is_scaled_down(um: Any, usual_um: Any) -> Any:
    """Whether the largest size of a patient is small, and by far below that of the others."""
    return (um < SMALL_UM) & (um * _SCALED <= usual_um)


def is_spreadsheet_day(day: Any) -> Any:
    """Whether a study day looks like the number by which spreadsheets keep a date."""
    return (day >= _SPREADSHEET[0]) & (day <= _SPREADSHEET[1])


def spreadsheet_date(day: int) -> datetime.date:
    """The date of which a spreadsheet keeps this number."""
    return datetime.date.fromordinal(_DAY_0 + day)


def is_early(day: Any) -> Any:
    """Whether a calendar date, as a whole day, lies before the first likely year."""
    return day < _FIRST_DAY


def is_future(day: Any, today: int) -> Any:
    """Whether a calendar date, as a whole day, lies after today."""
    return day > today


def similar(texts: Iterable[str], *, of_numbers: bool = False) -> list[list[int]]:
    """The places of different texts that look alike, group by group.

    They are the same but for case, space, characters that nobody sees, and how letters are encoded
    (full-width ones, accents apart). `of_numbers`: also but for zeros before a number that is the
    whole text.
    """
    folded = [_looks(text) for text in texts]
    if of_numbers:
        folded = [text.lstrip("0") if text.isdecimal() else text for text in folded]
    if len(set(folded)) == len(folded):
        return []
    places: dict[str, list[int]] = {}
    for place, text in enumerate(folded):
        places.setdefault(text, []).append(place)
    return [group for group in places.values() if len(group) > 1]


def _looks(text: str) -> str:
    """Text as it looks, whatever its case."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "").lower()
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join("".join(each for each in plain if not _is_unseen(each)).split()).casefold()


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf") or letter in _FILLERS


_FILLERS = frozenset(map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0xFE00, 0xFE10))))
"""Characters without a look, though they count as letters or marks."""


def listed(texts: Iterable[str]) -> str:
    """Texts in quotes, for a sentence."""
    *others, last = map(shown, texts)
    return f"{', '.join(others)} and {last}"


_NAMES = {
    **{name.lower(): each.inn for each in DRUGS for name in (each.inn, *each.brands)},
    **{name.lower(): kind for kind, names in PROCEDURES.items() for name in names},
}


def agent_meant(agent: str) -> str:
    """The known drug or procedure of the closest name; where none is close, it is as written."""
    near = nearest(agent.strip().lower(), _NAMES, 0.75)
    return "an agent of its own, as written" if near is None else _NAMES[near]
