"""Generated charts: `chart(rng)` is a small valid case, rich in what the rules decide.

Sizes stand at the thresholds, days at the limits, and each chart has a theme that makes some rare
thing frequent in it. `python -m tests.support.charts [N]` counts what N charts come to.
"""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

from .chart_findings import Findings
from .chart_mistakes import mistakes
from .chart_words import (
    AGENTS,
    ENDS,
    FACTORS,
    GAPS,
    IDS,
    KINDS,
    LIVER,
    NOT_LIVER,
    ORGANS,
    PROCEDURES,
    REMOVALS,
    STARTS_AFTER,
    VERDICTS,
)

Document = dict[str, Any]

THEMES = [
    *([None] * 6),
    *("effusion", "parts", "parts", "silence", "procedures", "unchanged", "nodes", "nodules"),
    *("merges", "merges", "tiny", "course", "course", "many", "named", "removed"),
]

SILENT = ("silence", "unchanged", "merges", "removed")


def chart(rng: Random) -> Document:
    """A valid case document."""
    return Drawing(rng).chart()


class Drawing:
    """One chart in the making."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.iso, self.theme = self.some(0.5), rng.choice(THEMES)
        self.calm = self.theme == "course" or self.some(0.4)
        self.origin = datetime.date(2023, rng.randint(1, 12), rng.randint(1, 28))
        self.lesions = self.draw_lesions()
        self.ids = [each["id"] for each in self.lesions]
        self.whole = [each["id"] for each in self.lesions if "part_of" not in each]
        self.plan = self.draw_plan()
        self.days = [day for visit in self.plan for day in visit]

    def some(self, share: float) -> bool:
        return self.rng.random() < share

    def date(self, day: int) -> str | int:
        if not self.iso:
            return day
        return (self.origin + datetime.timedelta(days=day)).isoformat()

    def shuffled(self, items: list[Document]) -> list[Document]:
        """The items, sometimes in another order."""
        return self.rng.sample(items, len(items)) if self.some(0.15) else items

    def chart(self) -> Document:
        drawn: Document = {
            "format": "mrecist-case/1",
            "patient": f"G-{self.rng.randint(0, 999_999):06}",
            "lesions": self.lesions,
            "timepoints": self.shuffled(self.draw_timepoints()),
            "lines": self.shuffled(self.draw_lines()),
        }
        if self.some({"procedures": 0.9, "removed": 0.95, "merges": 0.6}.get(self.theme, 0.2)):
            count = self.rng.choice([1, 1, 2])
            drawn["procedures"] = [self.draw_procedure() for _ in range(count)]
        if self.theme == "removed" and self.some(0.7):
            self.let_one_be_removed(drawn)
        self.add_what_decides_nothing(drawn)
        return drawn

    def let_one_be_removed(self, drawn: Document) -> None:
        """A lesion of the first days, whatever is said of it there, is back at the end only."""
        into = {finding.get("into") for each in drawn["timepoints"] for finding in each["findings"]}
        free = [name for name in self.whole if name not in into]
        if len(self.days) < 3 or not free:
            return
        hilar = [each["id"] for each in self.lesions if each.get("hilar") and each["id"] in free]
        name = self.rng.choice(hilar or free)
        first, last = self.date(self.days[0]), self.date(self.days[-1])
        visits = {
            each["date"]: (each.get("visit") or str(each["date"])).strip()
            for each in drawn["timepoints"]
        }
        if visits[first] == visits[last]:
            return
        for timepoint in drawn["timepoints"]:
            timepoint["findings"] = [f for f in timepoint["findings"] if f["lesion"] != name]
            if timepoint["date"] == first:
                said = self.rng.choice([{"status": "present"}, {"longest_mm": 12}])
                timepoint["findings"].append({"lesion": name, **said})
            elif timepoint["date"] == last:
                sizes = {"longest_mm": 30, "viable_mm": 30, "short_axis_mm": 30}
                timepoint["findings"].append({"lesion": name, **sizes})
        kind = self.rng.choice(REMOVALS)
        removal = {"date": self.date(self.days[0] + 1), "kind": kind, "lesions": [name]}
        drawn.setdefault("procedures", []).append(removal)

    def add_what_decides_nothing(self, drawn: Document) -> None:
        first, after = self.date(self.days[0]), self.date(self.days[-1] + 400)
        if self.some(0.03):
            value = self.rng.choice([400, "<3", 12.5])
            drawn["markers"] = [{"date": first, "name": "AFP", "value": value, "unit": "ng/mL"}]
        if self.some(0.03):
            drawn["events"] = [{"date": first, "text": "ascites tapped"}]
        if self.some(0.03):
            drawn["last_contact"] = after
        if self.some(0.03):
            drawn["death"] = after

    # --- lesions ---

    def draw_lesions(self) -> list[Document]:
        lesions: list[Document] = []
        if self.some(0.02):
            return lesions
        least, most = {"course": (1, 3), "many": (6, 9)}.get(self.theme, (1, 6))
        for name in self.rng.sample(IDS, self.rng.randint(least, most)):
            whole = [each for each in lesions if "part_of" not in each]
            if whole and self.some({"parts": 0.45, "merges": 0.35}.get(self.theme, 0.1)):
                lesion = self.draw_fragment(name, self.rng.choice(whole))
            else:
                lesion = self.draw_lesion(name)
            lesions.append(lesion)
            hilar = 0.7 if self.theme == "removed" else 0.35
            if self.some(hilar if lesion["kind"] == "node" else 0.02):
                lesion["hilar"] = True
            if self.some(0.1):
                lesion["enhancement"] = self.rng.choice(["none", "arterial", None])
            if self.some(0.15):
                lesion["treated"] = True
            if self.some(0.03):
                lesion["label"] = "a label"
        return lesions

    def draw_fragment(self, name: str, parent: Document) -> Document:
        organ = self.rng.choice(LIVER + NOT_LIVER) if self.some(0.2) else parent["organ"]
        return {"id": name, "organ": organ, "kind": parent["kind"], "part_of": parent["id"]}

    def draw_lesion(self, name: str) -> Document:
        weights = [42, 20, 10, 13, 7, 8]
        if self.theme == "named":
            weights = [20, 10, 40, 5, 20, 20]
        if self.theme == "nodes":
            weights[1] = 120
        if self.theme == "effusion":
            weights[3] = 200
        if self.theme in ("nodules", "course", "many"):
            weights[0] = 300
        kind = self.rng.choices(KINDS, weights)[0]
        if kind in ORGANS:
            return {"id": name, "organ": self.rng.choice(ORGANS[kind]), "kind": kind}
        in_liver = self.theme != "many" and self.some(0.72 if kind == "nodule" else 0.6)
        organ = self.rng.choice(LIVER if in_liver else NOT_LIVER)
        return {"id": name, "organ": organ, "kind": kind}

    # --- time points ---

    def draw_plan(self) -> list[list[int]]:
        """The days of the examinations, visit by visit."""
        day, plan = self.rng.choice([0, 0, -3, -7, -28, -29, -40]), []
        for _ in range(
            self.rng.randint(4, 8) if self.theme == "course" else self.rng.randint(1, 7)
        ):
            visit = [day]
            if self.some(0.22):
                visit.append(day + self.rng.randint(1, 3))
                if self.some(0.2):
                    visit.append(visit[-1] + self.rng.randint(1, 4))
            plan.append(visit)
            day = visit[-1] + self.rng.choice([2, 5, 7] if self.some(0.2) else GAPS)
        return plan

    def draw_timepoints(self) -> list[Document]:
        findings = Findings(self.rng, self.lesions, calm=self.calm, theme=self.theme)
        late = 0.1 if self.calm else 0.65 if self.theme == "nodules" else 0.38
        visits = len(self.plan)
        born = {name: self.rng.randint(0, visits) if self.some(late) else 0 for name in self.ids}
        drawn: list[Document] = []
        for number, days in enumerate(self.plan):
            seen = [name for name in self.draw_seen() if number >= born[name] or self.some(0.15)]
            drawn += self.draw_visit(number, days, seen, findings)
        return drawn

    def draw_seen(self) -> list[str]:
        """The lesions that a visit records, of those that are there."""
        mood = self.rng.random()
        if self.theme == "course" and mood > 0.1:
            return self.ids
        if mood < 0.06:
            return []
        share = 0.97 if self.calm else 0.88
        if mood < (0.6 if self.theme in SILENT else 0.2):
            share = 0.4
        return [name for name in self.ids if self.some(share)]

    def draw_visit(
        self, number: int, days: list[int], seen: list[str], findings: Findings
    ) -> list[Document]:
        factor = Decimal(1) if self.calm and number == 0 else self.rng.choice(FACTORS)
        named = self.some(0.85 if len(days) > 1 else 0.05)
        at: dict[int, list[str]] = {day: [] for day in days}
        for name in seen:
            at[days[0] if self.some(0.6) else self.rng.choice(days)].append(name)
            if not named and self.some(0.1):
                for day in days:
                    at[day] += [] if name in at[day] else [name]
        blind, verdicts = self.some(0.1), self.draw_verdicts(len(days), named)
        drawn = []
        for day, reported in zip(days, verdicts, strict=True):
            timepoint = {
                "date": self.date(day),
                "findings": findings.of_examination(at[day], factor),
            }
            if named:
                timepoint["visit"] = self.rng.choice([f"V{number}", f" V{number}", f"V{number} "])
            self.add_about_examination(timepoint, blind, reported)
            drawn.append(timepoint)
        return drawn

    def add_about_examination(self, timepoint: Document, blind: bool, reported: Any) -> None:
        if self.some(0.8 if blind else 0.04):
            timepoint["arterial_phase"] = False
        elif self.some(0.1):
            timepoint["arterial_phase"] = True
        if self.some({"unchanged": 0.7, "merges": 0.4}.get(self.theme, 0.13)):
            timepoint["unmentioned"] = "unchanged"
        elif self.some(0.04):
            timepoint["unmentioned"] = "not evaluable"
        if reported is not None or self.some(0.01):
            timepoint["reported"] = reported
        if self.some(0.02):
            timepoint["note"] = "a note"

    def draw_verdicts(self, examinations: int, named: bool) -> list[Any]:
        """The reported verdict of each examination of a visit, of one mind where it is named."""
        drawn = [self.draw_verdict() for _ in range(1 if named else examinations)]
        return drawn * examinations if named else drawn

    def draw_verdict(self) -> Any:
        how = self.rng.random()
        word = self.rng.choices(VERDICTS, [20, 20, 15, 12, 15, 9, 9])[0]
        if how < 0.16:
            return word
        if how < 0.3:
            names = self.rng.sample(["mrecist", "recist-1.1", "mrecist-5mm", "easl"], 2)
            return {names[0]: word, names[1]: self.rng.choice(VERDICTS)}
        return None

    # --- lines and procedures ---

    def draw_lines(self) -> list[Document]:
        visit = self.plan[0]
        first = self.rng.choice([visit[0], visit[-1], visit[0] + self.rng.choice([1, 7, 28, 29])])
        if self.some(0.05):
            first = visit[0] - self.rng.choice([1, 10])
        starts = {first}
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            starts.add(self.rng.choice(self.days) + self.rng.choice(STARTS_AFTER))
        agents: list[str] = []
        return [self.draw_line(start, agents) for start in sorted(starts)]

    def draw_line(self, start: int, before: list[str]) -> Document:
        count = self.rng.choice([1, 1, 1, 2])
        pools = [before if before and self.some(0.4) else AGENTS for _ in range(count)]
        agents = [self.rng.choice(pool) for pool in pools]
        before += agents
        line: Document = {"agents": agents, "start": self.date(start)}
        if self.some(0.4):
            line["stop"] = self.date(start + self.rng.choice([0, 30, 60, 90]))
        if self.some(0.4):
            line["end_reason"] = self.rng.choice(ENDS)
        older = [day for day in self.days if day <= start]
        if older and self.some(0.12):
            line["baseline"] = self.date(self.rng.choice(older[-3:]))
        self.add_roles(line)
        if self.some(0.03):
            line["doses"] = [{"date": self.date(start), "text": "full"}]
        return line

    def add_roles(self, line: Document) -> None:
        if self.some({"named": 0.8, "many": 0.4}.get(self.theme, 0.14)):
            share = 0.8 if self.theme == "many" else 0.5
            line["targets"] = [name for name in self.whole if self.some(share)]
        if self.some(0.3 if self.theme == "effusion" else 0.12):
            free = [name for name in self.whole if name not in line.get("targets", [])]
            line["nontargets"] = [name for name in free if self.some(0.5)]
        if self.some(0.02):
            line[self.rng.choice(["targets", "nontargets", "baseline", "stop"])] = None

    def draw_procedure(self) -> Document:
        day = self.rng.choice(self.days) + self.rng.choice([0, 0, 1, 1, 3, 10, -1])
        kind = self.rng.choice(PROCEDURES if self.some(0.7) else REMOVALS)
        if self.theme == "removed":
            day, kind = self.rng.choice(self.days), self.rng.choice(REMOVALS)
        procedure = {"date": self.date(day), "kind": kind}
        if self.some(0.9):
            procedure["lesions"] = [name for name in self.ids if self.some(0.4)]
        if self.some(0.1):
            procedure["text"] = "as planned"
        return procedure


# --- what the charts come to ---------------------------------------------------------------------


def counted(charts: int) -> Counter[str]:
    """How often generated charts come to each verdict and problem, by mRECIST."""
    from .oracle import oracle

    count: Counter[str] = Counter()
    for seed in range(charts):
        drawn = chart(Random(seed))
        count.update(f"mistake: {each}" for each in mistakes(drawn))
        answer = oracle(drawn)
        count.update(f"problem of the case: {each}" for each in answer["problems"])
        for line in answer["lines"]:
            count.update(f"problem of the line: {each}" for each in line["problems"])
            count.update(f"{key}: {line[key]}" for key in ("best_response", "exposure"))
            for row in line["timepoints"]:
                count.update(f"problem: {each}" for each in row["problems"])
                count.update(f"{key}: {row[key]}" for key in ("target", "nontarget", "new_lesion"))
                count.update(f"{key}: {row[key]}" for key in ("response", "source"))
    return count


if __name__ == "__main__":
    for what, times in sorted(counted(int((sys.argv[1:] or ["1000"])[0])).items()):
        print(f"{times:8} {what}")
