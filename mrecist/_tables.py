"""Decision tables: rules as data, enumerated at import into a grid of the rule that fires.

A table that is not sound cannot be built: every combination of inputs is covered, rows that
overlap agree (the first of them is the one that fires), and no row is without a cell of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs
import numpy as np

from .codes import Code
from .errors import TableError
from .sources import Citation, Reading

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["DecisionTable", "Rule"]

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
    when: Mapping[str, Words] = attrs.field(kw_only=True, eq=False)
    sentence: str = attrs.field(kw_only=True)
    source: Citation | Reading = attrs.field(kw_only=True)
    readings: tuple[Reading, ...] = attrs.field(default=(), kw_only=True)


_built: dict[str, DecisionTable[Any]] = {}


def _known_table(title: str) -> DecisionTable[Any]:
    return _built[title]


def _table(
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
        self.inputs = dict(inputs)
        self.rules = tuple(rules)
        self._check_words()
        grid = self._enumerate()
        self.grid: npt.NDArray[np.uint8] = grid
        self.grid.flags.writeable = False
        self.verdicts: npt.NDArray[np.uint8] = np.array(
            [rule.verdict.code for rule in self.rules], np.uint8
        )
        self.verdicts.flags.writeable = False
        _built.setdefault(title, self)
        self._cells = _nest(grid.tolist(), self.rules, list(self.inputs.values()))

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """A table of ours goes to another process by its title: it is built there already."""
        if _built[self.title] is self:
            return _known_table, (self.title,)
        return _table, (self.name, self.title, self.inputs, self.rules)

    def decide(self, *inputs: Code | bool) -> Rule[V]:
        """The rule that fires for one set of inputs, in the order of `inputs`."""
        cell = self._cells
        for word in inputs:
            cell = cell[word]
        rule: Rule[V] = cell
        return rule

    def __repr__(self) -> str:
        return f"<DecisionTable {self.name}, {len(self.rules)} rules, {self.grid.size} cells>"

    def __str__(self) -> str:
        """The rules as the grid a reader knows, one row a rule."""
        head = [*self.inputs, "verdict", "rule", "source"]
        rows = [
            [*(self._told(rule, name) for name in self.inputs), str(rule.verdict), rule.id,
             "; ".join(str(source) for source in (rule.source, *rule.readings))]
            for rule in self.rules
        ]  # fmt: skip
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in [head, ["-" * width for width in widths], *rows]
        ]
        return "\n".join([self.title, *lines])

    def __iter__(self) -> Iterator[tuple[dict[str, Code | bool], Rule[V]]]:
        """Every combination of inputs with the rule that fires for it."""
        for words in product(*(_domain(kind) for kind in self.inputs.values())):
            yield dict(zip(self.inputs, words, strict=True)), self.decide(*words)

    def _told(self, rule: Rule[V], name: str) -> str:
        if name not in rule.when:
            return "any"
        words = _words(rule.when[name])
        kind = self.inputs[name]
        inside = [word for word in _domain(kind) if word in words]
        outside = [word for word in _domain(kind) if word not in words]
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

    def _enumerate(self) -> npt.NDArray[np.uint8]:
        fires = np.array([self._fires(rule) for rule in self.rules])
        covered = fires.any(axis=0)
        if not covered.all():
            raise TableError(f"table {self.name}: no rule for {self._cell(~covered)}")
        first = fires.argmax(axis=0)
        verdicts = np.array([rule.verdict.code for rule in self.rules])
        each = verdicts.reshape([-1] + [1] * first.ndim)
        agrees = ~fires | (each == verdicts[first])
        if not agrees.all():
            at = self._cell(~agrees.all(axis=0))
            raise TableError(f"table {self.name}: rules contradict each other for {at}")
        for i, rule in enumerate(self.rules):
            if not (first == i).any():
                raise TableError(f"table {self.name}: rule {rule.id} never fires")
        grid: npt.NDArray[np.uint8] = first.astype(np.uint8)
        return grid

    def _fires(self, rule: Rule[V]) -> npt.NDArray[np.bool_]:
        """The cells that a row covers."""
        domains = [_domain(kind) for kind in self.inputs.values()]
        fires = np.ones([len(domain) for domain in domains], np.bool_)
        for axis, (name, domain) in enumerate(zip(self.inputs, domains, strict=True)):
            if name in rule.when:
                words = _words(rule.when[name])
                outside = [i for i, word in enumerate(domain) if word not in words]
                fires[(slice(None),) * axis + (outside,)] = False
        return fires

    def _cell(self, where: Any) -> str:
        """The first of some cells, told as the facts that lead to it."""
        at = np.argwhere(where)[0]
        told = [
            f"{name}={_told_word(_domain(kind)[i])}"
            for (name, kind), i in zip(self.inputs.items(), at.tolist(), strict=True)
        ]
        return ", ".join(told)


def _domain(kind: type[Code | bool]) -> tuple[Code | bool, ...]:
    return (False, True) if issubclass(kind, bool) else tuple(kind)


def _words(words: Words) -> set[Any] | frozenset[Any]:
    return words if isinstance(words, (set, frozenset)) else {words}


def _told_word(word: Code | bool) -> str:
    return ("yes" if word else "no") if isinstance(word, bool) else str(word)


def _nest(indices: Any, rules: Sequence[Any], kinds: Sequence[type[Code | bool]]) -> Any:
    """A grid of indices as nested dicts of rules, keyed by the words of each input."""
    domain = _domain(kinds[0])
    if len(kinds) == 1:
        return {word: rules[i] for word, i in zip(domain, indices, strict=True)}
    return {
        word: _nest(inner, rules, kinds[1:]) for word, inner in zip(domain, indices, strict=True)
    }
