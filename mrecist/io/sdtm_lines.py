"""Lines of therapy, death, last contact, local treatment and markers of an SDTM study."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from .._base.errors import CaseError
from .._base.text import several
from .._base.words import EndReason
from ..lines.administrations import lines_from_administrations
from ..lines.boundaries import LINE_BOUNDARIES, Administration, LineBoundaries
from ..model import Marker, TherapyLine
from ..rulebook.drugs import PROCEDURES, agents_of, inn
from .columns import Table
from .dates import Completion
from .problems import Notes
from .sdtm_files import Domains

__all__ = ["Line", "read_lines", "read_markers", "read_procedures"]

Selected = Mapping[str, str] | None
_PLACEBO = "placebo"
_MOST_TOLD = 20
_PLACEBO_WORD = re.compile(r"\bplacebo\b")
_TOGETHER = re.compile(r"[+/&,]|\b(?:and|plus|with)\b")
_LINE = re.compile(r"LINE ([1-9]\d{0,3})", re.ASCII | re.IGNORECASE)
_REASONS = {
    "PROGRESSIVE DISEASE": EndReason.PROGRESSION,
    "DISEASE RELAPSE": EndReason.PROGRESSION,
    "ADVERSE EVENT": EndReason.TOXICITY,
    "SERIOUS ADVERSE EVENT": EndReason.TOXICITY,
    "COMPLETED": EndReason.COMPLETED,
    "WITHDRAWAL BY SUBJECT": EndReason.CHOICE,
    "PHYSICIAN DECISION": EndReason.CHOICE,
    "DEATH": EndReason.DEATH,
}
_OWN_REASONS = {str(reason): reason for reason in EndReason}
"""Reasons that the terms of CDISC do not tell apart, in our words."""

_MARKERS = {"AFP": "AFP", "PIVKAII": "PIVKA-II", "AFPL3AFP": "AFP-L3"}


@attrs.define
class Line:
    """A line of therapy of a patient; `agents` may be empty, where nobody says what was given.

    `number` is that of a line which the data name.
    """

    start: datetime.date
    agents: tuple[str, ...] = ()
    stop: datetime.date | None = None
    end_reason: EndReason | None = None
    number: int | None = None


def read_lines(
    domains: Domains,
    first: Mapping[str, datetime.date],
    completed: Completion,
    boundaries: LineBoundaries | None,
    cm: Selected,
    notes: Notes,
) -> dict[str, list[Line]]:
    """The lines of each patient who has findings, of which `first` is the first date."""
    domain = "EX" if "EX" in domains else "EC"
    given: dict[str, list[Administration]] = {patient: [] for patient in first}
    placebo: dict[str, datetime.date] = {}
    named: dict[str, dict[int, Line]] = {patient: {} for patient in first}
    _read_given(domains[domain], domain, {}, given, named, placebo, completed, notes)
    treated = {patient for patient in given if given[patient] or named[patient]}
    if cm is not None:
        _read_given(domains["CM"], "CM", cm, given, named, placebo, completed, notes)
    started = _starts(domains["DM"], completed, first, notes)
    lines = {}
    for patient, administrations in given.items():
        made = _lines_of(patient, administrations, boundaries, domain.lower(), notes)
        made = sorted([*made, *named[patient].values()], key=lambda line: line.start)
        if patient not in treated:
            made = _with_study_line(made, started.get(patient), placebo.get(patient))
        lines[patient] = made or [Line(first[patient])]
    _read_reasons(domains["DS"], lines, completed, notes)
    return lines


def _with_study_line(
    further: list[Line], started: datetime.date | None, placebo: datetime.date | None
) -> list[Line]:
    """The line that the study began, of which no dose of a drug is recorded, before the others.

    Further therapy neither replaces it nor moves it. Where it began before the reference start, and
    no placebo was given either, nothing says that the study treated at all.
    """
    start = started or placebo
    if start is None or any(line.start == start for line in further):
        return further
    if placebo is None and any(line.start < start for line in further):
        return further
    own = Line(start, (_PLACEBO,) * (placebo is not None))
    return sorted([own, *further], key=lambda line: line.start)


def _lines_of(
    patient: str,
    given: list[Administration],
    boundaries: LineBoundaries | None,
    source: str,
    notes: Notes,
) -> list[Line]:
    try:
        made = lines_from_administrations(given, rule=boundaries or LINE_BOUNDARIES)
    except CaseError as error:
        for path, told in error.mistakes:
            notes.refuse("OVERLAPPING_DOSES", patient, source, None, path, told)
        return []
    return [_line(each) for each in made]


def _line(line: TherapyLine) -> Line:
    assert isinstance(line.start, datetime.date)  # as its administrations are
    assert not isinstance(line.stop, int)
    return Line(line.start, line.agents, line.stop)


def _read_given(
    table: Table,
    domain: str,
    selected: Mapping[str, str],
    given: dict[str, list[Administration]],
    named: dict[str, dict[int, Line]],
    placebo: dict[str, datetime.date],
    completed: Completion,
    notes: Notes,
) -> None:
    """The administrations of a domain, by patient; those of a line that is named, as that line.

    Patients with doses who have no results are not judged, which is noted.
    """
    unseen: dict[str, None] = {}
    names = ("USUBJID", *(f"{domain}{each}" for each in (
        "TRT", "DECOD", "DOSE", "DOSU", "STDTC", "ENDTC", "OCCUR", "MOOD", "GRPID")))  # fmt: skip
    for row, cells in _selected(table, selected, names):
        patient, treatment, decoded, dose, unit, begun, ended, occurred, mood, group = cells
        if occurred == "N" or mood == "SCHEDULED":
            continue
        if patient not in given:
            unseen |= {} if patient is None else {patient: None}
            continue
        agent = (decoded if domain == "CM" else None) or treatment
        number = _number_of(group)
        if number is not None and (date := completed.date(begun)) is not None:
            stop = notes.dated(completed(ended), patient, table.source, row, f"{domain}ENDTC")
            _add_to_line(named[patient], number, agent, date, stop)
            continue
        if agent is None:
            notes.note("AGENT_UNKNOWN", patient, table.source, row, "no treatment is named")
            continue
        start = completed(begun)
        if start.date is None:
            notes.refuse("NO_DATE", patient, table.source, row, f"{domain}STDTC", start.told)
            continue
        if start.partial:
            notes.note("PARTIAL_DATE", patient, table.source, row, f"read as {start.date}")
        if _is_placebo(agent, dose):
            told = f"{agent} {dose or ''}".strip()
            notes.note("PLACEBO_LEFT_OUT", patient, table.source, row, told)
            placebo[patient] = min(start.date, placebo.get(patient, start.date))
        else:
            read = completed(ended)
            stop = notes.dated(read, patient, table.source, row, f"{domain}ENDTC")
            if stop is not None and stop < start.date:
                told = f"must not be before the start {start.date}, got {stop}"
                column = f"{domain}ENDTC"
                notes.refuse("OVERLAPPING_DOSES", patient, table.source, row, column, told)
                continue
            text = None if dose is None else f"{dose} {unit or ''}".strip()
            given[patient].append(Administration(inn(agent), start.date, stop=stop, dose=text))
    if unseen and domain != "CM":
        names_told = ", ".join([*unseen][:_MOST_TOLD]) + ", ..." * (len(unseen) > _MOST_TOLD)
        told = f"{several(len(unseen), 'patient')} with doses and without results: {names_told}"
        notes.note("NO_EXAMINATION", None, table.source, None, told)


def _is_placebo(agent: str, dose: str | None) -> bool:
    """Whether a treatment is none: a placebo of any name, or a dose of nothing."""
    parts = _TOGETHER.split(agent.lower())
    return all(map(_PLACEBO_WORD.search, parts)) or (dose is not None and not dose.strip("0."))


def _number_of(group: str | None) -> int | None:
    """The number of the line that a group names: LINE 2."""
    words = _LINE.fullmatch(group or "")
    return None if words is None else int(words[1])


def _add_to_line(
    named: dict[int, Line],
    number: int,
    agent: str | None,
    start: datetime.date,
    stop: datetime.date | None,
) -> None:
    """An agent of a line; the line stops when the last of its agents does."""
    line = named.setdefault(number, Line(start, stop=stop, number=number))
    line.start = min(line.start, start)
    line.stop = None if line.stop is None or stop is None else max(line.stop, stop)
    if agent is not None and agent not in line.agents:
        line.agents = (*line.agents, agent)


def _selected(
    table: Table, selected: Mapping[str, str], names: Iterable[str]
) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """The rows whose columns say what is selected, with their cells."""
    wanted = [value.upper() for value in selected.values()]
    own = tuple(name.upper() for name in selected)
    for row, cells in enumerate(table.rows(*own, *names)):
        if [(cell or "").upper() for cell in cells[: len(own)]] == wanted:
            yield row, cells[len(own) :]


def _starts(
    table: Table, completed: Completion, known: Collection[str], notes: Notes
) -> dict[str, datetime.date]:
    """When each known patient was first treated, else the start of reference."""
    found = {}
    names = ("RFXSTDTC", "RFSTDTC")
    for row, (patient, *written) in enumerate(table.rows("USUBJID", *names)):
        if patient is None or patient not in known:
            continue
        for name, text in zip(names, written, strict=True):
            date = notes.dated(completed(text), patient, table.source, row, name)
            if date is not None:
                found[patient] = date
                break
    return found


def _read_reasons(
    table: Table, lines: Mapping[str, list[Line]], completed: Completion, notes: Notes
) -> None:
    """Why the line ended that was going on when treatment was left."""
    names = ("USUBJID", "DSCAT", "DSDECOD", "DSTERM", "DSSTDTC", "DSDTC", "EPOCH", "DSGRPID")
    for row, cells in enumerate(table.rows(*names)):
        patient, category, decoded, term, begun, written, epoch, group = cells
        if (
            patient is None
            or patient not in lines
            or (category or "").upper() != "DISPOSITION EVENT"
        ):
            continue
        if decoded is None or (epoch is not None and "TREATMENT" not in epoch.upper()):
            continue
        dated = completed(begun)
        if dated.date is None and written is not None:
            dated = completed(written)
        date = notes.dated(dated, patient, table.source, row)
        number = _number_of(group)
        before = [line for line in lines[patient] if date is None or line.start <= date]
        own = [line for line in lines[patient] if number is not None and line.number == number]
        for line in own or before[-1:]:
            line.end_reason = _REASONS.get(
                decoded.upper(), _OWN_REASONS.get((term or "").lower(), EndReason.OTHER)
            )


def read_procedures(
    table: Table,
    known: Iterable[str],
    pr: Selected,
    lesions: Iterable[tuple[str, str, str]],
    completed: Completion,
    notes: Notes,
) -> list[tuple[Any, ...]]:
    """Local treatment: the rows that are selected, else those whose name is known as one.

    A link names the lesion that was treated; rows that are alike but for it are one procedure.
    """
    found: dict[tuple[Any, ...], list[str]] = {}
    patients = set(known)
    followed = {(patient, lesion) for patient, _, lesion in lesions}
    names = ("USUBJID", "PRTRT", "PRDECOD", "PRSTDTC", "PROCCUR", "PRLNKID")
    for row, cells in _selected(table, pr or {}, names):
        patient, treatment, decoded, begun, occurred, lesion = cells
        name = decoded or treatment
        if patient not in patients or occurred == "N":
            continue
        kinds = [each for each in agents_of(name or "") if each in PROCEDURES]
        links = (patient, lesion) in followed
        if name is None or (pr is None and not kinds and not links):
            notes.note("OTHER_PROCEDURE", patient, table.source, row, name or "no name")
            continue
        start = completed(begun)
        if start.date is None:
            notes.refuse("NO_DATE", patient, table.source, row, "PRSTDTC", start.told)
            continue
        notes.dated(start, patient, table.source, row)
        text = None if treatment == decoded else treatment
        key = (patient, start.date, kinds[0] if kinds else name, text)
        found.setdefault(key, []).extend([lesion or ""] * links)
    return [(*key, ";".join(dict.fromkeys(each)) or None) for key, each in found.items()]


_LIMITS = ("<", ">", "\u2264", "\u2265")
"""How a result begins that is above or below what the assay measures."""


def read_markers(
    table: Table, known: Iterable[str], completed: Completion, notes: Notes
) -> list[tuple[Any, ...]]:
    """The tumour markers among laboratory results. LBTESTCD DCP is a count of cells, no marker."""
    found, patients = [], set(known)
    names = ("USUBJID", "LBTESTCD", "LBSTRESC", "LBSTRESN", "LBSTRESU", "LBDTC")
    for row, (patient, test, text, number, unit, written) in enumerate(table.rows(*names)):
        if patient not in patients or test not in _MARKERS:
            continue
        # A limit stands in the text alone: the number beside it is none without its sign.
        value = text if text is not None and text.startswith(_LIMITS) else number or text
        read = completed(written)
        cells: tuple[Any, ...] = (read.date, _MARKERS[test], value, unit or "1")
        try:
            Marker(*cells)
        except CaseError as error:
            notes.note("UNREAD_MARKER", patient, table.source, row, error.lines[0])
        else:
            notes.dated(read, patient, table.source, row)
            found.append((patient, *cells))
    return found
