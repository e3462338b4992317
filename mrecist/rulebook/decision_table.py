"""Decision tables: rules as data, enumerated at import into a grid of the rule that fires.

A table that is not sound cannot be built: every combination of inputs is covered, rows that
overlap agree (the first of them is the one that fires), and no row is without a cell of its own.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from .._base import html
from .._base.errors import TableError
from .._base.words import Code, repr_sorted
from .papers import Citation
from .readings import Reading

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from .._base.arrays import Array

__all__ = ["DecisionTable", "Rule", "firing", "members", "verdicts"]


V = TypeVar("V", bound=Code)

# What a `when` may hold for an input: a word, a yes/no, or a set of them.
Words = Code | bool | set[Any] | frozenset[Any]


@attrs.frozen
class Rule(Generic[V]):
    """One row of a decision table: when it fires, what it says, and where it comes from.

    `when` maps input names to a word or a set of words; a name left out means any. `sentence` is
    a template that the numbers of a case are filled into. `readings` are decisions of this project
    that the rule rests on beside its source.
    """

    id: str
    verdict: V
    when: Mapping[str, Words] = attrs.field(kw_only=True, eq=False, repr=repr_sorted)
    sentence: str = attrs.field(kw_only=True)
    source: Citation | Reading = attrs.field(kw_only=True)
    readings: tuple[Reading, ...] = attrs.field(default=(), kw_only=True)


def _named(module: str, name: str) -> DecisionTable[Any]:
    table: DecisionTable[Any] = getattr(import_module(module), name)
    return table


def _rebuilt(
    name: str, title: str, inputs: Mapping[str, type[Code | bool]], rules: Sequence[Rule[Any]]
) -> DecisionTable[Any]:
    return DecisionTable(name, title, inputs=inputs, rules=rules)


class DecisionTable(Generic[V]):
    """Rules over named inputs, one of which fires for every combination of them.

    `decide(a, b, ...)` gives the `Rule` for one set of inputs; `grid[a, b, ...]` its index for
    arrays of inputs (read-only, `uint8`), and `verdicts[index]` its verdict. Raises `TableError`
    when the rules are incomplete, contradictory or dead.
    """

    def __init__(
        self,
        name: str,
        title: str,
        *,
        inputs: Mapping[str, type[Code | bool]],
        rules: Sequence[Rule[V]],
    ) -> None:
        self.name = name
        self.title = title
        self._module: str = sys._getframe(1).f_globals.get("__name__", "")  # as namedtuple does
        self.inputs = dict(inputs)
        self.rules = tuple(rules)
        self._domains = {name: _domain(kind) for name, kind in self.inputs.items()}
        self._check_words()
        self._firing = self._enumerate()
        combinations = product(*self._domains.values())
        self._cells = dict(zip(combinations, (self.rules[i] for i in self._firing), strict=True))

    @cached_property
    def grid(self) -> npt.NDArray[np.uint8]:
        """The index of the rule that fires, to be indexed with arrays of codes. Read-only."""
        shape = tuple(len(domain) for domain in self._domains.values())
        return _frozen(self._firing).reshape(shape)

    @cached_property
    def verdicts(self) -> npt.NDArray[np.uint8]:
        """The code of the verdict of each rule. Read-only."""
        return _frozen([rule.verdict.code for rule in self.rules])

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Pickle a table that a module names by that name: a table is large, and copies are it."""
        for name, value in vars(sys.modules.get(self._module, object)).items():
            if value is self:
                return _named, (self._module, name)
        return _rebuilt, (self.name, self.title, self.inputs, self.rules)

    def decide(self, *inputs: Code | bool) -> Rule[V]:
        """The rule that fires for one set of inputs, in the order of `inputs`."""
        return self._cells[inputs]

    def __repr__(self) -> str:
        return f"<DecisionTable {self.name}, {len(self.rules)} rules, {len(self._firing)} cells>"

    def __str__(self) -> str:
        """The rules as the grid a reader knows, one row per rule."""
        head, rows = self._grid_of_words()
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in [head, ["-" * width for width in widths], *rows]
        ]
        return "\n".join([self.title, *lines])

    def _repr_html_(self) -> str:
        return html.table(self.title, *self._grid_of_words())

    def _grid_of_words(self) -> tuple[list[str], list[list[str]]]:
        """The heads of the columns, and one row per rule."""
        head = [*self.inputs, "verdict", "rule", "source"]
        rows = [
            [*(self._told(rule, name) for name in self.inputs), str(rule.verdict), rule.id,
             "; ".join(str(source) for source in (rule.source, *rule.readings))]
            for rule in self.rules
        ]  # fmt: skip
        return head, rows

    def __iter__(self) -> Iterator[tuple[dict[str, Code | bool], Rule[V]]]:
        """Every combination of inputs with the rule that fires for it."""
        for words, rule in self._cells.items():
            yield dict(zip(self.inputs, words, strict=True)), rule

    def _told(self, rule: Rule[V], name: str) -> str:
        if name not in rule.when:
            return "any"
        words = _words(rule.when[name])
        inside = [word for word in self._domains[name] if word in words]
        outside = [word for word in self._domains[name] if word not in words]
        if len(outside) == 1 and len(inside) > 2:
            return f"not {_told_word(outside[0])}"
        return " or ".join(_told_word(word) for word in inside)

    def _check_words(self) -> None:
        if not self.rules:
            raise TableError(f"table {self.name}: no rules")
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) != len(ids):
            raise TableError(f"table {self.name}: two rules share one id")
        for rule in self.rules:
            for name, words in rule.when.items():
                if name not in self.inputs:
                    raise TableError(f"table {self.name}, rule {rule.id}: no input {name!r}")
                for word in _words(words):
                    if type(word) is not self.inputs[name]:
                        raise TableError(
                            f"table {self.name}, rule {rule.id}: {name} is never {word!r}"
                        )

    def _enumerate(self) -> list[int]:
        """The index of the rule that fires for every cell, in C order."""
        size = math.prod(len(domain) for domain in self._domains.values())
        firing = [-1] * size
        owners = set()
        for i, rule in enumerate(self.rules):
            for cell in self._cells_of(rule):
                first = firing[cell]
                if first < 0:
                    firing[cell] = i
                    owners.add(i)
                elif self.rules[first].verdict is not rule.verdict:
                    told = f"{self.rules[first].id} and {rule.id} contradict each other"
                    raise TableError(f"table {self.name}: {told} for {self._told_cell(cell)}")
        if -1 in firing:
            hole = self._told_cell(firing.index(-1))
            raise TableError(f"table {self.name}: no rule for {hole}")
        for i, rule in enumerate(self.rules):
            if i not in owners:
                raise TableError(f"table {self.name}: rule {rule.id} never fires")
        return firing

    def _cells_of(self, rule: Rule[V]) -> list[int]:
        """The cells that a row covers, as places in C order."""
        cells = [0]
        for name, domain in self._domains.items():
            words = _words(rule.when[name]) if name in rule.when else domain
            inside = [i for i, word in enumerate(domain) if word in words]
            cells = [cell * len(domain) + i for cell in cells for i in inside]
        return cells

    def _told_cell(self, cell: int) -> str:
        """A cell as the facts that lead to it."""
        facts = list(product(*self._domains.values()))[cell]
        return ", ".join(
            f"{name}={_told_word(word)}" for name, word in zip(self._domains, facts, strict=True)
        )


def _domain(kind: type[Code | bool]) -> tuple[Code | bool, ...]:
    return (False, True) if issubclass(kind, bool) else tuple(kind)


def _words(words: Words) -> set[Any] | frozenset[Any]:
    return words if isinstance(words, (set, frozenset)) else {words}


def _told_word(word: Code | bool) -> str:
    return ("yes" if word else "no") if isinstance(word, bool) else str(word)


def _frozen(codes: Sequence[int]) -> npt.NDArray[np.uint8]:
    import numpy as np  # one patient is judged without arrays

    made = np.array(codes, np.uint8)
    made.flags.writeable = False
    return made


def firing(table: DecisionTable[Any], *inputs: Array) -> Array:
    """The index of the rule that fires, for columns of codes in the order of the table's inputs."""
    import numpy as np

    # One flat place a cell: words that all rows share say where to begin, columns how far from
    # there. A column of codes needs no more than the bytes that count the cells.
    cells, small = table.grid.ravel(), np.uint8 if table.grid.size <= 1 << 8 else np.uint16
    begin, place, step = 0, None, table.grid.size
    for size, words in zip(table.grid.shape, inputs, strict=True):
        step //= size
        if not isinstance(words, np.ndarray):
            begin += int(words) * step
            continue
        codes = words.view(np.uint8) if words.dtype == np.bool_ else words
        codes = codes.astype(small, copy=False)
        codes = codes if step == 1 else codes * small(step)
        place = codes if place is None else place + codes
    return cells[begin] if place is None else cells[begin:].take(place)


def verdicts(table: DecisionTable[Any], rules: Array) -> Array:
    """The codes of the verdicts of rules given by their index."""
    return table.verdicts.take(rules)


def members(kind: Iterable[Any], of: Iterable[Any]) -> npt.NDArray[np.bool_]:
    """For the codes of a word, whether each is one `of` some: to be indexed with codes."""
    import numpy as np

    inside = frozenset(of)
    return np.array([word in inside for word in kind])
