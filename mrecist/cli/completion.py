"""`mrecist completion`: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from typing import Any

from .._base.extras import extra
from .messages import FINE, say

__all__ = ["COMMANDS", "SHELLS"]

SHELLS = ("bash", "zsh", "fish")

_ABOUT = """\
Print the script by which a shell completes commands, options and their values. It is made by the
package shtab: pip install "mrecist[completion]".
"""
_EXAMPLES = """\
to load it in every new shell:

  bash: mrecist completion bash > ~/.local/share/bash-completion/completions/mrecist

  zsh: mrecist completion zsh > "${fpath[1]}/_mrecist"

  fish: mrecist completion fish > ~/.config/fish/completions/mrecist.fish
"""


def _takes_completion(command: argparse.ArgumentParser) -> None:
    command.description, command.epilog = _ABOUT, _EXAMPLES
    command.add_argument("shell", choices=SHELLS, help="The shell that is to complete.")
    command.set_defaults(run=_completion, file="completion")


COMMANDS = {"completion": _takes_completion}
"""What adds the arguments of each command."""


def _completion(options: argparse.Namespace) -> int:
    from .parser import parser_of_all

    try:
        shtab = extra("shtab", of="completion", purpose="the completion of a shell needs")
    except ImportError as error:
        return say(str(error))
    parser = parser_of_all()
    _complete_files(parser, shtab)
    print(shtab.complete(parser, shell=options.shell))
    return FINE


_FILES = re.compile(r"FILE|CASE|SOURCE|FINDINGS|LINES|PROCEDURES|DECISIONS|OUT")
_FOLDERS = re.compile(r"FOLDER")


def _complete_files(parser: argparse.ArgumentParser, shtab: Any) -> None:
    """Have the names of files completed where an argument is one, in every command.

    shtab reads the same lists of argparse, which have no public name.
    """
    for action in parser._actions:
        if isinstance(action.choices, Mapping):
            for command in action.choices.values():
                _complete_files(command, shtab)
        elif isinstance(action.metavar, str) and _FOLDERS.search(action.metavar):
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif isinstance(action.metavar, str) and _FILES.search(action.metavar):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
