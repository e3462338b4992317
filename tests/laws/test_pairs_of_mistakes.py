"""A mistake never hides another: of two independent ones both are told, of every kind of mistake.

One table names a change for each kind, for documents and for tables; all pairs are tried.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from mrecist import CaseError, CohortError, assess_cohort, from_case
from mrecist._base.json_text import parse

Path = tuple[Any, ...]
DELETE = object()

CASE: dict[str, Any] = {
    "format": "mrecist-case/1",
    "patient": "P",
    "lesions": [
        {"id": f"L{at}", "organ": "liver", "kind": "nodule", "label": "x"} for at in range(8)
    ] + [{"id": "N", "organ": "node", "kind": "node"}, {"id": "F", "organ": "liver",
          "kind": "nodule", "part_of": "L7"}],
    "timepoints": [
        {"date": f"2024-0{month}-03", "visit": f"V{month}", "reported": {"mrecist": "SD"},
         "note": "x", "findings": [{"lesion": f"L{at}", "viable_mm": 20 + at, "longest_mm": 30 + at}
                                   for at in range(7)]}
        for month in (1, 3, 5, 7, 9)
    ],
    "lines": [
        {"agents": [agent], "start": start, "stop": stop, "baseline": baseline, "targets": ["L0"],
         "nontargets": ["L1"], "doses": [{"date": start, "text": "full"}]}
        for agent, start, stop, baseline in (
            ("sorafenib", "2024-01-10", "2024-04-10", "2024-01-03"),
            ("regorafenib", "2024-05-10", "2024-08-10", "2024-05-03"))
    ],
    "markers": [{"date": f"2024-01-0{day}", "name": "AFP", "value": 400, "unit": "ng/mL"}
                for day in (1, 2, 3, 4)],
    "events": [{"date": "2024-02-01", "text": "x"}, {"date": "2024-02-02", "text": "x"}],
    "procedures": [{"date": "2024-02-01", "kind": "TACE", "lesions": ["L2"], "text": "x"},
                   {"date": "2024-02-02", "kind": "RFA", "lesions": ["L3"]}],
    "last_contact": "2024-12-01",
}  # fmt: skip


def at(*path: Any) -> Path:
    return path


_F = ("timepoints", 1, "findings")
KINDS: dict[str, tuple[Path, Any]] = {
    "format": (at("format"), "x"),
    "patient empty": (at("patient"), ""),
    "patient left out": (at("patient"), DELETE),
    "unknown key": (at("colour"), 1),
    "near key": (at("deaths"), "2024-12-01"),
    "death is no date": (at("death"), "soon"),
    "last contact is no date": (at("last_contact"), 0.5),
    "lesion is no object": (at("lesions", 6), 3),
    "lesion without id": (at("lesions", 5, "id"), DELETE),
    "id twice": (at("lesions", 4, "id"), "L0"),
    "organ": (at("lesions", 0, "organ"), 3),
    "kind": (at("lesions", 1, "kind"), "tumour"),
    "flag": (at("lesions", 2, "treated"), "yes"),
    "enhancement": (at("lesions", 3, "enhancement"), "venous"),
    "unknown key of a lesion": (at("lesions", 0, "size"), 3),
    "label": (at("lesions", 1, "label"), {}),
    "fragment of nothing": (at("lesions", 9, "part_of"), "X"),
    "hilar nodule": (at("lesions", 2, "hilar"), 1),
    "time point is no object": (at("timepoints", 4), "x"),
    "time point without date": (at("timepoints", 3, "date"), DELETE),
    "no such day": (at("timepoints", 2, "date"), "2024-02-30"),
    "visit": (at("timepoints", 0, "visit"), " "),
    "reported": (at("timepoints", 1, "reported", "mrecist"), "cr"),
    "reported of nobody": (at("timepoints", 1, "reported", ""), "CR"),
    "note": (at("timepoints", 1, "note"), 3),
    "arterial phase": (at("timepoints", 0, "arterial_phase"), 0),
    "unmentioned": (at("timepoints", 1, "unmentioned"), "x"),
    "findings are no list": (at("timepoints", 0, "findings"), 3),
    "finding is no object": (at(*_F, 0), None),
    "finding of nothing": (at(*_F, 1, "lesion"), "X"),
    "finding twice": (at(*_F, 2, "lesion"), "L3"),
    "negative": (at(*_F, 3, "viable_mm"), -3),
    "too large": (at(*_F, 4, "longest_mm"), 1001),
    "no size": (at(*_F, 5, "viable_mm"), "4 mm"),
    "status": (at(*_F, 6, "status"), "gone"),
    "pattern": (at(*_F, 6, "pattern"), 1),
    "cytology": (at(*_F, 5, "cytology"), "x"),
    "equivocal": (at(*_F, 4, "equivocal"), "no"),
    "unknown key of a finding": (at(*_F, 3, "colour"), 1),
    "nothing seen": (at("timepoints", 3, "findings", 0), {"lesion": "L0"}),
    "absent with a size": (at("timepoints", 3, "findings", 1, "status"), "absent"),
    "into nothing": (at("timepoints", 3, "findings", 2), {"lesion": "L2", "into": "X"}),
    "into with a size": (at("timepoints", 3, "findings", 3, "into"), "L4"),
    "no agents": (at("lines", 0, "agents"), []),
    "start is no date": (at("lines", 1, "start"), "x"),
    "stop before start": (at("lines", 0, "stop"), "2023-01-01"),
    "end reason": (at("lines", 0, "end_reason"), "x"),
    "baseline is no time point": (at("lines", 0, "baseline"), "2024-01-04"),
    "unknown target": (at("lines", 1, "targets"), ["X"]),
    "target twice": (at("lines", 0, "targets"), ["L0", "L0"]),
    "not disjoint": (at("lines", 0, "nontargets"), ["L0"]),
    "fragment as target": (at("lines", 1, "nontargets"), ["F"]),
    "dose": (at("lines", 0, "doses", 0, "date"), True),
    "marker of nothing": (at("markers", 0, "value"), 0),
    "marker without unit": (at("markers", 1, "unit"), DELETE),
    "marker without name": (at("markers", 2, "name"), ""),
    "marker is no object": (at("markers", 3), []),
    "event": (at("events", 0, "text"), 3),
    "event without date": (at("events", 1, "date"), DELETE),
    "procedure of nothing": (at("procedures", 0, "lesions"), ["X"]),
    "procedure without kind": (at("procedures", 1, "kind"), ""),
}


def changed(*kinds: str) -> dict[str, Any]:
    """The case with these mistakes."""
    made = copy.deepcopy(CASE)
    for kind in kinds:
        path, value = KINDS[kind]
        inside = made
        for step in path[:-1]:
            inside = inside[step]
        if value is DELETE:
            del inside[path[-1]]
        else:
            inside[path[-1]] = copy.deepcopy(value)
    return made


def told(document: Any) -> set[tuple[str, str]]:
    try:
        from_case(document)
    except CaseError as error:
        return set(error.mistakes)
    return set()


def paths_of(kind: str, *, beside: str) -> set[str]:
    """The paths of the mistakes of a kind, but for those that lie in what another spoils."""
    path, _ = KINDS[beside]
    spoiled = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path).lstrip(
        "."
    )
    inside = (f"{spoiled}.", f"{spoiled}[")
    return {where for where, _ in ALONE[kind] if where != spoiled and not where.startswith(inside)}


ALONE = {kind: told(changed(kind)) for kind in KINDS}


def independent(one: str, other: str) -> bool:
    """Whether neither lies within the other."""
    first, second = sorted((KINDS[one][0], KINDS[other][0]), key=len)
    return second[: len(first)] != first


class TestDocuments:
    """Every pair of kinds of mistakes in one case document."""

    def test_alone(self) -> None:
        """The case is sound, and each change makes one mistake or more."""
        assert told(CASE) == set()
        assert [kind for kind, mistakes in ALONE.items() if not mistakes] == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_pairs(self, kind: str) -> None:
        """The errors of both hold those of each; and so in the text of the document."""
        for other in KINDS:
            if other <= kind or not independent(kind, other):
                continue
            document = changed(kind, other)
            found = {where for where, _ in told(document)}
            expected = paths_of(kind, beside=other) | paths_of(other, beside=kind)
            assert found >= expected, (kind, other)
        assert told(parse(json.dumps(changed(kind)))) == ALONE[kind]


# ---- tables

ROWS = range(12)
FINDINGS: dict[str, list[Any]] = {
    "patient": ["P"] * 12,
    "date": ["2024-01-03"] * 4 + ["2024-03-03"] * 4 + ["2024-05-03"] * 4,
    "lesion": ["A", "B", "C", "D"] * 3,
    "organ": ["liver"] * 12,
    "kind": ["nodule"] * 12,
    "viable_mm": ["20", "21", "22", "23"] * 3,
    "longest_mm": ["30", "31", "32", "33"] * 3,
    "status": [None] * 12,
    "pattern": ["typical"] * 12,
    "cytology": [None] * 12,
    "equivocal": ["no"] * 12,
    "arterial_phase": ["yes"] * 12,
    "visit": ["V1"] * 4 + ["V2"] * 4 + ["V3"] * 4,
    "reported": [None] * 12,
    "into": [None] * 12,
    "part_of": [None] * 12,
}
LINES: dict[str, list[Any]] = {
    "patient": ["P", "P"], "start": ["2024-01-10", "2024-04-10"],
    "stop": ["2024-03-10", "2024-06-10"], "agents": ["SOR", "REG"], "targets": ["A;B", "A"],
    "nontargets": ["C", "B"], "end_reason": ["progression", None],
    "baseline": ["2024-01-03", "2024-03-03"],
}  # fmt: skip
PROCEDURES: dict[str, list[Any]] = {
    "patient": ["P", "P"], "date": ["2024-02-01", "2024-02-02"], "kind": ["TACE", "RFA"],
    "lesions": ["A", "B"],
}  # fmt: skip
CELLS: dict[str, tuple[str, str, int, Any]] = {
    "no date": ("findings", "date", 4, "2024-02-30"),
    "date left out": ("findings", "date", 5, None),
    "no lesion": ("findings", "lesion", 6, None),
    "finding twice": ("findings", "lesion", 9, "A"),
    "organ differs": ("findings", "organ", 10, "lung"),
    "no kind": ("findings", "kind", 11, "tumour"),
    "kind differs": ("findings", "kind", 3, "node"),
    "no size": ("findings", "viable_mm", 0, "4 mm"),
    "negative": ("findings", "longest_mm", 1, "-4"),
    "too large": ("findings", "longest_mm", 8, "1001"),
    "no status": ("findings", "status", 2, "gone"),
    "absent with a size": ("findings", "status", 7, "absent"),
    "no pattern": ("findings", "pattern", 0, "x"),
    "no cytology": ("findings", "cytology", 1, "x"),
    "no flag": ("findings", "equivocal", 8, "maybe"),
    "phase differs": ("findings", "arterial_phase", 2, "no"),
    "no phase": ("findings", "arterial_phase", 11, "x"),
    "visit differs": ("findings", "visit", 3, "V9"),
    "no verdict": ("findings", "reported", 0, "x"),
    "into nothing": ("findings", "into", 10, "X"),
    "part of nothing": ("findings", "part_of", 2, "X"),
    "no start": ("lines", "start", 1, "x"),
    "stop before start": ("lines", "stop", 0, "2023-01-01"),
    "no stop": ("lines", "stop", 1, "x"),
    "unknown target": ("lines", "targets", 0, "A;X"),
    "not disjoint": ("lines", "nontargets", 1, "A"),
    "no end reason": ("lines", "end_reason", 0, "x"),
    "no baseline": ("lines", "baseline", 0, "2024-01-04"),
    "baseline is no date": ("lines", "baseline", 1, "x"),
    "procedure without date": ("procedures", "date", 0, None),
    "procedure without kind": ("procedures", "kind", 1, None),
    "procedure of nothing": ("procedures", "lesions", 1, "X"),
    "procedure is no date": ("procedures", "date", 1, "x"),
}
Row = tuple[Any, int | None, str, str]


def tables(*kinds: str) -> list[dict[str, list[Any]]]:
    """The tables with these mistakes."""
    named = {"findings": FINDINGS, "lines": LINES, "procedures": PROCEDURES}
    made = {name: {key: list(cells) for key, cells in each.items()} for name, each in named.items()}
    for kind in kinds:
        table, column, row, value = CELLS[kind]
        made[table][column][row] = value
    return list(made.values())


def where(rows: set[Row]) -> set[Row]:
    """Mistakes without their words, and, where two rows differ, without which of them is told."""
    return {(who, None if "agree" in told else row, column, "") for who, row, column, told in rows}


def mistakes(given: list[dict[str, list[Any]]]) -> set[Row]:
    findings, lines, procedures = given
    found = assess_cohort(findings, lines, procedures=procedures, errors="collect").errors
    rows = list(
        zip(*(list(found[name]) for name in ("patient", "row", "column", "error")), strict=True)
    )
    assert len(set(rows)) == len(rows)
    return set(rows)


ALONE_IN_TABLES = {kind: mistakes(tables(kind)) for kind in CELLS}


class TestTables:
    """Every pair of kinds of mistakes in the tables of one patient."""

    def test_alone(self) -> None:
        assert mistakes(tables()) == set()
        assert [kind for kind, found in ALONE_IN_TABLES.items() if not found] == []

    @pytest.mark.parametrize("kind", CELLS)
    def test_pairs(self, kind: str) -> None:
        """The errors of both hold those of each."""
        for other in CELLS:
            if other > kind and CELLS[other][:3] != CELLS[kind][:3]:
                found = where(mistakes(tables(kind, other)))
                expected = where(ALONE_IN_TABLES[kind] | ALONE_IN_TABLES[other])
                assert found >= expected, (kind, other)

    def test_two_patients(self) -> None:
        """Mistakes of two patients are told as those of each alone."""
        for kind, other in combinations(CELLS, 2):
            first, second = tables(kind), tables(other)
            for table in second:
                table["patient"] = ["Q"] * len(table["patient"])
            both = [
                {name: [*one[name], *two[name]] for name in one}
                for one, two in zip(first, second, strict=True)
            ]
            shift = {"lines.": 2, "procedures.": 2}
            expected = set(ALONE_IN_TABLES[kind])
            for _, row, column, message in ALONE_IN_TABLES[other]:
                moved = next((by for prefix, by in shift.items() if column.startswith(prefix)), 12)
                expected.add(("Q", None if row is None else row + moved, column, message))
            assert where(mistakes(both)) == where(expected), (kind, other)

    def test_raised(self) -> None:
        """What is raised holds the same."""
        findings, lines, procedures = tables("no size", "no stop")
        with pytest.raises(CohortError) as error:
            assess_cohort(findings, lines, procedures=procedures)
        assert {line.partition(":")[0] for line in error.value.lines} == {
            line.partition(":")[0]
            for kind in ("no size", "no stop")
            for line in _raised(tables(kind))
        }


def _raised(given: list[dict[str, list[Any]]]) -> list[str]:
    findings, lines, procedures = given
    call: Callable[[], Any] = lambda: assess_cohort(findings, lines, procedures=procedures)  # noqa: E731
    with pytest.raises(CohortError) as error:
        call()
    return list(error.value.lines)
