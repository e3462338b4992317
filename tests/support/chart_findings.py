"""Generated findings: sizes that follow a lesion through time, statuses, flags, merges."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from .chart_words import FACTORS, LIVER, NODE_SIZES, NODULE_SIZES, STEPS

Document = dict[str, Any]

NONE, LARGEST = Decimal(0), Decimal(1000)
STATUSES = ["absent", "too small", "present", "progressed", "not evaluable", "measured"]
SIZES = ("viable_mm", "longest_mm", "short_axis_mm")


class Findings:
    """Draws the findings of one chart, visit after visit."""

    def __init__(
        self, rng: Random, lesions: list[Document], *, calm: bool, theme: str | None
    ) -> None:
        self.rng, self.calm, self.tiny = rng, calm, theme == "tiny"
        self.share_step = 0.5 if theme == "nodules" else 0.05 if calm else 0.2
        self.share_bulk = 0.97 if theme == "course" else 0.92 if calm and not self.tiny else 0.72
        self.share_merged = {"merges": 0.3, "parts": 0.12}.get(theme, 0.03)
        self.kind = {each["id"]: each["kind"] for each in lesions}
        self.parent = {each["id"]: each.get("part_of") for each in lesions}
        self.in_liver = {each["id"]: each["organ"] in LIVER for each in lesions}
        self.last: dict[tuple[str, str], Decimal] = {}
        self.merged: dict[str, str] = {}

    def some(self, share: float) -> bool:
        return self.rng.random() < share

    def of_examination(self, names: list[str], factor: Decimal) -> list[Document]:
        """The findings of an examination on the given lesions."""
        found = [self.finding(name, factor) for name in names]
        for index, finding in enumerate(found):
            name = finding["lesion"]
            again = self.merged.get(name) in names and self.some(0.5)
            if not again and not self.some(self.share_merged):
                continue
            others = [other for other in names if self.may_merge(name, other, found)]
            if again:
                others = [other for other in others if other == self.merged[name]]
            if others:
                found[index] = self.into(name, self.rng.choice(others))
        return found

    # --- one finding ---

    def finding(self, name: str, factor: Decimal) -> Document:
        finding: Document = {"lesion": name}
        kind = self.kind[name]
        bulky = kind in ("nodule", "node")
        if self.some(self.share_bulk - (0 if bulky else 0.32)):
            self.add_sizes(finding, factor, must=True)
            if self.some(0.15):
                finding["status"] = "measured"
            elif self.some(0.3 if self.tiny else 0.06):
                finding["status"] = self.rng.choice(["present", "progressed"])
        else:
            self.add_status(finding, factor, bulky)
        if not any(key in finding for key in ("status", *SIZES)):
            finding["status"] = "present"
        self.add_flags(finding, kind)
        return finding

    def add_status(self, finding: Document, factor: Decimal, bulky: bool) -> None:
        weights = [22, 70 if self.tiny else 15, 25 if bulky else 45, 9, 12, 3]
        status = finding["status"] = self.rng.choices(STATUSES, weights)[0]
        if status in ("absent", "not evaluable"):
            if self.some(0.15):
                finding[self.rng.choice(SIZES)] = self.rng.choice([0, "0", 0.0])
        elif self.some(0.5 if status == "measured" else 0.25):
            self.add_sizes(finding, factor, must=status == "measured")

    def add_flags(self, finding: Document, kind: str) -> None:
        if self.some(0.3 if kind == "nodule" else 0.03):
            patterns = ["typical", "typical", "atypical", "malignant", "unknown"]
            finding["pattern"] = self.rng.choice(patterns)
        if self.some(0.35 if kind == "effusion" else 0.01):
            proofs = ["positive", "positive", "negative", "not done"]
            finding["cytology"] = self.rng.choice(proofs)
        if self.some(0.12 if kind == "nodule" else 0.02):
            proofs = ["positive", "negative", "negative", "not done"]
            finding["biopsy"] = self.rng.choice(proofs)
        if self.some(0.08):
            finding["equivocal"] = True
        if self.some(0.02):
            finding[self.rng.choice(["pattern", "cytology", "biopsy", "equivocal"])] = None

    # --- sizes ---

    def add_sizes(self, finding: Document, factor: Decimal, must: bool) -> None:
        name = finding["lesion"]
        if self.kind[name] == "node":
            if self.some(0.93 if must else 0.3):
                self.add_size(finding, "short_axis_mm", factor)
            if self.some(0.15) or (must and "short_axis_mm" not in finding):
                self.add_size(finding, "longest_mm", factor)
        elif self.some(self.share_viable(name)):
            self.add_size(finding, "viable_mm", factor)
            if self.some(0.7):
                self.add_whole(finding)
        elif must or self.some(0.4):
            self.add_size(finding, "longest_mm", factor)

    def share_viable(self, name: str) -> float:
        if self.kind[name] == "nodule":
            return 0.85 if self.in_liver[name] else 0.08
        return 0.4 if self.kind[name] != "effusion" else 0

    def add_size(self, finding: Document, key: str, factor: Decimal) -> None:
        finding[key] = self.written(self.draw(finding["lesion"], key, factor))

    def add_whole(self, finding: Document) -> None:
        """A whole diameter beside the viable one, seldom smaller."""
        name = finding["lesion"]
        viable, whole = self.last[name, "viable_mm"], self.last.get((name, "longest_mm"))
        if whole is None or whole < viable or self.some(0.3):
            whole = viable + self.rng.choice([0, 0, 2, 10, 20])
        if self.some(0.04):
            whole = max(NONE, viable - 1)
        self.last[name, "longest_mm"] = whole = min(whole, LARGEST)
        finding["longest_mm"] = self.written(whole)

    def draw(self, name: str, key: str, factor: Decimal) -> Decimal:
        """A size that mostly follows from the last one."""
        old = self.last.get((name, key))
        if old is None or self.some(0.5 if self.tiny else 0.03 if self.calm else 0.12):
            sizes = NODE_SIZES if key == "short_axis_mm" else NODULE_SIZES
            size = self.rng.choice(sizes[:5] if self.tiny and old is not None else sizes)
            if self.last and self.some(0.25):
                size = self.rng.choice(list(self.last.values()))
        elif self.some(self.share_step):
            size = max(NONE, old + self.rng.choice(STEPS))
        else:
            follows = self.some(0.92 if self.calm else 0.7)
            size = old * (factor if follows else self.rng.choice(FACTORS))
        if self.calm and old is None and size < 10 and self.some(0.8):
            size = Decimal(20)
        self.last[name, key] = size = min(size.quantize(Decimal("0.001")), LARGEST)
        return size

    def written(self, size: Decimal) -> Any:
        """A size as number or text."""
        text = format(size.normalize() if size else NONE, "f")
        how = self.rng.random()
        if how < 0.01 and 0 < size < 900:
            shift = self.rng.choice(["0.0005", "0.00049", "-0.0005"])
            return format(size + Decimal(shift), "f")
        if how < 0.25:
            return text if self.some(0.7) else f" {text} "
        if size == size.to_integral_value():
            return int(size) if self.some(0.8) else float(size)
        return float(text)

    # --- merges ---

    def into(self, name: str, other: str) -> Document:
        self.merged[name] = other
        finding = {"lesion": name, "into": other}
        if self.some(0.1):
            finding["pattern"] = self.rng.choice(["typical", "atypical"])
        if self.some(0.05):
            finding["cytology"] = "positive"
        return finding

    def may_merge(self, name: str, other: str, found: list[Document]) -> bool:
        """Whether a lesion may merge into another of the same examination."""
        if other == name or self.parent[name] == other or self.parent[other] == name:
            return False
        into = {each["lesion"]: each["into"] for each in found if "into" in each}
        if other in into or name in into.values():
            return False
        return not self.closes_circle(name, other)

    def closes_circle(self, name: str, other: str) -> bool:
        """Whether lesions with fragments would, of all merges together, hold each other."""
        start, goal = self.root(other), self.root(name)
        in_parts = {parent for parent in self.parent.values() if parent is not None}
        if start == goal or not in_parts & {start, goal}:
            return False
        reached, new = set(), {start}
        while new:
            reached |= new
            new = {self.root(b) for a, b in self.merged.items() if self.root(a) in reached}
            new -= reached
        return goal in reached

    def root(self, name: str) -> str:
        return self.parent[name] or name
