"""How tall the course may be in print, so that the answer stands on the first sheet of A4.

Heights are estimates in millimetres of what stands beside it; the browser has the last word.
"""

from __future__ import annotations

from collections.abc import Sequence

from ._contents import Contents

__all__ = ["figure_mm"]

SHEET = 267.0
"""What a sheet of A4 has between its margins."""
LEAST, MOST = 55.0, 104.0
LINE, TIMES, FOLLOW_UP, PROBLEM = 8.5, 7.0, 4.9, 5.2
KEY_ROW, KEY_LETTERS = 3.3, 150
"""A row of the key, and its letters where it runs on."""
WHOLE, BRIEF = 74.0, 72.0
"""The head of the sheet, headings, limits and foot."""


def figure_mm(it: Contents, key: Sequence[tuple[str, str]], *, brief: bool) -> int:
    """The height of the figure in print that leaves room for all else on the first sheet."""
    taken = LINE * len(it.lines) + PROBLEM * max(len(it.problems), 1)
    if brief:
        letters = sum(len(text.partition(" (")[0]) + 5 for _, text in key)
        taken += FOLLOW_UP * sum(len(part.whys) for part in it.lines)
        taken += KEY_ROW * -(-letters // KEY_LETTERS) + BRIEF
    else:
        taken += TIMES * len(it.lines) + WHOLE  # the key may go on over the page
    return round(min(max(SHEET - taken, LEAST), MOST))
