"""Names by which others call the columns of our tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .column_schema import FINDING_COLUMNS, LINE_COLUMNS

__all__ = ["OTHER_NAMES", "like_ours"]

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "organ": ("location", "site", "anatomy", "lesion_location", "lesion_site", "body_part"),
    "kind": ("type", "lesion_type", "lesion_kind"),
    "hilar": ("hilum", "porta_hepatis"),
    "treated": ("ablated", "embolised", "embolized", "pretreated"),
    "viable_mm": ("viable", "viable_diameter", "enhancing", "enhancing_mm", "viable_cm"),
    "longest_mm": (
        "size", "size_mm", "size_cm", "diameter", "diameter_mm", "diameter_cm", "longest",
        "longest_diameter", "longest_cm", "ld", "ld_mm", "length_mm", "whole_mm",
    ),
    "short_axis_mm": ("short_axis", "short_axis_cm", "short_diameter", "sad", "sad_mm"),
    "arterial_phase": ("arterial", "phase"),
    "reported": (
        "response", "overall_response", "reader_response", "verdict", "reported_response",
        "assessment",
    ),
    "stop": ("end", "end_date", "stop_date", "date_of_stop", "discontinuation_date"),
    "end_reason": ("reason", "stop_reason", "discontinuation_reason", "reason_for_stop"),
    "agents": ("drug", "drugs", "treatment", "therapy", "regimen", "agent_names"),
    "baseline": ("baseline_date", "date_of_baseline"),
    "death": ("death_date", "date_of_death", "died", "dod"),
    "last_contact": (
        "last_contact_date", "last_follow_up", "last_followup", "last_seen", "date_last_seen",
        "censor_date",
    ),
}  # fmt: skip
"""For each of our columns what it is often called, in lower case, `_` for space."""

_MEANT = {other: name for name, others in OTHER_NAMES.items() for other in (name, *others)}
_TABLES = {"findings": FINDING_COLUMNS, "lines": LINE_COLUMNS}


def like_ours(findings: Sequence[str], lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Columns that are not read though their name means one of ours that is not given.

    Of each the name, the table it stands in, and what is meant.
    """
    given = {"findings": findings, "lines": lines}
    for table, names in given.items():
        for name in names:
            meant = _MEANT.get(re.sub(r"[\W_]+", "_", name.lower()).strip("_"))
            if meant is None or name in _TABLES[table]:
                continue
            home = next(other for other, known in _TABLES.items() if meant in known)
            if meant not in given[home]:
                yield name, table, meant if home == table else f"{meant} of the {home}"
