"""Hypothesis strategies for valid case documents (`mrecist-case/1`).

`case_documents()` promises documents that are valid by the document format, made of plain JSON
values, and that reach the corners of the specification often: totals exactly on a threshold of the
line they belong to or one micrometre beside it, time points on day 41, 42 and 43, and so on. To
place totals it keeps a rough idea of each line's targets; where that idea is wrong, the document is
as valid as ever.

Every list to draw from begins with its simplest member, since Hypothesis shrinks towards the first.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]
Draw = st.DrawFn


def _pick(*weighted: tuple[int, Any]) -> st.SearchStrategy[Any]:
    """One of the values, each as often as its weight says; shrinks to the first."""
    spread: list[Any] = []
    for weight, value in weighted:
        spread.extend([value] * weight)
    return st.sampled_from(spread)


def _rarely(one_in: int) -> st.SearchStrategy[bool]:
    """True about once in so many draws; shrinks to False."""
    return st.sampled_from([False] * (one_in - 1) + [True])


# --- sizes, in micrometres -----------------------------------------------------------------------

# The limits of section 1, each also one micrometre above and below.
_LIMITS = [limit + beside for limit in (10_000, 15_000, 20_000) for beside in (0, -1, 1)]
_GRID = list(range(8_000, 60_000, 700))
_FINE = [5_000 + (index * 7_919) % 45_000 for index in range(40)]
_SMALL = [100, 1_000, 4_999, 5_000, 8_000, 9_900]
_SIZES = st.sampled_from(
    [30_000, 20_000, 40_000, 50_000, 15_000, 10_000] * 3 + _LIMITS * 4 + _GRID + _FINE + _SMALL
)
_LARGE = st.sampled_from([30_000, 20_000, 40_000, 60_000, 50_000, 25_000, *_GRID[20:], *_FINE])
_LARGEST = 1_000_000

# What the total of a line's targets is to become: (anchor, micrometres beside it).
_GOALS = _pick(
    (4, ("same", 0)),
    (4, ("0.7 B", 0)),
    (2, ("0.7 B", 1)),
    (2, ("0.7 B", -1)),
    (4, ("1.2 N", 0)),
    (2, ("1.2 N", -1)),
    (2, ("1.2 N", 1)),
    (3, ("N + 5", 0)),
    (2, ("N + 5", -1)),
    (1, ("N + 5", 1)),
    (3, ("0.4 B", 0)),
    (1, ("0.4 B", 123)),
    (2, ("1.1 N", 0)),
    (1, ("B", 0)),
    (1, ("B", -1)),
    (1, ("N", 0)),
    (1, ("N", 1)),
    (1, ("1.6 N", 0)),
    (1, ("tiny", 0)),
    (1, ("zero", 0)),
)
# Towards responses, for lines that are to respond and stay so.
_RESPONDING = _pick(
    (4, ("0.4 B", 0)),
    (3, ("0.7 B", 0)),
    (2, ("same", 0)),
    (2, ("N", 0)),
    (2, ("zero", 0)),
    (1, ("0.7 B", 1)),
    (1, ("1.1 N", 0)),
    (1, ("1.2 N", -1)),
    (1, ("1.2 N", 0)),
)

# --- lesions: (kind, organ as written, organ as read, further keys) ------------------------------

_LIVER: tuple[str, str, str, Document] = ("nodule", "liver", "liver", {})
_LESIONS = _pick(
    (10, _LIVER),
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
_CROWD = _pick(
    (4, _LIVER),
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
_ORGANS: list[tuple[str, str, str, Document]] = [
    _LIVER,
    ("nodule", "lung", "lung", {}),
    ("node", "mediastinum", "", {}),
    ("nodule", "kidney", "kidney", {}),
    ("nodule", "adrenal", "adrenal", {}),
    ("nodule", "brain", "brain", {}),
    ("nodule", "breast", "breast", {}),
    _LIVER,
    ("nodule", "lung", "lung", {}),
]
# One organ in many spellings, so that its third lesion shows whether they were read as one.
_SAME_ORGAN = _pick(
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
_NODES = _pick(
    (2, ("node", "mediastinum", "", {})),
    (3, ("node", "porta hepatis", "", {"hilar": True})),
)
_MEASURED = _pick(
    (6, _LIVER),
    (1, ("nodule", "Right liver", "liver", {"treated": True})),
    (1, ("nodule", "liver", "liver", {"enhancement": "none"})),
    (2, ("nodule", "lung", "lung", {})),
    (2, ("node", "mediastinum", "", {})),
    (1, ("node", "porta hepatis", "", {"hilar": True})),
)
_UNMEASURED = _pick(
    (3, ("thrombus", "portal vein", "portal vein", {})),
    (3, ("infiltrative", "liver", "liver", {})),
    (3, ("other", "bone", "bone", {})),
    (4, ("effusion", "peritoneum", "peritoneum", {})),
    (1, ("node", "mediastinum", "", {})),
)

_NEWCOMERS = _pick(
    (6, _LIVER),
    (1, ("nodule", "liver", "liver", {"enhancement": "none"})),
    (1, ("nodule", "lung", "lung", {})),
    (1, ("node", "mediastinum", "", {})),
    (1, ("node", "porta hepatis", "", {"hilar": True})),
    (1, ("other", "bone", "bone", {})),
)

# How large a flavour's crowd of lesions is, and which kinds it draws from.
_FEW = _pick((4, 1), (3, 2), (2, 3))
_SOME = _pick((2, 1), (4, 2), (4, 3), (2, 4), (1, 5), (1, 6))
_SEVERAL = _pick((2, 3), (2, 4), (1, 5))
_FIVE_OR_SO = _pick((2, 5), (3, 6), (1, 4), (1, 7), (1, 8), (1, 9))
_MANY = _pick((1, 6), (1, 7), (1, 8), (1, 9))

# Which sizes a nodule is recorded with: how the whole diameter follows the viable one.
_WHOLE = _pick((5, "equal"), (2, "wider"), (2, "fixed"), (1, "viable only"), (1, "longest only"))
# When a lesion is first seen: from the first time point on, or later.
_ENTRY = _pick((7, "at once"), (1, "later, silent before"), (1, "later, absent before"))
_ENTRY_LATE = _pick((2, "later, silent before"), (1, "later, absent before"), (1, "at once"))

# --- time points and lines -----------------------------------------------------------------------

_FLAVOURS = _pick(
    (6, "steered"),
    (4, "mixed"),
    (4, "responding"),
    (4, "reported"),
    (6, "candidates"),
    (2, "effusions"),
    (2, "nodes"),
    (2, "unmeasured"),
    (1, "crowd"),
    (1, "same organ"),
    (1, "many organs"),
    (1, "clean"),
)
_LINES = _pick((6, 1), (5, 2), (3, 3), (1, 4), (1, 5))
_FOLLOWUPS = _pick((5, 2), (4, 1), (4, 3), (3, 4), (1, 5), (1, 0))
_MORE_FOLLOWUPS = _pick((5, 3), (3, 2), (4, 4), (3, 5), (1, 6), (1, 1))
# From the latest time point to the line's start, and whether a scan of its own precedes it.
_OPENINGS = _pick(
    (8, (0, False)),
    (3, (7, False)),
    (2, (28, False)),
    (2, (29, False)),
    (1, (1, False)),
    (1, (60, False)),
    (2, (0, True)),
    (1, (14, True)),
)
# The next time point: days from the line's start, or from the previous time point.
_STEPS = _pick(
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
_TIGHT_STEPS = _pick(
    (5, ("previous", 28)),
    (6, ("previous", 27)),
    (6, ("previous", 14)),
    (2, ("start", 42)),
    (1, ("start", 41)),
    (1, ("previous", 29)),
    (1, ("previous", 13)),
)
_AGENTS = _pick(
    (3, ["sorafenib"]),
    (2, ["Nexavar"]),
    (2, ["lenvatinib"]),
    (1, ["LENVIMA"]),
    (1, ["Kisplyx"]),
    (2, ["atezolizumab", "bevacizumab"]),
    (1, ["Tecentriq", "Avastin"]),
    (1, ["regorafenib"]),
    (1, ["stivarga"]),
    (1, ["cabozantinib"]),
    (1, ["Cabometyx", "nivolumab"]),
    (1, ["cometriq"]),
    (1, ["ramucirumab", "Cyramza"]),
    (1, ["durvalumab", "tremelimumab"]),
    (1, ["Imfinzi", "Imjudo"]),
    (1, ["Opdivo", "Yervoy"]),
    (1, ["ipilimumab", "SORAFENIB"]),
    (1, ["pembrolizumab", "Lenvatinib"]),
    (1, ["Keytruda", "trial agent 7"]),
)
_ENDS = _pick(
    (4, None),
    (3, "progression"),
    (3, "toxicity"),
    (1, "completed"),
    (1, "choice"),
    (1, "other"),
)
# Days from the line's start to its stop; the second is clipped to what fits before the next line.
_STOPS = _pick((3, None), (3, 30), (1, 0), (1, 400))
_NAMED = _pick(
    (7, None),
    (1, "targets"),
    (1, "nontargets"),
    (1, "both"),
    (1, "all targets"),
    (1, "empty"),
)
_NAMED_MOSTLY = _pick((3, None), (3, "all targets"), (1, "targets"))
_ROLES = st.sampled_from(["neither", "target", "nontarget"])

# --- what happens at one time point --------------------------------------------------------------

_PLANS = {
    "steered": _pick(
        (9, "steer"), (1, "gone"), (1, "mixed"), (1, "portal"), (1, "unseen"), (1, "empty")
    ),
    "mixed": _pick((4, "mixed"), (2, "steer"), (1, "gone"), (1, "portal"), (1, "unseen")),
    "responding": _pick(
        (6, "steer"), (5, "gone"), (1, "unseen"), (1, "empty"), (1, "gone but one"),
        (2, "gone, one unseen"), (1, "portal"), (1, "mixed"), (2, "gone, others unseen"),
    ),
    "reported": _pick(
        (7, "empty"), (2, "unseen"), (1, "steer"), (1, "gone"), (1, "mixed"),
        (1, "gone, others unseen"),
    ),
}  # fmt: skip
for _flavour in ("candidates", "effusions", "nodes", "crowd", "same organ", "many organs"):
    _PLANS[_flavour] = _PLANS["steered"]
_PLANS["clean"] = _PLANS["unmeasured"] = _PLANS["responding"]

_OTHERS = _pick((6, "keep"), (2, "gone"), (1, "progressed"), (1, "skip"))
_HOW_GONE = _pick((2, "absent"), (2, "zero"), (2, "below ten"))
_PAUSES = _pick((4, 0), (1, 1), (3, 2), (1, 3))
_PAUSE_BEGINS = _pick((3, 2), (2, 3), (1, 1))
_VERDICTS = ["PR", "SD", "PD", "NE", "NON-CR/NON-PD"]
_REPORTED = _pick((6, None), (2, "CR"), *((1, verdict) for verdict in _VERDICTS))
_REPORTED_MOSTLY = _pick((4, "PR"), (5, "CR"), (3, None), (2, "SD"), (2, "NE"), (1, "PD"),
                         (1, "NON-CR/NON-PD"))  # fmt: skip
_REPORTED_RESPONSES = _pick((4, "PR"), (4, "CR"), (3, None), (1, "SD"))

_ACTIONS = _pick(
    (5, "keep"),
    (4, "size"),
    (2, "skip"),
    (1, "not evaluable"),
    (1, "absent"),
    (1, "absent, size 0"),
    (1, "zero"),
    (1, "below ten"),
    (2, "too small"),
    (1, "too small with size"),
    (2, "present"),
    (1, "present with size"),
    (2, "progressed"),
    (1, "progressed with size"),
    (1, "unsized"),
    (1, "equivocal"),
    (1, "viable above whole"),
    (1, "biopsy"),
)
_EXCEPTIONS = _pick(
    (2, "skip"),
    (1, "not evaluable"),
    (1, "unsized"),
    (1, "present"),
    (1, "progressed"),
    (1, "progressed with size"),
    (1, "viable above whole"),
    (1, "too small"),
    (1, "absent"),
    (1, "equivocal"),
)
# A liver nodule first seen later: its first sight, and what it does then.
_NODULE_SEEN = _pick(
    (3, "size"),
    (3, "too small"),
    (1, "typical"),
    (3, "typical at ten"),
    (2, "typical below ten"),
    (1, "equivocal"),
    (1, "present"),
    (2, "biopsy"),
    (1, "unsized"),
    (1, "zero"),
)
_NODULE_THEN = _pick(
    (2, "keep"),
    (6, ("grow", 10_000)),
    (6, ("grow", 9_999)),
    (1, ("grow", 10_001)),
    (1, ("grow", 1_000)),
    (1, "size"),
    (2, "typical"),
    (3, "typical at ten"),
    (1, "typical below ten"),
    (6, "biopsy"),
    (3, "biopsy, no longer seen"),
    (1, "absent"),
    (1, "skip"),
    (1, "not evaluable"),
    (1, "too small"),
    (1, "too small, typical"),
    (1, "present"),
    (1, "unsized"),
    (1, "zero"),
)
# The same of any other lesion.
_OTHER_SEEN = _pick((3, "equivocal"), (3, "size"), (1, "present"), (1, "unsized"), (1, "zero"))
_OTHER_THEN = _pick(
    (2, "keep"),
    (5, "equivocal"),
    (3, "absent"),
    (2, "size"),
    (1, "skip"),
    (1, "not evaluable"),
    (1, "below ten"),
    (1, "too small"),
    (1, "present"),
    (1, "progressed"),
    (1, "unsized"),
    (1, "zero"),
    (1, "typical"),
    (1, "biopsy"),
)
# A node at the first time point.
_NODE_AT_FIRST = _pick(
    (4, "size"),
    (2, "present"),
    (1, "progressed"),
    (1, "unsized"),
    (1, "equivocal"),
    (1, "not evaluable"),
    (1, "present with size"),
)
# An effusion: (status, cytology).
_EFFUSIONS = _pick(
    (4, ("present", None)),
    (3, ("present", "positive")),
    (3, ("progressed", None)),
    (2, ("progressed", "positive")),
    (1, ("progressed", "negative")),
    (2, ("absent", None)),
    (1, ("absent", "positive")),
    (1, ("present", "negative")),
    (1, ("measured", None)),
    (1, ("measured", "not done")),
    (1, ("zero", "positive")),
    (1, ("zero", None)),
    (1, ("not evaluable", None)),
    (1, ("not evaluable", "positive")),
    (1, (None, None)),
    (1, ("too small", None)),
)
_EFFUSIONS_AT_FIRST = _pick(
    (4, ("present", None)),
    (4, ("present", "positive")),
    (3, ("absent", None)),
    (1, ("not evaluable", None)),
    (1, ("zero", "positive")),
    (1, ("zero", None)),
    (1, ("absent", "positive")),
    (2, (None, None)),
)

_BIOPSIES = _pick((6, "positive"), (1, "negative"), (1, "not done"))
_PATTERNS = _pick((3, "typical"), (1, "atypical"), (1, "unknown"))

# --- documents as a whole ------------------------------------------------------------------------

_FORMS = _pick((3, 0), (1, 1), (1, 2), (1, 3), (1, 4))
_STARTS = _pick((4, 0), (1, "2024-01-03"), (1, -30), (1, "2019-12-20"), (1, 1))
_IDS = st.sampled_from(
    [
        ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9"],
        ["L9", "L8", "L7", "L6", "L5", "L4", "L3", "L2", "L1"],
        ["L10", "L9", "b", "B", "a", "Z", "\u00e91", "S4 a", "0"],
    ]
)
# Left out again at the end; "left out" comes first, so that shrinking can take anything away.
_LEFT_OUT = st.sampled_from([True] + [False] * 39)
_ORDERS = _pick((3, "sorted"), (1, "reversed"))
_EVENLY, _ONE_IN_4, _ONE_IN_6 = _rarely(2), _rarely(4), _rarely(6)
_ONE_IN_8, _ONE_IN_12 = _rarely(8), _rarely(12)
_INDICES = [st.integers(0, last) for last in range(20)]


class _Lesion:
    """A lesion of the draft: its entry in the document, and what is known of its course."""

    def __init__(self, entry: Document, organ: str, whole: str) -> None:
        self.entry = entry
        self.id: str = entry["id"]
        self.kind: str = entry["kind"]
        self.organ = organ
        self.whole = whole
        self.first_index = 0  # the time point that first sees it
        self.absent_before = False
        self.size = 20_000  # the latest size above 0
        self.size_at_first: int | None = None
        self.widest = 0

    @property
    def is_liver_nodule(self) -> bool:
        """A nodule of the liver, however the organ is written."""
        return self.kind == "nodule" and self.organ == "liver"

    @property
    def by_viable(self) -> bool:
        """Measured by its viable diameter under mRECIST."""
        return self.is_liver_nodule and self.entry.get("enhancement") != "none"

    @property
    def measurable(self) -> bool:
        """Of a kind that may be a target."""
        return self.kind in ("nodule", "node")

    @property
    def smallest_target(self) -> int:
        """The smallest target of its kind, by the stricter criteria."""
        if self.kind != "node":
            return 10_000
        return 20_000 if self.entry.get("hilar") else 15_000


class _Line:
    """A line of the draft: days, and the rough idea of its targets and totals."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.named_baseline: int | None = None  # index of a time point
        self.named: dict[str, list[str]] = {}
        self.targets: list[_Lesion] | None = None  # not yet looked at
        self.total_at_baseline = 0
        self.nadir = 0
        self.total = 0


def _written(micrometres: int, form: int) -> int | float | str:
    """One of the ways a document may write a size; form 0 is the plain number."""
    whole, rest = divmod(micrometres, 1000)
    plain = f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
    if form == 1:
        return micrometres / 1000
    if form == 2:
        return plain
    if form == 3:
        if whole == 0 and rest:
            return f".{rest:03d}"
        return f"{plain}." if rest == 0 else f" {whole}.{rest:03d} "
    if form == 4:
        # Below a micrometre: rounds to the same, exactly half to the even neighbour.
        return f"{whole}.{rest:03d}5" if micrometres % 2 == 0 else f"{whole}.{rest:03d}49"
    return whole if rest == 0 else micrometres / 1000


class _Writer:
    """Writes sizes in the forms that the document mixes, in turn."""

    def __init__(self, forms: Sequence[int]) -> None:
        self.forms = forms
        self.count = 0

    def __call__(self, micrometres: int) -> int | float | str:
        self.count += 1
        micrometres = max(0, min(micrometres, _LARGEST - 1))
        return _written(micrometres, self.forms[self.count % len(self.forms)])


def _sizes(lesion: _Lesion, size: int, write: _Writer) -> Document:
    """The size keys of a finding on this lesion."""
    if lesion.kind == "node":
        return {"short_axis_mm": write(size)}
    if not lesion.by_viable:
        if lesion.is_liver_nodule and lesion.whole in ("wider", "fixed"):
            return {"longest_mm": write(size), "viable_mm": write(size // 2)}
        return {"longest_mm": write(size)}
    if lesion.whole == "viable only":
        return {"viable_mm": write(size)}
    if lesion.whole == "longest only":
        return {"longest_mm": write(size)}
    whole = size
    if lesion.whole == "wider":
        whole = size + 10_000
    elif lesion.whole == "fixed":
        lesion.widest = max(lesion.widest, size)
        whole = lesion.widest
    return {"viable_mm": write(size), "longest_mm": write(whole)}


def _finding(
    draw: Draw, lesion: _Lesion, action: Any, write: _Writer
) -> tuple[Document | None, int | None]:
    """A finding, and the size (micrometres) that the lesion's main diameter has by it, if any."""
    finding: Document = {"lesion": lesion.id}
    size: int | None = lesion.size
    if isinstance(action, tuple):  # ("grow", by) since first seen, or ("set", size)
        word, by = action
        size = by if word == "set" else (lesion.size_at_first or 0) + by
        finding.update(_sizes(lesion, size, write))
    elif action == "skip":
        return None, None
    elif action == "keep":
        finding.update(_sizes(lesion, lesion.size, write))
    elif action == "size":
        size = draw(_SIZES)
        finding.update(_sizes(lesion, size, write))
    elif action in ("absent", "not evaluable"):
        finding["status"] = action
        size = 0 if action == "absent" else None
    elif action == "absent, size 0":
        finding["status"] = "absent"
        finding.update(dict.fromkeys(_sizes(lesion, 0, write), 0))
        size = 0
    elif action == "zero":
        # The viable part is gone; what the whole measures goes on as before.
        finding.update(_sizes(lesion, 0, write))
        size = 0
    elif action == "below ten":
        size = 9_999 if lesion.kind == "node" else 0
        finding.update(_sizes(lesion, size, write))
    elif action in ("too small", "too small, typical"):
        finding["status"] = "too small"
        if action == "too small, typical":
            finding["pattern"] = "typical"
        size = 5_000
    elif action == "too small with size":
        finding["status"] = "too small"
        finding.update(_sizes(lesion, 12_000, write))
        size = 5_000
    elif action in ("present", "progressed"):
        finding["status"] = action
        size = None
    elif action in ("present with size", "progressed with size"):
        finding["status"] = action.removesuffix(" with size")
        size = draw(_SIZES)
        finding.update(_sizes(lesion, size, write))
    elif action == "unsized":
        # A size is written, but not the one that counts under one of the criteria or both.
        key = "viable_mm" if lesion.kind == "nodule" and not lesion.by_viable else "longest_mm"
        finding[key if lesion.measurable else "short_axis_mm"] = write(lesion.size)
        size = None
    elif action == "equivocal":
        finding["equivocal"] = True
        finding.update(_sizes(lesion, lesion.size, write))
    elif action == "viable above whole":
        finding["viable_mm"] = write(lesion.size)
        finding["longest_mm"] = write(max(0, lesion.size - 1))
        if lesion.kind == "node":
            finding["short_axis_mm"] = write(lesion.size)
        size = lesion.size
    elif action == "biopsy":
        finding["biopsy"] = draw(_BIOPSIES)
        finding.update(_sizes(lesion, lesion.size, write))
    elif action == "biopsy, no longer seen":
        finding["status"] = "absent"
        finding["biopsy"] = "positive"
        size = 0
    elif action == "typical":
        finding["pattern"] = draw(_PATTERNS)
        finding.update(_sizes(lesion, lesion.size, write))
    elif action == "typical at ten":
        finding["pattern"] = "typical"
        size = 10_000
        finding.update(_sizes(lesion, size, write))
    else:  # "typical below ten"
        finding["pattern"] = "typical"
        size = 9_999
        finding.update(_sizes(lesion, size, write))
    return finding, size


def _effusion(
    lesion: _Lesion, state: tuple[str | None, str | None], write: _Writer
) -> Document | None:
    """A finding on an effusion."""
    status, cytology = state
    finding: Document = {"lesion": lesion.id}
    if status is None:
        return None
    if status == "zero":
        finding["longest_mm"] = write(0)
    elif status == "measured":
        finding["longest_mm"] = write(lesion.size)
    else:
        finding["status"] = status
    if cytology is not None:
        finding["cytology"] = cytology
    return finding


# --- lesions, dates, lines -----------------------------------------------------------------------


def _draw_lesions(draw: Draw, flavour: str, most: int, scans: int) -> list[_Lesion]:
    """The lesions of the case, with the time point at which each is first seen."""
    if flavour == "crowd":
        number, kinds = draw(_MANY), _CROWD
    elif flavour == "same organ":
        number, kinds = draw(_SEVERAL), _SAME_ORGAN
    elif flavour == "many organs":
        number, kinds = draw(_FIVE_OR_SO), _CROWD
    elif flavour == "unmeasured":
        number, kinds = draw(_FEW), _UNMEASURED
    elif flavour in ("responding", "candidates", "clean"):
        number, kinds = draw(_FEW), _LESIONS
    else:
        number, kinds = draw(_SOME), _LESIONS
    if flavour == "clean" and draw(_ONE_IN_4):
        number = 0
    names = draw(_IDS)
    lesions = []
    for index in range(min(number, most, len(names))):
        if flavour == "effusions" and index == 0:
            kind, text, organ, more = "effusion", "pleura", "pleura", {}
        elif flavour == "candidates" and index == 0:
            kind, text, organ, more = draw(_NEWCOMERS)
        elif flavour == "many organs":
            kind, text, organ, more = _ORGANS[index]
        elif flavour == "nodes" and index == 0:
            kind, text, organ, more = draw(_NODES)
        elif flavour in ("steered", "responding") and index == 0:
            kind, text, organ, more = draw(_MEASURED)
        else:
            kind, text, organ, more = draw(kinds)
        entry = {"id": names[index], "organ": text, "kind": kind, **more}
        lesion = _Lesion(entry, organ, draw(_WHOLE) if organ == "liver" else "equal")
        late = (flavour == "candidates" and index == 0) or flavour == "clean"
        when = draw(_ENTRY_LATE if late else _ENTRY)
        if when != "at once" and scans > 1:
            lesion.first_index = 1 + draw(_INDICES[min(scans - 2, 4)])
            lesion.absent_before = when == "later, absent before"
        lesions.append(lesion)
    return lesions


def _draw_days(
    draw: Draw, flavour: str, most_lines: int, most_scans: int
) -> tuple[list[int], list[int]]:
    """The days of the time points and of the lines' starts, counted from the first event."""
    followups, steps = _FOLLOWUPS, _STEPS
    if flavour in ("responding", "reported"):
        followups, steps = _MORE_FOLLOWUPS, _TIGHT_STEPS
    scans: list[int] = []
    starts: list[int] = []
    number = min(draw(_LINES), most_lines)
    if draw(_ONE_IN_12):
        starts.append(0)  # no time point on or before the first start
    else:
        scans.append(0)
        starts.append(draw(_OPENINGS)[0])
    for index in range(number):
        if index > 0:
            wait, own_scan = draw(_OPENINGS)
            latest = max([*scans, starts[-1]])
            if own_scan and len(scans) < most_scans:
                scans.append(latest + 20)
                latest = scans[-1]
            starts.append(latest + wait if latest + wait > starts[-1] else starts[-1] + 21)
        for _ in range(draw(followups)):
            if len(scans) >= most_scans:
                break
            since, days = draw(steps)
            previous = scans[-1] if scans else starts[-1]
            day = starts[-1] + days if since == "start" else previous + days
            scans.append(day if day > previous else previous + 28)
    return scans, starts


def _draw_lines(
    draw: Draw,
    flavour: str,
    scans: list[int],
    starts: list[int],
    lesions: list[_Lesion],
    named: bool,
) -> list[_Line]:
    """The lines, with what they name."""
    lines = []
    for index, start in enumerate(starts):
        line = _Line(start)
        lines.append(line)
        if not named:
            continue
        if scans != [] and draw(_ONE_IN_6):
            following = starts[index + 1] if index + 1 < len(starts) else None
            allowed = [
                scan for scan, day in enumerate(scans) if following is None or day <= following
            ]
            if allowed:
                back = draw(_INDICES[min(len(allowed) - 1, 4)])
                line.named_baseline = allowed[len(allowed) - 1 - back]
        how = draw(_NAMED_MOSTLY if flavour == "many organs" else _NAMED)
        if how is None:
            continue
        targets: list[str] = []
        nontargets: list[str] = []
        if how == "all targets":
            targets = [lesion.id for lesion in lesions]
        elif how != "empty":
            for lesion in lesions:
                role = draw(_ROLES)
                if role == "target":
                    targets.append(lesion.id)
                elif role == "nontarget":
                    nontargets.append(lesion.id)
        if how in ("targets", "both", "all targets", "empty"):
            line.named["targets"] = targets
        if how in ("nontargets", "both"):
            line.named["nontargets"] = nontargets
    return lines


def _likely_targets(
    line: _Line, lesions: list[_Lesion], sizes: dict[str, int | None]
) -> list[_Lesion]:
    """A rough idea of the line's targets; a wrong one only spoils the aim."""
    if "targets" in line.named:
        return [lesion for lesion in lesions if lesion.id in line.named["targets"]]
    fit = []
    for lesion in lesions:
        size = sizes.get(lesion.id)
        if lesion.id in line.named.get("nontargets", []):
            continue
        if lesion.measurable and size is not None and size >= lesion.smallest_target:
            fit.append((-size, lesion.id, lesion))
    fit.sort(key=lambda item: item[:2])
    chosen: list[list[_Lesion]] = [[], []]
    seen: dict[str, int] = {}
    for _, _, lesion in fit:
        count = seen.get(lesion.organ, 0)
        seen[lesion.organ] = count + 1
        if count < 2:
            chosen[count].append(lesion)
    return (chosen[0][:5] + chosen[1])[:5]


# --- findings ------------------------------------------------------------------------------------


def _goal(line: _Line, anchor: str, beside: int) -> int:
    """The total, in micrometres, that the anchor stands for on this line."""
    baseline, nadir = line.total_at_baseline, line.nadir
    if anchor == "0.7 B":
        total = 7 * baseline // 10
    elif anchor == "0.4 B":
        total = 4 * baseline // 10
    elif anchor == "1.2 N":
        total = -(-6 * nadir // 5)
    elif anchor == "1.1 N":
        total = 11 * nadir // 10
    elif anchor == "1.6 N":
        total = 16 * nadir // 10
    elif anchor == "N + 5":
        total = nadir + 5_000
    elif anchor == "N":
        total = nadir
    elif anchor == "B":
        total = baseline
    elif anchor == "tiny":
        total = 3_000
    elif anchor == "zero":
        total = 0
    else:
        total = line.total
    return max(0, total + beside)


def _share(total: int, lesions: list[_Lesion]) -> dict[str, int]:
    """The total spread over the lesions in proportion to their latest sizes, to the micrometre."""
    whole = sum(lesion.size for lesion in lesions)
    shares: dict[str, int] = {}
    left = total
    for lesion in lesions[1:]:
        # On a 0.1 mm grid, so that only the first carries the odd micrometres.
        shares[lesion.id] = total * lesion.size // whole // 100 * 100
        left -= shares[lesion.id]
    shares[lesions[0].id] = left
    return shares


class _TimePoint:
    """Draws one time point after the other, keeping the totals of the line it steers."""

    def __init__(self, draw: Draw, flavour: str, lesions: list[_Lesion], write: _Writer) -> None:
        self.draw = draw
        self.flavour = flavour
        self.lesions = lesions
        self.write = write
        # A run of time points without findings, between responses.
        self.pause = range(0)
        if flavour in ("responding", "reported"):
            length = draw(_PAUSES)
            if length:
                begin = draw(_PAUSE_BEGINS)
                self.pause = range(begin, begin + length)

    def first(self) -> tuple[list[Document], dict[str, int | None]]:
        """The findings of the first time point: mostly sizes that make targets."""
        draw = self.draw
        findings: list[Document] = []
        sizes: dict[str, int | None] = {}
        large = self.flavour in ("steered", "responding", "reported")
        for lesion in self.lesions:
            if lesion.first_index > 0:
                self._before(lesion, findings)
                continue
            finding: Document | None
            if lesion.kind == "effusion":
                self._add(findings, _effusion(lesion, draw(_EFFUSIONS_AT_FIRST), self.write))
                continue
            if not lesion.measurable:
                finding = {"lesion": lesion.id, "status": "present"}
            elif lesion.kind == "node" and self.flavour == "nodes":
                action = draw(_NODE_AT_FIRST)
                finding, sizes[lesion.id] = _finding(draw, lesion, action, self.write)
                lesion.size = sizes[lesion.id] or lesion.size
            elif self.flavour != "steered" and draw(_ONE_IN_8):
                finding, sizes[lesion.id] = _finding(draw, lesion, draw(_ACTIONS), self.write)
            else:
                lesion.size = draw(_LARGE if large else _SIZES)
                finding, sizes[lesion.id] = _finding(draw, lesion, "keep", self.write)
            self._add(findings, finding)
        return findings, sizes

    def later(
        self, index: int, line: _Line | None, opens_next: bool
    ) -> tuple[list[Document], dict[str, int | None], bool]:
        """The findings of a later time point, the sizes by them, and the arterial phase."""
        draw = self.draw
        if index in self.pause:
            return [], {}, True
        plan = draw(_PLANS[self.flavour])
        if opens_next and draw(_EVENLY):
            plan = "fresh"  # as a rule there is disease at the next line's baseline
        findings: list[Document] = []
        sizes: dict[str, int | None] = {}
        if plan == "empty":
            return findings, sizes, True
        targets = (line.targets or []) if line is not None else []
        actions: dict[str, Any] = {}
        others, how = "keep", "absent"
        if plan in ("steer", "portal"):
            others = draw(_OTHERS)
            if draw(_ONE_IN_4) and self.lesions:
                which = self.lesions[draw(_INDICES[len(self.lesions) - 1])]
                actions[which.id] = draw(_EXCEPTIONS)
            measured = [lesion for lesion in targets if lesion.id not in actions]
            if measured and line is not None:
                goal = draw(_RESPONDING if self.flavour == "responding" else _GOALS)
                shares = _share(_goal(line, *goal), measured)
                actions.update({name: ("set", size) for name, size in shares.items()})
        elif plan.startswith("gone"):
            how = draw(_HOW_GONE)
            others = "skip" if plan == "gone, others unseen" else "gone"
            actions.update({lesion.id: how for lesion in targets})
            if plan in ("gone but one", "gone, one unseen") and self.lesions:
                which = self.lesions[draw(_INDICES[len(self.lesions) - 1])]
                actions[which.id] = "keep" if plan == "gone but one" else "skip"
        for lesion in self.lesions:
            if index < lesion.first_index:
                self._before(lesion, findings)
                continue
            if plan == "unseen":
                findings.append({"lesion": lesion.id, "status": "not evaluable"})
                continue
            action = actions.get(lesion.id)
            if lesion.kind == "effusion" and action is None:
                if others == "gone":
                    state = ("absent", None)
                elif others == "keep" and self.flavour in ("steered", "responding"):
                    state = ("present", None)
                else:
                    state = draw(_EFFUSIONS)
                self._add(findings, _effusion(lesion, state, self.write))
                continue
            if action is None and plan == "fresh" and lesion.measurable:
                action = "size"
            if action is None and plan == "mixed":
                action = draw(_ACTIONS)
            if action is None and lesion.first_index > 0 and lesion not in targets:
                first = lesion.size_at_first is None
                if first:
                    lesion.size = draw(_SIZES)
                if lesion.is_liver_nodule:
                    action = draw(_NODULE_SEEN if first else _NODULE_THEN)
                else:
                    action = draw(_OTHER_SEEN if first else _OTHER_THEN)
            if action is None:
                action = self._other_action(lesion, others, how)
            finding, size = _finding(draw, lesion, action, self.write)
            self._add(findings, finding)
            if finding is None:
                continue
            if lesion.size_at_first is None and size is not None:
                lesion.size_at_first = size
            sizes[lesion.id] = None if plan == "portal" and lesion.by_viable else size
            if size:
                lesion.size = size
        return findings, sizes, plan != "portal"

    @staticmethod
    def _other_action(lesion: _Lesion, others: str, how: str) -> str:
        """What a lesion that is no target does."""
        if others == "gone":
            return how if lesion.measurable else "absent"
        if others == "keep":
            return "keep" if lesion.measurable else "present"
        return others

    @staticmethod
    def _before(lesion: _Lesion, findings: list[Document]) -> None:
        """A time point before the lesion is first seen."""
        if lesion.absent_before:
            findings.append({"lesion": lesion.id, "status": "absent"})

    @staticmethod
    def _add(findings: list[Document], finding: Document | None) -> None:
        if finding is not None:
            findings.append(finding)


# --- the document --------------------------------------------------------------------------------


def _date(origin: int | str, day: int) -> int | str:
    """The day as the document writes dates: from an ISO origin, or a study day."""
    if isinstance(origin, str):
        return (datetime.date.fromisoformat(origin) + datetime.timedelta(days=day)).isoformat()
    return origin + day


def _line_document(
    draw: Draw, line: _Line, following: int | None, scans: list[int], origin: int | str
) -> Document:
    """A line as the document has it."""
    document: Document = {"agents": list(draw(_AGENTS)), "start": _date(origin, line.start)}
    stop = draw(_STOPS)
    if stop is not None:
        if following is not None and stop == 30:
            stop = min(stop, following - line.start)
        document["stop"] = _date(origin, line.start + stop)
    reason = draw(_ENDS)
    if reason is not None:
        document["end_reason"] = reason
    if line.named_baseline is not None:
        document["baseline"] = _date(origin, scans[line.named_baseline])
    for key, ids in line.named.items():
        document[key] = list(ids)
    return document


def _add_extras(case: Document, origin: int | str, last_day: int) -> None:
    """What stays out of the verdict (section 10), and `null` for what is left out."""
    case["markers"] = [
        {"date": _date(origin, 0), "name": "AFP", "value": 120.5, "unit": "ng/mL"},
        {"date": _date(origin, last_day), "name": "AFP", "value": "<3", "unit": "ng/mL"},
    ]
    case["events"] = [{"date": _date(origin, 3), "text": "ascites drained"}]
    case["death"] = None
    case["last_contact"] = _date(origin, last_day + 100)
    for lesion in case["lesions"]:
        lesion["label"] = "as seen on CT"
        lesion.setdefault("hilar", None)
        lesion.setdefault("enhancement", None)
        lesion.setdefault("treated", None)
    for timepoint in case["timepoints"]:
        timepoint["note"] = "second reader agreed"
        timepoint.setdefault("arterial_phase", None)
        timepoint.setdefault("reported", None)
        for finding in timepoint["findings"]:
            finding.setdefault("status", None)
            finding.setdefault("viable_mm", None)
            finding.setdefault("pattern", "unknown")
            finding.setdefault("cytology", None)
            finding.setdefault("biopsy", "not done")
            finding.setdefault("equivocal", False)
    for line in case["lines"]:
        line["doses"] = [{"date": line["start"], "text": "full dose"}]
        for key in ("stop", "end_reason", "baseline", "targets", "nontargets"):
            line.setdefault(key, None)


@st.composite
def case_documents(
    draw: Draw,
    *,
    max_lesions: int = 9,
    max_timepoints: int = 10,
    max_lines: int = 5,
    reported: bool = True,
    named: bool = True,
    number_forms: bool = True,
    iso_dates: bool | None = None,
    extras: bool = True,
    patient: str = "P-001",
) -> Document:
    """A valid case document.

    `reported`: time points may carry a reader's verdict; `named`: lines may name their baseline,
    targets and non-targets; `number_forms`: sizes may also be text; `iso_dates`: ISO dates (True),
    study days (False) or either (None); `extras`: markers, events, notes and explicit nulls.
    """
    flavour = draw(_FLAVOURS)
    if flavour == "reported" and not reported:
        flavour = "steered"
    scans, starts = _draw_days(draw, flavour, max_lines, max_timepoints)
    lesions = _draw_lesions(draw, flavour, max_lesions, len(scans))
    lines = _draw_lines(draw, flavour, scans, starts, lesions, named)
    write = _Writer([0])
    if number_forms and draw(_ONE_IN_4):
        write = _Writer([draw(_FORMS), 0, draw(_FORMS), draw(_FORMS), 3])
    origin = draw(_STARTS)
    if iso_dates is True and not isinstance(origin, str):
        origin = "2024-01-03"
    elif iso_dates is False and isinstance(origin, str):
        origin = 0
    verdicts = None
    if reported and flavour == "reported":
        verdicts = _REPORTED_RESPONSES if draw(_EVENLY) else _REPORTED_MOSTLY
    elif reported and draw(_ONE_IN_4):
        verdicts = _REPORTED

    maker = _TimePoint(draw, flavour, lesions, write)
    timepoints: list[Document] = []
    seen: list[dict[str, int | None]] = []
    for index, day in enumerate(scans):
        line = None
        for candidate in lines:
            if candidate.start < day or candidate is lines[0]:
                line = candidate
        if line is not None and line.targets is None and index > 0:
            _open(line, lines, lesions, scans, seen)
        timepoint: Document = {"date": _date(origin, day)}
        if index == 0:
            timepoint["findings"], sizes = maker.first()
            if draw(_ONE_IN_12):
                timepoint["arterial_phase"] = False
        else:
            timepoint["findings"], sizes, arterial = maker.later(
                index, line, _opens_next(index, scans, starts)
            )
            if not arterial:
                timepoint["arterial_phase"] = False
        if verdicts is not None:
            verdict = None if index in maker.pause else draw(verdicts)
            if verdict is not None:
                timepoint["reported"] = verdict
        seen.append(sizes)
        timepoints.append(timepoint)
        if index > 0 and line is not None and line.targets:
            measured = [sizes.get(lesion.id) for lesion in line.targets]
            if None not in measured:
                line.total = sum(size or 0 for size in measured)
                line.nadir = min(line.nadir, line.total)

    documents = []
    for index, line in enumerate(lines):
        following = starts[index + 1] if index + 1 < len(starts) else None
        documents.append(_line_document(draw, line, following, scans, origin))
    timepoints, documents = _leave_out(draw, lesions, timepoints, documents)
    if draw(_ORDERS) == "reversed":
        timepoints.reverse()
        documents.reverse()
    case: Document = {
        "format": "mrecist-case/1",
        "patient": patient,
        "lesions": [lesion.entry for lesion in lesions],
        "timepoints": timepoints,
        "lines": documents,
    }
    if extras and draw(_ONE_IN_12):
        _add_extras(case, origin, max([*scans, *starts]))
    return case


def _leave_out(
    draw: Draw, lesions: list[_Lesion], timepoints: list[Document], lines: list[Document]
) -> tuple[list[Document], list[Document]]:
    """Take some time points, lines and lesions away, with all that refers to them."""
    timepoints = [timepoint for timepoint in timepoints if not draw(_LEFT_OUT)]
    lines = [line for line in lines[:-1] if not draw(_LEFT_OUT)] + lines[-1:]
    gone = {lesion.id for lesion in lesions if draw(_LEFT_OUT)}
    lesions[:] = [lesion for lesion in lesions if lesion.id not in gone]
    for timepoint in timepoints:
        timepoint["findings"] = [
            finding for finding in timepoint["findings"] if finding["lesion"] not in gone
        ]
    dates = [timepoint["date"] for timepoint in timepoints]
    for line in lines:
        if line.get("baseline") not in dates:
            line.pop("baseline", None)
        for key in ("targets", "nontargets"):
            if key in line:
                line[key] = [name for name in line[key] if name not in gone]
    return timepoints, lines


def _opens_next(index: int, scans: list[int], starts: list[int]) -> bool:
    """Whether a line starts between this time point and the next."""
    following = scans[index + 1] if index + 1 < len(scans) else None
    for start in starts:
        if scans[index] <= start and (following is None or start < following):
            return True
    return False


def _open(
    line: _Line,
    lines: list[_Line],
    lesions: list[_Lesion],
    scans: list[int],
    seen: list[dict[str, int | None]],
) -> None:
    """Look at the line's baseline, once it lies behind, for targets, B and N."""
    baseline = line.named_baseline
    if baseline is None:
        before = [scan for scan in range(len(seen)) if scans[scan] <= line.start]
        baseline = before[-1] if before else 0
    if baseline >= len(seen):
        return  # named late: not yet drawn
    sizes = seen[baseline]
    line.targets = _likely_targets(line, lesions, sizes)
    total = sum(sizes.get(lesion.id) or 0 for lesion in line.targets)
    line.total_at_baseline = line.nadir = line.total = total


# --- dates of the patient, and how lines ended ---------------------------------------------------

_BESIDE = _pick((4, 0), (1, 1), (1, -1), (1, 10), (1, 100), (1, 300))
_LIVES = _pick(
    (5, "alive"), (2, "at a scan"), (2, "at a start"), (4, "after all"), (2, "at a stop")
)
_AFTER = _pick((3, 20), (2, 1), (2, 60), (2, 120), (1, 0), (1, 200))
_CONTACTS = _pick((3, None), (3, 30), (1, 0), (1, 400), (1, -50))
_STOPPED = _pick(
    (4, None), (3, "at a scan"), (2, "at the next start"), (2, "within"), (1, "at once"),
    (1, "after"),
)  # fmt: skip
_VERDICT = _pick(
    (5, "SD"), (3, "PR"), (3, "PD"), (2, "NE"), (1, "CR"), (1, "NON-CR/NON-PD"), (1, None)
)
_INTERVALS = _pick((4, 42), (2, 28), (2, 56), (1, 41), (1, 43), (2, 84), (1, 130))
_PAUSE_BEFORE = _pick((5, 0), (1, 1), (1, 14), (1, 40))
_STOP_REASONS = _pick((4, "progression"), (2, None), (2, "toxicity"), (1, "choice"))


@st.composite
def timed_documents(
    draw: Draw, /, *, iso_dates: bool | None = None, odd: bool = True, **limits: Any
) -> Document:
    """A valid case document with deaths, last contacts, stops and reasons that matter to times.

    `odd`: now and then a line stops after the next began, or a line, scan or contact comes after
    the death. `limits` are those of `case_documents`.
    """
    limits = {"max_lesions": 3, "max_timepoints": 8, "max_lines": 4} | limits
    if draw(_EVENLY):
        case = draw(_verdicts_only(iso_dates, limits["max_lines"]))
    else:
        case = draw(case_documents(iso_dates=iso_dates, extras=False, **limits))
    scans = sorted(_day(timepoint["date"]) for timepoint in case["timepoints"])
    lines = sorted(case["lines"], key=lambda line: _day(line["start"]))
    starts = [_day(line["start"]) for line in lines]
    written = lines[0]["start"]
    for line, start, following in zip(lines, starts, [*starts[1:], None], strict=True):
        line.pop("stop", None)
        line.pop("end_reason", None)
        last = following if following is not None else max([start, *scans]) + 30
        stop = _stop(draw, start, last, [day for day in scans if start <= day <= last])
        if stop is not None:
            stop = stop if odd else min(stop, last)
            line["stop"] = _as(written, stop)
        reason = draw(_STOP_REASONS)
        if reason is not None:
            line["end_reason"] = reason
    stops = [_day(line["stop"]) for line in lines if "stop" in line]
    latest = max([*scans, *starts, *stops])
    lives = draw(_LIVES)
    places = {"at a scan": scans, "at a start": starts, "at a stop": stops}.get(lives, [])
    death = None
    if lives == "after all" or (places and not odd):
        death = latest + draw(_AFTER)
    elif places:
        death = places[-1 - draw(_INDICES[min(len(places) - 1, 3)])] + draw(_BESIDE)
    if death is not None:
        case["death"] = _as(written, death)
    contact = draw(_CONTACTS)
    if contact is not None:
        contact += latest if death is None or odd else min(latest, death) - 400
        case["last_contact"] = _as(written, contact)
    return case


@st.composite
def _verdicts_only(draw: Draw, iso_dates: bool | None, most_lines: int) -> Document:
    """A case with one lesion or none: most responses are what a reader reported."""
    origin: int | str = 0
    if draw(_EVENLY) if iso_dates is None else iso_dates:
        origin = "2024-01-03"
    timepoints: list[Document] = [{"date": _date(origin, 0), "findings": []}]
    lines: list[Document] = []
    day = 0
    for _ in range(min(draw(_LINES), most_lines)):
        day += draw(_PAUSE_BEFORE) + (lines != [] and lines[-1]["start"] == _date(origin, day))
        lines.append({"agents": list(draw(_AGENTS)), "start": _date(origin, day)})
        for _ in range(draw(_FOLLOWUPS)):
            day += draw(_INTERVALS)
            timepoints.append({"date": _date(origin, day), "findings": []})
            verdict = draw(_VERDICT)
            if verdict is not None:
                timepoints[-1]["reported"] = verdict
    lesions = []
    if draw(_EVENLY):
        # What is not evaluable takes a lesion: without any, there is no evidence of disease.
        lesions = [{"id": "BONE", "organ": "bone", "kind": "other"}]
        statuses = {"NE": "not evaluable", "CR": "absent"}
        for timepoint in timepoints:
            seen = statuses.get(timepoint.get("reported", ""), "present")
            timepoint["findings"] = [{"lesion": "BONE", "status": seen}]
    return {
        "format": "mrecist-case/1", "patient": "P-001", "lesions": lesions,
        "timepoints": timepoints, "lines": lines,
    }  # fmt: skip


def _stop(draw: Draw, start: int, last: int, scans: list[int]) -> int | None:
    how = draw(_STOPPED)
    if how is None or (how == "at a scan" and not scans):
        return None
    if how == "at a scan":
        return scans[-1 - draw(_INDICES[min(len(scans) - 1, 3)])]
    return {
        "at the next start": last, "within": (start + last) // 2, "at once": start,
        "after": last + 15,
    }[how]  # fmt: skip


def _day(date: int | str) -> int:
    return datetime.date.fromisoformat(date).toordinal() if isinstance(date, str) else date


def _as(like: int | str, day: int) -> int | str:
    """A day in the way that another date is written."""
    return datetime.date.fromordinal(day).isoformat() if isinstance(like, str) else day
