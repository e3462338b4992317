"""Read an SDTM study: the domains TU, TR and RS, and what else tells of treatment and survival.

    study = mrecist.io.read_sdtm("study/", reader="INVESTIGATOR", measures="viable")
    study.assess("mrecist").lines

Sums, percentages and responses that others computed are never read into the findings.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .._base.arrays import Array
from ..lines.boundaries import LineBoundaries
from ..tables.column_schema import REPORTED_BY
from .columns import coded, first_of, objects, uncollected
from .dates import Completion
from .errors import AskError
from .problems import Notes, table
from .sdtm_accepted import read_accepted
from .sdtm_choices import read_choices
from .sdtm_files import Domains
from .sdtm_findings import Exam, facts_of, finding_columns
from .sdtm_lesions import read_lesions
from .sdtm_lines import Line, read_lines, read_markers, read_procedures
from .sdtm_merged import merge
from .sdtm_origin import origin_of
from .sdtm_readers import ACCEPTED, EACH, Reader, chosen_readers
from .sdtm_reported import Reported, read_reported
from .sdtm_results import Results, Visits, read_results
from .sdtm_roles import Roles, read_roles
from .sdtm_settings import check_phase, check_settings
from .sdtm_supplied import extras, not_done, own_words, qualifiers, words_of_undone
from .sdtm_vital import read_vital
from .study import DECISION_COLUMNS, MARKER_COLUMNS, REPORTED_COLUMNS, Study

__all__ = ["read_sdtm"]

MEASURES = (None, "viable", "whole")


def read_sdtm(
    source: Any,
    *,
    reader: Reader | None = None,
    measures: str | None = None,
    arterial_phase: Any = "method",
    dates: str = "last",
    errors: str = "raise",
    responses: Iterable[str] | Mapping[str, str] | None = "all",
    names: Mapping[str, str] | None = None,
    locations: Mapping[str, tuple[str, str]] | None = None,
    kinds: Mapping[str, str] | None = None,
    cm: Mapping[str, str] | None = None,
    pr: Mapping[str, str] | None = None,
    boundaries: LineBoundaries | None = None,
    extra: Any = None,
) -> Study:
    """The study that SDTM data sets hold.

    Supplemental qualifiers of TU and TR may say what SDTM has no variable for; `Study.to_sdtm`
    writes them. Lines of therapy are told apart by the doses, or by EXGRPID where it names them
    (`LINE 2`).

    Args:
        source: A folder, a mapping of tables by domain (`{"TR": ..., "TU": ...}`; each a mapping of
            columns, a frame or a file), or files. Files are CSV, Parquet, SAS transport
            (`.xpt`) and data files, or Dataset-JSON 1.1.
        reader: Whose reading: a name, the pair of --EVAL and --EVALID, or `"each"`, which gives the
            tables a column `reader`, and `decisions` by --ACPTFL; `"accepted"` is the same where
            there are decisions. Needed where several have read.
        measures: What the plain diameter of a liver nodule is of: `"viable"`, the enhancing part,
            or `"whole"`. Needed where a liver nodule has a plain diameter only.
        arterial_phase: True, False, a mapping of (patient, date), the others by their method, or
            `"method"`: all by it.
        dates: How a date without a day is completed in its month: `"last"`, `"first"`, `"refuse"`.
        errors: `"raise"` raises every mistake; `"collect"` lists them in `Study.errors`.
        responses: Verdicts to read by RSCAT: `"all"`, names, a mapping of RSCAT to criteria, or
            `None`: no verdict is read.
        names: The file, without its ending, of a domain that several files may be.
        locations: Organ and kind of terms of TULOC, before the table of terms.
        kinds: Kinds of lesions by id, such as `{"NT01": "infiltrative"}`.
        cm: Columns and values that select further therapy in CM.
        pr: Columns and values that select local treatment in PR.
        boundaries: Where a line of therapy ends and the next begins.
        extra: A table of what SDTM has no variable for: patient, lesion, date (left out: all dates)
            and reader, with pattern, cytology, biopsy, enhancement, treated.

    Returns:
        The study; `problems` lists what was left out, and what was read how.

    Raises:
        AskError: A question that the data do not answer; the message ends in the argument to give.
        IntakeError: Mistakes in the data, every one.
        ValueError: Settings of the wrong shape, each fault by its key.
        TypeError: A source that is none of these.
        FileNotFoundError: A file that is not there.
    """
    if measures not in MEASURES:
        raise ValueError(f'measures must be "viable" or "whole", got {measures!r}')
    check_settings({"names": names, "locations": locations, "kinds": kinds, "cm": cm, "pr": pr,
                    "responses": responses})  # fmt: skip
    check_phase(arterial_phase)
    with uncollected():
        return _read(
            source,
            reader,
            measures,
            arterial_phase,
            dates,
            errors,
            responses,
            names,
            locations or {},
            kinds or {},
            cm,
            pr,
            boundaries,
            extra,
        )


def _read(
    source: Any,
    reader: Reader | None,
    measures: str | None,
    arterial_phase: Any,
    dates: str,
    errors: str,
    responses: Iterable[str] | Mapping[str, str] | None,
    names: Mapping[str, str] | None,
    locations: Mapping[str, tuple[str, str]],
    kinds: Mapping[str, str],
    cm: Mapping[str, str] | None,
    pr: Mapping[str, str] | None,
    boundaries: LineBoundaries | None,
    extra: Any,
) -> Study:
    """The study, with the settings of `read_sdtm`."""
    completed, notes = Completion(dates), Notes()
    domains = Domains.read(source, names)
    for each in domains.tables.values():
        notes.of_file(each)
    results_table, lesions_table, reported_table = (domains[name] for name in ("TR", "TU", "RS"))
    readers = chosen_readers(results_table, reader)
    visits = Visits([(domains[name], name) for name in ("TR", "RS")])
    records, mergings = read_lesions(lesions_table, readers, completed, notes)
    own_words(domains, records, notes)
    results = read_results(results_table, readers, visits, completed, notes)
    facts = facts_of(
        results, records, identified="TU" in domains, locations=locations, kinds=kinds, notes=notes
    )
    supplied = qualifiers(domains, results, notes)
    supplied += extras(extra, results, notes)
    columns, kept = finding_columns(results, facts, measures, arterial_phase, supplied, notes)
    seen = results.exam[kept]
    first_seen = first_of(seen, len(results.exams)).tolist()
    exams = {
        exam: columns["visit"][at]
        for exam, at in zip(results.exams, first_seen, strict=True)
        if at >= 0
    }
    reported = Reported()
    if responses is not None:
        reported = read_reported(
            reported_table, readers, results, exams, visits, completed, responses, notes
        )
    undone = [*results.undone, *not_done(domains["SV"], results, readers, visits, completed)]
    first, last = _span(exams, reported)
    for patient, _, date, _ in undone:
        first.setdefault(patient, date)
    lines = read_lines(domains, first, completed, boundaries, cm, notes)
    choices = read_choices(domains, completed)
    roles = read_roles(records, results, columns, lines, first, choices, notes)
    accepted: list[Any] = []
    by_reader = reader in (EACH, ACCEPTED)
    if by_reader:
        read = {**exams, **reported.visits}
        accepted = read_accepted(domains, lines, roles, results, read, visits, completed, notes)
    if reader == ACCEPTED and not accepted:
        told = "no record says whose reading is accepted (--ACPTFL)"
        raise AskError(told, f'reader="{EACH}", or the name of a reader', f"--reader {EACH}")
    merged = merge(columns, mergings, notes)
    vital = read_vital(domains, first, last, completed, notes)
    study = Study(
        "SDTM",
        findings=_findings(
            columns,
            kept,
            exams,
            reported,
            undone,
            words_of_undone(domains),
            results,
            roles,
            merged,
            by_reader,
        ),
        lines=_lines(lines, roles, vital, by_reader),
        procedures=_table_or_none(
            ("patient", "date", "kind", "text", "lesions"),
            read_procedures(domains["PR"], first, pr, results.lesions, completed, notes),
        ),
        markers=table(MARKER_COLUMNS, read_markers(domains["LB"], first, completed, notes)),
        reported=table(REPORTED_COLUMNS, [(row[0], *row[1:]) for row in reported.rows]),
        decisions=table(DECISION_COLUMNS, accepted),
        problems=notes.problem_table(),
        errors=notes.error_table(),
        readers=readers,
        origin=origin_of(results_table, results, notes),
        files=domains.files,
    )
    notes.settle(errors)
    return study


def _span(
    exams: Mapping[Exam, Any], reported: Reported
) -> tuple[dict[str, datetime.date], dict[str, datetime.date]]:
    """The first and the last date of each patient, all readers together."""
    first: dict[str, datetime.date] = {}
    last: dict[str, datetime.date] = {}
    for patient, _, date in [*exams, *reported.visits]:
        if date is not None:
            first[patient] = min(date, first.get(patient, date))
            last[patient] = max(date, last.get(patient, date))
    return first, last


# ---- the tables


def _findings(
    columns: dict[str, Array],
    kept: Array,
    exams: Mapping[Exam, str | None],
    reported: Reported,
    undone: Iterable[tuple[str, str, datetime.date, str | None]],
    words: Mapping[tuple[str, str, str], Mapping[str, str]],
    results: Results,
    roles: Roles,
    merged: Iterable[dict[str, Any]],
    each: bool,
) -> dict[str, Array]:
    """The table of findings by patient, date and lesion, with what no result shows."""
    more: list[dict[str, Any]] = [
        {"patient": patient, "reader": whose, "date": date, "visit": visit, "source": "rs"}
        for (patient, whose, date), visit in reported.visits.items()
    ]
    there = {*exams, *reported.visits}
    for patient, whose, date, visit in dict.fromkeys(undone):
        if (patient, whose, date) not in there:
            more.append({"patient": patient, "reader": whose, "date": date, "visit": visit,
                         "source": "tr"})  # fmt: skip
    for row in more:
        row |= words.get((row["patient"], row["reader"], str(row["date"])), {})
    more += [*merged, *roles.without_result]
    for name in columns:
        columns[name] = np.concatenate([columns[name], objects([row.get(name) for row in more])])
    seen = results.exam[kept]
    added = [(row["patient"], row["reader"], row["date"]) for row in more]
    for name in sorted({column for said in reported.words.values() for column in said}):
        word = {exam: said.get(name) for exam, said in reported.words.items()}
        of_exam = objects([*map(word.get, results.exams), None])
        columns[name] = np.concatenate([of_exam[seen], objects([*map(word.get, added)])])
    day = np.append(results.day[kept], [date.toordinal() for *_, date in added])
    rank = (_rank(columns["reader"]), day, _rank(columns["patient"]))
    order = np.lexsort(rank)
    return {name: cells[order] for name, cells in columns.items() if _is_kept(name, cells, each)}


def _rank(cells: Array) -> Array:
    """The place of each text in their order."""
    column = coded(cells.tolist())
    place = {text: at for at, text in enumerate(sorted(column.values))}
    return np.array([*(place[text] for text in column.values), -1])[column.codes]


def _is_kept(name: str, cells: Array, each: bool) -> bool:
    """Whether a column stands in the table: those that nothing says anything in do not."""
    if name == "reader":
        return each
    required = ("patient", "date", "lesion", "organ", "kind", "source")
    nothing = np.equal(cells, np.array(None)).all()
    return name in required or name.startswith(REPORTED_BY) or not nothing


def _lines(
    lines: Mapping[str, list[Line]], roles: Roles, vital: Mapping[str, tuple[Any, Any]], each: bool
) -> dict[str, Array]:
    """The table of lines; where every reader is read, those of each follow those of all."""
    names = ("patient", "reader", "start", "stop", "end_reason", "agents", "baseline", "targets",
             "nontargets", "death", "last_contact")  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for patient, own in lines.items():
        for at, line in enumerate(own):
            facts = (
                line.stop,
                line.end_reason and str(line.end_reason),
                "+".join(line.agents) or None,
            )
            said = roles.of_line(patient, at)
            plain: tuple[Any, ...] = (None, None, None)
            if each:
                rows.append((patient, None, line.start, *facts, *plain, *vital[patient]))
                rows += [
                    (patient, whose, line.start, *plain, *told, None, None)
                    for whose, told in said.items()
                ]
            else:
                told = next(iter(said.values()), plain)
                rows.append((patient, None, line.start, *facts, *told, *vital[patient]))
    made = table(names, rows)
    return {name: cells for name, cells in made.items() if each or name != "reader"}


def _table_or_none(names: Iterable[str], rows: list[Any]) -> dict[str, Array] | None:
    return table(names, rows) if rows else None
