"""Tables for notebooks: what they hold, and that all of it is text."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

import mrecist
from mrecist._base import html
from mrecist.model import Finding, Lesion, Patient, TherapyLine, Timepoint
from mrecist.rulebook.index import TABLES

EVIL = "<script>alert(1)</script>&\x00\u202e"
PATIENT = mrecist.example_case("synthetic")


def shown(value: Any) -> str:
    """What a notebook shows of a value, every tag closed."""
    told: str = value._repr_html_()
    for tag in ("table", "tr", "p", "thead", "tbody", "caption"):
        assert told.count(f"<{tag}>") + told.count(f"<{tag} ") == told.count(f"</{tag}>")
    return told


class TestTable:
    """A table of texts, every one escaped."""

    def test_whole(self) -> None:
        """Heads have their scope, the first cell of a row is its heading."""
        assert html.table("c", ["a", "b"], [["1", "2"]]) == (
            '<table><caption style="text-align:left">c</caption><thead><tr><th scope="col">a</th>'
            '<th scope="col">b</th></tr></thead><tbody><tr><th scope="row">1</th><td>2</td></tr>'
            "</tbody></table>"
        )

    def test_without_heads(self) -> None:
        """Heads may be left out."""
        assert "thead" not in html.table("c", (), [["1", "2"]])

    def test_escaped(self) -> None:
        """Text is text, and what cannot be seen is written out."""
        told = html.table(EVIL, [EVIL], [[EVIL, EVIL]]) + html.paragraphs([EVIL])
        assert "<script>" not in told
        assert told.count(r"&lt;script&gt;alert(1)&lt;/script&gt;&amp;\x00\u202e") == 5


class TestShown:
    """What is asked for in a notebook shows itself."""

    def test_assessment(self) -> None:
        """Every line with its follow-ups, and what is odd."""
        told = shown(mrecist.assess(PATIENT))
        assert told.startswith("<p>Synthetic patient 1 (invented, no real person): HCC mRECIST")
        assert told.count("<table>") == 3
        assert "<td>-43.69%</td>" in told
        assert "best response PR, confirmed PR; progression on 2023-07-17 (new lesion)" in told

    def test_problems(self) -> None:
        """Problems and notes stand below."""
        patient = Patient(
            "P",
            [Lesion(EVIL, "liver hilum", "nodule")],
            [Timepoint(0, [Finding(EVIL, viable_mm=3, longest_mm=2)])],
            [TherapyLine([EVIL], 9)],
        )
        told = shown(mrecist.assess(patient))
        assert "VIABLE_EXCEEDS_WHOLE" in told
        assert "is not read as the liver" in told
        assert "<script>" not in told

    def test_timepoint(self) -> None:
        """The reasons, each with its rule and source."""
        timepoint = mrecist.assess(PATIENT).at(1, "2023-03-13")
        told = shown(timepoint)
        assert "2023-03-13: PR, computed" in told
        assert "TL-PR-30; Lencioni &amp; Llovet 2010" in told

    def test_comparison(self) -> None:
        """Criteria side by side, with what a mark means."""
        told = shown(mrecist.compare(PATIENT))
        assert '<th scope="col">recist-1.1</th>' in told
        assert "<td>differ</td>" in told
        assert "as reported" not in told
        published = mrecist.compare(mrecist.example_case("ikeda-2021"))
        assert "<p>* as reported: the criteria reach no graded verdict there</p>" in shown(
            published
        )

    @pytest.mark.parametrize("criteria", mrecist.CRITERIA.values())
    def test_criteria(self, criteria: mrecist.Criteria) -> None:
        """Every number of the criteria, as in their text."""
        told = shown(criteria)
        for line in str(criteria).splitlines()[1:]:
            name, _, value = line.strip().partition(" = ")
            assert f'<th scope="row">{name}</th><td>{value}</td>' in told

    @pytest.mark.parametrize("name", TABLES)
    def test_rules(self, name: str) -> None:
        """A row a rule."""
        for table in TABLES[name]:
            assert shown(table).count("<tr>") == len(table.rules) + 1

    def test_cohort(self) -> None:
        """How many lines had which best response, and how many patients were invalid."""
        findings = {"patient": ["A", "A", "B"], "date": [0, 60, 0], "lesion": ["x"] * 3,
                    "viable_mm": [50, 20, -1]}  # fmt: skip
        told = shown(mrecist.assess_cohort(findings, errors="collect"))
        assert '<th scope="row">PR</th><td>1</td><td>0</td>' in told
        assert '<th scope="row">SD</th><td>0</td><td>1</td>' in told
        assert "1 patients invalid" not in told
        assert "1 patient invalid, so not judged: see errors" in told
        assert '<th scope="row">CR</th>' not in told
        sound = {name: values[:2] for name, values in findings.items()}
        assert "invalid" not in shown(mrecist.assess_cohort(sound))

    def test_crosstab(self) -> None:
        """The counts, how far both agree, and what only one of them has."""
        findings = {"patient": ["A", "A"], "date": [0, 60], "lesion": ["x"] * 2,
                    "viable_mm": [50, 20]}  # fmt: skip
        ours = mrecist.assess_cohort(findings)
        theirs = mrecist.assess_cohort(findings, criteria="recist-1.1")
        tab = ours.crosstab(theirs)
        told = shown(tab)
        for line in str(tab).splitlines()[-1:]:
            assert line in told
        assert "mrecist (rows) by recist-1.1 (columns)" in told

    def test_light(self) -> None:
        """Nothing beyond the core is loaded for it."""
        code = (
            "import json, sys, mrecist; mrecist.assess(mrecist.example_case())._repr_html_(); "
            "print(json.dumps([m for m in ('matplotlib', 'jinja2', 'pandas') if m in sys.modules]))"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert json.loads(told.stdout) == []


class TestVerdicts:
    """A verdict is told by its word, a border and a colour; all else is text."""

    @pytest.mark.parametrize("word", [*map(str, mrecist.Response)])
    def test_badge(self, word: str) -> None:
        told = html.table("c", (), [["x", word, f"{word}*", f"{word}x"]])
        assert told.count(f">{word}</span>") == 2
        assert "</span>*</td>" in told
        assert f"<td>{word}x</td>" in told

    def test_told_apart(self) -> None:
        """No two verdicts share a look, but for those that say the same of nothing."""
        looks = {
            re.sub(r">[^<]*<", "><", html.table("", (), [["x", str(word)]]))
            for word in mrecist.Response
        }
        assert len(looks) == len(mrecist.Response) - 1

    def test_white_letters(self) -> None:
        """White letters on each colour have a contrast of 4.5 or more."""

        def light(part: str) -> float:
            share = int(part, 16) / 255
            return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

        for colour in html._SOLID.values():
            red, green, blue = (light(colour[i : i + 2]) for i in (1, 3, 5))
            assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


class TestOfText:
    """Aligned text as tables."""

    def test_tables(self) -> None:
        told = html.of_text("title\n\ndate  a\n1     2\nprose of one\nx  y\nz  w  v", ["date"])
        assert told.startswith("<p>title</p>")
        assert '<thead><tr><th scope="col">date</th><th scope="col">a</th>' in told
        assert "<p>prose of one</p>" in told
        assert told.count("<table>") == 3

    def test_escaped(self) -> None:
        assert "<script>" not in html.of_text(f"{EVIL}\n{EVIL}  {EVIL}\n{EVIL}") + (
            html.preformatted(EVIL)
        )


class TestLastExpression:
    """What a cell ends with shows itself."""

    def test_text(self) -> None:
        """`explain` and `compare_policies` give text that prints itself."""
        assessment = mrecist.assess(PATIENT)
        for text in (
            mrecist.explain(assessment),
            mrecist.compare_policies(assessment),
            mrecist.compare_policies(assessment, "fda-a"),
            mrecist.explain(mrecist.assess(PATIENT, criteria="lr-tr-2024")),
        ):
            assert isinstance(text, str)
            assert repr(text) == str(text)
            assert shown(text).startswith("<pre>")
            put: list[str] = []
            text._repr_pretty_(SimpleNamespace(text=put.append), False)  # type: ignore[attr-defined]
            assert put == [text]
            assert pickle.loads(pickle.dumps(text)) == text

    def test_patient(self) -> None:
        """A row a scan, a column a lesion, and the lines."""
        told = shown(PATIENT)
        assert told.count("<tr>") == len(PATIENT.timepoints) + 1
        assert "62.4 mm viable" in told
        assert "<p>Line 3: lenvatinib from 2024-02-19</p>" in told
        assert "(liver)" in told
        bare = shown(
            Patient(
                "P",
                [Lesion(EVIL, "liver", "nodule")],
                [Timepoint(1, [Finding(EVIL, status="present")])],
                [],
            )
        )
        assert "<td>present</td>" in bare
        assert "<script>" not in bare

    def test_policy(self) -> None:
        """A row a clause."""
        told = shown(mrecist.FDA_A)
        for clause in mrecist.FDA_A.clauses:
            assert f"<td>{clause.id}</td>" in told
        assert "<p>schedule: none, so no assessment is known to be missed</p>" in told

    def test_course(self) -> None:
        """The same rows as the text, the best responses as badges."""
        told = shown(mrecist.course(mrecist.assess(PATIENT)))
        assert ">PR</span>" in told
        assert "<td>19.1+</td>" in told
        assert "PD 2023-07-17: NIH" in told

    def test_endpoints_and_survival(self) -> None:
        """A row a time; the curve at a few months."""
        findings = {"patient": [*"AABBCC"], "date": [0, 200] * 3, "lesion": ["x"] * 6,
                    "viable_mm": [50, 80, 50, 50, 50, 20]}  # fmt: skip
        endpoints = mrecist.assess_cohort(findings).endpoints(mrecist.FDA_A)
        told = shown(endpoints)
        assert "<td>progression-free survival</td><td>3</td><td>1</td>" in told
        survival = shown(endpoints.kaplan_meier("pfs"))
        assert '<th scope="row">surviving 6 months</th><td>100.0 %</td>' in survival
        assert '<th scope="row">surviving 24 months</th><td>unknown</td>' in survival
        assert "not reached" in shown(mrecist.kaplan_meier([5, 9], [False, False]))

    def test_robustness(self) -> None:
        """A patient line by line, a cohort by its rates."""
        error = {"error": "mrecist_tace_readers", "nodes": "node_short_axis", "draws": 20}
        told = shown(mrecist.how_sure(PATIENT, **error))
        assert told.count("<thead>") == 3
        assert ">PR</span>" in told
        findings = {"patient": [*"AABB"], "date": [0, 60] * 2, "lesion": ["x"] * 4,
                    "viable_mm": [50, 20, 50, 50]}  # fmt: skip
        assert "Line 1, best response" in shown(mrecist.how_sure(findings, **error))

    def test_readings(self) -> None:
        """How many lines are accepted, and how many wait."""
        findings = {"patient": ["A"] * 4, "reader": ["R1", "R1", "R2", "R2"], "date": [0, 60] * 2,
                    "lesion": ["x"] * 4, "viable_mm": [50, 20, 50, 50]}  # fmt: skip
        told = shown(mrecist.assess_readings(findings, review=mrecist.DOUBLE_READ))
        assert "R1 and R2" in told
        assert '<th scope="row">pending</th><td>1</td>' in told
