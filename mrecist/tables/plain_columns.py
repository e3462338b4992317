"""Tables of any kind as columns of plain values, whatever the columns are called."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from .frame_kinds import narwhal_of, streamed

__all__ = ["arrow_of", "columns_of"]

_INDEX = re.compile(r"__index_level_[0-9]+__")
"""What pandas calls an index without a name, where it becomes a column."""


def columns_of(given: Any) -> dict[str, Any]:
    """The columns of a mapping as they are, or those of a frame as lists."""
    if isinstance(given, Mapping):
        return dict(given)
    arrow = arrow_of(given)
    return {name: [*map(_plain, arrow.column(name).to_pylist())] for name in arrow.column_names}


def _plain(value: Any) -> Any:
    """A value of a frame; a point of time at midnight is its date."""
    midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
    return value.date() if midnight else value


def arrow_of(given: Any) -> Any:
    """A frame of any kind as a table of Arrow; an index without a name is no column."""
    frame = narwhal_of(given)
    if frame is None:
        frame = narwhal_of(streamed(given))
    if hasattr(frame, "collect"):
        frame = frame.collect()
    arrow = frame.to_arrow()
    own = [name for name in arrow.column_names if not _INDEX.fullmatch(name)]
    return arrow if len(own) == len(arrow.column_names) else arrow.select(own)
