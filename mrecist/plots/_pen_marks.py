"""The shapes of markers as SVG, each in a square of its size, as matplotlib draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["marker"]

Points = Sequence[tuple[float, float]]

_STAR = [
    (r * math.sin(math.pi * i / 5), -r * math.cos(math.pi * i / 5))
    for i in range(10)
    for r in [0.5 if i % 2 == 0 else 0.5 * 0.381966]
]
_PLUS = [(1, 0), (2, 0), (2, 1), (3, 1), (3, 2), (2, 2), (2, 3), (1, 3), (1, 2), (0, 2), (0, 1),
         (1, 1)]  # fmt: skip
_CROSS = [(1, 0), (2, 1), (3, 0), (4, 1), (3, 2), (4, 3), (3, 4), (2, 3), (1, 4), (0, 3), (1, 2),
          (0, 1)]  # fmt: skip
_DIAGONAL = math.sqrt(0.5)

_SHAPES: dict[str, Points] = {
    "s": [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)],
    "D": [(0, -_DIAGONAL), (_DIAGONAL, 0), (0, _DIAGONAL), (-_DIAGONAL, 0)],
    "^": [(0, -0.5), (0.5, 0.5), (-0.5, 0.5)],
    "v": [(0, 0.5), (0.5, -0.5), (-0.5, -0.5)],
    ">": [(0.5, 0), (-0.5, 0.5), (-0.5, -0.5)],
    "*": _STAR,
    "P": [(x / 3 - 0.5, y / 3 - 0.5) for x, y in _PLUS],
    "X": [(x / 4 - 0.5, y / 4 - 0.5) for x, y in _CROSS],
}
_ROUND = {"o": 0.5, ".": 0.25}


def marker(kind: str, x: float, y: float, size: float, look: str) -> str:
    """A marker around a point; `look` is its fill and stroke."""
    if kind in _ROUND:
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_ROUND[kind] * size:.2f}" {look}/>'
    points = " ".join(f"{x + size * dx:.2f},{y + size * dy:.2f}" for dx, dy in _SHAPES[kind])
    return f'<polygon points="{points}" {look}/>'
