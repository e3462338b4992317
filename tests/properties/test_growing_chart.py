"""A chart grows: no verdict that was given changes, but for a new lesion that is proven later.

A machine adds scans and begins lines, and says before each step which verdicts will be judged anew
and what they become: those of the scan's own line from the first sight of a candidate on, where
the scan brings its first proof. All that it needs of the specification (sections 2, 4 and 6) is
written here once more, apart from the package.
"""

from __future__ import annotations

from typing import Any

import cohort_tables
import hypothesis.strategies as st
from hypothesis import event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import mrecist

Document = dict[str, Any]
Row = dict[str, Any]

LESIONS: list[Document] = [
    {"id": "S8", "organ": "liver", "kind": "nodule"},
    {"id": "S4", "organ": "liver", "kind": "nodule"},
    {"id": "PV", "organ": "portal vein", "kind": "thrombus"},
    {"id": "N", "organ": "liver", "kind": "nodule"},
    {"id": "LUNG", "organ": "lung", "kind": "nodule"},
    {"id": "EFF", "organ": "pleura", "kind": "effusion"},
]
VERDICT = (
    "date", "day", "total_mm", "nadir_mm", "target", "nontarget", "new_lesion", "computed",
    "reported", "agrees", "response", "source",
)  # fmt: skip
NEW = {"new_lesion": "YES", "computed": "PD", "response": "PD", "source": "computed"}


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The first as often as all others together, and simplest."""
    return st.sampled_from([usual] * len(others) + list(others))


SIZES = st.sampled_from([30, 21, 24, 36, 0, 40, 12])
KNOWN = st.one_of(
    SIZES.map(lambda size: {"viable_mm": size, "longest_mm": max(size, 30)}),
    mostly({"status": "absent"}, {"status": "not evaluable"}, None),
)
VEIN = mostly(
    {"status": "present"}, {"status": "absent"}, {"status": "progressed"},
    {"status": "not evaluable"}, None,
)  # fmt: skip
# A candidate nodule by its whole diameter; 8 is where most begin.
GROWING = st.builds(
    lambda size, viable, more: {"longest_mm": size, "viable_mm": viable} | more,
    mostly(8, 10, 12, 17.999, 18, 22),
    mostly(6, 0),
    mostly({}, {"pattern": "typical"}, {"biopsy": "positive"}, {"equivocal": True}),
)
UNSEEN = mostly(None, {"status": "absent"}, {"status": "not evaluable"})
NODULE = st.one_of(
    UNSEEN,
    GROWING,
    mostly({"status": "too small"}, {"status": "absent", "biopsy": "positive"}),
)
LUNG = st.one_of(
    UNSEEN,
    mostly(
        {"longest_mm": 9, "equivocal": True}, {"longest_mm": 9}, {"longest_mm": 0},
        {"status": "too small", "equivocal": True},
    ),
)  # fmt: skip
EFFUSION = st.one_of(
    UNSEEN,
    st.builds(
        lambda status, cytology: {"status": status, "cytology": cytology},
        mostly("present", "progressed", "absent"),
        mostly("not done", "positive", "negative"),
    ),
)
SCANS = st.fixed_dictionaries(
    {"S8": KNOWN, "S4": KNOWN, "PV": VEIN, "N": NODULE, "LUNG": LUNG, "EFF": EFFUSION}
)


class Foreseen:
    """What section 6 makes of a candidate of one line, scan by scan."""

    def __init__(self, lesion: str, hcc: bool) -> None:
        self.lesion = lesion
        self.nodule = hcc and lesion in ("S8", "S4", "N")
        self.effusion = hcc and lesion == "EFF"

    def finding(self, scan: Document) -> Document | None:
        found: Document | None = scan["findings"].get(self.lesion)
        return found

    def size(self, scan: Document) -> float | None:
        """The size that makes disease, where it is known: viable under mRECIST."""
        found = self.finding(scan) or {}
        if found.get("status") == "too small":
            return 5
        if self.nodule and not scan["arterial"]:
            return None
        size: float | None = found.get("viable_mm" if self.nodule else "longest_mm")
        return size

    def whole(self, scan: Document) -> float | None:
        """The size that growth and pattern are judged by."""
        found = self.finding(scan) or {}
        return 5 if found.get("status") == "too small" else found.get("longest_mm")

    def there(self, scan: Document) -> bool:
        found = self.finding(scan)
        if found is None or found.get("status") in ("absent", "not evaluable"):
            return False
        return self.size(scan) != 0

    def known(self, baseline: Document, before: list[Document]) -> bool:
        """Diseased or not evaluable at the baseline: never new in this line."""
        if (self.finding(baseline) or {}).get("status") == "not evaluable":
            return True
        if not self.there(baseline):
            return False
        seen = [(self.finding(scan) or {}).get("cytology") for scan in before]
        return not self.effusion or "positive" in seen

    def proves(self, first: Document, scan: Document) -> bool:
        found = self.finding(scan) or {}
        if self.nodule:
            size, at_first = self.whole(scan), self.whole(first)
            typical = size is not None and size >= 10 and found.get("pattern") == "typical"
            grew = size is not None and at_first is not None and size - at_first >= 10
            return typical or grew or found.get("biopsy") == "positive"
        if self.effusion:
            return found.get("cytology") == "positive"
        return self.there(scan) and not found.get("equivocal", False)

    def first_sight(self, baseline: Document, follow_ups: list[Document]) -> Document | None:
        old = self.effusion and (self.finding(baseline) or {"status": "absent"})["status"]
        for scan in follow_ups:
            status = (self.finding(scan) or {}).get("status")
            if self.there(scan) and (not old or old == "absent" or status == "progressed"):
                return scan
        return None

    def proven_now(self, scans: list[Document], start: int) -> int | None:
        """The day from which the last scan makes it new, if no earlier scan did; else `None`."""
        before = [scan for scan in scans if scan["day"] <= start]
        follow_ups = scans[len(before) :]
        if self.known(before[-1], before):
            return None
        first = self.first_sight(before[-1], follow_ups)
        if first is None:
            return None
        proofs = [s for s in follow_ups if s["day"] >= first["day"] and self.proves(first, s)]
        return int(first["day"]) if proofs and proofs[0] is scans[-1] else None


class GrowingChart(RuleBasedStateMachine):
    """Re-assessing after each addition changes no earlier verdict but by adjudication."""

    @initialize(
        criteria=st.sampled_from(["mrecist", "recist-1.1", "mrecist-5mm"]),
        findings=SCANS,
        start=st.integers(0, 30),
        clean=mostly(True, False),
    )
    def begin(self, criteria: str, findings: Document, start: int, clean: bool) -> None:
        findings = findings | {"S8": {"viable_mm": 30, "longest_mm": 30}}
        if clean:
            findings |= dict.fromkeys(("N", "LUNG", "EFF"))
        self.criteria = criteria
        self.scans: list[Document] = [{"day": 0, "findings": findings, "arterial": True}]
        self.starts = [start]
        self.rows: dict[int, list[Row]] = {start: []}
        self.assess_again()

    @rule(
        days=st.sampled_from([42, 28, 56, 14, 90]),
        findings=SCANS,
        arterial=mostly(True, True, False),
        reported=mostly(None, "PR", "CR", "PD", "NE"),
    )
    def scan(self, days: int, findings: Document, arterial: bool, reported: str | None) -> None:
        """One more time point, after all others."""
        day = self.scans[-1]["day"] + days
        self.scans.append(
            {"day": day, "findings": findings, "arterial": arterial, "reported": reported}
        )
        starts = [start for start in self.starts if start < day]
        # Of the lines that began before it, it belongs to the last; a line yet to begin has it
        # as its baseline, and no verdicts.
        if starts:
            expected = self.foreseen(starts[-1])
            self.rows[starts[-1]] = expected
        self.assess_again(grown=starts[-1] if starts else None)

    @rule(findings=SCANS, days=st.sampled_from([42, 28]))
    def quiet_scan(self, findings: Document, days: int) -> None:
        """One more, at which the known lesions are as they were: candidates alone matter."""
        known = {lesion: self.scans[0]["findings"][lesion] for lesion in ("S8", "S4", "PV")}
        self.scan(days, findings | known, True, None)

    @rule(days=st.sampled_from([0, 7, 1, 60]))
    def line(self, days: int) -> None:
        """One more line, now and then, which begins with the last scan or later."""
        if len(self.starts) == 3 or len(self.scans) < 3 * len(self.starts):
            return
        start = max(self.scans[-1]["day"], self.starts[-1] + 1) + days
        self.starts.append(start)
        self.rows[start] = []
        self.assess_again()

    def foreseen(self, start: int) -> list[Row]:
        """The verdicts that a line had, those judged anew that the last scan's proof changes."""
        hcc = self.criteria != "recist-1.1"
        days = [Foreseen(each["id"], hcc).proven_now(self.scans, start) for each in LESIONS]
        first = min([day for day in days if day is not None], default=self.scans[-1]["day"])
        return [row if row["date"] < first else self.anew(row) for row in self.rows[start]]

    def anew(self, row: Row) -> Row:
        agrees = None if row["reported"] is None else row["reported"] == "PD"
        event("judged anew" if row["new_lesion"] != "YES" else "judged anew, as before")
        return row | NEW | {"agrees": agrees}

    def assess_again(self, grown: int | None = None) -> None:
        self.as_foreseen = False
        patient = mrecist.from_case(self.case())
        assessed = mrecist.assess(patient, criteria=mrecist.CRITERIA[self.criteria])
        lines = mrecist.to_assessment(assessed)["lines"]
        assert [line["start"] for line in lines] == self.starts
        for line in lines:
            rows = [{key: row[key] for key in VERDICT} for row in line["timepoints"]]
            expected = self.rows[line["start"]]
            more = rows[len(expected) :]
            assert rows[: len(expected)] == expected
            assert [row["date"] for row in more] == (
                [self.scans[-1]["day"]] if line["start"] == grown else []
            )
            progressed = [row["date"] for row in rows if row["response"] == "PD"]
            assert (line["progression"] or {}).get("date") == (progressed or [None])[0]
            self.rows[line["start"]] = rows
        self.as_foreseen = True

    def case(self) -> Document:
        """The chart as it is now."""
        return {
            "format": "mrecist-case/1",
            "patient": "P-001",
            "lesions": LESIONS,
            "timepoints": [
                {
                    "date": scan["day"],
                    "arterial_phase": scan["arterial"],
                    "reported": scan.get("reported"),
                    "findings": [
                        {"lesion": lesion} | finding
                        for lesion, finding in scan["findings"].items()
                        if finding is not None
                    ],
                }
                for scan in self.scans
            ],
            "lines": [{"agents": ["lenvatinib"], "start": start} for start in self.starts],
        }

    def teardown(self) -> None:
        """The cohort driver says the same of the grown chart."""
        if not getattr(self, "as_foreseen", False):
            return  # a step has failed already
        cohort = cohort_tables.cohort_of([self.case()])
        found = mrecist.assess_cohort(**cohort.tables, criteria=mrecist.CRITERIA[self.criteria])
        rows = [row for start in self.starts for row in self.rows[start]]
        keys = [key for key in VERDICT if key not in ("total_mm", "nadir_mm")]
        told = cohort_tables.rows_of(found.timepoints)
        assert [{key: row[key] for key in keys} for row in told] == [
            {key: row[key] for key in keys} for row in rows
        ]


TestGrowingChart = GrowingChart.TestCase
TestGrowingChart.settings = settings(
    max_examples=settings().max_examples // 2, stateful_step_count=12
)
