"""A case document as the oracle reads it: whole micrometres, whole days, visits in order.

`Chart` also answers what a lesion is, and what is recorded of it and where. A lesion is known by
its id; a fragment is what its parent is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from .oracle_words import agent_names, organ_name

Document = dict[str, Any]

MM = 1000
MEASURES = {"viable": "viable_mm", "longest": "longest_mm", "short": "short_axis_mm"}
ACROSS = {"viable": "viable_perp_mm", "longest": "longest_perp_mm"}


@dataclass(frozen=True)
class Criteria:
    """What differs between the named criteria."""

    name: str
    mrecist: bool = True
    floor: int = 0
    hilar_target: int = 20 * MM
    hilar_diseased: int = 20 * MM
    in_liver: int = 2
    by_look: bool = False
    stable: int = 42
    confirms: bool = True
    answers_for: str | None = None
    area: str | None = None
    """Totals are of products of this diameter and the one across it."""
    each_alone: bool = False
    """Any single lesion that grew is progression."""
    only_liver: bool = False
    comes_back: bool = False
    """What was without viable tissue and enhances again is progression."""
    in_organ: int | None = 2
    in_all: int | None = 5
    more_than: bool = False
    """Progression is more than the share, not just that much."""
    stable_word: str = "SD"


CRITERIA = {
    "mrecist": Criteria("mrecist"),
    "mrecist-5mm": Criteria("mrecist-5mm", floor=5 * MM, answers_for="mrecist"),
    "recist-1.1": Criteria("recist-1.1", False, 5 * MM, 15 * MM, 10 * MM),
    "recist-1.1-leap012": Criteria(
        "recist-1.1-leap012",
        False,
        5 * MM,
        15 * MM,
        10 * MM,
        in_liver=5,
        by_look=True,
        answers_for="recist-1.1",
    ),
    "mrecist-reflect": Criteria(
        "mrecist-reflect", stable=49, confirms=False, answers_for="mrecist"
    ),
    "mrecist-q6w": Criteria("mrecist-q6w", stable=35, answers_for="mrecist"),
    "easl": Criteria("easl", area="viable", only_liver=True, comes_back=True),
    "who": Criteria(
        "who",
        False,
        0,
        15 * MM,
        10 * MM,
        area="longest",
        each_alone=True,
        in_organ=None,
        in_all=None,
        stable_word="NC",
    ),
}


def micrometres(value: Any) -> int | None:
    """A length in mm, number or decimal text, rounded once, half to even."""
    if value is None:
        return None
    number = Decimal(repr(value) if isinstance(value, float) else value)
    return int((number * 1000).to_integral_value(rounding=ROUND_HALF_EVEN))


def day_of(date: str | int) -> int:
    """The whole day of a date, ISO text or study day."""
    return datetime.date.fromisoformat(date).toordinal() if isinstance(date, str) else date


@dataclass(frozen=True)
class Finding:
    """One finding, with the arterial phase and the day of its own examination."""

    status: str | None
    into: str | None
    sizes: dict[str, int | None]
    across: dict[str, int | None]
    pattern: str | None
    cytology: str | None
    biopsy: str | None
    equivocal: bool
    arterial: bool
    day: int

    @property
    def says_nothing(self) -> bool:
        """Whether it is recorded as not evaluable."""
        return self.status == "not evaluable"

    @property
    def exceeds_whole(self) -> bool:
        """Whether the viable diameter is larger than the whole one."""
        viable, longest = self.sizes["viable"], self.sizes["longest"]
        return viable is not None and longest is not None and viable > longest

    @property
    def wider_than_long(self) -> bool:
        """Whether a diameter is shorter than the one across it."""
        return any(
            across is not None and self.sizes[name] is not None and across > self.sizes[name]
            for name, across in self.across.items()
        )

    def area(self, measure: str) -> int | None:
        """The product of a diameter and the one across it, in square micrometres."""
        if self.status == "absent":
            return 0
        long, across = self.sizes[measure], self.across[measure]
        if self.status not in ("measured", "present", "progressed") or long is None:
            return None
        if long == 0:
            return 0
        return None if across is None else long * across


def finding_of(written: Document, arterial: bool, day: int) -> Finding:
    """A finding of the document; `measured` where only a size is recorded."""
    status, into = written.get("status"), written.get("into")
    return Finding(
        status="measured" if status is None and into is None else status,
        into=into,
        sizes={measure: micrometres(written.get(key)) for measure, key in MEASURES.items()},
        across={measure: micrometres(written.get(key)) for measure, key in ACROSS.items()},
        pattern=written.get("pattern"),
        cytology=written.get("cytology"),
        biopsy=written.get("biopsy"),
        equivocal=bool(written.get("equivocal")),
        arterial=arterial,
        day=day,
    )


@dataclass(eq=False)
class Visit:
    """The examinations that are read as one time point."""

    examinations: list[tuple[int, str | int]] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    unchanged: bool = False
    word: str | None = None
    words: dict[str, str] = field(default_factory=dict)

    @property
    def day(self) -> int:
        """The day of the first examination."""
        return min(self.examinations)[0]

    @property
    def date(self) -> str | int:
        """The date of the first examination, as written."""
        return min(self.examinations)[1]

    def add(self, timepoint: Document) -> None:
        """Take in one examination."""
        day, arterial = day_of(timepoint["date"]), timepoint.get("arterial_phase")
        self.examinations.append((day, timepoint["date"]))
        for written in timepoint["findings"]:
            found = finding_of(written, arterial is not False, day)
            self.findings[written["lesion"]] = found
        self.unchanged = self.unchanged or timepoint.get("unmentioned") == "unchanged"
        reported = timepoint.get("reported")
        if isinstance(reported, str):
            self.word = reported
        elif reported is not None:
            self.words.update(reported)

    def reported(self, criteria: str) -> str | None:
        """The verdict reported for these criteria."""
        if self.word is not None:
            return plain_word(self.word)
        word = plain_word(self.words.get(criteria))
        if word is None:
            return plain_word(self.words.get(CRITERIA[criteria].answers_for or criteria))
        return word


def plain_word(word: str | None) -> str | None:
    """A reader's word; none where it is one with an i, which is that of iRECIST."""
    return None if word is not None and word.startswith(("i", "non-i")) else word


def visits_of(case: Document) -> list[Visit]:
    """The visits of a case by date."""
    named: dict[str, Visit] = {}
    visits = []
    for timepoint in case["timepoints"]:
        visit, name = Visit(), timepoint.get("visit")
        if name is not None:
            visit = named.setdefault(name.strip(), visit)
        visit.add(timepoint)
        if visit not in visits:
            visits.append(visit)
    return sorted(visits, key=lambda visit: visit.day)


@dataclass(frozen=True)
class Lesion:
    """What a lesion is."""

    kind: str
    organ: str
    hilar: bool
    enhances: bool
    treated: bool
    part_of: str | None


@dataclass(frozen=True)
class Procedure:
    """A local treatment."""

    day: int
    kinds: frozenset[str]
    lesions: frozenset[str]


class Chart:
    """A case read by one set of criteria."""

    def __init__(self, case: Document, criteria: str) -> None:
        self.criteria = CRITERIA[criteria]
        self.lesions = {
            each["id"]: Lesion(
                kind=each["kind"],
                organ=organ_name(each["organ"]),
                hilar=bool(each.get("hilar")),
                enhances=each.get("enhancement") != "none",
                treated=bool(each.get("treated")),
                part_of=each.get("part_of"),
            )
            for each in case["lesions"]
        }
        self.whole = [name for name, lesion in self.lesions.items() if lesion.part_of is None]
        self.visits = visits_of(case)
        self.procedures = [
            Procedure(
                day=day_of(each["date"]),
                kinds=frozenset(agent_names(each["kind"])),
                lesions=frozenset(each.get("lesions") or ()),
            )
            for each in case.get("procedures") or ()
        ]

    # --- what a lesion is ---

    def root(self, name: str) -> str:
        """The lesion itself, or that of which it is a fragment."""
        return self.lesions[name].part_of or name

    def _of_root(self, name: str) -> Lesion:
        return self.lesions[self.root(name)]

    def is_liver_nodule(self, name: str) -> bool:
        lesion = self._of_root(name)
        return lesion.kind == "nodule" and lesion.organ == "liver"

    def is_other_liver_tumour(self, name: str) -> bool:
        lesion = self._of_root(name)
        if lesion.kind == "thrombus":
            return True
        return lesion.kind in ("infiltrative", "other") and lesion.organ == "liver"

    def is_node(self, name: str) -> bool:
        return self._of_root(name).kind == "node"

    def is_bulky(self, name: str) -> bool:
        return self._of_root(name).kind in ("nodule", "node")

    def needs_cytology(self, name: str) -> bool:
        return self.criteria.mrecist and self._of_root(name).kind == "effusion"

    def under_hcc_rule(self, name: str) -> bool:
        return self.criteria.mrecist and self.is_liver_nodule(name)

    def is_judged_by_pattern(self, name: str) -> bool:
        return self.under_hcc_rule(name) or (self.criteria.by_look and self.is_liver_nodule(name))

    def has_area(self, name: str) -> bool:
        """Whether a lesion enters a total of areas."""
        return not self.criteria.only_liver or (
            self.is_liver_nodule(name) and self._of_root(name).enhances
        )

    def is_set_apart(self, name: str) -> bool:
        """Whether a node is one of the porta hepatis, of which mRECIST asks more."""
        return self.criteria.mrecist and self._of_root(name).hilar

    def smallest_diseased_node(self, name: str) -> int:
        return self.criteria.hilar_diseased if self._of_root(name).hilar else 10 * MM

    def smallest_target(self, name: str) -> int:
        if not self.is_node(name):
            return 10 * MM
        return self.criteria.hilar_target if self._of_root(name).hilar else 15 * MM

    def measure(self, name: str, finding: Finding) -> str:
        """The measure that the criteria name for a finding on a lesion."""
        if self.is_node(name):
            return "short"
        if self.criteria.mrecist and self._of_root(name).enhances:
            if self.is_liver_nodule(name):
                return "viable"
            if (
                self.criteria.area is None
                and self.is_other_liver_tumour(name)
                and finding.sizes["viable"] is not None
            ):
                return "viable"
        return "longest"

    def is_gone_at(self, name: str, size: int) -> bool:
        """Whether a lesion of this size is gone."""
        return size == 0 or (self.is_node(name) and size < 10 * MM)

    # --- what is recorded ---

    def fragments(self, name: str) -> list[str]:
        return [each for each, lesion in self.lesions.items() if lesion.part_of == name]

    def parts(self, name: str) -> list[str]:
        """The lesion and its fragments."""
        return [name, *self.fragments(name)]

    def records(self, name: str, visit: Visit) -> list[Finding]:
        """The findings of a visit on a lesion and its fragments."""
        return [visit.findings[part] for part in self.parts(name) if part in visit.findings]

    def is_recorded(self, name: str, visit: Visit) -> bool:
        return bool(self.records(name, visit))

    def says_something(self, name: str, visit: Visit) -> bool:
        """Whether some part is recorded other than as not evaluable."""
        return any(not each.says_nothing for each in self.records(name, visit))

    def known_fragments(self, name: str, visit: Visit) -> list[str]:
        """The fragments that a visit up to this one records."""
        upto = [each for each in self.visits if each.day <= visit.day]
        return [
            part for part in self.fragments(name) if any(part in each.findings for each in upto)
        ]

    def earlier(self, visit: Visit) -> Iterator[Visit]:
        """The visits before one, the latest first."""
        return (each for each in reversed(self.visits) if each.day < visit.day)

    def merged_into(self, part: str, visit: Visit) -> str | None:
        """What a part, without its fragments, has merged into as a visit has it."""
        if part in visit.findings:
            return visit.findings[part].into
        for before in self.earlier(visit):
            found = before.findings.get(part)
            if found is not None and not found.says_nothing:
                held = found.into is not None and self.is_recorded(found.into, visit)
                return found.into if held else None
        return None

    def is_told(self, name: str, visit: Visit) -> bool:
        """Whether some part is recorded at a visit, or all that was left is still merged there."""
        if self.is_recorded(name, visit) or self.merged_into(name, visit) is not None:
            return True
        if all(self.merged_into(each, visit) is None for each in self.fragments(name)):
            return False
        last = next(each for each in self.earlier(visit) if self.is_recorded(name, each))
        own = last.findings.get(name)
        return own is None or own.into is not None or own.status == "absent"

    def wholly_into(self, name: str, visit: Visit) -> str | None:
        """What a lesion that a visit records has merged into, with all of its recorded parts."""
        records = self.records(name, visit)
        if all(each.into is not None for each in records):
            return records[0].into
        return None

    def is_proven(self, name: str, day: int) -> bool:
        """Whether some visit up to a day has positive cytology of it."""
        return any(
            name in each.findings and each.findings[name].cytology == "positive"
            for each in self.visits
            if each.day <= day
        )
