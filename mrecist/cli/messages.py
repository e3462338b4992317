"""Messages on stderr and the exit status, for every command."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

__all__ = ["COULD_NOT_RUN", "FINE", "INVALID", "harmless", "on_a_line", "say"]

FINE, INVALID, COULD_NOT_RUN = 0, 1, 2
"""Exit status: 1 if the input was read and something in it is wrong, 2 if nothing could be run."""

_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def harmless(text: str) -> str:
    """Text without what a terminal would obey: control characters, and those that turn the
    direction of text. Line ends are left."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


LONGEST = 4000
"""More characters than a message has, unless it quotes a name that is none."""


def on_a_line(message: str, spelled: Callable[[str], str] = harmless) -> str:
    """A message as one line that no terminal obeys, whatever names it quotes.

    Of one that is too long to be read, the beginning and the end.
    """
    if len(message) > LONGEST:
        half = LONGEST // 2
        left_out = f" ... ({len(message) - 2 * half} characters) ... "
        message = f"{message[:half]}{left_out}{message[-half:]}"
    return spelled(" ".join(message.splitlines()))


def say(message: str, spelled: Callable[[str], str] = harmless) -> int:
    """Print a message on stderr, as one line; returns the status of a command that cannot run."""
    print(on_a_line(f"mrecist: {message}", spelled), file=sys.stderr)
    return COULD_NOT_RUN
