"""What lesions there are, and how large: weighted choices, sizes in micrometres."""

from __future__ import annotations

from hypothesis import strategies as st

from ._choices import Document, pick

Sort = tuple[str, str, str, Document]
"""A kind of lesion: its kind, its organ as written and as it is read, and further keys."""

# --- sizes ---------------------------------------------------------------------------------------

# The limits of the criteria, each also one micrometre above and below.
LIMITS = [limit + beside for limit in (10_000, 15_000, 20_000) for beside in (0, -1, 1)]
GRID = list(range(8_000, 60_000, 700))
FINE = [5_000 + (index * 7_919) % 45_000 for index in range(40)]
SMALL = [100, 1_000, 4_999, 5_000, 8_000, 9_900]
_SIZES = [30_000, 20_000, 40_000, 50_000, 15_000, 10_000] * 3 + LIMITS * 4 + GRID + FINE + SMALL
SIZES = st.sampled_from(_SIZES)
_LARGE = [30_000, 20_000, 40_000, 60_000, 50_000, 25_000, *GRID[20:], *FINE]
LARGE = st.sampled_from(_LARGE)
LARGEST = 1_000_000
# The same, or none: what the first time point says has another form.
SIZES_OR_ODD = st.sampled_from([*_SIZES, *[None] * (len(_SIZES) // 7)])
LARGE_OR_ODD = st.sampled_from([*_LARGE, *[None] * (len(_LARGE) // 7)])

# --- kinds ---------------------------------------------------------------------------------------

LIVER: Sort = ("nodule", "liver", "liver", {})
LESIONS: st.SearchStrategy[Sort] = pick(
    (10, LIVER),
    (1, ("nodule", " Liver", "liver", {})),
    (1, ("nodule", "left  liver", "liver", {})),
    (2, ("nodule", "liver", "liver", {"enhancement": "none"})),
    (2, ("nodule", "liver", "liver", {"treated": True})),
    (1, ("nodule", "LIVER right", "liver", {"enhancement": "arterial", "treated": False})),
    (1, ("nodule", "liver bilateral", "liver", {})),
    (1, ("nodule", "Both liver", "liver", {"treated": True})),
    (2, ("nodule", "lung", "lung", {})),
    (1, ("nodule", "Left lung", "lung", {})),
    (1, ("nodule", "both LUNGS", "lung", {})),
    (1, ("nodule", "lung", "lung", {"treated": True})),
    (1, ("nodule", "left adrenal gland", "adrenal", {})),
    (1, ("nodule", "Adrenals", "adrenal", {"enhancement": "none"})),
    (1, ("nodule", "liver lobe", "liver lobe", {})),
    (4, ("node", "mediastinum", "", {})),
    (1, ("node", "left axilla", "", {"hilar": False})),
    (1, ("node", "axilla", "", {"treated": True})),
    (4, ("node", "porta hepatis", "", {"hilar": True})),
    (6, ("effusion", "pleura", "pleura", {})),
    (3, ("thrombus", "portal vein", "portal vein", {})),
    (2, ("infiltrative", "liver", "liver", {})),
    (1, ("infiltrative", "liver", "liver", {"treated": True})),
    (3, ("other", "bone", "bone", {})),
)
CROWD: st.SearchStrategy[Sort] = pick(
    (4, LIVER),
    (1, ("nodule", "liver, left", "liver, left", {})),
    (2, ("nodule", "lungs", "lung", {})),
    (2, ("nodule", "Right Lung", "lung", {})),
    (2, ("nodule", "bilateral kidneys", "kidney", {})),
    (1, ("nodule", "kidney left", "kidney", {})),
    (2, ("nodule", "ovaries", "ovary", {})),
    (1, ("nodule", "ovary", "ovary", {})),
    (1, ("nodule", "right breast", "breast", {})),
    (1, ("nodule", "Breasts", "breast", {})),
    (1, ("nodule", "adrenal glands", "adrenal", {})),
    (2, ("nodule", "adrenal", "adrenal", {})),
    (2, ("nodule", "brain", "brain", {})),
    (2, ("node", "mediastinum", "", {})),
    (2, ("node", "axilla", "", {})),
    (1, ("node", "porta hepatis", "", {"hilar": True})),
)
# A lesion in each of many organs: one after the other, so that leaders alone may exceed five.
ORGANS: list[Sort] = [
    LIVER,
    ("nodule", "lung", "lung", {}),
    ("node", "mediastinum", "", {}),
    ("nodule", "kidney", "kidney", {}),
    ("nodule", "adrenal", "adrenal", {}),
    ("nodule", "brain", "brain", {}),
    ("nodule", "breast", "breast", {}),
    LIVER,
    ("nodule", "lung", "lung", {}),
]
# One organ in many spellings, so that its third lesion shows whether they were read as one.
SAME_ORGAN: st.SearchStrategy[Sort] = pick(
    (3, ("nodule", "adrenal", "adrenal", {})),
    (2, ("nodule", "left adrenal gland", "adrenal", {})),
    (2, ("nodule", "Adrenals", "adrenal", {})),
    (2, ("nodule", "both adrenal glands", "adrenal", {})),
    (1, ("nodule", "adrenal medulla", "adrenal medulla", {})),
    (1, ("nodule", "thyroid", "thyroid", {})),
    (1, ("nodule", "thyroid gland", "thyroid gland", {})),
    (1, ("nodule", "bilateral lungs", "lung", {})),
    (1, ("nodule", "lung", "lung", {})),
    (1, ("nodule", "right  Lung ", "lung", {})),
)
NODES: st.SearchStrategy[Sort] = pick(
    (2, ("node", "mediastinum", "", {})),
    (3, ("node", "porta hepatis", "", {"hilar": True})),
)
MEASURED: st.SearchStrategy[Sort] = pick(
    (6, LIVER),
    (1, ("nodule", "Right liver", "liver", {"treated": True})),
    (1, ("nodule", "Segment VIII", "liver", {})),
    (1, ("nodule", "hepatic flexure", "hepatic flexure", {})),
    (1, ("nodule", "liver", "liver", {"enhancement": "none"})),
    (2, ("nodule", "lung", "lung", {})),
    (2, ("node", "mediastinum", "", {})),
    (1, ("node", "porta hepatis", "", {"hilar": True})),
)
UNMEASURED: st.SearchStrategy[Sort] = pick(
    (3, ("thrombus", "portal vein", "portal vein", {})),
    (3, ("infiltrative", "liver", "liver", {})),
    (3, ("other", "bone", "bone", {})),
    (4, ("effusion", "peritoneum", "peritoneum", {})),
    (1, ("node", "mediastinum", "", {})),
)

NEWCOMERS: st.SearchStrategy[Sort] = pick(
    (6, LIVER),
    (1, ("nodule", "liver", "liver", {"enhancement": "none"})),
    (1, ("nodule", "lung", "lung", {})),
    (1, ("node", "mediastinum", "", {})),
    (1, ("node", "porta hepatis", "", {"hilar": True})),
    (1, ("other", "bone", "bone", {})),
)

# Which sizes a nodule is recorded with: how the whole diameter follows the viable one.
WHOLE = pick((5, "equal"), (2, "wider"), (2, "fixed"), (1, "viable only"), (1, "longest only"))
# When a lesion is first seen: from the first time point on, or later.
ENTRY = pick((7, "at once"), (1, "later, silent before"), (1, "later, absent before"))
ENTRY_LATE = pick((1, "at once"), (2, "later, silent before"), (1, "later, absent before"))
# Which time point after the first that is.
ENTRY_AT = pick((6, 1), (3, 2), (2, 3), (1, 4))
