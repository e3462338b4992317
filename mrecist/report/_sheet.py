"""How tall the course may be in print, so that the answer stands on the first sheet of A4.

Heights are estimates in millimetres of what stands beside it; the browser has the last word.
"""

from __future__ import annotations

from ._contents import Contents

__all__ = ["figure_mm"]

SHEET = 267.0
"""What a sheet of A4 has between its margins."""
LEAST, MOST = 55.0, 104.0
LINE, TIMES, PROBLEM = 8.5, 7.0, 5.2
HEAD = 74.0
"""The head of the sheet, and headings."""


def figure_mm(it: Contents) -> int:
    """The height of the figure in print that leaves room for the answer on the first sheet.

    The key goes on over the sheet. A brief page needs none: there the figure takes what is left.
    """
    taken = (LINE + TIMES) * len(it.lines) + PROBLEM * max(len(it.problems), 1) + HEAD
    return round(min(max(SHEET - taken, LEAST), MOST))
