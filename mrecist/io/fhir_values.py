"""Elements of FHIR resources, whatever stands there: what is of another type says nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

__all__ = [
    "Coding",
    "codes",
    "codings",
    "extension",
    "first_text",
    "has_code",
    "identified",
    "is_inside",
    "items",
    "millimetres",
    "profiles",
    "start_of",
    "stop_of",
    "tail",
    "text",
    "words",
]

Element = Mapping[str, Any]
UNITS = {
    **dict.fromkeys(("mm", "millimeter", "millimeters", "millimetre", "millimetres"), 0),
    **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre", "centimetres"), 1),
}
"""The units of lengths, with the power of ten that makes them mm."""

_WHEN = ("effective", "performed", "occurrence", "occurence")
_TAIL = re.compile(r".*[/#]")


@attrs.frozen
class Coding:
    """One code of a concept."""

    system: str
    code: str
    display: str | None


def text(value: Any) -> str | None:
    """Text without surrounding space; `None` where there is none. Dates and numbers are written."""
    if isinstance(value, datetime.date):
        value = value.isoformat()
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        value = str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def items(value: Any) -> list[Element]:
    """The objects of a list; one object alone is a list of it."""
    each = value if isinstance(value, list) else [value]
    return [one for one in each if isinstance(one, Mapping)]


def codings(concept: Any) -> Iterator[Coding]:
    """The codes of a concept, of a list of concepts, or of a reference to one (R5)."""
    for one in _concepts(concept):
        for coding in items(one.get("coding")):
            code = text(coding.get("code"))
            if code is not None:
                system = text(coding.get("system")) or ""
                yield Coding(system, code, text(coding.get("display")))


def _concepts(concept: Any) -> Iterator[Element]:
    for one in items(concept):
        yield one
        yield from items(one.get("concept"))


def codes(concept: Any) -> set[str]:
    """The codes of a concept, of whatever system."""
    return {each.code for each in codings(concept)}


def has_code(concept: Any, *wanted: str) -> bool:
    """Whether a concept has one of these codes."""
    return not codes(concept).isdisjoint(wanted)


def words(concept: Any) -> Iterator[str]:
    """What a concept is called: its text, then the displays of its codings, coded or not."""
    for one in _concepts(concept):
        said = text(one.get("text"))
        if said is not None:
            yield said
    for one in _concepts(concept):
        for coding in items(one.get("coding")):
            display = text(coding.get("display"))
            if display is not None:
                yield display


def first_text(concept: Any) -> str | None:
    """The first name of a concept."""
    return next(words(concept), None)


def tail(url: str) -> str:
    """The last part of a URL, without its version."""
    return _TAIL.sub("", url.partition("|")[0])


def profiles(resource: Element) -> list[str]:
    """The last parts of the profiles that a resource claims."""
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, Mapping) else None
    each = claimed if isinstance(claimed, list) else [claimed]
    return [tail(url) for url in each if isinstance(url, str)]


def extension(resource: Element, end: str) -> Element | None:
    """The first extension whose URL ends so."""
    for each in items(resource.get("extension")):
        url = text(each.get("url"))
        if url is not None and tail(url).endswith(end):
            return each
    return None


def start_of(resource: Element) -> str | None:
    """When an event was, or began: R4 and R5 have several names for it."""
    return _moment(resource, "start")


def stop_of(resource: Element) -> str | None:
    """When an event ended; one of a single moment ended then."""
    return _moment(resource, "end")


def _moment(resource: Element, end: str) -> str | None:
    for name in _WHEN:
        for kind in ("DateTime", "Instant"):
            moment = text(resource.get(f"{name}{kind}"))
            if moment is not None:
                return moment
        period = resource.get(f"{name}Period")
        if isinstance(period, Mapping):
            return text(period.get(end))
    return None


def identified(resource: Element) -> str | None:
    """The value of the first identifier of a resource."""
    values = (text(each.get("value")) for each in items(resource.get("identifier")))
    return next(filter(None, values), None)


def is_inside(reference: Any) -> bool:
    """Whether a reference names what is contained in its resource, by an id of no other."""
    target = reference.get("reference") if isinstance(reference, Mapping) else None
    return isinstance(target, str) and target.startswith("#")


def millimetres(quantity: Any) -> str:
    """A quantity of mm or cm as decimal text in mm. Raises `ValueError` for any other."""
    if not isinstance(quantity, Mapping):
        raise ValueError("must be a quantity in mm or cm")
    value, unit = quantity.get("value"), text(quantity.get("code")) or text(quantity.get("unit"))
    power = UNITS.get((unit or "").lower())
    if power is None:
        raise ValueError(f"must be in mm or cm, got {unit or 'no unit'}")
    if quantity.get("comparator") is not None:
        raise ValueError(f"must be a size, got one {str(quantity['comparator'])[:5]} {value}")
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ValueError(f"must be a number, got {str(value)[:20]!r}")
    return _decimal(value, power)


def _decimal(value: float | Decimal, power: int) -> str:
    try:
        number = Decimal(str(value)).scaleb(power)
    except (ArithmeticError, ValueError):
        number = Decimal("nan")
    if not number.is_finite() or number < 0 or number > 10_000:
        raise ValueError(f"must be a length, got {str(value)[:20]}")
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
