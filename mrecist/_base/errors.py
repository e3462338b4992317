"""What can go wrong, told apart by whose fault it is.

`CaseError`: the case breaks the rules of a case document. `CriteriaError`: a protocol that cannot
be. `DocumentError`: input that is no document at all. `TableError`: a decision table of ours that
is not sound (a bug here, found at import). `Problem` is not an error: what is odd but possible,
noted beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag
from functools import lru_cache
from typing import Any

__all__ = [
    "CaseError",
    "CourseProblem",
    "CriteriaError",
    "DocumentError",
    "MrecistError",
    "NotThereError",
    "Problem",
    "TableError",
    "check_type",
    "got",
]


def check_type(value: Any, kinds: type | tuple[type, ...], told: str) -> None:
    """Raise `TypeError` for an argument of another type: `told` says what is taken."""
    if not isinstance(value, kinds):
        raise TypeError(f"{told}, got {got(value)}")


def got(value: Any) -> str:
    """The type of an argument that is not taken, and what to give instead where it can say."""
    instead = getattr(type(value), "_INSTEAD", "")
    return f"{type(value).__name__}{instead and f'; {instead}'}"


class MrecistError(Exception):
    """The base of every error that this library raises on purpose."""


class CaseError(MrecistError, ValueError):
    """A case that no sound chart can contain, with every mistake that was found.

    `mistakes` are `(path, message)` pairs such as `("timepoints[1].date", "must be unique, ...")`;
    `where` names the record they were found in (`"patient P-001"`), and may be empty.
    """

    def __init__(self, where: str, mistakes: Iterable[tuple[str, str]]) -> None:
        self.where = where
        self.mistakes = tuple(mistakes)
        super().__init__(where, self.mistakes)

    @property
    def lines(self) -> list[str]:
        """Every mistake as one line, its path first."""
        return [f"{path}: {message}" if path else message for path, message in self.mistakes]

    def __str__(self) -> str:
        prefix = f"{self.where}: " if self.where else ""
        return "\n".join(prefix + line for line in self.lines)


class DocumentError(MrecistError, ValueError):
    """Input that cannot be read as documents at all: not UTF-8, not JSON, or far too large."""


class CriteriaError(MrecistError, ValueError):
    """A protocol that cannot be: a share above one, a floating-point share, a negative floor."""


class NotThereError(MrecistError, KeyError):
    """A line, a date or a name that was asked for and is not there; says what there is."""

    def __str__(self) -> str:
        return str(self.args[0])


class TableError(MrecistError):
    """A decision table with a hole, a contradiction or a row that never fires."""


class Problem(IntFlag):
    """What is odd but possible. A verdict is given all the same.

    `_base.problems.PROBLEMS` says of each where it stands and what to do about it.
    """

    NO_BASELINE = 1
    OLD_BASELINE = 2
    UNFIT_TARGET = 4
    TOO_MANY_TARGETS = 8
    BASELINE_INCOMPLETE = 16
    NO_SIZE = 32
    RESPONSE_AFTER_CR = 64
    VIABLE_EXCEEDS_WHOLE = 128
    BASELINE_SPREAD = 256
    UNMENTIONED_AT_BASELINE = 512
    UNSIZED_NODE = 1024
    NO_ARTERIAL_BASELINE = 2048
    NO_DISEASE_AT_BASELINE = 4096
    RISE_UNDER_5MM = 8192
    NONTARGET_GREW = 16384
    PATTERN_WITHOUT_ARTERIAL = 32768
    BIOPSY_NEGATIVE = 65536
    CR_OVER_DISEASE = 131072
    TREATED_ON_STUDY = 262144
    PARTIAL_EXAMINATION = 524288
    VIABLE_OUTSIDE_LIVER = 1048576
    LR_TR_WITH_SYSTEMIC = 2097152
    ONE_SCAN_AFTER_RADIATION = 4194304
    NO_MASSLIKE = 8388608
    NO_PERP = 16777216
    PERP_EXCEEDS_LONGEST = 33554432
    LATE_CONFIRMATION = 67108864

    def __str__(self) -> str:
        return ", ".join(self.words) or "none"

    @property
    def words(self) -> list[str]:
        """The names of the problems that are set, in alphabetical order."""
        return list(_words_of(int(self))) if self else []

    @property
    def sentences(self) -> list[str]:
        """What each problem that is set means, with its name, in the order of `words`."""
        if not self:
            return []
        from .problems import PROBLEMS  # attrs, which the command line starts without

        return [f"{word}: {PROBLEMS[word].sentence}" for word in self.words]


@lru_cache(maxsize=1 << 10)
def _words_of(bits: int) -> tuple[str, ...]:
    return tuple(sorted(str(flag.name) for flag in Problem(bits)))


class CourseProblem(IntFlag):
    """What is odd about the dates of a line. Times are given all the same."""

    STOP_AFTER_NEXT_START = 1
    STOP_AFTER_DEATH = 2
    START_AFTER_DEATH = 4
    SCAN_AFTER_DEATH = 8
    CONTACT_AFTER_DEATH = 16

    @property
    def sentences(self) -> list[str]:
        """What each problem that is set means, with its name."""
        return [f"{flag.name}: {_ODD[flag]}" for flag in self]


_ODD = {
    CourseProblem.STOP_AFTER_NEXT_START: "the line stopped after the next one began",
    CourseProblem.STOP_AFTER_DEATH: "the line stopped after the death",
    CourseProblem.START_AFTER_DEATH: "the line began after the death",
    CourseProblem.SCAN_AFTER_DEATH: "a time point of the line lies after the death",
    CourseProblem.CONTACT_AFTER_DEATH: "the last contact lies after the death",
}
