"""Small SDTM data sets, written row by row, and what a study of them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mrecist.io import Study, read_sdtm

__all__ = ["column", "ex", "only", "read", "rs", "tables", "tr", "tu"]

Row = dict[str, Any]


def tu(
    lesion: str | None, term: str | None = "LIVER", role: str | None = "TARGET", **more: Any
) -> Row:
    """An identification, at the screening."""
    return {
        "USUBJID": "P1",
        "TULNKID": lesion,
        "TUTESTCD": "TUMIDENT",
        "TUSTRESC": role,
        "TULOC": term,
        "TUDTC": "2024-01-03",
        **more,
    }


def tr(
    lesion: str | None, test: str, value: Any, date: str | None = "2024-01-03", **more: Any
) -> Row:
    """A result of a scan with an arterial phase; each date is a visit."""
    return {
        "USUBJID": "P1",
        "TRLNKID": lesion,
        "TRTESTCD": test,
        "TRDTC": date,
        "VISIT": f"V {date}",
        "TRSTRESC": None if value is None else str(value),
        "TRSTRESU": "mm",
        "TRMETHOD": "TRIPLE-PHASE SPIRAL CT SCAN",
        **more,
    }


def rs(word: str | None, date: str | None, category: str | None = None, **more: Any) -> Row:
    """An overall response."""
    return {
        "USUBJID": "P1",
        "RSTESTCD": "OVRLRESP",
        "RSSTRESC": word,
        "RSCAT": category,
        "RSDTC": date,
        "VISIT": f"V {date}",
        **more,
    }


def ex(
    agent: str | None, start: str | None, stop: str | None = None, dose: Any = 8, **more: Any
) -> Row:
    """An exposure."""
    return {
        "USUBJID": "P1",
        "EXTRT": agent,
        "EXSTDTC": start,
        "EXENDTC": stop,
        "EXDOSE": dose,
        "EXDOSU": "mg",
        **more,
    }


def tables(**domains: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[Any]]]:
    """Rows by domain as tables by domain; a column that a row lacks is empty there."""
    made = {}
    for domain, rows in domains.items():
        names = dict.fromkeys(name for row in rows for name in row)
        made[domain.upper()] = {name: [row.get(name) for row in rows] for name in names}
    return made


def read(_knobs: Mapping[str, Any] | None = None, **domains: Sequence[Mapping[str, Any]]) -> Study:
    """The study of these rows; a plain diameter in the liver is of the enhancing part."""
    return read_sdtm(tables(**domains), **({"measures": "viable"} | dict(_knobs or {})))


def column(table: Mapping[str, Any] | None, *names: str) -> list[Any]:
    """A column of a table as a list, or several as a list of rows."""
    assert table is not None
    columns = [list(table[name]) for name in names]
    return columns[0] if len(names) == 1 else list(zip(*columns, strict=True))


def only(table: Mapping[str, Any], code: str, *names: str) -> list[Any]:
    """The cells of problems or errors of one code."""
    rows = column(table, "code", *names)
    return [row[1] if len(names) == 1 else row[1:] for row in rows if row[0] == code]
