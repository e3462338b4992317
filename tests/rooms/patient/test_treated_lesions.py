"""LI-RADS treatment response of one patient: vectors, the oracle, and what it never is."""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lesion_charts import charts
from support.oracle import oracle
from support.oracle_lesions import graded

import mrecist
from mrecist import CriteriaError, assess, conformance, from_case, to_assessment
from mrecist.conformance import differences
from mrecist.rulebook.index import TABLES
from mrecist.rulebook.lesion_criteria import LR_TR, LR_TR_2018, LR_TR_2024
from mrecist.rulebook.treated_lesions import treatment_of

Document = dict[str, Any]
VERSIONS = tuple(LR_TR)
both = pytest.mark.parametrize("criteria", VERSIONS)


def chart(kind: str, *scans: tuple[int, Document], **more: Any) -> mrecist.Patient:
    """One liver lesion treated on day 0; `modality` and `arterial_phase` are the examination's."""
    timepoints = []
    for day, said in scans:
        own = {key: said[key] for key in ("modality", "arterial_phase") if key in said}
        finding = {key: value for key, value in said.items() if key not in own}
        timepoints.append(
            {"date": day, "findings": [{"lesion": "T", "status": "present"} | finding]} | own
        )
    return from_case(
        {
            "format": "mrecist-case/1",
            "patient": "P",
            "lesions": [{"id": "T", "organ": "liver", "kind": "nodule"}],
            "timepoints": timepoints,
            "lines": [{"agents": more.get("agents", [kind]), "start": 0}],
            "procedures": [{"date": 0, "kind": kind, "lesions": ["T"]}],
        }
    )


@functools.cache
def validator(kind: str) -> Any:
    """The JSON Schema of a kind of document, made once."""
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator(mrecist.schema(kind))


BEFORE = (-7, {"viable_mm": 23, "status": "measured"})
SBRT_23 = chart(
    "SBRT", BEFORE,
    (90, {"masslike": "present", "aphe": "yes", "viable_mm": 23, "status": "measured"}),
    (180, {"masslike": "present", "aphe": "yes", "viable_mm": 23, "status": "measured"}),
)  # fmt: skip
NO_SIGN = {"aphe": "no", "washout": "no", "like_before": "no"}


class TestVectors:
    """The vectors of the specification."""

    @pytest.mark.parametrize(
        ("patient", "v2018", "v2024"),
        [
            pytest.param(chart("RFA", BEFORE, (90, {"masslike": "absent"})),
                         ["Nonviable"], ["Nonviable"], id="LR-1"),
            pytest.param(chart("DEB-TACE", BEFORE, (90, {"masslike": "present", **NO_SIGN})),
                         ["Equivocal"], ["Viable"], id="LR-2"),
            pytest.param(chart("MWA", BEFORE, (90, {"masslike": "uncertain", "modality": "CT"})),
                         ["Equivocal"], ["Equivocal"], id="LR-4"),
            pytest.param(SBRT_23, ["Viable", "Viable"], ["Nonprogressing"] * 2, id="LR-5"),
            pytest.param(chart("SBRT", BEFORE, (90, {"masslike": "not evaluable"})),
                         ["Nonevaluable"], ["Nonevaluable"], id="LR-7"),
        ],
    )  # fmt: skip
    def test_each(self, patient: mrecist.Patient, v2018: list[str], v2024: list[str]) -> None:
        for criteria, wanted in (("lr-tr-2018", v2018), ("lr-tr-2024", v2024)):
            line = assess(patient, criteria=criteria).lines[0]
            assert [each.lesions[0].category for each in line.timepoints] == wanted

    def test_lr_8(self) -> None:
        """LR-8: beside mRECIST, which says SD; the lesion is nonprogressing."""
        timepoints = assess(SBRT_23).lines[0].timepoints
        assert [each.response for each in timepoints] == ["SD", "SD"]
        notes = [each.lesions[0] for each in timepoints]
        assert [(each.lr_tr_2018, each.lr_tr_2024) for each in notes] == [
            ("Viable", "Nonprogressing")
        ] * 2
        assert str(notes[0]).endswith(
            "; LI-RADS treatment response v2018 Viable, v2024 Nonprogressing"
        )
        told = " ".join(mrecist.explain(assess(SBRT_23)).split())
        assert "LI-RADS treatment response v2018 Viable, v2024 Nonprogressing" in told


EACH_RULE = [
    ("LR18-PHASE", "LR-PHASE-1-18", ["Nonevaluable"]),
    ("LR18-NE", "VEC-LR-7-18", ["Nonevaluable"]),
    ("LR18-APHE", "LR-APHE-1-18", ["Viable"]),
    ("LR18-WASHOUT", "LR-WASHOUT-18", ["Viable"]),
    ("LR18-LIKE-BEFORE", "LR-LIKE-18", ["Viable"]),
    ("LR18-TISSUE", "VEC-LR-2-18", ["Equivocal"]),
    ("LR18-UNCERTAIN", "LR-3-18", ["Equivocal"]),
    ("LR18-ABSENT", "VEC-LR-1-18", ["Nonviable"]),
    ("LR24-NE", "LR-NE-24", ["Nonevaluable"]),
    ("LR24-ABSENT", "VEC-LR-1-24", ["Nonviable"]),
    ("LR24-PRESENT", "VEC-LR-2-24", ["Viable"]),
    ("LR24-DIFFUSION", "LR-3-24", ["Viable"]),
    ("LR24-T2", "LR-T2-24", ["Viable"]),
    ("LR24-UNCERTAIN", "LR-MRI-NONE-24", ["Equivocal"]),
    ("LR24-UNCERTAIN-CT", "VEC-LR-4-24", ["Equivocal"]),
    ("LR24R-NE", "VEC-LR-7-24", ["Nonevaluable"]),
    ("LR24R-ABSENT", "LR-R-ABSENT-24", ["Nonviable"]),
    ("LR24R-UNCERTAIN", "LR-R-UNCERTAIN-24", ["Nonprogressing"]),
    ("LR24R-GREW", "LR-R-WORD-UP-24", ["Viable"]),
    ("LR24R-ANCILLARY", "LR-R-NEWLY-24", ["Nonprogressing", "Viable", "Nonprogressing"]),
    ("LR24R-STABLE", "LR-R-WORD-DOWN-24", ["Nonprogressing"]),
    ("LR24R-CHANGE-UNCERTAIN", "LR-R-WORD-UNCERTAIN-24", ["Nonprogressing"]),
    ("LRTR-APHE-SAID", "LR-APHE-1-18", ["Viable"]),
    ("LRTR-APHE-DENIED", "VEC-LR-2-18", ["Equivocal"]),
    ("LRTR-APHE-VIABLE", "LR-R-WORD-UP-18", ["Viable"]),
    ("LRTR-APHE-UNKNOWN", "VEC-LR-1-18", ["Nonviable"]),
    ("LRTR-CHANGE-UP", "LR-R-WORD-UP-24", ["Viable"]),
    ("LRTR-CHANGE-DOWN", "LR-R-WORD-DOWN-24", ["Nonprogressing"]),
    ("LRTR-CHANGE-UNCERTAIN", "LR-R-WORD-UNCERTAIN-24", ["Nonprogressing"]),
    ("LRTR-CHANGE-NEW", "LR-R-NEW-24", ["Nonviable", "Viable"]),
    ("LRTR-CHANGE-GREW", "LR-R-GONE-24", ["Nonprogressing", "Viable"]),
    ("LRTR-CHANGE-NOT-LARGER", "LR-SAME-DAY-24", ["Nonprogressing"]),
    ("LRTR-CHANGE-UNKNOWN", "VEC-LR-7-24", ["Nonevaluable"]),
    ("LRTR-NEWLY", "LR-R-UNCERTAIN-24", ["Nonprogressing"]),
    ("LRTR-NEWLY-NOT", "VEC-LR-7-24", ["Nonevaluable"]),
    ("LRTR-NEWLY-BEFORE", "LR-R-NEWLY-CT-24", ["Nonprogressing", "Nonprogressing"]),
]
"""Each rule, a case in which it decides, and the categories there."""


class TestRules:
    """Each rule decides in some case, and the case is answered as it says."""

    @pytest.mark.parametrize(("rule", "case", "categories"), EACH_RULE)
    def test_each(self, rule: str, case: str, categories: list[str | None]) -> None:
        (found,) = (each for each in conformance.cases(rules=[rule]) if each.id == case)
        lines = assess(from_case(found.document), criteria=found.criteria).lines
        assert [
            lesion.category
            for line in lines
            for timepoint in line.timepoints
            for lesion in timepoint.lesions
        ] == categories

    def test_every_one(self) -> None:
        ids = {
            rule.id
            for name, (table, *_) in TABLES.items()
            if name.startswith("lr-tr")
            for rule in table.rules
        }
        assert ids == {rule for rule, *_ in EACH_RULE}

    def test_readings(self) -> None:
        """RD-LRTR-KINDS, RD-LRTR-SILENT, RD-LRTR-APHE, RD-LRTR-CHANGE, RD-LRTR-FIRST.

        RD-LRTR-NEW and RD-LRTR-NEWLY.
        """
        named = {each.id for each in mrecist.READINGS if each.id.startswith("RD-LRTR-")}
        shown = {rule for case in conformance.cases() for rule in case.rules}
        assert len(named) == 7
        assert named <= shown


class TestOracle:
    """What the if-ladders say of any chart."""

    @both
    @given(case=charts())
    def test_agrees(self, criteria: str, case: Document) -> None:
        """Every category, flag and problem."""
        wanted = graded(case, criteria, oracle(case, "mrecist"))
        found = to_assessment(assess(from_case(case), criteria=criteria))
        assert differences(wanted, found) == []

    @given(case=charts())
    def test_beside(self, case: Document) -> None:
        """Beside mRECIST the same categories, and the response is what it was."""
        found = to_assessment(assess(from_case(case)))
        assert differences(oracle(case, "mrecist"), found) == []
        by = {name: graded(case, name, oracle(case, "mrecist")) for name in VERSIONS}
        for number, line in enumerate(found["lines"]):
            for place, row in enumerate(line["timepoints"]):
                told = {each["lesion"]: each for each in row.get("lesions", [])}
                for name, other in by.items():
                    rows = other["lines"][number]["timepoints"][place]["lesions"]
                    wanted = {each["lesion"]: each["category"] for each in rows if each["category"]}
                    key = name.replace("-", "_")
                    assert {lesion: each[key] for lesion, each in told.items() if each[key]} == (
                        wanted
                    )

    @given(case=charts())
    def test_valid(self, case: Document) -> None:
        """The documents are as the schemas say."""
        assert validator("case").is_valid(case)
        for criteria in (*VERSIONS, "mrecist"):
            found = to_assessment(assess(from_case(case), criteria=criteria))
            assert validator("assessment").is_valid(found)

    @given(case=charts())
    def test_round_trip(self, case: Document) -> None:
        """Whatever the findings say of treated lesions comes back from a document."""
        patient = from_case(case)
        assert from_case(mrecist.to_case(patient)) == patient
        names = ["Finding", "Lesion", "Patient", "Procedure", "TherapyLine", "Timepoint"]
        assert eval(repr(patient), {name: getattr(mrecist, name) for name in names}) == patient


class TestSilence:
    """What a silent examination still says, RD-LRTR-CHANGE and RD-LRTR-SILENT."""

    @given(
        sizes=st.lists(st.sampled_from((9, "9.001", 20, 23)), min_size=2, max_size=4),
        at=st.integers(0, 3),
    )
    def test_size_alone(self, sizes: list[Any], at: int) -> None:
        """Leaving out the word at one examination changes no category of another."""
        scans = [
            (60 * place, {"viable_mm": size, "masslike": "present"})
            for place, size in enumerate(sizes, 1)
        ]
        place = at % len(scans)
        silent = [
            *scans[:place],
            (scans[place][0], {"viable_mm": sizes[place]}),
            *scans[place + 1 :],
        ]
        told, without = (
            [
                row.lesions[0].category
                for line in assess(chart("SBRT", BEFORE, *each), criteria=LR_TR_2024).lines
                for row in line.timepoints
            ]
            for each in (scans, silent)
        )
        assert without[place] is None
        assert [*without[:place], told[place], *without[place + 1 :]] == told

    @given(case=charts())
    def test_not_evaluable(self, case: Document) -> None:
        """Said or not of mass-like enhancement: a finding that is not evaluable is Nonevaluable."""
        said = copy.deepcopy(case)
        for timepoint in said["timepoints"]:
            for finding in timepoint["findings"]:
                if finding.get("status") == "not evaluable":
                    finding.setdefault("masslike", "not evaluable")
        for criteria in VERSIONS:
            plain, with_word = (assess(from_case(each), criteria=criteria) for each in (case, said))
            assert [line.timepoints for line in plain.lines] == [
                line.timepoints for line in with_word.lines
            ]

    @pytest.mark.parametrize("word", [{}, {"masslike": "present"}, {"masslike": "uncertain"}])
    def test_grew_since(self, word: Document) -> None:
        """Growth since the last scan counts, though the lesion is smaller than before radiation."""
        then, now = {"viable_mm": 10} | word, {"viable_mm": 15, "masslike": "present"}
        grown = chart("SBRT", BEFORE, (90, then), (180, now))
        (lesion,) = assess(grown, criteria=LR_TR_2024).at(1, 180).lesions
        assert str(lesion.category) == "Viable"


class TestNoLookAhead:
    """A grade rests on earlier examinations only, and on no line of therapy."""

    @both
    @given(case=charts())
    def test_cut(self, criteria: str, case: Document) -> None:
        """What comes later changes no category."""
        whole = assess(from_case(case), criteria=criteria)
        if any("visit" in each for each in case["timepoints"]):
            return
        last = case["timepoints"][-1]["date"]
        cut = case | {"timepoints": case["timepoints"][:-1]}
        if any(line["start"] >= last for line in case["lines"]) or not cut["timepoints"]:
            return
        before = assess(from_case(cut), criteria=criteria)
        for line, other in zip(whole.lines, before.lines, strict=True):
            told = [each for each in line.timepoints if each.date != last]
            assert told == list(other.timepoints)


class TestNeverAResponse:
    """Lesions are graded, never a patient."""

    @both
    def test_response(self, criteria: str) -> None:
        found = assess(SBRT_23, criteria=criteria)
        document = to_assessment(found)
        assert document["criteria"] == criteria
        for line in document["lines"]:
            assert line["best_response"] is line["confirmed_best_response"] is None
            assert [row["response"] for row in line["timepoints"]] == [None, None]
        assert [each.response for each in found.lines[0].timepoints] == [None, None]

    @both
    def test_refused_elsewhere(self, criteria: str) -> None:
        """What needs a response refuses them, and says what takes them."""
        told = f"criteria {criteria} grade treated lesions and give no response; take assess"
        with pytest.raises(CriteriaError, match=told):
            mrecist.compare(SBRT_23, "mrecist", criteria)
        with pytest.raises(CriteriaError, match=told):
            mrecist.how_sure(SBRT_23, error="independent_recist", criteria=criteria)

    def test_not_registered(self) -> None:
        import attrs

        with pytest.raises(CriteriaError, match="the name is taken"):
            mrecist.register(attrs.evolve(mrecist.MRECIST, name="LR-TR-2024"))


class TestAnswer:
    """The answer as values and as text."""

    @pytest.mark.parametrize("name", ["lr-tr-2024", "LR_TR_2024", LR_TR_2024])
    def test_by_name(self, name: Any) -> None:
        assert assess(SBRT_23, criteria=name).criteria is LR_TR_2024

    def test_copies(self) -> None:
        found = assess(SBRT_23, criteria=LR_TR_2018)
        for same in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
            assert same == found
            assert str(same) == str(found)

    def test_text(self) -> None:
        found = assess(SBRT_23, criteria=LR_TR_2024)
        told = str(found)
        assert told.startswith("P: LI-RADS treatment response v2024\n\nLine 1: SBRT from day 0\n")
        assert "Nonprogressing" in told
        assert "LR24R-STABLE; LI-RADS v2024, treatment response, radiation [restated]" in told
        assert mrecist.explain(found) == told
        assert mrecist.explain(found, line=1, date=90).count("Nonprogressing") == 1
        assert repr(found) == "<LesionAssessment P by lr-tr-2024>"
        assert repr(found.lines[0]) == "<GradedLine 1 SBRT>"
        assert repr(found.at(1, 90)) == "<GradedTimepoint 90: T Nonprogressing>"
        assert repr(found.at(1, 90).lesions[0]) == "<GradedLesion T Nonprogressing>"
        assert str(found.at(1, 90).lesions[0]).startswith("T: Nonprogressing; after SBRT of day 0")
        assert "<table>" in found._repr_html_()

    def test_nothing(self) -> None:
        """Without a line, or without a treated lesion, there is nothing to grade."""
        alone = mrecist.Patient("P", [], [], [])
        assert str(assess(alone, criteria=LR_TR_2024)).endswith("no line of therapy")
        bare = chart("drainage", BEFORE, (90, {"masslike": "present"}))
        (timepoint,) = assess(bare, criteria=LR_TR_2024).lines[0].timepoints
        assert repr(timepoint) == "<GradedTimepoint 90: nothing graded>"
        assert all(
            "lesions" not in row
            for line in to_assessment(assess(bare))["lines"]
            for row in line["timepoints"]
        )

    def test_not_there(self) -> None:
        found = assess(SBRT_23, criteria=LR_TR_2024)
        with pytest.raises(mrecist.NotThereError, match="there is no line 2"):
            found.at(2, 90)
        with pytest.raises(mrecist.NotThereError, match="no follow-up of line 1 on 91"):
            found.told(line=1, date=91)

    def test_why(self) -> None:
        """Size, treatment and reasons of a lesion that is viable for the first time."""
        larger = {"masslike": "present", "viable_mm": 24, "status": "measured"}
        grown = chart("SBRT", BEFORE, (90, larger))
        (lesion,) = assess(grown, criteria=LR_TR_2024).at(1, 90).lesions
        assert (lesion.size_mm, lesion.treatment, lesion.treated_on) == (24.0, "SBRT", 0)
        assert lesion.problems.words == ["ONE_SCAN_AFTER_RADIATION"]
        assert [each.rule for each in lesion.reasons] == ["LR24R-GREW", "LRTR-CHANGE-GREW"]
        assert [each.evidence for each in lesion.reasons] == ["restated", "reading"]
        assert lesion.grade.compared_with == -7
        silent = chart("SBRT", BEFORE, (90, {"viable_mm": 24, "status": "measured"}))
        (lesion,) = assess(silent, criteria=LR_TR_2024).at(1, 90).lesions
        assert (lesion.category, lesion.reasons) == (None, ())
        assert str(lesion) == (
            "T: no category; after SBRT of day 0: not recorded whether mass-like enhancement is "
            "there"
        )

    @pytest.mark.parametrize(
        ("kind", "treatment"),
        [("Y-90", "radiation"), ("Deb-TACE", "not radiation"), ("Ethanol", "not radiation"),
         ("resection  margin", "resection margin"), ("TACE+SBRT", "radiation"),
         ("resection", "none that it reads"), ("sorafenib", "none that it reads")],
    )  # fmt: skip
    def test_kinds(self, kind: str, treatment: str) -> None:
        """RD-LRTR-KINDS."""
        assert treatment_of(kind) == treatment
