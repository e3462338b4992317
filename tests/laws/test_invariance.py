"""What is no part of the verdict may change at will, and no verdict moves."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from decimal import Decimal
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mrecist
from mrecist.rulebook.drugs import DRUGS
from mrecist.testing.strategies import case_documents

Document = dict[str, Any]

criteria_names = st.sampled_from(sorted(mrecist.CRITERIA))
NAMES = st.text(min_size=1, max_size=8)
SIZES = ("viable_mm", "longest_mm", "short_axis_mm")
BY_EXPOSURE = ("exposure", "rechallenge_of", "drug_free_days", "lines_between")


def judged(case: Document, criteria: str) -> Document:
    """The whole assessment document."""
    patient = mrecist.from_case(case)
    return mrecist.to_assessment(mrecist.assess(patient, criteria=mrecist.CRITERIA[criteria]))


def verdicts(case: Document, criteria: str) -> Document:
    """The assessment document without its sentences, which name lesions and dates."""
    assessment = judged(case, criteria)
    for line in assessment["lines"]:
        for timepoint in line["timepoints"]:
            del timepoint["why"]
    del assessment["notes"]
    return assessment


def with_dates(document: Any, moved: Callable[[Any], Any]) -> Any:
    """A case or an assessment with every date of it moved."""
    dates = {"date", "start", "stop", "baseline", "death", "last_contact"}
    if isinstance(document, list):
        return [with_dates(item, moved) for item in document]
    if not isinstance(document, dict):
        return document
    return {
        key: moved(value) if key in dates and value is not None else with_dates(value, moved)
        for key, value in document.items()
    }


def with_lesions(case: Document, renamed: Callable[[str], str]) -> Document:
    """A case with other lesion ids."""
    case = copy.deepcopy(case)
    for lesion in case["lesions"]:
        lesion["id"] = renamed(lesion["id"])
        if lesion.get("part_of") is not None:
            lesion["part_of"] = renamed(lesion["part_of"])
    for procedure in case.get("procedures") or ():
        procedure["lesions"] = [renamed(lesion) for lesion in procedure.get("lesions") or ()]
    for timepoint in case["timepoints"]:
        for finding in timepoint["findings"]:
            finding["lesion"] = renamed(finding["lesion"])
            if finding.get("into") is not None:
                finding["into"] = renamed(finding["into"])
    for line in case["lines"]:
        for key in ("targets", "nontargets"):
            if line.get(key) is not None:
                line[key] = [renamed(lesion) for lesion in line[key]]
    return case


def day_of(date: int | str) -> int:
    return date if isinstance(date, int) else datetime.date.fromisoformat(date).toordinal()


def like(date: int | str, day: int) -> int | str:
    """A day, written as `date` is."""
    return day if isinstance(date, int) else datetime.date.fromordinal(day).isoformat()


class TestNames:
    """Lesions and patients are what they are, whatever they are called."""

    @given(case=case_documents(), criteria=criteria_names, data=st.data())
    def test_lesion_ids(self, case: Document, criteria: str, data: st.DataObject) -> None:
        """Renaming that keeps the order of the ids, since ties of size are broken by id."""
        old = sorted(lesion["id"] for lesion in case["lesions"])
        count = len(old)
        new = sorted(data.draw(st.lists(NAMES, unique=True, min_size=count, max_size=count)))
        names = dict(zip(old, new, strict=True))
        expected = verdicts(case, criteria)
        for line in expected["lines"]:
            for key in ("targets", "nontargets"):
                line[key] = [names[lesion] for lesion in line[key]]
            for timepoint in line["timepoints"]:
                for told in timepoint.get("lesions", ()):
                    told["lesion"] = names[told["lesion"]]
        assert verdicts(with_lesions(case, names.__getitem__), criteria) == expected

    @given(case=case_documents(), criteria=criteria_names, patient=NAMES)
    def test_patient(self, case: Document, criteria: str, patient: str) -> None:
        expected = judged(case, criteria) | {"patient": patient}
        assert judged(case | {"patient": patient}, criteria) == expected

    @given(case=case_documents(), criteria=criteria_names, label=st.text())
    def test_labels(self, case: Document, criteria: str, label: str) -> None:
        lesions = [lesion | {"label": label} for lesion in case["lesions"]]
        assert judged(case | {"lesions": lesions}, criteria) == judged(case, criteria)


class TestOrder:
    """Time points, lines, findings and lesions may stand in any order in the document."""

    @given(case=case_documents(), criteria=criteria_names, data=st.data())
    def test_of_records(self, case: Document, criteria: str, data: st.DataObject) -> None:
        shuffled = case | {
            "timepoints": [
                timepoint | {"findings": data.draw(st.permutations(timepoint["findings"]))}
                for timepoint in data.draw(st.permutations(case["timepoints"]))
            ],
            "lines": data.draw(st.permutations(case["lines"])),
        }
        assert judged(shuffled, criteria) == judged(case, criteria)

    @given(case=case_documents(), criteria=criteria_names, data=st.data())
    def test_of_lesions(self, case: Document, criteria: str, data: st.DataObject) -> None:
        """Only lists in the order of the case follow the order.

        Those are the targets, the non-targets, the rules, and what is told of treated lesions.
        """

        def unordered(case: Document) -> Document:
            assessment = verdicts(case, criteria)
            for line in assessment["lines"]:
                line["targets"].sort()
                line["nontargets"].sort()
                for timepoint in line["timepoints"]:
                    timepoint["rules"].sort()
                    if "lesions" in timepoint:
                        timepoint["lesions"].sort(key=itemgetter("lesion"))
            return assessment

        shuffled = case | {"lesions": data.draw(st.permutations(case["lesions"]))}
        assert unordered(shuffled) == unordered(case)

    @given(case=case_documents(), criteria=criteria_names, data=st.data())
    def test_of_named_roles_and_agents(
        self, case: Document, criteria: str, data: st.DataObject
    ) -> None:
        shuffled = copy.deepcopy(case)
        expected = judged(case, criteria)
        for line in shuffled["lines"]:
            for key in ("targets", "nontargets"):
                if line.get(key):
                    line[key] = data.draw(st.permutations(line[key]))
        assert judged(shuffled, criteria) == expected
        for line in shuffled["lines"]:
            line["agents"] = data.draw(st.permutations(line["agents"]))
        for got, wanted in zip(judged(shuffled, criteria)["lines"], expected["lines"], strict=True):
            assert sorted(got.pop("agents")) == sorted(wanted.pop("agents"))
            assert got == wanted


class TestDates:
    """Only the days between dates count, not the dates."""

    @given(
        case=case_documents(iso_dates=False),
        criteria=criteria_names,
        days=st.integers(-100_000, 100_000),
    )
    def test_study_days_shifted(self, case: Document, criteria: str, days: int) -> None:
        def moved(date: int) -> int:
            return date + days

        expected = with_dates(verdicts(case, criteria), moved)
        assert verdicts(with_dates(case, moved), criteria) == expected

    @given(
        case=case_documents(iso_dates=True),
        criteria=criteria_names,
        days=st.integers(-100_000, 100_000),
    )
    def test_calendar_dates_shifted(self, case: Document, criteria: str, days: int) -> None:
        def moved(date: str) -> int | str:
            return like(date, day_of(date) + days)

        expected = with_dates(verdicts(case, criteria), moved)
        assert verdicts(with_dates(case, moved), criteria) == expected

    @given(case=case_documents(iso_dates=True), criteria=criteria_names)
    def test_calendar_dates_as_study_days(self, case: Document, criteria: str) -> None:
        expected = with_dates(verdicts(case, criteria), day_of)
        assert verdicts(with_dates(case, day_of), criteria) == expected

    @given(
        case=case_documents(iso_dates=False),
        criteria=criteria_names,
        origin=st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 1, 1)),
    )
    def test_study_days_as_calendar_dates(
        self, case: Document, criteria: str, origin: datetime.date
    ) -> None:
        def moved(date: int) -> str:
            return (origin + datetime.timedelta(days=date)).isoformat()

        expected = with_dates(verdicts(case, criteria), moved)
        assert verdicts(with_dates(case, moved), criteria) == expected


class TestAgents:
    """Agents compare by nonproprietary name, case ignored; brand names are synonyms."""

    SYNONYMS = tuple((drug.inn, brand) for drug in DRUGS for brand in drug.brands)

    @given(case=case_documents(), criteria=criteria_names, data=st.data())
    def test_other_names(self, case: Document, criteria: str, data: st.DataObject) -> None:
        def renamed(agent: str) -> str:
            same = {agent, f" {agent.upper()}", agent.title()}
            for inn, brand in self.SYNONYMS:
                if agent.strip().lower() in (inn, brand.lower()):
                    same |= {inn, brand, brand.upper(), f"{inn} "}
            return data.draw(st.sampled_from(sorted(same)))

        other = copy.deepcopy(case)
        for line in other["lines"]:
            line["agents"] = [renamed(agent) for agent in line["agents"]]
        lines = zip(
            verdicts(other, criteria)["lines"], verdicts(case, criteria)["lines"], strict=True
        )
        for got, wanted in lines:
            assert {**got, "agents": 0} == {**wanted, "agents": 0}

    @pytest.mark.parametrize(("inn", "brand"), SYNONYMS)
    def test_every_brand(self, inn: str, brand: str) -> None:
        case = {
            "format": "mrecist-case/1",
            "patient": "P",
            "lesions": [],
            "timepoints": [],
            "lines": [
                {"agents": [inn.upper()], "start": 0, "end_reason": "progression"},
                {"agents": ["none of them"], "start": 100},
                {"agents": [brand], "start": 200},
            ],
        }
        lines = judged(case, "mrecist")["lines"]
        assert [line["exposure"] for line in lines] == [
            "first exposure",
            "first exposure",
            "rechallenge",
        ]
        assert lines[2]["rechallenge_of"] == 1


class TestNumbers:
    """A size is the decimal number that is written, however it is written."""

    @given(case=case_documents(number_forms=False), criteria=criteria_names, data=st.data())
    def test_forms(self, case: Document, criteria: str, data: st.DataObject) -> None:
        other = copy.deepcopy(case)
        for timepoint in other["timepoints"]:
            for finding in timepoint["findings"]:
                for key in SIZES:
                    if finding.get(key) is not None:
                        finding[key] = data.draw(st.sampled_from(self.forms(finding[key])))
        assert judged(other, criteria) == judged(case, criteria)

    def forms(self, size: float) -> list[Any]:
        exact = Decimal(str(size))
        whole = [int(exact)] if exact == int(exact) else []
        text = [str(exact), f" 0{exact} ", f"{exact:.3f}", f"{exact:.9f}\n"]
        return [float(exact), exact, exact + Decimal("0.000"), *text, *whole]


class TestWhatStaysOut:
    """AFP and every other marker, notes, doses, events and death stay out of the verdict."""

    @given(case=case_documents(extras=False), criteria=criteria_names, data=st.data())
    def test_extras(self, case: Document, criteria: str, data: st.DataObject) -> None:
        dates = [each["date"] for each in case["timepoints"]] + [
            each["start"] for each in case["lines"]
        ]
        date = st.sampled_from(dates)
        marker = st.fixed_dictionaries(
            {
                "date": date,
                "name": st.sampled_from(["AFP", "PIVKA-II"]),
                "value": st.sampled_from([1, 400_000, 0.5, "<3", ">= 1000"]),
                "unit": st.just("ng/mL"),
            }
        )
        event = st.fixed_dictionaries({"date": date, "text": st.text()})
        other = copy.deepcopy(case)
        other["markers"] = data.draw(st.lists(marker, min_size=1, max_size=3))
        other["events"] = data.draw(st.lists(event, min_size=1, max_size=3))
        other["death"], other["last_contact"] = data.draw(date), data.draw(date)
        for timepoint in other["timepoints"]:
            timepoint["note"] = "clear progression"
        for line in other["lines"]:
            line["doses"] = [{"date": line["start"], "text": "hold"}]
        assert judged(other, criteria) == judged(case, criteria)

    @given(case=case_documents(), criteria=criteria_names, lesion=NAMES, data=st.data())
    def test_lesion_that_nobody_records(
        self, case: Document, criteria: str, lesion: str, data: st.DataObject
    ) -> None:
        """It changes nothing where there are others: of no lesion at all no disease is expected."""
        assume(case["lesions"] and lesion not in [known["id"] for known in case["lesions"]])
        kind = data.draw(st.sampled_from([str(kind) for kind in mrecist.Kind]))
        unseen = {"id": lesion, "organ": "liver", "kind": kind, "hilar": data.draw(st.booleans())}
        place = data.draw(st.integers(0, len(case["lesions"])))
        lesions = [*case["lesions"][:place], unseen, *case["lesions"][place:]]
        assert judged(case | {"lesions": lesions}, criteria) == judged(case, criteria)

    @given(case=case_documents(), criteria=criteria_names, data=st.data())
    def test_defaults_spelt_out(self, case: Document, criteria: str, data: st.DataObject) -> None:
        """`null` is the same as leaving an optional key out, and so is the default."""
        defaults: Document = {
            "pattern": "unknown", "cytology": "not done", "biopsy": "not done",
            "equivocal": False, "viable_mm": None, "longest_mm": None, "short_axis_mm": None,
        }  # fmt: skip
        other = copy.deepcopy(case)
        for timepoint in other["timepoints"]:
            for finding in timepoint["findings"]:
                sized = any(finding.get(key) is not None for key in SIZES)
                if sized and finding.get("status") is None:
                    finding["status"] = data.draw(st.sampled_from([None, "measured"]))
                for key, value in defaults.items():
                    if finding.get(key) is None:
                        finding[key] = data.draw(st.sampled_from([None, value]))
        assert judged(other, criteria) == judged(case, criteria)


class TestWindow:
    """Nothing after a line's window has any influence on it.

    What stands before it tells what was known; see the law of windows.
    """

    @given(case=case_documents(), criteria=criteria_names, data=st.data())
    def test_one_more_time_point(self, case: Document, criteria: str, data: st.DataObject) -> None:
        taken = {day_of(each["date"]) for each in case["timepoints"]}
        starts = sorted(day_of(line["start"]) for line in case["lines"])
        assume(len(starts) > 1)
        last = max(taken | set(starts))
        free = [day for day in range(starts[1] + 1, last + 90) if day not in taken]
        day = data.draw(st.sampled_from(free))
        reported = data.draw(st.sampled_from([None, "CR", "PD"]))
        date = like(case["lines"][0]["start"], day)
        findings = [
            {
                "lesion": lesion["id"],
                "status": data.draw(st.sampled_from(["progressed", "absent", "present"])),
                "biopsy": "positive",
            }
            for lesion in case["lesions"]
        ]
        more = {"date": date, "findings": findings, "reported": reported}
        before = verdicts(case, criteria)["lines"]
        after = verdicts(case | {"timepoints": [*case["timepoints"], more]}, criteria)["lines"]
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            later_starts = [day_of(line["start"]) for line in before[number + 1 : number + 2]]
            if any(day > start for start in later_starts):
                for key in BY_EXPOSURE:
                    del old[key], new[key]
                assert new == old

    @given(case=case_documents(), criteria=criteria_names, gap=st.integers(1, 400))
    def test_one_more_line(self, case: Document, criteria: str, gap: int) -> None:
        """A line that starts after the last scan changes no line before it."""
        days = [day_of(each["date"]) for each in case["timepoints"]]
        days += [day_of(line["start"]) for line in case["lines"]]
        start = like(case["lines"][0]["start"], max(days) + gap)
        more = {"agents": ["sorafenib", "lenvatinib"], "start": start}
        after = judged(case | {"lines": [*case["lines"], more]}, criteria)
        assert after["lines"][:-1] == judged(case, criteria)["lines"]
