"""The rows of SDTM data sets in the making."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .sdtm_variables import DATA_SETS, QUALIFIERS

__all__ = ["Rows"]


class Rows:
    """Rows by data set, and what no data set can say."""

    def __init__(self, study: str | None) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in DATA_SETS}
        self.unsaid: list[tuple[str, str, str]] = []
        self._study = study
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, domain: str, patient: str, **cells: Any) -> int:
        """Add a row; its sequence number. Names of cells lack the domain, but for common ones."""
        self._counts[domain, patient] += 1
        number = self._counts[domain, patient]
        own = {
            name if name.isupper() else f"{domain}{name.upper()}": value
            for name, value in cells.items()
        }
        keys = {"STUDYID": self._study, "DOMAIN": domain, "USUBJID": patient}
        self.rows[domain].append({**keys, f"{domain}SEQ": number, **own})
        return number

    def qualify(self, domain: str, patient: str, number: int, name: str, value: str) -> None:
        """Add a supplemental qualifier to a row."""
        self.rows[f"SUPP{domain}"].append({
            "STUDYID": self._study, "RDOMAIN": domain, "USUBJID": patient,
            "IDVAR": f"{domain}SEQ", "IDVARVAL": str(number), "QNAM": name,
            "QLABEL": QUALIFIERS[name], "QVAL": value, "QORIG": "CRF",
        })  # fmt: skip

    def leave(self, patient: str, what: str, detail: str) -> None:
        """List what is left out."""
        self.unsaid.append((patient, what, detail))
