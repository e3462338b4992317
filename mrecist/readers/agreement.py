"""How far readers agree in words: a table with one row per pair of readers and one for all.

Kappa misleads where one word rules, and AC1 where none does: both are always given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import shown
from .._base.text import grid, several
from .._base.words import Code, NewLesion, NonTarget, Response, Target
from ..cohort.rates import tail_of
from ..rulebook.best_response import CONTROLLED, OBJECTIVE
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import verdicts
from ..tables.column import Coded, Column, Plain
from .compared import Compared, lines_of, timepoints_read
from .statistics import (
    NO_ESTIMATE,
    Estimate,
    cohen,
    exact_share,
    fleiss,
    fleiss_chance,
    gwet,
    gwet_chance,
    kappas,
    positive_agreement,
    redrawn,
    two_by_two,
    weights_of,
)

__all__ = ["Agreement", "agreement"]

_SCALE = (Response.CR, Response.PR, Response.SD, Response.PD)
_ON_LINES = ("best_response", "confirmed_best_response")
_KINDS: dict[str, tuple[type[Code], tuple[Code, ...]]] = {
    "best_response": (Response, _SCALE),
    "confirmed_best_response": (Response, _SCALE),
    "response": (Response, _SCALE),
    "target": (Target, (Target.CR, Target.PR, Target.SD, Target.PD)),
    "nontarget": (NonTarget, (NonTarget.CR, NonTarget.NON_CR_NON_PD, NonTarget.PD)),
    "new_lesion": (NewLesion, (NewLesion.NO, NewLesion.EQUIVOCAL, NewLesion.YES)),
}
"""The verdicts that are compared: their words, and the scale unless another is asked for."""

_KAPPAS = {"kappa": "unweighted", "kappa_linear": "linear", "kappa_quadratic": "quadratic"}
_AC = {"ac1": "unweighted", "ac2_linear": "linear", "ac2_quadratic": "quadratic",
       "ac2_ordinal": "ordinal"}  # fmt: skip


@attrs.frozen(eq=False, repr=False, kw_only=True)
class _Pair:
    """What some readers gave to the units that count: `codes[unit, reader]`, -1 where none."""

    name: str
    two: bool
    codes: Array
    patient: Array
    left_out: int

    def counts(self, words: int) -> Array:
        """The table of two readers."""
        keys = self.codes[:, 0] * words + self.codes[:, 1]
        return np.bincount(keys, minlength=words * words).reshape(words, words)


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Agreement:
    """Agreement of readers on one verdict, on a scale of words fixed beforehand; `str` tells it.

    `table` has one row per pair of readers, and a last one, `all`, for all of them. `n` are the
    rows that both read (in the last: that anyone read), `patients` those behind them; `left_out`
    those on which a reader gave a word that is not on the scale. `agree` are rows on which all who
    read them agree, `agreement` is their share of the rows that two or more read. Each statistic is
    followed by `_se`, `_low` and `_high`: `kappa` (Cohen), `kappa_linear` and `kappa_quadratic` of
    two readers, `ac1` and `ac2_...` (Gwet), `fleiss`. What cannot be computed is empty.

    `interval` is `"exact"`, of the formulas for independent rows, or `"bootstrap"`, the percentiles
    over patients drawn anew, since rows of one patient are not independent.
    """

    of: str
    words: tuple[Code, ...]
    readers: tuple[str, ...]
    level: float
    interval: str
    _pairs: tuple[_Pair, ...]
    _draws: int
    _seed: int
    _restore: Callable[[Any], Any]

    def crosstab(self, one: str, other: str) -> Array:
        """The counts of one reader's words (rows) by another's (columns), in the order of `words`.

        Args:
            one: The name of the first reader.
            other: The name of the second reader.

        Returns:
            A square array of counts.

        Raises:
            ValueError: No such pair of readers.
        """
        for pair in self._pairs[:-1]:
            if pair.name == f"{one},{other}":
                return pair.counts(len(self.words))
            if pair.name == f"{other},{one}":
                return pair.counts(len(self.words)).T
        names = "; ".join(pair.name for pair in self._pairs[:-1])
        raise ValueError(f"the pairs are {names}; got {one},{other}")

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return [self._row(pair) for pair in self._pairs]

    @cached_property
    def table(self) -> Any:
        """One row per pair of readers, and one for all."""
        names = list(self._rows[0])
        return self._restore({name: _column([row[name] for row in self._rows]) for name in names})

    def _row(self, pair: _Pair) -> dict[str, Any]:
        ratings = _ratings(pair.codes, len(self.words))
        several = ratings.sum(axis=1) >= 2
        agree = int((ratings.max(axis=1, initial=0) == ratings.sum(axis=1))[several].sum())
        share, low, high = exact_share(agree, int(several.sum()), self.level)
        row: dict[str, Any] = {
            "of": self.of, "readers": pair.name, "n": len(pair.codes),
            "patients": len(np.unique(pair.patient)), "left_out": pair.left_out,
            "words": ";".join(self.words), "agree": agree, "agreement": share,
            "agreement_low": low, "agreement_high": high,
        }  # fmt: skip
        drawn = self._drawn(pair) if self.interval == "bootstrap" and len(pair.codes) else {}
        for name, found in self._estimates(pair).items():
            if drawn:
                found = Estimate(found.value, *_spread(drawn[name], self.level))
            row |= _named(name, found)
        positive = [np.nan] * len(self.words)
        if pair.two:
            positive = positive_agreement(pair.counts(len(self.words))).tolist()
        row |= {f"positive_{word}": each for word, each in zip(self.words, positive, strict=True)}
        if isinstance(self.words[0], Response):
            for name, inside in (("objective", OBJECTIVE), ("control", CONTROLLED)):
                found = self._two(pair, inside)
                row |= _named(f"{name}_kappa", found)
        return row

    def _two(self, pair: _Pair, inside: Iterable[Code]) -> Estimate:
        """Kappa of two readers for the words that count and all others."""
        if not pair.two:
            return NO_ESTIMATE
        within = np.array([word in inside for word in self.words], np.bool_)
        counts = two_by_two(pair.counts(len(self.words)), within)
        return cohen(counts, np.eye(2), self.level)

    def _estimates(self, pair: _Pair) -> dict[str, Estimate]:
        """Every statistic of some rows."""
        words = len(self.words)
        ratings = _ratings(pair.codes, words)
        found = dict.fromkeys(_KAPPAS, NO_ESTIMATE)
        if pair.two:
            found = {
                name: cohen(pair.counts(words), weights_of(weights, words), self.level)
                for name, weights in _KAPPAS.items()
            }
        for name, weights in _AC.items():
            found[name] = gwet(ratings, weights_of(weights, words), self.level)
        found["fleiss"] = fleiss(ratings, weights_of("unweighted", words), self.level)
        return found

    def _drawn(self, pair: _Pair) -> dict[str, Array]:
        """Every statistic over cohorts of as many patients, drawn with replacement."""
        used, patient = np.unique(pair.patient, return_inverse=True)
        random = np.random.Generator(np.random.PCG64(self._seed))
        count = len(used)
        blocks = [
            self._redrawn(pair, _times(random, count, len(block)), patient.ravel())
            for block in np.array_split(np.arange(self._draws), 1 + self._draws * count // CELLS)
        ]
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    def _redrawn(self, pair: _Pair, times: Array, patient: Array) -> dict[str, Array]:
        """Every statistic over cohorts that hold each patient so many times."""
        words = len(self.words)
        found = {name: np.full(len(times), np.nan) for name in _KAPPAS}
        if pair.two:
            of_patient = np.zeros((times.shape[1], words * words))
            np.add.at(of_patient, (patient, pair.codes[:, 0] * words + pair.codes[:, 1]), 1)
            tables = (times @ of_patient).reshape(-1, words, words)
            found = {
                name: kappas(tables, weights_of(weights, words))
                for name, weights in _KAPPAS.items()
            }
        ratings = _ratings(pair.codes, words)
        for name, weights in _AC.items():
            found[name] = redrawn(ratings, weights_of(weights, words), times, patient, gwet_chance)
        plain = weights_of("unweighted", words)
        found["fleiss"] = redrawn(ratings, plain, times, patient, fleiss_chance)
        return found

    def __str__(self) -> str:
        return "\n".join([f"agreement on {self.of} of {', '.join(self.readers)}", *self._told()])

    def _told(self) -> Iterator[str]:
        if len(self.readers) == 2:
            counts = self._pairs[0].counts(len(self.words))
            yield f"{self.readers[0]} (rows) by {self.readers[1]} (columns)"
            rows = zip(self.words, counts.tolist(), strict=True)
            yield from grid([["", *self.words], *([word, *map(str, row)] for word, row in rows)])
        for row in self._rows[: -1 if len(self.readers) == 2 else None]:
            out = f", {row['left_out']} left out" if row["left_out"] else ""
            yield ""
            yield (
                f"{row['readers']}: {several(row['n'], 'row')} of "
                f"{several(row['patients'], 'patient')}{out}"
            )
            names = ("agreement", *_KAPPAS, *_AC, "fleiss")
            yield from (
                f"  {name} {row[name]:.3f} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
                for name in names
                if row[name] == row[name]
            )
        yield f"intervals of {100 * self.level:g} %: {_INTERVALS[self.interval]}"

    def __repr__(self) -> str:
        return f"<Agreement on {self.of} of {', '.join(self.readers)}>"


_INTERVALS = {
    "exact": "as if rows were independent",
    "bootstrap": "of patients drawn anew; of agreement as if rows were independent",
}


def _named(name: str, found: Estimate) -> dict[str, float]:
    """An estimate as columns."""
    ends = ("", "_se", "_low", "_high")
    return {f"{name}{end}": value for end, value in zip(ends, found, strict=True)}


def _ratings(codes: Array, words: int) -> Array:
    """How many readers gave each word to each row."""
    return np.stack([(codes == word).sum(axis=1) for word in range(words)], axis=1)


CELLS = 1 << 22
"""Draws times patients that are held at once."""


def _times(random: np.random.Generator, count: int, draws: int) -> Array:
    """How often each patient is in each of some cohorts drawn with replacement."""
    times = np.empty((draws, count))
    for row in times:
        row[:] = np.bincount(random.integers(0, count, count), minlength=count)
    return times


def _spread(values: Array, level: float) -> tuple[float, float, float]:
    """The standard deviation and the interval of the draws that gave a value."""
    values = values[~np.isnan(values)]
    if len(values) < 2:
        return np.nan, np.nan, np.nan
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return float(values.std(ddof=1)), low, high


def _column(values: Sequence[Any]) -> Column:
    if isinstance(values[0], str):
        return Coded(np.arange(len(values)), list(values))
    if isinstance(values[0], int):
        return Plain(np.array(values, np.int64))
    numbers = np.array(values, np.float64)
    return Plain(numbers, np.isnan(numbers))


def agreement(
    of: Compared,
    criteria: Criteria,
    what: str,
    readers: Sequence[int],
    *,
    words: Sequence[Any] | None,
    complete: bool,
    interval: str | None,
    level: Any,
    draws: int,
    seed: int,
    restore: Callable[[Any], Any],
) -> Agreement:
    """The agreement of some readers on one kind of verdict."""
    if what not in _KINDS:
        raise ValueError(f"of must be one of {', '.join(_KINDS)}, got {shown(what)}")
    if len(readers) < 2:
        raise ValueError(f"agreement needs two readers, got {len(readers)}")
    if interval is None:
        interval = "exact" if what in _ON_LINES else "bootstrap"
    if interval not in _INTERVALS:
        raise ValueError(f'interval must be "exact" or "bootstrap", got {shown(interval)}')
    scale = _scale(what, words)
    codes, patient = _codes(of, criteria, what, readers)
    if complete:
        there = (codes >= 0).all(axis=1)
        codes, patient = codes[there], patient[there]
    kind = _KINDS[what][0]
    place = np.full(len(kind) + 1, len(scale))
    place[[word.code for word in scale]] = np.arange(len(scale))
    place[-1] = -1
    codes = place[codes]
    names = [of.readers[reader] for reader in readers]
    pairs = [
        _counted(",".join((names[i], names[j])), codes[:, [i, j]], patient, len(scale), every=True)
        for i, j in combinations(range(len(readers)), 2)
    ]
    pairs.append(_counted("all", codes, patient, len(scale), every=False))
    return Agreement(
        of=what,
        words=scale,
        readers=tuple(names),
        level=1 - 2 * tail_of(level),
        interval=interval,
        pairs=tuple(pairs),
        draws=draws,
        seed=seed,
        restore=restore,
    )


def _scale(what: str, words: Sequence[Any] | None) -> tuple[Code, ...]:
    """The words of the scale in order."""
    kind, usual = _KINDS[what]
    if words is None:
        return usual
    known = {str(word): word for word in kind}
    wrong = [each for each in words if each not in known]
    if wrong or len(set(words)) < max(len(words), 2):
        told = "words must be two or more that differ, of"
        raise ValueError(f"{told} {', '.join(known)}; got {shown(list(words))}")
    return tuple(known[each] for each in words)


def _counted(name: str, codes: Array, patient: Array, words: int, *, every: bool) -> _Pair:
    """The rows that count: read by each reader or by any, and with words of the scale alone."""
    read = (codes >= 0).all(axis=1) if every else (codes >= 0).any(axis=1)
    odd = (codes == words).any(axis=1)
    keep = np.flatnonzero(read & ~odd)
    return _Pair(
        name=name,
        two=every,
        codes=codes[keep],
        patient=patient[keep],
        left_out=int((read & odd).sum()),
    )


def _codes(
    of: Compared, criteria: Criteria, what: str, readers: Sequence[int]
) -> tuple[Array, Array]:
    """What each reader gave to each line or time point (-1: did not read it), and its patient."""
    if what in _ON_LINES:
        values = of.facts.best if what == "best_response" else of.facts.confirmed
        at = of.at[:, readers]
        return np.where(at < 0, -1, np.append(values.astype(np.int64), -1)[at]), of.patient
    found = of.panel.timepoints
    said: Array = {
        "response": found.response,
        "new_lesion": found.new_lesion,
        "target": verdicts(criteria.rules.target, found.target_rule),
        "nontarget": verdicts(criteria.rules.nontarget, found.nontarget_rule),
    }[what].astype(np.int64)
    each = [timepoints_read(of, reader) for reader in readers]
    keys = np.unique(np.concatenate([keys for keys, _ in each]))
    codes = np.full((len(keys), len(readers)), -1)
    for column, (own, places) in enumerate(each):
        codes[np.searchsorted(keys, own), column] = said[places]
    return codes, of.patient[lines_of(keys)]
