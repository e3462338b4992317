"""Sources: every citation tells where and how sure, every reading tells why."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from mrecist._base.problems import PROBLEMS
from mrecist.rulebook import papers, readings
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.numbers_of_criteria import NUMBERS
from mrecist.rulebook.papers import (
    EISENHAUER_2009,
    EORTC_FAQ,
    LENCIONI_LLOVET_2010,
    LLOVET_LENCIONI_2020,
    Citation,
    Evidence,
    Paper,
)
from mrecist.rulebook.readings import READINGS, Reading
from mrecist.rulebook.to_check import TO_CHECK, ToCheck, recalled

PAPERS = [value for value in vars(papers).values() if isinstance(value, Paper)]


class TestReadings:
    """What this project decided by itself is all in one list."""

    @pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.id)
    def test_texts(self, reading: Reading) -> None:
        """A reading has an id, a decision and a reason."""
        assert re.fullmatch(r"RD-[A-Z0-9-]+", reading.id)
        assert reading.decision.strip()
        assert reading.reason.strip()
        assert str(reading) == f"Reading {reading.id}"

    def test_unique(self) -> None:
        """No id and no decision is there twice."""
        for field in ("id", "decision"):
            counted = Counter(getattr(reading, field) for reading in READINGS)
            assert [value for value, times in counted.items() if times > 1] == []

    def test_complete(self) -> None:
        """Every reading of the module is in the list."""
        named = [value for value in vars(readings).values() if isinstance(value, Reading)]
        assert sorted(READINGS, key=id) == sorted(named, key=id)


def test_problems() -> None:
    """Each problem comes from rules, numbers and readings that there are."""
    rules = (rule for tables in TABLES.values() for table in tables for rule in table.rules)
    known = {each.id for each in (*rules, *NUMBERS, *READINGS)}
    assert {id for entry in PROBLEMS.values() for id in entry.source} <= known


class TestPapers:
    """A paper is a reference, and a place in it is a citation."""

    @pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.key)
    def test_reference(self, paper: Paper) -> None:
        """Each has a key and a reference, and its DOI where it has one."""
        assert paper.key
        assert str(paper).startswith(paper.reference)
        assert str(paper).endswith(f" doi:{paper.doi}" if paper.doi else paper.reference)
        assert paper.doi == "" or re.fullmatch(r"10\.\d{4,}/\S+", paper.doi)

    def test_unique(self) -> None:
        """No two papers share a key or a DOI."""
        assert len({paper.key for paper in PAPERS}) == len(PAPERS)
        dois = [paper.doi for paper in PAPERS if paper.doi]
        assert len(set(dois)) == len(dois)

    def test_citations(self) -> None:
        """A citation prints as paper, place and evidence."""
        table = LENCIONI_LLOVET_2010.table(3, Evidence.RESTATED)
        assert table == Citation(LENCIONI_LLOVET_2010, "table 3", Evidence.RESTATED)
        assert str(table) == "Lencioni & Llovet 2010, table 3 [restated]"
        place = EISENHAUER_2009.at("new lesions", Evidence.VERIFIED)
        assert str(place) == "Eisenhauer 2009, new lesions [verified]"
        assert str(EORTC_FAQ) == EORTC_FAQ.reference

    def test_criteria_papers(self) -> None:
        """The two papers that the criteria rest on are these."""
        assert LENCIONI_LLOVET_2010.doi == "10.1055/s-0030-1247132"
        assert EISENHAUER_2009.doi == "10.1016/j.ejca.2008.10.026"


class TestToCheck:
    """What to read in the two papers of mRECIST, for every rule that is from memory of them."""

    def test_each_once(self) -> None:
        """Every recalled rule and number hangs on one sentence, and no other does."""
        hanging = Counter(id for each in TO_CHECK.values() for id in each.ids)
        assert hanging == Counter(recalled().keys())
        assert all(each.ids for each in TO_CHECK.values())

    def test_recalled(self) -> None:
        """Rules and numbers of these papers, and only those that are marked so."""
        known = recalled()
        assert {"PVT-NT", "TS-12"} <= known.keys()
        assert not {"MV-10", "TS-10", "TL-LN-CR", "R11-MEAS-04"} & known.keys()

    @pytest.mark.parametrize("each", TO_CHECK.values(), ids=lambda each: str(each.id))
    def test_texts(self, each: ToCheck) -> None:
        """Each has an id, its paper and what to read; its rules are from that paper."""
        assert TO_CHECK[each.id] is each
        found = [recalled()[id] for id in each.ids]
        for rule in found:
            assert isinstance(rule.source, Citation)
            assert rule.source.paper is each.paper
        assert str(each).splitlines() == [
            f"{each.id}: {each.paper.key}",
            f"  read: {each.sentence}",
            *(f"  hangs on it: {rule.id}, {rule.sentence}" for rule in found),
        ]

    def test_papers(self) -> None:
        """Seven sentences of the first paper, one of the second."""
        counted = Counter(each.paper.key for each in TO_CHECK.values())
        assert counted == {LENCIONI_LLOVET_2010.key: 7, LLOVET_LENCIONI_2020.key: 1}


def test_evidence() -> None:
    """Each level of evidence says what it means, from the surest down."""
    names = [level.name for level in Evidence]
    assert names == ["VERIFIED", "RESTATED", "RECALLED", "DERIVED"]
    assert all(level.value for level in Evidence)
