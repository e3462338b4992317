"""ADaM and SDTM on the command line: the flags, and the files."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .._base.errors import DocumentError
from .._base.text import several
from ..rulebook.policies import POLICIES
from .options import takes_choice

if TYPE_CHECKING:
    from ..cohort.responses import Responses
    from ..io.study import Study

__all__ = ["KINDS", "adam_paths", "adsl_of", "takes_adam", "wants_adam", "write_adam", "write_sdtm"]

KINDS = ("xpt", "csv", "parquet", "json")
"""The kinds of files that data sets are written to."""


def takes_adam(command: argparse.ArgumentParser) -> None:
    """Add the flags that ask for ADaM."""
    group = command.add_argument_group(
        "ADaM", "Data sets ADRS, ADTR and ADTTE of an SDTM study or a worksheet."
    )
    takes_choice(
        group,
        "--adam",
        KINDS,
        "Write them too, as files of this kind: {known}. Default: they are not written.",
        metavar="KIND",
    )
    group.add_argument(
        "--adsl",
        metavar="FILE",
        help="The data set of subjects whose columns they carry; needs --adam. Default: none.",
    )
    takes_choice(
        group,
        "--censoring",
        POLICIES,
        "The policy by which times in ADTTE are censored: {known}; needs --adam. Default: fda-a.",
    )


def wants_adam(options: argparse.Namespace) -> bool:
    """Whether some flag of ADaM is given."""
    return any((options.adam, options.adsl, options.censoring))


def adam_paths(options: argparse.Namespace) -> list[str]:
    """The files of the data sets that are asked for."""
    if options.adam is None:
        return []
    return [
        os.path.join(options.out, f"{name}.{options.adam}") for name in ("adrs", "adtr", "adtte")
    ]


def adsl_of(options: argparse.Namespace) -> list[str]:
    """The file of the subjects, if one is given."""
    return [] if options.adsl is None else [options.adsl]


def write_adam(responses: Responses, study: Study, options: argparse.Namespace) -> None:
    """Write the data sets of ADaM where they are asked for.

    Raises `DocumentError` for subjects that do not fit, and text that a file cannot hold.
    """
    if options.adam is None:
        if wants_adam(options):
            raise DocumentError("--adsl and --censoring are of --adam")
        return
    from ..io.subjects import read_subjects

    reader = study.readers[0].title() if study.readers else "Investigator"
    with _told():
        adsl = None if options.adsl is None else read_subjects(options.adsl)
        policy = options.censoring or "fda-a"
        responses.to_adam(adsl, policy=policy, reader=reader).write(options.out, options.adam)


def write_sdtm(
    study: Study, folder: str, kind: str, *, computed_rs: bool = False, criteria: str = "mrecist"
) -> str | None:
    """Write the data sets of SDTM; what is to be said of what they cannot say.

    Raises `DocumentError` for dates that are study days, and text that a file cannot hold, and
    `AskError` where responses are to be computed and the study leaves open how.
    """
    from ..io.tables_out import write_tables

    with _told():
        made = study.to_sdtm(computed_rs=computed_rs, criteria=criteria)
        made.write(folder, kind)
    count = len(made.unsaid["patient"])
    path = os.path.join(folder, "unsaid.csv")
    if count:
        write_tables({path: made.unsaid})
    return f"SDTM cannot say {several(count, 'thing')}: see {path}" if count else None


@contextmanager
def _told() -> Iterator[None]:
    """Turn what does not fit into one message; a question is passed on."""
    from ..io.errors import AskError

    try:
        yield
    except AskError:
        raise
    except (ValueError, ImportError) as error:
        raise DocumentError("; ".join(str(error).splitlines())) from None
