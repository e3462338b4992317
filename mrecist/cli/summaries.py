"""What a command did, in one line on stderr: so that stdout holds nothing but the answer."""

from __future__ import annotations

import argparse
from typing import Any

import attrs

from .._base.text import several
from .messages import harmless, say

__all__ = ["Counts", "takes_quiet", "tell", "tell_words"]


@attrs.frozen(kw_only=True)
class Counts:
    """How much was read and judged; what was not looked for is `None`, and is not said.

    `errors` are mistakes, each told or written; `problems` what is odd, `notes` what is probably
    meant otherwise.
    """

    patients: int
    lines: int | None = None
    timepoints: int | None = None
    errors: int = 0
    problems: int | None = None
    notes: int | None = None

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        sums: dict[str, Any] = {
            each.name: _sum(getattr(self, each.name), getattr(other, each.name))
            for each in attrs.fields(Counts)
        }
        return Counts(**sums)

    def __str__(self) -> str:
        read = [(self.patients, "patient"), (self.lines, "line"), (self.timepoints, "time point")]
        odd = [(self.errors, "error"), (self.problems, "problem"), (self.notes, "note")]
        return "; ".join(_listed(each) for each in (read, odd))


def _sum(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else one + other


def _listed(counts: list[tuple[int | None, str]]) -> str:
    return ", ".join(_counted(count, noun) for count, noun in counts if count is not None)


def _counted(count: int, noun: str) -> str:
    return several(count, noun) if count else f"no {noun}s"


def takes_quiet(command: argparse.ArgumentParser) -> None:
    """Add the flag that leaves the summary and the progress out."""
    command.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="Leave out the summary line and the progress on stderr; mistakes are reported "
        "all the same. Default: both are written.",
    )


def tell(
    options: argparse.Namespace, counts: Counts | None = None, *, written: str | None = None
) -> None:
    """Say on stderr what was done: how much, and where it was written. `--quiet` says nothing."""
    parts = [] if counts is None else [str(counts)]
    parts += [] if written is None else [f"written to {written}"]
    tell_words(options, "; ".join(parts))


def tell_words(options: argparse.Namespace, summary: str) -> None:
    """Say on stderr what was done, in words. `--quiet` says nothing."""
    if not options.quiet:
        say(f"{options.file}: {summary}", spelled=harmless)
