"""Survivors that are explained: `survivors.toml`, held against what survived."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from .operators import ROOT, Outcome

FILE = Path(__file__).parent / "survivors.toml"


@attrs.frozen(kw_only=True)
class Survivor:
    """A change of one module's line that no test can notice, and why."""

    module: str
    was: str
    now: str
    why: str


def survivors() -> list[Survivor]:
    """The survivors that the file explains: of each line, one or more changes with one reason."""
    entries = tomllib.loads(FILE.read_text("utf-8")).get("survivor", [])
    return [
        Survivor(module=entry["module"], was=entry["was"], now=now, why=entry["why"])
        for entry in entries
        for now in entry["now"]
    ]


def stale(explained: Sequence[Survivor]) -> list[str]:
    """Explanations of lines that their module does not hold any more."""
    told = []
    for each in explained:
        text = (ROOT / "mrecist" / f"{each.module}.py").read_text("utf-8")
        lines = {line.strip() for line in text.splitlines()}
        if not set(each.was.splitlines()) <= lines:
            told.append(f"survivors.toml: {each.module}.py has no line {each.was!r}")
    return told


def wrong(outcomes: Sequence[Outcome], modules: Sequence[str], *, complete: bool) -> list[str]:
    """Survivors without an explanation; of a complete run, also explanations of no survivor."""
    explained = [each for each in survivors() if each.module in modules]
    return [*stale(explained), *_unexplained(outcomes, explained)] + (
        list(_idle(outcomes, explained)) if complete else []
    )


def is_explained(outcome: Outcome) -> bool:
    """Whether the file explains why nobody noticed."""
    return any(
        (each.module, each.was, each.now) == (outcome.module, outcome.was, outcome.now)
        for each in survivors()
    )


def _unexplained(outcomes: Sequence[Outcome], explained: Sequence[Survivor]) -> Iterator[str]:
    known = {(each.module, each.was, each.now) for each in explained}
    for each in outcomes:
        if each.survived and (each.module, each.was, each.now) not in known:
            yield (
                f"survived: {each.module}.py:{each.line}, {each.operator}\n"
                f"  was: {each.was}\n  now: {each.now}"
            )


def _idle(outcomes: Sequence[Outcome], explained: Sequence[Survivor]) -> Iterator[str]:
    survived = {(each.module, each.was, each.now) for each in outcomes if each.survived}
    for each in explained:
        if (each.module, each.was, each.now) not in survived:
            yield f"survivors.toml: noticed after all: {each.module}.py: {each.now!r}"
