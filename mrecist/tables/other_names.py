"""Names by which others call the columns of our tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from .column_schema import COLUMNS, READER, is_column

__all__ = ["OTHER_NAMES", "like_ours", "unread"]

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
    "part_of": ("fragment_of", "parent", "parent_lesion"),
    "into": ("merged_into", "merges_into", "merged_with"),
    "visit": ("timepoint", "time_point", "visit_name", "visit_number", "tp", "examination"),
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
_HOME = {field.name: field.table for field in reversed(COLUMNS)}


def like_ours(columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """Columns that are not read though their name means one of ours that is not given.

    `columns` are the names of all columns of each table. Of each column found its name, its table,
    and what is meant.
    """
    for table, names in columns.items():
        own = [field.name for field in COLUMNS if field.table == table]
        for name in names:
            meant = _MEANT.get(re.sub(r"[\W_]+", "_", name.lower()).strip("_"))
            if meant is None or is_column(name, own):
                continue
            home = table if meant in own else _HOME[meant]
            if meant not in columns.get(home, ()):
                yield name, table, meant if home == table else f"{meant} of the {home}"


def unread(columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """All other columns that are not read: of each its name and its table."""
    told = {(name, table) for name, table, _ in like_ours(columns)}
    if READER in columns.get("findings", ()):
        told |= {(READER, table) for table in columns}
    for table, names in columns.items():
        own = [field.name for field in COLUMNS if field.table == table]
        for name in names:
            if not is_column(name, own) and (name, table) not in told:
                yield name, table
