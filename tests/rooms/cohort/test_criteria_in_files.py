"""Cohorts in files by criteria of every kind: immunotherapy, areas, grades of lesions."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrecist import CriteriaError, Finding, Lesion, Patient, TherapyLine, Timepoint, assess
from mrecist.cli.parser import main
from mrecist.rulebook.criteria import CRITERIA
from mrecist.rulebook.immune_criteria import IMMUNE_CRITERIA
from mrecist.rulebook.lesion_criteria import LESION_CRITERIA
from mrecist.rulebook.policies import FDA_A

pytest.importorskip("pyarrow")
pytest.importorskip("narwhals")

from mrecist.cohort.files import assess_files

IMMUNE_COURSES = """\
patient,date,lesion,longest_mm
confirmed,0,T,100
cleared,0,T,100
pending,0,T,100
on,0,T,100
confirmed,56,T,125
cleared,56,T,125
pending,56,T,125
on,56,T,125
confirmed,84,T,131
cleared,84,T,118
on,84,T,126
cleared,112,T,60
"""
NODULES = """\
patient,date,lesion,longest_mm,longest_perp_mm,viable_mm,viable_perp_mm
all gone,0,A,40,30,40,30
all gone,60,A,40,30,0,
half,0,A,40,30,40,30
half,60,A,40,30,30,20
grown,0,A,40,30,40,30
grown,60,A,60,30,10,10
"""
SHEET = "Patient,Lesion,Location,2024-01-03,2024-03-06,2024-05-08\nP-1,S8,liver,41,60,70\n"


def written(folder: Path, text: str, name: str = "findings.csv") -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(folder: Path, table: str, name: str) -> dict[str, list[str]]:
    """The cells of a column, by patient."""
    found: dict[str, list[str]] = {}
    for row in rows(folder, table):
        found.setdefault(row["patient"], []).append(row[name])
    return found


class TestImmune:
    """`mrecist cohort` and `endpoints` of courses that are confirmed, cleared and pending."""

    def run(self, folder: Path, *options: str, command: str = "cohort") -> int:
        findings = written(folder, IMMUNE_COURSES)
        return main([command, findings, "--out", str(folder / "out"), *options])

    def test_cohort(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "--criteria", "iRECIST") == 0
        out = tmp_path / "out"
        assert sorted(each.name for each in out.iterdir()) == [
            "errors.csv",
            "lines.csv",
            "notes.csv",
            "timepoints.csv",
        ]
        assert column(out, "timepoints.csv", "response") == {
            "confirmed": ["iUPD", "iCPD"],
            "cleared": ["iUPD", "iSD", "iPR"],
            "pending": ["iUPD"],
            "on": ["iUPD", "iUPD"],
        }
        dates = {
            name: column(out, "lines.csv", name)
            for name in ("progression_date", "confirmed_date", "pending_date")
        }
        assert {name: found["confirmed"] for name, found in dates.items()} == {
            "progression_date": ["56"],
            "confirmed_date": ["84"],
            "pending_date": [""],
        }
        assert dates["pending_date"] == {
            "confirmed": [""],
            "cleared": [""],
            "pending": ["56"],
            "on": ["56"],
        }

    def test_endpoints(self, tmp_path: Path) -> None:
        """Progression counts from the first scan of the unconfirmed one."""
        days = {"confirmed": "56", "cleared": "112", "pending": "56", "on": "56"}
        for options, events in (
            ([], {"confirmed": "1", "cleared": "0", "pending": "1", "on": "0"}),
            (["--pending", "BY_COURSE"], {"pending": "1", "on": "0"}),
            (["--pending", "event"], {"pending": "1", "on": "1"}),
            (["--pending", "censored"], {"confirmed": "1", "pending": "0", "on": "0"}),
        ):
            options = ["--criteria", "irecist", *options]
            assert self.run(tmp_path, *options, command="endpoints") == 0
            out = tmp_path / "out"
            for name, event in events.items():
                assert column(out, "endpoints.csv", "ttp_days")[name] == [days[name]]
                assert column(out, "endpoints.csv", "ttp_event")[name] == [event]
            ttp = [row for row in rows(out, "adtte.csv") if row["PARAMCD"] == "TTP"]
            assert {row["USUBJID"]: row["AVAL"] for row in ttp} == days
        plain = ["--criteria", "recist-1.1"]
        assert self.run(tmp_path, *plain, command="endpoints") == 0
        assert column(out, "endpoints.csv", "ttp_days")["cleared"] == ["56"]

    def test_pending_of_others(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing is pending by criteria that confirm nothing, nor by imRECIST."""
        for name in ("recist-1.1", "imrecist"):
            options = ("--criteria", name, "--pending", "event")
            assert self.run(tmp_path, *options, command="endpoints") == 2
            told = f"by {name} no progression is pending: that is of criteria with unconfirmed"
            assert told in capsys.readouterr().err
        assert not (tmp_path / "out").exists()

    def test_joined(self, tmp_path: Path) -> None:
        """By imRECIST words have no i, and the refuted progression is none."""
        assert self.run(tmp_path, "--criteria", "imrecist") == 0
        found = column(tmp_path / "out", "lines.csv", "progression_date")
        assert found == {"confirmed": ["56"], "cleared": [""], "pending": ["56"], "on": ["56"]}

    def test_lesions(self, tmp_path: Path) -> None:
        """Treated lesions stand beside the words, as beside any other responses."""
        findings = "patient,date,lesion,longest_mm,masslike\nA,0,T,30,\nA,90,T,30,present\n"
        procedures = "patient,date,kind,lesions\nA,10,DEB-TACE,T\n"
        code = main([
            "cohort", written(tmp_path, findings), "--criteria", "irecist", "--out",
            str(tmp_path / "out"), "--procedures", written(tmp_path, procedures, "p.csv"),
        ])  # fmt: skip
        assert code == 0
        assert column(tmp_path / "out", "lesions.csv", "lr_tr_2024") == {"A": ["Viable"]}


class TestGrades:
    """Criteria that grade lesions write a table of lesions, and have no times."""

    def run(self, folder: Path, *options: str, command: str = "cohort") -> int:
        findings = written(folder, NODULES)
        return main([command, findings, "--out", str(folder / "out"), *options])

    def test_recicl(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "--criteria", "recicl") == 0
        out = tmp_path / "out"
        grades = {"all gone": ["TE4b"], "half": ["TE3"], "grown": ["TE1"]}
        assert column(out, "lesions.csv", "grade") == grades
        overall = {"all gone": ["TE4"], "half": [""], "grown": [""]}
        assert column(out, "timepoints.csv", "overall") == overall
        assert not any(row["response"] for row in rows(out, "timepoints.csv"))
        assert "best_response" not in rows(out, "lines.csv")[0]

    @pytest.mark.parametrize("name", LESION_CRITERIA)
    def test_no_times(self, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """One message, which says which commands take them; the status is that of usage."""
        with pytest.raises(SystemExit) as raised:
            self.run(tmp_path, "--criteria", name.upper(), command="endpoints")
        assert raised.value.code == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert f"{name} grades lesions one by one and gives a patient no response" in told
        assert "take it to mrecist assess, explain, check or cohort" in told
        with pytest.raises(CriteriaError, match="grades lesions one by one"):
            assess_files("none.csv", tmp_path, criteria=name, policy=FDA_A)

    @pytest.mark.parametrize(
        ("command", "names"),
        [
            (["course", "x"], LESION_CRITERIA),
            (["convert", "x", "--check"], [*IMMUNE_CRITERIA, *LESION_CRITERIA]),
            (["readings", "x", "--out", "y"], [*IMMUNE_CRITERIA, *LESION_CRITERIA]),
        ],
    )
    def test_elsewhere(
        self, command: list[str], names: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in names:
            with pytest.raises(SystemExit) as raised:
                main([*command, "--criteria", name])
            assert raised.value.code == 2
            assert f"{name} {'grades' if name in LESION_CRITERIA else 'stands beside'}" in (
                capsys.readouterr().err
            )


class TestStudies:
    """A worksheet is judged by all of them too."""

    def run(self, folder: Path, *options: str) -> int:
        sheet = written(folder, SHEET, "sheet.csv")
        return main(
            ["cohort", sheet, "--measures", "whole", "--out", str(folder / "out"), *options]
        )

    def test_immune(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "--criteria", "irecist") == 0
        found = column(tmp_path / "out", "timepoints.csv", "response")
        assert found == {"P-1": ["iUPD", "iCPD"]}
        assert not (tmp_path / "out" / "lesions.csv").exists()

    def test_measures(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What the criteria beneath measure is asked for."""
        assert self.run(tmp_path, "--criteria", "imrecist-hcc") == 2
        assert "imrecist-hcc measures viable tumour" in capsys.readouterr().err

    def test_grades(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "--criteria", "recicl") == 0
        assert column(tmp_path / "out", "lesions.csv", "grade") == {"P-1": ["NE", "NE"]}

    @pytest.mark.parametrize("name", ["irecist", "recicl"])
    def test_no_adam(self, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(tmp_path, "--criteria", name, "--adam", "csv") == 2
        told = f"--adam has no parameters for the answers by {name}"
        assert told in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


SIZES = st.lists(st.sampled_from([None, 0, 12, 14, 15, 17, 18, 20, 24, 25, 30]), max_size=4)
MEASURES = ("longest_mm", "viable_mm", "longest_perp_mm", "viable_perp_mm")
COURSES = st.lists(st.tuples(SIZES, SIZES), min_size=1, max_size=4)


def chart(name: str, courses: tuple[list[Any], list[Any]]) -> tuple[Patient, list[str]]:
    """A patient of two lesions seen every 40 days, and the same as rows of a table."""
    lesions = ("A", "B")
    timepoints, told = [], []
    for step in range(max(map(len, courses), default=0) + 1):
        findings = []
        for lesion, sizes in zip(lesions, courses, strict=True):
            size = ([20, *sizes] if lesion == "A" else [None, *sizes])[step : step + 1] or [None]
            if size[0] is not None:
                measured = dict.fromkeys(MEASURES, size[0])
                findings.append(Finding(lesion, **measured))
                told.append(f"{name},{40 * step},{lesion},{','.join([str(size[0])] * 4)}")
        if not findings:
            told.append(f"{name},{40 * step},,,,,")
        timepoints.append(Timepoint(40 * step, findings))
    charts = [Lesion(each, "liver", "nodule") for each in lesions]
    lines = [TherapyLine(["line 1"], 0)]
    return Patient(name, lesions=charts, timepoints=timepoints, lines=lines), told


class TestOneByOne:
    """A file in chunks of one patient gives what `assess` gives for each patient."""

    @given(COURSES, st.sampled_from([*IMMUNE_CRITERIA, "easl", "who", "mrecist"]))
    @settings(max_examples=max(settings().max_examples // 3, 1), deadline=None)
    def test_words(self, courses: list[Any], criteria: str) -> None:
        made = [chart(f"P{number}", each) for number, each in enumerate(courses)]
        head = ",".join(["patient", "date", "lesion", *MEASURES])
        text = "\n".join([head, *(row for _, told in made for row in told)]) + "\n"
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            findings = written(here, text)
            assess_files(findings, here / "out", criteria=criteria, chunk_rows=1)
            words = column(here / "out", "timepoints.csv", "response")
            best = column(here / "out", "lines.csv", "best_response")
            days = column(here / "out", "lines.csv", "progression_date")
        for patient, _ in made:
            by: Any = IMMUNE_CRITERIA.get(criteria) or CRITERIA[criteria]
            line: Any = assess(patient, criteria=by).lines[0]
            told = [getattr(each, "response_word", each.response) for each in line.timepoints]
            assert words.get(patient.id, []) == list(map(str, told))
            assert best[patient.id] == [str(line.best_response)]
            day = "" if line.progression is None else str(line.progression.date)
            assert days[patient.id] == [day]
