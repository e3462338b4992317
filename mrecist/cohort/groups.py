"""Groups of lines, by number, by agents or by a column that was kept; one line per patient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .._base.arrays import Array, distinct
from .._base.converters import shown, whole_from
from .._base.errors import check_type
from ..rulebook.drugs import named
from ..tables.by_reading import coded
from ..tables.clean import Lines
from ..tables.column import Coded, Column, Plain
from ..tables.intake import Read
from .panel import Panel

__all__ = ["Groups", "line_groups", "of_line", "refuse_several"]


class Groups(NamedTuple):
    """Lines by group: the columns that name the groups, the group of each line, and their number.

    The group is -1 of a line that is left out.
    """

    columns: dict[str, Any]
    group: Array
    number: int

    def titles(self) -> list[Any]:
        """What each group is called: its value, or a tuple of values."""
        each = [_values(column) for column in self.columns.values()]
        return each[0] if len(each) == 1 else list(zip(*each, strict=True))


class _Key(NamedTuple):
    """What lines are grouped by: a code per line, in the order of the groups, and its column."""

    codes: Array
    column: Callable[[Array], Column]


def line_groups(
    data: Read, panel: Panel, by: str | Iterable[str] | None, some: Array = None
) -> Groups:
    """Group lines, those marked in `some` or all; without `by` all are one group.

    `by` is `"line"`, `"agents"`, a kept column, or several of these. Groups are in the order of
    numbers, of categories, or of text; lines without a value come last.
    """
    names = _asked(by, panel)
    keys = [_key(name, data, panel) for name in names]
    count = len(panel.lines.patient)
    used, group = _groups([key.codes for key in keys], count, some)
    columns = {name: key.column(codes) for name, key, codes in zip(names, keys, used, strict=True)}
    return Groups(columns, group, len(used[0]) if used else 1)


def of_line(panel: Panel, line: int | None) -> Array:
    """Which lines have the number `line`; all of them where it is `None`."""
    if line is None:
        return np.ones(len(panel.lines.patient), np.bool_)
    return panel.lines.number == whole_from("line", line, 1)


def refuse_several(data: Read, panel: Panel, groups: Groups, counted: Array, what: str) -> None:
    """Refuse a group in which a patient has several of the `counted` lines.

    Shares, curves and their intervals take lines to be independent, which those of one patient are
    not: a patient counts once (Reading RD-ONE-LINE).
    """
    lines = np.flatnonzero(counted & (groups.group >= 0))
    patient, group = panel.lines.patient[lines], groups.group[lines]
    width = max(groups.number, 1)
    _, first, counts = np.unique(patient * width + group, return_index=True, return_counts=True)
    several = np.flatnonzero(counts > 1)
    if len(several):
        at = several[np.argmin(first[several])]
        who = data.patients.ids[patient[first[at]]]
        names = [*groups.columns, "line"]
        by = '"line"' if len(names) == 1 else f"({', '.join(map(shown, names))})".replace("'", '"')
        raise ValueError(
            f"{what} must have one line per patient, and patient {who} has {counts[at]} in one "
            f"group: give line=1 (or another), or by={by}"
        )


def _asked(by: str | Iterable[str] | None, panel: Panel) -> tuple[str, ...]:
    """The names of the columns to group by."""
    if by is not None:
        check_type(by, Iterable, "by takes names of columns")
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    known = ["line", "agents", *panel.kept]
    if any(name not in known for name in names) or len(set(names)) < len(names):
        told = ", ".join(f'"{name}"' for name in known)
        raise ValueError(
            f"by must be of {told}, several of these or None, got {shown(by)}; other columns are "
            'carried by assess_cohort(..., keep=["arm"])'
        )
    return names


def _key(name: str, data: Read, panel: Panel) -> _Key:
    if name == "agents":
        return _of_values(*_regimens(data.lines, panel.lines.agents))
    if name == "line":
        return _Key(panel.lines.number, Plain)
    column = panel.kept[name]
    if isinstance(column, Plain):
        return _of_numbers(column)
    column = coded(column)
    order = list(range(len(column.values)))
    if not column.ranked:
        order.sort(key=lambda code: (type(column.values[code]).__name__, column.values[code]))
    place = np.empty(len(order) + 1, np.int64)
    place[order] = np.arange(len(order))
    place[-1] = len(order)
    return _of_values(place[column.codes], [column.values[code] for code in order])


def _of_values(codes: Array, values: Sequence[Any]) -> _Key:
    """Codes into values, of which one past the last is an empty cell."""
    return _Key(codes, lambda used: Coded(np.where(used == len(values), -1, used), values))


def _of_numbers(column: Plain) -> _Key:
    values = column.values
    null = np.zeros(len(values), np.bool_) if column.null is None else column.null
    used, codes = np.unique(values[~null], return_inverse=True)
    places = np.full(len(values), len(used))
    places[~null] = codes.ravel()

    def made(codes: Array) -> Plain:
        none = codes == len(used)
        filled = np.append(used, values[null][:1])[codes] if none.any() else used[codes]
        return Plain(filled, none if none.any() else None)

    return _Key(places, made)


def _regimens(lines: Lines | None, agents: Array) -> tuple[Array, list[str]]:
    """The agents of each line as they were first written; the same ones by any name and order are
    the same."""
    told: dict[frozenset[str], str] = {}
    given = [] if lines is None else lines.agents_named
    drugs = [frozenset(named(each)) for each in given]
    for some, each in zip(drugs, given, strict=True):
        told.setdefault(some, "+".join(each))
    values = sorted(told.values(), key=lambda text: (text.casefold(), text))
    place = {text: i for i, text in enumerate(values)}
    codes = [place[told[some]] for some in drugs]
    return np.array([*codes, len(values)])[agents], values


def _groups(
    codes: Sequence[Array], count: int, some: Array = None
) -> tuple[tuple[Array, ...], Array]:
    """The codes of each group, and each line's group; without codes all lines are one group."""
    lines = np.arange(count) if some is None else np.flatnonzero(some)
    group = np.full(count, -1)
    if not codes:
        group[lines] = 0
        return (), group
    sizes = [int(each.max(initial=0)) + 1 for each in codes]
    keys, group[lines] = distinct(np.ravel_multi_index(tuple(each[lines] for each in codes), sizes))
    return np.unravel_index(keys, sizes), group


def _values(column: Column) -> list[Any]:
    """The cells of a column as Python values."""
    column = coded(column)
    values = [*column.values, None]
    return [values[code] for code in column.codes.tolist()]
