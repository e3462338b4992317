"""How far long work is: one line on stderr, on a terminal only, after two seconds."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Self, TypeVar

__all__ = ["Meter", "metered"]

T = TypeVar("T")

_BAR, _TOLD = 30, 40
_FIRST, _NEXT = 2.0, 0.5
"""Seconds before the line is shown, and between two changes of it."""


class Meter:
    """A line on stderr that counts what is done; it is gone at the end.

    `quiet` shows nothing.
    """

    def __init__(self, what: str = "rows", *, quiet: bool = False) -> None:
        self._what = what
        self._shows = sys.stderr.isatty() and not quiet
        self._begun = self._last = time.monotonic()

    def __call__(self, done: int, of: int | None = None) -> None:
        """Tell that so much is done, of so much where that is known."""
        now = time.monotonic()
        if not self._shows or now - self._begun < _FIRST or now - self._last < _NEXT:
            return
        self._last = now
        rate = f"{done / (now - self._begun):.0f} a second"
        told = f"{done} {self._what}, {rate}" if of is None else f"{done} of {of} {self._what}"
        share = 0 if not of else _BAR * min(done, of) // of
        bar = "" if of is None else "#" * share + "." * (_BAR - share) + " "
        print(f"\r{bar}{told:{_TOLD}}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._last != self._begun:
            print("\r" + " " * (_BAR + _TOLD + 1) + "\r", end="", file=sys.stderr, flush=True)


def metered(each: Iterable[T], what: str, options: argparse.Namespace) -> Iterator[T]:
    """The same, counted on stderr as they come; not where stdout is the same terminal."""
    quiet = getattr(options, "quiet", False) or sys.stdout.isatty()
    with Meter(what, quiet=quiet) as meter:
        for count, one in enumerate(each, 1):
            yield one
            meter(count)
