"""Changes that leave a document one, a table one and a command one, more often than bytes do."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

import attrs

from mrecist import model
from mrecist._base import words as codes
from mrecist.cli import parser as cli
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.policies import POLICIES
from mrecist.tables.column_schema import FINDING_COLUMNS, LINE_COLUMNS

__all__ = ["FIELDS", "MUTATORS", "WORDS", "command", "document", "stream", "table"]

Random = random.Random

_RECORDS = (
    model.Patient,
    model.Lesion,
    model.Timepoint,
    model.Finding,
    model.TherapyLine,
    model.Marker,
    model.Event,
)
FIELDS = sorted(
    {field.alias or field.name for kind in _RECORDS for field in attrs.fields(kind)}
    | {"format", "patient"}
)
WORDS = sorted(
    {str(member) for kind in codes.Code.__subclasses__() for member in kind}
    | {"mrecist-case/1", "liver", "lung", "vein", "AFP", "PIVKA-II", "ng/mL", "mAU/mL"}
)
DATES = ("2024-01-01", "2024-02-29", "0001-01-01", "9999-12-31", "2024-02-30", "0000-00-00", "0",
         "1", "-1", "56", "3652058", "-3652058", "3652059", "20240101", "2024-W01-1",
         "٢٠٢٤-01-01", "2024-01-01T00:00")  # fmt: skip
NUMBERS = ("0", "-0", "-0.0", "0.0005", "0.0004999", "9.999", "10", "10.0005", "15", "20", "28",
           "48", "52", "999.9995", "1000", "1000.0005", "1e400", "1e-400", "1E+2", "NaN",
           "Infinity", "9223372036854775807", "9223372036854775808", "1" + "0" * 40, "12.",
           "1_0", "+5", " 7 ", "٣", "1e999999999999999999")  # fmt: skip
TEXTS = ("", " ", "x", "L1", "L2", "P", "é", "\\ud800", "\\u0000", "\\n", "\\u2028", "\\u0085",
         "\\ud83d\\ude00", "+", "a+b", "'", '\\"')  # fmt: skip
_STRUCTURES = ("null", "true", "false", "[]", "{}", "[null]", "[[]]", '{"a":1}', '""')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null')


def document(data: bytes, chance: Random) -> bytes:
    """A document with a value, a key or a record changed."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        change = chance.choice((_value_changed, _value_changed, _value_copied, _part_changed))
        data = change(data, chance)
    return data


def _any_value(chance: Random) -> bytes:
    kind = chance.randrange(8)
    if kind == 0:
        return chance.choice(_STRUCTURES).encode()
    if kind <= 2:
        return chance.choice(NUMBERS).encode()
    pool: Sequence[str] = (TEXTS, DATES, WORDS, FIELDS, NUMBERS)[kind - 3]
    return b'"%s"' % chance.choice(pool).encode()


def _value_changed(data: bytes, chance: Random) -> bytes:
    tokens = [found.span() for found in _TOKEN.finditer(data)]
    if not tokens:
        return data + _any_value(chance)
    begin, end = chance.choice(tokens)
    is_key = data[end : end + 2].lstrip().startswith(b":")
    new = b'"%s"' % chance.choice(FIELDS).encode() if is_key else _any_value(chance)
    return data[:begin] + new + data[end:]


def _value_copied(data: bytes, chance: Random) -> bytes:
    tokens = [found.span() for found in _TOKEN.finditer(data)]
    if not tokens:
        return data
    (begin, end), (first, last) = chance.choice(tokens), chance.choice(tokens)
    return data[:begin] + data[first:last] + data[end:]


def _part_changed(data: bytes, chance: Random) -> bytes:
    """An object or a list left out, given twice, or put in the place of another."""
    parts = _parts(data)
    if not parts:
        return data
    (begin, end), (first, last) = chance.choice(parts), chance.choice(parts)
    part = data[begin:end]
    kind = chance.randrange(4)
    if kind == 0:
        return (data[:begin] + data[end:]).replace(b"[, ", b"[").replace(b", ]", b"]")
    if kind == 1:
        return data[:begin] + part + b", " + part + data[end:]
    if kind == 2:
        key = b'{"%s": %s' % (chance.choice(FIELDS).encode(), _any_value(chance))
        return (
            data[:begin] + key + (b", " if part[1:2] != b"}" else b"") + part[1:] + data[end:]
            if part[:1] == b"{"
            else data
        )
    return data[:first] + part + data[last:]


def _parts(data: bytes) -> list[tuple[int, int]]:
    """Where objects and lists begin and end; brackets in texts are taken for such."""
    stack, found = [], []
    for match in re.finditer(rb"[][{}]", data):
        if match[0] in b"[{":
            stack.append(match.start())
        elif stack:
            found.append((stack.pop(), match.end()))
    return found


def stream(data: bytes, chance: Random) -> bytes:
    """A stream with a line changed, left out, given twice, joined or blank."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    kind = chance.randrange(8)
    if kind <= 3:
        lines[at] = document(lines[at], chance)
    elif kind == 4:
        del lines[at]
    elif kind == 5:
        lines.insert(at, chance.choice([*lines, b"", b" ", b"\r", b"\xef\xbb\xbf", b"{}", b"{"]))
    elif kind == 6:
        lines[at] = lines[at].replace(b", ", b",\n", chance.randrange(3))
    else:
        return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b"", b"\n\n")), 1)
    return b"\n".join(lines)


_CELLS = ("", '"', '""', '"a,b"', '"a\nb"', '"a', "x" * 300, "\ufeff", "NA", "nan", "None", "true",
          "false", "TRUE", "yes", "0", "1", "\r", "=1+1", "\0")  # fmt: skip
_ENDS = (b"\r", b"\r\n", b"\n", b"\n\n", b",\n", b";")


def table(data: bytes, chance: Random) -> bytes:
    """A table with a cell, a row or a column changed."""
    for _ in range(chance.choice((1, 1, 2))):
        rows = [row.split(b",") for row in data.split(b"\n")]
        data = chance.choice((_cell, _cell, _cell, _row, _column, _bytes))(rows, chance)
    return data


def _joined(rows: list[list[bytes]]) -> bytes:
    return b"\n".join(b",".join(row) for row in rows)


def _cell(rows: list[list[bytes]], chance: Random) -> bytes:
    row = chance.choice(rows)
    pools: tuple[Sequence[str], ...] = (
        _CELLS,
        DATES,
        NUMBERS,
        WORDS,
        TEXTS,
        FINDING_COLUMNS,
        LINE_COLUMNS,
    )
    new = chance.choice(chance.choice(pools)).encode("utf-8")
    row[chance.randrange(len(row))] = chance.choice((new, chance.choice(chance.choice(rows))))
    return _joined(rows)


def _row(rows: list[list[bytes]], chance: Random) -> bytes:
    at, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    kind = chance.randrange(4)
    if kind == 0:
        rows.insert(at, list(rows[other]))
    elif kind == 1 and len(rows) > 1:
        del rows[at]
    elif kind == 2:
        rows[at], rows[other] = rows[other], rows[at]
    else:
        rows[at] = rows[at][: chance.randrange(len(rows[at]) + 1)] or [b""]
    return _joined(rows)


def _column(rows: list[list[bytes]], chance: Random) -> bytes:
    """A column left out, given twice or moved, in every row."""
    width = max(map(len, rows))
    at, to, kind = chance.randrange(width), chance.randrange(width), chance.randrange(3)
    for row in rows:
        if at < len(row):
            value = row[at] if kind == 1 else row.pop(at)
            if kind:
                row.insert(to, value)
    return _joined(rows)


def _bytes(rows: list[list[bytes]], chance: Random) -> bytes:
    data = _joined(rows)
    at = chance.randrange(len(data) + 1)
    strange = (b"\xe9", b"\xff\xfe", b"\0", b'"', b"\xef\xbb\xbf", b",", b" ", *_ENDS)
    if chance.random() < 0.2:
        return data.replace(b"\n", chance.choice(_ENDS))
    return data[:at] + chance.choice(strange) + data[at + chance.randrange(2) :]


def options() -> list[str]:
    """Every option of the command line and every word that one may take."""
    found = ["--", "-", "-1", "0", "1", "2", "56", "99999999999", "١", "", "a\nb", "\x1b[31m",
             "{}", "{0}", "%s", "é", "\ud800", "~", "nothing.json", ".", "out", "case.json",
             "case.json.jsonl"]  # fmt: skip
    commands = next(action for action in cli._parser()._actions if action.choices)
    for name, parser in dict(commands.choices or {}).items():
        found.append(name)
        for action in parser._actions:
            found += [*action.option_strings, *map(str, action.choices or ())]
    return [*dict.fromkeys([*found, *TABLES, *POLICIES])]


_OPTIONS = options()
_NAMES = ("case.json", "cases.jsonl", "cases", "-", "findings.csv", "lines.csv")


def arguments(head: bytes, chance: Random) -> bytes:
    """The words of a command with one changed."""
    words = head.split(b"\t")
    at = chance.randrange(len(words) + 1)
    pool: Sequence[str] = chance.choice((_OPTIONS, _NAMES, DATES, WORDS))
    new = chance.choice(pool).encode("utf-8", "surrogatepass").replace(b"\n", b"\r")
    kind = chance.randrange(3)
    if kind == 0 or at == len(words):
        words.insert(at, new)
    elif kind == 1:
        words[at] = new
    else:
        del words[at]
    return b"\t".join(words)


def command(data: bytes, chance: Random) -> bytes:
    """A command with its words or what its files hold changed."""
    head, _, content = data.partition(b"\n")
    if chance.random() < 0.5:
        head = arguments(head, chance)
    else:
        change: Callable[[bytes, Random], bytes] = table if b"csv" in head else stream
        content = change(content, chance)
    return head + b"\n" + content


_TYPES = (
    "string", "large_string", "binary", "int8", "int64", "uint64", "double", "float", "halffloat",
    "bool", "null", "date32", "date64", "timestamp", "zoned", "time", "duration", "decimal", "list",
    "struct", "dictionary",
)  # fmt: skip


def columns(data: bytes, chance: Random) -> bytes:
    """A description of columns with a type, a name or a cell changed."""
    kind = chance.randrange(4)
    pool = _TYPES if kind < 2 else FINDING_COLUMNS if kind == 2 else None
    if pool is None:
        return document(data, chance)
    there = [
        found.span()
        for found in re.finditer(rb'"[a-z_0-9:]*"', data)
        if found[0][1:-1].decode() in pool
    ]
    if not there:
        return document(data, chance)
    begin, end = chance.choice(there)
    return data[:begin] + b'"%s"' % chance.choice(pool).encode() + data[end:]


MUTATORS: dict[str, Callable[[bytes, Random], bytes]] = {
    "documents": document,
    "streams": stream,
    "table_files": table,
    "cohorts": table,
    "command_line": command,
    "parquet": columns,
    "worksheets": table,
}
"""What changes the inputs of each target."""
