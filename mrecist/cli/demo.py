"""`mrecist demo`: a packaged case, end to end."""

from __future__ import annotations

import argparse
import sys

from .._base.json_text import dumps
from .._base.text import wrapped
from ..documents.case import to_case
from ..documents.packaged import example_case
from ..patient.engine import assess
from ..patient.explanation import explain
from ..rulebook.criteria import MRECIST
from . import demo_screen
from .messages import FINE
from .screen import show

__all__ = ["COMMANDS"]


_ABBREVIATIONS = "CR, PR complete, partial response; SD stable, PD progressive; NE not evaluable."
_DEMOS = {
    "ikeda-2021": (
        "Five lines of therapy and two rechallenges in one patient with hepatocellular\n"
        "carcinoma spread to the lung (Ikeda et al., Intern Med 2021;60:403-407), by HCC\n"
        "mRECIST. Days count from the start of line 1, most reconstructed from months."
    ),
    "synthetic": (
        "An invented patient, fully measured: viable and whole diameters, a porta hepatis\n"
        "node, tumour in the portal vein, a nodule proved by a later scan, a rechallenge.\n"
        "By HCC mRECIST."
    ),
}


def _takes_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--synthetic",
        action="store_true",
        help="Show an invented patient, fully measured. Default: the published case.",
    )
    shown = command.add_mutually_exclusive_group()
    shown.add_argument(
        "--why",
        action="store_true",
        help="Print the reasons for every verdict. Default: the course on one screen.",
    )
    shown.add_argument(
        "--case",
        action="store_true",
        help="Print the case document, to write your own by. Default: the course on one screen.",
    )
    command.set_defaults(run=_demo, file="demo")


COMMANDS = {"demo": _takes_demo}
"""What adds the arguments of each command."""


def _demo(options: argparse.Namespace) -> int:
    name = "synthetic" if options.synthetic else "ikeda-2021"
    flag = " --synthetic" if options.synthetic else ""
    patient = example_case(name)
    if options.case:
        print(dumps(to_case(patient), indent=1))
        return FINE
    assessment = assess(patient, criteria=MRECIST)
    if options.why:
        show(explain(assessment))
        return FINE
    bars = "utf" in _encoding().lower()
    lesions = wrapped(f"Lesions: {demo_screen.legend(assessment)}.", "", demo_screen.WIDTH)
    print(
        *[
            _DEMOS[name],
            _ABBREVIATIONS,
            *lesions,
            "",
            demo_screen.course(assessment, bars=bars),
            "",
        ],
        "computed: by the rules, from the findings; reported: the reader's verdict stands",
        "in where the rules reach none; written: the reader's words, no verdict. AFP is",
        "shown beside (bars: logarithmic), never part of a verdict.",
        "",
        f"why, rule by rule:  mrecist demo{flag} --why",
        "your own case:      mrecist demo --synthetic --case > case.json  (edit it, then)",
        "                    mrecist assess case.json",
        sep="\n",
    )
    return FINE


def _encoding() -> str:
    return sys.stdout.encoding or "ascii"
