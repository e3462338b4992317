"""The tables that `mrecist convert` writes, read again as a study: a folder with findings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from ..io.study import Study

__all__ = ["holds_tables", "study_of_tables"]

_KINDS = ("csv", "parquet")
_LONGEST_HEAD = 1 << 16
_NAMES = ("findings", "lines", "procedures", "markers")


def _path(folder: str, name: str) -> str | None:
    """The file of a table of the folder."""
    paths = (os.path.join(folder, f"{name}.{kind}") for kind in _KINDS)
    return next(filter(os.path.isfile, paths), None)


def holds_tables(folder: str) -> bool:
    """Whether a folder holds findings, as `mrecist convert` writes them."""
    path = _path(folder, "findings")
    if path is None or path.endswith("parquet"):
        return path is not None
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        head = file.readline(_LONGEST_HEAD).replace('"', "").strip().split(",")
    return {"patient", "lesion"} <= set(head)


def study_of_tables(folder: str) -> Study:
    """The study of such a folder; rows that are none are its mistakes.

    Raises `IntakeError` where a file is no table.
    """
    from ..io.columns import texts_of
    from ..io.problems import Notes
    from ..io.study import Study
    from ..io.table_files import read_table

    notes = Notes()
    tables: list[dict[str, Any] | None] = []
    files: list[str] = []
    for name in _NAMES:
        path = _path(folder, name)
        if path is None:
            tables.append(None)
            continue
        read = read_table(path)
        notes.of_file(read)
        files.append(path)
        tables.append({each.lower(): texts_of(read.column(each)) for each in read.names})
    findings, *others = tables
    study = Study.of_tables(findings, *others)
    return attrs.evolve(study, errors=notes.error_table(), files=files)
