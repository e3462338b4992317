"""An SDTM study judged: what is asked, what is left out, and the verdicts.

The data sets stand here as columns; a folder with TU, TR, EX and others as CSV, Parquet, XPT or
Dataset-JSON is read by the same call.
"""

from mrecist.io import AskError, read_sdtm

STUDY = {
    "TU": {
        "USUBJID": ["P-001", "P-001"],
        "TULNKID": ["T01", "NT01"],
        "TUTESTCD": ["TUMIDENT", "TUMIDENT"],
        "TUSTRESC": ["TARGET", "NON-TARGET"],
        "TULOC": ["LIVER, RIGHT LOBE", "PORTAL VEIN"],
        "TUMETHOD": ["TRIPLE-PHASE SPIRAL CT SCAN"] * 2,
        "TUDTC": ["2024-01-03", "2024-01-03"],
    },
    "TR": {
        "USUBJID": ["P-001"] * 5,
        "TRLNKID": ["T01", "NT01", "T01", "NT01", None],
        "TRTESTCD": ["LDIAM", "TUMSTATE", "LDIAM", "TUMSTATE", "SUMDIAM"],
        "TRSTRESC": ["41", "PRESENT", "24.5", "PRESENT", "24.5"],
        "TRSTRESU": ["mm", None, "mm", None, "mm"],
        "VISIT": ["SCREENING", "SCREENING", "WEEK 8", "WEEK 8", "WEEK 8"],
        "TRDTC": ["2024-01-03", "2024-01-03", "2024-03-06", "2024-03-07", "2024-03-06"],
    },
    "EX": {"USUBJID": ["P-001"], "EXTRT": ["LENVATINIB"], "EXSTDTC": ["2024-01-10"]},
}

# LDIAM does not say whether it is of the enhancing part: that is asked, never guessed.
try:
    read_sdtm(STUDY)
except AskError as question:
    print(question)

study = read_sdtm(STUDY, measures="viable")
print(study)
for code, detail in zip(study.problems["code"], study.problems["detail"], strict=True):
    print(f"  {code}: {detail}")

responses = study.assess("mrecist")
print(responses.why("P-001"))
