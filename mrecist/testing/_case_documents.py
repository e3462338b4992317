"""Valid case documents (`mrecist-case/1`) that reach the corners of the rules often.

To place totals exactly on a threshold of the line they belong to, or one micrometre beside it, a
draft keeps a rough idea of each line's targets; where that idea is wrong, the document is as valid
as ever. Nothing here shares code with the rules of the package.
"""

from __future__ import annotations

from hypothesis import strategies as st

from ._choices import EVENLY, LEFT_OUT, ONE_IN_4, ONE_IN_12, Document, Draw
from ._course_choices import (
    FLAVOURS,
    FORMS,
    ORDERS,
    REPORTED,
    REPORTED_MOSTLY,
    REPORTED_RESPONSES,
    STARTS,
)  # fmt: skip
from ._draft_findings import DraftLesion, Writer
from ._draft_lines import (
    DraftLine,
    Sizes,
    date_of,
    draw_days,
    draw_lesions,
    draw_lines,
    line_document,
    open_line,
    opens_next,
)  # fmt: skip
from ._draft_timepoints import DraftTimepoints

__all__ = ["case_documents"]


@st.composite
def case_documents(
    draw: Draw,
    *,
    max_lesions: int = 9,
    max_timepoints: int = 10,
    max_lines: int = 5,
    reported: bool = True,
    named: bool = True,
    number_forms: bool = True,
    iso_dates: bool | None = None,
    extras: bool = True,
    patient: str = "P-001",
) -> Document:
    """Valid case documents (`mrecist-case/1`), made of plain JSON values.

    They reach the corners of the rules often: totals exactly on a threshold or one micrometre
    beside it, days 41, 42 and 43, a nadir of zero, targets seen in part, lesions of every kind,
    proof that comes later, recurrence, scans shared by two lines, re-exposure. `reported`: time
    points may carry a reader's verdict; `named`: lines may name their baseline, targets and
    non-targets; `number_forms`: sizes may also be text; `iso_dates`: ISO dates (True), study days
    (False) or either (None); `extras`: markers, events, notes and explicit nulls.

        >>> from hypothesis import find
        >>> find(case_documents(), lambda case: case["timepoints"] != [])["timepoints"]
        [{'date': 42, 'findings': []}]
    """
    flavour = draw(FLAVOURS)
    if flavour == "reported" and not reported:
        flavour = "steered"
    scans, starts = draw_days(draw, flavour, max_lines, max_timepoints)
    lesions = draw_lesions(draw, flavour, max_lesions, len(scans))
    lines = [DraftLine(start) for start in starts]
    if named:
        lines = draw_lines(draw, flavour, scans, starts, lesions)
    write = Writer([0])
    if number_forms and draw(ONE_IN_4):
        write = Writer([draw(FORMS), 0, draw(FORMS), draw(FORMS), 3])
    origin = _origin(draw(STARTS), iso_dates)
    verdicts = _verdicts(draw, flavour) if reported else None
    maker = DraftTimepoints(draw, flavour, lesions, write)
    timepoints = _timepoints(draw, maker, lines, scans, verdicts, origin)
    documents = []
    for line, following in zip(lines, [*starts[1:], None], strict=True):
        documents.append(line_document(draw, line, following, scans, origin))
    timepoints, documents = _leave_out(draw, lesions, timepoints, documents)
    if draw(ORDERS) == "reversed":
        timepoints.reverse()
        documents.reverse()
    case: Document = {
        "format": "mrecist-case/1",
        "patient": patient,
        "lesions": [lesion.entry for lesion in lesions],
        "timepoints": timepoints,
        "lines": documents,
    }
    if extras and draw(ONE_IN_12):
        _add_extras(case, origin, max([*scans, *starts]))
    return case


def _origin(origin: int | str, iso_dates: bool | None) -> int | str:
    """The first date, as the document is to write dates."""
    if iso_dates is None or isinstance(origin, str) == iso_dates:
        return origin
    return "2024-01-03" if iso_dates else 0


def _verdicts(draw: Draw, flavour: str) -> st.SearchStrategy[str | None] | None:
    """What a reader reports at a time point, where anything is reported in this case."""
    if flavour == "reported":
        return REPORTED_RESPONSES if draw(EVENLY) else REPORTED_MOSTLY
    return REPORTED if draw(ONE_IN_4) else None


def _timepoints(
    draw: Draw,
    maker: DraftTimepoints,
    lines: list[DraftLine],
    scans: list[int],
    verdicts: st.SearchStrategy[str | None] | None,
    origin: int | str,
) -> list[Document]:
    """The time points in order of date, each steered by the line that it falls in."""
    timepoints: list[Document] = []
    seen: list[Sizes] = []
    for index, day in enumerate(scans):
        line = [each for each in lines if each.start < day or each is lines[0]][-1]
        if line.targets is None and index > 0:
            open_line(line, maker.lesions, scans, seen)
        timepoint: Document = {"date": date_of(origin, day)}
        if index == 0:
            timepoint["findings"], sizes = maker.first()
            arterial = not draw(ONE_IN_12)
        else:
            opens = opens_next(index, scans, [each.start for each in lines])
            timepoint["findings"], sizes, arterial = maker.later(index, line, opens)
        if not arterial:
            timepoint["arterial_phase"] = False
        if verdicts is not None:
            verdict = None if index in maker.pause else draw(verdicts)
            if verdict is not None:
                timepoint["reported"] = verdict
        seen.append(sizes)
        timepoints.append(timepoint)
        if index > 0 and line.targets:
            line.follow(sizes)
    return timepoints


def _leave_out(
    draw: Draw, lesions: list[DraftLesion], timepoints: list[Document], lines: list[Document]
) -> tuple[list[Document], list[Document]]:
    """Take some time points, lines and lesions away, with all that refers to them."""
    timepoints = [timepoint for timepoint in timepoints if not draw(LEFT_OUT)]
    lines = [line for line in lines[:-1] if not draw(LEFT_OUT)] + lines[-1:]
    gone = {lesion.id for lesion in lesions if draw(LEFT_OUT)}
    lesions[:] = [lesion for lesion in lesions if lesion.id not in gone]
    for timepoint in timepoints:
        timepoint["findings"] = [
            finding for finding in timepoint["findings"] if finding["lesion"] not in gone
        ]
    dates = [timepoint["date"] for timepoint in timepoints]
    for line in lines:
        if line.get("baseline") not in dates:
            line.pop("baseline", None)
        for key in ("targets", "nontargets"):
            if key in line:
                line[key] = [name for name in line[key] if name not in gone]
    return timepoints, lines


def _add_extras(case: Document, origin: int | str, last_day: int) -> None:
    """What stays out of the verdict (section 10), and `null` for what is left out."""
    case["markers"] = [
        {"date": date_of(origin, 0), "name": "AFP", "value": 120.5, "unit": "ng/mL"},
        {"date": date_of(origin, last_day), "name": "AFP", "value": "<3", "unit": "ng/mL"},
    ]
    case["events"] = [{"date": date_of(origin, 3), "text": "ascites drained"}]
    case["death"] = None
    case["last_contact"] = date_of(origin, last_day + 100)
    for lesion in case["lesions"]:
        lesion["label"] = "as seen on CT"
        lesion.setdefault("hilar", None)
        lesion.setdefault("enhancement", None)
        lesion.setdefault("treated", None)
    for timepoint in case["timepoints"]:
        timepoint["note"] = "second reader agreed"
        timepoint.setdefault("arterial_phase", None)
        timepoint.setdefault("reported", None)
        for finding in timepoint["findings"]:
            finding.setdefault("status", None)
            finding.setdefault("viable_mm", None)
            finding.setdefault("pattern", "unknown")
            finding.setdefault("cytology", None)
            finding.setdefault("biopsy", "not done")
            finding.setdefault("equivocal", False)
    for line in case["lines"]:
        line["doses"] = [{"date": line["start"], "text": "full dose"}]
        for key in ("stop", "end_reason", "baseline", "targets", "nontargets"):
            line.setdefault(key, None)
