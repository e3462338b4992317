"""Documents in study days, told in dates of the calendar."""

from __future__ import annotations

import datetime
from typing import Any

__all__ = ["in_calendar"]

DATES = {"date", "start", "stop", "baseline", "death", "last_contact"}
DAY_0 = datetime.date(2024, 1, 1)


def in_calendar(value: Any, key: str = "") -> Any:
    """The same with every study day as the date so many days after the start of 2024."""
    if isinstance(value, dict):
        return {name: in_calendar(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [in_calendar(each, key) for each in value]
    if key in DATES and isinstance(value, int):
        return (DAY_0 + datetime.timedelta(days=value)).isoformat()
    return value
