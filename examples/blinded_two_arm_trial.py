"""A blinded trial of two arms and two readers, whole: from tables to agreement, endpoints, figures.

The tables are simulated: the results say nothing of any drug. An investigator (INV) treats; R1 and
R2 read blinded, and where they differ in best response or progression an adjudicator decides. Four
figures are written as SVG to `examples/figures/blinded_two_arm_trial.svg`, or to the file named on
the command line. Needs `mrecist[plots,stats]`.
"""

import sys
from pathlib import Path

import attrs
from matplotlib.figure import Figure

import mrecist
from mrecist import plots, simulate

target = Path(__file__).parent / "figures" / "blinded_two_arm_trial.svg"
if len(sys.argv) > 1:
    target = Path(sys.argv[1])

# Findings of three readers; lines of therapy with arm, death and last contact.
PATIENTS = 160
design = attrs.evolve(
    simulate.REFLECT_LIKE, readers=["INV", "R1", "R2"], error="mrecist_tace_readers", next_line=0
)
trial = simulate.trial(design, PATIENTS, seed=15)

# The review is fixed beforehand. Whatever it calls for goes to the adjudicator.
review = attrs.evolve(mrecist.DOUBLE_READ, local=["INV"], window_days=7)
undecided = mrecist.assess_readings(trial.findings, trial.lines, review=review, keep=["arm"])
found = undecided.discordance
waits = found["state"] == "pending"
print(f"{waits.sum()} of {PATIENTS} lines await adjudication")

# The adjudicator here knows the true sizes, and neither arm nor investigator: R2 is accepted where
# only R2's best response is the true one, otherwise R1.
truth = {name: trial.truth[name] for name in trial.findings if name != "reader"}
true = mrecist.assess_cohort(truth, trial.lines).lines
best = dict(zip(true["patient"].tolist(), true["best_response"].tolist(), strict=True))
decisions = {"patient": [], "line": [], "accepted": [], "by": [], "reason": []}
for row in waits.nonzero()[0]:
    patient = found["patient"][row]
    right = {each: found[f"best_response_{each}"][row] == best[patient] for each in ("R1", "R2")}
    decisions["patient"].append(patient)
    decisions["line"].append(found["line"][row])
    decisions["accepted"].append("R2" if right["R2"] and not right["R1"] else "R1")
    decisions["by"].append("R3")
    decisions["reason"].append(found["triggers"][row])
readings = mrecist.assess_readings(
    trial.findings, trial.lines, review=review, decisions=decisions, keep=["arm"]
)
print(readings)

# How far the readers agree, always by kappa and AC1.
table = readings.agreement().table
for name in ("agreement", "kappa", "ac1"):
    value, low, high = (table[f"{name}{end}"][0] for end in ("", "_low", "_high"))
    print(f"{table['readers'][0]}, best response, {name}: {value:.2f} ({low:.2f} to {high:.2f})")

# Does the investigator call progression earlier than the accepted reader, and in one arm more?
table = readings.discrepancy("INV", by="arm")
for i, arm in enumerate(table["group"]):
    print(
        f"{arm}: early discrepancy {table['edr'][i]:.0%} "
        f"({table['edr_low'][i]:.0%} to {table['edr_high'][i]:.0%}), late {table['ldr'][i]:.0%}"
    )

# From here on one reading stands for each patient.
accepted = readings.accepted
rates = accepted.rates("arm", line=1)
for i, arm in enumerate(rates["arm"]):
    share, low, high = (rates[f"response_{end}"][i] for end in ("rate", "low", "high"))
    print(
        f"{arm}: {rates['responders'][i]} of {rates['lines'][i]} responded, "
        f"{share:.1%} ({low:.1%} to {high:.1%})"
    )

# Progression-free survival: where two visits were missed, it is censored before them.
policy = attrs.evolve(mrecist.FDA_A, schedule=mrecist.Schedule.every(56, window_days=7))
endpoints = accepted.endpoints(policy)
for arm, curve in endpoints.kaplan_meier("pfs", by="arm", line=1).items():
    free, low, high = curve.at(183)
    print(
        f"{arm}: median PFS {curve.median_days:.0f} days, free of progression at six months "
        f"{free:.0%} ({low:.0%} to {high:.0%})"
    )

# For a model (lifelines, scikit-survival, statsmodels): whole numbers and flags, nothing missing.
tidy = endpoints.tidy("pfs", line=1)
print({name: column.dtype.kind for name, column in tidy.items()})

figure = Figure(figsize=(14, 9))
(upper_left, upper_right), (lower_left, lower_right) = figure.subplots(
    2, 2, gridspec_kw={"wspace": 0.5, "hspace": 0.5, "width_ratios": [3, 2]}
)
plots.waterfall(readings, readers=True, line=1, ax=upper_left)
plots.agreement(readings, of="best_response", ax=upper_right)
plots.kaplan_meier(endpoints, "pfs", by="arm", line=1, ax=lower_left)
plots.forest(accepted, "arm", line=1, ax=lower_right)
picture = plots.svg(
    figure,
    title="A simulated blinded trial of two arms",
    description="Best change of the total by each reader; agreement of the two blinded readers; "
    "progression-free survival and response rates by arm, of the accepted readings.",
)
target.write_text(picture, encoding="utf-8")
