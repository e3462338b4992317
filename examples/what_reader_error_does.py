"""What do reader error, criteria, confirmation and policy do to rates, medians and power?

Many small trials are simulated: the same patients each time, read without error, by readers of
whole diameters, and by readers of viable tumour. Treatment follows the investigator: whoever
misreads also changes it. A central reader sees the same images, and where treatment changed before
the progression that this reader sees, policies of censoring part. The figures say what such choices
can do, and nothing of any drug.
"""

import math

import attrs
import numpy as np

import mrecist
from mrecist import simulate

TRIALS, PATIENTS = 60, 120
MONTH = 30.4375


SCHEDULE = mrecist.Schedule.every(56, window_days=7)
FDA, EMA = (attrs.evolve(each, schedule=SCHEDULE) for each in (mrecist.FDA_A, mrecist.EMA_ITT))


def first_lines(trial, reader, criteria, policy):
    """Best responses, times and events of first lines, and the arm of each."""
    responses = mrecist.assess_cohort(trial.findings, trial.lines, reader=reader, criteria=criteria)
    first = responses.lines["line"] == 1
    times = responses.endpoints(policy).table
    return (
        np.isin(responses.lines["best_response"][first], ["CR", "PR"]),
        np.isin(responses.lines["confirmed_best_response"][first], ["CR", "PR"]),
        times["pfs_days"][first].astype(float),
        times["pfs_event"][first].astype(bool),
        trial.lines["arm"][trial.lines["start"] == 0] == "lenvatinib",
    )


def differs(first, second):
    """Whether two shares differ at 5 % (score test)."""
    pooled = np.concatenate([first, second]).mean()
    error = math.sqrt(pooled * (1 - pooled) * (1 / len(first) + 1 / len(second)))
    return error > 0 and abs(first.mean() - second.mean()) > 1.96 * error


def curves_differ(days, event, arm):
    """Whether two survival curves differ at 5 % (log-rank test)."""
    observed = expected = variance = 0.0
    for day in np.unique(days[event]):
        at_risk, now = days >= day, (days == day) & event
        n, d, share = at_risk.sum(), now.sum(), arm[at_risk].mean()
        observed += now[arm].sum()
        expected += d * share
        variance += d * share * (1 - share) * (n - d) / max(n - 1, 1)
    return variance > 0 and abs(observed - expected) > 1.96 * math.sqrt(variance)


def power(values, arm, test):
    """The share of trials in which a test is positive."""
    parts = [np.array_split(each, TRIALS) for each in (*values, arm)]
    return np.mean([test(*each) for each in zip(*parts, strict=True)])


def row(trial, reader, criteria, policy):
    """Rates of response and of confirmed response, and median PFS, each by arm and with power."""
    best, confirmed, days, event, arm = first_lines(trial, reader, criteria, policy)
    told = []
    for response in (best, confirmed):
        won = power([response], arm, lambda each, arm: differs(each[arm], each[~arm]))
        told.append(f"{response[arm].mean():6.1%} {response[~arm].mean():6.1%} {won:6.0%}")
    medians = [mrecist.kaplan_meier(days[some], event[some]).median_days for some in (arm, ~arm)]
    won = power([days, event], arm, curves_differ)
    told.append(" ".join(f"{median / MONTH:5.1f}" for median in medians) + f" {won:6.0%}")
    return "   ".join(told)


CHOICES = (
    ("investigator", "mrecist", FDA),
    ("central", "mrecist", FDA),
    ("central", "mrecist", EMA),
    ("central", "recist-1.1", FDA),
)

print(f"{TRIALS} trials of {PATIENTS} patients; lenvatinib-like, sorafenib-like, power")
head = f"{'error':22}{'read by':14}{'criteria':12}{'policy':9}"
print(f"{head}{'response':21}  {'confirmed':22}  {'PFS, months'}")
for error in (None, "independent_recist", "mrecist_tace_readers"):
    readers = ["investigator", "central"]
    design = attrs.evolve(simulate.REFLECT_LIKE, error=error, readers=readers)
    trial = simulate.trial(design, TRIALS * PATIENTS, seed=1)
    for reader, criteria, policy in CHOICES:
        who = f"{error or 'none':22}{reader:14}{criteria:12}{policy.name:9}"
        print(f"{who}{row(trial, reader, criteria, policy)}")
