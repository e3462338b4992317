"""Why a line has its best responses and its progression by imRECIST."""

from __future__ import annotations

from .._base.text import when
from . import best_response
from .exposure import ExposureFacts
from .facts import LineFacts
from .joined import JoinedCourse
from .reasons import Reason, line_reasons, reason_of

__all__ = ["joined_reasons"]


def joined_reasons(
    facts: LineFacts, joined: JoinedCourse, exposure: ExposureFacts
) -> tuple[Reason, ...]:
    """The rules behind the best responses, and what later scans say of each PD."""
    best, confirmed, _ = line_reasons(
        facts,
        joined.course,
        best=best_response.best(joined.course),
        confirmed=best_response.confirmed(joined.course),
        exposure=exposure,
        timepoints=joined.counted,
    )
    days = {"confirmation_days": f"{joined.confirmation_days} days"}
    each = (
        reason_of(
            f"progression on {when(end.scan.base.date)}",
            str(end.rule.verdict),
            end.rule,
            end.rule.sentence.format_map(days),
        )
        for end in joined.ends
    )
    return (best, confirmed, *each)
