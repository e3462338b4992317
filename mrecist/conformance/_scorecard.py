"""What became of every case, added up by rule id and by part of the assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import attrs

from .._base.errors import Problem
from ..rulebook.index import TABLES
from ..rulebook.readings import Reading
from ._cases import Case
from ._differences import ABSENT, ANSWER, CONTAINERS, RIGHT, WRONG, Check, Difference

__all__ = ["FORMAT", "PartTally", "Result", "RuleTally", "Scorecard"]

FORMAT = "mrecist-scorecard/1"
PASSED, LACKING, FAILED, NOT_RUN = "passed", "lacking", "failed", "not run"
SHOWN = 20

PARTS_OF_TABLES: dict[str, tuple[str, ...]] = {
    "size": ("baseline_total_mm", "total_mm"),
    "unmentioned": ("target", "nontarget"),
    "merged": ("total_mm", "nontarget"),
    "parts": ("total_mm", "nontarget"),
    "treated": ("target", "nontarget"),
    "partial": ("problems",),
    "baseline": ("targets", "nontargets"),
    "known": ("nontargets", "new_lesion"),
    "target-fit": ("targets", "nontargets"),
    "target": ("target",),
    "nontarget-lesion": ("nontarget",),
    "nontarget": ("nontarget",),
    "detected": ("new_lesion",),
    "new-lesion": ("new_lesion",),
    "new-lesion-leap012": ("new_lesion",),
    **dict.fromkeys(
        (
            "lr-tr-2018",
            "lr-tr-2024",
            "lr-tr-2024-radiation",
            "lr-tr-aphe",
            "lr-tr-change",
            "lr-tr-newly",
            "recicl",
        ),
        ("lesions",),
    ),
    "immune-new-target": ("new_total_mm", "response"),
    "immune-new-further": ("response",),
    "immune-signal": ("response",),
    "immune-further": ("response",),
    "immune": ("response",),
    "immune-best": ("best_response", "confirmed_best_response"),
    "immune-joins": ("total_mm", "response"),
    "immune-joined": ("response",),
    "immune-upheld": ("progression", "best_response", "confirmed_best_response"),
    "overall": ("computed",),
    "reported": ("response",),
    "recurrence": ("new_lesion",),
    "recurs": ("new_lesion",),
    "best": ("best_response",),
    "confirmed": ("confirmed_best_response",),
    "exposure": ("exposure",),
    "area": ("baseline_total_mm2", "total_mm2"),
    "target-fit-area": ("targets", "nontargets"),
    **dict.fromkeys(("target-easl", "target-who"), ("target",)),
    **dict.fromkeys(("nontarget-lesion-easl", "nontarget-easl", "nontarget-who"), ("nontarget",)),
    **dict.fromkeys(("overall-easl", "overall-who"), ("computed",)),
}
"""The parts of an assessment in which the rules of a table show."""


@cache
def _parts_of_ids() -> dict[str, frozenset[str]]:
    """The parts in which each id shows; a reading shows where the rules do that cite it."""
    found: dict[str, set[str]] = {name: {"problems"} for name in Problem.__members__}
    for table, parts in PARTS_OF_TABLES.items():
        for rule in (rule for one in TABLES[table] for rule in one.rules):
            found.setdefault(rule.id, set()).update(parts)
            cited = (rule.source, *rule.readings)
            for reading in (each for each in cited if isinstance(each, Reading)):
                found.setdefault(reading.id, set()).update(parts)
    return {each: frozenset(parts) for each, parts in found.items()}


@attrs.frozen
class Result:
    """What became of one case: each part that it expects, held against the answer.

    `not_run` says why, where it was not run.
    """

    case: Case
    checks: tuple[Check, ...] = ()
    not_run: str = ""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every difference of the case."""
        return tuple(each for check in self.checks for each in check.differences)

    @property
    def outcome(self) -> str:
        """`"passed"`, `"lacking"` (nothing wrong, something absent), `"failed"` or `"not run"`."""
        return NOT_RUN if self.not_run else _worst(self.checks)

    def outcome_of(self, rule: str) -> str:
        """What became of one of the rules of the case: only the parts count in which it shows.

        All parts count for an id that shows in no part of its own; `"not run"` where none of its
        parts was looked at.
        """
        parts = _parts_of_ids().get(rule)
        if self.not_run or self.case.errors is not None or parts is None:
            return self.outcome
        own = [check for check in self.checks if check.part in parts | {ANSWER}]
        return _worst(own) if own else NOT_RUN


def _worst(checks: Iterable[Check]) -> str:
    outcomes = {check.outcome for check in checks}
    return FAILED if WRONG in outcomes else LACKING if ABSENT in outcomes else PASSED


@attrs.frozen
class RuleTally:
    """How many of the cases that exercise a rule passed, lacked something, failed, were not run."""

    passed: int
    lacking: int
    failed: int
    not_run: int

    @property
    def of(self) -> int:
        """All cases that exercise the rule."""
        return self.passed + self.lacking + self.failed + self.not_run


@attrs.frozen
class PartTally:
    """How often a part of the assessment was right, wrong and absent, where a case expects it."""

    right: int
    wrong: int
    absent: int


@attrs.frozen(repr=False)
class Scorecard:
    """What an implementation makes of the suite. `str` prints it; `to_document` is for machines."""

    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every case that was run passed, and one was."""
        outcomes = {result.outcome for result in self.results} - {NOT_RUN}
        return outcomes == {PASSED}

    @property
    def outcomes(self) -> dict[str, int]:
        """How many cases passed, lacked something, failed and were not run."""
        found = [result.outcome for result in self.results]
        return {each: found.count(each) for each in (PASSED, LACKING, FAILED, NOT_RUN)}

    @property
    def rules(self) -> dict[str, RuleTally]:
        """A tally for each id that some case exercises, by id."""
        found: dict[str, list[str]] = {}
        for result in self.results:
            for rule in result.case.rules:
                found.setdefault(rule, []).append(result.outcome_of(rule))
        return {
            rule: RuleTally(
                *(found[rule].count(each) for each in (PASSED, LACKING, FAILED, NOT_RUN))
            )
            for rule in sorted(found)
        }

    @property
    def parts(self) -> dict[str, PartTally]:
        """A tally for each part of the assessment that some case expects."""
        found: dict[str, list[str]] = {}
        for check in (check for result in self.results for check in result.checks):
            found.setdefault(check.part, []).append(check.outcome)
        return {
            part: PartTally(*(found[part].count(each) for each in (RIGHT, WRONG, ABSENT)))
            for part in sorted(found)
            if part not in (ANSWER, *CONTAINERS)
        }

    def to_document(self) -> dict[str, Any]:
        """The scorecard as a `mrecist-scorecard/1` document."""
        return {
            "format": FORMAT,
            "cases": self.outcomes,
            "parts": {name: attrs.asdict(tally) for name, tally in self.parts.items()},
            "rules": {
                rule: {**attrs.asdict(tally), "of": tally.of} for rule, tally in self.rules.items()
            },
            "results": [_plain(result) for result in self.results if result.outcome != PASSED],
        }

    def told(self, *, verbose: bool = False) -> str:
        """The scorecard as text.

        Args:
            verbose: Whether to list every difference of every case.

        Returns:
            Text of several lines.
        """
        return "\n".join(self._lines(verbose))

    def _lines(self, verbose: bool) -> Iterator[str]:
        counted = ", ".join(f"{count} {name}" for name, count in self.outcomes.items() if count)
        yield f"{len(self.results)} cases: {counted or 'none'}"
        yield from ["", _row("part", ["right", "wrong", "absent"])]
        for name, part in self.parts.items():
            yield _row(name, [part.right, part.wrong, part.absent])
        yield from ["", _row("rule", ["passed", "lacking", "failed", "not run", "of"])]
        for rule, tally in self.rules.items():
            row = [tally.passed, tally.lacking, tally.failed, tally.not_run, tally.of]
            yield _row(rule, row)
        yield from self._cases(verbose)

    def _cases(self, verbose: bool) -> Iterator[str]:
        """The cases that failed or were lacking, the failed ones first."""
        unlike = [each for each in self.results if each.outcome in (FAILED, LACKING)]
        unlike.sort(key=lambda result: result.outcome)
        if unlike:
            yield ""
        for result in unlike if verbose else unlike[:SHOWN]:
            yield f"{result.case.id} {result.outcome}: {result.case.reason} ({result.case.source})"
            told = result.differences if verbose else result.differences[:1]
            yield from (f"  {each}" for each in told)
            more = len(result.differences) - len(told)
            if more:
                yield f"  and {more} more"
        if len(unlike) > SHOWN and not verbose:
            yield f"and {len(unlike) - SHOWN} more cases"

    def __str__(self) -> str:
        return self.told()

    def __repr__(self) -> str:
        counted = ", ".join(f"{count} {name}" for name, count in self.outcomes.items() if count)
        return f"<Scorecard {counted or 'of no case'}>"


def _row(name: str, cells: Iterable[object]) -> str:
    return f"{name:28}" + "".join(f"{cell:>9}" for cell in cells)


def _plain(result: Result) -> dict[str, Any]:
    return {
        "case": result.case.id,
        "outcome": result.outcome,
        "reason": result.case.reason,
        "why": result.not_run or None,
        "differences": [
            {"path": each.path, "absent": each.absent, "told": each.told}
            for each in result.differences
        ],
    }
