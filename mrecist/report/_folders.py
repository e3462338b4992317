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
from .._base.errors import check_type
from .._base.outputs import work_folder
from .._base.processes import in_chunks
from .._base.text import when
from .._base.words import Exposure
from ..documents.case import InvalidCase
from ..documents.streams import Whole, checked, parse_case
from ..model import Patient
from ..patient.assessment import Assessment
from ..patient.immune_assessment import ImmuneAssessment
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..rulebook.immune_criteria import ImmuneCriteria, immune_criteria
from ._contents import Contents, contents, criteria_differ, readers_differ
from ._entry import INDEX, PATIENTS, Entry, PageNames
from ._immune import judged, label_of
from ._pages import index_page, patient_page, ready

__all__ = ["Case", "write_cases", "write_folder"]
CHUNK = 4
"""Patients handed to a worker at once: a page takes so long that few are enough."""

Given = bytes | Whole | InvalidCase | Patient | Assessment | ImmuneAssessment
AnyCriteria = Criteria | ImmuneCriteria | str | None


@attrs.frozen
class Case:
    """A case in a queue: where it was found, and what was found there."""

    where: str
    given: Given


def write_folder(
    cases: Iterable[Patient | Assessment | ImmuneAssessment | InvalidCase],
    folder: str | os.PathLike[str],
    *,
    criteria: AnyCriteria = None,
    jobs: int = 1,
    brief: bool = False,
    whys: bool = False,
) -> tuple[Entry, ...]:
    """Write a page for each patient and `index.html`; return what the index says, in order.

    A case that is not valid is in the index with every mistake, and all others are done; so is
    one of which no page could be made. Pages lie in `patients`, each named by its patient. They are
    built aside and take the place of those of an earlier run all together at the end; what else the
    folder holds is left.

    Args:
        cases: Charts, assessments and cases that are not valid, as `read_cases` gives them.
        folder: Where the pages go; made where it is not there.
        criteria: By what charts are judged, as for `page`; left out, HCC mRECIST.
        jobs: How many processes share the work (0: all cores). A script that asks for several must
            guard its own start, as for `multiprocessing`.
        brief: Whether to make first sheets alone, as for `page`.
        whys: Whether to print all reasons, as for `page`.

    Returns:
        One entry per case.

    Raises:
        ImportError: matplotlib or Jinja2 is missing (`mrecist[report]`).
        OSError: The folder cannot be written.
        TypeError: `cases` is no iterable, or holds something else.
    """
    check_type(cases, Iterable, "write_folder() takes several cases")
    queue = (Case(f"case {number}", each) for number, each in enumerate(cases, 1))
    return tuple(write_cases(queue, folder, criteria, jobs, brief=brief, whys=whys))


def write_cases(
    cases: Iterable[Case],
    folder: str | os.PathLike[str],
    criteria: AnyCriteria,
    jobs: int,
    *,
    brief: bool = False,
    whys: bool = False,
) -> Iterator[Entry]:
    """The same, case by case as pages are written; the index is written after the last."""
    ready()
    label = _label(criteria)
    out = Path(folder)
    (out / PATIENTS).mkdir(parents=True, exist_ok=True)  # where it cannot be, before any work
    several = jobs or os.cpu_count() or 1
    with work_folder(out) as made:
        pages = made / PATIENTS
        pages.mkdir()
        write = partial(_written, pages=pages, criteria=criteria, brief=brief, whys=whys)
        entries: list[Entry] = []
        names = PageNames()
        for entry in in_chunks(
            write, enumerate(cases, 1), several, size=CHUNK, initializer=_collect_less_often
        ):
            entries.append(_named(entry, pages, names))
            yield entries[-1]
        (made / INDEX).write_text(index_page(entries, label), "utf-8", newline="\n")
        _swap(made, out)


def _label(criteria: AnyCriteria) -> str:
    """What the index says that all pages are by; refuses criteria that no page is of."""
    immune = immune_criteria(criteria)
    if immune is not None:
        return label_of(criteria_named(immune.base), immune)
    return (MRECIST if criteria is None else criteria_named(criteria)).label


def _named(entry: Entry, pages: Path, names: PageNames) -> Entry:
    """The entry with its page under the name of its patient."""
    if not entry.href or entry.patient is None:
        return entry
    name = names.of(entry.patient)
    (pages / entry.href).rename(pages / name)
    return attrs.evolve(entry, href=f"{PATIENTS}/{name}")


def _swap(made: Path, out: Path) -> None:
    """Put the pages in the place of those of an earlier run, then the index that leads to them."""
    before = made / "before"
    (out / PATIENTS).rename(before)
    (made / PATIENTS).rename(out / PATIENTS)
    (made / INDEX).replace(out / INDEX)
    for each in before.glob("*"):
        if each.suffix != ".html":  # of somebody else
            each.rename(out / PATIENTS / each.name)


def _collect_less_often() -> None:
    """A figure is many short-lived objects: looked through less often, it takes a tenth less."""
    gc.set_threshold(50_000)


def _written(
    numbered: tuple[int, Case], pages: Path, criteria: AnyCriteria, brief: bool, whys: bool
) -> Entry:
    """Write the page of a case, if there is a patient in it."""
    number, case = numbered
    given = _read(case.given)
    if isinstance(given, InvalidCase):
        return Entry(where=case.where, patient=given.patient, errors=given.errors)
    kinds = (Patient, Assessment, ImmuneAssessment)
    check_type(given, kinds, "a page is of a Patient, or of what assess() gives")
    try:
        it = contents(judged(given, criteria if isinstance(given, Patient) else None))
        text = patient_page(it, up=f"../{INDEX}", brief=brief, whys=whys)
    except (ImportError, MemoryError):
        raise
    except Exception as error:  # a bug of ours costs this page alone
        told = f"no page: unexpected {type(error).__name__}: {error}; please report it"
        patient = given if isinstance(given, Patient) else given.patient
        return Entry(where=case.where, patient=patient.id, errors=(told,))
    href = f"{number}.html"
    (pages / href).write_text(text, "utf-8", newline="\n")
    return _entry(case.where, href, it)


def _read(given: Given) -> Patient | Assessment | ImmuneAssessment | InvalidCase:
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
            (
                " + ".join(line.line.agents),
                line.exposure is not Exposure.FIRST,
                str(line.best_response),
            )
            for line in assessment.lines
        ),
        latest=None if last is None else (str(last.response), when(last.date)),
        follow_ups=len(visits),
        problems=len(it.problems) - differ,
        readers_differ=differ,
        criteria_differ=criteria_differ(it.comparison),
    )
