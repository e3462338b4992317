"""Case documents whose deaths, contacts and stops matter to time-to-event measures."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from ._case_documents import case_documents
from ._choices import EVENLY, INDICES, Document, Draw, pick
from ._course_choices import AGENTS, FOLLOWUPS, LINES
from ._draft_lines import date_of

__all__ = ["timed_documents"]

_BESIDE = pick((4, 0), (1, 1), (1, -1), (1, 10), (1, 100), (1, 300))
_LIVES = pick((5, "alive"), (4, "after all"), (2, "at a scan"), (2, "at a start"), (2, "at a stop"))
_AFTER = pick((3, 20), (2, 1), (2, 60), (2, 120), (1, 0), (1, 200))
_CONTACTS: st.SearchStrategy[int | None] = pick((3, None), (3, 30), (1, 0), (1, 400), (1, -50))
_STOPPED: st.SearchStrategy[str | None] = pick(
    (4, None),
    (3, "at a scan"),
    (2, "at the next start"),
    (2, "within"),
    (1, "at once"),
    (1, "after"),
)
_VERDICT: st.SearchStrategy[str | None] = pick(
    (5, "SD"), (3, "PR"), (3, "PD"), (2, "NE"), (1, "CR"), (1, "NON-CR/NON-PD"), (1, None)
)
_INTERVALS = pick((4, 42), (2, 28), (2, 56), (1, 41), (1, 43), (2, 84), (1, 130))
_PAUSE_BEFORE = pick((5, 0), (1, 1), (1, 14), (1, 40))
_STOP_REASONS: st.SearchStrategy[str | None] = pick(
    (4, "progression"),
    (2, None),
    (2, "toxicity"),
    (1, "choice"),
    (1, "deterioration"),
    (1, "death"),
)


@st.composite
def timed_documents(
    draw: Draw, /, *, iso_dates: bool | None = None, odd: bool = True, **limits: Any
) -> Document:
    """A valid case document with deaths, last contacts, stops and reasons that matter to times.

    `odd`: now and then a line stops after the next began, or a line, scan or contact comes after
    the death. `limits` are those of `case_documents`.

        >>> from hypothesis import find
        >>> "death" in find(timed_documents(), lambda case: "death" in case)
        True
    """
    limits = {"max_lesions": 3, "max_timepoints": 8, "max_lines": 4} | limits
    if draw(EVENLY):
        case = draw(_verdicts_only(iso_dates, limits["max_lines"]))
    else:
        case = draw(case_documents(iso_dates=iso_dates, extras=False, **limits))
    scans = sorted(_day(timepoint["date"]) for timepoint in case["timepoints"])
    lines = sorted(case["lines"], key=lambda line: _day(line["start"]))
    starts = [_day(line["start"]) for line in lines]
    written = lines[0]["start"]
    for line, start, following in zip(lines, starts, [*starts[1:], None], strict=True):
        line.pop("stop", None)
        line.pop("end_reason", None)
        last = following if following is not None else max([start, *scans]) + 30
        stop = _stop(draw, start, last, [day for day in scans if start <= day <= last])
        if stop is not None:
            stop = stop if odd else min(stop, last)
            line["stop"] = _as(written, stop)
        reason = draw(_STOP_REASONS)
        if reason is not None:
            line["end_reason"] = reason
    stops = [_day(line["stop"]) for line in lines if "stop" in line]
    latest = max([*scans, *starts, *stops])
    lives = draw(_LIVES)
    places = {"at a scan": scans, "at a start": starts, "at a stop": stops}.get(lives, [])
    death = None
    if lives == "after all" or (places and not odd):
        death = latest + draw(_AFTER)
    elif places:
        death = places[-1 - draw(INDICES[min(len(places) - 1, 3)])] + draw(_BESIDE)
    if death is not None:
        case["death"] = _as(written, death)
    contact = draw(_CONTACTS)
    if contact is not None:
        contact += latest if death is None or odd else min(latest, death) - 400
        case["last_contact"] = _as(written, contact)
    return case


@st.composite
def _verdicts_only(draw: Draw, iso_dates: bool | None, most_lines: int) -> Document:
    """A case with one lesion or none: most responses are what a reader reported."""
    origin: int | str = 0
    if draw(EVENLY) if iso_dates is None else iso_dates:
        origin = "2024-01-03"
    timepoints: list[Document] = [{"date": date_of(origin, 0), "findings": []}]
    lines: list[Document] = []
    day = 0
    while lines == [] or (len(lines) < most_lines and draw(LINES)):
        day += draw(_PAUSE_BEFORE) + (lines != [] and lines[-1]["start"] == date_of(origin, day))
        lines.append({"agents": list(draw(AGENTS)), "start": date_of(origin, day)})
        while draw(FOLLOWUPS):
            day += draw(_INTERVALS)
            timepoints.append({"date": date_of(origin, day), "findings": []})
            verdict = draw(_VERDICT)
            if verdict is not None:
                timepoints[-1]["reported"] = verdict
    lesions = []
    if draw(EVENLY):
        # What is not evaluable takes a lesion: without any, there is no evidence of disease.
        lesions = [{"id": "BONE", "organ": "bone", "kind": "other"}]
        statuses = {"NE": "not evaluable", "CR": "absent"}
        for timepoint in timepoints:
            seen = statuses.get(timepoint.get("reported", ""), "present")
            timepoint["findings"] = [{"lesion": "BONE", "status": seen}]
    return {
        "format": "mrecist-case/1",
        "patient": "P-001",
        "lesions": lesions,
        "timepoints": timepoints,
        "lines": lines,
    }


def _stop(draw: Draw, start: int, last: int, scans: list[int]) -> int | None:
    how = draw(_STOPPED)
    if how is None or (how == "at a scan" and not scans):
        return None
    if how == "at a scan":
        return scans[-1 - draw(INDICES[min(len(scans) - 1, 3)])]
    return {
        "at the next start": last,
        "within": (start + last) // 2,
        "at once": start,
        "after": last + 15,
    }[how]


def _day(date: int | str) -> int:
    return datetime.date.fromisoformat(date).toordinal() if isinstance(date, str) else date


def _as(like: int | str, day: int) -> int | str:
    """A day in the way that another date is written."""
    return datetime.date.fromordinal(day).isoformat() if isinstance(like, str) else day
