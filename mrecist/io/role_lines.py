"""Roles of lesions into the table of lines that a caller gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cohort.engine import opened
from .problems import Notes, table

__all__ = ["Roles", "lines_with_roles"]

Roles = Mapping[str, tuple[str, str]]
"""Targets and non-targets by patient, joined by `;`; `;` alone: none."""


def lines_with_roles(
    findings: Mapping[str, Any], lines: Any, roles: Roles, source: str, notes: Notes
) -> dict[str, Any]:
    """The lines, with targets and non-targets where a patient has one line and none are named."""
    own = dict(opened(findings, lines, None)[0][1])
    if {"targets", "nontargets"} & own.keys() or not roles or "patient" not in own:
        return own
    patients = [str(each).strip() for each in own["patient"]]
    once = {each for each in patients if patients.count(each) == 1}
    for patient in roles.keys() - once:
        told = "the roles of its lesions are not read: the patient has no line, or several"
        notes.note("ROLES_NOT_READ", patient, source, None, told)
    both = [roles.get(each, (None, None)) if each in once else (None, None) for each in patients]
    return {**own, **table(("targets", "nontargets"), both)}
