"""How several readings of a patient become one: the review, as a value that can be printed.

A review names who reads, which differences between readings call for a decision, and how one is
reached. It is fixed before the data are seen (FDA, Clinical Trial Imaging Endpoint Process
Standards, 2018).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from .._base.converters import shown, whole_from
from .._base.text import several

__all__ = ["ALL_READERS", "DOUBLE_READ", "REVIEWS", "SINGLE_READ", "TRIGGERS", "Review"]

TRIGGERS = {
    "progression": "one reader has a progression in the line, the other none",
    "progression date": "one reader has a progression and the other none, or the dates differ",
    "best response": "the words differ; NE and ND are words",
    "objective response": "one best response is CR or PR, the other neither",
    "response date": "one reader has a CR or PR before progression and the other none, or the "
    "dates differ",
    "time point": "the words differ at some date that both read, up to the progression of each",
    "eligibility": "one reader has a target at baseline, the other none",
    "new lesion": "one reader has a new lesion and the other none, or the dates differ",
}
"""What may call for a decision, and when two readings of a line differ in it."""

_FDA = "FDA, Clinical Trial Imaging Endpoint Process Standards, 2018"
_OURS = "our choice"


def _names(field: str, value: Any) -> tuple[str, ...]:
    each = (value,) if isinstance(value, str) else value
    if not isinstance(each, Iterable):
        raise ValueError(f"{field} must be names of readers, got {shown(value)}")
    names = tuple(each)
    for name in names:
        _name(field, name)
    return tuple(name.strip() for name in names)


def _readers(value: Any) -> tuple[str, ...]:
    return _names("readers", value)


def _local(value: Any) -> tuple[str, ...]:
    return _names("local", value)


def _window(value: Any) -> int:
    return whole_from("window_days", value, 0)


def _name(field: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{field} must be the name of a reader, got {shown(value)}")


def _adjudicator(value: Any) -> str | None:
    if value is None:
        return None
    _name("adjudicator", value)
    return str(value).strip()


def _triggers(value: Any) -> frozenset[str]:
    each = [value] if isinstance(value, str) else list(value)
    for name in each:
        if name not in TRIGGERS:
            raise ValueError(f"triggers must be of {', '.join(TRIGGERS)}; got {shown(name)}")
    return frozenset(each)


def _one_of(*words: str) -> Any:
    def check(review: Any, field: attrs.Attribute[Any], value: Any) -> None:
        if value not in words:
            told = " or ".join(f'"{word}"' for word in words)
            raise ValueError(f"{field.name} must be {told}, got {shown(value)}")

    return check


@attrs.frozen(kw_only=True)
class Review:
    """Who reads, what calls for a decision, and how it is reached.

    `readers` are the primary readers; their order decides which of agreeing readings stands
    (Reading RD-READER-FIRST), and nothing else. `adjudicator` decides between them; left out,
    decisions come as a table. `local` read beside and are never adjudicated. `triggers` are of
    `TRIGGERS`, by the best response that is `confirmed` or not; two dates within `window_days` are
    one. `decides`: a decision is a `"choice"` between the readings, follows from the `"third
    reading"` by the adjudicator, or from the `"majority"` of three or more. `one_reader`: what a
    line comes to that one primary reader read, `"accept"` or `"pending"`. `level` is `"line"`, or
    `"time point"`: a decision may then name a date, from which on its reader is accepted, and such
    a line is a sequence of words of several readers (Reading RD-READER-MIXED). Without `readers`
    nothing is accepted, and every reader counts in agreement.

    Raises `ValueError` for a review that cannot be. Change one with `attrs.evolve`.
    """

    readers: tuple[str, ...] = attrs.field(default=("R1", "R2"), converter=_readers)
    adjudicator: str | None = attrs.field(default=None, converter=_adjudicator)
    local: tuple[str, ...] = attrs.field(default=(), converter=_local)
    triggers: frozenset[str] = attrs.field(
        default=frozenset({"best response", "progression date"}),
        converter=_triggers,
        repr=lambda names: repr(tuple(sorted(names))),
    )
    confirmed: bool = attrs.field(default=False, validator=attrs.validators.instance_of(bool))
    window_days: int = attrs.field(default=0, converter=_window)
    decides: str = attrs.field(
        default="choice", validator=_one_of("choice", "third reading", "majority")
    )
    one_reader: str = attrs.field(default="accept", validator=_one_of("accept", "pending"))
    level: str = attrs.field(default="line", validator=_one_of("line", "time point"))

    def __attrs_post_init__(self) -> None:
        decides = () if self.adjudicator is None else (self.adjudicator,)
        given = [name.casefold() for name in (*self.readers, *decides, *self.local)]
        twice = sorted({name for name in given if given.count(name) > 1})
        if twice:
            raise ValueError(f"a reader has one part in a review, got twice {', '.join(twice)}")
        if self.triggers and len(self.readers) < 2:
            told = "readers must be two or more where triggers compare them"
            raise ValueError(f"{told}, got {several(len(self.readers), 'reader')}")
        if self.decides == "third reading" and self.adjudicator is None:
            raise ValueError("adjudicator must be given where a third reading decides")
        voters = len(self.readers) + len(decides)
        if self.decides == "majority" and voters % 2 == 0:
            told = "a majority needs an odd number of readers, the adjudicator included"
            raise ValueError(f"{told}, got {voters}")

    def __str__(self) -> str:
        triggers = [name for name in TRIGGERS if name in self.triggers]
        rows = (
            ("readers", ", ".join(self.readers) or "all, none of them accepted", _FDA),
            ("adjudicator", self.adjudicator or "none: decisions come as a table", _FDA),
            ("local", ", ".join(self.local) or "none", _OURS),
            ("triggers", ", ".join(triggers) or "none", _FDA),
            ("confirmed", "yes" if self.confirmed else "no", _OURS),
            ("window_days", str(self.window_days), _OURS),
            ("decides", self.decides, _FDA),
            ("one_reader", self.one_reader, _OURS),
            ("level", self.level, _OURS),
        )
        return "\n".join(f"{name}: {value} [{source}]" for name, value, source in rows)


DOUBLE_READ = Review()
"""Two readers, R1 and R2; decisions come as a table."""
SINGLE_READ = Review(readers=("R1",), triggers=())
"""One reader, R1, whose readings are accepted."""
ALL_READERS = Review(readers=(), triggers=())
"""Agreement only: nothing is accepted."""
REVIEWS = {"double": DOUBLE_READ, "single": SINGLE_READ, "all": ALL_READERS}
"""The reviews by name."""
