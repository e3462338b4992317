"""A chart grows: no verdict that was given changes, but for a new lesion that is proven later.

A machine adds scans and begins lines. After each step every verdict that was given is as it was,
or, in the line that the scan belongs to, has become progression by a new lesion; which of them,
the oracle says.
"""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from support import cohort_tables
from support.compare import differences

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
    {"status": "present"},
    {"status": "absent"},
    {"status": "progressed"},
    {"status": "not evaluable"},
    None,
)
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
        {"longest_mm": 9, "equivocal": True},
        {"longest_mm": 9},
        {"longest_mm": 0},
        {"status": "too small", "equivocal": True},
    ),
)
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

    def anew(self, row: Row) -> Row:
        agrees = None if row["reported"] is None else row["reported"] == "PD"
        return row | NEW | {"agrees": agrees}

    def assess_again(self, grown: int | None = None) -> None:
        self.as_foreseen = False
        document = self.case()
        patient = mrecist.from_case(document)
        assessed = mrecist.assess(patient, criteria=mrecist.CRITERIA[self.criteria])
        told = mrecist.to_assessment(assessed)
        assert differences(document, self.criteria, told) == []
        lines = told["lines"]
        assert [line["start"] for line in lines] == self.starts
        for line in lines:
            rows = [{key: row[key] for key in VERDICT} for row in line["timepoints"]]
            if line["start"] < self.scans[-1]["day"]:
                self.compare(rows, self.rows[line["start"]], grown=line["start"] == grown)
            progressed = [row["date"] for row in rows if row["response"] == "PD"]
            assert (line["progression"] or {}).get("date") == (progressed or [None])[0]
            self.rows[line["start"]] = rows
        self.as_foreseen = True

    def compare(self, rows: list[Row], expected: list[Row], *, grown: bool) -> None:
        """A line that began before the last scan has its verdicts still, and one of the scan."""
        for row, before in zip(rows[: len(expected)], expected, strict=True):
            assert row in ([before, self.anew(before)] if grown else [before])
        more = [row["date"] for row in rows[len(expected) :]]
        assert more == [self.scans[-1]["day"]] * grown

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
