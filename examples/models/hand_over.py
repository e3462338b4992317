"""Two arms compared by other libraries, from the tables as they are.

Needs pandas, lifelines and statsmodels. The same in R, from endpoints.csv of
`mrecist endpoints findings.csv --lines lines.csv --keep arm,cause --out .`:

    library(survival)
    d <- read.csv("endpoints.csv")
    survdiff(Surv(pfs_days, pfs_event) ~ arm, d)                      # log-rank
    coxph(Surv(pfs_days, pfs_event) ~ arm + strata(cause), d)         # hazard ratio
    print(survfit(Surv(pfs_days, pfs_event) ~ arm, d), rmean = 183)   # mean up to half a year
    hit <- d$objective_response == "true"
    prop.test(tapply(hit, d$arm, sum), table(d$arm), correct = FALSE) # difference of rates
    mantelhaen.test(table(d$arm, hit, d$cause), correct = FALSE)      # over strata

`tests/whole/test_models.py` holds each of these against R's numbers.
"""

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep

import mrecist

random = np.random.default_rng(15)
rows, lines = [], []
for number in range(200):
    patient, drug, size = f"P-{number:03}", number % 2, random.uniform(20, 80)
    trend = random.normal(-0.25 if drug else -0.05, 0.3)
    sizes = size * np.exp(np.cumsum(random.normal(trend, 0.15, int(random.integers(2, 8)))))
    rows += [
        (patient, 56 * visit, "T1", round(min(each, 400), 1))
        for visit, each in enumerate([size, *sizes])
    ]
    lines.append((patient, 1, ("TACE", "drug")[drug], ("HBV", "HCV")[number % 3 > 0]))
responses = mrecist.assess_cohort(
    pd.DataFrame(rows, columns=["patient", "date", "lesion", "viable_mm"]),
    pd.DataFrame(lines, columns=["patient", "start", "arm", "cause"]),
    keep=["arm", "cause"],
)

tidy = responses.endpoints().tidy("pfs", line=1)
drug, tace = (tidy[tidy["arm"] == arm] for arm in ("drug", "TACE"))
found = logrank_test(drug["days"], tace["days"], drug["event"], tace["event"])
print(f"log-rank: {found.test_statistic:.2f}, p {found.p_value:.3f}")

model = CoxPHFitter().fit(
    tidy[["days", "event", "cause"]].assign(drug=tidy["arm"] == "drug"),
    "days",
    "event",
    strata=["cause"],
)
print(f"hazard ratio: {model.hazard_ratios_['drug']:.2f}")

for name, own in (("drug", drug), ("TACE", tace)):
    curve = KaplanMeierFitter().fit(own["days"], own["event"])
    print(f"{name}: mean up to day 183 is {restricted_mean_survival_time(curve, t=183):.0f} days")

rates = responses.rates("arm", line=1, level=None).set_index("arm")
counts = rates.loc[["drug", "TACE"], ["responders", "lines"]].to_numpy().ravel()
low, high = confint_proportions_2indep(*counts, method="newcomb")
difference = counts[0] / counts[1] - counts[2] / counts[3]
print(f"difference of response rates: {difference:.0%} ({low:.0%} to {high:.0%})")

rates = responses.rates(("cause", "arm"), line=1, level=None)
tables = [
    np.stack([own["responders"], own["lines"] - own["responders"]], axis=1)
    for _, own in rates.groupby("cause")
]
print(f"Cochran-Mantel-Haenszel: p {StratifiedTable(tables).test_null_odds().pvalue:.3f}")
