"""Findings on the lesions of a draft, as a case document has them."""

from __future__ import annotations

from collections.abc import Sequence

from ._choices import Document, Draw
from ._finding_choices import BIOPSIES, PATTERNS, Action, EffusionState
from ._lesion_choices import SIZES

__all__ = [
    "ACTIONS_WITH_A_FINDING",
    "DraftLesion",
    "Writer",
    "effusion_finding",
    "finding",
]

_LARGEST = 1_000_000


class DraftLesion:
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


class Writer:
    """Writes sizes in the forms that the document mixes, in turn; form 0 is the plain number."""

    def __init__(self, forms: Sequence[int]) -> None:
        self.forms = forms
        self.count = 0

    def __call__(self, micrometres: int) -> int | float | str:
        self.count += 1
        micrometres = max(0, min(micrometres, _LARGEST - 1))
        return _written(micrometres, self.forms[self.count % len(self.forms)])


def _written(micrometres: int, form: int) -> int | float | str:
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


def _sizes(lesion: DraftLesion, size: int, write: Writer) -> Document:
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


def finding(
    draw: Draw, lesion: DraftLesion, action: Action, write: Writer
) -> tuple[Document | None, int | None]:
    """A finding, and the size (micrometres) that the lesion's main diameter has by it, if any.

    `action`: one of the words below, `("set", size)`, or `("grow", by)` since it was first seen.
    """
    if isinstance(action, tuple):
        word, by = action
        size: int | None = by if word == "set" else (lesion.size_at_first or 0) + by
        return _sized(lesion, size or 0, write)
    if action == "skip":
        return None, None
    if action in _SIZED:
        said, size = _SIZED[action]
        if size is None:
            size = draw(SIZES) if action in _DRAWN else lesion.size
        if action == "below ten":
            size = 9_999 if lesion.kind == "node" else 0
        found, size = _sized(lesion, size, write, said)
        if action == "biopsy":
            found["biopsy"] = draw(BIOPSIES)
        elif action == "typical":
            found["pattern"] = draw(PATTERNS)
        return found, size
    if action in _UNSIZED:
        said, size = _UNSIZED[action]
        return {"lesion": lesion.id, **said}, size
    return _ODD[action](lesion, write)


# Findings with a size: what else they say, and the size; none: as before, or a drawn one.
_SIZED: dict[str, tuple[Document, int | None]] = {
    "keep": ({}, None),
    "size": ({}, None),
    "zero": ({}, 0),  # the viable part is gone; what the whole measures goes on as before
    "below ten": ({}, 0),
    "present with size": ({"status": "present"}, None),
    "progressed with size": ({"status": "progressed"}, None),
    "equivocal": ({"equivocal": True}, None),
    "biopsy": ({}, None),
    "typical": ({}, None),
    "typical at ten": ({"pattern": "typical"}, 10_000),
    "typical below ten": ({"pattern": "typical"}, 9_999),
}
_DRAWN = ("size", "present with size", "progressed with size")

# Findings without a size: what they say, and the size that it stands for.
_UNSIZED: dict[str, tuple[Document, int | None]] = {
    "not evaluable": ({"status": "not evaluable"}, None),
    "absent": ({"status": "absent"}, 0),
    "biopsy, no longer seen": ({"status": "absent", "biopsy": "positive"}, 0),
    "too small": ({"status": "too small"}, 5_000),
    "too small, typical": ({"status": "too small", "pattern": "typical"}, 5_000),
    "present": ({"status": "present"}, None),
    "progressed": ({"status": "progressed"}, None),
}

Found = tuple[Document, int | None]


def _sized(lesion: DraftLesion, size: int, write: Writer, said: Document | None = None) -> Found:
    return {"lesion": lesion.id, **(said or {}), **_sizes(lesion, size, write)}, size


def _absent_with_size(lesion: DraftLesion, write: Writer) -> Found:
    zeros = dict.fromkeys(_sizes(lesion, 0, write), 0)
    return {"lesion": lesion.id, "status": "absent", **zeros}, 0


def _too_small_with_size(lesion: DraftLesion, write: Writer) -> Found:
    return _sized(lesion, 12_000, write, {"status": "too small"})[0], 5_000


def _of_no_use(lesion: DraftLesion, write: Writer) -> Found:
    """A size is written, but not the one that counts under one of the criteria or both."""
    key = "viable_mm" if lesion.kind == "nodule" and not lesion.by_viable else "longest_mm"
    return {
        "lesion": lesion.id,
        key if lesion.measurable else "short_axis_mm": write(lesion.size),
    }, None


def _viable_above_whole(lesion: DraftLesion, write: Writer) -> Found:
    found: Document = {
        "lesion": lesion.id,
        "viable_mm": write(lesion.size),
        "longest_mm": write(max(0, lesion.size - 1)),
    }
    if lesion.kind == "node":
        found["short_axis_mm"] = write(lesion.size)
    return found, lesion.size


_ODD = {
    "absent, size 0": _absent_with_size,
    "too small with size": _too_small_with_size,
    "unsized": _of_no_use,
    "viable above whole": _viable_above_whole,
}


def effusion_finding(lesion: DraftLesion, state: EffusionState, write: Writer) -> Document | None:
    """A finding on an effusion."""
    status, cytology = state
    found: Document = {"lesion": lesion.id}
    if status is None:
        return None
    if status == "zero":
        found["longest_mm"] = write(0)
    elif status != "measured":
        found["status"] = status.removesuffix(" with size")
    if status == "measured" or status.endswith(" with size"):
        found["longest_mm"] = write(lesion.size)
    if cytology is not None:
        found["cytology"] = cytology
    return found


ACTIONS_WITH_A_FINDING = (*_SIZED, *_UNSIZED, *_ODD)
"""Every action by which something is recorded, the simplest first."""
