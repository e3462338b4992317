"""What a reader recorded: lesions (TU), their results (TR) and the verdicts given (RS)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from .._base.words import Kind, Pattern, Proof, Status, Unmentioned
from ..model import Finding, Lesion, Patient, Timepoint
from ..rulebook.adam import LENCIONI
from ..rulebook.criteria import MRECIST, RECIST_1_1
from .sdtm_choices import NONE, OPEN
from .sdtm_out_words import evaluator, looks_of, millimetres, own_words, sizes_of, term_of
from .sdtm_reported import is_read
from .sdtm_rows import Rows
from .sdtm_variables import TESTS

__all__ = ["Computed", "write_results"]

_STATES = {
    Status.ABSENT: "ABSENT",
    Status.PRESENT: "PRESENT",
    Status.PROGRESSED: "UNEQUIVOCAL PROGRESSION",
    Status.MEASURED: "PRESENT",
}
_SHOWN = frozenset({Status.MEASURED, Status.TOO_SMALL, Status.PRESENT, Status.PROGRESSED})
_RSCAT = {MRECIST.name: LENCIONI, RECIST_1_1.name: "RECIST 1.1"}

Computed = Mapping[str, Sequence[tuple[int, str, str]]]
"""By date, the line, the category and the word of each computed response."""


def write_results(
    rows: Rows,
    reader: str | None,
    chart: Patient,
    accepted: Collection[int | str],
    computed: Computed,
) -> None:
    """The rows of TU, TR and RS of one reader's chart of a patient.

    `accepted` are the numbers of the lines, or the dates of the time points, of which this reading
    was accepted; `computed` the responses that are no reader's.
    """
    _Written(rows, reader, chart, accepted, computed).write()


class _Written:
    """The rows of one chart."""

    def __init__(
        self,
        rows: Rows,
        reader: str | None,
        chart: Patient,
        accepted: Collection[int | str],
        computed: Computed,
    ) -> None:
        self._rows, self._chart, self._accepted = rows, chart, accepted
        self._computed = computed
        self._who = evaluator(reader)
        self._exams = sorted(chart.timepoints, key=lambda each: str(each.date))
        self._begun = {each.visit: str(each.date) for each in reversed(self._exams)}
        self._lines = sorted(chart.lines, key=lambda each: str(each.start))
        self._lesions = {each.id: each for each in chart.lesions}
        self._roles = {(at, name): role for at, name, role in self._named()}
        self._new = {lesion: str(exam.date) for lesion, exam in self._newcomers()}
        self._baselines = {str(line.baseline) for line in self._lines if line.baseline is not None}
        self._flags = self._flags_say_it()

    def write(self) -> None:
        """All rows, and what they cannot say."""
        choices = self._choices()
        for lesion in self._chart.lesions:
            number = self._write_lesion(lesion)
            if choices:
                self._rows.qualify("TU", self._chart.id, number, "TUCHOICE", choices)
                choices = ""
        if choices:
            self._rows.leave(self._chart.id, "lists", f"of a chart without lesions: {choices}")
        for exam in self._exams:
            self._write_exam(exam)
            self._write_verdicts(exam)
            self._write_computed(exam)

    def _add(self, domain: str, date: Any, visit: str | None = None, **cells: Any) -> int:
        who = {f"{domain}{name}": value for name, value in self._who.items()}
        if self._is_accepted(str(date), visit):
            who[f"{domain}ACPTFL"] = "Y"
        return self._rows.add(
            domain,
            self._chart.id,
            dtc=str(date),
            VISIT=visit,
            test=TESTS[cells["testcd"]],
            **who,
            **cells,
        )

    def _is_accepted(self, date: str, visit: str | None) -> bool:
        first = date if visit is None else self._begun[visit]
        return first in self._accepted or self._number_at(date) in self._accepted

    def _number_at(self, date: str) -> int:
        """The number of the line that goes on at a date; before all lines, the first."""
        return max(sum(str(line.start) <= date for line in self._lines), 1)

    # ---- roles

    def _named(self) -> Iterator[tuple[int, str, str]]:
        """The lesions that lines name: the index of the line, the lesion, the role."""
        for at, line in enumerate(self._lines):
            for role, names in (("TARGET", line.targets), ("NON-TARGET", line.nontargets)):
                yield from ((at, name, role) for name in names or ())

    def _newcomers(self) -> Iterator[tuple[str, Timepoint]]:
        """The lesions that no line names and that first show after the first line began."""
        seen: set[str] = {name for _, name in self._roles}
        start = str(self._lines[0].start) if self._lines else ""
        for exam in self._exams:
            for finding in exam.findings:
                if finding.lesion not in seen:
                    seen.add(finding.lesion)
                    if self._lines and str(exam.date) > start and finding.status in _SHOWN:
                        yield finding.lesion, exam

    def _identified_on(self, at: int) -> str:
        """The date on which the lesions of a line were chosen: its last scan before the start."""
        start = str(self._lines[at].start)
        before = "" if at == 0 else str(self._lines[at - 1].start)
        dates = [str(exam.date) for exam in self._exams if before < str(exam.date) <= start]
        return dates[-1] if dates else start

    def _choices(self) -> str:
        """The choices of lesions that roles of single lesions cannot say."""
        said = []
        for number, line in enumerate(self._lines, 1):
            lists = {"TARGET": line.targets, "NON-TARGET": line.nontargets}
            if all(each is None for each in lists.values()):
                continue
            names_some = any(lists.values())
            for role, each in lists.items():
                if each is None:
                    said.append(f"LINE {number} {role} {OPEN}")
                elif not names_some:
                    said.append(f"LINE {number} {role} {NONE}")
        return "; ".join(said)

    # ---- lesions

    def _write_lesion(self, lesion: Lesion) -> int:
        """The rows of one lesion; the number of the first."""
        number = 0
        for date, role in self._identifications(lesion.id):
            made = self._add(
                "TU",
                date,
                lnkid=lesion.id,
                testcd="TUMIDENT",
                orres=role,
                stresc=role,
                loc=term_of(lesion),
            )
            number = number or made
        for name, value in own_words(lesion, sized=self._is_sized(lesion.id)).items():
            self._rows.qualify("TU", self._chart.id, number, name, value)
        if lesion.part_of is not None:
            date = self._first_date(lesion.id)
            self._add(
                "TU",
                date,
                lnkid=lesion.id,
                testcd="TUSPLIT",
                orres=lesion.part_of,
                stresc=lesion.part_of,
            )
        return number

    def _identifications(self, lesion: str) -> list[tuple[str, str | None]]:
        """When a lesion was identified, and as what; at least once."""
        found: list[tuple[str, str | None]] = []
        if lesion in self._new:
            found.append((self._new[lesion], "NEW"))
        found += [
            (self._identified_on(at), role)
            for (at, name), role in self._roles.items()
            if name == lesion
        ]
        return found or [(self._first_date(lesion), None)]

    def _first_date(self, lesion: str) -> str:
        dates = (
            str(exam.date)
            for exam in self._exams
            if any(each.lesion == lesion for each in exam.findings)
        )
        return next(dates, str(self._exams[0].date) if self._exams else "")

    def _is_sized(self, lesion: str) -> bool:
        """Whether the rows that are written hold a size of the lesion."""
        return any(
            um is not None
            for exam in self._exams
            for each in exam.findings
            if each.lesion == lesion
            for um in sizes_of(each).values()
        )

    # ---- results

    def _write_exam(self, exam: Timepoint) -> None:
        number = None
        for finding in exam.findings:
            made = self._write_finding(exam, finding)
            number = number or made
        if number is None:
            number = self._add("TR", exam.date, exam.visit, testcd="TRALL", stat="NOT DONE")
        if not self._flags and (lines := self._lines_from(str(exam.date))):
            self._rows.qualify("TR", self._chart.id, number, "TRBASEL", lines)
        if not exam.arterial_phase:
            self._rows.qualify("TR", self._chart.id, number, "TRARTPH", "N")
        if exam.modality is not None:
            self._rows.qualify("TR", self._chart.id, number, "TRMODAL", str(exam.modality))
        if exam.unmentioned is not Unmentioned.NOT_EVALUABLE:
            value = str(exam.unmentioned).upper()
            self._rows.qualify("TR", self._chart.id, number, "TRUNMENT", value)

    def _write_finding(self, exam: Timepoint, finding: Finding) -> int:
        """The rows of one finding; the number of the first."""
        lesion = self._lesions[finding.lesion]
        flag = "Y" if self._flags and str(exam.date) in self._baselines else None
        numbers = [
            self._add("TR", exam.date, exam.visit, lnkid=finding.lesion, blfl=flag, **cells)
            for cells in self._results(lesion, finding)
        ]
        for name, value in self._qualifiers(lesion, finding).items():
            self._rows.qualify("TR", self._chart.id, numbers[0], name, value)
        if finding.into is not None:
            self._add(
                "TU",
                exam.date,
                exam.visit,
                lnkid=finding.lesion,
                testcd="TUMERGE",
                orres=finding.into,
                stresc=finding.into,
            )
        return numbers[0]

    def _results(self, lesion: Lesion, finding: Finding) -> Iterator[dict[str, Any]]:
        """The cells of each row: the sizes, then the state beside or instead of them."""
        state = "LNSTATE" if lesion.kind is Kind.NODE else "TUMSTATE"
        sizes = {test: um for test, um in sizes_of(finding).items() if um is not None}
        for test, um in sizes.items():
            text = millimetres(um)
            yield {"testcd": test, "orres": text, "orresu": "mm", "stresc": text,
                   "stresn": um / 1000, "stresu": "mm"}  # fmt: skip
        word = self._word(finding, sized=bool(sizes))
        if word is not None:
            yield {"testcd": state, "orres": word, "stresc": word}
        elif finding.status is Status.TOO_SMALL and not sizes:
            small = "LPERP" if lesion.kind is Kind.NODE else "LDIAM"
            yield {
                "testcd": small,
                "orres": "TOO SMALL TO MEASURE",
                "stresc": "TOO SMALL TO MEASURE",
            }
        elif not sizes:
            reason = "NOT EVALUABLE" if finding.into is None else f"MERGED INTO {finding.into}"
            yield {"testcd": state, "stat": "NOT DONE", "reasnd": reason}

    def _word(self, finding: Finding, *, sized: bool) -> str | None:
        """The state of a lesion, where a row says one."""
        is_new, status = finding.lesion in self._new, finding.status
        if finding.equivocal and is_new and status in (Status.MEASURED, Status.PRESENT):
            return "EQUIVOCAL"
        if sized and (status is not Status.PROGRESSED or is_new):
            return None
        return None if status is None else _STATES.get(status)

    def _qualifiers(self, lesion: Lesion, finding: Finding) -> dict[str, str]:
        """What no result says of a finding."""
        sized = any(um is not None for um in sizes_of(finding).values())
        word = self._word(finding, sized=sized)
        is_new = finding.lesion in self._new
        said: dict[str, str] = {}
        if finding.pattern is not Pattern.UNKNOWN:
            said["TRPATTRN"] = str(finding.pattern).upper()
        for name, proof in (("TRCYTOL", finding.cytology), ("TRBIOPSY", finding.biopsy)):
            if proof is not Proof.NOT_DONE:
                said[name] = str(proof).upper()
        if finding.equivocal and word != "EQUIVOCAL":
            said["TREQUIV"] = "Y"
        if finding.status is not None and finding.status is not _read_as(
            word, lesion, finding.status, sized=sized, is_new=is_new
        ):
            said["TRSTATUS"] = str(finding.status).upper()
        return said | looks_of(finding)

    # ---- verdicts

    def _write_verdicts(self, exam: Timepoint) -> None:
        reported = exam.reported
        if reported is None:
            return
        verdicts = reported.items() if isinstance(reported, Mapping) else [(None, reported)]
        for criteria, word in verdicts:
            category = None if criteria is None else _RSCAT.get(criteria, criteria.upper())
            if not is_read(category, criteria):
                told = f"{exam.date}: {word} by {criteria}, which is no RSCAT"
                self._rows.leave(self._chart.id, "verdict", told)
                continue
            self._add(
                "RS",
                exam.date,
                exam.visit,
                testcd="OVRLRESP",
                cat=category,
                orres=str(word),
                stresc=str(word),
            )

    def _write_computed(self, exam: Timepoint) -> None:
        """The computed responses: derived records, without an original result or an evaluator."""
        for line, category, word in self._computed.get(str(exam.date), ()):
            self._rows.add(
                "RS",
                self._chart.id,
                dtc=str(exam.date),
                VISIT=exam.visit,
                grpid=f"LINE {line}",
                testcd="OVRLRESP",
                test=TESTS["OVRLRESP"],
                cat=category,
                stresc=word,
                drvfl="Y",
            )

    # ---- baselines

    def _flags_say_it(self) -> bool:
        """Whether flags of the scans' results say which baseline each line has."""
        flagged: dict[int, set[str]] = {}
        for exam in self._exams:
            if str(exam.date) in self._baselines:
                dates = flagged.setdefault(self._line_of(str(exam.date)), set())
                dates.add(str(exam.date) if exam.findings else "")
        named = [set() if line.baseline is None else {str(line.baseline)} for line in self._lines]
        return all(flagged.get(at, set()) == own for at, own in enumerate(named))

    def _lines_from(self, date: str) -> str:
        """The lines whose named baseline is on a date."""
        return "; ".join(
            f"LINE {number}"
            for number, line in enumerate(self._lines, 1)
            if str(line.baseline) == date
        )

    def _line_of(self, date: str) -> int:
        """The line that a flag on a date is of: the first that starts then or later."""
        later = (at for at, line in enumerate(self._lines) if str(line.start) >= date)
        return next(later, len(self._lines) - 1)


def _read_as(
    word: str | None, lesion: Lesion, status: Status, *, sized: bool, is_new: bool
) -> Status:
    """The status that the rows of a finding are read as."""
    if word == "UNEQUIVOCAL PROGRESSION":
        effused = lesion.kind is Kind.EFFUSION and not sized
        return Status.PRESENT if is_new and not effused else Status.PROGRESSED
    if sized:
        return Status.MEASURED
    if word is None:
        return status if status is Status.TOO_SMALL else Status.NOT_EVALUABLE
    return Status.ABSENT if word == "ABSENT" else Status.PRESENT
