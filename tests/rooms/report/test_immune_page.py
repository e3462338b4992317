"""Reports by criteria of immunotherapy: the page of those beneath, with the words beside."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import mrecist
from mrecist import CriteriaError, Finding, Lesion, Patient, TherapyLine, Timepoint, report
from mrecist.cli.parser import main
from mrecist.documents.case import to_case

pytest.importorskip("jinja2", reason="pages need Jinja2: mrecist[report]")
pytest.importorskip("matplotlib", reason="pages need matplotlib: mrecist[report]")


def chart(*scans: tuple[int, int], name: str = "P", reported: str | None = None) -> Patient:
    """A patient with one target: day and longest diameter at each scan."""
    timepoints = [Timepoint(day, [Finding("T", longest_mm=size)]) for day, size in scans]
    if reported is not None:
        timepoints.append(Timepoint(200, [], reported={"irecist": reported}))
    lines = [TherapyLine(["nivolumab"], 0)] if scans else []
    return Patient(name, [Lesion("T", "liver", "nodule")], timepoints, lines)


CONFIRMED = chart((0, 100), (56, 125), (84, 131))
PENDING = chart((0, 100), (56, 125), name="Q")
CLEARED = chart((0, 100), (56, 125), (84, 60), name="R", reported="iSD")


class Section(HTMLParser):
    """The text of each section of a page by the id of its heading, and all anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.sections: dict[str, str] = {}
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "section":
            self._within = found["aria-labelledby"]
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.add(found["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._within = ""

    def handle_data(self, data: str) -> None:
        told = self.sections.get(self._within, "")
        self.sections[self._within] = f"{told} {data}" if data.strip() else told


def told(patient: Any, section: str, **options: Any) -> str:
    found = Section(report.page(patient, **options)).sections.get(section, "")
    return re.sub(r"\s+", " ", found)


class TestPage:
    @pytest.mark.parametrize("name", ["irecist", "imrecist-hcc", "imrecist"])
    @pytest.mark.parametrize("case", ["synthetic", "ikeda-2021"])
    def test_anchors(self, name: str, case: str) -> None:
        """Every id is there once, and every link leads to one, readings of the words too."""
        page = Section(report.page(mrecist.example_case(case), criteria=name))
        assert len(set(page.ids)) == len(page.ids)
        assert page.links <= {f"#{each}" for each in page.ids}
        assert {"beside", "beside-1", "criteria"} <= set(page.ids)

    def test_words(self) -> None:
        found = told(CONFIRMED, "beside", criteria="irecist")
        assert "By iRECIST (Seymour 2017)" in found
        assert "1 nivolumab iCPD iCPD day 56, confirmed day 84" in found
        assert "PFS: progression on day 56 TTE-FDA-02 1.8 1.8 – – 2.8+ 2.8+" in found
        assert "pending at the end: by course" in found
        why = told(CONFIRMED, "beside-1", criteria="irecist")
        assert why.index("iUPD day 56, line day 56") < why.index("iCPD day 84, line day 84")
        assert "IR-CONFIRM-TARGET" in why

    def test_pending(self) -> None:
        assert "none; that of day 56 is unconfirmed" in told(PENDING, "beside", criteria="irecist")
        told_of = told(PENDING, "beside", criteria="imrecist")
        assert "1 nivolumab PD PD day 56 PFS" in told_of
        assert "progression is a PD that no later scan refutes" in told_of

    def test_cleared(self) -> None:
        """What was cleared is no progression; what a reader said is told as that."""
        assert "iPR iSD none PFS: no progression" in told(CLEARED, "beside", criteria="irecist")
        why = told(CLEARED, "beside-1", criteria="irecist")
        assert "iSD day 200, line day 200, as reported" in why

    def test_label(self) -> None:
        """The page is by the criteria beneath, and says so; these come first side by side."""
        text = report.page(CONFIRMED, criteria="irecist")
        both = "RECIST 1.1 (Eisenhauer 2009), with iRECIST (Seymour 2017) beside"
        assert text.count(both) == 2
        assert '<th scope="col">recist-1.1</th><th scope="col">irecist</th>' in text
        assert text.count('<th scope="col">irecist</th>') == 1
        assert "by irecist iCPD on day 84" in text
        plain = report.page(CONFIRMED, criteria="recist-1.1")
        assert "beside" not in Section(plain).ids
        assert "with iRECIST" not in plain

    def test_given(self) -> None:
        """An assessment by them is as good as the chart; it has its criteria."""
        assessment = mrecist.assess(CONFIRMED, criteria="irecist")
        assert report.page(assessment) == report.page(CONFIRMED, criteria="irecist")
        with pytest.raises(TypeError, match="an assessment has its criteria, irecist; give no"):
            report.page(assessment, criteria="recist-1.1")

    @pytest.mark.parametrize("name", mrecist.LESION_CRITERIA)
    def test_grades(self, name: str, tmp_path: Path) -> None:
        """No page is by criteria that give a patient no response."""
        with pytest.raises(CriteriaError, match=f"criteria {name} grade treated lesions"):
            report.page(CONFIRMED, criteria=name)
        with pytest.raises(CriteriaError, match=f"criteria {name} grade treated lesions"):
            report.write_folder([CONFIRMED], tmp_path / "out", criteria=name)
        assert not (tmp_path / "out").exists()

    def test_brief(self) -> None:
        text = report.page(CONFIRMED, criteria="irecist", brief=True)
        assert "1 nivolumab iCPD iCPD day 56, confirmed day 84" in told(
            CONFIRMED, "beside", criteria="irecist", brief=True
        )
        assert '<th scope="col">irecist</th>' in text
        rows = told(CONFIRMED, "follow-ups", criteria="irecist", brief=True)
        assert "1 day 56 PD iUPD 125.0" in rows
        assert "1 day 84 PD iCPD 131.0" in rows

    def test_no_line(self) -> None:
        for brief in (False, True):
            text = report.page(chart(name="S"), criteria="irecist", brief=brief)
            assert "beside" not in Section(text).ids
            assert "No line of therapy" in text


class TestFolder:
    def test_index(self, tmp_path: Path) -> None:
        given = [CONFIRMED, mrecist.assess(PENDING, criteria="irecist")]
        entries = report.write_folder(given, tmp_path, criteria="irecist")
        index = (tmp_path / "index.html").read_text("utf-8")
        assert "RECIST 1.1 (Eisenhauer 2009), with iRECIST (Seymour 2017) beside" in index
        for entry in entries:
            assert "By iRECIST" in (tmp_path / entry.href).read_text("utf-8")

    def test_broken(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A page that cannot be made is told of, with whose it is."""
        from mrecist.report import _folders

        def fail(*_: Any, **__: Any) -> None:
            raise RuntimeError("odd")

        monkeypatch.setattr(_folders, "patient_page", fail)
        given = mrecist.assess(PENDING, criteria="irecist")
        (entry,) = report.write_folder([given], tmp_path)
        assert entry.patient == "Q"
        assert "unexpected RuntimeError: odd" in entry.errors[0]


class TestCommand:
    def test_one_and_many(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        case = json.dumps(to_case(CONFIRMED))
        Path("case.json").write_text(case, "utf-8")
        Path("cases.jsonl").write_text(f"{case}\n{json.dumps(to_case(PENDING))}\n", "utf-8")
        assert main(["report", "case.json", "--criteria", "irecist"]) == 0
        made = Path("report.html").read_text("utf-8")
        assert made == report.page(CONFIRMED, criteria="irecist")
        assert main(["report", "cases.jsonl", "--criteria", "irecist"]) == 0
        assert "with iRECIST" in Path("report/index.html").read_text("utf-8")
        assert "By iRECIST" in Path("report/patients/Q.html").read_text("utf-8")

    def test_grades(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as raised:
            main(["report", "x", "--criteria", "recicl"])
        assert raised.value.code == 2
        assert "recicl grades lesions one by one" in capsys.readouterr().err
