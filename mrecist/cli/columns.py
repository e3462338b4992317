"""`mrecist columns`: every column of the tables, in and out, and every word they may hold."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from .._base.nearest import did_you_mean
from .._base.text import WIDTH, wrapped
from .._base.words import Code
from ..endpoints.definitions import TIMES
from ..tables.column_meanings import INPUT_TABLES, INPUTS, MEANINGS, NO_VALUE
from ..tables.column_schema import Field
from ..tables.output_columns import NEVER_EMPTY, Output
from ..tables.output_tables import OUTPUTS
from ..tables.word_meanings import WORD_MEANINGS
from .messages import FINE, say
from .options import takes_choice
from .screen import show

__all__ = ["COMMANDS", "FORMATS", "TABLES", "Column", "Table", "page"]

FORMATS = ("text", "markdown", "json")


@attrs.frozen
class Column:
    """One column as it is shown.

    `blank` says what an empty cell means, of a column that goes out when a cell is empty. `default`
    is the word or flag that an empty cell stands for. `required` is `None` of one that goes out.
    `vocabulary` is the list whose words `words` are.
    """

    name: str
    values: str
    unit: str | None
    blank: str
    meaning: str
    words: tuple[str, ...] = ()
    default: str | None = None
    required: bool | None = None
    vocabulary: type[Code] | None = None


@attrs.frozen
class Table:
    """One table as it is shown; `source` says what a table that goes out comes from."""

    name: str
    direction: str
    row: str
    columns: tuple[Column, ...]
    source: str | None = None


_VALUES = {
    "id": "text or whole number",
    "text": "text",
    "date": "date (2024-03-06), or whole study day; one kind in all of a patient",
    "flag": "true or false, also yes or no, 1 or 0",
    "length": "number, 0 to 1000, kept to the micrometre",
    "volume": "number, 0 to 10000, kept to the microlitre",
    "lesions": "ids of lesions, joined by `;`",
    "agents": "names, joined by `+`",
    "amount": "number, or text like `<3`",
    "number": "whole number",
    "days": "whole number",
    "mm": "number",
    "percent": "number",
    "share": "number, 0 to 1",
    "codes": "texts, joined by `;`",
}
_OUT = {"flag": "true or false", "number": "number", "date": "date, as dates came in"}
_UNITS = {"length": "mm", "volume": "ml", "mm": "mm", "days": "days", "percent": "per cent"}


def _input(field: Field) -> Column:
    meaning, blank = MEANINGS[field.table, field.name]
    default = None if field.default is None else _spelt(field.default)
    words = tuple(str(word) for word in field.words or () if word not in field.without)
    return Column(
        field.name,
        "one of the words" if words else _VALUES[field.kind],
        _UNITS.get(field.kind),
        blank or default or NO_VALUE,
        meaning,
        words,
        default,
        field.required,
        field.words,
    )


def _spelt(default: Any) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def _output(column: Output) -> Column:
    words = tuple(map(str, column.words or ()))
    kinds = {"word": "one of the words", "words": "some of the words, joined by `;`"}
    values = kinds.get(column.kind) or _OUT.get(column.kind) or _VALUES[column.kind]
    vocabulary = column.words if isinstance(column.words, type) else None
    return Column(
        column.name,
        values,
        _UNITS.get(column.kind),
        column.empty,
        column.meaning,
        words,
        vocabulary=vocabulary,
    )


TABLES = (
    *(
        Table(name, "in", row, tuple(_input(each) for each in INPUTS if each.table == name))
        for name, row in INPUT_TABLES.items()
    ),
    *(
        Table(name, "out", each.row, tuple(map(_output, each.columns)), each.source)
        for name, each in OUTPUTS.items()
    ),
)
"""Every table, those that come in first."""


# ---- the command

_ABOUT = """\
Print every column of the tables that come in and go out: what it holds, its unit, and what an empty
cell means; and every word with its meaning. NAME is a table or a column.
"""


def _takes_columns(command: argparse.ArgumentParser) -> None:
    command.description = _ABOUT
    command.add_argument(
        "name", nargs="?", metavar="NAME", help="A table or a column. Default: all tables."
    )
    direction = command.add_mutually_exclusive_group()
    direction.add_argument(
        "--in",
        dest="direction",
        action="store_const",
        const="in",
        help="Print only tables that come in. Default: both kinds.",
    )
    direction.add_argument(
        "--out",
        dest="direction",
        action="store_const",
        const="out",
        help="Print only tables that go out. Default: both kinds.",
    )
    takes_choice(
        command,
        "--format",
        FORMATS,
        "The form in which to print them: {known}. Default: text.",
        default="text",
        metavar="FORM",
    )
    command.set_defaults(run=_columns, file="columns")


COMMANDS = {"columns": _takes_columns}
"""What adds the arguments of each command."""


def _columns(options: argparse.Namespace) -> int:
    tables = _chosen(options.name, options.direction)
    if not tables:
        known = ", ".join(dict.fromkeys(table.name for table in TABLES))
        there = [table for table in TABLES if options.direction in (None, table.direction)]
        names = [table.name for table in there]
        names += [column.name for table in there for column in table.columns]
        near = did_you_mean(options.name, names, 0.75)
        told = f"no table or column {options.name!r}"
        return say(told + (near or f"; the tables are {known}"))
    text = page(tables, options.format)
    if options.format == "text":
        show(text, end="")
    else:
        print(text, end="")
    return FINE


def _chosen(name: str | None, direction: str | None) -> list[Table]:
    """The tables of a direction, of that name, or cut down to the column of that name."""
    tables = [table for table in TABLES if direction in (None, table.direction)]
    if name is None:
        return tables
    named = [table for table in tables if table.name == name]
    return named or [
        attrs.evolve(table, columns=found)
        for table in tables
        if (found := tuple(each for each in table.columns if each.name == name))
    ]


def page(tables: Sequence[Table] = TABLES, form: str = "text") -> str:
    """Tables and the words that they use, in one of `FORMATS`."""
    if form == "json":
        return json.dumps(_document(tables), indent=2, ensure_ascii=False) + "\n"
    return "\n".join(_markdown(tables) if form == "markdown" else _text(tables)) + "\n"


def _lists(tables: Sequence[Table]) -> list[type[Code]]:
    """The lists of words that columns of some tables use."""
    used = {column.vocabulary for table in tables for column in table.columns}
    return [words for words in WORD_MEANINGS if words in used]


# ---- as text


def _text(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        source = f" ({table.source})" if table.source else ""
        yield from wrapped(f"{table.name}, {table.direction}: {table.row}{source}", "  ")
        for column in table.columns:
            yield f"  {column.name}"
            for line in (column.meaning, _told(column)):
                yield from (f"      {part}" for part in wrapped(line, "", WIDTH - 6))
        yield ""
    for words in _lists(tables):
        yield f"{_title(words)}:"
        for word, meaning in WORD_MEANINGS[words].items():
            yield from (f"  {part}" for part in wrapped(f"{word}: {meaning}", "    ", WIDTH - 2))
        yield ""
    if any(_is_time(column) for table in tables for column in table.columns):
        told = "; ".join(f"{name}: {title}" for name, title in TIMES.items())
        yield from wrapped(f"TIME is each of {told}", "  ")


def _told(column: Column) -> str:
    parts = ["required"] * bool(column.required)
    parts.append(", ".join(column.words) if column.words else column.values)
    parts += [column.unit] if column.unit else []
    never = column.required is None and column.blank == NEVER_EMPTY
    return "; ".join([*parts, "never empty" if never else f"empty: {column.blank}"])


def _is_time(column: Column) -> bool:
    return column.name.startswith("TIME_")


def _title(words: type[Code]) -> str:
    """A list of words by what it is of: `What a lesion is`."""
    return (words.__doc__ or "").split("\n")[0].partition(":")[0].rstrip(".")


# ---- as a page


_INTRODUCTION = """\
# Columns and words

Every column of the tables that come in and go out, and every word. `mrecist columns` prints the
same in a terminal; this page is made by `mrecist columns --format markdown`.

Words are read whatever their case, with `_` for a space. Surrounding space is dropped. Rows come in
any order. The rows that say something of a lesion or of an examination must agree.

Columns of other names are not read. Those that `keep=` names (`mrecist cohort --keep`) stand in
every table that goes out, behind the columns that name the row.
"""


def _markdown(tables: Sequence[Table]) -> Iterator[str]:
    yield _INTRODUCTION
    for direction, title in (("in", "Tables that come in"), ("out", "Tables that go out")):
        some = [table for table in tables if table.direction == direction]
        if some:
            yield f"## {title}\n"
        for table in some:
            yield from _markdown_table(table)
    lists = _lists(tables)
    if lists:
        yield "## Words\n"
    for words in lists:
        yield f"### {_title(words)}\n"
        rows = [(str(word), meaning) for word, meaning in WORD_MEANINGS[words].items()]
        yield from _grid(("word", "meaning"), rows)
    if any(_is_time(column) for table in tables for column in table.columns):
        yield "### Times to events (TIME)\n"
        yield from _grid(("time", "meaning"), list(TIMES.items()))


def _markdown_table(table: Table) -> Iterator[str]:
    yield f"### {table.name}\n"
    row = f"{table.row[0].upper()}{table.row[1:]}."
    yield f"{row} From: {table.source}.\n" if table.source else f"{row}\n"
    rows = [
        (
            f"`{column.name}`{' (required)' if column.required else ''}",
            column.meaning,
            ", ".join(f"`{word}`" for word in column.words) or column.values,
            column.unit or "",
            column.blank,
        )
        for column in table.columns
    ]
    yield from _grid(("column", "meaning", "values", "unit", "an empty cell"), rows)


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


# ---- as a document


def _document(tables: Sequence[Table]) -> dict[str, Any]:
    """Tables, words and times as plain values; columns of times are written out."""
    return {
        "format": "mrecist-columns/1",
        "tables": [
            {
                "name": table.name,
                "direction": table.direction,
                "row": table.row,
                "source": table.source,
                "columns": [_plain(each) for column in table.columns for each in _timed(column)],
            }
            for table in tables
        ],
        "words": {
            words.__name__: {str(word): meaning for word, meaning in WORD_MEANINGS[words].items()}
            for words in _lists(tables)
        },
    }


def _plain(column: Column) -> dict[str, Any]:
    name = None if column.vocabulary is None else column.vocabulary.__name__
    return attrs.asdict(column) | {"words": list(column.words), "vocabulary": name}


def _timed(column: Column) -> Iterator[Column]:
    """A column, or that of each time to an event."""
    if not _is_time(column):
        yield column
        return
    for name, title in TIMES.items():
        yield attrs.evolve(
            column, name=column.name.replace("TIME", name), meaning=f"{title}: {column.meaning}"
        )
