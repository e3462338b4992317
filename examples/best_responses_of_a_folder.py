"""A folder of case documents into a table of best responses, one row per line of therapy.

    python best_responses_of_a_folder.py [FOLDER]

Without a folder, the cases that come with the package are read.
"""

import csv
import sys
from pathlib import Path

import mrecist

default = Path(mrecist.__file__).parent / "data"
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default

table = csv.writer(sys.stdout, lineterminator="\n")
table.writerow(["patient", "line", "agents", "exposure", "best", "confirmed", "progression"])
for path in sorted([*folder.glob("*.json"), *folder.glob("*.jsonl")]):
    for case in mrecist.read_cases(path):
        if isinstance(case, mrecist.InvalidCase):
            print(f"{path.name}: {case.patient}: {'; '.join(case.errors)}", file=sys.stderr)
            continue
        for line in mrecist.assess(case).lines:
            progression = line.progression
            table.writerow(
                [
                    case.id,
                    line.number,
                    "+".join(line.line.agents),
                    line.exposure,
                    line.best_response,
                    line.confirmed_best_response,
                    "" if progression is None else progression.date,
                ]
            )
