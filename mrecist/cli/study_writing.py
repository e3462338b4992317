"""What `mrecist convert` writes of a study."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from .messages import COULD_NOT_RUN, say
from .options import may_write
from .standards import write_sdtm

if TYPE_CHECKING:
    from ..io.study import Study

__all__ = ["settings_file", "write_study"]


def write_study(study: Study, options: argparse.Namespace) -> int | None:
    """Write the tables, the data sets or the case documents; a status where they cannot be."""
    from ..tables.files import TableFileError

    read = (*study.files, *settings_file(options))
    spared = attrs.evolve(study, files=read)
    try:
        if options.to == "sdtm":
            return _write_sdtm(spared, options)
        if options.form == "tables":
            spared.write(options.out)
            return None
    except TableFileError as error:
        for line in error.lines:
            say(line)
        return COULD_NOT_RUN
    return _write_cases(study, options, read)


def settings_file(options: argparse.Namespace) -> list[str]:
    return [] if options.map is None else [options.map]


def _write_sdtm(study: Study, options: argparse.Namespace) -> int | None:
    """Write the data sets, and say what they cannot say."""
    from ..io import AskError

    beside = [os.path.join(options.out, f"{name}.csv") for name in (*_BESIDE, "unsaid")]
    if not may_write(beside, study.files):
        return COULD_NOT_RUN
    if options.computed_rs and study.source == "cases" and "reader" in study.findings:
        told = "convert the documents of one reader at a time"
        return say(f"{options.file}: --computed-rs is of one reader: {told}")
    try:
        unsaid = write_sdtm(
            study,
            options.out,
            options.files,
            computed_rs=options.computed_rs,
            criteria=options.criteria,
        )
    except AskError as error:
        return say(f"{options.file}: {error.on_command_line}")
    _write_problems(study, options.out)
    if unsaid is not None:
        say(f"{options.file}: {unsaid}")
    return None


_BESIDE = ("problems", "errors")
"""The tables that are written beside data sets and documents."""


def _write_problems(study: Study, folder: str) -> None:
    """Write the problems and the mistakes beside what else is written."""
    from ..io.tables_out import write_tables

    os.makedirs(folder, exist_ok=True)
    tables = {os.path.join(folder, f"{name}.csv"): getattr(study, name) for name in _BESIDE}
    write_tables(tables)


def _write_cases(study: Study, options: argparse.Namespace, read: Sequence[str]) -> int | None:
    """Write the case documents; a status where they cannot be."""
    from ..documents.streams import write_documents

    if "reader" in study.findings:
        return say(f"{options.file}: a case is of one reader: say --reader '{study.readers[0]}'")
    cases, *tables = (
        os.path.join(options.out, name) for name in ("cases.jsonl", "problems.csv", "errors.csv")
    )
    if not may_write([cases, *tables], read):
        return COULD_NOT_RUN
    os.makedirs(options.out, exist_ok=True)
    write_documents(study.cases(), cases)
    _write_problems(study, options.out)
    return None
