"""The columns of the tables of findings and of lines, one row per column."""

from __future__ import annotations

from .._base.words import Code, Enhancement, Kind, Pattern, Proof, Response, Status

__all__ = ["FACTS", "FINDING_COLUMNS", "LINE_COLUMNS", "WORDS"]


WORDS: dict[str, type[Code]] = {
    "kind": Kind,
    "enhancement": Enhancement,
    "status": Status,
    "pattern": Pattern,
    "cytology": Proof,
    "biopsy": Proof,
    "reported": Response,
}
"""The columns of findings that hold words, and the words that they hold."""

FACTS = ("organ", "kind", "hilar", "enhancement", "treated")
"""The columns of findings that describe the lesion: they say the same in all its rows."""

REQUIRED = ("patient", "date", "lesion")
FINDING_COLUMNS = (
    *REQUIRED, "organ", "kind", "hilar", "enhancement", "treated", "status", "viable_mm",
    "longest_mm", "short_axis_mm", "pattern", "cytology", "biopsy", "equivocal",
    "arterial_phase", "reported",
)  # fmt: skip
LINE_COLUMNS = (
    "patient", "start", "stop", "end_reason", "agents", "baseline", "targets", "nontargets",
    "death", "last_contact",
)  # fmt: skip
LINES_REQUIRED = ("patient", "start")
FLAGS = ("hilar", "treated", "equivocal", "arterial_phase")
SIZES = {"viable_mm": "viable_um", "longest_mm": "longest_um", "short_axis_mm": "short_axis_um"}
DEFAULTS = {"pattern": 2, "cytology": 2, "biopsy": 2}
