"""How a law is tried on an implementation, and how it tells what broke it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import attrs
import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ._changes import Document, copied
from .strategies import case_documents

__all__ = [
    "AssessLike",
    "BrokenLaw",
    "Charts",
    "Law",
    "Trial",
    "Wrong",
    "search",
    "small_charts",
    "some_of",
]

T = TypeVar("T")
AssessLike = Callable[[Document], Document]
"""From a case document (`mrecist-case/1`) to its assessment document (`mrecist-assessment/1`)."""

_TRIALS_AN_EXAMPLE = 6
_OF_A_LINE = (
    "start", "baseline", "targets", "nontargets", "baseline_total_mm", "timepoints",
    "best_response", "confirmed_best_response", "progression",
)  # fmt: skip
_OF_A_TIMEPOINT = (
    "date", "total_mm", "nadir_mm", "target", "nontarget", "new_lesion", "computed", "response",
)  # fmt: skip


def small_charts() -> st.SearchStrategy[Document]:
    """Charts of a few lesions, time points and lines, which read well when they break a law.

    Laws change one examination or one lesion, so that visits are of one examination, and no lesion
    depends on another.
    """
    return case_documents(
        max_lesions=5,
        max_timepoints=6,
        max_lines=3,
        number_forms=False,
        extras=False,
        additions=False,
    )


Charts = Callable[[], st.SearchStrategy[Document]]


class BrokenLaw(AssertionError):  # noqa: N818
    """An implementation broke a law; `law`, and `case`, the chart before the change, try it again.

    The text tells the law, what was changed in the chart, and what both verdicts were. Of a law of
    several readers `case` is the request.
    """

    def __init__(self, law: Any, case: Document, told: str) -> None:
        super().__init__(told)
        self.law = law
        self.case = case


class Wrong(Exception):  # noqa: N818
    """What must be and is not, at a place of the assessment."""

    def __init__(self, place: str, must: str, before: Document, after: Document) -> None:
        super().__init__(f"{place}: {must}")
        self.rows = (before, after)


@attrs.frozen(kw_only=True)
class Trial:
    """One thing that is tried: the chart after a change, and what must hold of both answers.

    Without a `case` nothing is changed and both answers are the same one. `check` raises `Wrong`.
    """

    changed: str
    case: Document | None = None
    check: Callable[[Document, Document], None]


@attrs.frozen(kw_only=True, repr=False, eq=False)
class Law:
    """One law of tumour response, to call on an implementation.

    `law(assess_like)` tries it on many charts; `law.check(assess_like, case)` on one, changed in
    every way that the law knows. Both raise `BrokenLaw`, an `AssertionError`.
    """

    name: str
    sentence: str
    """What the specification says."""
    rules: tuple[str, ...]
    """The ids of the rules and readings it rests on: `mrecist rules` shows them."""
    _trials: Callable[[Document, Document, Criteria], Iterable[Trial]]
    _charts: Charts = small_charts

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Law {self.name}>"

    def __call__(
        self,
        assess_like: AssessLike,
        /,
        *,
        criteria: Criteria | str = MRECIST,
        max_examples: int | None = None,
        seed: int | None = None,
        shrink: bool = True,
    ) -> None:
        """Try the law on as many charts as the Hypothesis profile says, or `max_examples`.

        `criteria` are those by which `assess_like` judges. A `seed` makes a run repeatable.
        Without `shrink` a broken law is told on the first chart found, not on a small one.
        Nothing is written to Hypothesis' database. An error of `assess_like` itself comes through.
        """

        def tried(case: Document, first: int) -> None:
            before = _answer(assess_like, case, criteria)
            trials = self._trials_of(case, before, criteria)
            hypothesis.assume(trials)
            for trial in some_of(trials, first):
                self._try(assess_like, case, before, trial, criteria)

        search(self, self._charts(), tried, max_examples=max_examples, seed=seed, shrink=shrink)

    def check(
        self, assess_like: AssessLike, case: Document, /, *, criteria: Criteria | str = MRECIST
    ) -> int:
        """Try the law on one chart, changed in every way that it knows; how many those were."""
        before = _answer(assess_like, case, criteria)
        trials = self._trials_of(case, before, criteria)
        for trial in trials:
            self._try(assess_like, case, before, trial, criteria)
        return len(trials)

    def _trials_of(self, case: Document, before: Document, criteria: Criteria | str) -> list[Trial]:
        return list(self._trials(case, before, criteria_named(criteria)))

    def _try(
        self,
        assess_like: AssessLike,
        case: Document,
        before: Document,
        trial: Trial,
        criteria: Criteria | str,
    ) -> None:
        after = before if trial.case is None else _answer(assess_like, trial.case, criteria)
        try:
            trial.check(before, after)
        except Wrong as wrong:
            told = _told(self, case, trial, wrong, criteria_named(criteria))
            raise BrokenLaw(self, case, told) from None


def search(
    law: object,
    charts: st.SearchStrategy[Document],
    tried: Callable[[Document, int], None],
    *,
    max_examples: int | None,
    seed: int | None,
    shrink: bool,
) -> None:
    """Try something on many charts, each with a number that says which of its trials are made."""
    wanted = settings(
        max_examples=settings().max_examples if max_examples is None else max_examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    run = wanted(given(charts, st.integers(0, 9_999))(tried))
    if seed is not None:
        run = hypothesis.seed(seed)(run)
    try:
        run()
    except BrokenLaw as broken:
        raise BrokenLaw(broken.law, broken.case, str(broken)) from None
    except Unsatisfiable:
        raise AssertionError(
            f"law {str(law)!r} could not be tried: no assessment had a place for it"
        ) from None


def some_of(trials: list[T], first: int) -> list[T]:
    """A few of the trials, evenly spread from the first on: all of few, some of many."""
    step = -(-len(trials) // _TRIALS_AN_EXAMPLE)
    turned = first % len(trials)
    return (trials[turned:] + trials[:turned])[::step]


# --- the answer ----------------------------------------------------------------------------------


_VERDICTS = ("computed", "reported", "response")


def _answer(assess_like: AssessLike, case: Document, criteria: Criteria | str) -> Document:
    """The answer, its lengths rounded to whole micrometres; what it lacks is told.

    Stable disease has one word, whatever the criteria call it.
    """
    answer = assess_like(copied(case))
    if not isinstance(answer, dict) or not isinstance(answer.get("lines"), list):
        raise AssertionError('an assessment document must be a dict with a list of "lines"')
    if len(answer["lines"]) != len(case["lines"]):
        found, wanted = len(answer["lines"]), len(case["lines"])
        raise AssertionError(f"the assessment has {found} lines, the chart {wanted}")
    stable = criteria_named(criteria).stable_word
    return {"lines": [_line(k, line, stable) for k, line in enumerate(answer["lines"])]}


def _line(number: int, line: Document, stable: str) -> Document:
    _complete(line, _OF_A_LINE, f"line {number + 1}")
    rows = []
    for row in line["timepoints"]:
        _complete(row, _OF_A_TIMEPOINT, f"line {number + 1}, time point {row.get('date')}")
        lengths = {key: _length(row[key]) for key in ("total_mm", "nadir_mm")}
        words = {key: "SD" for key in _VERDICTS if row.get(key) == stable}
        rows.append(row | lengths | words)
    roles = {key: sorted(line[key] or []) for key in ("targets", "nontargets")}
    total = _length(line["baseline_total_mm"])
    return line | roles | {"timepoints": rows, "baseline_total_mm": total}


def _complete(record: Document, keys: Iterable[str], place: str) -> None:
    missing = [key for key in keys if key not in record]
    if missing:
        names = ", ".join(f'"{key}"' for key in missing)
        raise AssertionError(f"{place} of the assessment lacks {names}; null says not known")


def _length(value: Any) -> float | None:
    return None if value is None else round(float(value), 3)


# --- what is told --------------------------------------------------------------------------------


def _told(law: Law, case: Document, trial: Trial, wrong: Wrong, criteria: Criteria) -> str:
    before, after = wrong.rows
    answers = [f"  answer  {_row(before)}"]
    if trial.case is not None:
        answers = [f"  before  {_row(before)}", f"  after   {_row(after)}"]
    rules = f"[{', '.join(law.rules)}]"
    return "\n".join(
        [
            f"{law.name} ({criteria.name})",
            *textwrap.wrap(law.sentence, 98, initial_indent="  ", subsequent_indent="  "),
            *textwrap.wrap(rules, 98, initial_indent="  ", subsequent_indent="  "),
            f"changed: {trial.changed}",
            f"{wrong}",
            *answers,
            "chart before the change:" if trial.case is not None else "chart:",
            _chart(case),
        ]
    )


def _row(row: Document) -> str:
    """A line or a time point of an answer, in one line."""
    if "timepoints" in row:
        kept = [key for key in _OF_A_LINE if key not in ("start", "timepoints")]
        return ", ".join(f"{key} {json.dumps(row[key], default=str)}" for key in kept)
    total, nadir = (
        "none" if row[key] is None else f"{row[key]:g}" for key in ("total_mm", "nadir_mm")
    )
    parts = f"target {row['target']}, non-target {row['nontarget']}, new {row['new_lesion']}"
    verdict = str(row["computed"])
    if row["response"] != row["computed"]:
        verdict += f", reported {row['response']}"
    return f"total {total}, nadir {nadir}: {parts}: {verdict}"


def _chart(case: Document) -> str:
    """The chart as JSON, one record a line."""
    lists = ("lesions", "timepoints", "lines")
    shown = [f'"{key}": {_json(value)}' for key, value in case.items() if key not in lists]
    return "{" + ",\n ".join([", ".join(shown), *(_records(key, case[key]) for key in lists)]) + "}"


def _records(key: str, records: list[Document]) -> str:
    inside: Iterator[str] = (f"\n  {_json(record)}" for record in records)
    return f'"{key}": [{",".join(inside)}]'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
