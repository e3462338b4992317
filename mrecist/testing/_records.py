"""Single records of a chart: lesions, findings, time points, lines of therapy, patients.

Each is what the constructors of `mrecist.model` accept. A record by itself knows nothing of the
others, so only `patients` places totals, dates and new lesions where the rules decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from ..documents.case import from_case
from ..model import Finding, Lesion, Patient, TherapyLine, Timepoint
from ._case_documents import case_documents
from ._choices import EVENLY, ONE_IN_6, ONE_IN_12, Document, Draw
from ._course_choices import AGENTS, ENDS, REPORTED, ROLES
from ._draft_findings import ACTIONS_WITH_A_FINDING, DraftLesion, Writer, effusion_finding, finding
from ._finding_choices import EFFUSIONS
from ._lesion_choices import CROWD, LESIONS, SAME_ORGAN, SIZES, WHOLE, Sort

__all__ = ["findings", "lesions", "patients", "therapy_lines", "timepoints"]

Date = date | int

_IDS = st.sampled_from(["L1", "L2", "L3", "S8", "PV", "b", "B", "\u00e91", "S4 a", "0"])
_SORTS = LESIONS | CROWD | SAME_ORGAN
_SIDES = {"left", "right", "both", "bilateral"}
_ACTIONS = st.sampled_from(ACTIONS_WITH_A_FINDING)
_EFFUSIONS = EFFUSIONS.filter(lambda state: state[0] is not None)
_DATES: st.SearchStrategy[Date] = st.integers(0, 400) | st.dates(
    date(2019, 12, 20), date(2030, 1, 1)
)
_WAITS = st.sampled_from([0, 1, 28, 42, 400])
_KEEP = EVENLY.map(lambda drawn: not drawn)


def lesions(*, ids: st.SearchStrategy[str] = _IDS) -> st.SearchStrategy[Lesion]:
    """Lesions of every kind: nodules, nodes at and off the porta hepatis, effusions, and others.

    Organs come in the spellings that must be read as one (`"left  liver"`, `"both LUNGS"`), some
    lesions do not enhance, some are locally treated. `ids`: what they are called.

        >>> from hypothesis import find
        >>> print(find(lesions(), lambda lesion: lesion.kind == "thrombus").kind)
        thrombus
    """
    return st.builds(_lesion, ids, _SORTS)


def _lesion(name: str, sort: Sort) -> Lesion:
    kind, organ, _, more = sort
    return Lesion(name, organ, kind, **more)


def _read(organ: str) -> str:
    """The organ without its side: enough to tell which diameter a generator writes."""
    return " ".join(word for word in organ.lower().split() if word not in _SIDES)


_LESIONS = lesions()
_SOME_LESIONS = st.lists(_LESIONS, max_size=4, unique_by=lambda lesion: lesion.id)
_NO_LESIONS: st.SearchStrategy[Sequence[Lesion]] = st.just(())


@st.composite
def findings(draw: Draw, *, lesions: st.SearchStrategy[Lesion] = _LESIONS) -> Finding:
    """Findings on one lesion: with the size that counts, another, or none, and every status.

    Sizes lie on the limits of the criteria and one micrometre beside them as often as between; a
    few findings have a viable diameter above the whole (a problem, not an error). `lesions`: what
    the finding is on; its kind decides which diameters it has.

        >>> from hypothesis import find
        >>> print(find(findings(), lambda finding: finding.status == "too small").status)
        too small
    """
    return _finding(draw, draw(lesions))


def _finding(draw: Draw, lesion: Lesion) -> Finding:
    entry: Document = {"id": lesion.id, "kind": str(lesion.kind), "hilar": lesion.hilar}
    entry["enhancement"] = str(lesion.enhancement)
    draft = DraftLesion(entry, _read(lesion.organ), draw(WHOLE))
    draft.size = draw(SIZES)
    if draft.kind == "effusion":
        found = effusion_finding(draft, draw(_EFFUSIONS), Writer([0]))
    else:
        found, _ = finding(draw, draft, draw(_ACTIONS), Writer([0]))
    return Finding(**(found or {}))


@st.composite
def timepoints(
    draw: Draw,
    *,
    dates: st.SearchStrategy[Date] = _DATES,
    lesions: st.SearchStrategy[Sequence[Lesion]] = _SOME_LESIONS,
) -> Timepoint:
    """Time points: findings on some of the lesions, at times no arterial phase, or a verdict.

    `dates`: calendar dates or study days; `lesions`: lists of the lesions that may be recorded,
    no two of one id. A lesion left out is not evaluable there, never unchanged.

        >>> from hypothesis import find
        >>> find(timepoints(), lambda timepoint: not timepoint.arterial_phase).arterial_phase
        False
    """
    return Timepoint(
        draw(dates),
        [_finding(draw, lesion) for lesion in draw(lesions) if draw(_KEEP)],
        arterial_phase=not draw(ONE_IN_12),
        reported=draw(REPORTED),
    )


@st.composite
def therapy_lines(
    draw: Draw,
    *,
    starts: st.SearchStrategy[Date] = _DATES,
    agents: st.SearchStrategy[Sequence[str]] = AGENTS,
    lesions: st.SearchStrategy[Sequence[Lesion]] = _NO_LESIONS,
) -> TherapyLine:
    """Lines of therapy: generic and brand names, stops and reasons, named targets.

    `starts`: calendar dates or study days; `agents`: lists of their names; `lesions`: lists of
    lesions that a line may name as targets or non-targets, none by default.

        >>> from hypothesis import find
        >>> print(find(therapy_lines(), lambda line: line.end_reason == "toxicity").end_reason)
        toxicity
    """
    start = draw(starts)
    named: Document = {}
    known = draw(lesions)
    if len(known) > 0 and draw(EVENLY):
        roles = {lesion.id: draw(ROLES) for lesion in known}
        for role in ("target", "nontarget"):
            named[f"{role}s"] = [name for name, each in roles.items() if each == role]
    return TherapyLine(
        list(draw(agents)),
        start,
        stop=_later(start, draw(_WAITS)) if draw(EVENLY) else None,
        end_reason=draw(ENDS),
        baseline=_later(start, -draw(_WAITS)) if draw(ONE_IN_6) else None,
        **named,
    )


def _later(day: Date, days: int) -> Date:
    return day + days if isinstance(day, int) else day + timedelta(days)


def patients(
    *,
    max_lesions: int = 9,
    max_timepoints: int = 10,
    max_lines: int = 5,
    reported: bool = True,
    named: bool = True,
    iso_dates: bool | None = None,
    extras: bool = True,
) -> st.SearchStrategy[Patient]:
    """Charts of patients that reach every rule of the criteria (see the table in the README here).

    Totals lie exactly on a threshold of the line they belong to or one micrometre beside it, time
    points on day 41, 42 and 43, lines share their scans and return to earlier agents, new lesions
    are proven later, responses are lost and reported. The limits are those of `case_documents`.

        >>> from hypothesis import find
        >>> len(find(patients(), lambda patient: len(patient.lines) == 2).lines)
        2
    """
    documents = case_documents(
        max_lesions=max_lesions,
        max_timepoints=max_timepoints,
        max_lines=max_lines,
        reported=reported,
        named=named,
        number_forms=False,  # a chart keeps micrometres, however they were written
        iso_dates=iso_dates,
        extras=extras,
    )
    return documents.map(from_case)
