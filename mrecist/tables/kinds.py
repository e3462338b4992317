"""Kinds of tables as type checkers see them: what comes out is of the kind that came in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy.typing as npt

    # Known to every type checker, without being installed: a bare `Responses` needs no parameter.
    from typing_extensions import TypeVar

    Table = TypeVar("Table", covariant=True, default=Any)
    Frame = TypeVar("Frame")
else:
    from typing import TypeVar

    Table, Frame = TypeVar("Table", covariant=True), TypeVar("Frame")

__all__ = ["Arrays", "Frame", "Table"]

Arrays: TypeAlias = "dict[str, npt.NDArray[Any]]"
"""What a mapping of lists or arrays comes out as: columns by name."""
