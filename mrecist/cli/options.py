"""Options that several commands share: cases, criteria, a policy, a number of processes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from .._base.converters import spelt
from .._base.errors import CriteriaError
from .._base.extras import ENGINES
from .._base.nearest import did_you_mean
from .._base.processes import MOST_JOBS
from ..rulebook.criteria import CRITERIA
from ..rulebook.immune_criteria import IMMUNE_CRITERIA
from ..rulebook.lesion_criteria import LESION_CRITERIA
from .messages import say

if TYPE_CHECKING:
    from ..rulebook.policies import Policy

__all__ = [
    "chosen", "may_write", "policy_of", "takes_cases", "takes_choice", "takes_criteria",
    "takes_engine", "takes_jobs", "takes_policy",
]  # fmt: skip

_GRADING = (
    "The criteria to judge by: {known}. `mrecist rules --criteria` tells what each was used for. "
    "Default: mrecist, HCC mRECIST of Lencioni & Llovet 2010."
)


_ELSEWHERE = {
    **{
        name: f"{name} stands beside {each.base}, and this command answers by criteria without it: "
        "take it to mrecist assess, explain, check, course, cohort, endpoints or report"
        for name, each in IMMUNE_CRITERIA.items()
    },
    **{
        name: f"{name} grades lesions one by one and gives a patient no response, which this "
        "command is about: take it to mrecist assess, explain, check or cohort"
        for name in LESION_CRITERIA
    },
}
"""What to do with criteria that a command does not take."""


def chosen(text: str, choices: Iterable[str], elsewhere: Mapping[str, str] | None = None) -> str:
    """A name of several as an argument, case and `_` aside; any other is refused with the nearest.

    `elsewhere` are names that are known but not taken, with what to say of each.
    Raises `argparse.ArgumentTypeError`.
    """
    known, others = list(choices), elsewhere or {}
    found: str = spelt(text, [*known, *others])
    if found not in known:
        if found in others:
            raise argparse.ArgumentTypeError(others[found])
        told = f"must be one of {', '.join(known)}, got {text!r}"
        raise argparse.ArgumentTypeError(told + did_you_mean(text, known))
    return found


def takes_choice(
    command: Any,
    flag: str,
    choices: Iterable[str],
    about: str,
    *,
    default: str | None = None,
    metavar: str = "NAME",
    dest: str | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    """Add an option whose value is one of some names; `{known}` in `about` lists them.

    `command` is a parser or a group of one; `elsewhere` as for `chosen`.
    """
    known = list(choices)
    named = {} if dest is None else {"dest": dest}
    command.add_argument(
        flag,
        type=partial(chosen, choices=known, elsewhere=elsewhere),
        choices=known,
        default=default,
        metavar=metavar,
        help=about.replace("{known}", ", ".join(known)),
        **named,
    )


def takes_cases(command: argparse.ArgumentParser, *, grades: bool = False) -> None:
    """Criteria of immunotherapy are taken too; `grades`: also those that grade lesions."""
    command.add_argument(
        "file",
        metavar="FILE",
        help="Case documents (.json, or .jsonl with one on each line), a worksheet, FHIR, REDCap, "
        "DICOM SR or OHIF; - reads case documents from stdin.",
    )
    takes_criteria(command, immune=True, grades=grades)


def takes_criteria(
    command: argparse.ArgumentParser, *, immune: bool = False, grades: bool = False
) -> None:
    """`immune`: criteria of immunotherapy are taken too; `grades`: those that grade lesions."""
    known = [*CRITERIA, *(IMMUNE_CRITERIA if immune else ()), *(LESION_CRITERIA if grades else ())]
    takes_choice(command, "--criteria", known, _GRADING, default="mrecist", elsewhere=_ELSEWHERE)


def takes_policy(command: argparse.ArgumentParser) -> None:
    from ..rulebook.policies import POLICIES  # few commands have one

    takes_choice(
        command,
        "--policy",
        POLICIES,
        "The policy by which times are censored: {known}. `mrecist rules fda-a` prints its clauses "
        "and sources. Default: fda-a.",
        default="fda-a",
    )
    command.add_argument(
        "--every",
        type=_days,
        metavar="DAYS",
        help="The days between two assessments by the protocol. Default: no schedule, so that no "
        "assessment counts as missed.",
    )
    command.add_argument(
        "--window",
        type=_days,
        metavar="DAYS",
        help="The days by which an assessment may be late; needs --every. Default: 0.",
    )
    takes_choice(
        command,
        "--missed-by",
        ["days", "visits"],
        "How missed assessments are counted: by the days without one, or by the visits that were "
        "due; needs --every. Default: days (RD-MISSED-VISITS).",
        default="days",
        metavar="HOW",
    )
    command.add_argument(
        "--confirmed",
        action="store_true",
        help="Count times of confirmed responses only. Default: every response counts.",
    )


def takes_jobs(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument(
        "--jobs",
        type=_jobs,
        default=1,
        metavar="N",
        help=f"{about}; 0 is one per core. Default: 1.",
    )


def takes_engine(command: argparse.ArgumentParser) -> None:
    takes_choice(
        command,
        "--engine",
        ENGINES,
        "What judges: {known}. numba takes compiled loops, with mrecist[fast]; numpy does without. "
        "Default: auto, whichever is quicker.",
        default="auto",
    )


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 for all cores, got {text!r}")
    return min(int(text[:9]) or os.cpu_count() or 1, MOST_JOBS)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"must be a whole number of days, got {text!r}")
    return int(text[:9])


def policy_of(options: argparse.Namespace) -> Policy:
    """The policy that was asked for, with its schedule."""
    from ..rulebook.policies import POLICIES, Schedule

    policy = POLICIES[options.policy]
    if options.every is None and options.window is not None:
        raise CriteriaError("--window needs --every")
    if options.every is not None:
        schedule = Schedule.every(options.every, window_days=options.window or 0)
        policy = attrs.evolve(policy, schedule=schedule, missed_by=options.missed_by)
    elif options.missed_by != "days":
        raise CriteriaError("--missed-by needs --every")
    return attrs.evolve(policy, confirmed=True) if options.confirmed else policy


def may_write(
    written: Iterable[str | os.PathLike[str]], sources: Iterable[str | os.PathLike[str]]
) -> bool:
    """Whether no file that is read would be written over; says which would."""
    from ..tables.files import TableFileError, spare_inputs

    try:
        spare_inputs(written, sources)
    except TableFileError as error:
        for line in error.lines:
            say(line)
        return False
    return True
