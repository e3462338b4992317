"""Tables of times go to lifelines, scikit-survival and R as they are, and give what ours give.

The numbers of R were made once, with R 4.2.2 and survival 3.5-3, from the table that `TRIAL` makes:

    d <- read.csv("tidy.csv")                       # endpoints.tidy("pfs"), event as 1 and 0
    survdiff(Surv(days, event) ~ arm, d)            # chisq
    coxph(Surv(days, event) ~ arm + strata(cause), d)
    summary(survfit(Surv(days, event) ~ arm, d, conf.type = "log-log"), times = 183)
    summary(survfit(Surv(days, event) ~ arm, d), rmean = 183)$table
    t <- read.csv("table.csv")                      # endpoints.table, flags as 1 and 0
    prop.test(tapply(t$objective_response, t$arm, sum), table(t$arm), correct = FALSE)
    mantelhaen.test(table(t$arm, t$objective_response, t$cause), correct = FALSE)
"""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mrecist


def responses_of(endpoints: mrecist.Endpoints) -> mrecist.Responses:
    """The responses behind the times."""
    return mrecist.Responses(endpoints._data, mrecist.MRECIST, endpoints._panel, endpoints._restore)


def tables(patients: int = 60) -> tuple[Any, Any]:
    """Findings and lines of two arms and three causes, by arithmetic alone: the same everywhere."""
    rows: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    for i in range(patients):
        x = (i * 7919 + 104729) % 997
        who, arm = f"P-{i:02}", "drug" if x % 2 else "sham"
        visits = 2 + x // 5 % 6
        # One in three never progresses; the others do at a visit that the drug may delay.
        fails = 1 + x // 3 % 5 + x % 2 * (x // 11 % 2) if x % 3 else 99
        before = 15 if x % 7 == 0 else 30
        for visit in range(visits + 1):
            size = 45 if visit >= fails else before if visit else 30
            rows.append((who, 56 * visit + x % 5, "T1", size))
        last = 56 * visits + 20 + x % 150
        lines.append(
            (who, 5, arm, ("HBV", "HCV", "MASH")[x // 7 % 3], last if x % 4 == 0 else None, last)
        )
    findings = dict(
        zip(
            ("patient", "date", "lesion", "viable_mm"),
            map(list, zip(*rows, strict=True)),
            strict=True,
        )
    )
    told = dict(
        zip(
            ("patient", "start", "arm", "cause", "death", "last_contact"),
            map(list, zip(*lines, strict=True)),
            strict=True,
        )
    )
    pd = pytest.importorskip("pandas")
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    return pd.DataFrame(findings), pd.DataFrame(told)


def trial(patients: int = 60) -> mrecist.Endpoints:
    """The times of these patients."""
    return mrecist.assess_cohort(*tables(patients), keep=["arm", "cause"]).endpoints()


class TestTypes:
    """Columns that cannot be empty are of NumPy's own types."""

    def test_table(self) -> None:
        table = trial().table
        for name in ("pfs", "ttp", "tot", "ttnt", "ttf", "pfs2", "os"):
            assert table[f"{name}_days"].dtype == np.int64
            assert table[f"{name}_event"].dtype == np.bool_
        assert str(table["dor_event"].dtype) == "boolean"
        assert str(table["dor_days"].dtype) == "Int64"

    @pytest.mark.parametrize("name", ["pfs", "dor", "pps"])
    def test_tidy(self, name: str) -> None:
        tidy = trial().tidy(name, line=1)
        assert list(tidy) == ["patient", "line", "arm", "cause", "days", "event"]
        assert (tidy["days"].dtype, tidy["event"].dtype) == (np.int64, np.bool_)
        assert 0 < len(tidy) <= 60

    def test_without_lines(self) -> None:
        """Also of no line at all."""
        pd = pytest.importorskip("pandas")
        empty = pd.DataFrame({"patient": [], "date": [], "lesion": []})
        table = mrecist.assess_cohort(empty).endpoints().table
        assert (table["pfs_days"].dtype, table["pfs_event"].dtype) == (np.int64, np.bool_)

    def test_ordered(self) -> None:
        pd = pytest.importorskip("pandas")
        pytest.importorskip("narwhals")
        pytest.importorskip("pyarrow")
        found = mrecist.assess_cohort(pd.DataFrame(
            {"patient": ["a", "a", "b", "b"], "date": [0, 50] * 2, "lesion": ["L"] * 4,
             "viable_mm": [30, 10, 30, 50]}
        )).lines  # fmt: skip
        best = found["best_response"]
        assert best.cat.ordered
        assert best.min() == "PR"
        assert (best <= "PR").tolist() == [True, False]


class TestLifelines:
    """lifelines takes the table, with strata, and agrees on every curve."""

    def test_cox(self) -> None:
        lifelines = pytest.importorskip("lifelines")
        tidy = trial().tidy("pfs", line=1)
        model = lifelines.CoxPHFitter()
        columns = tidy[["days", "event", "cause"]].assign(drug=tidy["arm"] == "drug")
        model.fit(columns, "days", "event", strata=["cause"])
        assert model.params_["drug"] == pytest.approx(R["cox"], rel=1e-3)

    def test_log_rank(self) -> None:
        statistics = pytest.importorskip("lifelines.statistics")
        tidy = trial().tidy("pfs", line=1)
        found = statistics.multivariate_logrank_test(tidy["days"], tidy["arm"], tidy["event"])
        assert found.test_statistic == pytest.approx(R["chisq"], rel=1e-6)

    def test_restricted_mean(self) -> None:
        """The mean time up to half a year, of lifelines and by the area under our curve."""
        for arm, curve in trial().kaplan_meier("pfs", "arm").items():
            until = np.append(curve.days[curve.days < 183], 183)
            share = np.append(1.0, curve.surviving[: len(until) - 1])
            area = float((np.diff(until, prepend=0) * share).sum())
            assert area == pytest.approx(R["mean"][arm], rel=1e-10)
        lifelines = pytest.importorskip("lifelines")
        mean = pytest.importorskip("lifelines.utils").restricted_mean_survival_time
        tidy = trial().tidy("pfs")
        own = tidy[tidy["arm"] == "drug"]
        fitted = lifelines.KaplanMeierFitter().fit(own["days"], own["event"])
        assert mean(fitted, t=183) == pytest.approx(R["mean"]["drug"], rel=1e-6)

    def test_curve(self) -> None:
        lifelines = pytest.importorskip("lifelines")
        for arm, curve in trial().kaplan_meier("pfs", "arm").items():
            tidy = trial().tidy("pfs")
            own = tidy[tidy["arm"] == arm]
            theirs = lifelines.KaplanMeierFitter().fit(own["days"], own["event"])
            assert curve.at(183).surviving == pytest.approx(theirs.predict(183))


class TestStatsmodels:
    """Rates side by side: the difference of two, and the test over strata."""

    def test_difference(self) -> None:
        proportion = pytest.importorskip("statsmodels.stats.proportion")
        rates = responses_of(trial()).rates("arm", line=1, level=None)
        (drug, sham), (drugs, shams) = rates["responders"], rates["lines"]
        found = proportion.confint_proportions_2indep(drug, drugs, sham, shams, method="wald")
        assert found == pytest.approx(R["difference"], rel=1e-9)

    def test_over_strata(self) -> None:
        contingency = pytest.importorskip("statsmodels.stats.contingency_tables")
        rates = responses_of(trial()).rates(("cause", "arm"), line=1, level=None)
        tables = [
            [[hit, count - hit] for hit, count in zip(own["responders"], own["lines"], strict=True)]
            for _, own in rates.groupby("cause")
        ]
        found = contingency.StratifiedTable([np.array(each) for each in tables])
        assert found.test_null_odds(correction=False).statistic == pytest.approx(R["cmh"], rel=1e-9)


class TestSurv:
    """scikit-survival takes it too."""

    def test_curve(self) -> None:
        pytest.importorskip("sksurv")
        from sksurv.nonparametric import kaplan_meier_estimator
        from sksurv.util import Surv

        endpoints = trial()
        tidy = endpoints.tidy("pfs")
        made = Surv.from_dataframe("event", "days", tidy)
        days, surviving = kaplan_meier_estimator(made["event"], made["days"])
        curve = endpoints.kaplan_meier("pfs")
        assert days.tolist() == curve.days.tolist()
        assert surviving == pytest.approx(curve.surviving)


R: dict[str, Any] = {
    "chisq": 1.1073258945,
    "cox": -0.353444158743,  # of the drug; R has Efron's method for ties, as lifelines
    "mean": {"drug": 164.763636364, "sham": 158.517066667},
    "difference": (-0.195571142534, 0.128904475868),
    "cmh": 0.151627057206,
    "at 183": {
        "drug": (0.719696969697, 0.515251687253, 0.849454860973),
        "sham": (0.648266666667, 0.443179106899, 0.793838812417),
    },
}
"""What R gives, by the commands above."""


def test_as_in_r() -> None:
    """Survival at half a year, arm by arm, with its interval."""
    for arm, curve in trial().kaplan_meier("pfs", "arm").items():
        assert curve.at(183) == pytest.approx(R["at 183"][arm], rel=1e-10)


def test_example(capsys: pytest.CaptureFixture[str]) -> None:
    """The script of the examples runs, and prints what it promises."""
    for module in ("pandas", "narwhals", "pyarrow", "lifelines", "statsmodels"):
        pytest.importorskip(module)
    path = Path(__file__).parents[2] / "examples" / "models" / "hand_over.py"
    runpy.run_path(str(path), run_name="__main__")
    told = capsys.readouterr().out
    for line in (
        r"log-rank: \d+\.\d+, p 0\.\d+",
        r"hazard ratio: 0\.\d+",
        r"drug: mean up to day 183 is \d+ days",
        r"response rates: -?\d+% \(-?\d+% to ",
        r"Cochran-Mantel-Haenszel: p 0\.\d+",
    ):
        assert re.search(line, told)
