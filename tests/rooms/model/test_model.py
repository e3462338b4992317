"""The records of a chart: built by hand, refused when they cannot be, equal to what they print."""

from __future__ import annotations

import copy
import datetime
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mrecist
from mrecist import (
    CaseError,
    Event,
    Finding,
    Lesion,
    Marker,
    Patient,
    TherapyLine,
    Timepoint,
    from_case,
)
from mrecist._base.converters import Micrometres
from mrecist._base.words import EndReason, Enhancement, Kind, Pattern, Proof, Response, Status
from mrecist.testing.strategies import case_documents

Build = Callable[[], Any]

DAY = datetime.date(2024, 1, 3)
RECORDS: dict[str, Any] = {
    "lesion": Lesion("S8", "liver", "nodule", hilar=False, enhancement="none", treated=True),
    "finding": Finding("S8", viable_mm=41.5, longest_mm="50", pattern="typical", equivocal=True),
    "time point": Timepoint("2024-01-03", [Finding("PV", status="present")], reported="SD"),
    "event": Event(7, "ascites drained"),
    "marker": Marker(-3, "AFP", "<3", "ng/mL"),
    "line": TherapyLine(
        ["sorafenib"], 0, stop=60, end_reason="toxicity", targets=["S8"], doses=[Event(0, "full")]
    ),
    "patient": Patient(
        "P-001",
        [Lesion("S8", "liver", "nodule")],
        [Timepoint(-7, [Finding("S8", viable_mm=30)])],
        [TherapyLine(["lenvatinib"], 0, baseline=-7)],
        markers=[Marker(-3, "AFP", 120.5, "ng/mL")],
        events=[Event(3, "embolization")],
        death=500,
        last_contact=400,
    ),
}
each_record = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)


def rebuilt(text: str) -> Any:
    names = {name: getattr(mrecist, name) for name in mrecist.__all__}
    return eval(text, {"__builtins__": {}}, {**names, "Decimal": Decimal})


class TestBuilding:
    """Every record can be built by hand, from the words and numbers of a chart."""

    def test_lesion(self) -> None:
        """A lesion has an id, an organ and a kind; the rest has defaults."""
        lesion = Lesion("S8", "liver", "nodule")
        assert (lesion.id, lesion.organ, lesion.kind) == ("S8", "liver", Kind.NODULE)
        assert (lesion.hilar, lesion.treated, lesion.label) == (False, False, None)
        assert lesion.enhancement is Enhancement.ARTERIAL
        assert lesion == Lesion(
            "S8", "liver", Kind.NODULE, hilar=None, enhancement=None, treated=None, label=None
        )

    def test_finding(self) -> None:
        """Sizes are given in millimetres and kept in micrometres; a size alone is `measured`."""
        finding = Finding("S8", viable_mm=41.5, longest_mm="50", short_axis_mm=Decimal("9.0005"))
        assert finding.status is Status.MEASURED
        assert (finding.viable_um, finding.longest_um, finding.short_axis_um) == (
            41_500,
            50_000,
            9_000,
        )
        assert type(finding.viable_um) is Micrometres
        assert finding.pattern is Pattern.UNKNOWN
        assert (finding.cytology, finding.biopsy) == (Proof.NOT_DONE, Proof.NOT_DONE)
        assert finding.equivocal is False

    def test_status(self) -> None:
        """A status alone is a finding; a size of 0 goes with `absent`."""
        assert Finding("PV", status="present").status is Status.PRESENT
        assert Finding("S8", status="absent", viable_mm=0).viable_um == 0
        assert Finding("S8", status="not evaluable", longest_mm=0.0).longest_um == 0
        assert Finding("S8", status="too small", viable_mm=4).viable_um == 4_000

    def test_timepoint(self) -> None:
        """A time point has a date and findings; it has an arterial phase unless it says not."""
        timepoint = Timepoint("2024-01-03", [])
        assert (timepoint.date, timepoint.findings) == (DAY, ())
        assert (timepoint.arterial_phase, timepoint.reported, timepoint.note) == (True, None, None)
        other = Timepoint(DAY, (), arterial_phase=False, reported="NON-CR/NON-PD", note="blurred")
        assert other.arterial_phase is False
        assert other.reported is Response.NON_CR_NON_PD

    def test_line(self) -> None:
        """A line has agents and a start; lists left out are not empty lists."""
        line = TherapyLine(["atezolizumab", "bevacizumab"], "2024-01-03")
        assert line.agents == ("atezolizumab", "bevacizumab")
        assert (line.start, line.stop, line.end_reason, line.baseline) == (DAY, None, None, None)
        assert (line.targets, line.nontargets, line.doses) == (None, None, ())
        assert TherapyLine(["x"], 0, targets=[], nontargets=[]).targets == ()
        assert TherapyLine(["x"], 0, stop=0, end_reason="choice").end_reason is EndReason.CHOICE

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            (7, Decimal(7)),
            (120.5, Decimal("120.5")),
            (0.1, Decimal("0.1")),
            (Decimal("1E+3"), Decimal(1000)),
            ("<3", "<3"),
            (">= 60500", ">= 60500"),
            ("\u22643", "<=3"),
            ("\u2265\u00a060500", ">=\u00a060500"),
            (" 120.5 ", Decimal("120.5")),
        ],
        ids=repr,
    )
    def test_marker(self, value: Any, kept: Any) -> None:
        """RD-MARKER-TEXT: a marker is a positive number, kept exactly, or a limit as text."""
        assert Marker(0, "AFP", value, "ng/mL").value == kept

    def test_patient(self) -> None:
        """A chart holds its records in the order given, as tuples."""
        patient = RECORDS["patient"]
        assert [lesion.id for lesion in patient.lesions] == ["S8"]
        assert (patient.death, patient.last_contact) == (500, 400)
        bare = Patient("P-002", [], [], [])
        assert (bare.lesions, bare.markers, bare.events, bare.death) == ((), (), (), None)


NUMBER = 'must be mm as a number or as text like "41.5", got '
KINDS = '"nodule", "node", "infiltrative", "thrombus", "effusion", "other"'


def lesions(*ids: str) -> list[Lesion]:
    return [Lesion(id, "liver", "nodule") for id in ids]


class TestRefusals:
    """A record that no sound chart can contain is refused: which record, field and value."""

    @pytest.mark.parametrize(
        ("build", "message"),
        [
            (lambda: Lesion("", "liver", "nodule"), "id: must be text, not empty, got ''"),
            (lambda: Lesion("S8", None, "nodule"), "lesion S8: organ: must be text, got None"),
            (
                lambda: Lesion("S8", "liver", "mass"),
                f"lesion S8: kind: must be one of {KINDS}, got 'mass'",
            ),
            (
                lambda: Lesion("S8", "liver", "node", hilar="yes"),
                "lesion S8: hilar: must be true or false, got 'yes'",
            ),
            (
                lambda: Finding("S8", viable_mm=-3),
                "lesion S8: viable_mm: must be at least 0, got -3",
            ),
            (
                lambda: Finding("S8", short_axis_mm="9 mm"),
                f"lesion S8: short_axis_mm: {NUMBER}'9 mm'",
            ),
            (lambda: Finding("S8"), "lesion S8: must have a status or a size"),
            (lambda: Finding("S8", pattern="typical"), "lesion S8: must have a status or a size"),
            (
                lambda: Finding("S8", status="absent", longest_mm=3.5),
                'lesion S8: longest_mm: must be 0 or left out where status is "absent", got 3.5',
            ),
            (
                lambda: Finding("S8", status="not evaluable", viable_mm="0.001"),
                'lesion S8: viable_mm: must be 0 or left out where status is "not evaluable", '
                "got 0.001",
            ),
            (
                lambda: Timepoint("2024-02-30", []),
                "date: must be a date of the calendar, got '2024-02-30'",
            ),
            (
                lambda: Timepoint(56, ["S8"]),
                "time point 56: findings[0]: must be of type Finding, got 'S8'",
            ),
            (
                lambda: Timepoint(56, [], reported="ND"),
                'time point 56: reported: must be one of "CR", "PR", "SD", "NON-CR/NON-PD", "PD", '
                '"NE", "NED", "iCR", "iPR", "iSD", "non-iCR/non-iUPD", "iUPD", "iCPD", got \'ND\'',
            ),
            (
                lambda: Timepoint(56, [Finding("S8", viable_mm=3), Finding("S8", viable_mm=4)]),
                "time point 56: findings[1].lesion: must be unique, got 'S8' as in findings[0]",
            ),
            (lambda: TherapyLine([], 0), "agents: must name at least one agent, got an empty list"),
            (lambda: TherapyLine("sorafenib", 0), "agents: must be a list, got 'sorafenib'"),
            (
                lambda: TherapyLine(["a", "b"], "2024-01-31", stop="2024-01-30"),
                "line of a+b: stop: must not be before the start 2024-01-31, got 2024-01-30",
            ),
            (
                lambda: TherapyLine(["a"], 0, targets=["S8", "S8"]),
                "line of a: targets[1]: must not be named twice, got 'S8'",
            ),
            (
                lambda: TherapyLine(["a"], 0, targets=["S8"], nontargets=["PV", "S8"]),
                "line of a: nontargets[1]: must not be a target as well, got 'S8'",
            ),
            (
                lambda: Marker(0, "AFP", 0, "ng/mL"),
                "marker 0: value: must be a number above 0, got 0",
            ),
            (
                lambda: Marker(0, "AFP", float("inf"), "ng/mL"),
                "marker 0: value: must be a number above 0, got inf",
            ),
            (
                lambda: Marker(0, "AFP", "<0", "ng/mL"),
                "marker 0: value: must be a number above 0 or text like \"<3\", got '<0'",
            ),
            (
                lambda: Marker(0, "AFP", True, "ng/mL"),
                'marker 0: value: must be a number above 0 or text like "<3", got True',
            ),
            (
                lambda: Marker(0, "AFP", Decimal("1E+400"), "ng/mL"),
                "marker 0: value: must be from 1E-15 to 1E+15, got 1E+400",
            ),
            (lambda: Marker(0, "AFP", 1, ""), "marker 0: unit: must be text, not empty, got ''"),
            (lambda: Event(0, None), "event 0: text: must be text, got None"),
            (
                lambda: Patient("P", lesions("A", "A"), [], []),
                "patient P: lesions[1].id: must be unique, got 'A' as in lesions[0]",
            ),
            (
                lambda: Patient("P", [], [Timepoint(1, []), Timepoint(1, [])], []),
                "patient P: timepoints[1].date: must be unique, got 1 as in timepoints[0]",
            ),
            (
                lambda: Patient("P", [], [], [TherapyLine(["a"], 1), TherapyLine(["b"], 1)]),
                "patient P: lines[1].start: must be unique, got 1 as in lines[0]",
            ),
            (
                lambda: Patient("P", lesions("A"), [Timepoint(1, [Finding("B", viable_mm=1)])], []),
                "patient P: timepoints[0].findings[0].lesion: must be the id of a lesion of this "
                "case, got 'B'",
            ),
            (
                lambda: Patient("P", lesions("A"), [], [TherapyLine(["a"], 1, nontargets=["B"])]),
                "patient P: lines[0].nontargets[0]: must be the id of a lesion of this case, "
                "got 'B'",
            ),
            (
                lambda: Patient("P", [], [Timepoint(1, [])], [TherapyLine(["a"], 2, baseline=2)]),
                "patient P: lines[0].baseline: must be the date of a time point, got 2",
            ),
            (
                lambda: Patient("P", [], [Timepoint(1, [])], [TherapyLine(["a"], "2024-01-03")]),
                "patient P: lines[0].start: must be a study day as timepoints[0].date is, "
                "got 2024-01-03",
            ),
            (
                lambda: Patient("P", [], [Timepoint("2024-01-03", [])], [], death=9),
                "patient P: death: must be a calendar date as timepoints[0].date is, got 9",
            ),
        ],
    )
    def test_refused(self, build: Build, message: str) -> None:
        """The error says this and nothing else."""
        with pytest.raises(CaseError) as refused:
            build()
        assert str(refused.value) == message

    def test_all_at_once(self) -> None:
        """A chart with many mistakes names them all, one a line, each with its path."""
        with pytest.raises(CaseError) as refused:
            Patient(
                "P-001",
                lesions("A", "A"),
                [
                    Timepoint(1, [Finding("X", viable_mm=1)]),
                    Timepoint(1, [Finding("A", viable_mm=1), Finding("Y", viable_mm=1)]),
                ],
                [TherapyLine(["a"], 0, baseline=9, targets=["Z"])],
                events=[Event("2024-01-03", "scan")],
                last_contact="2024-01-03",
            )
        error = refused.value
        assert error.where == "patient P-001"
        assert [path for path, _ in error.mistakes] == [
            "lesions[1].id",
            "timepoints[1].date",
            "events[0].date",
            "last_contact",
            "timepoints[0].findings[0].lesion",
            "timepoints[1].findings[1].lesion",
            "lines[0].targets[0]",
            "lines[0].baseline",
        ]
        assert str(error).count("patient P-001: ") == len(error.mistakes)

    def test_all_sizes_at_once(self) -> None:
        """An absent lesion with three sizes has three mistakes."""
        with pytest.raises(CaseError) as refused:
            Finding("S8", status="absent", viable_mm=1, longest_mm=2, short_axis_mm=3)
        paths = [path for path, _ in refused.value.mistakes]
        assert paths == ["viable_mm", "longest_mm", "short_axis_mm"]

    def test_keywords(self) -> None:
        """What is not obvious by its place must be named."""
        with pytest.raises(TypeError, match="positional"):
            Finding("S8", "present")  # type: ignore[call-arg]


class TestValues:
    """A record is a value: it does not change, and is equal to what holds the same."""

    @each_record
    def test_frozen(self, record: Any) -> None:
        """No field can be set, and there is no place for another."""
        field = attrs.fields(type(record))[0].name
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(record, field, "other")
        with pytest.raises((AttributeError, TypeError)):
            object.__setattr__(record, "colour", "red")
        assert not hasattr(record, "__dict__")

    @each_record
    def test_equal(self, record: Any) -> None:
        """A record evolved by nothing, copied or pickled is equal and hashes alike."""
        copies = [attrs.evolve(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))]
        for same in copies:
            assert same == record
            assert hash(same) == hash(record)
            assert repr(same) == repr(record)

    @pytest.mark.parametrize(
        ("record", "changes"),
        [
            ("lesion", {"id": "S7"}),
            ("lesion", {"treated": False}),
            ("finding", {"viable_mm": "41.501"}),
            ("finding", {"equivocal": False}),
            ("time point", {"reported": None}),
            ("event", {"date": 8}),
            ("marker", {"value": 3}),
            ("line", {"targets": []}),
            ("line", {"targets": None}),
            ("patient", {"death": None}),
        ],
    )
    def test_unequal(self, record: str, changes: dict[str, Any]) -> None:
        """A record that differs in one field is another."""
        assert attrs.evolve(RECORDS[record], **changes) != RECORDS[record]

    def test_evolve_keeps_sizes(self) -> None:
        """A finding evolved keeps its sizes to the micrometre, and takes new ones in mm."""
        finding = attrs.evolve(RECORDS["finding"], equivocal=False)
        assert (finding.viable_um, finding.longest_um) == (41_500, 50_000)
        finding = attrs.evolve(finding, viable_mm=3)
        assert (finding.viable_um, finding.longest_um) == (3_000, 50_000)

    def test_evolve_is_checked(self) -> None:
        """A record cannot evolve into one that could not be built."""
        with pytest.raises(CaseError, match="must not be before the start"):
            attrs.evolve(RECORDS["line"], start=61)


class TestProcedure:
    """`str` of a procedure: what was done, to which lesions, and what is written of it."""

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({}, "RFA"),
            ({"lesions": ["A", "B"]}, "RFA of A, B"),
            ({"text": "of segment 6"}, "RFA: of segment 6"),
            ({"lesions": ["A"], "text": "whole"}, "RFA of A: whole"),
        ],
    )
    def test_text(self, given: dict[str, Any], told: str) -> None:
        assert str(mrecist.Procedure(3, "RFA", **given)) == told


class TestRepr:
    """A record prints as the expression that builds it again."""

    @pytest.mark.parametrize(
        ("record", "text"),
        [
            (Lesion("S8", "liver", "nodule"), "Lesion('S8', 'liver', \"nodule\")"),
            (
                Lesion("N1", "porta hepatis", "node", hilar=True),
                "Lesion('N1', 'porta hepatis', \"node\", hilar=True)",
            ),
            (Finding("PV", status="present"), "Finding('PV', status=\"present\")"),
            (
                Timepoint("2024-01-03", [], arterial_phase=False, reported="PD"),
                'Timepoint("2024-01-03", [], arterial_phase=False, reported="PD")',
            ),
            (
                TherapyLine(["a"], 0, stop=9, targets=[]),
                "TherapyLine(['a'], 0, stop=9, targets=[])",
            ),
            (Marker(0, "AFP", 120.5, "ng/mL"), "Marker(0, 'AFP', 120.5, 'ng/mL')"),
            (Event(0, "it's"), 'Event(0, "it\'s")'),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_text(self, record: Any, text: str) -> None:
        """What holds its default is left out."""
        assert repr(record) == text
        assert rebuilt(text) == record

    def test_shortest(self) -> None:
        """A finding with a size and no other status prints without one."""
        assert repr(Finding("S8", viable_mm=41.5)) == "Finding('S8', viable_mm=41.5)"

    def test_exact_marker(self) -> None:
        """A marker that no float holds is rebuilt exactly too."""
        marker = Marker(0, "AFP", Decimal("0.12345678901234567890123"), "ng/mL")
        assert rebuilt(repr(marker)) == marker

    @each_record
    def test_each_record(self, record: Any) -> None:
        """Every kind of record is rebuilt from its text."""
        assert rebuilt(repr(record)) == record

    @given(st.integers(0, 1_000_000))
    def test_every_size(self, um: int) -> None:
        """A size prints in millimetres, to the micrometre."""
        finding = Finding("S8", viable_mm=Micrometres(um))
        assert rebuilt(repr(finding)).viable_um == um

    @given(case_documents())
    def test_whole_charts(self, document: dict[str, Any]) -> None:
        """Any chart is rebuilt from its text."""
        patient = from_case(document)
        assert rebuilt(repr(patient)) == patient


class TestReportedBy:
    """Verdicts by criteria are a value: equal, hashed and shown by their words."""

    def test_value(self) -> None:
        words = {"mrecist": "CR", "recist-1.1": "SD"}
        one, other = (
            mrecist.Timepoint(0, [], reported=words),
            mrecist.Timepoint(0, [], reported=words),
        )
        assert one == other
        assert hash(one.reported) == hash(other.reported)
        assert len(one.reported) == 2
        assert dict(one.reported) == words
        assert one.reported["recist-1.1"] == "SD"
        assert str(one.reported) == "mrecist: CR, recist-1.1: SD"
        assert repr(one.reported) == "ReportedBy({'mrecist': \"CR\", 'recist-1.1': \"SD\"})"

    def test_document(self) -> None:
        words = {"mrecist": "CR", "recist-1.1": "SD"}
        patient = mrecist.Patient("P", [], [mrecist.Timepoint(0, [], reported=words)], [])
        document = mrecist.to_case(patient)
        assert document["timepoints"][0]["reported"] == words
        assert mrecist.from_case(document) == patient
