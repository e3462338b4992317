"""Options that several commands share: cases, criteria, a policy, a number of processes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from functools import partial

import attrs

from .._base.converters import spelt
from .._base.errors import CriteriaError
from .._base.extras import ENGINES
from .._base.processes import MOST_JOBS
from ..rulebook.criteria import CRITERIA
from ..rulebook.lesion_criteria import LESION_CRITERIA
from ..rulebook.policies import POLICIES, Policy, Schedule
from .messages import say

__all__ = [
    "may_write",
    "policy_of",
    "takes_cases",
    "takes_criteria",
    "takes_engine",
    "takes_jobs",
    "takes_policy",
]


def takes_cases(command: argparse.ArgumentParser, *, grades: bool = False) -> None:
    """`grades`: criteria that grade lesions, and give no response, are taken too."""
    command.add_argument(
        "file",
        metavar="FILE",
        help="a .json or .jsonl file, a worksheet, FHIR, DICOM SR, or - for stdin",
    )
    takes_criteria(command, grades=grades)


def takes_criteria(command: argparse.ArgumentParser, *, grades: bool = False) -> None:
    known = [*CRITERIA, *(LESION_CRITERIA if grades else ())]
    command.add_argument(
        "--criteria",
        type=partial(spelt, choices=known),
        choices=known,
        default="mrecist",
        help="default: mrecist",
    )


def takes_policy(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--policy",
        type=partial(spelt, choices=POLICIES),
        choices=list(POLICIES),
        default="fda-a",
        help="of censoring; default: fda-a",
    )
    command.add_argument(
        "--every", type=_days, metavar="DAYS", help="assessments were due every so many days"
    )
    command.add_argument(
        "--window", type=_days, metavar="DAYS", help="and could be so many days late"
    )
    command.add_argument(
        "--missed-by", choices=["days", "visits"], default="days",
        help="how missed assessments are counted; default: days",
    )  # fmt: skip
    command.add_argument(
        "--confirmed", action="store_true", help="times of confirmed responses only"
    )


def takes_jobs(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument("--jobs", type=_jobs, default=1, metavar="N", help=about)


def takes_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine",
        choices=ENGINES,
        default="auto",
        help="numba: compiled loops, with mrecist[fast]; numpy: without; default: auto",
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
