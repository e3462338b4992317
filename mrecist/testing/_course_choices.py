"""What happens over time, and how a document writes it: weighted choices."""

from __future__ import annotations

from hypothesis import strategies as st

from ._choices import MORE, pick

FLAVOURS = pick(
    (6, "steered"),
    (4, "mixed"),
    (4, "responding"),
    (4, "reported"),
    (6, "candidates"),
    (3, "effusions"),
    (3, "nodes"),
    (2, "unmeasured"),
    (1, "crowd"),
    (1, "same organ"),
    (1, "many organs"),
    (1, "clean"),
)
LINES = pick((2, False), (3, True))
FIRST_FOLLOWUP, FOLLOWUPS, MORE_FOLLOWUPS = MORE[15], pick((2, False), (5, True)), MORE[3]
"""Whether there is one more line, one more time point of a line, also where they are many."""
PLAIN = pick((1, True), (11, False))
"""Whether a line says nothing but its agents and its start."""
# From the latest time point to the line's start, and whether a scan of its own precedes it.
OPENINGS = pick(
    (8, (0, False)),
    (3, (7, False)),
    (2, (28, False)),
    (2, (29, False)),
    (1, (1, False)),
    (1, (60, False)),
    (5, (0, True)),
    (2, (14, True)),
)
# The next time point: days from the line's start, or from the previous time point.
STEPS = pick(
    (4, ("previous", 42)),
    (4, ("previous", 28)),
    (3, ("start", 42)),
    (3, ("start", 41)),
    (2, ("start", 43)),
    (3, ("previous", 27)),
    (2, ("previous", 29)),
    (2, ("previous", 56)),
    (2, ("previous", 14)),
    (1, ("previous", 1)),
    (1, ("start", 28)),
)
# The same with more intervals about the 28 days of a confirmation.
TIGHT_STEPS = pick(
    (5, ("previous", 28)),
    (6, ("previous", 27)),
    (6, ("previous", 14)),
    (2, ("start", 42)),
    (1, ("start", 41)),
    (1, ("previous", 29)),
    (1, ("previous", 13)),
)
AGENTS = pick(
    (3, ["sorafenib"]),
    (2, ["Nexavar"]),
    (2, ["lenvatinib"]),
    (2, ["LENVIMA"]),
    (2, ["atezolizumab", "bevacizumab"]),
    (1, ["Tecentriq", "Avastin"]),
    (1, ["regorafenib"]),
    (1, ["stivarga"]),
    (1, ["cabozantinib"]),
    (1, ["Cabometyx", "nivolumab"]),
    (1, ["cometriq"]),
    (1, ["TACE"]),
    (1, ["cTACE", "lenvatinib"]),
    (1, ["ramucirumab", "Cyramza"]),
    (1, ["durvalumab", "tremelimumab"]),
    (1, ["Imfinzi", "Imjudo"]),
    (1, ["Opdivo", "Yervoy"]),
    (1, ["ipilimumab", "SORAFENIB"]),
    (1, ["pembrolizumab", "Lenvatinib"]),
    (1, ["Keytruda", "trial agent 7"]),
    (1, ["TACE"]),
    (1, ["DEB-TACE", "lenvatinib 12mg qd"]),
    (1, ["SIRT & RFA"]),
    (1, ["BAY 43-9006"]),
    (1, ["STRIDE"]),
    (1, ["Tecentriq 1200 mg / BEV 15 mg/kg"]),
    (1, ["trial agent 7 and TACE"]),
)
ENDS: st.SearchStrategy[str | None] = pick(
    (4, None),
    (3, "progression"),
    (3, "toxicity"),
    (1, "completed"),
    (1, "choice"),
    (1, "other"),
    (1, "deterioration"),
    (1, "death"),
)
# Days from the line's start to its stop; the second is clipped to what fits before the next line.
STOPS: st.SearchStrategy[int | None] = pick((3, None), (3, 30), (1, 0), (1, 400))
# The time point that a line names as its baseline, counted from the latest at its start.
NAMED_BASELINES = pick((2, 0), (3, 1), (2, -1), (1, 2), (1, -2), (1, 3))
NAMED: st.SearchStrategy[str | None] = pick(
    (7, None),
    (1, "targets"),
    (1, "nontargets"),
    (1, "both"),
    (1, "all targets"),
    (1, "empty"),
)
NAMED_MOSTLY: st.SearchStrategy[str | None] = pick((3, None), (3, "all targets"), (1, "targets"))
ROLES = st.sampled_from(["neither", "target", "nontarget"])

# Time points without findings, between responses: how many, and from which on.
PAUSES = pick((4, 0), (1, 1), (3, 2), (1, 3))
PAUSE_BEGINS = pick((3, 2), (2, 3), (1, 1))
# What a reader reports.
VERDICTS = ["PR", "SD", "PD", "NE", "NON-CR/NON-PD", "NED"]
REPORTED: st.SearchStrategy[str | None] = pick(
    (6, None), (2, "CR"), *((1, verdict) for verdict in VERDICTS)
)
REPORTED_MOSTLY: st.SearchStrategy[str | None] = pick(
    (4, "PR"),
    (5, "CR"),
    (3, None),
    (2, "SD"),
    (2, "NE"),
    (1, "PD"),
    (1, "NON-CR/NON-PD"),
    (1, "NED"),
)
REPORTED_RESPONSES: st.SearchStrategy[str | None] = pick((4, "PR"), (4, "CR"), (3, None), (1, "SD"))


# How sizes are written, in what form the first date is, and what lesions are called.
FORMS = pick((3, 0), (1, 1), (1, 2), (1, 3), (1, 4))
STARTS: st.SearchStrategy[int | str] = pick(
    (4, 0), (1, "2024-01-03"), (1, -30), (1, "2019-12-20"), (1, 1)
)
IDS = st.sampled_from(
    [
        ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9"],
        ["L9", "L8", "L7", "L6", "L5", "L4", "L3", "L2", "L1"],
        ["L10", "L9", "b", "B", "a", "Z", "\u00e91", "S4 a", "0"],
    ]
)
ORDERS = pick((3, "sorted"), (1, "reversed"))
