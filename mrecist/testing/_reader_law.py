"""How a law of several readers is tried on an implementation, and how it tells what broke it."""

from __future__ import annotations

import copy
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
import hypothesis

from ._law import BrokenLaw, search, some_of
from ._reader_requests import Request, requests

__all__ = ["Answer", "ReadLike", "ReaderLaw", "ReaderTrial", "differ"]

Answer = dict[str, Any]
ReadLike = Callable[[Request], Answer]
"""From a request to an answer, both of dicts, lists, text and numbers: `laws` says which."""

_OF_A_LINE = ("patient", "line", "state", "accepted", "triggers", "best_response", "progression")
_OF_AN_ANSWER = ("lines", "agreement", "discrepancy")


@attrs.frozen(kw_only=True)
class ReaderTrial:
    """One thing that is tried: the request after a change, and what must hold of both answers.

    Without a `request` nothing is changed and both answers are the same one. `check` yields what is
    wrong, in words.
    """

    changed: str
    request: Request | None = None
    check: Callable[[Answer, Answer], Iterable[str]]


@attrs.frozen(kw_only=True, repr=False, eq=False)
class ReaderLaw:
    """One law of several readers, to call on an implementation.

    `law(read_like)` tries it on many requests; `law.check(read_like, request)` on one, changed in
    every way that the law knows. Both raise `BrokenLaw`, an `AssertionError`.
    """

    id: str
    name: str
    sentence: str
    """What the specification says."""
    rules: tuple[str, ...] = ()
    """The ids of the readings it rests on: `mrecist rules --readings` shows them."""
    _trials: Callable[[Request], Iterable[ReaderTrial]]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<ReaderLaw {self.id} {self.name}>"

    def __call__(
        self,
        read_like: ReadLike,
        /,
        *,
        max_examples: int | None = None,
        seed: int | None = None,
        shrink: bool = True,
    ) -> None:
        """Try the law on as many requests as the Hypothesis profile says, or `max_examples`.

        A `seed` makes a run repeatable. Without `shrink` a broken law is told on the first request
        found, not on a small one. An error of `read_like` itself comes through.
        """

        def tried(request: Request, first: int) -> None:
            trials = list(self._trials(request))
            hypothesis.assume(trials)
            before = _answer(read_like, request)
            for trial in some_of(trials, first):
                self._try(read_like, request, before, trial)

        search(self, requests(), tried, max_examples=max_examples, seed=seed, shrink=shrink)

    def check(self, read_like: ReadLike, request: Request, /) -> int:
        """Try the law on one request, changed in every way that it knows; how many those were."""
        trials = list(self._trials(request))
        before = _answer(read_like, request)
        for trial in trials:
            self._try(read_like, request, before, trial)
        return len(trials)

    def _try(
        self, read_like: ReadLike, request: Request, before: Answer, trial: ReaderTrial
    ) -> None:
        after = before if trial.request is None else _answer(read_like, trial.request)
        for wrong in trial.check(before, after):
            told = "\n".join(self._told(request, trial, wrong))
            raise BrokenLaw(self, request, told)

    def _told(self, request: Request, trial: ReaderTrial, wrong: str) -> Iterator[str]:
        yield f"{self.id} {self.name}"
        yield from textwrap.wrap(self.sentence, 98, initial_indent="  ", subsequent_indent="  ")
        if self.rules:
            yield f"  [{', '.join(self.rules)}]"
        yield f"changed: {trial.changed}"
        yield wrong
        yield "request before the change:" if trial.request is not None else "request:"
        yield json.dumps(request, ensure_ascii=False)


def _answer(read_like: ReadLike, request: Request) -> Answer:
    """The answer, complete; what it lacks is told."""
    answer = read_like(copy.deepcopy(request))
    _complete(answer, _OF_AN_ANSWER, "the answer")
    for line in answer["lines"]:
        _complete(line, _OF_A_LINE, "a line of the answer")
    return answer


def _complete(record: Any, keys: Iterable[str], place: str) -> None:
    if not isinstance(record, dict):
        raise AssertionError(f"{place} must be a dict, got {record!r}")
    missing = [f'"{key}"' for key in keys if key not in record]
    if missing:
        raise AssertionError(f"{place} lacks {', '.join(missing)}; null says not known")


def differ(what: str, must: Any, found: Any) -> Iterator[str]:
    """What is wrong where two values that must be equal are not; numbers to nine digits."""
    if isinstance(must, float) and isinstance(found, (int, float)):
        same = abs(must - found) <= 1e-9 * max(1.0, abs(must))
    else:
        same = must == found
    if not same:
        yield f"{what} must be {must}, it is {found}"
