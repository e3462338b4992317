"""What one time point says of lesions: weighted choices of plans for all, and of actions of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._choices import pick

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Action = str | tuple[str, int]
"""What one lesion does: a word, or a word and micrometres."""

EffusionState = tuple[str | None, str | None]
"""What a finding says of an effusion: its status (none: no finding), and its cytology."""

# What the total of a line's targets is to become: (anchor, micrometres beside it).
GOALS = pick(
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
RESPONDING = pick(
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

# Where some targets are not evaluable: only a rise of the others says anything.
IN_PART = pick(
    (2, ("1.2 N", 0)), (2, ("1.6 N", 0)), (1, ("1.2 N", -1)), (1, ("N + 5", 0)), (2, ("same", 0))
)

_PLANS = {
    "steered": pick(
        (1, "empty"), (9, "steer"), (1, "unseen"), (1, "gone"), (1, "portal"), (1, "fresh"),
        (1, "mixed"),
    ),
    "mixed": pick(
        (1, "unseen"), (2, "steer"), (1, "gone"), (1, "portal"), (1, "fresh"), (4, "mixed")
    ),
    "responding": pick(
        (1, "empty"), (6, "steer"), (1, "unseen"), (5, "gone"), (1, "gone but one"),
        (2, "gone, one unseen"), (1, "portal"), (1, "fresh"), (1, "mixed"),
        (2, "gone, others unseen"),
    ),
    "reported": pick(
        (7, "empty"), (2, "unseen"), (1, "steer"), (1, "gone"), (1, "mixed"),
        (1, "gone, others unseen"),
    ),
}  # fmt: skip
PLANS = _PLANS | {
    **dict.fromkeys(
        ("candidates", "effusions", "nodes", "crowd", "same organ", "many organs"),
        _PLANS["steered"],
    ),
    **dict.fromkeys(("clean", "unmeasured"), _PLANS["responding"]),
}
"""The plans of a time point, for each flavour of the case."""

OTHERS = pick((6, "keep"), (2, "gone"), (1, "progressed"), (1, "skip"))
HOW_GONE = pick((2, "absent"), (2, "zero"), (2, "below ten"))
ACTIONS = pick(
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
EXCEPTIONS = pick(
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
NODULE_SEEN: SearchStrategy[Action] = pick(
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
NODULE_THEN: SearchStrategy[Action] = pick(
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
OTHER_SEEN = pick((3, "equivocal"), (3, "size"), (1, "present"), (1, "unsized"), (1, "zero"))
OTHER_THEN = pick(
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
NODE_AT_FIRST = pick(
    (4, "size"),
    (2, "present"),
    (1, "progressed"),
    (3, "unsized"),
    (1, "equivocal"),
    (1, "not evaluable"),
    (1, "present with size"),
)
# An effusion: (status, cytology).
EFFUSIONS: SearchStrategy[EffusionState] = pick(
    (4, ("present", None)),
    (3, ("present", "positive")),
    (4, ("progressed", None)),
    (4, ("progressed with size", None)),
    (2, ("progressed", "positive")),
    (1, ("progressed with size", "positive")),
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
EFFUSIONS_AT_FIRST: SearchStrategy[EffusionState] = pick(
    (4, ("present", None)),
    (4, ("present", "positive")),
    (3, ("absent", None)),
    (5, ("not evaluable", None)),
    (1, ("zero", "positive")),
    (1, ("zero", None)),
    (1, ("absent", "positive")),
    (2, (None, None)),
)

BIOPSIES = pick((6, "positive"), (1, "negative"), (1, "not done"))
PATTERNS = pick((3, "typical"), (1, "atypical"), (1, "malignant"), (1, "unknown"))
