"""The page of hand-over code does what it says: every block runs, and its figures are those of R.

R 4.2.2 with survival 3.5-3 gave the numbers, from the cohort of `test_models`, by the commands of
the page; where R is there, it gives them again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mrecist
from mrecist.cli.parser import main

from .test_models import tables

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "comparing_arms.md"
TEXT = PAGE.read_text("utf-8")
R = {
    "chisq": 1.1073258945, "cox": 0.353444158743, "cox_low": -0.302470007119,
    "cox_high": 1.00935832461, "mean": (164.763636364, 158.517066667),
    "se": (6.87356940925, 7.77566169509), "difference": (-0.195571142534, 0.128904475868),
    "cmh": 0.151627057206,
}  # fmt: skip
"""By R; the coefficient of `sham` against `drug`."""


def blocks(section: str, language: str = "py") -> list[str]:
    """The blocks of code under a heading."""
    (found,) = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)
    return re.findall(rf"^```{language}\n(.*?)^```", found, re.M | re.S)


def needs(*modules: str) -> None:
    for module in ("pandas", "narwhals", "pyarrow", "scipy", *modules):
        pytest.importorskip(module)


@pytest.fixture(name="named")
def names() -> dict[str, Any]:
    """What the first block makes of two tables."""
    needs()
    findings, lines = tables()
    named: dict[str, Any] = {"findings": findings, "lines": lines}
    run(named, "The tables", 0)
    return named


def run(named: dict[str, Any], section: str, place: int) -> None:
    exec(compile(blocks(section)[place], f"{PAGE.name}, {section}", "exec"), named)


def value(named: dict[str, Any], section: str, place: int, start: str) -> Any:
    """The value of the line of a block that starts so, which stands there to be looked at."""
    (line,) = [each for each in blocks(section)[place].splitlines() if each.startswith(start)]
    return eval(line, named)


def said(section: str, start: str) -> list[float]:
    """The numbers in the comment of a line."""
    (line,) = [
        each
        for block in blocks(section)
        for each in block.splitlines()
        if each.startswith(start) and "#" in each
    ]
    return [float(each) for each in re.findall(r"-?\d+\.\d+", line.partition("#")[2])]


def test_log_rank(named: dict[str, Any]) -> None:
    needs("lifelines")
    run(named, "Log-rank test", 0)
    assert named["log_rank"].test_statistic == pytest.approx(R["chisq"], rel=1e-9)
    found = [round(R["chisq"], 3), round(named["log_rank"].p_value, 3)]
    assert said("Log-rank test", "log_rank.test_statistic") == found


def test_log_rank_of_sksurv(named: dict[str, Any]) -> None:
    needs("sksurv")
    run(named, "Log-rank test", 1)
    assert named["chi_squared"] == pytest.approx(R["chisq"], rel=1e-9)


def test_cox(named: dict[str, Any]) -> None:
    needs("lifelines")
    run(named, "Hazard ratio", 0)
    ratio = named["cox"].hazard_ratios_["drug"]
    assert np.log(ratio) == pytest.approx(-R["cox"], rel=1e-4)
    assert said("Hazard ratio", "cox.hazard_ratios_") == [round(ratio, 3)]
    edges = named["cox"].confidence_intervals_.to_numpy().ravel()
    assert edges == pytest.approx([-R["cox_high"], -R["cox_low"]], rel=1e-3)
    assert said("Hazard ratio", "np.exp(cox") == np.exp(edges).round(3).tolist()


def test_cox_of_sksurv(named: dict[str, Any]) -> None:
    needs("lifelines", "sksurv")
    run(named, "Log-rank test", 1)
    for place in (0, 1):
        run(named, "Hazard ratio", place)
    model = named["CoxPHFitter"]().fit(named["columns"].drop(columns="cause"), "days", "event")
    found = float(np.exp(named["plain"].coef_[0]))
    assert found == pytest.approx(model.hazard_ratios_["drug"], rel=1e-4)
    assert said("Hazard ratio", "np.exp(plain") == [round(found, 3)]


def test_restricted_mean(named: dict[str, Any]) -> None:
    run(named, "Restricted mean", 0)
    means, errors = ([named[f"{name}_{arm}"] for arm in (1, 2)] for name in ("mean", "se"))
    assert means == pytest.approx(R["mean"], rel=1e-9)
    assert errors == pytest.approx(R["se"], rel=1e-9)
    difference = value(named, "Restricted mean", 0, "mean_1 -")
    assert said("Restricted mean", "mean_1 -") == np.round([difference, *means], 1).tolist()
    error = value(named, "Restricted mean", 0, "np.hypot")
    assert said("Restricted mean", "np.hypot") == [round(error, 1)]


def test_restricted_mean_of_lifelines(named: dict[str, Any]) -> None:
    """Its variance is that of the times: many times the square of R's standard error."""
    needs("lifelines")
    run(named, "Restricted mean", 1)
    mean = named["restricted_mean_survival_time"]
    found, variance = mean(named["fitted"], t=183, return_variance=True)
    assert found == pytest.approx(R["mean"][0], rel=1e-6)
    assert variance > 10 * R["se"][0] ** 2


def test_difference(named: dict[str, Any]) -> None:
    needs("statsmodels")
    section = "Difference of response rates"
    run(named, section, 0)
    assert named["wald"] == pytest.approx(R["difference"], rel=1e-9)
    found = value(named, section, 0, 'hits["drug"] /')
    assert said(section, 'hits["drug"] /') == [round(100 * found, 1)]
    assert said(section, ")  # -19.6") == [round(100 * each, 1) for each in R["difference"]]


def test_over_strata(named: dict[str, Any]) -> None:
    needs("statsmodels")
    section = "Response rates over strata: Cochran-Mantel-Haenszel"
    run(named, section, 0)
    assert named["over_strata"].statistic == pytest.approx(R["cmh"], rel=1e-9)
    found = [round(R["cmh"], 3), round(named["over_strata"].pvalue, 3)]
    assert said(section, "over_strata.statistic") == found


def test_in_r(tmp_path: Path) -> None:
    """The block of R, on what the command line writes."""
    needs()
    rscript = shutil.which("Rscript")
    if (
        rscript is None
        or subprocess.run(
            [rscript, "-e", "library(survival)"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("there is no R with its package survival")
    paths = []
    for name, table in zip(("findings", "lines"), tables(), strict=True):
        paths.append(tmp_path / f"{name}.csv")
        table.convert_dtypes().to_csv(paths[-1], index=False)  # whole days without a point
    command = ["endpoints", str(paths[0]), "--lines", str(paths[1]), "--keep", "arm,cause"]
    assert main([*command, "--policy", "fda-a", "--out", str(tmp_path)]) == 0
    (code,) = blocks("The same in R", "r")
    script = tmp_path / "script.R"
    script.write_text(f"options(digits = 12)\n{code}", "utf-8")
    told = subprocess.run(
        [rscript, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path
    ).stdout
    expected = [R["chisq"], np.exp(-R["cox"]), *R["mean"], *R["se"], *R["difference"], R["cmh"]]
    assert [float(each) for each in told.split()] == pytest.approx(expected, rel=1e-6)


@pytest.fixture(name="read")
def readings() -> dict[str, Any]:
    """Two readers of the same cohort, of whom the second reads a fifth of the sizes larger."""
    needs()
    pd = pytest.importorskip("pandas")
    findings, lines = tables()
    other = findings.assign(reader="R2")
    other["viable_mm"] *= np.where(np.arange(len(other)) % 5 == 0, 1.3, 1.0)
    both = pd.concat([findings.assign(reader="R1"), other], ignore_index=True)
    made = mrecist.assess_readings(both, lines.drop(columns=["arm", "cause"]), review="all")
    return {"readings": made}


def test_alpha(read: dict[str, Any]) -> None:
    """Of two readers without gaps, nominal alpha is near Fleiss' kappa: (1 - k) shrinks by 1/2N."""
    needs("krippendorff")
    run(read, "Several readers", 0)
    assert read["codes"].shape == (2, 60)
    assert 0 < read["alpha"] < 1
    krippendorff = pytest.importorskip("krippendorff")
    nominal = krippendorff.alpha(reliability_data=read["codes"], level_of_measurement="nominal")
    words = ["CR", "PR", "SD", "PD"]
    found = read["readings"].agreement("best_response", words=words).table["fleiss"].iloc[0]
    count = np.isfinite(read["codes"]).all(axis=0).sum()
    assert 1 - nominal == pytest.approx((1 - found) * (1 - 1 / (2 * count)), rel=1e-9)


def test_correlation(read: dict[str, Any]) -> None:
    """ICC(A,1) of the totals at baseline, by its mean squares."""
    needs("pingouin")
    run(read, "Several readers", 1)
    totals = read["totals"].pivot(index="row", columns="reader", values="baseline_total_mm")
    x = totals.to_numpy(float)
    n, k = x.shape
    rows = k * ((x.mean(axis=1) - x.mean()) ** 2).sum() / (n - 1)
    columns = n * ((x.mean(axis=0) - x.mean()) ** 2).sum() / (k - 1)
    rest = ((x - x.mean()) ** 2).sum() - (n - 1) * rows - (k - 1) * columns
    error = rest / ((n - 1) * (k - 1))
    expected = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)
    table = read["correlation"].set_index("Type")["ICC"]
    name = "ICC2" if "ICC2" in table else "ICC(A,1)"
    assert table[name] == pytest.approx(expected, rel=1e-6)
