"""Valid case documents (`mrecist-case/1`) that reach the corners of the rules often.

To place totals exactly on a threshold of the line they belong to, or one micrometre beside it, a
draft keeps a rough idea of each line's targets; where that idea is wrong, the document is as valid
as ever. Nothing here shares code with the rules of the package.
"""

from __future__ import annotations

from hypothesis import strategies as st

from ._choices import EVENLY, ONE_IN_4, ONE_IN_12, Document, Draw, pick
from ._course_choices import (
    FIRST_FOLLOWUP,
    FLAVOURS,
    FORMS,
    LINES,
    ORDERS,
    REPORTED,
    REPORTED_MOSTLY,
    REPORTED_RESPONSES,
    STARTS,
)
from ._draft_additions import ADDITIONS
from ._draft_findings import Writer
from ._draft_lines import (
    DraftDays,
    DraftLine,
    Sizes,
    date_of,
    draw_lesions,
    draw_line,
    line_document,
    open_line,
)
from ._draft_timepoints import DraftTimepoints

__all__ = ["case_documents"]

_SEEN_IN_TURN = ("old effusion", "growing node", "treated progress", "left out", "doubtful nodule")
_ADDED: st.SearchStrategy[tuple[str, ...]] = pick(
    (9, ()),
    *((1, (name,)) for name in ADDITIONS),
    (1, ("visit", "visit", "silence")),
    (4, ("fragments", "merging")),
    (1, ("visit", "criteria")),
    (2, tuple(ADDITIONS)),
    (6, _SEEN_IN_TURN),
    (2, (*_SEEN_IN_TURN, "merging", "silence")),
    (3, ("small nodes",)),
    (2, ("late proof",)),
    (9, ("areas",)),
    (2, ("fragments", "merging", "areas")),
    (2, ("silence", "visit", "areas")),
    (2, ("looks",)),
)


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
    additions: bool = True,
    patient: str = "P-001",
) -> Document:
    """Valid case documents (`mrecist-case/1`), made of plain JSON values.

    They reach the corners of the rules often: totals exactly on a threshold or one micrometre
    beside it, days 41, 42 and 43, a nadir of zero, targets seen in part, lesions of every kind,
    proof that comes later, recurrence, scans shared by two lines, re-exposure. `reported`: time
    points may carry a reader's verdict; `named`: lines may name their baseline, targets and
    non-targets; `number_forms`: sizes may also be text; `iso_dates`: ISO dates (True), study days
    (False) or either (None); `extras`: markers, events, notes and explicit nulls; `additions`:
    visits of several examinations, what silence says, fragments and merging, procedures, verdicts
    by the names of criteria, second diameters, what treated lesions look like.

        >>> from hypothesis import find
        >>> case = find(case_documents(), lambda case: len(case["lines"]) == 2)
        >>> case["format"], case["patient"]
        ('mrecist-case/1', 'P-001')
    """
    flavour = draw(FLAVOURS)
    if flavour == "reported" and not reported:
        flavour = "steered"
    write = Writer([0])
    if number_forms and draw(ONE_IN_4):
        write = Writer([draw(FORMS), 0, draw(FORMS), draw(FORMS), 3])
    origin = _origin(draw(STARTS), iso_dates)
    turned = draw(ORDERS) == "reversed"
    more = extras and draw(ONE_IN_12)
    course = _Course(draw, flavour, write, max_timepoints, named)
    course.verdicts = _verdicts(draw, flavour) if reported else None
    course.begin(max_lesions)
    course.line()
    while len(course.lines) < max_lines and draw(LINES):
        course.line()
    lesions, (timepoints, documents) = course.maker.lesions, course.documents(origin)
    if turned:
        timepoints.reverse()
        documents.reverse()
    case: Document = {
        "format": "mrecist-case/1",
        "patient": patient,
        "lesions": [lesion.entry for lesion in lesions],
        "timepoints": timepoints,
        "lines": documents,
    }
    if additions:
        for name in draw(_ADDED):
            if name != "visit" or len(timepoints) < max_timepoints:
                ADDITIONS[name](draw, case)
    if more:
        _add_extras(case, origin, max([*course.days.scans, *course.days.starts]))
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


class _Course:
    """Draws lesions, lines and time points in the order in which they come."""

    def __init__(self, draw: Draw, flavour: str, write: Writer, most: int, named: bool) -> None:
        self.draw, self.flavour, self.named = draw, flavour, named
        self.verdicts: st.SearchStrategy[str | None] | None = None
        self.days = DraftDays(draw, flavour, most)
        self.maker = DraftTimepoints(draw, flavour, write)
        self.lines: list[DraftLine] = []
        self.seen: list[Sizes] = []
        self.timepoints: list[Document] = []
        self._at_first: tuple[list[Document], Sizes] = ([], {})

    def begin(self, max_lesions: int) -> None:
        """The lesions, each with what the first time point says of it."""
        for lesion in draw_lesions(self.draw, self.flavour, max_lesions):
            self.maker.enter(lesion, *self._at_first)

    def line(self) -> None:
        """A line with its time points up to the next."""
        if self.lines:
            wait, own_scan = self.days.open_next()
            if own_scan:
                self._timepoint(opens=True)
            self.days.start(wait)
            self._open()
        else:
            first = self.days.open_first()
            self._open()
            if first:
                self._timepoint()
        one_more = FIRST_FOLLOWUP
        while not self.days.full and self.draw(one_more):
            one_more = self.days.followups
            self.days.step()
            self._timepoint()

    def _open(self) -> None:
        lesions = self.maker.lesions
        self.lines.append(draw_line(self.draw, self.flavour, self.days, lesions, self.named))

    def _timepoint(self, *, opens: bool = False) -> None:
        """The latest day's time point, steered by the line that it falls in."""
        index, scans = len(self.timepoints), self.days.scans
        line = [each for each in self.lines if each.start < scans[-1] or each is self.lines[0]][-1]
        if line.targets is None and index > 0:
            open_line(line, self.maker.lesions, scans, self.seen)
        timepoint: Document = {"date": scans[-1]}
        if index == 0:
            timepoint["findings"], sizes = self._at_first
            arterial = not self.draw(ONE_IN_12)
        else:
            timepoint["findings"], sizes, arterial = self.maker.later(index, line, opens)
        if not arterial:
            timepoint["arterial_phase"] = False
        if self.verdicts is not None and index not in self.maker.pause:
            verdict = self.draw(self.verdicts)
            if verdict is not None:
                timepoint["reported"] = verdict
        self.seen.append(sizes)
        self.timepoints.append(timepoint)
        if index > 0 and line.targets:
            line.follow(sizes)

    def documents(self, origin: int | str) -> tuple[list[Document], list[Document]]:
        """The time points and the lines as the document has them."""
        for timepoint in self.timepoints:
            timepoint["date"] = date_of(origin, timepoint["date"])
        following = [*(line.start for line in self.lines[1:]), None]
        return self.timepoints, [
            line_document(line, start, self.days.scans, origin)
            for line, start in zip(self.lines, following, strict=True)
        ]


def _add_extras(case: Document, origin: int | str, last_day: int) -> None:
    """What stays out of the verdict (section 10), and `null` for what is left out."""
    case["markers"] = [
        {"date": date_of(origin, 0), "name": "AFP", "value": 120.5, "unit": "ng/mL"},
        {"date": date_of(origin, last_day), "name": "AFP", "value": "<3", "unit": "ng/mL"},
    ]
    case["events"] = [{"date": date_of(origin, 3), "text": "ascites drained"}]
    case.setdefault("procedures", None)
    case["death"] = None
    case["last_contact"] = date_of(origin, last_day + 100)
    for lesion in case["lesions"]:
        lesion["label"] = "as seen on CT"
        lesion.setdefault("hilar", None)
        lesion.setdefault("enhancement", None)
        lesion.setdefault("treated", None)
        lesion.setdefault("part_of", None)
    for timepoint in case["timepoints"]:
        timepoint["note"] = "second reader agreed"
        timepoint.setdefault("arterial_phase", None)
        timepoint.setdefault("reported", None)
        timepoint.setdefault("visit", None)
        timepoint.setdefault("unmentioned", None)
        for finding in timepoint["findings"]:
            finding.setdefault("status", None)
            finding.setdefault("viable_mm", None)
            finding.setdefault("pattern", "unknown")
            finding.setdefault("cytology", None)
            finding.setdefault("biopsy", "not done")
            finding.setdefault("equivocal", False)
            finding.setdefault("into", None)
    for line in case["lines"]:
        line["doses"] = [{"date": line["start"], "text": "full dose"}]
        for key in ("stop", "end_reason", "baseline", "targets", "nontargets"):
            line.setdefault(key, None)
