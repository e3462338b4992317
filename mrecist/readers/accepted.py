"""The accepted readings as a cohort: one reading per line, with endpoints, rates and patterns.

A line that awaits adjudication has no accepted reading. Rates and times leave such a line out only
where that is asked for, since what is left out is never left out at random.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from .._base.arrays import Array
from .._base.converters import shown
from .._base.errors import NotThereError
from .._base.text import several
from .._base.words import Exposure
from ..cohort.adam import Adam, adam_of
from ..cohort.endpoints import Endpoints
from ..cohort.patterns import pattern_columns
from ..cohort.responses import Responses
from ..endpoints.engine import Timed, Times
from ..endpoints.untreatable import UNTREATABLE, Untreatable
from ..model import Patient
from ..rulebook.policies import FDA_A, Policy, policy_named
from ..tables.by_reading import taken_rows
from .cut import cut_panel

__all__ = ["AcceptedResponses"]


class AcceptedResponses(Responses):
    """`Responses` of the accepted readings. `pending` counts the lines that await adjudication."""

    def __init__(
        self,
        whole: Responses,
        lines: Array,
        full: Responses,
        pending: Array,
        mixed: Mapping[str, list[str]],
    ) -> None:
        """`whole` are all readings, of which `lines` are accepted.

        `full` holds every line; those `pending` in it are as if nobody had read them. `mixed` are
        the readers of patients whose lines have several.
        """
        keep = np.flatnonzero(~pending)
        owner = full.panel.lines.patient[keep]
        data = full._data
        if data.lines is not None:
            data = attrs.evolve(data, lines=data.lines.taken(keep))
        super().__init__(data, full.criteria, cut_panel(full.panel, keep, owner), full._restore)
        self.pending = int(pending.sum())
        self._whole, self._lines, self._full, self._keep = whole, lines, full, keep
        self._mixed = mixed

    @cached_property
    def untreated(self) -> Array:
        """The patients who are sound but have no line of therapy, and so no verdict."""
        return self._full.untreated

    def ask(self, pending: str) -> None:
        """Refuse to go on over lines that await adjudication, unless they are to be left out."""
        if pending not in ("refuse", "leave out"):
            raise ValueError(f'pending must be "refuse" or "leave out", got {shown(pending)}')
        if self.pending and pending == "refuse":
            verb = "awaits" if self.pending == 1 else "await"
            told = f"{several(self.pending, 'line')} {verb} adjudication: see readings.discordance"
            raise ValueError(f'{told}, or pending="leave out"')

    def rates(
        self,
        by: str | Iterable[str] | None = None,
        *,
        line: int | None = None,
        confirmed: bool = False,
        level: str | Fraction | float | None = "0.95",
        pending: str = "refuse",
    ) -> Any:
        """As `Responses.rates`. Lines that await adjudication are refused, or left out."""
        self.ask(pending)
        return super().rates(by, line=line, confirmed=confirmed, level=level)

    def subgroups(
        self,
        columns: Iterable[str] | str,
        *,
        line: int | None = None,
        confirmed: bool = False,
        level: str | Fraction | float | None = "0.95",
        pending: str = "refuse",
    ) -> Any:
        """As `Responses.subgroups`. Lines that await adjudication are refused, or left out."""
        self.ask(pending)
        return self._restore(super()._subgroup_columns(columns, line, confirmed, level))

    def _subgroup_columns(
        self, columns: Iterable[str] | str, line: int | None, confirmed: bool, level: Any
    ) -> dict[str, Any]:
        self.ask("refuse")
        return super()._subgroup_columns(columns, line, confirmed, level)

    def pattern_rates(
        self,
        by: str | Iterable[str] | None = None,
        *,
        line: int | None = None,
        level: str | Fraction | float | None = "0.95",
        pending: str = "refuse",
    ) -> Any:
        """As `Responses.pattern_rates`, each line as its accepted reader saw it. Lines that await
        adjudication are refused, or left out."""
        self.ask(pending)
        return super().pattern_rates(by, line=line, level=level)

    def _pattern_codes(self) -> Array:
        whole = self._whole
        codes = pattern_columns(whole._data, self.criteria, whole.panel).codes
        return codes[self._lines]

    def rechallenge_rates(
        self,
        exposures: Iterable[Exposure | str] = (Exposure.RECHALLENGE,),
        *,
        by: str | Iterable[str] | None = None,
        line: int | None = None,
        confirmed: bool = False,
        level: str | Fraction | float | None = "0.95",
        pending: str = "refuse",
    ) -> Any:
        """As `Responses.rechallenge_rates`. Lines that await adjudication are refused, or left
        out."""
        self.ask(pending)
        return super().rechallenge_rates(
            exposures, by=by, line=line, confirmed=confirmed, level=level
        )

    def endpoints(self, policy: Policy | str = FDA_A, *, pending: str = "refuse") -> Endpoints:
        """As `Responses.endpoints`. Lines that await adjudication are refused, or left out.

        Where one is left out, the line before it has no `pfs2`, and the line after it no growth
        modulation: both rest on its progression.
        """
        self.ask(pending)
        whole = self._full.endpoints(policy)
        if not self.pending:
            return whole
        return _Fewer(whole, self, self._keep)

    def to_adam(
        self,
        adsl: Any = None,
        *,
        policy: Policy | str = FDA_A,
        reader: str = "BICR",
        rscat: str | None = None,
        duration_of: str = "first response",
        pending: str = "refuse",
    ) -> Adam:
        """As `Responses.to_adam`. Lines that await adjudication are refused, or left out.

        Raises `ValueError` where several readers are accepted of one patient: no chart is theirs.
        """
        self.ask(pending)
        if self._mixed:
            names = ", ".join(self._mixed)
            told = f"the lines of {several(len(self._mixed), 'patient')} are of several readers"
            raise ValueError(f"{told}, who have no one chart: {names}; write those of each reader")
        full = self._full
        return adam_of(
            full._data,
            self.criteria,
            full.panel,
            self._restore,
            adsl=adsl,
            policy=policy_named(policy),
            reader=reader,
            rscat=rscat,
            duration_of=duration_of,
            origin=self._origin,
            without=self._left_out,
        )

    @property
    def _left_out(self) -> list[int]:
        """The lines that await adjudication."""
        every = np.arange(len(self._full.panel.lines.patient))
        lost: list[int] = np.setdiff1d(every, self._keep).tolist()
        return lost

    def patterns(self, *, stage_before: Any = None) -> Any:
        """As `Responses.patterns`, each line as its accepted reader saw it."""
        stages = self._of_lines(stage_before, one=str)
        return self._taken(lambda whole: whole.patterns(stage_before=stages))

    def untreatable(
        self, definition: Untreatable = UNTREATABLE, *, declined: Iterable[Any] | None = None
    ) -> Any:
        """As `Responses.untreatable`, each line as its accepted reader saw it."""
        days = self._of_lines(declined, one=())
        return self._taken(lambda whole: whole.untreatable(definition, declined=days))

    def _of_lines(self, given: Any, one: Any) -> Any:
        """What is given for each accepted line, as given for each line of all readings."""
        count = len(self._lines)
        each = [given] * count if given is None or isinstance(given, one) else list(given)
        if len(each) != count:
            raise ValueError(f"there must be one value per line, {count}, got {len(each)}")
        spread: list[Any] = [None] * len(self._whole.panel.lines.patient)
        for line, value in zip(self._lines.tolist(), each, strict=True):
            spread[line] = value
        return spread

    def _taken(self, table: Callable[[Responses], Any]) -> Any:
        """The rows of the accepted lines of a table over all readings."""
        whole = self._whole
        columns = table(Responses(whole._data, self.criteria, whole.panel, dict))
        return self._restore(
            {name: taken_rows(each, self._lines) for name, each in columns.items()}
        )

    def patient(self, patient: Any) -> Patient:
        """The chart of one patient as the accepted reader recorded it.

        Raises `NotThereError` where several readers are accepted, each for other lines.
        """
        readers = self._mixed.get(str(patient))
        if readers is not None:
            told = f"the lines of patient {patient} are accepted of {' and '.join(readers)}"
            raise NotThereError(f"{told}: take the chart of one, readings.of({readers[0]!r})")
        return super().patient(patient)


class _Fewer(Endpoints):
    """The times of some lines, found with the others in place."""

    def __init__(self, whole: Endpoints, accepted: AcceptedResponses, keep: Array) -> None:
        lines = whole._panel.lines
        lost = np.ones(len(lines.patient) + 1, np.bool_)
        lost[keep] = False
        patient = np.append(lines.patient, -1)
        same = patient[1:] == patient[:-1]
        next_lost = lost[1:] & same
        before_lost = np.append(False, (lost[:-1] & same)[:-1])
        timed = whole.timed
        pfs2 = timed.times["pfs2"]
        times = dict(timed.times)
        times["pfs2"] = attrs.evolve(pfs2, clause=np.where(next_lost, -1, pfs2.clause))
        timed = attrs.evolve(
            timed, times=times, growth_rule=np.where(before_lost, -1, timed.growth_rule)
        )
        self.policy, self.timed = whole.policy, _taken(timed, keep)
        self._data, self._panel = accepted._data, accepted.panel
        self._restore, self._criteria = whole._restore, whole._criteria


def _taken(timed: Timed, keep: Array) -> Timed:
    """The times of some lines."""
    each = {field.name: getattr(timed, field.name) for field in attrs.fields(Timed)}
    for name, value in each.items():
        if name == "times":
            each[name] = {kind: _times(times, keep) for kind, times in value.items()}
        else:
            each[name] = _times(value, keep) if isinstance(value, Times) else value[keep]
    return Timed(**each)


def _times(times: Times, keep: Array) -> Times:
    columns = {
        name: None if getattr(times, name) is None else getattr(times, name)[keep]
        for name in ("start", "end", "clause", "first", "last")
    }
    return Times(clauses=times.clauses, **columns)
