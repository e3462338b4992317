"""A two-arm trial from tables to rates, curves and tables for models."""

import attrs
import numpy as np

import mrecist

# Two hundred simulated patients: viable diameters every eight weeks until progression or the end.
random = np.random.default_rng(15)
rows, lines = [], []
for number in range(200):
    patient, arm = f"P-{number:03}", ("TACE", "TACE + drug")[number % 2]
    size, trend = random.uniform(20, 80), random.normal(-0.25 if number % 2 else -0.05, 0.3)
    rows.append((patient, 0, "T1", round(size, 1)))
    for visit in range(1, int(random.integers(2, 8))):
        size = min(size * np.exp(trend + random.normal(0, 0.15)), 400)
        rows.append((patient, 56 * visit, "T1", round(size, 1)))
    known = rows[-1][1] + int(random.integers(10, 200))
    dead = known if random.random() < 0.4 else None
    lines.append((patient, 1, arm, ("HBV", "HCV", "other")[number % 3], dead, known))


def table(names: str, rows: list[tuple]) -> dict[str, list]:
    return dict(zip(names.split(), map(list, zip(*rows, strict=True)), strict=True))


responses = mrecist.assess_cohort(
    table("patient date lesion viable_mm", rows),
    table("patient start arm cause death last_contact", lines),
    keep=["arm", "cause"],
)
rates = responses.rates("arm", level=None)  # with mrecist[stats]: exact intervals
for arm, responders, count in zip(*(rates[n] for n in ("arm", "responders", "lines")), strict=True):
    print(f"{arm}: {responders} of {count} responded")

# Progression-free survival: where two visits were missed, it is censored before them.
policy = attrs.evolve(mrecist.FDA_A, schedule=mrecist.Schedule.every(56, window_days=14))
endpoints = responses.endpoints(policy)
for arm, curve in endpoints.kaplan_meier("pfs", by="arm").items():
    alive, low, high = curve.at(183)
    print(
        f"{arm}: median {curve.median_days:.0f} days, free of progression at six months "
        f"{alive:.0%} ({low:.0%} to {high:.0%})"
    )
overall = endpoints.kaplan_meier("os")
print(f"median follow-up {overall.follow_up.median_days:.0f} days")

# For a model: lifelines, scikit-survival and statsmodels take these columns as they are.
tidy = endpoints.tidy("pfs", line=1)
print({name: column.dtype.kind for name, column in tidy.items()})

# With mrecist[plots]: plots.kaplan_meier(responses, "pfs", by="arm"), plots.forest(responses, ...).
