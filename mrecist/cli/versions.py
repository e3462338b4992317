"""The versions of all that a verdict depends on."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterator
from typing import Any

from .. import __version__
from ..rulebook.edition import edition

__all__ = ["Version", "versions"]

_NEEDED = ("numpy", "attrs")


def versions() -> Iterator[tuple[str, str]]:
    """The names and versions: ours, the rulebook's edition, the language, what the core needs."""
    from importlib.metadata import PackageNotFoundError, version  # slow, and only asked for here

    yield "mrecist", __version__
    yield "rulebook", edition()
    yield "python", platform.python_version()
    for name in _NEEDED:
        try:
            yield name, version(name)
        except PackageNotFoundError:  # a build without its record
            yield name, "unknown"


class Version(argparse.Action):
    """Print the versions, one a line, and exit."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any, **named: Any) -> None:
        """End the command with what it prints."""
        print(*(f"{name} {told}" for name, told in versions()), sep="\n")
        parser.exit()
