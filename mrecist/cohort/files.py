"""Cohorts in files that may be larger than memory: tables in, verdicts out.

`assess_files` looks at the findings twice. The first pass counts the rows of each patient, reading
the column of patients alone. The second cuts the table into chunks of whole patients, and each
chunk is judged as `assess_cohort` judges a table (`tables/chunks.py`).

Memory holds one chunk per process, the tables of lines and procedures, and per patient 32 bytes
and the id; of a CSV file that is not large all of it, which then is read once.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import whole_from
from .._base.outputs import put_in_place, work_folder
from .._base.processes import in_order
from .._base.threads import threads
from .._base.words import PendingIs
from ..rulebook.criteria import MRECIST
from ..rulebook.policies import Policy
from ..tables import files, intake
from ..tables.chunks import Census, Progress, SideTable, counted, cut, spans_of
from ..tables.column_schema import READER, SCHEMA
from ..tables.files import TableFileError, Writer, ending, extra
from ..tables.frames_in import KNOWN, columns_of
from ..tables.frames_out import restorer
from ..tables.intake import Dates
from ..tables.mistakes import TABLES, table_of
from ..tables.spreadsheet import inert
from .asked import AnyCriteria, Asked, asked_for, times_of
from .choice import engine_named, steps_by
from .engine import assess_read
from .file_columns import (
    dates_of,
    in_numbers,
    patient_type,
    require_kept,
    settled,
    sound_patients,
    with_kept,
)
from .kept import asked_names, read_kept, without_kept
from .notes import columns_of_notes, notes_on_charts, notes_on_tables
from .sights import RECORDED_TWICE

__all__ = ["CHUNK_ROWS", "Summary", "assess_files"]

TELLS_GRADES = "masslike"
"""The column of findings without which no treated lesion has a category."""

_BESIDE = ("lines", "procedures", "patients")

CHUNK_ROWS = 1 << 18
"""Approximate rows of findings per chunk."""

Mistake = tuple[Any, int, str, str]


@attrs.frozen(kw_only=True)
class Summary:
    """Counts of a run over files.

    `patients` are all; `invalid` of them are not assessed, for a mistake in some row; `untreated`
    have no line of therapy and so no verdict. `mistakes` are all rows of `errors.csv`, of which
    `unowned` name no patient. `notes` are the rows of the table of notes. `lines` and `timepoints`
    are those judged, `rows` those read.
    """

    rows: int
    patients: int
    invalid: int
    untreated: int
    mistakes: int
    unowned: int
    lines: int
    timepoints: int
    notes: int


def assess_files(
    findings: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    lines: str | os.PathLike[str] | None = None,
    procedures: str | os.PathLike[str] | None = None,
    patients: str | os.PathLike[str] | None = None,
    criteria: AnyCriteria = MRECIST,
    policy: Policy | None = None,
    pending: PendingIs | str | None = None,
    keep: Iterable[str] = (),
    jobs: int = 1,
    engine: str = "auto",
    progress: Progress | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> Summary:
    """Judge the patients of a file as `assess_cohort` does, with memory for a part of it only.

    The tables are files of one format: CSV (`.csv`, `.csv.gz`) or Parquet. The folder `out`
    receives `timepoints`, `lines` and `notes` in that format, with criteria that grade lesions, and
    with `procedures` and a column `masslike` (LI-RADS treatment response), also `lesions`, and
    `errors.csv` (`patient, row, column, error`) with every mistake, or its header alone; patients
    with a mistake are not judged. Files of these names are replaced, all at the end: a run that
    fails leaves none.

    Patients come out in the order of their first rows, whether or not their rows lie together. If
    they do not, temporary files in `out` hold the table meanwhile, and mistakes are listed by
    groups of patients, not strictly by row. Dates come out as those of the findings came in; as
    text if the lines have dates of another kind.

    With a `policy` the folder receives the tables `endpoints` and `adtte` in place of `timepoints`
    and `lines`, with 1 for an event and 0 for a censored time in the columns `..._event`; by
    criteria of immunotherapy progression is what was confirmed, and `pending` as for
    `ImmuneResponses.endpoints`. The tables carry on what `keep` names: columns of `lines`, or of
    `patients`, one row per patient.

    `jobs`: processes that share the work, each with a chunk of `chunk_rows` rows or of one patient;
    a script that asks for several must guard its own start, as for `multiprocessing`. `engine` is
    that of `assess_cohort`. `progress` is called with the rows done and all rows; with `None` for
    all while they are counted and brought together.

    Raises `TableFileError` for a file that is no such table, `OSError` for one that cannot be
    opened or written, `ImportError` without `mrecist[tables]` (or, for numba, `mrecist[fast]`), and
    `CriteriaError` for criteria that are not known, or have no times to events.
    """
    asked = asked_for(criteria)
    if policy is not None:
        asked.require_times(pending)
    jobs, chunk_rows = whole_from("jobs", jobs, 1), whole_from("chunk_rows", chunk_rows, 1)
    kept = asked_names(keep)
    for module in ("pyarrow", "narwhals"):
        extra(module)
    steps_by(engine_named(engine), 0)  # says at once what is not installed
    files.check_path(os.fspath(out))
    source = files.opened(os.fspath(findings), *SCHEMA["findings"])
    if READER in source.names:
        cure = "`mrecist readings` takes them"
        raise TableFileError([f"{source.path}: holds readings by reader: {cure}"])
    beside = {
        name: files.opened(os.fspath(path), *with_kept(name, kept))
        for name, path in zip(_BESIDE, (lines, procedures, patients), strict=True)
        if path is not None
    }
    require_kept(kept, beside.get("lines"), beside.get("patients"))
    kind = _one_format(source, beside.values())
    graded = asked.by_lesion is not None or (
        policy is None and "procedures" in beside and TELLS_GRADES in source.names
    )
    verdicts: tuple[str, ...] = ("endpoints", "adtte")
    if policy is None:
        verdicts = ("timepoints", "lines", *(("lesions",) if graded else ()))
    names = [*(f"{name}{kind}" for name in (*verdicts, "notes")), "errors.csv"]
    folder = Path(out)
    read = [source.path, *(each.path for each in beside.values())]
    files.spare_inputs([folder / name for name in names], read)
    folder.mkdir(parents=True, exist_ok=True)
    told = progress or (lambda done, rows: None)
    with work_folder(folder) as made:
        judge = _Judge(
            asked=asked,
            engine=engine,
            policy=policy,
            pending=pending,
            keep=kept,
            graded=graded,
            workers=1 if jobs > 1 else None,
        )
        sides = {name: SideTable(each) for name, each in beside.items()}
        if "patients" in sides:
            own = columns_of(sides["patients"].table, ("patient", *kept))
            sound_patients(beside["patients"].path, own, kept)
        run = _Run(source, sides, judge, made, told, chunk_rows)
        summary = run(names, jobs)
        put_in_place((made / name, folder / name) for name in names)
    return summary


def _one_format(source: Any, beside: Iterable[Any]) -> str:
    """The ending that all files have."""
    kind = ending(source.path)
    others = [each.path for each in beside if ending(each.path) != kind]
    if others:
        told = f"must be of the same format as {source.path}, {kind}"
        raise TableFileError([f"{path}: {told}" for path in others])
    return kind


# ---- the work on a chunk


@attrs.frozen(eq=False)
class _Chunk:
    """Whole patients: their part of each table, and where its rows stand in their file."""

    findings: Any
    rows: Array
    beside: Mapping[str, tuple[Any, Array]]


@attrs.frozen(eq=False, kw_only=True)
class _Judged:
    """Result of judging one chunk."""

    tables: tuple[Any, ...]
    mistakes: list[Mistake]
    sums: Mapping[str, int]
    ids: Any
    """The ids of the patients as text."""
    largest: Array
    """The largest size of each patient, for notes on all of them together."""


@attrs.frozen(eq=False, kw_only=True)
class _Judge:
    """What to do with each chunk; sent to worker processes as it is.

    All chunks write dates and patients alike; `dates=None` lets each chunk choose.
    """

    asked: Asked
    engine: str = "auto"
    policy: Policy | None = None
    pending: PendingIs | str | None = None
    keep: tuple[str, ...] = ()
    graded: bool = False
    workers: int | None = None
    dates: Dates | None = None
    schemas: tuple[Any, ...] = ()

    def __call__(self, chunk: _Chunk) -> _Judged:
        with threads(self.workers):
            return self._judged(chunk)

    def _judged(self, chunk: _Chunk) -> _Judged:
        wanted = (*KNOWN, *self.keep)
        beside = {name: columns_of(table, wanted) for name, (table, _) in chunk.beside.items()}
        kept = read_kept(beside.get("lines"), beside.get("patients"), self.keep)
        lines = without_kept(beside.get("lines"), self.keep)
        data = intake.read(columns_of(chunk.findings), lines, beside.get("procedures"))
        if self.dates is not None:
            data = attrs.evolve(data, dates=self.dates)
        panel = assess_read(data, self.asked.beneath, self.asked.immune, self.engine)
        panel = self.asked.carried(kept, data, panel)
        restore = restorer(chunk.findings)
        found = self.asked.answer(data, panel, restore)
        made: tuple[Any, ...]
        if self.policy is None:
            lesions = (found.lesions,) if self.graded else ()
            made = found.timepoints, found.lines, *lesions
        else:
            endpoints = times_of(found, self.policy, self.pending)
            made = in_numbers(endpoints.table), endpoints.adtte
        notes, largest = notes_on_charts(data, self.asked.beneath)
        rows = {name: numbers for name, (_, numbers) in chunk.beside.items()}
        told = columns_of_notes(notes, data.patients.ids, {"findings": chunk.rows, **rows})
        made = *made, restore(told)
        return _Judged(
            tables=tuple(map(_cast, made, self.schemas or [None] * len(made))),
            ids=_texts(data.patients.ids),
            largest=largest,
            mistakes=[_placed(chunk, each) for each in intake.told(data)],
            sums={
                "rows": len(chunk.rows),
                "patients": len(data.patients),
                "invalid": int(data.patients.refused.sum()),
                "untreated": len(found.untreated),
                "lines": len(panel.lines.patient),
                "timepoints": len(panel.timepoints.line),
            },
        )


def _texts(ids: Array) -> Any:
    pa = extra("pyarrow")
    return pa.array(list(map(str, ids.tolist())), pa.large_string())


def _cast(table: Any, schema: Any) -> Any:
    return table if schema is None else table.cast(schema)


def _placed(chunk: _Chunk, mistake: tuple[Any, int | None, str, str]) -> Mistake:
    """A mistake with its row in the file."""
    patient, row, column, error = mistake
    table = table_of(column)
    rows = chunk.beside[table][1] if table in chunk.beside else chunk.rows
    other = _TWICE.fullmatch(error)
    if other is not None:
        error = RECORDED_TWICE.format(int(rows[int(other[1])]))
    return patient, int(rows[row]), column, error


_TWICE = re.compile(RECORDED_TWICE.format(r"(\d+)"))


def _settled_for(judge: _Judge, schema: Any, sides: Mapping[str, SideTable]) -> _Judge:
    """The judge for tables of these columns, so that every chunk is written with the same types."""
    dates, date = dates_of(schema, sides["lines"].table if "lines" in sides else None)
    others = [side.table.schema for name, side in sides.items() if name != "patients"]
    patient = patient_type([schema, *others])
    none = {
        name: (side.table.schema.empty_table(), np.zeros(0, np.int64))
        for name, side in sides.items()
    }
    empty = judge(_Chunk(schema.empty_table(), np.zeros(0), none))
    schemas = tuple(settled(table.schema, patient, date) for table in empty.tables)
    return attrs.evolve(judge, dates=dates, schemas=schemas)


def _judged(judge: _Judge, chunks: Iterator[_Chunk], jobs: int) -> Iterator[_Judged]:
    """Results of the chunks in order; with several processes, that many chunks are held at once."""
    if jobs == 1:
        yield from map(judge, chunks)
        return
    yield from in_order(judge, chunks, jobs)


# ---- the whole


@attrs.frozen(eq=False)
class _Run:
    """One run over a file, with the folder that it writes to."""

    source: Any
    sides: Mapping[str, SideTable]
    judge: _Judge
    folder: Path
    progress: Progress
    chunk_rows: int

    def __call__(self, names: Sequence[str], jobs: int) -> Summary:
        """Write the tables and the mistakes to files of these names."""
        census = counted(self.source, self.progress)
        spans = spans_of(census.counts, self.chunk_rows)
        judge = _settled_for(self.judge, self.source.schema, self.sides)
        judged = _judged(judge, self._chunks(census, spans), jobs if len(spans) > 1 else 1)
        *paths, errors = (os.fspath(self.folder / name) for name in names)
        with ExitStack() as stack:
            results = _Results(
                [
                    stack.enter_context(Writer(path, schema))
                    for path, schema in zip(paths, judge.schemas, strict=True)
                ],
                stack.enter_context(Path(errors).open("w", encoding="utf-8", newline="")),
            )
            for each in judged:
                results.add(each)
                self.progress(results.sums["rows"], int(census.counts.sum()))
            results.tables[-1].write(self._notes(results, judge.schemas[-1]))
            return results.summary()

    def _notes(self, results: _Results, schema: Any) -> Any:
        """The notes on all patients together, and on the columns of every file."""
        ids = [each for some in results.ids for each in some.to_pylist()]
        columns, read = {"findings": self.source.names}, (*self.judge.keep, "patient")
        columns |= {
            name: [each for each in side.names if each not in read]
            for name, side in self.sides.items()
        }
        told = notes_on_tables(ids, np.concatenate(results.largest), columns)
        restore = restorer(self.source.schema.empty_table())
        return restore(columns_of_notes(told, ids)).cast(schema)

    def _chunks(self, census: Census, spans: Sequence[tuple[int, int]]) -> Iterator[_Chunk]:
        """The chunks of the findings with what stands beside; last, the patients without any."""
        found = cut(self.source, census, spans, self.folder, self.chunk_rows, self.progress)
        for table, rows in found:
            patients = table["patient"].combine_chunks()
            own = {name: side.of(patients) for name, side in self.sides.items()}
            yield _Chunk(table, rows, self._beside(own))
        left = {name: side.left() for name, side in self.sides.items()}
        if any(map(len, left.values())):
            empty = self.source.schema.empty_table()
            yield _Chunk(empty, np.zeros(0, np.int64), self._beside(left))

    def _beside(self, rows: Mapping[str, Array]) -> dict[str, tuple[Any, Array]]:
        """Some rows of each table beside the findings."""
        return {name: (self.sides[name].table.take(own), own) for name, own in rows.items()}


def _written(mistake: Mistake) -> list[Any]:
    """A mistake as a row of text that no spreadsheet runs."""
    return [inert(each) if isinstance(each, str) else each for each in mistake]


class _Results:
    """The tables being written, and their counts."""

    def __init__(self, tables: Sequence[Writer], errors: Any) -> None:
        self.tables = tables
        self.sums: Counter[str] = Counter()
        self.mistakes = self.unowned = 0
        self._errors = csv.writer(errors, lineterminator="\n")
        self._errors.writerow(("patient", "row", "column", "error"))
        self._beside: list[Mistake] = []
        self.ids: list[Any] = []
        self.largest: list[Array] = [np.zeros(0, np.int64)]

    def add(self, judged: _Judged) -> None:
        """Write the result of a chunk; mistakes in other tables are kept until the end."""
        for writer, table in zip(self.tables, judged.tables, strict=True):
            writer.write(table)
        self.sums.update(judged.sums)
        self.ids.append(judged.ids)
        self.largest.append(judged.largest)
        self.mistakes += len(judged.mistakes)
        self.unowned += sum(patient is None for patient, *_ in judged.mistakes)
        for mistake in judged.mistakes:
            if table_of(mistake[2]) == TABLES[0]:
                self._errors.writerow(_written(mistake))
            else:
                self._beside.append(mistake)

    def summary(self) -> Summary:
        """Write the mistakes in the other tables, and return the counts."""
        self._beside.sort(key=lambda mistake: (TABLES.index(table_of(mistake[2])), mistake[1]))
        self._errors.writerows(map(_written, self._beside))
        counts = ("rows", "patients", "invalid", "untreated", "lines", "timepoints")
        each = {name: self.sums[name] for name in counts}
        notes = self.tables[-1].rows
        return Summary(mistakes=self.mistakes, unowned=self.unowned, notes=notes, **each)
