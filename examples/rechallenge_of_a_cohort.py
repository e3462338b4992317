"""Does the first response foretell that to a rechallenge? A simulated cohort of 400 patients.

Raw administrations become lines of therapy, sizes become responses; then each agent that is given
again is set beside its earlier exposure. The figures show the table; they say nothing of the
disease. Intervals need SciPy; without it there are rates alone.
"""

from importlib.util import find_spec

import numpy as np

import mrecist
from mrecist import Administration, lines_from_administrations

COURSE = "sorafenib", "regorafenib", "sorafenib"
ENDS = "progression", "progression", "progression", "toxicity"
random = np.random.default_rng(2021)

sizes, therapies = [], []
for number in range(1, 401):
    patient = f"P-{number:03}"
    susceptible = random.normal(0, 0.35)  # what the patient's tumour brings to every line
    given, start = [], 0
    for agent in COURSE:
        held = 40 + int(random.integers(7, 21))
        given.append(Administration(agent, start, stop=start + 40, dose="full dose"))
        given.append(Administration(agent, start + held, stop=start + 112, dose="reduced dose"))
        size = random.uniform(20, 80)
        sizes.append((patient, start, "S8", round(size, 1)))
        for day in (56, 112):
            change = np.exp(susceptible + random.normal(0.05, 0.2))
            sizes.append((patient, start + day, "S8", round(size * change, 1)))
        start += 112 + int(random.integers(14, 60))
    # A hold stays inside its line, with its days among the line's doses.
    therapies += [
        (patient, line.start, line.stop, str(random.choice(ENDS)), "+".join(line.agents))
        for line in lines_from_administrations(given)
    ]

FINDINGS = "patient", "date", "lesion", "viable_mm"
LINES = "patient", "start", "stop", "end_reason", "agents"
findings = dict(zip(FINDINGS, map(list, zip(*sizes, strict=True)), strict=True))
lines = dict(zip(LINES, map(list, zip(*therapies, strict=True)), strict=True))
responses = mrecist.assess_cohort(findings, lines)

table = responses.rechallenges()
print(f"{len(table['line'])} lines with an agent that was given before; of the first ones:")
for i in range(5):
    before, again = table["best_response_before"][i], table["best_response_again"][i]
    print(
        f"  {table['patient'][i]} line {table['line'][i]}: {table['agents'][i]} "
        f"{table['exposure'][i]} after {table['drug_free_days'][i]} days, {before} then {again}"
    )

level = "0.95" if find_spec("scipy") else None
rates = responses.rechallenge_rates(level=level)
print("\nresponders to a rechallenge, by the response before:")
for i, before in enumerate(rates["response_before"]):
    told = f"  {before:<5}  {rates['responders'][i]:>3} of {rates['lines'][i]:>3}"
    if level and rates["lines"][i]:
        low, high = rates["response_low"][i], rates["response_high"][i]
        told += f"  {rates['response_rate'][i]:.0%} ({low:.0%} to {high:.0%})"
    print(told)

assessment = mrecist.assess(responses.patient("P-001"))
print(f"\nP-001: {mrecist.sequence_text(assessment)}")
print(*mrecist.exposures_by_agent(assessment), sep="\n")
