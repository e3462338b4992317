"""One patient by two policies of censoring: the second line decides what ended the first.

    python examples/two_policies.py

The patient stopped lenvatinib for toxicity while stable, and began sorafenib, on which the disease
progressed. Under the FDA's table A the first line is censored at its last scan before sorafenib;
by intention to treat the later progression is its event.
"""

import attrs

import mrecist
from mrecist import FDA_A, Finding, Lesion, Patient, Schedule, TherapyLine, Timepoint

sizes = {"2024-01-03": 40, "2024-03-05": 36, "2024-04-30": 37, "2024-06-25": 38, "2024-09-24": 61}
patient = Patient(
    "P-001",
    [Lesion("S8", "liver", "nodule")],
    [Timepoint(date, [Finding("S8", viable_mm=mm)]) for date, mm in sizes.items()],
    [
        TherapyLine(["lenvatinib"], "2024-01-10", stop="2024-04-12", end_reason="toxicity"),
        TherapyLine(["sorafenib"], "2024-05-06"),
    ],
    last_contact="2024-10-01",
)
assessment = mrecist.assess(patient)

print(mrecist.compare_policies(assessment))

print("\nWith scans due every eight weeks, the progression came after a missed one:\n")
scanned = attrs.evolve(FDA_A, schedule=Schedule.every(56, window_days=7), missed=1)
for line in mrecist.course(assessment, scanned).lines:
    print(line.number, line.pfs)

print("\nA policy of one's own, in which new therapy is an event:\n")
event = mrecist.Clause(
    "PROTOCOL-7.2",
    mrecist.Effect.EVENT,
    "new therapy on {first}",
    mrecist.Reading("PROTOCOL-7.2", "new therapy is treatment failure", "our protocol says so"),
)
own = attrs.evolve(FDA_A, name="our-protocol", new_therapy=event)
for line in mrecist.course(assessment, own).lines:
    print(line.number, line.pfs)
