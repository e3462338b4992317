"""A waterfall plot of a simulated cohort of 40 patients, as journals print it.

The figures show the plot; they say nothing of the disease. Written as SVG to
`examples/figures/waterfall.svg`, or to the file named on the command line.
"""

import sys
from pathlib import Path

import numpy as np

import mrecist
from mrecist import plots

target = Path(__file__).parent / "figures" / "waterfall.svg"
if len(sys.argv) > 1:
    target = Path(sys.argv[1])

random = np.random.default_rng(2010)
rows = []
for number in range(1, 41):
    patient, size = f"P-{number:02}", float(random.uniform(20, 90))
    trend = random.normal(-0.15, 0.3)
    for day in (0, 56, 112):
        rows.append((patient, day, "S8", round(size, 1)))
        gone = day and random.random() < 0.05
        size = 0.0 if gone else size * float(np.exp(random.normal(trend, 0.15)))

columns = "patient", "date", "lesion", "viable_mm"
responses = mrecist.assess_cohort(
    dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
)

ax = plots.waterfall(responses)
picture = plots.svg(
    ax.figure,
    title="Best change of the total in 40 simulated patients",
    description="One bar a patient, the largest rise at the left, coloured and lettered by best "
    "response, with lines at the thresholds of the criteria.",
)
target.write_text(picture, encoding="utf-8")

table = plots.waterfall_data(responses)
change = table["change_percent"]
print(f"{(change < 0).sum()} of {len(change)} totals fell; the best by {-change[-1]:.0f} %")
