"""The name that somebody probably meant: one place for every "did you mean".

Nothing is ever read as the nearest name; it is only said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["did_you_mean", "folded", "nearest"]

ALIKE = 0.6
"""How alike two names must be, from 0 to 1, for one to be offered for the other."""
_LONGEST = 60


def folded(name: str) -> str:
    """A name without what does not matter in it: case, and `_` or `-`."""
    return name.casefold().replace("_", "-")


def nearest(value: Any, known: Iterable[str], alike: float = ALIKE) -> str | None:
    """The known name that is nearest to a value as it is spelt, or `None` where none is near."""
    from difflib import get_close_matches  # costs more than all else here, and few mistype

    near = get_close_matches(value[:_LONGEST], known, 1, alike) if isinstance(value, str) else []
    return near[0] if near else None


def did_you_mean(value: Any, known: Iterable[str], alike: float = ALIKE) -> str:
    """`; did you mean "name"?` where a known name is near, case and `_` aside; else nothing."""
    names = {folded(name): name for name in known}
    near = nearest(folded(value), names, alike) if isinstance(value, str) else None
    return "" if near is None else f'; did you mean "{names[near]}"?'
