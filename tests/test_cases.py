"""The worked cases of `tests/cases/`, each with its reason and source: language-neutral."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from oracle import oracle

import mrecist

Document = dict[str, Any]

FILES = sorted((Path(__file__).parent / "cases").glob("*.json"))
KEYS = {"id", "reason", "source", "criteria", "case", "expect"}


def worked(path: Path) -> list[Document]:
    cases: list[Document] = json.loads(path.read_text("utf-8"))
    return cases


CASES = [(path.stem, each) for path in FILES for each in worked(path)]
every_case = pytest.mark.parametrize(
    "each", [pytest.param(each, id=each["id"]) for _, each in CASES]
)


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """Where `got` does not hold what `expected` asks for; further keys of an object are free."""
    if isinstance(expected, dict) and isinstance(got, dict):
        missing = [f"{path}.{key}: missing" for key in expected if key not in got]
        shared = [key for key in expected if key in got]
        return missing + [
            told for key in shared for told in differences(expected[key], got[key], f"{path}.{key}")
        ]
    if isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            return [f"{path}: expected {len(expected)} items {expected}, got {len(got)}: {got}"]
        return [
            told
            for i, (one, other) in enumerate(zip(expected, got, strict=True))
            for told in differences(one, other, f"{path}[{i}]")
        ]
    same_kind = isinstance(expected, bool) == isinstance(got, bool)
    return [] if expected == got and same_kind else [f"{path}: expected {expected!r}, got {got!r}"]


class TestDifferences:
    """A partial match ignores further keys and nothing else."""

    @pytest.mark.parametrize(
        ("expected", "got"),
        [
            ({"a": 1}, {"a": 2}),
            ({"a": 1}, {}),
            ({"a": None}, {}),
            ({"a": [1, 2]}, {"a": [1]}),
            ({"a": []}, {"a": [{}]}),
            ({"a": [{"b": "PR"}]}, {"a": [{"b": "SD"}]}),
            ({"a": True}, {"a": 1}),
            ({"a": None}, {"a": []}),
        ],
    )
    def test_what_differs_is_told(self, expected: Document, got: Document) -> None:
        assert len(differences(expected, got)) == 1

    def test_further_keys_are_free(self) -> None:
        assert not differences({"a": [{"b": 1}]}, {"a": [{"b": 1.0, "c": 2}], "d": 3})


class TestWorkedCases:
    """Every worked case comes out as its sources say."""

    @every_case
    def test_assess(self, each: Document) -> None:
        patient = mrecist.from_case(each["case"])
        assessed = mrecist.assess(patient, criteria=mrecist.CRITERIA[each["criteria"]])
        assert not differences(each["expect"], mrecist.to_assessment(assessed))

    @every_case
    def test_read_from_text(self, each: Document) -> None:
        patient = mrecist.parse_case(json.dumps(each["case"]))
        assert patient == mrecist.from_case(each["case"])

    @every_case
    def test_oracle(self, each: Document) -> None:
        assert not differences(each["expect"], oracle(each["case"], each["criteria"]))


class TestTheCollection:
    """A worked case that does not say why it is there, or by whom, proves nothing."""

    def test_there_are_some(self) -> None:
        assert len(FILES) >= 8
        assert len(CASES) >= 250

    def test_ids_are_unique(self) -> None:
        ids = [each["id"] for _, each in CASES]
        assert [one for one in ids if ids.count(one) > 1] == []

    @every_case
    def test_says_reason_and_source(self, each: Document) -> None:
        assert each.keys() == KEYS
        assert each["reason"].strip()
        assert each["source"].strip()
        assert each["criteria"] in mrecist.CRITERIA
        assert each["expect"].get("lines"), "expects nothing"
