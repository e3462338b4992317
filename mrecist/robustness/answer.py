"""How sure is this PR? A chart or a cohort read again and again, with the error of a reader.

    from mrecist import how_sure
    print(how_sure(patient, error="mrecist_nonexpert"))

`how_sure` takes the recorded sizes as true, reads them again some thousand times, each time with
an error drawn from an error model (`PRESETS`, each with the figure that it stands on), and judges
every copy by the rules of `assess`. It tells how often each response comes out. `sure` is the
agreement of one more reading with the record: how well a verdict can be reproduced, not how likely
it is that the tumour responded, and not how well two readers agree who both err (less; `agree`).
`rereading` states what is decided about the error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base import converters, html
from .._base.arrays import Array
from .._base.converters import shown, whole_from
from .._base.errors import CriteriaError, NotThereError
from .._base.text import grid, wrapped
from .._base.words import Response, Standing
from ..cohort import tables_out
from ..cohort.engine import assess_read, opened, read_of_one
from ..cohort.one_patient import read_of
from ..cohort.panel import Panel
from ..model import Patient
from ..rulebook.best_response import BEST, OBJECTIVE
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import MRECIST, Criteria, criteria_named
from ..rulebook.decision_table import verdicts
from ..rulebook.overall import REPORTED
from ..rulebook.reader_variability import PRESETS, ReaderVariability, number_up_to
from ..tables.clean import Lines
from ..tables.column import Plain
from ..tables.intake import Read, told
from ..tables.mistakes import CohortError
from .copies import Counts, counted
from .rereading import RESPONSES, Asked, Original

__all__ = ["Rate", "Robustness", "how_sure", "whole_percent"]


# ---- what is asked


def how_sure(
    patient: Any,
    lines: Any = None,
    *,
    procedures: Any = None,
    error: ReaderVariability | str = "mrecist_nonexpert",
    nodes: ReaderVariability | str | None = None,
    draws: int = 10_000,
    seed: int = 0,
    rho: float = 0.0,
    criteria: Criteria | str = MRECIST,
    hold_targets: bool = False,
) -> Robustness:
    """How often a re-reading with an error of the diameters gives each response.

    The same `seed` gives the same answer (PCG64, one stream for each patient, seeded with `seed`
    and the patient's id; the same NumPy provided): a patient's answer does not depend on the others
    of the cohort, on the order of rows, or on how the work is divided.

    Args:
        patient: A `Patient`, or the findings of a cohort as `assess_cohort` takes them.
        lines: The lines of the cohort; left out for a `Patient`, whose chart holds them.
        procedures: The local treatments of the cohort; left out for a `Patient`.
        error: The error of a diameter: one of `PRESETS` or a custom `ReaderVariability`.
        nodes: Another error for lymph nodes; left out, the same.
        draws: How many re-readings are judged; more give smaller standard errors.
        seed: Where the random numbers begin, from 0.
        rho: The correlation of the errors of a lesion at different time points, from 0 to under 1
            (0: read afresh each time; side by side perhaps 0.5).
        criteria: As for `assess`; those of lesions and of immunotherapy are refused.
        hold_targets: Whether targets stay those of the record; else each re-reading chooses anew.

    Returns:
        The share of re-readings with each response, for every time point and line.

    Raises:
        CohortError: Mistakes in the tables, every one.
        CriteriaError: Criteria that are not known.
        ValueError: An argument is not possible.

    Example:
        >>> robustness = how_sure({
        ...     "patient": ["P-001"] * 2, "lesion": ["S8"] * 2, "date": [0, 56],
        ...     "viable_mm": [60, 12],
        ... }, draws=100)
        >>> robustness.lines["PR"].tolist()
        [1.0]
    """
    criteria = criteria_named(criteria)
    if criteria.area is not None:
        raise CriteriaError(
            f"criteria {criteria.name} sum areas, and no error of readers of areas is published; "
            "take criteria that sum diameters"
        )
    asked = Asked(
        error=_model("error", error),
        nodes=None if nodes is None else _model("nodes", nodes),
        draws=whole_from("draws", draws, 1),
        seed=whole_from("seed", seed, 0),
        rho=number_up_to("rho", rho, 1, _RHO_1),
        criteria=criteria,
        hold_targets=_flag("hold_targets", hold_targets),
    )
    data, restore = _data(patient, lines, procedures)
    panel = assess_read(data, criteria)
    if len(data.mistakes):
        raise CohortError(list(told(data)))
    counts = counted(Original(data, panel, asked), panel, asked)
    asked_for = attrs.asdict(asked, recurse=False)
    return Robustness(**asked_for, data=data, panel=panel, counts=counts, restore=restore)


def _model(name: str, value: Any) -> ReaderVariability:
    if not isinstance(value, ReaderVariability):
        value = converters.look_up(name, value, PRESETS, "a ReaderVariability", ValueError)
    model: ReaderVariability = value
    if name == "nodes" and model.total_sd_mm is not None:
        raise ValueError(
            f"nodes must be an error of single diameters, got {model.name}; give it as error"
        )
    return model


_RHO_1 = "; with 1, all readings of a lesion would share one error"


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be true or false, got {shown(value)}")
    return bool(value)


def _data(
    patient: Any, lines: Any, procedures: Any
) -> tuple[Read, Callable[[Mapping[str, Any]], Any]]:
    """The chart or the tables as clean columns, and what makes a table of the caller's kind."""
    if isinstance(patient, Patient):
        for name, table in (("lines", lines), ("procedures", procedures)):
            if table is not None:
                told = f"{name} must be left out for a Patient, whose chart holds its {name}"
                raise ValueError(told)
        return read_of(patient), tables_out.as_arrays
    tables, restore = opened(patient, lines, procedures)
    data = read_of_one(tables)
    if data.lines is None:
        data = attrs.evolve(data, lines=_one_line_each(data))
    return data, restore or tables_out.as_arrays


def _one_line_each(data: Read) -> Lines:
    """One line for each patient who has a row, from the first date on."""
    patients = data.patients
    day = data.findings.day[patients.rows(0, len(patients))]
    there = np.flatnonzero(np.diff(patients.bounds))
    starts = np.minimum.reduceat(day, patients.bounds[there]) if len(there) else day[:0]
    return Lines.plain(there, starts.astype(np.int64))


# ---- the answer


@attrs.frozen(kw_only=True)
class Rate:
    """The share of lines with some best response: as recorded, and over the re-readings.

    `low` and `high` hold 95 % of the re-readings between them. They come from the error of reading
    alone: how few patients there are is not in them.
    """

    error: ReaderVariability
    responses: tuple[Response, ...]
    lines: int
    recorded: float
    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.told}; with {self.error}"

    @property
    def told(self) -> str:
        """The rate in words, for where the error model is told beside it."""
        words = "+".join(self.responses)
        return (
            f"{words} {100 * self.recorded:.1f} % as recorded ({self.lines} lines); re-read "
            f"{100 * self.mean:.1f} % on average, 95 % of re-readings {100 * self.low:.1f} to "
            f"{100 * self.high:.1f} %"
        )


@attrs.frozen(eq=False, repr=False, kw_only=True)
class Robustness:
    """How often each response comes out when sizes are read again with an error; `str` tells it.

    `timepoints` and `lines` are tables of the kind that came in (for a `Patient` a dict of NumPy
    arrays). `sure` is the share of copies that give the response as recorded (NaN where no
    size was read again and nothing changed), `standard_error` its Monte Carlo standard error; a
    column for each response holds the share that gives it. `sure` is the agreement of one more
    reading with the record, if the record is true; `agree` that of two more readings with each
    other, as two readers who both err agree (NaN also of a single draw).
    """

    criteria: Criteria
    error: ReaderVariability
    nodes: ReaderVariability | None
    draws: int
    seed: int
    rho: float
    hold_targets: bool
    _data: Read
    _panel: Panel
    _counts: Counts
    _restore: Callable[[Mapping[str, Any]], Any]

    @cached_property
    def timepoints(self) -> Any:
        """One row per follow-up: patient, line, date, response and source recorded, and shares."""
        table = tables_out.timepoint_columns(self._data, self.criteria, self._panel)
        kept = {name: table[name] for name in ("patient", "line", "date", "response", "source")}
        rested = self._counts.readings > 0
        shares = self._shares(self._counts.timepoints, self._panel.timepoints.response, rested)
        return self._restore(kept | shares)

    @cached_property
    def lines(self) -> Any:
        """One row per line: the best response recorded, unconfirmed and confirmed, and shares."""
        table = tables_out.line_columns(self._data, self.criteria, self._panel)
        rules = self._panel.lines
        kept = {name: table[name] for name in ("patient", "line", "agents", "best_response")}
        rested = self._read_lines()
        kept |= self._shares(self._counts.best, verdicts(BEST, rules.best_rule), rested)
        kept["confirmed_best_response"] = table["confirmed_best_response"]
        recorded = verdicts(CONFIRMED, rules.confirmed_rule)
        shares = self._shares(self._counts.confirmed, recorded, rested)
        return self._restore(kept | {f"confirmed_{name}": each for name, each in shares.items()})

    def _read_lines(self) -> Array:
        """Whether some size was read again at some follow-up of each line."""
        line, count = self._panel.timepoints.line, len(self._panel.lines.patient)
        return np.bincount(line, self._counts.readings, minlength=count) > 0

    def _shares(self, counts: Array, recorded: Array, read_again: Array) -> dict[str, Any]:
        share = counts / self.draws
        unasked = ~read_again & (counts.max(axis=1, initial=0) == self.draws)
        sure = np.take_along_axis(share, recorded.astype(np.int64)[:, None], axis=1)[:, 0]
        error = np.sqrt(sure * (1 - sure) / self.draws)
        none = unasked | (self.draws < 2)
        pairs = (np.square(counts).sum(axis=1) - self.draws) / max(self.draws - 1, 1) / self.draws
        shares = {
            "sure": Plain(np.where(unasked, np.nan, sure), unasked),
            "standard_error": Plain(np.where(unasked, np.nan, error), unasked),
        }
        shares |= {str(word): Plain(share[:, word.code]) for word in RESPONSES}
        return shares | {"agree": Plain(np.where(none, np.nan, pairs), none)}

    def rate(self, *responses: Response | str, line: int = 1, confirmed: bool = False) -> Rate:
        """The share of patients whose line of that number has one of these as best response.

        Every line counts, one that cannot be judged as well.

        Args:
            responses: The words that count; left out, CR and PR: the objective response rate.
            line: The number of the line, from 1.
            confirmed: Whether to count confirmed best responses.

        Returns:
            The share as recorded, and its mean and range over the re-readings.

        Raises:
            NotThereError: There is no line of that number.
        """
        words = tuple(map(_word, responses or sorted(OBJECTIVE, key=RESPONSES.index)))
        number = self._panel.lines.number
        some = np.flatnonzero(number == line)
        if not len(some):
            raise NotThereError(
                f"there is no line {line}; lines go up to {int(number.max(initial=0))}"
            )
        places = [word.code for word in words]
        rule = self._panel.lines.confirmed_rule if confirmed else self._panel.lines.best_rule
        recorded = verdicts(CONFIRMED if confirmed else BEST, rule)[some]
        shares = self._counts.shares[int(confirmed), line - 1][:, places].sum(axis=1) / len(some)
        low, high = np.quantile(shares, [0.025, 0.975]).tolist()
        as_recorded = float(np.isin(recorded, places).mean())
        return Rate(
            error=self.error,
            responses=words,
            lines=len(some),
            recorded=as_recorded,
            mean=float(shares.mean()),
            low=low,
            high=high,
        )

    def __str__(self) -> str:
        rows = [self._head()]
        one = len(self._data.patients) == 1
        rows += self._patient_rows() if one else self._cohort_rows()
        return "\n".join(text for row in [*rows, *self._foot()] for text in wrapped(row, "  "))

    def __repr__(self) -> str:
        return (
            f"<Robustness by {self.criteria.name}, {self.error.name}: "
            f"{len(self._data.patients)} patients, {self.draws} draws>"
        )

    def _repr_html_(self) -> str:
        one = len(self._data.patients) == 1
        rows = self._patient_rows() if one else self._cohort_rows()
        return html.of_text("\n".join([self._head(), *rows, *self._foot()]), heads=("date",))

    def _head(self) -> str:
        ids = self._data.patients.ids
        who = str(ids[0]) if len(ids) == 1 else f"{len(ids)} patients"
        return f"{who}: {self.criteria.label}, {_number_told(self.draws)} re-readings"

    def _patient_rows(self) -> Iterator[str]:
        found, lines = self._panel.timepoints, self._panel.lines
        dates = self.timepoints["date"] if len(found.line) else []
        stands_in = verdicts(REPORTED, found.standing_rule) == Standing.STANDS_IN.code
        best = verdicts(BEST, lines.best_rule), verdicts(CONFIRMED, lines.confirmed_rule)
        for line in range(len(lines.patient)):
            yield ""
            yield f"Line {lines.number[line]}: {self._agents(line)}"
            rows = [("date", "response", "sure", "re-read as")]
            for at in np.flatnonzero(found.line == line).tolist():
                word = RESPONSES[found.response[at]]
                mark = "*" if stands_in[at] else ""
                counts, read_again = self._counts.timepoints[at], self._counts.readings[at] > 0
                rows.append((str(dates[at]), *self._told(word, mark, counts, read_again)))
            rested = self._read_lines()[line]
            for name, codes, each in (
                ("best", best[0], self._counts.best),
                ("confirmed", best[1], self._counts.confirmed),
            ):
                rows.append((name, *self._told(RESPONSES[codes[line]], "", each[line], rested)))
            yield from (f"  {row}" for row in grid(rows))

    def _agents(self, line: int) -> str:
        lines, place = self._data.lines, int(self._panel.lines.agents[line])
        return "" if lines is None or place < 0 else " + ".join(lines.agents_named[place])

    def _told(
        self, word: Response, mark: str, counts: Array, read_again: bool
    ) -> tuple[str, str, str]:
        """A response, how sure it is, and how often each came out, the commonest first."""
        if not read_again and counts[word.code] == self.draws:
            return f"{word}{mark}", "-", "no size to read again"
        each = sorted(zip(counts.tolist(), RESPONSES, strict=True), key=lambda pair: -pair[0])
        told = ", ".join(f"{other} {self._percent(count)}" for count, other in each if count)
        return f"{word}{mark}", self._percent(int(counts[word.code])), told

    def _percent(self, count: int) -> str:
        return whole_percent(100 * count / self.draws)

    def _cohort_rows(self) -> Iterator[str]:
        for number in range(1, int(self._panel.lines.number.max(initial=0)) + 1):
            yield ""
            yield f"Line {number}, best response"
            for name, confirmed in (("unconfirmed", False), ("confirmed", True)):
                yield f"  {name}: {self.rate(line=number, confirmed=confirmed).told}"
                yield f"  {name}: {self.rate('PD', line=number, confirmed=confirmed).told}"

    def _foot(self) -> Iterator[str]:
        yield ""
        what = "the diameters of nodes" if self.error.only_nodes else "every diameter"
        yield f"If the recorded sizes were true and {what} were read again with {self.error}."
        if self.nodes is not None:
            yield f"Nodes apart, with {self.nodes}."
        targets = "held as recorded" if self.hold_targets else "chosen anew in every re-reading"
        yield (
            f"Correlation of a lesion's readings {self.rho:g}; targets {targets}; seed "
            f"{self.seed}; Monte Carlo standard error at most "
            f"{50 / math.sqrt(self.draws):.2g} percentage points for a share."
        )
        only = "Diameters and viable sizes of 0" if self.error.flip else "Only diameters"
        yield (
            f"{only} carry an error: other lesions seen or missed, enhancement, verdicts without "
            "a size and reported verdicts are taken as recorded."
        )
        yield (
            "sure: the agreement of one more reading with the record, if the record is true. How "
            "well a verdict can be reproduced, not how likely it is that the tumour responded; two "
            "readers who both err agree less often (column agree)."
        )
        standing = verdicts(REPORTED, self._panel.timepoints.standing_rule)
        if len(self._data.patients) == 1 and np.any(standing == Standing.STANDS_IN.code):
            yield "* as reported: the rules reach no graded verdict there, and no size decides."


def _word(value: Any) -> Response:
    try:
        return converters.word(Response)(value)
    except ValueError as error:
        raise ValueError(f"responses: each {error}") from None


def whole_percent(percent: float) -> str:
    """A percentage without decimals, never shown as none or all where it is not."""
    if 0 < percent < 0.5:
        return "<1 %"
    return ">99 %" if 99.5 <= percent < 100 else f"{percent:.0f} %"


def _number_told(number: int) -> str:
    return f"{number:,}".replace(",", " ")
