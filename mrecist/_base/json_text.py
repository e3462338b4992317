"""JSON text into plain values, exact and suspicious, and back."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .converters import Nonsense
from .errors import DocumentError

__all__ = ["Repeated", "dumps", "is_blank", "parse"]

LONGEST_DOCUMENT = 32 * 2**20
"""The largest single document that is read, in bytes: far above any chart, far below memory."""


class Repeated(dict[str, Any]):
    """A JSON object that remembers which keys it was given twice."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = Repeated(plain)
    counts = Counter(key for key, _ in pairs)
    marked.twice = tuple(sorted(key for key, count in counts.items() if count > 1))
    return marked


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < 20 else Decimal(digits)


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Decimal, parse_int=_integer, parse_constant=Nonsense
)


_MORE = "Extra data"
_BLANKS = " \t\n\r"
_MARK = "\ufeff"


def _decoded(text: str) -> Any:
    """The one value of a text; what follows it is refused in words of ours, not of the parser.

    A byte-order mark before it is nothing, as where a file was put behind others.
    """
    value, end = _decoder.raw_decode(text, len(text) - len(text.lstrip(_BLANKS + _MARK)))
    rest = text[end:].lstrip(_BLANKS)
    if rest:
        raise json.JSONDecodeError(_MORE, text, len(text) - len(rest))
    return value


def is_blank(line: bytes) -> bool:
    """Whether a line of a stream holds nothing: white space, or a byte-order mark."""
    return not line.replace(codecs.BOM_UTF8, b"").strip()


def parse(text: str | bytes) -> Any:
    """JSON text as plain values: numbers exact, repeated keys and NaN kept for the reader to see.

    Raises `DocumentError` naming line and column.
    """
    if len(text) > LONGEST_DOCUMENT:
        raise DocumentError(f"longer than {LONGEST_DOCUMENT} bytes, which no case document is")
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        return _decoded(decoded)
    except UnicodeDecodeError as error:
        utf_16 = isinstance(text, bytes) and text.startswith((b"\xff\xfe", b"\xfe\xff"))
        told = "UTF-16; save it as UTF-8" if utf_16 else f"not UTF-8, at byte {error.start}"
        raise DocumentError(told) from None
    except json.JSONDecodeError as error:
        if not decoded.strip(_BLANKS + _MARK):
            raise DocumentError("not JSON: nothing in it") from None
        told = f"not JSON: {error.msg.removesuffix(' at')}"
        place = f"line {error.lineno}, column {error.colno}"
        cure = "; one case a line? end its name in .jsonl" if error.msg == _MORE else ""
        raise DocumentError(f"{told} at {place}{cure}") from None
    except RecursionError:
        raise DocumentError("not a case document: nested too deeply") from None
    except (ArithmeticError, ValueError):
        raise DocumentError("not JSON: a number that is out of all bounds") from None


def dumps(document: Mapping[str, Any], *, indent: int | None = None) -> str:
    """A document as JSON text, in ASCII: it is the same in every encoding."""
    return json.dumps(document, allow_nan=False, indent=indent)
