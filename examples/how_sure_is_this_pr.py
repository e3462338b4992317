"""How sure is this PR? One patient read again 10 000 times, as published readers err."""

import mrecist
from mrecist import PRESETS, how_sure

patient = mrecist.example_case()

# In full, with the error of mRECIST readers who are no experts.
found = how_sure(patient, error="mrecist_nonexpert")
print(found)

# The first follow-up, reader by reader: the figure that each answer rests on comes with it.
print()
for name, error in PRESETS.items():
    table = how_sure(patient, error=name).timepoints
    print(f"{table['date'][0]} {table['response'][0]} in {table['sure'][0]:.0%} of re-readings")
    print(f"    with {error}")

# Side by side the errors of a lesion go together, and less of them is left in the change.
print()
for rho in (0.0, 0.5, 0.9):
    table = how_sure(patient, error="mrecist_nonexpert", rho=rho).timepoints
    print(f"readings of a lesion correlated {rho:g}: {table['sure'][0]:.0%}")
print(f"with {PRESETS['mrecist_nonexpert']}")
