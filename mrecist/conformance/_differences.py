"""Where an answer is not what a case expects, and in which part of the assessment."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

__all__ = [
    "ABSENT",
    "ANSWER",
    "ERRORS",
    "RIGHT",
    "WRONG",
    "Check",
    "Difference",
    "checks",
    "differences",
    "paths_check",
]

UNORDERED = frozenset({"problems", "causes"})
"""Lists that are sets: their order says nothing."""

CONTAINERS = ("lines", "timepoints")
WHOLE = "the whole document"
ANSWER, ERRORS = "answer", "errors"
RIGHT, WRONG, ABSENT = "right", "wrong", "absent"


@attrs.frozen
class Difference:
    """One place where an answer differs: wrong, or absent, a key that is not there at all."""

    path: str
    told: str
    absent: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.told}" if self.path else self.told


@attrs.frozen
class Check:
    """One part of an assessment, at one place: right, wrong or absent, and what differs."""

    part: str
    outcome: str
    differences: tuple[Difference, ...] = ()


def differences(expected: Any, found: Any) -> list[Difference]:
    """Where `found` does not hold what `expected` asks for; further keys of an object are free.

    Numbers are compared by value, `problems` and `causes` as sets, all else as it is: `null` is not
    the same as a key that is left out, `true` not the same as 1.

    Args:
        expected: The part of an answer that a case states, as plain values.
        found: The answer, as plain values.

    Returns:
        One element per difference, with its path; empty where there is none.

    Example:
        >>> differences({"response": "PR"}, {"response": "SD", "day": 56})[0].path
        'response'
    """
    return list(_differences(expected, found, ""))


def _differences(expected: Any, found: Any, path: str) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            where = f"{path}.{key}" if path else key
            if key in found:
                yield from _differences(value, found[key], where)
            else:
                yield Difference(where, f"absent, expected {_shown(value)}", absent=True)
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _lists(expected, found, path)
    elif _value(expected) != _value(found):
        yield Difference(path, f"expected {_shown(expected)}, got {_shown(found)}")


def _lists(expected: list[Any], found: list[Any], path: str) -> Iterator[Difference]:
    if path.rpartition(".")[2] in UNORDERED:
        expected, found = sorted(expected, key=_shown), sorted(found, key=_shown)
    if len(expected) != len(found):
        told = f"expected {len(expected)} items {_shown(expected)}, got {len(found)}"
        yield Difference(path, f"{told}: {_shown(found)}")
        return
    for i, (one, other) in enumerate(zip(expected, found, strict=True)):
        yield from _differences(one, other, f"{path}[{i}]")


def _value(value: Any) -> Any:
    """A value so that equal ones compare equal, and a truth value equals no number."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return "number", float(value)
    return type(value), value


def _shown(value: Any) -> str:
    text = json.dumps(value, default=_plain, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:80]}... ({len(text)} characters)"


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def checks(expected: dict[str, Any], found: Any, only: Collection[str] = ()) -> list[Check]:
    """Each part that a case expects, at each place, held against an answer; or `only` some parts.

    Where lines or time points do not correspond, that is a check of its own, and nothing in them
    is right.
    """
    every = _checks(expected, found, "", RIGHT)
    return [check for check in every if not only or check.part in {*only, *CONTAINERS}]


def _checks(expected: dict[str, Any], found: Any, path: str, around: str) -> Iterator[Check]:
    answer = found if isinstance(found, dict) else {}
    for key, value in expected.items():
        where = f"{path}.{key}" if path else key
        if key in CONTAINERS:
            yield from _inside(key, value, answer, where, around)
        elif around != RIGHT:
            yield Check(key, around)
        else:
            yield _check(key, differences({key: value}, answer), path)


def _inside(key: str, value: Any, answer: Any, where: str, around: str) -> Iterator[Check]:
    """The parts of lines or time points, each with the one at its place."""
    items = answer.get(key)
    corresponds = isinstance(items, list) and len(items) == len(value)
    if around == RIGHT and not corresponds:
        around = WRONG if key in answer else ABSENT
        told = f"expected {len(value)}, got {_shown(items)}" if around == WRONG else "absent"
        yield Check(key, around, (Difference(where, told, around == ABSENT),))
    for i, item in enumerate(value):
        other = items[i] if corresponds and items is not None else None
        yield from _checks(item, other, f"{where}[{i}]", around)


def _check(part: str, unlike: list[Difference], path: str) -> Check:
    placed = tuple(
        Difference(f"{path}.{each.path}" if path else each.path, each.told, each.absent)
        for each in unlike
    )
    absent = any(each.absent and each.path == part for each in unlike)
    return Check(part, ABSENT if absent else WRONG if unlike else RIGHT, placed)


def paths_check(expected: Iterable[str], errors: Iterable[Any]) -> Check:
    """Mistakes that were not told, and paths told that are none.

    What precedes `: ` is the path; a mistake of the document as a whole has none.
    """
    found = {_path(str(error)) for error in errors}
    wanted = set(expected)
    told = [f"no mistake told at {each or WHOLE}" for each in sorted(wanted - found)]
    told += [f"no mistake is at {each or WHOLE}" for each in sorted(found - wanted)]
    return Check(ERRORS, WRONG if told else RIGHT, tuple(Difference(ERRORS, each) for each in told))


def _path(error: str) -> str:
    path, colon, _ = error.partition(": ")
    return path if colon else ""
