"""What every command says on stderr, and its exit status."""

from __future__ import annotations

import re
import sys

__all__ = ["COULD_NOT_RUN", "FINE", "INVALID", "harmless", "on_a_line", "say"]

FINE, INVALID, COULD_NOT_RUN = 0, 1, 2
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def say(message: str) -> int:
    print(on_a_line(f"mrecist: {message}"), file=sys.stderr)
    return COULD_NOT_RUN


def on_a_line(message: str) -> str:
    """A message as one line that no terminal obeys, whatever names it quotes."""
    return harmless(" ".join(message.splitlines()))


def harmless(text: str) -> str:
    """Text without control characters that a terminal would obey; line ends are left."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)
