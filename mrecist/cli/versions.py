"""The versions of all that a verdict depends on."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .. import __version__
from ..rulebook.edition import edition

__all__ = ["versions"]

_NEEDED = ("numpy", "attrs")


def versions() -> Iterator[tuple[str, str]]:
    """The names and versions: ours, the rulebook's edition, the language, what the core needs."""
    from importlib.metadata import PackageNotFoundError, version  # slow, and only asked for here

    yield "mrecist", __version__
    yield "rulebook", edition()
    yield "python", sys.version.partition(" ")[0]
    for name in _NEEDED:
        try:
            yield name, version(name)
        except PackageNotFoundError:  # a build without its record
            yield name, "unknown"
