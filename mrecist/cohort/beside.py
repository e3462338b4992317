"""What answers by criteria of another kind share with `Responses` of the same tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic

from .._base.arrays import Array
from ..model import Patient
from ..tables.intake import Read
from ..tables.kinds import Table
from .panel import Panel
from .responses import Responses

__all__ = ["Beside"]


class Beside(Generic[Table]):
    """Who was judged, and what was odd about the tables: the same by all criteria."""

    def __init__(self, data: Read, panel: Panel, plain: Responses[Table]) -> None:
        self.panel = panel
        self._data = data
        self._plain = plain
        self._restore: Callable[[Mapping[str, Any]], Table] = plain._restore

    @property
    def errors(self) -> Table:
        """One row per mistake: patient, row, column, error. The patients are not judged."""
        return self._plain.errors

    @property
    def notes(self) -> Table:
        """What is probably misread, one row per note."""
        return self._plain.notes

    @property
    def patients(self) -> Array:
        """The ids of all patients, in the order of their first rows."""
        return self._plain.patients

    @property
    def untreated(self) -> Array:
        """The patients who are sound but have no line of therapy, and so no verdict."""
        return self._plain.untreated

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
        return self._plain.patient(patient)
