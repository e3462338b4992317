"""What criteria alone call stable disease (NC of WHO) at every door: read by them, else refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from support import fhir_rows
from support.sdtm_rows import only, read, rs, tr, tu

import mrecist
from mrecist import CaseError, ReportedBy, Timepoint
from mrecist._base.reported import STABLE_WORDS
from mrecist.io import read_redcap, read_worksheet
from mrecist.rulebook import criteria as rulebook

DAYS = ("2024-01-03", "2024-03-06")
FINDINGS = {"patient": ["P"] * 2, "date": [*DAYS], "lesion": ["A"] * 2, "organ": ["liver"] * 2,
            "longest_mm": [30, 29], "longest_perp_mm": [20, 20]}  # fmt: skip


def of_a_document(word: str, by: str) -> Any:
    """A case document."""
    findings = [[{"lesion": "A", "longest_mm": mm, "longest_perp_mm": 20}] for mm in (30, 29)]
    document: dict[str, Any] = {
        "lines": [{"agents": ["sorafenib"], "start": DAYS[0]}],
        "format": "mrecist-case/1", "patient": "P",
        "lesions": [{"id": "A", "organ": "liver", "kind": "nodule"}],
        "timepoints": [{"date": day, "findings": each}
                       for day, each in zip(DAYS, findings, strict=True)],
    }  # fmt: skip
    document["timepoints"][1]["reported"] = {by: word} if by else word
    case = mrecist.from_case(json.loads(json.dumps(document)))
    return str(mrecist.assess(case, criteria="who").lines[0].timepoints[-1].reported)


def of_a_table(word: str, by: str) -> Any:
    """Columns."""
    column = f"reported:{by}" if by else "reported"
    made = mrecist.assess_cohort(FINDINGS | {column: [None, word]}, criteria="who")
    return made.timepoints["reported"].tolist()[0]


def of_a_worksheet(word: str, by: str, folder: Path) -> Any:
    """A sheet of one row a lesion and day."""
    head = ["Patient", "Date", "Lesion", "Organ", "longest_mm", "longest_perp_mm"]
    column = f"reported:{by}" if by else "reported"
    rows = [[*head, column], ["P", DAYS[0], "A", "liver", "30", "20", ""],
            ["P", DAYS[1], "A", "liver", "29", "20", word]]  # fmt: skip
    path = folder / "lesions.csv"
    path.write_text("\n".join(map(",".join, rows)))
    study = read_worksheet(path)
    return study.assess("who").timepoints["reported"].tolist()[0]


def of_redcap(word: str, by: str, folder: Path) -> Any:
    """An export, whose field is ours by its name."""
    rows = ["record_id,les,site,mm,across,day,said", f"P,A,liver,30,20,{DAYS[0]},",
            f"P,A,liver,29,20,{DAYS[1]},{word}"]  # fmt: skip
    path = folder / "export.csv"
    path.write_text("\n".join(rows))
    column = f"reported:{by}" if by else "reported"
    fields = {"lesion": "les", "organ": "site", "longest_mm": "mm", "longest_perp_mm": "across",
              "date": "day", column: "said"}  # fmt: skip
    study = read_redcap(path, fields=fields)
    return study.assess("who").timepoints["reported"].tolist()[0]


DOORS: dict[str, Callable[[str, str, Path], Any]] = {
    "document": lambda word, by, _: of_a_document(word, by),
    "table": lambda word, by, _: of_a_table(word, by),
    "worksheet": of_a_worksheet,
    "redcap": of_redcap,
}


@pytest.mark.parametrize("door", DOORS)
class TestDoors:
    """RD-WHO-NC where readers report."""

    def test_by_who(self, door: str, tmp_path: Path) -> None:
        """NC by WHO is its word for SD, as SD is."""
        for word in ("NC", "SD"):
            assert DOORS[door](word, "who", tmp_path) in ("NC", "SD")
        assert DOORS[door]("NC", "who", tmp_path) == DOORS[door]("SD", "who", tmp_path)

    @pytest.mark.parametrize("by", ["", "mrecist", "recist-1.1", "own"])
    def test_by_others(self, door: str, by: str, tmp_path: Path) -> None:
        """By no criteria, or by others, it is refused with what to do."""
        with pytest.raises(ValueError, match=r"got '?\"?NC.*word for SD of who alone: report it"):
            DOORS[door]("NC", by, tmp_path)


def test_sdtm() -> None:
    """RSSTRESC, by the criteria that a category stands for."""
    knobs = {"responses": {"OURS": "who", "MRECIST LENCIONI LIVER CANCER 2010": "mrecist"}}
    rows = {"tu": [tu("A")], "tr": [tr("A", "LDIAM", 30), tr("A", "LDIAM", 29, DAYS[1])]}
    study = read(knobs, **rows, rs=[rs("nc", DAYS[1], "OURS")])
    assert study.findings["reported:who"].tolist() == [None, "SD"]
    assert study.reported["response"].tolist() == ["SD"]
    study = read(knobs, **rows, rs=[rs("NC", DAYS[1], "MRECIST LENCIONI LIVER CANCER 2010")])
    (told,) = only(study.problems, "UNREAD_RESPONSE", "detail")
    assert told.startswith("NC; it is the word for SD of who alone")


@pytest.mark.parametrize("by", ["who", "mrecist"])
def test_fhir(by: str) -> None:
    """An Observation whose method names the criteria."""
    made = fhir_rows.response("NC", method={"text": by})
    study = fhir_rows.read(fhir_rows.lesion("A"), fhir_rows.size("A", 30), made)
    if by == "who":
        assert study.reported["response"].tolist() == ["SD"]
    else:
        assert study.reported["response"].tolist() == []
        (told,) = only(study.problems, "UNREAD_RESPONSE", "detail")
        assert "NC; it is the word for SD of who alone" in told


class TestKnown:
    """Which criteria have such a word."""

    def test_published(self) -> None:
        """As the criteria themselves say."""
        own = {each.name: each.stable_word for each in rulebook.CRITERIA.values()}
        assert {name: word for name, word in own.items() if word != "SD"} == STABLE_WORDS

    def test_registered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A protocol of one's own brings its word with it."""
        monkeypatch.setattr(rulebook, "_KNOWN", dict(rulebook._KNOWN))
        monkeypatch.setitem(STABLE_WORDS, "who", "NC")
        ours = attrs.evolve(mrecist.WHO, name="our-who", stable_word="no change")
        with pytest.raises(CaseError):
            Timepoint(DAYS[0], [], reported={"our-who": "no change"})
        try:
            mrecist.register(ours)
            said = Timepoint(DAYS[0], [], reported={"our-who": "no change"}).reported
            assert said == {"our-who": "SD"}
            told = FINDINGS | {"reported:our-who": [None, "No  change"]}
            made = mrecist.assess_cohort(told, criteria=ours)
            assert made.timepoints["reported"].tolist() == ["no change"]
            assert ReportedBy({"our-who": "no change"}) == {"our-who": "SD"}
        finally:
            STABLE_WORDS.pop("our-who", None)
