"""The doors through which values enter: millimetres, dates, texts, flags, words.

Each takes what a script or a document may hold and gives what the library keeps, or raises a
`ValueError` whose text completes a sentence that begins with the name of the field.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import attrs

from .errors import CriteriaError
from .later import Later
from .nearest import did_you_mean, folded
from .words import Code

if TYPE_CHECKING:
    import numpy as np
else:
    np = Later("numpy")

__all__ = [
    "LONGEST_NUMBER",
    "Date",
    "Dated",
    "Exact",
    "Micrometres",
    "Millimetres",
    "Nonsense",
    "RefusedError",
    "Whole",
    "argument",
    "date",
    "day_number",
    "days_from_0",
    "exact",
    "flag",
    "is_sound",
    "key",
    "look_up",
    "micrometres",
    "mistakes",
    "name",
    "named",
    "names",
    "quantity",
    "several",
    "shown",
    "spelt",
    "text",
    "thousandths",
    "whole",
    "whole_from",
    "word",
]

C = TypeVar("C", bound=Code)
T = TypeVar("T")

Date = datetime.date | int
"""A calendar date, or a whole study day."""

Whole: TypeAlias = "int | np.integer[Any]"
"""What a field for a whole number takes: never a flag, never a float."""

Dated: TypeAlias = "str | Date | np.integer[Any]"
"""What a field for a date takes."""

Millimetres: TypeAlias = "str | float | Decimal | Fraction | np.integer[Any] | np.floating[Any]"
"""What a field for a length takes."""

Exact: TypeAlias = "Fraction | Decimal | str | Whole"
"""What a field for an exact number takes: never a flag, never a float."""

LONGEST_NUMBER = 10_000
"""More characters than a number has that somebody wrote."""

_LONGEST_MM = 1000
_LONGEST_KEY = 60
_CALENDAR_DAYS = 3_652_058  # from the first to the last date there is (Reading RD-STUDY-DAYS)
_THOUSANDTH = Decimal("0.001")
_ROUNDING = Context(prec=40, rounding=ROUND_HALF_EVEN)
_DECIMAL_TEXT = re.compile(r"\s*+(?:[0-9]++\.?[0-9]*+|\.[0-9]++)\s*+")
_HALF = re.compile("[\ud800-\udfff]")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Micrometres(int):
    """A length in whole micrometres. `mm` gives it back in millimetres."""

    __slots__ = ()

    @property
    def mm(self) -> float:
        """The length in millimetres, for display: the float nearest to the exact decimal."""
        return self / 1000

    def __repr__(self) -> str:
        return f"Micrometres({int(self)})"


def shown(value: object) -> str:
    """A value as an error message quotes it: short, on one line."""
    try:
        told = str(value) if isinstance(value, (Decimal, Nonsense)) else repr(value)
    except RecursionError:
        told = f"a deeply nested {type(value).__name__}"
    return told if len(told) <= 60 else f"{told[:40]}... ({len(told)} characters)"


class Nonsense:
    """A value that a document spelt but that no field accepts, such as NaN."""

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling

    def __str__(self) -> str:
        return self.spelling


def micrometres(value: Any) -> Micrometres:
    """A length given in millimetres, rounded once, half to even, to a whole micrometre.

    Takes int, float, `Decimal`, `Fraction`, or decimal text such as `"41.5"`: digits with at most
    one point. From 0 to 1000 mm.
    """
    if type(value) is Micrometres and 0 <= value <= 1000 * _LONGEST_MM:
        return value
    if type(value) is int and 0 <= value <= _LONGEST_MM:
        return Micrometres(value * 1000)
    if type(value) is Decimal and not value.is_nan():
        return _of_decimal(value)
    if isinstance(value, Micrometres):
        value = Fraction(value, 1000)
    value = quantity(value, "mm", _LONGEST_MM)
    if isinstance(value, Decimal):
        return Micrometres(thousandths(value))
    if isinstance(value, Integral):
        return Micrometres(int(value) * 1000)
    if isinstance(value, Fraction):
        return Micrometres(round(value * 1000))
    return _of_float(value)


def quantity(value: Any, unit: str, largest: int) -> Any:
    """A number from 0 to `largest`, as it was given; of decimal text the `Decimal`."""
    if isinstance(value, str):
        if len(value) > LONGEST_NUMBER or not _DECIMAL_TEXT.fullmatch(value):
            raise ValueError(_NO_NUMBER.format(unit, shown(value)))
        value = Decimal(value.strip())
    elif type(value) is not int and not isinstance(value, Decimal) and not _is_real(value):
        raise ValueError(_NO_NUMBER.format(unit, shown(value)))
    if value.is_nan() if isinstance(value, Decimal) else value != value:
        raise ValueError(f"must be a number, got {shown(value)}")
    if value < 0:
        raise ValueError(f"must be at least 0, got {shown(value)}")
    if value > largest:
        raise ValueError(f"must be at most {largest} {unit}, got {shown(value)}")
    return value


_NO_NUMBER = 'must be {} as a number or as text like "41.5", got {}'


@lru_cache(maxsize=1 << 12)
def _of_decimal(value: Decimal) -> Micrometres:
    """A length as a decimal number; the same ones come again and again in documents."""
    if value < 0:
        raise ValueError(f"must be at least 0, got {shown(value)}")
    if value > _LONGEST_MM:
        raise ValueError(f"must be at most {_LONGEST_MM} mm, got {shown(value)}")
    return Micrometres(thousandths(value))


def thousandths(value: Decimal) -> int:
    """A small decimal number in whole thousandths, rounded half to even."""
    return int(value.quantize(_THOUSANDTH, context=_ROUNDING).scaleb(3, context=_ROUNDING))


def _of_float(value: Any) -> Micrometres:
    """A float as the shortest decimal that it is the nearest float to, if that may matter."""
    exact = float(value) * 1000
    if abs(exact - round(exact)) > 0.5 - half_within(type(value)):
        told = str(value) if type(value).__name__ in _HALF_WITHIN else repr(float(value))
        return micrometres(Decimal(told))
    return Micrometres(round(exact))


def half_within(kind: type) -> float:
    """How near to half a micrometre a length as a float of that type may be its decimal text.

    The rounding of a float of 16 bits is coarser than any micrometre.
    """
    return _HALF_WITHIN.get(kind.__name__, 1e-6)


_HALF_WITHIN = {"float16": 1.0, "float32": 0.05}


def whole(value: Any, least: int, *, must_be: str = "") -> int:
    """A whole number, `least` or more: an int, or one of NumPy's integers.

    Flags, floats and text are refused. `must_be` replaces the words of the error.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        told = must_be or f"a whole number, at least {least}"
        raise ValueError(f"must be {told}, got {shown(value)}")
    return int(value)


def exact(value: Any, *, like: str = "3/10") -> Fraction:
    """A share or another exact number: `Fraction`, whole number, `Decimal`, `"3/10"` or `"0.3"`.

    Flags and floats are refused: 0.3 as a float is not 3/10. `like` is the example in the error.
    """
    if isinstance(value, bool) or not isinstance(value, (Integral, str, Fraction, Decimal)):
        raise ValueError(f'must be exact, a Fraction or text like "{like}", got {shown(value)}')
    try:
        return Fraction(int(value) if isinstance(value, Integral) else value)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f'must be a fraction like "{like}", got {shown(value)}') from None


def argument(name: str, converter: Callable[[Any], T], value: Any) -> T:
    """The argument of a function through a converter, whose refusal then begins with its name."""
    try:
        return converter(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def days_from_0(name: str, value: Any) -> int:
    """The argument of a function that is a number of whole days."""
    return argument(name, lambda days: whole(days, 0, must_be="whole days from 0"), value)


def whole_from(name: str, value: Any, least: int) -> int:
    """The argument of a function that is a whole number, `least` or more."""
    told = f"a whole number from {least}"
    return argument(name, lambda number: whole(number, least, must_be=told), value)


def _is_real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def date(value: Any) -> Date:
    """A calendar date (ISO text or `datetime.date`) or a whole study day."""
    if isinstance(value, str):
        return _calendar_date(value)
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            raise ValueError(f"must be a date without a time of day, got {shown(value)}")
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, bool) or not (isinstance(value, Integral) or _is_whole(value)):
        raise ValueError(f'must be a date like "2024-01-31" or a study day, got {shown(value)}')
    if not -_CALENDAR_DAYS <= value <= _CALENDAR_DAYS:
        span = f"{-_CALENDAR_DAYS} to {_CALENDAR_DAYS}"
        raise ValueError(f"must be a study day from {span}, got {shown(value)}")
    return int(value)


def _is_whole(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and value == value.to_integral_value()
    return isinstance(value, float) and value.is_integer()


def _calendar_date(text: str) -> datetime.date:
    if not _ISO_DATE.fullmatch(text):
        raise ValueError(f'must be a date like "2024-01-31" or a study day, got {shown(text)}')
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"must be a date of the calendar, got {shown(text)}") from None


def day_number(value: Date) -> int:
    """A date as a whole day, for differences and order."""
    return value if isinstance(value, int) else value.toordinal()


def text(value: Any) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, got {shown(value)}")
    return value


def is_sound(text: str) -> bool:
    """Whether text can be written: half of a character, or a byte that is no UTF-8, cannot."""
    return text.isascii() or not _HALF.search(text)


def name(value: Any) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"must be text, not empty, got {shown(value)}")
    return value


def flag(value: Any) -> bool:
    """A plain true or false."""
    if value is True or value is False:
        return bool(value)
    numpy = sys.modules.get("numpy")  # whoever gives one has imported it
    if numpy is not None and isinstance(value, numpy.bool_):
        return bool(value)
    raise ValueError(f"must be true or false, got {shown(value)}")


def word(kind: type[C], *, without: Iterable[C] = ()) -> Callable[[Any], C]:
    """The door for the words of one code, or for all but some of them."""
    members: dict[str, C] = {str(member): member for member in kind if member not in without}

    def door(value: Any) -> C:
        if type(value) is kind and value in members:
            return value
        if isinstance(value, str) and value in members:
            return members[value]
        words = ", ".join(f'"{known}"' for known in members)
        raise ValueError(f"must be one of {words}, got {shown(value)}")

    return door


def spelt(value: Any, choices: Iterable[str]) -> Any:
    """The choice of that name, case ignored, `_` and `-` as one; any other value as it is."""
    known = {folded(choice): choice for choice in choices}
    return known.get(folded(value), value) if isinstance(value, str) else value


def look_up(
    kind: str,
    value: Any,
    choices: Mapping[str, T],
    or_a: str,
    error: type[Exception] = CriteriaError,
) -> T:
    """The choice of that name, case ignored, `_` and `-` as one.

    Any other name is refused with all the names that there are, and the nearest one. `kind` is what
    the name is of, `or_a` what may be given instead of a name.
    """
    named = spelt(value, choices)
    if isinstance(named, str) and named in choices:
        return choices[named]
    known = ", ".join(f'"{choice}"' for choice in choices)
    near = did_you_mean(value, choices)
    raise error(f"{kind} must be one of {known} or {or_a}, got {shown(value)}{near}")


def named(refused: Callable[[Any, str, ValueError], Exception]) -> Any:
    """A field transformer for `attrs`: what a door refuses names the record and the field.

    `refused` makes the error of a record that may be half built. The plain door stays in the
    field's metadata, for readers that gather every mistake.
    """

    def transform(field: attrs.Attribute[Any]) -> attrs.Attribute[Any]:
        door: Any = field.converter
        if door is None:
            return field

        def convert(value: Any, record: Any, field: attrs.Attribute[Any]) -> Any:
            # A value left out is by far the commonest: it takes no further call.
            if value is None and field.default is None:
                return None
            try:
                return door(value)
            except ValueError as error:
                raise refused(record, field.alias or field.name, error) from None

        converter = attrs.Converter(convert, takes_self=True, takes_field=True)
        return field.evolve(converter=converter, metadata={"door": door})

    return lambda cls, fields: [transform(field) for field in fields]


def several(kind: type[T]) -> Callable[[Any], tuple[T, ...]]:
    """The door for a list of records of one kind."""

    def door(value: Any) -> tuple[T, ...]:
        items = _items(value)
        if not all(isinstance(item, kind) for item in items):
            raise RefusedError(
                (f"[{i}]", f"must be of type {kind.__name__}, got {shown(item)}")
                for i, item in enumerate(items)
                if not isinstance(item, kind)
            )
        return items

    return door


def names(value: Any, *, unique: bool = True) -> tuple[str, ...]:
    """A list of names, by default none of them twice."""
    items = _items(value)
    wrong = []
    before: set[str] = set()
    for i, item in enumerate(items):
        if not isinstance(item, str) or not item:
            wrong.append((f"[{i}]", f"must be text, not empty, got {shown(item)}"))
        elif unique and item in before:
            wrong.append((f"[{i}]", f"must not be named twice, got {shown(item)}"))
        else:
            before.add(item)
    if wrong:
        raise RefusedError(wrong)
    return items


class RefusedError(ValueError):
    """What a list door refuses: each item's place in the list, and why."""

    def __init__(self, mistakes: Iterable[tuple[str, str]]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(f"{place} {message}" for place, message in self.mistakes))


def mistakes(path: str, error: ValueError) -> list[tuple[str, str]]:
    """What a door said, as paths and messages."""
    if isinstance(error, RefusedError):
        return [(path + place, message) for place, message in error.mistakes]
    return [(path, str(error))]


def key(name: Any) -> str:
    """The key of an object as a path goes on with it."""
    plain = isinstance(name, str) and name.isidentifier() and len(name) <= _LONGEST_KEY
    return f".{name}" if plain else f"[{shown(name)}]"


def _items(value: Any) -> tuple[Any, ...]:
    if isinstance(value, (str, bytes, Mapping, AbstractSet)) or not isinstance(value, Iterable):
        raise ValueError(f"must be a list, got {shown(value)}")
    return tuple(value)
