"""What is counted of a cohort by criteria of immunotherapy: rates, cross tables, rules."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mrecist
from mrecist import assess_cohort

SIZES = st.lists(
    st.sampled_from([None, None, 0, 10, 14, 18, 20, 23, 25, 30, 36]), min_size=1, max_size=5
)
COURSES = st.lists(st.tuples(SIZES, st.booleans()), min_size=1, max_size=6)
BY = st.sampled_from(["irecist", "imrecist", "imrecist-hcc"])
OF = st.sampled_from(["response", "best_response", "confirmed_best_response"])
WITHOUT_I = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "iUPD": "PD", "iCPD": "PD",
             "non-iCR/non-iUPD": "NON-CR/NON-PD"}  # fmt: skip


def tables(courses: list[tuple[list[Any], bool]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A target of 20 mm seen every 40 days, with a new lesion or not; arms in turn."""
    rows, lines = [], []
    for number, (sizes, new) in enumerate(courses):
        name = f"P{number}"
        lines.append((name, 0, "nivolumab", "AB"[number % 2]))
        for step, size in enumerate([20, *sizes]):
            rows.append((name, 40 * step, None if size is None else "T", size))
            if new and step >= 2:
                rows.append((name, 40 * step, "N", 20 + 3 * step))
    findings = {
        key: [row[i] for row in rows] for i, key in enumerate(("patient", "date", "lesion"))
    }
    findings |= {key: [row[3] for row in rows] for key in ("longest_mm", "viable_mm")}
    findings["pattern"] = ["typical" if row[2] == "N" else None for row in rows]
    keys = ("patient", "start", "agents", "arm")
    return findings, {key: [row[i] for row in lines] for i, key in enumerate(keys)}


def judged(courses: Any, criteria: str) -> Any:
    findings, lines = tables(courses)
    return assess_cohort(findings, lines, criteria=criteria, keep=["arm"])


def column(responses: Any, of: str) -> list[str]:
    table = responses.timepoints if of == "response" else responses.lines
    return [str(each) for each in table[of]]


class TestRates:
    """Rates count what the table of lines says, in the words of RECIST."""

    @given(COURSES, BY, st.booleans())
    @settings(deadline=None)
    def test_counted(self, courses: Any, criteria: str, confirmed: bool) -> None:
        responses = judged(courses, criteria)
        of = "confirmed_best_response" if confirmed else "best_response"
        best = [WITHOUT_I.get(each, each) for each in column(responses, of)]
        arms = [str(each) for each in responses.lines["arm"]]
        found = responses.rates("arm", confirmed=confirmed, level=None)
        assert set(found["criteria"].tolist()) == {criteria}
        for at, arm in enumerate(found["arm"].tolist()):
            mine = [word for word, own in zip(best, arms, strict=True) if own == arm]
            hits = sum(word in ("CR", "PR") for word in mine)
            held = hits + sum(word in ("SD", "NON-CR/NON-PD") for word in mine)
            assert found["lines"][at] == len(mine)
            assert (found["responders"][at], found["controlled"][at]) == (hits, held)
            assert found["response_rate"][at] == float(Fraction(hits, len(mine)))
        grouped = responses.subgroups("arm", confirmed=confirmed, level=None)
        assert grouped["responders"].tolist()[1:] == found["responders"].tolist()
        assert sum(grouped["lines"].tolist()[1:]) == grouped["lines"].tolist()[0]

    def test_unconfirmed(self) -> None:
        """iPR after a cleared iUPD is a response, by RECIST 1.1 it is none."""
        course = [([25, 14, 14], False)]
        assert judged(course, "irecist").rates(level=None)["responders"].tolist() == [1]
        assert judged(course, "recist-1.1").rates(level=None)["responders"].tolist() == [0]

    def test_interval(self) -> None:
        pytest.importorskip("scipy")
        found = judged([([14, 14], False), ([25, 30], False)], "irecist").rates()
        assert (found["response_low"][0], found["response_high"][0]) == (
            pytest.approx(0.0125791, abs=1e-6),
            pytest.approx(0.9874209, abs=1e-6),
        )

    def test_frames(self) -> None:
        """The tables are of the kind that came in."""
        polars = pytest.importorskip("polars")
        pytest.importorskip("narwhals")
        findings, lines = tables([([14, 14], False)])
        given = polars.DataFrame(findings), polars.DataFrame(lines)
        responses = assess_cohort(*given, criteria="irecist")
        for table in (
            responses.rates(level=None),
            responses.subgroups("line", level=None),
            responses.fired(),
            responses.lesions,
        ):
            assert isinstance(table, polars.DataFrame)


class TestCrosstab:
    """Cells, agreement and kappa are what naive Python counts."""

    @given(COURSES, st.tuples(BY | st.just("recist-1.1"), BY), OF, st.booleans())
    @settings(deadline=None)
    def test_pairs(self, courses: Any, by: tuple[str, str], of: str, turned: bool) -> None:
        one, other = (judged(courses, each) for each in (by[::-1] if turned else by))
        first, second = column(one, of), column(other, of)
        found = one.crosstab(other, of)
        told = Counter(zip(first, second, strict=True))
        assert {
            (str(row), str(word)): count
            for row, counts in zip(found.rows, found.counts.tolist(), strict=True)
            for word, count in zip(found.columns, counts, strict=True)
            if count
        } == told
        for row in found.rows:
            for word in found.columns:
                behind = {
                    str(table["patient"][at])
                    for table in [one.timepoints if of == "response" else one.lines]
                    for at, pair in enumerate(zip(first, second, strict=True))
                    if pair == (str(row), str(word))
                }
                assert set(found.patients(str(row), word).tolist()) == behind
        has_i = ["imrecist" != each.criteria.name != "recist-1.1" for each in (one, other)]
        if has_i[0] != has_i[1]:
            assert set(map(str, found.rows)) == set(first)
            assert set(map(str, found.columns)) == set(second)
            first, second = (
                [WITHOUT_I.get(each, each) for each in told_] for told_ in (first, second)
            )
        else:
            assert found.rows == found.columns == found.words
        pairs, count = list(zip(first, second, strict=True)), len(first)
        agreed = Fraction(sum(a == b for a, b in pairs), count)
        sides = Counter(first), Counter(second)
        chance = sum(Fraction(sides[0][word] * sides[1][word], count**2) for word in sides[0])
        assert found.agreement == float(agreed)
        if chance == 1:
            assert math.isnan(found.kappa)
        else:
            assert found.kappa == float((agreed - chance) / (1 - chance))

    def test_text(self) -> None:
        course = [([25, 30], False), ([25, 14], False)]
        found = judged(course, "irecist").crosstab(judged(course, "recist-1.1"))
        assert repr(found) == "<Crosstab of response: irecist by recist-1.1, 4 time points>"
        assert str(found).splitlines() == [
            "response of 4 time points: irecist (rows) by recist-1.1 (columns)",
            "",
            "       PR  PD  total",
            "iPR     1   0      1",
            "iUPD    0   2      2",
            "iCPD    0   1      1",
            "total   1   3      4",
            "",
            "agreement 4 of 4 (100 %), kappa 1.00",
        ]
        assert "irecist" in found._repr_html_()
        assert [str(each) for each in found.words] == ["iPR", "iUPD", "iCPD", "PR", "PD"]

    def test_refused(self) -> None:
        responses: Any = judged([([25], False)], "irecist")
        for one in (responses, judged([([25], False)], "recist-1.1")):
            with pytest.raises(TypeError, match=r"crosstab\(\) takes other Responses, got int"):
                one.crosstab(3)
        found = responses.crosstab(judged([([25], False)], "recist-1.1"))
        with pytest.raises(ValueError, match=r"row must be one of .*iUPD.*got 'PD'"):
            found.patients("PD", "PD")
        with pytest.raises(ValueError, match=r"column must be one of .*PD.*got 'iUPD'"):
            found.patients("iUPD", "iUPD")


class TestFired:
    """Rules that fired add up to the words of the tables."""

    @given(COURSES, BY)
    @settings(deadline=None)
    def test_sums(self, courses: Any, criteria: str) -> None:
        responses = judged(courses, criteria)
        told = responses.fired()
        times: dict[str, Counter[str]] = {}
        rows = zip(told["table"], told["verdict"], told["times"], strict=True)
        for table, verdict, count in rows:
            times.setdefault(str(table), Counter())[str(verdict)] += int(count)
        timepoints = "immune-joined" if criteria == "imrecist" else "immune"
        computed = [str(each) for each in responses.timepoints["computed"]]
        assert +times[timepoints] == Counter(computed)
        best, sure = (
            Counter(column(responses, of)) for of in ("best_response", "confirmed_best_response")
        )
        if criteria == "imrecist":
            assert (+times["best"], +times["confirmed"]) == (best, sure)
        else:
            assert +times["immune-best"] == best + sure
        for name in ("target", "nontarget"):
            assert +times[name] == Counter(str(each) for each in responses.timepoints[name])
        assert +times["exposure"] == Counter(str(each) for each in responses.lines["exposure"])

    def test_table(self) -> None:
        """The columns are those of `Responses.fired`, every rule has a row, in `rules` order."""
        told = judged([([25, 30], False)], "irecist").fired()
        plain = judged([([25, 30], False)], "recist-1.1").fired()
        assert list(told) == list(plain)
        fired = {
            str(rule) for rule, count in zip(told["rule"], told["times"], strict=True) if count
        }
        assert {"IR-UPD", "IR-CPD", "IR-BEST-CPD"} <= fired
        assert "IR-EVER" in set(told["rule"].tolist()) - fired
        assert all(
            "2017" in str(each) or "Reading" in str(each)
            for table, each in zip(told["table"], told["source"], strict=True)
            if str(table) == "immune"
        )


def test_no_patient() -> None:
    nothing: dict[str, list[Any]] = {"patient": [], "date": [], "lesion": []}
    responses: Any = mrecist.assess_cohort(nothing, criteria="irecist")
    assert responses.rates(level=None)["lines"].tolist() in ([], [0])
    assert int(responses.fired()["times"].sum()) == 0
