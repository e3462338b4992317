"""Results of a cohort by criteria that grade lesions: `LesionResponses`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from .._base.converters import Date
from ..patient.lesion_assessment import assess_lesions
from ..rulebook.lesion_criteria import RECICL, LesionCriteria
from ..tables.column import Coded, Plain
from ..tables.intake import Read
from ..tables.kinds import Table
from . import tables_out
from .beside import Beside
from .lesion_table import lesion_columns
from .nodule_table import Graded, graded_nodules, nodule_columns, overall_column
from .panel import Panel
from .responses import Responses

__all__ = ["LesionResponses"]


class LesionResponses(Beside[Table]):
    """Treated lesions of a cohort by criteria that grade lesions: `lesions` is the table.

    No patient, line or time point has a response by them; `timepoints` and `lines` tell what there
    was to look at.
    """

    def __init__(
        self, data: Read, criteria: LesionCriteria, panel: Panel, plain: Responses[Table]
    ) -> None:
        super().__init__(data, panel, plain)
        self.criteria = criteria

    @cached_property
    def lesions(self) -> Table:
        """One row per follow-up and treated lesion: its category, treatment, size, flags.

        By RECICL one row per follow-up and nodule: its grade, what it is read as, its areas.
        """
        if self.criteria == RECICL:
            return self._restore(nodule_columns(self._data, self.panel, self._nodules))
        return self._restore(lesion_columns(self._data, self.panel, self.criteria))

    @cached_property
    def _nodules(self) -> Graded:
        return graded_nodules(self._data, self.panel)

    @cached_property
    def timepoints(self) -> Table:
        """One row per follow-up of a line; `response` is empty.

        By RECICL `overall` is `TE4` where every nodule has that grade, else empty.
        """
        found = self.panel.timepoints
        patient = self.panel.lines.patient[found.line]
        start = self.panel.lines.start[found.line].astype(np.int64)
        return self._restore(
            {
                "patient": tables_out.patients(self._data, patient),
                "line": Plain(self.panel.lines.number[found.line]),
                "date": tables_out.dates(self._data, found.day, patient),
                "day": Plain(found.day.astype(np.int64) - start),
                "response": Coded(np.full(len(patient), -1), []),
                **self._overall(),
                **tables_out.kept_of(self.panel, found.line),
            }
        )

    def _overall(self) -> dict[str, Coded]:
        return {"overall": overall_column(self._nodules)} if self.criteria == RECICL else {}

    @cached_property
    def lines(self) -> Table:
        """One row per line of therapy: agents, start and baseline; no response."""
        columns = tables_out.line_columns(self._data, self._plain.criteria, self.panel)
        kept = ("patient", "line", "agents", "start", "baseline", *self.panel.kept)
        return self._restore({name: columns[name] for name in kept})

    def why(self, patient: Any, line: int | None = None, date: Date | str | None = None) -> str:
        """Every treated lesion of a patient with its category, or those of one line and date.

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
        found = assess_lesions(self.patient(patient), self.criteria)
        return found.told(line=line, date=date)

    def __repr__(self) -> str:
        judged = len(np.unique(self.panel.lines.patient))
        return f"<LesionResponses by {self.criteria.name}: {judged} patients>"
