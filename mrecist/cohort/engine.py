"""Many patients at once: tables of findings and lines in, every verdict out.

`assess_cohort` reads the tables (`tables/intake.py`), judges blocks of whole patients with arrays
(`panel.py`) and returns `Responses`. The rules and every verdict are those of `assess`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from .._base.converters import shown, whole_from
from .._base.threads import shared, sharing, threads
from ..rulebook.criteria import MRECIST, Criteria
from ..rulebook.immune_criteria import ImmuneCriteria
from ..rulebook.lesion_criteria import LesionCriteria
from ..tables import intake
from ..tables.by_reading import by_reading, place_of_reader, read_as, readers_in
from ..tables.clean import Lines, Patients
from ..tables.column import as_column
from ..tables.column_schema import READER
from ..tables.intake import Read, told
from ..tables.kinds import Arrays, Frame
from ..tables.mistakes import CohortError
from .asked import asked_for
from .chart_mistakes import refuse_charts
from .choice import engine_named, follows, steps_by
from .kept import asked_names, read_kept, without_kept
from .lesions import Traits
from .packed import packed
from .panel import BY_ARRAYS, Panel, Steps, is_compound, joined, judged_span
from .parts import merged, of_patients, some_of
from .responses import Responses

if TYPE_CHECKING:
    from .immune_responses import ImmuneResponses
    from .lesion_responses import LesionResponses

__all__ = ["BLOCK_ROWS", "assess_cohort", "assess_read", "opened", "read_of_one"]

WORTH_SHARING = 4_000_000
"""Rows from which a second thread is begun unasked: it takes more processor time than it saves."""

BLOCK_ROWS = 1 << 18
"""Approximate rows per block. A block has a fixed cost of 2 ms; larger blocks leave the caches."""


@overload
def assess_cohort(  # type: ignore[overload-overlap]
    findings: Mapping[str, Any],
    lines: Any = None,
    *,
    procedures: Any = None,
    criteria: LesionCriteria | Literal["lr-tr-2018", "lr-tr-2024", "recicl"],
    errors: str = "raise",
    workers: int | None = None,
    reader: str | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
    engine: str = "auto",
) -> LesionResponses[Arrays]: ...


@overload
def assess_cohort(  # type: ignore[overload-overlap]
    findings: Any,
    lines: Any = None,
    *,
    procedures: Any = None,
    criteria: ImmuneCriteria | Literal["irecist", "imrecist-hcc", "imrecist"],
    errors: str = "raise",
    workers: int | None = None,
    reader: str | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
    engine: str = "auto",
) -> ImmuneResponses: ...


@overload
def assess_cohort(  # type: ignore[overload-overlap]
    findings: Mapping[str, Any],
    lines: Any = None,
    *,
    procedures: Any = None,
    criteria: Criteria | str = MRECIST,
    errors: str = "raise",
    workers: int | None = None,
    reader: str | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
    engine: str = "auto",
) -> Responses[Arrays]: ...


@overload
def assess_cohort(  # type: ignore[overload-overlap]
    findings: Frame,
    lines: Any = None,
    *,
    procedures: Any = None,
    criteria: LesionCriteria | Literal["lr-tr-2018", "lr-tr-2024", "recicl"],
    errors: str = "raise",
    workers: int | None = None,
    reader: str | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
    engine: str = "auto",
) -> LesionResponses[Frame]: ...


@overload
def assess_cohort(
    findings: Frame,
    lines: Any = None,
    *,
    procedures: Any = None,
    criteria: Criteria | str = MRECIST,
    errors: str = "raise",
    workers: int | None = None,
    reader: str | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
    engine: str = "auto",
) -> Responses[Frame]: ...


def assess_cohort(
    findings: Any,
    lines: Any = None,
    *,
    procedures: Any = None,
    criteria: Criteria | LesionCriteria | ImmuneCriteria | str = MRECIST,
    errors: str = "raise",
    workers: int | None = None,
    reader: str | None = None,
    keep: Iterable[str] = (),
    patients: Any = None,
    engine: str = "auto",
) -> Responses | LesionResponses | ImmuneResponses:
    """Judge every time point and every line of many patients, by the rules that `assess` uses.

    Tables are mappings of NumPy arrays or lists, or, with `mrecist[tables]`, pandas, polars (also
    lazy), pyarrow or duckdb; the answer gives tables of the same kind. Rows may come in any order;
    those grouped by patient and date are fastest. Other columns than those known or kept are not
    read, and `Responses.notes` names them. A patient with a mistake in some row is not judged.

    Args:
        findings: One row per finding. A column `reader` says who recorded it.
        lines: One row per line of therapy; left out, one line per patient, from the first date on.
        procedures: One row per local treatment.
        criteria: As for `assess`: `"lr-tr-2024"`, `"lr-tr-2018"` and `"recicl"` grade lesions;
            `"irecist"`, `"imrecist-hcc"` (words with an i) and `"imrecist"` are for immunotherapy.
        errors: `"raise"` raises every mistake; `"collect"` judges all other patients and lists the
            mistakes in `Responses.errors`. A table that lacks a column is refused either way.
        workers: The threads that read, judge and write; left out, two from some millions of rows
            on, where the machine has two cores.
        reader: Whose readings are judged, of the patients whom that reader read; `assess_readings`
            takes all.
        keep: Further columns of `lines` or `patients`, such as an arm or an aetiology: all tables
            carry them on, and `by=` groups by them.
        patients: One row per patient, for `keep`; a patient who is not in it has no value.
        engine: `"numba"` judges by compiled loops, with the same verdicts in about a quarter less
            time. It needs `mrecist[fast]`, and compiles for some twenty seconds when it first runs
            on a machine. `"numpy"` does without; `"auto"` takes the loops where they are at hand
            and there is much to do. Whatever the engine, iRECIST is judged by arrays, imRECIST
            one patient at a time.

    Returns:
        The verdicts as tables; `LesionResponses` for criteria that grade lesions,
        `ImmuneResponses` for those of immunotherapy.

    Raises:
        CohortError: Mistakes, every one, by row and column.
        CriteriaError: A name of criteria that is not known.
        ImportError: `engine="numba"` without Numba.
        ValueError: An argument is not possible.

    Example:
        >>> responses = assess_cohort({
        ...     "patient": ["P-001", "P-001"], "date": ["2024-01-03", "2024-03-06"],
        ...     "lesion": ["S8", "S8"], "viable_mm": [14.0, 9.8],
        ... })
        >>> responses
        <Responses by mrecist: 1 patients, 1 lines, 1 time points>
        >>> responses.timepoints["response"].tolist()
        ['PR']
    """
    asked = asked_for(criteria)
    if errors not in ("raise", "collect"):
        raise ValueError(f'errors must be "raise" or "collect", got {errors!r}')
    engine_named(engine)
    if workers is not None:
        workers = whole_from("workers", workers, 1)
    elif _is_small(findings):
        workers = 1
    names = asked_names(keep)
    with threads(workers):
        tables, restore = opened(findings, lines, procedures, patients, keep=names)
        kept = read_kept(tables[1], tables.pop(), names)
        tables[1] = without_kept(tables[1], names)
        data = kept.noted(read_of_one(tables, reader))
        panel = assess_read(data, asked.beneath, asked.immune, engine)
        panel = asked.carried(kept, data, panel)
    if errors == "raise" and len(data.mistakes):
        raise CohortError(list(told(data)))
    return asked.answer(data, panel, restore and sharing(workers, restore))


def _is_small(findings: Any) -> bool:
    """Whether one thread is as good as two; a table that does not know its length is large."""
    table = next(iter(findings.values()), ()) if isinstance(findings, Mapping) else findings
    if hasattr(table, "collect") or not hasattr(table, "__len__"):
        return False
    return len(table) < WORTH_SHARING


def opened(
    findings: Any, *others: Any, keep: Sequence[str] = ()
) -> tuple[list[Any], Callable[..., Any] | None]:
    """The columns of each table, and the function that makes frames of the kind of `findings`.

    The function is `None` for mappings, whose results are dictionaries. A table that is left out is
    `None`. Of frames the columns that are known or in `keep` are read."""
    restore = None
    if not isinstance(findings, Mapping):
        from ..tables.frames_out import restorer

        restore = restorer(findings)
    return [_columns(findings), *(_columns(table, keep) for table in others)], restore


def read_of_one(tables: Sequence[Any], reader: str | None = None) -> Read:
    """Read the tables of one reader: `reader` by name, or the only one that there is.

    Raises `CohortError` for the readings of several, where none of them is named.
    """
    if READER not in tables[0]:
        if reader is not None:
            raise ValueError(f"the findings have no column reader, so none is {shown(reader)}")
        return intake.read(*tables)
    names, _ = readers_in({READER: as_column(tables[0][READER], READER)})
    several = " and ".join(names)
    if reader is None and len(names) > 1:
        told = (
            f'the findings hold readings of {several}; take one (reader="{names[0]}") or '
            "assess_readings"
        )
        raise CohortError([(None, None, READER, told)])
    place = 0 if reader is None else place_of_reader(names, reader)
    if place < 0:
        raise ValueError(f"reader must be one of {', '.join(names)}, got {shown(reader)}")
    parted = by_reading(tables, only=place)
    if parted.mistakes:
        raise CohortError(list(parted.told()))
    data, _ = read_as(intake.read(*parted.tables), parted)
    return data


def _columns(table: Any, keep: Sequence[str] = ()) -> Any:
    if table is None or isinstance(table, Mapping):
        return table
    from ..tables.frames_in import KNOWN, columns_of

    return columns_of(table, (*KNOWN, *keep))


def assess_read(
    data: Read, criteria: Criteria, immune: ImmuneCriteria | None = None, engine: str = "auto"
) -> Panel:
    """Judge tables that have been read. Mistakes that only the charts show are added to `data`."""
    refuse_charts(data)
    alone = immune is not None or not follows(criteria)
    steps = BY_ARRAYS if alone else steps_by(engine, len(data.findings))
    if steps.plain is None:
        panel = _judged(data, criteria, steps, data.patients, data.lines, immune)
    else:
        panel = _judged_in_parts(data, criteria, steps)
    if is_compound(data, panel):
        from .compound import judged_one_by_one

        panel = judged_one_by_one(data, criteria, panel)
    return panel


def _judged(
    data: Read,
    criteria: Criteria,
    steps: Steps,
    patients: Patients,
    lines: Lines | None,
    immune: ImmuneCriteria | None = None,
) -> Panel:
    """The panel of some patients and their lines; mistakes are added to `data`."""
    own, findings = threading.local(), packed(data.findings, patients)

    def judge(span: tuple[int, int]) -> tuple[Panel, list[Any]]:
        if not hasattr(own, "traits"):
            own.traits = Traits(criteria, data.findings.organs, data.findings.lesion_ids)
        return judged_span(findings, lines, patients, span, own.traits, immune, steps)

    panels = []
    for panel, wrong in shared(judge, _spans(patients)):
        data.mistakes.found += wrong
        for rows, column, _ in wrong:
            data.patients.refused[data.owner(column, rows)] = True
        panels.append(panel)
    steps.done()
    return joined(panels)


def _judged_in_parts(data: Read, criteria: Criteria, steps: Steps) -> Panel:
    """The panel of all patients: first of those who are plain, then of the others."""
    assert steps.plain is not None
    plain = steps.plain(data, criteria)
    if not plain.pays():
        return _judged(data, criteria, steps, data.patients, data.lines)
    panel = plain.judged(_spans(data.patients))
    some = np.flatnonzero(plain.apart)
    if not len(some):
        steps.done()
        return panel
    rest = _judged(data, criteria, steps, *some_of(data.patients, data.lines, some))
    return merged(panel, of_patients(rest, some))


def _spans(patients: Patients) -> list[tuple[int, int]]:
    """Spans of whole patients, of about `BLOCK_ROWS` rows each."""
    spans = []
    weight = patients.bounds + 4 * np.arange(len(patients) + 1)
    first = 0
    while first < len(patients):
        last = int(np.searchsorted(weight, weight[first] + BLOCK_ROWS, side="right")) - 1
        last = max(last, first + 1)
        spans.append((first, last))
        first = last
    return spans
