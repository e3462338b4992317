"""Many patients: a page each, and an index that leads to them, written to a folder."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from .._base.converters import day_number
from .._base.processes import in_chunks
from .._base.text import when
from .._base.words import Exposure
from ..documents.case import InvalidCase
from ..documents.streams import Whole, checked, parse_case
from ..model import Patient
from ..patient.assessment import Assessment
from ..patient.engine import assessment_of
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ._contents import Contents, contents, criteria_differ, readers_differ
from ._entry import PATIENTS, Entry
from ._pages import index_page, patient_page, ready

__all__ = ["Case", "write_cases", "write_folder"]
CHUNK = 4
"""Patients handed to a worker at once: a page takes so long that few are enough."""

Given = bytes | Whole | InvalidCase | Patient | Assessment


@attrs.frozen
class Case:
    """A case in a queue: where it was found, and what was found there."""

    where: str
    given: Given


def write_folder(
    cases: Iterable[Patient | Assessment | InvalidCase],
    folder: str | os.PathLike[str],
    *,
    criteria: Criteria | str | None = None,
    jobs: int = 1,
) -> tuple[Entry, ...]:
    """Write a page for each patient and `index.html`; returns what the index says, in order.

    Cases come as `read_cases` gives them: one that is not valid is told in the index with every
    mistake, and all others are done. Pages lie in `patients`, numbered in the order of the cases;
    what else the folder holds is left. `jobs` processes share the work (0: all cores); a script
    that asks for several must guard its own start, as for `multiprocessing`.
    """
    queue = (Case(f"case {number}", each) for number, each in enumerate(cases, 1))
    return tuple(write_cases(queue, folder, criteria, jobs))


def write_cases(
    cases: Iterable[Case],
    folder: str | os.PathLike[str],
    criteria: Criteria | str | None,
    jobs: int,
) -> Iterator[Entry]:
    """The same, case by case as pages are written; the index is written after the last."""
    ready()
    out = Path(folder)
    (out / PATIENTS).mkdir(parents=True, exist_ok=True)
    entries = []
    write = partial(_written, out=out, criteria=criteria)
    several = jobs or os.cpu_count() or 1
    for entry in in_chunks(
        write, enumerate(cases, 1), several, size=CHUNK, initializer=_collect_less_often
    ):
        entries.append(entry)
        yield entry
    named = MRECIST if criteria is None else criteria_named(criteria)
    write_text(out / "index.html", index_page(entries, named))


def write_text(path: Path, text: str) -> None:
    """Write a page; line ends are the same on every system."""
    path.write_text(text, "utf-8", newline="\n")


def _collect_less_often() -> None:
    """A figure is many short-lived objects: looked through less often, it takes a tenth less."""
    gc.set_threshold(50_000)


def _written(numbered: tuple[int, Case], out: Path, criteria: Criteria | str | None) -> Entry:
    """Write the page of a case, if there is a patient in it."""
    number, case = numbered
    given = _read(case.given)
    if isinstance(given, InvalidCase):
        return Entry(where=case.where, patient=given.patient, errors=given.errors)
    assessment = assessment_of(given, None if isinstance(given, Assessment) else criteria)
    href = f"{PATIENTS}/{number:04}.html"
    it = contents(assessment)
    write_text(out / href, patient_page(it, up="../index.html"))
    return _entry(case.where, href, it)


def _read(given: Given) -> Patient | Assessment | InvalidCase:
    if isinstance(given, bytes):
        return parse_case(given)
    return checked(given.document) if isinstance(given, Whole) else given


def _entry(where: str, href: str, it: Contents) -> Entry:
    assessment = it.assessment
    visits = [timepoint for line in assessment.lines for timepoint in line.timepoints]
    differ = readers_differ(assessment)
    last: Any = max(visits, key=lambda each: day_number(each.date), default=None)
    return Entry(
        where=where,
        patient=assessment.patient.id,
        href=href,
        lines=tuple(
            (" + ".join(line.line.agents), line.exposure is not Exposure.FIRST,
             str(line.best_response))
            for line in assessment.lines
        ),
        latest=None if last is None else (str(last.response), when(last.date)),
        follow_ups=len(visits),
        problems=len(it.problems) - differ,
        readers_differ=differ,
        criteria_differ=criteria_differ(it.comparison),
    )  # fmt: skip
