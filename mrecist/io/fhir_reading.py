"""What every reader of a resource needs: whose it is, when it was, where to note what is odd."""

from __future__ import annotations

import datetime
from typing import Any

from .dates import Completion
from .fhir_codes import PATIENT_ID
from .fhir_files import Resource, Resources
from .fhir_values import first_text, identified, is_inside, items, start_of, text
from .problems import Notes

__all__ = ["Reading"]


class Reading:
    """The resources of a source while they are read, with its problems and mistakes."""

    def __init__(self, resources: Resources, completed: Completion, notes: Notes) -> None:
        self.resources, self.completed, self.notes = resources, completed, notes
        self._servers: dict[str, str] = {}
        self.seen: dict[str, datetime.date] = {}
        """The last date of each patient on which something was recorded."""

    def note(self, code: str, patient: str | None, resource: Resource, detail: str) -> None:
        """Note a problem of a resource."""
        self.notes.note(code, patient, resource.source, resource.row, f"{resource.name}: {detail}")

    def refuse(
        self, code: str, patient: str | None, resource: Resource, element: str, told: str
    ) -> None:
        """Note a mistake in an element of a resource."""
        column = f"{resource.name} {element}"
        self.notes.refuse(code, patient, resource.source, resource.row, column, told)

    # ---- whose

    def patient(self, resource: Resource) -> str | None:
        """The patient that a resource is of; a mistake where it names none."""
        if resource.kind == "Patient":
            return self._own_id(resource)
        for element in ("subject", "patient"):
            reference = resource.body.get(element)
            kind, name = self.resources.named(reference, resource)
            if name is None:
                continue
            if kind not in (None, "Patient"):
                told = f"must refer to a Patient, got a {kind}"
                self.refuse("NO_PATIENT", None, resource, element, told)
                return None
            found = self.resources.referred(reference, resource)
            if found is not None and found.kind == "Patient":
                own = (
                    identified(found.body) if is_inside(reference) else self._own_id(found) or name
                )
                if own is None:
                    continue
                name = own
            self._hold_apart(name, reference, resource)
            return name
        self.refuse("NO_PATIENT", None, resource, "subject", "must refer to a Patient")
        return None

    def _own_id(self, resource: Resource) -> str | None:
        for each in items(resource.body.get("identifier")):
            if first_text(each.get("type")) == PATIENT_ID and text(each.get("value")):
                return text(each.get("value"))
        return resource.id or (resource.url or "").removeprefix("urn:uuid:") or None

    def _hold_apart(self, name: str, reference: Any, resource: Resource) -> None:
        """Refuse one id of two servers: these are two patients."""
        target = text(reference.get("reference")) or ""
        server, found, _ = target.rpartition("/Patient/")
        if found and server and self._servers.setdefault(name, server) != server:
            told = f"{name} is also a patient of {self._servers[name]}: read them apart"
            self.refuse("NO_PATIENT", name, resource, "subject", told)

    # ---- when

    def date(
        self,
        resource: Resource,
        patient: str | None,
        written: str | None = None,
        element: str = "effectiveDateTime",
    ) -> datetime.date | None:
        """The day of a resource; a mistake where it has none, a problem where it is completed."""
        dated = self.completed(written or start_of(resource.body))
        if dated.date is None:
            self.refuse("NO_DATE", patient, resource, element, dated.told)
        elif dated.partial:
            self.note("PARTIAL_DATE", patient, resource, f"read as {dated.date}")
        if dated.date is not None and patient is not None:
            self.seen[patient] = max(dated.date, self.seen.get(patient, dated.date))
        return dated.date

    def end(self, resource: Resource, patient: str, written: str | None) -> datetime.date | None:
        """The day on which something ended, told where it was completed or cannot be read."""
        dated = self.completed(written)
        where = f"{resource.name}: end"
        return self.notes.dated(dated, patient, resource.source, resource.row, where)
