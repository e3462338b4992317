"""A cohort audited: counts of rules, rates and cross tables are those of naive Python."""

from __future__ import annotations

import importlib
import math
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cohort_tables import Cohort, Form, cohort_of, cohorts, rows_of, sayable_documents

import mrecist
from mrecist import MRECIST, MRECIST_5MM, RECIST_1_1, Response
from mrecist.cohort.rates import clopper_pearson
from mrecist.rulebook.best_response import CONTROLLED, OBJECTIVE
from mrecist.rulebook.drugs import named
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.new_lesions import RECURRENCE

EXAMPLES = settings().max_examples // 2
any_criteria = st.sampled_from([MRECIST, MRECIST_5MM, RECIST_1_1])
DECIDING = [
    "target", "nontarget", "new-lesion", "overall", "reported", "recurrence", "best", "confirmed",
    "exposure",
]  # fmt: skip


def assessed(cohort: Cohort, criteria: mrecist.Criteria = MRECIST) -> mrecist.Responses:
    return mrecist.assess_cohort(**cohort.tables, criteria=criteria)


def trial(
    sizes: dict[Any, list[float | None]],
    *,
    agents: list[str | None] | None = None,
    days: Any = (),
    **more: Any,
) -> mrecist.Responses:
    """One line a patient from day 0, a visit every 50 days, one nodule: 20 mm whole, if seen.

    `days`: those of the visits after the first, in units of 50.
    """
    days = [0, *(days or range(1, 9))]
    rows = [
        (who, 50 * days[i], *(("a", size, 20.0) if size is not None else (None, None, None)))
        for who, course in sizes.items()
        for i, size in enumerate(course)
    ]
    names = ("patient", "date", "lesion", "viable_mm", "longest_mm")
    findings = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    lines: dict[str, Any] = {"patient": list(sizes), "start": [0] * len(sizes)}
    if agents is not None:
        lines["agents"] = agents
    return mrecist.assess_cohort(findings, lines, **more)


SIX = {
    "P-1": [20.0, 10.0, 10.0],
    "P-2": [20.0, 20.0, 30.0],
    "P-3": [20.0, 0.0],
    "P-4": [20.0, 30.0],
    "P-5": [20.0],
    "P-6": [20.0, 20.0, 10.0],
}
AGENTS = [
    "Nexavar",
    "sorafenib",
    "Tecentriq+Avastin",
    "bevacizumab+Atezolizumab",
    None,
    " SORAFENIB",
]


class TestFired:
    """Every rule that decides at follow-ups and lines is there with how often it decided."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_rules_of_time_points(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        """The ids in the time points' column `rules`, counted."""
        responses = assessed(cohort, criteria)
        told = Counter(
            rule for row in rows_of(responses.timepoints) for rule in row["rules"].split(";")
        )
        fired = {
            row["rule"]: row["times"]
            for row in rows_of(responses.fired())
            if row["table"] in DECIDING[:6]
        }
        silent = fired.pop("REP-NONE")
        assert {rule: times for rule, times in fired.items() if times} == told
        reported = [row["reported"] for row in rows_of(responses.timepoints)]
        assert silent == reported.count(None)

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria)
    def test_rules_of_lines(self, cohort: Cohort, criteria: mrecist.Criteria) -> None:
        """The rules behind each line's best responses and exposure, by `assess`, counted."""
        told: Counter[str] = Counter()
        for document in cohort.told:
            for line in mrecist.assess(mrecist.from_case(document), criteria=criteria).lines:
                rules = line.best_rule, line.confirmed_rule, line.re_exposure.rule
                told.update(rule.id for rule in rules)
        fired = {
            row["rule"]: row["times"]
            for row in rows_of(assessed(cohort, criteria).fired())
            if row["table"] in DECIDING[6:]
        }
        assert {rule: times for rule, times in fired.items() if times} == told

    @pytest.mark.parametrize("criteria", [MRECIST, MRECIST_5MM, RECIST_1_1], ids=lambda c: c.name)
    def test_every_rule(self, criteria: mrecist.Criteria) -> None:
        """One row a rule, also where it never decided, in the order of the tables."""
        rows = rows_of(trial(SIX, criteria=criteria).fired())
        assert list(rows[0]) == ["table", "rule", "verdict", "times", "source"]
        assert list(dict.fromkeys(row["table"] for row in rows)) == DECIDING
        rules = criteria.rules
        own = {
            "target": rules.target,
            "nontarget": rules.nontarget,
            "new-lesion": rules.new_lesion,
            "overall": rules.overall,
        }
        for name in DECIDING:
            table = own.get(name, TABLES[name][0])
            each = table.rules if name != "recurrence" else RECURRENCE.rules[:1]
            told = [(row["rule"], row["verdict"]) for row in rows if row["table"] == name]
            assert told == [(rule.id, str(rule.verdict)) for rule in each]
        assert len({row["rule"] for row in rows}) == len(rows)

    def test_sources(self) -> None:
        """A rule is told with its source, and the readings that it rests on."""
        source = {row["rule"]: row["source"] for row in rows_of(trial(SIX).fired())}
        assert source["TL-PR-30"] == (
            "Lencioni & Llovet 2010, target lesion response [restated]; Reading RD-BASELINE-VIABLE"
        )

    def test_recurrence(self) -> None:
        """Disease after complete response counts, and no other rule of that table."""
        course = {"P": [20.0, 0.0, 5.0, 5.0]}
        rows = rows_of(trial(course).fired())
        assert [(row["rule"], row["times"]) for row in rows if row["table"] == "recurrence"] == [
            ("BOR-09", 1)
        ]

    def test_nobody(self) -> None:
        """Without any follow-up or line every rule has decided 0 times."""
        cohort = mrecist.assess_cohort(
            {"patient": ["P"], "date": [0], "lesion": [None]}, {"patient": [], "start": []}
        )
        assert {row["times"] for row in rows_of(cohort.fired())} == {0}


def naive_rates(responses: Any, key: Any, column: str) -> dict[Any, tuple[int, int, int, int]]:
    """Lines, responders, controlled and lines without disease of each group."""
    groups: dict[Any, list[str | None]] = {}
    for row in rows_of(responses.lines):
        healthy = "NO_DISEASE_AT_BASELINE" in (row["problems"] or "").split(";")
        groups.setdefault(key(row), []).append(None if healthy else row[column])
    return {
        each: (
            sum(word is not None for word in told),
            sum(word in ("CR", "PR") for word in told),
            sum(word in ("CR", "PR", "SD", "NON-CR/NON-PD") for word in told),
            told.count(None),
        )
        for each, told in groups.items()
    }


def has_several(responses: Any, key: Any) -> bool:
    """Whether some patient has several lines with disease in one group (RD-ONE-LINE)."""
    counted = [
        (key(row), row["patient"])
        for row in rows_of(responses.lines)
        if "NO_DISEASE_AT_BASELINE" not in (row["problems"] or "").split(";")
    ]
    return len(set(counted)) < len(counted)


def regimen(row: dict[str, Any]) -> frozenset[str] | None:
    if row["agents"] is None:
        return None
    return frozenset(named(row["agents"].split("+")))


class TestRates:
    """Rates are shares of all lines of a group, with their exact intervals."""

    @settings(max_examples=EXAMPLES)
    @given(cohort=cohorts(), criteria=any_criteria, confirmed=st.booleans())
    def test_counts(self, cohort: Cohort, criteria: mrecist.Criteria, confirmed: bool) -> None:
        """Each group has the counts of naive Python, whatever it is grouped by."""
        responses = assessed(cohort, criteria)
        column = "confirmed_best_response" if confirmed else "best_response"
        for by, key in (
            (None, lambda row: ()),
            ("line", lambda row: (row["line"],)),
            ("agents", lambda row: (regimen(row),)),
            (("agents", "line"), lambda row: (regimen(row), row["line"])),
        ):
            if has_several(responses, key):
                with pytest.raises(ValueError, match="rates must have one line per patient"):
                    responses.rates(by, confirmed=confirmed, level=None)
                continue
            rows = rows_of(responses.rates(by, confirmed=confirmed, level=None))
            names = () if by is None else (by,) if isinstance(by, str) else by
            told = {}
            for row in rows:
                cells = row | {"agents": regimen(row)} if "agents" in row else row
                told[tuple(cells[name] for name in names)] = tuple(
                    row[each] for each in ("lines", "responders", "controlled", "without_disease")
                )
                if row["lines"]:
                    assert row["response_rate"] == row["responders"] / row["lines"]
                    assert row["control_rate"] == row["controlled"] / row["lines"]
            assert len(told) == len(rows)
            naive = naive_rates(responses, key, column)
            assert told == (naive or ({} if names else {(): (0, 0, 0, 0)}))

    def test_columns(self) -> None:
        """The columns stand in one order; without a level there are no intervals."""
        rates = trial(SIX, agents=AGENTS).rates(("line", "agents"), level=None)
        assert list(rates) == [
            "criteria",
            "line",
            "agents",
            "lines",
            "without_disease",
            "responders",
            "response_rate",
            "controlled",
            "control_rate",
        ]
        pytest.importorskip("scipy")
        assert list(trial(SIX).rates()) == [
            "criteria",
            "lines",
            "without_disease",
            "responders",
            "response_rate",
            "response_low",
            "response_high",
            "controlled",
            "control_rate",
            "control_low",
            "control_high",
        ]

    def test_agents(self) -> None:
        """The same agents are one group by whatever name and order, spelt as first written; none
        comes last."""
        rates = trial(SIX, agents=AGENTS).rates("agents", level=None)
        told = [(row["agents"], row["lines"], row["responders"]) for row in rows_of(rates)]
        assert told == [("Nexavar", 3, 2), ("Tecentriq+Avastin", 2, 1), (None, 1, 0)]

    def test_no_lines_table(self) -> None:
        """Without a lines table nobody has agents."""
        findings = {"patient": ["P", "P"], "date": [0, 50], "lesion": [None, None]}
        rates = mrecist.assess_cohort(findings).rates("agents", level=None)
        assert rows_of(rates)[0]["agents"] is None
        assert rates["lines"].tolist() == [1]

    def test_every_line_counts(self) -> None:
        """A line that cannot be judged or has no follow-up is in the denominator."""
        responses = trial({"P-1": [20.0, 10.0], "P-2": [20.0], "P-3": [20.0, None]})
        assert responses.lines["best_response"].tolist() == ["PR", "ND", "NE"]
        (row,) = rows_of(responses.rates(level=None))
        assert (row["lines"], row["responders"]) == (3, 1)

    def test_confirmed(self) -> None:
        """A response that was not confirmed is disease control still."""
        responses = trial(SIX)
        (alone,) = rows_of(responses.rates(level=None))
        (confirmed,) = rows_of(responses.rates(confirmed=True, level=None))
        assert (alone["responders"], alone["controlled"]) == (3, 4)
        assert (confirmed["responders"], confirmed["controlled"]) == (1, 4)

    def test_definitions(self) -> None:
        """What is a response, and what is control."""
        assert {Response.CR, Response.PR} == OBJECTIVE
        assert {*OBJECTIVE, Response.SD, Response.NON_CR_NON_PD} == CONTROLLED

    @pytest.mark.parametrize("by", ["patient", ("line", "line"), ("line", "arm"), ""])
    def test_by_refused(self, by: Any) -> None:
        with pytest.raises(ValueError, match='by must be of "line", "agents", several of these'):
            trial(SIX).rates(by)

    @pytest.mark.parametrize("level", ["0", "1", 1, 95, "95 %", "x", math.nan, math.inf, True])
    def test_level_refused(self, level: Any) -> None:
        with pytest.raises(ValueError, match=r'level must be between 0 and 1, such as "0.95", got'):
            trial(SIX).rates(level=level)


def below(k: int, n: int, p: float) -> float:
    """The probability of `k` or fewer of `n`."""
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


class TestInterval:
    """The interval of Clopper and Pearson leaves out half of the rest on each side."""

    # As printed in tables of exact binomial limits, 95 %.
    PRINTED = (
        (0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0), (0, 1, 0.0, 0.9750), (1, 20, 0.0013, 0.2487),
    )  # fmt: skip

    @pytest.mark.parametrize(("hits", "lines", "low", "high"), PRINTED)
    def test_printed(self, hits: int, lines: int, low: float, high: float) -> None:
        pytest.importorskip("scipy")
        found = clopper_pearson(np.array([hits]), np.array([lines]), 0.025)
        assert [round(float(end[0]), 4) for end in found] == [low, high]

    @given(
        lines=st.integers(1, 60),
        data=st.data(),
        level=st.sampled_from(["0.8", "0.9", "0.95", "0.99"]),
    )
    def test_tails(self, lines: int, level: str, data: st.DataObject) -> None:
        """At each end the binomial tail that reaches the count is half of what is left out."""
        pytest.importorskip("scipy")
        hits = data.draw(st.integers(0, lines))
        tail = float((1 - Fraction(level)) / 2)
        (low,), (high,) = clopper_pearson(np.array([hits]), np.array([lines]), tail)
        assert low <= hits / lines <= high
        if hits:
            assert 1 - below(hits - 1, lines, low) == pytest.approx(tail, rel=1e-9)
        if hits < lines:
            assert below(hits, lines, high) == pytest.approx(tail, rel=1e-9)

    def test_in_table(self) -> None:
        """Each group has its own interval, the same for a level written in any way."""
        pytest.importorskip("scipy")
        responses = trial(SIX)
        (row,) = rows_of(responses.rates())
        told = [round(row[f"response_{end}"], 4) for end in ("low", "high")]
        assert told == [0.1181, 0.8819]
        for level in (0.95, Fraction(19, 20)):
            assert rows_of(responses.rates(level=level)) == [row]
        (wide,) = rows_of(responses.rates(level="0.99"))
        assert wide["response_low"] < row["response_low"]

    def test_no_lines(self) -> None:
        """Of no line there is no rate, and no interval."""
        pytest.importorskip("scipy")
        nobody = mrecist.assess_cohort(
            {"patient": ["P"], "date": [0], "lesion": [None]}, {"patient": [], "start": []}
        )
        (row,) = rows_of(nobody.rates())
        assert row["lines"] == row["responders"] == row["controlled"] == 0
        assert {row[name] for name in row if name.startswith(("response_", "control_"))} == {None}
        assert rows_of(nobody.rates(("line", "agents"))) == []

    def test_without_scipy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One message says what to install, and how to do without."""

        def absent(name: str) -> Any:
            raise ImportError(name)

        monkeypatch.setattr("mrecist._base.extras.import_module", absent)
        told = (
            r'an interval needs scipy: pip install "mrecist\[stats\]"; level=None gives rates alone'
        )
        with pytest.raises(ImportError, match=told) as caught:
            trial(SIX).rates()
        assert caught.value.name == "scipy"
        trial(SIX).rates(level=None)


ROWS = {
    "response": ("timepoints", ("patient", "line", "date"), "response"),
    "best_response": ("lines", ("patient", "line"), "best_response"),
    "confirmed_best_response": ("lines", ("patient", "line"), "confirmed_best_response"),
}
RANK = {str(word): word.code for word in Response}


def naive_pairs(one: Any, other: Any, of: str) -> tuple[list[tuple[Any, str, str]], int, int]:
    """Patient and both words of each row that both have, and how many rows have no partner."""
    table, keys, column = ROWS[of]
    first, second = (
        {tuple(row[key] for key in keys): row[column] for row in rows_of(getattr(each, table))}
        for each in (one, other)
    )
    pairs = [(key[0], first[key], second[key]) for key in first if key in second]
    return pairs, len(first) - len(pairs), len(second) - len(pairs)


def check(one: Any, other: Any, of: str) -> mrecist.Crosstab:
    """A cross table that says what naive Python says."""
    pairs, *unmatched = naive_pairs(one, other, of)
    found = one.crosstab(other, of)
    words = sorted({word for _, *each in pairs for word in each}, key=RANK.__getitem__)
    assert found.rows == found.columns == tuple(map(Response, words))
    told = Counter((mine, yours) for _, mine, yours in pairs)
    assert found.counts.tolist() == [[told[row, column] for column in words] for row in words]
    assert found.unmatched == tuple(unmatched)
    order = one.patients.tolist()
    for row in words:
        for column in words:
            behind = {who for who, *each in pairs if each == [row, column]}
            assert found.patients(row, column).tolist() == sorted(behind, key=order.index)
    if pairs:
        agreed = Fraction(sum(mine == yours for _, mine, yours in pairs), len(pairs))
        rows, columns = (Counter(pair[at] for pair in pairs) for at in (1, 2))
        chance = sum(Fraction(rows[word] * columns[word], len(pairs) ** 2) for word in words)
        assert found.agreement == float(agreed)
        if chance != 1:
            assert found.kappa == float((agreed - chance) / (1 - chance))
        else:
            assert math.isnan(found.kappa)
    return found


class TestCrosstab:
    """Two judgements of one cohort, cell by cell, are what naive Python counts."""

    @settings(max_examples=EXAMPLES)
    @given(
        cohort=cohorts(),
        pair=st.permutations([MRECIST, MRECIST_5MM, RECIST_1_1]),
        of=st.sampled_from(list(ROWS)),
    )
    def test_two_criteria(self, cohort: Cohort, pair: list[Any], of: str) -> None:
        """The same tables under two criteria match row for row."""
        if not cohort.told:
            return
        one, other, _ = (assessed(cohort, each) for each in pair)
        found = check(one, other, of)
        assert found.unmatched == (0, 0)
        assert int(found.counts.sum()) == len(getattr(one, ROWS[of][0])["patient"])

    @settings(max_examples=EXAMPLES)
    @given(documents=sayable_documents(), data=st.data(), of=st.sampled_from(list(ROWS)))
    def test_two_cohorts(self, documents: list[Any], data: st.DataObject, of: str) -> None:
        """Cohorts that share some patients, in another order, match by patient, line and date."""
        some = data.draw(st.lists(st.sampled_from(documents), min_size=1, unique_by=id))
        one = assessed(cohort_of(documents))
        other = assessed(cohort_of(some, Form(rows="shuffled")), RECIST_1_1)
        shared = set(one.patients.tolist()) & set(other.patients.tolist())
        assert shared
        check(one, other, of)
        check(other, one, of)

    def test_other_lines(self) -> None:
        """Lines and dates that only one side has are counted, and not compared."""
        findings = {"patient": ["P"] * 4, "date": [0, 50, 100, 150], "lesion": ["a"] * 4,
                    "viable_mm": [20.0, 10.0, 20.0, 10.0]}  # fmt: skip
        one = mrecist.assess_cohort(findings, {"patient": ["P"], "start": [0]})
        two = mrecist.assess_cohort(findings, {"patient": ["P", "P"], "start": [0, 100]})
        assert check(one, two, "response").unmatched == (1, 1)
        assert check(one, two, "best_response").unmatched == (0, 1)

    @settings(max_examples=EXAMPLES)
    @given(data=st.data())
    def test_other_visits(self, data: st.DataObject) -> None:
        """A time point is found wherever it lies in its line on the other side."""
        one, other = (
            trial(
                {
                    who: data.draw(st.lists(st.sampled_from([10.0, 20.0]), min_size=1, max_size=6))
                    for who in data.draw(st.permutations(["P-1", "P-2", "P-3"]))
                },
                days=data.draw(st.permutations(range(1, 7))),
            )
            for _ in range(2)
        )
        check(one, other, "response")

    def test_patients_as_text(self) -> None:
        """A patient is the same by number and by text; a study day is no calendar date."""
        days = [736_000, 736_049]
        findings = {"lesion": ["a"] * 2, "viable_mm": [20.0, 10.0]}
        number = mrecist.assess_cohort({"patient": [7, 7], "date": days, **findings})
        text = mrecist.assess_cohort({"patient": ["7", "7"], "date": days, **findings})
        dates = mrecist.assess_cohort(
            {"patient": ["7", "7"], "date": ["2016-02-05", "2016-03-26"], **findings}
        )
        assert dates.panel.timepoints.day.tolist() == text.panel.timepoints.day.tolist()
        assert number.crosstab(text).patients("PR", "PR").tolist() == [7]
        assert number.crosstab(dates).unmatched == (1, 1)
        assert number.crosstab(dates, "best_response").unmatched == (0, 0)

    def test_no_shared_patient(self) -> None:
        """Two cohorts without a patient in common are refused."""
        other = trial({"Q-1": [20.0, 10.0]})
        with pytest.raises(ValueError, match=r"must share patients, got 'P-1', ... and 'Q-1', ..."):
            trial(SIX).crosstab(other)
        none = mrecist.assess_cohort({"patient": [], "date": [], "lesion": []})
        with pytest.raises(ValueError, match=r"must share patients, got none and none"):
            none.crosstab(none)

    def test_nothing_matched(self) -> None:
        """Patients in common, but no row: no words, and no agreement to speak of."""
        one, other = trial({"P": [20.0]}), trial({"P": [20.0, 10.0]})
        found = one.crosstab(other)
        assert (found.rows, found.counts.shape, found.unmatched) == ((), (0, 0), (0, 1))
        assert math.isnan(found.agreement)
        assert math.isnan(found.kappa)
        assert found.patients("CR", "CR").tolist() == []
        assert str(found) == (
            "response of 0 time points: mrecist (rows) by mrecist (columns)\n\n"
            "       total\ntotal      0\n"
            "unmatched: 0 of mrecist (rows), 1 of mrecist (columns)"
        )

    def test_refused(self) -> None:
        """Words that are none are refused by name."""
        six = trial(SIX)
        with pytest.raises(ValueError, match=r'of must be one of "response", "best_response"'):
            six.crosstab(six, "target")
        with pytest.raises(ValueError, match=r"column must be one of .*, got 'OK'"):
            six.crosstab(six).patients("PR", "OK")
        with pytest.raises(ValueError):  # noqa: PT011  # NumPy words it
            six.crosstab(six).counts[0, 0] = 1

    def test_text(self) -> None:
        """A neat grid that names both criteria."""
        found = trial(SIX).crosstab(trial(SIX, criteria=RECIST_1_1), "best_response")
        assert repr(found) == "<Crosstab of best_response: mrecist by recist-1.1, 6 lines>"
        assert str(found).splitlines() == [
            "best_response of 6 lines: mrecist (rows) by recist-1.1 (columns)",
            "",
            "       CR  PR  SD  PD  ND  total",
            "CR      0   0   1   0   0      1",
            "PR      0   0   2   0   0      2",
            "SD      0   0   1   0   0      1",
            "PD      0   0   1   0   0      1",
            "ND      0   0   0   0   1      1",
            "total   0   0   5   0   1      6",
            "",
            "agreement 2 of 6 (33.33 %), kappa 0.20",
        ]
        assert found.patients("PR", "SD").tolist() == ["P-1", "P-6"]


class TestKappa:
    """Cohen's kappa, against worked examples."""

    @pytest.mark.parametrize(
        ("counts", "kappa"),
        [
            ([[20, 5], [10, 15]], 0.4),  # Wikipedia's first example
            ([[45, 15], [25, 15]], 0.1304),
            ([[25, 35], [5, 35]], 0.2593),
            ([[7, 0], [0, 7]], 1.0),
            ([[0, 7], [7, 0]], -1.0),
        ],
    )
    def test_worked(self, counts: list[list[int]], kappa: float) -> None:
        none = np.zeros(0, np.int64)
        found = mrecist.Crosstab(
            of="response",
            criteria=(MRECIST, RECIST_1_1),
            words=(Response.CR, Response.PR),
            counts=np.array(counts),
            unmatched=(0, 0),
            cells=none,
            patient=none,
            ids=none,
        )
        assert round(found.kappa, 4) == kappa


class TestFrames:
    """The tables are of the kind that came in."""

    @pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
    def test_kinds(self, kind: str) -> None:
        for needed in ("narwhals", "pyarrow", kind):
            pytest.importorskip(needed)
        module = importlib.import_module(kind)
        make = module.table if kind == "pyarrow" else module.DataFrame
        six = trial(SIX)
        findings = {"patient": ["P", "P"], "date": [0, 50], "lesion": [None, None]}
        framed = mrecist.assess_cohort(make(findings))
        plain = mrecist.assess_cohort(findings)
        for name, table, like in (
            ("fired", framed.fired(), plain.fired()),
            (
                "rates",
                framed.rates(("line", "agents"), level=None),
                plain.rates(("line", "agents"), level=None),
            ),
        ):
            assert type(table) is type(framed.timepoints), name
            rows = (
                table.to_pydict()
                if kind == "pyarrow"
                else {
                    each: table[each].tolist() if kind == "pandas" else table[each].to_list()
                    for each in table.columns
                }
            )
            assert list(rows) == list(like)
            assert rows_of(rows) == rows_of(like) or name == "rates"
        assert six.fired()["times"].sum() > 0
