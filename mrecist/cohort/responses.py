"""Results of a cohort: `Responses`, its tables, and the reasons behind every verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from .._base import html
from .._base.arrays import Array, frozen
from .._base.converters import Date
from .._base.errors import CaseError, NotThereError, check_type
from .._base.pickling import own_state
from .._base.text import several
from .._base.words import Response
from ..endpoints.untreatable import UNTREATABLE, Untreatable
from ..model import Patient
from ..patient.engine import assess
from ..patient.explanation import explain
from ..rulebook.best_response import BEST
from ..rulebook.confirmation import CONFIRMED
from ..rulebook.criteria import Criteria
from ..rulebook.decision_table import verdicts
from ..rulebook.policies import FDA_A, Policy, policy_named
from ..tables.intake import Read, told
from ..tables.kinds import Table
from ..tables.mistakes import where_in
from . import agreement, tables_out
from .adam import Adam, adam_of
from .adam_rows import Origin
from .endpoints import Endpoints, untreatable_columns
from .fired import fired_columns
from .notes import columns_of_notes, notes_on_charts, notes_on_tables
from .one_patient import patient_of
from .panel import Panel
from .patterns import pattern_table
from .rates_of import RatesOf
from .rechallenge import rechallenge_columns

__all__ = ["Responses"]


class Responses(RatesOf[Table]):
    """Every verdict on a cohort, as tables of the kind that came in, and why.

    `criteria` are those it was judged by; `panel` holds the codes behind the tables, as arrays.
    Arrays are read-only, and none is the caller's: whoever changes the tables that were judged
    changes nothing here.
    """

    def __init__(
        self,
        data: Read,
        criteria: Criteria,
        panel: Panel,
        restore: Callable[[Mapping[str, Any]], Table] | None = None,
        *,
        origin: Origin | None = None,
    ) -> None:
        self.criteria = criteria
        self.panel = frozen(panel)
        self._data = data
        arrays: Any = tables_out.as_arrays
        self._restore: Callable[[Mapping[str, Any]], Table] = restore or arrays
        self._origin = origin or Origin()

    def __getstate__(self) -> dict[str, Any]:
        return own_state(self)

    @cached_property
    def timepoints(self) -> Table:
        """One row per follow-up of a line: the sums, the verdicts, the rules."""
        return self._restore(tables_out.timepoint_columns(self._data, self.criteria, self.panel))

    @cached_property
    def lines(self) -> Table:
        """One row per line of therapy: targets, best responses, progression, exposure."""
        return self._restore(tables_out.line_columns(self._data, self.criteria, self.panel))

    @cached_property
    def lesions(self) -> Table:
        """One row per follow-up and treated lesion: LI-RADS treatment response, both versions.

        A lesion has a row where a procedure treated it before, and a finding says whether
        mass-like enhancement is there. The columns are `patient`, `line`, `date`, `lesion`,
        `lr_tr_2018`, `lr_tr_2024`, `treatment`, `treated_on`, and, by v2024, `size_mm`, `flags` and
        `problems`. It stands beside the responses and enters none.
        """
        from .lesion_table import graded_beside  # few ask for it

        return self._restore(graded_beside(self._data, self.panel))

    @cached_property
    def errors(self) -> Table:
        """One row per mistake: patient, row, column, error. The patients are not judged."""
        return self._restore(tables_out.error_columns(self._data, list(told(self._data))))

    @cached_property
    def notes(self) -> Table:
        """What is probably misread, one row per note.

        The columns are `patient` (empty: the whole table), `rows` (from 0, separated by `;`; others
        as `lines.0` or `procedures.0`; empty where it concerns all), `code` (`mrecist rules
        --notes`), `what` and `probably_meant`. Patients with a mistake have only notes on their
        ids. No verdict depends on a note.
        """
        told, largest = notes_on_charts(self._data, self.criteria)
        ids = self.patients
        told += notes_on_tables(list(map(str, ids.tolist())), largest, self._data.columns)
        return self._restore(columns_of_notes(told, ids, self._data.rows))

    @property
    def patients(self) -> Array:
        """The ids of all patients, in the order of their first rows."""
        return frozen(self._data.patients.ids.view())

    @cached_property
    def untreated(self) -> Array:
        """The patients who are sound but have no line of therapy, and so no verdict."""
        idle = ~self._data.patients.refused
        idle[self.panel.lines.patient] = False
        return frozen(self.patients[idle])

    def patient(self, patient: Any) -> Patient:
        """The chart of one patient, as `assess` takes it; lesions in the order of their ids.

        Args:
            patient: The id, as it stands in the tables or as text.

        Returns:
            The chart that the rows of the patient make up.

        Raises:
            NotThereError: There is no such patient.
            CaseError: The rows of the patient hold a mistake.
        """
        place = self._places.get(str(patient))
        if place is None:
            raise NotThereError(f"there is no patient {patient} among {len(self.patients)}")
        if self._data.patients.refused[place]:
            raise CaseError(f"patient {patient}", self._mistakes_of(place))
        return patient_of(self._data, place)

    def _mistakes_of(self, place: int) -> list[tuple[str, str]]:
        own = self.patients[place]
        return [
            (where_in(row, column), message)
            for patient, row, column, message in told(self._data)
            if patient == own
        ]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {str(each): i for i, each in enumerate(self.patients.tolist())}

    def why(self, patient: Any, line: int | None = None, date: Date | str | None = None) -> str:
        """Every reason behind the verdicts on one patient, one line or one date, as `explain`.

        Args:
            patient: The id, as it stands in the tables or as text.
            line: The number of the line, from 1; left out, all lines.
            date: The date of a time point; left out, all.

        Returns:
            Text of several lines.

        Raises:
            NotThereError: There is no such patient, line or date.
            CaseError: The rows of the patient hold a mistake.
        """
        return explain(assess(self.patient(patient), criteria=self.criteria), line=line, date=date)

    def fired(self) -> Table:
        """How often each rule decided, one row per rule: the audit of a study.

        The columns are `table`, `rule`, `verdict`, `times` and `source`, the tables those that
        decide at follow-ups and lines, in the order of `mrecist rules`. A rule that never decided
        has a row too. `new-lesion` counts candidates that have a say, at each follow-up (one that
        is not seen has none: NL-UNSEEN stays 0); `recurrence` the follow-ups at which disease is
        one, and no other rule of that table. What is decided lesion by lesion is not counted: the
        tables `size`, `baseline`, `target-fit`, `nontarget-lesion` and `detected`; nor what lies
        beyond the verdicts.
        """
        return self._restore(fired_columns(self.criteria, self.panel))

    def endpoints(self, policy: Policy | str = FDA_A) -> Endpoints:
        """The times of every line by a policy: progression-free survival, response, and others.

        Args:
            policy: `FDA_A`, `EMA_ITT`, the name of one of them or a custom `Policy`.

        Returns:
            The times, as a table, as arrays and as estimates.

        Raises:
            CriteriaError: A policy that is not known.

        Example:
            >>> from mrecist import assess_cohort
            >>> responses = assess_cohort({
            ...     "patient": ["P-001"] * 2, "date": [0, 56], "lesion": ["S8"] * 2,
            ...     "viable_mm": [30, 41],
            ... })
            >>> days, event = responses.endpoints().of("pfs")
            >>> days.tolist(), event.tolist()
            ([56], [True])
        """
        return Endpoints(self._data, self.criteria, self.panel, policy_named(policy), self._restore)

    def to_adam(
        self,
        adsl: Any = None,
        *,
        policy: Policy | str = FDA_A,
        reader: str = "Investigator",
        rscat: str | None = None,
        duration_of: str = "first response",
    ) -> Adam:
        """The ADaM data sets ADRS, ADTR and ADTTE, with the parameters of admiralonco.

        Rows are derived: nobody has read them on images.

        Args:
            adsl: The data set of subjects: a table with a row for every judged patient (USUBJID).
                Its columns stand in every row, and study days count from its TRTSDT, else from the
                start of the first line. No date is changed by it.
            policy: The policy of censoring, for ADTTE.
            reader: Whose assessment it is: PARCAT2, and in the words of PARAM.
            rscat: PARCAT3; left out, the name that CDISC has for the criteria.
            duration_of: What the duration of response (RSD) counts from: the `"first response"`,
                confirmed or not, or the `"confirmed response"`.

        Returns:
            The three data sets, which can be written.

        Raises:
            ValueError: Patients whose dates are study days, or a data set of subjects that does not
                fit.
        """
        return adam_of(
            self._data,
            self.criteria,
            self.panel,
            self._restore,
            adsl=adsl,
            policy=policy_named(policy),
            reader=reader,
            rscat=rscat,
            duration_of=duration_of,
            origin=self._origin,
        )

    def untreatable(
        self, definition: Untreatable = UNTREATABLE, *, declined: Iterable[Any] | None = None
    ) -> Table:
        """The time to untreatable progression of every line, by a definition that names its parts.

        Args:
            definition: The patterns of progression, tumour in vein, reasons and death that count.
            declined: For each line, in the order of `lines`, the first date on or after its start
                on which decline of the liver or of performance was noted, or `None`.

        Returns:
            One row per line, with the days and whether they end in an event.

        Raises:
            ValueError: Dates that are not possible, or are not one per line.
        """
        check_type(definition, Untreatable, "definition must be an Untreatable")
        table = untreatable_columns(
            self._data, self.criteria, self.panel, definition=definition, declined=declined
        )
        return self._restore(table)

    def patterns(self, *, stage_before: Any = None) -> Table:
        """How every line progressed: growth or spread, in the liver or beyond, and the BCLC stage.

        Args:
            stage_before: The BCLC stage at the baseline, `"B"` or `"C"`: one for all, or one per
                line in the order of `lines`; left out, it is C where the baseline shows it, and
                unknown elsewhere.

        Returns:
            One row per line; without progression only patient and line are given.

        Raises:
            ValueError: Another stage, stages that are not one per line, or a B that a baseline
                contradicts.
        """
        table = pattern_table(self._data, self.criteria, self.panel, stage_before=stage_before)
        return self._restore(table)

    def rechallenges(self) -> Table:
        """One row per line that shares an agent with an earlier one: results before and again."""
        return self._restore(rechallenge_columns(self._data, self.criteria, self.panel))

    def crosstab(self, other: agreement.Comparable, of: str = "response") -> agreement.Crosstab:
        """How these responses (rows) agree with others (columns) on the same cohort.

        mRECIST beside RECIST 1.1, or a protocol before and after a change. Patients are the same
        where the text of their ids is.

        Args:
            other: The other responses; of `ImmuneResponses` words with an i agree with those
                without.
            of: `"response"` (time points, matched by patient, line and date), `"best_response"` or
                `"confirmed_best_response"` (lines, by patient and number).

        Returns:
            The counts, the agreement and Cohen's kappa; printed, a table.

        Raises:
            ValueError: The two share no patient, or another word for `of`.
            TypeError: `other` is not `Responses`.
        """
        return agreement.crosstab(self._judged, agreement.judged_of(other), of)

    @property
    def _judged(self) -> agreement.Judged:
        return agreement.Judged(self._data, self.criteria, self.panel)

    def __repr__(self) -> str:
        judged = len(np.unique(self.panel.lines.patient))
        return (
            f"<Responses by {self.criteria.name}: {judged} patients, "
            f"{len(self.panel.lines.patient)} lines, {len(self.panel.timepoints.line)} time points>"
        )

    def _repr_html_(self) -> str:
        rules = self.panel.lines
        best = np.bincount(verdicts(BEST, rules.best_rule), minlength=len(Response))
        confirmed = np.bincount(verdicts(CONFIRMED, rules.confirmed_rule), minlength=len(Response))
        rows = [
            (str(response), str(count), str(sure))
            for response, count, sure in zip(Response, best, confirmed, strict=True)
            if count or sure
        ]
        invalid = int(self._data.patients.refused.sum())
        told = [f"{several(invalid, 'patient')} invalid, so not judged: see errors"] * bool(invalid)
        head = ("response", "best, lines", "confirmed, lines")
        return html.table(repr(self)[1:-1], head, rows) + html.paragraphs(told)
