"""Two readers of one trial: what they agree on, what awaits a decision, what is accepted."""

import mrecist

# One target per patient, viable diameters in mm on days 0, 56 and 112, by reader.
CHARTS = {
    "P-001": {"R1": (40, 24, 22), "R2": (42, 26, 25)},
    "P-002": {"R1": (30, 33, 45), "R2": (31, 30, 31)},
    "P-003": {"R1": (25, 0, 0), "R2": (24, 0, 0)},
    "P-004": {"R1": (52, 50, 63), "R2": (50, 34, 61)},
}
rows = [
    (patient, reader, day, "T1", mm)
    for patient, readers in CHARTS.items()
    for reader, sizes in readers.items()
    for day, mm in zip((0, 56, 112), sizes, strict=True)
]
names = ("patient", "reader", "date", "lesion", "viable_mm")
findings = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))

readings = mrecist.assess_readings(findings, review=mrecist.DOUBLE_READ)
print(readings)
print(readings.agreement())

# Nobody has decided on P-002 and P-004, and no reader is taken in silence.
try:
    readings.accepted.rates(level=None)
except ValueError as refusal:
    print(refusal)

decisions = {
    "patient": ["P-002", "P-004"], "accepted": ["R1", "R2"], "by": ["R3", "R3"],
    "reason": ["segment 4 grew", None],
}  # fmt: skip
decided = mrecist.assess_readings(findings, review="double", decisions=decisions)
print(decided.why("P-002").splitlines()[0])
print("responders:", decided.accepted.rates(level=None)["responders"].tolist())
