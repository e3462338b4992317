"""A sheet of a clinic, one row per lesion, one column per visit, up to the numbers of a waterfall.

The sheet is invented, and written in German as Excel saves it: semicolons, decimal commas, dates in
a row of their own. What it does not say is asked; what is not read is named.
"""

import tempfile
from pathlib import Path

from mrecist import plots
from mrecist.io import AskError, read_worksheet

SHEET = """\
Studie TACE 7;;;;;;
Patient;Läsion;Organ;Rolle;Basis;Woche 8;Woche 16
;Datum;;;08.01.2024;04.03.2024;29.04.2024
P-01;H1;Segment 8;Ziel;41,5;22;verschwunden
;H2;Leber;Ziel;18 mm;12,5;0
;Pfortader;Pfortader;nicht Ziel;vorhanden;vorhanden;vorhanden
;Summe;;;59,5;34,5;0
P-02;H1;Leber;Ziel;3,4 cm;36;45
P-03;H1;Leber;Ziel;27;25;NE
"""

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "tace.csv"
    path.write_bytes(SHEET.encode("cp1252"))
    try:
        read_worksheet(path)
    except AskError as question:
        print(question)
    try:
        read_worksheet(path, date_format="%d.%m.%Y")
    except AskError as question:
        print(question)
    study = read_worksheet(path, date_format="%d.%m.%Y", measures="viable")

print(study)
for code, detail in zip(study.problems["code"], study.problems["detail"], strict=True):
    print(f"  {code}: {detail}")
responses = study.assess("mrecist")
table = plots.waterfall_data(responses)
columns = (table[name] for name in ("patient", "change_percent", "best_response"))
for patient, change, best in zip(*columns, strict=True):
    print(f"{patient}  {change:6.1f} %  {best}")
