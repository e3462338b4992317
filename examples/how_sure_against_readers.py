"""Is `sure` right? Shares of `how_sure` against what simulated readers then read.

Two readers of simulated tumours err as `mrecist_tace_readers`. Where the record is true, `sure` is
how often a reader agrees with it, and `agree` how often the two agree: points lie on the diagonal.
Where the record is itself the reading of one who errs, the other agrees with it less often than
`sure` says. Written as SVG to `examples/figures/how_sure_against_readers.svg`, or to the file named
on the command line.
"""

import sys
from pathlib import Path

import attrs
import matplotlib.pyplot as plt
import numpy as np

import mrecist
from mrecist import plots, simulate

target = Path(__file__).parent / "figures" / "how_sure_against_readers.svg"
if len(sys.argv) > 1:
    target = Path(sys.argv[1])

ERROR = mrecist.PRESETS["mrecist_tace_readers"]
design = attrs.evolve(
    simulate.REFLECT_LIKE, error=ERROR, readers=["R1", "R2"], follow_up_days=56, next_line=0
)
trial = simulate.trial(design, 2_000, seed=1)
truth = {name: trial.truth[name] for name in trial.findings if name != "reader"}


def responses(findings, reader=None):
    """The response of every patient at the one follow-up, in order."""
    table = mrecist.assess_cohort(findings, trial.lines, reader=reader).timepoints
    return dict(zip(table["patient"].tolist(), table["response"].tolist(), strict=True))


def same(one, other, patients):
    return np.array([one[patient] == other[patient] for patient in patients])


def calibration(said, happened):
    """By fifths of what was said: its mean, and how often it happened."""
    order = np.argsort(said, kind="stable")
    groups = np.array_split(order, 5)
    return [(said[group].mean(), happened[group].mean()) for group in groups]


first = trial.findings["reader"] == "R1"
record = {name: each[first] for name, each in trial.findings.items() if name != "reader"}
true, one, two = responses(truth), *(responses(trial.findings, each) for each in ("R1", "R2"))
on_truth = mrecist.how_sure(truth, trial.lines, error=ERROR, draws=200).timepoints
on_record = mrecist.how_sure(record, trial.lines, error=ERROR, draws=200).timepoints
patients = on_truth["patient"].tolist()

lines = {
    "sure, the record is true": calibration(on_truth["sure"], same(true, two, patients)),
    "agree, the record is true": calibration(on_truth["agree"], same(one, two, patients)),
    "sure, the record errs as well": calibration(
        on_record["sure"], same(one, two, on_record["patient"].tolist())
    ),
}
figure, ax = plt.subplots(figsize=(5, 5))
ax.plot([0, 1], [0, 1], color="0.8")
for (label, points), marker in zip(lines.items(), "osD", strict=True):
    ax.plot(*zip(*points, strict=True), marker=marker, label=label)
    print(f"{label}: " + ", ".join(f"{said:.0%} -> {happened:.0%}" for said, happened in points))
ax.set(xlabel="said by how_sure", ylabel="read by simulated readers", xlim=(0, 1), ylim=(0, 1))
ax.legend(loc="upper left")
picture = plots.svg(
    figure,
    title="How sure, against simulated readers",
    description="Fifths of 2000 patients: what how_sure says, and how often readers then agree.",
)
target.write_text(picture, encoding="utf-8")
