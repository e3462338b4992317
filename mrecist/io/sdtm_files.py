"""The data sets of an SDTM study: which file, or which table, is which domain."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from .._base.converters import shown
from .columns import Table
from .errors import AskError, IntakeError
from .table_files import read_table, stem_of, table_of

__all__ = ["DOMAINS", "Domains"]

DOMAINS = (
    "TU", "TR", "RS", "EX", "EC", "DM", "DS", "SS", "LB", "PR", "SV", "CM", "SUPPTU", "SUPPTR",
)  # fmt: skip
"""The data sets that are read."""

_MOST_TOLD = 20
_REQUIRED = ("USUBJID", "TRTESTCD", "TRLNKID", "TRDTC")
_ONE_OF = (("TRSTRESC", "TRSTRESN"), ("TRLNKGRP", "VISITNUM", "VISIT"))


@attrs.frozen
class Domains:
    """The tables of a study by domain; a domain that is not there has an empty table."""

    tables: dict[str, Table]
    files: tuple[str, ...] = ()
    """The files that they were read from."""

    def __contains__(self, domain: str) -> bool:
        return domain in self.tables

    def __getitem__(self, domain: str) -> Table:
        return self.tables.get(domain, Table(domain.lower(), 0, {}))

    @classmethod
    def read(cls, source: Any, names: Mapping[str, str] | None) -> Domains:
        """The data sets of a folder, of a mapping by domain, or of files."""
        named = {domain.upper(): name for domain, name in (names or {}).items()}
        if isinstance(source, Mapping):
            given = {
                str(name).upper(): each
                for name, each in source.items()
                if each is not None and str(name).upper() in DOMAINS
            }
            files = [os.fspath(each) for each in given.values() if _is_path(each)]
            tables = {name: table_of(each, name.lower()) for name, each in given.items()}
            found = cls(tables, tuple(files))
        elif _is_path(source) and Path(source).is_dir():
            found = cls(*_of_files(sorted(Path(source).iterdir()), named))
        else:
            files = _listed(source)
            for path in files:
                path.stat()
            found = cls(*_of_files(files, named, listed=True))
        filled = {domain: table.without_blank_rows() for domain, table in found.tables.items()}
        found = attrs.evolve(found, tables=filled)
        found._check(source)
        return found

    def _check(self, source: Any) -> None:
        """Refuse a study without results, or whose results lack a column."""
        if "TR" not in self:
            there = ", ".join(sorted(self.tables)) or "none"
            where = "the study"
            if _is_path(source):
                where = os.fspath(source)
                if Path(source).is_dir():
                    files = sorted(path.name for path in Path(source).iterdir())
                    there += f"; in the folder: {', '.join(files[:_MOST_TOLD]) or 'nothing'}"
                    there += ", ..." * (len(files) > _MOST_TOLD)
            told = f"no data set TR among those of {where}: {there}"
            raise IntakeError([(None, "study", None, "", f"NOT_A_TABLE: {told}")])
        results = self["TR"]
        wrong = [(name, "this column is required") for name in _REQUIRED if name not in results]
        for either in _ONE_OF:
            if not any(name in results for name in either):
                wrong.append((either[0], f"one of {', '.join(either)} is required"))
        for domain, table in self.tables.items():
            if "USUBJID" not in table and domain != "TR":
                wrong.append((f"{domain}.USUBJID", "this column is required"))
        if wrong:
            raise IntakeError(
                [
                    (None, results.source, None, column, f"NOT_A_TABLE: {told}")
                    for column, told in wrong
                ]
            )


def _is_path(source: Any) -> bool:
    return isinstance(source, (str, os.PathLike))


def _listed(source: Any) -> list[Path]:
    """The files that a caller lists, or the only one."""
    each: list[Any] = [source]
    if not _is_path(source) and isinstance(source, Iterable):
        each = [*source]
    if not all(map(_is_path, each)):
        told = "source must be a folder, tables by domain, or files"
        raise TypeError(f"{told}, got {shown(source)}")
    return [Path(path) for path in each]


def _of_files(
    paths: Iterable[Path], named: Mapping[str, str], *, listed: bool = False
) -> tuple[dict[str, Table], tuple[str, ...]]:
    """The tables of the files that are data sets, and these; two of one domain are a question."""
    found: dict[str, list[tuple[Path, Table]]] = {}
    for path in paths:
        for domain, table in _candidates(path, named, listed):
            found.setdefault(domain, []).append((path, table))
    for domain, each in found.items():
        if len(each) > 1:
            files = ", ".join(path.name for path, _ in each)
            stem = stem_of(each[0][0])
            if any(stem_of(path) == stem for path, _ in each[1:]):
                stem = each[0][0].name
            raise AskError(
                f"{len(each)} files are of domain {domain}: {files}",
                f'names={{"{domain}": "{stem}"}}',
                f"--names {domain}={stem}",
            )
    tables = {domain: each[0][1] for domain, each in found.items()}
    return tables, tuple(os.fspath(each[0][0]) for each in found.values())


def _candidates(path: Path, named: Mapping[str, str], listed: bool) -> Iterator[tuple[str, Table]]:
    """The domain of a file and its table, or nothing where it is none of ours.

    The caller may have named the file of a domain. Else a file of a folder is looked at where its
    name begins with a domain's, and files that are `listed` one by one whatever they are called;
    such a file is known by its column DOMAIN, else by its name.
    """
    stem = stem_of(path)
    if stem is None:
        return
    path.stat()
    for domain, name in named.items():
        if name.lower() in (stem, path.name.lower()):
            yield domain, read_table(path)
            return
    upper = stem.upper()
    if (upper in named and upper in DOMAINS) or not (listed or upper.startswith(DOMAINS)):
        return
    table = read_table(path)
    said = _domain_of(table)
    domain = said if said in DOMAINS else upper
    if domain in DOMAINS and domain not in named:
        yield domain, table


def _domain_of(table: Table) -> str:
    """What the column DOMAIN says, of qualifiers RDOMAIN, in the first row that says anything."""
    qualifies = "RDOMAIN" in table and "QNAM" in table
    column = table.column("RDOMAIN" if qualifies else "DOMAIN")
    said = np.flatnonzero(column.codes >= 0)[:1]
    domain = "".join(column.values[column.codes[row]].upper() for row in said)
    return f"SUPP{domain}" if qualifies and domain else domain
