"""An SDTM study to ADaM: responses, sizes and times to events, as SAS transport files.

The data sets stand here as columns; `mrecist cohort study/ --sdtm --adam xpt --adsl adsl.xpt --out
adam` does the same with files. Without an argument the files go to a folder that is thrown away.
"""

import datetime
import sys
import tempfile
from pathlib import Path

from mrecist.io import read_sdtm

STUDY = {
    "TU": {
        "STUDYID": ["HCC-1"] * 3,
        "USUBJID": ["P-001", "P-001", "P-002"],
        "TULNKID": ["T01", "NT01", "T01"],
        "TUTESTCD": ["TUMIDENT"] * 3,
        "TUSTRESC": ["TARGET", "NON-TARGET", "TARGET"],
        "TULOC": ["LIVER, RIGHT LOBE", "PORTAL VEIN", "LIVER, LEFT LOBE"],
        "TUMETHOD": ["TRIPLE-PHASE SPIRAL CT SCAN"] * 3,
        "TUDTC": ["2024-01-03", "2024-01-03", "2024-02-01"],
    },
    "TR": {
        "STUDYID": ["HCC-1"] * 9,
        "USUBJID": ["P-001"] * 6 + ["P-002"] * 3,
        "TRSEQ": [1, 2, 3, 4, 5, 6, 1, 2, 3],
        "TRLNKID": ["T01", "NT01"] * 3 + ["T01"] * 3,
        "TRTESTCD": ["VDIAM", "TUMSTATE"] * 3 + ["VDIAM"] * 3,
        "TRSTRESC": ["41", "PRESENT", "24.5", "PRESENT", "25", "PRESENT", "30", "31", "45"],
        "TRSTRESU": ["mm", None] * 3 + ["mm"] * 3,
        "VISIT": ["SCREENING"] * 2
        + ["WEEK 8"] * 2
        + ["WEEK 16"] * 2
        + ["SCREENING", "WEEK 8", "WEEK 16"],
        "TRDTC": ["2024-01-03"] * 2
        + ["2024-03-06"] * 2
        + ["2024-05-02"] * 2
        + ["2024-02-01", "2024-04-04", "2024-05-30"],
    },
    "EX": {
        "USUBJID": ["P-001", "P-002"],
        "EXTRT": ["LENVATINIB", "SORAFENIB"],
        "EXSTDTC": ["2024-01-10", "2024-02-08"],
    },
}
ADSL = {
    "STUDYID": ["HCC-1", "HCC-1"],
    "USUBJID": ["P-001", "P-002"],
    "AGE": [61, 70],
    "TRTSDT": [datetime.date(2024, 1, 10), datetime.date(2024, 2, 8)],
}

responses = read_sdtm(STUDY).assess("mrecist")
adam = responses.to_adam(ADSL, policy="fda-a")
print(adam)

columns = ("USUBJID", "PARAMCD", "AVALC", "ADT", "SRCDOM", "SRCSEQ")
for row in zip(*(adam.adrs[name] for name in columns), strict=True):
    if row[1] in ("OVR", "BOR", "CBOR", "PD"):
        print(*("" if cell != cell or cell is None else cell for cell in row), sep="  ")

for patient, code, days, censored, why in zip(
    *(adam.adtte[name] for name in ("USUBJID", "PARAMCD", "AVAL", "CNSR", "EVNTDESC")), strict=True
):
    if code in ("PFS", "RSD"):
        print(f"{patient}: {code} {days:.0f} days, {'censored' if censored else 'event'}: {why}")

with tempfile.TemporaryDirectory() as scratch:
    folder = sys.argv[1] if len(sys.argv) > 1 else scratch
    for path in adam.write(folder, "xpt"):
        print(Path(path).name, Path(path).stat().st_size, "bytes")
