"""`mrecist template`: a workbook that a radiologist can fill in."""

from __future__ import annotations

import argparse

from .messages import FINE, harmless, say
from .options import takes_choice
from .summaries import takes_quiet, tell

__all__ = ["COMMANDS"]

_ABOUT = """\
Write a workbook to fill in: sizes and words with drop-down lists, a sheet that explains every
column, and two examples. `mrecist assess FILE.xlsx` reads it as it is. With --layout wide each
patient has a sheet, each lesion a row and each scan a column; else all patients are on one sheet,
with a row for each lesion and scan.
"""


def _takes_template(command: argparse.ArgumentParser) -> None:
    command.description = _ABOUT
    command.add_argument(
        "file", metavar="FILE.xlsx", help="The workbook to write, which must not be there yet."
    )
    takes_choice(
        command,
        "--layout",
        ["long", "wide"],
        "How the workbook is laid out: long has a row for each lesion and scan, wide a sheet for "
        "each patient. Default: long.",
        default="long",
        metavar="LAYOUT",
    )
    takes_quiet(command)
    command.set_defaults(run=_template)


COMMANDS = {"template": _takes_template}
"""What adds the arguments of each command."""


def _template(options: argparse.Namespace) -> int:
    from ..io.template import write_template

    try:
        write_template(options.file, layout=options.layout)
    except (ValueError, ImportError) as error:
        return say(str(error))
    print(harmless(options.file))
    tell(options, written=f"{options.file}; fill it in, then: mrecist assess {options.file}")
    return FINE
